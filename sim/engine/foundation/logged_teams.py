"""Teams that note every drive they take, for runs whose log keeps drives."""

from __future__ import annotations

from typing import Any

import simpy

from sim.world import TeamSpec

from .recorder import Recorder
from .state import Drive, Team

_DRIVE: Any = Team.__dict__["drive"]  # where a team holds it


class LoggedTeam(Team):
    """
    A team whose every change of drive is noted.

    A class of its own, so that a run that keeps no drives, as nearly all do, does not even ask.
    """

    __slots__ = ("_noted", "_recorder")

    def __init__(
        self,
        env: simpy.Environment,
        crew: TeamSpec,
        local_travel: int,
        begins: int,
        recorder: Recorder,
    ) -> None:
        self._recorder = recorder
        self._noted: tuple[object, ...] = ()  # its drive and mission, as noted last
        super().__init__(env, crew, local_travel, begins)

    @property
    def drive(self) -> Drive:
        """Where it is: as of any team."""
        found: Drive = _DRIVE.__get__(self)
        return found

    @drive.setter
    def drive(self, drive: Drive) -> None:
        _DRIVE.__set__(self, drive)
        noted = drive.origin, drive.destination, drive.departs, drive.arrives, self.mission
        if noted != self._noted:  # it is not only known to rest at another instant
            self._noted = noted
            self._recorder.drive(self, drive)
