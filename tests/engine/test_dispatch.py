"""Who goes, who waits and who is lost: small worlds with the numbers done on paper, in minutes."""

import pytest

from sim.log import Outcome

from ..worlds import HOUR, answered, hand_worked, logged, world_of

TWO = "One: {base: A}\nTwo: {base: A}"
# One waits in A, ten minutes from X; Two comes home to B from C, and could turn round for X
CROSSING = {
    "places": "A B C X",
    "bases": "A B",
    "times": "A-B 50, A-C 30, A-X 10, B-C 20, B-X 25, C-X 5",
}


def test_of_two_teams_that_would_arrive_together_the_lower_number_goes():
    """Both stand at A. Ties broken by memory order would change from one Python to the next."""
    day = answered(hand_worked("00:00 A job 10", "00:01 A job 10", "00:30 A job 10", teams=TWO))

    assert [day.team(n) for n in range(3)] == ["One", "Two", "One"]


@pytest.mark.parametrize(
    ("teams", "goes"),
    [("One: {base: A}\nTwo: {base: B}", "One"), ("Two: {base: B}\nOne: {base: A}", "Two")],
)
def test_resting_or_moving_makes_no_difference_to_a_tie(teams, goes):
    """
    Two is in C from 20 to 30 and would be home in B at 50. At 35 X calls: Two is back in C at 40
    and in X at 45; One, from A, is in X at 45 as well. The lower number goes, whoever it is.
    """
    day = answered(hand_worked("00:00 C job 10", "00:35 X job 10", teams=teams, **CROSSING))

    assert day.team(0) == "Two"
    assert day.team(1) == goes
    assert day.minutes(1, "dispatched", "on_scene") == (35, 45)


def test_no_demand_gives_an_empty_log():
    """A quiet day must not divide by zero anywhere."""
    day = answered(hand_worked())

    assert (day.log.callouts, day.log.missions, day.log.decisions) == ([], [], [])


URGENT = "urgent: {share: 50%, priority: 1}\nlater: {share: 50%, priority: 2}"
FIVE = ["00:00 A later", "00:01 A later", "00:02 A urgent", "00:03 A later", "00:04 A urgent"]


def test_in_overload_the_most_urgent_are_served_first_and_of_equals_the_first_come():
    """One team, ten minutes each: 0 is in hand, then the urgent 2 and 4, then 1 and 3."""
    day = answered(hand_worked(*FIVE, kinds=URGENT))

    assert [day.minutes(n, "dispatched") for n in range(5)] == [0, 30, 10, 40, 20]


def test_first_come_ignores_the_priority():
    """The textbook queue, which the theory tests rest on."""
    rest = "policies: {fcfs: {queue: first_come}}"
    day = answered(hand_worked(*FIVE, kinds=URGENT, rest=rest))

    assert [day.minutes(n, "dispatched") for n in range(5)] == [0, 10, 20, 30, 40]


def test_without_a_queue_a_callout_that_finds_nobody_is_lost_at_once():
    """Erlang's loss system: 1 comes while 0 is in hand; 2 comes as the team is free again."""
    rest = "policies: {loss: {queue: none}}"
    day = answered(hand_worked("00:00 A job", "00:05 A job", "00:10 A job", rest=rest))

    assert [day.outcome(n) for n in range(3)] == [Outcome.SERVED, Outcome.LOST, Outcome.SERVED]
    assert day.minutes(1, "ended", "dispatched", "cleared") == (5, None, None)
    assert day.by_callout[1] == []


IMPATIENT = "job: {share: 100%, abandons_after: 6 min}"


def test_a_caller_gives_up_after_waiting_for_a_team_to_be_sent():
    """0 keeps the team to 10. 1 waits from 1 to 7 and abandons; 2 waits from 8 and is served."""
    day = answered(hand_worked("00:00 A job", "00:01 A job", "00:08 A job", kinds=IMPATIENT))

    assert day.outcome(1) == Outcome.ABANDONED
    assert day.minutes(1, "ended", "dispatched", "on_scene") == (7, None, None)
    assert day.minutes(2, "dispatched", "cleared") == (10, 20)


def test_a_caller_who_has_been_sent_a_team_does_not_give_up_however_long_it_drives():
    """Giving up is for those nobody was sent to."""
    day = answered(hand_worked("00:00 B job", kinds=IMPATIENT, places="A B", times="A-B 30"))

    assert day.minutes(0, "on_scene", "cleared") == (30, 40)


