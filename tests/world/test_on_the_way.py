"""Where a team is while it drives longer than expected, or on roads that have closed since."""

from typing import NamedTuple

import pytest

from ..worlds import HOUR, MINUTE, world_of
from .test_disrupted_roads import STRAIGHT, A, B, drawn

X = 2 + 2  # the road node x, after the two places


class Driving(NamedTuple):
    origin: int
    destination: int
    departs: int
    arrives: int
    period: int


def told(travel, leg, now, target, period):
    total, spot, to_spot = travel.reroute(leg, now, target, period)
    assert travel.drives(leg, now, period)[target] == total
    return total / MINUTE, spot, to_spot / MINUTE


@pytest.fixture(scope="module")
def closing():
    """From A by x to B 10 + 10 min; at 06:00 the road from x to B closes, and 15 + 15 go round."""
    return drawn("closures: [{edge: [x, b], from: day 1 06:00}]", roads=", travel_time_cv: 20%")


def test_a_slow_team_is_as_far_as_its_share_of_the_time_says(closing):
    """30 min for 20: after 21 it has gone 14 of 20, so B is 6 ahead and x 4 behind."""
    leg = Driving(A, B, 0, 30 * MINUTE, 0)

    assert told(closing.travel, leg, 21 * MINUTE, B, 0) == (6, B + 2, 6)
    assert told(closing.travel, leg, 21 * MINUTE, A, 0) == (14, X, 4)


def test_a_quick_team_is_further_than_the_clock_says(closing):
    """10 min for 20: after 6 it has gone 12."""
    leg = Driving(A, B, 0, 10 * MINUTE, 0)

    assert told(closing.travel, leg, 6 * MINUTE, B, 0) == (8, B + 2, 8)


def test_a_team_on_a_road_that_has_closed_may_leave_it_at_either_end(closing):
    """Two minutes past x: on to B 8 as it is there already; back to A 2 + 10."""
    open_, closed = closing.period(0), closing.period(7 * HOUR)
    leg = Driving(A, B, 0, 20 * MINUTE, open_)

    assert told(closing.travel, leg, 12 * MINUTE, B, closed) == (8, B + 2, 8)
    assert told(closing.travel, leg, 12 * MINUTE, A, closed) == (12, X, 2)


def test_a_team_at_the_end_of_a_closed_road_does_not_enter_it(closing):
    """At x the way to B is 10 back and 30 round."""
    open_, closed = closing.period(0), closing.period(7 * HOUR)
    leg = Driving(A, B, 0, 20 * MINUTE, open_)

    assert told(closing.travel, leg, 10 * MINUTE, B, closed) == (40, X, 0)


def test_a_drive_may_begin_at_a_road_node(closing):
    leg = Driving(X, B, 0, 10 * MINUTE, closing.period(0))

    assert told(closing.travel, leg, 4 * MINUTE, B, 0) == (6, B + 2, 6)
    assert told(closing.travel, leg, 4 * MINUTE, A, 0) == (14, X, 4)
    assert [p.spot for p in closing.travel.way_of(X, B, 0).passages] == [X]


def test_a_slow_team_on_a_table_has_gone_its_share_too():
    """20 min for 10: after 12 it has gone 6, and B is 4 ahead."""
    table = "{table: {A: {A: 0 min, B: 10 min}, B: {A: 10 min, B: 0 min}}, "
    world = world_of(STRAIGHT.replace("{circuity: 1.3, speed: {day: 60 km/h}, ", table))
    leg = Driving(A, B, 0, 20 * MINUTE, 0)

    assert told(world.travel, leg, 12 * MINUTE, B, 0) == (4, B, 4)
    assert told(world.travel, leg, 12 * MINUTE, A, 0) == (6, A, 6)
