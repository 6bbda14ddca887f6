"""What clocks show at an instant, and when they show a time: held against the time zones."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.local_clock import LocalClock, local_clock, say_offset

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
MS = timedelta(milliseconds=1)
YEAR = -30 * DAY, 350 * DAY
ZONES = {
    "Europe/Berlin": datetime(2025, 2, 1, 6),
    "America/New_York": datetime(2025, 2, 1, 7, 30),
    "Australia/Lord_Howe": datetime(2025, 2, 1),  # by half an hour
    "Antarctica/Troll": datetime(2025, 2, 1),  # by two hours
    "Asia/Beirut": datetime(2025, 2, 1, 12),  # at midnight
    "Africa/Casablanca": datetime(2025, 1, 30),  # twice a year, around Ramadan
    "America/St_Johns": datetime(2005, 2, 1),  # at a minute past midnight, back into the day before
}


def clock_of(zone):
    return local_clock(ZONES[zone], zone, *YEAR)


def instant_0(zone):
    return ZONES[zone].replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def berlin(start, length=2 * DAY, warm_up=0):
    return local_clock(datetime.fromisoformat(start), "Europe/Berlin", -warm_up, length)


@st.composite
def instants(draw):
    """An instant of a year in some zone, half of them near a change of clocks."""
    zone = draw(st.sampled_from(list(ZONES)))
    near = draw(st.sampled_from(clock_of(zone).changes)).at
    least, most = draw(st.sampled_from([YEAR, (near - 3 * HOUR, near + 3 * HOUR)]))
    return zone, draw(st.integers(least, most - 1))


@given(instants())
@settings(max_examples=400, deadline=None)
def test_clocks_show_what_the_time_zone_says(case):
    zone, at = case
    clock, shown = clock_of(zone), (instant_0(zone) + at * MS).astimezone(ZoneInfo(zone))
    naive = shown.replace(tzinfo=None, fold=0)

    assert clock.moment(at) == naive
    assert clock.ahead(at) * MS == shown.utcoffset()
    assert clock.hour(at) == shown.hour
    assert clock.minute(at) == 60 * shown.hour + shown.minute
    assert clock.hour_of_week(at) == 24 * shown.weekday() + shown.hour
    assert clock.day(at) == (shown.date() - ZONES[zone].date()).days
    both = {naive.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset() for fold in (0, 1)}
    assert clock.is_shown_twice(at) == (len(both) == 2)


@given(instants())
@settings(max_examples=400, deadline=None)
def test_a_local_time_is_the_instant_that_python_takes(case):
    """PEP 495 with fold=0: by the offset before where it is skipped, the first where it repeats."""
    zone, near = case
    clock = clock_of(zone)
    local = clock.local(near) // MINUTE * MINUTE - 30 * MINUTE  # many of them are skipped
    written = clock.midnight + local * MS
    first, second = (
        (written.replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC) - instant_0(zone)) // MS
        for fold in (0, 1)
    )

    assert clock.instant(local) == first
    assert clock.instant_of(written) == first
    shown = sorted({at for at in (first, second) if clock.local(at) == local})
    assert clock.occurrences(local) == shown


@pytest.mark.parametrize("zone", ZONES)
def test_an_array_is_looked_up_as_its_instants_are(zone):
    clock, rng = clock_of(zone), np.random.default_rng(5)
    at = rng.integers(*YEAR, 500)
    at[:100] = clock.changes[0].at + rng.integers(-2 * HOUR, 2 * HOUR, 100)

    for look_up in (clock.local, clock.instant, clock.hour, clock.minute, clock.hour_of_week):
        assert look_up(at).tolist() == [look_up(one) for one in at.tolist()]


@pytest.mark.parametrize("zone", ZONES)
def test_between_two_edges_no_such_time_of_day_is_shown(zone):
    clock = clock_of(zone)
    change = clock.changes[-1].at
    begins, ends = change - 2 * DAY, change + 2 * DAY
    minutes = range(begins, ends, MINUTE)
    shown = [at for at in minutes if clock.minute(at) in (0, 90) and begins < at]

    found = clock.edges(begins, ends, 0, 90 * MINUTE)
    assert set(found) == {*shown, change}
    assert found == sorted(found)


def test_a_time_that_is_skipped_is_an_hour_later_on_the_clock():
    clock = berlin("2025-03-30 00:00")

    assert clock.instant_of(datetime(2025, 3, 30, 2, 30)) == 150 * MINUTE
    assert clock.moment(150 * MINUTE) == datetime(2025, 3, 30, 3, 30)
    assert clock.instant_of(datetime(2025, 3, 30, 3)) == 2 * HOUR
    assert clock.occurrences(150 * MINUTE) == []


def test_a_time_that_comes_twice_is_meant_when_it_is_first_and_told_apart():
    clock = berlin("2025-10-26 00:00")
    first, second = clock.occurrences(150 * MINUTE)

    assert clock.instant_of(datetime(2025, 10, 26, 2, 30)) == first == 150 * MINUTE
    assert second == first + HOUR
    told = [clock.told_apart(at) for at in (first - HOUR, first, second, second + HOUR)]
    assert told == ["", " (UTC+02:00)", " (UTC+01:00)", ""]


@pytest.mark.parametrize(
    ("start", "hours"), [("2025-03-29 06:00", [0, 23, 47]), ("2025-10-25 06:00", [0, 25, 49])]
)
def test_a_day_has_23_or_25_hours(start, hours):
    assert berlin(start, 3 * DAY).day_begins(50 * HOUR) == [hour * HOUR for hour in hours]


def test_an_hour_ends_at_the_full_hour_or_where_clocks_are_changed():
    """On Lord Howe Island 02:00 becomes 01:30: that half hour ends at 02:00, the next at 03:00."""
    clock = local_clock(datetime(2025, 4, 6), "Australia/Lord_Howe", 0, DAY)
    ends, at = [], 0
    for _ in range(4):
        at = clock.hour_ends(at)
        ends.append(at / HOUR)

    assert ends == [1, 2, 2.5, 3.5]


@pytest.mark.parametrize(
    ("start", "length", "warm_up", "zone", "count"),
    [
        ("2025-03-29 06:00", 20 * HOUR, 0, "Europe/Berlin", 0),  # ends as they are put forward
        ("2025-03-29 06:00", 20 * HOUR + 1, 0, "Europe/Berlin", 1),
        ("2025-03-30 03:00", 200 * DAY, 0, "Europe/Berlin", 0),  # begins with it
        ("2025-03-30 04:00", DAY, 3 * HOUR, "Europe/Berlin", 1),
        ("2025-03-29 06:00", 900 * DAY, 0, "Asia/Damascus", 0),  # none since 2022
        ("2025-03-29 06:00", 900 * DAY, 0, "UTC", 0),
        ("2025-03-29 06:00", 900 * DAY, 0, "No/Such", 0),
    ],
)
def test_the_changes_are_those_within_the_run(start, length, warm_up, zone, count):
    clock = local_clock(datetime.fromisoformat(start), zone, -warm_up, length)

    assert len(clock.changes) == count
    assert clock.start == datetime.fromisoformat(start)
    assert clock.local(0) == (clock.start - clock.midnight) // MS


@given(st.integers(-(10**12), 10**12), st.integers(0, DAY - 1))
def test_without_changes_local_time_is_the_instant_and_the_time_of_the_start(at, into_day):
    clock = LocalClock.fixed(into_day)

    assert clock.local(at) == at + into_day
    assert clock.instant(at + into_day) == at
    assert clock.minute(at) == (at + into_day) // MINUTE % 1440
    assert clock.told_apart(at) == ""


@given(instants(), st.integers(-20 * DAY, 20 * DAY))
@settings(max_examples=100, deadline=None)
def test_a_clock_that_counts_from_another_instant_shows_the_same(case, later):
    zone, at = case
    clock = clock_of(zone)
    other = clock.since(at)

    assert other.moment(later) == clock.moment(at + later)
    assert other.ahead(later) == clock.ahead(at + later)


def test_offsets_are_said_as_dates_have_them():
    assert [say_offset(h) for h in (0, 2 * HOUR, -150 * MINUTE)] == ["+00:00", "+02:00", "-02:30"]
