"""What a study compares: alternatives that meet the same callouts, and how often."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.by_identity import ByIdentity
from sim.errors import ScenarioError, UsageError
from sim.outcomes import needs_several
from sim.policies import PolicySet
from sim.scenario.diagnostics.diagnostic import nearest
from sim.units import say_duration
from sim.world import SharedWorlds, World
from sim.world.arrivals.demand import expected_callouts

if TYPE_CHECKING:  # a process that only runs them does not read scenarios
    from sim.scenario import ClockSection, ScenarioFile, Setting

    from .precision import ReplicationPlan

LOGGED_BELOW = 1_000_000  # callouts of a study: up to here all is logged
_DAY = 86_400_000


@dataclass(frozen=True)
class Alternative:
    """A scenario with its policies, under a name of its own."""

    name: str
    file: ScenarioFile
    policies: PolicySet
    settings: tuple[Setting, ...] = ()  # what is varied in it


@dataclass(frozen=True)
class Design:
    """
    What is run: alternatives on the same callouts, replications, and what is kept of them.

    ``files`` are the scenarios as given, the baseline's first, and ``policies`` those asked for
    (None: all); ``logged`` is the number of replications, from the first, of which every callout
    and decision is kept as text.
    """

    files: tuple[ScenarioFile, ...]
    alternatives: tuple[Alternative, ...]
    seed: int
    plan: ReplicationPlan
    logged: int
    policies: tuple[str, ...] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The alternatives' names, the baseline first."""
        return tuple(alternative.name for alternative in self.alternatives)

    @property
    def callouts(self) -> float:
        """About how many callouts one replication simulates, over all alternatives."""
        return sum(_expected_callouts(a.file) for a in self.alternatives)


def design_of(
    files: Sequence[ScenarioFile],
    policies: Sequence[str] | None = None,
    given: Mapping[str, PolicySet] | None = None,
) -> Design:
    """
    Return the study that scenarios describe: the first says how often and with which draws.

    Parameters
    ----------
    files
        Scenarios to compare; the alternatives of the first come first.
    policies
        Which of their policies, in the order wanted; all if not given.
    given
        Policies from Python, by name, in place of those in the scenarios; those that are not the
        library's are watched while they decide.

    Raises
    ------
    UsageError
        When a policy is in none of the scenarios, or their runs cannot be paired.
    ScenarioError
        When a policy, a varied value or a primary measure is wrong, at its place.

    """
    from sim.scenario import with_tables_of

    from .precision import plan_of

    _check_pairs(files)
    files = [files[0], *(with_tables_of(file, files[0]) for file in files[1:])]
    found: list[Alternative] = []
    for file, label in zip(files, _labels(files), strict=True):
        own = _of_file(file, _chosen(file, files, policies), given)
        several = len(files) > 1
        for alternative in own:
            name = alternative.name
            if several:
                name = f"{label}: {name}" if len(own) > 1 else label
            found.append(replace(alternative, name=name))
    if not found:
        raise UsageError("there is nothing to run: no scenario has one of these policies")
    _check_primary(files[0], [alternative.file for alternative in found])
    study = files[0].scenario.study
    plan = plan_of(study)
    asked = None if policies is None else tuple(policies)
    design = Design(tuple(files), tuple(found), study.seed, plan, 0, asked)
    logged = study.logged
    if logged is None:
        logged = plan.at_most if design.callouts * plan.at_most < LOGGED_BELOW else 1
    return replace(design, logged=min(logged, plan.at_most))


def _of_file(
    file: ScenarioFile, chosen: Sequence[str], given: Mapping[str, PolicySet] | None
) -> list[Alternative]:
    from sim.policies.registry import guarded_set, policy_sets
    from sim.scenario import variants

    if given is not None:
        return [Alternative(name, file, guarded_set(own)) for name, own in given.items()]
    read: dict[ByIdentity[ScenarioFile], Mapping[str, PolicySet]] = {}  # many share a file
    found = []
    for variant in variants(file, chosen):
        key = ByIdentity(variant.file)
        if key not in read:
            read[key] = policy_sets(variant.file)
        policies = read[key][variant.policy]
        found.append(Alternative(variant.name, variant.file, policies, variant.settings))
    return found


def _chosen(
    file: ScenarioFile, files: Sequence[ScenarioFile], policies: Sequence[str] | None
) -> list[str]:
    known = list(file.scenario.policies)
    if policies is None:
        return known
    everywhere = dict.fromkeys(name for f in files for name in f.scenario.policies)
    for name in policies:
        if name not in everywhere:
            raise UsageError(
                f"{name!r} is not among the scenario's policies; "
                f"{nearest(name, everywhere, 'policies')}"
            )
    return [name for name in dict.fromkeys(policies) if name in known]


def _labels(files: Sequence[ScenarioFile]) -> list[str]:
    names = [file.scenario.name for file in files]
    for name in names:
        if names.count(name) > 1:
            paths = " and ".join(str(f.path) for f in files if f.scenario.name == name)
            raise UsageError(f"{paths} are both called {name!r}: give one a `name:` of its own")
    return names


def _check_pairs(files: Sequence[ScenarioFile]) -> None:
    """Refuse scenarios whose replications could not be paired."""
    first = files[0].scenario.clock
    for file in files[1:]:
        clock = file.scenario.clock
        if clock.start != first.start or clock.length != first.length:
            raise UsageError(
                f"{files[0].path} runs {_said(first)}, {file.path} {_said(clock)}; "
                "only runs of the same period can be paired"
            )


def _check_primary(first: ScenarioFile, files: Sequence[ScenarioFile]) -> None:
    """Refuse to judge by full attendance where the first team is always all that is needed."""
    if any(needs_several(file.scenario) for file in files):
        return
    for i, name in enumerate(first.scenario.study.primary):
        if name.startswith("attendance_"):
            raise ScenarioError([
                first.diagnostic(
                    ("study", "primary", i),
                    f"{name} is not measured here: no callout needs more than its first team",
                    f"judge by {name.replace('attendance', 'response')}",
                )
            ])  # fmt: skip


def _said(clock: ClockSection) -> str:
    return f"{say_duration(clock.length)} from {clock.start:%Y-%m-%d %H:%M}"


def _expected_callouts(file: ScenarioFile) -> float:
    scenario = file.scenario
    clock, demand = scenario.clock, scenario.demand
    dated = demand.months or demand.trend or demand.seasons
    if demand.surges or demand.clusters or demand.incidents or dated:
        return expected_callouts(file) * (clock.length + clock.warm_up) / clock.length
    if file.callouts is not None:
        return len(file.callouts)
    return (demand.rate or 0) * demand.scale * (clock.length + clock.warm_up) / _DAY


def worlds_of(alternatives: Iterable[Alternative]) -> dict[str, World]:
    """Return the world of each alternative; those that are equal are shared."""
    shared = SharedWorlds()
    return {a.name: shared.world(a.file, a.policies.routing) for a in alternatives}
