"""
Kinds with places and times of their own: the mean of each place, hour and kind, and pairing.

Means are worked out again here, by hand from the text. Bounds are 3.9 standard deviations or the
0.01 % tails, as in ``test_demand``.
"""

import math

import numpy as np
import pytest
from scipy import stats

from sim.world.arrivals import demand as arrivals

from ..worlds import DAY, HOUR, MINUTE, world_of
from .drawn import HOURS, TEXT, by_key, demand_of

SHARES = {"fire": 0.3, "wounded": 0.7}
USUAL = {"A": 0.5, "B": 0.3, "C": 0.2}
EVENING = [0] * 12 + [1] * 6 + [3] * 6
WEEKEND = [1, 1, 1, 1, 2, 4, 4]
WHERE = {"A": 0, "B": 1, "C": 3}
START = (2 * 24 + 6) * HOUR + 30 * MINUTE  # Wednesday 06:30, since Monday 00:00


def with_kind(pattern, *lines, text=TEXT, **more):
    """Return the demand of the small world in which fires have a pattern of their own."""
    return demand_of(*lines, text=text.replace("fire: {", f"fire: {{{pattern}, "), **more)


def own(where=None, hours=None, weekdays=None):
    """Return the fields of a pattern, as they are written."""
    given = {"where": where, "hours": hours, "weekdays": weekdays}
    said = {name: str(value).replace("'", "") for name, value in given.items() if value}
    return ", ".join(f"{name}: {value}" for name, value in said.items())


def hourly(hours=HOURS, weekdays=(1,) * 7):
    """Return relative demand in each hour of the week, mean 1; worked out again."""
    return np.outer(
        np.array(weekdays) / np.mean(weekdays), np.array(hours) / np.mean(hours)
    ).ravel()


def close_to_mean(demand, replications=20):
    """Assert that as many callouts are drawn as are expected."""
    counts = [
        sum(c.received >= 0 for c, _ in demand.callouts(3, r)) for r in range(replications)
    ]  # fmt: skip
    z = (np.mean(counts) - demand.expected) / (np.std(counts, ddof=1) / math.sqrt(replications))
    assert abs(z) < 3.9


