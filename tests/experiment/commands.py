"""The command line as a process of its own, and what its results are, for tests of faults."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

STUDY = ("compare", "first-steps", "--days", "4", "-n", "24", "--no-figures", "-q")


def start(folder, *more, study=STUDY, env=None, **options):
    """Start a study in a folder; its results go to ``out`` there."""
    command = [sys.executable, "-m", "sim", *study, "--out", "out", *map(str, more)]
    streams = {"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(
        command, cwd=folder, env={**os.environ, **(env or {})}, **{**streams, **options}
    )


def run(folder, *more, **options):
    """Run a study to its end and return its exit code and what it said."""
    with start(folder, *more, **options) as process:
        try:
            said = process.communicate(timeout=120)[1]
        finally:
            process.kill()
    return process.returncode, said


def outputs(folder):
    """Return the hash of every file of the results."""
    return json.loads((Path(folder) / "out/manifest.json").read_text())["outputs"]


def leftovers(folder):
    """Return what lies next to the results."""
    return [p.name for p in Path(folder).iterdir() if p.name != "out"]


def wait_for(event, seconds=30):
    """Wait until something has happened."""
    deadline = time.monotonic() + seconds
    while not event():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


def workers(pid):
    """Return the processes that a study runs its replications in."""
    found = []
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for child in children:
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                found.append(int(child))
    except (FileNotFoundError, ProcessLookupError):
        return []
    return found


def alive(pid):
    """Return whether a process is there and has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"
