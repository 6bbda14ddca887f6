"""Limits of duty worked by hand, in minutes: when a crew rests, and when it is there again."""

import pytest

from ..worlds import answered, hand_worked

LIMITED = "T: {base: A, limits: {minimum_rest: 8 h, hours_on_duty: 12 h}}"
EXPOSING = "job: {share: 50%, exposure: 2}\nsafe: {share: 50%}"


def rests(day):
    """Return the rests in the log: from, until [min], and the callout after which, if any."""
    return [
        (e.at / 60_000, e.until / 60_000, e.callout)
        for e in day.log.events
        if e.what == "mandatory rest"
    ]


def test_a_crew_rests_when_it_has_been_on_duty_for_its_hours():
    """
    Twelve hours on from 00:00, eight of rest until 20:00, then twelve again: until 08:00.

    The callout at 13:00 waits for 20:00 (1200), that of 08:30 on day 2 for 16:00 (2400).
    """
    text = hand_worked(
        "11:30 A job", "13:00 A job", "2/07:30 A job", "2/08:30 A job", teams=LIMITED, run="3 days"
    )
    day = answered(text)

    assert [day.minutes(n, "dispatched") for n in range(4)] == [690, 1200, 1890, 2400]
    assert rests(day)[:2] == [(720, 1200, None), (1920, 2400, None)]


def test_a_callout_in_hand_is_finished_and_the_rest_begins_after_it():
    """Sent at 710 for 30: cleared at 740, rested at 740 + 480 = 1220."""
    day = answered(hand_worked("11:50 A job 30", "12:30 A job", teams=LIMITED))

    assert day.mission(0) == (710, 710, 710, 740, "completed")
    assert day.minutes(1, "dispatched") == 1220
    assert rests(day) == [(740, 1220, None)]


@pytest.mark.parametrize(
    ("rule", "cleared", "teams"),
    [("finish", 740, ["T"]), ("hand over", 740, ["T", "U"]), ("drop", 720, ["T"])],
)
def test_at_its_limit_it_does_with_a_callout_as_at_a_shifts_end(rule, cleared, teams):
    """At 720 ten minutes are done: U does the other twenty, or nobody, or T itself."""
    text = hand_worked(
        "11:50 A job 30",
        teams=f"{LIMITED}\nU: {{base: A, shifts: [late]}}",
        rest=f"shifts: {{late: {{hours: 12:00-20:00}}}}\ndispatch_centre: {{shift_end: {rule}}}",
    )
    day = answered(text)

    assert day.teams(0) == teams
    assert day.minutes(0, "ended") == cleared
    assert rests(day)[0][0] == (740 if rule == "finish" else 720)


@pytest.mark.parametrize("returning", ["true", "false"])
def test_a_team_that_is_on_its_way_home_rests_from_there(returning):
    """Cleared in B at 55 it is home at 65; its hour on duty was over at 60, rested at 125."""
    text = hand_worked(
        "00:30 B job 15",
        "01:30 A job",
        places="A B",
        times="A-B 10",
        teams="T: {base: A, limits: {minimum_rest: 1 h, hours_on_duty: 1 h}}",
        rest=f"dispatch_centre: {{dispatch_while_returning: {returning}}}",
    )
    day = answered(text)

    assert rests(day)[0] == (60, 125, None)
    assert day.minutes(1, "dispatched") == 125


def test_between_two_shifts_a_crew_rests_as_long_as_it_must():
    """
    Off at 12:00 and busy until 12:20 (740), it would be on at 18:00 and has rested at 20:20 (1220).

    A rest that falls out of the roster has no row: only that from 18:00 on does.
    """
    text = hand_worked(
        "11:50 A job 30",
        "18:30 A job",
        teams="T: {base: A, shifts: [early, late], limits: {minimum_rest: 8 h}}",
        rest="shifts: {early: {hours: 06:00-12:00}, late: {hours: 18:00-23:00}}",
    )
    day = answered(text)

    assert day.minutes(1, "dispatched") == 1220
    assert rests(day) == [(1080, 1220, None)]


def test_a_crew_that_is_out_when_its_next_shift_begins_rests_before_it():
    """Busy from 11:50 until 19:00 (1140): on duty again after an hour, and not at once."""
    text = hand_worked(
        "11:50 A job 430",
        "18:30 A job",
        teams="T: {base: A, shifts: [early, late], limits: {minimum_rest: 1 h}}",
        rest="shifts: {early: {hours: 06:00-12:00}, late: {hours: 18:00-23:00}}",
    )
    day = answered(text)

    assert day.minutes(1, "dispatched") == 1200
    assert rests(day) == [(1140, 1200, None)]


