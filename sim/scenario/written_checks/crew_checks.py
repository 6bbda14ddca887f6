"""
Checks across fields of who can be sent: bases, teams, volunteers and vehicles.

Made on the scenario as written, as those of ``cross_field`` are.
"""

from __future__ import annotations

from collections.abc import Iterator

from sim import units

from ..diagnostics.diagnostic import join, nearest
from ..fields.crews import OnCall, TeamEntry, VehicleEntry
from ..fields.quantities import OFF
from .capability_checks import had_by, missing_comma
from .scenario_query import ScenarioQuery

MAX_TEAMS = 10_000


class CrewChecks:
    """Checks of who can be sent."""

    def __init__(self, look: ScenarioQuery) -> None:
        self.look, self.findings = look, look.findings

    def all(self) -> None:
        """Make all of them but those of what callouts need."""
        self.bases()
        self.teams()
        self.volunteers()
        self.vehicles()
        self.reserves()

    # -- bases and teams --------------------------------------------------------------------------

    def bases(self) -> None:
        """A base in a place of another name says which."""
        for base in self.look.parts("bases"):
            given = self.look.value("bases", base, "place") is not None
            if not given and self.look.places is not None and base not in self.look.places:
                self.findings.error(
                    ("bases", base),
                    f"no place is called '{base}', so this base needs a place",
                    f"write {{place: ...}}   {nearest(base, self.look.places, 'places here')}",
                    on_key=True,
                )

    def teams(self) -> None:
        """Each team has hours, volunteers and vehicles that fit each other."""
        if OFF in self.look.parts("shifts"):
            self.findings.error(
                ("shifts", OFF), f"'{OFF}' is a day without duty, so no shift is called so",
                on_key=True,
            )  # fmt: skip
        for team in self.look.parts("teams"):
            self._roster(team)
            self._breaks(team)
            if self.look.parts("teams", team, "on_call"):
                self._on_call(team)
            self._vehicles_of(team)
        self._number("teams", "team")

    def _roster(self, team: str) -> None:
        """A roster is in place of shifts; one in days staggers by whole days."""
        loc = ("teams", team)
        if not self.look.is_given(*loc, "roster"):
            for name in ("starts", "stagger"):
                if self.look.is_given(*loc, name):
                    self.findings.warn((*loc, name), f"'{name}' is for a roster, and here is none")
            return
        if self.look.is_given(*loc, "shifts"):
            at, fix = self.look.clash(loc, ("roster", "shifts"))
            at = (*loc, "roster") if at == loc else at
            self.findings.error(at, "a team has a roster or shifts, found both", fix)
        days = self.look.items(*loc, "roster")
        stagger = self.look.read(units.duration, *loc, "stagger")
        if days and stagger is not None and stagger % units.MS_PER["day"]:
            self.findings.error(
                (*loc, "stagger"),
                f"a roster in days is staggered by whole days, found {units.say_duration(stagger)}",
                "write '1 day'",
            )

    def _breaks(self, team: str) -> None:
        """Windows of a team's breaks follow one another."""
        day = units.MS_PER["day"]
        earlier: list[tuple[int, int]] = []
        for i in range(len(self.look.items("teams", team, "breaks"))):
            loc = ("teams", team, "breaks", i, "between")
            hours = self.look.read(units.hours, *loc)
            if hours is None:
                continue
            begins, ends = hours[0], hours[0] + ((hours[1] - hours[0]) % day or day)
            if any(
                begins < b + shift and a + shift < ends
                for a, b in earlier
                for shift in (-day, 0, day)
            ):
                self.findings.error(
                    loc, "these hours overlap those of a break before", "one break after the other"
                )
            earlier.append((begins, ends))

    def _number(self, section: str, what: str) -> None:
        """No two share a name when those of which there are several are numbered."""
        numbered: dict[str, str] = {}
        for name in self.look.parts(section):
            count = self._count(section, name) or 1
            many = 1 < count <= MAX_TEAMS and len(numbered) <= MAX_TEAMS
            for copy in [f"{name} {i + 1}" for i in range(count)] if many else [name]:
                if copy in numbered:
                    self.findings.error(
                        (section, name),
                        f"two {what}s would be called '{copy}'",
                        f"'{numbered[copy]}' makes the other one; rename either",
                        on_key=True,
                    )
                numbered[copy] = name
        if len(numbered) > MAX_TEAMS:
            self.findings.error(
                (section,), f"{len(numbered):,} {what}s; at most {MAX_TEAMS:,} are simulated"
            )

    # -- volunteers -------------------------------------------------------------------------------

    def _on_call(self, team: str) -> None:
        """A crew can come together from those who are alerted."""
        loc = ("teams", team, "on_call")
        crew = self._crew(team)
        minimum = self.look.whole(*loc, "minimum")
        if crew is not None and minimum is not None and minimum > crew:
            self.findings.error((*loc, "minimum"), f"{minimum} people of a crew of {crew}")
        pool = self.look.value(*loc, "volunteers")
        if not isinstance(pool, str) or pool not in self.look.parts("volunteers"):
            return
        skills = self.look.names("volunteers", pool, "capabilities")
        for i, skill in enumerate(self.look.items(*loc, "capabilities")):
            if skills is not None and isinstance(skill, str) and skill not in skills:
                self.findings.error(
                    (*loc, "capabilities", i),
                    f"nobody of '{pool}' has '{skill}', so the crew would never be complete",
                    nearest(skill, skills, "capabilities here"),
                )
        people = self.look.whole("volunteers", pool, "people")
        if people is not None:
            self._enough(team, pool, people)
        self._waves(team)

    def _enough(self, team: str, pool: str, people: int) -> None:
        """As many people as are alerted and wanted there are."""
        loc = ("teams", team, "on_call")
        asked = [self.look.whole(*loc, "alerts", i, "people") for i in range(self._length(*loc))]
        total = sum(n for n in asked if n is not None)
        if total > people:
            self.findings.error(
                (*loc, "alerts"), f"{total} people are alerted, but '{pool}' has {people}"
            )
        minimum, crew = self.look.whole(*loc, "minimum"), self._crew(team)
        if minimum is not None and minimum > people:
            self.findings.error(
                (*loc, "minimum"), f"{minimum} people are wanted, but '{pool}' has {people}"
            )
        elif minimum is None and crew is not None and crew > people:
            self.findings.warn(
                loc,
                f"'{pool}' has {people} people for a crew of {crew}, so the crew is never complete "
                "and always leaves when the time is up",
                "write minimum: how many people are enough to turn out",
            )

    def _waves(self, team: str) -> None:
        """Each wave of an alert comes before the crew leaves in any case."""
        loc = ("teams", team, "on_call")
        leaves = OnCall.default_of("assembly_timeout")
        if self.look.is_given(*loc, "assembly_timeout"):
            leaves = self.look.read(units.duration, *loc, "assembly_timeout") or 0
        for i in range(self._length(*loc)):
            after = self.look.read(units.duration, *loc, "alerts", i, "after")
            if after is not None and leaves and after > leaves:
                self.findings.warn(
                    (*loc, "alerts", i, "after"),
                    f"nobody is alerted after {units.say_duration(after)}: the crew leaves after "
                    f"{units.say_duration(leaves)} with those who have assembled",
                )

    def _length(self, *loc: str | int) -> int:
        return len(self.look.items(*loc, "alerts"))

    def volunteers(self) -> None:
        """Numbers about volunteers fit each other, and somebody alerts them."""
        alerted = {
            self.look.value("teams", t, "on_call", "volunteers") for t in self.look.parts("teams")
        }
        for pool in self.look.parts("volunteers"):
            loc = ("volunteers", pool)
            people = self.look.whole(*loc, "people")
            for skill in self.look.parts(*loc, "capabilities"):
                count = self.look.whole(*loc, "capabilities", skill)
                if people is not None and count is not None and count > people:
                    self.findings.error(
                        (*loc, "capabilities", skill), f"{count} of {people} people have '{skill}'"
                    )
            self._hours(pool)
            if pool not in alerted:
                self.findings.warn(loc, f"no team on call alerts '{pool}'")

    def _hours(self, pool: str) -> None:
        """Acceptance by hour is 24 numbers, none negative, and seldom meant above 100%."""
        loc = ("volunteers", pool, "hours")
        node = self.look.tree.at(loc)
        if node is None or not isinstance(node.value, list):
            return
        hours = self.look.items(*loc)
        if len(hours) != 24:
            self.findings.error(loc, f"expected 24 numbers, found {len(hours)}")
        if any(isinstance(n, bool) or not isinstance(n, (int, float)) for n in hours):
            return  # reported by pydantic
        if any(n < 0 for n in hours):
            self.findings.error(loc, f"acceptance cannot be negative, found {min(hours):g}")
        accepts = self.look.read(units.share, "volunteers", pool, "acceptance")
        if accepts is not None and hours and accepts * max(hours) > 1 + 1e-9:
            hour = hours.index(max(hours))
            self.findings.warn(
                loc,
                f"at {hour:02}:00 {units.say_share(round(accepts * max(hours), 6))} would accept; "
                "it counts as all",
            )

    # -- vehicles ---------------------------------------------------------------------------------

    def _vehicles_of(self, team: str) -> None:
        """A team takes vehicles that stand at its base, and one of them seats who must go."""
        loc = ("teams", team, "vehicles")
        base, bases = self.look.value("teams", team, "base"), self.look.parts("bases")
        seats: list[int] = []
        for i, vehicle in enumerate(self.look.items(*loc)):
            stands = (
                self.look.value("vehicles", vehicle, "base") if isinstance(vehicle, str) else None
            )
            if stands is None:
                continue
            if stands != base and {stands, base} <= bases.keys():
                self.findings.error(
                    (*loc, i),
                    f"'{vehicle}' stands at {stands}, and this team belongs to {base}",
                    "a team takes vehicles of its own base",
                )
            found = self.look.whole("vehicles", vehicle, "seats")
            seats.append(VehicleEntry.default_of("seats") if found is None else found)
        wanted = self.look.whole("teams", team, "on_call", "minimum") or self._crew(team)
        on_call = self.look.parts("teams", team, "on_call")
        if on_call and seats and wanted is not None and max(seats) < wanted:
            self.findings.error(
                loc,
                f"{wanted} people are to come together, but no vehicle it may take has more than "
                f"{max(seats)} seats",
            )

    def vehicles(self) -> None:
        """Each vehicle is out of service for a time, and is taken by somebody."""
        taken = {
            v
            for team in self.look.parts("teams")
            for v in self.look.words("teams", team, "vehicles")
        }
        for vehicle in self.look.parts("vehicles"):
            loc = ("vehicles", vehicle)
            available = self.look.read(units.share, *loc, "available")
            if (
                available is not None
                and available < 1
                and not self.look.is_given(*loc, "time_to_repair")
            ):
                self.findings.error(
                    (*loc, "available"),
                    "it is out of service at times, but nothing says for how long",
                    "add time_to_repair: {mean: 6 h, sd: 3 h}",
                )
            if self.look.read(units.duration, *loc, "time_to_repair") == 0:
                self.findings.error((*loc, "time_to_repair"), "a repair of zero is none")
            if vehicle not in taken:
                self.findings.warn(loc, f"no team takes the vehicle '{vehicle}'")
        self._number("vehicles", "vehicle")

    # -- teams in reserve -------------------------------------------------------------------------

    def reserves(self) -> None:
        """A team in reserve has no hours of its own, and some alternative calls it in."""
        reserves = [
            t for t in self.look.parts("teams") if self.look.is_given("teams", t, "reserve")
        ]
        for team in reserves:
            for hours in ("shifts", "roster", "breaks"):
                if self.look.is_given("teams", team, hours):
                    self.findings.error(
                        ("teams", team, hours),
                        f"a team in reserve is on duty only when it is called in, so it has no "
                        f"{hours}",
                        f"remove {hours} or reserve",
                    )
        if reserves and set(self._staffing()) <= {"fixed"}:
            named = reserves[:3] + ["others"] * (len(reserves) > 3)
            self.findings.warn(
                ("teams", reserves[0], "reserve"),
                f"no alternative calls anybody in, so {join(named)} would never be on duty",
                "give an alternative a staffing rule, as in {staffing: call_in}",
            )

    def _staffing(self) -> Iterator[str]:
        """Yield the staffing rule of each alternative."""
        for alternative in self.look.parts("policies"):
            loc = ("policies", alternative, "staffing")
            if self.look.parts(*loc):
                yield from self.look.parts(*loc)
            elif isinstance(rule := self.look.value(*loc), str):
                yield rule

    # -- what callouts need -----------------------------------------------------------------------

    def needs(self, kind: str) -> None:
        """What a kind of callout needs, as many teams bring as are to bring it."""
        loc = ("demand", "kinds", kind)
        if not self.look.parts("teams"):
            return
        brought = {team: had_by(self.look, team) for team in self.look.parts("teams")}
        skills = sorted(set[str]().union(*brought.values()))
        needs = self.look.items(*loc, "needs")
        for i, need in enumerate(needs):
            if not isinstance(need, str) or need in needs[:i]:
                continue
            able = sum(self._count("teams", t) for t, brings in brought.items() if need in brings)
            if not able:
                self.findings.error(
                    (*loc, "needs", i),
                    f"no team has '{need}', so nobody could ever answer",
                    self._alone(need) or nearest(need, skills, "teams have"),
                )
            elif (wanted := needs.count(need)) > able:
                self.findings.error(
                    (*loc, "needs", i),
                    f"{wanted} teams with '{need}' are needed, but there {_is_or_are(able)}",
                )
        crew, people = self.look.whole(*loc, "crew"), sum(map(self._people, brought))
        if crew is not None and crew > people > 0:
            self.findings.error(
                (*loc, "crew"),
                f"{crew} people are needed, but all teams together have {people}",
            )

    def _alone(self, need: str) -> str:
        """Return a hint where volunteers or a vehicle have what is needed, and no team it."""
        for pool in self.look.parts("volunteers"):
            if need in self.look.parts("volunteers", pool, "capabilities"):
                return f"'{pool}' has it: write capabilities: [{need}] in the on_call of a team"
        for vehicle in self.look.parts("vehicles"):
            if need in self.look.words("vehicles", vehicle, "capabilities"):
                return f"'{vehicle}' has it: write vehicles: [{vehicle}] in a team"
        return self._in_a_row(need)

    def _in_a_row(self, need: str) -> str:
        """Return a hint where a team has what is needed in a row with another, without a comma."""
        kinds = self.look.parts("demand", "kinds")
        wanted = {n for kind in kinds for n in self.look.words("demand", "kinds", kind, "needs")}
        for team in self.look.parts("teams"):
            for name in self.look.words("teams", team, "capabilities"):
                if need in name and (hint := missing_comma(name, wanted)):
                    return f"'{team}' has '{name}': {hint}"
        return ""

    def _crew(self, team: str) -> int | None:
        """Return the people of one team; None where an error hides them."""
        given = self.look.is_given("teams", team, "crew")
        return self.look.whole("teams", team, "crew") if given else TeamEntry.default_of("crew")

    def _count(self, section: str, name: str) -> int:
        if self.look.is_given(section, name, "count"):
            return self.look.whole(section, name, "count") or 0
        part = TeamEntry if section == "teams" else VehicleEntry
        return int(part.default_of("count"))

    def _people(self, team: str) -> int:
        return (self._crew(team) or 0) * self._count("teams", team)


def _is_or_are(teams: int) -> str:
    return "is one" if teams == 1 else f"are {teams}"
