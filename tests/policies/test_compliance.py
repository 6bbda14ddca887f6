"""Rules that may move any free team, on fleets worked by hand; times in minutes."""

import random

import pytest
from pydantic import TypeAdapter, ValidationError

from sim.log import NO_ACCESS
from sim.policies import Atlas, FleetView, FreeTeamView
from sim.policies.cover_rules.compliance import RULES, ComplianceTable, Diminishing, DoubleStandard
from sim.policies.cover_rules.dynaroc import Dynaroc
from sim.policies.cover_rules.relocation import PriorityList

from ..long_cases import quick_first
from ..worlds import answered, hand_worked

MINUTE = 60_000
# A, B and C in a row: A to B 10, B to C 15, A to C 25 minutes; a base in each
ROW = [[0, 10, 25], [10, 0, 15], [25, 15, 0]]


def atlas(times=ROW, weights=(50, 30, 20), teams=3, delay=0):
    """A map with a base in each place; weights in per cent."""
    names = tuple("ABCDE"[: len(times)])
    ms = tuple(tuple(t * MINUTE if t < 999 else NO_ACCESS for t in row) for row in times)
    return Atlas(
        places=names,
        weights=tuple(w * 10_000 for w in weights),
        times=ms,
        bases=names,
        base_places=tuple(range(len(names))),
        teams=tuple(f"T{i}" for i in range(teams)),
        team_bases=(0,) * teams,
        delay=delay * MINUTE,
    )


def fleet(at, where=None, freed=None, homes=None, moves=None, **about):
    """
    A fleet in which team n waits at base ``at[n]`` by name.

    ``where`` are the drives of the freed team, from where it is; the others wait at their bases.
    """
    land = atlas(**about)
    bases = tuple(map(land.bases.index, at))
    drives = [list(land.times[base]) for base in bases]
    if freed is not None and where is not None:
        drives[freed] = [t * MINUTE if t < 999 else NO_ACCESS for t in where]
    return FleetView(
        now=0,
        freed=freed,
        teams=tuple(range(len(at))),
        at=bases,
        homes=tuple(map(land.bases.index, homes or at)),
        drives=tuple(map(tuple, drives)),
        moves=tuple(moves or [0] * len(at)),
        atlas=land,
    )


def answer(rule, view):
    """The bases by name, as one word."""
    bases, _ = rule(view)
    return "".join(view.atlas.bases[b] for b in bases)


# -- compliance tables ------------------------------------------------------------------------

TWO = {2: {"A": 1, "C": 1}}


def test_a_row_is_filled_with_the_least_total_or_the_least_largest_travel():
    """
    Team 0 waits at B; team 1, freed, has 20 to A and 24 to C. Either 0 goes to A and 1 to C, 10
    + 24 = 34 with 24 the largest; or 0 to C and 1 to A, 15 + 20 = 35 with 20 the largest.
    """
    view = fleet("BB", freed=1, where=[20, 12, 24])

    assert answer(ComplianceTable(TWO), view) == "AC"
    assert answer(ComplianceTable(TWO, objective="largest"), view) == "CA"
    assert ComplianceTable(TWO)(view)[1] == "fills the row for 2 free teams; 1 that wait are moved"


def test_a_team_moved_often_enough_stays_and_fills_a_slot_of_its_base():
    """As above, but 0 was moved once: 1 takes the nearer slot, A. At A, 0 fills A: 1 takes C."""
    rule = ComplianceTable(TWO, moves=1)

    assert answer(rule, fleet("BB", freed=1, where=[20, 12, 24], moves=[1, 0])) == "BA"
    assert answer(rule, fleet("AB", freed=1, where=[20, 12, 24], moves=[1, 0])) == "AC"


