"""
Company: an alternative gives the same log, byte for byte, whoever else is in the study.

Alternatives share a map, callouts and a process. Two run cards once shared what was cached on that
map, and the second was run by the first one's card. So this is held for every rule there is, with
two sets of parameters each: alone, before, behind and between all others.
"""

import gzip
import json
import random
from dataclasses import dataclass
from functools import cache

import pytest

from sim.experiment import Runner, Task, design_of
from sim.experiment.running.replication_file import decode
from sim.log import NO_ACCESS
from sim.policies import LIBRARY, PolicySet, parameters

from ..worlds import file_of

SEED = 1

# six places, two ways between most: a fast one that varies and is dangerous, and a sure one
NODES = """node,lat,lon
A,0,0
B,0,0.1
C,0.1,0
D,0.1,0.1
E,0.2,0.05
F,0.05,0.2
M,0.05,0.05
"""
EDGES = """from,to,km,kmh,sd,exposure,no_go
A,B,12,60,10%,0,
A,C,12,50,0,0,
A,M,8,80,60%,2,
M,D,8,80,60%,2,
M,B,9,80,90%,5,
M,C,9,80,40%,1,
B,D,12,60,5%,0,
C,D,11,30,0,0,
C,E,13,60,20%,1,
D,E,13,60,50%,0.5,
D,F,12,60,10%,0,
B,F,13,70,70%,4,
E,F,20,100,80%,3,yes
"""
TEXT = """
name: company
clock: {start: 2025-03-06 06:00, length: 10 h, warm_up: 1 h, timezone: UTC}
map:
  places:
    A: {lat: 0, lon: 0, weight: 5, area: West}
    B: {lat: 0, lon: 0.1, weight: 4, area: West}
    C: {lat: 0.1, lon: 0, weight: 3, area: West}
    D: {lat: 0.1, lon: 0.1, weight: 3, area: East}
    E: {lat: 0.2, lon: 0.05, weight: 2, area: East}
    F: {lat: 0.05, lon: 0.2, weight: 2, area: East}
  roads: {nodes: nodes.csv, edges: edges.csv, speed: {night: 80%}}
  hospitals: {Here: A, There: {place: D}, Abroad: {place: F, referral: true}}
  local_travel: {median: 2 min, p90: 4 min}
demand:
  rate: 120 per day
  kinds:
    wounded: {share: 50%, crew: 2, needs: [ambulance], on_scene: {median: 18 min, p90: 30 min},
      to: hospital, transported: 80%, handover: {distribution: exponential, mean: 15 min}}
    fall: {share: 30%, priority: 2, crew: 2, on_scene: {median: 15 min, p90: 25 min},
      to: hospital, transported: 50%, handover: 10 min}
    fire: {share: 20%, priority: 3, crew: 7, needs: [pump],
      on_scene: {distribution: gamma, mean: 40 min, sd: 30 min}}
bases: {A: {}, D: {}, F: {}}
teams:
  One: {base: A, capabilities: [ambulance], crew: 2, count: 2}
  Big: {base: A, capabilities: [ambulance], crew: 4}
  Two: {base: D, capabilities: [ambulance, pump], crew: 3}
  Three: {base: F, crew: 4, capabilities: [ambulance, pump], count: 2}
  Own: {base: D, capabilities: [ambulance], crew: 2, count: 2,
    reserve: {delay: 20 min, duration: 4 h}}
  Guest: {base: A, capabilities: [ambulance], crew: 2, count: 2,
    reserve: {delay: 50 min, duration: 6 h}}
dispatch_centre: {call_handling: 2 min, turnout: {mean: 2 min, sd: 1 min}}
"""

