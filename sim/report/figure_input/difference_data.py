"""From a study to its figures of differences: who is reached sooner, who later, at what cost."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from math import inf, nan
from typing import TYPE_CHECKING

from sim.definitions import RESTRICTED_MEAN, TARGET, Definition, definition
from sim.experiment import Study, Tables
from sim.outcomes import Comparison, Judgement
from sim.outcomes.verdicts.comparisons import AT_A_PRICE, BETTER, IDENTICAL, MIXED, WORSE
from sim.outcomes.verdicts.gate import FAILED, GATE_INCONCLUSIVE, NO_VERDICT

from ..figures import Forest, ForestRow, figure_forest
from .figure_basis.captions import caption
from .figure_basis.figure_kinds import FigureRequest, figure_kind
from .figure_basis.table_lookup import Key, comparisons, estimates, horizon, ranked

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_ROWS = {2: 12, 4: 8}  # of a grouping, by how many panels there are at most
LEAST_ROWS = 5  # with more panels
MOST_NAMED = 2  # of classes abandoned, or measures
NO_INTERVAL = "no interval"
CLEAR = (BETTER, WORSE, IDENTICAL)  # verdicts that are shown where there is no number
PARTING = (BETTER, WORSE, AT_A_PRICE)  # verdicts of groups that are shown before others
OVERTIME = ("overtime", "overtime of all crews", "h a week", "less", "more")
MOST_BESIDE = 11  # alternatives side by side, next to the baseline


@figure_kind("differences", "Paired differences by group.", place=80)
def differences(asked: FigureRequest) -> Figure | None:
    """Return a panel for each alternative that there is room for; None where there is one only."""
    found = forests(asked.shown, asked.tables)
    return figure_forest(found, caption(asked.shown)) if found else None


@figure_kind("side-by-side", "Several alternatives in the primary measures.", place=90)
def beside(asked: FigureRequest) -> Figure | None:
    """Return a row an alternative; None below three, as one difference is in the other figures."""
    study = asked.study
    if len(study.observations) < 3:
        return None
    names = ranked(asked.tables, list(study.observations)[1:])
    shown, missing = names[:MOST_BESIDE], names[MOST_BESIDE:]
    found = side_by_side(study, asked.tables, shown)
    under = caption(study, [study.baseline, *shown], missing)
    return figure_forest(found, under) if found else None


def forests(study: Study, tables: Tables) -> list[Forest]:
    """
    Return paired differences of the restricted mean: all callouts, by kind, by area.

    Kinds, and areas, stand by their difference under the first of the alternatives: those that
    gain most come first. Where there are more than the figure has room for, those with a clear
    difference under any of them are shown before others, and then those with most callouts.
    """
    found = comparisons(tables)
    others = list(study.observations)[1:]
    groups = _shared_groups(study, tables, others, found)
    most = next((rows for panels, rows in MOST_ROWS.items() if len(others) <= panels), LEAST_ROWS)
    clear = {g for n, m, g in found if n in others and m == RESTRICTED_MEAN
             and found[n, m, g].verdict in PARTING}  # fmt: skip
    groups.sort(key=lambda group: group not in clear)  # else those with most callouts first
    blocks = [[g for g in groups if g.startswith(p)] for p in ("all", "kind:", "area:")]
    note = _ranked_by(others[0], len(others)) if groups else ""
    note += _left_out(blocks, most, clear)
    first = {g: _or_last(found[others[0], RESTRICTED_MEAN, g].difference) for g in groups}
    for block in blocks:
        block[most:] = []
        block.sort(key=lambda group: first[group])
    title = f"Who is reached sooner, who later: {definition(RESTRICTED_MEAN).title}"
    judged = {judgement.alternative: judgement for judgement in tables.verdicts.judgements}
    return [
        Forest(
            tuple(
                tuple(_row(_label(g), found[name, RESTRICTED_MEAN, g]) for g in block)
                for block in blocks
                if block
            ),
            title,
            alternative=name,
            baseline=study.baseline,
            judged=_said(judged.get(name)),
            note=note,
        )
        for name in others
        if groups
    ]


def _or_last(difference: float | None) -> float:
    """Return a difference to sort by: where there is none, people are never reached."""
    return inf if difference is None else difference


def _ranked_by(first: str, several: int) -> str:
    """Say in which order rows stand."""
    return "largest gain first" + (f", under “{first}”" if several > 1 else "")


def _left_out(blocks: Sequence[Sequence[str]], most: int, clear: Collection[str]) -> str:
    """Say how many kinds and areas there are, where not all are shown."""
    words = []
    for word, block in zip(("kinds", "areas"), blocks[1:], strict=True):
        if len(block) > most:
            missing = sum(group in clear for group in block[most:])
            more = f"; {missing} more are clear" if missing else ""
            words.append(f" · {word}: {most} of {len(block)}, clear differences first{more}")
    return "".join(words)


def side_by_side(study: Study, tables: Tables, others: Sequence[str]) -> list[Forest]:
    """
    Return paired differences of alternatives from the baseline, a forest a measure.

    ``others`` are the alternatives, in the order of the rows. Measures are the primary ones and,
    where it is counted, the overtime: a rule that wins one and loses another shows it.
    """
    found, until = comparisons(tables), horizon(study)
    every = len(others) + 1 == len(study.observations)
    heading = "All alternatives side by side" if every else "The best alternatives side by side"
    shown = [_titled(name, until) for name in study.samples[0].standards.primary] + [OVERTIME]
    forests_ = []
    for measure, title, unit, less, more in shown:
        scale = 100.0 if unit == "pp" else 1.0
        known = [found.get((name, measure, "all")) for name in others]
        rows = [_row(name, row, scale) for name, row in zip(others, known, strict=True)]
        if any(row is not None for row in known):
            forests_.append(
                Forest(
                    (tuple(rows),), heading, unit, title,
                    study.baseline, less, more,
                )
            )  # fmt: skip
    return forests_


def _shared_groups(
    study: Study, tables: Tables, others: Sequence[str], found: Mapping[Key, Comparison]
) -> list[str]:
    """Return the groups in which every alternative is compared, those with most callouts first."""
    summary = estimates(tables.summary)
    own = [{g for n, m, g in found if n == name and m == RESTRICTED_MEAN} for name in others]
    shared = set.intersection(*own) if own else set()

    def often(group: str) -> float:
        row = summary.get((study.baseline, "callouts", group))
        return 0.0 if row is None or row.value is None else row.value

    return sorted(shared, key=lambda group: (-often(group), group))


def _label(group: str) -> str:
    return "all callouts" if group == "all" else group.partition(":")[2]


def _titled(measure: str, until: int) -> tuple[str, str, str, str, str]:
    """Return a measure, what it is called, its unit, and what less and more of it are."""
    label: Definition = definition(measure)
    title = measure.removeprefix(TARGET) if measure.startswith(TARGET) else label.titled(until)
    if label.unit == "share":
        return measure, title, "pp", "fewer", "more"
    return measure, title, label.unit, "sooner", "later"


def _row(label: str, row: Comparison | None, scale: float = 1.0) -> ForestRow:
    """Return a difference for drawing, with a plain word where it or its interval is not known."""
    if row is None:
        return ForestRow(label, nan, nan, nan, "", "no callouts")
    if row.difference is None:
        told = ": ".join(filter(None, [row.note, row.verdict if row.verdict in CLEAR else ""]))
        return ForestRow(label, nan, nan, nan, row.verdict, told)
    value = scale * row.difference
    if row.low is None or row.high is None:
        told = IDENTICAL if row.verdict == IDENTICAL else NO_INTERVAL
        return ForestRow(label, value, nan, nan, row.verdict, told)
    told = IDENTICAL if row.verdict == IDENTICAL else ""
    return ForestRow(label, value, scale * row.low, scale * row.high, row.verdict, told)


def _said(judgement: Judgement | None) -> tuple[str, str]:
    """Return the verdict on an alternative, and a line that says it with what it rests on."""
    if judgement is None:
        return "", ""
    return judgement.verdict, f"{judgement.verdict}{_because(judgement)}"


def _because(judgement: Judgement) -> str:
    """Return what a verdict rests on: who is abandoned, or else what is worse or better."""
    gate, verdict = judgement.gate, judgement.verdict
    if gate.abandoned:
        return f": abandons {_listed([harm.name for harm in gate.abandoned])}"
    if gate.state == FAILED:
        return ": more callouts are not reached"
    if verdict in (WORSE, MIXED):
        said = "worse in " * (verdict == MIXED)
        return f": {said}{_listed([_short(row.measure) for row in judgement.of(WORSE)])}"
    if gate.state == GATE_INCONCLUSIVE:
        return ": not shown that as many are reached"
    if verdict == BETTER:
        return ", and as many are reached"
    return ": fewer than ten replications" if gate.state == NO_VERDICT else ""


def _short(measure: str) -> str:
    return definition(measure).title.removeprefix("response time, ").partition(" within {")[0]


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
