"""
Observations read back from a results folder: columns as we write them, or refused.

No more is read than an honest file of this scenario could hold, and every number lies where the
tables and figures expect it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from sim.log import KeptLog
from sim.outcomes import (
    OPTIONAL_COLUMNS,
    OUTCOMES,
    Observations,
    needs_several,
    unknown,
    until_rescue,
)
from sim.outcomes.observed.columns import plain
from sim.outcomes.observed.observations import named
from sim.world import World

from ..running.replication_file import COLUMNS, widened
from ..running.runner import Runner
from .column_archive import ColumnArchive, open_columns
from .folder_layout import OBSERVATIONS

SPARE, TIMES_EXPECTED = 1_000_000, 20  # callouts that a file may hold beyond those expected
MOST = 2**53  # of any number but a key, in ms some 285,000 years


def read_observations(
    folder: Path, runner: Runner, replications: int, expected: float
) -> dict[str, Observations]:
    """
    Return the observations of each alternative.

    Parameters
    ----------
    folder
        A results folder.
    runner
        Of its design: whose kinds, places and teams the numbers are.
    replications
        How many there are.
    expected
        About how many callouts each has.

    Raises
    ------
    ResultsError
        When the file is damaged, or is not of this scenario.

    """
    most = SPARE + round(TIMES_EXPECTED * expected * replications)
    with open_columns(folder, OBSERVATIONS) as columns:
        return {
            name: _observations(columns, name, runner, replications, most) for name in runner.worlds
        }


def _observations(
    columns: ColumnArchive, name: str, runner: Runner, replications: int, most: int
) -> Observations:
    world, found = runner.worlds[name], dict[str, Any]()
    empty = runner.observe(name, KeptLog())
    length = columns.length(f"{name}/replication")
    for rows in (length, columns.length(f"{name}/offload_delays", 0)):
        if rows > most:
            raise ValueError(f"{name} has {rows} rows, of {most} at most")
    for column in COLUMNS:
        full = f"{name}/{column}"
        if column in OPTIONAL_COLUMNS and full not in columns.names:
            found[column] = unknown(column, replications)
            continue
        nobody = plain(getattr(empty, column))
        if column == "offload_delays":
            wanted = (columns.length(full), *nobody.shape[1:])
        else:
            wanted = _shape(column, world, nobody.shape, length, replications)
        values = widened(column, columns.column(full, wanted))
        _check(full, column, values, nobody)
        found[column] = named(column, values)
    observations = Observations(**found)
    _check_numbers(name, observations, world, replications)
    return observations


def _shape(
    column: str, world: World, empty: tuple[int, ...], length: int, replications: int
) -> tuple[int, ...]:
    """Return the shape that a column has, from that of a replication without callouts."""
    if column in ("attendance", "attending"):
        return (length if needs_several(world.scenario) else 0,)
    if column in ("rescue", "rescuing"):
        return (length if until_rescue(world.scenario) else 0,)
    return (length,) if empty == (0,) else (replications, *empty[1:])


def _check(full: str, column: str, values: Any, nobody: Any) -> None:
    """Refuse values that no run can have; ``nobody`` are those of one without callouts."""
    kind = nobody.dtype
    if values.dtype != kind:
        raise ValueError(f"{full} holds {values.dtype}, not {kind}")
    if kind.kind == "f":
        # an hour of the day that the period does not have is no number in any run
        never = np.isnan(nobody) if nobody.ndim == values.ndim > 1 else np.False_
        if not (np.isfinite(values) | (np.isnan(values) & never)).all():
            raise ValueError(f"{full} holds what is no number")
        values = values[np.isfinite(values)]
    if column == "key" or not values.size:
        return
    if values.min() < -1 or values.max() > MOST:
        raise ValueError(f"{full} holds numbers out of range")


def _check_numbers(name: str, obs: Observations, world: World, replications: int) -> None:
    """Refuse a number that stands for nothing in the scenario."""
    hospitals = len(world.names.hospitals)
    limits: list[tuple[str, Any, int, int]] = [
        ("replication", obs.replication, 0, replications),
        ("kind", obs.kind, 0, len(world.names.kinds)),
        ("place", obs.place, 0, len(world.names.places)),
        ("priority", obs.priority, 1, 10),
        ("hour", obs.hour, 0, 24),
        ("received", obs.received, 0, world.ends),
        ("outcome", obs.outcome, 0, len(OUTCOMES)),
        ("offload_delays", obs.offload_delays["replication"], 0, replications),
        ("offload_delays", obs.offload_delays["hospital"], 0, max(hospitals, 1)),
    ]
    for column, values, low, high in limits:
        if len(values) and not (values.min() >= low and values.max() < high):
            raise ValueError(f"{name}/{column} holds numbers that are not of this scenario")
    if (np.diff(obs.replication) < 0).any():
        raise ValueError(f"{name}/replication is not in order")
