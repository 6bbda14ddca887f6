"""The policies there are, by name, and how a scenario's choice becomes one of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, MutableMapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, replace
from difflib import get_close_matches
from functools import lru_cache, partial
from typing import Any, Protocol, TypeAlias, get_type_hints

from pydantic import TypeAdapter, ValidationError

from sim.errors import Diagnostic, ScenarioError
from sim.program_end import foreign_code
from sim.scenario import FlagValues, ScenarioFile
from sim.scenario.diagnostics.wording import said_plainly
from sim.scenario.fields.models import AlternativeEntry
from sim.scenario.text.tags import FILE, HERE
from sim.units import say_duration, shown

from .cover_rules import relocation, staffing
from .dispatch_rules import dispatch
from .policy_set import PolicySet
from .queue_rules import queueing, reassignment
from .rule_basis.library_rules import is_ours, is_ours_class
from .travel_rules import destination, routing


class Rules(MutableMapping[str, type]):
    """
    The library's rules for a question, by name; modules of them are imported as far as needed.

    Parameters
    ----------
    modules
        The rules of each module, in the order in which they are told.

    """

    def __init__(self, modules: Iterator[Mapping[str, type]]) -> None:
        self._found: dict[str, type] = {}
        self._further = modules

    def __getitem__(self, name: str) -> type:
        while name not in self._found and (more := next(self._further, None)) is not None:
            self._found.update(more)
        return self._found[name]

    def __setitem__(self, name: str, rule: type) -> None:
        self._all()[name] = rule

    def __delitem__(self, name: str) -> None:
        del self._all()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def _all(self) -> dict[str, type]:
        for more in self._further:
            self._found.update(more)
        return self._found


def _dispatch() -> Iterator[Mapping[str, type]]:
    yield dispatch.RULES
    from .dispatch_rules import covering, dispatch_objectives, lookahead

    yield covering.RULES
    yield dispatch_objectives.RULES
    yield lookahead.RULES


def _relocation() -> Iterator[Mapping[str, type]]:
    yield relocation.RULES
    from .cover_rules import compliance

    yield compliance.RULES


LIBRARY: dict[str, MutableMapping[str, type]] = {
    "dispatch": Rules(_dispatch()),
    "reassignment": reassignment.RULES,
    "queue": queueing.RULES,
    "relocation": Rules(_relocation()),
    "destination": destination.RULES,
    "staffing": staffing.RULES,
    "routing": routing.RULES,
}


def our_names() -> frozenset[str]:
    """Return the names of all rules of the library."""
    return frozenset(name for choices in LIBRARY.values() for name in choices)


def rules(question: str) -> dict[str, type]:
    """Return the rules that answer a question: the library's, then those of installed packages."""
    from .contract.plugins import usable

    more = usable(our_names(), lambda told: None)
    found = {rule.name: loaded for rule, loaded in more if loaded.question == question}  # type: ignore[attr-defined]
    return {**LIBRARY[question], **found}


Misfits: TypeAlias = Callable[[tuple[str, ...], str, str, Any], list[Diagnostic]]


class ValueLocations(Protocol):
    """What knows where values were written: a scenario's file, or flags."""

    def diagnostic(
        self, loc: Sequence[object], message: str, help: str = "", on_key: bool = False
    ) -> Diagnostic:
        """Return an error at a path."""


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
        found.append(Parameter(f.name, meaning, _default(f, meaning)))
    return found


def _default(field: Field[Any], meaning: str) -> str:
    if field.default_factory is not MISSING:
        return str(field.default_factory())
    if field.default is MISSING:
        return "required"
    as_time = meaning.endswith("[duration]") and isinstance(field.default, int)
    return say_duration(field.default) if as_time else str(field.default)


def policy_sets(file: ScenarioFile) -> dict[str, PolicySet]:
    """
    Return the policies of every alternative of a scenario, the baseline first.

    Raises
    ------
    ScenarioError
        For unknown policies and wrong parameters, each at its place in the file.

    """
    diagnostics: list[Diagnostic] = []
    found = {
        name: _policy_set(file, name, alternative, diagnostics)
        for name, alternative in file.scenario.policies.items()
    }
    if diagnostics:
        raise ScenarioError(diagnostics)
    return {name: PolicySet(name, **chosen) for name, chosen in found.items()}


def _policy_set(
    file: ScenarioFile, name: str, alternative: AlternativeEntry, diagnostics: list[Diagnostic]
) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    for question in LIBRARY:
        at = ("policies", name, question)
        misfits = partial(_misfits, file)
        try:
            chosen[question] = _rule(file, at, question, getattr(alternative, question), misfits)
        except _RefusedError as error:
            diagnostics += error.diagnostics
    return chosen


