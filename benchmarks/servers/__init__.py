"""The servers that are measured, each started afresh for every run."""
