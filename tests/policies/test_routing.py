"""By which road: three ways from A to B, and a team that is halfway. Numbers in minutes."""

import pytest

from sim.errors import PolicyError, ScenarioError
from sim.experiment.running.alternatives import Alternative
from sim.experiment.running.runner import Runner
from sim.policies import PolicySet, Road
from sim.policies.dispatch_rules.dispatch import Closest
from sim.policies.travel_rules.routing import Fastest, Reliable, Safest, Shortest, unusable
from sim.world import build
from sim.world.road_travel.travel import RoadView as WorldRoad

from ..worlds import MINUTE, file_of, hand_worked

NODES = "node,lat,lon\nA,0,0\nB,0,0.3\nM,0.1,0.15\nT,0,0.15\nS,-0.1,0.15\n"
# by M 2 x 10 min and 40 km, by T 2 x 12.5 min and 30 km, by S 2 x 15 min and 20 km
EDGES = """from,to,km,kmh,sd,exposure,no_go
A,M,20,120,50%,0.5,
M,B,20,120,50%,0.5,{no_go}
A,T,15,72,,1,
T,B,15,72,0,1,no
A,S,10,40,0.2,0.1,
S,B,10,40,20%,0.1,
"""
TEXT = """
name: three-ways
clock: {start: 2025-01-06 00:00, length: 1 day, timezone: UTC}
map:
  places: {A: {lat: 0, lon: 0}, B: {lat: 0, lon: 0.3}}
  roads: {nodes: nodes.csv, edges: edges.csv}
demand:
  kinds: {job: {share: 100%, on_scene: 10 min}}
  callouts: [{at: day 1 00:00, place: B, kind: job}]
bases: {A: {}}
teams: {One: {base: A}}
"""


def three_ways(no_go="", text=TEXT, edges=EDGES):
    return file_of(text, nodes=NODES, edges=edges.format(no_go=no_go))


def minutes(file, rule):
    """Return the time from A to B by a rule, by day."""
    return build(file, rule).travel.times[0][0][1] / MINUTE


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Fastest(), 20),  # by M
        (Shortest(), 30),  # by S: 20 km
        (Reliable(k=0.4), 20),  # M 20 + 4, T 25 + 0, S 30 + 2.4
        (Reliable(k=1), 25),  # M 20 + 10, T 25 + 0, S 30 + 6
        (Safest(weight=1), 20),  # M 20 x 1.5 = 30, T 25 x 2 = 50, S 30 x 1.1 = 33
        (Safest(weight=2), 30),  # M 20 x 2 = 40, T 25 x 3 = 75, S 30 x 1.2 = 36
    ],
)
def test_each_rule_takes_its_own_way_and_the_time_is_that_of_the_roads(rule, expected):
    """What a road costs decides the way; a team drives it in the time that it takes."""
    assert minutes(three_ways(), rule) == expected


def test_a_no_go_road_is_taken_by_the_fastest_and_never_by_the_safest():
    """Without weight the safest is the fastest of what is open: by T, 25 minutes."""
    closed = three_ways(no_go="yes")

    assert minutes(closed, Fastest()) == 20
    assert minutes(closed, Safest(weight=0)) == 25


def test_a_rule_is_told_each_road_by_its_own_numbers():
    """A to M: 20 km at 120 km/h, half of ten minutes either way; at half speed twice of both."""
    seen = []

    def watch(road):
        seen.append(Road(*road))
        return road.drive

    text = TEXT.replace("edges.csv}", "edges.csv, speed: {night: 50%}}")
    build(three_ways(no_go="yes", text=text), watch)

    day, night = seen[:12], seen[12:]  # six roads, both ways
    assert day[0] == day[1] == Road(20_000, 10 * MINUTE, 5 * MINUTE, 0.5, open=True)
    assert day[2] == Road(20_000, 10 * MINUTE, 5 * MINUTE, 0.5, open=False)
    assert day[4] == Road(15_000, 750_000, 0, 1.0, open=True)
    assert night[0] == Road(20_000, 20 * MINUTE, 10 * MINUTE, 0.5, open=True)
    assert Road._fields == WorldRoad._fields  # the world knows no policies


def test_of_parallel_roads_the_rule_takes_the_one_it_prefers():
    """From A to B 12 km in 6 minutes, or 10 km in 10."""
    edges = "from,to,km,kmh\nA,B,12,120\nA,B,10,60\n"
    file = three_ways(edges=edges)

    assert (minutes(file, Fastest()), minutes(file, Shortest())) == (6, 10)


# -- a team on the road ------------------------------------------------------------------------


