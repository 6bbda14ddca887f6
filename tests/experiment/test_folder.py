"""The results folder: complete, true to the run, safe to hand on."""

import csv
import getpass
import gzip
import hashlib
import json
import math
import shutil
import socket
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
import pytest

import sim
from sim.errors import ResultsError
from sim.experiment import (
    InProcess,
    Runner,
    check_place,
    design_of,
    logs_of,
    note_drawn,
    read_results,
)
from sim.experiment.results.reproduce import run_again
from sim.outcomes import headline
from sim.outcomes.observed.columns import plain

FILES = {
    "manifest.json",
    "scenario.yaml",
    "inputs/listed.csv",
    "summary.csv",
    "replications.csv",
    "comparisons.csv",
    "fairness.csv",
    "staff.csv",
    "callouts.csv.gz",
    "missions.csv.gz",
    "decisions.jsonl.gz",
    "drives.csv.gz",
    "observations.npz",
}
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def text_of(path):
    data = path.read_bytes()
    return (gzip.decompress(data) if path.suffix == ".gz" else data).decode(errors="replace")


def rows_of(path):
    return list(csv.DictReader(text_of(path).splitlines()))


def manifest_of(folder):
    return json.loads(text_of(folder / "manifest.json"))


def files_of(folder):
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def copied(written, tmp_path):
    """A copy of the results that a test may spoil."""
    return Path(shutil.copytree(written.folder, tmp_path / "copy"))


def test_the_folder_holds_what_the_manual_says_and_nothing_else(written):
    assert files_of(written.folder) == FILES
    assert [p.name for p in written.folder.parent.iterdir()] == ["results"]


def test_the_manifest_says_complete_and_the_hash_of_every_file(written):
    manifest = manifest_of(written.folder)
    files = FILES - {"manifest.json"}
    hashes = {n: hashlib.sha256((written.folder / n).read_bytes()).hexdigest() for n in files}

    assert manifest["complete"] is True
    assert manifest["outputs"] == hashes


def test_the_manifest_says_what_was_run(written):
    manifest = manifest_of(written.folder)

    assert manifest["scenario"] == "hard-names"
    assert manifest["title"] == "أسماء صعبة"
    assert (manifest["seed"], manifest["replications"]) == (1, 4)
    assert manifest["run_ms"] == 7 * 86_400_000
    assert manifest["horizon_ms"] == 12 * 3_600_000
    assert manifest["primary"][:3] == ["not_reached", "response_restricted_mean", "response_p90"]
    assert list(manifest["alternatives"]) == ["=today", "الغطاء"]
    assert manifest["alternatives"]["الغطاء"]["relocation"] == {
        "rule": "Dmexclp",
        "parameters": {"busy_fraction": 0.4, "within": 900_000, "by_hour": False, "ahead": 0},
    }


def test_the_hashes_of_the_inputs_are_those_of_the_files_given(written, scenario):
    given = {scenario.name: scenario, "listed.csv": scenario.parent / "listed.csv"}

    assert manifest_of(written.folder)["inputs"] == {
        name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in given.items()
    }


def test_every_default_that_was_used_is_listed_and_nothing_that_was_written(written):
    defaults = manifest_of(written.folder)["defaults"]

    assert "dispatch_centre.shift_end: finish" in defaults
    assert "study.seed: 1" in defaults
    assert "teams.*.crew: 4" in defaults
    assert not [d for d in defaults if d.startswith(("study.replications", "clock.length"))]


def test_nothing_in_the_folder_names_a_person_a_machine_or_a_place_on_it(
    scenario, run_again, tmp_path, monkeypatch
):
    """People send folders to each other."""
    for variable in ("USER", "LOGNAME", "USERNAME", "HOSTNAME", "HOME"):
        monkeypatch.setenv(variable, "/home/canary-person")
    found = run_again(scenario, tmp_path / "canary-out", jobs=2)
    told = {getpass.getuser(), socket.gethostname(), str(Path.cwd()), str(tmp_path)}
    secrets = ["canary-", str(scenario.parent), *(t for t in told if len(t) > 4)]

    for name in files_of(found.folder):
        text = text_of(found.folder / name).replace('"canary-file.yaml"', "")
        assert [s for s in secrets if s in text] == [], name


