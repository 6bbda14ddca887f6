"""
What the names in a scenario name, declared in the types of its fields.

``base: Annotated[Name, RefersTo("base")]`` is one of the scenario's bases, and one walker over the
models finds all that is so declared (``reference_checks``). Every name says what it is: it refers
to something, it gives something its name, or it names nothing else in the scenario.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from ..text.source import Loc, Node
from .distribution import Part
from .quantities import Roster


@dataclass(frozen=True, slots=True)
class RefersTo:
    """A name of something of a sort; ``but`` are words in its place that name nothing."""

    sort: str
    but: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Defines:
    """A name that is given here to something of a sort, so that others can refer to it."""

    sort: str


@dataclass(frozen=True, slots=True)
class Label:
    """A name of nothing else in the scenario: of a column, or for explanations only."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A name that refers to something: what it is, where it is written, and whether as a key."""

    to: RefersTo
    name: str
    loc: Loc
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class DeclaredReferences:
    """Where references stand in a value of some type, as far below as there are any."""

    text: RefersTo | None = None  # the value itself, where text is written
    keys: RefersTo | None = None
    values: DeclaredReferences | None = None  # below each value of a mapping
    items: DeclaredReferences | None = None  # below each item of a list
    fields: Mapping[str, DeclaredReferences] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.text or self.keys or self.values or self.items or self.fields)

    def __or__(self, other: DeclaredReferences) -> DeclaredReferences:
        """Return where references stand in a value that is of either type."""
        return DeclaredReferences(
            self.text or other.text,
            self.keys or other.keys,
            self.values or other.values,
            self.items or other.items,
            {**self.fields, **other.fields},
        )

    def found_in(self, node: Node, loc: Loc = ()) -> Iterator[Reference]:
        """Yield each reference that is written; what is of another type is passed over."""
        value = node.value
        if isinstance(value, str):
            if self.text is not None:
                yield Reference(self.text, value, loc)
        elif isinstance(value, list):
            if self.items is not None:
                for i, item in enumerate(value):
                    yield from self.items.found_in(item, (*loc, i))
        elif isinstance(value, dict):
            yield from self._found_in_mapping(value, loc)

    def _found_in_mapping(self, mapping: Mapping[str, Node], loc: Loc) -> Iterator[Reference]:
        for key, node in mapping.items() if self.keys or self.values else ():
            if self.keys is not None:
                yield Reference(self.keys, key, (*loc, key), is_key=True)
            if self.values is not None:
                yield from self.values.found_in(node, (*loc, key))
        for name, declared in self.fields.items():
            if name in mapping:
                yield from declared.found_in(mapping[name], (*loc, name))


NONE = DeclaredReferences()


@cache
def references_of(part: type[BaseModel]) -> DeclaredReferences:
    """Return where references stand in a part of a scenario."""
    fields = {}
    for name, info in part.model_fields.items():
        if declared := _declared(info.rebuild_annotation()):
            fields[info.alias or name] = declared
    alone = part.short_form if issubclass(part, Part) else None
    return DeclaredReferences(text=fields[alone].text if alone in fields else None, fields=fields)


def _declared(hint: Any, to: RefersTo | None = None) -> DeclaredReferences:
    """Return where references stand in a value of a type; ``to``: what the type is annotated."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        marks = [mark for mark in inner[1:] if isinstance(mark, RefersTo)]
        return _declared(inner[0], marks[0] if marks else to)
    if origin in (Union, UnionType):
        either = NONE
        for each in inner:
            either |= _declared(each, to)
        return either
    if origin is dict:
        keys, values = (_declared(each) for each in inner)
        return DeclaredReferences(keys=keys.text, values=values or None)
    if origin is tuple:
        return DeclaredReferences(items=_declared(inner[0]) or None)
    if hint is Roster:
        return DeclaredReferences(items=DeclaredReferences(text=to) if to else None)
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return references_of(hint)
    return DeclaredReferences(text=to)
