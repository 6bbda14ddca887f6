"""A record as arrays: what is known of it, and what is left behind."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from sim.errors import UsageError
from sim.fitting.fitted_input import input_of, read_input
from sim.fitting.phase_times import phases_of, shares_transported, units_sent
from sim.scenario.fields.records import Layout
from sim.scenario.tables.csv_tables import Row
from sim.scenario.tables.same_words import OTHER_KINDS, OTHER_PLACES
from sim.scenario.tables.unit_rows import UnitRow

HOUR, MINUTE = 3_600_000, 60_000
START = datetime(2024, 1, 1)


def layout(**columns):
    return Layout.model_validate({"columns": {"received": "received", **columns}})


def row(number, callout=None, kind="medical", place="Jablah", lat=None, lon=None, unit="A", **at):
    """Return a row of a record; instants are [min] since received."""
    times = {name: int(minutes * MINUTE) for name, minutes in at.items()}
    return UnitRow(Row(number, []), str(number if callout is None else callout), number * HOUR,
                   kind, place, "", None, lat, lon, unit, times)  # fmt: skip


def arrays(rows, **columns):
    named = {"kind": "kind", "place": "place", "unit": "unit", **columns}
    return input_of(rows, layout(**named), START)


def test_rare_kinds_and_places_are_joined():
    """Four callouts at one address could be known for whose they are."""
    rows = [row(n, kind="medical", place="Jablah") for n in range(9)]
    rows += [row(9 + n, kind=f"rare {n}", place=f"Palm street {n}") for n in range(4)]

    found = arrays(rows)

    assert found.kinds == ("medical", OTHER_KINDS)
    assert found.places == ("Jablah", OTHER_PLACES)
    assert [*found.place[-4:]] == [1, 1, 1, 1]


def test_names_become_such_as_scenarios_may_have():
    """A description of two hundred characters with a line break is no name."""
    found = arrays([row(n, kind="a\nfire " + "x" * 200) for n in range(9)])

    assert found.kinds == (("a fire " + "x" * 200)[:90],)


def test_a_position_is_the_middle_of_at_least_five_and_rounded():
    rows = [row(n, lat=35.123456 + n / 1e5, lon=35.987654) for n in range(5)]
    rows += [row(5 + n, place="Hill", lat=35.2, lon=35.9) for n in range(5)]

    found = arrays(rows, lat="lat", lon="lon")

    assert found.positions[0] == pytest.approx([35.12, 35.99])


def test_a_place_without_positions_is_not_known_where_others_have_them():
    rows = [row(n, lat=35.1, lon=35.9) for n in range(6)]
    rows += [row(6 + n, place="Nowhere", lat=0.0, lon=0.0) for n in range(6)]

    found = arrays(rows, lat="lat", lon="lon")

    assert found.places == ("Jablah",)
    assert [*found.place] == [0] * 6 + [-1] * 6


def test_a_record_without_places_gets_cells_of_five_or_more():
    rng = np.random.default_rng(1)
    rows = [
        row(n, place="", lat=float(lat), lon=float(lon))
        for n, (lat, lon) in enumerate(rng.normal([35.5, 35.9], 0.05, (300, 2)))
    ]
    found = input_of(rows, layout(lat="lat", lon="lon"), START)

    counts = np.bincount(found.place)
    assert counts.min() >= 5
    assert 1 < len(found.places) <= 40
    assert found.mapped


def test_instants_of_a_callout_are_the_first_of_its_units():
    found = arrays([row(1, 1, dispatched=2, on_scene=9), row(1, 1, unit="B", dispatched=3,
                                                             on_scene=7)])  # fmt: skip

    assert found.first("on_scene") == pytest.approx([HOUR + 7 * MINUTE])
    assert found.until == HOUR + 9 * MINUTE
    assert units_sent(found) == pytest.approx([2.0])


def test_what_was_going_on_when_the_record_ended_is_censored():
    """Three took 70 minutes; one is 50 under way at the end, one 230, so its end is missing."""
    rows = [row(n, dispatched=0.2, on_scene=10.5, cleared=80.5) for n in range(3)]
    rows += [row(3, on_scene=10.5), row(0, "old", on_scene=10.5), row(4, dispatched=0.2)]

    phase = phases_of(arrays(rows))["on scene"]

    assert phase.minutes[phase.going_on] == pytest.approx([49.7])
    assert phase.minutes[~phase.going_on] == pytest.approx([70, 70, 70])
    assert phase.not_recorded == 1


def test_work_on_scene_is_that_of_the_unit_that_takes_the_patient():
    """It arrived second and leaves after thirty minutes; the first stays for an hour."""
    rows = [
        row(1, 1, on_scene=5.2, cleared=65.2),
        row(1, 1, unit="B", on_scene=8.2, left=38.2, at_hospital=50, cleared=70),
    ]
    found = arrays(rows)

    phases = phases_of(found)
    assert phases["on scene"].minutes == pytest.approx([30])
    assert phases["transport"].minutes == pytest.approx([11.8])
    assert phases["handover"].minutes == pytest.approx([20])
    taken, reached = shares_transported(found)
    assert (taken[0], reached[0]) == (1, 1)


def test_call_handling_ends_with_dispatch_where_nothing_says_when_it_was_ready():
    (entry,) = phases_of(arrays([row(1, entry=1.3, dispatched=2.2)]))["call handling"].minutes
    phase = phases_of(arrays([row(1, dispatched=2.2)]))["call handling"]

    assert entry == pytest.approx(1.3)
    assert phase.minutes == pytest.approx([2.2])
    assert "dispatched" in phase.told


def test_an_hour_in_summer_is_that_of_the_local_clock(tmp_path):
    """Vienna puts its clocks forward on 31 March; 14:00 is hour 14 before and after."""
    days = (START + timedelta(days=n, hours=14) for n in range(180))
    record, mapping = tmp_path / "past.csv", tmp_path / "map.yaml"
    record.write_text("at\n" + "".join(f"{day:%Y-%m-%d %H:%M:%S}\n" for day in days))
    mapping.write_text("columns: {received: at}\ntimezone: Europe/Vienna\n")

    found = read_input(record, mapping)

    assert {*(found.received // HOUR % 24)} == {14}


def test_rows_that_are_not_used_are_told(tmp_path):
    record, mapping = tmp_path / "past.csv", tmp_path / "map.yaml"
    record.write_text("at,there\n2024-01-01 10:00:00,2024-01-01 10:10:00\n"
                      "2024-01-02 10:00:00,2024-01-02 09:10:00\n")  # fmt: skip
    mapping.write_text("columns: {received: at, on_scene: there}\ndisordered: leave out\n")

    found = read_input(record, mapping)

    assert len(found.received) == 1
    assert any("1 row not used" in sentence for sentence in found.left_out)


def test_dates_without_times_of_day_are_refused(tmp_path):
    record, mapping = tmp_path / "past.csv", tmp_path / "map.yaml"
    rows = "".join(f"2024-01-{day:02d},{kind}\n" for day in range(1, 29) for kind in "aab")
    record.write_text("at,kind\n" + rows)
    mapping.write_text("columns: {received: at, kind: kind}\n")

    with pytest.raises(UsageError, match="no times of day"):
        read_input(record, mapping)


def test_a_unit_on_the_road_has_no_turnout():
    """It is under way at once; a record with seconds shows it."""
    rows = [row(n, dispatched=0.21, en_route=0.21 if n % 2 else 1.75) for n in range(20)]

    phase = phases_of(arrays(rows))["turnout"]

    assert phase.minutes == pytest.approx(np.full(10, 1.54))
    assert "10 under way at once" in phase.told


def test_times_of_a_record_to_the_minute_are_cut():
    """Long ones are as good as exact."""
    rows = [row(n, dispatched=0, en_route=n % 3 if n else 45) for n in range(200)]

    times = phases_of(arrays(rows))["turnout"].times()

    assert times.step == 1.0
    assert times.exact == pytest.approx([45])
    assert times.cut_counts[0] == pytest.approx([0, 1, 2])
    assert times.cut_counts[1] == pytest.approx([66, 67, 66])
    assert len(times.below) == 0
