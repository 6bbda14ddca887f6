"""
What followed from one decision: two runs that are the same up to it, side by side.

Both are of the same replication of the same alternative, so a callout has the same number, kind,
place and draws in both. The first is the run as it was, the second the one with the decision
changed. Knows the log and nothing of the engine.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, NamedTuple

from sim.local_clock import LocalClock
from sim.log import CalloutRow, DecisionRow, KeptLog, MissionRow, Names
from sim.scenario.duty_hours.target_cohorts import is_for_place, times_of

from .divergence import Divergence, changes

if TYPE_CHECKING:
    from sim.scenario.fields.models import Target

Rows = tuple[CalloutRow, CalloutRow]  # as it was, and with the decision changed
Row = CalloutRow | MissionRow


class TargetChange(NamedTuple):
    """A target, how many callouts met it in each run, and those that it makes a difference to."""

    name: str
    met: tuple[int, int]
    judged: tuple[int, int]  # of how many: those of which it can be said
    lost: tuple[int, ...]  # callouts that met it only as it was
    gained: tuple[int, ...]  # callouts that meet it only with the decision changed


@dataclass(frozen=True, slots=True)
class Group:
    """Callouts of a priority and kind that went differently."""

    priority: int
    kind: int
    rows: tuple[Divergence, ...]

    @property
    def differences(self) -> list[int]:
        """Differences in response time of those reached in both runs. [ms]"""
        return [row.difference for row in self.rows if row.difference is not None]


@dataclass(frozen=True, slots=True)
class Consequences:
    """All that differs between a run and the same one with a decision changed."""

    own: Rows  # of the callout whose decision it was
    decided: int  # when [ms]
    others: tuple[Divergence, ...]  # that differ: the most urgent first, then as `changes` does
    later: tuple[int, ...]  # further callouts: the same first team and times, another course after
    callouts: int
    not_reached: tuple[int, int]  # callouts without a team on scene in each run
    only: tuple[tuple[int, ...], tuple[int, ...]]  # callouts reached in this run and not the other
    both: int  # reached in both
    targets: tuple[TargetChange, ...]
    last: int | None  # the last instant at which the runs differ; None: they do not [ms]
    to_the_end: bool  # whether something still differs when the runs end

    @property
    def here(self) -> int | None:
        """How much later the callout itself was reached [ms]; None if not in both runs."""
        was, now = (row.on_scene for row in self.own)
        return None if was is None or now is None else now - was

    @property
    def groups(self) -> list[Group]:
        """The other callouts that differ by priority and kind, the most urgent first."""
        found: dict[tuple[int, int], list[Divergence]] = {}
        for change in self.others:
            row = row_of(change)
            found.setdefault((row.priority, row.kind), []).append(change)
        return [Group(*about, tuple(rows)) for about, rows in sorted(found.items())]


def row_of(change: Divergence) -> CalloutRow:
    """Return a callout of which both runs have a row, as they do where the demand is the same."""
    row = change.rows[0]
    assert row is not None
    return row


def consequences(
    was: KeptLog, now: KeptLog, names: Names, number: int, decided: int,
    targets: Sequence[Target], clock: LocalClock, end: int,
) -> Consequences:  # fmt: skip
    """
    Return what differs between two runs of which one decision was not the same.

    Parameters
    ----------
    was, now
        Logs with their decisions: as it was, and with the decision changed.
    names
        The words behind the numbers of both.
    number
        Of the callout that the decision was about.
    decided
        When it was taken. [ms]
    targets
        Of the scenario.
    clock, end
        Local date and time at which the measured period begins, and its length. [ms]

    """
    pairs = _pairs(was, now)
    found = [c for c in changes(was, now, names, names) if row_of(c).callout != number]
    found.sort(key=lambda change: row_of(change).priority)  # stable: within, the order of `changes`
    told = {number, *(row_of(change).callout for change in found)}
    instants, to_the_end = _instants(was, now, number)
    reached = [{n for n, two in pairs.items() if two[x].on_scene is not None} for x in (0, 1)]
    both = reached[0] & reached[1]
    return Consequences(
        own=pairs[number],
        decided=decided,
        others=tuple(found),
        later=tuple(n for n in _courses(was, now) if n in pairs and n not in told),
        callouts=len(pairs),
        not_reached=(len(pairs) - len(reached[0]), len(pairs) - len(reached[1])),
        only=(_sorted(reached[0] - reached[1]), _sorted(reached[1] - reached[0])),
        both=len(both),
        targets=tuple(_judged(Cohort(t, names, clock, end), pairs, end) for t in targets),
        last=None if not instants else min(max(instants), end),
        to_the_end=to_the_end,
    )


def _sorted(numbers: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(numbers))


def _pairs(was: KeptLog, now: KeptLog) -> dict[int, Rows]:
    """Return the rows of each callout by its number, which is the same in both runs."""
    other = {row.callout: row for row in now.callouts}
    return {row.callout: (row, other[row.callout]) for row in sorted(was.callouts)}


# -- targets --------------------------------------------------------------------------------------


class Cohort:
    """
    The callouts that a target is for, as `cohorts.meant_by` has them.

    Parameters
    ----------
    target
        Of the scenario.
    names
        The words behind the numbers of the log.
    clock
        The local clock; the measured period begins at its instant 0.
    end
        Its length. [ms]

    """

    def __init__(self, target: Target, names: Names, clock: LocalClock, end: int) -> None:
        self.target, self.names = target, names
        self.times = times_of(target, clock, end)

    def holds(self, row: CalloutRow) -> bool:
        """Return whether a callout is one of them."""
        target, names, at = self.target, self.names, row.received
        return (
            target.kind in (None, names.kinds[row.kind])
            and target.priority in (None, row.priority)
            and is_for_place(target, names.places[row.place], names.areas[row.place])
            and (self.times is None or any(a <= at < b for a, b in self.times))
        )


def is_met(target: Target, row: CalloutRow, end: int) -> bool | None:
    """
    Return whether a callout meets a target, as `measures.judged_by` does; None: not known.

    One that ended without being reached misses it; one that is unfinished misses it as soon as
    the target has passed.
    """
    at = row.attended if target.attendance == "full" else row.on_scene
    if at is not None:
        return at - row.received <= target.within
    return None if row.ended is None and end - row.received < target.within else False


def _judged(cohort: Cohort, pairs: dict[int, Rows], end: int) -> TargetChange:
    target = cohort.target
    met = {
        number: (is_met(target, rows[0], end), is_met(target, rows[1], end))
        for number, rows in pairs.items()
        if cohort.holds(rows[0])
    }
    return TargetChange(
        target.name,
        (sum(a is True for a, _ in met.values()), sum(b is True for _, b in met.values())),
        (sum(a is not None for a, _ in met.values()), sum(b is not None for _, b in met.values())),
        tuple(number for number, (a, b) in met.items() if a and b is False),
        tuple(number for number, (a, b) in met.items() if b and a is False),
    )


# -- when the two runs differ ---------------------------------------------------------------------


def _courses(was: KeptLog, now: KeptLog) -> list[int]:
    """Return the callouts of which a row, or that of a team's part in it, differs."""
    rows = set(was.callouts) ^ set(now.callouts)
    missions = set(was.missions) ^ set(now.missions)
    return sorted({r.callout for r in rows} | {m.callout for m in missions})


