"""
Pairing: the draws of a callout are its own, under all decisions about it.

Every comparison of policies rests on this, so it is held exactly, callout by callout.
"""

import re
from itertools import pairwise

import pytest

from sim import random_streams
from sim.log import Outcome

from ..worlds import HOUR, hand_worked, logged, world_of

# a coast in small: three places, shifts, kinds, hospitals, everything random
COAST = """
name: paired
clock: {start: 2025-03-06 06:00, length: 20 days, warm_up: 2 days, timezone: UTC}
map:
  places:
    A: {lat: 35.0, lon: 36.0, weight: 5}
    B: {lat: 35.1, lon: 36.0, weight: 3}
    C: {lat: 35.0, lon: 36.2, weight: 2}
  roads: {circuity: 1.3, speed: {day: 50 km/h, night: 40 km/h}}
  hospitals: {H: B}
  local_travel: {median: 3 min, p90: 6 min}
demand:
  rate: 40 per day
  hours: [1, 1, 1, 1, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 3, 3, 2, 2, 1]
  kinds:
    wounded: {share: 70%, crew: 2, on_scene: {median: 18 min, p90: 30 min}, to: hospital,
      transported: 60%, handover: {distribution: exponential, mean: 15 min},
      abandons_after: {mean: 2 h, sd: 1 h}}
    fire: {share: 30%, priority: 2, crew: 6,
      on_scene: {distribution: gamma, mean: 60 min, sd: 30 min}}
bases: {A: {}, B: {}, C: {}}
teams:
  One: {base: A, count: 2}
  Two: {base: B}
shifts: {day: {hours: 08:00-20:00}}
dispatch_centre: {call_handling: {mean: 2 min, sd: 1 min},
  turnout: {distribution: exponential, mean: 2 min}}
policies:
  today: {}
  other: {dispatch: {run_card: {order: {A: [B, One 1]}}}, queue: first_come, relocation: dmexclp}
"""


def dealt(text, replication=3):
    """
    Return by key what a callout brings with it, number and all instants of the dispatcher left out.
    """
    world = world_of(text)
    return {
        m.key: (c.received, c.place, c.kind, c.priority, c.ready, *m[1:])
        for c, m in world.demand.callouts(world.scenario.study.seed, replication)
    }


def logged_by_key(text, alternative=None):
    """Return by key what the log says that no decision can change."""
    rows = logged(world_of(text), alternative, replication=3).callouts
    return {row.key: (row.received, row.ready, row.place, row.kind, row.priority) for row in rows}


def test_another_policy_answers_the_very_same_callouts():
    """Key, instants, place, kind and priority are in the log of both, callout by callout."""
    today, other = logged_by_key(COAST), logged_by_key(COAST, "other")

    assert len(today) > 700
    assert today == other


@pytest.mark.parametrize(
    "change",
    [
        ("Two: {base: B}", "Two: {base: B}\n  Three: {base: C, crew: 3, shifts: [day]}"),
        ("count: 2", "count: 1"),
        ("relocation: dmexclp", "relocation: home"),
        ("day: 50 km/h", "day: 30 km/h"),
        ("hospitals: {H: B}", "hospitals: {H: B, I: C}"),
        ("bases: {A: {}, B: {}, C: {}}", "bases: {C: {}, B: {}, A: {}}"),
    ],
)
def test_a_change_of_fleet_or_map_leaves_every_callout_its_luck(change):
    """One team more must not deal the others new work."""
    assert change[0] in COAST

    assert dealt(COAST.replace(*change)) == dealt(COAST)


def test_a_team_with_a_law_of_its_own_leaves_the_others_theirs():
    """Its own turnout and work are further marks, not other ones."""
    own = "Two: {base: B, turnout: 1 min, on_scene: {distribution: exponential, mean: 9 min}}"
    before, after = dealt(COAST), dealt(COAST.replace("Two: {base: B}", own))

    assert before.keys() == after.keys()
    for key, draws in before.items():
        received, place, kind, priority, ready, on_scene, turnout, *others = draws
        again = after[key]
        assert again[:5] == (received, place, kind, priority, ready)
        assert again[5][0] == on_scene[0]
        assert again[6][0] == turnout[0]
        assert list(again[7:]) == others


