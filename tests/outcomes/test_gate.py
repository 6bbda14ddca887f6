"""People first: the gate before every other word, worked by hand."""

import numpy as np
import pytest

from sim.log import Names
from sim.outcomes import compare, conclude
from sim.outcomes.verdicts.comparisons import compare_all
from sim.outcomes.verdicts.gate import BAND, Classes, gate, harms

from .test_comparisons import NAMES, answered, made, table
from .worked import callout, ms, target


def weeks(loss, quicker=0.0, size=40, name="b", replications=30, **more):
    """
    Replications of callouts, those reached so much quicker than after about 20 min.

    ``loss`` says of each replication how many of them are never reached, those at the end.
    """
    rows = []
    for number in range(replications):
        rng = np.random.default_rng([7, number])
        times = rng.uniform(10, 30, size) - quicker
        lost = loss(number)
        rows.append([*times[: size - lost].tolist(), *[None] * lost])
    return made(*rows, name=name, targets=[target("in 18", 18)], **more)


def rows_and_gate(other, base=None):
    rows, gates = compare_all([base or weeks(lambda n: 0, name="a"), other])
    return table(rows), gates[other.name]


MEASURES = ("response_restricted_mean", "share:in 18")


def test_where_as_many_are_reached_the_gate_is_open_and_gains_are_better():
    found, own = rows_and_gate(weeks(lambda n: 0, quicker=5))

    assert own.state == "open"
    for measure in MEASURES:
        assert found[measure, "all"].verdict == "better"
    assert found["not_reached", "all"].verdict == "identical"


def test_a_rise_of_less_than_the_margin_does_not_shut_the_gate():
    """One callout in 1,800 more is not reached; the limit of the rise is below half a point."""
    base = weeks(lambda n: 0, name="a", size=60)
    found, own = rows_and_gate(weeks(lambda n: int(n == 3), quicker=5, size=60), base)

    assert found["not_reached", "all"].high < 0.005
    assert own.state == "open"
    assert found["share:in 18", "all"].verdict == "better"


def test_where_clearly_more_are_not_reached_every_gain_has_its_price():
    """
    One in forty is left without a team: 2.5 points. Nothing may be called better, and the
    restricted mean is not: one hour for one in forty is less than the minutes the others gain.
    """
    found, own = rows_and_gate(weeks(lambda n: 1, quicker=9))

    assert found["not_reached", "all"].verdict == "worse"
    assert own.state == "failed"
    for measure in MEASURES:
        row = found[measure, "all"]
        assert row.verdict == "at a price"
        assert (row.difference < 0) == (row.unit == "min")
    assert "better" not in {row.verdict for row in found.values()}


def test_where_it_is_not_settled_that_as_many_are_reached_gains_are_inconclusive():
    """About one in a hundred more in some weeks, none in others: neither shown."""
    found, own = rows_and_gate(weeks(lambda n: 4 * (n % 10 == 0), quicker=5))

    row = found["not_reached", "all"]
    assert row.low < 0.005 < row.high
    assert row.verdict == "inconclusive"
    assert own.state == "inconclusive"
    for measure in MEASURES:
        assert found[measure, "all"].verdict == "inconclusive"
        assert found[measure, "all"].p_adjusted < 0.05


def test_a_loss_is_worse_whatever_the_gate():
    found, own = rows_and_gate(weeks(lambda n: 1, quicker=-9))

    assert own.state == "failed"
    for measure in MEASURES:
        assert found[measure, "all"].verdict == "worse"


def test_whoever_reaches_more_people_is_better():
    """The gate is about the rise."""
    base = weeks(lambda n: 4, name="a")
    found, own = rows_and_gate(weeks(lambda n: 0), base)

    assert own.state == "open"
    assert found["not_reached", "all"].verdict == "better"
    assert found["response_restricted_mean", "all"].verdict == "better"


def test_below_ten_replications_nothing_is_said_of_the_gate():
    base = weeks(lambda n: 0, name="a", replications=9)
    rows, gates = compare_all([base, weeks(lambda n: 9, replications=9)])

    assert gates["b"].state == "no verdict"
    assert "better" not in {row.verdict for row in rows}


@pytest.mark.parametrize(
    ("high", "worse", "state"),
    [(0.004, False, "open"), (0.004, True, "open"), (0.006, False, "inconclusive"),
     (0.006, True, "failed"), (None, False, "no verdict")],
)  # fmt: skip
def test_the_gate_follows_from_the_limit_of_the_rise(high, worse, state):
    assert gate(30, high, worse, 0.005, ()).state == state


