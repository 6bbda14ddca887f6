"""Documentation that runs: the examples in docstrings, and the README's Python."""

import contextlib
import doctest
import importlib
import io
import pkgutil
import re
from pathlib import Path

import pytest

import sim

README = Path(__file__).parent.parent / "README.md"
MODULES = ["sim", *(m.name for m in pkgutil.walk_packages(sim.__path__, "sim."))]
BLOCKS = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.M | re.S)


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_give_what_they_say(name):
    found = doctest.testmod(importlib.import_module(name), optionflags=doctest.ELLIPSIS)

    assert found.failed == 0


def test_there_are_examples():
    finder = doctest.DocTestFinder(exclude_empty=True)
    tests = [t for name in MODULES for t in finder.find(importlib.import_module(name))]

    assert sum(len(t.examples) for t in tests) >= 10


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_the_python_in_the_readme_runs(number, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()

    with contextlib.redirect_stdout(printed):
        exec(
            compile(BLOCKS[number], f"README.md, block {number + 1}", "exec"),
            {"__name__": "readme"},
        )

    assert printed.getvalue().strip()


def test_every_name_the_package_offers_can_be_imported():
    for name in sim.__all__:
        assert getattr(sim, name) is not None
    with pytest.raises(AttributeError, match="nosuch"):
        _ = sim.nosuch
