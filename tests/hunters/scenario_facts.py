"""
What a scenario says, read from its file alone: for judging logs without anything of ``sim``.

It reads what ``soak_worlds`` writes, and hand-written worlds of the same forms. Instants are
milliseconds since the start of the measured period, as in the logs.
"""

from __future__ import annotations

import csv
import re
from datetime import datetime, timedelta
from heapq import heappop, heappush
from math import asin, cos, radians, sin, sqrt

import yaml

SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000
UNITS = {"ms": 1, "s": SECOND, "min": MINUTE, "h": HOUR, "day": DAY, "days": DAY, "week": 7 * DAY}
WEEK = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
FAR = 1 << 60
EARTH = 6_371_000.0  # radius [m]


def duration(written):
    """Return a duration as ``1 h 30 min``. [ms]"""
    parts = re.findall(r"([0-9.]+)\s*([a-z]+)", written)
    return round(sum(float(number) * UNITS[unit] for number, unit in parts))


def share(written):
    """Return a share as ``80%``."""
    return float(written.rstrip("%")) / 100 if written.endswith("%") else float(written)


def yes(written):
    return str(written).lower() in ("true", "yes")


def hours(written):
    """Return from and until as times of day. [ms]"""
    return tuple(clock(part) for part in written.split("-"))


def clock(written):
    hour, minute = written.strip().split(":")[:2]
    return int(hour) * HOUR + int(minute) * MINUTE


class Law:
    """A duration that may vary: its least value, and its only one where it does not. [ms]"""

    def __init__(self, written):
        fixed = isinstance(written, str)
        self.least = duration(written) if fixed else 0
        self.fixed = self.least if fixed else None


NOTHING = Law("0 min")


class Window:
    """From, until, and in which hours of the day something holds."""

    def __init__(self, written, facts):
        self.begins = facts.moment(written["from"]) if "from" in written else -FAR
        self.until = facts.moment(written["until"]) if "until" in written else FAR
        self.hours = hours(written["hours"]) if "hours" in written else None
        self.start_of_day = facts.start_of_day

    def holds(self, at):
        if not self.begins <= at < self.until:
            return False
        if self.hours is None:
            return True
        time, (first, last) = (at + self.start_of_day) % DAY, self.hours
        return first <= time < last if first < last else time >= first or time < last

    def covers(self, begins, ends):
        """Return whether it holds from one instant to another without a gap."""
        if not (self.begins <= begins and ends < self.until):
            return False
        if self.hours is None:
            return True
        first, last = self.hours
        since = (begins + self.start_of_day - first) % DAY
        return since + ends - begins < ((last - first) % DAY or DAY)


class Kind:
    """A kind of callout."""

    def __init__(self, written):
        self.share = share(written["share"])
        self.priority = int(written.get("priority", 1))
        self.crew = int(written.get("crew", 1))
        self.needs = tuple(written.get("needs", ()))
        self.needs_for = written.get("needs_for", "completion")
        self.to_hospital = written.get("to") == "hospital"
        self.transported = share(written.get("transported", "100%"))
        self.abandons = written.get("abandons_after")
        self.abandons_after = Law(self.abandons) if self.abandons is not None else None
        self.permission = written.get("permission")
        self.relief_after = written.get("relief_after")
        self.deferrable = written.get("deferrable")
        self.scene_hazard = written.get("scene_hazard")
        self.explosive_hazard = written.get("explosive_hazard")
        self.transport = written.get("transport") or {}
        self.exposure = float(written.get("exposure", 0))


class Team:
    """One team, of those that an entry stands for."""

    def __init__(self, name, copy, written, facts):
        self.name, self.written = name, written
        self.base = facts.base_places[written["base"]]
        self.crew = int(written.get("crew", 4))
        self.own = frozenset(written.get("capabilities", ()))
        self.on_call = written.get("on_call")
        self.asked = frozenset((self.on_call or {}).get("capabilities", ()))
        self.reserve = written.get("reserve")
        self.vehicles = tuple(written.get("vehicles", ()))
        carried = {c for v in self.vehicles for c in facts.vehicles[v].get("capabilities", ())}
        self.could_bring = self.own | self.asked | carried
        self.is_plain = not (self.on_call or self.vehicles or self.reserve)
        self.turnout = Law(written["turnout"]) if "turnout" in written else facts.turnout
        self.breaks = [
            (duration(b["duration"]), hours(b["between"])) for b in written.get("breaks", ())
        ]
        self.limits = {
            name: int(limit) if name == "exposing_callouts" else duration(limit)
            for name, limit in written.get("limits", {}).items()
        }
        self.duty = facts.duty(written, copy)


