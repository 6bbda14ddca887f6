"""
A real record of callouts: which column means what, and what is done with it.

A record has a row for each unit sent, several of one callout where it says so; `record_callouts`
reads it.
"""

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from .distribution import Part
from .quantities import Length, Name, refuse
from .references import Label, RefersTo

INSTANTS = ("entry", "dispatched", "en_route", "on_scene", "left", "at_hospital", "cleared")
Used: TypeAlias = Literal["handling", "on_scene", "transported", "handover"]
Leave: TypeAlias = Literal["refuse", "leave out"]
_NEEDED: dict[str, tuple[str, ...]] = {
    "handling": ("entry",),
    "on_scene": ("on_scene",),
    "transported": ("left",),
    "handover": ("at_hospital", "cleared"),
}


_Column: TypeAlias = Annotated[Name, Label()]


class Columns(Part):
    """Which column of the record holds what; one row is a unit's part in a callout."""

    received: _Column = Field(description="Date and time received.")
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
    unit: _Column | None = Field(None, description="Name of the unit, for measures.")
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
        return self

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
    kinds: dict[Annotated[Name, RefersTo("kind")], tuple[str, ...]] = Field(
        default_factory=dict,
        description="Values of the column of kinds for each kind; the names of the kinds if not "
        "given.",
    )
    within: Length = Field(
        5000, gt=0, description="How far a coordinate may lie from its nearest place. [length]"
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
        if self.kinds and self.columns.kind is None:
            raise refuse("`kinds` sorts a column that is not named", "add columns: {kind: ...}")
        seen: dict[str, str] = {}
        for kind, words in self.kinds.items():
            for word in words:
                if seen.setdefault(word, kind) != kind:
                    raise refuse(
                        f"'{word}' is both {seen[word]} and {kind}",
                        "each word belongs to one kind",
                        ("kinds", kind),
                    )
        return self


class Record(Layout):
    """A record of past callouts, in place of generated ones."""

    file: str = Field(description="CSV of callouts, next to the scenario.")
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
        if self.columns.place is None and self.columns.lat is None:
            raise refuse("a replay needs to know where: name the column of place, or lat and lon")
        return self
