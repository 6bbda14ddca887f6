"""A record drawn again from itself, and a scenario with the values that are fitted to it."""
