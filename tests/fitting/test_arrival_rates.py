"""Rates by hour, weekday, month, kind and place from records with known rates."""

from datetime import date

import numpy as np
import pytest

from sim.fitting.arrival_rates import rates_of
from sim.fitting.covered_time import covered_time
from sim.fitting.day_dispersion import dispersion_of

from .invented import DAY, HOUR, arrivals, covers, record

HOURS = np.array([1.0] * 7 + [3.0] * 12 + [2.0] * 5)
WEEKDAYS = np.array([1.0, 1.0, 1.0, 1.0, 1.2, 1.4, 0.4])


def rates(received, **more):
    found = record(received, **more)
    return rates_of(found, covered_time(found))


def test_the_time_between_first_and_last_callout_is_covered_and_no_more():
    """From Monday 12:30 to Wednesday 06:15: 41.75 hours, of Monday 11.5."""
    found = record([12.5 * HOUR, 20 * HOUR, 54.25 * HOUR])
    covered = covered_time(found)

    assert covered.hours == pytest.approx(41.75)
    assert covered.exposure.sum(axis=(0, 2)) == pytest.approx([11.5, 24, 6.25, 0, 0, 0, 0])
    assert covered.exposure[12, 0, 0] == pytest.approx(0.5)
    assert covered.exposure[6, 2, 0] == pytest.approx(0.25)
    assert [*covered.counted] == [False, True, False]


def test_days_covered_in_part_do_not_lower_the_rate():
    """The same record cut at noon of its first and last day has the same rate."""
    received = arrivals(np.random.default_rng(1), 60, 24)
    cut = received[(received > DAY / 2) & (received < 59.5 * DAY)]

    assert rates(cut).rate == pytest.approx(rates(received).rate, rel=0.01)


@pytest.mark.long
def test_the_rate_of_a_poisson_record_is_not_biased():
    """Also where it has few callouts: the first and the last bound the time."""
    found = [rates(arrivals(np.random.default_rng(s), 20, 2.0)).rate for s in range(200)]

    error = np.std(found) / np.sqrt(len(found))
    assert abs(np.mean(found) - 2.0) < 4 * error


@pytest.mark.long
def test_intervals_hold_the_true_rate_and_dispersion_as_often_as_they_say():
    """Over a hundred records of 200 days which differ by more than chance."""
    rate, variance = 8.0, 0.1
    in_rate, in_index = [], []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        found = rates(arrivals(rng, 200, rate, HOURS, WEEKDAYS, variance=variance))
        in_rate.append(found.low <= rate <= found.high)
        own = found.dispersion
        in_index.append(own.low <= 1 + rate * variance <= own.high)

    assert covers(in_rate)
    assert covers(in_index)


def test_profiles_are_found():
    rng = np.random.default_rng(3)
    found = rates(arrivals(rng, 728, 20, HOURS, WEEKDAYS))

    assert found.profiles["hours"].pooled.value == pytest.approx(HOURS / HOURS.mean(), rel=0.12)
    weekdays = found.profiles["weekdays"].pooled
    assert weekdays.value == pytest.approx(WEEKDAYS / WEEKDAYS.mean(), rel=0.08)
    assert (weekdays.low < WEEKDAYS / WEEKDAYS.mean()).sum() >= 6
    assert found.profiles["hours"].counts.sum() == found.counted


@pytest.mark.long
def test_intervals_of_hours_hold_what_is_true_as_often_as_they_say():
    hits = []
    for seed in range(60):
        found = rates(arrivals(np.random.default_rng(seed), 300, 5, HOURS))
        own = found.profiles["hours"].pooled
        true = HOURS / HOURS.mean()
        hits += [*((own.low <= true) & (true <= own.high))]

    assert 0.92 <= np.mean(hits) <= 0.975


def test_months_covered_twice_do_not_bend_the_rate():
    """Fourteen months with a busy January and February, which come twice: the rate is a year's."""
    months = np.array([3.0, 3.0] + [1.0] * 10)
    year = (months * [31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]).sum() / 365.25
    received = arrivals(np.random.default_rng(2), 425, 30, months=months)
    found = rates(received)

    assert found.rate == pytest.approx(30 * year, rel=0.03)
    assert len(received) / 425 > 1.05 * 30 * year
    assert found.profiles["months"].pooled.value == pytest.approx(months / year, rel=0.13)


def test_weekdays_need_two_weeks_and_months_a_year():
    short, longer = (rates(arrivals(np.random.default_rng(1), days, 20)) for days in (10, 40))

    assert short.profiles["weekdays"] is None
    assert longer.profiles["weekdays"] is not None
    assert longer.profiles["months"] is None


