"""Published effects that a correct library shows, on a city of our own."""

import random
from itertools import product

import numpy as np
import pytest
from scipy import stats

from sim.engine import Atlases, simulate
from sim.policies import policy_sets

from ..worlds import MINUTE, world_of

BASES = [(x, y) for x in (1, 4, 7) for y in (1, 4, 7) if (x, y) != (4, 4)]


def square_city(days):
    """
    Return the text of a city of nine by nine blocks, 2 km each, at 30 callouts a day.

    Eight bases stand evenly round the middle, a team in each: bases put at random would flatter
    any rule that moves teams. Demand is uneven but everywhere.
    """
    rng = random.Random(5)
    lines = [
        "name: city",
        f"clock: {{start: 2025-01-06 00:00, length: {days} days, warm_up: 1 day, timezone: UTC}}",
        "map:",
        "  places:",
    ]
    for x, y in product(range(9), range(9)):
        lat, lon = y * 2000 / 111_320, x * 2000 / 111_320
        lines.append(
            f"    Z{x}{y}: {{lat: {lat:.6f}, lon: {lon:.6f}, weight: {rng.randint(1, 10)}}}"
        )
    lines += [
        "  roads: {circuity: 1.3, speed: {day: 50 km/h}}",
        "demand:",
        "  rate: 30 per day",
        "  kinds: {job: {share: 100%, on_scene: {distribution: exponential, mean: 125 min}}}",
        f"bases: {{{', '.join(f'Z{x}{y}: {{}}' for x, y in BASES)}}}",
        f"teams: {{{', '.join(f'T{i}: {{base: Z{x}{y}}}' for i, (x, y) in enumerate(BASES))}}}",
        "dispatch_centre: {turnout: 1 min}",
        "policies:",
        "  home: {}",
        "  cover: {relocation: {dmexclp: {busy_fraction: 0.35, within: 12 min}}}",
    ]
    return "\n".join(lines) + "\n"


class Late:
    """A log that counts callouts, those not reached in time, and time on missions."""

    def __init__(self, within):
        self.within, self.count, self.late, self.busy = within, 0, 0, 0

    def callout(self, row):
        self.count += 1
        self.late += row[9] is None or row[9] - row[5] > self.within

    def mission(self, row):
        self.busy += 0 if row[8] is None else row[8] - row[2]

    def decision(self, row):
        pass

    event = decision


def compared(world, replications, within=12 * MINUTE):
    """Return late shares by replication under both rules, and the utilisation under the first."""
    atlases, policies = Atlases(world), policy_sets(world.file)
    late = {name: [] for name in policies}
    busy = []
    for replication in range(replications):
        for name, chosen in policies.items():
            log = Late(within)
            simulate(world, chosen, log, 8, replication, atlases)
            late[name].append(log.late / log.count)
            if name == "home":
                busy.append(log.busy / (world.ends * len(world.fleet.crews)))
    return np.array(late["home"]), np.array(late["cover"]), float(np.mean(busy))


@pytest.mark.long
def test_dmexclp_makes_fewer_callouts_late():
    """
    Jagtenberg, Bhulai and van der Mei (2015) report 16.8 % fewer; a sound library shows some 5
    to 35 % fewer in a city whose eight teams are busy 30 to 40 % of the time.
    """
    home, cover, busy = compared(world_of(square_city(days=60)), replications=30)

    fewer = 1 - cover.mean() / home.mean()
    difference = home - cover
    half = stats.t.ppf(0.99995, len(difference) - 1) * stats.sem(difference)
    print(f"busy {busy:.3f}, late {home.mean():.4f} -> {cover.mean():.4f}: {fewer:.1%} fewer")
    print(f"paired difference {difference.mean():.4f} +/- {half:.4f}")
    assert 0.3 < busy < 0.4
    assert difference.mean() - half > 0
    assert 0.05 < fewer < 0.35