def test_a_place_that_no_team_can_reach_waits_to_the_end_and_holds_nobody_up():
    """There is no way to B: its callout is censored, never dropped; A goes on being served."""
    text = hand_worked("00:00 B job", "00:01 A job", places="A B C", times="A-C 5", run="3 h")
    day = answered(text)

    assert day.outcome(0) == Outcome.UNFINISHED
    assert day.minutes(0, "dispatched", "ended") == (None, None)
    assert day.minutes(1, "dispatched", "cleared") == (1, 11)


def test_only_a_team_that_has_a_way_is_sent():
    """One is nearer by number but has no access to X; Two drives 40 minutes."""
    teams = "One: {base: A}\nTwo: {base: B}"
    day = answered(
        hand_worked("00:00 X job", teams=teams, places="A B X", bases="A B", times="B-X 40, A-B 5")
    )

    assert day.team(0) == "Two"
    assert [list(d.candidates) for d in day.decisions("dispatch")] == [[1]]


def test_call_handling_comes_before_the_wait():
    """Received 0 and 1, ready 3 and 4; the second waits from 4 to 13."""
    text = hand_worked("00:00 A job", "00:01 A job", rest="dispatch_centre: {call_handling: 3 min}")
    day = answered(text)

    columns = ("received", "ready", "dispatched", "on_scene", "cleared")
    assert day.minutes(0, *columns) == (0, 3, 3, 3, 13)
    assert day.minutes(1, *columns) == (1, 4, 13, 13, 23)


def test_a_callout_still_with_the_call_taker_at_the_end_is_censored():
    """Received at 59, ready at 62, the run ends at 60: in the log, with nobody sent."""
    text = hand_worked("00:59 A job", run="1 h", rest="dispatch_centre: {call_handling: 3 min}")
    day = answered(text)

    assert day.outcome(0) == Outcome.UNFINISHED
    assert day.minutes(0, "ready", "dispatched") == (62, None)


def test_what_the_end_of_the_run_cuts_off_is_censored():
    """0 is in hand from 0 to 90 and 1 waits; the run ends at 60. Nothing happens at 60 itself."""
    day = answered(hand_worked("00:00 A job 90", "00:10 A job", run="1 h"))

    assert [day.outcome(n) for n in (0, 1)] == [Outcome.UNFINISHED] * 2
    assert day.minutes(0, "on_scene", "cleared", "ended") == (0, None, None)
    assert day.mission(0) == (0, 0, 0, None, "unfinished")
    assert answered(hand_worked("00:00 A job 60", run="1 h")).outcome(0) == Outcome.UNFINISHED


def test_a_patient_is_driven_to_the_nearest_hospital_with_the_last_mile_on_both_legs():
    """
    Turnout 1, drive 10, local travel 2: on scene at 13. Work 10: left at 23. C is 7 away, D is 9;
    drive 7 and local travel 2 again: there at 32. Handover 15: cleared at 47, in C; home at 59.
    """
    text = hand_worked(
        "00:00 B job",
        kinds="job: {share: 100%, to: hospital, handover: 15 min}",
        places="A B C D",
        times="A-B 10, B-C 7, B-D 9, A-C 12, A-D 1, C-D 3",
        rest="hospitals: {Far: D, Near: C}\nlocal_travel: 2 min\ndispatch_centre: {turnout: 1 min}",
    )
    day = answered(text)

    mission = day.by_callout[0][0]
    assert day.mission(0) == (0, 1, 13, 47, "completed")
    assert (mission.left, mission.at_hospital) == (23 * 60_000, 32 * 60_000)
    assert day.world.names.hospitals[mission.hospital] == "Near"
    assert [d.arrivals for d in day.decisions("destination")] == [[9 * 60_000, 7 * 60_000]]


def test_where_no_hospital_can_be_reached_the_team_is_done_on_scene():
    """No access must not become a drive without end."""
    text = hand_worked(
        "00:00 B job",
        kinds="job: {share: 100%, to: hospital, handover: 15 min}",
        places="A B C",
        times="A-B 10",
        rest="hospitals: {Cut off: C}",
    )
    day = answered(text)

    assert day.mission(0) == (0, 0, 10, 20, "completed")
    assert day.by_callout[0][0].hospital is None


