"""
The queue at a hospital's doors against its formulas, through a scenario file.

Teams are so many that nobody waits for one, and work and drive are of fixed length: so teams come
to the door as callouts come in, by a Poisson process, and what stands there is M/M/c or M/D/1.
"""

import pytest

from sim.engine import Atlases, simulate
from sim.log import Event
from sim.policies import policy_sets
from sim.theory import mean_wait_mmc, probability_of_waiting

from ..worlds import HOUR, world_of
from .test_queues import holds

TEXT = """
name: doors
clock: {{start: 2025-01-06 00:00, length: {days} days, warm_up: 2 days, timezone: UTC}}
map:
  places: {{A: {{}}, H: {{}}}}
  roads: {{table: {{A: {{H: 7 min}}, H: {{A: 7 min}}}}}}
  hospitals: {{General: {{place: H, offload_bays: {doors}}}}}
demand:
  rate: {rate} per hour
  where: {{A: 1}}
  kinds: {{c: {{share: 100%, on_scene: 10 min, to: hospital, handover: {handover}}}}}
bases: {{A: {{}}}}
teams: {{T: {{base: A, count: 60}}}}
"""


class Doors:
    """A log that keeps who came to the door and how long each waited there. [h]"""

    def __init__(self):
        self.came, self.waits, self.waited_for_a_team = 0, [], 0

    def callout(self, row):
        self.waited_for_a_team += row[7] is None or row[7] > row[6]

    def mission(self, row):
        self.came += row[6] is not None and row[6] >= 0

    def event(self, row):
        if row[1] == Event.OFFLOAD_DELAY:
            self.waits.append((row[5] - row[0]) / HOUR)

    def decision(self, row):
        pass


def doors(rate, count, handover, days, replications=30):
    """Return the logs of a hospital with so many doors."""
    world = world_of(TEXT.format(rate=rate, doors=count, handover=handover, days=days))
    policies, atlases = next(iter(policy_sets(world.file).values())), Atlases(world)
    logs = [Doors() for _ in range(replications)]
    for number, log in enumerate(logs):
        simulate(world, policies, log, 1917, number, atlases)
    assert sum(log.waited_for_a_team for log in logs) == 0  # or it would not be Poisson
    return logs


@pytest.mark.parametrize(
    ("rate", "count", "days", "within"),
    [
        (1.8, 3, 60, 0.1),
        pytest.param(1.8, 3, 1200, 0.03, marks=pytest.mark.long),
        pytest.param(0.6, 1, 2000, 0.04, marks=pytest.mark.long),
        pytest.param(7.0, 10, 200, 0.07, marks=pytest.mark.long),
    ],
)
def test_teams_wait_at_the_doors_as_erlang_c_says(rate, count, days, within):
    """Hand-overs are exponential with a mean of one hour: who waits, and how long."""
    logs = doors(rate, count, "{distribution: exponential, mean: 1 h}", days)

    waiting = probability_of_waiting(rate, 1.0, count)
    holds(waiting, [(len(log.waits), log.came) for log in logs], within)
    mean = mean_wait_mmc(rate, 1.0, count)
    holds(mean, [(sum(log.waits), log.came) for log in logs], 2 * within)


@pytest.mark.parametrize(
    ("days", "within"), [(60, 0.1), pytest.param(1000, 0.035, marks=pytest.mark.long)]
)
def test_at_one_door_they_wait_half_as_long_where_hand_overs_do_not_vary(days, within):
    """
    ``W = l E[S^2] / (2 (1 - r))`` (Pollaczek and Khinchine; L. Kleinrock, Queueing Systems I, 1975,
    section 5.6): with 0.6 an hour, one hour each, 45 min, and 1 h 30 min where it is exponential.
    """
    logs = doors(0.6, 1, "1 h", days)

    holds(0.6 / (2 * 0.4), [(sum(log.waits), log.came) for log in logs], within)
