"""Differences by place and window: by hand, behind both gates, and false no more than said."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

import sim
from sim.experiment.pools import ReplicationPool
from sim.log import Names
from sim.outcomes import conclude, place_differences, stack, window_differences
from sim.outcomes.inference.families import benjamini_hochberg
from sim.outcomes.verdicts.comparisons import BETTER, IDENTICAL, INCONCLUSIVE, NO_VERDICT, WORSE
from sim.outcomes.verdicts.gate import FAILED, OPEN, Gate
from sim.outcomes.verdicts.group_differences import NOT_SHOWN, TOO_FEW
from sim.outcomes.verdicts.judgement import Judgement, Verdicts
from sim.scenario.duty_hours.named_windows import NamedWindow

from ..long_cases import quick_first
from ..worlds import file_of
from .test_comparisons import answered, made
from .worked import ms

NAMES = Names(("job",), ("x", "y"), ("x", "y"), ("A",), (), ())
EVEN = (1, 2, 3, 4, 5, 5, 6, 7, 8, 9)  # leans to neither side: the interval is the textbook one
T9 = 2.2621571628  # Student t, 97.5 %, 9 degrees of freedom (any table)
MEAN = "response_restricted_mean"


def grouped(*replications, name="a"):
    """A sample to be looked at by place; each callout is a place and a time in minutes, or None."""
    rows = [
        [answered(n, time, place="xy".index(where)) for n, (where, time) in enumerate(own)]
        for own in replications
    ]
    found = made(*rows, name=name, names=NAMES)
    standards = replace(found.standards, by_place=True)
    return replace(found, standards=standards)


def by_place(*samples):
    rows = place_differences(samples, conclude(samples))
    return {(row.measure, row.group.removeprefix("place:")): row for row in rows}


def pair_of(xs, ys):
    """Ten replications: from 20 min, callouts in x so much later, and those in y."""
    base = grouped(*[[("x", 20), ("y", 20)]] * 10)
    return base, grouped(
        *[[("x", 20 + x), ("y", 20 + y)] for x, y in zip(xs, ys, strict=True)], name="b"
    )


def test_later_in_one_place_and_sooner_in_another_is_said_though_the_whole_is_the_same():
    """By hand: mean 5, variance 60 / 9; of the whole the mean is 0 in every replication."""
    samples = pair_of(EVEN, [-each for each in EVEN])
    rows, verdicts = by_place(*samples), conclude(samples)
    error = (60 / 9 / 10) ** 0.5

    later, sooner = rows[MEAN, "x"], rows[MEAN, "y"]
    assert (later.difference, later.low, later.high) == pytest.approx(
        (5, 5 - T9 * error, 5 + T9 * error)
    )
    assert (sooner.difference, sooner.low) == pytest.approx((-5, -5 - T9 * error))
    assert later.p == sooner.p == pytest.approx(max(2 * stats.t.sf(5 / error, 9), 2**-9), rel=1e-5)
    assert (later.verdict, sooner.verdict) == (WORSE, BETTER)
    assert (later.alternative, later.baseline, later.unit, later.family) == (
        "b", "a", "min", "exploratory",
    )  # fmt: skip
    assert (later.from_all, later.from_all_low) == pytest.approx((5, 5 - T9 * error))
    whole = {(r.measure, r.group): r for r in verdicts.rows}[MEAN, "all"]
    assert whole.verdict == IDENTICAL or whole.difference == 0
    assert rows["not_reached", "x"].verdict == IDENTICAL


def test_all_differences_of_the_table_are_judged_together():
    """By Benjamini and Hochberg; that everybody is reached in both places is one question."""
    rows = by_place(*pair_of(EVEN, [-each for each in EVEN]))
    asked = [row for key, row in rows.items() if key != ("not_reached", "y")]

    assert len(asked) == 3
    assert [row.p_adjusted for row in asked] == pytest.approx(
        benjamini_hochberg([row.p for row in asked]), rel=1e-5
    )


def test_a_group_of_few_callouts_is_not_judged_and_takes_nothing_from_others():
    """Nine callouts in y, each half an hour later: a number, and no word."""
    some = [[("x", 20), *([("y", 20)] if n else [])] for n in range(10)]
    later = [[("x", 20 + EVEN[n]), *([("y", 50)] if n else [])] for n in range(10)]
    rows = by_place(grouped(*some), grouped(*later, name="b"))
    without = by_place(grouped(*[[("x", 20)]] * 10), grouped(*[own[:1] for own in later], name="b"))

    few = rows[MEAN, "y"]
    assert few.verdict == TOO_FEW
    assert few.difference == 30
    assert (few.low, few.high, few.p, few.p_adjusted, few.from_all) == (None,) * 5
    assert "few callouts: 9" in few.note
    for measure in (MEAN, "not_reached"):
        assert rows[measure, "x"].p_adjusted == without[measure, "x"].p_adjusted


def test_ten_callouts_of_one_replication_are_few():
    """A single busy week says nothing of other weeks."""
    base = [[("x", 20), *([("y", 20)] * (20 if n == 3 else 0))] for n in range(10)]
    other = [[("x", 20), *([("y", 40)] * (20 if n == 3 else 0))] for n in range(10)]

    assert by_place(grouped(*base), grouped(*other, name="b"))[MEAN, "y"].verdict == TOO_FEW


def test_below_ten_replications_there_is_no_verdict():
    base = grouped(*[[("x", 20)] * 5] * 4)
    other = grouped(*[[("x", 30 + n)] * 5 for n in range(4)], name="b")

    assert by_place(base, other)[MEAN, "x"].verdict == NO_VERDICT


def test_where_few_replications_differ_no_p_value_is_smaller_than_that_of_a_sign_test():
    """In five of twenty replications the same ten minutes later: each might have been sooner."""
    base = grouped(*[[("x", 20)]] * 20)
    other = grouped(*[[("x", 30 if n < 5 else 20)] for n in range(20)], name="b")

    assert by_place(base, other)[MEAN, "x"].p == 2 * 0.5**5


def test_a_gain_in_a_place_counts_only_where_as_many_are_reached_there():
    """One callout of forty in x is lost, of four thousand in all: the gate of all stays open."""
    calm = [("y", 20)] * 200
    base = grouped(*[[("x", 30), ("x", 30), *calm]] * 20)
    sooner = [[("x", 10 + n % 3), ("x", 10), *calm] for n in range(20)]
    lost = [[("x", None if n == 7 else 10 + n % 3), ("x", 10), *calm] for n in range(20)]

    kept = (base, grouped(*sooner, name="b"))
    gave_up = (base, grouped(*lost, name="b"))

    assert conclude(kept).gates["b"].state == conclude(gave_up).gates["b"].state == OPEN
    assert by_place(*kept)[MEAN, "x"].verdict == BETTER
    row = by_place(*gave_up)[MEAN, "x"]
    assert row.verdict == INCONCLUSIVE
    assert NOT_SHOWN in row.note


def test_whoever_is_abandoned_in_a_window_of_the_run_is_a_class_of_its_own():
    """As kinds, places and hours are; and to ask for windows hides no harm found without them."""
    window = NamedWindow("closure M1", ((ms(40), ms(60)),))

    def of(name, windows, lost):
        rows = [
            [answered(0, None if lost else 20, place=0)]
            + [answered(n, 20, place=0) for n in range(1, 31)]
            for _ in range(20)
        ]
        found = made(*rows, name=name, names=NAMES)
        obs = found.observations
        received = np.where(obs.callout == 0, ms(50), 0)
        standards = replace(found.standards, windows=tuple(windows))
        return replace(found, standards=standards, observations=replace(obs, received=received))

    asked = conclude([of("a", [window], False), of("b", [window], True)])
    harm = {(h.by, h.name): h for h in asked.harmed}

    assert harm["window", "closure M1"].abandoned
    assert harm["window", "closure M1"].not_reached == 1
    assert asked.gates["b"].state == FAILED
    plain = conclude([of("a", [], False), of("b", [], True)])
    assert {(h.by, h.name, h.p_adjusted) for h in plain.harmed} <= {
        (h.by, h.name, h.p_adjusted) for h in asked.harmed
    }


# -- how often a verdict is false ------------------------------------------------------------------

WORLD = """
name: random
clock: {{start: 2025-01-06 06:00, length: 6 days, warm_up: 1 day, timezone: UTC}}
map:
  places: {places}
  roads: {{circuity: 1.3, speed: {{day: 40 km/h}}}}
  curfews: [{{speed: 60%, hours: 22:00-04:00}}]
