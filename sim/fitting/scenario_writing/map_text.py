"""The map of a fitted scenario: places, how long drives take, a hospital."""

from __future__ import annotations

from typing import Any

import numpy as np

from sim import units

from ..drive_speeds import DriveFit, UnitBase
from ..fitted_input import ROUNDED
from ..fitted_record import FittedRecord
from .commented_yaml import CommentedYaml
from .demand_text import has_transports
from .said_numbers import ASSUMED, interval, minutes, own_weight, percent, plural

STATION, HOSPITAL = "station (illustrative)", "hospital (illustrative)"
ASSUMED_KMH, ASSUMED_MINUTES = 40.0, 10.0
BASIS = {
    "starts": "straight line from where the unit was when dispatched to the scene",
    "bases": "straight line from the base of the table to the scene",
    "coordinates": "straight line between places, from ILLUSTRATIVE bases: where most of a unit's "
    "callouts were",
}


def is_on_lines(found: FittedRecord) -> bool:
    """Return whether drives are along straight lines; else they are a table of times."""
    if not found.bases or not found.input.mapped:
        return False
    return found.drives is None or found.drives.kmh is not None


def write_map(out: CommentedYaml, found: FittedRecord) -> None:
    """Write the section."""
    out.section("map")
    out.section("places", depth=1)
    if found.input.mapped:
        digits = f"rounded to {10.0**-ROUNDED:g} degrees"
        out.comment(f"the middle of each place's callouts, {digits}: no callout can be found", 2)
    for name, (lat, lon) in zip(found.input.places, found.input.positions, strict=True):
        out.entry(name, _position(lat, lon), depth=2)
    for name, position in _others(found).items():
        out.entry(name, {**position, "weight": 0}, depth=2)
    out.section("roads", depth=1)
    if is_on_lines(found):
        _write_lines(out, found)
    else:
        _write_table(out, found)
    if has_transports(found):
        where = HOSPITAL if not is_on_lines(found) else _busiest(found)
        note = "ILLUSTRATIVE: where people were taken is not in the record"
        out.entry("hospitals", {HOSPITAL: where}, note, 1)
        if (phase := found.phases.get("transport")) is not None and phase.overall.chosen:
            said = ", ".join(
                f"{word} {value:.3g} min ({interval(low, high)})"
                for word, (value, low, high) in phase.overall.chosen.said.items()
            )
            n = plural(phase.overall.times.count, "drive")
            out.comment(f"recorded drives to hospital: {n}, {said}; a scenario has no "
                        "distribution for them, they follow from the map", 1)  # fmt: skip
    _write_local_travel(out, found)


def _position(lat: float, lon: float) -> dict[str, Any]:
    return {"lat": float(lat), "lon": float(lon)} if np.isfinite(lat) else {}


def _others(found: FittedRecord) -> dict[str, dict[str, Any]]:
    """Return places without demand: bases from a table, or what stands in for one."""
    if is_on_lines(found):
        given = [base for base in found.bases.values() if base.given]
        return {place_of(found, base): _position(base.lat, base.lon) for base in given}
    others: dict[str, dict[str, Any]] = {STATION: {}}
    return {**others, HOSPITAL: {}} if has_transports(found) else others


def place_of(found: FittedRecord, base: UnitBase) -> str:
    """Return the place that a base is in: one of its own where it is from a table."""
    taken = base.given and base.name in found.input.places
    return f"{base.name[:90]} (base)" if taken else base.name


def _busiest(found: FittedRecord) -> str:
    return found.input.places[int(found.rates.place_counts.argmax())]


def _write_lines(out: CommentedYaml, found: FittedRecord) -> None:
    drives = found.drives
    note = "speeds are on the straight line: a record has no routes, nor classes of roads"
    out.entry("circuity", 1, note, 2)
    if drives is None or drives.kmh is None:
        out.entry("speed", {"day": units.say_speed(ASSUMED_KMH)}, f"{ASSUMED}: no drives", 2)
        return
    kmh, low, high = drives.kmh
    out.comment(f"{_about(drives)}; {BASIS[drives.basis]}; {interval(low, high)} km/h", 2)
    out.section("speed", depth=2)
    out.entry("day", units.say_speed(round(kmh, 2)), depth=3)
    _write_hours(out, drives)
    out.entry("travel_time_cv", _cv(drives), _spread(drives), 2)


