"""
Why a team could not be sent at an instant, worked out from the log and the world.

The log has missions, shifts, breaks, vehicles and closures; the world has bases, capabilities
and the travel times that the dispatcher believed. Nothing here was unknown to the dispatcher but
for the instants at which a reason ends, which are told in hindsight.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass, replace

from sim.log import (
    NO_ACCESS,
    CalloutRow,
    DecisionRow,
    Ending,
    Event,
    EventRow,
    KeptLog,
    MissionRow,
)
from sim.world import Disruptions, Epoch, TeamSpec, World, expected
from sim.world.road_travel.separation import separating

from .indexed_log import FOREVER, cleared


class Reason:
    """Why a team was not among those that could be sent."""

    CAPABILITY = "without the capability"  # nor any of those that were missing
    ASSEMBLING = "assembling"  # a crew on call, for another callout
    ON_CALLOUT = "on a callout"  # on its way or on scene
    TO_HOSPITAL = "on its way to hospital"
    AT_HOSPITAL = "at hospital"
    SENT = "sent already"  # to the same callout
    OFF_DUTY = "off duty"
    RESTING = "in its mandatory rest"  # by its limits, while its roster has it on duty
    IN_RESERVE = "in reserve"  # not called in
    CALLED_IN = "called in"  # not on duty yet
    BREAK = "on a break"
    RETURNING = "on its way home"  # where it cannot be sent before it is there
    NO_ACCESS_TO_BASE = "without access to its base"
    OUT_OF_SERVICE = "vehicle out of service"
    VEHICLE_TAKEN = "vehicle taken"
    NO_CREW = "no crew assembled"  # for this callout, before
    REFUSED = "refused at a checkpoint"  # on its way to this callout, and not to come again yet
    SMALL_CREW = "crew without the capability"  # that came together for the callout before
    NO_ACCESS = "no access"
    ELSEWHERE = "elsewhere"  # free, but not at its base
    FREE = "free"  # it could have been sent a moment later


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A team that could not be sent, and why. Instants and times in ms."""

    team: int
    arrival: int  # expected time from dispatched to on scene, had it been available
    at_base: bool  # from its base; or from the scene or hospital where it was
    reason: str
    since: int | None = None
    until: int | None = None  # None: until after the run, or not known to end
    mission: MissionRow | None = None
    who: tuple[int, ...] = ()  # closures, vehicles, a checkpoint
    holder: int | None = None  # the team that has the vehicle
    there: int | None = None  # of a free team elsewhere: its expected time from where it was
    base: int | None = None  # to which it had been relocated


