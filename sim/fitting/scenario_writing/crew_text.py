"""Bases, teams, shifts and the dispatch centre of a fitted scenario, as far as a record shows."""

from __future__ import annotations

from collections import Counter
from typing import Any, NamedTuple

import numpy as np

from ..duration_fits import PhaseFit
from ..fitted_record import FittedRecord
from .commented_yaml import CommentedYaml
from .map_text import STATION, is_on_lines, place_of
from .said_numbers import about_duration, interval, minutes, plural, written_duration


class TeamGroup(NamedTuple):
    """Teams that have a base and hours of duty in common."""

    base: str
    hours: tuple[int, int] | None


def team_groups(found: FittedRecord) -> Counter[TeamGroup]:
    """Return how many teams there are of each base and hours."""
    lines = is_on_lines(found)
    fallback = next(iter(found.bases.values())).name if lines else STATION
    groups: Counter[TeamGroup] = Counter()
    for duty in found.units.duties:
        base = found.bases.get(duty.number) if lines else None
        groups[TeamGroup(fallback if base is None else base.name, duty.hours)] += 1
    if not groups:
        groups[TeamGroup(fallback, None)] = max(found.units.most, 1)
    return groups


def fewest_on_duty(groups: Counter[TeamGroup]) -> int:
    """Return how many teams are on duty in the hour with fewest."""
    on_duty = np.zeros(24, dtype=np.int64)
    for group, count in groups.items():
        begins, ends = group.hours or (0, 24)
        length = (ends - begins) % 24 or 24
        on_duty[np.arange(begins, begins + length) % 24] += count
    return int(on_duty.min())


def units_needed(found: FittedRecord) -> list[int]:
    """Return how many teams a callout of each kind is given: as many as were there on average."""
    most = max(fewest_on_duty(team_groups(found)), 1)
    return [int(min(max(round(float(mean)), 1), most)) for mean in found.sent]


def write_crews(out: CommentedYaml, found: FittedRecord) -> None:
    """Write bases, shifts and teams."""
    groups = team_groups(found)
    given = any(base.given for base in found.bases.values())
    out.comment("From the table of bases." if given else
                "ILLUSTRATIVE: where units start is not in the record.")  # fmt: skip
    out.section("bases")
    places = {base.name: place_of(found, base) for base in found.bases.values()}
    for base in dict.fromkeys(group.base for group in groups):
        place = places.get(base, base)
        out.entry(base, {} if place == base else {"place": place}, depth=1)
    out.blank()
    shifts = {hours: _shift_name(hours) for _, hours in groups if hours is not None}
    if shifts:
        out.comment("ASSUMED from when units were dispatched, by day for all days of the week; "
                    "their rosters are not in the record.")  # fmt: skip
        out.section("shifts")
        for (begins, ends), name in shifts.items():
            out.entry(name, {"hours": f"{begins:02d}:00-{ends or 24:02d}:00"}, depth=1)
        out.blank()
    _about_units(out, found)
    out.section("teams")
    for group, count in sorted(groups.items(), key=lambda item: (item[0].base, str(item[0].hours))):
        hours = "always" if group.hours is None else _shift_name(group.hours)
        team: dict[str, Any] = {"base": group.base, "crew": 1, "count": count}
        if group.hours is not None:
            team["shifts"] = [shifts[group.hours]]
        out.entry(f"{group.base} {hours}"[:100], team, depth=1)


def _shift_name(hours: tuple[int, int]) -> str:
    return f"{hours[0]:02d}-{hours[1] or 24:02d}"


def _about_units(out: CommentedYaml, found: FittedRecord) -> None:
    units = found.units
    if not units.most:
        out.comment("ASSUMED: one team; the record does not say when units were at work.")
        return
    if not units.named:
        out.comment(f"The record names no units: there are as many teams as were ever at work at "
                    f"once, {units.most}, the least that there can have been.")  # fmt: skip
    else:
        kept = plural(len(units.duties), "unit")
        out.comment(
            f"{kept} with five callouts or more, seen in the last 90 days; left out: {units.rare} "
            f"with fewer, {units.gone} not seen for longer. At most {units.most} were at work at "
            "once. Names of units are left out, for they may be those of people. Who was on duty "
            "without a callout is not in the record: ASSUMED is always, but for shifts above."
        )
        for hours in dict.fromkeys(duty.hours for duty in units.duties if duty.hours):
            own = [duty for duty in units.duties if duty.hours == hours]
            n, outside = sum(duty.missions for duty in own), sum(duty.outside for duty in own)
            out.comment(f"{_shift_name(hours)}: {plural(len(own), 'unit')}, {n:,} dispatches, "
                        f"{outside} of them outside")  # fmt: skip
    out.comment("Different units at work, mean by hour from 00:00: "
                + ", ".join(f"{value:.2g}" for value in units.by_hour))  # fmt: skip
    out.comment("and in an hour, mean by weekday from Monday: "
                + ", ".join(f"{value:.2g}" for value in units.by_weekday))  # fmt: skip


def write_dispatch_centre(out: CommentedYaml, found: FittedRecord) -> None:
    """Write call handling and turnout, which a scenario has for all kinds together."""
    out.section("dispatch_centre")
    written = False
    for name, key in (("call handling", "call_handling"), ("turnout", "turnout")):
        phase = found.phases.get(name)
        value = None if phase is None else written_duration(phase.overall)
        if phase is None or value is None:
            out.comment(f"{name} takes no time: it is not in the record", 1)
            continue
        for line in about_duration(phase, phase.overall):
            out.comment(line, 1)
        if name == "call handling" and "dispatched" in phase.phase.told:
            out.comment("it holds any wait for a free unit, which the simulation adds again", 1)
        _about_kinds(out, found, phase)
        out.entry(key, value, depth=1)
        written = True
    if not written:
        out.entry("shift_end", "finish", "ASSUMED: a team finishes what it has begun", 1)


def _about_kinds(out: CommentedYaml, found: FittedRecord, phase: PhaseFit) -> None:
    """Say how kinds differ in what a scenario has for all of them."""
    if len(found.input.kinds) == 1:
        return
    told = []
    for name, own in zip(found.input.kinds, phase.kinds, strict=True):
        if own.chosen is not None and own.times.count:
            word, (value, low, high) = next(iter(own.chosen.said.items()))
            told.append(f"{name} {word} {minutes(value)} (n = {own.times.count:,}, "
                        f"{interval(low, high)} min)")  # fmt: skip
    if told:
        out.comment(f"by kind, which a scenario does not have: {'; '.join(told)}", 1)
