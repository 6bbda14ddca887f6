"""Checks of dates: seasons, kinds, teams, shifts and targets, and months that never come."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from sim import units

from ..diagnostics.findings import Findings
from ..duty_hours.dated_parts import DatedPart, dated_parts
from ..duty_hours.demand_calendar import (
    DemandCalendar,
    calendar_of_kind,
    common_calendar,
    spans_of,
    usual_calendar,
)
from ..duty_hours.rosters import dates_of_team, duty_of
from ..fields.demand_models import MOST_A_DAY, Season
from ..fields.models import Scenario
from ..fields.quantities import Moment, say_moment
from ..text.source import Loc

MOST_CALLOUTS = 1e8  # of a study, as for a rate alone


class DateChecks:
    """Checks on the finished model."""

    def __init__(self, findings: Findings, scenario: Scenario) -> None:
        self.findings, self.scenario = findings, scenario
        self.begins, self.ends = -scenario.clock.warm_up, scenario.clock.length

    def all(self) -> None:
        """Make all of them."""
        demand, before = self.scenario.demand, len(self.findings.diagnostics)
        for field in ("months", "trend", "seasons"):
            if demand.rate is None and getattr(demand, field):
                said = f"{field} is for a rate; here callouts are written down"
                self.findings.error(("demand", field), said)
        self._seasons(demand.seasons, ("demand", "seasons"))
        for name, kind in demand.kinds.items():
            self._seasons(kind.seasons or (), ("demand", "kinds", name, "seasons"))
        spoiled = len(self.findings.diagnostics)
        for loc, part in dated_parts(self.scenario):
            self.span(part.begins, part.until, loc)
        self._reserves()
        if len(self.findings.diagnostics) == spoiled:
            self._never_on_duty()
            self._base_closed()
        if demand.rate is not None and len(self.findings.diagnostics) == before:
            self._months()
            self._never()
            self._not_too_many()

    def _reserves(self) -> None:
        """Teams in reserve come when they are called in: nothing that they need has dates."""
        for name, team in self.scenario.teams.items():
            if team.reserve is None:
                continue
            if (team.begins, team.until) != (None, None):
                self.findings.error(
                    ("teams", name, "reserve"),
                    "a team in reserve has no dates: it is on duty when it is called in",
                    "remove from and until",
                )
            needed: list[tuple[Loc, str, DatedPart]] = [
                (("base",), team.base, self.scenario.bases[team.base])
            ]
            if team.on_call is not None:
                pool = team.on_call.volunteers
                needed.append((("on_call", "volunteers"), pool, self.scenario.volunteers[pool]))
            for loc, needs, part in needed:
                if (part.begins, part.until) != (None, None):
                    said = (
                        f"a team in reserve may be called in at any time, and '{needs}' has dates"
                    )
                    self.findings.error(("teams", name, *loc), said, "remove them, or reserve")

    def _never_on_duty(self) -> None:
        """Teams whose dates and shifts never meet."""
        shifts = [s for s in self.scenario.shifts.values() if (s.begins, s.until) != (None, None)]
        for name, team in self.scenario.teams.items():
            is_dated = shifts or dates_of_team(self.scenario, team)
            if not is_dated or team.reserve is not None:
                continue
            if not any(duty_of(self.scenario, team, copy) for copy in range(team.count)):
                said = f"by its dates and shifts '{name}' is never on duty in the run"
                self.findings.warn(("teams", name), said)

    def _base_closed(self) -> None:
        """A team is on duty while its base is open."""
        clock = self.scenario.clock.local
        for name, team in self.scenario.teams.items():
            base = self.scenario.bases[team.base]
            if (base.begins, base.until) == (None, None):
                continue
            duty = [s for copy in range(team.count) for s in duty_of(self.scenario, team, copy)]
            if not duty:
                continue
            first, last = min(s[0] for s in duty), max(s[1] for s in duty)
            if base.begins is not None and first < clock.instant_of(base.begins):
                opens = say_moment(base.begins)
                said = f"'{name}' is on duty before its base, '{team.base}', opens on {opens}"
                self.findings.error(("teams", name), said, f"write from: {opens}", on_key=True)
            if base.until is not None and last > clock.instant_of(base.until):
                closes = say_moment(base.until)
                said = f"'{name}' is on duty after its base, '{team.base}', closes on {closes}"
                self.findings.error(("teams", name), said, f"write until: {closes}", on_key=True)

    def span(self, begins: Moment | None, until: Moment | None, loc: Loc) -> None:
        """Note dates that leave no hour of the run, or end before they begin."""
        clock = self.scenario.clock.local
        first = None if begins is None else clock.instant_of(begins)
        last = None if until is None else clock.instant_of(until)
        if first is not None and last is not None and first >= last:
            self.findings.error((*loc, "until"), "it ends before it begins")
        elif first is not None and first >= self.ends:
            self.findings.error((*loc, "from"), "this is after the run: no hour of it is left")
        elif last is not None and last <= self.begins:
            self.findings.error((*loc, "until"), "this is before the run: no hour of it is left")
        elif first is not None and first < self.begins:
            self.findings.warn((*loc, "from"), "it begins before the run, of which the rest counts")
        elif last is not None and last > self.ends:
            self.findings.warn((*loc, "until"), "it ends after the run, which is over before")

    def _seasons(self, seasons: Sequence[Season], loc: Loc) -> None:
        """Seasons have an hour of the run, and do not overlap."""
        clock = self.scenario.clock.local
        spans = []
        for i, season in enumerate(seasons):
            self.span(season.begins, season.until, (*loc, i))
            if season.dates is not None:
                self._holidays(season.dates, (*loc, i, "dates"))
            for n, (begins, until) in enumerate(spans_of(season, clock)):
                first = float("-inf") if begins is None else begins
                spans.append((first, float("inf") if until is None else until, i, n))
        spans.sort()
        for (_, last, one, _), (first, _, other, n) in pairwise(spans):
            if first < last:
                name = seasons[one].name or f"number {one + 1}"
                field: Loc = ("from",) if seasons[other].begins is not None else ()
                if seasons[other].dates is not None:
                    field = ("dates", n)
                self.findings.error(
                    (*loc, other, *field),
                    f"this season overlaps another: {name}"
                    if one != other
                    else "this date is there twice",
                    "let one end where the next begins" if one != other else "",
                )

    def _holidays(self, dates: Sequence[datetime], loc: Loc) -> None:
        """Some date of a list is in the run; the others may be those of other years."""
        day, clock = units.MS_PER["day"], self.scenario.clock.local
        days = [(clock.instant(at), clock.instant(at + day)) for at in map(clock.local_of, dates)]
        if not any(self.begins < ends and begins < self.ends for begins, ends in days):
            self.findings.error(loc, "none of these days is in the run")

    def _months(self) -> None:
        """Months of which the run has none: then no callout comes at all."""
        clock, demand = self.scenario.clock.local, self.scenario.demand
        given: list[tuple[Sequence[float] | None, Loc]] = [(demand.months, ("demand", "months"))]
        given += [(k.months, ("demand", "kinds", n, "months")) for n, k in demand.kinds.items()]
        for months, loc in given:
            calendar = DemandCalendar(clock, months)
            edges = calendar.edges(self.begins, self.ends)
            if months and not any(calendar.factor(at) for at in edges[:-1]):
                said = ", ".join(_MONTHS[i] for i, month in enumerate(months) if month)
                self.findings.error(
                    loc, f"the run has no day in a month with any demand, which are {said}"
                )

    def _never(self) -> None:
        """Kinds of which none comes, as their dates and their seasons never meet."""
        common = common_calendar(self.scenario)
        for name, kind in self.scenario.demand.kinds.items():
            calendar = calendar_of_kind(self.scenario, kind)
            if kind.share and not calendar.mean_with(common, self.begins, self.ends):
                loc = ("demand", "kinds", name)
                self.findings.warn(loc, f"by its dates there is no '{name}' in the run")

    def _not_too_many(self) -> None:
        """A trend or a season may raise a rate beyond what can be drawn."""
        demand, common = self.scenario.demand, common_calendar(self.scenario)
        calendars = [usual_calendar(self.scenario)]
        calendars += [calendar_of_kind(self.scenario, kind) for kind in demand.kinds.values()]
        if common.is_constant and all(calendar.is_constant for calendar in calendars):
            return
        rate = (demand.rate or 0.0) * demand.scale
        busiest = 168 * max(demand.hours) * max(demand.weekdays)
        busiest /= sum(demand.hours) * sum(demand.weekdays)
        edges = {at for c in (common, *calendars) for at in c.edges(self.begins, self.ends)}
        most = max(common.factor(at) * max(c.factor(at) for c in calendars) for at in edges)
        peak = rate * busiest * most
        days = (self.ends - self.begins) / units.MS_PER["day"]
        replications = self.scenario.study.replications
        runs = replications if isinstance(replications, int) else 1
        mean = max(calendar.mean_with(common, self.begins, self.ends) for calendar in calendars)
        if peak > max(MOST_A_DAY, rate * busiest):
            self.findings.error(
                ("demand", "rate"),
                f"with months, trend and seasons this comes to {peak:,.0f} callouts a day in the "
                f"busiest hour; {MOST_A_DAY:,} are the most that can be drawn",
                "lower the rate, the trend or the scale of seasons",
            )
        elif rate * mean * days * runs > MOST_CALLOUTS:
            self.findings.error(
                ("demand", "rate"),
                "with months, trend and seasons the replications make "
                f"{rate * mean * days * runs:,.0f} callouts; at most {MOST_CALLOUTS:,.0f} are "
                "simulated",
                "shorten the run, lower the rate or ask for fewer replications",
            )


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
