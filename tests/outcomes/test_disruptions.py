"""What stood in the way, worked out on paper: minutes from 00:00, two days are measured."""

import numpy as np
import pytest

from sim.local_clock import LocalClock
from sim.log import MS_PER_DAY, Ending, Event, EventRow, MissionRow, Names, Outcome
from sim.outcomes import (
    OPTIONAL_COLUMNS,
    Disruption,
    Sample,
    Standards,
    compare,
    headline,
    observe,
    stack,
    summarise_disruptions,
    unknown,
)
from sim.outcomes.observed.columns import plain
from sim.outcomes.observed.disruption_counts import rescue_times, without

from .worked import callout, ms

NAMES = Names(
    ("wounded", "recovery"), ("A", "B"), ("A", "B"), ("One", "Two"), ("A",), ("Near", "Abroad"),
    closures=("bridge",), checkpoints=("gate",),
)  # fmt: skip
END = 2 * MS_PER_DAY
EVERYTHING = frozenset(word for name, word in vars(Disruption).items() if name.isupper())


def event(at, what, *, team=None, number=None, who=None, until=None):
    return EventRow(ms(at), what, team, number, who, ms(until))


def mission(number, team, sent, cleared, ending=Ending.COMPLETED, **more):
    """A mission; ``reached``, ``left``, ``at`` and ``hospital`` may be given."""
    instants = [ms(more.get(name)) for name in ("reached", "left", "at")]
    return MissionRow(
        number, team, ms(sent), ms(sent), *instants, more.get("hospital"), ms(cleared), ending
    )


def observed(callouts=(), missions=(), events=(), disrupted=True, rescue=False):
    return observe(
        callouts, missions, names=NAMES, clock=LocalClock.fixed(0), end=END, duty=[[(0, END)]] * 2,
        events=events, disrupted=disrupted, rescue=rescue,
    )  # fmt: skip


def sample(obs, name="a", asked=EVERYTHING, **standards):
    own = Standards((), {}, 60_000, 0.02, ms(60), 0.005, disruptions=asked, **standards)
    return Sample(name, obs, NAMES, own, END, tuple(range(obs.replications)))


def found(obs, group="all", **standards):
    """Return the measures of a group by name."""
    rows = summarise_disruptions(sample(obs, **standards))
    return {row.measure: row.value for row in rows if row.group == group}


def test_a_callout_without_access_counts_from_then_until_there_is_access():
    """Callout 0 waits so from 100 to 160; the log has no row of 1, received in the warm-up."""
    rows = [callout(0, 90, sent=170, reached=180, ended=200)]
    events = [
        event(100, Event.NO_ACCESS, number=0, who=1),
        event(100, Event.NO_ACCESS, number=1, who=1),
        event(160, Event.ACCESS_AGAIN, number=0, who=1),
    ]

    values = found(observed(rows, events=events))

    assert (values["no_access_callouts"], values["no_access_hours"]) == (1, 1)
    assert values["no_access_at_end"] == 0


def test_one_still_without_access_when_the_run_ends_counts_until_then_and_by_day():
    """Two days end at minute 2880. From 1380 on it waits 60 min of the first and all the second."""
    obs = observed([callout(0, 1380)], events=[event(1380, Event.NO_ACCESS, number=0, who=1)])
    values = found(obs)

    assert (values["no_access_hours"], values["no_access_at_end"]) == (25, 1)
    assert (obs.no_access_by_day / 3_600_000).tolist() == [[1, 24]]


def test_time_with_a_team_on_its_way_and_after_abandoning_is_not_without_access():
    """Cut off at 0, abandoned at 150; a team was on it from 30 to 60: 120 min are left."""
    rows = [callout(0, 0, sent=30, ended=150, outcome=Outcome.ABANDONED)]
    missions = [mission(0, 0, 30, 60, Ending.NO_ACCESS)]

    values = found(observed(rows, missions, [event(0, Event.NO_ACCESS, number=0, who=1)]))

    assert values["no_access_hours"] == 2
    assert (values["missions_no_access"], values["no_access_at_end"]) == (1, 0)


def test_without_leaves_the_parts_that_nothing_covers():
    assert without((0, 10), [(8, 12), (2, 3), (2, 5)]) == [(0, 2), (5, 8)]
    assert without((0, 10), [(-5, 20)]) == []
    assert without((0, 10), []) == [(0, 10)]


