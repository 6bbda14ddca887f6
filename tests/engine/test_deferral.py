"""Work that can wait: never before others, begun while others stay covered; minutes on paper."""

from sim.log import Event

from ..worlds import answered, hand_worked

KINDS = """
urgent: {share: 50%, priority: 3}
dead: {share: 50%, priority: 1, deferrable: {min_free_teams: 1, max_hold: 2 h}}
"""


def held(day):
    return [(e.at // 60_000, e.callout, e.until // 60_000) for e in day.log.events
            if e.what == Event.HELD]  # fmt: skip


def test_work_that_can_wait_is_begun_at_once_while_enough_teams_stay_free():
    text = hand_worked("00:05 A dead", kinds=KINDS, teams="T: {base: A, count: 2}")

    day = answered(text)

    assert day.minutes(0, "dispatched") == 5
    assert held(day) == []


def test_it_waits_while_too_few_teams_would_stay_free():
    """Of two teams one is out from 0 to 30; the other is kept for the living until then."""
    text = hand_worked(
        "00:00 A urgent 30", "00:05 A dead", kinds=KINDS, teams="T: {base: A, count: 2}"
    )

    day = answered(text)

    assert day.minutes(1, "dispatched") == 30
    assert held(day) == [(5, 1, 125)]


def test_it_is_never_starved_by_the_reserve():
    """The only team there is would always be kept; after two hours it goes all the same."""
    day = answered(hand_worked("00:05 A dead", kinds=KINDS))

    assert day.minutes(0, "dispatched") == 125


def test_it_never_goes_before_the_living_whatever_their_priorities():
    """Both wait for the one team: the dead since 5 with priority 1, the living since 10 with 3."""
    text = hand_worked("00:00 A urgent 200", "00:05 A dead", "02:30 A urgent", kinds=KINDS)

    day = answered(text)

    assert day.minutes(2, "dispatched") == 200
    assert day.minutes(1, "dispatched") == 210


def test_it_goes_to_a_team_that_nobody_living_who_waits_could_use():
    """The living wait for a rope that only B has; the dead need none and are not held for it."""
    text = hand_worked(
        "00:00 A tall 300",
        "00:05 A tall",
        "00:10 A dead",
        kinds="tall: {share: 50%, priority: 2, needs: [rope]}\n"
        "dead: {share: 50%, deferrable: {min_free_teams: 1, max_hold: 20 min}}",
        teams="B: {base: A, capabilities: [rope]}\nC: {base: A}",
    )

    day = answered(text)

    assert day.minutes(2, "dispatched") == 30
    assert day.minutes(1, "dispatched") == 300


def test_it_takes_no_team_from_anybody():
    """A queue that pre-empts does so for the living alone."""
    text = hand_worked(
        "00:00 A urgent 100", "00:05 A dead", kinds=KINDS,
        rest="policies: {p: {queue: preemptive_priority}}",
    )  # fmt: skip

    day = answered(text)

    assert day.minutes(1, "dispatched") == 125
    assert day.mission(0) == (0, 0, 0, 100, "completed")


def test_where_nobody_waits_it_is_like_any_other():
    """A loss system has no queue in which to hold anything back."""
    text = hand_worked("00:05 A dead", kinds=KINDS, rest="policies: {p: {queue: none}}")

    assert answered(text).minutes(0, "dispatched") == 5
