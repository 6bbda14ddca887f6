"""docs/verdicts.md: a function of its table alone, so it can be made from that again."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence

from sim.definitions import DIFFERENCE, NOT_REACHED, P90, RESTRICTED_MEAN, definition
from sim.experiment.counting import (
    ABOVE,
    ALONE,
    AMONG_ALL,
    ANY_CLEAR,
    ANY_FOUND,
    ANY_HARM,
    ANY_WORD,
    AT_MARGIN,
    BELOW,
    BESIDE_ONE,
    BY_T,
    COVERED,
    GATES,
    NAMED,
    SHARE_FALSE,
    SKEWNESS,
    STAYS_IN,
    UNADJUSTED,
    VALUE,
    WIDTH,
    WORDS,
    WRONGLY_OPEN,
)
from sim.experiment.coverage import QUEUE, QUICK_POOL, REFUSAL, RING, CountedShare, bound_of
from sim.outcomes.verdicts.gate import FAILED, OPEN

from . import verdict_words as words
from .pages import markdown, number

NONE = "–"
LEAST = 5e-4  # true values below this are not shown: there is next to nothing to hold
RINGS = (
    (ANY_CLEAR, "primary family: any row with an adjusted p below 5 %"),
    (BESIDE_ONE, "the same, with `town 0 last` in the study"),
    (ANY_WORD, "any alternative called better, worse or mixed"),
    (ANY_FOUND, "exploratory: any row with an adjusted p below 5 %"),
    (SHARE_FALSE, "exploratory, with `town 0 last`: share of the rows found that are false"),
    (ANY_HARM, "gate: any class called harmed"),
    ("gate failed", "gate: failed, of the alternatives"),
    ("gate open", "gate: open, of the alternatives"),
    (STAYS_IN, "could be the best: kept, of the alternatives, all equally good"),
)


class RowLookup:
    """The rows, looked up by what they are of."""

    def __init__(self, rows: Sequence[CountedShare]) -> None:
        self.rows = rows
        self._at = {self._key(row): row for row in rows}

    @staticmethod
    def _key(row: CountedShare) -> tuple[object, ...]:
        return (
            row.scenario, row.settings, row.alternative, row.measure, row.what, row.replications,
        )  # fmt: skip

    def at(
        self, of: CountedShare, what: str, replications: int = 0, measure: str | None = None
    ) -> CountedShare | None:
        """Return what was found of the same alternative (and measure), None if nothing."""
        own = of.measure if measure is None else measure
        return self._at.get((of.scenario, of.settings, of.alternative, own, what, replications))

    def sizes(self, scenario: str) -> list[int]:
        """Return the sizes of studies of a scenario."""
        return sorted({row.replications for row in self.rows if row.scenario == scenario} - {0})

    def facts(self, scenario: str, differences: bool) -> Iterator[CountedShare]:
        """Yield the values in a scenario's pools, or the differences."""
        for row in self.rows:
            of_pool = row.scenario == scenario and row.what == VALUE
            if of_pool and row.measure.startswith(DIFFERENCE) == differences:
                yield row

    def percent(
        self, of: CountedShare, what: str, replications: int = 0, measure: str | None = None
    ) -> str:
        """Return a share in per cent, as it stands in a table."""
        found = self.at(of, what, replications, measure)
        return NONE if found is None else number(100 * found.value, 1)

    def percents(
        self, of: CountedShare, what: str, sizes: Sequence[int], measure: str | None = None
    ) -> str:
        """Return shares in whole per cent for studies of several sizes."""
        found = [self.at(of, what, size, measure) for size in sizes]
        each = [whole(100 * row.value) for row in found if row is not None]
        return " / ".join(each) or NONE

    def held(self, of: CountedShare, replications: int, how: str = "") -> str:
        """Return how often an interval contains the true value, with its tails."""
        covered, above, below = (
            self.at(of, what + how, replications) for what in (COVERED, ABOVE, BELOW)
        )
        if covered is None or above is None or below is None:
            return NONE
        tails = f"{number(100 * above.value, 1)}/{number(100 * below.value, 1)}"
        return f"{number(100 * covered.value, 1)} ({tails})"


