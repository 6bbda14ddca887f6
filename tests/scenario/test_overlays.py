"""A scenario laid over another changes what it says and nothing else."""

from __future__ import annotations

import pytest

from sim.errors import ScenarioError
from sim.scenario import find_scenario, read_scenario, shipped_scenarios

from .conftest import SMALL


def over(desk, text):
    desk.put("base.yaml", SMALL)
    return desk.read(text="extends: base.yaml\n" + text)


def over_refused(desk, text):
    desk.put("base.yaml", SMALL)
    return desk.refused(text="extends: base.yaml\n" + text)


def test_mappings_merge_and_scalars_and_lists_replace(desk):
    found = over(desk, "name: more\nteams: {Jablah: {crew: 9, shifts: [day]}}").scenario

    assert found.name == "more"
    assert found.teams["Jablah"].crew == 9
    assert found.teams["Jablah"].shifts == ("day",)
    assert found.teams["Jablah"].capabilities == ("ambulance",)
    assert list(found.teams) == ["Jablah", "Lattakia"]


def test_null_removes(desk):
    found = over(desk, "targets: null\nteams: {Lattakia: null}").scenario

    assert found.targets == ()
    assert list(found.teams) == ["Jablah"]


def test_null_that_removes_nothing_is_an_error_because_the_name_is_misspelt(desk):
    (diagnostic,) = over_refused(desk, "teams: {Latakya: null}")

    assert (diagnostic.line, diagnostic.column) == (2, 9)
    assert diagnostic.help == "did you mean 'Lattakia'?"


def test_an_error_points_into_the_file_in_which_it_was_written(desk):
    (diagnostic,) = over_refused(desk, "teams: {Jablah: {crew: eight}}")
    assert diagnostic.file.endswith("small.yaml")
    assert (diagnostic.line, diagnostic.column) == (2, 24)

    desk.put("base.yaml", SMALL.replace("crew: 4", "crew: eight"))
    (diagnostic,) = desk.refused(text="extends: base.yaml\nname: more\n")
    assert diagnostic.file.endswith("base.yaml")
    assert diagnostic.text == SMALL.split("\n")[diagnostic.line - 1].replace(
        "crew: 4", "crew: eight"
    )


@pytest.mark.parametrize(
    ("text", "line", "help"),
    [
        ("demand:\n  callouts: []", 3, "write rate: null next to it to take away what"),
        ("teams:\n  Jablah:\n    roster: 24 on 48 off", 4, "write shifts: null next to it"),
    ],
)
def test_what_clashes_with_the_base_is_told_in_the_overlay_with_how_to_take_it_away(
    desk, text, line, help
):
    """The base may be one that is shipped, which nobody can change."""
    (diagnostic,) = over_refused(desk, f"{text}\n")

    assert diagnostic.file.endswith("small.yaml")
    assert diagnostic.line == line
    assert diagnostic.help.startswith(help)


def test_a_table_is_looked_for_beside_the_file_that_names_it(desk):
    desk.put("sub/places.csv", "name,lat,lon,weight\nJablah,35.36,35.92,1\nLattakia,35.5,35.8,1\n")
    begin, end = SMALL.index("  places:"), SMALL.index("  roads:")
    desk.put("sub/base.yaml", SMALL[:begin] + "  places: places.csv\n" + SMALL[end:])

    found = desk.read(text="extends: sub/base.yaml\nname: more\n")

    assert [p.name for p in found.places] == ["Jablah", "Lattakia"]
    assert [i.name for i in found.inputs] == ["small.yaml", "base.yaml", "places.csv"]


def test_a_scenario_that_extends_itself_is_refused(desk):
    desk.put("base.yaml", "extends: small.yaml\nname: x\n")

    (diagnostic,) = desk.refused(text="extends: base.yaml\n")

    assert "extends itself" in diagnostic.message
    assert diagnostic.help == "small.yaml -> base.yaml -> small.yaml"