def test_no_cell_is_a_formula_to_a_spreadsheet_and_names_survive(written):
    """Names begin with = + - @ here; guarded, they begin with an apostrophe."""
    cells = set()
    for name in sorted(FILES):
        if ".csv" in name and not name.startswith("inputs/"):
            lines = csv.reader(text_of(written.folder / name).splitlines())
            cells |= {cell for line in lines for cell in line}

    numbers = {c for c in cells if c.startswith("-") and c[1:2].isdigit()}
    assert [c for c in cells - numbers if c.startswith(FORMULA)] == []
    assert {"'=today", "'=SUM(A1)", "'-fire", "'@south", "'+National"} <= cells
    assert {"الغطاء", "اللاذقية", "فريق", "area:الساحل"} <= cells


def test_summary_and_replications_have_the_columns_and_measures_promised(written):
    summary, each = (rows_of(written.folder / f"{n}.csv") for n in ("summary", "replications"))
    wanted = {"alternative", "measure", "group", "value", "low", "high", "unit", "replications"}

    def key(row):
        return row["alternative"], row["measure"], row["group"], row["unit"]

    assert wanted <= set(summary[0])
    assert {key(r) for r in each} <= {key(r) for r in summary}
    valued = {key(r) for r in summary if r["value"]}
    assert valued <= {key(r) for r in each}
    assert {r["replication"] for r in each} == {"0", "1", "2", "3"}
    assert {r["replications"] for r in summary} == {"4"}


@pytest.mark.parametrize("alternative", ["'=today", "الغطاء"])
def test_the_summary_is_what_anybody_works_out_from_the_callouts(alternative, written):
    """In a few lines that know nothing of ours. All 32 callouts are served in each replication."""
    rows = [
        r for r in rows_of(written.folder / "callouts.csv.gz") if r["alternative"] == alternative
    ]
    minutes = [(int(r["on_scene_ms"]) - int(r["received_ms"])) / 60_000 for r in rows]
    waits = [(int(r["dispatched_ms"]) - int(r["ready_ms"])) / 60_000 for r in rows]
    wounded = [m for m, r in zip(minutes, rows, strict=True) if r["kind"] == "wounded"]
    expected = {
        ("response_mean_reached", "all"): sum(minutes) / len(minutes),
        ("response_mean_reached", "kind:wounded"): sum(wounded) / len(wounded),
        ("response_restricted_mean", "all"): sum(min(m, 720) for m in minutes) / len(minutes),
        ("not_reached", "all"): 0,
        ("response_median", "all"): sorted(minutes)[math.ceil(0.5 * len(minutes)) - 1],
        ("response_p90", "all"): sorted(minutes)[math.ceil(0.9 * len(minutes)) - 1],
        ("share:+soon", "kind:wounded"): sum(m <= 30 for m in wounded) / len(wounded),
        ("queue_time_mean", "all"): sum(waits) / len(waits),
        ("share_queued", "all"): sum(w > 0 for w in waits) / len(waits),
        ("callouts", "all"): len(rows) / 4 / 7,
        ("unfinished", "all"): 0,
    }

    found = {
        (r["measure"], r["group"]): float(r["value"])
        for r in rows_of(written.folder / "summary.csv")
        if r["alternative"] == alternative and r["value"]
    }
    assert len(rows) == 4 * 32
    assert {k: found[k] for k in expected} == pytest.approx(expected, rel=1e-5)


def test_utilisation_is_what_anybody_works_out_from_the_missions(written):
    """Teams are always on duty here, and every mission ends before the run does."""
    busy = defaultdict(int)
    for r in rows_of(written.folder / "missions.csv.gz"):
        busy[r["alternative"], r["team"]] += int(r["cleared_ms"]) - int(r["dispatched_ms"])
    duty = 4 * 7 * 86_400_000

    summary = rows_of(written.folder / "summary.csv")
    for alternative, team in busy:
        name = team.removeprefix("'")
        (row,) = (
            r
            for r in summary
            if (r["alternative"], r["measure"], r["group"])
            == (alternative, "utilisation", f"team:{name}")
        )
        assert float(row["value"]) == pytest.approx(busy[alternative, team] / duty, rel=1e-5)


