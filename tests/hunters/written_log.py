"""The logs of a results folder as rows, read by the standard library alone."""

from __future__ import annotations

import csv
import gzip
import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from .scenario_facts import FAR, Facts


class CalloutLine(NamedTuple):
    """A row of callouts.csv.gz; instants in ms, None where something did not happen."""

    number: int
    kind: str
    priority: int
    place: str
    received: int
    ready: int
    dispatched: int | None
    en_route: int | None
    on_scene: int | None
    cleared: int | None
    ended: int | None
    outcome: str
    teams: int
    attended: int | None
    received_at: str
    wait_min: str
    response_min: str


class MissionLine(NamedTuple):
    """A row of missions.csv.gz."""

    callout: int
    team: str
    dispatched: int
    en_route: int | None
    on_scene: int | None
    left: int | None
    at_hospital: int | None
    hospital: str | None
    cleared: int | None
    ending: str


class EventLine(NamedTuple):
    """A row of events.csv.gz."""

    at: int
    event: str
    team: str | None
    callout: int | None
    who: str | None
    until: int | None


class DecisionLine(NamedTuple):
    """A row of decisions.jsonl.gz."""

    at: int
    question: str
    subject: int | str
    candidates: dict[str, int | None]
    chosen: str | None
    rule: str
    why: str = ""


class WrittenRun:
    """One replication as its logs tell it, and the scenario it ran."""

    def __init__(self, facts, callouts, missions, events, decisions, results=None):
        self.facts = facts
        self.callouts, self.missions = callouts, missions
        self.events, self.decisions = events, decisions
        self.results = results or {}  # (measure, group): value, of the tables
        self.ends = facts.length

    def with_rows(self, **rows):
        """Return the same run with other rows."""
        kept = {name: rows.get(name, getattr(self, name)) for name in (
            "callouts", "missions", "events", "decisions", "results")}  # fmt: skip
        return WrittenRun(self.facts, **kept)

    @cached_property
    def by_number(self):
        return {row.number: row for row in self.callouts}

    @cached_property
    def by_callout(self):
        """The missions of each callout, in the order sent."""
        order = {
            (d.subject, d.chosen, d.at): i
            for i, d in enumerate(self.decisions)
            if d.question == "dispatch" and d.chosen is not None
        }
        found = defaultdict(list)
        for m in self.missions:
            found[m.callout].append(m)
        for rows in found.values():
            rows.sort(key=lambda m: (m.dispatched, order.get((m.callout, m.team, m.dispatched), 0)))
        return found

    @cached_property
    def by_team(self):
        """The missions of each team, in order; those that ended at once first."""
        found = defaultdict(list)
        for m in self.missions:
            found[m.team].append(m)
        for rows in found.values():
            rows.sort(key=lambda m: (m.dispatched, self.over(m)))
        return found

    def over(self, mission):
        """Return when a mission was over, the end of the run if it was not. [ms]"""
        return self.ends if mission.cleared is None else mission.cleared

    @cached_property
    def by_event(self):
        found = defaultdict(list)
        for event in self.events:
            found[event.event].append(event)
        return found

    @cached_property
    def duty(self):
        """Each team's stretches on duty, also those for which it was called in; without rests."""
        found = {name: [*team.duty] for name, team in self.facts.teams.items()}
        off = defaultdict(list)
        for event in self.by_event["off duty"]:
            off[event.team].append(event.at)
        for event in self.by_event["on duty"]:
            ends = [at for at in off[event.team] if at >= event.at]
            found[event.team].append((event.at, min(ends, default=self.ends)))
        for event in self.by_event["mandatory rest"]:
            found[event.team] = [
                (begins, ends)
                for a, b in found[event.team]
                for begins, ends in ((a, min(b, event.at)), (max(a, event.until), b))
                if begins < ends
            ]
        return {name: sorted(stretches) for name, stretches in found.items()}

    def on_duty(self, team, at):
        """Return the stretch of duty in which an instant lies, None if in none."""
        stretches = self.duty[team]
        i = bisect_right(stretches, (at, 1 << 62)) - 1
        return stretches[i] if i >= 0 and at < stretches[i][1] else None

    @cached_property
    def _road_changes(self):
        """When roads closed or opened, or a closure became known."""
        return {e.at for what in ("reopened", "closure known") for e in self.by_event[what]}

    @cached_property
    def _exposed(self):
        return {(e.team, e.at) for e in self.by_event["mandatory rest"] if e.callout is not None}

    def may_be_sent(self, team, at):
        """
        Return whether a team is on duty, or goes off now that roads have just changed.

        Or it rests after an exposing callout that it was sent to at the same instant.
        """
        if self.on_duty(team, at) is not None or (team, at) in self._exposed:
            return True
        return at in self._road_changes and self.on_duty(team, at - 1) is not None

    @cached_property
    def turned_out(self):
        """Of each team on call: when crews turned out, and how many people were in each."""
        found = defaultdict(list)
        for event in self.by_event["crew turned out"]:
            found[event.team].append((event.at, int(event.who)))
        return found

    def people(self, team, at):
        """Return the most people that a team can have had with it at an instant."""
        crews = self.turned_out.get(team, ())
        i = bisect_right(crews, (at, FAR))
        return crews[i - 1][1] if i else self.facts.teams[team].crew

    @cached_property
    def moved(self):
        """When each team began to drive home, or its break, in order."""
        found = defaultdict(list)
        for event in self.by_event["returning"] + self.by_event["break"]:
            found[event.team].append(event.at)
        return {team: sorted(found[team]) for team in self.facts.teams}

    @cached_property
    def _sent_at(self):
        return {team: [m.dispatched for m in rows] for team, rows in self.by_team.items()}

    def missions_within(self, team, begins, ends):
        """Return a team's missions that reach into a span; the one before counts if it does."""
        missions = self.by_team[team]
        sent = self._sent_at.get(team, ())
        first = max(bisect_left(sent, begins) - 1, 0)
        found = missions[first : bisect_left(sent, ends)]
        return [m for m in found if self.over(m) > begins and m.dispatched < ends]


