"""Crews, declared survival and areas, on a line of places worked by hand."""

import random
from dataclasses import replace
from itertools import combinations

import pytest

from sim.log import NO_ACCESS
from sim.policies.dispatch_rules.dispatch_objectives import (
    ClosestCrew,
    EquityWeighted,
    SurvivalDispatch,
)

from ..worlds import HOUR, MINUTE, answered, hand_worked
from .line import atlas_of, callout_at, view_of

PUMP, ROPE = 1, 2


def crew_of(rule, atlas, callout, people, capabilities, idle=None):
    """Return the teams sent, asked again until the need is met, as the dispatcher does."""
    sent = []
    idle = list(range(len(atlas.teams))) if idle is None else list(idle)
    while people > 0 or capabilities:
        able = [t for t in idle if not capabilities or atlas.team_capabilities[t] & capabilities]
        if not able:
            break
        view = view_of(
            atlas, callout, idle=idle, able=able, people=people, capabilities=capabilities
        )
        team, why = rule(callout, view)
        assert why
        sent.append(team)
        idle.remove(team)
        people -= atlas.team_people[team]
        capabilities &= ~atlas.team_capabilities[team]
    return sent


def test_the_crew_that_is_complete_first_goes_not_the_one_whose_first_member_is_closest():
    """
    Six people with a rope to A. T0 (A) has neither rope nor enough; T1 (B, 10 min) has the rope and
    three people; T2 (D, 30 min) has the rope and six. T0 and T1 are seven, there at 10.
    """
    atlas = atlas_of((1, 1, 1, 1), "ABD", people=(4, 3, 6), capabilities=(0, ROPE, ROPE))

    assert sorted(crew_of(ClosestCrew(), atlas, callout_at(atlas, "A"), 6, ROPE)) == [0, 1]


def test_one_team_that_is_enough_goes_alone_if_it_is_no_later():
    """T1 and T2 both in B: T2 alone is enough; T1 with T0 would be, too, with its first sooner."""
    atlas = atlas_of((1, 1), "ABB", people=(2, 2, 4))

    assert crew_of(ClosestCrew(), atlas, callout_at(atlas, "B"), 4, 0) == [2]


def test_where_all_together_are_not_enough_the_closest_goes():
    atlas = atlas_of((1, 1), "AB", people=(2, 2))

    assert crew_of(ClosestCrew(), atlas, callout_at(atlas, "B"), 9, 0)[0] == 1


def test_of_crews_complete_at_once_the_one_whose_first_member_is_there_sooner():
    """
    Four people to A: T0 (A) has one; T1 (B) four and T2 (B) three, both 10 min away. T1 alone and
    T0 with T2 are complete at 10; T0 is there at once. T0 with T1 is no set: T0 could stay behind.
    """
    atlas = atlas_of((1, 1), "ABB", people=(1, 4, 3))
    view = view_of(atlas, callout_at(atlas, "A"), people=4)

    team, why = ClosestCrew()(callout_at(atlas, "A"), view)
    assert team == 0
    assert why == "one of 2 that are all there soonest, in 10 min"


def test_a_free_team_that_cannot_be_sent_is_in_no_crew():
    """T0, in A with a rope, was alerted and did not gather: free, and no candidate. T1 goes."""
    atlas = atlas_of((1, 1), "AB", capabilities=(ROPE, ROPE))
    callout = callout_at(atlas, "A")

    for capabilities in (0, ROPE):
        view = view_of(atlas, callout, able=[1], people=4, capabilities=capabilities)
        assert ClosestCrew()(callout, view)[0] == 1


def test_teams_that_bring_nothing_missing_are_in_no_crew():
    """Only a rope is missing. T0 and T1 have none; T2 in C has one, twenty minutes away."""
    atlas = atlas_of((1, 1, 1), "ABC", capabilities=(0, PUMP, ROPE))
    callout = callout_at(atlas, "A")

    for exact in (1, 10):
        view = view_of(atlas, callout, able=[2], people=0, capabilities=ROPE)
        team, why = ClosestCrew(exact=exact)(callout, view)
        assert team == 2
        assert why.startswith("one of 1 ")


def test_no_set_of_teams_is_complete_sooner():
    """Against all sets, on 200 random needs; the greedy search is never sooner than the exact."""
    rng = random.Random(5)
    for _ in range(200):
        size = rng.randint(2, 6)
        bases = "".join(rng.choice("ABCDEF") for _ in range(size))
        atlas = atlas_of(
            [1] * 6,
            bases,
            people=[rng.randint(1, 4) for _ in bases],
            capabilities=[rng.choice([0, PUMP, ROPE, PUMP | ROPE]) for _ in bases],
        )
        callout, people, capabilities = (
            callout_at(atlas, "A"),
            rng.randint(1, 8),
            rng.choice([0, 1, 2, 3]),
        )
        at = [atlas.times[p][0] for p in atlas.base_places]

        def enough(teams, atlas=atlas, people=people, capabilities=capabilities):
            has = 0
            for team in teams:
                has |= atlas.team_capabilities[team]
            return sum(atlas.team_people[t] for t in teams) >= people and not capabilities & ~has

        sets = [c for n in range(1, size + 1) for c in combinations(range(size), n) if enough(c)]
        if not sets:
            continue
        best = min(max(at[t] for t in c) for c in sets)
        exact = crew_of(ClosestCrew(), atlas, callout, people, capabilities)
        greedy = crew_of(ClosestCrew(exact=1), atlas, callout, people, capabilities)
        assert enough(exact)
        assert enough(greedy)
        assert max(at[t] for t in exact) == best
        assert max(at[t] for t in greedy) >= best


