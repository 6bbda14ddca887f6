"""A study runs to its end or is refused before it begins, never in between."""

import pytest

from sim.errors import UsageError
from sim.experiment import Runner, design_of, run_study
from sim.experiment.running import runner, study_size
from sim.experiment.selection.selection_study import (
    EQUAL,
    KN,
    OCBA,
    SelectionGoal,
    run_selection,
)

from ..worlds import file_of, hand_worked

TEXT = hand_worked(rest="policies: {a: {}, b: {}, c: {}}").replace(
    "callouts: []", "rate: 30 per day\n  where: equal"
)


@pytest.fixture
def not_run(monkeypatch):
    """Fail where a replication is run at all."""

    def simulate(*given):
        raise AssertionError("it runs")

    monkeypatch.setattr(runner, "simulate", simulate)


def study_of(**changes):
    flags = {name.replace("__", "."): value for name, value in changes.items()}
    return design_of([file_of(TEXT, flags)])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (
            {
                "demand__rate": "1000000 per day",
                "clock__length": "10 days",
                "study__replications": 1,
            },
            r"each of up to 10,000,000\), .* 39 GB .* It takes a shorter run or a lower rate",
        ),
        (
            {"study__replications": 100_000, "clock__length": "10 days"},
            r"90,000,000 callouts \(100,000 replications of 3 .* It takes fewer replications",
        ),
        (
            {
                "demand__rate": "2000 per day",
                "clock__length": "800 days",
                "demand__surges": "[{factor: 100}]",
            },
            r"each of up to 160,000,000\)",
        ),
    ],
)
def test_more_than_fits_into_memory_is_refused_before_the_run(changes, told, not_run):
    """With the estimate and what would reduce it; replications and surges are counted."""
    design = study_of(**changes)

    with pytest.raises(UsageError, match=told):
        run_study(design)


@pytest.mark.parametrize("method", [KN, EQUAL, OCBA])
def test_a_choice_that_would_fill_the_memory_is_refused_before_it_runs(method, not_run):
    """The procedure says how often, not the study's own number."""
    design = study_of(clock__length="10 days", study__replications=1)
    goal = SelectionGoal(
        "response_restricted_mean", method, 0.5, "0.5 min", first=100_000, budget=300_000
    )

    with pytest.raises(UsageError, match=r"100,000 replications of 3 .* It takes fewer"):
        run_selection(design, goal)


def test_a_day_that_cannot_be_drawn_is_refused_before_the_run(not_run, monkeypatch):
    """It ended the study in the replication that had it, when others were done."""
    monkeypatch.setattr(study_size, "MOST_BYTES", 10**12)
    changes = {
        "demand__rate": "225000 per day",
        "demand__day_to_day": "{dispersion_index: 1000}",
        "clock__length": "2 days",
    }
    days = study_of(study__replications=40, **changes)
    first = study_of(study__replications=1, **changes)
    demand = Runner(first.alternatives, first.seed).worlds["a"].demand

    demand.refuse_extreme_days(first.seed, range(1))
    with pytest.raises(UsageError, match=r"day_to_day, replication [1-9]\d* comes to"):
        run_study(days)


def test_a_surge_that_cannot_be_drawn_on_some_day_is_refused_before_the_run(not_run, monkeypatch):
    monkeypatch.setattr(study_size, "MOST_BYTES", 10**12)
    changes = {
        "demand__rate": "3000 per day",
        "demand__day_to_day": "{dispersion_index: 200}",
        "demand__surges": "[{name: flood, from: day 2 00:00, until: day 3 00:00, factor: 70}]",
        "clock__length": "3 days",
    }

    with pytest.raises(UsageError, match="the surge 'flood' adds up to"):
        run_study(study_of(study__replications=40, **changes))


def test_what_is_stated_is_what_is_refused(monkeypatch):
    """One byte more is too much."""
    design = study_of(study__replications=2)
    worlds = Runner(design.alternatives, design.seed).worlds
    monkeypatch.setattr(study_size, "MOST_BYTES", 30 * 3_000 + 30 * 3 * 2 * 300)
    study_size.refuse_too_large(design, worlds)

    monkeypatch.setattr(study_size, "MOST_BYTES", study_size.MOST_BYTES - 1)
    with pytest.raises(UsageError, match="at most"):
        study_size.refuse_too_large(design, worlds)
