"""
Surges and uneven days: exact means by window, place and kind, and nobody else's draws changed.
"""

import math

import numpy as np
import pytest
from scipy import stats

from sim.errors import UsageError

from ..worlds import DAY, HOUR, MINUTE
from .drawn import HOURS, by_key, demand_of, received

START = 6 * HOUR + 30 * MINUTE
RATE = [40 * 24 * h / sum(HOURS) for h in HOURS]  # a day
TRIPLE = "{place: A, kinds: [fire], from: day 3 06:00, until: day 10 18:00, factor: 3}"
NIGHTS = "{area: North, hours: 20:00-06:15, factor: 2}"
HALF = "{kinds: [wounded], from: day 5 12:20, factor: 0.5}"
ALL = f"surges: [{TRIPLE}, {NIGHTS}, {HALF}]"


def factor(at, place, kind):
    """Return the three surges together, written again."""
    clock = (at + START) % DAY
    begins, until = 2 * DAY + 6 * HOUR - START, 9 * DAY + 18 * HOUR - START
    triple = place == 0 and kind == 0 and begins <= at < until
    nights = place in (0, 1) and (clock >= 20 * HOUR or clock < 6 * HOUR + 15 * MINUTE)
    half = kind == 1 and at >= 4 * DAY + 12 * HOUR + 20 * MINUTE - START
    return (1 + 2 * triple + nights) * (0.5 if half else 1)