def test_closest_crew_decides_in_a_run():
    """Eight people needed in A: One (A) and Two (B) of four each, not the six from C."""
    text = hand_worked(
        "00:00 A job",
        places="A B C",
        times="A-B 5, A-C 20, B-C 20",
        bases="A B C",
        teams="One: {base: A}\nTwo: {base: B}\nBig: {base: C, crew: 8}",
        kinds="job: {share: 100%, crew: 8}",
        rest="policies: {p: {dispatch: closest_crew}}",
    )
    day = answered(text)

    assert sorted(day.teams(0)) == ["One", "Two"]
    assert day.minutes(0, "attended") == 5


def test_closest_crew_turns_to_another_team_where_nobody_gathered():
    """
    One's volunteers all refuse: at 20 the dispatcher knows. One is free again, but Two goes from B.
    """
    text = hand_worked(
        "00:00 A job",
        places="A B",
        times="A-B 30",
        bases="A B",
        teams="One: {base: A, crew: 3, on_call: {volunteers: town}}\nTwo: {base: B, crew: 3}",
        rest="volunteers: {town: {people: 6, acceptance: 0%, answer_delay: 1 min, "
        "travel_to_base: 4 min}}\n"
        "policies: {p: {dispatch: closest_crew}}",
    )
    day = answered(text)

    assert day.teams(0) == ["One", "Two"]
    assert day.mission(0, 1) == (20, 20, 50, 60, "completed")


def test_survival_weighs_value_against_cover():
    """
    A callout in B, half-life 10 min. T0, in B: value 1. T1, in C (10 min): value .5. With q = 0 a
    team costs what nobody else reaches in 0 min: T0 all of B's demand (.9), T1 C's (.1). So with
    beta 1: .1 against .4, T1 goes; with beta 0 the closest.
    """
    atlas = atlas_of((0, 9, 1), "BC")
    callout = callout_at(atlas, "B")
    view = view_of(atlas, callout)

    def sent(beta):
        rule = SurvivalDispatch({2: 10 * MINUTE}, beta=beta, busy_fraction=0.0, within=0)
        return rule(callout, view)[0]

    assert sent(0.0) == 0
    assert sent(0.5) == 0  # 1 - .45 against .5 - .05
    assert sent(1.0) == 1


def test_an_area_that_fares_badly_keeps_its_team():
    """
    Records: A 1 callout of 2 h, C 1 of 0: the mean is 1 h, A's deficit 1 h. With step 1 its weight
    is 1. T0 is in A, T1 in C. If T0 leaves, A's nearest is 20 min away instead of 0: it costs 20
    more. A callout in B, ten minutes from both: T1 goes. With step 0 the lower number does.
    """
    atlas = atlas_of((1, 0, 1), "AC")
    callout = callout_at(atlas, "B")
    view = view_of(atlas, callout, record=((1, 2 * HOUR), (0, 0), (1, 0)))

    assert EquityWeighted(step=1.0).weights(view) == {"A": 1_000_000, "B": 0, "C": 0}
    assert EquityWeighted(step=1.0)(callout, view)[0] == 1
    assert EquityWeighted(step=0.0)(callout, view)[0] == 0


def test_the_only_team_that_reaches_an_area_is_not_let_go_lightly():
    """
    As above, but no road leads from A to C: if T0 leaves, nobody could come to A, which counts as a
    day. T1 goes, though T0 comes to B as soon and has the lower number.
    """
    line = atlas_of((1, 0, 1), "AC")
    rows = tuple(
        tuple(NO_ACCESS if {a, b} == {0, 2} else time for b, time in enumerate(row))
        for a, row in enumerate(line.times)
    )
    atlas = replace(line, times=rows)
    callout = callout_at(atlas, "B")
    view = view_of(atlas, callout, record=((1, 2 * HOUR), (0, 0), (1, 0)))

    assert EquityWeighted(step=1.0)(callout, view)[0] == 1


def test_the_most_urgent_get_the_closest_whatever_their_area():
    atlas = atlas_of((1, 0, 1), "AC")
    callout = callout_at(atlas, "A", priority=1)
    view = view_of(atlas, callout, record=((1, 2 * HOUR), (0, 0), (1, 0)))

    assert EquityWeighted(step=10.0)(callout, view)[0] == 0


@pytest.mark.parametrize("rule", [ClosestCrew(), SurvivalDispatch(), EquityWeighted()])
def test_an_empty_desk_is_answered_with_nobody_and_ties_go_to_the_lower_number(rule):
    atlas = atlas_of((1, 1), "AA")
    callout = callout_at(atlas, "B")
    record = ((0, 0), (0, 0))

    assert rule(callout, view_of(atlas, callout, idle=[], record=record))[0] is None
    for able in ([0, 1], [1, 0]):
        assert rule(callout, view_of(atlas, callout, able=able, record=record))[0] == 0
