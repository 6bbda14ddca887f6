"""
What people write in a scenario file, as frozen pydantic models.

Durations are whole milliseconds, distances whole metres, speeds kilometres an hour, rates
callouts a day and shares fractions, once read; in the file each carries its unit.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, Tag, model_validator

from sim import units

from .access import Checkpoint, Closure, Curfew, Hospital, HospitalClosure
from .crews import NOUGHT, Base, Shift, Team, Vehicle, Volunteers
from .distribution import Distribution, Law, Part, TimeUnit
from .pressure import Clusters, Danger, DayToDay, Deferral, Device, Incident, Several, Surge
from .quantities import (
    Duration,
    Hours,
    Length,
    Moment,
    Name,
    Number,
    Pace,
    Precision,
    Proportion,
    Rate,
    Share,
    StartTime,
    Timing,
    Whole,
    YesNo,
    refuse,
)
from .records import Record
from .studies import Alternative, Margin, Replications, Rule, Study, Target
from .tags import FILE, HERE, text_or_here


class Clock(Part):
    """When the measured period begins and how long it lasts."""

    start: StartTime = Field(
        description="Local time at which the measured period begins, as 2025-03-06 06:00."
    )
    timezone: str = Field(
        "Asia/Damascus",
        description="Name of the time zone; a label, the clock has no summer time.",
    )
    run: Duration = Field(description="Length of the measured period. [duration]")
    warm_up: Timing = Field(
        0, description="Simulated before the start and cut out; 0 min starts empty. [duration]"
    )


class Place(Part):
    """A place where callouts happen, written in the scenario itself."""

    lat: Number | None = Field(None, ge=-90, le=90, description="Latitude. [degrees]")
    lon: Number | None = Field(None, ge=-180, le=180, description="Longitude. [degrees]")
    weight: Number = Field(
        1.0, ge=0, description="Share of the demand, relative to the other places."
    )
    area: str | None = Field(
        None, description="Area it is counted under; its own name if not given."
    )
    name_ar: str | None = Field(None, description="Arabic name, for maps.")

    @model_validator(mode="after")
    def _both_coordinates(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise refuse("latitude and longitude go together: give both lat and lon, or neither")
        return self


class Speed(Part):
    """Driving speed by day and night: a share of each road's own speed, or a speed."""

    day: Pace | None = Field(
        None,
        description="By day: a share (100%) on a road network, a speed (45 km/h) on straight "
        "lines.",
    )
    night: Pace | None = Field(None, description="By night; as by day if not given.")
    hours: tuple[Proportion, ...] | None = Field(
        None,
        min_length=24,
        max_length=24,
        description="Speed in each hour from 00:00, of the day's: 24 shares, as 80%. In place of "
        "`night`.",
    )


TimesTable: TypeAlias = dict[Name, dict[Name, Duration | None]]


class Roads(Part):
    """How teams get about: a road network, straight lines with a detour, or a table of times."""

    nodes: str | None = Field(None, description="CSV of road nodes: node, lat, lon.")
    edges: str | None = Field(
        None,
        description="CSV of road edges: from, to, km, kmh (or kmh_assumed); road_class, "
        "provenance and one_way may follow, and for routing rules sd (standard deviation of the "
        "drive, a share of its time, as 20%), exposure (declared danger, 0 none), no_go "
        "(yes or no) and road (its name, for closures).",
    )
    network: str | None = Field(
        None,
        description="In place of nodes and edges: a network as GraphML from osmnx (.graphml), "
        "lines as GeoJSON (.geojson), or an OpenStreetMap extract (.osm, .osm.pbf).",
    )
    kmh: dict[Name, Number] = Field(
        default_factory=dict,
        description="Speed of each class of road in a `network`, where the road itself gives none.",
    )
    uncertainty: Share | None = Field(
        None,
        description="Standard deviation of a drive to a callout or hospital, of its expected "
        "time, where the roads have no `sd`; every drive takes its expected time if not given. [%]",
    )
    snap: Length = Field(
        500, description="How far a place may lie from its nearest road node. [length]"
    )
    detour: Number | None = Field(
        None, ge=1, le=5, description="Road length over straight line; straight-line model."
    )
    table: (
        Annotated[
            Annotated[str, Tag(FILE)] | Annotated[TimesTable, Tag(HERE)],
            text_or_here,
        ]
        | None
    ) = Field(
        None,
        description="Travel times from (row) to (column): a CSV, or written here. "
        "An empty cell means no way.",
    )
    unit: TimeUnit = Field("min", description="Unit of the numbers in a table read from CSV.")
    speed: Speed = Field(Speed(), description="Speeds by day and night.")

    @property
    def is_network(self) -> bool:
        """Whether these are roads, and not straight lines or a table."""
        return self.nodes is not None or self.network is not None

    @model_validator(mode="after")
    def _one_way_of_getting_about(self) -> Self:
        tables = self.nodes is not None or self.edges is not None
        network = tables or self.network is not None
        ways = tables + sum(w is not None for w in (self.network, self.detour, self.table))
        if ways != 1:
            raise refuse(
                "roads are a network (nodes and edges, or network), straight lines (detour) or a "
                f"table; found {'none' if ways == 0 else 'more than one'} of the three"
            )
        if tables and (self.nodes is None or self.edges is None):
            missing = "nodes" if self.nodes is None else "edges"
            raise refuse(f"a road network needs both nodes and edges; {missing} is missing")
        self._check_speed(network)
        return self

    def _check_speed(self, network: bool) -> None:
        straight = self.detour is not None
        if straight and self.speed.day is None:
            raise refuse("straight lines need a speed", "add speed: {day: 45 km/h}")
        for name in ("day", "night"):
            pace = getattr(self.speed, name)
            if pace is None:
                continue
            if straight and pace.kmh is None:
                raise refuse(
                    "straight lines need a speed in km/h", "write '45 km/h'", ("speed", name)
                )
            if not straight and pace.share is None:
                what = "a road network has its own speeds" if network else "a table has no speeds"
                raise refuse(f"{what}; this takes a share", "write '80%'", ("speed", name))


