"""When a room says something about itself, and how much of the processor that may take."""
