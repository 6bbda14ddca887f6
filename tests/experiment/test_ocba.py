"""Choosing the best for a budget: equal paired allocation, and where it would tell most."""

import numpy as np
import pytest

from sim.errors import UsageError
from sim.experiment.selection.ocba import EqualAllocation, OptimalAllocation, ocba_allocation

from .procedures import FIVE, Gates, Means, Sometimes, normal, told


def budget_of(names, budget, **more):
    """Return the allocation of a budget over plain numbers."""
    return OptimalAllocation(names, budget, Means(), **more)


@pytest.mark.parametrize(
    ("means", "sds", "budget", "expected"),
    [
        ([1, 2, 3], [1, 1, 1], 100, [45.194, 43.845, 10.961]),
        ([0, 1, 2, 3, 4], [6] * 5, 1000, [421.82, 406.13, 101.53, 45.13, 25.38]),
        ([3, 1, 2], [1, 1, 1], 100, [10.961, 45.194, 43.845]),
        ([-1, -2, -3], [1, 1, 1], 100, [10.961, 43.845, 45.194]),
        # two alternatives: in proportion to their standard deviations
        ([5, 9], [2, 6], 80, [20, 60]),
    ],
)
def test_the_budget_is_divided_as_worked_out_elsewhere(means, sds, budget, expected):
    assert ocba_allocation(means, sds, budget) == pytest.approx(expected, abs=0.006)


def test_the_budget_is_divided_alike_when_more_is_better():
    assert ocba_allocation([-1, -2, -3], [1, 1, 1], 100, maximise=True) == ocba_allocation(
        [1, 2, 3], [1, 1, 1], 100
    )


@pytest.mark.parametrize(
    ("means", "sds", "expected"),
    [
        ([7], [2], [100]),
        ([1, 1, 9], [1, 3, 1], [25, 75, 0]),  # two equal leaders share it by their deviations
        ([1, 2, 3], [0, 0, 0], [100 / 3] * 3),
        ([1, 2, 3], [1, 0, 0], [100 / 3] * 3),
        ([1, 1, 1], [0, 0, 0], [100 / 3] * 3),
        ([1, 1 + 1e-300, 5], [1, 1, 1], [50, 50, 0]),
        ([0, 1e-200, 1], [1, 1, 1], [50, 50, 0]),
    ],
)
def test_the_budget_can_be_divided_at_the_edges(means, sds, expected):
    assert ocba_allocation(means, sds, 100) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("budget", [50, 51, 173, 400])
def test_the_whole_budget_is_spent_and_no_more(budget):
    rows = normal([0, 1, 2, 3, 4], [6] * 5, np.random.default_rng(7))

    found, taken = told(budget_of(FIVE, budget), rows)

    assert taken == found.spent == budget
    assert min(found.ends.values()) >= 10


def test_the_next_replications_go_to_those_that_are_short_of_their_share():
    """
    Ten each of means 1, 2, 3 and equal deviations. Of 50 replications the shares would be 22.6,
    21.9 and 5.5, so that 12.6, 11.9 and none are missing: of 20 these get 10.3 and 9.7.
    """
    budget = budget_of("abc", 50, first=10, increment=20)
    for number, _ in budget.needs():
        budget.add(number, {name: i + 2 * (number % 2) for i, name in enumerate("abc")})

    assert budget.needs() == [(n, ("a", "b")) for n in range(10, 20)]


def test_each_alternative_has_its_replications_from_the_first_without_a_gap():
    """So that those which two have in common can be paired, and the journal be used again."""
    rows = normal([0, 1, 2, 3, 4], [6] * 5, np.random.default_rng(7))
    seen = {name: [] for name in FIVE}
    budget = budget_of(FIVE, 300)
    while not budget.done:
        needs = budget.needs()
        assert [number for number, _ in needs] == sorted({number for number, _ in needs})
        for number, names in needs:
            row = dict(zip(FIVE, rows(number), strict=True))
            budget.add(number, {name: row[name] for name in names})
            for name in names:
                seen[name].append(number)

    assert all(numbers == list(range(len(numbers))) for numbers in seen.values())
    assert len(seen["a"]) > len(seen["e"]) >= 10


def test_a_budget_over_one_or_over_equal_alternatives_ends():
    only = budget_of(("only",), 100)
    found, taken = told(budget_of(FIVE, 120), lambda n: [3.0] * 5)

    assert (only.best, only.done) == ("only", True)
    assert (found.best, taken) == ("a", 120)


