"""Rows of a study's tables by name, so that no figure counts columns."""

from __future__ import annotations

from collections.abc import Iterable
from math import nan

from sim.definitions import RESTRICTED_MEAN
from sim.experiment import EstimateRow, Study, Table, Tables
from sim.outcomes import Comparison, Estimate
from sim.outcomes.verdicts.gate import FAILED

Key = tuple[str, str, str]  # alternative, measure, group
_OVERALL = (RESTRICTED_MEAN, "all")


def estimates(summary: Table[EstimateRow]) -> dict[Key, Estimate]:
    """Return the estimates of a summary by alternative, measure and group."""
    return {row.key: row.estimate for row in summary}


def comparisons(tables: Tables) -> dict[Key, Comparison]:
    """Return the paired differences by alternative, measure and group."""
    rows = tables.verdicts.rows
    return {(found.alternative, found.measure, found.group): found for found in rows}


def ranked(tables: Tables, names: Iterable[str]) -> list[str]:
    """Return alternatives, best first: by restricted mean, those failing the gate last."""
    means = {row.alternative: row.value for row in tables.summary if row.key[1:] == _OVERALL}
    failed = {j.alternative for j in tables.verdicts.judgements if j.gate.state == FAILED}
    return sorted(names, key=lambda name: (name in failed, means.get(name) or 0.0))


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
