"""Half-widths wanted and reached, and whether stopping at them spoils the intervals."""

import math
from typing import NamedTuple

import numpy as np
import pytest

from sim.errors import UsageError
from sim.experiment.running.precision import Goal, ReplicationPlan, Width, plan_of, precise, widths
from sim.outcomes import ratio, share
from sim.scenario.fields.models import StudySection


class Estimate(NamedTuple):
    measure: str
    group: str
    value: float | None
    low: float | None
    high: float | None
    unit: str = "min"
    replications: int = 30
    note: str = ""


class Difference(NamedTuple):
    alternative: str
    measure: str
    group: str
    difference: float
    low: float | None
    high: float | None
    unit: str = "min"


def stop_of(plan, measured):
    """Return the look at which a study of one alternative would stop, and its last estimate."""
    for look in plan.looks():
        estimate = measured(look)
        if precise(widths(plan, {"today": [estimate]}, [])):
            break
    return look, estimate


def study_of(replications):
    return StudySection.model_validate({"replications": replications})


def test_a_study_of_so_many_replications_has_one_look_at_the_end():
    assert plan_of(study_of(7)) == ReplicationPlan(7, 7)
    assert list(plan_of(study_of(7)).looks()) == [7]


def test_looks_come_every_ten_replications_and_once_at_the_end():
    plan = plan_of(study_of({"at_most": 57, "until": {"response_restricted_mean": "5%"}}))

    assert list(plan.looks()) == [30, 40, 50, 57]
    assert list(ReplicationPlan(30, 50, plan.goals).looks()) == [30, 40, 50]
    assert list(ReplicationPlan(30, 30, plan.goals).looks()) == [30]
    assert list(ReplicationPlan(30, 20, plan.goals).looks()) == [20]


def test_without_a_goal_there_is_nothing_to_look_for_before_the_end():
    assert list(ReplicationPlan(10, 57).looks()) == [57]


def test_a_plan_that_would_never_look_again_is_refused():
    with pytest.raises(UsageError, match="then every 0"):
        ReplicationPlan(30, 400, (), 0)


def test_half_widths_are_read_into_the_units_of_the_tables():
    until = {
        "response_restricted_mean": "5%", "queue_time_mean": "30 s", "share:wounded": "1 pp",
        "difference:response_p90": "90 s",
    }  # fmt: skip

    goals = plan_of(study_of({"until": until})).goals

    assert goals == (
        Goal("response_restricted_mean", relative=0.05),
        Goal("queue_time_mean", absolute=0.5),
        Goal("share:wounded", absolute=0.01),
        Goal("difference:response_p90", absolute=1.5),
    )


@pytest.mark.parametrize(
    ("measure", "wanted", "told"),
    [
        (
            "response_restricted_mean",
            "1 pp",
            "response_restricted_mean is a time, found '1 pp'; write '30 s' or '5%'",
        ),
        ("difference:queue_time_p90", "1 pp", "queue_time_p90 is a time"),
        ("share:wounded", "30 s", "is a share, found '30 s'; write '1 pp' or '5%'"),
        ("survival", "30 s", "survival is a share"),
    ],
)
def test_a_time_is_not_wanted_of_a_share_nor_points_of_a_time(measure, wanted, told):
    """Half a minute would be 50 percentage points: met at once, and a study far too short."""
    with pytest.raises(UsageError) as refused:
        plan_of(study_of({"until": {measure: wanted}}))

    assert told in str(refused.value)


TABLE = [10.0, 14.0, 12.0, 16.0, 8.0, 12.0, 10.0, 14.0, 12.0, 12.0, 11.0, 13.0]


def test_the_study_stops_where_the_half_width_worked_out_by_hand_says():
    """
    Means and sums of squares about them, by hand, with t from a printed table:
    n = 2: 12, 8; 12.706 sqrt(8/1/2) = 25.4.  n = 4: 13, 20; 3.182 sqrt(20/3/4) = 4.11.
    n = 6: 12, 40; 2.571 sqrt(40/5/6) = 2.97.  n = 8: 12, 48; 2.365 sqrt(48/7/8) = 2.19.
    n = 10: 12, 48; 2.262 sqrt(48/9/10) = 1.65.  n = 12: 12, 50; 2.201 sqrt(50/11/12) = 1.355.
    """

    def measured(n):
        found = ratio(np.array(TABLE[:n]), np.ones(n))
        return Estimate("response_restricted_mean", "all", found.value, found.low, found.high)

    def stop(**goal):
        return stop_of(
            ReplicationPlan(2, 12, (Goal("response_restricted_mean", **goal),), every=2), measured
        )[0]

    assert stop(absolute=5.0) == 4
    assert stop(absolute=2.98) == 6
    assert stop(absolute=2.96) == 8
    assert stop(absolute=1.66) == 10
    assert stop(absolute=1.0) == 12
    # 1.65 / 12 = 0.1377 lies between 0.15 and 0.15/1.15 = 0.130; 1.355 / 12 = 0.113 is below it
    assert stop(relative=0.15) == 12
    assert stop(relative=0.16) == 10  # 0.16/1.16 = 0.1379


def test_both_sides_of_a_lopsided_interval_must_be_narrow_enough():
    plan = ReplicationPlan(30, 400, (Goal("share:wounded", absolute=0.02),))
    low = Estimate("share:wounded", "all", 0.95, 0.92, 0.96, "share")
    high = Estimate("share:wounded", "all", 0.05, 0.04, 0.08, "share")

    found = widths(plan, {"today": [low], "cover": [high]}, [])

    assert [w.half_width for w in found] == [pytest.approx(0.03)] * 2
    assert [w.met for w in found] == [False, False]


