"""Proposing how a record is written, from its columns and what they hold."""
