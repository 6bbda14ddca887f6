"""
Fail if a run takes 5 % more instructions for each callout than at the commit in benchmark-base.

Run it with: python .ci/instructions.py

Instructions, counted by valgrind's callgrind, are the same on a busy machine as on a quiet one.
What is counted is drawing, running and keeping the log, of a few replications and of more of them:
the difference is what replications take, without start-up. Both trees run under this interpreter,
with the packages installed here.

A base commit that is not in this clone is asked for by git, and it is an error if that fails:
checks that pass because they could not be made would let the program slide back unseen.
"""

import json
import os
import pickle
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST = 1.05  # times the instructions of the base
FEW = {"reference": 1, "coast-march-2025": 1}  # replications of each load
MORE = {"reference": 7, "coast-march-2025": 4}
DAYS = 30  # of the reference workload


# -- in a process for each run, with the tree to be measured on the path --------------------------


def prepare(tree, worlds):
    """Write the worlds that are run, as this tree makes them from the workload of our own."""
    sys.path.append(str(ROOT / "tests/benchmarks"))
    from workload import reference_world

    import sim
    from sim.scenario import read_scenario
    from sim.world import build

    assert Path(sim.__file__).is_relative_to(tree), "another tree is on the path"
    made = {}
    for load in FEW:
        if load == "reference":
            with tempfile.TemporaryDirectory() as folder:
                made[load] = reference_world(folder, DAYS)
        else:
            made[load] = build(read_scenario(Path(tree) / "scenarios" / f"{load}.yaml"))
    Path(worlds).write_bytes(pickle.dumps(made))


def run(worlds, replications):
    """Run replications of each load; print how many callouts each had."""
    from sim.engine import Atlases, simulate
    from sim.log import KeptLog
    from sim.policies import policy_sets

    callouts = dict.fromkeys(replications, 0)
    for load, world in pickle.loads(Path(worlds).read_bytes()).items():
        policies, atlases = next(iter(policy_sets(world.file).values())), Atlases(world)
        for replication in range(replications.get(load, 0)):
            log = KeptLog()
            simulate(world, policies, log, 1, replication, atlases)
            callouts[load] += len(log.callouts)
    print("callouts:", json.dumps(callouts))


# -- here ----------------------------------------------------------------------------------------


def judged(load, before, after):
    """Return a sentence on two counts of instructions for each callout, and if they may pass."""
    told = f"{load}: {after:,.0f} instructions a callout, {after / before:.3f} of {before:,.0f}"
    if after <= MOST * before:
        return told, True
    return f"{told}: {MOST:g} is the most", False


def named_base(text):
    """Return the commit that the text of benchmark-base names."""
    lines = [line.strip() for line in text.splitlines() if line.strip() and line[0] != "#"]
    if len(lines) != 1 or not re.fullmatch(r"[0-9a-f]{40}", lines[0]):
        sys.exit(".ci/benchmark-base has to name one commit, by the 40 digits of its hash")
    return lines[0]


def unpack(commit, folder):
    """Put the base's program and scenarios into a folder."""
    known = ["cat-file", "-e", f"{commit}^{{commit}}"]
    if git(*known).returncode:
        git("fetch", "--quiet", "--depth=1", "origin", commit)  # in a clone without its history
        if git(*known).returncode:
            sys.exit(
                f"commit {commit}, which .ci/benchmark-base names, is not in this clone, and "
                "origin does not give it: git fetch --unshallow, or name another one"
            )
    archive = git("archive", commit, "sim", "scenarios")
    if archive.returncode:
        sys.exit(archive.stderr.decode())
    subprocess.run(["tar", "-x", "-C", folder], input=archive.stdout, check=True)


def git(*words):
    """Run git here, quietly."""
    return subprocess.run(["git", *words], cwd=ROOT, check=False, capture_output=True)


def started(tree, *words, under=()):
    """Run this script on a tree; return what it printed, and what ran it told."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV"))}
    environment = {**kept, "PYTHONPATH": str(tree), "PYTHONHASHSEED": "0"}
    command = [*under, sys.executable, __file__, *map(str, words)]
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, env=environment, cwd=tree
    )
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed in {tree}:\n{done.stdout}{done.stderr}")
    return done.stdout, done.stderr


def instructions(tree, worlds, replications):
    """Return the instructions that a run takes, and the callouts of each load."""
    valgrind = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    printed, told = started(tree, "run", worlds, json.dumps(replications), under=valgrind)
    return int(re.search(r"Collected : (\d+)", told)[1]), json.loads(printed.split(":", 1)[1])


def main():
    """Compare this tree with the base; return the exit code."""
    commit = named_base((ROOT / ".ci/benchmark-base").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        trees = base, _ = Path(folder) / "base", ROOT
        base.mkdir()
        unpack(commit, base)
        runs = []
        for number, tree in enumerate(trees):
            worlds = Path(folder) / f"worlds-{number}"
            started(tree, "prepare", tree, worlds)
            started(tree, "run", worlds, json.dumps(FEW))  # compiles what is not yet
            further = [{**FEW, load: MORE[load]} for load in FEW]
            runs += [(tree, worlds, replications) for replications in (FEW, *further)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            found = list(pool.map(lambda each: instructions(*each), runs))
    each = len(runs) // len(trees)
    before, after = (a_callout(*found[at : at + each]) for at in (0, each))
    verdicts = [judged(load, before[load], after[load]) for load in FEW]
    for told, _ in verdicts:
        print(told)
    passed = all(may_pass for _, may_pass in verdicts)
    if not passed:
        print("CONTRIBUTING.md says how to find what costs, and what to do if it has to")
    return int(not passed)


def a_callout(few, *further):
    """Return for each load the instructions that each further callout takes."""
    return {
        load: (counted - few[0]) / (callouts[load] - few[1][load])
        for load, (counted, callouts) in zip(FEW, further, strict=True)
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["prepare"]:
        prepare(*sys.argv[2:])
    elif sys.argv[1:2] == ["run"]:
        run(sys.argv[2], json.loads(sys.argv[3]))
    else:
        sys.exit(main())
