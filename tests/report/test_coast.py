"""Land and sea on frames small enough to see by eye: a square of side 10."""

import numpy as np
import pytest

from sim.report.figures.map_figure.coast import clip, faces, join

FRAME = (0.0, 0.0, 10.0, 10.0)
SHORE = np.array([(4.0, -2.0), (4.0, 5.0), (4.0, 12.0)])
INLAND = np.array([(8.0, 5.0), (7.0, 2.0), (1.0, 5.0)])  # the last is an island's: it is outvoted


def area(polygons):
    total = 0.0
    for polygon in polygons:
        x, y = polygon.T
        total += abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
    return total


@pytest.mark.parametrize("shore", [SHORE, SHORE[::-1]], ids=["northwards", "southwards"])
def test_the_side_with_most_places_is_land(shore):
    """Data sets do not agree on which side of a coastline the sea lies."""
    ground = faces([shore], FRAME, INLAND)

    assert (area(ground.land), area(ground.sea)) == (60, 40)


def test_a_coast_in_pieces_is_joined():
    ground = faces([SHORE[1:], SHORE[1::-1]], FRAME, INLAND)

    assert (area(ground.land), area(ground.sea)) == (60, 40)
    assert len(join([SHORE[1:], SHORE[1::-1]])) == 1


def test_islands_and_stray_points_are_joined_to_nothing():
    island = np.array([(7.0, 7.0), (8.0, 7.0), (8.0, 8.0), (7.0, 7.0)])
    stray = np.array([(4.0, 5.0)])

    assert join([SHORE, island, stray]) == [
        [(4.0, -2.0), (4.0, 5.0), (4.0, 12.0)],
        [(7.0, 7.0), (8.0, 7.0), (8.0, 8.0), (7.0, 7.0)],
    ]


def test_a_coast_that_leaves_the_frame_and_returns_cuts_it_in_three():
    """A bay beyond the right edge: land, sea, land along the edge."""
    hook = np.array([(3.0, -1.0), (3.0, 4.0), (11.0, 4.0), (11.0, 6.0), (3.0, 6.0), (3.0, 11.0)])

    ground = faces([hook], FRAME, np.array([(8.0, 2.0), (8.0, 8.0), (6.0, 1.0)]))

    assert area(ground.land) == 2 * 7 * 4
    assert area(ground.sea) == 3 * 10 + 7 * 2


def test_an_island_is_land_in_the_sea():
    island = np.array([(1.0, 4.0), (2.0, 4.0), (2.0, 6.0), (1.0, 6.0), (1.0, 4.0)])

    ground = faces([SHORE, island], FRAME, INLAND)

    assert area(ground.islands) == 2


def test_a_lake_is_not_an_island():
    lake = np.array([(6.0, 4.0), (7.0, 4.0), (7.0, 6.0), (6.0, 6.0), (6.0, 4.0)])

    assert faces([SHORE, lake], FRAME, INLAND).islands == []


def test_without_a_coast_all_is_land():
    ground = faces([], FRAME, INLAND)

    assert (area(ground.land), ground.sea) == (100, [])


def test_a_ring_that_holds_the_places_is_an_island_in_the_sea():
    ring = np.array([(1.0, 1.0), (9.0, 1.0), (9.0, 9.0), (1.0, 9.0), (1.0, 1.0)])

    ground = faces([ring], FRAME, INLAND)

    assert (ground.land, area(ground.sea), area(ground.islands)) == ([], 100, 64)


def test_a_coast_that_ends_inside_is_led_to_the_nearest_edge():
    ground = faces([np.array([(4.0, -2.0), (4.0, 9.0)])], FRAME, INLAND)

    assert (area(ground.land), area(ground.sea)) == (60, 40)


def test_a_line_is_clipped_where_it_crosses_the_frame():
    assert clip([(-5.0, 5.0), (5.0, 5.0), (5.0, 15.0)], FRAME) == [
        [(0.0, 5.0), (5.0, 5.0), (5.0, 10.0)]
    ]
    assert clip([(-5.0, -5.0), (-5.0, 15.0)], FRAME) == []
