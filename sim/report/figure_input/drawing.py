"""Drawing all figures of a study."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment import Study, Tables

from .. import figures
from ..figures.layout.style import house_style
from .declared_figures import declared_figures
from .figure_basis.figure_kinds import FigureKind, FigureRequest

if TYPE_CHECKING:
    from matplotlib.figure import Figure


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
    with house_style():
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
    asked = FigureRequest(study, tables, alternative or study.baseline, day)
    for own in declared_figures():
        if names is None or own.name in names:
            module = import_module(f"{__package__}.{own.module}")
            kind: FigureKind = getattr(module, own.function)
            figure = kind.make(asked)
            if figure is not None:
                yield kind.name, figure
