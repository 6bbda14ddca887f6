"""
A real record of callouts: which column means what, and what is done with it.

A record has a row for each unit sent, several of one callout where it says so; `record_callouts`
reads it.
"""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from .distribution import Part
from .quantities import CalendarDay, Length, Name, Priority, Whole, refuse
from .references import Label, RefersTo

INSTANTS = ("entry", "dispatched", "en_route", "on_scene", "left", "at_hospital", "cleared")
DateOrder: TypeAlias = Literal["year-month-day", "day/month/year", "month/day/year", "serial"]
Encoding: TypeAlias = Literal["utf-8", "utf-16", "windows-1252", "windows-1256", "latin-1"]
Used: TypeAlias = Literal["handling", "on_scene", "transported", "handover"]
Leave: TypeAlias = Literal["refuse", "leave out"]
_NEEDED: dict[str, tuple[str, ...]] = {
    "handling": ("entry",),
    "on_scene": ("on_scene",),
    "transported": ("left",),
    "handover": ("at_hospital", "cleared"),
}


def _word(written: object) -> object:
    """Return a value of a column as its cells hold it, also where it looks like a number."""
    return str(written) if type(written) in (int, float) else written


Word: TypeAlias = Annotated[str, BeforeValidator(_word, json_schema_input_type=str | float)]
_Column: TypeAlias = Annotated[Name, Label()]


class Columns(Part):
    """Which column of the record holds what; one row is a unit's part in a callout."""

    received: _Column = Field(
        description="Date and time received; the time of day where `date` is named."
    )
    date: _Column | None = Field(
        None,
        description="Date received, where the other columns hold times of day alone. Each is at "
        "or after the one before, and past midnight where it is more than 12 h earlier.",
    )
    offset: _Column | None = Field(
        None, description="Offset from UTC of a row's dates and times, such as +02:00. [h]"
    )
    callout: _Column | None = Field(
        None,
        description="Column that the rows of one callout share; each row is a callout if not "
        "given.",
    )
    kind: _Column | None = Field(None, description="Column that `kinds` sorts.")
    priority: _Column | None = Field(
        None, description="1, the most urgent, to 9; for measures, a scenario has its own."
    )
    place: _Column | None = Field(None, description="Name of the place.")
    area: _Column | None = Field(
        None, description="For measures; places of a scenario have theirs."
    )
    lat: _Column | None = Field(None, description="Latitude, for the nearest place. [degrees]")
    lon: _Column | None = Field(None, description="Longitude. [degrees]")
    point: _Column | None = Field(
        None,
        description="Latitude and longitude in one cell: `POINT (lon lat)`, or `(lat, lon)`. "
        "[degrees]",
    )
    unit: _Column | None = Field(None, description="Name of the unit, for measures.")
    unit_point: _Column | None = Field(
        None,
        description="Where the unit was when it was dispatched, as `point`, for speeds. [degrees]",
    )
    entry: _Column | None = Field(None, description="Ready to dispatch: the call has been handled.")
    dispatched: _Column | None = Field(None, description="Unit dispatched.")
    en_route: _Column | None = Field(None, description="Unit under way.")
    on_scene: _Column | None = Field(None, description="Unit on scene.")
    left: _Column | None = Field(None, description="Unit left with a patient.")
    at_hospital: _Column | None = Field(None, description="Unit at the hospital.")
    cleared: _Column | None = Field(None, description="Unit cleared: it can be sent again.")

    @model_validator(mode="after")
    def _both_coordinates(self) -> Self:
        if (self.lat is None) != (self.lon is None):
            raise refuse("latitude and longitude go together: give both lat and lon, or neither")
        if self.lat is not None and self.point is not None:
            raise refuse("coordinates are in one cell or in two: give point, or lat and lon")
        return self

    @property
    def located(self) -> str | None:
        """The column of latitudes, or the one that holds both coordinates."""
        return self.lat or self.point

    @property
    def instants(self) -> dict[str, str]:
        """The columns of a unit's instants, by instant, in the order they happen."""
        named = {instant: getattr(self, instant) for instant in INSTANTS}
        return {instant: column for instant, column in named.items() if column is not None}

    @property
    def named(self) -> tuple[str, ...]:
        """Every column that is named."""
        return tuple(column for column in self.model_dump().values() if column is not None)