def test_of_several_rows_the_one_with_the_least_travel_is_taken():
    """From B and 20, 12, 24: A and C cost 34 as above; A and B cost 20 + 0, or 10 + 12 = 22."""
    view = fleet("BB", freed=1, where=[20, 12, 24])

    assert answer(ComplianceTable({2: ({"A": 1, "C": 1}, {"A": 1, "B": 1})}), view) == "BA"


def test_a_number_of_teams_that_is_not_in_the_table_takes_the_next_lower_row():
    """
    Three are free, the table stops at two: 0 and 1 go from B to A and C, 10 + 15, and 2, freed
    and 5 from B, goes home there: 30, against 10 + 40 if it went to C. Were home as far as C, it
    would go to C, 10 + 40 against 10 + 15 + 40. A table that begins at two gives one free team
    the nearest slot of that row.
    """
    rule = ComplianceTable(TWO)

    assert answer(rule, fleet("BBC", freed=2, where=[40, 5, 40], homes="BBB")) == "ACB"
    assert answer(rule, fleet("BBC", freed=2, where=[40, 40, 40], homes="BBB")) == "ABC"
    assert answer(rule, fleet("B", freed=0, where=[8, 5, 9])) == "A"


def test_waiting_teams_move_only_if_enough_more_demand_is_covered():
    """
    Within 10 minutes A and B reach each other, C only itself; demand 20, 20, 60 %; q = 0.5.

    Teams at A and B cover 40 % twice: 0.4 x 0.75 = 0.30. The row wants A and C: then 0.4 x 0.5 +
    0.6 x 0.5 = 0.50. The move is worth 20 points, and one team moves.
    """
    view = fleet("AB", weights=(20, 20, 60))
    about = {"busy_fraction": 0.5, "within": 10 * MINUTE}

    assert answer(ComplianceTable(TWO, benefit=0.20, **about), view) == "AC"
    assert answer(ComplianceTable(TWO, benefit=0.21, **about), view) == "AB"
    assert ComplianceTable(TWO, benefit=0.21, **about)(view)[1] == ""


def test_where_moving_others_is_not_worth_it_only_the_freed_team_is_placed():
    """
    Demand 50, 30, 20 %. With 0 at A and 1 at C, 0.8 x 0.5 + 0.2 x 0.5 = 0.5 is covered; with 0
    still at B and 1 at A, its nearest slot left, 0.8 x 0.75 = 0.6: the move of 0 would lose.
    """
    view = fleet("BB", freed=1, where=[20, 12, 24])
    rule = ComplianceTable(TWO, benefit=0.01, busy_fraction=0.5, within=10 * MINUTE)

    bases, why = rule(view)

    assert list(bases) == [1, 0]
    assert why == "fills the row; moving others would not cover enough"


def test_a_table_is_made_from_demand_and_times():
    """
    Within 10 minutes A and B reach A and B, 80 %, C only itself: one team waits at A, the first
    of equals; two at A and C. A third adds double cover from B, as a base has one team until
    all have; of the two at A, alike, the first stays.
    """
    rule = ComplianceTable(within=10 * MINUTE)

    assert answer(rule, fleet("C", freed=0)) == "A"
    assert answer(rule, fleet("BB", freed=0)) == "AC"
    assert answer(rule, fleet("AAC")) == "ABC"


def test_of_equal_matches_the_first_team_has_the_first_base():
    """Two teams at B, 10 from A each, and slots in A and B: the first goes to A."""
    assert answer(ComplianceTable({2: {"A": 1, "B": 1}}), fleet("BB")) == "AB"


def test_nothing_is_said_where_nobody_was_freed_and_nobody_moves():
    assert ComplianceTable(TWO)(fleet("AC")) == ([0, 2], "")


