"""Checks of demand as it is, of danger and of work that can wait."""

from __future__ import annotations

from collections.abc import Sequence

from ..diagnostics.findings import Findings
from ..duty_hours.demand_calendar import OWN_PATTERN, week_of_kind
from ..duty_hours.kind_places import PlaceShares
from ..fields.demand_models import MOST_A_DAY, Surge
from ..fields.models import Kind, Scenario
from ..tables.table_rows import PlaceRow
from ..text.source import Loc
from .disruption_checks import DisruptionChecks

GENERATED = ("day_to_day", "surges", "clusters")


class DemandChecks:
    """Checks on the finished model, with its places."""

    def __init__(
        self,
        findings: Findings,
        scenario: Scenario,
        places: Sequence[PlaceRow],
        place_shares: PlaceShares,
        access: DisruptionChecks,
    ) -> None:
        self.findings, self.scenario, self.access = findings, scenario, access
        self.rows, self.place_shares = places, place_shares

    def all(self) -> None:
        """Make all of them."""
        demand = self.scenario.demand
        for part in GENERATED:
            if demand.rate is None and getattr(demand, part):
                self.findings.error(
                    ("demand", part), f"{part} is for a rate; here callouts are written down"
                )
        for i, surge in enumerate(demand.surges):
            loc = ("demand", "surges", i)
            self.access.window(surge, loc)
            self._somewhere(surge, loc)
            self._not_too_many(surge, loc)
        self._incidents()
        self._once("surges", [surge.name for surge in demand.surges])
        self._once("incidents", [incident.name for incident in demand.incidents])
        for name, kind in demand.kinds.items():
            self._kind(kind, ("demand", "kinds", name))
            for field in OWN_PATTERN:
                if demand.rate is None and getattr(kind, field) is not None:
                    written = Kind.model_fields[field].alias or field
                    said = f"{written} of a kind is for a rate; here callouts are written down"
                    self.findings.error(("demand", "kinds", name, written), said)

    def _shares_of(self, surge: Surge) -> dict[str, float]:
        """Return for each kind that a surge is about its share, where the surge is, of all."""
        demand = self.scenario.demand
        here = [
            i
            for i, row in enumerate(self.rows)
            if surge.place in (None, row.name) and surge.area in (None, row.area)
        ]
        return {
            name: kind.share * sum(self.place_shares.of(name)[i] for i in here)
            for name, kind in demand.kinds.items()
            if not surge.kinds or name in surge.kinds
        }

    def _somewhere(self, surge: Surge, loc: Loc) -> None:
        """Where nobody calls there is nothing to multiply."""
        demand, name = self.scenario.demand, surge.place or surge.area
        if demand.rate is not None and name and not any(self._shares_of(surge).values()):
            self.findings.warn(loc, f"no callouts come from '{name}', so this changes nothing")

    def _not_too_many(self, surge: Surge, loc: Loc) -> None:
        """What a surge adds is drawn apart, and up to a bound."""
        demand = self.scenario.demand
        if demand.rate is None or surge.factor <= 1:
            return
        busiest = sum(
            share * max(week_of_kind(self.scenario, demand.kinds[name]))
            for name, share in self._shares_of(surge).items()
        )
        most = demand.rate * demand.scale * busiest * (surge.factor - 1)
        if most > MOST_A_DAY:
            self.findings.error(
                (*loc, "factor"),
                f"this adds up to {most:,.0f} callouts a day; {MOST_A_DAY:,} are the most that "
                "can be drawn",
                "lower the factor",
            )

    def _incidents(self) -> None:
        clock = self.scenario.clock
        for i, incident in enumerate(self.scenario.demand.incidents):
            loc = ("demand", "incidents", i)
            at = clock.local.instant_of(incident.at)
            if at < -clock.warm_up:
                self.findings.error((*loc, "at"), "this is before the run")
            elif at >= clock.length:
                self.findings.warn((*loc, "at"), "this is after the run and changes nothing")

    def _kind(self, kind: Kind, loc: Loc) -> None:
        teams = self.scenario.teams.values()
        if kind.explosive_hazard is not None:
            needs = set(kind.explosive_hazard.needs)
            cars = self.scenario.vehicles
            able = any(
                needs
                <= {
                    *team.capabilities,
                    *(s for car in team.vehicles for s in cars[car].capabilities),
                }
                or (
                    team.on_call is not None
                    and needs <= {*team.capabilities, *team.on_call.capabilities}
                )
                for team in teams
            )
            if not able:
                said = " and ".join(f"'{need}'" for need in kind.explosive_hazard.needs)
                self.findings.error(
                    (*loc, "explosive_hazard", "needs"),
                    f"no team has {said}: no team could clear an explosive hazard there",
                )
        if kind.deferrable is not None:
            count = sum(team.count for team in teams)
            if kind.deferrable.min_free_teams >= count:
                self.findings.warn(
                    (*loc, "deferrable"),
                    f"there are {count} teams, so {kind.deferrable.min_free_teams} are never free "
                    "for others: this always waits its longest",
                )

    def _once(self, part: str, names: Sequence[str | None]) -> None:
        for i, name in enumerate(names):
            if name is not None and name in names[:i]:
                self.findings.error(
                    ("demand", part, i, "name"), f"two of the {part} are called '{name}'"
                )
