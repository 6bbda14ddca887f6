"""Alternatives against the baseline: paired differences, and what may be concluded from them."""
