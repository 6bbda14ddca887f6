"""
Checks across fields, made on the scenario as written.

They read the tree and not the finished model, so that a wrong name in one part is told together
with a wrong number in another. A part that is itself wrong is passed over here: pydantic tells it.
"""

from __future__ import annotations

from typing import Any

from sim import units

from ..diagnostics.diagnostic import join, nearest
from ..diagnostics.findings import Findings
from ..fields.models import ClockSection, DemandSection, Kind, StudySection
from .capability_checks import warn_of_unmentioned, warn_of_unneeded
from .crew_checks import CrewChecks
from .never_without_checks import check_never_without
from .reference_checks import NamesInFiles, check_references
from .scenario_query import Keys, ScenarioQuery
from .study_checks import StudyChecks
from .transport_checks import check_transport

MAX_RUN = 7305 * units.MS_PER["day"]
MAX_CALLOUTS = 1e8


def check_across(findings: Findings, files: NamesInFiles) -> None:
    """
    Note every error across fields.

    ``files`` has the names that the files of the scenario give.
    """
    check = _ScenarioChecks(findings, files.place_names)
    check_references(check, files)
    check.crews.all()
    check.kinds()
    check_transport(check)
    warn_of_unneeded(check)
    warn_of_unmentioned(check)
    check_never_without(check)
    check.demand()
    check.targets()
    StudyChecks(check).all()
    check.roads()
    check.timezone()
    check.size()


