"""Paired differences and verdicts, on small samples worked by hand."""

import math
from dataclasses import replace

import numpy as np
import pytest

from sim.errors import SimError
from sim.log import MS_PER_HOUR, Names, Outcome
from sim.outcomes import OUTCOMES, compare, headline_differences, observe, stack
from sim.outcomes.comparisons import holm

from .worked import callout, mission, ms, sample, target

END = ms(120)
NAMES = Names(("wounded", "fire"), ("x", "y"), ("x", "y"), ("A", "B"), (), ())
T2 = 4.3026527297  # Student t, 97.5 %, 2 degrees of freedom (any table)


def two_sided(t):
    """Of Student t with two degrees of freedom, whose distribution has a closed form."""
    return 1 - abs(t) / math.sqrt(2 + t * t)


def made(*replications, name="a", names=NAMES, targets=(), busy=(), numbers=None, **standards):
    """A sample from response times in minutes, or from callouts; ``busy`` minutes of team A."""
    parts = []
    for number, responses in enumerate(replications):
        rows = [
            each if isinstance(each, tuple) else callout(n, 0, sent=0, reached=each, ended=100)
            for n, each in enumerate(responses)
        ]
        missions = [mission(0, 0, 0, busy[number])] if busy else []
        duty = [[(0, END)]] * len(names.teams)
        clock = {"start_of_day": 6 * MS_PER_HOUR, "end": END}
        parts.append(observe(rows, missions, names=names, duty=duty, **clock))
    return sample(stack(parts), names, targets, END, name=name, numbers=numbers, **standards)


def table(rows):
    return {(row.measure, row.group): row for row in rows}


def test_holm_gives_the_published_adjustment():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.6, 0.7]) == [1, 1]
    assert holm([]) == []


def test_holm_keeps_the_chance_of_any_false_alarm_at_the_level():
    """Of ten p values three are of real differences; no more than 5 % of trials may err once."""
    rng = np.random.default_rng(11)
    trials, alarms, unadjusted = 4000, 0, 0
    for _ in range(trials):
        p = [*rng.random(7), 1e-9, 1e-9, 1e-9]
        alarms += min(holm(p)[:7]) < 0.05
        unadjusted += min(p[:7]) < 0.05

    assert alarms / trials < 0.05 + 3.3 * math.sqrt(0.05 * 0.95 / trials)
    assert unadjusted / trials > 0.25


def test_a_paired_difference_has_the_textbook_interval_and_p_value():
    """Means 10, 12, 17 against 8, 9, 10: differences 2, 3, 7, mean 4, variance 7."""
    base = made([6, 10], [8, 10], [10, 10])
    other = made([9, 11], [11, 13], [16, 18], name="b")

    row = table(compare([base, other]))["response_mean", "all"]

    error = math.sqrt(7 / 3)
    assert (row.alternative, row.unit, row.replications) == ("b", "min", 3)
    assert row.difference == pytest.approx(4)
    assert (row.low, row.high) == pytest.approx((4 - T2 * error, 4 + T2 * error))
    assert row.p == pytest.approx(two_sided(4 / error))
    assert row.weak == "fewer than 10 replications"


def test_equivalence_is_two_one_sided_tests_against_the_margin():
    """Differences 0.2, 0.3, 0.7 min, mean 0.4, variance 0.07; the margin is one minute."""
    base = made([8], [9], [10])
    other = made([8.2], [9.3], [10.7], name="b")

    (row,) = headline_differences([base, other], ["response_mean"])

    assert row.difference == pytest.approx(0.4)
    assert row.p_equivalence == pytest.approx(two_sided(0.6 / math.sqrt(0.07 / 3)) / 2)


def test_what_lies_beyond_the_margin_is_not_equivalent():
    (row,) = headline_differences([made([1], [2], [3]), made([9], [10], [12])], ["response_mean"])

    assert row.p_equivalence > 0.99


