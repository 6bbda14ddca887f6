"""
A dispatch centre driven event by event: report, abandon, shift change, breakdown, closure,
reassignment.

After each event the day is run again as the scenario that has all events so far. What happened
before the last event must be the same as it was without it: nobody can know what comes. And what
the logs say must hold in every run is judged as in the soak.
"""

from __future__ import annotations

import csv
import io
import tempfile
from functools import partial
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from sim.experiment.running import log_text, log_writing
from sim.log import Event
from sim.scenario import read_scenario
from sim.world import Draws, build

from ..worlds import MINUTE, logged
from .log_invariants import judge
from .scenario_facts import Facts
from .written_log import WrittenRun, rows_of

NODES = "node,lat,lon\na,35.00,36.00\nb,35.00,36.20\nx,35.01,36.10\ny,34.90,36.10\n"
EDGES = "from,to,km,kmh\na,x,10,60\nx,b,10,60\na,y,15,60\ny,b,15,60\n"
ROADS = [("a", "x"), ("x", "b"), ("a", "y"), ("y", "b")]
TEAMS = {
    "One": "base: A, crew: 2, capabilities: [ambulance]",
    "Two": "base: B, crew: 2, capabilities: [ambulance, pump]",
    "Three": "base: A, crew: 4, capabilities: [pump], vehicles: [car]",
    "Four": "base: B, crew: 2, capabilities: [ambulance], on_call: {volunteers: town, minimum: 1, "
    "assembly_timeout: 15 min}",
}
KINDS = {
    "urgent": "priority: 1, crew: 2, needs: [ambulance], on_scene: 15 min, to: hospital, "
    "handover: 10 min",
    "calm": "priority: 3, crew: 1, on_scene: 25 min, abandons_after: 20 min",
    "large": "priority: 2, crew: 6, needs: [ambulance, pump], on_scene: 30 min, relief_after: 1 h",
    "dead": "priority: 3, crew: 2, on_scene: 40 min, "
    "deferrable: {min_free_teams: 1, max_hold: 1 h}",
}
CENTRES = [
    "{dispatch_while_returning: yes, shift_end: %s, turnout: 2 min}",
    "{dispatch_while_returning: no, shift_end: %s, turnout: 2 min}",
    "{dispatch_while_returning: no, dispatch_when_cleared: yes, shift_end: %s, turnout: 2 min}",
]
LAST = 20 * 60  # no event after this minute of the day
SETTINGS = {
    "derandomize": True,
    "deadline": None,
    "database": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.filter_too_much],
}


def _clock(minute):
    return f"{minute // 60:02}:{minute % 60:02}"


