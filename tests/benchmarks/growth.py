"""
How time and memory grow with what a scenario has more of; writes docs/growth.md and growth.csv.

Run it from the clone, with: python -m tests.benchmarks.growth [--most places=1500 days=365]

Each point is a process of its own: reading, building and a first run that fills the caches, then a
run with a log whose rows are let go, or a study without logs. Processor time, the better of two
runs; memory is the most that the process had beyond what the program itself takes when it is
loaded. An exponent e says that it
grows as the size to the power e: by least squares of the logarithms over all points. ``--most``
leaves out sizes above some, for want of time or memory; the page says what was run.
"""

import argparse
import csv
import math
import multiprocessing
import resource
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sim.engine import Atlases, simulate
from sim.experiment import design_of, run_study
from sim.policies import policy_sets
from sim.scenario import read_scenario
from sim.world import build

from .network import number, put

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE, TABLE = ROOT / "docs/growth.md", ROOT / "docs/growth.csv"
START = datetime(2025, 3, 6, 6)
TEAM_A_DAY = 10.8  # callouts a day that keep a team at work all day, on this workload


class Size(NamedTuple):
    """What a point has: one of these differs from point to point."""

    per_day: float = 30
    teams: int = 12
    places: int = 90
    days: float = 30
    alternatives: int = 0  # of a study; 0: none, one run
    replications: int = 1
    epochs: int = 0  # times at which a road closes or opens; on a small road network


class Sweep(NamedTuple):
    """What grows, its sizes and what follows from one; why an exponent is above the bound."""

    unit: str
    sizes: tuple[float, ...]
    of: object
    why: str = ""


MOST = 1.1  # exponents above are explained
SWEEPS = {
    "callouts": Sweep(
        "callouts a day, teams in proportion", (30, 100, 300, 1000, 3000, 10_000, 30_000),
        lambda n: Size(per_day=n, teams=round(n / 3), days=max(900 / n, 1)),  # 10,000 at most
    ),
    "teams": Sweep("teams", (10, 30, 100, 300, 1000), lambda n: Size(teams=n)),
    "places": Sweep(
        "places, on straight lines", (90, 250, 700, 1500, 5000), lambda n: Size(places=n),
        "memory holds the time from every place to every other one: the square of their number",
    ),
    "days": Sweep("days", (28, 90, 365, 1461, 5844), lambda n: Size(days=n)),
    "alternatives": Sweep(
        "alternatives, 4 replications of 30 days", (2, 6, 20, 60, 200),
        lambda n: Size(alternatives=n, replications=4),
    ),
    "replications": Sweep(
        "replications of 1 day, 2 alternatives", (10, 100, 1000, 10_000),
        lambda n: Size(alternatives=2, replications=n, days=1),
    ),
    "epochs": Sweep(
        "times at which a road closes or opens", (2, 6, 20, 60, 200),
        lambda n: Size(epochs=n, teams=6),
    ),
    "load": Sweep(
        "load: teams' work over what they can do", (0.5, 0.8, 1.2, 2, 3),
        lambda n: Size(per_day=n * 12 * TEAM_A_DAY, days=60),
    ),
}  # fmt: skip


class Counted:
    """A log that counts callouts and lets its rows go."""

    callouts = 0

    def callout(self, row):
        self.callouts += 1

    def mission(self, row):
        pass

    decision = event = mission


# -- a point, in a process of its own -------------------------------------------------------------


