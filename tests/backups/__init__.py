"""Tests of back-ups: archives, restoring, and the drill."""
