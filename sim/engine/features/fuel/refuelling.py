"""
Fuel: teams fill up at bases that have some, and are sent only as far as their tanks last.

A team that is back at a base with fuel fills its tank as far as the stock allows, at once or in the
time it takes. It is sent to a callout, or to wait at another base, only if it would have its
reserve left back at its own base, by the ways that are believed then. At a base without stock a
team that could be sent to no other place stands until fuel is delivered.

Assumed: the dispatcher knows what is in each tank. Who has to go farther than was foreseen, because
of a closure that it meets or of another hospital, and whose tank is empty by then, is brought what
it burns beyond, and that is counted. The way home of a crew off duty is not simulated; at the
beginning of its shift it is filled up in no time. Deliveries come on time and are never too much.
"""

from __future__ import annotations

from collections.abc import Generator

import simpy

from sim.log import Event
from sim.world import Depot

from ...foundation.hooks import Run
from ...foundation.state import Mission, OpenCallout, Team
from .reach import Reach

UL_PER_ML = 1000


def is_in(run: Run) -> bool:
    """Return whether any team has a tank."""
    return run.tanks is not None


def install(run: Run) -> None:
    """Fill tanks, and let teams be sent no farther than these last."""
    fuel, hooks = Refuelling(run), run.hooks
    hooks.starts.append(fuel.start)
    hooks.over.append(fuel.end)
    hooks.cannot_come.append(fuel.cannot_come)
    hooks.out_of_reach.append(fuel.reach.cannot_wait)
    hooks.ends.append(fuel.on_mission_end)
    hooks.drives_to_base.append(fuel.on_drive_to_base)
    hooks.at_base.append(fuel.on_return)
    hooks.becomes_available.append(fuel.takes)
    hooks.rests.append(fuel.has_to_stand)
    hooks.off_duty.append(fuel.on_off_duty)
    hooks.reopened.append(fuel.on_reopened)


