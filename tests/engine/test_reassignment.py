"""Teams on their way are sent on to the more urgent, and nobody is forgotten; minutes on paper."""

from ..worlds import answered, hand_worked

KINDS = "urgent: {share: 50%, priority: 1}\ncalm: {share: 50%, priority: 3}"
LINE = {"places": "A M B", "bases": "A B", "times": "A-M 10, M-B 10, A-B 20", "kinds": KINDS}
REASSIGN = "policies: {p: {dispatch: closest, reassignment: {by_priority: {saving: 3 min}}}}"


def test_a_team_on_its_way_goes_to_the_more_urgent_callout_it_can_reach_sooner():
    """
    One leaves A for B at 0 (20 min). At 8 an urgent callout in A: One is 8 min back, nobody else
    is free. It turns round, is there at 16, done at 26, then goes to B: there at 46.
    """
    text = hand_worked(
        "00:00 B calm", "00:08 A urgent", **LINE, teams="One: {base: A}", rest=REASSIGN
    )
    day = answered(text)

    assert day.mission(0) == (0, 0, None, 8, "reassigned")
    assert day.minutes(1, "dispatched", "on_scene", "cleared") == (8, 16, 26)
    assert day.minutes(0, "dispatched", "on_scene") == (26, 46)
    (decision,) = day.decisions("reassignment")
    assert (decision.subject, decision.chosen) == (1, 0)
    assert decision.arrivals == [8 * 60_000]


def test_the_callout_left_behind_is_served_at_once_by_whoever_is_free():
    """Two waits at B all the time: it takes over the callout in M at 4, and is there at 14."""
    text = hand_worked(
        "00:00 M calm",
        "00:04 A urgent",
        **LINE,
        teams="One: {base: A}\nTwo: {base: B}",
        rest=REASSIGN,
    )
    day = answered(text)

    assert day.teams(0) == ["One", "Two"]
    assert day.mission(1) == (4, 4, 8, 18, "completed")
    assert day.mission(0, 1) == (4, 4, 14, 24, "completed")


def test_no_team_is_diverted_where_it_saves_too_little():
    """In A at 4, One would be back at 8; Three, free in M, would be there at 14: 10 are saved."""
    world = {**LINE, "bases": "A B M"}
    teams = "One: {base: A}\nThree: {base: M, capabilities: [x]}"
    text = hand_worked("00:00 B calm", "00:04 A urgent", **world, teams=teams, rest=REASSIGN)
    calm, urgent = answered(text), answered(text.replace("3 min}", "11 min}"))

    assert calm.team(1) == "One" if calm.teams(0)[0] == "One" else "Three"
    assert not urgent.decisions("reassignment")


def test_a_callout_loses_no_more_teams_than_allowed():
    """One is sent to B, taken away at 5; sent again at 20, it is left alone at 25."""
    text = hand_worked(
        "00:00 B calm",
        "00:05 A urgent 5",
        "00:20 A urgent 5",
        **LINE,
        teams="One: {base: A}",
        rest=REASSIGN,
    )
    day = answered(text)

    assert [m.ending for m in day.by_callout[0]] == ["reassigned", "completed"]
    assert day.minutes(0, "on_scene") == 35
    assert day.minutes(2, "dispatched") == 45


def test_a_team_whose_shift_is_over_is_not_sent_on_to_another_callout():
    """
    One's shift ends at 5, on its way to B (20 min): it finishes that, and the urgent callout in A
    at 8, eight minutes back, is Two's, who comes on duty at 60.
    """
    text = hand_worked(
        "00:00 B calm",
        "00:08 A urgent",
        **LINE,
        teams="One: {base: A, shifts: [first]}\nTwo: {base: A, shifts: [second]}",
        rest=REASSIGN + "\nshifts: {first: {hours: 00:00-00:05}, second: {hours: 01:00-02:00}}",
    )
    day = answered(text)

    assert day.mission(0) == (0, 0, 20, 30, "completed")
    assert (day.team(1), day.minutes(1, "dispatched")) == ("Two", 60)


def test_equals_are_never_diverted_from_each_other():
    text = hand_worked(
        "00:00 B calm", "00:02 A calm", **LINE, teams="One: {base: A}", rest=REASSIGN
    )

    assert [m.ending for m in answered(text).by_callout[0]] == ["completed"]


def test_a_team_still_getting_ready_leaves_as_soon_as_it_is():
    """Turnout 4 min from 0; reassigned at 2 to M, it leaves at 4 and is there at 14."""
    text = hand_worked(
        "00:00 B calm",
        "00:02 M urgent",
        **LINE,
        teams="One: {base: A}",
        rest=REASSIGN + "\ndispatch_centre: {turnout: 4 min}",
    )
    day = answered(text)

    assert day.mission(0) == (0, None, None, 2, "reassigned")
    assert day.minutes(1, "en_route", "on_scene") == (4, 14)


def test_the_more_urgent_take_a_team_from_the_scene_where_the_rule_is_pre_emptive():
    """
    One works 30 min on a calm callout from 0. At 10 an urgent one comes (10 min): One leaves, is
    done at 20, and goes on with the 20 min of work that were left: done at 40.
    """
    text = hand_worked(
        "00:00 A calm 30",
        "00:10 A urgent 10",
        kinds=KINDS,
        rest="policies: {p: {queue: preemptive_priority}}",
    )
    day = answered(text)

    assert day.mission(0) == (0, 0, 0, 10, "preempted")
    assert day.mission(1) == (10, 10, 10, 20, "completed")
    assert day.mission(0, 1) == (20, 20, 20, 40, "completed")


def test_who_is_served_next_is_in_the_log_with_those_who_waited():
    """Two wait from 1 and 2 while One works until 10: the urgent one first."""
    text = hand_worked("00:00 A calm", "00:01 A calm", "00:02 A urgent", kinds=KINDS)
    (decision,) = answered(text).decisions("queue")

    assert (decision.at, decision.chosen) == (10 * 60_000, 2)
    assert list(decision.candidates) == [2, 1]
    assert list(decision.arrivals) == [8 * 60_000, 9 * 60_000]
    assert decision.why
