"""The tables, on a log of two hours worked by hand (see conftest)."""

import gc
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from sim.errors import SimError
from sim.local_clock import LocalClock
from sim.log import MS_PER_HOUR, Names, Outcome
from sim.outcomes import (
    OUTCOMES,
    default_horizon,
    headline,
    observe,
    per_replication,
    quantile,
    stack,
    standards_of,
    summarise,
)
from sim.outcomes.measured.groupings import _kept, read
from sim.scenario import find_scenario, read_scenario

from .worked import callout, mission, ms, sample, target

END = ms(120)
TARGETS = [target("any in 20", 20), target("fire in 30", 30, kind="fire")]


@pytest.fixture
def replay(names):
    """One replication of two hours from these callouts, two teams always on duty."""

    def observed(*callouts, missions=()):
        duty = [[(0, END)]] * len(names.teams)
        clock = {"clock": LocalClock.fixed(6 * MS_PER_HOUR), "end": END}
        return observe(callouts, missions, names=names, duty=duty, **clock)

    return observed


def table(rows):
    return {(row.measure, row.group): row for row in rows}


def values(rows):
    return {(row.measure, row.group): row.value for row in rows}


def test_means_are_over_the_callouts_that_have_the_time(two_hours, names):
    """Reached after 20 and 65 min; dispatched after 0 and 48."""
    found = values(summarise(sample(two_hours, names, TARGETS, END)))

    assert found["response_mean_reached", "all"] == 42.5
    assert found["response_mean_reached", "kind:fire"] == 20
    assert found["response_mean_reached", "priority:1"] == 65
    assert found["queue_time_mean", "all"] == 24
    assert found["callouts", "all"] == pytest.approx(4 * 12)  # four in two hours, per day


@pytest.mark.parametrize(
    ("horizon", "restricted", "not_reached"),
    [(60, (20 + 60 + 60 + 60) / 4, 2 / 3), (120, (20 + 65 + 120 + 92.5) / 4, 1 / 3)],
)
def test_judged_times_count_every_callout(two_hours, names, horizon, restricted, not_reached):
    """
    Reached at 20 and 65, lost, cut off at 20. Up to 60 min the one cut off had nobody to be
    reached before it: 60. Up to 120: all of its like are there until 65, and half after that,
    20 + 45 + 55 / 2. Whether it is reached in time is not known: of three it is.
    """
    found = values(summarise(sample(two_hours, names, TARGETS, END, horizon=horizon)))

    assert found["response_restricted_mean", "all"] == pytest.approx(restricted, abs=1e-12)
    assert found["not_reached", "all"] == pytest.approx(not_reached, abs=1e-12)
    assert found["not_reached", "kind:fire"] == 0
    assert found["not_reached", "area:south"] == 1 / 2


def test_quantiles_count_those_not_reached(two_hours, names):
    """
    Four callouts: reached at 20, cut off at 20, reached at 65, lost. After 20 min three quarters
    are left; of the two of those still followed, one is reached at 65: 3/8 are left, 5/8 reached.
    """
    found = table(summarise(sample(two_hours, names, TARGETS, END)))

    assert found["response_median", "all"].value == 65
    assert found["response_p90", "all"].value is None
    assert found["response_p90", "all"].note == "never: fewer than 90% were reached"
    assert found["response_median", "kind:fire"].value == 20


def test_a_share_leaves_out_only_what_cannot_be_judged(two_hours, names):
    """
    Within 20 min: one of four, for the one cut off at 20 min is late by then. Fire in 30: one of
    one, for the other was cut off at 20, too early to say.
    """
    found = table(summarise(sample(two_hours, names, TARGETS, END)))

    assert found["share:any in 20", "all"].value == 1 / 4
    assert found["undetermined:any in 20", "all"].value == 0
    assert found["share:fire in 30", "all"].value == 1
    assert found["undetermined:fire in 30", "all"].value == 1
    assert "50% of callouts have no value" in found["share:fire in 30", "all"].note
    assert ("share:fire in 30", "kind:wounded") not in found