class DispatchDay(RuleBasedStateMachine):
    """A day in the making, minute by minute."""

    def __init__(self):
        super().__init__()
        self.now, self.callouts, self.outages = 5, [], []
        self.duty = {name: [[0, None]] for name in TEAMS}
        self.closures = []
        self.before = None  # what was known at the last event
        self.folder = tempfile.TemporaryDirectory()

    def teardown(self):
        self.folder.cleanup()

    @initialize(
        queue=st.sampled_from(["priority", "first_come", "preemptive_priority", "none", "nearest"]),
        reassignment=st.sampled_from(["never", "{by_priority: {saving: 1 min}}"]),
        shift_end=st.sampled_from(["finish", "drop", "hand over", "relieve"]),
        centre=st.sampled_from(CENTRES),
    )
    def begin(self, queue, reassignment, shift_end, centre):
        """Choose the rules of the day."""
        self.rules = f"{{p: {{queue: {queue}, reassignment: {reassignment}}}}}"
        self.centre = centre % shift_end

    # -- what may happen -----------------------------------------------------------------------

    @rule(minutes=st.integers(1, 75))
    @precondition(lambda self: self.now < LAST)
    def wait(self, minutes):
        """Let time pass: teams drive and work, callers abandon, roads stay as they are."""
        self.now += minutes

    @rule(place=st.sampled_from("AB"), kind=st.sampled_from([*KINDS]))
    def report(self, place, kind):
        self.callouts.append((self.now, place, kind))
        self.check()

    @rule(name=st.sampled_from([*TEAMS]))
    def change_shift(self, name):
        """Let a team go off duty, or come on."""
        stretches = self.duty[name]
        if stretches[-1][1] is None:
            stretches[-1][1] = self.now
        elif stretches[-1][1] < self.now:  # not in the same minute
            stretches.append([self.now, None])
        if len(stretches) > 1 and stretches[-1][0] == stretches[-1][1]:
            stretches.pop()
        self.check()

    @rule(road=st.sampled_from(ROADS), known=st.sampled_from(["announced", "late", "discovered"]))
    @precondition(lambda self: len(self.closures) < 5)
    def close(self, road, known):
        if all(c[0] != road or c[2] is not None for c in self.closures):
            self.closures.append([road, self.now, None, known])
            self.check()

    @rule()
    @precondition(lambda self: any(c[2] is None and c[1] < self.now for c in self.closures))
    def reopen(self):
        """Open the road again that was closed first."""
        next(c for c in self.closures if c[2] is None and c[1] < self.now)[2] = self.now
        self.check()

    @rule(minutes=st.integers(10, 200))
    @precondition(lambda self: not self.outages or self.outages[-1][1] <= self.now)
    def break_down(self, minutes):
        """Let the car be out of service, on the road or at its base."""
        self.outages.append((self.now, self.now + minutes))
        self.check()

    # -- the day so far ------------------------------------------------------------------------

    def scenario(self):
        """Return the scenario that has all events so far."""
        shifts, teams = {}, []
        for name, about in TEAMS.items():
            own = {
                f"{name} {i}": f"{_clock(a)}-{_clock(24 * 60 if b is None else b)}"
                for i, (a, b) in enumerate(self.duty[name])
            }
            shifts |= own
            teams.append(f"  {name}: {{{about}, shifts: [{', '.join(own)}]}}")
        closures = [
            f"    - {{name: C{i}, edge: [{a}, {b}], from: 'day 1 {_clock(begins)}'"
            + (f", until: 'day 1 {_clock(until)}'" if until is not None else "")
            + {"announced": "", "late": ", known_after: 30 min",
               "discovered": ", known: discovered"}[known] + "}"
            for i, ((a, b), begins, until, known) in enumerate(self.closures)
        ]  # fmt: skip
        callouts = [
            f"    - {{at: 'day 1 {_clock(at)}', place: {place}, kind: {kind}}}"
            for at, place, kind in self.callouts
        ]
        return "\n".join([
            "name: day",
            "clock: {start: 2025-01-06 00:00, length: 1 day, timezone: UTC}",
            "map:",
            "  places: {A: {lat: 35.00, lon: 36.00}, B: {lat: 35.00, lon: 36.20}}",
            "  roads: {nodes: nodes.csv, edges: edges.csv}",
            "  hospitals: {H: B}",
            "  local_travel: 1 min",
            *(["  closures:", *closures] if closures else []),
            "demand:",
            "  kinds:",
            *(f"    {name}: {{share: 25%, {about}}}" for name, about in KINDS.items()),
            *(["  callouts:", *callouts] if callouts else ["  callouts: []"]),
            "bases: {A: {}, B: {}}",
            "vehicles: {car: {base: A, available: 50%, time_to_repair: 1 h}}",
            "volunteers: {town: {people: 4, acceptance: 60%, answer_delay: 1 min, "
            "travel_to_base: 5 min}}",
            "shifts:",
            *(f"  {name}: {{hours: {hours}, days: [Mon]}}" for name, hours in shifts.items()),
            "teams:",
            *teams,
            f"dispatch_centre: {self.centre}",
            f"policies: {self.rules}",
        ]) + "\n"  # fmt: skip

    def check(self):
        """Run the day, compare what came before now, and judge the whole of it."""
        text = self.scenario()
        path = Path(self.folder.name) / "day.yaml"
        path.write_text(text, encoding="utf-8")
        (path.parent / "nodes.csv").write_text(NODES, encoding="utf-8")
        (path.parent / "edges.csv").write_text(EDGES, encoding="utf-8")
        spans = [(a * MINUTE, b * MINUTE) for a, b in self.outages]
        with patch.object(Draws, "outages", lambda *_: spans):
            world = build(read_scenario(path))
            log = logged(world)
        now = self.now * MINUTE
        if self.before is not None:
            assert known_at(log, now) == known_at(self.before, now), text
        self.before = log
        run = written(log, world, path)
        assert judge(run) == [], text
        assert len(log.callouts) == len(self.callouts)
        self.check_the_car(run, spans, text)

    def check_the_car(self, run, spans, text):
        """Nobody sets out from home with a car that is out of service."""
        for before, m in pairwise([None, *run.by_team["Three"]]):
            rested = before is None or m.dispatched - run.over(before) > 300 * MINUTE
            if rested:
                assert not any(a < m.dispatched < b for a, b in spans), text


def known_at(log, now):
    """Return what had happened before an instant, without what came of it later."""

    def by_then(at):
        return at if at is not None and at < now else None

    missions = sorted(
        (m.callout, m.team, m.dispatched, *map(by_then, m[3:7]),
         m.ending if by_then(m.cleared) is not None else None)
        for m in log.missions if m.dispatched < now
    )  # fmt: skip
    came = {Event.ARRIVED_TOO_LATE: Event.ARRIVED}  # too late only for what happened after
    events = sorted(
        (e.at, came.get(e.what, e.what), str(e.team), str(e.callout), str(e.who))
        for e in log.events if e.at < now
    )  # fmt: skip
    decisions = [d for d in log.decisions if d.at < now]
    return [[*map(str, missions)], events, decisions]


def written(log, world, path):
    """Return a run as its logs would tell it."""
    texts = (
        (
            log_text.CALLOUT_COLUMNS,
            partial(log_writing.callouts_text, log, world.names, world.clock),
        ),
        (log_text.MISSION_COLUMNS, partial(log_writing.missions_text, log, world.names)),
        (log_text.EVENT_COLUMNS, partial(log_writing.events_text, log, world.names)),
    )
    tables = [
        csv.DictReader(io.StringIO(log_text.header(columns) + text("p", 0)))
        for columns, text in texts
    ]
    decisions = log_writing.decisions_text(log, world.names, "p", 0).splitlines()
    return WrittenRun(Facts(path), *rows_of(*tables, decisions))


class TestAFewDays(DispatchDay.TestCase):
    """Some days, in every run of the tests."""

    settings = settings(max_examples=4, stateful_step_count=10, **SETTINGS)


@pytest.mark.long
class TestManyDays(DispatchDay.TestCase):
    """Many days."""

    settings = settings(max_examples=50, stateful_step_count=40, **SETTINGS)
