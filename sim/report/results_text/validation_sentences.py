"""What a validation comes to, in sentences: where the model may be trusted, and where not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sim.experiment.validating.validation_study import OF_RECORD, Validation
from sim.outcomes.validation.agreement import (
    AGREES,
    CALLOUTS,
    DIFFERS,
    PRIMARY_ROWS,
    TOO_FEW,
    ComparedRow,
)
from sim.outcomes.validation.callout_times import RESPONSE
from sim.outcomes.validation.compared_times import FEWEST_DAYS, MEAN, MEDIAN, P90

from ..phrasing.words import clean, decimal

AT = {MEDIAN: "at the median", P90: "at the 90th percentile"}
MOST_LISTED = 2
_GROUPS = {
    "hours": "at {name} h", "hour": "in hour {name}", "weekday": "on {name}", "kind": "to {name}",
    "priority": "to priority {name}", "area": "in {name}", "place": "in {name}",
}  # fmt: skip
_TOLD_OF = ("hours", "weekday", "kind", "area")  # single hours and places are many


def validation_sentences(found: Validation) -> list[str]:
    """Return the answer: response first, then what may be trusted, what not, what is not shown."""
    rows = [row for row in found.compared if row.family == PRIMARY_ROWS]
    return [
        *_response(rows),
        *_trusted(rows),
        *_not_trusted(found, rows),
        *_not_shown(found, rows),
    ]


def _response(rows: Sequence[ComparedRow]) -> Iterator[str]:
    own = [row for row in rows if row.part == RESPONSE]
    if own:
        yield f"Response: the model is {'; '.join(map(_against, own))}."


def _against(row: ComparedRow) -> str:
    tolerance = decimal(row.tolerance, 1)
    if row.verdict == AGREES:
        return f"within {tolerance} min of the record {AT[row.statistic]}"
    told = f"{off_by(row)} {AT[row.statistic]}"
    if row.verdict == TOO_FEW:
        few = f"{row.days} days" if row.days < FEWEST_DAYS else f"{row.callouts} callouts"
        return f"{told} ({few} are too few to judge)"
    if row.verdict == DIFFERS:
        return told
    return f"{told}, where agreement within {tolerance} min is not shown"


def off_by(row: ComparedRow) -> str:
    """Return by how much a simulation is off, as "6.0 min too quick"."""
    size = decimal(abs(row.difference), 1)
    if row.part == CALLOUTS:
        if row.statistic != MEAN:
            return (
                f"{decimal(abs(row.difference), 2)} too {'low' if row.difference < 0 else 'high'}"
            )
        return f"{size} a day too {'few' if row.difference < 0 else 'many'}"
    if not float(size):
        return "at most 0.05 min off"
    quick, slow = ("short", "long") if row.part in ("on scene", "handover") else ("quick", "slow")
    return f"{size} min too {quick if row.difference < 0 else slow}"


def said_part(row: ComparedRow) -> str:
    """Return a part and statistic as a table has it."""
    if row.part == CALLOUTS:
        return "callouts a day" if row.statistic == MEAN else "their index of dispersion"
    return f"{row.part}, {'median' if row.statistic == MEDIAN else '90th percentile'}"


def _trusted(rows: Sequence[ComparedRow]) -> Iterator[str]:
    verdicts: dict[str, list[str]] = {}
    for row in rows:
        name = said_part(row) if row.part == CALLOUTS else row.part
        verdicts.setdefault(name, []).append(row.verdict)
    whole = [name for name, own in verdicts.items() if {*own} == {AGREES}]
    if whole:
        yield f"May be trusted within the tolerance: {', '.join(whole)}."
    else:
        yield "No part is shown to agree within the tolerance in both its rows."


def _not_trusted(found: Validation, rows: Sequence[ComparedRow]) -> Iterator[str]:
    worst: dict[str, ComparedRow] = {}
    for row in rows:
        if row.verdict == DIFFERS and row.part != RESPONSE:
            known = worst.get(row.part)
            if known is None or abs(row.difference) > abs(known.difference):
                worst[row.part] = row
    parts = [f"{row.part} ({off_by(row)}{_at(row)})" for row in worst.values()]
    told = _most(parts, "part") + _most(list(_groups(found)), "group")
    if told:
        yield f"May not be trusted: {'; '.join(told)}."


def _most(names: list[str], what: str) -> list[str]:
    """Return the first few of some names, and how many more there are."""
    more = len(names) - MOST_LISTED
    if more <= 0:
        return names
    return [*names[:MOST_LISTED], f"{more} more {what}{'s' * (more > 1)}"]


def _at(row: ComparedRow) -> str:
    return f" {AT[row.statistic]}" if row.statistic in AT else ""


def _groups(found: Validation) -> Iterator[str]:
    """Yield the groups in which response differs, the farthest off first."""
    wrong: dict[str, ComparedRow] = {}
    for row in found.compared:
        by, _, name = row.group.partition(":")
        told = row.part == RESPONSE and row.demand == found.demands[0] and by in _TOLD_OF
        if told and name and row.verdict == DIFFERS:
            worst = wrong.get(row.group)
            if worst is None or abs(row.difference) > abs(worst.difference):
                wrong[row.group] = row
    for row in sorted(wrong.values(), key=lambda row: -abs(row.difference)):
        yield f"response {_said_group(row.group)} ({off_by(row)}{_at(row)})"


def _said_group(group: str) -> str:
    by, _, name = group.partition(":")
    return _GROUPS[by].format(name=clean(name))


def _not_shown(found: Validation, rows: Iterable[ComparedRow]) -> Iterator[str]:
    names: dict[str, set[str]] = {}
    for row in rows:
        name = said_part(row) if row.part == CALLOUTS else row.part
        names.setdefault(name, set()).add(row.verdict)
    names = {name: own for name, own in names.items() if DIFFERS not in own and own != {AGREES}}
    if names:
        recorded = found.recorded
        yield (
            f"Not shown either way, with {len(recorded.callouts)} callouts on "
            f"{recorded.period.days} days: {', '.join(names)}."
        )


def whose(demand: str) -> str:
    """Return whose callouts a simulation ran on."""
    return "the record's callouts" if demand == OF_RECORD else "the scenario's own callouts"