def test_reached_exactly_at_the_target_is_within_it(replay, names):
    obs = replay(callout(0, 0, sent=0, reached=20, ended=30))

    assert values(summarise(sample(obs, names, TARGETS, END)))["share:any in 20", "all"] == 1


def test_lost_callouts_are_late_and_counted(replay, names):
    obs = replay(
        callout(0, 0, sent=0, reached=5, ended=30),
        callout(1, 119.9, ended=119.9, outcome=Outcome.LOST),
        callout(2, 119.9, ended=119.95, outcome=Outcome.ABANDONED),
        callout(3, 119.9, ended=119.95, outcome=Outcome.DROPPED),
    )
    found = values(summarise(sample(obs, names, TARGETS, END)))

    assert found["share:any in 20", "all"] == 1 / 4
    assert found["not_reached", "all"] == 3 / 4
    assert found["never_reached", "all"] == 3
    for count in ("lost", "abandoned", "dropped"):
        assert found[count, "all"] == 1


def test_a_callout_still_being_handled_says_nothing_about_queueing(replay, names):
    obs = replay(
        callout(0, 0, ready=2, sent=2, reached=5, ended=30),
        callout(1, 1, ready=2, sent=30, reached=35, ended=60),
        callout(2, 119, ready=125),
    )

    assert values(summarise(sample(obs, names, [], END)))["share_queued", "all"] == 1 / 2


def test_a_callout_still_waiting_has_queued(two_hours, names):
    """Of four, one was sent to after 48 min and one has waited 19; two did not wait."""
    found = values(summarise(sample(two_hours, names, [], END)))

    assert found["share_queued", "all"] == 2 / 4


def test_utilisation_is_time_committed_over_time_on_duty(two_hours, names):
    """A: 90 of 120 min, B: 73 of 113."""
    found = values(summarise(sample(two_hours, names, [], END)))

    assert found["utilisation", "team:A"] == 90 / 120
    assert found["utilisation", "team:B"] == pytest.approx(73 / 113)
    assert found["utilisation", "all"] == pytest.approx(163 / 233)


def test_a_team_never_used_has_no_interval_and_says_so(names):
    """Its share of time is 0 in every replication: it is not "from 0 to 26 %"."""
    duty = [[(0, END)], [(0, END)]]
    missions = [mission(0, 0, 10, 60)]
    each = [
        observe([], missions, names=names, clock=LocalClock.fixed(0), end=END, duty=duty)
        for _ in range(12)
    ]
    found = table(summarise(sample(stack(each), names, [], END)))

    idle = found["utilisation", "team:B"]
    assert (idle.value, idle.low, idle.high, idle.note) == (0, None, None, "never used")
    assert found["utilisation", "team:A"].low is not None


def test_figures_have_twelve_digits_and_nothing_is_left_over_from_rounding():
    """Different libraries differ in the last digits; those are not written down."""
    obs, names = toy(5, slow=0)

    for row in summarise(sample(obs, names, TARGETS, END)):
        for x in (row.value, row.low, row.high):
            assert x is None or x == float(f"{x:.12g}")
            assert x is None or x == 0 or abs(x) > 1e-12


def test_areas_gather_places_and_hours_are_local(two_hours, names):
    """Jablah is north; Banyas and Tartous are south. The first hour is 06."""
    found = values(summarise(sample(two_hours, names, TARGETS, END)))

    assert found["callouts", "area:north"] == found["callouts", "area:south"] == 2 * 12
    assert found["callouts", "hour:06"] == 3 * 12
    assert found["response_mean_reached", "area:south"] == 20
    assert ("response_median", "area:north") not in found
    assert ("lost", "hour:06") not in found


def test_groups_without_callouts_have_no_row(replay, names):
    found = {row.group for row in summarise(sample(replay(callout(0, 0)), names, TARGETS, END))}

    assert found == {
        "all",
        "kind:wounded",
        "priority:1",
        "area:north",
        "hour:06",
        "team:A",
        "team:B",
    }


