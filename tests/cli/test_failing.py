"""What people meet when something goes wrong: a code, a sentence, and nothing half-written."""

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.cli.terminal.stopping import Terminated
from sim.errors import PolicyError

from ..long_cases import quick_first
from .conftest import SHORT

FIRST = ("run", "first-steps", *SHORT, "--quiet")
LONG = ("run", "textbook-mmc", "--replications", "500", "--no-figures")


def wait_for(event):
    deadline = time.monotonic() + 30
    while not event():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def everything(folder):
    """Return every path under a folder, hidden ones too."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*"))


@pytest.mark.parametrize("place", ["notes.txt", "folder", ".", "notes.txt/below"])
def test_results_are_never_put_over_what_is_not_a_result(place, rescuesim, tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/notes.txt").write_text("mine", encoding="utf-8")
    before = everything(tmp_path)

    said = rescuesim(*FIRST, "--out", place)

    assert said.code == 4
    assert place in said.err or "notes.txt" in said.err
    assert everything(tmp_path) == before


@pytest.mark.parametrize("manifest", ['{"manifest_version": 3}', "[]", "{", "null", '"x"'])
def test_a_folder_with_another_programs_manifest_is_not_taken_for_a_result(
    manifest, rescuesim, tmp_path
):
    """Browser extensions and web pages have a manifest.json too."""
    (tmp_path / "page").mkdir()
    (tmp_path / "page/manifest.json").write_text(manifest, encoding="utf-8")
    (tmp_path / "page/script.js").write_text("mine", encoding="utf-8")

    ran, drew = rescuesim(*FIRST, "--out", "page"), rescuesim("plot", "page")

    assert (ran.code, drew.code) == (4, 4)
    assert (tmp_path / "page/script.js").read_text(encoding="utf-8") == "mine"


def test_an_earlier_result_is_replaced_whole_unless_somebody_put_a_file_into_it(
    rescuesim, tmp_path
):
    rescuesim(*FIRST, "--out", "here")
    replaced = rescuesim(*FIRST, "--seed", 9, "--out", "here")
    manifest = json.loads((tmp_path / "here/manifest.json").read_text(encoding="utf-8"))
    (tmp_path / "here/my notes.txt").write_text("mine", encoding="utf-8")
    refused = rescuesim(*FIRST, "--out", "here")

    assert (replaced.code, refused.code) == (0, 4)
    assert manifest["seed"] == 9
    assert "'my notes.txt'" in refused.err
    assert (tmp_path / "here/my notes.txt").read_text(encoding="utf-8") == "mine"
    assert [p.name for p in tmp_path.iterdir()] == ["here"]


def test_a_link_to_a_folder_stays_a_link(rescuesim, tmp_path):
    (tmp_path / "disk").mkdir()
    (tmp_path / "link").symlink_to("disk")

    assert rescuesim(*FIRST, "--out", "link").code == 0
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "disk/manifest.json").is_file()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["disk", "link"]


def test_the_present_empty_folder_will_do(rescuesim, tmp_path):
    assert rescuesim(*FIRST, "--out", ".").code == 0
    assert (tmp_path / "manifest.json").is_file()


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is read-only to root")
def test_a_folder_that_may_not_be_written_is_told(rescuesim, tmp_path):
    (tmp_path / "shut").mkdir(mode=0o555)

    said = rescuesim(*FIRST, "--out", "shut/here")

    assert said.code == 4
    assert "cannot write to shut: Permission denied" in said.err


def test_results_have_the_permissions_the_person_asked_for(process, tmp_path):
    process(*FIRST, "--out", "closed", umask=0o077)
    process(*FIRST, "--out", "shared", umask=0o002)

    assert (tmp_path / "closed").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "shared").stat().st_mode & 0o777 == 0o775


@pytest.mark.parametrize(("kilobytes", "jobs"), [(1, 1), (64, 2)])
def test_a_disk_that_is_full_is_told_and_leaves_nothing(kilobytes, jobs, process, tmp_path):
    """A limit on the size of a file stands in for the full disk."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (kilobytes * 1024, kilobytes * 1024))

    study = ("compare", "first-steps", "-n", 12, "--no-figures", "--jobs", jobs)

    said = process(*study, preexec_fn=limit)

    assert said.code == 4
    assert said.err.startswith("rescuesim: cannot write results to results/first-steps-")
    assert "Traceback" not in said.err
    assert everything(tmp_path) == []


