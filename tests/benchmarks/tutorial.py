"""
The tutorial way: a process per callout, a PriorityResource for the queue, a FilterStore of teams.

The same semantics as the engine on the reference workload (closest team, sent on from the road,
priority queue, hospital, go home), written as SimPy's documentation teaches it. Callouts and
their times are either drawn in the process, as tutorials do, or given (the engine's own marks),
which shows that both models answer alike and how much of the difference is the drawing. Places
and kinds are drawn with numpy's ``Generator.choice``, as its documentation teaches; ``cheap``
draws them by bisection instead, which few tutorials do; ``log`` keeps rows as the engine does.
"""

import math
from bisect import bisect
from itertools import accumulate

import numpy as np
import simpy


class Team:
    """A team, its position as the drive it is on or was on last."""

    def __init__(self, number, base):
        self.number, self.base = number, base
        self.start = self.end = base
        self.departs = self.arrives = 0
        self.going_home = None


class Tutorial:
    """One run; ``responses`` holds (callout, priority, response time) at the end."""

    def __init__(self, world, given=None, seed=1, cheap=False, log=False):
        self.world, self.given, self.cheap, self.log = world, given, cheap, log
        self.rows = []
        self.env = simpy.Environment()
        self.rng = np.random.default_rng(seed)
        self.drive = world.travel.times[0]
        crews = world.fleet.crews
        self.view = simpy.PriorityResource(self.env, capacity=len(crews))
        self.teams = simpy.FilterStore(self.env)
        self.teams.items = [Team(c.number, c.place) for c in crews]
        self.turnout = crews[0].expected_turnout
        self.responses = []
        self.env.process(self.source() if given is None else self.given_source())

    def run(self):
        self.env.run(until=self.world.ends)
        return self.responses

    def source(self):
        """Non-homogeneous Poisson callouts by thinning, marks drawn as they come."""
        demand = self.world.demand
        most = demand.week.max()
        weights = np.array(self.world.weights) / sum(self.world.weights)
        shares = np.array([kind.share for kind in demand.kinds])
        places, kinds = list(accumulate(weights)), list(accumulate(shares))
        number = 0
        while True:
            yield self.env.timeout(self.rng.exponential(86_400_000 / most))
            hour = demand.clock.hour_of_week(int(self.env.now))
            if self.rng.random() * most < demand.week[hour]:
                if self.cheap:
                    place, number_of_kind = (
                        min(bisect(places, self.rng.random()), len(places) - 1),
                        bisect(kinds, self.rng.random()),
                    )
                else:
                    place = self.rng.choice(len(weights), p=weights)
                    number_of_kind = self.rng.choice(len(shares), p=shares)
                kind = demand.kinds[min(number_of_kind, len(kinds) - 1)]
                self.env.process(self.callout(number, kind.priority, place, self.draw(kind)))
                number += 1

    def draw(self, kind):
        law = kind.on_scene
        sigma2 = math.log1p((law.sd / law.mean) ** 2)
        return (
            self.rng.lognormal(math.log(law.mean) - sigma2 / 2, math.sqrt(sigma2)),
            self.rng.exponential(self.turnout),
            self.rng.random() < kind.transported,
            self.rng.exponential(kind.handover.mean),
        )

    def given_source(self):
        for callout, marks in self.given:
            yield self.env.timeout(callout.ready - self.env.now)
            draws = marks.on_scene[0], marks.turnout[0], marks.transported, marks.handover
            self.env.process(self.callout(callout.number, callout.priority, callout.place, draws))

    def callout(self, number, priority, place, draws):
        received = self.env.now
        on_scene, turnout, transported, handover = draws
        with self.view.request(priority=priority) as request:
            yield request
            closest = min(
                self.teams.items, key=lambda team: (self.expected(team, place), team.number)
            )
            if self.log:
                candidates = [
                    (team.number, self.expected(team, place)) for team in self.teams.items
                ]
                self.rows.append(("decision", received, number, candidates, closest.number))
            team = yield self.teams.get(lambda team: team is closest)
            dispatched = self.env.now
            way, start, begins = self.way(team, place)
            if team.going_home is not None:
                team.going_home.interrupt()
                team.going_home = None
                turnout = 0
            elif not self.at_rest(team):
                turnout = 0
            team.start, team.end = start, place
            team.departs, team.arrives = begins + turnout, self.env.now + turnout + way
            yield self.env.timeout(turnout)
            yield self.env.timeout(way)
            arrived = self.env.now
            self.responses.append((number, priority, arrived - received))
            yield self.env.timeout(on_scene)
            if transported:
                hospital = min(self.world.hospitals, key=lambda h: self.drive[place][h])
                yield self.env.timeout(self.drive[place][hospital])
                yield self.env.timeout(handover)
                place = hospital
            if self.log:
                row = number, team.number, dispatched, arrived, self.env.now, place
                self.rows.append(("mission", *row))
                self.rows.append(("callout", received, priority, *row))
            team.start, team.end, team.departs = place, team.base, self.env.now
            team.arrives = self.env.now + self.drive[place][team.base]
            team.going_home = self.env.process(self.go_home(team))
            yield self.teams.put(team)

    def go_home(self, team):
        try:
            yield self.env.timeout(team.arrives - self.env.now)
            team.going_home = None
        except simpy.Interrupt:
            pass

    def at_rest(self, team):
        return self.env.now >= team.arrives and team.end == team.base

    def expected(self, team, place):
        return self.way(team, place)[0] + (self.turnout if self.at_rest(team) else 0)

    def way(self, team, place):
        """Time to a place, where the way begins and when: at rest, going on or turning round."""
        now, drive = self.env.now, self.drive
        if now >= team.arrives:
            return drive[team.end][place], team.end, now
        if now <= team.departs:  # or just cleared, and not on its way home yet
            return team.departs - now + drive[team.start][place], team.start, team.departs
        on = team.arrives - now + drive[team.end][place]
        back = now - team.departs + drive[team.start][place]
        if back < on:
            return back, team.start, now + (now - team.departs)
        return on, team.end, team.arrives
