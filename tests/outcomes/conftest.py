"""A log of two hours, worked by hand."""

import pytest

from sim.local_clock import LocalClock
from sim.log import MS_PER_HOUR, Names, Outcome
from sim.outcomes import observe

from .worked import callout, mission, ms


@pytest.fixture
def names():
    return Names(
        kinds=("wounded", "fire"),
        places=("Jablah", "Banyas", "Tartous"),
        areas=("north", "south", "south"),
        teams=("A", "B"),
        bases=("Jablah",),
        hospitals=(),
    )


@pytest.fixture
def two_hours(names):
    """Two hours from 06:00, one replication; what each number below comes from is in the tests."""
    callouts = [
        callout(0, -30, sent=10, reached=20, ended=60),
        callout(1, 5, ready=7, sent=7, reached=25, ended=80, kind=1, priority=2, place=1),
        callout(2, 30, ready=32, sent=80, reached=95),
        callout(3, 50, ready=51, ended=51, outcome=Outcome.LOST, place=2),
        callout(4, 100, ready=101, kind=1, priority=2),
    ]
    missions = [mission(0, 0, 10, 60), mission(1, 1, 7, 80), mission(2, 0, 80, None)]
    return observe(
        callouts,
        missions,
        names=names,
        clock=LocalClock.fixed(6 * MS_PER_HOUR),
        end=ms(120),
        duty=[[(ms(-60), ms(90))], [(ms(30), ms(200))]],
    )
