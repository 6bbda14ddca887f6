"""
What the parts of a run share, and how optional features take part in it.

Two directions. *Hooks*: the dispatch centre tells features what happens, step by step of a
mission. *Operations*: features that act on their own time ask the dispatch centre to act. So no
feature imports it, nor another feature, and a scenario without a feature does not load it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from sim.policies import PolicySet, StatusBoard
from sim.policies.rule_basis.board import UNDECLARED
from sim.world import World, expected

from .availability import Availability
from .clock import RunEnvironment
from .consult import Consultation
from .logged_teams import LoggedTeam
from .pending import PendingCallouts
from .recorder import Recorder
from .state import Mission, OpenCallout, Team
from .tanks import Tanks

MakeBoard = Callable[[int, int, int], StatusBoard]
"""Puts a board together, given now [ms], the travel period of drives, and the callout asked about
or the team that has become free."""
NOBODY = -1  # no callout, no team
Candidates = tuple[list[int], list[int]]
"""Teams by number, and when each is expected on scene. [ms]"""


@dataclass(slots=True)
class Hooks:
    """
    What features do at each step, in the order in which ``simulation.py`` names the features.

    A step is a list of functions, empty in most runs. Steps that every callout takes are looked at
    before they are gone through: a loop over nothing takes three times as long. Those that return
    nothing are all called. Of those that answer yes or no the first yes ends the question, but for
    ``may_dispatch``, where all have to say yes. At ``candidates``, ``departs``, ``to_hospital`` and
    ``shift_begins`` each is handed what the one before has returned; ``assembles`` ends with the
    first that returns a time, what ``late_arrival`` returns adds up, and ``place_in_queue`` makes
    the first parts of a key.
    """

    starts: list[Callable[[], None]] = field(default_factory=list)
    """The run begins; teams are at their bases."""

    over: list[Callable[[], None]] = field(default_factory=list)
    """The run is over."""

    # -- a callout ----
    received: list[Callable[[OpenCallout], None]] = field(default_factory=list)
    """A callout has become ready."""
    may_dispatch: list[Callable[[OpenCallout], bool]] = field(default_factory=list)
    """Whether anybody may be sent to a callout now."""
    candidates: list[Callable[[OpenCallout, list[int], list[int]], Candidates]] = field(
        default_factory=list
    )
    """The candidates for a callout, given those found so far."""
    cannot_come: list[Callable[[OpenCallout, Team], bool]] = field(default_factory=list)
    """Whether a team cannot be sent to a callout, though there is access."""
    may_add: list[Callable[[OpenCallout], bool]] = field(default_factory=list)
    """Whether ``candidates`` might add teams to a pending callout, or to one after it in order
    that misses the same: if not, nobody is asked about any of them."""
    unmet: list[Callable[[OpenCallout], bool]] = field(default_factory=list)
    """No free team meets a new callout's need; whether it is met by other means."""
    queued: list[Callable[[OpenCallout], None]] = field(default_factory=list)
    """A callout has joined those pending."""
    place_in_queue: list[Callable[[OpenCallout], int]] = field(default_factory=list)
    """What comes before the queue rule's own key."""
    answered: list[Callable[[], None]] = field(default_factory=list)
    """A callout that has become ready was answered."""

    # -- a team sets out ----
    fits_out: list[Callable[[Team, OpenCallout], None]] = field(default_factory=list)
    """A team whose crew has to assemble, or that takes a shared vehicle, is about to be sent."""
    assembles: list[Callable[[Team, OpenCallout], int | None]] = field(default_factory=list)
    """In how long its crew leaves the base, if it has to assemble first. [ms]"""
    crew_leaves: list[Callable[[Mission], int | None]] = field(default_factory=list)
    """A crew's assembly is over: in how long its alarm rings, None if it stays at its base. [ms]"""
    leaves_base: list[Callable[[Mission], None]] = field(default_factory=list)
    """A crew that had to assemble leaves, with those who came; its route may still be changed."""
    departs: list[Callable[[Mission, int], int]] = field(default_factory=list)
    """When the alarm of a team rings that sets out or is rerouted, given when it arrives. [ms]"""

    drive_cut_short: list[Callable[[Mission], None]] = field(default_factory=list)
    """A team under way is stopped, or takes another way, before its drive is over."""

    # -- on scene ----
    arrives: list[Callable[[Mission], None]] = field(default_factory=list)
    """A team is on scene."""
    first_on_scene: list[Callable[[Mission], None]] = field(default_factory=list)
    """The first team is on scene, and finds out what the callout needs."""
    scene_changed: list[Callable[[Mission, bool], None]] = field(default_factory=list)
    """A team has joined the work; whether it is the first. How long the work takes is unsettled."""
    scene_settled: list[Callable[[Mission, bool], None]] = field(default_factory=list)
    """The same, once it is settled."""
    work_resumed: list[Callable[[OpenCallout], None]] = field(default_factory=list)
    """Nothing blocks the work on scene any more."""
    late_arrival: list[Callable[[Mission], int]] = field(default_factory=list)
    """A team comes when the work is done; how long it stays. [ms]"""
    work_done: list[Callable[[Mission], bool]] = field(default_factory=list)
    """The work is done and only some teams transport; whether this one stays on scene."""

    # -- to hospital ----
    to_hospital: list[Callable[[Mission, int], int]] = field(default_factory=list)
    """In how long the alarm of a team rings that leaves the scene, given its drive. [ms]"""

    # -- a mission ends ----
    ends: list[Callable[[Mission, str], None]] = field(default_factory=list)
    """A team's part in a callout is over, with this ending; its team has no mission any more."""
    people_wait: list[Callable[[OpenCallout], None]] = field(default_factory=list)
    """A callout whose work is done is to be served again: people may still wait on scene."""
    interrupted: list[Callable[[Mission, str], None]] = field(default_factory=list)
    """A team was stopped after the work of its callout was done."""
    shift_ends: list[Callable[[Mission], bool]] = field(default_factory=list)
    """The shift of a team with a mission ends; whether a feature sees to that."""

    stays_on: list[Callable[[Mission], bool]] = field(default_factory=list)
    """Whether a team may not be taken from its mission for another callout."""

    # -- a team is on duty, and free ----
    shift_begins: list[Callable[[Team, int], int]] = field(default_factory=list)
    """Until when a team is on duty that is to come on duty, given until when; now: it does not."""
    off_duty: list[Callable[[Team], None]] = field(default_factory=list)
    """A team's shift is over."""
    cleared_off_duty: list[Callable[[Team], None]] = field(default_factory=list)
    """A team whose shift is over has nothing in hand any more."""
    is_unfit: list[Callable[[Team], bool]] = field(default_factory=list)
    """Whether a team must go home before it can be sent again."""
    cleared: list[Callable[[Team], bool]] = field(default_factory=list)
    """A team has nothing in hand; whether a feature sees to it, so that it is not free."""
    becomes_available: list[Callable[[Team], bool]] = field(default_factory=list)
    """A team has become free; whether a feature takes it, so that it is free no longer."""
    at_base: list[Callable[[Team], None]] = field(default_factory=list)
    """A team is back at its base."""
    rests: list[Callable[[Team], bool]] = field(default_factory=list)
    """A free team is at its base; whether it lacks something to be ready."""
    drives_to_base: list[Callable[[Team], None]] = field(default_factory=list)
    """A free team drives to a base."""
    out_of_reach: list[Callable[[Team, int], bool]] = field(default_factory=list)
    """Whether a free team cannot wait at a base, though there is access."""
    base_is_closed: list[Callable[[int], bool]] = field(default_factory=list)
    """Whether no free team is to wait at a base now."""
    has_no_access: list[Callable[[Team], bool]] = field(default_factory=list)
    """A free team has no access to the base it is to wait at; whether it stands by where it is."""
    reopened: list[Callable[[], None]] = field(default_factory=list)
    """A road is open again."""


