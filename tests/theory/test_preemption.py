"""Pre-emptive resume on one server against its formula, for work that varies or does not."""

import pytest

from sim.engine import Atlases, simulate
from sim.policies import policy_sets

from ..worlds import HOUR
from .test_queues import holds, textbook

URGENT, CALM = 0.3, 0.4  # callouts an hour, of one hour's work each


class Stays:
    """A log that keeps how long each callout took from ready to cleared, by kind."""

    def __init__(self):
        self.stays = {0: [], 1: []}

    def callout(self, row):
        if row[10] is not None:
            self.stays[row[2]].append((row[10] - row[6]) / HOUR)

    def mission(self, row):
        pass

    decision = event = mission


@pytest.mark.long
@pytest.mark.parametrize(
    ("law", "second_moment"),
    [("1 h", 1.0), ("{distribution: exponential, mean: 1 h}", 2.0)],
)
def test_pre_emptive_resume_takes_as_long_as_the_formula_says(law, second_moment):
    """
    ``T_k = 1 / (1 - s_(k-1)) + (sum over i to k of l_i E[S^2] / 2) / ((1 - s_(k-1)) (1 - s_k))``
    with E[S] = 1 (L. Kleinrock, Queueing Systems II, 1976, section 3.6). Work that begins again
    from zero, or is drawn again, would take longer where it does not vary.
    """
    kinds = (
        f"u: {{share: {URGENT / (URGENT + CALM)}, priority: 1, on_scene: {law}}}, "
        f"c: {{share: {CALM / (URGENT + CALM)}, priority: 2, on_scene: {law}}}"
    )
    world = textbook(URGENT + CALM, 1, kinds, queue="preemptive_priority", days=700, warm_up=10)
    policies, atlases = next(iter(policy_sets(world.file).values())), Atlases(world)
    logs = [Stays() for _ in range(40)]
    for number, log in enumerate(logs):
        simulate(world, policies, log, 1976, number, atlases)

    lighter = 0.0
    load = work = 0.0
    for kind, rate in enumerate((URGENT, CALM)):
        work += rate * second_moment / 2
        load += rate
        formula = 1 / (1 - lighter) + work / ((1 - lighter) * (1 - load))
        holds(formula, [(sum(log.stays[kind]), len(log.stays[kind])) for log in logs], 0.04)
        lighter = load