@pytest.mark.parametrize(("slower", "verdict"), [(True, "worse"), (False, "better")])
def test_less_time_is_better(slower, verdict):
    quick, slow = made([4], [6], [5]), made([14], [16.1], [15], name="b")
    pair = [quick, slow] if slower else [slow, quick]

    assert table(compare(pair))["response_mean", "all"].verdict == verdict


def test_more_reached_in_time_is_better_and_more_survival():
    """A share's direction is the other way round from a time's."""
    rng = np.random.default_rng(1)
    quick = [[8.0] * 7 + rng.uniform(1, 30, 3).tolist() for _ in range(30)]
    slow = [[12.0] * 7 + rng.uniform(1, 30, 3).tolist() for _ in range(30)]
    standards = {"targets": [target("ten", 10)], "survival": {"wounded": (0.9, ms(10))}}

    found = table(compare([made(*slow, **standards), made(*quick, name="b", **standards)]))

    assert found["share:ten", "all"].verdict == "better"
    assert found["survival", "all"].verdict == "better"
    assert found["response_mean", "all"].verdict == "better"


def test_a_busier_team_is_neither_better_nor_worse():
    calm = made(*[[5]] * 3, busy=[10, 12, 11])
    busy = made(*[[5]] * 3, busy=[60, 63, 61], name="b")

    assert table(compare([calm, busy]))["utilisation", "all"].verdict == "higher"
    assert table(compare([busy, calm]))["utilisation", "all"].verdict == "lower"


def test_a_clear_difference_below_the_margin_is_no_material_difference():
    """Six seconds later in every replication is certain, and does not matter."""
    rng = np.random.default_rng(2)
    base = [rng.uniform(5, 20, 10).tolist() for _ in range(30)]
    later = [[t + 0.1 + 0.01 * (n % 2) for t in own] for n, own in enumerate(base)]

    row = table(compare([made(*base), made(*later, name="b")]))["response_mean", "all"]

    assert row.p_holm < 0.001
    assert row.low > 0
    assert row.verdict == "no material difference"
    finer = {"margins": (ms(0.05), 0.02)}
    row = table(compare([made(*base, **finer), made(*later, **finer)]))["response_mean", "all"]
    assert row.verdict == "worse"


def test_equal_in_every_replication_is_identical():
    base = made([5, 9], [6, 8], [7, 30])

    found = compare([base, made([5, 9], [6, 8], [7, 30], name="b")])

    assert {row.verdict for row in found} == {"identical"}
    assert {row.difference for row in found} == {0}


def test_equal_on_the_whole_but_not_in_every_replication_is_not_identical():
    found = table(compare([made([5], [6], [7]), made([6], [5], [7])]))

    assert found["response_mean", "all"].difference == 0
    assert found["response_mean", "all"].verdict == "undecided"


def test_equal_in_every_replication_but_weighed_otherwise_is_not_identical():
    """Both answer in 5 and in 9 minutes; the second has more callouts where it takes 9."""
    found = table(compare([made([5, 5], [9]), made([5], [9, 9])]))

    assert found["response_mean", "all"].difference == pytest.approx(4 / 3)
    assert found["response_mean", "all"].verdict != "identical"


def test_noise_is_undecided():
    found = table(compare([made([5], [16], [7]), made([16], [5], [9])]))

    assert found["response_mean", "all"].verdict == "undecided"


def test_one_replication_decides_nothing():
    for row in compare([made([5, 9]), made([15, 29])]):
        assert row.low is row.high is row.p is row.p_holm is row.p_equivalence is None
        assert row.verdict == "undecided"


def test_a_group_met_in_one_replication_only_has_no_interval():
    """It used to have one of no width, and a verdict on the strength of a single callout."""
    fire, quicker = (
        callout(9, 0, sent=0, reached=reached, ended=100, kind=1, priority=2) for reached in (20, 5)
    )
    base = made([5, fire], [6], [7], [8])
    other = made([5, quicker], [6], [7], [8], name="b")

    found = table(compare([base, other]))

    for measure in ("response_mean", "response_median", "response_p90"):
        row = found[measure, "kind:fire"]
        assert row.difference == pytest.approx(-15)
        assert row.low is row.high is row.p is None
        assert row.verdict == "undecided"
        assert row.weak == "all of it in one replication: no interval"


