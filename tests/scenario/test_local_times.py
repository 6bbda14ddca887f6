"""Local times that clocks skip or show twice are told where they are written."""

import pytest

from sim.scenario.duty_hours.spoken_hours import say_clock_changes
from sim.scenario.model_checks import local_times

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


def told(desk, *changes, text=BERLIN):
    return [(w.where, w.message) for w in desk.read(*changes, text=text).warnings]


@pytest.mark.parametrize(
    ("start", "length", "zone", "said"),
    [
        ("2025-03-29 06:00", "7 days", "Europe/Berlin", ["forward by 1 h on 2025-03-30 02:00"]),
        ("2025-03-29 06:00", "20 h", "Europe/Berlin", []),  # until 02:00, when it happens
        ("2025-10-01 00:00", "300 days, warm_up: 2 days", "Europe/Berlin",
         ["back by 1 h on 2025-10-26 03:00", "forward by 1 h on 2026-03-29 02:00"]),
        ("2025-04-01 06:00", "7 days", "Australia/Lord_Howe",
         ["back by 30 min on 2025-04-06 02:00"]),
        ("2025-03-29 06:00", "900 days", "Asia/Damascus", []),
        ("2025-03-29 06:00", "900 days", "UTC", []),
    ],
)  # fmt: skip
def test_changes_of_clocks_in_a_run_are_information_and_no_warning(desk, start, length, zone, said):
    new = f"start: {start}, timezone: {zone}, length: {length}"
    file = desk.read((BERLIN.splitlines()[2][8:-1], new), text=BERLIN)

    assert say_clock_changes(file.scenario) == [f"clocks are put {one}" for one in said]
    assert not file.warnings


def test_a_computer_without_time_zones_is_told_that_it_follows_none(desk, monkeypatch):
    monkeypatch.setattr(local_times, "zone_of", lambda name: None)

    ((where, message),) = told(desk)

    assert where == "clock.timezone"
    assert message.startswith("this computer knows no time zones: where clocks of Europe/Berlin")


def test_a_start_that_clocks_skip_is_told_with_the_time_they_show(desk):
    (warning,) = desk.read(("2025-03-29 06:00", "2025-03-30 02:30"), text=BERLIN).warnings

    assert (warning.where, warning.line, warning.message) == ("clock.start", 3, SKIPPED)
    assert warning.help.startswith("did you mean 2025-03-30 03:30?")


def test_a_start_that_comes_twice_is_told_which_is_taken(desk):
    (warning,) = desk.read(("2025-03-29 06:00", "2025-10-26 02:30"), text=BERLIN).warnings

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

    (warning,) = desk.read(("rate: 2 per day", "callouts: c.csv"), text=BERLIN).warnings

    assert (warning.file.rsplit("/")[-1], warning.line, warning.column) == ("c.csv", 3, 1)
    assert warning.message == f"{SKIPPED} (2 rows are so)"


def test_times_of_a_record_are_told_at_the_first_row_and_counted(desk):
    desk.put(
        "r.csv",
        "received,kind,place\n2025-10-25 07:00,c,A\n2025-10-26 02:30,c,A\n2025-10-26 02:40,c,A\n",
    )
    record = "record: {file: r.csv, columns: {received: received, kind: kind, place: place}}"

    (warning,) = desk.read(
        ("2025-03-29 06:00", "2025-10-25 06:00"), ("rate: 2 per day", record), text=BERLIN
    ).warnings

    assert (warning.file.rsplit("/")[-1], warning.line) == ("r.csv", 3)
    assert warning.message == f"{TWICE} (2 times are so)"
