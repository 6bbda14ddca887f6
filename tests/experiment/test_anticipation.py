"""
Nothing that comes later changes what a policy is shown, or decides, before.

A day is run with other ends: roads close, other callouts come, and work takes longer.
"""

import random
import sys
from dataclasses import dataclass, fields
from pathlib import Path

import pytest

from sim.engine import Atlases, simulate
from sim.engine.foundation import atlases
from sim.engine.foundation.sample_paths import SamplePaths
from sim.experiment.conformance.anticipation import callouts_with_other_end, other_ends
from sim.experiment.conformance.policy_conformance import (
    SEED,
    RecordingPolicy,
    conforms,
    trial_files,
)
from sim.log import KeptLog
from sim.policies import LIBRARY, Atlas, PolicySet
from sim.policies.dispatch_rules.dispatch import Closest
from sim.policies.rule_basis.board import BOARD_PARTS, ONLY_DISPATCH
from sim.world import build

from ..worlds import file_of, random_world

LATER = "decides the same, whatever comes later"


@pytest.fixture(scope="module")
def files():
    return trial_files()


@pytest.fixture(autouse=True)
def no_other_worlds(monkeypatch):
    monkeypatch.setattr(
        "sim.experiment.conformance.policy_conformance._serves", lambda policy, question: []
    )


# -- what policies are shown --------------------------------------------------------------------


@dataclass(frozen=True)
class ReadsAll(Closest):
    """Be shown all that a dispatcher can know."""

    wants = BOARD_PARTS
    futures = 3
    ahead = 4 * 3_600_000


def reads_all(question, name):
    """Return a rule of the library that is shown all that a dispatcher can know."""
    own = type(LIBRARY[question][name]())
    wants = tuple(part for part in BOARD_PARTS if part not in ONLY_DISPATCH)
    return type(own.__name__, (own,), {"wants": wants})()


RULES = {
    "dispatch": ReadsAll(),
    "reassignment": reads_all("reassignment", "by_priority"),
    "queue": reads_all("queue", "nearest"),
    "relocation": reads_all("relocation", "dmexclp"),
    "destination": reads_all("destination", "least_expected"),
    "staffing": reads_all("staffing", "call_in"),
}


def handed(world, callouts=None):
    """Return what every policy is handed in a day, by question, and the log."""
    asked = {question: RecordingPolicy(rule, most=10**9) for question, rule in RULES.items()}
    log = KeptLog()
    simulate(world, PolicySet("all", **asked), log, SEED, 0, Atlases(world), callouts)
    return {question: asked[question].calls for question in asked}, log


def test_what_comes_later_is_not_in_anything_that_a_policy_is_handed(files):
    """Times, positions, forecasts and possible futures are the same up to the other end."""
    seen = set()
    for file in files:
        world = build(file)
        first, log = handed(world)
        for end in other_ends(file, first["dispatch"]):
            other, _ = handed(end.world, callouts_with_other_end(world, end, SEED, log))
            for question in RULES:
                before = [
                    [call for call in calls[question] if call[0][-1].now < end.at]
                    for calls in (first, other)
                ]
                assert before[0] == before[1], (file.scenario.name, question)
                seen |= {question} if before[0] else set()
    assert seen == set(RULES)


@pytest.mark.parametrize("number", range(8))
def test_in_random_worlds_no_part_of_any_board_knows_what_comes_later(number):
    """Other callouts, closed hospitals and longer work after an instant: no board before tells."""
    rng = random.Random(number)
    texts = (random_world(rng, plain=False) for _ in range(100))
    text = next(text for text in texts if "  rate:" in text and "nodes.csv" not in text)
    file = file_of(text, {"clock.warm_up": "0 min"})  # whose log has every callout
    world = build(file)
    first, log = handed(world)
    compared = 0
    for end in other_ends(file, first["dispatch"], is_slow=True):
        other, _ = handed(end.world, callouts_with_other_end(world, end, SEED, log))
        for question in RULES:
            before = [
                [call for call in calls[question] if call[0][-1].now < end.at]
                for calls in (first, other)
            ]
            assert before[0] == before[1], question
            compared += len(before[0])
    assert compared > 10


