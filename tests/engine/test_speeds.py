"""
Lights and sirens by priority, and weather; minutes on paper.

On the roads of `test_roads`, from A to B it is 20 min through X, which halves the way.
"""

from functools import cache

import pytest

from sim.log import Ending, Event

from ..worlds import Answer, answered, hand_worked, logged, world_of
from .drive_watch import Watched, drawn_world
from .test_drives import NUMBERS, compared_places
from .test_roads import drawn, events

KINDS = "urgent: {share: 50%, priority: 1}\ncalm: {share: 50%, priority: 3}"
SIRENS = "lights_and_sirens: {to_scene: {1: 200%}}"
BOTH = "lights_and_sirens: {to_scene: {1: 200%, 2: 125%}, to_hospital: {1: 150%, 3: 80%}}"


def by_table(*callouts, sirens=SIRENS, kinds=KINDS, rest=""):
    text = hand_worked(
        *callouts, places="A B H", times="A-B 12, B-H 9, A-H 30", kinds=kinds, rest=rest
    )
    world = world_of(text.replace("  roads:\n", f"  {sirens}\n  roads:\n"))
    return Answer(world, logged(world))


def test_who_is_urgent_is_driven_to_faster_and_expected_so():
    day = by_table("00:00 B urgent", "02:00 B calm")

    assert [day.mission(n)[2] for n in (0, 1)] == [6, 132]
    assert [d.arrivals[0] / 60_000 for d in day.decisions("dispatch")] == [6, 12]


def test_people_are_taken_to_hospital_by_a_speed_of_its_own_and_teams_come_home_by_none():
    """At B at 6, done at 16, at H at 16 + 9/1.5 = 22; home from H takes 30, until 52."""
    taken = KINDS.replace("priority: 1", "priority: 1, to: hospital")
    sirens = "lights_and_sirens: {to_scene: {1: 200%}, to_hospital: {1: 150%}}"
    rest = "hospitals: {General: H}\ndispatch_centre: {dispatch_while_returning: false}"
    day = by_table("00:00 B urgent", "00:51 B calm", sirens=sirens, kinds=taken, rest=rest)

    assert day.log.missions[0].at_hospital == 22 * 60_000
    assert [d.arrivals[0] / 60_000 for d in day.decisions("destination")] == [6]
    assert day.mission(1)[0] == 52


def test_lights_and_sirens_hold_on_straight_lines_too():
    text = hand_worked("00:00 B urgent", "02:00 B calm", places="A B", kinds=KINDS)
    text = text.replace("A: {}", "A: {lat: 35, lon: 36}", 1).replace(
        "B: {}", "B: {lat: 35.1, lon: 36}"
    )
    roads = "  roads: {circuity: 1, speed: {day: 60 km/h}}"
    day = answered(text.replace("demand:", f"{roads}\n  {SIRENS}\ndemand:"))

    fast, slow = (m.on_scene - m.dispatched for m in day.log.missions)
    assert slow == pytest.approx(667_920, abs=60)  # 11.132 km at 60 km/h
    assert fast == round(slow / 2)


def test_a_team_that_is_stood_down_comes_to_a_junction_at_the_speed_it_came():
    """Done by half the crew at 6; Two has gone 1 of 5 from X: back there by 7, at B by 17."""
    kinds = "urgent: {share: 100%, priority: 1, crew: 8, on_scene: 3 min}"
    teams = "One: {base: A, crew: 4}\nTwo: {base: B, crew: 4}"
    day = drawn("00:00 A urgent", around=SIRENS, teams=teams, kinds=kinds)

    assert day.mission(0, 1)[3:] == (6, Ending.STOOD_DOWN)
    home = [d for d in logged(day.world, drives=True).drives if d.team == 1 and d.callout is None]
    assert (home[-1].departs, home[-1].arrives) == (7 * 60_000, 17 * 60_000)


def test_a_team_that_is_rerouted_keeps_the_speed_of_its_callout():
    """It meets the closure at X at 5: back to A by 10, and to B through Y in 15."""
    closed = "closures: [{edge: [x, b], known: discovered}]"
    day = drawn("00:00 B urgent", around=f"{closed}\n{SIRENS}", kinds=KINDS)

    assert day.mission(0)[2] == 25
    assert events(day, Event.MET_CLOSURE) == [(5, Event.MET_CLOSURE, 0)]


