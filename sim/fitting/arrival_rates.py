"""
Rates of callouts by hour, weekday, month, kind and place, with partial pooling.

All callouts have ``rate(h, d, m) = mu a_h b_d c_m`` an hour: hour, weekday and month multiply, as a
scenario has them. It is fitted by maximum likelihood of the Poisson model (iterative scaling [1]_)
with the exposure of each cell, so that weekdays and months that are covered more often, or in part,
do not bend it. Each profile is then pooled towards its mean. A kind's own profile, and its own
places, are ratios to what it would have if the common pattern held (the product of row and column),
pooled towards 1 (`pooling`).

Days that differ by more than chance leave hours within a day, kinds and places as they are, and
make weekdays and months less certain: their intervals are wider by the index of dispersion.

References
----------
.. [1] J. N. Darroch, D. Ratcliff, "Generalized iterative scaling for log-linear models", *Ann.
   Math. Statist.* 43(5), 1972, 1470-1480.

"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import inf

import numpy as np
from scipy.special import gammaincinv

from .covered_time import CoveredTime
from .day_dispersion import Dispersion, dispersion_of
from .fitted_input import FittedInput, Floats, Ints
from .pooling import TAILS, PooledCells, pooled_ratios

SIGNIFICANT = 0.05  # p-value below which a kind has a pattern of its own
YEAR = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) / 365.25
STEPS = 200


@dataclass(frozen=True, eq=False)
class Profile:
    """
    Relative demand by hour, weekday or month, pooled, and what it rests on. Shape (cells,) each.

    ``exposure`` is the time covered [h]; ``pooled`` holds relative demand with mean 1, its interval
    and weights. Of a kind they are ratios to the common pattern times that pattern.
    """

    counts: Floats
    exposure: Floats
    pooled: PooledCells


@dataclass(frozen=True, eq=False)
class KindRates:
    """
    A kind: its callouts, its share of all over whole weeks of a year, and what is its own.

    ``own`` holds the profiles that differ from the common ones, by name (``hours``, ``weekdays``,
    ``months``), ``tested`` the p-value of each that was looked at; ``places`` likewise the shares
    of places, None where they are as for all.
    """

    counts: int
    share: float
    low: float
    high: float
    own: Mapping[str, Profile] = field(default_factory=dict)
    tested: Mapping[str, float] = field(default_factory=dict)
    places: PooledCells | None = None
    place_counts: Floats | None = None


@dataclass(frozen=True, eq=False)
class Rates:
    """
    All rates of a record. ``rate`` is the mean over whole weeks of a year. [1/day]

    ``profiles`` are those of all callouts by name, None where the record is too short for one;
    ``places`` the shares of places; ``interaction`` how much hours of the week differ from the
    product of hour and weekday, as a coefficient of variation, with its p-value.
    """

    rate: float
    low: float
    high: float
    counted: int
    covered: CoveredTime
    profiles: Mapping[str, Profile | None]
    kinds: tuple[KindRates, ...]
    places: PooledCells
    place_counts: Floats
    dispersion: Dispersion
    interaction: tuple[float, float]


def rates_of(found: FittedInput, covered: CoveredTime) -> Rates:
    """Return the rates of a record."""
    counts = _counts(found, covered)
    is_fitted = {"hours": True, "weekdays": covered.has_weekdays, "months": covered.has_months}
    factors = _main_effects(counts.sum(axis=0), covered.exposure, list(is_fitted.values()))
    dispersion = _dispersion(found, covered, factors)
    profiles: dict[str, Profile | None] = {}
    pooled_factors = []
    for axis, (name, wanted) in enumerate(is_fitted.items()):
        inflation = 1.0 if name == "hours" else dispersion.index
        profile = _profile(counts.sum(axis=0), covered.exposure, factors, axis, inflation)
        profiles[name] = profile if wanted else None
        pooled_factors.append(profile.pooled.value if wanted else factors[1 + axis])
    means, kinds = _kinds(counts, covered, pooled_factors, is_fitted)
    total = float(sum(means))
    n = float(covered.counted.sum())
    shape = n / dispersion.index
    low, high = (float(gammaincinv(shape + 0.5, tail)) / shape for tail in TAILS)
    places, place_counts, own_places = _places(found)
    kinds = [_with_places(kind, *own) for kind, own in zip(kinds, own_places, strict=True)]
    return Rates(
        24 * total, 24 * total * low, 24 * total * high, int(n), covered, profiles, tuple(kinds),
        places, place_counts, dispersion, _interaction(counts.sum(axis=0), covered, factors),
    )  # fmt: skip


def _counts(found: FittedInput, covered: CoveredTime) -> Floats:
    """Return the callouts that count, by kind, hour, weekday and month."""
    counts = np.zeros((len(found.kinds), 24, 7, 12))
    mine = covered.counted
    cells = found.kind[mine], covered.hour[mine], covered.weekday[mine], covered.month[mine]
    np.add.at(counts, cells, 1.0)
    return counts


def _main_effects(counts: Floats, exposure: Floats, fitted: list[bool]) -> list[Floats]:
    """Return mu, and relative demand by hour, weekday and month, by maximum likelihood."""
    sizes = counts.shape
    factors = [np.ones(size) for size in sizes]
    for _ in range(STEPS):
        before = [factor.copy() for factor in factors]
        for axis in range(3):
            if fitted[axis]:
                others = tuple(i for i in range(3) if i != axis)
                level = [np.ones_like(f) if i == axis else f for i, f in enumerate(factors)]
                expected = (exposure * _product(level)).sum(axis=others)
                known = expected > 0
                observed = counts.sum(axis=others)
                factors[axis] = np.where(known, observed / np.where(known, expected, 1.0), 0.0)
        if all(np.allclose(a, b, rtol=1e-10) for a, b in zip(factors, before, strict=True)):
            break
    mu = 1.0
    for axis in range(3):
        if not fitted[axis]:
            continue
        mean = _mean(factors[axis])
        factors[axis] = factors[axis] / mean
        mu *= mean
    return [np.array([mu]), *factors]


def _mean(factor: Floats) -> float:
    """Return the mean of a profile: months by their days, hours and weekdays alike."""
    return float((factor * YEAR).sum()) if len(factor) == 12 else float(factor.mean())


def _product(factors: list[Floats]) -> Floats:
    a, b, c = factors
    return np.asarray(a[:, None, None] * b[None, :, None] * c[None, None, :])


def _profile(
    counts: Floats, exposure: Floats, factors: list[Floats], axis: int, inflation: float
) -> Profile:
    """Return a profile of all callouts, pooled towards its mean."""
    mu, *parts = factors
    others = tuple(i for i in range(3) if i != axis)
    level = [np.ones_like(part) if i == axis else part for i, part in enumerate(parts)]
    expected = (exposure * mu[0] * _product(level)).sum(axis=others)
    observed = counts.sum(axis=others)
    pooled = pooled_ratios(observed, expected, inflation)
    scale = 1 / _mean(pooled.value)
    return Profile(observed, exposure.sum(axis=others), _scaled(pooled, scale))


def _scaled(pooled: PooledCells, by: Floats | float) -> PooledCells:
    return PooledCells(
        pooled.value * by, pooled.low * by, pooled.high * by, pooled.weight, pooled.strength,
        pooled.p_value,
    )  # fmt: skip


def _dispersion(found: FittedInput, covered: CoveredTime, factors: list[Floats]) -> Dispersion:
    """Return how much the counts of whole days differ, beyond weekday and month."""
    mu, _, weekdays, months = factors
    day = found.received // 86_400_000
    first = int(day[0])
    counts = np.bincount(day - first)[covered.days - first].astype(np.float64)
    calendar = found.start.weekday() + covered.days
    month = _months(found, covered.days)
    expected = 24 * mu[0] * weekdays[calendar % 7] * months[month]
    return dispersion_of(counts, expected)


def _months(found: FittedInput, days: Ints) -> Ints:
    start = np.datetime64(found.start.date(), "D")
    return (start + days).astype("datetime64[M]").astype(np.int64) % 12


def _kinds(
    counts: Floats, covered: CoveredTime, factors: list[Floats], is_fitted: Mapping[str, bool]
) -> tuple[list[float], list[KindRates]]:
    """Return each kind's mean rate over a year [1/h], and what is its own."""
    total = counts.sum()
    each, means = [], []
    for own in counts:
        profiles: dict[str, Profile] = {}
        tested: dict[str, float] = {}
        parts = list(factors)
        for axis, (name, wanted) in enumerate(is_fitted.items()):
            if not wanted or len(counts) == 1:
                continue
            others = tuple(i for i in range(3) if i != axis)
            margin = counts.sum(axis=0).sum(axis=others)
            observed = own.sum(axis=others)
            found = pooled_ratios(observed, own.sum() * margin / total)
            tested[name] = found.p_value
            if found.p_value < SIGNIFICANT and found.strength < inf:
                pattern = found.value * factors[axis]
                scale = factors[axis] / _mean(pattern)
                exposure = covered.exposure.sum(axis=others)
                profiles[name] = Profile(observed, exposure, _scaled(found, scale))
                parts[axis] = pattern / _mean(pattern)
        mean = own.sum() / (covered.exposure * _product(parts)).sum()
        means.append(float(mean))
        each.append((int(own.sum()), profiles, tested))
    shares = np.array(means) / sum(means)
    found_kinds = []
    for (n, profiles, tested), share in zip(each, shares, strict=True):
        low, high = _wilson(n, total)
        bent = float(share) / (n / total) if n else 1.0
        found_kinds.append(
            KindRates(n, float(share), low * bent, min(high * bent, 1.0), profiles, tested)
        )
    return means, found_kinds


