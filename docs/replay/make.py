"""
Make the scenario that replays the San Francisco record, and the comparison in docs/replay.md.

The record is not part of the project: name it with ``--trace``. ``--out DIR`` writes a copy of it,
the places, the recorded turnouts and ``scenario.yaml`` there. ``--publish DIR`` also runs the
scenario, measures the record, and writes tables and figures for the page::

    python docs/replay/make.py --trace sffd_2020-04-07_20.csv --out replay --publish docs/replay
"""

from __future__ import annotations

import argparse
import csv
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime
from math import cos, hypot, radians
from pathlib import Path

Rows = list[dict[str, str]]

CELL = 0.004, 0.005  # a cell of the map in degrees: about 445 by 440 m
ROLES = {
    "engine": "engine",
    "truck": "truck",
    "medic": "ambulance",
    "private": "ambulance",
    "support": "support",
}
ALWAYS = ("engine", "truck")  # staffed round the clock, each at the station it is named after
DAY = range(7, 19)
QUANTILES = 100  # of turnout
DETOUR, KMH = 1.3, 30.0
WEEK_TWO = "2020-04-14"
EARTH_RADIUS = 6371.0088  # [km]
# Recalled, to a few hundred metres. They matter only for how long an ambulance is away.
HOSPITALS = {
    "General": (37.7557, -122.4047),
    "Parnassus": (37.7631, -122.4579),
    "Van Ness": (37.7857, -122.4212),
    "Saint Francis": (37.7894, -122.4166),
    "St. Mary's": (37.7740, -122.4546),
    "Geary": (37.7825, -122.4424),
    "Chinese": (37.7955, -122.4090),
    "Davies": (37.7686, -122.4346),
    "Mission Bernal": (37.7479, -122.4215),
    "Veterans": (37.7820, -122.5050),
}


def read(trace: Path) -> Rows:
    """Return the rows of the record."""
    with trace.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write_places(rows: Rows, path: Path) -> None:
    """Write cells where callouts came from, station areas' centroids, and hospitals."""
    cells: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
    areas: dict[str, list[tuple[float, float]]] = defaultdict(list)
    seen = set()
    for row in rows:
        if row["call"] not in seen:
            seen.add(row["call"])
            lat, lon = float(row["lat"]), float(row["lon"])
            cells[round(lat / CELL[0]), round(lon / CELL[1])][row["battalion"]] += 1
            areas[row["station_area"]].append((lat, lon))
    lines = [("name", "lat", "lon", "weight", "area")]
    for (north, east), counts in sorted(cells.items()):
        lat, lon = north * CELL[0], east * CELL[1]
        battalion = max(sorted(counts), key=counts.__getitem__)
        lines.append((f"{lat:.3f} {lon:.3f}", lat, lon, sum(counts.values()), battalion))
    for area, points in sorted(areas.items()):
        lat, lon = (sum(end) / len(points) for end in zip(*points, strict=True))
        lines.append((f"Station {area}", lat, lon, 0, "stations"))
    lines += [(name, *where, 0, "hospitals") for name, where in HOSPITALS.items()]
    write(path, lines)


def write_turnouts(rows: Rows, path: Path) -> None:
    """Write quantiles of recorded turnouts, a column a role: dispatched to en route. [s]"""
    found: dict[str, list[float]] = {role: [] for role in dict.fromkeys(ROLES.values())}
    for row in rows:
        role = ROLES.get(row["unit_type"])
        if role and row["enroute_s"]:
            found[role].append(max(0.0, float(row["enroute_s"]) - float(row["dispatch_s"])))
    columns = [
        [sorted(times)[int((i + 0.5) / QUANTILES * len(times))] for i in range(QUANTILES)]
        for times in found.values()
    ]
    write(path, [tuple(found), *zip(*columns, strict=True)])


