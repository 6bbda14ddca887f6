"""What is measured, compared and run: outputs, aims, warm-up, length and replications."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.definitions import definition
from sim.experiment.running.precision import plan_of
from sim.outcomes import standards_of
from sim.scenario import Replications
from sim.scenario.diagnostics.diagnostic import join
from sim.scenario.duty_hours.spoken_hours import say_clock_changes
from sim.scenario.text.yaml_writing import flow
from sim.units import say_duration, say_points, say_share

from ..phrasing.target_words import where_and_when
from .model_features import counted
from .rules_described import rules_of
from .subject import Fact, Facts, Subject


def study_facts(subject: Subject) -> Facts:
    """Return what is known of objectives and experimentation."""
    return {
        "1.1": list(_purpose(subject)),
        "1.2": list(_outputs(subject)),
        "1.3": list(_aims(subject)),
        "4.1": list(_initialisation(subject)),
        "4.2": list(_length(subject)),
        "4.3": list(_estimation(subject)),
    }


def _purpose(subject: Subject) -> Iterator[Fact]:
    about = " ".join(subject.file.scenario.about.split())
    if about:
        yield Fact(f"The scenario says: {about}", ("about",))


def _outputs(subject: Subject) -> Iterator[Fact]:
    scenario, manifest = subject.file.scenario, subject.manifest
    primary, horizon = _judged(subject)
    for name in primary:
        own = definition(name)
        yield Fact(f"Primary: {name} [{own.unit}]. {own.formula}", ("study.primary",))
    yield Fact("There T is received to first team on scene, and tau the horizon.")
    for target in scenario.targets:
        of = target.kind or (f"priority {target.priority}" if target.priority else "all")
        when = where_and_when(target)
        counts = "first team" if target.attendance == "first" else "full attendance"
        yield Fact(
            f"Target {target.name}: {say_share(target.share)} of {of} callouts"
            f"{f' ({when})' if when else ''} within {say_duration(target.within)}, received to "
            f"{counts} on scene.",
            ("targets",),
        )
    if not scenario.targets:
        yield Fact("No target is declared.", ("targets",))
    if horizon is None:
        said = "worked out from the longest expected response when it is run"
    else:
        said = say_duration(horizon)
    yield Fact(f"Horizon, after which a callout counts as not reached: {said}.", ("study.horizon",))
    margin = scenario.study.margin
    yield Fact(
        f"Differences that do not matter: {say_duration(margin.time)}, {say_points(margin.share)}; "
        f"rise of the share not reached that is tolerated: {say_points(margin.unreached)}.",
        ("study.margin",),
    )
    yield Fact(_INTERVALS)
    yield Fact("All measures, with formulas: docs/measures.md, or rescuesim definitions.")
    if manifest is not None:
        counts = join([f"{count:,} under {name}" for name, count in manifest["callouts"].items()]
                      if "callouts" in manifest else [])  # fmt: skip
        if counts:
            yield Fact(f"Callouts measured over all replications: {counts}.")


_INTERVALS = (
    "All are calculated from the log of each run after it has ended; intervals are of 95 % over "
    "replications, differences are paired by replication. Primary measures are judged together "
    "(Holm), all others are exploratory (Benjamini and Hochberg)."
)


def _judged(subject: Subject) -> tuple[tuple[str, ...], int | None]:
    """Return the primary measures and the horizon [ms]; None where only a run tells it."""
    found: dict[str, Any] = subject.manifest or {}
    scenario = subject.file.scenario
    own = standards_of(scenario, subject.file)
    known = own.horizon if scenario.targets or scenario.study.horizon else None
    horizon: int | None = found.get("horizon_ms") or known
    return tuple(found.get("primary") or own.primary), horizon


def _aims(subject: Subject) -> Iterator[Fact]:
    names = [*rules_of(subject)]
    if len(names) == 1:
        yield Fact(f"One alternative is run: {names[0]}.", ("policies",))
    else:
        said = f"{counted(len(names), 'alternative')} are compared: {join(names)}"
        yield Fact(f"{said}; the first is the baseline.", ("policies",))
    varied = subject.file.scenario.study.vary
    for path, values in varied.items():
        yield Fact(f"Varied: {path} over {flow(list(values))}.", (f"study.vary.{path}",))
    if not varied:
        yield Fact("No value is varied by the study.", ("study.vary",))
    if subject.selection is not None:
        best = str(subject.selection.get("best", ""))
        yield Fact(f"The best alternative is selected; the choice: {best}.")


def _initialisation(subject: Subject) -> Iterator[Fact]:
    warm_up = _milliseconds(subject, "warm_up_ms", subject.file.scenario.clock.warm_up)
    yield Fact("A period of fixed length, as a terminating system; it ends at its last instant.")
    yield Fact("It begins empty: no callout is pending and all teams on duty are free at bases.")
    said = f"Warm-up, simulated before it and discarded: {say_duration(warm_up)}."
    yield Fact(said if warm_up else "There is no warm-up.", ("clock.warm_up",))


def _length(subject: Subject) -> Iterator[Fact]:
    clock = subject.file.scenario.clock
    length = _milliseconds(subject, "run_ms", clock.length)
    changes = "".join(f"; {one}" for one in say_clock_changes(subject.file.scenario))
    yield Fact(
        f"{say_duration(length)} from {clock.start:%Y-%m-%d %H:%M} ({clock.timezone}{changes}).",
        ("clock.start", "clock.length", "clock.timezone"),
    )
    yield Fact("Time is a whole number of milliseconds.")


def _milliseconds(subject: Subject, name: str, otherwise: int) -> int:
    return otherwise if subject.manifest is None else int(subject.manifest[name])


def _estimation(subject: Subject) -> Iterator[Fact]:
    study, manifest = subject.file.scenario.study, subject.manifest
    done = None if manifest is None else manifest.get("replications")
    if done is not None:
        yield Fact(f"{counted(done, 'independent replication')} were run.")
    plan = plan_of(study)
    if subject.selection is not None:
        guarantee = str(subject.selection.get("guarantee", ""))
        yield Fact(f"Each alternative is run as often as the selection needs: {guarantee}")
    elif isinstance(study.replications, Replications):
        goals = join([f"{name} to {wanted}" for name, wanted in study.replications.until.items()])
        yield Fact(
            f"Replications until 95 % intervals have the half-width asked for ({goals}): first "
            f"look after {plan.first}, then every {plan.every}, at most {plan.at_most}.",
            ("study.replications",),
        )
    elif done is None:
        yield Fact(f"{counted(plan.at_most, 'independent replication')}.", ("study.replications",))
    for width in [] if manifest is None else manifest.get("precision", []):
        yield Fact(_reached(width))
    failed = [] if manifest is None else manifest.get("failed_replications", [])
    if failed:
        yield Fact(f"Replications that failed and are left out: {join([*map(str, failed)])}.")
    yield Fact("Alternatives have common random numbers: the same callouts, so all differences "
               "are paired.")  # fmt: skip
    if manifest is not None and manifest.get("control"):
        yield Fact("The number of callouts is used as a control variate.")
    yield from _looks(subject)


def _reached(width: dict[str, Any]) -> str:
    """Say how precise a measure is, as a manifest records it."""
    unit, half = width.get("unit", ""), width.get("half_width")
    reached = "no interval" if half is None else f"{half:.3g} {unit}"
    met = "as wanted" if width.get("met") else "wider than wanted"
    name = f"{width.get('measure')} under {width.get('alternative')}"
    return f"Half-width reached of {name}: {reached}, {met}."


def _looks(subject: Subject) -> Iterator[Fact]:
    looks = subject.run.get("looks")
    if isinstance(looks, dict) and isinstance(looks.get("number"), int):
        yield Fact(f"Studies of this scenario until this one, which is counted: {looks['number']}.")