# of each rule that has parameters, two sets under which this day goes another way
TWO = {
    "dispatch": {
        "run_card": (
            {"order": {p: ["A"] for p in "ABCDEF"}, "otherwise": "wait"},
            {"order": {p: ["F", "D"] for p in "ABCDEF"}, "otherwise": "wait"},
        ),
        "cutoff": ({"reserve": {"3": 1}}, {"reserve": {"2": 2, "3": 5}}),
        "dmexclp": (
            {"busy_fraction": 0.3, "within": "12 min"},
            {"busy_fraction": 0.6, "within": "25 min", "hybrid": True},
        ),
        "preparedness": (
            {"allowed": {"2": "25 min"}, "contributions": [1.0]},
            {"allowed": {"2": "50 min"}, "otherwise": "1 h", "contributions": [1.0, 0.8]},
        ),
        "least_busy_in_range": ({"within": "15 min"}, {"within": "40 min"}),
        "closest_crew": ({"exact": 1}, {"exact": 8}),
        "survival": (
            {"beta": 0, "within": "10 min"},
            {"beta": 50, "half_lives": {"1": "10 min"}, "busy_fraction": 0.6, "within": "25 min"},
        ),
        "equity_weighted": ({"step": 0.01}, {"step": 20}),
        "random": ({"salt": 1}, {"salt": 2}),
        "rollout": (
            {"futures": 2, "ahead": "1 h", "considered": 3},
            {"futures": 3, "ahead": "2 h", "cost": "late", "within": "20 min"},
        ),
        "clairvoyant": (
            {"ahead": "1 h", "considered": 2},
            {"ahead": "3 h", "cost": "late", "within": "20 min", "weights": {"1": 3}},
        ),
    },
    "reassignment": {
        "by_priority": ({"saving": "1 min"}, {"saving": "6 min", "allow": {"2": [1, 3]}}),
    },
    "queue": {
        "nearest": ({"by_priority": True}, {"by_priority": False}),
        "deadline": (
            {"allowed": {"1": "15 min", "2": "30 min"}},
            {"allowed": {"3": "5 min"}, "otherwise": "3 h"},
        ),
        "marginal_loss": (
            {"half_lives": {"1": "20 min", "2": "2 h"}},
            {"half_lives": {"3": "10 min"}, "otherwise": "1 h"},
        ),
        "ageing": ({"step": "2 min"}, {"step": "5 h"}),
    },
    "relocation": {
        "dmexclp": (
            {"busy_fraction": 0.2, "within": "12 min"},
            {"busy_fraction": 0.7, "within": "20 min"},
        ),
        "priority_list": ({"order": ["A", "D", "A"]}, {"order": ["F", "F", "D", "D"]}),
        "compliance_table": (
            {"busy_fraction": 0.2, "within": "12 min"},
            {"busy_fraction": 0.7, "within": "25 min", "objective": "largest", "benefit": "1%"},
        ),
        "ddsm": (
            {"within": "12 min", "longest": "25 min", "moves": 1},
            {"within": "25 min", "longest": "40 min", "share": "50%", "moves": 0},
        ),
        "diminishing": (
            {"busy_fraction": 0.2},
            {"busy_fraction": 0.8, "hour_costs": "90%", "moves": 1},
        ),
        "dynaroc": ({"level": 0.02}, {"level": 0.08, "contributions": [1.0], "at_once": 1}),
    },
    "destination": {
        "least_expected": ({"each": "1 min"}, {"each": "40 min"}),
        "nearest_with_service": (
            {"kinds": {"wounded": ["Here"]}},
            {"priorities": {"1": ["There"], "2": ["Abroad", "Here"]}},
        ),
        "referral": ({"limit": 1}, {"outside": ["There"], "limit": 2, "closed": ["Here"]}),
    },
    "staffing": {
        "call_in": ({"free_below": 3}, {"free_below": 1, "teams": ["Guest 1"]}),
        "mutual_aid": (
            {"outside": ["Guest 1", "Guest 2"], "waiting_from": 1},
            {"outside": ["Own 2"], "free_below": 4, "waiting_from": 3},
        ),
        "surge": ({"free_below": 3}, {"free_below": 1, "teams": ["Own 1", "Guest 2"]}),
        "demand_following": ({"beta": 0.2}, {"beta": 3, "least": 5, "at_least": "2 h"}),
    },
    "routing": {
        "reliable": ({"k": 0.3}, {"k": 3}),
        "safest": ({"weight": 0.1}, {"weight": 5}),
    },
}


def rules_with_parameters():
    return {(q, name) for q, rules in LIBRARY.items() for name in rules if parameters(rules[name])}


def alternatives_of():
    """Return what each alternative is: every rule, where it has parameters with either set."""
    found = {"today": {}}
    for question, rules in LIBRARY.items():
        for name in rules:
            for i, given in enumerate(TWO[question].get(name, ({},)), 1):
                found[f"{question} {name} {i}"] = {question: {name: given}}
    return found


ALL = tuple(alternatives_of())


@cache
def designed():
    """Return by name the alternatives, in one file; a scenario is read like any other."""
    tables = {"nodes": NODES, "edges": EDGES}
    policies = f"policies: {json.dumps(alternatives_of())}\nstudy: {{seed: {SEED}}}\n"
    return {a.name: a for a in design_of([file_of(TEXT + policies, **tables)]).alternatives}


def logs_of(alternatives, replications):
    """Return each alternative's log in the last of some replications, run in this order."""
    runner = Runner(alternatives, SEED)
    names = tuple(a.name for a in alternatives)
    for number in replications:
        logs = decode(runner.run(Task(number, names, logged=True))).logs
    return logs


def rows_of(name):
    """Return what happened under an alternative, without its name."""
    return without_name(alone(name), name)


def without_name(log, name):
    text = b"".join(map(gzip.decompress, (log.callouts, log.missions, log.events)))
    return text.decode().replace(name, "it")


@cache
def in_company(order):
    """Return the logs of all alternatives, run in an order."""
    known = designed()
    names = list(ALL)
    if order == "backwards":
        names.reverse()
    elif order == "shuffled":
        random.Random(SEED).shuffle(names)
    return logs_of([known[name] for name in names], (0, 1) if order == "as listed" else (1,))


@cache
def alone(name):
    """Return an alternative's log, alone in its study and the replication the first of all."""
    return logs_of([designed()[name]], (1,))[name]


