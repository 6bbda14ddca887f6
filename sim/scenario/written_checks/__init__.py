"""Checks across fields of the scenario as written: errors of all parts are told together."""
