"""Alternatives of a scenario: what each sets, and what the study varies."""

import pytest

from sim.errors import ScenarioError
from sim.policies import policy_sets
from sim.scenario import Precision, find_scenario, read_scenario, variants


def first_steps(overrides=None):
    return read_scenario(find_scenario("first-steps"), overrides)


def varied(**paths):
    return first_steps({("study", "vary", path): values for path, values in paths.items()})


def names(file, policies=None):
    return [variant.name for variant in variants(file, policies)]


def refusal(file):
    with pytest.raises(ScenarioError) as caught:
        variants(file)
    (diagnostic,) = caught.value.diagnostics
    return diagnostic


def test_the_alternatives_are_the_policies_in_their_order_and_share_one_file():
    file = first_steps()

    found = variants(file)

    assert [v.name for v in found] == ["today", "reserve"]
    assert all(v.file is file for v in found)


def test_only_the_policies_asked_for_in_the_order_asked():
    assert names(first_steps(), ["reserve", "today"]) == ["reserve", "today"]


def test_every_combination_of_what_is_varied_the_first_values_first():
    file = varied(
        **{"teams.Hill.crew": "[4, 6]", "dispatch_centre.call_handling": "[2 min, 5 min]"}
    )

    found = variants(file, ["today"])

    assert [v.name for v in found] == [
        "crew=4, call_handling=2 min",
        "crew=4, call_handling=5 min",
        "crew=6, call_handling=2 min",
        "crew=6, call_handling=5 min",
    ]
    assert [v.file.scenario.teams["Hill"].crew for v in found] == [4, 4, 6, 6]
    handling = [v.file.scenario.dispatch_centre.call_handling.value for v in found]
    assert handling == [120_000, 300_000, 120_000, 300_000]
    assert file.scenario.teams["Hill"].crew == 4


def test_policies_of_one_combination_share_one_scenario():
    found = variants(varied(**{"teams.Hill.crew": "[4, 6]"}))

    assert [v.name for v in found] == [
        "today, crew=4", "reserve, crew=4", "today, crew=6", "reserve, crew=6",
    ]  # fmt: skip
    assert found[0].file is found[1].file
    assert found[2].file is found[3].file is not found[0].file


def test_paths_with_the_same_ending_are_named_so_that_they_can_be_told_apart():
    file = varied(**{"teams.Hill.crew": "[4]", "teams.Harbour.crew": "[6]"})

    assert names(file, ["today"]) == ["Hill.crew=4, Harbour.crew=6"]


def test_a_parameter_of_a_policy_is_varied_for_that_policy_alone():
    file = varied(**{"policies.reserve.dispatch.cutoff.reserve.2": "[1, 2]"})

    found = variants(file)

    assert [v.name for v in found] == ["today", "reserve, reserve.2=1", "reserve, reserve.2=2"]
    kept = [policy_sets(v.file)["reserve"].dispatch.reserve for v in found[1:]]
    assert kept == [{2: 1}, {2: 2}]


def test_what_an_alternative_sets_holds_for_it_and_for_no_other():
    file = first_steps(
        {"policies.reserve.set": {"teams.Hill.crew": 6, "dispatch_centre.turnout": "1 min"}}
    )

    today, reserve = variants(file)

    assert today.file is file
    assert reserve.file.scenario.teams["Hill"].crew == 6
    assert reserve.file.scenario.dispatch_centre.turnout.value == 60_000


def test_a_wrong_value_is_told_at_the_value():
    diagnostic = refusal(varied(**{"teams.Hill.crew": "[4, six]"}))

    assert (diagnostic.file, diagnostic.column) == ("--vary", 21)
    assert diagnostic.text == "teams.Hill.crew=[4, six]"
    assert "found 'six'" in diagnostic.message


def test_a_wrong_value_in_a_file_is_told_in_the_file(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(
        "extends: first-steps\nname: mine\nstudy:\n  vary:\n    teams.Hill.crew: [4, -1]\n",
        encoding="utf-8",
    )

    diagnostic = refusal(read_scenario(path))

    assert (diagnostic.file, diagnostic.line, diagnostic.column) == (str(path), 5, 26)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("teams.Hil.crew", "teams: there is no 'Hil'"),
        ("demand.kinds.fires.share", "demand.kinds: there is no 'fires'"),
        ("clock.length", "clock is the same for all alternatives"),
        ("study.seed", "study is the same for all alternatives"),
        ("teams.Hill.crw", "unknown key 'crw'"),
    ],
)
def test_a_path_that_cannot_be_varied_is_told_with_the_way_out(path, words):
    diagnostic = refusal(varied(**{path: "[4]"}))

    assert words in diagnostic.message
    assert diagnostic.help


def test_a_thousand_alternatives_are_enough():
    many = "[" + ", ".join(map(str, range(1, 32))) + "]"
    file = varied(**{"teams.Hill.crew": many, "teams.Harbour.crew": many})

    assert "more than 1000 alternatives" in refusal(file).message


def test_varying_nothing_or_no_list_is_an_error():
    for wrong in ("[]", "4", "{a: 1}"):
        with pytest.raises(ScenarioError):
            first_steps({("study", "vary", "teams.Hill.crew"): f"{wrong}"})


def test_the_resolved_text_gives_the_same_alternatives_again(tmp_path):
    file = first_steps(
        {
            ("study", "vary", "teams.Hill.crew"): "[4, 6]",
            "policies.reserve.set": {"dispatch_centre.turnout": "1 min"},
            "study.replications": {"at_most": 50, "until": {"response_restricted_mean": "5%"}},
        }
    )
    path = tmp_path / "again.yaml"
    path.write_text(file.resolved_yaml(), encoding="utf-8")

    again = read_scenario(path)

    assert names(again) == names(file)
    assert again.scenario == file.scenario


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("5%", Precision(relative=0.05)),
        ("30 s", Precision(time=30_000)),
        ("1 min 30 s", Precision(time=90_000)),
        ("1 pp", Precision(points=0.01)),
        ("0.5 pp", Precision(points=0.005)),
    ],
)
def test_a_precision_is_relative_a_time_or_points(written, read):
    found = Precision.read(written)

    assert found == read
    assert Precision.read(str(found)) == read


@pytest.mark.parametrize("written", ["5", 5, "0%", "0 s", "five", "-1 s", "", None])
def test_a_precision_says_what_it_is_of(written):
    with pytest.raises(ScenarioError) as caught:
        first_steps({"study.replications": {"until": {"response_restricted_mean": written}}})
    assert "'5%', '30 s' or '1 pp'" in caught.value.diagnostics[0].help


def test_fewer_replications_at_most_than_at_least_is_an_error():
    with pytest.raises(ScenarioError, match="at most 20 is less than at least 30"):
        first_steps(
            {"study.replications": {"at_most": 20, "until": {"response_restricted_mean": "5%"}}}
        )
