"""Share curves against a count by brute force."""

from dataclasses import replace

import numpy as np
import pytest

from sim.local_clock import LocalClock
from sim.log import Names, Outcome
from sim.outcomes import observe, paired_share_curve, share, share_curve, stack

from .worked import callout, ms

TIMES = np.arange(0, 61, 3, dtype=np.int64) * 60_000
NAMES = Names(("a", "b"), ("x",), ("x",), ("A",), (), ())


def toy(seed, drive):
    """
    Ten replications of three hours, some callouts lost and some cut off unreached.

    Times fall on whole minutes, so that many are exactly at a point of the curve.
    """
    parts = []
    for replication in range(10):
        rng = np.random.default_rng([seed, replication])
        rows = []
        for number in range(int(rng.integers(20, 40))):
            at, minutes, fate = rng.integers(180), rng.integers(5, 30) * drive, rng.random()
            kind = int(rng.integers(2))
            if fate < 0.1:
                row = callout(number, at, ended=at + 1, outcome=Outcome.LOST, kind=kind)
            elif at + minutes > 180:
                row = callout(number, at, sent=at, kind=kind)
            else:
                row = callout(number, at, sent=at, reached=at + minutes, ended=180, kind=kind)
            rows.append(row)
        duty = [[(0, ms(180))]]
        parts.append(
            observe(rows, [], names=NAMES, clock=LocalClock.fixed(0), end=ms(180), duty=duty)
        )
    return stack(parts)


def by_hand(obs, threshold, select):
    """Return those within, and those that can be judged, per replication."""
    within, judged = np.zeros(10, dtype=np.int64), np.zeros(10, dtype=np.int64)
    for n in np.flatnonzero(select):
        unfinished = obs.ended_as(Outcome.UNFINISHED)[n]
        reached = obs.response[n] >= 0
        if reached or not unfinished or obs.elapsed[n] >= threshold:
            judged[obs.replication[n]] += 1
            within[obs.replication[n]] += reached and obs.response[n] <= threshold
    return within, judged


@pytest.mark.parametrize("kind", [None, 1])
def test_every_point_of_the_curve_is_the_share_at_that_time(kind):
    obs = toy(1, drive=1.0)
    select = None if kind is None else obs.kind == kind
    curve = share_curve(obs, TIMES, select)

    for at, time in enumerate(TIMES):
        everyone = np.ones(len(obs.kind), dtype=bool)
        point = share(*by_hand(obs, time, everyone if select is None else select))
        assert curve.value[at] == point.value
        if 0 < point.value < 1:
            assert (curve.low[at], curve.high[at]) == (point.low, point.high)


def test_before_the_first_arrival_the_band_is_no_wider_than_where_the_curve_rises():
    curve = share_curve(toy(1, drive=1.0), TIMES)

    first = int(np.flatnonzero(curve.value)[0])
    assert first > 0
    assert (curve.high[:first] <= curve.high[first]).all()
    assert (curve.low[:first] == 0).all()
    assert ((curve.low <= curve.value) & (curve.value <= curve.high)).all()


def test_the_paired_difference_is_the_difference_of_the_curves():
    quick, slow = toy(2, drive=0.8), toy(2, drive=1.0)
    a, b = share_curve(quick, TIMES), share_curve(slow, TIMES)
    apart = paired_share_curve(quick, slow, TIMES)

    assert apart.value == pytest.approx(a.value - b.value, abs=1e-12)
    rising = (a.value > 0) & (b.value < 1)
    assert (apart.low[rising] <= apart.value[rising]).all()


def test_pairing_by_replication_narrows_the_difference():
    """Matched with another replication's draws, the same two rules look less different."""
    quick, slow = toy(2, drive=0.8), toy(2, drive=1.0)
    other = replace(slow, replication=(slow.replication + 1) % 10)

    paired, crossed = (paired_share_curve(quick, b, TIMES) for b in (slow, other))

    rising = (paired.value > 0.05) & (paired.value < 0.95)
    assert rising.sum() >= 3
    assert (paired.high - paired.low)[rising].mean() < 0.8 * (crossed.high - crossed.low)[
        rising
    ].mean()


def test_a_curve_against_itself_is_flat():
    obs = toy(3, drive=1.0)
    apart = paired_share_curve(obs, obs, TIMES)

    assert (apart.value == 0).all()
    assert (apart.low == 0).all()
    assert (apart.high == 0).all()


def test_a_selection_without_callouts_is_nan_and_not_zero():
    obs = toy(3, drive=1.0)
    curve = share_curve(obs, TIMES, obs.kind == 7)

    assert np.isnan(curve.value).all()
