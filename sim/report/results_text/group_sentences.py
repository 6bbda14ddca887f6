"""
What is said of places and windows of the run: where an alternative does otherwise than as a whole.

That it is worse somewhere is always said where the whole does not say so. That it is better
somewhere is said only where it is clear that this place or window differs from the whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.definitions import definition
from sim.experiment import Tables
from sim.outcomes import GroupDifference, Standards
from sim.outcomes.verdicts.comparisons import ALPHA, BETTER, WORSE
from sim.outcomes.verdicts.differences import margin_of
from sim.scenario.duty_hours.named_windows import (
    CLOSURE,
    CURFEW,
    HOSPITAL_CLOSURE,
    INCIDENT,
    OUT_OF_HOURS,
    SEASON,
    SURGE,
    WEATHER,
    sort_and_name,
)

from ..phrasing.phrases import in_turn, named, phrase
from ..phrasing.saying import apart_in_words, in_words

PLACE, WINDOW = "place:", "window:"
MOST = 2  # places and windows named in a sentence
MOST_ALTERNATIVES = 3  # with a sentence of their own
_DURING = {
    CLOSURE: "during the closure of {name}",
    HOSPITAL_CLOSURE: "while {name} is closed",
    OUT_OF_HOURS: "outside the hours of {name}",
    CURFEW: "during the curfew {name}",
    WEATHER: "during the weather {name}",
    SURGE: "during the surge {name}",
    SEASON: "in the season {name}",
    INCIDENT: "after the incident {name}",
}


def where_in_words(group: str) -> str:
    """
    Return a place or a window of the run as a sentence has it.

    Examples
    --------
    >>> print(where_in_words("window:surge fair"), where_in_words("place:Jablah"), sep=", ")
    during the surge fair, in Jablah

    """
    if group.startswith(PLACE):
        return phrase("in {name}", name=named(group.removeprefix(PLACE)))
    sort, name = sort_and_name(group.removeprefix(WINDOW))
    return phrase(_DURING[sort], name=named(name))


def group_sentences(
    tables: Tables, standards: Standards, alternatives: Sequence[str]
) -> Iterator[str]:
    """
    Yield where alternatives are worse or better than over all callouts, one sentence each.

    Parameters
    ----------
    tables
        Of the study, with its differences by place and in windows.
    standards
        What the alternatives are measured against.
    alternatives
        Those compared with the baseline, in the order in which they are told.

    """
    whole = {(r.alternative, r.measure): r for r in tables.verdicts.rows if r.group == "all"}
    rows = [
        row
        for table in (tables.window_differences, tables.place_differences)
        for row in table
        if row.group.startswith((PLACE, WINDOW))
    ]
    for word, template, more in (
        (WORSE, "In part, {name} is worse: {parts}.", "In part worse, too: {names}."),
        (BETTER, "In part, {name} is better: {parts}.", "In part better, too: {names}."),
    ):
        told = []
        for alternative in alternatives:
            own = [
                row for row in rows
                if row.alternative == alternative and row.verdict == word
                and _differs(row, whole[alternative, row.measure].verdict, standards)
            ]  # fmt: skip
            found = _one_each(own, standards)
            if found:
                told.append((alternative, found))
        for alternative, found in told[:MOST_ALTERNATIVES]:
            parts = [
                _part(row, whole[alternative, row.measure].difference, standards.reach)
                for row in found[:MOST]
            ]
            yield phrase(template, name=named(alternative), parts=_listed(parts, len(found)))
        if len(told) > MOST_ALTERNATIVES:
            names = in_turn([named(name) for name, _ in told[MOST_ALTERNATIVES:]])
            yield phrase(more, names=names)


def _differs(row: GroupDifference, whole: str, standards: Standards) -> bool:
    """Return whether a verdict in a group is worth a sentence next to that of the whole."""
    if row.verdict == WORSE and whole != WORSE:
        return True
    if row.verdict == BETTER and whole == BETTER:
        return False
    clear = row.from_all_p is not None and row.from_all_p < ALPHA
    return clear and (row.from_all or 0.0) * (row.difference or 0.0) > 0 and (
        abs(row.from_all or 0.0) > (margin_of(definition(row.measure), standards) or 0.0)
    )  # fmt: skip


def _one_each(rows: Sequence[GroupDifference], standards: Standards) -> list[GroupDifference]:
    """Return one row for each group, the largest in margins, the largest groups' first."""

    def size(row: GroupDifference) -> float:
        margin = margin_of(definition(row.measure), standards) or 1.0
        return abs(row.difference or 0.0) / margin

    found: dict[str, GroupDifference] = {}
    for row in rows:
        if row.group not in found or size(row) > size(found[row.group]):
            found[row.group] = row
    return sorted(found.values(), key=lambda row: -size(row))


def _part(row: GroupDifference, whole: float | None, horizon: int) -> str:
    """Say what differs in a group, and how much over all callouts."""
    where, said = where_in_words(row.group), in_words(row, horizon)
    if whole is None:
        return phrase("{where}, {said}", where=where, said=said)
    of_all = apart_in_words(row.measure, row.unit, whole)
    return phrase("{where}, {said}, of all callouts {whole}", where=where, said=said, whole=of_all)


def _listed(parts: Sequence[str], found: int) -> str:
    """Return what is said of some groups, and how many more there are."""
    told = in_turn(parts, "{first}; {next}")
    if found <= len(parts):
        return told
    more = str(found - len(parts))
    return phrase("{first}; and in {number} more places or windows", first=told, number=more)
