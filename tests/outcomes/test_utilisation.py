"""
What a team is committed to, worked out on paper: one team in A, the callouts in B, 30 min away.

Sent at 0, on scene at 30, done after an hour at 90, home at 120. Worlds begin at 00:00.
"""

import random

import pytest

import sim
from sim.local_clock import LocalClock
from sim.log import NO_ACCESS, Event, EventRow, MissionRow, Names
from sim.outcomes import headline, observe, summarise, utilisation

from ..worlds import MINUTE, file_of, hand_worked, logged, random_roads, random_world, world_of
from .worked import ms

HOUR = 60
DAY = 24 * HOUR
AWAY = {"places": "A B", "times": "A-B 30"}
NOT_FROM_THE_ROAD = "dispatch_centre: {dispatch_while_returning: false}"


def measured(*callouts, returning=True, **world):
    """Return the observations of a hand-worked day; whether teams are sent from the road."""
    rest = world.pop("rest", "") + ("" if returning else f"\n{NOT_FROM_THE_ROAD}")
    text = hand_worked(*callouts, **(AWAY | world), rest=rest)
    file = file_of(text, {("study", "replications"): 1})
    study = sim.run_study(sim.design_of([file]))
    return study.observations[study.baseline]


def minutes(column, team=0):
    return column[0, team] / MINUTE


@pytest.mark.parametrize(("returning", "committed"), [(True, 90), (False, 120)])
def test_the_drive_home_is_committed_where_a_team_cannot_be_sent_during_it(returning, committed):
    """Where it can be sent from the road it is available from 90 on, else from 120."""
    obs = measured("00:00 B job 60", returning=returning)

    assert minutes(obs.committed) == committed
    assert minutes(obs.on_duty) == DAY
    assert utilisation(obs) == committed / DAY


@pytest.mark.parametrize(("returning", "at"), [(True, 100), (False, 120)])
def test_a_team_is_committed_until_the_instant_at_which_it_can_be_sent_again(returning, at):
    """
    A callout at 100 in B. Sent from the road at 100, ten minutes out: there at 110, done at 120,
    and available. Else sent at 120 from home: there at 150, done at 160, home at 190.
    """
    world = world_of(
        hand_worked(
            "00:00 B job 60",
            "01:40 B job 10",
            **AWAY,
            rest="" if returning else NOT_FROM_THE_ROAD,
        )
    )
    log = logged(world)
    obs = measured("00:00 B job 60", "01:40 B job 10", returning=returning)

    assert log.missions[1].dispatched == at * MINUTE
    assert minutes(obs.committed) == (90 + 20 if returning else 190)


def test_a_team_that_stays_where_it_is_free_is_not_on_its_way_back():
    """The callout is in A, where its base is: nothing to drive."""
    obs = measured("00:00 A job 60", returning=False)

    assert minutes(obs.committed) == 60


@pytest.mark.parametrize(("returning", "second"), [(True, 20), (False, 40)])
def test_a_team_that_is_called_off_on_the_road_is_committed_until_it_is_back(returning, second):
    """
    Two people are needed and one stands in B: ten minutes of work take it twenty. The other, sent
    from A at 0, is called off at 20, and is back in A at 40.
    """
    obs = measured(
        "00:00 B job 10",
        returning=returning,
        bases="A B",
        teams="T: {base: A, crew: 1}\nU: {base: B, crew: 1}",
        kinds="job: {share: 100%, crew: 2}",
    )

    assert [minutes(obs.committed, team) for team in (0, 1)] == [second, 20]


@pytest.mark.parametrize(("returning", "overtime"), [(True, 0), (False, 20)])
def test_a_drive_home_beyond_the_shift_is_overtime_where_it_is_committed(returning, overtime):
    """On duty 8 to 20. Sent at 18:20, done at 19:50, home at 20:20."""
    obs = measured(
        "18:20 B job 60",
        returning=returning,
        teams="T: {base: A, shifts: [day]}",
        rest="shifts: {day: {hours: 08:00-20:00}}",
    )

    assert obs.working_time["overtime"][0, 0] == overtime * MINUTE
    assert minutes(obs.on_duty) == 12 * HOUR + overtime
    assert utilisation(obs) == (90 if returning else 120) / (12 * HOUR + overtime)


@pytest.mark.parametrize("returning", [True, False])
def test_a_mission_beyond_the_shift_is_overtime_until_it_is_cleared(returning):
    """Sent at 19:00, done at 20:30; nobody drives home who is off duty."""
    obs = measured(
        "19:00 B job 60",
        returning=returning,
        teams="T: {base: A, shifts: [day]}",
        rest="shifts: {day: {hours: 08:00-20:00}}",
    )

    assert obs.working_time["overtime"][0, 0] == 30 * MINUTE
    assert utilisation(obs) == 90 / (12 * HOUR + 30)


CREW = "\nCrew: {base: A, crew: 2, on_call: {volunteers: town}, shifts: [night]}"
TOWN = """\
shifts: {night: {hours: 00:00-08:00}}
volunteers: {town: {people: 4, acceptance: 100%, answer_delay: 1 min, travel_to_base: 4 min}}"""


