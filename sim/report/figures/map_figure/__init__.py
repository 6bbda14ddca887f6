"""The map: its frame, coast, signs, names and key."""
