"""``rescuesim compare --inputs bootstrap``: the error of the record behind a fitted scenario."""

import csv
import json
import re
import shutil

import pytest

from .test_fit import BASES, MAP, invented, write

SHORT = ("--days", "7", "--replications", "10", "--no-figures")
VARIED = ("--vary", "teams.Harbour always.count=1,2")
FLAGS = ("--inputs", "bootstrap", "--record", "past.csv", "--map", "map.yaml", "--bases",
         "bases.csv", "--bootstraps", "10")  # fmt: skip


@pytest.fixture(scope="module")
def fitted(tmp_path_factory):
    """A record of five weeks, its mapping and bases, and the scenario fitted to it."""
    from sim.fitting.fitted_record import fit_record
    from sim.fitting.scenario_writing.scenario_text import scenario_text

    folder = tmp_path_factory.mktemp("fitted")
    write(folder / "past.csv", invented(days=37, rate=8))
    (folder / "map.yaml").write_text(MAP, encoding="utf-8")
    (folder / "bases.csv").write_text(BASES, encoding="utf-8")
    found = fit_record(folder / "past.csv", folder / "map.yaml", folder / "bases.csv")
    (folder / "my.yaml").write_text(scenario_text(found, "my"), encoding="utf-8")
    return folder


@pytest.fixture
def at_hand(fitted, tmp_path):
    """The same, in the folder that commands run in."""
    shutil.copytree(fitted, tmp_path, dirs_exist_ok=True)
    return tmp_path


def nothing_new(folder):
    return sorted(p.name for p in folder.iterdir()) == [
        "bases.csv", "map.yaml", "my.yaml", "past.csv",
    ]  # fmt: skip


def rows(place):
    with (place / "inputs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_intervals_are_split_and_joined_and_the_answer_says_so(rescuesim, at_hand):
    said = rescuesim("compare", "my.yaml", *SHORT, *VARIED, *FLAGS, "--out", "out")

    assert said.code == 0, said.err
    assert "10 drawn records x 2 alternatives x 10 replications" in said.err
    told = " ".join(said.out.split())
    assert "All above is as if what was fitted were exact." in told
    assert re.search(r"of its interval of ±[\d.]+ min, ±[\d.]+ is the simulation's and ±", told)
    assert "All above is as if" in (at_hand / "out/answer.txt").read_text(encoding="utf-8")
    found = rows(at_hand / "out")
    assert {row["baseline"] for row in found} == {"", "count=1"}
    for row in found:
        if row["record_half_width"] and row["unit"] == "min":
            whole = (float(row["high"]) - float(row["low"])) / 2
            assert whole >= float(row["simulation_half_width"]) * 0.9999
            assert 0 <= float(row["record_share"]) <= 1
    manifest = json.loads((at_hand / "out/manifest.json").read_text(encoding="utf-8"))
    assert manifest["drawn_records"]["drawn"] == 10
    assert manifest["drawn_records"]["record"] in (at_hand / "my.yaml").read_text(encoding="utf-8")
    assert "inputs.csv" in manifest["outputs"]
    assert not (at_hand / "out/past.csv").exists()
    again = rescuesim("reproduce", "out", "--quiet")
    assert (again.code, "IDENTICAL" in again.out) == (0, True)


def test_the_rest_of_the_results_is_what_it_is_without(rescuesim, at_hand):
    rescuesim("compare", "my.yaml", *SHORT, *VARIED, *FLAGS, "--out", "with", "--jobs", "1")
    rescuesim("compare", "my.yaml", *SHORT, *VARIED, "--out", "without", "--jobs", "1")
    ours, theirs = (
        {p.name: p.read_bytes() for p in (at_hand / name).iterdir() if p.is_file()}
        for name in ("with", "without")
    )

    assert set(ours) - set(theirs) == {"inputs.csv"}
    assert set(theirs) <= set(ours)
    for name in set(theirs) - {"manifest.json", "answer.txt"}:
        assert ours[name] == theirs[name]
    assert ours["answer.txt"].startswith(theirs["answer.txt"].rstrip(b"\n"))


def test_json_has_the_same_rows_and_what_is_missing(rescuesim, at_hand):
    said = rescuesim("compare", "my.yaml", *SHORT, *VARIED, *FLAGS, "--out", "out", "--json", "-q")
    found = json.loads(said.out)["inputs"]

    assert len(found["rows"]) == len(rows(at_hand / "out"))
    assert {own["alternative"] for own in found["alternatives"]} == {"count=2"}
    assert set(found["alternatives"][0]) == {
        "alternative", "verdict_of_simulation", "verdict", "missing",
    }  # fmt: skip
    assert found["degrees_of_freedom"] == 4


def test_what_was_changed_by_hand_is_taken_as_certain_and_named(rescuesim, at_hand):
    said = rescuesim("compare", "my.yaml", *SHORT, *FLAGS, "--set", "demand.rate=9 per day",
                     "--out", "out")  # fmt: skip

    assert said.code == 0, said.err
    assert "Changed since the fit, so taken as certain: demand.rate." in " ".join(said.out.split())


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--inputs", "delta"), "'delta' is not"),
        (("--inputs", "bootstrap"), "needs --record and --map"),
        (("--inputs", "bootstrap", "--record", "past.csv"), "needs --map"),
        (("--record", "past.csv"), "--record belongs to --inputs bootstrap"),
        (("--bootstraps", "20"), "--bootstraps belongs to --inputs bootstrap"),
        ((*FLAGS[:-1], "9"), "found 9; at least 10 drawn records"),
        ((*FLAGS[:-1], "5000"), "found 5000"),
        (("--inputs", "bootstrap", "--record", "none.csv", "--map", "map.yaml"), "no file"),
    ],
)
def test_flags_that_are_not_whole_are_told_and_nothing_is_written(rescuesim, at_hand, flags, told):
    said = rescuesim("compare", "my.yaml", *SHORT, *flags, "--out", "out")

    assert said.code == 2
    assert told in " ".join(said.err.split())
    assert "Traceback" not in said.err
    assert nothing_new(at_hand)