class Refuelling:
    """The fuel at the bases of a run, and the teams that fill up or stand. [ul]"""

    def __init__(self, run: Run) -> None:
        assert run.tanks is not None
        self.run, self.clock, self.tanks = run, run.clock, run.tanks
        self.reach = Reach(run, run.tanks)
        self.depots: tuple[Depot | None, ...] = run.world.fleet.depots or (None,) * len(
            run.world.fleet.bases
        )
        self.stock = [None if depot is None else depot.stock for depot in self.depots]
        begins = self.clock.now
        self.empty = {base: begins for base, stock in enumerate(self.stock) if stock == 0}
        self.standing: dict[int, int] = {}  # teams without fuel, and since when
        self.filling: dict[int, int] = {}  # teams that fill up, and until when
        self.filled: dict[int, int] = {}  # when each was filled last
        self.told: set[tuple[int, int]] = set()  # teams too far for a callout since they filled up
        self.delivered, self.taken = [0] * len(self.depots), [0] * len(self.depots)

    def start(self) -> None:
        """Have fuel delivered."""
        for base, depot in enumerate(self.depots):
            if depot is not None and depot.every:
                self.run.env.process(self._deliveries(base, depot))

    def end(self) -> None:
        """Note who stands, and which base is empty, when the run is over."""
        for number, since in sorted(self.standing.items()):
            self._note(Event.WITHOUT_FUEL, number, None, self.run.world.ends, at=since)
        for base, since in sorted(self.empty.items()):
            self._note(Event.DEPOT_EMPTY, None, base, at=since)

    def _note(
        self, what: str, team: int | None, who: int | None, until: int | None = None,
        at: int | None = None,
    ) -> None:  # fmt: skip
        self.run.recorder.fuel(self.clock.now if at is None else at, what, team, who, until)

    # -- who can be sent --------------------------------------------------------------------------

    def cannot_come(self, open_: OpenCallout, team: Team) -> bool:
        """Return whether a team's tank does not last for a callout and the way home."""
        if team.crew.tank is None:
            return False
        lacks = self.reach.lacks(team, open_)
        if lacks <= 0:
            return False
        case = open_.number, team.number
        if case not in self.told:
            self.told.add(case)
            missing = -(-lacks // UL_PER_ML)
            self.run.recorder.event(Event.TOO_LITTLE_FUEL, team.number, open_.number, missing)
        return True

    def on_mission_end(self, mission: Mission, ending: str) -> None:
        """Burn what the engine needed on scene."""
        if mission.on_scene is not None:
            until = self.clock.now if mission.left is None else mission.left
            self.tanks.stay(mission.team, until - mission.on_scene)

    # -- filling up -------------------------------------------------------------------------------

    def on_drive_to_base(self, team: Team) -> None:
        """Fill up a free team when it is at the base to which it drives."""
        if team.crew.tank is not None:
            self.run.env.process(self._arrival(team, team.drive.arrives))

    def on_reopened(self) -> None:
        """See to teams, too, that had no access to a base and drive there now."""
        for team in self.run.teams:
            drive = team.drive
            if team.free and self.clock.now < drive.arrives == drive.rests_from:
                self.on_drive_to_base(team)

    def _arrival(self, team: Team, arrives: int) -> Generator[simpy.Event, None, None]:
        yield self.run.env.timeout(max(arrives - self.clock.now, 0))
        if team.free and team.mission is None and team.drive.rests_from == arrives:
            self._attend(team)
            self.run.act.serve_queue()

    def on_return(self, team: Team) -> None:
        """Fill up a team that has to be at its base before it is free."""
        if team.crew.tank is not None and self._fill(team):
            self.filled[team.number] = self.clock.now

    def takes(self, team: Team) -> bool:
        """Let a team wait that was filled up at this instant, if that takes time."""
        tank = team.crew.tank
        if tank is None or not tank.refuelling:
            return False
        if self.filled.pop(team.number, None) != self.clock.now:
            return False
        self._hold(team, tank.refuelling)
        return True

    def _attend(self, team: Team) -> None:
        """Fill up a free team at a base, and see whether it can be sent anywhere."""
        tank = self.tanks.of(team)
        if self._fill(team) and tank.refuelling:
            self._release(team)
            self._hold(team, tank.refuelling)
        elif not self.reach.stands(team):
            self._release(team)
        elif team.waits_at != team.crew.base:
            self._release(team)
            self.run.act.drive_to_base(team, team.crew.base)
        elif team.number not in self.standing:
            self.run.available.make_unavailable(team)
            self._stand(team)

    def _fill(self, team: Team) -> int:
        """Fill a team's tank at the base where it is; return how much it takes. [ul]"""
        base, tank, number = team.waits_at, self.tanks.of(team), team.number
        brought = self.tanks.account(team)
        if brought:
            self._note(Event.FUEL_BROUGHT, number, brought // UL_PER_ML)
        if self.depots[base] is None:
            return 0
        stock, missing = self.stock[base], tank.holds - self.tanks.left(team)
        taken = missing if stock is None else min(missing, stock)
        if taken <= 0:
            return 0
        self.tanks.fill(team, taken)
        self.taken[base] += taken
        self._note(Event.REFUELLED, number, base, self.clock.now + tank.refuelling)
        self._note(Event.FUEL_TAKEN, number, taken // UL_PER_ML)
        self.told = {case for case in self.told if case[1] != number}
        if stock is not None:
            self.stock[base] = stock - taken
            if stock == taken:
                self.empty[base] = self.clock.now
        return taken

    def _hold(self, team: Team, time: int) -> None:
        """Let a team be sent nowhere while it fills up."""
        until = self.filling[team.number] = self.clock.now + time
        self.run.make_unavailable(team)
        self.run.env.process(self._be_filled(team, until))

    def _be_filled(self, team: Team, until: int) -> Generator[simpy.Event, None, None]:
        yield self.run.env.timeout(until - self.clock.now)
        if self.filling.get(team.number) != until:
            return
        del self.filling[team.number]
        if team.on_duty and not team.free and team.mission is None:
            team.become_free()
            self.run.act.rest(team)
            if not any(takes(team) for takes in self.run.hooks.becomes_available):
                self.run.act.serve_queue()

    # -- without fuel -----------------------------------------------------------------------------

    def has_to_stand(self, team: Team) -> bool:
        """Return whether a free team at a base has not the fuel to be sent anywhere."""
        if not self.reach.stands(team):
            return False
        self._stand(team)
        return True

    def _stand(self, team: Team) -> None:
        """Count a team as not ready until it has fuel."""
        self.standing.setdefault(team.number, self.clock.now)
        self.run.available.unready.append(team)

    def _release(self, team: Team) -> None:
        """Count a team as ready again."""
        self._end_standing(team)
        if team in self.run.available.unready:
            self.run.available.unready.remove(team)
            self.run.available.rest(team)

    def _end_standing(self, team: Team) -> None:
        since = self.standing.pop(team.number, None)
        if since is not None:
            self._note(Event.WITHOUT_FUEL, team.number, None, self.clock.now, at=since)

    def on_off_duty(self, team: Team) -> None:
        """Forget a team that stands or fills up: it begins its next shift at its base."""
        self.filling.pop(team.number, None)
        self._end_standing(team)

    # -- deliveries -------------------------------------------------------------------------------

    def _deliveries(self, base: int, depot: Depot) -> Generator[simpy.Event, None, None]:
        at, now = depot.first, self.clock.now
        if at < now:
            at += -((at - now) // depot.every) * depot.every
        while True:
            yield self.run.env.timeout(at - self.clock.now)
            self._deliver(base, depot.amount)
            at += depot.every

    def _deliver(self, base: int, amount: int) -> None:
        """Add to a base's fuel; teams there fill up, those with the lowest numbers first."""
        now = self.clock.now
        self.stock[base] = (self.stock[base] or 0) + amount
        self.delivered[base] += amount
        self._note(Event.FUEL_DELIVERED, None, base)
        since = self.empty.pop(base, None)
        if since is not None:
            self._note(Event.DEPOT_EMPTY, None, base, now, at=since)
        for team in self.run.teams:
            at_base = team.waits_at == base and now >= team.drive.rests_from
            if team.crew.tank is not None and team.free and team.mission is None and at_base:
                self._attend(team)
        self.run.act.serve_queue()
