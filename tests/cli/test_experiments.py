"""The commands of experiments: more alternatives, precision, warm-up, running again."""

import json
from dataclasses import replace

import pytest

from .conftest import SHORT

FIRST = ("first-steps", "--days", 3, "--no-figures", "--quiet", "--json")
OVERLAY = "extends: first-steps\nname: one-more\nteams: {Harbour: {count: 3}}\n"


def told(said):
    assert said.code == 0, said.err
    return json.loads(said.out)


def alternatives(found):
    return list(dict.fromkeys(row["alternative"] for row in found["summary"]))


def value(found, alternative, measure, group="all"):
    (row,) = [
        r for r in found["summary"]
        if (r["alternative"], r["measure"], r["group"]) == (alternative, measure, group)
    ]  # fmt: skip
    return row["value"]


def test_scenarios_and_policies_are_compared_together(rescuesim, tmp_path):
    (tmp_path / "more.yaml").write_text(OVERLAY, encoding="utf-8")

    found = told(rescuesim("compare", "first-steps", "more.yaml", *FIRST[1:], "-n", 3))

    assert alternatives(found) == [
        "first-steps: today", "first-steps: reserve", "one-more: today", "one-more: reserve",
    ]  # fmt: skip
    base, more = (
        value(found, f"{name}: today", "callouts") for name in ("first-steps", "one-more")
    )
    assert base == more
    assert {row["baseline"] for row in found["comparisons"]} == {"first-steps: today"}


def test_one_policy_of_two_scenarios_is_called_by_the_scenario(rescuesim, tmp_path):
    (tmp_path / "more.yaml").write_text(OVERLAY, encoding="utf-8")

    said = rescuesim(
        "compare", "first-steps", "more.yaml", "--policy", "today", *FIRST[1:], "-n", 2
    )

    assert alternatives(told(said)) == ["first-steps", "one-more"]


def test_scenarios_of_one_name_or_of_other_periods_cannot_be_compared(rescuesim, tmp_path):
    (tmp_path / "same.yaml").write_text("extends: first-steps\n", encoding="utf-8")
    (tmp_path / "longer.yaml").write_text(
        "extends: first-steps\nname: longer\nclock: {length: 9 days}\n", encoding="utf-8"
    )

    same = rescuesim("compare", "first-steps", "same.yaml", "--no-figures")
    longer = rescuesim("compare", "first-steps", "longer.yaml", "--no-figures")

    assert (same.code, longer.code) == (2, 2)
    assert "both called 'first-steps': give one a `name:` of its own" in same.err
    assert "longer.yaml 9 days from 2025-01-06 06:00; only runs of the same" in longer.err


def test_a_sweep_is_as_if_each_value_were_set_alone(rescuesim):
    swept = told(rescuesim("compare", *FIRST, "-n", 3, "--vary", "teams.Hill.crew=2,4"))
    alone = told(rescuesim("compare", *FIRST, "-n", 3, "--set", "teams.Hill.crew=2"))

    assert alternatives(swept) == [
        "today, crew=2", "reserve, crew=2", "today, crew=4", "reserve, crew=4",
    ]  # fmt: skip
    for measure in ("response_restricted_mean", "response_p90", "utilisation"):
        assert value(swept, "today, crew=2", measure) == value(alone, "today", measure)


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (("--vary", "teams.Hill.crew"), "--vary: expected something as"),
        (("--vary", "teams.Hil.crew=2,4"), "did you mean 'Hill'"),
        (("--vary", "teams.Hill.crew=2,four"), "found 'four'"),
        (("--set", "teams.Hill=6"), "teams.Hill"),
        (("--until", "response_restricted_mean"), "--until: expected something as"),
        (("--until", "response_restricted_mean=5"), "'5%', '30 s' or '1 pp'"),
        (("--until", "response=5%"), "no measure is called 'response'"),
        (("--until", "difference:share:injuries=1 pp"), "did you mean 'share:injury in 20 min'"),
        (("--until", "response_restricted_mean=1 pp"), "response_restricted_mean is a time"),
        (("--until", "utilisation=30 s"), "utilisation is a share"),
        (("--until", "wait_mean=5%"), "it is called 'queue_time_mean' now"),
        (("--until", "response_restricted_mean=5%", "-n", 9), "--replications fixes their number"),
        (("--warm-up", "some"), "warm_up"),
        (("--cluster", "nowhere"), "--cluster"),
    ],
)
def test_a_flag_that_is_wrong_is_told_in_a_sentence(flags, words, rescuesim):
    said = rescuesim("compare", "first-steps", "--no-figures", "--days", 2, *flags)

    assert said.code == 2
    assert words in said.err
    assert "Traceback" not in said.err


