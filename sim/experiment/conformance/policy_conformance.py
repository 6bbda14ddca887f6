"""
Whether a policy behaves as every policy has to, tried on short days.

A policy runs a few days in shipped scenarios, and what it was handed is kept; then it is asked
again outside any run, with teams renumbered, and with nobody to choose from. Last it runs where
everybody can be served, see ``serving``. Apart from callouts that it never serves, its decisions
are not judged here: a rule may pass and still be bad.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sim.by_identity import ByIdentity
from sim.engine import Atlases, simulate
from sim.errors import PolicyError
from sim.log import KeptLog
from sim.policies import Atlas, PolicySet
from sim.policies.contract.checked_answers import check_of
from sim.policies.contract.decision_checks import IllegalMutation, shown
from sim.policies.contract.declarations import declared
from sim.policies.contract.error_report import did
from sim.policies.dispatch_rules.dispatch import Closest
from sim.policies.guard import guarded
from sim.policies.registry import misfit
from sim.policies.rule_basis.board import noting_class
from sim.scenario import ScenarioFile, find_scenario, read_scenario
from sim.world import World, build

from . import anticipation, relabelling
from .anticipation import OtherEnd, Ran
from .serving import served_by
from .serving_worlds import takes_long

KEPT = 2000  # calls of a day that are kept
ASKED_AGAIN = 300  # of them, as many are asked again
ASKED_BARE = 30  # of those, as many once more with nothing cached on the map
RENUMBERED = 30  # and as many with teams renumbered, in this many ways:
WAYS = 5
SEED = 1

Handed = tuple[Any, ...]
_Maps = dict[ByIdentity[Atlas], Atlas]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What came of one check; ``passed`` is None where there was nothing to check."""

    check: str
    passed: bool | None
    said: str = ""


