"""Studies drawn from pools: paired, repeatable, and as a study of those replications would be."""

from dataclasses import replace

import numpy as np
import pytest

from sim.experiment import Runner, Task, design_of
from sim.experiment.pools import ReplicationPool, RunCardPool
from sim.experiment.running.replication_file import decode
from sim.outcomes import judge, primary_differences, stack
from sim.outcomes.measured.judged import judged_times
from sim.scenario import find_scenario, read_scenario

from .pooled import samples_of

WEEK = {"clock.length": "3 days", "study.replications": "12"}


@pytest.fixture(scope="module")
def pool():
    return ReplicationPool(samples_of("first-steps", WEEK), seed=5)


@pytest.fixture(scope="module")
def ring():
    samples = samples_of("coverage-ring", {"clock.length": "2 days", "study.replications": "2"})
    return RunCardPool(samples, 5, shown=8)


def test_all_alternatives_of_a_study_have_the_same_replications(pool):
    """They stay paired: each callout is met by every alternative."""
    first, *others = pool.study(30, 0)

    assert first.observations.replications == 30
    for other in others:
        np.testing.assert_array_equal(first.observations.key, other.observations.key)
        np.testing.assert_array_equal(
            first.observations.replication, other.observations.replication
        )


def test_a_study_is_told_by_its_number_alone(pool):
    """So blocks of studies can be counted in any process, in any order."""
    again = ReplicationPool(pool.samples, pool.seed)
    keys = [pool.study(10, number)[0].observations.key for number in (0, 1, 0)]

    np.testing.assert_array_equal(keys[0], again.study(10, 0)[0].observations.key)
    np.testing.assert_array_equal(keys[0], keys[2])
    assert not np.array_equal(keys[0], keys[1])


def test_every_replication_is_drawn_as_often_as_any_other(pool):
    """12 replications, 300 studies of 10: 250 times each, with a standard deviation of 15."""
    counts = np.zeros(pool.size)
    for number in range(300):
        which = pool._numbers(10, number)[0] % pool.size
        counts += np.bincount(which, minlength=pool.size)

    assert counts.sum() == 3000
    assert abs(counts - 250).max() < 4 * 15.2


def test_a_study_is_judged_as_if_its_replications_had_been_run_alone(pool):
    """To the last bit: what is counted is what the product says."""
    design = design_of([read_scenario(find_scenario("first-steps"), WEEK)])
    runner = Runner(design.alternatives, design.seed)
    which = (pool._numbers(10, 3)[0] % pool.size).tolist()
    alone = [decode(runner.run(Task(n, design.names, False))).observations for n in which]
    study = [
        replace(sample, observations=stack([one[sample.name] for one in alone]))
        for sample in pool.study(10, 3)
    ]

    assert judge(pool.study(10, 3)) == judge(study)


def test_the_ring_is_a_ring():
    """
    Towns alike, every two as far apart, a team in each; the card of step k goes round in steps of
    k. That is all that the equality of the cards rests on.
    """
    file = read_scenario(find_scenario("coverage-ring"))
    scenario = file.scenario
    towns = [f"T{i}" for i in range(11)]
    table = scenario.map.roads.table

    assert list(scenario.map.places) == towns
    assert len({place.weight for place in scenario.map.places.values()}) == 1
    assert {table[a][b] for a in towns for b in towns if a != b} == {20 * 60_000}
    assert {table[a][a] for a in towns} == {0}
    assert sorted(team.base for team in scenario.teams.values()) == sorted(towns)
    assert len({team.model_copy(update={"base": ""}) for team in scenario.teams.values()}) == 1
    for k in range(1, 11):
        card = design_of([file], [f"step {k}"]).alternatives[0].policies.dispatch.order
        assert card == {
            f"T{i}": tuple(f"T{(i + j * k) % 11}" for j in range(11)) for i in range(11)
        }


def test_all_steps_and_towns_of_a_ring_have_exactly_one_distribution(ring, monkeypatch):
    """
    Every replication in every turn and shift, 2 x 10 x 11 of them: each step then holds all that
    any step has seen, and each town all that any town has.
    """
    every = np.array([(r, u, s, 0) for r in range(2) for u in range(10) for s in range(11)]).T
    monkeypatch.setattr(ring, "_numbers", lambda replications, number: every)
    *steps, other = ring.study(220, 0)

    told = [every_callout(sample) for sample in steps]
    assert other.name == "town 0 last"
    assert len(steps) == 8
    assert len(set(map(tuple, told))) == 1
    towns = [every_callout(steps[3], town) for town in range(11)]
    assert len(set(map(tuple, towns))) == 1
    assert len(towns[0]) * 11 == len(told[0])


def every_callout(sample, town=None):
    """Return kind, hour and time to help of the callouts, in a town or in all, sorted."""
    obs = sample.observations
    own = np.ones(len(obs.kind), dtype=bool) if town is None else obs.place == town
    columns = (obs.kind[own], obs.hour[own], judged_times(sample).restricted[own])
    return sorted(zip(*(column.tolist() for column in columns), strict=True))


def test_what_is_turned_stays_its_own_replication(ring):
    """The callouts of a replication keep together, and so does what the alternatives share."""
    first, second, *_ = ring.study(10, 0)

    np.testing.assert_array_equal(first.observations.key, second.observations.key)
    assert set(first.observations.place.tolist()) == set(range(11))


@pytest.mark.long
def test_the_cards_of_the_ring_come_out_alike():
    """
    60 weeks: no two of the ten differ by more than four standard errors of their paired
    difference, in restricted mean and share not reached; the card that is worse does.
    """
    samples = samples_of("coverage-ring", {"study.replications": "60"})
    found = primary_differences(samples)[0]
    apart = {
        (row.alternative, row.measure): row.difference / ((row.high - row.low) / 4)
        for row in found
        if row.measure in ("response_restricted_mean", "not_reached")
    }
    of_steps = [far for (name, _), far in apart.items() if name.startswith("step")]

    assert len(of_steps) == 18
    assert max(map(abs, of_steps)) < 4
    assert any(of_steps)
    assert apart["town 0 last", "response_restricted_mean"] > 4
