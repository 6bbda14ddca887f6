"""
The types of a scenario's values: each reads what people write and keeps what the model needs.

Durations become whole milliseconds, lengths whole metres, speeds kilometres an hour, rates
callouts a day, shares fractions; ``model_dump(mode="json")`` says them in people's units again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import (
    BeforeValidator,
    GetJsonSchemaHandler,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from sim import units

_DIGIT = r"[0-9٠-٩۰-۹]"
_AMOUNT = rf"{_DIGIT}+([.٫]{_DIGIT}+)?(e-{_DIGIT}{{1,2}})?"
_TURNS = re.compile(r"(\d+(?:\.\d+)?)\s*h?\s*on[\s,]+(\d+(?:\.\d+)?)\s*h?\s*off", re.ASCII)


def refuse(message: str, help: str = "", at: tuple[str | int, ...] = ()) -> PydanticCustomError:
    """Return the error that pydantic reports as an error; ``at`` points below the value."""
    # pydantic fills in braces, so they are kept out of the template
    return PydanticCustomError("refused", "{said}", {"said": message, "help": help, "at": at})


def _reads(reader: Callable[[Any], Any], *as_read: type) -> BeforeValidator:
    """Return a validator that reads text; values of the types ``as_read`` are read already."""

    def read(written: Any) -> Any:
        if type(written) in as_read:
            return written
        try:
            return reader(written)
        except units.QuantityError as error:
            raise refuse(str(error), error.help) from None

    return BeforeValidator(read)


def _says(writer: Callable[[Any], Any]) -> PlainSerializer:
    return PlainSerializer(writer, when_used="json")


def _schema(description: str, examples: list[Any], **more: Any) -> WithJsonSchema:
    return WithJsonSchema(
        {"type": "string", "description": description, "examples": examples} | more
    )


_WORDS = "|".join(sorted(units.DURATION_WORDS, key=len, reverse=True))
DURATION_SCHEMA = {
    "type": "string",
    "description": "a duration with its unit: ms, s, min, h, days, weeks",
    "examples": ["12 min", "1 h 30 min", "28 days"],
    "pattern": rf"^(\s*{_AMOUNT}\s*({_WORDS}))+\s*$",
}


def _name(written: Any) -> str:
    if not isinstance(written, str):
        fix = (
            f'write it in quotes: "{units.shown(written)}"'
            if isinstance(written, (bool, int, float))
            else ""
        )
        raise refuse(f"expected a name, found {units.shown(written)}", fix)
    name = unicodedata.normalize("NFC", written)
    if not name.strip():
        raise refuse("a name cannot be empty")
    if name != name.strip():
        raise refuse(f"the name {units.shown(name)} begins or ends with a space")
    if len(name) > 100:
        raise refuse(f"a name has at most 100 characters, this has {len(name)}")
    bad = next((c for c in name if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp")), None)
    if bad is not None:
        raise refuse(f"a name cannot hold the control character U+{ord(bad):04X}")
    return name


def _number(written: Any) -> float:
    if isinstance(written, str):
        text = units.western_digits(written).strip()
        if text != written and re.fullmatch(r"-?[0-9]{1,17}(\.[0-9]{1,24})?", text):
            return float(text)
    elif not isinstance(written, bool) and isinstance(written, (int, float)):
        return float(written)
    raise refuse(f"expected a number, found {units.shown(written)}")


def _whole(written: Any) -> int:
    if isinstance(written, float) and written.is_integer() and abs(written) < 1e15:
        return int(written)
    if isinstance(written, bool) or not isinstance(written, int):
        raise refuse(f"expected a whole number, found {units.shown(written)}")
    return written


def _priority(written: Any) -> int:
    text = str(written).strip()
    if isinstance(written, bool) or not (text.isdecimal() and text in set("123456789")):
        raise refuse(f"expected a priority from 1 to 9, found {units.shown(written)}")
    return int(text)


def _count(written: Any) -> int:
    number = _whole(written)
    if not 1 <= number <= 10_000:
        raise refuse(f"expected a whole number from 1 to 10000, found {number}")
    return number


def _yes_or_no(written: Any) -> bool:
    if isinstance(written, bool):
        return written
    word = written.lower() if isinstance(written, str) else written
    if word not in ("yes", "no"):
        raise refuse(f"expected yes or no, found {units.shown(written)}")
    return word == "yes"


def _share(written: Any) -> float:
    share = units.share(written)
    if share > 1:
        raise units.QuantityError(f"a share is at most 100%, found {units.shown(written)}")
    return share


def _proportion(written: Any) -> float:
    """A share that may pass 100%: "150%", or a bare number such as 1.5."""
    if isinstance(written, (int, float)) and not isinstance(written, bool):
        if written < 0:
            raise units.QuantityError(f"it cannot be negative, found {written}")
        return float(written)
    return units.share(written)


def _change(written: Any) -> float:
    """A relative change with its sign: "5%", "-3%"."""
    text = str(written).strip()
    sign = -1 if text[:1] in ("-", "−") else 1
    change = _share(text[1:] if text[:1] in ("-", "−", "+") else text)
    return sign * change


def _say_change(change: float) -> str:
    return ("-" if change < 0 else "") + units.say_share(abs(change))


def _timing(written: Any, info: ValidationInfo) -> int:
    if type(written) is int and not (info.context or {}).get("file"):
        return written
    try:
        return units.duration(written)
    except units.QuantityError as error:
        raise refuse(str(error), error.help) from None


def say_moment(moment: int | datetime) -> str:
    """Return a moment as people write it: "day 1 06:30", or a date and time."""
    if isinstance(moment, datetime):
        return moment.strftime("%Y-%m-%d %H:%M:%S")
    day, time = divmod(moment, units.MS_PER["day"])
    return f"day {day + 1} {units.say_clock(time)}"


class _WrittenQuantity:
    """A quantity of several forms: read from text, and said as text again."""

    __slots__ = ()
    described: ClassVar[str]
    examples: ClassVar[tuple[str, ...]]

    @classmethod
    def read(cls, written: Any) -> Any:
        """Return the quantity as written."""
        raise NotImplementedError

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.read,
            serialization=core_schema.plain_serializer_function_ser_schema(str, when_used="json"),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "description": cls.described, "examples": [*cls.examples]}


@dataclass(frozen=True, slots=True)
class RoadSpeed(_WrittenQuantity):
    """Either a share of each road's own speed ("80%") or a speed of its own ("45 km/h")."""

    described: ClassVar = "a share of the road's own speed, or a speed in km/h"
    examples: ClassVar = ("80%", "45 km/h")
    share: float | None = None
    kmh: float | None = None

    @classmethod
    def read(cls, written: Any) -> RoadSpeed:
        """Return the speed as written; a bare number is refused."""
        if isinstance(written, RoadSpeed):
            return written
        try:
            if isinstance(written, str) and written.rstrip().endswith(("%", "٪")):
                speed = cls(share=units.share(written))
                if speed.share == 0:
                    raise units.QuantityError("a speed of 0% never arrives")
                return speed
            return cls(kmh=units.speed(written))
        except units.QuantityError as error:
            raise refuse(str(error), error.help or "write '80%' or '45 km/h'") from None

    def __str__(self) -> str:
        """Return the speed as people write it."""
        return units.say_speed(self.kmh) if self.kmh else units.say_share(self.share or 0.0)


