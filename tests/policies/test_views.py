"""Impartial by structure: a policy is handed need, place and time, and nothing beyond."""

from dataclasses import dataclass, field, fields, is_dataclass, replace

from sim.engine import simulate
from sim.log import KeptLog
from sim.policies import policy_sets
from sim.world import Callout, build

from ..worlds import file_of, hand_worked


@dataclass(frozen=True)
class Watcher:
    """Asks another policy, and keeps what it was handed."""

    asked: object
    seen: list = field(default_factory=list)

    def __call__(self, *handed):
        self.seen.append(handed)
        return self.asked(*handed)


def reachable(root):
    """Yield every object that can be reached from one, by fields, items and attributes."""
    found, todo = {}, [root]
    while todo:
        thing = todo.pop()
        if id(thing) in found:
            continue
        found[id(thing)] = thing
        if isinstance(thing, dict):
            todo += [*thing, *thing.values()]
        elif isinstance(thing, (list, tuple, set, frozenset, range)):
            todo += list(thing)
        if is_dataclass(thing):
            todo += [getattr(thing, f.name) for f in fields(thing)]
        todo += list(getattr(thing, "__dict__", {}).values())
    return list(found.values())


def test_all_that_a_policy_can_reach_is_numbers_and_names_of_places_bases_and_teams():
    """A label of who people are would have to stand somewhere on this walk."""
    text = hand_worked("00:00 A job", "00:05 B job", places="A B", times="A-B 10")
    file = file_of(text)
    world, policies = build(file), next(iter(policy_sets(file).values()))
    dispatch, relocation = Watcher(policies.dispatch), Watcher(policies.relocation)
    watched = replace(policies, dispatch=dispatch, relocation=relocation)
    simulate(world, watched, KeptLog(), 1, 0)

    things = reachable([dispatch.seen, relocation.seen])
    named = world.names
    names = {*named.places, *named.areas, *named.bases, *named.teams, *named.kinds}
    assert dispatch.seen
    assert relocation.seen
    assert {t for t in things if isinstance(t, str)} <= names
    kinds = {type(t).__name__ for t in things}
    views = {"Callout", "DispatchView", "StatusBoard", "FreeTeamView", "Atlas"}
    views |= {"LocalTime", "Forecast"}  # empty, as nobody wants them
    assert kinds <= {"int", "bool", "str", "list", "tuple", "dict", "range", "NoneType"} | views


def test_a_callout_shows_six_numbers_and_none_of_its_luck():
    """The dispatcher does not know the future."""
    assert Callout._fields == ("number", "kind", "priority", "place", "received", "ready")
