"""
Dispatch rules that weigh what cover is left.

They read the board's free teams. A team at rest is where its place's row of times says, so what
follows from resting teams alone is worked out once and kept; a team on the road is looked at again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated

from pydantic import Field

from sim.scenario import ScenarioFile
from sim.scenario.fields.quantities import Duration

from ..cover_rules.relocation import powers
from ..rule_basis.board import CalloutView
from ..rule_basis.caching import cached_on_map
from ..rule_basis.common import FINE, MILLION, ONE, BusyFraction, Contributions, Level, Within
from ..rule_basis.hourly_demand import ByHour, told_without_rate, weights_in_hour
from ..rule_basis.views import Atlas, Decision, DispatchView
from .dispatch import NOBODY_FREE, soonest

FIRST_DRIVES = 6  # of a row of times: enough to tell most places apart, and soon looked up


def at_rest(view: DispatchView) -> tuple[int, ...]:
    """Return for each free team the place where it rests; -1 for one on the road."""
    # a team at rest is shown with the very row of its place, which lives as long as the atlas
    rows, places = view.atlas.times, places_by_first_drives(view.atlas)
    found = []
    for row in view.board.drives:
        for place in places.get(tuple(row[:FIRST_DRIVES]), ()):
            if rows[place] is row:
                found.append(place)
                break
        else:
            found.append(-1)
    return tuple(found)


@cached_on_map
def places_by_first_drives(atlas: Atlas) -> Mapping[tuple[int, ...], tuple[int, ...]]:
    """Return the places whose rows of times begin alike, by how they begin: nearly always one."""
    found: dict[tuple[int, ...], tuple[int, ...]] = {}
    for place, row in enumerate(atlas.times):
        begins = row[:FIRST_DRIVES]
        found[begins] = (*found.get(begins, ()), place)
    return MappingProxyType(found)


def in_time(callout: CalloutView, view: DispatchView, within: int) -> list[int]:
    """Return the positions of the candidates who would come in time, time gone by counted."""
    left = within - (view.now - callout.received)
    return [i for i, arrival in enumerate(view.arrivals) if arrival <= left]


def closest(view: DispatchView, why: str) -> Decision:
    """Return the soonest of the candidates."""
    return soonest(view.teams, view.arrivals), why


@dataclass(frozen=True, slots=True)
class DmexclpDispatch:
    """
    Of the teams that arrive in time, send the one whose leaving costs the least expected cover.

    Sending a team costs ``sum over places v that it reaches of d_v (1 - q) q^(k_v - 1)``, where d_v
    is the demand of v and k_v free teams reach v, including this one. A place is reached if the
    drive takes at most ``within`` less the expected delays; a team is in time if it arrives
    ``within`` that time of the call. If no team arrives in time, all candidates are compared, or
    with ``hybrid`` the closest goes. Ties go to the sooner, then to the lower number. In the cities
    of docs/effects.md it makes fewer callouts late and the mean response longer.

    ``by_hour`` is our own, not in the paper, which takes one demand for all hours: d_v is then the
    share of the callouts that are forecast for this clock hour.
    """

    source = (
        'C. J. Jagtenberg, S. Bhulai, R. D. van der Mei, "Dynamic ambulance dispatching: is the '
        'closest-idle policy always optimal?", Health Care Manag. Sci. 20(4), 2017, 517-531'
    )

    busy_fraction: BusyFraction = 0.4
    within: Within = 900_000
    hybrid: Annotated[
        bool, Field(description="Whether the closest goes where no team arrives in time.")
    ] = False
    by_hour: ByHour = False

    @property
    def wants(self) -> tuple[str, ...]:
        """Which parts of the board it reads."""
        return ("idle", "forecast") if self.by_hour else ("idle",)

    def __call__(self, callout: CalloutView, view: DispatchView) -> Decision:
        """Return the candidate whose leaving costs least."""
        if not view.arrivals:
            return NOBODY_FREE
        choice = in_time(callout, view, self.within)
        late = "" if choice else "; no team arrives in time"
        if not choice:
            if self.hybrid:
                return closest(view, "no team arrives in time: expected on scene first")
            choice = list(range(len(view.teams)))
        losses = self.losses(view)
        loss, _, team = min(
            (losses.get(view.teams[i], 0), view.arrivals[i], view.teams[i]) for i in choice
        )
        of = " of this hour" if self.by_hour and any(view.board.forecast.places) else ""
        return team, f"its leaving costs {loss / ONE / 10_000:.2f}% of the cover{of}{late}"

    def fits(self, file: ScenarioFile) -> str:
        """Return what is wrong where the demand of the hour cannot be known."""
        return told_without_rate(file) if self.by_hour else ""

    def losses(self, view: DispatchView) -> dict[int, int]:
        """Return the cover that each free team's leaving costs. [ppm, times ONE]"""
        places, atlas = at_rest(view), view.atlas
        demand = weights_in_hour(atlas, view.board.forecast) if self.by_hour else None
        if -1 not in places:
            lost = losses_at_rest(atlas, self.busy_fraction, self.within, places, demand)
        else:
            reached = [
                reached_from(atlas, self.within, place, demand)
                if place >= 0
                else reached_by(atlas, self.within, drives, demand)
                for place, drives in zip(places, view.board.drives, strict=True)
            ]
            lost = losses_of(atlas, self.busy_fraction, reached, demand)
        return dict(zip(view.board.idle, lost, strict=True))


