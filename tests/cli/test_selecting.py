"""What ``select`` says: who was chosen, on what promise, and what fresh replications say of it."""

import csv
import json

import pytest

from ..long_cases import quick_first

STUDY = ("select", "first-steps", "--days", 3, "--policy", "today", "-q")
VARY = ("--vary", "teams.Harbour.count=1,2,4")
STARVED = """\
extends: first-steps
name: starved
clock: {length: 4 days}
policies: {starve: {dispatch: {cutoff: {reserve: {2: 9}}}}}
"""


def told(said):
    assert said.code == 0, said.err
    return json.loads(said.out)


def rows_of(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("method", "promise", "runs"),
    quick_first(
        [
            (("--method", "ocba", "--budget", 60), "No guarantee: the budget was allocated as", 60),
            (
                ("--delta", "1 min"),
                "With probability at least 95 % the alternative chosen is the",
                0,
            ),
            (("--method", "equal", "--budget", 60), "No guarantee: 20 replications of each", 60),
        ],
        1,
    ),
)
def test_it_chooses_says_what_it_promises_and_can_be_run_again(
    method, promise, runs, rescuesim, tmp_path
):
    found = told(rescuesim(*STUDY, *VARY, *method, "--json", "--out", "out"))
    values = rows_of(tmp_path / "out/values.csv")
    (confirmed, *_) = rows_of(tmp_path / "out/confirmation.csv")

    assert found["best"] != "count=1"
    assert found["guarantee"].startswith(promise)
    assert found["wanted"]["measure"] == "response_restricted_mean"
    assert len(values) == runs or not runs
    assert (confirmed["alternative"], confirmed["baseline"]) == (found["best"], "count=1")
    assert confirmed["replications"] == "30"
    assert len(found["confirmation"]["numbers"]) == 30
    assert found["looks"]["number"] == 1
    again = rescuesim("reproduce", "out", "-q")
    assert (again.code, again.out[:9]) == (0, "IDENTICAL")


def test_it_says_who_is_no_candidate_and_what_fresh_replications_say(rescuesim, tmp_path):
    (tmp_path / "starved.yaml").write_text(STARVED, encoding="utf-8")
    by = ("--by", "share:injury in 20 min", "--delta", "1 pp", "-q")
    vary = ("--vary", "teams.Harbour.count=2,4")

    said = rescuesim("select", "starved.yaml", *by, *vary)

    assert said.code == 0, said.err
    assert "abandons fire: not a candidate" in said.out
    assert "Best by injury in 20 min (most), on the same callouts" in said.out
    assert "Chosen: today, count=4" in said.out
    assert "fresh replications, not used to choose: today, count=4 is" in said.out
    assert "; when it was chosen: +" in said.out


def test_a_second_look_is_counted(rescuesim):
    study = (*STUDY, *VARY, "--method", "equal", "--budget", 30)
    first = rescuesim(*study)
    second = rescuesim(*study, "--seed", 2, "--by", "response_p90")

    assert "This is look" not in first.out
    assert (
        "This is look 2 at first-steps in results/: 2 seeds, 2 measures to choose by; not "
        "declared in the file beforehand: seed, measure to choose by." in second.out
    )


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        ((), "--delta: kn needs to know"),
        (("--delta", "1 pp"), "response_restricted_mean takes 30 s"),
        (("--delta", "soon"), "'30 s'"),
        (("--by", "not_reached", "--delta", "30 s"), "not_reached takes 1 pp"),
        (("--by", "respons_p90", "--delta", "30 s"), "did you mean 'response_p90'?"),
        (("--by", "share:injury", "--delta", "1 pp"), "there is no measure 'share:injury'"),
        (("--by", "response_mean_reached", "--delta", "30 s"), "use response_restricted_mean"),
        (("--by", "share_queued", "--delta", "1 pp"), "share_queued has no direction"),
        (("--by", "exposure", "--delta", "1 min"), "exposure is in person-h per run"),
        (("--by", "survival", "--delta", "1 pp"), "survival is not measured in this scenario"),
        (("--delta", "30 s", "--budget", 90), "--budget: kn runs until"),
        (("--method", "ocba"), "--budget: ocba needs to know"),
        (("--method", "equal"), "--budget: equal needs to know"),
        (("--method", "ocba", "--budget", 5), "too small for 2 alternatives"),
        (("--method", "equal", "--budget", 19), "it takes 10 of each"),
        (("--method", "equal", "--budget", 40, "--delta", "30 s"), "--delta: equal promises"),
        (("--method", "ocba", "--budget", 40, "--batch", 5), "--batch: ocba promises"),
        (("--method", "ocba", "--budget", 40, "--confidence", 0.9), "--confidence: ocba"),
    ],
)
def test_a_selection_that_cannot_be_made_says_why(flags, words, rescuesim):
    said = rescuesim("select", "first-steps", "--days", 2, "-q", *flags)

    assert said.code == 2
    assert words in said.err
    assert "Traceback" not in said.err


def test_a_comparison_of_many_confirms_its_best_and_counts_looks(rescuesim, tmp_path):
    study = ("compare", "first-steps", "--days", 2, "-n", 10, "--policy", "today", "--no-figures")
    for seed in (1, 2):
        said = rescuesim(*study, *VARY, "-q", "--seed", seed, "--out", f"r/{seed}", "--json")
        assert said.code == 0, said.err
    manifest = json.loads((tmp_path / "r/2/manifest.json").read_text(encoding="utf-8"))

    assert manifest["confirmation"]["best"] != "count=1"
    assert manifest["confirmation"]["numbers"] == list(range(10, 20))
    assert len(rows_of(tmp_path / "r/2/confirmation.csv")) == 4
    assert manifest["run"]["looks"]["number"] == 2
    assert manifest["run"]["looks"]["not_declared"] == ["seed"]
    again = rescuesim("reproduce", "r/2", "-q")
    assert (again.code, again.out[:9]) == (0, "IDENTICAL")
