"""
The log as text, for people and other programs: CSV, and JSON lines for decisions.

Instants are milliseconds since the start of the measured period, empty where something did not
happen; ``received_at`` is the same moment on the local clock.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from sim import units
from sim.log import (
    NO_ACCESS,
    CalloutRow,
    DecisionRow,
    Ending,
    Event,
    EventRow,
    MissionRow,
    Names,
    Outcome,
)

CALLOUT_COLUMNS = (
    "alternative", "replication", "callout", "key", "kind", "priority", "area", "place",
    "received_at", "received_ms", "ready_ms", "dispatched_ms", "en_route_ms", "on_scene_ms",
    "cleared_ms", "ended_ms", "outcome", "teams", "wait_min", "response_min", "attended_ms",
)  # fmt: skip
MISSION_COLUMNS = (
    "alternative", "replication", "callout", "team", "dispatched_ms", "en_route_ms",
    "on_scene_ms", "left_ms", "at_hospital_ms", "hospital", "cleared_ms", "ending",
)  # fmt: skip
EVENT_COLUMNS = (
    "alternative", "replication", "at_ms", "event", "team", "callout", "who", "until_ms",
)  # fmt: skip


def header(columns: Iterable[str]) -> str:
    """Return the first line of a CSV file."""
    return csv_lines([columns])


def guarded(text: str) -> str:
    """Return a name that no spreadsheet takes for a formula (OWASP ASVS 1.2.10)."""
    return "'" + text if text[:1] in "=+-@\t\r\n\0＝＋－＠" and text else text


def csv_lines(rows: Iterable[Iterable[Any]]) -> str:
    """Return rows as the lines of a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def event_words(names: Names) -> dict[str, Sequence[str]]:
    """Return what ``who`` is called in each event where it is no person and no amount."""
    return {
        Event.OUT_OF_SERVICE: names.vehicles,
        Event.VEHICLE_TAKEN: names.vehicles,
        Event.VEHICLE_AT_BASE: names.vehicles,
        Event.NO_ACCESS: names.places,
        Event.ACCESS_AGAIN: names.places,
        Event.MET_CLOSURE: names.closures,
        Event.TOLD_OF_CLOSURE: names.closures,
        Event.CLOSURE_KNOWN: names.closures,
        Event.REOPENED: names.closures,
        Event.REFUSED_AT_CHECKPOINT: names.checkpoints,
        Event.CHECKPOINT_DELAY: names.checkpoints,
        Event.OFFLOAD_DELAY: names.hospitals,
        Event.REFUELLED: names.bases,
        Event.FUEL_DELIVERED: names.bases,
        Event.DEPOT_EMPTY: names.bases,
    }


def candidate_words(names: Names) -> dict[str, Sequence[str]]:
    """Return what the candidates of each question are called; of the queue they are callouts."""
    return {
        "dispatch": names.teams,
        "reassignment": names.teams,
        "staffing": names.teams,
        "relocation": names.bases,
        "destination": names.hospitals,
    }


def read_callouts(
    lines: Iterable[str], names: Mapping[str, Names], replication: int
) -> Iterator[tuple[str, int, CalloutRow]]:
    """
    Yield alternative, replication and callout of one replication from the lines of a callouts file.

    ``names`` are those of each alternative: one may have teams or kinds that another has not. A
    file of an earlier version does not say when a callout was fully attended.
    """
    kinds = {name: numbers_of(own.kinds) for name, own in names.items()}
    places = {name: numbers_of(own.places) for name, own in names.items()}
    for name, row in rows_of(lines, names, replication):
        yield name, replication, CalloutRow(
            count(row["callout"]), count(row["key"]), kinds[name][row["kind"]],
            count(row["priority"]), places[name][row["place"]], instant(row["received_ms"]),
            instant(row["ready_ms"]), moment(row["dispatched_ms"]), moment(row["en_route_ms"]),
            moment(row["on_scene_ms"]), moment(row["cleared_ms"]), moment(row["ended_ms"]),
            word(row["outcome"], _OUTCOMES, "outcome"), count(row["teams"]),
            moment(row.get("attended_ms") or ""),
        )  # fmt: skip


def read_missions(
    lines: Iterable[str], names: Mapping[str, Names], replication: int
) -> Iterator[tuple[str, int, MissionRow]]:
    """Yield alternative, replication and mission from a missions file; as `read_callouts`."""
    teams = {name: numbers_of(own.teams) for name, own in names.items()}
    hospitals = {name: numbers_of(own.hospitals) for name, own in names.items()}
    for name, row in rows_of(lines, names, replication):
        yield name, replication, MissionRow(
            count(row["callout"]), teams[name][row["team"]], instant(row["dispatched_ms"]),
            moment(row["en_route_ms"]), moment(row["on_scene_ms"]), moment(row["left_ms"]),
            moment(row["at_hospital_ms"]),
            hospitals[name][row["hospital"]] if row["hospital"] else None,
            moment(row["cleared_ms"]), word(row["ending"], _ENDINGS, "ending"),
        )  # fmt: skip


