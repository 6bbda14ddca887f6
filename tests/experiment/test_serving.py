"""Whoever is never served is named, by every library rule made to refuse somebody."""

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest

from sim.experiment.conformance import serving_worlds
from sim.experiment.conformance.policy_conformance import conforms, trial_files
from sim.experiment.conformance.serving import ServedCount, served_by
from sim.experiment.conformance.serving_worlds import (
    LEVELS,
    LONG,
    SHORT,
    coast,
    overloaded,
    villages,
)
from sim.policies import LIBRARY
from sim.policies.dispatch_rules.dispatch import Closest, Cutoff
from sim.policies.queue_rules.queueing import FirstCome, NoQueue, Priority

from .test_conformance import GIVEN

SERVES = "serves everyone: every place, kind, priority and hour"
SHORT_OF_TEAMS = "serves everyone when teams are short"
HOUR = 3_600_000


def made(question, name):
    return LIBRARY[question][name](**GIVEN.get((question, name), {}))


def failure(policy, question="dispatch", teams="to spare"):
    return served_by(policy, question, teams == "short").failure


# -- rules that refuse somebody ----------------------------------------------------------------


def is_meant(callout, atlas, what, value):
    """Return whether a callout is of those to be refused."""
    return value == {
        "place": atlas.places[callout.place],
        "kind": atlas.kinds[callout.kind],
        "priority": callout.priority,
        "hours": (callout.received // HOUR + 6) % 24 // 4,  # the trials begin at six
    }.get(what, (atlas.kinds[callout.kind], atlas.places[callout.place]))


@dataclass(frozen=True)
class Based:
    """A rule of the library that is made to refuse somebody; in all else it is that rule."""

    rule: Any
    what: str
    value: Any

    def __getattr__(self, name):
        return getattr(self.rule, name)

    def means(self, callout, view):
        return is_meant(callout, view.atlas, self.what, self.value)


class Refusing(Based):
    """Send nobody, or take nobody to hospital."""

    def __call__(self, callout, view):
        return (None, "refused") if self.means(callout, view) else self.rule(callout, view)


class RefusingWhenBusy(Based):
    """Send nobody unless more than two teams are free."""

    def __call__(self, callout, view):
        refused = self.means(callout, view) and view.free <= 2
        return (None, "busy") if refused else self.rule(callout, view)


class Last(Based):
    """Serve them after all others, however long they have waited."""

    def __call__(self, callout, view):
        return int(self.means(callout, view)), *self.rule(callout, view)


class Robbing(Based):
    """Let anybody else take the teams on their way to them, again and again."""

    def __call__(self, callout, view):
        if self.means(callout, view):
            return (), ""
        pairs = zip(view.teams, view.callouts, strict=True)
        return [team for team, other in pairs if self.means(other, view)], "needed more here"


@dataclass(frozen=True)
class ShortRoads:
    """Take no road that is longer than 15 km."""

    rule: Any

    def __call__(self, road):
        return None if road.metres > 15_000 else self.rule(road)


REFUSED = {
    ("place", "Hill"): "Hill (0 of ",
    ("kind", "injury"): "callouts of kind injury (0 of ",
    ("priority", 1): "callouts of priority 1 (0 of ",
    ("hours", 0): "callouts between 00:00 and 04:00 (0 of ",
}


SLOW = {
    "rollout", "clairvoyant", "survival", "equity_weighted",
    "ddsm", "compliance_table", "nearest", "marginal_loss",
}  # fmt: skip


def each_refusing(question):
    """Yield each rule with each that it may refuse; by default one each, the rest long."""
    for number, name in enumerate(LIBRARY[question]):
        for other, (what, value) in enumerate(REFUSED):
            quick = number == 0 or (number % 4 == other and name not in SLOW)
            yield pytest.param(name, what, value, marks=() if quick else pytest.mark.long)


@pytest.mark.parametrize(("name", "what", "value"), list(each_refusing("dispatch")))
def test_a_dispatch_rule_that_refuses_somebody_fails_and_names_them(name, what, value):
    """Otherwise it would look better than the rule it is made from: means know no refused."""
    said = failure(Refusing(made("dispatch", name), what, value))

    assert said.startswith("with teams to spare, it never sends anybody to ")
    assert REFUSED[what, value] in said
    assert said.endswith("in the end one of view.teams has to go")


@pytest.mark.parametrize(("name", "what", "value"), list(each_refusing("destination")))
def test_a_destination_rule_that_takes_nobody_fails_and_names_them(name, what, value):
    """A team comes, but those who need a hospital never see one."""
    said = failure(Refusing(made("destination", name), what, value), "destination")

    assert "never takes anybody to hospital from " in said
    assert REFUSED[what, value] in said


@pytest.mark.parametrize(
    ("what", "value", "named"),
    [
        ("place", "Hill", "Hill"),
        ("kind", "fire", "callouts of kind fire"),
        ("priority", 1, "callouts of priority 1"),
    ],
)
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=() if name == "priority" else pytest.mark.long)
        for name in LIBRARY["queue"]
        if name != "none"
    ],
)
def test_a_queue_rule_that_puts_somebody_last_for_ever_fails(name, what, value, named):
    """
    Of callouts of one priority, and with all drives equal: there is nothing to prefer by.

    Those of some hours cannot be last: at those hours there is nobody else. And a rule that takes
    teams from the less urgent as soon as a callout comes asks no queue about the most urgent.
    """
    said = failure(Last(made("queue", name), what, value), "queue", teams="short")

    if name == "preemptive_priority" and what == "priority":
        assert said == ""
    else:
        assert named in said
        assert "let no callout stay last" in said


