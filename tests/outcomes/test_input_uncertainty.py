"""Verdicts once the record behind a scenario counts: they stand, or become inconclusive."""

import numpy as np
import pytest

from sim.outcomes import conclude
from sim.outcomes.verdicts.input_uncertainty import (
    BOTH,
    EITHER,
    NEGATIVE,
    NOT_IN_ALL,
    RECORD,
    REPLICATIONS,
    UNKNOWN,
    DrawnModel,
    RecordError,
    _stands,
    with_record,
)

from .test_judgement import weeks

PLAIN = RecordError(1.0, 9)
MEAN = "response_restricted_mean"


def study(shift, effects, base=(), error=PLAIN, **more):
    """
    Return what ten models or so show of an alternative that is faster or slower by ``shift``.

    Under a model the difference is larger by its effect [min], and both by its ``base``.
    """
    base = base or [0.0] * len(effects)
    samples = [weeks(name="a"), weeks(shift, **more)]
    models = [
        DrawnModel.of(
            [weeks(lambda t, b=b: t + b, name="a"), weeks(lambda t, e=e, b=b: shift(t) + e + b)]
        )
        for e, b in zip(effects, base, strict=True)
    ]
    verdicts = conclude(samples)
    return with_record(samples, verdicts, models, error), verdicts


def row(found, measure=MEAN, alternative="b", paired=True):
    (own,) = (
        r for r in found.rows
        if (r.measure, r.alternative, bool(r.baseline)) == (measure, alternative, paired)
    )  # fmt: skip
    return own


def faster(times):
    return times - 5


def as_fast(times):
    """The same law, other draws: nothing is shown."""
    return np.random.default_rng(1).uniform(10, 30, len(times))


def test_where_models_agree_all_is_as_the_simulation_has_it():
    found, verdicts = study(faster, [0.0] * 10)
    simulated = {r.measure: r for r in verdicts.rows if r.group == "all"}

    for own in (r for r in found.rows if r.baseline):
        then = simulated[own.measure]
        assert (own.low, own.high, own.verdict) == (then.low, then.high, then.verdict)
    assert found.judgements[0][1:] == ("better", "better", "")


def test_a_difference_that_depends_on_the_record_is_inconclusive_for_want_of_a_longer_one():
    """Five minutes by the simulation, to half a minute; by models from 0 to 10, sd 3.3."""
    found, _ = study(faster, [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5])
    own = row(found)

    assert own.value == pytest.approx(-5)
    assert own.verdict_of_simulation == "better"
    assert (own.verdict, own.missing) == ("inconclusive", RECORD)
    assert own.record_half_width == pytest.approx(2.2621571628 * np.sqrt(110 / 9), rel=1e-6)
    assert own.low < -10 < 0 < own.high
    assert own.record_share > 0.99
    assert found.judgements[0][1:] == ("better", "inconclusive", RECORD)


def test_a_difference_that_hardly_depends_on_the_record_stays_what_it_was():
    found, _ = study(faster, [-0.2, 0.2] * 5)

    assert row(found).verdict == row(found).verdict_of_simulation == "better"
    assert row(found).record_half_width > 0
    assert found.judgements[0].verdict == "better"


def test_the_record_weighs_on_values_even_where_it_cancels_in_differences():
    found, _ = study(faster, [0.0] * 10, base=[-3, 3] * 5)

    assert row(found, alternative="a", paired=False).record_share > 0.9
    assert row(found).record_share < 1e-6


def test_what_is_inconclusive_by_the_simulation_stays_so_and_wants_replications():
    found, _ = study(as_fast, [0.0] * 10)
    own = row(found)

    assert own.verdict_of_simulation == own.verdict == "inconclusive"
    assert own.missing == REPLICATIONS


def test_what_is_inconclusive_by_both_wants_both():
    found, _ = study(as_fast, [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5])

    assert (row(found).verdict, row(found).missing) == ("inconclusive", BOTH)


