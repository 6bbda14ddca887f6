"""``policies``: what installed packages bring, whether it behaves, and the page on it."""

import contextlib
import io
import json
import os
import re
import sys
import tomllib
from pathlib import Path

import pytest

from ..policies.packages import LAST, Packages
from .conftest import SHORT

TOP = Path(__file__).parent.parent.parent
PAGE = (TOP / "docs/policies.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.M | re.S)


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Install tiny packages for the length of a test."""
    made = Packages(tmp_path, monkeypatch)
    yield made
    made.forget()


RAISES = LAST.replace(
    "    if len(desk.teams)", "    1 / (desk.free - 1)\n        if len(desk.teams)"
)
LISTED = LAST.replace("-number, ", "desk.teams[0], ")
NEEDS = LAST.replace('")] = 0', '")]')
REFUSES = LAST.replace(
    "if len(desk.teams) <=", 'if desk.atlas.places[callout.place] == "Hill" or len(desk.teams) <='
)


def test_an_installed_package_is_listed_with_its_rules(rescuesim, packages):
    packages.install("lastly", LAST, last="lastly:Last")

    shown, told = rescuesim("policies"), rescuesim("policies", "--json")

    (rule,) = [p for p in json.loads(told.out)["policies"] if "package" in p]
    assert (rule["name"], rule["question"], rule["package"]) == ("last", "dispatch", "lastly 1.0")
    assert rule["parameters"] == [{"name": "but", "meaning": "Keep so many.", "default": "0"}]
    assert "\n  last  (package lastly 1.0)\n    Send the team that is expected last.\n" in shown.out
    assert (shown.code, shown.err) == (0, "")


def test_a_package_that_is_broken_hides_no_other(rescuesim, packages):
    packages.install("lastly", LAST, last="lastly:Last")
    packages.install("broken", "1 / 0", gone="broken:Gone")

    shown = rescuesim("policies")

    assert shown.code == 0
    assert "\n  last  (package lastly 1.0)" in shown.out
    assert shown.err == (
        "rescuesim: the rule 'gone' of the package broken 1.0 cannot be loaded from broken:Gone: "
        "ZeroDivisionError: division by zero\n"
    )


def test_a_package_that_behaves_passes(rescuesim, packages):
    packages.install("lastly", LAST, last="lastly:Last")

    said = rescuesim("policies", "--try", "lastly")

    first, *checks = said.out.splitlines()
    assert (said.code, first) == (0, "last (dispatch)")
    assert len(checks) == 11
    assert all(check.startswith("  ok    ") for check in checks[:-1])
    assert checks[-1].startswith("  -     speed: a day takes ")


@pytest.mark.parametrize(
    ("code", "told"),
    [
        (RAISES, "it raised ZeroDivisionError: division by zero (lastly.py, line 21)"),
        (LISTED, "ties go to the lowest number"),
        ("1 / 0", "cannot be loaded from lastly:Last"),
    ],
)
def test_a_package_that_does_not_behave_ends_with_5_and_the_reason(code, told, rescuesim, packages):
    packages.install("lastly", code, last="lastly:Last")

    said = rescuesim("policies", "--try", "lastly")

    assert said.code == 5
    assert "  FAIL  " in said.out
    assert told in said.out
    assert "Traceback" not in said.out + said.err


def test_what_was_tried_can_be_read_by_machines(rescuesim, packages):
    packages.install("lastly", LISTED, last="lastly:Last")

    said = rescuesim("policies", "--try", "lastly", "--json")

    (tried,) = json.loads(said.out)["tried"]
    assert (said.code, tried["name"], tried["question"]) == (5, "last", "dispatch")
    assert [f["check"][:4] for f in tried["findings"] if f["passed"] is False] == ["ties"]


def test_a_rule_whose_parameters_have_no_defaults_is_not_tried_and_says_so(rescuesim, packages):
    packages.install("lastly", NEEDS, last="lastly:Last")

    said = rescuesim("policies", "--try", "lastly")

    assert said.code == 0
    assert (
        "  -     can be made: not tried: it has no default for but; give it as in --set 'but=...'"
        in said.out
    )


def test_a_rule_that_refuses_a_place_ends_with_5_and_names_it(rescuesim, packages):
    """It passed all checks before, seven times ok."""
    packages.install("lastly", REFUSES, last="lastly:Last")

    said = rescuesim("policies", "--try", "lastly")

    failed = [line for line in said.out.splitlines() if not line.startswith("  ok  ")][1:]
    assert said.code == 5
    assert failed[0].startswith(
        "  FAIL  serves everyone: every place, kind, priority and hour: with teams to spare, "
        "it never sends anybody to Hill (0 of "
    )
    assert failed[1].startswith("  -     serves everyone when teams are short: not tried: ")
    assert failed[2].startswith("  -     speed: ")


# -- parameters --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given", ["but=5000", "last.but=5000"], ids=["of all that have it", "of one rule"]
)
def test_parameters_are_given_as_in_a_scenario(given, rescuesim, packages):
    """With so many kept nobody is ever sent."""
    packages.install("lastly", NEEDS, last="lastly:Last")

    said = rescuesim("policies", "--try", "lastly", "--set", given)

    assert said.code == 5
    assert "it never sends anybody to any callout (0 of " in said.out


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("bit=3", "did you mean 'but'?"),
        ("but=x", "but: expected a whole number, found 'x'"),
        ("but=7", "'last' refuses this: seven is unlucky"),
        ("but=-1", "but: "),
        ("but={", "not readable as YAML"),
        ("but", "--set: expected something as --set 'keep=2', found 'but'"),
        ("first.but=2", "--set: no policy has a parameter 'first.but'; known: last.but"),
    ],
)
def test_a_wrong_parameter_is_told_at_its_place_and_ends_with_2(given, told, rescuesim, packages):
    packages.install("lastly", LAST, last="lastly:Last")

    said = rescuesim("policies", "--try", "lastly", "--set", given)

    assert (said.code, said.out) == (2, "")
    assert told in said.err
    assert "Traceback" not in said.err


def test_parameters_without_anything_to_try_are_refused(rescuesim):
    said = rescuesim("policies", "--set", "keep=2")

    assert said.code == 2
    assert "add --try PACKAGE" in said.err


def test_a_rule_of_the_library_is_tried_by_its_name(rescuesim):
    """The first rule of the issue: no fire is ever served."""
    said = rescuesim("policies", "--try", "cutoff", "--set", "reserve={2: 9}")

    assert (said.code, said.out.splitlines()[0]) == (5, "cutoff (dispatch)")
    assert "  FAIL  serves everyone when teams are short: " in said.out
    assert "it seldom sends anybody to callouts of priority 2 (" in said.out


def test_a_rule_of_a_package_is_tried_by_its_name(rescuesim, packages):
    packages.install("lastly", LISTED, last="lastly:Last", first="lastly:Last")

    said = rescuesim("policies", "--try", "last", "--json")

    assert [tried["name"] for tried in json.loads(said.out)["tried"]] == ["last"]


def test_rules_of_one_name_are_all_tried_and_share_parameters(rescuesim):
    """`dmexclp` answers two questions."""
    said = rescuesim("policies", "--try", "dmexclp", "--set", "within=12 min", "--json")

    tried = json.loads(said.out)["tried"]
    assert [one["question"] for one in tried] == ["dispatch", "relocation"]
    assert said.code == 0


def test_a_module_in_the_present_folder_can_be_tried(rescuesim, tmp_path):
    """Before there is a package."""
    (tmp_path / "own_rules_here.py").write_text(LAST, encoding="utf-8")
    try:
        said = rescuesim("policies", "--try", "own_rules_here")
    finally:
        sys.modules.pop("own_rules_here", None)

    assert (said.code, said.out.splitlines()[0]) == (0, "Last (dispatch)")
    assert str(tmp_path) not in sys.path


@pytest.mark.parametrize(
    ("code", "target", "exit_code", "told"),
    [
        (
            "",
            "nothing_here",
            2,
            "no installed package, no module and no rule called 'nothing_here'",
        ),
        ("", "rules_of_mine.py", 2, "write rules_of_mine"),
        ("x = 1", "rules_of_mine", 2, "there is no policy in 'rules_of_mine'"),
        ("import nothing_here", "rules_of_mine", 5, "raised ModuleNotFoundError"),
        ("1 / 0", "rules_of_mine", 5, "ZeroDivisionError: division by zero (rules_of_mine.py, "),
    ],
)
def test_what_cannot_be_tried_is_told_in_a_sentence(
    code, target, exit_code, told, rescuesim, tmp_path
):
    (tmp_path / "rules_of_mine.py").write_text(code, encoding="utf-8")
    try:
        said = rescuesim("policies", "--try", target)
    finally:
        sys.modules.pop("rules_of_mine", None)

    assert said.code == exit_code
    assert told in said.err
    assert len(said.err.splitlines()) == 1


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_policy_that_fails_in_a_study_ends_it_with_5(jobs, rescuesim, starter, packages):
    """In this process and in others, which find the package by themselves."""
    packages.install("lastly", RAISES, last="lastly:Last")
    starter(("today: {dispatch: closest}", "today: {dispatch: last}"))

    said = rescuesim("run", "mine.yaml", *SHORT, "--jobs", jobs, "--quiet")

    assert said.code == 5
    assert "ZeroDivisionError: division by zero" in said.err
    for part in ("'last' of the package lastly 1.0", "Last(but=0)", "asked about: callout "):
        assert part in said.err
    assert re.search(r"simulated time: day -?\d+ \d\d:\d\d:\d\d local time, \S+ min ", said.err)
    assert re.search(r"the last \d+ decisions of the run", said.err)
    assert "Traceback" not in said.err


# -- the page ----------------------------------------------------------------------------------


def test_the_page_runs_from_its_first_line_to_its_last(rescuesim, tmp_path, packages, starter):
    """The class, the study in Python, the package, the scenario, and what ``--try`` says."""
    code, study, _ = blocks("python")
    entries = tomllib.loads(blocks("toml")[0])["project"]
    assert (entries["name"], entries["version"]) == ("spares", "1.0")
    packages.install("spares", code, **entries["entry-points"]["rescuesim.policies"])

    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code + study, "policies.md", "exec"), {"__name__": "page"})
    assert "spares" in printed.getvalue()

    path = starter()
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^policies:.*?(?=^targets:)", blocks("yaml")[0] + "\n", text, flags=re.M | re.S)
    path.write_text(text, encoding="utf-8")
    assert rescuesim("compare", "mine.yaml", *SHORT, "--quiet").code == 0

    command = blocks("sh")[0].split()
    said = rescuesim(*command[1:])
    wanted = blocks("text")[0].splitlines()
    assert said.code == 0
    assert said.out.splitlines()[:-1] == wanted[:-1]
    assert said.out.splitlines()[-1].partition(": ")[0] == wanted[-1].partition(": ")[0]

    command = blocks("sh")[1].split()
    said = rescuesim(*command[1:])
    assert said.code == 5
    assert blocks("text")[2].strip("\n") in said.out


def test_the_page_says_what_letting_nobody_wait_costs(rescuesim):
    said = rescuesim("policies", "--try", "none")

    (share,) = re.findall(r"only (\d+%) of callouts of priority 1 are reached", said.out)
    assert f"`none`, under which no callout waits, reaches {share} of priority 1" in PAGE
    assert said.code == 0


def classes_of(code):
    """Return the rules that a block of the page makes, by question."""
    made = {"__name__": "page"}
    exec(compile(code, "policies.md", "exec"), made)
    return {made[name].question: made[name] for name in re.findall(r"^class (\w+)", code, re.M)}


EXAMPLES = classes_of(blocks("python")[2])


@pytest.mark.parametrize("question", EXAMPLES)
def test_the_example_of_each_question_behaves_and_reads_all_that_it_wants(question):
    from sim.experiment.conformance.policy_conformance import conforms

    found = conforms(EXAMPLES[question](), question, "an example")

    assert [f for f in found if f.passed is False] == []
    assert [f.passed for f in found if f.check.startswith("reads every part")] == [True]


def test_the_page_has_an_example_of_each_question_and_every_part_of_the_board():
    from sim.cli.plan_commands.policies_command import QUESTIONS
    from sim.policies.rule_basis.board import FIELDS_OF

    rows = dict(re.findall(r"^\| `(\w+)` \| (`.+?`) \|", PAGE, re.M))

    assert set(EXAMPLES) == set(QUESTIONS) - {"routing"}
    assert {part: rows[part] for part in FIELDS_OF} == {
        part: ", ".join(f"`{name}`" for name in names) for part, names in FIELDS_OF.items()
    }


def test_the_page_says_how_dmexclp_reads_the_board(rescuesim, starter):
    path = starter()
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^policies:.*?(?=^targets:)", blocks("yaml")[1] + "\n", text, flags=re.M | re.S)
    path.write_text(text, encoding="utf-8")

    assert rescuesim("compare", "mine.yaml", *SHORT, "--quiet").code == 0


def test_the_page_names_every_question_and_every_attribute():
    from sim.cli.plan_commands.policies_command import QUESTIONS

    rows = re.findall(r"^\| `(\w+)`", PAGE, re.M)

    assert set(QUESTIONS) < set(rows)
    assert {"wants", "waits", "changes", "preempts", "moves_all", "draws", "source"} < set(rows)


ENDS = ["os._exit(0)", "sys.exit(0)", "os.execv('/bin/true', ['true'])", "os.kill(os.getpid(), 9)"]
MOMENTS = {
    "decision": "    def __call__(self, callout, desk):\n",
    "made": "    def __post_init__(self):\n",
    "imported": "from dataclasses import dataclass\n",
}


@pytest.mark.parametrize(
    ("end", "moment"),
    [
        pytest.param(end, moment, marks=() if i == j == 0 else pytest.mark.long)
        for i, moment in enumerate(MOMENTS)
        for j, end in enumerate(ENDS)
    ],
)
def test_a_policy_that_ends_the_process_never_ends_it_as_if_all_were_done(
    end, moment, process, tmp_path, packages
):
    """With exit code 0 and no results, a script goes on as if there were some."""
    at = MOMENTS[moment]
    indent = "" if moment == "imported" else " " * 8
    code = LAST.replace(at, f"{at}{indent}import os, sys\n{indent}{end}\n")
    site = packages.install("leaving", code, last="leaving:Last")
    (tmp_path / "mine.yaml").write_text(
        "extends: first-steps\nformat: 2\nname: mine\npolicies: {mine: {dispatch: last}}\n",
        encoding="utf-8",
    )
    env = {"PYTHONPATH": f"{site}{os.pathsep}{TOP}"}

    ran = process("run", "mine.yaml", "--policy", "mine", *SHORT, "-q", "--out", "out", env=env)
    tried = process("policies", "--try", "leaving", env=env)

    for said in (ran, tried):
        assert said.code != 0
        assert "Traceback" not in said.err
    assert not (tmp_path / "out").exists()
    if "kill" not in end:
        assert (ran.code, tried.code) == (5 if moment == "decision" else 2, 5)
        assert "internal error" not in ran.err + tried.err
