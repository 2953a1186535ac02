"""A database server at the other end of a line: how long it is waited for."""
