"""The judge finds every planted fault, and none in what the engine does."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from .hunting import Hunt
from .log_invariants import CHECKS, judge
from .planted_faults import ALSO, PLANTS
from .soak import draws_of, run_world, soak, write_world
from .soak_worlds import soak_world

ROOT = Path(__file__).parents[2]
JUDGE = ("log_invariants", "scenario_facts", "written_log")
WORLDS = range(40, 64)  # together they hold everything that a fault can be planted into


def test_the_judge_shares_no_code_with_what_it_judges():
    for name in JUDGE:
        tree = ast.parse((Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                assert not node.level or node.module in JUDGE
                names = [] if node.level else [node.module]
            assert not any(n.partition(".")[0] in ("sim", "rescuesim") for n in names)


def test_every_invariant_has_a_fault_that_it_must_find():
    assert set(PLANTS) == set(CHECKS)


def test_a_random_world_is_sound():
    bag = soak(Hunt(seed=5, size=40), [1])

    assert bag.finds == []
    assert bag.seen["worlds"] == 1


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Some worlds as their logs tell them."""
    found = []
    for number in WORLDS:
        folder = tmp_path_factory.mktemp("soak")
        path = write_world(folder / "world", *soak_world(draws_of(Hunt(1), number), 250))
        run, answer = run_world(path, folder / "results")
        assert answer.code in (0, 2), answer  # 2: a world that makes no sense was drawn
        found += [run] if run else []
    return found


@pytest.mark.long
def test_the_worlds_that_faults_are_planted_into_are_sound(runs):
    assert [judge(run) for run in runs] == [[] for _ in runs]


@pytest.mark.long
@pytest.mark.parametrize(
    ("plant", "name"), [*((PLANTS[name], name) for name in PLANTS), *ALSO.items()]
)
def test_a_planted_fault_is_found(plant, name, runs):
    planted = next((spoiled for spoiled in map(plant, runs) if spoiled), None)

    assert planted is not None, "no world has what it takes"
    assert name in {found for found, _ in judge(planted)}


@pytest.mark.long
def test_worlds_of_all_kinds_are_sound():
    """Larger: ``python -m tests.hunters soak --worlds 300 --callouts 200000``."""
    command = [sys.executable, "-m", "tests.hunters", "soak", "--worlds", "60"]
    command += ["--callouts", "400", "--jobs", "2", "--seed", "12"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
