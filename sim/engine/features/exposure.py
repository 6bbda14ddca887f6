"""
Exposure: how long people are where danger was declared, on the way and on scene.

Danger is what the scenario declares of its roads and kinds of callout, a plain number; person
seconds times that number are counted (assumption: danger adds up over people and time). Ways home
are not counted.
"""

from __future__ import annotations

from sim.log import Event

from ..foundation.hooks import Run
from ..foundation.state import Mission


def is_in(run: Run) -> bool:
    """Return whether any road or kind of callout of the scenario has an exposure."""
    return any(need.exposure for need in run.needs) or _is_on_roads(run)


def _is_on_roads(run: Run) -> bool:
    return any(edge.exposure for edge in run.world.file.edges)


def install(run: Run) -> None:
    """Count exposure from a mission's drive to its end."""
    exposure, hooks = Exposure(run), run.hooks
    if exposure.is_on_roads:
        hooks.arrives.append(exposure.note_drive)
        hooks.drive_cut_short.append(exposure.note_drive)
        hooks.to_hospital.append(exposure.on_leaving)
    hooks.ends.append(exposure.on_mission_end)


class Exposure:
    """The exposure of the people of each team on its mission so far. [ms times danger]"""

    def __init__(self, run: Run) -> None:
        self.run, self.clock, self.way_of = run, run.clock, run.travel.way_of
        self.is_on_roads = _is_on_roads(run)  # else no drive adds any
        self.counted = [0] * len(run.teams)

    def note_drive(self, mission: Mission) -> None:
        """Count the exposure of a drive to a scene, as far as it has gone."""
        team = mission.team
        drive = team.drive
        driven = self.clock.now - drive.departs
        if driven <= 0:
            return
        whole = self.way_of(drive.origin, drive.destination, drive.period).exposure
        if whole:
            lasts = max(drive.arrives - drive.departs, 1)
            self.counted[team.number] += whole * min(driven, lasts) // lasts

    def on_leaving(self, mission: Mission, drive: int) -> int:
        """Count the exposure of a drive to hospital that begins, by the way known then."""
        if mission.hospital is not None:
            run, open_ = self.run, mission.open
            goal = run.world.hospitals[mission.hospital]
            period = run.hospital_period(open_, mission.team)
            self.counted[mission.team.number] += self.way_of(open_.place, goal, period).exposure
        return drive

    def on_mission_end(self, mission: Mission, ending: str) -> None:
        """Note the exposure of a team's people in a mission that ends."""
        team, danger = mission.team, mission.open.need.exposure
        number = team.number
        if mission.on_scene is None:
            if self.is_on_roads:
                self.note_drive(mission)
        elif danger:
            until = self.clock.now if mission.left is None else mission.left
            self.counted[number] += round((until - mission.on_scene) * danger)
        if not self.counted[number]:
            return
        person_seconds = self.counted[number] * team.crew_size // 1000
        self.counted[number] = 0
        if person_seconds:
            callout = mission.open.number
            self.run.recorder.event(Event.EXPOSED, number, callout, person_seconds)
