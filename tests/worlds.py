"""
Small worlds for tests: scenario texts read through the public door, run, and looked at in minutes.

Hand-worked worlds start at 00:00 on a Monday, so that "00:25" in a list of callouts is minute 25.
"""

import tempfile
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from sim.engine import simulate
from sim.log import KeptLog
from sim.policies import policy_sets
from sim.policies.travel_rules.routing import Fastest
from sim.scenario import read_scenario
from sim.world import World, build, rerouted

MINUTE = 60_000
HOUR = 3_600_000
DAY = 86_400_000


def file_of(text, overrides=None, **tables):
    """Return a scenario text as the reader gives it; ``tables`` are CSV texts by name."""
    with tempfile.TemporaryDirectory() as folder:
        for name, table in tables.items():
            (Path(folder) / f"{name}.csv").write_text(table, encoding="utf-8")
        path = Path(folder) / "world.yaml"
        path.write_text(text, encoding="utf-8")
        return read_scenario(path, overrides)


def world_of(text, overrides=None, **tables):
    """Return the world of a scenario text."""
    return build(file_of(text, overrides, **tables))


def logged(world, alternative=None, seed=None, replication=0, drives=False):
    """Return the log of one replication of an alternative, the first if none is named."""
    policies = policy_sets(world.file)
    chosen = policies[alternative or next(iter(policies))]
    log = KeptLog(drives=drives)
    if not isinstance(chosen.routing, Fastest):
        world = rerouted(world, chosen.routing)
    simulate(world, chosen, log, world.scenario.study.seed if seed is None else seed, replication)
    return log


def in_minutes(at):
    """Return an instant in minutes, whole where it is whole."""
    return None if at is None else at / MINUTE if at % MINUTE else at // MINUTE


@dataclass
class Answer:
    """What a hand-worked world gave, told in minutes and names."""

    world: World
    log: KeptLog

    def __post_init__(self):
        self.callouts = {row.callout: row for row in self.log.callouts}
        self.by_callout = defaultdict(list)
        for row in sorted(self.log.missions, key=lambda m: (m.callout, m.dispatched, m.team)):
            self.by_callout[row.callout].append(row)

    def team(self, callout):
        """Return the name of the only team sent to a callout."""
        (mission,) = self.by_callout[callout]
        return self.world.names.teams[mission.team]

    def teams(self, callout):
        """Return the names of the teams sent to a callout, in the order sent."""
        return [self.world.names.teams[m.team] for m in self.by_callout[callout]]

    def outcome(self, callout):
        """Return how a callout ended."""
        return self.callouts[callout].outcome

    def minutes(self, callout, *columns):
        """Return instants of a callout in minutes: one alone, or several as a tuple."""
        found = tuple(in_minutes(getattr(self.callouts[callout], c)) for c in columns)
        return found if len(found) > 1 else found[0]

    def mission(self, callout, nth=0):
        """Return dispatched, en route, on scene, cleared [min] and ending of the nth mission."""
        m = self.by_callout[callout][nth]
        instants = (m.dispatched, m.en_route, m.on_scene, m.cleared)
        return (*map(in_minutes, instants), m.ending)

    def decisions(self, question):
        """Return the decisions on a question, in the order taken."""
        return [d for d in self.log.decisions if d.question == question]


def answered(text, alternative=None, overrides=None, **tables):
    """Return what a hand-worked world gives."""
    world = world_of(text, overrides, **tables)
    return Answer(world, logged(world, alternative))


def hand_worked(
    *callouts,
    places="A",
    times="",
    bases="A",
    teams="T: {base: A}",
    kinds="job: {share: 100%}",
    run="1 day",
    rest="",
):
    """
    Return the text of a world with callouts written down.

    Parameters
    ----------
    callouts
        As ``"00:05 B job 10"``: when, where, which kind, minutes on scene (``-``: the kind's own).
    places, bases
        Names; ``North=B`` is a base North that stands in B.
    times
        Travel times as ``"A-B 10, B>C 7"``: there and back, or one way. [min]
    teams, kinds
        One to a line. A kind that says nothing of its work takes 10 min.
    rest
        Further sections (map excepted), as YAML.
    """
    lines = [
        "name: hand-worked",
        f"clock: {{start: 2025-01-06 00:00, length: {run}, timezone: UTC}}",
    ]
    lines += ["map:", "  places:", *(f"    {p}: {{}}" for p in places.split())]
    if times:
        lines += ["  roads:", "    table:", *_table(times)]
    if "hospitals:" in rest or "local_travel:" in rest:
        within = [
            line for line in rest.splitlines() if line.startswith(("hospitals:", "local_travel:"))
        ]
        lines += [f"  {line}" for line in within]
        rest = "\n".join(line for line in rest.splitlines() if line not in within)
    lines += ["demand:", "  kinds:"]
    for kind in kinds.strip().splitlines():
        own = "" if "on_scene:" in kind else ", on_scene: 10 min"
        lines.append(f"    {kind.strip()[:-1]}{own}}}")
    lines += ["  callouts:", *map(_listed, callouts)] if callouts else ["  callouts: []"]
    lines += ["bases:"]
    for base in bases.split():
        name, _, place = base.partition("=")
        lines.append(f"  {name}: {{place: {place or name}}}")
    lines += ["teams:", *(f"  {line.strip()}" for line in teams.strip().splitlines())]
    return "\n".join([*lines, rest]) + "\n"


