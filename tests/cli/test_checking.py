"""``check``: every error with its place and the way out."""

import json
import os
import subprocess
import sys

import pytest

from sim.scenario import shipped_scenarios

TODAY = "  today: {dispatch: closest}"
HEAVY = ("numpy", "scipy", "matplotlib", "simpy", "rich.table", "multiprocessing")


@pytest.fixture
def refused(rescuesim, starter):
    """The errors for which the starter is refused with other policies under ``today``."""

    def call(policies):
        path = starter((TODAY, f"  today: {policies}"))
        found = rescuesim("check", path.name, "--json")
        diagnostics = json.loads(found.out)["diagnostics"]
        assert found.code == (2 if diagnostics else 0)
        for m in diagnostics:
            m["at"] = m["text"][m["column"] - 1 :][: m["width"]]
        return diagnostics

    return call


@pytest.mark.parametrize("name", shipped_scenarios())
def test_a_shipped_scenario_is_fine_and_says_so_in_a_line(name, rescuesim):
    found = rescuesim("check", name)

    assert found.code == 0
    assert found.err == ""
    assert found.out.startswith(f"{name}: fine (")
    assert found.out.count("\n") == 1


def test_one_of_a_thing_is_said_in_the_singular(rescuesim):
    assert "(1 place, 5 teams at 1 base, " in rescuesim("check", "textbook-mmc").out


def test_quiet_says_nothing_of_files_that_are_fine(rescuesim):
    assert rescuesim("check", "first-steps", "--quiet") == (0, "", "")


def test_what_nothing_can_be_judged_by_is_told_at_its_line(rescuesim, starter):
    """A measure that does not exist, a horizon below a target, a margin without unit: exit 2."""
    path = starter(
        ("  # horizon: 8 h", "  horizon: 15 min"),
        ("unreached: 0.5 pp", "unreached: 1"),
        ("  # primary: [response_p90]", "  primary: [response_p95, callouts]"),
    )

    found = rescuesim("check", path.name)

    lines = path.read_text(encoding="utf-8").splitlines()
    told = [line for line in found.err.splitlines() if ": error: " in line]
    helps = [line for line in found.err.splitlines() if line.startswith("  help: ")]
    at = [lines[int(line.split(":")[1]) - 1].split(":")[0].strip() for line in told]
    assert found.code == 2
    assert at == ["margin", "horizon", "primary", "primary"]
    assert "percentage points need a unit, found 1" in told[0]
    assert "a horizon of 15 min is shorter than the target 'injury in 20 min', 20 min" in told[1]
    assert "no measure is called 'response_p95'" in told[2]
    assert "callouts is a description: no verdict can be given on it" in told[3]
    for help, way in zip(
        helps, ("'1 pp'", "20 min at the least", "response_p90", "may be primary"), strict=True
    ):
        assert way in help


def test_full_attendance_is_nothing_to_judge_by_where_one_team_is_enough(rescuesim, starter):
    path = starter(("  # primary: [response_p90]", "  primary: [attendance_p90]"),
                   ("crew: 2  #", "crew: 1  #"))  # fmt: skip

    found = rescuesim("run", path.name, "--no-figures")

    assert found.code == 2
    assert "attendance_p90 is not measured here" in found.err
    assert "judge by response_p90" in found.err


def test_an_error_is_told_with_file_line_column_caret_and_the_nearest_name(rescuesim, starter):
    path = starter(("{base: Hill,", "{base: Hlil,"))

    found = rescuesim("check", path.name)

    lines = found.err.splitlines()
    number = 1 + [*path.read_text(encoding="utf-8").splitlines()].index(lines[1][9:])
    assert found.code == 2
    assert found.out == ""
    assert lines[0].startswith(f"mine.yaml:{number}:16: error: teams.Hill.base: ")
    assert lines[2][9:].index("^") == 15
    assert "did you mean 'Hill'" in lines[3]
    assert lines[-1] == "1 error"


def test_a_wrong_rule_is_told_in_the_same_pass_as_a_wrong_name(rescuesim, starter):
    """Else its author mends the name, runs again, and is told of the next fault."""
    path = starter(
        ("{base: Hill,", "{base: Hlil,"),
        ("cutoff: {reserve: {2: 1}}", "cutof: {reserve: {2: 1}}"),
        ("  today: {dispatch: closest}", "  today: {dispatch: {ranked: {order: [Hrabour 1]}}}"),
        ("  replications: 10", "  replications: 0"),
    )

    found = rescuesim("check", path.name)

    told = [line.split(": error: ")[1] for line in found.err.splitlines() if ": error: " in line]
    assert found.code == 2
    assert [line.split(":")[0] for line in told] == [
        "teams.Hill.base", "policies.today.dispatch.ranked", "policies.reserve.dispatch.cutof",
        "study.replications",
    ]  # fmt: skip
    assert rescuesim("run", path.name).err == found.err