@pytest.mark.parametrize(
    ("base", "said", "help"),
    [
        ("bsae.yaml", "there is no file 'bsae.yaml'", "did you mean 'base.yaml'?"),
        ("../base.yaml", "leads out of the scenario's folder", "next to"),
        ("/etc/passwd.yaml", "not the name of a file next to", "next to"),
        ("[a, b]", "the name of one scenario", ""),
        ("cost-march-2025", "no shipped scenario is called", "coast-march-2025"),
        (
            r'"small\nnext to it"',
            r"no shipped scenario is called 'small\x0anext to it'",
            "ends in .yaml",
        ),
    ],
)
def test_a_base_that_is_not_there_is_told_with_the_nearest(desk, base, said, help):
    desk.put("base.yaml", SMALL)

    (diagnostic,) = desk.refused(text=f"extends: {base}\n")

    assert said in diagnostic.message
    assert help in diagnostic.help
    assert (diagnostic.line, diagnostic.column) == (1, 10)


def test_a_shipped_scenario_can_be_extended_by_its_bare_name(desk):
    found = desk.read(text="extends: textbook-mmc\nname: mine\nteams: {Town: {count: 7}}\n")

    assert found.scenario.name == "mine"
    assert next(iter(found.scenario.teams.values())).count == 7


def test_a_flag_is_one_more_overlay(desk):
    flags = {
        "study.seed": 3,
        "teams.Jablah.crew": "6",
        "demand.rate": "20 per day",
        "demand.kinds.fire": "{priority: 5}",
        "targets.0.within": "20 min",
        "teams.Lattakia": None,
        "title": "",
    }

    found = desk.read(("name: small", "name: small\ntitle: Old"), flags=flags).scenario

    assert (found.study.seed, found.teams["Jablah"].crew, found.demand.rate) == (3, 6, 20.0)
    assert found.demand.kinds["fire"].priority == 5
    assert found.demand.kinds["fire"].share == 0.4
    assert found.targets[0].within == 1_200_000
    assert list(found.teams) == ["Jablah"]
    assert found.title == ""


def test_a_name_with_dots_can_be_set(desk):
    found = desk.read(
        ("  Lattakia: {base: Lattakia, count: 2}", "  St. Mary's: {base: Lattakia}"),
        flags={"teams.St. Mary's.crew": 7},
    )

    assert found.scenario.teams["St. Mary's"].crew == 7


@pytest.mark.parametrize(
    ("flag", "value", "column", "said"),
    [
        ("teams.Jablah.crew", "eight", 19, "expected a whole number, found 'eight'"),
        ("teams.Jablah.crews", "8", 1, "unknown key 'crews'"),
        ("targets.7.within", "20 min", 18, "there is no number 7"),
        ("teams.Jabla", None, 1, "null removes 'Jabla'"),
        ("study.seed", "[1", 14, "not readable as YAML"),
        ("study.seed", "*x", 12, "aliases (*) are not read"),
        ("name", "\x1b[31m", 6, "is not text"),
        ("map.places", "/etc/passwd", 12, "not the name of a file next to"),
    ],
)
def test_a_wrong_flag_is_shown_as_it_was_given(desk, flag, value, column, said):
    diagnostic = desk.refused(flags={flag: value})[0]

    assert diagnostic.file == "--set"
    assert (diagnostic.line, diagnostic.column) == (1, column)
    assert said in diagnostic.message


def test_shipped_scenarios_are_found_by_name_and_misses_name_the_nearest(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, path in shipped_scenarios().items():
        assert find_scenario(name).resolve() == path

    with pytest.raises(ScenarioError) as caught:
        find_scenario("coast-march-2024")

    assert "did you mean 'coast-march-2025'?" in caught.value.diagnostics[0].help
    assert caught.value.exit_code == 2


def test_a_scenario_file_that_is_not_there_is_one_error(tmp_path):
    with pytest.raises(ScenarioError) as caught:
        read_scenario(tmp_path / "none.yaml")

    assert "there is no file" in caught.value.diagnostics[0].message
