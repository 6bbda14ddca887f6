"""The results folder: written whole, read back without trust, and run again."""
