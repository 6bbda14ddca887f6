"""What a shift's end does, by each of the three rules; numbers on paper, in minutes."""

import pytest

from sim.log import Outcome

from ..worlds import answered, hand_worked

# One goes off at 60; Two, always there, is five minutes away in B
PAIR = {
    "teams": "One: {base: A, shifts: [short], crew: 1}\nTwo: {base: B, crew: 1}",
    "places": "A B",
    "bases": "A B",
    "times": "A-B 5",
}


def rest(rule, *more):
    return "\n".join(
        ["shifts: {short: {hours: 00:00-01:00}}", f"dispatch_centre: {{shift_end: {rule}}}", *more]
    )


def test_with_nobody_on_duty_a_callout_waits_for_the_next_shift():
    """On duty from 08:00 to 20:00; called at 20:30, served at 08:00 the next day (32 h = 1920)."""
    text = hand_worked(
        "20:30 A job",
        teams="One: {base: A, shifts: [day]}",
        run="2 days",
        rest="shifts: {day: {hours: 08:00-20:00}}",
    )
    day = answered(text)

    assert day.minutes(0, "dispatched", "cleared") == (1920, 1930)


def test_a_team_whose_shift_ends_is_not_sent_at_that_instant():
    """Off at 60, called at 60: nobody goes before the next day (24 h = 1440)."""
    teams = "One: {base: A, shifts: [short]}"
    day = answered(hand_worked("01:00 A job", teams=teams, run="2 days", rest=rest("finish")))

    assert day.minutes(0, "dispatched") == 1440


def test_shifts_that_touch_or_overlap_are_one_stretch_on_duty():
    """Off and on at one instant must not drop the callout in hand."""
    text = hand_worked(
        "00:50 A job 30",
        "02:50 A job 30",
        teams="One: {base: A, shifts: [short, next, over]}",
        rest="shifts:\n  short: {hours: 00:00-01:00}\n  next: {hours: 01:00-03:00}\n"
        "  over: {hours: 02:00-23:00}\ndispatch_centre: {shift_end: drop}",
    )
    day = answered(text)

    assert [day.mission(n) for n in (0, 1)] == [
        (50, 50, 50, 80, "completed"),
        (170, 170, 170, 200, "completed"),
    ]


def test_finish_lets_the_team_finish_and_then_go():
    """One works from 50 to 80, past its 60. At 90 it is gone and Two comes from B, at 95."""
    day = answered(hand_worked("00:50 A job 30", "01:30 A job", **PAIR, rest=rest("finish")))

    assert day.team(0) == "One"
    assert day.minutes(0, "cleared") == 80
    assert day.team(1) == "Two"
    assert day.minutes(1, "on_scene") == 95


def test_a_team_past_its_shift_takes_nothing_more_from_the_queue():
    """One is late with 0 until 80; 1 waits from 70 because Two is busy to 100."""
    text = hand_worked(
        "00:40 B job 60", "00:50 A job 30", "01:10 A job 10", **PAIR, rest=rest("finish")
    )
    day = answered(text)

    assert day.team(2) == "Two"
    assert day.minutes(2, "dispatched", "on_scene") == (100, 105)


def test_drop_ends_the_callout_as_dropped():
    """One leaves at 60 with 20 minutes to do; nobody comes after it."""
    day = answered(hand_worked("00:50 A job 30", **PAIR, rest=rest("drop")))

    assert day.outcome(0) == Outcome.DROPPED
    assert day.minutes(0, "on_scene", "cleared", "ended") == (50, None, 60)
    assert day.mission(0) == (50, 50, 50, 60, "dropped")


def test_hand_over_on_scene_resumes_the_remaining_work():
    """One does 10 of 30 by 60. Two is there at 65 and does the other 20: cleared at 85."""
    day = answered(hand_worked("00:50 A job 30", **PAIR, rest=rest("hand over")))

    assert day.teams(0) == ["One", "Two"]
    assert day.mission(0, 0) == (50, 50, 50, 60, "handed over")
    assert day.mission(0, 1) == (60, 60, 65, 85, "completed")
    assert day.minutes(0, "dispatched", "on_scene", "cleared") == (50, 50, 85)
    assert day.callouts[0].teams == 2


def test_hand_over_on_the_road_leaves_the_whole_work():
    """One is stopped at 60, two minutes short of X; Two, 20 away, does all 30: 80 to 110."""
    pair = PAIR | {"places": "A B X", "times": "A-B 5, A-X 12, B-X 20"}
    day = answered(hand_worked("00:50 X job 30", **pair, rest=rest("hand over")))

    assert day.mission(0, 0) == (50, 50, None, 60, "handed over")
    assert day.mission(0, 1) == (60, 60, 80, 110, "completed")
    assert day.minutes(0, "on_scene") == 80


