"""
Views in which teams or hospitals have other numbers, and views without anybody in them.

What a policy was handed is handed to it again as if the scenario's file had listed teams (for
destinations, hospitals; for the queue, callouts) in another order. A policy that treats them by
what they are, and ties by number, answers accordingly.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from sim.log import NO_ACCESS
from sim.policies import Atlas, StatusBoard
from sim.policies.contract.declarations import declared

Handed = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who was chosen under a numbering, by old number, and the new number of each."""

    who: frozenset[int]
    numbers: dict[int, int]


@dataclass(frozen=True, slots=True)
class Numbering:
    """Numbers given out again: the new one of each old one, and the map with them."""

    numbers: dict[int, int]
    atlas: Atlas


def wide(question: str, calls: Sequence[tuple[Handed, Any]]) -> list[tuple[Handed, Any]]:
    """Return the calls in which somebody could tie."""
    if question == "routing":
        return []
    if question in ("queue", "relocation"):
        return list(calls)
    part = {"destination": "hospitals", "staffing": "reserve"}.get(question, "teams")
    return [call for call in calls if len(getattr(call[0][-1], part)) > 1]


def numbering_of(question: str, atlas: Atlas, rng: Random) -> Numbering:
    """Return new numbers for all teams, or all hospitals, at random."""
    hospitals = question == "destination"
    order = list(range(len(atlas.hospitals if hospitals else atlas.teams)))
    rng.shuffle(order)
    numbers = {old: new for new, old in enumerate(order)}
    return Numbering(numbers, (_with_hospitals if hospitals else _with_teams)(atlas, order))


def renumbered(question: str, handed: Handed, numbering: Numbering, rng: Random) -> Handed:
    """Return the arguments with new numbers."""
    change: Callable[[Any, dict[int, int], Random], Any] = {
        "dispatch": _dispatch,
        "reassignment": _reassignment,
        "relocation": _relocation,
        "destination": _destination,
        "staffing": _staffing,
    }[question]
    view = change(handed[-1], numbering.numbers, rng)
    board = (_hospital_board if question == "destination" else _board)(
        view.board, numbering.numbers
    )
    return (*handed[:-1], view._replace(atlas=numbering.atlas, board=board))


def choice(question: str, answer: Any, numbering: Numbering) -> Chosen:
    """Return who was chosen; a base to wait at has its number in any case."""
    found = answer[0] if isinstance(answer[0], (tuple, list)) else [answer[0]]
    if question == "relocation":
        return Chosen(frozenset(found), {})
    old = {new: who for who, new in numbering.numbers.items()}
    return Chosen(
        frozenset(old[number] for number in found if number is not None), numbering.numbers
    )


def not_by_number(chosen: Sequence[Chosen]) -> str:
    """
    Return why choices under several numberings do not go by number; empty if they do.

    Those chosen under some numberings but not under all tie. Of them, the ones with the lowest
    numbers have to be chosen each time.
    """
    if len({len(c.who) for c in chosen}) > 1 or len({c.who for c in chosen if not c.numbers}) > 1:
        return "with other numbers and all else equal, it answers otherwise"
    always = frozenset.intersection(*(c.who for c in chosen))
    tied = frozenset.union(*(c.who for c in chosen)) - always
    for c in chosen:
        left = {c.numbers[who] for who in tied - c.who}
        taken = {c.numbers[who] for who in tied & c.who}
        if left and taken and min(left) < max(taken):
            return (
                f"numbers {min(left)} and {max(taken)} seem to be equal to it, for how they are "
                f"numbered or listed decides between them, but it chose {max(taken)}"
            )
    return ""


