"""What alerts ask of volunteers, worked out on paper: minutes from 21:00, a week is measured."""

from dataclasses import replace

import pytest

from sim.log import MS_PER_DAY, MS_PER_HOUR, Ending, Event, EventRow, MissionRow, Names
from sim.outcomes import OnCall, headline, observe, stack, summarise_people
from sim.outcomes.alerts import (
    ACCEPTED,
    ALERTS,
    CALLOUTS,
    DID_NOT_COME,
    FULL_CREWS,
    IN_TIME,
    LATE,
    NIGHTS,
    NO_ANSWER,
    NO_CREWS,
    REFUSED,
    SHORT_CREWS,
    TIME_TO_FULL,
    TOO_LATE,
)

from .worked import ms, sample

NAMES = Names(("job",), ("A",), ("A",), ("Crew", "Pump"), ("A",), ())
WEEK = 7 * MS_PER_DAY
CREW = OnCall(pool=0, minimum=2, leaves_after=ms(15), skilled=False)


def observed(events, dispatched=(), on_call=(CREW, None), pools=1):
    """
    One replication from (minute, what, callout, person) of team 0.

    ``dispatched`` are (minute, callout) of its missions.
    """
    rows = [EventRow(ms(at), what, 0, callout, who, None) for at, what, callout, who in events]
    missions = [
        MissionRow(n, 0, ms(at), None, None, None, None, None, ms(at + 60), Ending.COMPLETED)
        for at, n in dispatched
    ]
    return observe(
        [],
        missions,
        names=NAMES,
        start_of_day=21 * MS_PER_HOUR,
        end=WEEK,
        duty=[[(0, WEEK)]] * 2,
        events=rows,
        on_call=on_call,
        pools=pools,
    )


def facts(obs, *which, pool=0):
    return [obs.alerts[0, pool, each].item() for each in which]


# Four are alerted for callout 7 at minute 0, one more when one refuses. Two come and leave at 9;
# of the others one comes at 11, one never, and one has not answered.
ONE_CALL = [
    (0, Event.ALERTED, 7, 1), (0, Event.ALERTED, 7, 2), (0, Event.ALERTED, 7, 3),
    (0, Event.ALERTED, 7, 4),
    (1, Event.REFUSED, 7, 2), (1, Event.ALERTED, 7, 5),
    (2, Event.ACCEPTED, 7, 1), (2, Event.ACCEPTED, 7, 3), (3, Event.ACCEPTED, 7, 4),
    (4, Event.ACCEPTED, 7, 6),
    (6, Event.CAME, 7, 1), (9, Event.CAME, 7, 3), (11, Event.CAME_TOO_LATE, 7, 4),
    (9, Event.CREW_LEFT, 7, 2),
]  # fmt: skip


def test_every_alert_is_counted_with_what_became_of_it():
    """Person 6, who was alerted before the measured period, is not counted."""
    obs = observed(ONE_CALL, [(0, 7)])

    assert facts(obs, ALERTS, ACCEPTED, TOO_LATE, CALLOUTS) == [5, 3, 1, 1]
    assert obs.answers[0, 21, [IN_TIME, LATE, DID_NOT_COME, REFUSED, NO_ANSWER]].tolist() == [
        2, 1, 0, 1, 1,
    ]  # fmt: skip
    assert obs.answers.sum() == 5


def test_who_accepts_and_is_never_seen_did_not_come():
    obs = observed([(0, Event.ALERTED, 7, 1), (2, Event.ACCEPTED, 7, 1)])

    assert obs.answers[0, 21, DID_NOT_COME] == 1


def test_a_crew_is_full_when_its_minimum_left_and_the_time_runs_from_dispatched():
    """Dispatched at 0, complete at 9. Alone after 15 min: short. With nobody: no crew."""
    events = [*ONE_CALL, (115, Event.CREW_LEFT, 8, 1), (215, Event.NOBODY_CAME, 9, 0)]
    obs = observed(events, [(0, 7), (100, 8), (200, 9)])

    assert facts(obs, FULL_CREWS, SHORT_CREWS, NO_CREWS) == [1, 1, 1]
    assert facts(obs, TIME_TO_FULL) == [ms(9)]


