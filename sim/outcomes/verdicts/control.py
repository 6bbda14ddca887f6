"""
Less noise from the number of callouts: a control variate.

How many callouts a replication has is chance, and its mean is known from the scenario. What
of a measure's spread goes with that number can be taken out of its estimate [1]_.

References
----------
.. [1] S. S. Lavenberg, P. D. Welch, "A perspective on the use of control variables to increase
   the efficiency of Monte Carlo simulations", *Manag. Sci.* 27(3), 1981, 322-335.

"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from sim.definitions import Definition
from sim.errors import SimError

from ..inference import student
from ..inference.censoring import Floats
from ..inference.intervals import plain
from ..inference.replications import Spread
from ..measured.grouped_sums import RatioColumn
from ..measured.groupings import read
from ..observed.sample import Sample
from .differences import check_paired, shared_columns

_ROUNDING = 1e-12  # relative


class Controlled(NamedTuple):
    """
    An estimate over all callouts corrected for the number of callouts, and its 95 % interval.

    ``variance_left`` is the residual variance over the variance without control: 1 where nothing
    is gained. Differences to the first alternative are called ``difference:<measure>``.
    """

    alternative: str
    measure: str
    value: float
    low: float | None
    high: float | None
    unit: str
    variance_left: float
    replications: int


def controlled(samples: Sequence[Sample], expected: Sequence[float | None]) -> list[Controlled]:
    """
    Return means, shares and their paired differences, controlled for the number of callouts.

    Parameters
    ----------
    samples
        The alternatives, over the same replications; the first is the baseline.
    expected
        Of each alternative, the expected number of callouts received in the measured period of a
        replication; None where it is not known exactly, and nothing is controlled for.

    Raises
    ------
    SimError
        When alternatives have different replications, or one has no expected number.

    """
    if len(expected) != len(samples):
        raise SimError(
            f"{len(expected)} expected numbers of callouts are given for {len(samples)} "
            "alternatives; each needs its own"
        )
    check_paired(samples)
    rows: list[Controlled] = []
    for sample, mean in zip(samples, expected, strict=True):
        obs = sample.observations
        callouts = np.bincount(obs.replication, minlength=obs.replications).astype(np.float64)
        for label, found, apart in _estimates(sample, samples[0]):
            rows.append(_row(sample, label.name, label, control(found, callouts, mean)))
            if apart is not None:
                name = f"difference:{label.name}"
                rows.append(_row(sample, name, label, control(apart, callouts, mean)))
    return rows


def control(
    found: Spread, number: Floats, expected: float | None
) -> tuple[float, float | None, float | None, float]:
    """
    Return an estimate controlled for a number of known mean: value, bounds, variance left.

    Parameters
    ----------
    found
        The estimate and its errors by replication.
    number
        The control in each replication. Shape (replications,)
    expected
        Its mean; None if it is not known, and the estimate stays as it is.

    Notes
    -----
    With C̄ the control's mean, S_C² its variance and b = S_XC / S_C², the estimate X̄ becomes
    X̄ - b (C̄ - μ). Its standard error is sqrt(S² (1/R + (C̄ - μ)² / ((R - 1) S_C²))) with S² the
    residual variance on R - 2 degrees of freedom. X is not one value for each replication but a
    ratio, so its linearised errors take their place. Where the control does not vary, or there
    are fewer than three replications, nothing is changed.

    Exact where measure and control are jointly normal. In a small example where both are gamma
    distributed (`tests/outcomes/test_control.py`), 94 % of the intervals of 30 replications contain
    the true value and 95 % of those of 100; the estimate's bias is a tenth of its standard error,
    or less.

    """
    size = found.replications
    mean = math.fsum(number.tolist()) / size
    off = number - mean
    varies = math.fsum((off * off).tolist())
    total = found.squares()
    if expected is None or found.no_interval or size < 3 or varies == 0 or total == 0:
        interval = plain(found)
        return found.value, interval.low, interval.high, 1.0
    slope = math.fsum((found.errors * off).tolist()) / varies
    rest = found.errors - slope * off
    rest[np.abs(rest) <= _ROUNDING * np.abs(found.errors).max()] = 0.0
    residual = math.fsum((rest * rest).tolist()) / (size - 2)
    error = math.sqrt(residual * (1 / size + (mean - expected) ** 2 / varies))
    value = found.value - slope * (mean - expected)
    half = student.two_sided(0.95, size - 2) * error
    return value, value - half, value + half, residual / (total / (size - 1))


def _estimates(
    sample: Sample, baseline: Sample
) -> Iterator[tuple[Definition, Spread, Spread | None]]:
    """Yield each ratio over all callouts, and its difference to the baseline if it is another."""
    for ours, theirs in zip(read(sample), read(baseline), strict=True):
        if not ours.groups or ours.groups[0][1] != "all":
            continue
        for a, b in shared_columns(ours, theirs):
            found, other = a.spread(0), b.spread(0)
            if isinstance(a, RatioColumn) and found is not None:
                paired = sample is not baseline and other is not None
                yield a.label, found, found.minus(other) if paired and other else None


def _row(
    sample: Sample,
    measure: str,
    label: Definition,
    result: tuple[float, float | None, float | None, float],
) -> Controlled:
    value, low, high, left = result
    if label.unit == "share" and measure == label.name:  # a difference may be below zero
        value, low, high = _inside(value), low and _inside(low), high and _inside(high)
    replications = sample.observations.replications
    return Controlled(sample.name, measure, value, low, high, label.unit, left, replications)


def _inside(share: float) -> float:
    return min(max(share, 0.0), 1.0)
