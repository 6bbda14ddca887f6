"""A real record of callouts: which column means what, and how its rows are read."""

from __future__ import annotations

from pydantic import Field

from .distribution import Part


class Record(Part):
    """A record of past callouts, in place of generated ones."""

    file: str = Field(description="CSV of callouts, beside the scenario.")
