"""Places far from all others are told: with swapped, unsigned or mistyped coordinates."""

import pytest

from .conftest import SMALL

PLACES = """\
name,lat,lon
Lattakia,35.53,35.79
Jablah,35.36,35.92
Banyas,35.18,35.95
Tartous,34.89,35.89
Safita,34.82,36.12
Al-Haffa,35.60,36.03
"""
PLACE = "    Lattakia: {lat: 35.53, lon: 35.79, weight: 3}"
INLINE = (
    "    Banyas: {lat: 35.18, lon: 35.95}\n    Tartous: {lat: 34.89, lon: 35.89}\n"
    "    Safita: {lat: 34.82, lon: 36.12}\n    Al-Haffa: {lat: 35.60, lon: 36.03}"
)


def in_table(desk, old, new):
    assert old in PLACES
    desk.put("p.csv", PLACES.replace(old, new))
    start, end = SMALL.index("  places:"), SMALL.index("  roads:")
    text = f"{SMALL[:start]}  places: p.csv\n{SMALL[end:]}".replace(
        "10 per day", "10 per day\n  where: equal"
    )
    return desk.read(text=text).warnings


@pytest.mark.parametrize(
    ("old", "new", "line", "said", "help"),
    [
        ("34.82,36.12", "36.12,34.82", 6, "km with lat and lon swapped",
         "did you mean lat: 34.82, lon: 36.12?"),
        ("34.82,36.12", "34.82,-36.12", 6, "from the middle of all places",
         "did you mean lat: 34.82, lon: 36.12?"),
        ("34.82,36.12", "34.82,3.612", 6, "from the middle of all places",
         "look at lat and lon, in degrees"),
    ],
)  # fmt: skip
def test_a_place_far_from_all_others_is_told_at_its_row(desk, old, new, line, said, help):
    (warning,) = in_table(desk, old, new)

    assert (warning.file.rsplit("/")[-1], warning.line, warning.column) == ("p.csv", line, 8)
    assert warning.message.startswith("'Safita' lies ")
    assert said in warning.message
    assert warning.help == help


def test_a_place_written_in_the_scenario_is_told_at_its_name(desk):
    swapped = INLINE.replace("lat: 34.82, lon: 36.12", "lat: 36.12, lon: 34.82")

    (warning,) = desk.read((PLACE, f"{PLACE}\n{swapped}")).warnings

    assert (warning.where, warning.line) == ("map.places.Safita", 9)


@pytest.mark.parametrize(("old", "new"), [("34.82,36.12", "34.73,36.71"), ("35.60", "35.90")])
def test_a_place_that_is_merely_remote_is_not_told(desk, old, new):
    """Homs, 70 km inland, is a place as others are."""
    assert in_table(desk, old, new) == ()


def test_a_place_off_the_roads_because_of_swapped_coordinates_is_told_so(desk):
    desk.put("nodes.csv", "node,lat,lon\na,35.36,35.92\nb,35.53,35.79\n")
    desk.put("edges.csv", "from,to,km,kmh\na,b,30,60\n")
    roads = "roads: {nodes: nodes.csv, edges: edges.csv}"

    (error,) = desk.refused(
        ("roads: {circuity: 1.35, speed: {day: 45 km/h}}", roads),
        ("lat: 35.53, lon: 35.79", "lat: 35.79, lon: 35.53"),
    )

    assert error.help == "lat and lon look swapped: did you mean lat: 35.53, lon: 35.79?"
