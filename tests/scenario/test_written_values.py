"""Names, numbers, shares and dates as people write them: what is read, and what is refused."""

from __future__ import annotations

import pytest

from sim.errors import ScenarioError
from sim.scenario import find_scenario


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ('""', "a name cannot be empty"),
        ('" Jablah"', "begins or ends with a space"),
        ("J" * 101, "at most 100 characters, this has 101"),
        (r'"Jab\u2028lah"', "cannot hold the control character U+2028"),
    ],
)
def test_a_name_that_would_look_like_another_is_refused(desk, name, said):
    """It would be looked for in vain: on a screen and in a table it reads like a name that is."""
    told = desk.refused(("base: Jablah", f"base: {name}"))

    assert {(m.where, m.line) for m in told} == {("teams.Jablah.base", 20)}
    assert said in " | ".join(m.message for m in told)


def test_a_number_may_be_written_in_arabic_digits(desk):
    found = desk.read(("circuity: 1.35", "circuity: ١.٤"), ("weight: 3", 'weight: "٤"'))

    assert found.scenario.map.roads.circuity == 1.4
    assert found.scenario.map.places["Lattakia"].weight == 4


def test_what_is_no_number_in_any_digits_is_refused(desk):
    (told,) = desk.refused(("weight: 3", 'weight: "many"'))

    assert told.where == "map.places.Lattakia.weight"
    assert told.message == "expected a number, found 'many'"


@pytest.mark.parametrize(("written", "crew"), [("4.0", 4), ("٤", 4)])
def test_a_whole_number_may_be_written_as_programs_and_people_do(desk, written, crew):
    assert desk.read(("crew: 4", f"crew: {written}")).scenario.teams["Jablah"].crew == crew


def test_a_share_above_the_whole_is_refused(desk):
    _, told = desk.refused(("share: 60%", "share: 160%"))  # the sum is wrong as well

    assert told.message == "a share is at most 100%, found '160%'"


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("[]", "a roster needs at least one day"),
        ("24 on", "24 on 48 off"),
        ("[day, dusk]", "no shift is called 'dusk'"),
    ],
)
def test_a_roster_that_says_nothing_is_refused_with_one_that_would(desk, pattern, said):
    shifts = "shifts: [day, night]"
    (told,) = desk.refused((shifts, f"roster: {pattern}, starts: day 1 08:00"))

    assert said in f"{told.message} {told.help}"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("https://example.org/a.csv", "is an address, not a file"),
        ("con.csv", "is a reserved name on some systems"),
        ("a/" * 9 + "b.csv", "is not the name of a file next to the scenario"),
        ("tables/plaecs.csv", "did you mean 'tables/places.csv'?"),
        ("tables/places.csv/more.csv", "something other than a file in a folder"),
        ("tables", "is a folder, not a file"),
    ],
)
def test_a_table_is_looked_for_in_the_folder_of_the_scenario_alone(desk, name, said):
    desk.put("tables/places.csv", "name,lat,lon,weight\nJablah,35.36,35.92,1\n")
    hospitals = "hospitals: {National: Lattakia}"

    told = desk.refused((hospitals, f'hospitals: "{name}"'))[0]

    assert told.where == "map.hospitals"
    assert said in f"{told.message} | {told.help}"


def test_a_scenario_cannot_be_called_by_a_name_that_no_file_can_have():
    with pytest.raises(ScenarioError, match="there is no"):
        find_scenario("first\0steps")
