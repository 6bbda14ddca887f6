"""Reading a scenario with everything it names into one object that nothing changes any more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.cycle_collector import no_collector
from sim.definitions import WORST_AREA
from sim.errors import Diagnostic, ScenarioError

from .diagnostics.findings import Findings, spot_of
from .diagnostics.wording import note_refusals
from .duty_hours.expected_demand import ExpectedDemand
from .duty_hours.hospital_hours import closed_outside_hours
from .duty_hours.kind_places import PlaceShares, shares_by_kind
from .fields.defaults import defaults_used
from .fields.disruption_models import HospitalClosure
from .fields.models import Scenario
from .fields.schema import MODELINE, part_schema
from .gather import FileContents, gather
from .model_checks import feasibility
from .model_checks.access_checks import AccessChecks
from .model_checks.coordinate_checks import odd_places
from .model_checks.date_checks import DateChecks
from .model_checks.demand_checks import DemandChecks
from .model_checks.disruption_checks import DisruptionChecks
from .model_checks.duty_checks import DutyChecks
from .model_checks.hospital_checks import HospitalChecks
from .model_checks.limit_checks import check_limits
from .model_checks.local_times import warn_of_local_times
from .model_checks.plausibility import ask_of_values
from .model_checks.speed_checks import ask_of_driving, check_speeds
from .model_checks.target_checks import check_targets, warn_of_windows
from .model_checks.workload_checks import warn_of_load, warn_of_transports
from .overlays import lay_flags, read_chain
from .tables.coastline import Line
from .tables.table_rows import HospitalRow, ListedRow, PlaceRow, RoadEdge, RoadNode
from .text.files import InputFile
from .text.source import Loc, Node, UnreadableError
from .text.yaml_writing import as_yaml
from .written_checks.cross_field import check_across


@dataclass(frozen=True)
class ScenarioFile:
    """
    A scenario as read: the model, the tables it names, and where everything was written.

    Travel times are milliseconds by (from, to), and a pair that is missing has no way. Callouts
    are sorted by time, those of one instant in the order written. A place's weight is that of all
    callouts; ``place_shares`` has those of kinds with places of their own.
    """

    scenario: Scenario
    path: Path
    places: tuple[PlaceRow, ...]
    place_shares: PlaceShares
    nodes: tuple[RoadNode, ...]
    edges: tuple[RoadEdge, ...]
    times: dict[tuple[str, str], int] | None
    hospitals: tuple[HospitalRow, ...]
    callouts: tuple[ListedRow, ...] | None
    coastline: tuple[Line, ...]
    inputs: tuple[InputFile, ...]
    defaults: tuple[str, ...]
    warnings: tuple[Diagnostic, ...]
    resolved: dict[str, Any]
    tree: Node = field(repr=False, compare=False)
    input_names: dict[Loc, str] = field(repr=False, compare=False)
    read: tuple[tuple[str, bytes], ...] = field(repr=False, compare=False)

    def __repr__(self) -> str:
        return f"<ScenarioFile {self.scenario.name}: {self.path.name}, {len(self.places)} places>"

    @property
    def hospital_closures(self) -> tuple[HospitalClosure, ...]:
        """All times in which hospitals are closed: outside their hours, too."""
        return (*self.scenario.map.hospital_closures, *closed_outside_hours(self.hospitals))

    def resolved_yaml(self) -> str:
        """
        Return the scenario with bases and flags merged in, as YAML that can be run again.

        Files are named as they lie in a results folder: ``inputs/`` and the input's name.
        """
        resolved = _with(self.resolved, {loc: f"inputs/{n}" for loc, n in self.input_names.items()})
        return as_yaml(resolved, f"{MODELINE}\n")

    def replace(self, overrides: Mapping[str | tuple[str, ...], object]) -> ScenarioFile:
        """
        Return the scenario with values replaced by path, as in ``{"demand.rate": "40 per day"}``.

        Raises
        ------
        ScenarioError
            With every error, each at its place.

        """
        try:
            tree = lay_flags(self.tree, overrides, self.path.parent)
        except UnreadableError as error:
            raise ScenarioError(list(error.diagnostics)) from None
        return build(self.path, tree, self.read)

    def diagnostic(
        self, loc: Sequence[object], message: str, help: str = "", on_key: bool = False
    ) -> Diagnostic:
        """Return an error at a path of the scenario, at the value written there or its key."""
        spot, known = spot_of(self.tree, loc, on_key)
        return spot.diagnostic(message, help, ".".join(map(str, known)))


def read_scenario(
    path: str | Path, overrides: Mapping[str | tuple[str, ...], object] | None = None
) -> ScenarioFile:
    """
    Read a scenario and every file it names.

    ``overrides`` sets values by path, as in ``{"study.seed": 3}``; they are laid over the file as
    one more overlay, and text among them is read as it would be in the file. Where a name holds
    dots, a path can be a tuple of steps.

    Raises
    ------
    ScenarioError
        With every error, up to twenty, each at its place.

    """
    path = Path(path)
    return build(path, *_as_written(path, overrides))


def scenario_as_written(
    path: str | Path, overrides: Mapping[str | tuple[str, ...], object] | None = None
) -> Node:
    """
    Return what a scenario says with bases and flags merged in, wrong or not.

    Raises
    ------
    ScenarioError
        When it cannot be read at all.

    """
    return _as_written(Path(path), overrides)[0]


def _as_written(
    path: Path, overrides: Mapping[str | tuple[str, ...], object] | None
) -> tuple[Node, list[tuple[str, bytes]]]:
    try:
        tree, read = read_chain(path, str(path))
        return lay_flags(tree, overrides or {}, path.parent), read
    except UnreadableError as error:
        raise ScenarioError(list(error.diagnostics)) from None


def build(path: Path, tree: Node, read: Sequence[tuple[str, bytes]]) -> ScenarioFile:
    """
    Return the scenario that a tree says, with every file it names.

    ``read`` are the names and bytes of the files that the tree was read from.

    Raises
    ------
    ScenarioError
        With every error, up to twenty, each at its place.

    """
    findings = Findings(tree)
    with no_collector():
        gathered, inputs = gather(findings, list(read))
        check_across(findings, gathered)
        scenario = _validated(tree, gathered, findings)
        if scenario is None or findings.diagnostics:
            raise ScenarioError(findings.in_order())
        return _finished(path, scenario, gathered, inputs, findings, read)


def _validated(tree: Node, gathered: FileContents, findings: Findings) -> Scenario | None:
    plain = _with(tree.plain(), {(*loc, "values"): v for loc, v in gathered.values.items()})
    try:
        return Scenario.model_validate(plain, context={"file": True})
    except ValidationError as error:
        note_refusals(error, findings, part_schema())
        return None


def _with(plain: Any, changes: Mapping[Loc, Any]) -> Any:
    """Return plain data with some values replaced; what is not on the way is shared."""
    changed = dict(plain)
    for loc, value in changes.items():
        part = changed
        for step in loc[:-1]:
            inner: Any = part[step]
            part[step] = inner = dict(inner) if isinstance(inner, dict) else list(inner)
            part = inner
        part[loc[-1]] = value
    return changed


def _finished(
    path: Path,
    scenario: Scenario,
    gathered: FileContents,
    inputs: Sequence[InputFile],
    findings: Findings,
    read: Sequence[tuple[str, bytes]],
) -> ScenarioFile:
    places = _places(scenario, gathered)
    callouts = _callouts(scenario, gathered, findings)
    times = _times(scenario, gathered)
    roads = scenario.map.roads
    if callouts is None and not 0 < sum(p.weight for p in places) < float("inf"):
        findings.error(("demand", "where"), "no place has any demand", "write where: equal")
    place_shares = shares_by_kind(findings, scenario, places, gathered.kind_columns)
    places = place_shares.over_all_kinds(scenario, places)
    hospitals = _hospitals(scenario, gathered)
    if not hospitals and any(k.to for k in scenario.demand.kinds.values()):
        findings.error(("map", "hospitals"), "there is no hospital in this table")
    snapped = feasibility.check_places(findings, roads, places, gathered.nodes)
    access = DisruptionChecks(findings, scenario, places, gathered.nodes, gathered.edges, snapped)
    access.all()
    DemandChecks(findings, scenario, places, place_shares, access).all()
    DateChecks(findings, scenario).all()
    check_limits(findings, scenario)
    HospitalChecks(findings, scenario, hospitals).all()
    check_speeds(findings, scenario, gathered.edges)
    _check_areas(findings, scenario, places)
    if findings.diagnostics:
        raise ScenarioError(findings.in_order())
    _ask(findings, scenario, places)
    feasibility.warn_of_unreachable(
        findings, scenario, places, snapped, gathered.edges, times, callouts
    )
    feasibility.warn_of_duty(findings, scenario)
    expected = ExpectedDemand(scenario, places, callouts, place_shares)
    check_targets(findings, scenario, expected)
    if findings.diagnostics:
        raise ScenarioError(findings.in_order())
    warn_of_windows(findings, scenario)
    warn_of_load(findings, scenario, expected)
    warn_of_transports(findings, scenario, expected)
    reached = AccessChecks(expected, access, times)
    reached.closures()
    DutyChecks(findings, scenario, expected, reached.reach()).all()
    return ScenarioFile(
        scenario=scenario,
        path=path,
        places=tuple(places),
        place_shares=place_shares,
        nodes=tuple(gathered.nodes),
        edges=tuple(gathered.edges),
        times=times,
        hospitals=hospitals,
        callouts=callouts,
        coastline=gathered.coastline,
        inputs=tuple(inputs),
        defaults=defaults_used(scenario),
        warnings=tuple(findings.warnings),
        resolved=findings.tree.plain(),
        tree=findings.tree,
        input_names=gathered.names,
        read=tuple(read),
    )


def _ask(findings: Findings, scenario: Scenario, places: Sequence[PlaceRow]) -> None:
    """Ask about what can be meant, but seldom is; rows of tables were asked about when read."""
    if isinstance(scenario.map.places, dict):
        for odd in odd_places(places):
            findings.warn(("map", "places", odd.name), odd.message, odd.help)
    ask_of_values(findings, scenario)
    ask_of_driving(findings, scenario)
    warn_of_local_times(findings, scenario)


def _check_areas(findings: Findings, scenario: Scenario, places: Sequence[PlaceRow]) -> None:
    """Where there is one area, there is no worst of them to judge by."""
    areas = {place.area for place in places}
    if WORST_AREA in scenario.study.primary and len(areas) < 2:
        findings.error(
            ("study", "primary", scenario.study.primary.index(WORST_AREA)),
            f"{WORST_AREA} compares areas, and all places here are in '{''.join(areas)}'",
            "give places an `area`, or take it out",
        )


def _places(scenario: Scenario, gathered: FileContents) -> list[PlaceRow]:
    """Return the places with their demand weights."""
    places = gathered.places
    where = scenario.demand.where
    if isinstance(scenario.map.places, dict):
        places = [
            PlaceRow(name, p.name_ar, p.area or name, p.lat, p.lon, p.weight)
            for name, p in scenario.map.places.items()
        ]
    if isinstance(where, dict):
        return [replace(p, weight=where.get(p.name, 0.0)) for p in places]
    return [replace(p, weight=1.0) for p in places] if where == "equal" else places


def _times(scenario: Scenario, gathered: FileContents) -> dict[tuple[str, str], int] | None:
    roads = scenario.map.roads
    if roads is None or not isinstance(roads.table, dict):
        return gathered.times
    return {
        (start, end): time
        for start, row in roads.table.items()
        for end, time in row.items()
        if time is not None
    }


def _hospitals(scenario: Scenario, gathered: FileContents) -> tuple[HospitalRow, ...]:
    written = scenario.map.hospitals
    if isinstance(written, dict):
        return tuple(
            HospitalRow(
                name,
                h.place,
                None,
                h.offload_bays,
                h.diverts_at,
                h.referral,
                h.begins,
                h.until,
                h.hours,
            )
            for name, h in written.items()
        )
    return tuple(gathered.hospitals)


def _callouts(
    scenario: Scenario, gathered: FileContents, findings: Findings
) -> tuple[ListedRow, ...] | None:
    """Return the callouts written down, by time; warn of those after the run and leave them out."""
    written = scenario.demand.callouts
    if scenario.demand.record is not None:
        return tuple(
            c
            if scenario.demand.kinds[c.kind].to
            else replace(c, transported=None, hand_over_ms=None)
            for c in gathered.callouts or ()
        )
    if written is None:
        return None
    clock, listed = scenario.clock.local, gathered.callouts or []
    if not isinstance(written, str):
        listed = []
        for i, c in enumerate(written):
            at = clock.instant_of(c.at)
            if at < 0:
                loc = ("demand", "callouts", i, "at")
                findings.error(loc, f"this is before the start, {clock.start:%Y-%m-%d %H:%M}")
            listed.append(ListedRow(at, c.place, c.kind, c.on_scene))
    inside = sorted((c for c in listed if c.at_ms < scenario.clock.length), key=lambda c: c.at_ms)
    late = len(listed) - len(inside)
    if late:
        findings.warn(
            ("demand", "callouts"),
            f"{late} of {len(listed)} callouts come after the run and are left out",
        )
    return tuple(inside)