@pytest.mark.parametrize("name", LIBRARY["reassignment"])
def test_a_reassignment_rule_that_robs_a_place_of_its_teams_fails(name):
    """Teams set out and are turned away: on the way, the place is refused."""
    said = failure(
        Robbing(made("reassignment", name), "place", "Bridge"), "reassignment", teams="short"
    )

    assert "seldom sends anybody to Bridge (" in said
    assert "view.reassigned" in said


@pytest.mark.parametrize(
    ("what", "value", "named"),
    [
        pytest.param("kind", "fire", "kind fire", marks=pytest.mark.long),
        ("priority", 1, "priority 1"),
    ],
)
def test_a_reassignment_rule_that_robs_others_says_how_many_it_costs(what, value, named):
    """More than half of them are reached all the same: a new callout has to come at that moment."""
    came_of_it = served_by(
        Robbing(made("reassignment", "never"), what, value), "reassignment", True
    )

    assert came_of_it.failure == ""
    assert f"of callouts of {named} are reached; with the default rule " in came_of_it.note


@pytest.mark.parametrize("name", ["fastest", pytest.param("safest", marks=pytest.mark.long)])
def test_a_routing_rule_that_cuts_places_off_fails_and_names_them(name):
    said = failure(ShortRoads(made("routing", name)), "routing")

    assert said.startswith("on the coast, with roads open, it never sends anybody to ")
    assert "Masyaf (0 of " in said


# -- refusals that hide ------------------------------------------------------------------------


@pytest.mark.parametrize("level", [2, 5])
def test_keeping_more_teams_than_are_ever_free_fails_when_teams_are_short(level):
    """As nine teams kept from all but the most urgent: on quiet days more than nine are free."""
    policy = Cutoff({level: 9})

    assert failure(policy) == ""
    assert f"seldom sends anybody to callouts of priority {level} (" in failure(
        policy, teams="short"
    )


@pytest.mark.parametrize(
    ("what", "value", "named"),
    [
        ("place", "Hill", "Hill"),
        ("kind", "fire", "callouts of kind fire"),
        ("priority", 1, "callouts of priority 1"),
    ],
)
def test_refusing_only_when_few_teams_are_free_fails_when_teams_are_short(what, value, named):
    policy = RefusingWhenBusy(Closest(), what, value)
    said = failure(policy, teams="short")

    assert failure(policy) == ""
    assert "it seldom sends anybody to " in said
    assert f"{named} (" in said


def test_fires_in_one_village_are_found_where_all_else_is_served():
    """Part of a kind and part of a place: neither is refused as a whole."""
    said = failure(Refusing(Closest(), "both", ("fire", "Hill")))

    assert "it never sends anybody to callouts of kind fire at Hill (0 of " in said
    assert said.count("callouts;") == 1


