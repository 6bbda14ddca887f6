"""How often results were looked at, in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..phrasing.words import clean

# What may be tried: one, and several.
WORDS = {
    "seed": ("seed", "seeds"),
    "replications": ("number of replications", "numbers of replications"),
    "length": ("length of the run", "lengths of the run"),
    "warm_up": ("warm-up", "warm-ups"),
    "horizon": ("horizon", "horizons"),
    "primary": ("primary measures", "sets of primary measures"),
    "margin": ("margin", "margins"),
    "by": ("measure to choose by", "measures to choose by"),
    "other": ("values set by flags", "sets of values set by flags"),
}


def looks_lines(looks: dict[str, Any], place: Path) -> list[str]:
    """
    Return a sentence for a result that is not the first look; empty where it is.

    ``looks`` is what the manifest's ``run`` block has under that name, ``place`` where the
    result is.
    """
    if looks["number"] < 2:
        return []
    tried = [f"{count} {WORDS[name][1]}" for name, count in looks["tried"].items()]
    under = "this folder" if place.parent == Path() else f"{clean(str(place.parent))}/"
    told = f"This is look {looks['number']} at {clean(looks['scenario'])} in {under}"
    told += f": {', '.join(tried)}" if tried else ""
    if looks["not_declared"]:
        names = ", ".join(WORDS[name][0] for name in looks["not_declared"])
        told += f"; not declared in the file beforehand: {names}"
    return [f"{told}."]
