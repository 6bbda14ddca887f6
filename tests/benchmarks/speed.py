"""
How fast the model is next to other ways to simulate the same, and how much memory a long run takes.

Run it with: python tests/benchmarks/speed.py [rounds]

Rounds are interleaved and medians of processor time taken, so that a drifting machine shifts all
alike, and garbage is collected before each run, so that none pays for another's; what is printed
are ratios. The workload is that of ``workload.py``, a year, 12 teams and about 30 callouts a day;
what it is held against is in ``tutorial.py``, ``lean.py``, ``ciw_queue.py`` and ``loop.py``.
Without Ciw, or a C compiler, that row is left out. Those that are handed the callouts have to give
the same response times as ours, but for Ciw, which cannot.
"""

import gc
import importlib.util
import statistics
import sys
import tempfile
import time
import tracemalloc
from itertools import count
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

from lean import Lean
from loop import Loop, compiler
from tutorial import Tutorial
from workload import reference_world

from sim.engine import Atlases, simulate
from sim.engine.foundation import clock
from sim.log import KeptLog
from sim.policies import policy_sets


class Counted:
    """A log that counts its rows and lets them go, as one that streams to a file would."""

    def __init__(self):
        self.rows = 0

    def callout(self, row):
        self.rows += 1

    mission = decision = event = callout


class Model(NamedTuple):
    """A way to simulate the workload, and what it does of what ours does."""

    name: str
    run: object
    draws: str
    keeps: str
    same: str


DRAWN, GIVEN = "draws callouts and times", "handed both"
ALL, RESPONSES = "every candidate of every decision, missions, callouts", "response times"


def models(world):
    """Return the models, ours first; refuse those that answer otherwise than ours."""
    policies, atlases = policy_sets(world.file)["closest"], Atlases(world)
    given, log = list(world.demand.callouts(1, 0)), KeptLog()
    simulate(world, policies, log, 1, 0, atlases)
    ours = {c.callout: c.on_scene - c.received for c in log.callouts if c.on_scene is not None}
    theirs = {"tutorial": by_number(Tutorial(world, given)), "lean": by_number(Lean(world, given))}
    found = [
        Model("rescuesim", lambda: simulate(world, policies, KeptLog(), 1, 0, atlases),
              DRAWN, ALL, "yes"),
        Model("rescuesim", lambda: simulate(world, policies, KeptLog(), 1, 0, atlases, given),
              GIVEN, ALL, "yes"),
        Model("SimPy as in tutorials", lambda: Tutorial(world, log=True).run(), DRAWN, ALL, "yes"),
        Model("SimPy as in tutorials", lambda: Tutorial(world).run(), DRAWN, RESPONSES, "yes"),
        Model("the same, drawing places and kinds by bisection",
              lambda: Tutorial(world, cheap=True).run(), DRAWN, RESPONSES, "yes"),
        Model("SimPy as in tutorials", lambda: Tutorial(world, given).run(),
              GIVEN, RESPONSES, "yes"),
        Model("lean SimPy: an event for each team, armed again", lambda: Lean(world, given).run(),
              GIVEN, RESPONSES, "yes"),
    ]  # fmt: skip
    if importlib.util.find_spec("ciw"):
        from ciw_queue import CiwQueue

        queue = CiwQueue(world, given)
        found.append(Model("Ciw", queue.run, GIVEN, "waits and services", "no map, no way home"))
    if compiler():
        loop = Loop(world, given)
        theirs["loop"] = loop.by_number()
        found.append(Model("a loop in C", loop.run, GIVEN, RESPONSES, "yes"))
    assert all(responses == ours for responses in theirs.values()), "models differ"
    return found, len(given)


def by_number(model):
    return {number: response for number, _, response in model.run()}


def seconds(run):
    gc.collect()
    began = time.process_time()
    run()
    return time.process_time() - began


def medians(found, rounds):
    """Return the median processor time of each model. [s]"""
    times = [[] for _ in found]
    for _ in range(rounds):
        for model, each in zip(found, times, strict=True):
            each.append(seconds(model.run))
    return [statistics.median(each) for each in times]


def table(found, times):
    """Yield the lines of the table: how many times the callouts a second of each ours has."""
    yield "| model | callouts | keeps | same semantics | rescuesim is faster by |"
    yield "|---|---|---|---|---:|"
    for model, each in zip(found, times, strict=True):
        ratio = each / times[0]
        told = f"{ratio:.1f}" if ratio >= 1 else f"{ratio:.2g}"
        yield f"| {model.name} | {model.draws} | {model.keeps} | {model.same} | {told} |"


def events_a_callout(world):
    """Return how many events the environment takes from its queue, for each callout."""
    taken, stock = count(), clock.heappop

    def counting(queue):
        next(taken)
        return stock(queue)

    log = KeptLog()
    clock.heappop = counting
    try:
        simulate(world, policy_sets(world.file)["closest"], log, 1, 0)
    finally:
        clock.heappop = stock
    return next(taken) / len(log.callouts)


def peak(days):
    with tempfile.TemporaryDirectory() as folder:
        world = reference_world(folder, days)
    policies, atlases = policy_sets(world.file)["closest"], Atlases(world)
    tracemalloc.start()
    simulate(world, policies, Counted(), 1, 0, atlases)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    with tempfile.TemporaryDirectory() as folder:
        world = reference_world(folder, days=365)
    found, callouts = models(world)
    times = medians(found, rounds)
    print(f"{callouts} callouts, {rounds} interleaved rounds, medians of processor time")
    print(f"rescuesim: {callouts / times[0]:,.0f} callouts a second on this machine\n")
    print(*table(found, times), sep="\n")
    print(f"\nevents per callout: {events_a_callout(world):.2f}")
    short, long = peak(90), peak(16 * 365)
    print(f"peak memory of 16 years over that of 90 days, rows streamed: {long / short:.2f}")


if __name__ == "__main__":
    main()
