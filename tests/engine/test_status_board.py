"""
What each question's rule is shown of teams, callouts, time, demand and hospitals; on paper.

Each world runs with a rule of the library that also notes the board it is handed.
"""

import random
from dataclasses import dataclass, field, replace
from datetime import date

import pytest

from sim.engine import simulate
from sim.errors import PolicyError
from sim.log import KeptLog
from sim.policies import LIBRARY, HospitalLoad, StatusBoard, policy_sets
from sim.policies.rule_basis.board import BOARD_PARTS, FORECAST_HOURS, ONLY_DISPATCH
from sim.scenario import find_scenario, read_scenario
from sim.world import build

from ..worlds import HOUR, MINUTE, hand_worked, random_world, world_of

QUESTIONS = {
    "dispatch": "closest",
    "reassignment": "by_priority",
    "queue": "priority",
    "relocation": "dmexclp",
    "destination": "nearest_hospital",
    "staffing": "call_in",
}


@dataclass(frozen=True)
class Notes:
    """Asks a rule of the library, and notes the board of each view."""

    rule: object
    wants: tuple = ()
    seen: list = field(default_factory=list)

    def __call__(self, *handed):
        self.seen.append((*handed[:-1], handed[-1].now, handed[-1].board))
        return self.rule(*handed)

    def __getattr__(self, name):
        return getattr(self.rule, name)


def notes_of(world, question, *wants, seed=1, replication=0, **others):
    """Return what the rule of a question is handed: callout if any, now, board; by time."""
    policies = next(iter(policy_sets(world.file).values()))
    rule = getattr(policies, question)
    if type(rule).__name__ in ("Home", "Never", "Fixed"):  # which are never asked
        rule = LIBRARY[question][QUESTIONS[question]]()
    notes = Notes(rule, wants)
    simulate(world, replace(policies, **{question: notes}, **others), KeptLog(), seed, replication)
    return notes.seen


def boards(text, question, *wants, overrides=None, **others):
    """Return (minute, board) of each time that the rule of a question was asked."""
    world = world_of(text, overrides)
    return [(row[-2] / MINUTE, row[-1]) for row in notes_of(world, question, *wants, **others)]


# -- each part ----------------------------------------------------------------------------------


def test_the_clock_is_that_of_the_place():
    """The run starts on a Monday at 22:30: a callout 29 h 35 min later is on Wednesday at 4."""
    text = hand_worked("22:30 A job", "3/04:05 A job", run="2 days")

    seen = boards(text, "dispatch", "clock", overrides={"clock.start": "2025-01-06 22:30"})

    day = date(2025, 1, 6).toordinal()
    assert [tuple(board.clock) for _, board in seen] == [(22, 0, day), (4, 2, day + 2)]
    assert date.fromordinal(seen[1][1].clock.date) == date(2025, 1, 8)


WAITING = hand_worked(
    "00:00 A low 60",
    "00:05 A low",
    "00:06 A high",
    "00:07 A low",
    kinds="low: {share: 50%, priority: 3}\nhigh: {share: 50%, priority: 1}",
)


