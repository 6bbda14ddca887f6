"""
Who takes people to hospital, and who stays with them; minutes on paper.

Work takes 20 min, the hospital is 10 min from A, a handover takes 30. Bases A and B are 15 apart.
"""

import pytest

from sim.log import Event
from sim.outcomes.observed.disruption_counts import rescue_times

from ..worlds import answered, hand_worked, in_minutes, logged, world_of

FALL = (
    "fall: {share: 100%, to: hospital, on_scene: 20 min, handover: 30 min, "
    "transport: {by: ambulance}}"
)
PUMP_AND_AMBULANCE = "Pump: {base: A}\nAmb: {base: B, capabilities: [ambulance]}"
SHIFTS = "shifts: {short: {hours: 00:00-00:25}, late: {hours: 02:00-23:00}}\n"


def world(*callouts, kinds=FALL, teams=PUMP_AND_AMBULANCE, rest="", carries=1, **kwargs):
    rest += f"\ncapabilities: {{ambulance: {{carries: {carries}}}}}\nhospitals: {{North: N}}"
    return hand_worked(
        *callouts, places="A B N", bases="A B", times="A-B 15, A-N 10, B-N 20", kinds=kinds,
        teams=teams, rest=rest, **kwargs,
    )  # fmt: skip


def taken(day, number=0):
    """Return who left a scene with people, in order: team, left, at hospital, cleared [min]."""
    rows = sorted((m for m in day.by_callout[number] if m.left is not None), key=lambda m: m.left)
    names = day.world.names.teams
    return [(names[m.team], *map(in_minutes, (m.left, m.at_hospital, m.cleared))) for m in rows]


def events(day, what):
    """Return the events of a sort: when, which team, number."""
    names = day.world.names.teams
    return [
        (in_minutes(e.at), None if e.team is None else names[e.team], e.who)
        for e in day.log.events
        if e.what == what
    ]


def two_people(*callouts, carries, **kwargs):
    """Return a world in which each callout has two people, by a seed under which it has."""
    for seed in range(1, 50):
        text = world(
            *callouts, kinds=FALL.replace("}}", "}, people: {mean: 2}}"), carries=carries,
            **{**kwargs, "rest": f"{kwargs.get('rest', '')}\nstudy: {{seed: {seed}}}"},
        )  # fmt: skip
        day = answered(text.replace(f"carries: {carries}", "carries: 1"))
        marks = [m for _, m in day.world.demand.callouts(seed, 0)]
        if all(m.complications and len(m.complications.handovers) == 1 for m in marks):
            return answered(text)
    raise AssertionError("no seed")


# -- who transports ---------------------------------------------------------------------------


def test_without_carrying_capabilities_the_first_team_sent_takes_people():
    text = world("00:00 A fall").replace("capabilities: {ambulance: {carries: 1}}", "")
    day = answered(text.replace(", transport: {by: ambulance}", ""))

    assert taken(day) == [("Pump", 20, 30, 60)]


def test_an_ambulance_sent_second_takes_people_and_the_pump_that_was_first_is_cleared():
    """Both are needed and sent at 0; they are there at 0 and 15."""
    kinds = FALL.replace("20 min", "20 min, needs: [pump, ambulance]").replace(
        ", transport: {by: ambulance}", ""
    )
    teams = PUMP_AND_AMBULANCE.replace("{base: A}", "{base: A, capabilities: [pump]}")
    day = answered(world("00:00 A fall", kinds=kinds, teams=teams))

    assert day.mission(0, 0) == (0, 0, 0, 20, "completed")
    assert taken(day) == [("Amb", 20, 30, 60)]
    assert events(day, Event.TRANSPORT_ASKED) == []


