"""A finished replication as bytes: all of it comes back, and nothing damaged does."""

import random
from dataclasses import fields

import numpy as np
import pytest

from sim.errors import ResultsError
from sim.experiment import Runner, Task, design_of
from sim.experiment.shards import decode, encode, narrow, widened
from sim.outcomes import Observations
from sim.scenario import find_scenario, read_scenario


@pytest.fixture(scope="module")
def data():
    file = read_scenario(find_scenario("first-steps"), {"clock.run": "2 days"})
    design = design_of([file])
    return Runner(design.alternatives, design.seed).run(Task(4, design.names, True))


def test_what_goes_in_comes_out(data):
    once = decode(data)

    assert once.number == 4
    assert list(once.observations) == list(once.logs) == ["today", "reserve"]
    assert encode(once) == data
    for obs in once.observations.values():
        for field in fields(Observations):
            assert getattr(obs, field.name).dtype.kind in "if"


def test_bytes_are_the_same_every_time(data):
    assert encode(decode(data)) == data


@pytest.mark.parametrize("values", [[], [0], [-1, 127], [-129], [40_000], [2**40, -3], [2**61]])
def test_numbers_survive_in_as_few_bytes_as_hold_them(values):
    column = np.array(values, dtype=np.int64)

    kept = narrow(column)

    assert np.array_equal(widened("wait", kept), column)
    assert widened("wait", kept).dtype == np.int64
    assert kept.itemsize <= column.itemsize


def test_every_kind_of_damage_is_noticed(data):
    luck = random.Random(8)
    damaged = [data[: luck.randrange(len(data))] for _ in range(50)]
    for _ in range(50):
        at, bit = luck.randrange(len(data)), 1 << luck.randrange(8)
        damaged.append(data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :])
    damaged += [bytes(len(data)), b"", data + b"x", data[::-1]]

    for spoilt in damaged:
        with pytest.raises(ResultsError):
            decode(spoilt)
