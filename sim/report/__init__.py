"""
Reports: figures, tables and captions for people.

May use experiment and everything below.
"""

from __future__ import annotations


def draw_all(study, folder):
    return []
