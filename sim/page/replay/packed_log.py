"""What of a replication's log the maps and stories show, as columns of whole numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sim.experiment import Reported
from sim.log import NO_ACCESS, CalloutRow, DecisionRow, Event
from sim.report.narratives.narrative import rule_name

from .packed_world import SharedNames
from .packing import Numbered, after, differences, seconds, transposed

# declared danger is no event that anybody could see; of fuel it is said who fills up and who stands
_LEFT_OUT = {
    Event.EXPOSED, Event.FUEL_TAKEN, Event.FUEL_BROUGHT, Event.FUEL_DELIVERED, Event.DEPOT_EMPTY,
    Event.TOO_LITTLE_FUEL,
}  # fmt: skip
_OF_HOSPITALS, _OF_BASES = "destination", "relocation"
QUESTIONS = ("dispatch", "reassignment", _OF_BASES, _OF_HOSPITALS)


class CalloutFact(NamedTuple):
    """What of a callout is the same whatever is decided: by it alternatives are matched."""

    received: int  # [s]
    key: int
    kind: int
    priority: int
    place: int


@dataclass(frozen=True)
class Thinning:
    """What is left out so that a long run fits."""

    candidates: bool = True  # whom else decisions could have chosen, when expected
    ways: bool = True  # the junctions of each drive; else straight lines
    until: int | None = None  # the run is shown up to here only [s]

    def shows(self, at: int) -> bool:
        """Return whether an instant is in the part of the run that is shown. [ms]"""
        return self.until is None or seconds(at) < self.until


def fact_of(run: Reported, row: CalloutRow, names: SharedNames) -> CalloutFact:
    """Return what of a callout the alternatives share."""
    kind = names.kinds.number(run.names.kinds[row.kind])
    place = names.place(run.world, row.place)
    return CalloutFact(seconds(row.received), row.key, kind, row.priority, place)


def facts_of(
    runs: Mapping[str, Reported], names: SharedNames, thinning: Thinning
) -> dict[CalloutFact, int]:
    """Return the callouts of all alternatives, numbered in the order received."""
    found = {
        fact_of(run, row, names)
        for run in runs.values()
        for row in run.log.callouts
        if thinning.shows(row.received)
    }
    return {fact: number for number, fact in enumerate(sorted(found))}


def facts_content(facts: Iterable[CalloutFact]) -> list[list[int]]:
    """Return the callouts' columns: received, kind, priority, place."""
    rows = [(f.received, f.kind, f.priority, f.place) for f in facts]
    received, *others = transposed(rows, 4)
    return [differences(received), *others]


