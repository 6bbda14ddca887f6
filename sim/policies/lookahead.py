"""Dispatch rules that look ahead, and the references to judge rules by."""

from __future__ import annotations

RULES: dict[str, type] = {}
