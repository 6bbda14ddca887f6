"""
Durations by kind of callout: each kind in the family that fits it best, few data pooled.

Parameters of a kind lean on the mean of all kinds by the normal empirical-Bayes rule, on the scale
on which they are fitted (`pooling.shrunk`). A kind with fewer than thirty durations does not choose
its family: it takes that of all; one with fewer than five takes the mean of the others.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .distribution_families import FAMILIES, FamilyFit, Times, fit_family, largest_gap
from .fitted_input import FEWEST, Floats
from .phase_times import PhaseTimes
from .pooling import shrunk

ENOUGH = 30  # durations of a kind that chooses its own family
Fits = dict[str, FamilyFit]


@dataclass(frozen=True, eq=False)
class DurationFit:
    """
    A phase's durations, of one kind or of all, and what was fitted to them.

    Attributes
    ----------
    times
        The durations themselves.
    fits
        Each family that could be fitted, by name, as fitted to these durations alone.
    chosen
        What is written, after pooling; None where nothing could be fitted.
    weight
        Share of the kind's own data in its mean or median, 0 to 1.
    fixed
        The duration, where all are the same. [min]

    """

    times: Times
    fits: Fits
    chosen: FamilyFit | None
    weight: float = 1.0
    fixed: float | None = None

    @property
    def gap(self) -> float:
        """The largest difference between recorded and written shares; ``nan`` without data."""
        if self.chosen is None or not len(self.times.ended):
            return np.nan
        return largest_gap(self.chosen, self.times)

    @property
    def by_aic(self) -> list[FamilyFit]:
        """The families, the best first."""
        return sorted(self.fits.values(), key=lambda fit: fit.aic)


@dataclass(frozen=True, eq=False)
class PhaseFit:
    """A phase fitted: over all callouts, and for each kind by its number."""

    phase: PhaseTimes
    overall: DurationFit
    kinds: tuple[DurationFit, ...]


def fit_phase(phase: PhaseTimes, kinds: int) -> PhaseFit:
    """Return what fits a phase's durations, over all and for each of a number of kinds."""
    overall = fit_alone(phase.times())
    if kinds == 1:
        return PhaseFit(phase, overall, (overall,))
    each = [fit_alone(phase.times(kind)) for kind in range(kinds)]
    return PhaseFit(phase, overall, tuple(_pooled(each, overall)))


def fit_alone(times: Times) -> DurationFit:
    """Return what fits durations, with nothing to lean on."""
    fits = {n: fit for n, f in FAMILIES.items() if (fit := fit_family(f, times)) is not None}
    if times.is_one and len(times.exact) > 1 and not len(times.going_on):
        return DurationFit(times, fits, None, fixed=float(times.exact[0]))
    return DurationFit(times, fits, best_written(fits))


def best_written(fits: Fits) -> FamilyFit | None:
    """Return the fit with the smallest AIC of those that a scenario can have."""
    own = [fit for fit in fits.values() if fit.family.written]
    return min(own, key=lambda fit: fit.aic, default=None)


def _pooled(each: list[DurationFit], overall: DurationFit) -> list[DurationFit]:
    if overall.chosen is None:
        return [
            own if own.chosen or own.fixed is not None else replace(own, fixed=overall.fixed)
            for own in each
        ]
    leaning = {
        name: _leaning(name, each, overall)
        for name in FAMILIES
        if FAMILIES[name].written and name in overall.fits
    }
    found = []
    for number, own in enumerate(each):
        name = overall.chosen.family.name
        if own.times.count >= ENOUGH and own.chosen is not None:
            name = own.chosen.family.name
        if own.fixed is not None and own.times.count >= ENOUGH:
            found.append(own)
            continue
        theta, covariance, weight = (part[number] for part in leaning[name])
        chosen = FamilyFit(FAMILIES[name], theta, covariance, np.nan)
        found.append(replace(own, chosen=chosen, weight=float(weight), fixed=None))
    return found


def _leaning(
    name: str, each: list[DurationFit], overall: DurationFit
) -> tuple[Floats, Floats, Floats]:
    """Return parameters, covariances and weights of a family, of all kinds, after pooling."""
    size = len(FAMILIES[name].words)
    own = [one.fits.get(name) for one in each]
    known = np.array([
        fit is not None and one.times.count >= FEWEST and np.isfinite(fit.covariance).all()
        for fit, one in zip(own, each, strict=True)
    ])  # fmt: skip
    theta = np.full((len(each), size), np.nan)
    variance, weight = theta.copy(), theta.copy()
    for number in np.flatnonzero(known):
        fit = own[number]
        assert fit is not None
        theta[number], variance[number] = fit.theta, np.diag(fit.covariance)
        if each[number].times.count < ENOUGH:  # too few to tell how they vary: as all do
            fewer = overall.times.count / each[number].times.count
            variance[number] = np.diag(overall.fits[name].covariance) * fewer
    covariance = np.zeros((len(each), size, size))
    whole = overall.fits[name]
    for j in range(size):
        found = shrunk(theta[:, j], variance[:, j])
        blank = ~np.isfinite(found.value)  # no kind could be fitted: all take that of all
        theta[:, j] = np.where(blank, whole.theta[j], found.value)
        covariance[:, j, j] = np.where(blank, whole.covariance[j, j], found.variance)
        weight[:, j] = found.weight
    for number in np.flatnonzero(known):  # parameters stay as correlated as they were
        fit = own[number]
        assert fit is not None
        scale = np.sqrt(np.diag(covariance[number]) / np.diag(fit.covariance))
        covariance[number] = fit.covariance * np.outer(scale, scale)
    return theta, covariance, weight[:, 0]
