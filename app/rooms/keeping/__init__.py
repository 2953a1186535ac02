"""Keeping what was logged: loading, checkpoints, verifying, and damage that is told."""