def test_an_ambulance_is_requested_at_first_arrival_and_drives_during_the_work():
    """The pump, on scene at 0, asks; the ambulance drives from 0 to 15 and leaves at 20."""
    day = answered(world("00:00 A fall"))

    assert events(day, Event.TRANSPORT_ASKED) == [(0, "Pump", 1)]
    assert day.mission(0, 1)[:3] == (0, 0, 15)
    assert taken(day) == [("Amb", 20, 30, 60)]
    assert day.mission(0, 0) == (0, 0, 0, 20, "completed")
    assert events(day, Event.AWAITS_TRANSPORT) == []
    assert day.minutes(0, "attended", "cleared") == (0, 60)


def test_nobody_is_requested_where_nobody_is_taken():
    day = answered(world("00:00 A fall", kinds=FALL.replace("to: h", "transported: 0%, to: h")))

    assert day.teams(0) == ["Pump"]
    assert day.mission(0) == (0, 0, 0, 20, "completed")


def test_the_first_sent_of_those_on_scene_stays_with_the_patient_until_the_ambulance_comes():
    """The work of 5 min is done at 5. Pump stays until 15, Car is cleared at 5."""
    day = answered(
        world(
            "00:00 A fall 5",
            kinds=FALL.replace("to: h", "crew: 8, to: h"),
            teams="Pump: {base: A}\nCar: {base: A}\nAmb: {base: B, capabilities: [ambulance]}",
        )
    )

    assert day.mission(0, 0) == (0, 0, 0, 15, "completed")
    assert day.mission(0, 1) == (0, 0, 0, 5, "completed")
    assert events(day, Event.AWAITS_TRANSPORT) == [(5, "Pump", 1)]
    assert taken(day) == [("Amb", 15, 25, 55)]


def test_who_waits_is_only_cleared_by_an_ambulance_that_is_free_later():
    """Amb is on another callout from 0 to 75 (20 there, 20 to hospital, 30, no, 5 more)."""
    day = answered(world("00:00 B fall 25", "00:01 A fall"))

    assert taken(day, 0) == [("Amb", 25, 45, 75)]
    assert day.mission(1, 0) == (1, 1, 1, 85, "completed")
    assert taken(day, 1) == [("Amb", 85, 95, 125)]
    assert day.mission(1, 1) == (75, 75, 85, 125, "completed")


# -- several people ---------------------------------------------------------------------------


def test_two_people_and_one_ambulance_for_one_are_two_transports():
    """Both are requested at 0; Amb takes one at 20, is free at N at 60 and there again at 70."""
    day = two_people("00:00 A fall", carries=1)

    assert events(day, Event.TRANSPORT_ASKED) == [(0, "Pump", 2)]
    assert taken(day) == [("Amb", 20, 30, 60), ("Amb", 70, 80, 110)]
    assert day.mission(0, 0) == (0, 0, 0, 70, "completed")
    assert events(day, Event.AWAITS_TRANSPORT) == [(20, "Pump", 1)]


def test_each_of_two_ambulances_takes_one_of_two_people():
    teams = "Pump: {base: A}\nAmb: {base: B, count: 2, capabilities: [ambulance]}"
    day = two_people("00:00 A fall", carries=1, teams=teams)

    assert taken(day) == [("Amb 1", 20, 30, 60), ("Amb 2", 20, 30, 60)]
    assert day.mission(0, 0) == (0, 0, 0, 20, "completed")


def test_two_people_and_an_ambulance_for_two_are_one_transport():
    day = two_people("00:00 A fall", carries=2)

    assert events(day, Event.TRANSPORT_ASKED) == [(0, "Pump", 1)]
    assert taken(day) == [("Amb", 20, 30, 60)]


def test_ambulances_do_not_wait_for_each_other():
    """
    Two callouts of two people each, 15 away, and one of two ambulances at each from 15: each takes
    one person at 35, is free at the hospital at 85 and comes back, there at 105.
    """
    teams = "Amb: {base: A, count: 2, capabilities: [ambulance]}"
    day = two_people("00:00 B fall", "00:00 B fall", carries=1, teams=teams)

    for number in (0, 1):
        assert [row[1:] for row in taken(day, number)] == [(35, 55, 85), (105, 125, 155)]
        assert day.outcome(number) == "served"
    assert [team for _, team, _ in events(day, Event.AWAITS_TRANSPORT)] == [None, None]


