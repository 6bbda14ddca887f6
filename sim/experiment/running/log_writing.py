"""
The rows of a log as text: what `log_text` reads back, written column by column.

A logged study writes some hundred lines for each day it simulates, and a call for each cell would
take longer than the simulation did. So every name is quoted once, and a line is one format of its
numbers. The lines are those that ``csv`` and ``json`` write.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import repeat
from json.encoder import encode_basestring as quoted
from typing import Any

from sim.local_clock import LocalClock, say_offset
from sim.log import NO_ACCESS, CalloutRow, EventRow, KeptLog, MissionRow, Names

from . import log_text

_Row = tuple[Any, ...]  # of a log
_Column = Sequence[Any]
_Make = Callable[[Sequence[_Row]], list[str]]
MOST_KEPT = 2  # times as many lines as the last alternative has: else only its own are kept
_MINUTES = tuple(f"{minute // 60:02d}:{minute % 60:02d}" for minute in range(1440))


class LinesBefore:
    """
    The lines of the last alternatives of a replication: those of equal rows are the same.

    Alternatives have the same callouts, and to most of them the same happens: of 20 crews of one
    team on the coast, nine rows in ten are those of the alternative before.
    """

    def __init__(self) -> None:
        self._words: tuple[Names, LocalClock] | None = None
        self._of: dict[str, dict[_Row, str]] = {}  # of callouts, missions, events, decisions

    def expect(self, names: Names, clock: LocalClock) -> None:
        """Forget all lines if the next alternative has other words for the same numbers."""
        if self._words != (names, clock):
            self._of.clear()
        self._words = names, clock

    def lines(self, what: str, rows: Sequence[_Row], make: _Make) -> list[str]:
        """Return the lines of rows; ``make`` makes those that are new."""
        before = self._of.setdefault(what, {})
        lines: list[Any] = [*map(before.get, rows)]
        places = [i for i, line in enumerate(lines) if line is None]
        if places:
            new = [rows[i] for i in places]
            made = make(new)
            for i, line in zip(places, made, strict=True):
                lines[i] = line
            before.update(zip(new, made, strict=True))
        if len(before) > MOST_KEPT * len(rows):
            self._of[what] = dict(zip(rows, lines, strict=True))
        return lines


def callouts_text(
    log: KeptLog, names: Names, clock: LocalClock, alternative: str, r: int,
    before: LinesBefore | None = None,
) -> str:  # fmt: skip
    """Return the callout rows of one replication as CSV lines, in the order received."""
    make = partial(_callout_lines, names, clock)
    return _csv_text(alternative, r, _lines("callouts", sorted(log.plain[0]), make, before))


def _callout_lines(names: Names, clock: LocalClock, rows: Sequence[_Row]) -> list[str]:
    of: Any = CalloutRow._make(zip(*rows, strict=True))  # columns, each under its name
    kinds, places = _cells(names.kinds), _cells(names.places)
    areas = _cells(names.areas)
    return _joined(
        of.callout, of.key, _named(of.kind, kinds), of.priority, _named(of.place, areas),
        _named(of.place, places), _local_times(clock, of.received), of.received, of.ready,
        _blank(of.dispatched), _blank(of.en_route), _blank(of.on_scene), _blank(of.cleared),
        _blank(of.ended), of.outcome, of.teams, _minutes(of.dispatched, of.ready),
        _minutes(of.on_scene, of.received), _blank(of.attended),
    )  # fmt: skip


def missions_text(
    log: KeptLog, names: Names, alternative: str, r: int, before: LinesBefore | None = None
) -> str:
    """Return the mission rows of one replication as CSV lines, in the order they ended."""
    make = partial(_mission_lines, names)
    return _csv_text(alternative, r, _lines("missions", log.plain[1], make, before))


def _mission_lines(names: Names, rows: Sequence[_Row]) -> list[str]:
    of: Any = MissionRow._make(zip(*rows, strict=True))  # columns, each under its name
    teams, hospitals = _cells(names.teams), _cells(names.hospitals)
    return _joined(
        of.callout, _named(of.team, teams), of.dispatched, _blank(of.en_route),
        _blank(of.on_scene), _blank(of.left), _blank(of.at_hospital),
        _named(of.hospital, hospitals), _blank(of.cleared), of.ending,
    )  # fmt: skip


def events_text(
    log: KeptLog, names: Names, alternative: str, r: int, before: LinesBefore | None = None
) -> str:
    """Return the event rows of one replication as CSV lines, in the order noted."""
    make = partial(_event_lines, names)
    return _csv_text(alternative, r, _lines("events", log.plain_events, make, before))


def _event_lines(names: Names, rows: Sequence[_Row]) -> list[str]:
    of: Any = EventRow._make(zip(*rows, strict=True))  # columns, each under its name
    called = {what: _cells(words) for what, words in log_text.event_words(names).items()}
    return _joined(
        of.at, of.what, _named(of.team, _cells(names.teams)), _blank(of.callout),
        _who(of.what, of.who, called), _blank(of.until),
    )  # fmt: skip


def decisions_text(
    log: KeptLog, names: Names, alternative: str, r: int, before: LinesBefore | None = None
) -> str:
    """Return the decisions of one replication as JSON lines, in the order taken."""
    rows: Sequence[_Row] = log.plain_decisions
    if before is not None:  # to be looked up, a row has tuples in place of lists
        rows = [
            (at, question, subject, tuple(candidates), tuple(arrivals), chosen, rule, why)
            for at, question, subject, candidates, arrivals, chosen, rule, why in rows
        ]
    lines = _lines("decisions", rows, partial(_decision_lines, names), before)
    return _text(f'{{"alternative":{quoted(alternative)},"replication":{r},', lines)


def _decision_lines(names: Names, rows: Sequence[_Row]) -> list[str]:
    return [*_decisions(names, rows)]


def _decisions(names: Names, rows: Sequence[_Row]) -> Iterator[str]:
    words = {q: [*map(quoted, own)] for q, own in log_text.candidate_words(names).items()}
    # each as part of a format: a name may have a per cent sign in it
    parts = {q: [word.replace("%", "%%") + ":%s" for word in own] for q, own in words.items()}
    for at, question, subject, candidates, arrivals, chosen, rule, why in rows:
        if len(candidates) != len(arrivals):
            raise ValueError(f"{len(candidates)} candidates have {len(arrivals)} arrivals")
        about = f'"callout":{subject}'
        if question == "relocation":
            about = f'"team":{words["dispatch"][subject]}'
        elif question == "staffing":
            about = f'"free":{subject}'
        if question in words:
            own, choice = parts[question], "null" if chosen is None else words[question][chosen]
            line = ",".join([own[candidate] for candidate in candidates])
        else:  # of the queue: callouts, which are numbers
            choice = "null" if chosen is None else f'"{chosen}"'
            line = ",".join([f'"{candidate}":%s' for candidate in candidates])
        times: Iterable[object] = arrivals
        if max(arrivals, default=0) >= NO_ACCESS:
            times = [time if time < NO_ACCESS else "null" for time in arrivals]
        yield (
            f'"at_ms":{at},"question":"{question}",{about},'
            f'"candidates":{{{line % (*times,)}}},"chosen":{choice},'
            f'"rule":{quoted(rule)},"why":{quoted(why)}}}\n'
        )


def _lines(what: str, rows: Sequence[_Row], make: _Make, before: LinesBefore | None) -> list[str]:
    """Return the lines of rows, from where alternative and replication are said."""
    if before is not None:
        return before.lines(what, rows, make)
    return make(rows) if rows else []


def _joined(*columns: _Column) -> list[str]:
    """Return CSV lines of columns whose words are written as cells already."""
    line = f"{','.join(['%s'] * len(columns))}\n"
    return [*map(line.__mod__, zip(*columns, strict=True))]


def _csv_text(alternative: str, r: int, lines: Sequence[str]) -> str:
    """Return CSV lines, each with its alternative and replication before it."""
    (name,) = _cells([alternative])
    return _text(f"{name},{r},", lines)


def _text(head: str, lines: Sequence[str]) -> str:
    return head + head.join(lines) if lines else ""


def _cells(words: Iterable[str]) -> list[str]:
    """Return words as cells of a CSV file, safe for spreadsheets."""
    found = []
    for word in words:
        text = io.StringIO()
        csv.writer(text, lineterminator="\n").writerow([log_text.guarded(word), 0])
        found.append(text.getvalue().removesuffix(",0\n"))
    return found


def _named(numbers: _Column, cells: Sequence[str]) -> _Column:
    """Return the cells that numbers stand for, empty where there is none."""
    if None in numbers:
        return ["" if number is None else cells[number] for number in numbers]
    return [cells[number] for number in numbers]


def _who(events: _Column, numbers: _Column, words: dict[str, list[str]]) -> _Column:
    """Return whom or what each event is about: a cell where there is one, or the number."""
    found = _blank(numbers)
    if not any(map(words.get, events)):
        return found
    return [
        number if number == "" or number >= len(cells) else cells[number]
        for number, cells in zip(found, map(words.get, events, repeat(())), strict=False)
    ]


def _blank(column: _Column) -> _Column:
    """Return a column with empty cells where something did not happen."""
    return ["" if value is None else value for value in column] if None in column else column


def _minutes(later: _Column, earlier: _Column) -> _Column:
    return [
        "" if end is None else "%.3f" % ((end - begin) / 60_000)
        for end, begin in zip(later, earlier, strict=True)
    ]


def _local_times(clock: LocalClock, instants: Sequence[int]) -> list[str]:
    """
    Return instants on the local clock, to the second.

    In a run in which clocks are changed each has its offset from UTC: an hour may come twice.
    """
    days, found = dict[int, str](), list[str]()
    shown: Iterable[int] = [instant + clock.shift for instant in instants]
    if clock.changes:
        shown = map(clock.local, instants)
    for local in shown:
        day, second = divmod(local // 1000, 86_400)
        if day not in days:
            days[day] = (clock.midnight + timedelta(day)).date().isoformat()
        minute, second = divmod(second, 60)
        found.append(f"{days[day]} {_MINUTES[minute]}:{second:02d}")
    if clock.changes:
        ahead = (clock.ahead(instant) for instant in instants)
        found = [at + say_offset(by or 0) for at, by in zip(found, ahead, strict=True)]
    return found
