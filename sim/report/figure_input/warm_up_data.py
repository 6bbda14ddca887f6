"""From a pilot study to Welch's figure of how long it takes to reach steady state."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from sim.experiment.pilot import Pilot
from sim.experiment.warmup import welch

from .. import figures
from ..figures import WelchPanel
from .figure_basis.captions import caption

WINDOW = 7  # days on either side: two weeks and a day


def draw_warm_up(pilot: Pilot, path: Path) -> Path:
    """Draw Welch's figure of a pilot study into a file, and return its path."""
    panels = []
    for name, means in pilot.series.items():
        window = min(WINDOW, (len(means) - 1) // 4)
        settled = pilot.settled[name]
        cut = settled.delete if settled.found else None
        panels.append(WelchPanel(name, np.asarray(means), welch(means, window), window, cut))
    figure = figures.figure_welch(tuple(panels), caption(pilot.study))
    (written,) = figures.save(figure, path.with_suffix(""), [path.suffix.removeprefix(".")])
    return written