def test_a_record_that_it_was_not_fitted_to_is_refused(rescuesim, at_hand):
    write(at_hand / "past.csv", invented(days=37, rate=8, seed=2))
    said = rescuesim("compare", "my.yaml", *SHORT, *FLAGS, "--out", "out")

    assert said.code == 2
    assert "give the record that it was fitted to" in " ".join(said.err.split())
    assert nothing_new(at_hand)


def test_a_scenario_that_fit_did_not_write_is_refused(rescuesim, at_hand):
    said = rescuesim("compare", "first-steps", *SHORT, *FLAGS, "--out", "out")

    assert said.code == 2
    assert "does not say which record it was fitted to" in " ".join(said.err.split())
    assert nothing_new(at_hand)


def test_a_record_too_short_to_be_drawn_from_is_refused(rescuesim, at_hand):
    write(at_hand / "past.csv", invented(days=20, rate=8))
    (at_hand / "my.yaml").unlink()
    rescuesim("fit", "past.csv", "--map", "map.yaml", "--bases", "bases.csv", "--out", "my.yaml",
              "--no-figures", "--quiet")  # fmt: skip
    said = rescuesim("compare", "my.yaml", *SHORT, *FLAGS, "--out", "out")

    assert said.code == 2
    assert "there are 2 whole weeks in it without a gap; at least 4 are needed" in said.err
    assert nothing_new(at_hand)


@pytest.mark.long
def test_one_process_and_two_give_the_same_bytes(rescuesim, at_hand):
    for jobs in ("1", "2"):
        said = rescuesim("compare", "my.yaml", *SHORT, *VARIED, *FLAGS, "--out", f"in-{jobs}",
                         "--jobs", jobs)  # fmt: skip
        assert said.code == 0, said.err
    one, two = ((at_hand / f"in-{jobs}/inputs.csv").read_bytes() for jobs in (1, 2))

    assert one == two


def test_a_scenario_with_nothing_of_the_fit_in_it_is_refused(rescuesim, at_hand):
    digest = re.search("[0-9a-f]{64}", (at_hand / "my.yaml").read_text(encoding="utf-8"))[0]
    text = f"extends: first-steps\nname: my\nsources: ['SHA-256 of the record: {digest}']\n"
    (at_hand / "my.yaml").write_text(text, encoding="utf-8")
    said = rescuesim("compare", "my.yaml", *SHORT, *FLAGS, "--out", "out")

    assert said.code == 2
    assert "nothing in it is as rescuesim fit writes it of past.csv" in " ".join(said.err.split())
    assert nothing_new(at_hand)