def test_roads_and_checkpoints_are_counted_by_event_and_by_how_missions_end():
    """A refused mission that ends after the run, or in the warm-up, is not counted."""
    events = [
        event(5, Event.MET_CLOSURE, team=0, number=0, who=0),
        event(5, Event.TOLD_OF_CLOSURE, team=1, number=1, who=0),
        event(6, Event.TOLD_OF_CLOSURE, team=0, number=2, who=0),
        event(9, Event.REFUSED_AT_CHECKPOINT, team=0, number=0, who=0),
        event(5, Event.CLOSURE_KNOWN, who=0),
    ]
    missions = [
        mission(0, 0, 0, 9, Ending.REFUSED_AT_CHECKPOINT),
        mission(1, 1, -20, -5, Ending.REFUSED_AT_CHECKPOINT),
        mission(2, 1, 20, 45, Ending.WITHDRAWN),
    ]

    values = found(observed([callout(n, 0) for n in range(3)], missions, events))

    assert [values[name] for name in ("closures_met", "closures_told", "refusals")] == [
        1, 2, 1,
    ]  # fmt: skip
    assert (values["missions_refused"], values["missions_withdrawn"]) == (1, 1)


def test_a_team_stages_until_the_scene_is_safe_or_its_mission_ends():
    """Thirty minutes, and of sixty meant the fifteen until it was sent on to another callout."""
    events = [
        event(10, Event.STAGED, team=0, number=0, until=40),
        event(10, Event.STAGED, team=1, number=1, until=70),
    ]
    missions = [mission(0, 0, 0, 90, reached=40), mission(1, 1, 0, 25, Ending.REASSIGNED)]

    values = found(observed([callout(0, 0), callout(1, 0)], missions, events))

    assert (values["staged"], values["staging_hours"]) == (2, 0.75)


def test_a_device_is_timed_from_found_to_cleared_and_one_not_cleared_is_counted():
    events = [
        event(10, Event.EXPLOSIVE_HAZARD_FOUND, team=0, number=0),
        event(60, Event.EXPLOSIVE_HAZARD_CLEARED, team=1, number=0),
        event(20, Event.EXPLOSIVE_HAZARD_FOUND, team=0, number=1),
    ]

    values = found(observed([callout(0, 0), callout(1, 0)], events=events))

    assert [
        values[n]
        for n in (
            "explosive_hazards_found",
            "explosive_hazards_cleared",
            "explosive_hazard_clearance_mean",
        )
    ] == [2, 1, 50]


def test_exposure_is_summed_in_person_hours_and_by_team():
    """Two hours and one, in person-seconds; the unit is declared, not measured."""
    events = [
        event(60, Event.EXPOSED, team=0, number=0, who=7200),
        event(90, Event.EXPOSED, team=1, number=0, who=3600),
        event(-5, Event.EXPOSED, team=1, number=0, who=3600),
    ]
    obs = observed(events=events)

    assert found(obs)["exposure"] == 3
    assert [found(obs, f"team:{name}")["exposure"] for name in NAMES.teams] == [2, 1]


def test_permission_and_being_held_are_counted_of_callouts_of_the_period():
    rows = [callout(0, 0, ready=30), callout(1, 0, ready=90)]
    events = [
        event(0, Event.AWAITS_PERMISSION, number=0, until=30),
        event(0, Event.AWAITS_PERMISSION, number=1, until=90),
        event(0, Event.AWAITS_PERMISSION, number=7, until=900),
        event(30, Event.HELD, number=0, until=60),
    ]

    values = found(observed(rows, events=events))

    assert (values["permission_wait"], values["held"]) == (60, 1)


def test_deferred_work_tells_its_mean_wait_and_the_longest_of_those_that_wait_still():
    """Waits of 20 and 40 have a mean of 30; the third waits from 2780 to the end, 100 min."""
    rows = [
        callout(0, 0, kind=1, sent=20), callout(1, 0, ready=10, kind=1, sent=50),
        callout(2, 2780, kind=1), callout(3, 0, sent=500),
    ]  # fmt: skip

    values = found(observed(rows), deferrable=frozenset(["recovery"]))

    assert (values["deferred_queue_time_mean"], values["deferred_queue_time_longest"]) == (30, 100)


