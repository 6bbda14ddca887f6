"""
Random small worlds with everything that a scenario can say, each as long as is asked.

What other branches of the format add (what a capability carries, who may transport) is written
where the schema of the scenario has it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from math import ceil
from pathlib import Path

import yaml

SCHEMA = Path(__file__).parents[2] / "scenarios" / "scenario.schema.json"
SKILLS = ["ambulance", "pump", "ladder", "rope"]
SECTIONS = [
    "name", "clock", "map", "demand", "bases", "shifts", "volunteers", "vehicles", "capabilities",
    "teams", "dispatch_centre", "policies", "targets", "study",
]  # fmt: skip
LONGEST = 4000  # days


@cache
def _known_fields():
    definitions = json.loads(SCHEMA.read_text(encoding="utf-8"))["$defs"]
    return {name: frozenset(part.get("properties", ())) for name, part in definitions.items()}


def knows(part, name):
    """Return whether this version of the format has a field in a part of a scenario."""
    return name in _known_fields().get(part, ())


class _Plain(yaml.SafeDumper):
    """Writes what is used twice twice: aliases are not read."""

    def ignore_aliases(self, data):
        return True


@dataclass
class Draft:
    """A scenario in the making."""

    draws: object
    callouts: int  # about how many there are to be
    names: list = field(default_factory=list)
    roads: str = ""
    edges: list = field(default_factory=list)
    scenario: dict = field(default_factory=dict)
    tables: dict = field(default_factory=dict)
    days: float = 1.0
    brought: list = field(default_factory=list)

    @property
    def is_long(self):
        return self.callouts > 20_000


def soak_world(draws, callouts):
    """Return the text of a random scenario of about so many callouts, and its tables by name."""
    draft = Draft(draws, callouts)
    _map(draft)
    _teams(draft)
    _kinds(draft)
    _clock(draft)
    _dispatch_centre(draft)
    _policies(draft)
    _disruptions(draft)
    _demand(draft)
    _limits(draft)  # last, so that what was drawn before stays as it was
    scenario = {key: draft.scenario[key] for key in SECTIONS if key in draft.scenario}
    text = yaml.dump(scenario, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100)
    return text, draft.tables


def _law(draws, minutes):
    """Return a duration as written, about so many minutes long."""
    fixed = f"{max(1, round(minutes * draws.choice([0.5, 1, 1.5])))} min"
    return draws.choice(
        [
            fixed,
            fixed,
            fixed,
            {"distribution": "exponential", "mean": f"{minutes} min"},
            {"mean": f"{minutes} min", "sd": f"{max(1, minutes // 2)} min"},
            {"distribution": "gamma", "mean": f"{minutes} min", "sd": f"{minutes} min"},
            {"median": f"{minutes} min", "p90": f"{2 * minutes + 1} min"},
        ]
    )


# -- the map -----------------------------------------------------------------------------------


def _map(draft):
    draws = draft.draws
    draft.names = [f"P{i}" for i in range(draws.randint(2, 6))]
    draft.roads = draws.choice(["table", "straight", "network", "network", "network"])
    map_ = {"places": {}, "night": "19:00-07:00"}
    if draft.roads == "table":
        map_["places"] = {p: {"weight": draws.randint(1, 5)} for p in draft.names}
        map_["roads"] = {"table": _times(draft)}
    else:
        grid = [(a, b) for a in range(0, 30, 3) for b in range(0, 30, 3)]
        spots = [(35 + a / 100, 36 + b / 100) for a, b in draws.sample(grid, 9)]
        for name, (lat, lon) in zip(draft.names, spots, strict=False):
            map_["places"][name] = {"lat": lat, "lon": lon, "weight": draws.randint(1, 5)}
        if draft.roads == "straight":
            speed = {"day": "60 km/h", "night": draws.choice(["45 km/h", "60 km/h"])}
            map_["roads"] = {"circuity": 1.3, "speed": speed}
        else:
            map_["roads"] = _network(draft, spots)
    if draws.random() < 0.5:
        for name in draft.names:
            map_["places"][name]["area"] = draws.choice(["North", "South"])
    hospitals = draws.sample(draft.names, draws.randint(1, min(3, len(draft.names))))
    map_["hospitals"] = {f"H {p}": _hospital(draws, p) for p in hospitals}
    if len(hospitals) > 1 and draws.random() < 0.3:
        map_["hospitals"][f"H {hospitals[-1]}"]["referral"] = True
    map_["local_travel"] = draws.choice(["0 min", _law(draws, 2)])
    draft.scenario["map"] = map_


def _hospital(draws, place):
    found = {"place": place}
    if draws.random() < 0.6:
        found["offload_bays"] = draws.randint(1, 3)
    if draws.random() < 0.4:
        found["diverts_at"] = draws.randint(1, 4)
    return found


def _times(draft):
    draws = draft.draws
    gaps = draws.choice([0, 0, 0.1])
    return {
        a: {b: f"{draws.randint(1, 30)} min" for b in draft.names
            if b != a and draws.random() >= gaps}
        for a in draft.names
    }  # fmt: skip


def _network(draft, spots):
    draws = draft.draws
    nodes = [f"n{i},{lat},{lon}" for i, (lat, lon) in enumerate(spots)]
    pairs = [(i, i + 1) for i in range(len(spots) - 1)]
    pairs += [tuple(draws.sample(range(len(spots)), 2)) for _ in range(draws.randint(3, 9))]
    extra = draws.choice(["", "", "sd", "exposure", "no_go"])
    rows = []
    for i, (a, b) in enumerate(pairs):
        one_way = "yes" if i >= len(spots) - 1 and draws.random() < 0.3 else "no"
        row = [f"n{a}", f"n{b}", draws.randint(2, 20), draws.choice([30, 60, 90]), one_way]
        if extra:
            values = {"sd": "20%", "exposure": draws.randint(0, 3), "no_go": "no"}
            row.append(values[extra])
        rows.append(",".join(map(str, row)))
        draft.edges.append((f"n{a}", f"n{b}"))
    header = "from,to,km,kmh,one_way" + (f",{extra}" if extra else "")
    draft.tables["nodes"] = "\n".join(["node,lat,lon", *nodes]) + "\n"
    draft.tables["edges"] = "\n".join([header, *rows]) + "\n"
    speed = draws.choice([{}, {"night": "80%"}, {"day": "90%", "night": "60%"}])
    roads = {"nodes": "nodes.csv", "edges": "edges.csv", "snap": "1 km", "speed": speed}
    if draws.random() < 0.3:
        roads["travel_time_cv"] = f"{draws.choice([10, 40])}%"
    return roads


# -- who is there ------------------------------------------------------------------------------


def _teams(draft):
    draws, scenario = draft.draws, draft.scenario
    bases = draft.names[: min(3, len(draft.names))]
    scenario["bases"] = {f"B{p[1:]}": {"place": p} for p in bases}
    scenario["shifts"] = {
        "day": {"hours": "08:00-20:00"},
        "night": {"hours": "20:00-08:00"},
        "week": {"hours": "06:00-05:30", "days": ["Mon", "Wed", "Fri", "Sun"]},
        "late": {"hours": "14:00-23:00"},
    }
    people = draws.randint(4, 12)
    scenario["volunteers"] = {
        "town": {
            "people": people,
            "capabilities": {"driver": draws.randint(1, people), "ladder": draws.randint(1, 4)},
            "acceptance": f"{draws.choice([20, 50, 90])}%",
            "alert_fatigue": f"{draws.choice([0, 20])}%",
            "no_show": f"{draws.choice([0, 30])}%",
            "answer_delay": _law(draws, 2),
            "travel_to_base": _law(draws, 6),
        }
    }
    scenario["vehicles"] = {
        f"V{base[1:]}": {
            "base": base,
            "capabilities": draws.choice([[], ["ladder"], ["rope", "ladder"]]),
            "count": draws.randint(1, 2),
            "seats": draws.choice([2, 9, 9]),
            "available": f"{draws.choice([60, 90, 100])}%",
            "time_to_repair": {"mean": "3 h", "sd": "2 h"},
        }
        for base in scenario["bases"]
    }
    scenario["teams"] = {f"T{i}": _team(draft) for i in range(draws.randint(3, 7))}
    if draft.is_long:  # so that a year of it holds enough
        scenario["teams"]["Main"] = {
            "base": "B0", "crew": 4, "capabilities": [*SKILLS], "count": draws.randint(4, 7)
        }  # fmt: skip
    used = {v for team in scenario["teams"].values() for v in team.get("vehicles", ())}
    scenario["vehicles"] = {v: a for v, a in scenario["vehicles"].items() if v in used}
    if not scenario["vehicles"]:
        del scenario["vehicles"]
    if not any("on_call" in team for team in scenario["teams"].values()):
        del scenario["volunteers"]
    plain = [t for t in scenario["teams"].values() if "reserve" not in t]
    draft.brought = sorted({c for team in plain for c in team["capabilities"]})
    if knows("Scenario", "capabilities"):
        scenario["capabilities"] = _capabilities(draft)


def _capabilities(draft):
    found = {"ambulance": {"carries": draft.draws.choice([1, 1, 2])}}
    if "volunteers" in draft.scenario and draft.draws.random() < 0.5:
        found["driver"] = {"never_without": True}
    return found


def _team(draft):
    draws = draft.draws
    base = draws.choice([*draft.scenario["bases"]])
    brings = [s for s in SKILLS if draws.random() < 0.6]
    team = {"base": base, "crew": draws.randint(2, 4), "capabilities": brings}
    what = draws.choice(
        ["always", "always", "shifts", "shifts", "roster", "on call", "vehicle", "reserve"]
    )
    if what == "reserve":
        team["reserve"] = {
            "delay": _law(draws, 20),
            "duration": "3 h",
            "minimum_rest": draws.choice(["0 min", "2 h"]),
        }
    elif what == "roster":
        _rostered(draws, team)
    elif what != "always" and (what == "shifts" or draws.random() < 0.4):
        team["shifts"] = [draws.choice(["day", "night", "week", "late"])]
        if draws.random() < 0.3:
            team["shifts"] = ["late", "night"]
    if what == "on call":
        _on_call(draws, team)
    if what == "vehicle":
        team["vehicles"] = [f"V{base[1:]}"]
        team["capabilities"] = brings[:2]
    if what in ("shifts", "always", "vehicle", "on call") and draws.random() < 0.4:
        team["breaks"] = [{"duration": "30 min", "between": "11:00-14:00"}]
        if draws.random() < 0.3:
            team["breaks"].append({"duration": "1 h", "between": "22:00-02:00"})
    if draws.random() < 0.2:
        team["turnout"] = _law(draws, 4)
    if draws.random() < 0.2:
        team["on_scene"] = _law(draws, 20)
    if what in ("always", "shifts") and draws.random() < 0.3:
        team["count"] = 2
    return team


def _limits(draft):
    """Give crews limits of their duty in some worlds."""
    draws, kinds = draft.draws, draft.scenario["demand"]["kinds"].values()
    if draws.random() < 0.7:
        return
    for team in draft.scenario["teams"].values():
        if "on_call" in team or "reserve" in team:
            continue
        limits = {"minimum_rest": draws.choice(["1 h", "5 h", "11 h"])}
        if draws.random() < 0.8:
            limits["hours_on_duty"] = draws.choice(["2 h", "5 h", "12 h"])
        if any(kind.get("exposure") for kind in kinds) and draws.random() < 0.5:
            limits["exposing_callouts"] = draws.randint(1, 4)
        team["limits"] = limits


def _rostered(draws, team):
    team["roster"] = draws.choice(["24 on 48 off", "6 on 6 off", ["day", "night", "off"]])
    team["starts"] = draws.choice(["day 1 08:00", "day 2 20:00"])
    if draws.random() < 0.5:
        hours = ["24 h", "6 h"] if isinstance(team["roster"], str) else ["1 day", "2 days"]
        team |= {"count": 2, "stagger": draws.choice(hours)}


def _on_call(draws, team):
    team["on_call"] = {
        "volunteers": "town",
        "minimum": draws.randint(1, 2),
        "assembly_timeout": draws.choice(["10 min", "25 min"]),
        "replace": draws.choice([True, False]),
    }
    if draws.random() < 0.5:
        team["on_call"]["alerts"] = [{"people": 2}, {"after": "4 min", "people": 2}]
    if draws.random() < 0.5:
        team["on_call"]["capabilities"] = ["driver"]


# -- what happens ------------------------------------------------------------------------------


def _kinds(draft):
    draws = draft.draws
    shares = draws.choice([[100], [70, 30], [50, 30, 20], [40, 30, 20, 10]])
    team = draft.scenario["teams"].values()
    most = sum(t["crew"] * t.get("count", 1) for t in team if "reserve" not in t)
    kinds = {f"K{n}": _kind(draft, share, min(7, most)) for n, share in enumerate(shares)}
    if all("deferrable" in kind for kind in kinds.values()):
        del kinds["K0"]["deferrable"]
    draft.scenario["demand"] = {"kinds": kinds}


def _kind(draft, share, most):
    draws = draft.draws
    kind = {"share": f"{share}%", "priority": draws.randint(1, 3)}
    kind["crew"] = draws.choice([1, 2, 2, 3, draws.randint(1, max(1, most))])
    needs = draws.sample(draft.brought, min(len(draft.brought), draws.choice([0, 1, 1, 2])))
    if needs and draws.random() < 0.15 and _with(draft, needs[0]) > 1:
        needs.append(needs[0])  # two teams with one
    kind["needs"] = needs
    kind["needs_for"] = draws.choice(["completion", "start", "dispatch"])
    kind["on_scene"] = _law(draws, 25)
    if draws.random() < 0.6:
        _to_hospital(draft, kind)
    _may(draws, 0.6, kind, "abandons_after", _law(draws, 30))
    _may(draws, 0.2, kind, "relief_after", draws.choice(["10 min", "30 min", "1 h"]))
    _may(draws, 0.2, kind, "permission", _law(draws, 20))
    _may(draws, 0.2, kind, "documentation", "5 min")
    _may(draws, 0.3, kind, "exposure", 1.5)
    people = {"mean": 1.5, "on_scene": "5 min", "handover": "3 min"}
    _may(draws, 0.3, kind, "people", people)
    deferral = {"min_free_teams": draws.randint(0, 2), "max_hold": draws.choice(["30 min", "2 h"])}
    _may(draws, 0.25, kind, "deferrable", deferral)
    hazard = {"share": "50%", "safe_after": _law(draws, 30)}
    _may(draws, 0.6, hazard, "withdraw_after", "10 min")
    _may(draws, 0.3, kind, "scene_hazard", hazard)
    _may(draws, 0.2, kind, "on_scene_at", {draws.choice(draft.names): _law(draws, 40)})
    if needs and draws.random() < 0.3:
        wanted = draws.choice([needs[:1], draft.brought[:1]])
        kind["explosive_hazard"] = {"share": "40%", "needs": wanted, "clearance": _law(draws, 15)}
    return kind


def _with(draft, skill):
    """Return how many teams have a capability themselves."""
    teams = draft.scenario["teams"].values()
    own = [t for t in teams if skill in t["capabilities"] and "reserve" not in t]
    return sum(team.get("count", 1) for team in own)


def _may(draws, chance, part, name, value):
    if draws.random() < chance:
        part[name] = value


def _to_hospital(draft, kind):
    draws = draft.draws
    kind |= {"to": "hospital", "transported": f"{draws.choice([60, 100])}%"}
    kind["handover"] = _law(draws, 10)
    carried = "ambulance" in draft.scenario.get("capabilities", {})
    if carried and "ambulance" not in kind["needs"]:
        if "ambulance" in draft.brought and draws.random() < 0.5:
            kind["needs"].insert(0, "ambulance")
        elif knows("Kind", "transport") and "ambulance" in draft.brought:
            kind["transport"] = {"by": "ambulance"}
        else:  # nobody could
            for name in ("to", "transported", "handover"):
                del kind[name]


def _clock(draft):
    """Choose a rate that keeps teams busy, not drowned, and the length that it asks for."""
    draws, scenario = draft.draws, draft.scenario
    kinds = scenario["demand"]["kinds"].values()
    most = 0.45 if draft.is_long else draws.choice([0.4, 0.8, 1.1])
    loads = [_load(draft, kinds, None)] + [_load(draft, kinds, skill) for skill in SKILLS]
    rate = max(4, min(200, most / max(load for load in loads if load)))
    draft.days = min(LONGEST, max(0.5, draft.callouts / rate))
    scenario["name"] = "soak"
    scenario["demand"]["rate"] = f"{rate:.1f} per day"
    scenario["clock"] = {
        "start": f"2025-01-0{draws.randint(1, 9)} {draws.choice(['00:00', '06:00', '19:30'])}",
        "length": f"{max(12, round(draft.days * 24))} h",
        "warm_up": draws.choice(["0 min", "0 min", "6 h", "1 day", "90 min"]),
        "timezone": "UTC",
    }
    scenario["study"] = {"seed": draws.randint(0, 10**6), "replications": 1}
    scenario["targets"] = [{"name": "soon", "within": "15 min", "share": "80%"}]


def _load(draft, kinds, skill):
    """Return the teams that one callout a day keeps busy, over those there are. [days]"""
    teams = 0.0
    for team in draft.scenario["teams"].values():
        if "reserve" not in team and (skill is None or skill in team["capabilities"]):
            part = 0.5 if "shifts" in team or "roster" in team else 1.0
            teams += team.get("count", 1) * part * (0.1 if "on_call" in team else 1)
    minutes = 0.0
    for kind in kinds:
        wanted = kind["needs"].count(skill) if skill else max(1, ceil(kind["crew"] / 3))
        hard = 40 * ("scene_hazard" in kind) + 30 * ("explosive_hazard" in kind)
        minutes += wanted * float(kind["share"].rstrip("%")) / 100 * (85 + hard)
    return minutes / 1440 / max(teams, 0.3)


def _dispatch_centre(draft):
    draws = draft.draws
    draft.scenario["dispatch_centre"] = {
        "call_handling": draws.choice(["0 min", _law(draws, 2)]),
        "turnout": draws.choice(["0 min", _law(draws, 2)]),
        "shift_end": draws.choice(["finish", "drop", "hand over", "relieve"]),
        "dispatch_while_returning": draws.choice([True, True, False]),
        "dispatch_when_cleared": draws.choice([True, False]),
    }
    if draft.scenario["dispatch_centre"]["dispatch_while_returning"]:
        del draft.scenario["dispatch_centre"]["dispatch_when_cleared"]


def _policies(draft):
    draws, names = draft.draws, draft.names
    within = {"dmexclp": {"busy_fraction": 0.4, "within": "15 min"}}
    bases = [*draft.scenario["bases"]]
    card = {p: draws.sample(bases, len(bases)) for p in names}
    chosen = {
        "dispatch": draws.choice(
            ["closest"] * 5
            + [{"cutoff": {"reserve": {"2": 1, "3": 2}}}, {"run_card": {"order": card}},
               within, {"closest_crew": {"exact": 4}}, {"random": {"salt": 1}},
               {"least_busy_in_range": {"within": "15 min"}}, {"preparedness": {}}]
        ),
        "queue": draws.choice(
            ["priority", "priority", "first_come", "nearest", "ageing", "preemptive_priority",
             "none", {"deadline": {"allowed": {"1": "15 min"}}}]
        ),
        "relocation": draws.choice(["home", "home", "home", within]),
        "destination": draws.choice(["nearest_hospital", "least_expected"]),
        "reassignment": draws.choice(["never", "never", {"by_priority": {"saving": "1 min"}}]),
        "staffing": draws.choice(
            ["fixed", {"call_in": {"free_below": 1}}, {"surge": {"free_below": 1}},
             {"demand_following": {"least": 2}}]
        ),
    }  # fmt: skip
    if draft.roads == "network":
        chosen["routing"] = draws.choice(["fastest", "fastest", "shortest"])
    draft.scenario["policies"] = {"chosen": chosen}


# -- disruptions -------------------------------------------------------------------------------


def _window(draft, share=0.1):
    """Return a window somewhere in the run, in some hours of the day now and then."""
    draws = draft.draws
    hours = draft.days * 24
    begins = draws.uniform(0, 0.9) * hours
    ends = begins + min(draws.uniform(1, 12) + share * hours * draws.random(), 24 * 60)
    window = {"from": _moment(begins), "until": _moment(ends)}
    if ends - begins < 24 * 30 and draws.random() < 0.3:
        window["hours"] = draws.choice(["20:00-06:00", "08:00-16:00"])
    return window


def _moment(hours):
    day, minute = divmod(round(hours * 60), 1440)
    return f"day {day + 1} {minute // 60:02}:{minute % 60:02}"


def _disruptions(draft):
    draws, map_ = draft.draws, draft.scenario["map"]
    if draws.random() < 0.5:
        names = [*map_["hospitals"]]
        map_["hospital_closures"] = [
            {"hospital": draws.choice(names), **_window(draft)} for _ in range(draws.randint(1, 3))
        ]
    if draft.roads == "network":
        _road_disruptions(draft, map_)


def _road_disruptions(draft, map_):
    draws, pairs = draft.draws, sorted(set(draft.edges))
    closures = []
    if draws.random() < 0.5:  # all roads to a node, at once
        node, window = draws.choice(pairs)[0], _window(draft)
        closures += [{"edge": [*edge], **window} for edge in pairs if node in edge]
    for edge in draws.sample(pairs, min(len(pairs), draws.randint(0, 5))):
        closure = {"edge": [*edge], **_window(draft)}
        how = draws.choice(["announced", "late", "discovered"])
        if how == "discovered":
            closure["known"] = "discovered"
        elif how == "late":
            closure["known_after"] = "40 min"
        closures.append(closure)
    map_["closures"] = [{"name": f"C{i}", **closure} for i, closure in enumerate(closures)]
    map_["checkpoints"] = [
        {
            "name": f"stop {i}",
            "edge": [*edge],
            "delay": _law(draws, 5),
            "refusal": f"{draws.choice([0, 10, 50])}%",
            "retry_after": draws.choice(["20 min", "2 h"]),
            **(_window(draft, 0.5) if draws.random() < 0.3 else {}),
        }
        for i, edge in enumerate(draws.sample(pairs, min(len(pairs), draws.randint(0, 2))))
    ]
    if draws.random() < 0.3:
        map_["curfews"] = [{"hours": "20:00-06:00", "speed": "70%"}]


def _demand(draft):
    draws, demand = draft.draws, draft.scenario["demand"]
    kinds = [*demand["kinds"]]
    if draws.random() < 0.5:
        demand["hours"] = [draws.randint(1, 4) for _ in range(24)]
    if draws.random() < 0.3:
        demand["weekdays"] = [draws.randint(1, 2) for _ in range(7)]
    if draws.random() < 0.2:
        demand["where"] = {name: draws.randint(1, 3) for name in draft.names}
    if draws.random() < 0.3:
        demand["day_to_day"] = {"dispersion_index": 3}
    if draws.random() < 0.3:
        after = {"distribution": "exponential", "mean": "1 h"}
        demand["clusters"] = {"branching_ratio": 0.2, "after": after}
    if draws.random() < 0.4:
        demand["surges"] = [
            {"factor": draws.choice([0, 0.3, 2.5]), "kinds": kinds[:1], **_window(draft)}
        ]
    if draws.random() < 0.4:
        casualties = {"number": 3, "kind": kinds[0], "found": _law(draws, 60)}
        demand["incidents"] = [
            {
                "at": _moment(draws.uniform(0, 0.8) * draft.days * 24 + 24 * 0.5),
                "place": draws.choice(draft.names),
                "kind": draws.choice(kinds),
                "sites": 2,
                "casualties": casualties,
            }
        ]
