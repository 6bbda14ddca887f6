"""A callout that is not over yet: what it still needs and who is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.world import Callout, Marks, Need

if TYPE_CHECKING:
    from .alarm import Alarm
    from .team import Team


class OpenCallout:
    """
    A callout's state at the desk and on scene. Instants in ms.

    Work on scene is counted in people times milliseconds. It goes as fast as the people present,
    up to the number needed: half the crew takes twice as long. So a first team can begin before
    the others come, and two callouts can never wait for each other's teams.
    """

    # what is true of nearly every callout when it comes in, kept here so as not to be set each time
    sent = 0  # teams sent so far
    dispatched: int | None = None
    en_route: int | None = None
    on_scene: int | None = None
    people = 0  # on scene now
    work = 0  # left to do [people ms]
    since = 0  # when ``work`` was last brought up to date
    finished = False  # the work on scene is done
    carrier: Team | None = None  # who takes people to hospital
    timer: Alarm | None = None  # rings when the caller gives up

    def __init__(self, callout: Callout, marks: Marks, need: Need) -> None:
        self.callout = callout
        self.marks = marks
        self.need = need
        self.missing_people = need.people
        self.missing_brings = need.brings
        self.teams: list[Team] = []  # on it now, in the order sent

    def count_missing(self) -> None:
        """Work out what the teams on it do not bring."""
        people, brings = self.need.people, self.need.brings
        for team in self.teams:
            people -= team.people
            brings &= ~team.brings
        self.missing_people, self.missing_brings = max(people, 0), brings

    @property
    def pace(self) -> int:
        """People who work at once."""
        return min(self.people, self.need.people)

    def work_until(self, now: int) -> None:
        """Bring the work left up to date, before anybody comes or goes."""
        self.work -= self.pace * (now - self.since)
        self.since = now

    def time_left(self) -> int:
        """Return how long the work still takes the people present. [ms]"""
        return max(-(-self.work // self.pace), 0)
