"""When teams are on duty, and how they are numbered; instants in hours."""

import pytest

from ..worlds import HOUR, hand_worked, world_of


def duty(shifts, *, hours=72, start="2025-01-06 00:00", warm_up="0 min", names="s"):
    """Return the stretches on duty of the only team; 2025-01-06 is a Monday."""
    text = hand_worked(run=f"{hours} h", teams=f"T: {{base: A, shifts: [{names}]}}")
    text = text.replace("2025-01-06 00:00", start).replace(
        " h, timezone", f" h, warm_up: {warm_up}, timezone"
    )
    world = world_of(text + f"shifts: {shifts}\n")
    return [(a / HOUR, b / HOUR) for a, b in world.fleet.crews[0].duty]


@pytest.mark.parametrize(
    ("shifts", "found"),
    [
        ("{s: {hours: 08:00-20:00}}", [(8, 20), (32, 44), (56, 68)]),
        ("{s: {hours: 20:00-08:00}}", [(0, 8), (20, 32), (44, 56), (68, 72)]),
        ("{s: {hours: 08:00-20:00, days: [Tue]}}", [(32, 44)]),
        ("{s: {hours: 20:00-08:00, days: [Sun, Mon]}}", [(0, 8), (20, 32)]),
        ("{s: {hours: 00:00-24:00}}", [(0, 72)]),
    ],
)
def test_a_shift_is_on_duty_in_its_hours_on_its_days(shifts, found):
    """A night begun on Sunday still counts on Monday morning; what touches is one stretch."""
    assert duty(shifts) == found


def test_the_hours_are_those_of_the_clock_on_the_wall_and_reach_into_the_warm_up():
    """From Monday 06:00 with twelve hours before: on Sunday 18:00-20:00, then from 08:00."""
    found = duty("{s: {hours: 08:00-20:00}}", start="2025-01-06 06:00", hours=24, warm_up="12 h")

    assert found == [(-12, -10), (2, 14)]


def test_several_shifts_add_up():
    """08-12 and 11-15 overlap, 20-22 stands alone."""
    shifts = "{a: {hours: 08:00-12:00}, b: {hours: 11:00-15:00}, c: {hours: 20:00-22:00}}"

    assert duty(shifts, hours=24, names="a, b, c") == [(8, 15), (20, 22)]


def test_a_team_without_shifts_is_always_on_duty_and_copies_are_numbered():
    """Three of one kind are three teams."""
    text = hand_worked(run="24 h", teams="Blue: {base: A, count: 3}\nRed: {base: A}")
    world = world_of(text)

    assert world.names.teams == ("Blue 1", "Blue 2", "Blue 3", "Red")
    assert all(crew.duty == ((0, 24 * HOUR),) for crew in world.fleet.crews)
