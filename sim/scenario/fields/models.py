"""
What people write in a scenario file, as frozen pydantic models.

Durations are whole milliseconds, distances whole metres, speeds kilometres an hour, rates
callouts a day and shares fractions, once read; in the file each carries its unit.
"""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, Tag, model_validator

from sim.local_clock import LocalClock, local_clock

from ..text.tags import FILE, HERE, text_or_here
from .capabilities import Capability
from .crews import ZERO, Base, Shift, TeamEntry, VehicleEntry, Volunteers
from .demand_models import (
    Clusters,
    DayToDay,
    Deferral,
    ExplosiveHazard,
    Incident,
    MultiplePeople,
    SceneHazard,
    Season,
    Surge,
    Transport,
)
from .distribution import Distribution, Part, Shape
from .maps import Map, Place, Roads, Speed
from .quantities import (
    Change,
    Duration,
    Moment,
    Name,
    Number,
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
from .references import Defines, RefersTo
from .studies import AlternativeEntry, Margin, Replications, Rule, StudySection, Target


class ClockSection(Part):
    """When the measured period begins and how long it lasts."""

    start: StartTime = Field(
        description="Local time at which the measured period begins, as 2025-03-06 06:00."
    )
    timezone: str = Field(
        "Asia/Damascus",
        description="Name of the time zone, as Europe/Berlin; records of other zones are converted "
        "to it. Where clocks there are put forward or back in the run, those of the run are, too.",
    )
    length: Duration = Field(description="Length of the measured period. [duration]")
    warm_up: Timing = Field(
        0,
        description="Simulated before the start and discarded; 0 min starts with all teams free. "
        "[duration]",
    )

    @property
    def local(self) -> LocalClock:
        """What clocks show in the run, and when: the start with its time zone."""
        return local_clock(self.start, self.timezone, -self.warm_up, self.length)


class Survival(Part):
    """A declared value of an early response: the chance of survival halves with every half-life."""

    initial: Share = Field(1.0, description="Chance if a team were on scene immediately. [%]")
    half_life: Duration = Field(gt=0, description="Time in which the chance halves. [duration]")
    until: Literal["response", "rescue"] = Field(
        "response",
        description="Counted until the first team is on scene, or until the work there is done, "
        "as for people who are trapped.",
    )


PlaceWeights: TypeAlias = Annotated[
    Annotated[str, Tag(FILE)]
    | Annotated[dict[Annotated[Name, RefersTo("place")], Number], Tag(HERE)],
    text_or_here,
]


class Kind(Part):
    """
    A kind of callout: how often, where and when, how urgent, what it needs and how long it takes.

    What it gives of `where`, `hours`, `weekdays` and `months` is in place of the demand's own.
    """

    share: Share = Field(description="Share of all callouts, over whole weeks of a year. [%]")
    where: PlaceWeights | None = Field(
        None,
        description="Where it happens, if not as all callouts: a column of the places, `equal`, or "
        "weights by place.",
    )
    areas: dict[Annotated[Name, RefersTo("area")], Number] | None = Field(
        None,
        min_length=1,
        description="Weights by area, in place of `where`; places share that of their area as they "
        "share all callouts.",
    )
    hours: tuple[Number, ...] | None = Field(
        None, description="Its own relative demand in each hour from 00:00; 24 numbers."
    )
    weekdays: tuple[Number, ...] | None = Field(
        None, description="Its own relative demand on each day from Monday; 7 numbers."
    )
    months: tuple[Number, ...] | None = Field(
        None, description="Its own relative demand a day in each month from January; 12 numbers."
    )
    seasons: tuple[Season, ...] | None = Field(
        None, description="Parts of the run with more or fewer of it, as known beforehand."
    )
    begins: Moment | None = Field(
        None,
        alias="from",
        description="First instant at which there are any; from before the run if not given.",
    )
    until: Moment | None = Field(
        None, description="Instant from which there are none; to the end if not given."
    )
    priority: Whole = Field(1, ge=1, le=9, description="1 is the most urgent.")
    crew: Whole = Field(1, ge=1, le=1000, description="People needed on scene.")
    needs: tuple[Annotated[Name, RefersTo("capability")], ...] = Field(
        (),
        description="Capabilities needed, as teams have them; `[pump, pump]` is two teams with "
        "one.",
    )
    needs_for: Literal["completion", "start", "dispatch"] = Field(
        "completion",
        description="What needs are a condition for: `completion`: work starts with whoever is "
        "there, but is not completed before each has been on scene; `start`: work does not start "
        "before all are on scene; `dispatch`: they only say who is sent.",
    )
    on_scene: Distribution = Field(description="Work on scene for the full crew. [duration]")
    on_scene_at: dict[Annotated[Name, RefersTo("place")], Distribution] = Field(
        default_factory=dict, description="Work on scene at named places, where it differs."
    )
    to: Literal["hospital"] | None = Field(None, description="Where people are taken, if anywhere.")
    transported: Share = Field(
        1.0,
        description="Share of these callouts that end in a transport of all their people, where "
        "`to` is given. [%]",
    )
    transport: Transport = Field(
        Transport.model_construct(), description="Who takes people to hospital."
    )
    handover: Distribution = Field(
        ZERO, description="Handover at the hospital, in an offload bay. [duration]"
    )
    abandons_after: Distribution | None = Field(
        None,
        description="Ready to dispatch to abandoned by the caller, if no team has been sent. "
        "[duration]",
    )
    relief_after: Duration | None = Field(
        None,
        gt=0,
        description="How long a team works on scene before another is sent in relief. [duration]",
    )
    survival: Survival | None = Field(
        None, description="Declared value of an early response, for comparisons; not medicine."
    )
    people: MultiplePeople | None = Field(
        None, description="The number of people, where it may be more than one."
    )
    permission: Distribution | None = Field(
        None, description="Wait for the authority's permission before anybody is sent. [duration]"
    )
    documentation: Distribution | None = Field(
        None, description="Further work on scene for the record. [duration]"
    )
    deferrable: Deferral | None = Field(
        None, description="For work that can wait and is never put before other callouts."
    )
    scene_hazard: SceneHazard | None = Field(
        None, description="For scenes that are unsafe at first."
    )
    explosive_hazard: ExplosiveHazard | None = Field(
        None, description="For scenes with explosive ordnance to be cleared first."
    )
    exposure: Number | None = Field(
        None,
        ge=0,
        le=1000,
        description="Declared danger on scene, 0 none: a person's minute there counts as this many "
        "minutes of exposure.",
    )

    @model_validator(mode="after")
    def _one_way_of_saying_where(self) -> Self:
        if self.where is not None and self.areas is not None:
            raise refuse(
                "a kind's places are given by `where` or by `areas`; found both", at=("areas",)
            )
        return self


class ListedCallout(Part):
    """One listed callout, in place of generated ones."""

    at: Moment = Field(description="When it is received: `day 1 06:30`, or a date and time.")
    place: Annotated[Name, RefersTo("place")] = Field(description="The place where it happens.")
    kind: Annotated[Name, RefersTo("kind")] = Field(description="Kind of callout.")
    on_scene: Duration | None = Field(
        None, description="Work on scene; drawn from the kind if not given. [duration]"
    )


class DemandSection(Part):
    """How many callouts there are, when, where and of which kind."""

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
    months: tuple[Number, ...] | None = Field(
        None, description="Relative demand a day in each month from January; 12 numbers."
    )
    trend: Change | None = Field(
        None,
        ge=-0.9,
        le=1,
        description="Change of the rate in a year, as 5% or -3%; the rate is that at the start.",
    )
    seasons: tuple[Season, ...] = Field(
        (), description="Parts of the run with another rate, as known beforehand."
    )
    where: PlaceWeights = Field(
        "weight", description="Weight column of the places, `equal`, or weights by place."
    )
    kinds: dict[Annotated[Name, Defines("kind")], Kind] = Field(
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
    day_to_day: DayToDay | None = Field(None, description="Days that differ by more than chance.")
    surges: tuple[Surge, ...] = Field((), description="More or fewer callouts for a time.")
    clusters: Clusters | None = Field(
        None, description="Callouts that trigger others: self-exciting clusters."
    )
    incidents: tuple[Incident, ...] = Field((), description="Single large incidents.")


class DispatchCentre(Part):
    """How the dispatch centre works, apart from its policies."""

    call_handling: Distribution = Field(
        ZERO, description="Received to ready to dispatch. [duration]"
    )
    turnout: Distribution = Field(
        ZERO, description="Dispatched to moving, for a team at a base. [duration]"
    )
    shift_end: Literal["finish", "drop", "hand over", "relieve"] = Field(
        "finish",
        description="What a team on a callout does when its shift ends; `relieve`: it stays on "
        "scene until another has arrived.",
    )
    dispatch_while_returning: YesNo = Field(
        True, description="Whether a team on its way home may be dispatched from where it is."
    )
    dispatch_when_cleared: YesNo = Field(
        False,
        description="Where teams on their way home may not be dispatched: whether one that is "
        "cleared may go straight to a pending callout. If not, it drives home first, even while "
        "callouts are pending.",
    )


class Scenario(Part):
    """A scenario as a planner writes it."""

    format: Literal[2] = Field(2, description="Version of this file format.")
    name: str = Field(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
        description="Short name: letters, digits, - and _.",
    )
    title: str = Field("", max_length=200, description="Title for plots; the name if not given.")
    about: str = Field("", description="The subject, the facts and the assumptions.")
    sources: tuple[str, ...] = Field((), description="Where the facts come from.")
    assumptions: tuple[str, ...] = Field((), description="What is assumed.")
    clock: ClockSection = Field(description="Start, length and warm-up.")
    map: Map = Field(description="Places, roads and hospitals.")
    demand: DemandSection = Field(
        description="How many callouts come, when, where and of which kinds."
    )
    bases: dict[Annotated[Name, Defines("base")], Base] = Field(
        min_length=1, description="Where teams are stationed, by name."
    )
    teams: dict[Annotated[Name, Defines("team")], TeamEntry] = Field(
        min_length=1, description="Teams, by name."
    )
    shifts: dict[Annotated[Name, Defines("shift")], Shift] = Field(
        default_factory=dict, description="Hours on duty, by name."
    )
    volunteers: dict[Annotated[Name, Defines("volunteer group")], Volunteers] = Field(
        default_factory=dict, description="People who come from home when alerted."
    )
    vehicles: dict[Annotated[Name, Defines("vehicle")], VehicleEntry] = Field(
        default_factory=dict, description="Vehicles apart from the teams that may take them."
    )
    capabilities: dict[Annotated[Name, Defines("capability")], Capability] = Field(
        default_factory=dict,
        description="What having a capability means, by its name; those not here are only needed.",
    )
    dispatch_centre: DispatchCentre = Field(
        DispatchCentre.model_construct(), description="How the dispatch centre works."
    )
    policies: dict[Annotated[Name, Defines("alternative")], AlternativeEntry] = Field(
        default_factory=lambda: {"closest": AlternativeEntry()},
        min_length=1,
        description="Alternatives to compare; the first is the baseline.",
    )
    targets: tuple[Target, ...] = Field((), description="Response times to aim at.")
    study: StudySection = Field(
        StudySection.model_construct(), description="Seed, replications, and what is judged."
    )


__all__ = [
    "AlternativeEntry",
    "Base",
    "Capability",
    "ClockSection",
    "DemandSection",
    "DispatchCentre",
    "Distribution",
    "Kind",
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
    "Shape",
    "Shift",
    "Speed",
    "StudySection",
    "Survival",
    "Target",
    "TeamEntry",
]
