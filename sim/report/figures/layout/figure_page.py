"""A figure's page: title above, caption below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ...phrasing.care import care_in
from .labels import wrap
from .sheet_layout import SheetLayout
from .style import DPI, INK, SOFT, WIDTH, clean, in_line, short

MARGIN = 0.1  # around the sheet [in]
TITLE, SUBTITLE, SMALL = 12.5, 8.5, 7.0  # type sizes [points]
MOST_MISSING = 12  # alternatives that are named as not shown
BEST = "Best: by restricted mean response time, those that leave more people without help last."


@dataclass(frozen=True)
class Caption:
    """
    What a reader must know to trust a figure, and to make it again.

    ``days`` is the length of a replication's measured period, ``attribution`` whose data the map
    shows, and ``level`` the confidence level of every interval drawn. ``title`` is what people
    call the scenario; it stands under each figure's own title. ``missing`` are alternatives that
    the figure has no room for; those that it shows are then the baseline and the best others.
    ``notes`` are what else is to be known of what it shows.
    """

    scenario: str
    alternatives: tuple[str, ...]
    replications: int
    days: float
    seed: int
    attribution: tuple[str, ...] = ()
    level: float = 0.95
    title: str = ""
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def above(self, words: str) -> str:
        """Return what stands under a figure's title: the scenario's title, then the words."""
        return " · ".join(part for part in (clean(self.title, 80), self._chosen, words) if part)

    @property
    def _chosen(self) -> str:
        """Say which alternatives are shown, where not all are."""
        if not self.missing:
            return ""
        best = len(self.alternatives) - 1
        return f"the baseline and the {best} best of {best + len(self.missing)} others"

    @property
    def _not_shown(self) -> list[str]:
        """Name alternatives that are not shown, and say why they are not."""
        if not self.missing:
            return []
        return [not_shown(self.missing, len(self.alternatives))]

    @property
    def intervals(self) -> str:
        """Say which intervals are drawn, as "95% intervals"; nothing where there are none."""
        return f"{100 * self.level:g}% intervals" if self.replications > 1 else ""

    @property
    def _length(self) -> str:
        """Say how long a replication is: in days or, below two that are not whole, in hours."""
        in_hours = self.days < 2 and self.days % 1
        amount, unit = (round(24 * self.days, 2), "hour") if in_hours else (self.days, "day")
        return f"{amount:g} {unit}{'s' * (amount != 1)}"

    def lines(self, is_map: bool = False) -> list[str]:
        """Return the caption's paragraphs; maps carry every attribution, others a warning."""
        several = self.replications != 1
        paired = "paired " if len(self.alternatives) > 1 and several else ""
        parts = [
            clean(self.scenario, 80),
            ("; " if any("," in name for name in self.alternatives) else ", ").join(
                in_line(clean(name)) for name in self.alternatives
            ),
            f"{self.replications} {paired}replication{'s' * several} of {self._length}",
            f"seed {self.seed}",
        ]
        head = " · ".join(part for part in parts if part)
        if is_map:
            return [head, *self._not_shown, *(clean(line, 400) for line in self.attribution)]
        care = ", ".join(care_in(self.attribution))
        notes = (clean(note, 400) for note in self.notes)
        return [head, *notes, *self._not_shown, *([care[:1].upper() + care[1:]] if care else [])]


@dataclass(frozen=True)
class FigurePage:
    """An empty figure with its words, and what is left for the axes, in figure fractions."""

    figure: Figure
    left: float
    bottom: float
    width: float
    height: float


def not_shown(missing: Sequence[str], shown: int, what: str = "") -> str:
    """Name those that are not among the best, and say which these are."""
    names = [short(name, 30) for name in missing[:MOST_MISSING]]
    more = len(missing) - len(names)
    last = f" and {more} more" if more else ""
    count = f"{len(missing)} of {len(missing) + shown}{what}"
    return f"{BEST} Not shown, {count}: {'; '.join(names)}{last}."


def new_sheet(
    body: float,
    title: str,
    subtitle: str,
    caption: Sequence[str],
    width: float = WIDTH,
    constrained: bool = True,
) -> FigurePage:
    """Return a page tall enough for axes of height ``body`` and its words. [in]"""
    line = 72 * (width - 2 * MARGIN)
    head = [(t, TITLE, "bold", INK) for t in wrap(clean(title, 160), line, TITLE, "bold", 2)]
    head += [
        (t, SUBTITLE, "normal", SOFT) for t in wrap(clean(subtitle, 300), line, SUBTITLE, lines=3)
    ]
    foot = [(text, SMALL, "normal", SOFT) for part in caption for text in wrap(part, line, SMALL)]
    above, below = (sum(1.42 * size for _, size, _, _ in rows) / 72 for rows in (head, foot))
    height = body + above + below + 2 * MARGIN + 0.14
    figure = Figure(figsize=(width, height), dpi=DPI)
    FigureCanvasAgg(figure)
    _write(figure, head, height - MARGIN)
    _write(figure, foot, MARGIN + below)
    box = (MARGIN / width, (MARGIN + below + 0.07) / height, 1 - 2 * MARGIN / width, body / height)
    if constrained:
        figure.set_layout_engine(SheetLayout(box))
    return FigurePage(figure, *box)


def _write(figure: Figure, rows: list[tuple[str, float, str, str]], top: float) -> None:
    """Write rows of text downwards from ``top`` [in] at the left margin."""
    width, height = figure.get_size_inches()
    for text, size, weight, colour in rows:
        figure.text(
            MARGIN / width, (top - 0.15 * size / 72) / height, text, fontsize=size, color=colour,
            fontweight=weight, va="top", ha="left", in_layout=False, parse_math=False, gid="words",
        )  # fmt: skip
        top -= 1.42 * size / 72


def finish(figure: Figure) -> Figure:
    """Return the figure with its layout worked out once and then held."""
    engine = figure.get_layout_engine()
    if isinstance(engine, SheetLayout):
        if not engine.is_settled:
            engine.execute(figure)  # without drawing: `save` draws it, once a file
        engine.hold()
    figure.set_layout_engine("none")
    return figure
