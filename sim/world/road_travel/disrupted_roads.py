"""
Disruptions of roads, worked out before the run: which roads, when, and what is known of it.

Closures, checkpoints and curfews of a scenario become sets of roads and a row of epochs; each
epoch has the travel times that apply, for every set of closures that the dispatcher may know.

Assumptions: a closure closes a road in both directions and whole; a checkpoint is expected to take
its mean delay; a curfew, or weather, slows every road by the same factor, and several multiply;
reopenings are known at once. Which roads a closure is about is worked out in `sim.scenario`, so
that ``check`` and a run agree.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from sim.local_clock import LocalClock
from sim.log import MS_PER_MINUTE as MINUTE
from sim.log import NO_ACCESS
from sim.scenario import PlaceRow, RoadEdge, RoadNode, Scenario
from sim.scenario.duty_hours.named_windows import apart
from sim.scenario.duty_hours.windows import RunWindow
from sim.scenario.fields.disruption_models import Checkpoint, Closure, Curfew, Weather
from sim.scenario.networks.stretches import Stretches

from .epochs import Disruptions, Epoch

MOST_PRIORITIES = 10  # 1 to 9; nothing has priority 0
PeriodsByPriority = tuple[tuple[int, ...], ...]
"""By priority and travel period at ordinary speed: the period at the speed of that priority."""
Directed = tuple[int, int, int]
"""A road in one direction: row of the edge, number of the node it leaves, and of that it enters."""


class NetworkState(NamedTuple):
    """
    What travel times are worked out for: one table for each distinct state.

    A state is what the dispatcher believes. A team that drives by it may meet a road that is closed
    all the same; that is found out in the run.
    """

    share: float  # of each road's own speed: by hour, by night, in a curfew
    closed: frozenset[int] = frozenset()  # closures, as far as the dispatcher knows
    checks: frozenset[int] = frozenset()  # checkpoints in force


@dataclass(frozen=True)
class RoadDisruptions:
    """Which roads the closures and checkpoints of a scenario are about."""

    closes: dict[int, tuple[int, ...]]  # by row of the edge: numbers of closures
    # by road and direction: checkpoints, each with its number and expected delay [ms]
    checks: dict[Directed, tuple[tuple[int, int], ...]]

    @cached_property
    def rows(self) -> frozenset[int]:
        """The rows of all edges that a closure or a checkpoint is about."""
        return frozenset(self.closes) | {row for row, _, _ in self.checks}

    def passed(self, row: int, a: int, b: int, in_force: Collection[int]) -> list[tuple[int, int]]:
        """
        Return the checkpoints passed on a road in one direction, with their expected delays. [ms]

        ``row``, ``a`` and ``b`` as in ``Directed``; ``in_force`` are the checkpoints that are.
        """
        return [check for check in self.checks.get((row, a, b), ()) if check[0] in in_force]


class NetworkStates:
    """
    The states that are needed, numbered in the order in which they are first asked for.

    A number is a travel period: the position of the state's table in ``Travel.times``.
    """

    def __init__(self, first: Iterable[NetworkState]) -> None:
        self.numbers: dict[NetworkState, int] = {}
        for state in first:
            self.number(state)

    def number(self, state: NetworkState) -> int:
        """Return a state's number, which is its travel period."""
        return self.numbers.setdefault(state, len(self.numbers))

    def at_speeds(self, speeds: Mapping[int, float]) -> PeriodsByPriority:
        """
        Number each state at the speed of each priority, too; return the periods by priority.

        ``speeds`` are relative to the ordinary one, by priority. To be asked for when all states at
        ordinary speed are numbered, which keep their numbers: position in what is returned.
        """
        ordinary = tuple(self.numbers)
        found = [tuple(range(len(ordinary)))] * MOST_PRIORITIES
        for priority, speed in sorted(speeds.items()):
            faster = (state._replace(share=state.share * speed) for state in ordinary)
            found[priority] = tuple(self.number(state) for state in faster)
        return tuple(found)