class PackedLog:
    """The log of one alternative, by the numbers that all alternatives share."""

    def __init__(
        self,
        run: Reported,
        facts: Mapping[CalloutFact, int],
        names: SharedNames,
        thinning: Thinning,
    ) -> None:
        self.run, self.names, self.thinning = run, names, thinning
        self.number_of = {
            row.callout: facts[fact_of(run, row, names)]
            for row in run.log.callouts
            if thinning.shows(row.received)
        }
        self.teams = [names.teams.number(name) for name in run.names.teams]
        self.hospitals = [names.hospitals.number(name) for name in run.names.hospitals]
        self.bases = [names.bases.number(name) for name in run.names.bases]

    def callouts(self) -> list[list[int]]:
        """
        Return callout, its number in the log, seconds from received to each instant, outcome.

        Then response and queue time in milliseconds, plus 1: by them two alternatives are compared.
        """
        rows = []
        for c in self.run.log.callouts:
            if c.callout in self.number_of:
                steps = (c.ready, c.dispatched, c.on_scene, c.attended, c.ended)
                times = [after(at, c.received) for at in steps]
                outcome = self.names.words.number(c.outcome)
                response = 0 if c.on_scene is None else c.on_scene - c.received + 1
                wait = 0 if c.dispatched is None else c.dispatched - c.ready + 1
                number = self.number_of[c.callout]
                rows.append((number, c.callout, *times, outcome, response, wait))
        return self._columns(sorted(rows), 10, differing=2)

    def missions(self) -> list[list[int]]:
        """Return dispatched, team, callout, seconds to each later instant, hospital, ending."""
        rows = []
        for m in self.run.log.missions:
            if not self.thinning.shows(m.dispatched):
                continue
            steps = (m.en_route, m.on_scene, m.left, m.at_hospital, m.cleared)
            hospital = 0 if m.hospital is None else self.hospitals[m.hospital] + 1
            rows.append((
                seconds(m.dispatched), self.teams[m.team], self.number_of.get(m.callout, -1),
                *(after(at, m.dispatched) for at in steps), hospital,
                self.names.words.number(m.ending), m.callout,
            ))  # fmt: skip
        return self._columns(sorted(rows), 11)

    def events(self) -> list[list[int]]:
        """Return instant, word, team, callout, who and until of what else happened."""
        rows = []
        for e in self.run.log.events:
            shown = self.thinning.shows(e.at) and (e.until or e.at) >= 0
            if e.what in _LEFT_OUT or not shown:
                continue
            rows.append((
                seconds(e.at), self.names.words.number(e.what),
                0 if e.team is None else self.teams[e.team] + 1,
                0 if e.callout is None else self.number_of.get(e.callout, -1) + 1,
                self._who(e.what, e.who), after(e.until, e.at),
            ))  # fmt: skip
        return self._columns(rows and sorted(rows, key=lambda row: row[0]), 6)

    def _who(self, what: str, who: int | None) -> int:
        """Return a closure, checkpoint or hospital by its shared number, plus 1; else itself."""
        if who is None:
            return 0
        names = self.run.names
        if what in _CLOSURES:
            return self.names.closures.number(names.closures[who]) + 1
        if what in _CHECKPOINTS:
            return self.names.checkpoints.number(names.checkpoints[who]) + 1
        if what == Event.OFFLOAD_DELAY:
            return self.hospitals[who] + 1
        return who + 1

    def decisions(self) -> dict[str, Any]:
        """Return the decisions about callouts and relocations, with whom else they could choose."""
        sets, lines = Numbered[tuple[int, ...]](), list[tuple[int, ...]]()
        arrivals: list[int] = []
        for d in self.run.log.decisions:
            if d.question not in QUESTIONS or not self.thinning.shows(d.at) or d.at < 0:
                continue
            row = self._decision(d)
            # of a relocation the other bases are left out: the reason says what they were short of
            kept = self.thinning.candidates and d.question != _OF_BASES
            group = self._numbers(d.question, d.candidates) if kept else ()
            lines.append((*row, sets.number(tuple(group))))
            if kept:
                arrivals += [-1 if t >= NO_ACCESS else seconds(t) for t in d.arrivals]
        return {
            "rows": self._columns(lines, 8),
            "sets": [list(group) for group in sets.entries],
            "arrivals": arrivals,
        }

    def _decision(self, d: DecisionRow) -> tuple[int, ...]:
        about_team = d.question == _OF_BASES
        subject = self.teams[d.subject] if about_team else self.number_of.get(d.subject, -1)
        chosen, expected = 0, 0
        if d.chosen is not None:
            chosen = self._numbers(d.question, [d.chosen])[0] + 1
            arrival = d.arrivals[list(d.candidates).index(d.chosen)]
            expected = 0 if arrival >= NO_ACCESS else seconds(arrival) + 1
        words = self.names.words
        return (
            seconds(d.at), QUESTIONS.index(d.question), subject, chosen, expected,
            words.number(rule_name(d)), words.number(d.why),
        )  # fmt: skip

    def _numbers(self, question: str, chosen: Sequence[int]) -> list[int]:
        """Return teams, hospitals or bases by their shared numbers."""
        shared = {_OF_HOSPITALS: self.hospitals, _OF_BASES: self.bases}.get(question, self.teams)
        return [shared[number] for number in chosen]

    @staticmethod
    def _columns(rows: Sequence[Sequence[int]], width: int, differing: int = 1) -> list[list[int]]:
        """Return rows as columns, the first of them, which rise, as differences."""
        columns = transposed(rows, width)
        return [*map(differences, columns[:differing]), *columns[differing:]]


_CLOSURES = (
    Event.MET_CLOSURE, Event.TOLD_OF_CLOSURE, Event.CLOSURE_KNOWN, Event.REOPENED,
)  # fmt: skip
_CHECKPOINTS = (Event.REFUSED_AT_CHECKPOINT, Event.CHECKPOINT_DELAY)
