"""A log looked up by callout and by team: who was sent, where each team was, what it was told."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict

from sim.log import NO_ACCESS, DecisionRow, Event, KeptLog, MissionRow, Names

FOREVER = 1 << 62
OFTEN = 3  # callouts for which a team was expected after exactly the same time


def cleared(mission: MissionRow) -> int:
    """Return when a team was free again; beyond any time where the run ended before. [ms]"""
    return FOREVER if mission.cleared is None else mission.cleared


class IndexedLog:
    """A log, looked up by callout and by team."""

    def __init__(self, log: KeptLog, names: Names) -> None:
        self.names = names
        self.rows = {row.key: row for row in log.callouts}
        self.key_of = {row.callout: row.key for row in self.rows.values()}
        self.asked: dict[int, DecisionRow] = {}  # by callout: the first answer
        self.dispatch_rule = ""  # its name; empty where nobody was ever asked
        self.keeps_back = False  # does the rule ever send nobody though somebody is free?
        self.sends: dict[int, list[DecisionRow]] = defaultdict(list)
        self.reassignments: dict[tuple[int, int], DecisionRow] = {}  # by callout and instant
        self.moves: dict[str, list[DecisionRow]] = {team: [] for team in names.teams}
        for d in log.decisions:
            if d.question == "dispatch":
                self.dispatch_rule = d.rule
                self.asked.setdefault(d.subject, d)
                if d.chosen is not None:
                    self.sends[d.subject].append(d)
                elif d.candidates:
                    self.keeps_back = True
            elif d.question == "reassignment":
                self.reassignments[d.subject, d.at] = d
            elif d.question == "relocation":
                self.moves[names.teams[d.subject]].append(d)
        moves = [d for found in self.moves.values() for d in found]
        self.rules = {d.rule for d in moves}
        self.longest = max((t for d in moves for t in d.arrivals if t < NO_ACCESS), default=0)
        self.missions: dict[str, list[MissionRow]] = {team: [] for team in names.teams}
        self.on: dict[int, list[MissionRow]] = defaultdict(list)
        for m in sorted(log.missions, key=lambda m: (m.dispatched, cleared(m))):
            self.missions[names.teams[m.team]].append(m)
            self.on[m.callout].append(m)
        self._called = [e for e in log.events if e.what == Event.ON_DUTY]
        self._begun = {team: [m.dispatched for m in own] for team, own in self.missions.items()}
        self._from_base = self._arrivals_from_base()

    def _arrivals_from_base(self) -> dict[tuple[str, int], list[int]]:
        """
        Return by team and place after what times it is expected there from where it rests. [ms]

        The log has no drives home, but a team at rest is expected at a place after the same time
        again and again, by day and by night, and one on the road hardly ever twice.
        """
        count: Counter[tuple[str, int, int]] = Counter()
        for row in self.rows.values():
            for team, arrival in self.candidates(self.asked.get(row.callout)).items():
                count[team, row.place, arrival] += 1
        found: dict[tuple[str, int], list[int]] = defaultdict(list)
        for (team, place, arrival), times in count.items():
            if times >= OFTEN:
                found[team, place].append(arrival)
        return found

    def sent(self, key: int) -> list[DecisionRow]:
        """Return the decisions that sent a team to a callout, in order."""
        return self.sends.get(self.rows[key].callout, [])

    def first_team(self, key: int) -> str | None:
        """Return the team first sent."""
        if key not in self.rows:
            return None
        sends, missions = self.sent(key), self.on.get(self.rows[key].callout)
        if sends:
            return self.chosen(sends[0])
        return self.names.teams[missions[0].team] if missions else None

    def what(self, key: int) -> tuple[object, ...]:
        """Return what no decision can change of a callout."""
        row = self.rows[key]
        kind, place = self.names.kinds[row.kind], self.names.places[row.place]
        return kind, row.priority, place, row.received, row.ready

    def candidates(self, decision: DecisionRow | None) -> dict[str, int]:
        """Return the teams (or bases) a decision was among, and the time to be there. [ms]"""
        if decision is None:
            return {}
        words = self.names.teams if decision.question == "dispatch" else self.names.bases
        pairs = zip(decision.candidates, decision.arrivals, strict=True)
        return {words[number]: arrival for number, arrival in pairs}

    def chosen(self, decision: DecisionRow | None) -> str | None:
        """Return which team, or base, was chosen."""
        if decision is None or decision.chosen is None:
            return None
        words = self.names.teams if decision.question == "dispatch" else self.names.bases
        return words[decision.chosen]

    def send(self, decision: DecisionRow) -> tuple[int, str, int]:
        """Return when a team was sent, which, and the time it was expected to take. [ms]"""
        team = self.chosen(decision)
        assert team is not None
        return decision.at, team, self.candidates(decision)[team]

    def reassigns(self, key: int, at: int, team: str | None) -> bool:
        """Return whether a team could be sent to a callout though it was on its way elsewhere."""
        decision = self.reassignments.get((self.rows[key].callout, at))
        if decision is None or team is None:
            return False
        return team in [self.names.teams[number] for number in decision.candidates]

    def is_called_in(self, team: str, at: int) -> bool:
        """Return whether a team is on duty at an instant because it was called in."""
        return any(
            e.team is not None
            and self.names.teams[e.team] == team
            and e.at <= at < (FOREVER if e.until is None else e.until)
            for e in self._called
        )

    def last(self, team: str, at: int, free: bool, but: int | None = None) -> MissionRow | None:
        """
        Return the mission a team is on at an instant, or was on last.

        ``free`` says that it is on none. A mission on the callout ``but`` begun at this instant
        is what is to be explained, and left out.
        """
        begun = bisect_right(self._begun[team], at)
        for m in reversed(self.missions[team][:begun]):
            if not (m.dispatched == at and m.callout == but) and not (free and cleared(m) > at):
                return m
        return None

    def begun(self, team: str, at: int) -> list[MissionRow]:
        """Return the missions that a team began at an instant."""
        begun = self._begun[team]
        return self.missions[team][bisect_left(begun, at) : bisect_right(begun, at)]

    def is_busy(self, team: str, at: int) -> bool:
        """Return whether a team is on a mission at an instant."""
        last = self.last(team, at, False)
        return last is not None and cleared(last) > at

    def move(self, team: str, mission: MissionRow | None, until: int) -> DecisionRow | None:
        """Return where a team was last relocated to, since a mission and until an instant."""
        since = -FOREVER if mission is None else cleared(mission)
        found = [d for d in self.moves[team] if since <= d.at <= until]
        return found[-1] if found else None

    def move_at(self, team: str, at: int) -> DecisionRow | None:
        """Return the relocation of a team at an instant."""
        return next((d for d in self.moves.get(team, ()) if d.at == at), None)

    def told(self, move: DecisionRow | None) -> tuple[int | None, str | None]:
        """Return when a team was told to wait where."""
        return (None, None) if move is None else (move.at, self.chosen(move))

    def standing(self, team: str, at: int, question: str) -> str | None:
        """Return whether a team is busy or, where relocation asks, the base it was told."""
        if team not in self.moves:
            return "not there"
        if self.is_busy(team, at):
            return "busy"
        if question != "relocation":
            return None
        return self.chosen(self.move(team, self.last(team, at, True), at))

    def is_at_rest(self, team: str, at: int, decision: DecisionRow | None) -> bool:
        """Return whether a free team has, as far as one can tell, reached where it waits."""
        mission = self.last(team, at, True)
        move = self.move(team, mission, at)
        if move is not None:
            return move.at + self.candidates(move).get(str(self.chosen(move)), FOREVER) <= at
        if mission is None or at - cleared(mission) >= self.longest:
            return True
        if cleared(mission) < at and decision is not None:
            arrival = self.candidates(decision).get(team, FOREVER)
            if arrival in self._from_base.get((team, self._place(decision.subject)), ()):
                return True
        way = self._from_base.get((team, self._place(mission.callout)))
        if not way:
            return False
        back = 0 if mission.at_hospital is None else mission.at_hospital - (mission.left or 0)
        # half as long again for the night, and for ways that are not the same in both directions
        return at - cleared(mission) >= back + max(way) * 3 // 2

    def _place(self, number: int) -> int:
        key = self.key_of.get(number)
        return -1 if key is None else self.rows[key].place

    def seen(self, mission: MissionRow | None) -> tuple[object, ...]:
        """Return all that can be compared of a mission."""
        if mission is None:
            return ()
        m, key = mission, self.key_of.get(mission.callout, ("before", mission.callout))
        hospital = None if m.hospital is None else self.names.hospitals[m.hospital]
        sent = (m.dispatched, m.team)
        sends = [self.send(d) for d in self.sends.get(m.callout, ()) if (d.at, d.chosen) == sent]
        return (key, m.dispatched, m.en_route, m.on_scene, m.left, m.at_hospital, hospital,
                m.cleared, m.ending, *sends)  # fmt: skip
