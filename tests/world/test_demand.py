"""
The laws of demand, against exact means: when, where, which kind, how long.

Seeds are fixed, so a test passes or fails for good; bounds are 3.9 standard deviations or the
0.01 % tails, so that a change of the drawing fails by chance once in thousands of times.
"""

import math

import numpy as np
import pytest
from scipy import stats

from ..worlds import DAY, HOUR, MINUTE, world_of

HOURS = [3, 2, 2, 2, 2, 3, 5, 7, 9, 10, 10, 10, 10, 9, 9, 9, 9, 9, 9, 8, 7, 6, 5, 4]
WEEKDAYS = [5, 5, 5, 5, 4, 3, 2]
PLACES = {"A": 5, "B": 3, "C": 0, "D": 2}
TEXT = f"""
name: laws
clock: {{start: 2025-03-05 06:30, length: 70 days, warm_up: 7 days, timezone: UTC}}  # a Wednesday
map:
  places: {{{", ".join(f"{p}: {{weight: {w}}}" for p, w in PLACES.items())}}}
  roads: {{table: {{A: {{B: 1 min}}}}}}
  hospitals: {{H: A}}
  local_travel: {{distribution: exponential, mean: 5 min}}
demand:
  rate: 100 per day
  hours: {HOURS}
  weekdays: {WEEKDAYS}
  kinds:
    exponential: {{share: 40%, on_scene: {{distribution: exponential, mean: 20 min}}, to: hospital,
      transported: 30%, handover: {{median: 18 min, p90: 30 min}}}}
    gamma: {{share: 30%, priority: 2, on_scene: {{distribution: gamma, mean: 50 min, sd: 20 min}}}}
    lognormal: {{share: 20%, on_scene: {{mean: 30 min, sd: 15 min}},
      abandons_after: {{distribution: gamma, mean: 10 min, sd: 20 min}}}}
    recorded: {{share: 10%, on_scene: {{file: values.csv, column: minutes, unit: min}}}}
bases: {{A: {{}}}}
teams: {{T: {{base: A}}}}
dispatch_centre: {{call_handling: {{mean: 2 min, sd: 1 min}},
  turnout: {{distribution: gamma, mean: 2 min, sd: 1 min}}}}
"""
RECORDED = [1, 2, 3, 5, 8, 13, 21]
REPLICATIONS = 20


@pytest.fixture(scope="module")
def world():
    return world_of(TEXT, values="minutes\n" + "\n".join(map(str, RECORDED)) + "\n")


@pytest.fixture(scope="module")
def drawn(world):
    return [list(world.demand.callouts(11, r)) for r in range(REPLICATIONS)]


@pytest.fixture(scope="module")
def every(drawn):
    return [pair for replication in drawn for pair in replication]


def rates():
    """Return callouts an hour in each hour of the week from Monday, worked out again."""
    per_day = [100 * w * 7 / sum(WEEKDAYS) for w in WEEKDAYS]
    return [d * h / sum(HOURS) for d in per_day for h in HOURS]


def close(sample, mean, sd):
    """Assert that a sample's mean is within 3.9 standard errors of an exact one."""
    z = (np.mean(sample) - mean) / (sd / math.sqrt(len(sample)))
    assert abs(z) < 3.9, (np.mean(sample), mean, z)


