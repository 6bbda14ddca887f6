"""
The time by which alternatives are judged: response time up to a horizon, for every callout.

A mean over those who were reached falls where people are abandoned. Here each callout counts:
reached after T it has min(T, horizon); ended without being reached, or still waiting after the
horizon, it has the horizon. One that is censored sooner, after c, has what those
who waited as long as that still had to wait on average: c plus the Kaplan-Meier estimate of the
rest. Summed over all callouts this is the Kaplan-Meier restricted mean [1]_, and yet one number
for each callout, so that groups add up to the whole.

References
----------
.. [1] J. O. Irwin, "The standard error of an estimate of expectation of life", *J. Hyg.* 47(2),
   1949, 188-189; P. Royston, M. K. B. Parmar, "Restricted mean survival time", *BMC Med. Res.
   Methodol.* 13, 2013, 152.

"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np

from ..inference.censoring import Bools, Ints
from ..observed.sample import Sample


@dataclass(frozen=True, slots=True, eq=False)
class JudgedTimes:
    """Times up to a horizon, and who was reached at all. Shape (callouts,)"""

    restricted: Ints  # [ms] from 0 to the horizon
    known: Bools  # whether it is known if the callout was reached in time to count
    late: Bools  # known, and it was not


def judged_times(sample: Sample) -> JudgedTimes:
    """Return the response times by which a sample is judged; kept, for many tables need them."""
    if sample not in _kept:
        times, reached = sample.observations.response_times()
        _kept[sample] = restrict(times, reached, sample.standards.horizon, sample.standards.reach)
    return _kept[sample]


def judged_attendance(sample: Sample) -> JudgedTimes:
    """Return the same of the times to full attendance."""
    standards = sample.standards
    times, reached = sample.observations.attendance_times()
    return restrict(times, reached, standards.horizon, standards.reach)


_kept: WeakKeyDictionary[Sample, JudgedTimes] = WeakKeyDictionary()


def restrict(times: Ints, reached: Bools, horizon: int, reach: int | None = None) -> JudgedTimes:
    """
    Return times cut at a horizon, those censored by the end of the run filled in.

    Parameters
    ----------
    times, reached
        Of all callouts of an alternative, as `Observations.response_times` gives them. [ms],
        shape (callouts,)
    horizon
        Greater than 0. [ms]
    reach
        After which a callout counts as not reached; the horizon if not given. [ms]

    """
    reach = horizon if reach is None else reach
    known = reached | (times >= reach)
    restricted = np.minimum(times, horizon)
    waiting = np.flatnonzero(~reached & (times < horizon))
    if len(waiting):
        restricted[waiting] = _filled_in(times, reached, horizon, times[waiting])
    return JudgedTimes(restricted, known, known & ~(reached & (times <= reach)))


def _filled_in(times: Ints, reached: Bools, horizon: int, so_far: Ints) -> Ints:
    """Return the expected restricted times of those who have waited so far. [ms]"""
    instants, number = np.unique(times[reached & (times < horizon)], return_counts=True)
    at_risk = len(times) - np.searchsorted(np.sort(times), instants, side="left")
    return expected_times(instants, number, at_risk, horizon, so_far)


def expected_times(instants: Ints, number: Ints, at_risk: Ints, horizon: int, so_far: Ints) -> Ints:
    """
    Return the expected restricted times of those who have waited so far. [ms]

    Parameters
    ----------
    instants
        When any callout was reached before the horizon, ascending. [ms], shape (instants,)
    number, at_risk
        How many were reached then, and how many had waited until then. Shape (instants,)
    horizon
        Greater than 0. [ms]
    so_far
        How long each of those censored is known to have waited. [ms], shape (waiting,)

    Notes
    -----
    Those reached at an instant come before those censored then, as in `censoring`. Rounded to
    whole milliseconds, so that sums over callouts are exact.

    """
    surviving = np.concatenate([[1.0], np.cumprod(1 - number / at_risk)])  # after each instant
    edges = np.concatenate([instants, [horizon]])
    areas = surviving[1:] * np.diff(edges)
    ahead = np.concatenate([np.cumsum(areas[::-1])[::-1], [0.0]])  # from each edge to the horizon
    passed = np.searchsorted(instants, so_far, side="right")
    rest = ahead[passed] + surviving[passed] * (edges[passed] - so_far)
    return np.asarray(so_far + np.rint(rest / surviving[passed]).astype(np.int64))
