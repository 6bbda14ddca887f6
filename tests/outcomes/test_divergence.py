"""What differs between two alternatives, and what led there: by hand, then on worlds at random."""

import random
from itertools import pairwise

import pytest

from sim.log import Outcome
from sim.outcomes.explanation.divergence import LINKS, Cause, changes
from sim.outcomes.explanation.indexed_log import IndexedLog, cleared
from sim.scenario import find_scenario, read_scenario
from sim.world import build

from ..worlds import (
    DAY,
    MINUTE,
    hand_worked,
    in_minutes,
    logged,
    random_roads,
    random_world,
    world_of,
)

KINDS = "high: {share: 50%, priority: 1}\nlow: {share: 50%, priority: 2}"
KEPT = "policies: {today: {}, keep: {dispatch: {cutoff: {reserve: {2: 1}}}}}"
COVER = "policies: {today: {}, cover: {relocation: {dmexclp: {within: 15 min}}}}"


def compared(text, *others):
    """Return the changes between two alternatives of one text, or the first of two texts."""
    worlds = [world_of(each) for each in (text, *others)]
    if others:
        logs = [logged(world) for world in worlds]
    else:
        worlds *= 2
        logs = [logged(worlds[0], name) for name in worlds[0].scenario.policies]
    return changes(*logs, worlds[0].names, worlds[-1].names)


def told(change):
    """Return a change as response times in minutes and its steps in short."""
    steps = [(in_minutes(s.at), s.question, s.cause, s.team or s.moved) for s in change.chain]
    return [in_minutes(r) for r in change.responses], steps


def test_a_team_kept_back_is_the_rule_that_chose_otherwise():
    """
    Two teams in A. Today Two goes to the low callout at 5 and is busy when the high one comes at
    10; One is free at 60. Kept back for it, Two is there at once, and the low one waits for 60.
    """
    late, soon = compared(
        hand_worked(
            "00:00 A low 60", "00:05 A low 60", "00:10 A high 10",
            kinds=KINDS, teams="One: {base: A}\nTwo: {base: A}", rest=KEPT,
        )
    )  # fmt: skip

    assert told(late) == ([0, 55], [(5, "dispatch", Cause.RULES, None)])
    assert late.teams == ("Two", "One")
    assert told(soon) == (
        [50, 0],
        [(10, "dispatch", Cause.BUSY, "Two"), (5, "dispatch", Cause.RULES, None)],
    )
    assert soon.chain[0].side == 0
    assert soon.chain[0].mission.callout == 1
    today, keep = soon.root.decisions
    assert (today.why, keep.why) == (
        "expected on scene first",
        "1 free, 1 kept for more urgent callouts",
    )


def test_a_rule_that_keeps_another_team_back_is_the_cause_all_the_same():
    """
    As above until 60, when One goes to the high callout of 10 today, to 70, and to the low one of
    5 under keep, to 120. For the low one of 75 there is One today, and under keep only Two, which
    is kept back: today's rule would have sent it.
    """
    found = compared(
        hand_worked(
            "00:00 A low 60", "00:05 A low 60", "00:10 A high 10", "01:15 A low 10",
            kinds=KINDS, teams="One: {base: A}\nTwo: {base: A}", rest=KEPT,
        )
    )  # fmt: skip
    last = next(c for c in found if c.key == 3)

    assert told(last) == ([0, 45], [(75, "dispatch", Cause.RULES, None)])
    assert [d.chosen for d in last.root.decisions] == [0, None]


def test_being_told_where_to_wait_follows_from_being_kept_back_and_does_not_explain_it():
    """
    One clears at 30, Two at 61. With none in reserve One goes to the low callout of 5 at 30; with
    one, it is kept back and told to wait in A, and goes at 61.
    """
    keep = "{{dispatch: {{cutoff: {{reserve: {{2: {}}}}}}}, relocation: dmexclp}}"
    (change,) = compared(
        hand_worked(
            "00:00 A low 30", "00:01 A high 60", "00:05 A low 10",
            kinds=KINDS, teams="One: {base: A}\nTwo: {base: A}",
            rest=f"policies: {{none: {keep.format(0)}, one: {keep.format(1)}}}",
        )
    )  # fmt: skip

    assert told(change) == ([25, 56], [(30, "dispatch", Cause.RULES, None)])


