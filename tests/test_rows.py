"""
Rows are read by name: nobody counts columns, and no object is known by its address.

A number in a subscript says nothing about the field that is meant, and is wrong without a word
once a field is put in before it.
"""

import ast
from pathlib import Path

import pytest

import sim
from sim.experiment import ComparisonRow, EstimateRow, ValueRow
from sim.outcomes import Comparison, Estimate, Value

PACKAGE = Path(sim.__file__).parent
FROM = 3  # index from which something is a record with fields, not a pair or the like


def trees():
    for path in sorted(PACKAGE.rglob("*.py")):
        if "_scenarios" not in path.parts:
            name = path.relative_to(PACKAGE).as_posix()
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def number(node):
    """Return the whole number that is written, None if it is something else."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    return value if type(value) is int else None


def by_number(subscript):
    """Return whether a subscript takes a field, or some fields, by a number."""
    parts = subscript.slice.elts if isinstance(subscript.slice, ast.Tuple) else [subscript.slice]
    return any(map(_takes_a_field, parts))


def _takes_a_field(part):
    if not isinstance(part, ast.Slice):
        at = number(part)
        return at is not None and (at >= FROM or at <= -FROM)
    begin = number(part.lower) if part.lower is not None else None
    end = number(part.upper) if part.upper is not None else None
    return begin is not None and (begin >= FROM or (begin > 0 and end is not None and end > 0))


def test_no_row_is_read_by_number():
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript) and by_number(node)
    ]

    assert found == []


@pytest.mark.parametrize(
    ("row", "more", "of"),
    [
        (EstimateRow, ("alternative",), Estimate._fields),
        (ValueRow, ("alternative",), Value._fields),
        (ComparisonRow, ("alternative", "baseline"), Comparison._fields[1:]),
    ],
)
def test_a_row_of_a_table_has_the_fields_of_what_it_is_made_of(row, more, of):
    """It is made of them in their order."""
    assert row._fields == (*more, *of)


def test_nothing_is_known_by_its_address():
    """An address can belong to another object once the first is gone; see `sim.by_identity`."""
    found = [
        f"{name}:{node.lineno}"
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and node.id == "id" and isinstance(node.ctx, ast.Load)
    ]

    assert found == []


@pytest.mark.parametrize(
    "written",
    ["row[13]", "row[-4]", "facts[:, 3]", "row[3:]", "row[1:6]", "edge[4:][0]", "row[3] + 1"],
)
def test_a_field_taken_by_its_number_is_found(written):
    assert any(by_number(n) for n in ast.walk(ast.parse(written)) if isinstance(n, ast.Subscript))


@pytest.mark.parametrize(
    "written",
    [
        "pair[0]",
        "names[-1]",
        "text[:200]",
        "row[1:]",
        "text[1:-1]",
        "row[n]",
        "facts['held']",
        "columns[:, at]",
    ],
)
def test_first_and_last_and_text_cut_short_are_no_fields(written):
    nodes = [n for n in ast.walk(ast.parse(written)) if isinstance(n, ast.Subscript)]

    assert not any(map(by_number, nodes))
