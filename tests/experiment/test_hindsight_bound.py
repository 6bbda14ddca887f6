"""The bound that no dispatch rule can better: against every schedule, and against rules."""

import random
from itertools import product

import pytest

from sim.engine import simulate
from sim.errors import UsageError
from sim.experiment.hindsight_bound import clairvoyant_bound
from sim.log import KeptLog
from sim.policies import policy_sets

from ..worlds import HOUR, MINUTE, hand_worked, world_of

HOME = "dispatch_centre: {dispatch_while_returning: false}"
RULES = (
    "policies: {a: {dispatch: closest}, b: {dispatch: clairvoyant}, c: {dispatch: random}, "
    "d: {dispatch: dmexclp}}"
)


def late(log, within):
    return sum(row.on_scene is None or row.on_scene - row.received > within for row in log.callouts)


def test_two_callouts_at_once_and_one_team_make_one_late():
    """Ten minutes of work each, in time within five: the second is reached at 10."""
    world = world_of(hand_worked("00:00 A job", "00:00 A job", rest=HOME))

    assert clairvoyant_bound(world, 1, 0, 5 * MINUTE).late == 1
    assert clairvoyant_bound(world, 1, 0, 10 * MINUTE).late == 0


def test_a_callout_that_nobody_can_reach_in_time_is_late():
    text = hand_worked("00:00 B job", places="A B", times="A-B 20", rest=HOME)

    assert clairvoyant_bound(world_of(text), 1, 0, 19 * MINUTE).late == 1
    assert clairvoyant_bound(world_of(text), 1, 0, 20 * MINUTE).late == 0


def fewest_late(world, callouts, within):
    """Return the fewest late over every team for every callout, each sent as soon as it is home."""
    best = len(callouts)
    times = world.travel.times[0]
    for teams in product(range(len(world.fleet.crews)), repeat=len(callouts)):
        home = [0] * len(world.fleet.crews)
        count = 0
        for team, (callout, marks) in zip(teams, callouts, strict=True):
            base = world.fleet.crews[team].place
            on_scene = max(callout.ready, home[team]) + times[base][callout.place]
            count += on_scene - callout.received > within
            home[team] = on_scene + marks.on_scene[0] + times[callout.place][base]
        best = min(best, count)
    return best


def small(rng):
    lines = [
        f"{rng.randint(0, 2):02d}:{rng.randint(0, 59):02d} {rng.choice('ABC')} job "
        f"{rng.randint(5, 40)}"
        for _ in range(6)
    ]
    return hand_worked(
        *sorted(lines),
        places="A B C",
        times=f"A-B {rng.randint(3, 20)}, B-C {rng.randint(3, 20)}, A-C {rng.randint(3, 20)}",
        bases="A B C",
        teams="\n".join(f"T{i}: {{base: {rng.choice('ABC')}}}" for i in range(rng.randint(1, 3))),
        rest=HOME,
    )


def test_no_schedule_of_small_worlds_makes_fewer_late():
    """
    Every assignment of six callouts to up to three teams, on 60 worlds. In half of them at least
    some schedule meets the bound; where not, it is that late callouts keep teams busy, too.
    """
    met = 0
    for number in range(60):
        rng = random.Random(number)
        world, within = world_of(small(rng)), rng.randint(3, 25) * MINUTE
        callouts = list(world.demand.callouts(1, 0))
        least = fewest_late(world, callouts, within)
        bound = clairvoyant_bound(world, 1, 0, within).late
        assert bound <= least
        met += bound == least
    assert met >= 30


def test_no_rule_makes_fewer_late_than_the_bound():
    """Four rules, the clairvoyant one among them, on 12 random cities of two days."""
    for number in range(12):
        rng = random.Random(100 + number)
        spots = {p: (rng.randint(0, 30), rng.randint(0, 30)) for p in "ABCDEF"}
        times = ", ".join(
            f"{a}-{b} {abs(x - u) + abs(y - v) + 1}"
            for a, (x, y) in spots.items()
            for b, (u, v) in spots.items()
            if a < b
        )
        text = hand_worked(
            places="A B C D E F",
            times=times,
            bases="A B C",
            teams="One: {base: A}\nTwo: {base: B}\nThree: {base: C}",
            kinds="job: {share: 100%, on_scene: {distribution: exponential, mean: 40 min}}",
            run="2 days",
            rest=f"{HOME}\n{RULES}",
        ).replace("  callouts: []", "  rate: 50 per day")
        world = world_of(text)
        for replication in range(2):
            bound = clairvoyant_bound(world, 3, replication, 20 * MINUTE)
            for rule in policy_sets(world.file).values():
                log = KeptLog()
                simulate(world, rule, log, 3, replication)
                assert len(log.callouts) == bound.callouts
                assert late(log, 20 * MINUTE) >= bound.late
                reached = [r.on_scene - r.received for r in log.callouts if r.on_scene is not None]
                if len(reached) == len(log.callouts):
                    assert sum(reached) / len(reached) >= bound.mean_response


@pytest.mark.parametrize(
    "more",
    [
        "dispatch_centre: {dispatch_while_returning: true}",
        f"{HOME}\nshifts: {{day: {{hours: 08:00-20:00}}}}",
    ],
)
def test_where_it_would_be_no_bound_it_is_refused(more):
    teams = "T: {base: A, shifts: [day]}" if "shifts" in more else "T: {base: A}"
    world = world_of(hand_worked("00:00 A job", teams=teams, rest=more))

    with pytest.raises(UsageError, match="the bound holds"):
        clairvoyant_bound(world, 1, 0, HOUR)
