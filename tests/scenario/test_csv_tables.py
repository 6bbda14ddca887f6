"""Tables are read as spreadsheets write them; a wrong cell is told by file, row and column."""

from __future__ import annotations

import os

import pytest

from .conftest import SMALL

BEGIN, END = SMALL.index("  places:"), SMALL.index("  hospitals:")
NETWORK = (
    SMALL[:BEGIN]
    + "  places: places.csv\n  roads: {nodes: nodes.csv, edges: edges.csv}\n"
    + SMALL[END:]
)
PLACES = (
    "name,name_ar,lat,lon,weight,people\nJablah,جبلة,35.36,35.92,1,10\nLattakia,,35.53,35.79,3,90\n"
)
NODES = "node,lat,lon\na,35.36,35.921\nb,35.53,35.79\n"
EDGES = "from,to,km,kmh\na,b,28.5,60\n"


def network(desk, places=PLACES, nodes=NODES, edges=EDGES, *changes):
    for name, text in (("places.csv", places), ("nodes.csv", nodes), ("edges.csv", edges)):
        desk.put(name, text)
    return desk.read(*changes, text=NETWORK)


def network_refused(desk, places=PLACES, nodes=NODES, edges=EDGES, *changes):
    for name, text in (("places.csv", places), ("nodes.csv", nodes), ("edges.csv", edges)):
        desk.put(name, text)
    return desk.refused(*changes, text=NETWORK)


def test_a_network_is_read(desk):
    found = network(desk)

    assert [(p.name, p.name_ar, p.area, p.weight) for p in found.places] == [
        ("Jablah", "جبلة", "Jablah", 1.0),
        ("Lattakia", None, "Lattakia", 3.0),
    ]
    (edge,) = found.edges
    assert (edge.start, edge.end, edge.metres, edge.kmh, edge.one_way) == (
        "a",
        "b",
        28_500,
        60,
        False,
    )
    assert found.warnings == ()


def test_semicolons_decimal_commas_and_a_byte_order_mark_are_read(desk):
    """That is how a spreadsheet saves a table in much of the world."""
    places = "\ufeff" + PLACES.replace(",", ";").replace(".", ",")

    assert network(desk, places).places == network(desk).places


def test_arabic_digits_are_read(desk):
    found = network(desk, PLACES.replace("35.36,", "٣٥٫٣٦,"))

    assert found.places[0].lat == 35.36


def test_a_table_that_is_not_utf_8_says_how_to_save_it(desk):
    (diagnostic, *_) = network_refused(desk, PLACES.encode("cp1256"))

    assert diagnostic.file.endswith("places.csv")
    assert (diagnostic.line, diagnostic.column) == (2, 8)
    assert "CSV UTF-8" in diagnostic.help


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "where", "said"),
    [
        ("35.36", "thirty", 2, 13, "column lat", "lat must be a number, found 'thirty'"),
        ("35.36", "95.36", 2, 13, "column lat", "from -90 to 90, found 95.36"),
        ("35.92", "", 2, 19, "column lon", "lon must be a number, found ''"),
        ("35.92", "nan", 2, 19, "column lon", "must be a number, found 'nan'"),
        ("35.92", "1e999", 2, 19, "column lon", "must be a number"),
        (",3,90", ",-3,90", 3, 23, "column weight", "at least 0, found -3"),
        ("Lattakia", "Jablah", 3, 1, "column name", "the place 'Jablah' is given twice"),
        ("Lattakia", '"Lata\nkia"', 3, 1, "column name", "line break"),
        ("Lattakia", "", 3, 1, "column name", "name is empty"),
        (",90", ",90,,7", 3, 28, "", "this row has 8 cells, the header has 6"),
        ("lon", "long", 1, 1, "", "the column 'lon' is missing"),
        ("people", "lat", 1, 29, "", "the column 'lat' is given twice"),
        ("Lattakia", '"Lattakia', 3, 1, "", "not readable as CSV"),
    ],
)
def test_a_wrong_cell_is_told_by_row_and_column(desk, old, new, line, column, where, said):
    diagnostic = network_refused(desk, PLACES.replace(old, new, 1))[0]

    assert diagnostic.file.endswith("places.csv")
    assert (diagnostic.line, diagnostic.column, diagnostic.where) == (line, column, where)
    assert said in diagnostic.message


