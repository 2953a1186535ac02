"""The connections of live text: what is queued for each, who it belongs to, what it speaks."""
