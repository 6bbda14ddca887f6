"""From a study to the figure of the share of callouts reached against time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment import Study
from sim.outcomes import Curve, paired_share_curve, share_curve
from sim.scenario import Target as Promise

from ..figures import Band, ShareCurves, TargetLine, figure_share_curves
from .figure_basis.captions import caption
from .figure_basis.figure_kinds import FigureRequest, figure_kind

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POINTS = 240  # of a share curve


@figure_kind("share-reached", "Share of callouts reached against time.", place=10)
def figure(asked: FigureRequest) -> Figure:
    """Return the curves of all alternatives that there is room for."""
    return figure_share_curves(share_curves(asked.shown), caption(asked.shown))


def share_curves(study: Study) -> ShareCurves:
    """Return the share reached against time, of the callouts that the first target is about."""
    promise = next(iter(study.world.scenario.targets), None)
    minutes = _minutes(study, promise)
    at = np.rint(minutes * 60_000).astype(np.int64)
    base = study.observations[study.baseline]
    curves, differences = [], []
    for name, obs in study.observations.items():
        chosen = _concerned(name, study, promise)
        curves.append(_band(name, share_curve(obs, at, chosen)))
        if name != study.baseline:
            against = _concerned(study.baseline, study, promise)
            curve = paired_share_curve(obs, base, at, chosen, against)
            differences.append(_band(name, curve))
    target = None
    if promise is not None:
        target = TargetLine(promise.name, promise.within / 60_000, promise.share)
    whose = callouts_of(promise)
    title = f"{whose} reached in time"
    return ShareCurves(minutes, tuple(curves), tuple(differences), target, title, whose)


def callouts_of(promise: Promise | None) -> str:
    """Say which callouts a target is about."""
    if promise is not None and promise.kind is not None:
        return f"Callouts of kind “{promise.kind}”"
    if promise is not None and promise.priority is not None:
        return f"Callouts of priority {promise.priority}"
    return "Callouts"


def _band(name: str, curve: Curve) -> Band:
    return Band(name, curve.value, curve.low, curve.high)


def _concerned(alternative: str, study: Study, promise: Promise | None) -> Any:
    """Return which callouts of an alternative a target is about; None for all."""
    obs, kinds = study.observations[alternative], study.worlds[alternative].names.kinds
    if promise is not None and promise.kind is not None:
        return obs.kind == (kinds.index(promise.kind) if promise.kind in kinds else -1)
    if promise is not None and promise.priority is not None:
        return obs.priority == promise.priority
    return None


def _minutes(study: Study, promise: Promise | None) -> Any:
    """Return the minutes at which curves are drawn: until nearly all are reached."""
    obs = study.observations[study.baseline]
    chosen = _concerned(study.baseline, study, promise)
    response = obs.response if chosen is None else obs.response[chosen]
    reached = response[response >= 0]
    last = float(np.quantile(reached, 0.97)) / 60_000 if len(reached) else 60.0
    within = [t.within / 60_000 for t in study.world.scenario.targets]
    top = max([last, *(1.2 * w for w in within)])
    step = next(s for s in (1, 5, 15, 30, 60, 240, 1440, 10**9) if top <= 8 * s or s == 10**9)
    return np.linspace(0, step * np.ceil(top / step), POINTS + 1)
