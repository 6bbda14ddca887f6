"""A scenario described: every item once, from the file alone, with what is missing by name."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

import sim
from sim.report.description.author_answers import read_answers, template
from sim.report.description.described_items import FILLED, MISSING, PARTLY
from sim.report.description.describing import describe
from sim.report.description.description_text import as_data, as_markdown, as_text
from sim.report.description.model_features import FEATURES
from sim.report.description.model_inputs import distributions, inputs, provenance
from sim.report.description.report_items import LISTS, QUESTIONS, READINESS, STRESS
from sim.report.description.subject import read_subject
from sim.scenario import shipped_scenarios
from sim.scenario.text.source import Source, read_tree

ROOT = Path(__file__).parents[2]
SHIPPED = sorted(shipped_scenarios())
# The numbers of STRESS-DES version 1.0, as its table has them.
STRESS_NUMBERS = [
    *("1.1", "1.2", "1.3"),
    *("2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "2.5.5"),
    *("3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3", "5.1", "5.2", "5.3", "5.4", "6.1"),
]
WORLD = """\
name: village
clock: {start: 2025-01-06 00:00, length: 1 day, timezone: UTC}
map:
  places: {Harbour: {}, Village: {}}
  roads: {table: {Harbour: {Village: 6 min}, Village: {Harbour: 6 min}}}
demand:
  rate: 3 per day  # (source: the harbour master) not counted
  kinds: {rescue: {share: 100%, on_scene: 30 min}}
