"""Callouts that set off others: of their kind, at their place, and nobody else's draws changed."""

import numpy as np
import pytest
from scipy import stats

from ..worlds import DAY, HOUR, MINUTE
from .drawn import by_key, demand_of

CLUSTERS = "clusters: {branching_ratio: 0.4, after: {distribution: exponential, mean: 2 h}}"


def test_clusters_only_add_callouts():
    """All others keep their time, place, kind and every mark."""
    plain, clustered = by_key(demand_of()), by_key(demand_of(CLUSTERS))

    assert plain.items() < clustered.items()


def test_more_demand_changes_no_family():
    """The stream must not depend on how much else there is, nor on what is decided."""
    surges = "surges: [{place: A, factor: 2}]"
    small, large, surging = (
        by_key(demand_of(CLUSTERS, *more)) for more in (("scale: 50%",), (), (surges,))
    )

    assert small.items() < large.items() < surging.items()


def test_a_family_falls_away_with_the_callout_that_began_it():
    """What never happened sets nothing off: taken away are whole families."""
    fewer, plain = (
        by_key(demand_of(CLUSTERS, *more)) for more in (("surges: [{place: B, factor: 0}]",), ())
    )

    assert fewer.items() < plain.items()
    assert all(v[0][2] != 1 for v in fewer.values())
    assert {k for k, v in plain.items() if v[0][2] != 1} == fewer.keys()


def test_another_run_changes_no_family_and_a_longer_warm_up_brings_those_of_before():
    long = by_key(demand_of(CLUSTERS, overrides={"clock.length": "70 days"}))
    early = by_key(
        demand_of(CLUSTERS, overrides={"clock.length": "70 days", "clock.warm_up": "9 days"})
    )
    short = by_key(demand_of(CLUSTERS))

    assert short == {k: v for k, v in long.items() if v[0][3] < 28 * DAY}
    assert long.items() < early.items()  # days are generated 32 at a time: cut elsewhere
    assert max(early[key][0][3] for key in early.keys() - long.keys()) < 2 * DAY


def test_only_the_kinds_named_cluster_and_set_off_their_own():
    text = CLUSTERS.replace("}}", "}, kinds: [fire]}")
    plain, clustered = by_key(demand_of()), by_key(demand_of(text))

    added = [clustered[key][0] for key in clustered.keys() - plain.keys()]
    assert added
    assert {kind for kind, *_ in added} == {0}


def test_every_follower_has_one_before_it_by_the_delay_at_its_place_and_of_its_kind():
    """With a fixed delay the tree can be read from the instants."""
    fixed = by_key(demand_of("clusters: {branching_ratio: 0.6, after: 37 min}"))
    plain = by_key(demand_of()).keys()
    there = {(at, kind, place) for (kind, _, place, at, _), _ in fixed.values()}

    for key, ((kind, _, place, at, _), _) in fixed.items():
        if key not in plain:
            assert (at - 37 * MINUTE, kind, place) in there


def test_delays_may_come_from_a_table():
    after = "{file: delays.csv, column: h, unit: h}"
    demand = demand_of(f"clusters: {{branching_ratio: 0.6, after: {after}}}", delays="h\n1\n3\n")
    plain = by_key(demand_of()).keys()
    found = by_key(demand)
    there = {(at, kind, place) for (kind, _, place, at, _), _ in found.values()}

    followers = [v[0] for k, v in found.items() if k not in plain]
    assert len(followers) > 500
    for kind, _, place, at, _ in followers:
        assert any((at - h * HOUR, kind, place) in there for h in (1, 3))


def test_followers_have_luck_of_their_own():
    """Their work is drawn as everybody's is, and not the parent's once more."""
    plain = by_key(demand_of()).keys()
    found = by_key(demand_of(CLUSTERS, overrides={"clock.length": "280 days"}))
    work = [m.on_scene[0] / MINUTE for k, (c, m) in found.items() if k not in plain and c[0] == 1]
    median, sigma = 18, np.log(30 / 18) / stats.norm.ppf(0.9)

    assert len(set(work)) > 0.99 * len(work)
    assert stats.kstest(work, stats.lognorm(sigma, scale=median).cdf).pvalue > 1e-4


def test_the_mean_with_clusters_is_not_called_exact():
    """The first hours have fewer, so it is no control variate; but of the right size."""
    demand = demand_of(CLUSTERS, "surges: [{kinds: [fire], factor: 2}]")
    fires = demand_of(CLUSTERS.replace("}}", "}, kinds: [fire]}"))

    assert not demand.mean_is_exact
    assert demand.expected == pytest.approx(40 * 28 * 1.3 / 0.6, rel=1e-9)
    assert fires.expected == pytest.approx(40 * 28 * (0.7 + 0.3 / 0.6), rel=1e-9)
    assert demand_of("clusters: {branching_ratio: 0, after: 1 h}").mean_is_exact
