"""Why teams could not be sent: by hand for each reason, then against the engine's own state."""

import random
from collections import Counter

import pytest

from sim.engine import simulate, simulation
from sim.engine.features import homeward, vehicles
from sim.log import DecisionRow, KeptLog
from sim.outcomes.explanation.whereabouts import Reason, Whereabouts
from sim.policies import policy_sets

from ..engine.test_roads import drawn
from ..properties.crowded import crowded_world
from ..properties.pressed import pressed_world
from ..worlds import Answer, answered, hand_worked, random_roads, world_of


def nearer(day, callout, nth=0):
    """Return reason, arrival, since and until [min] of the teams nearer at a decision."""
    known = Whereabouts(day.log, day.world)
    row = day.callouts[callout]
    found = known.nearer(row, known.decisions[callout][nth])
    names = day.world.names.teams
    return {
        names[one.team]: (one.reason, in_min(one.arrival), in_min(one.since), in_min(one.until))
        for one in found
    }


def in_min(ms):
    return None if ms is None else ms / 60_000


FAR = {"places": "A B C", "bases": "A B C", "times": "A-B 10, A-C 30, B-C 30"}
"""A is where it happens; B is 10 from it and C 30, where Far is, which is always free."""


def at_b(team, *callouts, kinds="job: {share: 100%}", rest="", more=""):
    """Return a run in which Near in B would be the sooner for the last callout, in A."""
    teams = f"Near: {{base: B{team}}}\nFar: {{base: C, capabilities: [rope]}}{more}"
    return answered(hand_worked(*callouts, teams=teams, kinds=kinds, rest=rest, **FAR))


def test_a_team_on_another_callout_is_named_with_it_from_when_to_when():
    """Near is on scene in B itself: from there it is ten minutes to A, as from its base."""
    day = at_b("", "00:00 B job 60", "00:20 A job")

    assert nearer(day, 1) == {"Near": (Reason.ON_CALLOUT, 10, 0, 60)}


def test_a_team_whose_scene_is_nearer_than_its_base_is_counted_from_there():
    """Home is on scene in A; its base is as far as the one that is sent."""
    day = answered(
        hand_worked(
            "00:00 A job 90", "00:40 A job", **FAR, teams="Home: {base: C}\nFar: {base: C}"
        )
    )  # fmt: skip

    assert nearer(day, 1) == {"Home": (Reason.ON_CALLOUT, 0, 0, 120)}


def test_a_team_with_a_patient_is_on_its_way_to_hospital_and_then_there():
    """Ten on scene in B, ten to the hospital in A, twenty of handover: until 40."""
    kinds = "ill: {share: 50%, to: hospital, handover: 20 min}\njob: {share: 50%}"
    hospital = "hospitals: {Mercy: A}"
    callouts = "00:00 B ill 10", "00:15 A job"
    under_way = at_b("", *callouts, kinds=kinds, rest=hospital)
    there = at_b("", "00:00 B ill 10", "00:25 A job", kinds=kinds, rest=hospital)

    assert nearer(under_way, 1) == {"Near": (Reason.TO_HOSPITAL, 10, 10, 40)}
    assert nearer(there, 1) == {"Near": (Reason.AT_HOSPITAL, 0, 20, 40)}


def test_a_team_off_duty_is_told_until_when():
    day = at_b(", shifts: [day]", "00:20 A job", rest="shifts: {day: {hours: 08:00-20:00}}")

    assert nearer(day, 0) == {"Near": (Reason.OFF_DUTY, 10, None, 480)}


def test_a_team_without_a_capability_is_named_as_such_whatever_it_does():
    day = at_b("", "00:20 A climb", kinds="climb: {share: 100%, needs: [rope]}")

    assert nearer(day, 0) == {"Near": (Reason.CAPABILITY, 10, None, None)}


def test_a_team_in_reserve_was_not_called_in_or_is_on_its_way_to_its_duty():
    """Far goes at 10, and nobody is free: Near is called in then, which takes an hour."""
    rest = "policies: {p: {staffing: {call_in: {free_below: 1}}}}"
    day = at_b(
        ", reserve: {delay: 60 min}", "00:10 A job 60", "00:20 A job", rest=rest
    )  # fmt: skip

    assert nearer(day, 0) == {"Near": (Reason.IN_RESERVE, 10, None, None)}
    assert nearer(day, 1)["Near"] == (Reason.CALLED_IN, 10, 10, 70)


