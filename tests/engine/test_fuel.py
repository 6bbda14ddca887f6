"""
Fuel: tanks, depots, and teams that stand; litres on paper.

On the roads of `test_roads` from A to B it is 20 km in 20 min. At 20 l/100 km that is 4 l, and 8 l
there and back.
"""

import random
from collections import defaultdict
from functools import cache

import pytest

from sim.engine.features.fuel import refuelling
from sim.engine.foundation.atlases import Atlases
from sim.engine.foundation.clock import READY, Alarm
from sim.engine.simulation import Parts, _callout_source
from sim.log import Event, KeptLog
from sim.outcomes.explanation.whereabouts import Reason, Whereabouts
from sim.policies import policy_sets
from sim.world import Distances

from ..worlds import MINUTE
from .drive_watch import drawn_world
from .test_roads import drawn

HOUR = 60
TANK = "T: {{base: A, fuel: {{tank: {}, consumption: 20 l/100 km, reserve: 10%{}}}}}"
FUEL = (Event.REFUELLED, Event.FUEL_TAKEN, Event.WITHOUT_FUEL, Event.TOO_LITTLE_FUEL,
        Event.FUEL_BROUGHT, Event.FUEL_DELIVERED, Event.DEPOT_EMPTY)  # fmt: skip


def fuelled(*callouts, tank="10 l", more="", depot="stock: 100 l", **others):
    """Return a run of a team with a tank whose base has some fuel."""
    base = "{}" if depot is None else f"{{fuel: {{{depot}}}}}"
    text = others.pop("teams", TANK.format(tank, more))
    return drawn(*callouts, teams=text, bases=f"{{A: {base}}}", **others)