def test_those_pending_are_in_the_order_of_the_queue_without_the_one_asked_about():
    """At 60 the team is free: the urgent one, number 2, is served first, then those in order."""
    world = world_of(WAITING)

    asked = [
        (callout.number, now // MINUTE, [other.number for other in board.pending])
        for callout, now, board in notes_of(world, "dispatch", "pending")
    ]

    assert asked[:4] == [(0, 0, []), (1, 5, []), (2, 6, [1]), (3, 7, [2, 1])]
    # it is served at 60, the others when each before has taken 10
    assert [row for row in asked[4:] if row[1] in (60, 70, 80)] == [
        (2, 60, [1, 3]), (1, 70, [3]), (3, 80, []),
    ]  # fmt: skip


def test_a_queue_rule_sees_the_others_even_while_they_are_put_in_order():
    """With an order that changes all are asked about again at 60: each sees the other two."""
    world = world_of(WAITING + "policies: {p: {dispatch: closest, queue: nearest}}\n")

    asked = notes_of(world, "queue", "pending")

    others = {
        frozenset((callout.number, *(o.number for o in board.pending)))
        for callout, now, board in asked
        if now == 60 * MINUTE
    }
    assert frozenset({1, 2, 3}) in others
    assert all(callout.number not in [o.number for o in b.pending] for callout, _, b in asked)


def test_the_record_and_the_team_that_is_busy_are_on_the_board_of_each_question():
    """The second callout is at B at 5; the first, at A, took 10 and its team is expected at 10."""
    text = hand_worked("00:00 A job", "00:05 B job", "00:30 B job", places="A B", times="A-B 7",
                       teams="One: {base: A}\nTwo: {base: A}")  # fmt: skip

    (minute, board), *_ = [row for row in boards(text, "relocation", "busy", "record") if row[0]]

    # at 10 the first team is done at A; the other, bound for B since 5, comes there at 12
    assert minute == 10
    assert board.busy == ((1, 22 * MINUTE, 1),)
    assert board.record == ((1, 0), (0, 0))


def test_a_team_that_drives_to_another_base_will_be_free_there():
    """Not sent while returning, it is relocated from A to B at 10 and free there at 30."""
    rest = ("dispatch_centre: {dispatch_while_returning: false}\n"
            "policies: {p: {relocation: {priority_list: {order: [B]}}}}")  # fmt: skip
    text = hand_worked("00:00 A job", "00:15 A job", places="A B", times="A-B 20", bases="A B",
                       rest=rest)  # fmt: skip

    seen = dict(boards(text, "dispatch", "busy"))

    assert seen[15].busy == ((0, 30 * MINUTE, 1),)


def test_a_relocation_rule_sees_the_others_that_are_free_and_not_the_team_asked_about():
    text = hand_worked("00:00 A job", places="A B", times="A-B 7",
                       teams="One: {base: A}\nTwo: {base: B}", bases="A B")  # fmt: skip

    ((minute, board),) = boards(text, "relocation", "idle")

    assert (minute, list(board.idle), list(board.turnouts)) == (10, [1], [0])
    assert [list(row) for row in board.drives] == [[7 * MINUTE, 0]]


FORECAST = """
name: two-kinds
clock: {start: 2025-01-06 00:00, length: 2 days, timezone: UTC}
map:
  places: {A: {weight: 3}, B: {weight: 1}, C: {weight: 0}}
  roads: {table: {A: {B: 5 min, C: 5 min}, B: {A: 5 min, C: 5 min}, C: {A: 5 min, B: 5 min}}}
demand:
  rate: 48 per day
  hours: [3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0]
  seasons: [{from: 2025-01-07 00:00, until: 2025-01-08 00:00, scale: 50%}]
  kinds:
    usual: {share: 75%, on_scene: 10 min}
    fire:
      share: 25%
      on_scene: 10 min
      where: {B: 1, C: 3}
      hours: [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
bases: {A: {}}
teams: {T: {base: A, count: 3}}
"""


def test_the_forecast_is_the_declared_demand_by_place_hour_and_kind():
    """
    Two callouts an hour: 1.5 usual ones in a common hour, three times as many at 0 and none at 12;
    fires 0.5 in every hour, of them three quarters at C. The second day has half of all.
    """
    billion = 10**9
    seen = [board.forecast for _, board in boards(FORECAST, "dispatch", "forecast", "clock")]
    by_hour = {}
    for _, board in boards(FORECAST, "dispatch", "forecast", "clock"):
        by_hour.setdefault((board.clock.weekday, board.clock.hour), board.forecast)

    assert all(forecast.shares[0] == (750_000, 250_000, 0) for forecast in seen)
    assert all(forecast.shares[1] == (0, 250_000, 750_000) for forecast in seen)
    for (weekday, hour), forecast in by_hour.items():
        assert len(forecast.hours) == FORECAST_HOURS
        for ahead, (usual, fire) in enumerate(forecast.hours):
            day, at = divmod(24 * weekday + hour + ahead, 24)
            half = 0.5 if day == 1 else 1
            relative = {0: 3, 12: 0, 23: 0}.get(at, 1)
            assert usual == round(1.5 * relative * half * billion)
            assert fire == round(0.5 * half * billion)
        usual, fire = forecast.hours[0]
        assert forecast.places == forecast.by_place() == (
            usual * 3 // 4, (usual + fire) // 4, fire * 3 // 4,
        )  # fmt: skip
    assert len(by_hour) > 30
    assert by_hour[0, 1].by_place(11) == (0, billion // 8, 3 * billion // 8)  # at 12


def test_the_forecast_is_what_demand_comes_to_over_the_run():
    """The first day has 48, the second 24; what is drawn has the same mean."""
    world = world_of(FORECAST)
    forecast = world.demand.forecast

    total = sum(sum(forecast.by_kind(hour * HOUR)) for hour in range(48))

    assert total == pytest.approx(72e9, rel=1e-12)
    assert world.demand.expected == pytest.approx(72)


def test_the_forecast_of_a_year_with_seasons_is_what_its_demand_comes_to():
    """Months, seasons and kinds with places and times of their own, in a scenario as shipped."""
    world = build(read_scenario(find_scenario("coast-year-2025"), {"clock.length": "120 days"}))
    forecast = world.demand.forecast

    total = sum(sum(forecast.by_kind(hour * HOUR)) for hour in range(120 * 24))

    assert total / 1e9 == pytest.approx(world.demand.expected, rel=1e-8)  # counted in 1e-9 callouts
    assert len(set(forecast.shares)) == 2


def test_where_callouts_are_listed_nothing_is_forecast():
    (_, board), *_ = boards(hand_worked("00:00 A job"), "dispatch", "forecast")

    assert board.forecast.places == (0,)
    assert board.forecast.hours == ((0,),) * FORECAST_HOURS


PATIENTS = hand_worked(
    "00:00 A job", "00:02 A job", "00:15 A job", places="A N S", times="A-N 10, A-S 25, N-S 30",
    kinds="job: {share: 100%, to: hospital, handover: 30 min}", teams="T: {base: A, count: 3}",
    rest="hospitals: {North: {place: N, offload_bays: 1}, South: {place: S, diverts_at: 2}}",
).replace("demand:\n", "  hospital_closures: [{hospital: South, from: 2025-01-06 00:20, until: "
          "2025-01-06 01:00}]\ndemand:\n", 1)  # fmt: skip


def test_the_load_of_hospitals_is_what_the_dispatcher_knows():
    """
    Teams leave A at 10, 12 and 25, and are at North at 20, 22 and 35. At 12 one is bound for it. At
    25 the first hands over, until 50, and the second waits; one that came now would go in at 80.
    """
    seen = {
        minute: board.hospitals for minute, board in boards(PATIENTS, "destination", "hospitals")
    }

    south = HospitalLoad(0, 0, 0, 0, closed=False, full=False)
    assert list(seen) == [10, 12, 25]
    assert seen[10] == (HospitalLoad(0, 0, 0, 0, closed=False, full=False), south)
    assert seen[12] == (HospitalLoad(1, 0, 0, 0, closed=False, full=False), south)
    assert seen[25] == (
        HospitalLoad(2, 2, 1, 55 * MINUTE, closed=False, full=False),
        south._replace(closed=True),
    )


def test_a_hospital_is_full_at_its_limit():
    """All go to North, as South is closed; North is full with the first on its way."""
    text = PATIENTS.replace("offload_bays: 1", "diverts_at: 1").replace("00:20,", "00:01,")

    norths = [
        (minute, board.hospitals[0]) for minute, board in boards(text, "destination", "hospitals")
    ]

    assert {(minute, north.full) for minute, north in norths} == {
        (10, False),
        (12, True),
        (25, True),
    }
    assert {north.wait for _, north in norths} == {0}


# -- each question ------------------------------------------------------------------------------


EVERYTHING = hand_worked(
    "00:00 A low 60", "00:01 A rope", "00:02 B low 30", "00:03 A high", "00:04 B low",
    places="A B N", times="A-B 20, A-N 10, B-N 15", bases="A B",
    teams="One: {base: A, capabilities: [rope]}\nTwo: {base: A}\n"
          "Aid: {base: B, count: 2, reserve: {delay: 30 min, duration: 4 h}}",
    kinds="low: {share: 40%, priority: 3, to: hospital}\nhigh: {share: 30%, priority: 1}\n"
          "rope: {share: 30%, priority: 2, needs: [rope]}",
    rest="hospitals: {North: N}",
)  # fmt: skip
"""With a callout that waits for a rope while others are free."""


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("part", [part for part in BOARD_PARTS if part not in ONLY_DISPATCH])
def test_every_question_is_shown_the_part_that_its_rule_wants_and_no_other(question, part):
    world = world_of(EVERYTHING)
    others = {q: LIBRARY[q][QUESTIONS[q]]() for q in ("reassignment", "relocation", "staffing")}
    others.pop(question, None)

    seen = notes_of(world, question, part, **others)

    assert seen
    nothing = StatusBoard()
    names = {"idle": ("idle", "turnouts", "drives")}.get(part, (part,))
    for *_, board in seen:
        plain = StatusBoard._make(board)
        for name in StatusBoard._fields:
            if name not in names:
                assert getattr(plain, name) == getattr(nothing, name)
    assert any(getattr(board, names[0]) != getattr(nothing, names[0]) for *_, board in seen)


# -- what is not declared -----------------------------------------------------------------------


@dataclass(frozen=True)
class Peeks:
    """Reads a part of the board that it does not declare."""

    wants = ("idle",)

    def __call__(self, callout, view):
        others = len(view.board.idle) + len(view.board.pending)
        return (min(view.teams), f"{others}") if view.teams else (None, "nobody")


def test_reading_what_was_not_declared_ends_the_run_and_names_the_part():
    world = world_of(hand_worked("00:00 A job"))
    policies = next(iter(policy_sets(world.file).values()))

    with pytest.raises(PolicyError) as caught:
        simulate(world, replace(policies, dispatch=Peeks()), KeptLog(), 1, 0)

    line = Peeks.__call__.__code__.co_firstlineno + 1
    assert (
        "it read `view.board.pending`, but declares `wants = ('idle',)`; a rule that reads it has "
        f"the class attribute `wants = ('idle', 'pending')` (test_status_board.py, line {line})"
    ) in str(caught.value)


@pytest.mark.parametrize("question", [q for q in QUESTIONS if q != "dispatch"])
def test_possible_futures_are_refused_to_all_but_dispatch_rules(question):
    world = world_of(EVERYTHING)

    with pytest.raises(PolicyError, match="'futures' is a part of the board of dispatch rules"):
        notes_of(world, question, "futures")


# -- nothing leaks ------------------------------------------------------------------------------


def surging(text):
    """Return a scenario with callouts that nobody has announced."""
    begin = text.index("demand:\n") + len("demand:\n")
    more = (
        "  surges: [{name: S, from: day 1 00:00, until: day 3 00:00, factor: 4}]\n"
        "  day_to_day: {dispersion_index: 3}\n"
    )
    return text[:begin] + more + text[begin:]


@pytest.mark.parametrize("number", range(6))
def test_the_forecast_knows_nothing_that_is_drawn_or_not_announced(number):
    """Two worlds with other draws, days that differ and a surge have the same forecast."""
    rng = random.Random(number)
    text = next(
        text for text in (random_world(rng, plain=True) for _ in range(100)) if "  rate:" in text
    )
    forecasts = []
    for seed, said in ((1, text), (2, surging(text))):
        seen = notes_of(world_of(said), "dispatch", "forecast", "clock", seed=seed)
        forecasts.append({tuple(row[-1].clock): row[-1].forecast for row in seen})

    both = set(forecasts[0]) & set(forecasts[1])
    assert len(both) > 3
    assert all(forecasts[0][hour] == forecasts[1][hour] for hour in both)
