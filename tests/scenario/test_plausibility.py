"""Values outside the range that services know are asked about, and usual ones are not."""

import pytest

from .conftest import SMALL

DESK = "bases:\n  Jablah: {}"


def told(desk, *changes):
    found = desk.read(*changes).warnings
    return [(w.where, w.text[w.column - 1 :][: w.width], w.message, w.help) for w in found]


@pytest.mark.parametrize(
    ("old", "new", "where", "message", "help"),
    [
        ("day: 45 km/h", "day: 550 km/h", "map.roads.speed.day",
         "a speed of 550 km/h: is that meant?", "usually 3 to 250 km/h"),
        ("day: 45 km/h", "day: 45 km/h, night: 1 km/h", "map.roads.speed.night",
         "a speed of 1 km/h: is that meant?", "usually 3 to 250 km/h"),
        ("circuity: 1.35", "circuity: 4", "map.roads.circuity",
         "roads 4 times as long as the straight line: is that meant?", "usually 1.2 to 1.6"),
        (DESK, "dispatch_centre: {call_handling: 2 h}\n" + DESK, "dispatch_centre.call_handling",
         "a call handling of 2 h: is that meant?", "usually up to 1 h"),
        (DESK, "dispatch_centre: {turnout: {mean: 90 min, sd: 5 min}}\n" + DESK,
         "dispatch_centre.turnout", "a mean turnout of 1 h 30 min: is that meant?",
         "usually up to 1 h"),
        ("{median: 18 min, p90: 30 min}", "18 s", "demand.kinds.wounded.on_scene",
         "a time on scene of 18 s: is that meant?", "usually 1 min to 1 day"),
        ("{mean: 50 min, sd: 20 min}", "{mean: 50 h, sd: 20 min}", "demand.kinds.fire.on_scene",
         "a mean time on scene of 2 days 2 h: is that meant?", "usually 1 min to 1 day"),
        ("p90: 30 min", "p90: 30 h", "demand.kinds.wounded.on_scene",
         "a mean time on scene of", "usually 1 min to 1 day"),
        ("{mean: 50 min, sd: 20 min}", "{mean: 50 min, sd: 20 h}", "demand.kinds.fire.on_scene",
         "a standard deviation of 20 h over a mean of 50 min: is that meant?",
         "look at the units of the two"),
        ("within: 15 min", "within: 15 s", "targets.0.within",
         "a target of 15 s: is that meant?", "usually 1 min to 2 days"),
        ("crew: 4, cap", "crew: 400, cap", "teams.Jablah.crew",
         "400 people in one team: is that meant?", "several teams are written with count"),
    ],
)  # fmt: skip
def test_a_value_that_is_seldom_meant_is_asked_about(desk, old, new, where, message, help):
    ((_, _, said, way),) = [w for w in told(desk, (old, new)) if w[0] == where]

    assert said.startswith(message)
    assert way == help


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("day: 45 km/h", "day: 220 km/h"),
        ("day: 45 km/h", "day: 4 km/h"),
        (DESK, "dispatch_centre: {call_handling: 0 min, turnout: 30 min}\n" + DESK),
        ("{mean: 50 min, sd: 20 min}", "{distribution: exponential, mean: 12 h}"),
        ("{mean: 50 min, sd: 20 min}", "{mean: 50 min, sd: 3 h}"),
    ],
)
def test_a_value_that_services_know_is_not_asked_about(desk, old, new):
    """On foot, by helicopter, no handling at all, a search of half a day."""
    assert told(desk, (old, new), ("10 per day", "1 per day")) == []


def test_a_speed_in_a_table_is_asked_about_at_its_row(desk):
    desk.put("nodes.csv", "node,lat,lon\na,35.36,35.92\nb,35.53,35.79\n")
    desk.put("edges.csv", "from,to,km,kmh\na,b,30,60\na,b,30,550\nb,a,30,600\n")
    roads = "roads: {nodes: nodes.csv, edges: edges.csv}"

    (warning,) = desk.read(("roads: {circuity: 1.35, speed: {day: 45 km/h}}", roads)).warnings

    assert (warning.file.rsplit("/")[-1], warning.line, warning.column) == ("edges.csv", 3, 8)
    assert warning.message == (
        "a speed of 550 km/h: is that meant? (2 rows are slower or faster than usual)"
    )


def test_the_small_scenario_is_not_asked_about(desk):
    assert desk.read(text=SMALL).warnings == ()
