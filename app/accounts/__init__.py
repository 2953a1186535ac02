"""People: signing in and out, keys, working groups, their members and subgroups."""
