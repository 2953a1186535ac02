"""The workloads: what is done to a server, and what is read off while it is done."""
