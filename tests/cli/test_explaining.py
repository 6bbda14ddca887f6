"""What ``explain`` prints: the callouts that differ, and the story of one."""

import re
from dataclasses import replace

import pytest

from sim.cli.study_commands import explain_command
from sim.errors import UsageError
from sim.experiment import Reported

from ..worlds import hand_worked, logged, world_of

KINDS = "high: {share: 50%, priority: 1}\nlow: {share: 50%, priority: 2}"
KEPT = "{dispatch: {cutoff: {reserve: {2: 1}}}}"
# as in tests/outcomes/test_divergence.py: 1 is 55 min later if kept back, and 2 is 50 min sooner
TEXT = hand_worked(
    "00:00 A low 60", "00:05 A low 60", "00:10 A high 10", "20:00 A high 10",
    kinds=KINDS, teams="One: {base: A}\nTwo: {base: A}",
    rest=f"policies: {{today: {{}}, keep: {KEPT}, again: {{}}}}\nstudy: {{replications: 2}}",
)  # fmt: skip


@pytest.fixture(scope="module")
def runs():
    """Three alternatives, the third the same as the first."""
    world = world_of(TEXT)
    start = world.scenario.clock.start
    return {
        a: Reported(logged(world, a), world.names, start, world) for a in world.scenario.policies
    }


@pytest.fixture
def explain(runs, monkeypatch, capsys):
    """Explain the runs above, or those given, and return what was printed."""

    def call(callout=None, alternative=None, against=None, most=20, given=runs, everything=False):
        monkeypatch.setattr(explain_command, "logs_of", lambda folder, replication: given)
        explain_command.explain("results", callout, alternative, against, 0, most, everything)
        return capsys.readouterr().out

    return call


def test_the_callouts_that_differ_are_listed_with_what_they_add_up_to(explain):
    """Four callouts, 5 min more in all; nothing is left to be added up by the reader."""
    out = explain()

    rows = [re.split(r"\s*│\s*", line) for line in out.splitlines() if line.startswith("│")]
    assert [row[1:-2] for row in rows] == [
        ["1", "6 Jan 00:05", "low", "A", "0.0 min", "55.0 min", "+55.0 min"],
        ["2", "6 Jan 00:10", "high", "A", "50.0 min", "0.0 min", "-50.0 min"],
    ]
    assert {row[-2] for row in rows} == {"keep did not send Two to callout 1"}
    text = " ".join(out.split())
    assert "2 of 4 callouts differ." in text
    assert "1 were reached sooner than under today, 1 later, 0 in the same time." in text
    assert "add up to +5.0 min, which is +1.25 min for each of the 4 reached under both" in text
    assert "--callout 1" in text


def test_callouts_reached_by_another_team_after_the_same_time_are_counted_apart(explain):
    """At 75 there is One today; under keep One is on callout 1 to 120, and Two goes as quickly."""
    text = TEXT.replace(
        "  callouts:\n", "  callouts:\n    - {at: day 1 01:15, place: A, kind: high}\n"
    )
    world = world_of(text)
    start = world.scenario.clock.start
    given = {a: Reported(logged(world, a), world.names, start, world) for a in ("today", "keep")}

    text = " ".join(explain(given=given).split())

    assert "3 of 5 callouts differ." in text
    assert "1 were reached sooner than under today, 1 later, 1 in the same time." in text


def test_callouts_reached_under_one_alternative_only_are_not_averaged(explain):
    """The second waits 55 min or is lost: the mean is of the other two, which do not differ."""
    text = hand_worked(
        "00:00 A job 60", "00:05 A job", "10:00 A job",
        rest="policies: {waits: {}, none: {queue: none}}",
    )  # fmt: skip
    world = world_of(text)
    start = world.scenario.clock.start
    given = {a: Reported(logged(world, a), world.names, start, world) for a in ("waits", "none")}

    text = " ".join(explain(given=given).split())

    assert "+0.00 min for each of the 2 reached under both. 1 reached under waits only." in text
    assert "lost under none" in text


def test_only_as_many_as_asked_for_are_listed(explain):
    """Those that differ most; the sums are of all."""
    out = explain(most=1)

    assert "+55.0 min" in out
    assert "-50.0 min" not in out
    assert "2 of 4 callouts differ" in out
    assert "The 1 largest differences are shown" in out


def test_a_callout_that_differs_is_told_under_each_and_explained_once(explain):
    """The third alternative, in which nothing differs, is named and not told again."""
    out = " ".join(explain(callout=2).split())

    assert out.index("Under today") < out.index("Under keep") < out.index("Why keep and today")
    assert out.count("Callout 2: high") == 2
    assert "50.0 min sooner." in out
    assert "are the same under again." in out


