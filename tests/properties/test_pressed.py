"""What must hold when roads close, scenes are unsafe, work is deferred and hospitals are full."""

import random

import pytest

from sim.log import NO_ACCESS, Ending, Event, Outcome

from ..worlds import logged, world_of
from .carrying import (
    check_no_mission_outlasts_its_callout,
    check_only_teams_that_carry_take_people,
    with_carriers,
)
from .invariants import (
    check_every_callout_received_ends_exactly_once,
    check_instants_are_in_order,
    check_no_team_is_on_two_missions_at_once,
)
from .limiting import check_crews_keep_to_their_limits, with_limits
from .pressed import pressed_world

WORLDS = 150
# worlds that once broke the engine: a team in the midst of a road with no way where there is one
# between all places, and a team reassigned from a callout that was just finished
ONCE_BROKEN = ("oc1058", "oc1152")


@pytest.fixture(scope="module")
def runs():
    found = []
    for number in range(WORLDS):
        text, tables = pressed_world(random.Random(31_000 + number))
        if number % 2:
            text = with_carriers(text, number)
        if number % 3 == 1:
            text = with_limits(text, number)
        world = world_of(text, **tables)
        found.append((text, world, logged(world, replication=number)))
    return found


@pytest.mark.parametrize("seed", ONCE_BROKEN)
def test_a_world_that_once_broke_the_engine_runs(seed):
    text, tables = pressed_world(random.Random(seed))

    assert logged(world_of(text, **tables)).callouts


def test_the_pressed_worlds_hold_everything_that_can_happen(runs):
    """A property that is never put to the test proves nothing."""
    endings = {m.ending for _, _, log in runs for m in log.missions}
    events = {e.what for _, _, log in runs for e in log.events}

    assert {Ending.REFUSED_AT_CHECKPOINT, Ending.NO_ACCESS, Ending.WITHDRAWN} <= endings
    rare = {Event.NO_ACCESS_TO_BASE, Event.ACCESS_TO_BASE_AGAIN}  # in tests/engine/test_roads.py
    of_fuel = {  # in tests/engine/test_fuel.py
        Event.REFUELLED, Event.FUEL_TAKEN, Event.WITHOUT_FUEL, Event.TOO_LITTLE_FUEL,
        Event.FUEL_BROUGHT, Event.FUEL_DELIVERED, Event.DEPOT_EMPTY,
    }  # fmt: skip
    assert events == {v for k, v in vars(Event).items() if k.isupper()} - rare - of_fuel


def test_crews_keep_to_the_limits_of_their_duty(runs):
    assert check_crews_keep_to_their_limits(runs) > 500


def test_only_teams_that_carry_take_people_and_nobody_is_forgotten(runs):
    assert check_only_teams_that_carry_take_people(runs) > 100


def test_nobody_enters_a_scene_before_it_is_safe(runs):
    for number, (text, world, log) in enumerate(runs):
        safe = {}
        for callout, marks in world.demand.callouts(world.scenario.study.seed, number):
            if marks.complications is not None and marks.complications.safe is not None:
                safe[callout.number] = callout.received + marks.complications.safe
        for m in log.missions:
            if m.on_scene is not None and m.callout in safe:
                assert m.on_scene >= safe[m.callout], (m, text)


def test_no_work_is_finished_where_a_device_was_not_cleared(runs):
    for text, _, log in runs:
        found = {e.callout for e in log.events if e.what == Event.EXPLOSIVE_HAZARD_FOUND}
        cleared = {e.callout for e in log.events if e.what == Event.EXPLOSIVE_HAZARD_CLEARED}
        served = {row.callout for row in log.callouts if row.outcome == Outcome.SERVED}
        assert found & served <= cleared, text


def test_the_living_are_never_left_waiting_for_work_that_can_wait(runs):
    """Whoever is sent to deferred work could not have helped anybody else who waited."""
    judged = 0
    for text, world, log in runs:
        if world.access is not None or any(NO_ACCESS in r for t in world.travel.times for r in t):
            continue
        needs, crews = world.fleet.needs, world.fleet.crews
        living = [row for row in log.callouts if needs[row.kind].deferral is None]
        kinds = {row.callout: row.kind for row in log.callouts}
        held = {
            m.callout
            for m in log.missions
            if m.ending in (Ending.WITHDRAWN, Ending.NO_CREW_ASSEMBLED)
        }
        for m in log.missions:
            if m.callout not in kinds or needs[kinds[m.callout]].deferral is None:
                continue
            crew = crews[m.team]
            for row in living:
                until = row.ended if row.dispatched is None else row.dispatched
                waits = row.ready < m.dispatched and (until is None or m.dispatched < until)
                brings = needs[row.kind].capabilities
                if waits and row.callout not in held and not crew.vehicles:
                    judged += 1
                    assert brings, (m, row, text)
                    assert not brings & crew.capabilities, (m, row, text)
    assert judged > 20


