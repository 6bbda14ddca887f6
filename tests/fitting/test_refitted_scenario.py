"""A fitted scenario takes the values of another fit, but for what was changed by hand."""

import numpy as np
import pytest

from sim.errors import UsageError
from sim.fitting.fitted_record import fit_input
from sim.fitting.refitting.refitted_scenario import RefittedScenario, fitted_values, record_behind
from sim.fitting.scenario_writing.scenario_text import scenario_text
from sim.scenario import read_scenario

from .invented import arrivals, record

HOURS = [1] * 12 + [3] * 12


def a_fit(seed, rate=10, hours=HOURS, transports=True):
    rng = np.random.default_rng(seed)
    received = arrivals(rng, 60, rate, hours)
    n = len(received)
    kind = rng.integers(0, 2, n)
    scene = 5 + rng.exponential(5, n)
    left = np.where((kind == 0) & transports & (rng.random(n) < 0.5), scene + 15, np.nan)
    instants = {"dispatched": np.full(n, 1.0), "on_scene": scene, "left": left,
                "at_hospital": left + 10, "cleared": scene + 25 + rng.gamma(3, 5, n)}  # fmt: skip
    found = record(received, kind, rng.integers(0, 3, n), instants, sha256="ab" * 32)
    return fit_input(found, assumed={})


@pytest.fixture
def written(tmp_path):
    """A fit written as a scenario, and a way to read it after changing its text."""
    fit = a_fit(1)
    text = scenario_text(fit, "fitted")

    def read(*changes, overrides=None):
        changed = text
        for old, new in changes:
            assert old in changed
            changed = changed.replace(old, new)
        (tmp_path / "fitted.yaml").write_text(changed, encoding="utf-8")
        return read_scenario(tmp_path / "fitted.yaml", overrides)

    read.values = fitted_values(fit)
    return read


def test_all_that_is_fitted_takes_the_other_values(written):
    other = fitted_values(a_fit(2))
    found = RefittedScenario(written(), written.values).with_values(other)

    for part in ("demand", "dispatch_centre"):
        assert found.resolved[part] == other[part]
    assert found.resolved["map"]["roads"] == other["map"]["roads"]
    assert found.resolved["demand"]["rate"] != written.values["demand"]["rate"]


def test_the_same_values_leave_the_scenario_as_it_is(written):
    own = written()

    assert RefittedScenario(own, written.values).with_values(written.values) is own


def test_what_was_changed_by_hand_stays_and_is_named(written):
    rate = f"rate: {written.values['demand']['rate']}"
    file = written((rate, "rate: 3 per day"), ("crew: 1, count: 1", "crew: 2, count: 4"))
    scenario = RefittedScenario(file, written.values)
    found = scenario.with_values(fitted_values(a_fit(2)))

    assert scenario.changed == ("demand.rate",)
    assert "demand.rate" not in scenario.as_fitted
    assert found.resolved["demand"]["rate"] == "3 per day"
    assert found.scenario.teams == file.scenario.teams
    assert found.resolved["demand"]["hours"] != written.values["demand"]["hours"]


def test_what_a_flag_replaces_stays(written):
    file = written(overrides={"demand.rate": "2 per day"})
    found = RefittedScenario(file, written.values).with_values(fitted_values(a_fit(2)))

    assert found.resolved["demand"]["rate"] == "2 per day"


def test_shares_of_kinds_are_taken_together_or_not_at_all(written):
    """Else they would not add up to 100 %."""
    shares = [kind["share"] for kind in written.values["demand"]["kinds"].values()]
    file = written((f"share: {shares[0]}", "share: 25%"), (f"share: {shares[1]}", "share: 75%"))
    found = RefittedScenario(file, written.values).with_values(fitted_values(a_fit(2)))

    assert [kind["share"] for kind in found.resolved["demand"]["kinds"].values()] == ["25%", "75%"]


def test_a_profile_that_another_fit_takes_for_chance_goes(written):
    other = fitted_values(a_fit(2))
    del other["demand"]["hours"]
    found = RefittedScenario(written(), written.values).with_values(other)

    assert "hours" in written.values["demand"]
    assert "hours" not in found.resolved["demand"]


def test_what_another_fit_cannot_tell_stays_as_it_was(written):
    other = fitted_values(a_fit(6, transports=False))
    found = RefittedScenario(written(), written.values).with_values(other)
    own = written.values["demand"]["kinds"]["kind 0"]

    assert "transported" not in other["demand"]["kinds"]["kind 0"]
    assert found.resolved["demand"]["kinds"]["kind 0"]["transported"] == own["transported"]


def test_a_family_takes_the_place_of_another_with_no_parameter_left_over(written):
    """A gamma distribution has a mean, a log-normal one a median: they are not merged."""
    name = written.values["demand"]["kinds"]["kind 0"]["on_scene"]
    other = fitted_values(a_fit(2))
    new = {"distribution": "exponential", "mean": "17 min"}
    other["demand"]["kinds"]["kind 0"]["on_scene"] = new
    found = RefittedScenario(written(), written.values).with_values(other)

    assert name.keys() != new.keys()
    assert found.resolved["demand"]["kinds"]["kind 0"]["on_scene"] == new


def test_the_record_behind_a_scenario_is_the_one_its_sources_name(written):
    assert record_behind(written()) == "ab" * 32
    with pytest.raises(UsageError, match="does not say which record it was fitted to"):
        record_behind(written(("SHA-256 of the record:", "Checksum:")))
