"""How areas and kinds fare, on small samples worked by hand and on the first steps."""

import math
from dataclasses import replace

import numpy as np
import pytest

import sim
from sim.local_clock import LocalClock
from sim.log import MS_PER_HOUR, MS_PER_MINUTE, Names, Outcome
from sim.outcomes import (
    Sample,
    Standards,
    conclude,
    fairness_rows,
    headline,
    observe,
    stack,
    summarise,
)
from sim.outcomes.measured.inequality import Groups, aversion, equivalent
from sim.outcomes.measured.judged import judged_times
from sim.outcomes.verdicts.fairness import said

from .worked import callout, ms

END = ms(24 * 60)
NAMES = Names(("wounded", "fire"), ("x", "y", "z"), ("near", "near", "far"), ("A",), (), ())
TIME, SHARE = "response_restricted_mean", "not_reached"


def sample(*replications, name="a", names=NAMES, horizon=8 * 60, primary=(SHARE, TIME)):
    """A sample from callouts by replication; margins are a minute and half a percentage point."""
    parts = [
        observe(rows, [], names=names, clock=LocalClock.fixed(0), end=END, duty=[[(0, END)]])
        for rows in replications
    ]
    standards = Standards(
        (), {}, MS_PER_MINUTE, 0.02, horizon * MS_PER_MINUTE, 0.005, primary=primary
    )
    return Sample(name, stack(parts), names, standards, END, tuple(range(len(parts))))


def week(times, *, kinds=None, lost=()):
    """Callouts in a replication: response times in minutes by place, ``lost`` by place."""
    reached = [(place, t) for place, each in times.items() for t in each]
    rows = [
        callout(i, 0, sent=1, reached=t, ended=600, place=place, kind=(kinds or {}).get(place, 0))
        for i, (place, t) in enumerate(reached)
    ]
    return rows + [
        callout(len(rows) + i, 0, ended=30, outcome=Outcome.LOST, place=place)
        for i, place in enumerate(lost)
    ]


def rows_of(*samples):
    return fairness_rows(samples, conclude(samples))


def one(rows, measure, alternative="a", group=None):
    (row,) = [
        r for r in rows
        if r.measure == measure and r.alternative == alternative and group in (None, r.group)
    ]  # fmt: skip
    return row


def test_areas_gather_places_and_their_values_are_means_of_restricted_times():
    """Near 10, 20, 30 and one lost, of 8 h: 540 / 4; far 40."""
    found = sample(week({0: [10, 20], 1: [30], 2: [40]}, lost=[1]))

    groups = Groups.of(found, "area", TIME)

    assert groups.names == ("near", "far")
    assert groups.values() == [135, 40]
    assert Groups.of(found, "area", SHARE).values() == [0.25, 0]
    assert Groups.of(found, "area", TIME).most == 480


def test_kappa_is_the_sum_of_times_over_that_of_their_squares():
    """10, 20 and 30 min: 60 / 1400 per minute. Of shares a square is itself."""
    found = sample(week({0: [10, 20], 2: [30]}))

    assert aversion(found, TIME) * MS_PER_MINUTE == pytest.approx(60 / 1400)
    assert aversion(found, SHARE) == 1.0


def test_kappa_of_long_times_is_exact():
    """Squares of weeks in milliseconds add up to more than 64 bits hold."""
    found = sample(*[week({0: [7, 1400], 2: [1439]}, lost=[0] * 9)] * 3, horizon=7 * 24 * 60)
    times = [int(t) for t in judged_times(found).restricted]

    assert aversion(found, TIME) == sum(times) / sum(t * t for t in times)


def test_groups_add_up_to_the_whole_to_the_bit():
    """Those cut off by the end of the run included, whose times are filled in."""
    rng = np.random.default_rng(2)
    weeks = []
    for _ in range(5):
        rows = []
        for i in range(200):
            at = float(rng.uniform(0, 1400))
            where = {"place": int(rng.integers(3)), "kind": int(rng.integers(2))}
            reached = at + float(rng.gamma(1.3, 40))
            ended = None if reached > 1440 else 1440
            reached = None if ended is None else reached
            rows.append(callout(i, at, sent=at, reached=reached, ended=ended, **where))
        weeks.append(rows)
    found = sample(*weeks)
    times, obs = judged_times(found), found.observations
    assert not times.known.all()
    for by in ("area", "kind"):
        for measure, y, n in (
            (TIME, times.restricted, np.ones(len(times.known))),
            (SHARE, times.late, times.known),
        ):
            groups = Groups.of(found, by, measure)
            for whole, parts in ((y, groups.y), (n, groups.n)):
                each = [int(whole[obs.replication == r].sum()) for r in range(5)]
                assert parts.sum(axis=1).tolist() == each
    everyone = next(e for e in headline(found, [TIME]) if e.measure == TIME)
    assert Groups.of(found, "area", TIME).whole().value == pytest.approx(everyone.value, rel=1e-11)


