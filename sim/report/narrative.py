"""
One callout in plain sentences: what happened to it, who could have gone, and how it ended.

People read these about the worst hours of other people's lives, so they are short and exact, and
say what is not known.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sim.errors import UsageError
from sim.log import CalloutRow, DecisionRow, Event, MissionRow, Outcome
from sim.policies import LIBRARY

from .complication_sentences import minutes, waiting, why_there
from .narrative_events import around, ending, freed, left_for
from .transport_sentences import is_left, transports

if TYPE_CHECKING:
    from sim.experiment import Reported

__all__ = ["LocalClock", "find", "later", "minutes", "place_of", "rule_name", "story"]

NEAREST = 5  # teams named of those that could be sent
RULES = {
    policy.__name__: name for policies in LIBRARY.values() for name, policy in policies.items()
}


class LocalClock:
    """Says instants on the local clock, with the date where the day is not the one said last."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self.day: date | None = None

    def at(self, ms: int) -> str:
        """Return the time of day of an instant."""
        moment = self.start + timedelta(milliseconds=ms)
        said, self.day = self.day, moment.date()
        return f"{moment:%H:%M}" if said == self.day else f"{moment.day} {moment:%B %H:%M}"


def later(difference: int) -> str:
    """Return how much later or sooner something was."""
    if difference == 0:
        return "at the same moment"
    return f"{minutes(abs(difference))} {'later' if difference > 0 else 'sooner'}"


def rule_name(decision: DecisionRow) -> str:
    """Return a rule by the name that scenario files give it."""
    return RULES.get(decision.rule, decision.rule)


def story(run: Reported, number: int) -> list[str]:
    """
    Return the narrative of a callout under one alternative, a sentence or two to an item.

    Parameters
    ----------
    run
        The log of a replication with its names and its local clock.
    number
        The callout's number within the replication.

    Raises
    ------
    UsageError
        When the log has no such callout.

    """
    row = find(run, number)
    on_it = (m for m in run.log.missions if m.callout == number)
    missions = sorted(on_it, key=lambda m: (m.dispatched, m.team))
    reached = [m for m in missions if m.on_scene is not None and m.on_scene == row.on_scene]
    first = reached[0] if reached else None
    about = [d for d in run.log.decisions if d.subject == number]
    reassignments = {d.at: d for d in about if d.question == "reassignment"}
    nexts = {d.at: _next(d) for d in about if d.question == "queue"}
    events = [*waiting(run, row), *transports(run, row)]
    sent: list[MissionRow] = []
    no_access = {e.at for e in run.log.events if (e.what, e.callout) == (Event.NO_ACCESS, number)}
    for decision in about:
        if decision.at in no_access and not decision.candidates:
            continue  # said already: no access
        if decision.question == "dispatch":
            further = any(m.cleared is None or m.cleared > decision.at for m in sent)
            reason = "Further help. " if further else ""
            if decision.at > row.ready:
                reason += freed(run, decision.at, number, decision.chosen, not further)
            reason += nexts.pop(decision.at, "")
            asked = _asked(run, row, decision, reassignments.get(decision.at))
            events.append((decision.at, reason + asked))
            for m in missions:
                if (m.dispatched, m.team) == (decision.at, decision.chosen):
                    events += _mission(run, m, decision, row if m is first else None)
                    sent.append(m)
    events += _attended(row)
    clock = LocalClock(run.start)
    lines = [_received(run, row, clock)]
    for at, text in sorted(events, key=lambda event: event[0]):
        lines.append(f"{clock.at(at)}  {text}")
    return [*lines, _end(row, missions, clock, is_left(run, row))]


def find(run: Reported, number: int) -> CalloutRow:
    """
    Return a callout by its number.

    Raises
    ------
    UsageError
        When there is none of that number.

    """
    numbers = []
    for row in run.log.callouts:
        if row.callout == number:
            return row
        numbers.append(row.callout)
    if not numbers:
        raise UsageError(f"there is no callout {number}: this replication has none at all")
    raise UsageError(
        f"there is no callout {number} in this replication; "
        f"they are numbered {min(numbers)} to {max(numbers)}"
    )


def _received(run: Reported, row: CalloutRow, clock: LocalClock) -> str:
    names = run.names
    moment = run.start + timedelta(milliseconds=row.received)
    clock.day = moment.date()
    text = (
        f"Callout {row.callout}: {names.kinds[row.kind]}, priority {row.priority}, in "
        f"{place_of(run, row)}. Received on {moment:%A} {moment.day} {moment:%B %Y} at "
        f"{moment:%H:%M}"
    )
    if row.ready > row.received:
        text += f", ready to dispatch {minutes(row.ready - row.received)} later"
    return text + "."


def place_of(run: Reported, row: CalloutRow) -> str:
    """Return where a callout is: the place, with its area where that says more."""
    place, area = run.names.places[row.place], run.names.areas[row.place]
    return place if area in ("", place) else f"{place} ({area})"