@dataclass(frozen=True, slots=True)
class Operations:
    """What features may ask the dispatch centre to do."""

    serve: Callable[[OpenCallout], bool]
    """Send the free teams that a callout needs; return whether its need is met."""
    serve_again: Callable[[OpenCallout], None]
    """Send what a callout is missing that was served before, or let it wait."""
    serve_queue: Callable[[], None]
    """Serve pending callouts in order while anybody is free."""
    serve_queue_at: Callable[[OpenCallout, int], None]
    """Do so at an instant, as if this callout became ready then. [ms]"""
    serve_left_behind: Callable[[], None]
    """Serve the callouts, if any, that have lost a team to another one at this instant."""
    enqueue: Callable[[OpenCallout], None]
    """Let a callout wait, unless it does already."""
    dequeue: Callable[[OpenCallout], None]
    """Let a callout wait no longer, if it does."""
    goes_before: Callable[[OpenCallout, OpenCallout], bool]
    """Return whether a callout would be served before another one."""

    settle_drive: Callable[[Mission], int]
    """Settle the drive of a team that sets out or is rerouted; return when its alarm rings. [ms]"""
    reschedule: Callable[[OpenCallout], None]
    """Set the end of the work again for all on scene, after somebody came or went."""
    stop_under_way: Callable[[Mission, str], None]
    """Stop a team that has not arrived; it is free where it is."""
    stand_down_others: Callable[[OpenCallout], None]
    """Stand down all teams under way, and look for no others: the work is done."""
    end_mission: Callable[[Mission, str], None]
    """End a team's part in a callout and note it; it is not free by that, nor its alarm stopped."""
    finish: Callable[[Mission, str], None]
    """End the part of a team on scene, which has done what it was sent for."""
    take_away: Callable[[Mission, str], None]
    """Take a team from its callout, to be sent at once to another, though the work goes on."""
    interrupt: Callable[[Mission, str, int], None]
    """Stop a team wherever it is, with its drive home [ms]; see what becomes of its callout."""

    clear_at: Callable[[Team, int], int]
    """Free a team, at a place, that has done what it was sent for; as ``become_available``."""
    become_available: Callable[[Team], int]
    """Give a team work, or let it wait; return its drive home if it must be there first. [ms]"""
    restart: Callable[[Team, int], None]
    """Begin a team's life again with its drive home [ms]; its alarm is to be cancelled before."""
    rest: Callable[[Team], None]
    """Let a free team rest where its last drive ended, ready if it has all that it needs."""
    drive_to_base: Callable[[Team, int], None]
    """Send a free team to a base from where it is."""
    begin_shift: Callable[[Team, int], None]
    """Bring a team on duty, until an instant. [ms]"""
    end_shift: Callable[[Team], None]
    """Take a team off duty, and see what becomes of the callout it has in hand."""
    choose_hospital_again: Callable[[Mission, list[int]], int | None]
    """Ask again where a team takes people, by the drives from where it is; return one. [ms]"""


