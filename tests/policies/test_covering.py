"""Dispatch rules that weigh cover, on a line of places worked by hand."""

import pytest

from sim.policies.cover_rules.relocation import ONE
from sim.policies.dispatch_rules.covering import DmexclpDispatch, LeastBusyInRange, Preparedness

from ..worlds import MINUTE, answered, hand_worked
from .line import atlas_of, callout_at, view_of

# A, B, C with demand 6, 3, 1, ten minutes apart, a team in each; 10 min reach the neighbours
ATLAS = atlas_of((6, 3, 1), "ABC")


def test_dmexclp_counts_what_each_leaving_costs():
    """
    Within 10: T0 reaches A, B; T1 all; T2 B, C. Covers are 2, 3, 2. With q = 1/2 a place of demand
    d covered k times loses d / 2^k: A .6/4 = .15, B .3/8 = .0375, C .1/4 = .025. So T0 costs
    .1875, T1 .2125 and T2 .0625.
    """
    rule = DmexclpDispatch(busy_fraction=0.5, within=10 * MINUTE)
    losses = rule.losses(view_of(ATLAS, callout_at(ATLAS, "B")))

    assert losses == {
        team: pytest.approx(cost * 1_000_000 * ONE, rel=1e-9)
        for team, cost in enumerate((0.1875, 0.2125, 0.0625))
    }


def test_dmexclp_sends_the_one_in_range_that_costs_least_though_another_is_there_already():
    """To B all three come in 10 min; T2 costs least. To A only T0 and T1 do, and T0 costs less."""
    rule = DmexclpDispatch(busy_fraction=0.5, within=10 * MINUTE)

    for place, team in (("B", 2), ("A", 0), ("C", 2)):
        callout = callout_at(ATLAS, place)
        assert rule(callout, view_of(ATLAS, callout))[0] == team


def test_dmexclp_counts_the_time_that_has_gone_by():
    """Received five minutes ago: only T1, in B itself, is still in time."""
    rule = DmexclpDispatch(busy_fraction=0.5, within=10 * MINUTE)
    callout = callout_at(ATLAS, "B", waited=5)

    assert rule(callout, view_of(ATLAS, callout))[0] == 1


def test_with_nobody_in_range_the_least_cost_goes_or_the_closest():
    """A callout in A, only T1 (10 min) and T2 (20 min) free, within 5: nobody is in time."""
    callout = callout_at(ATLAS, "A")
    view = view_of(ATLAS, callout, idle=[1, 2])

    assert DmexclpDispatch(0.5, 5 * MINUTE)(callout, view)[0] == 2
    assert DmexclpDispatch(0.5, 5 * MINUTE, hybrid=True)(callout, view)[0] == 1


def test_a_team_on_the_road_covers_what_it_reaches_from_there():
    """T2, on the road, would be 0, 10, 20 min from A, B, C: it covers A and B as T0 does."""
    rule = DmexclpDispatch(busy_fraction=0.5, within=10 * MINUTE)
    callout = callout_at(ATLAS, "B")
    at_rest = rule.losses(view_of(ATLAS, callout))
    moved = rule.losses(view_of(ATLAS, callout, moving={2: (0, 10, 20)}))

    assert at_rest != moved
    assert moved[2] == moved[0]


def test_ties_go_to_the_sooner_and_then_to_the_lower_number_in_any_order():
    """Two teams in A cost the same."""
    atlas = atlas_of((1, 1), "AA")
    callout = callout_at(atlas, "B")
    for able in ([0, 1], [1, 0]):
        view = view_of(atlas, callout, able=able)
        assert DmexclpDispatch()(callout, view)[0] == 0
        assert Preparedness(otherwise=60 * MINUTE)(callout, view)[0] == 0
        assert LeastBusyInRange(within=60 * MINUTE)(callout, view)[0] == 0


def test_preparedness_sends_the_one_without_which_the_worst_place_is_best_prepared():
    """
    Demand 1 and 1 in A and C, none in B; delay 10; teams T0 in A, T1 in B. A callout in B, priority
    2, 30 min allowed, contributions 1 and 1/2. Without T0: T1 is 20 from A and from C: p = 1/20
    each over 1.5 (an average place has a third). Without T1: T0 is 10 from A and 30 from C: the
    least is 1/30. So T0 goes though T1 is there.
    """
    atlas = atlas_of((1, 0, 1), "AB", delay=10)
    callout = callout_at(atlas, "B")
    view = view_of(atlas, callout)
    rule = Preparedness(otherwise=30 * MINUTE, contributions=(1.0, 0.5))
    left = rule.least_left(view)

    assert left[0] / left[1] == pytest.approx(30 / 20, rel=1e-6)
    assert rule(callout, view)[0] == 0


