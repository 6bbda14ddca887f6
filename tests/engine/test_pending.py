"""Callouts that wait: who is asked about, in which order, at which cost, and what is noted."""

import random
from collections import Counter

import pytest

from sim.engine.dispatcher import Dispatcher
from sim.engine.foundation.pending import PendingCallouts
from sim.engine.foundation.state import OpenCallout
from sim.log import MOST_PENDING
from sim.world import Callout, Marks, Need

from ..properties.crowded import crowded_world
from ..properties.pressed import pressed_world
from ..worlds import answered, hand_worked, logged, random_roads, world_of

ISLAND = """
name: cutoff
clock: {{start: 2025-01-06 00:00, length: {days} days, timezone: UTC}}
map:
  places: {{A: {{weight: 9}}, Island: {{weight: 1}}}}
  roads: {{table: {{A: {{A: 5 min, Island: null}}, Island: {{A: null, Island: 5 min}}}}}}
demand:
  rate: 20 per day
  kinds: {{c: {{share: 100%, on_scene: {{distribution: exponential, mean: 30 min}}}}}}
bases: {{A: {{}}}}
teams: {{T: {{base: A, crew: 1, count: 2}}}}
"""
SITES = """
name: sites
clock: {{start: 2025-01-06 00:00, length: 90 days, timezone: UTC}}
map: {{places: {{A: {{}}}}}}
demand:
  kinds:
    site: {{share: 50%, crew: 9, on_scene: 6 h, needs: [search, heavy], needs_for: {needs_for}}}
    flat: {{share: 50%, crew: 4, on_scene: 3 h, needs: [search]}}
  callouts:
{callouts}
bases: {{A: {{}}}}
teams:
  L: {{base: A, crew: 4, count: 3, capabilities: [search]}}
  H: {{base: A, crew: 5, count: 2, capabilities: [heavy]}}
"""


def served(monkeypatch, world):
    """Return how often the dispatcher looked for teams for a callout, and the number of those."""
    calls = Counter()
    serve = Dispatcher.serve

    def counted(self, open_, first=False):
        calls[open_.callout.number] += 1
        return serve(self, open_, first)

    monkeypatch.setattr(Dispatcher, "serve", counted)
    log = logged(world)
    return calls.total(), len(log.callouts)


def test_nobody_is_asked_again_about_callouts_that_nobody_can_reach(monkeypatch):
    """Two a day wait on the island to the end; each release asked for all of them."""
    asked, callouts = served(monkeypatch, world_of(ISLAND.format(days=120)))

    assert callouts > 2_000
    assert asked < 1.5 * callouts


@pytest.mark.parametrize("needs_for", ["completion", "start", "dispatch"])
def test_many_sites_at_once_are_not_all_asked_about_at_each_release(monkeypatch, needs_for):
    lines = [
        f"    - {{at: day 1 00:{n // 10:02d}, place: A, kind: {'site' if n % 2 else 'flat'}}}"
        for n in range(300)
    ]
    world = world_of(SITES.format(needs_for=needs_for, callouts="\n".join(lines)))
    asked, callouts = served(monkeypatch, world)

    assert callouts == 300
    assert asked < 8 * callouts


@pytest.mark.parametrize("make", [crowded_world, pressed_world])
def test_each_pending_callout_is_filed_by_what_it_misses(monkeypatch, make):
    """Else it is passed over though somebody could help it."""
    looked_at, serve_next = Counter(), Dispatcher._serve_next

    def checked(self):
        pending = self.pending
        for open_ in pending:
            _, lack = pending._filed[open_.callout.number]
            assert lack == pending._lack(open_)
            looked_at[make] += 1
        return serve_next(self)

    monkeypatch.setattr(Dispatcher, "_serve_next", checked)
    for number in range(25):
        rng = random.Random(9_000 + number)
        made = make(rng)
        text, tables = (made, {}) if isinstance(made, str) else made
        if "edges.csv" in text and not tables:
            tables = random_roads(rng)
        logged(world_of(text, **tables), replication=number)

    assert looked_at[make] > 500


def callout(number, missing, place=0):
    need = Need(people=1, capabilities=missing)
    return OpenCallout(Callout(number, 0, 1, place, number, number), MARKS, need)


MARKS = Marks(0, (), (), 0, False, 0, None)


def test_a_walk_in_order_passes_over_those_that_nobody_can_help():
    """Against a plain sorted list, with callouts that come, go and miss something else."""
    rng = random.Random(5)
    pending, plain = PendingCallouts(changes=False, has_gaps=True), []
    for number in range(2_000):
        open_ = callout(number, rng.randrange(4), rng.randrange(3))
        place = (rng.randrange(5),)
        pending.add(open_, place, lambda _: ())
        plain.append((place, number, open_))
        plain.sort(key=lambda row: row[:2])
        if len(plain) > 30:
            _, _, gone = plain.pop(rng.randrange(len(plain)))
            pending.remove(gone)
        changed = rng.choice(plain)[2]
        changed.missing_capabilities = rng.randrange(4)
        pending.refile(changed)
        masks, places = {rng.randrange(4), rng.randrange(4)}, {rng.randrange(3), rng.randrange(3)}

        def could_help(o, masks=masks, places=places):
            return o.missing_capabilities in masks and o.callout.place in places

        assert list(pending.in_turn(could_help)) == [o for *_, o in plain if could_help(o)]
        assert list(pending) == [o for *_, o in plain]


def test_the_row_of_who_was_next_notes_the_first_pending_and_how_many_there_were():
    """Thirty wait for One, who works from 0 to 100; the urgent one, received last, goes first."""
    calls = [f"00:{n + 1:02d} A calm" for n in range(29)] + ["00:40 A urgent"]
    kinds = "calm: {share: 50%, priority: 2}\nurgent: {share: 50%, priority: 1}"
    day = answered(hand_worked("00:00 A calm 100", *calls, kinds=kinds))
    decision = day.decisions("queue")[0]

    assert decision.chosen == 30
    assert list(decision.candidates) == [30, *range(1, MOST_PENDING)]
    assert list(decision.arrivals)[:2] == [60 * 60_000, 99 * 60_000]
    assert "30 were pending, 20 are noted" in decision.why
    assert all(len(row.candidates) <= MOST_PENDING for row in day.decisions("queue"))


def test_who_was_served_is_noted_though_many_are_before():
    """The first 25 need a ladder that nobody has; the one after them is served at 100."""
    kinds = "high: {share: 50%, needs: [ladder], needs_for: start}\nlow: {share: 50%}"
    teams = "T: {base: A}\nLadder: {base: A, capabilities: [ladder], shifts: [late]}"
    calls = [f"00:{n + 1:02d} A high" for n in range(25)]
    text = hand_worked(
        "00:00 A low 100", *calls, "00:30 A low", kinds=kinds, teams=teams,
        rest="shifts: {late: {hours: 20:00-24:00}}\npolicies: {p: {queue: first_come}}",
    )  # fmt: skip
    decision = answered(text).decisions("queue")[0]

    assert decision.chosen == decision.candidates[-1]
    assert len(decision.candidates) == MOST_PENDING + 1
