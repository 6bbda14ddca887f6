"""Relocation: where free teams wait."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from sim.log import NO_ACCESS
from sim.scenario import ScenarioFile
from sim.scenario.fields.quantities import Duration

from ..rule_basis.caching import cached_on_map
from ..rule_basis.common import ONE, BusyFraction, Within
from ..rule_basis.hourly_demand import ByHour, told_without_rate, weights_in_hour
from ..rule_basis.views import Atlas, Decision, FreeTeamView


@dataclass(frozen=True, slots=True)
class Home:
    """Return to the team's own base."""

    source = "standard practice"

    def __call__(self, view: FreeTeamView) -> Decision:
        """Return the team's own base."""
        return (view.home, "")


@dataclass(frozen=True, slots=True)
class Dmexclp:
    """
    Send a freed team to the base where it adds most to the expected covered demand.

    With the team at base w, zone i is covered by k_i free teams; the gain of w is
    ``sum over zones within reach of d_i (1 - q) q^(k_i - 1)``, teams under way counted at their
    destination. A base is in reach where the drive fits in ``within`` after call handling, turnout
    and local travel, at their expected values. Ties go to the nearest base, then to the first.
    Weights and powers are whole numbers, so that sums have no rounding.

    ``by_hour`` and ``ahead`` are our own, not in the paper, which takes one demand for all
    hours and counts free teams only. By hour d_i is the share of the callouts that are forecast for
    this clock hour. With a look-ahead, busy teams that are expected to be free within that time
    count, too, each as if it were free and stayed where it will be.
    """

    source = (
        'C. J. Jagtenberg, S. Bhulai, R. D. van der Mei, "An efficient heuristic for real-time '
        'ambulance redeployment", Oper. Res. Health Care 4, 2015, 27-35'
    )

    busy_fraction: BusyFraction = 0.4
    within: Within = 900_000
    by_hour: ByHour = False
    ahead: Annotated[
        Duration,
        Field(
            description="Teams expected to be free within this time count where they will be; "
            "0: none. [duration]"
        ),
    ] = 0

    @property
    def wants(self) -> tuple[str, ...]:
        """Which parts of the board it reads."""
        return ("busy",) * (self.ahead > 0) + ("forecast",) * self.by_hour

    def __call__(self, view: FreeTeamView) -> Decision:
        """Return the base with the largest gain that can be reached."""
        atlas, demand = view.atlas, None
        if self.by_hour:
            demand = weights_in_hour(atlas, view.board.forecast)
        soon = self._soon_free(view) if self.ahead else ()
        gained = gains(atlas, self.busy_fraction, self.within, view.idle, demand, soon)
        best = min(
            (
                (-gain, drive, base)
                for base, (gain, drive) in enumerate(zip(gained, view.drives, strict=True))
                if drive < NO_ACCESS
            ),
            default=None,
        )
        if best is None:
            return (view.home, "there is no access to any base; stays")
        minus_gain, _, chosen = best
        percent = -minus_gain / ONE / 10_000
        of = "the demand" if demand is None else "this hour's demand"
        also = f"; {len(soon)} soon free counted" if soon else ""
        return (chosen, f"covers {percent:.2f}% of {of} more, the most of all bases{also}")

    def fits(self, file: ScenarioFile) -> str:
        """Return what is wrong where the demand of the hour cannot be known."""
        return told_without_rate(file) if self.by_hour else ""

    def _soon_free(self, view: FreeTeamView) -> tuple[int, ...]:
        """Return the places where busy teams are expected to be free soon, in order."""
        until = view.now + self.ahead
        return tuple(sorted([place for _, at, place in view.board.busy if at <= until]))


@cached_on_map
def gains(
    atlas: Atlas,
    busy_fraction: float,
    within: int,
    idle: tuple[int, ...],
    demand: tuple[int, ...] | None = None,
    soon: tuple[int, ...] = (),
) -> tuple[int, ...]:
    """
    Return for each base the demand that one team more there would add. [ppm, times ONE]

    ``idle`` are the free teams of each base, ``soon`` the places of others that count; ``demand``
    is that of each place, as in the map if None. [ppm]
    """
    zones, weights = reach(atlas, within, demand), demand or atlas.weights
    covers = [0] * len(atlas.places)
    for base, teams in enumerate(idle):
        for zone in zones[base]:
            covers[zone] += teams
    drive = within - atlas.delay
    for place in soon:
        for zone, time in enumerate(atlas.times[place]):
            covers[zone] += time <= drive
    share = powers(busy_fraction, max(covers, default=0))
    return tuple(sum(weights[zone] * share[covers[zone]] for zone in near) for near in zones)


@cached_on_map
def reach(atlas: Atlas, within: int, demand: tuple[int, ...] | None) -> tuple[tuple[int, ...], ...]:
    """Return for each base the places with demand that it reaches in time."""
    times, drive = atlas.times, within - atlas.delay
    return tuple(
        tuple(
            zone
            for zone, weight in enumerate(demand or atlas.weights)
            if weight and times[place][zone] <= drive
        )
        for place in atlas.base_places
    )


def powers(busy_fraction: float, most: int) -> list[int]:
    """Return ``(1 - q) q^k`` for k = 0 to ``most`` teams there already. [ONE]"""
    found = [round((1 - busy_fraction) * ONE)]
    for _ in range(most):
        found.append(round(found[-1] * busy_fraction))
    return found


@dataclass(frozen=True, slots=True)
class PriorityList:
    """
    Send a freed team to the first slot of a list that no other free team fills.

    A base named twice has two slots. Teams under way fill a slot at their destination. Where
    every slot is filled, or there is no access to those that are not, the team goes home.
    """

    source = "practice of emergency medical services; as in the simulator JEMSS.jl"

    order: Annotated[
        tuple[str, ...],
        Field(
            min_length=1, description="Bases in the order to be filled; repeat one for more teams."
        ),
    ]

    def __call__(self, view: FreeTeamView) -> Decision:
        """Return the base of the first slot not filled."""
        others = list(view.idle)
        for rank, base in enumerate(slots(view.atlas, tuple(self.order))):
            if others[base]:
                others[base] -= 1
            elif view.drives[base] < NO_ACCESS:
                return (base, f"slot {rank + 1} of the list is the first not filled")
        return (view.home, "no slot of the list is left to fill; goes home")

    def names(self) -> Iterator[tuple[tuple[str | int, ...], str, str]]:
        """Yield what the parameters name: the path inside them, what it is, and the name."""
        for rank, name in enumerate(self.order):
            yield (("order", rank), "base", name)


@cached_on_map
def slots(atlas: Atlas, order: tuple[str, ...]) -> tuple[int, ...]:
    """Return the numbers of bases by name."""
    return tuple(map(atlas.bases.index, order))


RULES: dict[str, type] = {"home": Home, "dmexclp": Dmexclp, "priority_list": PriorityList}
