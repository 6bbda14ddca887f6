"""Rows of a study's tables by name, so that no figure counts columns."""

from __future__ import annotations

from math import nan

from sim.experiment import EstimateRow, Study, Table, Tables
from sim.outcomes import Comparison, Estimate

Key = tuple[str, str, str]  # alternative, measure, group


def estimates(summary: Table[EstimateRow]) -> dict[Key, Estimate]:
    """Return the estimates of a summary by alternative, measure and group."""
    return {row.key: row.estimate for row in summary}


def comparisons(tables: Tables) -> dict[Key, Comparison]:
    """Return the paired differences by alternative, measure and group."""
    rows = tables.verdicts.rows
    return {(found.alternative, found.measure, found.group): found for found in rows}


def numbers(found: Estimate | None) -> tuple[float, float, float]:
    """Return value, low and high of an estimate for drawing; ``nan`` for what there is not."""
    if found is None:
        return nan, nan, nan
    each = (found.value, found.low, found.high)
    value, low, high = (nan if number is None else number for number in each)
    return (value, low, high) if found.low is not None and found.high is not None else (
        value, nan, nan,
    )  # fmt: skip


def horizon(study: Study) -> int:
    """Return after how long a callout counts as not reached in a study. [ms]"""
    return study.samples[0].standards.reach
