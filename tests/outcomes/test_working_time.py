"""What duty asks of crews, worked out on paper: hours from a Monday 00:00, a week is measured."""

import numpy as np
import pytest

from sim.local_clock import LocalClock
from sim.log import MS_PER_HOUR, Ending, Event, EventRow, MissionRow, Names
from sim.outcomes import compare, headline, observe, stack, summarise_staff

from .worked import sample

WEEK = 168


def h(hours):
    return round(hours * MS_PER_HOUR)


def mission(team, sent, cleared):
    sent, cleared = h(sent), None if cleared is None else h(cleared)
    return MissionRow(0, team, sent, sent, None, None, None, None, cleared, Ending.COMPLETED)


def event(at, what, team=0, until=None):
    return EventRow(h(at), what, team, None, None, None if until is None else h(until))


def observed(duty, missions=(), events=(), on_call=(), start_of_day=0, limited=False):
    """One replication of a week of teams with these hours on duty."""
    return observe(
        [],
        missions,
        names=names_of(duty),
        clock=LocalClock.fixed(h(start_of_day)),
        end=h(WEEK),
        duty=[[(h(a), h(b)) for a, b in own] for own in duty],
        events=events,
        on_call=on_call,
        limited=limited,
    )


def names_of(duty):
    return Names(("job",), ("A",), ("A",), tuple("TUVW"[: len(duty)]), ("A",), ())


def hours(obs, fact, team=0):
    value = obs.working_time[fact][0, team]
    return value if value < 0 else value / MS_PER_HOUR


def test_a_mission_that_outlasts_the_shift_is_overtime_and_shortens_the_rest():
    """On duty 8 to 20 on two days; on a mission from 19:30 to 21: 13 h, then 11 h until 8."""
    obs = observed([[(8, 20), (32, 44)]], [mission(0, 19.5, 21)])

    assert hours(obs, "overtime") == 1
    assert hours(obs, "longest_spell") == 13
    assert hours(obs, "shortest_rest") == 11


def test_overtime_of_overlapping_missions_is_counted_once():
    """After 20: on missions until 21 and from 20:30 until 22. Two hours."""
    obs = observed([[(8, 20)]], [mission(0, 19, 21), mission(0, 20.5, 22)])

    assert hours(obs, "overtime") == 2
    assert hours(obs, "longest_spell") == 14


def test_a_crew_that_was_on_duty_once_has_no_rest_between_duties():
    obs = observed([[(8, 20)]])

    assert hours(obs, "shortest_rest") == -1


def test_two_shifts_in_a_row_are_one_duty():
    """Whoever works the day and the night after it has worked 24 hours."""
    obs = observed([[(8, 20), (20, 32), (56, 60)]])

    assert hours(obs, "longest_spell") == 24
    assert hours(obs, "shortest_rest") == 24


def test_a_duty_begun_in_the_warm_up_counts_whole_and_one_that_ended_there_does_not():
    """The first ended at -10 and is not measured; of the rest from -10 to -6, nothing is either."""
    obs = observed([[(-40, -10), (-6, 6), (30, 34)]])

    assert hours(obs, "longest_spell") == 12
    assert hours(obs, "shortest_rest") == 24


def test_a_duty_that_the_run_cuts_off_counts_as_it_is_by_then():
    """From 160 on; the run ends at 168, the shift and the mission later."""
    obs = observed([[(0, 4), (160, 172)]], [mission(0, 166, None)])

    assert hours(obs, "longest_spell") == 8
    assert hours(obs, "overtime") == 0


def test_a_crew_always_on_duty_has_the_whole_run_as_its_spell_and_no_rest():
    """
    168 hours and the day of warm-up before them, with one shift or two; nobody knows who takes
    turns there, so no rest is made up, and what has no end has no overtime.
    """
    obs = observed([[(-24, WEEK)], [(-24, 84), (84, WEEK + 9)]], [mission(0, 1, 2)])

    for team in (0, 1):
        assert obs.on_duty[0, team] == h(WEEK)
        assert hours(obs, "longest_spell", team) == WEEK + 24
        assert hours(obs, "shortest_rest", team) == 0
        assert hours(obs, "overtime", team) == 0
        assert obs.working_time["always"][0, team] == 1


