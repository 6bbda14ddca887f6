"""
The roads in a policy's view: as the dispatcher believes them at that moment, nothing of later.

From A to B it is 20 min by X and 30 by Y. X closes from 04:00 to 05:00, announced, and from 10:00
to 12:00, which a team has to discover; Y closes for good at 20:00.
"""

from dataclasses import dataclass, field, fields, is_dataclass
from types import FunctionType, MappingProxyType

from sim.engine import Atlases, simulate
from sim.log import KeptLog
from sim.policies import LIBRARY, PolicySet

from ..worlds import HOUR, MINUTE, world_of

NODES = "node,lat,lon\na,35.00,36.00\nb,35.00,36.20\nx,35.01,36.10\ny,34.90,36.10\n"
EDGES = "from,to,km,kmh\na,x,10,60\nx,b,10,60\na,y,15,60\ny,b,15,60\n"
CLOSING = """
name: closing
clock: {start: 2025-01-06 00:00, length: 1 day, timezone: UTC}
map:
  places:
    A: {lat: 35.00, lon: 36.00}
    B: {lat: 35.00, lon: 36.20}
  roads: {nodes: nodes.csv, edges: edges.csv}
  hospitals: {Clinic: A}
  closures:
    - {edge: [x, b], from: 'day 1 04:00', until: 'day 1 05:00'}
    - {edge: [x, b], from: 'day 1 10:00', until: 'day 1 12:00', known: discovered}
    - {edge: [y, b], from: 'day 1 20:00'}
demand:
  kinds:
    job: {share: 100%, crew: 6, on_scene: 5 min, to: hospital, transported: 100%}
  callouts:
CALLOUTS
bases: {A: {}, B: {}}
teams: {T: {base: A, count: 3, crew: 4}, R: {base: A, reserve: {delay: 20 min, duration: 6 h}}}
"""


def closing():
    """Return a world with callouts at B at every quarter past, and a second one two minutes on."""
    callouts = [f"    - {{at: 'day 1 {h:02}:{m}', place: B, kind: job}}" for h in range(24)
                for m in (15, 17)]  # fmt: skip
    text = CLOSING.replace("CALLOUTS", "\n".join(callouts))
    return world_of(text, nodes=NODES, edges=EDGES)


@dataclass(frozen=True)
class Watcher:
    """Ask another policy, and keep what it was handed."""

    asked: object
    seen: list = field(default_factory=list)

    def __call__(self, *handed):
        self.seen.append(handed)
        return self.asked(*handed)

    def __getattr__(self, name):
        return getattr(self.asked, name)


def watchers():
    """Return a rule for each question, of those that cache much, watched."""
    of = LIBRARY
    return {
        "dispatch": Watcher(of["dispatch"]["preparedness"]()),
        "reassignment": Watcher(of["reassignment"]["by_priority"]()),
        "queue": Watcher(of["queue"]["first_come"]()),
        "relocation": Watcher(of["relocation"]["dmexclp"]()),
        "destination": Watcher(of["destination"]["least_expected"]()),
        "staffing": Watcher(of["staffing"]["call_in"]()),
    }


def believed(at):
    """Return the drive from A to B as believed at an instant, by the remarks above. [min]"""
    hour = at / HOUR
    if hour >= 20:
        return 20  # by X again
    # of the closure at 10 a team hears at X, ten minutes after it left
    return 30 if 4 <= hour < 5 else None if 10 <= hour < 12 else 20


