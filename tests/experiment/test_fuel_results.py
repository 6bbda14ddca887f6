"""Litres, hours without fuel and what is left in results: only where fuel is declared."""

import numpy as np
import pytest

import sim
from sim.experiment.results.folder import staff_of

from .test_kilometres import TEXT, study_of

FUELLED = {
    "teams.One.fuel": "{tank: 90 l, consumption: 25 l/100 km, idle: 3 l/h}",
    "bases.A.fuel": "{stock: 60 l, delivery: {every: 2 days, amount: 20 l}}",
}


@pytest.fixture(scope="module")
def fuelled():
    return study_of(overrides=FUELLED)


def rows(study):
    return {r.key: r.value for r in (*sim.tabulate(study).summary, *staff_of(study))}


def test_nothing_is_said_of_fuel_where_none_is_declared():
    found = rows(study_of())

    assert not any("litres" in measure or "fuel" in measure for _, measure, _ in found)
    assert study_of().observations["today"].fuel.shape == (3, 0)


def test_litres_are_the_kilometres_times_the_consumption(fuelled):
    found = rows(fuelled)
    for name in ("today", "cover"):
        for purpose in ("to_scene", "to_hospital", "home", "relocation"):
            km = found[name, f"kilometres_{purpose}", "team:One"]
            assert found[name, f"litres_{purpose}", "team:One"] == pytest.approx(km / 4, abs=1e-3)
        parts = ("to_scene", "to_hospital", "home", "relocation", "on_scene")
        whole = sum(found[name, f"litres_{part}", "all"] for part in parts)
        assert found[name, "litres", "all"] == pytest.approx(whole)
        assert found[name, "litres", "team:Two"] == 0
        assert found[name, "litres_on_scene", "all"] > 0


def test_a_depot_that_runs_out_is_told_and_so_is_who_stands(fuelled):
    """60 l and what is delivered on day 3 do not last for four days of twelve callouts."""
    found = rows(fuelled)

    assert found["today", "without_fuel", "team:One"] > 0
    assert found["today", "depot_empty", "base:A"] > 0
    assert 0 < found["today", "depot_first_empty", "base:A"] < 96
    assert ("today", "fuel_left", "base:B") not in found
    used = fuelled.observations["today"].fuel[:, 0]
    burnt = sum(used[part] for part in ("to_scene", "home", "relocation", "on_scene"))
    left = fuelled.observations["today"].depots["left"][:, 0]
    assert (burnt <= 90_000 + 80_000 - left).all()


def test_days_of_supply_are_what_is_left_over_what_is_taken_a_day():
    """4,000 l never run out: 4,000 less what was taken in four days and the day before them."""
    ample = FUELLED | {"bases.A.fuel": "{stock: 4000 l}"}
    study = study_of(overrides=ample)
    depots, found = study.observations["today"].depots, rows(study)

    taken, left = depots["taken"][:, 0].sum(), depots["left"][:, 0].sum()
    assert 0 < taken <= 3 * 4_000_000 - left
    per_day = found["today", "fuel_taken", "base:A"]
    assert per_day == pytest.approx(taken / 1000 / 3 / 4)
    supply = found["today", "days_of_supply", "base:A"]
    assert supply == pytest.approx(found["today", "fuel_left", "base:A"] / per_day)


def test_results_that_are_read_back_have_it_too(fuelled, tmp_path):
    place = tmp_path / "results"
    file = fuelled.design.alternatives[0].file
    sim.compare(file, replications=3).save(place)

    for name, found in sim.read_results(place).study.observations.items():
        assert np.array_equal(found.fuel, fuelled.observations[name].fuel)
        assert np.array_equal(found.depots, fuelled.observations[name].depots)


def test_who_has_no_tank_drives_as_before(fuelled):
    """A tank that never runs out changes nothing."""
    plain = study_of(overrides={"study.kilometres": "yes"})
    ample = {"teams.One.fuel": "{tank: 9000 l, consumption: 25 l/100 km}", "bases.A.fuel": "{}"}
    full = study_of(overrides=ample)

    assert "fuel" not in TEXT
    for name, found in full.observations.items():
        assert np.array_equal(found.driving, plain.observations[name].driving)
        assert np.array_equal(found.response, plain.observations[name].response)