class _ScenarioChecks(ScenarioQuery):
    """Checks of everything but who can be sent, which ``crews`` checks."""

    def __init__(self, findings: Findings, places: Keys) -> None:
        super().__init__(findings, places)
        self.crews = CrewChecks(self)

    def kinds(self) -> None:
        """What a kind of callout needs, the teams have, and where people are taken there is."""
        hospitals = self.tree.at(("map", "hospitals"))
        none = hospitals is None or hospitals.value in ({}, None)
        for kind in self.parts("demand", "kinds"):
            self.crews.needs(kind)
            loc = ("demand", "kinds", kind, "to")
            if self.value(*loc) == "hospital" and none:
                self.findings.error(loc, "there is no hospital to go to", "add map.hospitals")

    def demand(self) -> None:
        """Demand is a rate, a list or a record, its profiles fit, and the shares add up."""
        demand = self.parts("demand")
        rate, listed = "rate" in demand, "callouts" in demand or "record" in demand
        given = [way for way in ("rate", "callouts", "record") if way in demand]
        if demand and len(given) != 1:
            both = join(given) if "record" in given else "both"
            loc: tuple[str, ...] = ("demand",)
            loc, fix = self.clash(loc, given) if given else (loc, "add rate: 30 per day")
            self.findings.error(
                loc,
                "demand is either a rate or a list of callouts, or a record; found "
                + (both if given else "neither"),
                fix,
            )
        self._pattern(("demand",))
        for kind in self.parts("demand", "kinds"):
            self._pattern(("demand", "kinds", kind))
        if rate and not listed:
            self._shares()

    def _pattern(self, loc: tuple[str, ...]) -> None:
        """When and where there is demand, of all kinds or of one."""
        parts = self.parts(*loc)
        for name, expected in (("hours", 24), ("weekdays", 7), ("months", 12)):
            if isinstance(getattr(parts.get(name), "value", None), list):
                self._profile((*loc, name), self.items(*loc, name), expected)
        for name in ("where", "areas"):
            weights = [n.value for n in self.parts(*loc, name).values()]
            if weights:
                self._profile((*loc, name), weights, len(weights))
        where = self.value(*loc, "where")
        inline = self.keys("map", "places") is not None
        if inline and isinstance(where, str) and where not in ("weight", "equal"):
            self.findings.error(
                (*loc, "where"),
                f"places written here have no '{where}'; they have a weight",
                "write weight, equal, or a number for each place",
            )

    def _profile(self, loc: tuple[str, ...], numbers: list[Any], expected: int) -> None:
        if len(numbers) != expected:
            self.findings.error(loc, f"expected {expected} numbers, found {len(numbers)}")
        if any(isinstance(n, bool) or not isinstance(n, (int, float)) for n in numbers):
            return  # reported by pydantic
        if any(n < 0 for n in numbers):
            self.findings.error(loc, f"demand cannot be negative, found {min(numbers):g}")
        elif not 0 < sum(numbers) < float("inf"):
            self.findings.error(loc, "at least one of the numbers must be above 0")

    def _shares(self) -> None:
        kinds = self.parts("demand", "kinds")
        shares = [self.read(units.share, "demand", "kinds", k, "share") for k in kinds]
        total = sum(s for s in shares if s is not None)
        if shares and None not in shares and abs(total - 1) > 0.001 + 1e-9:
            said = units.say_share(round(total, 6))
            self.findings.error(
                ("demand", "kinds"), f"the shares of the kinds add up to {said}, not 100%"
            )

    def targets(self) -> None:
        """Each target has a name of its own and is about callouts that come."""
        node = self.tree.at(("targets",))
        count = len(node.value) if node is not None and isinstance(node.value, list) else 0
        seen: set[str] = set()
        kinds = self.keys("demand", "kinds")
        used = {self._priority(k) for k in kinds or ()}
        for i in range(count):
            name = self.value("targets", i, "name")
            if isinstance(name, str) and name in seen:
                self.findings.error(("targets", i, "name"), f"two targets are called '{name}'")
            seen.add(str(name))
            priority = self.value("targets", i, "priority")
            if kinds and isinstance(priority, int) and priority not in used:
                self.findings.error(
                    ("targets", i, "priority"), f"no kind of callout has priority {priority}"
                )

    def _priority(self, kind: str) -> Any:
        priority = self.value("demand", "kinds", kind, "priority")
        return Kind.default_of("priority") if priority is None else priority

    def roads(self) -> None:
        """Two places need a road between them."""
        several = self.places is not None and len(self.places) > 1
        node = self.tree.at(("map", "roads"))
        none = "map" in self.parts() and (node is None or node.value is None)
        if self.places is not None and several and none:
            self.findings.error(
                ("map",),
                f"{len(self.places)} places and no roads between them",
                "add roads: {circuity: 1.35, speed: {day: 45 km/h}}",
            )

    def timezone(self) -> None:
        """The time zone is one that the computer knows, if it knows any."""
        name = self.value("clock", "timezone")
        if not isinstance(name, str) or _is_timezone(name) or not _is_timezone("Asia/Damascus"):
            return
        import zoneinfo

        known = sorted(zoneinfo.available_timezones())
        self.findings.error(
            ("clock", "timezone"),
            f"there is no time zone {units.shown(name)}",
            nearest(name, known) or "time zones are named like Asia/Damascus",
        )

    def size(self) -> None:
        """The study is small enough to be meant."""
        run = self.read(units.duration, "clock", "length")
        warm_up = self.read(units.duration, "clock", "warm_up")
        warm_up = ClockSection.default_of("warm_up") if warm_up is None else warm_up
        if run == 0:
            self.findings.error(("clock", "length"), "a run of zero measures nothing")
        for name, length in (("length", run), ("warm_up", warm_up)):
            if length is not None and length > MAX_RUN:
                self.findings.error(
                    ("clock", name), f"{units.say_duration(length)}: at most 20 years are simulated"
                )
        rate = self.read(units.rate, "demand", "rate")
        if run is None or rate is None or self.findings.full:
            return
        scale = self.value("demand", "scale")
        factor = (
            scale if isinstance(scale, (int, float)) else self.read(units.share, "demand", "scale")
        )
        replications = self.value("study", "replications")
        if not isinstance(replications, int):
            replications = StudySection.default_of("replications")
        days = (run + warm_up) / units.MS_PER["day"]
        factor = DemandSection.default_of("scale") if factor is None else factor
        callouts = days * rate * factor * replications
        if callouts > MAX_CALLOUTS:
            self.findings.error(
                ("demand", "rate"),
                f"{days:,.0f} days at {units.say_rate(rate)} in {replications:,} replications make "
                f"{callouts:,.0f} callouts; at most {MAX_CALLOUTS:,.0f} are simulated",
                "shorten the run, lower the rate or ask for fewer replications",
            )


def _is_timezone(name: str) -> bool:
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
