"""Scenario files as text: values that know their line, YAML written, files found and opened."""
