"""
Running a scenario: every replication with every alternative on the same callouts.

One task is one replication with all alternatives. Results are gathered in the order of the
replications, so they are the same for any number of processes.
"""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from threading import current_thread, main_thread

from sim.engine import atlas_of, simulate
from sim.errors import ResultsError, UsageError
from sim.log import KeptLog
from sim.outcomes import Observations, observe, stack
from sim.policies import PolicySet, policy_sets
from sim.scenario import ScenarioFile
from sim.world import World, build

from . import rows

SPAWN_PAYS_FROM = 400_000  # callouts: below, starting processes costs more than it saves


@dataclass(frozen=True, slots=True)
class LogText:
    """One replication of one alternative as text, ready to be written."""

    callouts: str
    missions: str
    decisions: str


@dataclass(frozen=True, slots=True)
class Replication:
    """What one replication gave, by alternative."""

    number: int
    observations: dict[str, Observations]
    logs: dict[str, LogText]


@dataclass(frozen=True)
class Study:
    """A scenario with what all its replications gave; the first alternative is the baseline."""

    world: World
    policies: dict[str, PolicySet]
    observations: dict[str, Observations]

    @property
    def baseline(self) -> str:
        """The alternative that the others are compared with."""
        return next(iter(self.observations))

    @property
    def replications(self) -> int:
        """How many replications were run."""
        return self.observations[self.baseline].replications


class Runner:
    """A scenario made ready to run: built once, run for any replication."""

    def __init__(self, file: ScenarioFile, alternatives: Sequence[str]) -> None:
        self.world = build(file)
        self.policies = {n: p for n, p in policy_sets(file).items() if n in alternatives}
        self.atlas = atlas_of(self.world)
        self.duty = [crew.duty for crew in self.world.fleet.crews]

    def run(self, number: int, keep_log: bool) -> Replication:
        """Run one replication of every alternative."""
        observations, logs = {}, {}
        for name, policies in self.policies.items():
            log = KeptLog()
            seed = self.world.scenario.study.seed
            simulate(self.world, policies, log, seed, number, self.atlas)
            observations[name] = self.observe(log)
            if keep_log:
                logs[name] = self._text(log, name, number)
        return Replication(number, observations, logs)

    def observe(self, log: KeptLog) -> Observations:
        """Return the observations of one replication's log."""
        world = self.world
        return observe(
            sorted(log.callouts),  # as a results folder gives them back
            log.missions,
            names=world.names,
            start_of_day=world.start_of_day,
            end=world.ends,
            duty=self.duty,
        )

    def _text(self, log: KeptLog, name: str, number: int) -> LogText:
        names, start = self.world.names, self.world.scenario.clock.start
        return LogText(
            rows.callouts_text(log, names, start, name, number),
            rows.missions_text(log, names, name, number),
            rows.decisions_text(log, names, name, number),
        )


def run_study(
    file: ScenarioFile,
    alternatives: Sequence[str] | None = None,
    *,
    jobs: int = 1,
    on_replication: Callable[[Replication], None] | None = None,
) -> Study:
    """
    Run every replication of a scenario and return what they gave.

    Parameters
    ----------
    file
        The scenario, as ``sim.scenario.read_scenario`` returns it.
    alternatives
        Which of the scenario's alternatives, in the order wanted; all if not given.
    jobs
        Processes to run in; results do not depend on it.
    on_replication
        Called with each replication in order, with its log as text.

    Raises
    ------
    UsageError
        When an alternative is not in the scenario.
    ResultsError
        When a process is ended from outside.
    PolicyError
        When a policy fails.

    """
    known = list(file.scenario.policies)
    names = list(dict.fromkeys(alternatives or known))
    if not set(names) <= set(known):
        raise UsageError(f"alternatives: found {names}; the scenario has {known}")
    runner = Runner(file, names)
    replications = file.scenario.study.replications
    keep_log = on_replication is not None
    found: dict[str, list[Observations]] = {name: [] for name in names}
    with closing(_replications(file, runner, names, replications, keep_log, jobs)) as done:
        for replication in done:
            if on_replication is not None:
                on_replication(replication)
            for name in names:
                found[name].append(replication.observations[name])
    policies = {name: runner.policies[name] for name in names}
    return Study(runner.world, policies, {name: stack(kept) for name, kept in found.items()})


def _replications(
    file: ScenarioFile, runner: Runner, names: list[str], count: int, keep_log: bool, jobs: int
) -> Generator[Replication, None, None]:
    """Yield the replications in order, run here or in processes of their own."""
    jobs = min(jobs, count)
    if jobs <= 1:
        for number in range(count):
            yield runner.run(number, keep_log)
        return
    context = get_context("spawn")  # the same everywhere; forking with threads is not safe
    with ProcessPoolExecutor(jobs, context, _prepare, (file, names)) as pool:
        ahead = min(count, 2 * jobs)  # no further, or finished ones would pile up
        try:
            with _undisturbed():
                waiting = deque(pool.submit(_run, number, keep_log) for number in range(ahead))
            for number in range(ahead, count + ahead):
                yield waiting.popleft().result()
                if number < count:
                    waiting.append(pool.submit(_run, number, keep_log))
        except BrokenProcessPool:
            raise ResultsError(
                f"one of {jobs} processes was ended from outside, perhaps for want of memory; "
                "try --jobs 1"
            ) from None
        finally:
            # those under way are finished, not killed: a pipe left half-written would block us
            pool.shutdown(cancel_futures=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """
    Start processes whole, and deaf to Ctrl-C and to being terminated: we tell them to stop.

    A process inherits which signals are blocked. What comes meanwhile is heard afterwards.
    """
    if current_thread() is not main_thread() or not hasattr(signal, "pthread_sigmask"):
        yield
        return
    heard: list[int] = []
    stops = {signal.SIGINT, signal.SIGTERM}
    # blocking alone is not enough: a signal may come to a thread of some library's
    handlers = {s: signal.signal(s, lambda number, _: heard.append(number)) for s in stops}
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, stops)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        if heard:
            signal.raise_signal(heard[0])


_runner: Runner | None = None


def _prepare(file: ScenarioFile, names: list[str]) -> None:
    global _runner
    _runner = Runner(file, names)


def _run(number: int, keep_log: bool) -> Replication:
    assert _runner is not None
    return _runner.run(number, keep_log)


def expected_callouts(file: ScenarioFile) -> float:
    """Return about how many callouts a study simulates, over all alternatives and replications."""
    scenario = file.scenario
    days = (scenario.clock.run + scenario.clock.warm_up) / 86_400_000
    each = (
        len(file.callouts)
        if file.callouts
        else (scenario.demand.rate or 0) * scenario.demand.scale * days
    )
    return each * scenario.study.replications * len(scenario.policies)