def test_a_group_that_only_one_alternative_has_is_left_out():
    """A kind, a team and an area more, and all of them in front: labels decide, not places."""
    more = Names(
        ("flood", "wounded", "fire"), ("z", "x", "y"), ("z", "x", "y"), ("N", "A", "B"), (), ()
    )
    rows = [[callout(0, 0, sent=0, reached=t, ended=90, kind=1, place=1)] for t in (5, 6, 8)]
    base = made(*rows)  # kind 1 is fire, place 1 is y
    rows = [[callout(0, 0, sent=0, reached=t, ended=90, kind=2, place=2)] for t in (15, 16, 18)]
    rows[0].append(callout(1, 0, sent=0, reached=100, ended=110, kind=0, place=0))
    other = made(*rows, names=more, name="b")

    found = table(compare([base, other]))

    assert found["response_mean", "kind:fire"].difference == pytest.approx(10)
    assert found["response_mean", "area:y"].difference == pytest.approx(10)
    groups = {group for _, group in found}
    assert groups == {"all", "kind:fire", "priority:1", "area:y"}


def test_a_target_that_only_one_alternative_has_is_left_out():
    base = made([5], [6], targets=[target("ten", 10)])
    other = made([5], [6], targets=[target("ten", 10), target("five", 5)])

    assert ("share:five", "all") not in table(compare([base, other]))


def test_each_family_is_adjusted_over_all_alternatives_and_apart_from_the_other():
    """Many small groups must not weaken what is said of all callouts, nor the other way round."""
    rng = np.random.default_rng(4)

    def drawn(name, later):
        own = [[callout(n, 0, sent=0, reached=t + later, ended=100, kind=n % 2)
                for n, t in enumerate(rng.uniform(5, 20, 12))] for _ in range(12)]  # fmt: skip
        return made(*own, name=name)

    found = compare([drawn("a", 0), drawn("b", 0.5), drawn("c", 1)])

    for together in (True, False):
        family = [r for r in found if (r.group == "all") == together and r.p is not None]
        assert {r.alternative for r in family} == {"b", "c"}
        assert [r.p_holm for r in family] == holm([r.p for r in family])


def drives(slow, name, replications=12, redrawn=0):
    """
    Replications in which every callout is reached, and ``slow`` adds to each drive.

    Of ``redrawn`` callouts one has another drive than in the alternative where none has.
    """
    own = []
    for replication in range(replications):
        rng = np.random.default_rng([4, replication])
        rows = []
        for number in range(int(rng.integers(5, 40))):
            at, drive = rng.uniform(0, 60), rng.uniform(2, 20) + slow
            if redrawn and number % redrawn == 0:
                drive = np.random.default_rng([6, replication, number]).uniform(2, 20) + slow
            more = {"kind": int(rng.integers(2)), "place": int(rng.integers(2))}
            rows.append(callout(number, at, sent=at, reached=at + drive, ended=110, **more))
        own.append(rows)
    return made(*own, name=name, targets=[target("twelve", 12)])


def test_a_drive_two_minutes_longer_is_exactly_two_minutes_worse():
    """Same luck, so pairing removes all of the spread in means and quantiles."""
    found = table(compare([drives(0, "a"), drives(2, "b")]))

    for group in ("all", "kind:wounded", "kind:fire", "priority:1"):
        for measure in ("response_mean", "response_median", "response_p90"):
            row = found[measure, group]
            assert row.difference == pytest.approx(2, abs=1e-4)  # to the rounded millisecond
            assert row.high - row.low < 1e-3
            assert row.verdict == "worse"
    assert found["response_mean", "area:x"].difference == pytest.approx(2, abs=1e-4)
    assert ("response_p90", "area:x") in found
    assert ("response_median", "area:x") not in found
    assert found["wait_mean", "all"].verdict == "identical"
    assert found["share:twelve", "all"].difference < 0
    assert found["utilisation", "all"].difference == 0
    assert not [group for _, group in found if group.startswith(("hour:", "team:"))]