@pytest.mark.parametrize("where", ["engine", "rule", "worker"])
def test_a_run_that_meets_a_memory_limit_keeps_what_is_finished(
    where, rescuesim, tmp_path, monkeypatch
):
    """Wherever the memory ran out; with more of it the study goes on from there."""
    from sim.experiment.running import runner, worker_process
    from sim.policies.dispatch_rules.dispatch import Closest

    study = ("compare", "first-steps", "-n", 4, "--no-figures", "--jobs", 1, "--out", "here")
    simulate, now = runner.simulate, [0]

    def simulated(world, policies, log, seed, number, *more):
        now[0] = number
        if number == 2 and where != "rule":
            raise MemoryError
        simulate(world, policies, log, seed, number, *more)

    def called(self, callout, view, own=Closest.__call__):
        if now[0] == 2:
            raise MemoryError
        return own(self, callout, view)

    with monkeypatch.context() as patch:
        patch.setattr(runner, "simulate", simulated)
        if where == "rule":
            patch.setattr(Closest, "__call__", called)
        if where == "worker":  # as a process has it
            patch.setattr(runner.Runner, "run", _as_in_a_process(worker_process, runner, tmp_path))
        met = rescuesim(*study)

    assert met.code == 4
    assert "there is not enough memory for this; 2 replications are kept" in met.err
    assert not (tmp_path / "here").exists()
    again = rescuesim(*study)
    assert again.code == 0
    assert "going on from 2 replications kept" in again.err


def _as_in_a_process(worker_process, runner, folder):
    """Return how a replication is run by a worker: its result comes through a file."""
    own = runner.Runner.run

    def run(self, task):
        worker_process._runner, worker_process._folder = self, str(folder)
        runner.Runner.run, patched = own, runner.Runner.run
        try:
            path = Path(worker_process.run(task))
        finally:
            runner.Runner.run = patched
        data = path.read_bytes()
        path.unlink()
        return data

    return run


@pytest.mark.parametrize(
    ("name", "code", "words"),
    quick_first([("SIGINT", 130, "interrupted"), ("SIGTERM", 143, "terminated")], 1),
)
def test_a_study_that_is_stopped_ends_at_once_and_says_how_to_go_on(name, code, words, tmp_path):
    """In one process; those of several are stopped in ``tests/experiment/test_faults.py``."""
    command = [sys.executable, "-m", "sim", *LONG, "--jobs", "1"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=tmp_path, start_new_session=True, **pipes) as started:
        try:
            wait_for(lambda: list(tmp_path.glob("results/.*.part/*.replication")))
            os.killpg(started.pid, getattr(signal, name))
            out, err = started.communicate(timeout=30)
        finally:
            started.kill()

    assert started.returncode == code
    kept = len(list(tmp_path.glob("results/.*.part/*.replication")))
    wanted = f"{words}; {kept} replications are kept: run the same command again to resume"
    assert err.strip().splitlines()[-1] == f"rescuesim: {wanted}"
    assert out == ""
    assert not [p for p in tmp_path.glob("results/*") if not p.name.startswith(".")]


def test_after_a_command_signals_do_what_they_did_before(rescuesim):
    """While Python takes itself down, what ours raise would be printed with a traceback."""
    stops = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in stops]

    assert rescuesim("policies").code == 0
    assert [signal.getsignal(number) for number in stops] == before


def test_an_earlier_result_outlives_a_study_that_is_stopped(rescuesim, tmp_path, monkeypatch):
    rescuesim(*FIRST, "--out", "here")
    before = {p.name: p.read_bytes() for p in (tmp_path / "here").iterdir() if p.is_file()}

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.cli.study_commands.run_and_compare.write_manifest", interrupt)
    said = rescuesim(*FIRST, "--seed", 9, "--out", "here")

    assert said.code == 130
    assert {p.name: p.read_bytes() for p in (tmp_path / "here").iterdir() if p.is_file()} == before
    assert sorted(p.name for p in tmp_path.iterdir()) == [".here.part", "here"]
    assert not list((tmp_path / ".here.part").glob("whole*"))


def test_a_policy_that_fails_ends_with_5(rescuesim, tmp_path, monkeypatch):
    def fail(*_, **__):
        raise PolicyError("Mine() chose team 99")

    monkeypatch.setattr("sim.cli.study_commands.run_and_compare.run_study", fail)
    said = rescuesim(*FIRST)

    assert (said.code, said.err) == (5, "rescuesim: Mine() chose team 99\n")
    assert everything(tmp_path) == []


