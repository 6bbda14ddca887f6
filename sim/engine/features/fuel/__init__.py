"""Fuel: how far tanks last, and how they are filled."""
