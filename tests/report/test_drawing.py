"""Every figure of a study is drawn, and says what it shows."""

from itertools import pairwise

import numpy as np
import pytest

import sim
from sim.report import days, gathering
from sim.report.drawing import draw_all


@pytest.fixture(scope="module")
def study():
    file = sim.read_scenario(
        sim.find_scenario("first-steps"), {"study.replications": 2, "clock.run": "3 days"}
    )
    return sim.run_study(sim.design_of([file]))


def test_every_figure_of_a_study_is_drawn_with_its_caption(study, tmp_path):
    """Scenario, policies, replications and seed stand on each, so that a print is not an orphan."""
    written = draw_all(study, sim.tabulate(study), tmp_path, formats=("svg",))

    names = {path.stem for path in written}
    assert names == {
        "share-reached", "map", "day-profile", "utilisation", "staff", "timeline", "differences",
    }  # fmt: skip
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert f"seed {study.world.scenario.study.seed}" in text, path.name
        assert "first-steps" in text, path.name


def test_a_study_of_one_alternative_has_no_differences(tmp_path):
    file = sim.read_scenario(
        sim.find_scenario("textbook-mmc"), {"study.replications": 1, "clock.run": "2 days"}
    )
    study = sim.run_study(sim.design_of([file]))

    names = {p.stem for p in draw_all(study, sim.tabulate(study), tmp_path, formats=("svg",))}
    assert "differences" not in names
    assert "map" not in names


def test_a_day_counts_as_many_teams_busy_as_have_a_mission(study):
    """The steps above the rows and the rows themselves come from the same log."""
    day = days.day_timeline(study, "today", 1)
    phases = {"turnout", "driving", "on scene", "to hospital", "at hospital"}
    for hour in range(24):
        at = day.start_ms + hour * 3_600_000 + 1
        legs = {leg.team for leg in day.legs if leg.phase in phases and leg.begin <= at < leg.end}
        steps = day.busy_steps
        i = int(np.searchsorted(steps.times, at, side="right")) - 1
        assert (int(steps.counts[i]) if i >= 0 else 0) == len(legs)


def test_no_team_does_two_things_at_once_in_a_timeline(study):
    day = days.day_timeline(study, "reserve", 0)
    for team in range(len(day.teams)):
        legs = sorted((leg.begin, leg.end) for leg in day.legs if leg.team == team)
        assert all(a[1] <= b[0] for a, b in pairwise(legs))


def test_utilisation_stands_from_north_to_south_by_base(study):
    """Hill lies north of Harbour, which comes first in the file."""
    drawn = gathering.utilisation(study, sim.tabulate(study))

    assert [team.base for team in drawn.teams] == ["Hill", "Harbour", "Harbour"]
    assert drawn.order == "north to south"
    rows = {(r[0], r[2]): r[3] for r in sim.tabulate(study).summary if r[1] == "utilisation"}
    for name, value, _, _ in drawn.alternatives:
        assert list(value) == [rows[name, f"team:{team.name}"] for team in drawn.teams]
