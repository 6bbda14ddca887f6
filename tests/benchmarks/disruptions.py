"""
What disruptions cost in running time: the coast with and without them, per callout.

Run it with: python tests/benchmarks/disruptions.py [rounds]

The full coast scenario (closures, checkpoints, travel times that vary, unsafe scenes, surges,
clusters, offload bays) against the same one without any of that. Rounds are interleaved and
medians of processor time taken; a round draws the callouts of five replications of 28 days and
simulates them. The exit code is 1 if the full one takes more than twice as long per callout.
"""

import statistics
import sys
import time

from sim.cycle_collector import no_collector
from sim.engine import Atlases, simulate
from sim.log import KeptLog
from sim.policies import policy_sets
from sim.scenario import find_scenario, read_scenario
from sim.world import build

FACTOR = 2.0
OFF = (
    "map.closures", "map.checkpoints", "map.curfews", "map.hospital_closures",
    "map.roads.uncertainty", "map.roads.speed.hours", "demand.day_to_day", "demand.surges",
    "demand.clusters", "demand.incidents",
)  # fmt: skip
OFF_KIND = (
    "people",
    "permission",
    "documentation",
    "deferrable",
    "scene_hazard",
    "explosive_hazard",
    "exposure",
)
POLICY = "today"
REPLICATIONS = range(5)


def without_disruptions(file):
    """Return a scenario with everything taken out that stands in the way."""
    kinds = file.resolved["demand"]["kinds"]
    given = [tuple(path.split(".")) for path in OFF]
    given += [("demand", "kinds", kind, part) for kind in kinds for part in OFF_KIND]
    there = [path for path in given if file.tree.at(path) is not None]
    plain = file.replace(dict.fromkeys(there))
    limits = any(row.doors or row.diverts_at for row in plain.hospitals)
    if limits:
        hospitals = {row.name: row.place for row in plain.hospitals}
        plain = plain.replace({"map.hospitals": hospitals})
    return plain


def prepared(file):
    """Return a run of some replications, and how many callouts they have."""
    world, policies = build(file), policy_sets(file)[POLICY]
    atlases = Atlases(world)
    count = sum(1 for number in REPLICATIONS for _ in world.demand.callouts(1, number))

    def run():
        for number in REPLICATIONS:
            simulate(world, policies, KeptLog(), 1, number, atlases)

    return run, count


def seconds(run):
    with no_collector():
        began = time.process_time()
        run()
        return time.process_time() - began


def ratio(rounds):
    """Return processor time per callout of the full scenario, over that of the plain one."""
    full = read_scenario(find_scenario("coast-march-2025"))
    runs = {"full": prepared(full), "plain": prepared(without_disruptions(full))}
    times = {name: [] for name in runs}
    for _ in range(rounds):
        for name, (run, count) in runs.items():
            times[name].append(seconds(run) / count)
    medians = {name: statistics.median(each) for name, each in times.items()}
    return medians["full"] / medians["plain"]


def main():
    found = ratio(int(sys.argv[1]) if len(sys.argv) > 1 else 21)
    print(f"{found:9.2f} times the plain coast per callout  (target: {FACTOR:g})")
    if found > FACTOR:
        sys.exit(f"over {FACTOR:g} times the plain coast")


if __name__ == "__main__":
    main()