class Drive:
    """A team from A, the first place, bound for B, the second, since minute 0."""

    origin, destination, departs, period = 0, 1, 0, 0

    def __init__(self, travel):
        self.arrives = travel.times[0][0][1]


def halfway(rule, one_way="no"):
    """
    Return how a team on its way from A by J to B would get to C, asked at some minute.

    A to J 10 km in 10 minutes, J to B as much. C lies 2 km and 20 minutes from A, 9 km and 6
    minutes from J.
    """
    nodes = "node,lat,lon\nA,0,0\nJ,0,0.1\nB,0,0.2\nC,0.05,0.05\n"
    edges = f"from,to,km,kmh,one_way\nA,J,10,60,{one_way}\nJ,B,10,60,no\nC,A,2,6,no\nJ,C,9,90,no\n"
    places = "{A: {lat: 0, lon: 0}, B: {lat: 0, lon: 0.2}, C: {lat: 0.05, lon: 0.05}}"
    text = TEXT.replace("{A: {lat: 0, lon: 0}, B: {lat: 0, lon: 0.3}}", places)
    travel = build(file_of(text, nodes=nodes, edges=edges), rule).travel
    leg = Drive(travel)

    def at(minute):
        total, spot, first = travel.reroute(leg, minute * MINUTE, 2, 0)
        assert travel.drives(leg, minute * MINUTE, 0)[2] == total
        return total / MINUTE, "ABC"[spot] if spot < 3 else "AJBC"[spot - 3], first / MINUTE

    return at


def test_a_team_on_the_road_turns_back_where_that_costs_less_though_it_takes_longer():
    """
    At x minutes it is x km from A: back is x + 2 km, on is 10 - x + 9 km, equal at 8.5. So at 8
    it turns back, 8 + 20 minutes, and at 9 goes on, 1 + 6. The fastest always goes on.
    """
    shortest, fastest = halfway(Shortest()), halfway(Fastest())

    assert shortest(4) == (24, "A", 4)
    assert shortest(8) == (28, "A", 8)
    assert shortest(9) == (7, "J", 1)
    assert fastest(4) == (12, "J", 6)


def test_nobody_turns_back_on_a_one_way_road_whatever_it_would_save():
    """At 4 minutes the shortest is back to A, but the road leads to J alone: 6 + 6."""
    assert halfway(Shortest(), one_way="yes")(4) == (12, "J", 6)


def test_a_team_that_is_about_to_leave_takes_the_way_of_the_rule():
    """From A to C itself: 2 km in 20 minutes, or 19 km in 16."""
    assert halfway(Shortest())(0) == (20, "A", 0)
    assert halfway(Fastest())(0) == (16, "A", 0)


# -- alternatives ------------------------------------------------------------------------------


def alternatives(file, **rules):
    return [
        Alternative(name, file, PolicySet(name, Closest(), routing=rule))
        for name, rule in rules.items()
    ]


def test_alternatives_share_a_world_where_they_share_roads_and_callouts_always():
    """Two equal rules are one world; another has its own ways and the same callouts."""
    runner = Runner(
        alternatives(three_ways(), one=Fastest(), two=Fastest(), three=Shortest()), seed=1
    )
    one, two, three = (runner.worlds[name] for name in ("one", "two", "three"))

    assert one is two
    assert three is not one
    assert three.demand is one.demand
    assert three.travel.times[0][0][1] > one.travel.times[0][0][1]


def test_a_team_is_on_scene_when_its_own_way_brings_it_there():
    """Half past by the shortest, twenty past by the fastest."""
    runner = Runner(alternatives(three_ways(), fast=Fastest(), short=Shortest()), seed=1)
    on_scene = {name: runner.log(name, 0).callouts[0].on_scene for name in ("fast", "short")}

    assert on_scene == {"fast": 20 * MINUTE, "short": 30 * MINUTE}


class Unhashable:
    """Somebody's own rule, of which two are never known to be equal."""

    __hash__ = None

    def __call__(self, road):
        return road.metres


def test_a_rule_that_cannot_be_compared_has_a_world_of_its_own():
    """Equal rules may share a world; of these nobody knows."""
    runner = Runner(alternatives(three_ways(), one=Unhashable(), two=Unhashable()), seed=1)

    assert runner.worlds["one"] is not runner.worlds["two"]


# -- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize("answer", [-1, float("nan"), float("inf"), 1e300, "far"])
def test_a_cost_that_is_none_is_told_with_its_road(answer):
    """Dijkstra's algorithm would go wrong in silence."""
    with pytest.raises(PolicyError, match="for the road from 'A' to 'M'"):
        build(three_ways(), lambda road: answer)