def test_a_period_without_callouts_has_rows_only_for_counts_and_teams(replay, names):
    found = values(summarise(sample(replay(), names, TARGETS, END)))

    assert found["callouts", "all"] == 0
    assert found["utilisation", "all"] == 0
    for measure in ("response_restricted_mean", "response_mean_reached", "response_p90"):
        assert (measure, "all") not in found
    assert ("not_reached", "all") not in found


def test_a_target_of_an_unknown_kind_has_no_share(two_hours, names):
    found = values(summarise(sample(two_hours, names, [target("flood", 20, kind="flood")], END)))

    assert ("share:flood", "all") not in found


def toy(seed, slow, replications=12):
    """Replications of a toy in which every callout is reached, and ``slow`` adds to the drive."""
    names = Names(("a", "b"), ("x", "y"), ("x", "y"), ("A",), (), ())
    parts = []
    for replication in range(replications):
        rng = np.random.default_rng([seed, replication])
        callouts = []
        for number in range(int(rng.integers(5, 40))):
            at, handled, queued = rng.uniform(0, 60), rng.uniform(0, 5), rng.integers(2)
            sent = at + handled + queued * rng.uniform(0, 5)
            drive = rng.uniform(2, 20) + slow
            more = {"kind": int(rng.integers(2)), "place": int(rng.integers(2))}
            row = callout(
                number, at, ready=at + handled, sent=sent, reached=sent + drive, ended=110, **more
            )
            callouts.append(row)
        duty = [[(0, END)]]
        parts.append(
            observe(
                callouts,
                [],
                names=names,
                clock=LocalClock.fixed(6 * MS_PER_HOUR),
                end=END,
                duty=duty,
            )
        )
    return stack(parts), names


def test_counts_add_up_over_every_grouping():
    obs, names = toy(1, slow=0)
    found = values(summarise(sample(obs, names, TARGETS, END)))

    for prefix in ("kind:", "priority:", "area:", "hour:"):
        parts = [v for (m, g), v in found.items() if m == "callouts" and g.startswith(prefix)]
        assert sum(parts) == pytest.approx(found["callouts", "all"])


def test_rows_by_replication_give_back_the_pooled_estimate():
    obs, names = toy(2, slow=0)
    pooled = values(summarise(sample(obs, names, TARGETS, END)))
    rows = per_replication(sample(obs, names, TARGETS, END))

    by = {(r.replication, r.measure, r.group): r.value for r in rows}
    sizes = np.bincount(obs.replication)
    for measure in ("response_mean_reached", "response_restricted_mean", "not_reached"):
        means = [by[r, measure, "all"] for r in range(12)]
        assert np.average(means, weights=sizes) == pytest.approx(pooled[measure, "all"])
    for r in range(12):
        own = np.sort(obs.response[obs.replication == r])
        assert by[r, "response_p90", "all"] == own[int(np.ceil(len(own) * 0.9)) - 1] / 60_000
    assert [row.replication for row in rows] == sorted(row.replication for row in rows)


def test_every_interval_holds_its_estimate_and_shares_stay_shares():
    obs, names = toy(3, slow=0)

    for row in summarise(sample(obs, names, TARGETS, END)):
        assert row.replications == 12
        if row.value is not None and row.low is not None:
            assert row.low <= row.value
            assert row.high is None or row.value <= row.high
        if row.low is None or row.high is None:
            assert row.note  # in a plain word why not
        elif row.unit == "share":
            assert 0 <= row.low <= row.high <= 1
        elif row.measure == "response_restricted_mean":
            assert 0 <= row.low <= row.high <= 60