def test_work_that_is_always_held_is_served_as_if_it_had_come_later():
    """No reserve starves it: held for two hours, it is served like a callout two hours younger."""
    for number in range(20):
        rng = random.Random(77_000 + number)
        teams = rng.randint(1, 3)
        times = [f"{rng.randint(0, 600)}" for _ in range(25)]
        text = _deferred_world(sorted(map(int, times)), teams)
        held = text.replace("on_scene: 40 min", "on_scene: 40 min, deferrable: " + HELD)
        later = text.replace("call_handling: 0 min", "call_handling: 2 h")

        a, b = (
            [(m.callout, m.team, m.dispatched, m.cleared) for m in logged(world_of(t)).missions]
            for t in (held, later)
        )
        assert a == b, text


HELD = "{min_free_teams: 100, max_hold: 2 h}"


def _deferred_world(minutes, teams):
    callouts = "\n".join(
        f"    - {{at: 'day 1 {m // 60:02}:{m % 60:02}', place: A, kind: dead}}" for m in minutes
    )
    return f"""
name: deferred
clock: {{start: 2025-01-06 00:00, length: 4 days, timezone: UTC}}
map: {{places: {{A: {{}}}}}}
demand:
  kinds: {{dead: {{share: 100%, on_scene: 40 min}}}}
  callouts:
{callouts}
bases: {{A: {{}}}}
teams: {{T: {{base: A, count: {teams}}}}}
dispatch_centre: {{call_handling: 0 min}}
"""


def test_no_hospital_hands_over_more_at_once_than_it_has_doors(runs):
    for text, world, log in runs:
        begins = {(e.callout, e.team): e.until for e in log.events if e.what == Event.OFFLOAD_DELAY}
        for number, row in enumerate(world.file.hospitals):
            if row.offload_bays is None:
                continue
            stays = []
            for m in log.missions:
                if m.hospital == number and m.at_hospital is not None and m.at_hospital >= 0:
                    since = begins.get((m.callout, m.team), m.at_hospital)
                    stays += [(since, 1), (m.cleared or world.ends, -1)]
            inside = 0
            for _, change in sorted(stays):
                inside += change
                assert inside <= row.offload_bays, (row, text)


def test_only_roads_that_are_closed_are_met_closed(runs):
    for text, world, log in runs:
        for e in log.events:
            if e.what == Event.MET_CLOSURE:
                epoch = [epoch for epoch in world.access.epochs if epoch.begins <= e.at][-1]
                assert e.who in epoch.closed, (e, text)


def test_what_is_known_is_not_met_by_those_sent_later(runs):
    """A team that is sent after the dispatcher has heard of a closure never stands before it."""
    for text, _, log in runs:
        known = {}
        sent = {}
        for m in log.missions:
            sent.setdefault((m.callout, m.team), []).append(m.dispatched)
        for e in log.events:
            if e.what == Event.CLOSURE_KNOWN:
                known[e.who] = e.at
            elif e.what == Event.REOPENED:
                known.pop(e.who, None)
            elif e.what == Event.MET_CLOSURE and e.callout is not None and e.who in known:
                last = max(at for at in sent[e.callout, e.team] if at <= e.at)
                assert last <= known[e.who], (e, text)


def test_the_same_world_gives_the_same_log(runs):
    for number, (text, world, log) in enumerate(runs[:40]):
        again = logged(world, replication=number)
        assert again.callouts == log.callouts, text
        assert again.missions == log.missions, text
        assert again.events == log.events, text
        assert again.decisions == log.decisions, text


def test_what_must_hold_in_every_world_holds(runs):
    """Callouts end once, instants are in order, and no team is in two places."""
    check_every_callout_received_ends_exactly_once(runs)
    check_instants_are_in_order(runs)
    check_no_team_is_on_two_missions_at_once(runs)
    check_no_mission_outlasts_its_callout(runs)
