"""A callout that is not over yet: what it still needs and who is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.log import Outcome
from sim.world import Callout, Marks, Need

if TYPE_CHECKING:
    from .alarm import Alarm
    from .team import Team


STALLED = 1 << 55  # until somebody comes who can go on [ms]


class OpenCallout:
    """
    A callout's state at the dispatcher and on scene. Instants in ms.

    Work on scene is counted in people times milliseconds. It goes as fast as the people present,
    up to the number needed: half the crew takes twice as long. So a first team can begin before
    the others come. Where a needed capability is a condition, those on scene may have to wait for
    it (``capability_wait``).
    """

    # what is true of nearly every callout when it comes in, kept here so as not to be set each time
    sent = 0  # teams sent so far
    dispatched: int | None = None
    en_route: int | None = None
    on_scene: int | None = None
    people = 0  # on scene now
    work = 0  # left to do [people ms]
    since = 0  # when ``work`` was last brought up to date
    in_vain: tuple[tuple[int, int | None], ...] = ()  # dispatched and under way, of teams that left
    finished = False  # the work on scene is done
    attended: int | None = None  # when all that it needs was on scene
    only_waits = False  # those on scene have done what they can without what is lacking
    reassigned = 0  # how many teams it has lost to other callouts
    relieving: tuple[Team, ...] = ()  # on scene, to leave as soon as others can do without them
    missed: tuple[int, ...] = ()  # teams that were alerted for it and did not gather
    carriers: tuple[Team, ...] = ()  # who has taken people to hospital, or is about to
    transports = 0  # that have yet to begin, where only teams that carry may
    stays: Team | None = None  # with people who wait on scene for a transport
    gave_up = False  # some of them nobody will take
    outcome: str | None = Outcome.SERVED  # when its last team is cleared; None: it is not over then
    timer: Alarm | None = None  # rings when the caller abandons
    held_until = -STALLED  # nobody is sent before
    held = False  # whether it was logged that this work is held
    no_access = False  # whether it waits where no base has a way
    clearance_left: int | None = None  # work left to clear an explosive hazard [ms]
    clearer: Team | None = None  # who clears it

    def __init__(self, callout: Callout, marks: Marks, need: Need) -> None:
        self.callout = callout
        self.marks = marks
        self.need = need
        self.missing_people = need.people
        self.missing_capabilities = need.capabilities
        self.lacking = need.required  # has yet to be on scene before it can start or end
        self.teams: list[Team] = []  # on it now, in the order sent

    def count_missing(self) -> None:
        """Work out what the teams on it, those to be relieved apart, do not bring."""
        teams = [team for team in self.teams if team not in self.relieving]
        people, self.missing_capabilities = _left(self.need, teams)
        self.missing_people = max(people, 0)
        if self.is_worked_off:
            self.missing_people = 0
            self.missing_capabilities &= self.lacking
        if self.transports:
            if self.finished:
                self.missing_people = self.missing_capabilities = 0
            if sum(map(self.can_take, teams)) < self.transports:
                self.missing_capabilities |= self.need.carrier

    def can_take(self, team: Team) -> bool:
        """Whether a team of this callout can take people of whom none is assigned to it yet."""
        if not self.transports or not team.capabilities & self.need.carrier:
            return False
        return team.on_scene is None or team not in self.carriers

    def handover_of(self, team: Team) -> int:
        """Return how long the handover lasts of the people a team takes, or is to take. [ms]"""
        complications = self.marks.complications
        handovers = (self.marks.handover, *(complications.handovers if complications else ()))
        able = filter(self.can_take, self.teams)
        takes = (*self.carriers, *able)  # a team that comes again is there twice
        trips = [n for n, carrier in enumerate(takes[: len(handovers)]) if carrier is team]
        return handovers[trips[-1] if trips else 0]

    def note_in_vain(self, team: Team, now: int, counts: bool) -> None:
        """
        Work out again when it was first sent to, now that a team left it before any was on scene.

        ``counts`` says whether that team was sent; under way it was only if it moved by now.
        """
        if counts:
            moved = team.en_route if team.en_route <= now else None
            self.in_vain = (*self.in_vain, (team.dispatched, moved))
        sent = [*self.in_vain, *((other.dispatched, other.en_route) for other in self.teams)]
        self.dispatched = min((dispatched for dispatched, _ in sent), default=None)
        self.en_route = min((moved for _, moved in sent if moved is not None), default=None)

    @property
    def is_worked_off(self) -> bool:
        """Whether nothing is left to do but what a capability is lacking for."""
        return self.only_waits and not self.need.required_to_start

    @property
    def is_missing_something(self) -> bool:
        """Whether the teams on it do not bring all that is looked for."""
        return self.missing_people > 0 or bool(self.missing_capabilities)

    @property
    def is_out_of_reach(self) -> bool:
        """Whether something is lacking that none of the teams on it brings."""
        return bool(_left(self.need, self.teams)[1] & self.lacking)

    def lacks(self, team: Team) -> bool:
        """Return whether a team has what those on it, to be relieved or not, do not have."""
        missing = _left(self.need, self.teams)[1]
        if sum(map(self.can_take, self.teams)) < self.transports:
            missing |= self.need.carrier
        return bool(missing & team.capabilities)

    def can_do_without(self, team: Team) -> bool:
        """Return whether the others on scene are all that it needs, and can take its people."""
        others = [t for t in self.teams if t is not team]
        people, brings = _left(self.need, [t for t in others if t.on_scene is not None])
        if people > 0 or brings:
            return False
        return not self.can_take(team) or sum(map(self.can_take, others)) >= self.transports

    def note_attendance(self, now: int) -> None:
        """Note which capabilities it lacks, and the first time that all it needs is on scene."""
        here = [team for team in self.teams if team.on_scene is not None]
        people, missing = _left(self.need, here)
        if people <= 0 and not missing:
            self.attended = now
        missing &= self.need.required
        if not (missing and self.need.required_to_start):
            self.lacking &= missing

    @property
    def work_rate(self) -> int:
        """People who work at once."""
        if self.clearance_left is not None or (self.lacking and self.need.required_to_start):
            return 0
        return min(self.people, self.need.people)

    @property
    def safe_at(self) -> int:
        """When the scene is safe to enter."""
        complications = self.marks.complications
        safe = complications.safe if complications is not None else None
        return self.callout.received + (safe or 0)

    def work_until(self, now: int) -> None:
        """Bring the work left up to date, before anybody comes or goes."""
        self.work -= self.work_rate * (now - self.since)
        self.since = now

    def time_left(self) -> int:
        """Return how long the work still takes the people present, if they can end it. [ms]"""
        work_rate = 0 if self.lacking else self.work_rate
        return max(-(-self.work // work_rate), 0) if work_rate else STALLED


def _left(need: Need, teams: list[Team]) -> tuple[int, int]:
    """Return the people and capabilities, one bit each, still missing with these teams."""
    people, brings = need.people, need.capabilities
    for team in teams:
        people -= team.people
        brings &= ~team.capabilities
    for bit, count in need.several:
        if sum(1 for team in teams if team.capabilities & bit) < count:
            brings |= bit
    return people, brings