def test_a_wrong_parameter_and_a_name_of_nothing_are_told_with_all_else(rescuesim, starter):
    path = starter(
        ("  rate: 12 per day", "  rate: twelve"),
        ("{cutoff: {reserve: {2: 1}}}", "{cutoff: {reserve: {2: -1}}}"),
        ("  today: {dispatch: closest}",
         "  today: {dispatch: {run_card: {order: {Harbour: [Harbor]}}}}"),
    )  # fmt: skip

    found = rescuesim("check", path.name)

    assert "expected a rate, found 'twelve'" in found.err
    assert "no team or base is called 'Harbor'" in found.err
    assert "it must be at least 0, found -1" in found.err


def test_what_only_some_alternatives_are_warned_of_names_them(rescuesim, starter):
    """The second one has nobody with an ambulance at night."""
    path = starter(
        (
            "  reserve: {",
            "  days: {dispatch: closest, set: {teams.Harbour.shifts: [day]}}\n  reserve: {",
        )
    )

    found = rescuesim("check", path.name)

    assert found.code == 0
    assert found.err.count("warning: ") == 1
    assert "shifts: nobody is on duty Mon 00:00 to Mon 07:00" in found.err
    assert found.err.splitlines()[0].endswith(" 5 times more a week; under 'days'")


@pytest.mark.parametrize(
    ("changes", "where", "said"),
    [
        ([("  today: {dispatch: closest}",
           "  today: {relocation: {dmexclp: {busy_fraction: 0.3, within: 20 min}}}"),
          ("  Hill: {base", "  Hill: {speed: 80%, base")], "policies.today.relocation",
         "this rule counts what a base covers with ordinary vehicles, whichever team waits there: "
         "of Hill 80% that is approximate; drives and arrivals are their own"),
        ([("  reserve: {dispatch: {cutoff: {reserve: {2: 1}}}}", "  again: {dispatch: closest}")],
         "policies.again", "'again' is the same as 'today': no difference can be found"),
        ([("  today: {dispatch: closest}", "  today: {dispatch: closest, staffing: call_in}")],
         "policies.today.staffing", "no team is in reserve, so nobody can be called in"),
        ([("  today: {dispatch: closest}",
           "  today: {relocation: {dmexclp: {busy_fraction: 0.3, within: 20 min}}}"),
          ("  Hill: {}", "  Hill: {place: Harbour}")], "policies.today.relocation",
         "there is one base, so free teams wait there under every relocation rule"),
        ([("  today: {dispatch: closest}", "  today: {dispatch: {dmexclp: {by_hour: true}}}")],
         "policies.today.dispatch",
         "no kind of callout has places of its own, so places count alike in every hour"),
        ([("  today: {dispatch: closest}", "  today: {relocation: {dmexclp: {by_hour: true}}}")],
         "policies.today.relocation",
         "no kind of callout has places of its own, so places count alike in every hour"),
    ],
)  # fmt: skip
def test_what_can_make_no_difference_is_told(rescuesim, starter, changes, where, said):
    path = starter(*changes)

    found = rescuesim("check", path.name, "--json")

    told = json.loads(found.out)["diagnostics"]
    assert found.code == 0
    assert [(m["where"], m["message"], m["warning"]) for m in told] == [(where, said, True)]
    assert told[0]["line"] > 1
    assert told[0]["help"]


def test_of_several_files_each_is_told_and_one_error_is_enough_to_fail(rescuesim, starter):
    starter(("  rate: 12 per day", "  rate: twelve"), name="bad.yaml")

    found = rescuesim("check", "first-steps", "bad.yaml", "textbook-mmc")

    assert found.code == 2
    assert [line.split(":")[0] for line in found.out.splitlines()] == [
        "first-steps",
        "textbook-mmc",
    ]
    assert "bad.yaml:" in found.err


def test_json_is_one_object_with_a_version_on_standard_output_alone(rescuesim, starter):
    starter(("  rate: 12 per day", "  rate: 12 per dya"))

    found = rescuesim("check", "mine.yaml", "--json")

    told = json.loads(found.out)
    assert found.err == ""
    assert told["format"] == 1
    assert {k: told["diagnostics"][0][k] for k in ("file", "where", "warning")} == {
        "file": "mine.yaml",
        "where": "demand.rate",
        "warning": False,
    }
    assert told["diagnostics"][0]["line"] > 1


@pytest.mark.parametrize("name", ["nosuch", "nosuch.yaml", "no/such.yaml", "", "a\nb", "."])
def test_a_scenario_that_is_not_there_is_told_with_what_there_is(name, rescuesim):
    found = rescuesim("check", name)

    assert found.code == 2
    assert "there is no scenario" in found.err
    assert "first-steps" in found.err


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"\xff\xfe\x00", b"%PDF-1.4", b"[1, 2]", b"a: *b", b"{" * 5000]
)
def test_a_file_that_is_no_scenario_is_an_error_and_no_crash(content, rescuesim, tmp_path):
    (tmp_path / "odd.yaml").write_bytes(content)

    found = rescuesim("check", "odd.yaml")

    assert found.code == 2
    assert "odd.yaml" in found.err
    assert "Traceback" not in found.err