class Map(Part):
    """Places, roads and hospitals."""

    places: Annotated[
        Annotated[str, Tag(FILE)] | Annotated[dict[Name, Place], Field(min_length=1), Tag(HERE)],
        text_or_here,
    ] = Field(description="CSV of places (name, lat, lon, ...), or the places themselves.")
    roads: Roads | None = Field(
        None, description="How teams get about; needed as soon as there are two places."
    )
    hospitals: Annotated[
        Annotated[str, Tag(FILE)] | Annotated[dict[Name, Hospital], Tag(HERE)], text_or_here
    ] = Field(
        default_factory=dict,
        description="CSV of hospitals (name, place; doors, diverts_at and referral may follow), "
        "or a hospital's name and its place.",
    )
    hospital_closures: tuple[HospitalClosure, ...] = Field(
        (), description="Hospitals that take nobody for a time."
    )
    closures: tuple[Closure, ...] = Field((), description="Roads closed for a time.")
    checkpoints: tuple[Checkpoint, ...] = Field((), description="Stops on the road.")
    curfews: tuple[Curfew, ...] = Field((), description="Hours with another speed.")
    last_mile: Distribution = Field(
        NOUGHT,
        description="From the place's centre to the door, added to each drive to or from a scene. "
        "[duration]",
    )
    night: Hours = Field(
        (units.MS_PER["h"] * 20, units.MS_PER["h"] * 6),
        description="Hours in which the night speed holds, as 20:00-06:00.",
    )
    coastline: str | None = Field(None, description="GeoJSON of lines drawn behind maps.")
    attribution: tuple[str, ...] = Field((), description="Lines printed under every map.")


class Survival(Part):
    """A declared value of coming soon: the chance of survival halves with every half-life."""

    at_once: Share = Field(1.0, description="Chance for a team on scene at once. [%]")
    half_life: Duration = Field(gt=0, description="Time in which the chance halves. [duration]")
    until: Literal["response", "rescue"] = Field(
        "response",
        description="Counted until the first team is on scene, or until the work there is done, "
        "as for people who are trapped.",
    )


class Kind(Part):
    """A kind of callout: how often, how urgent, what it needs and how long it takes."""

    share: Share = Field(description="Share of all callouts. [%]")
    priority: Whole = Field(1, ge=1, le=9, description="1 is the most urgent.")
    crew: Whole = Field(1, ge=1, le=1000, description="People needed on scene.")
    needs: tuple[Name, ...] = Field(
        (),
        description="Skills and vehicles needed, as teams have them; `[pump, pump]` is two teams "
        "with one.",
    )
    on_scene: Distribution = Field(description="Work on scene for the full crew. [duration]")
    on_scene_at: dict[Name, Distribution] = Field(
        default_factory=dict, description="Work on scene at named places, where it differs."
    )
    to: Literal["hospital"] | None = Field(None, description="Where people are taken, if anywhere.")
    transported: Share = Field(
        1.0,
        description="Share of these callouts that end in a transport, where `to` is given. [%]",
    )
    hand_over: Distribution = Field(NOUGHT, description="Hand-over at the hospital. [duration]")
    gives_up: Distribution | None = Field(
        None,
        description="How long a caller waits for a team to be sent before giving up. [duration]",
    )
    relieved_after: Duration | None = Field(
        None,
        gt=0,
        description="How long a team stays on scene before another is sent to relieve it. "
        "[duration]",
    )
    survival: Survival | None = Field(
        None, description="Declared value of coming soon, for comparisons; not medicine."
    )
    people: Several | None = Field(
        None, description="How many people it is about, where it may be more than one."
    )
    permission: Distribution | None = Field(
        None, description="Wait for the authority's permission before anybody is sent. [duration]"
    )
    documentation: Distribution | None = Field(
        None, description="Further work on scene for the record. [duration]"
    )
    deferrable: Deferral | None = Field(
        None, description="For work that can wait and never goes before other callouts."
    )
    danger: Danger | None = Field(None, description="For scenes that are unsafe at first.")
    device: Device | None = Field(None, description="For scenes with a device to be cleared.")
    exposure: Number | None = Field(
        None,
        ge=0,
        le=1000,
        description="Declared danger on scene, 0 none: each person's minute counts as so many "
        "minutes of exposure.",
    )


