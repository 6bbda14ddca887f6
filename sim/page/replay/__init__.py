"""Two maps in step: what of a replication is packed into the page."""
