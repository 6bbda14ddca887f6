"""How often results were looked at: what counts as a look, and what is passed over."""

import json
import os

import pytest

from sim.experiment import Runner, design_of
from sim.experiment.looks import MOST_BYTES, MOST_READ, look_of, looks_at
from sim.report.results_text.looks_text import looks_lines
from sim.scenario import find_scenario, read_scenario

NAME = "first-steps"


def look_with(path=None, by="", asked=False, **overrides):
    """Return the choices behind a study of the shipped scenario, flags laid over it."""
    flags = {key.replace("__", "."): value for key, value in overrides.items()}
    file = read_scenario(path or find_scenario(NAME), flags)
    design = design_of([file])
    return look_of(design, Runner(design.alternatives, design.seed).worlds["today"], by, asked)


@pytest.fixture(scope="module")
def plain():
    """As the file has it."""
    return look_with()


def put(place, looks, name="manifest.json", **more):
    """Put a result in its place, as far as looks are concerned."""
    place.mkdir(parents=True, exist_ok=True)
    manifest = {"scenario": NAME, "run": {"looks": looks}, **more}
    (place / name).write_text(json.dumps(manifest), encoding="utf-8")


def looked(place, look):
    """Take a look, and put its result in its place."""
    found = looks_at(place, NAME, look)
    put(place, found)
    return found


def test_the_first_look_is_no_look_back(plain, tmp_path):
    found = looks_at(tmp_path / "not there yet" / "out", NAME, plain)

    assert (found["number"], found["tried"], found["earlier"]) == (1, {}, [])
    assert looks_lines(found, tmp_path / "out") == []


def test_seeds_and_horizons_are_counted_and_it_is_said_that_no_file_declared_them(plain, tmp_path):
    looked(tmp_path / "a", plain)
    looked(tmp_path / "b", look_with(study__seed=2))
    looked(tmp_path / "c", look_with(study__seed=3))

    found = looked(tmp_path / "results/../d", look_with(study__seed=3, study__horizon="4 h"))

    assert found["number"] == 4
    assert found["tried"] == {"seed": 3, "horizon": 2}
    assert found["not_declared"] == ["seed", "horizon"]
    assert looks_lines(found, tmp_path / "d") == [
        f"This is look 4 at first-steps in {tmp_path}/: 3 seeds, 2 horizons; not declared in the "
        "file beforehand: seed, horizon."
    ]


def test_the_same_choices_again_are_no_further_look(plain, tmp_path):
    looked(tmp_path / "a", plain)

    assert looked(tmp_path / "b", plain)["number"] == 1
    assert looked(tmp_path / "a", plain)["number"] == 1


def test_what_the_file_says_was_declared_though_others_were_tried(plain, tmp_path):
    looked(tmp_path / "a", look_with(study__seed=2))

    found = looked(tmp_path / "b", plain)

    assert (found["number"], found["tried"], found["not_declared"]) == (2, {"seed": 2}, [])


def test_a_file_that_is_changed_after_a_look_did_not_declare_it_beforehand(plain, tmp_path):
    looked(tmp_path / "a", plain)
    path = tmp_path / "changed.yaml"
    path.write_text(f"extends: {NAME}\nname: {NAME}\nstudy: {{seed: 9}}\n", encoding="utf-8")

    found = looked(tmp_path / "b", look_with(path))

    assert found["this"]["seed"] == {"value": "9", "from": "file"}
    assert found["not_declared"] == ["seed"]


@pytest.mark.parametrize(
    ("flag", "value", "what"),
    [
        ("study__margin__time", "5 min", "margin"),
        ("study__primary", ["response_p90"], "primary"),
        ("study__replications", 40, "replications"),
        ("study__replications__until", {"response_p90": "5%"}, "replications"),
        ("clock__length", "20 days", "length"),
        ("clock__warm_up", "2 days", "warm_up"),
        ("demand__rate", "24 per day", "other"),
    ],
)
def test_each_choice_that_a_flag_changes_is_a_look(flag, value, what, plain, tmp_path):
    if flag.endswith("until"):
        flag, value = "study__replications", {"until": value}
    looked(tmp_path / "a", plain)

    found = looked(tmp_path / "b", look_with(**{flag: value}))

    assert found["number"] == 2
    assert found["tried"].pop(what) == 2
    assert set(found["tried"]) <= {"horizon"}  # a quarter of a shorter run may be less
    assert what in found["not_declared"]


