"""Possible futures and the true one, as a rule that looks ahead sees them. Times in minutes."""

from sim.engine.foresight import Foresight

from ..worlds import HOUR, MINUTE, hand_worked, world_of


def ready(future):
    """Return when each callout of a future will be ready. [min]"""
    return [coming.ready // MINUTE for coming in future]


def test_a_window_begins_after_now_and_ends_with_its_last_instant():
    """Callouts at 10, 20 and 30; seen from 10 with 10 to go, the one at 20 alone is to come."""
    world = world_of(hand_worked("00:10 A job", "00:20 A job", "00:30 A job"))
    foresight = Foresight(world, 1, 0, 1, 10 * MINUTE, true=True)

    assert ready(foresight.futures(0)[0]) == [10]
    assert ready(foresight.futures(10 * MINUTE)[0])[-1:] == [20]
    assert ready(foresight.futures(21 * MINUTE)[0]) == [30]
    assert foresight.futures(31 * MINUTE) == ((),)


def test_a_patient_taken_to_hospital_keeps_the_team_until_it_is_free_there():
    """15 at the scene in A, 20 to B, 5 of last mile, 30 of hand-over: 70, then free in B."""
    text = hand_worked(
        "00:05 A job 15",
        places="A B C",
        times="A-B 20, A-C 25, B-C 10",
        kinds="job: {share: 100%, to: hospital, transported: 100%, hand_over: 30 min}",
        rest="hospitals: {Far: C, Near: B}\nlast_mile: 5 min",
    )
    ((coming,),) = Foresight(world_of(text), 1, 0, 1, HOUR, true=True).futures(0)

    assert (coming.place, coming.ends, coming.busy) == (0, 1, 70 * MINUTE)


def test_only_what_is_soon_is_kept_however_long_the_run():
    """Otherwise a year of futures would fill the memory: 40 a day is some 7 in four hours."""
    world = world_of(hand_worked(run="90 days").replace("  callouts: []", "  rate: 40 per day"))
    foresight = Foresight(world, 1, 0, 2, 4 * HOUR, true=False)
    most = 0
    for now in range(0, 90 * 24 * HOUR, HOUR):
        foresight.futures(now)
        most = max(most, *(len(path.seen) for path in foresight._paths))

    assert most < 40
