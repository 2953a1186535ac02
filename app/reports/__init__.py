"""Reports: mandate, outline, whose section it is, and the states a section goes through."""
