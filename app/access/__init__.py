"""Rights: who is asking, what they may do, and the only doors from an id to a row."""
