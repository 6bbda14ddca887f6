"""
Callouts that a policy never serves, though all can be served.

Means are taken over those who are reached, so a rule that refuses somebody looks quicker. Here a
policy runs in worlds that can serve everybody, and the callouts that it reaches are counted by
place, kind, priority and hour, next to the same callouts under the default rules. Only need, place
and time are looked at, as by the dispatcher.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sim.log import KeptLog
from sim.policies.registry import misfit

from .serving_worlds import HANDFUL, Group, Trial, trials

NAMED = 12  # groups that a message names
NOTED = 0.1  # a fall of the share by this much from the default rule is reported

WAY_OUT = {
    "dispatch": "answer None only for a time: in the end one of view.teams has to go",
    "queue": "let no callout stay last forever, and let callouts queue (waits = True)",
    "reassignment": "limit how often a callout may lose its teams, see view.reassigned",
    "relocation": "let free teams stand by where they can be sent from",
    "destination": "answer None only without access to any hospital, and spare teams long drives",
    "staffing": "call in no team in a way that keeps it from callouts",
    "routing": "answer None only for roads that no place needs",
}


class Served(NamedTuple):
    """The result of some worlds: how many, why the policy fails, and other remarks."""

    worlds: int
    failure: str
    note: str
    untried: str  # why it was not tried in the last other world


class ServedTally(NamedTuple):
    """How many callouts of a group are served, and how many with the default rule."""

    group: Group
    served: int
    usually: int
    callouts: int

    @property
    def is_refused(self) -> bool:
        """Whether less than half of those are served that could be."""
        return 2 * self.served < self.usually

    @property
    def shortfall(self) -> float:
        """By how much the share that is served is lower."""
        return (self.usually - self.served) / self.callouts


def served_by(policy: Any, question: str, is_overloaded: bool) -> Served:
    """
    Return whether a policy serves everyone, in worlds with teams to spare or with too few.

    It fails where, in some place, kind, priority or four hours of the day (or two of these
    together), it serves less than half of the callouts that the default rule serves. The first
    world in which it fails ends the trial.

    Raises
    ------
    PolicyError
        When the policy fails to answer.

    """
    worlds, note, untried = 0, "", ""
    for trial in trials(question, policy):
        if trial.is_overloaded is not is_overloaded:
            continue
        if untried := misfit(trial.file, policy):
            continue
        worlds += 1
        log = trial.run(question, policy)
        for verb, served, usual in _ways_to_serve(trial, log, question):
            counting = ServedCount(trial, served, usual)
            if refused := counting.refused():
                failure = f"{trial.where}, it {_told(trial, verb, refused)}; {WAY_OUT[question]}"
                return Served(worlds, failure, "", untried)
            note = note or _note(trial, verb, counting)
    return Served(worlds, "", note, untried)


class ServedWording(NamedTuple):
    """How the report words that callouts are served."""

    does: str
    usually: str
    share: str


REACH = ServedWording("sends anybody to", "reaches", "reached")
TAKE = ServedWording("takes anybody to hospital from", "takes people from", "taken to hospital")


def _ways_to_serve(
    trial: Trial, log: KeptLog, question: str
) -> Iterator[tuple[ServedWording, frozenset[int], frozenset[int]]]:
    """Yield what a policy is to do for a callout, for which it did, and for which is usual."""
    yield REACH, trial.reached(log), trial.reached(trial.usual)
    if question == "destination":
        yield TAKE, trial.taken(log), trial.taken(trial.usual)


class ServedCount:
    """Counts a policy's callouts group by group, next to those of the default rule."""

    def __init__(self, trial: Trial, served: frozenset[int], usual: frozenset[int]) -> None:
        self.groups, self.served, self.usual = trial.groups, served, usual

    def tallies(self, explained: frozenset[int] = frozenset()) -> list[ServedTally]:
        """Return the tally of each group of which a handful can be served, some callouts apart."""
        found = (self._tally(group, own - explained) for group, own in self.groups.items())
        return [tally for tally in found if tally.usually >= HANDFUL]

    def _tally(self, group: Group, callouts: frozenset[int]) -> ServedTally:
        served, usually = len(callouts & self.served), len(callouts & self.usual)
        return ServedTally(group, served, usually, len(callouts))

    def refused(self) -> list[ServedTally]:
        """
        Return the groups that are refused, as few as possible. Those with the lowest share served
        come first, and a group inside one of them is not named again: a rule that never goes to the
        hill goes to no fire there. Groups of the same callouts are all named.
        """
        if all(tally.is_refused for tally in self.tallies() if len(tally.group) < 2):
            return [self._tally((), self.groups[()])]
        found: list[Group] = []
        explained: frozenset[int] = frozenset()
        for size in (1, 2):
            while worst := self._worst(size, explained):
                callouts = self.groups[worst]
                found += [group for group, own in self.groups.items() if own == callouts]
                explained |= callouts
        return [self._tally(group, self.groups[group]) for group in sorted(self._widened(found))]

    def _widened(self, found: list[Group]) -> list[Group]:
        """Return groups; those that make up another one are reported as that one."""
        for group, callouts in self.groups.items():
            parts = [part for part in found if self.groups[part] < callouts]
            if parts and callouts == frozenset[int]().union(*(self.groups[p] for p in parts)):
                found = [part for part in found if part not in parts] + [group]
        return found

    def _worst(self, size: int, explained: frozenset[int]) -> Group:
        """Return the refused group with the lowest share served; ties go to the largest."""
        tallies = [t for t in self.tallies(explained) if t.is_refused and len(t.group) == size]
        return min(
            tallies,
            key=lambda t: (t.served / t.usually, -t.callouts, t.group),
            default=ServedTally((), 0, 0, 0),
        ).group


def _told(trial: Trial, verb: ServedWording, refused: Sequence[ServedTally]) -> str:
    """Return who is refused, those who are refused always first."""
    parts = []
    for word, some in (
        ("never", [t for t in refused if not t.served]),
        ("seldom", [t for t in refused if t.served]),
    ):
        named = [
            f"{trial.named(t.group)} ({t.served} of {t.callouts} callouts; the default rule "
            f"{verb.usually} {t.usually})"
            for t in some[:NAMED]
        ]
        if more := len(some) - len(named):
            named.append(f"{more} more")
        if named:
            parts.append(f"{word} {verb.does} {', '.join(named)}")
    return " and ".join(parts)


def _note(trial: Trial, verb: ServedWording, counting: ServedCount) -> str:
    """Return the group with the largest fall in callouts served, if it is large; else empty."""
    worst = max(counting.tallies(), key=lambda t: t.shortfall)
    if worst.shortfall < NOTED:
        return ""
    share, usually = worst.served / worst.callouts, worst.usually / worst.callouts
    return (
        f"but {trial.where}, only {share:.0%} of {trial.said(worst.group)} are {verb.share}; "
        f"with the default rule {usually:.0%}"
    )
