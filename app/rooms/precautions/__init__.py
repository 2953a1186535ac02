"""What keeps one member's bytes, or one section's log, from harming anybody else."""
