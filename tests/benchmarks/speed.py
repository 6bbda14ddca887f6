"""
How fast the model is next to the tutorial way, and how much memory a long run takes.

Run it with: python tests/benchmarks/speed.py [rounds]

Rounds are interleaved and medians taken, so that a drifting machine shifts both sides alike;
what is printed are ratios. The tutorial model is in ``tutorial.py``, the workload in
``workload.py``: a year, 12 teams, about 30 callouts a day.
"""

import statistics
import sys
import tempfile
import time
import tracemalloc
from pathlib import Path

import simpy

sys.path.insert(0, str(Path(__file__).parent))

from tutorial import Tutorial
from workload import reference_world

from sim.engine import Atlases, simulate
from sim.log import KeptLog
from sim.policies import policy_sets


class Counted:
    """A log that counts its rows and lets them go, as one that streams to a file would."""

    def __init__(self):
        self.rows = 0

    def callout(self, row):
        self.rows += 1

    mission = decision = event = callout


class CountedEnvironment(simpy.Environment):
    """An environment that counts its events."""

    events = 0

    def step(self):
        CountedEnvironment.events += 1
        super().step()


def seconds(run):
    began = time.process_time()
    run()
    return time.process_time() - began


def speeds(rounds):
    with tempfile.TemporaryDirectory() as folder:
        world = reference_world(folder, days=365)
    policies, atlases = policy_sets(world.file)["closest"], Atlases(world)
    given = list(world.demand.callouts(1, 0))
    mine, theirs = KeptLog(), Tutorial(world, given)
    simulate(world, policies, mine, 1, 0, atlases)
    ours = {c.callout: c.on_scene - c.received for c in mine.callouts if c.on_scene is not None}
    assert ours == {number: response for number, _, response in theirs.run()}, "models differ"
    runs = {
        "full": lambda: simulate(world, policies, KeptLog(), 1, 0, atlases),
        "tutorial": lambda: Tutorial(world).run(),
        "tutorial, keeping the same log": lambda: Tutorial(world, log=True).run(),
        "tutorial, cheap draws": lambda: Tutorial(world, cheap=True).run(),
        "tutorial, callouts given": lambda: Tutorial(world, given).run(),
    }
    times = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            times[name].append(seconds(run))
    return len(given), {name: statistics.median(each) for name, each in times.items()}


def events_a_callout():
    with tempfile.TemporaryDirectory() as folder:
        world = reference_world(folder, days=365)
    stock, simpy.Environment = simpy.Environment, CountedEnvironment
    try:
        log = KeptLog()
        simulate(world, policy_sets(world.file)["closest"], log, 1, 0)
    finally:
        simpy.Environment = stock
    return CountedEnvironment.events / len(log.callouts)


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
    callouts, times = speeds(rounds)
    print(f"{callouts} callouts, {rounds} interleaved rounds, medians of processor time")
    print(f"full model with log: {callouts / times['full']:,.0f} callouts a second on this machine")
    for name in list(times)[1:]:
        print(f"  {times[name] / times['full']:.2f} times the callouts a second of the {name}")
    print(f"events per callout: {events_a_callout():.2f}")
    short, long = peak(90), peak(16 * 365)
    print(f"peak memory of 16 years over that of 90 days, rows streamed: {long / short:.2f}")


if __name__ == "__main__":
    main()
