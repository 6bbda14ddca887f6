"""
Quantities as people write them: "12 min", "1 h 30 min", "35 km/h", "55%", "30 per day".

Every reader takes what was written and returns the number the model works with; what it refuses
comes back as a ``QuantityError`` that says what would be right. Western, Arabic-Indic and Persian
digits read alike. Uses nothing else of this package.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime, timedelta
from difflib import get_close_matches

MS_PER = {
    "ms": 1,
    "s": 1000,
    "min": 60_000,
    "h": 3_600_000,
    "day": 86_400_000,
    "week": 604_800_000,
}
DURATION_WORDS = {
    "ms": "ms",
    **dict.fromkeys(("s", "sec", "second", "seconds"), "s"),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), "min"),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), "h"),
    **dict.fromkeys(("day", "days"), "day"),
    **dict.fromkeys(("week", "weeks"), "week"),
}
METRES_PER = {
    **dict.fromkeys(("m", "metre", "metres", "meter", "meters"), 1),
    **dict.fromkeys(("km", "kilometre", "kilometres", "kilometer", "kilometers"), 1000),
}
ML_PER = {
    **dict.fromkeys(("l", "litre", "litres", "liter", "liters"), 1000),
    **dict.fromkeys(("ml", "millilitre", "millilitres"), 1),
    "m3": 1_000_000,
}
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}  # Unicode categories
SPEED_WORDS = ("km/h", "kmh", "kph")
PER_DAY = {"day": 1.0, "hour": 24.0, "h": 24.0, "week": 1 / 7}
LONGEST = 100 * 366 * MS_PER["day"]

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫٪", "01234567890123456789.%")
# programs print up to 17 digits behind zeros, and small numbers with an exponent: 5e-05
_NUMBER = re.compile(r"[0-9]{1,17}(?:\.[0-9]{1,24})?(?:e-[0-9]{1,2})?")
_PART = re.compile(rf"\s*({_NUMBER.pattern})\s*([^\W\d_]+)?")
_CLOCK = re.compile(r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?")
_TIME = r"[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
_CALENDAR_DAY = r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
_DATE = re.compile(rf"{_CALENDAR_DAY}(?:[ T]+(?P<time>{_TIME}))?")
_DAY = re.compile(rf"day\s+(?P<day>[0-9]{{1,5}})(?:\s+(?P<time>{_TIME}))?", re.IGNORECASE)


class QuantityError(ValueError):
    """What was written is not such a quantity; ``help`` says what would be."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.help = help


def western_digits(text: str) -> str:
    """Return the text with Arabic-Indic and Persian digits, points and percents made Western."""
    return text.translate(_DIGITS)