def classed(refused=lambda row: False, *, per=6, replications=12, name="b", shift=0.0):
    """
    Replications with six callouts of each of two kinds, at two places, at 01:00 and at 13:00.

    Fires are of priority 2; the log begins at 06:00. ``refused`` says who is lost.
    """
    parts = []
    for number in range(replications):
        rng = np.random.default_rng([3, number])
        rows = []
        for n in range(per):
            for kind in (0, 1):
                at = (19 if n % 2 else 7) * 60
                more = {"kind": kind, "priority": 1 + kind, "place": int(n % 3 == 0)}
                row = callout(len(rows), at, sent=at, reached=at + rng.uniform(8, 30) - shift,
                              ended=at + 100, **more)  # fmt: skip
                if refused(row):
                    row = answered(len(rows), None, **more)._replace(
                        received=ms(at), ready=ms(at), ended=ms(at)
                    )
                rows.append(row)
        parts.append(rows)
    return made(*parts, name=name, end=ms(24 * 60), targets=[target("in 18", 18)])


CLASSES = [
    ("kind", "fire", lambda row: row.kind == 1),
    ("place", "y", lambda row: row.place == 1),
    ("time", "12:00-16:00", lambda row: row.received == ms(7 * 60)),
    ("time", "00:00-04:00", lambda row: row.received == ms(19 * 60)),
]


@pytest.mark.parametrize(("by", "name", "refused"), CLASSES)
def test_a_class_that_is_refused_is_named_and_the_alternative_is_worse(by, name, refused):
    """The others gain seven minutes by it; that is not said first, nor called better."""
    said = conclude([classed(name="a"), classed(refused, shift=7)])

    (judgement,) = said.judgements
    assert judgement.verdict == "worse"
    assert judgement.gate.state == "failed"
    first = judgement.gate.abandoned[0]
    assert (first.by, first.name, first.not_reached, first.baseline) == (by, name, 1, 0)
    assert first.low > 0.02
    assert first.high == 1
    assert "better" not in {row.verdict for row in said.rows}


def test_the_mean_of_a_class_that_is_refused_is_the_horizon():
    """To the last digit: it can never improve, no matter what happens to the others."""
    rows = conclude([classed(name="a"), classed(CLASSES[0][2], shift=7)]).rows

    found, base = table(rows), classed(name="a").observations
    row = found["response_restricted_mean", "kind:fire"]
    before = base.response[base.kind == 1].mean() / 60_000
    assert row.difference == pytest.approx(60 - before, abs=1e-9)
    assert row.verdict == "worse"


def test_a_class_that_is_a_class_of_another_kind_too_is_named_once():
    """All fires are of priority 2 and nothing else is."""
    found = harms([classed(name="a"), classed(CLASSES[0][2])], 0.05)["b"]

    assert [(harm.by, harm.name) for harm in found if harm.not_reached == 1] == [("kind", "fire")]


def test_less_than_half_refused_is_harm_and_not_abandonment():
    """Two fires in six."""
    found = harms([classed(name="a"), classed(lambda r: r.kind == 1 and r.callout < 4)], 0.05)["b"]

    fire = next(harm for harm in found if harm.name == "fire")
    assert fire.not_reached == pytest.approx(1 / 3)
    assert not fire.abandoned


def test_a_class_that_the_baseline_abandons_too_is_not_abandoned_anew():
    base = classed(lambda r: r.kind == 1 and r.callout < 8, name="a")
    found = harms([base, classed(lambda r: r.kind == 1)], 0.05)["b"]

    fire = next(harm for harm in found if harm.name == "fire")
    assert (fire.baseline, fire.not_reached) == (pytest.approx(2 / 3), 1)
    assert not fire.abandoned


def test_a_rare_class_is_found_by_the_few_callouts_it_has():
    """One fire in each of twelve replications, refused: no spread, and twelve of twelve."""
    one = classed(lambda r: r.kind == 1 and r.callout == 1, per=1)

    found = harms([classed(per=1, name="a"), one], 0.05)["b"]

    assert found[0].name == "fire"
    assert found[0].callouts == 12


