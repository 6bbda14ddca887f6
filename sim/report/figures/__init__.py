"""
Figures: one module a picture, each drawn on axes from plain arrays and names.

matplotlib's ``Figure`` is used directly, never pyplot: no global state, no window.
"""
