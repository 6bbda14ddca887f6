"""A simulation next to a record: times of both by the same definitions, and if they agree."""