def read_run(folder, scenario, replication=0):
    """Return a replication from a results folder and the scenario file that was run."""
    folder, facts = Path(folder), Facts(Path(scenario))
    names = ("callouts.csv.gz", "missions.csv.gz", "events.csv.gz")
    tables = [_table(folder / name, replication) for name in names]
    lines = _lines(folder / "decisions.jsonl.gz")
    rows = rows_of(*tables, lines, replication)
    return WrittenRun(facts, *rows, _results(folder, replication))


def rows_of(callouts, missions, events, decisions, replication=0):
    """Return the rows of the logs: the first three from rows by column, the last from lines."""
    return (
        [_callout(r) for r in callouts],
        [_mission(r) for r in missions],
        [_event(r) for r in events],
        [*_decisions(decisions, replication)],
    )


def _lines(path):
    if path.exists():
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            yield from file


def _table(path, replication):
    for row in csv.DictReader(_lines(path)):
        if int(row["replication"]) == replication:
            yield row


def _int(cell):
    return int(cell) if cell else None


def _callout(r):
    return CalloutLine(
        int(r["callout"]), r["kind"], int(r["priority"]), r["place"], int(r["received_ms"]),
        int(r["ready_ms"]), _int(r["dispatched_ms"]), _int(r["en_route_ms"]),
        _int(r["on_scene_ms"]), _int(r["cleared_ms"]), _int(r["ended_ms"]), r["outcome"],
        int(r["teams"]), _int(r["attended_ms"]), r["received_at"], r["wait_min"],
        r["response_min"],
    )  # fmt: skip


def _mission(r):
    return MissionLine(
        int(r["callout"]), r["team"], int(r["dispatched_ms"]), _int(r["en_route_ms"]),
        _int(r["on_scene_ms"]), _int(r["left_ms"]), _int(r["at_hospital_ms"]),
        r["hospital"] or None, _int(r["cleared_ms"]), r["ending"],
    )  # fmt: skip


def _event(r):
    return EventLine(
        int(r["at_ms"]), r["event"], r["team"] or None, _int(r["callout"]), r["who"] or None,
        _int(r["until_ms"]),
    )  # fmt: skip


def _decisions(lines, replication):
    for line in lines:
        row = json.loads(line)
        if row["replication"] == replication:
            subject = row.get("callout", row.get("team", row.get("free")))
            yield DecisionLine(
                row["at_ms"], row["question"], subject, row["candidates"], row["chosen"],
                row["rule"], row["why"],
            )  # fmt: skip


def _results(folder, replication):
    """Return what the tables say of a replication, by measure and group."""
    found = {}
    for name in ("replications.csv", "disruptions.csv", "staff.csv", "summary.csv"):
        path = folder / name
        if not path.exists():
            continue
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row.get("replication") in (None, str(replication)) and row["value"]:
                    found.setdefault((row["measure"], row["group"]), float(row["value"]))
    return found
