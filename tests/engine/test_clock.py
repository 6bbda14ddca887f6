"""A run's environment does what SimPy's does, in fewer steps."""

import pytest
import simpy

from sim.engine.foundation.clock import TEAM, Alarm, RunEnvironment


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


@pytest.fixture
def alarm():
    """An alarm, and what its process notes: it waits to be set, then for 4 ms, then again."""
    env, rang = RunEnvironment(), []

    def process():
        while True:
            yield None
            rang.append(env.now)
            yield 4
            rang.append(env.now)

    found = Alarm(env, TEAM)
    found.begin(process())
    return env, found, rang


def test_a_process_goes_on_when_its_alarm_rings(alarm):
    env, alarm, rang = alarm
    alarm.schedule_in(3)

    env.run_until(100)

    assert rang == [3, 7]
    assert not alarm.is_set


def test_an_alarm_is_not_set_twice(alarm):
    """It would ring early, and break SimPy."""
    _, alarm, _ = alarm
    alarm.schedule_in(3)

    with pytest.raises(RuntimeError, match="before it rang"):
        alarm.schedule_in(5)


@pytest.mark.parametrize("began", [False, True])
def test_a_cancelled_alarm_resumes_nothing(alarm, began):
    """Also not where its process has yet to begin, at the same instant."""
    env, alarm, rang = alarm
    if began:
        env.run_until(1)
    alarm.schedule_in(3)
    fresh = alarm.cancel()

    env.run_until(100)

    assert rang == []
    assert not fresh.is_set


@pytest.mark.parametrize("delay", [2, 9])
def test_an_alarm_that_is_set_to_another_time_rings_then_and_only_then(alarm, delay):
    env, alarm, rang = alarm
    alarm.schedule_in(3)

    fresh = alarm.reschedule(delay)
    assert fresh.is_set
    env.run_until(100)

    assert rang == [delay, delay + 4]
