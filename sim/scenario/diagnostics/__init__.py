"""Errors of a scenario: collected, put in plain words, and shown at their line."""
