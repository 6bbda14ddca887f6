"""How published effects are measured and judged: by ratios that respect the pairing."""

import math

import numpy as np
import pytest

from sim.cli.check_commands.effects_command import number, said, within, write
from sim.errors import ResultsError
from sim.experiment import InProcess, Runner, design_of, run_study
from sim.experiment.effects import Claim, bounds, change, sent_within, times_of, verdict
from sim.outcomes.inference.envelope import envelope
from sim.outcomes.inference.replications import spread
from sim.scenario import find_scenario, read_scenario
from sim.world import build

from ..worlds import DAY, file_of, hand_worked


def of(late, callouts):
    return spread(np.array(late, dtype=float), np.array(callouts, dtype=float))


def test_a_ratio_of_shares_has_the_interval_worked_by_hand():
    """
    2 and 4 of 10 late against 4 and 4: 0.3 against 0.4, so 0.75 times. The first share is 0.1
    below and above its mean, which is 0.25 of the ratio; the second does not vary. The standard
    error is 0.25, and t with one degree of freedom is 12.706.
    """
    found = times_of(of([2, 4], [10, 10]), of([4, 4], [10, 10]))

    assert found.value == pytest.approx(0.75)
    assert found.standard_error() == pytest.approx(0.25)
    assert bounds(found) == pytest.approx((0.75 - 12.706 * 0.25, 0.75 + 12.706 * 0.25), rel=1e-3)


def test_what_both_rules_share_does_not_widen_the_interval():
    """Half as many late in every replication is half, exactly, however the replications differ."""
    found = change(of([1, 5, 2], [10, 10, 10]), of([2, 10, 4], [10, 10, 10]))

    assert found.value == pytest.approx(-50)
    assert bounds(found) == pytest.approx((-50, -50))


def test_the_errors_give_fiellers_interval_but_for_the_square_of_a_small_error():
    """
    Fieller: all r for which the mean of a - r b is within t standard errors of zero, the roots
    of (B^2 - t^2 vb) r^2 - 2 (A B - t^2 cab) r + (A^2 - t^2 va), written out here.
    """
    rng = np.random.default_rng(3)
    shared = rng.normal(size=30)
    b = 100 + 5 * shared + rng.normal(size=30)
    a = 70 + 3 * shared + rng.normal(size=30)
    n = np.full(30, 1000.0)
    t = 2.04523  # 29 degrees of freedom
    v = np.cov(a, b) / 30
    top = a.mean() * b.mean() - t**2 * v[0, 1]
    square = b.mean() ** 2 - t**2 * v[1, 1]
    root = math.sqrt(top**2 - square * (a.mean() ** 2 - t**2 * v[0, 0]))
    fieller = ((top - root) / square, (top + root) / square)

    found = times_of(of(a, n), of(b, n))
    half = t * found.standard_error()
    assert (found.value - half, found.value + half) == pytest.approx(fieller, abs=2e-4)
    assert bounds(found) == envelope(found)  # that of every study: no narrower than this


FEWER = Claim("fewer", "somebody", "-16.8 %", "%", side=-1, band=(-35.0, -10.0))
SLOWER = Claim("slower", "somebody", "+37 %", "%", side=1, band=(15.0, 45.0))
AT_MOST = Claim("at most", "somebody", "2.7 times", "times", band=(2.7, math.inf))


@pytest.mark.parametrize(
    ("claim", "low", "high", "holds"),
    [
        (FEWER, -20, -12, "yes"),
        (FEWER, -42, -38, "no: outside the expected band (larger)"),
        (FEWER, -9, -5, "no: outside the expected band (smaller)"),
        (FEWER, -9, 1, "inconclusive"),
        (FEWER, 2, 5, "no"),
        (SLOWER, 46, 50, "no: outside the expected band (larger)"),
        (SLOWER, 5, 14, "no: outside the expected band (smaller)"),
        (SLOWER, -5, -1, "no"),
        (AT_MOST, 3, 5, "not ruled out"),
        (AT_MOST, 1, 2, "no"),
    ],
)
def test_a_claim_is_judged_by_its_direction_and_then_by_its_size(claim, low, high, holds):
    """An effect that is larger than published is not the published effect, and is said to be."""
    assert verdict(claim, low, high) == holds


def test_the_day_of_ambulance_1_counts_who_is_sent_before_midnight(tmp_path):
    """
    One team, ten minutes from B. At 23:40 it is sent to B and arrives at 23:50; free at 00:00 and
    not a moment before, it is sent to the callout of 23:45, too late to count. So the mean is 10.
    """
    text = hand_worked(
        "23:40 B job 10", "23:45 B job 10", places="A B", times="A-B 10", run="26 h",
        kinds="job: {share: 100%}", rest="study: {replications: 2}",
    )  # fmt: skip
    design = design_of([file_of(text)])
    runner = Runner(design.alternatives, design.seed)
    study = run_study(design, runner=runner, workers=InProcess(runner))

    assert sent_within(study.samples[0]).value == pytest.approx(10)


def test_numbers_are_written_for_people():
    assert number(-3.14159, 2) == "\N{MINUS SIGN}3.14"
    assert within(16.1, 15.9, 16.3, 2) == "16.10 [15.90, 16.30]"
    assert said(29.04, 28.9, 29.2, "%") == "+29.0 [+28.9, +29.2] %"
    assert number(math.inf, 1) == "?"


def test_files_are_written_whole_and_beside_what_is_there(tmp_path):
    """The page goes into docs/, where other pages are."""
    (tmp_path / "other.md").write_text("kept")

    write(tmp_path, {"effects.md": "new\n"})

    assert {p.name: p.read_text() for p in tmp_path.iterdir()} == {
        "other.md": "kept", "effects.md": "new\n",
    }  # fmt: skip
    with pytest.raises(ResultsError, match="cannot write"):
        write(tmp_path / "other.md", {"effects.md": "new\n"})


def crew_hours(file):
    """Return people on duty times hours, a day, without those on call from home."""
    world = build(file)
    found = sum(
        crew.people * (min(until, world.ends) - max(begins, 0))
        for crew in world.fleet.crews
        if crew.assembly_spec is None
        for begins, until in crew.duty
        if until > 0
    )
    return found / 3_600_000 / (world.ends / DAY)


def test_the_staffing_study_says_how_many_crew_hours_each_alternative_takes():
    """
    13 teams day and night, 64 people, and two of 4 for 12 hours: 64 x 24 + 96 = 1,632. On call at
    night, six teams of 5 are at home for 12 hours: 360 less. One team of 5 more: 120 more.
    """
    design = design_of([read_scenario(find_scenario("staffing-study"))])
    found = {a.name: round(crew_hours(a.file)) for a in design.alternatives}
    text = find_scenario("staffing-study").read_text(encoding="utf-8")

    assert found.pop("on call at night") == 1272
    assert found.pop("eleven bases") == 1752
    assert set(found.values()) == {1632}
    for name in design.names:
        assert f"  {name}:" in text
    assert text.count("# 1,632") + text.count("# 1,272") + text.count("# 1,752") == 8
