"""``describe``: a scenario or results written for a reporting guideline."""

import json
from pathlib import Path

import pytest

from .conftest import SHORT


@pytest.fixture
def results(rescuesim):
    """A results folder without figures."""
    assert rescuesim("compare", "first-steps", *SHORT, "--quiet", "--out", "here").code == 0
    return Path("here")


def test_a_scenario_is_described_for_the_terminal(rescuesim):
    said = rescuesim("describe", "first-steps")

    assert said.code == 0
    assert said.err == ""
    assert said.out.startswith("First steps: scenario described\n")
    assert "[~] 1.1 Purpose of the model" in said.out
    assert "missing (funding): Who paid for the study?" in said.out
    assert max(map(len, said.out.splitlines())) <= 100


@pytest.mark.parametrize(
    ("name", "begins"),
    [("a.txt", "First steps: scenario"), ("a.md", "# First steps\n"), ("a.json", "{\n")],
)
def test_the_ending_of_the_file_tells_the_format(name, begins, rescuesim):
    said = rescuesim("describe", "first-steps", "--out", name)

    assert (said.code, said.out) == (0, "")
    assert Path(name).read_text(encoding="utf-8").startswith(begins)


def test_the_format_given_is_that_of_the_file(rescuesim):
    assert rescuesim("describe", "first-steps", "--format", "json", "--out", "a.data").code == 0

    assert json.loads(Path("a.data").read_text(encoding="utf-8"))["scenario"] == "first-steps"


def test_json_is_the_same_on_the_screen_and_in_a_file(rescuesim):
    said = rescuesim("describe", "first-steps", "--format", "json")
    assert rescuesim("describe", "first-steps", "--out", "a.json").code == 0

    assert json.loads(said.out) == json.loads(Path("a.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["first-steps", "--out", "a.docx"], "end it in .txt, .md, .json, or add --format"),
        (["first-steps", "--format", "html"], "'html' is not one of"),
        (["first-steps", "--template", "--format", "json"], "--template writes YAML"),
        (["nowhere"], "nowhere"),
        (["first-steps", "--answers", "none.yaml"], "none.yaml"),
    ],
)
def test_a_wrong_flag_is_told(arguments, words, rescuesim):
    said = rescuesim("describe", *arguments)

    assert said.code == 2
    assert words in said.err
    assert said.out == ""
    assert list(Path().iterdir()) == []


def test_a_template_is_filled_in_and_read_back(rescuesim):
    assert rescuesim("describe", "first-steps", "--template", "--out", "answers.yaml").code == 0
    path = Path("answers.yaml")
    text = path.read_text(encoding="utf-8")
    assert text.count('funding: ""') == 1
    path.write_text(text.replace('funding: ""', "funding: The village."), encoding="utf-8")

    said = rescuesim("describe", "first-steps", "--answers", path)
    again = rescuesim("describe", "first-steps", "--answers", path, "--template")

    assert said.code == 0
    assert 'author (funding): "The village."' in said.out
    assert "missing (funding)" not in said.out
    assert 'funding: "The village."' in again.out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("fundng: me\n", "answers.yaml:1:1: error: unknown key 'fundng'"),
        ("fundng: me\n", "did you mean 'funding'?"),
        ("funding: [a, b]\n", "an answer is text"),
        ("- funding\n", "expected a name and an answer"),
        ("funding: {\n", "answers.yaml"),
    ],
)
def test_a_wrong_answer_is_told_at_its_line(text, words, rescuesim):
    Path("answers.yaml").write_text(text, encoding="utf-8")

    said = rescuesim("describe", "first-steps", "--answers", "answers.yaml")

    assert said.code == 2
    assert words in said.err
    assert said.out == ""


def test_errors_of_a_scenario_are_told_as_by_check(starter, rescuesim):
    path = starter(("crew: 2  #", "crew: two  #"))

    said = rescuesim("describe", path)

    assert said.code == 2
    assert said.err == rescuesim("check", path).err


def test_results_are_described(results, rescuesim):
    said = rescuesim("describe", results)

    assert said.code == 0
    assert said.out.startswith("First steps: results described\n")
    assert "2 independent replications were run." in said.out
    assert "Run time:" in said.out


def test_results_that_are_partial_are_refused(results, rescuesim):
    (results / "manifest.json").rename(results / "PARTIAL.json")

    said = rescuesim("describe", results)

    assert said.code == 4
    assert "is not complete: PARTIAL.json says what is missing" in said.err
    assert said.out == ""


@pytest.mark.parametrize("name", ["scenario.yaml", "summary.csv", "observations.npz"])
def test_results_that_were_altered_are_refused(name, results, rescuesim):
    with (results / name).open("ab") as file:
        file.write(b"\n")

    said = rescuesim("describe", results)

    assert said.code == 4
    assert f"{name} is not the file that the manifest describes" in said.err
    assert said.out == ""


def test_results_of_another_format_are_refused(results, rescuesim):
    path = results / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(manifest | {"format": 2}), encoding="utf-8")

    said = rescuesim("describe", results)

    assert said.code == 4
    assert "has results format 2" in said.err


def test_a_file_that_is_no_longer_there_is_named(results, rescuesim):
    (results / "summary.csv").unlink()

    said = rescuesim("describe", results)

    assert said.code == 0
    assert "Missing from the folder: summary.csv." in said.out


def test_results_without_their_scenario_are_refused(results, rescuesim):
    (results / "scenario.yaml").unlink()

    said = rescuesim("describe", results)

    assert said.code == 4
    assert "is not complete: scenario.yaml is missing" in said.err


def test_a_folder_without_results_is_refused(rescuesim):
    Path("empty").mkdir()

    said = rescuesim("describe", "empty")

    assert said.code == 4
    assert "empty is not a results folder" in said.err


def test_a_selection_is_described(rescuesim):
    select = ("select", "first-steps", "--method", "equal", "--budget", 20, "--days", 1)
    assert rescuesim(*select, "--quiet", "--out", "chosen").code == 0

    said = rescuesim("describe", "chosen")

    assert said.code == 0
    assert "The best alternative is selected; the choice: " in said.out
    assert "replications planned" not in said.out


def test_what_a_stranger_writes_into_a_manifest_is_no_order_to_the_terminal(results, rescuesim):
    path = results / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["run"] |= {"system": "\x1b[31mred", "libraries": {"\x1b[0m": None}, "seconds": "no"}
    path.write_text(json.dumps(manifest), encoding="utf-8")

    said = rescuesim("describe", results)

    assert said.code == 0
    assert "\x1b" not in said.out