def test_comparisons_are_differences_of_the_summary_in_the_unit_it_says(written):
    summary = {
        (r["alternative"], r["measure"], r["group"]): r["value"]
        for r in rows_of(written.folder / "summary.csv")
    }
    paired = rows_of(written.folder / "comparisons.csv")

    assert {r["baseline"] for r in paired} == {"'=today"}
    for r in paired:
        both = [summary[a, r["measure"], r["group"]] for a in (r["alternative"], r["baseline"])]
        if not r["difference"]:  # so few are ever reached that there is no such percentile
            assert not all(both)
            assert r["note"].startswith("never reached")
            continue
        ours, base = map(float, both)
        assert float(r["difference"]) == pytest.approx(ours - base, abs=2e-4 * max(1, abs(base)))


def test_callouts_and_missions_tell_of_the_same_callouts(written):
    callouts = rows_of(written.folder / "callouts.csv.gz")
    sent = defaultdict(int)
    for r in rows_of(written.folder / "missions.csv.gz"):
        sent[r["alternative"], r["replication"], r["callout"]] += 1

    assert {
        (r["alternative"], r["replication"], r["callout"]): int(r["teams"]) for r in callouts
    } == sent


def test_local_time_and_milliseconds_of_a_callout_agree(written):
    first = rows_of(written.folder / "callouts.csv.gz")[0]

    assert first["received_at"] == "2025-03-06 06:00:00"
    assert first["received_ms"] == "0"


def test_each_decision_is_a_line_that_answers_why(written):
    decisions = [json.loads(x) for x in text_of(written.folder / "decisions.jsonl.gz").splitlines()]

    for d in decisions:
        assert {"alternative", "replication", "at_ms", "question", "candidates", "chosen"} <= set(d)
        assert d["rule"]
        assert d["why"] or d["question"] == "queue"
        assert d["chosen"] is None or d["chosen"] in d["candidates"]
        assert ("team" in d) == (d["question"] == "relocation")
    questions = {"dispatch", "relocation", "destination"}
    assert questions <= {d["question"] for d in decisions} <= questions | {"queue"}
    assert {d["alternative"] for d in decisions} == {"=today", "الغطاء"}
    assert "فريق" in {d["chosen"] for d in decisions}


def test_a_dispatch_decision_chose_the_soonest_of_its_candidates(written):
    """Under ``closest``, from the file alone."""
    lines = text_of(written.folder / "decisions.jsonl.gz").splitlines()
    chosen = [
        d
        for d in map(json.loads, lines)
        if d["question"] == "dispatch" and d["alternative"] == "=today" and d["chosen"]
    ]

    assert chosen
    assert all(d["candidates"][d["chosen"]] == min(d["candidates"].values()) for d in chosen)


def test_what_is_read_back_is_what_was_run(written):
    back = read_results(written.folder)

    assert list(back.study.observations) == list(written.study.observations)
    ours, theirs = (
        {name: a.policies for name, a in study.alternatives.items()}
        for study in (back.study, written.study)
    )
    assert ours == theirs
    for name, was in written.study.observations.items():
        now = back.study.observations[name]
        for column in was.__slots__:
            ours, theirs = plain(getattr(now, column)), plain(getattr(was, column))
            assert np.array_equal(ours, theirs, equal_nan=True), column
            assert getattr(now, column).dtype == getattr(was, column).dtype, column


def test_a_run_of_two_hours_is_read_back(tmp_path):
    """Hours of the day that it does not have are no numbers, and no damage."""
    short = sim.load("first-steps", {"clock.length": "2 h"})
    sim.compare(short, replications=2).save(tmp_path / "short")

    for obs in read_results(tmp_path / "short").study.observations.values():
        assert np.isfinite(obs.committed_by_hour).sum(axis=1).tolist() == [2, 2]


@pytest.mark.parametrize("name", ["scenario.yaml", "observations.npz", "inputs/listed.csv"])
def test_a_file_that_was_changed_or_lost_is_told(name, copied):
    (copied / name).write_bytes((copied / name).read_bytes() + b" ")
    with pytest.raises(ResultsError, match="is not the file that the manifest describes"):
        read_results(copied)

    (copied / name).unlink()
    with pytest.raises(ResultsError, match=f"is not complete: {name} is missing"):
        read_results(copied)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"outputs": {}}'])
