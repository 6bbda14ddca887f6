"""Names, numbers, shares and dates as people write them: what is read, and what is refused."""

from __future__ import annotations

import os

import pytest
from pydantic_core import PydanticCustomError

from sim.errors import ScenarioError
from sim.scenario import find_scenario
from sim.scenario.fields.quantities import Precision, RoadSpeed
from sim.scenario.text.files import FileProblemError, read_next_to


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


@pytest.mark.parametrize(("written", "said"), [("80%", "80%"), ("٨٠٪", "80%"), ("45 km/h",) * 2])
def test_a_speed_is_a_share_of_the_roads_own_or_its_own(written, said):
    speed = RoadSpeed.read(written)

    assert str(speed) == said
    assert RoadSpeed.read(speed) is speed


@pytest.mark.parametrize(
    ("written", "relative", "time", "points"),
    [("5%", 0.05, None, None), ("30 s", None, 30_000, None), ("1 pp", None, None, 0.01)],
)
def test_a_half_width_is_read_and_said_as_share_time_or_points(written, relative, time, points):
    found = Precision.read(written)

    assert (found.relative, found.time, found.points) == (relative, time, points)
    assert Precision.read(str(found)) == Precision.read(found) == found


@pytest.mark.parametrize(
    ("written", "said"), [("0%", "never without width"), ("0 s", "never without width"),
                          ("soon", "found 'soon'"), (30, "needs a unit")],
)  # fmt: skip
def test_a_half_width_of_nothing_is_refused(written, said):
    with pytest.raises(PydanticCustomError, match=said):
        Precision.read(written)


@pytest.mark.parametrize("name", ["tables/places.csv", "places.csv"])
def test_where_the_system_cannot_open_step_by_step_links_are_not_followed_either(
    desk, monkeypatch, name
):
    """As on Windows: the path is resolved and must be the one written."""
    desk.put("tables/places.csv", "name\nJablah\n")
    desk.put("places.csv", "name\nLattakia\n")
    monkeypatch.setattr(os, "supports_dir_fd", set())
    assert read_next_to(desk.folder, name).startswith(b"name")

    (desk.folder / name).unlink()
    (desk.folder / name).symlink_to("/etc/hostname")
    with pytest.raises(FileProblemError, match="is reached through, something other than a file"):
        read_next_to(desk.folder, name)


def test_a_file_larger_than_is_read_is_refused_by_its_size(desk):
    desk.put("many.csv", b"x" * 2_000_001)

    with pytest.raises(FileProblemError, match=r"'many\.csv' is larger than 2 MB"):
        read_next_to(desk.folder, "many.csv", 2_000_000)