def as_page(rows: Sequence[CountedShare]) -> str:
    """Return the page."""
    page = RowLookup(rows)
    return "\n".join(
        [
            words.head(small=max(row.pool for row in rows) <= QUICK_POOL),
            words.METHOD,
            filled(f"{words.COUNTED} {error(page)}"),
            pools(page),
            words.QUEUE,
            intervals(page, differences=False),
            words.DIFFERENCES,
            intervals(page, differences=True),
            words.RING,
            ring(page),
            words.POWER,
            power(page),
            words.WORDS,
            said(page, QUEUE),
            words.GATE,
            wrongly_open(page),
            words.REFUSALS,
            said(page, REFUSAL),
            words.LIMITS + filled(f"{words.RARE} {rare(page)}") + words.FURTHER_LIMITS,
            words.REFERENCES,
        ]
    )


def whole(percent: float) -> str:
    """Return a whole number of per cent, or a tenth of one where it is close to none or to all."""
    return number(percent, 1 if 0 < percent < 1 or 99 < percent < 100 else 0)


def pools(page: RowLookup) -> str:
    """Return a table of what was run."""
    found: dict[tuple[str, str, int, int], dict[int, int]] = {}
    for row in page.rows:
        sizes = found.setdefault((row.scenario, row.settings, row.pool, row.seed), {})
        if row.replications:
            sizes[row.replications] = max(row.studies, sizes.get(row.replications, 0))
    lines = [
        (
            f"`{scenario}`",
            settings and f"`{settings}`",
            str(pool),
            str(seed),
            ", ".join(f"{studies} of {size}" for size, studies in sorted(sizes.items())),
        )
        for (scenario, settings, pool, seed), sizes in found.items()
    ]
    return markdown(("scenario", "set", "replications in the pool", "seed", "studies of R"), lines)


def intervals(page: RowLookup, differences: bool) -> str:
    """Return a table of how often intervals contain the true value."""
    sizes = page.sizes(QUEUE)
    least = sizes[0]
    columns = [
        "alternative, callouts an hour", "measure", "true value", "skewness",
        *(f"*R* = {size}" for size in sizes),
        f"*t*, *R* = {least}", f"width, *R* = {least}",
    ]  # fmt: skip
    if differences:
        columns.append(f"at the margin, *R* = {' / '.join(map(str, sizes))}")
    lines = []
    for row in page.facts(QUEUE, differences):
        if abs(row.value) < LEAST:
            continue
        skewness, width = page.at(row, SKEWNESS), page.at(row, WIDTH, least)
        line = [
            f"{row.alternative}, {rate(row)}",
            name(row.measure),
            valued(row),
            NONE if skewness is None else number(skewness.value, 1),
            *(page.held(row, size) for size in sizes),
            page.held(row, least, BY_T),
            NONE if width is None else number(width.value, 2),
        ]
        if differences:
            line.append(page.percents(row, AT_MARGIN, sizes))
        lines.append(line)
    return markdown(columns, lines)


def rate(row: CountedShare) -> str:
    """Return the number in a part's setting, as 4.4 of "demand.rate=4.4 per hour"."""
    return row.settings.partition("=")[2].partition(" ")[0]


def name(measure: str) -> str:
    """Return a short name of a measure."""
    own = measure.removeprefix(DIFFERENCE)
    if own == NOT_REACHED:
        return "not reached"
    return definition(own).title.removeprefix("response time, ")


def valued(row: CountedShare) -> str:
    """Return a true value with its unit; a difference carries its sign."""
    own = definition(row.measure.removeprefix(DIFFERENCE))
    sign = "+" if row.measure.startswith(DIFFERENCE) else ""
    if own.unit == "share":
        unit = "points" if sign else "%"
        return f"{number(100 * row.value, 2, sign)} {unit}"
    return f"{number(row.value, 1 if abs(row.value) >= 0.1 else 2, sign)} {own.unit}"


def ring(page: RowLookup) -> str:
    """Return a table of what is found where there is no difference, with bounds."""
    sizes = page.sizes(RING)
    lines = []
    for what, told in RINGS:
        own = [row for row in page.rows if row.scenario == RING and row.what == what]
        if not own:
            continue
        bound = bound_of(own[0])
        limit = NONE
        if bound is not None:
            limit = f"{'≤' if bound.at_most else '≥'} {number(100 * bound.limit, 1)}"
        each = {row.replications: row for row in own}
        shares = [number(100 * each[n].value, 1) if n in each else NONE for n in sizes]
        lines.append([told, *shares, limit])
    return markdown(["in % of studies", *(f"*R* = {n}" for n in sizes), "bound"], lines)


