"""Random worlds that push back: closed roads, danger, deferred work, full hospitals."""

import yaml

from ..worlds import random_roads
from .crowded import crowded_world


def pressed_world(rng):
    """Return the text of a random scenario and its tables, with everything on now and then."""
    scenario = yaml.safe_load(crowded_world(rng))
    while "edges" not in (scenario["map"].get("roads") or {}) and rng.random() < 0.7:
        scenario = yaml.safe_load(crowded_world(rng))
    tables = {}
    if "edges" in (scenario["map"].get("roads") or {}):
        tables = random_roads(rng)
        _press_roads(rng, scenario["map"], tables["edges"])
    _press_hospitals(rng, scenario["map"])
    for kind in scenario["demand"]["kinds"].values():
        _press_kind(rng, kind)
    if "rate" in scenario["demand"]:
        _press_demand(rng, scenario)
    policies = scenario["policies"]["chosen"]
    policies["destination"] = rng.choice(["nearest_hospital", "least_expected"])
    for kind in scenario["demand"]["kinds"].values():
        kind["needs_for"] = rng.choice(["completion", "start", "dispatch"])
    return yaml.safe_dump(scenario, allow_unicode=True, sort_keys=False), tables


def _window(rng):
    begins, lasts = rng.randint(0, 20), rng.randint(1, 12)
    day, hour = divmod(begins + lasts, 24)
    window = {"from": f"day 1 {begins:02}:00", "until": f"day {1 + day} {hour:02}:00"}
    if rng.random() < 0.3:
        window["hours"] = rng.choice(["20:00-06:00", "08:00-16:00"])
    return window


def _press_roads(rng, map_, edges):
    ends = [line.split(",")[:2] for line in edges.strip().splitlines()[1:]]
    closures = []
    some = rng.sample(ends, min(len(ends), rng.randint(0, 5)))
    if rng.random() < 0.7:  # all roads to a node, at once
        node = rng.choice(ends)[0]
        window = _window(rng)
        closures += [{"edge": [*edge], **window} for edge in ends if node in edge]
    for edge in some:
        closure = {"edge": [*edge], **_window(rng)}
        if rng.random() < 0.5:
            closure["known"] = "discovered"
        elif rng.random() < 0.5:
            closure["known_after"] = "40 min"
        closures.append(closure)
    map_["closures"] = closures
    map_["checkpoints"] = [
        {
            "edge": [*edge],
            "delay": rng.choice(["5 min", {"median": "6 min", "p90": "20 min"}]),
            "refusal": f"{rng.choice([0, 10, 50])}%",
            "retry_after": rng.choice(["20 min", "2 h"]),
        }
        for edge in rng.sample(ends, min(len(ends), rng.randint(0, 3)))
    ]
    if rng.random() < 0.5:
        map_["roads"]["travel_time_cv"] = f"{rng.choice([10, 40])}%"
    if rng.random() < 0.3:
        map_["curfews"] = [{"hours": "20:00-06:00", "speed": "70%"}]


def _press_hospitals(rng, map_):
    hospitals = map_["hospitals"]
    for name, place in list(hospitals.items()):
        hospitals[name] = {"place": place}
        if rng.random() < 0.7:
            hospitals[name]["offload_bays"] = rng.randint(1, 2)
        if rng.random() < 0.5:
            hospitals[name]["diverts_at"] = rng.randint(1, 3)
    if rng.random() < 0.5:
        map_["hospital_closures"] = [{"hospital": rng.choice([*hospitals]), **_window(rng)}]


def _press_kind(rng, kind):
    if rng.random() < 0.3:
        kind["scene_hazard"] = {"share": "60%", "safe_after": {"mean": "30 min", "sd": "20 min"}}
        if rng.random() < 0.5:
            kind["scene_hazard"]["withdraw_after"] = "10 min"
    if rng.random() < 0.3 and kind.get("needs"):
        kind["explosive_hazard"] = {
            "share": "40%",
            "needs": kind["needs"][:1],
            "clearance": "15 min",
        }
    if rng.random() < 0.4:
        kind["deferrable"] = {"min_free_teams": rng.randint(0, 2), "max_hold": "2 h"}
    if rng.random() < 0.3:
        kind["permission"] = {"median": "20 min", "p90": "1 h"}
    if rng.random() < 0.3:
        kind["exposure"] = 1.5
    if rng.random() < 0.3:
        kind["people"] = {"mean": 1.5, "on_scene": "5 min", "handover": "3 min"}


def _press_demand(rng, scenario):
    demand = scenario["demand"]
    kinds = [*demand["kinds"]]
    if rng.random() < 0.4:
        demand["day_to_day"] = {"dispersion_index": 4}
    if rng.random() < 0.4:
        demand["clusters"] = {
            "branching_ratio": 0.3,
            "after": {"distribution": "exponential", "mean": "1 h"},
        }
    if rng.random() < 0.4:
        demand["surges"] = [{"factor": rng.choice([0.3, 2.5]), "kinds": kinds[:1]}]
    if rng.random() < 0.4:
        place = next(iter(scenario["map"]["places"]))
        kind = rng.choice(kinds)
        casualties = {"number": 3, "kind": kinds[0], "found": {"mean": "1 h", "sd": "1 h"}}
        demand["incidents"] = [
            {
                "at": "day 1 20:00",
                "place": place,
                "kind": kind,
                "sites": 2,
                "casualties": casualties,
            }
        ]
