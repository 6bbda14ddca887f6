"""``run`` and ``compare``: flags, what is printed, and where results go."""

import csv
import gzip
import json

import pytest

from sim.cli.study_commands import run_and_compare
from sim.cli.study_commands.run_and_compare import processes_that_pay
from sim.experiment import Runner, design_of

from ..worlds import file_of, hand_worked
from .conftest import SHORT

FIRST = ("run", "first-steps", *SHORT, "--quiet")


def contents(folder):
    """Return the bytes of every file of a results folder, the manifest's ``run`` block apart."""
    found = {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }
    manifest = json.loads(found.pop("manifest.json"))
    del manifest["run"]
    return {**found, "manifest.json": json.dumps(manifest).encode()}


def names(folder):
    """Return the names in a folder, hidden ones too; none if there is no folder."""
    return sorted(p.name for p in folder.iterdir()) if folder.is_dir() else []


def summary_of(folder):
    with (folder / "summary.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_run_takes_the_first_policy_and_compare_all(rescuesim, tmp_path):
    assert rescuesim(*FIRST, "--out", "one").code == 0
    assert rescuesim("compare", *FIRST[1:], "--out", "all").code == 0

    assert {row["alternative"] for row in summary_of(tmp_path / "one")} == {"today"}
    assert {row["alternative"] for row in summary_of(tmp_path / "all")} == {"today", "reserve"}
    assert not (tmp_path / "one/comparisons.csv").exists()
    assert (tmp_path / "all/comparisons.csv").exists()


def test_a_policy_alone_gives_what_it_gives_beside_others(rescuesim, tmp_path):
    """Pairing means that no alternative touches another's draws."""
    rescuesim(*FIRST, "--policy", "reserve", "--out", "one")
    rescuesim("compare", *FIRST[1:], "--out", "all")

    both = [row for row in summary_of(tmp_path / "all") if row["alternative"] == "reserve"]
    assert summary_of(tmp_path / "one") == both


def test_a_policy_that_is_not_there_is_told_with_those_that_are(rescuesim, tmp_path):
    said = rescuesim(*FIRST, "--policy", "tomorrow")

    assert said.code == 2
    assert "'tomorrow' is not among the scenario's policies" in said.err
    assert "today, reserve" in said.err
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    "flags",
    [
        ["--replications", "0"],
        ["-n", "many"],
        ["-n", "100001"],
        ["--days", "0"],
        ["--days", "-1"],
        ["--days", "nan"],
        ["--days", "inf"],
        ["--days", "1e-9"],
        ["--seed", "-1"],
        ["--seed", str(2**63)],
        ["--seed", "1.5"],
        ["--jobs", "0"],
        ["--nosuch"],
        ["--polic", "today"],
    ],
)
def test_a_wrong_flag_is_told_by_its_name_and_nothing_is_written(flags, rescuesim, tmp_path):
    said = rescuesim(*FIRST, *flags)

    assert said.code == 2
    assert flags[0] in said.err
    assert "--set" not in said.err
    assert names(tmp_path) == []


def test_flags_replace_what_the_scenario_says(rescuesim, tmp_path):
    flags = ("--seed", 7, "-n", 3, "--days", 0.5)
    rescuesim("run", "first-steps", *flags, "--no-figures", "-q", "-o", "here")

    manifest = json.loads((tmp_path / "here/manifest.json").read_text(encoding="utf-8"))
    assert (manifest["seed"], manifest["replications"], manifest["run_ms"]) == (7, 3, 43_200_000)


def test_another_seed_is_other_luck(rescuesim, tmp_path):
    rescuesim(*FIRST, "--seed", 1, "--out", "one")
    rescuesim(*FIRST, "--seed", 2, "--out", "two")

    assert summary_of(tmp_path / "one") != summary_of(tmp_path / "two")