def test_a_team_that_may_be_diverted_leaves_all_who_are_free():
    """
    T0 in A and T1 in B are free, T2 may be reassigned to B and be there in 5 min; delay 10. As
    above without T0 the least of A and C is 1/20, without T1 it is 1/30. With both, A has 1/10 and
    half of 1/20, C 1/20 and half of 1/30: 4/60, more than 3/60. So T2 goes, and for dmexclp, too:
    it costs nothing.
    """
    atlas = atlas_of((1, 0, 1), "ABC", delay=10)
    callout = callout_at(atlas, "B")
    view = view_of(atlas, callout, idle=[0, 1])
    view = view._replace(teams=[0, 1, 2], arrivals=[10 * MINUTE, 0, 5 * MINUTE])

    rule = Preparedness(otherwise=30 * MINUTE, contributions=(1.0, 0.5))
    left = rule.least_left(view)
    assert left[None] / left[0] == pytest.approx(4 / 3, rel=1e-6)
    assert rule(callout, view)[0] == 2
    assert DmexclpDispatch(within=30 * MINUTE)(callout, view)[0] == 2


def test_preparedness_sends_on_a_team_that_is_on_its_way():
    """
    At 0 One leaves A for C, 20 min, the only one there in 25. At 5 something more urgent is in B:
    One would be back at A at 10 and in B at 20; Two, in D, at 45. Both come within the hour. Two is
    the only free team, so without it nothing is left: One is sent on, and Two goes to C.
    """
    rule = "preparedness: {allowed: {3: 25 min}, otherwise: 60 min}"
    text = hand_worked(
        "00:00 C calm 30",
        "00:05 B urgent 30",
        places="A B C D",
        times="A-B 10, B-C 10, A-C 20, A-D 30, B-D 40, C-D 50",
        bases="A D",
        teams="One: {base: A}\nTwo: {base: D}",
        kinds="urgent: {share: 30%, priority: 2}\ncalm: {share: 70%, priority: 3}",
        rest=f"policies: {{p: {{dispatch: {{{rule}}}, reassignment: {{by_priority: {{}}}}}}}}",
    )
    day = answered(text)

    assert [day.teams(n) for n in (0, 1)] == [["One", "Two"], ["One"]]
    assert day.minutes(1, "dispatched", "on_scene") == (5, 20)


def test_the_second_nearest_counts_for_what_it_contributes():
    """Three teams in A, 10 min of delay: without one, 1/10 and half of 1/10 are left, then 1/10."""
    for teams, left in (("AAA", 1.5), ("AA", 1.0)):
        atlas = atlas_of((1,), teams, delay=10)
        view = view_of(atlas, callout_at(atlas, "A"))
        rule = Preparedness(contributions=(1.0, 0.5))
        unit = (1 << 50) // (10 * MINUTE)
        assert rule.least_left(view)[0] == pytest.approx(left * unit, rel=1e-6)


def test_the_most_urgent_get_the_closest_whatever_it_costs():
    callout = callout_at(ATLAS, "A", priority=1)
    view = view_of(ATLAS, callout)

    assert Preparedness()(callout, view)[0] == 0
    assert LeastBusyInRange()(callout, view)[0] == 0


def test_outside_the_time_allowed_the_closest_goes():
    callout = callout_at(ATLAS, "A", waited=60)
    view = view_of(ATLAS, callout)

    assert Preparedness(allowed={2: 5 * MINUTE})(callout, view)[0] == 0
    assert LeastBusyInRange(within=5 * MINUTE)(callout, view)[0] == 0


def test_the_quietest_base_in_range_sends_its_team():
    """Each place is nearest to its own base: demands .6, .3, .1. To B all come in 10 min: T2."""
    callout = callout_at(ATLAS, "B")

    assert LeastBusyInRange(within=10 * MINUTE)(callout, view_of(ATLAS, callout))[0] == 2


@pytest.mark.parametrize("rule", ["dmexclp", "preparedness", "least_busy_in_range"])
def test_the_rules_decide_in_a_run_and_say_why(rule):
    """One callout in B, ten minutes from A and C; A has more demand, so the team in C goes."""
    text = hand_worked(
        "00:00 B job",
        places="A B C",
        times="A-B 10, B-C 10, A-C 20",
        bases="A C",
        teams="One: {base: A}\nTwo: {base: C}",
        kinds="job: {share: 100%, priority: 2}",
        rest=f"policies: {{p: {{dispatch: {{{rule}: {{}}}}}}}}",
    ).replace("A: {}", "A: {weight: 8}", 1)
    day = answered(text)
    (decision,) = day.decisions("dispatch")

    assert day.team(0) == "Two"
    assert decision.why


def test_nobody_free_is_answered_with_nobody():
    callout = callout_at(ATLAS, "A")
    for rule in (DmexclpDispatch(), Preparedness(), LeastBusyInRange()):
        assert rule(callout, view_of(ATLAS, callout, idle=[]))[0] is None
