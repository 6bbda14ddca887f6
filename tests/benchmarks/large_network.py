"""
What a study on a large road network takes: half a million roads, 90 sites, 20 alternatives.

Run it with: python -m tests.benchmarks.large_network [--small] [--jobs 2]

It runs ``compare`` as people do, and adds up the memory of all its processes: the proportional
share of each, in which what they share counts once. The exit code is 1 if that is ever more than
2 GB. Linux only, as that is where the system says so.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .network import put

LIMIT = 2.0  # GB
SITES, TEAMS, ALTERNATIVES = 90, 12, 20
REST = """
bases: {{{bases}}}
teams: {{{teams}}}
policies: {{{rules}}}
study: {{replications: 8, logged: 1}}
"""


def scenario(folder, side, columns):
    """Write the network and a study on it; return the scenario's path."""
    path = put(folder, "csv", side, columns, SITES)
    text = path.read_text(encoding="utf-8")
    bases = ", ".join(f"site {7 * n}: {{}}" for n in range(TEAMS))
    teams = ", ".join(f"T{n}: {{base: site {7 * n}}}" for n in range(TEAMS))
    rules = ", ".join(
        f"a{n}: {{dispatch: {{cutoff: {{reserve: {{2: {n % 3}, 3: {n // 2}}}}}}}}}"
        for n in range(ALTERNATIVES)
    )
    rest = REST.format(bases=bases, teams=teams, rules=rules)
    path.write_text(text[: text.index("\nbases:")] + rest, encoding="utf-8")
    return path


def family(process):
    """Return a process and those that it started, and so on."""
    tasks, found = Path(f"/proc/{process}/task"), [process]
    for children in tasks.glob("*/children"):
        for child in children.read_text().split():
            found += family(int(child))
    return found


def memory(process):
    """Return the memory of a process that is its own, and its share of what it has with others."""
    for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1e6
    return 0.0


def watched(arguments, folder):
    """Run the program; return its exit code, seconds, and the memory of its processes, most."""
    began, most = time.monotonic(), []
    with Path(folder, "told").open("wb") as told:
        program = subprocess.Popen([sys.executable, "-m", "sim", *arguments], stdout=told)
        while program.poll() is None:
            try:
                now = sorted(map(memory, family(program.pid)), reverse=True)
            except (FileNotFoundError, ProcessLookupError):  # one of them has just ended
                continue
            most = max(most, now, key=sum)
            time.sleep(0.1)
    return program.returncode, time.monotonic() - began, most


def main():
    """Measure the study; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.strip().splitlines()[0])
    parser.add_argument("--small", action="store_true", help="5,000 roads, for the tests")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = scenario(Path(folder), *((30, 58) if given.small else (300, 567)))
        out = ["--out", f"{folder}/results", "--no-figures", "--jobs", str(given.jobs)]
        before = os.times()
        code, seconds, most = watched(["compare", str(path), *out], folder)
        used = sum(os.times()[2:4]) - sum(before[2:4])
    print(f"{seconds:.1f} s, {used:.1f} s of processor time, exit code {code}")
    print(f"{sum(most):.2f} GB at most: {', '.join(f'{each:.2f}' for each in most)}")
    return int(code != 0 or sum(most) > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
