"""What random worlds found (`tests/hunters`), each reduced to minutes on paper."""

from itertools import pairwise

import pytest

from sim.log import Ending, Event, Outcome
from sim.world import Draws

from ..worlds import MINUTE, answered, hand_worked
from .test_roads import drawn, events

REASSIGN = "policies: {p: {dispatch: closest, reassignment: {by_priority: {saving: 3 min}}}}"
NO_QUEUE = "policies: {p: {dispatch: closest, queue: none}}"
CAR = "vehicles: {car: {base: A, available: 50%, time_to_repair: 4 h}}\n"


@pytest.fixture
def outages(monkeypatch):
    """Let the first vehicle be out of service in these stretches. [min]"""

    def set_outages(*stretches):
        spans = [(begins * MINUTE, ends * MINUTE) for begins, ends in stretches]
        monkeypatch.setattr(Draws, "outages", lambda draws, car, *_: spans if car == 0 else [])

    return set_outages


def test_a_team_that_was_reassigned_on_its_way_does_not_make_a_callout_under_way():
    """One leaves A for B at 0, is sent back to A at 8, and leaves for B again at 26."""
    text = hand_worked(
        "00:00 B calm",
        "00:08 A urgent",
        places="A B",
        times="A-B 20",
        kinds="urgent: {share: 50%, priority: 1}\ncalm: {share: 50%, priority: 3}",
        teams="One: {base: A}",
        rest=REASSIGN,
    )

    assert answered(text).minutes(0, "dispatched", "en_route", "on_scene") == (26, 26, 46)


def test_a_callout_that_a_crew_did_not_assemble_for_was_still_sent_the_team_that_withdrew():
    """One is withdrawn at 20; nobody assembles for Two, alerted with it, by 30. It was sent to."""
    kind = (
        "job: {share: 100%, crew: 8, scene_hazard: {safe_after: 10 h, withdraw_after: 10 min}, "
        "needs_for: dispatch}"
    )
    text = hand_worked(
        "00:10 A job",
        kinds=kind,
        teams="One: {base: A}\n"
        "Two: {base: A, on_call: {volunteers: town, assembly_timeout: 20 min}}",
        rest=f"{NO_QUEUE}\nvolunteers: {{town: {{people: 4, acceptance: 0%}}}}",
    )
    day = answered(text)

    assert [day.mission(0, n)[-1] for n in (0, 1)] == ["withdrawn", "no crew assembled"]
    assert day.minutes(0, "dispatched", "en_route") == (10, 10)


def test_nobody_is_sent_to_a_callout_that_is_over():
    """
    Two of three people are out with Zero, so One leaves with one at 20. At 300 the dispatcher
    counts on as few again and looks for more, but three come: the work ends at 315.
    """
    on_call = "on_call: {volunteers: town, minimum: "
    text = hand_worked(
        "00:00 A other 60",
        "00:00 A job",
        "05:00 A job",
        kinds="job: {share: 50%, crew: 2, needs: [o]}\nother: {share: 50%, crew: 2, needs: [z]}",
        teams=f"Zero: {{base: A, crew: 2, capabilities: [z], shifts: [early], {on_call}2}}}}\n"
        f"One: {{base: A, crew: 3, capabilities: [o], {on_call}3}}}}",
        rest="shifts: {early: {hours: 00:00-04:00}}\nvolunteers: {town: {people: 3, "
        "acceptance: 100%, answer_delay: 1 min, travel_to_base: 4 min}}",
    )
    day = answered(text)

    assert day.mission(1) == (0, 20, 20, 40, "completed")
    assert day.mission(2) == (300, 305, 305, 315, "completed")
    assert len(day.log.missions) == 3


def test_nobody_is_sent_in_relief_whose_own_shift_ends_now():
    """One and Two go off at 60. One asks for relief: only Three, on duty, can come."""
    text = hand_worked(
        "00:50 A job 60",
        places="A B C",
        bases="A B C",
        times="A-B 5, A-C 20, B-C 20",
        kinds="job: {share: 100%, crew: 1}",
        teams="One: {base: A, shifts: [short]}\nTwo: {base: B, shifts: [short]}\nThree: {base: C}",
        rest="shifts: {short: {hours: 00:00-01:00}}\ndispatch_centre: {shift_end: relieve}",
    )
    day = answered(text)

    assert day.teams(0) == ["One", "Three"]
    assert day.mission(0, 1) == (60, 60, 80, 110, "completed")


