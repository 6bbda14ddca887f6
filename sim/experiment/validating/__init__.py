"""Validation: a scenario is run on the period of a record, and both are compared."""