@pytest.mark.parametrize(
    "make",
    [
        lambda: budget_of(FIVE, 49),
        lambda: budget_of(FIVE, 100, first=1),
        lambda: budget_of(FIVE, 100, increment=-1),
        lambda: budget_of(("a", "a"), 100),
        lambda: EqualAllocation(FIVE, 49, Means()),
        lambda: EqualAllocation(("a", "a"), 49, Means()),
        lambda: ocba_allocation([], [], 10),
        lambda: ocba_allocation([1, 2], [1], 10),
    ],
)
def test_what_makes_no_sense_is_refused(make):
    with pytest.raises(UsageError):
        make()


def test_an_equal_allocation_runs_each_as_often_and_leaves_what_does_not_go_round():
    rows = normal([3, 1, 2, 3, 4], [1] * 5, np.random.default_rng(7))

    found, taken = told(EqualAllocation(FIVE, 104, Means()), rows)

    assert taken == 100
    assert (found.best, found.ends) == ("b", dict.fromkeys(FIVE, 20))
    assert told(EqualAllocation(FIVE, 104, Means(), maximise=True), rows)[0].best == "e"


@pytest.mark.parametrize("method", [EqualAllocation, OptimalAllocation])
def test_a_budget_has_no_winner_that_leaves_more_without_help(method):
    """`b` fails at once and `c` at the last moment; `a`, the baseline, is what is left."""
    rows = normal([5, 0, 1], [1] * 3, np.random.default_rng(7))
    gates = Gates(b=0, c=11)

    found, _ = told(method("abc", 90, Means(), gates=gates), rows, "abc")

    assert found.best == "a"
    assert found.candidates.refused.keys() == {"b", "c"}
    assert found.gate is None


def test_a_budget_is_not_spent_on_those_refused():
    rows = normal([5, 0, 1], [1] * 3, np.random.default_rng(7))

    found, taken = told(budget_of("abc", 90, gates=Gates(b=0)), rows, "abc")

    assert (found.best, taken, found.ends["b"]) == ("c", 90, 10)


def test_the_last_gate_is_over_what_the_winner_and_the_baseline_have_in_common():
    rows = normal([1, 0, 5], [1, 3, 1], np.random.default_rng(7))
    gates = Gates()

    found, _ = told(budget_of("abc", 90, gates=gates), rows, "abc")

    assert found.ends["a"] != found.ends["b"]
    assert gates.asked[-1] == (min(found.ends["a"], found.ends["b"]), ("a", "b"))


@pytest.mark.parametrize("method", [EqualAllocation, OptimalAllocation])
def test_where_there_is_no_value_to_choose_by_that_is_said(method):
    with pytest.raises(UsageError, match="no value to choose by"):
        told(method(("a", "b"), 40, Nothing()), lambda n: [0, 0], "ab")


def test_an_alternative_without_a_value_is_not_chosen_and_gets_no_more():
    rows = normal([0, 1, 2], [1] * 3, np.random.default_rng(7))

    found, _ = told(OptimalAllocation("abc", 60, Sometimes("a", 1000)), rows, "abc")

    assert (found.best, found.ends["a"]) == ("b", 10)


def test_budgets_promise_nothing_and_say_what_they_cost():
    equal, _ = told(EqualAllocation("ab", 40, Means()), lambda n: [n, n + 1], "ab")

    assert equal.guarantee == "No guarantee: 20 replications of each, on the same callouts."
    assert "loses the benefit of pairing" in budget_of(FIVE, 100).guarantee


class Nothing(Means):
    """Estimates that do not exist."""

    def value(self, name):
        return None

    def spread(self, name):
        return None


@pytest.mark.long
def test_a_budget_spent_where_it_tells_most_chooses_better_than_one_spread_evenly():
    """Ten alternatives, each one worse than the one before, 400 choices of 400 replications."""
    names = tuple("abcdefghij")
    even, favoured, choices = 0, 0, 400
    for seed in range(choices):
        rows = normal(range(10), [6] * 10, np.random.default_rng(seed))
        favoured += told(budget_of(names, 400), rows, names)[0].best == "a"
        means = np.mean([rows(n) for n in range(40)], axis=0)
        even += int(np.argmin(means)) == 0

    assert favoured / choices >= even / choices + 0.05


@pytest.mark.long
def test_on_common_callouts_an_equal_allocation_chooses_better_than_one_that_gives_up_pairing():
    """Five alternatives whose weeks have much in common, 400 choices of 100 replications."""
    equal, favoured, choices = 0, 0, 400
    for seed in range(choices):
        rows = normal([0, 1, 1, 1, 1], [6] * 5, np.random.default_rng(seed), common=0.9)
        equal += told(EqualAllocation(FIVE, 100, Means()), rows)[0].best == "a"
        favoured += told(budget_of(FIVE, 100), rows)[0].best == "a"

    assert equal / choices >= favoured / choices + 0.05
