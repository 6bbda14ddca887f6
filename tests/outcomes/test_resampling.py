"""Studies drawn from a pool are what those replications would have given."""

from dataclasses import fields, replace

import numpy as np

from sim.outcomes import Observations, drawn, stack
from sim.outcomes.observed.disruption_counts import OFFLOAD_DELAY


def waits_at_doors(observations, *minutes):
    """The same replication with some waits at a hospital's doors."""
    offload_delays = [(0, 0, 60_000 * m, 0) for m in minutes]
    return replace(observations, offload_delays=np.array(offload_delays, dtype=OFFLOAD_DELAY))


def some(observations, count):
    """A replication with only its first callouts."""
    cut = {
        f.name: getattr(observations, f.name)[:count]
        for f in fields(Observations)
        if len(getattr(observations, f.name)) == len(observations.kind)
    }
    return replace(observations, **cut)


def test_replications_drawn_are_those_replications_stacked(two_hours):
    """One with many callouts, one with few, one with none; each wait stays with its own."""
    parts = [
        waits_at_doors(two_hours, 5, 7),
        waits_at_doors(some(two_hours, 2)),
        waits_at_doors(some(two_hours, 0), 11),
    ]
    pool = stack(parts)

    for which in ([0, 1, 2], [2, 0, 0, 1], [2, 2], [1]):
        found, wanted = drawn(pool, np.array(which)), stack([parts[number] for number in which])
        for f in fields(Observations):
            one, two = getattr(found, f.name), getattr(wanted, f.name)
            np.testing.assert_array_equal(one, two, f.name)
            assert one.dtype == two.dtype, f.name


def test_the_pool_stays_as_it_is(two_hours):
    pool = stack([waits_at_doors(two_hours, 5)] * 2)
    before = {f.name: getattr(pool, f.name).copy() for f in fields(Observations)}

    drawn(pool, np.array([1, 1, 0]))

    for name, column in before.items():
        np.testing.assert_array_equal(getattr(pool, name), column, name)