def _table(times):
    cells = defaultdict(list)
    for entry in times.split(","):
        pair, minutes = entry.split()
        both = "-" in pair
        a, b = pair.split("-" if both else ">")
        cells[a].append(f"{b}: {minutes} min")
        if both:
            cells[b].append(f"{a}: {minutes} min")
    return [f"      {a}: {{{', '.join(row)}}}" for a, row in cells.items()]


def _listed(callout):
    at, place, kind, *work = callout.split()
    day, _, clock = at.rpartition("/")
    own = f", on_scene: {work[0]} min" if work and work[0] != "-" else ""
    return f"    - {{at: day {day or 1} {clock}, place: {place}, kind: {kind}{own}}}"


# -- worlds at random -------------------------------------------------------------------------


def random_world(rng, *, plain):
    """
    Return the text of a small random scenario.

    ``plain`` keeps to what the independent loop of ``tests/engine/oracle.py`` knows: travel by
    table, one team to a callout, work finished at a shift's end. Otherwise anything may come.
    Half of them list callouts on whole minutes, so that much happens at the same instant.
    """
    n = rng.randint(2, 6)
    names = [f"P{i}" for i in range(n)]
    skills = ["ladder", "rope"]
    warm_up = rng.choice(["0 min", "6 h", "1 day", "90 min"])
    listed = rng.random() < 0.5
    start = rng.choice(["00:00", "06:00", "19:30"])
    lines = [
        "name: random",
        f"clock: {{start: 2025-01-0{rng.randint(1, 9)} {start}, length: {rng.randint(6, 40)} h, "
        f"warm_up: {warm_up}, timezone: UTC}}",
        "map:",
    ]
    lines += _random_map(rng, names, plain)
    fleet, brought = _random_fleet(rng, names, skills, plain)
    lines += _random_demand(rng, names, brought, fleet, listed, start, plain)
    lines += ["teams:", *(f"  {name}: {{{about}}}" for name, _, about in fleet)]
    lines += ["bases:", *(f"  B{i}: {{place: {name}}}" for i, name in enumerate(names[:3]))]
    lines += ["shifts:", "  day: {hours: 08:00-20:00}", "  night: {hours: 20:00-08:00}"]
    lines += [
        "  week: {hours: 06:00-05:30, days: [Mon, Wed, Fri, Sun]}",
        "  late: {hours: 14:00-23:00}",
    ]
    lines.append("dispatch_centre:")
    lines.append(f"  call_handling: {_random_law(rng, 3)}")
    lines.append(f"  turnout: {_random_law(rng, 2)}")
    if not plain:
        lines.append(f"  shift_end: {rng.choice(['finish', 'drop', 'hand over'])}")
        lines.append(f"  dispatch_while_returning: {rng.choice(['true', 'true', 'false'])}")
    lines += ["policies:", f"  chosen: {_random_policy(rng, names, [f[0] for f in fleet], plain)}"]
    lines.append(f"study: {{seed: {rng.randint(0, 10**6)}}}")
    return "\n".join(lines) + "\n"


def _random_law(rng, minutes):
    """Return a duration as written, about so many minutes long."""
    return rng.choice(
        [
            "0 min",
            f"{rng.randint(1, 2 * minutes)} min",
            f"{rng.randint(1, 2 * minutes)} min",
            f"{{distribution: exponential, mean: {minutes} min}}",
            f"{{mean: {minutes} min, sd: {minutes} min}}",
            f"{{distribution: gamma, mean: {minutes} min, sd: {max(1, minutes // 2)} min}}",
        ]
    )


def _random_map(rng, names, plain):
    roads = "table" if plain else rng.choice(["table", "table", "straight", "network"])
    lines = ["  places:"]
    if roads == "table":
        lines += [f"    {p}: {{weight: {rng.randint(1, 5)}}}" for p in names]
        gaps = rng.choice([0, 0, 0.1])
        lines += ["  roads:", "    table:"]
        for a in names:
            row = [
                f"{b}: {rng.randint(0, 30)} min" for b in names if b != a and rng.random() >= gaps
            ]
            lines.append(f"      {a}: {{{', '.join(row)}}}")
    else:
        spots = {p: (35 + rng.randint(0, 30) / 100, 36 + rng.randint(0, 30) / 100) for p in names}
        lines += [
            f"    {p}: {{lat: {lat:.2f}, lon: {lon:.2f}, weight: {rng.randint(1, 5)}}}"
            for p, (lat, lon) in spots.items()
        ]
        if roads == "straight":
            lines.append("  roads: {circuity: 1.3, speed: {day: 60 km/h, night: 45 km/h}}")
        else:
            lines.append(
                "  roads: {nodes: nodes.csv, edges: edges.csv, snap: 100 km, speed: {night: 80%}}"
            )
    lines.append("  night: 19:00-07:00")
    lines.append(f"  hospitals: {{{', '.join(f'H {p}: {p}' for p in names[-2:])}}}")
    lines.append(f"  local_travel: {_random_law(rng, 2)}")
    return lines


