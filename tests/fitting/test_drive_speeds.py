"""Drives: time against the straight line, by hour, and by place where there are no distances."""

import numpy as np
import pytest

from sim.fitting.drive_speeds import fit_drives, great_circle
from sim.scenario.tables.geometry import distance

from .invented import HOUR, arrivals, covers, record


def drives(seed, kmh=36.0, start=2.0, cv=0.25, n_days=100, slow=()):
    """Return a record and its distances; drives take ``start + 60 d / kmh`` minutes on average."""
    rng = np.random.default_rng(seed)
    received = arrivals(rng, n_days, 15)
    km = rng.uniform(0.5, 12, len(received))
    sigma = np.sqrt(np.log1p(cv**2))
    factor = rng.lognormal(-(sigma**2) / 2, sigma, len(received))
    factor *= np.where(np.isin(received // HOUR % 24, slow), 1.5, 1.0)
    minutes = (start + 60 * km / kmh) * factor
    return record(received, instants={"en_route": 0 * km, "on_scene": minutes}), km


def test_distances_are_those_of_the_map():
    a, b = (np.array([own]) for own in (36.7, 3.0))
    c, d = (np.array([own]) for own in (36.9, 3.4))

    assert great_circle(a, b, c, d)[0] == pytest.approx(distance(36.7, 3.0, 36.9, 3.4) / 1000)


def test_intervals_hold_the_true_speed_as_often_as_they_say():
    in_speed, in_start = [], []
    for seed in range(100):
        found = fit_drives(*drives(seed, n_days=20), "bases")
        in_speed.append(found.kmh[1] <= 36 <= found.kmh[2])
        in_start.append(found.start_minutes[1] <= 2 <= found.start_minutes[2])

    assert covers(in_speed)
    assert covers(in_start)


def test_spread_is_found_and_hours_alike_are_not_told_apart():
    found = fit_drives(*drives(1), "bases")

    assert found.cv == pytest.approx(0.25, rel=0.08)
    assert found.by_hour is None
    assert found.hour_p_value > 0.01


def test_slow_hours_are_found():
    found = fit_drives(*drives(2, slow=(7, 8, 16)), "bases")

    value, low, high, count = found.by_hour
    assert value[[7, 8, 16]] / np.delete(value, [7, 8, 16]).mean() == pytest.approx(
        np.full(3, 1 / 1.5), rel=0.1
    )
    assert ((low < value) & (value < high)).all()
    assert count.sum() == found.drives


def test_odd_drives_are_left_out_and_counted():
    found, km = drives(3)
    found.at["on_scene"][5] += 30 * HOUR

    fit = fit_drives(found, km, "bases")

    assert fit.odd == 1
    assert fit.kmh[1] < 36 < fit.kmh[2]


def test_without_distances_drives_are_by_place_few_of_them_pooled():
    rng = np.random.default_rng(4)
    received = arrivals(rng, 200, 6)
    place = rng.choice(4, len(received), p=[0.5, 0.3, 0.195, 0.005])
    minutes = rng.lognormal(np.log([5.0, 8.0, 12.0, 9.0])[place], 0.3)
    found = record(received, place=place, instants={"en_route": 0 * minutes, "on_scene": minutes})

    fit = fit_drives(found, None, "bases")

    assert fit.basis == "places"
    assert fit.kmh is None
    for name, mean in (("place 0", 5.0), ("place 1", 8.0), ("place 2", 12.0)):
        assert fit.by_place[name][0] == pytest.approx(mean * np.exp(0.045), rel=0.06)
        assert fit.by_place[name][3] > 0.95
    assert fit.by_place["place 3"][3] < fit.by_place["place 0"][3]


def test_leaving_that_is_not_recorded_is_told():
    found, km = drives(5)
    found.at["dispatched"][:], found.at["en_route"][:] = found.at["en_route"], np.nan

    assert fit_drives(found, km, "bases").from_dispatch


def test_too_few_drives_are_no_fit():
    found = record([HOUR, 2 * HOUR], instants={"en_route": [1, 1], "on_scene": [5, 6]})

    assert fit_drives(found, None, "places") is None
