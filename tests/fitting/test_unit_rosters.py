"""Which units were seen at work, and hours of duty only where a record shows them."""

import numpy as np
import pytest

from sim.fitting.unit_rosters import units_seen

from .invented import DAY, HOUR, arrivals, record

EVENLY = np.full(24, 1 / 24)


def seen(found, demand=EVENLY):
    days = np.arange(1, int(found.received[-1] // DAY))
    return units_seen(found, demand, days)


def test_most_at_once_is_counted_by_hand():
    """Two missions overlap, the third begins as the second ends."""
    found = record(
        [DAY, DAY + HOUR, DAY + 2 * HOUR], unit=[0, 1, 2],
        instants={"dispatched": [0, 0, 0], "cleared": [90, 60, 30]},
    )  # fmt: skip

    assert seen(found).most == 2


def test_a_unit_at_two_callouts_at_once_is_one_unit():
    found = record(
        [DAY, DAY + HOUR, DAY + 2 * HOUR], unit=[0, 0, 0],
        instants={"dispatched": [0, 0, 0], "cleared": [90, 80, 30]},
    )  # fmt: skip

    assert seen(found).most == 1


def test_a_unit_that_is_never_sent_at_night_has_hours():
    rng = np.random.default_rng(1)
    received = arrivals(rng, 300, 8)
    hour = received // HOUR % 24
    unit = np.where((hour >= 7) & (hour < 19), rng.integers(0, 2, len(received)), 1)
    instants = {"dispatched": np.zeros(len(received)), "cleared": np.full(len(received), 30.0)}

    duties = {duty.number: duty for duty in seen(record(received, unit=unit,
                                                        instants=instants)).duties}  # fmt: skip

    assert duties[0].hours == (7, 19)
    assert duties[1].hours is None


def test_a_few_dispatches_by_day_are_no_shift():
    received = np.arange(1, 13) * 7 * DAY + 12 * HOUR
    found = record(received, instants={"dispatched": np.zeros(12), "cleared": np.full(12, 60.0)})
    demand = np.where((np.arange(24) >= 7) & (np.arange(24) < 19), 0.99 / 12, 0.01 / 12)

    (duty,) = seen(found, demand).duties

    assert duty.hours is None


def test_units_that_are_gone_or_rare_are_left_out_and_counted():
    received = np.concatenate([np.arange(1, 30) * DAY, np.arange(31, 300) * DAY])
    unit = np.concatenate([np.zeros(29, int), np.ones(269, int)])
    unit[[100, 150]] = 2
    found = record(received, unit=unit, instants={"dispatched": np.zeros(298)})

    units = seen(found)

    assert [duty.number for duty in units.duties] == [1]
    assert (units.gone, units.rare) == (1, 1)


def test_units_at_work_by_hour_are_counted_by_hand():
    """One of two units from 12:30 to 14:30 each day: three clock hours of every day."""
    received = np.arange(0, 20) * DAY + 12 * HOUR
    found = record(received, instants={"dispatched": np.full(20, 30.0),
                                       "cleared": np.full(20, 150.0)})  # fmt: skip

    by_hour = seen(found).by_hour

    assert by_hour[12:15] == pytest.approx([1, 1, 1])
    assert by_hour.sum() == pytest.approx(3)
