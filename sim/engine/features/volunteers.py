"""
Volunteers: who is alerted for a callout, who comes, and when the crew leaves.

All of it is drawn when the team is sent, by keys of callout and person, so what one alternative
decides changes no draws in another. The dispatcher learns of it only as it happens.

Assumed: who has accepted comes, even when the crew has left, unless drawn not to; who comes too
late goes home. A crew that has its minimum and its capabilities leaves, however many more are on
the way. Each alert in the 24 hours before lowers the chance of accepting by the same factor.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush

from sim.local_clock import LocalClock
from sim.log import MS_PER_DAY, Ending, Event
from sim.world import CrewAssembly, Draws, VolunteerPool

from ..foundation.hooks import Run
from ..foundation.state import Mission, OpenCallout, Team

WAVE, ANSWER, ARRIVED = range(3)  # order of what happens at the same instant


def is_in(run: Run) -> bool:
    """Return whether any team's crew has to assemble first."""
    return any(team.crew.assembly_spec is not None for team in run.teams)


def install(run: Run) -> None:
    """Have volunteers alerted, and leave with those who came."""
    volunteers, hooks = VolunteerPools(run), run.hooks
    hooks.assembles.append(volunteers.alert)
    hooks.crew_leaves.append(volunteers.on_time_to_leave)
    hooks.ends.append(volunteers.on_mission_end)


@dataclass(slots=True)
class AssemblyPlan:
    """How a crew assembles: all that will happen, in order, until it turns out and after."""

    leaves: int  # when the crew turns out, or is at its time-out [ms]
    crew: tuple[int, ...]  # persons in it; none: it does not turn out
    capabilities: int  # of those required, the ones it has; one bit each
    happened: list[tuple[int, str, int]]  # when, word of ``Event``, person


@dataclass(slots=True)
class _Assembly:
    """A crew that assembles now."""

    team: int
    callout: int
    spec: CrewAssembly
    plan: AssemblyPlan


@dataclass(slots=True)
class _PoolState:
    """A pool's state: who was alerted when, and who is out with which team."""

    alerts: list[list[int]]
    out: dict[int, int] = field(default_factory=dict)  # person: team


