"""
Drives to the scene: time against the straight line where bases are known, else time alone.

With bases, a drive of ``d`` km on the straight line takes ``a + b d`` minutes on average: ``a`` is
what it takes to start and to find the door, ``1 / b`` the speed on the straight line. They are
fitted by weighted least squares with weights one over the square of the mean, for drives vary in
proportion to it (quasi-likelihood [1]_), and their interval is that of the sandwich estimator. The
classes of roads cannot be told apart: a record has no routes.

Without bases but with coordinates, a unit's base is put at the place where most of its callouts
were: an illustration, and the same line is fitted to the distances between places. Without
coordinates there is no speed: the mean drive to each place is taken as it was, few data pooled.

References
----------
.. [1] P. McCullagh, J. A. Nelder, *Generalized Linear Models*, 2nd ed., 1989, sec. 9.2.

"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy.special import ndtri

from .fitted_input import FittedInput, Floats, Ints
from .pooling import Shrunk, shrunk

EARTH_KM = 6371.0088
FEWEST_DRIVES = 20
SIGNIFICANT = 0.05
ODD = 8.0  # times the mean, or a part of it: no such drive is used
STEPS = 50
FASTEST = 150.0  # on the straight line: what is above is no speed but noise [km/h]
Z975 = float(ndtri(0.975))


class UnitBase(NamedTuple):
    """Where units start: its name, its position, and whether that is from a table of bases."""

    name: str
    lat: float
    lon: float
    given: bool


@dataclass(frozen=True, eq=False)
class DriveFit:
    """
    What is known of drives to the scene.

    Attributes
    ----------
    drives
        How many were used.
    odd
        How many were not, because they took eight times what is expected, or an eighth.
    from_dispatch
        Whether they begin with the dispatch, for want of the instant of leaving.
    basis
        ``starts`` where the record says where units were, ``bases`` where bases are given,
        ``coordinates`` where they are illustrative, ``places``
        where there are no distances.
    kmh, start_minutes
        Mean speed on the straight line and what is added to each drive, with 95 % intervals; None
        where there are no distances.
    cv
        Standard deviation over mean of a drive, about what is expected of it.
    by_place
        Mean drive to each place with interval and weight, where there are no coordinates. [min]
    by_hour
        Speed by hour relative to that of the day, with interval and count; None where hours do not
        differ, or are too few.
    hour_p_value
        Of the test that hours do not differ.
    unexplained
        Whether there are distances, but drives do not grow with them.

    """

    drives: int
    odd: int
    from_dispatch: bool
    basis: str
    mean_minutes: float
    median_minutes: float
    kmh: tuple[float, float, float] | None
    start_minutes: tuple[float, float, float] | None
    cv: float
    by_place: Mapping[str, tuple[float, float, float, float, int]]
    by_hour: tuple[Floats, Floats, Floats, Ints] | None
    hour_p_value: float
    unexplained: bool = False


def fit_drives(found: FittedInput, km: Floats | None, basis: str) -> DriveFit | None:
    """
    Return what is known of drives to the scene; None where there are fewer than twenty.

    Parameters
    ----------
    found
        The record.
    km
        Straight line from each row's base to its scene, ``nan`` where it is not known; None where
        no base has coordinates. Shape (rows,)
    basis
        As `DriveFit.basis`.

    """
    from_dispatch = not found.has("en_route")
    begun = found.at["dispatched" if from_dispatch else "en_route"]
    minutes = (found.at["on_scene"] - begun) / 60_000
    usable = np.isfinite(minutes) & (minutes > 0)
    on_line = usable & np.isfinite(km) if km is not None else None
    if km is None or on_line is None or on_line.sum() < FEWEST_DRIVES or not km[on_line].any():
        return _by_place(found, minutes, usable, from_dispatch)
    t, d = minutes[on_line], km[on_line]
    start, slope, covariance, odd = _line(t, d)
    if slope < Z975 * np.sqrt(covariance[1, 1]) or 60 / slope > FASTEST:
        by_place = _by_place(found, minutes, usable, from_dispatch)
        return None if by_place is None else replace(by_place, unexplained=True)
    expected = start + slope * d
    keep = (expected > 0) & _is_plausible(t, expected)
    ratio = t[keep] / expected[keep]
    hours = found.received[found.callout][on_line] // 3_600_000 % 24
    by_hour, p_value = _by_hour(np.log(ratio), hours[keep])
    speed, of_speed = 60 / slope, 60 / slope**2 * np.sqrt(covariance[1, 1])
    return DriveFit(
        int(keep.sum()), odd, from_dispatch, basis, float(t.mean()), float(np.median(t)),
        _interval(speed, of_speed), _interval(start, np.sqrt(covariance[0, 0])),
        float(np.sqrt(np.mean((ratio - 1) ** 2))), {}, by_hour, p_value,
    )  # fmt: skip


def great_circle(lat: Floats, lon: Floats, other_lat: Floats, other_lon: Floats) -> Floats:
    """Return distances between points in degrees (haversine). [km]"""
    a, b, c, e = (np.radians(part) for part in (lat, lon, other_lat, other_lon))
    chord = np.sin((c - a) / 2) ** 2 + np.cos(a) * np.cos(c) * np.sin((e - b) / 2) ** 2
    return np.asarray(2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, chord))))


def _interval(value: float, error: float) -> tuple[float, float, float]:
    return value, max(value - Z975 * error, 0.0), value + Z975 * error


def _is_plausible(t: Floats, expected: Floats) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.asarray((t < ODD * expected) & (t > expected / ODD))


def _line(t: Floats, d: Floats) -> tuple[float, float, Floats, int]:
    """Return start and slope of ``a + b d`` [min, min/km], their covariance, and odd drives."""
    design = np.column_stack([np.ones_like(d), d])
    mean = np.full_like(t, t.mean())
    theta, keep = np.array([0.0, t.mean() / d.mean()]), np.ones(len(t), dtype=bool)
    for _ in range(STEPS):
        before = theta
        weight = keep / mean**2
        normal = (design * weight[:, None]).T @ design
        theta = np.linalg.solve(normal, (design * weight[:, None]).T @ t)
        if theta[1] <= 0:
            return theta[0], 1e-9, np.eye(2), 0  # drives do not grow with distance
        if theta[0] < 0:  # no drive takes less than nothing
            return _ratio(t, d)
        mean = design @ theta
        keep = _is_plausible(t, mean)
        if np.allclose(theta, before, rtol=1e-9):
            break
    score = design * (keep * (t - mean) / mean**2)[:, None]
    inverse = np.linalg.inv(normal)
    return (
        float(theta[0]),
        float(theta[1]),
        inverse @ (score.T @ score) @ inverse,
        int((~keep).sum()),
    )


def _ratio(t: Floats, d: Floats) -> tuple[float, float, Floats, int]:
    """Return the slope alone: mean drive over mean distance."""
    slope = float(t.mean() / d.mean())
    residual = t - slope * d
    variance = float((residual**2).sum() / d.sum() ** 2)
    odd = int((~_is_plausible(t, slope * d)).sum())
    return 0.0, slope, np.array([[0.0, 0.0], [0.0, variance]]), odd


def _by_hour(
    log_ratio: Floats, hours: Ints
) -> tuple[tuple[Floats, Floats, Floats, Ints] | None, float]:
    """Return speed by hour relative to the mean, pooled, and the p-value of no difference."""
    count = np.bincount(hours, minlength=24)
    total = np.bincount(hours, weights=log_ratio, minlength=24)
    if len(log_ratio) < 24 * FEWEST_DRIVES:
        return None, 1.0
    effect = np.full(24, np.nan)
    np.divide(total, count, out=effect, where=count > 1)
    effect -= log_ratio.mean()
    within = log_ratio - log_ratio.mean() - np.nan_to_num(effect)[hours]
    variance = float((within**2).sum() / max(len(within) - 24, 1))
    found = shrunk(effect, np.where(count > 1, variance / np.maximum(count, 1), np.nan))
    if found.p_value >= SIGNIFICANT:
        return None, found.p_value
    error = np.sqrt(found.variance)
    ends = (np.exp(-(found.value + step * error)) for step in (0.0, Z975, -Z975))
    value, low, high = (np.asarray(end) for end in ends)
    return (value, low, high, count), found.p_value


def _by_place(
    found: FittedInput, minutes: Floats, usable: np.ndarray[tuple[int], np.dtype[np.bool_]],
    from_dispatch: bool,
) -> DriveFit | None:  # fmt: skip
    """Return the mean drive to each place, for a record without coordinates."""
    place = found.place[found.callout]
    usable = usable & (place >= 0)
    if usable.sum() < FEWEST_DRIVES:
        return None
    found_odd = ~_is_plausible(minutes, np.full_like(minutes, np.median(minutes[usable])))
    odd = int((usable & found_odd).sum())
    usable = usable & ~found_odd
    t, where = minutes[usable], place[usable]
    size = len(found.places)
    count = np.bincount(where, minlength=size)
    log_mean = np.full(size, np.nan)
    np.divide(np.bincount(where, weights=np.log(t), minlength=size), count, out=log_mean,
              where=count > 0)  # fmt: skip
    within = np.log(t) - log_mean[where]
    variance = float((within**2).sum() / max(len(t) - (count > 0).sum(), 1))
    pooled: Shrunk = shrunk(log_mean, np.where(count > 0, variance / np.maximum(count, 1), np.nan))
    mean = np.exp(pooled.value + variance / 2)  # of a log-normal
    error = np.sqrt(pooled.variance)
    by_place = {
        name: (float(mean[n]), float(mean[n] * np.exp(-Z975 * error[n])),
               float(mean[n] * np.exp(Z975 * error[n])), float(pooled.weight[n]), int(count[n]))
        for n, name in enumerate(found.places)
    }  # fmt: skip
    hours = found.received[found.callout][usable] // 3_600_000 % 24
    by_hour, p_value = _by_hour(np.log(t) - pooled.value[where], hours)
    return DriveFit(
        len(t), odd, from_dispatch, "places", float(t.mean()), float(np.median(t)), None, None,
        float(np.sqrt(np.expm1(variance))), by_place, by_hour, p_value,
    )  # fmt: skip
