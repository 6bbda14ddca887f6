"""What must hold for all that teams, volunteers and vehicles do at once."""

import random
from collections import defaultdict

import pytest

from sim.log import Ending, Event, Outcome

from ..worlds import logged, random_roads, world_of
from .carrying import (
    check_no_mission_outlasts_its_callout,
    check_only_teams_that_carry_take_people,
    with_carriers,
)
from .crowded import crowded_world
from .invariants import (
    check_every_callout_received_ends_exactly_once,
    check_instants_are_in_order,
    check_no_team_is_on_two_missions_at_once,
)

WORLDS = 120
PRESSED = {  # what only happens in the worlds of test_pressed
    Event.AWAITS_PERMISSION, Event.HELD, Event.NO_ACCESS, Event.ACCESS_AGAIN, Event.MET_CLOSURE,
    Event.TOLD_OF_CLOSURE, Event.CLOSURE_KNOWN, Event.REOPENED, Event.REFUSED_AT_CHECKPOINT,
    Event.STAGED, Event.EXPLOSIVE_HAZARD_FOUND, Event.EXPLOSIVE_HAZARD_CLEARED,
    Event.OFFLOAD_DELAY, Event.EXPOSED, Event.CHECKPOINT_DELAY, Event.AWAITS_SAFE_SCENE,
    Event.NO_ACCESS_TO_BASE, Event.ACCESS_TO_BASE_AGAIN,
    Event.MANDATORY_REST,
}  # fmt: skip

FUEL = {  # what only happens in the worlds of tests/engine/test_fuel.py
    Event.REFUELLED, Event.FUEL_TAKEN, Event.WITHOUT_FUEL, Event.TOO_LITTLE_FUEL,
    Event.FUEL_BROUGHT, Event.FUEL_DELIVERED, Event.DEPOT_EMPTY,
}  # fmt: skip


@pytest.fixture(scope="module")
def runs():
    found = []
    for number in range(WORLDS):
        rng = random.Random(7_000 + number)
        text = crowded_world(rng)
        if number % 2:
            text = with_carriers(text, number)
        world = world_of(text, **(random_roads(rng) if "edges.csv" in text else {}))
        found.append((text, world, logged(world, replication=number)))
    return found


def test_the_crowded_worlds_hold_everything_that_can_happen(runs):
    """A property that is never put to the test proves nothing."""
    endings = {m.ending for _, _, log in runs for m in log.missions}
    events = {e.what for _, _, log in runs for e in log.events}
    questions = {d.question for _, _, log in runs for d in log.decisions}

    assert {
        Ending.REASSIGNED, Ending.PREEMPTED, Ending.RELIEVED, Ending.BROKE_DOWN,
        Ending.NO_CREW_ASSEMBLED,
    } <= endings  # fmt: skip
    assert events == {v for k, v in vars(Event).items() if k.isupper()} - PRESSED - FUEL
    assert {"reassignment", "queue", "staffing"} <= questions


def test_nobody_who_is_served_was_never_reached(runs):
    for text, _, log in runs:
        for row in log.callouts:
            if row.outcome == Outcome.SERVED:
                assert row.on_scene is not None, text
                assert row.attended is None or row.attended >= row.on_scene, text


def test_no_volunteer_is_alerted_while_out_with_a_crew(runs):
    """From leaving with a crew to that mission's end, nobody else may alert the person."""
    for text, world, log in runs:
        out = defaultdict(list)
        missions = {(m.callout, m.team, m.dispatched): m for m in log.missions}
        came = defaultdict(list)
        for e in log.events:
            if e.what == Event.ARRIVED:
                came[e.callout, e.team].append((e.at, e.who))
        for (callout, team, since), m in missions.items():
            for at, who in came.get((callout, team), ()):
                if since <= at and m.en_route is not None and at <= m.en_route:
                    pool = world.fleet.crews[team].assembly_spec.pool
                    out[pool, who].append((m.en_route, m.cleared or world.ends))
        for e in log.events:
            if e.what == Event.ALERTED:
                pool = world.fleet.crews[e.team].assembly_spec.pool
                for begins, ends in out[pool, e.who]:
                    assert not begins < e.at < ends, (e, text)


def test_each_answer_follows_an_alert(runs):
    """An alert in the warm-up is not in the log, so callouts received in it are left out."""
    for text, _, log in runs:
        alerted, measured = set(), {c.callout for c in log.callouts if c.received >= 0}
        for e in log.events:
            person = e.callout, e.team, e.who
            if e.what == Event.ALERTED:
                alerted.add(person)
            elif e.what in (Event.ACCEPTED, Event.DECLINED) and e.callout in measured:
                assert person in alerted, text


def test_a_callout_is_never_diverted_from_more_often_than_allowed(runs):
    for text, _, log in runs:
        lost = defaultdict(int)
        for m in log.missions:
            lost[m.callout] += m.ending == Ending.REASSIGNED and m.on_scene is None
        assert max(lost.values(), default=0) <= 1, text


def test_the_same_world_gives_the_same_log(runs):
    for number, (text, world, log) in enumerate(runs[:30]):
        again = logged(world, replication=number)
        assert again.callouts == log.callouts, text
        assert again.missions == log.missions, text
        assert again.events == log.events, text
        assert again.decisions == log.decisions, text


def test_only_teams_that_carry_take_people_and_nobody_is_forgotten(runs):
    assert check_only_teams_that_carry_take_people(runs) > 100


def test_what_must_hold_in_every_world_holds(runs):
    """Callouts end once, instants are in order, and no team is in two places."""
    check_every_callout_received_ends_exactly_once(runs)
    check_instants_are_in_order(runs)
    check_no_team_is_on_two_missions_at_once(runs)
    check_no_mission_outlasts_its_callout(runs)
