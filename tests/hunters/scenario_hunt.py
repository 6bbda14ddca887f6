"""Mutated scenarios: each is accepted, and then runs, or is refused in words at its place."""

from __future__ import annotations

import json
import random
import re
import shutil
import tempfile
from functools import cache
from pathlib import Path

from .hunting import Bag, TooSlow, rescuesim, within
from .mutants import Library, mutated_bytes, mutated_structure, mutated_text
from .soak_worlds import soak_world

SHIPPED = Path(__file__).parents[2] / "scenarios"
SMALL = range(8)  # small scenarios with all options, next to those that are shipped
CALLOUTS = 150  # about so many in the short run of a mutant that is accepted
CHECKED, RUN = 30, 90  # seconds at most
MOST_ERRORS = 1000  # twenty of a file, and all of the rules of each alternative
OURS = re.compile(
    r"Traceback|object at 0x|<class |pydantic|validation error|Input should|NoneType|\bself\b"
)
TWO_SENTENCES = re.compile(r"[a-z0-9)'%][.!?] +[A-Z]")
MORE_ERRORS = re.compile(r"\d+ more errors? (are|is) not shown; fix these first")


def hunt_scenarios(hunt, numbers):
    """Mutate scenarios, check each, and run those that are accepted for a short while."""
    bag = Bag()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "scenarios"
        shutil.copytree(SHIPPED, folder)
        texts = _texts(folder)
        for number in numbers:
            draws = random.Random(f"scenario {hunt.seed} {number}")
            path = folder / "mutant.yaml"
            path.write_bytes(_mutant(texts, draws))
            for what, said in _judge(path, draws, bag):
                bag.find(hunt, number, what, said, path)
    return bag


def _texts(folder):
    """Return the scenarios that are mutated; the tables of the small ones are put next to them."""
    texts = {p.name: p.read_text(encoding="utf-8") for p in sorted(folder.glob("*.yaml"))}
    for number in SMALL:
        text, tables = soak_world(random.Random(f"small {number}"), 100)
        for name, table in tables.items():
            (folder / f"small{number}-{name}.csv").write_text(table, encoding="utf-8")
            text = text.replace(f"{name}.csv", f"small{number}-{name}.csv")
        texts[f"small{number}"] = text
    return texts


@cache
def _library(texts):
    return Library(texts)


def _mutant(texts, draws):
    """Return the bytes of one mutant."""
    every = tuple(texts.values())
    how = draws.random()
    if how < 0.3:
        return mutated_text(draws.choice(every), draws).encode("utf-8", "surrogatepass")
    if how < 0.4:
        return mutated_bytes(draws.choice(every).encode("utf-8"), draws)
    text = mutated_structure(draws.randrange(len(every)), _library(every), draws)
    return text.encode("utf-8", "surrogatepass")


def _judge(path, draws, bag):
    """Yield what is wrong with how a mutant is taken."""
    try:
        with within(CHECKED):
            answer = rescuesim("check", path, "--json")
        yield from judged_check(answer)
        bag.seen["accepted" if answer.code == 0 else "refused"] += 1
        if answer.code == 0:
            with within(RUN):
                yield from run_shortly(path, draws, bag)
        elif draws.random() < 0.1:
            with within(CHECKED):
                told = rescuesim("check", path)
            if told.code != answer.code or not told.err.strip():
                yield "check says two things", f"{told} {answer}"
            if not all(c == "\n" or c.isprintable() or c in "\u200c\u200d" for c in told.err):
                yield "what is told is not printable", repr(told.err)
    except TooSlow as error:
        yield "slow", str(error)


def judged_check(answer):
    """Yield what is wrong with the answer of ``check --json``."""
    if answer.code not in (0, 2):
        yield f"check: exit {answer.code}", answer.err
        return
    try:
        diagnostics = json.loads(answer.out)["diagnostics"]
    except ValueError:
        yield "check: no JSON", answer.out + answer.err
        return
    errors = [d for d in diagnostics if not d["warning"]]
    if (answer.code == 2) != bool(errors):
        yield "check: exit code", f"{answer.code} with {len(errors)} errors"
    if len(errors) > MOST_ERRORS:
        yield "check: too many errors", str(len(errors))
    for d in diagnostics:
        wrong = _wrong_with(d)
        if wrong:
            yield f"check: {wrong}", json.dumps(d, ensure_ascii=False)


def _wrong_with(d):
    """Return what is wrong with a diagnostic, nothing if it is as it should be."""
    message = d["message"]
    if MORE_ERRORS.fullmatch(message):
        return ""
    if not message.strip() or "\n" in message or len(message) > 400 or len(d["help"]) > 1200:
        return "no sentence"
    if TWO_SENTENCES.search(re.sub("'.*'", "''", message)):  # what is quoted may be anything
        return "more than a sentence"
    if OURS.search(message + d["help"]):
        return "words of the program"
    if not d["file"]:
        return "no file"
    if d["line"] < 1 or d["column"] < 1:
        return "no place"
    return ""


# -- those that are accepted -----------------------------------------------------------------------


def run_shortly(path, draws, bag):
    """Run a mutant for a short while, under one of its policies."""
    from sim.policies import read_with_rules

    file = read_with_rules(path)
    days = short_enough(file)
    if days is None:
        bag.seen["accepted, and too large to run"] += 1
        return
    results = path.parent / "results"
    policy = draws.choice([*file.scenario.policies])
    how = ["--days", f"{days:.6f}", "-n", draws.choice([1, 2]), "--no-figures", "-q", "--fresh"]
    if file.scenario.clock.warm_up > days * 86_400_000:
        how += ["--warm-up", "none"]
    answer = rescuesim("run", path, "--policy", policy, *how, "-o", results)
    shutil.rmtree(results, ignore_errors=True)
    bag.seen[f"run: exit {answer.code}"] += 1
    if answer.code == 0:
        return
    if answer.code == 2 and _is_told(answer.err):
        return
    yield f"run: exit {answer.code}", f"{days} days of {policy}: {answer.err}"


def _is_told(said):
    """Return whether a run was refused in words: the flags make it another scenario."""
    return bool(said.strip()) and not OURS.search(said)


def short_enough(file):
    """Return for how many days a scenario is run so that it is over soon; None if it is large."""
    scenario = file.scenario
    demand, clock = scenario.demand, scenario.clock
    if sum(team.count for team in scenario.teams.values()) > 200 or len(file.places) > 1000:
        return None
    a_day = (demand.rate or 0) * demand.scale
    for surge in demand.surges:
        a_day *= max(1, surge.factor)
    if demand.clusters is not None:
        a_day /= 1 - demand.clusters.branching_ratio
    a_day *= _peak(demand.hours) * _peak(demand.weekdays)
    if sum(i.sites + (i.casualties.number if i.casualties else 0) for i in demand.incidents) > 500:
        return None
    if file.callouts is not None and len(file.callouts) > 3000:
        return None
    length = clock.length / 86_400_000
    days = min(length, 10, CALLOUTS / a_day if a_day else 10)
    return days if days > 1e-4 else None


def _peak(weights):
    """Return the largest of some weights over their mean."""
    return max(weights) * len(weights) / (sum(weights) or 1)
