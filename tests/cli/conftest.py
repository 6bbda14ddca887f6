"""The command line as people meet it: called in this process where that is the same."""

import os
import subprocess
import sys
from typing import NamedTuple

import pytest

from sim.cli import run

SHORT = ("--no-figures", "--replications", "2", "--days", "2")


class Said(NamedTuple):
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str


@pytest.fixture
def rescuesim(tmp_path, monkeypatch, capsys):
    """Run the command line in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments):
        capsys.readouterr()
        code = run([str(a) for a in arguments])
        return Said(code, *capsys.readouterr())

    return call


@pytest.fixture
def process(tmp_path):
    """Run the command line as a process of its own, in an empty folder."""

    def call(*arguments, cwd=tmp_path, env=None, encoding="utf-8", **more):
        streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **more}
        started = subprocess.run(
            [sys.executable, "-m", "sim", *map(str, arguments)],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            encoding=encoding,
            timeout=60,
            check=False,
            **streams,
        )
        return Said(started.returncode, started.stdout or "", started.stderr or "")

    return call


@pytest.fixture
def starter(tmp_path, rescuesim):
    """A starter scenario as ``new`` writes it, with parts of its text replaced."""

    def write(*changes, name="mine.yaml"):
        assert rescuesim("new", name).code == 0
        path = tmp_path / name
        text = path.read_text(encoding="utf-8")
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return path

    return write
