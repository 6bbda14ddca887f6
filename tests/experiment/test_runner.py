"""What a replication holds in memory while it runs, and what it leaves behind."""

import pytest

from sim.experiment import Runner, Task, design_of
from sim.experiment.running import replication_file, runner
from sim.log import KeptLog

from ..worlds import file_of, hand_worked

THREE = hand_worked(
    *(f"0{n}:00 {'AB'[n % 2]} job" for n in range(8)),
    places="A B",
    times="A-B 20",
    rest="policies: {a: {}, b: {}, c: {}}",
)


@pytest.fixture
def made():
    """Three alternatives that meet the same callouts."""
    design = design_of([file_of(THREE)])
    return Runner(design.alternatives, design.seed), design.names


@pytest.fixture
def logs(monkeypatch):
    """The logs of all runs; each is asserted to be let go before the next run begins."""
    found, simulate = [], runner.simulate

    def watched(world, policies, log, *more):
        assert not any(any(earlier.plain) for earlier in found)
        found.append(log)
        simulate(world, policies, log, *more)
        assert log.callouts

    monkeypatch.setattr(runner, "simulate", watched)
    return found


@pytest.mark.parametrize("logged", [True, False])
def test_the_log_of_an_alternative_is_gone_before_the_next_one_is_run(made, logs, logged):
    """A study of twenty alternatives holds the log of one."""
    own, names = made

    own.run(Task(0, names, logged))

    assert len(logs) == 3
    assert not any(log.callouts or log.missions or log.decisions or log.events for log in logs)


def test_decisions_are_not_kept_where_no_log_is(made, monkeypatch):
    """With all that each had to choose among they are the most of a run's memory."""
    own, names = made
    noted, forget = [], KeptLog.forget

    def counted(log):
        noted.append(len(log.decisions))
        forget(log)

    monkeypatch.setattr(KeptLog, "forget", counted)
    plain, logged = (replication_file.decode(own.run(Task(0, names, kept))) for kept in (0, 1))

    assert noted[:3] == [0, 0, 0]
    assert min(noted[3:]) > 0
    assert not plain.logs
    assert {*logged.logs} == {*names}
    for name in names:
        for column in replication_file.COLUMNS:
            a, b = (getattr(r.observations[name], column) for r in (plain, logged))
            assert a.tobytes() == b.tobytes()


def test_callouts_are_drawn_once_and_let_go_with_the_last_alternative(made, monkeypatch):
    """They are as many as all other rows together."""
    own, names = made
    demand = own.worlds[names[0]].demand
    drawn, draw = [], type(demand).callouts

    def counted(self, seed, replication):
        drawn.append(replication)
        return draw(self, seed, replication)

    monkeypatch.setattr(type(demand), "callouts", counted)
    own.run(Task(4, names, False))

    assert drawn == [4]
