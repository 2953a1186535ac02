"""Hints between the parts and workers of the server: never the truth, and free to vanish."""