def _next(decision: DecisionRow) -> str:
    """Return that a callout was the next of those pending, and by which rule."""
    why = f": {decision.why}" if decision.why else ""
    count = len(decision.candidates)
    return f"It was the next of {count} pending callouts ({rule_name(decision)}{why}). "


def _asked(
    run: Reported, row: CalloutRow, decision: DecisionRow, reassignment: DecisionRow | None
) -> str:
    """Return who could be sent at a moment, and who was, and why."""
    names = run.names.teams
    on_way = () if reassignment is None else reassignment.candidates
    order = sorted(zip(decision.arrivals, decision.candidates, strict=True))
    if not order:
        return "No team that could help was free."
    known = ", ".join(
        f"{names[team]}{', on its way elsewhere,' * (team in on_way)} in {minutes(arrival)}"
        for arrival, team in order[:NEAREST]
    )
    more = f", and {len(order) - NEAREST} more" if len(order) > NEAREST else ""
    head = "Available teams" if set(on_way) & {team for _, team in order} else "Free teams"
    text = f"{head}, expected on scene: {known}{more}. "
    why = f"({rule_name(decision)}: {decision.why})"
    if decision.chosen is None:
        return text + f"No team was sent {why}."
    text += f"{names[decision.chosen]} was sent {why}."
    return text + _taken(run, row, decision, reassignment) + _second(order, decision, names)


def _taken(
    run: Reported, row: CalloutRow, decision: DecisionRow, reassignment: DecisionRow | None
) -> str:
    """Return from which other callout the team was taken, and why that was allowed."""
    assert decision.chosen is not None
    left = left_for(run, decision.at, decision.chosen, row.callout)
    if left is None:
        return ""
    if reassignment is None or decision.chosen not in reassignment.candidates:
        return f" It was taken from callout {left}."
    return f" It was on its way to callout {left} ({rule_name(reassignment)}: {reassignment.why})."


def _second(order: list[tuple[int, int]], decision: DecisionRow, names: tuple[str, ...]) -> str:
    """Return what the next choice would have meant."""
    others = [(arrival, team) for arrival, team in order if team != decision.chosen]
    if not others:
        return ""
    own = next(arrival for arrival, team in order if team == decision.chosen)
    arrival, team = others[0]
    if arrival < own:
        return f" {names[team]} was expected {later(arrival - own)}, but not chosen."
    return f" The second choice, {names[team]}, was expected {later(arrival - own)}."


def _mission(
    run: Reported, m: MissionRow, decision: DecisionRow, first_at: CalloutRow | None
) -> list[tuple[int, str]]:
    """Return what became of a team that was sent, and when; ``first_at`` where it was first."""
    team = run.names.teams[m.team]
    events = []
    if m.on_scene is not None:
        expected = decision.at + decision.arrivals[decision.candidates.index(m.team)]
        text = f"{team} was on scene, {_against(m.on_scene - expected)}."
        events.append((m.on_scene, text + (_response(first_at) if first_at else "")))
    if m.left is not None and m.hospital is not None:
        goal = run.names.hospitals[m.hospital]
        events.append((m.left, f"{team} left for {goal}{why_there(run, m)}."))
    if m.at_hospital is not None:
        events.append((m.at_hospital, f"{team} was at the hospital."))
    events += around(run, m)
    if m.cleared is not None:
        events.append((m.cleared, ending(run, m)))
    return events


def _attended(row: CalloutRow) -> list[tuple[int, str]]:
    """Return full attendance, where it came after the first team."""
    if row.attended is None or row.attended == row.on_scene:
        return []
    since = minutes(row.attended - row.received)
    return [(row.attended, f"Full attendance, {since} after the call.")]


def _response(row: CalloutRow) -> str:
    assert row.on_scene is not None
    assert row.dispatched is not None
    wait = row.dispatched - row.ready
    waited = f", of which {minutes(wait)} queue time" if wait else ""
    return f" Response time {minutes(row.on_scene - row.received)}{waited}."


def _against(difference: int) -> str:
    """Return how a moment compares with the one expected."""
    if abs(difference) < 3_000:  # less than the decimal shows
        return "as expected"
    return f"{later(difference)} than expected"


def _end(row: CalloutRow, missions: list[MissionRow], clock: LocalClock, is_left: bool) -> str:
    """Return how a callout ended, as far as is known; ``is_left``: people of it were left."""
    if row.ended is None:
        if not missions:
            return "Unfinished: when the run ended no team had been sent."
        if row.on_scene is None:
            return "Unfinished: when the run ended no team had reached it."
        return "Unfinished: the run ended before it was over."
    at = clock.at(row.ended)
    if is_left:
        return f"Dropped at {at}: no team took the people who were left to hospital."
    waited = minutes(row.ended - row.ready)
    return {
        Outcome.SERVED: f"Ended at {at}, {minutes(row.ended - row.received)} after the call.",
        Outcome.LOST: f"Lost at {at}: no team was sent, and this rule has no queue.",
        Outcome.ABANDONED: f"Abandoned at {at}, after {waited} without a team.",
        Outcome.DROPPED: f"Dropped at {at}: a shift ended and no team took over.",
    }[row.outcome]
