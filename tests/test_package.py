"""The package under its documented name: names, version, and words where something is wrong."""

import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest

import rescuesim
import sim
from sim.errors import ScenarioError, UsageError

ROOT = Path(rescuesim.__file__).parent.parent


@dataclass(frozen=True)
class First:
    """Send the first of the free teams."""

    def __call__(self, callout, view):
        return (view.teams[0] if view.teams else None), "the first"


@pytest.fixture(scope="module")
def week():
    return rescuesim.load("first-steps", {"clock.length": "2 days"})


def test_every_public_name_of_sim_is_one_of_rescuesim():
    assert all(getattr(rescuesim, name) is getattr(sim, name) for name in sim.__all__)
    assert set(sim.__all__) <= set(dir(rescuesim))
    assert set(sim.__all__) <= set(dir(sim))


def test_the_version_has_one_source():
    cited = (Path(__file__).parent.parent / "CITATION.cff").read_text(encoding="utf-8")

    assert rescuesim.__version__ == sim.__version__ == version("rescuesim")
    assert f"\nversion: {rescuesim.__version__}\n" in cited


def test_a_misspelt_name_is_told_with_the_nearest():
    with pytest.raises(AttributeError, match="no attribute 'compair'; did you mean 'compare'"):
        rescuesim.compair  # noqa: B018


def test_types_are_shipped():
    assert (ROOT / "sim" / "py.typed").exists()
    assert (ROOT / "rescuesim" / "py.typed").exists()


def test_a_file_that_hides_the_package_is_named(tmp_path):
    (tmp_path / "sim.py").write_text("print('mine')\n", encoding="utf-8")
    env = {**os.environ, "PYTHONPATH": str(ROOT)}

    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import rescuesim"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True, text=True, env=env, timeout=60, check=False,
    )  # fmt: skip

    assert done.returncode == 1
    assert f"{tmp_path / 'sim.py'} is found under that name; rename that file" in done.stderr


def test_a_rule_may_be_given_as_in_a_scenario_file(week):
    found = rescuesim.compare(
        week,
        policies={
            "a": {"dispatch": "closest"},
            "b": {"dispatch": {"cutoff": {"reserve": {2: 1}}}, "queue": "first_come"},
            "c": {"dispatch": First()},
        },
        replications=2,
    )

    rules = {n: type(a.policies.dispatch).__name__ for n, a in found.study.alternatives.items()}
    assert list(rules) == ["a", "b", "c"]
    assert rules["c"] == "First"
    assert found.study.alternatives["b"].policies.dispatch.reserve == {2: 1}


@pytest.mark.parametrize(
    ("policies", "error", "said"),
    [
        ({"x": "todai"}, UsageError, "no policy 'todai' in .*did you mean 'today'"),
        ({"x": {"dispatsh": "closest"}}, UsageError, "did you mean 'dispatch'"),
        (
            {"x": {"dispatch": "closets"}},
            UsageError,
            "called 'closets'; .*closest",
        ),
        ({"x": {"dispatch": {"cutof": {}}}}, UsageError, "called 'cutof'; .*cutoff"),
        ({"x": {"dispatch": First}}, UsageError, r"is the class First; .* First\(...\)"),
        ({"x": {"dispatch": 3}}, UsageError, "rule of 'x' is 3; give an object"),
        ({"x": 3}, UsageError, "'x' is 3; give the name of a policy"),
    ],
)
def test_a_wrong_rule_is_told_in_a_sentence(week, policies, error, said):
    with pytest.raises(error, match=said):
        rescuesim.compare(week, policies=policies, replications=2)


def test_a_missing_scenario_is_told_with_the_nearest_name():
    with pytest.raises(ScenarioError, match="there is no scenario 'first-stepz'"):
        rescuesim.load("first-stepz")


def test_what_a_comparison_gave_fits_a_screen(week):
    found = rescuesim.compare(week, replications=2)

    assert len(repr(found)) < 160
    assert "first-steps: today, reserve; 2 replications, seed 1" in repr(found)
    assert len(repr(week)) < 160
    assert len(repr(found.study)) < 160


def test_an_unknown_figure_is_told_with_those_there_are(week):
    found = rescuesim.compare(week, replications=2)

    with pytest.raises(UsageError, match=r"no figure 'share-reach'.*did you mean 'share-reached'"):
        found.figure("share-reach")
