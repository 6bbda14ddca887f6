"""Which kinds of callouts are recoveries of the dead, told by their names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

_DEAD = {
    "recovery", "recoveries", "body", "bodies", "dead", "deceased", "remains", "corpse", "corpses",
    "انتشال", "جثة", "جثث", "جثامين", "جثمان",
}  # fmt: skip
_THINGS = {"vehicle", "vehicles", "car", "cars", "boat", "boats", "equipment", "animal", "animals"}
_WORD = re.compile(r"[^\W_]+")


def is_recovery(kind: str) -> bool:
    """
    Tell whether callouts of a kind are to recover dead people.

    Nothing but the name says so: one of the words that the field has for it, and none of a thing
    that is recovered as well.

    >>> [is_recovery(kind) for kind in ("recovery", "body recovery", "vehicle recovery", "fire")]
    [True, True, False, False]
    """
    words = set(_WORD.findall(kind.casefold()))
    return bool(words & _DEAD) and not words & _THINGS


def recovery_kinds(kinds: Sequence[str]) -> list[str]:
    """Return the kinds that are recoveries of the dead."""
    return [kind for kind in kinds if is_recovery(kind)]


def are_recoveries(kind: Any, kinds: Sequence[str]) -> Any:
    """Return which callouts are recoveries, by the numbers of their kinds. Shape (callouts,)"""
    numbers = [number for number, name in enumerate(kinds) if is_recovery(name)]
    return np.isin(kind, numbers)


def said_counted(kinds: Sequence[str]) -> tuple[str, str]:
    """Say which callouts a map of the living counts and which one of the dead, of these kinds."""
    dead = recovery_kinds(kinds)
    if not dead:
        return "all callouts", ""
    named = ", ".join(f"“{kind}”" for kind in dead)
    these = f"recoveries of the dead ({named})"
    return "all callouts but recoveries of the dead", these