def weeks(near, far, extra=0, number=12):
    """Twelve replications with a little noise that is the same under every rule."""
    noise = [((7 * r) % 5) - 2 for r in range(number)]
    return [week({0: [near + e, near], 2: [far + e + extra, far + extra]}) for e in noise]


def test_the_worst_is_named_with_its_interval_and_the_difference_is_judged():
    """Far from 40 to 45 min in all weeks, with the noise of both the same."""
    base, other = sample(*weeks(20, 40)), sample(*weeks(20, 40, 5), name="b")

    rows = rows_of(base, other)

    worst, same = one(rows, "worst_area", "b"), one(rows, "baseline_worst_area", "b")
    assert one(rows, "worst_area").group == worst.group == same.group == "far"
    assert one(rows, TIME, group="far").note == "could be the worst"
    assert worst.difference == same.difference == pytest.approx(5)
    assert (worst.family, worst.verdict) == ("exploratory", "worse")
    assert same.verdict == "worse"
    assert one(rows, "worst_area").low < one(rows, "worst_area").estimate < 42


def test_gap_and_gini_are_described_and_never_judged():
    base, other = sample(*weeks(20, 40)), sample(*weeks(20, 40, 5), name="b")

    rows = rows_of(base, other)

    for measure, difference in (("gap_area", 5), ("gini_area", None)):
        row = one(rows, measure, "b")
        assert (row.family, row.verdict) == ("description", "")
        assert row.difference_low is not None
        assert difference is None or row.difference == pytest.approx(difference)


def test_the_equivalent_keeps_the_baselines_kappa():
    base, other = sample(*weeks(20, 40)), sample(*weeks(20, 40, 100), name="b")

    row = one(rows_of(base, other), "ede_area", "b")

    kept = equivalent(Groups.of(other, "area", TIME), aversion(base, TIME)).value
    assert row.estimate == pytest.approx(kept)
    assert kept != pytest.approx(
        equivalent(Groups.of(other, "area", TIME), aversion(other, TIME)).value
    )


def test_a_group_with_few_callouts_has_a_number_and_nothing_else():
    """Far has nine callouts, and waits longest."""
    names = replace(NAMES, areas=("near", "by", "far"))
    each = [week({0: [20, 20], 1: [25, 27], 2: [300] if r < 9 else []}) for r in range(12)]

    found = rows_of(sample(*each, names=names))

    few = one(found, TIME, group="far")
    assert (few.estimate, few.low, few.high, few.note) == (300, None, None, "few")
    assert one(found, "worst_area").group == "by"
    assert one(found, "gap_area").estimate == pytest.approx(6)


def test_where_nobody_is_unreached_no_area_stands_out():
    rows = rows_of(sample(*weeks(20, 40)), sample(*weeks(20, 45), name="b"))

    worst = one(rows, "worst_area_not_reached")
    assert (worst.estimate, worst.low, worst.group) == (0, None, "no area stands out")
    assert one(rows, "worst_area_not_reached", "b").verdict == "identical"
    assert not [r for r in rows if r.measure == "baseline_worst_area_not_reached"]
    assert one(rows, "gini_area_not_reached").estimate == 0


def test_a_handful_of_cases_says_nothing_about_groups():
    """Two not reached, both far: a Gini of a half by chance."""
    each = weeks(20, 40)
    each[0], each[5] = ([*own, *week({}, lost=[2])] for own in (each[0], each[5]))

    row = one(rows_of(sample(*each)), "gini_area_not_reached")

    assert (row.estimate, row.note) == (None, "few: fewer than 10 not reached")


def test_with_one_area_there_is_nothing_by_area():
    names = replace(NAMES, areas=("near", "near", "near"))
    kinds = {2: 1}
    each = [week({0: [20 + r], 2: [40 + r]}, kinds=kinds) for r in range(12)]

    rows = rows_of(sample(*each, names=names))

    assert {row.by for row in rows} == {"kind"}
    assert one(rows, "worst_kind").group == "fire"


