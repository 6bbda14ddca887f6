"""
Independent formulas that judge the engine and screen staffing candidates.

All are for identical teams that share one queue (or none), Poisson callouts and busy times with
a known mean. Rates are per hour and times in hours, as people write them in textbooks.
"""

from __future__ import annotations

import math

from sim.errors import OverloadError, UsageError


def probability_of_waiting(arrival_rate: float, mean_busy: float, teams: int) -> float:
    """
    Return the share of callouts that find every team busy and wait (Erlang C).

    Parameters
    ----------
    arrival_rate
        Mean callouts per hour. [1/h]
    mean_busy
        Mean time a team is tied up by one callout, dispatch to clear. [h]
    teams
        Identical teams on duty.

    Raises
    ------
    OverloadError
        When ``arrival_rate * mean_busy >= teams``: the queue never settles.
    UsageError
        When a rate or a time is negative or not finite, or there is no team.

    Notes
    -----
    Assumes Poisson callouts, exponential busy times and first come, first served [1]_. The
    order of service does not matter as long as it does not look at the busy times.

    References
    ----------
    .. [1] D. Gross et al., *Fundamentals of Queueing Theory*, 4th ed., 2008, sec. 2.3
       (recalled, not checked).

    Examples
    --------
    Thirty callouts a day, two hours each, four teams:

    >>> round(probability_of_waiting(30 / 24, 2.0, 4), 3)
    0.32

    """
    load = _load(arrival_rate, mean_busy, teams)
    if load >= teams:
        raise OverloadError(
            f"{load:.2f} teams' worth of work arrives, but only {teams} are on duty; "
            f"at least {int(load) + 1} are needed for the queue to settle"
        )
    blocked = _blocked(load, teams)
    return blocked / (1 - load / teams * (1 - blocked))


def probability_of_loss(arrival_rate: float, mean_busy: float, teams: int) -> float:
    """
    Return the share of callouts that find every team busy and go elsewhere (Erlang B).

    Parameters
    ----------
    arrival_rate, mean_busy, teams
        As in `probability_of_waiting`; nobody waits, so any load is allowed.

    Raises
    ------
    UsageError
        When a rate or a time is negative or not finite, or there is no team.

    Notes
    -----
    Holds for any distribution of the busy time with that mean, not only the exponential [1]_.

    References
    ----------
    .. [1] D. Gross et al., *Fundamentals of Queueing Theory*, 4th ed., 2008, sec. 2.5
       (recalled, not checked).

    Examples
    --------
    One team, busy half of the time if nobody were turned away:

    >>> round(probability_of_loss(0.5, 1.0, 1), 4)
    0.3333

    """
    return _blocked(_load(arrival_rate, mean_busy, teams), teams)


def mean_wait_mmc(arrival_rate: float, mean_busy: float, teams: int) -> float:
    """
    Return the mean wait of all callouts, those that do not wait included. [h]

    Parameters
    ----------
    arrival_rate, mean_busy, teams
        As in `probability_of_waiting`.

    Raises
    ------
    OverloadError, UsageError
        As in `probability_of_waiting`.

    Notes
    -----
    Assumptions and source as in `probability_of_waiting`.

    Examples
    --------
    One team with half of its time taken waits as long as it works:

    >>> mean_wait_mmc(0.5, 1.0, 1)
    1.0

    """
    waiting = probability_of_waiting(arrival_rate, mean_busy, teams)
    return waiting * _relief(arrival_rate, mean_busy, teams)


def wait_quantile_mmc(arrival_rate: float, mean_busy: float, teams: int, share: float) -> float:
    """
    Return the wait that the given share of callouts does not exceed. [h]

    It is 0 where at least that share does not wait at all.

    Parameters
    ----------
    arrival_rate, mean_busy, teams
        As in `probability_of_waiting`.
    share
        Share of callouts, in [0, 1): 0.9 for the 90th percentile.

    Raises
    ------
    OverloadError
        When the queue never settles.
    UsageError
        When ``share`` is outside [0, 1), or an argument is negative or not finite.

    Notes
    -----
    Those who wait do so for an exponential time, first come, first served [1]_.

    References
    ----------
    .. [1] D. Gross et al., *Fundamentals of Queueing Theory*, 4th ed., 2008, sec. 2.3
       (recalled, not checked).

    Examples
    --------
    One team, half of its time taken: half of the callouts wait, with a mean of 2 h, so the 90th
    percentile is 2 ln(0.5/0.1):

    >>> round(wait_quantile_mmc(0.5, 1.0, 1, 0.9), 3)
    3.219

    """
    if not 0 <= share < 1:
        raise UsageError(f"the share of callouts is {share}; it must be at least 0 and below 1")
    waiting = probability_of_waiting(arrival_rate, mean_busy, teams)
    if waiting <= 1 - share:
        return 0.0
    return math.log(waiting / (1 - share)) * _relief(arrival_rate, mean_busy, teams)


def teams_needed(
    arrival_rate: float, mean_busy: float, *, share: float, wait_within: float = 0.0
) -> int:
    """
    Return the fewest teams with which a share of callouts waits no longer than promised.

    Parameters
    ----------
    arrival_rate
        Mean callouts per hour. [1/h]
    mean_busy
        Mean time a team is tied up by one callout. [h]
    share
        Share of callouts to be dispatched in time, in [0, 1).
    wait_within
        The wait promised, ready to dispatched. [h]

    Raises
    ------
    UsageError
        When ``share`` is outside [0, 1), or an argument is negative or not finite.

    Notes
    -----
    Each further team shortens every wait, so the first number that keeps the promise is the
    least. Assumptions as in `probability_of_waiting`.

    Examples
    --------
    Three callouts an hour, an hour each, three of four without a wait:

    >>> teams_needed(3.0, 1.0, share=0.75)
    5

    """
    if not 0 <= wait_within < math.inf:
        raise UsageError(f"the wait promised is {wait_within} h; it must be 0 or more")
    teams = int(_load(arrival_rate, mean_busy, 1)) + 1
    while wait_quantile_mmc(arrival_rate, mean_busy, teams, share) > wait_within:
        teams += 1
    return teams


def _load(arrival_rate: float, mean_busy: float, teams: int) -> float:
    """Return the work that arrives, in teams kept busy by it, after checking the arguments."""
    for name, value in (("arrival_rate", arrival_rate), ("mean_busy", mean_busy)):
        if not 0 <= value < math.inf:
            raise UsageError(f"{name} is {value}; it must be 0 or more and finite")
    if teams < 1:
        raise UsageError(f"teams is {teams}; at least 1 is needed")
    return arrival_rate * mean_busy


def _blocked(load: float, teams: int) -> float:
    """Return Erlang's loss formula by recursion: factorials overflow past 170 teams."""
    blocked = 1.0
    for n in range(1, teams + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def _relief(arrival_rate: float, mean_busy: float, teams: int) -> float:
    """Return the mean wait of those who wait. [h]"""
    return mean_busy / (teams - arrival_rate * mean_busy)
