"""The clock that panels by hour of the day share: which hours, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST_TICKS = 8  # steps between them


@dataclass(frozen=True)
class ClockHours:
    """
    The hours of the day that are drawn: ``count`` of them, from ``first`` on.

    A period shorter than a day is drawn from the hour in which it begins, over midnight where it
    goes on: hours that were not simulated take no room, and are not read as hours without callouts.
    """

    first: int = 0
    count: int = 24

    @property
    def whole(self) -> bool:
        """Whether it is a day from midnight to midnight, which joins on to itself."""
        return self == WHOLE_DAY

    @property
    def order(self) -> NDArray[np.int64]:
        """The hours of the day, 0 to 23, from left to right."""
        return np.asarray((self.first + np.arange(self.count)) % 24, dtype=np.int64)

    @property
    def edges(self) -> NDArray[np.float64]:
        """Where they begin, and where the last one ends; past midnight hours count on from 24."""
        return self.first + np.arange(self.count + 1, dtype=np.float64)

    @property
    def middle(self) -> NDArray[np.float64]:
        """Their middles."""
        return self.edges[:-1] + 0.5

    def mark(self, ax: Any) -> None:
        """Write the time of day below the axes."""
        step = next(step for step in (1, 2, 3) if step == 3 or self.count <= step * _MOST_TICKS)
        ticks = range(self.first, self.first + self.count + 1, step)
        ax.set_xlim(self.first, self.first + self.count)
        ax.set_xticks(ticks, [self._time(tick) for tick in ticks])
        ax.set_xlabel("Local time of day [h]")

    def _time(self, tick: int) -> str:
        """Return a time of day; a day from midnight to midnight ends at 24:00."""
        return f"{tick if self.whole else tick % 24:02d}:00"


WHOLE_DAY = ClockHours()
