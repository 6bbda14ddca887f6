"""
Outcomes: response times, waits, shares within targets and busy fractions, read from a log.

Knows the log and nothing of the engine, so it measures a real dispatch record just as well.
May use `sim.log`, `sim.errors` and, for types, `sim.scenario`. Everything that carries an
interval treats the replication as the unit.
"""

from .censoring import NEVER
from .intervals import (
    Curve,
    Interval,
    Paired,
    paired_difference,
    paired_share_curve,
    quantile,
    ratio,
    share,
    share_curve,
)
from .observations import OUTCOMES, Observations, observe, stack
from .summary import Comparison, Estimate, Value, compare, per_replication, summarise

__all__ = [
    "NEVER",
    "OUTCOMES",
    "Comparison",
    "Curve",
    "Estimate",
    "Interval",
    "Observations",
    "Paired",
    "Value",
    "compare",
    "observe",
    "paired_difference",
    "paired_share_curve",
    "per_replication",
    "quantile",
    "ratio",
    "share",
    "share_curve",
    "stack",
    "summarise",
]
