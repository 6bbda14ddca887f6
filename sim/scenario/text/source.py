"""
A text read into a tree in which every value knows where it was written.

The text is YAML 1.2 with its core types only, so that ``22:30``, ``012`` and ``no`` mean what a
person thinks. It is read from the parser's stream of events on a stack of our own: anchors,
aliases, tags and duplicate keys are refused, and depth and size are bounded before anything is
built.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sim.errors import Diagnostic
from sim.units import western_digits

MAX_BYTES = 2_000_000
MAX_NODES = 200_000
MAX_SCALAR = 10_000
MAX_DEPTH = 32
MAX_DIGITS = 18
MAX_DIAGNOSTICS = 20
FLAG, VARY = "--set", "--vary"  # what a value set by a flag has in place of a file

Scalar = str | int | float | bool | None
Loc = tuple[str | int, ...]

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_TEXT = "\t\n\r\x85"  # of the control characters: these are text
_INTEGER = re.compile(r"[-+]?[0-9]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class UnreadableError(Exception):
    """The text cannot be read any further; the errors say why."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__(diagnostics)
        self.diagnostics = diagnostics


@dataclass(frozen=True, slots=True)
class Source:
    """A text and where it came from; ``folder`` is where the files it names are looked for."""

    name: str
    text: str
    folder: Path | None = None
    lines: list[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "lines", _BREAK.split(self.text))

    def diagnostic(
        self, line: int, column: int, message: str, help: str = "", where: str = "", width: int = 1
    ) -> Diagnostic:
        """Return an error at a line and column, both counted from 1."""
        return Position(self, line - 1, column - 1, width).diagnostic(message, help, where)


@dataclass(frozen=True, slots=True)
class Position:
    """Where something is written; line and column count from 0."""

    source: Source
    line: int
    column: int
    width: int

    def diagnostic(
        self, message: str, help: str = "", where: str = "", warning: bool = False
    ) -> Diagnostic:
        """Return an error at this spot."""
        lines = self.source.lines
        text = lines[self.line] if 0 <= self.line < len(lines) else ""
        place = (self.source.name, self.line + 1, self.column + 1)
        return Diagnostic(message, *place, where, help, text, max(1, self.width), warning)


@dataclass(slots=True)
class Node:
    """A value with its spot, and its key's spot where it has one."""

    value: Scalar | dict[str, Node] | list[Node]
    spot: Position
    key: Position | None = None

    def plain(self) -> Any:
        """Return the value as plain data."""
        if isinstance(self.value, dict):
            return {k: v.plain() for k, v in self.value.items()}
        if isinstance(self.value, list):
            return [v.plain() for v in self.value]
        return self.value

    def child(self, step: str | int) -> Node | None:
        """Return the value under a key or an index, or None."""
        if isinstance(self.value, dict):
            return self.value.get(str(step))
        if isinstance(self.value, list) and isinstance(step, int) and step < len(self.value):
            return self.value[step]
        return None

    def at(self, path: Loc) -> Node | None:
        """Return the value at a path, or None."""
        node: Node | None = self
        for step in path:
            node = node.child(step) if node is not None else None
        return node

    def walk(self, path: Loc = ()) -> Iterator[tuple[Loc, Node]]:
        """Yield every node below with its path, this one first."""
        yield path, self
        if isinstance(self.value, dict):
            for key, node in self.value.items():
                yield from node.walk((*path, key))
        elif isinstance(self.value, list):
            for i, node in enumerate(self.value):
                yield from node.walk((*path, i))


