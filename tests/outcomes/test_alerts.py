"""What alerts ask of volunteers, worked out on paper: minutes from 21:00, a week is measured."""

from dataclasses import replace

import pytest

import sim
from sim.local_clock import LocalClock
from sim.log import MS_PER_DAY, MS_PER_HOUR, Ending, Event, EventRow, MissionRow, Names
from sim.outcomes import OnCallTeam, headline, observe, stack, summarise_staff
from sim.outcomes.observed.alerts import DECLINED, DID_NOT_ARRIVE, IN_TIME, LATE, NO_ANSWER

from ..worlds import file_of, hand_worked
from .worked import ms, sample

NAMES = Names(("job",), ("A",), ("A",), ("Crew", "Pump"), ("A",), ())
WEEK = 7 * MS_PER_DAY
CREW = OnCallTeam(pool=0, minimum=2, assembly_timeout=ms(15))
DRIVER, MEDIC = 1, 2  # capabilities, a bit each


def observed(events, dispatched=(), on_call=(CREW, None), pools=1, back=()):
    """
    One replication from (minute, what, callout, person) of team 0.

    ``dispatched`` are (minute, callout) of its missions, an hour each, or with their length;
    ``back`` are drives home, from and until.
    """
    rows = [EventRow(ms(at), what, 0, callout, who, None) for at, what, callout, who in events]
    rows += [EventRow(ms(a), Event.RETURNING, 0, None, None, ms(b)) for a, b in back]
    missions = [
        MissionRow(
            n, 0, ms(at), None, None, None, None, None, ms(at + (*more, 60)[0]), Ending.COMPLETED
        )
        for at, n, *more in dispatched
    ]
    return observe(
        [],
        missions,
        names=NAMES,
        clock=LocalClock.fixed(21 * MS_PER_HOUR),
        end=WEEK,
        duty=[[(0, WEEK)]] * 2,
        events=rows,
        on_call=on_call,
        pools=pools,
    )


def facts(obs, *which, pool=0):
    return [obs.alerts[each][0, pool].item() for each in which]


def gathered(obs, *which):
    """Facts of the team; the pool has the same, because it is its only one."""
    found = [obs.crews[each][0, 0].item() for each in which]
    assert found == [obs.alerts[each][0, 0].item() for each in which]
    return found


# Four are alerted for callout 7 at minute 0, one more when one refuses. Two come and leave at 9;
# of the others one comes at 11, one never, and one has not answered.
ONE_CALL = [
    (0, Event.ALERTED, 7, 1), (0, Event.ALERTED, 7, 2), (0, Event.ALERTED, 7, 3),
    (0, Event.ALERTED, 7, 4),
    (1, Event.DECLINED, 7, 2), (1, Event.ALERTED, 7, 5),
    (2, Event.ACCEPTED, 7, 1), (2, Event.ACCEPTED, 7, 3), (3, Event.ACCEPTED, 7, 4),
    (4, Event.ACCEPTED, 7, 6),
    (6, Event.ARRIVED, 7, 1), (9, Event.ARRIVED, 7, 3), (11, Event.ARRIVED_TOO_LATE, 7, 4),
    (9, Event.CREW_TURNED_OUT, 7, 2),
]  # fmt: skip


def test_every_alert_is_counted_with_what_became_of_it():
    """Person 6, who was alerted before the measured period, is not counted."""
    obs = observed(ONE_CALL, [(0, 7)])

    assert facts(obs, "alerts", "accepted", "too_late", "callouts") == [5, 3, 1, 1]
    replies = [IN_TIME, LATE, DID_NOT_ARRIVE, DECLINED, NO_ANSWER]
    assert obs.alert_replies[0, 21, replies].tolist() == [2, 1, 0, 1, 1]
    assert obs.alert_replies.sum() == 5