def hour_of_week(callouts):
    return np.array([(START + c.received) // HOUR % 168 for c in callouts], dtype=int)


FIRES = own(WHERE, EVENING, WEEKEND)


@pytest.fixture(scope="module")
def patterned():
    return with_kind(FIRES)


@pytest.fixture(scope="module")
def drawn(patterned):
    return [[c for c, _ in patterned.callouts(5, r)] for r in range(40)]


@pytest.mark.parametrize("kind", ["fire", "wounded"])
@pytest.mark.parametrize("place", ["A", "B", "C"])
def test_each_place_hour_and_kind_gets_its_mean(drawn, patterned, kind, place):
    """Counts by place, hour of the week and kind, over 40 replications of 30 days."""
    numbers = patterned.kind_number[kind], patterned.place_number[place]
    mine = [c for day in drawn for c in day if (c.kind, c.place) == numbers]
    week, shares = hourly(), USUAL
    if kind == "fire":
        week, shares = hourly(EVENING, WEEKEND), {p: w / 4 for p, w in WHERE.items()}
    # 30 days: each hour of the week four times, 48 of them once more
    times = np.bincount((START - 2 * DAY) // HOUR % 168 + np.arange(48), minlength=168) + 4
    edge = np.zeros(168)  # the run begins and ends in the midst of an hour
    first = (START - 2 * DAY) // HOUR % 168
    edge[first] -= 0.5
    edge[(first + 48) % 168] += 0.5
    means = 40 * 40 / 24 * SHARES[kind] * shares[place] * week * (times + edge)
    counts = np.bincount(hour_of_week(mine), minlength=168)

    assert not counts[means == 0].any()
    some = means > 5
    z = (counts[some] - means[some]) / np.sqrt(means[some])
    assert not some.any() or np.abs(z).max() < 3.9
    low, high = stats.chi2.ppf([0.0001, 0.9999], max(some.sum(), 1))
    assert not some.any() or low < (z**2).sum() < high


@pytest.mark.parametrize("place", ["B", "C"])
def test_a_kind_at_a_place_is_a_poisson_process_once_time_is_rescaled(drawn, patterned, place):
    """Kept and added callouts together: gaps in expected callouts are exponential with mean 1."""
    kind, number = patterned.kind_number["fire"], patterned.place_number[place]
    rate = np.tile(40 / 24 * 0.3 * WHERE[place] / 4 * hourly(EVENING, WEEKEND), 7)
    cumulative = np.concatenate([[0], np.cumsum(rate)])
    gaps = []
    for replication in drawn:
        at = [c.received for c in replication if (c.kind, c.place) == (kind, number)]
        since = np.array(sorted(at)) + START + 7 * DAY
        hour = since // HOUR
        gaps.append(np.diff(cumulative[hour] + since % HOUR / HOUR * rate[hour]))
    gaps = np.concatenate(gaps)

    assert len(gaps) > 2000
    assert stats.kstest(gaps, "expon").pvalue > 1e-4
    assert abs(np.corrcoef(gaps[:-1], gaps[1:])[0, 1]) * math.sqrt(len(gaps)) < 3.9


def test_all_callouts_are_a_poisson_process_once_time_is_rescaled(drawn):
    """The intensity of all kinds and places together."""
    rate = 40 / 24 * (0.7 * hourly() + 0.3 * hourly(EVENING, WEEKEND))
    rate = np.tile(rate, 7)
    cumulative = np.concatenate([[0], np.cumsum(rate)])
    gaps = []
    for replication in drawn[:10]:
        since = np.array(sorted(c.received for c in replication)) + START + 7 * DAY
        hour = since // HOUR
        gaps.append(np.diff(cumulative[hour] + since % HOUR / HOUR * rate[hour]))

    assert stats.kstest(np.concatenate(gaps), "expon").pvalue > 1e-4


def test_a_kind_with_its_own_pattern_changes_no_other_kind():
    """Pairing: the wounded are the same callouts, with every draw, whatever fires do."""
    before, after = by_key(demand_of()), by_key(with_kind(FIRES))
    wounded = demand_of().kind_number["wounded"]

    def others(found):
        return {key: it for key, it in found.items() if it[0][0] == wounded}

    assert others(before)
    assert others(before) == others(after)


def test_what_is_given_as_it_was_changes_nothing():
    """The pattern of all demand, written once more for a kind."""
    again = own({"A": 5, "B": 3, "C": 2}, HOURS, [1] * 7)

    assert by_key(with_kind(again)) == by_key(demand_of())


PATTERNS = [
    own(),
    own(WHERE),
    own(hours=EVENING),
    own(WHERE, EVENING, WEEKEND),
    own({"A": 1, "B": 1, "C": 2}, HOURS, WEEKEND),
    own({"C": 1}, EVENING),
]


@pytest.mark.parametrize("first", PATTERNS)
@pytest.mark.parametrize("second", PATTERNS)
def test_where_the_mean_of_a_kind_falls_its_callouts_are_some_of_those_before(first, second):
    """In each place, hour and kind: a subset where the mean falls, the same where it stays."""
    demands = [with_kind(p) if p else demand_of() for p in (first, second)]
    found = [by_key(demand) for demand in demands]
    means = [cell_means(p) for p in (first, second)]
    fire, falls = demands[0].kind_number["fire"], 0
    for key, (callout, marks) in found[1].items():
        kind, _, place, received, _ = callout
        cell = place, (START + received) // HOUR % 168
        if kind != fire or means[1][cell] <= means[0][cell] + 1e-12:
            assert found[0].get(key) == (callout, marks)
            falls += 1

    assert falls > 500


def cell_means(pattern):
    """Return the relative mean of fires by place and hour of the week, from a written pattern."""
    kind = {}
    if pattern:
        world = world_of(TEXT.replace("fire: {", f"fire: {{{pattern}, "))
        kind = world.scenario.demand.kinds["fire"].model_dump(exclude_none=True)
    where = kind.get("where", USUAL)
    shares = np.array([where.get(p, 0) for p in "ABC"]) / sum(where.values())
    week = hourly(kind.get("hours", HOURS), kind.get("weekdays", (1,) * 7))
    return np.outer(shares, week)


@pytest.mark.parametrize("line", ["", "day_to_day: {dispersion_index: 3}",
                                  "surges: [{kinds: [fire], place: C, factor: 3}]"])  # fmt: skip
def test_the_callouts_of_a_smaller_scale_are_among_those_of_a_larger(line):
    lines = [line] if line else []
    small = by_key(with_kind(FIRES, *lines, "scale: 40%"))
    large = by_key(with_kind(FIRES, *lines))

    assert 0 < len(small) < 0.6 * len(large)
    assert small.items() <= large.items()


def test_a_new_place_takes_from_the_others_and_moves_none_between_them():
    """Callouts of the other places are some of those before."""
    before, after = by_key(with_kind(own({"A": 2, "B": 3}))), by_key(with_kind(own(
        {"A": 2, "B": 3, "C": 2})))  # fmt: skip
    c = demand_of().place_number["C"]

    kept = {key: it for key, it in after.items() if it[0][2] != c}
    assert kept.items() <= before.items()


def test_a_file_that_was_sorted_again_gives_the_same_callouts():
    """Places and kinds the other way round; what is told has other numbers and the same names."""

    def named(demand):
        kinds, places = list(demand.kind_number), list(demand.place_number)
        return {
            marks.key: (kinds[c.kind], places[c.place], c.received, marks)
            for c, marks in demand.callouts(3, 0)
        }  # fmt: skip

    a, b, c = ("A: {weight: 5, area: North}", "B: {weight: 3, area: North}",
               "C: {weight: 2, area: South}")  # fmt: skip
    head, kinds = TEXT.split("    fire: ")
    fire, wounded = kinds.split("    wounded: ")
    wounded, rest = wounded.split("bases:")
    turned = f"{head}    wounded: {wounded}    fire: {fire}bases:{rest}"
    turned = turned.replace(f"{a}, {b}, {c}", f"{c}, {b}, {a}")

    assert named(with_kind(FIRES, text=turned)) == named(with_kind(FIRES))


def test_days_drawn_at_a_time_change_no_number(monkeypatch):
    found = []
    for days in (32, 5, 1):
        monkeypatch.setattr(arrivals, "BLOCK", days)
        found.append(by_key(with_kind(FIRES, "surges: [{area: South, factor: 2}]")))

    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("day_to_day: {dispersion_index: 2}",),
        ("surges: [{place: C, factor: 3, from: day 3 00:00, until: day 9 12:00}]",),
        ("surges: [{kinds: [fire], area: North, factor: 0.2}, {factor: 1.5, hours: 20:00-04:00}]",),
        ("clusters: {branching_ratio: 0.3, after: 5 min, kinds: [fire]}",),
    ],
)
def test_the_mean_number_is_what_is_drawn(lines):
    """It is a control variate: a wrong one would shift every estimate."""
    demand = with_kind(FIRES, *lines)

    close_to_mean(demand, 60)


def test_over_whole_weeks_the_mix_of_kinds_is_as_declared(patterned):
    """Four weeks: fires are moved to other hours and places, and stay 30 % of 40 a day."""
    assert patterned.expected == pytest.approx(40 * 28)
    found = [c for r in range(40) for c, _ in patterned.callouts(9, r) if c.received >= 0]
    fires = sum(c.kind == patterned.kind_number["fire"] for c in found)

    assert abs(fires - 0.3 * 40 * 28 * 40) < 3.9 * math.sqrt(0.3 * 40 * 28 * 40)


def test_a_kind_may_happen_where_and_when_nothing_else_does():
    """Hand-worked: fires at C from 18:00 to 19:00, where nothing else is and at no other hour."""
    text = TEXT.replace("weight: 2", "weight: 0").replace(
        f"hours: {HOURS}", f"hours: {[1] * 12 + [0] * 12}"
    )
    demand = with_kind(own({"C": 1}, [0] * 18 + [1] + [0] * 5), text=text)
    found = [c for c, _ in demand.callouts(3, 0)]
    fires = [c for c in found if c.kind == demand.kind_number["fire"]]

    assert {c.place for c in fires} == {demand.place_number["C"]}
    assert set(hour_of_week(fires) % 24) == {18}
    assert {c.place for c in found if c not in fires} == {0, 1}
    assert demand.expected == pytest.approx(40 * 28)
    assert abs(len(fires) - 0.3 * 40 * 30) < 3.9 * math.sqrt(0.3 * 40 * 30)


def test_areas_share_their_weight_as_all_callouts_do():
    """North has A and B, 5 to 3."""
    demand = with_kind("areas: {North: 1, South: 1}")

    assert demand.own_places == {"fire": pytest.approx((5 / 16, 3 / 16, 1 / 2))}


def test_a_column_of_the_places_may_be_the_weight_of_a_kind():
    table = "name,lat,lon,area,weight,forest\nA,35,35,North,5,0\nB,35,36,North,3,1\nC,36,35,S,2,3\n"
    head, rest = TEXT.split("  places: ")
    text = f"{head}  places: places.csv\n{rest.partition(chr(10))[2]}"

    world = world_of(text.replace("fire: {", "fire: {where: forest, "), places=table)

    assert world.demand.own_places == {"fire": (0, 0.25, 0.75)}
    assert world.weights == pytest.approx((0.35, 0.7 * 0.3 + 0.3 * 0.25, 0.7 * 0.2 + 0.3 * 0.75))
