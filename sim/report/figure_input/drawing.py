"""Drawing all figures of a study."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment import Study, Tables

from .. import figures
from . import days, difference_data, disruption_data, figure_data, staff_data, sweep_data
from .captions import caption
from .table_lookup import ranked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 6  # alternatives in one figure: as many as there are looks
MOST_ROWS = 11  # alternatives side by side, next to the baseline


def draw_all(
    study: Study,
    tables: Tables,
    into: Path,
    *,
    formats: Sequence[str] = ("png", "svg"),
    alternative: str | None = None,
    day: int | None = None,
) -> list[Path]:
    """
    Draw every figure that a study has the data for, and return the files written.

    Parameters
    ----------
    study, tables
        What was found, as ``run_study`` and ``tabulate`` return it.
    into
        Folder for the figures; made if it is not there.
    formats
        Among png, svg and pdf.
    alternative
        Whose map and timeline; the baseline's if not given.
    day
        Which day's timeline, counted from 1; the busiest of the first replication if not given.
    """
    into.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, figure in figures_of(study, tables, alternative=alternative, day=day):
        written += figures.save(figure, into / name, formats)
    return written


def figures_of(
    study: Study,
    tables: Tables,
    names: Sequence[str] | None = None,
    alternative: str | None = None,
    day: int | None = None,
) -> Iterator[tuple[str, Figure]]:
    """
    Yield figures of a study with their names, those it has the data for.

    Parameters
    ----------
    study, tables, alternative, day
        As in `draw_all`.
    names
        Which figures; all if not given.
    """
    # it tells where it keeps its list of fonts, which is nobody's business here
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    own = alternative or study.baseline
    shown = few(study, tables)
    makers: dict[str, Callable[[], Figure | None]] = {
        "share-reached": lambda: figures.figure_share_curves(
            figure_data.share_curves(shown), caption(shown)
        ),
        "map": lambda: _map(study, own),
        "day-profile": lambda: figures.figure_day_profile(
            figure_data.day_profile(shown), caption(shown)
        ),
        "utilisation": lambda: figures.figure_utilisation(
            figure_data.utilisation(shown, tables), caption(shown)
        ),
        "staff": lambda: _staff(study, shown, own),
        "disruptions": lambda: _disruptions(shown),
        "timeline": lambda: _timeline(study, own, day),
        "differences": lambda: _differences(shown, tables),
        "side-by-side": lambda: _side_by_side(study, tables),
        "sweep": lambda: _sweep(study, tables),
    }
    for name, make in makers.items():
        if names is None or name in names:
            figure = make()
            if figure is not None:
                yield name, figure


def _map(study: Study, alternative: str) -> Figure | None:
    circles = f"Policy “{alternative}” · circles are places where callouts come from"
    data = figure_data.map_data(study, alternative, circles)
    if len(data.places) < 2:
        return None
    return figures.figure_map(data, caption(study, [alternative]))


def _staff(study: Study, shown: Study, alternative: str) -> Figure | None:
    data = staff_data.staff(study, shown, alternative)
    return None if data is None else figures.figure_staff(data, caption(shown))


def _disruptions(shown: Study) -> Figure | None:
    data = disruption_data.disruptions(shown)
    return None if data is None else figures.figure_disruptions(data, caption(shown))


def _timeline(study: Study, alternative: str, day: int | None) -> Figure:
    number = days.busiest_day(study) if day is None else day - 1
    note = "the day with most callouts" if day is None else ""
    timeline = days.day_timeline(study, alternative, number, note)
    return figures.figure_day_timeline(timeline, caption(study, [alternative]))


def _differences(study: Study, tables: Tables) -> Figure | None:
    forests = difference_data.forests(study, tables)
    return figures.figure_forest(forests, caption(study)) if forests else None


def _side_by_side(study: Study, tables: Tables) -> Figure | None:
    if len(study.observations) < 3:
        return None  # one difference is in the other figures
    names = ranked(tables, list(study.observations)[1:])
    shown, missing = names[:MOST_ROWS], names[MOST_ROWS:]
    forests = difference_data.side_by_side(study, tables, shown)
    under = caption(study, [study.baseline, *shown], missing)
    return figures.figure_forest(forests, under) if forests else None


def _sweep(study: Study, tables: Tables) -> Figure | None:
    data, missing = sweep_data.sweep(study, tables, MOST)
    if data is None:
        return None
    lines = [band.name for band in data.panels[0].bands]
    return figures.figure_sweep(data, caption(study, lines, missing))


def few(study: Study, tables: Tables) -> Study:
    """
    Return the study with no more alternatives than can be distinguished in one figure.

    They are the baseline and the best others, best first. What is left out is named in captions.
    """
    others = list(study.observations)[1:]
    if len(others) >= MOST:
        others = ranked(tables, others)[: MOST - 1]
    shown = {name: study.observations[name] for name in (study.baseline, *others)}
    return replace(study, observations=shown)
