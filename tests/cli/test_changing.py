"""``explain --instead``: the documentation's example to the letter, refusals, and flags."""

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

import pytest

import sim
from sim.cli import run

PAGE = Path(__file__).parents[2] / "docs" / "one-decision.md"
PARTS = re.split(
    r"<!-- (?:scenario|command: (.+?)) -->\n```\w+\n(.*?)```", PAGE.read_text("utf-8"), flags=re.S
)
SCENARIO = PARTS[2]
EXAMPLES = list(zip(PARTS[4::3], PARTS[5::3], strict=True))


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    """The results of the page's scenario."""
    folder = tmp_path_factory.mktemp("one-decision")
    (folder / "village.yaml").write_text(SCENARIO, encoding="utf-8")
    asked = ["compare", folder / "village.yaml", "--out", folder / "out", "--no-figures", "--quiet"]
    assert run([str(a) for a in asked]) == 0
    return folder / "out"


@pytest.fixture
def changed(results, capsys):
    """Run explain on the results; return the exit code and all that was said."""

    def call(*arguments):
        capsys.readouterr()
        code = run(["explain", str(results), *map(str, arguments)])
        said = capsys.readouterr()
        return code, said.out + said.err

    return call


def test_the_page_has_examples():
    assert len(EXAMPLES) == 2


@pytest.mark.parametrize(("command", "shown"), EXAMPLES, ids=[c for c, _ in EXAMPLES])
def test_the_examples_of_the_page_are_what_the_command_prints(command, shown, changed):
    """A page written by hand would go its own way. By hand: 6 and 14 min become 8 and 0."""
    _, out = changed(*shlex.split(command)[2:])

    assert out.strip("\n") == shown.strip("\n"), f"{PAGE.name} is to say:\n{out}"


def test_the_baseline_is_said_to_be_it_unless_it_was_asked_for(changed):
    assert "under today, the baseline:" in changed("--callout", 0, "--instead", "Hill team")[1]
    asked = changed("--callout", 0, "--instead", "Hill team", "--policy", "today")[1]
    assert "under today: one decision" in asked


def test_the_team_that_was_sent_anyway_changes_nothing(changed):
    code, out = changed("--callout", 0, "--instead", "Harbour team")

    assert code == 0
    assert "That is the team asked for: nothing is changed." in " ".join(out.split())
    assert "The two runs are the same." in out


def test_nobody_is_not_a_team(changed):
    """In any case of letters; a team of that name would be one."""
    code, out = changed("--callout", 2, "--instead", "Nobody")

    assert code == 0
    assert "Instead, nobody is sent then" in " ".join(out.split())
    assert "unfinished" in out


@pytest.mark.parametrize(
    ("asked", "code", "told"),
    [
        (("--callout", 1, "--instead", "Harbour team"), 2, "it was on callout 0 from 08:00"),
        (("--callout", 0, "--instead", "Hil team"), 2, "did you mean 'Hill team'?"),
        (("--callout", 9, "--instead", "Hill team"), 2, "they are numbered 0 to 2"),
        (("--instead", "Hill team"), 2, "--instead: add --callout N"),
        (
            ("--callout", 0, "--instead", "Hill team", "--against", "today"), 2,
            "leave --against out",
        ),
        (
            ("--callout", 0, "--instead", "Hill team", "--policy", "tomorrow"), 2,
            "--policy: 'tomorrow' is not among today",
        ),
        (
            ("--callout", 0, "--instead", "Hill team", "--replication", 2), 4,
            "has replications 0 to 1, not 2",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_in_a_sentence(asked, code, told, changed):
    found = changed(*asked)

    assert found[0] == code
    assert told in found[1]
    assert "Traceback" not in found[1]


def test_results_of_another_version_are_refused(results, tmp_path, changed, monkeypatch):
    """Their runs would not be the ones that were asked about."""
    monkeypatch.setattr("sim.experiment.results.counterfactual.RESULTS_VERSION", 99)

    code, out = changed("--callout", 0, "--instead", "Hill team")

    assert code == 4
    assert "whose runs this version does not repeat" in out


def test_policies_from_python_are_refused_as_everywhere(tmp_path, capsys):
    """A results folder does not hold them."""
    (tmp_path / "village.yaml").write_text(SCENARIO, encoding="utf-8")
    found = sim.compare(tmp_path / "village.yaml", policies={"own": {"dispatch": Last()}})
    found.save(tmp_path / "out")

    code = run(["explain", str(tmp_path / "out"), "--callout", "0", "--instead", "Hill team"])

    assert code == 4
    assert "Last, which came from Python" in capsys.readouterr().err


@dataclass(frozen=True)
class Last:
    """Sends the candidate with the highest number."""

    def __call__(self, callout, view):
        return max(view.teams, default=None), "last"


def test_a_narrow_terminal_has_lines_in_place_of_the_wide_table(changed, monkeypatch):
    """A table of eight columns cannot be read in 60."""
    monkeypatch.setattr("sim.cli.study_commands.explain_instead.WIDTH", 60)

    _, out = changed("--callout", 0, "--instead", "Hill team")

    assert max(map(len, out.splitlines())) <= 60
    row = "1 6 Jan 08:05, 1 rescue, Harbour: 14.0 min as it was, 0.0 min instead (-14.0 min); "
    assert row + "as it was, Harbour team was on callout 0" in " ".join(out.split())


def test_only_as_many_others_as_asked_for_are_listed(tmp_path, capsys):
    """All that differ are counted."""
    text = SCENARIO.replace(
        "    - {at: day 1 12:00",
        "    - {at: day 1 08:06, place: Hill, kind: rescue}\n    - {at: day 1 12:00",
    )
    (tmp_path / "v.yaml").write_text(text, encoding="utf-8")
    run(["compare", str(tmp_path / "v.yaml"), "--out", str(tmp_path / "o"), "--no-figures", "-q"])
    asked = ["--callout", "0", "--instead", "Hill team", "--most", "1"]

    assert run(["explain", str(tmp_path / "o"), *asked]) == 0

    out = capsys.readouterr().out
    assert "The first 1 of 2 are shown; --most shows more." in out
