"""One decision changed, told: what was decided instead, and what followed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.table import Table

from sim.log import MS_PER_DAY, CalloutRow
from sim.outcomes.explanation.consequences import Cohort, Consequences, is_met, row_of
from sim.outcomes.explanation.divergence import Cause, Divergence

from ..phrasing.saying import lasting, minutes
from ..phrasing.words import clean
from .attribution import ENDED
from .narrative import NEAREST, RULES, SpokenClock, place_of
from .unavailable_team import why_not_available

if TYPE_CHECKING:
    from sim.experiment import Reported
    from sim.experiment.results.counterfactual import WatchedRun
    from sim.policies.forced_choice import Question

WAS, INSTEAD = "as it was", "instead"
NUMBERS = 10  # callouts named in a sentence
TENTH = 6_000  # of a minute [ms]
CAVEAT = (
    "This is one decision in one replication. It tells what followed here, chance included; it "
    "does not tell which rule is better: for that, compare alternatives over many replications."
)


# -- what cannot be chosen ------------------------------------------------------------------------


def refusal(watched: WatchedRun, row: CalloutRow, team: int | None) -> str:
    """Return why a decision cannot be changed in this way, and how it could be."""
    clock, asked, number = SpokenClock(watched.run.clock), watched.asked, row.callout
    if team is None and not watched.waits:
        return (
            f"under {watched.alternative} no callout waits: without a team, callout {number} "
            f"would be lost; {_could(watched, watched.first_sent, clock)}"
        )
    ended = ENDED[row.outcome] + (" when the run ended" if row.ended is None else "")
    if not asked:
        return (
            f"callout {number} was {ended} before the dispatch rule was asked about it: "
            "there is no decision to change"
        )
    if team is None:
        return f"no team was sent to callout {number} as it was, and it was {ended}"
    name = watched.run.names.teams[team]
    question = watched.first_sent
    if question is None:
        open_ = (n for n, one in enumerate(asked) if one.teams)
        question = next(open_, 0)
    one = asked[question]
    at = clock.at(one.at)
    why = why_not_available(watched.run, watched.world, row, one, team, clock)
    text = f"{name} could not be sent to callout {number} on {at}: it {why}; "
    without = "" if watched.first_sent is not None else f"; no team ever was, and it was {ended}"
    return text + _could(watched, question, clock) + without


def _could(watched: WatchedRun, question: int | None, clock: SpokenClock) -> str:
    """Return who could have been chosen at a question, the one who was apart."""
    if question is None:
        return "no team was sent as it was"
    one, names = watched.asked[question], watched.run.names.teams
    others = [(arrival, team) for arrival, team in one.nearest if team != one.chosen]
    if others:
        named = [f"{names[team]}, in {lasting(arrival)}" for arrival, team in others[:NEAREST]]
        more = [f"and {len(others) - NEAREST} more"] if len(others) > NEAREST else []
        return f"could have been sent at {clock.at(one.at)}: {'; '.join(named + more)}"
    if one.chosen is None:
        return "nobody else could be sent then"
    return f"{names[one.chosen]}, which was sent, was the only one that could be"


# -- the decision ---------------------------------------------------------------------------------


def decision_changed(watched: WatchedRun, row: CalloutRow, question: int, team: int | None) -> str:
    """Return what was decided, and what is decided instead."""
    run, one = watched.run, watched.asked[question]
    clock, names = SpokenClock(run.clock), run.names.teams
    received = clock.at(row.received)
    rule = RULES.get(watched.rule, watched.rule)
    was = "no team" if one.chosen is None else _sent(one, one.chosen, names)
    text = (
        f"Callout {row.callout} ({run.names.kinds[row.kind]}, priority {row.priority}, "
        f"{place_of(run, row)}, received {received}). At {clock.at(one.at)} {was} was sent "
        f"({rule}: {one.why}). "
    )
    if team is None:
        return (
            text
            + "Instead, nobody is sent then; the rule is asked again when a team next becomes free."
        )
    if team == one.chosen:
        return text + "That is the team asked for: nothing is changed."
    return text + f"Instead, {_sent(one, team, names)} is sent."


def _sent(one: Question, team: int, names: Sequence[str]) -> str:
    """Return a team with when it was expected."""
    return f"{names[team]} (expected on scene in {lasting(one.arrivals[one.teams.index(team)])})"


def own_course(watched: WatchedRun, now: Reported, found: Consequences) -> Table:
    """Return the callout's course as it was and with the decision changed, side by side."""
    table = Table()
    for column in ("", WAS, INSTEAD):
        table.add_column(column, justify="right" if column else "left")
    runs, rows = (watched.run, now), found.own
    names = watched.run.names
    sends = [_sent_to(run, row.callout) for run, row in zip(runs, rows, strict=True)]
    clock = SpokenClock(watched.run.clock)
    clock.at(rows[0].received)
    table.add_row("first team sent", *(clean(teams[0]) if teams else "none" for teams in sends))
    if any(len(teams) > 1 for teams in sends):
        table.add_row("further teams", *(clean(", ".join(teams[1:])) or "none" for teams in sends))
    for label, column in (("sent", "dispatched"), ("on scene", "on_scene")):
        instants = [getattr(row, column) for row in rows]
        table.add_row(label, *("-" if at is None else clock.at(at) for at in instants))
    table.add_row("response time", *(_response(row) for row in rows))
    if any(row.attended != row.on_scene for row in rows):
        table.add_row("full attendance after", *(
            "-" if row.attended is None else minutes(row.attended - row.received) for row in rows
        ))  # fmt: skip
    table.add_row("ended", *(_ended(row, clock) for row in rows))
    words = {True: "met", False: "missed", None: "not known"}
    local_clock, end = watched.world.clock, watched.world.ends
    for target in watched.world.scenario.targets:
        if Cohort(target, names, local_clock, end).holds(rows[0]):
            met = [is_met(target, row, end) for row in rows]
            table.add_row(clean(target.name), *(words[one] for one in met))
    return table


