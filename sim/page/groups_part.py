"""The third part of the page: who gains and who loses, by area and by kind of callout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from markupsafe import Markup

from sim.definitions import NOT_REACHED, RESTRICTED_MEAN
from sim.experiment import Study, Tables
from sim.experiment.results.folder import disruptions_of, places_of, windows_of
from sim.outcomes import Comparison
from sim.outcomes.verdicts.fairness import FEW_CALLOUTS
from sim.outcomes.verdicts.gate import HARM
from sim.report.phrasing.phrases import in_turn, named, phrase
from sim.report.phrasing.saying import percent
from sim.report.results_text.answer import difference_text, value_text
from sim.report.results_text.disruption_table import disruption_tables
from sim.report.results_text.fairness_tables import BY, fairness_tables
from sim.report.results_text.group_tables import places_table, windows_table
from sim.report.results_text.sentences import Facts
from sim.report.results_text.text_tables import SIDE_BY_SIDE
from sim.units import say_duration

from .answer_part import verdict_cell
from .languages import name_of, said, word
from .page_tables import PageTable, TableCell, TableRow, as_printed, heading, number

MOST_OTHERS = 5  # alternatives with a column of their own, next to the baseline
PICTURE = (150, 16)  # of a row: width and height [px]


class GroupsPart(NamedTuple):
    """Tables by group, those on how unequal groups are, and on disruptions."""

    tables: Sequence[PageTable]
    reached: Markup
    not_shown: Markup
    inequality: Sequence[PageTable]
    equal: Sequence[Markup]
    disruptions: Sequence[PageTable]


def groups_part(study: Study, tables: Tables, facts: Facts) -> GroupsPart:
    """Return what is said of groups of callouts."""
    shown, missing = told_of(facts)
    groups = {row.group for row in tables.fairness} | _labels(study)
    names = {*facts.names, *groups, *study.world.names.hospitals}
    printed = [*fairness_tables(tables.fairness.rows, shown)]
    hindered = disruption_tables(disruptions_of(study).rows, tables.verdicts.rows, shown)
    return GroupsPart(
        [
            *(t for by in BY if (t := _by(facts, shown, by)) is not None),
            *_asked(study, tables, facts, shown),
        ],
        said(_reached(facts, shown)),
        said(missing),
        [as_printed(table, names) for table in printed if not isinstance(table, str)],
        [said(line) for line in printed if isinstance(line, str)],
        [as_printed(table, names) for table in hindered],
    )


def _labels(study: Study) -> set[str]:
    names = study.world.names
    return {*names.kinds, *names.areas, *names.places}


def told_of(facts: Facts) -> tuple[list[str], str]:
    """Return the alternatives that tables have room for: baseline and best; and who is left out."""
    others = [name for name in facts.ranked() if name != facts.baseline]
    if len(others) <= MOST_OTHERS:
        return facts.names, ""
    missing = [named(name) for name in others[MOST_OTHERS:]]
    return [facts.baseline, *others[:MOST_OTHERS]], phrase(
        "Shown: the baseline and the {number} best others. Not shown: {names}.",
        number=str(MOST_OTHERS), names=in_turn(missing),
    )  # fmt: skip


def _by(facts: Facts, shown: Sequence[str], by: str) -> PageTable | None:
    """Return the table of a grouping, the worst group first; None where there is one group."""
    groups = _groups(facts, by)
    if len(groups) < 2:
        return None
    worst = {g: _worst(facts, shown, f"{by}:{g}") for g in groups}
    groups.sort(
        key=lambda g: (worst[g][0] if worst[g][0] >= HARM else 0.0, worst[g][1]), reverse=True
    )
    unreached = max(share for share, _ in worst.values()) > facts.standards.margin_unreached
    few = _few(facts, by)
    most = max((mean for _, mean in worst.values()), default=0.0)
    rows = [
        TableRow(
            name_of(group),
            [*_cells(facts, shown, f"{by}:{group}", unreached, most)],
            group if by == "area" else "",
            word("few") if group in few else Markup(""),
        )
        for group in groups
    ]
    return PageTable(word(f"by_{by}"), [*_columns(shown, by, unreached)], rows)


def _asked(study: Study, tables: Tables, facts: Facts, shown: Sequence[str]) -> Iterator[PageTable]:
    """Yield results in windows of the run and by place, where the scenario asks for them."""
    windows, places = windows_of(study), places_of(study)
    groups = {row.group.partition(":")[2] for row in (*windows, *places)}
    targets = {target.name for target in facts.standards.targets}
    for table in (
        windows_table(windows.rows, shown, facts.standards.reach, tables.window_differences.rows),
        places_table(places.rows, shown[:SIDE_BY_SIDE], tables.place_differences.rows),
    ):
        if table is not None:
            yield as_printed(table, {*facts.names, *groups, *targets})


def _reached(facts: Facts, shown: Sequence[str]) -> str:
    """Say how many are not reached at most in any group, where the tables have no column for it."""
    most = max(
        (_worst(facts, shown, f"{by}:{g}")[0] for by in BY for g in _groups(facts, by)), default=0.0
    )
    if most > facts.standards.margin_unreached:
        return ""
    return phrase(
        "Not reached within {duration}: at most {share} in any area or kind.",
        share=percent(most), duration=say_duration(facts.horizon),
    )  # fmt: skip


def _few(facts: Facts, by: str) -> set[str]:
    """Return the groups with too few callouts for an interval."""
    return {
        row.group
        for row in facts.tables.fairness
        if row.by == by and row.measure == RESTRICTED_MEAN and row.note.startswith(FEW_CALLOUTS)
    }


def _groups(facts: Facts, by: str) -> list[str]:
    start = f"{by}:"
    return [
        row.group.removeprefix(start)
        for row in facts.tables.summary
        if row.alternative == facts.baseline
        and row.measure == RESTRICTED_MEAN
        and row.group.startswith(start)
    ]


def _worst(facts: Facts, shown: Sequence[str], group: str) -> tuple[float, float]:
    """Return the largest share not reached, and the largest restricted mean, under any shown."""
    late = [facts.value(name, NOT_REACHED, group) or 0.0 for name in shown]
    means = [facts.value(name, RESTRICTED_MEAN, group) or 0.0 for name in shown]
    return max(late), max(means)


def _columns(shown: Sequence[str], by: str, unreached: bool) -> Iterator[TableCell]:
    yield heading(word(by), "word")
    yield heading(word("callouts_a_day"))
    for name in shown:
        own = name_of(name)
        if unreached:
            yield heading(Markup("{}: {}").format(own, word("not_reached")))
        yield heading(own)
    if len(shown) == 2:
        yield heading(word("before_after"), "picture")
    if 1 < len(shown) <= SIDE_BY_SIDE:
        for name in shown[1:]:
            of = Markup(" ({})").format(name_of(name)) if len(shown) > 2 else Markup("")
            yield heading(word("difference") + of)
            yield heading(word("verdict"), "word")


def _cells(
    facts: Facts, shown: Sequence[str], group: str, unreached: bool, most: float
) -> Iterator[TableCell]:
    often = facts.value(facts.baseline, "callouts", group)
    yield number("-" if often is None else f"{often:.1f}" if often >= 0.1 else f"{often:.2f}")
    paired = _paired(facts, group)
    with_interval = len(shown) == 1
    for place, name in enumerate(shown):
        if unreached:
            yield number(value_text(facts.estimate(name, NOT_REACHED, group), False))
        cell = number(value_text(facts.estimate(name, RESTRICTED_MEAN, group), with_interval))
        row = paired.get(name)
        if len(shown) > SIDE_BY_SIDE and place and row is not None:
            sign = verdict_cell(row.verdict)
            cell = TableCell(Markup("{} {}").format(cell.text, sign.text), "number")
        yield cell
    if len(shown) == 2:
        yield TableCell(_picture(facts, shown, group, most), "picture")
    if 1 < len(shown) <= SIDE_BY_SIDE:
        for name in shown[1:]:
            row = paired.get(name)
            yield number(difference_text(row, True))
            yield verdict_cell("" if row is None else row.verdict)


def _paired(facts: Facts, group: str) -> Mapping[str, Comparison]:
    return {
        row.alternative: row
        for row in facts.tables.verdicts.rows
        if row.measure == RESTRICTED_MEAN and row.group == group
    }


def _picture(facts: Facts, shown: Sequence[str], group: str, most: float) -> Markup:
    """Return a row's picture, on one scale from zero for the whole table: before and after."""
    values = [facts.value(name, RESTRICTED_MEAN, group) for name in shown]
    if None in values or not most:
        return Markup("")
    wide, high = PICTURE
    first, second = (6 + (wide - 12) * (value or 0.0) / most for value in values)
    middle = high / 2
    return Markup(
        '<svg class="dumbbell" aria-hidden="true" width="{w}" height="{h}" viewBox="0 0 {w} {h}">'
        '<path class="scale" d="M6 {y}H{end}"/><path class="step" d="M{a} {y}H{b}"/>'
        '<circle class="from" cx="{a}" cy="{y}" r="4"/>'
        '<path class="to" d="M{b} {top}l4.5 4.5l-4.5 4.5l-4.5 -4.5z"/></svg>'
    ).format(
        w=wide, h=high, y=middle, end=wide - 6, a=f"{first:.1f}", b=f"{second:.1f}",
        top=f"{middle - 4.5:g}",
    )  # fmt: skip
