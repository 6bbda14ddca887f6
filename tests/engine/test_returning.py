"""A team on its way home: sent on from where it is; numbers on paper, in minutes."""

import pytest

from ..worlds import answered, hand_worked

# sent at 0, moving at 2, in B from 12 to 22, home in A at 32
OUT = {"places": "A B", "times": "A-B 10"}
DESK = "dispatch_centre: {turnout: 2 min}"


def test_a_team_on_its_way_home_turns_round_without_turnout():
    """At 25 it is three minutes out of B."""
    day = answered(hand_worked("00:00 B job", "00:25 B job", **OUT, rest=DESK))

    assert day.minutes(0, "en_route", "on_scene", "cleared") == (2, 12, 22)
    assert day.minutes(1, "dispatched", "en_route", "on_scene") == (25, 25, 28)


def test_a_team_on_its_way_home_goes_on_where_that_is_sooner():
    """At 29 it is three minutes from A."""
    day = answered(hand_worked("00:00 B job", "00:29 A job", **OUT, rest=DESK))

    assert day.minutes(1, "en_route", "on_scene") == (29, 32)


def test_a_team_may_be_sent_on_again_and_again():
    """
    At 25 it turns round for B: there at 28, done at 29, home by 39. At 30 it is one minute out
    and turns round again: there at 31, done at 32.
    """
    four = ["00:00 B job", "00:25 B job 1", "00:30 B job 1"]
    day = answered(hand_worked(*four, **OUT, rest=DESK))

    assert day.minutes(1, "on_scene", "cleared") == (28, 29)
    assert day.minutes(2, "dispatched", "on_scene", "cleared") == (30, 31, 32)


def test_a_team_that_reaches_home_rests_from_that_instant():
    """At 32 it is home, and must turn out again: moving at 34."""
    day = answered(hand_worked("00:00 B job", "00:32 B job", **OUT, rest=DESK))

    assert day.minutes(1, "dispatched", "en_route", "on_scene") == (32, 34, 44)


def test_a_team_that_clears_into_a_queue_needs_no_turnout():
    """1 waits since 15; at 22 the team is clear in B with its engine running."""
    day = answered(hand_worked("00:00 B job", "00:15 B job", **OUT, rest=DESK))

    assert day.minutes(1, "dispatched", "en_route", "on_scene") == (22, 22, 22)


@pytest.mark.parametrize(
    ("at", "sent"), [("00:15", 32), ("00:25", 32), ("00:32", 32), ("00:40", 40)]
)
def test_a_team_that_must_not_be_sent_on_waits_until_it_is_home(at, sent):
    """Home at 32 at the earliest, then two minutes of turnout and ten of road."""
    rest = "dispatch_centre: {turnout: 2 min, dispatch_while_returning: false}"
    day = answered(hand_worked("00:00 B job", f"{at} B job", **OUT, rest=rest))

    assert day.minutes(1, "dispatched", "en_route", "on_scene") == (sent, sent + 2, sent + 12)


@pytest.mark.parametrize(("at", "sent"), [("00:15", 22), ("00:25", 32), ("00:40", 40)])
def test_a_cleared_team_goes_straight_to_a_pending_callout_where_that_is_the_rule(at, sent):
    """Cleared in B at 22: what is pending then is served without turnout, what comes later at A."""
    desk = "turnout: 2 min, dispatch_while_returning: false, dispatch_when_cleared: true"
    day = answered(
        hand_worked("00:00 B job", f"{at} B job", **OUT, rest=f"dispatch_centre: {{{desk}}}")
    )

    on_scene = sent if sent == 22 else sent + 12
    assert day.minutes(1, "dispatched", "on_scene") == (sent, on_scene)


def test_a_cleared_team_that_no_pending_callout_can_use_drives_home_all_the_same():
    """The rope is pending from 1; at 25 the next job comes, and One is sent at 30, when home."""
    desk = "dispatch_while_returning: false, dispatch_when_cleared: true"
    text = hand_worked(
        "00:00 B rope 300",
        "00:00 B job",
        "00:01 B rope",
        "00:25 B job",
        **OUT,
        kinds="job: {share: 50%}\nrope: {share: 50%, needs: [rope]}",
        teams="One: {base: A}\nRope: {base: A, capabilities: [rope]}",
        rest=f"dispatch_centre: {{{desk}}}",
    )

    assert answered(text).minutes(3, "dispatched", "on_scene") == (30, 40)


def test_with_no_way_home_a_team_stands_by_where_it_is():
    """A one-way road to B: the team rests there from 20, and turns out for the next one."""
    text = hand_worked("00:00 B job", "00:40 B job", places="A B", times="A>B 10", rest=DESK)
    day = answered(text)

    assert day.minutes(1, "dispatched", "en_route", "on_scene") == (40, 42, 42)


