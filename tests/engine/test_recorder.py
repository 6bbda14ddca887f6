"""The recorder alone knows the log's columns, and alone cuts the warm-up out."""

import ast
from pathlib import Path
from types import SimpleNamespace

import pytest

import sim.engine
from sim.engine.foundation.recorder import REMEMBERED, Recorder
from sim.engine.foundation.state import OpenCallout
from sim.log import NO_ACCESS, Ending, Event, KeptLog, Outcome
from sim.world import Callout

ENGINE = Path(sim.engine.__file__).parent
ENDS = 1000
RULES = {"dispatch": "Closest"}


def recorder_at(now):
    log, clock = KeptLog(), SimpleNamespace(now=now)
    return Recorder(log, clock, ENDS, RULES), log, clock


def open_callout(received, number=7, **state):
    callout = Callout(number=number, kind=0, priority=1, place=2, received=received, ready=received)
    need = SimpleNamespace(people=2, capabilities=0, required=0)
    open_ = OpenCallout(callout, SimpleNamespace(key=70), need)
    for name, value in state.items():
        setattr(open_, name, value)
    return open_


def mission_of(open_, **state):
    usual = {"dispatched": 0, "en_route": 0, "on_scene": None, "left": None}
    usual |= {"team": SimpleNamespace(number=3), "at_hospital": None, "hospital": None}
    return SimpleNamespace(open=open_, **{**usual, **state})


@pytest.mark.parametrize(("now", "noted"), [(-1, 0), (0, 1)])
def test_decisions_and_events_belong_to_the_period_they_happen_in(now, noted):
    recorder, log, _ = recorder_at(now)

    recorder.decision("dispatch", 7, [3], [60], 3, "closest")
    recorder.event(Event.BREAK, team=3, until=now + 5)

    assert len(log.decisions) == len(log.events) == noted


@pytest.mark.parametrize(("received", "noted"), [(-1, 0), (0, 1)])
def test_a_callout_belongs_to_the_period_it_was_received_in(received, noted):
    recorder, log, _ = recorder_at(50)

    recorder.callout(open_callout(received), Outcome.LOST)

    assert len(log.callouts) == noted


@pytest.mark.parametrize(("now", "noted"), [(0, 0), (1, 1)])
def test_a_mission_belongs_to_the_period_it_ended_in(now, noted):
    recorder, log, _ = recorder_at(now)

    recorder.mission(mission_of(open_callout(-90), dispatched=-90, en_route=-80), Ending.COMPLETED)

    assert len(log.missions) == noted


def test_a_way_home_belongs_to_the_period_it_ends_in():
    recorder, log, _ = recorder_at(-10)

    recorder.returning(3, 10)
    recorder.returning(4, 11)
    recorder.returning(5, NO_ACCESS - 1)

    assert [(row.team, row.until) for row in log.events] == [(4, 1), (5, None)]


def test_duty_of_those_called_in_is_noted_in_the_warm_up_too():
    """Who is on duty when the measured period begins has come on duty before."""
    recorder, log, _ = recorder_at(-10)

    recorder.duty(Event.ON_DUTY, 3, until=50)

    assert [row.at for row in log.events] == [-10]


def test_what_is_known_ahead_is_noted_only_within_the_measured_period():
    recorder, log, _ = recorder_at(50)

    for at in (-1, 0, ENDS - 1, ENDS):
        recorder.event_at(at, Event.ARRIVED, 3, 7, 0)

    assert [row.at for row in log.events] == [0, ENDS - 1]


def test_a_wait_for_permission_belongs_to_the_period_it_began_in():
    recorder, log, _ = recorder_at(50)

    recorder.permission(open_callout(50), 51)
    recorder.permission(open_callout(50), 50)

    assert [(row.at, row.until) for row in log.events] == [(0, 50)]


def test_a_team_that_was_stopped_before_it_moved_was_never_under_way():
    recorder, log, _ = recorder_at(50)

    recorder.mission(mission_of(open_callout(0), en_route=51), Ending.STOOD_DOWN)
    recorder.mission(mission_of(open_callout(0), en_route=50), Ending.STOOD_DOWN)

    assert [row.en_route for row in log.missions] == [None, 50]


def test_the_end_of_the_run_leaves_callouts_and_missions_unfinished():
    """What has not happened by then is not noted, each callout once and in order."""
    recorder, log, _ = recorder_at(ENDS)
    pending, in_hand = open_callout(900), open_callout(800, 6, en_route=ENDS + 1, dispatched=990)
    mission = mission_of(in_hand, dispatched=990, en_route=ENDS + 1)
    teams = [SimpleNamespace(mission=mission), SimpleNamespace(mission=None)]

    recorder.cut_off([pending, in_hand], teams)

    assert [row.callout for row in log.callouts] == [6, 7]
    assert [(row.en_route, row.ended, row.cleared) for row in log.callouts] == [(None,) * 3] * 2
    assert {row.outcome for row in log.callouts} == {Outcome.UNFINISHED}
    (mission,) = log.missions
    assert (mission.en_route, mission.cleared, mission.ending) == (None, None, Ending.UNFINISHED)


def test_the_last_decisions_are_remembered_also_of_the_warm_up():
    """They are told when a policy fails."""
    recorder, log, _ = recorder_at(-10)

    for number in range(REMEMBERED + 1):
        recorder.decision("dispatch", number, [], [], None, "nobody free")

    assert [row[2] for row in recorder.recent] == [*range(1, REMEMBERED + 1)]
    assert log.decisions == []


def test_nobody_else_in_the_engine_asks_whether_it_is_the_warm_up():
    def is_now(node):
        return isinstance(node, (ast.Name, ast.Attribute)) and "now" in (
            getattr(node, "id", ""),
            getattr(node, "attr", ""),
        )

    found = [
        f"{path.name}, line {node.lineno}"
        for path in sorted(ENGINE.rglob("*.py"))
        if path.name != "recorder.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Compare)
        and any(map(is_now, [node.left, *node.comparators]))
        and any(getattr(n, "value", None) == 0 for n in [node.left, *node.comparators])
    ]

    assert found == []


def test_the_recorder_knows_nothing_of_the_dispatcher():
    """Parts of the engine that note what happens need not know who decides."""
    text = (ENGINE / "foundation" / "recorder.py").read_text(encoding="utf-8")

    assert "dispatcher" not in text.lower()
    assert "TYPE_CHECKING" not in text