def test_a_table_in_a_scenario_moves_teams_as_others_leave_and_come_back():
    """
    At 0 One leaves A for a callout there; Two, alone, is to wait at B and is there at 10. Then
    One is free at A: the row for two wants A and C, and Two has 15 to C against 25 for One. At 30
    Two is at C, so a callout there finds it at once.
    """
    table = "{1: {B: 1}, 2: {A: 1, C: 1}}"
    text = hand_worked(
        "00:00 A job 10",
        "00:30 C job 10",
        places="A B C",
        bases="A B C",
        times="A-B 10, B-C 15, A-C 25",
        teams="One: {base: A}\nTwo: {base: A}",
        rest=f"policies: {{kept: {{relocation: {{compliance_table: {{table: {table}}}}}}}}}",
    )
    day = answered(text)

    moved = [(d.at // MINUTE, d.subject, d.chosen) for d in day.decisions("relocation")]
    assert moved[:3] == [(0, 1, 1), (10, 0, 0), (10, 1, 2)]
    assert (day.team(1), day.minutes(1, "on_scene")) == ("Two", 30)


# -- double standard --------------------------------------------------------------------------


def test_ddsm_covers_twice_what_it_can_once_the_shares_are_reached():
    """
    Within 10 minutes A and B reach A and B, 80 %, C only itself; within 30 all reach all.

    With 80 % to be covered once, two teams both in A or B cover 80 % twice. From A and C, the
    one at C goes to B, 15 min, not to A, 25. With 90 % once, C must keep its team: each missing
    point counts ten covered twice, 10 x 10 against 80.
    """
    about = {"within": 10 * MINUTE, "longest": 30 * MINUTE}

    assert answer(DoubleStandard(share=0.8, **about), fleet("AC")) == "AB"
    assert answer(DoubleStandard(share=0.9, **about), fleet("AC")) == "AC"
    why = DoubleStandard(share=0.8, **about)(fleet("AC"))[1]
    assert why == "covers 80.00% of the demand once and 80.00% twice"


def test_ddsm_leaves_a_team_that_was_moved_too_often_for_what_it_gains():
    """15 minutes at 100 % an hour cost 25 %, with three moves before 100 %: more than 80 %."""
    rule = DoubleStandard(share=0.8, within=10 * MINUTE, longest=30 * MINUTE, hour_costs=1.0)

    assert answer(rule, fleet("AC", moves=[0, 2])) == "AB"
    assert answer(rule, fleet("AC", moves=[0, 3])) == "AC"


def test_ddsm_weighs_reaching_everybody_above_all():
    """
    Only C reaches C in 10 minutes, and nobody else does in 12: within 12, C has no other.
    Each point out of reach counts a hundred: 20 x 100 against 80 covered twice, less 25 min.
    """
    rule = DoubleStandard(share=0, within=10 * MINUTE, longest=12 * MINUTE)

    assert answer(rule, fleet("AB")) == "AC"


# -- diminishing benefit ----------------------------------------------------------------------


def test_teams_are_placed_while_the_next_is_worth_its_drive():
    """
    A is worth 50 then 20 %, B 40 then 10; ten minutes cost 10 %. Team 0 waits at A, team 1 is
    freed, 10 from A and 25 from B. 1 to A: 50 + 20 - 10 = 60. 1 to B: 50 + 40 - 25 = 65. 0 to B
    and 1 to A: 40 + 50 - 10 - 10 = 70. Where 0 may not move, 1 goes to B.
    """
    benefits = {"A": (0.5, 0.2), "B": (0.4, 0.1)}
    view = fleet("AB", freed=1, where=[10, 25, 99])

    assert answer(Diminishing(benefits, hour_costs=0.6), view) == "BA"
    assert answer(Diminishing(benefits, hour_costs=0.6, moves=0), view) == "AB"


def test_benefits_come_from_the_demand_nearest_to_each_base():
    """
    A, B, C are each nearest to themselves: 50, 30, 20 %; q = 0.5: first teams are worth 25, 15,
    10, second 12.5. Three teams at A, moves nearly free: one at A, one at B, and the third at A,
    12.5, before C, 10.
    """
    rule = Diminishing(busy_fraction=0.5, hour_costs=0.001)

    assert sorted(answer(rule, fleet("AAA"))) == ["A", "A", "B"]


# -- dynaroc ----------------------------------------------------------------------------------


def test_dynaroc_moves_a_team_where_a_place_is_not_prepared():
    """
    A and B alike, 10 apart, 5 more before a team is there; contributions 1 and 0.5. Two teams at
    A: A has 1/5 + 0.5/5 = 0.3 a minute, B 1/15 + 0.5/15 = 0.1. One in each: 1/5 + 0.5/15 = 0.233
    in both. So at a level of 0.15 one must move, the first; at 0.09 none; 0.3 cannot be reached,
    and the move that raises the least most is made all the same.
    """
    pair = {"times": [[0, 10], [10, 0]], "weights": (50, 50), "delay": 5}
    rules = {
        level: Dynaroc(level=level, contributions=(1.0, 0.5)) for level in (0.09, 0.15, 0.23, 0.3)
    }

    found = {level: rule(fleet("AA", **pair)) for level, rule in rules.items()}

    assert found[0.09] == ([0, 0], "")
    assert found[0.15] == ([1, 0], "brings every place to the level")
    assert found[0.23] == ([1, 0], "brings every place to the level")
    assert found[0.3] == ([1, 0], "prepares the least prepared place best")


def test_dynaroc_prefers_two_short_drives_to_a_long_one():
    """
    Each place needs its own team (1/5 = 0.2 a minute; 1/15 from the next base). Two wait at A,
    one at B: to fill C, one drives 25 from A; or one 10 from A to B and one 15 from B to C.
    """
    view = fleet("AAB", weights=(33, 33, 33), delay=5)
    about = {"level": 0.15, "contributions": (1.0,)}

    assert answer(Dynaroc(at_once=2, **about), view) == "BAC"
    assert answer(Dynaroc(at_once=1, **about), view) == "CAB"
    # the first was moved before: the second goes
    tired = fleet("AAB", weights=(33, 33, 33), delay=5, moves=[1, 0, 0])
    assert answer(Dynaroc(at_once=2, moves=1, **about), tired) == "ABC"


def test_dynaroc_asks_more_where_there_is_more_demand():
    """
    A has 90 %, B 10 %: of the average 1.8 and 0.2 times. One team at B, 10 from A, 5 before:
    A has (1/15)/1.8 = 0.037, B (1/5)/0.2 = 1. In A, 0.111 and 0.333. A level of 0.05 sends it.
    """
    uneven = {"times": [[0, 10], [10, 0]], "weights": (90, 10), "delay": 5}

    assert answer(Dynaroc(level=0.05, contributions=(1.0,)), fleet("B", **uneven)) == "A"
    assert answer(Dynaroc(level=0.03, contributions=(1.0,)), fleet("B", **uneven)) == "B"


def test_the_freed_team_goes_home_where_all_is_prepared():
    view = fleet("AC", freed=1, where=[30, 30, 30], homes="AB")

    assert Dynaroc(level=0.0)(view) == ([0, 1], "every place is prepared; goes home")


# -- a list of slots --------------------------------------------------------------------------


def one_freed(idle, drives=(5, 5, 5), home=2):
    ms = [d * MINUTE if d < 999 else NO_ACCESS for d in drives]
    return FreeTeamView(0, 0, home, ms, idle, atlas())


@pytest.mark.parametrize(
    ("idle", "base"),
    [((0, 0, 0), 0), ((1, 0, 0), 1), ((1, 1, 0), 0), ((2, 0, 0), 1), ((2, 1, 5), 2)],
)
def test_a_freed_team_takes_the_first_slot_that_is_not_filled(idle, base):
    """Slots A, B, A; home is C. Two at A and one at B fill all three."""
    assert PriorityList(("A", "B", "A"))(one_freed(idle))[0] == base


def test_a_slot_to_which_there_is_no_way_is_passed_over():
    rule = PriorityList(("A", "B"))

    assert rule(one_freed((0, 0, 0), drives=(999, 5, 5))) == (
        1,
        "slot 2 of the list is the first not filled",
    )
    assert rule(one_freed((1, 1, 0))) == (2, "no slot of the list is left to fill; goes home")


# -- all of them ------------------------------------------------------------------------------


def some_fleet(rng):
    """A fleet at random, on whole minutes, with bases that cannot be reached here and there."""
    bases, teams = rng.randint(1, 4), rng.randint(1, 5)
    times = [[0 if i == j else rng.choice([5, 9, 14, 30, 999]) for i in range(bases)]
             for j in range(bases)]  # fmt: skip
    at = "".join(rng.choice("ABCDE"[:bases]) for _ in range(teams))
    homes = "".join(rng.choice("ABCDE"[:bases]) for _ in range(teams))
    freed = rng.choice([None, *range(teams)])
    where = [rng.choice([1, 7, 20, 999]) for _ in range(bases)]
    weights = [rng.randint(0, 9) for _ in range(bases)]
    moves = [rng.randint(0, 2) for _ in range(teams)]
    return fleet(at, where, freed, homes, moves, times=times, weights=weights, teams=teams, delay=3)


@pytest.mark.parametrize("name", quick_first(RULES, 1))
def test_every_rule_gives_each_team_a_base_and_the_same_again(name):
    """Afresh and from what was noted; teams that may not move stay; no way is never taken."""
    for seed in range(60):
        for moves in (None, 1):
            view = some_fleet(random.Random(seed))
            again = some_fleet(random.Random(seed))
            rule = RULES[name](moves=moves)
            bases, why = rule(view)

            assert len(bases) == len(view.teams)
            assert (list(bases), why) == (list(rule(view)[0]), rule(view)[1])
            assert (list(bases), why) == (list(rule(again)[0]), rule(again)[1])
            for i, (base, at) in enumerate(zip(bases, view.at, strict=True)):
                if i == view.freed:
                    assert view.drives[i][base] < NO_ACCESS or base == view.homes[i]
                elif base != at:
                    assert view.drives[i][base] < NO_ACCESS
                    assert moves is None or view.moves[i] < moves
            still = view.freed is None and list(bases) == list(view.at)
            assert (why == "") == still


def test_every_rule_says_which_bases_its_parameters_name():
    table = ComplianceTable({1: {"A": 1}, 2: ({"B": 1, "C": 1}, {"A": 2})})

    assert list(table.names()) == [
        (("table", 1, "A"), "base", "A"),
        (("table", 2, 0, "B"), "base", "B"),
        (("table", 2, 0, "C"), "base", "C"),
        (("table", 2, 1, "A"), "base", "A"),
    ]
    assert list(Diminishing({"B": (0.1,)}).names()) == [(("benefits", "B"), "base", "B")]
    assert list(PriorityList(("A", "B")).names()) == [
        (("order", 0), "base", "A"),
        (("order", 1), "base", "B"),
    ]
    for rule in (ComplianceTable(), Diminishing(), DoubleStandard(), Dynaroc()):
        assert list(rule.names()) == []


@pytest.mark.parametrize(
    ("name", "wrong", "place"),
    [
        ("diminishing", {"benefits": {"A": ["1%", "2%"]}}, ("benefits", "A")),
        ("dynaroc", {"contributions": [0.5, 0.6]}, ("contributions",)),
        ("compliance_table", {"table": {1: {"A": 0}}}, ("table", "1", "<here>", "A")),
        (
            "compliance_table",
            {"table": {1: [{"A": 1}, {"A": 0}]}},
            ("table", "1", "<file>", 1, "A"),
        ),
    ],
)
def test_wrong_parameters_are_refused_where_they_are(name, wrong, place):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(RULES[name]).validate_python(wrong)

    (error,) = refused.value.errors()
    assert tuple(map(str, error["loc"])) == tuple(map(str, place))