def told(day, *words):
    """Return the rows of fuel: minute, what, who, until."""
    return [
        (e.at // MINUTE, e.what, e.who, e.until and e.until // MINUTE)
        for e in sorted(day.log.events, key=lambda e: e.at)
        if e.what in (words or FUEL)
    ]


def test_a_team_fills_up_what_it_has_burnt_when_it_is_back():
    """There at 20, done at 30, back at 50: 8 l burnt."""
    day = fuelled("00:00 B job")

    assert told(day) == [(50, Event.REFUELLED, 0, 50), (50, Event.FUEL_TAKEN, 8000, None)]


def test_it_is_sent_on_from_the_road_only_as_far_as_its_tank_lasts():
    """Half-way home at 40 it has 10 - 6 = 4 l; to B and home are 6 l, and 1 l is its reserve."""
    day = fuelled("00:00 B job", "00:40 B job")

    assert told(day, Event.TOO_LITTLE_FUEL) == [(40, Event.TOO_LITTLE_FUEL, 3000, None)]
    assert day.mission(1)[:3] == (50, 50, 70)
    known = Whereabouts(day.log, day.world)
    (decision,) = [d for d in known.decisions[1] if d.chosen is None]
    found = known.unavailable(0, day.callouts[1], decision)
    assert (found.reason, found.arrival) == (Reason.TOO_FAR_FOR_FUEL, 20 * MINUTE)


def test_with_a_larger_tank_it_is_sent_on():
    day = fuelled("00:00 B job", "00:40 B job", tank="20 l")

    assert day.mission(1)[:2] == (40, 40)


def test_a_tank_too_small_for_the_way_is_never_sent():
    """8 l and a reserve of 0.8 l is more than 8 l."""
    day = fuelled("00:00 B job", "00:00 A job", tank="8 l")

    assert day.outcome(0) == "unfinished"
    assert [m.callout for m in day.log.missions] == []


def test_refuelling_takes_its_time():
    day = fuelled("00:00 B job", "00:55 A job", more=", refuelling: 15 min")

    assert told(day, Event.REFUELLED)[0] == (50, Event.REFUELLED, 0, 65)
    assert day.mission(1)[0] == 65


def test_where_it_has_to_be_home_to_be_free_it_fills_up_before():
    desk = "dispatch_centre: {dispatch_while_returning: false}"
    day = fuelled("00:00 B job", "00:35 A job", more=", refuelling: 15 min", rest=desk)

    assert day.mission(1)[0] == 65


def test_a_team_stands_until_fuel_is_delivered():
    """12 l are enough for one way and 4 l more: then it has 6 of 10 l, and B takes 8 and 1."""
    day = fuelled(
        "00:00 B job", "01:00 B job", "02:00 B job",
        depot="stock: 4 l, delivery: {every: 5 h, amount: 50 l}",
    )  # fmt: skip

    assert told(day, *FUEL[:3], *FUEL[4:])[:6] == [
        (50, Event.REFUELLED, 0, 50),
        (50, Event.FUEL_TAKEN, 4000, None),
        (50, Event.DEPOT_EMPTY, 0, 300),
        (50, Event.WITHOUT_FUEL, None, 300),
        (300, Event.FUEL_DELIVERED, 0, None),
        (300, Event.REFUELLED, 0, 300),
    ]
    assert day.mission(1)[0] == 300
    known = Whereabouts(day.log, day.world)
    (decision, *_) = [d for d in known.decisions[1] if d.chosen is None]
    found = known.unavailable(0, day.callouts[1], decision)
    assert (found.reason, found.since, found.until) == (
        Reason.WITHOUT_FUEL, 50 * MINUTE, 300 * MINUTE,
    )  # fmt: skip


def test_the_engine_burns_on_scene_too():
    """10 min at 6 l/h are 1 l; with it the way takes 9 l, and the reserve is 1 l."""
    day = fuelled("00:00 B job", more=", idle: 6 l/h")
    short = fuelled("00:00 B job", more=", idle: 6.1 l/h")

    assert told(day, Event.FUEL_TAKEN) == [(50, Event.FUEL_TAKEN, 9000, None)]
    assert short.log.missions == []


def test_who_meets_a_closure_and_runs_dry_is_brought_what_it_burns_beyond():
    """10 km to X, back to A, 30 to B through Y and 30 home: 80 km, 16 l of a tank of 10."""
    closed = "closures: [{edge: [x, b], known: discovered}]"
    day = fuelled("00:00 B job", around=closed)

    assert told(day, Event.FUEL_BROUGHT, Event.FUEL_TAKEN) == [
        (90, Event.FUEL_BROUGHT, 6000, None),
        (90, Event.FUEL_TAKEN, 10000, None),
    ]


def test_nothing_changes_for_who_has_no_tank():
    plain = drawn("00:00 B job", "00:40 B job")
    other = fuelled("00:00 B job", "00:40 B job", tank="1000 l", depot="")

    assert plain.log.missions == other.log.missions
    assert [e for e in plain.log.events if e.what in FUEL] == []


# -- random worlds ----------------------------------------------------------------------------


def fuelled_world(number):
    """Return a random world in which most teams have a tank and most bases some fuel."""
    draws = random.Random(f"fuel {number}")
    scenario = drawn_world(number).scenario
    overrides = {}
    for name, team in scenario.teams.items():
        if not team.vehicles and draws.random() < 0.8:
            overrides[f"teams.{name}.fuel"] = (
                f"{{tank: {draws.choice([15, 30, 80])} l, consumption: 30 l/100 km, "
                f"idle: {draws.choice([0, 2])} l/h, at_start: {draws.choice([50, 100])}%, "
                f"refuelling: {draws.choice([0, 12])} min}}"
            )
    for name in scenario.bases:
        if draws.random() < 0.8:
            stock = draws.choice([0, 40, 200])
            overrides[f"bases.{name}.fuel"] = draws.choice([
                "{}", f"{{stock: {stock} l}}",
                f"{{stock: {stock} l, delivery: {{every: 9 h, amount: 60 l}}}}",
            ])  # fmt: skip
    return drawn_world(number, overrides)


class Refuelled:
    """A run with its tanks and depots at the end."""

    def __init__(self, number):
        self.world = world = fuelled_world(number)
        policies, self.log = next(iter(policy_sets(world.file).values())), KeptLog(drives=True)
        parts = Parts(world, policies, Atlases(world), self.log, 1, 0)
        self.run = run = parts.run
        assert refuelling.is_in(run)
        parts.start()
        callouts = world.demand.callouts(1, 0)
        Alarm(run.env, READY).begin(_callout_source(parts, callouts, []))
        self.fuel = run.hooks.cannot_come[0].__self__
        run.env.run_until(world.ends)
        for end in run.hooks.over:
            end()
        run.recorder.cut_off([], run.teams)


@cache
def refuelled(number):
    return Refuelled(number)


NUMBERS = range(12)


def test_the_random_worlds_hold_all_that_can_happen_to_fuel():
    """A property that is never put to the test proves nothing."""
    assert {e.what for n in NUMBERS for e in refuelled(n).log.events} >= {*FUEL}


@pytest.mark.parametrize("number", NUMBERS)
def test_what_was_there_and_delivered_is_burnt_or_left(number):
    """In whole microlitres, the two sides are the same."""
    found = refuelled(number)
    tanks, fuel = found.run.tanks, found.fuel
    for base, depot in enumerate(fuel.depots):
        if depot is not None and depot.stock is not None:
            assert fuel.stock[base] >= 0
            assert depot.stock + fuel.delivered[base] == fuel.stock[base] + fuel.taken[base]
    at_start = sum(c.tank.at_start for c in found.world.fleet.crews if c.tank is not None)
    got = at_start + sum(fuel.taken) + sum(tanks.brought)
    assert got == sum(tanks._left) + sum(tanks.burnt)


@pytest.mark.parametrize("number", NUMBERS)
def test_no_tank_is_ever_below_zero_or_above_full(number):
    found = refuelled(number)
    for team in found.run.teams:
        if team.crew.tank is not None:
            assert 0 <= found.run.tanks.left(team) <= team.crew.tank.holds


@pytest.mark.parametrize("number", NUMBERS)
def test_litres_follow_from_the_kilometres_of_the_log(number):
    """Burnt, or not accounted for yet: each team's drives and time on scene, recounted."""
    found = refuelled(number)
    world, tanks = found.world, found.run.tanks
    rows, stays = defaultdict(list), defaultdict(int)
    for row in found.log.drives:
        rows[row.team].append(row)
    for m in found.log.missions:
        if m.on_scene is not None and m.cleared is not None:
            stays[m.team] += (m.cleared if m.left is None else m.left) - m.on_scene
    distances = Distances(world.travel)
    if world.begins < 0:
        return  # missions of the warm-up are not in the log
    for team in found.run.teams:
        tank = team.crew.tank
        if tank is None:
            continue
        driven = distances.driven(rows[team.number], world.begins, world.ends)
        metres = sum(length for _, length in driven)
        litres = metres * tank.per_metre + stays[team.number] * tank.per_ms
        pending = tanks._driven(team.number)
        assert tanks.burnt[team.number] + pending == pytest.approx(litres, rel=2e-3, abs=2e5)
