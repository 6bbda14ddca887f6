"""A log of two hours, every column worked out on paper."""

import numpy as np
import pytest

from sim.errors import SimError
from sim.local_clock import LocalClock
from sim.log import MS_PER_DAY, MS_PER_HOUR, CalloutRow, MissionRow, Names, Outcome
from sim.outcomes import NEVER, OUTCOMES, observe, stack
from sim.outcomes.observed.columns import facts_named, plain, with_names
from sim.outcomes.observed.observations import FACTS
from sim.outcomes.observed.workload import stretches

from .worked import callout, ms


def minutes(column):
    return [value if value < 0 else value / 60_000 for value in column.tolist()]


def test_only_callouts_received_in_the_measured_period_are_rows(two_hours):
    assert two_hours.callout.tolist() == [1, 2, 3, 4]
    assert two_hours.key.tolist() == [1001, 1002, 1003, 1004]
    assert two_hours.kind.tolist() == [1, 0, 0, 1]
    assert two_hours.priority.tolist() == [2, 1, 1, 2]
    assert two_hours.place.tolist() == [1, 0, 2, 0]
    assert two_hours.teams.tolist() == [1, 1, 0, 0]
    assert two_hours.hour.tolist() == [6, 6, 6, 7]


def test_response_runs_from_received_to_first_team_on_scene(two_hours):
    assert minutes(two_hours.response) == [20, 65, -1, -1]


def test_elapsed_ends_on_scene_or_with_the_callout_or_with_the_run(two_hours):
    assert minutes(two_hours.elapsed) == [20, 65, 1, 20]


def test_wait_runs_from_ready_to_dispatched(two_hours):
    assert minutes(two_hours.queue_time) == [0, 48, -1, -1]
    assert minutes(two_hours.queue_time_known) == [0, 48, 0, 19]


def test_a_callout_still_being_handled_at_the_end_has_not_waited(names):
    clock = {"clock": LocalClock.fixed(0), "end": ms(120)}
    obs = observe([callout(0, 119, ready=125)], [], names=names, duty=[[], []], **clock)

    assert minutes(obs.queue_time_known) == [0]
    assert np.nansum(obs.pending_by_hour) == 0


def test_a_record_longer_than_the_measured_period_is_cut(names):
    clock = {"clock": LocalClock.fixed(0), "end": ms(120)}
    rows = [callout(0, 119, sent=119, reached=130, ended=140), callout(1, 120, sent=120)]
    obs = observe(rows, [], names=names, duty=[[], []], **clock)

    assert obs.callout.tolist() == [0]
    assert minutes(obs.response) == [11]


def test_an_unfinished_callout_that_was_reached_has_a_response(two_hours):
    outcomes = [OUTCOMES[code] for code in two_hours.outcome]

    assert outcomes == [Outcome.SERVED, Outcome.UNFINISHED, Outcome.LOST, Outcome.UNFINISHED]
    assert two_hours.response_times()[1].tolist() == [True, True, False, False]


def test_what_ended_unreached_is_never_reached_and_what_is_unfinished_not_yet(two_hours):
    times, _ = two_hours.response_times()

    assert times[2] == NEVER
    assert times[3] == 20 * 60_000


def test_missions_count_for_their_part_inside_the_period(two_hours):
    """A: 10-60 and 80-120. B: 7-80."""
    assert minutes(two_hours.committed[0]) == [90, 73]


def test_work_beyond_the_roster_is_overtime_and_on_duty(two_hours):
    """A: rostered to 90, on a mission to 120. B: rostered from 30, on a mission from 7."""
    assert minutes(two_hours.on_duty[0]) == [120, 113]


def test_hours_of_the_day_hold_mean_numbers(two_hours):
    """
    Minutes from 06:00 to 07:00 and from 07:00 to 08:00. Busy: A 50 and 40, B 53 and 20. On duty:
    A 60 and 60, B 53 and 60. Waiting: callout 0 of the warm-up 10; callout 2, 28 and 20;
    callout 4, 19.
    """
    assert two_hours.committed_by_hour[0, 6:8] == pytest.approx([103 / 60, 60 / 60])
    assert two_hours.on_duty_by_hour[0, 6:8] == pytest.approx([113 / 60, 120 / 60])
    assert two_hours.pending_by_hour[0, 6:8] == pytest.approx([38 / 60, 39 / 60])


