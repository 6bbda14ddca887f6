"""Demand as it is: uneven days, surges, clusters, large incidents; danger and deferred work."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from .crews import ZERO
from .disruption_models import Dated, Window
from .distribution import Distribution, Part
from .quantities import (
    CalendarDay,
    Duration,
    Moment,
    Name,
    Number,
    Proportion,
    Share,
    Whole,
    refuse,
)
from .references import Label, RefersTo

MOST_A_DAY = 262_144  # callouts at the rate of the busiest hour: a bound on what can be drawn


class DayToDay(Part):
    """
    Days that differ more than chance alone: each day's rate is multiplied by a gamma factor.

    Its mean is 1, and its variance such that the counts of an average day vary as asked, at the
    `rate` as written: under `scale` s they have 1 + s (v - 1), and days with more callouts, as by
    a surge, vary by more in the same way.
    """

    dispersion_index: Number = Field(
        gt=1,
        le=1000,
        description="Index of dispersion of daily counts: variance over mean; 1 is Poisson.",
    )


class Season(Dated):
    """
    A part of the run with another demand that everybody knows beforehand: Ramadan, holidays.

    From an instant until another, or a list of whole days.
    """

    name: Annotated[Name, Label()] | None = Field(None, description="Its name, in messages.")
    dates: tuple[CalendarDay, ...] | None = Field(
        None,
        min_length=1,
        description="In place of `from` and `until`: whole days by local time, such as holidays, "
        "as [2025-03-31, 2025-04-01].",
    )
    scale: Proportion = Field(
        ge=0, le=100, description="Demand in this time over what it would be otherwise. [%]"
    )

    @model_validator(mode="after")
    def _one_way_of_saying_when(self) -> Self:
        if self.dates is not None and (self.begins, self.until) != (None, None):
            raise refuse(
                "a season is from and until an instant, or on dates; found both", at=("dates",)
            )
        return self


class Surge(Window):
    """
    More callouts, or fewer, for a time: everywhere, at a place or in an area.

    Where surges overlap, their increases add up, relative to the demand without any: 2 and 3 make 4
    times. Those below 1 multiply, and take from what others add, too.
    """

    name: Annotated[Name, Label()] | None = Field(
        None, description="Its name; if given, its random numbers are keyed by it."
    )
    place: Annotated[Name, RefersTo("place")] | None = Field(
        None, description="At this place only."
    )
    area: Annotated[Name, RefersTo("area")] | None = Field(
        None, description="In the places of this area only."
    )
    kinds: tuple[Annotated[Name, RefersTo("kind")], ...] = Field(
        (), description="Of these kinds only."
    )
    factor: Number = Field(
        ge=0, le=1000, description="Demand in this time over what it would be otherwise."
    )

    @model_validator(mode="after")
    def _one_way_of_saying_where(self) -> Self:
        if self.place is not None and self.area is not None:
            raise refuse("a surge is at a place or in an area; found both")
        return self


class Clusters(Part):
    """
    Callouts that trigger others of their kind at the same place, and these others in turn.

    A self-exciting (Hawkes) process in its cluster form.

    What was triggered before the warm-up is not there; listed callouts and incidents trigger none.
    """

    branching_ratio: Number = Field(
        ge=0, le=0.95, description="Callouts that each one triggers directly, on average."
    )
    after: Distribution = Field(description="From one to each that it triggers. [duration]")
    kinds: tuple[Annotated[Name, RefersTo("kind")], ...] = Field(
        (), description="Kinds that cluster; all if none is given."
    )


class Casualties(Part):
    """People found at a large incident, each a callout of its own."""

    number: Whole = Field(ge=1, le=10_000, description="How many people are found.")
    kind: Annotated[Name, RefersTo("kind")] = Field(description="Kind of callout of each.")
    found: Distribution = Field(ZERO, description="From the incident to each found. [duration]")


class Incident(Part):
    """A single large incident: a collapse, a fire front."""

    name: Annotated[Name, Label()] | None = Field(
        None, description="Its name; if given, its random numbers are keyed by it."
    )
    at: Moment = Field(description="When: `day 9 17:00`, or a date and time.")
    place: Annotated[Name, RefersTo("place")] = Field(description="The place where it happens.")
    kind: Annotated[Name, RefersTo("kind")] = Field(description="Kind of callout of each site.")
    sites: Whole = Field(1, ge=1, le=10_000, description="Sites, each worked on separately.")
    over: Duration = Field(
        0, ge=0, description="Time within which its sites are reported, evenly drawn. [duration]"
    )
    team_hours: Number | None = Field(
        None,
        gt=0,
        le=1_000_000,
        description="Work of all sites together, in hours of the crew that the kind needs; drawn "
        "from the kind if not given.",
    )
    casualties: Casualties | None = Field(None, description="People found, to be taken over.")


class MultiplePeople(Part):
    """More than one person at a callout: one, and a Poisson number of others."""

    mean: Number = Field(ge=1, le=500, description="Mean number of people.")
    on_scene: Distribution = Field(
        ZERO, description="Further work on scene for each after the first. [duration]"
    )
    handover: Distribution = Field(
        ZERO, description="Further handover time for each after the first. [duration]"
    )


class Transport(Part):
    """Who takes people to hospital."""

    by: Annotated[Name, RefersTo("capability")] | None = Field(
        None,
        description="Capability of the teams that do, one that `carries` in `capabilities`; the "
        "first of the kind's needs that carries if not given. Where none does, it is the first "
        "team sent.",
    )


class SceneHazard(Part):
    """Scenes that are unsafe at first: teams are staged until they may enter."""

    share: Share = Field(1.0, description="Share of these callouts that are unsafe at first. [%]")
    safe_after: Distribution = Field(description="Received to safe to enter. [duration]")
    withdraw_after: Duration | None = Field(
        None,
        gt=0,
        description="How long a team is staged before it is withdrawn; one is sent again when the "
        "scene is safe. It stays staged until then if not given. [duration]",
    )


class ExplosiveHazard(Part):
    """Explosive ordnance found on scene: no work there until a team has cleared it."""

    share: Share = Field(1.0, description="Share of these callouts with an explosive hazard. [%]")
    needs: tuple[Annotated[Name, RefersTo("capability")], ...] = Field(
        min_length=1, description="Capabilities that the team which clears it has, all of them."
    )
    clearance: Distribution = Field(
        description="Work of that team until the hazard is cleared. [duration]"
    )


class Deferral(Part):
    """Work that can wait: begun while enough teams are free for the living, never before them."""

    min_free_teams: Whole = Field(
        1, ge=0, le=1000, description="Teams that stay free for others when it is begun."
    )
    max_hold: Duration = Field(
        43_200_000,
        gt=0,
        description="How long it is deferred at most; after that any free team is sent that no "
        "more urgent callout needs. [duration]",
    )
