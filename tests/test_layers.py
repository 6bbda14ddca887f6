"""Imports point one way, so that each stage can be read, tested and replaced alone."""

import ast
from collections import Counter
from pathlib import Path

import sim

PACKAGE = Path(sim.__file__).parent
LAYERS = [
    {"errors", "units", "definition_rows", "program_end", "cycle_collector"},
    {"definitions", "glossary"},
    {"random_streams", "theory"},
    {"scenario"},
    {"log"},
    {"world"},
    {"policies"},
    {"engine", "outcomes"},
    {"experiment"},
    {"report"},
    {"api", "cli"},
]
HEIGHT = {stage: height for height, stages in enumerate(LAYERS) for stage in stages}
LIGHT = {
    *("errors", "units", "definition_rows", "definitions", "glossary"),
    *("scenario", "policies", "log"),
}
HEAVY = {"numpy", "scipy", "matplotlib", "simpy", "pandas"}
LOADED_FOR_A_NETWORK = {"components"}  # inside functions; tests/cli/test_checking.py sees to it


def stage_of(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported(tree, path):
    """Yield (stage, top-level package) imported anywhere in a module."""
    inside = path.relative_to(PACKAGE).parent.parts
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = ["sim", *inside][: len(inside) + 2 - node.level] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            names = (
                [f"{module}.{alias.name}" for alias in node.names] if module == "sim" else [module]
            )
        else:
            continue
        for name in names:
            parts = name.split(".")
            yield (parts[1] if parts[0] == "sim" and len(parts) > 1 else None), parts[0]


def modules():
    for path in sorted(PACKAGE.rglob("*.py")):
        if ("_scenarios" not in path.parts and path.parent != PACKAGE) or path.stem in HEIGHT:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def test_every_stage_has_a_layer():
    found = {stage_of(path) for path in PACKAGE.rglob("*.py")} - {
        "__init__",
        "__main__",
        "_scenarios",
    }

    assert found == set(HEIGHT)


def test_imports_point_one_way():
    wrong = [
        f"{path.relative_to(PACKAGE)} imports sim.{stage}"
        for path, tree in modules()
        for stage, _ in imported(tree, path)
        if stage in HEIGHT and stage != stage_of(path) and HEIGHT[stage] >= HEIGHT[stage_of(path)]
    ]

    assert wrong == []


def at_once(tree):
    """Leave of a module what runs when it is imported."""
    return ast.Module(
        [part for part in tree.body if not isinstance(part, (ast.FunctionDef, ast.If))], []
    )


def test_light_stages_import_nothing_heavy():
    """Otherwise ``rescuesim check`` would be slow."""
    wrong = [
        f"{path.relative_to(PACKAGE)} imports {package}"
        for path, tree in modules()
        if stage_of(path) in LIGHT
        for _, package in imported(
            at_once(tree) if path.stem in LOADED_FOR_A_NETWORK else tree, path
        )
        if package in HEAVY
    ]

    assert wrong == []


def test_the_engine_uses_no_clock_of_its_own_and_no_chance():
    """A run is a pure function of scenario, policies, seed and replication."""
    wrong = []
    for path, tree in modules():
        if stage_of(path) in {"engine", "policies"}:
            banned = {"random", "time", "datetime", "secrets", "os", "numpy"}
            wrong += [f"{path}: {p}" for _, p in imported(tree, path) if p in banned]

    assert wrong == []


def test_no_module_or_class_name_means_two_things():
    """A name that is used twice has to be explained twice."""
    modules = Counter(p.stem for p in PACKAGE.rglob("*.py") if p.stem != "__init__")
    classes = Counter(
        node.name
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )

    assert [name for name, times in modules.items() if times > 1] == []
    assert [name for name, times in classes.items() if times > 1] == []
