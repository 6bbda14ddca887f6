"""
Independent formulas: they judge the engine, screen candidates, and serve rules that look ahead.

Queues with one line (`queues`), where to put teams (`location`, `cover`), which teams to spread
how when few are free (`compliance_tables`, `double`), who moves where (`assignment`), and who is
how busy (`hypercube`). Which to use when, with examples: docs/theory.md. SciPy is imported where it
is used, not before.
"""

from __future__ import annotations

from .assignment import least_largest, least_total
from .compliance_tables import ComplianceLevels, chances_of_free, mecrp
from .cover import bernoulli_nash, covers_needed, malp, mclp, mexclp
from .double import double_standard
from .hypercube import Workload, hypercube
from .location import p_median, rawls, survival
from .plan import LocationPlan
from .queues import (
    mean_wait_mmc,
    probability_of_loss,
    probability_of_waiting,
    teams_needed,
    wait_quantile_mmc,
)

__all__ = [
    "ComplianceLevels",
    "LocationPlan",
    "Workload",
    "bernoulli_nash",
    "chances_of_free",
    "covers_needed",
    "double_standard",
    "hypercube",
    "least_largest",
    "least_total",
    "malp",
    "mclp",
    "mean_wait_mmc",
    "mecrp",
    "mexclp",
    "p_median",
    "probability_of_loss",
    "probability_of_waiting",
    "rawls",
    "survival",
    "teams_needed",
    "wait_quantile_mmc",
]