def test_nobody_in_reserve_is_sent_in_relief_whose_own_time_ends_now():
    """Two of four are on duty from 10 to 70, when the one at work asks for relief."""
    text = hand_worked(
        "00:00 A job 600",
        "01:05 A job 60",
        kinds="job: {share: 100%, crew: 1}",
        teams="Zero: {base: A, crew: 1}\n"
        "More: {base: A, count: 4, crew: 1, reserve: {delay: 10 min, duration: 1 h}}",
        rest="dispatch_centre: {shift_end: relieve}\n"
        "policies: {p: {dispatch: closest, staffing: {surge: {free_below: 3}}}}",
    )
    day = answered(text)

    assert day.teams(1) == ["More 1"]
    assert day.mission(1)[3:] == (125, "completed")


def test_a_callout_whose_team_breaks_down_ends_once_where_nobody_waits(outages):
    """One breaks down at 5 on its way: Two is sent at once, or nobody, and it is lost."""
    outages((5, 500))
    one = "One: {base: A, vehicles: [car]}"
    card = NO_QUEUE.replace("closest", "{run_card: {order: {B: [One, Two]}}}")
    places = {"places": "A B", "bases": "A B", "times": "A-B 10", "rest": CAR + card}
    both = answered(hand_worked("00:00 B job", teams=f"{one}\nTwo: {{base: B}}", **places))
    alone = answered(hand_worked("00:00 B job", teams=one, **places | {"rest": CAR + NO_QUEUE}))

    assert [row.outcome for row in both.log.callouts] == [Outcome.SERVED]
    assert both.mission(0, 1) == (5, 5, 5, 15, "completed")
    assert [(row.outcome, row.ended) for row in alone.log.callouts] == [(Outcome.LOST, 5 * MINUTE)]


def test_a_team_that_drives_home_with_a_broken_vehicle_is_at_its_base_once(outages):
    """Cleared at 20 in B with a car out of service since 15: home at 30, it takes the other car."""
    outages((15, 600))
    text = hand_worked(
        "00:00 B job",
        "00:05 B job",
        "00:06 B job",
        places="A B",
        times="A-B 10",
        teams="One: {base: A, vehicles: [car]}",
        rest=CAR.replace("car: {", "car: {count: 2, ")
        + "dispatch_centre: {dispatch_while_returning: false, dispatch_when_cleared: true}",
    )
    day = answered(text)

    assert day.mission(0) == (0, 0, 10, 20, "completed")
    assert day.mission(1) == (30, 30, 40, 50, "completed")
    assert day.mission(2) == (50, 50, 50, 60, "completed")


def test_a_team_without_access_to_its_base_is_not_so_in_its_next_shift():
    """
    The roads from B close at 25, with One on its way home. It goes off at 60 and on at 120, in A,
    and goes to C and back. When they open at 240 it is free once: sent to one callout at a time.
    """
    day = drawn(
        "00:00 B job",
        "04:10 A job",
        "04:11 A job",
        around="closures: [{area: [[34, 35], [36, 35], [36, 37], [34, 37]], "
        "from: 'day 1 00:35', until: 'day 1 04:00'}]",
        teams="One: {base: A, shifts: [early, late]}",
        rest="shifts: {early: {hours: 00:00-01:00}, late: {hours: 02:00-23:00}}",
    )
    spans = sorted((m.dispatched, m.cleared) for m in day.log.missions)

    assert len(spans) == 3
    assert all(a[1] <= b[0] for a, b in pairwise(spans))


def test_a_callout_that_was_reached_and_left_is_dropped_and_not_lost():
    """One leaves at 60, when its shift ends; nobody assembles for Two by 70."""
    text = hand_worked(
        "00:50 A job 60",
        kinds="job: {share: 100%, crew: 4}",
        teams="One: {base: A, crew: 2, shifts: [short]}\n"
        "Two: {base: A, crew: 2, on_call: {volunteers: town, assembly_timeout: 20 min}}",
        rest=f"{NO_QUEUE}\nshifts: {{short: {{hours: 00:00-01:00}}}}\n"
        "dispatch_centre: {shift_end: drop}\nvolunteers: {town: {people: 2, acceptance: 0%}}",
    )
    day = answered(text)

    assert day.mission(0)[-1] == Ending.DROPPED
    assert (day.outcome(0), day.minutes(0, "ended")) == (Outcome.DROPPED, 70)