@dataclass(frozen=True, slots=True)
class Precision(_WrittenQuantity):
    """A half-width: relative to the value ("5%"), a time ("30 s") or points of a share ("1 pp")."""

    described: ClassVar = "a half-width: of the value (5%), a time (30 s), or points (1 pp)"
    examples: ClassVar = ("5%", "30 s", "1 pp")
    relative: float | None = None
    time: int | None = None  # [ms]
    points: float | None = None  # as a fraction: 0.01 is a percentage point

    @classmethod
    def read(cls, written: Any) -> Precision:
        """Return the half-width as written; a bare number is refused."""
        if isinstance(written, Precision):
            return written
        try:
            if isinstance(written, str) and written.rstrip().endswith("pp"):
                found = cls(points=units.share(written.rstrip()[:-2] + "%"))
            elif isinstance(written, str) and written.rstrip().endswith(("%", "٪")):
                found = cls(relative=units.share(written))
            else:
                found = cls(time=units.duration(written))
        except units.QuantityError as error:
            raise refuse(str(error), "write '5%', '30 s' or '1 pp'") from None
        if not (found.relative or found.time or found.points):
            raise refuse("an interval is never without width", "write '5%', '30 s' or '1 pp'")
        return found

    def __str__(self) -> str:
        """Return the half-width as people write it."""
        if self.points is not None:
            return units.say_share(self.points).replace("%", " pp")
        if self.time is not None:
            return units.say_duration(self.time)
        return units.say_share(self.relative or 0.0)


OFF = "off"  # a day without duty in a roster of days


@dataclass(frozen=True, slots=True)
class Roster(_WrittenQuantity):
    """Turns of duty: hours on and off, or a shift or `off` for each day in turns."""

    on: int = 0  # [ms]
    off: int = 0  # [ms]
    days: tuple[str, ...] = ()  # shifts by name; "off" for a day without

    described = "hours on and off in turns, or a list with a shift or `off` for each day"
    examples = ("24 on 48 off",)

    @classmethod
    def read(cls, written: Any) -> Roster:
        """Return a roster from text as ``24 on 48 off``, or from a list of shifts."""
        if isinstance(written, Roster):
            return written
        if isinstance(written, (list, tuple)):
            if not written:
                raise refuse("a roster needs at least one day", "write [day, night, off]")
            return cls(days=tuple(_name(day) for day in written))
        text = units.western_digits(str(written)).strip().lower()
        found = _TURNS.fullmatch(text)
        if found is None:
            raise refuse(
                f"expected hours on and off, found {units.shown(written)}", "write '24 on 48 off'"
            )
        on, off = (round(float(hours) * units.MS_PER["h"]) for hours in found.groups())
        if not all(units.MS_PER["min"] <= time <= 366 * units.MS_PER["day"] for time in (on, off)):
            raise refuse(
                f"expected from a minute to a year on and off, found {units.shown(written)}",
                "write '24 on 48 off'",
            )
        return cls(on, off)

    def __str__(self) -> str:
        """Return the roster as people write it."""
        if self.days:
            return ", ".join(self.days)
        hours = (f"{time / units.MS_PER['h']:.9f}".rstrip("0").rstrip(".") for time in self.turns)
        return "{} on {} off".format(*hours)

    @property
    def turns(self) -> tuple[int, int]:
        """Time on and time off. [ms]"""
        return self.on, self.off

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        text = {"type": "string", "examples": [*cls.examples]}
        days = {"type": "array", "items": {"type": "string"}, "minItems": 1}
        return {"description": cls.described, "anyOf": [text, days]}

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.read,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda roster: list(roster.days) if roster.days else str(roster), when_used="json"
            ),
        )