def test_a_checkpoint_takes_as_long_with_lights_and_sirens():
    day = drawn(
        "00:00 B urgent", around=f"checkpoints: [{{place: B, delay: 4 min}}]\n{SIRENS}", kinds=KINDS
    )

    assert day.mission(0)[2] == 14
    assert day.decisions("dispatch")[0].arrivals[0] == 14 * 60_000


def test_weather_slows_everybody_while_it_lasts():
    """At 80% 20 min are 25; from 02:00 it is as ever."""
    rain = "weather: [{name: heavy rain, from: day 1 00:00, until: day 1 02:00, speed: 80%}]"
    day = drawn("00:05 B job", "03:00 B job", around=rain)

    assert [day.mission(n)[1:3] for n in (0, 1)] == [(5, 30), (180, 200)]
    assert [d.arrivals[0] / 60_000 for d in day.decisions("dispatch")] == [25, 20]


def test_weather_curfews_and_lights_and_sirens_multiply():
    """20 / (0.8 * 0.5 * 2) = 25."""
    slow = "weather: [{speed: 80%}]\ncurfews: [{speed: 50%}]"
    day = drawn("00:00 B urgent", around=f"{slow}\n{SIRENS}", kinds=KINDS)

    assert day.mission(0)[2] == 25


def test_a_team_is_reassigned_at_the_speed_of_the_callout_it_is_sent_on_to():
    """Half-way to B at 6 of 12: on to B by 12, and to H in 4.5; or back in 6, and 15."""
    text = hand_worked(
        "00:00 B calm 10", "00:06 H urgent 10",
        places="A B H", times="A-B 12, B-H 9, A-H 30", kinds=KINDS,
        rest="policies: {on: {reassignment: by_priority}}",
    )  # fmt: skip
    day = answered(text.replace("  roads:\n", f"  {SIRENS}\n  roads:\n"))

    assert day.mission(0)[4] == Ending.REASSIGNED
    assert day.mission(1)[:3] == (6, 6, 16.5)
    assert [d.arrivals[-1] / 60_000 for d in day.decisions("dispatch")][1] == 10.5


@cache
def with_speeds(number):
    """Return a run of a random world in which priorities have speeds of their own."""
    return Watched(
        drawn_world(number, {"map.lights_and_sirens": "{" + BOTH.partition("{")[2]}), number
    )


@pytest.mark.parametrize("number", NUMBERS)
def test_a_way_is_where_the_engine_has_the_team_at_any_speed(number):
    assert compared_places(with_speeds(number)) > 100


@pytest.mark.parametrize("number", NUMBERS)
def test_the_arrival_that_a_rule_sees_is_that_of_the_drive(number):
    """Where nothing is drawn on the way, for teams that take no shared vehicle nor assemble."""
    watched = with_speeds(number)
    world = watched.world
    if world.scenario.map.roads.travel_time_cv or world.scenario.map.checkpoints:
        return
    crews, local = world.fleet.crews, watched.run.local_travel
    for decision in watched.log.decisions:
        if decision.question != "dispatch" or decision.chosen is None:
            continue
        crew = crews[decision.chosen]
        if crew.assembly_spec or crew.vehicles:
            continue
        sent = [
            row for row in watched.rows[crew.number]
            if (row.at, row.callout) == (decision.at, decision.subject)
        ]  # fmt: skip
        expected = decision.arrivals[list(decision.candidates).index(decision.chosen)] - local
        lasts = {row.arrives - row.at for row in sent}
        lasts |= {row.arrives - row.departs + crew.expected_turnout for row in sent}
        assert expected in lasts or _gets_ready(watched, decision)


def _gets_ready(watched, decision):
    """Return whether the team was getting ready for another callout: the rest is expected."""
    return any(
        m.team == decision.chosen and m.cleared == decision.at and m.ending == Ending.REASSIGNED
        for m in watched.log.missions
    )