class VolunteerPools:
    """All volunteers of a run."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.pools = run.world.fleet.pools
        self.states = [_PoolState([[] for _ in range(pool.people)]) for pool in self.pools]
        self.draws = Draws(run.world.fleet, run.seed, run.replication)
        self.assemblies: dict[int, _Assembly] = {}  # by team

    def alert(self, team: Team, open_: OpenCallout) -> int | None:
        """Alert a team's volunteers; return in how long the crew leaves, None if none. [ms]"""
        spec = team.crew.assembly_spec
        if spec is None:
            return None
        now, pool = self.run.clock.now, self.pools[spec.pool]
        state = self.states[pool.number]
        self._expect_whole_crew(team, spec)
        self._end_alert(state)
        draws = self.draws.volunteers(pool.number, open_.marks.key)
        plan = _AlertRun(pool, spec, state, draws, now, self.run.world.clock, team.crew_size).play()
        self.assemblies[team.number] = _Assembly(team.number, open_.number, spec, plan)
        for at, what, person in plan.happened:
            if what == Event.ALERTED:
                state.alerts[person].append(at)
                state.out[person] = team.number  # nobody else can alert them meanwhile
        return plan.leaves - now

    def _expect_whole_crew(self, team: Team, spec: CrewAssembly) -> None:
        """Count on all that a crew can bring, whoever came the last time."""
        people = team.crew.people
        if team.vehicle is not None:
            people = min(people, self.run.world.fleet.vehicles[team.vehicle].seats)
        team.have_crew(people, team.capabilities | spec.capabilities)

    def _end_alert(self, state: _PoolState) -> None:
        """Let those be alerted again whose team is back at its base, or off it."""
        now = self.run.clock.now
        for person, number in list(state.out.items()):
            team = self.run.teams[number]
            if team.mission is None and (not team.free or now >= team.drive.rests_from):
                del state.out[person]

    def on_time_to_leave(self, mission: Mission) -> int | None:
        """
        Let the crew leave its base with those present.

        Returns in how long its alarm rings; None if it does not turn out, and its mission is over.
        """
        run, act, team, open_ = self.run, self.run.act, mission.team, mission.open
        now = run.clock.now
        self._leave(mission)
        if team.crew_size:
            act.serve_again(open_)  # fewer may have come than the dispatcher counted on
            for hook in run.hooks.leaves_base:
                hook(mission)
            return act.settle_drive(mission) - now
        open_.exclude(team)
        mission.stay_away()
        act.end_mission(mission, Ending.NO_CREW_ASSEMBLED)
        team.park(team.crew.place, now)
        team.expect_whole_crew()
        for at_base in run.hooks.at_base:
            at_base(team)
        if team.on_duty:
            team.become_free()
            act.rest(team)
        act.serve_again(open_)
        act.serve_queue()
        return None

    def _leave(self, mission: Mission) -> None:
        """Give the team the people and capabilities of those who came."""
        team, now = mission.team, self.run.clock.now
        assembly = self.assemblies.pop(team.number)
        plan = assembly.plan
        self._settle(assembly, now, left=True)
        mission.assemble()
        missing = assembly.spec.capabilities & ~plan.capabilities
        team.have_crew(len(plan.crew), team.capabilities & ~missing)
        what = Event.CREW_TURNED_OUT if plan.crew else Event.NO_CREW_ASSEMBLED
        self._note(now, what, assembly, len(plan.crew))

    def on_mission_end(self, mission: Mission, ending: str) -> None:
        """Send home a crew that is stood down while it assembles."""
        if mission.assembling:
            assembly = self.assemblies.pop(mission.team.number)
            self._settle(assembly, self.run.clock.now, left=False)

    def _settle(self, assembly: _Assembly, now: int, left: bool) -> None:
        """Note what has happened by now, and what can no longer be stopped."""
        state, crew = self.states[assembly.spec.pool], assembly.plan.crew
        answered: set[int] = set()
        for at, what, person in assembly.plan.happened:
            arrived = what == Event.ARRIVED
            if at > now and not (arrived and person in answered):
                if what == Event.ALERTED:
                    state.alerts[person].remove(at)
                    state.out.pop(person, None)
                continue
            if what == Event.ACCEPTED:
                answered.add(person)
            stays = bool(crew) and person not in crew
            late = arrived and (at > now or not left or stays)
            self._note(at, Event.ARRIVED_TOO_LATE if late else what, assembly, person)
        for person in [p for p, n in state.out.items() if n == assembly.team]:
            if not left or person not in crew:
                del state.out[person]

    def _note(self, at: int, what: str, assembly: _Assembly, who: int) -> None:
        self.run.recorder.event_at(at, what, assembly.team, assembly.callout, who)


