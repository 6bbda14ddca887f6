"""
Utilisation: which part of its time on duty a team is committed.

*Committed* is a team from dispatched until it is available again. Where free teams may be sent
from the road (``dispatch_while_returning: true``) that is when it is cleared, and the drive home
is not counted; where they may not, it is when the team is home, and the drive home is counted,
unless it went straight to a pending callout (``dispatch_when_cleared: true``).
Counted in the same way is the drive of a team that must be home first for another reason: it broke
down, or its vehicle is out of service. In the log such a drive is an event "returning". A break is
time on duty in which a team is not committed.

*On duty* is a team while its roster says so or it was called in, and for as long after that as it
is still committed: that is overtime. Nobody drives home after a mission that ended when the shift
was over: the model takes the crew off duty on the spot, so that its drive is in neither. A crew
on call waits at home: it is on duty from dispatched until it is available again, and the rest of
its time on call is counted apart (`working_time`, `alerts`). Of its time on duty it is always
committed, which says nothing, so utilisation is of the other teams only.

The same number, of all teams together, is the q (``busy_fraction``) of rules of the MEXCLP
family: the chance that a team on duty cannot be sent. `utilisation` gives it.
"""

from __future__ import annotations

import numpy as np

from ..inference.censoring import Bools, Floats
from .observations import Observations


def time_committed(obs: Observations) -> tuple[Floats, Floats]:
    """
    Return time committed and time on duty of each team. [ms], shape (replications, teams)

    Both are 0 for crews on call.
    """
    others = ~is_on_call(obs)
    return np.where(others, obs.committed, 0.0), np.where(others, obs.on_duty, 0.0)


def is_on_call(obs: Observations) -> Bools:
    """Return which teams are on call. Shape (teams,)"""
    teams = obs.committed.shape[1]
    if obs.crews.shape[1] != teams:  # nobody is, or an earlier version did not say
        return np.zeros(teams, dtype=np.bool_)
    return np.asarray((obs.crews["on_call"] >= 0).any(axis=0))


def utilisation(obs: Observations) -> float | None:
    """
    Return the share of their time on duty that all teams together are committed.

    What rules of the MEXCLP family ask for as ``busy_fraction`` (q): that of a run with the
    teams and bases as they are is the usual estimate. Crews on call are left out; theirs is their
    time turned out over their time on call. None where nobody was on duty.

    Examples
    --------
    >>> import sim
    >>> study = sim.run_study(sim.design_of([sim.load("first-steps", {"clock.length": "2 days"})]))
    >>> q = utilisation(study.observations[study.baseline])
    >>> 0 < q < 1
    True

    """
    busy, on_duty = (float(time.sum()) for time in time_committed(obs))
    return busy / on_duty if on_duty else None
