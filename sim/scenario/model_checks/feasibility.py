"""
Checks on the finished model: can teams get there, is anybody on duty, can the work be done.

What is certainly wrong is an error; what is seldom meant (a place nobody can reach, an hour with
nobody on duty) is a warning, because scenarios of a catastrophe may mean it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import ceil

from sim import units
from sim.cycle_collector import no_collector

from ..diagnostics.diagnostic import join
from ..diagnostics.findings import Findings
from ..duty_hours.rosters import Interval, dates_of_team, duty_of, joined
from ..fields.crews import WEEK, TeamEntry
from ..fields.models import Roads, Scenario
from ..tables.geometry import NodeIndex
from ..tables.table_rows import ListedRow, PlaceRow, RoadEdge, RoadNode

DAY = units.MS_PER["day"]


def check_places(
    findings: Findings,
    roads: Roads | None,
    places: Sequence[PlaceRow],
    nodes: Sequence[RoadNode],
) -> dict[str, str]:
    """Note places without coordinates or off the network; return each place's node."""
    if roads is None or roads.table is not None:
        return {}
    blind = [p for p in places if p.lat is None or p.lon is None]
    for place in blind:
        model = "straight lines" if roads.circuity is not None else "road networks"
        findings.error(
            ("map", "places", place.name),
            f"{model} need coordinates: give lat and lon",
            on_key=True,
        )
    if blind or roads.circuity is not None:
        return {}
    if not nodes:
        if roads.nodes is not None:
            findings.error(("map", "roads", "nodes"), "there is no node in this table")
        return {}
    index, snapped = NodeIndex(nodes), {}
    for place in places:
        assert place.lat is not None
        assert place.lon is not None
        node, away = index.nearest(place.lat, place.lon)
        snapped[place.name] = node.id
        if away > roads.snap:
            help = f"add a road to it, or write snap: {ceil(away / 100) / 10:.1f} km"
            if abs(place.lon) <= 90 and index.nearest(place.lon, place.lat)[1] <= roads.snap:
                help = "lat and lon look swapped: "
                help += f"did you mean lat: {place.lon:.12g}, lon: {place.lat:.12g}?"
            findings.error(
                ("map", "roads", "snap"),
                f"'{place.name}' lies {away / 1000:.1f} km from its nearest road node, "
                f"'{node.id}'; at most {units.say_length(roads.snap)} is allowed",
                help,
            )
    return snapped


def warn_of_unreachable(
    findings: Findings,
    scenario: Scenario,
    places: Sequence[PlaceRow],
    snapped: dict[str, str],
    edges: Sequence[RoadEdge],
    times: dict[tuple[str, str], int] | None,
    listed: Sequence[ListedRow] | None,
) -> None:
    """Warn of places with demand that no team has access to."""
    manned = {t.base for t in scenario.teams.values()}
    bases = [b.place or name for name, b in scenario.bases.items() if name in manned]
    if listed is None:
        wanted = [p.name for p in places if p.weight > 0]
    else:
        wanted = list(dict.fromkeys(c.place for c in listed))
    if snapped and scenario.map.roads and scenario.map.roads.network is not None:
        return  # of a network the part was kept in which there is a way from each node to each
    if snapped:
        with no_collector():
            found = nodes_reached({snapped[b] for b in bases}, edges)
        cut_off = [p for p in wanted if snapped[p] not in found]
        why = "no road leads to it from any base with a team"
    elif times is not None:
        cut_off = [p for p in wanted if p not in bases and all((b, p) not in times for b in bases)]
        why = "the table of times has no drive to it from any base with a team"
    else:
        return
    for place in cut_off:
        inline = scenario.map.places if isinstance(scenario.map.places, dict) else {}
        loc = ("map", "places", place) if place in inline else ("map", "roads")
        findings.warn(loc, f"no team can reach '{place}': {why}")


