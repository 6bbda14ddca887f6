"""A real record in place of generated callouts: what is read, converted, used and refused."""

from datetime import datetime

import pytest

from sim.scenario import render

from .test_record_tables import workbook

RATE = "  rate: 10 per day\n"
RECORD = """\
  record:
    file: past.csv
    columns: {callout: call, received: received, kind: group, place: town, unit: unit,
              entry: entry, dispatched: sent, en_route: moving, on_scene: there,
              left: left, at_hospital: hospital, cleared: free}
    unit: s
    timezone: Asia/Damascus
    kinds: {wounded: [Medical, Trauma], fire: [Fire]}
    uses: [handling, on_scene, transported, handover]
"""
HEAD = "call,received,group,town,unit,entry,sent,moving,there,left,hospital,free\n"
TWO_UNITS = (
    "7,2025-03-06T06:10:00,Medical,Jablah,E1,60,70,90,300,,,900\n"
    "7,2025-03-06T06:10:00,Medical,Jablah,A2,60,80,100,420,1500,2100,3000\n"
)
FIRE = "8,2025-03-06 07:00:00,Fire,Lattakia,E1,30,40,60,240,,,3840\n"


def read(desk, rows, *changes, record=RECORD, head=HEAD):
    desk.put("past.csv", head + rows)
    for old, new in changes:
        assert record.count(old) == 1, old
        record = record.replace(old, new)
    return desk.read((RATE, record))


def refused(desk, rows, *changes, record=RECORD, head=HEAD, others=()):
    desk.put("past.csv", head + rows)
    for old, new in changes:
        assert record.count(old) == 1, old
        record = record.replace(old, new)
    return [render(m) for m in desk.refused((RATE, record), *others)]


def test_rows_of_one_callout_are_one_callout_with_its_recorded_times(desk):
    """The unit that took the patient says how long the work and the hand-over were."""
    callout, fire = read(desk, TWO_UNITS + FIRE).callouts

    assert (callout.at_ms, callout.place, callout.kind) == (600_000, "Jablah", "wounded")
    assert callout.handling_ms == 60_000
    assert callout.on_scene_ms == (1500 - 420) * 1000
    assert callout.transported is True
    assert callout.hand_over_ms == (3000 - 2100) * 1000
    assert fire.on_scene_ms == (3840 - 240) * 1000


def test_a_kind_that_takes_nobody_anywhere_has_no_transport(desk):
    """Else a fire would drive to a hospital that its kind does not name."""
    _, fire = read(desk, TWO_UNITS + FIRE).callouts

    assert fire.transported is None
    assert fire.hand_over_ms is None


def test_only_what_is_asked_for_is_used_as_recorded(desk):
    callout, _ = read(
        desk, TWO_UNITS + FIRE, ("uses: [handling, on_scene, transported, handover]", "uses: []")
    ).callouts

    assert (callout.handling_ms, callout.on_scene_ms) == (None, None)
    assert (callout.transported, callout.hand_over_ms) == (None, None)


def test_instants_may_be_dates_and_times(desk):
    row = "7,2025-03-06 06:10,Fire,Jablah,E1,2025-03-06 06:11,,,2025-03-06 06:20,,,2025-03-06 07:00"

    (callout,) = read(desk, row, ("unit: s", "unit: time")).callouts

    assert callout.handling_ms == 60_000
    assert callout.on_scene_ms == 40 * 60_000


def test_a_record_of_another_time_zone_is_converted(desk):
    """Damascus is three hours ahead of Greenwich; a patient must not come three hours early."""
    zone = ("timezone: Asia/Damascus", "timezone: UTC")
    row = "8,2025-03-06T03:30:00,Fire,Lattakia,E1,30,40,60,240,,,3840\n"

    (callout,) = read(desk, row, zone).callouts

    assert callout.at_ms == 30 * 60_000


def test_an_offset_written_with_an_instant_is_heeded(desk):
    row = "8,2025-03-06T04:00:00+00:00,Fire,Lattakia,E1,30,40,60,240,,,3840\n"

    (callout,) = read(desk, row).callouts

    assert callout.at_ms == 60 * 60_000


def test_the_hour_that_summer_time_repeats_does_not_turn_time_back(desk):
    """Instants are elapsed time: an interval stays as long as it was."""
    zone = ("timezone: Asia/Damascus", "timezone: America/Los_Angeles")
    rows = (
        "1,2025-11-02T00:30:00,Fire,Lattakia,E1,0,0,0,60,,,120\n"
        "2,2025-11-02T03:30:00,Fire,Lattakia,E1,0,0,0,60,,,120\n"
    )
    desk.put("past.csv", HEAD + rows)
    record = RECORD.replace(*zone)

    first, second = desk.read((RATE, record), ("2025-03-06 06:00", "2025-11-01 06:00")).callouts

    assert second.at_ms - first.at_ms == 4 * 3_600_000


