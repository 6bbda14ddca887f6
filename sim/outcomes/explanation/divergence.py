"""
What went differently between two alternatives, callout by callout, and what led there.

Callouts have common random numbers in all alternatives, so each difference has a cause in the
two logs: another choice, or a team that was not where it was in the other one, and that because
of an earlier callout or relocation, and so on back to where the two first parted. Knows the log
and nothing of the engine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from sim.log import CalloutRow, DecisionRow, KeptLog, MissionRow, Names

from .indexed_log import FOREVER, IndexedLog, cleared

DEEPEST = 40  # steps of a chain; longer ones are shortened, and say so

FromBase = Callable[[str, int, int, int], int]
Two = tuple[DecisionRow | None, DecisionRow | None]  # of the first log, and of the second


class Cause:
    """Why a step differs between two logs. All but the first three (``LINKS``) end a chain."""

    BUSY = "busy"  # a team was on another callout in one of them
    FREED = "freed"  # a team came from another callout, or was freed at another moment
    MOVED = "moved"  # a team had been sent to another base
    RULES = "rules"  # the same situation, another choice
    ORDER = "order"  # of the callouts that wanted a team at the same moment
    DEMAND = "demand"  # the callout is in one of them only, or is not the same
    TEAM = "team"  # the team is in one of them only
    CALLED = "called in"  # the team was called in, beyond the roster, in one of them only
    LEFT = "left"  # in one of them the callout had left the dispatcher's hands by then
    COURSE = "course"  # the same teams at the same moments; drive or work took another time
    BEFORE = "before"  # a callout of the warm-up, which the log leaves out
    UNTOLD = "untold"  # a shift, a base, the roads or the warm-up: the log does not tell
    FURTHER = "further"  # goes back further than is followed here


LINKS = (Cause.BUSY, Cause.FREED, Cause.MOVED)


class TeamsAsWritten(NamedTuple):
    """
    What two scenarios say of teams.

    ``altered`` are those of which they say something else: base, shifts, capabilities, turnout.
    ``from_base`` gives for each scenario the time after which a team at its base is expected at
    the scene of a callout, by place, instant and priority. [ms]
    """

    altered: frozenset[str] = frozenset()
    from_base: tuple[FromBase, FromBase] | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """
    One step back towards the root: a decision that differs, and why.

    ``callouts`` are the callout's numbers in the two logs, ``moved`` is the team of a relocation.
    ``team`` is the one that made the difference; ``side`` is the log (0 or 1) in which it was on
    ``mission``, or in which alone it is.
    """

    at: int  # when the two first differ [ms]
    question: str  # dispatch or relocation
    callouts: tuple[int | None, int | None]
    decisions: Two  # None where nothing was decided at that moment
    cause: str
    moved: str | None = None
    team: str | None = None
    side: int = 0
    mission: MissionRow | None = None
    chose_otherwise: bool = False  # another team, or base, was chosen in each of the two


@dataclass(frozen=True, slots=True)
class Divergence:
    """A callout whose outcome differs, in the first log and in the second, and the steps back."""

    key: int
    rows: tuple[CalloutRow | None, CalloutRow | None]
    teams: tuple[str | None, str | None]  # first sent
    chain: tuple[Step, ...]

    @property
    def responses(self) -> tuple[int | None, int | None]:
        """Response times: received to first team on scene; None if not reached. [ms]"""
        return _response(self.rows[0]), _response(self.rows[1])

    @property
    def difference(self) -> int | None:
        """Response time in the second log minus that in the first; None if not both. [ms]"""
        first, second = self.responses
        return None if first is None or second is None else second - first

    @property
    def root(self) -> Step:
        """The last step back."""
        return self.chain[-1]

    @property
    def near(self) -> tuple[Step, ...]:
        """The steps back to the last decision before that differed, or to the root."""
        for number, step in enumerate(self.chain[1:], start=2):
            if step.chose_otherwise:
                return self.chain[:number]
        return self.chain


def changes(
    a: KeptLog,
    b: KeptLog,
    names_a: Names,
    names_b: Names,
    teams: TeamsAsWritten | None = None,
) -> list[Divergence]:
    """
    Return the callouts whose outcome differs between two logs of a replication, and why.

    A callout differs where another team was sent first, or the response time, the wait or the
    outcome is another. Callouts are matched by key; teams, places and bases by name.

    Parameters
    ----------
    a, b
        Logs with their decisions, of the same replication under two alternatives.
    names_a, names_b
        The words behind the numbers of each.
    teams
        What the scenarios say of the teams, where they are known: then a chain also ends where
        one stood at its base in both logs, or has other capabilities or shifts.

    Returns
    -------
    list of Divergence
        Those reached in one log only first, then by the size of the difference in response time,
        the largest first; ties by key. Instants never increase along a chain, and are equal
        only where two decisions fell at the very same moment.

    """
    sides = IndexedLog(a, names_a), IndexedLog(b, names_b)
    return _LogComparison(*sides, teams or TeamsAsWritten()).changes()


def _response(row: CalloutRow | None) -> int | None:
    return None if row is None or row.on_scene is None else row.on_scene - row.received


def _ended(row: CalloutRow | None) -> tuple[object, ...]:
    """Return what is compared of a callout, the team apart."""
    if row is None:
        return ()
    wait = None if row.dispatched is None else row.dispatched - row.ready
    return _response(row), wait, row.outcome


def _by_size(change: Divergence) -> tuple[bool, int, int]:
    reached_in_one = change.responses.count(None) == 1
    return not reached_in_one, -abs(change.difference or 0), change.key


class _Move(NamedTuple):
    """A relocation to be explained: of which team, and when."""

    team: str
    at: int


_Next = int | _Move | None  # a callout's key, a relocation, or the chain ends here


class _LastMission(NamedTuple):
    """What a team did before it was free in one log and not in the other."""

    own: bool  # the other log has no such mission
    busy: bool  # it was still on it
    side: int  # of which log it is
    mission: MissionRow

    def rank(self) -> tuple[bool, bool, int, int]:
        """Return what sorts it: its own, still on it, the last; else that of the first log."""
        return self.own, self.busy, self.mission.dispatched, -self.side


class _LogComparison:
    """Two logs of a replication side by side."""

    def __init__(self, a: IndexedLog, b: IndexedLog, teams: TeamsAsWritten) -> None:
        self.sides, self.teams = (a, b), teams
        a.longest = b.longest = max(a.longest, b.longest)
        self._known: dict[int, tuple[Step, _Next]] = {}

    def changes(self) -> list[Divergence]:
        """Return the callouts that differ, as the function ``changes`` promises."""
        a, b = self.sides
        found = []
        for key in dict.fromkeys([*a.rows, *b.rows]):
            rows = a.rows.get(key), b.rows.get(key)
            teams = a.first_team(key), b.first_team(key)
            if teams[0] != teams[1] or _ended(rows[0]) != _ended(rows[1]):
                found.append(Divergence(key, rows, teams, self.chain(key)))
        return sorted(found, key=_by_size)

    def chain(self, key: int) -> tuple[Step, ...]:
        """Return the steps from a callout back to the root."""
        steps: list[Step] = []
        been: set[object] = set()
        following: _Next = key
        while following is not None:
            if following in been:  # each has the team that the other wants
                steps[-1] = replace(steps[-1], cause=Cause.ORDER)
                break
            been.add(following)
            if len(steps) == DEEPEST:
                steps[-1] = replace(steps[-1], cause=Cause.FURTHER)
                break
            if isinstance(following, _Move):
                step, following = self._relocation(following)
            else:
                step, following = self._callout(following, steps[-1].at if steps else FOREVER)
            steps.append(replace(step, chose_otherwise=self._chose_otherwise_in(step)))
        return tuple(steps)

    def _chose_otherwise_in(self, step: Step) -> bool:
        """Return whether a step is a decision that was another one in each of the two."""
        if step.cause == Cause.RULES or step.question == "relocation":
            return True
        first, second = (
            side.chosen(decision) for side, decision in zip(self.sides, step.decisions, strict=True)
        )
        return first is not None and second is not None and first != second

    # -- a callout ------------------------------------------------------------------------------

    def _callout(self, key: int, latest: int) -> tuple[Step, _Next]:
        """Return the first decision about a callout that differs, and what lies behind it."""
        if key not in self._known:
            self._known[key] = self._first_difference(key)
        step, following = self._known[key]
        if step.at > latest:  # what matters here came before the decisions parted
            return self._course(key, latest)
        return step, following

    def _first_difference(self, key: int) -> tuple[Step, _Next]:
        a, b = self.sides
        if key not in a.rows or key not in b.rows or a.what(key) != b.what(key):
            received = min(side.rows[key].received for side in self.sides if key in side.rows)
            step = self._step(key, received, (None, None), Cause.DEMAND)
            return replace(step, side=0 if key in a.rows else 1), None
        sends = a.sent(key), b.sent(key)
        n = 0
        while n < min(map(len, sends)) and a.send(sends[0][n]) == b.send(sends[1][n]):
            n += 1
        if n == max(map(len, sends)):
            return self._course(key, FOREVER)
        at = min(s[n].at for s in sends if n < len(s))
        first, second = (
            s[n] if n < len(s) and s[n].at == at else self._refused(side, key, at)
            for side, s in zip(self.sides, sends, strict=True)
        )
        return self._why(key, at, (first, second))

    def _refused(self, side: IndexedLog, key: int, at: int) -> DecisionRow | None:
        """Return the decision to send nobody, which is noted when a callout is ready."""
        asked = side.asked.get(side.rows[key].callout)
        return asked if asked is not None and asked.at == at and asked.chosen is None else None

    def _step(self, key: int, at: int, decisions: Two, cause: str) -> Step:
        a, b = (side.rows.get(key) for side in self.sides)
        numbers = a and a.callout, b and b.callout
        return Step(at, "dispatch", numbers, decisions, cause)

    def _why(self, key: int, at: int, decisions: Two) -> tuple[Step, _Next]:
        """Return why two alternatives did not send the same team to a callout at an instant."""
        a, b = self.sides
        step = self._step(key, at, decisions, Cause.RULES)
        for x, side in enumerate(self.sides):
            ended = side.rows[key].ended
            if decisions[x] is None and ended is not None and ended <= at:
                return replace(step, cause=Cause.LEFT, side=x), None
        could = a.candidates(decisions[0]), b.candidates(decisions[1])
        same_rule = a.dispatch_rule == b.dispatch_rule
        if not same_rule and self._chose_otherwise(step, could):
            return step, None
        if self._reassigned_in_one(step, key):
            return step, None
        untold = None
        for team in self._suspects(decisions, could, others=same_rule):
            found = self._whereabouts(step, team, (team in could[0], team in could[1]))
            if found is not None and (found[0].cause != Cause.UNTOLD or team in self.teams.altered):
                return found
            untold = untold or found
        found = self._other_team(step) if same_rule and untold is None else None
        return found or untold or (step, None)

    def _chose_otherwise(self, step: Step, could: tuple[dict[str, int], dict[str, int]]) -> bool:
        """Return whether one of two rules held a team in reserve that the other would have sent."""
        if None not in step.decisions and could[0] == could[1]:
            return True
        for x, (side, decision) in enumerate(zip(self.sides, step.decisions, strict=True)):
            if decision is not None and decision.chosen is None and decision.candidates:
                return True
            sent = self.sides[1 - x].chosen(step.decisions[1 - x])
            if decision is None and sent in side.moves and side.keeps_back:
                return not side.is_busy(sent, step.at)
        return False

    def _reassigned_in_one(self, step: Step, key: int) -> bool:
        """Return whether one log sent a team on that the other left on the same way."""
        for x, side in enumerate(self.sides):
            other, team = self.sides[1 - x], side.chosen(step.decisions[x])
            if side.reassigns(key, step.at, team) and not other.reassigns(key, step.at, team):
                assert team is not None
                return team in other.moves and other.is_busy(team, step.at)
        return False

    def _suspects(
        self, decisions: Two, could: tuple[dict[str, int], dict[str, int]], others: bool
    ) -> list[str]:
        """Return the teams that may have made the difference, the likeliest first."""
        chosen = [side.chosen(d) for side, d in zip(self.sides, decisions, strict=True)]
        sent = [(could[x][team], team) for x, team in enumerate(chosen) if team is not None]
        found = [team for _, team in sorted(sent)]
        if others:
            either = {**could[1], **could[0]}
            found += sorted(either, key=lambda team: (either[team], team))
        return [t for t in dict.fromkeys(found) if could[0].get(t) != could[1].get(t)]

    def _course(self, key: int, latest: int) -> tuple[Step, _Next]:
        """Return the step of a callout to which the same teams went at the same moments."""
        a, b = self.sides
        first, second = (side.on.get(side.rows[key].callout, []) for side in self.sides)
        for m, n in zip(first, second, strict=False):
            if a.seen(m) != b.seen(n) and m.dispatched <= latest:
                team = a.names.teams[m.team]
                step = self._step(key, m.dispatched, (None, None), Cause.COURSE)
                found = None
                if (m.en_route, m.on_scene) != (n.en_route, n.on_scene):
                    found = self._whereabouts(step, team, (True, True))
                if found is not None and found[0].cause in LINKS:
                    return found
                return replace(step, team=team, mission=m), None
        if not first and not second:  # nobody was sent in either, and one waited longer
            ends = [FOREVER if (at := s.rows[key].ended) is None else at for s in self.sides]
            step = self._step(key, min(*ends, latest), (None, None), Cause.LEFT)
            return replace(step, side=ends.index(min(ends))), None
        at = min(a.rows[key].received, latest)
        return self._step(key, at, (None, None), Cause.COURSE), None

    # -- a team ---------------------------------------------------------------------------------

    def _whereabouts(
        self, step: Step, team: str, free: tuple[bool, bool]
    ) -> tuple[Step, _Next] | None:
        """
        Return a step with what became of a team before, where that differs.

        ``free`` says in which log it could be sent. None: the logs know of no difference.
        """
        a, b = self.sides
        known = [team in side.moves for side in self.sides]
        if not all(known):
            return replace(step, cause=Cause.TEAM, team=team, side=known.index(True)), None
        called = [side.is_called_in(team, step.at) for side in self.sides]
        if called[0] != called[1] and free != (False, False):
            return replace(step, cause=Cause.CALLED, team=team, side=called.index(True)), None
        at, but = step.at, step.callouts
        if team in self.teams.altered and free[0] != free[1]:
            now = a.last(team, at, False, but[0]), b.last(team, at, False, but[1])
            if all(m is None or cleared(m) <= at for m in now):
                return replace(step, cause=Cause.UNTOLD, team=team), None
        last = a.last(team, at, free[0], but[0]), b.last(team, at, free[1], but[1])
        # who serves a waiting callout is asked before a free team is relocated
        waiting = step.question == "dispatch" and None in step.decisions
        until = at - waiting
        moves = a.move(team, last[0], until), b.move(team, last[1], until)
        step = replace(step, team=team)
        if a.seen(last[0]) != b.seen(last[1]):
            if all(free) and any(moves) and a.rules != b.rules:
                two = zip(self.sides, step.decisions, strict=True)
                if all(side.is_at_rest(team, at, decision) for side, decision in two):
                    return self._moved(step, team, moves)
            if all(free) and not any(moves) and self._is_at_base(step, team):
                return replace(step, cause=Cause.UNTOLD), None  # what it did before is no reason
            return self._worked(step, last, free)
        if a.told(moves[0]) != b.told(moves[1]):
            return self._moved(step, team, moves)
        return None if waiting else (replace(step, cause=Cause.UNTOLD), None)

    def _is_at_base(self, step: Step, team: str) -> bool:
        """Return whether a team was expected from its base in both logs."""
        if self.teams.from_base is None:
            return False
        for x, (side, decision) in enumerate(zip(self.sides, step.decisions, strict=True)):
            if decision is None:
                return False
            row = side.rows[side.key_of[decision.subject]]
            arrival = side.candidates(decision).get(team)
            if arrival != self.teams.from_base[x](team, row.place, step.at, row.priority):
                return False
        return True

    def _moved(self, step: Step, team: str, moves: Two) -> tuple[Step, _Next]:
        """Return a step in which a team had been sent to wait elsewhere."""
        at = max(d.at for d in moves if d is not None)
        side = 0 if moves[0] is not None and moves[0].at == at else 1
        return replace(step, cause=Cause.MOVED, side=side), _Move(team, at)

    def _worked(
        self, step: Step, last: tuple[MissionRow | None, MissionRow | None],
        free: tuple[bool, bool],
    ) -> tuple[Step, _Next]:  # fmt: skip
        """Return a step in which a team was on another callout, or came from it."""
        assert step.team is not None
        found = []
        for x, (side, m) in enumerate(zip(self.sides, last, strict=True)):
            if m is not None:
                other = self.sides[1 - x]
                own = side.seen(m) not in map(other.seen, other.begun(step.team, m.dispatched))
                busy = not free[x] and (cleared(m) > step.at or m.dispatched == step.at)
                found.append(_LastMission(own, busy, x, m))
        chosen = max(found, key=_LastMission.rank)
        key = self.sides[chosen.side].key_of.get(chosen.mission.callout)
        cause = Cause.BEFORE if key is None else Cause.BUSY if chosen.busy else Cause.FREED
        return replace(step, cause=cause, side=chosen.side, mission=chosen.mission), key

    # -- a relocation ---------------------------------------------------------------------------

    def _relocation(self, move: _Move) -> tuple[Step, _Next]:
        """Return why a team was sent to wait elsewhere."""
        a, b = self.sides
        first, second = (side.move_at(move.team, move.at) for side in self.sides)
        step = Step(
            move.at, "relocation", (None, None), (first, second), Cause.RULES, moved=move.team
        )
        if first is None or second is None:
            return (replace(step, cause=Cause.UNTOLD) if a.rules == b.rules else step), None
        if a.candidates(first) != b.candidates(second):
            return replace(step, cause=Cause.UNTOLD), None
        found = self._other_team(step) if first.rule == second.rule else None
        return found or (step, None)

    def _other_team(self, step: Step) -> tuple[Step, _Next] | None:
        """Return a step with another team that stood differently, the last to have parted."""
        a, b = self.sides
        found = []
        for team in dict.fromkeys([*a.moves, *b.moves]):
            standing = [side.standing(team, step.at, step.question) for side in self.sides]
            if team != step.moved and standing[0] != standing[1]:
                free = standing[0] != "busy", standing[1] != "busy"
                there = self._whereabouts(step, team, free)
                if there is not None and there[0].cause != Cause.UNTOLD:
                    since = -1 if there[0].mission is None else there[0].mission.dispatched
                    found.append((since, there))
        return max(found, key=lambda each: each[0])[1] if found else None
