"""The page of the formulas names all of them, and its examples run."""

import doctest
import inspect
import re
from pathlib import Path

import pytest

from sim import theory
from sim.errors import UsageError

PAGE = Path(__file__).parents[2] / "docs" / "theory.md"
FUNCTIONS = [name for name in theory.__all__ if inspect.isfunction(getattr(theory, name))]


def test_the_page_names_every_formula_and_what_it_returns():
    named = set(re.findall(r"`(\w+)`", PAGE.read_text(encoding="utf-8")))

    assert set(theory.__all__) - named == set()


def test_the_examples_on_the_page_run():
    found = doctest.testfile(str(PAGE), module_relative=False)

    assert found.failed == 0
    assert found.attempted > 20


def test_every_formula_is_called_in_an_example_on_the_page():
    code = "".join(
        re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    )

    assert [name for name in FUNCTIONS if f"{name}(" not in code] == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_formula_says_what_it_takes_when_it_fails_what_it_assumes_and_how_it_is_used(name):
    """With each parameter named, alone or as in another formula."""
    formula = getattr(theory, name)
    text = inspect.getdoc(formula)

    for section in ("Parameters", "Notes", "Raises", "Examples"):
        assert re.search(rf"^{section}\n-+$", text, re.M), section
    told = text[text.index("Parameters\n") :]
    for parameter in inspect.signature(formula).parameters:
        assert re.search(rf"^(\w+, )*{parameter}(, \w+)*$", told, re.M), parameter


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: theory.least_total([[1, 2], [3]]), "the shortest row has 1"),
        (lambda: theory.least_total([[1], [3]]), "2 teams need rows"),
        (lambda: theory.least_largest([[1], [3]]), "2 teams need rows"),
        (lambda: theory.least_largest([[]]), "the shortest row has 0"),
        (lambda: theory.double_standard({(0,): 1}, {(0,): 1}, 1, []), "every team needs a row"),
        (lambda: theory.double_standard({(0,): 1}, {(0,): 1}, 1, [[None]]), "no base to go to"),
        (lambda: theory.mecrp([1], [[0]], 5, []), "teams is 0"),
        (lambda: theory.chances_of_free(2, 1.0), "utilisation q is 1.0"),
    ],
)
def test_what_cannot_be_assigned_is_refused_with_a_sentence(call, told):
    with pytest.raises(UsageError, match=told):
        call()
