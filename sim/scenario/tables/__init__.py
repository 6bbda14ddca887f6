"""The tables next to a scenario: their rows and coordinates, and records of past callouts."""
