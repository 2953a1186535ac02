"""Server processes: one, or several under a supervisor."""
