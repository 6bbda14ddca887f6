"""
Outcomes: response times, waits, shares within targets, utilisation and staff, read from a log.

Knows the log and nothing of the engine, so it measures a real dispatch record just as well.
May use `sim.log`, `sim.errors` and `sim.scenario`. Everything that carries an
interval treats the replication as the unit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.names_on_demand import names_from

if TYPE_CHECKING:
    from .inference.censoring import NEVER
    from .inference.intervals import Paired, paired_difference, quantile, ratio, share
    from .inference.replications import Interval, Spread
    from .measured.curves import Curve, paired_share_curve, share_curve
    from .measured.delays import Limit, limit_of, response_parts
    from .measured.running_estimate import Running, running
    from .measured.summary import (
        Estimate,
        Value,
        headline,
        per_replication,
        summarise,
        summarise_disruptions,
        summarise_places,
        summarise_staff,
        summarise_windows,
    )
    from .observed.alerts import ALERT_REPLIES, OnCallTeam
    from .observed.driving import Driven, driving_facts
    from .observed.observations import (
        OPTIONAL_COLUMNS,
        OUTCOMES,
        Observations,
        observe,
        stack,
        unknown,
    )
    from .observed.resampling import drawn
    from .observed.sample import (
        Disruption,
        Sample,
        Standards,
        default_horizon,
        disruptions_in,
        needs_several,
        standards_of,
        until_rescue,
    )
    from .observed.utilisation import is_on_call, utilisation
    from .verdicts.comparisons import Comparison, compare, headline_differences, primary_differences
    from .verdicts.control import Controlled, controlled
    from .verdicts.fairness import FairnessRow, fairness_rows
    from .verdicts.gate import Gate, Harm
    from .verdicts.group_differences import (
        GroupDifference,
        place_differences,
        window_differences,
    )
    from .verdicts.judgement import Judgement, Verdicts, conclude, could_be_best, judge, judgements

__getattr__ = names_from(__name__, __file__)

__all__ = [
    "ALERT_REPLIES",
    "NEVER",
    "OPTIONAL_COLUMNS",
    "OUTCOMES",
    "Comparison",
    "Controlled",
    "Curve",
    "Disruption",
    "Driven",
    "Estimate",
    "FairnessRow",
    "Gate",
    "GroupDifference",
    "Harm",
    "Interval",
    "Judgement",
    "Limit",
    "Observations",
    "OnCallTeam",
    "Paired",
    "Running",
    "Sample",
    "Spread",
    "Standards",
    "Value",
    "Verdicts",
    "compare",
    "conclude",
    "controlled",
    "could_be_best",
    "default_horizon",
    "disruptions_in",
    "drawn",
    "driving_facts",
    "fairness_rows",
    "headline",
    "headline_differences",
    "is_on_call",
    "judge",
    "judgements",
    "limit_of",
    "needs_several",
    "observe",
    "paired_difference",
    "paired_share_curve",
    "per_replication",
    "place_differences",
    "primary_differences",
    "quantile",
    "ratio",
    "response_parts",
    "running",
    "share",
    "share_curve",
    "stack",
    "standards_of",
    "summarise",
    "summarise_disruptions",
    "summarise_places",
    "summarise_staff",
    "summarise_windows",
    "unknown",
    "until_rescue",
    "utilisation",
    "window_differences",
]
