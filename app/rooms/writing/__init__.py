"""Writing into a Room: what one commit holds, and the task that makes it."""
