"""
Overlays: a scenario laid over the one it extends, and flags laid over both.

Mappings merge, lists and scalars replace, ``null`` removes. Each value keeps the spot in its own
file, so an error in an overlay points into the overlay.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim import units
from sim.errors import Diagnostic

from . import format1
from .diagnostics.diagnostic import nearest
from .text import files, source
from .text.shipped import SUFFIXES, shipped_scenarios
from .text.source import FLAG, VARY, Node, Position, Source, UnreadableError

MAX_BASES = 16
_VARIED = ("study", "vary")


def read_chain(path: Path, shown: str) -> tuple[Node, list[tuple[str, bytes]]]:
    """
    Return a scenario merged over the scenarios it extends, and each file read with its bytes.

    Raises
    ------
    UnreadableError
        When a file cannot be read, a base extends itself, or null removes what is not there.

    """
    try:
        data = files.read_named(path, source.MAX_BYTES)
    except files.FileProblemError as problem:
        raise UnreadableError(Diagnostic(str(problem), help=problem.help)) from None
    layers = [_parse(data, shown, path.parent)]
    read = [(path.name, data)]
    seen = [os.path.realpath(path)]
    while (extends := layers[-1].child("extends")) is not None:
        base_path, data, base_shown = _base(extends)
        real = os.path.realpath(base_path)
        if real in seen or len(seen) > MAX_BASES:
            names = " -> ".join(Path(p).name for p in [*seen, real])
            raise UnreadableError(extends.spot.diagnostic("this file extends itself", names))
        seen.append(real)
        read.append((base_path.name, data))
        layers.append(_parse(data, base_shown, base_path.parent))
    diagnostics = [m for layer in layers for m in format1.told_of(layer)]
    if diagnostics:
        raise UnreadableError(*diagnostics)
    tree = layers.pop()
    while layers:
        over = layers.pop()
        assert isinstance(over.value, dict)
        del over.value["extends"]
        tree = merge(tree, over, diagnostics)
    if diagnostics:
        raise UnreadableError(*diagnostics)
    return tree, read


def _parse(data: bytes, shown: str, folder: Path) -> Node:
    text = Source(shown, source.decode(data, shown), folder)
    tree = source.read_tree(text)
    if not isinstance(tree.value, dict):
        raise UnreadableError(
            tree.spot.diagnostic(
                "a scenario is a mapping of keys to values", "begin with 'name: ...'"
            )
        )
    return tree


def _base(extends: Node) -> tuple[Path, bytes, str]:
    """Return the path, the bytes and the shown name of the scenario that another extends."""
    name, at = extends.value, extends.spot.source
    if not isinstance(name, str):
        raise UnreadableError(extends.spot.diagnostic("extends takes the name of one scenario"))
    shipped = shipped_scenarios()
    try:
        if name.endswith(SUFFIXES):
            assert at.folder is not None
            data = files.read_next_to(at.folder, name, source.MAX_BYTES)
            return at.folder / name, data, os.path.join(os.path.dirname(at.name), name)
        if name in shipped:
            data = files.read_named(shipped[name], source.MAX_BYTES)
            return shipped[name], data, shipped[name].name
    except files.FileProblemError as problem:
        raise UnreadableError(extends.spot.diagnostic(str(problem), problem.help)) from None
    nearby = sorted(p.name for p in (at.folder or Path()).glob("*.yaml"))
    raise UnreadableError(
        extends.spot.diagnostic(
            f"no shipped scenario is called {units.shown(name)}",
            nearest(name, [*shipped, *nearby]) or "a file next to this one ends in .yaml",
        )
    )


def merge(base: Node, over: Node, diagnostics: list[Diagnostic]) -> Node:
    """Return ``over`` laid over ``base``; neither is changed."""
    if not isinstance(base.value, dict) or not isinstance(over.value, dict):
        return over
    merged = dict(base.value)
    for key, node in over.value.items():
        if node.value is not None:
            merged[key] = merge(merged[key], node, diagnostics) if key in merged else node
        elif key in merged:
            del merged[key]
        else:
            diagnostics.append(
                (node.key or node.spot).diagnostic(
                    f"null removes '{key}', but the base has none", nearest(key, base.value)
                )
            )
    return Node(merged, base.spot, base.key)


def lay_flags(tree: Node, overrides: Mapping[str | tuple[str, ...], object], folder: Path) -> Node:
    """
    Return the tree with values set by path, as ``--set`` gives them.

    A path is dotted or, where a name in it holds dots, a tuple of steps. A value that is text is
    read as it would be in the file.

    Raises
    ------
    UnreadableError
        With an error for each flag that cannot be read or leads nowhere.

    """
    diagnostics: list[Diagnostic] = []
    for path, value in overrides.items():
        try:
            if isinstance(path, tuple):
                varied = path[:2] == _VARIED
                label, flag = (path[2], VARY) if varied else (".".join(path), FLAG)
                node = _checked(label, _flag(label, value, folder, flag))
                tree = merge(tree, _nested(path, node), diagnostics)
            else:
                node = _checked(path, _flag(path, value, folder, FLAG))
                tree = _lay(tree, path.split("."), node, diagnostics)
        except UnreadableError as error:
            diagnostics += error.diagnostics
    if diagnostics:
        raise UnreadableError(*diagnostics)
    return tree


def lay_node(tree: Node, dotted: str, node: Node) -> Node:
    """
    Return the tree with a node that is written somewhere laid at a dotted path.

    Raises
    ------
    UnreadableError
        When the path leads nowhere, or null removes what is not there.

    """
    diagnostics: list[Diagnostic] = []
    tree = _lay(tree, dotted.split("."), Node(node.value, node.spot, node.key), diagnostics)
    if diagnostics:
        raise UnreadableError(*diagnostics)
    return tree


def _nested(steps: tuple[str, ...], node: Node) -> Node:
    """Return the node under as many mappings as there are steps."""
    for step in reversed(steps):
        node.key = node.key or Position(node.spot.source, 0, 0, max(1, node.spot.column - 1))
        node = Node({step: node}, node.spot)
    return node


def _flag(label: str, value: object, folder: Path, flag: str) -> Node:
    prefix = f"{label}="
    if isinstance(value, str):
        value = value.encode("utf-8", "replace").decode()
    text = Source(flag, f"{prefix}{value}", folder)
    if not isinstance(value, str):
        spot = Position(text, 0, len(prefix), len(str(value)))
        return _from_plain(value, spot)
    source.decode(text.text.encode("utf-8", "replace"), flag)  # refuses control characters
    if not value.strip():
        return Node(None, Position(text, 0, len(prefix), 1))
    return source.read_tree(text, " " * len(prefix) + value)


def _checked(label: str, node: Node) -> Node:
    """Return the node that a flag sets, unless it is written in the names of format 1."""
    old = format1.in_flag(label, node)
    if old:
        raise UnreadableError(*(name.diagnostic() for name in old))
    return node


def _from_plain(value: Any, spot: Position) -> Node:
    if isinstance(value, Mapping):
        return Node({str(k): _from_plain(v, spot) for k, v in value.items()}, spot)
    if isinstance(value, (list, tuple)):
        return Node([_from_plain(v, spot) for v in value], spot)
    if value is None or isinstance(value, (str, bool, int, float)):
        return Node(value, spot)
    return Node(str(value), spot)


def _lay(tree: Node, steps: list[str], node: Node, diagnostics: list[Diagnostic]) -> Node:
    """Return the tree with the node laid at the steps; a name may itself hold dots."""
    if not steps:
        return merge(tree, node, diagnostics)
    if isinstance(tree.value, list):
        index = int(steps[0]) if steps[0].isascii() and steps[0].isdigit() else -1
        if not 0 <= index < len(tree.value):
            message = f"there is no number {steps[0]} in this list of {len(tree.value)}"
            raise UnreadableError(node.spot.diagnostic(message, "the first is number 0"))
        changed = list(tree.value)
        changed[index] = _lay(changed[index], steps[1:], node, diagnostics)
        return Node(changed, tree.spot, tree.key)
    known = tree.value if isinstance(tree.value, dict) else {}
    lengths = range(len(steps), 0, -1)
    taken = next((n for n in lengths if ".".join(steps[:n]) in known), 1)
    key, rest = ".".join(steps[:taken]), steps[taken:]
    flag = Position(node.spot.source, 0, 0, max(1, node.spot.column - 1))
    if key in known and rest:
        return merge_key(tree, key, _lay(known[key], rest, node, diagnostics))
    wrapped = node
    for step in reversed(rest):
        wrapped.key = flag
        wrapped = Node({step: wrapped}, node.spot)
    wrapped.key = flag
    return merge(tree, Node({key: wrapped}, node.spot), diagnostics)


def merge_key(tree: Node, key: str, node: Node) -> Node:
    """Return the mapping with one value replaced."""
    assert isinstance(tree.value, dict)
    return Node({**tree.value, key: node}, tree.spot, tree.key)
