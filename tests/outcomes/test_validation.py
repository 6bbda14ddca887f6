"""A simulation next to a record: times by hand, distances by scipy, errors by theory."""

import numpy as np
import pytest
from scipy import stats

from sim.log import MS_PER_DAY, MS_PER_MINUTE
from sim.outcomes.inference.families import holm
from sim.outcomes.validation.agreement import (
    AGREES,
    CALLOUTS,
    DIFFERS,
    NOT_SHOWN,
    TOO_FEW,
    Tolerance,
    judged_rows,
    row_of,
)
from sim.outcomes.validation.calibration import fit_of, ks_distance, round_times
from sim.outcomes.validation.callout_times import (
    UNKNOWN,
    CalloutTimes,
    KnownCallout,
    UnitTimes,
    callout_times,
    coarsened,
    grain_of,
    lacking,
    parts_of,
)
from sim.outcomes.validation.compared_times import (
    ComparedStatistic,
    Sides,
    compared_counts,
    compared_times,
    order_statistic,
)
from sim.outcomes.validation.day_blocks import (
    Binned,
    Uncertainty,
    block_length,
    combined,
    common_edges,
    day_weights,
    replication_weights,
    variance_of,
)

ALL = ("entry", "dispatched", "en_route", "on_scene", "left", "at_hospital", "cleared")
RNG = np.random.default_rng(7)


def minutes(*times):
    return [None if t is None else t * MS_PER_MINUTE for t in times]


def callout(received=0, units=(), **chain):
    at = {name: t * MS_PER_MINUTE for name, t in chain.items()}
    return KnownCallout(received, 0, 0, at, [UnitTimes(*minutes(*u)) for u in units])


# Parts of a callout


def test_parts_lie_between_the_instants_that_a_record_has():
    assert list(parts_of(ALL)) == [
        "response", "call handling", "queue", "turnout", "travel", "on scene", "transport",
        "handover",
    ]  # fmt: skip
    assert list(parts_of({"dispatched", "on_scene"})) == [
        "response", "call handling and queue", "turnout and travel",
    ]  # fmt: skip
    assert list(parts_of({"on_scene"})) == ["response"]
    assert list(parts_of({"dispatched", "en_route"})) == ["call handling and queue", "turnout"]
    assert lacking({"dispatched", "on_scene"}) == [
        "call handling", "queue", "turnout", "travel", "on scene", "transport", "handover",
    ]  # fmt: skip


def test_times_of_a_callout_by_hand():
    """The second unit leaves with the patient: work, transport and handover are its own."""
    row = callout(
        0, [(9, None, None, 20), (11, 30, 42, 60)], entry=2, dispatched=3, en_route=4, on_scene=9
    )

    found = callout_times([row], ALL).times

    assert {part: int(t[0]) // MS_PER_MINUTE for part, t in found.items()} == {
        "response": 9, "call handling": 2, "queue": 1, "turnout": 1, "travel": 5, "on scene": 19,
        "transport": 12, "handover": 18,
    }  # fmt: skip


def test_where_nobody_leaves_work_is_that_of_the_first_on_scene():
    row = callout(0, [(12, None, None, 40), (9, None, None, 20)], on_scene=9)

    assert callout_times([row], ALL).times["on scene"][0] == 11 * MS_PER_MINUTE


def test_what_did_not_happen_or_is_out_of_order_is_unknown():
    rows = [callout(0, entry=2), callout(0, dispatched=5, en_route=4, on_scene=9)]

    found = callout_times(rows, ALL).times

    assert list(found["response"]) == [UNKNOWN, 9 * MS_PER_MINUTE]
    assert list(found["turnout"]) == [UNKNOWN, UNKNOWN]
    assert list(found["on scene"]) == [UNKNOWN, UNKNOWN]


def test_days_and_hours_count_from_the_midnight_of_the_period():
    rows = [callout(MS_PER_DAY), callout(2 * MS_PER_DAY + 90 * MS_PER_MINUTE)]

    found = callout_times(rows, ALL, begins=MS_PER_DAY)

    assert (list(found.day), list(found.hour)) == ([0, 1], [0, 1])


def test_a_record_written_to_the_minute_is_known_as_such():
    whole = callout(MS_PER_MINUTE, [(3, None, None, 9)], entry=2)
    second = KnownCallout(1000, 0, 0, {"entry": 2000}, [])

    assert grain_of([whole]) == MS_PER_MINUTE
    assert grain_of([whole, second]) == 1000
    assert grain_of([whole, second, KnownCallout(1, 0, 0, {}, [])]) == 1
    cut = coarsened(KnownCallout(61_000, 0, 0, {"entry": 119_999}, []), MS_PER_MINUTE)
    assert (cut.received, cut.chain["entry"]) == (MS_PER_MINUTE, MS_PER_MINUTE)


# Distances and quantiles, by other programs