def write(path: Path, lines: Iterable[tuple[object, ...]]) -> None:
    """Write a CSV."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)


def homes(rows: Rows) -> dict[str, Counter[str]]:
    """Return where the units of a role are at home: the area each is sent to most often."""
    seen: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for row in rows:
        role = ROLES.get(row["unit_type"])
        if role:
            seen[role, row["unit"]][row["station_area"]] += 1
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for (role, _), areas in seen.items():
        found[role][max(sorted(areas), key=areas.__getitem__)] += 1
    return found


def seen_at_once(rows: Rows, role: str) -> tuple[int, int]:
    """Return how many units of a role are seen in a mean day half (07 to 19) and night half."""
    halves: dict[tuple[bool, str], set[str]] = defaultdict(set)
    for row in rows:
        if ROLES.get(row["unit_type"]) == role:
            at = datetime.fromisoformat(row["received"])
            halves[at.hour in DAY, f"{at:%Y-%m-%d}"].add(row["unit"])
    counts = [[len(units) for (day, _), units in halves.items() if day is d] for d in (True, False)]
    day, night = (round(sum(each) / len(each)) for each in counts)
    return day, night


def fitted_kerb(rows: Rows) -> int:
    """
    Return what straight lines miss of a drive, fitted to engines in their own areas, week one. [s]

    The mean of recorded drives less the assumed drive from the centroid of the area. It looks at
    drives of engines alone: not at response times, not at ambulances, not at week two. A speed is
    not fitted with it: the station is not at the centroid, and such noise in distances makes any
    fitted speed too high.
    """
    areas: dict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
    for row in rows:
        areas[row["station_area"]][row["call"]] = float(row["lat"]), float(row["lon"])
    middle = {
        area: tuple(sum(end) / len(calls) for end in zip(*calls.values(), strict=True))
        for area, calls in areas.items()
    }
    missed = []
    for row in rows:
        own = row["unit_type"] == "engine" and row["unit"] == f"E{row['station_area']}"
        if own and row["received"] < WEEK_TWO and row["enroute_s"] and row["on_scene_s"]:
            drive = float(row["on_scene_s"]) - float(row["enroute_s"])
            if 0 < drive < 1800:  # longer is no drive within an area
                at = float(row["lat"]), float(row["lon"])
                way = DETOUR * apart(middle[row["station_area"]], at)
                missed.append(drive - 3600 * way / KMH)
    return round(sum(missed) / len(missed))


def apart(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """Return the straight distance between two points. [km]"""
    north = radians(other[0] - one[0])
    east = radians(other[1] - one[1]) * cos(radians(one[0]))
    return EARTH_RADIUS * hypot(north, east)


def spread(total: int, weights: Counter[str]) -> dict[str, int]:
    """Return whole numbers in proportion to weights (largest remainders)."""
    size = sum(weights.values())
    exact = {key: total * weight / size for key, weight in weights.items()}
    found = {key: int(value) for key, value in exact.items()}
    order = sorted(exact, key=lambda key: (found[key] - exact[key], key))
    for key in order[: total - sum(found.values())]:
        found[key] += 1
    return {key: count for key, count in found.items() if count}


def teams(rows: Rows) -> list[str]:
    """Return the teams of the scenario, as lines of YAML."""
    lines = []
    home, sent = homes(rows), defaultdict[str, Counter[str]](Counter)
    for row in rows:
        sent[ROLES.get(row["unit_type"], "")][row["station_area"]] += 1
    for role in dict.fromkeys(ROLES.values()):
        groups = [("", spread(home[role].total(), home[role]))]
        if role not in ALWAYS:
            day, night = seen_at_once(rows, role)
            groups = [("", spread(night, sent[role])), ("day", spread(day - night, sent[role]))]
        for shift, posts in groups:
            for area, count in sorted(posts.items()):
                hours = f", shifts: [{shift}]" if shift else ""
                name = f"{role} {area}{' by day' if shift else ''}"
                lines.append(
                    f'  {name}: {{base: "Station {area}", capabilities: [{role}], '
                    f"count: {count}{hours}, "
                    f"turnout: {{file: turnout.csv, column: {role}, unit: s}}}}"
                )
    return lines


SCENARIO = """\
name: replay-sffd
title: Fourteen days of San Francisco, replayed
about: >
  The callouts of 7 to 20 April 2020 as recorded, answered by a model of the service. Bases are the
  centroids of station areas, not the stations; posts of ambulances are a guess. Nothing was tuned.