def test_a_rest_that_ends_between_shifts_ends_with_the_next_one():
    """
    On from 21:00 (1260), its hours end at 09:00, within the shift of the next morning.

    Rested at 17:00 it is off duty until 21:00 (2700), where its roster brings it on.
    """
    text = hand_worked(
        "20:30 A job",
        "2/08:30 A job",
        "2/09:30 A job",
        teams="T: {base: A, shifts: [early, night], "
        "limits: {minimum_rest: 8 h, hours_on_duty: 12 h}}",
        run="2 days",
        rest="shifts: {early: {hours: 06:00-12:00}, night: {hours: 21:00-10:00}}",
    )
    day = answered(text)

    assert [day.minutes(n, "dispatched") for n in range(3)] == [1260, 1950, 2700]
    assert rests(day) == [(1980, 2460, None)]


def test_a_crew_rests_after_so_many_exposing_callouts():
    """
    The safe callout does not count; after the second exposing one, at 70, a rest of two hours.

    The rest sets the count to zero: after it two more are served one after the other.
    """
    text = hand_worked(
        "00:00 A job", "00:20 A safe", "01:00 A job", "01:20 A safe", "03:30 A job", "04:00 A safe",
        kinds=EXPOSING,
        teams="T: {base: A, limits: {minimum_rest: 2 h, exposing_callouts: 2}}",
    )  # fmt: skip
    day = answered(text)

    assert [day.minutes(n, "dispatched") for n in range(6)] == [0, 20, 60, 190, 210, 240]
    assert rests(day) == [(70, 190, 2)]


def test_a_callout_that_a_team_never_reached_does_not_expose_it():
    """Two is stood down on its way, 20 minutes long: One had done the work by then."""
    text = hand_worked(
        "00:00 A job", "00:30 B safe",
        places="A B", bases="A B", times="A-B 20",
        kinds="job: {share: 50%, exposure: 2, crew: 2}\nsafe: {share: 50%}",
        teams="One: {base: A, crew: 1}\n"
        "Two: {base: B, crew: 1, limits: {minimum_rest: 2 h, exposing_callouts: 1}}",
    )  # fmt: skip
    day = answered(text)

    assert day.mission(0, 1)[-1] == "stood down"
    assert day.team(1) == "Two"
    assert rests(day) == []


@pytest.mark.parametrize("queue", ["priority", "preemptive_priority"])
def test_a_team_on_its_last_exposing_callout_is_not_taken_from_it(queue):
    """It would be sent on, though it has to rest; so the urgent one waits for it, and its rest."""
    text = hand_worked(
        "00:00 A job 30",
        "00:10 A safe",
        kinds="job: {share: 50%, exposure: 1, priority: 3}\nsafe: {share: 50%, priority: 1}",
        teams="T: {base: A, limits: {minimum_rest: 1 h, exposing_callouts: 1}}",
        rest=f"policies: {{p: {{queue: {queue}}}}}",
    )
    day = answered(text)

    assert day.mission(0) == (0, 0, 0, 30, "completed")
    assert day.minutes(1, "dispatched") == 90


def test_at_the_instant_of_its_limit_a_team_begins_no_break():
    """Its hours end at 01:00, when it would begin one; after the rest the window is over."""
    text = hand_worked(
        teams="T: {base: A, breaks: [{duration: 30 min, between: 01:00-01:30}], "
        "limits: {minimum_rest: 1 h, hours_on_duty: 1 h}}",
        run="2 h",
    )
    day = answered(text)

    assert {e.what for e in day.log.events} == {"mandatory rest", "break missed"}


def test_at_the_instant_of_its_limit_a_team_is_not_sent():
    """
    Work that waits until two are free; at 12:00 U comes on duty, and T's twelve hours are over.

    T is there again at 20:00, U gone at 19:00: it is done at 23:00, when it has waited enough.
    """
    text = hand_worked(
        "11:00 A job",
        kinds="job: {share: 100%, deferrable: {min_free_teams: 1, max_hold: 12 h}}",
        teams=f"{LIMITED}\nU: {{base: A, shifts: [late]}}",
        rest="shifts: {late: {hours: 12:00-19:00}}",
    )
    day = answered(text)

    assert day.minutes(0, "dispatched") == 1380


def test_a_rest_of_the_warm_up_that_lasts_beyond_it_is_in_the_log():
    """The run begins at 12:00 the day before: on until midnight, rested at 08:00 (480)."""
    text = hand_worked("01:00 A job", teams=LIMITED).replace(
        "length: 1 day", "length: 1 day, warm_up: 12 h"
    )
    day = answered(text)

    assert rests(day)[0] == (0, 480, None)
    assert day.minutes(0, "dispatched") == 480
