"""Models of location against all plans there are, on cases small enough for that or for paper."""

import itertools
import math
import random

import numpy as np
import pytest

from sim.errors import OverloadError, UsageError
from sim.theory import (
    bernoulli_nash,
    chances_of_free,
    covers_needed,
    double_standard,
    hypercube,
    least_largest,
    least_total,
    malp,
    mclp,
    mecrp,
    mexclp,
    p_median,
    probability_of_loss,
    rawls,
    survival,
)

# A line of five places, ten minutes apart, each with a base; demand 5 1 1 1 5.
LINE = [[10 * abs(i - j) for i in range(5)] for j in range(5)]
ENDS = [5, 1, 1, 1, 5]
SEEDS = range(12)


def plans(bases, teams, most):
    """All plans, those with most at the first base first: the order in which ties break."""
    found = (p for p in itertools.product(range(most + 1), repeat=bases) if sum(p) == teams)
    return sorted(found, reverse=True)


def best(bases, teams, most, worth):
    """The first of the best plans and its worth."""
    return max(((p, worth(p)) for p in plans(bases, teams, most)), key=lambda pw: round(pw[1], 9))


def case(seed, places=6, bases=5):
    """A small random case; whole weights and round times, so that ties are common."""
    rng = random.Random(seed)
    weights = [rng.randint(0, 3) for _ in range(places - 1)] + [2]
    times = [[rng.choice((2, 4, 6, 8, 10, 12)) for _ in range(places)] for _ in range(bases)]
    return weights, times, rng.randint(1, 3)


def mean(weights, value):
    return sum(w * value(i) for i, w in enumerate(weights)) / sum(weights)


def near(times, plan, i, within):
    return sum(n for n, row in zip(plan, times, strict=True) if row[i] <= within)


@pytest.mark.parametrize("seed", SEEDS)
def test_mclp_is_the_first_of_the_best_of_all_plans(seed):
    weights, times, teams = case(seed)

    found = mclp(weights, times, teams, 4)

    plan, worth = best(5, teams, 1, lambda p: mean(weights, lambda i: near(times, p, i, 4) >= 1))
    assert (found.teams, found.value) == (plan, pytest.approx(worth))


@pytest.mark.parametrize("seed", SEEDS)
def test_malp_is_the_first_of_the_best_of_all_plans(seed):
    """Busy 0.3 and 0.9 reliable: two teams are needed (0.7, then 0.91)."""
    weights, times, teams = case(seed)

    found = malp(weights, times, teams, 6, busy_fraction=0.3, reliability=0.9)

    plan, worth = best(
        5, teams, teams, lambda p: mean(weights, lambda i: near(times, p, i, 6) >= 2)
    )
    assert (found.teams, found.value) == (plan, pytest.approx(worth))


@pytest.mark.parametrize("seed", SEEDS)
def test_mexclp_is_the_first_of_the_best_of_all_plans(seed):
    weights, times, teams = case(seed)

    found = mexclp(weights, times, teams, 6, busy_fraction=0.4)

    plan, worth = best(
        5, teams, teams, lambda p: mean(weights, lambda i: 1 - 0.4 ** near(times, p, i, 6))
    )
    assert (found.teams, found.value) == (plan, pytest.approx(worth))


@pytest.mark.parametrize("seed", SEEDS)
def test_bernoulli_nash_has_the_largest_product_of_all_plans(seed):
    weights, times, teams = case(seed)

    def chance(plan, i):
        k = near(times, plan, i, 6)
        return 1 - 0.4**k if k else 0.001

    found = bernoulli_nash(weights, times, teams, 6, busy_fraction=0.4)

    plan, worth = best(5, teams, teams, lambda p: mean(weights, lambda i: math.log(chance(p, i))))
    assert (found.teams, found.value) == (plan, pytest.approx(math.exp(worth)))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_p_median_is_the_first_of_the_best_of_all_plans(seed):
    weights, times, teams = case(seed)

    found = p_median(weights, times, teams)

    plan, worth = best(5, teams, 1, lambda p: -mean(weights, lambda i: nearest(times, p, i)))
    assert (found.teams, found.value) == (plan, pytest.approx(-worth))


