"""The first part of the page: the sentences of the answer, and the numbers they rest on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup, escape

from sim.definitions import NOT_REACHED, RESTRICTED_MEAN, TARGET, definition
from sim.experiment import Study
from sim.report.phrasing.phrases import named, phrase
from sim.report.phrasing.saying import percent, title_of
from sim.report.phrasing.target_words import with_cohort
from sim.report.results_text.answer import (
    difference_text,
    parts_of_response,
    size_of_study,
    value_text,
)
from sim.report.results_text.confirmation_text import confirmation_lines
from sim.report.results_text.sentences import Facts, sentences, state_of_target
from sim.report.results_text.text_tables import SIDE_BY_SIDE, harmed_table

from .languages import name_of, said, word
from .page_tables import (
    PageTable,
    TableCell,
    TableRow,
    as_printed,
    first_rows,
    heading,
    number,
    worded,
)


class AnswerPart(NamedTuple):
    """Sentences, tables with words to read them by, and what the response time is made of."""

    sentences: Sequence[Markup]
    size: Markup
    tables: Sequence[PageTable]
    notes: Sequence[Markup]
    parts: Markup


def answer_part(study: Study, facts: Facts) -> AnswerPart:
    """Return the answer of a study."""
    lines = [*sentences(facts), *confirmation_lines(study)]
    return AnswerPart(
        [said(line) for line in lines],
        said(size_of_study(facts)),
        [*map(first_rows, _tables(facts))],
        [word(key) for key in _notes(facts)],
        said(parts_of_response(facts)),
    )


def _tables(facts: Facts) -> Iterator[PageTable]:
    """Yield the tables; of many alternatives the ranking first, for much may be said of harm."""
    few, harmed = len(facts.names) <= SIDE_BY_SIDE, facts.tables.verdicts.harmed
    if not few:
        yield _ranked(facts)
    if harmed:
        names = {*facts.names, *(harm.name for harm in harmed)}
        yield as_printed(harmed_table(harmed), names)
    if few:
        yield _side_by_side(facts)
    if facts.standards.targets:
        yield _targets(facts)


def _notes(facts: Facts) -> Iterator[str]:
    if facts.has_intervals:
        yield "in_brackets"
    elif facts.study.replications == 1:
        yield "one_replication"
    yield "people_first"


def _primary(facts: Facts) -> list[str]:
    """Return the primary measures that are known, who is not reached always first."""
    known = dict.fromkeys([NOT_REACHED, *facts.standards.primary])
    return [m for m in known if facts.estimate(facts.baseline, m) is not None]


def _with_unit(measure: str, horizon: int) -> Markup:
    unit = definition(measure).unit
    title = title_of(measure, horizon)
    return said(phrase("{title} [{unit}]", title=title, unit="%" if unit == "share" else unit))


def _side_by_side(facts: Facts) -> PageTable:
    """Return a row a measure, a column an alternative, and the differences from the baseline."""
    others = facts.names[1:]
    columns = [heading(word("measure"), "word"), *(heading(name_of(n)) for n in facts.names)]
    for name in others:
        of = Markup(" ({})").format(name_of(name)) if len(others) > 1 else Markup("")
        columns += [heading(word("difference") + of), heading(word("verdict"), "word")]
    rows = []
    for measure in _primary(facts):
        cells = [number(value_text(facts.estimate(n, measure), True)) for n in facts.names]
        for name in others:
            row = facts.judgements[name].row(measure)
            cells += [
                number(difference_text(row, True)),
                verdict_cell("" if row is None else row.verdict),
            ]
        rows.append(TableRow(_with_unit(measure, facts.horizon), cells))
    return PageTable(word("primary"), columns, rows)


def verdict_cell(verdict: str) -> TableCell:
    """Return a verdict as a cell: a word, and for two of them a sign."""
    sign = {"better": "better", "worse": "worse"}.get(verdict, "other")
    return TableCell(
        Markup('<span class="verdict {}">{}</span>').format(sign, said(verdict)), "word"
    )


def _ranked(facts: Facts) -> PageTable:
    """Return a row an alternative, best first, those that leave people without help last."""
    columns = [
        heading(word("alternative"), "word"),
        heading(_with_unit(NOT_REACHED, facts.horizon)),
        heading(_with_unit(RESTRICTED_MEAN, facts.horizon)),
        heading(word("difference")),
        heading(word("verdict"), "word"),
        heading(word("could_be_best"), "word"),
    ]
    best = facts.tables.verdicts.best
    rows = []
    for name in facts.ranked():
        judged = facts.judgements.get(name)
        row = None if judged is None else judged.row(RESTRICTED_MEAN)
        rows.append(TableRow(name_of(name), [
            number(value_text(facts.estimate(name, NOT_REACHED), True)),
            number(value_text(facts.estimate(name, RESTRICTED_MEAN), True)),
            number(difference_text(row, True)),
            verdict_cell("baseline" if judged is None else judged.verdict),
            TableCell(escape("●" if name in best else ""), "word"),
        ]))  # fmt: skip
    return PageTable(word("alternatives"), columns, rows)


def _targets(facts: Facts) -> PageTable:
    """Return whether each target is met under each alternative."""
    targets = facts.standards.targets
    if len(facts.names) <= SIDE_BY_SIDE:
        columns = [heading(word("target"), "word"), heading(word("wanted")),
                   *(heading(name_of(n), "word") for n in facts.names)]  # fmt: skip
        rows = [
            TableRow(
                said(with_cohort(t, named(t.name))),
                [number(percent(t.share)), *(_met(facts, n, t.name, t.share) for n in facts.names)],
            )
            for t in targets
        ]
    else:
        columns = [
            heading(word("alternative"), "word"),
            *(heading(said(phrase("{name} ({share})", name=with_cohort(t, named(t.name)),
                                  share=percent(t.share))), "word") for t in targets),
        ]  # fmt: skip
        rows = [
            TableRow(name_of(n), [_met(facts, n, t.name, t.share) for t in targets])
            for n in facts.ranked()
        ]
    return PageTable(word("targets"), columns, rows)


def _met(facts: Facts, name: str, target: str, wanted: float) -> TableCell:
    row = facts.estimate(name, TARGET + target)
    if row is None or row.value is None:
        return worded("none")
    state = state_of_target(row, wanted)
    return worded(phrase("{share}: {state}", share=percent(row.value), state=state))
