"""Paired differences and verdicts, on small samples worked by hand."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from sim.errors import SimError
from sim.local_clock import LocalClock
from sim.log import MS_PER_HOUR, Names, Outcome
from sim.outcomes import (
    OUTCOMES,
    compare,
    headline_differences,
    observe,
    primary_differences,
    stack,
)
from sim.outcomes.inference.families import benjamini_hochberg, holm

from .worked import callout, mission, ms, sample, target

END = ms(120)
NAMES = Names(("wounded", "fire"), ("x", "y"), ("x", "y"), ("A", "B"), (), ())
T9 = 2.2621571628  # Student t, 97.5 %, 9 degrees of freedom (any table)
EVEN = (1, 2, 3, 4, 5, 5, 6, 7, 8, 9)  # leans to neither side: the interval is the textbook one
MEASURES = ("response_restricted_mean", "response_median", "response_p90")


def made(
    *replications, name="a", names=NAMES, targets=(), busy=(), numbers=None, end=END, **standards
):
    """
    A sample from response times in minutes, or from callouts; ``busy`` minutes of team A.

    A response time of None is that of a callout that is lost.
    """
    parts = []
    for number, responses in enumerate(replications):
        rows = [
            each if isinstance(each, tuple) else answered(n, each)
            for n, each in enumerate(responses)
        ]
        missions = [mission(0, 0, 0, busy[number])] if busy else []
        duty = [[(0, end)]] * len(names.teams)
        clock = {"clock": LocalClock.fixed(6 * MS_PER_HOUR), "end": end}
        parts.append(observe(rows, missions, names=names, duty=duty, **clock))
    return sample(stack(parts), names, targets, end, name=name, numbers=numbers, **standards)


def answered(number, reached, **more):
    if reached is None:
        return callout(number, 0, ended=0, outcome=Outcome.LOST, **more)
    return callout(number, 0, sent=0, reached=reached, ended=110, **more)


def table(rows):
    return {(row.measure, row.group): row for row in rows}


def later(by, **more):
    """Ten replications of one callout each, reached after 20 min and then so much later."""
    return made(*[[20 + each] for each in by], **more)


def test_a_paired_difference_that_leans_nowhere_has_the_textbook_interval_and_p_value():
    """Differences 1 to 9 with 5 twice: mean 5, variance 60 / 9."""
    found = table(compare([later([0] * 10), later(EVEN, name="b")]))

    row = found["response_restricted_mean", "all"]
    error = (60 / 9 / 10) ** 0.5
    assert (row.alternative, row.unit, row.replications) == ("b", "min", 10)
    assert row.difference == pytest.approx(5)
    assert (row.low, row.high) == pytest.approx((5 - T9 * error, 5 + T9 * error))
    assert row.p == pytest.approx(2 * stats.t.sf(5 / error, 9), rel=1e-5)
    assert row.note == ""


def test_equivalence_is_two_one_sided_tests_against_the_margin():
    """Differences of a tenth of that: mean 0.5, variance 0.6 / 9; the margin is one minute."""
    tenth = [each / 10 for each in EVEN]

    (row,) = headline_differences([later([0] * 10), later(tenth)], ["response_restricted_mean"])

    assert row.difference == pytest.approx(0.5)
    expected = stats.t.sf(0.5 / (0.6 / 9 / 10) ** 0.5, 9)
    assert row.p_equivalence == pytest.approx(expected, rel=1e-5)


def test_what_lies_beyond_the_margin_is_not_equivalent():
    (row,) = headline_differences([later([0] * 10), later(EVEN)], ["response_restricted_mean"])

    assert row.p_equivalence > 0.99


@pytest.mark.parametrize(("slower", "verdict"), [(True, "worse"), (False, "better")])
def test_less_time_is_better(slower, verdict):
    quick, slow = later([0] * 10), later(EVEN, name="b")
    pair = [quick, slow] if slower else [slow, quick]
    found = table(compare(pair))

    for measure in MEASURES:
        assert found[measure, "all"].verdict == verdict


def test_more_reached_in_time_is_better_and_more_survival():
    """A share's direction is the other way round from a time's."""
    rng = np.random.default_rng(1)
    quick = [[8.0] * 7 + rng.uniform(1, 30, 3).tolist() for _ in range(30)]
    slow = [[12.0] * 7 + rng.uniform(1, 30, 3).tolist() for _ in range(30)]
    standards = {"targets": [target("ten", 10)], "survival": {"wounded": (0.9, ms(10))}}

    found = table(compare([made(*slow, **standards), made(*quick, name="b", **standards)]))

    assert found["share:ten", "all"].verdict == "better"
    assert found["survival", "all"].verdict == "better"
    assert found["response_restricted_mean", "all"].verdict == "better"


@pytest.mark.parametrize("measure", ["utilisation", "response_mean_reached"])
def test_a_description_has_a_difference_and_no_verdict(measure):
    """A busier team is neither better nor worse; nor is a shorter mean of those reached."""
    calm = later([0] * 10, busy=[10, 12, 11, 13, 9] * 2)
    busy = later(EVEN, busy=[60, 63, 61, 66, 58] * 2, name="b")

    for pair in ([calm, busy], [busy, calm]):
        row = table(compare(pair))[measure, "all"]
        assert row.low is not None
        assert row.low * row.high > 0
        assert (row.family, row.verdict) == ("description", "")
        assert row.p_adjusted is row.needed is None


def test_a_clear_difference_below_the_margin_is_no_material_difference():
    """Six seconds later in every replication is certain, and does not matter."""
    rng = np.random.default_rng(2)
    base = [rng.uniform(5, 20, 10).tolist() for _ in range(30)]
    late = [[t + 0.1 + 0.01 * (n % 2) for t in own] for n, own in enumerate(base)]

    row = table(compare([made(*base), made(*late)]))["response_restricted_mean", "all"]

    assert row.p_adjusted < 0.001
    assert row.low > 0
    assert row.verdict == "no material difference"
    finer = {"margins": (ms(0.05), 0.02)}
    found = table(compare([made(*base, **finer), made(*late, **finer)]))
    assert found["response_restricted_mean", "all"].verdict == "worse"


def test_equal_in_every_replication_is_identical():
    rows = [[5, 9], [6, 8], [7, 30]]

    found = compare([made(*rows), made(*rows, name="b")])

    assert {row.verdict for row in found} == {"identical"}
    assert {row.difference for row in found} == {0}


def test_alternatives_of_which_neither_has_a_quantile_are_identical_where_all_is():
    """Else two rules that do the same would be inconclusive in a town that is swamped."""
    rows = [[5, None, None], [6, None, None]] * 6

    found = table(compare([made(*rows), made(*rows, name="b")]))

    assert {row.verdict for row in found.values()} == {"identical"}
    assert found["response_p90", "all"].note == "never reached"
    other = made(*[[5, None, 50], [6, None, None]] * 6)
    assert table(compare([made(*rows), other]))["response_p90", "all"].verdict == "inconclusive"


def test_equal_on_the_whole_but_not_in_every_replication_is_not_identical():
    rows = [[5], [6], [7], [8], [9]] * 2
    found = table(compare([made(*rows), made(*rows[::-1])]))

    assert found["response_restricted_mean", "all"].difference == 0
    assert found["response_restricted_mean", "all"].verdict == "inconclusive"


def test_equal_in_every_replication_but_weighed_otherwise_is_not_identical():
    """Both answer in 5 and in 9 minutes; the second has more callouts where it takes 9."""
    found = table(compare([made([5, 5], [9]), made([5], [9, 9])]))

    assert found["response_restricted_mean", "all"].difference == pytest.approx(4 / 3)
    assert found["response_restricted_mean", "all"].verdict != "identical"


def test_noise_is_inconclusive_and_says_how_many_more_would_do():
    """
    Mean 1 of ten differences that lean nowhere, sum of squares 360: error 2. With one p value
    in the family, that of the mean, t of 0.975 with 9 degrees: 10 (2.262 * 2 / 1)^2 = 204.7.
    """
    apart = [1 + each for each in (-6, 6, -6, 6, -6, 6, -6, 6, -6, 6)]
    primary = {"primary": ["response_restricted_mean"]}
    found = table(compare([later([0] * 10, **primary), later(apart, **primary)]))

    row = found["response_restricted_mean", "all"]
    assert row.verdict == "inconclusive"
    assert row.p_adjusted == pytest.approx(2 * stats.t.sf(1 / 2, 9), rel=1e-5)
    assert row.needed == 205
    assert found["response_restricted_mean", "priority:1"].needed is None  # exploratory


def test_one_replication_decides_nothing():
    for row in compare([made([5, 9]), made([15, 29])]):
        assert row.low is row.high is row.p is row.p_adjusted is row.p_equivalence is None
        assert row.verdict == ("" if row.family == "description" else "no verdict")
        assert row.note == "one replication: no interval"


def test_below_ten_replications_there_is_no_verdict_however_large_the_difference():
    base, other = later([0] * 9), later([30 + n / 10 for n in range(9)], name="b")

    row = table(compare([base, other]))["response_restricted_mean", "all"]

    assert row.low > 29
    assert (row.verdict, row.note) == ("no verdict", "fewer than 10 replications")
    base, other = later([0] * 10), later([30 + n / 10 for n in range(10)], name="b")
    assert table(compare([base, other]))["response_restricted_mean", "all"].verdict == "worse"


def test_a_group_met_in_one_replication_only_has_no_interval_and_is_inconclusive():
    """An interval of no width would give a verdict on the strength of a single callout."""
    fire, quicker = (
        callout(9, 0, sent=0, reached=reached, ended=110, kind=1, priority=2) for reached in (20, 5)
    )
    base = made([5, fire], [6], [7], [8], *[[9]] * 6)
    other = made([5, quicker], [6], [7], [8], *[[9]] * 6, name="b")

    found = table(compare([base, other]))

    for measure in MEASURES:
        row = found[measure, "kind:fire"]
        assert row.difference == pytest.approx(-15)
        assert row.low is row.high is row.p is None
        assert row.verdict == "inconclusive"
        assert row.note == "all of it in one replication: no interval"


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

    assert found["response_restricted_mean", "kind:fire"].difference == pytest.approx(10)
    assert found["response_restricted_mean", "area:y"].difference == pytest.approx(10)
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
        own = [[answered(n, t + later, kind=n % 2, priority=1 + n % 3)
                for n, t in enumerate(rng.uniform(5, 20, 12))] for _ in range(12)]  # fmt: skip
        return made(*own, name=name)

    found = compare([drawn("a", 0), drawn("b", 0.5), drawn("c", 1)])

    for name, adjust in (("primary", holm), ("exploratory", benjamini_hochberg)):
        family = [r for r in found if r.family == name and r.p is not None]
        assert {r.alternative for r in family} == {"b", "c"}
        # What asks the same question of the same data is asked once.
        once = {(r.alternative, r.difference, r.low, r.high): r.p for r in family}
        adjusted = dict(zip(once, adjust(list(once.values())), strict=True))
        for r in family:
            key = (r.alternative, r.difference, r.low, r.high)
            assert r.p_adjusted == pytest.approx(adjusted[key], rel=1e-5)
    assert {r.group for r in found if r.family == "primary"} == {"all"}


def test_a_kind_that_is_a_priority_counts_once():
    """All fires are of priority 2 and nothing else is: two rows, one question."""
    rng = np.random.default_rng(5)
    drawn = [[rng.uniform(5, 20, 4) for _ in range(12)] for _ in range(2)]
    own = [
        [[answered(n, t, kind=n % 2, priority=1 + n % 2) for n, t in enumerate(ts)] for ts in part]
        for part in drawn
    ]

    found = table(compare([made(*own[0]), made(*own[1], name="b")]))

    exploratory = [r for r in found.values() if r.family == "exploratory" and r.p is not None]
    once = {(r.difference, r.low, r.high): r.p for r in exploratory}
    assert len(once) < len(exploratory)
    smallest = min(exploratory, key=lambda r: r.p_adjusted)
    ranked = sorted(once.values())
    expected = min(len(ranked) / k * p for k, p in enumerate(ranked, 1))
    assert smallest.p_adjusted == pytest.approx(expected, rel=1e-5)
    for measure in MEASURES:
        kind, priority = found[measure, "kind:fire"], found[measure, "priority:2"]
        assert kind[3:] == priority[3:]


def test_a_large_effect_is_not_lost_among_many_exploratory_rows():
    """
    +17.8 min [8.6, 27.0] in 30 replications, p 0.0004: it used to be lost by Holm over hundreds
    of rows. Sixty kinds of callouts differ by it and by noise of their own, which adds up to
    nothing in each replication; the drift of the whole is a straight line, which leans nowhere.
    """
    rng = np.random.default_rng(6)
    kinds = tuple(f"kind {n}" for n in range(60))
    names = Names(kinds, ("x",), ("x",), ("A",), (), ())
    line = np.arange(30) - 14.5
    half = 9.2 / 2.04522964213  # the t of 29 degrees of freedom (any table)
    drift = 17.8 + line * half * np.sqrt(30 / line.var(ddof=1))
    noise = rng.normal(0, 60, (30, 60))
    noise -= noise.mean(axis=1, keepdims=True)
    more = {"names": names, "end": ms(900), "horizon": 800}

    def of(times, name):
        rows = [[answered(n, t, kind=n) for n, t in enumerate(own)] for own in times]
        rows = [[row._replace(cleared=ms(880), ended=ms(880)) for row in own] for own in rows]
        return made(*rows, name=name, **more)

    base = np.full((30, 60), 400.0)
    found = table(compare([of(base, "a"), of(base + drift[:, None] + noise, "b")]))

    row = found["response_restricted_mean", "all"]
    assert (row.difference, row.low, row.high) == pytest.approx((17.8, 8.6, 27.0), abs=1e-3)
    assert row.p == pytest.approx(4.45919e-4, rel=0.01)
    assert row.verdict == "worse"
    rows = [each.p for each in found.values() if each.p is not None]
    assert len(rows) > 120
    assert row.p * len(rows) > 0.05


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
    """Same draws, so pairing removes all of the spread in means and quantiles."""
    found = table(compare([drives(0, "a"), drives(2, "b")]))

    for group in ("all", "kind:wounded", "kind:fire", "priority:1"):
        for measure in MEASURES:
            primary = measure != "response_median"
            row = found[measure, group]
            assert row.difference == pytest.approx(2, abs=1e-4)  # to the rounded millisecond
            assert row.high - row.low < 1e-3
            assert row.family == ("primary" if primary and group == "all" else "exploratory")
            assert row.verdict == "worse"
    assert found["response_restricted_mean", "area:x"].difference == pytest.approx(2, abs=1e-4)
    assert ("response_p90", "area:x") in found
    assert ("response_median", "area:x") not in found
    assert found["queue_time_p90", "all"].verdict == "identical"
    assert found["share:twelve", "all"].difference < 0
    assert found["utilisation", "all"].difference == 0
    assert not [group for _, group in found if group.startswith(("hour:", "team:"))]


def test_a_sample_of_its_own_luck_gains_nothing_from_pairing_and_says_so():
    """Replications matched against the wrong ones: the ratio falls to about one, or below."""
    base = drives(0, "a", replications=40)
    other = drives(2, "b", replications=40, redrawn=5)
    draws = np.random.default_rng(0).permutation(40)[other.observations.replication]
    shuffled = replace(other.observations, replication=draws)

    sound = table(compare([base, other]))
    broken = table(compare([base, replace(other, observations=shuffled)]))

    assert sound["response_p90", "all"].variance_reduction_factor > 2
    assert "pairing fails" not in sound["response_p90", "all"].note
    assert broken["response_p90", "all"].variance_reduction_factor < 1.6
    failing = [
        r
        for r in broken.values()
        if r.variance_reduction_factor and r.variance_reduction_factor < 1
    ]
    assert failing
    assert all("pairing fails: variance reduction factor 0." in row.note for row in failing)


def test_a_callout_without_a_value_in_either_alternative_is_remarked():
    cut_off = [[5, 6, callout(7, 119)] for _ in range(12)]
    pair = [made(*[[5, 6, 7]] * 12), made(*cut_off)]

    for samples in (pair, pair[::-1]):
        found = table(compare(samples))
        row = found["response_mean_reached", "all"]
        assert "33% of callouts have no value" in row.note
        assert "no value" not in found["response_restricted_mean", "all"].note


def test_times_that_heap_at_a_quantile_give_no_interval():
    """Nine in ten wait nothing in both, but for one replication: a heap has no density."""

    def waits(bad):
        return made(
            *[
                [callout(n, 0, sent=(r == bad and n < 6) / 2, reached=50) for n in range(30)]
                for r in range(12)
            ]
        )

    row = table(compare([waits(0), waits(1)]))["queue_time_p90", "all"]

    assert row.difference == 0
    assert row.low is row.high is None
    assert (row.verdict, row.note) == ("inconclusive", "times heap at the quantile: no interval")


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


def test_the_primary_differences_are_those_of_the_table():
    """They are worked out without the groups, and must be judged the same."""
    rng = np.random.default_rng(9)
    samples = [made(*rng.uniform(5, 30, (12, 8)).tolist(), name=name) for name in "abc"]
    samples += [replace(drives(2, "d"), names=NAMES)]

    rows, gates = primary_differences(samples)

    whole = compare(samples)
    assert [r for r in rows if r.family == "primary"] == [r for r in whole if r.family == "primary"]
    assert list(gates) == ["b", "c", "d"]


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
