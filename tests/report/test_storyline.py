"""Narratives that people read to the end: what is told first, what is left out, and why so late."""

import random
import re
from datetime import datetime

import pytest

from sim.experiment import Reported
from sim.local_clock import LocalClock
from sim.outcomes.explanation.divergence import changes
from sim.policies import policy_sets
from sim.report.narratives.attribution import in_short, told
from sim.report.narratives.delay_split import rounded
from sim.report.narratives.narrative import story, storyline
from sim.report.narratives.storyline import StoryItem, Storyline, Weight, printed, shortened
from sim.report.narratives.team_differences import teams_as_written
from sim.report.phrasing.saying import lasting
from sim.scenario import find_scenario, read_scenario

from ..worlds import hand_worked, logged, world_of
from .test_narrative import two_at_random

MINUTE = 60_000


def reported(world, *alternatives):
    """Return what alternatives of a world gave, by name."""
    start = world.scenario.clock.start
    names = alternatives or list(policy_sets(world.file))
    return {a: Reported(logged(world, a), world.names, start, world) for a in names}


def line_of(text, number, start):
    """Return the line of a callout's narrative that begins in a certain way, without its time."""
    (run,) = reported(world_of(text)).values()
    lines = [line.partition("  ")[2] for line in story(run, number)]
    return next(line for line in lines if line.startswith(start))


# -- durations ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "0.0 min"),
        (34.2, "34.2 min"),
        (119.94, "119.9 min"),
        (119.96, "2 h"),
        (192, "3 h 12 min"),
        (47 * 60 + 59, "47 h 59 min"),
        (53 * 60, "2 days 5 h"),
        (6915.7, "4 days 19 h"),
        (72 * 60, "3 days"),
    ],
)
def test_long_times_are_said_in_hours_and_days(minutes, said):
    assert lasting(round(minutes * MINUTE)) == said


def test_rounded_parts_add_up_to_the_rounded_whole():
    """Whoever adds up what is printed finds what is printed."""
    rng = random.Random(5)
    for _ in range(200):
        times = [rng.randint(-90_000, 900_000) for _ in range(rng.randint(1, 7))]
        unit = rng.choice([6_000, 60_000])
        shown = rounded(times, unit)
        assert sum(shown) == rounded([sum(times)], unit)[0]
        assert all(abs(a - b) <= unit for a, b in zip(shown, times, strict=True))


def test_a_long_response_time_is_split_into_whole_minutes():
    """T is cleared at 190; the parts of 3 h 8 min have no tenths."""
    text = hand_worked("00:00 A job 190", "00:10 B job", places="A B", times="A-B 8")

    assert line_of(text, 1, "T was on scene").endswith(
        "Response time 3 h 8 min: 3 h queue time without a free team and 8 min drive as expected."
    )


# -- why no nearer team ---------------------------------------------------------------------------


SEVEN = "\n".join(f"N{n}: {{base: A, capabilities: [rope]}}" for n in range(7))
FAR = {
    "places": "A B", "bases": "A B", "times": "A-B 30",
    "kinds": "climb: {share: 50%, needs: [rope]}\njob: {share: 50%}",
}  # fmt: skip


def test_five_nearer_teams_are_named_and_the_others_counted():
    text = hand_worked(
        *["00:00 A climb 60"] * 7, "00:20 A climb", **FAR,
        teams=f"{SEVEN}\nWalk: {{base: A}}\nFar: {{base: B, capabilities: [rope]}}",
    )  # fmt: skip
    line = line_of(text, 7, "Nearer, but not available")

    assert line.startswith(
        "Nearer, but not available: N0 (0.0 min from its base) was on callout 0 from 00:00 to "
        "01:00; N1 "
    )
    assert "N4" in line
    assert "N5" not in line
    assert line.endswith(". Of the others, 2 on other callouts. Without rope: Walk.")


def test_who_can_never_help_is_told_once():
    """At 00:20 nobody with a rope is free, and at 01:00 the one who went there first is."""
    text = hand_worked("00:00 A climb 60", "00:20 A climb", **FAR,
                       teams="Rope: {base: B, capabilities: [rope]}\nWalk: {base: A}")  # fmt: skip
    (run,) = reported(world_of(text)).values()
    lines = story(run, 1)

    assert [line for line in lines if "Without rope" in line] == [
        "00:20  No team that could help was free. Not available, nearest first: Rope (30.0 min "
        "from its base) was on callout 0 from 00:00 to 01:30. Without rope: Walk."
    ]