demand:
  rate: {rate} per day
  kinds:
    job: {{share: 70%, on_scene: 50 min}}
    fire: {{share: 30%, on_scene: 90 min, priority: 2}}
  surges: [{{factor: 3, place: P2, from: day 3 00:00, until: day 4 06:00}}]
  incidents: [{{at: day 5 09:00, place: P4, kind: job, sites: 4}}]
bases: {{P0: {{}}, P5: {{}}}}
teams: {{T: {{base: P0, count: 2}}, U: {{base: P5}}}}
policies: {{a: {{}}, b: {{queue: first_come}}}}
targets: [{{name: soon, within: 25 min}}]
study: {{replications: 40, seed: {seed}, by: [place, window]}}
"""


def alike(seed):
    """
    A pool of two alternatives that are alike in law, from a random world.

    Each pair of replications is in it twice, the other way round the second time: whatever the
    rules do, every difference between the two is zero in the pool, in every place and window.
    """
    rng = np.random.default_rng(seed)
    places = {
        f"P{n}": {"lat": 35 + round(float(y), 3), "lon": 36 + round(float(x), 3)}
        for n, (x, y) in enumerate(rng.uniform(0, 0.25, (8, 2)))
    }
    text = WORLD.format(places=places, rate=int(rng.integers(20, 60)), seed=seed)
    study = sim.run_study(sim.design_of([file_of(text.replace("'", ""))]))
    a, b = study.samples
    numbers = tuple(range(2 * len(a.numbers)))
    both = [a.observations, b.observations]
    return ReplicationPool(
        [
            replace(a, observations=stack(both), numbers=numbers),
            replace(b, observations=stack(both[::-1]), numbers=numbers),
        ],
        seed,
    )


def wrong_in(pool, replications, studies):
    """Of studies from a pool of alternatives alike, how many have any verdict; the gate is open."""
    verdicts = Verdicts((), (Judgement("b", "", Gate(OPEN), ()),), ())
    wrong = {"place": 0, "window": 0}
    for number in range(studies):
        samples = pool.study(replications, number)
        for by, ask in (("place", place_differences), ("window", window_differences)):
            rows = ask(samples, verdicts)
            assert sum(row.p is not None for row in rows) > 5
            wrong[by] += any(row.verdict in (BETTER, WORSE) for row in rows)
    return wrong


@pytest.mark.parametrize(("seed", "studies"), quick_first([(1, 8), (1, 60), (2, 60)], 1))
def test_of_alternatives_that_are_alike_as_few_are_told_apart_as_is_said(seed, studies):
    """At most 5 % of studies have any false verdict: here that is the share of false findings."""
    wrong = wrong_in(alike(seed), 20, studies)

    assert max(wrong.values()) <= stats.binom.ppf(0.999, studies, 0.05)