class RecordingPolicy:
    """Asks a policy and keeps what it was handed, which parts it read, and what it answered."""

    def __init__(self, policy: Any, most: int = KEPT) -> None:
        self.policy, self.most = policy, most
        self.calls: list[tuple[Handed, Any]] = []
        self.read: set[str] = set()  # parts of the board
        wants = tuple(getattr(policy, "wants", ()))
        self._board = noting_class(wants, self.read.add) if wants else None

    def __call__(self, *handed: Any) -> Any:
        """Return the policy's answer."""
        if len(self.calls) >= self.most:
            return self.policy(*handed)
        before = tuple(map(_copied, handed))
        answer = self.policy(*self._noted(handed))
        self.calls.append((before, answer))
        return answer

    def _noted(self, handed: Handed) -> Handed:
        """Return what is handed, with a board that notes what is read."""
        board = getattr(handed[-1], "board", None)
        if self._board is None or board is None:
            return handed
        return (*handed[:-1], handed[-1]._replace(board=self._board._make(board)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.policy, name)


def _copied(view: Any) -> Any:
    """Return a view with lists of its own, as the policy may not keep them as they were."""
    if not hasattr(view, "_make"):
        return view
    return view._make(part.copy() if type(part) is list else part for part in view)


def trial_files() -> list[ScenarioFile]:
    """Return the days on which policies are tried: a busy one of three villages, and the coast."""
    reserve = {"base": "Hill", "count": 3, "reserve": {"delay": "20 min", "duration": "6 h"}}
    first: dict[str | tuple[str, ...], object] = {
        "clock.length": "2 days",
        "clock.warm_up": "0 min",
        "demand.rate": "30 per day",
        ("teams", "Reserve"): reserve,
    }
    coast: dict[str | tuple[str, ...], object] = {"clock.length": "1 day", "clock.warm_up": "0 min"}
    return [
        read_scenario(find_scenario("first-steps"), first),
        read_scenario(find_scenario("coast-march-2025"), coast),
    ]


def conforms(
    policy: Any, question: str, name: str, files: Sequence[ScenarioFile] | None = None
) -> list[CheckResult]:
    """
    Return what came of every check of a policy.

    Parameters
    ----------
    policy
        The policy, made.
    question
        What it answers, as in ``"dispatch"``.
    name
        What people call it.
    files
        Scenarios to try it on; ``trial_files()`` if not given.

    """
    watched = guarded(policy, question, name)
    try:
        usable, unfit = _fitting(watched, question, trial_files() if files is None else files)
    except (Exception, SystemExit) as error:
        return [CheckResult("says what it fits", False, f"names() or fits() {did(error)}")]
    if not usable:
        return [CheckResult("runs", None, f"not tried: {unfit}")]
    try:
        days = [_TrialDay(file, question) for file in usable]
        calls = [call for day in days for call in day.run(watched)]
    except PolicyError as error:
        return _failure(error)
    found = [
        CheckResult("answers every question, and among what is offered", True),
        CheckResult("changes nothing", True),
    ]
    if not calls:
        found.append(
            CheckResult("the other checks", None, "no question came up on the days tested")
        )
        return [*found, *_serves(watched, question)]
    found.append(_same_run(days))
    is_repeatable = found[-1].passed is True
    found.append(_same_view(calls, watched, question))
    found.append(_anticipates(days, watched, is_repeatable))
    found.append(_sees(calls, days))
    found.append(_ties(calls, watched, question))
    found.append(_empty(calls, watched, question))
    found += _unused(days, watched, question)
    found += _serves(watched, question)
    found.append(_speed(days))
    return found


def _fitting(
    policy: Any, question: str, files: Sequence[ScenarioFile]
) -> tuple[list[ScenarioFile], str]:
    """Return the scenarios on which the policy makes sense, and why not on the last other."""
    usable, unfit = [], ""
    for file in files:
        told = misfit(file, policy)
        roads = file.scenario.map.roads
        if question == "routing" and (roads is None or not roads.is_network):
            told = told or "there is no road network"
        if told:
            unfit = told
        else:
            usable.append(file)
    return usable, unfit


class _TrialDay:
    """A scenario on which a policy is tried twice, and its log."""

    def __init__(self, file: ScenarioFile, question: str) -> None:
        self.file, self.question = file, question
        self.own = PolicySet("trial", Closest())
        self.world: World = build(file)
        self.logs: list[KeptLog] = []
        self.calls: list[tuple[Handed, Any]] = []
        self.read: set[str] = set()  # parts of the board
        self.took = self.seconds = 0.0  # the last run, and the policy's second one [s]

    def run(self, policy: Any) -> list[tuple[Handed, Any]]:
        """Run the day twice; return the calls of the first time."""
        recorder = RecordingPolicy(policy)
        self.logs = [self._run(recorder), self._run(RecordingPolicy(policy, most=0))]
        self.seconds, self.calls, self.read = self.took, recorder.calls, recorder.read
        return recorder.calls

    def _run(self, asked: Any, end: OtherEnd | None = None, callouts: Any = None) -> KeptLog:
        changes: dict[str, Any] = {self.question: asked}
        policies, log = replace(self.own, **changes), KeptLog()
        began = time.process_time()
        file, world = (self.file, self.world) if end is None else (end.file, end.world)
        if self.question == "routing":
            world = build(file, asked)
        simulate(world, policies, log, SEED, 0, Atlases(world), callouts)
        self.took = time.process_time() - began
        return log

    def foreseen(self, policy: Any) -> str:
        """Return how a policy shows that it knows what is still to come; empty if it does not."""

        def run(end: OtherEnd, callouts: anticipation.Callouts) -> Ran:
            recorder = RecordingPolicy(policy)
            return Ran(self._run(recorder, end, callouts), recorder.calls)

        first = Ran(self.logs[0], self.calls)
        is_slow = takes_long(policy) or self.question == "routing"  # each end is a network to build
        return anticipation.foreseen(self.world, SEED, first, run, is_slow)

    def usual(self) -> float:
        """Return the time that the day takes under the rule that most services have. [s]"""
        self._run(getattr(self.own, self.question))
        return self.took


def _failure(error: PolicyError) -> list[CheckResult]:
    """Return the report on a policy that ended its run."""
    check = "answers every question, and among what is offered"
    if isinstance(_cause(error), IllegalMutation):
        return [CheckResult(check, True), CheckResult("changes nothing", False, _said(error))]
    return [CheckResult(check, False, _said(error))]


def _cause(error: PolicyError) -> BaseException | None:
    cause = error.__cause__
    while isinstance(cause, PolicyError):  # the event loop raises a copy of what a process raised
        cause = cause.__cause__
    return cause


def _said(error: PolicyError) -> str:
    cause = _cause(error)
    return f"it {did(cause) if cause is not None else error}"


def _same_run(days: Sequence[_TrialDay]) -> CheckResult:
    check = "the same day run twice gives the same log"
    for day in days:
        first, again = day.logs
        for what in ("decisions", "missions", "callouts", "events"):
            rows, others = getattr(first, what), getattr(again, what)
            for n, (row, other) in enumerate(zip(rows, others, strict=False)):
                if row != other:
                    name = day.file.scenario.name
                    return CheckResult(
                        check, False, f"{name}: number {n + 1} of its {what} differs"
                    )
            if len(rows) != len(others):
                return CheckResult(check, False, f"{len(rows)} {what}, then {len(others)}")
    return CheckResult(check, True)


def _sample(calls: Sequence[Any], most: int) -> Sequence[Any]:
    """Return at most this many, spread over all."""
    return calls[:: -(-len(calls) // most)] if calls else calls


def _on(handed: Handed, maps: _Maps) -> Handed:
    """Return what was handed, with the same map but for what is cached on it."""
    view = handed[-1]
    atlas = getattr(view, "atlas", None)
    if atlas is None:
        return handed
    key = ByIdentity(atlas)
    if key not in maps:
        maps[key] = replace(atlas)
    return (*handed[:-1], _copied(view)._replace(atlas=maps[key]))


def _same_view(calls: Sequence[tuple[Handed, Any]], policy: Any, question: str) -> CheckResult:
    """Ask again, in another order: what was remembered or cached on the map may not matter."""
    check = "the same view gives the same answer, in any order, and outside a run"
    maps: _Maps = {}
    again_of = list(_sample(calls, ASKED_AGAIN))
    random.Random(SEED).shuffle(again_of)  # noqa: S311 - in which order
    asked = [(handed, answer, maps) for handed, answer in again_of]
    # and some with nothing cached at all: what is under a key may not be meant for another call
    asked += [(handed, answer, {}) for handed, answer in again_of[:ASKED_BARE]]
    for handed, answer, known in asked:
        try:
            again = policy(*_on(handed, known))
        except Exception as error:
            return CheckResult(check, False, f"asked again with the same view, it {did(error)}")
        if again != answer:
            bare = " when nothing was cached" if known is not maps else ""
            return CheckResult(
                check, False, f"it answered {shown(answer)}, then {shown(again)}{bare}"
            )
    return CheckResult(check, True)


def _anticipates(days: Sequence[_TrialDay], policy: Any, is_repeatable: bool) -> CheckResult:
    """Run the days with other ends: what comes later may change no decision before."""
    check = "decides the same, whatever comes later"
    if not is_repeatable:
        return CheckResult(check, None, "not tried: the same day run twice gives another log")
    if declared(policy, days[0].question).foresees:
        return CheckResult(check, None, "it says of itself that it knows the future (`foresees`)")
    for day in days:
        try:
            told = day.foreseen(policy)
        except PolicyError as error:
            return CheckResult(check, False, f"on a day that ends otherwise, {_said(error)}")
        if told:
            return CheckResult(check, False, told)
    return CheckResult(check, True)


def _sees(calls: Sequence[tuple[Handed, Any]], days: Sequence[_TrialDay]) -> CheckResult:
    """Walk from all that was handed: nothing but numbers and names of the scenario is there."""
    check = "sees only need, place and time"
    names = {name for day in days for name in _names(day.world)}
    for thing in _reachable([handed for handed, _ in _sample(calls, ASKED_AGAIN)]):
        if isinstance(thing, str) and thing not in names:
            return CheckResult(check, False, f"it was handed the text {shown(thing)}")
        if not isinstance(thing, (str, int, float, list, tuple, dict, range, type(None), Atlas)):
            return CheckResult(check, False, f"it was handed {shown(thing)}")
    return CheckResult(check, True)


def _names(world: World) -> Iterator[str]:
    for part in ("kinds", "places", "areas", "teams", "bases", "hospitals"):
        yield from getattr(world.names, part)


def _reachable(root: Any) -> Iterator[Any]:
    """Yield all that can be reached from something; caches hold what policies put there."""
    seen: set[ByIdentity[Any]] = set()
    todo = [root]
    while todo:
        thing = todo.pop()
        key = ByIdentity(thing)
        if key in seen:
            continue
        seen.add(key)
        yield thing
        if isinstance(thing, Atlas):
            todo += [part for name, part in vars(thing).items() if not name.startswith("_")]
        elif isinstance(thing, dict):
            todo += [*thing, *thing.values()]
        elif isinstance(thing, (list, tuple)):
            todo += thing


def _ties(calls: Sequence[tuple[Handed, Any]], policy: Any, question: str) -> CheckResult:
    """
    Renumber teams or hospitals, list them in another order, and compare the choices.

    Who is chosen may depend on numbers only among those that tie, see `not_by_number`.
    """
    check = "ties go to the lowest number, however numbers are given out and listed"
    said = declared(policy, question)
    if said.draws:
        return CheckResult(check, None, "it chooses at random")
    if said.moves_all:
        return CheckResult(check, None, "not tried for rules that move the whole fleet")
    wide = _sample(relabelling.wide(question, calls), RENUMBERED)
    renumbered = _Renumbered(policy, question)
    for handed, answer in wide:
        try:
            told = renumbered.told(handed, answer)
        except Exception as error:
            return CheckResult(check, False, f"with other numbers, it {did(error)}")
        if told:
            return CheckResult(check, False, told)
    if not wide:
        return CheckResult(check, None, "no tie was possible on the days tried")
    return CheckResult(check, True)


class _Renumbered:
    """Asks a policy again under other numbers; the same few numberings for all of a day."""

    def __init__(self, policy: Any, question: str) -> None:
        self.policy, self.question = policy, question
        self.draws = random.Random(SEED)  # noqa: S311 - which numberings are tried
        self.ways: dict[ByIdentity[Atlas], list[relabelling.Numbering]] = {}

    def told(self, handed: Handed, answer: Any) -> str:
        """Return why the policy does not go by number, empty if it does."""
        policy, question, draws = self.policy, self.question, self.draws
        if question == "queue":
            if answer < policy(*relabelling.later_twin(handed)):
                return ""
            return "of two callouts that are the same, the one received later is not served later"
        view = handed[-1]
        twin = relabelling.with_twin_of(answer[0], view) if question == "relocation" else None
        if twin is not None and policy(twin)[0] == len(view.drives):
            return "of two bases that are the same, it chose the one with the higher number"
        key = ByIdentity(view.atlas)
        if key not in self.ways:
            anew = (relabelling.numbering_of(question, view.atlas, draws) for _ in range(WAYS))
            self.ways[key] = list(anew)
        chosen = []
        for way in self.ways[key]:
            again = policy(*relabelling.renumbered(question, handed, way, draws))
            chosen.append(relabelling.choice(question, again, way))
        return relabelling.not_by_number(chosen)


def _empty(calls: Sequence[tuple[Handed, Any]], policy: Any, question: str) -> CheckResult:
    check = "handles an empty list of candidates"
    handed = relabelling.emptied(question, policy, _on(calls[0][0], {}))
    if handed is None:
        return CheckResult(check, None, "it always has candidates")
    try:
        answer = policy(*handed)
    except Exception as error:
        return CheckResult(check, False, f"without candidates, it {did(error)}")
    if told := check_of(question, policy)(answer, *handed):
        return CheckResult(check, False, f"without candidates, it {told}")
    return CheckResult(check, True)


def _unused(days: Sequence[_TrialDay], policy: Any, question: str) -> list[CheckResult]:
    """Return whether each part of the board that is wanted was read; nothing if none is."""
    check = "reads every part of the board that it wants"
    wants = declared(policy, question).wants
    read = set().union(*(day.read for day in days))
    never = [part for part in wants if part not in read]
    if not wants:
        return []
    if not never:
        return [CheckResult(check, True)]
    parts = " and ".join(f"`{part}`" for part in never)
    told = f"{parts} not, on the days tried: what is never read takes time for nothing"
    return [CheckResult(check, None, told)]


def _serves(policy: Any, question: str) -> list[CheckResult]:
    """Return whether the policy serves everyone, with teams to spare and with too few."""
    found: list[CheckResult] = []
    for check, is_overloaded in (
        ("serves everyone: every place, kind, priority and hour", False),
        ("serves everyone when teams are short", True),
    ):
        if any(finding.passed is False for finding in found):
            found.append(
                CheckResult(check, None, "not tried: callouts are refused with teams to spare")
            )
            continue
        try:
            served = served_by(policy, question, is_overloaded)
        except PolicyError as error:
            found.append(CheckResult(check, False, _said(error)))
            continue
        if served.failure:
            found.append(CheckResult(check, False, served.failure))
        elif served.worlds:
            found.append(CheckResult(check, True, served.note))
        elif served.untried:
            found.append(CheckResult(check, None, f"not tried: {served.untried}"))
    return found


def _speed(days: Iterable[_TrialDay]) -> CheckResult:
    days = list(days)
    usual = sum(day.usual() for day in days)
    own = sum(day.seconds for day in days)
    default = type(getattr(days[0].own, days[0].question)).__name__
    said = f"a day takes {own / max(usual, 1e-9):.1f} times as long as with {default}"
    return CheckResult("speed", None, said)