def test_every_goal_must_be_met_for_every_alternative():
    plan = ReplicationPlan(
        30,
        400,
        (Goal("response_restricted_mean", absolute=1.0), Goal("queue_time_mean", absolute=1.0)),
    )
    good = [
        Estimate(m, "all", 9, 8.5, 9.5) for m in ("response_restricted_mean", "queue_time_mean")
    ]
    bad = [good[0], Estimate("queue_time_mean", "all", 9, 7, 11)]

    found = widths(plan, {"today": good, "cover": bad}, [])

    assert [(w.alternative, w.measure, w.met) for w in found] == [
        ("today", "response_restricted_mean", True),
        ("cover", "response_restricted_mean", True),
        ("today", "queue_time_mean", True),
        ("cover", "queue_time_mean", False),
    ]
    assert not precise(found)
    assert precise(widths(plan, {"today": good}, []))


def test_only_the_estimate_over_all_callouts_counts():
    plan = ReplicationPlan(30, 400, (Goal("response_restricted_mean", absolute=1.0),))
    rows = [
        Estimate("response_restricted_mean", "all", 9, 8.5, 9.5),
        Estimate("response_restricted_mean", "area:north", 9, 1, 17),
    ]

    assert precise(widths(plan, {"today": rows}, []))
    assert precise(widths(plan, {"today": rows[::-1]}, []))


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [Estimate("response_restricted_mean", "all", None, None, None)],
        [Estimate("response_restricted_mean", "all", 9.0, None, None)],
        [Estimate("response_restricted_mean", "all", 9.0, 8.9, None)],
    ],
)
def test_what_has_no_interval_is_not_precise(rows):
    """No callouts, one replication, or a percentile that is hardly reached."""
    goals = (
        Goal("response_restricted_mean", absolute=100.0),
        Goal("response_restricted_mean", relative=100.0),
    )

    found = widths(ReplicationPlan(30, 400, goals), {"today": rows}, [])

    assert [(w.half_width, w.met) for w in found] == [(None, False), (None, False)]


def test_five_percent_of_nothing_is_met_only_by_an_interval_without_width():
    plan = ReplicationPlan(30, 400, (Goal("queue_time_mean", relative=0.05),))

    assert not precise(
        widths(plan, {"a": [Estimate("queue_time_mean", "all", 0.0, -0.1, 0.1)]}, [])
    )
    assert precise(widths(plan, {"a": [Estimate("queue_time_mean", "all", 0.0, 0.0, 0.0)]}, []))


def test_a_difference_is_wanted_of_each_alternative_but_the_baseline():
    plan = ReplicationPlan(30, 400, (Goal("difference:response_restricted_mean", absolute=0.5),))
    estimates = {"today": [], "cover": [], "far": []}
    rows = [
        Difference("cover", "response_restricted_mean", "all", -1.0, -1.4, -0.6),
        Difference("cover", "response_restricted_mean", "kind:fire", -1.0, -9.0, 7.0),
        Difference("far", "queue_time_mean", "all", 0.0, 0.0, 0.0),
    ]

    found = widths(plan, estimates, rows)

    assert found == [
        Width("cover", "difference:response_restricted_mean", pytest.approx(0.4), 0.5, "min", True),
        Width("far", "difference:response_restricted_mean", None, 0.5, "", False),
    ]


def test_where_a_study_stops_depends_on_nothing_but_the_replications_up_to_there():
    """A worker that has finished later replications early must not be able to change the end."""
    rng = np.random.default_rng(3)
    values = rng.normal(20, 6, 400)
    plan = ReplicationPlan(30, 400, (Goal("response_restricted_mean", relative=0.05),))

    def stop(series):
        seen = []

        def measured(n):
            seen.append(n)
            found = ratio(series[:n], np.ones(n))
            return Estimate("response_restricted_mean", "all", found.value, found.low, found.high)

        return stop_of(plan, measured)[0], seen

    at, seen = stop(values)
    changed = np.concatenate([values[:at], rng.normal(90, 40, 400 - at)])

    assert 30 < at < 400
    assert seen == list(range(30, at + 1, 10))
    assert stop(changed) == (at, seen)


@pytest.mark.long
@pytest.mark.parametrize("what", ["times", "shares"])
def test_stopping_when_narrow_enough_leaves_the_interval_its_coverage(what):
    """
    2,000 studies that stop at the first look with a narrow interval. 95 % is promised; a share
    of 30 callouts a replication is skewed, and 94 % is what its interval has without stopping.
    """
    rng = np.random.default_rng(5)
    goal = Goal("m", relative=0.05 if what == "times" else 0.02)
    plan, true, studies = ReplicationPlan(30, 1000, (goal,)), 1.0 if what == "times" else 0.9, 2000
    covered, stops = 0, []
    for _ in range(studies):
        if what == "times":
            values, size, interval = rng.normal(1.0, 0.3, 1000), np.ones(1000), ratio
        else:
            values, size, interval = rng.binomial(30, 0.9, 1000), np.full(1000, 30), share

        def measured(n, values=values, size=size, interval=interval):
            found = interval(values[:n], size[:n])
            return Estimate("m", "all", found.value, found.low, found.high)

        at, last = stop_of(plan, measured)
        covered += last.low <= true <= last.high
        stops.append(at)

    assert 0.926 <= covered / studies <= 0.971
    assert 30 <= min(stops) < max(stops) < 1000
    # by the normal law about (1.96 * 0.3 * 1.05 / 0.05)^2 = 152 replications of times are needed
    needed = 152 if what == "times" else math.ceil(1.96**2 * 0.1 / 0.9 / 30 * (1.02 / 0.02) ** 2)
    assert needed - 15 <= np.mean(stops) <= needed + 15
