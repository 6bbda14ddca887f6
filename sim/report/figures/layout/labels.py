"""Where labels go: side by side without touching, at the end of lines and around points."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from ...phrasing.short_names import numbered
from .boxes import Box
from .style import DPI, clean, short


@dataclass(slots=True)
class _Block:
    """Labels next to each other: their numbers, and the mean of where they wish its foot to be."""

    wish: float
    members: list[int]


@lru_cache(maxsize=2048)
def measure(text: str, size: float, weight: str = "normal") -> tuple[float, float]:
    """Return width and height of one line of text. [points]"""
    font = FontProperties(family="DejaVu Sans", size=size, weight=weight)
    width, height, _ = _renderer().get_text_width_height_descent(text, font, False)
    return width * 72 / DPI, height * 72 / DPI


@lru_cache(maxsize=1)
def _renderer() -> Any:
    return FigureCanvasAgg(Figure(dpi=DPI)).get_renderer()


def wrap(text: str, width: float, size: float, weight: str = "normal", lines: int = 9) -> list[str]:
    """Return text broken into lines no wider than ``width`` [points]; the last may end in "…"."""
    done: list[str] = []
    rest = text.split()
    while rest and len(done) < lines:
        taken = 1
        while taken < len(rest) and fits(" ".join(rest[: taken + 1]), width, size, weight):
            taken += 1
        done.append(fit(" ".join(rest[:taken]), width, size, weight))
        rest = rest[taken:]
    if rest:
        done[-1] = _beginning(done[-1] + " …", width, size, weight)
    return done


def fits(text: str, width: float, size: float, weight: str = "normal") -> bool:
    """Tell whether a line of text is at most ``width`` wide. [points]"""
    return measure(text, size, weight)[0] <= width


def fit(text: str, width: float, size: float, weight: str = "normal") -> str:
    """Return text, cut in its middle with "…" where it is wider than ``width``. [points]"""

    def cut(kept: int) -> str:
        end = kept // 2  # names differ at their ends as often as at their beginnings
        return f"{text[: kept - end].rstrip()}…{text[len(text) - end :].lstrip()}"

    return text if fits(text, width, size, weight) else _longest(cut, text, width, size, weight)


def _beginning(text: str, width: float, size: float, weight: str) -> str:
    """Return text, cut at its end where it is wider than ``width``. [points]"""

    def cut(kept: int) -> str:
        return text[:kept].rstrip(" …") + " …"

    return text if fits(text, width, size, weight) else _longest(cut, text, width, size, weight)


def _longest(cut: Callable[[int], str], text: str, width: float, size: float, weight: str) -> str:
    """Return the text that keeps most of its characters and is no wider than ``width``."""
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(cut(middle), width, size, weight):
            low = middle
        else:
            high = middle - 1
    return cut(low)


def fit_names(names: Sequence[str], width: float, size: float, most: int = 60) -> list[str]:
    """Return names as `fit` does, with a number where two that differ would look alike."""
    cut = [fit(clean(name, most), width, size) for name in names]
    told = numbered(names, cut)
    if told != cut:  # the number takes room, too
        cut = [fit(clean(name, most), width - measure(" (99)", size)[0], size) for name in names]
        told = numbered(names, cut)
    return told


def spread(
    wanted: Sequence[float],
    sizes: Sequence[float],
    low: float = float("-inf"),
    high: float = float("inf"),
) -> list[float]:
    """
    Return centres that do not overlap, moved as little as possible (least squares).

    Pools neighbours that would overlap into blocks, each at the mean of what it wants. The
    result stays within ``low`` and ``high`` where it fits; where it does not, it begins at
    ``low``.
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    before: dict[int, float] = {}  # how far above the first label's foot each centre would sit
    foot = 0.0
    for i in order:
        before[i] = foot + sizes[i] / 2
        foot += sizes[i]
    blocks: list[_Block] = []
    for i in order:
        upper = _Block(wanted[i] - before[i], [i])
        while blocks and blocks[-1].wish >= upper.wish:
            lower = blocks.pop()
            n, m = len(lower.members), len(upper.members)
            wish = (lower.wish * n + upper.wish * m) / (n + m)
            upper = _Block(wish, lower.members + upper.members)
        blocks.append(upper)
    placed = [0.0] * len(wanted)
    for block in blocks:
        for i in block.members:
            placed[i] = max(low, min(high - foot, block.wish)) + before[i]
    return placed


class EndLabel(NamedTuple):
    """A label next to the right end of a line, at ``y`` in data: bold name, small detail."""

    y: float
    name: str
    detail: str
    colour: str


