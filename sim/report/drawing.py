"""Drawing all figures of a study."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment import Study, Tables

from . import gathering
from .figures import busy, curve, map, profile, timeline
from .figures.style import house_style, save

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
        for name, figure in _figures(study, tables, alternative or study.baseline, day):
            written += save(figure, into / name, formats)
    return written


def _figures(
    study: Study, tables: Tables, alternative: str, day: int | None
) -> Iterator[tuple[str, Figure]]:
    title = study.world.scenario.title or study.world.scenario.name
    paired = len(study.observations) > 1
    alone = caption(study, [alternative])
    yield "share-reached", _share(study, title)
    data = gathering.map_data(study, alternative)
    if len(data.places) > 1:
        subtitle = f"{title} · policy {alternative}"
        care = study.world.scenario.map.attribution
        lines = "\n".join([alone.split(" · illustrative")[0] if care else alone, *care])
        yield "map", map.map_figure(data, "How long each place waits", subtitle, lines)
    yield (
        "day-profile",
        profile.profile_figure(
            *gathering.profile_parts(study),
            "Demand and busy teams through the day",
            f"{title} · means over all days and replications, with 95% intervals",
            caption(study),
        ),
    )
    yield (
        "busy-fraction",
        busy.busy_figure(
            study.world.names.teams,
            gathering.busy_dots(study, tables),
            "How busy the teams are",
            title,
            caption(study),
        ),
    )
    yield "timeline", _timeline(study, alternative, day, title, alone)
    blocks = gathering.forest_blocks(study, tables)
    if paired and blocks:
        heading = "Who is reached sooner, who later"
        yield "differences", busy.forest_figure(blocks, study.baseline, heading, caption(study))


def _share(study: Study, title: str) -> Figure:
    target = next(iter(study.world.scenario.targets), None)
    minutes = gathering.minutes_shown(study, target)
    curves, differences = gathering.share_lines(study, target, minutes)
    whom = "All callouts"
    if target is not None and target.kind is not None:
        whom = f"Callouts of kind “{target.kind}”"
    elif target is not None and target.priority is not None:
        whom = f"Callouts of priority {target.priority}"
    return curve.share_figure(
        minutes,
        curves,
        differences,
        gathering.goals(study, target),
        f"{whom} reached in time",
        f"{title} · bands are pointwise 95% intervals over replications",
        caption(study),
    )


def _timeline(study: Study, alternative: str, day: int | None, title: str, lines: str) -> Figure:
    number = gathering.busiest_day(study) if day is None else day - 1
    date = study.world.scenario.clock.start + timedelta(days=number)
    which = "the day with most callouts" if day is None else "a day"
    return timeline.timeline_figure(
        gathering.day_of(study, alternative, number),
        f"Day {number + 1}, {date.day} {date:%B %Y}: every team from callout to clear",
        f"{title} · policy {alternative} · {which} of the first replication",
        lines,
    )


def caption(study: Study, alternatives: Sequence[str] | None = None) -> str:
    """Return the line under a figure: scenario, policies, replications, seed, and for what."""
    scenario = study.world.scenario
    names = list(alternatives or study.observations)
    paired = "paired " if len(study.observations) > 1 else ""
    line = (
        f"Scenario {scenario.name} · policies {', '.join(names)} · {study.replications} {paired}"
        f"replications of {scenario.clock.run / 86_400_000:g} days · seed {scenario.study.seed}"
    )
    if any("llustrative" in text for text in scenario.map.attribution):
        line += " · illustrative bases, modelled secondary roads, not for operations"
    return line
