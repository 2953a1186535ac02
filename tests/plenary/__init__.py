"""Tests of the plenary."""