def _instants(was: KeptLog, now: KeptLog, number: int) -> tuple[list[int], bool]:
    """
    Return instants at which two logs differ, the last among them, and whether they do to the end.

    What was chosen, who could be chosen and when each was expected count, too: two runs are the
    same again when nothing in their logs tells them apart.
    """
    ours, theirs = ({_comparable(d, number) for d in log.decisions} for log in (was, now))
    found: list[int | None] = [at for at, *_ in ours ^ theirs]
    events = set(was.events) ^ set(now.events)
    found += [e.at if e.until is None else max(e.at, e.until) for e in events]
    found += _parted(was.callouts, now.callouts, _CALLOUT)
    found += _parted(was.missions, now.missions, _MISSION)
    return [at for at in found if at is not None], None in found


def _comparable(decision: DecisionRow, number: int) -> tuple[Any, ...]:
    """Return what is compared of a decision: not why, for one that was forced to the same."""
    is_own = (decision.question, decision.subject) == ("dispatch", number)
    candidates, arrivals = tuple(decision.candidates), tuple(decision.arrivals)
    why = "" if is_own else decision.why
    return tuple(decision._replace(candidates=candidates, arrivals=arrivals, why=why))


class _Columns(NamedTuple):
    """Of a sort of row: which columns tell whose it is, which are instants, and its end."""

    who: tuple[str, ...]
    instants: tuple[str, ...]
    end: str


_CALLOUT = _Columns(
    ("callout",),
    ("received", "ready", "dispatched", "en_route", "on_scene", "attended", "cleared", "ended"),
    "ended",
)
_MISSION = _Columns(
    ("callout", "team", "dispatched"),
    ("dispatched", "en_route", "on_scene", "left", "at_hospital", "cleared"),
    "cleared",
)


def _parted(a: Sequence[Row], b: Sequence[Row], columns: _Columns) -> Iterator[int | None]:
    """Yield the instants at which rows differ; None where one that differs has no end yet."""
    apart: dict[tuple[Any, ...], list[list[Row]]] = defaultdict(lambda: [[], []])
    for side, rows in enumerate((set(a) - set(b), set(b) - set(a))):
        for row in sorted(rows, key=repr):
            apart[tuple(getattr(row, name) for name in columns.who)][side].append(row)
    for ours, theirs in apart.values():
        for two in zip_longest(ours, theirs):
            yield from _of_two(*two, columns)


def _of_two(first: Row | None, second: Row | None, columns: _Columns) -> Iterator[int | None]:
    """Yield the instants that differ, and the end where anything but an instant does."""
    for name in columns.instants:
        values = [getattr(row, name, None) for row in (first, second)]
        if values[0] != values[1]:
            yield from (at for at in values if at is not None)
    ends = [getattr(row, columns.end) for row in (first, second) if row is not None]
    if None in ends:
        yield None
    elif first is None or second is None or _words(first, columns) != _words(second, columns):
        yield from ends


def _words(row: Row, columns: _Columns) -> list[Any]:
    """Return what is said of a row next to its instants."""
    return [getattr(row, name) for name in row._fields if name not in columns.instants]
