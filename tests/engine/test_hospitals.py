"""
Places at the door, hospitals that are closed or full, and those outside; minutes on paper.

Work takes 10 min, then it is 10 min to North, 25 to South and 60 to Far; a handover takes 30.
"""

import pytest

from sim.engine import Atlases, simulate
from sim.engine.foundation.state import Mission, OpenCallout, parked
from sim.engine.simulation import Parts
from sim.log import Event, KeptLog
from sim.policies import PolicySet
from sim.policies.dispatch_rules.dispatch import Closest
from sim.policies.travel_rules.destination import LeastExpected

from ..worlds import Answer, answered, hand_worked, in_minutes, logged, world_of
from .test_roads import drawn

PLACES = {
    "places": "A B N S F",
    "times": "A-B 30, A-N 10, A-S 25, A-F 60, B-N 40, B-S 45, B-F 60, N-S 30, N-F 60, S-F 60",
    "kinds": "job: {share: 100%, to: hospital, handover: 30 min}",
    "teams": "T: {base: A, count: 4}",
}


VARIED = "{distribution: exponential, mean: 30 min}"


def text_of(*callouts, hospitals="North: N, South: S", closures="", **changes):
    """Return a world on these places; ``hospitals`` and ``closures`` as YAML."""
    text = hand_worked(*callouts, **{**PLACES, "rest": f"hospitals: {{{hospitals}}}", **changes})
    return text.replace("demand:\n", f"  hospital_closures: [{closures}]\ndemand:\n", 1)


def taken(day):
    """Return of each callout where people were taken, arrival, and when the team was clear."""
    found = []
    for row in sorted(day.log.missions):
        hospital = None if row.hospital is None else day.world.names.hospitals[row.hospital]
        found.append((hospital, in_minutes(row.at_hospital), in_minutes(row.cleared)))
    return found


def waits(day):
    """Return who waited at a door: since, team, callout, hospital, until."""
    return [
        (in_minutes(e.at), e.team, e.callout, day.world.names.hospitals[e.who], in_minutes(e.until))
        for e in day.log.events
        if e.what == Event.OFFLOAD_DELAY
    ]


def reasons(day):
    """Return of each choice of a hospital those offered and the reason."""
    names = day.world.names.hospitals
    return [(" ".join(names[n] for n in d.candidates), d.why) for d in day.decisions("destination")]


# -- offload delay -------------------------------------------------------------------------


def test_of_three_teams_at_two_doors_the_third_waits_for_the_first_that_is_free():
    """They arrive at 20, 21 and 22; the doors are taken until 50 and 51."""
    day = answered(
        text_of(
            "00:00 A job",
            "00:01 A job",
            "00:02 A job",
            hospitals="North: {place: N, offload_bays: 2}",
        )
    )

    assert taken(day) == [("North", 20, 50), ("North", 21, 51), ("North", 22, 80)]
    assert waits(day) == [(22, 2, 2, "North", 50)]


def test_who_comes_first_goes_in_first_whoever_left_first():
    """The first callout ends at 10 in B, 40 min away; the second at 20, 10 min away."""
    day = answered(
        text_of(
            "00:00 B job",
            "00:10 A job",
            "00:35 A job",
            hospitals="North: {place: N, offload_bays: 1}",
            bases="A B",
            teams="Near: {base: A, count: 2}\nOther: {base: B}",
        )
    )

    assert taken(day) == [("North", 50, 90), ("North", 30, 60), ("North", 55, 120)]
    assert waits(day) == [(50, 2, 0, "North", 60), (55, 1, 2, "North", 90)]


def test_a_hospital_that_says_nothing_of_doors_receives_all_at_once():
    day = answered(
        text_of(
            "00:00 A job", "00:01 A job", hospitals="North: N, South: {place: S, offload_bays: 1}"
        )
    )

    assert taken(day) == [("North", 20, 50), ("North", 21, 51)]
    assert waits(day) == []


def test_doors_enough_for_everybody_change_nothing_before_or_after_the_start():
    """A queue kept wrong in the warm-up would be worked off in what is measured."""
    text = """
name: enough
clock: {start: 2025-01-06 00:00, length: 2 days, warm_up: 2 days, timezone: UTC}
map:
  places: {A: {}, N: {}}
  roads: {table: {A: {N: 10 min}, N: {A: 10 min}}}
  hospitals: {North: HOSPITAL}
demand:
  rate: 60 per day
  kinds:
    job: {share: 100%, on_scene: 20 min, to: hospital, handover: HANDOVER}
bases: {A: {}}
teams: {T: {base: A, count: 3}}
"""
    plain, doors = (
        logged(world_of(text.replace("HANDOVER", VARIED).replace("HOSPITAL", said)))
        for said in ("N", "{place: N, offload_bays: 3}")
    )

    assert len(plain.missions) > 80
    assert (plain.missions, plain.callouts) == (doors.missions, doors.callouts)
    assert [e for e in doors.events if e.what == Event.OFFLOAD_DELAY] == []