def power(page: RowLookup) -> str:
    """Return a table of how often a true difference is found."""
    sizes = page.sizes(RING)
    ways = (UNADJUSTED, ALONE, AMONG_ALL)
    lines = [
        [
            name(row.measure),
            valued(row),
            *(" / ".join(page.percent(row, way, size) for way in ways) for size in sizes),
        ]
        for row in page.facts(RING, differences=True)
    ]
    columns = (f"*R* = {n}: unadjusted / alone / among all" for n in sizes)
    return markdown(["measure", "true difference", *columns], lines)


def said(page: RowLookup, scenario: str) -> str:
    """Return a table of the words for each alternative, next to what is true."""
    sizes, lines = page.sizes(scenario), []
    words_of = (*WORDS, GATES[OPEN], GATES[FAILED], *((NAMED,) if scenario == REFUSAL else ()))
    for row in page.facts(scenario, differences=True):
        if row.measure == DIFFERENCE + NOT_REACHED:
            truth = " · ".join(_truths(page, row))
            each = (page.percents(row, word, sizes, "") for word in words_of)
            lines.append([f"{row.alternative}, {rate(row)}", truth, *each])
    per = "an hour" if scenario == QUEUE else "a day"
    columns = (
        f"alternative, callouts {per}",
        "true difference: not reached · restricted mean · 90th percentile · target",
        *words_of,
    )  # fmt: skip
    return markdown(columns, lines)


def wrongly_open(page: RowLookup) -> str:
    """Return a table of how often the gate opens for an alternative that reaches fewer."""
    sizes = page.sizes(QUEUE)
    lines = [
        [
            f"{row.alternative}, {rate(row)}",
            valued(row),
            *(page.percent(row, WRONGLY_OPEN, size) for size in sizes),
        ]
        for row in page.facts(QUEUE, differences=True)
        if page.at(row, WRONGLY_OPEN, sizes[0]) is not None
    ]
    columns = ("alternative, callouts an hour", "not reached", *(f"*R* = {n}" for n in sizes))
    return markdown(columns, lines)


def _truths(page: RowLookup, of: CountedShare) -> Iterator[str]:
    """Yield the true differences of an alternative; "never" where a percentile does not exist."""
    own = {
        row.measure: row
        for row in page.facts(of.scenario, differences=True)
        if (row.settings, row.alternative) == (of.settings, of.alternative)
    }
    own.setdefault(DIFFERENCE + P90, of)
    for measure in (NOT_REACHED, RESTRICTED_MEAN, P90):
        row = own.pop(DIFFERENCE + measure)
        yield "never" if measure == P90 and row is of else valued(row)
    yield from map(valued, own.values())


def rare(page: RowLookup) -> str:
    """Say how often the interval of a share not reached holds where it comes from rare weeks."""
    least = page.sizes(QUEUE)[0]
    cells = [
        (found.value, row)
        for row in page.facts(QUEUE, differences=False)
        if row.measure == NOT_REACHED and row.value > LEAST
        if (found := page.at(row, COVERED, least)) is not None
    ]
    if not cells:
        return ""
    share, row = min(cells, key=lambda cell: cell[0])
    skewness = page.at(row, SKEWNESS)
    assert skewness is not None
    return (
        f"Above, {valued(row)} are not reached under `{row.alternative}` at {rate(row)} callouts "
        f"an hour, the skewness of the replications is {number(skewness.value, 1)}, and the "
        f"interval from {least} of them contains the true value in {number(100 * share, 1)} %."
    )


def error(page: RowLookup) -> str:
    """Say the standard error of a count of 95 % in the studies of the queue."""
    studies = max(row.studies for row in page.rows if row.scenario == QUEUE)
    sd = number(100 * math.sqrt(0.95 * 0.05 / studies), 1)
    return f"A share of 95 % counted in {studies:,} studies has a standard error of {sd} points."


def filled(text: str) -> str:
    """Return a paragraph, or an item of a list, in lines of the width of the others."""
    indent = "  " if text.startswith("* ") else ""
    return textwrap.fill(text, 98, subsequent_indent=indent, break_on_hyphens=False) + "\n"
