"""Checks of the scenario as read: whether its values, places and hours make sense together."""