@pytest.mark.parametrize(("doors", "begins"), [("", [0, 0]), (", offload_bays: 1", [0, 30])])
def test_when_a_hand_over_begins_is_known_to_those_who_may_know_all_luck(doors, begins):
    """Two teams that are at the door at once."""
    world = world_of(text_of("00:00 A job", "00:00 A job", hospitals=f"North: {{place: N{doors}}}"))
    policies = PolicySet("own", Closest())
    parts = Parts(world, policies, Atlases(world), KeptLog(), 1, 0)
    found = []
    for team, (callout, marks) in zip(parts.run.teams, world.demand.callouts(1, 0), strict=False):
        open_ = OpenCallout(callout, marks, parts.run.needs[callout.kind])
        mission = Mission(team, open_, 0, 0, 0, assembling=False)
        mission.set_out(parked(callout.place, 0))
        parts.hospitals.choose(mission)
        parts.response.on_hospital_arrival(mission)
        found.append(in_minutes(parts.hospitals.handover_begins(mission, 0)))

    assert found == begins


def test_the_end_of_a_shift_does_not_cut_a_hand_over_short_or_free_its_door():
    """It ends at 540, one team in an offload bay and one waiting: both hand over their patients."""
    for ending in ("finish", "hand over", "drop", "relieve"):
        day = answered(
            text_of(
                "08:15 A job",
                "08:16 A job",
                teams="T: {base: A, count: 2, shifts: [short]}",
                rest="hospitals: {North: {place: N, offload_bays: 1}}\n"
                "shifts: {short: {hours: 08:00-09:00}}\n"
                f"dispatch_centre: {{shift_end: {ending}}}",
            )
        )

        assert taken(day) == [("North", 515, 545), ("North", 516, 575)]


# -- closed and full ---------------------------------------------------------------------------


def test_a_hospital_that_is_full_is_passed_over_until_a_team_has_left():
    """North is full from 10, when the first team is bound for it, to 50."""
    day = answered(
        text_of(
            "00:00 A job",
            "00:02 A job",
            "00:40 A job",
            hospitals="North: {place: N, diverts_at: 1}, South: S",
        )
    )

    assert taken(day) == [("North", 20, 50), ("South", 37, 67), ("North", 60, 90)]
    assert reasons(day) == [
        ("North South", "reached first"),
        ("South", "reached first; North is full"),
        ("North South", "reached first"),
    ]


def test_where_all_are_full_the_nearest_takes_them():
    day = answered(
        text_of(
            "00:00 A job",
            "00:01 A job",
            "00:02 A job",
            hospitals="North: {place: N, diverts_at: 1}, South: {place: S, diverts_at: 1}",
        )
    )

    assert [hospital for hospital, _, _ in taken(day)] == ["North", "South", "North"]
    assert reasons(day)[2] == ("North South", "reached first")


def test_one_that_is_full_is_better_than_one_to_which_there_is_no_way():
    """No way leads from A to S."""
    day = answered(
        text_of(
            "00:00 A job",
            "00:01 A job",
            hospitals="North: {place: N, diverts_at: 1}, South: S",
            places="A N S",
            times="A-N 10, S-N 30",
        )
    )

    assert taken(day) == [("North", 20, 50), ("North", 21, 51)]


def test_a_hospital_that_closes_still_receives_who_is_on_the_way():
    """Closed from 15 to 60: the first left at 10, the second leaves at 20, the third at 60."""
    day = answered(
        text_of(
            "00:00 A job",
            "00:10 A job",
            "00:50 A job",
            closures="{hospital: North, from: day 1 00:15, until: day 1 01:00}",
        )
    )

    assert taken(day) == [("North", 20, 50), ("South", 45, 75), ("North", 70, 100)]
    assert reasons(day)[1] == ("South", "reached first; North is closed")


@pytest.mark.parametrize(
    ("at", "hospital"),
    [("05:49", "South"), ("05:50", "North"), ("21:49", "North"), ("21:50", "South")],
)
def test_a_hospital_can_be_closed_in_some_hours_of_the_day(at, hospital):
    """People are ready to be taken ten minutes after the callout."""
    day = answered(text_of(f"{at} A job", closures="{hospital: North, hours: 22:00-06:00}"))

    assert taken(day)[0][0] == hospital