def _wilson(successes: float, trials: float) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share."""
    z2 = 1.959964**2
    middle = (successes + z2 / 2) / (trials + z2)
    spread = np.sqrt(z2 * (successes * (trials - successes) / trials + z2 / 4)) / (trials + z2)
    return float(middle - spread), float(middle + spread)


def _places(
    found: FittedInput,
) -> tuple[PooledCells, Floats, list[tuple[PooledCells | None, Floats, float]]]:
    """Return the share of each place, of all callouts and of each kind with places of its own."""
    known = found.place >= 0
    size = len(found.places)
    table = np.zeros((len(found.kinds), size))
    np.add.at(table, (found.kind[known], found.place[known]), 1.0)
    counts, total = table.sum(axis=0), table.sum()
    common = pooled_ratios(counts, np.full(size, total / size))
    common = _scaled(common, 1 / common.value.sum())
    own: list[tuple[PooledCells | None, Floats, float]] = []
    for row in table:
        ratios = pooled_ratios(row, row.sum() * counts / total)
        differs = len(found.kinds) > 1 and size > 1 and ratios.p_value < SIGNIFICANT
        if differs and ratios.strength < inf:
            scale = common.value / (ratios.value * common.value).sum()
            own.append((_scaled(ratios, scale), row, ratios.p_value))
        else:
            own.append((None, row, ratios.p_value))
    return common, counts, own


def _with_places(
    kind: KindRates, places: PooledCells | None, counts: Floats, p: float
) -> KindRates:
    return KindRates(
        kind.counts, kind.share, kind.low, kind.high, kind.own, {**kind.tested, "where": p},
        places, counts,
    )  # fmt: skip


def _interaction(
    counts: Floats, covered: CoveredTime, factors: list[Floats]
) -> tuple[float, float]:
    """Return how far hours of the week are from the product of hour and weekday."""
    mu, *parts = factors
    expected = (covered.exposure * mu[0] * _product(parts)).sum(axis=2)
    found = pooled_ratios(counts.sum(axis=2).ravel(), expected.ravel())
    return (0.0 if found.strength == inf else float(found.strength**-0.5)), found.p_value
