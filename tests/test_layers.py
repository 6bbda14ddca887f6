"""Imports point one way, so that each stage can be read, tested and replaced alone."""

import ast
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import sim

PACKAGE = Path(sim.__file__).parent
LAYERS = [
    {"units"},
    {
        "errors",
        "definition_rows",
        "program_end",
        "cycle_collector",
        "by_identity",
        "names_on_demand",
        "whole_file",
        "library_threads",
        "local_clock",
    },
    {"definitions", "glossary"},
    {"random_streams", "theory"},
    {"scenario"},
    {"fitting"},
    {"log"},
    {"world"},
    {"policies"},
    {"engine", "outcomes"},
    {"experiment"},
    {"report"},
    {"page"},
    {"api", "cli"},
]
HEIGHT = {stage: height for height, stages in enumerate(LAYERS) for stage in stages}
LIGHT = {
    *("errors", "units", "definition_rows", "definitions", "glossary", "local_clock"),
    *("scenario", "policies", "log"),
}
HEAVY = {"numpy", "scipy", "matplotlib", "simpy", "pandas"}
MOST_MODULES = 17  # that a folder may have; from about 15 on, think of two subjects
LOADED_FOR_A_NETWORK = {"components"}  # inside functions; tests/cli/test_checking.py sees to it


def stage_of(path):
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imported_names(tree, path):
    """Yield (module, name) of what is imported anywhere in a module; the name may be None."""
    package = ["sim", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from ((module, alias.name) for alias in node.names)


def imported(tree, path):
    """Yield (stage, top-level package) imported anywhere in a module."""
    for module, name in imported_names(tree, path):
        parts = (f"{module}.{name}" if module == "sim" and name else module).split(".")
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

    assert found == set(HEIGHT), "a new stage goes into LAYERS, above all that it imports"


def test_imports_point_one_way():
    wrong = [
        f"{path.relative_to(PACKAGE)} imports sim.{stage}"
        for path, tree in modules()
        for stage, _ in imported(tree, path)
        if stage in HEIGHT and stage != stage_of(path) and HEIGHT[stage] >= HEIGHT[stage_of(path)]
    ]

    assert wrong == [], "move what both need to a stage below both; LAYERS has the order"


def folders():
    return sorted({path.parent for path in PACKAGE.rglob("*.py")} - {PACKAGE})


def modules_in(folder):
    return [path for path in folder.glob("*.py") if path.stem != "__init__"]


def graph_of(stage):
    """
    Return a stage's modules by name, each with the modules of the stage that it imports.

    Imports for types only (``TYPE_CHECKING``) and inside functions count like all others.
    """
    paths = {
        ".".join(["sim", *path.relative_to(PACKAGE).with_suffix("").parts]): path
        for path in PACKAGE.rglob("*.py")
        if stage_of(path) == stage
    }
    paths = {name.removesuffix(".__init__"): path for name, path in paths.items()}
    graph = {}
    for name, path in paths.items():
        found = imported_names(ast.parse(path.read_text(encoding="utf-8")), path)
        targets = {f"{module}.{part}" if f"{module}.{part}" in paths else module
                   for module, part in found}  # fmt: skip
        graph[name] = (targets & set(paths)) - {name}
    return graph, {name: path.parent for name, path in paths.items()}


def circle(graph):
    """Return names that import each other in a circle; empty where there is none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def circle_of_folders(graph, folder_of):
    above = {folder: set() for folder in folder_of.values()}
    for name, targets in graph.items():
        above[folder_of[name]] |= {folder_of[target] for target in targets}
    return circle({folder: targets - {folder} for folder, targets in above.items()})


def test_no_folder_has_more_modules_than_can_be_overlooked():
    """A folder has one subject; of what has more, nobody knows where to look."""
    full = {
        str(folder.relative_to(PACKAGE)): len(modules_in(folder))
        for folder in [PACKAGE, *folders()]
    }

    assert {folder: count for folder, count in full.items() if count > MOST_MODULES} == {}, (
        "part the folder by subject; its modules keep their names"
    )


@pytest.mark.parametrize("stage", sorted(HEIGHT))
def test_no_modules_of_a_stage_import_each_other_in_a_circle(stage):
    """Else none of them can be read, tested or replaced without all the others."""
    graph, _ = graph_of(stage)

    assert circle(graph) == [], "each imports the next: move what the first and the last share"


@pytest.mark.parametrize("stage", sorted(HEIGHT))
def test_no_folders_of_a_stage_import_each_other_in_a_circle(stage):
    """Even where no two modules do: folders are read one after the other."""
    found = circle_of_folders(*graph_of(stage))

    assert [str(folder.relative_to(PACKAGE)) for folder in found] == [], (
        "each imports from the next: move a module to the folder that it belongs to"
    )


def test_a_circle_is_found_among_modules_and_among_folders():
    modules = {"a.one": {"b.two"}, "b.two": set(), "b.three": {"a.four"}, "a.four": set()}

    assert circle(modules) == []
    assert circle(modules | {"b.two": {"a.one"}}) in (
        ["a.one", "b.two", "a.one"], ["b.two", "a.one", "b.two"],
    )  # fmt: skip
    assert set(circle_of_folders(modules, {name: name[0] for name in modules})) == {"a", "b"}


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

    assert wrong == [], "do this in a stage above, or import it in the function that needs it"


def test_the_engine_uses_no_clock_of_its_own_and_no_chance():
    """A run is a pure function of scenario, policies, seed and replication."""
    wrong = []
    for path, tree in modules():
        if stage_of(path) in {"engine", "policies"}:
            banned = {"random", "time", "datetime", "secrets", "os", "numpy"}
            wrong += [f"{path}: {p}" for _, p in imported(tree, path) if p in banned]

    assert wrong == [], "take the time from the run's clock, and draws from the world, by key"


def test_no_name_of_a_module_folder_or_class_means_two_things():
    """A name that is used twice has to be explained twice."""
    paths = [p for p in (*PACKAGE.rglob("*.py"), *folders()) if "_scenarios" not in p.parts]
    modules = Counter(p.stem for p in paths if p.stem != "__init__")
    classes = Counter(
        node.name
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )

    assert [name for name, times in modules.items() if times > 1] == [], "rename one of the modules"
    assert [name for name, times in classes.items() if times > 1] == [], "rename one of the classes"
