"""Who is served next: by view, and in worlds worked by hand. Times in minutes."""

from types import SimpleNamespace

import pytest

from sim.log import NO_ACCESS
from sim.policies import LIBRARY, QueueView
from sim.policies.queue_rules.queueing import Ageing, Deadline, MarginalLoss, Nearest

from ..worlds import MINUTE, answered, hand_worked
from .line import atlas_of

ATLAS = atlas_of((1,), "A")
KINDS = "urgent: {share: 50%, priority: 1}\ncalm: {share: 50%, priority: 3}"


def served(rule, *callouts, now=100):
    """Return the order of callouts given as (priority, received, soonest), by position."""
    places = []
    for number, (priority, received, soonest) in enumerate(callouts):
        at = received * MINUTE
        callout = SimpleNamespace(
            number=number, kind=0, priority=priority, place=0, received=at, ready=at
        )
        view = QueueView(now * MINUTE, NO_ACCESS if soonest is None else soonest * MINUTE, ATLAS)
        places.append((rule(callout, view), number))
    return [number for _, number in sorted(places)]


def test_nearest_serves_who_is_reached_soonest_and_those_nobody_reaches_last():
    assert served(Nearest(by_priority=False), (1, 0, 30), (3, 5, 10), (3, 6, None)) == [1, 0, 2]
    assert served(Nearest(), (1, 0, 30), (3, 5, 10), (1, 6, 5)) == [2, 0, 1]


def test_deadline_serves_who_is_due_first():
    """Due at 0 + 60, 5 + 15 and, not named, 1 + 120."""
    rule = Deadline(allowed={1: 15 * MINUTE, 2: 60 * MINUTE})

    assert served(rule, (2, 0, 0), (1, 5, 0), (3, 1, 0)) == [1, 0, 2]


def test_marginal_loss_prefers_the_urgent_until_waiting_has_cost_them_most():
    """
    Half-lives 10 and 60. A moment costs ``2^(-t/h) / h``: at t = 0 a tenth against a sixtieth; at
    40 min 2^-4 / 10 = 1/160 for the urgent, and the calm one just received still loses 1/60.
    """
    rule = MarginalLoss(half_lives={1: 10 * MINUTE, 3: 60 * MINUTE})

    assert served(rule, (3, 100, 0), (1, 100, 0)) == [1, 0]
    assert served(rule, (3, 100, 0), (1, 60, 0)) == [0, 1]


def test_marginal_loss_counts_the_time_until_somebody_is_there():
    """Reached in 40 min it is as if 40 had passed."""
    rule = MarginalLoss(half_lives={1: 10 * MINUTE, 3: 60 * MINUTE})

    assert served(rule, (3, 100, 0), (1, 100, 40)) == [0, 1]


def test_ageing_lets_an_hour_of_waiting_count_as_one_priority():
    """Priority 3 since 0 is as good as 1 since 120: at 119 it goes after, at 121 before."""
    rule = Ageing(step=60 * MINUTE)

    assert served(rule, (3, 0, 0), (1, 119, 0), now=200) == [1, 0]
    assert served(rule, (3, 0, 0), (1, 121, 0), now=200) == [0, 1]


def test_nothing_starves_where_waiting_counts():
    """
    Two urgent callouts at 0 and one every ten minutes, of ten minutes each: one always waits. By
    priority the calm one of 00:01 is never served. With a step of 30 min it goes before those
    received after 61, so after the one received at 60, which is served at 70.
    """
    urgent = [f"{h:02d}:{m:02d} A urgent 10" for h in range(5) for m in range(0, 60, 10)]
    text = hand_worked("00:00 A urgent 10", "00:01 A calm 10", *urgent, kinds=KINDS, run="5 h")
    aged = text + "policies: {p: {queue: {ageing: {step: 30 min}}}}\n"

    assert answered(text).outcome(2) == "unfinished"
    assert answered(aged).minutes(2, "dispatched") == 80


@pytest.mark.parametrize(
    ("rule", "order"),
    [
        ("priority", [0, 2, 1, 3]),
        ("first_come", [0, 1, 2, 3]),
        ("{nearest: {by_priority: no}}", [0, 3, 2, 1]),
        ("{deadline: {allowed: {1: 3 h, 3: 10 min}}}", [0, 1, 3, 2]),
        ("{ageing: {step: 1 min}}", [0, 1, 2, 3]),
    ],
)
def test_the_rules_order_those_who_wait_in_a_run(rule, order):
    """
    One works in A until 60. Waiting: 1 calm in C (since 1), 2 urgent in B (since 5), 3 calm in A
    (since 8); B is 10 away, C 20 from A and 10 from B.
    """
    text = hand_worked(
        "00:00 A calm 60",
        "00:01 C calm",
        "00:05 B urgent",
        "00:08 A calm",
        places="A B C",
        times="A-B 10, B-C 10, A-C 20",
        kinds=KINDS,
        rest=f"policies: {{p: {{queue: {rule}}}}}",
    )
    day = answered(text)

    assert sorted(range(4), key=lambda n: day.minutes(n, "dispatched")) == order


def test_every_rule_says_in_words_what_its_order_is():
    for name, rule in LIBRARY["queue"].items():
        assert bool(rule.why) == (name != "none")