def test_who_accepts_and_is_never_seen_did_not_come():
    obs = observed([(0, Event.ALERTED, 7, 1), (2, Event.ACCEPTED, 7, 1)])

    assert obs.alert_replies[0, 21, DID_NOT_ARRIVE] == 1


def test_a_crew_is_full_when_its_minimum_left_and_the_time_runs_from_dispatched():
    """Dispatched at 0, complete at 9. Alone after 15 min: short. With nobody: no crew."""
    events = [*ONE_CALL, (115, Event.CREW_TURNED_OUT, 8, 1), (215, Event.NO_CREW_ASSEMBLED, 9, 0)]
    obs = observed(events, [(0, 7), (100, 8), (200, 9)])

    assert gathered(obs, "full_crews", "short_crews", "no_crews") == [1, 1, 1]
    assert gathered(obs, "time_to_full") == [ms(9)]


@pytest.mark.parametrize(
    ("required", "came", "full", "short", "lacking"),
    [
        (0, (1, 2), 1, 0, 0),
        (DRIVER, (1, 2), 1, 0, 0),  # person 1 drives
        (DRIVER, (2, 3), 0, 1, 1),  # enough people, and nobody who does
        (DRIVER | MEDIC, (1, 2), 0, 1, 1),  # one of two capabilities
        (DRIVER | MEDIC, (1, 4), 1, 0, 0),  # both, in two people
        (DRIVER, (1,), 0, 1, 0),  # too few, but not without
        (DRIVER, (4,), 0, 1, 1),  # both
    ],
)
def test_a_crew_that_leaves_without_a_required_capability_is_counted(
    required, came, full, short, lacking
):
    """
    They come at minute 4 and leave when they can wait no longer. Of the pool person 1 drives and
    person 4 is a medic.
    """
    own = CREW._replace(required=required, capabilities=(0, DRIVER, 0, 0, MEDIC))
    events = [(0, Event.ALERTED, 7, who) for who in (1, 2, 3, 4)]
    events += [(4, Event.ARRIVED, 7, who) for who in came] + [
        (15, Event.CREW_TURNED_OUT, 7, len(came))
    ]

    obs = observed(events, [(0, 7)], on_call=(own, None))

    assert gathered(obs, "full_crews", "short_crews", "lacking") == [full, short, lacking]


def test_who_came_too_late_is_not_in_the_crew():
    """The driver is at the base at 16, and the crew has left at 15."""
    own = CREW._replace(required=DRIVER, capabilities=(0, DRIVER, 0, 0))
    events = [
        (4, Event.ARRIVED, 7, 2),
        (5, Event.ARRIVED, 7, 3),
        (15, Event.CREW_TURNED_OUT, 7, 2),
        (16, Event.ARRIVED_TOO_LATE, 7, 1),
    ]

    obs = observed(events, [(0, 7)], on_call=(own, None))

    assert gathered(obs, "short_crews", "lacking") == [1, 1]


def test_what_the_engine_lets_leave_without_a_driver_is_counted():
    """
    Of four people the first drives, and two teams want two with a driver. One takes the driver
    along at 5; Two's people are there at 6, wait for a third until 21, and leave without.
    """
    on_call = "{volunteers: town, minimum: 2, capabilities: [driver], assembly_timeout: 20 min}"
    text = hand_worked(
        "00:00 A job 60",
        "00:01 A job 60",
        teams=f"One: {{base: A, crew: 2, on_call: {on_call}}}\n"
        f"Two: {{base: A, crew: 2, on_call: {on_call}}}",
        rest="volunteers: {town: {people: 4, capabilities: {driver: 1}, acceptance: 100%, "
        "answer_delay: 1 min, travel_to_base: 4 min}}",
    )
    study = sim.run_study(sim.design_of([file_of(text, {("study", "replications"): 1})]))

    crews = study.observations[study.baseline].crews[0]

    assert crews[["full_crews", "short_crews", "lacking"]].tolist() == [(1, 0, 0), (0, 1, 1)]
    assert crews["time_to_full"].tolist() == [ms(5), 0]