# -- what policies decide -----------------------------------------------------------------------


@dataclass(frozen=True)
class Leaking(Atlas):
    """A map that holds the times of the whole run, as maps once did."""

    every: tuple = ()


@dataclass(frozen=True)
class AtWorst:
    """Send the team that is soonest at the worst time of the run."""

    def __call__(self, callout, view):
        if not view.teams:
            return None, "nobody"
        every = getattr(view.atlas, "every", (view.atlas.times,))
        arrival, team = min(zip(view.arrivals, view.teams, strict=True))
        base = view.atlas.base_places[view.atlas.team_bases[team]]
        worst = max(times[base][callout.place] for times in every)
        return team, f"{arrival} ms, at worst {worst} ms from its base"


def failures(policy, question, files):
    found = conforms(policy, question, "mine", files)
    return {finding.check: finding.said for finding in found if finding.passed is False}


def test_a_rule_that_reads_later_travel_times_from_its_map_is_found(files, monkeypatch):
    """By this check alone: it is a function of what it sees, but it should not see it."""
    assert failures(AtWorst(), "dispatch", files) == {}

    def leaking(self, period):
        first = self._first
        about = {f.name: getattr(first, f.name) for f in fields(first) if f.init}
        every = self._world.travel.times
        about |= {"times": every[period], "every": every}
        return self.setdefault(period, Leaking(**about))

    monkeypatch.setattr(atlases.Atlases, "__missing__", leaking)
    found = failures(AtWorst(), "dispatch", files)

    assert set(found) == {LATER}
    assert "first-steps, day 1 " in found[LATER]
    assert " is different" in found[LATER]


def from_engine(name):
    """Return what the dispatcher has under a name, from the frame in which it asks."""
    frame = sys._getframe()
    while frame is not None and "open_" not in frame.f_locals:
        frame = frame.f_back
    return None if frame is None else frame.f_locals[name]


@dataclass(frozen=True)
class KnowsTheRoads(Closest):
    """Say how many states the roads will have been in, found in the engine."""

    def __call__(self, callout, view):
        chosen, _ = super().__call__(callout, view)
        engine = from_engine("self")
        return chosen, f"{len(engine.times) if engine else 0} states"


@dataclass(frozen=True)
class KnowsTheWork(Closest):
    """Send the last by number where the work will be long, found in the engine."""

    def __call__(self, callout, view):
        open_ = from_engine("open_")
        if view.teams and open_ is not None and open_.marks.on_scene[0] > 3_600_000:
            return max(view.teams), "takes long"
        return super().__call__(callout, view)


@pytest.mark.parametrize(
    "policy", [KnowsTheRoads(), KnowsTheWork()], ids=lambda p: type(p).__name__
)
def test_a_rule_that_reads_the_future_in_the_engine_is_found(policy, files):
    assert "when only what comes after day " in failures(policy, "dispatch", files)[LATER]


def test_the_page_on_policies_says_what_is_told_of_such_a_rule(files):
    page = Path(__file__).parent.parent.parent / "docs/policies.md"
    said = failures(KnowsTheWork(), "dispatch", files)[LATER]

    assert f"\n  FAIL  {LATER}: {said}\n" in page.read_text(encoding="utf-8")


def test_a_rule_that_says_it_knows_the_future_is_not_tried(files):
    found = conforms(LIBRARY["dispatch"]["clairvoyant"](), "dispatch", "clairvoyant", files[:1])

    (said,) = [(finding.passed, finding.said) for finding in found if finding.check == LATER]
    assert said == (None, "it says of itself that it knows the future (`foresees`)")


def test_a_rule_that_does_not_say_so_but_is_handed_the_true_future_is_found(files, monkeypatch):
    """As an engine with that error would: rollout is shown the callouts that will come."""
    monkeypatch.setattr(
        "sim.engine.status_board.SamplePaths",
        lambda world, seed, replication, count, ahead, true: SamplePaths(
            world, seed, replication, 1, ahead, true=True
        ),
    )

    assert LATER in failures(LIBRARY["dispatch"]["rollout"](futures=1), "dispatch", files[:1])
