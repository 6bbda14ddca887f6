"""The log of drives: where every team was, as the engine itself would have said it."""

from functools import cache
from itertools import pairwise

import pytest

from sim.engine import simulate
from sim.log import Event, KeptLog
from sim.policies import policy_sets

from .drive_watch import Watched, drawn_world

CLOSE = 2e-5  # degrees, about two metres: instants are whole ms, and points whole metres
QUICK, MANY = range(8), range(8, 32)
NUMBERS = [*QUICK, *(pytest.param(n, marks=pytest.mark.long) for n in MANY)]


@cache
def watched_run(number):
    """Return a run of the world of this number: all that is claimed here is of the same runs."""
    return Watched(drawn_world(number), number)


def apart(a, b):
    return max(abs(x - y) for x, y in zip(a, b, strict=True))


def compared_places(watched):
    """Compare the places by the log with those in the engine; return how many there were."""
    compared, position = 0, watched.courses.position
    checkpoints = watched.world.scenario.map.checkpoints
    for seen in watched.seen:
        at, drive = seen.at, seen.drive
        row, place = watched.drive_at(seen.team, at)
        wanted = None
        if seen.there is not None:
            wanted = position(watched.world.hospitals[seen.hospital])
        elif seen.left is not None or not seen.on_duty:
            continue  # nobody asks the engine
        elif checkpoints and seen.stop in ("_meets_closure", "_is_refused"):
            continue  # timed to be there when it is stopped
        elif drive.departs > at:
            if row.origin is not None and drive.departs < watched.world.ends:
                then, there = watched.drive_at(seen.team, drive.departs)
                if then is row and drive.origin != drive.destination:  # else fetched, or replaced
                    assert apart(there, position(drive.origin)) < CLOSE, f"{at} {row}"
            continue
        else:
            at = at if seen.stranded is None else seen.stranded
            wanted = watched.engines_place(drive, at)
        assert apart(place, wanted) < CLOSE, f"{seen} {row}: {place}, not {wanted}"
        compared += 1
    return compared


@pytest.mark.parametrize("number", NUMBERS)
def test_a_way_is_where_the_engine_has_the_team(number):
    assert compared_places(watched_run(number)) > 100


def shift_begins(watched):
    crews = watched.world.fleet.crews
    found = {(crew.number, begins) for crew in crews for begins, _ in crew.duty}
    events = watched.log.events
    found |= {(e.team, e.until) for e in events if e.what == Event.MANDATORY_REST}
    return found | {(e.team, e.at) for e in events if e.what == Event.ON_DUTY}


@pytest.mark.parametrize("number", NUMBERS)
def test_every_team_has_a_place_at_every_instant_and_never_jumps(number):
    """But for one that is on duty again at its base, having gone off duty elsewhere."""
    watched = watched_run(number)
    begins, ends = shift_begins(watched), watched.world.ends

    assert sorted(watched.ways) == [*range(len(watched.world.names.teams))]
    for team, ways in watched.ways.items():
        first, way = ways[0]
        assert first.at <= 0 == way[0].at
        for (row, way), (later, next_way) in pairwise(ways):
            assert max(row.at, 0) == way[0].at < later.at < ends
            assert [p.at for p in way] == sorted(p.at for p in way)
            assert way[-1].at <= later.at == next_way[0].at
            if (team, later.at) not in begins:
                assert apart(way[-1][1:], next_way[0][1:]) < CLOSE, f"{row} {later}"
        assert ways[-1][1][-1].at <= ends


@pytest.mark.parametrize("number", NUMBERS)
def test_a_mission_that_reached_its_scene_drove_there_and_then_locally(number):
    """One that was staged was there before."""
    watched = watched_run(number)
    callouts = {callout.number: (callout, marks) for callout, marks in watched.callouts}
    hazards = any(kind.scene_hazard for kind in watched.world.scenario.demand.kinds.values())
    reached = 0
    for mission in watched.log.missions:
        if mission.on_scene is None:
            continue
        callout, marks = callouts[mission.callout]
        entered = [r.arrives + marks.local_travel for r in watched.rows[mission.team]
                   if mission.dispatched <= r.at and r.callout == mission.callout
                   and r.destination == callout.place]  # fmt: skip
        assert mission.on_scene in entered or (hazards and min(entered) < mission.on_scene)
        reached += 1
        if mission.at_hospital is not None:
            hospital = watched.world.hospitals[mission.hospital]
            arrived = mission.at_hospital - marks.local_travel
            assert any(r.arrives == arrived and r.destination == hospital
                       for r in watched.rows[mission.team])  # fmt: skip
    assert reached or not watched.log.missions


@pytest.mark.parametrize("number", NUMBERS)
def test_a_vehicle_is_back_when_its_team_is_there(number):
    """Driven home, fetched after a breakdown, or there as the next shift begins."""
    watched = watched_run(number)
    crews = watched.world.fleet.crews
    for event in watched.log.events:
        if event.what == Event.VEHICLE_AT_BASE:
            _, place = watched.drive_at(event.team, event.at)
            assert apart(place, watched.courses.position(crews[event.team].place)) < CLOSE


@pytest.mark.parametrize("number", QUICK)
def test_keeping_drives_changes_nothing_else(number):
    world = drawn_world(number)
    policies = next(iter(policy_sets(world.file).values()))
    kept, plain = KeptLog(drives=True), KeptLog()
    for log in (kept, plain):
        if world.routing == policies.routing or not world.file.edges:
            simulate(world, policies, log, 1, 0)

    assert kept.plain == plain.plain
    assert (kept.decisions, kept.events) == (plain.decisions, plain.events)
    assert plain.drives == []
