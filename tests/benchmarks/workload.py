"""
The reference workload: 12 teams, 6 bases, 24 zones, 4 hospitals, 30 callouts a day.

A 34 x 34 asymmetric table of travel times, 3 priorities, log-normal work on scene (mean 100
minutes), 45 % taken to hospital. Written as a scenario file, since that is what users run.
"""

import random
from pathlib import Path

from sim.scenario import read_scenario
from sim.world import build


def reference_world(folder, days, per_day=30):
    """Return the world of the reference workload over some days; writes its scenario there."""
    path = Path(folder) / "reference.yaml"
    path.write_text(reference_yaml(days, per_day), encoding="utf-8")
    return build(read_scenario(path))


def reference_yaml(days, per_day):
    rng = random.Random(7)
    names = [f"Z{i}" for i in range(24)] + [f"B{i}" for i in range(6)] + [f"H{i}" for i in range(4)]
    spots = [(rng.uniform(0, 40), rng.uniform(0, 40)) for _ in names]
    lines = [
        "name: reference",
        f"clock: {{start: 2025-01-06 00:00, length: {days} days}}",
        "map:",
        "  places:",
    ]
    lines += [f"    {n}: {{weight: {1 if n[0] == 'Z' else 0}}}" for n in names]
    lines += [
        "  hospitals: {" + ", ".join(f"Hospital {n}: {n}" for n in names if n[0] == "H") + "}"
    ]
    lines += ["  roads:", "    table:"]
    for a, (ax, ay) in zip(names, spots, strict=True):
        cells = ", ".join(
            f"{b}: {round((abs(ax - bx) + abs(ay - by)) * 60 * rng.uniform(0.9, 1.1)) + 30} s"
            for b, (bx, by) in zip(names, spots, strict=True)
            if b != a
        )
        lines.append(f"      {a}: {{{cells}}}")
    hours = [3, 2, 2, 2, 2, 3, 5, 7, 9, 10, 10, 10, 10, 9, 9, 9, 9, 9, 9, 8, 7, 6, 5, 4]
    lines += ["demand:", f"  rate: {per_day} per day", f"  hours: {hours}", "  kinds:"]
    for priority, share in ((1, 30), (2, 40), (3, 30)):
        lines.append(
            f"    p{priority}: {{share: {share}%, priority: {priority}, "
            "on_scene: {mean: 100 min, sd: 60 min}, "
            "to: hospital, transported: 45%, handover: {distribution: exponential, mean: 20 min}}"
        )
    lines += ["dispatch_centre: {turnout: {distribution: exponential, mean: 90 s}}"]
    lines += ["bases: {" + ", ".join(f"B{i}: {{}}" for i in range(6)) + "}", "teams:"]
    lines += [f"  Team {i}: {{base: B{i % 6}, crew: 4}}" for i in range(12)]
    return "\n".join(lines) + "\n"
