"""A run's environment does what SimPy's does, in fewer steps."""

import pytest
import simpy

from sim.engine.foundation.clock import RunEnvironment


def happened(env, run):
    """Return what three processes did, and when, until the run ends."""
    seen = []

    def ticks(name, every):
        while True:
            yield env.timeout(every)
            seen.append((env.now, name))

    for name, every in (("a", 2), ("b", 3), ("c", 5)):
        env.process(ticks(name, every))
    run()
    return seen, env.now


def test_it_runs_all_before_the_end_and_nothing_at_it():
    own, theirs = RunEnvironment(initial_time=-4), simpy.Environment(initial_time=-4)

    found = happened(own, lambda: own.run_until(11))

    assert found == happened(theirs, lambda: theirs.run(until=11))
    assert found[1] == 11
    assert 11 not in {at for at, _ in found[0]}


def test_it_comes_to_its_end_where_nothing_happens():
    env = RunEnvironment(initial_time=3)

    env.run_until(7)

    assert (env.now, env.peek()) == (7, simpy.core.Infinity)


def test_a_process_that_fails_ends_the_run():
    env = RunEnvironment()

    def fails():
        yield env.timeout(1)
        raise LookupError("nobody knows")

    env.process(fails())

    with pytest.raises(LookupError, match="nobody knows"):
        env.run_until(5)
    assert env.now == 1


def test_its_clock_is_simpys():
    env = RunEnvironment(initial_time=5)

    env.run(until=9)

    assert (env.now, env._now) == (9, 9)
