"""Values and names as people read them on the terminal."""

from __future__ import annotations

RATES = {"per day": " a day", "per week": " a week", "h per week": " h a week"}


def say(value: float | None, unit: str, sign: bool = False) -> str:
    """Return a value with its unit, as people read it; a dash where there is none."""
    if value is None:
        return "-"
    plus = "+" if sign else ""
    if unit == "share":
        return f"{100 * value:{plus}.1f}" + (" pp" if sign else " %")
    if unit in ("min", "h"):
        return f"{value:{plus}.1f} {unit}"
    return f"{value:{plus}.2f}{RATES.get(unit, '')}"


def bounds(low: float, high: float, unit: str, sign: bool = False) -> str:
    """Return an interval in brackets, with as many decimals as its size asks for."""
    scale, plus = (100 if unit == "share" else 1), ("+" if sign else "")
    places = 2 if unit in RATES and max(abs(low), abs(high)) < 1 else 1
    return f"[{low * scale:{plus}.{places}f}, {high * scale:{plus}.{places}f}]"


def clean(text: str) -> str:
    """Return a text without control characters, which a terminal would obey."""
    return "".join(c if c.isprintable() else " " for c in text)