@pytest.mark.parametrize(("returning", "out"), [(True, 95), (False, 125)])
def test_a_crew_on_call_is_on_duty_only_while_it_is_turned_out(returning, out):
    """
    Alerted at 60, it leaves at 65, is there at 95, done at 155 and home at 185. It is on call for
    8 hours. The other team, at C beyond every road, is on duty and not sent: utilisation is of it.
    """
    obs = measured(
        "01:00 B job 60",
        returning=returning,
        places="A B C",
        bases="A C",
        teams="Post: {base: C}" + CREW,
        rest=TOWN,
    )

    assert minutes(obs.committed, 1) == minutes(obs.on_duty, 1) == out
    assert obs.crews["on_call"][0].tolist() == [-1, 8 * HOUR * MINUTE]
    assert obs.working_time[0, 1].tolist()[:3] == (0, -1, -1)  # overtime, spell, rest
    assert obs.on_duty_by_hour[0, :4].tolist() == [
        1,
        2,
        pytest.approx(1 + 35 / 60 if returning else 2),
        pytest.approx(1 if returning else 1 + 5 / 60),
    ]
    assert utilisation(obs) == 0


def test_a_study_of_crews_on_call_alone_has_no_utilisation():
    """All the time that they are on duty they are committed, which says nothing."""
    file = file_of(
        hand_worked("01:00 B job 60", **AWAY, teams=CREW.strip(), rest=TOWN),
        {("study", "replications"): 2},
    )
    study = sim.run_study(sim.design_of([file]))

    assert utilisation(study.observations[study.baseline]) is None
    assert "utilisation" not in {row.measure for row in summarise(study.samples[0])}


def test_q_is_the_utilisation_of_the_tables():
    """What goes into the rules of the MEXCLP family is what the tables say of all teams."""
    file = file_of(hand_worked("00:00 B job 60", **AWAY), {("study", "replications"): 3})
    study = sim.run_study(sim.design_of([file]))

    (row,) = (row for row in headline(study.samples[0]) if row.measure == "utilisation")

    assert row.value == utilisation(study.observations[study.baseline]) == 90 / DAY


def returned(at, until, team=0):
    return EventRow(ms(at), Event.RETURNING, team, None, None, ms(until))


def observed(missions, events, duty=((0, 600),)):
    """600 minutes of one team from what a log says, in minutes."""
    rows = [
        MissionRow(n, 0, ms(a), None, None, None, None, None, ms(b), "completed")
        for n, (a, b) in enumerate(missions)
    ]
    return observe(
        [],
        rows,
        names=Names(("job",), ("A",), ("A",), ("T",), ("A",), ()),
        clock=LocalClock.fixed(0),
        end=ms(600),
        duty=[[(ms(a), ms(b)) for a, b in duty]],
        events=events,
    )


def test_a_drive_that_began_in_the_warm_up_counts_for_what_lies_in_the_period():
    assert minutes(observed([], [returned(-20, 15)]).committed) == 15


def test_a_drive_without_a_way_lasts_to_the_end_of_the_run():
    assert minutes(observed([(500, 540)], [returned(540, None)]).committed) == 100


def test_a_break_is_time_on_duty_in_which_nobody_is_committed():
    """It follows the mission at once; the team is not available, and not at work."""
    events = [EventRow(ms(90), Event.BREAK, 0, None, None, ms(120))]

    obs = observed([(0, 90)], events)

    assert minutes(obs.committed) == 90
    assert minutes(obs.on_duty) == 600


@pytest.mark.parametrize("returning", [True, False])
@pytest.mark.parametrize("seed", range(12))
def test_who_can_be_sent_is_who_is_on_duty_and_not_committed(seed, returning):
    """
    The engine knows who can be sent; what is measured must agree with it at every question. Where
    a kind needs no capability and there are ways everywhere, whoever is on duty and not committed
    is asked about. At the very instant at which something begins or ends, both may be.
    """
    rng = random.Random(seed)
    text = random_world(rng, plain=False)
    world = world_of(
        text, {("dispatch_centre", "dispatch_while_returning"): returning}, **random_roads(rng)
    )
    log = logged(world)
    committed = [[] for _ in world.fleet.crews]
    for m in log.missions:
        committed[m.team].append((m.dispatched, m.cleared))
    for e in log.events:
        if e.what == Event.RETURNING:
            committed[e.team].append((e.at, e.until))
    plain = {c.callout for c in log.callouts if not world.fleet.needs[c.kind].capabilities}
    gaps = any(NO_ACCESS in row for times in world.travel.times for row in times)

    asked = [d for d in log.decisions if d.question == "dispatch"]

    for d in asked:
        for crew in world.fleet.crews:
            own = [(a, world.ends if b is None else b) for a, b in committed[crew.number]]
            if any(a < d.at < b for a, b in own):
                assert crew.number not in d.candidates
            on_duty = any(a < d.at < b for a, b in crew.duty)
            if d.subject in plain and on_duty and not gaps and d.at > 0:
                assert crew.number in d.candidates or any(a <= d.at <= b for a, b in own)
