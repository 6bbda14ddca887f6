"""A fitted record as a scenario file: each number with its count and interval."""
