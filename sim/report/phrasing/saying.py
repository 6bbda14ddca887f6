"""Numbers and limits as a sentence has them."""

from __future__ import annotations

from collections.abc import Sequence

from sim.definitions import NOT_REACHED, P90, RESTRICTED_MEAN, TARGET, definition
from sim.outcomes import Comparison, GroupDifference
from sim.scenario.fields.crews import CrewLimits
from sim.units import say_duration

from .phrases import ProperName, in_turn, phrase
from .words import decimal

_UNITS = {
    "share": "points", "per day": "a day", "per week": "a week", "per run": "a run",
    "km per day": "km a day", "l per day": "l a day",
}  # fmt: skip


def percent(share: float) -> str:
    """
    Return a share in whole percent, with a decimal where it is close to none or all.

    Examples
    --------
    >>> percent(0.3158), percent(0.042), percent(0.9961), percent(1.0), percent(0.00004)
    ('32 %', '4.2 %', '99.6 %', '100 %', 'under 0.1 %')

    """
    return phrase("{size} %", size=_figure(100 * share))


def _figure(value: float) -> str:
    """Return a percentage or points, none of them rounded to nothing or everything."""
    if 0 < value < 0.05:
        return phrase("under {size}", size="0.1")
    if 99.95 <= value < 100:
        return phrase("over {size}", size="99.9")
    whole = abs(value - round(value)) < 1e-9 or 9.95 <= value < 99
    return f"{value:.0f}" if whole else f"{value:.1f}"


def say_limits(limits: CrewLimits | None) -> str:
    """Return the limits of a crew, as "12 h on duty, then 8 h of rest"; empty if it has none."""
    if limits is None:
        return ""
    most = [] if limits.hours_on_duty is None else [f"{say_duration(limits.hours_on_duty)} on duty"]
    if limits.exposing_callouts is not None:
        most.append(f"{limits.exposing_callouts} exposing callouts")
    rest = f"{say_duration(limits.minimum_rest)} of rest"
    return f"{' or '.join(most)}, then {rest}" if most else f"{rest} between shifts"


def number(value: float, unit: str) -> str:
    """Return a size without a sign: minutes, or points of a share, with a decimal."""
    if unit == "share":
        return _figure(100 * value)
    return f"{value:.1f}" if value >= 0.095 or value == 0 else f"{value:.2g}"


def say_time(minutes: float) -> str:
    """
    Return a time in minutes, or in hours where it is long.

    Examples
    --------
    >>> say_time(20.04), say_time(474.0)
    ('20.0 min', '7.9 h')

    """
    if minutes < 120:
        return phrase("{size} min", size=f"{minutes:.1f}")
    return phrase("{size} h", size=f"{minutes / 60:.1f}")


def minutes(ms: int) -> str:
    """Return a duration in minutes with one decimal, as tables have it."""
    return f"{ms / 60_000:.1f} min"


def lasting(ms: int) -> str:
    """
    Return how long something took: minutes below two hours, then hours, then days.

    Examples
    --------
    >>> lasting(2_052_000), lasting(11_520_000), lasting(190_800_000), lasting(7_200_000)
    ('34.2 min', '3 h 12 min', '2 days 5 h', '2 h')

    """
    if float(f"{ms / 60_000:.1f}") < 120:
        return minutes(ms)
    hours, rest = divmod(round(ms / 60_000), 60)
    if hours < 48:
        return f"{hours} h {rest} min" if rest else f"{hours} h"
    days, hours = divmod(round(ms / 3_600_000), 24)
    return f"{days} days {hours} h" if hours else f"{days} days"


def limits(low: float | None, high: float | None, unit: str) -> str:
    """Return the limits of a difference in brackets, as sizes where both are on one side."""
    if low is None or high is None:
        return phrase("(no interval)")
    return phrase("({range})", range=range_of(low, high, unit))


def range_of(low: float, high: float, unit: str) -> str:
    """Return the limits of a difference, as sizes where both are on one side."""
    if low >= 0 or high <= 0:
        small, large = sorted((abs(low), abs(high)))
        ends = number(small, unit), number(large, unit)
    else:
        ends = signed(low, unit), signed(high, unit)
    return phrase("{low} to {high}", low=ends[0], high=ends[1])


