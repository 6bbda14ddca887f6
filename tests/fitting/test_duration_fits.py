"""Durations by kind: own families where there are many, pooled where there are few."""

import numpy as np
import pytest

from sim.fitting.duration_fits import fit_phase
from sim.fitting.phase_times import PhaseTimes


def phase(*by_kind):
    """Return the durations of kinds. [min]"""
    kind = np.concatenate([np.full(len(own), number) for number, own in enumerate(by_kind)])
    minutes = np.concatenate(by_kind)
    going_on = np.zeros(len(minutes), dtype=bool)
    return PhaseTimes("on scene", "", minutes, going_on, kind.astype(int), 0, 1 / 60)


def lognormal(rng, median, count):
    return rng.lognormal(np.log(median), 0.5, count)


def test_kinds_of_many_stand_and_those_of_few_lean_on_the_others():
    rng = np.random.default_rng(1)
    many = [lognormal(rng, median, 800) for median in (10, 14, 20, 28)]
    few = np.full(8, 60.0) * rng.lognormal(0, 0.5, 8)

    found = fit_phase(phase(*many, few), 5)

    for own, median in zip(found.kinds[:4], (10, 14, 20, 28), strict=True):
        assert own.weight > 0.95
        assert own.chosen.said["median"][0] == pytest.approx(median, rel=0.06)
    last = found.kinds[4]
    assert last.weight < found.kinds[0].weight
    alone = last.fits["lognormal"].said["median"][0]
    assert 15 < last.chosen.said["median"][0] < alone


def test_kinds_that_differ_by_chance_become_alike():
    rng = np.random.default_rng(2)
    found = fit_phase(phase(*(lognormal(rng, 20, n) for n in (400, 60, 40, 35))), 4)

    medians = [own.chosen.said["median"][0] for own in found.kinds]
    assert np.ptp(medians) < 1.5


def test_a_kind_without_durations_takes_the_mean_of_the_others():
    rng = np.random.default_rng(3)
    found = fit_phase(phase(lognormal(rng, 10, 300), lognormal(rng, 20, 300), np.array([])), 3)

    value, low, high = found.kinds[2].chosen.said["median"]
    assert 10 < value < 20
    assert low < 10
    assert high > 20
    assert found.kinds[2].weight == 0


def test_each_kind_of_many_has_the_family_that_fits_it():
    rng = np.random.default_rng(4)
    found = fit_phase(phase(rng.gamma(1.5, 20, 2000), lognormal(rng, 20, 2000)), 2)

    assert [own.chosen.family.name for own in found.kinds] == ["gamma", "lognormal"]


def test_one_kind_is_fitted_as_all():
    found = fit_phase(phase(lognormal(np.random.default_rng(5), 20, 100)), 1)

    assert found.kinds == (found.overall,)
