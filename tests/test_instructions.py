"""The guard against sliding back: `.ci/instructions.py`."""

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / ".ci" / "instructions.py"


def script():
    """Return the script as a module."""
    spec = importlib.util.spec_from_file_location("instructions", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("after", "may_pass"), [(900, True), (1000, True), (1050, True), (1051, False), (4000, False)]
)
def test_five_per_cent_more_is_the_most_that_may_land(after, may_pass):
    told, passed = script().judged("reference", 1000, after)

    assert passed is may_pass
    assert f"{after:,}" in told


def test_start_up_does_not_count():
    """Which is all that the shorter run and the longer ones share."""
    few, one_more, two_more = {"a": 10, "b": 5}, {"a": 30, "b": 5}, {"a": 10, "b": 25}
    guard = script()
    guard.FEW = {"a": 1, "b": 1}

    found = guard.a_callout((5000, few), (5000 + 20 * 7, one_more), (5000 + 20 * 9, two_more))

    assert found == {"a": 7, "b": 9}


def test_the_base_is_one_commit():
    guard = script()
    text = (ROOT / ".ci/benchmark-base").read_text(encoding="utf-8")

    assert re.fullmatch("[0-9a-f]{40}", guard.named_base(text))
    for wrong in ("", "main", f"{'a' * 40}\n{'b' * 40}", "# a comment"):
        with pytest.raises(SystemExit, match="benchmark-base"):
            guard.named_base(wrong)


def test_a_base_that_cannot_be_had_is_told(tmp_path):
    """A check that could not be made must not look like one that was passed."""
    with pytest.raises(SystemExit, match="git fetch --unshallow"):
        script().unpack("0" * 40, tmp_path)


def test_the_checks_run_it():
    assert ".venv-ci/bin/python .ci/instructions.py" in (ROOT / ".ci/run").read_text()


@pytest.mark.long
@pytest.mark.skipif(shutil.which("valgrind") is None, reason="counts with valgrind")
def test_a_loop_that_was_put_into_the_engine_is_found(tmp_path):
    """Counted as the guard counts: a thousand additions for each callout that comes in."""
    guard = script()
    slow, counted = tmp_path / "slow", []
    for part in ("sim", "scenarios"):
        shutil.copytree(ROOT / part, slow / part)
    path = slow / "sim/engine/dispatcher.py"
    text, where = path.read_text(encoding="utf-8"), "        run, open_ = self.run,"
    assert where in text
    path.write_text(text.replace(where, f"        sum([n for n in range(1000)])\n{where}"))
    guard.FEW, guard.MORE, guard.DAYS = {"reference": 1}, {"reference": 3}, 5
    for tree in (ROOT, slow):
        worlds = tmp_path / f"{tree.name}.pickle"
        guard.started(tree, "prepare", tree, worlds)
        runs = [guard.instructions(tree, worlds, each) for each in (guard.FEW, guard.MORE)]
        counted.append(guard.a_callout(*runs)["reference"])

    assert guard.judged("reference", counted[0], counted[0])[1]
    assert not guard.judged("reference", *counted)[1]


def test_an_unknown_tree_is_not_measured(tmp_path):
    """What is installed must not be taken for the tree that is meant."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "prepare", str(tmp_path), str(tmp_path / "worlds")],
        capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip

    assert done.returncode
    assert "another tree" in done.stderr
