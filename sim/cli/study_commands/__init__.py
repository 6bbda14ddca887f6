"""The commands that study a scenario, and explain what was found."""
