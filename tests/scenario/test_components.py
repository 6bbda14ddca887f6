"""The connected parts of a road network, on networks small enough to try every route."""

import random

import pytest

from sim.scenario.model_checks.feasibility import all_joined, nodes_reached
from sim.scenario.networks.components import largest_part, pieces
from sim.scenario.tables.table_rows import RoadEdge


def road(start, end, one_way=True):
    return RoadEdge(start, end, 1000, 50, "minor", "surveyed", one_way)


def parts(nodes, edges):
    """The parts with a route from each node to each other, in the order of their first nodes."""
    found = {
        frozenset(n for n in ahead if node in nodes_reached({n}, edges))
        for node in nodes
        for ahead in [nodes_reached({node}, edges)]
    }
    return sorted(found, key=lambda part: min(nodes.index(n) for n in part))


@pytest.mark.parametrize("seed", range(30))
def test_the_largest_part_is_that_of_all_routes(seed):
    rng = random.Random(seed)
    nodes = rng.sample("abcdefgh", rng.randint(1, 8))
    count = rng.randint(1, 12)
    edges = [road(rng.choice(nodes), rng.choice(nodes), rng.random() < 0.6) for _ in range(count)]

    found = parts(nodes, edges)

    assert largest_part(nodes, edges) == max(found, key=len)  # of equal ones the first
    some = set(rng.sample(nodes, rng.randint(1, len(nodes))))
    assert all_joined(some, edges) == any(some <= part for part in found)


def test_of_two_parts_of_one_size_the_first_in_the_file_is_kept():
    edges = [road("c", "d", one_way=False), road("a", "b", one_way=False)]

    assert largest_part(["b", "c", "d", "a"], edges) == {"a", "b"}


def test_pieces_are_counted_heedless_of_direction_and_of_roads_that_lead_elsewhere():
    """a - b hang together by a one-way road; c has only a road to what was kept."""
    edges = [road("a", "b"), road("c", "kept")]

    assert pieces(["a", "b", "c"], edges) == 2


def test_a_single_node_without_roads_is_a_part():
    assert largest_part(["a"], []) == {"a"}
    assert pieces(["a"], []) == 1