def read_events(
    lines: Iterable[str], names: Mapping[str, Names], replication: int
) -> Iterator[tuple[str, int, EventRow]]:
    """Yield alternative, replication and event from an events file; as `read_callouts`."""
    teams = {name: numbers_of(own.teams) for name, own in names.items()}
    called = {
        name: {what: numbers_of(words) for what, words in event_words(own).items()}
        for name, own in names.items()
    }
    for name, row in rows_of(lines, names, replication):
        who = called[name].get(row["event"], {}).get(row["who"])
        yield name, replication, EventRow(
            instant(row["at_ms"]), word(row["event"], _EVENTS, "event"),
            teams[name][row["team"]] if row["team"] else None, count_or_none(row["callout"]),
            count_or_none(row["who"]) if who is None else who, moment(row["until_ms"]),
        )  # fmt: skip


def read_decisions(
    lines: Iterable[str], names: Mapping[str, Names], replication: int
) -> Iterator[tuple[str, int, DecisionRow]]:
    """
    Yield alternative, replication and decision from a decisions file; as `read_callouts`.

    Unlike in the CSV files, names stand here as they are: nobody opens JSON as a spreadsheet.
    """
    numbers = {
        name: {
            question: {word: i for i, word in enumerate(words)}
            for question, words in candidate_words(own).items()
        }
        for name, own in names.items()
    }
    marked, found = f'"replication":{replication},', False
    for line in lines:
        if marked not in line:
            if found:
                return
            continue
        found, row = True, json.loads(line)
        if row.get("replication") != replication or row["alternative"] not in names:
            continue
        name, question = row["alternative"], row["question"]
        number = numbers[name].get(question)
        if question == "relocation":
            subject = numbers[name]["dispatch"][row["team"]]
        else:
            subject = _whole(row["free" if question == "staffing" else "callout"])
        candidates = [int(w) if number is None else number[w] for w in row["candidates"]]
        at = None if row["chosen"] is None else [*row["candidates"]].index(row["chosen"])
        arrivals = [NO_ACCESS if t is None else _whole(t) for t in row["candidates"].values()]
        yield name, replication, DecisionRow(
            _whole(row["at_ms"]), question, subject, candidates, arrivals,
            None if at is None else candidates[at], str(row["rule"]), str(row["why"]),
        )  # fmt: skip


def rows_of(
    lines: Iterable[str], names: Iterable[str], replication: int
) -> Iterator[tuple[str, dict[str, str]]]:
    """
    Yield the rows of one replication of these alternatives from the lines of a CSV file.

    Logs are written replication by replication: what comes after it is not read.
    """
    written = {guarded(name): name for name in names}
    for row in csv.DictReader(lines):
        number = int(row["replication"])
        if number > replication:
            return
        if row["alternative"] in written and number == replication:
            yield written[row["alternative"]], row


def numbers_of(words: Iterable[str]) -> dict[str, int]:
    """Return the number of each word as a table has it."""
    return {guarded(word): number for number, word in enumerate(words)}


def count_or_none(cell: str) -> int | None:
    """Return a number of a log, None where there is none."""
    return count(cell) if cell else None


def _whole(value: object) -> int:
    if type(value) is not int or abs(value) > 2 * units.LONGEST:
        raise ValueError(f"expected a whole number, found {units.shown(value)}")
    return value


def instant(cell: str) -> int:
    """Return an instant of a log, refused where no run reaches it. [ms]"""
    found = int(cell)
    if abs(found) > 2 * units.LONGEST:
        raise ValueError("an instant lies beyond any run")
    return found


def moment(cell: str) -> int | None:
    """Return an instant, None where something did not happen. [ms]"""
    return instant(cell) if cell else None


def count(cell: str) -> int:
    """Return a number or a key of a log, refused where it would not fit."""
    found = int(cell)
    if abs(found) >= 2**63:
        raise ValueError("a number is too large")
    return found


def word(cell: str, known: Collection[str], what: str) -> str:
    """Return a word of a log, refused where it is none of ours."""
    if cell not in known:
        raise ValueError(f"there is no {what} {cell[:40]!r}")
    return cell


_OUTCOMES, _ENDINGS, _EVENTS = (
    frozenset(value for name, value in vars(words).items() if name.isupper())
    for words in (Outcome, Ending, Event)
)