@pytest.mark.parametrize(
    ("edges", "said", "help"),
    [
        ("from,to,km,kmh\na,bb,2,60\n", "no node is called 'bb'", "did you mean 'b'"),
        ("from,to,km,kmh\na,a,2,60\n", "from 'a' to itself", ""),
        ("from,to,km,kmh\na,b,-2,60\n", "from 0 to 20000, found -2", ""),
        ("from,to,km,kmh\na,b,2,0\n", "from 0.1 to 1000", ""),
        ("from,to,km,kmh,one_way\na,b,2,60,maybe\n", "yes or no, found 'maybe'", ""),
        ("from,to,km,speed\na,b,2,60\n", "the column 'kmh' is missing", ""),
        ("", "this table is empty", ""),
    ],
)
def test_a_wrong_edge_is_told(desk, edges, said, help):
    diagnostic = network_refused(desk, edges=edges)[0]

    assert diagnostic.file.endswith("edges.csv")
    assert said in diagnostic.message
    assert help in diagnostic.help


def test_a_place_too_far_from_any_road_is_named_with_its_distance(desk):
    """Lattakia's node moved by 0.01 degrees of latitude, 1.1 km."""
    (diagnostic,) = network_refused(desk, nodes=NODES.replace("35.53", "35.54"))

    assert "'Lattakia' lies 1.1 km from its nearest road node, 'b'" in diagnostic.message


def test_the_weight_column_that_is_missing_is_asked_for(desk):
    (diagnostic,) = network_refused(desk, PLACES.replace("weight", "w"))

    assert "no column 'weight'" in diagnostic.message
    assert "w and people" in diagnostic.help


def test_any_column_of_numbers_weighs_the_places(desk):
    found = network(
        desk, PLACES, NODES, EDGES, ("rate: 10 per day", "rate: 10 per day\n  where: people")
    )

    assert [p.weight for p in found.places] == [10.0, 90.0]


def test_weights_by_place_leave_the_others_without_demand(desk):
    found = desk.read(("rate: 10 per day", "rate: 10 per day\n  where: {Jablah: 2}"))

    assert [p.weight for p in found.places] == [2.0, 0.0]


def test_a_place_that_no_team_reaches_is_warned_of(desk):
    edges = "from,to,km,kmh,one_way\na,b,28.5,60,yes\n"
    changes = (
        ("Lattakia: {}", "Lattakia: {place: Jablah}"),
        ("Jablah: {}", "Jablah: {place: Lattakia}"),
        ("  Lattakia: {base: Lattakia, count: 2}\n", ""),
    )

    (warning,) = network(desk, PLACES, NODES, edges, *changes).warnings

    assert warning.warning
    assert "no team can reach 'Jablah': no road leads to it" in warning.message


TABLE = SMALL.replace("{circuity: 1.35, speed: {day: 45 km/h}}", "{table: times.csv}")


def test_a_table_of_times_is_read_in_its_unit_and_an_empty_cell_is_no_way(desk):
    desk.put("times.csv", "from,Jablah,Lattakia\nJablah,0,25.5\nLattakia,,0\n")

    assert desk.read(text=TABLE).times == {
        ("Jablah", "Jablah"): 0,
        ("Jablah", "Lattakia"): 1_530_000,
        ("Lattakia", "Lattakia"): 0,
    }


def test_times_written_in_the_scenario_are_the_same(desk):
    text = TABLE.replace("times.csv", "{Jablah: {Lattakia: 25.5 min}, Lattakia: {Jablah: null}}")

    assert desk.read(text=text).times == {("Jablah", "Lattakia"): 1_530_000}