def test_a_crew_with_a_gap_of_an_hour_is_not_always_on_duty():
    obs = observed([[(-24, 84), (85, WEEK)]])

    assert obs.working_time["always"][0, 0] == 0
    assert hours(obs, "shortest_rest") == 1


def test_a_night_counts_from_three_hours_on_duty():
    """
    The run begins at 06:00. On duty until 00:59 of one night, from 03:00 in the next, for the
    whole third and, on a mission that outlasts the shift, until 01:30 of the fourth.
    """
    nights = [(6, 18.98), (45, 50), (63, 73), (80, 88)]
    obs = observed([nights], [mission(0, 87, 91.5)], start_of_day=6)

    assert obs.working_time["nights"][0, 0] == 3
    assert observed([[(6, 18.98)]], start_of_day=6).working_time["nights"][0, 0] == 0


def test_a_crew_always_on_duty_works_every_night_that_the_run_has_three_hours_of():
    """A week from 06:00 has seven; one from 00:00 six, six hours of one and two of another."""
    assert observed([[(0, WEEK)]], start_of_day=6).working_time["nights"][0, 0] == 7
    assert observed([[(0, WEEK)]]).working_time["nights"][0, 0] == 7


@pytest.mark.parametrize(
    "events",
    [
        [event(30, Event.ON_DUTY, until=42), event(42, Event.OFF_DUTY)],
        [event(42, Event.OFF_DUTY), event(30, Event.ON_DUTY)],
    ],
)
def test_a_team_that_is_called_in_is_on_duty_for_that_time(events):
    """On duty 8 to 20, called in 30 to 42, at work until 43: 13 h on the second, 10 h apart."""
    obs = observed([[(8, 20)]], [mission(0, 41, 43)], events)

    assert obs.on_duty[0, 0] == h(12 + 13)
    assert hours(obs, "overtime") == 1
    assert hours(obs, "longest_spell") == 13
    assert hours(obs, "shortest_rest") == 10


def test_a_team_called_in_without_a_word_of_its_end_stays_to_the_end():
    obs = observed([[]], events=[event(160, Event.ON_DUTY)])

    assert hours(obs, "longest_spell") == 8


def test_a_night_is_from_ten_to_six_by_the_local_clock():
    """The run begins at 06:00, so 22:00 is hour 16 and 06:00 is hour 24."""
    sent = [15.99, 16, 18, 23.99, 24, -6]
    obs = observed([[(0, 100)]], [mission(0, at, at + 0.1) for at in sent], start_of_day=6)

    assert obs.working_time["night_callouts"][0, 0] == 3


def test_breaks_are_counted_by_team():
    events = [
        event(12, Event.BREAK, until=12.5),
        event(36, Event.BREAK_MISSED),
        event(36, Event.BREAK_MISSED, team=1),
    ]
    obs = observed([[(8, 20)], [(8, 20)]], events=events)

    assert obs.working_time[["breaks", "breaks_missed"]][0].tolist() == [(1, 1), (0, 1)]


def test_a_mandatory_rest_is_no_duty_and_counts_as_far_as_the_roster_goes():
    """
    T is on from 0 to 24 and rests from 12 to 20, then from 30, in between shifts, to 40: its next
    begins at 36. That makes 8 + 4 hours of mandatory rest. U never rests: it is always on duty.
    """
    events = [
        event(12, Event.MANDATORY_REST, until=20),
        event(30, Event.MANDATORY_REST, until=40),
    ]
    duty = [[(0, 24), (36, 48)], [(-1, WEEK)]]
    obs = observed(duty, events=events, limited=True)

    found = {key: row.value for key, row in table(obs, duty).items()}

    assert (obs.resting / MS_PER_HOUR).tolist() == [[12, 0]]
    assert (obs.on_duty[0] / MS_PER_HOUR).tolist() == [24, WEEK]
    assert (hours(obs, "longest_spell"), hours(obs, "shortest_rest")) == (12, 8)
    assert found["mandatory_rest", "team:T"] == 12
    assert ("mandatory_rest", "team:T") not in table(observed(duty), duty)


