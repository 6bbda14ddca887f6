"""Random worlds with all that teams can have at once: volunteers, vehicles, reserves, relief."""

import yaml

from ..worlds import random_world

RELOCATIONS = ["home", {"dmexclp": {"busy_fraction": 0.4, "within": "15 min"}}]
QUEUES = ["priority", "first_come", "nearest", "ageing", "preemptive_priority"]
STAFFING = [
    "fixed",
    {"call_in": {"free_below": 1}},
    {"surge": {"free_below": 1}},
    {"demand_following": {"least": 2}},
]


def crowded_world(rng):
    """Return the text of a random scenario with everything switched on now and then."""
    scenario = yaml.safe_load(random_world(rng, plain=False))
    scenario["volunteers"] = {
        "town": {
            "people": rng.randint(2, 8),
            "acceptance": f"{rng.choice([20, 50, 90])}%",
            "alert_fatigue": f"{rng.choice([0, 20])}%",
            "no_show": f"{rng.choice([0, 30])}%",
            "answer_delay": {"median": "2 min", "p90": "5 min"},
            "travel_to_base": {"median": "6 min", "p90": "12 min"},
        }
    }
    scenario["vehicles"] = {
        f"V{base[1:]}": {
            "base": base,
            "capabilities": rng.choice([[], ["ladder"], ["rope", "ladder"]]),
            "count": rng.randint(1, 2),
            "available": f"{rng.choice([60, 90, 100])}%",
            "time_to_repair": {"mean": "3 h", "sd": "2 h"},
        }
        for base in scenario["bases"]
    }
    for team in scenario["teams"].values():
        _crowd(rng, team)
    for kind in scenario["demand"]["kinds"].values():
        if rng.random() < 0.3:
            kind["relief_after"] = rng.choice(["10 min", "30 min", "1 h"])
    scenario["dispatch_centre"]["shift_end"] = rng.choice(
        ["finish", "drop", "hand over", "relieve"]
    )
    policies = scenario["policies"]["chosen"]
    policies["reassignment"] = rng.choice(["never", {"by_priority": {"saving": "1 min"}}])
    policies["relocation"] = rng.choice(RELOCATIONS)
    policies["queue"] = rng.choice(QUEUES)
    policies["staffing"] = rng.choice(STAFFING)
    for kind in scenario["demand"]["kinds"].values():
        kind["needs_for"] = rng.choice(["completion", "start", "dispatch"])
    return yaml.safe_dump(scenario, allow_unicode=True, sort_keys=False)


def _crowd(rng, team):
    what = rng.choice(["plain", "on call", "vehicle", "reserve", "roster", "breaks", "vehicle"])
    if what == "on call":
        team["on_call"] = {
            "volunteers": "town",
            "minimum": 1,
            "assembly_timeout": rng.choice(["10 min", "25 min"]),
            "replace": rng.choice([True, False]),
        }
        if rng.random() < 0.5:
            team["on_call"]["alerts"] = [{"people": 1}, {"after": "4 min", "people": 1}]
    elif what == "vehicle":
        team["vehicles"] = [f"V{team['base'][1:]}"]
    elif what == "reserve":
        team.pop("shifts", None)
        team["reserve"] = {"delay": "20 min", "duration": "3 h", "minimum_rest": "2 h"}
    elif what == "roster":
        team.pop("shifts", None)
        team["roster"] = rng.choice(["24 on 48 off", "6 on 6 off", ["day", "night", "off"]])
    elif what == "breaks":
        team["breaks"] = [{"duration": "30 min", "between": "11:00-14:00"}]
