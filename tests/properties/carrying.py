"""Random worlds in which only teams that carry take people to hospital, and what must hold."""

import random

import yaml

from sim.engine.foundation.atlases import could_bring
from sim.log import NO_ACCESS, Ending, Outcome


def with_carriers(text, number):
    """Return a random scenario in which some capability carries; other draws are as they were."""
    rng = random.Random(f"carries {number}")
    scenario = yaml.safe_load(text)
    had = set()
    for team in scenario["teams"].values():
        had.update(team.get("capabilities", ()))
        for vehicle in team.get("vehicles", ()):
            had.update(scenario["vehicles"][vehicle]["capabilities"])
    if not had:
        return text
    carrying = sorted(had)[: rng.randint(1, 2)]
    scenario["capabilities"] = {name: {"carries": rng.randint(1, 3)} for name in carrying}
    for kind in scenario["demand"]["kinds"].values():
        if rng.random() < 0.7:
            kind["to"] = "hospital"
            kind.setdefault("transported", "80%")
        if "to" not in kind:
            continue
        if rng.random() < 0.5:
            kind["people"] = {"mean": 2, "on_scene": "3 min", "handover": "2 min"}
        if not set(kind.get("needs", ())) & set(carrying) and rng.random() < 0.8:
            kind["transport"] = {"by": rng.choice(carrying)}
    return yaml.safe_dump(scenario, allow_unicode=True, sort_keys=False)


def check_only_teams_that_carry_take_people(runs):
    """Judged from the log: also how many transports there are, and that no patient is forgotten."""
    judged = 0
    for number, (text, world, log) in enumerate(runs):
        fleet = world.fleet
        drawn = world.demand.callouts(world.scenario.study.seed, number)
        marks = {callout.number: (fleet.needs[callout.kind], marks) for callout, marks in drawn}
        taken = dict.fromkeys(marks, 0)
        for m in log.missions:
            need = marks[m.callout][0]
            if m.left is None:
                assert m.hospital is None, (m, text)
                continue
            taken[m.callout] += 1
            if need.carrier:
                judged += 1
                assert could_bring(fleet, fleet.crews[m.team]) & need.carrier, (m, text)
        times = world.travel.times
        reachable = not any(NO_ACCESS in row for table in times for row in table)
        reachable &= world.access is None and not world.scenario.map.hospital_closures
        for row in log.callouts:
            need, own = marks[row.callout]
            several = len(own.complications.handovers) if own.complications else 0
            most = own.transported * (1 + several * bool(need.carrier))
            assert taken[row.callout] <= most, (row, text)
            if row.outcome == Outcome.SERVED and row.dispatched > 0 and reachable:
                assert taken[row.callout] == most, (row, text)
    return judged


def check_no_mission_outlasts_its_callout(runs):
    for text, _, log in runs:
        ended = {row.callout: row.ended for row in log.callouts}
        for m in log.missions:
            if m.ending != Ending.UNFINISHED and m.callout in ended:
                assert ended[m.callout] is None or m.cleared <= ended[m.callout], (m, text)
