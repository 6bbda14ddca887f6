"""Callouts as they come in: how many, when and where, and what is drawn for each."""
