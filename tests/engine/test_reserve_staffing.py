"""Teams called in beyond the roster; minutes on paper."""

from ..worlds import answered, hand_worked

TEAMS = """One: {base: A}
Two: {base: A, reserve: {delay: 20 min, duration: 2 h, minimum_rest: 3 h}}"""


def events(day):
    return [(e.at // 60_000, e.what, e.team) for e in day.log.events]


def rest(rule):
    return f"policies: {{p: {{staffing: {rule}}}}}"


def test_a_team_in_reserve_does_nothing_under_a_fixed_roster():
    """One works until 60, and the second callout waits."""
    day = answered(hand_worked("00:00 A job 60", "00:05 A job", teams=TEAMS))

    assert day.minutes(1, "dispatched") == 60
    assert events(day) == []


def test_a_callout_that_waits_brings_a_team_in_after_its_delay():
    """At 5 somebody waits: Two is on duty at 25, until 145, and may come again at 325."""
    text = hand_worked(
        "00:00 A job 60",
        "00:05 A job",
        "03:00 A job 60",
        "03:05 A job",
        teams=TEAMS,
        rest=rest("{call_in: {free_below: 0}}"),
    )
    day = answered(text)

    assert day.minutes(1, "dispatched") == 25
    assert events(day)[:3] == [(5, "called in", 1), (25, "on duty", 1), (145, "off duty", 1)]
    assert day.minutes(3, "dispatched") == 240  # resting, so nobody could be called at 185
    (decision, *_) = day.decisions("staffing")
    assert (decision.chosen, decision.why) == (1, "1 waiting")


def test_few_free_teams_bring_one_in_before_anybody_waits():
    """At 0 nobody is left free, fewer than 1."""
    text = hand_worked("00:00 A job 60", teams=TEAMS, rest=rest("{call_in: {free_below: 1}}"))

    assert events(answered(text))[0] == (0, "called in", 1)


def test_neighbours_are_asked_when_callouts_pile_up():
    """Two wait at 10: the neighbours, 60 min away, are on duty at 70 and serve the first."""
    teams = TEAMS + "\nThem: {base: A, reserve: {delay: 60 min}}"
    text = hand_worked(
        "00:00 A job 90",
        "00:05 A job 90",
        "00:10 A job 90",
        teams=teams,
        rest=rest("{mutual_aid: {outside: [Them], free_below: 0, waiting_from: 2}}"),
    )
    day = answered(text)

    assert (10, "called in", 2) in events(day)
    assert day.minutes(1, "dispatched") == 70


def test_a_surge_brings_half_the_reserve_and_then_the_other_half():
    """
    Four in reserve, 60 min on and 60 off, no delay. At 0 two come; at 60 the others take over,
    at 120 the first again, for as long as nobody else is free.
    """
    reserve = "{delay: 0 min, duration: 1 h, minimum_rest: 1 h}"
    teams = f"One: {{base: A}}\nRes: {{base: A, count: 4, reserve: {reserve}}}"
    text = hand_worked(
        "00:00 A job 600", teams=teams, run="4 h", rest=rest("{surge: {free_below: 5}}")
    )
    on = [(at, team) for at, what, team in events(answered(text)) if what == "on duty"]

    assert on[:6] == [(0, 1), (0, 2), (60, 3), (60, 4), (120, 1), (120, 2)]


def test_demand_brings_in_what_the_roster_lacks():
    """
    Two callouts an hour of one hour's work keep 2 teams busy; with 1 standard deviation more,
    2 + sqrt(2) = 3.4, four are wanted. One is on duty, so three are called at the first full hour.
    """
    teams = "One: {base: A}\nRes: {base: A, count: 5, reserve: {delay: 0 min}}"
    text = hand_worked(
        teams=teams,
        run="3 h",
        kinds="job: {share: 100%, on_scene: 60 min}",
        rest=rest("{demand_following: {beta: 1.0, at_least: 2 h}}"),
    ).replace("  callouts: []", "  rate: 48 per day")
    called = [(at, team) for at, what, team in events(answered(text)) if what == "called in"]

    assert [team for at, team in called if at == 60] == [1, 2, 3] or called[0][0] < 60
    assert len({team for _, team in called[:3]}) == 3


def test_a_called_in_team_finishes_what_it_has_in_hand():
    """On duty 20 to 140 min; its callout lasts until 205."""
    text = hand_worked(
        "00:00 A job 600", "00:05 A job 180", teams=TEAMS, rest=rest("{call_in: {free_below: 0}}")
    )

    assert answered(text).mission(1) == (25, 25, 25, 205, "completed")
