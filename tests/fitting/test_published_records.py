"""The numbers of docs/fitted-records.md: in the page, in its tables, and made again."""

import csv
import importlib.util
import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs" / "fitted"
PAGE = (ROOT / "docs" / "fitted-records.md").read_text(encoding="utf-8")
RECORDS = Path(os.environ.get("RESCUESIM_RECORDS", ROOT.parent / "shared" / "data" / "traces"))
FILES = {"dublin": "dublin.csv", "san-francisco": "sffd_2020-04-07_20.csv"}


@pytest.fixture(scope="module")
def make():
    """The script that publishes the page's tables."""
    spec = importlib.util.spec_from_file_location("fitted_records", FOLDER / "make.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # a dataclass looks its own module up
    spec.loader.exec_module(module)
    return module


def table(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def record(name):
    path = RECORDS / FILES[name]
    if not path.is_file():
        pytest.skip(f"{FILES[name]} is not part of the project: docs/fitted-records.md")
    return path


@pytest.mark.parametrize("name", FILES)
def test_the_page_has_every_number_that_is_judged_as_the_table_has_it(make, name):
    judged = [row for row in table(name) if row["group"] == "all"]

    assert len(judged) >= 10
    assert [make.as_line(row) for row in judged if make.as_line(row) not in PAGE] == []


def test_the_page_hides_no_group_of_dublin_that_differs(make):
    """Of 150 callouts or more; all others are in the table that it links."""
    wrong = [
        row for row in table("dublin")
        if row["group"] != "all" and row["verdict"] == "differs" and int(row["callouts"]) >= 150
    ]  # fmt: skip

    assert wrong
    assert [make.as_line(row) for row in wrong if make.as_line(row) not in PAGE] == []


def test_the_page_names_the_files_that_its_numbers_are_of(make):
    for known in make.RECORDS.values():
        assert known.hashed in PAGE


def test_half_of_the_kinds_of_dublin_are_off_as_the_page_says():
    medians = [
        row["verdict"] for row in table("dublin")
        if row["group"].startswith("kind:") and row["statistic"] == "median"
    ]  # fmt: skip
    judged = [verdict for verdict in medians if verdict != "too few"]

    assert 2 * judged.count("differs") == len(judged)


@pytest.mark.parametrize("name", FILES)
def test_what_is_fitted_is_what_the_page_quotes(make, tmp_path, name):
    _, said = make.fit(name, record(name), tmp_path)

    assert said.strip() == (FOLDER / f"{name}-fit.txt").read_text(encoding="utf-8").strip()


@pytest.mark.long
@pytest.mark.parametrize("name", FILES)
def test_days_held_out_are_judged_as_the_page_says(make, tmp_path, name):
    make.fit(name, record(name), tmp_path)

    folder, _ = make.judge(name, tmp_path)

    made, published = make.table_of(folder), table(name)
    for own, other in zip(made, published, strict=True):
        for column in own:
            if column in make.ROUNDED and own[column]:
                expected = pytest.approx(float(other[column]), abs=0.011)
                assert float(own[column]) == expected, (own, column)
            else:
                assert own[column] == other[column]
