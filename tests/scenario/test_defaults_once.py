"""A default stands in its model alone: said a second time, it would one day be another one."""

import ast
from pathlib import Path

import pytest

import sim
from sim.scenario import Margin, Scenario, StudySection, TeamEntry
from sim.scenario.fields.distribution import Distribution, Part
from sim.units import MS_PER

PACKAGE = Path(sim.__file__).parent
# Where scenarios are read, checked, drafted, described and measured; the models themselves not.
READ = [
    *(p for p in PACKAGE.glob("scenario/**/*.py") if p.parent.name != "fields"),
    PACKAGE / "scenario" / "fields" / "defaults.py",
    PACKAGE / "scenario" / "fields" / "schema.py",
    *PACKAGE.glob("cli/**/*.py"),
    *PACKAGE.glob("world/**/*.py"),
    *PACKAGE.glob("experiment/running/*.py"),
    *PACKAGE.glob("experiment/results/*.py"),
    PACKAGE / "outcomes" / "observed" / "sample.py",
]
LARGE = 10_000  # a number that is no default by chance, whatever stands next to it
# The same word or number, meant whatever the default is.
MEANT = {
    ("tables/unit_rows.py", "unit", "time"),  # what a column of dates and times is
    ("written_checks/cross_field.py", "timezone", "Asia/Damascus"),  # an example of one
    ("written_checks/cross_field.py", "where", "weight"),  # a field of places
    ("model_checks/plausibility.py", "unit", "min"),  # of the ranges there
    ("model_checks/disruption_checks.py", "known", "announced"),  # those there
    ("model_checks/workload_checks.py", "staffing", "fixed"),  # the rule that calls nobody
    ("study_commands/select_command.py", "unit", "min"),  # of measures
    ("world/drives.py", "distribution", "lognormal"),  # the family of drives
    ("results/measured_record.py", "attendance", "first"),  # all that a record can tell
}


def parts(part=Part):
    for each in part.__subclasses__():
        yield each
        yield from parts(each)


def defaults():
    """Return the defaults that can be told from other values, as read and as people write them."""
    found = {}
    for part in parts():
        if part.__module__.startswith("sim."):
            written = part.model_construct().model_dump(mode="json")
            for name, field in part.model_fields.items():
                if name != "format" and not field.is_required():
                    value = part.default_of(name)
                    value = value.value if isinstance(value, Distribution) else value
                    both = {v for v in (value, written.get(name)) if isinstance(v, SIMPLE)}
                    found.setdefault(name, set()).update(both - PLAIN)
    return found


SIMPLE = (str, int, float)
PLAIN = {0, 1, "", "0 min", "0%", "100%", *MS_PER.values()}


def stretches(tree):
    """Yield functions and the statements outside of them, in which a name says what a value is."""
    kept = (ast.FunctionDef, ast.ClassDef)
    yield from (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef)):
            yield from (n for n in node.body if not isinstance(n, kept))


def words_in(node):
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.Name):
        return node.id.lower()
    return getattr(node, "attr", None) or getattr(node, "arg", None)


def repeats(text):
    """Return the defaults that a module writes next to the name of their field, and large ones."""
    known, found = defaults(), set()
    for part in stretches(ast.parse(text)):
        nodes = list(ast.walk(part))
        words = {words_in(node) for node in nodes}
        values = [node.value for node in nodes if isinstance(node, ast.Constant)]
        for name, wanted in known.items():
            for value in values:
                same = any(type(w) is type(value) and w == value for w in wanted)
                large = isinstance(value, int) and value >= LARGE
                if same and value != name and (large or name in words):
                    found.add((name, value))
    return found


def test_no_default_is_written_a_second_time_where_scenarios_are_read_or_measured():
    """A check that counts with another crew than the run does is wrong, and nobody sees it."""
    again = [
        (path.relative_to(PACKAGE).as_posix(), *repeat)
        for path in READ
        for repeat in repeats(path.read_text(encoding="utf-8"))
    ]

    allowed = {r for r in again if any(r[0].endswith(f) and r[1:] == (n, v) for f, n, v in MEANT)}
    assert [repeat for repeat in again if repeat not in allowed] == []
    assert len(allowed) == len(MEANT)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("CREW = 4", ("crew", 4)),
        ("LEAVES_AFTER = 1_200_000", ("assembly_timeout", 1_200_000)),
        ("def f(look):\n    return look.whole('seats') or 9", ("seats", 9)),
        ("def f(x):\n    return {'share': x or '90%'}", ("share", "90%")),
        ("def f(text):\n    return text('demand', 'where') or 'weight'", ("where", "weight")),
        ("class C:\n    unreached: float = 0.005", ("unreached", 0.005)),
    ],
)
def test_a_default_written_again_is_found(text, found):
    assert found in repeats(text)


def test_other_numbers_are_not_taken_for_defaults():
    assert repeats("def f(crew):\n    return crew + 5") == set()


def test_every_default_can_be_asked_for_as_it_is_used():
    """Also one that is made again for each scenario."""
    assert TeamEntry.default_of("crew") == 4
    assert list(Scenario.default_of("policies")) == ["closest"]
    assert StudySection.default_of("margin") == Margin()
