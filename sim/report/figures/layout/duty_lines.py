"""Lines of teams on duty: one for all alternatives whose teams are on duty alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from .bands import Array
from .labels import DETAIL_SIZE, EndLabel, fit
from .style import INK, look, short

ALIKE = 0.1  # teams on duty that two lines may differ in and be drawn as one


class DutyLine(NamedTuple):
    """A line, whose it is, by number, and how it is drawn: in black if it is that of all."""

    whose: list[int]
    values: Array
    style: dict[str, Any]
    label: EndLabel


def duty_lines(on_duty: Sequence[tuple[str, Array]]) -> list[DutyLine]:
    """Return the lines of alternatives' mean teams on duty, those that are alike as one."""
    found: list[tuple[list[int], Array]] = []
    for i, (_, values) in enumerate(on_duty):
        same = next((k for k, v in found if np.abs(v - values).max(initial=0) <= ALIKE), None)
        if same is None:
            found.append(([i], values))
        else:
            same.append(i)
    names = [short(name) for name, _ in on_duty]
    return [_drawn(own, values, names, len(found) == 1) for own, values in found]


def _drawn(own: list[int], values: Array, names: Sequence[str], alone: bool) -> DutyLine:
    last, (colour, dash, _) = float(values[-1]), look(own[0])
    if alone:
        label = EndLabel(last, "teams on duty", "", INK)
        return DutyLine(own, values, {"color": INK, "lw": 1.3}, label)
    others = ", ".join(names[i] for i in own[1:])
    also = fit(f"and under {others}", 150, DETAIL_SIZE) if others else ""
    label = EndLabel(last, f"on duty: {names[own[0]]}", also, colour)
    return DutyLine(own, values, {"color": colour, "lw": 1.3, "ls": dash}, label)
