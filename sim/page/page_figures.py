"""The figures of a page: those that a results folder has, or drawn where it has none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup

from sim.errors import ResultsError
from sim.experiment import Study, Tables
from sim.experiment.results.bounded_reading import bytes_of
from sim.report.figure_input.declared_figures import declared_figures

from .inline_svg import MOST_BYTES, StyleSheet, inline_svg
from .languages import word
from .page_words import WORDS

# In which order figures are given room; the last are left out first where there is too little.
ORDER = (
    "share-reached", "differences", "side-by-side", "sweep", "staffing-frontier", "areas",
    "map-difference", "utilisation", "day-profile", "date-profile", "disruptions", "map",
    "timeline", "staff",
)  # fmt: skip


class PageFigure(NamedTuple):
    """A figure of the page: its name, what it is called, and the picture."""

    name: str
    title: Markup
    picture: Markup


def in_folder(folder: Path, own: Mapping[str, Any]) -> dict[str, bytes]:
    """
    Return the figures of a results folder, those that are as they were drawn.

    ``own`` are hashes by file name, one or several a file.
    """
    found = {}
    for name in {**dict.fromkeys(ORDER), **_meanings()}:
        path = f"figures/{name}.svg"
        if path not in own:
            continue
        try:
            data = bytes_of(folder, path, MOST_BYTES)
        except ResultsError:
            continue
        if hashlib.sha256(data).hexdigest() in own[path]:
            found[name] = data
    return found


def drawn(study: Study, tables: Tables) -> dict[str, bytes]:
    """Draw the figures of a study."""
    from sim.report import figures_of
    from sim.report.figures.layout.figure_files import bytes_of

    return {name: bytes_of(figure, "svg") for name, figure in figures_of(study, tables)}


def inlined(figures: Mapping[str, bytes], styles: StyleSheet) -> Iterator[PageFigure]:
    """
    Yield figures as parts of a page, those that matter most first.

    One that the page has no words for is called what it says of itself, in English.
    """
    for name in _ordered(figures):
        key = f"figure_{name}"
        if key in WORDS:
            title, label = word(key), WORDS[key][0]
        else:
            label = _meanings().get(name, name)
            title = Markup('<span lang="en" dir="ltr">{}</span>').format(label)
        yield PageFigure(name, title, inline_svg(figures[name], f"f-{name}", label, styles))


def _meanings() -> dict[str, str]:
    return {figure.name: figure.meaning for figure in declared_figures()}


def _ordered(names: Iterable[str]) -> list[str]:
    rank = {name: place for place, name in enumerate(ORDER)}
    return sorted(names, key=lambda name: (rank.get(name, len(ORDER)), name))
