"""The log is written by hand, and comes out as Python's own writers have it."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from sim.experiment.running import log_writing
from sim.experiment.running.log_text import guarded
from sim.local_clock import LocalClock
from sim.log import NO_ACCESS, CalloutRow, DecisionRow, Event, EventRow, KeptLog, MissionRow, Names

ODD = ('comma, quote " and per cent %d', "=SUM(A1)", "two\nlines", "فريق", "", "back\\slash\t")
NAMES = Names(ODD, ODD, ODD[::-1], ODD, ODD[1:], ODD[2:], ODD[:2])
START = datetime(2024, 2, 28, 23, 59, 30)
NOT_YET = CalloutRow(3, 2**62, 0, 1, 2, 45_999, 46_000, *[None] * 5, "unfinished", 0, None)
CALLOUTS = [
    NOT_YET,
    CalloutRow(1, 7, 5, 2, 4, 0, 1, 31_000, 2 * 86_400_000, 1_833, 4, 5, "served", 2, 9),
]
MISSIONS = [
    MissionRow(3, 0, 1, None, None, None, None, None, None, "unfinished"),
    MissionRow(1, 4, 1, 2, 3, 4, 5, 1, 6, "completed"),
]
EVENTS = [
    EventRow(0, Event.ALERTED, 0, 4, 17, None),
    EventRow(9, Event.OUT_OF_SERVICE, None, None, 1, 5_000),
    EventRow(9, Event.OUT_OF_SERVICE, None, None, 2, 5_000),  # no vehicle has this number
    EventRow(11, Event.BREAK_MISSED, 2, None, None, None),
]
DECISIONS = [
    DecisionRow(5, "dispatch", 3, [0, 2, 5], [60, NO_ACCESS, 0], 2, "Own", 'why "%s"\n'),
    DecisionRow(5, "dispatch", 3, [], [], None, "Closest", "nobody is free"),
    DecisionRow(5, "relocation", 1, [0, 4], [60, 1], 4, "Dmexclp", "فريق"),
    DecisionRow(5, "destination", 1, [0, 3], [60, 1], 3, "Nearest", "\u2028 \x00"),
    DecisionRow(5, "queue", 7, [3, 7], [10, NO_ACCESS + 5], 7, "Ageing", "waited longest"),
    DecisionRow(5, "staffing", 0, [0, 1], [60, 70], None, "CallIn", "nobody"),
]


def log_of(**rows):
    log = KeptLog()
    for what, own in rows.items():
        for row in own:
            getattr(log, what)(tuple(row))
    return log


def as_csv(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def word(words, number):
    return None if number is None else guarded(words[number])


def minutes(later, earlier):
    return "" if later is None else f"{(later - earlier) / 60_000:.3f}"


@pytest.mark.parametrize("start", [START, START.replace(microsecond=999_999), datetime(999, 1, 1)])
def test_callouts_are_written_as_csv_writes_them(start):
    """Quotes, names that spreadsheets take for formulas, and the local clock over midnight."""
    text = log_writing.callouts_text(log_of(callout=CALLOUTS), NAMES, LocalClock(start), ODD[0], 4)

    assert text == as_csv(
        (
            guarded(ODD[0]), 4, c.callout, c.key, word(NAMES.kinds, c.kind), c.priority,
            word(NAMES.areas, c.place), word(NAMES.places, c.place),
            (start + timedelta(milliseconds=c.received)).isoformat(" ", "seconds"),
            *c[5:14], minutes(c.dispatched, c.ready), minutes(c.on_scene, c.received), c.attended,
        )
        for c in sorted(CALLOUTS)
    )  # fmt: skip


def test_missions_are_written_as_csv_writes_them():
    """Empty cells where something did not happen."""
    text = log_writing.missions_text(log_of(mission=MISSIONS), NAMES, "=a", 0)

    assert text == as_csv(
        ("'=a", 0, m.callout, word(NAMES.teams, m.team), *m[2:7], word(NAMES.hospitals, m.hospital),
         m.cleared, m.ending)
        for m in MISSIONS
    )  # fmt: skip


def test_events_are_written_as_csv_writes_them():
    """Who is a name for some of them, a number for the others."""
    text = log_writing.events_text(log_of(event=EVENTS), NAMES, "a", 12)
    who = [17, word(NAMES.vehicles, 1), 2, None]

    assert text == as_csv(
        ("a", 12, e.at, e.what, word(NAMES.teams, e.team), e.callout, about, e.until)
        for e, about in zip(EVENTS, who, strict=True)
    )


def test_decisions_are_written_as_json_writes_them():
    """Whatever is in a name or a reason; null where there is no access."""
    words = {"dispatch": NAMES.teams, "relocation": NAMES.bases, "destination": NAMES.hospitals,
             "staffing": NAMES.teams}  # fmt: skip
    about = {"relocation": "team", "staffing": "free"}

    def line(d):
        def called(number):
            return words[d.question][number] if d.question in words else str(number)

        found = zip(map(called, d.candidates), d.arrivals, strict=True)
        row = {
            "alternative": ODD[0], "replication": 3, "at_ms": d.at, "question": d.question,
            about.get(d.question, "callout"):
                NAMES.teams[d.subject] if d.question == "relocation" else d.subject,
            "candidates": {name: t if t < NO_ACCESS else None for name, t in found},
            "chosen": None if d.chosen is None else called(d.chosen),
            "rule": d.rule, "why": d.why,
        }  # fmt: skip
        return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"

    text = log_writing.decisions_text(log_of(decision=DECISIONS), NAMES, ODD[0], 3)

    assert text == "".join(map(line, DECISIONS))


@pytest.mark.parametrize("candidates", [[0], [0, 1, 2]])
def test_a_candidate_without_its_arrival_is_not_written(candidates):
    """A row that does not fit is an error of ours: it may not shift the others."""
    log = log_of(decision=[DecisionRow(5, "dispatch", 3, candidates, [60, 1], 0, "Own", "")])

    with pytest.raises(ValueError, match="candidates"):
        log_writing.decisions_text(log, NAMES, "a", 0)


def test_an_empty_log_is_empty_text():
    """No header either: it is written once for all replications."""
    log = KeptLog()

    assert log_writing.callouts_text(log, NAMES, LocalClock(START), "a", 0) == ""
    assert log_writing.missions_text(log, NAMES, "a", 0) == ""
    assert log_writing.events_text(log, NAMES, "a", 0) == ""
    assert log_writing.decisions_text(log, NAMES, "a", 0) == ""


def texts_of(log, names, clock, alternative, before=None):
    return [
        log_writing.callouts_text(log, names, clock, alternative, 2, before),
        log_writing.missions_text(log, names, alternative, 2, before),
        log_writing.events_text(log, names, alternative, 2, before),
        log_writing.decisions_text(log, names, alternative, 2, before),
    ]


def test_lines_of_the_alternative_before_are_the_same_lines():
    """Rows that are new, that come again and that are gone, under other names of alternatives."""
    every = {"callout": CALLOUTS, "mission": MISSIONS, "event": EVENTS, "decision": DECISIONS}
    logs = [
        log_of(**{what: rows[1:] for what, rows in every.items()}),
        log_of(**every),
        log_of(**{what: [rows[0], *rows] for what, rows in every.items()}),
        log_of(),
        log_of(**every),
    ]
    before, clock = log_writing.LinesBefore(), LocalClock(START)

    for log, alternative in zip(logs, [*ODD[:1], "=b", "c", "d", "e"], strict=True):
        before.expect(NAMES, clock)
        again = texts_of(log, NAMES, clock, alternative, before)
        assert again == texts_of(log, NAMES, clock, alternative)


@pytest.mark.parametrize("other", ["names", "clock"])
def test_lines_under_other_words_are_made_anew(other):
    """The same row says something else where its numbers mean other names, or other times."""
    log = log_of(callout=CALLOUTS, mission=MISSIONS, decision=DECISIONS)
    names, clock, before = NAMES, LocalClock(START), log_writing.LinesBefore()
    before.expect(names, clock)
    first = texts_of(log, names, clock, "a", before)
    if other == "names":
        names = replace(NAMES, teams=tuple(f"another {name}" for name in NAMES.teams))
    else:
        clock = LocalClock(START + timedelta(hours=1))
    before.expect(names, clock)

    assert texts_of(log, names, clock, "a", before) == texts_of(log, names, clock, "a") != first