bases: {Harbour: {}}
teams: {Harbour team: {base: Harbour}}
"""


@pytest.fixture
def world(tmp_path):
    """Describe a small scenario, with parts of its text replaced."""

    def described(*changes, answers=None):
        text = WORLD
        for old, new in changes:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path = tmp_path / "village.yaml"
        path.write_text(text, encoding="utf-8")
        return describe(read_subject(str(path)), answers or {})

    return described


def item(found, number):
    return next(own for own in found.items if own.item.number == number)


def facts(found, number):
    return [fact.text for fact in item(found, number).facts]


def parts_told(found):
    """Return the optional parts said to be in use, and those said not to be."""
    said = facts(found, "2.2")
    absent = next((s for s in said if s.startswith("Not in this scenario: ")), "")
    names = {f.name for f in FEATURES}
    used = {n for n in names if any(s.casefold().startswith(f"{n.casefold()}:") for s in said)}
    missing = set(absent.removeprefix("Not in this scenario: ").rstrip(".").split("; ")) - {""}
    return used, missing


def test_each_item_of_stress_des_is_there_once(world):
    numbers = [own.item.number for own in world().lists[0].items]

    assert numbers == STRESS_NUMBERS


@pytest.mark.parametrize("name", SHIPPED)
def test_each_item_is_written_once_in_each_format(name):
    found = describe(read_subject(name), {})
    text, page, data = as_text(found), as_markdown(found), as_data(found)

    wanted = [f"{i.number} {i.title}" for own in LISTS for i in own.items]
    assert re.findall(r"^\[[x~ ]\] (\w+[.\d]* .*)$", text, re.M)[1:] == wanted
    assert re.findall(r"^- \[[x ]\] \*\*(.*?)\*\*", page, re.M) == wanted
    written = [f"{i['number']} {i['title']}" for own in data["lists"] for i in own["items"]]
    assert written == wanted


def test_numbers_are_unique_and_every_question_belongs_to_an_item():
    numbers = Counter(i.number for own in LISTS for i in own.items)
    asked = {name for own in LISTS for i in own.items for name in i.questions}

    assert max(numbers.values()) == 1
    assert asked == set(QUESTIONS)


@pytest.mark.parametrize("name", SHIPPED)
def test_an_optional_part_is_either_in_use_or_said_not_to_be(name):
    used, absent = parts_told(describe(read_subject(name), {}))

    assert used | absent == {f.name for f in FEATURES}
    assert used & absent == set()


def test_a_scenario_without_optional_parts_says_so_of_each(world):
    used, absent = parts_told(world())

    assert used == set()
    assert absent == {f.name for f in FEATURES}


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        ("on_scene: 30 min}", "on_scene: 30 min, abandons_after: 2 h}", "abandonment"),
        ("on_scene: 30 min}", "on_scene: 30 min, permission: 5 min}", "permission"),
        ("on_scene: 30 min}", "on_scene: 30 min, relief_after: 2 h}", "relief on scene"),
        ("on_scene: 30 min}", "on_scene: 30 min, exposure: 1}", "exposure on scene"),
        ("  kinds:", "  surges: [{factor: 2}]\n  kinds:", "surges"),
        ("map:\n", "map:\n  local_travel: 2 min\n", "local travel"),
        (
            "  kinds:",
            "  day_to_day: {dispersion_index: 2}\n  kinds:",
            "days that differ by more than chance",
        ),
        ("{base: Harbour}", "{base: Harbour, turnout: 1 min}", "teams with a turnout of their own"),
    ],
)
def test_a_part_that_is_added_is_the_only_one_in_use(old, new, name, world):
    used, absent = parts_told(world((old, new)))

    assert used == {name}
    assert name not in absent


def test_a_part_of_one_alternative_alone_is_told_with_its_name(world):
    policies = "policies:\n  today: {}\n  slow: {set: {map.local_travel: 5 min}}\n"
    found = world(("bases:", f"{policies}bases:"))

    assert "Local travel: only under slow." in facts(found, "2.2")
    assert "slow differs from it in: sets map.local_travel: 5 min." in facts(found, "2.3")


@pytest.mark.parametrize("name", SHIPPED)
def test_the_defaults_listed_are_those_that_reading_found(name):
    subject = read_subject(name)
    said = facts(describe(subject, {}), "3.3")
    lead = "Default, the scenario is silent: "

    told = [text.removeprefix(lead) for text in said if text.startswith(lead)]
    assert told == list(subject.file.defaults)


@pytest.mark.parametrize("name", SHIPPED)
def test_every_distribution_is_among_the_inputs(name):
    file = read_subject(name).file
    listed = {path for path, _, _ in inputs(file)}

    assert {path for path, _ in distributions(file.scenario)} - listed == set()


@pytest.mark.parametrize("name", SHIPPED)
def test_every_source_and_assumption_of_the_file_is_told(name):
    subject = read_subject(name)
    found = describe(subject, {})
    scenario = subject.file.scenario

    assert {f"Source: {s}" for s in scenario.sources} <= set(facts(found, "3.1"))
    assert {f"Assumed: {s}" for s in scenario.assumptions} <= set(facts(found, "3.4"))


def test_a_source_next_to_a_value_is_told_with_what_limits_it(world):
    found = world()
    marked = "demand.rate: 3 per day (source: the harbour master; not counted)"

    assert marked in facts(found, "3.3")
    assert any("1 have a source next to them" in said for said in facts(found, "3.1"))


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("# (assumed)\nname: x\n", "assumed"),
        ("name: x  # (assumed) for now\n", "assumed: for now"),
        ("name: x  # (source: a book)\n", "source: a book"),
        ("name: x  # a source is not given\n", ""),
        ("name: x\n# (assumed)\n", ""),
        ("other: y  # (assumed)\nname: x\n", ""),
    ],
)
def test_only_a_comment_at_the_value_is_its_source(text, mark):
    assert provenance(read_tree(Source("file", text)), ("name",)) == mark


def test_no_name_of_another_scenario_is_in_a_description(world):
    """Everything is computed from the file."""
    text = as_text(world())

    assert "ambulance" not in text
    assert "Jablah" not in text


# What the author says


def test_what_is_not_answered_is_missing_by_name(world):
    found = world()

    assert item(found, "P2").status == MISSING
    assert item(found, "P2").open_questions == ("funding",)
    assert set(found.open_questions) == set(QUESTIONS)


def test_an_answer_is_marked_as_the_authors(world):
    found = world(answers={"funding": "Nobody paid.", "purpose": "To learn."})

    assert item(found, "P2").status == FILLED
    assert item(found, "1.1").status == FILLED
    assert 'author (funding): "Nobody paid."' in as_text(found)
    assert "*Author* (`funding`): \u201cNobody paid.\u201d" in as_markdown(found)
    assert "funding" not in found.open_questions


def test_what_is_known_to_be_short_stays_a_gap_whatever_is_answered(world):
    found = world(answers=dict.fromkeys(QUESTIONS, "Yes."))

    few = item(found, "B12")
    assert few.status == MISSING
    assert [gap.text for gap in few.gaps] == ["20 replications planned, fewer than 30."]


@pytest.mark.parametrize(("number", "name"), [("3.1", "source"), ("3.4", "assumption")])
def test_a_scenario_that_names_no_source_or_assumption_has_a_gap_there(number, name, world):
    """That there is none is nothing to tick."""
    found = world(answers=dict.fromkeys(QUESTIONS, "Yes."))

    assert [gap.text for gap in item(found, number).gaps] == [f"The scenario names no {name}."]
    assert item(found, number).status == PARTLY


def test_the_guideline_is_filled_in_only_where_all_of_it_is(world):
    assert item(world(), "S2").status == MISSING

    told = ("name: village", "name: village\nsources: [a book]\nassumptions: [all of it]")
    found = world(told, answers=dict.fromkeys(QUESTIONS, "Yes."))
    assert {own.status for own in found.lists[0].items} == {FILLED}
    assert item(found, "S2").status == FILLED


def test_a_template_asks_what_is_answered_when_it_is_read(tmp_path):
    given = {"funding": 'The "harbour": #1\nand others', "purpose": "To learn."}
    path = tmp_path / "answers.yaml"
    path.write_text(template(QUESTIONS, given), encoding="utf-8")

    assert read_answers(path) == {
        "purpose": "To learn.", "funding": 'The "harbour": #1 and others',
    }  # fmt: skip


def test_an_empty_template_answers_nothing(tmp_path):
    path = tmp_path / "answers.yaml"
    path.write_text(template(QUESTIONS, {}), encoding="utf-8")

    assert read_answers(path) == {}


# What a stranger's file may hold

HOSTILE = [
    "<b>bold</b>", "*x* _y_", "[a](javascript:alert)", "a|b", "`code`", "``two``", "# head",
    "- [x] done", "1. one", "$x$", "&lt;", "~~gone~~", "![i](u)", "\u202eright to left",
    "\u0627\u0644\u0644\u0627\u0630\u0642\u064a\u0629",
]  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_is_no_markup_in_markdown(name, world):
    quoted = json.dumps(name, ensure_ascii=True)
    found = world(
        ("{Harbour team: {base", f"{{{quoted}: {{base"),
        ("name: village", f"name: village\ntitle: {quoted}\nassumptions: [{quoted}]"),
        answers={"funding": name},
    )
    page = as_markdown(found)
    plain = re.sub(r"(`+)(?!`).*?(?<!`)\1(?!`)", "", re.sub(r"\\.", "", page))

    assert not re.search(r"[<>|$&~]|!\[|\]\(", plain)
    assert len(re.findall(r"^# ", page, re.M)) == 1
    assert "\u202e" not in page
    assert {len(m) for m in re.findall(r"^( *)- ", page, re.M)} == {0, 2}
    ours = [f"**{i.number} {i.title}**" for own in LISTS for i in own.items]
    assert plain.count("**") == 2 * len(ours)


def test_control_characters_are_written_out_for_a_terminal(world):
    found = world(
        ("name: village", 'name: village\nassumptions: ["a\\u001b[31mb\\u202ec"]'),
        answers={"funding": "x\x1b[0m"},
    )

    assert "\x1b" not in as_text(found)
    assert "\u202e" not in as_text(found)


def test_json_is_the_same_each_time(world):
    first, second = (json.dumps(as_data(world())) for _ in range(2))

    assert first == second
    assert json.loads(first)["format"] == 1
    statuses = json.loads(first)["lists"][0]["statuses"]
    assert list(statuses) == [FILLED, PARTLY, MISSING]
    assert sum(statuses.values()) == len(list(STRESS.items))


# Results


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    place = tmp_path_factory.mktemp("described") / "results"
    sim.compare(sim.load("first-steps", {"clock.length": "1 day"}), replications=2).save(place)
    return place


def test_results_are_described_from_their_manifest(results):
    found = describe(read_subject(str(results)), {})
    manifest = json.loads((results / "manifest.json").read_text(encoding="utf-8"))

    assert "2 independent replications were run." in facts(found, "4.3")
    assert any(manifest["content"] in said for said in facts(found, "6.1"))
    assert all(
        any(digest in s for s in facts(found, "3.1")) for digest in manifest["inputs"].values()
    )
    assert any(manifest["rescuesim"] in said for said in facts(found, "5.1"))
    assert [gap.text for gap in item(found, "B12").gaps] == ["2 replications run, fewer than 30."]
    assert [own.item for own in found.lists[1].items] == list(READINESS.items)


def test_results_and_their_scenario_have_the_same_alternatives(results):
    there, here = (
        facts(describe(read_subject(str(name)), {}), "2.4") for name in (results, "first-steps")
    )

    assert there == here


# The page about it


def test_the_example_of_the_page_is_what_the_command_writes():
    page = (ROOT / "docs" / "describe.md").read_text(encoding="utf-8")
    shown = page.partition("<!-- described: first-steps -->\n```text\n")[2].partition("```")[0]
    text = as_text(describe(read_subject("first-steps"), {}))

    at = 0
    for part in shown.split("...\n"):
        assert part in text[at:], part
        at = text.index(part, at) + len(part)


def test_the_answers_of_the_page_are_read(tmp_path):
    page = (ROOT / "docs" / "describe.md").read_text(encoding="utf-8")
    path = tmp_path / "answers.yaml"
    path.write_text(page.partition("```yaml\n")[2].partition("```")[0], encoding="utf-8")

    assert set(read_answers(path)) == {"purpose", "funding"}


@dataclass(frozen=True)
class SendsTheFirst:
    """Send the first team that is free."""

    def __call__(self, callout, view):
        return (view.teams[0], "first") if view.teams else (None, "nobody is free")


def test_a_rule_from_python_is_left_for_its_author_to_describe(tmp_path):
    file = sim.load("first-steps", {"clock.length": "1 day"})
    policies = {"today": "today", "mine": {"dispatch": SendsTheFirst()}}
    sim.compare(file, policies=policies, replications=2).save(tmp_path / "mine")

    found = describe(read_subject(str(tmp_path / "mine")), {})

    rule = "dispatch: SendsTheFirst"
    assert any(said.startswith(f"mine differs from it in: {rule}") for said in facts(found, "2.3"))
    assert any(said.startswith(rule) and "its author" in said for said in facts(found, "2.4"))


def test_a_second_scenario_is_told_by_what_differs(tmp_path):
    short = {"clock.length": "1 day"}
    first, second = sim.load("first-steps", short), sim.load(
        "first-steps", {**short, "name": "snow", "demand.rate": "13 per day"}
    )  # fmt: skip
    sim.compare(first, second, replications=2).save(tmp_path / "both")

    found = describe(read_subject(str(tmp_path / "both")), {})

    (told,) = [said for said in facts(found, "2.3") if said.startswith("Scenario 2, snow")]
    assert "demand.rate: 12 per day -> 13 per day" in told
    assert "name: first-steps -> snow" in told
