"""Drawing all figures of a study."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment import Study, Tables

from . import days, figures, gathering
from .figures import Caption

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
    # it tells where it keeps its list of fonts, which is nobody's business here
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    into.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, figure in _figures(study, tables, alternative or study.baseline, day):
        written += figures.save(figure, into / name, formats)
    return written


def _figures(
    study: Study, tables: Tables, alternative: str, day: int | None
) -> Iterator[tuple[str, Figure]]:
    both, alone = caption(study), caption(study, [alternative])
    yield "share-reached", figures.figure_share_curves(gathering.share_curves(study), both)
    circles = f"Policy “{alternative}” · circles are places where callouts come from"
    data = gathering.map_data(study, alternative, circles)
    if len(data.places) > 1:
        yield "map", figures.figure_map(data, alone)
    yield "day-profile", figures.figure_day_profile(gathering.day_profile(study), both)
    busy = gathering.busy_fractions(study, tables)
    yield "busy-fraction", figures.figure_busy_fractions(busy, both)
    number = days.busiest_day(study) if day is None else day - 1
    note = "the day with most callouts" if day is None else ""
    timeline = days.day_timeline(study, alternative, number, note)
    yield "timeline", figures.figure_day_timeline(timeline, alone)
    title = "Who is reached sooner, who later: mean response time"
    forests = gathering.forests(study, tables, title)
    if forests:
        yield "differences", figures.figure_forest(forests, both)


def caption(study: Study, alternatives: Sequence[str] | None = None) -> Caption:
    """Return what stands under a figure: scenario, policies, replications, seed, whose data."""
    scenario = study.world.scenario
    return Caption(
        scenario=f"Scenario {scenario.name}",
        alternatives=tuple(alternatives or study.observations),
        replications=study.replications,
        days=scenario.clock.run / 86_400_000,
        seed=scenario.study.seed,
        attribution=scenario.map.attribution,
        title=scenario.title or scenario.name,
    )
