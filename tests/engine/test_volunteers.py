"""Volunteers who come from home: alerts, answers, crews that leave; minutes on paper."""

import pytest

from sim.engine import simulate
from sim.log import KeptLog
from sim.policies import policy_sets

from ..worlds import answered, hand_worked, logged, world_of

# everybody accepts after 1 min and is at the base 4 min later
SURE = "people: 6, acceptance: 100%, answer_delay: 1 min, travel_to_base: 4 min"
# nobody accepts before 01:00; who does later is at the base after 1 min
ASLEEP = "people: 3, acceptance: 100%, capabilities: {medic: 1}, answer_delay: 1 min"
ASLEEP += ", hours: [0" + ", 1" * 23 + "]"
TWO_BASES = {"places": "A B", "bases": "A B", "times": "A-B 30"}


def world(*callouts, pool=SURE, on_call="", crew=3, more="", **kwargs):
    team = f"One: {{base: A, crew: {crew}, on_call: {{volunteers: town{on_call}}}{more}}}"
    rest = f"volunteers: {{town: {{{pool}}}}}\n" + kwargs.pop("rest", "")
    return hand_worked(*callouts, teams=team + kwargs.pop("teams", ""), rest=rest, **kwargs)


def told(day, *words):
    return [(e.at // 60_000, e.what, e.who) for e in day.log.events if not words or e.what in words]


def test_a_crew_leaves_when_its_people_are_there():
    """Three are alerted at 10, accept at 11, are at the base at 15; the work is done at 25."""
    day = answered(world("00:10 A job"))

    assert day.mission(0) == (10, 15, 15, 25, "completed")
    assert told(day, "alerted") == [(10, "alerted", p) for p in (0, 1, 2)]
    assert told(day, "crew turned out") == [(15, "crew turned out", 3)]


def test_waves_alert_more_only_while_too_few_have_accepted():
    """Two at once, two more after 3 min: of those one is enough but both come, one too late."""
    day = answered(
        world(
            "00:00 A job",
            on_call=", alerts: [{people: 2}, {after: 3 min, people: 2}, {after: 6 min, people: 2}]",
        )
    )

    assert told(day, "alerted") == [
        (0, "alerted", 0),
        (0, "alerted", 1),
        (3, "alerted", 2),
        (3, "alerted", 3),
    ]
    assert day.mission(0)[1] == 8
    assert told(day, "arrived", "arrived too late") == [
        (5, "arrived", 0),
        (5, "arrived", 1),
        (8, "arrived", 2),
        (8, "arrived too late", 3),
    ]


def test_with_too_few_the_crew_leaves_at_the_time_out_and_works_longer():
    """Two of three come; they leave at 20 and work 15 min in place of 10."""
    day = answered(
        world("00:00 A job", pool=SURE.replace("6", "2"), kinds="job: {share: 100%, crew: 3}")
    )

    assert day.mission(0) == (0, 20, 20, 35, "completed")
    assert day.minutes(0, "attended") is None


def test_a_smaller_crew_may_leave_at_once_where_that_is_the_rule():
    day = answered(world("00:00 A job", pool=SURE.replace("6", "2"), on_call=", minimum: 2"))

    assert day.mission(0)[1] == 5


def test_nobody_comes_and_the_callout_goes_to_another_team():
    """Nobody accepts: at 20 the dispatcher knows, and Two leaves B, ten minutes away."""
    text = world(
        "00:00 A job",
        pool=SURE.replace("100%", "0%"),
        places="A B",
        bases="A B",
        times="A-B 30",
        teams="\nTwo: {base: B}",
    )
    day = answered(text)

    assert day.mission(0) == (0, None, None, 20, "no crew assembled")
    assert day.mission(0, 1) == (20, 20, 50, 60, "completed")
    assert told(day, "no crew assembled") == [(20, "no crew assembled", 0)]


def test_a_refusal_alerts_the_next_person_where_that_is_the_rule():
    """Nobody accepts; answers take 1 min. All six are alerted in turn, or only the first three."""
    text = world("00:00 A job", pool=SURE.replace("100%", "0%"))
    replaced, not_replaced = (
        answered(text),
        answered(text.replace("volunteers: town}", "volunteers: town, replace: no}")),
    )

    assert [at for at, *_ in told(replaced, "alerted")] == [0, 0, 0, 1, 1, 1]
    assert [at for at, *_ in told(not_replaced, "alerted")] == [0, 0, 0]


def test_a_crew_waits_for_a_required_capability_until_the_time_out():
    """The medic declines at 00:01; the other two are there at 61, and leave at 70 without."""
    text = world(
        "00:00 A job",
        pool=ASLEEP,
        crew=2,
        on_call=", capabilities: [medic], alerts: [{people: 1}, {after: 1 h, people: 2}], "
        "replace: no, assembly_timeout: 70 min",
    )

    assert told(answered(text), "arrived", "crew turned out") == [
        (61, "arrived", 1),
        (61, "arrived", 2),
        (70, "crew turned out", 2),
    ]


def test_who_has_a_required_capability_is_alerted_before_those_alerted_less_often():
    """Two medics of six, a crew of three: at 02:00 the medics again, and one who slept at 00:00."""
    text = world(
        "00:00 A job",
        "02:00 A job",
        pool=SURE + ", capabilities: {medic: 2}",
        on_call=", capabilities: [medic]",
    )

    assert [who for _, _, who in told(answered(text), "alerted")] == [0, 1, 2, 0, 1, 3]


def test_once_a_required_capability_has_accepted_the_load_is_shared_by_all():
    """One at a time, each 2 min: the medic alerted less often, then whoever was so of all."""
    text = world(
        *[f"0{hour}:00 A job" for hour in range(3)],
        pool=SURE.replace("6", "4") + ", capabilities: {medic: 2}",
        crew=2,
        on_call=", capabilities: [medic], alerts: [{people: 1}, {after: 2 min, people: 1}]",
    )

    assert [who for _, _, who in told(answered(text), "alerted")] == [0, 1, 0, 2, 1, 3]


def test_who_has_most_of_what_is_required_is_alerted_first():
    """Person 0 is medic and driver, 1 and 2 are drivers; each alert of two begins with 0."""
    text = world(
        *[f"0{hour}:00 A job" for hour in range(3)],
        pool=SURE + ", capabilities: {driver: 3, medic: 1}",
        crew=2,
        on_call=", capabilities: [driver, medic]",
    )

    assert [who for _, _, who in told(answered(text), "alerted")] == [0, 1, 0, 2, 0, 1]


def test_a_crew_that_waited_for_its_medic_takes_the_medic_along():
    """A crew of one, three alerted, the medic not always first: the others stay at the base."""
    pool = "people: 3, acceptance: 100%, capabilities: {medic: 1}, answer_delay: 1 min"
    pool += ", travel_to_base: {median: 6 min, p90: 20 min}"
    text = world(
        "00:00 A job",
        pool=pool,
        crew=1,
        on_call=", capabilities: [medic], alerts: [{people: 3}], assembly_timeout: 2 h",
    )
    built = world_of(text)
    late = 0
    for replication in range(20):
        events = logged(built, replication=replication).events
        came = [e.who for e in events if e.what == "arrived"]
        late += len([e for e in events if e.what == "arrived too late" and e.who == 0])
        assert came == [0]
    assert late == 0


def test_people_who_are_out_are_not_alerted_for_another_team():
    """Six people, two teams of three: each alerts three others; a third callout finds nobody."""
    text = world(
        "00:00 A job 60",
        "00:01 A job 60",
        teams="\nTwo: {base: A, crew: 3, on_call: {volunteers: town}}",
    )
    day = answered(text)

    assert {who for _, _, who in told(day, "alerted")} == {0, 1, 2, 3, 4, 5}
    assert len(told(day, "alerted")) == 6


def test_among_equals_those_alerted_least_often_are_alerted_first():
    day = answered(world("00:00 A job", "02:00 A job"))

    assert [who for _, _, who in told(day, "alerted")] == [0, 1, 2, 3, 4, 5]


def test_a_crew_stood_down_while_it_assembles_goes_home_and_some_come_for_nothing():
    """
    Two's four people, from B, do six people's four minutes of work from 4 to 10, and One is called
    off then: who accepted at 1 comes at 31 all the same; the second wave never happens.
    """
    text = world(
        "00:00 A job 4",
        pool="people: 6, acceptance: 100%, answer_delay: 1 min, travel_to_base: 30 min",
        crew=2,
        on_call=", alerts: [{people: 2}, {after: 30 min, people: 2}]",
        places="A B",
        bases="A B",
        times="A-B 4",
        kinds="job: {share: 100%, crew: 6}",
        teams="\nTwo: {base: B, crew: 4}",
    )
    day = answered(text)

    assert day.mission(0, 0) == (0, None, None, 10, "stood down")
    assert told(day, "alerted") == [(0, "alerted", 0), (0, "alerted", 1)]
    assert told(day, "arrived too late") == [
        (31, "arrived too late", 0),
        (31, "arrived too late", 1),
    ]


def test_each_alert_of_the_last_day_makes_the_next_less_likely_to_be_accepted():
    """With `alert_fatigue: 50%` acceptance halves with every alert: 1, 1/2, 1/4 of many."""
    lines = [f"{h:02d}:00 A job 1" for h in range(3)]
    pool = "people: 1, acceptance: 100%, alert_fatigue: 50%"
    pool += ", answer_delay: 1 min, travel_to_base: 1 min"
    built = world_of(world(*lines, pool=pool, crew=1, on_call=", assembly_timeout: 5 min"))
    accepted = [0, 0, 0]
    for replication in range(400):
        for event in logged(built, replication=replication).events:
            if event.what == "accepted":
                accepted[event.at // 3_600_000] += 1
    shares = [n / 400 for n in accepted]

    assert shares[0] == 1
    assert shares[1] == pytest.approx(0.5, abs=0.1)
    assert shares[2] == pytest.approx(0.25, abs=0.1)


def test_one_person_more_changes_nobody_elses_answer():
    """The same callouts with six and with seven volunteers: the six answer as before."""
    pool = "people: {}, acceptance: 50%, answer_delay: {{median: 2 min, p90: 5 min}}"
    pool += ", travel_to_base: 5 min"
    found = []
    for people in (6, 7):
        built = world_of(
            world("00:00 A job", "05:00 A job", pool=pool.format(people), on_call=", replace: no")
        )
        day = logged(built, seed=3)
        found.append(
            {
                (e.callout, e.who, e.what, e.at)
                for e in day.events
                if e.what in ("accepted", "declined") and e.who < 3 and e.callout == 0
            }
        )

    assert found[0] == found[1] != set()


@pytest.mark.parametrize("need", ["crew: 3", "crew: 2, needs: [medic]"])
def test_a_crew_that_left_short_is_counted_on_in_full_the_next_time(need):
    """
    The medic is asleep until 01:00, so that One leaves at 01:10 with two, without the medic, and
    Two makes up for it. At 05:00 all three come; nobody else is needed.
    """
    text = world(
        "00:00 A job",
        "05:00 A job",
        pool=ASLEEP,
        on_call=", capabilities: [medic], alerts: [{people: 1}, {after: 1 h, people: 2}], "
        "replace: no, assembly_timeout: 70 min",
        kinds=f"job: {{share: 100%, {need}}}",
        **TWO_BASES,
        teams="\nTwo: {base: B, capabilities: [medic]}",
    )
    day = answered(text)

    assert told(day, "crew turned out") == [
        (70, "crew turned out", 2),
        (361, "crew turned out", 3),
    ]
    assert (day.teams(0), day.teams(1)) == (["One", "Two"], ["One"])


def test_no_more_people_leave_than_their_vehicle_has_seats():
    """The medic is asleep; at the time-out four are there, and the car seats three."""
    text = world(
        "00:00 A job",
        pool=ASLEEP.replace("3", "5"),
        crew=5,
        on_call=", minimum: 3, capabilities: [medic], replace: no, assembly_timeout: 70 min, "
        "alerts: [{people: 1}, {after: 1 h, people: 4}]",
        more=", vehicles: [car]",
        rest="vehicles: {car: {base: A, seats: 3}}",
    )
    day = answered(text)

    assert told(day, "crew turned out") == [(70, "crew turned out", 3)]
    assert told(day, "arrived", "arrived too late") == [
        (61, "arrived", 1),
        (61, "arrived", 2),
        (61, "arrived", 3),
        (61, "arrived too late", 4),
    ]


class _Bounded(KeptLog):
    """A log that ends a run which decides without end at one instant."""

    def __init__(self):
        super().__init__()
        note = self.decision

        def bounded(row):
            assert len(self.plain[1]) < 2_000, "the same teams are sent again and again"
            note(row)

        self.decision = bounded


def test_crews_without_what_is_needed_are_not_sent_and_stood_down_for_ever():
    """A crew that had once left without its medic was: sent for the medic, stood down for none."""
    one = "{base: A, crew: 2, on_call: {volunteers: town, minimum: 1, capabilities: [medic]}}"
    text = hand_worked(
        *[f"{hour:02d}:{minute} A job" for hour in range(20) for minute in ("00", "20")],
        teams=f"One: {one}\nTwo: {one}",
        kinds="job: {share: 100%, crew: 2, needs: [medic]}",
        rest="volunteers: {town: {people: 6, capabilities: {medic: 2}, acceptance: 40%, "
        "answer_delay: {median: 1 min, p90: 3 min}, travel_to_base: {median: 7 min, p90: 14 min}}}",
    )
    built = world_of(text)
    policies = next(iter(policy_sets(built.file).values()))

    for replication in range(12):
        simulate(built, policies, _Bounded(), built.scenario.study.seed, replication)


def test_once_the_crew_has_left_no_wave_alerts_anybody():
    """Two of a crew of three are enough, and left at 5; a third accepts too late for that."""
    text = world(
        "00:00 A job",
        on_call=", minimum: 2, alerts: [{people: 2}, {after: 6 min, people: 2}]",
    )

    assert [at for at, *_ in told(answered(text), "alerted", "crew turned out")] == [0, 0, 5]


def test_where_the_first_wave_comes_after_the_time_out_nobody_is_alerted():
    text = world("00:00 A job", on_call=", alerts: [{after: 30 min, people: 3}]")

    assert told(answered(text)) == [(20, "no crew assembled", 0)]


def test_the_people_of_a_crew_stood_down_can_be_alerted_for_the_next_callout():
    """Two, staffed, has done the work at 10; at 11 the two who were on their way for One again."""
    text = world(
        "00:00 A job 4",
        "00:11 A job 4",
        pool="people: 2, acceptance: 100%, answer_delay: 1 min, travel_to_base: 30 min",
        crew=2,
        kinds="job: {share: 100%, crew: 6}",
        teams="\nTwo: {base: B, crew: 4}",
        **{**TWO_BASES, "times": "A-B 4"},
    )
    day = answered(text)

    assert day.mission(0, 0) == (0, None, None, 10, "stood down")
    assert told(day, "alerted") == [(at, "alerted", who) for at in (0, 11) for who in (0, 1)]


def test_while_everybody_is_out_a_second_crew_finds_nobody():
    """Three people, two crews of three: for the callout of 00:01 nobody has come at 21."""
    text = world(
        "00:00 A job 60",
        "00:01 A job 60",
        pool=SURE.replace("6", "3"),
        teams="\nTwo: {base: A, crew: 3, on_call: {volunteers: town}}",
    )
    day = answered(text)

    assert day.mission(1) == (1, None, None, 21, "no crew assembled")
    assert [at for at, *_ in told(day, "alerted")] == [0, 0, 0]


def test_without_replacement_refusals_leave_the_crew_to_the_next_wave():
    """Nobody accepts before 01:00: of two waves of two, with nobody in place of who declines."""
    text = world(
        "00:00 A job",
        pool=ASLEEP.replace("3", "6"),
        crew=2,
        on_call=", replace: no, alerts: [{people: 2}, {after: 60 min, people: 2}], "
        "assembly_timeout: 70 min",
    )
    day = answered(text)

    assert told(day, "alerted", "declined", "crew turned out") == [
        (0, "alerted", 0),
        (0, "alerted", 1),
        (1, "declined", 0),
        (1, "declined", 1),
        (60, "alerted", 2),
        (60, "alerted", 3),
        (61, "crew turned out", 2),
    ]


def test_a_crew_that_did_not_assemble_leaves_its_vehicle_to_others():
    """Nobody accepts; at 20 Two, who has no car of its own, gets ready with that of One, 10 min."""
    text = world(
        "00:00 A job",
        pool=SURE.replace("100%", "0%"),
        more=", vehicles: [car]",
        teams="\nTwo: {base: A, vehicles: [car], turnout: 10 min}",
        rest="vehicles: {car: {base: A}}",
    )
    day = answered(text)

    assert day.mission(0) == (0, None, None, 20, "no crew assembled")
    assert day.mission(0, 1) == (20, 30, 30, 40, "completed")


def test_a_crew_that_is_called_off_before_it_left_leaves_its_vehicle_to_others():
    """Three, at B with four people, has done the work at 10; at 12 Two takes the car of One."""
    text = world(
        "00:00 A job 4",
        "00:12 A fire 4",
        pool="people: 6, acceptance: 100%, answer_delay: 1 min, travel_to_base: 30 min",
        more=", vehicles: [car]",
        places="A B",
        bases="A B",
        times="A-B 4",
        kinds="job: {share: 50%, crew: 6}\nfire: {share: 50%, needs: [pump]}",
        teams="\nTwo: {base: A, vehicles: [car], turnout: 40 min, capabilities: [pump]}"
        "\nThree: {base: B, crew: 4}",
        rest="vehicles: {car: {base: A}}",
    )
    day = answered(text)

    assert day.mission(0, 0) == (0, None, None, 10, "stood down")
    assert day.mission(1) == (12, 52, 52, 56, "completed")


# -- never without ---------------------------------------------------------------------------------

NEVER = "\ncapabilities: {driver: {never_without: yes}}"
DRIVER_ASLEEP = {
    "pool": ASLEEP.replace("medic", "driver"),
    "crew": 2,
    "on_call": ", capabilities: [driver], alerts: [{people: 1}, {after: 1 h, people: 2}], "
    "replace: no, assembly_timeout: 70 min",
    "teams": "\nTwo: {base: B, crew: 2}",
    "kinds": "job: {share: 100%, crew: 2}",
    **TWO_BASES,
}


def test_a_crew_that_never_turns_out_without_a_driver_stays_at_its_time_out():
    """The driver declines at 00:01; two are there at 61. At 70 Two leaves B, 30 min away."""
    without = answered(world("00:00 A job", **DRIVER_ASLEEP))
    never = answered(world("00:00 A job", **DRIVER_ASLEEP, rest=NEVER))

    assert without.mission(0) == (0, 70, 70, 80, "completed")
    assert never.mission(0) == (0, None, None, 70, "no crew assembled")
    assert never.mission(0, 1) == (70, 70, 100, 110, "completed")
    assert told(never, "arrived", "arrived too late", "crew turned out", "no crew assembled") == [
        (61, "arrived", 1),
        (61, "arrived", 2),
        (70, "no crew assembled", 0),
    ]


def test_with_a_driver_too_few_people_leave_at_the_time_out_all_the_same():
    """Of a crew of three, two are there, one of them to drive: they leave after 20 min."""
    pool = SURE.replace("6", "2") + ", capabilities: {driver: 1}"
    text = world("00:00 A job", pool=pool, on_call=", capabilities: [driver]", rest=NEVER)

    assert told(answered(text), "crew turned out") == [(20, "crew turned out", 2)]


def test_what_a_team_has_as_its_own_and_never_goes_without_its_people_bring():
    """It is not in `on_call.capabilities`, but in those of the team."""
    own = {
        **DRIVER_ASLEEP,
        "on_call": DRIVER_ASLEEP["on_call"].replace(", capabilities: [driver]", ""),
    }
    text = world("00:00 A job", **own, more=", capabilities: [driver]", rest=NEVER)

    assert answered(text).mission(0) == (0, None, None, 70, "no crew assembled")


def test_people_who_came_and_could_not_leave_are_alerted_again_for_the_next():
    """The driver accepts at 05:01; of the two who had come in vain one is alerted and comes."""
    day = answered(world("00:00 A job", "05:00 A job", **DRIVER_ASLEEP, rest=NEVER))

    assert told(day, "crew turned out") == [(361, "crew turned out", 2)]


def test_volunteers_are_alerted_from_their_first_date_until_their_last():
    """
    They are there from 01:00 to 02:00: the first callout waits for them, the last for nobody.

    At 01:58 three are alerted, and the wave of 02:00 is none any more.
    """
    waves = ", minimum: 1, alerts: [{people: 3}, {after: 2 min, people: 3}]"
    day = answered(
        world(
            "00:30 A job", "01:58 A job", "03:00 A job",
            pool=SURE.replace("answer_delay: 1 min", "answer_delay: 3 min")
            + ", from: day 1 01:00, until: 2025-01-06 02:00",
            on_call=waves, crew=6,
        )
    )  # fmt: skip

    assert [day.minutes(n, "dispatched") for n in range(3)] == [60, 118, None]
    assert [at for at, _, _ in told(day, "alerted")] == [60] * 3 + [62] * 3 + [118] * 3
