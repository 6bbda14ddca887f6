"""The error of the record, carried through a study: how much of it there is, and that it covers."""

from contextlib import contextmanager

import numpy as np
import pytest
from scipy.stats import binom

from sim.experiment import InProcess, design_of, run_study, tabulate
from sim.experiment.drawn_records import DrawnRecords, run_drawn_records
from sim.fitting.fitted_record import fit_input
from sim.fitting.refitting.drawn_weeks import weeks_of
from sim.fitting.refitting.refitted_scenario import RefittedScenario, fitted_values
from sim.fitting.scenario_writing.scenario_text import scenario_text
from sim.outcomes.verdicts.input_uncertainty import RecordError
from sim.scenario import read_scenario

from ..fitting.invented import arrivals, record

RATE, DRAWN, DAYS, REPLICATIONS = 4, 10, 14, 20


@contextmanager
def here(design, runner):
    yield InProcess(runner)


def a_fit(seed, days):
    """Return the fit of a record of one team and one queue: 4 a day, 5 min there, 2 h on scene."""
    rng = np.random.default_rng(seed)
    received = arrivals(rng, days, RATE)
    n = len(received)
    there = rng.exponential(5, n)
    instants = {"dispatched": np.zeros(n), "on_scene": there,
                "cleared": there + rng.exponential(120, n)}  # fmt: skip
    return fit_input(record(received, instants=instants), assumed={})


def scenario(tmp_path, fit, **more):
    path = tmp_path / "fitted.yaml"
    path.write_text(scenario_text(fit, "fitted"), encoding="utf-8")
    study = {"study.replications": REPLICATIONS, "clock.length": f"{DAYS} days", "study.logged": 0}
    return read_scenario(path, {**study, **more})


def with_its_record(tmp_path, seed, days, drawn=DRAWN):
    """Return the rows of a study of a fitted scenario by measure, with the record's error."""
    fit = a_fit(seed, days)
    file = scenario(tmp_path, fit)
    study = run_study(design_of([file]))
    weeks, refitted = weeks_of(fit.input), RefittedScenario(file, fitted_values(fit))
    designs = tuple(
        design_of([refitted.with_values(fitted_values(fit_input(own, assumed={})))])
        for own in weeks.draw(1, drawn)
    )
    error = RecordError(weeks.inflation, min(drawn, weeks.fewest) - 1)
    given = DrawnRecords(designs, "", error, len(fit.input.received), weeks.fewest, ())
    found = run_drawn_records(given, study, tabulate(study).verdicts, here)
    return {row.measure: row for row in found.rows}


@pytest.mark.long
def test_a_short_record_is_most_of_the_error_and_a_very_long_one_next_to_none(tmp_path):
    """Five weeks against 40 simulated ones, and twenty years against them."""
    short, long = (
        with_its_record(tmp_path, 3, days)["utilisation"].record_share for days in (36, 7300)
    )

    assert short > 0.6
    assert long < 0.1


@pytest.mark.long
def test_intervals_with_the_record_cover_the_true_value_and_those_without_do_not(tmp_path):
    """
    Of 24 records of five weeks: what 24 intervals of 95 % allow, at one in ten thousand.

    The true value is that of a fit to a record of twenty years, over 200 replications.
    """
    known = scenario(tmp_path, a_fit(999, 7300), **{"study.replications": 200, "study.seed": 77})
    true = {
        row.measure: row.value
        for row in tabulate(run_study(design_of([known]))).summary
        if row.group == "all"
    }
    measures = ("utilisation", "response_restricted_mean")
    covered, narrow = dict.fromkeys(measures, 0), dict.fromkeys(measures, 0)
    records = 24
    for seed in range(records):
        rows = with_its_record(tmp_path, seed, 36)
        for name in measures:
            row, value = rows[name], true[name]
            covered[name] += row.low <= value <= row.high
            narrow[name] += abs(row.value - value) <= row.simulation_half_width
    fewest = binom.ppf(1e-4, records, 0.95)

    assert min(covered.values()) >= fewest
    assert narrow["utilisation"] < fewest