def test_a_longer_study_begins_with_the_callouts_of_the_shorter(rescuesim, tmp_path):
    def received(folder):
        with gzip.open(tmp_path / folder / "callouts.csv.gz", "rt", encoding="utf-8") as lines:
            rows = [(r["replication"], r["key"], r["received_ms"]) for r in csv.DictReader(lines)]
        return [row for row in rows if row[0] in "01" and int(row[2]) < 86_400_000]

    rescuesim("run", "first-steps", "-n", 2, "--days", 1, "--no-figures", "-q", "-o", "short")
    rescuesim("run", "first-steps", "-n", 3, "--days", 4, "--no-figures", "-q", "-o", "long")

    assert received("short") == received("long")


def test_results_go_under_a_name_that_the_same_inputs_find_again(rescuesim, tmp_path):
    first, again = rescuesim(*FIRST), rescuesim(*FIRST)
    rescuesim(*FIRST, "--seed", 5)

    assert first == again
    assert len(names(tmp_path / "results")) == 2
    assert all(name.startswith("first-steps-") for name in names(tmp_path / "results"))


def test_two_equal_runs_are_the_same_bytes_but_for_the_run_block(rescuesim, tmp_path):
    rescuesim(*FIRST, "--out", "one")
    rescuesim(*FIRST, "--out", "two")

    assert contents(tmp_path / "one") == contents(tmp_path / "two")


def test_hash_seed_locale_time_zone_folder_and_umask_change_no_byte(process, tmp_path):
    far = tmp_path / "far away" / "في"
    far.mkdir(parents=True)
    here = {"PYTHONHASHSEED": "1", "TZ": "Asia/Damascus", "LC_ALL": "C.UTF-8", "COLUMNS": "40"}
    there = {"PYTHONHASHSEED": "2", "TZ": "America/St_Johns", "LC_ALL": "C", "NO_COLOR": "1"}

    one = process(*FIRST, "--out", tmp_path / "one", env=here)
    two = process(*FIRST, "--out", "two", env=there, cwd=far, umask=0o077)

    assert (one.code, two.code) == (0, 0)
    assert contents(tmp_path / "one") == contents(far / "two")


