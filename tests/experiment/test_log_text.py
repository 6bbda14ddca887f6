"""The log as text comes back as it was, names that are hard on tables included."""

from datetime import datetime

import pytest

from sim.experiment.running import log_text, log_writing
from sim.experiment.running.log_text import read_decisions
from sim.experiment.running.log_writing import decisions_text
from sim.local_clock import LocalClock
from sim.log import NO_ACCESS, CalloutRow, DecisionRow, Event, EventRow, KeptLog, Names

from ..worlds import hand_worked, logged, world_of

HARD = hand_worked(
    *(f"0{n}:{7 * n:02d} {'B' if n % 3 else 'A'} job" for n in range(8)),
    "08:00 C job",
    places="A B C",
    times="A-B 20",
    bases="A B",
    teams='"=T": {base: A, capabilities: [x]}\nفريق: {base: B, capabilities: [x]}',
    kinds="job: {share: 100%, to: hospital, needs: [x]}",
    rest="hospitals: {+H: A, I: C}\n"
    'policies: {"=cover": {relocation: {dmexclp: {within: 15 min}}}, "home": {}}',
)


@pytest.mark.parametrize("alternative", ["=cover", "home"])
def test_decisions_come_back_as_they_were_noted(alternative):
    """All three questions, a team without candidates, and a hospital to which there is no way."""
    world = world_of(HARD)
    log = logged(world, alternative)
    text = decisions_text(log, world.names, alternative, 3)

    found = list(read_decisions(text.splitlines(keepends=True), {alternative: world.names}, 3))

    assert {(name, r) for name, r, _ in found} == {(alternative, 3)}
    whole = [
        d._replace(candidates=list(d.candidates), arrivals=list(d.arrivals)) for d in log.decisions
    ]
    assert [d for _, _, d in found] == whole
    questions = {d.question for d in whole}
    assert questions == {"dispatch", "destination", "relocation"} - (
        {"relocation"} if alternative == "home" else set()
    )
    assert any(d.chosen is None for d in whole)
    assert any(arrival >= 1 << 60 for d in whole for arrival in d.arrivals)


NAMES = Names(
    ("job",), ("A", "B"), ("A", "B"), ("=T", "فريق"), ("A",), ("+H",), ("@pump 1", "boat")
)
EVENTS = [
    EventRow(0, Event.ALERTED, 0, 4, 17, None),
    EventRow(7, Event.CREW_TURNED_OUT, 1, 4, 3, None),
    EventRow(9, Event.OUT_OF_SERVICE, None, None, 0, 5_000),
    EventRow(9, Event.OUT_OF_SERVICE, 1, None, 1, 6_000),
    EventRow(-3, Event.ON_DUTY, 0, None, None, 100),
    EventRow(11, Event.BREAK_MISSED, 0, None, None, None),
]


def test_events_come_back_as_they_were_noted():
    """A volunteer is a number, a vehicle a name that no spreadsheet takes for a formula."""
    log = KeptLog()
    for event in EVENTS:
        log.event(event)
    text = log_text.header(log_text.EVENT_COLUMNS) + log_writing.events_text(log, NAMES, "=a", 2)

    found = [e for _, _, e in log_text.read_events(text.splitlines(True), {"=a": NAMES}, 2)]

    assert found == EVENTS
    assert "'=a,2,9,out of service,,,'@pump 1,5000\n" in text
    assert list(log_text.read_events(text.splitlines(True), {"=a": NAMES}, 1)) == []


@pytest.mark.parametrize(
    "decision",
    [
        DecisionRow(5, "reassignment", 3, [0, 1], [60, NO_ACCESS], 1, "Divert", "saves 2 min"),
        DecisionRow(5, "queue", 7, [3, 7], [10, 900], 7, "Ageing", "waited longest"),
        DecisionRow(5, "staffing", 2, [1], [60], 1, "CallIn", "2 free"),
        DecisionRow(5, "staffing", 0, [0, 1], [60, 70], None, "CallIn", "nobody"),
    ],
)
def test_questions_beside_dispatch_come_back_as_they_were_noted(decision):
    """Of the queue the candidates are callouts; of staffing the subject is how many are free."""
    log = KeptLog()
    log.decision(decision)
    text = decisions_text(log, NAMES, "a", 0)

    (found,) = log_text.read_decisions(text.splitlines(True), {"a": NAMES}, 0)

    assert found == ("a", 0, decision)


CALLOUT = CalloutRow(0, 9, 0, 1, 1, 0, 1, 2, 3, 4, 60, 60, "served", 2, 30)


def test_full_attendance_comes_back_and_a_file_without_it_is_read():
    """Results of earlier versions do not have the column."""
    log = KeptLog()
    log.callout(CALLOUT)
    text = log_writing.callouts_text(log, NAMES, LocalClock(datetime(2025, 1, 6)), "a", 0)
    lines = [log_text.header(log_text.CALLOUT_COLUMNS), text]
    older = [line.rstrip("\n").rpartition(",")[0] + "\n" for line in lines]

    def read(lines):
        return [row for _, _, row in log_text.read_callouts(lines, {"a": NAMES}, 0)]

    assert read(lines) == [CALLOUT]
    assert read(older) == [CALLOUT._replace(attended=None)]