GEO = """
name: geo
clock: {{start: 2025-01-06 {start}, length: 1 day, timezone: UTC}}
map:
  places:
    W: {{lat: 0, lon: 0}}
    E: {{lat: 0, lon: 0.1078}}
    N: {{lat: 0.08085, lon: 0.0539}}
  {roads}
demand:
  kinds: {{job: {{share: 100%, on_scene: 8 min}}}}
  callouts: {callouts}
bases: {{W: {{}}}}
teams: {{T: {{base: W}}}}
"""
STRAIGHT = "roads: {circuity: 1, speed: {day: 60 km/h, night: 30 km/h}}"
NETWORK = "roads: {nodes: nodes.csv, edges: edges.csv, speed: {night: 50%}}"
NODES = "node,lat,lon\nW,0,0\nJ,0,0.0539\nE,0,0.1078\nN,0.08085,0.0539\n"
EDGES = "from,to,km,kmh\nW,J,6,60\nJ,E,6,60\nJ,N,9,60\n"


def geo(roads, *callouts, start="08:00", edges=EDGES):
    listed = ", ".join(
        f"{{at: day {day} {at}, place: {place}, kind: job}}" for day, at, place in callouts
    )
    text = GEO.format(roads=roads, callouts=f"[{listed}]", start=start)
    return answered(text, nodes=NODES, edges=edges)


def test_on_straight_lines_a_team_is_sent_on_from_its_point():
    """
    E lies 12 km east of W, N 9 km north of the middle; 1 km a minute. In E from 12 to 20; at 26
    half-way home, so in N at 35. From W it would be 10.8 minutes.
    """
    day = geo(STRAIGHT, (1, "08:00", "E"), (1, "08:26", "N"))

    assert day.minutes(0, "on_scene", "cleared") == (12, 20)
    assert day.minutes(1, "dispatched", "en_route", "on_scene") == (26, 26, 35)


def test_on_a_network_a_team_goes_on_through_the_next_junction():
    """W, J and E lie on a road, N off J. In E from 12 to 20; at 23 three from J, in N at 35."""
    day = geo(NETWORK, (1, "08:00", "E"), (1, "08:23", "N"))

    assert day.minutes(0, "on_scene", "cleared") == (12, 20)
    assert day.minutes(1, "dispatched", "en_route", "on_scene") == (23, 23, 35)


def test_on_a_network_a_team_may_turn_round_on_the_road():
    """At 23 it is three minutes out of E and goes back there."""
    day = geo(NETWORK, (1, "08:00", "E"), (1, "08:23", "E"))

    assert day.minutes(1, "on_scene") == 26


def test_on_a_network_a_team_sent_on_twice_keeps_to_the_road():
    """
    At 23 sent to N by J (26); cleared at 43 there, home by J (52) in W at 58. At 50 sent to E:
    two to J, six more: 58.
    """
    day = geo(NETWORK, (1, "08:00", "E"), (1, "08:23", "N"), (1, "08:50", "E"))

    assert day.minutes(1, "on_scene", "cleared") == (35, 43)
    assert day.minutes(2, "dispatched", "on_scene") == (50, 58)


def test_nobody_turns_back_on_a_one_way_road():
    """
    To E by J and N: 24. At 32 clear; at 35 three minutes down the one-way road to J. Back up it
    would be 38; the legal way is three to J, nine to N, nine to E: 56.
    """
    edges = "from,to,km,kmh,one_way\nW,J,6,60,no\nE,J,6,60,yes\nJ,N,9,60,no\nN,E,9,60,yes\n"
    day = geo(NETWORK, (1, "08:00", "E"), (1, "08:35", "E"), edges=edges)

    assert day.minutes(0, "on_scene", "cleared") == (24, 32)
    assert day.minutes(1, "dispatched", "on_scene") == (35, 56)


@pytest.mark.parametrize("roads", [STRAIGHT, NETWORK])
@pytest.mark.parametrize(
    ("at", "drive"), [("19:59", 12), ("20:00", 24), ("05:59", 24), ("06:00", 12)]
)
def test_a_drive_takes_the_speed_of_the_hour_in_which_it_begins(roads, at, drive):
    """Night from 20:00 to 06:00 at half the speed: 12 km in 24 minutes."""
    day = geo(roads, (1, at, "E"), start="00:00")

    row = day.callouts[0]
    assert (row.on_scene - row.en_route) / 60_000 == drive


def test_a_team_stood_down_before_it_moves_can_be_sent_while_it_drives_to_a_standby_point():
    """
    Two does One's and its own work by 2, while One still turns out and another callout waits for
    the rope. Both are moved from A to B then; at 10 both are eight minutes out and turn round.
    """
    text = hand_worked(
        "00:00 A rope 300",
        "00:00 A rope",
        "00:00 A job 1",
        "00:10 A job",
        places="A B",
        bases="A B",
        times="A-B 30",
        kinds="job: {share: 50%, crew: 4}\nrope: {share: 50%, crew: 1, needs: [rope]}",
        teams="One: {base: A, crew: 2, turnout: 10 min}\nTwo: {base: A, crew: 2}\n"
        "Three: {base: A, capabilities: [rope]}",
        rest="policies: {p: {relocation: {dmexclp: {within: 5 min}}}}",
    )
    day = answered(text.replace("    B: {}", "    B: {weight: 9}"))

    assert day.mission(2) == (0, None, None, 2, "stood down")
    assert day.mission(3) == (10, 10, 18, 28, "completed")
    assert day.mission(3, 1) == (10, 10, 18, 28, "completed")
