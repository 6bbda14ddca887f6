"""What people write is read as they mean it, and what could mean two things is refused."""

from __future__ import annotations

import random
from datetime import datetime

import pytest

from sim import units

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


@pytest.mark.parametrize(
    ("written", "ms"),
    [
        ("250 ms", 250),
        ("90 s", 90_000),
        ("12 min", 12 * MINUTE),
        ("12min", 12 * MINUTE),
        ("1.5 h", 90 * MINUTE),
        ("5 h 30 min", 330 * MINUTE),
        ("1 day 6 hours", 30 * HOUR),
        ("28 days", 28 * DAY),
        ("2 weeks", 14 * DAY),
        ("0 min", 0),
        ("١٢ min", 12 * MINUTE),  # Arabic-Indic
        ("۱۲ min", 12 * MINUTE),  # Persian
        ("١٫٥ h", 90 * MINUTE),
    ],
)
def test_a_duration_is_read_to_the_millisecond(written, ms):
    assert units.duration(written) == ms


@pytest.mark.parametrize(
    ("reader", "unit", "per"),
    [
        (units.duration, " h", HOUR),
        (units.length, " km", 1000),
        (units.speed, " km/h", 1),
        (units.share, "%", 1 / 100),
        (units.points, " pp", 1 / 100),
        (units.rate, " per day", 1),
    ],
)
@pytest.mark.parametrize("number", [0.1 + 0.2, 2 / 3, 0.1 / 3, 100 / 3, 5e-05, 1.2345678901234567])
def test_numbers_are_read_as_programs_print_them(number, reader, unit, per):
    """``0.1 + 0.2`` is printed as 0.30000000000000004, with seventeen digits."""
    found = reader(f"{number}{unit}")

    expected = number * per
    assert found == (round(expected) if isinstance(found, int) else pytest.approx(expected))


@pytest.mark.parametrize(
    ("written", "said", "help"),
    [
        (20, "needs a unit", "'20 min'"),
        ("0", "needs a unit", "'0 min'"),
        ("12 m", "unknown unit 'm'", "minutes or metres"),
        ("45 mn", "unknown unit 'mn'", "'45 min'"),
        ("3 dyas", "unknown unit", "'3 days'"),
        ("5 months", "no fixed length", "days or weeks"),
        ("1 year", "no fixed length", "days or weeks"),
        ("22:30", "time of day", "1 h 30 min"),
        ("1,5 h", "needs a unit", "1.5 h"),
        ("30 min 1 h", "large to small", "1 h 30 min"),
        ("1 h 1 h", "large to small", "1 h 30 min"),
        ("1 h 30", "needs a unit after 30", "12 min"),
        ("-5 min", "never negative", ""),
        ("300 years", "no fixed length", ""),
        ("99999 weeks", "hundred years", ""),
        ("soon", "expected a duration", "12 min"),
        ("", "expected a duration", "12 min"),
        (True, "found true", "12 min"),
        ([1], "found a list", "12 min"),
        ("1" * 500, "expected a duration", ""),
    ],
)
def test_what_is_no_clear_duration_is_refused_with_what_would_be_right(written, said, help):
    with pytest.raises(units.QuantityError) as caught:
        units.duration(written)

    assert said in str(caught.value)
    assert help in caught.value.help


def test_every_duration_is_read_back_as_said():
    draws = random.Random(1)
    for _ in range(500):
        ms = draws.randrange(10 ** draws.randrange(1, 12))
        assert units.duration(units.say_duration(ms)) == ms


@pytest.mark.parametrize(("written", "metres"), [("500 m", 500), ("1.2 km", 1200), ("٢ km", 2000)])
def test_a_length_is_read_in_metres(written, metres):
    assert units.length(written) == metres


@pytest.mark.parametrize("written", [500, "500", "5 miles", "5 min", "m", "1 m 2 m"])
def test_a_length_without_a_known_unit_is_refused(written):
    with pytest.raises(units.QuantityError):
        units.length(written)


@pytest.mark.parametrize("written", ["45 km/h", "45km/h", "45 kmh", "٤٥ km/h"])
def test_a_speed_is_read_in_kilometres_an_hour(written):
    assert units.speed(written) == 45


@pytest.mark.parametrize("written", [45, "45", "0 km/h", "45 mph", "2000 km/h", "fast"])
def test_a_speed_that_is_none_is_refused(written):
    with pytest.raises(units.QuantityError):
        units.speed(written)


@pytest.mark.parametrize("written", ["55%", "55 %", 0.55, "0.55", "٥٥٪"])
def test_a_share_is_a_percentage_or_a_fraction(written):
    assert units.share(written) == 0.55


def test_fifty_five_is_no_share_because_it_may_mean_either():
    with pytest.raises(units.QuantityError) as caught:
        units.share(55)

    assert caught.value.help == "did you mean '55%'?"


@pytest.mark.parametrize(
    ("written", "per_day"),
    [("30 per day", 30), ("2 per hour", 48), ("30/day", 30), ("14 per week", 2), ("3 a day", 3)],
)
def test_a_rate_is_read_per_day(written, per_day):
    assert units.rate(written) == pytest.approx(per_day)


@pytest.mark.parametrize("written", [30, "30", "30 per fortnight", "per day", "-3 per day"])
def test_a_rate_without_its_unit_is_refused(written):
    with pytest.raises(units.QuantityError):
        units.rate(written)


def test_hours_run_past_midnight_and_to_the_end_of_the_day():
    assert units.hours("20:00-06:00") == (20 * HOUR, 6 * HOUR)
    assert units.hours("00:00 - 24:00") == (0, DAY)
    assert units.hours("08:00–20:00") == (8 * HOUR, 20 * HOUR)


@pytest.mark.parametrize("written", ["08:00-08:00", "8-20", "08:00", "25:00-26:00", "08:60-09:00"])
def test_hours_that_are_none_are_refused(written):
    with pytest.raises(units.QuantityError):
        units.hours(written)


def test_a_moment_is_a_day_of_the_scenario_or_a_date():
    assert units.moment("day 1 06:30") == 6 * HOUR + 30 * MINUTE
    assert units.moment("Day 3") == 2 * DAY
    assert units.moment("2025-03-06 06:30") == datetime(2025, 3, 6, 6, 30)


@pytest.mark.parametrize(
    "written", ["day 0", "06:30", "2025-02-30 06:00", "2025-03-06", "day 1 24:00", 5]
)
def test_a_moment_that_is_none_is_refused(written):
    with pytest.raises(units.QuantityError):
        units.moment(written)


def test_a_date_alone_is_answered_with_how_its_first_instant_is_written():
    with pytest.raises(units.QuantityError) as told:
        units.start_time("2025-01-20")
    assert told.value.help == "write '2025-01-20 00:00'"


def test_quantities_are_said_as_they_are_written():
    assert units.say_share(0.55) == "55%"
    assert units.say_rate(48.0) == "48 per day"
    assert units.say_speed(45.0) == "45 km/h"
    assert units.say_length(12_000) == "12 km"
    assert units.say_hours((20 * HOUR, 6 * HOUR)) == "20:00-06:00"