def test_a_sample_of_its_own_luck_gains_nothing_from_pairing_and_says_so():
    """Replications matched against the wrong ones: the ratio falls to about one, or below."""
    base = drives(0, "a", replications=40)
    other = drives(2, "b", replications=40, redrawn=5)
    luck = np.random.default_rng(0).permutation(40)[other.observations.replication]
    shuffled = replace(other.observations, replication=luck)

    sound = table(compare([base, other]))
    broken = table(compare([base, replace(other, observations=shuffled)]))

    assert sound["response_p90", "all"].variance_ratio > 2
    assert "pairing fails" not in sound["response_p90", "all"].weak
    assert broken["response_p90", "all"].variance_ratio < 1.6
    failing = [r for r in broken.values() if r.variance_ratio and r.variance_ratio < 1]
    assert failing
    assert all("pairing fails: variance ratio 0." in row.weak for row in failing)


def test_a_callout_without_a_value_in_either_alternative_is_remarked():
    cut_off = [[5, 6, callout(7, 119)] for _ in range(12)]
    pair = [made(*[[5, 6, 7]] * 12), made(*cut_off)]

    for samples in (pair, pair[::-1]):
        found = table(compare(samples))
        assert "33% of callouts have no value" in found["response_mean", "all"].weak


def test_times_that_heap_at_a_quantile_give_no_interval():
    """Nine in ten wait nothing in both, but for one replication: a heap has no density."""

    def waits(bad):
        return made(
            *[
                [callout(n, 0, sent=(r == bad and n < 6) / 2, reached=50) for n in range(30)]
                for r in range(12)
            ]
        )

    row = table(compare([waits(0), waits(1)]))["wait_p90", "all"]

    assert row.difference == 0
    assert row.low is row.high is None
    assert (row.verdict, row.weak) == ("undecided", "times heap at the quantile: no interval")


def test_alternatives_with_other_replications_are_not_compared():
    with pytest.raises(SimError, match="b: 3 replications cannot be paired with 2 of a"):
        compare([made([5], [6]), made([5], [6], [7], name="b")])
    with pytest.raises(SimError, match="b: replication 3 cannot be paired with 1 of a"):
        compare([made([5], [6]), made([5], [6], name="b", numbers=(0, 3))])


def test_the_quick_differences_for_stopping_are_those_of_the_table():
    pair = [drives(0, "a"), drives(2, "b")]
    found = table(compare(pair))

    quick = headline_differences(pair)

    assert {row.measure for row in quick} == {m for m, group in found if group == "all"}
    for row in quick:
        same = found[row.measure, "all"]
        assert (row.difference, row.low, row.high) == (same.difference, same.low, same.high)


def test_the_order_of_callouts_moves_no_digit():
    """A log is sorted, but nothing may hang on it."""
    base, other = drives(0, "a"), drives(1, "b")
    lost = np.arange(len(other.observations.kind)) % 7 == 0
    unfinished = OUTCOMES.index(Outcome.UNFINISHED)
    outcome = np.where(lost, unfinished, other.observations.outcome).astype(np.int8)
    response = np.where(lost, -1, other.observations.response)
    cut = replace(other.observations, outcome=outcome, response=response)
    order = np.random.default_rng(5).permutation(len(cut.kind))
    columns = [f for f in cut.__slots__ if len(getattr(cut, f)) == len(order)]
    mixed = replace(cut, **{name: getattr(cut, name)[order] for name in columns})

    tables = [compare([base, replace(other, observations=obs)]) for obs in (cut, mixed)]

    assert tables[0] == tables[1]
