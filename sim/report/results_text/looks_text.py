"""How often results were looked at, in a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..phrasing.phrases import in_turn, named, phrase

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
    tried = [
        phrase("{number} {choices}", number=str(count), choices=WORDS[name][1])
        for name, count in looks["tried"].items()
    ]
    under = named(f"{place.parent}/")
    told = phrase(
        "This is look {number} at {scenario} in {folder}",
        number=str(looks["number"]), scenario=named(looks["scenario"]),
        folder="this folder" if place.parent == Path() else under,
    )  # fmt: skip
    if tried:
        told = phrase("{said}: {tried}", said=told, tried=in_turn(tried))
    if looks["not_declared"]:
        names = in_turn([WORDS[name][0] for name in looks["not_declared"]])
        told = phrase(
            "{said}; not declared in the file beforehand: {choices}", said=told, choices=names
        )
    return [phrase("{said}.", said=told)]
