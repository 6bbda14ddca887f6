"""Where free teams wait."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.log import MS_PER_DAY, NO_ACCESS
from sim.policies import FleetView, FreeTeamView
from sim.policies.relocation import Home
from sim.world import Spot

from .team import Team

if TYPE_CHECKING:
    from .desk import Desk


def kind_of(rule: object) -> str:
    """Return what a relocation rule is asked: nothing, about one team, or about the fleet."""
    # most runs send teams home: then there is nothing to ask, nor to prepare for the asking
    if isinstance(rule, Home):
        return "home"
    return "fleet" if getattr(rule, "moves_all", False) else "one"


def go_and_wait(desk: Desk, team: Team, now: int) -> None:
    """Send a free team to the base where it is to wait."""
    if desk.relocation == "home" or team.special:  # volunteers and shared vehicles have one base
        drive_to(desk, team, team.crew.base, now)
    elif desk.relocation == "one":
        drive_to(desk, team, _base_for(desk, team), now)
    else:
        rearrange(desk, team)


def drive_to(desk: Desk, team: Team, base: int, now: int) -> None:
    """Send a free team to a base from where it is."""
    period, goal = desk.period(now), desk.atlas.base_places[base]
    spot: Spot
    if team.departs == now and team.origin == team.destination:  # at a place, as nearly always
        spot, to_spot = team.destination, 0
        total = desk.times[period][spot][goal]
    else:
        total, spot, to_spot = desk.travel.onward(team, now, goal, period)
    if total >= NO_ACCESS:  # no access there: it stands by where it is, or was bound
        if desk.roads is None or not desk.roads.homeward.strand(team):
            team.rests_from = team.arrives
        return
    team.origin, team.destination, team.period = spot, goal, period
    team.departs = now + to_spot
    team.arrives = team.rests_from = now + total
    team.waits_at = base
    if team.vehicle is not None and base == team.crew.base:
        desk.garage.comes_home_later(team)
    if desk.roads is not None:
        desk.roads.homeward.watch(team)


def _base_for(desk: Desk, team: Team) -> int:
    """Ask where a free team is to wait."""
    now, bases = desk.clock.now, desk.atlas.base_places
    period = desk.period(now)
    drives = [desk.travel.onward(team, now, place, period)[0] for place in bases]
    idle = [0] * len(bases)
    for other in desk.teams:
        if other.free and other is not team:
            idle[other.waits_at] += 1
    atlas = desk.asking.atlases["relocation"]
    view = FreeTeamView(now, team.number, team.crew.base, tuple(drives), tuple(idle), period, atlas)
    rule = desk.policies.relocation
    try:
        base, why = rule(view)  # type: ignore[arg-type]  # not one that moves all
    except Exception as error:
        raise desk.asking.failed("relocation", f"team {team.number}", error) from error
    if type(base) is not int or not 0 <= base < len(bases):
        raise desk.asking.wrong(
            "relocation", f"team {team.number}", base, f"a base from 0 to {len(bases) - 1}"
        )
    if why:
        desk.asking.note("relocation", team.number, range(len(bases)), drives, base, why)
    return base


def rearrange(desk: Desk, freed: Team | None = None) -> None:
    """Ask where all free teams are to wait, and move those that should be elsewhere."""
    now, bases = desk.clock.now, desk.atlas.base_places
    period = desk.period(now)
    teams = [t for t in desk.teams if t is freed or (t.free and not t.special)]
    if not teams:
        return
    rows = [tuple(desk.travel.onward(t, now, p, period)[0] for p in bases) for t in teams]
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
        period,
        desk.asking.atlases["relocation"],
    )
    subject = "the fleet" if freed is None else f"team {freed.number}"
    try:
        answer, why = desk.policies.relocation(view)  # type: ignore[arg-type]  # moves all
    except Exception as error:
        raise desk.asking.failed("relocation", subject, error) from error
    answer = list(answer) if isinstance(answer, (list, tuple)) else []
    if len(answer) != len(teams) or not all(
        type(base) is int and 0 <= base < len(bases) for base in answer
    ):
        known = f"a base from 0 to {len(bases) - 1} for each of {len(teams)} teams"
        raise desk.asking.wrong("relocation", subject, answer, known)
    for team, base, drives in zip(teams, answer, rows, strict=True):
        if team is freed or base != team.waits_at:
            if why:
                desk.asking.note("relocation", team.number, range(len(bases)), drives, base, why)
            _move(desk, team, base)


def _move(desk: Desk, team: Team, base: int) -> None:
    now = desk.clock.now
    if now >= team.rests_from and team.number in desk.free.resting:
        desk.free.leave(team)
        desk.free.moving.append(team)
        team.origin = team.destination
        team.departs = team.arrives = now
    if base != team.waits_at:
        team.moves.append(now)
    drive_to(desk, team, base, now)