def test_survival_halves_with_every_half_life_and_is_nil_for_those_never_reached(replay, names):
    """
    Wounded, 80 % at once, half of that at 10 min: 0.4, 0.1 after 30, 0 for the one lost; the one
    nobody has reached yet has no value. A fire declares none.
    """
    obs = replay(
        callout(0, 0, sent=0, reached=10, ended=30),
        callout(1, 0, sent=0, reached=30, ended=60),
        callout(2, 0, ended=1, outcome=Outcome.LOST),
        callout(3, 110),
        callout(4, 0, sent=0, reached=0, ended=30, kind=1),
    )
    found = table(summarise(sample(obs, names, [], END, survival={"wounded": (0.8, ms(10))})))

    assert found["survival", "all"].value == pytest.approx(0.5 / 3, abs=1e-9)
    assert found["survival", "all"].unit == "share"
    assert "25% of callouts have no value" in found["survival", "all"].note
    assert ("survival", "kind:fire") not in found
    assert ("survival", "area:north") in found


def test_an_unfinished_callout_that_was_reached_has_its_survival(replay, names):
    obs = replay(callout(0, 0, sent=0, reached=20))
    found = table(summarise(sample(obs, names, [], END, survival={"wounded": (1.0, ms(10))})))

    assert found["survival", "all"].value == 1 / 4


def test_where_no_kind_declares_survival_there_is_no_such_measure(two_hours, names):
    assert ("survival", "all") not in table(summarise(sample(two_hours, names, TARGETS, END)))


def test_replications_keep_their_own_numbers():
    """One that failed was set aside: the others must not move up."""
    obs, names = toy(6, slow=0, replications=3)
    rows = per_replication(sample(obs, names, [], END, numbers=(0, 2, 7)))

    assert list(dict.fromkeys(row.replication for row in rows)) == [0, 2, 7]
    with pytest.raises(SimError, match="a: 2 numbers are given for 3 replications"):
        sample(obs, names, [], END, numbers=(0, 2))


def test_the_headline_is_the_tables_row_for_all_callouts():
    obs, names = toy(7, slow=0)
    whole = sample(obs, names, TARGETS, END)
    quick = headline(whole)

    compared = {"not_reached", "response_restricted_mean", "response_p90", "response_median"}
    compared |= {"response_mean_reached", "queue_time_mean", "queue_time_p90", "share_queued"}
    compared |= {"utilisation", "share:any in 20", "share:fire in 30"}
    known = {row.measure for row in quick}
    assert known == compared - {"share:fire in 30"}  # there is no such kind in the toy
    assert set(quick) <= set(summarise(whole))
    assert {r.measure for r in headline(whole, ["not_reached", "utilisation"])} == {
        "not_reached",
        "utilisation",
    }


def test_standards_are_read_from_the_scenario():
    file = read_scenario(find_scenario("first-steps"))
    standards = standards_of(file.scenario)

    assert standards.targets == file.scenario.targets
    assert standards.margin_time == file.scenario.study.margin.time
    assert standards.margin_share == file.scenario.study.margin.share
    kinds = file.scenario.demand.kinds
    assert set(standards.survival) == {n for n, kind in kinds.items() if kind.survival}
    assert standards.primary[:3] == ("not_reached", "response_restricted_mean", "response_p90")
    assert standards.primary[3:] == tuple(f"share:{t.name}" for t in standards.targets)
    assert standards.margin_unreached == 0.005


@pytest.mark.parametrize(
    ("longest", "days", "hours"),
    [
        (20, 28, 8),  # 24 * 20 min is 8 h
        (21, 28, 12),
        (5, 28, 4),  # 2 h, but never less than 4
        (15, 1, 4),  # 6 h, then 8; a quarter of a day is 6 h, so the next below: 4
        (600, 28, 168),  # ten days are no horizon: a week is the longest
    ],
)
def test_the_horizon_follows_from_the_longest_target_and_the_run(longest, days, hours):
    """Never from results: the same scenario has the same horizon, however it went."""
    targets = [target("short", 1), target("long", longest)]

    assert default_horizon(targets, days * 24 * MS_PER_HOUR) == hours * MS_PER_HOUR