def test_a_relocation_is_followed_through_the_callouts_it_delayed():
    """
    One team; A and B are 30 apart. Cleared in B at 40, it drives home to A today, and stays in B
    under cover (equal gain, the nearest). So the callout in A at 90 has it 30 later under cover,
    where it is on scene until 130, when the callout in B at 125 has been waiting for 5.
    """
    found = compared(
        hand_worked(
            "00:00 B job", "01:30 A job", "02:05 B job",
            places="A B", times="A-B 30", bases="A B", teams="One: {base: A}", rest=COVER,
        )
    )  # fmt: skip

    assert [told(c) for c in found] == [
        ([0, 30], [(90, "dispatch", Cause.MOVED, "One"), (40, "relocation", Cause.RULES, "One")]),
        (
            [30, 35],
            [
                (125, "dispatch", Cause.BUSY, "One"),
                (90, "dispatch", Cause.MOVED, "One"),
                (40, "relocation", Cause.RULES, "One"),
            ],
        ),
    ]
    home, moved = found[0].root.decisions
    assert home is None
    assert moved.why.startswith("covers ")


def test_a_relocation_by_one_rule_follows_the_team_that_another_one_more_would_replace():
    """
    Cover in both. Cleared in B at 40, One stays where it adds most: in B, unless the team that is
    one more already waits there; then it goes home to A, to be there at 90.
    """
    callouts = ["00:00 B job", "01:30 A job"]
    world = {"places": "A B", "times": "A-B 30", "bases": "A B"}
    policy = "policies: {cover: {relocation: {dmexclp: {within: 15 min}}}}"
    less = hand_worked(*callouts, teams="One: {base: A, capabilities: [x]}", rest=policy, **world,
                       kinds="job: {share: 100%, needs: [x]}")  # fmt: skip
    more = less.replace("  One:", "  More: {base: B}\n  One:")

    (change,) = compared(less, more)

    assert told(change) == (
        [30, 0],
        [(90, "dispatch", Cause.MOVED, "One"), (40, "relocation", Cause.TEAM, "More")],
    )
    assert change.root.side == 1


def test_a_team_in_one_alternative_only_is_where_a_chain_ends():
    """
    One is on the first to 60. Alone, it takes the second then, and the third, of 62, at 120.
    Where there is a Two, that goes to the second at 5, and One is free for the third.
    """
    callouts = ["00:00 A job 60", "00:05 A job 60", "01:02 A job"]
    alone, two = (
        hand_worked(*callouts, teams=f"One: {{base: A}}{more}") for more in ("", "\nTwo: {base: A}")
    )

    found = compared(alone, two)

    assert [told(c) for c in found] == [
        ([58, 0], [(62, "dispatch", Cause.BUSY, "One"), (5, "dispatch", Cause.TEAM, "Two")]),
        ([55, 0], [(5, "dispatch", Cause.TEAM, "Two")]),
    ]
    assert found[0].root.side == 1


def test_a_callout_in_one_demand_only_is_said_to_be():
    """It is not late under the other; it is not there."""
    text = hand_worked("00:00 A job", "01:00 A job")

    (change,) = compared(text, hand_worked("00:00 A job"))

    assert told(change) == ([0, None], [(60, "dispatch", Cause.DEMAND, None)])
    assert change.rows[1] is None
    assert change.root.callouts == (1, None)


def test_two_that_want_the_same_team_at_once_end_in_the_order_of_the_queue():
    """Free at 60, the one team goes to the high callout of 10 first, or to the low one of 5."""
    found = compared(
        hand_worked(
            "00:00 A low 60", "00:05 A low", "00:10 A high", kinds=KINDS,
            rest="policies: {urgent: {}, first: {queue: first_come}}",
        )
    )  # fmt: skip

    assert [(c.key, in_minutes(c.difference)) for c in found] == [(1, -10), (2, 10)]
    assert [told(c)[1][0][:3] for c in found] == [(60, "dispatch", Cause.BUSY)] * 2
    assert {c.root.cause for c in found} == {Cause.ORDER}


def test_a_callout_lost_in_one_alternative_comes_first_and_says_why():
    """No response time can be compared, and nothing that is in the list matters more."""
    lost, *others = compared(
        hand_worked(
            "00:00 A job 60", "00:05 A job", "01:02 A job",
            rest="policies: {waits: {}, none: {queue: none}}",
        )
    )  # fmt: skip

    assert [row.outcome for row in lost.rows] == [Outcome.SERVED, Outcome.LOST]
    assert told(lost) == ([55, None], [(60, "dispatch", Cause.LEFT, None)])
    assert lost.root.side == 1
    assert [told(c)[1][-1][2] for c in others] == [Cause.LEFT]