@pytest.mark.parametrize("seed", range(6))
def test_overtime_and_roster_add_up_to_time_on_duty(seed):
    """Time on duty is the roster and what outlasts it, to the millisecond."""
    rng = np.random.default_rng(seed)
    starts = np.sort(rng.integers(-40, 170, (3, 6)))
    duty = [[(int(a), int(a) + 9) for a in own] for own in starts]
    sent = [(int(t), float(rng.uniform(-10, 160))) for t in rng.integers(0, 3, 40)]
    rows = [mission(t, at, at + float(rng.uniform(0, 20))) for t, at in sent]

    rostered, worked = observed(duty), observed(duty, rows)

    added = worked.on_duty - rostered.on_duty
    assert (worked.working_time["overtime"] == added).all()
    assert (worked.working_time["longest_spell"] >= rostered.working_time["longest_spell"]).all()


def table(obs, duty):
    rows = summarise_staff(sample(obs, names_of(duty), [], h(WEEK)))
    return {(r.measure, r.group): r for r in rows}


def test_the_table_of_staff_has_every_crew_with_means_over_replications():
    """
    Once 13 h with 1 of overtime and 11 h of rest, once 12 h with 12 h of rest; 24 h a week on
    duty, and the hour. A night call in the first week: half of one a week. One of two breaks. The
    other crew is always on duty, and is not left out.
    """
    duty = [[(8, 20), (32, 44)], [(-1, WEEK)]]
    events = [event(12, Event.BREAK, until=12.5), event(36, Event.BREAK_MISSED)]
    night = mission(0, 28, 29)._replace(team=1)
    both = stack([observed(duty, [mission(0, 19.5, 21), night], events), observed(duty)])

    found = {key: row.value for key, row in table(both, duty).items()}

    assert found == {
        ("hours_on_duty", "team:T"): pytest.approx(24.5),
        ("overtime", "team:T"): 0.5,
        ("longest_spell", "team:T"): 12.5,
        ("shortest_rest", "team:T"): 11.5,
        ("nights_on_duty", "team:T"): 0,
        ("night_callouts", "team:T"): 0,
        ("breaks_missed", "team:T"): 0.5,
        ("hours_on_duty", "team:U"): WEEK,
        ("always_on_duty", "team:U"): 1,
        ("longest_spell", "team:U"): WEEK + 1,
        ("shortest_rest", "team:U"): 0,
        ("nights_on_duty", "team:U"): 7,
        ("night_callouts", "team:U"): 0.5,
    }


def test_where_every_crew_is_always_on_duty_overtime_is_not_compared():
    """There can be none, which says nothing good of those who are there."""
    duty = [[(-1, WEEK)]]
    obs = observed(duty, [mission(0, 1, 2)])

    assert table(obs, duty)["hours_on_duty", "team:T"].value == WEEK
    assert "overtime" not in {r.measure for r in headline(sample(obs, names_of(duty), [], h(WEEK)))}


def test_overtime_is_compared_in_hours_a_week_without_better_and_worse():
    """
    One team works 1, 2, 1, 2 hours longer than its shift, under the other alternative 3 more each
    time. That is clear. It is not called worse, because a crew that is never off duty has none;
    that it were small could not be shown, for nobody says what is small.
    """
    duty = [[(8, 20)]]
    names = names_of(duty)
    found = [
        stack([observed(duty, [mission(0, 19, 20 + t + more)]) for t in (1, 2) * 6])
        for more in (0, 3)
    ]
    samples = [
        sample(o, names, [], h(WEEK), name=name) for name, o in zip("ab", found, strict=True)
    ]

    (row,) = (r for r in compare(samples) if r.measure == "overtime")

    assert (row.group, row.difference, row.unit) == ("all", 3, "h per week")
    assert (row.family, row.verdict) == ("description", "")