def test_a_team_on_a_break_is_told_until_when():
    day = at_b(
        ", shifts: [all], breaks: [{duration: 30 min, between: 01:00-03:00}]",
        "01:10 A job",
        rest="shifts: {all: {hours: 00:00-24:00}}",
    )

    assert nearer(day, 0) == {"Near": (Reason.BREAK, 10, 60, 90)}


def test_a_team_in_its_mandatory_rest_is_told_until_when():
    """On duty from midnight, for an hour at most: rested at 03:00."""
    day = at_b(", limits: {minimum_rest: 2 h, hours_on_duty: 1 h}", "01:10 A job")

    assert nearer(day, 0) == {"Near": (Reason.RESTING, 10, 60, 180)}


def test_a_team_on_its_way_home_cannot_be_sent_where_that_is_the_rule():
    """Near, the only one that can help, is cleared in C at 40 and home in B at 70."""
    day = answered(
        hand_worked(
            "00:00 C job 10", "00:41 A job", **FAR,
            teams="Near: {base: B, capabilities: [x]}\nFar: {base: C, capabilities: [rope]}",
            kinds="job: {share: 100%, needs: [x]}",
            rest="dispatch_centre: {dispatch_while_returning: false}",
        )
    )  # fmt: skip

    assert nearer(day, 1) == {
        "Near": (Reason.RETURNING, 10, 40, 70),
        "Far": (Reason.CAPABILITY, 30, None, None),
    }


def test_a_vehicle_that_another_team_has_is_named_with_that_team():
    text = hand_worked(
        "00:00 B job 60", "00:20 A job", **FAR,
        teams="One: {base: B, vehicles: [car]}\nTwo: {base: B, vehicles: [car]}\nFar: {base: C}",
        rest="vehicles: {car: {base: B, capabilities: []}}",
    )  # fmt: skip
    day = answered(text)
    known = Whereabouts(day.log, day.world)
    two = known.nearer(day.callouts[1], known.decisions[1][0])[1]

    assert nearer(day, 1)["Two"][0] == Reason.VEHICLE_TAKEN
    assert (two.who, two.holder) == ((0,), 0)


def test_a_crew_that_did_not_assemble_is_not_alerted_again():
    """Nobody accepts; after the time-out of 15 min Far goes."""
    day = at_b(
        ", crew: 1, on_call: {volunteers: Town, assembly_timeout: 15 min}",
        "00:20 A job",
        rest="volunteers: {Town: {people: 2, acceptance: 0%, answer_delay: 1 min, "
        "travel_to_base: 1 min}}",
    )

    assert nearer(day, 0, 1)["Near"][0] == Reason.NO_CREW


def test_a_free_team_elsewhere_is_told_from_where():
    """Near, cleared in C at 40, is on its way home, 25 from B or back: farther than its base."""
    day = at_b("", "00:00 C job 10", "00:45 A job", kinds="job: {share: 100%}", more="")
    free = answered(
        hand_worked(
            "00:00 C job 10", "00:45 A job", places="A B C D", bases="B D",
            times="A-B 10, A-C 30, B-C 30, A-D 20, B-D 60, C-D 60",
            teams="Near: {base: B}\nOther: {base: D}",
        )
    )  # fmt: skip

    assert day.teams(0) == ["Far"]
    known = Whereabouts(free.log, free.world)
    (one,) = known.nearer(free.callouts[1], known.decisions[1][0])
    assert (one.reason, in_min(one.arrival), in_min(one.there)) == (Reason.ELSEWHERE, 10, 35)
    assert one.mission.callout == 0


def test_closures_that_the_dispatcher_knew_of_are_named_and_no_others():
    """T in A has no way to B: both roads are closed, of which one was discovered at 15."""
    day = drawn(
        "00:05 B job",
        "00:30 B job",
        around="closures:\n"
        "  - {name: bridge, edge: [x, b], until: 'day 1 02:00', known: discovered}\n"
        "  - {name: pass, edge: [y, b], until: 'day 1 03:00'}",
    )
    known = Whereabouts(day.log, day.world)
    (before,) = known.nearer(day.callouts[0], day_decision(1, []))
    (after,) = known.nearer(day.callouts[1], day_decision(30, []))

    assert before.reason == Reason.FREE
    assert (after.reason, after.who) == (Reason.NO_ACCESS, (0, 1))


def day_decision(minute, teams):
    """Return a decision to send nobody, taken in a minute."""
    return DecisionRow(minute * 60_000, "dispatch", 0, teams, [], None, "Closest", "")


