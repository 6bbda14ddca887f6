"""Documentation that runs: the examples in docstrings, and the README's Python."""

import contextlib
import csv
import doctest
import importlib
import io
import json
import pkgutil
import re
from pathlib import Path

import pytest

import sim
from sim.cli import run
from sim.cli.plan_commands.definitions_command import definitions_page

README = Path(__file__).parent.parent / "README.md"
MODULES = ["sim", *(m.name for m in pkgutil.walk_packages(sim.__path__, "sim."))]
BLOCKS = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.M | re.S)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_give_what_they_say(name):
    found = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)

    assert found.failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    tests = [t for name in MODULES for t in finder.find(importlib.import_module(name))]

    assert sum(len(t.examples) for t in tests) >= 10


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_the_python_in_the_readme_runs(number, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()

    with contextlib.redirect_stdout(printed):
        exec(
            compile(BLOCKS[number], f"README.md, block {number + 1}", "exec"),
            {"__name__": "readme"},
        )

    assert printed.getvalue().strip()


def test_every_name_the_package_offers_can_be_imported():
    for name in sim.__all__:
        assert getattr(sim, name) is not None
    with pytest.raises(AttributeError, match="nosuch"):
        _ = sim.nosuch


def test_the_page_of_measures_is_what_the_definitions_say():
    """A page written by hand would go its own way."""
    page = (README.parent / "docs" / "measures.md").read_text(encoding="utf-8")

    present = page == definitions_page()
    assert present, "write it again: rescuesim definitions --out docs/measures.md"


def test_the_page_of_measures_has_every_one_that_a_study_reports():
    """Each with a unit, what it is, its role and its formula."""
    file = sim.load("coast-march-2025", {"clock.length": "2 days"})
    found = sim.compare(file, policies=["today"], replications=2)
    lines = [line.strip("| ").split(" | ") for line in definitions_page().splitlines()]
    told = {cells[0].strip("`"): cells for cells in lines if len(cells) == 6}

    of_targets = ("share:", "undetermined:")
    measures = {row[1] for row in found.summary if not row[1].startswith(of_targets)}
    assert measures <= set(told), "define it in sim/definitions.py"
    for name in measures:
        _, unit, title, better, role, formula = told[name]
        assert unit
        assert title
        assert better.strip() in ("less", "more", "")
        assert role in ("primary", "judged", "described", "counted")
        assert formula.endswith(".")


REFERENCE = README.parent / "results" / "coast-march-2025-reference"
AGAIN = "rescuesim compare coast-march-2025 --out results/coast-march-2025-reference"


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return {(r["alternative"], r["measure"], r["group"]): r for r in csv.DictReader(file)}


def test_the_answer_in_the_readme_is_that_of_the_reference_result():
    """A number that was true once is not true."""
    text = README.read_text(encoding="utf-8")
    shown = text.partition("<!-- answer -->\n```text\n")[2].partition("```")[0]

    assert shown == (REFERENCE / "answer.txt").read_text(encoding="utf-8"), (
        "copy results/coast-march-2025-reference/answer.txt into the README"
    )


def test_the_lock_file_has_the_versions_of_the_reference_result():
    """`.ci/run` installs it and makes the same bytes."""
    manifest = json.loads((REFERENCE / "manifest.json").read_text(encoding="utf-8"))
    lock = (README.parent / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([\w-]+)==(\S+)", lock, re.MULTILINE))

    for name, version in manifest["run"]["libraries"].items():
        assert locked[name.lower()] == version


@pytest.mark.long
def test_the_reference_result_is_what_the_code_gives_now(tmp_path):
    """Otherwise the README would show an older model."""
    place = tmp_path / "again"
    command = ["compare", "coast-march-2025", "--out", str(place), "--no-figures", "--quiet"]
    with contextlib.redirect_stdout(io.StringIO()):
        assert run(command) == 0

    answer = (place / "answer.txt").read_text(encoding="utf-8")
    assert answer == (REFERENCE / "answer.txt").read_text(encoding="utf-8")
    for name in ("summary.csv", "comparisons.csv"):
        kept, now = rows_of(REFERENCE / name), rows_of(place / name)
        assert kept.keys() == now.keys(), f"make the reference result again: {AGAIN}"
        for key, row in kept.items():
            for column in ("value", "difference", "low", "high"):
                if row.get(column):
                    found = float(now[key][column])
                    assert found == pytest.approx(float(row[column]), rel=1e-4, abs=1e-9), (
                        f"{key} moved; if that is meant, say so under Results in CHANGELOG.md and "
                        f"make the reference result again: {AGAIN}"
                    )
