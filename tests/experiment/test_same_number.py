"""The same replications give the same number wherever it is asked for."""

import csv
import json

import pytest

import sim
from sim.cli import run
from sim.outcomes import headline, headline_differences, primary_differences
from sim.outcomes.verdicts.judgement import restricted_mean
from sim.policies.dispatch_rules.dispatch import Cutoff
from sim.policies.queue_rules.queueing import RULES as QUEUES

DAYS, REPLICATIONS = "5 days", 10
FIRST_COME = QUEUES["first_come"]()
MEASURES = ("not_reached", "response_restricted_mean", "response_p90", "share:injury in 20 min")
FLAGS = ("--set", f"clock.length={DAYS}", "-n", REPLICATIONS, "--no-figures", "--quiet")


@pytest.fixture(scope="module")
def from_python():
    return sim.compare(sim.load("first-steps", {"clock.length": DAYS}), replications=REPLICATIONS)


def values(table, alternative):
    rows = table.where(alternative=alternative, group="all")
    at = [rows.columns.index(name) for name in ("measure", "value", "low", "high")]
    return {row[at[0]]: tuple(row[i] for i in at[1:]) for row in rows}


def told(*arguments, capsys):
    capsys.readouterr()
    assert run([*map(str, arguments), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def summary(found, alternative):
    return {
        row["measure"]: (row["value"], row["low"], row["high"])
        for row in found["summary"]
        if row["alternative"] == alternative and row["group"] == "all"
    }


def test_run_compare_vary_and_python_say_the_same(from_python, tmp_path, monkeypatch, capsys):
    """One alternative alone, two, a value that is varied, and a call from a notebook."""
    monkeypatch.chdir(tmp_path)
    expected = {name: values(from_python.summary, name) for name in ("today", "reserve")}

    both = told("compare", "first-steps", *FLAGS, "-o", "both", capsys=capsys)
    alone = told("run", "first-steps", "--policy", "reserve", *FLAGS, "-o", "one", capsys=capsys)
    varied = told("compare", "first-steps", *FLAGS, "--vary", "teams.Harbour.count=2,3",
                  "-o", "varied", capsys=capsys)  # fmt: skip

    for measure in MEASURES:
        for name in ("today", "reserve"):
            assert summary(both, name)[measure] == expected[name][measure]
            assert summary(varied, f"{name}, count=2")[measure] == expected[name][measure]
        assert summary(alone, "reserve")[measure] == expected["reserve"][measure]


def test_differences_do_not_depend_on_who_else_is_compared(from_python):
    """A third alternative changes what is adjusted for, and no difference and no interval."""
    file = sim.load("first-steps", {"clock.length": DAYS})
    policies = {"today": "today", "first": {"queue": FIRST_COME}, "reserve": "reserve"}
    more = sim.compare(file, policies=policies, replications=REPLICATIONS)

    for measure in MEASURES:
        rows = [
            found.comparisons.where(alternative="reserve", measure=measure, group="all")
            for found in (from_python, more)
        ]
        one, two = (
            [row.column(name).tolist() for name in ("difference", "low", "high", "p")]
            for row in rows
        )
        assert one == two


def test_the_quick_ways_for_stopping_say_the_same(from_python):
    samples = from_python.study.samples
    whole = {(row.measure, row.group): row for row in from_python.tables.verdicts.rows}

    for measure in MEASURES:
        for sample in samples:
            (row,) = headline(sample, [measure])
            assert (row.value, row.low, row.high) == values(from_python.summary, sample.name)[
                measure
            ]
        (row,) = headline_differences(samples, [measure])
        assert row[:7] == whole[measure, "all"][:7]
    rows, _ = primary_differences(samples)
    assert [row for row in rows if row.family == "primary"] == [
        row for row in whole.values() if row.family == "primary"
    ]


def test_a_results_folder_says_the_same(from_python, tmp_path):
    """To the six digits that are written."""
    folder = from_python.save(tmp_path / "saved")

    with (folder / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = {
            (row["alternative"], row["measure"]): row
            for row in csv.DictReader(file)
            if row["group"] == "all"
        }
    for name in ("today", "reserve"):
        for measure in MEASURES:
            value, *_ = values(from_python.summary, name)[measure]
            assert rows[name, measure]["value"] == f"{value:.6g}"


def of_length(days, replications, rule):
    choice = {"today": "today", "starve": {"dispatch": Cutoff({2: 9})}}[rule]
    file = sim.load("first-steps", {"clock.length": f"{days} days", "demand.rate": "24 per day",
                                    ("study", "horizon"): "4 h"})  # fmt: skip
    found = sim.compare(file, policies={rule: choice}, replications=replications)
    return restricted_mean(found.study.samples[0])


@pytest.mark.parametrize("rule", ["today", "starve"])
def test_the_restricted_mean_does_not_depend_on_the_length_of_the_run(rule):
    """
    Two days, a week and four: those cut off by the end are a seventh of the callouts of a short
    run, so that leaving them out, or counting what they have waited, would show.
    """
    found = [of_length(days, n, rule) for days, n in ((2, 60), (7, 20), (28, 4))]

    for one, two in ((0, 1), (0, 2), (1, 2)):
        a, b = found[one], found[two]
        error = (a.standard_error() ** 2 + b.standard_error() ** 2) ** 0.5
        assert abs(a.value - b.value) < 3 * error


def test_all_alternatives_are_judged_by_the_baselines_horizon_and_margins(tmp_path):
    """With a horizon of its own, a file with a shorter one would look better."""
    (tmp_path / "short.yaml").write_text(
        "extends: first-steps\nname: short\nclock: {length: 7 days}\n"
        "study: {horizon: 30 min, margin: {time: 9 min}, primary: [response_median]}\n",
        encoding="utf-8",
    )
    base = sim.load("first-steps", {"clock.length": "7 days"})

    found = sim.compare(base, tmp_path / "short.yaml", policies=["today"], replications=10)

    first, second = (sample.standards for sample in found.study.samples)
    assert first.horizon == second.horizon == 8 * 3_600_000
    assert first.primary == second.primary
    assert set(found.comparisons.where(group="all").column("verdict")) <= {"identical", ""}


def test_alternatives_with_other_kinds_and_places_are_compared_in_what_they_share(tmp_path):
    """Two files: a village and a kind more in one. Percentiles, gate and groups hold."""
    (tmp_path / "more.yaml").write_text(
        "extends: first-steps\nname: more\nclock: {length: 7 days}\n"
        "map: {places: {Cape: {lat: 0.0, lon: -0.1, weight: 5}}}\n"
        "demand: {kinds: {injury: {share: 60%}, rescue: {share: 10%, priority: 3, crew: 4,"
        " on_scene: {mean: 30 min, sd: 10 min}}}}\n",
        encoding="utf-8",
    )
    base = sim.load("first-steps", {"clock.length": "7 days"})

    found = sim.compare(base, tmp_path / "more.yaml", policies=["today"], replications=10)

    groups = set(found.comparisons.column("group"))
    assert {"kind:injury", "kind:fire", "area:Hill"} <= groups
    assert not {"kind:rescue", "area:Cape"} & groups
    summary_groups = set(found.summary.where(alternative="more").column("group"))
    assert {"kind:rescue", "area:Cape"} <= summary_groups
    (p90,) = found.comparisons.where(measure="response_p90", group="all").rows
    each = {row[0]: row[3] for row in found.summary.where(measure="response_p90", group="all")}
    at = found.comparisons.columns.index
    assert p90[at("difference")] == pytest.approx(each["more"] - each["first-steps"])
    (judgement,) = found.tables.verdicts.judgements
    assert judgement.gate.state in ("open", "inconclusive", "failed")
    assert {harm.name for harm in judgement.gate.harmed} <= {"injury", "fire", "1", "2", "Hill",
                                                             "Bridge", "Harbour"}  # fmt: skip
