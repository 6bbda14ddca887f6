"""``plot``: the figures of a results folder, drawn with the run and drawn again."""

import gzip
import json
from pathlib import Path

import pytest

from .conftest import SHORT


@pytest.fixture
def results(rescuesim, tmp_path):
    """A results folder without figures."""
    study = ("compare", "first-steps", *SHORT, "--quiet", "--out", "canary-out")
    assert rescuesim(*study).code == 0
    return Path("canary-out")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--policy", "tomorrow"], "--policy: 'tomorrow' is not among today, reserve"),
        (["--day", "3"], "--day: the run has 2 days, found 3"),
        (["--day", "0"], "--day"),
        (["--format", "gif"], "there is no format 'gif'; use png, svg or pdf"),
        (["--format", ""], "use png, svg or pdf"),
    ],
)
def test_a_wrong_flag_is_told(arguments, words, results, rescuesim):
    said = rescuesim("plot", results, *arguments)

    assert said.code == 2
    assert words in said.err
    assert not (results / "figures").exists()


@pytest.mark.parametrize("place", ["nowhere", ".", "file.yaml"])
def test_a_place_without_results_is_told(place, rescuesim, tmp_path):
    (tmp_path / "file.yaml").touch()

    said = rescuesim("plot", place)

    assert said.code == 4
    assert f"{place} is not a results folder" in said.err


@pytest.mark.long
def test_figures_drawn_with_the_run_are_those_drawn_again(rescuesim, tmp_path):
    study = ("compare", "first-steps", "-n", 3, "--days", 3, "--quiet", "--out", "here")
    assert rescuesim(*study).code == 0
    figures = tmp_path / "here/figures"
    drawn = {p.name: p.read_bytes() for p in figures.iterdir()}

    said = rescuesim("plot", "here")
    again = {p.name: p.read_bytes() for p in figures.iterdir()}

    assert said.code == 0
    assert sorted(Path(line).name for line in said.out.split()) == sorted(drawn)
    assert {p.rpartition(".")[2] for p in drawn} == {"png", "svg"}
    assert again == drawn
    assert rescuesim(*study).code == 0  # figures drawn again are no stranger's files


@pytest.mark.long
def test_figures_go_where_and_how_they_are_wanted(results, rescuesim, tmp_path):
    flags = ("--out", "elsewhere", "--format", "svg,pdf", "--policy", "reserve", "--day", 2)
    said = rescuesim("plot", results, *flags)

    drawn = {p.name for p in (tmp_path / "elsewhere").iterdir()}
    assert said.code == 0
    assert {p.rpartition(".")[2] for p in drawn} == {"svg", "pdf"}
    assert not (results / "figures").exists()


@pytest.mark.long
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_folder_with_figures_is_the_same_bytes_and_names_nobody(jobs, process, tmp_path):
    study = ("compare", "coast-march-2025", "-n", 3, "--days", 1, "--quiet")
    canary = tmp_path / "canary-place"
    canary.mkdir()
    env = {"USER": "canary-person", "HOME": str(canary), "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    assert process(*study, "--out", "one").code == 0
    two = process(*study, "--jobs", jobs, "--out", "two", env=env, cwd=canary)
    assert two.code == 0

    for path in (tmp_path / "one").rglob("*"):
        if not path.is_file():
            continue
        ours, theirs = path.read_bytes(), (canary / "two" / path.relative_to(tmp_path / "one"))
        if path.name == "manifest.json":
            one, other = (json.loads(t) for t in (ours, theirs.read_bytes()))
            del one["run"], other["run"]
            assert one == other
        else:
            assert ours == theirs.read_bytes(), path.name
        plain = gzip.decompress(ours) if path.suffix == ".gz" else ours
        for secret in (b"canary-", bytes(tmp_path)):
            assert secret not in plain, path.name


@pytest.mark.long
def test_a_run_stopped_while_it_draws_leaves_no_result(rescuesim, tmp_path, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("sim.report.draw_all", interrupt)
    said = rescuesim("compare", "first-steps", "-n", 2, "--days", 1, "--quiet")

    assert said.code == 130
    assert "2 replications are kept" in said.err
    (kept,) = (tmp_path / "results").iterdir()
    assert kept.name.startswith(".first-steps-")
    assert not list(kept.glob("whole*"))
