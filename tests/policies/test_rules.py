"""The policies by their own words, on worlds worked by hand; numbers in minutes."""

import sys
from dataclasses import replace

import pytest

from sim.engine import simulate
from sim.errors import PolicyError, ScenarioError
from sim.log import KeptLog, Outcome
from sim.policies import PolicySet, parameters, policy_sets
from sim.policies.dispatch_rules.dispatch import RunCard
from sim.policies.registry import LIBRARY
from sim.policies.rule_basis.library_rules import is_ours_class

from ..worlds import answered, file_of, hand_worked, in_minutes, world_of

TWO = "One: {base: A}\nTwo: {base: B}\nThree: {base: B}"
ROW = {"places": "A B X", "bases": "A B=B", "times": "A-B 5, A-X 2, B-X 9", "teams": TWO}


def run_card(order, otherwise="closest"):
    rule = f"run_card: {{order: {order}, otherwise: {otherwise}}}"
    return f"policies: {{card: {{dispatch: {{{rule}}}}}}}"


def test_a_run_card_is_followed_even_where_somebody_else_is_nearer():
    """One is two minutes from X, but the card says Three, then One."""
    text = hand_worked(
        "00:00 X job 60", "00:01 X job 60", **ROW, rest=run_card("{X: [Three, One]}")
    )
    day = answered(text)

    assert [day.team(n) for n in (0, 1)] == ["Three", "One"]
    assert [d.why for d in day.decisions("dispatch")] == [
        "number 1 on the run card",
        "number 2 on the run card",
    ]


def test_a_base_on_a_run_card_stands_for_its_teams_by_number():
    """B is the base of Two and Three."""
    text = hand_worked(*["00:00 X job 60"] * 3, **ROW, rest=run_card("{X: [B, One]}"))
    day = answered(text)

    assert [day.team(n) for n in range(3)] == ["Two", "Three", "One"]


def test_off_the_card_the_closest_goes_or_the_callout_waits():
    """Two, alone on the card, is busy to 69: One goes at 1, or the callout waits until then."""
    callouts = ["00:00 X job 60", "00:01 X job 10"]
    sent = {
        otherwise: answered(hand_worked(*callouts, **ROW, rest=run_card("{X: [Two]}", otherwise)))
        for otherwise in ("closest", "wait")
    }

    assert sent["closest"].team(1) == "One"
    assert sent["closest"].minutes(1, "dispatched") == 1
    assert sent["wait"].team(1) == "Two"
    assert sent["wait"].minutes(1, "dispatched") == 69


def test_a_place_without_a_card_gets_the_closest():
    """A card for X says nothing of A."""
    day = answered(hand_worked("00:00 A job", **ROW, rest=run_card("{X: [Two]}")))

    assert day.team(0) == "One"


def test_a_place_without_a_card_gets_nobody_where_the_rule_is_to_wait():
    """All teams are free all day. The log says why they stay, and the words of the rule warn."""
    text = hand_worked(
        "00:00 A job", "00:01 X job", **ROW, rest=run_card("{X: [Two], B: []}", "wait")
    )
    day = answered(text)

    assert day.outcome(0) == Outcome.UNFINISHED
    assert day.team(1) == "Two"
    assert day.decisions("dispatch")[0].why == "no run card for this place: the callout waits"
    otherwise = next(p for p in parameters(RunCard) if p.name == "otherwise")
    assert "at a place without a card at all times" in otherwise.meaning


def test_the_cutoff_keeps_the_last_teams_for_the_most_urgent():
    """
    Three teams, all work 60; one is kept from priority 2, two from priority 3. At 0 a third goes
    (3 free), at 1 a third waits (2 free), at 2 a second goes (2 free), at 3 a second waits (1
    free), at 4 a first takes the last. One is free at 60: nobody goes. Two at 62: the second
    goes. Two at 64: the third waits on, until three are free at 122.
    """
    kinds = "\n".join(
        f"p{p}: {{share: {s}%, priority: {p}}}" for p, s in ((1, 40), (2, 30), (3, 30))
    )
    text = hand_worked(
        "00:00 A p3 60", "00:01 A p3 60", "00:02 A p2 60", "00:03 A p2 60", "00:04 A p1 60",
        kinds=kinds,
        teams="T: {base: A, count: 3}",
        rest="policies: {keep: {dispatch: {cutoff: {reserve: {2: 1, 3: 2}}}}}",
    )  # fmt: skip
    day = answered(text)

    assert [day.minutes(n, "dispatched") for n in range(5)] == [0, 122, 2, 62, 4]