class Whereabouts:
    """Where the teams of a run were, by its log."""

    def __init__(self, log: KeptLog, world: World) -> None:
        self.world = world
        self.local_travel = expected(world.scenario.map.local_travel)
        self.rows = {row.callout: row for row in log.callouts}
        self._separated: dict[tuple[int, int, tuple[int, ...]], tuple[int, ...]] = {}
        self.ended: dict[int, list[MissionRow]] = defaultdict(list)  # by instant
        self.missions: dict[int, list[MissionRow]] = defaultdict(list)
        self.on: dict[int, list[MissionRow]] = defaultdict(list)
        for m in sorted(log.missions, key=lambda m: (m.dispatched, cleared(m), m.team)):
            self.missions[m.team].append(m)
            self.on[m.callout].append(m)
            if m.cleared is not None:
                self.ended[m.cleared].append(m)
        self.events: dict[int, list[EventRow]] = defaultdict(list)  # by team
        self.about: dict[int, list[EventRow]] = defaultdict(list)  # by callout
        self.closures: dict[int, list[EventRow]] = defaultdict(list)  # known or reopened
        self.vehicles: dict[int, list[EventRow]] = defaultdict(list)
        for event in sorted(log.events, key=lambda event: event.at):
            self._note(event)
        self.decisions: dict[int, list[DecisionRow]] = defaultdict(list)  # of dispatch, by callout
        self.questions: dict[int, list[DecisionRow]] = defaultdict(list)  # others, by callout
        self.moves: dict[int, list[DecisionRow]] = defaultdict(list)
        self._order: dict[tuple[int, int, int | None], int] = {}  # of decisions to send a team
        for number, decision in enumerate(log.decisions):
            if decision.question == "dispatch":
                self._order[decision.at, decision.subject, decision.chosen] = number
                self.decisions[decision.subject].append(decision)
            elif decision.question == "relocation":
                if decision.chosen is not None:
                    self.moves[decision.subject].append(decision)
            elif decision.question != "staffing":
                self.questions[decision.subject].append(decision)

    def _note(self, event: EventRow) -> None:
        if event.callout is not None:
            self.about[event.callout].append(event)
        if event.team is not None:
            self.events[event.team].append(event)
        if event.what in (Event.CLOSURE_KNOWN, Event.REOPENED) and event.who is not None:
            self.closures[event.who].append(event)
        if event.what in _VEHICLES and event.who is not None:
            self.vehicles[event.who].append(event)

    # -- travel times as believed -----------------------------------------------------------------

    def _epoch(self, access: Disruptions, at: int) -> Epoch:
        number = bisect_right(access.epochs, at, key=lambda epoch: epoch.begins) - 1
        return access.epochs[max(number, 0)]

    def period(self, at: int) -> int:
        """Return the travel period at an instant, by what the dispatcher knew of closures."""
        access = self.world.access
        if access is None:
            return self.world.period(at)
        epoch = self._epoch(access, at)
        known = tuple(c for c in epoch.hidden if self._is_known(c, at))
        return epoch.minutes[known][self.world.clock.minute(at)]

    def _is_known(self, closure: int, at: int) -> bool:
        found = [event.what for event in self.closures[closure] if event.at <= at]
        return bool(found) and found[-1] == Event.CLOSURE_KNOWN

    def known_closures(self, at: int) -> tuple[int, ...]:
        """Return the closures in force at an instant that the dispatcher knew of."""
        if self.world.access is None:
            return ()
        epoch = self._epoch(self.world.access, at)
        return tuple(c for c in epoch.closed if c not in epoch.hidden or self._is_known(c, at))

    def _closures_between(self, origin: int, goal: int, closed: tuple[int, ...]) -> tuple[int, ...]:
        """Return those of some closures that separate one place from another."""
        key = origin, goal, closed
        if key not in self._separated:
            self._separated[key] = separating(self.world.travel, origin, goal, closed)
        return self._separated[key]

    def closures_around(self, place: int, at: int) -> tuple[int, ...]:
        """Return the closures, known or not, by which no base has access to a place."""
        if self.world.access is None:
            return ()
        closed = self._epoch(self.world.access, at).closed
        bases = dict.fromkeys(self.world.fleet.base_places)
        met = {c for base in bases for c in self._closures_between(base, place, closed)}
        return tuple(sorted(met))

    def scene_period(self, at: int, priority: int) -> int:
        """Return the travel period of drives to a scene that begin at an instant, by priority."""
        return self.world.to_scene(self.period(at), priority)

    def from_base(self, team: int, goal: int, at: int, priority: int) -> int:
        """Return after what time a team at its base would be expected at a scene. [ms]"""
        crew = self.world.fleet.crews[team]
        drive = self.world.travel.times[self.scene_period(at, priority)][crew.place][goal]
        return drive + crew.expected_turnout + self.local_travel

    # -- teams that could not be sent -------------------------------------------------------------

    def nearer(self, row: CalloutRow, decision: DecisionRow, by: int = 1) -> list[Unavailable]:
        """
        Return the teams that would have been on scene sooner than the one sent, nearest first.

        Where none was sent: sooner than the nearest candidate, or all where there was none. They
        would have been sooner ``by`` so much at least. [ms]
        """
        at, arrivals = decision.at, dict(zip(decision.candidates, decision.arrivals, strict=True))
        limit = min(arrivals.values(), default=FOREVER)
        if decision.chosen is not None:
            limit = arrivals[decision.chosen]
        found = []
        for crew in self.world.fleet.crews:
            if crew.number == decision.chosen:
                continue
            if crew.number in arrivals:
                one = self._elsewhere(crew, row, at, arrivals[crew.number])
            else:
                one = self.unavailable(crew.number, row, decision)
            if one is not None and one.arrival <= limit - by:
                found.append(one)
        return sorted(found, key=lambda one: (one.arrival, one.team))

    def _elsewhere(
        self, crew: TeamSpec, row: CalloutRow, at: int, arrival: int
    ) -> Unavailable | None:
        """Return that a free team was farther away than from its base; None if it was not."""
        usual = self.from_base(crew.number, row.place, at, row.priority)
        if usual >= arrival:
            return None
        last = self.last_ended(crew.number, at)
        moves = [
            d
            for d in self.moves[crew.number]
            if d.at <= at and (last is None or d.at >= cleared(last))
        ]
        base = moves[-1].chosen if moves and moves[-1].chosen != crew.base else None
        return Unavailable(
            crew.number, usual, True, Reason.ELSEWHERE, mission=last, there=arrival, base=base,
            since=moves[-1].at if base is not None else None,
        )  # fmt: skip

    def unavailable(self, team: int, row: CalloutRow, decision: DecisionRow) -> Unavailable:
        """Return why a team could not be sent to a callout when a decision was taken."""
        at = decision.at
        found = self.unavailable_at(team, row, at)
        # what happens at one instant has an order: was it so before or after the decision?
        if found.reason == Reason.FREE or self._is_sent_later(found.mission, decision):
            before = self.unavailable_at(team, row, at - 1)
            if before.reason != Reason.FREE:
                return before
        return found

    def _is_sent_later(self, m: MissionRow | None, decision: DecisionRow) -> bool:
        """Return whether a mission began at the instant of a decision, and after it."""
        if m is None or m.dispatched < decision.at:
            return False
        order = self._order
        own = order.get((decision.at, decision.subject, decision.chosen), -1)
        return order.get((m.dispatched, m.callout, m.team), -1) > own

    def unavailable_at(self, team: int, row: CalloutRow, at: int) -> Unavailable:
        """Return the same at an instant, whatever else was decided then."""
        crew, need = self.world.fleet.crews[team], self.world.fleet.needs[row.kind]
        usual = self.from_base(team, row.place, at, row.priority)
        here = Unavailable(team, usual, True, Reason.FREE)
        if need.capabilities and not self._could_bring(crew) & need.capabilities:
            return replace(here, reason=Reason.CAPABILITY)
        mission = self._mission(team, at)
        if mission is not None:
            return self._on_mission(here, mission, row, at)
        for find in (self._duty, self._outside_missions, self._missed, self._vehicle):
            found = find(here, crew, row, at)
            if found is not None:
                return found
        if usual >= NO_ACCESS:
            return self._without_access(here, crew, row, at)
        last = self.last_ended(team, at)
        if last is not None and self._place_after(last) is not None:
            place = self._place_after(last)
            assert place is not None
            if self.world.travel.times[self.period(at)][place][row.place] >= NO_ACCESS:
                who = self._closures_between(place, row.place, self.known_closures(at))
                return replace(here, reason=Reason.NO_ACCESS, mission=last, who=who)
        if crew.assembly_spec is not None and last is not None and need.capabilities:
            return replace(here, reason=Reason.SMALL_CREW, mission=last)
        return here

    def _place_after(self, m: MissionRow) -> int | None:
        """Return where a mission ended, if on scene or at hospital."""
        if m.at_hospital is not None and m.hospital is not None:
            return self.world.hospitals[m.hospital]
        return None if m.on_scene is None else self._place_of(m)

    def _place_of(self, m: MissionRow) -> int | None:
        """Return where a mission's callout is, None if it was received in the warm-up."""
        row = self.rows.get(m.callout)
        return None if row is None else row.place

    def _could_bring(self, crew: TeamSpec) -> int:
        brings = crew.capabilities
        for number in crew.vehicles:
            brings |= self.world.fleet.vehicles[number].capabilities
        return brings

    def _mission(self, team: int, at: int) -> MissionRow | None:
        """Return the mission a team is on."""
        own = self.missions[team]
        begun = bisect_right(own, at, key=lambda m: m.dispatched)
        return next((m for m in reversed(own[:begun]) if cleared(m) > at), None)

    def last_ended(self, team: int, at: int) -> MissionRow | None:
        """Return the last mission that a team had ended."""
        return max((m for m in self.missions[team] if cleared(m) <= at), key=cleared, default=None)

    def _on_mission(
        self, here: Unavailable, m: MissionRow, row: CalloutRow, at: int
    ) -> Unavailable:
        times = self.world.travel.times[self.scene_period(at, row.priority)]
        since, until = m.dispatched, m.cleared
        reason, place = Reason.ON_CALLOUT, None
        if m.callout == row.callout:
            reason = Reason.SENT
        elif m.at_hospital is not None and m.at_hospital <= at and m.hospital is not None:
            reason, place = Reason.AT_HOSPITAL, self.world.hospitals[m.hospital]
            since = m.at_hospital
        elif m.left is not None and m.left <= at:
            reason, since = Reason.TO_HOSPITAL, m.left
        elif m.on_scene is not None and m.on_scene <= at:
            place = self._place_of(m)
        elif self.world.fleet.crews[m.team].assembly_spec and (
            m.en_route is None or m.en_route > at
        ):
            reason = Reason.ASSEMBLING
        arrival, at_base = here.arrival, True
        if place is not None and times[place][row.place] + self.local_travel < arrival:
            arrival, at_base = times[place][row.place] + self.local_travel, False
        return replace(
            here,
            arrival=arrival,
            at_base=at_base,
            reason=reason,
            since=since,
            until=until,
            mission=m,
        )

    def _duty(
        self, here: Unavailable, crew: TeamSpec, row: CalloutRow, at: int
    ) -> Unavailable | None:
        events = self.events[crew.number]
        called = [(e.at, e.until or FOREVER) for e in events if e.what == Event.ON_DUTY]
        stretches = sorted([*crew.duty, *called])
        if any(begins <= at < ends for begins, ends in stretches):
            return self._mandatory_rest(here, events, at)
        if crew.reserve is not None:
            for event in reversed(events):
                if event.what == Event.CALLED_IN and event.at < at < (event.until or 0):
                    return replace(here, reason=Reason.CALLED_IN, since=event.at, until=event.until)
            return replace(here, reason=Reason.IN_RESERVE)
        since = max((ends for _, ends in stretches if ends <= at), default=None)
        until = min((begins for begins, _ in stretches if begins > at), default=None)
        return replace(here, reason=Reason.OFF_DUTY, since=since, until=until)

    def _mandatory_rest(
        self, here: Unavailable, events: list[EventRow], at: int
    ) -> Unavailable | None:
        for event in reversed(events):
            if event.what == Event.MANDATORY_REST and event.at <= at < (event.until or FOREVER):
                return replace(here, reason=Reason.RESTING, since=event.at, until=event.until)
        return None

    def _outside_missions(
        self, here: Unavailable, crew: TeamSpec, row: CalloutRow, at: int
    ) -> Unavailable | None:
        """Return a break, a drive home or a road without access that keeps a team."""
        last = self.last_ended(crew.number, at)
        duty = max((begins for begins, _ in crew.duty if begins <= at), default=-FOREVER)
        for event in reversed(self.events[crew.number]):
            if event.at > at:
                continue
            until = FOREVER if event.until is None else event.until
            shown = replace(here, since=event.at, until=event.until)
            if event.what == Event.BREAK and at < until and event.at >= duty:
                return replace(shown, reason=Reason.BREAK)
            is_last = last is None or cleared(last) <= event.at
            if event.what == Event.RETURNING and at < until and is_last:
                return replace(shown, reason=Reason.RETURNING, mission=last)
            if event.what == Event.ACCESS_TO_BASE_AGAIN:
                return None
            if event.what == Event.NO_ACCESS_TO_BASE and event.at >= duty:
                place, known = last and self._place_of(last), self.known_closures(at)
                who = () if place is None else self._closures_between(place, crew.place, known)
                return replace(shown, reason=Reason.NO_ACCESS_TO_BASE, mission=last, who=who)
        return None

    def _missed(
        self, here: Unavailable, crew: TeamSpec, row: CalloutRow, at: int
    ) -> Unavailable | None:
        """Return that a team was sent to the same callout before and is not sent again yet."""
        access = self.world.access
        for m in reversed(self.on[row.callout]):
            if m.team != crew.number or cleared(m) > at:
                continue
            if m.ending == Ending.NO_CREW_ASSEMBLED:
                return replace(here, reason=Reason.NO_CREW, since=m.cleared, mission=m)
            if m.ending == Ending.REFUSED_AT_CHECKPOINT and access is not None:
                for event in self.about[row.callout]:
                    is_it = (event.what, event.team, event.at) == (_REFUSED, m.team, m.cleared)
                    if is_it and event.who is not None:
                        until = event.at + access.retry_after[event.who]
                        if at < until:
                            who = (event.who,)
                            return replace(
                                here, reason=Reason.REFUSED, since=event.at, until=until, who=who
                            )
        return None

    def _vehicle(
        self, here: Unavailable, crew: TeamSpec, row: CalloutRow, at: int
    ) -> Unavailable | None:
        """Return that the vehicles with which a team could help were taken or out of service."""
        if not crew.vehicles:
            return None
        need, cars = self.world.fleet.needs[row.kind].capabilities, self.world.fleet.vehicles
        own = [n for n in crew.vehicles if self.holder(n, at) == crew.number]
        helps = [n for n in own or crew.vehicles if not need or cars[n].capabilities & need]
        if crew.capabilities & need:
            helps = list(own or crew.vehicles)
        for number in helps:
            out = self._outage(number, at)
            if out is not None:
                return replace(
                    here, reason=Reason.OUT_OF_SERVICE, since=out.at, until=out.until, who=(number,)
                )
        for number in helps or crew.vehicles:
            holder = self.holder(number, at)
            if holder is not None and holder != crew.number:
                return replace(here, reason=Reason.VEHICLE_TAKEN, who=(number,), holder=holder)
        return replace(here, reason=Reason.CAPABILITY) if not helps else None

    def holder(self, vehicle: int, at: int) -> int | None:
        """Return the team that has taken a vehicle, None while it is at its base."""
        moves = [e for e in self.vehicles[vehicle] if e.what != Event.OUT_OF_SERVICE]
        before = [e for e in moves if e.at <= at]
        if before:
            return before[-1].team if before[-1].what == Event.VEHICLE_TAKEN else None
        if moves and moves[0].what == Event.VEHICLE_AT_BASE:  # out since the warm-up
            return moves[0].team
        return None

    def _outage(self, vehicle: int, at: int) -> EventRow | None:
        for event in self.vehicles[vehicle]:
            if event.what == Event.OUT_OF_SERVICE and event.at <= at < (event.until or FOREVER):
                return event
        return None

    def _without_access(
        self, here: Unavailable, crew: TeamSpec, row: CalloutRow, at: int
    ) -> Unavailable:
        drives = [times[crew.place][row.place] for times in self.world.travel.times]
        usual = min(drives) + crew.expected_turnout + self.local_travel
        who = self._closures_between(crew.place, row.place, self.known_closures(at))
        return replace(here, reason=Reason.NO_ACCESS, arrival=usual, who=who)


_REFUSED = Event.REFUSED_AT_CHECKPOINT
_VEHICLES = (Event.VEHICLE_TAKEN, Event.VEHICLE_AT_BASE, Event.OUT_OF_SERVICE)
