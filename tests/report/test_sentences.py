"""The first words say who is left without help, and no sentence says more than the numbers do."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

import sim
from sim.outcomes import Comparison, Estimate, Gate, Harm, Judgement
from sim.report.results_text import sentences as subject
from sim.report.results_text.sentences import sentences

HOUR = 3_600_000


def row(measure, difference, low, high, verdict, unit="min", needed=None, p=0.001):
    """A primary difference with a verdict."""
    return Comparison(
        "b", measure, "all", difference, low, high, unit, "primary", verdict, p, p, None,
        0.9, 10.0, 30, needed, "",
    )  # fmt: skip


SAME = row("not_reached", 0.0, 0.0, 0.0, "identical", "share")
MEAN = "response_restricted_mean"


def facts(unreached=0.0, replications=30):
    """A study of `a` and `b`, as far as the first sentence needs it."""
    return SimpleNamespace(
        baseline="a",
        study=SimpleNamespace(replications=replications),
        horizon=8 * HOUR,
        standards=SimpleNamespace(
            margin_time=60_000, margin_share=0.02, margin_unreached=0.005, targets=()
        ),
        value=lambda name, measure: unreached,
    )


def harm(by="kind", name="fire", not_reached=1.0, abandoned=True, kept_waiting=False):
    return Harm(
        "b", by, name, 1000, not_reached, 0.0, 0.98, 1.0, 1e-9, abandoned, kept_waiting, 474.0, 20.0
    )


def said(judged, **more):
    return subject._of_one(facts(**more), judged)


def test_an_abandoned_class_is_named_after_the_word_worse():
    rise = row("not_reached", 0.316, 0.298, 0.327, "worse", "share")
    gain = row("response_p90", -2.0, -3.0, -1.0, "at a price")
    judged = Judgement("b", "worse", Gate("failed", (harm(),)), (rise, gain))

    found = said(judged, unreached=0.316)

    assert found.startswith(
        "b is worse: it abandons fire (100 %); 32 % of callouts are not reached"
    )
    assert "within 8 h (30 to 33 points more than a)" in found
    assert found.endswith("Its gains (90th percentile) come at the expense of these callouts.")


def test_priorities_and_times_of_day_are_called_what_they_are():
    classes = (harm("priority", "2"), harm("time", "20:00-00:00"))
    judged = Judgement("b", "worse", Gate("failed", classes), (SAME,))

    assert "it abandons priority 2 (100 %) and callouts of 20:00-00:00 (100 %)" in said(judged)


def test_a_class_reached_after_hours_is_left_waiting():
    late = harm(not_reached=0.0, abandoned=False, kept_waiting=True)
    judged = Judgement("b", "worse", Gate("failed", (late,)), (SAME,))

    assert "b is worse: it leaves fire (mean 7.9 h, before 20.0 min) waiting" in said(judged)


@pytest.mark.parametrize(
    ("verdict", "rows", "gate", "expected"),
    [
        ("better", (SAME, row(MEAN, -2.2, -4.7, -1.6, "better")), "open",
         "b is better than a: restricted mean 2.2 min shorter (1.6 to 4.7), and as many are "
         "reached."),
        ("worse", (SAME, row(MEAN, 1.1, 0.8, 1.3, "worse")), "open",
         "b is worse than a: restricted mean 1.1 min longer (0.8 to 1.3); as many are reached."),
        ("mixed", (SAME, row(MEAN, -1.5, -2.0, -1.0, "better"),
                   row("share:x", -0.05, -0.06, -0.04, "worse", "share")), "open",
         "b is mixed. Better: restricted mean 1.5 min shorter. Worse: x 5 points lower."),
        ("no material difference", (SAME, row(MEAN, 0.1, -0.1, 0.3, "no material difference")),
         "open", "No material difference between b and a: at most 0.3 min and 0 points."),
        ("no material difference", (SAME,), "open",
         "b and a are identical: every primary measure, in every replication."),
    ],
)  # fmt: skip
def test_each_verdict_has_its_sentence(verdict, rows, gate, expected):
    assert said(Judgement("b", verdict, Gate(gate), rows)) == expected


def test_below_ten_replications_there_is_no_verdict():
    judged = Judgement("b", "no verdict", Gate("no verdict"), (SAME,))

    assert said(judged, replications=4) == (
        "With 4 replications there is no verdict on b; 30 would be enough."
    )


def test_inconclusive_says_what_the_data_leave_open_and_what_it_would_take():
    wide = row("share:x", -0.013, -0.032, 0.006, "inconclusive", "share", needed=40, p=0.2)
    judged = Judgement("b", "inconclusive", Gate("open"), (SAME, wide))

    assert said(judged) == (
        "Inconclusive after 30 replications: under b, x between 3.2 points lower and 0.6 higher; "
        "about 40 would be enough."
    )


def test_a_gain_is_no_news_while_it_is_not_settled_who_is_reached():
    rise = row("not_reached", 0.004, -0.001, 0.009, "inconclusive", "share", p=0.2)
    gain = row(MEAN, -3.0, -4.0, -2.0, "inconclusive")
    judged = Judgement("b", "inconclusive", Gate("inconclusive"), (rise, gain))

    found = said(judged)

    assert "it is not shown that as many are reached" in found
    assert "not reached in 8 h between 0.1 points fewer and 0.9 more" in found
    assert "shorter" not in found


STARVE = {"policies.starve": {"dispatch": {"cutoff": {"reserve": {2: 9}}}}}


@pytest.fixture(scope="module")
def found():
    """First steps, a week, with a rule that never serves a fire."""
    scenario = sim.load("first-steps", {"clock.length": "7 days", **STARVE})
    return sim.compare(scenario, replications=10)


def test_a_rule_that_abandons_fires_is_worse_in_the_first_words(found):
    only = sim.compare(
        sim.load("first-steps", {"clock.length": "7 days", **STARVE}),
        policies=["today", "starve"],
        replications=10,
    )

    first = sentences(subject.Facts(only.study, only.tables))[0]

    assert first.startswith("starve is worse: it abandons fire (100 %)")


def test_among_several_the_worse_come_first_and_the_abandoned_are_named(found):
    first = sentences(subject.Facts(found.study, found.tables))[0]

    assert first.startswith("Worse: starve abandons fire (100 % not reached)")


def test_the_main_target_is_told_with_what_limits_it(found):
    last = sentences(subject.Facts(found.study, found.tables))[-1]

    assert last.startswith("Injury in 20 min: today ")
    assert "target 80 %: missed" in last
    assert "distance is the limit" in last


def test_one_alternative_alone_has_a_sentence_too():
    alone = sim.compare(sim.load("first-steps", {"clock.length": "7 days"}), policies=["today"])

    first = sentences(subject.Facts(alone.study, alone.tables))[0]

    assert first.startswith("Half of the callouts are reached within ")
    assert first.endswith("; all are reached within 8 h.")


def several(*judged, best=(), means=None, replications=30):
    """A study of `a`, `b` and `c`: what was judged, who could be best, and restricted means."""
    means = means or {"a": 20.0, "b": 18.0, "c": 19.0}
    more = facts(unreached=0.04, replications=replications)
    more.names = list(means)
    more.tables = SimpleNamespace(verdicts=SimpleNamespace(judgements=judged, best=best))
    more.judgements = {judgement.alternative: judgement for judgement in judged}
    more.ranked = lambda: sorted(means, key=means.__getitem__)
    return list(subject._of_many(more))


def test_among_several_the_one_that_must_be_best_is_named_with_its_gain():
    gain = row(MEAN, -2.2, -4.7, -1.6, "better")
    better = Judgement("b", "better", Gate("open"), (SAME, gain))

    assert several(better, best=("b",)) == [
        "b is the best: restricted mean 2.2 min shorter (1.6 to 4.7) against a (better)."
    ]
    assert several(better, best=("a",)) == [
        "a stays the best: the shortest restricted mean response time."
    ]


def test_among_several_none_is_singled_out_where_each_could_be_the_best():
    assert several(best=("a", "b", "c")) == ["None stands out: b, c and a could each be the best."]
    assert several(best=("b", "c")) == [
        "Could be the best: b and c (restricted mean response time)."
    ]
    assert several(best=("a", "b", "c"), replications=4) == [
        "With 4 replications there is no verdict; 30 would be enough."
    ]


def test_among_several_each_that_is_worse_is_told_with_whom_it_leaves():
    late = harm(not_reached=0.0, abandoned=False, kept_waiting=True)
    waits = Judgement("b", "worse", Gate("failed", (late,)), (SAME,))
    fewer = Judgement("c", "worse", Gate("failed"), (SAME,))

    assert several(waits, fewer, best=("a",)) == [
        "Worse: b leaves fire waiting for 7.9 h and c leaves 4 % of callouts not reached.",
        "a stays the best: the shortest restricted mean response time.",
    ]


def test_where_no_class_is_abandoned_the_most_harmed_is_named():
    harmed = harm(not_reached=0.2, abandoned=False)
    rise = row("not_reached", 0.04, 0.03, 0.05, "worse", "share")

    some = said(Judgement("b", "worse", Gate("failed", (harmed,)), (rise,)), unreached=0.04)
    none = said(Judgement("b", "worse", Gate("failed"), (rise,)), unreached=0.04)

    assert some.endswith("(3 to 5 points more than a); most harmed: fire (20 %, before 0 %).")
    assert none.endswith("(3 to 5 points more than a).")


@pytest.mark.parametrize(
    ("half", "most", "unreached", "expected"),
    [
        (None, None, 0.6, "Fewer than half of the callouts are reached."),
        (
            (12.0, 11.0, 13.0), None, 0.2,
            "Half of the callouts are reached within 12.0 min; 90 % are never reached; 20 % are "
            "not reached within 8 h.",
        ),
        (
            (12.0, 11.0, 13.0), (40.0, 36.0, 44.0), 0.0,
            "Half of the callouts are reached within 12.0 min and 90 % within 40.0 min (36.0 to "
            "44.0); all are reached within 8 h.",
        ),
        (
            (12.0, None, None), (40.0, None, None), None,
            "Half of the callouts are reached within 12.0 min and 90 % within 40.0 min.",
        ),
    ],
)  # fmt: skip
def test_one_alternative_alone_is_told_by_who_is_reached_when(half, most, unreached, expected):
    estimates = {
        "response_median": half and Estimate("", "all", *half, "min", 30, ""),
        "response_p90": most and Estimate("", "all", *most, "min", 30, ""),
    }
    one = facts(unreached)
    one.estimate = lambda name, measure: estimates[measure]

    assert subject._alone(one) == expected


@pytest.mark.parametrize(
    ("low", "high", "state"),
    [
        (0.9, 0.95, "met"),
        (0.7, 0.79, "missed"),
        (0.7, 0.8, "inconclusive (70 % to 80 %)"),
        (None, None, "inconclusive"),
    ],
)
def test_a_target_is_met_or_missed_only_with_all_of_its_interval(low, high, state):
    assert (
        subject.state_of_target(Estimate("share:x", "all", 0.75, low, high, "share", 30, ""), 0.8)
        == state
    )


def last_sentences(targets):
    scenario = sim.load("first-steps", {"clock.length": "3 days", "targets": targets})
    alone = sim.compare(scenario, policies=["today"], replications=10)
    return sentences(subject.Facts(alone.study, alone.tables))[1:]


def test_without_a_target_the_largest_part_of_response_time_is_told():
    (largest,) = last_sentences("[]")

    part, _, whole = largest.removesuffix(" min.").partition(": ")[2].partition(" of ")
    assert largest.startswith("The largest part of response time is ")
    assert 0 < float(part) < float(whole)


def test_a_target_that_is_met_is_followed_by_where_time_goes():
    """Half of all within five hours: in a region that is crossed in less than one."""
    met, largest = last_sentences("[{name: soon, within: 5 h, share: 50%}]")

    assert met.startswith("Soon: ")
    assert met.endswith("target 50 %: met.")
    assert largest.startswith("The largest part of response time is ")