# -- which roads ------------------------------------------------------------------------------


def disruptions_of(
    scenario: Scenario,
    places: Sequence[PlaceRow],
    node_of: Sequence[int],
    nodes: Sequence[RoadNode],
    edges: Sequence[RoadEdge],
    delays: Sequence[int],
) -> RoadDisruptions | None:
    """
    Return which roads a scenario's closures and checkpoints are about; None without any.

    Parameters
    ----------
    scenario
        The scenario as written, and checked: what it names exists.
    places, nodes, edges
        Its tables.
    node_of
        The number of the node at which each place stands. Shape (places,)
    delays
        The expected delay of each checkpoint. [ms], shape (checkpoints,)

    """
    if not (scenario.map.closures or scenario.map.checkpoints):
        return None
    find = _RoadFinder(places, node_of, nodes, edges)
    closes: dict[int, tuple[int, ...]] = {}
    for number, closure in enumerate(scenario.map.closures):
        for row in find.closed_by(closure):
            closes[row] = (*closes.get(row, ()), number)
    checks: dict[Directed, tuple[tuple[int, int], ...]] = {}
    for number, checkpoint in enumerate(scenario.map.checkpoints):
        for way in find.checked_by(checkpoint):
            checks[way] = (*checks.get(way, ()), (number, delays[number]))
    return RoadDisruptions(closes, checks)


class _RoadFinder:
    """Finds roads by what is written, as rows of the edges and numbers of nodes."""

    def __init__(
        self,
        places: Sequence[PlaceRow],
        node_of: Sequence[int],
        nodes: Sequence[RoadNode],
        edges: Sequence[RoadEdge],
    ) -> None:
        self.place_node = {place.name: node_of[i] for i, place in enumerate(places)}
        self.edges = edges
        self.index = {node.id: i for i, node in enumerate(nodes)}
        self.ends = [(self.index[e.start], self.index[e.end]) for e in edges]
        snapped = {place.name: nodes[node_of[i]].id for i, place in enumerate(places)}
        self.stretches = Stretches(places, snapped, nodes, edges)

    def closed_by(self, closure: Closure) -> list[int]:
        """Return the rows of the edges that a closure closes."""
        return self.stretches.closed_by(closure)

    def checked_by(self, checkpoint: Checkpoint) -> list[Directed]:
        """Return the edges, in the directions, in which a checkpoint is passed."""
        found = list[Directed]()
        if checkpoint.place is not None:
            goal = self.place_node[checkpoint.place]
            for row, (a, b) in enumerate(self.ends):
                if b == goal:
                    found.append((row, a, b))
                elif a == goal and not self.edges[row].one_way:
                    found.append((row, b, a))
            return found
        assert checkpoint.edge is not None
        pair = {self.index[node] for node in checkpoint.edge}
        for row, (a, b) in enumerate(self.ends):
            if {a, b} == pair:
                found += [(row, a, b)] + ([] if self.edges[row].one_way else [(row, b, a)])
        return found


# -- when ---------------------------------------------------------------------------------------