class Facts:
    """A scenario."""

    def __init__(self, path):
        loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # every scalar a string
        self.written = written = yaml.load(path.read_text(encoding="utf-8"), loader)
        self.folder = path.parent
        self._clock(written["clock"])
        map_ = written["map"]
        self._places(map_)
        self._hospitals(map_)
        self.local_travel = Law(map_.get("local_travel", "0 min"))
        centre = written.get("dispatch_centre", {})
        self.turnout = Law(centre.get("turnout", "0 min"))
        self.call_handling = Law(centre.get("call_handling", "0 min"))
        self.shift_end = centre.get("shift_end", "finish")
        self.sends_returning = yes(centre.get("dispatch_while_returning", "true"))
        self._demand(written["demand"])
        self._fleet(written)
        self._rules(written)
        self.closures = self._closures(map_)
        self.checkpoints = {
            c["name"]: (Window(c, self), share(c.get("refusal", "0%")))
            for c in map_.get("checkpoints", ())
        }
        self.ways = Ways(self, map_)

    # -- time ----------------------------------------------------------------------------------

    def _clock(self, written):
        self.start = datetime.fromisoformat(written["start"])
        self.start_of_day = (self.start.hour * 60 + self.start.minute) * MINUTE
        self.length = duration(written["length"])
        self.warm_up = duration(written.get("warm_up", "0 min"))

    def moment(self, written):
        """Return an instant written as ``day 2 08:00`` or as a date. [ms]"""
        found = re.fullmatch(r"day (\d+) (\d+:\d+)", written)
        if found:
            return (int(found[1]) - 1) * DAY + clock(found[2]) - self.start_of_day
        return (datetime.fromisoformat(written) - self.start) // timedelta(milliseconds=1)

    def duty(self, team, copy):
        """Return the stretches of a team on duty, in order and apart. [ms]"""
        if "reserve" in team:
            return []
        if "roster" in team:
            stretches = self._roster(team, copy)
        elif team.get("shifts"):
            stretches = [s for name in team["shifts"] for s in self._shift(name, lambda day: True)]
        else:
            stretches = [(-self.warm_up, self.length)]
        found = []
        for begins, ends in sorted(stretches):
            begins, ends = max(begins, -self.warm_up), min(ends, self.length)
            if begins >= ends:
                continue
            if found and begins <= found[-1][1]:
                found[-1] = found[-1][0], max(ends, found[-1][1])
            else:
                found.append((begins, ends))
        return found

    def _shift(self, name, is_worked):
        shift = self.written["shifts"][name]
        first, last = hours(shift["hours"])
        days = shift.get("days", WEEK)
        for day in range(-self.warm_up // DAY - 1, self.length // DAY + 2):
            if WEEK[(self.start.weekday() + day) % 7] in days and is_worked(day):
                begins = day * DAY - self.start_of_day + first
                yield begins, begins + ((last - first) % DAY or DAY)

    def _roster(self, team, copy):
        begins = self.moment(team.get("starts", "day 1 00:00"))
        begins += copy * duration(team.get("stagger", "0 min"))
        roster = team["roster"]
        if isinstance(roster, list):
            first = (begins + self.start_of_day) // DAY
            return [
                stretch
                for name in dict.fromkeys(roster)
                if name != "off"
                for stretch in self._shift(
                    name, lambda day, name=name: roster[(day - first) % len(roster)] == name
                )
            ]
        on, off = (float(n) * HOUR for n in re.findall(r"[0-9.]+", roster))
        turn = int((-self.warm_up - begins) // (on + off))
        found = []
        while (opens := round(begins + turn * (on + off))) < self.length:
            found.append((opens, round(opens + on)))
            turn += 1
        return found

    # -- places and people -----------------------------------------------------------------------

    def table(self, name):
        """Return the rows of a table next to the scenario."""
        with (self.folder / name).open(encoding="utf-8", newline="") as file:
            return [*csv.DictReader(file)]

    def _places(self, map_):
        places = map_["places"]
        if isinstance(places, str):
            places = {row["name"]: row for row in self.table(places)}
        self.places = {name: about or {} for name, about in places.items()}
        written = self.written["bases"]
        self.base_places = {n: (about or {}).get("place", n) for n, about in written.items()}

    def _hospitals(self, map_):
        self.hospitals = {
            name: {"place": about} if isinstance(about, str) else about
            for name, about in (map_.get("hospitals") or {}).items()
        }
        self.hospital_closures = [
            (c["hospital"], Window(c, self)) for c in map_.get("hospital_closures", ())
        ]

    def is_hospital_closed(self, name, at):
        return any(n == name and window.holds(at) for n, window in self.hospital_closures)

    def _demand(self, demand):
        self.kinds = {name: Kind(about) for name, about in demand["kinds"].items()}
        self.listed = demand.get("callouts")

    def _fleet(self, written):
        self.vehicles = written.get("vehicles") or {}
        self.volunteers = written.get("volunteers") or {}
        self.capabilities = written.get("capabilities") or {}
        self.carrying = {
            name: int(about["carries"])
            for name, about in self.capabilities.items()
            if about and about.get("carries")
        }
        self.teams = {}
        for name, about in written["teams"].items():
            count = int(about.get("count", 1))
            for copy in range(count):
                own = name if count == 1 else f"{name} {copy + 1}"
                self.teams[own] = Team(own, copy, about, self)
        self.number = {name: i for i, name in enumerate(self.teams)}

    def _rules(self, written):
        policy = next(iter((written.get("policies") or {"closest": {}}).values())) or {}
        self.rules = {
            question: rule if isinstance(rule, str) else next(iter(rule))
            for question, rule in policy.items()
            if question != "set"
        }
        self.queue = self.rules.get("queue", "priority")
        self.relocation = self.rules.get("relocation", "home")
        self.reassignment = self.rules.get("reassignment", "never")

    def _closures(self, map_):
        found = {}
        for closure in map_.get("closures", ()):
            window = Window(closure, self)
            known = closure.get("known", "announced")
            after = duration(closure.get("known_after", "0 min"))
            found[closure["name"]] = (window, frozenset(closure["edge"]), known, after)
        return found


class Ways:
    """The least time that a drive can take; longer where roads are closed all the while."""

    def __init__(self, facts, map_):
        self.facts = facts
        self.least = {}  # by the closures that hold all the while
        roads = map_.get("roads") or {}
        speed = roads.get("speed") or {}
        self.varies = "travel_time_cv" in roads
        self.fastest = 1.0
        self.edges = None
        names = [*facts.places]
        if "table" in roads:
            table = roads["table"]
            self.table = {(a, b): duration(table[a][b]) for a in table for b in table[a]}
        elif "circuity" in roads:
            most = max(float(v.split()[0]) for v in speed.values())
            spots = {n: (float(p["lat"]), float(p["lon"])) for n, p in facts.places.items()}
            metres = float(roads["circuity"])
            self.table = {
                (a, b): round(_metres(spots[a], spots[b]) * metres / most * 3.6 * SECOND)
                for a in names for b in names if a != b
            }  # fmt: skip
        elif roads:
            self._network(roads, speed)
        else:
            self.table = {}
        self.has_gaps = self.edges is None and len(self.table) < len(names) * (len(names) - 1)
        if self.edges is None:
            self.graph = [(a, b, frozenset((a, b)), time) for (a, b), time in self.table.items()]
            self.node_of = {name: name for name in names}

    def _network(self, roads, speed):
        shares = [share(v) for v in speed.values() if isinstance(v, str)]
        self.fastest = max([1.0, *shares])
        self.edges = self.facts.table(roads["edges"])
        self.varies = self.varies or any(row.get("sd") not in (None, "", "0") for row in self.edges)
        self.graph = []
        for row in self.edges:
            time = float(row["km"]) / float(row["kmh"]) * HOUR / self.fastest
            ends = frozenset((row["from"], row["to"]))
            self.graph.append((row["from"], row["to"], ends, time))
            if not yes(row.get("one_way", "no")):
                self.graph.append((row["to"], row["from"], ends, time))
        nodes = {r["node"]: (float(r["lat"]), float(r["lon"])) for r in self.facts.table(
            roads["nodes"])}  # fmt: skip
        self.node_of = {
            name: min(
                nodes, key=lambda n, p=p: _metres(nodes[n], (float(p["lat"]), float(p["lon"])))
            )
            for name, p in self.facts.places.items()
        }

    def time(self, start, goal, begins, ends):
        """Return the least time from place to place on roads open at some time. [ms], ``FAR``"""
        shut = frozenset(
            road
            for window, road, _, _ in self.facts.closures.values()
            if window.covers(begins, ends)
        )
        if (shut, start) not in self.least:
            self.least[shut, start] = self._search(start, shut)
        return self.least[shut, start].get(self.node_of[goal], FAR)

    def _search(self, start, shut):
        beyond = {}
        for a, b, ends, time in self.graph:
            if ends not in shut:
                beyond.setdefault(a, []).append((b, time))
        found, heap = {}, [(0, self.node_of[start])]
        while heap:
            at, node = heappop(heap)
            if node in found:
                continue
            found[node] = at
            for other, time in beyond.get(node, ()):
                if other not in found:
                    heappush(heap, (at + time, other))
        return found


def _metres(a, b):
    (lat, lon), (lat2, lon2) = (tuple(map(radians, spot)) for spot in (a, b))
    half = sin((lat2 - lat) / 2) ** 2 + cos(lat) * cos(lat2) * sin((lon2 - lon) / 2) ** 2
    return 2 * EARTH * asin(sqrt(half))
