"""The commands that share results."""
