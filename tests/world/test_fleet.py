"""When teams are on duty, how they are numbered and what they draw on; instants in hours."""

import pytest

from ..worlds import HOUR, MINUTE, hand_worked, world_of


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


# -- volunteers, vehicles, reserves and needs ------------------------------------------------------

VOLUNTEERS = """volunteers:
  town: {people: 5, acceptance: 40%, no_show: 5%, capabilities: {medic: 2, boat: 1},
         answer_delay: 2 min, travel_to_base: {distribution: exponential, mean: 7 min}}
"""


def on_call(rest, crew=4):
    """Return the fleet of a team on call, alone at A."""
    team = f"T: {{base: A, crew: {crew}, on_call: {{volunteers: town{rest}}}}}"
    return world_of(hand_worked(teams=team, rest=VOLUNTEERS)).fleet


def test_a_team_on_call_alerts_its_crew_at_once_and_leaves_with_all_of_it():
    """What is not said: one wave of the four, refusals replaced, 20 min, nobody in particular."""
    fleet = on_call("")
    (crew,), (pool,) = fleet.crews, fleet.pools
    assembly_spec = crew.assembly_spec

    assert (pool.number, pool.name, pool.people, pool.acceptance) == (0, "town", 5, 0.4)
    assert assembly_spec.waves == ((0, 4),)
    assert (assembly_spec.pool, assembly_spec.replace, assembly_spec.minimum) == (0, True, 4)
    assert (assembly_spec.capabilities, assembly_spec.assembly_timeout) == (0, 20 * MINUTE)


def test_waves_and_the_minimum_are_those_of_the_scenario():
    assembly_spec = (
        on_call(", minimum: 2, replace: no, alerts: [{people: 2}, {after: 3 min, people: 2}]")
        .crews[0]
        .assembly_spec
    )

    assert assembly_spec.waves == ((0, 2), (3 * MINUTE, 2))
    assert (assembly_spec.minimum, assembly_spec.replace) == (2, False)


@pytest.mark.parametrize(("rest", "minutes"), [("", 9), (", assembly_timeout: 5 min", 5)])
def test_the_desk_expects_a_mean_answer_and_a_mean_journey_at_most_the_time_out(rest, minutes):
    """Two and seven minutes, whatever a turnout is elsewhere."""
    (crew,) = on_call(rest).crews

    assert crew.expected_turnout == crew.assembly_spec.expected == minutes * MINUTE


def test_skills_are_given_out_from_the_first_person_on():
    """Of {medic: 2, boat: 1} the first has both, the second is a medic, three have none."""
    fleet = on_call(", capabilities: [medic]")
    medic = fleet.crews[0].assembly_spec.capabilities
    first, second, *others = fleet.pools[0].capabilities

    assert medic.bit_count() == 1
    assert second == medic
    assert (first & medic, first.bit_count()) == (medic, 2)
    assert others == [0, 0, 0]


def test_a_crew_brings_the_skills_that_must_be_among_it_and_no_others():
    """That somebody of the town has a boat does not mean that the boat comes along."""
    fleet = on_call(", capabilities: [medic]")

    assert fleet.crews[0].capabilities == fleet.crews[0].assembly_spec.capabilities


def test_skills_of_teams_volunteers_and_vehicles_and_needs_are_the_same_bits():
    text = hand_worked(
        teams="One: {base: A, capabilities: [pump, medic], vehicles: [car]}",
        kinds="job: {share: 100%, needs: [medic, pump, boat]}",
        rest=VOLUNTEERS + "vehicles: {car: {base: A, capabilities: [boat]}}\n",
    )
    fleet = world_of(text).fleet
    boat = fleet.vehicles[0].capabilities

    assert fleet.crews[0].capabilities.bit_count() == 2
    assert fleet.needs[0].capabilities == fleet.crews[0].capabilities | boat
    assert fleet.pools[0].capabilities[0] & boat


def test_a_team_may_take_vehicles_in_the_order_it_names_them():
    """Copies are numbered as teams are; what a vehicle brings is not the team's own."""
    text = hand_worked(
        teams="One: {base: A, vehicles: [boat, car]}\nTwo: {base: A}",
        rest="vehicles: {car: {base: A, count: 2, seats: 5}, "
        "boat: {base: A, capabilities: [boat], available: 90%, time_to_repair: 3 h}}\n",
    )
    fleet = world_of(text).fleet

    assert [car.name for car in fleet.vehicles] == ["car 1", "car 2", "boat"]
    assert [car.seats for car in fleet.vehicles] == [5, 5, 9]
    assert fleet.vehicles[2].available == 0.9
    assert [crew.vehicles for crew in fleet.crews] == [(2, 0, 1), ()]
    assert [crew.capabilities for crew in fleet.crews] == [0, 0]


def test_a_need_listed_twice_is_two_teams_with_it():
    text = hand_worked(
        teams="One: {base: A, capabilities: [pump, ladder], count: 2}",
        kinds="job: {share: 100%, needs: [pump, ladder, pump], relief_after: 6 h}",
    )
    need = world_of(text).fleet.needs[0]
    ((bit, count),) = need.several

    assert count == 2
    assert bit.bit_count() == 1
    assert need.capabilities.bit_count() == 2
    assert need.capabilities & bit
    assert need.relief_after == 6 * HOUR


def test_what_a_scenario_does_not_have_its_fleet_does_not_have():
    """Old scenarios are untouched: no breaks, pools, vehicles, reserves or needs of several."""
    fleet = world_of(hand_worked()).fleet
    (crew,), (need,) = fleet.crews, fleet.needs

    assert (fleet.pools, fleet.vehicles) == ((), ())
    assert (crew.breaks, crew.assembly_spec, crew.reserve, crew.vehicles) == ((), None, None, ())
    assert (need.several, need.relief_after) == ((), None)