# -- against the engine ---------------------------------------------------------------------------

TRUE = {
    "busy": {Reason.ON_CALLOUT, Reason.TO_HOSPITAL, Reason.AT_HOSPITAL, Reason.ASSEMBLING},
    "sent": {Reason.SENT},
    "off": {Reason.OFF_DUTY, Reason.RESTING, Reason.IN_RESERVE, Reason.CALLED_IN},
    "on the road": {Reason.NO_ACCESS_TO_BASE},
    "held": {Reason.OUT_OF_SERVICE, Reason.RETURNING},
    "returning": {Reason.RETURNING, Reason.OUT_OF_SERVICE},
    "break": {Reason.BREAK, Reason.REFUSED},
    "unready": {Reason.VEHICLE_TAKEN, Reason.OUT_OF_SERVICE},
    "free": {Reason.SMALL_CREW, Reason.NO_ACCESS, Reason.NO_CREW, Reason.REFUSED,
             Reason.VEHICLE_TAKEN, Reason.OUT_OF_SERVICE},
}  # fmt: skip
"""What a team was to the engine, and the reasons that say so."""


class Watched:
    """The parts of a run that know what a team is that is no candidate."""

    run, stranded, held = None, (), ()

    def install(self, monkeypatch):
        """Keep what parts of the runs to come know."""
        for kind, name in (
            (simulation.Parts, "run"),
            (homeward.Homeward, "stranded"),
            (vehicles.SharedVehicles, "held"),
        ):
            monkeypatch.setattr(kind, "__init__", self._keeping(kind.__init__, name))

    def _keeping(self, begin, name):
        def noted(part, *args):
            begin(part, *args)
            setattr(self, name, getattr(part, name))

        return noted


def state_of(watched, team, number):
    """Return what a team that is no candidate is to the engine at this moment."""
    if team.mission is not None:
        return "sent" if team.mission.open.callout.number == number else "busy"
    if not team.on_duty:
        return "off"
    if team.free:
        return "unready" if team in watched.run.available.unready else "free"
    if team.number in watched.stranded:
        return "on the road"
    if team.number in watched.held:
        return "held"
    return "returning" if team.alarm.is_set else "break"


def watched(world, replication, monkeypatch):
    """Run a world; return its log and, for each decision, what the others were to the engine."""
    seen, log, found = [], KeptLog(), Watched()
    found.install(monkeypatch)

    def decision(row):
        log._decisions.append(row)
        _, question, number, candidates = row[:4]
        if question == "dispatch":
            others = [t for t in found.run.teams if t.number not in candidates]
            seen.append((row, {t.number: state_of(found, t, number) for t in others}))

    log.decision = decision
    policies = next(iter(policy_sets(world.file).values()))
    simulate(world, policies, log, world.scenario.study.seed, replication)
    return log, seen


def worlds_at_random(number):
    """Yield a world with all that teams can have, and one with all that roads can have."""
    rng = random.Random(7_000 + number)
    text = crowded_world(rng)
    yield world_of(text, **(random_roads(rng) if "edges.csv" in text else {}))
    text, tables = pressed_world(random.Random(31_000 + number))
    yield world_of(text, **tables)


@pytest.mark.parametrize("number", [1, 3, 10, pytest.param(0, marks=pytest.mark.long)])
def test_the_reasons_are_those_of_the_engine(number, monkeypatch):
    """
    Worked out from the log alone, each reason is what the engine knew of the team.

    At the very instant at which a team is cleared both are true: that it was busy until then, and
    what it is from then on.
    """
    count = Counter()
    for n in [number] if number else [2, *range(4, 30)]:
        for world in worlds_at_random(n):
            log, seen = watched(world, n, monkeypatch)
            known, day = Whereabouts(log, world), Answer(world, log)
            for raw, states in seen:
                decision = DecisionRow._make(raw)
                row = day.callouts.get(decision.subject)
                # what is missing after others were on scene is not asked here
                if row is None or (row.on_scene is not None and row.on_scene <= decision.at):
                    continue
                for team, state in states.items():
                    reason = known.unavailable(team, row, decision).reason
                    cleared = any(m.cleared == decision.at for m in known.missions[team])
                    partly = state == "free" and len(known.decisions[row.callout]) > 1
                    count[state, reason] += 1
                    right = reason in TRUE[state] or reason == Reason.CAPABILITY
                    assert right or cleared or partly, (n, decision, team, state, reason)

    assert len(count) > 5
