"""What people read about a callout: true to the log, and what is not known said as such."""

import random
from dataclasses import replace

import pytest

from sim.errors import UsageError
from sim.experiment import Reported
from sim.log import Ending
from sim.outcomes.explanation.divergence import Cause, changes
from sim.report.narratives.attribution import in_short, told
from sim.report.narratives.narrative import story
from sim.report.narratives.narrative_events import ending

from ..worlds import hand_worked, logged, random_roads, random_world, world_of

KINDS = "high: {share: 50%, priority: 1}\nlow: {share: 50%, priority: 2}"
KEPT = "policies: {today: {}, keep: {dispatch: {cutoff: {reserve: {2: 1}}}}}"
COVER = "policies: {today: {}, cover: {relocation: {dmexclp: {within: 15 min}}}}"


def runs_of(text):
    """Return what every alternative of a text gave, by name."""
    world = world_of(text)
    start = world.scenario.clock.start
    return {
        a: Reported(logged(world, a), world.names, start, world) for a in world.scenario.policies
    }


def story_of(text, number):
    """Return the story of a callout under the first alternative."""
    return story(next(iter(runs_of(text).values())), number)


def reasons(text):
    """Return, of each callout that differs under two alternatives, why and why in short."""
    two = runs_of(text)
    a, b = two.values()
    found = changes(a.log, b.log, a.names, b.names)
    return [(told(change, two), in_short(change, two)) for change in found]


def test_a_callout_is_told_from_the_call_to_the_hospital():
    """
    Ready at 00:03 for a call of 00:01. Two is 2 + 5 away, One 1 + 0 + the drive of 20. It is on
    scene at 00:10, works 10, drives 5, hands over 15. Turnout is as expected, hence the time.
    """
    text = hand_worked(
        "00:01 X job 10",
        places="A B X", times="A-X 20, B-X 5, A-B 9", bases="A B",
        teams="One: {base: A, turnout: 1 min}\nTwo: {base: B, turnout: 2 min}",
        kinds="job: {share: 100%, priority: 3, to: hospital, handover: 15 min}",
        rest="hospitals: {Mercy: B}\ndispatch_centre: {call_handling: 2 min}",
    )  # fmt: skip

    assert story_of(text, 0) == [
        "Callout 0: job, priority 3, in X. Received on Monday 6 January 2025 at 00:01, ready to "
        "dispatch 2.0 min later.",
        "00:03  Free teams, expected on scene: Two in 7.0 min, One in 21.0 min. Two was sent "
        "(closest: expected on scene first). The second choice, One, was expected 14.0 min later.",
        "00:10  Two was on scene, as expected. Response time 9.0 min: 2.0 min call handling, "
        "2.0 min turnout and 5.0 min drive as expected.",
        "00:20  Two left for Mercy.",
        "00:25  Two was at the hospital.",
        "00:40  Two was cleared.",
        "Ended at 00:40, 39.0 min after the call.",
    ]


def test_a_wait_says_how_long_and_what_ended_it():
    """The date is said where the day changes, and nowhere else."""
    text = hand_worked("23:30 A job 40", "23:50 A job 10", run="2 days")

    assert story_of(text, 1) == [
        "Callout 1: job, priority 1, in A. Received on Monday 6 January 2025 at 23:50.",
        "23:50  No team that could help was free. Not available, nearest first: T (0.0 min from "
        "its base) was on callout 0 from 23:30 to 7 January 00:10.",
        "7 January 00:10  T was cleared from callout 0. Free teams, expected on scene: T in "
        "0.0 min. T was sent (closest: expected on scene first).",
        "00:10  T was on scene, as expected. Response time 20.0 min: 20.0 min queue time without a "
        "free team.",
        "00:20  T was cleared.",
        "Ended at 00:20, 30.0 min after the call.",
    ]


def test_a_wait_names_the_team_that_came_and_not_another_cleared_at_the_same_moment():
    """At 60 One goes to the first that waits and Two to the second."""
    text = hand_worked(
        *["00:00 A job 60"] * 2, *["00:05 A job"] * 2, teams="One: {base: A}\nTwo: {base: A}"
    )

    assert [story_of(text, n)[2].split(". ")[0] for n in (2, 3)] == [
        "01:00  One was cleared from callout 0",
        "01:00  Two was cleared from callout 1",
    ]