def test_a_callout_is_told_on_forty_lines_or_in_full(explain):
    """Sixty teams go to one callout; what is left out is counted, and told if asked for."""
    text = hand_worked(
        "00:00 A fire 600", "00:05 A fire 600", teams="T: {base: A, count: 60}",
        kinds="fire: {share: 100%, crew: 120}",
        rest="policies: {today: {}, none: {queue: none}}",
    )  # fmt: skip
    world = world_of(text)
    start = world.scenario.clock.start
    given = {
        a: Reported(logged(world, a), world.names, start, world) for a in world.scenario.policies
    }

    short, whole = explain(callout=1, given=given), explain(callout=1, given=given, everything=True)

    assert len(short.strip().splitlines()) <= 40
    assert len(whole.strip().splitlines()) > 100
    assert re.search(r"\d+ items are left out or cut; --all tells everything\.", short)
    assert "Response time" in short
    assert "left out" not in whole


def test_a_callout_that_is_the_same_everywhere_is_told_once(explain):
    """And it is said to be."""
    out = " ".join(explain(callout=3).split())

    assert out.count("Callout 3: high") == 1
    assert "Why" not in out
    assert (
        "First team, response time, queue time and outcome are the same under keep, again." in out
    )


def test_an_alternative_is_told_alone_beside_the_one_it_is_compared_with(explain):
    """Asked for keep against again, nothing is said of today."""
    out = explain(callout=2, alternative="keep", against="again")

    assert out.count("Callout 2: high") == 1
    assert "Why again and keep differ" in out
    assert "today" not in out


def test_an_unknown_number_is_answered_with_the_numbers_there_are(explain):
    """So that the next try is right."""
    with pytest.raises(UsageError, match=r"no callout 99 .*numbered 0 to 3"):
        explain(callout=99)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ({"alternative": "kept"}, "--policy: 'kept' is not among today, keep, again"),
        ({"against": "kept"}, "--against: 'kept' is not among today, keep, again"),
        ({"alternative": "keep", "against": "keep"}, "compared with itself"),
        ({"alternative": "keep", "against": "keep", "callout": 1}, "compared with itself"),
    ],
)
def test_an_alternative_that_cannot_be_compared_is_refused(explain, asked, answer):
    """With the ones that can."""
    with pytest.raises(UsageError, match=re.escape(answer)):
        explain(**asked)


def test_one_alternative_alone_has_stories_but_nothing_to_compare(explain, runs):
    """`run` gives such results."""
    alone = {"today": runs["today"]}

    assert "Callout 2: high" in explain(callout=2, given=alone)
    with pytest.raises(UsageError, match="one alternative only, today"):
        explain(given=alone)


def test_a_callout_is_followed_by_what_it_is_where_numbers_differ(explain):
    """Another demand numbers callouts otherwise: 1 of the one is 0 of the other."""
    text = hand_worked("00:00 A low 60", "00:05 A high 10", kinds=KINDS)
    world = world_of(text)
    start = world.scenario.clock.start
    whole, less = logged(world), logged(world)
    less._callouts[:] = [(0, *row[1:]) for row in less._callouts if row[0] == 1]
    less._missions[:] = [(0, *row[1:]) for row in less._missions if row[0] == 1]
    less._decisions[:] = [(*d[:2], 0, *d[3:]) for d in less._decisions if d[2] == 1]
    given = {
        n: Reported(log, world.names, start, world) for n, log in (("all", whole), ("less", less))
    }

    assert "are the same under less" in " ".join(explain(callout=1, given=given).split())
    out = " ".join(explain(callout=0, given=given).split())
    assert "It is not in the demand of less." in out
    assert "It is in the demand under all only." in out


def test_names_cannot_steer_a_terminal(explain):
    """A scenario from somebody else may hold control characters; they come out as blanks."""
    world = world_of(TEXT)
    wild = replace(world.names, places=("\x1b[31mA",), teams=("\x1b]0;x\x07One", "Two"))
    start = world.scenario.clock.start
    given = {a: Reported(logged(world, a), wild, start, world) for a in ("today", "keep")}

    assert "\x1b" not in explain(given=given) + explain(callout=1, given=given)


def test_a_results_folder_is_explained_on_the_command_line(rescuesim, tmp_path):
    """From the folder alone, replication and all."""
    (tmp_path / "mine.yaml").write_text(TEXT, encoding="utf-8")
    done = rescuesim("compare", "mine.yaml", "--out", "done", "--no-figures", "--quiet")
    assert done.code == 0, done.err

    listed = rescuesim("explain", "done", "--replication", "1")
    one = rescuesim("explain", "done", "--callout", "2", "--policy", "keep")
    unknown = rescuesim("explain", "done", "--callout", "77")

    assert (listed.code, one.code, unknown.code) == (0, 0, 2)
    assert "2 of 4 callouts differ" in listed.out
    assert "Callout 2: high" in one.out
    assert "numbered 0 to 3" in unknown.err
