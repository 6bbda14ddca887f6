"""Local times that clocks skip or show twice are told where they are written."""

import pytest

BERLIN = """\
format: 2
name: berlin
clock: {start: 2025-03-29 06:00, timezone: Europe/Berlin, length: 7 days}
map: {places: {A: {}}}
demand:
  rate: 2 per day
  kinds: {c: {share: 100%, on_scene: 30 min}}
bases: {A: {}}
teams: {T: {base: A}}
"""
SKIPPED = "2025-03-30 02:30 does not exist in Europe/Berlin: clocks are put forward by 1 h"
TWICE = "2025-10-26 02:30 comes twice in Europe/Berlin: clocks are put back by 1 h"


CHANGE = "clock.timezone"  # where a change within the run is told, whatever is written


def told(desk, *changes, text=BERLIN):
    found = desk.read(*changes, text=text).warnings
    return [(w.where, w.message) for w in found if w.where != CHANGE]


def changes(desk, start, length, zone="Europe/Berlin"):
    new = f"start: {start}, timezone: {zone}, length: {length}"
    old = "start: 2025-03-29 06:00, timezone: Europe/Berlin, length: 7 days"
    found = desk.read((old, new), text=BERLIN).warnings
    return [w.message for w in found if w.where == CHANGE]


def test_a_run_across_a_change_of_clocks_is_told_how_its_hours_differ_from_then_on(desk):
    """Put forward at 02:00 to 03:00, its shifts are an hour late there; put back, early."""
    (forward,) = changes(desk, "2025-03-29 06:00", "7 days")
    (back,) = changes(desk, "2025-10-01 00:00", "300 days, warm_up: 2 days")

    assert forward == (
        "in Europe/Berlin clocks are put forward by 1 h on 2025-03-30 02:00, and the run's is not: "
        "after that, 08:00 of the run is 09:00 there"
    )
    assert "are put back by 1 h on 2025-10-26 03:00" in back
    assert back.endswith("after that, 08:00 of the run is 07:00 there")


@pytest.mark.parametrize(
    ("start", "length", "zone", "count"),
    [
        ("2025-03-29 06:00", "20 h", "Europe/Berlin", 0),  # until 02:00, when they are put forward
        ("2025-03-29 06:00", "21 h", "Europe/Berlin", 1),
        ("2025-03-30 03:00", "200 days", "Europe/Berlin", 0),
        ("2025-03-30 04:00", "1 day, warm_up: 3 h", "Europe/Berlin", 1),
        ("2025-03-29 06:00", "900 days", "Asia/Damascus", 0),
        ("2025-03-29 06:00", "900 days", "UTC", 0),
    ],
)
def test_a_run_in_which_clocks_stay_as_they_are_is_not_told(desk, start, length, zone, count):
    assert len(changes(desk, start, length, zone)) == count


def test_a_start_that_clocks_skip_is_told_with_the_time_they_show(desk):
    (warning,) = desk.read(("2025-03-29 06:00", "2025-03-30 02:30"), text=BERLIN).warnings

    assert (warning.where, warning.line, warning.message) == ("clock.start", 3, SKIPPED)
    assert warning.help.startswith("did you mean 2025-03-30 03:30?")


def test_a_start_that_comes_twice_is_told_which_is_taken(desk):
    found = desk.read(("2025-03-29 06:00", "2025-10-26 02:30"), text=BERLIN).warnings
    (warning,) = [w for w in found if w.where != CHANGE]

    assert warning.message == TWICE
    assert warning.help.startswith("the first is taken")


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("rate:", "surges: [{from: 2025-03-30 02:30, factor: 2}]\n  rate:", "demand.surges.0.from"),
        ("rate:", "surges: [{until: day 2 02:30, factor: 2}]\n  rate:", "demand.surges.0.until"),
        ("rate:", "incidents: [{at: day 2 02:30, place: A, kind: c}]\n  rate:",
         "demand.incidents.0.at"),
        ("rate: 2 per day", "callouts: [{at: day 2 02:30, place: A, kind: c}]",
         "demand.callouts.0.at"),
        ("base: A}", "base: A, roster: 24 on 24 off, count: 2, stagger: 24 h, "
         "starts: day 2 02:30}", "teams.T.starts"),
    ],
)  # fmt: skip
def test_every_moment_that_clocks_skip_is_told(desk, old, new, where):
    assert told(desk, (old, new)) == [(where, SKIPPED)]


@pytest.mark.parametrize("zone", ["UTC", "Asia/Damascus", "Etc/GMT-1"])
def test_where_clocks_stay_as_they_are_nothing_is_told(desk, zone):
    assert told(desk, ("Europe/Berlin", zone), ("2025-03-29 06:00", "2025-03-30 02:30")) == []


def test_the_hours_around_the_change_are_clear(desk):
    for clear in ("2025-03-30 01:59", "2025-03-30 03:00", "2025-10-26 01:59", "2025-10-26 03:00"):
        assert told(desk, ("2025-03-29 06:00", clear)) == []


def test_callouts_of_a_table_are_told_at_the_first_row_and_counted(desk):
    desk.put("c.csv", "at,place,kind\nday 1 07:00,A,c\n2025-03-30 02:30,A,c\nday 2 02:45,A,c\n")

    found = desk.read(("rate: 2 per day", "callouts: c.csv"), text=BERLIN).warnings
    (warning,) = [w for w in found if w.where != CHANGE]

    assert (warning.file.rsplit("/")[-1], warning.line, warning.column) == ("c.csv", 3, 1)
    assert warning.message == f"{SKIPPED} (2 rows are so)"


def test_times_of_a_record_are_told_at_the_first_row_and_counted(desk):
    desk.put(
        "r.csv",
        "received,kind,place\n2025-10-25 07:00,c,A\n2025-10-26 02:30,c,A\n2025-10-26 02:40,c,A\n",
    )
    record = "record: {file: r.csv, columns: {received: received, kind: kind, place: place}}"

    found = desk.read(
        ("2025-03-29 06:00", "2025-10-25 06:00"), ("rate: 2 per day", record), text=BERLIN
    ).warnings
    (warning,) = [w for w in found if w.where != CHANGE]

    assert (warning.file.rsplit("/")[-1], warning.line) == ("r.csv", 3)
    assert warning.message == f"{TWICE} (2 rows are left out: 3, 4)"
