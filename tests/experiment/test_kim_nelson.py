"""Choosing the best: constants worked out elsewhere, and promises kept."""

import math

import numpy as np
import pytest

from sim.errors import UsageError
from sim.experiment.selection.kim_nelson import KimNelson, continuation, skewness
from sim.outcomes.verdicts.gate import GATE_INCONCLUSIVE

from .procedures import FIVE, Gates, Means, Ratios, Sometimes, normal, told, trace


def selector(names, delta, **more):
    """Return a procedure over plain numbers."""
    return KimNelson(names, delta, Means(), **more)


@pytest.mark.parametrize(
    ("alternatives", "first", "eta", "h2"),
    [
        (2, 10, 0.334050, 6.0129), (5, 10, 0.634967, 11.4294), (10, 10, 0.859083, 15.4635),
        (10, 20, 0.302934, 11.5115), (25, 20, 0.390263, 14.8300), (100, 20, 0.533475, 20.2721),
    ],
)  # fmt: skip
def test_the_constants_are_those_of_kim_and_nelson(alternatives, first, eta, h2):
    found = continuation(alternatives, first)

    assert found[0] == pytest.approx(eta, abs=1e-6)
    assert found[1] == pytest.approx(h2, abs=1e-4)


@pytest.mark.parametrize("alternatives", [2, 5, 40])
def test_the_constants_solve_their_equation_to_the_last_digits(alternatives):
    """For c = 1: half of (1 + 2 eta)^(-(n - 1) / 2) is the error allowed for each pair."""
    eta, h2 = continuation(alternatives, 20, 0.9)

    assert (1 + 2 * eta) ** (-19 / 2) / 2 == pytest.approx(0.1 / (alternatives - 1), rel=1e-6)
    assert h2 == pytest.approx(38 * eta, rel=1e-12)


def test_two_alternatives_by_hand():
    """
    Differences b - a in the first stage of three: 1, 3, 2, so the variance is 1. With h2 = 2 eta 2
    and eta = (0.1^-1 - 1) / 2 = 4.5, h2 = 18. At delta = 2 the lead must exceed
    max(0, 18/2 - 2 r) / 2 = 1.5 after three: 6 does, and a, with less, is the best.
    """
    values = [[1.0, 2.0], [1.0, 4.0], [1.0, 3.0]]
    found, taken = told(selector(("a", "b"), 2.0, first=3), values.__getitem__, ("a", "b"))

    assert (found.best, taken) == ("a", 6)
    assert trace(found) == [(3, "b", 3.0, 3), (3, "a", 1.0, None)]


def test_the_boundary_closes_in_and_then_the_leader_is_taken():
    """As above with differences 1, -1, 0, 0, ...: the lead must exceed (9 - 2 r) / 2, then 0."""
    rows = [[0.0, d] for d in (1.0, -1.0, 0.0, 0.0, 0.4)]
    found, taken = told(selector(("a", "b"), 2.0, first=3), rows.__getitem__, ("a", "b"))

    assert taken == 2 * 5  # 18 * 1 / 2^2 = 4.5: at most 5 of each
    assert found.best == "a"


def test_of_alternatives_that_are_always_equal_the_first_is_chosen_at_once():
    """One is as good as the other, and more replications would not tell them apart."""
    found, taken = told(selector(FIVE, 0.5), lambda n: [0.1 * n] * 5)

    assert (found.best, taken) == ("a", 100)
    assert [row[1:] for row in trace(found)] == [(n, pytest.approx(0.95), None) for n in FIVE]


def test_alternatives_a_constant_apart_are_told_apart_at_once_however_small_it_is():
    found, taken = told(
        selector(FIVE, 0.5), lambda n: [n + 0.03, n + 0.02, n + 0.01, n + 0.05, n + 0.04]
    )

    assert (found.best, taken) == ("c", 100)