class ListedCallout(Part):
    """One callout written down, in place of generated ones."""

    at: Moment = Field(description="When it is received: `day 1 06:30`, or a date and time.")
    place: Name = Field(description="Where.")
    kind: Name = Field(description="Which kind.")
    on_scene: Duration | None = Field(
        None, description="Work on scene; drawn from the kind if not given. [duration]"
    )


class Demand(Part):
    """How many callouts come, when, where and of which kind."""

    rate: Rate | None = Field(None, gt=0, description="Mean number of callouts, as 30 per day.")
    scale: Proportion = Field(
        1.0,
        gt=0,
        le=100,
        description="Scales the rate; the callouts of a smaller scale are among those of a "
        "larger. [%]",
    )
    hours: tuple[Number, ...] = Field(
        (1.0,) * 24, description="Relative demand in each hour from 00:00; 24 numbers."
    )
    weekdays: tuple[Number, ...] = Field(
        (1.0,) * 7, description="Relative demand on each day from Monday; 7 numbers."
    )
    where: Annotated[
        Annotated[str, Tag(FILE)] | Annotated[dict[Name, Number], Tag(HERE)], text_or_here
    ] = Field("weight", description="Weight column of the places, `equal`, or weights by place.")
    kinds: dict[Name, Kind] = Field(
        min_length=1, description="Kinds of callout; their shares add up to 100%."
    )
    callouts: (
        Annotated[
            Annotated[str, Tag(FILE)] | Annotated[tuple[ListedCallout, ...], Tag(HERE)],
            text_or_here,
        ]
        | None
    ) = Field(
        None,
        description="Callouts written here, or a CSV (at, place, kind, on_scene), "
        "in place of a rate.",
    )
    record: Record | None = Field(
        None, description="A real record of past callouts, in place of a rate."
    )
    day_to_day: DayToDay | None = Field(None, description="Days that differ beyond chance.")
    surges: tuple[Surge, ...] = Field((), description="More or fewer callouts for a time.")
    clusters: Clusters | None = Field(None, description="Callouts that set off others.")
    incidents: tuple[Incident, ...] = Field((), description="Single large incidents.")


class Desk(Part):
    """How the dispatch desk works, apart from its policies."""

    call_handling: Distribution = Field(
        NOUGHT, description="Received to ready to dispatch. [duration]"
    )
    turnout: Distribution = Field(
        NOUGHT, description="Dispatched to moving, for a team at a base. [duration]"
    )
    shift_end: Literal["finish", "drop", "hand over", "relieve"] = Field(
        "finish",
        description="What a shift's end does to the callout in hand; `relieve`: the team stays "
        "on scene until another has come.",
    )
    send_returning: YesNo = Field(
        True, description="Whether a team on its way home may be sent on from where it is."
    )


class Scenario(Part):
    """A scenario as a planner writes it."""

    format: Literal[1] = Field(1, description="Version of this file format.")
    name: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
        description="Short name: letters, digits, - and _.",
    )
    title: str = Field("", max_length=200, description="Title for plots; the name if not given.")
    about: str = Field("", description="What it is about, what is fact and what is assumed.")
    sources: tuple[str, ...] = Field((), description="Where the facts come from.")
    assumptions: tuple[str, ...] = Field((), description="What is assumed.")
    clock: Clock = Field(description="Start, length and warm-up.")
    map: Map = Field(description="Places, roads and hospitals.")
    demand: Demand = Field(description="Callouts.")
    bases: dict[Name, Base] = Field(min_length=1, description="Where teams wait.")
    teams: dict[Name, Team] = Field(min_length=1, description="Teams.")
    shifts: dict[Name, Shift] = Field(default_factory=dict, description="Hours on duty, by name.")
    volunteers: dict[Name, Volunteers] = Field(
        default_factory=dict, description="People who come from home when alerted."
    )
    vehicles: dict[Name, Vehicle] = Field(
        default_factory=dict, description="Vehicles apart from the teams that may take them."
    )
    desk: Desk = Field(Desk(), description="How the desk works.")
    policies: dict[Name, Alternative] = Field(
        default_factory=lambda: {"closest": Alternative()},
        min_length=1,
        description="Alternatives to compare; the first is the baseline.",
    )
    targets: tuple[Target, ...] = Field((), description="Promises to measure against.")
    study: Study = Field(Study(), description="Seed and replications.")


__all__ = [
    "Alternative",
    "Base",
    "Clock",
    "Demand",
    "Desk",
    "Distribution",
    "Kind",
    "Law",
    "ListedCallout",
    "Map",
    "Margin",
    "Part",
    "Place",
    "Precision",
    "Replications",
    "Roads",
    "Rule",
    "Scenario",
    "Shift",
    "Speed",
    "Study",
    "Survival",
    "Target",
    "Team",
]