def _replication_count(written: Any) -> int:
    number = _whole(written)
    if not 1 <= number <= 100_000:
        raise refuse(f"expected a whole number from 1 to 100000, found {number}")
    return number


Name: TypeAlias = Annotated[str, BeforeValidator(_name)]
Number: TypeAlias = Annotated[float, BeforeValidator(_number), WithJsonSchema({"type": "number"})]
Whole: TypeAlias = Annotated[int, BeforeValidator(_whole)]
Count: TypeAlias = Annotated[
    int,
    BeforeValidator(_count),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 10_000}),
]
ReplicationCount: TypeAlias = Annotated[
    int,
    BeforeValidator(_replication_count),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 100_000}),
]
Priority: TypeAlias = Annotated[
    int,
    BeforeValidator(_priority),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 9}),
]
YesNo: TypeAlias = Annotated[
    bool, BeforeValidator(_yes_or_no), WithJsonSchema({"enum": [True, False, "yes", "no"]})
]
Duration: TypeAlias = Annotated[
    int, _reads(units.duration), _says(units.say_duration), WithJsonSchema(DURATION_SCHEMA)
]
# A duration that Python code may also give in milliseconds; in files it carries its unit.
Timing: TypeAlias = Annotated[
    int, BeforeValidator(_timing), _says(units.say_duration), WithJsonSchema(DURATION_SCHEMA)
]
Length: TypeAlias = Annotated[
    int,
    _reads(units.length),
    _says(units.say_length),
    _schema("a length with its unit: m, km", ["500 m"], pattern=rf"^\s*{_AMOUNT}\s*[A-Za-z]+\s*$"),
]
Volume: TypeAlias = Annotated[
    int,
    _reads(units.volume),
    _says(units.say_volume),
    _schema("a volume with its unit: l", ["60 l"]),
]
Consumption: TypeAlias = Annotated[
    float,
    _reads(units.consumption),
    _says(units.say_consumption),
    _schema("litres a hundred kilometres", ["14 l/100 km"]),
]
IdleConsumption: TypeAlias = Annotated[
    float,
    _reads(units.idle_consumption),
    _says(units.say_idle_consumption),
    _schema("litres an hour", ["1.5 l/h"]),
]
Share: TypeAlias = Annotated[
    float,
    _reads(_share),
    _says(units.say_share),
    _schema("a share: with a percent sign, or from 0 to 1", ["55%"], type=["string", "number"]),
]
Points: TypeAlias = Annotated[
    float,
    _reads(units.points),
    _says(units.say_points),
    _schema("percentage points, with their unit", ["0.5 pp", "2%"]),
]
Proportion: TypeAlias = Annotated[
    float,
    _reads(_proportion),
    _says(units.say_share),
    _schema("a share, which may pass 100%", ["150%", 1.5], type=["string", "number"]),
]
Change: TypeAlias = Annotated[
    float,
    _reads(_change),
    _says(_say_change),
    _schema(
        "a relative change, with its sign where it falls", ["5%", "-3%"], type=["string", "number"]
    ),
]
Rate: TypeAlias = Annotated[
    float,
    _reads(units.rate),
    _says(units.say_rate),
    _schema("a rate: per hour, per day or per week", ["30 per day", "2 per hour"]),
]
Hours: TypeAlias = Annotated[
    tuple[int, int],
    _reads(units.hours, tuple),
    _says(units.say_hours),
    _schema("hours from and until; may run past midnight", ["08:00-20:00"]),
]
StartTime: TypeAlias = Annotated[
    datetime,
    _reads(units.start_time, datetime),
    _says(say_moment),
    _schema("a local date and time", ["2025-03-06 06:00"]),
]
CalendarDay: TypeAlias = Annotated[
    datetime,
    _reads(units.day, datetime),
    _says(lambda day: f"{day:%Y-%m-%d}"),
    _schema("a calendar day", ["2025-03-31"]),
]
# Whole milliseconds since midnight of day 1, the calendar day of the start, or a local date.
Moment: TypeAlias = Annotated[
    int | datetime,
    _reads(units.moment, datetime),
    _says(say_moment),
    _schema("a day of the scenario and a time, or a date and time", ["day 1 06:30"]),
]
