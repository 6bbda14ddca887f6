"""
Hunt for faults: ``python -m tests.hunters scenarios --count 20000 --seed 1``.

What is found is written into a folder with all it takes to see it again, and told with the command
that repeats it; then the exit code is 1.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

from .hunting import Hunt, hunting

HUNTERS = {  # name: module, function, how many at once, how many by the command's own default
    "scenarios": ("scenario_hunt", "hunt_scenarios", 40, 20_000),
    "tables": ("table_hunt", "hunt_tables", 20, 4_000),
    "folders": ("folder_hunt", "hunt_folders", 10, 400),
    "soak": ("soak", "soak", 1, 300),
}


def main(arguments=None):
    """Run a hunter and return the exit code."""
    given = _parser().parse_args(arguments)
    module, function, at_once, count = HUNTERS[given.hunter]
    work = getattr(__import__(f"{__package__}.{module}", fromlist=[function]), function)
    hunt = Hunt(given.seed, getattr(given, "callouts", 0), given.out)
    numbers = range(given.first, given.first + (given.count or count))
    began = time.monotonic()
    bag = hunting(work, hunt, numbers, given.jobs, at_once)
    print(f"{given.hunter}: {len(numbers)} from seed {given.seed}, "
          f"{time.monotonic() - began:.0f} s")  # fmt: skip
    for what, times in sorted(bag.seen.items()):
        print(f"  {times:>9,} {what}")
    _show(given, bag)
    return 1 if bag.finds else 0


def _show(given, bag):
    found = Counter(find.what for find in bag.finds)
    for what, times in found.most_common():
        numbers = sorted({find.number for find in bag.finds if find.what == what})
        first = next(find for find in bag.finds if find.what == what)
        print(f"FOUND {what}: {times} times, in {', '.join(map(str, numbers[:10]))}")
        print("    " + first.said.strip().replace("\n", "\n    ")[-1500:])
        size = f" --callouts {given.callouts}" if given.hunter == "soak" else ""
        print(
            f"    again: python -m tests.hunters {given.hunter} --seed {given.seed} "
            f"--first {numbers[0]} --count 1{size}"
        )
    print(f"{len(bag.finds)} found" + (f"; see {given.out}" if bag.finds and given.out else ""))


def _parser():
    parser = argparse.ArgumentParser(prog="python -m tests.hunters", description=__doc__)
    hunters = parser.add_subparsers(dest="hunter", required=True)
    for name in HUNTERS:
        own = hunters.add_parser(name)
        own.add_argument("--count", "--worlds", type=int, help="how many")
        own.add_argument("--seed", type=int, default=1)
        own.add_argument("--first", type=int, default=0, help="number of the first")
        own.add_argument("--jobs", "-j", type=int, default=1, help="processes")
        own.add_argument("--out", "-o", type=Path, help="folder for what is found")
        if name == "soak":
            own.add_argument("--callouts", type=int, default=200_000, help="of each world, about")
    return parser


if __name__ == "__main__":
    sys.exit(main())