def test_a_table_that_is_missing_is_told_where_it_is_named(rescuesim, tmp_path):
    rescuesim("new", "c.yaml", "--from", "coast-march-2025")
    (tmp_path / "data/coast/places.csv").rename(tmp_path / "data/coast/place.csv")

    found = rescuesim("check", "c.yaml")

    assert found.code == 2
    assert "map.places: there is no file 'data/coast/places.csv'" in found.err
    assert "did you mean 'data/coast/place.csv'?" in found.err


@pytest.mark.parametrize(
    ("policies", "at", "words"),
    [
        ("{dispatch: closets}", "closets", "did you mean 'closest'"),
        ("{queue: {fifo: {}}}", "fifo", "no queue rule called 'fifo'"),
        ("{dispatch: cutoff}", "cutoff", "needs the parameter 'reserve'"),
        ("{dispatch: {cutoff: {reserve: {2: lots}}}}", "lots", "whole number"),
        ("{dispatch: {cutoff: {reserve: {12: 1}}}}", "1", "9"),
        ("{relocation: {dmexclp: {within: 20}}}", "20", "did you mean '20 min'"),
        ("{relocation: {dmexclp: {busy_fraction: 1.4}}}", "1.4", "0.99"),
        ("{dispatch: {run_card: {order: {Bridge: [Hil]}}}}", "Hil", "did you mean 'Hill'"),
        ("{dispatch: {run_card: {order: {Brigde: [Hill]}}}}", "Brigde", "did you mean 'Bridge'"),
        ("{dispatch: {closest: {}, cutoff: {}}}", "dispatch", "one rule is expected here, found 2"),
        ("{dispach: closest}", "dispach", "did you mean 'dispatch'"),
    ],
)
def test_an_error_in_a_policy_is_told_at_its_place(policies, at, words, refused):
    diagnostic, *_ = refused(policies)

    assert diagnostic["file"] == "mine.yaml"
    assert diagnostic["at"] == at
    assert words in diagnostic["message"] + diagnostic["help"]


@pytest.mark.parametrize(
    ("policies", "unknown"),
    [
        ("{relocation: {dmexclp: {wihtin: 20 min}}}", "wihtin"),
        ("{dispatch: {cutoff: {reserv: {2: 1}}}}", "reserv"),
        ("{queue: {priority: {x: 1}}}", "x"),
    ],
)
def test_a_parameter_that_a_policy_does_not_have_is_an_error(policies, unknown, refused):
    """Otherwise a misspelt parameter runs with its default and nobody notices."""
    diagnostics = refused(policies)

    assert [m["message"] for m in diagnostics] == [f"unknown parameter {unknown!r}"]
    assert unknown in diagnostics[0]["text"]
    assert diagnostics[0]["column"] > 1


@pytest.mark.parametrize("arguments", [["check", "coast-march-2025"], ["--help"], ["policies"]])
def test_quick_commands_import_nothing_heavy(arguments, tmp_path):
    """Importing is what takes the time; a clock would only measure this machine."""
    program = (
        "import sys, sim.cli\n"
        f"code = sim.cli.run({arguments!r})\n"
        f"loaded = [m for m in {HEAVY!r} if m in sys.modules]\n"
        "assert code == 0, code\n"
        "assert not loaded, loaded\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr


def test_only_modules_with_rules_that_are_named_are_imported():
    """The first module of a question has those that most scenarios name."""
    program = (
        "import sys\n"
        "from sim.policies import LIBRARY\n"
        "further = 'sim.policies.dispatch_rules.covering'\n"
        "LIBRARY['dispatch']['cutoff'], LIBRARY['relocation']['dmexclp']\n"
        "assert further not in sys.modules\n"
        "LIBRARY['dispatch']['preparedness']\n"
        "assert further in sys.modules\n"
        "assert 'nothing' not in LIBRARY['dispatch']\n"
        "assert [*LIBRARY['dispatch']][::5] == ['closest', 'least_busy_in_range', 'rollout']\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        env=dict(os.environ), capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert done.returncode == 0, done.stderr


def test_a_name_with_a_line_break_breaks_no_line(rescuesim, starter):
    """It is written out, in text and in data alike: what is printed is one message, not two."""
    path = starter((TODAY, r'  today: {dispatch: "closest\nfine"}'))

    told = rescuesim("check", path.name)
    (found,) = json.loads(rescuesim("check", path.name, "--json").out)["diagnostics"]

    assert r"closest\x0afine" in found["message"]
    assert "\n" not in found["message"] + found["help"] + found["where"]
    assert found["message"] in told.err
