"""Times and rates of a record by kind, area, hour, weekday and month, worked out by hand."""

from datetime import datetime

import pytest

from sim.log import MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE
from sim.outcomes.measured.record_times import record_rates, record_times
from sim.scenario.tables.csv_tables import Row
from sim.scenario.tables.unit_rows import UnitRow

MONDAY = datetime(2025, 3, 31)


def unit(callout, hours, kind="fire", area="Hill", start=(None, None), at=(None, None), **instants):
    """Return a row of a record: received after hours, instants minutes after that."""
    times = {name: minutes * MS_PER_MINUTE for name, minutes in instants.items()}
    received = round(hours * MS_PER_HOUR)
    return UnitRow(
        Row(1, []), callout, received, kind, "", area, None, *at, "E1", times, start
    )  # fmt: skip


ROWS = [
    unit("a", 7.5, entry=1, dispatched=2, en_route=3, on_scene=10, cleared=30),
    unit("a", 7.5, dispatched=2, en_route=5, on_scene=8, left=20, at_hospital=35, cleared=60),
    unit("b", 31, kind="fall", dispatched=4, en_route=5, on_scene=25, cleared=40),
    unit("c", 32, kind="fall", area="Port"),
]


def by_name(rows):
    return {(row.time, row.group): row for row in rows}


def test_each_time_is_of_callouts_or_of_units_as_defined():
    found = by_name(record_times(ROWS, MONDAY))

    values = {
        name: (row.number, row.mean) for (name, group), row in found.items() if group == "all"
    }
    assert values == {
        "response_time": (2, (8 + 25) / 2),
        "handling_time": (1, 1),
        "dispatch_time": (2, 3),
        "turnout_time": (3, (1 + 3 + 1) / 3),
        "travel_time": (3, (7 + 3 + 20) / 3),
        "on_scene_time": (3, (20 + 12 + 15) / 3),
        "transport_time": (1, 15),
        "handover_time": (1, 25),
        "mission_time": (3, (28 + 58 + 36) / 3),
    }
    assert found["travel_time", "all"].median == 7
    assert found["travel_time", "all"].p90 == 20


def test_a_callout_is_in_its_kind_area_hour_weekday_and_month():
    """The first came on Monday 31 March at 07:30, the second on Tuesday 1 April at 07:00."""
    found = by_name(record_times(ROWS, MONDAY))

    groups = [group for name, group in found if name == "response_time"]
    assert groups == [
        "all", "kind:fire", "kind:fall", "area:Hill", "hour:07", "weekday:mon", "weekday:tue",
        "month:03", "month:04",
    ]  # fmt: skip
    assert found["response_time", "month:04"].mean == 25
    assert found["travel_time", "kind:fire"].number == 2


def test_without_hours_none_are_told():
    found = record_times(ROWS, MONDAY, with_hours=False)

    assert not [row for row in found if row.group.startswith("hour:")]


def test_rates_are_of_the_days_that_belong_to_a_group():
    """Of three days from Monday one is in March; hours belong to every day."""
    found = {row.group: row for row in record_rates(ROWS, MONDAY, 3 * MS_PER_DAY)}

    assert found["all"].per_day == 1
    assert (found["weekday:tue"].callouts, found["weekday:tue"].days) == (2, 1)
    assert (found["month:03"].per_day, found["month:04"].per_day) == (1, 1)
    assert found["hour:07"].per_day == pytest.approx(2 / 3)


def test_a_speed_is_told_where_it_is_known_from_where_a_unit_came():
    """A degree of latitude is 111.195 km; half of one in 30 minutes is as many km/h."""
    row = unit(
        "a", 7, start=(37.5, -122.0), at=(38.0, -122.0), en_route=2, on_scene=32
    )  # fmt: skip
    short = unit("b", 7, start=(37.5, -122.0), at=(38.0, -122.0), en_route=2, on_scene=2.4)

    found = by_name(record_times([row, short], MONDAY))

    assert found["straight_speed", "all"].number == 1
    assert found["straight_speed", "all"].mean == pytest.approx(111.195, abs=0.01)


def test_a_record_without_a_callout_has_no_times():
    assert record_times([], MONDAY) == ()
    assert record_rates([], MONDAY, MS_PER_DAY) == ()
