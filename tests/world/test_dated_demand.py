"""Demand by date: months, trend, seasons, kinds with a first and a last instant; by hand."""

import math
from datetime import datetime, timedelta

import numpy as np
import pytest
from scipy import stats

from ..worlds import DAY, HOUR
from .drawn import TEXT, by_key, demand_of
from .test_kind_patterns import close_to_mean

YEAR = TEXT.replace("length: 28 days, warm_up: 2 days", "length: 365 days").replace(
    "2025-01-08 06:30", "2025-01-01 00:00"
)
MONTHS = [1, 1, 1, 1, 2, 3, 4, 4, 3, 2, 1, 1]
DAYS = [31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
RAMADAN = "seasons: [{name: Ramadan, from: 2025-03-01 00:00, until: 2025-03-30 00:00, scale: 150%}]"
FROM = datetime(2025, 1, 1)


def per_month(found):
    months = [(FROM + timedelta(milliseconds=c.received)).month for c in found]
    return np.bincount(months, minlength=13)[1:]


def drawn(demand, replications=10, seed=3):
    return [c for r in range(replications) for c, _ in demand.callouts(seed, r)]


def year(*lines, kind=""):
    return demand_of(*lines, text=YEAR.replace("fire: {", f"fire: {{{kind}"))


def mean_of_month(month):
    """Return callouts a day in a month, from 0: 40 a day over a year of 365.25 days."""
    return 40 * MONTHS[month] * 365.25 / sum(d * m for d, m in zip(DAYS, MONTHS, strict=True))


def test_months_weigh_days_and_the_rate_is_the_mean_of_a_year():
    demand = year(f"months: {MONTHS}")
    days = [28 if d == 28.25 else d for d in DAYS]  # 2025 is no leap year
    means = np.array([mean_of_month(m) * days[m] for m in range(12)])
    z = (per_month(drawn(demand)) - 10 * means) / np.sqrt(10 * means)

    assert np.abs(z).max() < 3.9
    assert demand.expected == pytest.approx(means.sum())
    assert demand.expected == pytest.approx(40 * 365, rel=0.001)


def test_a_month_begins_at_local_midnight():
    """None in January; the first after it is on 1 February, soon after midnight."""
    demand = year(f"months: {[0, 1] + [0] * 10}")
    found = [FROM + timedelta(milliseconds=c.received) for c in drawn(demand)]

    assert {at.month for at in found} == {2}
    assert min(found) < datetime(2025, 2, 1, 1)
    assert max(found) > datetime(2025, 2, 28, 23)


def test_a_trend_is_none_on_the_first_day_and_whole_after_a_year():
    """50 % a year: 40 a day at first, 60 after a year; the mean is that of 1.5 to the power t."""
    demand = year("trend: 50%")
    mean = sum(1.5 ** (d / 365.25) for d in range(365)) / 365

    assert demand.rate_at(np.array([0])) == pytest.approx(demand.week[48])
    assert demand.rate_at(np.array([364 * DAY])) == pytest.approx(
        demand.week[(48 + 24 * 364) % 168] * 1.5 ** (364 / 365.25)
    )
    assert demand.expected == pytest.approx(40 * 365 * mean, rel=0.001)
    close_to_mean(demand, 8)


def test_a_season_scales_the_days_it_is_and_no_other():
    demand, plain = year(RAMADAN), year()
    first, last = (59 * DAY, 88 * DAY)  # 1 March is day 60
    found, before = by_key(demand), by_key(plain)

    def outside(callouts):
        return {k: c for k, c in callouts.items() if not first <= c[0][3] < last}

    assert outside(found) == outside(before)
    assert before.items() <= found.items()
    assert demand.expected == pytest.approx(40 * (365 + 0.5 * 29), rel=0.001)
    close_to_mean(demand, 8)


def test_a_season_may_be_of_one_kind():
    season = RAMADAN.replace("150%", "20%")
    before, after = by_key(year()), by_key(year(kind=f"{season}, "))
    fire = year().kind_number["fire"]
    gone = [before[key] for key in before.keys() - after.keys()]

    assert after.items() <= before.items()
    assert all(c[0] == fire and 59 * DAY <= c[3] < 88 * DAY for c, _ in gone)
    assert abs(len(gone) - 0.8 * 0.3 * 40 * 29) < 3.9 * math.sqrt(0.8 * 0.3 * 40 * 29)


def test_a_kind_comes_from_its_first_instant_until_its_last():
    dates = "from: 2025-06-01 12:00, until: 2025-10-01 00:00, "
    before, after = by_key(year()), by_key(year(kind=dates))
    fire, (first, last) = year().kind_number["fire"], (151 * DAY + 12 * HOUR, 273 * DAY)

    assert after == {
        key: (c, marks)
        for key, (c, marks) in before.items()
        if c[0] != fire or first <= c[3] < last
    }  # fmt: skip


KIND = f"months: {MONTHS[::-1]}, hours: {[1] * 8 + [3] * 16}, where: {{B: 1, C: 4}}, "
LINES = (f"months: {MONTHS}", "trend: -30%", RAMADAN)


@pytest.mark.parametrize("kind", ["fire", "wounded"])
def test_the_whole_intensity_rescales_time_to_a_poisson_process(kind):
    """Hour x weekday x month x trend x season x kind, against an intensity worked out again."""
    demand = year(*LINES, kind=KIND)
    number, hours = demand.kind_number[kind], np.arange(365 * 24)
    dates = [FROM + timedelta(hours=int(h)) for h in hours]
    months, pattern, share = MONTHS, demand_of().scenario.demand.hours, 0.7
    if kind == "fire":
        months, pattern, share = MONTHS[::-1], [1] * 8 + [3] * 16, 0.3
    mean = sum(d * m for d, m in zip(DAYS, months, strict=True)) / 365.25
    rate = np.array(
        [
            40 / 24 * share * pattern[at.hour] / np.mean(pattern) * months[at.month - 1] / mean
            * 0.7 ** ((at.date() - FROM.date()).days / 365.25)
            * (1.5 if datetime(2025, 3, 1) <= at < datetime(2025, 3, 30) else 1)
            for at in dates
        ]
    )  # fmt: skip
    cumulative = np.concatenate([[0], np.cumsum(rate)])
    gaps = []
    for r in range(3):
        at = np.array(sorted(c.received for c, _ in demand.callouts(3, r) if c.kind == number))
        gaps.append(np.diff(cumulative[at // HOUR] + at % HOUR / HOUR * rate[at // HOUR]))
    gaps = np.concatenate(gaps)

    assert len(gaps) > 5000
    assert stats.kstest(gaps, "expon").pvalue > 1e-4
    assert abs(np.corrcoef(gaps[:-1], gaps[1:])[0, 1]) * math.sqrt(len(gaps)) < 3.9


def test_the_callouts_of_a_smaller_scale_or_a_falling_trend_are_among_the_others():
    whole = by_key(year(*LINES, kind=KIND))
    for lines in (("scale: 50%",), ()):
        lower = LINES if lines else (LINES[0], "trend: -60%", LINES[2])
        fewer = by_key(year(*lower, *lines, kind=KIND))
        assert 0 < len(fewer) < len(whole)
        assert fewer.items() <= whole.items()


def test_a_longer_run_has_the_same_callouts():
    short = YEAR.replace("365 days", "100 days").replace("fire: {", f"fire: {{{KIND}")
    long = by_key(year(*LINES, kind=KIND))

    found = by_key(demand_of(*LINES, text=short))
    assert found == {k: c for k, c in long.items() if c[0][3] < 100 * DAY}


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        (*LINES, "surges: [{kinds: [fire], factor: 2, hours: 20:00-04:00}]"),
        (*LINES, "day_to_day: {dispersion_index: 2}"),
    ],
)
def test_the_mean_number_is_what_is_drawn(lines):
    close_to_mean(year(*lines, kind=KIND), 8)


def test_a_season_on_dates_is_as_many_seasons_of_a_day():
    """Holidays at half the demand; to the callout, as if each was written from midnight on."""
    days = [datetime(2025, 1, 1), datetime(2025, 3, 30), datetime(2025, 3, 31)]
    spans = ", ".join(f"{{from: {d} , until: {d + timedelta(days=1)}, scale: 50%}}" for d in days)
    listed = year(f"seasons: [{{dates: [{', '.join(f'{d:%Y-%m-%d}' for d in days)}], scale: 50%}}]")

    assert drawn(listed, 1) == drawn(year(f"seasons: [{spans}]"), 1)
    assert listed.expected == pytest.approx(40 * (365 - 1.5))


def test_a_kind_has_holidays_of_its_own():
    demand = year(kind="seasons: [{dates: [2025-05-05], scale: 0}], ")
    found = [c for c in drawn(demand, 4) if c.received // DAY == 124]

    assert found
    assert len({c.kind for c in found}) == len({c.kind for c in drawn(demand, 1)}) - 1