def test_our_own_error_ends_with_70_and_keeps_the_traceback_for_us(
    rescuesim, tmp_path, monkeypatch
):
    def fail(*_):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("sim.cli.study_commands.run_and_compare.tabulate", fail)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    said = rescuesim(*FIRST)

    (report,) = (tmp_path / "t").iterdir()
    assert said.code == 70
    assert "internal error: ZeroDivisionError: by zero" in said.err
    assert str(report) in said.err
    assert "Traceback" not in said.err
    assert "Traceback" in report.read_text(encoding="utf-8")
    assert not (tmp_path / "results").exists()


@pytest.mark.parametrize(
    "command", quick_first([["policies"], [*FIRST[:-1]], [*FIRST, "--json"], ["schema"]], 2)
)
def test_a_reader_who_leaves_early_is_nobodys_error(command, tmp_path):
    """``rescuesim ... | head -1``"""
    read, write = os.pipe()
    os.close(read)

    done = subprocess.run(
        [sys.executable, "-m", "sim", *command],
        cwd=tmp_path,
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_output_that_cannot_be_written_is_told(process):
    with open("/dev/full", "w") as full:
        said = process("policies", stdout=full)

    assert said.code == 4
    assert said.err == "rescuesim: reading or writing failed: No space left on device\n"


def test_closed_streams_stop_nothing(tmp_path):
    """As under some schedulers."""
    command = " ".join([sys.executable, "-m", "sim", *FIRST, "--out here <&- >&- 2>&-"])

    done = subprocess.run(["sh", "-c", command], cwd=tmp_path, check=False)

    assert done.returncode == 0
    assert (tmp_path / "here/manifest.json").is_file()


@pytest.mark.parametrize("encoding", quick_first(["ascii", "cp1252"], 1))
def test_a_terminal_that_knows_few_characters_stops_nothing(encoding, process, starter):
    starter(
        ("title: First steps ", "title: خطوات أولى "),
        ("bases:  #", "# bases:  #"),
        ("  Harbour: {}\n", "bases:\n  الميناء: {place: Harbour}\n"),
        ("  Harbour: {base: Harbour,", "  الميناء: {base: الميناء,"),
    )
    env = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    shown = process("run", "mine.yaml", *SHORT, env=env, encoding=encoding)
    told = process("run", "mine.yaml", *SHORT, "--json", env=env, encoding=encoding)

    groups = {row["group"] for row in json.loads(told.out)["summary"]}
    assert (shown.code, told.code) == (0, 0)
    assert "team:الميناء 1" in groups


@pytest.mark.parametrize("columns", quick_first(["20", "500", "40"], 1))
def test_a_narrow_or_wide_terminal_stops_nothing(columns, process):
    said = process("compare", *FIRST[1:], env={"COLUMNS": columns, "TERM": "dumb"})

    assert said.code == 0
    assert "Results: results/first-steps-" in said.out


def test_no_colours_without_a_terminal(process):
    said = process("compare", *FIRST[1:], env={"TERM": "xterm-256color"})

    assert "\x1b" not in said.out + said.err


def test_markup_in_names_is_shown_as_written(rescuesim, starter):
    """Square brackets are markup to the library that draws the tables."""
    starter(
        ("title: First steps ", "title: 'Steps [/x] [red]1' "),
        ("  today: {", "  'a[bold]b': {"),
        ("name: injury in 20 min", "name: 'injury [b] in 20 min'"),
    )

    said = rescuesim("run", "mine.yaml", *SHORT)

    assert said.code == 0
    assert "Steps [/x] [red]1" in said.out
    assert "a[bold]b" in said.out
    assert "injury [b] in 20 min" in said.out


def test_an_error_that_came_of_a_signal_is_told_as_the_signal(rescuesim, monkeypatch):
    """`zipfile` refuses to be closed when a signal raises while it writes a member."""

    def stopped(*_, **__):
        try:
            stop = Terminated()
            stop.add_note("3 replications are kept")
            raise stop
        finally:
            raise ValueError("there is an open writing handle")

    monkeypatch.setattr("sim.cli.study_commands.run_and_compare.run_study", stopped)
    said = rescuesim(*FIRST)

    assert (said.code, said.err) == (143, "rescuesim: terminated; 3 replications are kept\n")
