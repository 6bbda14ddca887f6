"""Rules that look ahead, and the references, worked by hand. Times in minutes."""

import random
from dataclasses import replace

from scipy import stats

from sim.engine.foundation.sample_paths import SamplePaths
from sim.policies import FutureCallout
from sim.policies.dispatch_rules.lookahead import Clairvoyant, Random, Rollout

from ..worlds import HOUR, MINUTE, answered, hand_worked, world_of
from .line import atlas_of, callout_at, view_of

ATLAS = atlas_of((1, 1, 1), "AC")


def coming(ready, place, busy=10, priority=2):
    return FutureCallout(
        ready * MINUTE, 0, priority, ATLAS.places.index(place), 1, 0, busy * MINUTE,
        ATLAS.places.index(place),
    )  # fmt: skip


def test_the_lot_is_even_and_depends_on_callout_and_salt_alone():
    """10,000 callouts among four teams: even by a chi-square test at one in a thousand."""
    atlas = atlas_of((1,), "AAAA")
    counts, other = [0] * 4, 0
    for number in range(10_000):
        callout = callout_at(atlas, "A", number=number)
        view = view_of(atlas, callout, able=random.Random(number).sample(range(4), 4))
        team, _ = Random()(callout, view)
        counts[team] += 1
        other += Random(salt=1)(callout, view)[0] == team
        assert Random()(callout, view_of(atlas, callout))[0] == team
    assert stats.chisquare(counts).pvalue > 0.001
    assert 0.22 < other / 10_000 < 0.28


def test_who_knows_what_comes_keeps_the_team_that_will_be_needed():
    """
    A callout in B, ten minutes from T0 in A and T1 in C. One will come in A at 5: if T0 leaves, T1
    comes from 20 away; if T1 leaves, T0 is there. So T1 goes, and T0 if it comes in C.
    """
    callout = callout_at(ATLAS, "B")
    for place, sent in (("A", 1), ("C", 0)):
        view = view_of(ATLAS, callout, futures=((coming(5, place),),))
        assert Clairvoyant()(callout, view)[0] == sent


def test_of_several_futures_the_mean_counts():
    """Two in three have a callout in A: T0 stays."""
    callout = callout_at(ATLAS, "B")
    futures = ((coming(5, "A"),), (coming(5, "C"),), (coming(7, "A"),))

    assert Rollout(futures=3)(callout, view_of(ATLAS, callout, futures=futures))[0] == 1


def test_a_busy_team_counts_from_when_it_is_free():
    """T1 is out until 60 in A. In A somebody will call at 70: whoever goes now, T1 is there."""
    callout = callout_at(ATLAS, "B")
    view = view_of(
        ATLAS, callout, idle=[0], busy=((1, 60 * MINUTE, 0),), futures=((coming(70, "A"),),)
    )

    assert Clairvoyant()(callout, view)[0] == 0


def test_where_teams_are_sent_from_their_bases_only_one_on_its_way_home_does_not_count():
    """
    A callout in B, ten from T0 in A and from T1 in C; one will come in A at 5. T2, of C, is done in
    A at 4: where it can be sent from there, nothing is lost by sending T0; if not until it is
    home, at 24, T1 goes.
    """
    for returning, sent in ((True, 0), (False, 1)):
        atlas = replace(atlas_of((1, 1, 1), "ACC"), dispatch_while_returning=returning)
        callout = callout_at(atlas, "B")
        busy, futures = ((2, 4 * MINUTE, 0),), ((coming(5, "A"),),)
        view = view_of(atlas, callout, idle=[0, 1], busy=busy, futures=futures)
        assert Clairvoyant()(callout, view)[0] == sent


def test_a_team_that_was_out_turns_out_anew_from_its_base():
    """
    Thirty to turn out, a callout in B, one in C at 120. T1 of C, if sent, is home by then and needs
    its thirty as if it had stayed: nothing is gained, and of equals T0 goes.
    """
    callout = callout_at(ATLAS, "B")
    view = view_of(ATLAS, callout, futures=((coming(120, "C"),),))
    view = view._replace(board=view.board._replace(turnouts=(30 * MINUTE,) * 2))

    assert Clairvoyant()(callout, view)[0] == 0


def test_who_knows_the_future_knows_how_long_this_callout_will_take():
    """
    A callout in A, where T0 is and T1 is 20 away; one twice as urgent in A at 30. If the work takes
    10, T0 is done by then. If it takes 100, T0 costs twice 20 then, T1 once 20 now: T1 goes.
    """
    callout = callout_at(ATLAS, "A", number=0)
    for work, sent in ((10, 0), (100, 1)):
        future = (coming(0, "A", work), coming(30, "A", priority=1))
        view = view_of(ATLAS, callout, futures=(future,))
        assert Clairvoyant(weights={1: 2.0})(callout, view)[0] == sent


def test_with_nothing_to_come_the_closest_goes_and_of_equals_the_lower_number():
    callout = callout_at(ATLAS, "A")
    for able in ([0, 1], [1, 0]):
        for rule in (Rollout(), Clairvoyant()):
            assert rule(callout, view_of(ATLAS, callout, able=able, futures=((),)))[0] == 0
    assert Rollout()(callout, view_of(ATLAS, callout, idle=[]))[0] is None


def test_the_clairvoyant_keeps_a_team_in_a_run():
    """As above, from a scenario: called to B at 0, to A at 5. Two, from C, goes to B."""
    text = hand_worked(
        "00:00 B job 60",
        "00:05 A job 60",
        places="A B C",
        times="A-B 10, B-C 10, A-C 20",
        bases="A C",
        teams="One: {base: A}\nTwo: {base: C}",
        rest="policies: {p: {dispatch: clairvoyant}, q: {dispatch: closest}}",
    )

    assert answered(text).team(0) == "Two"
    assert answered(text, "q").team(0) == "One"


BUSY = hand_worked(run="3 days").replace("  callouts: []", "  rate: 40 per day")


def test_the_true_future_is_the_runs_own_callouts():
    world = world_of(BUSY)
    foresight = SamplePaths(world, 1, 0, 1, 2 * HOUR, true=True)
    own = [c.ready for c, _ in world.demand.callouts(1, 0)]
    for now in range(0, 60 * HOUR, 7 * HOUR):
        (future,) = foresight.futures(now, 0)
        assert [c.ready for c in future] == [at for at in own if now < at <= now + 2 * HOUR]


def test_possible_futures_are_neither_the_true_one_nor_each_other_and_stay_the_same():
    world = world_of(BUSY)

    def seen(replication):
        found = SamplePaths(world, 1, replication, 3, 4 * HOUR, true=False)
        return [
            tuple(tuple(c.ready for c in f) for f in found.futures(t, 0)) for t in (0, 5 * HOUR)
        ]

    truth = tuple(c.ready for c, _ in world.demand.callouts(1, 0) if 0 < c.ready <= 4 * HOUR)
    first = seen(0)
    assert first == seen(0)
    assert len({truth, *first[0]}) == 4
    assert not {*first[0]} & {*seen(1)[0]}