def epochs_of(
    scenario: Scenario,
    begins: int,
    ends: int,
    states: NetworkStates,
    share_at: Callable[[int], float],
) -> list[Epoch]:
    """
    Return the epochs of a run, and number the states they need.

    Each epoch has a state for every set of closures in force that nobody has announced and the
    dispatcher may have learned of: with n of them 2^n. The scenario's checks keep n small.

    Parameters
    ----------
    scenario
        The scenario as written.
    begins, ends
        Start of the warm-up and end of the run. [ms]
    states
        Where the states are numbered; those that are there already keep their numbers.
    share_at
        The speed at a minute of the day without curfews, as a share of each road's own.

    """
    map_, clock = scenario.map, scenario.clock.local
    closures = [RunWindow(window, clock, begins, ends) for window in map_.closures]
    checks = [RunWindow(window, clock, begins, ends) for window in map_.checkpoints]
    slowed: list[Curfew | Weather] = [*map_.curfews, *map_.weather]
    curfews = [RunWindow(window, clock, begins, ends) for window in slowed]
    announced = [
        NO_ACCESS if c.known == "discovered" else t.from_ + c.known_after
        for c, t in zip(map_.closures, closures, strict=True)
    ]
    moments = {begins, *(at for at in announced if begins < at < ends)}
    for times in (*closures, *checks):
        moments.update(times.changes())
    for times in curfews:
        moments.update(at for at in (times.from_, times.until) if begins < at < ends)
    ordered = sorted(moments)
    speeds = list(zip(curfews, [c.speed for c in slowed], strict=True))
    found = []
    for at, following in zip(ordered, (*ordered[1:], ends), strict=True):
        closed = tuple(i for i, times in enumerate(closures) if times.holds(at))
        hidden = tuple(i for i in closed if at < announced[i])
        checked = frozenset(i for i, times in enumerate(checks) if times.holds(at))
        shares = _shares(clock, at, following, speeds, share_at)
        minutes = {}
        for count in range(len(hidden) + 1):
            for known in combinations(hidden, count):
                believed = frozenset(i for i in closed if i not in hidden or i in known)
                numbers = {
                    share: states.number(NetworkState(share, believed, checked))
                    for share in dict.fromkeys(shares)
                }
                minutes[known] = tuple(numbers[share] for share in shares)
        found.append(Epoch(at, closed, hidden, minutes))
    return found


def _shares(
    clock: LocalClock,
    begins: int,
    ends: int,
    curfews: Sequence[tuple[RunWindow, float]],
    share_at: Callable[[int], float],
) -> list[float]:
    """Return the share of each minute of the day in an epoch; where it has none, a neighbour's."""
    held = [(times, speed) for times, speed in curfews if times.holds_on_date(begins)]
    changes = [change for change in clock.changes if begins < change.at < ends]
    earliest = min([clock.local(begins), *(change.after for change in changes)])
    latest = max([clock.local(ends), *(change.before for change in changes)])
    first, count = earliest // MINUTE, min(-(-(latest - earliest) // MINUTE) + 1, 1440)
    shares: list[float | None] = [None] * 1440
    for minute in range(first, first + count):
        share = share_at(minute % 1440)
        for times, speed in held:
            if times.holds_by_clock(minute * MINUTE):
                share *= speed
        shares[minute % 1440] = share
    any_share = shares[first % 1440]
    assert any_share is not None
    return [any_share if share is None else share for share in shares]


def access_of(scenario: Scenario, epochs: Sequence[Epoch]) -> Disruptions | None:
    """
    Return the road disruptions of a scenario, None without any.

    Drives that vary (``travel_time_cv``) are among them, since teams then arrive at another time
    than expected.
    """
    map_ = scenario.map
    uncertain = map_.roads is not None and map_.roads.travel_time_cv is not None
    declared = map_.closures or map_.checkpoints or map_.curfews or map_.weather
    if not (declared or uncertain):
        return None
    return Disruptions(
        closures=apart([closure.said for closure in map_.closures]),
        checkpoints=apart(
            [
                c.name
                or (
                    f"the checkpoint at {c.place}"
                    if c.place
                    else "the checkpoint {}-{}".format(*(c.edge or ()))
                )
                for c in map_.checkpoints
            ]
        ),
        retry_after=tuple(c.retry_after for c in map_.checkpoints),
        epochs=tuple(epochs),
        uncertain=uncertain,
    )


def period_at(access: Disruptions, at: int, clock: LocalClock) -> int:
    """
    Return the travel period at an instant, as far as closures are announced.

    Parameters
    ----------
    access
        The epochs of the run.
    at
        The instant; one before the run counts to its first epoch. [ms]
    clock
        The local clock of the run.

    """
    number = bisect_right(access.epochs, at, key=lambda epoch: epoch.begins) - 1
    epoch = access.epochs[max(number, 0)]
    return epoch.minutes[()][clock.minute(at)]
