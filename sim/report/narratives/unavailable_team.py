"""Why a team could not be sent at an instant: what the log and the scenario tell of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sim.engine.foundation.atlases import could_bring
from sim.log import NO_ACCESS, CalloutRow, Event, EventRow
from sim.units import say_duration

from .narrative import SpokenClock, place_of

if TYPE_CHECKING:
    from sim.experiment import Reported
    from sim.policies.forced_choice import Question
    from sim.world import TeamSpec, World

Said = Iterator[str]


def why_not_available(
    run: Reported, world: World, row: CalloutRow, asked: Question, team: int, clock: SpokenClock
) -> str:
    """
    Return why a team was not among those that could be sent, as what follows its name.

    Parameters
    ----------
    run
        The log, in which everything up to that instant is as it was.
    world
        Where duty, capabilities and roads are from.
    row
        The callout it could not be sent to.
    asked
        When, and what was still needed.
    team
        Its number.
    clock
        Says the instants.

    """
    crew = world.fleet.crews[team]
    for found in (
        _without_what_is_needed(world, row, asked, crew), _on_callout(run, asked.at, team, clock),
        _off_duty(run, asked.at, crew, clock), _resting(run, asked.at, crew, clock),
        _between(run, asked.at, crew, clock),
        _not_assembled(run, asked.at, row, team), _no_access(run, world, row, asked.at, crew),
        _cleared_then(run, asked.at, team),
    ):  # fmt: skip
        for reason in found:
            return reason
    if crew.vehicles:
        return "had no vehicle at its base that brought what was needed"
    return "was not among the teams that could be sent"


def _without_what_is_needed(world: World, row: CalloutRow, asked: Question, crew: TeamSpec) -> Said:
    if asked.capabilities and not could_bring(world.fleet, crew) & asked.capabilities:
        needs = world.scenario.demand.kinds[world.names.kinds[row.kind]].needs
        needed = f" ({', '.join(dict.fromkeys(needs))})" if needs else ""
        yield f"brings nothing that was needed{needed}"


def _on_callout(run: Reported, at: int, team: int, clock: SpokenClock) -> Said:
    for m in run.log.missions:
        if m.team == team and m.dispatched <= at and (m.cleared is None or at < m.cleared):
            since = clock.at(m.dispatched)
            if m.cleared is None:
                yield f"was on callout {m.callout} from {since} until the run ended"
            else:
                yield f"was on callout {m.callout} from {since} to {clock.at(m.cleared)}"


def _off_duty(run: Reported, at: int, crew: TeamSpec, clock: SpokenClock) -> Said:
    if crew.reserve is not None:
        if not any(_lasts(e, at) for e in _own(run, crew, Event.ON_DUTY)):
            yield "is in reserve and had not been called in"
    elif not any(begins <= at < ends for begins, ends in crew.duty):
        again = min((begins for begins, _ in crew.duty if begins > at), default=None)
        yield "was off duty" + ("" if again is None else f" until {clock.at(again)}")


def _resting(run: Reported, at: int, crew: TeamSpec, clock: SpokenClock) -> Said:
    """Yield the rest that the limits of a crew ask for, and which of them did."""
    limits = crew.limits
    for event in _own(run, crew, Event.MANDATORY_REST):
        if limits is None or not _lasts(event, at):
            continue
        after = ""
        if event.callout is not None:
            after = f" after callout {event.callout}, the last exposing one that its limits allow,"
        elif all(begins != event.at for begins, _ in crew.duty) and limits.hours_on_duty:
            after = f" after {say_duration(limits.hours_on_duty)} on duty"
        rest = say_duration(limits.minimum_rest)
        yield f"had its mandatory rest of {rest}{after}{_until(event, clock)}"


def _between(run: Reported, at: int, crew: TeamSpec, clock: SpokenClock) -> Said:
    """Yield what keeps a team that is on duty and on no callout: a break, its way back, repair."""
    for event in _own(run, crew, Event.BREAK):
        if _lasts(event, at):
            yield f"was on a break{_until(event, clock)}"
    for event in _own(run, crew, Event.RETURNING):
        if _lasts(event, at):
            yield f"was returning to its base{_until(event, clock)}"
    for event in run.log.events:
        is_out = event.what == Event.OUT_OF_SERVICE and event.who in crew.vehicles
        if is_out and event.who is not None and _lasts(event, at):
            vehicle = run.names.vehicles[event.who]
            yield f"was without {vehicle}, out of service{_until(event, clock)}"


def _not_assembled(run: Reported, at: int, row: CalloutRow, team: int) -> Said:
    for event in run.log.events:
        is_own = (event.team, event.callout) == (team, row.callout) and event.at <= at
        if is_own and event.what == Event.NO_CREW_ASSEMBLED:
            yield "had been alerted for this callout before, and no crew assembled"


def _no_access(run: Reported, world: World, row: CalloutRow, at: int, crew: TeamSpec) -> Said:
    drive = world.travel.times[world.period(at)][crew.place][row.place]
    if drive >= NO_ACCESS:
        yield f"had no access to {place_of(run, row)}"


def _cleared_then(run: Reported, at: int, team: int) -> Said:
    """Yield a callout that the team was done with at that instant: events at one have an order."""
    for m in run.log.missions:
        if m.team == team and m.cleared == at:
            yield f"was cleared from callout {m.callout} at that moment, after this was decided"


def _own(run: Reported, crew: TeamSpec, what: str) -> list[EventRow]:
    return [e for e in run.log.events if (e.what, e.team) == (what, crew.number)]


def _lasts(event: EventRow, at: int) -> bool:
    return event.at <= at and (event.until is None or at < event.until)


def _until(event: EventRow, clock: SpokenClock) -> str:
    return "" if event.until is None else f" until {clock.at(event.until)}"
