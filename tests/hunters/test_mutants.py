"""Mutated scenarios, tables and folders are accepted or refused in words; few here, many there."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .hunting import Answer, Hunt, rescuesim
from .scenario_hunt import hunt_scenarios, judged_check
from .sound_tables import sound_tables
from .table_hunt import hunt_tables

ROOT = Path(__file__).parents[2]
SOUND = {
    "message": "no base is called 'Nowhere'", "file": "a.yaml", "line": 3, "column": 5,
    "where": "teams.One.base", "help": "", "text": "", "width": 1, "warning": False,
}  # fmt: skip


def answered(*changes, code=2):
    """Return what ``check --json`` answers, each diagnostic the sound one with changes."""
    return Answer(code, json.dumps({"diagnostics": [SOUND | change for change in changes]}), "")


def test_an_answer_that_is_as_it_should_be_is_no_find():
    assert [*judged_check(answered({}))] == []
    assert [*judged_check(answered({"warning": True}, code=0))] == []


@pytest.mark.parametrize(
    ("answer", "what"),
    [
        (answered({}, code=70), "check: exit 70"),
        (answered({}, code=0), "check: exit code"),
        (answered(), "check: exit code"),
        (Answer(2, "", ""), "check: no JSON"),
        (answered({"line": 0}), "check: no place"),
        (answered({"file": ""}), "check: no file"),
        (answered({"message": " "}), "check: no sentence"),
        (answered({"message": "a\nb"}), "check: no sentence"),
        (answered({"message": "This is wrong. Write it so."}), "check: more than a sentence"),
        (answered({"message": "'NoneType' object is not iterable"}), "check: words of the program"),
    ],
)
def test_a_bad_answer_is_found(answer, what):
    assert what in {found for found, _ in judged_check(answer)}


@pytest.mark.parametrize("name", sound_tables())
def test_the_tables_that_are_mutated_are_sound(name, tmp_path):
    text, tables = sound_tables()[name]
    for file, table in tables.items():
        (tmp_path / file).write_text(table, encoding="utf-8")
    (tmp_path / "world.yaml").write_text(text, encoding="utf-8")

    answer = rescuesim("check", tmp_path / "world.yaml")

    assert answer.code == 0, answer.err
    assert not answer.err.strip()


@pytest.mark.parametrize("hunter", [hunt_scenarios, hunt_tables])
def test_some_mutants_are_taken_in_words(hunter):
    assert hunter(Hunt(seed=1), range(6)).finds == []


@pytest.mark.long
@pytest.mark.parametrize(("hunter", "count"), [("scenarios", 400), ("tables", 400)])
def test_many_mutants_are_taken_in_words(hunter, count):
    """Larger: ``python -m tests.hunters scenarios --count 20000``, ``tables --count 4000``."""
    command = [sys.executable, "-m", "tests.hunters", hunter, "--count", str(count), "--jobs", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