def test_further_teams_and_those_stood_down_are_told_in_order():
    """
    Four people are needed. Near brings three and works from 5 on; Far, 30 away, is called off at
    5 + 12 * 4 / 3 = 21.
    """
    text = hand_worked(
        "00:00 X job 12",
        places="A B X", times="A-X 5, B-X 30, A-B 35", bases="A B",
        teams="Near: {base: A, crew: 3}\nFar: {base: B, crew: 3}",
        kinds="job: {share: 100%, crew: 4}",
    )  # fmt: skip
    lines = story_of(text, 0)

    assert sum("Response time" in line for line in lines) == 1
    assert [line.split("  ")[0] for line in lines[1:-1]] == [
        "00:00", "00:00", "00:05", "00:21", "00:21",
    ]  # fmt: skip
    assert lines[2].startswith("00:00  Further help. Free teams, expected on scene: Far in 30.0")
    assert lines[4:6] == [
        "00:21  Near was cleared.",
        "00:21  Far was stood down: the others had finished the work.",
    ]


def test_only_the_five_nearest_are_named():
    """The others are counted."""
    text = hand_worked("00:00 A job", teams="T: {base: A, count: 8}")

    assert story_of(text, 0)[1] == (
        "00:00  Free teams, expected on scene: T 1 in 0.0 min, T 2 in 0.0 min, T 3 in 0.0 min, "
        "T 4 in 0.0 min, T 5 in 0.0 min, and 3 more. T 1 was sent (closest: expected on scene "
        "first). The second choice, T 2, was expected at the same moment."
    )


def test_a_nearer_team_that_a_rule_passes_over_is_named():
    """Whoever asks "why not the nearer one?" must not have to ask twice."""
    text = hand_worked(
        "00:00 A job", places="A B", times="A-B 8", bases="A B",
        teams="One: {base: A}\nTwo: {base: B}",
        rest="policies: {card: {dispatch: {run_card: {order: {A: [Two]}}}}}",
    )  # fmt: skip

    assert story_of(text, 0)[1].endswith(
        "Two was sent (run_card: number 1 on the run card). "
        "One was expected 8.0 min sooner, but not chosen."
    )


@pytest.mark.parametrize(
    ("kind", "rest", "end"),
    [
        ("job: {share: 100%}", "policies: {p: {queue: none}}",
         "Lost at 00:05: no team was sent, and this rule has no queue."),
        ("job: {share: 100%, abandons_after: 15 min}", "",
         "Abandoned at 00:20, after 15.0 min without a team."),
        ("job: {share: 100%}", "", "Unfinished: when the run ended no team had been sent."),
    ],
)  # fmt: skip
def test_no_crew_is_said_as_it_was(kind, rest, end):
    """An unfinished callout has no end to tell."""
    text = hand_worked("00:00 A job 50", "00:05 A job", kinds=kind, rest=rest, run="40 min")

    assert story_of(text, 1)[-1] == end


@pytest.mark.parametrize(
    ("run", "end"),
    [
        ("20 min", "Unfinished: when the run ended no team had reached it."),
        ("35 min", "Unfinished: the run ended before it was over."),
    ],
)
def test_an_unfinished_callout_is_said_to_be(run, end):
    """On the way at 20, at work at 35."""
    text = hand_worked("00:00 B job", places="A B", times="A-B 30", run=run)

    assert story_of(text, 0)[-1] == end


def test_a_number_that_is_not_there_is_answered_with_those_that_are():
    """Callouts of the warm-up have numbers too, so they do not begin at 0."""
    (run,) = runs_of(hand_worked("00:00 A job", "01:00 A job")).values()

    with pytest.raises(UsageError, match=r"no callout 7 .* numbered 0 to 1$"):
        story(run, 7)


