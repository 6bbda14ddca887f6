"""A study described item by item: what is known, what its author adds, and what is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from .report_items import ReportItem, ReportList
from .subject import Fact, Subject

FILLED, PARTLY, MISSING = "filled in", "partly", "missing"


@dataclass(frozen=True)
class DescribedItem:
    """
    An item as far as it is known.

    ``facts`` come from the files, ``answers`` are the author's words by question, ``gaps`` are
    facts that speak against it, ``open_questions`` have no answer.
    """

    item: ReportItem
    facts: tuple[Fact, ...]
    answers: dict[str, str]
    gaps: tuple[Fact, ...]
    open_questions: tuple[str, ...]

    @property
    def status(self) -> str:
        """Whether it is filled in, partly so, or missing."""
        known = bool(self.facts or self.answers)
        if not (self.gaps or self.open_questions) and known:
            return FILLED
        return PARTLY if known else MISSING


@dataclass(frozen=True)
class DescribedList:
    """A list with each of its items described, by section."""

    about: ReportList
    sections: dict[str, tuple[DescribedItem, ...]]

    @property
    def items(self) -> Iterator[DescribedItem]:
        """All items, in order."""
        return (item for items in self.sections.values() for item in items)

    @property
    def statuses(self) -> dict[str, int]:
        """How many items are filled in, partly so, or missing."""
        found = Counter(item.status for item in self.items)
        return {status: found[status] for status in (FILLED, PARTLY, MISSING)}


@dataclass(frozen=True)
class Description:
    """A scenario or a results folder described, by every list."""

    subject: Subject
    lists: tuple[DescribedList, ...]

    @property
    def items(self) -> Iterator[DescribedItem]:
        """All items of all lists, in order."""
        return (item for own in self.lists for item in own.items)

    @property
    def open_questions(self) -> tuple[str, ...]:
        """The questions that have no answer, each once."""
        return tuple(dict.fromkeys(name for own in self.items for name in own.open_questions))

    @property
    def title(self) -> str:
        """The scenario's title, or its name."""
        scenario = self.subject.file.scenario
        return scenario.title or scenario.name
