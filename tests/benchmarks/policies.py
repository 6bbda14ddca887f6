"""
What each rule costs, as a ratio to ``closest`` with teams that go home, on the coast scenario.

Roads are open and nothing else stands in the way, so that what is timed is the rule.

Run it with: python tests/benchmarks/policies.py [rounds]

Rounds are interleaved and medians of processor time taken, so that a drifting machine shifts all
alike. A run is one replication of 28 days, its callouts drawn beforehand. The cheap rules must
stay within a factor of three; the exit code is 1 if one does not.
"""

import statistics
import sys
import time

from disruptions import without_disruptions

from sim.cycle_collector import no_collector
from sim.engine import Atlases, simulate
from sim.log import KeptLog
from sim.policies import LIBRARY, policy_sets
from sim.scenario import find_scenario, read_scenario
from sim.world import build

CHEAP = ("cutoff", "run_card", "dmexclp", "preparedness")
FACTOR = 3.0
PARAMETERS = {  # of rules that need some
    "run_card": "{order: {Lattakia: [Lattakia, Jablah]}}",
    "cutoff": "{reserve: {4: 2, 5: 3}}",
    "priority_list": "{order: [Lattakia, Tartous, Jablah, Banyas]}",
}
SLOW = ("rollout", "clairvoyant")  # timed on fewer days: their ratio is to the same days


def rules(question):
    """Yield each rule of a question with its overrides."""
    for name in LIBRARY[question]:
        given = PARAMETERS.get(name, "{}")
        yield name, {f"policies.today.{question}": f"{{{name}: {given}}}"}


def prepared(overrides, days):
    """Return a run of one replication, with nothing left to do but run it."""
    file = without_disruptions(read_scenario(find_scenario("coast-march-2025")))
    file = file.replace({"clock.length": f"{days} days", **overrides})
    policies = policy_sets(file)["today"]
    world = build(file, policies.routing)
    given, atlases = list(world.demand.callouts(1, 0)), Atlases(world)
    return lambda: simulate(world, policies, KeptLog(), 1, 0, atlases, given)


def seconds(run):
    with no_collector():
        began = time.process_time()
        run()
        return time.process_time() - began


def ratios(runs, rounds):
    times = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            times[name].append(seconds(run))
    medians = {name: statistics.median(each) for name, each in times.items()}
    return {name: each / medians["closest"] for name, each in medians.items()}


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    quick, slow = {"closest": prepared({}, 28)}, {"closest": prepared({}, 2)}
    for question in ("dispatch", "relocation"):
        for name, overrides in rules(question):
            if name in ("closest", "home"):
                continue
            label = name if question == "dispatch" else f"{name} (relocation)"
            if name in SLOW:
                slow[label] = prepared(overrides, 2)
            else:
                quick[label] = prepared(overrides, 28)
    found = ratios(quick, rounds) | ratios(slow, 1)
    missed = [name for name in CHEAP if found[name] > FACTOR]
    for name, ratio in sorted(found.items(), key=lambda item: item[1]):
        target = f"  (target: {FACTOR:g})" if name in CHEAP else ""
        print(f"{ratio:9.2f} times closest: {name}{target}")
    if missed:
        sys.exit(f"over {FACTOR:g} times closest: {', '.join(missed)}")


if __name__ == "__main__":
    main()
