"""The parts that the page is given: markup, style, script, words, and a replication packed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from typing import Any

from sim.experiment import Reported, Results, TeamDrive, logs_in, read_drives
from sim.local_clock import LocalClock
from sim.scenario.duty_hours.target_cohorts import is_for_place, times_of

from .packed_log import PackedLog, Thinning, facts_content, facts_of
from .packed_ways import Moved, PackedWays, logged_drives, straight_drives
from .packed_world import SharedNames, has_map, teams_content, world_content
from .packing import differences, packed, seconds
from .replay_words import REPLAY_WORDS

REPLICATION = 0  # the first: it is always logged
MOST = 500_000  # characters of data, so that a page stays under 1 MB
MOST_YEAR = 3_400_000  # those of a run of a year or more, whose page stays under 5 MB
YEAR = 365 * 86_400_000  # [ms]
_SHORTER = (1.0, 0.5, 0.25, 0.12, 0.06, 0.03, 0.01)  # of the run, where nothing else helps

_SCRIPTS = (
    "replay_language.js", "replay_roads.js", "replay_data.js", "replay_states.js",
    "replay_signs.js", "replay_map.js", "replay_scrubber.js", "replay_stories.js",
    "replay_lists.js", "replay.js",
)  # fmt: skip


@dataclass(frozen=True)
class ReplayParts:
    """What the page embeds: each has its own place, and its hash in the content policy."""

    markup: str
    style: str
    script: str
    data: str  # gzip and base64, for the element ``rp-data``
    words: Mapping[str, tuple[str, str]]  # English, Arabic
    shown: tuple[str, ...]  # the alternatives that are packed


def replay_parts(
    results: Results, first: str, second: str | None = None, others: Sequence[str] = ()
) -> ReplayParts:
    """
    Return the replay of the first replication of a study.

    Parameters
    ----------
    results
        A results folder that has been read.
    first, second
        The alternatives that are shown first, of which both are always there; one only if None.
    others
        Others than these, the best first, of which as many are there as there is room for.

    Raises
    ------
    ResultsError
        When the folder holds no log of the replication and it cannot be run again.

    """
    runs = logs_in(results, REPLICATION)
    drives = read_drives(results.folder, {name: run.names for name, run in runs.items()})
    horizon = results.study.samples[0].standards.horizon
    wanted = [first] if second is None else [first, second]
    most = MOST_YEAR if results.study.world.scenario.clock.length >= YEAR else MOST
    shown = Shown(runs, drives, horizon, replications=results.study.replications)
    data, thinning = fitted(shown.of(wanted), most)
    for name in others if thinning == Thinning() else ():
        more = packed(content(shown.of([*wanted, name]), thinning))
        if len(more) > MOST:
            break
        data, wanted = more, [*wanted, name]
    return ReplayParts(
        asset("replay.html"), asset("replay.css"), script(), data, REPLAY_WORDS, tuple(wanted)
    )


@dataclass(frozen=True)
class Shown:
    """The runs of one replication, where their teams drove, and who is not shown."""

    runs: Mapping[str, Reported]
    drives: Mapping[str, Sequence[TeamDrive]]  # empty where the folder has no table of drives
    horizon: int  # [ms]
    left_out: tuple[str, ...] = ()
    replications: int = 1  # of the study, of which one is shown

    def of(self, wanted: Sequence[str]) -> Shown:
        """Return some of the alternatives, in this order."""
        others = tuple(name for name in self.runs if name not in wanted)
        return replace(self, runs={name: self.runs[name] for name in wanted}, left_out=others)

    @property
    def on_roads(self) -> bool:
        """Whether the ways of all its drives are known."""
        return all(self.drives.get(name) for name in self.runs)

    def moved(self, name: str) -> list[Moved]:
        """Return how the teams of an alternative moved."""
        if self.on_roads:
            return list(logged_drives(self.drives[name]))
        return list(straight_drives(self.runs[name]))


def asset(name: str) -> str:
    """Return a file of the page's assets."""
    return files("sim.page").joinpath("assets", name).read_text(encoding="utf-8")


def script() -> str:
    """Return the script: its files, each about one thing, in one scope of their own."""
    body = "\n".join(asset(name) for name in _SCRIPTS)
    return f"(() => {{\n'use strict';\n{body}\n}})();\n"