def test_a_look_that_was_replaced_at_the_same_place_is_not_forgotten(plain, tmp_path):
    for seed in (1, 2, 3, 4):
        found = looked(tmp_path / "out", look_with(study__seed=seed))

    assert found["number"] == 4
    assert looked(tmp_path / "beside", plain)["tried"] == {"seed": 4}


def test_choosing_by_another_measure_is_a_look_and_comparing_besides_is_not(plain, tmp_path):
    looked(tmp_path / "a", look_with(by="response_p90", asked=True))
    assert looked(tmp_path / "b", plain)["number"] == 1

    found = looked(tmp_path / "c", look_with(by="response_restricted_mean"))

    assert (found["number"], found["tried"], found["not_declared"]) == (2, {"by": 2}, [])


def test_results_of_other_scenarios_and_of_earlier_versions(plain, tmp_path):
    put(tmp_path / "other", {"this": look_with(study__seed=2).record()}, scenario="coast")
    put(tmp_path / "old", None, seed=5, run_ms=28 * 86_400_000)
    put(tmp_path / "same", None, seed=1, run_ms=28 * 86_400_000)
    put(tmp_path / "partial", {"this": look_with(study__seed=3).record()}, "PARTIAL.json")

    found = looked(tmp_path / "out", plain)

    assert (found["number"], found["tried"]) == (3, {"seed": 3})


def test_what_is_damaged_or_not_ours_is_passed_over(plain, tmp_path):
    this = plain.record()
    put(tmp_path / "a", {"this": {**this, "seed": {"value": "7"}}})
    for number, looks in enumerate(
        [None, 3, [], {"this": 3}, {"this": {"seed": 4}}, {"this": {"seed": {"value": [5]}}},
         {"earlier": {}}, {"earlier": [None, 3, {}]}, {"this": {"sex": {"value": "4"}}}]
    ):  # fmt: skip
        put(tmp_path / f"b{number}", looks)
    put(tmp_path / "c", None, seed=True, run_ms="long")
    put(tmp_path / "d", None, seed=4, run_ms=-1)
    for number, text in enumerate(["", "{", "[" * 100_000, "null", "[]", '"x"', "\ud800"]):
        (tmp_path / f"e{number}").mkdir()
        data = text.encode("utf-8", "surrogatepass")
        (tmp_path / f"e{number}" / "manifest.json").write_bytes(data)
    (tmp_path / "f").mkdir()
    (tmp_path / "f" / "manifest.json").mkdir()
    (tmp_path / "g").write_text("a file")
    large = json.dumps({"scenario": NAME, "seed": 3, "run_ms": 1, "x": "x" * MOST_BYTES})
    (tmp_path / "h").mkdir()
    (tmp_path / "h" / "manifest.json").write_text(large)

    found = looks_at(tmp_path / "out", NAME, plain)

    assert (found["number"], found["tried"]) == (2, {"seed": 2})


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs pipes with names")
def test_a_pipe_with_the_name_of_a_manifest_is_not_waited_for(plain, tmp_path):
    (tmp_path / "a").mkdir()
    os.mkfifo(tmp_path / "a" / "manifest.json")

    assert looks_at(tmp_path / "out", NAME, plain)["number"] == 1


def test_no_more_than_a_thousand_results_are_read(plain, tmp_path):
    for number in range(MOST_READ + 20):
        put(tmp_path / f"{number:04}", None, seed=number + 100, run_ms=28 * 86_400_000)

    found = looks_at(tmp_path / "out", NAME, plain)

    assert found["number"] == MOST_READ + 1
    assert len(found["earlier"]) == MOST_READ


def test_a_scenario_with_a_name_that_moves_the_cursor_is_told_safely(plain, tmp_path):
    found = {**looked(tmp_path / "a", plain), "number": 2, "scenario": "a\x1b[2Jb"}

    assert "\x1b" not in looks_lines(found, tmp_path / "a")[0]
