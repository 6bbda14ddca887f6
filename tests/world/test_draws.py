"""The draws of volunteers and vehicles: keyed by whom it is about, and as likely as is said."""

from itertools import pairwise
from math import sqrt
from statistics import fmean

import numpy as np
import pytest

from sim import random_streams
from sim.world import Draws

from ..worlds import DAY, HOUR, MINUTE, hand_worked, world_of
from .test_random_streams import philox_4x64_10

TOWN = (
    "acceptance: 40%, no_show: 10%, answer_delay: {distribution: exponential, mean: 2 min}, "
    "travel_to_base: {median: 8 min, p90: 15 min}"
)
PUMP = "base: A, available: 80%, time_to_repair: {mean: 6 h, sd: 3 h}"
CALLED = "base: A, reserve: {delay: {mean: 40 min, sd: 10 min}}"


def draws(*, people=5, before="", vehicles=f"pump: {{{PUMP}}}", teams="", seed=1, replication=0):
    """Return the draws of a world with volunteers, vehicles and a team in reserve."""
    rest = f"volunteers: {{{before}town: {{people: {people}, {TOWN}}}}}\n"
    rest += f"vehicles: {{{vehicles}}}\n"
    text = hand_worked(teams=f"{teams}Last: {{{CALLED}}}", rest=rest)
    return Draws(world_of(text).fleet, seed, replication)


def number_of(fortune, name):
    return next(car.number for car in fortune.fleet.vehicles if car.name == name)


# -- keys ----------------------------------------------------------------------------------------


def test_the_second_word_of_the_counter_is_what_entities_are_counted_within():
    """As zero it gives what it gave before there was one; numpy steps the first word."""
    drawn = random_streams.bits(7, 3, 5, 10, 2, 4, within=1 << 41)

    expected = [philox_4x64_10((11 + i, 1 << 41, 5, 0), (7, 3)) for i in range(2)]
    assert drawn.tolist() == expected
    assert (
        random_streams.bits(7, 3, 5, 10, 2, 4) == random_streams.bits(7, 3, 5, 10, 2, 4, within=0)
    ).all()


def test_streams_of_names_are_none_of_the_callouts_streams():
    """The low byte says what for, and no two names of ten thousand share the rest."""
    streams = {random_streams.stream_of(random_streams.OUTAGES, f"car {i}") for i in range(10_000)}

    assert len(streams) == 10_000
    assert {stream & 255 for stream in streams} == {random_streams.OUTAGES}
    assert max(streams) < 1 << 64


def test_the_same_callout_finds_the_same_answers_whenever_it_asks():
    """Each (seed, replication, callout) has its own, of which nothing is used up."""
    fortune = draws()
    first = fortune.volunteers(0, 12)
    fortune.volunteers(0, 13)
    fortune.outages(0, 0, 50 * DAY)

    assert fortune.volunteers(0, 12) == first
    assert draws().volunteers(0, 12) == first
    others = [
        fortune.volunteers(0, 13),
        draws(seed=2).volunteers(0, 12),
        draws(replication=1).volunteers(0, 12),
    ]
    assert all(a[0] != b[0] for other in others for a, b in zip(first, other, strict=True))


def test_one_person_more_changes_nobody_elses_luck():
    few, many = draws(people=5).volunteers(0, 99), draws(people=300).volunteers(0, 99)

    assert many[:5] == few
    assert len({accepts for accepts, *_ in many}) == 300


def test_a_group_of_volunteers_more_changes_no_others_luck():
    """The group is keyed by its name, though its number changes."""
    alone, after = draws(), draws(before=f"city: {{people: 9, {TOWN}}}, ")

    assert after.volunteers(1, 5) == alone.volunteers(0, 5)
    assert after.volunteers(0, 5)[:5] != alone.volunteers(0, 5)


@pytest.mark.parametrize(
    ("vehicles", "name"),
    [
        (f"car: {{base: A}}, pump: {{{PUMP}}}", "pump"),
        (f"pump: {{count: 3, {PUMP}}}", "pump 1"),
        (f"boat: {{count: 2, {PUMP}}}, pump: {{{PUMP}}}", "pump"),
    ],
)
def test_one_vehicle_more_changes_no_others_luck(vehicles, name):
    fortune = draws(vehicles=vehicles)
    found = fortune.outages(number_of(fortune, name), 0, 400 * DAY)

    assert found == draws().outages(0, 0, 400 * DAY)
    assert len(found) > 200


def test_copies_of_a_vehicle_break_down_apart():
    fortune = draws(vehicles=f"pump: {{count: 2, {PUMP}}}")

    assert fortune.outages(0, 0, 100 * DAY)[0] != fortune.outages(1, 0, 100 * DAY)[0]


def test_a_longer_run_begins_with_the_same_outages():
    fortune = draws()
    short, long = fortune.outages(0, 0, 30 * DAY), fortune.outages(0, 0, 300 * DAY)

    assert long[: len(short)] == short


def test_a_team_called_in_takes_its_nth_delay_whoever_else_there_is():
    alone, after = draws(), draws(teams="First: {base: A}\n")
    delays = [alone.call_in(0, nth) for nth in range(50)]

    assert [after.call_in(1, nth) for nth in range(50)] == delays
    assert len(set(delays)) == 50