@pytest.mark.parametrize(
    "change",
    [
        ("length: 20 days", "length: 45 days"),
        ("length: 20 days", "length: 80 days"),
        ("warm_up: 2 days", "warm_up: 9 days"),
        ("warm_up: 2 days", "warm_up: 40 days"),
    ],
)
def test_a_longer_run_or_warm_up_only_adds_callouts(change):
    """What was dealt within the shorter one is dealt again, to the bit."""
    shorter, longer = dealt(COAST), dealt(COAST.replace(*change))

    assert len(longer) > len(shorter)
    assert shorter.items() <= longer.items()


def test_a_shorter_run_is_the_beginning_of_a_longer_one():
    """Not only callouts: without a view of the end, every decision up to it is the same."""
    short = logged(world_of(COAST.replace("length: 20 days", "length: 10 days")))
    long = logged(world_of(COAST))

    horizon = 240 * HOUR
    decided = [tuple(map(str, d)) for d in long.decisions if d.at < horizon]
    assert decided == [tuple(map(str, d)) for d in short.decisions]


def test_scaled_demand_is_a_subset_or_a_superset_of_the_same_callouts():
    """80 % of 100 % of 130 %: those in both keep their draws, and shares come out in proportion."""
    some, all_of_them, more = (
        dealt(COAST.replace("  rate: 40 per day", f"  rate: 40 per day\n  scale: {scale}"))
        for scale in ("80%", "100%", "130%")
    )

    assert some.items() < all_of_them.items() < more.items()
    assert all_of_them == dealt(COAST)
    # thinning keeps each with chance 0.8: within 3.9 standard deviations
    n = len(all_of_them)
    assert abs(len(some) - 0.8 * n) < 3.9 * (n * 0.8 * 0.2) ** 0.5
    assert abs(n - len(more) / 1.3) < 3.9 * (len(more) * 0.3 / 1.3**2) ** 0.5


def test_a_larger_rate_only_adds_callouts():
    """From 10 to 2000 a day, across the edges of the bands that the drawing is cut into."""
    found = [
        dealt(COAST.replace("40 per day", f"{rate} per day"))
        for rate in (10, 63, 64, 65, 500, 2000)
    ]

    for fewer, more in pairwise(found):
        assert fewer.items() <= more.items()
    assert len(found[-1]) > 150 * len(found[0])


