"""
Write the golden logs again, and say what moved: ``python tests/golden/update.py``.

With ``--check`` nothing is written, and the exit code is 1 if anything moved. A change is allowed
but must be explained where it is made: it moves published numbers.
"""

import difflib
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCENARIOS = ("coast", "several")
SHOWN = 20  # lines of a difference


def log_text(name):
    """Return the log of every alternative of a golden scenario, as it is written to results."""
    from sim.engine import simulate
    from sim.experiment.running import log_text, log_writing
    from sim.log import KeptLog
    from sim.policies import policy_sets
    from sim.scenario import read_scenario
    from sim.world import build

    world = build(read_scenario(HERE / f"{name}.yaml"))
    names, clock, seed = world.names, world.clock, world.scenario.study.seed
    text = []
    for alternative, policies in policy_sets(world.file).items():
        log = KeptLog()
        simulate(world, policies, log, seed, 0)
        text += [
            log_text.header(log_text.CALLOUT_COLUMNS),
            log_writing.callouts_text(log, names, clock, alternative, 0),
            log_text.header(log_text.MISSION_COLUMNS),
            log_writing.missions_text(log, names, alternative, 0),
            log_writing.decisions_text(log, names, alternative, 0),
        ]
    return "".join(text)


def kept(name):
    """Return the log as kept; empty where there is none yet."""
    path = HERE / f"{name}.txt"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def moved(old, new):
    """Return the lines that differ, at most ``SHOWN`` of them, and how many there are in all."""
    lines = [
        line
        for line in difflib.unified_diff(
            old.splitlines(), new.splitlines(), "kept", "now", "", "", 0, ""
        )
        if not line.startswith(("---", "+++", "@@"))
    ]
    return lines[:SHOWN], len(lines)


def main(check):
    """Compare each golden log with a run of today and, unless only checking, write it."""
    anything = False
    for name in SCENARIOS:
        now = log_text(name)
        lines, count = moved(kept(name), now)
        anything |= count > 0
        print(f"{name}: {f'{count} lines moved' if count else 'nothing moved'}")
        print("".join(f"    {line}\n" for line in lines), end="")
        if count > SHOWN:
            print(f"    ... and {count - SHOWN} more")
        if count and not check:
            (HERE / f"{name}.txt").write_text(now, encoding="utf-8", newline="\n")
    return int(check and anything)


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main("--check" in sys.argv[1:]))