def test_the_map_shows_the_roads_as_the_dispatcher_believes_them_now():
    world, rules = closing(), watchers()
    simulate(world, PolicySet("all", **rules), KeptLog(), 1, 0)

    for question, rule in rules.items():
        assert rule.seen, question
        for *_, view in rule.seen:
            expected = believed(view.now)
            drive = view.atlas.times[0][1] / MINUTE
            assert drive == expected if expected is not None else drive in (20, 30)
    discovering = [v for _, v in rules["dispatch"].seen if 10 * HOUR <= v.now < 12 * HOUR]
    drives = [view.atlas.times[0][1] // MINUTE for view in discovering]
    assert drives == sorted(drives)
    assert set(drives) == {20, 30}


def reachable(root):
    """Return the identities of all that can be reached from something, private or not."""
    found, todo = {}, [root]
    while todo:
        thing = todo.pop()
        if id(thing) in found or isinstance(thing, FunctionType):  # one leads to all modules
            continue
        found[id(thing)] = thing
        if isinstance(thing, (dict, MappingProxyType)):
            todo += [*thing, *thing.values()]
        elif isinstance(thing, (list, tuple, set, frozenset)):
            todo += thing
        if is_dataclass(thing):
            todo += [getattr(thing, f.name) for f in fields(thing)]
        todo += getattr(thing, "__dict__", {}).values()
    return set(found)


@dataclass(frozen=True)
class Walker(Watcher):
    """Ask another policy, and look at once for travel times that are not those believed now."""

    world: object = None

    def __call__(self, *handed):
        answer = self.asked(*handed)
        now = {id(row) for row in handed[-1].atlas.times}
        others = {id(row) for times in self.world.travel.times for row in times} - now
        self.seen.append(others.isdisjoint(reachable(handed)))
        return answer


def test_no_other_travel_times_can_be_reached_from_what_a_policy_is_handed():
    """Nor from its private attributes, and though the maps are kept from run to run."""
    world, found = closing(), []
    atlases = Atlases(world)
    for _ in range(2):
        rules = {q: Walker(rule.asked, found, world) for q, rule in watchers().items()}
        simulate(world, PolicySet("all", **rules), KeptLog(), 1, 0, atlases)

    assert len(world.travel.times) > 2
    assert len(atlases) > 2  # more than one was believed
    assert len(found) > 300
    assert all(found)


def test_what_was_believed_before_is_believed_again_with_the_same_map():
    """So that what is cached on it is worked out once, however often day follows night."""
    world, rules = closing(), watchers()
    simulate(world, PolicySet("all", **rules), KeptLog(), 1, 0)

    maps = {id(view.atlas): view.atlas.times for _, view in rules["dispatch"].seen}
    assert len(maps) == len({id(times) for times in maps.values()}) > 1


FOUR = "node,lat,lon\na,35.00,36.00\nx,35.00,36.10\ny,35.00,36.20\nb,35.00,36.30\n"
ROW = "from,to,km,kmh\na,x,10,60\nx,y,10,60\ny,b,10,60\n"
HALTED = """
name: halted
clock: {start: 2025-01-06 00:00, length: 1 day, timezone: UTC}
map:
  places:
    A: {lat: 35.00, lon: 36.00}
    B: {lat: 35.00, lon: 36.30}
  roads: {nodes: nodes.csv, edges: edges.csv}
  checkpoints: [{edge: [y, b], delay: 10 min}]
CLOSURES
demand:
  kinds:
    job: {share: 50%, priority: 2, on_scene: 5 min}
    blood: {share: 50%, priority: 1, on_scene: 5 min}
  callouts:
    - {at: 'day 1 00:00', place: B, kind: job}
    - {at: 'day 1 00:05', place: A, kind: blood}
bases: {A: {}}
teams: {T: {base: A}}
"""


def test_where_a_team_is_says_nothing_of_a_closure_that_it_will_meet():
    """
    To B it is 10, 10 and 10 min, with a checkpoint of 10 on the last road. After five minutes it is
    five minutes from A, whether X-Y is to close at 8 or not.
    """
    closes = "  closures: [{edge: [x, y], from: 'day 1 00:08', known: discovered}]"
    seen = []
    for closures in ("", closes):
        world = world_of(HALTED.replace("CLOSURES", closures), nodes=FOUR, edges=ROW)
        watched = Watcher(LIBRARY["reassignment"]["by_priority"]())
        policies = PolicySet("p", LIBRARY["dispatch"]["closest"](), reassignment=watched)
        simulate(world, policies, KeptLog(), 1, 0)
        seen.append(next(view.arrivals for _, view in watched.seen if view.now == 5 * MINUTE))

    assert seen == [(5 * MINUTE,), (5 * MINUTE,)]
