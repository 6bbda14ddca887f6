"""The page of a measurement: what was recorded, without policies and without comparisons."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from markupsafe import Markup

from sim.experiment.results.measured_place import (
    MeasuredFacts,
    MeasuredResults,
    read_measured,
)
from sim.report.phrasing.phrases import named, phrase
from sim.report.record_tables import NO_DUTY, intervals_told, measured_tables
from sim.units import say_duration

from .answer_part import AnswerPart
from .certainty_part import CertaintyPart, StaffPart
from .groups_part import GroupsPart
from .inline_svg import StyleSheet
from .languages import said, word
from .method_part import MethodPart, folder_name
from .page_figures import in_folder, inlined
from .page_tables import PageTable, as_printed
from .replay.parts import YEAR
from .study_page import MOST_BYTES, MOST_BYTES_YEAR, PageSection, fitted

_SECTIONS = (
    PageSection("answer", "measured"), PageSection("gains", "groups"),
    PageSection("staff", "staff"), PageSection("certainty", "certainty"),
    PageSection("method", "method"),
)  # fmt: skip


def record_page(folder: Path) -> str:
    """
    Return the page of a measurement as HTML.

    Raises
    ------
    ResultsError
        When it is damaged or was altered.

    """
    found = read_measured(folder)
    facts = found.facts
    overall, *groups = _tables(found)
    styles = StyleSheet()
    own = {name: {hash_} for name, hash_ in facts.outputs.items()}
    figures = list(inlined(in_folder(folder, own), styles))
    parts: dict[str, Any] = {
        "title": facts.name, "period": said(_period(facts)),
        "size": said(intervals_told(facts)), "care": [], "attribution": (), "compared": False,
        "changed": found.changed, "missing": found.missing, "sections": _SECTIONS, "replay": None,
        "answer": AnswerPart([said(_told(facts))], Markup(""), [overall], (), Markup("")),
        "gains": GroupsPart(groups, Markup(""), Markup(""), (), (), ()),
        "staff": StaffPart((), [said(NO_DUTY)]),
        "certainty": CertaintyPart([said(intervals_told(facts))], (), (), (), (), facts.warnings),
        "method": _method(found),
    }  # fmt: skip
    return fitted(parts, figures, styles, MOST_BYTES_YEAR if facts.end_ms >= YEAR else MOST_BYTES)


def _tables(found: MeasuredResults) -> list[PageTable]:
    rows = {row.key: row.estimate for row in found.rows}
    names = {*found.facts.alternatives, *(g.partition(":")[2] for _, _, g in rows)} - {""}
    tables = [as_printed(table, names) for table in measured_tables(found.facts, rows)]
    return [own if own.caption else own._replace(caption=word("measured")) for own in tables]


def _period(facts: MeasuredFacts) -> str:
    start, end = (f"{moment:%Y-%m-%d %H:%M}" for moment in (facts.begins, facts.ends))
    return phrase("{start} to {end}", start=start, end=end)


def _told(facts: MeasuredFacts) -> str:
    if facts.simulated:
        return phrase(
            "Measured over {duration}, from the callouts of a simulation. Response time runs from "
            "received to first unit on scene.",
            duration=say_duration(facts.end_ms),
        )
    return phrase(
        "Measured over {duration}; nothing is simulated. Response time runs from received to first "
        "unit on scene.",
        duration=say_duration(facts.end_ms),
    )


def _method(found: MeasuredResults) -> MethodPart:
    made = phrase(
        "Results folder {folder}, rescuesim {version}",
        folder=named(folder_name(found.folder)), version=named(found.facts.rescuesim),
    )  # fmt: skip
    hashes = [(name, hash_) for name, hash_ in found.facts.outputs.items() if "/" not in name]
    return MethodPart("", (), (), (), hashes, "", "", "", said(made))