def test_a_closed_hospital_is_not_told_of_where_nobody_would_have_been_taken_there():
    day = answered(text_of("00:00 A job", closures="{hospital: South}"))

    assert reasons(day) == [("North", "reached first")]


def test_where_all_are_closed_nobody_is_taken_anywhere_and_the_reason_is_true():
    day = answered(text_of("00:00 A job", closures="{hospital: North}, {hospital: South}"))

    assert taken(day) == [(None, None, 10)]
    assert reasons(day) == [("", "there is no access to any hospital that is not closed")]


# -- outside the region ------------------------------------------------------------------------


def test_people_are_referred_outside_only_where_the_near_ones_are_closed_or_full():
    """Outside is where they are, and still the last resort; there is room without end."""
    day = answered(
        text_of(
            "00:00 A job",
            "00:01 A job",
            "00:02 A job",
            hospitals="Outside: {place: A, referral: true}, "
            "North: {place: N, diverts_at: 1}, South: {place: S, diverts_at: 1}",
        )
    )

    assert [hospital for hospital, _, _ in taken(day)] == ["North", "South", "Outside"]
    assert reasons(day)[1:] == [
        ("Outside South", "reached first; North is full"),
        (
            "Outside",
            "referred outside: those in the region are closed, full or without access; "
            "North is full",
        ),
    ]


def test_people_are_referred_outside_where_no_way_leads_to_the_near_ones():
    day = answered(
        text_of(
            "00:00 A job",
            hospitals="North: N, Outside: {place: F, referral: true}",
            places="A N F",
            times="A-F 60",
        )
    )

    assert taken(day) == [("Outside", 70, 100)]


# -- the queue that a rule is told of ----------------------------------------------------------


class Looks(LeastExpected):
    """The library's rule, keeping what it saw."""

    def __call__(self, callout, view):
        self.seen.append([in_minutes(wait) for wait in view.waits])
        return super().__call__(callout, view)


def expected(*callouts, each=0, **changes):
    """Return where people were taken and which waits were forecast at each choice."""
    world, log = world_of(text_of(*callouts, **changes)), KeptLog()
    Looks.seen = []
    simulate(world, PolicySet("own", Closest(), destination=Looks(each)), log, 1, 0)
    return [hospital for hospital, _, _ in taken(Answer(world, log))], Looks.seen


ONE_DOOR = "North: {place: N, offload_bays: 1}, South: S"


def test_the_least_expected_counts_the_queue_at_the_door():
    """
    The first is in North from 20 to 50. Who leaves A at 12 is due at 22 and would wait 28: 38 in
    all, against 25 to South. Who leaves at 38 is due at 48 and waits 2: 12 in all.
    """
    hospitals, seen = expected(
        "00:00 A job", "00:02 A job", "00:28 A job", hospitals=ONE_DOOR, each=60_000_000
    )

    assert hospitals == ["North", "South", "North"]
    assert seen == [[0, 0], [28, 0], [2, 0]]


def test_who_is_due_later_does_not_hold_up_who_is_there_before():
    """The first leaves B at 10 and is due at 50; who leaves A at 12 is due at 22."""
    hospitals, seen = expected(
        "00:00 B job",
        "00:02 A job",
        "00:20 A job",
        hospitals=ONE_DOOR,
        bases="A B",
        teams="Near: {base: A, count: 2}\nOther: {base: B}",
    )

    assert hospitals == ["North", "North", "North"]
    assert seen == [[0, 0], [0, 0], [12, 0]]  # in from 22 to 52, and due at 40


def test_the_forecast_knows_expected_hand_overs_and_not_the_true_ones():
    """
    The first is in from 20, for 30 expected, however long it will actually be: a team that leaves
    at 25 and is due at 35 expects 15. A dispatcher that knew more would look better than any real
    one.
    """
    varied = "job: {share: 100%, to: hospital, handover: {mean: 30 min, sd: 5 min}}"
    _, seen = expected(
        "00:00 A job", "00:15 A job", hospitals="North: {place: N, offload_bays: 1}", kinds=varied
    )

    assert seen == [[0], [15]]


def test_the_forecast_counts_the_last_mile():
    """Five each way: the first is in from 30 to 60; who leaves A at 35 is due at 50."""
    hospitals = "hospitals: {North: {place: N, offload_bays: 1}}\nlocal_travel: 5 min"
    _, seen = expected("00:00 A job", "00:20 A job", rest=hospitals)

    assert seen == [[0], [10]]


# -- asked again on the road -------------------------------------------------------------------