# -- somebody has to leave --------------------------------------------------------------------


@pytest.mark.parametrize("shift_end", ["finish", "relieve", "hand over", "drop"])
def test_the_shift_of_who_waits_ends_while_an_ambulance_is_on_its_way(shift_end):
    """Done at 20, the shift ends at 25, Amb is there at 35: it was on the road since 20."""
    teams = (
        "Pump: {base: A, shifts: [short]}\n"
        "Amb: {base: B, capabilities: [ambulance], turnout: 20 min}"
    )
    rest = SHIFTS + f"dispatch_centre: {{shift_end: {shift_end}}}"
    day = answered(world("00:00 A fall", teams=teams, rest=rest))

    left = {
        "finish": (35, "completed"), "relieve": (35, "completed"),
        "hand over": (25, "handed over"), "drop": (25, "dropped"),
    }  # fmt: skip
    assert day.mission(0, 0)[3:] == left[shift_end]
    assert taken(day) == [("Amb", 35, 45, 75)]
    assert day.outcome(0) == "served"


@pytest.mark.parametrize("shift_end", ["finish", "relieve", "hand over"])
def test_nobody_waits_beyond_a_shift_for_an_ambulance_that_is_not_on_its_way(shift_end):
    """The ambulance comes on duty at 120, 15 away."""
    teams = (
        "Pump: {base: A, shifts: [short]}\n"
        "Amb: {base: B, capabilities: [ambulance], shifts: [late]}"
    )
    rest = SHIFTS + f"dispatch_centre: {{shift_end: {shift_end}}}"
    day = answered(world("00:00 A fall", teams=teams, rest=rest))

    assert day.mission(0, 0) == (0, 0, 0, 25, "handed over")
    assert taken(day) == [("Amb", 135, 145, 175)]
    assert day.outcome(0) == "served"


def test_a_callout_is_dropped_with_the_last_team_where_shifts_end_so():
    teams = (
        "Pump: {base: A, shifts: [short]}\n"
        "Amb: {base: B, capabilities: [ambulance], shifts: [late]}"
    )
    rest = SHIFTS + "dispatch_centre: {shift_end: drop}"
    day = answered(world("00:00 A fall", teams=teams, rest=rest))

    assert day.mission(0, 0) == (0, 0, 0, 25, "dropped")
    assert (day.outcome(0), day.minutes(0, "ended")) == ("dropped", 25)
    assert taken(day) == []


def test_an_ambulance_stopped_at_the_end_of_its_shift_is_asked_for_again():
    """Amb would be there at 35, and hands over at 25; Late sets out then, ready at 65."""
    teams = (
        "Pump: {base: A}\n"
        "Amb: {base: B, capabilities: [ambulance], turnout: 20 min, shifts: [short]}\n"
        "Late: {base: B, capabilities: [ambulance], turnout: 40 min}"
    )
    rest = SHIFTS + "dispatch_centre: {shift_end: hand over}"
    day = answered(world("00:00 A fall", teams=teams, rest=rest))

    assert day.mission(0, 1) == (0, 20, None, 25, "handed over")
    assert day.mission(0, 2) == (25, 65, 80, 120, "completed")
    assert day.mission(0, 0) == (0, 0, 0, 80, "completed")


def test_without_a_queue_people_whom_nobody_can_take_are_left_and_the_callout_is_dropped():
    """The only ambulance is elsewhere when the pump asks, and when its work is done at 21."""
    day = answered(world("00:00 B fall 25", "00:01 A fall", rest="policies: {loss: {queue: none}}"))

    assert day.mission(1) == (1, 1, 1, 21, "dropped")
    assert (day.outcome(1), day.minutes(1, "ended")) == ("dropped", 21)
    assert day.outcome(0) == "served"


