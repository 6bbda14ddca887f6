"""The look all figures share: colours, type, and text that is safe to draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, wraps
from re import sub
from typing import Any, NamedTuple, ParamSpec, TypeVar
from unicodedata import bidirectional, normalize

import matplotlib as mpl
from matplotlib.colors import to_hex

from ...phrasing.short_names import cut_in_middle, numbered

P = ParamSpec("P")
R = TypeVar("R")

WIDTH = 8.0  # of every figure [in]
DPI = 160

INK, SOFT, LINE, GRID, PALE = "#1f2933", "#52606d", "#9aa5b1", "#e4e7eb", "#f3f5f7"
SEA, LAND = "#dfeaf0", "#fbfaf6"

_NAMES = ("black", "orange", "sky", "green", "yellow", "blue", "vermillion", "purple")
okabe_ito: dict[str, str] = {
    name: to_hex(rgb) for name, rgb in zip(_NAMES, mpl.color_sequences["okabe_ito"], strict=True)
}


class SeriesStyle(NamedTuple):
    """How one alternative is drawn; dash and marker still tell them apart in grey print."""

    colour: str
    dash: Any
    marker: str


_LOOKS = (
    SeriesStyle(okabe_ito["blue"], "-", "o"),
    SeriesStyle(okabe_ito["vermillion"], (0, (7, 1.6)), "D"),
    SeriesStyle(okabe_ito["green"], (0, (2.2, 1.2)), "s"),
    SeriesStyle(
        "#a3497c", (0, (8, 1.5, 1.5, 1.5)), "^"
    ),  # Okabe-Ito purple, darkened to be read as text
    SeriesStyle("#9a6a00", (0, (4, 1, 1, 1, 1, 1)), "v"),  # and orange
    SeriesStyle(okabe_ito["black"], (0, (1, 1)), "P"),
)

_SETTINGS: dict[str, Any] = {
    "font.family": ["sans-serif"],  # a page without the next one falls back to this, in an SVG
    "font.sans-serif": ["DejaVu Sans"],  # ships with matplotlib: the same picture everywhere
    "font.size": 8.5,
    "text.color": INK,
    "text.hinting": "none",  # at 160 dots an inch the eye sees no difference; a third of the time
    "text.parse_math": False,  # a place may be called "$$"
    "axes.labelcolor": INK,
    "axes.labelsize": 8.5,
    "axes.edgecolor": SOFT,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.titlelocation": "left",
    "axes.titlesize": 8.5,
    "axes.titlecolor": SOFT,
    "axes.formatter.useoffset": False,
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "hatch.linewidth": 0.5,
    "legend.frameon": False,
    "legend.fontsize": 7.5,
    "lines.solid_capstyle": "butt",
    "svg.fonttype": "none",  # text stays text: it can be searched and read aloud
    "svg.hashsalt": "rescuesim",  # equal figures become equal files
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
}
# A reader's own matplotlibrc must not change the picture; these few are not about pictures.
_LEFT_ALONE = ("backend", "interactive", "toolbar", "webagg.", "savefig.directory", "date.epoch")


@contextmanager
def house_style() -> Iterator[None]:
    """
    Draw in the look of the house and leave matplotlib's settings as they were.

    Within it nothing changes: setting and checking three hundred values takes its time.
    """
    if mpl.rcParams["svg.hashsalt"] == _SETTINGS["svg.hashsalt"]:
        yield
        return
    plain = {k: v for k, v in mpl.rcParamsDefault.items() if not k.startswith(_LEFT_ALONE)}
    with mpl.rc_context({**plain, **_SETTINGS}):
        yield


def in_house_style(draw: Callable[P, R]) -> Callable[P, R]:
    """Run a drawing function in the look of the house."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with house_style():
            return draw(*args, **kwargs)

    return drawn


def look(i: int) -> SeriesStyle:
    """Return how the i-th alternative is drawn; the first is the baseline."""
    return _LOOKS[i % len(_LOOKS)]


def clean(text: str, most: int = 30) -> str:
    """
    Return text as one line that can be drawn, of at most ``most`` characters.

    It is cut in its middle, because many names differ only at the end.
    Control and direction-changing characters and lone surrogates become spaces, characters
    DejaVu Sans has no picture for (emoji, some scripts) become an empty box, and of a pile of
    Latin marks on one letter the first stays: more would grow out of the line.
    """
    start = text  # a name of a million characters should cost nothing
    if len(text) > 40 * most:
        start = f"{text[: 20 * most]}{text[-20 * most :]}"
    start = sub(r"([\u0300-\u036f])[\u0300-\u036f]+", r"\1", normalize("NFC", start))
    joiners = "\u200c\u200d"  # needed to spell Persian and Kurdish; all other controls go
    line = " ".join("".join(c if c.isprintable() or c in joiners else " " for c in start).split())
    return "".join(c if _drawable(c) else "□" for c in cut_in_middle(line, most))


def in_line(name: str) -> str:
    """
    Return a name for a line of Latin words and numbers.

    Marks around one that is written from right to left keep what stands next to it in its order.
    """
    return f"\u200e{name}\u200e" if any(bidirectional(c) in ("R", "AL") for c in name) else name


def short(name: str, most: int = 20) -> str:
    """Return a name of at most ``most`` characters, for where there is little room."""
    return clean(name, most)


def short_names(names: Sequence[str], most: int = 20) -> list[str]:
    """Return names as `short` does, with a number where two that differ would look alike."""
    return numbered(names, [short(name, most) for name in names])


@lru_cache(maxsize=4096)
def _drawable(character: str) -> bool:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    fonts = (findfont(FontProperties(family="DejaVu Sans", weight=w)) for w in ("normal", "bold"))
    return all(get_font(font).get_char_index(ord(character)) for font in fonts)


def bilingual(name: str, name_ar: str, most: int = 22) -> str:
    """Return a name and its Arabic form on one line, or the name alone if they are the same."""
    first, second = clean(name, most), clean(name_ar, most)
    return f"{first} {second}" if second and second != first else first
