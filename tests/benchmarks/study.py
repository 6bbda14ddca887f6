"""
How fast a whole study is: next to the tutorial way, its statistics, and on two processes.

Run it with: python tests/benchmarks/study.py [--scale 0.1] [--rounds 3] [--serial-seconds 75]

At scale 1 the study is 1,000 replications x 90 days x 5 policies on the reference workload
(``workload.py``), no logs kept. The tutorial way (``tutorial.py``) knows only one of the five
policies, the simplest, so it runs that five times, on fewer replications, and works out nothing
but response times; next to it our study pays for its policies, its rows, its checksums and its
tables. Rounds are interleaved and medians taken, because machines drift and are shared; compare
ratios, not times. Two processes are measured on as many replications as take a minute in one.
The exit code is 1 if a target is missed.
"""

import argparse
import math
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

from tutorial import Tutorial
from workload import reference_world, reference_yaml

from sim.experiment import Processes, Runner, design_of, run_study, tabulate
from sim.scenario import read_scenario

REPLICATIONS, DAYS, POLICIES = 1000, 90, 5
TUTORIAL = 10  # replications of the tutorial in a round
STATISTICS, EFFICIENCY = 0.05, 0.90  # targets: at most, at least
MINUTE = 60.0  # seconds a study takes serially before efficiency is judged
CHOICES = """\
policies:
  closest: {{dispatch: closest}}
  first_come: {{dispatch: closest, queue: first_come}}
  reserve: {{dispatch: {{cutoff: {{reserve: {{2: 1, 3: 3}}}}}}}}
  run_card: {{dispatch: {{run_card: {{order: {{{cards}}}}}}}}}
  cover: {{dispatch: closest, relocation: {{dmexclp: {{busy_fraction: 0.25, within: 15 min}}}}}}
study: {{seed: 1, replications: {replications}, logged: 0}}
"""


class Spent(NamedTuple):
    """What one round took, in seconds of processor time, and the callouts on either side."""

    running: float
    observing: float  # of running: from the rows of logs to columns
    statistics: float
    tutorial: float
    callouts: int
    tutorial_callouts: int


class Timed(NamedTuple):
    """One way of running a study, in seconds: by the clock, and of processor time in all."""

    clock: float
    processor: float


class ObservedRunner(Runner):
    """A runner that adds up what it takes to turn logs into columns. [s] of processor time"""

    observing = 0.0

    def observe(self, alternative, log):
        began = time.process_time()
        found = super().observe(alternative, log)
        self.observing += time.process_time() - began
        return found


def design(folder, replications):
    """Return the study of the five policies on the reference workload."""
    path = Path(folder) / "study.yaml"
    choices = CHOICES.format(cards=cards(folder), replications=replications)
    path.write_text(reference_yaml(DAYS, 30) + choices, encoding="utf-8")
    return design_of([read_scenario(path)])


def cards(folder):
    """Return the run card of every zone: the bases by the drive from them."""
    world = reference_world(folder, 1)
    drive, places = world.travel.times[0], world.names.places
    bases = [at for at, place in enumerate(places) if place.startswith("B")]
    return ", ".join(
        f"{zone}: [{', '.join(places[b] for b in sorted(bases, key=lambda b: drive[b][z]))}]"
        for z, zone in enumerate(places)
        if zone.startswith("Z")
    )


def round_of(wanted, first):
    """Run our study with its tables, and a part of it the tutorial way, one after the other."""
    began = time.process_time()
    runner = ObservedRunner(wanted.alternatives, wanted.seed)
    study = run_study(wanted, runner=runner)
    ran = time.process_time()
    tabulate(study)
    told = time.process_time()
    runs = [Tutorial(study.world, seed=first + n) for n in range(TUTORIAL * POLICIES)]
    theirs = sum(len(run.run()) for run in runs)
    ours = sum(len(obs.response) for obs in study.observations.values())
    tutorial = time.process_time() - told
    return Spent(ran - began, runner.observing, told - ran, tutorial, ours, theirs)


