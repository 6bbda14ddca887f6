"""Dates and times of a record in any form: stated, or told from all of them, and never guessed."""

import pytest

from sim import units
from sim.scenario.tables.written_dates import WrittenDates

from ..record_shapes import (
    CALLS,
    CALLS_HEAD,
    CALLS_ROWS,
    FIRE_BRIGADE,
    FIRE_BRIGADE_ROWS,
    read_record,
    told,
)

RECEIVED = {"columns": {"received": "received"}}
HOUR, MINUTE = units.MS_PER["h"], units.MS_PER["min"]
MOMENT = "2025-03-24 07:25:00"


def received(*cells, **layout):
    """Return when callouts were received as text, of a record that holds nothing else."""
    text = "received\n" + "".join(f'"{cell}"\n' for cell in cells)
    read, findings = read_record(text, {**RECEIVED, **layout})
    assert findings.diagnostics == []
    moved = [read.start.timestamp() * 1000 + row.received for row in read.rows]
    return [type(read.start).fromtimestamp(ms / 1000).isoformat(" ") for ms in moved]


@pytest.mark.parametrize(
    ("order", "written"),
    [
        ("day/month/year", "24/03/2025 07:25"),
        ("day/month/year", "24.03.2025 07:25:00"),
        ("day/month/year", "24.03.2025, 07.25"),
        ("day/month/year", "24-3-25 7:25"),
        ("month/day/year", "03/24/2025 7:25 AM"),
        ("month/day/year", "3/24/2025 07:25:00 a.m."),
        ("year-month-day", "2025-03-24T07:25:00"),
        ("year-month-day", "2025/3/24 07:25"),
        ("year-month-day", "20250324 07:25"),
        ("year-month-day", "24 Mar 2025 07:25"),
        ("day/month/year", "March 24, 2025 7:25 AM"),
        ("serial", "45740.30902777778"),
        ("serial", "45740,30902777778"),
        ("day/month/year", "٢٤/٠٣/٢٠٢٥ ٠٧:٢٥"),
    ],
)
def test_one_moment_in_many_forms(order, written):
    found = WrittenDates(order).read(written)

    assert found.has_time
    assert found.at == WrittenDates().read(MOMENT).at


def test_an_offset_and_parts_of_a_second_are_read():
    found = WrittenDates().read("2025-03-24T07:25:00.250+02:00")

    assert found.offset == 2 * HOUR
    assert found.at - WrittenDates().read(MOMENT).at == 250


@pytest.mark.parametrize(
    "written",
    ["soon", "2025-13-01 07:25", "24/03/2025 25:00", "24/03/2025 07:61", "1e306", "0", "9999999",
     "2025-03-24 13:25 PM", "31/02/2025 07:25", "24/03/1025 07:25", "", "9" * 60],
)  # fmt: skip
def test_what_is_no_date_is_refused_in_every_order(written):
    for order in ("year-month-day", "day/month/year", "month/day/year", "serial"):
        with pytest.raises(units.QuantityError):
            WrittenDates(order).read(written)


def test_one_day_above_twelve_decides_for_the_whole_record():
    assert received("03/04/2025 07:25", "24/04/2025 07:25")[0] == "2025-04-03 07:25:00"
    assert received("03/04/2025 07:25", "04/24/2025 07:25")[0] == "2025-03-04 07:25:00"


def test_what_decided_is_told_with_its_row():
    text = "received\n03/04/2025 07:25\n24/04/2025 07:25\n"

    assert read_record(text, RECEIVED)[0].told[1] == (
        "dates as day/month/year: '24/04/2025' at row 3 cannot be otherwise"
    )


def test_where_both_orders_fit_every_date_nothing_is_guessed():
    (said,) = told("received\n03/04/2025 07:25\n05/04/2025 07:25\n", RECEIVED)

    assert said == "'03/04/2025' can be 3 April or 4 March, and no date of this record says which"


def test_a_date_that_is_the_same_in_both_orders_is_in_no_doubt():
    assert received("04/04/2025 07:25", "05/05/2025 07:25")[0] == "2025-04-04 07:25:00"


