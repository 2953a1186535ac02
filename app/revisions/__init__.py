"""Looking back: timeline, text at any moment, who changed what, named revisions, restore."""
