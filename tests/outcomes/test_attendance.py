"""Full attendance, a time of its own where a callout may need more than the first team."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from sim.local_clock import LocalClock
from sim.log import Outcome
from sim.outcomes import needs_several, observe, stack, standards_of, summarise, unknown
from sim.scenario import find_scenario, read_scenario

from ..worlds import file_of, hand_worked
from .worked import callout, ms, sample, target

END = ms(120)


@pytest.fixture
def full(names):
    """
    Two hours. One callout has its first team after 10 min and all after 30, one all at once after
    12, one only a first team and ended so, one a first team after 5 and the run ends at 20.
    """
    rows = [
        callout(0, 0, sent=0, reached=10, ended=60, attended=30),
        callout(1, 10, sent=10, reached=22, ended=60, attended=22),
        callout(2, 20, sent=20, reached=25, ended=50),
        callout(3, 100, sent=100, reached=105),
    ]
    clock = {"clock": LocalClock.fixed(0), "end": END, "duty": [[], []]}
    return observe(rows, [], names=names, attendance=True, **clock)


def table(obs, names, *targets, attendance=True):
    own = sample(obs, names, targets, END)
    own = replace(own, standards=replace(own.standards, attendance=attendance))
    return {r.measure: r for r in summarise(own) if r.group == "all"}


def test_attendance_runs_from_received_to_all_that_is_needed(full):
    assert full.attendance.tolist() == [ms(30), ms(12), -1, -1]
    assert full.attending.tolist() == [ms(30), ms(12), ms(30), ms(20)]


def test_the_mean_counts_those_never_fully_attended_as_the_horizon(full, names):
    """
    After 30 and 12, never, and cut off after 20: the horizon is 60. Of the two that waited longer
    than 20, one is attended at 30, the other not up to 60: 20 + 10 + 30 / 2 for the one cut off.
    """
    found = table(full, names)

    assert found["attendance_restricted_mean"].value == (30 + 12 + 60 + 45) / 4
    assert found["attendance_restricted_mean"].unit == "min"
    assert found["never_attended"].value == 2
    assert found["response_mean_reached"].value == (10 + 12 + 5 + 5) / 4
    assert found["response_restricted_mean"].value == (10 + 12 + 5 + 5) / 4


def test_quantiles_count_those_never_fully_attended(full, names):
    """Of four, one never is: nine in ten is not reached."""
    assert table(full, names)["attendance_p90"].value is None


def test_a_target_for_full_attendance_is_judged_by_it(full, names):
    """
    Within 25 min: one of three; that of which the run knew 20 min only cannot be judged. Within
    20 it can, and is late. First teams were there within 20 min everywhere.
    """
    found = table(
        full,
        names,
        target("all in 25", 25, attendance="full"),
        target("all in 20", 20, attendance="full"),
        target("first in 20", 20),
    )

    assert found["share:all in 25"].value == pytest.approx(1 / 3)
    assert found["undetermined:all in 25"].value == 1
    assert found["share:all in 20"].value == 1 / 4
    assert found["undetermined:all in 20"].value == 0
    assert found["share:first in 20"].value == 1


def test_where_one_team_is_always_enough_nothing_is_added(full, names):
    """The tables of such a scenario stay as they were."""
    assert "attendance_restricted_mean" not in table(full, names, attendance=False)
    assert "never_attended" not in table(full, names, attendance=False)


def test_where_attendance_is_not_measured_nothing_is_said_of_it(names):
    """As where every callout needs one team."""
    clock = {"clock": LocalClock.fixed(0), "end": END, "duty": [[], []]}
    obs = observe([callout(0, 0, sent=0, reached=9, ended=20)], [], names=names, **clock)

    assert len(obs.attendance) == len(obs.attending) == 0
    assert "attendance_restricted_mean" not in table(obs, names)
    assert unknown("attendance", 3).shape == obs.attendance.shape
    assert unknown("working_time", 3).shape == (3, 0)
    assert unknown("alerts", 3).shape == (3, *obs.alerts.shape[1:])
    assert unknown("alert_replies", 3).shape == (3, *obs.alert_replies.shape[1:])


def test_replications_are_stacked_with_their_attendance(full):
    both = stack([full, full])

    assert both.attendance.tolist() == full.attendance.tolist() * 2
    assert both.working_time.shape == (2, *full.working_time.shape[1:])


def test_a_lost_callout_is_never_attended(names):
    row = callout(0, 0, ended=5, outcome=Outcome.LOST)
    obs = observe(
        [row], [], names=names, attendance=True, clock=LocalClock.fixed(0), end=END, duty=[[], []]
    )

    assert table(obs, names, target("all", 30, attendance="full"))["share:all"].value == 0


@pytest.mark.parametrize(
    ("teams", "kinds", "several"),
    [
        ("T: {base: A, crew: 4}", "job: {share: 100%, crew: 4}", False),
        ("T: {base: A, crew: 3, count: 2}", "job: {share: 100%, crew: 4}", True),
        ("T: {base: A, crew: 4}\nU: {base: A, crew: 2}", "job: {share: 100%, crew: 4}", True),
        ("T: {base: A, capabilities: [pump, medic]}", "job: {share: 100%, needs: [pump]}", False),
        (
            "T: {base: A, capabilities: [pump]}\nU: {base: A}",
            "job: {share: 100%, needs: [pump]}",
            False,
        ),
        (
            "T: {base: A, capabilities: [pump]}\nU: {base: A, capabilities: [medic]}",
            "job: {share: 100%, needs: [pump, medic]}",
            True,
        ),
        (
            "T: {base: A, capabilities: [pump], count: 2}",
            "job: {share: 100%, needs: [pump, pump]}",
            True,
        ),
    ],
)
def test_a_team_that_may_come_first_and_is_not_enough_makes_the_two_differ(teams, kinds, several):
    """A team without anything that is needed is not sent first, so it does not count."""
    text = hand_worked("00:00 A job", teams=teams, kinds=kinds)

    assert needs_several(file_of(text).scenario) is several


@pytest.mark.parametrize(
    ("more", "several"),
    [({}, False), ({"on_call": SimpleNamespace(capabilities=("medic",))}, True)],
)
def test_volunteers_may_leave_with_less_than_the_crew(more, several):
    scenario = SimpleNamespace(
        targets=[target("first", 9)],
        demand=SimpleNamespace(kinds={"job": SimpleNamespace(crew=2, needs=())}),
        teams={
            "T": SimpleNamespace(
                **{"crew": 4, "capabilities": (), "vehicles": (), "on_call": None} | more
            )
        },
        vehicles={},
    )

    assert needs_several(scenario) is several


def test_a_target_for_full_attendance_has_it_measured():
    text = hand_worked(
        "00:00 A job", rest="targets: [{name: all, within: 9 min, attendance: full}]"
    )

    assert needs_several(file_of(text).scenario)
    assert standards_of(file_of(text).scenario).attendance


def test_the_first_shipped_scenario_needs_one_team_a_callout():
    """So its tables are what they were."""
    assert not needs_several(read_scenario(find_scenario("textbook-mmc")).scenario)
