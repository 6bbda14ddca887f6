"""Why teams nearer than the one sent were not available, in a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sim.log import MS_PER_MINUTE, NO_ACCESS, CalloutRow, DecisionRow
from sim.outcomes.explanation.whereabouts import Reason, Unavailable

from ..phrasing.saying import lasting, listed
from .storyline import SpokenClock

if TYPE_CHECKING:
    from sim.experiment import Reported

SOONER = 2 * MS_PER_MINUTE  # a team less near than that is no reason to ask why it was not sent
_MOST_LISTED = 4

_COUNTED = {  # of how many teams, in a few words
    Reason.ASSEMBLING: "assembling a crew for another callout",
    Reason.ON_CALLOUT: "on other callouts",
    Reason.TO_HOSPITAL: "on the way to hospital",
    Reason.AT_HOSPITAL: "at hospital",
    Reason.SENT: "sent to it already",
    Reason.OFF_DUTY: "off duty",
    Reason.RESTING: "in their mandatory rest",
    Reason.IN_RESERVE: "in reserve and not called in",
    Reason.CALLED_IN: "called in and not on duty yet",
    Reason.BREAK: "on a break",
    Reason.RETURNING: "on the way home",
    Reason.NO_ACCESS_TO_BASE: "on the road, without access to their base",
    Reason.OUT_OF_SERVICE: "without a vehicle in service",
    Reason.VEHICLE_TAKEN: "without a vehicle, which others had taken",
    Reason.NO_CREW: "without a crew, alerted for it in vain before",
    Reason.REFUSED: "refused on the way to it before",
    Reason.SMALL_CREW: "with a crew that lacked what is needed",
    Reason.NO_ACCESS: "without access",
    Reason.ELSEWHERE: "free, but not at their base",
    Reason.FREE: "free only after that",
}


def not_available(
    run: Reported, row: CalloutRow, decision: DecisionRow, again: bool, most: int
) -> str:
    """
    Return why teams that would have been sooner on scene than the one sent were not available.

    Where none was sent: why those nearest to the scene were not. Empty where there are none.
    ``again`` says that it has been told of the same callout before: then those that can never
    help are left out. The nearest are told one by one, at ``most`` so many, the others counted.
    """
    found = run.whereabouts.nearer(row, decision, SOONER)
    able = [one for one in found if one.reason != Reason.CAPABILITY]
    unable = [run.names.teams[one.team] for one in found if one.reason == Reason.CAPABILITY]
    sentences = []
    if able:
        head = (
            "Nearer, but not available" if decision.candidates else "Not available, nearest first"
        )
        each = [_one(run, row, one, decision.at) for one in able[:most]]
        sentences.append(f"{head}: {'; '.join(each)}.")
    if len(able) > most:
        sentences.append(_others(able[most:]))
    if unable and not again:
        head = "Without" if able or not decision.candidates else "Nearer, but without"
        sentences.append(f"{head} {_needed(run, row)}: {listed(unable, min(most, _MOST_LISTED))}.")
    return " ".join(sentences)


def _others(others: Sequence[Unavailable]) -> str:
    """Return how many more there are, by reason."""
    count = Counter(_COUNTED[one.reason] for one in others)
    told = [f"{n} {words}" for words, n in count.most_common()]
    return f"Of the others, {listed(told, len(told))}."


def _needed(run: Reported, row: CalloutRow) -> str:
    kind = run.world.scenario.demand.kinds[run.names.kinds[row.kind]]
    needs = list(dict.fromkeys(kind.needs))
    return " or ".join([", ".join(needs[:-1]), needs[-1]] if len(needs) > 1 else needs)


def _one(run: Reported, row: CalloutRow, one: Unavailable, now: int) -> str:
    """Return a team, how near it was, and why it was not available."""
    origin = "its base" if one.at_base else "where it was"
    near = f"{lasting(one.arrival)} from {origin}"
    if one.arrival >= NO_ACCESS:
        near = f"no access from {origin}"
    where = "" if one.arrival >= NO_ACCESS and one.reason == Reason.NO_ACCESS else f" ({near})"
    return f"{run.names.teams[one.team]}{where} {reason_of(run, row, one, now)}"


def reason_of(run: Reported, row: CalloutRow, one: Unavailable, now: int) -> str:
    """Return why a team was not available, to follow its name."""
    names, until = run.names, _at(run, one.until, now)
    if one.mission is not None and one.reason in _ON_MISSION:
        return _on_mission(run, one, now)
    if one.reason == Reason.REFUSED:
        where = _named(names.checkpoints, one.who, "a checkpoint")
        return f"had been refused at {where}, and would not try again before {until}"
    if one.reason == Reason.ELSEWHERE:
        return _elsewhere(run, one)
    closed = _named(names.closures, one.who, "")
    closed = f": {closed} {'were' if len(one.who) > 1 else 'was'} closed" if closed else ""
    vehicle = _named(names.vehicles, one.who, "its vehicle")
    after = "" if one.mission is None else f" after callout {one.mission.callout}"
    holder = "another team" if one.holder is None else names.teams[one.holder]
    return {
        Reason.OFF_DUTY: f"was off duty{until and f' until {until}'}",
        Reason.RESTING: f"was in its mandatory rest until {until}",
        Reason.IN_RESERVE: "was in reserve and had not been called in",
        Reason.CALLED_IN: f"had been called in, to be on duty at {until}",
        Reason.BREAK: f"was on a break until {until}",
        Reason.RETURNING: f"was on its way home{until and f', where it was free again at {until}'}",
        Reason.NO_ACCESS_TO_BASE: f"stood on the road{after} without access to its base{closed}",
        Reason.OUT_OF_SERVICE: f"had no vehicle: {vehicle} was out of service"
        + (until and f" until {until}"),
        Reason.VEHICLE_TAKEN: f"had no vehicle: {vehicle} was with {holder}",
        Reason.NO_CREW: "had been alerted for it, and no crew assembled",
        Reason.SMALL_CREW: f"had a crew that came together{after.replace('after', 'for')} without "
        f"{_needed(run, row)}",
        Reason.NO_ACCESS: f"had no access{closed}",
        Reason.FREE: "could be sent only after that",
    }[one.reason]


_ON_MISSION = (
    Reason.ASSEMBLING,
    Reason.ON_CALLOUT,
    Reason.TO_HOSPITAL,
    Reason.AT_HOSPITAL,
    Reason.SENT,
)


def _on_mission(run: Reported, one: Unavailable, now: int) -> str:
    m = one.mission
    assert m is not None
    since, until = _at(run, m.dispatched, now), _at(run, m.cleared, now) or "the end of the run"
    ends = f"cleared at {until}" if m.cleared is not None else "not cleared before the run ended"
    hospital = "hospital" if m.hospital is None else run.names.hospitals[m.hospital]
    return {
        Reason.ASSEMBLING: f"was assembling a crew for callout {m.callout} from {since} ({ends})",
        Reason.ON_CALLOUT: f"was on callout {m.callout} from {since} to {until}",
        Reason.TO_HOSPITAL: f"was on its way from callout {m.callout} to {hospital} ({ends})",
        Reason.AT_HOSPITAL: f"was at {hospital} after callout {m.callout}, until {until}",
        Reason.SENT: f"had been sent to it at {since}",
    }[one.reason]


def _elsewhere(run: Reported, one: Unavailable) -> str:
    """Return where a free team was, other than at its base."""
    assert one.there is not None
    why = "on its way" if one.mission is None else f"on its way from callout {one.mission.callout}"
    if one.base is not None:
        why = f"relocated to {run.names.bases[one.base]}"
    return f"was free, but {why}: expected in {lasting(one.there)}"


def _named(words: Sequence[str], numbers: Iterable[int], otherwise: str) -> str:
    found = [words[n] for n in numbers if 0 <= n < len(words)]
    return listed(found, 3) if found else otherwise


def _at(run: Reported, ms: int | None, now: int) -> str:
    """Return an instant on the local clock, with its date where that is not the day of another."""
    if ms is None:
        return ""
    clock = SpokenClock(run.clock)
    clock.at(now)
    return clock.at(ms)
