"""Permission, unsafe scenes, explosive hazards, more people: which callouts, and how long."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.world import Complications

from ..worlds import DAY, HOUR, MINUTE, hand_worked, world_of
from .drawn import TEXT, by_key, demand_of

FIRE = "fire: {share: 30%, on_scene: {mean: 50 min, sd: 20 min}"
LONG = {"clock.length": "400 days"}


def with_fires(more, **kwargs):
    return demand_of(text=TEXT.replace(FIRE, f"{FIRE}, {more}"), **kwargs)


def pairs(more):
    """Return each fire with and without what is written more: (callout, draws) twice."""
    plain = by_key(demand_of(overrides=LONG))
    found = by_key(with_fires(more, overrides=LONG))
    assert plain.keys() == found.keys()
    assert all(found[k] == v for k, v in plain.items() if v[0][0] == 1)  # the wounded
    return [(v, found[k]) for k, v in plain.items() if v[0][0] == 0]


def test_permission_shifts_ready_and_nothing_else():
    """All other draws stays, so that what permission costs can be told by pairs."""
    waits = []
    for (before, draws), (callout, mine) in pairs("permission: {median: 2 h, p90: 8 h}"):
        wait = callout[4] - before[4]
        assert callout[:4] == before[:4]
        assert mine[:-1] == draws[:-1]
        assert mine.complications == Complications(permission=wait)
        waits.append(wait / HOUR)

    sigma = math.log(4) / stats.norm.ppf(0.9)
    assert stats.kstest(waits, stats.lognorm(sigma, scale=2).cdf).pvalue > 1e-4


def test_callouts_come_in_the_order_ready_though_permission_takes_weeks():
    """Days are generated 32 at a time; who waits longer than that must not come out of turn."""
    demand = with_fires("permission: {median: 10 days, p90: 60 days}", overrides=LONG)

    found = [(c.ready, c.number) for c, _ in demand.callouts(3, 0)]
    assert found == sorted(found)
    assert max(c.ready - c.received for c, _ in demand.callouts(3, 0)) > 64 * DAY
    assert {number for _, number in found} == set(range(len(found)))


def test_a_share_of_the_scenes_is_unsafe_and_a_share_has_an_explosive_hazard():
    more = (
        "scene_hazard: {share: 20%, safe_after: {distribution: exponential, mean: 30 min}}, "
        "explosive_hazard: {share: 10%, needs: [explosives], "
        "clearance: {distribution: exponential, mean: 40 min}}"
    )
    text = TEXT.replace("base: A}", "base: A, capabilities: [explosives]}", 1)
    text = text.replace(FIRE, f"{FIRE}, {more}")
    found = by_key(demand_of(text=text, overrides=LONG))
    plain = by_key(demand_of(overrides=LONG))

    assert {k: (c, m[:-1]) for k, (c, m) in found.items()} == {
        k: (c, m[:-1]) for k, (c, m) in plain.items()
    }
    fires = [m.complications for c, m in found.values() if c[0] == 0]
    assert all(m.complications is None for c, m in found.values() if c[0] == 1)
    n = len(fires)
    safe = [t.safe / MINUTE for t in fires if t and t.safe is not None]
    clears = [t.clearance / MINUTE for t in fires if t and t.clearance is not None]
    both = sum(1 for t in fires if t and None not in (t.safe, t.clearance))
    for count, share in ((len(safe), 0.2), (len(clears), 0.1), (both, 0.02)):
        assert abs(count - n * share) / math.sqrt(n * share * (1 - share)) < 3.9
    assert stats.kstest(safe, stats.expon(scale=30).cdf).pvalue > 1e-4
    assert stats.kstest(clears, stats.expon(scale=40).cdf).pvalue > 1e-4
    assert sum(t is None for t in fires) == n - len(safe) - len(clears) + both


def test_the_record_is_further_work_on_scene():
    for (before, draws), (callout, mine) in pairs("documentation: 15 min"):
        assert callout == before
        assert mine.on_scene == tuple(work + 15 * MINUTE for work in draws.on_scene)
        assert mine._replace(on_scene=draws.on_scene) == draws


def test_further_people_are_a_poisson_number_each_with_time_on_scene_and_at_hospital():
    """Hand-over at 3 min each tells how many; the work of so many is a gamma time."""
    more = (
        "people: {mean: 2.5, on_scene: {distribution: exponential, mean: 5 min}, handover: 3 min}"
    )
    further, work = [], []
    for (before, draws), (callout, mine) in pairs(more):
        assert callout == before
        assert mine._replace(on_scene=draws.on_scene, handover=draws.handover) == draws
        number, rest = divmod(mine.handover - draws.handover, 3 * MINUTE)
        assert rest == 0
        further.append(number)
        work.append((mine.on_scene[0] - draws.on_scene[0]) / MINUTE)

    further, work = np.array(further), np.array(work)
    counts = np.bincount(np.minimum(further, 6), minlength=7)
    exact = len(further) * np.append(stats.poisson.pmf(range(6), 1.5), stats.poisson.sf(5, 1.5))
    assert stats.chisquare(counts, exact).pvalue > 1e-4
    assert not work[further == 0].any()
    for number in (1, 2, 3):
        mine = work[further == number]
        assert stats.kstest(mine, stats.gamma(number, scale=5).cdf).pvalue > 1e-4


@pytest.mark.parametrize("mean", [1, 500])
def test_people_may_be_one_or_hundreds(mean):
    more = f"people: {{mean: {mean}, on_scene: 1 min}}"
    people = [
        1 + (mine.on_scene[0] - draws.on_scene[0]) / MINUTE for (_, draws), (_, mine) in pairs(more)
    ]

    assert abs(np.mean(people) - mean) <= 3.9 * math.sqrt((mean - 1) / len(people))


def test_a_callout_written_down_with_its_work_keeps_it():
    """It is what was recorded: the record and further people are in it."""
    more = "documentation: 15 min, people: {mean: 2, on_scene: 1 h}"
    kinds = f"job: {{share: 100%, on_scene: 10 min, {more}}}"
    world = world_of(hand_worked("00:05 A job 10", "00:06 A job -", kinds=kinds))

    first, second = (m.on_scene[0] // MINUTE for _, m in world.demand.callouts(1, 0))
    assert first == 10
    assert second in {25, 85, 145, 205}


def test_a_callout_of_which_it_is_written_when_it_was_ready_waits_for_no_permission():
    """A recorded time of sending has the permission behind it."""
    from dataclasses import replace

    from sim.world import build

    kinds = "job: {share: 100%, permission: 3 h}"
    file = world_of(hand_worked("00:05 A job", "00:06 A job", kinds=kinds)).file
    first, second = file.callouts
    rows = (replace(first, handling_ms=4 * MINUTE, transported=True, hand_over_ms=MINUTE), second)
    (a, mine), (b, other) = build(replace(file, callouts=rows)).demand.callouts(1, 0)

    assert (a.ready - a.received, mine.complications) == (4 * MINUTE, None)
    assert (mine.transported, mine.handover) == (True, MINUTE)
    assert (b.ready - b.received, other.complications) == (3 * HOUR, Complications(3 * HOUR))
    assert (other.transported, other.handover) == (False, 0)