def test_the_order_may_be_stated():
    assert received("03/04/2025 07:25", dates="day/month/year") == ["2025-04-03 07:25:00"]
    assert received("03/04/2025 07:25", dates="month/day/year") == ["2025-03-04 07:25:00"]


def test_a_date_that_does_not_fit_the_order_stated_is_a_bad_value():
    (said,) = told("received\n04/24/2025 07:25\n", {**RECEIVED, "dates": "day/month/year"})

    assert said == "there is no day '04/24/2025' as day/month/year"


def test_dates_that_contradict_each_other_are_refused_with_both_rows():
    (said,) = told("received\n24/04/2025 07:25\n04/24/2025 07:25\n", RECEIVED)

    assert said == "'24/04/2025' has the day first and '04/24/2025' at row 3 the month"


def test_a_year_of_two_digits_is_not_guessed():
    (said,) = told("received\n24/04/25 07:25\n", RECEIVED)

    assert said == "the year of '24/04/25' has two digits"
    assert received("24/04/25 07:25", dates="day/month/year") == ["2025-04-24 07:25:00"]


def test_a_row_without_a_time_of_day_is_a_bad_value_where_others_have_one():
    (said,) = told("received\n2025-04-03 07:25\n2025-04-04\n", RECEIVED)

    assert said == "'2025-04-04' has no time of day"


# ---- a date and times of day


def test_times_of_day_roll_over_midnight():
    read, findings = read_record(FIRE_BRIGADE_ROWS, FIRE_BRIGADE)

    assert findings.warnings == []
    first, second, third = read.rows
    assert first.at["on_scene"] == (8 * 60 + 2) * 1000  # 23:56:08 to 00:04:10
    assert first.at["cleared"] == (15 * 60 + 40) * 1000
    assert "on_scene" not in second.at
    assert third.at["at_hospital"] - third.at["left"] == 15 * MINUTE


def test_a_step_back_within_the_day_breaks_the_order_of_time():
    rows = (
        "5,15/02/2021,Hill,RTA,10:00:00,09:59:00,,,,,,\n"
        "6,15/02/2021,Hill,RTA,00:01:00,23:59:00,,,,,,\n"
    )

    said = told(FIRE_BRIGADE_ROWS + rows, FIRE_BRIGADE)

    assert said == ["dispatched is 1 min before received", "dispatched is 2 min before received"]


def test_a_day_of_work_that_passes_midnight_twice_is_no_day_of_work():
    row = "5,15/02/2021,Hill,RTA,20:00:00,04:00:00,12:00:00,21:00:00,05:00:00,,,\n"

    (part,) = read_record(FIRE_BRIGADE_ROWS.splitlines()[0] + "\n" + row, FIRE_BRIGADE)[0].rows

    assert part.at["left"] == 33 * HOUR  # each step is shorter than half a day, so it is taken


# ---- one call in several rows


def test_units_of_one_call_are_one_callout_with_its_coordinates_and_priority():
    read, _ = read_record(CALLS_ROWS, CALLS)

    engine, medic, other = read.rows
    assert engine.callout == medic.callout != other.callout
    assert (engine.lat, engine.lon) == (37.79, -122.43)
    assert [row.priority for row in read.rows] == [2, 2, 1]
    assert engine.at["on_scene"] == 8 * MINUTE
    assert read.start.isoformat() == "2016-12-31T00:00:00"


def test_coordinates_in_one_cell_may_be_a_pair_with_the_latitude_first():
    rows = CALLS_ROWS.replace("POINT (-122.41 37.78)", '"(37.78, -122.41)"')

    assert (read_record(rows, CALLS)[0].rows[2].lat) == 37.78


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("POINT (37.79 -122.43)", "a latitude must be a number from -90 to 90, found -122.43"),
        ("Market Street", "expected coordinates, found 'Market Street'"),
    ],
)
def test_coordinates_that_are_none_are_told(cell, said):
    rows = CALLS_ROWS.replace("POINT (-122.43 37.79)", cell)

    assert told(rows, CALLS) == [f"{said} (2 rows: 2, 3)"]


def test_words_for_priorities_need_a_meaning():
    layout = {key: value for key, value in CALLS.items() if key != "priorities"}

    assert told(CALLS_ROWS, layout) == ["Priority must be a number, found 'E'"]
    less = {**CALLS, "priorities": {"2": ["3"]}}
    assert told(CALLS_ROWS, less) == ["no priority has the value 'E'"]