@pytest.mark.parametrize(
    ("times", "line", "said"),
    [
        ("from,Jablah,Latakya\nJablah,0,5\n", 1, "no place is called 'Latakya'"),
        ("from,Jablah,Lattakia\nJabla,0,5\n", 2, "no place is called 'Jabla'"),
        ("from,Jablah,Lattakia\nJablah,0,soon\n", 2, "the time to Lattakia must be a number"),
        ("from,Jablah,Lattakia\nJablah,0,1\nJablah,0,1\n", 3, "is given twice"),
    ],
)
def test_a_wrong_table_of_times_is_told(desk, times, line, said):
    desk.put("times.csv", times)

    diagnostic = desk.refused(text=TABLE)[0]

    assert diagnostic.line == line
    assert said in diagnostic.message


def test_the_corner_of_a_table_of_times_may_be_empty(desk):
    """Spreadsheets leave the cell above the names of the rows empty."""
    desk.put("times.csv", ",Jablah,Lattakia\nJablah,0,25.5\nLattakia,20,0\n")

    times = desk.read(text=TABLE).times

    assert times["Jablah", "Lattakia"] == 1_530_000
    assert times["Lattakia", "Jablah"] == 1_200_000


def test_hospitals_are_read_and_looked_up(desk):
    desk.put("h.csv", "name,place,name_ar\nNational,Lattakia,الوطني\n")
    change = ("{National: Lattakia}", "h.csv")
    assert desk.read(change).hospitals[0].name_ar == "الوطني"

    desk.put("h.csv", "name,place\n")
    (diagnostic,) = desk.refused(change)
    assert diagnostic.message == "there is no hospital in this table"

    desk.put("h.csv", "name,place\nNational,Latakya\n")
    (diagnostic,) = desk.refused(change)
    assert (diagnostic.line, diagnostic.column, diagnostic.where) == (2, 10, "column place")


LISTED = SMALL.replace("rate: 10 per day", "callouts: callouts.csv")


def test_listed_callouts_are_sorted_by_time_and_those_after_the_run_left_out(desk):
    """The scenario starts at 06:00, so day 1 06:30 is half an hour after the start."""
    desk.put(
        "callouts.csv",
        "at,place,kind,on_scene\n"
        "day 2 00:00,Lattakia,fire,\n"
        "2025-03-06 06:30,Jablah,wounded,15 min\n"
        "day 30,Jablah,fire,\n",
    )

    found = desk.read(text=LISTED)

    assert [(c.at_ms, c.place, c.on_scene_ms) for c in found.callouts] == [
        (1_800_000, "Jablah", 900_000),
        (64_800_000, "Lattakia", None),
    ]
    assert "1 of 3 callouts come after the run" in found.warnings[0].message


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("day 1 05:59,Jablah,fire,", "before the start"),
        ("06:30,Jablah,fire,", "expected a moment"),
        ("day 1 07:00,Jabla,fire,", "no place is called 'Jabla'"),
        ("day 1 07:00,Jablah,fier,", "no kind is called 'fier'"),
        ("day 1 07:00,Jablah,fire,15", "needs a unit"),
    ],
)
def test_a_wrong_callout_is_told(desk, row, said):
    desk.put("callouts.csv", f"at,place,kind,on_scene\n{row}\n")

    (diagnostic,) = desk.refused(text=LISTED)

    assert diagnostic.line == 2
    assert said in diagnostic.message


def test_a_distribution_draws_from_the_values_of_a_file(desk):
    desk.put("times.csv", "minutes,other\n12,x\n,\n3.5,y\n")
    fire = ("{mean: 50 min, sd: 20 min}", "{file: times.csv, column: minutes, unit: min}")

    law = desk.read(fire).scenario.demand.kinds["fire"].on_scene

    assert law.distribution == "empirical"
    assert law.values == (210_000, 720_000)