def test_without_a_queue_those_who_can_be_taken_are_and_the_callout_ends_as_dropped():
    """Of two people one is taken at 20; the other is left, and the callout ends at 60."""
    day = two_people("00:00 A fall", carries=1, rest="policies: {loss: {queue: none}}")

    assert taken(day) == [("Amb", 20, 30, 60)]
    assert day.mission(0, 0) == (0, 0, 0, 20, "dropped")
    assert (day.outcome(0), day.minutes(0, "ended")) == ("dropped", 60)


# -- who else needs the team that waits -------------------------------------------------------


BOTH = FALL.replace("100%", "50%").replace("fall: {", "fall: {priority: 2, ") + (
    "\nfire: {share: 50%, priority: 1, needs: [pump]}"
)
PUMP = PUMP_AND_AMBULANCE.replace("{base: A}", "{base: A, capabilities: [pump]}")


def test_a_more_urgent_callout_takes_the_team_that_stays_if_no_other_is_free():
    """
    The ambulance is away until 75, the pump waits with a patient from 21. The fire at 30 goes first
    and has it from 30 to 55 (15 there); the ambulance comes for the patient at 85.
    """
    day = answered(world("00:00 B fall 25", "00:01 A fall", "00:30 B fire", kinds=BOTH, teams=PUMP))

    assert day.mission(1, 0) == (1, 1, 1, 30, "reassigned")
    assert day.mission(2) == (30, 30, 45, 55, "completed")
    assert taken(day, 1) == [("Amb", 85, 95, 125)]
    assert day.outcome(1) == "served"


def test_a_less_urgent_callout_waits_for_the_team_that_stays():
    kinds = BOTH.replace("priority: 1", "priority: 3")
    day = answered(
        world("00:00 B fall 25", "00:01 A fall", "00:30 B fire", kinds=kinds, teams=PUMP)
    )

    assert day.mission(1, 0) == (1, 1, 1, 85, "completed")
    assert day.minutes(2, "dispatched") == 85


# -- teams that cannot carry after all, and others who ask --------------------------------------


def test_a_crew_of_volunteers_without_the_capability_does_not_take_people():
    """
    Of six volunteers the first has it, and goes with Home. Other turns out at its time-out at 20
    without; Pump, whose work is done then, stays with the second person. At 60 Home is free at the
    hospital, but Other, expected with a whole crew, would be there first: it turns out without
    again at 80. Home, back at its base, is there at 81.
    """
    volunteers = (
        "volunteers: {V: {people: 6, capabilities: {ambulance: 1}, acceptance: 100%, no_show: 0%, "
        "travel_to_base: 1 min}}\n"
    )
    teams = (
        "Pump: {base: A}\n"
        "Home: {base: A, crew: 2, on_call: {volunteers: V, capabilities: [ambulance]}}\n"
        "Other: {base: A, crew: 2, on_call: {volunteers: V, capabilities: [ambulance]}}"
    )
    day = two_people("00:00 A fall", carries=1, teams=teams, rest=volunteers)

    assert taken(day) == [("Home", 20, 30, 60), ("Home", 81, 91, 121)]
    assert day.teams(0)[2] == "Other"
    assert day.mission(0, 2) == (0, 20, 20, 20, "completed")
    assert day.mission(0, 0) == (0, 0, 0, 81, "completed")


NEEDS = (
    "both: {share: 50%, priority: 1, needs: [pump, ambulance], needs_for: start}\n"
    + FALL.replace("100%", "50%").replace("fall: {", "fall: {priority: 2, ")
)


@pytest.mark.parametrize("urgent", ["both", "fall"])
def test_two_callouts_do_not_wait_for_each_others_teams_for_ever(urgent):
    """
    At 1 the pump goes to a patient, at 2 the ambulance to what needs both to start. Whichever goes
    first in the queue has the other's team, and both are served.
    """
    kinds = NEEDS if urgent == "both" else NEEDS.replace("priority: 1", "priority: 3")
    day = answered(world("00:01 A fall", "00:02 B both", kinds=kinds, teams=PUMP))

    assert [day.outcome(number) for number in (0, 1)] == ["served", "served"]
    assert [team for team, *_ in taken(day, 0)] == ["Amb"]