def test_more_demand_in_one_hour_changes_no_other_hour():
    """Twice as many from 12:00 to 13:00, at a rate raised so that the other hours keep theirs."""
    weight = sum([1, 1, 1, 1, 1, 2, 3, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 3, 3, 2, 2, 1])
    raised = COAST.replace(
        "4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 3", "4, 4, 4, 4, 4, 8, 4, 4, 4, 4, 4, 4, 3"
    )
    raised = raised.replace("40 per day", f"{40 * (weight + 4) / weight:.12f} per day")
    before, after = dealt(COAST), dealt(raised)

    assert before.items() < after.items()
    added = {after[key] for key in after.keys() - before.keys()}
    assert {(draws[0] + 6 * HOUR) // HOUR % 24 for draws in added} == {12}


def test_a_list_of_callouts_keeps_the_luck_of_each_by_its_line():
    """A replayed day is paired as a generated one is."""
    text = hand_worked(
        *[f"0{h}:30 A job -" for h in range(8)],
        kinds="job: {share: 100%, on_scene: {distribution: exponential, mean: 20 min}}",
    )
    shorter = text.replace("length: 1 day", "length: 5 h")

    assert dealt(shorter).items() < dealt(text).items()


# -- exactly monotone: work that belongs to the callout, travel outside the busy time -----------

TEXTBOOK = """
name: one-place
clock: {{start: 2025-01-06 00:00, length: 60 days, timezone: UTC}}
map: {{places: {{A: {{}}, B: {{}}}}, roads: {{table: {{A: {{B: 0 min}}, B: {{A: 0 min}}}}}}}}
demand:
  rate: {rate} per day
  kinds:
    short: {{share: 80%, on_scene: {{distribution: exponential, mean: 20 min}}}}
    long: {{share: 20%, priority: 2, on_scene: {{mean: 3 h, sd: 3 h}}}}
bases: {{A: {{}}, B: {{}}}}
teams: {{T: {{base: A, count: {teams}}}, U: {{base: B}}}}
policies:
  closest: {{queue: first_come}}
  card: {{queue: first_come, dispatch: {{run_card: {{order: {{A: [U, A], B: [A, B]}}}}}}}}
  cover: {{queue: first_come, relocation: dmexclp}}
  urgent: {{queue: priority}}
"""


def waits(teams, alternative, rate=50):
    """Return each callout's wait by key, those served. [ms]"""
    log = logged(world_of(TEXTBOOK.format(teams=teams, rate=rate)), alternative)
    return {r.key: r.dispatched - r.ready for r in log.callouts if r.dispatched is not None}


def test_every_wait_is_the_same_under_any_first_come_rule_that_wastes_nothing():
    """Which team goes cannot matter where work belongs to the callout and roads take no time."""
    closest = waits(2, "closest")

    assert sum(wait > 0 for wait in closest.values()) > 500
    assert waits(2, "card") == closest
    assert waits(2, "cover") == closest


def test_the_order_of_service_does_matter():
    """Otherwise the test above would hold for any engine that ignores its policies."""
    assert waits(2, "urgent") != waits(2, "closest")


@pytest.mark.parametrize("rate", [25, 40, 50])
def test_a_team_more_lengthens_no_callouts_wait(rate):
    """A theorem for first come, first served (Kiefer and Wolfowitz): exact, callout by callout."""
    before, after = waits(1, "closest", rate), waits(2, "closest", rate)

    assert before.keys() <= after.keys()
    assert all(after[key] <= before[key] for key in before)
    assert sum(after[key] < before[key] for key in before) > 300


def test_a_team_more_can_make_a_response_worse_where_roads_take_time():
    """
    The closest team goes, by one minute for each 500 m: bases at 4000 and 0 m; calls at 5100,
    then at 2010 m, then at 4000 m. Without the third base, at 6000: 2.2, 4.02, 0 minutes. With
    it 1.8, 3.98 and then 4.0: two of three within three minutes become one.
    """
    spots = {"P0": 0, "P4": 4000, "P6": 6000, "X": 5100, "Y": 2010}
    times = ", ".join(
        f"{a}-{b} {abs(spots[a] - spots[b]) / 500:g}" for a in spots for b in spots if a < b
    )
    three = ["00:00 X job 1", "00:00 Y job 600", "01:00 P4 job 1"]
    teams = "Four: {base: P4}\nNought: {base: P0}"
    world = {"places": " ".join(spots), "bases": "P0 P4 P6", "times": times}
    less = hand_worked(*three, teams=teams, **world)
    more = hand_worked(*three, teams=f"{teams}\nSix: {{base: P6}}", **world)

    responses = [
        [(r.on_scene - r.received) / 60_000 for r in sorted(logged(world_of(text)).callouts)]
        for text in (less, more)
    ]
    assert responses == [[2.2, 4.02, 0.0], [1.8, 3.98, 4.0]]


# -- metamorphic: another way to say the same thing ----------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        ("mean: 60 min", "mean: 1 h"),
        ("length: 20 days", "length: 480 h"),
        ("40 per day", "280 per week"),
        (
            "dispatch_centre: {",
            "dispatch_centre: {shift_end: finish, dispatch_while_returning: true, ",
        ),
        ("lon: 36.2, weight: 2}", "lon: 36.2, weight: 2, area: South}"),
        ("  rate:", "  where: {A: 50, B: 30, C: 20}\n  rate:"),
    ],
)
def test_another_way_of_writing_the_same_scenario_gives_the_same_log(change):
    """Other units, a default written out, weights times ten."""
    assert change[0] in COAST

    assert same_rows(COAST.replace(*change), COAST)


