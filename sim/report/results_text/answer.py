"""
The answer of a study on one screen: sentences, one table, what changes most, where the rest is.

At most 25 lines of 80 columns for one or two alternatives; a line each for more. Where there is
room, values carry their intervals; where there is not, intervals go before numbers wrap.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Any

from sim.definitions import NOT_REACHED, RESTRICTED_MEAN, TARGET, definition
from sim.experiment import Study, Tables
from sim.outcomes import Comparison, Estimate, response_parts
from sim.outcomes.verdicts.comparisons import AT_A_PRICE, BETTER, WORSE
from sim.outcomes.verdicts.gate import FAILED
from sim.units import say_duration

from ..phrasing.phrases import in_turn, named, phrase
from ..phrasing.saying import figure
from ..phrasing.short_names import cut_in_middle, told_apart
from ..phrasing.target_words import callouts_of, where_and_when
from ..phrasing.words import clean
from .confirmation_text import confirmation_lines
from .sentences import Facts, sentences

WIDTH, MOST_LINES = 80, 24  # and one that says where the rest is
MOST_MEASURES, MOST_GROUPS, MOST_ALTERNATIVES = 6, 5, 12
_TITLE = 30  # columns that a measure's title may take
# How a table makes do with less room: intervals of values, of differences, columns that a name
# may take above its numbers, and whether the values (of several: the target) are there at all.
_LAYOUTS = (
    (True, True, 14, True),
    (False, True, 14, True),
    (False, True, 8, True),
    (False, False, 8, True),
    (False, True, 8, False),
    (False, False, 8, False),
    (False, False, 4, False),
)
GROUPS = ("kind:", "area:")


def answer(study: Study, tables: Tables, width: int = WIDTH, more: Sequence[str] = ()) -> list[str]:
    """
    Return the answer of a study, line by line.

    Parameters
    ----------
    study, tables
        What was run, and its numbers.
    width
        Columns there are.
    more
        Further sentences, as on looks taken before.

    """
    facts = Facts(study, tables)
    lines = [*_head(facts, width), ""]
    for sentence in (*sentences(facts), *confirmation_lines(study), *more):
        lines += wrap(sentence, width)
    lines += ["", *(_of_many(facts, width) if len(facts.names) > 2 else _of_two(facts, width))]
    parts = wrap(parts_of_response(facts), width)
    room = MOST_LINES - len(lines) - len(parts) - 1
    if len(facts.names) <= 2:
        room = max(room, MOST_GROUPS)
    groups = _groups(facts, width, min(room, MOST_GROUPS))
    spare = len(lines) + len(parts) + len(groups) < MOST_LINES
    return [*lines, *([""] if spare else []), *parts, *groups]


def _head(facts: Facts, width: int) -> list[str]:
    scenario = facts.study.world.scenario
    told = size_of_study(facts)
    return [*wrap(clean(scenario.title or scenario.name), width), told[:width]]


def size_of_study(facts: Facts) -> str:
    """Say how much was run: replications, their length, the seed, and if there are intervals."""
    size = facts.study.replications
    pairs = "paired " * (len(facts.names) > 1) + "replication" + "s" * (size > 1)
    return phrase(
        "{replications} of {duration} · seed {seed} · {intervals}",
        replications=phrase(f"{{number}} {pairs}", number=str(size)),
        duration=say_duration(facts.study.world.scenario.clock.length),
        seed=str(facts.study.design.seed),
        intervals=phrase("95 % intervals" if facts.has_intervals else "no intervals"),
    )  # fmt: skip


def _measures(facts: Facts) -> list[str]:
    """Return the primary measures to show: those with a verdict first, where there is no room."""
    primary = [m for m in facts.standards.primary if facts.estimate(facts.baseline, m) is not None]
    if len(primary) <= MOST_MEASURES:
        return primary
    told = {
        row.measure for j in facts.judgements.values() for row in j.of(BETTER, WORSE, AT_A_PRICE)
    }
    first = next((m for m in primary if m.startswith(TARGET)), None)
    rank = {
        m: (m not in primary[:3] and m != first, m not in told, i) for i, m in enumerate(primary)
    }
    kept = set(sorted(primary, key=rank.__getitem__)[:MOST_MEASURES])
    return [m for m in primary if m in kept]


def _of_two(facts: Facts, width: int) -> list[str]:
    """Return the table of one or two alternatives: a row for each primary measure."""
    two = len(facts.names) == 2
    lines: list[str] = []
    for level, paired, name, values in _LAYOUTS:
        shown = facts.names if values or not two else []
        header = [
            "",
            *told_apart([*map(clean, shown)], name),
            *(["difference", "verdict"] if two else []),
        ]
        rows = [header]
        for measure in _measures(facts):
            cells = [value_text(facts.estimate(n, measure), level) for n in shown]
            if two:
                row = facts.judgements[facts.names[1]].row(measure)
                cells += [difference_text(row, paired), "" if row is None else row.verdict]
            rows.append([_titled(measure, facts.horizon), *cells])
        lines = _aligned(rows, left={0, len(header) - 1} if two else {0})
        if max(map(len, lines)) <= width:
            break
    return lines


def _of_many(facts: Facts, width: int) -> list[str]:
    """Return the table of several alternatives: a line each, best first."""
    best, ranked = set(facts.tables.verdicts.best), facts.ranked()
    lines: list[str] = []
    for _, paired, name, with_target in _LAYOUTS:
        rows = _ranked_rows(facts, ranked[:MOST_ALTERNATIVES], paired, name, with_target)
        lines = _aligned(rows, left={0, len(rows[0]) - 1})
        if max(map(len, lines)) <= width:
            break
    if len(ranked) > MOST_ALTERNATIVES:
        lines.append(f"{len(ranked) - MOST_ALTERNATIVES} more with --all")
    if 0 < len(best) < len(ranked):
        failed = any(j.gate.state == FAILED for j in facts.judgements.values())
        told = (
            "* could be the best"
            + "; alternatives that leave people without help are last" * failed
        )
        lines += wrap(told, width)
    return lines


def _ranked_rows(
    facts: Facts, ranked: Sequence[str], paired: bool, name: int, with_target: bool
) -> list[list[str]]:
    """Return the rows of several alternatives under two rows of headings."""
    targets = facts.standards.targets if with_target else ()
    target = targets[0] if targets else None
    rows = [
        ["", "not reached", "restr. mean", "difference", "verdict"],
        ["", "[%]", "[min]", "[min]", ""],
    ]
    if target:
        rows[0].insert(4, cut_in_middle(clean(target.name), 2 * name))
        rows[1].insert(4, "[%]")
    best = facts.tables.verdicts.best
    shown = dict(zip(facts.names, told_apart([*map(clean, facts.names)], 2 * name), strict=True))
    for alternative in ranked:
        judged = facts.judgements.get(alternative)
        row = None if judged is None else judged.row(RESTRICTED_MEAN)
        cells = [
            shown[alternative],
            value_text(facts.estimate(alternative, NOT_REACHED), False),
            value_text(facts.estimate(alternative, RESTRICTED_MEAN), False),
            difference_text(row, paired),
        ]
        if target:
            cells.append(value_text(facts.estimate(alternative, TARGET + target.name), False))
        word = "baseline" if judged is None else judged.verdict
        mark = " *" if alternative in best and len(best) < len(facts.names) else ""
        rows.append([*cells, word + mark])
    return rows


def _titled(measure: str, horizon: int) -> str:
    found = definition(measure)
    unit = "%" if found.unit == "share" else found.unit
    return f"{cut_in_middle(clean(found.titled(horizon, short=True)), _TITLE)} [{unit}]"


def value_text(row: Estimate | None, with_interval: bool) -> str:
    """Return a value as the table has it, a plain word where there is none."""
    if row is None:
        return "none"
    if row.value is None:
        return "never"
    value = figure(row.value, row.unit)
    if not with_interval or row.low is None or row.high is None or row.value == 0:
        return value
    return f"{value} [{figure(row.low, row.unit)}, {figure(row.high, row.unit)}]"


def difference_text(row: Comparison | None, with_interval: bool) -> str:
    """Return a difference as the table has it; nothing where nothing is compared."""
    if row is None:
        return ""
    if row.difference is None:
        return "never"
    value = figure(row.difference, row.unit, True)
    if row.low == row.high == 0:
        return "0"
    if not with_interval or row.low is None or row.high is None:
        return value
    return f"{value} [{figure(row.low, row.unit, True)}, {figure(row.high, row.unit, True)}]"


def _aligned(rows: Sequence[Sequence[str]], left: Iterable[int]) -> list[str]:
    """Return rows as lines with their columns aligned, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    flush = set(left)
    return [
        "  ".join(
            cell.ljust(size) if i in flush else cell.rjust(size)
            for i, (cell, size) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]


def parts_of_response(facts: Facts) -> str:
    """Return how the baseline's response time divides."""
    parts = response_parts(facts.sample(facts.baseline))
    if not parts:
        return ""
    each = [
        phrase("{part} {size}", part=part, size=f"{time:.1f}")
        for part, time in parts.items()
        if time >= 0.05
    ]
    return phrase(
        "Received to first team on scene, mean of those reached, {name} [min]: {whole} = {parts}",
        name=named(facts.baseline), whole=f"{sum(parts.values()):.1f}",
        parts=in_turn(each, "{first} + {next}"),
    )  # fmt: skip


def _groups(facts: Facts, width: int, most: int) -> list[str]:
    """Return the groups whose restricted mean changes most, where they clearly do."""
    rows = [
        row
        for row in facts.tables.verdicts.rows
        if row.measure == RESTRICTED_MEAN
        and row.group.startswith(GROUPS)
        and row.difference is not None
        and row.verdict in (BETTER, WORSE, AT_A_PRICE)
    ]
    if not rows or most < 1:
        return []
    rows.sort(key=lambda row: -abs(row.difference or 0.0))
    several = len(facts.names) > 2
    alternatives = dict(zip(facts.names, told_apart([*map(clean, facts.names)], 14), strict=True))
    table = []
    for row in rows[:most]:
        before = facts.value(facts.baseline, row.measure, row.group)
        after = facts.value(row.alternative, row.measure, row.group)
        name = clean(row.group.partition(":")[2])
        table.append([
            f"  {alternatives[row.alternative]}: {name}" if several else f"  {name}",
            "-" if before is None else f"{before:.1f}",
            "-" if after is None else f"{after:.1f}",
            difference_text(row, True),
            row.verdict,
        ])  # fmt: skip
    said = "Largest changes in restricted mean, before and after [min], exploratory:"
    lines = _aligned(table, left={0, 4})
    return [*wrap(said, width), *(line[:width].rstrip() for line in lines)]


def answer_as_data(study: Study, tables: Tables) -> dict[str, Any]:
    """Return the answer as data: the sentences, and what they rest on."""
    facts = Facts(study, tables)
    verdicts = tables.verdicts
    return {
        "sentences": [*sentences(facts), *confirmation_lines(study)],
        "horizon_ms": facts.standards.horizon,
        "not_reached_after_ms": facts.standards.reach,
        "primary": list(facts.standards.primary),
        "could_be_best": list(verdicts.best),
        "targets": [
            {
                "target": target.name,
                "within_ms": target.within,
                "share": target.share,
                "attendance": target.attendance,
                "callouts": callouts_of(target),
                "where_and_when": where_and_when(target),
            }
            for target in facts.standards.targets
        ],
        "alternatives": [
            {
                "alternative": judged.alternative,
                "verdict": judged.verdict,
                "gate": judged.gate.state,
                "harmed": [harm._asdict() for harm in judged.gate.harmed],
            }
            for judged in verdicts.judgements
        ],
        "response_parts_min": {name: response_parts(facts.sample(name)) for name in facts.names},
    }