def _random_fleet(rng, names, skills, plain):
    """Return (name, crew, as written) of some teams, and the skills they bring."""
    fleet, brought = [], set()
    bases = min(3, len(names))
    for i in range(rng.randint(1, 5)):
        has = [s for s in skills if rng.random() < 0.6]
        brought |= set(has)
        crew = 4 if plain else rng.randint(1, 4)
        about = f"base: B{rng.randrange(bases)}, crew: {crew}, capabilities: [{', '.join(has)}]"
        if rng.random() < 0.5:
            about += f", shifts: [{rng.choice(['day', 'night', 'week', 'late', 'late, night'])}]"
        if rng.random() < 0.2:
            about += f", turnout: {_random_law(rng, 4)}"
        if rng.random() < 0.2:
            about += f", on_scene: {_random_law(rng, 20)}"
        fleet.append((f"T{i}", crew, about))
    return fleet, sorted(brought)


def _random_demand(rng, names, brought, fleet, listed, start, plain):
    lines = ["demand:"]
    kinds = rng.randint(1, 3)
    shares = {1: [100], 2: [70, 30], 3: [50, 30, 20]}[kinds]
    people = sum(crew for _, crew, _ in fleet)
    lines.append("  kinds:")
    for k, share in enumerate(shares):
        about = f"share: {share}%, priority: {rng.randint(1, 3)}, on_scene: {_random_law(rng, 25)}"
        crew = rng.randint(1, 4) if plain else rng.randint(1, min(7, people))
        about += f", crew: {crew}"
        needs = rng.sample(
            brought, min(len(brought), rng.choice([0, 0, 1] if plain else [0, 0, 1, 2]))
        )
        about += f", needs: [{', '.join(needs)}]"
        if rng.random() < 0.5:
            about += f", to: hospital, transported: 60%, handover: {_random_law(rng, 10)}"
        if rng.random() < 0.4:
            about += f", abandons_after: {_random_law(rng, 20)}"
        if rng.random() < 0.3:
            about += f", on_scene_at: {{{rng.choice(names)}: {_random_law(rng, 40)}}}"
        lines.append(f"    K{k}: {{{about}}}")
    if not listed:
        return [*lines, f"  rate: {rng.choice([20, 60, 150])} per day"]
    lines.append("  callouts:")
    first = int(start[:2]) * 60 + int(start[3:])
    for _ in range(rng.randint(1, 60)):
        minute = first + rng.randint(0, 8 * 60)
        at = f"day {1 + minute // 1440} {minute % 1440 // 60:02}:{minute % 60:02}"
        lines.append(
            f"    - {{at: {at}, place: {rng.choice(names)}, kind: K{rng.randrange(kinds)}}}"
        )
    return lines


def _random_policy(rng, names, teams, plain):
    queue = rng.choice(["priority", "first_come"] if plain else ["priority", "first_come", "none"])
    if plain:
        return f"{{dispatch: closest, queue: {queue}}}"
    card = ", ".join(rng.sample([*teams, "B0", "B1"], 2))
    otherwise = rng.choice(["closest", "wait"])
    dispatch = rng.choice(
        [
            "closest",
            "closest",
            "{cutoff: {reserve: {2: 1, 3: 2}}}",
            f"{{run_card: {{order: {{{names[0]}: [{card}]}}, otherwise: {otherwise}}}}}",
        ]
    )
    relocation = rng.choice(["home", "{dmexclp: {busy_fraction: 0.4, within: 15 min}}"])
    return f"{{dispatch: {dispatch}, queue: {queue}, relocation: {relocation}}}"


def random_roads(rng, nodes=9):
    """Return CSV texts of a connected random road network with one-way and parallel roads."""
    rows = [
        f"n{i},{35 + rng.randint(0, 30) / 100},{36 + rng.randint(0, 30) / 100}"
        for i in range(nodes)
    ]
    edges = [
        f"n{i},n{i + 1},{rng.randint(1, 20)},{rng.choice([30, 60, 90])},no"
        for i in range(nodes - 1)
    ]
    for _ in range(nodes):
        a, b = rng.sample(range(nodes), 2)
        one_way = rng.choice(["yes", "no"])
        edges.append(f"n{a},n{b},{rng.randint(1, 20)},{rng.choice([30, 60, 90])},{one_way}")
    return {
        "nodes": "node,lat,lon\n" + "\n".join(rows) + "\n",
        "edges": "from,to,km,kmh,one_way\n" + "\n".join(edges) + "\n",
    }
