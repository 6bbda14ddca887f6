"""One word for an alternative as a whole, and who could be the best of several."""

import numpy as np
import pytest

from sim.errors import SimError
from sim.outcomes import conclude, could_be_best, judge
from sim.outcomes.verdicts.gate import Gate
from sim.outcomes.verdicts.judgement import restricted_mean

from .test_comparisons import made
from .worked import target

TWO = {"targets": [target("in 18", 18)], "horizon": 60}


def weeks(shift=lambda times: times, name="b", replications=12, lost=0, **more):
    """Replications of twenty callouts, reached after 10 to 30 min but for what ``shift`` does."""
    rows = []
    for number in range(replications):
        times = np.random.default_rng([8, number]).uniform(10, 30, 20)
        own = [float(t) for t in shift(times)]
        rows.append([*own[: 20 - lost], *[None] * lost])
    return made(*rows, name=name, **(TWO | more))


def verdict(other, **more):
    (found,) = judge([weeks(name="a", **more), other])
    return found.verdict


def test_the_same_is_no_material_difference():
    assert verdict(weeks()) == "no material difference"


def test_even_in_three_replications_the_same_is_the_same():
    """There is nothing to wait for."""
    base = weeks(name="a", replications=3)

    assert judge([base, weeks(replications=3)])[0].verdict == "no material difference"


def test_a_clear_difference_that_does_not_matter_is_no_material_difference():
    """Six seconds, of a margin of a minute."""
    assert verdict(weeks(lambda t: t + 0.1)) == "no material difference"


def test_better_where_something_is_better_and_nothing_worse():
    assert verdict(weeks(lambda t: t - 5)) == "better"


def test_worse_where_something_is_worse_and_nothing_better():
    assert verdict(weeks(lambda t: t + 5)) == "worse"


def test_mixed_where_the_quick_get_quicker_and_the_slow_slower():
    """More are reached in 18 min, and the slowest tenth much later."""
    found = weeks(lambda t: np.where(t < 26, t - 6, t + 20))

    assert verdict(found) == "mixed"


def test_inconclusive_where_neither_is_shown():
    """The same law, other draws."""
    rng = np.random.default_rng(1)

    assert verdict(weeks(lambda t: rng.uniform(10, 30, 20))) == "inconclusive"


def test_no_verdict_below_ten_replications():
    base = weeks(name="a", replications=9)

    assert judge([base, weeks(lambda t: t + 20, replications=9)])[0].verdict == "no verdict"


def test_worse_wherever_the_gate_fails_whatever_is_gained():
    (found,) = judge([weeks(name="a"), weeks(lambda t: t - 9, lost=2)])

    assert found.verdict == "worse"
    assert {row.measure: row.verdict for row in found.rows}["not_reached"] == "worse"
    gained = {row.measure for row in found.of("at a price")}
    assert gained == {"response_restricted_mean", "response_p90", "share:in 18"}
    assert found.of("better") == ()


def test_only_primary_measures_make_the_word():
    """Five minutes less in the slowest tenth alone, and only not reached and the median judged."""

    def quicker(times):
        return np.where(times > 27, times - 5, times)

    primary = {"primary": ["not_reached", "response_median"]}
    (found,) = judge([weeks(name="a", **primary), weeks(quicker, **primary)])

    assert [row.measure for row in found.rows] == ["not_reached", "response_median"]
    assert found.verdict == "no material difference"
    assert found.row("response_p90") is None
    (found,) = judge([weeks(name="a"), weeks(quicker)])
    assert found.row("response_p90").verdict == found.verdict == "better"


def test_one_alternative_alone_has_no_judgement():
    said = conclude([weeks(name="a")])

    assert said.rows == said.judgements == ()
    assert said.best == ("a",)


def test_what_is_concluded_in_full_is_what_the_quick_way_says():
    """`judge` leaves groups out."""
    samples = [weeks(name="a"), weeks(lambda t: t - 5), weeks(lambda t: t + 5, "c")]

    said = conclude(samples)

    assert list(said.judgements) == judge(samples)
    assert said.gates == {found.alternative: found.gate for found in judge(samples)}


def test_those_that_are_clearly_slower_cannot_be_the_best():
    samples = [weeks(name="a"), weeks(lambda t: t + 0.001), weeks(lambda t: t + 5, "c")]
    noise = np.random.default_rng(1).normal(0, 3, 12)
    weeks_ = iter(range(12))
    samples.append(weeks(lambda t: t + noise[next(weeks_)], "d"))

    said = conclude(samples)

    assert said.best == ("a", "d")


def test_one_that_leaves_people_without_help_is_never_the_best_and_takes_nobody_out():
    """Its mean is shorter all the same."""
    quick = weeks(lambda t: t - 9.9, lost=1)
    samples = [weeks(name="a"), quick, weeks(lambda t: t + 0.1 * (t > 20), "c")]

    said = conclude(samples)

    assert restricted_mean(quick).value < restricted_mean(samples[0]).value
    assert said.gates["b"].state == "failed"
    assert said.best == ("a",)


def test_below_ten_replications_everybody_could_be_the_best():
    samples = [weeks(name="a", replications=9), weeks(lambda t: t + 9, replications=9)]

    assert could_be_best(samples, {}) == ("a", "b")


def test_the_best_of_equals_is_kept():
    """Of three equal in law the first would be taken out in one study of twenty at the most."""
    kept = 0
    for trial in range(30):
        rng = np.random.default_rng([21, trial])
        samples = [
            made(*rng.gamma(2, 10, (10, 4)).tolist(), name=name, horizon=240, end=10**8)
            for name in "abc"
        ]
        kept += "a" in could_be_best(samples, {s.name: Gate("open") for s in samples})

    assert kept >= 27


def test_alternatives_over_other_replications_are_not_judged():
    with pytest.raises(SimError, match="cannot be paired"):
        judge([weeks(name="a"), weeks(replications=13)])