def test_a_team_that_carries_is_relieved_only_by_another_that_does():
    """Due for relief at 30 of 65. The pump, as near, will not do; the other is there at 60."""
    kinds = FALL.replace("20 min", "65 min, relief_after: 30 min")
    teams = (
        "Amb: {base: A, capabilities: [ambulance]}\nPump: {base: A}\n"
        "Next: {base: B, capabilities: [ambulance], turnout: 15 min}"
    )
    day = answered(world("00:00 A fall", kinds=kinds, teams=teams))

    assert day.teams(0) == ["Amb", "Next"]
    assert day.mission(0, 0) == (0, 0, 0, 60, "relieved")
    assert taken(day) == [("Next", 65, 75, 105)]


def test_people_are_not_left_alone_for_a_relief():
    """Busy asks for relief at 31. Pump stays with a patient from 21, so it goes there at 85."""
    kinds = BOTH.replace("needs: [pump]", "needs: [pump], relief_after: 30 min, on_scene: 4 h")
    teams = PUMP + "\nBusy: {base: B, capabilities: [pump]}"
    callouts = ("00:00 B fall 25", "00:01 A fall", "00:01 B fire")
    day = answered(world(*callouts, kinds=kinds, teams=teams))

    assert day.mission(1, 0) == (1, 1, 1, 85, "completed")
    assert day.mission(2, 1)[:2] == (85, 85)
    assert day.mission(2, 0)[4] == "relieved"


def test_people_are_rescued_when_the_work_is_done_and_not_when_they_are_taken():
    """Work from 0 to 5, taken at 15: of a chance that halves in 5 min a half is left."""
    kinds = FALL.replace("to: h", "survival: {half_life: 5 min, until: rescue}, to: h")
    day = answered(world("00:00 A fall 5", kinds=kinds))
    rows = day.log.plain
    done = rescue_times(*rows, [tuple(e) for e in day.log.events])

    assert {number: in_minutes(at) for number, at in done.items()} == {0: 5}


# -- a mixed district -------------------------------------------------------------------------

DISTRICT = """
name: district
clock: {start: 2025-01-06 00:00, length: 2 days, timezone: UTC}
map:
  places: {A: {lat: 0, lon: 0, weight: 3}, B: {lat: 0.1, lon: 0}, C: {lat: 0, lon: 0.1}}
  roads: {circuity: 1.3, speed: {day: 50 km/h}}
  hospitals: {North: B}
demand:
  rate: 30 per day
  kinds:
    fire: {share: 30%, needs: [pump], on_scene: {distribution: exponential, mean: 40 min}}
    collision: {share: 30%, crew: 6, needs: [pump, ambulance], to: hospital, handover: 15 min,
      on_scene: {distribution: exponential, mean: 30 min}}
    fall: {share: 40%, crew: 2, to: hospital, transported: 60%, transport: {by: ambulance},
      handover: 15 min, on_scene: {distribution: exponential, mean: 20 min}}
bases: {A: {}, C: {}}
capabilities: {ambulance: {carries: 1}}
teams:
  Pump: {base: A, capabilities: [pump], count: 2}
  Ambulance: {base: C, crew: 2, capabilities: [ambulance], count: 2}
"""


@pytest.mark.parametrize("carries", [True, False])
def test_no_pump_drives_to_hospital_in_a_mixed_district(carries):
    """Without a capability that carries many do, because they were sent first."""
    text = DISTRICT
    if not carries:
        text = text.replace(" transport: {by: ambulance},", "").replace("{carries: 1}", "{}")
    world = world_of(text)
    by = {"Pump": 0, "Ambulance": 0}
    for replication in range(30):
        for m in logged(world, replication=replication).missions:
            if m.left is not None:
                by[world.names.teams[m.team].split()[0]] += 1

    assert (by["Pump"] == 0) is carries
    assert by["Ambulance"] > 300
