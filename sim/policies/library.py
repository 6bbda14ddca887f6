"""The policies there are, by name, and how a scenario's choice becomes one of them."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from difflib import get_close_matches
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from sim.errors import Mistake, ScenarioError
from sim.scenario import ScenarioFile
from sim.scenario.models import Alternative
from sim.scenario.wording import said_plainly
from sim.units import say_duration, shown

from .destination import NearestHospital
from .dispatch import Closest, Cutoff, RunCard
from .queueing import FirstCome, NoQueue, Priority
from .relocation import Dmexclp, Home
from .views import PolicySet

LIBRARY: dict[str, dict[str, type]] = {
    "dispatch": {"closest": Closest, "run_card": RunCard, "cutoff": Cutoff},
    "queue": {"priority": Priority, "first_come": FirstCome, "none": NoQueue},
    "relocation": {"home": Home, "dmexclp": Dmexclp},
    "destination": {"nearest_hospital": NearestHospital},
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a policy, for people to read."""

    name: str
    meaning: str
    default: str


def parameters(policy: type) -> list[Parameter]:
    """Return the parameters of a policy: the fields of its dataclass."""
    hints = get_type_hints(policy, include_extras=True)
    found = []
    for f in fields(policy):
        notes = getattr(hints[f.name], "__metadata__", ())
        meaning = next((n.description for n in notes if getattr(n, "description", None)), "")
        found.append(Parameter(f.name, meaning, _default(f.default, meaning)))
    return found


def _default(value: Any, meaning: str) -> str:
    if value is MISSING:
        return "required"
    return say_duration(value) if meaning.endswith("[duration]") else str(value)


def policy_sets(file: ScenarioFile) -> dict[str, PolicySet]:
    """
    Return the policies of every alternative of a scenario, the baseline first.

    Raises
    ------
    ScenarioError
        For unknown policies and wrong parameters, each at its place in the file.

    """
    mistakes: list[Mistake] = []
    found = {
        name: _policy_set(file, name, alternative, mistakes)
        for name, alternative in file.scenario.policies.items()
    }
    if mistakes:
        raise ScenarioError(mistakes)
    return {name: PolicySet(name, **chosen) for name, chosen in found.items()}


def _policy_set(
    file: ScenarioFile, name: str, alternative: Alternative, mistakes: list[Mistake]
) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    for question, choices in LIBRARY.items():
        rule = getattr(alternative, question)
        at: tuple[str, ...] = ("policies", name, question)
        label, given = (rule, {}) if isinstance(rule, str) else next(iter(rule.items()), ("", {}))
        if isinstance(rule, dict):
            if len(rule) != 1:
                mistakes.append(file.mistake(at, f"one rule is expected here, found {len(rule)}"))
                continue
            at = (*at, label)
        if label not in choices:
            near = get_close_matches(label, choices, n=1)
            hint = f"did you mean {near[0]!r}?   " if near else ""
            mistakes.append(
                file.mistake(
                    at,
                    f"there is no {question} rule called {label!r}",
                    f"{hint}rules: {', '.join(choices)}",
                )
            )
            continue
        known = [p.name for p in parameters(choices[label])]
        unknown = [name for name in given or {} if name not in known]
        mistakes += [_unknown(file, (*at, name), "parameter", name, known) for name in unknown]
        if unknown:
            continue
        try:
            chosen[question] = TypeAdapter(choices[label]).validate_python(given or {})
        except ValidationError as error:
            mistakes += [
                _parameter_mistake(file, at, label, choices[label], e) for e in error.errors()
            ]
            continue
        if label == "run_card":
            mistakes += _card_mistakes(file, at, chosen[question])
    return chosen


def _parameter_mistake(
    file: ScenarioFile, at: tuple[str, ...], rule: str, policy: type, error: Any
) -> Mistake:
    place = (*at, *(step for step in error["loc"] if step != "[key]"))
    names = [p.name for p in parameters(policy)]
    ctx = error.get("ctx") or {}
    if error["type"] in ("missing", "missing_argument"):
        wanted = f"{rule!r} needs the parameter {error['loc'][-1]!r}"
        return file.mistake(at, wanted, f"parameters: {', '.join(names)}")
    if error["type"] == "refused":
        return file.mistake(place, ctx["said"], ctx["help"])
    if error["type"] == "too_short":
        return file.mistake(place, "at least one is needed, found none")
    return file.mistake(place, said_plainly(error["type"], ctx, shown(error["input"])))


def _card_mistakes(file: ScenarioFile, at: tuple[str, ...], card: RunCard) -> list[Mistake]:
    scenario = file.scenario
    places = [p.name for p in file.places]
    units = list(dict.fromkeys([*_team_names(file), *scenario.bases]))
    mistakes = []
    for place, order in card.order.items():
        if place not in places:
            mistakes.append(_unknown(file, (*at, "order", place), "place", place, places))
        for i, unit in enumerate(order):
            if unit not in units:
                mistakes.append(
                    _unknown(file, (*at, "order", place, i), "team or base", unit, units)
                )
    return mistakes


def _team_names(file: ScenarioFile) -> list[str]:
    found = []
    for name, team in file.scenario.teams.items():
        found += [name] if team.count == 1 else [f"{name} {i + 1}" for i in range(team.count)]
    return found


def _unknown(
    file: ScenarioFile, at: tuple[str | int, ...], what: str, name: str, known: list[str]
) -> Mistake:
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?   " if near else ""
    shown = ", ".join(known[:8]) + (", ..." if len(known) > 8 else "")
    message = (
        f"unknown parameter {name!r}" if what == "parameter" else f"no {what} is called {name!r}"
    )
    text = f"{hint}known: {shown}" if known else "it has no parameters"
    return file.mistake(at, message, text, on_key=what == "parameter")
