"""What only an embedded database needs: a file of this machine, instead of a server."""
