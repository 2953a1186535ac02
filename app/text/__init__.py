"""The report's text as plain values: read, write, hash, number, compare."""
