"""
Callouts that nobody on duty can serve: hours in which a capability is missing where it is needed.

Places are looked at apart where not every base has access to each. Hours in which nobody at all is
on duty are told once, and not for each capability again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple, TypeAlias

from sim import units

from ..diagnostics.diagnostic import join
from ..diagnostics.findings import Findings
from ..duty_hours.expected_demand import ExpectedDemand
from ..duty_hours.rosters import Interval, duty_of, within_limits
from ..duty_hours.spoken_hours import about, named, say_end, say_stretches, touching
from ..fields.crews import CrewLimits
from ..fields.models import Scenario, TeamEntry
from ..fields.transports import carrier_of
from ..text.source import Loc
from .workload_checks import calls_in, queue_rules

MONTH = 30 * units.MS_PER["day"]
MOST_TURNS = 100_000  # of rosters; where there are more, nothing is looked for
FEW = 0.01  # callouts in a run that are not worth a word
Duties: TypeAlias = Counter[tuple[Interval, ...]]  # when teams are on duty: how many
Reach: TypeAlias = Mapping[str, frozenset[str]]  # by place: the places of bases with access to it


class Want(NamedTuple):
    """What a callout wants of those on duty: so many teams with all of some capabilities."""

    capabilities: tuple[str, ...]
    teams: int


class DutyChecks:
    """Checks of who is on duty when, on the finished model; all of them warn."""

    def __init__(
        self, findings: Findings, scenario: Scenario, expected: ExpectedDemand, reach: Reach | None
    ) -> None:
        self.findings, self.scenario, self.expected = findings, scenario, expected
        self.reach = reach  # None: from every base to every place
        self.run = 0, scenario.clock.length

    def all(self) -> None:
        """Make all of them."""
        teams = self.scenario.teams
        rosters = [team for team in teams.values() if team.roster is not None]
        days = self.scenario.clock.length // units.MS_PER["day"]
        if sum(team.count for team in rosters) * days > MOST_TURNS:
            return
        self.duty = {name: self._duty(team) for name, team in teams.items()}
        idle = touching(stretch for stretch, _, on in self._levels(()) if not on)
        if idle and rosters:  # of shifts alone the hours of a week are told
            self.findings.warn(("teams",), f"nobody is on duty {self._say(idle)}")
        self._all_at_rest(idle)
        for names, near in self._regions():
            for want, (loc, kinds) in self._wanted().items():
                able = [name for name in near if self._has(teams[name], want)]
                levels = self._levels(able)
                short = touching(stretch for stretch, n, on in levels if n < want.teams and on)
                self._warn(want, loc, kinds, names, short)

    def _all_at_rest(self, idle: Sequence[Interval]) -> None:
        """Go on with the duty that limits leave; warn of when they leave nobody on duty."""
        teams = self.scenario.teams
        if all(team.limits is None for team in teams.values()):
            return
        self.duty = {name: _within(duty, teams[name].limits) for name, duty in self.duty.items()}
        resting = touching(stretch for stretch, _, on in self._levels(()) if not on)
        if resting != idle:
            self.findings.warn(
                ("teams",),
                f"by rosters and limits nobody is on duty {self._say(resting)}",
                "let limits of other teams come at other times: by their shifts, or a stagger",
            )

    def _regions(self) -> Iterator[tuple[list[str], list[str]]]:
        """Yield the places that the same teams have access to, and these teams."""
        places = [place.name for place in self.expected.places]
        if self.reach is None:
            yield places, list(self.scenario.teams)
            return
        regions: dict[frozenset[str], list[str]] = {}
        for place in places:
            regions.setdefault(self.reach[place], []).append(place)
        bases = {name: base.place or name for name, base in self.scenario.bases.items()}
        for near, names in regions.items():
            if near:  # where nobody has access it is told
                yield names, [n for n, t in self.scenario.teams.items() if bases[t.base] in near]

    def _wanted(self) -> dict[Want, tuple[Loc, dict[str, float]]]:
        """Return what callouts want, where the first of them says so, and the share that does."""
        found: dict[Want, tuple[Loc, dict[str, float]]] = {}
        for name, kind in self.scenario.demand.kinds.items():
            loc: Loc = ("demand", "kinds", name)
            for i, need in enumerate(kind.needs):
                want = Want((need,), kind.needs.count(need))
                found.setdefault(want, ((*loc, "needs", i), {}))[1][name] = 1.0
            if not kind.needs and self.reach is not None:
                found.setdefault(Want((), 1), (loc, {}))[1][name] = 1.0
            carrier = carrier_of(self.scenario, kind)
            if carrier is not None and carrier.name not in kind.needs:
                at = (*loc, "transport", "by")
                want = Want((carrier.name,), 1)
                found.setdefault(want, (at, {}))[1].setdefault(name, kind.transported)
            hazard = kind.explosive_hazard
            if hazard is not None:
                want = Want(tuple(sorted(hazard.needs)), 1)
                at = (*loc, "explosive_hazard", "needs")
                found.setdefault(want, (at, {}))[1].setdefault(name, hazard.share)
        return found

    def _has(self, team: TeamEntry, want: Want) -> bool:
        """Return whether a team may have what is wanted: itself, its people or a vehicle."""
        has = {*team.capabilities, *(team.on_call.capabilities if team.on_call else ())}
        cars = [self.scenario.vehicles[name].capabilities for name in team.vehicles]
        return any({*has, *car}.issuperset(want.capabilities) for car in (*cars, ()))

    def _duty(self, team: TeamEntry) -> Duties:
        """Return when a team is on duty, and how many are; one that may be called in always is."""
        if team.reserve is not None:
            return Counter({(self.run,): team.count}) if calls_in(self.scenario) else Counter()
        if team.roster is None:
            return Counter({duty_of(self.scenario, team, 0): team.count})
        return Counter(duty_of(self.scenario, team, copy) for copy in range(team.count))

    def _levels(self, able: Collection[str]) -> Iterator[tuple[Interval, int, int]]:
        """Yield stretches of the run with the teams then on duty: of those named, and of all."""
        changes = {at: [0, 0] for at in self.run}
        for name, duty in self.duty.items():
            for stretches, count in duty.items():
                for at, change in (
                    (at, n) for s in stretches for at, n in zip(s, (1, -1), strict=True)
                ):
                    now = changes.setdefault(min(max(at, 0), self.run[1]), [0, 0])
                    now[0] += change * count * (name in able)
                    now[1] += change * count
        ours = everybody = 0
        for begins, until in pairwise(sorted(changes)):
            ours, everybody = ours + changes[begins][0], everybody + changes[begins][1]
            yield (begins, until), ours, everybody

    def _warn(
        self, want: Want, loc: Loc, kinds: Mapping[str, float], places: Sequence[str],
        short: Sequence[Interval],
    ) -> None:  # fmt: skip
        """Warn of the stretches in which callouts wait for what they want, if there are any."""
        here = set(places)
        counts = {k: s * self.expected.during(k, here, short) for k, s in kinds.items() if short}
        waiting = {kind: count for kind, count in counts.items() if count > FEW}
        if not waiting:
            return
        what = [f"'{name}'" for name in want.capabilities]
        who = "nobody on duty has"
        if want.teams > 1:
            who = f"fewer than {want.teams} teams on duty have"
        had = join(what + ([f"access to {named(places)}"] if self.reach else []))
        self.findings.warn(
            loc,
            f"{who} {had} {self._say(short)}; {self._count(sum(waiting.values()))} of "
            f"{named(list(waiting))} {self._wait(waiting, short)}",
            f"give {join(what)} to a team that is on duty then" if what else "",
        )

    def _say(self, stretches: Sequence[Interval]) -> str:
        return say_stretches(self.scenario, stretches)

    def _count(self, callouts: float) -> str:
        """Return a number of callouts of the run in words: of a month, if it is so long."""
        length = self.scenario.clock.length
        month = length >= 28 * units.MS_PER["day"]
        number = callouts * MONTH / length if month else callouts
        return f"{about(number)}{' a month' if month else ''}"

    def _wait(self, kinds: Collection[str], short: Sequence[Interval]) -> str:
        if all(rule == "none" for _, rule in queue_rules(self.scenario)):
            return "find nobody"
        impatient = any(self.scenario.demand.kinds[k].abandons_after is not None for k in kinds)
        return f"wait{say_end(self.scenario, short)}{' or are abandoned' if impatient else ''}"


def _within(duty: Duties, limits: CrewLimits | None) -> Duties:
    """Return what limits leave of the duty of teams of one entry."""
    found: Duties = Counter()
    for stretches, count in duty.items():
        found[within_limits(stretches, limits)] += count
    return found
