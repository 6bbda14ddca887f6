"""The map: places, roads, hospitals and disruptions."""

from typing import Annotated, Self, TypeAlias

from pydantic import Field, Tag, model_validator

from sim import units

from ..text.tags import FILE, HERE, text_or_here
from .crews import ZERO
from .disruption_models import (
    Checkpoint,
    Closure,
    Curfew,
    Hospital,
    HospitalClosure,
    Weather,
)
from .distribution import Distribution, Part, TimeUnit
from .quantities import (
    Duration,
    Hours,
    Length,
    Name,
    Number,
    Priority,
    Proportion,
    RoadSpeed,
    Share,
    refuse,
)
from .references import Defines, Label, RefersTo


class Place(Part):
    """A place where callouts happen, written in the scenario itself."""

    lat: Number | None = Field(None, ge=-90, le=90, description="Latitude. [degrees]")
    lon: Number | None = Field(None, ge=-180, le=180, description="Longitude. [degrees]")
    weight: Number = Field(
        1.0, ge=0, description="Share of the demand, relative to the other places."
    )
    area: Annotated[str, Defines("area")] | None = Field(
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

    day: RoadSpeed | None = Field(
        None,
        description="By day: a share (100%) on a road network, a speed (45 km/h) on straight "
        "lines.",
    )
    night: RoadSpeed | None = Field(None, description="By night; as by day if not given.")
    hours: tuple[Proportion, ...] | None = Field(
        None,
        min_length=24,
        max_length=24,
        description="Speed in each hour from 00:00, of the day's: 24 shares, as 80%. In place of "
        "`night`.",
    )


_PlaceName: TypeAlias = Annotated[Name, RefersTo("place")]
TimesTable: TypeAlias = dict[_PlaceName, dict[_PlaceName, Duration | None]]


class Roads(Part):
    """How teams travel: a road network, straight lines with a circuity, or a table of times."""

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
    kmh: dict[Annotated[Name, Label()], Number] = Field(
        default_factory=dict,
        description="Speed of each class of road in a `network`, where the road itself gives none.",
    )
    travel_time_cv: Share | None = Field(
        None,
        description="Coefficient of variation of a drive to a callout or hospital (standard "
        "deviation over mean), where the roads have no `sd`; every drive takes its expected time "
        "if not given. [%]",
    )
    snap: Length = Field(
        500, description="How far a place may lie from its nearest road node. [length]"
    )
    circuity: Number | None = Field(
        None, ge=1, le=5, description="Road length over straight line, for straight-line travel."
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
        "An empty cell means no access.",
    )
    unit: TimeUnit = Field("min", description="Unit of the numbers in a table read from CSV.")
    speed: Speed = Field(Speed.model_construct(), description="Speeds by day and night.")

    @property
    def is_network(self) -> bool:
        """Whether these are roads, and not straight lines or a table."""
        return self.nodes is not None or self.network is not None

    @model_validator(mode="after")
    def _one_way_of_getting_about(self) -> Self:
        tables = self.nodes is not None or self.edges is not None
        network = tables or self.network is not None
        ways = tables + sum(w is not None for w in (self.network, self.circuity, self.table))
        if ways != 1:
            raise refuse(
                "roads are a network (nodes and edges, or network), straight lines (circuity) or a "
                f"table; found {'none' if ways == 0 else 'more than one'} of the three"
            )
        if tables and (self.nodes is None or self.edges is None):
            missing = "nodes" if self.nodes is None else "edges"
            raise refuse(f"a road network needs both nodes and edges; {missing} is missing")
        self._check_speed(network)
        return self

    def _check_speed(self, network: bool) -> None:
        straight = self.circuity is not None
        if straight and self.speed.day is None:
            raise refuse("straight lines need a speed", "add speed: {day: 45 km/h}")
        for name in ("day", "night"):
            speed = getattr(self.speed, name)
            if speed is None:
                continue
            if straight and speed.kmh is None:
                raise refuse(
                    "straight lines need a speed in km/h", "write '45 km/h'", ("speed", name)
                )
            if not straight and speed.share is None:
                what = "a road network has its own speeds" if network else "a table has no speeds"
                raise refuse(f"{what}; this takes a share", "write '80%'", ("speed", name))


_ByPriority: TypeAlias = dict[Priority, Annotated[Proportion, Field(gt=0, le=3)]]


class LightsAndSirens(Part):
    """
    How fast teams drive with lights and sirens, by the priority of their callout.

    A priority that is not named is driven to at ordinary speed, and so are all drives to bases.
    """

    to_scene: _ByPriority = Field(
        default_factory=dict,
        description="Speed on the way to a scene, of the ordinary, by priority, as {1: 130%}.",
    )
    to_hospital: _ByPriority = Field(
        default_factory=dict,
        description="Speed with people on the way to hospital, of the ordinary, by priority.",
    )


class Map(Part):
    """Places, roads and hospitals."""

    places: Annotated[
        Annotated[str, Tag(FILE)]
        | Annotated[dict[Annotated[Name, Defines("place")], Place], Field(min_length=1), Tag(HERE)],
        text_or_here,
    ] = Field(description="CSV of places (name, lat, lon, ...), or the places themselves.")
    roads: Roads | None = Field(
        None, description="How teams travel; needed if there are two places or more."
    )
    hospitals: Annotated[
        Annotated[str, Tag(FILE)]
        | Annotated[dict[Annotated[Name, Defines("hospital")], Hospital], Tag(HERE)],
        text_or_here,
    ] = Field(
        default_factory=dict,
        description="CSV of hospitals (name, place; offload_bays, diverts_at, referral, from, "
        "until and hours may follow), or a hospital's name and its place.",
    )
    hospital_closures: tuple[HospitalClosure, ...] = Field(
        (), description="Hospitals that accept no patients for a time."
    )
    closures: tuple[Closure, ...] = Field((), description="Roads closed for a time.")
    checkpoints: tuple[Checkpoint, ...] = Field((), description="Stops on the road.")
    curfews: tuple[Curfew, ...] = Field(
        (), description="Hours in which every team drives at another speed."
    )
    weather: tuple[Weather, ...] = Field(
        (), description="Weather or seasons in which every team drives at another speed."
    )
    lights_and_sirens: LightsAndSirens = Field(
        LightsAndSirens.model_construct(), description="Speed with lights and sirens, by priority."
    )
    local_travel: Distribution = Field(
        ZERO,
        description="From the place's centre to the door, added to each drive to or from a scene. "
        "[duration]",
    )
    night: Hours = Field(
        (units.MS_PER["h"] * 20, units.MS_PER["h"] * 6),
        description="Hours in which the night speed holds, as 20:00-06:00.",
    )
    coastline: str | None = Field(None, description="GeoJSON of lines drawn behind maps.")
    attribution: tuple[str, ...] = Field((), description="Lines printed under every map.")
