"""A whole study from Python: short to write, and the same numbers as the command line's."""

import json
from dataclasses import dataclass

import numpy as np
import pytest

import sim
from sim.cli import run
from sim.errors import SimError, UsageError


@dataclass(frozen=True)
class SparesTheLast:
    """Send the closest team, but let all except priority 1 wait for the last free one."""

    def __call__(self, callout, view):
        if not view.teams or (callout.priority > 1 and view.free == 1):
            return None, "the last team is kept"
        _, team = min(zip(view.arrivals, view.teams, strict=True))
        return team, "expected on scene first"


@pytest.fixture(scope="module")
def found():
    scenario = sim.load("first-steps", {"clock.length": "7 days"})
    policies = {"today": "today", "spares": {"dispatch": SparesTheLast()}}
    return sim.compare(scenario, policies=policies, replications=6, control=True)


def test_a_policy_from_the_notebook_is_compared_with_one_of_the_scenario(found):
    (row,) = found.comparisons.where(measure="queue_time_mean", group="all").rows
    waits = {name: obs.queue_time_known.mean() for name, obs in found.observations.items()}

    assert list(found.observations) == ["today", "spares"]
    assert waits["spares"] > waits["today"]
    assert row[4] == pytest.approx((waits["spares"] - waits["today"]) / 60_000, rel=0.2)


def test_tables_give_columns_text_and_html(found):
    table = found.summary.where(group="all", measure="response_restricted_mean")

    assert table.column("alternative").tolist() == ["today", "spares"]
    assert table.arrays()["value"].dtype == np.float64
    assert str(table).splitlines()[0].split()[:3] == ["alternative", "measure", "group"]
    assert table._repr_html_().count("<tr>") == 3
    with pytest.raises(UsageError, match="there is no column 'mean'; there are alternative"):
        table.column("mean")


def test_html_never_takes_a_name_for_markup(found):
    table = sim.Table("x", ("a",), (("<script>",),))

    assert "<script>" not in table._repr_html_()
    assert "&lt;script&gt;" in table._repr_html_()


def test_pandas_is_used_if_it_is_there_and_said_to_be_missing_if_not(found, monkeypatch):
    made = []

    class Pandas:
        @staticmethod
        def DataFrame(rows, columns):
            made.append((len(rows), columns))
            return "a frame"

    monkeypatch.setitem(__import__("sys").modules, "pandas", Pandas)
    assert found.summary.frame() == "a frame"
    assert made == [(len(found.summary), list(found.summary.columns))]

    monkeypatch.setitem(__import__("sys").modules, "pandas", None)
    with pytest.raises(UsageError, match="pandas is not installed"):
        found.summary.frame()


def test_the_study_shows_itself_as_text_and_in_a_notebook(found):
    shown = found._repr_html_()

    assert "6 replications, seed 1" in shown
    assert "data:image/png;base64," in shown
    assert "no verdict on spares" in str(found)
    assert found.figure("share-reached")._repr_png_()[:4] == b"\x89PNG"
    with pytest.raises(UsageError, match="there is no figure 'fairness'"):
        found.figure("fairness")


def test_control_variates_come_where_asked_for(found):
    assert len(found.controlled)
    assert not len(sim.compare("first-steps", replications=2).controlled)


def test_python_and_the_command_line_give_the_same_numbers(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert run(["compare", "first-steps", "--days", "3", "-n", "4", "--json", "-q",
                "--no-figures"]) == 0  # fmt: skip
    told = json.loads(capsys.readouterr().out)["summary"]

    here = sim.compare(sim.load("first-steps", {"clock.length": "3 days"}), replications=4)

    assert [tuple(row.values()) for row in told] == list(here.summary.rows)


def test_a_saved_study_is_a_results_folder(found, tmp_path):
    place = found.save(tmp_path / "mine")
    again = sim.read_results

    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))

    assert manifest["alternatives"]["spares"]["dispatch"] == {
        "rule": "SparesTheLast", "parameters": {}, "from_python": True,
    }  # fmt: skip
    assert (place / "summary.csv").is_file()
    assert [p.name for p in tmp_path.iterdir()] == ["mine"]
    with pytest.raises(sim.SimError, match="SparesTheLast, which came from Python"):
        again(place)


def test_a_study_of_the_scenarios_own_policies_is_read_back_whole(tmp_path):
    study = sim.compare(sim.load("first-steps", {"clock.length": "3 days"}), replications=3)

    back = sim.read_results(study.save(tmp_path / "mine"))

    for name, obs in study.observations.items():
        for column in ("response", "queue_time", "committed", "committed_by_hour"):
            theirs = getattr(back.study.observations[name], column)
            assert np.array_equal(theirs, getattr(obs, column), equal_nan=True)
    assert sim.tabulate(back.study).summary.rows == study.summary.rows


def test_replacing_a_field_leaves_the_scenario_as_it_was():
    scenario = sim.load("first-steps")

    busier = scenario.replace({"demand.rate": "40 per day"})

    assert (scenario.scenario.demand.rate, busier.scenario.demand.rate) == (12.0, 40.0)


def test_until_stops_when_precise(found):
    study = sim.compare(
        sim.load("first-steps", {"clock.length": "7 days"}),
        until={"response_restricted_mean": "10%"},
    ).study

    assert study.replications in range(30, 400, 10)
    assert study.widths
    assert all(width.met for width in study.widths)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, "give at least one scenario"),
        ({"replications": 3, "until": {"response_restricted_mean": "5%"}}, "not both"),
        (
            {"policies": {"x": "tomorrow"}},
            "no policy 'tomorrow' in first-steps.yaml; it has today, reserve",
        ),
        ({"policies": {"x": {"dispach": None}}}, "a policy answers"),
        ({"policies": {"x": {"diversion": "never"}}}, "; it is now 'reassignment'; "),
        ({"policies": ["tomorrow"]}, "'tomorrow' is not among"),
    ],
)
def test_a_call_that_makes_no_sense_says_why(arguments, words):
    with pytest.raises(UsageError, match=words):
        sim.compare(*(["first-steps"] if arguments else []), **arguments)


def test_several_processes_give_the_same_rows():
    scenario = sim.load("first-steps", {"clock.length": "2 days"})

    one, two = (sim.compare(scenario, replications=4, jobs=jobs) for jobs in (1, 2))

    assert one.summary.rows == two.summary.rows
    assert one.comparisons.rows == two.comparisons.rows


def test_a_policy_that_cannot_be_sent_to_other_processes_is_told():
    @dataclass(frozen=True)
    class Local(SparesTheLast):
        pass

    with pytest.raises(UsageError, match="define it in a module of its own, or use one process"):
        sim.compare("first-steps", policies={"x": {"dispatch": Local()}}, replications=2, jobs=2)


def test_a_name_that_is_not_there_is_told_with_the_nearest(tmp_path):
    with pytest.raises(SimError, match=r"^there is no scenario 'first-step'; did you mean 'first-"):
        sim.compare("first-step")
    with pytest.raises(SimError, match=r"^'toda' is not among .*; did you mean 'today'"):
        sim.compare("first-steps", policies=["toda"])
    with pytest.raises(SimError, match=r"is not a results folder: there is no manifest\.json"):
        sim.read_results(str(tmp_path))