def errors_of_rule(
    written: ValueLocations, at: tuple[str, ...], question: str, rule: Any,
    known: Mapping[str, Sequence[str]],
) -> list[Diagnostic]:  # fmt: skip
    """Return what is wrong with a rule as written; ``known``: the names that it may use."""

    def misfits(at: tuple[str, ...], question: str, label: str, policy: Any) -> list[Diagnostic]:
        return _unknown_names(written, at, policy, lambda what: known.get(what))

    try:
        _rule(written, at, question, rule, misfits)
    except _RefusedError as error:
        return list(error.diagnostics)
    return []


def _rule(
    written: ValueLocations, at: tuple[str, ...], question: str, rule: Any, misfits: Misfits
) -> Any:
    """Return the rule that is written at a question, as text or with its parameters."""
    label, given = (rule, {}) if isinstance(rule, str) else next(iter(rule.items()), ("", {}))
    if isinstance(rule, dict):
        if len(rule) != 1:
            said = f"one rule is expected here, found {len(rule)}"
            raise _RefusedError(written.diagnostic(at, said))
        at = (*at, label)
    chosen, package = _class_of(written, at, question, label)
    policy = _made(written, at, label, chosen, given or {}, partial(misfits, at, question, label))
    return _watched(policy, question, label, package) if package else policy


def _watched(policy: Any, question: str, label: str, package: str = "") -> Any:
    from .guard import guarded  # only where there is something to guard

    return guarded(policy, question, label, package)


def guarded_set(policies: PolicySet) -> PolicySet:
    """Return policies of which those from outside the library are watched."""
    found: dict[str, Any] = {
        part.name: _watched(policy, part.name, policies.name)
        for part in fields(policies)
        if part.name != "name" and not is_ours(policy := getattr(policies, part.name))
    }
    return replace(policies, **found) if found else policies