def printable(text: str) -> str:
    """Return a text with a space for each character that a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)


def safe(text: str) -> str:
    r"""
    Return a text with control, direction and unassigned characters written out, a tab as a space.

    So it stays one line, and a terminal shows what is there and obeys none of it.

    Examples
    --------
    >>> print(safe("small\nnext to it"))
    small\x0anext to it

    """
    return "".join(map(_written_out, text))


def _written_out(char: str) -> str:
    if char in "\u200c\u200d":  # joiners that Arabic and Persian spelling needs
        return char
    if char == "\t":
        return " "
    if unicodedata.category(char) in _HIDDEN:
        code = ord(char)
        return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
    return char


def shown(written: object) -> str:
    """Return a value as an error message quotes it: one line, in quotes if text, never long."""
    if isinstance(written, str):
        return f"'{safe(written)}'" if len(written) <= 60 else f"'{safe(written[:57])}...'"
    if isinstance(written, bool):
        return str(written).lower()
    if isinstance(written, (int, float)):
        return str(written)[:60]
    return {type(None): "nothing", dict: "a mapping"}.get(type(written), "a list")


def duration(written: object) -> int:
    """
    Return a duration. [ms]

    Raises
    ------
    QuantityError
        For a bare number, months and years (which have no fixed length), ``m`` (minutes or
        metres?), anything negative, and more than a hundred years.

    Examples
    --------
    >>> duration("1 h 30 min")
    5400000

    """
    text = _text(written, "a duration", "12 min")
    if _NUMBER.fullmatch(text):
        raise QuantityError(
            f"a duration needs a unit, found {shown(written)}", f"did you mean '{text} min'?"
        )
    if _CLOCK.fullmatch(text):
        raise QuantityError(
            f"{shown(written)} is a time of day, not a duration", "write '1 h 30 min'"
        )
    total, at, previous = 0.0, 0, LONGEST
    while at < len(text):
        number, unit, at = _duration_part(text, at, written)
        if MS_PER[unit] >= previous:
            raise QuantityError(
                f"the units of {shown(written)} do not run from large to small",
                "write '1 h 30 min'",
            )
        previous = MS_PER[unit]
        total += number * previous
    if total > LONGEST:
        raise QuantityError(f"{shown(written)} is longer than a hundred years")
    return round(total)


def _duration_part(text: str, at: int, written: object) -> tuple[float, str, int]:
    found = _PART.match(text, at)
    if found is None:
        raise QuantityError(
            f"expected a duration, found {shown(written)}", _decimal_help(text) or "write '12 min'"
        )
    number, word = found.groups()
    if word is None:
        rest = text[found.end() :].strip()
        raise QuantityError(
            f"a duration needs a unit after {number}, found {shown(written)}",
            _decimal_help(rest and text) or "write '12 min'",
        )
    unit = DURATION_WORDS.get(word.lower())
    if unit is None or word == "M":
        raise _unknown_unit("duration", written, text, found.span(2))
    return float(number), unit, found.end()


def _decimal_help(text: str) -> str:
    swapped = re.sub(r"(\d),(\d)", r"\1.\2", text)
    return f"write decimals with a point: '{swapped}'" if swapped != text else ""


def _unknown_unit(kind: str, written: object, text: str, span: tuple[int, int]) -> QuantityError:
    word = text[slice(*span)]
    message = f"unknown unit '{word}' in {kind} {shown(written)}"

    def instead(unit: str) -> str:
        return f"'{text[: span[0]]}{unit}{text[span[1] :]}'"

    if kind == "duration":
        if word.lower() == "m":
            return QuantityError(message, f"minutes or metres? for minutes write {instead('min')}")
        if word.lower().rstrip("s") in ("month", "mo", "year", "yr", "y"):
            return QuantityError(
                f"{shown(written)}: a {word.lower().rstrip('s')} has no fixed length",
                "write days or weeks",
            )
        if word.lower() == "d":
            return QuantityError(message, f"did you mean {instead('days')}?")
        near = get_close_matches(word.lower(), DURATION_WORDS, n=1, cutoff=0.5)
        units = "units: ms, s, min, h, day, week"
        return QuantityError(message, f"did you mean {instead(near[0])}?" if near else units)
    near = get_close_matches(word.lower(), METRES_PER, n=1, cutoff=0.5)
    return QuantityError(message, f"did you mean {instead(near[0])}?" if near else "units: m, km")


def length(written: object) -> int:
    """Return a length; refuses a bare number. [m]"""
    text = _text(written, "a length", "500 m")
    if _NUMBER.fullmatch(text):
        raise QuantityError(
            f"a length needs a unit, found {shown(written)}", f"did you mean '{text} m'?"
        )
    found = _PART.fullmatch(text)
    if found is None:
        raise QuantityError(
            f"expected a length, found {shown(written)}", _decimal_help(text) or "write '500 m'"
        )
    if found[2].lower() not in METRES_PER:
        raise _unknown_unit("length", written, text, found.span(2))
    metres = float(found[1]) * METRES_PER[found[2].lower()]
    if metres > 100_000_000:
        raise QuantityError(f"{shown(written)} is more than twice round the Earth")
    return round(metres)


def volume(written: object) -> int:
    """Return a volume; refuses a bare number. [ml]"""
    text = _text(written, "a volume", "60 l")
    if _NUMBER.fullmatch(text):
        raise QuantityError(
            f"a volume needs a unit, found {shown(written)}", f"did you mean '{text} l'?"
        )
    found = re.fullmatch(rf"({_NUMBER.pattern})\s*([a-zA-Z]+3?)", text)
    if found is None or found[2].lower() not in ML_PER:
        raise QuantityError(f"expected a volume, found {shown(written)}", "write '60 l'")
    ml = float(found[1]) * ML_PER[found[2].lower()]
    if ml > 1e12:
        raise QuantityError(f"{shown(written)} is more than a large oil tanker carries")
    return round(ml)


def consumption(written: object) -> float:
    """Return how much a vehicle burns on the road, as "14 l/100 km". [l/100 km]"""
    return _burnt(written, r"l\s*/\s*100\s*km", "14 l/100 km")


def idle_consumption(written: object) -> float:
    """Return how much a vehicle burns with the engine running, as "1.5 l/h". [l/h]"""
    return _burnt(written, r"l\s*/\s*h", "1.5 l/h")


def _burnt(written: object, unit: str, example: str) -> float:
    text = _text(written, "a consumption", example)
    found = re.fullmatch(rf"({_NUMBER.pattern})\s*{unit}", text)
    if found is None:
        raise QuantityError(f"expected a consumption, found {shown(written)}", f"write '{example}'")
    if float(found[1]) > 1000:
        raise QuantityError(f"a consumption is at most 1000, found {shown(written)}")
    return float(found[1])


def speed(written: object) -> float:
    """Return a speed; refuses a bare number, zero, and more than 1000 km/h. [km/h]"""
    text = _text(written, "a speed", "45 km/h")
    if _NUMBER.fullmatch(text):
        raise QuantityError(
            f"a speed needs a unit, found {shown(written)}", f"did you mean '{text} km/h'?"
        )
    found = re.fullmatch(rf"({_NUMBER.pattern})\s*(\S+)", text)
    if found is None or found[2].lower() not in SPEED_WORDS:
        raise QuantityError(f"expected a speed, found {shown(written)}", "write '45 km/h'")
    kmh = float(found[1])
    if not 0 < kmh <= 1000:
        raise QuantityError(f"a speed lies above 0 and up to 1000 km/h, found {shown(written)}")
    return kmh


def share(written: object) -> float:
    """
    Return a share as a fraction: "55%" and 0.55 are the same, 55 is refused.

    A share above 100% is read ("150%"); who allows no more than 100% says so.
    """
    if isinstance(written, bool) or not isinstance(written, (int, float, str)):
        raise QuantityError(f"expected a share, found {shown(written)}", "write '55%'")
    text = western_digits(str(written)).strip()
    percent = re.fullmatch(rf"({_NUMBER.pattern})\s*%", text)
    if percent:
        return float(percent[1]) / 100
    if not re.fullmatch(r"[0-9.]{1,30}(?:e-?[0-9]{1,3})?", text) or text.count(".") > 1:
        raise QuantityError(f"expected a share, found {shown(written)}", "write '55%'")
    number = float(text)
    if number > 1:
        raise QuantityError(
            f"a share needs a percent sign or lies between 0 and 1, found {shown(written)}",
            f"did you mean '{text}%'?",
        )
    return number


def points(written: object) -> float:
    """Return percentage points as a fraction: "0.5 pp" and "0.5%" are 0.005; 0.5 is refused."""
    text = western_digits(str(written)).strip()
    found = re.fullmatch(rf"({_NUMBER.pattern})\s*(?:pp|%)", text)
    if isinstance(written, str) and found:
        return float(found[1]) / 100
    help = f"did you mean '{text} pp'?" if _NUMBER.fullmatch(text) else "write '0.5 pp'"
    raise QuantityError(f"percentage points need a unit, found {shown(written)}", help)


def rate(written: object) -> float:
    """Return a rate, from "30 per day", "2 per hour", "30/day" or "200 per week". [1/day]"""
    text = _text(written, "a rate", "30 per day")
    if _NUMBER.fullmatch(text):
        raise QuantityError(
            f"a rate needs a unit, found {shown(written)}", f"did you mean '{text} per day'?"
        )
    found = re.fullmatch(rf"({_NUMBER.pattern})\s*(?:per\s+|/\s*|an?\s+)(\w+)", text)
    if found is None:
        raise QuantityError(f"expected a rate, found {shown(written)}", "write '30 per day'")
    if found[2].lower() not in PER_DAY:
        near = get_close_matches(found[2].lower(), PER_DAY, n=1) or ["day"]
        raise QuantityError(
            f"unknown unit '{found[2]}' in rate {shown(written)}",
            f"did you mean '{found[1]} per {near[0]}'?",
        )
    return float(found[1]) * PER_DAY[found[2].lower()]


def clock_time(written: object) -> int:
    """Return a time of day, 00:00 to 23:59:59, as time since midnight. [ms]"""
    text = _text(written, "a time of day", "06:30")
    return _clock(text, written, latest=MS_PER["day"] - 1)


def _clock(text: str, written: object, latest: int) -> int:
    found = _CLOCK.fullmatch(text)
    if found is None:
        raise QuantityError(f"expected a time of day, found {shown(written)}", "write '06:30'")
    hour, minute, second = (int(found[part] or 0) for part in ("hour", "minute", "second"))
    time = hour * MS_PER["h"] + minute * MS_PER["min"] + second * MS_PER["s"]
    if minute > 59 or second > 59 or time > latest:
        raise QuantityError(f"there is no time of day {shown(text)}", "the last is 23:59")
    return time


def hours(written: object) -> tuple[int, int]:
    """
    Return the ends of a range of hours as times since midnight. [ms]

    The end may be smaller than the beginning: the range then runs past midnight. "24:00" may be
    written at the end; "00:00-24:00" is the whole day.
    """
    text = _text(written, "hours", "08:00-20:00")
    ends = re.split(r"\s*(?:-|–|—|\bto\b)\s*", text)
    if len(ends) != 2:
        raise QuantityError(
            f"expected hours from and until, found {shown(written)}", "write '08:00-20:00'"
        )
    begin = _clock(ends[0], written, latest=MS_PER["day"] - 1)
    end = _clock(ends[1], written, latest=MS_PER["day"])
    if begin == end:
        raise QuantityError(
            f"{shown(written)} begins when it ends", "for the whole day write '00:00-24:00'"
        )
    return begin, end


def start_time(written: object) -> datetime:
    """Return a local date and time, from "2025-03-06 06:00"."""
    text = _text(written, "a date and time", "2025-03-06 06:00")
    found = _DATE.fullmatch(text)
    if found is None or found["time"] is None:
        # a date alone could mean its first instant or, after `until`, its last: not guessed
        example = "2025-03-06 06:00" if found is None else f"{text} 00:00"
        raise QuantityError(
            f"expected a date and time, found {shown(written)}", f"write '{example}'"
        )
    try:
        date = datetime(int(found["year"]), int(found["month"]), int(found["day"]))
    except ValueError:
        raise QuantityError(f"the calendar has no {found[0].split()[0]}") from None
    if not 1900 <= date.year <= 2200:
        raise QuantityError(f"the year of {shown(written)} is not between 1900 and 2200")
    return date + timedelta(milliseconds=clock_time(found["time"]))


def day(written: object) -> datetime:
    """Return the midnight with which a calendar day begins, from "2025-03-31"."""
    text = _text(written, "a date", "2025-03-31")
    found = _DATE.fullmatch(text)
    if found is None or found["time"] is not None:
        raise QuantityError(f"expected a date, found {shown(written)}", "write '2025-03-31'")
    return start_time(f"{text} 00:00")


def moment(written: object) -> int | datetime:
    """
    Return an instant: a date and time, or time since midnight of day 1. [ms]

    "day 1 06:30" is half past six on the calendar day on which the scenario starts; "day 2"
    alone is its first instant.
    """
    text = _text(written, "a moment", "day 1 06:30")
    found = _DAY.fullmatch(text)
    if found is None:
        if _DATE.fullmatch(text):
            return start_time(text)
        raise QuantityError(
            f"expected a moment, found {shown(written)}",
            "write 'day 1 06:30' or '2025-03-06 06:30'",
        )
    day, time = int(found["day"]), found["time"]
    if day < 1:
        raise QuantityError(
            f"there is no {shown(written)}", "day 1 is the day on which the scenario starts"
        )
    return (day - 1) * MS_PER["day"] + (clock_time(time) if time else 0)


def _text(written: object, what: str, example: str) -> str:
    if isinstance(written, bool) or not isinstance(written, (int, float, str)):
        raise QuantityError(f"expected {what}, found {shown(written)}", f"write '{example}'")
    text = western_digits(str(written)).strip()
    if text.startswith(("-", "−")):
        raise QuantityError(f"{what} is never negative, found {shown(written)}")
    if not text or len(text) > 100:
        raise QuantityError(f"expected {what}, found {shown(written)}", f"write '{example}'")
    return text


def say_duration(ms: int) -> str:
    """
    Return a duration as people write it; ``duration`` reads it back.

    Examples
    --------
    >>> say_duration(5_400_000), say_duration(28 * 86_400_000), say_duration(0)
    ('1 h 30 min', '28 days', '0 min')

    """
    if ms < 0:
        return "-" + say_duration(-ms)
    parts, rest = [], ms
    for unit in ("day", "h", "min", "s", "ms"):
        count, rest = divmod(rest, MS_PER[unit])
        if count:
            parts.append(f"{count} {unit}{'s' if unit == 'day' and count > 1 else ''}")
    return " ".join(parts) or "0 min"


def say_length(metres: int) -> str:
    """Return a length as people write it: "500 m", "12 km"."""
    return f"{metres // 1000} km" if metres and metres % 1000 == 0 else f"{metres} m"


def say_volume(ml: float) -> str:
    """Return a volume as people write it: "60 l"."""
    return f"{_plain(round(ml / 1000, 3))} l"


def say_consumption(litres: float) -> str:
    """Return a consumption as people write it: "14 l/100 km"."""
    return f"{_plain(litres)} l/100 km"


def say_idle_consumption(litres: float) -> str:
    """Return a consumption as people write it: "1.5 l/h"."""
    return f"{_plain(litres)} l/h"


def say_points(share: float) -> str:
    """Return percentage points as people write them: "0.5 pp"."""
    return f"{round(100 * share, 6):g} pp"


def say_speed(kmh: float) -> str:
    """Return a speed as people write it: "45 km/h"."""
    return f"{_plain(kmh)} km/h"


def say_share(fraction: float) -> str:
    """Return a share as people write it: "55%"."""
    return f"{_plain(fraction * 100)}%"


def say_rate(per_day: float) -> str:
    """Return a rate as people write it: "30 per day"."""
    return f"{_plain(per_day)} per day"


def say_clock(ms: int) -> str:
    """Return a time of day as people write it: "06:30"."""
    minutes, rest = divmod(ms, MS_PER["min"])
    seconds = f":{rest // 1000:02}" if rest else ""
    return f"{minutes // 60:02}:{minutes % 60:02}{seconds}"


def say_hours(ends: tuple[int, int]) -> str:
    """Return a range of hours as people write it: "08:00-20:00"."""
    return f"{say_clock(ends[0])}-{say_clock(ends[1])}"


def _plain(number: float) -> str:
    return f"{number:.12g}" if abs(number) < 1e12 else f"{number:.0f}"
