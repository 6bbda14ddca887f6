"""How a module declares a figure, and what it is handed to make one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from sim.experiment import Study, Tables

from .table_lookup import ranked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 6  # alternatives in one figure: as many as there are looks


@dataclass(frozen=True)
class FigureRequest:
    """
    What a figure is to show.

    Attributes
    ----------
    study, tables
        What was found, as ``run_study`` and ``tabulate`` return it.
    alternative
        Whose map and timeline.
    day
        Which day's timeline, counted from 1; None for the busiest of the first replication.
    """

    study: Study
    tables: Tables
    alternative: str
    day: int | None = None

    @cached_property
    def shown(self) -> Study:
        """The study with no more alternatives than can be distinguished in one figure."""
        return few(self.study, self.tables)


@dataclass(frozen=True)
class FigureKind:
    """
    A figure that studies have: what it is called, what it shows, and how it is made.

    ``make`` returns None for a study that has nothing to show in it. Figures are drawn and listed
    by ``place``, the lowest first.
    """

    name: str
    meaning: str
    place: int
    make: Callable[[FigureRequest], Figure | None]


def figure_kind(
    name: str, meaning: str, *, place: int
) -> Callable[[Callable[[FigureRequest], Figure | None]], FigureKind]:
    """
    Declare that a function makes a figure; all else is found from here.

    Parameters
    ----------
    name
        What its files are called, and ``Result.figure`` knows it by.
    meaning
        What it shows, in a sentence for the glossary.
    place
        Where it stands among all figures; no two have the same.

    Notes
    -----
    Names and meanings are read from the source, so that commands which draw nothing need not load
    what draws (`sim.report.figure_input.declared_figures`): write them out, as literals.
    """

    def declare(make: Callable[[FigureRequest], Figure | None]) -> FigureKind:
        return FigureKind(name, meaning, place, make)

    return declare


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