def test_a_team_nearer_by_a_minute_is_no_reason_to_ask():
    text = hand_worked(
        "00:00 B job 60", "00:20 A job", places="A B C", bases="B C",
        times="A-B 10, A-C 11, B-C 30", teams="Near: {base: B}\nOther: {base: C}",
    )  # fmt: skip
    (run,) = reported(world_of(text)).values()

    assert not any("not available" in line for line in story(run, 1))


# -- forty lines ----------------------------------------------------------------------------------


def storyline_of(*weights):
    """Return a narrative with an item of each weight, a minute apart."""
    items = tuple(StoryItem(n * MINUTE, f"Item {n}.", w) for n, w in enumerate(weights))
    start = LocalClock(datetime(2025, 1, 6))
    return Storyline(start, 0, "Head.", items, lambda clock: f"End {clock.at(0)}.")


def test_what_comes_after_the_first_arrival_is_left_out_first():
    kept = storyline_of(Weight.ALWAYS, Weight.BEFORE, Weight.ALWAYS, Weight.LATER, Weight.AROUND)
    (five,), out = shortened([kept], 5, 100)

    assert out == 2
    assert five == ["Head.", "00:00  Item 0.", "00:01  Item 1.", "00:02  Item 2.", "End 00:00."]


def test_what_always_matters_stays_whatever_the_room():
    (told_,), out = shortened([storyline_of(*[Weight.ALWAYS] * 9)], 4, 100)

    assert (len(told_), out) == (11, 0)


def test_of_much_that_matters_alike_the_middle_is_left_out():
    (lines,), out = shortened([storyline_of(*[Weight.BEFORE] * 9)], 6, 100)

    assert out == 5
    assert [line[7:] for line in lines[1:-1]] == ["Item 0.", "Item 1.", "Item 7.", "Item 8."]


def test_the_longer_of_two_is_shortened_and_a_date_is_not_lost():
    """The item with the new date is left out; the next one has it."""
    long = Storyline(
        LocalClock(datetime(2025, 1, 6, 23, 58)), 0, "Head.",
        tuple(StoryItem(n * MINUTE, "Again.", Weight.LATER) for n in range(4)),
        lambda clock: f"End {clock.at(5 * MINUTE)}.",
    )  # fmt: skip
    (one, two), out = shortened([storyline_of(Weight.LATER), long], 7, 100)

    assert out == 2
    assert len(one) == 3
    assert two == ["Head.", "23:58  Again.", "7 January 00:01  Again.", "End 00:03."]


def test_names_with_hyphens_are_not_broken_over_lines():
    assert printed("it went to Al-Qardaha", 15) == ["it went to", "    Al-Qardaha"]


# -- chains of causes -----------------------------------------------------------------------------


def test_a_chain_ends_at_the_last_decision_before_that_differed():
    """Each callout goes otherwise because of one before; what is told ends at the first of them."""
    two = two_at_random(4)
    a, b = two.values()
    found = changes(a.log, b.log, a.names, b.names)
    cut = [c for c in found if len(c.near) < len(c.chain) - 1]

    assert cut
    for change in cut:
        assert change.near[-1].chose_otherwise
        assert not any(step.chose_otherwise for step in change.near[1:-1])
        lines, whole = told(change, two), told(change, two, None)
        assert lines[:2] == whole[:2]
        assert lines[-2] == whole[len(change.near)]
        steps = len(change.chain) - len(change.near)
        assert lines[-1].startswith(
            "This is the last decision before it that differed. The causes of that one go back "
            f"{steps} steps further, to "
        )
        assert len(whole) == 1 + len(change.chain)


BASES = "policies: {{as is: {{}}, other: {{set: {{teams: {{Two: {{{}}}}}}}}}}}"


