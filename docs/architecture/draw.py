"""
Draw the house: the stages of `sim`, the folders in them, and which way imports point.

Stages and their order are those that ``tests/test_layers.py`` checks, folders those that are there;
a folder stands right of those that it imports from. Run it from a clone, after either has changed:

    python docs/architecture/draw.py
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from html import escape
from pathlib import Path
from textwrap import wrap

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "sim"
PICTURE = Path(__file__).with_name("house.svg")

PURPOSE = {
    "cli": "the command line; knows no model",
    "api": "the same from Python",
    "page": "results as one file to hand over, in two languages",
    "report": "figures, tables and sentences for people",
    "experiment": "replications of all alternatives on the same callouts; results folders",
    "engine": "one replication: a day at the dispatch centre",
    "outcomes": "from logs to measures, intervals and verdicts",
    "policies": "the rules that decide: who goes, who is next, where teams wait",
    "world": "all that is known before a run: callouts with their draws, ways, teams",
    "log": "what happened and why: a row a callout, a mission, a decision, an event",
    "fitting": "from a record of past callouts to a scenario, with intervals",
    "scenario": "what people write: read with its places in the file, and checked",
    "random_streams": "keyed random numbers",
    "theory": "formulas, for planners and for tests",
    "definitions": "what every measure is",
    "glossary": "what every word means",
    "units": "quantities as people write them, and text that is safe to print",
}
COMMON = "small things that every stage may use"

WIDTH, LEFT, GAP, PAD = 900, 64, 12, 10
BOX = WIDTH - LEFT - GAP
NAME, TEXT, CODE = 15, 13, 12  # sizes of type [px]
LINE = 18


def layers() -> list[list[str]]:
    """Return the stages of each layer, the lowest first, as the test of imports has them."""
    tree = ast.parse((ROOT / "tests" / "test_layers.py").read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "LAYERS":
            return [sorted(layer) for layer in ast.literal_eval(node.value)]
    raise LookupError("tests/test_layers.py has no LAYERS")


def folders_of(stage: str) -> list[str]:
    """Return the folders of a stage, each after those that it imports from."""
    top = PACKAGE / stage
    graph = {path.name: _imported(path, top) for path in sorted(top.glob("*/")) if _is_code(path)}
    sorter = TopologicalSorter({name: graph[name] & set(graph) for name in graph})
    sorter.prepare()
    found: list[str] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready())
        found += ready
        sorter.done(*ready)
    return found


def _is_code(path: Path) -> bool:
    return (path / "__init__.py").exists()


def _imported(folder: Path, top: Path) -> set[str]:
    """Return the names of the folders of its stage that a folder imports from."""
    found = set()
    for path in folder.rglob("*.py"):
        package = path.relative_to(top).parent.parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level == len(package) + 1:
                module = (node.module or "").split(".")
                found |= {module[0]} if module[0] else {alias.name for alias in node.names}
    return found - {folder.name}


def picture() -> str:
    """Return the picture as SVG."""
    rows, y = [], GAP
    for stages in reversed(layers()):
        row, height = _row(stages, y)
        rows += row
        y += height + GAP
    return "\n".join([*_head(y), *_arrow(y), *rows, "</svg>", ""])


def _head(height: int) -> Iterator[str]:
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="DejaVu Sans, Arial, sans-serif">'
    )
    yield "<title>The stages of rescuesim; a stage imports only from those below it</title>"
    yield f'<rect width="{WIDTH}" height="{height}" fill="white"/>'


def _arrow(height: int) -> Iterator[str]:
    """Yield the one arrow: every import points down."""
    x, end = LEFT // 2 + 8, height - GAP
    yield f'<path d="M{x} {GAP} V{end - 8}" stroke="black" stroke-width="1.5"/>'
    yield f'<path d="M{x - 5} {end - 10} H{x + 5} L{x} {end} Z"/>'
    middle = height // 2
    yield (
        f'<text x="{x - 12}" y="{middle}" font-size="{TEXT}" text-anchor="middle" '
        f'transform="rotate(-90 {x - 12} {middle})">imports point down: a stage knows only those '
        "below it</text>"
    )


def _row(stages: list[str], y: int) -> tuple[list[str], int]:
    """Return the boxes of a layer and their height; many small stages share one box."""
    if len(stages) > 2:
        return _box([", ".join(stages)], [COMMON], [], LEFT, y, BOX, 2 * LINE + 2 * PAD)
    stages = sorted(stages, key=lambda stage: (not folders_of(stage), stage))
    width = (BOX - GAP * (len(stages) - 1)) // len(stages)
    lines = [wrap("  ".join(folders_of(s)), int((width - 2 * PAD) / 7.4)) for s in stages]
    height = (2 + max(map(len, lines))) * LINE + 2 * PAD
    found: list[str] = []
    for i, (stage, folders) in enumerate(zip(stages, lines, strict=True)):
        x = LEFT + i * (width + GAP)
        found += _box([stage], [PURPOSE[stage]], folders, x, y, width, height)[0]
    return found, height


def _box(
    names: list[str], texts: list[str], folders: list[str], x: int, y: int, width: int, height: int
) -> tuple[list[str], int]:
    found = [
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="white" stroke="black"/>'
    ]
    styles = [
        *((name, f'font-size="{NAME}" font-weight="bold"') for name in names),
        *((text, f'font-size="{TEXT}"') for text in texts),
        *((text, f'font-size="{CODE}" font-family="DejaVu Sans Mono, monospace"')
          for text in folders),
    ]  # fmt: skip
    for i, (text, style) in enumerate(styles):
        at = y + PAD + (i + 1) * LINE - 5
        found.append(
            f'<text x="{x + PAD}" y="{at}" {style} xml:space="preserve">{escape(text)}</text>'
        )
    return found, height


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
    print(f"wrote {PICTURE.relative_to(ROOT)}")
