"""The page of a study: its parts put together, figures as far as there is room."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from sim.errors import ResultsError, SimError
from sim.experiment import Results, Study, Tables, read_results, tabulate
from sim.experiment.results.bounded_reading import hash_of
from sim.experiment.results.results_place import drawn_figures
from sim.report.figure_input.figure_basis.table_lookup import ranked
from sim.report.phrasing.care import CARE, care_in
from sim.report.phrasing.phrases import named, phrase
from sim.report.results_text.sentences import Facts
from sim.scenario.networks.network_files import with_credit

from .answer_part import answer_part
from .certainty_part import certainty_part, staff_part
from .groups_part import groups_part
from .inline_svg import StyleSheet
from .languages import said
from .method_part import folder_name, method_part
from .page_figures import PageFigure, drawn, in_folder, inlined
from .rendering import rendered
from .replay.parts import YEAR, ReplayParts, replay_parts

MOST_BYTES = 1_000_000  # of a page
MOST_BYTES_YEAR = 5_000_000  # of a run of a year or more
PLACES = {  # of figures: by the part of the page they belong to
    "share-reached": "answer", "side-by-side": "answer", "sweep": "answer",
    "staffing-frontier": "answer", "differences": "gains", "date-profile": "staff",
    "areas": "gains", "disruptions": "disruptions",
    "staff": "staff", "utilisation": "staff", "day-profile": "staff",
    "map": "map", "map-difference": "map", "timeline": "map",
}  # fmt: skip
_CARE_WORDS = dict(zip(CARE.values(), ("care_illustrative", "care_modelled", "care_operations"),
                       strict=True))  # fmt: skip


class PageSection(NamedTuple):
    """
    A part of the page: what it is called by links and templates, and its heading's word.

    ``on_paper`` is the word where its figures are all that is printed of it.
    """

    anchor: str
    word: str
    on_paper: str = ""


SECTIONS = (
    PageSection("answer", "answer"), PageSection("maps", "map"), PageSection("gains", "gains"),
    PageSection("staff", "staff"), PageSection("certainty", "certainty"),
    PageSection("method", "method"),
)  # fmt: skip


@dataclass(frozen=True)
class StudySource:
    """A study with its manifest, and which files of its folder are not as they were written."""

    study: Study
    tables: Tables
    manifest: dict[str, Any]
    folder: Path
    figures: Mapping[str, bytes]
    changed: Sequence[str] = ()
    missing: Sequence[str] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    replay: ReplayParts | None = None
    no_replay: str = ""  # why there is none

    @property
    def called(self) -> str:
        """The folder's name: a page that is handed on does not tell where it lay."""
        return folder_name(self.folder)


def read_source(folder: Path, answers: Mapping[str, str]) -> StudySource:
    """
    Read a results folder for its page.

    Raises
    ------
    ResultsError
        When it is partial, of another format, or a file that the page rests on was altered.

    """
    results = read_results(folder)
    manifest = results.manifest
    tables = tabulate(results.study, bool(manifest.get("control")))
    figures = drawn_figures(manifest)
    own = {**{name: {found} for name, found in manifest["outputs"].items()}, **figures}
    missing = [name for name in own if not os.path.lexists(folder / name)]
    changed = [n for n in own if n not in missing and _altered(folder, n, own[n])]
    shown = in_folder(folder, figures) or drawn(results.study, tables)
    replay, why = replay_of(results, tables)
    return StudySource(
        results.study, tables, manifest, folder, shown, changed, missing, answers, replay, why,
    )  # fmt: skip


def replay_of(results: Results, tables: Tables) -> tuple[ReplayParts | None, str]:
    """Return the replay of the baseline and the best other; or None, and why there is none."""
    names = [*results.study.observations]
    others = [name for name in ranked(tables, names) if name != names[0]]
    try:
        return replay_parts(results, names[0], next(iter(others), None), others[1:]), ""
    except SimError as error:
        return None, str(error).replace(str(results.folder), folder_name(results.folder))


def _altered(folder: Path, name: str, own: Collection[str]) -> bool:
    try:
        return hash_of(folder, name) not in own
    except ResultsError:
        return True


def study_page(source: StudySource) -> str:
    """Return the page of a study as HTML."""
    study, manifest = source.study, source.manifest
    facts = Facts(study, source.tables)
    scenario = study.world.scenario
    attribution = with_credit(scenario.map.attribution, study.world.file.edges)
    styles, answer = StyleSheet(), answer_part(study, facts)
    figures = list(inlined(source.figures, styles))
    parts = {
        "title": scenario.title or scenario.name,
        "period": said(_period(study)),
        "size": answer.size,
        "care": [_CARE_WORDS[sign] for sign in care_in(attribution)],
        "attribution": attribution,
        "compared": len(facts.names) > 1,
        "sections": _sections(source.replay),
        "changed": source.changed,
        "missing": source.missing,
        "answer": answer,
        "gains": groups_part(study, source.tables, facts),
        "staff": staff_part(study, facts),
        "certainty": certainty_part(study, source.tables, manifest, Path(source.called)),
        "method": method_part(
            study, manifest, attribution, source.answers, source.called, source.missing
        ),
        "replay": source.replay,
        "no_replay": said(phrase("There is no replay: {reason}.", reason=source.no_replay))
        if source.no_replay
        else "",
    }
    most = MOST_BYTES_YEAR if scenario.clock.length >= YEAR else MOST_BYTES
    return fitted(parts, figures, styles, most)


def _sections(replay: ReplayParts | None) -> tuple[PageSection, ...]:
    if replay is None:
        return SECTIONS
    maps = PageSection("maps", "maps" if len(replay.shown) > 1 else "one_map", on_paper="map")
    return tuple(maps if section.anchor == "maps" else section for section in SECTIONS)


def _period(study: Study) -> str:
    clock = study.world.scenario.clock
    end = clock.local.moment(clock.length)
    return phrase(
        "{start} to {end} ({zone})",
        start=f"{clock.start:%Y-%m-%d %H:%M}", end=f"{end:%Y-%m-%d %H:%M}",
        zone=named(str(clock.timezone)),
    )  # fmt: skip


def fitted(
    parts: Mapping[str, Any], figures: Sequence[PageFigure], styles: StyleSheet, most: int
) -> str:
    """Return a page of at most so many bytes: figures that find no room are named instead."""
    shown, replay = len(figures), parts["replay"]
    while True:
        by_part: dict[str, list[PageFigure]] = {part: [] for part in (*PLACES.values(), "answer")}
        for figure in figures[:shown]:
            by_part[PLACES.get(figure.name, "answer")].append(figure)
        left_out = [figure.name for figure in figures[shown:]]
        page = rendered(
            "page.html.j2",
            {**parts, "figures": by_part, "left_out": left_out},
            [styles.text, *([replay.style] if replay else [])],
            [replay.script] if replay else [],
            replay.words if replay else {},
        )
        over = len(page.encode()) - most
        if over <= 0 or not shown:
            return page
        while over > 0 and shown:
            shown -= 1
            over -= len(figures[shown].picture.encode())