@pytest.mark.parametrize(("a", "b", "tied"), [(50, 80, False), (1, 7, False), (60, 60, True)])
def test_the_distance_is_that_of_scipy(a, b, tied):
    first, second = (RNG.integers(0, 20 if tied else 10**9, size) for size in (a, b))

    found = ks_distance(np.sort(first), np.sort(second))

    assert found == pytest.approx(stats.ks_2samp(first, second).statistic, abs=1e-12)


def test_a_replication_is_measured_against_the_others_by_the_same_distance():
    sim = times_of(RNG.integers(1, 30, 90), replication=np.repeat(np.arange(3), 30))
    rec = times_of(RNG.integers(1, 30, 20))

    fit = fit_of(sides_of(rec, sim, replications=3), "response")

    own = [
        stats.ks_2samp(
            sim.times["response"][sim.replication == n], sim.times["response"][sim.replication != n]
        ).statistic
        for n in range(3)
    ]
    assert fit.by_chance == pytest.approx(max(own))
    farther = sum(each >= fit.distance - 1e-12 for each in own)
    assert fit.p == pytest.approx((1 + farther) / 4)


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9, 0.95])
def test_a_quantile_is_the_order_statistic_of_numpy(p):
    times = np.sort(RNG.integers(0, 1000, 97))

    assert order_statistic(times, p) == np.quantile(times, p, method="inverted_cdf")