def test_equal_leaders_are_no_reason_to_go_on_for_ever():
    rng = np.random.default_rng(8)
    noise = rng.normal(0, 3, 10_000)

    found, _ = told(selector(FIVE, 1.0), lambda n: [noise[n]] * 4 + [20.0 + noise[-n - 1]])

    assert found.best == "a"
    assert [row[1] for row in trace(found)] == ["e", "a", "b", "c", "d"]


def test_a_single_alternative_is_the_best_without_a_run():
    found = selector(("only",), 1.0)

    assert (found.done, found.best, found.needs(), trace(found)) == (True, "only", [], [])
    assert found.guarantee == "There is only one alternative."


def test_more_is_better_where_that_is_said():
    rows = normal([0, 0, 3, 0, 0], [1] * 5, np.random.default_rng(1))

    assert told(selector(FIVE, 1.0, maximise=True), rows)[0].best == "c"


def test_maximising_is_minimising_what_is_lost():
    rows = normal([-3, -2, -2, -2.5, -2], [2] * 5, np.random.default_rng(2))
    less, taken = told(selector(FIVE, 0.5), rows)
    more, same = told(selector(FIVE, 0.5, maximise=True), lambda n: [-v for v in rows(n)])

    assert (less.best, taken) == (more.best, same)
    assert [(r, n, -m, e) for r, n, m, e in trace(more)] == trace(less)


@pytest.mark.parametrize("shift", [-50.0, 1e6])
def test_a_level_common_to_all_values_changes_nothing(shift):
    rows = normal([0, 1, 1, 1, 1], [3] * 5, np.random.default_rng(3))
    plain, taken = told(selector(FIVE, 1.0), rows)
    moved, same = told(selector(FIVE, 1.0), lambda n: [v + shift for v in rows(n)])

    assert (plain.best, taken) == (moved.best, same)


@pytest.mark.parametrize("order", [(4, 3, 2, 1, 0), (2, 0, 4, 1, 3)])
@pytest.mark.parametrize("batch", [1, 5, None])
def test_the_order_of_the_alternatives_does_not_matter(order, batch):
    """An index mixed up (as in a published package) shows in unequal variances."""
    rows = normal([0, 0.5, 1, 0.2, 3], [1, 8, 1, 8, 2], np.random.default_rng(4))
    mixed = tuple(FIVE[i] for i in order)

    plain, taken = told(selector(FIVE, 1.0, batch=batch), rows)
    other, same = told(
        selector(mixed, 1.0, batch=batch), lambda n: [rows(n)[i] for i in order], mixed
    )

    assert (plain.best, taken) == (other.best, same)
    assert sorted(trace(plain)) == sorted(trace(other))


def test_only_those_left_are_run_on():
    rows = normal([0, 0.9, 50, 60, 50], [2] * 5, np.random.default_rng(5))
    found = selector(FIVE, 0.5, first=10)
    needs = found.needs()
    assert needs == [(n, FIVE) for n in range(10)]

    for n, _ in needs:
        found.add(n, dict(zip(FIVE, rows(n), strict=True)))

    assert found.needs() == [(10, ("a", "b"))]
    assert found.survivors == ("a", "b")


def test_asking_ahead_does_not_change_the_choice():
    """Several processes can work at once, and what they did in vain is not counted."""
    for seed in range(20):
        rows = normal([0, 0.5, 0.5, 1, 2], [3] * 5, np.random.default_rng(seed))
        one, _ = told(selector(FIVE, 0.5, batch=2), rows)
        many, _ = told(selector(FIVE, 0.5, batch=2, ahead=8), rows)

        assert trace(one) == trace(many)
        assert one.best == many.best


