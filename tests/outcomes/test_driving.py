"""What drives are for, and which of them are relocations: rows written by hand."""

import pytest

from sim.log import DriveRow
from sim.outcomes import driving_facts

HOME, B, C, SCENE, HOSPITAL = range(5)


def drive(at, origin, destination, callout=None, lasts=10):
    return DriveRow(0, at, callout, origin, destination, at, at + lasts, 0)


def counted(*drives, known=True):
    """Return metres to a scene, to hospital, home and in relocations, and relocations."""
    lengths = [(1000.0 + n) * (row.arrives > row.at) if known else None
               for n, row in enumerate(drives)]  # fmt: skip
    driven = {0: [*zip(drives, lengths, strict=True)]}
    return [int(fact) for fact in driving_facts(driven, [HOME])[0]]


def stands(at, place):
    return drive(at, place, place, lasts=0)


PARKED = stands(0, HOME)


def test_a_team_that_is_cleared_drives_home_and_that_is_no_relocation():
    rows = [
        PARKED, drive(10, HOME, SCENE, 7), drive(30, SCENE, HOSPITAL, 7), stands(50, HOSPITAL),
        drive(51, HOSPITAL, HOME),
    ]  # fmt: skip

    assert counted(*rows) == [1001, 1002, 1004, 0, 0]


def test_a_team_that_is_sent_to_wait_elsewhere_is_relocated():
    found = counted(drive(10, HOME, SCENE, 7), drive(30, SCENE, B))

    assert found == [1000, 0, 0, 1001, 1]


def test_from_one_base_to_another_and_back_again_are_relocations():
    found = counted(drive(10, HOME, B), drive(30, B, C), drive(50, C, HOME))

    assert found == [0, 0, 0, 3003, 3]


def test_another_way_to_the_same_base_is_the_same_relocation():
    """As when a road closes; the goal is the same, and so is what the drive is for."""
    assert counted(drive(10, HOME, B), drive(15, (3, 4), B)) == [0, 0, 0, 2001, 1]
    home = counted(drive(10, HOME, SCENE, 7), drive(30, SCENE, HOME), drive(35, (3, 4), HOME))
    assert home == [1000, 0, 2003, 0, 0]


def test_a_base_at_the_next_junction_is_driven_to_as_any_other():
    """All of the way is that to where the drive begins, and so it ends where it begins."""
    at_once = DriveRow(0, 15, None, B, B, 25, 25, 0)

    assert counted(drive(10, HOME, C), at_once) == [0, 0, 0, 2001, 2]


def test_a_new_goal_on_the_way_is_another_relocation():
    assert counted(drive(10, HOME, B), drive(15, (3, 4), C))[-1] == 2


def test_a_crew_that_begins_its_shift_at_its_base_is_there_wherever_it_was():
    found = counted(drive(10, HOME, B), stands(90, HOME), drive(95, HOME, B))

    assert found[-1] == 2


def test_a_scene_at_the_place_of_the_hospital_is_a_scene():
    """Nothing is driven from there to the hospital."""
    assert counted(drive(10, HOME, HOSPITAL, 7))[:2] == [1000, 0]


def test_a_team_sent_on_to_another_callout_drives_to_a_scene():
    assert counted(drive(10, HOME, SCENE, 7), drive(15, (3, 4), C, 8))[0] == 2001


def test_relocations_before_the_measured_period_are_left_out():
    driven = {0: [(drive(-50, HOME, B), 0.0), (drive(10, B, HOME), 1000.0)]}

    assert driving_facts(driven, [HOME])["relocations"].tolist() == [1]


@pytest.mark.parametrize("rows", [(drive(10, HOME, B),), (drive(10, HOME, SCENE, 7),)])
def test_without_distances_metres_are_not_known_and_relocations_are(rows):
    *metres, relocations = counted(*rows, known=False)

    assert metres == [-1] * 4
    assert relocations == (rows[0].callout is None)