def test_round_times_are_few():
    assert [t // MS_PER_MINUTE for t in round_times(17 * MS_PER_MINUTE)] == [5, 10, 15]
    assert len(round_times(10**9)) <= 5


# Errors


def times_of(response, day=None, replication=None, kind=None):
    size = len(response)
    zero = np.zeros(size, dtype=np.int64)
    return CalloutTimes(
        zero if replication is None else replication, zero if day is None else day, zero,
        zero if kind is None else kind, zero, {"response": np.asarray(response, dtype=np.int64)},
    )  # fmt: skip


def sides_of(rec, sim, days=1, replications=1, paired=False, grain=1):
    return Sides.of(rec, sim, days, replications, paired, 1, grain)


def everybody(*sides):
    return tuple(np.ones(len(side), dtype=bool) for side in sides)


def test_days_are_drawn_in_blocks_that_follow_each_other():
    weights = day_weights(30, seed=3)

    assert (weights.sum(axis=1) == 30).all()
    assert block_length(30) == 4
    assert block_length(27) == 3
    assert weights.mean() == pytest.approx(1)
    assert weights.mean(axis=0) == pytest.approx(1, abs=0.15), "no day is drawn more than others"
    neighbours = (weights * np.roll(weights, 1, axis=1)).mean()
    apart = (weights * np.roll(weights, 10, axis=1)).mean()
    assert neighbours > apart + 0.3


def test_the_bootstrap_of_independent_days_has_the_error_of_a_mean():
    """Variance over n, from the theory of means; the blocks make it noisier, not larger."""
    days = 400
    values = RNG.normal(0, 1, days)
    drawn = day_weights(days, seed=1) @ values / days

    variance, _ = variance_of(drawn, days / block_length(days))

    assert variance == pytest.approx(values.var(ddof=1) / days, rel=0.35)


def test_days_that_resemble_their_neighbours_make_the_error_larger():
    """An autoregressive process of 0.6 has (1 + 0.6) / (1 - 0.6) = 4 times the variance."""
    days = 1000
    noise, values = RNG.normal(0, 1, days), np.zeros(days)
    for i in range(1, days):
        values[i] = 0.6 * values[i - 1] + noise[i]
    drawn = day_weights(days, seed=1) @ values / days

    ratio = variance_of(drawn, days / block_length(days))[0] / (values.var(ddof=1) / days)

    assert 2.2 < ratio < 5


def test_two_errors_are_combined_as_welch_does():
    a, b = RNG.normal(0, 1, 12), RNG.normal(0.5, 3, 20)
    parts = [(x.var(ddof=1) / len(x), len(x) - 1) for x in (a, b)]

    found = combined(parts)
    welch = stats.ttest_ind(a, b, equal_var=False)

    assert found.freedom == pytest.approx(welch.df, abs=0.25)
    assert found.freedom <= welch.df
    assert found.p_different(a.mean() - b.mean()) == pytest.approx(welch.pvalue, rel=0.02)
    low, high = found.interval(a.mean() - b.mean())
    assert (low, high) == pytest.approx(tuple(welch.confidence_interval()), rel=0.01)


def test_quantiles_of_drawn_days_are_those_of_their_callouts_together():
    """Worked out again by putting the callouts of the days drawn into one list."""
    times, day = RNG.integers(0, 50, 40), np.repeat(np.arange(8), 5)
    weights = day_weights(8, seed=2, draws=25)

    found = Binned.of(times, day, 8, common_edges(times, times)).quantiles(weights, (0.5, 0.9))

    for row, (median, p90) in zip(weights.astype(int), found, strict=True):
        own = np.sort(np.repeat(times, row[day]))
        assert median == order_statistic(own, 0.5)
        assert p90 == order_statistic(own, 0.9)


def test_what_both_have_in_common_cancels_where_they_ran_on_the_same_days():
    """A busy day is busy in both: unpaired, the difference would seem less sure than it is."""
    day = np.repeat(np.arange(60), 10)
    effect = RNG.normal(0, 300, 60)[day]
    rec = times_of(2000 + effect + RNG.normal(0, 30, 600), day)
    sim = times_of(2000 + effect + RNG.normal(0, 30, 600), day, np.tile([0, 1], 300))
    errors = {}
    for paired in (True, False):
        sides = sides_of(rec, sim, 60, 2, paired)
        (mean,) = compared_times(sides, "response", everybody(rec, sim), ["mean"])
        errors[paired] = mean.chance.error

    assert errors[True] < 0.2 * errors[False]


def test_times_written_to_the_minute_are_known_to_no_more():
    day = np.repeat(np.arange(20), 10)
    rec = times_of(np.full(200, 5 * MS_PER_MINUTE), day)
    sim = times_of(np.tile(rec.times["response"], 2), np.tile(day, 2), np.repeat([0, 1], 200))

    (median,) = compared_times(
        sides_of(rec, sim, 20, 2, True, MS_PER_MINUTE), "response", everybody(rec, sim), ["median"]
    )

    assert median.chance.error == pytest.approx(MS_PER_MINUTE / 6**0.5)


def test_callouts_a_day_and_their_dispersion_by_numpy():
    daily = np.array([3, 5, 2, 8, 4, 4, 6, 1, 3, 7])
    simulated = RNG.poisson(4, (5, 10))
    rec = times_of(np.ones(daily.sum()), np.repeat(np.arange(10), daily))
    cells = np.repeat(np.arange(50), simulated.ravel())
    sim = times_of(np.ones(simulated.sum()), cells % 10, cells // 10)

    mean, index = compared_counts(sides_of(rec, sim, 10, 5), everybody(rec, sim))

    assert (mean.recorded, mean.simulated) == pytest.approx((daily.mean(), simulated.mean()))
    assert index.recorded == pytest.approx(daily.var(ddof=1) / daily.mean())
    own = [row.var(ddof=1) / row.mean() for row in simulated]
    assert index.simulated == pytest.approx(np.mean(own))


# What may be said


A_MINUTE = Tolerance(0.0, MS_PER_MINUTE)


def judged(*found):
    rows = [row_of("record", "response", "all", f, A_MINUTE, True) for f in found]
    return judged_rows(rows)


def difference(minutes_apart, error, callouts=500, days=50):
    chance = Uncertainty(error * MS_PER_MINUTE, 40)
    apart = minutes_apart * MS_PER_MINUTE
    return ComparedStatistic("median", 0.0, apart, chance, callouts, days)


@pytest.mark.parametrize(
    ("apart", "error", "said"),
    [
        (0.1, 0.2, AGREES),
        (0.1, 2.0, NOT_SHOWN),  # not significant either: that is no agreement
        (0.0, 0.6, NOT_SHOWN),
        (5.0, 0.5, DIFFERS),
        (0.5, 0.1, AGREES),  # apart for certain, and for certain by too little to matter
        (0.9, 0.2, DIFFERS),  # one end is outside
    ],
)
def test_agreement_is_declared_only_with_both_ends_inside_the_tolerance(apart, error, said):
    (row,) = judged(difference(apart, error))

    assert row.verdict == said


def test_few_callouts_are_not_judged():
    few, seldom = judged(difference(0, 0.1, callouts=29), difference(9, 0.1, days=9))

    assert (few.verdict, seldom.verdict) == (TOO_FEW, TOO_FEW)
    assert few.p is None


def test_what_is_asked_together_is_adjusted_together():
    rows = judged(difference(1.2, 0.5), difference(1.3, 0.5), difference(0.1, 0.5))

    assert [row.p_adjusted for row in rows] == pytest.approx(holm([row.p for row in rows]))


def test_the_parts_of_the_response_share_its_minute():
    """Four parts that agree add up to a response that does."""
    tolerance = Tolerance()
    parts = ("call handling", "queue", "turnout", "travel")

    assert sum(tolerance.of(part, 0.0) for part in parts) == tolerance.of("response", 0.0)
    assert tolerance.of("turnout and travel", 0.0) == MS_PER_MINUTE / 2
    assert tolerance.of("response", 20 * MS_PER_MINUTE) == 2 * MS_PER_MINUTE
    assert tolerance.of("on scene", 0.0) == MS_PER_MINUTE
    assert tolerance.of(CALLOUTS, 30.0) == 3.0


def test_replications_are_drawn_with_replacement():
    weights = replication_weights(7, seed=1)

    assert weights.shape[1] == 7
    assert (weights.sum(axis=1) == 7).all()
    assert weights.var() == pytest.approx(6 / 7, rel=0.1)  # multinomial
