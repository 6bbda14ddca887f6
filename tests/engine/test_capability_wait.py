"""What needs are a condition for, and who waits on scene meanwhile; minutes on paper."""

import pytest

from ..worlds import answered, hand_worked

# Near, ladderless, works from 0 to 10; Far has the ladder, and is there at 60
LADDER = "job: {share: 100%, crew: 4, needs: [ladder]}"
TEAMS = "Near: {base: A}\nFar: {base: B, crew: 2, capabilities: [ladder]}"


def world(*callouts, kinds=LADDER, teams=TEAMS, **kwargs):
    return hand_worked(
        *callouts, places="A B", bases="A B", times="A-B 60", kinds=kinds, teams=teams, **kwargs
    )


@pytest.mark.parametrize(
    ("needs_for", "ends", "far"),
    [
        ("completion", 60, (0, 0, 60, 60, "completed")),
        ("start", 70, (0, 0, 60, 70, "completed")),
        ("dispatch", 10, (0, 0, None, 10, "stood down")),
    ],
)
def test_what_needs_are_a_condition_for_is_said_in_the_scenario(needs_for, ends, far):
    """Near does all the work by 10; it ends, or starts, when the ladder is there at 60, or not."""
    kinds = LADDER.replace("]}", f"], needs_for: {needs_for}}}")
    day = answered(world("00:00 A job", kinds=kinds))

    assert day.mission(0, 0) == (0, 0, 0, ends, "completed")
    assert day.mission(0, 1) == far
    assert day.minutes(0, "on_scene", "cleared") == (0, ends)


def test_completion_is_what_a_scenario_has_that_does_not_say():
    assert answered(world("00:00 A job")).minutes(0, "cleared") == 60


def test_a_team_that_is_late_with_its_ladder_works_until_the_end():
    """Four of the six people work at once, so Far makes it no faster: done at 100."""
    day = answered(world("00:00 A job 100"))

    assert day.mission(0, 1) == (0, 0, 60, 100, "completed")


def test_a_team_whose_shift_is_over_does_not_wait_on_scene():
    """Near has nothing to do from 10 and goes at 30; Far completes the callout at 60."""
    teams = TEAMS.replace("Near: {base: A}", "Near: {base: A, shifts: [short]}")
    day = answered(world("00:00 A job", teams=teams, rest="shifts: {short: {hours: 00:00-00:30}}"))

    assert day.mission(0, 0) == (0, 0, 0, 30, "handed over")
    assert day.mission(0, 1) == (0, 0, 60, 60, "completed")
    assert day.outcome(0) == "served"


def test_a_ladder_that_is_stopped_on_its_way_is_looked_for_again():
    """Far's shift ends at 30, and is dropped; Other comes on duty at 120, there at 180."""
    teams = TEAMS.replace("[ladder]}", "[ladder], shifts: [early]}")
    teams += "\nOther: {base: B, capabilities: [ladder], shifts: [late]}"
    day = answered(
        world(
            "00:00 A job",
            teams=teams,
            rest="shifts: {early: {hours: 00:00-00:30}, late: {hours: 02:00-08:00}}\n"
            "dispatch_centre: {shift_end: drop}",
        )
    )

    assert day.teams(0) == ["Near", "Far", "Other"]
    assert day.minutes(0, "cleared", "attended") == (180, 180)


BOTH = (
    "low: {share: 40%, priority: 2, needs: [rope, ladder]}\n"
    "high: {share: 30%, priority: 1, needs: [rope, ladder]}\n"
    "short: {share: 30%, needs: [rope]}"
)
ONE_EACH = "Rope: {base: A, capabilities: [rope]}\nLadder: {base: A, capabilities: [ladder]}"


def test_without_a_queue_a_callout_whose_need_is_out_of_reach_is_dropped_when_the_work_is_done():
    """The rope is busy until 30 and will not be sent: Ladder leaves at 11."""
    day = answered(
        world(
            "00:00 A short 30",
            "00:01 A low",
            kinds=BOTH,
            teams=ONE_EACH,
            rest="policies: {loss: {queue: none}}",
        )
    )

    assert day.mission(1) == (1, 1, 1, 11, "dropped")
    assert day.outcome(1) == "dropped"
    assert day.minutes(1, "ended") == 11


def test_two_callouts_do_not_wait_for_each_others_teams_for_ever():
    """
    The ladder is at the less urgent callout, done there at 11; the rope, busy until 30, goes to the
    more urgent one first. So the ladder goes there at 11, and both are at last with the other.
    """
    day = answered(
        world("00:00 A short 30", "00:01 A low", "00:02 A high", kinds=BOTH, teams=ONE_EACH)
    )

    assert day.mission(1, 0) == (1, 1, 1, 11, "reassigned")
    assert day.mission(2, 0) == (11, 11, 11, 30, "completed")
    assert day.mission(2, 1) == (30, 30, 30, 30, "completed")
    assert day.mission(1, 1) == (30, 30, 30, 30, "completed")


def test_where_work_cannot_start_the_callout_that_goes_first_takes_the_team_that_waits():
    """With all on scene as a condition to start, the ladder of the less urgent one goes at once."""
    kinds = BOTH.replace("ladder]}", "ladder], needs_for: start}")
    day = answered(
        world("00:00 A short 30", "00:01 A low", "00:02 A high", kinds=kinds, teams=ONE_EACH)
    )

    assert day.mission(1, 0) == (1, 1, 1, 2, "reassigned")
    assert day.minutes(2, "on_scene", "cleared") == (2, 40)
    assert day.minutes(1, "cleared") == 50


def test_work_that_takes_no_time_waits_for_what_it_needs_all_the_same():
    """Near is there at 0, and the ladder at 60: only then is the work of no minutes started."""
    kinds = LADDER.replace("]}", "], needs_for: start}")
    day = answered(world("00:00 A job 0", kinds=kinds))

    assert day.mission(0, 0) == (0, 0, 0, 60, "completed")
    assert day.mission(0, 1) == (0, 0, 60, 60, "completed")
    assert day.minutes(0, "on_scene", "attended", "cleared") == (0, 60, 60)
