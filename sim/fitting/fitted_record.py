"""Everything that a record tells of a service, fitted: the way through this stage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from sim.errors import UsageError

from .arrival_rates import Rates, rates_of
from .base_table import illustrative_bases, read_bases
from .covered_time import covered_time
from .drive_speeds import FEWEST_DRIVES, DriveFit, UnitBase, fit_drives, great_circle
from .duration_fits import PhaseFit, fit_phase
from .fitted_input import FittedInput, Floats, read_input
from .phase_times import phases_of, shares_transported, units_sent
from .pooling import PooledCells, pooled_shares
from .unit_rosters import UnitsSeen, units_seen

FEWEST_CALLOUTS = 30
SHORTEST = 3  # days from the first callout to the last


@dataclass(frozen=True, eq=False)
class FittedRecord:
    """
    What was fitted to a record.

    Attributes
    ----------
    input
        The record as arrays.
    rates
        Rates of callouts by hour, weekday, month, kind and place.
    phases
        Durations by the name of the phase, those that the record holds.
    transported
        Share of reached callouts that end in a transport, by kind, and how many of how many; None
        where the record has none.
    sent
        Mean number of units on the scene of a reached callout, by kind. Shape (kinds,)
    units
        Units seen at work.
    bases
        Where each unit starts, by its number; empty without coordinates.
    drives
        Drives to the scene; None where there are too few.

    """

    input: FittedInput
    rates: Rates
    phases: Mapping[str, PhaseFit]
    transported: PooledCells | None
    transported_counts: tuple[Floats, Floats] | None
    sent: Floats
    units: UnitsSeen
    bases: Mapping[int, UnitBase]
    drives: DriveFit | None


def fit_record(
    record: Path,
    mapping: Path,
    bases: Path | None = None,
    begin: datetime | None = None,
    until: datetime | None = None,
) -> FittedRecord:
    """
    Read a record by its mapping and fit all that it tells.

    Parameters
    ----------
    record
        The record.
    mapping
        How it is written: its columns, kinds and words, as `demand.record` in a scenario.
    bases
        A table of where its units start: ``unit``, ``lat``, ``lon`` and perhaps ``base``.
    begin, until
        Midnights between which callouts are fitted; all if not given.

    Raises
    ------
    ScenarioError, UsageError
        When one of them cannot be read, or the record is too short.

    """
    found = read_input(record, mapping, begin, until)
    given = None if bases is None else read_bases(bases, found)
    return fit_input(found, given)


def fit_input(
    found: FittedInput,
    given: Mapping[int, UnitBase] | None = None,
    assumed: Mapping[int, UnitBase] | None = None,
) -> FittedRecord:
    """
    Fit all that a record tells.

    Parameters
    ----------
    found
        The record.
    given
        Where its units start, from a table of the planner; None: there is none.
    assumed
        Where they are taken to start without one; None: from this record.

    Raises
    ------
    UsageError
        When it is too short.

    """
    _refuse_short(found)
    covered = covered_time(found)
    if not len(covered.days):
        raise UsageError(f"{found.file}: no whole day of this record is covered")
    rates = rates_of(found, covered)
    kinds = len(found.kinds)
    phases = {name: fit_phase(phase, kinds) for name, phase in phases_of(found).items()}
    counts = shares_transported(found)
    by_hour = np.bincount(covered.hour, minlength=24) / len(covered.hour)
    if given is None and assumed is None:
        assumed = illustrative_bases(found) if found.mapped else {}
    own = given or assumed or {}
    return FittedRecord(
        found, rates, phases, None if counts is None else pooled_shares(*counts), counts,
        units_sent(found), units_seen(found, by_hour, covered.days), own,
        _drives(found, own, given is not None),
    )  # fmt: skip


def _refuse_short(found: FittedInput) -> None:
    """Refuse a record of which nothing could be told."""
    n = len(found.received)
    if n < FEWEST_CALLOUTS:
        raise UsageError(
            f"{found.file}: {n} callouts are too few to fit anything; at least {FEWEST_CALLOUTS} "
            "are needed"
        )
    days = (int(found.received[-1]) - int(found.received[0])) / 86_400_000
    if days < SHORTEST:
        raise UsageError(
            f"{found.file}: its callouts span {days:.1f} days; at least {SHORTEST} are needed, two "
            "weeks for weekdays and a year for months"
        )


def _drives(found: FittedInput, bases: Mapping[int, UnitBase], given: bool) -> DriveFit | None:
    """Fit drives from where units were, else from bases: to the scene, or its place if assumed."""
    if np.isfinite(found.starts).all(axis=1).sum() >= FEWEST_DRIVES:
        return fit_drives(found, _km(found, found.starts, exact=True), "starts")
    if not bases:
        return fit_drives(found, None, "places")
    start = np.full((len(found.unit_names) + 1, 2), np.nan)  # the last is that of unit -1
    for unit, base in bases.items():
        start[unit] = base.lat, base.lon
    start = start[found.unit]
    return fit_drives(found, _km(found, start, given), "bases" if given else "coordinates")


def _km(found: FittedInput, start: Floats, exact: bool) -> Floats:
    """Return the straight line from where units start to the scene, or else to its place."""
    if exact:
        scene = np.column_stack([found.lat, found.lon])
    else:
        scene = np.where(found.place[:, None] >= 0, found.positions[found.place], np.nan)
    scene = scene[found.callout]
    return great_circle(start[:, 0], start[:, 1], scene[:, 0], scene[:, 1])


__all__ = ["FittedRecord", "fit_input", "fit_record"]