def _sent_to(run: Reported, number: int) -> list[str]:
    """Return the teams sent to a callout, in order."""
    return [
        run.names.teams[d.chosen] for d in run.log.decisions
        if (d.question, d.subject) == ("dispatch", number) and d.chosen is not None
    ]  # fmt: skip


def _ended(row: CalloutRow, clock: SpokenClock) -> str:
    ended = ENDED[row.outcome]
    return ended if row.ended is None else f"{ended} at {clock.at(row.ended)}"


def _response(row: CalloutRow) -> str:
    return "not reached" if row.on_scene is None else minutes(row.on_scene - row.received)


# -- what followed --------------------------------------------------------------------------------


def what_followed(run: Reported, found: Consequences) -> Iterator[str]:
    """Yield what followed in sentences: who was not reached, targets, times, and until when."""
    if found.last is None:
        yield "The two runs are the same."
        return
    yield _reached(found)
    yield from _targets(found)
    yield _differ(found)
    yield from _times(found)
    yield _until(run, found)


def _reached(found: Consequences) -> str:
    was, now = found.not_reached
    if found.only == ((), ()):
        return (
            f"Not reached: {was}, the same in both runs."
            if was
            else ("All callouts were reached in both runs.")
        )
    text = f"Not reached: {was} {WAS}, {now} {INSTEAD}."
    for numbers, run in zip(found.only, (WAS, INSTEAD), strict=True):
        if numbers:
            text += f" Reached only {run}: {_numbers(numbers)}."
    return text


def _targets(found: Consequences) -> Iterator[str]:
    told = False
    for target in found.targets:
        if target.lost or target.gained:
            told = True
            (was, now), (of_was, of_now) = target.met, target.judged
            text = f"{target.name}: met by {was} of {of_was} {WAS}, by {now} of {of_now} {INSTEAD}."
            for numbers, word in ((target.lost, "missed"), (target.gained, "met")):
                if numbers:
                    text += f" Now {word}: {_numbers(numbers)}."
            yield text
    if found.targets and not told:
        yield "No target was met or missed because of it."


def _differ(found: Consequences) -> str:
    """Return how many others differ, and how."""
    n, more = len(found.others), len(found.later)
    if n:
        differences = [c.difference for c in found.others if c.difference is not None]
        sooner, later = sum(d < 0 for d in differences), sum(d > 0 for d in differences)
        parts = (
            (sooner, "reached sooner"),
            (later, "reached later"),
            (len(differences) - sooner - later, "by another team in the same time"),
            (n - len(differences), "not reached in both"),
        )
        said = ", ".join(f"{count} {what}" for count, what in parts if count)
        text = f"{n} of {found.callouts - 1} other callouts went differently: {said}."
    else:
        text = "No other callout had another first team or another response time."
    if more:
        text += f" {more} more had the same first team at the same time, but another course after."
    return text


def _times(found: Consequences) -> Iterator[str]:
    differences = [c.difference for c in found.others if c.difference is not None]
    if not found.both:
        return
    # in tenths of minutes, so that the parts shown add up to the sum shown
    here, at_others = round((found.here or 0) / TENTH), round(sum(differences) / TENTH)
    text = (
        f"Over the {_callouts(found.both)} reached in both, response times add up to "
        f"{_more(here + at_others)}"
    )
    if differences and found.here is not None:
        text += f": {_more(here)} here, {_more(at_others)} at the others"
    yield f"{text}."
    yield from _within_a_day(found)


