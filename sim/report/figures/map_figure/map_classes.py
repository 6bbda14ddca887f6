"""Classes in place of a gradient: their round limits, their shades, and what the key calls them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import matplotlib as mpl
import numpy as np
from matplotlib.colors import to_hex

from .map_data import MapPlace

MOST, MOST_COMPARED = 5, 4  # classes; of differences, to each side
ROUND = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440,
         2880, 4320, 10080)  # [min]  # fmt: skip
STEPS = (1, 2, 3, 5, 10, 15, 20, 30, 60, 120, 240, 480, 1440)  # [min]
# Each row from light to dark, so that the order is seen in grey print, too.
SOONER = ("#c6dbef", "#6baed6", "#2171b5", "#08306b")
LATER = ("#fdd0a2", "#fd8d3c", "#c2410c", "#6b2104")
GREYS = ("#e3e3e3", "#bdbdbd", "#8f8f8f", "#5c5c5c", "#262626")


@dataclass(frozen=True)
class MapClasses:
    """
    Classes of minutes by the limits between them; of differences, by how large they are.

    A value at a limit is in the class above; ``least`` and ``most`` are the ends of all values.
    ``greys``: of recoveries, which have no colour of the living.
    """

    limits: tuple[float, ...]
    compared: bool = False
    greys: bool = False
    least: float = 0.0
    most: float = 0.0

    def number(self, minutes: float) -> int:
        """Return in which class a value is: as it is written next to the place."""
        size = round(abs(minutes), 1) if self.compared else round(minutes)
        return int(np.searchsorted(self.limits, size, side="right"))

    def shade(self, number: int, later: bool = True) -> str:
        """Return the colour of a class; with differences, of those that are later or sooner."""
        if self.greys:
            return _spaced(GREYS, len(self.limits) + 1)[number]
        if self.compared:
            return _spaced(LATER if later else SOONER, len(self.limits) + 1)[number]
        return _cividis(len(self.limits) + 1)[number]

    def words(self) -> list[str]:
        """Return what each class holds, the smallest first."""
        if not self.limits:
            return [f"{self.least:g}" + f" to {self.most:g}" * (self.most > self.least)]
        pairs = zip(self.limits, self.limits[1:], strict=False)
        if self.compared:
            between = [f"{low:g} to {high:g}" for low, high in pairs]
        else:
            between = [f"{low:g} to {high - 1:g}" for low, high in pairs]
        return [f"under {self.limits[0]:g}", *between, f"{self.limits[-1]:g} and more"]


def classes_of(places: Sequence[MapPlace], compared: bool, greys: bool = False) -> MapClasses:
    """Return the classes of places where something was measured; of differences, if settled."""
    known = [
        p.minutes
        for p in places
        if p.minutes is not None and p.callouts_per_day > 0 and (p.settled or not compared)
    ]
    if compared:
        values = [round(abs(minutes), 1) for minutes in known if minutes]
        limits = _limits(values, MOST_COMPARED, ROUND)
    else:
        values = [round(minutes) for minutes in known]
        limits = _limits(values, MOST, [limit for limit in ROUND if limit >= 1])
    return MapClasses(limits, compared, greys, min(values, default=0), max(values, default=0))


def _limits(values: Sequence[float], most: int, rounds: Sequence[float]) -> tuple[float, ...]:
    """
    Return round limits that part values into at most so many classes, none of them empty.

    They are those of a fixed row of round numbers; of more than there is room for, those nearest
    to where equal shares of the values would part. Where the row has too few, as all values lie
    close together, they are multiples of a round step.
    """
    if not len(values):
        return ()
    low, high = min(values), max(values)
    chosen = {limit for limit in rounds if low < limit <= high}
    if len(chosen) >= most:
        chosen = _nearest(np.quantile(values, [i / most for i in range(1, most)]), chosen)
    elif len(chosen) < 3 and high >= 2:
        step = next((s for s in STEPS if (high - low) / s <= most - 1), STEPS[-1])
        first = (int(low) // step + 1) * step
        chosen = {float(first + i * step) for i in range(most) if first + i * step <= high}
    limits = sorted(chosen)
    pairs = pairwise([*limits, float("inf")])
    return tuple(a for a, b in pairs if any(a <= value < b for value in values))


def _nearest(wishes: Iterable[float], rounds: Iterable[float]) -> set[float]:
    """Return for each wish the round number nearest to it, none twice."""
    left, chosen = set(rounds), set[float]()
    for wish in wishes:
        own = min(left, key=lambda limit: (abs(limit - wish), limit))
        left.remove(own)
        chosen.add(own)
    return chosen


def _spaced(shades: Sequence[str], number: int) -> list[str]:
    """Return so many of a row of shades, far apart."""
    if number == 1:
        return [shades[len(shades) // 2]]
    return [shades[round(i * (len(shades) - 1) / (number - 1))] for i in range(number)]


@lru_cache(maxsize=16)
def _cividis(number: int) -> list[str]:
    """Return shades from yellow to dark blue: long is dark, on the screen and in grey print."""
    at = [0.3] if number == 1 else np.linspace(0.0, 1.0, number)
    return [to_hex(shade) for shade in mpl.colormaps["cividis_r"](at)]