def test_a_batch_decides_like_one_replication_with_its_mean():
    """Each value twice over, in batches of two, is the same sample, and so is its shifted pair."""
    for seed in range(20):
        rows = normal([0, 0.5, 0.5, 1, 2], [3] * 5, np.random.default_rng(seed))
        single, taken = told(selector(FIVE, 0.5), rows)
        pairs, twice = told(
            selector(FIVE, 0.5, batch=2), lambda n, rows=rows: [v + n % 2 for v in rows(n // 2)]
        )

        assert (pairs.best, twice) == (single.best, 2 * taken)


@pytest.mark.parametrize("maximise", [True, False])
def test_differences_that_lean_either_way_are_taken_in_batches_of_five(maximise):
    rng = np.random.default_rng(6)
    lean = rng.exponential(3, 10_000)
    found, taken = told(
        selector(("a", "b"), 0.5, batch=None, maximise=maximise), lambda n: [0.0, lean[n]], "ab"
    )

    assert found.batch == 5
    assert taken % 10 == 0
    assert taken >= 2 * 100


def test_differences_that_do_not_lean_are_taken_one_by_one():
    rows = normal([0, 1], [3, 3], np.random.default_rng(6))

    assert told(selector(("a", "b"), 1.0, batch=None), rows, "ab")[0].batch == 1


def test_the_skewness_is_that_of_the_book():
    """By hand: 0, 0, 3 have mean 1, second moment 2 and third moment 2; 2 / 2^1.5."""
    assert skewness([0, 0, 3]) == pytest.approx(2**-0.5)
    assert skewness([0.1] * 20) == 0.0


def test_the_guarantee_says_what_is_promised_and_on_what_condition():
    assert selector(FIVE, 0.5, said="30 s").guarantee == (
        "With probability at least 95 % the alternative chosen is the best, provided the best is "
        "at least 30 s better than the next and differences are normal."
    )
    assert "at least 90 %" in selector(FIVE, 0.5, confidence=0.9).guarantee


def test_a_replication_of_which_one_is_missing_is_refused():
    with pytest.raises(UsageError, match="replication 0 of 'b' is needed"):
        selector(("a", "b"), 1.0).add(0, {"a": 1.0})


@pytest.mark.parametrize(
    "make",
    [
        lambda: selector((), 1.0),
        lambda: selector(("a", "a"), 1.0),
        lambda: selector(FIVE, 0.0),
        lambda: selector(FIVE, math.nan),
        lambda: selector(FIVE, 1.0, confidence=0.5),
        lambda: selector(FIVE, 1.0, confidence=95),
        lambda: selector(FIVE, 1.0, first=1),
        lambda: selector(FIVE, 1.0, batch=0),
        lambda: selector(FIVE, 1.0, ahead=0),
    ],
)
def test_what_makes_no_sense_is_refused(make):
    with pytest.raises(UsageError):
        make()


# Alternatives in the slippage configuration: all but the best exactly delta = 1 worse, which is
# the hardest. The last column is what the notes of METHODS took in all, where they say so.
SLIPPAGE = {
    "equal, best last": ([0, 0, 0, 0, 1], [3] * 5, 0.0, 356),
    "equal, best first": ([1, 0, 0, 0, 0], [3] * 5, 0.0, 356),
    "one uncertain, best last": ([0, 0, 0, 0, 1], [1, 1, 1, 1, 6], 0.0, None),
    "one uncertain, best first": ([1, 0, 0, 0, 0], [1, 1, 1, 1, 6], 0.0, 337),
    "best in the middle": ([0, 0, 1, 0, 0], [1, 8, 1, 8, 1], 0.0, None),
    "same draws": ([0, 0, 0, 0, 1], [3] * 5, 0.8, 80),
    "far below zero": ([-50, -50, -50, -50, -49], [3] * 5, 0.0, 359),
}


def test_the_best_is_chosen_where_all_meet_the_same_callouts():
    """200 choices of a promised 95 %, correlated; fewer than that only by much bad draws."""
    rng = np.random.default_rng(20250306)
    rows = [normal([1, 1, 0, 1, 1], [3] * 5, rng, 0.8) for _ in range(200)]

    right = sum(told(selector(FIVE, 1.0), each)[0].best == "c" for each in rows)

    assert right / 200 >= 0.95 - 3.09 * math.sqrt(0.95 * 0.05 / 200)


@pytest.mark.long
@pytest.mark.parametrize("case", SLIPPAGE)
def test_the_best_is_chosen_as_often_as_promised(case):
    """2,000 choices of a promised 95 %: of their share, the lower 99.9 % bound is 93 % or more."""
    means, sds, common, expected = SLIPPAGE[case]
    rng = np.random.default_rng(20250306)
    best, right, taken, choices = FIVE[int(np.argmax(means))], 0, 0, 2000
    for _ in range(choices):
        rows = normal(means, sds, rng, common)
        found, values = told(selector(FIVE, 1.0, first=10, maximise=True), rows)
        right += found.best == best
        taken += values

    share = right / choices
    assert share - 3.09 * math.sqrt(share * (1 - share) / choices) >= 0.93
    if expected is not None:
        assert expected / 1.2 <= taken / choices <= 1.2 * expected


@pytest.mark.long
@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("skew", [0.8, 1.4, 2.0])
def test_the_promise_holds_for_skewed_values_when_batches_are_left_to_the_procedure(skew, sign):
    """
    A best that hardly varies and others with gamma noise: without batches 85 to 91 % where they
    lean towards seeming better.
    """
    rng = np.random.default_rng(9)
    shape, choices, right = 4 / skew**2, 1000, 0
    for _ in range(choices):
        noise = sign * (rng.gamma(shape, 1, (2000, 5)) - shape) / math.sqrt(shape)
        values = ([0, 1, 1, 1, 1] + noise * [0.3, 3, 3, 3, 3]).tolist()
        right += told(selector(FIVE, 1.0, batch=None), values.__getitem__)[0].best == "a"

    assert right / choices >= 0.95 - 3.09 * math.sqrt(0.95 * 0.05 / choices)


@pytest.mark.long
@pytest.mark.parametrize("sign", [1, -1])
def test_the_promise_holds_for_ratios_of_sums_over_common_and_skewed_weeks(sign):
    """
    As response times are: a busy week has more callouts and longer times, for all alternatives.
    All but the best are exactly delta worse; estimates are pooled, errors linearised.
    """
    rng = np.random.default_rng(31)
    choices, right = 500, 0
    for _ in range(choices):
        sizes = rng.poisson(40, (800, 1)) + 1
        week = rng.gamma(2, 1, (800, 1)) - 2
        own = sign * (rng.gamma(1, 1, (800, 5)) - 1)
        means = 20 + np.array([0, 1, 1, 1, 1]) + 3 * week + own * [0.5, 3, 3, 3, 3]
        amounts = (means * sizes).tolist()
        rows = [
            list(zip(row, [size] * 5, strict=True))
            for row, (size,) in zip(amounts, sizes, strict=True)
        ]
        procedure = KimNelson(FIVE, 1.0, Ratios(), batch=None)
        right += told(procedure, rows.__getitem__)[0].best == "a"

    assert right / choices >= 0.95 - 3.09 * math.sqrt(0.95 * 0.05 / choices)


def rows_of(*means, noise=1.0, seed=12):
    return normal(means, [noise] * len(means), np.random.default_rng(seed))


def test_who_leaves_more_without_help_neither_wins_nor_puts_others_out():
    """`b` would win at once, and put `a` out, which is as good as `c`."""
    gates = Gates(b=0)

    found, _ = told(selector("abc", 1.0, gates=gates), rows_of(2, 0, 5), "abc")

    assert found.best == "a"
    assert trace(found)[0][1:] == ("b", pytest.approx(0, abs=0.5), 20)
    assert found.candidates.refused["b"].replications == 20
    assert gates.asked[0] == (20, ("a", "b", "c"))


def test_the_baseline_is_never_refused_and_runs_on_to_judge_others_by():
    """It is far behind from the start; `b` and `c` take more to tell apart."""
    gates = Gates()

    found, _ = told(selector("abc", 0.5, gates=gates), rows_of(9, 0, 0.3, noise=2), "abc")

    (_, ended) = trace(found)[0][1], trace(found)[0][3]
    assert (trace(found)[0][1], ended) == ("a", 20)
    assert found.candidates.had("a") == found.candidates.had(found.best) > 20
    assert gates.asked[-1] == (found.replications, ("a", found.best))


def test_those_put_out_by_one_refused_later_are_back():
    """
    `c` and `d` put the others out and are hard to tell apart; after 40 both fail. Then it is as if
    they had not been there, but for a bound that is wider for four alternatives than for two.
    """
    rows = rows_of(3, 1, 0, 0.02, noise=0.7)

    found, _ = told(selector("abcd", 0.1, gates=Gates(c=40, d=40)), rows, "abcd")
    before, _ = told(selector("abcd", 0.1), rows, "abcd")

    assert before.replications > 40
    assert before.ends["b"] < 40
    assert found.candidates.refused.keys() == {"c", "d"}
    assert (found.best, found.ends["a"]) == ("b", before.ends["a"])


def test_the_winner_is_held_against_the_baseline_once_more_before_it_is_named():
    """At 20, 40 and 80 replications the gate is open; the end comes between."""
    rows, gates = rows_of(0.1, 0, noise=1.5), Gates()
    first, _ = told(selector("ab", 0.2, gates=gates), rows, "ab")

    later, _ = told(selector("ab", 0.2, gates=Gates(b=first.replications)), rows, "ab")

    asked = [replications for replications, _ in gates.asked]
    assert asked == [*(20 * 2**n for n in range(len(asked) - 1)), first.replications]
    assert len(asked) > 2
    assert math.log2(first.replications / 20) % 1
    assert first.best == "b"
    assert (later.best, later.gate) == ("a", None)


def test_a_gate_that_is_not_settled_is_told_of_the_winner():
    found, _ = told(selector("ab", 1.0, gates=Gates(GATE_INCONCLUSIVE)), rows_of(5, 0), "ab")

    assert (found.best, found.gate.state) == ("b", GATE_INCONCLUSIVE)


@pytest.mark.parametrize("ahead", [1, 8])
def test_gates_and_what_they_bring_back_do_not_depend_on_how_far_ahead_is_asked(ahead):
    for seed in range(10):
        rows = rows_of(3, 1, 0, 0.2, 1.1, noise=1, seed=seed)
        one, _ = told(selector(FIVE, 0.2, gates=Gates(c=40, d=80)), rows)
        more, _ = told(selector(FIVE, 0.2, gates=Gates(c=40, d=80), ahead=ahead), rows)

        assert trace(one) == trace(more)


def test_an_estimate_that_clearly_does_not_exist_is_left_out_at_once():
    rows = rows_of(0, 5)

    found, _ = told(KimNelson("ab", 1.0, Sometimes("a", 1000, is_clear=True)), rows, "ab")

    assert (found.best, found.replications) == ("b", 20)


def test_an_estimate_that_does_not_exist_yet_is_given_some_time_and_no_more():
    rows = rows_of(0, 5)

    late, _ = told(KimNelson("ab", 1.0, Sometimes("a", 60)), rows, "ab")
    never, _ = told(KimNelson("ab", 1.0, Sometimes("a", 1000)), rows, "ab")

    assert (late.best, late.replications) == ("a", 60)
    assert (never.best, never.replications) == ("b", 80)


def test_where_no_estimate_exists_that_is_said():
    with pytest.raises(UsageError, match="no value to choose by"):
        told(KimNelson(("a", "b"), 1.0, Nothing()), rows_of(0, 5), "ab")


class Nothing(Means):
    """Estimates that do not exist."""

    def value(self, name):
        return None

    def spread(self, name):
        return None
