"""Random worlds run through the command line, and their written logs judged."""

from __future__ import annotations

import random
import tempfile
import traceback
from pathlib import Path

from .hunting import Bag, TooSlow, rescuesim, within
from .log_invariants import judge
from .soak_worlds import soak_world
from .written_log import read_run


def draws_of(hunt, number):
    """Return the random numbers of a world: it is the same again, alone or among others."""
    return random.Random(f"soak {hunt.seed} {number}")


def write_world(folder, text, tables):
    """Write a scenario and its tables into a folder; return the scenario's path."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in tables.items():
        (folder / f"{name}.csv").write_text(table, encoding="utf-8")
    path = folder / "world.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def soak(hunt, numbers):
    """Run and judge the worlds of some numbers, of ``hunt.size`` callouts each."""
    bag = Bag()
    for number in numbers:
        with tempfile.TemporaryDirectory() as folder:
            path = write_world(
                Path(folder) / "world", *soak_world(draws_of(hunt, number), hunt.size)
            )
            for what, said in _run_and_judge(path, hunt.size, bag):
                bag.find(hunt, number, what, said, path.parent)
    return bag


def run_world(path, results):
    """Run a world through the command line; return its logs, or None and what was said."""
    answer = rescuesim("run", path, "--no-figures", "-q", "--fresh", "-o", results)
    return (None, answer) if answer.code else (read_run(results, path), answer)


def _run_and_judge(path, callouts, bag):
    """Yield what is wrong with the run of a world."""
    try:
        with within(120 + callouts / 50):
            run, answer = run_world(path, path.parent.parent / "results")
            if answer.code == 2 and answer.err:
                bag.seen["refused"] += 1  # a world that makes no sense was drawn
                return
            if run is None:
                yield f"exit {answer.code}", answer.err
                return
            found = judge(run)
    except TooSlow as error:
        yield "slow", str(error)
        return
    except Exception:  # the judge does not understand what was written
        yield "unreadable", traceback.format_exc()
        return
    bag.seen.update(worlds=1, callouts=len(run.callouts), missions=len(run.missions))
    bag.seen.update(events=len(run.events), decisions=len(run.decisions))
    bag.seen.update(row.outcome for row in run.callouts)
    bag.seen.update(f"mission {m.ending}" for m in run.missions)
    yield from found