def test_below_ten_replications_there_are_numbers_and_no_verdict():
    base, other = sample(*weeks(20, 40, number=6)), sample(*weeks(20, 45, number=6), name="b")

    rows = rows_of(base, other)

    judged = [r for r in rows if r.family == "exploratory"]
    assert {r.verdict for r in judged} <= {"no verdict", "identical"}
    assert all(r.low is None and r.difference_low is None for r in rows)
    assert one(rows, "worst_area").note == "fewer than 10 replications"


def test_no_number_is_missing_by_being_nan():
    rare = [week({0: [20, 20], 2: [400]} if r else {}) for r in range(12)]
    for samples in (
        (sample(week({0: [20], 2: [40]})),),
        (sample(*rare), sample(*weeks(20, 40), name="b")),
        (sample(*weeks(20, 40)), sample(*rare, name="b")),
        (sample(*weeks(20, 40)), sample(*[[]] * 12, name="b")),
        (sample(*[[]] * 12), sample(*weeks(20, 40), name="b")),
    ):
        for row in rows_of(*samples):
            assert not [v for v in row if isinstance(v, float) and not math.isfinite(v)]


def test_nothing_is_better_where_people_are_abandoned():
    """The far area is reached sooner, for a third of the callouts near is lost."""
    base = sample(*weeks(20, 60))
    left = [[*own[1:], *week({}, lost=[0])] for own in weeks(20, 20)]
    other = sample(*left, name="b")

    verdicts = conclude([base, other])
    rows = fairness_rows([base, other], verdicts)

    assert verdicts.gates["b"].state == "failed"
    assert one(rows, "baseline_worst_area", "b").verdict == "at a price"
    assert "better" not in {row.verdict for row in rows}


def test_the_worst_area_as_a_primary_measure_is_judged_with_the_others():
    primary = (SHARE, TIME, "worst_area")
    base = sample(*weeks(20, 40), primary=primary)
    other = sample(*weeks(20, 40, 5), name="b", primary=primary)

    verdicts = conclude([base, other])
    rows = fairness_rows([base, other], verdicts)

    (primary_row,) = [r for r in verdicts.rows if r.measure == "worst_area"]
    row = one(rows, "worst_area", "b")
    assert (primary_row.family, primary_row.group) == ("primary", "all")
    assert (row.family, row.verdict, row.p_adjusted) == (
        "primary", primary_row.verdict, primary_row.p_adjusted,
    )  # fmt: skip
    assert primary_row.verdict == "worse"
    assert verdicts.judgements[0].row("worst_area") == primary_row
    (estimate,) = [e for e in summarise(base) if e.measure == "worst_area"]
    mine = one(rows, "worst_area")
    assert (estimate.value, estimate.low, estimate.high) == (mine.estimate, mine.low, mine.high)


def test_who_could_be_the_worst_is_said_in_words():
    assert said(["a"], 4, "kind") == "a"
    assert said(["a", "b", "c"], 4, "area") == "a, b or c"
    assert said(["a", "b", "c", "d"], 9, "area") == "no area stands out"
    assert said(["a", "b"], 2, "kind") == "no kind stands out"


@pytest.fixture(scope="module")
def first_steps():
    file = sim.load("first-steps", {"study.primary": "[response_restricted_mean, worst_area]"})
    return sim.compare(file, replications=10)


def test_in_the_first_steps_bridge_is_the_worst_and_hill_may_be(first_steps):
    row = first_steps.fairness.where(alternative="today", measure="worst_area")

    assert row.column("group").tolist() == ["Bridge or Hill"]


def test_fairness_is_a_table_and_a_file(first_steps, tmp_path):
    place = first_steps.save(tmp_path / "kept")

    written = (place / "fairness.csv").read_text(encoding="utf-8")
    assert written == first_steps.fairness.csv()
    assert set(first_steps.fairness.column("by")) == {"area", "kind"}
    paired = first_steps.comparisons.where(measure="worst_area")
    assert paired.column("family").tolist() == ["primary"]
    own = first_steps.fairness.where(measure="worst_area", alternative="reserve")
    assert own.column("difference").tolist() == paired.column("difference").tolist()
    value = list(first_steps.replications.where(measure="worst_area").column("value"))
    assert len(value) == 20
    assert MS_PER_HOUR > max(value) > 0