def fitted(shown: Shown, most: int) -> tuple[str, Thinning]:
    """
    Return the runs packed into at most so many characters, and what is left out for that.

    First go the candidates of decisions, then the roads that drives took, then the later part of
    the run; the page says which.
    """
    ends = max(run.world.ends for run in shown.runs.values()) // 1000
    steps = [Thinning(), Thinning(candidates=False), Thinning(candidates=False, ways=False)]
    steps += [Thinning(False, False, round(ends * part)) for part in _SHORTER[1:]]
    data, thinning = "", steps[0]
    for thinning in steps:
        data = packed(content(shown, thinning))
        if len(data) <= most:
            break
    return data, thinning


def content(shown: Shown, thinning: Thinning) -> dict[str, Any]:
    """Return what is packed: names and points once, then each alternative's columns."""
    names, runs = SharedNames(), shown.runs
    facts = facts_of(runs, names, thinning)
    ways, worlds, alternatives = PackedWays(names), list[Any](), []
    for name, run in runs.items():
        log = PackedLog(run, facts, names, thinning)
        world = world_content(run.world, names, thinning.ways)
        if world not in worlds:
            worlds.append(world)
        alternatives.append({
            "name": name,
            "world": worlds.index(world),
            "teams": teams_content(run.world, run.log.events, names),
            "callouts": log.callouts(),
            "missions": log.missions(),
            "events": log.events(),
            "decisions": log.decisions(),
            "drives": ways.drives(log, shown.moved(name)),
        })  # fmt: skip
    run = next(iter(runs.values()))
    return {
        "title": run.world.scenario.title or run.world.scenario.name,
        "start": f"{run.start:%Y-%m-%dT%H:%M:%S}",
        **_clock_changes(run.clock),
        "ends": max(each.world.ends for each in runs.values()) // 1000,
        "horizon": shown.horizon // 1000,
        "replications": shown.replications,
        "targets": _targets(run, names),
        "map": all(has_map(each.world) for each in runs.values()),
        "facts": facts_content(facts),
        "worlds": worlds,
        "alternatives": alternatives,
        "ways": ways.content(),
        "on_roads": shown.on_roads,
        "left_out": list(shown.left_out),
        "thinned": [int(thinning.candidates), int(thinning.ways), thinning.until or 0],
        "names": _names(names),
        "points": [
            differences(x for x, _ in names.points.entries),
            differences(y for _, y in names.points.entries),
        ],
    }


def _clock_changes(clock: LocalClock) -> dict[str, list[list[int]]]:
    """
    Return when clocks are changed in the measured period, where they are.

    Each is an instant [s], by how much they are put forward [s], and what local time is ahead of
    UTC before [min].
    """
    changes = [change for change in clock.changes if change.at > 0]
    told = [[c.at // 1000, c.by // 1000, (clock.ahead(c.at - 1) or 0) // 60_000] for c in changes]
    return {"clock": told} if told else {}


def _targets(run: Reported, names: SharedNames) -> list[list[Any]]:
    """
    Return each target's name, time [s], kind (0: any), priority (0: any), and if full.

    Then its places and the stretches in which its callouts are received [s]; None: any.
    """
    world = run.world
    return [
        [
            target.name,
            target.within // 1000,
            0 if target.kind is None else names.kinds.number(target.kind) + 1,
            target.priority or 0,
            int(target.attendance == "full"),
            None
            if target.where is None and target.areas is None
            else [
                names.place(world, number)
                for number, row in enumerate(world.file.places)
                if is_for_place(target, row.name, row.area)
            ],
            None
            if (times := times_of(target, world.clock, world.ends)) is None
            else [[seconds(begins), seconds(until)] for begins, until in times],
        ]
        for target in world.scenario.targets
    ]


def _names(names: SharedNames) -> dict[str, list[Any]]:
    return {
        "kinds": names.kinds.entries,
        "places": [list(place) for place in names.places.entries],
        "teams": names.teams.entries,
        "bases": names.bases.entries,
        "hospitals": names.hospitals.entries,
        "closures": names.closures.entries,
        "checkpoints": names.checkpoints.entries,
        "words": names.words.entries,
    }
