"""Bases that open and close, in minutes on paper: where teams of other bases wait."""

from ..worlds import answered, hand_worked

# a freed team fills North first, which has no team of its own, ten minutes from A
COVER = "policies: {p: {relocation: {priority_list: {order: [North, A]}}}}"


def covered(*callouts, dates):
    text = hand_worked(*callouts, places="A B", bases="A North=B", times="A-B 10", rest=COVER)
    return answered(text.replace("North: {place: B}", f"North: {{place: B, {dates}}}"))


def test_no_team_is_sent_to_a_base_that_is_not_open_yet():
    """North opens at 60: cleared at 10 the team goes home, cleared at 80 it waits in North."""
    day = covered(
        "00:00 A job", "00:15 A job", "01:10 A job", "01:35 A job", dates="from: day 1 01:00"
    )

    assert [d.why for d in day.decisions("relocation")][0::2] == [
        "slot 2 of the list is the first not filled",
        "slot 1 of the list is the first not filled",
    ]
    assert [day.minutes(n, "on_scene") for n in range(4)] == [0, 15, 70, 105]


def test_who_waits_at_a_base_that_closes_drives_home():
    """
    Cleared at 10 it is in North at 20. North closes at 60: it is home at 70.

    At 65 it is half way, five minutes from A; at 90 it has long been there.
    """
    on_the_way = covered("00:00 A job", "01:05 A job", dates="until: day 1 01:00")
    home = covered("00:00 A job", "01:30 A job", dates="until: day 1 01:00")
    waits = covered("00:00 A job", "01:30 A job", dates="until: day 1 02:00")

    assert on_the_way.minutes(1, "dispatched", "on_scene") == (65, 70)
    assert home.minutes(1, "on_scene") == 90
    assert waits.minutes(1, "on_scene") == 100


def test_who_is_bound_for_a_base_that_closes_turns_round():
    """Cleared at 10 it is half way to North at 15, when North closes: home at 20."""
    day = covered("00:00 A job", "00:20 A job", dates="until: day 1 00:15")

    assert day.minutes(1, "on_scene") == 20
