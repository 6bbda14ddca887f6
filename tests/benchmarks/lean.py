"""
The reference workload in lean SimPy: a process per team, each with one event that is armed again.

The same responses as the engine's, and nothing that the workload does not ask for: no log, no rules
to choose among, no features, and no drawing, as callouts are handed to it with their times. So it
shows how quick SimPy can be in plain Python, and what the engine does on top of it.
"""

from bisect import insort

import simpy


class Alarm(simpy.Event):
    """An event that can be scheduled again once it has rung."""

    def __init__(self, env):
        super().__init__(env)
        self._ok, self._value = True, None

    def rearm(self):
        self.callbacks = []
        return self

    def ring_in(self, delay):
        self.env.schedule(self, delay=delay)
        return self


class Team:
    """A team: its last drive home, which tells where it is while it is free, and its callout."""

    def __init__(self, env, number, base):
        self.number, self.alarm = number, Alarm(env).rearm()
        self.start = self.end = base
        self.departs = self.arrives = 0
        self.sent = None


class Lean:
    """One run; ``responses`` holds (callout, priority, response time) at the end."""

    def __init__(self, world, given):
        self.given, self.hospitals, self.ends = given, world.hospitals, world.ends
        self.drive = world.travel.times[0]
        self.env = simpy.Environment()
        self.turnout = world.fleet.crews[0].expected_turnout
        self.free = [Team(self.env, crew.number, crew.place) for crew in world.fleet.crews]
        self.waiting, self.responses = [], []
        for team in self.free:
            self.env.process(self.life(team))
        self.env.process(self.source())

    def run(self):
        self.env.run(until=self.ends)
        return self.responses

    def source(self):
        env, alarm = self.env, Alarm(self.env)
        for callout, marks in self.given:
            yield alarm.rearm().ring_in(callout.ready - env.now)
            if self.free:
                self.send(callout, marks)
            else:
                insort(self.waiting, (callout.priority, callout.number, callout, marks))

    def life(self, team):
        """Be sent and arrive, work, take people to hospital, and be free on the way home."""
        env, alarm = self.env, team.alarm
        while True:
            yield alarm
            callout, marks = team.sent
            place = callout.place
            self.responses.append((callout.number, callout.priority, env.now - callout.received))
            yield alarm.rearm().ring_in(marks.on_scene[0])
            if marks.transported:
                drives = self.drive[place]
                place = min(self.hospitals, key=drives.__getitem__)
                yield alarm.rearm().ring_in(drives[place])
                yield alarm.rearm().ring_in(marks.handover)
            alarm.rearm()
            team.start, team.departs = place, env.now
            team.arrives = env.now + self.drive[place][team.end]
            self.free.append(team)
            if self.waiting:
                _, _, callout, marks = self.waiting.pop(0)
                self.send(callout, marks)

    def send(self, callout, marks):
        """Send the free team that is expected first; ties go to the lowest number."""
        now, place, arrivals = self.env.now, callout.place, []
        for team in self.free:
            turnout = self.turnout if now >= team.arrives else 0
            arrivals.append((self.time_to(place, team, now) + turnout, team.number, team))
        team = min(arrivals)[2]
        self.free.remove(team)
        turnout = marks.turnout[0] if now >= team.arrives else 0
        team.sent = callout, marks
        team.alarm.ring_in(turnout + self.time_to(place, team, now))

    def time_to(self, place, team, now):
        """Return a free team's drive to a place; on its way home it goes on or turns round."""
        drive = self.drive
        if now >= team.arrives:
            return drive[team.end][place]
        back = now - team.departs + drive[team.start][place]
        if now == team.departs:  # just cleared, and not on its way home yet
            return back
        return min(team.arrives - now + drive[team.end][place], back)
