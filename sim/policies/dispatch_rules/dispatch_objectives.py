"""Dispatch rules that weigh crews, survival or fairness between areas."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Annotated

from pydantic import Field

from sim.log import MS_PER_DAY, MS_PER_HOUR, NO_ACCESS
from sim.scenario.fields.quantities import Duration

from ..rule_basis.board import CalloutView
from ..rule_basis.caching import cached_on_map
from ..rule_basis.common import MILLION, ONE, BusyFraction, Level, Within
from ..rule_basis.views import Atlas, Decision, DispatchView
from .covering import DmexclpDispatch, closest
from .dispatch import NOBODY_FREE

Member = tuple[int, int, int, int]
"""Expected arrival [ms], team, people, capabilities (one bit each)."""


@dataclass(frozen=True, slots=True)
class ClosestCrew:
    """
    Send the set of teams that meets the whole need soonest.

    Of all sets of free teams that bring the people and capabilities still missing, without a team
    more than needed, the set goes whose last member is expected first. Ties go to the set whose
    first member is expected first, then to the smaller set, then to the least total, then to the
    lowest numbers. Up to ``exact`` teams all sets are tried; with more, the nearest that bring
    anything missing are taken in turn, and then those that turn out not to be needed are left out,
    the farthest first. Where all free teams together are not enough, the closest goes.
    """

    source = "run cards of fire services; a set cover with the least largest arrival"
    wants = ("idle",)

    exact: Annotated[
        int, Field(ge=1, le=16, description="Number of teams up to which every set is tried.")
    ] = 10

    def __call__(self, callout: CalloutView, view: DispatchView) -> Decision:
        """Return one member of the set; asked again, the next."""
        if not view.teams:
            return NOBODY_FREE
        members = _members(callout, view)
        enough = _soonest_enough(members, view.people, view.capabilities)
        if enough is None:
            return closest(view, "all free teams together are not enough: expected first")
        last = enough[-1][0]
        tied = [m for m in members if m[0] <= last]  # who is as soon as the last may do better
        if len(enough) <= self.exact:
            chosen = _best_set(tied[: self.exact], view.people, view.capabilities)
        else:
            chosen = _greedy_set(enough, view.people, view.capabilities)
        # a capability that is missing is brought by candidates only, so there is one in every set
        team = next(team for _, team, _, _ in chosen if team in view.teams)
        why = f"one of {len(chosen)} that are all there soonest, in {last // 60_000} min"
        return team, why


def _members(callout: CalloutView, view: DispatchView) -> list[Member]:
    """
    Return the teams that can come and bring anything missing, by arrival.

    Besides the candidates these are free teams that become candidates once the missing capabilities
    are on their way: they bring people and none of those capabilities. Any other free team that is
    not a candidate cannot be sent, for example because it was alerted for this callout and no crew
    assembled.
    """
    atlas, board = view.atlas, view.board
    arrivals = dict(zip(view.teams, view.arrivals, strict=True))
    if view.capabilities and view.people > 0:
        for team, turnout, drives in zip(board.idle, board.turnouts, board.drives, strict=True):
            if not atlas.team_capabilities[team] & view.capabilities:
                arrivals.setdefault(team, turnout + drives[callout.place] + atlas.local_travel)
    return sorted(
        (arrival, team, atlas.team_people[team], atlas.team_capabilities[team])
        for team, arrival in arrivals.items()
        if arrival < NO_ACCESS
    )


def _meets(members: tuple[Member, ...] | list[Member], people: int, brings: int) -> bool:
    for _, _, crew, has in members:
        people -= crew
        brings &= ~has
    return people <= 0 and not brings


def _soonest_enough(members: list[Member], people: int, brings: int) -> list[Member] | None:
    """Return the fewest of the nearest that are enough together; None if all are not."""
    for count in range(1, len(members) + 1):
        if _meets(members[:count], people, brings):
            return members[:count]
    return None


def _best_set(members: list[Member], people: int, brings: int) -> tuple[Member, ...]:
    """Return the best set by trying all of them: without the last to come none is enough."""
    if _meets(members[:1], people, brings):
        return (members[0],)  # nobody is sooner, and teams of one base tie as a rule
    found = []
    for size in range(1, len(members) + 1):
        for crew in combinations(members, size):
            if _meets(crew, people, brings) and not any(
                _meets([m for m in crew if m is not left], people, brings) for left in crew
            ):
                total = sum(arrival for arrival, _, _, _ in crew)
                found.append((crew[0][0], len(crew), total, [m[1] for m in crew], crew))
    return min(found)[-1]


def _greedy_set(members: list[Member], people: int, brings: int) -> tuple[Member, ...]:
    """Return the nearest, without those the others can do without, the farthest left out first."""
    crew = list(members)
    for member in reversed(members):
        others = [m for m in crew if m is not member]
        if _meets(others, people, brings):
            crew = others
    return tuple(crew)


@dataclass(frozen=True, slots=True)
class SurvivalDispatch:
    """
    Send the team that gives most declared value, less the cover its leaving costs.

    The value of arriving after ``t`` is ``2^(-t / half life)``, by priority; the cover lost is that
    of the rule dmexclp, as a share of the demand, times ``beta``. With ``beta`` 0 it is the closest
    rule. Declared utility, not medicine. Derived from general knowledge; checked by hand in
    tests/policies/test_dispatch_objectives.py.
    """

    source = (
        'E. Erkut, A. Ingolfsson, G. Erdoğan, "Ambulance location for maximum survival", '
        "Nav. Res. Logist. 55(1), 2008, 42-58 (volume and pages recalled, not checked); "
        'V. A. Knight, P. R. Harper, L. Smith, "Ambulance allocation for maximal survival with '
        'heterogeneous outcome measures", Omega 40(6), 2012, 918-926 '
        "(pages recalled, not checked)"
    )
    wants = ("idle",)

    half_lives: Annotated[
        dict[Level, Duration] | None,
        Field(description="Time in which the value halves, by priority, as {1: 15 min, 2: 1 h}."),
    ] = None
    otherwise: Annotated[
        Duration, Field(gt=0, description="The same for priorities not named. [duration]")
    ] = 3_600_000
    beta: Annotated[
        float, Field(ge=0, le=1000, description="What losing all cover would cost, in values.")
    ] = 1.0
    busy_fraction: BusyFraction = 0.4
    within: Within = 900_000

    def __call__(self, callout: CalloutView, view: DispatchView) -> Decision:
        """Return the candidate with the most value less lost cover."""
        if not view.teams:
            return NOBODY_FREE
        half_life = max((self.half_lives or {}).get(callout.priority, self.otherwise), 1)
        waited = view.now - callout.received
        losses = DmexclpDispatch(self.busy_fraction, self.within).losses(view)
        scores = []
        for team, arrival in zip(view.teams, view.arrivals, strict=True):
            value = round(2.0 ** (-min((waited + arrival) / half_life, 1000.0)) * ONE)
            lost = round(self.beta * losses.get(team, 0) / MILLION)
            scores.append((lost - value, arrival, team, value, lost))
        _, _, team, value, lost = min(scores)
        return team, f"value {value / ONE:.3f}, less {lost / ONE:.3f} for the cover it leaves"


@dataclass(frozen=True, slots=True)
class EquityWeighted:
    """
    For the most urgent the closest; for others, count what leaving costs areas with poor response.

    Least mean response with no area's mean above that of all callouts has a multiplier for each
    area; its subgradient is the area's deficit, the sum over its callouts of response time less
    that mean. Steps of equal size add up, so the weight is ``step`` for each hour of the deficit
    so far, and never negative. A team costs its own arrival, plus for each area its weight times
    the growth of the area's mean drive from the nearest free team if this one leaves; where
    no other team could go the growth is a day. Areas are geography and never identity. Derived
    from general knowledge; checked by hand in tests/policies/test_dispatch_objectives.py.
    """

    source = (
        'after L. A. McLay, M. E. Mayorga, "A dispatching model for server-to-customer systems '
        'that balances efficiency and equity", Manuf. Serv. Oper. Manag. 15(2), 2013, 205-220'
    )
    wants = ("idle", "record")

    step: Annotated[
        float, Field(ge=0, le=1000, description="Weight that an hour of deficit gives an area.")
    ] = 0.1

    def __call__(self, callout: CalloutView, view: DispatchView) -> Decision:
        """Return the candidate with the least weighted cost."""
        if not view.teams:
            return NOBODY_FREE
        if callout.priority == 1:
            return closest(view, "most urgent: expected on scene first")
        weights = self.weights(view)
        if not any(weights.values()):
            return closest(view, "no area has more than the mean response time: expected first")
        growth = self._growth(view, weights)
        cost, arrival, team = min(
            (arrival + growth.get(team, 0), arrival, team)
            for team, arrival in zip(view.teams, view.arrivals, strict=True)
        )
        added = (cost - arrival) / 60_000
        return team, f"arrival, and {added:.1f} min for areas with more than the mean response time"

    def weights(self, view: DispatchView) -> dict[str, int]:
        """Return the weight of each area. [per million]"""
        count = sum(n for n, _ in view.board.record)
        total = sum(t for _, t in view.board.record)
        deficits: dict[str, int] = dict.fromkeys(view.atlas.areas, 0)
        for area, (n, t) in zip(view.atlas.areas, view.board.record, strict=True):
            deficits[area] += t * count - total * n  # times the number of callouts: whole numbers
        scale = max(count, 1) * MS_PER_HOUR
        return {
            area: max(0, round(self.step * MILLION * deficit / scale))
            for area, deficit in deficits.items()
        }

    def _growth(self, view: DispatchView, weights: dict[str, int]) -> dict[int, int]:
        """Return for each free team the weighted growth of times to the nearest. [ms]"""
        atlas, board = view.atlas, view.board
        share = shares_of_areas(atlas)
        found = dict.fromkeys(board.idle, 0)
        if len(board.idle) < 2:
            return found  # with nobody else to compare, leaving costs all alike
        for zone, area in enumerate(atlas.areas):
            if not weights[area] or not share[zone]:
                continue
            (near, team), (second, _) = sorted(
                (row[zone], n) for n, row in zip(board.idle, board.drives, strict=True)
            )[:2]
            if near < NO_ACCESS:  # else nobody's leaving matters to the place
                grown = min(second - near, MS_PER_DAY)
                found[team] += grown * share[zone] * weights[area]
        return {team: grown // MILLION**2 for team, grown in found.items()}


@cached_on_map
def shares_of_areas(atlas: Atlas) -> tuple[int, ...]:
    """Return the share of its area's demand that falls on each place. [per million]"""
    totals: dict[str, int] = dict.fromkeys(atlas.areas, 0)
    for area, weight in zip(atlas.areas, atlas.weights, strict=True):
        totals[area] += weight
    return tuple(
        MILLION * weight // max(totals[area], 1)
        for area, weight in zip(atlas.areas, atlas.weights, strict=True)
    )


RULES: dict[str, type] = {
    "closest_crew": ClosestCrew,
    "survival": SurvivalDispatch,
    "equity_weighted": EquityWeighted,
}
