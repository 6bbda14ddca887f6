"""The engine against an independent loop: the same rows, to the bit, on random small worlds."""

import random

import pytest

from ..long_cases import quick_first
from ..worlds import logged, random_world, world_of
from .oracle import heap_loop


@pytest.mark.parametrize("tenth", quick_first(range(10), 4))
def test_the_engine_and_an_independent_loop_write_the_same_rows(tenth):
    """Two programs that share no code seldom share an error."""
    for number in range(60):
        text = random_world(random.Random(1000 * tenth + number), plain=True)
        world = world_of(text)

        log = logged(world, replication=number)

        rows, missions = heap_loop(
            world, world.scenario.study.seed, number, "queue: priority" in text
        )
        callouts = sorted(wheels_that_turned(row, world.ends) for row in log.callouts)
        assert (callouts, sorted(log.missions)) == (rows, missions), text


def wheels_that_turned(row, ends):
    """Return a row without wheels that would have turned after the end of the run."""
    return row._replace(en_route=None) if row.en_route is not None and row.en_route > ends else row
