"""From a sweep to its figure: measures against the value that is varied."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.definitions import NOT_REACHED, P90, RESTRICTED_MEAN
from sim.experiment import Alternative, Study, Tables
from sim.outcomes import Estimate
from sim.units import MS_PER, QuantityError, duration, say_duration

from ..figures import Band, Panel, Sweep, figure_sweep
from .figure_basis.captions import caption
from .figure_basis.figure_kinds import MOST, FigureRequest, figure_kind
from .figure_basis.table_lookup import estimates, horizon, numbers, ranked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# What is drawn besides the first target, and how its axis is named.
MEASURES = {
    NOT_REACHED: ("Not reached\nwithin {horizon} [%]", 100),
    RESTRICTED_MEAN: ("Response time,\nrestricted mean [min]", 1),
    P90: ("Response time, 90th\npercentile [min]", 1),
}
_WITH_UNIT = re.compile(r"(-?\d+(?:\.\d+)?) ?([a-z%][a-z %/]*)")
MOST_WORDS = 16  # values that are no numbers, in one figure
LEVEL = -1  # in place of a value: the alternative is the same at all of them


@figure_kind("sweep", "Measures against the values varied.", place=100)
def figure(asked: FigureRequest) -> Figure | None:
    """Return the lines that there is room for; None where nothing is varied."""
    data, missing = sweep(asked.study, asked.tables, MOST)
    if data is None:
        return None
    lines = [band.name for band in data.panels[0].bands]
    return figure_sweep(data, caption(asked.study, lines, missing))


def sweep(study: Study, tables: Tables, most: int) -> tuple[Sweep | None, list[str]]:
    """
    Return measures against the first value that is varied; None where nothing is varied.

    Of more words than there is room for, there are that of the baseline and the best. What else
    is varied, and each policy, makes a line of its own. Of more than ``most`` lines there are that
    of the baseline and those with the best alternatives; the names of the others are returned as
    well. A policy that the value does not concern is drawn level.
    """
    varied = next((a.settings[0] for a in study.design.alternatives if a.settings), None)
    if varied is None:
        return None, []
    values: list[Any] = []
    series: dict[str, dict[int, str]] = {}  # line: value's place: alternative
    for alternative in study.design.alternatives:
        own = [s for s in alternative.settings if s.path == varied.path]
        if own and own[0].value not in values:
            values.append(own[0].value)
        at = values.index(own[0].value) if own else LEVEL
        series.setdefault(_line(alternative, varied.path), {})[at] = alternative.name
    lines = dict(series)
    if len(series) > most:
        lines = {name: series[name] for name in _best_lines(tables, series)[:most]}
    if len(values) < 2:
        return None, []
    numbers_, unit = _to_scale(tuple(v if _is_number(v) else _said(v) for v in values))
    shown: Sequence[int] = range(len(values))
    if len(values) > MOST_WORDS and not all(map(_is_number, numbers_)):
        shown = _best_values(study, tables, lines, len(values))
    panels = _panels(study, tables, lines, shown)
    missing = [name for name in series if name not in lines]
    data = Sweep(
        f"{varied.path} [{unit}]" if unit else varied.path,
        tuple(numbers_[at] for at in shown),
        panels,
        missing=tuple(str(numbers_[at]) for at in range(len(values)) if at not in shown),
    )
    return data, missing


def _panels(
    study: Study, tables: Tables, lines: Mapping[str, Mapping[int, str]], shown: Sequence[int]
) -> tuple[Panel, ...]:
    """Return a panel a measure, of these lines at the values of these numbers."""
    until = say_duration(horizon(study))
    panels = {name: (label.format(horizon=until), k) for name, (label, k) in MEASURES.items()}
    target = next(iter(study.world.scenario.targets), None)
    if target is not None:
        panels[f"share:{target.name}"] = (f"{target.name}\n[%]", 100)
    found = estimates(tables.summary)

    def rows(measure: str, by: Mapping[int, str]) -> list[Estimate | None]:
        each = (by.get(at, by.get(LEVEL, "")) for at in shown)
        return [found.get((alternative, measure, "all")) for alternative in each]

    drawn = []
    for measure, (label, scale) in panels.items():
        each = {name: rows(measure, by) for name, by in lines.items()}
        bands = tuple(_band(name, line, scale) for name, line in each.items())
        never = tuple(tuple(map(_is_never, line)) for line in each.values())
        drawn.append(Panel(label, bands, never))
    return tuple(drawn)


def _best_values(
    study: Study, tables: Tables, lines: Mapping[str, Mapping[int, str]], count: int
) -> list[int]:
    """Return the numbers of the values there is room for: the baseline's, then the best."""
    place = {name: i for i, name in enumerate(ranked(tables, study.observations))}
    place[study.baseline] = -1
    best = [
        min((place.get(by[at], count) for by in lines.values() if at in by), default=len(place))
        for at in range(count)
    ]
    return sorted(range(count), key=lambda at: (best[at], at))[:MOST_WORDS]


def _to_scale(values: tuple[float | str, ...]) -> tuple[tuple[float | str, ...], str]:
    """
    Return values that all have one unit as numbers, and the unit; others as they are.

    Durations in several units are minutes.
    """
    found = [_WITH_UNIT.fullmatch(value) if isinstance(value, str) else None for value in values]
    scaled = [float(match[1]) for match in found if match is not None]
    units = {match[2] for match in found if match is not None}
    if len(scaled) == len(values) and len(units) == 1:
        return tuple(scaled), units.pop()
    try:
        return tuple(duration(value) / MS_PER["min"] for value in values), "min"
    except QuantityError:
        return values, ""


def _best_lines(tables: Tables, series: Mapping[str, Mapping[int, str]]) -> list[str]:
    """Return the names of the lines: the baseline's first, then by their best alternative."""
    baseline, *others = series
    names = [name for line in series.values() for name in line.values()]
    place = {name: i for i, name in enumerate(ranked(tables, names))}
    return [
        baseline,
        *sorted(others, key=lambda line: min(place[n] for n in series[line].values())),
    ]


def _line(alternative: Alternative, path: str) -> str:
    others = [f"{s.label}={_said(s.value)}" for s in alternative.settings if s.path != path]
    return ", ".join([alternative.policies.name, *others])


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _said(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _band(name: str, rows: list[Estimate | None], scale: float) -> Band:
    """Return value, low and high of estimates; ``nan`` for what there is not."""
    cells = [[scale * number for number in numbers(row)] for row in rows]
    return Band(name, *np.array(cells, dtype=np.float64).T)


def _is_never(row: Estimate | None) -> bool:
    """Return whether a percentile does not exist because too few are ever reached."""
    return row is not None and row.value is None
