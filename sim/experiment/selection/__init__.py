"""Selecting the best of many alternatives, running each no longer than needed."""