def _with_teams(atlas: Atlas, order: Sequence[int]) -> Atlas:
    """Return a map of its own with the teams in another order."""

    def reordered(parts: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(parts[old] for old in order) if parts else parts

    return replace(
        atlas,
        teams=reordered(atlas.teams),
        team_bases=reordered(atlas.team_bases),
        team_people=reordered(atlas.team_people),
        team_capabilities=reordered(atlas.team_capabilities),
        team_speeds=reordered(atlas.team_speeds),
        team_times=reordered(atlas.team_times),
    )


def _with_hospitals(atlas: Atlas, order: Sequence[int]) -> Atlas:
    """Return a map of its own with the hospitals in another order."""
    return replace(
        atlas,
        hospitals=tuple(atlas.hospitals[old] for old in order),
        hospital_places=tuple(atlas.hospital_places[old] for old in order),
        referrals=tuple(new for new, old in enumerate(order) if old in atlas.referrals),
    )


def _together(*columns: Sequence[Any]) -> list[tuple[Any, ...]]:
    """Return parallel columns in the order of the first."""
    rows = sorted(zip(*columns, strict=True), key=lambda row: row[0])
    return list(zip(*rows, strict=True)) if rows else [()] * len(columns)


def _board(board: StatusBoard, numbers: dict[int, int]) -> StatusBoard:
    """Return a board with teams renumbered; as it is not a policy's, every part may be read."""
    all_ = StatusBoard._make(board)
    idle = [numbers[team] for team in all_.idle]
    idle_anew, turnouts, drives = (
        _together(idle, all_.turnouts, all_.drives) if idle else ((), (), ())
    )
    busy = tuple(sorted((numbers[team], at, place) for team, at, place in all_.busy))
    return board._replace(idle=idle_anew, turnouts=turnouts, drives=drives, busy=busy)


def _hospital_board(board: StatusBoard, numbers: dict[int, int]) -> StatusBoard:
    """Return a board with hospitals renumbered."""
    loads = StatusBoard._make(board).hospitals
    order = sorted(range(len(loads)), key=numbers.__getitem__)
    return board._replace(hospitals=tuple(loads[old] for old in order))


def _dispatch(view: Any, numbers: dict[int, int], rng: Random) -> Any:
    pairs = list(zip((numbers[t] for t in view.teams), view.arrivals, strict=True))
    rng.shuffle(pairs)  # candidates come in any order
    return view._replace(
        teams=[team for team, _ in pairs],
        arrivals=[arrival for _, arrival in pairs],
    )


def _reassignment(view: Any, numbers: dict[int, int], rng: Random) -> Any:
    teams, arrivals, callouts, due, reassigned = _together(
        [numbers[t] for t in view.teams], view.arrivals, view.callouts, view.due, view.reassigned
    )
    return view._replace(
        teams=teams, arrivals=arrivals, callouts=callouts, due=due, reassigned=reassigned
    )  # fmt: skip


def _relocation(view: Any, numbers: dict[int, int], rng: Random) -> Any:
    return view._replace(team=numbers[view.team])


def _staffing(view: Any, numbers: dict[int, int], rng: Random) -> Any:
    reserve, delays, lasts = _together([numbers[t] for t in view.reserve], view.delays, view.lasts)
    return view._replace(reserve=reserve, delays=delays, lasts=lasts)


def _destination(view: Any, numbers: dict[int, int], rng: Random) -> Any:
    hospitals = [numbers[hospital] for hospital in view.hospitals]
    order = sorted(range(len(hospitals)), key=hospitals.__getitem__)
    bound, waits = (
        tuple(parts[i] for i in order) if parts else () for parts in (view.bound, view.waits)
    )
    return view._replace(
        hospitals=sorted(hospitals),
        drives=[view.drives[i] for i in order],
        bound=bound,
        waits=waits,
    )


def later_twin(handed: Handed) -> Handed:
    """Return what a queue rule was handed with a callout received next, the same in all else."""
    callout, view = handed
    return (callout._replace(number=callout.number + 1), view)


def with_twin_of(base: int, view: Any) -> Any:
    """Return a relocation view with one more base, the last, that is the same as another."""
    atlas = replace(
        view.atlas,
        bases=(*view.atlas.bases, f"{view.atlas.bases[base]} too"),
        base_places=(*view.atlas.base_places, view.atlas.base_places[base]),
    )
    drives = (*view.drives, view.drives[base])
    return view._replace(drives=drives, idle=(*view.idle, view.idle[base]), atlas=atlas)


def emptied(question: str, policy: Any, handed: Handed) -> Handed | None:
    """Return what was handed with nobody to choose from; None where that cannot be."""
    view = handed[-1]
    if question == "dispatch":
        board = view.board._replace(idle=(), turnouts=(), drives=())
        view = view._replace(teams=[], arrivals=[], free=0, board=board)
    elif question == "reassignment":
        view = view._replace(teams=(), arrivals=(), callouts=(), due=(), reassigned=())
    elif question == "staffing":
        view = view._replace(reserve=(), delays=(), lasts=())
    elif question == "destination":
        view = view._replace(drives=[NO_ACCESS] * len(view.drives))
    elif question == "queue":
        view = view._replace(soonest=NO_ACCESS)
    elif question == "relocation" and declared(policy, question).moves_all:
        view = view._replace(drives=tuple((NO_ACCESS,) * len(row) for row in view.drives))
    elif question == "relocation":
        view = view._replace(drives=(NO_ACCESS,) * len(view.drives))
    else:
        return None
    return (*handed[:-1], view)