def figure(value: float, unit: str, sign: bool = False) -> str:
    """Return a value to a tenth, a share in percent or points; zero has no sign."""
    return decimal(100 * value if unit == "share" else value, 1, sign)


def signed(value: float, unit: str) -> str:
    """Return a difference with its sign, a share in points."""
    return figure(value, unit, sign=True)


def in_words(row: Comparison | GroupDifference, horizon: int, bare: bool = False) -> str:
    """
    Return what a difference says, as in "restricted mean 2.2 min shorter (1.6 to 4.7)".

    ``bare`` leaves the limits out.
    """
    if row.difference is None:
        return phrase("{title}: {note}", title=definition(row.measure).short, note=row.note)
    said = apart_in_words(row.measure, row.unit, row.difference)
    if row.measure == P90:
        found = phrase("90 % reached {said}", said=said)
    elif row.measure == NOT_REACHED:
        within = say_duration(horizon)
        found = phrase("{said} not reached within {duration}", said=said, duration=within)
    else:
        found = phrase("{title} {said}", title=title_of(row.measure, horizon), said=said)
    if bare:
        return found
    return phrase("{said} {limits}", said=found, limits=limits(row.low, row.high, row.unit))


def apart_in_words(measure: str, unit: str, difference: float) -> str:
    """Return how far two alternatives are apart in a measure, as in "2.2 min shorter"."""
    word = _direction(measure, unit, difference > 0)
    return _sized(number(abs(difference), unit), unit, word)


def title_of(measure: str, horizon: int) -> str:
    """Return the short title of a measure; that of a target is its name."""
    if measure.startswith(TARGET):
        return ProperName(definition(measure).titled(horizon, short=True))
    short = definition(measure).short
    if "{horizon}" not in short:
        return short
    return phrase(short, horizon=say_duration(horizon))


def _sized(size: str, unit: str, direction: str) -> str:
    """Return a size with its unit and which way it goes, as in "2.2 min shorter"."""
    words = _UNITS.get(unit, unit)
    return phrase("{size} {unit} {direction}", size=size, unit=words, direction=direction)


def _direction(measure: str, unit: str, more: bool) -> str:
    if measure == P90:
        return "later" if more else "sooner"
    if measure == NOT_REACHED:
        return "more" if more else "fewer"
    if measure == RESTRICTED_MEAN or unit in ("min", "h"):
        return "longer" if more else "shorter"
    return "higher" if more else "lower"


def between(row: Comparison, horizon: int) -> str:
    """Return what the data leave open, as in "mean between 3.2 min shorter and 0.6 longer"."""
    title = title_of(row.measure, horizon)
    if row.low is None or row.high is None:
        return phrase("{title}: {note}", title=title, note=row.note or "no interval")
    if row.low > 0 or row.high < 0:
        word = _direction(row.measure, row.unit, row.low > 0)
        said = _sized(number(abs(row.difference or 0.0), row.unit), row.unit, word)
        found = phrase("{title} {said}", title=title, said=said)
        return phrase("{said} {limits}", said=found, limits=limits(row.low, row.high, row.unit))
    less, more = (_direction(row.measure, row.unit, more) for more in (False, True))
    low, high = (number(abs(x), row.unit) for x in (row.low, row.high))
    return phrase(
        "{title} between {said} and {high} {more}",
        title=title, said=_sized(low, row.unit, less), high=high, more=more,
    )  # fmt: skip


def listed(words: Sequence[str], most: int = 3) -> str:
    """
    Return words as a sentence lists them.

    Examples
    --------
    >>> listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c", "d", "e"])
    ('a', 'a and b', 'a, b, c and 2 more')

    """
    if len(words) > most:
        left = str(len(words) - most)
        return phrase("{first} and {number} more", first=in_turn(words[:most]), number=left)
    if len(words) < 2:
        return words[0] if words else ""
    return phrase("{first} and {last}", first=in_turn(words[:-1]), last=words[-1])
