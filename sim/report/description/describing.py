"""Describe a study: gather what is known of it under the items of each list."""

from __future__ import annotations

from collections.abc import Mapping

from .described_items import FILLED, DescribedItem, DescribedList, Description
from .machine_facts import machine_facts
from .model_inputs import data
from .model_logic import logic
from .readiness_facts import readiness
from .report_items import LISTS, STRESS, ReportItem
from .study_facts import study_facts
from .subject import Fact, Facts, Subject


def describe(subject: Subject, answers: Mapping[str, str]) -> Description:
    """Return a scenario or results described, with the answers of its author by question."""
    met, gaps = readiness(subject)
    parts = (study_facts(subject), logic(subject), data(subject), machine_facts(subject), met)
    facts = {number: told for part in parts for number, told in part.items()}
    lists = []
    for own in LISTS:
        sections = {
            title: tuple(_described(item, facts, gaps, answers) for item in items)
            for title, items in own.sections.items()
        }
        lists.append(DescribedList(own, sections))
        if own is STRESS:
            _note_filled(lists[-1], facts, gaps)
    return Description(subject, tuple(lists))


def _note_filled(guideline: DescribedList, facts: Facts, gaps: Facts) -> None:
    """Note in the next list how far the guideline is filled in."""
    found = guideline.statuses
    filled, total = found[FILLED], sum(found.values())
    told = [Fact(f"STRESS-DES, above: {filled} of {total} items are filled in.")]
    (facts if filled == total else gaps)["S2"] = told


def _described(
    item: ReportItem, facts: Facts, gaps: Facts, answers: Mapping[str, str]
) -> DescribedItem:
    return DescribedItem(
        item,
        tuple(facts.get(item.number, ())),
        {name: answers[name] for name in item.questions if name in answers},
        tuple(gaps.get(item.number, ())),
        tuple(name for name in item.questions if name not in answers),
    )
