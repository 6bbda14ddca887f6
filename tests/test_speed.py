"""What rescuesim's speed is held against: `tests/benchmarks/speed.py`."""

import pytest

from sim.engine import simulate
from sim.log import KeptLog
from sim.policies import policy_sets

from .benchmarks.lean import Lean
from .benchmarks.loop import Loop, compiler
from .benchmarks.tutorial import Tutorial
from .benchmarks.workload import reference_world


def by_number(model):
    return {number: response for number, _, response in model.run()}


@pytest.fixture(scope="module")
def queueing(tmp_path_factory):
    """A world in which callouts queue, its callouts, and the response times of our own."""
    world = reference_world(tmp_path_factory.mktemp("world"), days=20, per_day=110)
    log = KeptLog()
    simulate(world, policy_sets(world.file)["closest"], log, 1, 0)
    ours = {c.callout: c.on_scene - c.received for c in log.callouts if c.on_scene is not None}
    assert any(row.question == "queue" for row in log.decisions)
    return world, list(world.demand.callouts(1, 0)), ours


@pytest.mark.parametrize("model", [Tutorial, Lean])
def test_other_models_have_the_same_response_times(queueing, model):
    """Else their speed says nothing about ours."""
    world, given, ours = queueing

    assert by_number(model(world, given)) == ours


@pytest.mark.skipif(compiler() is None, reason="there is no C compiler")
def test_the_loop_in_c_has_the_same_response_times(queueing):
    world, given, ours = queueing

    assert Loop(world, given).by_number() == ours