def relocation(busy, within, more=""):
    rule = f"dmexclp: {{busy_fraction: {busy}, within: {within}}}"
    return f"policies: {{cover: {{relocation: {{{rule}}}}}}}\n{more}"


# within 10 minutes X reaches X and Y, Y reaches all three, Z reaches Y and Z
THREE = {
    "places": "X Y Z",
    "bases": "X Y Z",
    "times": "X-Y 8, Y-Z 8, X-Z 20",
    "teams": "One: {base: X}\nTwo: {base: X}",
}


def weighted(text, weights="{X: 5, Y: 3, Z: 2}"):
    return text.replace("demand:\n", f"demand:\n  where: {weights}\n")


def test_dmexclp_sends_a_freed_team_where_it_adds_most_cover():
    """
    Demand 0.5, 0.3, 0.2 in X, Y, Z; q = 0.5. Two waits in X, so X and Y are covered once. One,
    free in X, would add in X (0.5 + 0.3) 0.25 = 0.20; in Y 0.20 + 0.2 x 0.5 = 0.30; in Z
    0.3 x 0.25 + 0.2 x 0.5 = 0.175. So Y, 30 %.

    Then Two is freed in X with One in Y: all covered once. X 0.8 x 0.25 = 0.20, Y 1.0 x 0.25,
    Z 0.5 x 0.25: Y again, 25 %.
    """
    text = weighted(
        hand_worked("00:00 X job 10", "00:12 X job 10", **THREE, rest=relocation(0.5, "10 min"))
    )
    day = answered(text)

    first, second = day.decisions("relocation")
    assert (first.at, first.subject, first.chosen) == (10 * 60_000, 0, 1)
    assert [in_minutes(a) for a in first.arrivals] == [0, 8, 20]
    assert first.why.startswith("covers 30.00%")
    assert (second.subject, second.chosen) == (1, 1)
    assert second.why.startswith("covers 25.00%")


def test_a_relocated_team_waits_at_its_new_base_and_turns_out_from_there():
    """One is in Y from 18; called from there at 60, and relocated once more when it is done."""
    text = weighted(
        hand_worked(
            "00:00 X job 10",
            "01:00 Z job 10",
            **THREE,
            rest=relocation(0.5, "12 min", "dispatch_centre: {turnout: 2 min}"),
        )
    )
    day = answered(text)

    assert day.team(1) == "One"
    assert day.minutes(1, "dispatched", "en_route", "on_scene") == (60, 62, 70)


def test_dmexclp_counts_the_time_before_the_wheels_turn():
    """
    With three minutes of handling, turnout and local travel, no base reaches another in 10: X.
    """
    delays = "dispatch_centre: {call_handling: 1 min, turnout: 1 min}\nlocal_travel: 1 min"
    text = weighted(hand_worked("00:00 X job 10", **THREE, rest=relocation(0.5, "10 min", delays)))
    day = answered(text)

    # Two covers X alone: X 0.5 x 0.25 = 0.125, Y 0.3 x 0.5 = 0.15, Z 0.2 x 0.5 = 0.10
    (decision,) = day.decisions("relocation")
    assert decision.chosen == 1
    assert decision.why.startswith("covers 15.00%")


