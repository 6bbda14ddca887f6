"""
How long a scenario takes to reach steady state: the warm-up to discard after an empty start.

A run begins with every team free and nobody waiting, so its first days look better than they
are. What is judged is the course of the days averaged over replications; where it is cut follows
White's rule [1]_, and Welch's moving average [2]_ is the figure to look at.

References
----------
.. [1] K. P. White, "An effective truncation heuristic for bias reduction in simulation output",
   *Simulation* 69(6), 1997, 323-334; K. P. White, M. J. Cobb, S. C. Spratt, "A comparison of five
   steady-state truncation heuristics for simulation", *Proc. Winter Simul. Conf.* 2000, 755-760.
.. [2] P. D. Welch, "The statistical analysis of simulation results", in S. S. Lavenberg (ed.),
   *The Computer Performance Modeling Handbook*, 1983, 268-328; A. M. Law, *Simulation Modeling and
   Analysis*, 5th ed., 2015, sec. 9.5.1 (recalled, not checked).

"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.errors import UsageError
from sim.log import MS_PER_DAY, MS_PER_MINUTE
from sim.outcomes import Observations

Floats = npt.NDArray[np.float64]

GATE_INCONCLUSIVE = "no steady state found: run longer"


@dataclass(frozen=True, slots=True, eq=False)
class WarmUp:
    """
    Where to cut a series, and what that was judged by.

    Attributes
    ----------
    delete
        How many values of the series to cut off; where ``found`` is False, nothing may be cut:
        then it only tells where the search ended.
    found
        Whether the series settles.
    statistic
        MSER for each number of batches cut off, from 0 to half of them; the least one decides.
        Shape (batches // 2 + 1,), the square of the series' unit
    batch
        Values per batch.

    """

    delete: int
    found: bool
    statistic: Floats
    batch: int


def mser5(series: Sequence[float] | Floats, batch: int = 5) -> WarmUp:
    r"""
    Return how much of a series to cut off so that the mean of the rest is known best (MSER-5).

    Parameters
    ----------
    series
        Values in order of time, as the means of days over replications.
    batch
        How many values are averaged before they are judged; those left over at the end are not
        looked at.

    Raises
    ------
    UsageError
        When a value is not finite, or the batch is smaller than 1.

    Notes
    -----
    With batch means :math:`Z_1..Z_k`, what is cut minimises the squared standard error of the
    mean of the rest, as if they were independent, times a constant:

    .. math:: MSER(d) = \sum_{j=d+1}^{k} (Z_j - \bar Z_d)^2 / (k - d)^2

    over :math:`d = 0..\lfloor k/2 \rfloor`; ties go to the smallest `d`. A minimum at the end of
    that range means that no steady state was reached in the first half: a longer run is needed, not
    a longer cut. It is a rule of thumb, and it misses a series that drifts away only near its end,
    as when a queue grows ever faster: the variance is at the end, and cutting the beginning makes
    it larger. Look at the figure.

    Examples
    --------
    A rise that stops:

    >>> mser5([0, 1, 2, 3] + [4, 5] * 20, batch=1).delete
    4

    """
    if batch < 1:
        raise UsageError(f"batches of {batch} values; a batch has at least 1")
    values = [float(value) for value in series]
    if not all(map(math.isfinite, values)):
        raise UsageError("the series has values that are not finite numbers; none may be missing")
    means = [
        math.fsum(values[at : at + batch]) / batch
        for at in range(0, len(values) - batch + 1, batch)
    ]
    statistic = _mser(means)
    cut = int(np.argmin(statistic))  # the first of equal ones
    return WarmUp(cut * batch, cut < len(means) // 2, statistic, batch)


def _mser(means: Sequence[float]) -> Floats:
    """Return MSER for 0 to half of the batches cut off."""
    half = len(means) // 2
    found = np.zeros(half + 1)
    mean, squares = 0.0, 0.0
    # From the end, one more batch at a time: equal values add exactly nothing, which differences
    # of running sums of squares would not give.
    for count, value in enumerate(reversed(means), start=1):
        apart = value - mean
        mean += apart / count
        squares += apart * (value - mean)
        if count >= len(means) - half:
            found[len(means) - count] = squares / count**2
    return found


def welch(series: Sequence[float] | Floats, window: int) -> Floats:
    """
    Return Welch's moving average of a series.

    Parameters
    ----------
    series
        Values in order of time. Shape (values,)
    window
        How many neighbours on each side are averaged with a value; near the beginning only as
        many as there are before it.

    Returns
    -------
    Averages for all but the last ``window`` values: a window that shrinks there too would end in
    a tail as restless as the series. Shape (values - window,)

    Raises
    ------
    UsageError
        When the window is negative, or leaves nothing.

    """
    values = [float(value) for value in series]
    if not 0 <= window < max(len(values), 1):
        raise UsageError(
            f"a window of {window} on each side; for {len(values)} values it is 0 to "
            f"{len(values) - 1}, and a quarter of them at most is usual"
        )
    averages = []
    for at in range(len(values) - window):
        reach = min(at, window)
        part = values[at - reach : at + reach + 1]
        averages.append(math.fsum(part) / len(part))
    return np.array(averages, dtype=np.float64)


def day_means(observations: Observations, end: int) -> Floats:
    """
    Return the mean response time by day received, averaged over replications.

    Parameters
    ----------
    observations
        Of one alternative, all its replications stacked, run without a warm-up.
    end
        Length of the measured period. [ms]

    Returns
    -------
    For each whole day of the period. [min], shape (days,)

    Raises
    ------
    UsageError
        When the period has no whole day, or nobody was reached on any.

    Notes
    -----
    A replication in which nobody was reached of those who called on a day has no mean for that
    day and is left out of its average; so are callouts not reached. A day without any is given
    the mean of the other days, which adds no deviation and so moves the cut neither way; the
    value of a neighbour would count twice. Where callouts are left unfinished at the end, the
    last days look better than they are.

    """
    days = _whole_days(end)
    known = (observations.response >= 0) & (observations.received < days * MS_PER_DAY)
    cell = observations.replication * days + observations.received // MS_PER_DAY
    shape = observations.replications, days
    count = np.bincount(cell[known], minlength=shape[0] * days).reshape(shape)
    total = np.zeros(shape[0] * days, dtype=np.int64)
    np.add.at(total, cell[known], observations.response[known])  # whole numbers: exact
    means = total.reshape(shape) / np.maximum(count, 1)
    by_day = [math.fsum(column) for column in means.T.tolist()]
    carrying = np.count_nonzero(count, axis=0)
    if not carrying.any():
        raise UsageError("no callout was reached on any day: there is no response time to judge")
    averages: Floats = np.array(by_day) / np.maximum(carrying, 1) / MS_PER_MINUTE
    others = averages[carrying > 0]
    return np.where(carrying > 0, averages, math.fsum(others.tolist()) / len(others))


def _whole_days(end: int) -> int:
    if end < MS_PER_DAY:
        raise UsageError(f"the period is {end / MS_PER_DAY:.2g} days long; it takes whole days")
    return end // MS_PER_DAY
