"""How the engine is built: who changes state, who knows whom."""

import ast
import gc
from pathlib import Path

import pytest

import sim.engine
from sim.engine import simulate
from sim.engine.foundation.state import Drive, Mission, OpenCallout, Team
from sim.log import KeptLog
from sim.policies import policy_sets

from ..worlds import world_of

ENGINE = Path(sim.engine.__file__).parent
TREES = {
    str(path.relative_to(ENGINE)): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(ENGINE.rglob("*.py"))
}
FIELDS = {name for kind in (Mission, OpenCallout, Team) for name in kind.__slots__}
STATE = "foundation/state.py"
OF_ONE_FEATURE = {
    ("features/closures.py", "homeward"), ("features/fuel/refuelling.py", "reach"),
}  # fmt: skip
MOST_ASSERTED = 10  # values that are there, though the types do not show it
CHANGING = {"append", "clear", "extend", "insert", "pop", "remove", "sort"}


def assigned(tree):
    """Yield the attributes, not of ``self``, that a module assigns, or whose list it changes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, (ast.Store, ast.Del)):
            found = node
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in CHANGING
            and isinstance(node.func.value, ast.Attribute)
        ):
            found = node.func.value
        else:
            continue
        if getattr(found.value, "id", "") != "self":
            yield found.attr, found.lineno


def test_only_one_module_changes_teams_missions_and_callouts():
    """So whoever asks how a field came to be what it is reads one module."""
    wrong = [
        f"{name}, line {line}: {field}"
        for name, tree in TREES.items()
        if name != STATE
        for field, line in assigned(tree)
        if field in FIELDS
    ]

    assert wrong == [], "make it a method of the class in state.py, named after what happened"


def test_a_drive_never_changes():
    """Whoever notes where a team is may keep it."""
    drive = Drive(0, 1, 2, 3, 0, 4)
    parts = [part for tree in TREES.values() for part in ast.walk(tree)
             if isinstance(part, ast.FunctionDef) and part.name != "__init__"]  # fmt: skip
    stored = {
        node.attr
        for part in parts
        for node in ast.walk(part)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    }

    assert stored & set(Drive.__slots__) <= {"period"}  # a run has one, too
    assert drive.resting_from(9) is not drive


@pytest.mark.parametrize(
    "text",
    ["team.free = True", "a.b.drive = x", "team.mission, x = 1, 2", "o.sent += 1", "del o.halt",
     "o.missions.remove(m)"],
)  # fmt: skip
def test_a_change_from_elsewhere_is_found(text):
    assert {field for field, _ in assigned(ast.parse(text))} & FIELDS


def test_the_types_show_what_is_there():
    found = [
        f"{name}, line {node.lineno}"
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert) and ast.unparse(node).endswith("is not None")
    ]

    assert len(found) <= MOST_ASSERTED, f"let the type say that it is there: {found}"


def imported_by(tree):
    """Yield the engine's modules that a module imports, as it says it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = "." * node.level + (node.module or "")
            yield from ([base] if node.module else [f"{base}{alias.name}" for alias in node.names])


def test_a_feature_knows_neither_the_dispatcher_nor_another_feature():
    wrong = [
        f"{name} imports {module}"
        for name, tree in TREES.items()
        if name.startswith("features/")
        for module in imported_by(tree)
        if not module.lstrip(".").startswith("foundation")
        and (name, module.lstrip(".")) not in OF_ONE_FEATURE
    ]

    assert wrong == [], "register at a hook of foundation/hooks.py, or ask by an operation there"


def test_only_the_simulation_names_features():
    knowing = {
        name
        for name, tree in TREES.items()
        if not name.startswith("features/")
        if any("features" in module for module in imported_by(tree))
    }

    assert knowing == {"simulation.py"}, "others meet features at the hooks of a run"


def test_a_run_leaves_nothing_behind_that_grows_with_its_length():
    """The cycle collector is off meanwhile: what refers to itself would fill the memory."""
    left = []
    for days in (4, 24):
        world = world_of(f"""
name: long
clock: {{start: 2025-03-06 06:00, length: {days} days}}
demand:
  rate: 20 per day
  kinds:
    job: {{share: 100%, on_scene: 3 h, crew: 8, to: hospital, handover: 20 min}}
map:
  places: {{A: {{lat: 35, lon: 36, weight: 1}}, N: {{lat: 35.1, lon: 36}}}}
  hospitals: {{North: N}}
  roads: {{circuity: 1.3, speed: {{day: 40 km/h}}}}
bases: {{A: {{}}}}
teams: {{T: {{base: A, count: 12, crew: 4}}}}
""")
        policies = next(iter(policy_sets(world.file).values()))
        log = KeptLog()
        gc.collect()
        gc.disable()
        try:
            simulate(world, policies, log, 1, 0)
            left.append(gc.collect())
        finally:
            gc.enable()

    assert left[1] < left[0] + 100