def scenario_text(size):
    """Return a district on straight lines as a scenario file."""
    columns = math.isqrt(size.places - 1) + 1
    names = [f"P{n}" for n in range(size.places)]
    at = [(34 + n // columns * 0.3 / columns, 36 + n % columns * 0.3 / columns)
          for n in range(size.places)]  # fmt: skip
    bases = [names[n * (size.places - 1) // 5] for n in range(6)]
    lines = [
        "name: growth",
        f"clock: {{start: {START:%Y-%m-%d %H:%M}, length: {round(size.days * 1440)} min}}",
        "map:",
        "  places:",
        *(f"    {name}: {{lat: {lat:.6f}, lon: {lon:.6f}, weight: 1}}"
          for name, (lat, lon) in zip(names, at, strict=True)),
        f"  hospitals: {{North: {names[0]}, South: {names[-1]}}}",
        "  roads: {circuity: 1.35, speed: {day: 50 km/h}}",
        *demand(size),
        f"bases: {{{', '.join(f'{base}: {{}}' for base in bases)}}}",
        "teams:",
        *(f"  T{n}: {{base: {bases[n % 6]}, crew: 4}}" for n in range(size.teams)),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def demand(size):
    """Return the section on demand."""
    return [
        f"demand: {{rate: {size.per_day:g} per day, kinds: {{job: {{share: 100%, on_scene: "
        "{mean: 100 min, sd: 60 min}, to: hospital, transported: 45%, handover: 20 min}}}",
    ]


def network_scenario(folder, size):
    """Write a small road network on which roads close and open; return the scenario's path."""
    path = put(folder, "csv", 30, 58)
    text = path.read_text(encoding="utf-8")
    text = text[: text.index("demand:")].replace("1 day}", f"{round(size.days * 1440)} min}}")
    closures, step = ["  closures:"], timedelta(days=size.days) / (size.epochs + 1)
    for n in range(size.epochs // 2):
        row = 2 + n % 25
        edge = f'["{number((row, 20), 58)}", "{number((row + 1, 20), 58)}"]'
        begins, ends = (START + step * (2 * n + k) for k in (1, 2))
        when = f"from: {begins:%Y-%m-%d %H:%M}, until: {ends:%Y-%m-%d %H:%M}"
        closures.append(f"    - {{name: closure {n}, edge: {edge}, {when}}}")
    teams = [f"  T{n}: {{base: site {n}}}" for n in range(size.teams)]
    bases = f"bases: {{{', '.join(f'site {n}: {{}}' for n in range(size.teams))}}}"
    kinds = "kinds: {job: {share: 100%, on_scene: 30 min}}"
    kind = f"demand: {{rate: {size.per_day:g} per day, {kinds}}}"
    path.write_text("\n".join([text.rstrip(), *closures, kind, bases, "teams:", *teams]) + "\n")
    return path


def most_memory():
    """Return the most memory this process has had. [MB]"""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(size):
    """
    Return callouts, seconds to read and build, seconds to run, and MB, of one point.

    A first run, of another replication or of a study of one, fills the caches and is not timed.
    """
    loaded, began = most_memory(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        file = read_scenario(written(Path(folder), size))
        if size.alternatives:
            once = read_scenario(written(Path(folder), size._replace(replications=1)))
            run_study(design_of([once]))
            ready = time.process_time()
            study = run_study(design_of([file]))
            callouts = sum(len(each.response) for each in study.observations.values())
            return callouts, ready - began, time.process_time() - ready, most_memory() - loaded
        world = build(file)
    policies, atlases = next(iter(policy_sets(file).values())), Atlases(world)
    simulate(world, policies, Counted(), 1, 1, atlases)
    ready, log = time.process_time(), Counted()
    simulate(world, policies, log, 1, 0, atlases)
    return log.callouts, ready - began, time.process_time() - ready, most_memory() - loaded


def written(folder, size):
    """Write the scenario of a point; return its path."""
    if size.epochs:
        return network_scenario(folder, size)
    path = folder / "growth.yaml"
    path.write_text(scenario_text(size) + study_text(size), encoding="utf-8")
    return path


def study_text(size):
    """Return the sections of a study, if it is one."""
    if not size.alternatives:
        return ""
    rules = ", ".join(
        f"a{n}: {{dispatch: {{cutoff: {{reserve: {{3: {n % 4}}}}}}}}}"
        for n in range(size.alternatives)
    )
    study = f"study: {{seed: 1, replications: {size.replications}, logged: 0}}"
    return f"policies: {{{rules}}}\n{study}\n"


# -- all points -----------------------------------------------------------------------------------


def point(name, n, rounds):
    """Measure one point in processes of its own; return the best of some runs."""
    found = []
    for _ in range(rounds):
        with multiprocessing.get_context("fork").Pool(1) as own:
            found.append(own.apply(measured, (SWEEPS[name].of(n),)))
    return [min(column) for column in zip(*found, strict=True)]


def exponent(sizes, values):
    """Return the slope of the logarithms of values over those of sizes."""
    x, y = [math.log(n) for n in sizes], [math.log(max(v, 1e-9)) for v in values]
    middle, level = sum(x) / len(x), sum(y) / len(y)
    over = sum((a - middle) * (b - level) for a, b in zip(x, y, strict=True))
    return over / sum((a - middle) ** 2 for a in x)


def rows_of(name, most, rounds):
    """Measure the points of a sweep; return its rows for the table."""
    sweep, rows = SWEEPS[name], []
    for n in sweep.sizes:
        if n <= most:
            callouts, building, running, memory = point(name, n, rounds)
            rows.append([name, n, callouts, 1e6 * running / callouts, building, memory])
            print(*rows[-1], flush=True)
    return rows


def page(rows, rounds=2):
    """Return the page that shows the rows."""
    lines = [HEAD.format(rounds=rounds)]
    summary, tables = [], []
    for name in dict.fromkeys(row[0] for row in rows):
        sweep, mine = SWEEPS[name], [row for row in rows if row[0] == name]
        sizes = [row[1] for row in mine]
        columns = [row[3] for row in mine], [row[5] for row in mine]
        over_all = [exponent(sizes, column) for column in columns]
        at_end = [exponent(sizes[-2:], column[-2:]) for column in columns]
        run = f"{sizes[0]:g} to {sizes[-1]:,g}"
        if sizes[-1] < sweep.sizes[-1]:
            run += f" (of {sweep.sizes[-1]:,g})"
        cells = " | ".join(f"{e:.2f} ({end:.2f})" for e, end in zip(over_all, at_end, strict=True))
        summary.append(f"| {sweep.unit} | {run} | {cells} |")
        tables += [f"\n## {sweep.unit[0].upper()}{sweep.unit[1:]}\n",
                   "| size | callouts | µs a callout | s before | MB |",
                   "|---:|---:|---:|---:|---:|"]  # fmt: skip
        tables += [f"| {n:,g} | {c:,} | {each:,.0f} | {building:.2f} | {mb:,.1f} |"
                   for _, n, c, each, building, mb in mine]  # fmt: skip
        if max(*over_all, *at_end) > MOST:
            tables.append(f"\nAbove {MOST}: {sweep.why or 'not explained yet'}.")
    head = "| what grows | from, to | exponent of time a callout | exponent of memory |"
    lines += [head, "|---|---|---:|---:|", *summary, *tables]
    return "\n".join(lines) + "\n"


HEAD = """\
# How it grows

Written by `python -m tests.benchmarks.growth`, which says how it measures; the numbers are in
[growth.csv](growth.csv). "Before" is reading, building and a first run. An exponent of 0 is no
growth, of 1 twice as much for twice the size, of 2 four times as much. It is given over all sizes
and, in brackets, from the last but one to the last, where a cliff would show. Times depend on the
machine, exponents hardly do. Only what is in a table was run: where a range ends before what was
planned, the end that was planned stands behind it. Runs of each point, of which the best counts:
{rounds}.
"""


def main():
    parser = argparse.ArgumentParser(description="Measure how time and memory grow.")
    parser.add_argument("--most", nargs="+", default=[], help="largest sizes, as in places=1500")
    parser.add_argument("--rounds", type=int, default=2, help="runs of each point")
    given = parser.parse_args()
    most = {name: float(n) for name, n in (words.split("=") for words in given.most)}
    if not most.keys() <= SWEEPS.keys():
        parser.error(f"--most is about {', '.join(SWEEPS)}")
    rows = [row for name in SWEEPS for row in rows_of(name, most.get(name, math.inf), given.rounds)]
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["what", "size", "callouts", "us_a_callout", "s_before", "mb"])
        writer.writerows([*row[:3], *(f"{value:.4g}" for value in row[3:])] for row in rows)
    PAGE.write_text(page(rows, given.rounds), encoding="utf-8")


if __name__ == "__main__":
    main()
