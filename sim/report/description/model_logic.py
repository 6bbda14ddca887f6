"""The logic of the model: how a callout goes through it, what there is, what waits for what."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario import Kind, Scenario, ScenarioFile
from sim.scenario.diagnostics.diagnostic import join
from sim.units import say_rate

from .model_features import counted, dates_of, used
from .rules_described import algorithms, differences, rules_of
from .subject import Fact, Facts, Subject

_SHIFT_ENDS = {
    "finish": "finishes its callout",
    "drop": "drops its callout",
    "hand over": "gives its callout back to the queue",
    "relieve": "stays on scene until another team has arrived",
}


def logic(subject: Subject) -> Facts:
    """Return what is known of the items of logic: overview, rules and components."""
    file = subject.file
    facts, absent = used(subject)
    if absent:
        facts.append(Fact(f"Not in this scenario: {'; '.join(absent)}."))
    return {
        "2.1": list(_ways(file.scenario)),
        "2.2": [Fact(_BASIC), *facts],
        "2.3": differences(subject),
        "2.4": algorithms(subject),
        "2.5.1": list(_entities(file)),
        "2.5.2": list(_activities(file.scenario)),
        "2.5.3": list(_resources(file)),
        "2.5.4": list(_queues(subject)),
        "2.5.5": list(_ends(file)),
    }


_BASIC = (
    "A callout is received, handled and ready to dispatch; teams that bring what it still needs "
    "are sent, or it stays pending until one can be. Work on scene is as fast as the share of the "
    "needed people who are there. All of docs/model.md holds."
)


def _ways(scenario: Scenario) -> Iterator[Fact]:
    for name, kind in scenario.demand.kinds.items():
        steps = " -> ".join(_steps(scenario, kind))
        yield Fact(f"{name}: {steps}", (f"demand.kinds.{name}",))


def _steps(scenario: Scenario, kind: Kind) -> Iterator[str]:
    """Yield the steps of a callout of some kind, in order."""
    called = any(team.on_call for team in scenario.teams.values())
    yield "received"
    yield "call handling"
    if kind.permission is not None:
        yield "permission"
    yield "ready (deferred while few teams are free)" if kind.deferrable else "ready"
    yield "queue" + (" (may be abandoned)" if kind.abandons_after else "")
    yield "dispatched"
    yield "turnout or assembly of volunteers" if called else "turnout"
    yield "travel"
    if kind.scene_hazard is not None:
        yield "staging while the scene is unsafe"
    yield "on scene"
    if kind.explosive_hazard is not None:
        yield "clearance of an explosive hazard, if there is one"
    yield "work" + (" with relief" if kind.relief_after else "")
    if kind.documentation is not None:
        yield "documentation"
    if kind.to is not None:
        yield "transport to hospital, if needed"
        yield "handover"
    yield "cleared"
    yield "return"


def _entities(file: ScenarioFile) -> Iterator[Fact]:
    for name, kind in file.scenario.demand.kinds.items():
        needs = f"; needs {join(kind.needs)}" if kind.needs else ""
        yield Fact(
            f"Callouts of kind {name}: share {kind.share * 100:g}%, priority {kind.priority}, "
            f"{_people(kind.crew)} on scene{needs}.",
            (f"demand.kinds.{name}",),
        )
    yield Fact(
        "Each callout also has a time received, a place and its own times drawn; nothing about "
        "who the people are.",
        ("demand.where",),
    )


def _people(number: int) -> str:
    return "1 person" if number == 1 else f"{number} people"


_ACTIVITIES = (
    ("Call handling", "by the dispatch centre, for each callout", "dispatch_centre.call_handling"),
    ("Turnout", "of a team dispatched at a base", "dispatch_centre.turnout"),
    ("Travel", "of a team, to the scene, to hospital and home", "map.roads"),
    ("Work on scene", "by the teams there, until all that is needed is done",
     "demand.kinds.*.on_scene"),
)  # fmt: skip


def _activities(scenario: Scenario) -> Iterator[Fact]:
    """Yield activities; those that no kind of callout has are not there."""
    kinds = scenario.demand.kinds.values()
    for name, what, path in _ACTIVITIES:
        yield Fact(f"{name}: {what}.", (path,))
    more = (
        ("Permission", "of the authority, before anybody is sent", "permission"),
        ("Documentation", "on scene, after the work", "documentation"),
        ("Staging", "of teams until the scene is safe", "scene_hazard"),
        ("Clearance", "of explosive hazards, by a team that can", "explosive_hazard"),
        ("Relief", "of a team on scene by another", "relief_after"),
        ("Transport and handover", "of people to a hospital, in an offload bay", "to"),
    )
    for name, what, field in more:
        if any(getattr(kind, field) is not None for kind in kinds):
            yield Fact(f"{name}: {what}.", (f"demand.kinds.*.{field}",))
    if any(team.on_call for team in scenario.teams.values()):
        yield Fact("Assembly: of volunteers at a base, after an alert.", ("teams.*.on_call",))
    if any(team.breaks for team in scenario.teams.values()):
        yield Fact("Breaks: of a free team within its shift.", ("teams.*.breaks",))


def _resources(file: ScenarioFile) -> Iterator[Fact]:
    scenario = file.scenario
    for name, team in scenario.teams.items():
        has = f", with {join(team.capabilities)}" if team.capabilities else ""
        duty = _duty(name, scenario)
        yield Fact(
            f"Teams {name}: {counted(team.count, 'team')} of {_people(team.crew)} "
            f"at base {team.base}{has}, {duty}.",
            (f"teams.{name}",),
        )
    for name, pool in scenario.volunteers.items():
        yield Fact(f"Volunteers {name}: {_people(pool.people)}.", (f"volunteers.{name}",))
    for name, vehicle in scenario.vehicles.items():
        has = f", with {join(vehicle.capabilities)}" if vehicle.capabilities else ""
        yield Fact(
            f"Vehicles {name}: {vehicle.count} at base {vehicle.base}, {vehicle.seats} seats{has}.",
            (f"vehicles.{name}",),
        )
    limited = [h for h in file.hospitals if h.offload_bays]
    for hospital in limited:
        bays = counted(hospital.offload_bays or 0, "offload bay")
        yield Fact(f"Hospital {hospital.name}: {bays}.", ("map.hospitals",))
    free = len(file.hospitals) - len(limited)
    if free:
        yield Fact(f"{counted(free, 'hospital')} without a limit.", ("map.hospitals",))


def _duty(name: str, scenario: Scenario) -> str:
    return _usual_duty(name, scenario) + dates_of(scenario.teams[name])


def _usual_duty(name: str, scenario: Scenario) -> str:
    team = scenario.teams[name]
    if team.reserve is not None:
        return "in reserve until called in"
    if team.roster is not None:
        return f"roster {team.roster}"
    if team.shifts:
        return f"shifts {join(team.shifts)}"
    return "always on duty"


def _queues(subject: Subject) -> Iterator[Fact]:
    scenario = subject.file.scenario
    for alternative, words in rules_of(subject).items():
        rule = next((str(r) for r in words if r.question == "queue"), "")
        yield Fact(f"Pending callouts under {alternative}: {rule}.", ("policies.*.queue",))
    yield Fact("The queue has no limit in length, except under a rule without a queue.")
    leaving = [name for name, kind in scenario.demand.kinds.items() if kind.abandons_after]
    said = f"Callers of {join(leaving)} abandon" if leaving else "No caller abandons"
    yield Fact(f"{said} while no team has been sent.", ("demand.kinds.*.abandons_after",))
    if any(hospital.offload_bays for hospital in subject.file.hospitals):
        yield Fact(
            "Teams queue for offload bays in the order in which they arrive.", ("map.hospitals",)
        )
    end = scenario.dispatch_centre.shift_end
    if any(team.shifts or team.roster or team.until for team in scenario.teams.values()):
        said = f"A team whose shift ends while it is on a callout {_SHIFT_ENDS[end]}."
        yield Fact(said, ("dispatch_centre.shift_end",))


def _ends(file: ScenarioFile) -> Iterator[Fact]:
    demand = file.scenario.demand
    if demand.record is not None:
        yield Fact(
            f"Callouts enter when a record says: {counted(len(file.callouts or ()), 'callout')}.",
            ("demand.record",),
        )
    elif demand.callouts is not None:
        yield Fact(
            f"Callouts enter when listed: {counted(len(file.callouts or ()), 'callout')}.",
            ("demand.callouts",),
        )
    elif demand.rate is not None:
        yield Fact(
            "Callouts enter as a Poisson process by thinning, at "
            f"{counted(len(file.places), 'place')}, {say_rate(demand.rate * demand.scale)} on "
            "average before surges, clusters and incidents.",
            ("demand.rate", "demand.scale"),
        )
    yield Fact(
        "A callout leaves when its work and transports are done, or when it is abandoned, dropped "
        "or lost; one left at the end of the run is counted as unfinished."
    )
