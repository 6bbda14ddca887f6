"""Records invented with known parameters."""

from datetime import datetime

import numpy as np

from sim.fitting.fitted_input import FittedInput
from sim.scenario.fields.records import INSTANTS

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
MONDAY = datetime(2024, 1, 1)


def record(received, kind=None, place=None, instants=None, unit=None, start=MONDAY, **more):
    """Return a record of one unit a callout; instants are [min] since received."""
    received = np.sort(np.asarray(received, dtype=np.int64))
    n = len(received)
    kind = np.zeros(n, dtype=np.int64) if kind is None else np.asarray(kind)
    place = np.zeros(n, dtype=np.int64) if place is None else np.asarray(place)
    unit = np.zeros(n, dtype=np.int64) if unit is None else np.asarray(unit)
    at = {name: np.full(n, np.nan) for name in INSTANTS}
    for name, minutes in (instants or {}).items():
        at[name] = received + np.asarray(minutes, dtype=np.float64) * MINUTE
    given = {
        "file": "past.csv", "sha256": "0" * 64, "timezone": None, "warnings": (),
        "left_out": (), "start": start,
        "received": received,
        "kind": kind, "kinds": tuple(f"kind {i}" for i in range(kind.max() + 1)),
        "place": place, "places": tuple(f"place {i}" for i in range(place.max() + 1)),
        "lat": np.full(n, np.nan), "lon": np.full(n, np.nan),
        "positions": np.full((place.max() + 1, 2), np.nan),
        "callout": np.arange(n), "unit": unit,
        "unit_names": tuple(f"unit {i}" for i in range(unit.max() + 1)),
        "at": at, "named": frozenset(instants or {}),
        "starts": np.full((n, 2), np.nan),
    }  # fmt: skip
    return FittedInput(**{**given, **more})


def arrivals(rng, days, rate, hours=None, weekdays=None, months=None, variance=0.0, start=MONDAY):
    """Return instants of callouts with relative demand by hour, weekday and month. [ms]"""
    hours, weekdays, months = (
        np.ones(size) if own is None else np.asarray(own, dtype=np.float64)
        for own, size in ((hours, 24), (weekdays, 7), (months, 12))
    )
    dates = np.datetime64(start, "D") + np.arange(days)
    month = dates.astype("datetime64[M]").astype(int) % 12
    mean = rate * weekdays[(start.weekday() + np.arange(days)) % 7] * months[month]
    if variance:
        mean = mean * rng.gamma(1 / variance, variance, days)
    count = rng.poisson(mean)
    day = np.repeat(np.arange(days), count)
    hour = rng.choice(24, size=len(day), p=hours / hours.sum())
    return np.sort(((day * 24 + hour + rng.random(len(day))) * HOUR).astype(np.int64))


def covers(hits, nominal=0.95, chance=1e-4):
    """Return whether so many hits of a list of booleans are what the nominal rate allows."""
    from scipy.stats import binom

    n, found = len(hits), int(np.sum(hits))
    return binom.cdf(found, n, nominal) > chance and binom.sf(found - 1, n, nominal) > chance
