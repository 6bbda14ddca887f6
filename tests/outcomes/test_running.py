"""Estimates kept while replications come in: the numbers of the tables, to the bit."""

from pathlib import Path

import numpy as np
import pytest

from sim.experiment import Runner, Task, design_of
from sim.experiment.running.replication_file import decode
from sim.experiment.running.samples import sample_of
from sim.outcomes import headline, running, stack
from sim.outcomes.inference.envelope import settled
from sim.outcomes.measured.groupings import read_together
from sim.scenario import find_scenario, read_scenario

GOLDEN = Path(__file__).parents[1] / "golden"
CROWDED = {"clock.length": "14 h", "demand.rate": "60 per day", "study.horizon": "10 h"}


def replications_of(name, overrides, count):
    """Return the baseline's world and its observations, replication by replication."""
    path = GOLDEN / name if name.endswith(".yaml") else find_scenario(name)
    file = read_scenario(path, {"study.replications": count, **overrides})
    design = design_of([file])
    runner, baseline = Runner(design.alternatives, design.seed), design.names[0]
    parts = [
        decode(runner.run(Task(number, (baseline,), False))).observations[baseline]
        for number in range(count)
    ]
    return runner.worlds[baseline], parts


@pytest.fixture(scope="module")
def crowded():
    """Runs that end with many callouts waiting, so that every replication moves all the others."""
    return replications_of("first-steps", CROWDED, 12)


@pytest.fixture(scope="module")
def several():
    """Callouts that need several teams."""
    return replications_of("several.yaml", {}, 4)


def check(measure, world, parts):
    """Add replications one by one and hold each estimate against that of the tables."""
    kept = None
    for number, part in enumerate(parts):
        single = sample_of("it", world, part, (0,))
        kept = kept or running(measure, single)
        kept.add(single)
        numbers = tuple(range(number + 1))
        whole = sample_of("it", world, stack(parts[: number + 1]), numbers)
        (row,) = headline(whole, [measure])
        value, spread = kept.value(), kept.spread()
        assert row.value == (None if value is None else settled(value, max(1.0, abs(value))))
        (column,) = [
            c for table in read_together(whole, {measure}) for c in table.columns
            if c.label.name == measure
        ]  # fmt: skip
        again = column.spread(0)
        assert (spread is None) == (again is None)
        if spread is not None:
            assert spread.value == value == again.value
            assert np.array_equal(spread.errors, again.errors)
            assert spread.no_interval == again.no_interval


@pytest.mark.parametrize(
    "measure",
    ["not_reached", "response_restricted_mean", "response_p90", "response_median",
     "share:injury in 20 min", "queue_time_p90"],
)  # fmt: skip
def test_an_estimate_kept_is_that_of_the_tables_to_the_bit(measure, crowded):
    check(measure, *crowded)


@pytest.mark.parametrize("measure", ["attendance_restricted_mean", "attendance_p90"])
def test_so_is_that_of_full_attendance(measure, several):
    check(measure, *several)


def test_so_is_that_of_what_is_not_counted_over_callouts():
    world, parts = replications_of("coast-march-2025", {"clock.length": "2 days"}, 3)

    check("no_access_hours", world, parts)


def test_the_waiting_are_many_enough_to_tell(crowded):
    """Else the Kaplan-Meier curve would not be tried by this."""
    world, parts = crowded
    sample = sample_of("it", world, stack(parts), tuple(range(len(parts))))
    times, reached = sample.observations.response_times()

    assert np.count_nonzero(~reached & (times < sample.standards.horizon)) > 50


def test_what_is_not_measured_in_a_scenario_has_no_estimate(crowded):
    world, parts = crowded

    assert running("attendance_p90", sample_of("it", world, parts[0], (0,))) is None
    assert running("no_access_hours", sample_of("it", world, parts[0], (0,))) is None


def test_a_percentile_that_so_few_reach_has_no_value_but_a_share_ever_reached(crowded):
    world, parts = crowded
    kept = running("response_p90", sample_of("it", world, parts[0], (0,)))
    for part in parts:
        kept.add(sample_of("it", world, part, (0,)))

    assert kept.value() is None
    assert kept.spread() is None
    assert 0.5 < kept.ever().value < 0.9


def test_nothing_added_is_nothing_measured(crowded):
    world, parts = crowded
    single = sample_of("it", world, parts[0], (0,))

    for measure in ("response_p90", "response_restricted_mean", "not_reached"):
        assert running(measure, single).value() is None
