"""Results run again: identical, or the first field that differs."""

import gzip
import io
import json
import shutil

import numpy as np
import pytest

from sim.errors import ResultsError
from sim.experiment import InProcess, read_results
from sim.experiment.results.reproduce import run_again


def again(folder):
    return run_again(folder, lambda design, runner: InProcess(runner))


@pytest.fixture
def copied(written, tmp_path):
    return shutil.copytree(written.folder, tmp_path / "copy")


def edited(path, old, new):
    """Replace the first of some text in a file, packed or not."""
    packed = path.suffix == ".gz"
    data = path.read_bytes()
    text = (gzip.decompress(data) if packed else data).decode()
    assert old in text
    data = text.replace(old, new, 1).encode()
    path.write_bytes(gzip.compress(data) if packed else data)


def test_results_run_again_are_identical(written):
    found = again(written.folder)

    assert found.identical
    assert {"summary.csv", "callouts.csv.gz", "observations.npz"} <= set(found.compared)


def test_the_same_words_packed_in_another_way_are_the_same(copied):
    path = copied / "callouts.csv.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()), 1))

    assert again(copied).identical


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        (
            "summary.csv",
            "response_restricted_mean",
            "response_restricted_meen",
            "summary.csv, line 4, measure",
        ),
        ("comparisons.csv", "'=today", "'=todoy", "comparisons.csv, line 2, baseline"),
        ("replications.csv", ",share\n", ",shore\n", "replications.csv, line "),
        ("callouts.csv.gz", "served", "serbed", "callouts.csv.gz, line 2, outcome"),
        ("missions.csv.gz", "completed", "compleded", "missions.csv.gz, line 2, ending"),
        ("decisions.jsonl.gz", '"rule":"', '"rule":"x', "decisions.jsonl.gz, line 1, rule"),
    ],
)
def test_a_field_that_was_changed_is_named(name, old, new, told, copied):
    edited(copied / name, old, new)

    found = again(copied)

    assert not found.identical
    assert found.difference.startswith(told)
    assert "there" in found.difference
    assert "now" in found.difference


def test_a_number_changed_in_the_observations_is_named(copied):
    path = copied / "observations.npz"
    with np.load(path) as columns:
        kept = {name: columns[name].copy() for name in columns.files}
    kept["=today/response"][5] += 1
    data = io.BytesIO()
    np.savez_compressed(data, **kept)
    path.write_bytes(data.getvalue())

    found = again(copied)

    assert found.difference.startswith("observations.npz, =today/response, number 6: ")


def test_a_row_more_or_less_is_a_difference(copied):
    path = copied / "summary.csv"
    path.write_text(path.read_text(encoding="utf-8") + "one more\n", encoding="utf-8")

    assert "one more there, nothing now" in again(copied).difference


@pytest.mark.parametrize("name", ["callouts.csv.gz", "observations.npz"])
def test_a_damaged_file_is_a_difference_and_no_crash(name, copied):
    path = copied / name
    path.write_bytes(path.read_bytes()[:100])

    assert again(copied).difference.startswith(name)


@pytest.mark.parametrize("name", ["scenario.yaml", "inputs/listed.csv"])
def test_what_it_was_made_from_must_be_as_it_was(name, copied):
    (copied / name).write_bytes((copied / name).read_bytes() + b"\n# changed\n")

    with pytest.raises(ResultsError, match="is not the file that the manifest describes"):
        again(copied)


def test_another_versions_results_are_not_judged(copied):
    path = copied / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**manifest, "results_version": 99}), encoding="utf-8")

    with pytest.raises(ResultsError, match="results version 99"):
        again(copied)


def test_partial_results_are_not_taken_for_whole_ones(copied):
    (copied / "manifest.json").rename(copied / "PARTIAL.json")

    for read in (again, read_results):
        with pytest.raises(ResultsError, match=r"is not complete: PARTIAL\.json"):
            read(copied)
