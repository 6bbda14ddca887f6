"""Who can be sent: bases, teams and their rosters, volunteers on call, vehicles."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from .distribution import Distribution, Part
from .fuels import BaseFuel, TeamFuel
from .quantities import (
    OFF,
    Count,
    Duration,
    Hours,
    Moment,
    Name,
    Number,
    Proportion,
    Roster,
    Share,
    Whole,
    YesNo,
)
from .references import Defines, RefersTo

Weekday: TypeAlias = Literal["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
WEEK: tuple[Weekday, ...] = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ZERO = Distribution.model_construct(distribution="fixed", value=0)
HALF_DAY = 43_200_000
VehicleSpeed: TypeAlias = Annotated[Proportion, Field(gt=0, le=3)]


class Base(Part):
    """Where teams wait."""

    place: Annotated[Name, RefersTo("place")] | None = Field(
        None, description="The place it is in; the base's own name if not given."
    )
    begins: Moment | None = Field(
        None,
        alias="from",
        description="When it opens; there from before the run if not given.",
    )
    until: Moment | None = Field(
        None, description="When it closes: no team waits there then; it stays if not given."
    )
    fuel: BaseFuel | None = Field(None, description="Fuel for teams there; none if not given.")


class Shift(Part):
    """Hours on duty."""

    hours: Hours = Field(description="From and until, as 08:00-20:00; past midnight is fine.")
    days: tuple[Weekday, ...] = Field(WEEK, min_length=1, description="Days on which it begins.")
    begins: Moment | None = Field(
        None,
        alias="from",
        description="First instant at which it is worked; from before the run if not given.",
    )
    until: Moment | None = Field(
        None, description="Instant from which it is worked no more; to the end if not given."
    )


class Break(Part):
    """A break in the shift: taken as soon as the team is free within a window, else missed."""

    duration: Duration = Field(gt=0, description="Length of the break. [duration]")
    between: Hours = Field(description="In which hours it begins, as 12:00-14:00.")


class Alert(Part):
    """One wave of an alert to volunteers."""

    after: Duration = Field(0, ge=0, description="Time after the team is dispatched. [duration]")
    people: Whole = Field(ge=1, le=1000, description="How many more are alerted.")


class Volunteers(Part):
    """People who come from home when they are alerted; who accepts is drawn for each callout."""

    people: Whole = Field(ge=1, le=1000, description="How many volunteers there are.")
    capabilities: dict[
        Annotated[Name, Defines("capability")], Annotated[Whole, Field(ge=1, le=1000)]
    ] = Field(
        default_factory=dict, description="How many of them have a capability, as {medic: 4}."
    )
    acceptance: Share = Field(description="Share of alerts that are accepted. [%]")
    hours: tuple[Number, ...] = Field(
        (1.0,) * 24,
        description="Acceptance in each hour from 00:00, relative to `acceptance`; 24 numbers.",
    )
    alert_fatigue: Share = Field(
        0.0,
        description="By how much each alert of the last 24 hours lowers acceptance. [%]",
    )
    no_show: Share = Field(
        0.0, description="Share of those who accept and never reach the base. [%]"
    )
    answer_delay: Distribution = Field(
        ZERO, description="Alert to answer: accepted or refused. [duration]"
    )
    travel_to_base: Distribution = Field(
        ZERO, description="Answer to arrival at the base. [duration]"
    )
    begins: Moment | None = Field(
        None,
        alias="from",
        description="First instant at which they can be alerted; from before the run if not given.",
    )
    until: Moment | None = Field(
        None, description="Instant from which nobody is alerted; to the end if not given."
    )


class OnCall(Part):
    """How a crew of volunteers assembles."""

    volunteers: Annotated[Name, RefersTo("volunteer group")] = Field(
        description="Who is alerted: one of `volunteers`."
    )
    alerts: tuple[Alert, ...] = Field(
        (), description="Waves of the alert; as many as the crew at once if not given."
    )
    replace: YesNo = Field(True, description="Whether each refusal alerts the next person.")
    minimum: Whole | None = Field(
        None, ge=1, description="Fewest people that may turn out; the whole crew if not given."
    )
    capabilities: tuple[Annotated[Name, RefersTo("capability")], ...] = Field(
        (),
        description="Capabilities that must be among them; until somebody who has them accepts, "
        "those who have them are alerted first.",
    )
    assembly_timeout: Duration = Field(
        1_200_000,
        gt=0,
        description="Dispatched to turning out with those assembled, if there are any. [duration]",
    )


class Reserve(Part):
    """A team that is at home, or in another region, until a staffing rule calls it in."""

    delay: Distribution = Field(description="Call-in to on duty at its base. [duration]")
    duration: Duration = Field(HALF_DAY, gt=0, description="How long it stays on duty. [duration]")
    minimum_rest: Duration = Field(
        HALF_DAY, ge=0, description="Rest before it can be called in again. [duration]"
    )


class CrewLimits(Part):
    """
    How much duty a crew may have between two rests.

    One that has reached a limit goes off duty as at the end of a shift, and rests; a rest sets time
    on duty and exposing callouts to zero.
    """

    minimum_rest: Duration = Field(
        gt=0,
        description="Rest before it is on duty again, between two shifts too. [duration]",
    )
    hours_on_duty: Duration | None = Field(
        None, gt=0, description="Longest time on duty without such a rest. [duration]"
    )
    exposing_callouts: Whole | None = Field(
        None,
        ge=1,
        le=1000,
        description="Callouts of kinds with `exposure` on whose scene it may be before it rests.",
    )


class VehicleEntry(Part):
    """A vehicle apart from the teams that may take it."""

    base: Annotated[Name, RefersTo("base")] = Field(description="Base at which it is kept.")
    capabilities: tuple[Annotated[Name, Defines("capability")], ...] = Field(
        (), description="Its equipment, as kinds of callout need it."
    )
    seats: Whole = Field(9, ge=1, le=1000, description="People who can ride in it.")
    count: Count = Field(1, description="How many such vehicles.")
    available: Share = Field(
        1.0, gt=0, description="Share of the time in which it is in service, in the long run. [%]"
    )
    time_to_repair: Distribution | None = Field(
        None, description="How long each repair takes, out of service. [duration]"
    )
    speed: VehicleSpeed = Field(
        1.0, description="How fast it is on every road, of the ordinary vehicle, as 85%."
    )


class TeamEntry(Part):
    """A crew and its capabilities."""

    base: Annotated[Name, RefersTo("base")] = Field(description="Base it belongs to.")
    crew: Whole = Field(4, ge=1, le=1000, description="People in the crew.")
    capabilities: tuple[Annotated[Name, Defines("capability")], ...] = Field(
        (), description="Training and equipment that kinds of callout need."
    )
    shifts: tuple[Annotated[Name, RefersTo("shift")], ...] = Field(
        (), description="Shifts worked; always on duty if none is given."
    )
    count: Count = Field(1, description="How many such teams; more than one are numbered.")
    turnout: Distribution | None = Field(
        None, description="Dispatched to moving, where it differs from the scenario's. [duration]"
    )
    on_scene: Distribution | None = Field(
        None, description="Work on scene when this team leads, where it differs. [duration]"
    )
    roster: Annotated[Roster, RefersTo("shift", but=(OFF,))] | None = Field(
        None,
        description="In place of `shifts`: hours on and off in turns, as `24 on 48 off`, or a "
        "shift for each day in turns, as [day, day, night, off]; a shift keeps its days.",
    )
    starts: Moment = Field(
        0, description="When the first turn of the roster begins, as `day 1 08:00`."
    )
    stagger: Duration = Field(
        0,
        description="By how much each next of `count` teams begins its roster later. [duration]",
    )
    begins: Moment | None = Field(
        None,
        alias="from",
        description="When it joins: off duty before; there from before the run if not given.",
    )
    until: Moment | None = Field(
        None, description="When it leaves: its last shift ends then; it stays if not given."
    )
    breaks: tuple[Break, ...] = Field((), description="Breaks within the shift.")
    limits: CrewLimits | None = Field(
        None, description="Limits of its duty, after which it rests; none if not given."
    )
    on_call: OnCall | None = Field(
        None, description="For volunteers who assemble when the team is dispatched."
    )
    reserve: Reserve | None = Field(
        None, description="For a team that only a staffing rule brings on duty."
    )
    vehicles: tuple[Annotated[Name, RefersTo("vehicle")], ...] = Field(
        (), description="Vehicles it may take, one at a time; none: it always has its own."
    )
    speed: VehicleSpeed = Field(
        1.0,
        description="How fast its own vehicle is on every road, of the ordinary one, as 85%.",
    )
    fuel: TeamFuel | None = Field(
        None, description="Its vehicle's tank; fuel is not looked at if not given."
    )