def decode(data: bytes, name: str) -> str:
    """
    Return the text of a file, without a byte order mark.

    Raises
    ------
    UnreadableError
        When the bytes are not UTF-8, or hold characters that are not text.

    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
        before = data[: error.start].decode("utf-8-sig", "replace")
        fix = (
            "in Excel choose 'Save as', 'CSV UTF-8'"
            if name.lower().endswith(".csv")
            else "save it as UTF-8 in your editor"
        )
        found = "it is UTF-16" if utf16 else f"byte 0x{data[error.start]:02X} is not"
        line, column = _line_and_column(before)
        raise UnreadableError(
            Diagnostic(f"this file is not UTF-8 text: {found}", name, line, column, help=fix)
        ) from None
    return clean_text(text, name)


def clean_text(text: str, name: str) -> str:
    """
    Return a text in which every character is one.

    Raises
    ------
    UnreadableError
        Naming the first character that is not text.

    """
    bad = [text.index(character) for character in set(text) if _is_no_text(character)]
    if bad:
        line, column = _line_and_column(text[: min(bad)])
        source, code = Source(name, text), ord(text[min(bad)])
        raise UnreadableError(
            source.diagnostic(line, column, f"the character U+{code:04X} is not text")
        )
    return text


def _is_no_text(character: str) -> bool:
    """Return whether YAML 1.2 refuses a character: controls, surrogates, byte order marks."""
    if unicodedata.category(character) == "Cc":
        return character not in _TEXT
    return "\ud800" <= character <= "\udfff" or character in "\ufeff\ufffe\uffff"


def _line_and_column(before: str) -> tuple[int, int]:
    lines = _BREAK.split(before)
    return len(lines), len(lines[-1]) + 1


def read_tree(source: Source, text: str | None = None) -> Node:
    """
    Return the tree of a YAML (or JSON) text.

    ``text`` is read in place of the source's own where an error should quote a longer line.

    Raises
    ------
    UnreadableError
        With every error found: syntax, anchors, tags, duplicate keys, size, depth.

    """
    builder = _TreeBuilder(source)
    try:
        for event in yaml.parse(source.text if text is None else text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        builder.diagnostics.append(_syntax_diagnostic(source, error))
    except yaml.YAMLError as error:  # carries no mark
        builder.diagnostics.append(source.diagnostic(1, 1, f"not readable as YAML: {error}"[:200]))
    if builder.diagnostics:
        raise UnreadableError(*builder.diagnostics)
    if builder.root is None:
        raise UnreadableError(source.diagnostic(1, 1, "there is nothing in it"))
    return builder.root


def _syntax_diagnostic(source: Source, error: yaml.MarkedYAMLError) -> Diagnostic:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
    problem = error.problem or error.context or "it ends too early"
    last = len(source.lines)
    while last > 1 and not source.lines[last - 1].strip():
        last -= 1
    if line > last:  # the parser noticed only after the end of the text
        line, column = last, len(source.lines[last - 1]) + 1
    text = source.lines[line - 1]
    fix = ""
    if "\t" in text[: len(text) - len(text.lstrip())] or "'\\t'" in problem:
        fix = "indent with spaces, not tabs"
    elif error.context and error.context_mark:
        fix = f"{error.context} begun at line {error.context_mark.line + 1}"
    elif "mapping values" in problem:
        fix = "put text that holds a colon in quotes"
    elif "alias" in problem or text[column - 1 : column] == "%":
        fix = "put text that begins with %, * or & in quotes"
    return source.diagnostic(line, column, f"not readable as YAML: {problem}", fix)


class _TreeBuilder:
    """Builds the tree from the events, on a stack of its own."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.root: Node | None = None
        self.diagnostics: list[Diagnostic] = []
        self.stack: list[Node] = []
        self.keys: list[tuple[str, Position] | None] = []  # per open mapping: the key read last
        self.nodes = 0
        self.documents = 0

    def take(self, event: Any) -> None:
        """Take one event of the parser."""
        if isinstance(event, yaml.ScalarEvent):
            self._node(event)
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._node(event)
            empty: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            node = Node(empty, self._spot(event))
            self._add(node, collection=True)
            self.stack.append(node)
            self.keys.append(None)
            if len(self.stack) > MAX_DEPTH:
                self._stop(event, f"nested more than {MAX_DEPTH} deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            self.stack.pop()
            self.keys.pop()
        elif isinstance(event, yaml.AliasEvent):
            self._node(event)
            self._say(event, "aliases (*) are not read", "write the value out, or use extends")
            self._add(Node(None, self._spot(event)))
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._stop(event, "a second document begins here", "keep one scenario a file")

    def _say(self, event: Any, message: str, help: str = "") -> None:
        self.diagnostics.append(self._spot(event).diagnostic(message, help))
        if len(self.diagnostics) >= MAX_DIAGNOSTICS:
            raise UnreadableError(*self.diagnostics)

    def _stop(self, event: Any, message: str, help: str = "") -> None:
        self._say(event, message, help)
        raise UnreadableError(*self.diagnostics)

    def _spot(self, event: Any) -> Position:
        start, end = event.start_mark, event.end_mark
        if start.line == end.line:
            width = end.column - start.column
        else:
            width = len(self.source.lines[start.line]) - start.column
        if isinstance(event, yaml.CollectionStartEvent) and not event.flow_style:
            width = 1
        return Position(self.source, start.line, start.column, max(1, width))

    def _node(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._stop(event, f"more than {MAX_NODES:,} values")
        if isinstance(event, yaml.AliasEvent):
            return
        if event.anchor is not None:
            self._say(event, "anchors (&) are not read", "write the value out, or use extends")
        if event.tag is not None and event.tag != "!":
            self._say(event, "tags (!) are not read", "leave the tag out")

    def _scalar(self, event: Any) -> None:
        if len(event.value) > MAX_SCALAR:
            self._stop(event, f"a text of more than {MAX_SCALAR:,} characters")
        spot = self._spot(event)
        text = unicodedata.normalize("NFC", event.value)
        if self.stack and isinstance(self.stack[-1].value, dict) and self.keys[-1] is None:
            self._key(text, spot, event)
            return
        try:
            value = resolve(text) if event.implicit[0] else text  # else it is in quotes
        except ValueError as error:
            self._say(event, str(error))
            value = None
        self._add(Node(value, spot))

    def _key(self, key: str, spot: Position, event: Any) -> None:
        if key == "<<":
            self._say(event, "merge keys (<<) are not read", "use extends")
        mapping = self.stack[-1].value
        assert isinstance(mapping, dict)
        if key in mapping:
            first = mapping[key].key
            line = first.line + 1 if first else 0
            self._say(
                event, f"'{key}' is given twice", f"first given at line {line}; keep one of the two"
            )
        self.keys[-1] = (key, spot)

    def _add(self, node: Node, collection: bool = False) -> None:
        if not self.stack:
            self.root = node
            return
        parent = self.stack[-1].value
        if isinstance(parent, list):
            parent.append(node)
            return
        assert isinstance(parent, dict)
        key = self.keys[-1]
        if key is None:
            what = "a mapping or list" if collection else "an alias"
            self.diagnostics.append(node.spot.diagnostic(f"a key must be a word, found {what}"))
            raise UnreadableError(*self.diagnostics)
        node.key = key[1]
        parent[key[0]] = node
        self.keys[-1] = None


def resolve(text: str) -> Scalar:
    """
    Return what an unquoted word means: YAML 1.2's null, booleans, whole and decimal numbers.

    Raises
    ------
    ValueError
        For numbers that are not finite or too long to be meant.

    """
    if text in _WORDS:
        return _WORDS[text]
    digits = western_digits(text)
    if _INTEGER.fullmatch(digits):
        if len(digits) > MAX_DIGITS:
            raise ValueError(f"a number of {len(digits)} digits; {MAX_DIGITS} are read")
        return int(digits)
    if _FLOAT.fullmatch(digits):
        number = float(digits) if len(digits) <= 40 else float("inf")
        if abs(number) == float("inf"):
            raise ValueError("a number too large or too long")
        return number
    if _NOT_FINITE.fullmatch(text):
        raise ValueError(f"expected a number, found {text}")
    return text