class Run:
    """
    What the parts of one replication share.

    ``pending`` are those that wait, in the order of the queue rule; ``idle`` are callouts with
    teams on scene that only wait for others; ``left_behind`` lost a team to another callout at this
    instant.
    """

    __slots__ = (
        "act",
        "asking",
        "available",
        "boards",
        "clock",
        "env",
        "hooks",
        "idle",
        "left_behind",
        "local_travel",
        "needs",
        "pending",
        "period",
        "policies",
        "recorder",
        "replication",
        "seed",
        "tanks",
        "teams",
        "times",
        "travel",
        "waits",
        "world",
    )

    def __init__(
        self,
        env: RunEnvironment,
        world: World,
        policies: PolicySet,
        recorder: Recorder,
        asking: Consultation,
        seed: int,
        replication: int,
    ) -> None:
        self.env, self.clock = env, env
        self.world, self.policies = world, policies
        self.recorder, self.asking = recorder, asking
        self.seed, self.replication = seed, replication
        self.travel, self.times = world.travel, world.travel.times
        self.local_travel = expected(world.scenario.map.local_travel)
        self.needs = world.fleet.needs
        begins = self.clock.now
        self.tanks: Tanks | None = None  # where any team has one
        if any(crew.tank is not None for crew in world.fleet.crews):
            self.tanks = Tanks(world, env)
            recorder.follow_drives(self.tanks.note)  # of teams as they are made, too
        self.teams: list[Team] = [
            LoggedTeam(env, crew, self.local_travel, begins, recorder)
            if recorder.keeps_drives
            else Team(env, crew, self.local_travel, begins)
            for crew in world.fleet.crews
        ]
        self.available = Availability(world, self.teams, self.local_travel)
        self.hooks = Hooks()
        self.act: Operations  # once the dispatch centre is there
        self.boards: dict[str, MakeBoard] = {}  # by question, where its rule wants one
        # with one speed all day, as in textbook systems, there is no hour to look up
        self.period: Callable[[int], int] = (
            world.period if len(self.times) > 1 else _always_the_first
        )
        self.waits = asking.declared["queue"].waits  # callouts wait at all
        self.pending = PendingCallouts(asking.declared["queue"].changes, self.available.has_gaps)
        self.idle: list[OpenCallout] = []
        self.left_behind: list[OpenCallout] = []

    def scene_period(self, open_: OpenCallout, team: Team | None = None) -> int:
        """Return the travel period of drives to a callout now, of a team or the ordinary one."""
        period = self.world.to_scene(self.period(self.clock.now), open_.callout.priority)
        return period if team is None else self.world.for_team(period, team.number)

    def hospital_period(self, open_: OpenCallout, team: Team) -> int:
        """Return the travel period by which a team takes people of a callout to hospital now."""
        period = self.world.to_hospital(self.period(self.clock.now), open_.callout.priority)
        return self.world.for_team(period, team.number)

    def base_period(self, team: Team) -> int:
        """Return the travel period by which a team drives to a base now."""
        return self.world.for_team(self.period(self.clock.now), team.number)

    def board(self, question: str, now: int, period: int, about: int = NOBODY) -> StatusBoard:
        """
        Return the parts of the board that the rule of a question wants.

        ``period`` is the travel period of its drives, ``about`` the callout that the rule is asked
        about, or for relocation the team that has become free.
        """
        make = self.boards.get(question)
        return UNDECLARED if make is None else make(now, period, about)

    def must_stay(self, mission: Mission) -> bool:
        """Return whether a team may not be taken from its mission for another callout."""
        return any(stays_on(mission) for stays_on in self.hooks.stays_on)

    def can_come(self, open_: OpenCallout, team: Team) -> bool:
        """Return whether a team could be sent to a callout, as far as features know."""
        return not any(cannot(open_, team) for cannot in self.hooks.cannot_come)

    def make_unavailable(self, team: Team) -> None:
        """Let a team be free no longer: until it is free again, it is sent nowhere."""
        team.become_unavailable()
        self.available.make_unavailable(team)


def _always_the_first(at: int) -> int:
    return 0