def test_a_place_may_be_the_nearest_one(desk):
    record = RECORD.replace("place: town", "lat: lat, lon: lon")
    head = HEAD.replace("town", "lat,lon")

    (callout,) = read(
        desk, "8,2025-03-06 07:00,Fire,35.37,35.91,E1,30,40,60,240,,,3840\n",
        record=record, head=head,
    ).callouts  # fmt: skip

    assert callout.place == "Jablah"


def test_a_coordinate_outside_the_map_is_told_with_its_row(desk):
    record = RECORD.replace("place: town", "lat: lat, lon: lon")
    head = HEAD.replace("town", "lat,lon")

    told = refused(
        desk, "8,2025-03-06 07:00,Fire,34.8,35.9,E1,30,40,60,240,,,3840\n", record=record, head=head
    )

    assert len(told) == 1
    assert "past.csv:2:" in told[0]
    assert "34.8, 35.9 is outside the map: 62.3 km from the nearest place, Jablah" in told[0]


def test_rows_that_break_the_order_of_time_are_told_by_row(desk):
    """The first ten one by one, and how many there are: nobody mends what he cannot find."""
    bad = "".join(f"{n},2025-03-06 07:00,Fire,Lattakia,E1,30,40,60,240,,,200\n" for n in range(12))

    told = refused(desk, FIRE + bad)

    assert len(told) == 11
    assert "past.csv:3:" in told[0]
    assert "column free: cleared is 40 s before on scene" in told[0]
    assert "12 rows in all break the order of time" in told[-1]
    assert "disordered: leave out" in told[-1]


def test_a_negative_interval_breaks_the_order_too(desk):
    told = refused(desk, "8,2025-03-06 07:00,Fire,Lattakia,E1,-30,40,60,240,,,3840\n")

    assert len(told) == 1
    assert "past.csv:2:" in told[0]
    assert "entry is 30 s before received" in told[0]


def test_disordered_rows_are_left_out_only_when_asked(desk):
    """And the callout stays where another of its rows is in order."""
    bad = "7,2025-03-06T06:10:00,Medical,Jablah,A9,60,80,100,420,400,2100,3000\n"
    asked = ("    unit: s\n", "    unit: s\n    disordered: leave out\n")

    found = read(desk, TWO_UNITS + bad + FIRE, asked)

    assert len(found.callouts) == 2
    (warning,) = found.warnings
    assert "1 row breaks the order of time and is left out" in warning.message
    assert "past.csv: 4" in warning.help


OUTSIDE = {
    "before the start": ("2025-03-06 05:00,Fire,Lattakia", "this is before the start"),
    "after the run": ("2025-04-06 05:00,Fire,Lattakia", "this is after the run"),
    "unknown kind": ("2025-03-06 07:00,Flood,Lattakia", "no kind of callout is called 'Flood'"),
    "unknown place": ("2025-03-06 07:00,Fire,Latakja", "no place is called 'Latakja'"),
}


@pytest.mark.parametrize("case", OUTSIDE)
def test_what_lies_outside_the_scenario_is_told_with_its_row(desk, case):
    written, said = OUTSIDE[case]

    told = refused(desk, FIRE + f"9,{written},E1,30,40,60,240,,,3840\n")

    assert len(told) == 1
    assert "past.csv:3:" in told[0]
    assert said in told[0]


@pytest.mark.parametrize("case", OUTSIDE)
def test_what_lies_outside_is_left_out_only_when_asked(desk, case):
    asked = ("    unit: s\n", "    unit: s\n    outside: leave out\n")

    found = read(desk, FIRE + f"9,{OUTSIDE[case][0]},E1,30,40,60,240,,,3840\n", asked)

    assert len(found.callouts) == 1
    assert "1 row lies outside the scenario and is left out" in found.warnings[0].message


@pytest.mark.parametrize(
    ("rows", "head", "said"),
    [
        ("", HEAD, "there is no callout in this record"),
        ("", "", "this table is empty"),
        (FIRE, HEAD.replace("there", "their"), "the column 'there' is missing"),
        (FIRE.replace("240", "soon"), HEAD, "there must be a number, found 'soon'"),
        (FIRE.replace("2025-03-06 07:00:00", "6/3/2025"), HEAD, "can be 6 March or 3 June"),
        (FIRE.replace("2025", "1825"), HEAD, "is not 1900 to 2200"),
    ],
)
def test_a_record_that_cannot_be_read_is_one_message(desk, rows, head, said):
    told = refused(desk, rows, head=head)

    assert len(told) == 1
    assert said in told[0]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("fire: [Fire]", "fier: [Fire]", "no kind is called 'fier'"),
        ("fire: [Fire]", "fire: [Fire, Trauma]", "'Trauma' is both wounded and fire"),
        ("kind: group, ", "", "`kinds` sorts a column that is not named"),
        ("entry: entry, ", "", "handling is taken from the column of entry"),
        ("place: town, ", "", "a replay needs to know where"),
        ("timezone: Asia/Damascus", "timezone: Asia/Damaskus", "there is no time zone"),
        ("file: past.csv", "file: pest.csv", "there is no file 'pest.csv'"),
    ],
)
def test_a_description_that_does_not_fit_is_told_at_its_place(desk, old, new, said):
    told = refused(desk, FIRE, (old, new))

    assert len(told) == 1
    assert "small.yaml:" in told[0]
    assert said in told[0]