def test_a_gap_in_the_record_is_told_and_left_out():
    rng = np.random.default_rng(5)
    received = arrivals(rng, 100, 10)
    received = received[(received < 40 * DAY) | (received >= 47 * DAY)]
    found = record(received)
    covered = covered_time(found)

    assert covered.gaps == ((date(2024, 2, 10), date(2024, 2, 16)),)
    assert rates_of(found, covered).rate == pytest.approx(10, rel=0.08)


def test_days_without_a_callout_are_no_gap_where_callouts_are_rare():
    for rate in (0.1, 0.3, 0.7, 2.0):
        for seed in range(20):
            found = arrivals(np.random.default_rng(seed), 600, rate)
            assert covered_time(record(found)).gaps == ()


def test_days_that_never_have_a_callout_are_no_gaps():
    """A service may be closed on Sundays: its rate is zero then."""
    received = arrivals(np.random.default_rng(5), 300, 12, weekdays=[1, 1, 1, 1, 1, 1, 0])

    assert covered_time(record(received)).gaps == ()
    assert rates(received).profiles["weekdays"].pooled.value[6] < 0.02


def test_a_kind_with_hours_of_its_own_is_found_and_others_are_as_all():
    rng = np.random.default_rng(8)
    night = arrivals(rng, 365, 2, [1.0] * 6 + [0.1] * 18)
    day = arrivals(rng, 365, 8, HOURS)
    received = np.concatenate([night, day])
    kind = np.concatenate([np.zeros(len(night), int), np.ones(len(day), int)])
    order = np.argsort(received, kind="stable")
    found = rates(received, kind=kind[order])

    own, common = found.kinds
    assert own.own["hours"].pooled.value[:6] == pytest.approx(np.full(6, 24 / 7.8), rel=0.2)
    assert "weekdays" not in own.own
    assert "weekdays" not in common.own
    assert sum(kind.share for kind in found.kinds) == pytest.approx(1)
    assert own.share == pytest.approx(0.2, abs=0.02)


def test_a_kind_of_few_callouts_keeps_the_common_pattern():
    rng = np.random.default_rng(9)
    received = arrivals(rng, 365, 10, HOURS)
    kind = np.ones(len(received), int)
    kind[:: len(received) // 7] = 0

    found = rates(received, kind=kind)

    assert found.kinds[0].own == {}
    assert found.kinds[0].low < found.kinds[0].share < found.kinds[0].high


def test_places_of_few_callouts_lean_on_the_mean_and_kinds_have_their_own():
    rng = np.random.default_rng(10)
    received = arrivals(rng, 365, 10)
    kind = (rng.random(len(received)) < 0.3).astype(int)
    weights = np.array([[0.5, 0.4, 0.08, 0.02], [0.1, 0.1, 0.7, 0.1]])
    place = np.array([rng.choice(4, p=weights[k]) for k in kind])

    found = rates(received, kind=kind, place=place)

    for own, true in zip(found.kinds, weights, strict=True):
        assert own.places.value == pytest.approx(true, abs=0.03)
        assert own.places.value.sum() == pytest.approx(1)
    assert found.places.value.sum() == pytest.approx(1)


def test_hours_that_differ_between_weekdays_are_told():
    """A scenario multiplies hour and weekday: what it cannot say is measured."""
    rng = np.random.default_rng(11)
    received = arrivals(rng, 364, 20)
    weekend = (received // DAY % 7) >= 5
    night = received // HOUR % 24 < 12
    keep = rng.random(len(received)) < np.where(weekend == night, 1.0, 0.3)

    cv, p_value = rates(received[keep]).interaction
    plain = rates(received).interaction

    assert p_value < 1e-10
    assert cv > 0.3
    assert plain[1] > 0.01


def test_days_that_differ_by_chance_have_an_index_of_one():
    rng = np.random.default_rng(4)
    found = dispersion_of(rng.poisson(6, 700).astype(float), np.full(700, 6.0))

    assert found.low <= 1.0001
    assert found.index < 1.15
    assert found.p_value > 0.05


def test_the_index_of_a_negative_binomial_is_found_whatever_the_weekday():
    rng = np.random.default_rng(6)
    mean = np.tile([4.0, 4.0, 4.0, 4.0, 6.0, 10.0, 3.0], 100)
    counts = rng.poisson(mean * rng.gamma(5, 0.2, 700)).astype(float)

    found = dispersion_of(counts, mean)

    assert found.variance == pytest.approx(0.2, rel=0.15)
    assert found.p_value < 1e-6