def test_alternatives_identical_under_one_fit_are_not_so_under_others():
    found, _ = study(lambda t: t, [-5, 5] * 5)
    own = row(found)

    assert own.verdict_of_simulation == "identical"
    assert (own.verdict, own.missing) == ("inconclusive", RECORD)


def test_a_variance_that_comes_out_negative_is_zero_and_said_so():
    """Each model moves replications about, which differ by minutes, and their mean by nothing."""
    rng, samples, models = np.random.default_rng(2), [weeks(name="a"), weeks(as_fast)], []
    for _ in range(10):
        moved = iter(rng.permutation(np.linspace(-3, 3, 12)))
        models.append(
            DrawnModel.of([weeks(name="a"), weeks(lambda t, moved=moved: t + next(moved))])
        )
    found = with_record(samples, conclude(samples), models, PLAIN)

    assert NEGATIVE in row(found).note
    assert row(found).record_half_width == row(found).record_share == 0


def test_what_a_model_does_not_reach_leaves_no_interval_and_no_verdict():
    samples = [weeks(name="a"), weeks(faster)]
    models = [
        DrawnModel.of([weeks(name="a"), weeks(faster, lost=12 * (n == 3))]) for n in range(10)
    ]
    found = with_record(samples, conclude(samples), models, PLAIN)
    own = row(found, "response_p90")

    assert NOT_IN_ALL in own.note
    assert (own.low, own.high, own.record_share) == (None, None, None)
    assert (own.verdict, own.missing) == ("inconclusive", UNKNOWN)


def test_weeks_that_are_few_widen_the_records_interval():
    effects = [-1, 1] * 5
    few, many = (study(faster, effects, error=e)[0] for e in (RecordError(1.25, 4), PLAIN))

    assert row(few).record_half_width == pytest.approx(
        row(many).record_half_width * np.sqrt(1.25) * 2.7764451052 / 2.2621571628, rel=1e-6
    )


@pytest.mark.parametrize("seed", range(6))
def test_no_verdict_is_firmer_than_without_the_record(seed):
    rng = np.random.default_rng(seed)
    size, spread = rng.choice([0.0, 0.05, 0.5, 3.0]), rng.choice([0.0, 0.1, 1.0, 6.0])
    found, _ = study(lambda t: t - size + rng.normal(0, 1), rng.normal(0, spread, 10))

    for own in (r for r in found.rows if r.baseline):
        firm = {own.verdict_of_simulation, "inconclusive"}
        if own.verdict_of_simulation == "identical":
            firm.add("no material difference")
        assert own.verdict in firm
        assert (own.missing == "") == (own.verdict != "inconclusive")
        if own.low is not None:
            whole = (own.high - own.low) / 2
            assert whole >= max(own.simulation_half_width, own.record_half_width) - 1e-9


@pytest.mark.parametrize(
    ("simulated", "both", "alone", "stands"),
    [
        ("better", "better", "better", ("better", "")),
        ("identical", "no material difference", "no material difference",
         ("no material difference", "")),
        ("better", "inconclusive", "better", ("inconclusive", EITHER)),
        ("better", "worse", "worse", ("inconclusive", EITHER)),
        ("no material difference", "better", "better", ("inconclusive", EITHER)),
        ("inconclusive", "better", "better", ("inconclusive", REPLICATIONS)),
        ("no verdict", "no verdict", "no verdict", ("no verdict", "")),
    ],
)  # fmt: skip
def test_a_verdict_stands_only_where_both_say_the_same(simulated, both, alone, stands):
    assert _stands(simulated, both, alone, known=True) == stands


def test_fewer_than_ten_replications_have_no_verdict():
    samples = [weeks(name="a", replications=5), weeks(faster, replications=5)]
    models = [DrawnModel.of(samples)] * 10
    found = with_record(samples, conclude(samples), models, PLAIN)

    assert {r.verdict for r in found.rows if r.baseline} <= {"no verdict", "identical", ""}
    assert found.judgements[0].verdict == "no verdict"