def test_a_team_sent_twice_to_a_callout_gathers_twice():
    """The second time in 4 min, not in 104."""
    events = [(15, Event.NO_CREW_ASSEMBLED, 7, 0), (104, Event.CREW_TURNED_OUT, 7, 2)]
    obs = observed(events, [(0, 7), (100, 7)])

    assert gathered(obs, "no_crews", "full_crews", "time_to_full") == [1, 1, ms(4)]


def test_a_night_is_disturbed_once_for_each_person_however_often():
    """
    It begins at 22:00, minute 60, and ends at 06:00, minute 540. Person 1 is alerted at 21:59, at
    22:00, after midnight, at 05:59 and at 06:00: one night. Person 2 at 23:00 of two nights.
    """
    minutes = [(59, 1), (60, 1), (200, 1), (539, 1), (540, 1), (120, 2), (120 + 1440, 2)]
    obs = observed([(at, Event.ALERTED, n, who) for n, (at, who) in enumerate(minutes)])

    assert facts(obs, "nights") == [3]


def test_pools_are_counted_apart_and_what_is_beyond_the_period_is_not():
    """One pool is never alerted; an alert at the end of the period is outside it."""
    events = [(0, Event.ALERTED, 1, 1), (7 * 1440, Event.ALERTED, 2, 1)]
    obs = observed(events, on_call=(CREW._replace(pool=1), None), pools=2)

    assert facts(obs, "alerts", pool=0) == [0]
    assert facts(obs, "alerts", pool=1) == [1]


def test_a_crew_on_call_has_hours_on_call_and_no_overtime_spell_or_rest():
    """Its people wait at home; on duty they are for the ninety minutes that they are out."""
    obs = observe(
        [],
        [MissionRow(0, 0, 0, None, None, None, None, None, ms(90), Ending.COMPLETED)],
        names=NAMES,
        clock=LocalClock.fixed(0),
        end=WEEK,
        duty=[[(0, ms(60))], [(0, WEEK)]],
        on_call=(CREW, None),
        pools=1,
    )

    assert obs.working_time[0, 0].tolist()[:3] == (0, -1, -1)
    assert obs.crews["on_call"][0].tolist() == [ms(60), -1]
    assert obs.crews["dispatched"][0].tolist() == [1, 0]
    assert obs.on_duty[0].tolist() == [ms(90), WEEK]


def test_a_person_is_out_from_accepting_an_alert_until_the_crew_is_free():
    """
    Of the crew that left at 9 and was free at 60 both accepted at 2: 58 min each. Who came at 11
    had accepted at 3, and went home: 8 min. Who refused, did not answer or did not come: nothing.
    """
    obs = observed(ONE_CALL, [(0, 7)])

    assert facts(obs, "most_out", "out") == [ms(58), ms(58 + 58 + 8)]


def test_a_drive_home_during_which_the_crew_cannot_be_sent_keeps_its_people_out():
    obs = observed(ONE_CALL, [(0, 7)], back=[(60, 80)])

    assert facts(obs, "most_out") == [ms(78)]


def test_a_crew_that_is_sent_on_from_the_road_is_out_until_the_last_of_it():
    """From 60 to 100 at the next callout, from 110 to 130 at a third; a new crew gathers at 300."""
    events = [*ONE_CALL, (300, Event.ALERTED, 10, 8)]
    obs = observed(events, [(0, 7), (60, 8, 40), (110, 9, 20), (300, 10)])

    assert facts(obs, "most_out") == [ms(128)]