def mean_by_minute(begins, ends):
    """Return mean callouts in each minute, place and kind, summed up the slow way."""
    found = np.empty(((ends - begins) // MINUTE, 3, 2))
    for i, at in enumerate(range(begins, ends, MINUTE)):
        base = RATE[(at + START) % DAY // HOUR] / 1440
        for place, weight in enumerate((0.5, 0.3, 0.2)):
            for kind, share in enumerate((0.3, 0.7)):
                found[i, place, kind] = base * weight * share * factor(at, place, kind)
    return found


@pytest.fixture(scope="module")
def means():
    return mean_by_minute(-2 * DAY, 28 * DAY)


@pytest.fixture(scope="module")
def drawn():
    return received(demand_of(ALL), replications=40)


def test_the_expected_number_is_the_integral_of_the_surging_rate(means):
    """It is what the control variate stands on, so it is exact to the minute."""
    demand = demand_of(ALL)

    assert demand.expected == pytest.approx(means[2 * 1440 :].sum(), rel=1e-12)
    assert demand.mean_is_exact


def test_each_hour_place_and_kind_gets_its_share(drawn, means):
    """A rescaled test of arrivals is nearly blind at the edges of windows; counts are not."""
    every = [c for replication in drawn for c in replication]
    counts = np.zeros((720, 3, 2))
    hour = [(c.received + 2 * DAY) // HOUR for c in every]
    np.add.at(counts, (hour, [c.place for c in every], [c.kind for c in every]), 1)
    exact = means.reshape(720, 60, 3, 2).sum(axis=1) * len(drawn)

    z = (counts - exact) / np.sqrt(exact)
    assert np.abs(z[exact > 20]).max() < 4.5  # of some thousands
    big = exact > 5
    low, high = stats.chi2.ppf([0.0001, 0.9999], big.sum())
    assert low < (z[big] ** 2).sum() < high
    for axis in ((0,), (0, 1), (0, 2), (1, 2), (0, 1, 2)):
        got, wanted = counts.sum(axis=axis), exact.sum(axis=axis)
        assert (np.abs(got - wanted) / np.sqrt(wanted)).max() < 4.5


def test_a_window_holds_to_the_minute(drawn, means):
    """In the quarter of an hour on either side of each edge, over all days and replications."""
    every = np.array([c.received + 2 * DAY for r in drawn for c in r])
    for clock in (20 * HOUR, 6 * HOUR + 15 * MINUTE):
        first = (clock - START) % DAY // MINUTE
        for begins in (first - 15, first):
            minutes = (np.arange(30) * 1440 + begins)[:, None] + np.arange(15)
            minutes = minutes[(minutes >= 0) & (minutes < len(means))]
            exact = means.sum(axis=(1, 2))[minutes].sum() * len(drawn)
            count = np.isin(every // MINUTE, minutes).sum()
            assert abs(count - exact) / math.sqrt(exact) < 3.9


def test_callouts_are_a_poisson_process_once_time_is_rescaled(drawn, means):
    """Gaps measured in expected callouts are exponential with mean 1, and unrelated."""
    cumulative = np.concatenate([[0], np.cumsum(means.sum(axis=(1, 2)))])
    gaps = []
    for replication in drawn[:12]:
        at = np.array([c.received + 2 * DAY for c in replication]) / MINUTE
        gaps.append(np.diff(np.interp(at, np.arange(len(cumulative)), cumulative)))
    gaps = np.concatenate(gaps)

    assert stats.kstest(gaps, "expon").pvalue > 1e-4
    assert abs(np.corrcoef(gaps[:-1], gaps[1:])[0, 1]) * math.sqrt(len(gaps)) < 3.9


def test_a_surge_more_only_adds_callouts_at_its_time_places_and_kinds():
    """All others keep their time, place, kind and every mark, so that a surge's cost is its own."""
    plain, surging = by_key(demand_of()), by_key(demand_of(f"surges: [{TRIPLE}]"))

    assert plain.items() <= surging.items()
    added = [surging[key][0] for key in surging.keys() - plain.keys()]
    assert added
    for kind, _, place, at, _ in added:
        assert (kind, place) == (0, 0)
        assert 2 * DAY + 6 * HOUR - START <= at < 9 * DAY + 18 * HOUR - START


def test_a_surge_below_one_only_takes_callouts_away_and_more_of_them_the_lower_it_is():
    plain = by_key(demand_of())
    half, tenth, none = (
        by_key(demand_of(f"surges: [{{place: B, hours: 08:00-20:00, factor: {m}}}]"))
        for m in (0.5, 0.1, 0)
    )

    assert none.items() < tenth.items() < half.items() < plain.items()
    for key in plain.keys() - none.keys():
        _, _, place, at, _ = plain[key][0]
        assert place == 1
        assert 8 * HOUR <= (at + START) % DAY < 20 * HOUR
    assert not any(
        place == 1 and 8 * HOUR <= (at + START) % DAY < 20 * HOUR
        for (_, _, place, at, _), _ in none.values()
    )


def test_a_named_surge_keeps_its_callouts_wherever_it_stands():
    """By position, a surge before it would change who is called."""
    named = "{name: fires, kinds: [fire], factor: 2}"
    alone = by_key(demand_of(f"surges: [{named}]"))
    second = by_key(demand_of(f"surges: [{NIGHTS}, {named}]"))

    assert alone.items() < second.items()


def test_a_larger_surge_has_the_callouts_of_a_smaller():
    two, four = (by_key(demand_of(f"surges: [{{place: C, factor: {m}}}]")) for m in (2, 4))

    assert two.items() < four.items()


@pytest.mark.parametrize("lines", [(ALL,), ("day_to_day: {dispersion_index: 5}", ALL)])
def test_the_callouts_of_a_smaller_scale_are_among_those_of_a_larger(lines):
    """With surges and uneven days as without: a day's factor is the same at any scale."""
    small, large = (by_key(demand_of(*lines, f"scale: {s}")) for s in ("60%", "130%"))

    assert small.items() < large.items()
    assert 0.3 < len(small) / len(large) < 0.6


def test_a_surge_so_large_that_its_plane_has_hundreds_of_bands_is_exact():
    """A band lost, doubled or with the keys of another would show."""
    lines = ["surges: [{place: C, from: day 2 00:00, until: day 3 00:00, factor: 1000}]"]
    demand = demand_of(*lines, "scale: 300%", overrides={"clock.length": "2 days"})

    count = len([c for c in by_key(demand).values() if c[0][3] >= 0])
    assert demand.expected > 20_000
    assert abs(count - demand.expected) / math.sqrt(demand.expected) < 3.9


def test_three_large_surges_at_once_draw_all_that_they_ask_for():
    one = "{place: C, from: day 2 00:00, until: day 3 00:00, factor: 1000}"
    demand = demand_of(f"surges: [{one}, {one}, {one}]", overrides={"clock.length": "2 days"})

    count = len([c for c in by_key(demand).values() if c[0][3] >= 0])

    assert abs(count - demand.expected) / math.sqrt(demand.expected) < 3.9


def test_a_surge_that_asks_for_more_than_can_be_drawn_is_refused():
    """It drew fewer callouts than asked, in silence; where days differ, `check` cannot foresee."""
    surge = "{name: flood, from: day 2 00:00, until: day 3 00:00, factor: 1000}"
    demand = demand_of(f"surges: [{surge}]", "day_to_day: {dispersion_index: 1000}")

    with pytest.raises(UsageError, match=r"the surge 'flood' adds up to .* 262,144 are the most"):
        next(demand.callouts(3, 0))


def test_days_beyond_what_can_be_drawn_are_refused():
    """They were cut in silence. The busiest hour has 170,000 x 240 / 159 a day without them."""
    changed = {"demand.rate": "170000 per day", "clock.length": "20 days"}
    demand = demand_of("day_to_day: {dispersion_index: 1000}", overrides=changed)

    with pytest.raises(UsageError, match=r"day_to_day, replication 0 comes to .* 262,144 are the"):
        next(demand.callouts(3, 0))


def test_a_surge_where_nobody_calls_changes_nothing():
    empty = demand_of(
        "surges: [{place: C, factor: 5}]", "where: {A: 1}", overrides={"clock.length": "5 days"}
    )
    plain = demand_of("where: {A: 1}", overrides={"clock.length": "5 days"})

    assert by_key(empty) == by_key(plain)
    assert empty.expected == pytest.approx(plain.expected)


def test_the_second_calendar_day_of_a_run_of_one_is_whole():
    """The run begins at 06:30: the night after belongs to a day with a factor of its own."""
    wild = "day_to_day: {dispersion_index: 200}"
    day, days = (
        demand_of(wild, overrides={"clock.length": run, "clock.warm_up": "0 min"})
        for run in ("1 day", "20 days")
    )

    for r in range(20):
        inside = {k: v for k, v in by_key(days, r).items() if v[0][3] < DAY}
        assert by_key(day, r) == inside


def test_another_run_or_warm_up_changes_no_callout_of_uneven_days():
    """The factor belongs to the calendar day."""
    lines = ["day_to_day: {dispersion_index: 4}", ALL]
    long = by_key(
        demand_of(*lines, overrides={"clock.length": "70 days", "clock.warm_up": "9 days"})
    )
    short = by_key(demand_of(*lines))

    inside = {k: v for k, v in long.items() if -2 * DAY <= v[0][3] < 28 * DAY}
    assert short == inside