def test_two_callouts_are_no_class_that_is_refused():
    """It may be chance: a coin falls so in one of four."""
    rows = [[5.0, answered(1, 9, kind=1)] if n < 2 else [5.0] for n in range(12)]
    lost = [[5.0, answered(1, None, kind=1)] if n < 2 else [5.0] for n in range(12)]

    found = harms([made(*rows), made(*lost, name="b")], 0.05)["b"]

    assert found == ()


def test_alternatives_equal_in_law_harm_nobody():
    """Each loses one in twenty at random: any class called harmed in 30 studies is one too many."""
    false = 0
    for trial in range(30):
        rng = np.random.default_rng([13, trial])

        def drawn(name, rng=rng):
            return made(
                *[
                    [
                        answered(
                            n,
                            None if rng.random() < 0.05 else 20,
                            kind=n % 2,
                            place=n // 2 % 2,
                            priority=1 + n // 4 % 3,
                        )
                        for n in range(24)
                    ]
                    for _ in range(10)
                ],
                name=name,
            )

        found = harms([drawn("a"), drawn("b"), drawn("c"), drawn("d")], 0.05)
        false += any(found.values())

    assert false <= 1


def test_classes_are_those_by_kind_place_priority_and_time_of_day():
    found = Classes.of(classed())

    times = [name for by, name in found.labels if by == "time"]
    assert times[0] == "00:00-04:00"
    assert len(times) == 24 // BAND
    for by in ("kind", "place", "priority", "time"):
        columns = [n for n, (of, _) in enumerate(found.labels) if of == by]
        assert found.known[:, columns].sum() == 12 * 12


def test_a_class_that_only_one_alternative_has_is_left_out():
    """A village more in one of two files: its people count over all, and for no other village."""
    more = Names(("wounded", "fire"), ("z", "x", "y"), ("z", "x", "y"), ("A", "B"), (), ())
    base = made(*[[answered(n, 10 + n, place=n % 2) for n in range(6)] for _ in range(12)])
    other = made(
        *[
            [*(answered(n, 10 + n, place=1 + n % 2) for n in range(6)), answered(9, None, place=0)]
            for _ in range(12)
        ],
        names=more,
        name="b",
    )

    rows, gates = compare_all([base, other])

    assert gates["b"].state == "failed"
    assert "place" not in {harm.by for harm in gates["b"].harmed}
    assert table(rows)["not_reached", "all"].difference == pytest.approx(1 / 7)
    assert {group for _, group in table(rows) if group.startswith("area")} == {"area:x", "area:y"}


@pytest.mark.parametrize(
    ("lost", "verdict"),
    [(lambda week: 3, "worse"), (lambda week: 5 * (week % 4 == 0), "inconclusive")],
)
def test_a_percentile_that_is_never_reached_is_worse_where_clearly_too_few_are(lost, verdict):
    """
    Three of ten lost each week: 70 % ever reached is clearly below 90. Five of ten in every
    fourth week are 87.5 % ever reached, which may well be 90.
    """
    rows = [[*[20.0 + n for n in range(10 - lost(w))], *[None] * lost(w)] for w in range(12)]

    base = made(*[[20.0 + n for n in range(10)] for _ in range(12)])
    row = table(compare([base, made(*rows, name="b")]))["response_p90", "all"]

    assert row.difference is row.low is row.high is None
    assert row.note == "never reached"
    assert row.verdict == verdict


def test_a_percentile_that_the_baseline_never_reaches_is_better_where_as_many_are_reached():
    base = made(*[[20.0, 21, 22, 23, 24, 25, 26, None, None, None]] * 12)
    other = made(*[[20.0 + n for n in range(10)] for _ in range(12)], name="b")

    row = table(compare([base, other]))["response_p90", "all"]

    assert row.note == "never reached by the baseline"
    assert (row.difference, row.verdict) == (None, "better")


def test_kinds_are_matched_by_name_and_not_by_number():
    turned = Names(("fire", "wounded"), NAMES.places, NAMES.areas, NAMES.teams, (), ())
    base = made(*[[answered(0, 20), answered(1, 30, kind=1)] for _ in range(12)])
    other = made(
        *[[answered(0, 20, kind=1), answered(1, None, kind=0)] for _ in range(12)],
        names=turned,
        name="b",
    )

    (fire,) = [h for h in harms([base, other], 0.05)["b"] if h.by == "kind"]

    assert (fire.name, fire.not_reached, fire.baseline) == ("fire", 1, 0)