@cached_on_map
def losses_at_rest(
    atlas: Atlas,
    busy_fraction: float,
    within: int,
    places: tuple[int, ...],
    demand: tuple[int, ...] | None,
) -> tuple[int, ...]:
    """Return the cover that leaving costs, for free teams that rest at places. [ppm, times ONE]"""
    reached = [reached_from(atlas, within, place, demand) for place in places]
    return losses_of(atlas, busy_fraction, reached, demand)


def losses_of(
    atlas: Atlas,
    busy_fraction: float,
    reached: Sequence[Sequence[int]],
    demand: tuple[int, ...] | None,
) -> tuple[int, ...]:
    """
    Return the cover that each free team's leaving costs. [ppm, times ONE]

    ``demand`` is that of each place, as in the map if None. [ppm]
    """
    weights = demand or atlas.weights
    covers = [0] * len(weights)
    for zones in reached:
        for zone in zones:
            covers[zone] += 1
    share = powers(busy_fraction, max(covers, default=0))
    worth = [weight * share[k - 1] if k else 0 for weight, k in zip(weights, covers, strict=True)]
    return tuple([sum([worth[zone] for zone in zones]) for zones in reached])


@cached_on_map
def reached_from(
    atlas: Atlas, within: int, place: int, demand: tuple[int, ...] | None
) -> tuple[int, ...]:
    """Return the places with demand that a team which rests at a place reaches in time."""
    return reached_by(atlas, within, atlas.times[place], demand)


def reached_by(
    atlas: Atlas, within: int, drives: Sequence[int], demand: tuple[int, ...] | None
) -> tuple[int, ...]:
    """Return the places with demand that a team reaches in time."""
    drive = within - atlas.delay
    return tuple(z for z, w in enumerate(demand or atlas.weights) if w and drives[z] <= drive)


@dataclass(frozen=True, slots=True)
class Preparedness:
    """
    For the most urgent the closest; for others the team whose leaving keeps places best prepared.

    The preparedness of place i is ``p_i = (1/c_i) sum over l of g_l / t_i^l``: ``t_i^l`` the
    response time of its l-th nearest free team, ``g_l`` that team's contribution, ``c_i`` the
    demand of the place over that of an average one. Of the teams that arrive in the time the
    priority allows, the one is sent whose absence leaves the least p_i largest; if no team arrives
    in that time, the closest is sent. Ties go to the sooner, then to the lower number. Derived from
    general knowledge; checked by hand in tests/policies/test_covering.py.
    """

    source = (
        'T. Andersson, P. Värbrand, "Decision support tools for ambulance dispatch and '
        'relocation", J. Oper. Res. Soc. 58(2), 2007, 195-201'
    )
    wants = ("idle",)

    allowed: Annotated[
        dict[Level, Duration] | None,
        Field(description="Response time allowed, by priority, as {2: 20 min, 3: 1 h}."),
    ] = None
    otherwise: Annotated[
        Duration, Field(description="The same for priorities not named. [duration]")
    ] = 1_800_000
    contributions: Contributions = (1.0, 0.5, 0.25)

    def __call__(self, callout: CalloutView, view: DispatchView) -> Decision:
        """Return the candidate without which places are prepared best."""
        if not view.arrivals:
            return NOBODY_FREE
        if callout.priority == 1:
            return closest(view, "most urgent: expected on scene first")
        allowed = (self.allowed or {}).get(callout.priority, self.otherwise)
        choice = in_time(callout, view, allowed)
        if not choice:
            return closest(view, "no team arrives in the time allowed: expected on scene first")
        if len(choice) == 1:
            return view.teams[choice[0]], "the only one to arrive in the time allowed"
        left = self.least_left(view)
        # a team that may be reassigned is not free: without it all are left that are there now
        _, _, team = min(
            (-left.get(view.teams[i], left[None]), view.arrivals[i], view.teams[i]) for i in choice
        )
        return team, "leaves the least prepared place best prepared"

    def least_left(self, view: DispatchView) -> dict[int | None, int]:
        """Return the least preparedness without each free team; under None, with all of them."""
        places, atlas = at_rest(view), view.atlas
        if -1 not in places:
            left = least_left_at_rest(atlas, self.contributions, places)
        else:
            rows = [
                closeness_from(atlas, place) if place >= 0 else closeness_by(atlas, drives)
                for place, drives in zip(places, view.board.drives, strict=True)
            ]
            left = least_left_of(atlas, self.contributions, rows)
        return dict(zip((*view.board.idle, None), left, strict=True))