def test_work_differs_by_place_and_by_the_team_that_leads():
    """10 minutes as a rule, 20 in B; the slow team takes 35 wherever it goes, unless written."""
    text = hand_worked(
        "00:00 A job",
        "02:00 B job",
        "04:00 C job",
        "06:00 C job 12",
        kinds="job: {share: 100%, on_scene: 10 min, on_scene_at: {B: 20 min}}",
        teams="One: {base: A}\nSlow: {base: C, on_scene: 35 min}",
        places="A B C",
        bases="A C",
        times="A-B 5, A-C 30, B-C 30",
    )
    day = answered(text)

    work = [c.cleared - c.on_scene for c in day.callouts.values()]
    assert [w / 60_000 for w in work] == [10, 20, 35, 12]
    assert [day.team(n) for n in range(4)] == ["One", "One", "Slow", "Slow"]


def test_a_team_with_its_own_turnout_takes_it_and_is_judged_by_it():
    """Fast is 6 away and off at once; slow is 4 away but takes 5 to move."""
    text = hand_worked(
        "00:00 X job",
        teams="Slow: {base: A, turnout: 5 min}\nFast: {base: B}",
        places="A B X",
        bases="A B",
        times="A-X 4, B-X 6, A-B 5",
    )
    day = answered(text)

    assert day.team(0) == "Fast"
    assert [d.arrivals for d in day.decisions("dispatch")] == [[9 * 60_000, 6 * 60_000]]


def test_at_one_instant_shifts_come_first_then_teams_then_callers_then_callouts():
    """
    All at 00:10: Two comes on duty, One clears 0, the caller of 1 abandons, 2 is ready. So Two
    takes 1 before its caller abandons, and One, clear, takes 2.
    """
    text = hand_worked(
        "00:00 A job",
        "00:04 A job",
        "00:10 A job",
        kinds=IMPATIENT,
        teams="One: {base: A}\nTwo: {base: A, shifts: [late]}",
        rest="shifts: {late: {hours: 00:10-12:00}}",
    )
    day = answered(text)

    assert [day.team(n) for n in range(3)] == ["One", "Two", "One"]
    assert [day.minutes(n, "dispatched") for n in range(3)] == [0, 10, 10]


def test_at_one_instant_a_team_that_clears_comes_before_the_caller_who_gives_up():
    """Without a second team: One clears 0 at 10 and takes 1, whose caller had waited since 4."""
    text = hand_worked("00:00 A job", "00:04 A job", "00:10 A job", kinds=IMPATIENT)
    day = answered(text)

    assert [day.minutes(n, "dispatched") for n in (0, 1)] == [0, 10]
    assert day.minutes(2, "dispatched", "ended") == (None, 16)


def test_of_teams_that_clear_at_one_instant_the_lower_number_takes_the_head_of_the_queue():
    """Both clear at 10; callouts 2 and 3 wait."""
    four = ["00:00 A job", "00:00 A job", "00:05 A job", "00:06 A job"]
    day = answered(hand_worked(*four, teams=TWO))

    assert [day.team(n) for n in range(4)] == ["One", "Two", "One", "Two"]


def test_callouts_of_one_instant_are_served_in_the_order_received():
    """Listed in this order for the same minute, so numbered and served in it."""
    day = answered(hand_worked("00:00 A job 30", "00:00 A job 20", "00:00 A job 10"))

    assert [day.minutes(n, "dispatched") for n in range(3)] == [0, 30, 50]


def test_the_warm_up_is_cut_out_but_leaves_its_queue_behind():
    """
    Two hours' work arrive each hour for one team, so a queue stands at 0: the first measured
    callout waits. Nothing received in the warm-up is in the log, nothing that ended in it either.
    """
    text = hand_worked(run="1 day").replace("  callouts: []", "  rate: 12 per hour")
    warm = text.replace("length: 1 day", "length: 1 day, warm_up: 12 h")
    world = world_of(warm)
    log, cold = logged(world), logged(world_of(text))

    first, first_cold = min(log.callouts), min(cold.callouts)
    assert first_cold.callout == 0
    assert first_cold.dispatched == first_cold.ready
    assert first.callout == sum(c.received < 0 for c, _ in world.demand.callouts(1, 0)) > 100
    assert first.dispatched - first.ready > HOUR
    assert all(m.cleared is None or m.cleared > 0 for m in log.missions)
    assert sum(m.dispatched < 0 for m in log.missions) == 1
    assert all(d.at >= 0 for d in log.decisions)
