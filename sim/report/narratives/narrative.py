"""
One callout in plain sentences: what happened to it, who could have gone, and how it ended.

People read these about the worst hours of other people's lives, so they are short and exact, and
say what is not known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from sim.errors import UsageError
from sim.log import MOST_PENDING, CalloutRow, DecisionRow, Event, MissionRow, Outcome
from sim.outcomes.explanation.response_split import first_on_scene
from sim.policies import LIBRARY

from ..phrasing.saying import lasting
from .complication_sentences import waiting, why_there
from .delay_split import split_of
from .narrative_events import around, ending, freed, left_for
from .nearer_teams import not_available
from .storyline import SpokenClock, StoryItem, Storyline, Weight
from .transport_sentences import is_left, transports

if TYPE_CHECKING:
    from sim.experiment import Reported

__all__ = ["SpokenClock", "find", "later", "place_of", "rule_name", "story", "storyline"]

NEAREST = 5  # teams named of those that could be sent, or were nearer and not available
FEW = 2  # the same where there is little room
RULES = {
    policy.__name__: name for policies in LIBRARY.values() for name, policy in policies.items()
}


def later(difference: int) -> str:
    """Return how much later or sooner something was."""
    if difference == 0:
        return "at the same moment"
    return f"{lasting(abs(difference))} {'later' if difference > 0 else 'sooner'}"


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
    return storyline(run, number).lines()


def storyline(run: Reported, number: int) -> Storyline:
    """Return the same as items that can be left out; ``story`` says what is what."""
    row = find(run, number)
    missions = sorted(run.whereabouts.on[number], key=lambda m: (m.dispatched, m.team))
    items = [StoryItem(*said, Weight.BEFORE) for said in waiting(run, row)]
    items += [StoryItem(*said, Weight.LATER) for said in transports(run, row)]
    items += _decisions(run, row, missions)
    items += [StoryItem(*said, Weight.LATER) for said in _attended(row)]
    return Storyline(
        run.clock,
        row.received,
        _received(run, row),
        tuple(sorted(items, key=lambda item: item.at)),
        lambda clock: _end(row, missions, clock, is_left(run, row)),
    )


def _decisions(run: Reported, row: CalloutRow, missions: list[MissionRow]) -> Iterator[StoryItem]:
    """
    Yield who could be sent at each moment, and why no nearer team was available; then what became
    of the team that was sent.
    """
    first = first_on_scene(run.whereabouts, row)
    about = run.whereabouts.questions[row.callout]
    reassignments = {d.at: d for d in about if d.question == "reassignment"}
    nexts = {d.at: _next(d) for d in about if d.question == "queue"}
    no_access = {e.at for e in run.whereabouts.about[row.callout] if e.what == Event.NO_ACCESS}
    sent: list[MissionRow] = []
    again = False
    for decision in run.whereabouts.decisions[row.callout]:
        at = decision.at
        if at in no_access and not decision.candidates:
            continue  # said already: no access
        further = any(m.cleared is None or m.cleared > at for m in sent)
        head = "Further help. " if further else ""
        if at > row.ready:
            head += freed(run, at, row.callout, decision.chosen, not further)
        text, short = (
            head + following + _asked(run, row, decision, reassignments.get(at), most)
            for following, most in ((nexts.pop(at, ""), NEAREST), ("", FEW))
        )
        late = further or (row.on_scene is not None and at >= row.on_scene)
        weight = Weight.LATER if late else Weight.BEFORE if sent else Weight.ALWAYS
        why, shorter = (
            ("", "")
            if late
            else (not_available(run, row, decision, again, most) for most in (NEAREST, FEW))
        )
        if why and not decision.candidates:
            yield StoryItem(at, f"{text} {why}", weight, f"{short} {shorter}")
        else:
            yield StoryItem(at, text, weight, short)
        if why and decision.candidates:
            most_matters = Weight.BEFORE if again else Weight.REASON
            yield StoryItem(at, why, min(weight, most_matters), shorter)
        again = again or bool(why)
        for m in missions:
            if (m.dispatched, m.team) == (at, decision.chosen):
                yield from _mission(run, row, m, decision, m is first)
                sent.append(m)


def find(run: Reported, number: int) -> CalloutRow:
    """
    Return a callout by its number.

    Raises
    ------
    UsageError
        When there is none of that number.

    """
    rows = run.whereabouts.rows
    if number in rows:
        return rows[number]
    if not rows:
        raise UsageError(f"there is no callout {number}: this replication has none at all")
    raise UsageError(
        f"there is no callout {number} in this replication; "
        f"they are numbered {min(rows)} to {max(rows)}"
    )


def _received(run: Reported, row: CalloutRow) -> str:
    moment = run.clock.moment(row.received)
    text = (
        f"Callout {row.callout}: {run.names.kinds[row.kind]}, priority {row.priority}, in "
        f"{place_of(run, row)}. Received on {moment:%A} {moment.day} {moment:%B %Y} at "
        f"{moment:%H:%M}{run.clock.told_apart(row.received)}"
    )
    if row.ready > row.received:
        text += f", ready to dispatch {lasting(row.ready - row.received)} later"
    return text + "."


def place_of(run: Reported, row: CalloutRow) -> str:
    """Return where a callout is: the place, with its area where that says more."""
    place, area = run.names.places[row.place], run.names.areas[row.place]
    return place if area in ("", place) else f"{place} ({area})"


def _next(decision: DecisionRow) -> str:
    """Return that a callout was the next of those pending, and by which rule."""
    why = f": {decision.why}" if decision.why else ""
    noted = len(decision.candidates)
    count = (
        noted if noted < MOST_PENDING else f"{MOST_PENDING} or more"
    )  # then the reason says how many
    return f"It was the next of {count} pending callouts ({rule_name(decision)}{why}). "


def _asked(
    run: Reported,
    row: CalloutRow,
    decision: DecisionRow,
    reassignment: DecisionRow | None,
    most: int,
) -> str:
    """Return who could be sent at a moment, and who was, and why; the nearest are named."""
    names = run.names.teams
    on_way = () if reassignment is None else reassignment.candidates
    order = sorted(zip(decision.arrivals, decision.candidates, strict=True))
    if not order:
        return "No team that could help was free."
    known = ", ".join(
        f"{names[team]}{', on its way elsewhere,' * (team in on_way)} in {lasting(arrival)}"
        for arrival, team in order[:most]
    )
    more = f", and {len(order) - most} more" if len(order) > most else ""
    head = "Available teams" if set(on_way) & {team for _, team in order} else "Free teams"
    text = f"{head}, expected on scene: {known}{more}. "
    why = f"({rule_name(decision)}: {decision.why})"
    if decision.chosen is None:
        return text + f"No team was sent {why}."
    text += f"{names[decision.chosen]} was sent {why}."
    text += _taken(run, row, decision, reassignment)
    if most == FEW and order[0][1] == decision.chosen:
        return text
    return text + _second(order, decision, names)


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
    run: Reported, row: CalloutRow, m: MissionRow, decision: DecisionRow, is_first: bool
) -> Iterator[StoryItem]:
    """Yield what became of a team that was sent, and when."""
    team = run.names.teams[m.team]
    reached = m.on_scene is not None
    weight = Weight.AROUND if is_first or not reached else Weight.LATER
    later = StoryItem if row.on_scene is None else _later(row.on_scene)
    if m.on_scene is not None:
        expected = decision.at + decision.arrivals[decision.candidates.index(m.team)]
        text = f"{team} was on scene, {_against(m.on_scene - expected)}."
        if is_first:
            text += f" {split_of(run, row)}"
        yield StoryItem(m.on_scene, text, Weight.ALWAYS if is_first else Weight.LATER)
    if m.left is not None and m.hospital is not None:
        goal = run.names.hospitals[m.hospital]
        yield later(m.left, f"{team} left for {goal}{why_there(run, m)}.", weight)
    if m.at_hospital is not None:
        yield later(m.at_hospital, f"{team} was at the hospital.", weight)
    for at, text in around(run, m):
        yield later(at, text, weight)
    if m.cleared is not None:
        yield later(m.cleared, ending(run, m), weight)


def _later(on_scene: int) -> Callable[[int, str, Weight], StoryItem]:
    """Return how items are made of which those after the first arrival matter less."""

    def item(at: int, text: str, weight: Weight) -> StoryItem:
        return StoryItem(at, text, weight if at <= on_scene else Weight.LATER)

    return item


def _attended(row: CalloutRow) -> list[tuple[int, str]]:
    """Return full attendance, where it came after the first team."""
    if row.attended is None or row.attended == row.on_scene:
        return []
    since = lasting(row.attended - row.received)
    return [(row.attended, f"Full attendance, {since} after the call.")]


def _against(difference: int) -> str:
    """Return how a moment compares with the one expected."""
    if abs(difference) < 3_000:  # less than the decimal shows
        return "as expected"
    return f"{later(difference)} than expected"


def _end(row: CalloutRow, missions: list[MissionRow], clock: SpokenClock, is_left: bool) -> str:
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
    waited = lasting(row.ended - row.ready)
    return {
        Outcome.SERVED: f"Ended at {at}, {lasting(row.ended - row.received)} after the call.",
        Outcome.LOST: f"Lost at {at}: no team was sent, and this rule has no queue.",
        Outcome.ABANDONED: f"Abandoned at {at}, after {waited} without a team.",
        Outcome.DROPPED: f"Dropped at {at}: a shift ended and no team took over.",
    }[row.outcome]
