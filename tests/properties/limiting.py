"""Limits of duty in random worlds, and a recount of them from the log and the rosters alone."""

import random
from collections import defaultdict
from itertools import pairwise

import yaml

from sim.log import MS_PER_HOUR, Event


def with_limits(text, number):
    """Return a world in which most crews that are neither on call nor in reserve have limits."""
    rng, scenario = random.Random(f"limits {number}"), yaml.safe_load(text)
    exposes = any(kind.get("exposure") for kind in scenario["demand"]["kinds"].values())
    for team in scenario["teams"].values():
        if "on_call" in team or "reserve" in team or rng.random() < 0.2:
            continue
        team["limits"] = {"minimum_rest": f"{rng.choice([1, 4, 11])} h"}
        if rng.random() < 0.8:
            team["limits"]["hours_on_duty"] = f"{rng.choice([1, 3, 6])} h"
        if exposes and rng.random() < 0.5:
            team["limits"]["exposing_callouts"] = rng.randint(1, 3)
    return yaml.safe_dump(scenario, allow_unicode=True, sort_keys=False)


def check_crews_keep_to_their_limits(runs):
    """Return how often a limit could have been broken: dispatches, and rests between spells."""
    counted = 0
    for text, world, log in runs:
        exposing = {kind for kind, need in enumerate(world.fleet.needs) if need.exposure > 0}
        kinds = {row.callout: row.kind for row in log.callouts}
        rests, returning, missions = defaultdict(list), defaultdict(list), defaultdict(list)
        for event in log.events:
            if event.what == Event.MANDATORY_REST:
                rests[event.team].append((event.at, event.until))
            if event.what == Event.RETURNING:
                returning[event.team].append((event.at, event.until or world.ends))
        for m in sorted(log.missions, key=lambda m: m.dispatched):
            missions[m.team].append(m)
        for crew in world.fleet.crews:
            if crew.limits is not None:
                own = missions[crew.number]
                spells = _spells(
                    crew.duty, rests[crew.number], returning[crew.number], own, world.ends
                )
                counted += _keeps(crew.limits, spells, own, kinds, exposing, (crew.name, text))
    return counted


def _spells(duty, rests, returning, missions, ends):
    """Return the stretches of duty, with missions and drives home after which a team is free."""
    stretches = list(duty)
    for begins, until in rests:
        cut = [(a, min(b, begins)) for a, b in stretches]
        stretches = cut + [(max(a, until), b) for a, b in stretches]
    stretches += returning
    stretches += [(m.dispatched, ends if m.cleared is None else m.cleared) for m in missions]
    found = []
    for begins, until in sorted(s for s in stretches if s[0] < s[1]):
        if found and begins <= found[-1][1]:
            begins, before = found.pop()
            until = max(until, before)
        found.append((begins, until))
    return found


def _keeps(limits, spells, missions, kinds, exposing, who):
    counted, hours = 0, limits.hours_on_duty
    for (_, off), (on, _) in pairwise(spells):
        if off > 0:
            counted += 1
            assert on - off >= limits.minimum_rest, (off / MS_PER_HOUR, on / MS_PER_HOUR, who)
    for begins, until in spells:
        inside = [m for m in missions if begins <= m.dispatched < until]
        if begins < 0:
            continue
        exposed = 0
        for m in inside:
            counted += 1
            assert hours is None or m.dispatched < begins + hours, (m, begins, who)
            most = limits.exposing_callouts
            assert most is None or exposed < most, (m, begins, who)
            exposed += m.on_scene is not None and kinds.get(m.callout) in exposing
    return counted