def timed(wanted, jobs):
    """Run a study by a number of processes, from their start to their end."""
    began, before = time.monotonic(), os.times()
    if jobs == 1:
        run_study(wanted)
    else:
        runner = Runner(wanted.alternatives, wanted.seed)
        with Processes(wanted.alternatives, wanted.seed, jobs) as workers:
            run_study(wanted, runner=runner, workers=workers)
    after = os.times()
    used = sum(after[:4]) - sum(before[:4])  # ours and that of processes that have ended
    return Timed(time.monotonic() - began, used)


def table(rows):
    width = max(len(name) for name, _, _ in rows)
    print("\n".join(f"{name.ljust(width)}  {value:>9}  {target}" for name, value, target in rows))


def judge_study(folder, replications, rounds):
    """Print speed and the share of statistics; return what missed and seconds a replication."""
    wanted = design(folder, replications)
    round_of(design(folder, 2), 0)  # what is imported and cached at first use is not the study's
    spent = [round_of(wanted, 1000 * n) for n in range(rounds)]
    share = statistics.median(s.statistics / (s.running + s.statistics) for s in spent)
    columns = statistics.median(s.observing / (s.running + s.statistics) for s in spent)
    speed = statistics.median(s.callouts / (s.running + s.statistics) for s in spent)
    ratio = statistics.median(
        s.callouts / (s.running + s.statistics) / (s.tutorial_callouts / s.tutorial) for s in spent
    )
    print(
        f"{replications} replications x {DAYS} days x {POLICIES} policies, {spent[0].callouts:,} "
        f"callouts, serial, in {rounds} rounds; the tutorial way on {TUTORIAL} replications"
    )
    table(
        [
            ("callouts a second a core", f"{speed:,.0f}", "on this machine"),
            ("times the speed of the tutorial way", f"{ratio:.2f}", ""),
            ("share of statistics", f"{share:.2%}", f"at most {STATISTICS:.0%}"),
            ("share of turning logs into columns", f"{columns:.2%}", "part of running, not judged"),
        ]
    )
    missed = [f"statistics take {share:.1%}"] if share > STATISTICS else []
    return missed, statistics.median(s.running for s in spent) / replications


def judge_processes(folder, replications, rounds):
    """Print the efficiency of two processes; return what missed."""
    wanted = design(folder, replications)
    one, two = [], []
    for _ in range(rounds):
        one.append(timed(wanted, 1))
        two.append(timed(wanted, 2))
    serial = statistics.median(run.clock for run in one)
    pairs = list(zip(one, two, strict=True))
    efficiency = statistics.median(a.clock / (2 * b.clock) for a, b in pairs)
    work = statistics.median(b.processor / a.processor for a, b in pairs)
    at_work = statistics.median(b.processor / (2 * b.clock) for b in two)
    enough = serial >= MINUTE
    judged = f"at least {EFFICIENCY:.2f}" if enough else "not judged: less than a minute serially"
    each = ", ".join(f"{a.clock / (2 * b.clock):.3f}" for a, b in pairs)
    print(f"\n{replications} replications, {serial:.0f} s in one process; rounds: {each}")
    table(
        [
            ("efficiency of two processes", f"{efficiency:.3f}", judged),
            ("their processor time over that of one", f"{work:.3f}", "1: the same work"),
            ("share of two cores in use", f"{at_work:.3f}", "lower where others use the machine"),
        ]
    )
    missed = enough and efficiency < EFFICIENCY
    return [f"two processes reach an efficiency of {efficiency:.2f}"] if missed else []


def main():
    asked = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    asked.add_argument("--scale", type=float, default=0.1, help="of 1,000 replications")
    asked.add_argument("--rounds", type=int, default=3, help="of which medians are taken")
    asked.add_argument(
        "--serial-seconds",
        type=float,
        default=75.0,
        help="how long the study for two processes is to take in one; 0: leave it out",
    )
    given = asked.parse_args()
    replications = max(2, round(REPLICATIONS * given.scale))
    if hasattr(os, "getloadavg"):
        print(f"load on the {os.cpu_count()} cores before we begin: {os.getloadavg()[0]:.2f}\n")
    with tempfile.TemporaryDirectory() as folder:
        missed, each = judge_study(folder, replications, given.rounds)
        if given.serial_seconds > 0:
            enough = max(4, math.ceil(given.serial_seconds / each))
            missed += judge_processes(folder, enough, given.rounds)
    print("\n" + ("missed: " + "; ".join(missed) if missed else "no target is missed"))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
