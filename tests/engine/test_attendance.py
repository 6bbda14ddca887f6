"""First and full attendance, relief on long sites, and breaks; minutes on paper."""

import pytest

from ..worlds import answered, hand_worked

PAIR = {"places": "A B", "bases": "A B", "times": "A-B 10"}


def events(day, *words):
    return [(e.at // 60_000, e.what, e.team) for e in day.log.events if e.what in words]


def test_full_attendance_is_when_all_that_is_needed_is_on_scene():
    """Eight people are needed, four come at 0 and four at 10."""
    text = hand_worked(
        "00:00 A job 60",
        **PAIR,
        teams="One: {base: A}\nTwo: {base: B}",
        kinds="job: {share: 100%, crew: 8}",
    )
    day = answered(text)

    assert day.minutes(0, "on_scene", "attended") == (0, 10)


def test_one_team_that_is_enough_is_full_attendance():
    assert answered(hand_worked("00:05 A job")).minutes(0, "on_scene", "attended") == (5, 5)


def test_a_callout_that_never_had_all_it_needs_was_not_fully_attended():
    """Four of eight people work 20 min in place of 10; the other four are never free."""
    text = hand_worked(
        "00:00 A job 10",
        "00:00 A job 10",
        kinds="job: {share: 100%, crew: 8}",
        teams="One: {base: A, count: 2}",
        rest="policies: {p: {dispatch: closest}}",
    )
    day = answered(text)

    assert day.minutes(0, "attended") == 0
    alone = answered(text.replace("count: 2", "crew: 8").replace("crew: 8}", "crew: 8}"))
    assert alone.minutes(0, "attended") == 0


@pytest.mark.parametrize(
    "ends", ["dispatch_centre: {shift_end: drop}", "dispatch_centre: {shift_end: hand over}"]
)
def test_a_callout_whose_ladder_never_came_was_not_fully_attended(ends):
    """One, with the ladder, is stopped on its way at 10 and not replaced; Two is there at 30."""
    text = hand_worked(
        "00:00 C job 60",
        places="A B C",
        bases="A B",
        times="A-C 20, B-C 30, A-B 40",
        kinds="job: {share: 100%, crew: 4, needs: [ladder]}",
        teams="One: {base: A, crew: 2, capabilities: [ladder], shifts: [early]}\nTwo: {base: B}",
        rest="shifts: {early: {hours: 00:00-00:10}}\npolicies: {p: {queue: none}}\n" + ends,
    )
    day = answered(text)

    assert day.minutes(0, "on_scene", "attended") == (30, None)


def test_a_need_listed_twice_takes_two_teams_that_have_it():
    """Two pumps are asked for: One and Three go, Two has none."""
    text = hand_worked(
        "00:00 A fire 30",
        **PAIR,
        kinds="fire: {share: 100%, crew: 1, needs: [pump, pump]}",
        teams="One: {base: A, capabilities: [pump]}\nTwo: {base: A, capabilities: [rope]}\n"
        "Three: {base: B, capabilities: [pump]}",
    )
    day = answered(text)

    assert day.teams(0) == ["One", "Three"]
    assert day.minutes(0, "on_scene", "attended") == (0, 10)


def test_a_team_long_on_scene_is_relieved_by_another_and_not_before():
    """
    Work for 300 min. At 60 One is to be relieved: Two leaves B and is there at 70, when One goes.
    At 130 Two is to be relieved: One, back at its base, comes at once.
    """
    text = hand_worked(
        "00:00 A job 300",
        **PAIR,
        teams="One: {base: A}\nTwo: {base: B}",
        kinds="job: {share: 100%, crew: 4, relief_after: 1 h}",
    )
    day = answered(text)

    assert day.mission(0) == (0, 0, 0, 70, "relieved")
    assert day.mission(0, 1) == (60, 60, 70, 130, "relieved")
    assert day.minutes(0, "cleared") == 300
    assert events(day, "relief asked")[:2] == [(60, "relief asked", 0), (130, "relief asked", 1)]


def test_with_nobody_free_the_team_stays_until_somebody_is():
    """Two is busy in B until 90: called then, on scene at 100."""
    text = hand_worked(
        "00:00 A job 300",
        "00:00 B job 90",
        **PAIR,
        teams="One: {base: A}\nTwo: {base: B}",
        kinds="job: {share: 100%, crew: 4, relief_after: 1 h}",
    )
    day = answered(text)

    assert day.mission(0) == (0, 0, 0, 100, "relieved")


def test_at_the_end_of_a_shift_a_team_may_stay_until_it_is_relieved():
    """One's shift ends at 60; Two, called then, is there at 70."""
    text = hand_worked(
        "00:50 A job 60",
        **PAIR,
        teams="One: {base: A, shifts: [short]}\nTwo: {base: B}",
        rest="shifts: {short: {hours: 00:00-01:00}}\ndispatch_centre: {shift_end: relieve}",
    )
    day = answered(text)

    assert day.mission(0) == (50, 50, 50, 70, "relieved")
    assert day.mission(0, 1) == (60, 60, 70, 110, "completed")


BREAK = "One: {base: A, breaks: [{duration: 30 min, between: 12:00-13:00}]}"


def test_a_team_on_its_break_is_not_sent():
    """Break from 12:00 to 12:30 (750); called at 12:10."""
    day = answered(hand_worked("12:10 A job", teams=BREAK))

    assert day.minutes(0, "dispatched") == 750
    assert events(day, "break") == [(720, "break", 0)]


def test_a_break_waits_until_the_callout_in_hand_is_done():
    """At work from 11:50 to 12:20: the break is from 12:20 to 12:50 (770)."""
    day = answered(hand_worked("11:50 A job 30", "12:30 A job", teams=BREAK))

    assert events(day, "break") == [(740, "break", 0)]
    assert day.minutes(1, "dispatched") == 770


def test_a_break_that_cannot_begin_in_its_window_is_missed():
    day = answered(hand_worked("11:50 A job 90", teams=BREAK))

    assert events(day, "break", "break missed") == [(780, "break missed", 0)]


def test_a_break_that_is_due_when_a_team_drives_home_begins_there():
    """
    At work in B from 11:50 to 12:20, home in A at 12:30 (750), and not to be sent before: the
    break, due since 12:00, lasts until 13:00 (780).
    """
    rest = "dispatch_centre: {dispatch_while_returning: false}"
    calls = "11:40 B job 30", "12:35 A job"
    day = answered(hand_worked(*calls, places="A B", times="A-B 10", teams=BREAK, rest=rest))

    assert events(day, "break", "break missed") == [(750, "break", 0)]
    assert day.minutes(1, "dispatched") == 780