@pytest.mark.parametrize(
    ("change", "sentence", "short"),
    [
        ("base: C", "Under as is, Two's base is B; under other, Two's base is C.", "Two's base"),
        ("turnout: 9 min",
         "Under as is, Two is expected to turn out in 0.0 min; under other, Two is expected to "
         "turn out in 9.0 min.", "Two's turnout"),
        ("shifts: [day]",
         "Under as is, Two is always on duty; under other, Two was off duty.", "Two's shifts"),
        ("capabilities: []",
         "Under as is, Two has rope; under other, Two has no capabilities.",
         "Two's capabilities"),
    ],
)  # fmt: skip
def test_what_the_scenarios_say_otherwise_of_a_team_is_the_cause(change, sentence, short):
    """Two in B goes to A today; otherwise it is farther, slower, off duty or cannot help."""
    world = {"places": "A B C D", "bases": "B C D",
             "times": "A-B 10, A-C 40, A-D 25, B-C 30, B-D 30, C-D 30"}  # fmt: skip
    text = hand_worked(
        "00:10 A job", **world, kinds="job: {share: 100%, needs: [rope]}",
        teams="Two: {base: B, capabilities: [rope]}\nThree: {base: D, capabilities: [rope]}",
        rest=f"shifts: {{day: {{hours: 08:00-20:00}}}}\n{BASES.format(change)}",
    )  # fmt: skip
    two = varied(text)
    a, b = two.values()
    (found,) = changes(a.log, b.log, a.names, b.names, teams_as_written(a, b))

    assert told(found, two)[-1].endswith(sentence)
    assert in_short(found, two) == short


def test_a_team_at_its_base_is_not_explained_by_what_it_did_the_day_before():
    """
    Two turns out later under the other, for the callout of 00:10 and for that of 06:00. Back at its
    base for hours, it is the turnout that makes the difference, not the callout before.
    """
    text = hand_worked(
        "00:10 A job", "06:00 A job", places="A B", bases="B", times="A-B 10",
        teams="Two: {base: B}", rest=BASES.format("turnout: 9 min"),
    )  # fmt: skip
    two = varied(text)
    a, b = two.values()
    found = changes(a.log, b.log, a.names, b.names, teams_as_written(a, b))

    assert [in_short(change, two) for change in found] == ["Two's turnout"] * 2
    assert [len(change.chain) for change in found] == [1, 1]


def varied(text):
    """Return what the alternatives of a text gave, each in the world that it sets."""
    from sim.experiment.running.alternatives import design_of
    from sim.experiment.running.runner import Runner

    file = world_of(text).file
    runner = Runner(design_of([file]).alternatives, 1)
    return {
        name: Reported(runner.log(name, 0), world.names, world.scenario.clock.start, world)
        for name, world in runner.worlds.items()
    }


# -- everything -----------------------------------------------------------------------------------

ENDS = re.compile(r"[\w)']\.$")
SHRUGS = ("not say", "not know", "unknown", "None", "could be sent only after that")


def check(line):
    """Check that a line is one or more whole sentences, which hold no long number of minutes."""
    assert ENDS.search(line), line
    assert not any(shrug in line for shrug in SHRUGS), line
    assert all(float(number) < 120 for number in re.findall(r"(\d+\.\d) min", line)), line


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("coast-march-2025", "cover"),
        ("first-steps", "reserve"),
        pytest.param("lattakia-collapse", "rescue", marks=pytest.mark.long),
        pytest.param("coast-volunteers", "in waves", marks=pytest.mark.long),
        pytest.param("coast-fire-night", "help", marks=pytest.mark.long),
        pytest.param("staffing-study", "on call at night", marks=pytest.mark.long),
    ],
)
def test_hundreds_of_callouts_are_explained_in_whole_sentences(name, other):
    """And for each callout that differs there is a cause, and no shrug."""
    two = pair_of(name, other)
    a, b = two.values()
    for run in (a, b):
        for row in run.log.callouts[::3]:
            for line in storyline(run, row.callout).lines():
                check(line)
    for change in changes(a.log, b.log, a.names, b.names, teams_as_written(a, b)):
        for line in told(change, two):
            check(line)
        assert in_short(change, two)


def pair_of(name, other):
    """Return the first alternative of a shipped scenario and another one, ten days of each."""
    from sim.experiment.running.alternatives import design_of
    from sim.experiment.running.runner import Runner

    file = read_scenario(find_scenario(name), {"clock.length": "10 days"})
    runner = Runner(design_of([file]).alternatives, file.scenario.study.seed)
    first = next(iter(runner.worlds))
    return {
        n: Reported(runner.log(n, 0), w.names, w.scenario.clock.start, w)
        for n, w in runner.worlds.items()
        if n in (first, other)
    }
