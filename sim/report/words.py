"""Values and names as people read them on the terminal."""

from __future__ import annotations

from typing import Any

RATES = {
    "per day": " a day",
    "per week": " a week",
    "h per week": " h a week",
    "per run": " a run",
}


def say(value: float | None, unit: str, sign: bool = False) -> str:
    """Return a value with its unit, as people read it; a dash where there is none."""
    if value is None:
        return "-"
    plus = "+" if sign else ""
    if unit == "share":
        return f"{100 * value:{plus}.1f}" + (" pp" if sign else " %")
    if unit in ("min", "h", "person-h"):
        return f"{value:{plus}.1f} {unit}"
    return f"{value:{plus}.2f}{RATES.get(unit, '')}"


def bounds(low: float, high: float, unit: str, sign: bool = False) -> str:
    """Return an interval in brackets, with as many decimals as its size asks for."""
    scale, plus = (100 if unit == "share" else 1), ("+" if sign else "")
    places = 2 if unit in RATES and max(abs(low), abs(high)) < 1 else 1
    return f"[{low * scale:{plus}.{places}f}, {high * scale:{plus}.{places}f}]"


def with_interval(row: tuple[Any, ...]) -> str:
    """Return a summary row's value and interval."""
    value, low, high, unit = row[3:7]
    if low is None or high is None:
        return say(value, unit)
    least = max(low, 0.0)  # of few replications an interval may reach below nought
    return f"{say(value, unit)}  {bounds(least, high, unit)}"


def with_difference(row: tuple[Any, ...] | None) -> str:
    """Return a paired difference with its interval and the verdict; nothing where there is none."""
    if row is None:
        return ""
    difference, low, high, unit, verdict = *row[4:8], row[13]
    return f"{bracketed(difference, low, high, unit, True)}\n{verdict}"


def bracketed(
    value: float | None, low: float | None, high: float | None, unit: str, sign: bool
) -> str:
    """Return a value with its interval behind it, where it has one."""
    if low is None or high is None:
        return say(value, unit, sign)
    return f"{say(value, unit, sign)}  {bounds(low, high, unit, sign)}"


def clean(text: str) -> str:
    """Return a text without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)