def test_of_bases_that_add_the_same_dmexclp_takes_the_nearest_then_the_first():
    """All demand is in M, in reach of every base; from P the near base is Near, not Far or Own."""
    text = hand_worked(
        "00:00 P job 10",
        places="M P F N O",
        bases="Far=F Near=N Own=O",
        teams="One: {base: Own}",
        times="M-F 5, M-N 5, M-O 5, P-F 7, P-N 3, P-O 4, M-P 9",
        rest=relocation(0.4, "10 min"),
    )
    near = answered(weighted(text, "{M: 1}"))
    tied = answered(
        weighted(text.replace("N: 3 min", "N: 7 min").replace("O: 4 min", "O: 7 min"), "{M: 1}")
    )

    assert [near.world.names.bases[d.chosen] for d in near.decisions("relocation")] == ["Near"]
    assert [tied.world.names.bases[d.chosen] for d in tied.decisions("relocation")] == ["Far"]


def test_dmexclp_sees_that_less_is_in_reach_at_night():
    """
    9 km from West to East: 9 minutes by day, 18 by night. West holds a little more demand. By day
    either base covers both, so a team freed in East stays; by night West covers more and it goes.
    """
    text = """
name: night
clock: {start: 2025-01-06 12:00, length: 1 day, timezone: UTC}
map:
  places: {West: {lat: 0, lon: 0}, East: {lat: 0, lon: 0.08085}}
  roads: {circuity: 1, speed: {day: 60 km/h, night: 30 km/h}}
demand:
  where: {West: 6, East: 5}
  kinds: {job: {share: 100%, on_scene: 10 min}}
  callouts: [{at: day 1 12:00, place: East, kind: job}, {at: day 1 22:00, place: East, kind: job}]
bases: {West: {}, East: {}}
teams: {One: {base: West}}
policies: {cover: {relocation: {dmexclp: {within: 10 min}}}}
"""
    day = answered(text)

    assert [d.chosen for d in day.decisions("relocation")] == [1, 0]


def test_home_sends_every_team_to_its_own_base():
    """Two is freed in A and goes back to B: at 60 it is the one for X from B, nine minutes."""
    text = hand_worked(
        "00:00 A job 30", "00:01 A job 5", "01:00 X job", places="A B X", bases="A B",
        teams="One: {base: A}\nTwo: {base: B}", times="A-B 5, A-X 12, B-X 9",
    )  # fmt: skip
    day = answered(text)

    assert day.team(1) == "Two"
    assert day.team(2) == "Two"
    assert day.minutes(2, "on_scene") == 69
    assert day.decisions("relocation") == []


# -- what is handed to a policy, and what is made of its answer --------------------------------


def simulated(dispatch, *callouts, **world):
    """Run a hand-worked world under a dispatch rule written here."""
    made = world_of(hand_worked(*callouts, **world))
    given = next(iter(policy_sets(made.file).values()))
    log = KeptLog()
    policies = PolicySet("own", dispatch, given.queue, given.relocation, given.destination)
    simulate(made, policies, log, 1, 0)
    return log


class Furthest:
    """Send whoever is expected last."""

    def __call__(self, callout, view):
        return max(zip(view.arrivals, view.teams, strict=True))[
            1
        ] if view.teams else None, "furthest"


class Stranger:
    """Send a team that was not among the candidates."""

    def __call__(self, callout, view):
        return 99, "made up"


class Watcher:
    """Note what the dispatcher shows."""

    def __init__(self):
        self.seen = []

    def __call__(self, callout, view):
        self.seen.append(
            (in_minutes(view.now), callout.number, list(view.teams), view.free, view.waiting)
        )
        return (view.teams[0] if view.teams else None), "watching"


def test_a_policy_written_by_the_user_decides():
    """Ten lines are enough, and its reason is in the log."""
    log = simulated(Furthest(), "00:00 X job", **ROW)

    assert log.decisions[0].chosen == 2
    assert (log.decisions[0].rule, log.decisions[0].why) == ("Furthest", "furthest")


def test_a_policy_that_chooses_somebody_who_cannot_go_is_refused():
    """Silently sending nobody would blame the scenario for the policy's error."""
    with pytest.raises(PolicyError, match=r"chose 99, but could only choose among teams 0\n"):
        simulated(Stranger(), "00:00 A job")