def test_a_call_without_a_number_is_a_bad_value():
    row = CALLS_ROWS.splitlines()[-1].replace("2,", ",", 1)

    assert told(CALLS_HEAD + CALLS_ROWS.split("\n", 1)[1] + row + "\n", CALLS) == [
        "Call Number is empty"
    ]


# ---- time zones


ZONE = {**RECEIVED, "timezone": "Europe/Berlin"}


def test_fourteen_hours_in_july_and_in_january_are_hour_fourteen():
    text = "received\n2025-01-15 14:00\n2025-07-15 14:00\n"

    read, _ = read_record(text, ZONE)

    assert [row.received // HOUR % 24 for row in read.rows] == [14, 14]


def test_an_instant_with_an_offset_is_shown_as_clocks_there_showed_it():
    text = "received\n2025-01-15T13:00:00Z\n2025-07-15T12:00:00+00:00\n"

    read, _ = read_record(text, ZONE)

    assert [row.received // HOUR % 24 for row in read.rows] == [14, 14]


def test_an_interval_over_the_change_of_clocks_keeps_its_length():
    """From 01:50 to 03:10 in March are 20 minutes."""
    text = "received,there\n2025-03-30 01:50,2025-03-30 03:10\n"
    layout = {"columns": {"received": "received", "on_scene": "there"}}

    (row,) = read_record(text, {**layout, "timezone": "Europe/Berlin"})[0].rows
    (naive,) = read_record(text, layout)[0].rows

    assert row.at["on_scene"] == 20 * MINUTE
    assert naive.at["on_scene"] == 80 * MINUTE


def test_a_time_of_day_that_comes_twice_is_told_at_its_own_column():
    """The call came at five past midnight; it was cleared in the hour that comes twice."""
    text = "day,received,there\n2025-10-26,00:05,02:29\n"
    columns = {"received": "received", "date": "day", "on_scene": "there"}

    _, findings = read_record(text, {"columns": columns, "timezone": "Europe/Berlin"})

    (warning, *_) = findings.warnings
    assert "2025-10-26 02:29 comes twice" in warning.message
    assert warning.text[warning.column - 1 :] == "02:29"


def test_local_times_that_clocks_skip_or_repeat_are_named_and_left_out():
    text = (
        "received\n2025-03-29 12:00\n2025-03-30 02:30\n2025-10-26 02:10\n2025-10-26 02:50\n"
        "2025-10-27 12:00\n"
    )

    read, findings = read_record(text, ZONE)

    assert [w.message.partition(": ")[2] for w in findings.warnings[:2]] == [
        "clocks are put back by 1 h (2 rows are left out: 4, 5)",
        "clocks are put forward by 1 h (1 row is left out: 3)",
    ]
    assert {use.use: use.rows for use in read.use} == {
        "used": 2,
        "a local time that comes twice": 2,
        "a local time that does not exist": 1,
    }


@pytest.mark.parametrize(("which", "minutes"), [("first", 10), ("second", 70)])
def test_the_repeated_hour_may_be_stated(which, minutes):
    text = "received,there\n2025-10-26 01:55,2025-10-26 02:05\n"
    layout = {"columns": {"received": "received", "on_scene": "there"}, "repeated_hour": which}

    read, findings = read_record(text, {**layout, "timezone": "Europe/Berlin"})

    assert read.rows[0].at["on_scene"] == minutes * MINUTE
    assert f"(1 time is so, read as the {which})" in findings.warnings[0].message


def test_a_column_of_offsets_settles_the_repeated_hour():
    text = "received,there,offset\n2025-10-26 02:05,2025-10-26 02:25,+01:00\n"
    columns = {"received": "received", "on_scene": "there", "offset": "offset"}

    read, findings = read_record(text, {"columns": columns, "timezone": "Europe/Berlin"})

    assert read.rows[0].at["on_scene"] == 20 * MINUTE
    assert findings.warnings == []


def test_without_a_zone_it_is_said_what_that_means():
    read, _ = read_record("received\n2025-03-24 07:25\n", RECEIVED)

    assert read.told[-1].startswith("no time zone: hours are as written")
