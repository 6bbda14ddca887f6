"""
What alerts ask of volunteers: how many are sent, who answers how, and whether a crew gathers.

Volunteers are numbers within a pool. All is counted from the alerts of the measured period and
what followed them in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.log import MS_PER_DAY, MS_PER_HOUR, Event, EventRow, MissionRow

from .censoring import Ints
from .duties import night_of

# What is kept of each pool in each replication.
ALERTS = 0  # one for each person and callout
ACCEPTED = 1
TOO_LATE = 2  # came, and the crew had left or had been called off: redundant arrivals
CALLOUTS = 3  # for which anybody was alerted
FULL_CREWS = 4  # crews that left complete
TIME_TO_FULL = 5  # [ms] dispatched to complete, added up over these
SHORT_CREWS = 6  # that left with less, when they could wait no longer
NO_CREWS = 7  # nobody came
NIGHTS = 8  # disturbed: nights with an alert or more, added up over people
POOL_FACTS = 9

# What became of an alert.
IN_TIME, LATE, DID_NOT_COME, REFUSED, NO_ANSWER = range(5)
ANSWERS = (
    "came in time", "came too late", "accepted, did not come", "refused", "no answer in time",
)  # fmt: skip


class OnCall(NamedTuple):
    """How a team of volunteers gathers: of which pool, and when its crew is complete."""

    pool: int
    minimum: int  # people with whom it leaves
    leaves_after: int  # from dispatched; then it leaves with whoever is there [ms]
    skilled: bool  # whether the minimum asks for skills too


@dataclass(slots=True)
class _Alert:
    pool: int
    at: int
    answer: int = NO_ANSWER


_ANSWERS = {
    Event.ACCEPTED: DID_NOT_COME,  # until it is known that the person came
    Event.REFUSED: REFUSED,
    Event.CAME: IN_TIME,
    Event.CAME_TOO_LATE: LATE,
}


def pool_facts(
    missions: Iterable[tuple[Any, ...]], events: Iterable[tuple[Any, ...]],
    on_call: Sequence[OnCall | None], pools: int, start_of_day: int, end: int,
) -> tuple[Ints, Ints]:  # fmt: skip
    """
    Return what was asked of each pool in a replication, and what became of alerts by hour.

    Parameters
    ----------
    missions, events
        Rows of the log, in any order but for events at the same instant.
    on_call
        How each team gathers; None for teams that are not volunteers.
    pools
        How many pools there are.
    start_of_day, end
        As in `observations.observe`.

    Returns
    -------
    facts, answers
        Shape (pools, POOL_FACTS); alerts by the local hour they were sent at and by what became
        of them, shape (24, len(ANSWERS)).

    """
    facts = np.zeros((pools, POOL_FACTS), dtype=np.int64)
    answers = np.zeros((24, len(ANSWERS)), dtype=np.int64)
    if not pools:
        return facts, answers
    rows = [row for row in map(EventRow._make, events) if 0 <= row.at < end]
    rows.sort(key=lambda row: row.at)
    _count_alerts(_alerts(rows, on_call), facts, answers, start_of_day)
    _count_crews(rows, missions, on_call, facts)
    return facts, answers


def _alerts(
    rows: Sequence[EventRow], on_call: Sequence[OnCall | None]
) -> dict[tuple[int, int, int], list[_Alert]]:
    """Return the alerts by team, callout and person, each with what became of it."""
    found: dict[tuple[int, int, int], list[_Alert]] = defaultdict(list)
    for at, what, team, callout, who, _ in rows:
        if team is None or callout is None or who is None or (own := on_call[team]) is None:
            continue
        key = team, callout, who
        if what == Event.ALERTED:
            found[key].append(_Alert(own.pool, at))
        elif what in _ANSWERS and key in found:
            found[key][-1].answer = _ANSWERS[what]
    return found


def _count_alerts(
    alerts: dict[tuple[int, int, int], list[_Alert]],
    facts: Ints, answers: Ints, start_of_day: int,
) -> None:  # fmt: skip
    callouts: set[tuple[int, int]] = set()
    nights: set[tuple[int, int, int]] = set()
    for (_, callout, who), sent in alerts.items():
        for alert in sent:
            local = alert.at + start_of_day
            facts[alert.pool, ALERTS] += 1
            facts[alert.pool, ACCEPTED] += alert.answer in (IN_TIME, LATE, DID_NOT_COME)
            facts[alert.pool, TOO_LATE] += alert.answer == LATE
            answers[local % MS_PER_DAY // MS_PER_HOUR, alert.answer] += 1
            callouts.add((alert.pool, callout))
            night = night_of(local)
            if night is not None:
                nights.add((alert.pool, who, night))
    for pool, _ in callouts:
        facts[pool, CALLOUTS] += 1
    for pool, *_ in nights:
        facts[pool, NIGHTS] += 1


def _count_crews(
    rows: Sequence[EventRow],
    missions: Iterable[tuple[Any, ...]],
    on_call: Sequence[OnCall | None],
    facts: Ints,
) -> None:
    """Count the crews that gathered, left with less, or never did."""
    dispatched: dict[tuple[int | None, int | None], list[int]] = defaultdict(list)
    for m in map(MissionRow._make, missions):
        if on_call[m.team] is not None:
            dispatched[m.team, m.callout].append(m.dispatched)
    for at, what, team, callout, people, _ in rows:
        if what not in (Event.CREW_LEFT, Event.NOBODY_CAME) or team is None:
            continue
        own = on_call[team]
        since = max((d for d in dispatched[team, callout] if d <= at), default=None)
        if own is None or since is None:
            continue
        if what == Event.NOBODY_CAME:
            facts[own.pool, NO_CREWS] += 1
        elif _is_full(own, people or 0, at - since):
            facts[own.pool, FULL_CREWS] += 1
            facts[own.pool, TIME_TO_FULL] += at - since
        else:
            facts[own.pool, SHORT_CREWS] += 1


def _is_full(own: OnCall, people: int, after: int) -> bool:
    """
    Return whether a crew left complete: before it had to, or with enough people where none is
    asked to have a skill (the log does not say who of them has it).
    """
    return people >= own.minimum and (after < own.leaves_after or not own.skilled)