def _within_a_day(found: Consequences) -> Iterator[str]:
    """Yield how much of it came soon, where it went on for long."""
    until = found.decided + MS_PER_DAY
    soon = [c for c in found.others if row_of(c).received <= until]
    if len(soon) < len(found.others):
        differences = [c.difference for c in soon if c.difference is not None]
        yield (
            f"Of the {len(found.others)} others that differ, {len(soon)} were received within a "
            f"day of the decision: {_more(round(sum(differences) / TENTH))} there. What differs "
            "later was handed on from callout to callout, and would have come out otherwise with "
            "other draws."
        )


def _until(run: Reported, found: Consequences) -> str:
    if found.to_the_end:
        return "When the run ended, the two runs were not the same again yet."
    assert found.last is not None
    at = SpokenClock(run.clock).at(found.last)
    return f"From {at} on, nothing differs between the two runs."


def _callouts(n: int) -> str:
    return f"{n} callout{'s' * (n != 1)}"


def _more(tenths: int) -> str:
    if not tenths:
        return "no change"
    return f"{lasting(abs(tenths) * TENTH)} {'less' if tenths < 0 else 'more'}"


def _numbers(numbers: Sequence[int]) -> str:
    more = f" and {len(numbers) - NUMBERS} more" if len(numbers) > NUMBERS else ""
    return f"callout{'s' * (len(numbers) > 1)} {', '.join(map(str, numbers[:NUMBERS]))}{more}"


# -- tables ---------------------------------------------------------------------------------------


def by_group(run: Reported, found: Consequences) -> Table | None:
    """Return the others by priority and kind, the most urgent first; None where there is one."""
    if len(found.groups) < 2:
        return None
    table = Table()
    table.add_column("priority and kind")
    for column in ("differ", "sooner", "later", "sum"):
        table.add_column(column, justify="right")
    for group in found.groups:
        differences = group.differences
        table.add_row(
            f"{group.priority} {clean(run.names.kinds[group.kind])}",
            str(len(group.rows)),
            str(sum(d < 0 for d in differences)),
            str(sum(d > 0 for d in differences)),
            f"{sum(differences) / 60_000:+.1f} min",
        )
    return table


def others(run: Reported, changes: Sequence[Divergence]) -> Table:
    """Return the other callouts that differ, one a row."""
    table = Table()
    for column in ("callout", "received", "priority and kind", "place"):
        table.add_column(column, justify="right" if column == "callout" else "left")
    for column in (WAS, INSTEAD, "difference"):
        table.add_column(column, justify="right")
    table.add_column("because")
    for change in changes:
        number, *cells = _cells(run, change)
        table.add_row(str(number), *cells)
    return table


def others_in_lines(run: Reported, changes: Sequence[Divergence]) -> Iterator[str]:
    """Yield the same as sentences, for a terminal that is too narrow for the table."""
    for change in changes:
        number, at, kind, place, was, now, difference, because = _cells(run, change)
        apart = "" if difference == "-" else f" ({difference})"
        yield f"{number}  {at}, {kind}, {place}: {was} {WAS}, {now} {INSTEAD}{apart}; {because}"


def _cells(run: Reported, change: Divergence) -> tuple[str, ...]:
    row = row_of(change)
    moment = run.clock.moment(row.received)
    responses = [
        minutes(response) if response is not None else "not reached"
        for response in change.responses
    ]
    difference = "-" if change.difference is None else f"{change.difference / 60_000:+.1f} min"
    return (
        str(row.callout), f"{moment.day} {moment:%b %H:%M}",
        f"{row.priority} {clean(run.names.kinds[row.kind])}", clean(run.names.places[row.place]),
        *responses, difference, clean(because(change)),
    )  # fmt: skip


def because(change: Divergence) -> str:
    """Return in a few words what made the difference to a callout: the step next to it."""
    step = change.chain[0]
    run, team = (WAS, INSTEAD)[step.side], step.team
    if step.mission is not None and step.cause in (Cause.BUSY, Cause.FREED):
        was = "was on" if step.cause == Cause.BUSY else "came from"
        return f"{run}, {team} {was} callout {step.mission.callout}"
    row = change.rows[step.side]
    ended = "over" if row is None else ENDED[row.outcome]
    return {
        Cause.MOVED: f"{run}, {team} had been relocated",
        Cause.CALLED: f"{run}, {team} had been called in",
        Cause.LEFT: f"{run}, it was {ended} by then",
        Cause.BEFORE: f"{run}, {team} was on a callout of the warm-up",
        Cause.RULES: "the rule chose otherwise in another situation",
        Cause.ORDER: "the order of the queue",
        Cause.COURSE: "travel, work or hospital times differ",
    }.get(step.cause, f"{team} was not in the same place")
