"""Several teams at one callout: capabilities, people, work rate; numbers on paper, in minutes."""

from ..worlds import answered, hand_worked

FOUR = "job: {share: 100%, crew: 4}"
PLACES = {"places": "A B", "bases": "A B"}


def test_half_the_crew_takes_twice_as_long_and_a_team_still_on_its_way_is_called_off():
    """
    Ten minutes for four people; One brings two and is there at 0, so it is done at 20. Two, an
    hour away, turns round at 20 and is home at 40: at 30 it is ten minutes from B.
    """
    text = hand_worked(
        "00:00 A job",
        "00:30 B pair",
        kinds=FOUR.replace("100%", "50%") + "\npair: {share: 50%, crew: 2}",
        teams="One: {base: A, crew: 2}\nTwo: {base: B, crew: 2, turnout: 3 min}",
        times="A-B 60",
        **PLACES,
    )
    day = answered(text)

    assert day.mission(0, 0) == (0, 0, 0, 20, "completed")
    assert day.mission(0, 1) == (0, 3, None, 20, "stood down")
    # it moved for 17 minutes, so at 30 it has seven to go, and needs no turnout
    assert day.team(1) == "Two"
    assert day.minutes(1, "dispatched", "en_route", "on_scene") == (30, 30, 37)


def test_a_team_called_off_before_its_wheels_turn_has_a_turnout_to_go_through_again():
    """One is done at 2 with what would take four people one minute; Two had not left yet."""
    text = hand_worked(
        "00:00 A job 1",
        "00:05 B pair",
        kinds=FOUR.replace("100%", "50%") + "\npair: {share: 50%, crew: 2}",
        teams="One: {base: A, crew: 2}\nTwo: {base: B, crew: 2, turnout: 3 min}",
        times="A-B 60",
        **PLACES,
    )
    day = answered(text)

    assert day.mission(0, 1) == (0, None, None, 2, "stood down")
    assert day.minutes(1, "dispatched", "en_route", "on_scene") == (5, 8, 8)


def test_a_late_team_speeds_the_work_up():
    """40 people-minutes: One alone does 10 by 5; four people do the other 30 by 12.5."""
    teams = "One: {base: A, crew: 2}\nTwo: {base: B, crew: 2}"
    day = answered(hand_worked("00:00 A job", kinds=FOUR, teams=teams, times="A-B 5", **PLACES))

    assert day.mission(0, 0) == (0, 0, 0, 12.5, "completed")
    assert day.mission(0, 1) == (0, 0, 5, 12.5, "completed")
    assert day.minutes(0, "on_scene", "cleared") == (0, 12.5)
    assert day.callouts[0].teams == 2


def test_more_people_than_needed_work_no_faster():
    """Ten minutes is the work of the full crew: six people where four are needed take ten."""
    day = answered(hand_worked("00:00 A job", kinds=FOUR, teams="One: {base: A, crew: 6}"))

    assert day.minutes(0, "cleared") == 10


def test_skills_come_first_then_people():
    """Near stands at the door, but only Far has the rope: Far is sent first, then Near fills up."""
    text = hand_worked(
        "00:00 A job",
        kinds="job: {share: 100%, crew: 4, needs: [rope]}",
        teams="Near: {base: A, crew: 2}\nMiddle: {base: C, crew: 2}\n"
        "Far: {base: B, crew: 2, capabilities: [rope]}",
        places="A B C",
        bases="A B C",
        times="A-B 5, A-C 3, B-C 4",
    )
    day = answered(text)

    decided = [[day.world.names.teams[t] for t in d.candidates] for d in day.decisions("dispatch")]
    assert [day.world.names.teams[d.chosen] for d in day.decisions("dispatch")] == ["Far", "Near"]
    assert decided == [["Far"], ["Near", "Middle"]]


def test_each_skill_missing_is_sought_until_all_are_there():
    """Rope and ladder are with two teams, and both go although either has people enough."""
    text = hand_worked(
        "00:00 A job",
        kinds="job: {share: 100%, needs: [rope, ladder]}",
        teams="None: {base: A}\nRope: {base: A, capabilities: [rope]}\n"
        "Ladder: {base: A, capabilities: [ladder]}",
    )
    day = answered(text)

    assert day.teams(0) == ["Rope", "Ladder"]


def test_what_is_missing_is_sent_as_soon_as_it_is_free():
    """Two is busy to 5. One begins alone at 1; from 5 both work: 8 done, 32 left, cleared at 13."""
    text = hand_worked(
        "00:00 A single 5",
        "00:01 A job",
        kinds=FOUR.replace("100%", "50%") + "\nsingle: {share: 50%}",
        teams="Two: {base: A, crew: 2}\nOne: {base: A, crew: 2}",
    )
    day = answered(text)

    assert day.teams(1) == ["One", "Two"]
    assert day.mission(1, 1) == (5, 5, 5, 13, "completed")
    assert day.minutes(1, "dispatched", "on_scene", "cleared") == (1, 1, 13)


def test_one_of_several_takes_the_patient_and_the_others_are_free():
    """The first sent of those on scene drives to the hospital; the other is clear at once."""
    text = hand_worked(
        "00:00 A job",
        kinds="job: {share: 100%, crew: 4, to: hospital, handover: 5 min}",
        teams="One: {base: A, crew: 2}\nTwo: {base: A, crew: 2}",
        times="A-B 20",
        rest="hospitals: {H: B}",
        **PLACES,
    )
    day = answered(text)

    assert day.mission(0, 0) == (0, 0, 0, 35, "completed")
    assert day.mission(0, 1) == (0, 0, 0, 10, "completed")
    assert day.minutes(0, "cleared", "ended") == (35, 35)


def test_without_a_queue_those_who_are_free_go_and_nobody_is_waited_for():
    """Two is busy, so One answers alone, at half the work rate: 20 minutes."""
    text = hand_worked(
        "00:00 A single 30",
        "00:01 A job",
        kinds=FOUR.replace("100%", "50%") + "\nsingle: {share: 50%}",
        teams="Two: {base: A, crew: 2}\nOne: {base: A, crew: 2}",
        rest="policies: {loss: {queue: none}}",
    )
    day = answered(text)

    assert day.teams(1) == ["One"]
    assert day.minutes(1, "cleared") == 21


def test_a_team_called_off_with_no_way_home_is_not_there_before_it_could_be():
    """
    Far ends in H at 15, with no way home. At 20 both go to X: Near stands there and works alone,
    20 minutes; Far, 60 away, is called off at 40. Called again at 41, it cannot be there by 80
    even if it kept going: it is 20 minutes out of H and 40 short of X.
    """
    text = hand_worked(
        "00:00 A patient 10",
        "00:20 X job 10",
        "00:41 X job 100",
        kinds="patient: {share: 50%, needs: [bed], to: hospital}\njob: {share: 50%, crew: 8}",
        teams="Near: {base: X, crew: 4}\nFar: {base: A, crew: 4, capabilities: [bed]}",
        places="A H X",
        bases="A X",
        times="A>H 5, H>X 60",
        rest="hospitals: {H: H}",
    )
    day = answered(text)

    assert day.mission(1, 1) == (20, 20, None, 40, "stood down")
    assert day.mission(2, 1)[2] >= 80