def test_a_manifest_that_is_not_ours_is_told(text, copied):
    (copied / "manifest.json").write_text(text, encoding="utf-8")

    with pytest.raises(ResultsError, match=r"manifest\.json"):
        read_results(copied)


def test_a_folder_without_a_manifest_is_no_result(copied, tmp_path):
    (copied / "manifest.json").unlink()

    for place in (copied, tmp_path / "nowhere", copied / "scenario.yaml"):
        with pytest.raises(ResultsError, match="is not a results folder"):
            read_results(place)


VOLUNTEERS = """\
name: volunteers
clock: {start: 2025-03-06 06:00, length: 4 days}
map:
  places: {A: {}, B: {}}
  roads: {table: {A: {A: 4 min, B: 20 min}, B: {A: 20 min, B: 4 min}}}
demand:
  rate: 8 per day
  kinds: {job: {share: 100%, crew: 5, on_scene: {mean: 90 min, sd: 60 min}}}
bases: {A: {}}
shifts: {day: {hours: 08:00-20:00}}
teams:
  =Day: {base: A, shifts: [day]}
  Crew: {base: A, on_call: {volunteers: "+Town", minimum: 2, alerts: [{people: 5}]}}
volunteers: {+Town: {people: 9, acceptance: 50%, answer_delay: {mean: 1 min, sd: 1 min},
  travel_to_base: 6 min}}
targets: [{name: all in 30, within: 30 min, attendance: full}]
study: {replications: 3, logged: 2}
"""


@pytest.fixture(scope="module")
def volunteers(run_again, tmp_path_factory):
    """Results with a roster and volunteers, in a folder that no test may change."""
    folder = tmp_path_factory.mktemp("volunteers")
    (folder / "v.yaml").write_text(VOLUNTEERS, encoding="utf-8")
    return run_again(folder / "v.yaml", folder / "out")


def test_events_are_written_only_where_there_are_any_and_staff_always(written, volunteers):
    assert "events.csv.gz" not in files_of(written.folder)
    assert "staff.csv" in files_of(written.folder)
    assert {"events.csv.gz", "staff.csv"} <= files_of(volunteers.folder)
    assert {"events.csv.gz", "staff.csv"} <= {*manifest_of(volunteers.folder)["outputs"]}


def test_staff_is_told_by_crew_and_by_pool_and_no_cell_is_a_formula(volunteers):
    """Every crew: with shifts, always on duty, on call."""
    rows = rows_of(volunteers.folder / "staff.csv")
    told = defaultdict(set)
    for r in rows:
        told[r["group"]].add(r["measure"])

    assert {"team:=Day", "volunteers:+Town"} <= set(told)
    assert all({"hours_on_duty", "hours_on_call"} & told[g] for g in told if g[:5] == "team:")
    assert {"longest_spell", "shortest_rest", "overtime"} <= told["team:=Day"]
    assert list(rows[0])[:7] == [
        "alternative", "measure", "group", "value", "low", "high", "unit",
    ]  # fmt: skip


def test_alerts_in_the_summary_are_what_anybody_counts_in_the_events(volunteers):
    """Of the two replications that are logged, a day."""
    events = rows_of(volunteers.folder / "events.csv.gz")
    sent = [r for r in events if r["event"] == "alerted" and int(r["at_ms"]) < 4 * 86_400_000]
    found = [
        float(r["value"])
        for r in rows_of(volunteers.folder / "replications.csv")
        if r["measure"] == "alerts" and r["replication"] in ("0", "1")
    ]

    assert sent
    assert sum(found) == pytest.approx(len(sent) / 4 * 7, rel=1e-5)  # a week, of runs of four days
    assert {r["team"] for r in sent} == {"Crew"}
    assert {r["who"] for r in sent} <= set("012345678")


def test_full_attendance_is_what_anybody_works_out_from_the_callouts(volunteers):
    """Of the replications that are logged; it needs five people, and each team has four."""
    rows = rows_of(volunteers.folder / "callouts.csv.gz")
    times = [(r["on_scene_ms"], r["attended_ms"]) for r in rows]
    both = [(int(a), int(b)) for a, b in times if a and b]
    minutes = [
        (int(r["attended_ms"]) - int(r["received_ms"])) / 60_000 for r in rows if r["attended_ms"]
    ]
    found = headline(volunteers.study.samples[0])
    (mean,) = (e for e in found if e.measure == "attendance_restricted_mean")

    assert any(b > a for a, b in both)
    assert all(b >= a for a, b in both)
    assert min(minutes) <= mean.value <= max(minutes)