class _AlertRun:
    """
    One alert, played through: waves, answers and arrivals in order of time.

    First alerted are those who bring most of the required capabilities that nobody who has accepted
    brings; among equals those alerted least often, so that the load is shared; then by number. So
    people without such a capability, however many there are, never delay who has it.
    """

    def __init__(
        self,
        pool: VolunteerPool,
        assembly: CrewAssembly,
        state: _PoolState,
        draws: list[tuple[float, int, int, bool]],
        now: int,
        clock: LocalClock,
        wanted: int,  # people who have a seat
    ) -> None:
        self.pool, self.assembly, self.state, self.draws = pool, assembly, state, draws
        self.now, self.clock, self.wanted = now, clock, wanted
        self.lacking = assembly.capabilities  # that nobody who has accepted brings
        self.order = [p for p in range(pool.people) if p not in state.out]  # to be alerted
        self._sort()
        self.due: list[tuple[int, int, int]] = []  # when, what, person or size of a wave
        self.happened: list[tuple[int, str, int]] = []
        self.accepted = 0
        self.there: list[int] = []

    def play(self) -> AssemblyPlan:
        """Return what will happen."""
        for after, people in self.assembly.waves:
            heappush(self.due, (self.now + after, WAVE, people))
        last = self.now + self.assembly.assembly_timeout
        leaves = last
        while self.due and self.due[0][0] <= last:
            at, what, number = heappop(self.due)
            if what == WAVE:
                if self.accepted < self.wanted:
                    self._alert(at, number)
            elif what == ANSWER:
                self._answers(at, number)
            else:
                self.happened.append((at, Event.ARRIVED, number))
                self.there.append(number)
                if self._is_complete():
                    leaves = at
                    break
        crew = self._crew()
        capabilities = self._brought_by(crew)
        if self.assembly.never_without & ~capabilities:
            crew, capabilities = (), 0
        # who has accepted is on the way and comes, though the crew has left
        late = [(at, Event.ARRIVED, p) for at, what, p in sorted(self.due) if what == ARRIVED]
        return AssemblyPlan(leaves, crew, capabilities, [*self.happened, *late])

    def _sort(self) -> None:
        alerts = self.state.alerts
        self.order.sort(key=lambda p: (-self._brings(p, self.lacking), len(alerts[p]), p))

    def _alert(self, at: int, people: int) -> None:
        if self.pool.until is not None and at >= self.pool.until:
            return
        for person in self.order[:people]:
            self.happened.append((at, Event.ALERTED, person))
            heappush(self.due, (at + self.draws[person][1], ANSWER, person))
        del self.order[:people]

    def _answers(self, at: int, person: int) -> None:
        accepts, _, comes, shows = self.draws[person]
        if accepts >= self._acceptance(at, person):
            self.happened.append((at, Event.DECLINED, person))
            if self.assembly.replace and self.accepted < self.wanted:
                self._alert(at, 1)
            return
        self.happened.append((at, Event.ACCEPTED, person))
        self.accepted += 1
        if self._brings(person, self.lacking):
            self.lacking &= ~self.pool.capabilities[person]
            self._sort()
        if shows:
            heappush(self.due, (at + comes, ARRIVED, person))

    def _acceptance(self, at: int, person: int) -> float:
        """
        Return how likely a person accepts: by the hour, and less with each recent alert.

        ``acceptance * hours[h] * (1 - alert_fatigue) ** n``, n alerts in the last 24 hours
        (assumed).
        """
        hour = self.clock.hour(at)
        recent = sum(1 for alert in self.state.alerts[person] if alert > at - MS_PER_DAY)
        pool = self.pool
        return float(pool.acceptance * pool.hours[hour] * (1 - pool.alert_fatigue) ** recent)

    def _is_complete(self) -> bool:
        if len(self.there) < min(self.assembly.minimum, self.wanted):
            return False
        return not self.assembly.capabilities & ~self._brought_by(self._crew())

    def _crew(self) -> tuple[int, ...]:
        """Return who turns out of those there: whoever is required, then in order of arrival."""
        missing, first = self.assembly.capabilities, []
        for person in sorted(self.there, key=lambda p: -self._brings(p, missing)):
            if missing & self.pool.capabilities[person]:
                first.append(person)
                missing &= ~self.pool.capabilities[person]
        others = [person for person in self.there if person not in first]
        crew = (first + others)[: self.wanted]
        return tuple(person for person in self.there if person in crew)

    def _brings(self, person: int, wanted: int) -> int:
        """Return how many of these capabilities a person has."""
        return (wanted & self.pool.capabilities[person]).bit_count()

    def _brought_by(self, people: Iterable[int]) -> int:
        """Return all the capabilities that some people have; one bit each."""
        capabilities = 0
        for person in people:
            capabilities |= self.pool.capabilities[person]
        return capabilities
