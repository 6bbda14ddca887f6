"""A narrative as items in order of time, of which the least important can be left out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from textwrap import wrap
from typing import NamedTuple

from sim.local_clock import LocalClock


class SpokenClock:
    """Says instants on the local clock, with the date where the day is not the one said last."""

    def __init__(self, clock: LocalClock) -> None:
        self.clock = clock
        self.day: date | None = None

    def at(self, ms: int) -> str:
        """Return the time of day of an instant."""
        moment = self.clock.moment(ms)
        said, self.day = self.day, moment.date()
        date = "" if said == self.day else f"{moment.day} {moment:%B} "
        return f"{date}{moment:%H:%M}{self.clock.told_apart(ms)}"


class Weight(IntEnum):
    """How much an item matters to the question why a callout was reached when it was."""

    LATER = 0  # further help, and what comes after the first team was on scene
    AROUND = 1  # teams that were sent and did not get there, and what came of it
    BEFORE = 2  # what kept it pending, and who was asked
    REASON = 3  # why no nearer team was sent
    ALWAYS = 4  # who was sent first, who came first, and the parts of the response time


class StoryItem(NamedTuple):
    """An instant and what happened then."""

    at: int  # [ms]
    text: str
    weight: Weight
    short: str = ""  # the same where there is little room, where that is possible


@dataclass(frozen=True)
class Storyline:
    """The narrative of a callout under one alternative."""

    clock: LocalClock
    received: int  # [ms]
    head: str
    items: tuple[StoryItem, ...]  # in order of time
    end: Callable[[SpokenClock], str]

    def lines(self, without: Collection[int] = (), short: Collection[int] = ()) -> list[str]:
        """Return the narrative; by number, items are left out or told in short."""
        clock = SpokenClock(self.clock)
        clock.at(self.received)
        told = [
            f"{clock.at(item.at)}  {item.short if number in short else item.text}"
            for number, item in enumerate(self.items)
            if number not in without
        ]
        return [self.head, *told, self.end(clock)]

    def cuts(self) -> list[Cut]:
        """
        Return how it can be made shorter, what is missed least first.

        Of items that matter alike the middle goes first: how it began and ended says more.
        """
        middle = len(self.items) / 2
        found = []
        for number, item in enumerate(self.items):
            if item.weight < Weight.ALWAYS:
                found.append(Cut(item.weight, False, abs(number - middle), number))
            if item.short and item.short != item.text:
                found.append(Cut(Weight.BEFORE, True, -len(item.text), number))
        return sorted(found, key=lambda cut: (cut.weight, not cut.is_short, cut.order, cut.number))


class Cut(NamedTuple):
    """An item that can be left out, or told in short."""

    weight: Weight  # what is missed
    is_short: bool  # told in short; else left out
    order: float  # of those of the same weight
    number: int  # of the item


def printed(line: str, width: int) -> list[str]:
    """Return an item as the lines it takes on a terminal."""
    return wrap(line, width, subsequent_indent="    ", break_on_hyphens=False) or [""]


def shortened(stories: Sequence[Storyline], room: int, width: int) -> tuple[list[list[str]], int]:
    """
    Return narratives cut to so many printed lines, and how many items are left out or cut.

    What matters least goes first, of the longest. What always matters stays, whatever the room.
    """
    out = [set[int]() for _ in stories]
    short = [set[int]() for _ in stories]
    waiting = [story.cuts() for story in stories]
    while True:
        told = [s.lines(o, few) for s, o, few in zip(stories, out, short, strict=True)]
        sizes = [sum(len(printed(line, width)) for line in lines) for lines in told]
        candidates = [n for n, cuts in enumerate(waiting) if cuts]
        if sum(sizes) <= room or not candidates:
            return told, sum(len(o | few) for o, few in zip(out, short, strict=True))
        n = min(
            candidates, key=lambda n: (waiting[n][0].weight, not waiting[n][0].is_short, -sizes[n])
        )
        cut = waiting[n].pop(0)
        (short if cut.is_short else out)[n].add(cut.number)