def test_a_rule_that_holds_a_team_in_reserve_is_quoted():
    """As in tests/outcomes/test_divergence.py, where the numbers are worked out."""
    late, soon = reasons(
        hand_worked(
            "00:00 A low 60", "00:05 A low 60", "00:10 A high 10",
            kinds=KINDS, teams="One: {base: A}\nTwo: {base: A}", rest=KEPT,
        )
    )  # fmt: skip
    parted = (
        "00:05, callout 1: under today Two was sent, expected in 0.0 min (closest: expected on "
        "scene first); under keep no team was sent (cutoff: 1 free, 1 kept for more urgent "
        "callouts). Both had the same candidates: the rules chose differently."
    )

    assert late == (
        [
            "Callout 1 (low, A, 6 January 00:05): 0.0 min under today, 55.0 min under keep, "
            "55.0 min later.",
            parted,
        ],
        "keep did not send Two to callout 1",
    )
    assert soon == (
        [
            "Callout 2 (high, A, 6 January 00:10): 50.0 min under today, 0.0 min under keep, "
            "50.0 min sooner.",
            "00:10, callout 2: under today no team was sent (closest: no free team can help); "
            "under keep Two was sent, expected in 0.0 min. Under today, Two had been on callout 1 "
            "since 00:05.",
            parted,
        ],
        "keep did not send Two to callout 1",
    )


def test_a_relocation_is_told_with_its_gain_as_the_last_step():
    """The gain is that of one team for the one place in reach: (1 - 0.4) of a half."""
    found = reasons(
        hand_worked(
            "00:00 B job", "01:30 A job", "02:05 B job",
            places="A B", times="A-B 30", bases="A B", teams="One: {base: A}", rest=COVER,
        )
    )  # fmt: skip

    assert found[1][1] == "dmexclp moved One to B"
    assert found[1][0][1:] == [
        "02:05, callout 2: under today One was sent, expected in 30.0 min; under cover no team was "
        "sent (closest: no free team can help). Under cover, One had been on callout 1 since "
        "01:30.",
        "01:30, callout 1: under today One was sent, expected in 0.0 min; under cover One was "
        "sent, expected in 30.0 min. Under cover, One had been relocated.",
        "00:40, relocation of One: under today it was not relocated; under cover dmexclp "
        "sent it to B (covers 30.00% of the demand more, the most of all bases). The rules chose "
        "differently.",
    ]


def test_a_callout_nobody_reached_has_no_difference():
    """Not a large number, and not zero."""
    (lines, short), *_ = reasons(
        hand_worked(
            "00:00 A job 60", "00:05 A job", rest="policies: {waits: {}, none: {queue: none}}"
        )
    )

    assert lines == [
        "Callout 1 (job, A, 6 January 00:05): 55.0 min under waits, lost under none.",
        "01:00, callout 1: under waits T was sent, expected in 0.0 min. Under none, it was lost by "
        "then.",
    ]
    assert short == "lost under none"


def test_the_order_of_the_queue_is_named_where_it_decides():
    """One team, and two callouts that want it at 01:00."""
    found = reasons(
        hand_worked(
            "00:00 A low 60", "00:05 A low", "00:10 A high", kinds=KINDS,
            rest="policies: {urgent: {}, first: {queue: first_come}}",
        )
    )  # fmt: skip

    assert [short for _, short in found] == ["the order of the queue"] * 2
    assert all(lines[-1].endswith("first: the order of the queue differs.") for lines, _ in found)


def two_at_random(seed):
    """Return two alternatives of a small world at random."""
    rng = random.Random(seed)
    text = random_world(rng, plain=False)
    i, j = text.index("policies:\n"), text.index("study:")
    rules = "  one: {}\n  other: {dispatch: {cutoff: {reserve: {2: 1}}}, relocation: dmexclp}\n"
    world = world_of(f"{text[:i]}policies:\n{rules}{text[j:]}", **random_roads(rng))
    start = world.scenario.clock.start
    return {a: Reported(logged(world, a), world.names, start, world) for a in ("one", "other")}


@pytest.mark.parametrize("seed", range(20))
def test_everything_that_can_happen_can_be_told(seed):
    """Shifts that end, teams handed over, no way there: one sentence or more, and no blank."""
    two = two_at_random(seed)
    a, b = two.values()
    found = changes(a.log, b.log, a.names, b.names)
    texts = [told(change, two, None) for change in found]
    texts += [[in_short(change, two)] for change in found]
    texts += [story(run, row.callout) for run in (a, b) for row in run.log.callouts]

    for lines in texts:
        assert all(lines)
        assert not any("None" in line or "  ." in line for line in lines)
    for change, lines in zip(found, texts, strict=False):
        assert len(lines) == 1 + len(change.chain)


