"""Values and names as people read them on the terminal."""

from __future__ import annotations

from sim.outcomes import Comparison, Estimate, GroupDifference
from sim.outcomes.inference.intervals import NONE_OR_ALL
from sim.units import printable

RATES = {
    "per day": " a day",
    "per week": " a week",
    "h per week": " h a week",
    "km per day": " km a day",
    "l per day": " l a day",
    "per run": " a run",
}


def say(value: float | None, unit: str, sign: bool = False) -> str:
    """Return a value with its unit, as people read it; a dash where there is none."""
    if value is None:
        return "-"
    if unit == "share":
        return decimal(100 * value, 1, sign) + (" pp" if sign else " %")
    if unit in ("min", "h", "person-h", "l"):
        return f"{decimal(value, 1, sign)} {unit}"
    return decimal(value, 2, sign) + RATES.get(unit, "")


def decimal(value: float, places: int, sign: bool = False) -> str:
    """Return a number with so many decimals; what rounds to zero has no sign."""
    shown = f"{value:{'+' if sign else ''}.{places}f}"
    return shown if float(shown) else shown.lstrip("+-")


def bounds(low: float, high: float, unit: str, sign: bool = False) -> str:
    """Return an interval in brackets, with as many decimals as its size asks for."""
    scale = 100 if unit == "share" else 1
    places = 2 if unit in RATES and max(abs(low), abs(high)) < 1 else 1
    return f"[{decimal(low * scale, places, sign)}, {decimal(high * scale, places, sign)}]"


def with_interval(row: Estimate) -> str:
    """Return a value and its interval; a word where there is none."""
    if row.value is None:
        return "never" if row.note.startswith("never") else "none"
    if row.note.startswith(NONE_OR_ALL):
        return say(row.value, row.unit)
    return bracketed(row.value, row.low, row.high, row.unit, False)


def with_difference(row: Comparison | GroupDifference | None) -> str:
    """Return a paired difference with its interval and the verdict; nothing where there is none."""
    if row is None:
        return ""
    if row.difference is None:
        return f"never\n{row.verdict}"
    said = bracketed(row.difference, row.low, row.high, row.unit, True)
    return f"{said}\n{row.verdict}".rstrip()


def bracketed(
    value: float | None, low: float | None, high: float | None, unit: str, sign: bool
) -> str:
    """Return a value with its interval behind it, where it has one."""
    if low is None or high is None:
        return say(value, unit, sign)
    return f"{say(value, unit, sign)}  {bounds(low, high, unit, sign)}"


def clean(text: str) -> str:
    """Return a text without control characters, which a terminal would obey."""
    return printable(text)