OUTSIDE = "{place: A, referral: true}"
PATIENT = "job: {share: 100%, to: hospital, handover: 5 min}"
NOT_KNOWN = (
    "closures: [{edge: [x, b], from: 'day 1 00:15', until: 'day 1 05:00', known: discovered}]"
)


@pytest.mark.parametrize(
    "limit", ["", ", diverts_at: 1", ", offload_bays: 1", ", offload_bays: 1, diverts_at: 1"]
)
def test_a_team_that_has_to_turn_does_not_stand_in_its_own_way(limit):
    """
    From A at 10 it meets the closure at X at 20, goes back to A by 30 and round by 60. Counted as
    bound for General, it would find General full and go to Clinic, where it came from.
    """
    day = drawn(
        "00:00 A job",
        around=f"hospitals: {{General: {{place: B{limit}}}, Clinic: {OUTSIDE}}}\n{NOT_KNOWN}",
        kinds=PATIENT,
    )

    assert taken(day) == [("General", 60, 65)]
    assert waits(day) == []


def test_a_team_that_is_asked_again_gives_its_place_to_others():
    """
    The first turns to Clinic at 20, for General has closed; its door and its place there are
    free for the team that leaves B at 45, after it has opened again.
    """
    day = drawn(
        "00:00 A job",
        "00:35 B job",
        around="hospitals: {General: {place: B, offload_bays: 1, diverts_at: 1}, Clinic: A}\n"
        "hospital_closures: [{hospital: General, from: 'day 1 00:12', until: 'day 1 00:40'}, "
        "{hospital: Clinic, until: 'day 1 00:12'}]\n" + NOT_KNOWN,
        kinds="job: {share: 100%, to: hospital, handover: 60 min}",
        teams="T: {base: A}\nU: {base: B}",
        rest="policies: {today: {destination: least_expected}}",
    )

    assert taken(day) == [("Clinic", 30, 90), ("General", 45, 105)]
    assert waits(day) == []


def test_a_team_that_finds_no_way_keeps_its_place_where_it_is_bound():
    """
    At X at 20 there is no access to General before 120, and Clinic is closed. It is there from 130
    to 190 and fills it; so who leaves B at 150 goes to Clinic, which has opened at 130.
    """
    day = drawn(
        "00:00 A job",
        "02:20 B job",
        around="hospitals: {General: {place: B, diverts_at: 1}, Clinic: A}\n"
        "hospital_closures: [{hospital: Clinic, until: 'day 1 02:10'}]\n"
        "closures:\n"
        "  - {edge: [x, b], from: 'day 1 00:15', until: 'day 1 02:00', known: discovered}\n"
        "  - {edge: [y, b], from: 'day 1 00:15'}",
        kinds="job: {share: 100%, to: hospital, handover: 60 min}",
        teams="T: {base: A}\nU: {base: B}",
    )

    assert taken(day) == [("General", 130, 190), ("Clinic", 170, 230)]


HOURS = "North: {place: N, hours: 08:00-20:00}, South: {place: S, until: day 2 00:00}"


def test_a_hospital_outside_its_hours_receives_nobody_new():
    """
    North is nearer, and open from 08:00 until 20:00: who leaves the scene at 07:40 goes to South.

    Who is under way at 20:00 is received. At 19:58 North is chosen, at 20:10 South.
    """
    day = answered(
        text_of("07:30 A job", "08:00 A job", "19:48 A job", "20:00 A job", hospitals=HOURS)
    )

    assert taken(day) == [
        ("South", 485, 515),
        ("North", 500, 530),
        ("North", 1208, 1238),
        ("South", 1235, 1265),
    ]
    assert reasons(day)[0] == ("South", "reached first; North is closed")


def test_where_no_hospital_is_open_a_team_is_cleared_on_scene():
    """On day 2 South has closed for good, and North opens at 08:00."""
    day = answered(text_of("2/07:30 A job", "2/08:30 A job", hospitals=HOURS, run="2 days"))

    assert taken(day) == [(None, None, 1900), ("North", 1970, 2000)]
    assert reasons(day)[0] == ("", "there is no access to any hospital that is not closed")


def test_hours_of_hospitals_in_a_table_are_those_written_in_the_scenario():
    callouts = ("07:30 A job", "08:00 A job", "19:48 A job", "2/07:00 A job", "2/08:00 A job")
    written = text_of(*callouts, hospitals=HOURS, run="2 days")
    table = written.replace(f"hospitals: {{{HOURS}}}", "hospitals: hospitals.csv")

    day = answered(
        table,
        hospitals="name,place,hours,until\nNorth,N,08:00-20:00,\nSouth,S,,day 2 00:00\n",
    )

    assert taken(day) == taken(answered(written))