def test_demand_is_one_of_rate_callouts_and_record(desk):
    desk.put("past.csv", HEAD + FIRE)

    told = [render(m) for m in desk.refused((RATE, RATE + RECORD))]

    assert len(told) == 1
    assert "found rate and record" in told[0]


def test_places_of_a_table_need_no_weights(desk):
    desk.put("towns.csv", "name,lat,lon\nJablah,35.36,35.92\nLattakia,35.53,35.79\n")
    places = (
        "  places:\n    Jablah: {lat: 35.36, lon: 35.92}\n"
        "    Lattakia: {lat: 35.53, lon: 35.79, weight: 3}\n"
    )
    desk.put("past.csv", HEAD + TWO_UNITS)

    found = desk.read((RATE, RECORD), (places, "  places: towns.csv\n"))

    assert [c.place for c in found.callouts] == ["Jablah"]


@pytest.mark.parametrize("cell", ["1e306", "1" + "0" * 38, "4" + "0" * 12])
def test_an_instant_of_a_record_beyond_a_century_is_told_at_its_cell(cell, desk):
    (told,) = refused(desk, TWO_UNITS.replace(",60,70,", f",60,{cell},") + FIRE)

    assert "is over a century" in told
    assert "past.csv:2" in told


PRIORITIES = [
    ("2", None),
    ("2.5", "a priority is a whole number, found 2.5"),
    ("10", "from 1 to 9, found 10"),
]


@pytest.mark.parametrize(("cell", "said"), PRIORITIES)
def test_a_priority_of_a_record_is_one_of_nine(desk, cell, said):
    rows = "".join(f"{row},{cell}\n" for row in FIRE.splitlines())
    priority = ("columns: {callout", "columns: {priority: urgency, callout")
    head = HEAD.replace("\n", ",urgency\n")
    if said is None:
        assert len(read(desk, rows, priority, head=head).callouts) == 1
    else:
        (told,) = refused(desk, rows, priority, head=head)
        assert said in told


def test_instants_that_are_no_dates_are_told_at_their_cells(desk):
    """The record holds dates and times in place of seconds since received."""
    dated = FIRE
    for seconds, clock in (("30", "07:00:30"), ("40", "07:00:40"), ("60", "sunrise")):
        dated = dated.replace(f",{seconds},", f",2025-03-06 {clock},", 1)

    (told,) = refused(desk, dated, ("unit: s", "unit: time"))

    assert "past.csv:2" in told
    assert "expected a date and time, found '2025-03-06 sunrise'" in told


def test_without_a_column_of_kinds_there_is_one_kind(desk):
    (told,) = refused(
        desk,
        FIRE,
        ("kind: group, ", ""),
        ("    kinds: {wounded: [Medical, Trauma], fire: [Fire]}\n", ""),
    )

    assert "the scenario has 2 kinds, wounded and fire, and no column tells them apart" in told


def test_a_workbook_is_simulated_as_its_text_would_be(desk):
    """Its dates are typed, its places are spelled in another way, and one is empty."""
    data = workbook(
        [["call", "received", "group", "town"],
         [7, datetime(2025, 3, 6, 7), "FIRE", "lattakia"],
         [8, datetime(2025, 3, 6, 8), "Fire", "Lattakia"],
         [9, datetime(2025, 3, 6, 9), "Fire", ""]]
    )  # fmt: skip
    desk.put("past.xlsx", data)
    record = (
        "  record:\n    file: past.xlsx\n    columns: {callout: call, received: received, "
        "kind: group, place: town}\n    kinds: {wounded: [Medical], fire: [Fire]}\n"
        "    outside: leave out\n"
    )

    found = desk.read((RATE, record))

    assert [(c.at_ms, c.place, c.kind) for c in found.callouts] == [
        (3_600_000, "Lattakia", "fire"),
        (7_200_000, "Lattakia", "fire"),
    ]
    assert [w.message.partition(": ")[0] for w in found.warnings] == [
        "1 row lies outside the scenario and is left out", "column group", "column town",
    ]  # fmt: skip
