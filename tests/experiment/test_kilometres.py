"""Kilometres and relocations in results: of every replication, and only where they are asked."""

from dataclasses import fields

import numpy as np
import pytest

import sim
from sim.experiment.results.folder import staff_of
from sim.experiment.running.replication_file import decode
from sim.experiment.running.runner import Runner, Task
from sim.outcomes import Observations
from sim.outcomes.observed.columns import plain

from ..worlds import file_of

TEXT = """\
name: driven
clock: {start: 2025-03-06 06:00, length: 4 days}
map:
  places: {A: {lat: 35.0, lon: 36.0}, B: {lat: 35.1, lon: 36.1}, C: {lat: 35.2, lon: 36.0}}
  roads: {circuity: 1.3, speed: {day: 60 km/h}}
demand: {rate: 12 per day, kinds: {job: {share: 100%, on_scene: 40 min}}}
bases: {A: {}, B: {}}
teams: {One: {base: A}, Two: {base: B}}
policies: {today: {}, cover: {relocation: {dmexclp: {busy_fraction: 0.4}}}}
study: {replications: 3}
"""
ASKED = {"study.kilometres": "yes"}
ROADS = "{circuity: 1.3, speed: {day: 60 km/h}}"
TABLE = "{table: {A: {B: 9 min, C: 9 min}, B: {A: 9 min, C: 9 min}, C: {A: 9 min, B: 9 min}}}"


def study_of(text=TEXT, overrides=None):
    return sim.run_study(sim.design_of([file_of(text, overrides)]))


@pytest.fixture(scope="module")
def asked():
    return study_of(overrides=ASKED)


def test_nothing_else_changes_when_kilometres_are_asked_for(asked):
    plainly = study_of()

    for name, found in asked.observations.items():
        for column in (f.name for f in fields(Observations) if f.name != "driving"):
            other = getattr(plainly.observations[name], column)
            assert np.array_equal(plain(getattr(found, column)), plain(other), equal_nan=True)
        assert found.driving.shape == (3, 2)
        assert plainly.observations[name].driving.shape == (3, 0)
    rows = {row.measure for row in sim.tabulate(plainly).summary}
    assert not any("kilometres" in measure or measure == "relocations" for measure in rows)


def test_parts_add_up_by_purpose_and_by_team(asked):
    rows = {r.key: r.value for r in (*sim.tabulate(asked).summary, *staff_of(asked))}
    for name in ("today", "cover"):
        whole = rows[name, "kilometres", "all"]
        parts = ("to_scene", "to_hospital", "home", "relocation")
        assert whole == pytest.approx(
            sum(rows[name, f"kilometres_{purpose}", "all"] for purpose in parts)
        )
        teams = [rows[name, "kilometres", f"team:{team}"] for team in ("One", "Two")]
        assert whole == pytest.approx(sum(teams))
        assert whole > 0
    assert rows["today", "relocations", "all"] == rows["today", "kilometres_relocation", "all"] == 0
    assert rows["cover", "relocations", "all"] > 0
    assert rows["cover", "kilometres_relocation", "all"] > 0


def test_alternatives_are_compared_in_them_and_no_verdict_is_given(asked):
    found = {r.measure: r for r in sim.tabulate(asked).comparisons if r.group == "all"}

    assert found["kilometres"].difference != 0
    assert found["kilometres"].verdict == ""


def test_of_a_table_of_times_relocations_are_counted_and_no_kilometres():
    study = study_of(TEXT.replace(ROADS, TABLE), ASKED)
    measures = {row.measure for row in sim.tabulate(study).summary}

    assert "relocations" in measures
    assert not any(measure.startswith("kilometres") for measure in measures)


def test_a_table_of_times_is_told_to_have_no_distances():
    (warning,) = [
        w for w in file_of(TEXT.replace(ROADS, TABLE), ASKED).warnings if "kilomet" in w.where
    ]

    assert warning.message == "a table of times has no distances: only relocations are counted"


def test_drives_are_written_of_the_first_replication_only(asked):
    runner = Runner(asked.design.alternatives, 1)
    names = tuple(runner.alternatives)

    first, second = (decode(runner.run(Task(n, names, True))) for n in (0, 1))
    assert all(log.drives for log in first.logs.values())
    assert not any(log.drives for log in second.logs.values())
    assert second.observations["cover"].driving["to_scene"].sum() > 0


def test_results_that_are_read_back_have_them_too(asked, tmp_path):
    place = tmp_path / "results"
    sim.compare(file_of(TEXT, ASKED), replications=3).save(place)

    for name, found in sim.read_results(place).study.observations.items():
        assert np.array_equal(found.driving, asked.observations[name].driving)
