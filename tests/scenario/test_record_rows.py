"""Every row of a record is accounted for: used, or not used and why."""

from datetime import datetime, timedelta

import pytest

from ..record_shapes import FIRE_BRIGADE, many_callouts, read_record, told

LAYOUT = {"columns": {"received": "received", "kind": "kind", "place": "town"}}
HEAD = "received,kind,town\n"


def daily(days, hours, first="2025-03-03 00:00"):
    """Return a callout at each of these hours of each day."""
    start = datetime.fromisoformat(first)
    times = [start + timedelta(days=day, hours=hour) for day in range(days) for hour in hours]
    return HEAD + "".join(f"{at:%Y-%m-%d %H:%M},fire,Hill\n" for at in times)


def uses(read):
    return {use.use: use.rows for use in read.use}


def test_words_that_differ_only_in_case_accents_or_spaces_are_one_and_it_is_said():
    rows = ["Café fire,Hill", "CAFE FIRE,hill", "cafe  fire,Hill", "Café fire,HÍLL"]
    text = HEAD + "".join(f"2025-03-0{n} 07:25,{row}\n" for n, row in enumerate(rows, 1))

    read, findings = read_record(text, LAYOUT)

    assert {(row.kind, row.place) for row in read.rows} == {("Café fire", "Hill")}
    assert [w.message for w in findings.warnings] == [
        "column kind: words that differ only in case, accents or spaces are read as one: "
        "'CAFE FIRE' (1), 'cafe fire' (1) as 'Café fire'".replace("'cafe fire'", "'cafe  fire'"),
        "column town: words that differ only in case, accents or spaces are read as one: "
        "'hill' (1), 'HÍLL' (1) as 'Hill'",
    ]


def test_a_word_of_the_mapping_stands_for_its_other_spellings():
    text = HEAD + "2025-03-01 07:25,FIRE,Hill\n2025-03-01 08:25,FIRE,Hill\n"

    read, findings = read_record(text, {**LAYOUT, "kinds": {"blaze": ["Fire"]}})

    assert [row.kind for row in read.rows] == ["blaze", "blaze"]
    assert "'FIRE' (2) as 'Fire'" in findings.warnings[0].message


def test_two_words_of_the_mapping_stay_two():
    text = HEAD + "2025-03-01 07:25,FIRE,Hill\n2025-03-01 08:25,Fire,Hill\n"

    read, findings = read_record(text, {**LAYOUT, "kinds": {"blaze": ["FIRE"], "other": ["Fire"]}})

    assert [row.kind for row in read.rows] == ["blaze", "other"]
    assert findings.warnings == []


def test_the_sum_of_what_became_of_rows_is_the_rows_read():
    text = (
        daily(5, range(0, 24, 6)) + "\n,,\n"
        "soon,fire,Hill\n2025-03-05 07:00,fire,Hill,more\n2025-03-05 07:00,flood,Hill\n"
    )
    layout = {
        **LAYOUT, "kinds": {"fire": ["fire"]}, "unreadable": "leave out", "outside": "leave out"
    }  # fmt: skip

    read, findings = read_record(text, layout)

    assert findings.diagnostics == []
    assert uses(read) == {
        "used": 20,
        "an empty row": 2,
        "a value that cannot be read": 1,
        "more cells than columns": 1,
        "of no known kind": 1,
    }
    assert sum(uses(read).values()) == len(text.splitlines()) - 1


def test_disordered_rows_are_accounted_for():
    layout = {"columns": {"received": "received", "on_scene": "there"}, "disordered": "leave out"}
    text = "received,there\n2025-03-05 07:00,2025-03-05 06:00\n2025-03-05 07:00,2025-03-05 08:00\n"

    assert uses(read_record(text, layout)[0]) == {
        "used": 1,
        "instants that break the order of time": 1,
    }


# ---- days covered in part


def test_a_first_and_a_last_day_that_are_covered_in_part_are_left_out_and_it_is_said():
    """Each hour has a callout; the record begins at noon and ends at noon."""
    lines = daily(6, range(24)).splitlines(keepends=True)
    text = lines[0] + "".join(lines[13:-12])

    read, findings = read_record(text, LAYOUT)

    assert (read.start, read.end) == (datetime(2025, 3, 4), 4 * 86_400_000)
    assert uses(read) == {"used": 96, "received on a day that is covered in part": 24}
    assert "2025-03-03 is covered in part, and not measured" in findings.warnings[0].message
    assert "2025-03-08" in findings.warnings[1].message


def test_days_without_callouts_at_night_are_whole():
    read, findings = read_record(daily(6, range(8, 20)), LAYOUT)

    assert read.end == 6 * 86_400_000
    assert findings.warnings == []


def test_the_days_covered_may_be_stated():
    lines = daily(6, range(24)).splitlines(keepends=True)
    text = lines[0] + "".join(lines[13:-12])

    read, findings = read_record(
        text, {**LAYOUT, "first_day": "2025-03-01", "last_day": "2025-03-05"}
    )

    assert (read.start, read.end) == (datetime(2025, 3, 1), 5 * 86_400_000)
    assert uses(read) == {"used": 60, "received on a day that is not covered": 60}
    assert findings.warnings == []


def test_days_covered_without_a_callout_are_one_message():
    assert told(daily(6, [7]), {**LAYOUT, "first_day": "2026-01-01"}) == [
        "no callout of this record was received on the days that it covers"
    ]


def test_a_stretch_without_a_callout_on_days_that_are_not_meant_is_not_told():
    text = daily(20, range(24)) + daily(20, range(24), "2025-05-01 00:00").partition("\n")[2]

    _, findings = read_record(text, {**LAYOUT, "last_day": "2025-03-20"})

    assert findings.warnings == []


def test_a_long_stretch_without_a_callout_is_told():
    text = daily(20, range(24)) + daily(20, range(24), "2025-05-01 00:00").partition("\n")[2]

    _, findings = read_record(text, LAYOUT)

    assert "there is no callout from 2025-03-22 23:00 to 2025-05-01 00:00" in (
        findings.warnings[0].message
    )


# ---- what is no record of callouts


def test_a_table_with_one_row_a_day_is_told_to_be_no_record():
    days = [datetime(2025, 3, 1) + timedelta(days=n) for n in range(30)]
    text = "date,fires,rescues\n" + "".join(f"{day:%Y-%m-%d},12,3\n" for day in days)

    (said,) = told(text, {"columns": {"received": "date"}})

    assert said == (
        "this table has one row a day (30 rows on 30 days): counts by day are a rate, not a record "
        "of callouts"
    )


def test_a_log_of_dates_without_times_is_a_record_whose_hours_are_not_known():
    dates = ["2025-03-01", "2025-03-01", "2025-03-09", "2025-03-20", "2025-03-20", "2025-04-01"]
    text = "date\n" + "".join(f"{day}\n" for day in dates)

    read, findings = read_record(text, {"columns": {"received": "date"}})

    assert read.dated_only
    assert len(read.rows) == 6
    assert "hours are not known" in findings.warnings[0].message


@pytest.mark.long
def test_three_years_of_a_fire_brigade_are_all_used():
    read, _ = read_record(many_callouts(), {**FIRE_BRIGADE, "timezone": "UTC"})

    assert uses(read)["used"] == 35_000