def test_every_rule_of_the_library_is_here_with_two_sets_of_parameters():
    """A new rule has to be added to ``TWO``, or it would not be held to this."""
    given = {(question, name) for question, rules in TWO.items() for name in rules}

    assert given == rules_with_parameters(), (
        "give each rule that has parameters two sets of them in TWO, in tests/properties/"
        "test_company.py"
    )
    assert all(len(sets) == 2 for rules in TWO.values() for sets in rules.values())
    assert len(ALL) == 1 + sum(map(len, LIBRARY.values())) + len(given)


@pytest.mark.parametrize(("question", "name"), sorted(rules_with_parameters()))
def test_the_two_sets_act_differently_here(question, name):
    """Otherwise each could be run by the other's parameters, and nobody would see."""
    one, other = (rows_of(f"{question} {name} {i}") for i in (1, 2))

    assert one != other


@pytest.mark.parametrize("order", ["as listed", "backwards", "shuffled"])
@pytest.mark.parametrize("name", ALL)
def test_a_log_is_the_same_bytes_alone_and_in_any_company(name, order):
    """And no matter which replication was run before: alone it is the first of all."""
    assert in_company(order)[name] == alone(name)


# -- rules of users ----------------------------------------------------------------------------

KEY = ("x",)  # all that the rules below put in a key: nothing of themselves


@dataclass(frozen=True)
class Nth:
    """Send the n-th nearest."""

    n: int

    def __call__(self, callout, view):
        n = view.atlas.cached(KEY, lambda: self.n)
        near = sorted(zip(view.arrivals, view.teams, strict=True))
        return (near[min(n, len(near) - 1)][1] if near else None), f"number {n}"


@dataclass(frozen=True)
class Margin:
    """Send on who saves so much."""

    n: int

    def __call__(self, callout, view):
        n = view.atlas.cached(KEY, lambda: self.n)
        ways = zip(view.teams, view.arrivals, view.reassigned, strict=True)
        saved = view.best - n * 120_000
        return [team for team, at, lost in ways if at < saved and not lost], f"by {n}"


@dataclass(frozen=True)
class Modulo:
    """Serve those first whose number leaves the least rest."""

    n: int
    waits = True

    def __call__(self, callout, view):
        return callout.number % view.atlas.cached(KEY, lambda: self.n + 1), callout.number


@dataclass(frozen=True)
class Base:
    """Wait at one base."""

    n: int

    def __call__(self, view):
        return view.atlas.cached(KEY, lambda: self.n), "there"


@dataclass(frozen=True)
class Hospital:
    """Take people to one of the hospitals."""

    n: int

    def __call__(self, callout, view):
        n = view.atlas.cached(KEY, lambda: self.n)
        ways = zip(view.hospitals, view.drives, strict=True)
        return next((h for h, drive in ways if h >= n and drive < NO_ACCESS), None), f"from {n}"


@dataclass(frozen=True)
class Threshold:
    """Call somebody in when fewer than so many are free."""

    n: int

    def __call__(self, view):
        n = view.atlas.cached(KEY, lambda: self.n)
        return view.reserve[: view.free < n], view.now + 10_800_000, f"below {n}"


@dataclass(frozen=True)
class Ways:
    """Take the way with the least danger; it has no map to cache anything on."""

    n: int

    def __call__(self, road):
        return road.drive * (1 + self.n * road.exposure)


def naive(n):
    """Return a set of the above; each question has another parameter."""
    rules = {"dispatch": Nth(n), "reassignment": Margin(n + 1), "queue": Modulo(n + 2)}
    more = {"relocation": Base(n), "destination": Hospital(n), "staffing": Threshold(n + 2)}
    return PolicySet("", **rules, **more, routing=Ways(n))


@dataclass(frozen=True)
class First(Nth):
    """Cache what it may not: something of the first callout of all."""

    def __call__(self, callout, view):
        n = view.atlas.cached(KEY, lambda: self.n + callout.place % 3)
        near = sorted(zip(view.arrivals, view.teams, strict=True))
        return (near[min(n, len(near) - 1)][1] if near else None), f"number {n}"


FIRST = First(0)  # one object in two alternatives
USERS = {
    "naive 0": naive(0),
    "first": PolicySet("", FIRST),
    "naive 1": naive(1),
    "first by another queue": PolicySet("", FIRST, queue=Modulo(3)),
    "naive 2": naive(2),
}


@cache
def users():
    file = file_of(TEXT, nodes=NODES, edges=EDGES)
    return {a.name: a for a in design_of([file], given=USERS).alternatives}


@cache
def user_alone(name):
    return logs_of([users()[name]], (1,))[name]


@cache
def users_in_company(backwards):
    order = sorted(USERS, reverse=backwards)
    return logs_of([users()[name] for name in order], (0, 1))


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("name", USERS)
def test_a_users_rule_never_sees_what_another_has_cached(name, backwards):
    """Not another rule's, not another alternative's, not another replication's."""
    assert users_in_company(backwards)[name] == user_alone(name)


def test_what_users_rules_cache_matters_here():
    """Otherwise a cache that all share would do no harm on this day."""
    assert len({without_name(user_alone(name), name) for name in USERS}) == len(USERS)