def same_rows(text, other):
    log, again = (logged(world_of(t), "other") for t in (text, other))
    return (log.callouts, log.missions) == (again.callouts, again.missions)


def test_new_names_change_nothing_but_names_and_the_draws_keyed_by_them(monkeypatch):
    """Ties break on numbers, never on words: with the old names' draws put in, all is the same."""
    names = {"wounded": "zz", "fire": "aa", "today": "x", "other": "y", "One": "Zed", "Two": "Any"}
    renamed = re.sub(r"\b(" + "|".join(names) + r")\b", lambda m: names[m[0]], COAST)
    log = logged(world_of(COAST), "other")
    old, key_of = {new: name for name, new in names.items()}, random_streams.key_of

    def key_of_the_old_name(what, name):
        return key_of(what, old.get(name, name))

    monkeypatch.setattr(random_streams, "key_of", key_of_the_old_name)
    again = logged(world_of(renamed), "y")
    assert (log.callouts, log.missions) == (again.callouts, again.missions)


PLACES = """    A: {lat: 35.0, lon: 36.0, weight: 5}
    B: {lat: 35.1, lon: 36.0, weight: 3}
    C: {lat: 35.0, lon: 36.2, weight: 2}"""
KINDS = re.findall(r"    (?:wounded|fire): .*?\n(?=    fire|bases)", COAST, re.DOTALL)


def dealt_by_name(text):
    """Return the callouts of a scenario by key, with the names of their places and kinds."""
    world = world_of(text)
    places, kinds = world.names.places, world.names.kinds
    return {
        marks.key: (
            places[callout.place],
            kinds[callout.kind],
            callout.received,
            marks.local_travel,
        )
        for callout, marks in world.demand.callouts(7, 1)
    }


def test_the_order_of_places_and_kinds_in_a_file_changes_no_callout():
    """A file that was sorted again is the same scenario."""
    wounded, fire = KINDS
    resorted = COAST.replace(PLACES, "\n".join(reversed(PLACES.split("\n"))))
    resorted = resorted.replace(wounded + fire, fire + wounded)

    assert resorted.count("\n") == COAST.count("\n")
    assert resorted != COAST
    assert dealt_by_name(resorted) == dealt_by_name(COAST)


def test_a_new_place_takes_callouts_from_the_others_and_moves_none_between_them():
    """So an edited file keeps as much of its pairing as can be."""
    first = PLACES.split("\n")[0]
    edited = COAST.replace(PLACES, f"{first.replace('A', 'New', 1)}\n{PLACES}")
    before, after = dealt_by_name(COAST), dealt_by_name(edited)

    assert before.keys() == after.keys()
    moved = [key for key in before if before[key] != after[key]]
    assert {after[key][0] for key in moved} == {"New"}
    assert len(moved) > 100


def test_a_team_never_on_duty_and_a_place_without_demand_change_nothing():
    """What takes no part must not disturb."""
    idle = COAST.replace("  Two: {base: B}", "  Two: {base: B}\n  Off: {base: C, shifts: [never]}")
    # its day falls outside the run
    idle = idle.replace("shifts: {", "shifts: {never: {hours: 05:00-06:00, days: [Mon]}, ")
    idle = idle.replace("length: 20 days, warm_up: 2 days", "length: 3 days, warm_up: 0 min")
    short = COAST.replace("length: 20 days, warm_up: 2 days", "length: 3 days, warm_up: 0 min")
    log, again = (logged(world_of(t), "today") for t in (idle, short))

    assert (log.callouts, log.missions) == (again.callouts, again.missions)


def test_everyone_is_served_in_the_end_where_there_is_time():
    """A queue that forgets somebody would show here."""
    text = TEXTBOOK.format(teams=3, rate=5).replace("length: 60 days", "length: 30 days")
    log = logged(world_of(text))

    late = 29 * 24 * HOUR
    assert all(r.outcome == Outcome.SERVED for r in log.callouts if r.received < late)