# -- as likely as is said --------------------------------------------------------------------------


def test_volunteers_answer_as_the_scenario_says():
    """Of 20 000: uniform acceptance, means and no-shows within four standard errors."""
    found = draws(people=1000)
    answers = [answer for key in range(20) for answer in found.volunteers(0, key)]
    n = len(answers)

    assert fmean(a for a, *_ in answers) == pytest.approx(0.5, abs=4 * sqrt(1 / 12 / n))
    assert fmean(a for _, a, *_ in answers) == pytest.approx(2 * MINUTE, rel=4 / sqrt(n))
    came = np.median([c for _, _, c, _ in answers])
    assert came == pytest.approx(8 * MINUTE, rel=0.03)  # a median of exp(0.49 N): se 0.43 %
    assert fmean(not s for *_, s in answers) == pytest.approx(0.1, abs=4 * sqrt(0.09 / n))


def test_a_call_in_takes_the_delay_that_is_said():
    """2000 delays of mean 40 and standard deviation 10 min: four standard errors are 0.9 min."""
    found = [draws().call_in(0, nth) for nth in (0, 1)]
    fortune = draws()
    mean = fmean(fortune.call_in(0, nth) for nth in range(2000))

    assert found == [fortune.call_in(0, nth) for nth in (0, 1)]
    assert mean == pytest.approx(40 * MINUTE, abs=0.9 * MINUTE)


def test_outages_are_apart_and_in_order():
    found = draws().outages(0, -10 * DAY, 300 * DAY)

    assert all(a < b for a, b in found)
    assert all(b <= c for (_, b), (c, _) in pairwise(found))
    assert found[-1][0] < 300 * DAY
    assert found[0][1] > -10 * DAY


def test_in_the_long_run_a_vehicle_is_out_of_service_for_the_share_that_is_said():
    """
    A fifth of 8000 days, in cycles of 6 h out and 24 h in service: 6400 of them.

    The share's standard error is, by the variance of a cycle's ``0.8 out - 0.2 in``,
    ``sqrt((0.8 * 3)^2 + (0.2 * 24)^2) / 30 / sqrt(6400)`` = 0.0022.
    """
    length = 8000 * DAY
    out = sum(min(b, length) - a for a, b in draws().outages(0, 0, length))

    assert out / length == pytest.approx(0.2, abs=4 * 0.0022)


LAWS = {
    "fixed": ("6 h", 3),
    "exponential": ("{distribution: exponential, mean: 6 h}", 6),
    "gamma": ("{distribution: gamma, mean: 6 h, sd: 6 h}", 6),
    "log-normal": ("{mean: 6 h, sd: 6 h}", 6),
}


@pytest.mark.parametrize("law", LAWS)
def test_at_any_moment_from_the_start_the_share_is_the_same(law):
    """
    Of 6000 vehicles a quarter is out at the start, an hour on and a day on: standard error 0.56 %.

    What is left of a repair met in progress is on average ``(mean + variance / mean) / 2``: 3 h
    of a fixed 6 h, 6 h where the standard deviation is the mean. Were whole repairs drawn, a
    fixed one would leave too many out an hour on: 25 + 75 / 18 % in place of 25 %.
    """
    repair, left = LAWS[law]
    fortune = draws(
        vehicles=f"pump: {{count: 6000, base: A, available: 75%, time_to_repair: {repair}}}"
    )
    all_outages = [fortune.outages(n, 0, 2 * DAY) for n in range(6000)]

    for at in (0, HOUR, 5 * HOUR, DAY):
        out = fmean(any(a <= at < b for a, b in found) for found in all_outages)
        assert out == pytest.approx(0.25, abs=4 * 0.0056), at
    first = [found[0][1] for found in all_outages if found and found[0][0] == 0]
    spread = sqrt(3) if left == 3 else 8  # of 0 to 6 h evenly; 6 and 7.7 h of those with a tail
    assert fmean(first) / HOUR == pytest.approx(left, abs=4 * spread / sqrt(len(first)))


def test_recorded_repairs_are_met_in_proportion_to_their_length():
    """Of 1 h and 3 h, a moment falls into the long one thrice as often: of 2.5 h half is left."""
    text = hand_worked(
        rest="vehicles: {pump: {count: 4000, base: A, available: 50%, "
        "time_to_repair: {file: repairs.csv, column: hours, unit: h}}}\n"
    )
    fleet = world_of(text, repairs="hours\n1\n3\n").fleet
    fortune = Draws(fleet, 5, 0)
    first = [fortune.outages(n, 0, DAY)[0] for n in range(4000) if fortune.outages(n, 0, DAY)]
    met = [until for begins, until in first if begins == 0]

    assert max(met) <= 3 * HOUR
    assert fmean(met) / HOUR == pytest.approx(1.25, abs=4 * 0.88 / sqrt(len(met)))


def test_a_vehicle_that_is_always_available_never_breaks_down():
    fortune = draws(vehicles="pump: {base: A}, car: {base: A, time_to_repair: 6 h}")

    assert fortune.outages(0, 0, 1000 * DAY) == fortune.outages(1, 0, 1000 * DAY) == []
