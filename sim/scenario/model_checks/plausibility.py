"""
Values outside the range that rescue services know, asked as questions: is it meant?

What cannot be at all is an error elsewhere. The ranges are wide, from general knowledge: they are
to catch an hour where a minute was meant, not to judge a service.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from sim import units

from ..diagnostics.findings import Findings
from ..fields.distribution import Distribution
from ..fields.models import Kind, Scenario
from ..networks.road_speeds import ask_of_speed
from ..text.source import Loc
from .workload_checks import mean_of

MIN, H, DAY = (units.MS_PER[unit] for unit in ("min", "h", "day"))
LARGE = 50  # people in one team
TAIL = 20  # a 90th percentile of so many medians, a standard deviation of so many means


class Usual(NamedTuple):
    """What a duration usually is at the least and the most; 0 is always meant. [ms]"""

    what: str
    least: int
    most: int


def ask_of_values(findings: Findings, scenario: Scenario) -> None:
    """Ask about each value outside its usual range whether it is meant."""
    _ask_of_speeds(findings, scenario)
    for loc, duration, usual in _durations(scenario):
        if duration is None:
            continue
        mean = duration if isinstance(duration, int) else mean_of(duration)
        if mean and not usual.least <= mean <= usual.most:
            about = "a mean " if isinstance(duration, Distribution) and _varies(duration) else "a "
            said = f"{about}{usual.what} of {_say(mean)}: is that meant?"
            findings.warn(loc, said, _range(usual))
        elif isinstance(duration, Distribution) and (tail := _tail(duration)):
            findings.warn(loc, f"{tail}: is that meant?", "look at the units of the two")
    _ask_of_crews(findings, scenario)


def _ask_of_speeds(findings: Findings, scenario: Scenario) -> None:
    roads = scenario.map.roads
    if roads is None:
        return
    speeds: list[tuple[Loc, float | None]] = [
        (("map", "roads", "speed", time), written.kmh)
        for time in ("day", "night")
        if (written := getattr(roads.speed, time)) is not None
    ]
    speeds += [(("map", "roads", "kmh", name), kmh) for name, kmh in roads.kmh.items()]
    for loc, kmh in speeds:
        if kmh is not None and (asked := ask_of_speed(kmh)):
            findings.warn(loc, *asked)
    if roads.circuity is not None and roads.circuity > 3:
        said = f"roads {roads.circuity:g} times as long as the straight line: is that meant?"
        findings.warn(("map", "roads", "circuity"), said, "usually 1.2 to 1.6")


def _ask_of_crews(findings: Findings, scenario: Scenario) -> None:
    for name, team in scenario.teams.items():
        if team.crew > LARGE:
            said = f"{team.crew} people in one team: is that meant?"
            findings.warn(("teams", name, "crew"), said, "several teams are written with count")


def _durations(scenario: Scenario) -> Iterator[tuple[Loc, Distribution | int | None, Usual]]:
    """Yield the durations of a scenario, where they are written, and what is usual."""
    turnout, work = Usual("turnout", 0, H), Usual("time on scene", MIN, DAY)
    centre = scenario.dispatch_centre
    yield ("dispatch_centre", "call_handling"), centre.call_handling, Usual("call handling", 0, H)
    yield ("dispatch_centre", "turnout"), centre.turnout, turnout
    yield ("map", "local_travel"), scenario.map.local_travel, Usual("local travel", 0, H)
    for i, point in enumerate(scenario.map.checkpoints):
        yield ("map", "checkpoints", i, "delay"), point.delay, Usual("delay", 0, 6 * H)
    for name, kind in scenario.demand.kinds.items():
        yield from _of_kind(("demand", "kinds", name), kind, work)
    for name, team in scenario.teams.items():
        yield ("teams", name, "turnout"), team.turnout, turnout
        yield ("teams", name, "on_scene"), team.on_scene, work
        for i, rest in enumerate(team.breaks):
            yield (
                ("teams", name, "breaks", i, "duration"),
                rest.duration,
                Usual("break", MIN, 4 * H),
            )
    for name, pool in scenario.volunteers.items():
        answer, travel = Usual("answer delay", 0, H), Usual("travel to base", 0, 3 * H)
        yield ("volunteers", name, "answer_delay"), pool.answer_delay, answer
        yield ("volunteers", name, "travel_to_base"), pool.travel_to_base, travel
    for i, target in enumerate(scenario.targets):
        yield ("targets", i, "within"), target.within, Usual("target", MIN, 2 * DAY)


def _of_kind(
    loc: Loc, kind: Kind, work: Usual
) -> Iterator[tuple[Loc, Distribution | int | None, Usual]]:
    yield (*loc, "on_scene"), kind.on_scene, work
    for place, there in kind.on_scene_at.items():
        yield (*loc, "on_scene_at", place), there, work
    yield (*loc, "handover"), kind.handover, Usual("handover", 0, 6 * H)
    yield (*loc, "abandons_after"), kind.abandons_after, Usual("wait until abandoned", MIN, DAY)


def _varies(duration: Distribution) -> bool:
    return duration.distribution != "fixed"


def _tail(duration: Distribution) -> str:
    """Return what is said of a distribution with a tail that is seldom meant; else empty."""
    for middle, far, said in (
        (duration.median, duration.p90, "a 90th percentile of {} over a median of {}"),
        (duration.mean, duration.sd, "a standard deviation of {} over a mean of {}"),
    ):
        if middle and far and far > TAIL * middle:
            return said.format(units.say_duration(far), units.say_duration(middle))
    return ""


def _say(ms: float) -> str:
    """Return a duration in its two largest units."""
    for unit in (DAY, H, MIN):
        if ms >= unit:
            step = unit // 24 if unit == DAY else unit // 60
            return units.say_duration(round(ms / step) * step)
    return units.say_duration(round(ms))


def _range(usual: Usual) -> str:
    most = units.say_duration(usual.most)
    if not usual.least:
        return f"usually up to {most}"
    return f"usually {units.say_duration(usual.least)} to {most}"
