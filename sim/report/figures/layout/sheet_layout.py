"""Where the axes of a page go: rows of panels whose words take as much room as they need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from matplotlib.figure import Figure
from matplotlib.layout_engine import LayoutEngine
from matplotlib.transforms import ScaledTranslation

GAP = 6.0, 3.0  # between the words of neighbouring panels, across and down [points]
CLOSE = 0.1  # a change of size, over what it was, after which ticks are the same


class Room(NamedTuple):
    """A stretch across or down for one row or column of panels: words, panel, words. [pixels]"""

    before: float
    after: float
    share: float


class Words(NamedTuple):
    """How far the words of a panel reach beyond it. [pixels]"""

    left: float = 0.0
    right: float = 0.0
    below: float = 0.0
    above: float = 0.0


GUESSED = Words(45.0, 8.0, 30.0, 12.0)  # before anything is measured [points]


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

    Attributes
    ----------
    is_settled
        Whether axes have their places. What is drawn later is to need no more room.
    """

    _adjust_compatible = False
    _colorbar_gridspec = False

    def __init__(self, rect: tuple[float, float, float, float]) -> None:
        super().__init__()
        self._rect = rect
        self.is_settled = False
        self._labels: dict[Any, tuple[float, float]] = {}

    def set(self, **_: Any) -> None:
        """Change nothing: all is given at the start."""

    def execute(self, fig: Figure) -> None:
        """Place all axes that stand in a grid."""
        panels = [_panel(ax) for ax in fig.axes if ax.get_subplotspec() is not None]
        self.is_settled = True
        if not panels:
            return
        if not hasattr(self, "_renderer"):
            self._renderer = fig.canvas.get_renderer()  # type: ignore[attr-defined]
            guess = Words(*(side * fig.dpi / 72 for side in GUESSED))
            self._place(fig, panels, [guess] * len(panels))
        for _ in range(2):  # ticks depend on the size, and the size on their words
            words = [self._words(panel.ax) for panel in panels]
            if self._place(fig, panels, words) < CLOSE:
                break

    def hold(self) -> None:
        """Keep the labels of axes where they are: else each drawing measures all ticks for them."""
        for ax, (left, below) in self._labels.items():
            scale = ax.get_figure().dpi_scale_trans
            left_of = ax.transAxes + ScaledTranslation(-left, 0, scale)
            under = ax.transAxes + ScaledTranslation(0, -below, scale)
            ax.yaxis.set_label_coords(0, ax.yaxis.label.get_position()[1], transform=left_of)
            ax.xaxis.set_label_coords(ax.xaxis.label.get_position()[0], 0, transform=under)

    def _words(self, ax: Any) -> Words:
        """Return how far words reach beyond axes [pixels], and keep how far their labels are."""
        outside = [
            own for own in (*ax.texts, ax.get_legend()) if own is not None and own.get_in_layout()
        ]
        inner = ax.get_window_extent()
        outer = ax.get_tightbbox(self._renderer, bbox_extra_artists=outside, for_layout_only=True)
        left = inner.x0 - ax.yaxis.label.get_position()[0]
        below = inner.y0 - ax.xaxis.label.get_position()[1]
        dpi = ax.get_figure().dpi
        self._labels[ax] = left / dpi, below / dpi
        if outer is None:
            return Words()
        beyond = (inner.x0 - outer.x0, outer.x1 - inner.x1, inner.y0 - outer.y0,
                  outer.y1 - inner.y1)  # fmt: skip
        return Words(*(max(0.0, own) for own in beyond))

    def _place(self, fig: Figure, panels: Sequence[_Panel], words: Sequence[Words]) -> float:
        """Place axes next to their words, and return the largest change of a size, as a share."""
        left, bottom, width, height = self._rect
        wide, tall = fig.bbox.width, fig.bbox.height
        across, down = (gap * fig.dpi / 72 for gap in GAP)
        ratios = _topmost(panels[0].ax).get_gridspec().get_height_ratios()
        upright = [(p.row, own.above, own.below) for p, own in zip(panels, words, strict=True)]
        tops = _rooms(upright, ratios or [])
        rows = _spans(tops, height * tall, down)
        most = 0.0
        for columns in {panel.columns for panel in panels}:
            own_words = zip(panels, words, strict=True)
            level = [(p.column, w.left, w.right) for p, w in own_words if p.columns == columns]
            alike = [panel for panel in panels if panel.columns == columns]
            ratios = alike[0].ax.get_subplotspec().get_gridspec().get_width_ratios()
            spans = _spans(_rooms(level, ratios or []), width * wide, across)
            for panel in alike:
                (x, w), (y, h) = spans[panel.column], rows[panel.row]
                foot = bottom + height - (y + h) / tall
                old = panel.ax.get_position(original=True)
                most = max(most, abs(w / wide / old.width - 1), abs(h / tall / old.height - 1))
                box = (x / wide + left, foot, w / wide, h / tall)
                panel.ax.set_position([round(side, 6) for side in box], which="both")
        return most


def _topmost(ax: Any) -> Any:
    return ax.get_subplotspec().get_topmost_subplotspec()


def _panel(ax: Any) -> _Panel:
    spec = ax.get_subplotspec()
    return _Panel(ax, _topmost(ax).rowspan.start, spec.colspan.start, spec.get_gridspec().ncols)


def _rooms(words: Iterable[tuple[int, float, float]], ratios: Sequence[float]) -> list[Room]:
    """
    Return what each row or column needs: the most of its panels' words on either side.

    ``words`` are of each panel its row or column, and how far they reach before and after it.
    """
    most_before, most_after = [0.0] * len(ratios), [0.0] * len(ratios)
    for place, before, after in words:
        most_before[place] = max(most_before[place], before)
        most_after[place] = max(most_after[place], after)
    return [Room(*own) for own in zip(most_before, most_after, ratios, strict=True)]


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
