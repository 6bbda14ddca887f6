"""The fields of a scenario file: the type of each value, the models, their schema and defaults."""