@cached_on_map
def least_left_at_rest(
    atlas: Atlas, contributions: tuple[float, ...], places: tuple[int, ...]
) -> tuple[int, ...]:
    """Return the least preparedness without each team that rests at a place, then with all."""
    rows = [closeness_from(atlas, place) for place in places]
    return least_left_of(atlas, contributions, rows)


def least_left_of(
    atlas: Atlas, contributions: Sequence[float], rows: Sequence[Sequence[int]]
) -> tuple[int, ...]:
    """
    Return the least preparedness without each team, in the order of the rows, then with all.

    Taking the l-th nearest away moves those behind it up by one rank, so per place only the
    few nearest matter: as many as contribute and one more.
    """
    parts = [round(g * MILLION) for g in contributions]
    most = len(parts) + 1
    least = [1 << 200] * (len(rows) + 1)  # the last one: nobody leaves
    for zone, needed in enumerate(needed_by_places(atlas)):
        if not needed:
            continue
        near = sorted([(-row[zone], i) for i, row in enumerate(rows)])[:most]
        all_there = sum([g * -t for g, (t, _) in zip(parts, near, strict=False)]) // needed
        matters = set()
        for rank, (_, i) in enumerate(near[: len(parts)]):
            others = near[:rank] + near[rank + 1 :]
            without = sum([g * -t for g, (t, _) in zip(parts, others, strict=False)]) // needed
            least[i] = min(least[i], without)
            matters.add(i)
        for i in range(len(least)):
            if i not in matters and all_there < least[i]:
                least[i] = all_there
    return tuple(least)


@cached_on_map
def needed_by_places(atlas: Atlas) -> tuple[int, ...]:
    """Return the demand of each place over that of an average one. [per million]"""
    average = sum(atlas.weights) / max(len(atlas.weights), 1) or 1
    return tuple(round(weight / average * MILLION) for weight in atlas.weights)


@cached_on_map
def closeness_from(atlas: Atlas, place: int) -> tuple[int, ...]:
    """Return one over the response time to each place of a team that rests. [FINE per ms]"""
    return closeness_by(atlas, atlas.times[place])


def closeness_by(atlas: Atlas, drives: Sequence[int]) -> tuple[int, ...]:
    """Return one over the response time to each place. [FINE per ms]"""
    return tuple([FINE // max(1, drive + atlas.delay) for drive in drives])


@dataclass(frozen=True, slots=True)
class LeastBusyInRange:
    """
    For the most urgent the closest; for others, of those that arrive in time, the team of the
    quietest base.

    The demand of a base is that of the places which no other base reaches sooner. If
    no team arrives in time the closest goes. Ties go to the sooner, then to the lower number.
    Derived from general knowledge; checked by hand in tests/policies/test_covering.py.
    """

    source = (
        'D. Bandara, M. E. Mayorga, L. A. McLay, "Priority dispatching strategies for EMS '
        'systems", J. Oper. Res. Soc. 65(4), 2014, 572-587'
    )

    within: Within = 900_000

    def __call__(self, callout: CalloutView, view: DispatchView) -> Decision:
        """Return the candidate from the quietest base."""
        if not view.arrivals:
            return NOBODY_FREE
        if callout.priority == 1:
            return closest(view, "most urgent: expected on scene first")
        choice = in_time(callout, view, self.within)
        if not choice:
            return closest(view, "no team arrives in time: expected on scene first")
        atlas = view.atlas
        demand = demand_of_bases(atlas)
        _, _, team = min(
            (demand[atlas.team_bases[view.teams[i]]], view.arrivals[i], view.teams[i])
            for i in choice
        )
        return team, "arrives in time, from the quietest base"


@cached_on_map
def demand_of_bases(atlas: Atlas) -> tuple[int, ...]:
    """Return the demand to which no base is nearer than each. [ppm]"""
    found = [0] * len(atlas.bases)
    rows = [atlas.times[place] for place in atlas.base_places]
    for zone, weight in enumerate(atlas.weights):
        drives = [row[zone] for row in rows]
        nearest = min(drives)
        for base, drive in enumerate(drives):
            found[base] += weight * (drive == nearest)
    return tuple(found)


RULES: dict[str, type] = {
    "dmexclp": DmexclpDispatch,
    "preparedness": Preparedness,
    "least_busy_in_range": LeastBusyInRange,
}