def test_what_the_log_cannot_tell_is_not_made_up():
    """The one team stands in another base from the start: no event says so."""
    callouts, world = ["00:10 B job"], {"places": "A B", "times": "A-B 30", "bases": "A B"}
    here, there = (
        hand_worked(*callouts, teams=f"T: {{base: {base}}}", **world) for base in ("A", "B")
    )

    (change,) = compared(here, there)

    assert told(change) == ([30, 0], [(10, "dispatch", Cause.UNTOLD, "T")])


# -- worlds at random ---------------------------------------------------------------------------

RULES = [
    "{dispatch: closest}",
    "{dispatch: {cutoff: {reserve: {2: 1, 3: 2}}}}",
    "{relocation: {dmexclp: {busy_fraction: 0.4, within: 15 min}}}",
    "{dispatch: {run_card: {order: {P0: [B1, T0]}}}, queue: first_come}",
    "{queue: none}",
]


def random_pair(seed):
    """Return two logs and the names of a small world at random under two rules."""
    rng = random.Random(seed)
    text = random_world(rng, plain=False)
    i, j = text.index("policies:\n"), text.index("study:")
    one, other = rng.sample(RULES, 2)
    text = f"{text[:i]}policies:\n  one: {one}\n  other: {other}\n{text[j:]}"
    world = world_of(text, **random_roads(rng))
    return logged(world, "one"), logged(world, "other"), world.names


def what_is_compared(log):
    """Return by key what makes a callout differ, worked out from the rows alone."""
    first = {}
    for d in log.decisions:
        if d.question == "dispatch" and d.chosen is not None:
            first.setdefault(d.subject, d.chosen)
    return {
        c.key: (
            first.get(c.callout),
            None if c.on_scene is None else c.on_scene - c.received,
            None if c.dispatched is None else c.dispatched - c.ready,
            c.outcome,
        )
        for c in log.callouts
    }


def check(change, logs):
    """Check all that must hold of a chain in any world."""
    *links, root = change.chain
    assert root.cause not in LINKS
    assert all(step.cause in LINKS for step in links)
    assert len({(s.callouts, s.moved, s.at) for s in change.chain}) == len(change.chain)
    for step, following in pairwise(change.chain):
        assert following.at <= step.at
        if step.cause == Cause.MOVED:
            assert (following.question, following.moved) == ("relocation", step.team)
            continue
        mission = step.mission
        assert mission in logs[step.side].missions
        assert following.callouts[step.side] == mission.callout
        assert mission.dispatched <= step.at
        over = mission.cleared is not None and mission.cleared <= step.at
        assert step.cause == (
            Cause.FREED if over and mission.dispatched < step.at else Cause.BUSY
        ) or (over and mission.dispatched == mission.cleared)
    if root.cause == Cause.RULES and root.question == "dispatch" and None not in root.decisions:
        one, other = ({**dict(zip(d.candidates, d.arrivals, strict=True))} for d in root.decisions)
        kept_back = any(d.chosen is None and d.candidates for d in root.decisions)
        both = {d.chosen for d in root.decisions} - {None}
        assert one == other or kept_back or all(one.get(t) == other.get(t) for t in both)


def check_world(seed):
    a, b, names = random_pair(seed)

    found = changes(a, b, names, names)

    one, other = what_is_compared(a), what_is_compared(b)
    assert one.keys() == other.keys()
    assert sorted(c.key for c in found) == sorted(k for k in one if one[k] != other[k])
    sizes = [abs(c.difference) for c in found if c.difference is not None]
    assert sizes == sorted(sizes, reverse=True)
    for change in found:
        check(change, (a, b))
    assert changes(a, a, names, names) == changes(b, b, names, names) == []
    back = changes(b, a, names, names)
    assert {c.key: c.difference and -c.difference for c in back} == {
        c.key: c.difference for c in found
    }
    return len(found)


@pytest.mark.parametrize("seed", range(12))
def test_every_callout_that_differs_is_listed_once_with_a_chain_that_ends(seed):
    """For any rules, shifts, roads and ties at the same instant."""
    check_world(seed)


