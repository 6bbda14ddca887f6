"""What rules cache on the map: a rule's own is its own, and what is shared hides no parameter."""

from dataclasses import dataclass, field, replace
from types import MappingProxyType

import pytest

from sim import engine
from sim.engine import simulate
from sim.log import KeptLog
from sim.policies import PolicySet, cached_on_map
from sim.policies.cover_rules.relocation import gains
from sim.policies.dispatch_rules.dispatch import Closest, RunCard
from sim.policies.rule_basis import caching, views

from ..worlds import hand_worked, world_of
from .line import atlas_of, callout_at, view_of

ASKED = []
NIGHTS = """
name: nights
clock: {start: 2025-01-06 00:00, length: 1 day, timezone: UTC}
map:
  places: {A: {lat: 0.0, lon: 0.0}, B: {lat: 0.0, lon: 0.1}}
  roads: {circuity: 1, speed: {day: 60 km/h, night: 30 km/h}}
  night: 20:00-06:00
demand: {rate: 10 per day, kinds: {job: {share: 100%, on_scene: 5 min}}}
bases: {A: {}}
teams: {T: {base: A}}
"""


@cached_on_map
def twice(atlas, number):
    """Return twice a number, and count how often that is worked out."""
    ASKED.append(number)
    return (2 * number,)


@cached_on_map
def returned(atlas, what):
    """Return something else than may be kept."""
    kept = {"list": [1], "dict": {"a": 1}, "within": (1, [2]), "view": MappingProxyType({1: [2]})}
    return kept[what]


@pytest.fixture
def atlas():
    ASKED.clear()
    return atlas_of((1, 1, 1), "AC")


def test_a_map_of_its_own_shares_all_but_what_is_cached(atlas):
    """The engine hands one to each rule of each run."""
    one, other = atlas.own(), atlas.own()

    assert one.cached("key", lambda: 1) == 1
    assert other.cached("key", lambda: 2) == 2
    assert one.cached("key", lambda: 3) == 1
    assert one == other == atlas
    assert one.times is atlas.times


def test_what_follows_from_the_map_is_worked_out_once_for_all(atlas):
    """A table of every base and place takes too long to be made for each rule."""
    assert twice(atlas.own(), 4) == twice(atlas.own(), 4) == (8,)
    assert twice(atlas, 5) == (10,)
    assert ASKED == [4, 5]


def test_another_map_shares_nothing(atlas):
    """With one team more, or other times, everything may be different."""
    atlas.cached("key", lambda: 1)
    twice(atlas, 4)
    other = replace(atlas, delay=1)

    assert other.cached("key", lambda: 2) == 2
    assert twice(other, 4) == (8,)
    assert ASKED == [4, 4]


@dataclass(frozen=True)
class Rule:
    limit: int

    def of_map(self, atlas):
        return self.limit


def made_within(limit):
    def of_map(atlas):
        return limit

    return of_map


@pytest.mark.parametrize(
    "function", [Rule.of_map, Rule(3).of_map, made_within(3), lambda atlas: 3, Rule(3)]
)
def test_what_may_know_more_than_it_is_given_is_refused(function):
    """Its value would be one rule's, handed to all."""
    with pytest.raises(TypeError, match="only a function of a module can be cached on the map"):
        cached_on_map(function)


@pytest.mark.parametrize("given", [Rule(3), (1, Rule(3)), object()])
def test_a_rule_is_no_argument_of_what_is_shared(given, atlas):
    """It compares as its author likes: two that are called equal may have other parameters."""
    with pytest.raises(TypeError, match="twice is cached on the map, but was given a "):
        twice(atlas, given)


@pytest.mark.parametrize("what", ["list", "dict", "within", "view"])
def test_what_one_rule_could_change_under_anothers_hands_is_not_shared(what, atlas):
    with pytest.raises(TypeError, match=r"but returned a (list|dict);"):
        returned(atlas, what)


def test_arguments_have_one_way_to_be_written(atlas):
    """By keyword the same call would be another key."""
    with pytest.raises(TypeError, match="call it without keywords"):
        twice(atlas, number=4)


def test_a_full_cache_forgets_and_works_out_the_same(atlas, monkeypatch):
    """A year of decisions must not fill the memory."""
    for module in (views, caching):
        monkeypatch.setattr(module, "MOST_CACHED", 3)
    own = atlas.own()

    for number in [*range(10), *range(10)]:
        assert own.cached(number, lambda n=number: n) == number
        assert twice(own, number) == (2 * number,)
        assert len(own._cache) <= 3
        assert len(own._shared) <= 3


def test_the_maps_of_all_states_of_the_roads_keep_no_more_together_than_one_may(monkeypatch):
    """A study with hundreds of closures has hundreds of maps, kept from run to run."""
    maps = engine.Atlases(world_of(NIGHTS))
    for period in (0, 1):
        for number in range(3):
            twice(maps[period], number)
    monkeypatch.setattr("sim.engine.foundation.atlases.MOST_CACHED", 6)
    maps.trim()
    assert [len(maps[period]._shared) for period in (0, 1)] == [3, 3]

    monkeypatch.setattr("sim.engine.foundation.atlases.MOST_CACHED", 5)
    maps.trim()
    assert [len(maps[period]._shared) for period in (0, 1)] == [0, 0]
    assert maps[0].times != maps[1].times


@dataclass(frozen=True)
class Keeps(Closest):
    """Keep much, and the map itself, to look at it after the run."""

    seen: list = field(default_factory=list)

    def __call__(self, callout, view):
        self.seen.append((view.atlas, view.atlas.cached(callout.number, lambda: bytes(1000))))
        return super().__call__(callout, view)


def test_nothing_of_a_rules_own_is_kept_beyond_the_run():
    """A study of thousands of replications must not fill the memory."""
    world = world_of(hand_worked("00:00 A job", "02:00 A job"))
    rule = Keeps()
    simulate(world, PolicySet("mine", rule), KeptLog(), 1, 0)

    maps = [atlas for atlas, _ in rule.seen]
    assert len(maps) == 2
    assert all(atlas is maps[0] and not atlas._cache for atlas in maps)


@dataclass(frozen=True)
class ByDayAndNight:
    """A user's rule that asks one run card by day and another by night."""

    day: RunCard
    night: RunCard

    def __call__(self, callout, view):
        return (self.day if view.now < 1000 else self.night)(callout, view)


def test_two_run_cards_within_one_rule_keep_to_their_own(atlas):
    """They share their owner's map, so their key must be the whole of the truth."""
    place = atlas.places[1]
    near, far = (RunCard({place: [base]}) for base in atlas.bases)
    rule = ByDayAndNight(near, far)
    callout = callout_at(atlas, place)
    view = view_of(atlas, callout)

    assert [rule(callout, view._replace(now=now))[0] for now in (0, 2000, 0)] == [0, 1, 0]


def test_the_same_rule_with_other_parameters_on_one_map_finds_other_gains(atlas):
    """As two alternatives of one study do."""
    near, far = (gains(atlas, 0.5, within, (0, 0)) for within in (0, 10**9))

    assert near != far
    assert gains(atlas, 0.5, 0, (0, 0)) == near
