"""A record drawn again from its own weeks: what stays, what varies, and by how much."""

from datetime import datetime

import numpy as np
import pytest

from sim.errors import UsageError
from sim.fitting.fitted_record import fit_input
from sim.fitting.refitting.drawn_weeks import WEEK, weeks_of

from .invented import DAY, MINUTE, arrivals, record


def a_record(seed=1, days=60, rate=8, **more):
    rng = np.random.default_rng(seed)
    received = arrivals(rng, days, rate, **more)
    n = len(received)
    return record(
        received, kind=rng.integers(0, 2, n), place=rng.integers(0, 3, n),
        instants={"dispatched": rng.exponential(2, n), "cleared": 20 + rng.exponential(30, n)},
    )  # fmt: skip


def days_of(found):
    return found.received // DAY


def test_each_day_is_a_day_of_the_record_of_the_same_weekday_with_all_its_callouts():
    found = a_record()
    weeks = weeks_of(found)
    own = {day: found.received[days_of(found) == day] % DAY for day in set(days_of(found))}
    for drawn in weeks.draw(3, 5):
        assert (np.diff(drawn.received) >= 0).all()
        for day in range(int(days_of(found)[-1]) + 1):
            times = drawn.received[days_of(drawn) == day] % DAY
            assert any(
                source % WEEK == day % WEEK and np.array_equal(times, then)
                for source, then in own.items()
            )


def test_a_week_is_drawn_as_a_whole_and_the_first_and_the_last_day_stay():
    found = a_record()
    weeks = weeks_of(found)
    days, source = weeks._days(np.linspace(0.99, 0.01, len(weeks.begins)))
    moved = source - days

    assert moved[0] == moved[-1] == 0
    for begins in weeks.begins:
        inside = (days >= begins) & (days < begins + WEEK) & (days < days[-1])
        assert len(set(moved[inside])) == 1
    assert len(set(moved)) > 3


def test_instants_kinds_and_units_go_with_their_callouts():
    found = a_record()
    drawn = next(weeks_of(found).draw(1, 1))
    lasted = {(t % DAY): (k, c - t) for t, k, c in
              zip(found.received, found.kind, found.at["cleared"], strict=True)}  # fmt: skip

    assert np.array_equal(drawn.callout, np.arange(len(drawn.received)))
    for at, kind, cleared in zip(drawn.received, drawn.kind, drawn.at["cleared"], strict=True):
        assert lasted[at % DAY] == (kind, pytest.approx(cleared - at))


def test_callouts_with_several_units_keep_all_of_their_rows():
    found = a_record()
    twice = np.repeat(np.arange(len(found.received)), 2)
    rows = record(
        found.received, callout=twice, unit=np.zeros(len(twice), dtype=np.int64),
        at={name: times[twice] for name, times in found.at.items()},
        starts=np.full((len(twice), 2), np.nan),
    )  # fmt: skip
    drawn = next(weeks_of(rows).draw(1, 1))

    assert np.array_equal(drawn.callout, np.repeat(np.arange(len(drawn.received)), 2))
    assert (drawn.at["cleared"] - drawn.received[drawn.callout] >= 20 * MINUTE).all()


def test_the_rate_of_drawn_records_varies_as_that_of_a_poisson_process_would():
    """Of ``n`` days at ``r`` a day by sqrt(r / n), once what few weeks take from it is made up."""
    variances = []
    for seed in range(20):
        weeks = weeks_of(a_record(seed, days=60, rate=8))
        inside = [
            np.isin(days_of(drawn), weeks.covered).sum() / len(weeks.covered)
            for drawn in weeks.draw(1, 30)
        ]
        variances.append(np.var(inside, ddof=1) * weeks.inflation)

    error = np.std(variances) / np.sqrt(len(variances))
    assert abs(np.mean(variances) - 8 / 58) < 4 * error


def test_weeks_that_differ_as_a_whole_make_the_rate_less_certain():
    """Which drawing day by day would not see."""
    rng = np.random.default_rng(4)
    parts = [arrivals(rng, 7, rate) + 7 * DAY * n for n, rate in enumerate([4, 16] * 6)]
    weeks = weeks_of(record(np.concatenate(parts)))
    rates = [len(drawn.received) / 84 for drawn in weeks.draw(1, 100)]

    assert np.std(rates) > 3 * np.sqrt(10 / 84)


def test_where_months_are_fitted_a_week_is_drawn_from_its_own_season():
    found = a_record(days=800, rate=2)
    weeks = weeks_of(found)
    apart = [abs(own - begins) % 365.25 for begins, instead in
             zip(weeks.begins, weeks.instead, strict=True) for own in instead]  # fmt: skip

    assert max(min(a, 365.25 - a) for a in apart) <= 4.5 * 7
    assert weeks.fewest >= 15
    assert any(abs(own - weeks.begins[0]) > 300 for own in weeks.instead[0])


def test_gaps_stay_and_no_week_with_a_gap_is_drawn():
    found = a_record(days=90, rate=10)
    kept = (days_of(found) < 30) | (days_of(found) > 39)
    weeks = weeks_of(record(found.received[kept]))
    for drawn in weeks.draw(2, 5):
        assert not np.isin(days_of(drawn), np.arange(30, 40)).any()
    assert not any(
        np.isin(np.arange(30, 40), np.arange(b, b + WEEK)).any() for b in weeks.instead[0]
    )


def test_more_drawn_records_leave_the_first_the_same():
    weeks = weeks_of(a_record())
    few, many = list(weeks.draw(7, 2)), list(weeks.draw(7, 5))

    for a, b in zip(few, many, strict=False):
        assert np.array_equal(a.received, b.received)
    assert not np.array_equal(many[0].received, many[1].received)


@pytest.mark.parametrize("days", [10, 27])
def test_a_record_with_few_whole_weeks_is_refused(days):
    with pytest.raises(UsageError, match=r"whole weeks in it without a gap; at least 4"):
        weeks_of(a_record(days=days))


def test_drawn_records_can_be_fitted():
    found = a_record(start=datetime(2024, 1, 1))
    rates = [fit_input(drawn, assumed={}).rates.rate for drawn in weeks_of(found).draw(1, 3)]

    assert len(set(rates)) == 3
    assert all(abs(rate - 8) < 2 for rate in rates)
