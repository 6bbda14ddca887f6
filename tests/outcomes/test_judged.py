"""Response times up to a horizon, worked by hand; those censored filled in by Kaplan and Meier."""

import numpy as np
import pytest

from sim.outcomes import NEVER
from sim.outcomes.measured.groupings import read
from sim.outcomes.measured.judged import judged_times, restrict

from .test_summary import END, TARGETS, censored
from .worked import sample


def of(reached=(), censored_at=(), ended=0, horizon=60):
    """Return restricted times: of those reached, those censored, and ``ended`` without a team."""
    times = np.array([*reached, *censored_at, *[NEVER] * ended], dtype=np.int64)
    known = np.arange(len(times)) < len(reached)
    return restrict(times, known, horizon)


def test_reached_in_time_late_and_never():
    found = of(reached=[10, 60, 61], ended=1)

    assert found.restricted.tolist() == [10, 60, 60, 60]
    assert found.late.tolist() == [False, False, True, True]
    assert found.known.all()


def test_one_cut_off_has_the_mean_of_those_that_waited_as_long():
    """Cut off at 15, when 20 and 40 were still to come: (20 + 40) / 2."""
    found = of(reached=[10, 20, 40], censored_at=[15])

    assert found.restricted.tolist() == [10, 20, 40, 30]
    assert found.known.tolist() == [True, True, True, False]
    assert not found.late.any()


def test_one_cut_off_at_the_instant_at_which_another_is_reached_was_still_waiting_then():
    """Two reached at 20, one censored then, one reached at 50: the one left tells of it."""
    assert of(reached=[20, 20, 50], censored_at=[20]).restricted.tolist() == [20, 20, 50, 50]


def test_several_reached_at_once_take_their_part_at_once():
    """
    Cut off at 5 before two of three are reached at 20, the third at 50: a third of what is left.
    """
    assert of(reached=[20, 20, 50], censored_at=[5]).restricted.tolist() == [20, 20, 50, 30]


def test_those_cut_off_later_count_for_those_cut_off_before():
    """
    After 10: of three that wait on, one is reached at 20; of the two left one is censored at 30,
    which leaves the one reached at 40 to speak for both: 40. So (20 + 40 + 40) / 3 is 33 1/3.
    """
    found = of(reached=[20, 40], censored_at=[10, 30])

    assert found.restricted.tolist() == [20, 40, 33, 40]  # to the whole millisecond


def test_where_everybody_is_still_waiting_nothing_is_known_but_that():
    found = of(censored_at=[5, 15, 25])

    assert found.restricted.tolist() == [60, 60, 60]
    assert not found.known.any()
    assert not found.late.any()


def test_where_nobody_is_ever_reached_it_is_the_horizon():
    found = of(censored_at=[5], ended=3)

    assert found.restricted.tolist() == [60] * 4
    assert found.late.tolist() == [False, True, True, True]


def test_still_waiting_after_the_horizon_is_known_to_be_late():
    found = of(reached=[10], censored_at=[60, 75])

    assert found.restricted.tolist() == [10, 60, 60]
    assert found.late.tolist() == [False, True, True]


def test_who_waits_for_ever_is_among_those_that_wait_on():
    """Cut off at 15; of two that wait on, one is reached at 20, one never: (20 + 60) / 2."""
    assert of(reached=[10, 20], censored_at=[15], ended=1).restricted.tolist() == [10, 20, 40, 60]


def test_a_horizon_beyond_all_that_was_seen_ends_with_the_last_reached():
    """Nobody who waited so long was left: the next one will be there by then, too."""
    assert of(reached=[10], censored_at=[5], horizon=1000).restricted.tolist() == [10, 10]
    assert of(reached=[5], censored_at=[10], horizon=1000).restricted.tolist() == [5, 1000]


def test_no_callouts_have_no_times():
    assert len(of().restricted) == 0


def redistributed(times, reached, horizon):
    """
    Return the mean of min(T, horizon) by Efron's other way to Kaplan and Meier's estimate.

    Callouts are taken by time; one that is censored hands its weight to all that come after it.
    """
    order = np.lexsort((~reached, times))
    weights, total = np.ones(len(times)), 0.0
    for place, one in enumerate(order):
        later = order[place + 1 :]
        if reached[one] or times[one] >= horizon or not len(later):
            total += weights[one] * (min(times[one], horizon) if reached[one] else horizon)
        else:
            weights[later] += weights[one] / len(later)
    return total / len(times)


@pytest.mark.parametrize("seed", range(12))
def test_the_mean_is_that_of_kaplan_and_meier(seed):
    rng = np.random.default_rng(seed)
    size = 80
    times = rng.integers(1, 50_000, size)
    fate = rng.random(size)
    reached = fate < 0.6
    times = np.where(fate > 0.9, NEVER, times)

    found = restrict(times, reached, 40_000).restricted

    expected = redistributed(times, reached, 40_000)
    assert found.mean() == pytest.approx(expected, abs=0.5)  # each to the whole millisecond


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("measure", ["response_restricted_mean", "not_reached"])
def test_groups_add_up_to_the_whole_to_the_bit(seed, measure):
    """Kinds, priorities, areas and hours: the sums behind each are those of all callouts."""
    names, obs = censored(seed)
    found = {}
    for part in read(sample(obs, names, TARGETS, END, horizon=8)):
        for column in part.columns:
            if column.label.name == measure:
                prefix = part.groups[0][1].partition(":")[0]
                found[prefix] = column.amount.sum(axis=1), column.size.sum(axis=1)

    assert set(found) == {"all", "kind", "priority", "area", "hour"}
    for amount, size in found.values():
        assert amount.tolist() == found["all"][0].tolist()
        assert size.tolist() == found["all"][1].tolist()
    times = judged_times(sample(obs, names, TARGETS, END, horizon=8))
    assert found["all"][0].sum() == (
        times.late.sum() if measure == "not_reached" else times.restricted.sum()
    )
