"""
Rewriting a scenario of format 1 in the names of format 2, in its own text.

Only the names are replaced: comments, order, quotes, indentation and line ends stay as they are.
"""

from __future__ import annotations

import re
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from sim.errors import Diagnostic, ResultsError, ScenarioError
from sim.whole_file import whole_file

from .diagnostics.findings import Findings
from .format1 import COLUMNS, FORMAT, OldName, old_columns, old_names
from .tables.csv_tables import CsvTable, Row
from .text import files, source
from .text.files import FileProblemError
from .text.source import Node, Position, Source, UnreadableError

_BOM = b"\xef\xbb\xbf"
_LINE = re.compile("(?:[^\n\r\x85\u2028\u2029])*(?:\r\n|[\n\r\x85\u2028\u2029]|$)")


class Change(NamedTuple):
    """A name that is replaced, at a line counted from 1."""

    line: int
    where: str
    old: str
    new: str


@dataclass(frozen=True)
class Upgraded:
    """A file in the names of format 2, not written yet; no change: it had them already."""

    path: Path
    data: bytes
    changes: tuple[Change, ...]
    tables: tuple[Upgraded, ...] = ()
    bases: tuple[str, ...] = field(default=())  # what it extends, where that is in format 1


def upgraded(path: Path) -> Upgraded:
    """
    Return a scenario file, or an overlay, in the names of format 2.

    Included are the tables that it names whose columns have new names, and the scenario that it
    extends, if that is in the same folder and in format 1.

    Raises
    ------
    ScenarioError
        When the file cannot be read, or a name cannot be replaced where it is written.

    """
    try:
        data = files.read_named(path, source.MAX_BYTES)
    except FileProblemError as problem:
        raise ScenarioError([Diagnostic(str(problem), help=problem.help)]) from None
    tree = _read(data, str(path), path.parent)
    if not isinstance(tree.value, dict):
        raise ScenarioError([tree.spot.diagnostic("a scenario is a mapping of keys to values")])
    names = old_names(tree)
    _refuse_collisions(tree, names)
    text, changes = _replaced(tree.spot.source, [(n.spot, n.old, n.new) for n in names])
    told = [Change(n.spot.line + 1, ".".join(map(str, n.loc)), n.old, n.new) for n in names]
    if changes and "format" not in tree.value and "extends" not in tree.value:
        text = _declared(tree, text)
    whole = (_BOM if data.startswith(_BOM) else b"") + text.encode()
    return Upgraded(path, whole, tuple(told), _tables(tree, path), _bases(tree, path))


def write(new: Upgraded, out: Path | None = None) -> None:
    """
    Write an upgraded file atomically, in place of the old one or as ``out``.

    Raises
    ------
    ResultsError
        When it cannot be written; the old file is then as it was.

    """
    target = out or new.path
    try:
        with whole_file(target) as partial:
            with partial.open("xb") as file:
                file.write(new.data)
            with suppress(FileNotFoundError):
                partial.chmod(stat.S_IMODE(target.stat().st_mode))
    except OSError as error:
        raise ResultsError(f"cannot write {target}: {error.strerror}") from error


def _read(data: bytes, name: str, folder: Path) -> Node:
    try:
        return source.read_tree(Source(name, source.decode(data, name), folder))
    except UnreadableError as error:
        raise ScenarioError(list(error.diagnostics)) from None


def _refuse_collisions(tree: Node, names: list[OldName]) -> None:
    """Refuse a mapping that holds a field under its old name and its new one."""
    diagnostics = []
    for name in names:
        above = tree.at(name.loc[:-1])
        other = above.child(name.new) if above is not None else None
        if name.loc[-1] == name.old and other is not None and other.key is not None:
            said = f"'{name.old}' is now '{name.new}', and both are written here"
            diagnostics.append(
                name.spot.diagnostic(said, f"see line {other.key.line + 1}; keep one")
            )
    if diagnostics:
        raise ScenarioError(diagnostics)


def _replaced(text: Source, names: list[tuple[Position, str, str]]) -> tuple[str, int]:
    """Return a text with names replaced where they stand, and how many there are."""
    begins, at = [line.start() for line in _LINE.finditer(text.text)], 0
    diagnostics, parts = [], []
    for spot, old, new in sorted(names, key=lambda name: (name[0].line, name[0].column)):
        start = begins[spot.line] + spot.column
        written = text.text[start : start + spot.width]
        inside = written.find(old)
        if written.strip("'\" ") != old:  # written with escapes, or over several lines
            diagnostics.append(
                spot.diagnostic(f"'{old}' cannot be replaced here", "write it plainly")
            )
            continue
        parts += [text.text[at : start + inside], new]
        at = start + inside + len(old)
    if diagnostics:
        raise ScenarioError(diagnostics)
    return "".join([*parts, text.text[at:]]), len(names)


def _declared(tree: Node, text: str) -> str:
    """Return the text with a line that declares the format, above the first key."""
    assert isinstance(tree.value, dict)
    first = next(iter(tree.value.values())).key
    lines = _LINE.findall(text)
    if first is None or first.column:
        return text  # in braces, as JSON has it: the version is optional
    ending = "\r\n" if lines[first.line].endswith("\r\n") else "\n"
    lines.insert(first.line, f"format: {FORMAT}{ending}")
    return "".join(lines)


def _tables(tree: Node, path: Path) -> tuple[Upgraded, ...]:
    """Return the tables named in a file whose columns have new names, with those."""
    found = []
    for dotted in COLUMNS:
        loc = tuple(dotted.split("."))
        node = tree.at(loc)
        if node is None or not isinstance(node.value, str):
            continue
        with suppress(FileProblemError, UnreadableError):  # reported when the scenario is checked
            data = files.read_next_to(path.parent, node.value, files.MAX_FILE_BYTES)
            table = CsvTable(data, node.value, Findings(tree))
            row = Row(table.header_line, [])
            names = [
                (table.spot(row, table.columns[old]), old, new)
                for old, new in old_columns(loc, table.columns).items()
            ]
            if names:
                text, _ = _replaced(table.source, names)
                whole = (_BOM if data.startswith(_BOM) else b"") + text.encode()
                changes = [Change(spot.line + 1, "", old, new) for spot, old, new in names]
                found.append(Upgraded(path.parent / node.value, whole, tuple(changes)))
    return tuple(found)


def _bases(tree: Node, path: Path) -> tuple[str, ...]:
    """Return the scenario that this one extends, where it is in the same folder and in format 1."""
    extends = tree.child("extends")
    name = extends.value if extends is not None else None
    if isinstance(name, str) and name.endswith((".yaml", ".yml")):
        with suppress(FileProblemError, ScenarioError):
            data = files.read_next_to(path.parent, name, source.MAX_BYTES)
            if old_names(_read(data, name, path.parent)):
                return (str(path.parent / name),)
    return ()