def test_without_a_target_the_horizon_follows_from_the_longest_first_response():
    assert default_horizon([], 28 * 24 * MS_PER_HOUR, ms(25)) == 12 * MS_PER_HOUR


def test_a_horizon_is_no_shorter_than_a_target_however_short_the_run():
    assert default_horizon([target("day", 24 * 60)], 48 * MS_PER_HOUR) == 24 * MS_PER_HOUR


def censored(seed, groups=4, replications=9):
    """Callouts of which some are lost and some cut off, times on whole minutes, few in each."""
    rng = np.random.default_rng(seed)
    obs, names = toy(seed, slow=0, replications=replications)
    size, fate = len(obs.kind), rng.random(len(obs.kind))
    unfinished, lost = OUTCOMES.index(Outcome.UNFINISHED), OUTCOMES.index(Outcome.LOST)
    outcome = np.where(fate < 0.25, unfinished, np.where(fate < 0.35, lost, obs.outcome))
    time = rng.integers(0, 12, size) * 60_000
    return names, replace(
        obs,
        outcome=outcome.astype(np.int8),
        response=np.where(fate < 0.35, -1, time),
        elapsed=time,
        hour=rng.integers(0, groups, size),
    )


@pytest.mark.parametrize("seed", range(6))
def test_quantiles_by_group_and_replication_are_those_taken_one_by_one(seed):
    """They are found together in one sort; here each is found alone."""
    names, obs = censored(seed)
    whole = sample(obs, names, [], END)
    times, reached = obs.response_times()
    by = {(r.replication, r.measure, r.group): r.value for r in per_replication(whole)}
    found = table(summarise(whole))

    def alone(which, p):
        return quantile(times[which], reached[which], obs.replication[which], p, obs.replications)

    for measure, p in (("response_median", 0.5), ("response_p90", 0.9)):
        for replication in range(obs.replications):
            for kind, word in enumerate(names.kinds):
                which = (obs.kind == kind) & (obs.replication == replication)
                value = alone(which, p).value
                expected = None if value is None else value / 60_000
                assert by.get((replication, measure, f"kind:{word}")) == expected
    for hour in range(4):
        one, row = alone(obs.hour == hour, 0.9), found["response_p90", f"hour:{hour:02d}"]
        for expected, value in ((one.value, row.value), (one.low, row.low), (one.high, row.high)):
            assert value == (None if expected is None else expected / 60_000)


@pytest.mark.parametrize("seed", range(3))
def test_sums_by_group_are_those_counted_one_by_one(seed):
    names, obs = censored(seed)
    found = values(summarise(sample(obs, names, TARGETS, END)))

    for group, which in (
        ("all", obs.kind >= 0),
        ("kind:b", obs.kind == 1),
        ("priority:1", obs.priority == 1),
        ("area:y", obs.place == 1),
        ("hour:02", obs.hour == 2),
    ):
        reached = which & (obs.response >= 0)
        mean = obs.response[reached].sum() / reached.sum() / 60_000
        assert found["response_mean_reached", group] == pytest.approx(mean, rel=1e-11)
        assert found["callouts", group] == pytest.approx(12 * which.sum() / 9)


def test_a_sample_is_read_once_for_all_tables_and_let_go_with_it():
    """Reading costs more than all the tables made from it, and holds on to arrays."""
    obs, names = toy(8, slow=0, replications=3)
    whole = sample(obs, names, TARGETS, END)
    kept = len(_kept)

    assert read(whole) is read(whole)
    assert len(_kept) == kept + 1
    del whole
    gc.collect()
    assert len(_kept) <= kept


def test_reading_outcomes_loads_no_engine_no_plots_and_no_scipy():
    code = (
        "import sys, sim.outcomes, sim.theory; "
        "print([m for m in ('simpy', 'matplotlib', 'scipy', 'pydantic') if m in sys.modules])"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout

    assert shown.strip() == "[]"
