"""The draws of drives and checkpoints: its law, and that nothing decided changes it."""

from math import sqrt
from statistics import fmean, stdev

import pytest

from sim.world.drives import DriveDraws

from .test_disrupted_roads import drawn

N = 40_000
CHECKPOINT = (
    "checkpoints: [{place: B, delay: {distribution: exponential, mean: 6 min}, refusal: 20%}]"
)


@pytest.fixture(scope="module")
def draws():
    return DriveDraws(drawn(CHECKPOINT, roads=", travel_time_cv: 20%"), 7, 0)


def test_a_drive_has_the_mean_and_deviation_asked_for(draws):
    """A log-normal about its expected time: mean within 4 standard errors, deviation within 4 %."""
    mean, sd = 1_200_000, 300_000
    drawn_ = [draws.factor(key, 0, 0, mean, sd) for key in range(N)]

    assert abs(fmean(drawn_) - mean) < 4 * sd / sqrt(N)
    assert stdev(drawn_) == pytest.approx(sd, rel=0.04)


def test_a_certain_drive_takes_its_expected_time(draws):
    assert draws.factor(5, 0, 0, 1_200_000, 0) == 1_200_000


def test_passages_take_what_the_checkpoint_says_and_are_refused_as_often(draws):
    found = [draws.passage(key, 0, 0, 0) for key in range(10_000)]
    delays = [delay for delay, _ in found]
    refused = sum(no for _, no in found) / len(found)

    assert fmean(delays) == pytest.approx(360_000, rel=4 / sqrt(10_000))
    assert abs(refused - 0.2) < 4 * sqrt(0.16 / 10_000)


def test_each_callout_team_leg_and_replication_has_luck_of_its_own():
    world = drawn(CHECKPOINT, roads=", travel_time_cv: 20%")
    draws, other = DriveDraws(world, 7, 0), DriveDraws(world, 7, 1)
    again = DriveDraws(world, 7, 0)

    def at(drives, key, leg):
        return drives.factor(key, 0, leg, 1_200_000, 300_000)

    assert at(draws, 1, 0) == at(again, 1, 0)
    assert len({at(draws, 1, 0), at(draws, 2, 0), at(draws, 1, 1), at(other, 1, 0)}) == 4


def test_luck_goes_by_the_names_of_team_and_checkpoint_and_not_by_their_numbers():
    """One written before them moves their numbers, and must change nobody's draws."""
    before = "  - {place: A, name: First, delay: 9 min}\n"
    point = "  - {place: B, delay: {distribution: exponential, mean: 6 min}, refusal: 20%}\n"
    varying = ", travel_time_cv: 20%"
    alone = DriveDraws(drawn("checkpoints:\n" + point, roads=varying), 7, 0)
    teams = "Another: {base: A}, T: {base: A}"
    later = DriveDraws(drawn("checkpoints:\n" + before + point, varying, teams=teams), 7, 0)

    for key in range(20):
        mine = alone.factor(key, 0, 0, 1_200_000, 300_000)
        assert later.factor(key, 1, 0, 1_200_000, 300_000) == mine
        assert later.passage(key, 1, 1, 0) == alone.passage(key, 0, 0, 0)
        assert later.factor(key, 0, 0, 1_200_000, 300_000) != mine
