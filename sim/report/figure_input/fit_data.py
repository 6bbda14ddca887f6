"""What was fitted to a record, as its figure needs it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy.special import gammaincinv

from sim.fitting.distribution_families import recorded_shares
from sim.fitting.duration_fits import DurationFit
from sim.fitting.fitted_record import FittedRecord
from sim.fitting.pooling import TAILS

from ..figures import Hourly
from ..figures.fitted_durations import DurationPanel, FittedDurations
from ..phrasing.words import clean

POINTS = 200
FEWEST = 10  # durations of a panel
MOST = 9  # panels
BY_KIND = ("on scene", "handover")  # phases that scenarios have by kind
FAR = 0.985  # share of durations that a panel shows


def fitted_durations(found: FittedRecord) -> tuple[FittedDurations, int]:
    """Return what the figure shows, and how many panels there was no room for."""
    panels = list(_panels(found))
    return FittedDurations(_by_hour(found), tuple(panels[:MOST])), max(len(panels) - MOST, 0)


def _by_hour(found: FittedRecord) -> Hourly:
    """Return recorded callouts an hour, with the exact interval of a Poisson mean."""
    covered = found.rates.covered
    counts = np.bincount(covered.hour[covered.counted], minlength=24)
    hours = np.maximum(covered.exposure.sum(axis=(1, 2)), 1e-9)
    low = np.where(counts > 0, gammaincinv(np.maximum(counts, 1), TAILS[0]), 0.0)
    return Hourly(counts / hours, low / hours, gammaincinv(counts + 1, TAILS[1]) / hours)


def _panels(found: FittedRecord) -> Iterator[DurationPanel]:
    """Yield panels: phases of all callouts first, then work on scene and handover by kind."""
    whole: list[tuple[str, DurationFit]] = []
    by_kind: list[tuple[str, DurationFit]] = []
    for name, phase in found.phases.items():
        if name in BY_KIND and len(found.input.kinds) > 1:
            kinds = zip(found.input.kinds, phase.kinds, strict=True)
            by_kind += [(f"{name}: {clean(kind)}", fit) for kind, fit in kinds]
        else:
            whole.append((name, phase.overall))
    by_kind.sort(key=lambda item: -item[1].times.count)
    for title, fit in [*whole, *by_kind]:
        if fit.times.count >= FEWEST and not fit.times.is_one:
            yield _panel(title, fit)


def _panel(title: str, fit: DurationFit) -> DurationPanel:
    at, share = recorded_shares(fit.times)
    last = float(np.quantile(fit.times.ended, FAR)) * 1.15
    minutes = np.linspace(last / POINTS / 10, last, POINTS)
    at = at + fit.times.step / 2  # what is recorded as up to a minute is on average half more
    shown = at <= last
    chosen = fit.chosen
    said = "nothing is written" if chosen is None else f"written: {chosen.family.name}"
    return DurationPanel(
        title, f"n = {fit.times.count:,} · {said}", (at[shown], share[shown]), minutes,
        {name: own.share_within(minutes) for name, own in fit.fits.items()},
        None if chosen is None else (chosen.family.name, chosen.share_within(minutes)),
    )  # fmt: skip
