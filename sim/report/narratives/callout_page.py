"""What is printed of one callout: its narratives and the causes of differences, on one page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from .attribution import FEWEST_STEPS, MOST_STEPS
from .storyline import Storyline, printed, shortened

MOST_LINES = 40  # printed of one callout under two alternatives, unless all is asked for
MORE_LINES = 20  # for each further alternative

Causes = Callable[[int | None], list[str]]
"""The causes of a difference, at most so many steps of a chain; None: all."""


class CalloutPage(NamedTuple):
    """Titles, each with its lines, and how many items were left out or cut."""

    blocks: list[tuple[str, list[str]]]
    left_out: int


def callout_page(
    stories: Mapping[str, Storyline],
    causes: Mapping[str, Causes],
    closing: Sequence[str],
    width: int,
    everything: bool,
) -> CalloutPage:
    """
    Return what is printed of a callout, on at most ``MOST_LINES`` lines where that is possible.

    Parameters
    ----------
    stories, causes
        Narratives and causes of differences, by title.
    closing
        Lines at the end.
    width
        Of a printed line, in characters.
    everything
        Whether nothing is left out.

    """
    page, room = CalloutPage([], 0), MOST_LINES + MORE_LINES * max(len(stories) - 2, 0)
    for most in (None,) if everything else (MOST_STEPS, FEWEST_STEPS):
        rest = [(title, told(most)) for title, told in causes.items()]
        rest += [("", list(closing))] if closing else []
        # a blank line and a title each, and at the end that something was left out
        left = room - 2 * (len(stories) + len(rest)) - 2
        left -= sum(_count(lines, width) for _, lines in rest)
        found, out = shortened(list(stories.values()), 10**9 if everything else left, width)
        page = CalloutPage([*zip(stories, found, strict=True), *rest], out)
        if sum(_count(lines, width) for lines in found) <= left:
            break
    return page


def _count(lines: Sequence[str], width: int) -> int:
    return sum(len(printed(line, width)) for line in lines)