def nearest(times, plan, i):
    return min(row[i] for n, row in zip(plan, times, strict=True) if n)


@pytest.mark.parametrize("seed", SEEDS)
def test_rawls_has_the_least_longest_time_then_the_least_mean(seed):
    weights, times, teams = case(seed)

    found = rawls(weights, times, teams)

    def worth(plan):
        longest = max(nearest(times, plan, i) for i, w in enumerate(weights) if w)
        return -longest * 1000 - mean(weights, lambda i: nearest(times, plan, i))

    plan, value = best(5, teams, 1, worth)
    assert (found.teams, found.value) == (plan, -value // 1000)


@pytest.mark.parametrize("busy", [0.0, 0.5])
@pytest.mark.parametrize("seed", SEEDS)
def test_survival_is_the_first_of_the_best_of_all_plans(seed, busy):
    weights, times, teams = case(seed)
    utilities = [[1 - t / 16 for t in row] for row in times]

    found = survival(weights, utilities, teams, busy_fraction=busy)

    def worth(plan, i):
        ranked = sorted(
            (u for n, row in zip(plan, utilities, strict=True) for u in [row[i]] * n), reverse=True
        )
        return sum((1 - busy) * busy**k * u for k, u in enumerate(ranked))

    plan, value = best(5, teams, teams, lambda p: mean(weights, lambda i: worth(p, i)))
    assert (found.teams, found.value) == (plan, pytest.approx(value))


def test_models_differ_as_they_should_on_a_line():
    """
    Demand 5 1 1 1 5 in a row, ten minutes apart; one team.

    The middle has the least longest time, 20, and the mean (5 x 20 + 10 + 0 + 10 + 5 x 20)/13 =
    220/13; so has every base: at the first (10 + 20 + 30 + 5 x 40)/13 = 260/13, at the second
    (5 x 10 + 10 + 20 + 5 x 30)/13 = 230/13. Within 10, the first and the second cover 6 and 7.
    """
    assert p_median(ENDS, LINE, 1).teams == (0, 0, 1, 0, 0)
    assert p_median(ENDS, LINE, 1).value == pytest.approx(220 / 13)
    assert rawls(ENDS, LINE, 1).value == 20
    assert mclp(ENDS, LINE, 1, 10).teams == (0, 1, 0, 0, 0)
    assert mclp(ENDS, LINE, 1, 10).value == pytest.approx(7 / 13)


def test_two_teams_go_to_both_ends_or_where_they_back_each_other_up():
    """
    Demand 0.9 and 0.1, a base in each that reaches only itself; q = 0.5.

    Average cover: both in the first 0.9 x 0.75 = 0.675, one each 0.5. The product: both in the
    first leaves the second its least chance 0.001, 0.75^0.9 x 0.001^0.1 = 0.387; one each 0.5.
    """
    apart = [[0, 99], [99, 0]]

    assert mexclp([9, 1], apart, 2, 5, busy_fraction=0.5).teams == (2, 0)
    assert mexclp([9, 1], apart, 2, 5, busy_fraction=0.5).value == pytest.approx(0.675)
    assert bernoulli_nash([9, 1], apart, 2, 5, busy_fraction=0.5).teams == (1, 1)
    assert bernoulli_nash([9, 1], apart, 2, 5, busy_fraction=0.5).value == pytest.approx(0.5)


def test_of_equal_plans_the_first_bases_are_taken():
    """On a line with equal demand and nothing in reach but the place itself, all pairs tie."""
    assert mclp([1] * 5, LINE, 2, 0).teams == (1, 1, 0, 0, 0)


@pytest.mark.parametrize(
    ("busy", "reliability", "teams"), [(0.5, 0.75, 2), (0.1, 0.9, 1), (0.3, 0.95, 3), (0, 0.99, 1)]
)
def test_covers_needed_is_not_one_too_many_by_rounding(busy, reliability, teams):
    """1 - 0.5^2 is 0.75 exactly, 1 - 0.1 is 0.9: the logarithms must not make it one more."""
    assert covers_needed(busy, reliability) == teams


def test_what_cannot_be_is_refused():
    nowhere = [[0, math.inf]]

    with pytest.raises(UsageError, match="reaches every place"):
        p_median([1, 1], nowhere, 1)
    with pytest.raises(UsageError, match="reaches every place"):
        rawls([1, 1], nowhere, 1)
    with pytest.raises(UsageError, match="room for them at 1 bases"):
        mclp([1, 1], nowhere, 2, 5)
    with pytest.raises(UsageError, match="not all 0"):
        mclp([0, 0], nowhere, 1, 5)
    with pytest.raises(UsageError, match=r"at most 0\.333"):
        bernoulli_nash([1, 1], nowhere, 1, 5, busy_fraction=0.5, least=0.5)


# -- compliance tables ------------------------------------------------------------------------


def table_worth(table, weights, times, chances, again):
    covered = 0
    for row, chance in zip(table, chances, strict=True):
        for i, weight in enumerate(weights):
            k = near(times, row, i, 4)
            covered += chance * weight * ((k >= 1) + again * (k >= 2))
    return covered / sum(weights)


@pytest.mark.parametrize("changes", [0, 1, 3])
@pytest.mark.parametrize("again", [0.0, 0.25])
@pytest.mark.parametrize("seed", SEEDS[:5])
def test_mecrp_is_the_first_of_the_best_of_all_tables(seed, again, changes):
    """Chances of whole hundredths of the largest, so that the weights are the chances."""
    weights, times, _ = case(seed, bases=4)
    chances = [0.1, 0.4, 0.2]

    found = mecrp(weights, times, 4, chances, changes=changes, again=again)

    tables = [
        table
        for table in itertools.product(*(plans(4, k, 1) for k in (1, 2, 3)))
        if all(
            sum(max(0, x - y) for x, y in zip(a, b, strict=True)) <= changes
            for a, b in itertools.pairwise(table)
        )
    ]
    worth = [round(table_worth(t, weights, times, chances, again), 9) for t in tables]
    assert found.rows == tables[worth.index(max(worth))]
    assert found.value == pytest.approx(table_worth(found.rows, weights, times, chances, 0))


def test_a_nested_table_gives_up_cover_that_a_free_one_has():
    """
    Six places alike; the left base reaches 0 to 2, the middle 1 to 4, the right 3 to 5.

    Alone the middle covers 4, an end 3; two ends cover 6, the middle and an end 5. Nested, middle
    first gives 4 and 5, an end first 3 and 6: which, depends on how often one or two are free
    (2:1 gives 13 against 12, 1:2 gives 14 against 15). Where a team may leave, 4 and 6.
    """
    reach = [{0, 1, 2}, {1, 2, 3, 4}, {3, 4, 5}]
    times = [[0 if i in near else 99 for i in range(6)] for near in reach]

    assert mecrp([1] * 6, times, 5, [0.50, 0.25]).rows == ((0, 1, 0), (1, 1, 0))
    assert mecrp([1] * 6, times, 5, [0.25, 0.50]).rows == ((1, 0, 0), (1, 0, 1))
    free = mecrp([1] * 6, times, 5, [0.50, 0.25], changes=1)
    assert free.rows == ((0, 1, 0), (1, 0, 1))
    assert free.value == pytest.approx(0.50 * 4 / 6 + 0.25)


def test_more_teams_than_bases_are_spread():
    """Two bases, both in reach of everything: a third team goes to the first, a fourth not."""
    rows = mecrp([1], [[0], [0]], 5, [1, 1, 1, 1]).rows

    assert rows == ((1, 0), (1, 1), (2, 1), (2, 2))


def test_the_chance_of_free_teams_is_that_of_coins():
    """Two teams free 3 times of 4: both 9/16, one 6/16."""
    assert chances_of_free(2, 0.25) == [6 / 16, 9 / 16]


# -- assignments ------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(40))
def test_assignments_have_the_least_total_or_the_least_largest_of_all(seed):
    """Costs from few numbers, negative ones too: ties are common."""
    rng = random.Random(seed)
    teams, slots = rng.choice([(1, 1), (2, 3), (3, 3), (3, 5), (4, 4)])
    costs = [[rng.randint(-2, 3) for _ in range(slots)] for _ in range(teams)]

    def paid(chosen):
        return [row[slot] for row, slot in zip(costs, chosen, strict=True)]

    ways = list(itertools.permutations(range(slots), teams))
    for method, worth in (
        (least_total, sum),
        (least_largest, lambda costs: (max(costs), sum(costs))),
    ):
        chosen = method(costs)
        assert len(set(chosen)) == teams
        assert worth(paid(chosen)) == min(worth(paid(way)) for way in ways)


def test_of_equal_assignments_the_first_teams_have_the_first_slots():
    assert least_total([[7] * 3] * 3) == [0, 1, 2]
    assert least_largest([[7] * 3] * 2) == [0, 1]
    assert least_total([[1, 2], [2, 3]]) == [0, 1]  # straight 1 + 3, crosswise 2 + 2
    assert least_total([]) == least_largest([]) == []


def test_a_slot_to_which_there_is_no_way_is_taken_only_if_it_cannot_be_avoided():
    """At any cost: 900 + 3 rather than no way and 4."""
    for method in (least_total, least_largest):
        assert method([[None, 900], [3, 4]]) == [1, 0]
        assert method([[None, None], [None, 4]]) == [0, 1]


@pytest.mark.parametrize("seed", range(15))
def test_the_double_standard_is_the_best_of_all_arrangements(seed):
    rng = random.Random(seed)
    teams, bases = 3, 3
    near = {g: rng.randint(1, 9) for g in [(0,), (1,), (0, 1), (1, 2), (0, 1, 2)]}
    far = {g: rng.randint(1, 9) for g in [(0, 1), (2,), (0, 1, 2)]}
    charges = [[rng.choice([0, 1, 2, 4, 6, None]) for _ in range(bases)] for _ in range(teams)]
    for row in charges:
        row[rng.randrange(bases)] = 1
    needed = rng.randint(0, sum(near.values()))

    def worth(chosen):
        count = {g: sum(base in g for base in chosen) for g in {*near, *far}}
        twice = sum(d for g, d in near.items() if count[g] >= 2)
        once = sum(d for g, d in near.items() if count[g] >= 1)
        reached = sum(d for g, d in far.items() if count[g] >= 1)
        paid = [row[base] for row, base in zip(charges, chosen, strict=True)]
        if None in paid:
            return -math.inf
        return twice - 10 * max(0, needed - once) + 100 * reached - sum(paid)

    chosen = double_standard(near, far, needed, charges)

    assert worth(chosen) == max(map(worth, itertools.product(range(bases), repeat=teams)))


# -- hypercube --------------------------------------------------------------------------------


def solved(rates, orders, mean_busy, waits, room=400):
    """Busy shares from the balance equations of Larson's chain: which teams are busy, and queue."""
    teams = len(orders[0])
    full = 2**teams - 1
    size = full + 1 + (room if waits else 0)  # beyond full: with 1, 2, ... waiting
    flow = np.zeros((size, size))
    for state in range(full):
        for rate, order in zip(rates, orders, strict=True):
            first = next(t for t in order if not state >> t & 1)
            flow[state, state | 1 << first] += rate
    for state in range(full + 1):
        for team in range(teams):
            if state >> team & 1:
                flow[state, state & ~(1 << team)] += 1 / mean_busy
    for state in range(full, size - 1):
        flow[state, state + 1] = sum(rates)
        flow[state + 1, state] = teams / mean_busy
    np.fill_diagonal(flow, -flow.sum(axis=1))
    equations = np.vstack([flow.T, np.ones(size)])
    law, *_ = np.linalg.lstsq(equations, np.append(np.zeros(size), 1.0), rcond=None)
    return [sum(law[s] for s in range(size) if s > full or s >> team & 1) for team in range(teams)]


THREE_ORDERS = [(0, 1, 2), (0, 2, 1), (1, 0, 2), (2, 1, 0)]


@pytest.mark.parametrize("waits", [True, False])
@pytest.mark.parametrize("load", [0.3, 1.0, 2.0])
def test_the_hypercube_is_near_the_solved_chain(load, waits):
    """Within 0.01 of the true busy shares, which differ from team to team by 0.12 to 0.22."""
    rates = [0.5 * load, 0.2 * load, 0.2 * load, 0.1 * load]

    found = hypercube(rates, THREE_ORDERS, [[1.0] * 3] * 4, waits=waits)

    true = solved(rates, THREE_ORDERS, 1.0, waits)
    assert found.busy == pytest.approx(true, abs=0.01)
    assert max(true) - min(true) > 0.12


@pytest.mark.parametrize("teams", [1, 2, 5, 12])
def test_the_hypercube_is_exact_where_all_teams_stand_alike(teams):
    """
    Each place has its own first team, the next in a ring second, and so on; all rates equal.

    Then each team is busy load/teams of the time where callouts wait, and that less Erlang B's
    share where they are lost; and the shares of a place's teams and of those who find all busy
    are 1 together.
    """
    orders = [[(p + k) % teams for k in range(teams)] for p in range(teams)]
    rates, times = [0.3] * teams, [[2.0] * teams] * teams

    waiting = hypercube(rates, orders, times)
    losing = hypercube(rates, orders, times, waits=False)

    lost = probability_of_loss(0.3 * teams, 2.0, teams)
    assert waiting.busy == pytest.approx([0.6] * teams)
    assert losing.busy == pytest.approx([0.6 * (1 - lost)] * teams)
    assert losing.not_at_once == pytest.approx(lost)
    assert sum(waiting.shares[0]) + waiting.not_at_once == pytest.approx(1)


def test_the_hypercube_of_a_large_fleet_does_not_run_away():
    """Iterated without scaling, 60 teams with random orders at this load end up always busy."""
    rng = random.Random(2)
    orders = [rng.sample(range(60), 60) for _ in range(20)]

    found = hypercube([2.4] * 20, orders, [[1.0] * 60] * 20, waits=False)

    lost = probability_of_loss(48, 1.0, 60)
    assert sum(found.busy) == pytest.approx(48 * (1 - lost))
    assert 0.5 < min(found.busy) < max(found.busy) < 0.97


def test_the_hypercube_takes_busy_times_by_place_and_team():
    """
    Two places far apart, two teams, hardly ever busy: each serves its own place, 1 h and 3 h.

    At one callout in 1000 h each, the busy shares are 0.001 and 0.003, to first order.
    """
    found = hypercube([0.001, 0.001], [(0, 1), (1, 0)], [[1.0, 5.0], [5.0, 3.0]])

    assert found.busy == pytest.approx([0.001, 0.003], rel=0.02)


def test_the_hypercube_refuses_what_it_cannot_judge():
    with pytest.raises(OverloadError, match="at least 3"):
        hypercube([2.0], [(0, 1)], [[1.0, 1.0]])
    with pytest.raises(UsageError, match="each team from 0 to 1"):
        hypercube([1.0], [(0, 0)], [[1.0, 1.0]])
    with pytest.raises(UsageError, match="0 or more"):
        hypercube([-1.0], [(0,)], [[1.0]])
    with pytest.raises(UsageError, match="one of each"):
        hypercube([1.0], [], [])


def test_nobody_is_busy_where_nobody_calls():
    found = hypercube([0.0], [(1, 0)], [[1.0, 1.0]])

    assert found.busy == (0.0, 0.0)
    assert found.shares == ((0.0, 1.0),)
