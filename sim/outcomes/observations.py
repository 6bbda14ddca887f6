"""
What a log says, in columns: one row per measured callout, and each team's workload.

Measured are the callouts received within the measured period. Workload and waiting also count
the parts of older missions and callouts that reach into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from sim.errors import SimError
from sim.log import MS_PER_HOUR, CalloutRow, MissionRow, Names, Outcome

from .censoring import NEVER, Bools, Floats, Ints
from .workload import Spans, roster

OUTCOMES: tuple[str, ...] = (
    Outcome.SERVED,
    Outcome.LOST,
    Outcome.GAVE_UP,
    Outcome.DROPPED,
    Outcome.UNFINISHED,
)
_Row = TypeVar("_Row")
_CODES = {word: code for code, word in enumerate(OUTCOMES)}


@dataclass(frozen=True, slots=True, eq=False)
class Observations:
    """
    All that is measured of one alternative, its replications stacked in order.

    The columns up to ``teams`` have shape (callouts,). ``replications`` may exceed the largest
    number in ``replication``, because a replication may have no callout.
    """

    replication: Ints  # 0, 1, ... in the order stacked
    callout: Ints  # number within the replication
    key: Ints  # the same callout in every alternative
    kind: Ints
    priority: Ints
    place: Ints
    hour: Ints  # local hour of day received, 0 to 23
    received: Ints  # [ms] since the start of the measured period
    response: Ints  # [ms] received to first team on scene; -1: not reached
    elapsed: Ints  # [ms] received to on scene, else to its end, else to the end of the run
    wait: Ints  # [ms] ready to dispatched; -1: never dispatched
    waited: Ints  # [ms] the same, or for how long it waited in vain or has waited so far
    outcome: npt.NDArray[np.int8]  # index in OUTCOMES
    teams: Ints  # how many were sent
    busy: Ints  # [ms] on missions, shape (replications, teams)
    on_duty: Ints  # [ms] rostered or on a mission, shape (replications, teams)
    busy_by_hour: Floats  # mean number of teams on missions, shape (replications, 24)
    on_duty_by_hour: Floats  # mean number of teams on duty, shape (replications, 24)
    waiting_by_hour: Floats  # mean number of callouts waiting, shape (replications, 24)

    @property
    def replications(self) -> int:
        """How many replications are stacked."""
        return len(self.busy)

    def ended_as(self, outcome: str) -> Bools:
        """Return which callouts ended this way (a word of `sim.log.Outcome`)."""
        return np.asarray(self.outcome == _CODES[outcome])

    def response_times(self) -> tuple[Ints, Bools]:
        """
        Return response times with what is known of callouts not reached. [ms]

        The second array says which were reached. The others hold for how long they are known
        not to have been: ``elapsed`` if unfinished, ``NEVER`` if they ended without.
        """
        return self._known_so_far(self.response, self.elapsed)

    def wait_times(self) -> tuple[Ints, Bools]:
        """Return waits in the same way: the second array says which were dispatched. [ms]"""
        return self._known_so_far(self.wait, self.waited)

    def _known_so_far(self, times: Ints, so_far: Ints) -> tuple[Ints, Bools]:
        known = times >= 0
        otherwise = np.where(self.ended_as(Outcome.UNFINISHED), so_far, NEVER)
        return np.where(known, times, otherwise), known


def observe(
    callouts: Sequence[tuple[Any, ...]],
    missions: Sequence[tuple[Any, ...]],
    *,
    names: Names,
    start_of_day: int,
    end: int,
    duty: Sequence[Sequence[tuple[int, int]]],
) -> Observations:
    """
    Turn the log of one replication into observations.

    Parameters
    ----------
    callouts, missions
        Rows of the log, in any order; callouts keep theirs. Plain tuples will do.
    names
        Words behind the numbers; says how many teams there are.
    start_of_day
        Local time of day at which the measured period begins. [ms] since midnight
    end
        Length of the measured period. [ms]
    duty
        Per team its rostered intervals, begin included, end not. [ms] They may overlap and may
        reach beyond the measured period.

    Raises
    ------
    SimError
        When ``duty`` is not given for each team, or the measured period is empty.

    """
    if len(duty) != len(names.teams):
        raise SimError(f"rosters of {len(duty)} teams are given, but there are {len(names.teams)}")
    if end <= 0:
        raise SimError(f"the measured period is {end} ms long; it must be longer than 0")
    columns = _callout_columns(callouts)
    workload = _workload(missions, len(names.teams), duty, start_of_day, end)
    queue = _queue(columns, end).mean_by_hour(start_of_day, end)
    return Observations(
        **_measured(columns, start_of_day, end), **workload, waiting_by_hour=queue[np.newaxis]
    )


def stack(parts: Sequence[Observations]) -> Observations:
    """
    Return the observations of one alternative's replications as one, numbered in this order.

    Raises
    ------
    SimError
        When there is nothing to stack or the number of teams differs.

    """
    if len({part.busy.shape[1] for part in parts}) != 1:
        raise SimError(f"{len(parts)} replications cannot be stacked: they must have equal teams")
    columns = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(Observations)
    }
    first = np.cumsum([0] + [part.replications for part in parts[:-1]])
    columns["replication"] = np.concatenate(
        [part.replication + number for part, number in zip(parts, first.tolist(), strict=True)]
    )
    return Observations(**columns)


def _callout_columns(callouts: Sequence[tuple[Any, ...]]) -> dict[str, Ints]:
    """Return the columns of the log that are measured; ``None`` becomes ``NEVER``."""
    blocks = [_block(rows) for rows in _blocks(callouts)]
    return {name: np.concatenate([block[name] for block in blocks]) for name in blocks[0]}


def _blocks(rows: Sequence[_Row]) -> Iterator[Sequence[_Row]]:
    """Yield rows a thousand at a time: turning more of them at once runs out of cache."""
    for first in range(0, max(len(rows), 1), 1000):
        yield rows[first : first + 1000]


def _block(callouts: Sequence[tuple[Any, ...]]) -> dict[str, Ints]:
    """Return the columns of a block of rows."""
    columns = zip(*callouts, strict=True) if callouts else ((),) * len(CalloutRow._fields)
    by_name = dict(zip(CalloutRow._fields, columns, strict=True))
    block = {
        name: _whole(by_name[name])
        for name in ("callout", "key", "kind", "priority", "place", "received", "ready", "teams")
    }
    for name in ("dispatched", "on_scene", "ended"):
        block[name] = _instants(by_name[name])
    codes = map(_CODES.__getitem__, by_name["outcome"])
    block["outcome"] = np.fromiter(codes, dtype=np.int64, count=len(callouts))
    return block


def _sent(missions: Sequence[tuple[Any, ...]]) -> Spans:
    """Return when teams were on missions, dispatched to cleared, ``NEVER`` if still on it."""
    blocks = []
    for rows in _blocks(missions):
        columns = zip(*rows, strict=True) if rows else ((),) * len(MissionRow._fields)
        by_name = dict(zip(MissionRow._fields, columns, strict=True))
        owner, dispatched = (_whole(by_name[name]) for name in ("team", "dispatched"))
        blocks.append((owner, dispatched, _instants(by_name["cleared"])))
    return Spans(*(np.concatenate(column) for column in zip(*blocks, strict=True)))


def _whole(column: Sequence[int]) -> Ints:
    """Return a column of whole numbers."""
    return np.fromiter(column, dtype=np.int64, count=len(column))


def _instants(column: Iterable[int | None]) -> Ints:
    """Return instants as whole numbers, ``NEVER`` for ``None``."""
    # numpy reads None as nan, several times as fast as a loop; 2**53 ms are 285,000 years.
    values = np.array(column, dtype=np.float64)
    return np.where(np.isnan(values), float(NEVER), values).astype(np.int64)


def _measured(columns: dict[str, Ints], start_of_day: int, end: int) -> dict[str, Any]:
    """Return the columns over the measured callouts."""
    inside = (columns["received"] >= 0) & (columns["received"] < end)
    c = {name: column[inside] for name, column in columns.items()}
    ended = np.where(c["ended"] < NEVER, c["ended"], end)
    reached, sent = c["on_scene"] < NEVER, c["dispatched"] < NEVER
    wait = np.where(sent, c["dispatched"] - c["ready"], -1)
    return {
        **{name: c[name] for name in ("callout", "key", "kind", "priority", "place", "teams")},
        "replication": np.zeros(len(ended), dtype=np.int64),
        "hour": (c["received"] + start_of_day) // MS_PER_HOUR % 24,
        "received": c["received"],
        "response": np.where(reached, c["on_scene"] - c["received"], -1),
        "elapsed": np.where(reached, c["on_scene"], ended) - c["received"],
        "wait": wait,
        "waited": np.where(sent, wait, np.maximum(ended - c["ready"], 0)),
        "outcome": c["outcome"].astype(np.int8),
    }


def _queue(columns: dict[str, Ints], end: int) -> Spans:
    """Return when callouts waited to be dispatched, those received in the warm-up included."""
    left = np.minimum(np.minimum(columns["dispatched"], columns["ended"]), end)
    return Spans(np.zeros_like(left), columns["ready"], left)


def _workload(
    missions: Sequence[tuple[Any, ...]],
    teams: int,
    duty: Sequence[Sequence[tuple[int, int]]],
    start_of_day: int,
    end: int,
) -> dict[str, Any]:
    """Return time busy and on duty by team and by hour, each with one replication in front."""
    busy = _sent(missions).merged(end)
    # A mission that outlasts the shift is overtime: the team is on duty until it is cleared.
    on_duty = busy.joined(roster(duty)).merged(end)
    return {
        "busy": busy.length_by_owner(teams)[np.newaxis],
        "on_duty": on_duty.length_by_owner(teams)[np.newaxis],
        "busy_by_hour": busy.mean_by_hour(start_of_day, end)[np.newaxis],
        "on_duty_by_hour": on_duty.mean_by_hour(start_of_day, end)[np.newaxis],
    }