def _cv(drives: DriveFit) -> float:
    return round(min(drives.cv, 1.0), 4)


def _spread(drives: DriveFit) -> str:
    capped = f" (recorded: {percent(drives.cv)}; at most 100% can be written)"
    return "sd over mean of a drive about its expected time" + capped * (drives.cv > 1)


def _about(drives: DriveFit) -> str:
    told = f"{plural(drives.drives, 'drive')}, median {drives.median_minutes:.3g} min"
    if drives.from_dispatch:
        told += ", from dispatch (leaving is not recorded, so turnout is in it)"
    if drives.odd:
        told += f"; {drives.odd} more took eight times what is expected, or an eighth: not used"
    return told


def _write_hours(out: CommentedYaml, drives: DriveFit) -> None:
    if drives.by_hour is None:
        out.comment(f"hours of the day do not differ by more than chance (p = "
                    f"{drives.hour_p_value:.2g}), or are too few", 3)  # fmt: skip
        return
    value, low, high, count = drives.by_hour
    notes = [
        f"{hour:02d}:00: {plural(int(count[hour]), 'drive')}, {interval(low[hour], high[hour])}"
        for hour in range(24)
    ]
    out.items("hours", [round(float(v), 4) for v in value], notes, 3)


def _write_table(out: CommentedYaml, found: FittedRecord) -> None:
    """Write times from a station to each place, and between places by way of it."""
    drives, places = found.drives, found.input.places
    if drives is None or not drives.by_place:
        out.comment(f"{ASSUMED}: no drives, so {ASSUMED_MINUTES:g} min to each place", 2)
        mean = dict.fromkeys(places, ASSUMED_MINUTES)
    else:
        out.comment(f"{_about(drives)}; no distances, so no speeds: mean drive to each place", 2)
        mean = {name: own[0] for name, own in drives.by_place.items()}
        for name, (value, low, high, weight, count) in drives.by_place.items():
            out.comment(f"{name}: {value:.3g} min, n = {count}, {interval(low, high)}"
                        f"{own_weight(weight)}", 2)  # fmt: skip
    if has_transports(found):
        mean[HOSPITAL] = _to_hospital(out, found)
    out.comment("ASSUMED: between places as long as by way of the station", 2)
    out.section("table", depth=2)
    out.entry(STATION, {name: minutes(own) for name, own in mean.items()}, depth=3)
    for name, own in mean.items():
        row = {STATION: minutes(own)}
        for other, time in mean.items():
            if other != name:
                alone = HOSPITAL in (name, other)
                row[other] = minutes(mean[HOSPITAL] if alone else own + time)
        out.entry(name, row, depth=3)
    if drives is not None:
        if drives.by_hour is not None:
            told = ", ".join(f"{value:.2f}" for value in drives.by_hour[0])
            out.comment("a table of times has no speeds; relative speed by hour from 00:00, which "
                        f"is not in the scenario: {told}", 2)  # fmt: skip
        out.entry("travel_time_cv", _cv(drives), _spread(drives), 2)


def _to_hospital(out: CommentedYaml, found: FittedRecord) -> float:
    phase = found.phases.get("transport")
    times = None if phase is None else phase.overall.times
    if times is None or not len(times.ended):
        out.comment(f"{ASSUMED}: {ASSUMED_MINUTES:g} min to the hospital from anywhere", 2)
        return ASSUMED_MINUTES
    mean = float(times.ended.mean())
    told = f"to the hospital from anywhere: {mean:.3g} min, the mean of "
    out.comment(told + plural(len(times.ended), "recorded drive"), 2)
    return mean


def _write_local_travel(out: CommentedYaml, found: FittedRecord) -> None:
    drives = found.drives
    if not is_on_lines(found) or drives is None or drives.start_minutes is None:
        return
    value, low, high = drives.start_minutes
    if value * 60 < 1:
        out.comment("no local travel: drives grow in proportion to distance", 1)
        return
    note = f"what a drive takes at no distance; {interval(low, high)} min"
    spread = value * min(drives.cv, 1.0)
    written: Any = {"mean": minutes(value), "sd": minutes(spread)}
    out.entry("local_travel", written, note, 1)