def test_a_rule_that_raises_is_told_with_its_road():
    """The author finds the road to try it with."""

    def broken(road):
        raise ZeroDivisionError("by zero")

    with pytest.raises(PolicyError, match="raised ZeroDivisionError for the road from 'A' to 'M'"):
        build(three_ways(), broken)


def test_a_rule_is_refused_where_there_are_no_roads_to_choose_from():
    """On a table it would change nothing, and nobody would notice."""
    file = file_of(
        hand_worked(places="A B", times="A-B 5", rest="policies: {mine: {routing: fastest}}")
    )
    at = ("policies", "mine", "routing")

    (diagnostic,) = unusable(file, at, "shortest", Shortest())
    assert (
        diagnostic.message == "'shortest' chooses among the roads of a network; these are a table"
    )
    assert diagnostic.line > 0
    assert unusable(file, at, "fastest", Fastest()) == []


def test_a_rule_is_refused_where_the_edges_lack_what_it_reads():
    """Reliable without deviations and safest without danger are the fastest under other names."""
    plain = three_ways(edges="from,to,km,kmh\nA,B,10,60\n")
    told = {rule: unusable(plain, ("map",), "it", rule) for rule in (Reliable(), Safest())}

    assert ["sd" in m.message for m in told[Reliable()]] == [True]
    assert ["exposure or no_go" in m.message for m in told[Safest()]] == [True]
    assert unusable(plain, ("map",), "it", Shortest()) == []
    assert unusable(three_ways(), ("map",), "it", Reliable()) == []
    assert unusable(three_ways(), ("map",), "it", Safest()) == []


VARYING = TEXT.replace("edges: edges.csv", "edges: edges.csv, travel_time_cv: 60%")


def test_a_road_without_a_deviation_of_its_own_has_the_one_of_all_roads():
    """By M 20 + 10, by T 25 + 15, by S 30 + 6: what drives do in a run, the rule goes by."""
    file = three_ways(text=VARYING)

    assert minutes(file, Reliable(k=0.4)) == 20  # M 24, T 31, S 32.4
    assert minutes(file, Reliable(k=4)) == 30  # M 60, T 85, S 54
    assert minutes(three_ways(), Reliable(k=4)) == 25  # without it T never varies


def test_a_wait_at_a_checkpoint_is_no_part_of_what_varies_on_a_road():
    """50 % of 10 min by M, twice, for any wait there: 20 + 10 + 4 against 25 by T."""
    text = VARYING.replace("60%", "0%").replace(
        "demand:", "  checkpoints: [{edge: [A, M], delay: 4 min}]\ndemand:", 1
    )
    told = {}

    def noted(road):
        told[road.metres, road.drive // MINUTE] = road.sd / MINUTE
        return road.drive

    build(three_ways(text=text), noted)
    assert told[20_000, 14] == told[20_000, 10] == 5


def test_reliable_is_refused_where_all_roads_vary_alike():
    """A share that is the same everywhere tips no scales; a road that differs does."""
    edges = "from,to,km,kmh,sd\nA,M,10,60,{}\nM,B,10,60,60%\n"

    (diagnostic,) = unusable(
        three_ways(text=VARYING, edges=edges.format("")), ("map",), "it", Reliable()
    )
    assert "all roads vary by 60%" in diagnostic.message
    alike = three_ways(edges=edges.format("60%"))  # without a share for all
    assert [m.message for m in unusable(alike, ("map",), "it", Reliable())] == [diagnostic.message]
    other = three_ways(text=VARYING, edges=edges.format("20%"))
    assert unusable(other, ("map",), "it", Reliable()) == []


@pytest.mark.parametrize(
    ("cells", "told", "column"),
    [
        ("A,B,10,60,20,0,no", "did you mean '20%'?", 11),
        ("A,B,10,60,x,0,no", "expected a share, found 'x'", 11),
        ("A,B,10,60,0,-1,no", "exposure must be a number from 0 to 1000, found -1", 13),
        ("A,B,10,60,0,much,no", "exposure must be a number, found 'much'", 13),
        ("A,B,10,60,0,0,maybe", "expected yes or no, found 'maybe'", 15),
    ],
)
def test_a_wrong_cell_of_a_road_is_told_at_its_place(cells, told, column):
    """As every cell of a table is."""
    with pytest.raises(ScenarioError) as caught:
        three_ways(edges=f"from,to,km,kmh,sd,exposure,no_go\n{cells}\n")

    (diagnostic,) = caught.value.diagnostics
    assert told in f"{diagnostic.message}   {diagnostic.help}"
    assert (diagnostic.line, diagnostic.column) == (2, column)
