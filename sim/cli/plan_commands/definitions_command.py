"""What ``definitions`` prints: every measure, from the one place where each is defined."""

from __future__ import annotations

from collections.abc import Iterable

from sim.definitions import (
    CALLOUTS,
    DISRUPTIONS,
    FAIRNESS,
    MEASURES,
    RECORD_TIMES,
    RECORDS,
    STAFF,
    TEAMS,
    Definition,
    of_target,
    undetermined,
)

HEAD = """\
# Measures

Written by `rescuesim definitions --out docs/measures.md` from `sim/definitions.py`, where each
measure is defined once; tables, figures, CSV files and checks are made from the same definitions.

Over callouts, T is the time from received to first team on scene, and tau the study's horizon:
`study: {horizon: ...}`, else 24 times the longest target. *Better* says in which direction a
measure is better; without one, alternatives differ in it and nothing is called better.

* **primary**: judged together over all callouts, unless `study: {primary: [...]}` names others.
* **judged**: as exploratory, unless the scenario makes it primary.
* **described**: a difference with its interval, and no verdict.
* **counted**: given for each alternative, not compared.
"""
_BETTER = {"less": "less", "more": "more", "none": ""}


def definitions_page() -> str:
    """Return every measure as a page: name, unit, title, direction, role and formula."""
    shown = [*CALLOUTS.values()]
    targets = [of_target("TARGET"), undetermined("TARGET")]
    parts = [
        ("Of callouts", [*shown, *targets]),
        ("Of teams", TEAMS.values()),
        ("Of disruptions", DISRUPTIONS.values()),
        ("Of staff", STAFF.values()),
        ("Of fairness between areas and kinds", FAIRNESS.values()),
        ("Of dispatch records", RECORDS.values()),
        ("Times of dispatch records, by group (times.csv)", RECORD_TIMES.values()),
    ]
    told = {found.name for _, own in parts for found in own}
    rest = [found for found in MEASURES.values() if found.name not in told]
    if rest:
        parts.append(("Others", rest))
    return HEAD + "".join(f"\n## {title}\n\n{_table(own)}" for title, own in parts)


def _table(own: Iterable[Definition]) -> str:
    lines = [
        "| measure | unit | what it is | better | role | formula |",
        "|---|---|---|---|---|---|",
    ]
    for found in own:
        cells = (
            f"`{found.name}`", found.unit, found.title.replace("{horizon}", "tau"),
            _BETTER[found.direction], found.role, found.formula,
        )  # fmt: skip
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