class Layout(Part):
    """How a record is written: its columns, units and words, and what to do with odd rows."""

    columns: Columns = Field(description="Which column holds what.")
    unit: Literal["ms", "s", "min", "h", "time"] = Field(
        "time",
        description="Unit of the instants since `received`; `time`: each is a date and time.",
    )
    timezone: str | None = Field(
        None, description="Time zone of its dates and times; the scenario's if not given."
    )
    dates: DateOrder | None = Field(
        None,
        description="How dates are written: day, month and year in this order, or `serial`, days "
        "since 1899-12-30 as spreadsheets count. Told from all dates of the record if not given.",
    )
    repeated_hour: Literal["leave out", "first", "second"] = Field(
        "leave out",
        description="Rows with a local time that comes twice, where clocks are put back: left "
        "out, or read as the first or the second.",
    )
    first_day: CalendarDay | None = Field(
        None,
        description="First day that the record covers. Where it is not given, a first day that is "
        "covered in part is not measured.",
    )
    last_day: CalendarDay | None = Field(
        None, description="Last day that the record covers; where it is not given, as the first."
    )
    sheet: Annotated[Name, Label()] | None = Field(
        None,
        description="Sheet of a workbook; the first if not given.",
    )
    header: Annotated[Whole, Field(ge=1, le=1000)] | None = Field(
        None, description="Line of the names of columns; the first that is not empty if not given."
    )
    separator: Literal["comma", "semicolon", "tab"] | None = Field(
        None, description="What parts the cells; told from the names of columns if not given."
    )
    encoding: Encoding | None = Field(
        None, description="Code page of the text; told from the text if not given."
    )
    empty: tuple[Word, ...] = Field(
        (), description="Values that stand for an empty cell, such as n/a or NULL."
    )
    priorities: dict[Priority, tuple[Word, ...]] = Field(
        default_factory=dict,
        description="Values of the column of priorities for each priority, 1 the most urgent; "
        "whole numbers from 1 to 9 if not given.",
    )
    kinds: dict[Annotated[Name, RefersTo("kind")], tuple[Word, ...]] = Field(
        default_factory=dict,
        description="Values of the column of kinds for each kind; the names of the kinds if not "
        "given.",
    )
    within: Length = Field(
        5000, gt=0, description="How far a coordinate may lie from its nearest place. [length]"
    )
    unreadable: Leave = Field(
        "refuse",
        description="Rows with a value that cannot be read, or with more cells than columns: "
        "refused, or left out.",
    )
    disordered: Leave = Field(
        "refuse", description="Rows whose instants break the order of time: refused, or left out."
    )
    outside: Leave = Field(
        "refuse",
        description="Callouts before the start, after the run, of no known kind or at no known "
        "place: refused, or left out.",
    )

    @model_validator(mode="after")
    def _each_word_once(self) -> Self:
        for sorted_by, column in (("kinds", "kind"), ("priorities", "priority")):
            groups = getattr(self, sorted_by)
            if groups and getattr(self.columns, column) is None:
                raise refuse(
                    f"`{sorted_by}` sorts a column that is not named",
                    f"add columns: {{{column}: ...}}",
                )
            seen: dict[str, object] = {}
            for group, words in groups.items():
                for word in words:
                    if seen.setdefault(word, group) != group:
                        raise refuse(
                            f"'{word}' is both {seen[word]} and {group}",
                            f"each word belongs to one {column}",
                            (sorted_by, group),
                        )
        return self

    @model_validator(mode="after")
    def _times_of_day_and_dates(self) -> Self:
        if self.columns.date is not None and self.columns.received == self.columns.date:
            raise refuse(
                "`date` is for a record whose `received` is a time of day alone",
                "a column that holds both is `received`; take `date` out",
            )
        first, last = self.first_day, self.last_day
        if first is not None and last is not None and last < first:
            raise refuse(
                f"the last day, {last:%Y-%m-%d}, is before the first, {first:%Y-%m-%d}",
                "", ("last_day",),
            )  # fmt: skip
        return self


class Record(Layout):
    """A record of past callouts, in place of generated ones."""

    file: str = Field(description="Table of callouts, next to the scenario: .csv, .xlsx or .ods.")
    uses: tuple[Used, ...] = Field(
        (),
        description="Recorded times used as given, of those that a callout has: handling, "
        "on_scene, transported, handover. The rest is drawn.",
    )

    @model_validator(mode="after")
    def _columns_used(self) -> Self:
        for i, used in enumerate(self.uses):
            missing = [name for name in _NEEDED[used] if getattr(self.columns, name) is None]
            if missing:
                raise refuse(
                    f"{used} is taken from the column of {missing[0]}, which is not named",
                    f"add columns: {{{missing[0]}: ...}}",
                    ("uses", i),
                )
        if self.columns.place is None and self.columns.located is None:
            raise refuse("a replay needs to know where: name the column of place, or lat and lon")
        return self
