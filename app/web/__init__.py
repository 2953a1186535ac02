"""The outer edge of HTTP: errors as sentences, headers, limits, the built front end, health."""
