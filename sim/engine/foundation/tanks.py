"""
What is in the tanks of teams, by the drives that they note.

Kept in whole microlitres. A drive is accounted for when its team is next at a base: until then what
is left is worked out from where the team is by now, as a dispatcher would.
"""

from __future__ import annotations

from typing import Any

from sim.log import DriveRow
from sim.world import Distances, Tank, World

from .clock import Clock
from .state import Team


class Tanks:
    """
    The tanks of a run's teams. Amounts in microlitres.

    ``burnt`` of each team so far, as far as it is accounted for; ``brought``: of that, what its
    tank did not have. Assumed: a team that has to go farther than anybody foresaw, and whose tank
    is empty, is brought what it burns beyond.
    """

    def __init__(self, world: World, clock: Clock) -> None:
        crews = world.fleet.crews
        self._clock = clock
        self._specs = {crew.number: crew.tank for crew in crews if crew.tank is not None}
        memo = world.travel.memo
        self.distances: Distances = memo.setdefault("distances", Distances(world.travel))
        self._left = [0 if crew.tank is None else crew.tank.at_start for crew in crews]
        self._since = [clock.now] * len(crews)  # drives are accounted for up to then
        self._rows: list[list[DriveRow]] = [[] for _ in crews]
        self.burnt, self.brought = [0] * len(crews), [0] * len(crews)

    def has(self, team: Team) -> bool:
        """Return whether a team's fuel is looked at."""
        return team.number in self._specs

    def of(self, team: Team) -> Tank:
        """Return the tank of a team that has one."""
        return self._specs[team.number]

    def note(self, row: tuple[Any, ...]) -> None:
        """Note a drive, as the log has it."""
        if row[0] in self._specs:
            self._rows[row[0]].append(DriveRow._make(row))

    def _driven(self, number: int) -> int:
        """Return what a team's drives have burnt that are not accounted for. [ul]"""
        tank, rows = self._specs[number], self._rows[number]
        driven = self.distances.driven(rows, self._since[number], self._clock.now)
        return tank.driving(sum(metres or 0.0 for _, metres in driven))

    def left(self, team: Team) -> int:
        """Return what is left in a team's tank by now, on the road too; 0 at least. [ul]"""
        tank = self._specs[team.number]
        mission, idle = team.mission, 0
        if mission is not None and mission.on_scene is not None and mission.left is None:
            idle = tank.idling(self._clock.now - mission.on_scene)
        return max(self._left[team.number] - self._driven(team.number) - idle, 0)

    def stay(self, team: Team, time: int) -> None:
        """Burn what the engine needs for a time on scene. [ms]"""
        if self.has(team):
            self._burn(team.number, self.of(team).idling(time))

    def account(self, team: Team) -> int:
        """Account for the drives of a team that is at a place; return what was brought. [ul]"""
        number = team.number
        self._burn(number, self._driven(number))
        self._since[number] = self._clock.now
        del self._rows[number][:-1]
        missing = max(-self._left[number], 0)
        self._left[number] += missing
        self.brought[number] += missing
        return missing

    def fill(self, team: Team, amount: int) -> None:
        """Fill an amount into the tank of a team that has been accounted for."""
        self._left[team.number] += amount

    def _burn(self, number: int, amount: int) -> None:
        self._left[number] -= amount
        self.burnt[number] += amount
