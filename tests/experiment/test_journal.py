"""The journal: what is whole is kept, what is not is run again, and nobody else's is touched."""

import errno
import random
from pathlib import Path

import pytest

from sim.errors import PolicyError, ResultsError, UsageError
from sim.experiment import Journal, Runner, Task, design_of, run_study
from sim.scenario import find_scenario, read_scenario

KEY = "a study"


@pytest.fixture(scope="module")
def design():
    changes = {"clock.length": "1 day", "study.replications": 4}
    return design_of([read_scenario(find_scenario("first-steps"), changes)])


@pytest.fixture(scope="module")
def done(design):
    """Every task of the study with its bytes."""
    runner = Runner(design.alternatives, design.seed)
    tasks = [Task(number, design.names, True) for number in range(4)]
    return {task: runner.run(task) for task in tasks}


def interrupted(place, done, count=3):
    """Leave a journal as an interrupted study does."""
    with pytest.raises(KeyboardInterrupt) as caught, Journal(place, KEY) as journal:  # noqa: PT012
        for task in list(done)[:count]:
            journal.put(task, done[task])
        raise KeyboardInterrupt
    return caught.value


def hidden(place):
    return sorted(p.name for p in place.parent.iterdir())


def test_an_interrupted_study_is_kept_and_says_how_to_go_on(tmp_path, done):
    place = tmp_path / "results"

    error = interrupted(place, done)

    assert error.__notes__ == ["3 replications are kept: run the same command again to resume"]
    assert hidden(place) == [".results.part"]
    with Journal(place, KEY) as journal:
        assert [journal.read(task).number for task in list(done)[:3]] == [0, 1, 2]
        assert journal.read(list(done)[3]) is None
        assert journal.damaged == []


def test_a_study_that_is_done_leaves_nothing(tmp_path, done):
    with Journal(tmp_path / "on/the/way/results", KEY) as journal:
        journal.put(next(iter(done)), next(iter(done.values())))
        journal.done()

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("whole", [True, False])
def test_a_signal_while_the_journal_is_left_loses_nothing_and_leaves_nothing_half(
    tmp_path, done, monkeypatch, whole
):
    place, struck = tmp_path / "results", []

    def strike(path):
        if len(struck) < 2:
            struck.append(path)
        if len(struck) == 2:
            struck.append(path)
            raise KeyboardInterrupt
        path.unlink()

    monkeypatch.setattr("sim.experiment.running.journal._remove", strike)
    with pytest.raises(KeyboardInterrupt) as caught, Journal(place, KEY) as journal:  # noqa: PT012
        for task, data in done.items():
            journal.put(task, data)
        for name in ("one.tmp", "two.tmp"):
            (journal.folder / name).touch()
        if whole:
            journal.done()

    kept = [] if whole else [".results.part"]
    assert hidden(place) == kept
    told = ["4 replications are kept: run the same command again to resume"]
    assert getattr(caught.value, "__notes__", []) == ([] if whole else told)


def test_a_study_interrupted_before_anything_is_done_leaves_nothing(tmp_path, done):
    interrupted(tmp_path / "on/the/way/results", done, 0)

    assert list(tmp_path.iterdir()) == []


def test_what_a_broken_policy_gave_is_not_kept(tmp_path, done):
    with pytest.raises(PolicyError), Journal(tmp_path / "results", KEY) as journal:  # noqa: PT012
        journal.put(next(iter(done)), next(iter(done.values())))
        raise PolicyError("it chose team 99")

    assert list(tmp_path.iterdir()) == []


def test_another_study_is_refused_and_fresh_begins_anew(tmp_path, done):
    place = tmp_path / "results"
    interrupted(place, done)

    with pytest.raises(UsageError, match="interrupted run of another scenario, seed or version"):
        Journal(place, "another study").__enter__()
    assert len(list((tmp_path / ".results.part").glob("*.replication"))) == 3
    with Journal(place, "another study", fresh=True) as journal:
        assert journal.kept() == []


