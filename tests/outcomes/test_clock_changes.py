"""Means by the hour, nights and days where clocks are put forward or back in the period."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from sim.local_clock import local_clock
from sim.outcomes import Sample, Standards
from sim.outcomes.measured.record_log import is_of_days, log_of, observe_record
from sim.outcomes.observed.cohorts import meant_by
from sim.outcomes.observed.working_time import _nights
from sim.outcomes.observed.workload import Spans, hours_measured, stretches
from sim.scenario import Target
from sim.scenario.tables.unit_rows import UnitRow

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
STARTS = {
    "Europe/Berlin": ("2025-03-29 06:00", "2025-10-25 06:00"),
    "America/New_York": ("2025-03-08 06:00", "2025-11-01 06:00"),
    "Australia/Lord_Howe": ("2025-10-04 06:00", "2025-04-05 06:00"),
}
every_change = pytest.mark.parametrize(
    ("zone", "start"), [(zone, start) for zone, both in STARTS.items() for start in both]
)


def clock_of(zone, start, ends):
    return local_clock(datetime.fromisoformat(start), zone, 0, ends)


def shown(zone, start, at):
    """What clocks show, by the time zone."""
    zero = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo(zone))
    return datetime.fromtimestamp(zero.timestamp() + at / 1000, ZoneInfo(zone))


@every_change
def test_hours_measured_are_those_that_clocks_show(zone, start):
    ends = 2 * DAY + 7 * HOUR
    minutes = [shown(zone, start, at).hour for at in range(0, ends, MINUTE)]

    found = hours_measured(clock_of(zone, start, ends), ends)
    assert (found * 60).tolist() == np.bincount(minutes, minlength=24).tolist()


@every_change
def test_a_mean_by_the_hour_is_over_the_time_for_which_clocks_show_it(zone, start):
    """Spans drawn around the change, recounted minute by minute; two always open give 2."""
    ends, rng = 3 * DAY, np.random.default_rng(11)
    begin = rng.integers(-HOUR, ends, 60) // MINUTE * MINUTE
    until = begin + rng.integers(1, 300, 60) * MINUTE
    clock = clock_of(zone, start, ends)
    open_time, measured = np.zeros(24), np.zeros(24)
    for at in range(0, ends, MINUTE):
        hour = shown(zone, start, at).hour
        measured[hour] += 1
        open_time[hour] += ((begin <= at) & (at < until)).sum()

    found = Spans(np.zeros(60, np.int64), begin, until).mean_by_hour(clock, ends)
    assert found == pytest.approx(open_time / measured)
    two = Spans(np.arange(2), np.array([-5, -7]), np.array([ends, ends + 9]))
    assert two.mean_by_hour(clock, ends).tolist() == [2.0] * 24


def test_a_skipped_hour_has_no_mean_in_a_period_of_that_night_alone():
    clock = clock_of("Europe/Berlin", "2025-03-30 00:00", 6 * HOUR)
    always = Spans(np.array([0]), np.array([0]), np.array([6 * HOUR]))

    found = always.mean_by_hour(clock, 6 * HOUR)
    assert np.isnan(found[2])
    assert found[[0, 1, 3, 4, 5, 6]].tolist() == [1.0] * 6
    assert np.isnan(found[7:]).all()


@pytest.mark.parametrize(
    ("start", "hours", "nights"),
    [
        # from 22:00 until 03:30 by the clock: four and a half hours of a short night, not five
        ("2025-03-29 06:00", (16, 20.5), 1),
        ("2025-03-29 06:00", (16, 18.99), 0),
        # from 00:30 until 02:30, or just before, when it comes again: three hours have passed
        ("2025-10-25 06:00", (18.5, 21.5), 1),
        ("2025-10-25 06:00", (18.5, 21.4), 0),
        # from 03:30 until 06:00 after the change, two and a half hours
        ("2025-10-25 06:00", (22.5, 25), 0),
        ("2025-10-25 06:00", (22, 25), 1),
    ],
)
def test_a_night_of_work_is_three_elapsed_hours_between_22_and_6(start, hours, nights):
    begin, until = (np.array([round(hour * HOUR)]) for hour in hours)
    clock = clock_of("Europe/Berlin", start, 4 * DAY)

    assert _nights(Spans(np.array([0]), begin, until), 1, clock).tolist() == [nights]


@every_change
def test_stretches_of_days_begin_at_the_same_time_of_the_day(zone, start):
    ends = 5 * DAY
    edges = stretches(clock_of(zone, start, 6 * DAY), 40 * DAY)

    assert {f"{shown(zone, start, at):%H:%M}" for at in edges[:-1]} == {"06:00"}
    assert len({*np.diff(edges[:-1]).tolist()}) == 2
    hourly = stretches(clock_of(zone, start, ends), 2 * DAY)
    assert {*np.diff(hourly).tolist()} == {HOUR}


# -- records --------------------------------------------------------------------------------------


def unit(number, received):
    return UnitRow(
        None, str(number), received, "fire", "A", "A", 1, None, None, "E1",
        {"dispatched": 60_000, "on_scene": 5 * MINUTE, "cleared": HOUR},
    )  # fmt: skip


@pytest.mark.parametrize(("day", "hours"), [("2025-03-29", 71), ("2025-10-25", 73)])
def test_days_of_a_record_are_calendar_days(day, hours):
    """A callout at each full hour of three days, one of which has 23 or 25 hours."""
    clock = clock_of("Europe/Berlin", f"{day} 00:00", hours * HOUR)
    log = log_of([unit(n, n * HOUR) for n in range(hours)])
    assert is_of_days(clock, hours * HOUR)
    assert not is_of_days(clock, 72 * HOUR)

    found = observe_record(log, clock, hours * HOUR, by_day=True)
    assert np.bincount(found.replication).tolist() == [24, hours - 48, 24]
    whole = observe_record(log, clock, hours * HOUR, by_day=False)
    for seen in (found, whole):
        assert seen.hour.tolist() == [
            shown("Europe/Berlin", f"{day} 00:00", n * HOUR).hour for n in range(hours)
        ]


def test_a_record_of_half_a_year_has_the_hour_of_the_day_that_was_written():
    """From January, a callout received at 14:00 in July is one of hour 14."""
    start = datetime(2025, 1, 1)
    july = datetime(2025, 7, 10, 14, tzinfo=ZoneInfo("Europe/Berlin"))
    zero = start.replace(tzinfo=ZoneInfo("Europe/Berlin"))
    at = round((july.timestamp() - zero.timestamp()) * 1000)
    clock = local_clock(start, "Europe/Berlin", 0, at + DAY)

    assert (july.replace(tzinfo=None) - start) / timedelta(milliseconds=1) == at + HOUR
    assert observe_record(log_of([unit(0, at)]), clock, at + DAY, False).hour.tolist() == [14]


@pytest.mark.parametrize("by_day", [False, True])
def test_a_target_of_a_weekday_is_for_that_day_of_a_record(by_day):
    """One each hour from Saturday 00:00, over the change; Monday's at 14:00 and 15:00 are meant."""
    clock = clock_of("Europe/Berlin", "2025-03-29 00:00", 71 * HOUR)
    log = log_of([unit(n, n * HOUR) for n in range(71)])
    target = Target.model_validate(
        {"name": "t", "within": "15 min", "weekdays": ["Mon"], "hours": "14:00-16:00"}
    )
    standards = Standards((target,), {}, MINUTE, 0.01, HOUR, 0.01, clock=clock)
    found = observe_record(log, clock, 71 * HOUR, by_day)

    numbers = tuple(range(found.replications))
    meant = meant_by(Sample("record", found, log.names, standards, DAY, numbers), target)
    assert np.flatnonzero(meant).tolist() == [24 + 23 + 14, 24 + 23 + 15]
