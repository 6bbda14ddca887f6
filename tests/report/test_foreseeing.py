"""An alternative that knows what will come is told as such wherever results are."""

import json
from dataclasses import dataclass

import pytest

import sim
from sim.policies.dispatch_rules.dispatch import Closest
from sim.report.results_text.answer import answer, answer_as_data

SAID = "clairvoyant knows what will come: a reference that no dispatcher could follow."


@pytest.fixture(scope="module")
def found():
    changes = {"clock.length": "1 day", "policies.clairvoyant": {"dispatch": "clairvoyant"}}
    scenario = sim.load("first-steps", changes)
    return sim.compare(scenario, policies=["today", "clairvoyant"], replications=2)


def test_the_answer_says_so_on_the_screen_in_its_file_and_as_data(found, tmp_path):
    told = " ".join(answer(found.study, found.tables))
    found.save(tmp_path / "out")
    written = (tmp_path / "out/answer.txt").read_text(encoding="utf-8")

    assert SAID in told
    assert SAID in " ".join(written.split())
    assert SAID in answer_as_data(found.study, found.tables)["sentences"]
    manifest = json.loads((tmp_path / "out/manifest.json").read_text(encoding="utf-8"))
    rules = {name: a["dispatch"] for name, a in manifest["alternatives"].items()}
    assert rules["clairvoyant"]["foresees"] is True
    assert "foresees" not in rules["today"]


@dataclass(frozen=True)
class Foresees(Closest):
    """Be shown what will come."""

    foresees = True
    wants = ("futures",)
    ahead = 3_600_000


def test_a_policy_of_ones_own_that_says_it_foresees_is_told_too():
    scenario = sim.load("first-steps", {"clock.length": "1 day"})
    policies = {"mine": {"dispatch": Foresees()}, "yours": {"dispatch": Foresees()}}
    found = sim.compare(scenario, policies=policies, replications=2)

    told = " ".join(answer(found.study, found.tables))
    assert "mine and yours know what will come: references that no dispatcher could follow." in told


def test_nothing_is_said_of_others():
    found = sim.compare(sim.load("first-steps", {"clock.length": "1 day"}), replications=2)

    assert "what will come" not in " ".join(answer(found.study, found.tables))
