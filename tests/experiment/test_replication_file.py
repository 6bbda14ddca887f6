"""A finished replication as bytes: all of it comes back, and nothing damaged does."""

import gzip
import hashlib
import json
import random
import zlib
from dataclasses import fields, replace

import numpy as np
import pytest

from sim.errors import ResultsError
from sim.experiment import Runner, Task, design_of
from sim.experiment.running.replication_file import decode, encode, member, narrow, widened
from sim.outcomes import Observations
from sim.outcomes.observed.columns import plain
from sim.scenario import find_scenario, read_scenario


@pytest.fixture(scope="module")
def data():
    file = read_scenario(find_scenario("first-steps"), {"clock.length": "2 days"})
    design = design_of([file])
    return Runner(design.alternatives, design.seed).run(Task(4, design.names, True))


def test_what_goes_in_comes_out(data):
    once = decode(data)

    assert once.number == 4
    assert list(once.observations) == list(once.logs) == ["today", "reserve"]
    assert encode(once) == data
    for obs in once.observations.values():
        for field in fields(Observations):
            assert plain(getattr(obs, field.name)).dtype.kind in "if"


def test_bytes_are_the_same_every_time(data):
    assert encode(decode(data)) == data


@pytest.mark.parametrize("values", [[], [0], [-1, 127], [-129], [40_000], [2**40, -3], [2**61]])
def test_numbers_survive_in_as_few_bytes_as_hold_them(values):
    column = np.array(values, dtype=np.int64)

    kept = narrow(column)

    assert np.array_equal(widened("queue_time", kept), column)
    assert widened("queue_time", kept).dtype == np.int64
    assert kept.itemsize <= column.itemsize


def test_events_go_with_the_log_and_older_bytes_without_them_are_read(data):
    once = decode(data)
    log = replace(once.logs["today"], events=b"some")
    with_events = encode(replace(once, logs={**once.logs, "today": log}))
    body = data.partition(b"\n")[2]
    head, _, rest = body.partition(b"\n")
    listed = json.loads(head)
    for alternative in listed["alternatives"]:
        assert alternative["log"].pop() == 0
    older = json.dumps(listed).encode() + b"\n" + rest
    digest = hashlib.sha256(older).hexdigest().encode()

    assert decode(with_events).logs["today"].events == b"some"
    assert decode(digest + b"\n" + older).logs == once.logs


def test_every_kind_of_damage_is_noticed(data):
    draws = random.Random(8)
    damaged = [data[: draws.randrange(len(data))] for _ in range(50)]
    for _ in range(50):
        at, bit = draws.randrange(len(data)), 1 << draws.randrange(8)
        damaged.append(data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :])
    damaged += [bytes(len(data)), b"", data + b"x", data[::-1]]

    for spoilt in damaged:
        with pytest.raises(ResultsError):
            decode(spoilt)


@pytest.mark.parametrize("text", ["", "a,b\n", "\u0627\u0644\u063a\u0637\u0627\u0621\n" * 50_000])
def test_a_gzip_member_is_the_same_on_every_system_and_version_of_python(text):
    """Python's own header names the system, since 3.13 as unknown: hashes would differ."""
    data = text.encode()

    packed = member(text)

    assert packed[:10] == bytes.fromhex("1f8b 08 00 00000000 00 03")
    assert zlib.decompress(packed[10:-8], -zlib.MAX_WBITS) == data
    assert int.from_bytes(packed[-8:-4], "little") == zlib.crc32(data)
    assert int.from_bytes(packed[-4:], "little") == len(data)
    assert gzip.decompress(packed + packed) == data + data
