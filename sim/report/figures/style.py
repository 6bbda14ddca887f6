"""The look that all figures share: colours, fonts, titles, captions, saving."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

INK, GREY, LIGHT, PALE = "#1b2733", "#5b6770", "#c9d3da", "#eef2f4"
# Okabe and Ito: told apart by most people, and in grey print by the markers beside them
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")

_STYLE: dict[str, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "text.color": INK,
    "text.parse_math": False,  # a place may be called "$$"
    "axes.edgecolor": GREY,
    "axes.labelcolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e3e8eb",
    "grid.linewidth": 0.7,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "axes.titlelocation": "left",
    "axes.titlesize": 9,
    "axes.titlecolor": GREY,
    "figure.facecolor": "white",
    "hatch.linewidth": 0.6,
    "svg.hashsalt": "rescuesim",  # so that equal figures are equal files
    "svg.fonttype": "none",
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw in the look of the house, and leave matplotlib's settings as they were."""
    with mpl.rc_context(_STYLE):
        yield


def colour(i: int) -> str:
    """Return the colour of the i-th alternative."""
    return COLOURS[i % len(COLOURS)]


def marker(i: int) -> str:
    """Return the marker of the i-th alternative."""
    return MARKERS[i % len(MARKERS)]


def clean(name: str, most: int = 32) -> str:
    """Return a name that can be drawn: no lone surrogates, no line breaks, not too long."""
    text = name.encode("utf-8", "replace").decode("utf-8")
    text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return text if len(text) <= most else text[: most - 1] + "…"


def new_figure(width: float, height: float, title: str, caption: str) -> Figure:
    """Return an empty figure with title and caption. Width and height in inches."""
    figure = Figure(figsize=(width, height), dpi=160, layout="constrained")
    FigureCanvasAgg(figure)  # measures text, which placing labels needs
    figure.suptitle(clean(title, 90), x=0.012, ha="left", fontsize=13, fontweight="bold", color=INK)
    lines = [part for line in caption.splitlines() for part in textwrap.wrap(line, int(width * 19))]
    figure.supxlabel("\n".join(lines), x=0.012, ha="left", fontsize=6.8, color=GREY)
    return figure


def dash(i: int) -> Any:
    """Return the line style of the i-th alternative, for print without colour."""
    return ("-", (0, (6, 1.5)), (0, (2, 1.2)), (0, (6, 1.5, 1.5, 1.5)))[i % 4]


def signed(value: float) -> str:
    """Return a number with its sign, one decimal, and a true minus."""
    return f"{value:+.1f}".replace("-", "\u2212")


def spread(wanted: Sequence[float], gap: float) -> list[float]:
    """Return positions as near as may be to those wanted, and at least ``gap`` apart."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = [float(w) for w in wanted]
    for _ in range(200):
        moved = False
        for a, b in pairwise(order):
            short = gap - (placed[b] - placed[a])
            if short > 1e-9:
                placed[a] -= short / 2
                placed[b] += short / 2
                moved = True
        if not moved:
            break
    return placed


def save(figure: Figure, path: Path, formats: Sequence[str] = ("png", "svg")) -> list[Path]:
    """Write a figure in each format beside ``path``; equal figures give equal files."""
    written = []
    for kind in formats:
        target = path.with_suffix(f".{kind}")
        strip = {"svg": {"Date": None, "Creator": None}, "pdf": {"CreationDate": None}}
        metadata: dict[str, Any] = strip.get(kind, {"Software": None})
        figure.savefig(target, metadata=metadata)
        written.append(target)
    return written