class _RefusedError(Exception):
    """A rule that cannot be had; the errors say why, each at its place."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics


def _class_of(
    file: ValueLocations, at: Sequence[str], question: str, label: str
) -> tuple[type, str]:
    """Return the class of a rule by its name, and the package that has it; empty: this one."""
    if label in LIBRARY[question]:
        return LIBRARY[question][label], ""
    from .contract.plugins import UnusableError, find, installed

    try:
        found = find(label, our_names())
        rule = None if found is None else found.load()
    except UnusableError as error:
        raise _RefusedError(file.diagnostic(at, str(error))) from error
    if found is None or rule is None:
        known = [*LIBRARY[question], *(rule.name for rule in installed())]
        near = get_close_matches(label[:100], known, n=1)
        hint = f"did you mean {near[0]!r}?   " if near else ""
        message = f"there is no {question} rule called {shown(label)}"
        raise _RefusedError(file.diagnostic(at, message, f"{hint}rules: {', '.join(known)}"))
    answers = str(rule.question)  # type: ignore[attr-defined]
    if answers != question:
        message = f"{label!r} is no {question} rule; it answers another question, {answers}"
        raise _RefusedError(file.diagnostic(at, message, f"write {answers}: {label}"))
    return rule, found.package


def made(given: FlagValues, label: str, rule: type) -> Any:
    """
    Return a rule with the parameters that flags give, for any scenario.

    Raises
    ------
    ScenarioError
        For unknown and wrong parameters, each at its place in the flags.

    """
    try:
        return _made(given, (), label, rule, given.plain(), lambda policy: [])
    except _RefusedError as error:
        raise ScenarioError(list(error.diagnostics)) from None


def _made(
    written: ValueLocations, at: tuple[str, ...], label: str, rule: type, given: Any,
    misfits: Callable[[Any], list[Diagnostic]],
) -> Any:  # fmt: skip
    """Return a rule with the parameters given, and report errors where it was written."""
    known = [p.name for p in parameters(rule)]
    unknown = [name for name in given if name not in known]
    if unknown:
        found = [_unknown(written, (*at, name), "parameter", name, known) for name in unknown]
        raise _RefusedError(*found)
    try:
        with foreign_code():
            policy = _adapter(rule).validate_python(given)
            diagnostics = misfits(policy)
    except ValidationError as error:
        raise _RefusedError(
            *(_parameter_diagnostic(written, at, label, rule, e) for e in error.errors())
        ) from error
    except (Exception, SystemExit) as error:
        if is_ours_class(rule):
            raise
        said = f"{label!r} could not be made: {type(error).__name__}: {error}"
        raise _RefusedError(written.diagnostic(at, said)) from error
    if diagnostics:
        raise _RefusedError(*diagnostics)
    return policy


@lru_cache(maxsize=200)
def _adapter(rule: Hashable) -> TypeAdapter[Any]:
    made: Any = rule
    return TypeAdapter(made)


def _parameter_diagnostic(
    file: ValueLocations, at: tuple[str, ...], label: str, rule: type, error: Any
) -> Diagnostic:
    place = (*at, *(step for step in error["loc"] if step not in ("[key]", FILE, HERE)))
    names = [p.name for p in parameters(rule)]
    ctx = error.get("ctx") or {}
    if error["type"] in ("missing", "missing_argument"):
        wanted = f"{label!r} needs the parameter {error['loc'][-1]!r}"
        return file.diagnostic(at, wanted, f"parameters: {', '.join(names)}")
    if error["type"] == "refused":
        return file.diagnostic(place, ctx["said"], ctx["help"])
    if error["type"] in ("value_error", "assertion_error"):  # raised by the rule itself
        return file.diagnostic(place, f"{label!r} refuses this: {ctx['error']}")
    if error["type"] == "too_short":
        return file.diagnostic(place, "at least one is needed, found none")
    return file.diagnostic(place, said_plainly(error["type"], ctx, shown(error["input"])))


def _misfits(
    file: ScenarioFile, at: tuple[str, ...], question: str, label: str, policy: Any
) -> list[Diagnostic]:
    """
    Return where a rule does not fit the scenario: names of nothing, or what the rule itself says.

    A rule may have ``names()``, which yields (path in its parameters, what it is, name), and
    ``fits(file)``, which returns a sentence where it makes no sense here.
    """
    diagnostics = _unknown_names(file, at, policy, lambda what: NAMES[what](file))
    if hasattr(policy, "fits") and (told := policy.fits(file)):
        diagnostics.append(file.diagnostic(at, told))
    if question == "routing":
        diagnostics += routing.unusable(file, at, label, policy)
    return diagnostics


def _unknown_names(
    written: ValueLocations, at: tuple[str, ...], policy: Any,
    names: Callable[[str], Sequence[str] | None],
) -> list[Diagnostic]:  # fmt: skip
    """Return where a rule names nothing of what there is; None: what there is is not known."""
    diagnostics = []
    known: dict[str, Sequence[str] | None] = {}
    for path, what, name in policy.names() if hasattr(policy, "names") else ():
        if what not in known:
            known[what] = names(what)
        there = known[what]
        if there is not None and name not in there:
            diagnostics.append(_unknown(written, (*at, *path), what, name, there))
    return diagnostics


def misfit(file: ScenarioFile, policy: Any) -> str:
    """Return why a rule makes no sense in a scenario, as a sentence; empty if it does."""
    with foreign_code():
        for _, what, name in policy.names() if hasattr(policy, "names") else ():
            if name not in NAMES[what](file):
                return f"no {what} is called {name!r} in {file.scenario.name}"
        return str(policy.fits(file)) if hasattr(policy, "fits") else ""


def _teams(file: ScenarioFile) -> list[str]:
    found = []
    for name, team in file.scenario.teams.items():
        found += [name] if team.count == 1 else [f"{name} {i + 1}" for i in range(team.count)]
    return found


NAMES: dict[str, Callable[[ScenarioFile], list[str]]] = {
    "team": _teams,
    "base": lambda file: [*file.scenario.bases],
    "team or base": lambda file: [*dict.fromkeys([*_teams(file), *file.scenario.bases])],
    "place": lambda file: [place.name for place in file.places],
    "hospital": lambda file: [hospital.name for hospital in file.hospitals],
    "kind": lambda file: [*file.scenario.demand.kinds],
    "area": lambda file: [*dict.fromkeys(place.area or place.name for place in file.places)],
}
"""What a parameter may name, and what there is of each in a scenario."""


def _unknown(
    file: ValueLocations, at: tuple[str | int, ...], what: str, name: str, known: Sequence[str]
) -> Diagnostic:
    near = get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?   " if near else ""
    shown = ", ".join(known[:8]) + (", ..." if len(known) > 8 else "")
    message = (
        f"unknown parameter {name!r}" if what == "parameter" else f"no {what} is called {name!r}"
    )
    text = f"{hint}known: {shown}" if known else "it has no parameters"
    if what != "parameter" and not known:
        text = f"there is no {what}"
    return file.diagnostic(at, message, text, on_key=at[-1] == name)
