"""Disruptions: closed roads, checkpoints, curfews, and the capacity of hospitals."""

from typing import Annotated, Any, ClassVar, Literal, Self, TypeAlias

from pydantic import Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema

from .distribution import Distribution, Part
from .quantities import (
    Duration,
    Hours,
    Moment,
    Name,
    Number,
    Proportion,
    Share,
    Whole,
    YesNo,
    refuse,
)
from .references import Label, RefersTo

Corner = tuple[Number, Number]
_PlaceName: TypeAlias = Annotated[Name, RefersTo("place")]
_NodeName: TypeAlias = Annotated[Name, RefersTo("road node")]


class Dated(Part):
    """When something holds: from and until."""

    begins: Moment | None = Field(
        None,
        alias="from",
        description="From when, as `day 1 06:00`; from before the run if not given.",
    )
    until: Moment | None = Field(None, description="Until when; to the end if not given.")


class Window(Dated):
    """When something holds: from, until, and in which hours of the day."""

    hours: Hours | None = Field(
        None, description="In which hours of each day, as 20:00-06:00; all day if not given."
    )


class Closure(Window):
    """
    Roads that no team can use for a time: one road, a named road, or all in an area.

    A road whose middle lies inside ``area`` is in it, and so is one with an end inside.
    """

    name: Annotated[Name, Label()] | None = Field(None, description="Name in explanations.")
    road: Annotated[Name, RefersTo("road")] | None = Field(
        None, description="Name of a road, as the column `road` of the edges has it."
    )
    between: tuple[_PlaceName, _PlaceName] | None = Field(
        None,
        description="Two places: the stretch of `road` between them, or without `road` the "
        "fastest way.",
    )
    edge: tuple[_NodeName, _NodeName] | None = Field(
        None, description="Two neighbouring road nodes, as the table of edges names them."
    )
    area: tuple[Corner, ...] | None = Field(
        None,
        min_length=3,
        description="Corners of an area in which no road can be taken: [[lat, lon], ...].",
    )
    known: Literal["announced", "discovered"] = Field(
        "announced",
        description="Whether it is announced, or discovered by the first team that meets it.",
    )
    known_after: Duration = Field(
        0, ge=0, description="Closed to announced; a team may meet it sooner. [duration]"
    )

    @model_validator(mode="after")
    def _one_way_of_saying_where(self) -> Self:
        said = [w for w in ("edge", "area") if getattr(self, w) is not None]
        said += ["road or between"] * (self.road is not None or self.between is not None)
        if len(said) != 1:
            raise refuse(
                "a closure is of a road (road, between), an edge or an area; found "
                + (" and ".join(said) or "none of them"),
                "write road: M1, between: [Jablah, Banyas]",
            )
        if self.known == "discovered" and self.known_after:
            raise refuse("what is only discovered is never announced", "remove known_after")
        return self

    @property
    def said(self) -> str:
        """Its name, or else which roads it is of."""
        if self.name is not None:
            return self.name
        if self.edge is not None:
            return "the road {}-{}".format(*self.edge)
        if self.area is not None:
            return "a closed area"
        road = self.road or "the road"
        return road if self.between is None else "{} between {} and {}".format(road, *self.between)


class Checkpoint(Window):
    """A stop on the road: at every road into a place, or on one road between two nodes."""

    name: Annotated[Name, Label()] | None = Field(None, description="Name in explanations.")
    place: _PlaceName | None = Field(None, description="On every road into this place.")
    edge: tuple[_NodeName, _NodeName] | None = Field(
        None, description="On the road between two neighbouring nodes, both ways."
    )
    delay: Distribution = Field(description="Time lost each time it is passed. [duration]")
    refusal: Share = Field(
        0.0, le=0.9, description="Share of passages at which a team is refused. [%]"
    )
    retry_after: Duration = Field(
        3_600_000,
        gt=0,
        description="Time after which a refused team may be sent there again. [duration]",
    )

    @model_validator(mode="after")
    def _one_way_of_saying_where(self) -> Self:
        if (self.place is None) == (self.edge is None):
            found = "neither" if self.place is None else "both"
            raise refuse(f"a checkpoint is at a place or on an edge; found {found}")
        return self


class Curfew(Window):
    """Hours in which every team drives at another speed."""

    speed: Proportion = Field(
        gt=0, le=3, description="Speed in these hours, of what it would be otherwise. [%]"
    )


class Weather(Window):
    """Hours, days or a season in which every team drives at another speed."""

    name: Annotated[Name, Label()] | None = Field(None, description="Name, as `heavy rain`.")
    speed: Proportion = Field(
        gt=0, le=3, description="Speed in this weather, of what it would be otherwise. [%]"
    )


class Hospital(Part):
    """A hospital: where it is and how many teams it can receive at once."""

    short_form: ClassVar[str | None] = "place"

    place: _PlaceName = Field(description="The place it is in.")
    offload_bays: Whole | None = Field(
        None,
        ge=1,
        le=1000,
        description="Handovers at the same time, one in each bay; any number if not given.",
    )
    diverts_at: Whole | None = Field(
        None,
        ge=1,
        le=1000,
        description="Teams there or on their way at which it is full: others are chosen while "
        "there are any.",
    )
    referral: YesNo = Field(
        False, description="Outside the region: for when those in the region are closed or full."
    )
    begins: Moment | None = Field(
        None,
        alias="from",
        description="When it opens, nobody being taken there before; always open if not given.",
    )
    until: Moment | None = Field(
        None, description="When it closes, nobody being taken there from then on."
    )
    hours: Hours | None = Field(
        None,
        description="In which hours of each day people are taken there, as 08:00-20:00; all day if "
        "not given.",
    )

    @model_validator(mode="before")
    @classmethod
    def _place_alone(cls, written: Any) -> Any:
        """A hospital's place says all of it where nothing limits it."""
        return {cls.short_form: written} if isinstance(written, str) else written

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [{"type": "string", "description": "its place"}, handler(schema)]}


class HospitalClosure(Window):
    """A hospital that accepts no patients for a time; teams already on the way are received."""

    hospital: Annotated[Name, RefersTo("hospital")] = Field(
        description="The hospital that is closed."
    )