def nodes_reached(
    starts: set[str], edges: Iterable[RoadEdge], *, backwards: bool = False
) -> set[str]:
    """Return the nodes that can be reached from some nodes; backwards: that can reach them."""
    ways: defaultdict[str, list[str]] = defaultdict(list)
    for edge in edges:
        if not (edge.one_way and backwards):
            ways[edge.start].append(edge.end)
        if not edge.one_way or backwards:
            ways[edge.end].append(edge.start)
    reached, open_ends = set(starts), list(starts)
    while open_ends:
        for node in ways.get(open_ends.pop(), ()):
            if node not in reached:
                reached.add(node)
                open_ends.append(node)
    return reached


def all_joined(nodes: set[str], edges: Sequence[RoadEdge]) -> bool:
    """Return whether there is a route from each of some nodes, at least one, to each other."""
    one = {next(iter(nodes))}
    if not nodes <= nodes_reached(one, edges):
        return False
    if not any(edge.one_way for edge in edges):
        return True
    return nodes <= nodes_reached(one, edges, backwards=True)


def warn_of_duty(findings: Findings, scenario: Scenario) -> None:
    """Warn of shifts nobody works, and of hours with nobody on duty."""
    rostered = [t for t in scenario.teams.values() if t.reserve is None]
    worked = {s for t in rostered for s in (*t.shifts, *(t.roster.days if t.roster else ()))}
    for shift in scenario.shifts:
        if shift not in worked:
            findings.warn(("shifts", shift), f"no team works the shift '{shift}'")
    dates = [at for team in rostered for pair in dates_of_team(scenario, team) for at in pair]
    dates += [date for shift in scenario.shifts.values() for date in (shift.begins, shift.until)]
    if any(date is not None for date in dates):
        _warn_of_dated_gaps(findings, scenario)
    elif rostered and all(t.shifts and t.roster is None for t in rostered):
        gaps = _gaps([i for s in worked for i in _intervals(scenario, s)])
        if gaps:
            said = [_say_gap(begin, end) for begin, end in gaps[:3]]
            more = f" and {len(gaps) - 3} times more a week" if len(gaps) > 3 else ""
            findings.warn(("shifts",), f"nobody is on duty {join(said)}{more}")


def _warn_of_dated_gaps(findings: Findings, scenario: Scenario) -> None:
    """Warn of parts of the run with nobody on duty, where teams or shifts have dates."""
    covered = joined([s for t in scenario.teams.values() for s in _duty_of_all(scenario, t)])
    edges = [0, *(at for stretch in covered for at in stretch), scenario.clock.length]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    gaps = [(max(a, 0), b) for a, b in pairs if max(a, 0) < b]
    if gaps:
        clock = scenario.clock.local
        said = [" to ".join(f"{clock.moment(at):%Y-%m-%d %H:%M}" for at in gap) for gap in gaps[:3]]
        more = f" and {len(gaps) - 3} times more" if len(gaps) > 3 else ""
        findings.warn(("teams",), f"nobody is on duty {join(said)}{more}")


def _duty_of_all(scenario: Scenario, team: TeamEntry) -> Iterable[Interval]:
    copies = team.count if team.roster is not None else 1
    return (stretch for copy in range(copies) for stretch in duty_of(scenario, team, copy))


def _intervals(scenario: Scenario, shift: str) -> list[tuple[int, int]]:
    """Return when in a week, from Monday 00:00, a shift is on duty; may pass its end. [ms]"""
    begin, end = scenario.shifts[shift].hours
    length = end - begin if end > begin else end - begin + DAY
    days = [WEEK.index(day) for day in dict.fromkeys(scenario.shifts[shift].days)]
    return [(day * DAY + begin, day * DAY + begin + length) for day in days]


def _gaps(intervals: list[tuple[int, int]]) -> list[tuple[int, int]]:
    week = 7 * DAY
    wrapped = sorted((b - w, e - w) for b, e in intervals for w in (0, week))
    gaps, covered = [], 0
    for begin, end in wrapped:
        if begin > covered:
            gaps.append((covered, begin))
        covered = max(covered, end)
    if covered < week:
        gaps.append((covered, week))
    return gaps


def _say_gap(begin: int, end: int) -> str:
    def say(at: int) -> str:
        return f"{WEEK[at // DAY % 7]} {units.say_clock(at % DAY)}"

    return f"{say(begin)} to {say(end)}"