NAME_SIZE, DETAIL_SIZE = 8.5, 7.5
LEADER = 11.0  # from the axes to the label [points]


def settle(ax: Any) -> None:
    """Let the figure find its layout, so that places on the page can be computed."""
    figure = ax.get_figure(root=True)
    engine = figure.get_layout_engine()
    if engine is None:
        figure.draw_without_rendering()
    else:
        engine.execute(figure)  # half the time of drawing, which would lay out first and then draw


def size_of(ax: Any) -> tuple[float, float]:
    """Return width and height of the axes on the page. [points]"""
    box = ax.get_window_extent()
    scale = 72 / ax.get_figure(root=True).dpi
    return box.width * scale, box.height * scale


class HungLabels(NamedTuple):
    """Labels of axes that take their room already and have not found their places."""

    ax: Any
    labels: Sequence[EndLabel]
    texts: list[list[Any]]

    def place(self) -> None:
        """Spread the labels so that none touches, with thin leaders to the ends of the lines."""
        ax = self.ax
        width, height = size_of(ax)
        low, high = ax.get_ylim()
        true = [min(1.0, max(0.0, (label.y - low) / (high - low))) for label in self.labels]
        tall = [_height(label) for label in self.labels]
        places = spread([t * height for t in true], tall, -3, height + 8)
        for label, parts, start, place in zip(self.labels, self.texts, true, places, strict=True):
            for part in parts:
                part.xy = (1, place / height)
            ax.plot(
                [1 + 1.5 / width, 1 + (LEADER - 2) / width], [start, place / height],
                color=label.colour, lw=0.8, transform=ax.transAxes, clip_on=False,
            )  # fmt: skip


def hang_labels(ax: Any, labels: Sequence[EndLabel]) -> HungLabels:
    """Write labels to the right of axes; `settle` and then ``place`` give them their places."""
    return HungLabels(ax, labels, [_end_label(ax, label) for label in labels])


def end_labels(*labelled: tuple[Any, Sequence[EndLabel]]) -> None:
    """Write labels to the right of each of a figure's axes, where their lines end."""
    hung = [hang_labels(ax, labels) for ax, labels in labelled]
    settle(hung[0].ax)
    for own in hung:
        own.place()


def room_for(labels: Sequence[EndLabel]) -> float:
    """Return how tall axes with their ticks must be for their labels not to touch. [in]"""
    return (sum(_height(label) for label in labels) + 16) / 72


def _height(label: EndLabel) -> float:
    return 1.5 * NAME_SIZE + (1.75 * DETAIL_SIZE if label.detail else 0)


def _end_label(ax: Any, label: EndLabel) -> list[Any]:
    """Return the texts of a label, hung on the axes' right edge."""
    up = 0.72 * DETAIL_SIZE if label.detail else 0.0
    common = {
        "xycoords": "axes fraction", "textcoords": "offset points", "annotation_clip": False,
        "va": "center", "color": label.colour, "gid": "label",
    }  # fmt: skip
    name = ax.annotate(
        label.name, (1, 0.5), (LEADER, up), fontsize=NAME_SIZE, fontweight="bold", **common
    )
    if not label.detail:
        return [name]
    down = (LEADER, up - 0.72 * (NAME_SIZE + DETAIL_SIZE))
    return [name, ax.annotate(label.detail, (1, 0.5), down, fontsize=DETAIL_SIZE, **common)]


def signed(value: float, digits: int = 1) -> str:
    """Return a difference with its sign and so many decimals; zero has no sign."""
    text = f"{value:+.{digits}f}"
    return f"{0:.{digits}f}" if float(text) == 0 else text.replace("-", "−")


def label_name(name: str, baseline: bool) -> str:
    """Return an alternative's name for a direct label."""
    return short(name) + (" (baseline)" if baseline else "")


def around(x: float, y: float, radius: float, width: float, height: float) -> list[Box]:
    """Return boxes of a given size around a point, the best place for a label first."""
    near, far = radius + 2.5, 0.75 * radius + 2
    spots = [
        (x + near, y - height / 2), (x - near - width, y - height / 2),
        (x + far, y + far * 0.6), (x + far, y - far * 0.6 - height),
        (x - far - width, y + far * 0.6), (x - far - width, y - far * 0.6 - height),
        (x - width / 2, y + near), (x - width / 2, y - near - height),
        (x + near, y), (x + near, y - height), (x - near - width, y),
        (x - near - width, y - height),
    ]  # fmt: skip
    return [Box(left, bottom, left + width, bottom + height) for left, bottom in spots]
