"""
The known moments of uneven days and of clusters.

A gamma factor on a Poisson rate makes negative binomial counts. A family in which each sets off a
Poisson number of others, n on average, has a Borel size: mean 1 / (1 - n), variance n / (1 - n)^3.
Seeds are fixed; bounds are 3.9 standard errors, worked out from the laws' own fourth moments.
"""

import math

import numpy as np
import pytest
from scipy import stats
from scipy.special import gammaln

from sim.scenario.fields.demand_models import Clusters
from sim.world.arrivals.clusters import Families
from sim.world.variates.poisson_thinning import WORDS, CalloutBlock

from ..long_cases import quick_first
from ..worlds import DAY, HOUR, MINUTE, world_of

RATE = 20
TEXT = f"""
name: moments
clock: {{start: 2025-01-06 06:30, length: 2000 days, timezone: UTC}}
map: {{places: {{A: {{}}}}}}
demand:
  rate: {RATE} per day
  kinds: {{job: {{share: 100%, on_scene: 10 min}}}}
  MORE
bases: {{A: {{}}}}
teams: {{T: {{base: A}}}}
"""
REPLICATIONS = 8


def daily_counts(demand):
    """Return counts of whole calendar days, from the first midnight. Shape (replications, days)."""
    found = []
    for r in range(REPLICATIONS):
        day = [(c.received + 6 * HOUR + 30 * MINUTE) // DAY for c, _ in demand.callouts(5, r)]
        found.append(np.bincount(day, minlength=2001)[1:2000])
    return np.array(found)


@pytest.mark.parametrize(("asked", "scale"), quick_first([(3, 0.5), (12, 1), (1.5, 1), (3, 1)], 1))
def test_daily_counts_have_the_dispersion_asked(asked, scale):
    """Within 5 % or so of the variance, over 16,000 days; half the scale has half the excess."""
    more = f"day_to_day: {{dispersion_index: {asked}}}\n  scale: {100 * scale}%"
    counts = daily_counts(world_of(TEXT.replace("MORE", more)).demand)
    shape = RATE / (asked - 1)
    law = stats.nbinom(shape, 1 / (1 + scale * RATE / shape))
    mean, variance, excess = law.stats("mvk")
    n = counts.size

    assert variance / mean == pytest.approx(1 + scale * (asked - 1))
    assert abs(counts.mean() - mean) < 3.9 * math.sqrt(variance / n)
    error = variance * math.sqrt((excess + 2) / n)
    assert error < 0.03 * variance
    assert abs(counts.var(ddof=1) - variance) < 3.9 * error
    edges = law.ppf(np.arange(1, 20) / 20)
    exact = np.diff(np.concatenate([[0], law.cdf(edges), [1]])) * n
    found = np.bincount(np.searchsorted(edges, counts.ravel()), minlength=20)
    kept = exact > 5  # quantiles of whole numbers may coincide
    assert stats.chisquare(found[kept], exact[kept]).pvalue > 1e-4


def test_days_are_unrelated():
    """To each other and between replications."""
    counts = daily_counts(
        world_of(TEXT.replace("MORE", "day_to_day: {dispersion_index: 6}")).demand
    )

    after = np.corrcoef(counts[:, :-1].ravel(), counts[:, 1:].ravel())[0, 1]
    assert abs(after) * math.sqrt(counts.size) < 3.9
    others = np.corrcoef(counts)[np.triu_indices(REPLICATIONS, 1)]
    assert np.abs(others).max() * math.sqrt(counts.shape[1]) < 3.9


FAMILIES = 200_000


def family_sizes(branching_ratio, after="1 h"):
    """Return the members of families, each at a place of its own: whose, and received when."""
    clusters = Clusters.model_validate({"branching_ratio": branching_ratio, "after": after})
    each = np.arange(FAMILIES, dtype=np.int64)
    zero = np.zeros(FAMILIES, dtype=np.int64)
    first = CalloutBlock(zero, each, each, zero, np.zeros((FAMILIES, WORDS)))
    end = 1 << 60
    family = Families(clusters, [0], 7, 0).grown(first, end, end)
    return family.place, family.at


@pytest.mark.parametrize("branching_ratio", [0.1, 0.5, 0.8])
def test_a_family_has_the_mean_and_variance_of_the_borel_law(branching_ratio):
    place, _ = family_sizes(branching_ratio)
    sizes = np.bincount(place, minlength=FAMILIES)
    k = np.arange(1, 20_001)
    pmf = np.exp(-branching_ratio * k + (k - 1) * np.log(branching_ratio * k) - gammaln(k + 1))
    assert pmf.sum() == pytest.approx(1)
    mean, variance = 1 / (1 - branching_ratio), branching_ratio / (1 - branching_ratio) ** 3
    assert (pmf * k).sum() == pytest.approx(mean)
    fourth = (pmf * (k - mean) ** 4).sum()

    assert abs(sizes.mean() - mean) < 3.9 * math.sqrt(variance / FAMILIES)
    error = math.sqrt((fourth - variance**2) / FAMILIES)
    assert error < 0.04 * variance
    assert abs(sizes.var(ddof=1) - variance) < 3.9 * error
    last = int(np.flatnonzero(pmf * FAMILIES > 20)[-1])
    exact = FAMILIES * np.append(pmf[:last], pmf[last:].sum())
    found = np.bincount(np.minimum(sizes, last + 1), minlength=last + 2)[1:]
    assert stats.chisquare(found, exact / exact.sum() * FAMILIES).pvalue > 1e-4


def test_who_is_set_off_follows_after_the_delay():
    """In families of two, the second comes an exponential time after the first."""
    place, at = family_sizes(0.3, {"distribution": "exponential", "mean": "2 h"})
    two = np.flatnonzero(np.bincount(place) == 2)
    second = at[np.isin(place, two) & (at > 0)]

    assert len(second) > 20_000
    assert stats.kstest(second / (2 * HOUR), "expon").pvalue > 1e-4


def test_the_run_has_the_mean_and_dispersion_of_the_self_exciting_process():
    """
    mu / (1 - n) callouts a day, once there are families from before the start.

    The covariance density of a process with exponential delays (A. G. Hawkes, "Spectra of some
    self-exciting and mutually exciting point processes", *Biometrika* 58(1), 1971, 83-90)
    summed over a window T gives variance over mean k^2 + (1 - k^2) (1 - exp(-g T)) / (g T), with
    k = 1 / (1 - n) and g = (1 - n) / delay. The error counts the fourth cumulant of the families
    in a day: their mean number times E[S^4] = 832 of the Borel law with n = 1/2.
    """
    more = "clusters: {branching_ratio: 0.5, after: {distribution: exponential, mean: 30 min}}"
    text = TEXT.replace("MORE", more).replace("2000 days", "2000 days, warm_up: 2 days")
    demand = world_of(text).demand
    counts = []
    for r in range(5):
        day = [c.received // DAY for c, _ in demand.callouts(5, r) if c.received >= 0]
        counts.append(np.bincount(day, minlength=2000))
    counts = np.array(counts)
    n, mean, hours = counts.size, RATE / 0.5, 24  # g is 1 an hour
    variance = mean * (4 - 3 * (1 - math.exp(-hours)) / hours)

    assert demand.expected == pytest.approx(2000 * mean)
    assert abs(counts.mean() - mean) < 3.9 * math.sqrt(4 * mean / n)
    error = variance * math.sqrt((2 + RATE * 832 / variance**2) / n)
    assert error < 0.02 * variance
    assert abs(counts.var(ddof=1) - variance) < 3.9 * error