@pytest.mark.parametrize("cause", [v for name, v in vars(Cause).items() if name.isupper()])
def test_every_cause_has_words(cause):
    """A cause that nobody can read would only show on the day it comes up."""
    two = two_at_random(2)
    a, b = two.values()
    change = next(c for c in changes(a.log, b.log, a.names, b.names) if c.chain[0].mission)
    links = (Cause.BUSY, Cause.FREED, Cause.BEFORE)
    mission = change.chain[0].mission if cause in links else None
    step = replace(change.chain[0], cause=cause, team="T0", mission=mission)

    lines = told(replace(change, chain=(step,)), two)

    assert lines[1].endswith(".")
    assert len(lines[1]) > 60
    if cause not in (*links, Cause.MOVED):
        assert len(in_short(replace(change, chain=(step,)), two)) > 8


LINE = {"places": "A M B", "bases": "A B", "times": "A-M 10, M-B 10, A-B 20"}
URGENCY = "urgent: {share: 50%, priority: 1}\ncalm: {share: 50%, priority: 3}"


def test_a_team_that_is_reassigned_is_told_in_the_stories_of_both_callouts():
    """
    One drives from A to M (10 min). At 4 an urgent callout in A: One is back after 4 min, Two is
    20 away. Two then goes to M: there at 14.
    """
    text = hand_worked(
        "00:00 M calm", "00:04 A urgent", **LINE, kinds=URGENCY,
        teams="One: {base: A}\nTwo: {base: B}",
        rest="policies: {p: {reassignment: {by_priority: {saving: 3 min}}}}",
    )  # fmt: skip
    left, urgent = story_of(text, 0), story_of(text, 1)

    assert left[2:4] == [
        "00:04  One was reassigned to callout 1.",
        "00:04  Free teams, expected on scene: Two in 10.0 min. Two was sent (closest: "
        "expected on scene first).",
    ]
    assert urgent[1].startswith(
        "00:04  Available teams, expected on scene: One, on its way elsewhere, in 4.0 min, Two in "
        "20.0 min. One was sent (closest: expected on scene first). It was on its way to callout "
        "0 (by_priority: "
    )


def test_a_difference_that_a_reassignment_made_goes_back_to_the_rules():
    """The same team was on the same way under both, and one of the two sends it on."""
    found = reasons(
        hand_worked(
            "00:00 M calm", "00:04 A urgent", **LINE, kinds=URGENCY,
            teams="One: {base: A}\nTwo: {base: B}",
            rest="policies: {stays: {}, p: {reassignment: {by_priority: {saving: 3 min}}}}",
        )
    )  # fmt: skip

    (urgent,) = (lines for lines, _ in found if "urgent" in lines[0])
    assert urgent[-1].startswith("00:04, callout 1: under stays Two was sent, expected in 20.0 min")
    assert urgent[-1].endswith("The rules chose differently.")


VOLUNTEERS = {
    "places": "A M", "times": "A-M 10",
    "teams": "Crew: {base: A, crew: 3, on_call: {volunteers: Town, assembly_timeout: 15 min, "
    "minimum: 2, alerts: [{people: 4}]}}\nPump: {base: A, crew: 2}",
    "kinds": "job: {share: 100%, crew: 4}",
}  # fmt: skip
TOWN = (
    "volunteers: {{Town: {{people: 4, acceptance: {}, answer_delay: 1 min, "
    "travel_to_base: 6 min}}}}"
)


def test_a_crew_of_volunteers_is_told_from_the_alert_to_full_attendance():
    """
    All four accept at 1 and are at the base at 7; the crew leaves with two of them, the minimum.
    Pump is there at 10 with two people of four, the crew at 17.
    """
    lines = story_of(hand_worked("00:00 M job 10", **VOLUNTEERS, rest=TOWN.format("100%")), 0)

    assert (
        "00:07  4 volunteers were alerted for Crew, 4 accepted; the crew turned out with 2 after "
        "7.0 min; 2 arrived too late." in lines
    )
    assert "00:17  Full attendance, 17.0 min after the call." in lines


def test_a_crew_that_did_not_assemble_is_said_so():
    """Pump works on alone: two people for the work of four."""
    lines = story_of(hand_worked("00:00 M job 10", **VOLUNTEERS, rest=TOWN.format("0%")), 0)

    assert lines[4:6] == [
        "00:15  4 volunteers were alerted for Crew, 0 accepted; no crew assembled within 15.0 min.",
        "00:15  Crew did not turn out: no crew assembled.",
    ]
    assert not any("All that it needs" in line for line in lines)