def test_events_are_read_back_as_they_were_noted(volunteers):
    file, folder = volunteers.file, volunteers.folder
    design = design_of([file])
    noted = Runner(design.alternatives, design.seed).log(design.names[0], 1)

    (told,) = logs_of(folder, 1).values()

    assert told.log.events == noted.events
    assert sorted(told.log.callouts) == sorted(noted.callouts)


def stories_of(folder):
    return logs_of(folder, 0)


def reproduced(folder):
    return run_again(folder, lambda design, runner: InProcess(runner))


@pytest.mark.parametrize("read", [read_results, stories_of, reproduced])
@pytest.mark.parametrize("written_in", [{"format": 2}, {}])
def test_a_folder_of_another_format_is_refused_with_one_sentence(read, written_in, copied):
    """Its files and columns have other names: read all the same, disruptions would be missing."""
    manifest = manifest_of(copied)
    del manifest["format"]
    path = copied / "manifest.json"
    path.write_text(json.dumps({**manifest, **written_in}), encoding="utf-8")

    with pytest.raises(ResultsError, match=r"this version reads format 3, so run the scenario"):
        read(copied)


def test_a_folder_of_another_format_may_be_replaced(copied):
    """Or else no place could be used again after the format changed."""
    path = copied / "manifest.json"
    path.write_text(json.dumps({**manifest_of(copied), "format": 2}), encoding="utf-8")

    check_place(copied)


def test_running_again_keeps_what_it_did_not_write(scenario, run_again, tmp_path):
    """Somebody's notes next to a figure, folders and links; only what the manifest lists goes."""
    place = tmp_path / "out"
    run_again(scenario, place)
    (place / "figures").mkdir()
    (place / "figures/my-own.txt").write_text("mine", encoding="utf-8")
    (place / "plans/2026").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (place / "link").symlink_to(tmp_path / "elsewhere")
    before = manifest_of(place)["run"]

    check_place(place)
    run_again(scenario, place, jobs=2)

    assert (place / "figures/my-own.txt").read_text(encoding="utf-8") == "mine"
    assert (place / "plans/2026").is_dir()
    assert (place / "link").is_symlink()
    assert manifest_of(place)["run"] != before
    assert files_of(place) == {*FILES, "figures/my-own.txt"}
    check_place(place)


def test_a_file_put_there_while_a_study_runs_is_kept(scenario, run_again, tmp_path):
    place = tmp_path / "out"
    run_again(scenario, place)
    check_place(place)
    (place / "notes.txt").write_text("mine", encoding="utf-8")

    run_again(scenario, place)

    assert (place / "notes.txt").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["summary.csv", "scenario.yaml"])
def test_a_result_that_somebody_changed_is_not_replaced(name, copied, scenario, run_again):
    (copied / name).write_text("mine", encoding="utf-8")

    with pytest.raises(ResultsError, match=f"'{name}', which is not as the result there was"):
        check_place(copied)
    with pytest.raises(ResultsError, match=f"'{name}', which is not as the result there was"):
        run_again(scenario, copied)

    assert (copied / name).read_text(encoding="utf-8") == "mine"


def test_figures_drawn_later_go_with_the_result_and_others_stay(copied, scenario, run_again):
    (copied / "figures").mkdir()
    for name in ("drawn.pdf", "own.pdf"):
        (copied / "figures" / name).write_bytes(b"%PDF")
    note_drawn(copied, [copied / "figures/drawn.pdf"])

    check_place(copied)
    run_again(scenario, copied)

    assert [p.name for p in (copied / "figures").iterdir()] == ["own.pdf"]


def test_explaining_loads_neither_the_engine_nor_scipy(written):
    """Importing is what takes the time; a clock would only measure this machine."""
    program = (
        "import sys, sim.cli\n"
        f"assert sim.cli.run(['explain', {str(written.folder)!r}, '--callout', '1']) == 0\n"
        "loaded = {'scipy', 'simpy', 'matplotlib'} & set(sys.modules)\n"
        "assert not loaded, loaded\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