def test_a_study_stops_where_it_is_precise_enough_and_says_so(rescuesim):
    found = told(
        rescuesim("compare", *FIRST, "--until", "response_restricted_mean=12%", "--at-most", 90)
    )

    assert found["replications"] % 10 == 0
    assert 30 <= found["replications"] < 90
    assert all(width["met"] for width in found["precision"])
    assert {w["alternative"] for w in found["precision"]} == {"today", "reserve"}


def test_a_precision_that_is_not_reached_is_said_to_be(rescuesim):
    said = rescuesim(
        "compare",
        *FIRST[:-1],
        "--until",
        "difference:response_restricted_mean=1 s",
        "--at-most",
        40,
    )

    assert said.code == 0
    assert "40 paired replications" in said.out
    assert "Precision NOT REACHED: difference:response_restricted_mean; see --all" in said.out


def test_warm_up_is_told_drawn_and_taken(rescuesim, tmp_path):
    said = rescuesim("warm-up", "first-steps", "--days", 60, "--out", "warm-up.png")
    ran = rescuesim("run", "first-steps", *SHORT, "--warm-up", "2 days", "--out", "here")
    manifest = json.loads((tmp_path / "here/manifest.json").read_text(encoding="utf-8"))

    assert said.code == ran.code == 0
    assert "today: steady after" in said.out or "no steady state found" in said.out
    assert (tmp_path / "warm-up.png").read_bytes()[:4] == b"\x89PNG"
    assert manifest["warm_up_ms"] == 2 * 86_400_000


def test_a_warm_up_is_not_looked_for_where_callouts_are_listed(rescuesim, tmp_path):
    text = (
        "extends: first-steps\nname: listed\n"
        "demand: {rate: null, callouts: [{at: day 1 06:30, place: Hill, kind: fire}]}\n"
    )
    (tmp_path / "listed.yaml").write_text(text, encoding="utf-8")

    said = rescuesim("warm-up", "listed.yaml")

    assert said.code == 2
    assert "lists its callouts" in said.err


def test_results_run_again_are_identical_until_somebody_changes_a_number(rescuesim, tmp_path):
    assert rescuesim("compare", *FIRST, "-n", 3, "--out", "here").code == 0
    same = rescuesim("reproduce", "here", "--quiet")
    summary = tmp_path / "here/summary.csv"
    text = summary.read_text(encoding="utf-8").splitlines()
    cells = text[2].split(",")
    cells[3] = "12.5"
    summary.write_text("\n".join([*text[:2], ",".join(cells), *text[3:], ""]), encoding="utf-8")
    changed = rescuesim("reproduce", "here", "--quiet")

    assert (same.code, same.out[:9]) == (0, "IDENTICAL")
    assert changed.code == 1
    assert "DIFFERENT: summary.csv, line 3, value: 12.5 there" in changed.out


def test_what_changed_is_told_from_a_results_folder(rescuesim):
    assert rescuesim("compare", *FIRST, "-n", 2, "--out", "here").code == 0

    listed = rescuesim("explain", "here")

    assert listed.code == 0
    assert "reserve compared with today" in listed.out


def test_what_is_not_complete_is_marked_so_and_tried_again(rescuesim, tmp_path, monkeypatch):
    """As when a replication has ended its process three times."""
    from sim.cli.study_commands import run_and_compare

    def without_one(*arguments, **more):
        return replace(run_study(*arguments, **more), failed_replications=(7,))

    run_study = run_and_compare.run_study
    monkeypatch.setattr(run_and_compare, "run_study", without_one)
    said = rescuesim("compare", *FIRST[:-1], "-n", 3, "--out", "here")
    monkeypatch.undo()
    monkeypatch.chdir(tmp_path)

    assert said.code == 3
    assert "failed replications (each ended its process three times): 7" in said.err
    assert "PARTIAL: without replications 7" in said.out
    names = {p.name for p in (tmp_path / "here-partial").iterdir()}
    assert "PARTIAL.json" in names
    assert "manifest.json" not in names
    assert not (tmp_path / "here").exists()
    for command in ("plot", "reproduce", "explain"):
        refused = rescuesim(command, "here-partial")
        assert refused.code == 4
        assert "is not complete" in refused.err
    assert rescuesim("compare", *FIRST, "-n", 3, "--out", "here").code == 0
    assert (tmp_path / "here/manifest.json").is_file()


def test_what_changed_is_told_where_one_alternative_has_teams_that_another_has_not(rescuesim):
    vary = ("--vary", "teams.Harbour.count=1,3", "--policy", "today")
    assert rescuesim("compare", *FIRST, "-n", 2, *vary, "--out", "here").code == 0

    listed = rescuesim("explain", "here", "--replication", 1)

    assert listed.code == 0, listed.err
    assert "Replication 1: count=3 compared with count=1" in listed.out