def test_the_desk_shows_who_is_free_and_how_many_wait():
    """Two teams; at 2 nobody is free, at 3 one waits besides; at 60 they are served in turn."""
    watcher = Watcher()
    callouts = ["00:00 A job 60", "00:01 A job 60", "00:02 A job 60", "00:03 A job 60"]
    simulated(watcher, *callouts, teams="T: {base: A, count: 2}")

    assert watcher.seen[:4] == [
        (0, 0, [0, 1], 2, 0),
        (1, 1, [1], 1, 0),
        (2, 2, [], 0, 0),
        (3, 3, [], 0, 1),
    ]
    assert [s[:3] for s in watcher.seen[4:]] == [(60, 2, [0]), (61, 3, [1])]


@pytest.mark.parametrize(
    ("policy", "told"),
    [
        ("{dispatch: closets}", "did you mean 'closest'"),
        ("{queue: lifo}", "rules: priority, first_come, none"),
        ("{relocation: {dmexclp: {busy_fraction: 1.5}}}", "at most 0.99"),
        ("{relocation: {dmexclp: {bussy: 0.5}}}", "unknown parameter 'bussy'"),
        ("{dispatch: {closest: {reserve: 1}}}", "unknown parameter 'reserve'"),
        ("{dispatch: cutoff}", "needs the parameter 'reserve'"),
        ("{dispatch: {run_card: {order: {Nowhere: [T]}}}}", "no place is called 'Nowhere'"),
        ("{dispatch: {run_card: {order: {A: [Tea]}}}}", "no team or base is called 'Tea'"),
    ],
)
def test_a_wrong_policy_is_told_at_its_place(policy, told):
    """The planner finds the line and what would be right."""
    with pytest.raises(ScenarioError) as caught:
        policy_sets(file_of(hand_worked(rest=f"policies: {{mine: {policy}}}")))

    (diagnostic,) = caught.value.diagnostics
    assert told in f"{diagnostic.message}   {diagnostic.help}"
    assert diagnostic.line > 0


class Wrong:
    """Answer with a number that is nobody's."""

    def __init__(self, answer):
        self.answer = answer

    def __call__(self, *_):
        return self.answer, "made up"


PATIENT = {
    "kinds": "job: {share: 100%, to: hospital}",
    "places": "A B C",
    "times": "A-B 5",
    "rest": "hospitals: {Near: B, Cut off: C}",
}


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("dispatch", -1),
        ("relocation", 7),
        ("destination", 7),
        ("destination", -2),
        ("destination", 1),
    ],
)
def test_an_answer_that_cannot_be_done_is_refused_whatever_the_question(question, answer):
    """There is one base and are two hospitals, the second of which no road leads to."""
    world = world_of(hand_worked("00:00 A job", **PATIENT))
    given = next(iter(policy_sets(world.file).values()))

    with pytest.raises(PolicyError):
        simulate(world, replace(given, **{question: Wrong(answer)}), KeptLog(), 1, 0)


def test_a_rule_with_a_very_long_name_is_told_in_a_sentence(tmp_path):
    """The name is quoted, not repeated in full."""
    text = hand_worked(rest=f"policies: {{p: {{dispatch: {'x' * 9000}}}}}")

    with pytest.raises(ScenarioError) as caught:
        policy_sets(file_of(text))

    (diagnostic,) = caught.value.diagnostics
    assert len(diagnostic.message) < 120


def test_the_librarys_rules_are_told_from_those_made_from_them():
    """By where they are, so that a process that runs one rule need not import all."""
    for choices in LIBRARY.values():
        for rule in choices.values():
            assert is_ours_class(rule)
            assert not is_ours_class(type("Own", (rule,), {"__module__": __name__}))
    for name in (name for name in sys.modules if name.startswith("sim.policies.")):
        for found in vars(sys.modules[name]).values():
            if isinstance(found, type) and found.__module__ == name and is_ours_class(found):
                asked = "__call__" in vars(found) and not getattr(found, "_is_protocol", False)
                assert not asked or any(found in c.values() for c in LIBRARY.values()), found
