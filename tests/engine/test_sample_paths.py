"""Possible futures and the true one, as a rule that looks ahead sees them. Times in minutes."""

from dataclasses import dataclass, replace

from sim.engine import simulate
from sim.engine.foundation.sample_paths import FUTURE, SamplePaths
from sim.log import KeptLog
from sim.policies import policy_sets

from ..worlds import DAY, HOUR, MINUTE, hand_worked, world_of

CITY = hand_worked(run="3 days").replace("  callouts: []", "  rate: 40 per day")


def ready(future):
    """Return when each callout of a future will be ready. [min]"""
    return [coming.ready // MINUTE for coming in future]


def test_a_window_begins_after_now_and_ends_with_its_last_instant():
    """Callouts at 10, 20 and 30; seen from 10 with 10 to go, the one at 20 alone is to come."""
    world = world_of(hand_worked("00:10 A job", "00:20 A job", "00:30 A job"))
    foresight = SamplePaths(world, 1, 0, 1, 10 * MINUTE, true=True)

    assert ready(foresight.futures(0, 0)[0]) == [10]
    assert ready(foresight.futures(10 * MINUTE, 0)[0])[-1:] == [20]
    assert ready(foresight.futures(21 * MINUTE, 0)[0]) == [30]
    assert foresight.futures(31 * MINUTE, 0) == ((),)


def test_a_patient_taken_to_hospital_keeps_the_team_until_it_is_free_there():
    """15 at the scene in A, 20 to B, 5 of local travel, 30 of handover: 70, then free in B."""
    text = hand_worked(
        "00:05 A job 15",
        places="A B C",
        times="A-B 20, A-C 25, B-C 10",
        kinds="job: {share: 100%, to: hospital, transported: 100%, handover: 30 min}",
        rest="hospitals: {Far: C, Near: B}\nlocal_travel: 5 min",
    )
    ((coming,),) = SamplePaths(world_of(text), 1, 0, 1, HOUR, true=True).futures(0, 0)

    assert (coming.place, coming.ends, coming.busy) == (0, 1, 70 * MINUTE)


def test_only_what_is_soon_is_kept_however_long_the_run():
    """Otherwise a year of futures would fill the memory: 40 a day is some 7 in four hours."""
    world = world_of(hand_worked(run="90 days").replace("  callouts: []", "  rate: 40 per day"))
    foresight = SamplePaths(world, 1, 0, 2, 4 * HOUR, true=False)
    most = 0
    for now in range(0, 90 * 24 * HOUR, HOUR):
        foresight.futures(now, 0)
        most = max(most, *(len(path.seen) for path in foresight._paths))

    assert most < 40


def test_the_true_future_has_the_callout_at_hand():
    """So the draws of the callout that is asked about is known: 15 minutes of work."""
    world = world_of(hand_worked("00:10 A job 15", "00:20 A job"))
    (future,) = SamplePaths(world, 1, 0, 1, HOUR, true=True).futures(10 * MINUTE, 0)

    assert ready(future) == [10, 20]
    assert future[0].busy == 15 * MINUTE


def test_no_future_is_the_own_path_of_any_study():
    """A study's seed is less than 2^63, and futures are drawn from there on."""
    world = world_of(CITY)
    for seed in (0, 1, (1 << 62) + 1, (1 << 63) - 1):
        assert seed + FUTURE >= 1 << 63
        assert seed + FUTURE < 1 << 64
        assert len(SamplePaths(world, seed, 0, 2, 4 * HOUR, true=False).futures(0, 0)) == 2


def test_possible_futures_of_listed_callouts_are_those_of_days_before():
    """
    Day 1 has callouts at 10 and 20, day 2 at 30 and day 3 at 40. On day 1 there is no day before;
    on day 2 a future has those of day 1, on day 3 those of day 1 or day 2. What the list has for
    today or later is never in it: otherwise the rule would know what will come.
    """
    world = world_of(
        hand_worked("00:10 A job", "00:20 A job", "2/00:30 A job", "3/00:40 A job", run="3 days")
    )
    seen = [set(), set(), set()]
    for replication in range(5):
        paths = SamplePaths(world, 1, replication, 5, HOUR, true=False)
        for day in range(3):
            for future in paths.futures(day * DAY, 0):
                seen[day].add(tuple(at - day * DAY // MINUTE for at in ready(future)))

    assert seen == [{()}, {(10, 20)}, {(10, 20), (30,)}]


def test_of_a_day_before_what_is_over_by_now_alone_is_imagined():
    """
    Twenty-four hours ahead, today's callout at 10 could stand for tomorrow. It takes 30 minutes:
    how long it will take is not known while it lasts, at 20, and is at 40.
    """
    world = world_of(hand_worked("00:10 A job 30", run="2 days"))
    paths = SamplePaths(world, 1, 0, 1, DAY, true=False)

    assert paths.futures(20 * MINUTE, 0) == ((),)
    assert ready(paths.futures(40 * MINUTE, 0)[0]) == [24 * 60 + 10]


SURGE = """
  surges: [{from: 2025-01-06 02:00, until: 2025-01-06 04:00, factor: 9}]
  incidents: [{at: day 1 03:00, place: A, kind: job, sites: 20}]
"""


def test_no_future_has_a_surge_or_an_incident_which_nobody_has_announced():
    """The regular demand is known, as its rate and hours are; what is beyond it is not."""
    surging = world_of(CITY.replace("  rate: 40 per day", f"  rate: 40 per day{SURGE}"))
    paths = [SamplePaths(w, 1, 0, 3, 4 * HOUR, true=False) for w in (world_of(CITY), surging)]

    for now in (0, 2 * HOUR, 5 * HOUR):
        plain, other = (path.futures(now, 0) for path in paths)
        assert plain == other
    assert any(plain)


def test_the_true_future_has_the_surge():
    surging = world_of(CITY.replace("  rate: 40 per day", f"  rate: 40 per day{SURGE}"))
    (future,) = SamplePaths(surging, 1, 0, 1, 4 * HOUR, true=True).futures(0, 0)

    assert len(future) > 20


ROADS = """
name: two-ways
clock: {start: 2025-01-06 00:00, length: 1 day, timezone: UTC}
map:
  places: {A: {lat: 35.00, lon: 36.00, weight: 0}, B: {lat: 35.00, lon: 36.20}}
  roads: {nodes: nodes.csv, edges: edges.csv}
  hospitals: {Clinic: A}
  closures: [{edge: [x, b], from: 'day 1 02:00', until: 'day 1 03:00'}]
demand:
  rate: 100 per day
  kinds: {job: {share: 100%, on_scene: 5 min, to: hospital, transported: 100%, handover: 1 min}}
bases: {A: {}}
teams: {T: {base: A}}
"""
NODES = "node,lat,lon\na,35.00,36.00\nb,35.00,36.20\nx,35.01,36.10\ny,34.90,36.10\n"
EDGES = "from,to,km,kmh\na,x,10,60\nx,b,10,60\na,y,15,60\ny,b,15,60\n"


def test_drives_to_hospital_take_what_is_believed_now_not_what_will_be():
    """
    From B to A it is 20 by X, 30 by Y while X is closed: with 5 of work and 1 of handover 26 or 36.
    Before 2 nobody knows that X will close; while it is closed nobody knows that it will open.
    """
    world = world_of(ROADS, nodes=NODES, edges=EDGES)
    paths = SamplePaths(world, 1, 0, 3, 6 * HOUR, true=False)
    seen = []
    for now in (HOUR, 2 * HOUR, 3 * HOUR):
        futures = paths.futures(now, world.period(now))
        assert sum(map(len, futures)) > 30
        seen.append({coming.busy // MINUTE for future in futures for coming in future})

    assert seen == [{26}, {36}, {26}]


@dataclass(frozen=True)
class Looking:
    """Sends the first candidate and keeps the board it saw."""

    boards: list
    wants = ("idle", "busy", "futures")
    foresees: bool = False
    futures = 1
    ahead = HOUR

    def __call__(self, callout, view):
        self.boards.append(view.board)
        return (view.teams[0], "first") if view.teams else (None, "")


def boards(text, foresees):
    world, seen = world_of(text), []
    policies = policy_sets(world.file)["p"]
    simulate(world, replace(policies, dispatch=Looking(seen, foresees)), KeptLog(), 1, 0)
    return seen


P = "policies: {p: {dispatch: closest}}"


def test_who_knows_the_future_knows_when_busy_teams_will_be_free():
    """
    The first callout takes 60, where 10 are expected. At 5 a dispatcher expects the team free at
    10, at 15 at once, because it is overdue; who knows the draws says 60 both times.
    """
    text = hand_worked("00:00 A job 60", "00:05 A job", "00:15 A job", rest=P)

    assert [b.busy for b in boards(text, foresees=True)[1:3]] == [((0, HOUR, 0),)] * 2
    expected = [b.busy for b in boards(text, foresees=False)[1:3]]
    assert expected == [((0, 10 * MINUTE, 0),), ((0, 15 * MINUTE, 0),)]


def test_a_team_that_must_go_home_first_is_busy_until_it_is_there():
    """Ten to B, ten of work, ten back: at 25 it is neither free nor at a callout, home at 30."""
    text = hand_worked(
        "00:00 B job 10", "00:25 A job", places="A B", times="A-B 10",
        rest=f"dispatch_centre: {{dispatch_while_returning: false}}\n{P}",
    )  # fmt: skip

    assert boards(text, foresees=False)[1].busy == ((0, 30 * MINUTE, 0),)


def test_of_a_team_that_gets_ready_the_usual_turnout_is_expected():
    """
    Its turnout is 2 on average and drawn 30 here. At 1 it is expected to leave at 2, to drive 10,
    and to work 10: free at 22. At 5 it is overdue, and is expected to leave at once: free at 25.
    """
    text = hand_worked(
        "00:00 B job", "00:01 A job", "00:05 A job", places="A B", times="A-B 10",
        rest=f"dispatch_centre: {{turnout: {{mean: 2 min, sd: 1 min}}}}\n{P}",
    )  # fmt: skip
    world, seen = world_of(text), []
    late = [
        (callout, marks._replace(turnout=(30 * MINUTE,)))
        for callout, marks in world.demand.callouts(1, 0)
    ]
    policies = replace(policy_sets(world.file)["p"], dispatch=Looking(seen, False))
    simulate(world, policies, KeptLog(), 1, 0, callouts=late)

    assert [b.busy for b in seen[1:3]] == [((0, 22 * MINUTE, 1),), ((0, 25 * MINUTE, 1),)]
