"""Where there are hundreds of errors, twenty are shown and the number of the others is right."""

import pytest

MANY = 150
REST = f"{MANY - 20} more errors are not shown; fix these first"
TEAMS = "  Lattakia: {base: Lattakia, count: 2}\n"
PLACES = (
    "  places:\n    Jablah: {lat: 35.36, lon: 35.92}\n"
    "    Lattakia: {lat: 35.53, lon: 35.79, weight: 3}\n"
)


def teams(written):
    return "".join(f"  T{i}: {{base: Jablah, {written}}}\n" for i in range(MANY))


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("crwe: 4", "unknown key 'crwe'"),
        ("crew: eight", "a whole number, found 'eight'"),
        ("shifts: [nite]", "no shift is called 'nite'"),
    ],
)
def test_errors_beyond_those_that_are_kept_are_counted(desk, written, said):
    *shown, last = desk.refused((TEAMS, TEAMS + teams(written)))

    assert len(shown) == 20
    assert all(said in m.message for m in shown)
    assert last.message == REST


@pytest.mark.parametrize(
    ("table", "row", "said"),
    [
        ("map: hospitals", "H{i},Latakya", "no place is called 'Latakya'"),
        ("map: places", "P{i},north,35.9,1", "lat must be a number, found 'north'"),
    ],
)
def test_errors_of_a_table_are_counted_as_well(desk, table, row, said):
    rows = "".join(row.format(i=i) + "\n" for i in range(MANY))
    if "hospitals" in table:
        desk.put("h.csv", "name,place\n" + rows)
        *shown, last = desk.refused(("{National: Lattakia}", "h.csv"))
    else:
        towns = "Jablah,35.36,35.92,1\nLattakia,35.53,35.79,3\n"
        desk.put("p.csv", "name,lat,lon,weight\n" + towns + rows)
        *shown, last = desk.refused((PLACES, "  places: p.csv\n"))

    assert len(shown) == 20
    assert all(said in m.message for m in shown)
    assert last.message == REST


def test_a_list_is_no_scenario(desk):
    (told,) = desk.refused(text="- name\n- small\n")

    assert told.line == 1
    assert told.message == "a scenario is a mapping of keys to values"


def test_a_table_without_a_row_is_told_by_what_it_lacks(desk):
    roads = "{circuity: 1.35, speed: {day: 45 km/h}}"
    desk.put("n.csv", "node,lat,lon\n")
    desk.put("e.csv", "from,to,km,kmh\n")
    told = desk.refused((roads, "{nodes: n.csv, edges: e.csv}"))

    assert "there is no node in this table" in [m.message for m in told]


def test_speeds_by_class_need_a_network_of_classes(desk):
    """They would change nothing: a table of edges has the speed of each."""
    roads = "{circuity: 1.35, speed: {day: 45 km/h}}"
    desk.put("n.csv", "node,lat,lon\na,35.36,35.92\nb,35.53,35.79\n")
    desk.put("e.csv", "from,to,km,kmh\na,b,28.5,60\n")

    warnings = desk.read((roads, "{nodes: n.csv, edges: e.csv, kmh: {primary: 50}}")).warnings

    assert [m.message for m in warnings] == [
        "speeds by class are for a `network`; a table of edges has its own"
    ]