def test_a_crew_that_is_stood_down_at_its_time_out_has_not_left():
    """Two is done at 20, before One, whose time-out is then. One is alerted again: nobody comes."""
    text = hand_worked(
        "00:00 A job",
        "00:19 A other",
        kinds="job: {share: 50%, crew: 4, needs: [x]}\nother: {share: 50%, crew: 1, needs: [o]}",
        teams="Two: {base: A, crew: 2, capabilities: [x]}\n"
        "One: {base: A, crew: 2, capabilities: [o], on_call: {volunteers: town}}",
        rest="volunteers: {town: {people: 2, acceptance: 0%}}",
    )
    day = answered(text)

    assert day.mission(0, 1) == (0, None, None, 20, "stood down")
    assert day.mission(1) == (20, None, None, 40, "no crew assembled")


@pytest.mark.parametrize(
    ("closure", "home"),
    [
        # at 40 it meets it in X: back to B takes 10, and 30 from there
        ("{edge: [a, x], from: 'day 1 00:35', until: 'day 1 05:00', known: discovered}", 80),
        # told at 35, five minutes from B
        ("{edge: [a, x], from: 'day 1 00:35', until: 'day 1 05:00'}", 70),
        # told at 35, no other road: it stands there, 15 min from A, until they open at 240
        ("{area: [[34.95, 36.02], [35.05, 36.02], [35.05, 36.07], [34, 36.06], [34, 36.02]], "
         "from: 'day 1 00:35', until: 'day 1 04:00'}", 255),
    ],
)  # fmt: skip
def test_a_team_that_must_drive_home_drives_through_no_closed_road(closure, home):
    """Done at 30 in B, 20 min from A; called again in A at 55, it goes when it is home."""
    day = drawn(
        "00:00 B job",
        "00:55 A job",
        around=f"closures: [{closure}]",
        rest="dispatch_centre: {dispatch_while_returning: no}",
    )

    assert day.mission(0)[3:] == (30, "completed")
    assert day.minutes(1, "on_scene") == home


def test_a_team_with_a_broken_vehicle_drives_through_no_closed_road(outages):
    """Its car out of service since 25, it meets the closure in X at 40 and is in A at 80."""
    outages((25, 31))
    day = drawn(
        "00:00 B job",
        "00:55 A job",
        around="closures: [{edge: [a, x], from: 'day 1 00:35', until: 'day 1 05:00', "
        "known: discovered}]",
        teams="T: {base: A, vehicles: [car]}",
        rest=CAR,
    )

    assert day.minutes(1, "dispatched") == 80


@pytest.mark.parametrize("when_cleared", ["no", "yes"])
@pytest.mark.parametrize(("then", "on_scene"), [("B", 560), ("A", 310)])
def test_a_team_without_a_road_on_or_home_stands_where_it_was_stopped(when_cleared, then, on_scene):
    """
    At 15 it meets the closure in X, and the road home is closed since 10. That opens at 300, and it
    is home at 310: not before may it be sent again. The road to B opens at 540, 20 min from A.
    """
    day = drawn(
        "00:05 B job",
        "00:30 A job",
        around="closures: [{edge: [x, b], from: 'day 1 00:00', until: 'day 1 09:00', "
        "known: discovered}, {edge: [a, x], from: 'day 1 00:10', until: 'day 1 05:00'}]",
        edges="from,to,km,kmh\na,x,10,60\nx,b,10,60\n",
        rest="dispatch_centre: {dispatch_while_returning: no, "
        f"dispatch_when_cleared: {when_cleared}}}",
    )

    assert day.minutes("BA".index(then), "on_scene") == on_scene
    assert events(day, Event.NO_ACCESS_TO_BASE, Event.ACCESS_TO_BASE_AGAIN) == [
        (15, Event.NO_ACCESS_TO_BASE, 0),
        (300, Event.ACCESS_TO_BASE_AGAIN, 0),
    ]


def test_a_team_that_is_told_on_the_road_that_none_leads_on_or_home_stands_there():
    """At 12 it is two minutes past Y, seven from A; the road from Y to A opens at 300."""
    day = drawn(
        "00:05 B job",
        "00:30 A job",
        around="closures: [{edge: [x, b], from: 'day 1 00:12', until: 'day 1 09:00'}, "
        "{edge: [a, y], from: 'day 1 00:12', until: 'day 1 05:00'}]",
        edges="from,to,km,kmh\na,y,5,60\ny,x,5,60\nx,b,10,60\n",
        rest="dispatch_centre: {dispatch_while_returning: no}",
    )

    assert day.mission(0)[-1] == Ending.NO_ACCESS
    assert (day.minutes(1, "on_scene"), day.minutes(0, "on_scene")) == (307, 560)