def test_hours_that_the_period_does_not_touch_are_nan_and_not_zero(two_hours):
    untouched = np.delete(np.arange(24), [6, 7])

    assert np.isnan(two_hours.committed_by_hour[0, untouched]).all()


def test_overlapping_missions_of_a_real_record_are_counted_once(names):
    rows = [
        MissionRow(0, 0, 0, None, None, None, None, None, 50, "completed"),
        MissionRow(1, 0, 40, None, None, None, None, None, 70, "completed"),
        MissionRow(2, 1, 70, None, None, None, None, None, 100, "completed"),
        MissionRow(3, 0, 100, None, None, None, None, None, None, "unfinished"),
    ]

    obs = observe([], rows, names=names, clock=LocalClock.fixed(0), end=100, duty=[[], []])

    assert obs.committed.tolist() == [[70, 30]]
    assert obs.on_duty.tolist() == [[70, 30]]


def test_stacking_numbers_replications_in_order_even_those_without_callouts(two_hours, names):
    empty = observe(
        [], [], names=names, clock=LocalClock.fixed(0), end=2 * MS_PER_HOUR, duty=[[], []]
    )

    both = stack([two_hours, empty, two_hours])

    assert both.replications == 3
    assert both.replication.tolist() == [0, 0, 0, 0, 2, 2, 2, 2]
    assert both.committed.shape == both.on_duty.shape == (3, 2)
    assert both.pending_by_hour.shape == (3, 24)
    assert stack([stack([two_hours, empty]), two_hours]).replication.tolist() == (
        both.replication.tolist()
    )


def test_a_roster_short_of_teams_is_refused(names):
    with pytest.raises(SimError, match="rosters of 1 teams are given, but there are 2"):
        observe([], [], names=names, clock=LocalClock.fixed(0), end=1, duty=[[]])


def test_a_period_without_length_is_refused(names):
    with pytest.raises(SimError, match="0 ms long"):
        observe([], [], names=names, clock=LocalClock.fixed(0), end=0, duty=[[], []])


def test_replications_with_other_teams_are_not_stacked(two_hours):
    names = Names(("wounded",), (), (), ("A",), (), ())
    other = observe([], [], names=names, clock=LocalClock.fixed(0), end=1, duty=[[]])

    with pytest.raises(SimError, match="2 replications"):
        stack([two_hours, other])


def test_teams_are_counted_on_the_dates_of_the_run(two_hours):
    """Committed are 10 to 60, 80 to 120 and 7 to 80 minutes after the start."""
    assert (two_hours.teams_by_date["committed"] / 60_000).tolist() == [[50 + 53, 40 + 20]]


@pytest.mark.parametrize(("days", "hours"), [(2, 1), (28, 24), (365, 672), (3650, 672)])
def test_dates_are_told_in_stretches_of_round_length(days, hours):
    edges = stretches(LocalClock.fixed(0), days * MS_PER_DAY) / MS_PER_HOUR

    assert edges[1] == hours
    assert edges[-1] == 24 * days


