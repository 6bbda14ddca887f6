"""How ready a model is: what shows it in the scenario or the results, and what is not so."""

from __future__ import annotations

from collections.abc import Iterator

from sim.by_identity import ByIdentity
from sim.scenario import Replications
from sim.scenario.text.source import Node

from .model_features import counted
from .subject import Fact, Facts, Subject

LEAST = 30  # replications for a decision
_TESTED = "tested in rescuesim itself, not with this scenario: docs/verification.md"


def readiness(subject: Subject) -> tuple[Facts, Facts]:
    """Return what shows that an item is met, and what shows that it is not, by item."""
    met: Facts = {number: [Fact(said)] for number, said in _OF_THE_TOOL.items()}
    gaps: Facts = {}
    for number, good, fact in _of_the_study(subject):
        (met if good else gaps).setdefault(number, []).append(fact)
    return met, gaps


_OF_THE_TOOL = {
    "B6": "Every duration, length, speed and rate is written with its unit, and refused without.",
    "B8": f"Every callout ends once, or is counted as unfinished: {_TESTED}.",
    "B9": f"No team or person is in two places: {_TESTED}.",
    "B10": f"A team is on one callout at a time: {_TESTED}.",
    "B11": f"Teams are on duty when they are sent: {_TESTED}.",
    "B22": "README.md and docs/ of rescuesim; a scenario is one commented file.",
    "S1": "Every public function of rescuesim has a docstring.",
    "S4": f"Random scenarios run to their end: {_TESTED}.",
    "S5": f"The same seed gives the same log: {_TESTED}.",
    "S6": f"No team is on two callouts, no offload bay is used twice: {_TESTED}.",
    "S7": f"Queues agree with Erlang's formulas: {_TESTED}.",
    "S9": "rescuesim has an open licence: see 6.1.",
    "G2": "CHANGELOG.md of rescuesim.",
    "G3": "docs/verification.md tells how rescuesim is tested.",
    "G7": "--jobs and --cluster.",
}


def _of_the_study(subject: Subject) -> Iterator[tuple[str, bool, Fact]]:
    """Yield item, whether it is met, and why."""
    yield from _drawn(subject)
    yield from _replications(subject)
    scenario, manifest = subject.file.scenario, subject.manifest
    warm_up = scenario.clock.warm_up
    if not warm_up:
        yield "B13", False, Fact("There is no warm-up.", ("clock.warm_up",))
    seed = scenario.study.seed if manifest is None else manifest["seed"]
    yield "B14", True, Fact(f"Seed {seed}; rescuesim reproduce runs it again.", ("study.seed",))
    if scenario.demand.record is not None:
        said = "Callouts are those of a record, so they are as many and as often."
        yield "B15", True, Fact(said, ("demand.record",))
    yield from _documented(subject)
    where = "the manifest" if manifest is not None else "the manifest of its results"
    yield "B25", True, Fact(f"Versions are in {where}; see 5.1.")
    if scenario.study.vary:
        said = f"Varied: {', '.join(scenario.study.vary)}."
        yield "S11", True, Fact(said, ("study.vary",))


def _drawn(subject: Subject) -> Iterator[tuple[str, bool, Fact]]:
    outputs = {} if subject.manifest is None else subject.manifest["outputs"]
    for number, name in (("B1", "day-profile"), ("B2", "utilisation")):
        there = [o for o in outputs if o.startswith(f"figures/{name}.")]
        if there:
            yield number, True, Fact(f"Figure {name}: {', '.join(there)}.")
        elif number == "B2":
            how = "rescuesim compare" if subject.manifest is None else "rescuesim plot"
            if subject.selection is not None:
                how = "rescuesim compare, and not a selection,"
            yield number, False, Fact(f"There is no figure {name} yet; {how} draws it.")


def _replications(subject: Subject) -> Iterator[tuple[str, bool, Fact]]:
    if subject.selection is not None:
        said = "A selection runs each alternative as often as it needs; see 4.3."
        yield "B12", False, Fact(said)
        yield "G11", True, Fact(said)
        return
    asked = subject.file.scenario.study.replications
    by_goal = isinstance(asked, Replications)
    least = asked.at_least if isinstance(asked, Replications) else asked
    done = None if subject.manifest is None else subject.manifest.get("replications")
    number = least if done is None else done
    said = f"{counted(number, 'replication')} {'planned' if done is None else 'run'}"
    enough = number >= LEAST
    yield (
        "B12",
        enough,
        Fact(f"{said}{'' if enough else f', fewer than {LEAST}'}.", ("study.replications",)),
    )
    if by_goal:
        said = "It stops when intervals are as narrow as asked for; see 4.3."
        yield "G11", True, Fact(said, ("study.replications",))
    else:
        said = "A number is given; study: {replications: {until: ...}} finds it by precision."
        yield "G11", False, Fact(said, ("study.replications",))


def _documented(subject: Subject) -> Iterator[tuple[str, bool, Fact]]:
    scenario = subject.file.scenario
    parts = (("3.1", "source", scenario.sources), ("3.4", "assumption", scenario.assumptions))
    for number, name, written in parts:
        said = f"{counted(len(written), name)} in the scenario."
        yield "B24", bool(written), Fact(said, (f"{name}s",))
        if not written:  # a gap of the guideline, too
            yield number, False, Fact(f"The scenario names no {name}.", (f"{name}s",))
    comments = _comments(subject.file.tree)
    if subject.manifest is None:
        said = f"Lines with a comment in the scenario: {comments}."
        yield "B23", comments > 0, Fact(said)
    else:
        said = "Results keep no comments; what the scenario file has is told of the file."
        yield "B23", True, Fact(said)


def _comments(tree: Node) -> int:
    """Return how many lines of the files that a scenario was read from have a comment."""
    sources = {ByIdentity(node.spot.source): node.spot.source for _, node in tree.walk()}
    return sum(
        line.lstrip().startswith("#") or " # " in line
        for source in sources.values()
        for line in source.lines
    )
