"""Where the axes of a page go: rows of panels whose words take as much room as they need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from matplotlib.figure import Figure
from matplotlib.layout_engine import LayoutEngine

GAP = 6.0, 3.0  # between the words of neighbouring panels, across and down [points]
GUESSED = 45.0, 8.0, 30.0, 12.0  # words left, right, below and above of panels [points]
CLOSE = 0.1  # a change of size, over what it was, after which ticks are the same


class Room(NamedTuple):
    """A stretch across or down for one row or column of panels: words, panel, words. [pixels]"""

    before: float
    after: float
    share: float


class _Panel(NamedTuple):
    """Axes with the row and column they stand in, and of how many columns."""

    ax: Any
    row: int
    column: int
    columns: int


class SheetLayout(LayoutEngine):
    """
    Give each row and column of panels the room that their words need, and panels what is left.

    matplotlib's constrained layout does that for any grid with a solver, in several times the
    time, and its last bits depend on where things lie in memory. Grids here are rows below each
    other, each cut into columns; rows of as many columns share their edges.

    Parameters
    ----------
    rect
        Left, bottom, width and height of what is to be filled, in shares of the figure.
    """

    _adjust_compatible = False
    _colorbar_gridspec = False

    def __init__(self, rect: tuple[float, float, float, float]) -> None:
        super().__init__()
        self._rect = rect

    def set(self, **_: Any) -> None:
        """Change nothing: all is given at the start."""

    def execute(self, fig: Figure) -> None:
        """Place all axes that stand in a grid."""
        panels = [_panel(ax) for ax in fig.axes if ax.get_subplotspec() is not None]
        if not panels:
            return
        if not hasattr(self, "_renderer"):
            self._renderer = fig.canvas.get_renderer()  # type: ignore[attr-defined]
            guess = tuple(side * fig.dpi / 72 for side in GUESSED)
            self._place(fig, panels, {id(panel.ax): guess for panel in panels})
        for _ in range(2):  # ticks depend on the size, and the size on their words
            words = {id(panel.ax): _words(panel.ax, self._renderer) for panel in panels}
            if self._place(fig, panels, words) < CLOSE:
                break

    def _place(
        self, fig: Figure, panels: Sequence[_Panel], words: dict[int, tuple[float, ...]]
    ) -> float:
        """Place axes next to their words, and return the largest change of a size, as a share."""
        left, bottom, width, height = self._rect
        wide, tall = fig.bbox.width, fig.bbox.height
        across, down = (gap * fig.dpi / 72 for gap in GAP)
        ratios = _topmost(panels[0].ax).get_gridspec().get_height_ratios()
        tops = _rooms(panels, words, (3, 2), ratios or [], [panel.row for panel in panels])
        rows = _spans(tops, height * tall, down)
        most = 0.0
        for columns in {panel.columns for panel in panels}:
            alike = [panel for panel in panels if panel.columns == columns]
            ratios = alike[0].ax.get_subplotspec().get_gridspec().get_width_ratios()
            sides = _rooms(alike, words, (0, 1), ratios or [], [panel.column for panel in alike])
            spans = _spans(sides, width * wide, across)
            for panel in alike:
                (x, w), (y, h) = spans[panel.column], rows[panel.row]
                box = x / wide + left, bottom + height - (y + h) / tall, w / wide, h / tall
                old = panel.ax.get_position(original=True)
                most = max(most, abs(box[2] / old.width - 1), abs(box[3] / old.height - 1))
                panel.ax.set_position([round(side, 6) for side in box], which="both")
        return most


def _topmost(ax: Any) -> Any:
    return ax.get_subplotspec().get_topmost_subplotspec()


def _panel(ax: Any) -> _Panel:
    spec = ax.get_subplotspec()
    return _Panel(ax, _topmost(ax).rowspan.start, spec.colspan.start, spec.get_gridspec().ncols)


def _words(ax: Any, renderer: Any) -> tuple[float, ...]:
    """Return how far words reach beyond axes: left, right, below, above. [pixels]"""
    beside = [
        own for own in (*ax.texts, ax.get_legend()) if own is not None and own.get_in_layout()
    ]
    inner = ax.get_window_extent()
    outer = ax.get_tightbbox(renderer, bbox_extra_artists=beside, for_layout_only=True)
    if outer is None:
        return (0.0,) * 4
    beyond = (inner.x0 - outer.x0, outer.x1 - inner.x1, inner.y0 - outer.y0, outer.y1 - inner.y1)
    return tuple(max(0.0, own) for own in beyond)


def _rooms(
    panels: Iterable[_Panel],
    words: dict[int, tuple[float, ...]],
    sides: tuple[int, int],
    ratios: Sequence[float],
    places: Sequence[int],
) -> list[Room]:
    """Return what each row or column needs: the most of its panels' words on either side."""
    before, after = [0.0] * len(ratios), [0.0] * len(ratios)
    for panel, place in zip(panels, places, strict=True):
        own = words[id(panel.ax)]
        before[place] = max(before[place], own[sides[0]])
        after[place] = max(after[place], own[sides[1]])
    return [Room(*own) for own in zip(before, after, ratios, strict=True)]


def _spans(rooms: Sequence[Room], total: float, gap: float) -> list[tuple[float, float]]:
    """Return begin and length of each panel, from the left or the top. [pixels]"""
    taken = sum(room.before + room.after for room in rooms) + gap * (len(rooms) - 1)
    left = max(total - taken, 0.1 * total)  # words that are too many are cut, panels stay
    shares = sum(room.share for room in rooms)
    at, spans = 0.0, []
    for room in rooms:
        length = left * room.share / shares
        spans.append((at + room.before, length))
        at += room.before + length + room.after + gap
    return spans