def test_each_hour_of_the_week_gets_its_share(every):
    """
    A rescaled test of arrivals is nearly blind to an error at the hours' boundaries, so counts
    per hour of the week are held against their exact means. 77 days in 20 replications.
    """
    start = (2 * 24 + 6) * HOUR + 30 * MINUTE  # Wednesday 06:30
    counts = np.bincount([(start + c.received) // HOUR % 168 for c, _ in every], minlength=168)
    means = np.array(rates()) * 11 * REPLICATIONS

    z = (counts - means) / np.sqrt(means)
    assert np.abs(z).max() < 3.9
    low, high = stats.chi2.ppf([0.0001, 0.9999], 168)
    assert low < (z**2).sum() < high


def test_within_an_hour_callouts_fall_evenly(every):
    """The instant within the hour is uniform."""
    within = [(c.received + 30 * MINUTE) % HOUR / HOUR for c, _ in every]

    assert stats.kstest(within, "uniform").pvalue > 1e-4


def test_callouts_are_a_poisson_process_once_time_is_rescaled(drawn):
    """Gaps measured in expected callouts are exponential with mean 1, and unrelated."""
    hourly = rates() * 13
    cumulative = np.concatenate([[0], np.cumsum(hourly)])
    monday = (2 * 24 + 6) * HOUR + 30 * MINUTE + 7 * DAY  # from the Monday before the warm-up
    gaps = []
    for replication in drawn[:5]:
        at = np.array(sorted(c.received for c, _ in replication)) + monday
        hour = at // HOUR
        expected = cumulative[hour] + (at % HOUR) / HOUR * np.array(hourly)[hour]
        gaps.append(np.diff(expected))
    gaps = np.concatenate(gaps)

    assert stats.kstest(gaps, "expon").pvalue > 1e-4
    n = len(gaps)
    assert abs(np.corrcoef(gaps[:-1], gaps[1:])[0, 1]) * math.sqrt(n) < 3.9


def test_counts_of_a_week_vary_as_poisson_counts_do(drawn):
    """Variance over mean is 1: chi-square over 220 independent weeks."""
    weeks = [
        sum((c.received + 7 * DAY) // (7 * DAY) == w for c, _ in replication)
        for replication in drawn
        for w in range(11)
    ]
    index = (len(weeks) - 1) * np.var(weeks, ddof=1) / np.mean(weeks)

    low, high = stats.chi2.ppf([0.0001, 0.9999], len(weeks) - 1)
    assert low < index < high
    close(weeks, 700, math.sqrt(700))


def test_places_and_kinds_have_their_shares_and_do_not_depend_on_each_other(every):
    """A place without demand gets nothing at all."""
    table = np.zeros((4, 4))
    for c, _ in every:
        table[c.place, c.kind] += 1

    places = np.array(list(PLACES.values())) / 10
    expected = np.outer(places, [0.4, 0.3, 0.2, 0.1]) * len(every)
    assert table[2].sum() == 0
    some = expected > 0
    distance = ((table[some] - expected[some]) ** 2 / expected[some]).sum()
    assert distance < stats.chi2.ppf(0.9999, some.sum() - 1)


def test_call_handling_turnout_and_last_mile_follow_their_laws(every):
    """By mean and spread; the last mile is exponential, so 1 in 10 exceeds 2.3 means."""
    handling = [(c.ready - c.received) / MINUTE for c, _ in every]
    turnout = [m.turnout[0] / MINUTE for _, m in every]
    mile = [m.local_travel / MINUTE for _, m in every]

    close(handling, 2, 1)
    close(turnout, 2, 1)
    close(mile, 5, 5)
    close([d > 5 * math.log(10) for d in mile], 0.1, 0.3)
    assert np.std(handling) == pytest.approx(1, rel=0.05)
    assert np.std(turnout) == pytest.approx(1, rel=0.02)


def of_kind(every, kind):
    """Return the draws of all callouts of a kind."""
    return [m for c, m in every if c.kind == kind]


def test_work_on_scene_follows_its_law(every):
    """Means as written; shares below the quantiles that the laws' own formulas give."""
    exponential, gamma, lognormal = (
        [m.on_scene[0] / MINUTE for m in of_kind(every, k)] for k in range(3)
    )

    close(exponential, 20, 20)
    close([d <= 20 * math.log(10) for d in exponential], 0.9, 0.3)
    close([d <= 20 * math.log(2) for d in exponential], 0.5, 0.5)
    close(gamma, 50, 20)
    close(np.array(gamma) <= stats.gamma.ppf(0.9, 6.25, scale=8), 0.9, 0.3)
    close(lognormal, 30, 15)
    sigma = math.sqrt(math.log(1.25))
    median = 30 / math.sqrt(1.25)
    close([d <= median for d in lognormal], 0.5, 0.5)
    close([d <= median * math.exp(1.2815515655 * sigma) for d in lognormal], 0.9, 0.3)


def test_recorded_values_come_back_equally_often(every):
    """Drawn from the file, each row with the same chance."""
    found = [m.on_scene[0] // MINUTE for m in of_kind(every, 3)]

    counts = [found.count(v) for v in RECORDED]
    assert sum(counts) == len(found)
    assert stats.chisquare(counts).pvalue > 1e-4


def test_a_log_normal_by_median_and_p90_has_that_median_and_p90(every):
    """Hand-over, half above 18 minutes and one in ten above 30."""
    handover = [m.handover / MINUTE for m in of_kind(every, 0)]

    close([d <= 18 for d in handover], 0.5, 0.5)
    close([d <= 30 for d in handover], 0.9, 0.3)


def test_only_those_who_are_taken_and_those_who_give_up_have_the_marks_for_it(every):
    """30 % of one kind are taken; one kind abandons, after a gamma of shape 1/4."""
    close([m.transported for m in of_kind(every, 0)], 0.3, math.sqrt(0.21))
    assert not any(m.transported for k in (1, 2, 3) for m in of_kind(every, k))
    assert all(m.abandons_after is None for k in (0, 1, 3) for m in of_kind(every, k))
    patience = [m.abandons_after / MINUTE for m in of_kind(every, 2)]
    close(patience, 10, 20)
    close(np.array(patience) <= stats.gamma.ppf(0.5, 0.25, scale=40), 0.5, 0.5)


def test_a_callouts_marks_are_unrelated(every):
    """Long work must not go with a long road: ranks of every two marks are uncorrelated."""
    marks = [
        (
            c.received % HOUR,
            c.ready - c.received,
            m.on_scene[0],
            m.turnout[0],
            m.local_travel,
            m.handover,
        )
        for c, m in every
        if c.kind == 0
    ]
    ranks = stats.rankdata(np.array(marks), axis=0)

    r = np.corrcoef(ranks.T)[np.triu_indices(6, 1)]
    assert np.abs(r).max() * math.sqrt(len(marks)) < 3.9


def test_callouts_are_numbered_in_the_order_received_and_come_in_the_order_ready(world, drawn):
    """Warm-up included, so numbers tell the order and keys tell who is who."""
    for replication in drawn:
        received = sorted((c.number, c.received) for c, _ in replication)
        assert [n for n, _ in received] == list(range(len(received)))
        assert [at for _, at in received] == sorted(at for _, at in received)
        ready = [(c.ready, c.number) for c, _ in replication]
        assert ready == sorted(ready)
        assert len({m.key for _, m in replication}) == len(replication)
        assert world.begins <= received[0][1]
        assert received[-1][1] < world.ends


def test_a_rate_of_thousands_a_day_is_as_exact_as_one_of_ten():
    """High rates are stacked from bands; a band lost or doubled would show."""
    text = TEXT.replace("100 per day", "9000 per day").replace("70 days, warm_up: 7 days", "7 days")
    world = world_of(text, values="minutes\n1\n")

    counts = [sum(1 for _ in world.demand.callouts(5, r)) for r in range(2)]

    assert abs(sum(counts) - 126_000) / math.sqrt(126_000) < 3.9


@pytest.mark.parametrize(
    ("start", "run"), [("2025-03-06 06:00", "9 days"), ("2025-03-09 22:30", "100 min")]
)
def test_the_expected_number_of_callouts_is_the_integral_of_the_rate(start, run):
    """By the minute, where the hours and weekdays differ and the run is no whole week."""
    hours = [1.0 + hour % 5 for hour in range(24)]
    changes = {"clock.start": start, "clock.length": run, "demand.hours": hours}
    world = world_of(TEXT, changes, values="minutes\n1\n")
    minutes = np.arange(0, world.ends, 60_000)

    assert world.demand.expected == pytest.approx(world.demand.rate_at(minutes).sum() / 1440)