# of three who are asleep until 01:00 the first can drive, and is alerted at 00:00 only
ASLEEP = (
    "volunteers: {Town: {people: 3, acceptance: 100%, answer_delay: 1 min, "
    "capabilities: {driver: 1}, hours: [0" + ", 1" * 23 + "]}}"
)
WAITS_FOR_DRIVER = (
    "Crew: {base: A, crew: 3, on_call: {volunteers: Town, capabilities: [driver], minimum: 2, "
    "replace: no, assembly_timeout: 70 min, alerts: [{people: 1}, {after: 1 h, people: 2}]}}"
)


@pytest.mark.parametrize(
    ("minimum", "said"),
    [
        (2, "it left with nobody who has 'driver'."),
        (3, "it left with fewer than 3 people, and with nobody who has 'driver'."),
    ],
)
def test_a_crew_that_left_at_its_time_out_says_who_was_missing(minimum, said):
    """Two come at 61, and leave at 70."""
    teams = WAITS_FOR_DRIVER.replace("minimum: 2", f"minimum: {minimum}")

    assert (
        "01:10  3 volunteers were alerted for Crew, 2 accepted; the crew turned out with 2 after "
        f"70.0 min. Its time was up: {said}"
    ) in story_of(hand_worked("00:00 A job", teams=teams, rest=ASLEEP), 0)


def test_a_crew_that_never_turns_out_without_a_driver_says_so():
    text = hand_worked(
        "00:00 A job",
        teams=WAITS_FOR_DRIVER,
        rest=ASLEEP + "\ncapabilities: {driver: {never_without: yes}}",
    )

    assert (
        "01:10  3 volunteers were alerted for Crew, 2 accepted; no crew assembled within 70.0 min. "
        "2 had come, but nobody who has 'driver': it never leaves without." in story_of(text, 0)
    )


def test_a_callout_served_before_others_says_so_with_the_rule():
    """At 10 T is cleared from the first; two wait, and the more urgent one is next."""
    text = hand_worked("00:00 A calm", "00:02 A calm", "00:04 A urgent", kinds=URGENCY)

    assert story_of(text, 2)[2].startswith(
        "00:10  T was cleared from callout 0. It was the next of 2 pending callouts (priority"
    )


def test_a_callout_served_before_very_many_others_says_how_many_there_were():
    """The log notes the first twenty; the reason has the number."""
    calls = [f"00:{n + 1:02d} A low" for n in range(30)] + ["00:40 A high"]
    kinds = "low: {share: 50%, priority: 2}\nhigh: {share: 50%, priority: 1}"
    found = "\n".join(story_of(hand_worked("00:00 A low 100", *calls, kinds=kinds), 31))

    assert "It was the next of 20 or more pending callouts (priority: the most urgent" in found
    assert "; 31 were pending, 20 are noted). " in found


def test_a_team_called_in_says_so_where_a_callout_waited_for_it():
    """T is busy until 00:50; R is called in for the callout of 00:05 and on duty after 20 min."""
    text = hand_worked(
        "00:00 A job 50", "00:05 A job",
        teams="T: {base: A}\nR: {base: A, reserve: {delay: 20 min}}",
        rest="policies: {p: {staffing: {call_in: {free_below: 1, waiting_from: 1}}}}",
    )  # fmt: skip

    assert any("R, which had been called in, came on duty." in line for line in story_of(text, 1))


def test_a_difference_that_a_call_in_made_is_said_so():
    """R is on duty at 00:25 under one of the two only; else the callout waits until 00:50."""
    found = reasons(
        hand_worked(
            "00:00 A job 50", "00:05 A job",
            teams="T: {base: A}\nR: {base: A, reserve: {delay: 20 min}}",
            rest="policies: {plain: {}, "
            "p: {staffing: {call_in: {free_below: 1, waiting_from: 1}}}}",
        )
    )  # fmt: skip

    (lines, short), *_ = found
    assert short == "R called in under p"
    assert lines[-1].endswith("Under p, R had been called in and was on duty.")


def test_every_ending_of_a_mission_has_words():
    """One that nobody can read would only show on the day it comes up."""
    (run,) = runs_of(hand_worked("00:00 A job")).values()
    (mission,) = run.log.missions
    endings = [v for name, v in vars(Ending).items() if name.isupper() and v != Ending.UNFINISHED]

    for word in endings:
        assert len(ending(run, mission._replace(ending=word))) > 10