def test_hospitals_tell_who_came_who_waited_and_how_long():
    """Three of four came to Near; two of them waited 10 and 30. Abroad is outside."""
    missions = [
        mission(n, 0, 0, 90, reached=5, left=10, at=20 + n, hospital=n // 3) for n in range(4)
    ]
    missions.append(mission(4, 0, 0, None, reached=5, left=10, hospital=0))  # on its way at the end
    events = [
        event(21, Event.OFFLOAD_DELAY, team=0, number=1, who=0, until=31),
        event(22, Event.OFFLOAD_DELAY, team=1, number=2, who=0, until=52),
    ]
    obs = observed([], missions, events)
    near, all_ = found(obs, "hospital:Near"), found(obs, referrals=frozenset(["Abroad"]))

    assert near == {
        "taken": 0.75, "share_offload_delayed": pytest.approx(2 / 3), "offload_delay_mean": 20,
        "offload_delay_p90": 30,
    }  # fmt: skip
    assert (all_["share_offload_delayed"], all_["referred"]) == (0.5, 0.25)
    assert found(obs, "hospital:Abroad")["taken"] == 0.25


def test_replications_stack_and_each_offload_delay_keeps_its_own():
    """Otherwise an interval over replications would take all waits for those of the first."""
    waits = [event(0, Event.OFFLOAD_DELAY, team=0, number=0, who=0, until=10)]
    empty, one = observed(), observed(events=waits)

    both = stack([one, empty, one])

    assert both.offload_delays["replication"].tolist() == [0, 2]
    assert both.disruptions.shape[0] == both.no_access_by_day.shape[0] == 3


def test_only_what_a_scenario_declares_is_told():
    obs = observed(events=[event(5, Event.REFUSED_AT_CHECKPOINT, team=0, number=0, who=0)])

    assert found(obs, asked=frozenset()) == {}
    assert set(found(obs, asked=frozenset([Disruption.PERMISSION]))) == set()
    assert found(obs, asked=frozenset([Disruption.ROADS]))["refusals"] == 1


def test_where_nobody_looks_nothing_is_kept_and_old_results_read_the_same():
    """Teams by date are kept of every run; results of before do not have them."""
    obs = observed(disrupted=False)

    for column in {*OPTIONAL_COLUMNS} - {"teams_by_date"}:
        assert not plain(getattr(obs, column)).any()
        assert np.array_equal(getattr(obs, column), unknown(column, 1))


def test_alternatives_are_compared_in_hours_without_access():
    """In each of two replications b saves one hour and two: one and a half on average."""

    def of(*minutes):
        return stack([
            observed([callout(0, 0)], events=[
                event(0, Event.NO_ACCESS, number=0, who=1),
                event(m, Event.ACCESS_AGAIN, number=0, who=1),
            ])
            for m in minutes
        ])  # fmt: skip

    rows = compare([sample(of(120, 240)), sample(of(60, 120), "b")])
    (row,) = (r for r in rows if r.measure == "no_access_hours")

    assert (row.difference, row.unit, row.group) == (-1.5, "h per run", "all")


def test_a_rescue_is_done_when_the_last_of_the_teams_on_scene_has_left_it():
    """One leaves for hospital at 50 and is cleared at 90, the other is cleared at 40."""
    missions = [
        mission(0, 0, 0, 90, reached=10, left=50, at=60, hospital=0),
        mission(0, 1, 0, 40, reached=20),
        mission(0, 1, 60, 70, Ending.STOOD_DOWN),
    ]

    assert rescue_times([callout(0, 0, ended=90)], missions) == {0: ms(50)}


@pytest.mark.parametrize(
    ("row", "missions", "done"),
    [
        (callout(0, 0), [mission(0, 0, 0, None, Ending.UNFINISHED, reached=5)], {}),
        (callout(0, 0), [mission(0, 0, 0, 30, Ending.BROKE_DOWN, reached=5)], {}),
        (
            callout(0, 0),
            [mission(0, 0, 0, None, Ending.UNFINISHED, reached=5, left=30, hospital=0)],
            {0: ms(30)},
        ),
        (
            callout(0, 0, ended=30, outcome=Outcome.DROPPED),
            [mission(0, 0, 0, 30, Ending.DROPPED, reached=5)],
            {},
        ),
        (callout(0, 0, ended=9, outcome=Outcome.ABANDONED), [], {}),
    ],
)
def test_a_rescue_that_was_not_done_is_not_counted_as_done(row, missions, done):
    """At work still; broken down and nobody else there; on the way to hospital; left; abandoned."""
    assert rescue_times([row], missions) == done


def test_survival_until_rescue_halves_with_the_time_to_the_end_of_the_work_on_scene():
    """
    Half-life 60 min from 0.8: a rescue after 60 is worth 0.4 for any response time; one abandoned
    0; of one that is still at work it is not known. The mean of the two is 0.2.
    """
    rows = [
        callout(0, 0, sent=5, reached=10, ended=60),
        callout(1, 0, ended=30, outcome=Outcome.ABANDONED),
        callout(2, 0, sent=5, reached=10),
    ]
    missions = [
        mission(0, 0, 5, 60, reached=10),
        mission(2, 1, 5, None, Ending.UNFINISHED, reached=10),
    ]
    obs = observed(rows, missions, rescue=True)
    standards = Standards(
        (), {"wounded": (0.8, ms(60))}, 60_000, 0.02, ms(60), 0.005, rescued=frozenset(["wounded"])
    )
    (row,) = headline(Sample("a", obs, NAMES, standards, END, (0,)), ["survival"])

    assert row.value == pytest.approx(0.2)
    assert obs.rescue.tolist() == [ms(60), -1, -1]