def test_two_who_left_at_the_last_moment_are_short_only_where_a_skill_is_asked_for():
    """The log does not say who has it; had they been complete, they had left before."""
    events, sent = [(15, Event.CREW_LEFT, 7, 2)], [(0, 7)]

    plain = observed(events, sent)
    skilled = observed(events, sent, on_call=(CREW._replace(skilled=True), None))

    assert facts(plain, FULL_CREWS, SHORT_CREWS) == [1, 0]
    assert facts(skilled, FULL_CREWS, SHORT_CREWS) == [0, 1]


def test_a_team_sent_twice_to_a_callout_gathers_twice():
    """The second time in 4 min, not in 104."""
    events = [(15, Event.NOBODY_CAME, 7, 0), (104, Event.CREW_LEFT, 7, 2)]
    obs = observed(events, [(0, 7), (100, 7)])

    assert facts(obs, NO_CREWS, FULL_CREWS, TIME_TO_FULL) == [1, 1, ms(4)]


def test_a_night_is_disturbed_once_for_each_person_however_often():
    """
    It begins at 22:00, minute 60, and ends at 06:00, minute 540. Person 1 is alerted at 21:59, at
    22:00, after midnight, at 05:59 and at 06:00: one night. Person 2 at 23:00 of two nights.
    """
    minutes = [(59, 1), (60, 1), (200, 1), (539, 1), (540, 1), (120, 2), (120 + 1440, 2)]
    obs = observed([(at, Event.ALERTED, n, who) for n, (at, who) in enumerate(minutes)])

    assert facts(obs, NIGHTS) == [3]


def test_pools_are_counted_apart_and_what_is_beyond_the_period_is_not():
    """One pool is never alerted; an alert at the end of the period is outside it."""
    events = [(0, Event.ALERTED, 1, 1), (7 * 1440, Event.ALERTED, 2, 1)]
    obs = observed(events, on_call=(CREW._replace(pool=1), None), pools=2)

    assert facts(obs, ALERTS, pool=0) == [0]
    assert facts(obs, ALERTS, pool=1) == [1]


def test_volunteers_have_no_overtime_and_no_longest_duty():
    """They wait at home; their hours on call are not hours on duty."""
    obs = observe(
        [],
        [MissionRow(0, 0, 0, None, None, None, None, None, ms(90), Ending.COMPLETED)],
        names=NAMES,
        start_of_day=0,
        end=WEEK,
        duty=[[(0, ms(60))], [(0, WEEK)]],
        on_call=(CREW, None),
        pools=1,
    )

    assert obs.duties[0, :, :3].tolist() == [[0, -1, -1]] * 2


def pooled(obs, people=10):
    own = sample(obs, NAMES, [], WEEK)
    return replace(own, standards=replace(own.standards, pools=(("Town", people),)))


def test_the_table_of_people_tells_each_pool_by_the_week():
    """
    Two weeks: in one a call of five alerts, three accepted, one late, complete after 9 min; in the
    other nothing. Of 10 volunteers, person 1 is disturbed in one night of one week.
    """
    night = [(70, Event.ALERTED, 8, 1)]
    found = stack([observed(ONE_CALL + night, [(0, 7)]), observed([])])

    rows = {(r.measure, r.group): r.value for r in summarise_people(pooled(found))}

    assert {group for _, group in rows} == {"volunteers:Town"}
    assert {measure: value for (measure, _), value in rows.items()} == {
        "alerts": 3,
        "alerts_per_callout": 3,
        "share_accepted": 0.5,
        "redundant": 0.5,
        "time_to_full_crew": 9,
        "short_crews": 0,
        "no_crew": 0,
        "nights_disturbed": 0.05,
    }


def test_alerts_are_compared_by_the_day_and_nights_by_person_and_week():
    found = observed([*ONE_CALL, (70, Event.ALERTED, 8, 1)])

    rows = {r.measure: (r.value, r.unit) for r in headline(pooled(found))}

    assert rows["alerts"] == (pytest.approx(6 / 7), "per day")
    assert rows["redundant"] == (pytest.approx(1 / 7), "per day")
    assert rows["nights_disturbed"] == (0.1, "per week")
    assert "overtime" not in rows
