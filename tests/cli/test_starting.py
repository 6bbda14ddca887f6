"""``new`` and ``schema``: a planner's first minute."""

import json
from pathlib import Path

import jsonschema
import pytest

from sim.cli.plan_commands.schema_command import schema_text
from sim.policies import LIBRARY
from sim.scenario import shipped_scenarios
from sim.scenario.text.source import Source, decode, read_tree

from ..long_cases import quick_first

SHIPPED = shipped_scenarios()


def as_written(path):
    """Return a scenario file as plain data, by the package's own reader, its overlay not laid."""
    text = decode(path.read_bytes(), path.name)
    return read_tree(Source(path.name, text, path.parent)).plain()


@pytest.fixture(scope="module")
def validator():
    return jsonschema.Draft202012Validator(json.loads(schema_text()))


@pytest.mark.parametrize("template", quick_first(SHIPPED, 6))
def test_a_new_scenario_checks_clean_and_runs(template, rescuesim, tmp_path):
    written = rescuesim("new", "plans/my coast.yaml", "--from", template)

    checked = rescuesim("check", "plans/my coast.yaml")
    ran = rescuesim("run", "plans/my coast.yaml", "-n", 1, "--days", 1, "--no-figures")

    assert written.code == 0
    assert checked.code == ran.code == 0
    assert checked.out.startswith("my-coast: fine (")
    assert [p.name[:9] for p in (tmp_path / "results").iterdir()] == ["my-coast-"]


def test_new_says_what_it_wrote_and_what_comes_next(rescuesim, tmp_path):
    said = rescuesim("new", "mine.yaml")

    assert said.out == (
        "wrote mine.yaml\nwrote scenario.schema.json\n"
        "next: rescuesim check mine.yaml, then rescuesim compare mine.yaml\n"
    )
    assert sorted(p.name for p in tmp_path.iterdir()) == ["mine.yaml", "scenario.schema.json"]


def test_new_from_the_coast_brings_the_data_by_the_names_it_has_and_their_licences(
    rescuesim, tmp_path
):
    """A scenario whose data are not found, or whose licences are lost, is no use to anybody."""
    rescuesim("new", "mine.yaml", "--from", "coast-march-2025")

    shipped = SHIPPED["coast-march-2025"].parent
    brought = {p.relative_to(tmp_path) for p in (tmp_path / "data").rglob("*") if p.is_file()}
    assert Path("data/LICENSES.md") in brought
    assert Path("data/coast/places.csv") in brought
    assert all((tmp_path / p).read_bytes() == (shipped / p).read_bytes() for p in brought)


def test_new_keeps_the_comments(rescuesim, tmp_path):
    rescuesim("new", "mine.yaml")

    shipped = SHIPPED["first-steps"].read_text(encoding="utf-8")
    mine = (tmp_path / "mine.yaml").read_text(encoding="utf-8")
    assert mine == shipped.replace("\nname: first-steps  #", "\nname: first-steps  #").replace(
        next(x for x in shipped.splitlines() if x.startswith("name: ")), "name: mine"
    )


@pytest.mark.parametrize("template", ["first-steps", "coast-march-2025"])
def test_new_never_writes_over_what_is_there(template, rescuesim, tmp_path):
    mine = [tmp_path / n for n in ("data/coast/places.csv", "scenario.schema.json", "mine.yaml")]
    for path in mine:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine", encoding="utf-8")

    refused = rescuesim("new", "mine.yaml", "--from", template)
    beside = rescuesim("new", "other.yaml", "--from", template)

    assert refused.code == 2
    assert "mine.yaml is there already" in refused.err
    assert beside.code == 0
    assert [p.read_text(encoding="utf-8") for p in mine] == ["mine"] * 3


def test_new_does_not_write_through_a_link_that_leads_nowhere(rescuesim, tmp_path):
    (tmp_path / "mine.yaml").symlink_to(tmp_path / "elsewhere.yaml")

    assert rescuesim("new", "mine.yaml").code == 2
    assert not (tmp_path / "elsewhere.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["mine.txt"], "ends in .yaml, found 'mine.txt'"),
        (["mine"], "ends in .yaml"),
        (
            ["mine.yaml", "--from", "cost"],
            "no shipped scenario 'cost'; there are ambulance-1, coast-fire-night, coast-march-2025",
        ),
    ],
)
def test_new_refuses_with_the_way_out(arguments, words, rescuesim, tmp_path):
    said = rescuesim("new", *arguments)

    assert said.code == 2
    assert words in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("file", ["في الساحل.yaml", "..a.yaml", f"{'long-' * 30}.yaml"])
def test_new_finds_a_name_for_any_file(file, rescuesim):
    assert rescuesim("new", file).code == 0
    assert rescuesim("check", file).code == 0


def test_new_that_cannot_write_all_leaves_nothing(rescuesim, tmp_path):
    (tmp_path / "data").write_text("a file where the folder should be", encoding="utf-8")

    said = rescuesim("new", "mine.yaml", "--from", "coast-march-2025")

    assert said.code == 4
    assert [p.name for p in tmp_path.iterdir()] == ["data"]


def test_the_schema_is_valid_and_the_same_on_screen_and_in_a_file(rescuesim, tmp_path):
    shown = rescuesim("schema")
    rescuesim("schema", "--out", "s.json")

    jsonschema.Draft202012Validator.check_schema(json.loads(shown.out))
    assert (tmp_path / "s.json").read_text(encoding="utf-8") == shown.out


def test_a_schema_that_cannot_be_written_is_told_with_its_place(rescuesim):
    said = rescuesim("schema", "--out", "no/such/folder.json")

    assert said.code == 4
    assert "no/such/folder.json: No such file or directory" in said.err


@pytest.mark.parametrize("name", SHIPPED)
def test_the_schema_accepts_a_shipped_scenario(name, validator):
    assert list(validator.iter_errors(as_written(SHIPPED[name]))) == []


@pytest.mark.parametrize(
    "policy",
    [
        {"dispatch": "closets"},
        {"dispatch": {"closets": {}}},
        {"dispatch": {"cutoff": {"reserv": {"2": 1}}}},
        {"dispatch": {"cutoff": {}}},
        {"dispatch": {"run_card": {"order": {"Town": ["Town"]}, "otherwise": "closets"}}},
        {"queue": {"priority": {"x": 1}}},
        {"relocation": {"dmexclp": {"busy_fraction": 7}}},
    ],
)
def test_the_schema_refuses_a_policy_that_check_would_refuse(policy, validator):
    plain = as_written(SHIPPED["textbook-mmc"])
    plain["policies"] = {"today": policy}

    assert list(validator.iter_errors(plain))


@pytest.mark.parametrize(
    "policy",
    [
        {},
        *({question: name} for question, rules in LIBRARY.items() for name in rules),
        {"dispatch": {"cutoff": {"reserve": {"2": 1}}}, "queue": {"priority": {}}},
        {"dispatch": {"run_card": {"order": {"Town": ["Town"]}, "otherwise": "wait"}}},
        {"relocation": {"dmexclp": {"busy_fraction": 0.3, "within": "20 min"}}},
    ],
)
def test_the_schema_accepts_every_policy_there_is(policy, validator):
    plain = as_written(SHIPPED["textbook-mmc"])
    plain["policies"] = {"today": policy}

    assert list(validator.iter_errors(plain)) == []
