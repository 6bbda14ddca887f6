"""What is tried and how: alternatives, targets, replications and what is varied."""

from typing import Annotated, Any, Literal, Self, TypeAlias, get_args

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from ..text.tags import FILE, HERE, text_or_here
from .crews import Weekday
from .disruption_models import Window
from .distribution import Part
from .quantities import (
    Duration,
    Name,
    Points,
    Precision,
    ReplicationCount,
    Share,
    Whole,
    YesNo,
    refuse,
)
from .references import RefersTo

Month: TypeAlias = Literal[
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
]
MONTHS: tuple[Month, ...] = get_args(Month)


def _no_parameters(written: Any) -> Any:
    return {} if written is None else written


_Parameters: TypeAlias = Annotated[dict[str, Any], BeforeValidator(_no_parameters)]
Rule: TypeAlias = Annotated[
    Annotated[str, Tag(FILE)] | Annotated[dict[str, _Parameters], Tag(HERE)], text_or_here
]


class AlternativeEntry(Part):
    """A set of rules to compare, and other changes; the first in the file is the baseline."""

    dispatch: Rule = Field("closest", description="Which team is sent.")
    queue: Rule = Field("priority", description="Which pending callout is served next.")
    relocation: Rule = Field("home", description="Where a free team waits.")
    destination: Rule = Field("nearest_hospital", description="Where people are taken.")
    reassignment: Rule = Field(
        "never", description="Which teams under way may be sent on to another callout."
    )
    staffing: Rule = Field("fixed", description="Who is called in beyond the roster.")
    routing: Rule = Field("fastest", description="By which roads teams drive.")
    set: dict[str, Any] = Field(
        default_factory=dict,
        description="What else differs: values by path, as in {teams.Jablah A.crew: 6}.",
    )


class Target(Window):
    """
    A response time to aim at, and the share of callouts to reach within it.

    What it gives of kind, priority, places and times says for which callouts; times are those at
    which they are received, by the local clock.
    """

    name: str = Field(min_length=1, max_length=100, description="Name of the target.")
    within: Duration = Field(
        gt=0,
        description="Received to first team, or full attendance, on scene. [duration]",
    )
    share: Share = Field(0.9, description="Share of callouts to be reached within it. [%]")
    attendance: Literal["first", "full"] = Field(
        "first", description="Whether the first team counts or full attendance."
    )
    kind: Annotated[Name, RefersTo("kind")] | None = Field(None, description="Only this kind.")
    priority: Whole | None = Field(None, ge=1, le=9, description="Only this priority.")
    where: tuple[Annotated[Name, RefersTo("place")], ...] | None = Field(
        None, min_length=1, description="Only in these places."
    )
    areas: tuple[Annotated[Name, RefersTo("area")], ...] | None = Field(
        None, min_length=1, description="Only in these areas, in place of `where`."
    )
    weekdays: tuple[Weekday, ...] | None = Field(
        None, min_length=1, description="Only on these days of the week, midnight to midnight."
    )
    months: tuple[Month, ...] | None = Field(
        None, min_length=1, description="Only in these months."
    )

    @model_validator(mode="after")
    def _says_all_once(self) -> Self:
        if self.where is not None and self.areas is not None:
            raise refuse(
                "a target's places are given by `where` or by `areas`; found both", at=("areas",)
            )
        for field in ("where", "areas", "weekdays", "months"):
            listed = getattr(self, field) or ()
            for i, name in enumerate(listed):
                if name in listed[:i]:
                    raise refuse(f"'{name}' is listed twice", at=(field, i))
        return self


class Replications(Part):
    """Replications until the intervals are narrow enough."""

    at_least: Whole = Field(
        30, ge=2, le=100_000, description="First look; then one every 10 replications."
    )
    at_most: Whole = Field(
        400,
        ge=2,
        le=100_000,
        description="Largest number of replications, even if not precise enough.",
    )
    until: dict[str, Precision] = Field(
        min_length=1,
        description="Target half-width of the 95 % interval, by measure: `5%` of the value, "
        "`30 s`, or `1 pp` of a share. `difference:` before a measure asks for the paired "
        "difference from the baseline.",
    )

    @model_validator(mode="after")
    def _room(self) -> Self:
        if self.at_most < self.at_least:
            raise refuse(
                f"at most {self.at_most} is less than at least {self.at_least}", at=("at_most",)
            )
        return self


class Margin(Part):
    """Differences that do not matter: below them, alternatives can be shown to be equivalent."""

    time: Duration = Field(60_000, gt=0, description="Of a time. [duration]")
    share: Points = Field(0.02, gt=0, le=1, description="Of a share. [pp]")
    unreached: Points = Field(
        0.005,
        gt=0,
        le=0.02,
        description="Rise of the share not reached that is tolerated, as in 0.5 pp. Above it, "
        "nothing else is called better. [pp]",
    )


class StudySection(Part):
    """How many replications, with which seed, and what is varied."""

    seed: Whole = Field(1, ge=0, lt=2**63, description="Seed of all random numbers.")
    replications: Annotated[
        Annotated[ReplicationCount, Tag(FILE)] | Annotated[Replications, Tag(HERE)],
        Discriminator(lambda written: HERE if isinstance(written, (dict, Replications)) else FILE),
    ] = Field(
        20,
        description="Independent runs of the whole period: a number, or "
        "{at_most: 400, until: {response_restricted_mean: 5%}}.",
    )
    vary: dict[str, Annotated[tuple[Any, ...], Field(min_length=1)]] = Field(
        default_factory=dict,
        description="Values to compare, by path, as in {teams.Jablah A.crew: [4, 6, 8]}; every "
        "combination is an alternative.",
    )
    margin: Margin = Field(Margin.model_construct(), description="Differences that do not matter.")
    horizon: Duration | None = Field(
        None,
        gt=0,
        description="Time after which a callout counts as not reached, and as which it counts in "
        "the restricted mean response time. 24 times the longest target, at least 4 h, if not "
        "given; a shorter one holds for the mean only. [duration]",
    )
    primary: tuple[str, ...] = Field(
        (),
        description="Measures on which alternatives are judged together, over all callouts: "
        "not_reached (always), response_restricted_mean, response_p90 and every target if none "
        "are given.",
    )
    kilometres: YesNo | None = Field(
        None,
        description="Whether kilometres driven and relocations of each team are counted, in every "
        "replication; not if not given.",
    )
    by: tuple[Literal["place", "window"], ...] = Field(
        (),
        description="What else callouts are grouped by in results: `place`, and `window` for "
        "those received during a closure, curfew, weather, surge, season or incident.",
    )
    logged: Whole | None = Field(
        None,
        ge=0,
        description="Replications of which every callout and decision is written; all of a study "
        "of less than a million callouts, else the first, if not given.",
    )