def test_a_column_that_is_not_there_is_told(desk):
    desk.put("times.csv", "minutes,other\n12,x\n")

    diagnostics = desk.refused(
        ("{mean: 50 min, sd: 20 min}", "{file: times.csv, column: minuets, unit: min}")
    )

    assert diagnostics[0].help == "did you mean 'minutes'?"


def test_values_cannot_be_slipped_in_without_a_file(desk):
    (diagnostic,) = desk.refused(
        ("{mean: 50 min, sd: 20 min}", "{distribution: empirical, values: [1, 2]}")
    )

    assert "recorded values are read from a file" in diagnostic.message


@pytest.mark.parametrize(
    "name",
    [
        "../places.csv", "a/../../places.csv", "/etc/passwd", "~/places.csv", "C:places.csv",
        "\\\\host\\share", "file:///etc/passwd", "https://example.org/p.csv", "link.csv",
        "linked/places.csv", "folder", "fifo", "a/b/c/d/e/f/g/h/i.csv", "con", "nul.csv", "", ".",
        "/dev/zero", "places.csv/x",
    ],
)  # fmt: skip
def test_a_name_that_leads_anywhere_else_is_refused(desk, tmp_path, name):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "places.csv").write_text(PLACES)
    desk.folder = tmp_path / "inside"
    desk.put("places.csv", PLACES)
    (desk.folder / "link.csv").symlink_to(outside / "places.csv")
    (desk.folder / "linked").symlink_to(outside)
    (desk.folder / "folder").mkdir()
    os.mkfifo(desk.folder / "fifo")

    roads = "  roads: {circuity: 1.3, speed: {day: 45 km/h}}\n"

    (diagnostic,) = desk.refused(text=f"{SMALL[:BEGIN]}  places: '{name}'\n{roads}{SMALL[END:]}")

    assert diagnostic.where == "map.places"


def test_a_file_that_is_not_there_is_told_with_the_nearest(desk):
    desk.put("data/places.csv", PLACES)

    diagnostic = desk.refused(text=NETWORK.replace("places.csv", "data/plaices.csv"))[0]

    assert diagnostic.help == "did you mean 'data/places.csv'?"


def test_the_coast_is_read_and_borders_are_left_out(desk):
    line = '{"type": "LineString", "coordinates": [[35.7, 35.5], [35.8, 35.6, 12]]}'

    def feature(kind):
        return f'{{"type": "Feature", "properties": {{"kind": {kind}}}, "geometry": {line}}}'

    features = ", ".join(map(feature, ('"coastline"', '"admin1"', "null")))
    desk.put("c.geojson", f'{{"type": "FeatureCollection", "features": [{features}]}}')

    found = desk.read(("  roads:", "  coastline: c.geojson\n  roads:"))

    assert found.coastline == (((35.7, 35.5), (35.8, 35.6)),) * 2


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1]", '{"type": "LineString", "coordinates": [[NaN, 1]]}', "[" * 100_000,
     '{"type": "LineString", "coordinates": [[500, 1]]}', "9" * 10_000,
     '{"type": "LineString", "coordinates": [["x", true]]}'],
    ids=range(8),
)  # fmt: skip
def test_a_coast_that_is_no_geojson_is_told(desk, text):
    desk.put("c.geojson", text)

    (diagnostic,) = desk.refused(("  roads:", "  coastline: c.geojson\n  roads:"))

    assert diagnostic.where == "map.coastline"


@pytest.mark.parametrize("head", ["name," + "x" * 9000, ",".join(f"c{i}" for i in range(9000))])
def test_columns_are_listed_in_a_sentence(head, desk):
    """However long or many they are."""
    told = network_refused(desk, nodes=f"{head}\n")

    assert len([m for m in told if "is missing" in m.message]) >= 2
    assert max(len(m.help) for m in told) < 200