@dataclass(frozen=True)
class Asleep(Closest):
    """Send nobody from midnight to four; whoever can wait is served then."""

    def __call__(self, callout, view):
        night = (view.now // HOUR + 6) % 24 < 4
        return (None, "asleep") if night else Closest.__call__(self, callout, view)


def test_a_rule_that_sleeps_is_found_where_callers_give_up():
    assert failure(Asleep()) == ""
    assert "to callouts between 00:00 and 04:00 (" in failure(Asleep(), teams="short")


@dataclass(frozen=True)
class OneInThree(Closest):
    """Go to Hill every third time."""

    def __call__(self, callout, view):
        refused = view.atlas.places[callout.place] == "Hill" and callout.number % 3
        return (None, "not now") if refused else Closest.__call__(self, callout, view)


def test_serving_less_than_half_of_a_place_fails_too():
    """A rule could go there once, to be able to say so."""
    assert "it seldom sends anybody to Hill (" in failure(OneInThree())


def test_a_town_of_the_coast_is_missed_as_well_as_a_village():
    said = failure(Refusing(Closest(), "place", "Jablah"))

    assert said.startswith("on the coast, with roads open, it never sends anybody to Jablah (0 of ")


@dataclass(frozen=True)
class Nobody(Closest):
    def __call__(self, callout, view):
        return None, "no"


def test_who_sends_nobody_at_all_is_told_so_in_a_few_words():
    assert "it never sends anybody to any callout (0 of " in failure(Nobody())


# -- rules that serve everyone -----------------------------------------------------------------

EVERY = [(question, name) for question in LIBRARY for name in LIBRARY[question]]
CAN_REFUSE = {"dispatch", "reassignment", "queue", "destination", "routing"}
QUICK = [rule for rule in EVERY if rule[0] in CAN_REFUSE and rule[1] not in SLOW]


@pytest.mark.parametrize(("question", "name"), QUICK)
def test_the_rules_of_the_library_serve_everyone(question, name, monkeypatch):
    monkeypatch.setattr(serving_worlds, "LEVELS", LEVELS[:1])

    assert failure(made(question, name), question) == ""
    assert failure(made(question, name), question, teams="short") == ""


@pytest.mark.long
@pytest.mark.parametrize(("question", "name"), EVERY)
def test_the_rules_of_the_library_refuse_no_priority_when_teams_are_short(question, name):
    assert failure(made(question, name), question) == ""
    assert failure(made(question, name), question, teams="short") == ""


@pytest.mark.parametrize(
    ("rule", "lost"), [(NoQueue(), True), (FirstCome(), True), (Priority(), 0)]
)
def test_what_a_queue_rule_costs_the_most_urgent_is_told_though_it_refuses_nobody(rule, lost):
    """Nobody is refused by `none`, but who finds no team free is lost: that is harm, too."""
    came_of_it = served_by(rule, "queue", True)

    assert came_of_it.failure == ""
    assert ("of callouts of priority 1 are reached; with the default rule 100%" in
            came_of_it.note) is bool(lost)  # fmt: skip


@dataclass(frozen=True)
class OfMyTown(Closest):
    """A rule that names a place of a scenario of somebody's own."""

    def names(self):
        yield ("place",), "place", "My town"


def test_a_rule_that_fits_none_of_the_worlds_is_not_tried_and_says_why():
    came_of_it = served_by(OfMyTown(), "dispatch", False)

    assert (came_of_it.worlds, came_of_it.failure) == (0, "")
    assert came_of_it.untried == "no place is called 'My town' in coast-march-2025"


# -- as one check of the suite -----------------------------------------------------------------


@pytest.fixture(scope="module")
def files():
    return trial_files()[:1]


def serving_findings(policy, files, question="dispatch"):
    found = conforms(policy, question, "mine", files)
    return {f.check: (f.passed, f.said) for f in found if f.check in (SERVES, SHORT_OF_TEAMS)}


def test_who_refuses_somebody_with_teams_to_spare_is_not_tried_with_few(files):
    found = serving_findings(Refusing(Closest(), "place", "Hill"), files)

    assert found[SERVES][0] is False
    assert found[SHORT_OF_TEAMS] == (None, "not tried: callouts are refused with teams to spare")


@dataclass(frozen=True)
class KnowsTheVillages(Closest):
    """A rule that knows three villages and stumbles over a fourth."""

    def __call__(self, callout, view):
        {"Harbour": 1, "Bridge": 2, "Hill": 3}[view.atlas.places[callout.place]]
        return Closest.__call__(self, callout, view)


def test_a_rule_that_raises_in_those_worlds_alone_fails_with_what_it_did(files):
    passed, said = serving_findings(KnowsTheVillages(), files)[SERVES]

    assert passed is False
    assert "it raised KeyError: " in said


def test_a_rule_that_never_waits_passes_and_is_told_of(files):
    passed, said = serving_findings(NoQueue(), files, "queue")[SHORT_OF_TEAMS]

    assert passed is True
    assert said.startswith("but with callouts of priorities 1 and 2, only ")


# -- that the worlds can tell ------------------------------------------------------------------


def singles(trial):
    return [trial.said(group) for group in trial.groups if len(group) == 1]


def test_in_the_villages_every_group_of_callouts_is_served_by_the_default_rule():
    """By one or two of kind, place and hours, and by priority: nothing is left out."""
    trial = villages(LONG)
    reached = trial.reached(trial.usual)

    assert len(singles(trial)) == 5 + 5 + 5 + 6  # kinds, places, priorities, four hours each
    assert sum(len(group) == 2 for group in trial.groups) == 5 * 5 + 5 * 6 + 5 * 6
    assert all(callouts <= reached for callouts in trial.groups.values())


def test_in_every_village_people_are_taken_to_hospital_at_every_hour():
    trial = villages(LONG)
    taken = trial.taken(trial.usual)

    for group, callouts in trial.groups.items():
        if len(group) == 1 and group[0][0] in ("place", "hours"):
            assert len(callouts & taken) >= 10, trial.said(group)


def test_in_the_short_run_no_place_kind_priority_or_hour_is_left_out():
    trial = villages(SHORT)

    assert len(singles(trial)) == 5 + 5 + 5 + 6
    assert all(callouts <= trial.reached(trial.usual) for callouts in trial.groups.values())


def test_on_the_coast_every_place_is_served_by_the_default_rule():
    trial = coast()
    world = trial.world

    assert len(singles(trial)) == len(world.names.places) + len(world.names.kinds) + 5 + 6
    assert all(callouts <= trial.reached(trial.usual) for callouts in trial.groups.values())


@pytest.mark.parametrize("is_town", [False, True])
@pytest.mark.parametrize("level", LEVELS)
def test_with_too_few_teams_the_default_rule_serves_most_of_every_group(level, is_town):
    """But not all: else teams would not be short."""
    trial = overloaded(level, is_town)
    reached = trial.reached(trial.usual)
    shares = {group: len(own & reached) / len(own) for group, own in trial.groups.items()}

    assert len(singles(trial)) == 5 + 5 + 2 + 6
    assert min(shares.values()) > 0.55
    assert shares[()] < 0.85


# -- how it is counted -------------------------------------------------------------------------

# twenty callouts: ten fires and ten floods, half of each in A and half in B
FIRE, FLOOD = frozenset(range(10)), frozenset(range(10, 20))
IN_A = frozenset([*range(5), *range(10, 15)])
IN_B = (FIRE | FLOOD) - IN_A
GROUPS = {
    (): FIRE | FLOOD,
    (("kind", 0),): FIRE,
    (("kind", 1),): FLOOD,
    (("place", 0),): IN_A,
    (("place", 1),): IN_B,
    (("kind", 0), ("place", 0)): FIRE & IN_A,
    (("kind", 0), ("place", 1)): FIRE & IN_B,
}


@pytest.mark.parametrize(
    ("served", "refused"),
    [
        (FIRE | FLOOD, []),
        (FIRE, [(("kind", 1),)]),
        (IN_B, [(("place", 0),)]),
        (FIRE & IN_B, [(("kind", 1),), (("place", 0),)]),
        (IN_B | FLOOD, [(("kind", 0), ("place", 0))]),
        (FIRE | frozenset(range(10, 14)), [(("kind", 1),)]),  # four of ten floods
        (FIRE | frozenset(range(10, 15)), []),  # five, though all in A
        (frozenset(), [()]),
        (frozenset([0, 1, 5, 6, 10, 11, 15, 16]), [()]),  # two of five everywhere
    ],
)
def test_who_is_refused_is_told_by_the_groups_that_say_it(served, refused):
    """Worked out by hand: less than half of a group, and not because of another."""
    counting = ServedCount(SimpleNamespace(groups=GROUPS), served, FIRE | FLOOD)

    assert [tally.group for tally in counting.refused()] == refused


def test_kinds_that_make_up_a_priority_are_told_as_the_priority():
    groups = {**GROUPS, (("kind", 2),): frozenset(range(20, 30))}
    groups[()] = everybody = frozenset(range(30))
    groups[("priority", 2),] = FIRE | FLOOD
    groups[("priority", 1),] = groups[("kind", 2),]

    few = frozenset([0, 1, 5, 6, 10, 11, 15, 16])
    served = groups[("kind", 2),] | few
    refused = ServedCount(SimpleNamespace(groups=groups), served, everybody).refused()

    assert [tally.group for tally in refused] == [(("priority", 2),)]


def test_what_could_not_be_served_by_the_default_rule_is_nobodys_fault():
    usual = FIRE | frozenset([10, 11, 12, 13])  # four floods, less than a handful

    assert ServedCount(SimpleNamespace(groups=GROUPS), FIRE, usual).refused() == []