@pytest.mark.long
def test_the_same_holds_on_many_worlds():
    """Rare turns of events, such as a handover at a shift's end, need many worlds to come up."""
    assert sum(check_world(seed) for seed in range(100, 400)) > 1000


def whereabouts(world, side, team, at):
    """Return where a team was just before an instant, with the drives that the log leaves out."""
    mission = side.last(team, at - 1, False)
    if mission is None:
        return "not told", None
    if cleared(mission) >= at:
        return "busy", None
    row = next((r for r in side.rows.values() if r.callout == mission.callout), None)
    if row is None or mission.on_scene is None:
        return "not told", None
    move = side.move(team, mission, at - 1)
    place = row.place if mission.hospital is None else world.hospitals[mission.hospital]
    crew = next(crew for crew in world.fleet.crews if crew.name == team)
    goal = crew.place if move is None else world.fleet.base_places[move.chosen]
    drive = world.travel.times[world.period(mission.cleared)][place][goal]
    return ("at rest", goal) if mission.cleared + drive <= at else ("driving", mission)


def test_a_team_said_to_have_been_elsewhere_was_elsewhere():
    """
    Held against the roads, which the chains do not know, on the coast: the team of a step never
    rested at the same base in both; and where a relocation is to blame and not the callout it
    came from, it had arrived where it was relocated.
    """
    world = build(read_scenario(find_scenario("coast-march-2025")))
    logs = [logged(world, name) for name in ("today", "cover")]
    sides = [IndexedLog(log, world.names) for log in logs]
    steps = {
        (step.at, step.team, step.cause)
        for change in changes(*logs, world.names, world.names)
        for step in change.chain
        if step.question == "dispatch" and step.cause in LINKS
    }
    moved = 0

    for at, team, cause in steps:
        where = [whereabouts(world, side, team, at) for side in sides]
        assert where[0] != where[1] or where[0][0] != "at rest"
        last = [side.last(team, at - 1, True) for side in sides]
        if cause == Cause.MOVED and sides[0].seen(last[0]) != sides[1].seen(last[1]):
            assert {what for what, _ in where} <= {"at rest", "not told"}
            moved += 1

    assert moved > 400


def test_the_team_looked_into_is_the_one_that_would_have_been_there_first():
    """
    Where two were sent, what matters is what kept the sooner one from the other alternative. On
    the first days that may lie in the warm-up, and then the other is looked into.
    """
    world = build(read_scenario(find_scenario("coast-march-2025")))
    logs = [logged(world, name) for name in ("today", "cover")]
    steps = [s for c in changes(*logs, world.names, world.names) for s in c.chain]
    looked_into = 0

    for step in steps:
        if step.question == "relocation" or None in step.decisions or step.at < 4 * DAY:
            continue
        could = [dict(zip(d.candidates, d.arrivals, strict=True)) for d in step.decisions]
        sent = [(c.get(d.chosen), d.chosen) for c, d in zip(could, step.decisions, strict=True)]
        if (None, None) not in sent and sent[0][0] != sent[1][0]:
            _, sooner = min(sent)
            if could[0].get(sooner) != could[1].get(sooner):
                assert step.team == world.names.teams[sooner]
                looked_into += 1

    assert looked_into > 100


def test_chains_are_made_of_moments_not_of_minutes():
    """Instants are milliseconds: a difference of one is a difference."""
    slow, quick = (
        hand_worked("00:00 A job", teams=f"T: {{base: A, turnout: {t}}}")
        for t in ("1 min", "59.999 s")
    )

    (change,) = compared(slow, quick)

    assert change.difference == -1
    assert change.responses[0] == MINUTE


def test_a_callout_about_which_nobody_was_asked_in_one_of_them_is_no_error():
    """
    Under `card` the high callout never gets a team, and so the low one, which can wait, is held
    for it to the end: the dispatch rule is not asked about it at all.
    """
    text = hand_worked(
        "00:00 A high", "01:00 A low", places="A B", times="A-B 5",
        kinds="high: {share: 50%, priority: 1}\n"
        "low: {share: 50%, priority: 2, deferrable: {min_free_teams: 0, max_hold: 12 h}}",
        rest="policies: {today: {}, card: {dispatch: "
        "{run_card: {order: {B: [T]}, otherwise: wait}}}}",
    )  # fmt: skip

    found = compared(text)

    assert [told(change)[0] for change in found] == [[0, None], [0, None]]
