"""Where free teams wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.log import MS_PER_DAY, NO_ACCESS
from sim.policies import FleetView, FreeTeamView
from sim.policies.contract.declarations import Declared
from sim.policies.cover_rules.relocation import Home
from sim.world import Spot

from .team import Team

if TYPE_CHECKING:
    from .dispatcher import Dispatcher


def kind_of(rule: object, said: Declared) -> str:
    """Return what a relocation rule is asked: nothing, about one team, or about the fleet."""
    # most runs send teams home: then there is nothing to ask, nor to prepare for the asking
    if isinstance(rule, Home):
        return "home"
    return "fleet" if said.moves_all else "one"


def go_and_wait(dispatcher: Dispatcher, team: Team, now: int) -> None:
    """Send a free team to the base where it is to wait."""
    if (
        dispatcher.relocation == "home" or team.special
    ):  # volunteers and shared vehicles have one base
        drive_to(dispatcher, team, team.crew.base, now)
    elif dispatcher.relocation == "one":
        drive_to(dispatcher, team, _base_for(dispatcher, team), now)
    else:
        rearrange(dispatcher, team)


def drive_to(dispatcher: Dispatcher, team: Team, base: int, now: int) -> None:
    """Send a free team to a base from where it is."""
    period, goal = dispatcher.period(now), dispatcher.base_places[base]
    spot: Spot
    if team.departs == now and team.origin == team.destination:  # at a place, as nearly always
        spot, to_spot = team.destination, 0
        total = dispatcher.times[period][spot][goal]
    else:
        total, spot, to_spot = dispatcher.travel.reroute(team, now, goal, period)
    if total >= NO_ACCESS:  # no access there: it stands by where it is, or was bound
        if dispatcher.roads is None or not dispatcher.roads.homeward.strand(team):
            team.rests_from = team.arrives
        return
    if now >= team.rests_from and goal != team.destination:
        dispatcher.free.depart(team)
    team.origin, team.destination, team.period = spot, goal, period
    team.departs = now + to_spot
    team.arrives = team.rests_from = now + total
    team.waits_at = base
    if team.vehicle is not None and base == team.crew.base:
        dispatcher.shared_vehicles.return_later(team)
    if dispatcher.roads is not None:
        dispatcher.roads.homeward.watch(team)


def _base_for(dispatcher: Dispatcher, team: Team) -> int:
    """Ask where a free team is to wait."""
    now, bases = dispatcher.clock.now, dispatcher.base_places
    period = dispatcher.period(now)
    drives = [dispatcher.travel.reroute(team, now, place, period)[0] for place in bases]
    idle = [0] * len(bases)
    for other in dispatcher.teams:
        if other.free and other is not team:
            idle[other.waits_at] += 1
    atlas = dispatcher.asking.atlases["relocation"][period]
    view = FreeTeamView(now, team.number, team.crew.base, tuple(drives), tuple(idle), atlas)
    base: int
    base, why = dispatcher.asking.ask["relocation"](view)
    if why:
        dispatcher.recorder.decision(
            "relocation", team.number, range(len(bases)), drives, base, why
        )
    return base


def rearrange(dispatcher: Dispatcher, freed: Team | None = None) -> None:
    """Ask where all free teams are to wait, and move those that should be elsewhere."""
    now, bases = dispatcher.clock.now, dispatcher.base_places
    period = dispatcher.period(now)
    teams = [t for t in dispatcher.teams if t is freed or (t.free and not t.special)]
    if not teams:
        return
    rows = [tuple(dispatcher.travel.reroute(t, now, p, period)[0] for p in bases) for t in teams]
    for team in teams:
        while team.moves and team.moves[0] <= now - MS_PER_DAY:
            del team.moves[0]
    view = FleetView(
        now,
        None if freed is None else freed.number,
        tuple(team.number for team in teams),
        tuple(team.waits_at for team in teams),
        tuple(team.crew.base for team in teams),
        tuple(rows),
        tuple(len(team.moves) for team in teams),
        dispatcher.asking.atlases["relocation"][period],
    )
    answer, why = dispatcher.asking.ask["relocation"](view)
    for team, base, drives in zip(teams, answer, rows, strict=True):
        if team is freed or base != team.waits_at:
            if why:
                dispatcher.recorder.decision(
                    "relocation", team.number, range(len(bases)), drives, base, why
                )
            _move(dispatcher, team, base)


def _move(dispatcher: Dispatcher, team: Team, base: int) -> None:
    now = dispatcher.clock.now
    if now >= team.rests_from and team.number in dispatcher.free.resting:
        dispatcher.free.leave(team)
        dispatcher.free.moving.append(team)
        team.origin = team.destination
        team.departs = team.arrives = now
    if base != team.waits_at:
        team.moves.append(now)
    drive_to(dispatcher, team, base, now)
