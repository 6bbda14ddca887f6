"""A scenario file is one object that can be run again from its own folder."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from pydantic import ValidationError

import sim
from sim.scenario import (
    Distribution,
    read_scenario,
    render,
    scenario_schema,
    shipped_scenarios,
)
from sim.scenario.fields.models import Part
from sim.scenario.text.source import Source, read_tree
from sim.scenario.text.yaml_writing import as_yaml

SHIPPED = sorted(shipped_scenarios())


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_is_read_without_a_warning(name):
    found = read_scenario(shipped_scenarios()[name])

    assert [render(w) for w in found.warnings] == []


@pytest.mark.parametrize("name", SHIPPED)
def test_a_resolved_scenario_runs_again_from_its_own_folder(name, tmp_path):
    """Only the names of files differ, because they lie in inputs/ now."""
    first = read_scenario(shipped_scenarios()[name], {"study.seed": 7})
    (tmp_path / "inputs").mkdir()
    for file in first.inputs:
        (tmp_path / "inputs" / file.name).write_bytes(file.data)
    (tmp_path / "scenario.yaml").write_text(first.resolved_yaml(), encoding="utf-8")

    again = read_scenario(tmp_path / "scenario.yaml")

    assert again.resolved_yaml() == first.resolved_yaml()
    assert again.defaults == first.defaults
    for part in ("places", "nodes", "edges", "times", "hospitals", "callouts", "coastline"):
        assert getattr(again, part) == getattr(first, part)
    whole, map_ = first.scenario.model_dump(), again.scenario.model_dump()
    assert whole.pop("map")["local_travel"] == map_.pop("map")["local_travel"]
    assert whole == map_


def test_two_files_of_one_name_do_not_overwrite_each_other(desk):
    desk.put("a/t.csv", "x\n1\n")
    desk.put("b/T.csv", "x\n2\n")
    found = desk.read(
        ("{median: 18 min, p90: 30 min}", "{file: a/t.csv, column: x, unit: min}"),
        ("{mean: 50 min, sd: 20 min}", "{file: b/T.csv, column: x, unit: min}"),
    )

    assert [i.name for i in found.inputs] == ["small.yaml", "t.csv", "2-T.csv"]
    assert found.inputs[1].sha256 == hashlib.sha256(b"x\n1\n").hexdigest()
    assert "inputs/2-T.csv" in found.resolved_yaml()


@pytest.mark.parametrize(
    "value",
    [
        "no", "null", "~", "12", "012", "1e3", "٤", "a: b", "a #b", "- a", "", " a ", "'", '"',
        "\\",
        "true", "22:30", "line\nbreak", "tab\t", "a\x85b", "a\u2028b", "قرية", "😀", "[x]", "{",
        "*a",
        "&a", "!t", "%x", "@", "`", "|", ">", "?", "55%", "1 h 30 min", ",", "=", "<<", ".nan",
        True, False, None, 0, -5, 1.5, 1e-7, 1e16, [], {}, [[]], {"no": ["1", {"12": None}]},
        ["x" * 80, {"a" * 50: "b" * 60}],
    ],
)  # fmt: skip
def test_what_is_written_as_yaml_is_read_back_the_same(value):
    plain = {"key": value, "list": [value], "<not>: a: key": {"again": value}}

    assert read_tree(Source("a.yaml", as_yaml(plain))).plain() == plain


def test_defaults_used_are_named_in_peoples_units_and_once_for_all(desk):
    defaults = desk.read().defaults

    assert "study.seed: 1" in defaults
    assert "dispatch_centre.shift_end: finish" in defaults
    assert "dispatch_centre.call_handling: 0 min" in defaults
    assert "map.local_travel: 0 min" in defaults
    assert "clock.warm_up: 0 min" in defaults
    assert "targets.*.share: 90%" in defaults
    assert "shifts.*.days: Mon, Tue, Wed, Thu, Fri, Sat, Sun" in defaults
    assert "teams.Lattakia.crew: 4" in defaults  # Jablah says so itself
    assert "teams.Jablah.count: 1" in defaults
    assert not [d for d in defaults if "clock.length" in d]


def test_a_flag_is_no_default(desk):
    assert not [d for d in desk.read(flags={"study.seed": 1}).defaults if "study.seed" in d]


def test_the_model_is_frozen(desk):
    scenario = desk.read().scenario

    with pytest.raises(ValidationError):
        scenario.name = "other"


def test_python_may_give_durations_in_milliseconds_and_files_may_not(desk):
    assert Distribution(distribution="exponential", mean=60_000).mean == 60_000
    assert Distribution.model_validate("1 min").value == 60_000

    (diagnostic,) = desk.refused(("mean: 50 min", "mean: 3000000"))
    assert "needs a unit" in diagnostic.message


def test_the_schema_is_valid_and_accepts_what_is_shipped():
    """That is what editors complete and check with."""
    schema = scenario_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)

    for path in shipped_scenarios().values():
        written = read_tree(Source(path.name, path.read_text(encoding="utf-8"))).plain()
        assert [e.message for e in validator.iter_errors(written)] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "x"},
        {"extends": "y", "nmae": "x"},
        {"extends": "y", "clock": {"length": "12 parsecs"}},
        {"extends": "y", "clock": {"length": 12}},
        {"extends": "y", "teams": {"a": {"crews": 3}}},
        {"extends": "y", "dispatch_centre": {"shift_end": "stop"}},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(wrong):
    assert not jsonschema.Draft202012Validator(scenario_schema()).is_valid(wrong)


def test_in_an_overlay_nothing_is_required_and_null_removes():
    overlay = {"extends": "y", "teams": {"a": None}, "clock": {"length": "3 days"}, "targets": None}

    assert jsonschema.Draft202012Validator(scenario_schema()).is_valid(overlay)


def test_every_field_is_described():
    for part in Part.__subclasses__():
        for name, field in part.model_fields.items():
            assert field.description, (part.__name__, name)


def test_reading_a_scenario_loads_nothing_heavy():
    """Checking a file is what a planner does most."""
    code = (
        "import sys, json; from sim.scenario import read_scenario, shipped_scenarios;"
        "[read_scenario(p) for p in shipped_scenarios().values()];"
        "heavy = {'numpy', 'scipy', 'matplotlib', 'simpy'};"
        "print(json.dumps(sorted(heavy & sys.modules.keys())))"
    )
    root = str(Path(sim.__file__).parent.parent)

    out = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root
    )

    assert json.loads(out.stdout) == []
