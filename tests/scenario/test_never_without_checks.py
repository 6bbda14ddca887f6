"""What a crew of volunteers never turns out without: told where nobody has it, or nobody is to."""

import pytest

CREW = """\
format: 2
name: crew
clock: {start: 2025-01-06 06:00, timezone: UTC, length: 7 days}
map: {places: {A: {}}}
demand: {rate: 2 per day, kinds: {fire: {share: 100%, needs: [pump], on_scene: 1 h}}}
bases: {A: {}}
capabilities: {driver: {never_without: yes}}
volunteers: {V: {people: 9, capabilities: {driver: 3}, acceptance: 50%}}
teams:
  Home: {base: A, capabilities: [pump], on_call: {volunteers: V, capabilities: [driver]}}
"""


@pytest.mark.parametrize(
    "changes",
    [
        (),
        (("[pump], on_c", "[pump, driver], on_c"), (", capabilities: [driver]}", "}")),
        (("never_without: yes", "never_without: no"),),
    ],
)
def test_nothing_is_told_of_a_crew_that_is_to_have_it_or_of_no_such_rule(desk, changes):
    assert desk.read(*changes, text=CREW).warnings == ()


def test_a_rule_for_what_no_crew_is_to_have_is_told(desk):
    """Drivers there are, but no crew waits for one."""
    (found,) = desk.read((", capabilities: [driver]}", "}"), text=CREW).warnings

    assert (found.line, found.where) == (7, "capabilities.driver.never_without")
    assert found.message == (
        "no crew on call must have 'driver' among its people, so this changes nothing"
    )
    assert found.help == "write capabilities: [driver] in the on_call of 'Home'"


def test_a_rule_for_a_crew_of_another_alternative_is_not_told(desk):
    other = "policies: {a: {}, b: {set: {teams: {Home: {on_call: {capabilities: [driver]}}}}}}\n"
    changes = ((", capabilities: [driver]}", "}"), ("teams:", f"{other}teams:"))

    assert desk.read(*changes, text=CREW).warnings == ()


def test_a_crew_that_can_never_turn_out_is_an_error(desk):
    """It has 'driver' as a team, and no volunteer brings it."""
    (found,) = desk.refused(
        ("[pump], on_c", "[pump, driver], on_c"), (", capabilities: [driver]}", "}"),
        ("{driver: 3}", "{pump: 3}"), text=CREW,
    )  # fmt: skip

    assert (found.line, found.where) == (10, "teams.Home.capabilities.1")
    assert found.message == "nobody of 'V' has 'driver', and a crew never turns out without it"
    assert found.help == "write capabilities: {driver: 2} in 'V', or the number who have it"


def test_a_crew_whose_volunteers_lack_what_it_waits_for_is_told_once(desk):
    (found,) = desk.refused(("{driver: 3}", "{pump: 3}"), text=CREW)

    assert found.message == "nobody of 'V' has 'driver', so the crew would never be complete"
