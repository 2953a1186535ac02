"""Tests of what is kept: logs, damage, packing, back-ups, and disks that take no more."""
