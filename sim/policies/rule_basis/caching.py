"""
Functions of the map that are worked out once, for all rules of all alternatives.

Every alternative of a study is run on the same maps, so a value kept with one must not depend on
the rule that asked for it: ``cached_on_map`` leaves no way to say less than the whole truth in the
key.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import FunctionType, MappingProxyType
from typing import Concatenate, ParamSpec, TypeVar, cast

from .views import MOST_CACHED, Atlas

Given = ParamSpec("Given")
Result = TypeVar("Result")

_ATOMS = frozenset({int, float, str, bytes, bool, type(None)})


def cached_on_map(
    function: Callable[Concatenate[Atlas, Given], Result],
) -> Callable[Concatenate[Atlas, Given], Result]:
    """
    Return a function of the map that is worked out once for each map and all its arguments.

    The key is the function itself and everything it is given next to the map, so two rules share a
    value only where they ask for the same. What it is given and what it returns are numbers, texts,
    and tuples, frozen sets and ``MappingProxyType`` of them: nothing that hides a parameter, and
    nothing that one rule could change under another's hands.

    Raises
    ------
    TypeError
        When the function is a method or was made inside another function (it could know a rule's
        parameters without being given them); when it is called by keyword, or is given or returns
        anything else than the above.

    """
    _refuse_hidden_parameters(function)

    @wraps(function)
    def from_map(atlas: Atlas, /, *given: Given.args, **named: Given.kwargs) -> Result:
        if named:
            raise TypeError(f"{function.__name__} is cached on the map: call it without keywords")
        key, shared = (from_map, *given), atlas._shared
        if key not in shared:
            _refuse_unless_plain(function, "was given", given)
            result = function(atlas, *given, **named)
            _refuse_unless_plain(function, "returned", result)
            if len(shared) >= MOST_CACHED:
                shared.clear()
            shared[key] = result
        return cast(Result, shared[key])

    return from_map


def _refuse_hidden_parameters(function: Callable[..., object]) -> None:
    name = getattr(function, "__qualname__", repr(function))
    is_plain = isinstance(function, FunctionType) and not function.__closure__
    if not is_plain or "." in name or "<" in name:
        raise TypeError(
            f"only a function of a module can be cached on the map, and {name} may know more "
            "than it is given; for what is a rule's own there is atlas.cached(key, work_out)"
        )


def _refuse_unless_plain(function: Callable[..., object], did: str, value: object) -> None:
    strange = _first_strange(value)
    if strange is not None:
        raise TypeError(
            f"{function.__name__} is cached on the map, but {did} a {strange.__name__}; numbers, "
            "texts, and tuples, frozen sets and MappingProxyType of them can be kept there"
        )


def _first_strange(value: object) -> type | None:
    """Return the type of something in a value that can change, or compares as it likes."""
    own = type(value)
    if own in _ATOMS:
        return None
    if own is MappingProxyType:
        pairs = cast("MappingProxyType[object, object]", value).items()
        return _first_strange(tuple(pairs))
    if own in (tuple, frozenset):
        parts = cast("tuple[object, ...]", value)
        return next((found for part in parts if (found := _first_strange(part))), None)
    return own


__all__ = ["cached_on_map"]
