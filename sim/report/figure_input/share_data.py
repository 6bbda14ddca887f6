"""From a study to the figure of the share of callouts reached against time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.experiment import Study
from sim.experiment.running.samples import sample_of
from sim.outcomes import Curve, Observations, paired_share_curve, share_curve
from sim.outcomes.observed.cohorts import meant_by
from sim.scenario import Target as Promise

from ..figures import Band, ShareCurves, TargetLine, figure_share_targets
from ..phrasing.target_words import cohort_of, note_of
from .figure_basis.captions import caption
from .figure_basis.figure_kinds import FigureRequest, figure_kind

if TYPE_CHECKING:
    from matplotlib.figure import Figure

POINTS = 240  # of a share curve


@figure_kind("share-reached", "Share of callouts reached against time.", place=10)
def figure(asked: FigureRequest) -> Figure:
    """Return the curves of all alternatives that there is room for, of each target."""
    groups: dict[Any, list[Promise]] = {}  # targets about the same callouts share their curves
    targets = asked.study.world.scenario.targets
    for target in targets:
        whose = target.model_copy(update={"name": "", "within": 0, "share": 0.0})
        groups.setdefault(whose, []).append(target)
    curves = [share_curves(asked.shown, own) for own in groups.values() or [[]]]
    notes = tuple(filter(None, map(note_of, targets)))
    return figure_share_targets(curves, replace(caption(asked.shown), notes=notes))


def share_curves(study: Study, targets: Sequence[Promise]) -> ShareCurves:
    """Return the share reached against time, of the callouts that some targets are all about."""
    promise = next(iter(targets), None)
    whose = cohort_of(promise)
    title, until = f"{whose} reached in time", "first team on scene"
    if promise is not None and promise.attendance == "full":
        title, until = f"{whose} with full attendance in time", "full attendance"
    shown = {name: _judged(obs, promise) for name, obs in study.observations.items()}
    meant = {name: _meant(name, study, promise) for name in shown}
    against = meant[study.baseline]
    minutes = _minutes(shown[study.baseline], study, against)
    at = np.rint(minutes * 60_000).astype(np.int64)
    curves, differences = [], []
    for name, obs in shown.items():
        curves.append(_band(name, share_curve(obs, at, meant[name])))
        if name != study.baseline:
            curve = paired_share_curve(obs, shown[study.baseline], at, meant[name], against)
            differences.append(_band(name, curve))
    lines = tuple(TargetLine(own.name, own.within / 60_000, own.share) for own in targets)
    return ShareCurves(minutes, tuple(curves), tuple(differences), lines, title, whose, until)


def _judged(obs: Observations, promise: Promise | None) -> Observations:
    """Return observations whose times are those that a target judges."""
    if promise is None or promise.attendance == "first":
        return obs
    return replace(obs, response=obs.attendance, elapsed=obs.attending)


def _band(name: str, curve: Curve) -> Band:
    return Band(name, curve.value, curve.low, curve.high)


def _meant(alternative: str, study: Study, promise: Promise | None) -> Any:
    """Return which callouts of an alternative a target is for; None for all."""
    if promise is None:
        return None
    world, obs = study.worlds[alternative], study.observations[alternative]
    return meant_by(sample_of(alternative, world, obs, study.numbers), promise)


def _minutes(obs: Observations, study: Study, chosen: Any) -> Any:
    """
    Return the minutes at which curves are drawn: until nearly all of some are reached.

    Those of targets are among them, so that what is read there is what tables say.
    """
    response = obs.response if chosen is None else obs.response[chosen]
    reached = response[response >= 0]
    last = float(np.quantile(reached, 0.97)) / 60_000 if len(reached) else 60.0
    within = [t.within / 60_000 for t in study.world.scenario.targets]
    top = max([last, *(1.2 * w for w in within)])
    step = next(s for s in (1, 5, 15, 30, 60, 240, 1440, 10**9) if top <= 8 * s or s == 10**9)
    return np.union1d(np.linspace(0, step * np.ceil(top / step), POINTS + 1), within)
