"""Teams and when they are on duty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sim.log import MS_PER_DAY
from sim.scenario import Distribution, Scenario, Shift

from .durations import expected

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

Interval = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Crew:
    """A team as the scenario describes it, in numbers."""

    number: int
    name: str
    base: int  # number of its base
    place: int  # where the base stands
    people: int
    brings: int  # skills and vehicles, a bit each
    pace: int  # which of ``Marks.on_scene`` is its own
    turnout: int  # which of ``Marks.turnout`` is its own
    expected_turnout: int  # [ms]
    duty: tuple[Interval, ...]  # on duty from, until [ms]; apart and in order


@dataclass(frozen=True, slots=True)
class Need:
    """What a kind of callout needs."""

    people: int
    brings: int  # skills and vehicles, a bit each


@dataclass(frozen=True, slots=True)
class Fleet:
    """All teams, the bases they belong to, and what each kind of callout needs of them."""

    crews: tuple[Crew, ...]
    bases: tuple[str, ...]
    base_places: tuple[int, ...]
    needs: tuple[Need, ...]  # by kind
    paces: tuple[Distribution, ...]
    turnouts: tuple[Distribution, ...]


def muster(scenario: Scenario, places: Sequence[str]) -> Fleet:
    """Return the fleet of a scenario; places are numbered as given."""
    number_of = {name: i for i, name in enumerate(places)}
    bases = tuple(scenario.bases)
    base_places = tuple(number_of[base.place or name] for name, base in scenario.bases.items())
    bits: dict[str, int] = {}
    paces: list[Distribution] = []
    turnouts: list[Distribution] = []
    crews: list[Crew] = []
    for name, team in scenario.teams.items():
        turnout = team.turnout or scenario.desk.turnout
        for copy in range(team.count):
            base = bases.index(team.base)
            crews.append(
                Crew(
                    number=len(crews),
                    name=name if team.count == 1 else f"{name} {copy + 1}",
                    base=base,
                    place=base_places[base],
                    people=team.crew,
                    brings=_mask(team.has, bits),
                    pace=0 if team.on_scene is None else 1 + _number(team.on_scene, paces),
                    turnout=_number(turnout, turnouts),
                    expected_turnout=expected(turnout),
                    duty=on_duty(scenario, [scenario.shifts[s] for s in team.shifts]),
                )
            )
    needs = tuple(Need(k.crew, _mask(k.needs, bits)) for k in scenario.demand.kinds.values())
    return Fleet(tuple(crews), bases, base_places, needs, tuple(paces), tuple(turnouts))


def on_duty(scenario: Scenario, shifts: Sequence[Shift]) -> tuple[Interval, ...]:
    """Return the stretches on duty from the start of the warm-up to the end of the run. [ms]"""
    begins, ends = -scenario.clock.warm_up, scenario.clock.run
    if not shifts:
        return ((begins, ends),)
    start = scenario.clock.start
    midnight = datetime(start.year, start.month, start.day)
    offset = round((start - midnight) / timedelta(milliseconds=1))
    stretches = []
    for day in range(begins // MS_PER_DAY - 1, ends // MS_PER_DAY + 2):
        for shift in shifts:
            if DAYS[(midnight.weekday() + day) % 7] in shift.days:
                opens = day * MS_PER_DAY - offset + shift.hours[0]
                lasts = (shift.hours[1] - shift.hours[0]) % MS_PER_DAY or MS_PER_DAY
                stretches.append((max(opens, begins), min(opens + lasts, ends)))
    return joined(stretches)


def joined(stretches: Sequence[Interval]) -> tuple[Interval, ...]:
    """Return intervals in order, those that touch or overlap made one, empty ones left out."""
    found: list[Interval] = []
    for begins, ends in sorted(s for s in stretches if s[0] < s[1]):
        if found and begins <= found[-1][1]:
            found[-1] = found[-1][0], max(ends, found[-1][1])
        else:
            found.append((begins, ends))
    return tuple(found)


def _mask(names: Sequence[str], bits: dict[str, int]) -> int:
    mask = 0
    for name in names:
        mask |= 1 << bits.setdefault(name, len(bits))
    return mask


def _number(law: Distribution, known: list[Distribution]) -> int:
    if law not in known:
        known.append(law)
    return known.index(law)


__all__ = ["Crew", "Fleet", "Interval", "Need", "joined", "muster", "on_duty"]
