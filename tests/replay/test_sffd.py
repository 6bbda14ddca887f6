"""The San Francisco record, where it is there: its published times, and its replay."""

import importlib.util
from pathlib import Path

import pytest

from sim.experiment.results.measured_record import measure_record
from sim.scenario import read_scenario

ROOT = Path(__file__).parents[2]
TRACE = ROOT.parent / "shared" / "data" / "traces" / "sffd_2020-04-07_20.csv"
pytestmark = pytest.mark.skipif(
    not TRACE.is_file(), reason="the San Francisco record is not part of the project"
)


@pytest.fixture(scope="module")
def scenario(tmp_path_factory):
    """The scenario that docs/replay/make.py writes."""
    spec = importlib.util.spec_from_file_location("make", ROOT / "docs" / "replay" / "make.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return read_scenario(module.make(TRACE, tmp_path_factory.mktemp("sffd")))


def test_the_published_times_of_the_record_come_out(scenario):
    """Published with the data: median 7.0, mean 9.05, nine of ten 17.1 minutes."""
    record = scenario.scenario.demand.record
    found = measure_record(TRACE, record, scenario.tree, scenario).summary

    values = {r[1]: r[3] for r in found.where(group="all")}
    assert values["reached_median"] == pytest.approx(7.0, abs=0.05)
    assert values["response_mean_reached"] == pytest.approx(9.05, abs=0.005)
    assert values["reached_p90"] == pytest.approx(17.1, abs=0.05)


def test_the_seventeen_disordered_rows_are_left_out_and_said(scenario):
    (warning,) = scenario.warnings

    assert "17 rows break the order of time" in warning.message
    assert "2420, 2599, 2933" in warning.help


def test_the_record_is_replayed_callout_by_callout(scenario):
    """5,292 calls, of which three had nothing but a disordered row."""
    assert len(scenario.callouts) == 5289
    assert scenario.callouts[0].at_ms == 85_000  # 00:01:25
    assert scenario.callouts[0].handling_ms == 97_000
    assert scenario.callouts[0].transported is True
    assert scenario.callouts[0].hand_over_ms == (4657 - 2589) * 1000