def test_two_studies_at_one_place_do_not_meet(tmp_path, done):
    place = tmp_path / "results"
    with Journal(place, KEY), pytest.raises(UsageError, match="another process is at work"):
        Journal(place, KEY).__enter__()


def test_half_written_files_are_cleared_away(tmp_path, done):
    place = tmp_path / "results"
    interrupted(place, done)
    folder = tmp_path / ".results.part"
    (folder / "00000003-abc.replication.tmp").write_bytes(b"half")
    (folder / "whole").mkdir()
    (folder / "whole/manifest.json").write_text("{}")

    with Journal(place, KEY) as journal:
        assert sorted(p.suffix for p in folder.iterdir() if p.suffix) == [".replication"] * 3
        assert len(journal.kept()) == 3


def test_an_earlier_result_that_a_kill_left_aside_is_put_back(tmp_path, done):
    place = tmp_path / "results"
    interrupted(place, done)
    (tmp_path / ".results.part/whole.old").mkdir()
    (tmp_path / ".results.part/whole.old/manifest.json").write_text("mine")

    with Journal(place, KEY):
        assert (place / "manifest.json").read_text() == "mine"


def spoil(path, draws):
    data, how = path.read_bytes(), draws.randrange(4)
    at = draws.randrange(len(data))
    path.write_bytes(
        [
            data[:at],
            data[:at] + bytes([data[at] ^ 1 << draws.randrange(8)]) + data[at + 1 :],
            bytes(len(data)),
            b"",
        ][how]
    )


def test_fifty_damaged_replications_are_run_again_and_named(tmp_path, design, done):
    draws = random.Random(50)
    whole = run_study(design)
    for trial in range(50):
        place = tmp_path / f"results{trial}"
        interrupted(place, done)
        spoilt = draws.choice(sorted(Path(tmp_path, f".results{trial}.part").glob("*.replication")))
        spoil(spoilt, draws)

        with Journal(place, KEY) as journal:
            study = run_study(design, journal=journal)
            assert journal.damaged == [int(spoilt.name[:8])]
            assert sorted(journal.kept()) == sorted(task.key for task in done)
            assert {p.read_bytes() for p in journal.folder.glob("*.replication")} == {
                *done.values()
            }
            journal.done()
        for name, obs in study.observations.items():
            assert (obs.response == whole.observations[name].response).all()


def test_a_replication_under_another_ones_name_is_not_believed(tmp_path, done):
    place = tmp_path / "results"
    interrupted(place, done)
    first, second, *_ = sorted((tmp_path / ".results.part").glob("*.replication"))
    first.write_bytes(second.read_bytes())

    with Journal(place, KEY) as journal:
        assert journal.read(next(iter(done))) is None
        assert journal.damaged == [0]


@pytest.mark.parametrize("at", range(4))
def test_a_disk_that_fills_up_leaves_what_was_whole_and_says_so(tmp_path, design, monkeypatch, at):
    place, written = tmp_path / "results", []
    plain = Path.write_bytes

    def write(path, data):
        if path.name.endswith(".replication.tmp"):
            written.append(path)
            if len(written) == at + 1:
                plain(path, data[: len(data) // 2])
                raise OSError(errno.ENOSPC, "No space left on device")
        return plain(path, data)

    monkeypatch.setattr(Path, "write_bytes", write)
    with pytest.raises(ResultsError) as caught, Journal(place, KEY) as journal:
        run_study(design, journal=journal)
    monkeypatch.undo()

    kept = sorted(p.name for p in tmp_path.rglob("*.replication"))
    assert "No space left on device" in str(caught.value)
    assert (f"; {at} replications are kept" in str(caught.value)) == bool(at)
    assert len(kept) == at
    assert not list(tmp_path.rglob("*.tmp"))
    with Journal(place, KEY) as journal:
        ran = []
        run_study(design, journal=journal, on_progress=ran.append)
        assert ran[0].kept == at
        journal.done()
