"""What the guard needs to know about where an edit lies, without reading the whole text."""