def test_a_crew_that_is_called_off_while_it_gathers_is_free_then_and_who_is_late_when_there():
    """Called off at 20: who came at 6 waited there, and who is there at 25 turns round at once."""
    events = [(0, Event.ALERTED, 7, who) for who in (1, 2)]
    events += [(2, Event.ACCEPTED, 7, who) for who in (1, 2)]
    events += [(6, Event.ARRIVED_TOO_LATE, 7, 1), (25, Event.ARRIVED_TOO_LATE, 7, 2)]

    obs = observed(events, [(0, 7, 20)])

    assert facts(obs, "most_out", "out") == [ms(23), ms(18 + 23)]


def test_the_most_burdened_is_looked_for_in_each_respect():
    """Person 1 has three alerts in one night, person 2 two alerts in two nights."""
    minutes = [(60, 1), (100, 1), (200, 1), (120, 2), (120 + 1440, 2)]
    obs = observed([(at, Event.ALERTED, n, who) for n, (at, who) in enumerate(minutes)])

    assert facts(obs, "most_alerts", "most_nights", "nights") == [3, 2, 3]


def pooled(obs, people=10):
    own = sample(obs, NAMES, [], WEEK)
    return replace(own, standards=replace(own.standards, pools=(("Town", people),)))


def test_the_table_of_staff_tells_each_pool_by_the_week():
    """
    Two weeks: in one a call of five alerts, three accepted, one late, complete after 9 min; in the
    other nothing. Of 10 volunteers, person 1 is disturbed in one night of one week, alerted twice
    and out for 58 min; all together are out for 124.
    """
    night = [(70, Event.ALERTED, 8, 1)]
    found = stack([observed(ONE_CALL + night, [(0, 7)]), observed([])])

    rows = {(r.measure, r.group): r.value for r in summarise_staff(pooled(found))}

    own = {m: value for (m, group), value in rows.items() if group == "volunteers:Town"}
    assert own == {
        "alerts": 3,
        "alerts_most": 1,
        "alerts_per_callout": 3,
        "share_accepted": 0.5,
        "arrived_too_late": 0.5,
        "time_to_full_crew": 9,
        "short_crews": 0,
        "no_crew_assembled": 0,
        "nights_disturbed": 0.05,
        "nights_disturbed_most": 0.5,
        "hours_out": pytest.approx(124 / 60 / 2 / 10),
        "hours_out_most": pytest.approx(58 / 60 / 2),
    }


def test_the_table_of_staff_tells_crews_on_call_apart_from_those_on_duty():
    """
    One week, all of it on call; turned out for an hour once, at 21:00, short of a capability. The
    other crew is always on duty.
    """
    own = CREW._replace(required=DRIVER, capabilities=(0,) * 8)
    obs = observed(ONE_CALL, [(0, 7)], on_call=(own, None))
    standards = replace(pooled(obs).standards, asks_capabilities=True)

    rows = summarise_staff(replace(pooled(obs), standards=standards))
    found = {r.measure: r.value for r in rows if r.group == "team:Crew"}
    pump = {r.measure: r.value for r in rows if r.group == "team:Pump"}

    assert found == {
        "hours_on_call": pytest.approx(168),
        "hours_turned_out": pytest.approx(1),
        "share_turned_out": pytest.approx(1 / 168),
        "callouts_on_call": 1,
        "night_callouts": 0,
        "short_crews": 1,
        "crews_without_capability": 1,
        "no_crew_assembled": 0,
    }
    assert (pump["hours_on_duty"], pump["always_on_duty"], pump["shortest_rest"]) == (168, 1, 0)
    assert {r.value for r in rows if r.measure == "crews_without_capability"} == {1}


def test_alerts_are_compared_by_the_day_and_nights_by_person_and_week():
    found = observed([*ONE_CALL, (70, Event.ALERTED, 8, 1)])

    rows = {r.measure: (r.value, r.unit) for r in headline(pooled(found))}

    assert rows["alerts"] == (6, "per week")
    assert rows["arrived_too_late"] == (1, "per week")
    assert rows["nights_disturbed"] == (0.1, "per week")
    assert rows["nights_disturbed_most"] == (1, "per week")
    assert "overtime" not in rows