@pytest.mark.parametrize("seed", range(8))
def test_workload_is_an_identity_on_any_log(seed):
    """Milliseconds are whole, so time by hour and time by team must agree to the last one."""
    rng = np.random.default_rng(seed)
    teams, end = 5, int(rng.integers(1, 4 * MS_PER_DAY))
    start_of_day = int(rng.integers(MS_PER_DAY))
    names = Names(("a",), ("x",), ("x",), tuple("ABCDE"), (), ())
    missions = [
        MissionRow(n, n % teams, at, None, None, None, None, None, done, "completed")
        for n, (at, done) in enumerate(_spans(rng, 200, end))
    ]
    waits = [
        CalloutRow(n, n, 0, 1, 0, at, at, done, None, None, None, None, Outcome.UNFINISHED, 0, None)
        for n, (at, done) in enumerate(_spans(rng, 50, end))
    ]
    duty = [[(at, done or end) for at, done in _spans(rng, 3, end)] for _ in range(teams)]

    obs = observe(
        waits, missions, names=names, clock=LocalClock.fixed(start_of_day), end=end, duty=duty
    )

    by_hour = _time_in_each_hour(start_of_day, end)
    assert (obs.committed <= obs.on_duty).all()
    assert (obs.on_duty <= end).all()
    assert np.nansum(obs.committed_by_hour * by_hour) == pytest.approx(
        obs.committed.sum(), rel=1e-12
    )
    assert np.nansum(obs.on_duty_by_hour * by_hour) == pytest.approx(obs.on_duty.sum(), rel=1e-12)
    assert obs.teams_by_date["committed"].sum() == obs.committed.sum()
    assert obs.teams_by_date["on_duty"].sum() == obs.on_duty.sum()
    in_queue = sum(
        max(0, min(end if row.dispatched is None else row.dispatched, end) - max(row.ready, 0))
        for row in waits
    )
    assert np.nansum(obs.pending_by_hour * by_hour) == pytest.approx(in_queue, rel=1e-12)


def _spans(rng, count, end):
    """Spans that may begin before the period, end after it, or have no end."""
    begin = rng.integers(-end, end, count).tolist()
    length = rng.integers(0, 2 * end, count).tolist()
    return [
        (at, None if n % 7 == 0 and at > 0 else at + long)
        for n, (at, long) in enumerate(zip(begin, length, strict=True))
    ]


def _time_in_each_hour(start_of_day, end):
    """Walk the period hour by hour."""
    passed = np.zeros(24)
    at = start_of_day
    while at < start_of_day + end:
        until = min((at // MS_PER_HOUR + 1) * MS_PER_HOUR, start_of_day + end)
        passed[at // MS_PER_HOUR % 24] += until - at
        at = until
    return passed


@pytest.mark.parametrize("shape", [(0,), (3,), (3, 0), (0, 2), (2, 4)])
def test_facts_are_kept_as_plain_numbers_in_the_order_of_their_names(shape):
    """Files hold no names, so that results of earlier versions are read by the same words."""
    names = facts_named("breaks", "nights", "overtime")
    numbers = np.arange(np.prod((*shape, 3), dtype=int)).reshape(*shape, 3)

    facts = with_names(names, numbers)

    assert facts.shape == shape
    assert facts["nights"].tolist() == numbers[..., 1].tolist()
    assert plain(facts).tolist() == numbers.tolist()
    assert plain(facts[::2]).tolist() == numbers[::2].tolist()


def test_names_of_facts_stand_in_the_order_that_files_have():
    """A file holds numbers alone: two names that change places would change what it says."""
    of_crews = (
        "on_call", "dispatched", "full_crews", "time_to_full", "short_crews", "lacking", "no_crews",
    )  # fmt: skip

    assert {column: names.names for column, names in FACTS.items()} == {
        "driving": ("to_scene", "to_hospital", "home", "relocation", "relocations"),
        "fuel": ("to_scene", "to_hospital", "home", "relocation", "on_scene", "without_fuel"),
        "depots": ("left", "taken", "empty", "first_empty"),
        "working_time": (
            "overtime", "longest_spell", "shortest_rest", "night_callouts", "breaks",
            "breaks_missed", "nights", "always",
        ),
        "crews": of_crews,
        "alerts": (
            "alerts", "accepted", "too_late", "callouts", "nights", "out", "most_alerts",
            "most_nights", "most_out", *of_crews,
        ),
        "disruptions": (
            "no_access", "no_access_time", "no_access_at_end", "closures_met", "closures_told",
            "refusals", "missions_refused", "missions_no_access", "staged", "staging_time",
            "missions_withdrawn", "explosive_hazards_found", "explosive_hazards_cleared",
            "clearance_time", "permitted", "permission_time", "held",
        ),
        "hospitals": ("received", "delayed"),
        "offload_delays": ("replication", "hospital", "time", "ended"),
        "teams_by_date": ("committed", "on_duty"),
    }  # fmt: skip
