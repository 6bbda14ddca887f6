"""A line of places ten minutes apart, to work dispatch rules on by hand. Times in minutes."""

from types import SimpleNamespace

from sim.log import NO_ACCESS
from sim.policies import Atlas, DispatchView, StatusBoard

from ..worlds import MINUTE


def atlas_of(weights, bases, people=None, capabilities=None, delay=0, areas=None, step=10):
    """Return a line of places A, B, ... ``step`` minutes apart; a team at each base."""
    places = tuple("ABCDEFGH"[: len(weights)])
    rows = tuple(
        tuple(abs(a - b) * step * MINUTE for b in range(len(places))) for a in range(len(places))
    )
    numbers = tuple(places.index(base) for base in bases)
    total = sum(weights)
    return Atlas(
        places=places,
        weights=tuple(round(1_000_000 * w / total) for w in weights),
        times=rows,
        bases=tuple(bases),
        base_places=numbers,
        teams=tuple(f"T{i}" for i in range(len(bases))),
        team_bases=tuple(range(len(bases))),
        delay=delay * MINUTE,
        areas=areas or places,
        team_people=tuple(people or [4] * len(bases)),
        team_capabilities=tuple(capabilities or [0] * len(bases)),
        kinds=("job",),
    )


def callout_at(atlas, place, priority=2, number=7, waited=0):
    """Return a callout received ``waited`` minutes before instant 0."""
    received = -waited * MINUTE
    return SimpleNamespace(
        number=number, kind=0, priority=priority, place=atlas.places.index(place),
        received=received, ready=received,
    )  # fmt: skip


def view_of(atlas, callout, idle=None, able=None, moving=None, **more):
    """
    Return the dispatcher at instant 0 with these teams free at their bases.

    ``able`` are the candidates, all free teams if not given; ``moving`` gives the drives of teams
    on the road, in minutes.
    """
    idle = list(range(len(atlas.teams))) if idle is None else idle
    moving = moving or {}
    drives = [
        tuple(m * MINUTE for m in moving[team])
        if team in moving
        else atlas.times[atlas.base_places[team]]
        for team in idle
    ]
    board = {k: more.pop(k) for k in ("record", "futures", "busy", "forecast") if k in more}
    able = idle if able is None else able
    arrivals = [drives[idle.index(team)][callout.place] for team in able]
    reach = [i for i, at in enumerate(arrivals) if at < NO_ACCESS]
    return DispatchView(
        now=0,
        teams=[able[i] for i in reach],
        arrivals=[arrivals[i] for i in reach],
        free=len(idle),
        waiting=0,
        atlas=atlas,
        board=StatusBoard(
            idle=tuple(idle), turnouts=(0,) * len(idle), drives=tuple(drives), **board
        ),
        **more,
    )