def test_a_results_folder_can_be_run_again_alone(rescuesim, tmp_path):
    """Whoever is sent a folder can check it without anything else."""
    rescuesim("compare", "coast-routine", "-n", 1, "--days", 1, "--no-figures", "-q", "-o", "one")
    (tmp_path / "alone").mkdir()
    for name in ("scenario.yaml", "inputs"):
        (tmp_path / "one" / name).rename(tmp_path / "alone" / name)

    said = rescuesim("compare", "alone/scenario.yaml", "--no-figures", "-q", "--out", "two")

    assert said.code == 0
    for name in ("summary.csv", "callouts.csv.gz", "missions.csv.gz", "decisions.jsonl.gz"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_tables_of_any_name_go_into_the_folder(rescuesim, tmp_path):
    """Two tables of one name, and one whose name looks like a scenario's."""
    rescuesim("new", "mine.yaml", "--from", "coast-march-2025")
    data, path = tmp_path / "data/coast", tmp_path / "mine.yaml"
    (tmp_path / "a").mkdir()
    (data / "hospitals.csv").rename(tmp_path / "a/places.csv")
    (data / "road_nodes.csv").rename(data / "nodes.json")
    text = path.read_text(encoding="utf-8").replace("data/coast/hospitals.csv", "a/places.csv")
    path.write_text(text.replace("road_nodes.csv", "nodes.json"), encoding="utf-8")
    short = ("-n", 1, "--days", 1, "--no-figures", "-q")

    assert rescuesim("run", "mine.yaml", *short, "-o", "one").code == 0
    assert rescuesim("run", "one/scenario.yaml", *short, "-o", "two").code == 0
    assert (tmp_path / "one/summary.csv").read_bytes() == (
        tmp_path / "two/summary.csv"
    ).read_bytes()


def test_json_is_one_object_with_the_summary_and_where_the_results_are(rescuesim, tmp_path):
    said = rescuesim("compare", *FIRST[1:], "--json")

    told = json.loads(said.out)
    assert said.err == ""
    assert (told["format"], told["scenario"], told["replications"]) == (3, "first-steps", 2)
    assert told["answer"]["sentences"]
    assert len(told["summary"]) == len(summary_of(tmp_path / told["results"]))
    assert told["summary"][0]["alternative"] == "today"
    assert told["comparisons"][0]["baseline"] == "today"


def test_tables_say_what_was_run_and_in_which_units(rescuesim):
    said = rescuesim("compare", *FIRST[1:])

    assert said.err == ""
    assert "2 paired replications of 2 days · seed 1 · 95 % intervals" in said.out
    assert "Received to first team on scene, mean of those reached" in said.out
    assert "restricted mean [min]" in said.out
    assert said.out.splitlines()[-1].startswith("Results: results/first-steps-")


def test_warnings_go_to_standard_error_and_are_silenced_by_quiet(rescuesim, starter):
    fires = ", ".join(f"{{at: day {n} 07:00, place: Hill, kind: fire}}" for n in (1, 90))
    starter(("  rate: 12 per day ", f"  callouts: [{fires}] "), ("  hours: [", "  # hours: ["))
    study = ("run", "mine.yaml", "-n", 1, "--no-figures")

    loud, quiet = rescuesim(*study), rescuesim(*study, "--quiet")

    assert (loud.code, quiet.code) == (0, 0)
    assert "1 of 2 callouts come after the run" in loud.err
    assert quiet.err == ""
    assert loud.out == quiet.out


def test_an_unknown_command_and_a_missing_argument_are_told(rescuesim):
    unknown, missing = rescuesim("runn"), rescuesim("run")

    assert (unknown.code, missing.code) == (2, 2)
    assert "No such command 'runn'" in unknown.err
    assert "Missing argument 'SCENARIO'" in missing.err


def test_help_says_the_exit_codes(rescuesim):
    said = rescuesim("--help")

    assert said.code == 0
    for code in (
        "0 done",
        "2 an error in the scenario",
        "4 reading or writing",
        "5 a policy",
        "130 interr",
    ):
        assert code in " ".join(said.out.split())


def test_the_policies_are_listed_with_parameters_and_sources(rescuesim):
    listed = json.loads(rescuesim("policies", "--json").out)["policies"]
    shown = rescuesim("policies").out

    assert {"closest", "run_card", "cutoff", "dmexclp"} <= {p["name"] for p in listed}
    for policy in listed:
        assert policy["source"]
        assert policy["meaning"]
        assert all(p["meaning"] and p["default"] for p in policy["parameters"])
        assert f"\n  {policy['name']}\n" in shown
        assert policy["source"] in shown


@pytest.mark.parametrize(
    ("callouts", "processors", "expected"),
    [(0, 8, 1), (19_999, 8, 1), (20_000, 8, 2), (10**6, 2, 2), (10**6, 1, 1), (50_000, 8, 5)],
)
def test_a_second_process_is_started_only_where_it_saves_time(callouts, processors, expected):
    assert processes_that_pay(callouts, processors) == expected


@pytest.mark.parametrize(("jobs", "expected"), [(None, 3), (1, 1), (2, 2), (3, 3)])
def test_the_processes_asked_for_are_the_processes_there_are(jobs, expected, monkeypatch):
    """What `--jobs` says is obeyed, and no process is started that would have no replication."""
    monkeypatch.setattr(run_and_compare, "cores", lambda: 64)
    monkeypatch.setattr(run_and_compare, "WORTH_A_PROCESS", 1)
    design = design_of([file_of(hand_worked("00:00 A job 10"), {"study.replications": 3})])

    with run_and_compare.workers_of(design, Runner(design.alternatives, 1), jobs, None) as workers:
        assert getattr(workers, "jobs", 1) == expected
