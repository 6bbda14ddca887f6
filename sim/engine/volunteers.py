"""
Volunteers: who is alerted for a callout, who comes, and when the crew leaves.

All of it is drawn when the team is sent, by keys of callout and person, so what one alternative
decides changes no draws in another. The dispatcher learns of it only as it happens.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from sim.log import MS_PER_DAY, MS_PER_HOUR, Event
from sim.world import CrewAssembly, Draws, VolunteerPool

from .callout import OpenCallout
from .team import Team

if TYPE_CHECKING:
    from .dispatcher import Dispatcher

WAVE, ANSWER, ARRIVED = range(3)  # order of what happens at the same instant


@dataclass(slots=True)
class AssemblyPlan:
    """How a crew assembles: all that will happen, in order, until it turns out and after."""

    team: int
    callout: int
    leaves: int  # when the crew turns out, or is at its time-out [ms]
    crew: tuple[int, ...]  # persons in it; none: it does not turn out
    capabilities: int  # of those required, the ones it has; one bit each
    happened: list[tuple[int, str, int]]  # when, word of ``Event``, person


@dataclass(slots=True)
class _PoolState:
    """A pool's state: who was alerted when, and who is out with which team."""

    alerts: list[list[int]]
    out: dict[int, int] = field(default_factory=dict)  # person: team


class VolunteerPools:
    """All volunteers of a run."""

    def __init__(self, dispatcher: Dispatcher, seed: int, replication: int) -> None:
        self.dispatcher = dispatcher
        self.pools = dispatcher.world.fleet.pools
        self.states = [_PoolState([[] for _ in range(pool.people)]) for pool in self.pools]
        self.draws = Draws(dispatcher.world.fleet, seed, replication)

    def alert(self, team: Team, open_: OpenCallout) -> int:
        """Alert the volunteers of a team; return the time until the crew leaves. [ms]"""
        assembly = team.crew.assembly_spec
        assert assembly is not None
        now, pool = self.dispatcher.clock.now, self.pools[assembly.pool]
        state = self.states[pool.number]
        self._expect_whole_crew(team)
        self._end_alert(state)
        draws = self.draws.volunteers(pool.number, open_.marks.key)
        call = _AlertRun(pool, assembly, state, draws, now, self._hours(), team.people)
        found = call.play()
        found.team, found.callout = team.number, open_.callout.number
        team.assembly = found
        for at, what, person in found.happened:
            if what == Event.ALERTED:
                state.alerts[person].append(at)
                state.out[person] = team.number  # nobody else can alert them meanwhile
        return found.leaves - now

    def _expect_whole_crew(self, team: Team) -> None:
        """Count on all that a crew can bring, whoever came the last time."""
        assembly, people = team.crew.assembly_spec, team.crew.people
        assert assembly is not None
        if team.vehicle is not None:
            people = min(people, self.dispatcher.world.fleet.vehicles[team.vehicle].seats)
        team.people = people
        team.capabilities |= assembly.capabilities

    def _hours(self) -> int:
        return self.dispatcher.world.start_of_day

    def _end_alert(self, state: _PoolState) -> None:
        """Let those be alerted again whose team is back at its base, or off it."""
        now = self.dispatcher.clock.now
        for person, number in list(state.out.items()):
            team = self.dispatcher.teams[number]
            if team.open is None and (not team.free or now >= team.rests_from):
                del state.out[person]

    def leave(self, team: Team) -> None:
        """Let the crew turn out with those present; the team gets its people and capabilities."""
        found, assembly = team.assembly, team.crew.assembly_spec
        assert found is not None
        assert assembly is not None
        self._settle(found, self.dispatcher.clock.now, left=True)
        team.assembly = None
        team.people = len(found.crew)
        team.capabilities &= ~(assembly.capabilities & ~found.capabilities)
        what = Event.CREW_TURNED_OUT if found.crew else Event.NO_CREW_ASSEMBLED
        self._note(self.dispatcher.clock.now, what, found, len(found.crew))

    def stand_down(self, team: Team) -> None:
        """Send home a crew that is stood down while it assembles."""
        found = team.assembly
        assert found is not None
        self._settle(found, self.dispatcher.clock.now, left=False)
        team.assembly = None

    def _settle(self, found: AssemblyPlan, now: int, left: bool) -> None:
        """Note what has happened by now, and what can no longer be stopped."""
        assembly_spec = self.dispatcher.teams[found.team].crew.assembly_spec
        assert assembly_spec is not None
        state = self.states[assembly_spec.pool]
        answered: set[int] = set()
        for at, what, person in found.happened:
            arrived = what == Event.ARRIVED
            if at > now and not (arrived and person in answered):
                if what == Event.ALERTED:
                    state.alerts[person].remove(at)
                    state.out.pop(person, None)
                continue
            if what == Event.ACCEPTED:
                answered.add(person)
            stays = bool(found.crew) and person not in found.crew
            late = arrived and (at > now or not left or stays)
            self._note(at, Event.ARRIVED_TOO_LATE if late else what, found, person)
        for person in [p for p, n in state.out.items() if n == found.team]:
            if not left or person not in found.crew:
                del state.out[person]

    def _note(self, at: int, what: str, found: AssemblyPlan, who: int) -> None:
        self.dispatcher.recorder.event_at(at, what, found.team, found.callout, who)


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
        start_of_day: int,
        wanted: int,  # people who have a seat
    ) -> None:
        self.pool, self.assembly, self.state, self.draws = pool, assembly, state, draws
        self.now, self.start_of_day, self.wanted = now, start_of_day, wanted
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
        skills = self._brought_by(crew)
        if self.assembly.never_without & ~skills:
            crew, skills = (), 0
        # who has accepted is on the way and comes, though the crew has left
        late = [(at, Event.ARRIVED, p) for at, what, p in sorted(self.due) if what == ARRIVED]
        return AssemblyPlan(0, 0, leaves, crew, skills, [*self.happened, *late])

    def _sort(self) -> None:
        alerts = self.state.alerts
        self.order.sort(key=lambda p: (-self._brings(p, self.lacking), len(alerts[p]), p))

    def _alert(self, at: int, people: int) -> None:
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
        """Return how likely a person accepts: by the hour, and less with each recent alert."""
        hour = (at + self.start_of_day) // MS_PER_HOUR % 24
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
        skills = 0
        for person in people:
            skills |= self.pool.capabilities[person]
        return skills