def test_what_is_handed_over_waits_its_turn_and_its_caller_no_longer_gives_up():
    """Two is busy to 100 with 0. What One leaves at 60 waits 40 minutes and is taken at 100."""
    text = hand_worked(
        "00:40 B job 60",
        "00:50 A job 30",
        kinds="job: {share: 100%, abandons_after: 5 min}",
        **PAIR,
        rest=rest("hand over"),
    )
    day = answered(text)

    assert day.mission(1, 1) == (100, 100, 105, 125, "completed")


def test_where_nobody_waits_a_hand_over_finds_nobody_and_is_dropped():
    """Without a queue there is no place to wait for the next team."""
    policy = "policies: {loss: {queue: none}}"
    day = answered(hand_worked("00:50 A job 30", **PAIR, rest=rest("hand over", policy)))

    assert day.outcome(0) == Outcome.DROPPED
    assert day.minutes(0, "ended") == 60


@pytest.mark.parametrize("rule", ["drop", "hand over"])
def test_a_patient_on_board_is_taken_on(rule):
    """Left at 55 for B, 5 away; off at 60, at hospital at 60, handover 15: cleared at 75."""
    text = hand_worked(
        "00:45 A job",
        kinds="job: {share: 100%, to: hospital, handover: 15 min}",
        **PAIR,
        rest=rest(rule, "hospitals: {H: B}"),
    )
    day = answered(text)

    assert day.mission(0) == (45, 45, 45, 75, "completed")
    assert day.outcome(0) == Outcome.SERVED


@pytest.mark.parametrize(("rule", "ending"), [("drop", "dropped"), ("hand over", "handed over")])
def test_when_one_of_two_goes_the_other_works_on_at_half_the_pace(rule, ending):
    """
    Two people work for 30 minutes: 60 in all. Both there from 55; 10 done by 60 (One had 5 alone
    before: 5 more). 45 are left for Two alone: cleared at 105.
    """
    kinds = "job: {share: 100%, crew: 2}"
    day = answered(hand_worked("00:50 A job 30", kinds=kinds, **PAIR, rest=rest(rule)))

    assert day.mission(0, 0) == (50, 50, 50, 60, ending)
    assert day.mission(0, 1) == (50, 50, 55, 105, "completed")
    assert day.outcome(0) == Outcome.SERVED


def test_a_team_handed_over_in_its_turnout_never_moved():
    """Dispatched at 59, it would have moved at 61."""
    pair = PAIR | {"teams": "One: {base: A, shifts: [short], turnout: 2 min}\nTwo: {base: B}"}
    day = answered(hand_worked("00:59 A job", **pair, rest=rest("hand over")))

    assert day.mission(0, 0) == (59, None, None, 60, "handed over")
    assert day.mission(0, 1) == (60, 60, 65, 75, "completed")


def test_a_callout_is_en_route_when_wheels_turn():
    """One is stopped in its turnout at 60; the first wheels to turn are those of Two, at 60."""
    pair = PAIR | {"teams": "One: {base: A, shifts: [short], turnout: 2 min}\nTwo: {base: B}"}
    day = answered(hand_worked("00:59 A job", **pair, rest=rest("hand over")))

    assert day.minutes(0, "en_route") == 60


def test_a_team_that_was_out_at_its_shifts_end_is_at_its_base_when_the_next_begins():
    """Off duty people get home by themselves: out in X at 60 (60 away), in A the next day."""
    text = hand_worked(
        "00:00 X job 10",
        "2/00:00 A job",
        teams="One: {base: A, shifts: [short]}",
        places="A X",
        times="A-X 49",
        run="3 days",
        rest=rest("finish"),
    )
    day = answered(text)

    assert day.minutes(1, "on_scene") == 1440


def test_a_team_is_sent_from_when_it_joins_until_it_leaves():
    """
    Two joins at 60 and leaves at 100, in the midst of its callout, which it finishes.

    The second callout, at 10, finds One out until 110 and waits for Two; the last, at 105, is
    One's, cleared at 110.
    """
    text = hand_worked(
        "00:00 A job 110",
        "00:10 A job 45",
        "01:45 A job 5",
        teams="One: {base: A}\nTwo: {base: A, from: 2025-01-06 01:00, until: day 1 01:40}",
    )
    day = answered(text)

    assert [day.team(n) for n in range(3)] == ["One", "Two", "One"]
    assert day.minutes(1, "dispatched", "cleared") == (60, 105)
    assert day.minutes(2, "dispatched", "cleared") == (110, 115)


def test_a_team_that_leaves_hands_over_where_shifts_do():
    """Two leaves at 30 with half its work done; One, free at 40, does the rest of it."""
    text = hand_worked(
        "00:00 A job 40",
        "00:00 A job 60",
        teams="One: {base: A}\nTwo: {base: A, until: day 1 00:30}",
        rest="dispatch_centre: {shift_end: hand over}",
    )
    day = answered(text)

    assert day.teams(1) == ["Two", "One"]
    assert day.minutes(1, "cleared") == 70
