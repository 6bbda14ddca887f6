"""The teams that can be sent: who they are, where, and when each would be on scene."""

from __future__ import annotations

from bisect import bisect_left

from sim.log import NO_ACCESS
from sim.world import Travel, World
from sim.world.road_travel.travel_rows import MADE_AT_ONCE, RowsOnDemand, column_of

from .state import Team

_Arrivals = list[list[int]] | RowsOnDemand[list[int]]


class Availability:
    """
    Free teams: those that rest at a place, those on the road, and those that are not ready.

    A team reaches its base without an event: the next query finds it there. One that is not ready
    is at its base, too, and lacks something, such as a vehicle; it counts nowhere else.

    Arrivals are those that a dispatcher can expect: mean turnout and local travel, and the drive of
    the team's vehicle as it is believed at this hour. A team on the road has no turnout. Periods
    are those of the ordinary vehicle.
    """

    def __init__(self, world: World, teams: list[Team], local_travel: int) -> None:
        self.travel: Travel = world.travel
        self.local_travel = local_travel
        self.capabilities = [team.capabilities for team in teams]
        self.moving: list[Team] = []  # on the road, or cleared this instant
        self.resting: list[int] = []  # numbers, ascending
        self.unready: list[Team] = []
        self.slots: list[int] = []  # where each of them rests, with which expected turnout
        self.places = len(world.names.places)
        # expected arrival of a resting team by period, place of the callout, and slot:
        # looked up at every callout for every team, so it is worked out once a period
        self.own_periods = world.team_periods
        starts = [(team.expected_start, world.fleet.crews[team.number].speed) for team in teams]
        alike = sorted(set(starts))  # teams that are as soon from the same place
        self.first_slot = [alike.index(start) * self.places for start in starts]
        self.alike = [(turnout, starts.index((turnout, speed))) for turnout, speed in alike]
        self.arrivals: list[_Arrivals | None] = [None] * len(world.travel.times)
        # from the midst of a road there may be no access where there is some between all places
        self.has_gaps = world.access is not None or world.travel.has_gaps

    def __len__(self) -> int:
        return len(self.resting) + len(self.moving)

    def rest(self, team: Team) -> None:
        """Count a team as resting where its last drive ended."""
        i = bisect_left(self.resting, team.number)
        self.resting.insert(i, team.number)
        self.slots.insert(i, self.first_slot[team.number] + team.drive.destination)

    def add_on_road(self, team: Team) -> None:
        """Count a team as free on the road, or where it has just been cleared."""
        team.become_free()
        self.moving.append(team)

    def leave(self, team: Team) -> None:
        """Count a resting team no longer."""
        i = bisect_left(self.resting, team.number)
        del self.resting[i]
        del self.slots[i]

    def depart(self, team: Team) -> None:
        """Count a team that was seen to rest, and now drives elsewhere, as on the road."""
        if team.number in self.resting:
            self.leave(team)
            self.moving.append(team)

    def make_unavailable(self, team: Team) -> bool:
        """Count a team no longer, wherever it is; return whether it could be sent."""
        if team in self.moving:
            self.moving.remove(team)
        elif team.number in self.resting:
            self.leave(team)
        else:
            if team in self.unready:
                self.unready.remove(team)
            return False
        return True

    def _arrivals_in(self, period: int) -> _Arrivals:
        """
        Work out a period's table when first needed: closed roads may make many periods.

        Kept with the ways, which are the same from run to run.
        """
        own = self.own_periods
        alike = [(turn, period if own is None else own[team][period]) for turn, team in self.alike]
        times = {at: self.travel.times[at] for _, at in alike}

        def row(place: int) -> list[int]:
            columns = {at: column_of(table, place) for at, table in times.items()}
            return [drive + turnout for turnout, at in alike for drive in columns[at]]

        key = ("arrivals", *alike)
        table: _Arrivals | None = self.travel.memo.get(key)
        if table is None:
            rows = RowsOnDemand(self.places, row)
            few = self.places**2 * len(alike) <= MADE_AT_ONCE
            table = self.travel.memo[key] = list(rows) if few else rows
        self.arrivals[period] = table
        return table

    def could_help(self, place: int, missing: int, now: int, period: int) -> bool:
        """Return whether ``candidates`` would find anybody; ``place`` matters if there are gaps."""
        teams = self.capabilities
        row = (self.arrivals[period] or self._arrivals_in(period))[place] if self.has_gaps else None
        for n, slot in zip(self.resting, self.slots, strict=True):
            if (not missing or teams[n] & missing) and (row is None or row[slot] < NO_ACCESS):
                return True
        return bool(self.moving and self.candidates(place, missing, now, period)[0])

    def candidates(
        self, place: int, missing: int, now: int, period: int
    ) -> tuple[list[int], list[int]]:
        """
        Return the teams that could help at a place and when each would arrive. [ms]

        ``missing`` are the capabilities of which a team must have one; 0 if any team will do. Teams
        that have no access there are left out.
        """
        moving = self.moving
        if moving:
            for team in moving[:]:
                if now >= team.drive.rests_from:
                    moving.remove(team)
                    self.rest(team)
        row = (self.arrivals[period] or self._arrivals_in(period))[place]
        if missing:
            capabilities = self.capabilities
            teams, arrivals = [], []
            for n, slot in zip(self.resting, self.slots, strict=True):
                if capabilities[n] & missing:
                    teams.append(n)
                    arrivals.append(row[slot])
        else:
            teams = self.resting[:]
            arrivals = [row[slot] for slot in self.slots]
        own, by = self.own_periods, period
        for team in moving:
            if not missing or team.capabilities & missing:
                teams.append(team.number)
                if own is not None:
                    by = own[team.number][period]
                arrivals.append(
                    self.travel.reroute(team.drive, now, place, by)[0] + self.local_travel
                )
        if self.has_gaps and arrivals and max(arrivals) >= NO_ACCESS:
            reach = [i for i, arrival in enumerate(arrivals) if arrival < NO_ACCESS]
            return [teams[i] for i in reach], [arrivals[i] for i in reach]
        return teams, arrivals
