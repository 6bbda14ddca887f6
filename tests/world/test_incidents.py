"""Single large incidents: so many sites, so much work, so many people, in every replication."""

import math

import numpy as np
import pytest
from scipy import stats

from ..worlds import DAY, HOUR, MINUTE, hand_worked, world_of
from .drawn import by_key, demand_of

COLLAPSE = (
    "{name: school, at: day 9 17:00, place: B, kind: fire, sites: 4, over: 2 h, team_hours: 30, "
    "casualties: {number: 50, kind: wounded, found: {distribution: exponential, mean: 3 h}}}"
)
AT = 8 * DAY + 17 * HOUR - 6 * HOUR - 30 * MINUTE


@pytest.fixture(scope="module")
def plain():
    return by_key(demand_of())


def test_an_incident_brings_its_sites_and_people_and_leaves_all_others(plain):
    """Sites share the work evenly; each of the people is a callout of its own."""
    found = by_key(demand_of(f"incidents: [{COLLAPSE}]"))

    assert plain.items() < found.items()
    added = [found[key] for key in found.keys() - plain.keys()]
    sites = [(c, m) for c, m in added if c[0] == 0]
    people = [(c, m) for c, m in added if c[0] == 1]
    assert (len(sites), len(people)) == (4, 50)
    assert {c[2] for c, _ in added} == {1}
    assert all(AT <= c[3] <= AT + 2 * HOUR for c, _ in sites)
    assert all(set(m.on_scene) == {7.5 * HOUR} for _, m in sites)
    assert all(c[3] >= AT for c, _ in people)
    assert len({m.on_scene for _, m in people}) == 50


@pytest.mark.long
def test_times_within_an_incident_are_drawn_anew_in_every_replication(plain):
    """Sites evenly within `over`, people by their law."""
    demand, without = demand_of(f"incidents: [{COLLAPSE}]"), demand_of()
    sites, people = [], []
    for r in range(60):
        found, others = by_key(demand, r), by_key(without, r)
        added = [found[key][0] for key in found.keys() - others.keys()]
        sites += [c[3] - AT for c in added if c[0] == 0]
        people += [c[3] - AT for c in added if c[0] == 1]

    assert (len(sites), len(people)) == (240, 3000)
    assert stats.kstest(np.array(sites) / (2 * HOUR), "uniform").pvalue > 1e-4
    assert stats.kstest(np.array(people) / (3 * HOUR), "expon").pvalue > 1e-4


def test_an_incident_before_it_or_more_demand_changes_nothing_of_a_named_one():
    other = "{at: day 2 00:00, place: A, kind: wounded}"
    alone = by_key(demand_of(f"incidents: [{COLLAPSE}]"))
    second = by_key(demand_of("scale: 200%", f"incidents: [{other}, {COLLAPSE}]"))

    assert alone.items() < second.items()


def test_work_is_drawn_from_the_kind_where_none_is_given(plain):
    found = by_key(demand_of("incidents: [{at: day 2 00:00, place: A, kind: wounded, sites: 30}]"))

    added = [found[key] for key in found.keys() - plain.keys()]
    assert {c[3] for c, _ in added} == {DAY - 6 * HOUR - 30 * MINUTE}
    assert len({m.on_scene for _, m in added}) == 30


def test_incidents_set_nothing_off():
    """Their size is declared; a family more would make it another."""
    clusters = "clusters: {branching_ratio: 0.5, after: 1 h}"
    without = by_key(demand_of(clusters))
    found = by_key(demand_of(clusters, f"incidents: [{COLLAPSE}]"))

    assert without.items() < found.items()
    assert len(found) - len(without) == 54


def test_incidents_come_next_to_callouts_written_down_in_the_order_of_time():
    incident = "{at: day 1 00:10, place: A, kind: job, sites: 2, over: 10 min, team_hours: 4}"
    text = hand_worked("00:05 A job 10", "00:30 A job 5")
    world = world_of(text.replace("  kinds:", f"  incidents: [{incident}]\n  kinds:"))

    found = list(world.demand.callouts(1, 0))
    assert [c.number for c, _ in found] == [0, 1, 2, 3]
    assert [c.ready for c, _ in found] == sorted(c.ready for c, _ in found)
    assert [m.on_scene[0] // MINUTE for _, m in found] == [10, 120, 120, 5]
    assert world.demand.expected == 4


def test_the_expected_number_counts_who_is_found_within_the_run():
    """Half of the sites are reported after the end, and of the people 1 - e^-1 are found before."""
    incident = (
        "{at: day 29 05:30, place: A, kind: fire, sites: 6, over: 2 h, casualties: "
        "{number: 50, kind: wounded, found: {distribution: exponential, mean: 1 h}}}"
    )
    demand = demand_of(f"incidents: [{incident}]")

    beyond = demand.expected - demand_of().expected
    assert beyond == pytest.approx(3 + 50 * (1 - math.exp(-1)), abs=1e-3)
    assert demand.mean_is_exact
    counts = [sum(c.received >= 0 for c, _ in demand.callouts(1, r)) for r in range(50)]
    assert abs(np.mean(counts) - demand.expected) < 3.9 * math.sqrt(demand.expected / 50)


def test_what_happens_in_the_warm_up_is_not_expected_in_the_run():
    """Found within the run are those who take longer than 6 h: e^-2 of them."""
    incident = (
        "{at: 2025-01-08 00:30, place: A, kind: fire, casualties: "
        "{number: 50, kind: wounded, found: {distribution: exponential, mean: 3 h}}}"
    )
    demand = demand_of(f"incidents: [{incident}]")

    beyond = demand.expected - demand_of().expected
    assert beyond == pytest.approx(50 * math.exp(-2), abs=1e-3)