sources:
  - "City and County of San Francisco, DataSF, Fire Department Calls for Service, PDDL 1.0."
assumptions:
  - "Straight lines with a circuity of 1.3, driven at 30 km/h at all hours; never fitted."
  - "Kerb fitted: what that misses of the drives of engines in their own areas, in week one."
  - "Engines and trucks are on duty round the clock in the area they are sent to most."
  - "As many ambulances and support units as a mean half day sees, posted in proportion to where \
their kind was sent."
  - "What a kind needs: one unit of each role it names; in the record that varies."
  - "Hospitals are where recalled; patients are taken to the nearest."
  - "Turnout is drawn from the recorded turnouts of the role."
clock: {{start: 2020-04-07 00:00, timezone: America/Los_Angeles, length: 14 days}}
map:
  places: places.csv
  roads: {{circuity: 1.3, speed: {{day: 30 km/h}}}}
  hospitals: {{{hospitals}}}
  attribution: ["Callouts: City and County of San Francisco, DataSF, PDDL 1.0. Bases illustrative."]
demand:
  record:
    file: trace.csv
    columns: {{callout: call, received: received, kind: group, lat: lat, lon: lon, unit: unit,
      entry: entry_s, dispatched: dispatch_s, en_route: enroute_s, on_scene: on_scene_s,
      left: transport_s, at_hospital: hospital_s, cleared: available_s}}
    unit: s
    timezone: America/Los_Angeles
    kinds:
      life-threatening: [Potentially Life-Threatening]
      medical: [Non Life-threatening]
      alarm: [Alarm]
      fire: [Fire]
      other: [""]
    within: 1 km
    uses: [handling, on_scene, transported, handover]
    disordered: leave out
  kinds:  # the shares are not used; times where none is recorded are the recorded medians
    life-threatening: {{share: 40%, priority: 1, needs: [engine, ambulance], to: hospital,
      on_scene: 20 min, handover: 30 min}}
    fire: {{share: 5%, priority: 1, needs: [engine], on_scene: 10 min}}
    alarm: {{share: 15%, priority: 2, needs: [engine, truck], on_scene: 10 min}}
    medical: {{share: 30%, priority: 3, needs: [ambulance], to: hospital, on_scene: 20 min,
      handover: 30 min}}
    other: {{share: 10%, priority: 4, needs: [support], on_scene: 20 min}}
bases:
{bases}
shifts:
  day: {{hours: "07:00-19:00"}}
teams:
{teams}
policies:
  as assumed: {{dispatch: closest}}
  kerb fitted: {{dispatch: closest, set: {{map.local_travel: {kerb} s}}}}
study: {{seed: 20200407, replications: 10}}
"""


def make(trace: Path, out: Path) -> Path:
    """Write the scenario with all that it reads, and return it."""
    out.mkdir(parents=True, exist_ok=True)
    rows = read(trace)
    shutil.copyfile(trace, out / "trace.csv")
    write_places(rows, out / "places.csv")
    write_turnouts(rows, out / "turnout.csv")
    areas = sorted({row["station_area"] for row in rows})
    scenario = out / "scenario.yaml"
    text = SCENARIO.format(
        kerb=fitted_kerb(rows),
        hospitals=", ".join(f'"{name}": "{name}"' for name in HOSPITALS),
        bases="\n".join(f'  "Station {area}": {{}}' for area in areas),
        teams="\n".join(teams(rows)),
    )
    scenario.write_text(text, encoding="utf-8")
    return scenario


def rescuesim(*arguments: object) -> None:
    """Run the command line."""
    subprocess.run([sys.executable, "-m", "sim", *map(str, arguments)], check=True)  # noqa: S603


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--trace", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--publish", type=Path)
    given = parser.parse_args()
    written = make(given.trace, given.out)
    if given.publish is not None:
        from compare import publish  # next to this file

        simulated = given.out / "simulated"
        rescuesim("compare", written, "--out", simulated, "--no-figures")
        publish(given.out / "trace.csv", written, simulated, given.publish)
