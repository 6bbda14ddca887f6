"""Every name in a scenario says in its type what it names, and a wrong one is told at its line."""

from functools import cache
from pathlib import Path
from typing import Annotated, get_args, get_origin

import pytest
from pydantic import BaseModel

from sim.errors import ScenarioError
from sim.scenario import read_scenario
from sim.scenario.diagnostics.findings import spot_of
from sim.scenario.fields.models import Scenario
from sim.scenario.fields.quantities import Name, Roster
from sim.scenario.fields.records import Layout
from sim.scenario.fields.references import Defines, Label, RefersTo, references_of
from sim.scenario.text.source import Source, read_tree
from sim.scenario.written_checks.reference_checks import NAMES, OPEN

NAMED = get_args(Name)[1]  # what makes text a name
# Text that names nothing: titles and words for people, files and columns, paths and measures.
TEXT = {
    *("Scenario.name", "Scenario.title", "Scenario.about", "Scenario.sources"),
    *("Scenario.assumptions", "ClockSection.timezone", "Layout.timezone", "Record.timezone"),
    *("Place.name_ar", "Map.coastline", "Map.attribution", "Target.name"),
    *("Map.places", "Map.hospitals", "Roads.nodes", "Roads.edges", "Roads.network", "Roads.table"),
    *("DemandSection.callouts", "DemandSection.where", "Kind.where", "Record.file"),
    *("Distribution.file", "Distribution.column"),
    # words of a record: for each kind and priority, and those that stand for an empty cell
    *(f"{part}.{field}" for part in ("Layout", "Record")
      for field in ("kinds", "priorities", "empty")),
    *("AlternativeEntry.set", "StudySection.vary", "StudySection.primary", "Replications.until"),
    *(f"AlternativeEntry.{rule}" for rule in (
        "dispatch", "queue", "relocation", "destination", "reassignment", "staffing", "routing",
    )),
}  # fmt: skip


def models(part, found):
    """Return a part of a scenario with all parts in it."""
    if part not in found:
        found.append(part)
        for info in part.model_fields.values():
            for hint, _ in leaves(info.rebuild_annotation()):
                if isinstance(hint, type) and issubclass(hint, BaseModel):
                    models(hint, found)
    return found


def leaves(hint, marks=()):
    """Yield each type in a type, with what it alone is annotated with."""
    inner = get_args(hint)
    if get_origin(hint) is Annotated:
        yield from leaves(inner[0], (*marks, *inner[1:]))
    elif inner:
        for each in inner:
            yield from leaves(each)
    else:
        yield hint, marks


def texts():
    """Yield each field with text in it, and what each text is annotated with."""
    for part in models(Layout, models(Scenario, [])):
        for name, info in part.model_fields.items():
            for hint, marks in leaves(info.rebuild_annotation()):
                if hint in (str, Roster):
                    yield f"{part.__name__}.{name}", marks


def declared(marks):
    return [mark for mark in marks if isinstance(mark, (RefersTo, Defines, Label))]


def test_every_name_says_what_it_names():
    """A new field that refers to something is checked as all others are, or this fails."""
    names = [(field, marks) for field, marks in texts() if NAMED in marks]

    assert len(names) > 60
    assert [field for field, marks in names if len(declared(marks)) != 1] == []


def test_all_other_text_is_known_to_name_nothing():
    """Else a reference could be written as plain text, and would never be checked."""
    others = {field for field, marks in texts() if NAMED not in marks and not declared(marks)}

    assert others == TEXT


def test_the_names_of_every_sort_that_is_referred_to_can_be_listed():
    marks = [mark for _, marks in texts() for mark in declared(marks)]
    wanted = {mark.sort for mark in marks if isinstance(mark, RefersTo)}
    in_files = {"road", "road node"}

    assert wanted == NAMES.keys() | OPEN
    assert wanted - in_files <= {mark.sort for mark in marks if isinstance(mark, Defines)}


# -- a wrong name in place of each ----------------------------------------------------------------

HEAD = """
name: referring
clock: {start: 2025-01-06 00:00, length: 7 days, timezone: UTC}
bases: {A: {}, North: {place: B}}
shifts: {day: {hours: 06:00-18:00}, night: {hours: 18:00-06:00}}
targets: [{name: soon, within: 15 min, kind: job, where: [A, B]}]
"""
TEAMS = """
teams:
  T: {base: A, capabilities: [saw, eod, ambulance]}
  U: {base: North, shifts: [day, night], capabilities: [saw, eod, ambulance]}
  R: {base: A, roster: [day, night, off], capabilities: [saw]}
  V:
    base: North
    capabilities: [saw]
    on_call: {volunteers: town, minimum: 2, capabilities: [medic]}
    vehicles: [car]
volunteers: {town: {people: 9, acceptance: 50%, capabilities: {medic: 4}}}
vehicles:
  car:
    base: North
capabilities: {ambulance: {carries: 1}, van: {carries: 2}}
"""
KIND = """
    job:
      share: 100%
      on_scene: 10 min
      on_scene_at: {B: 20 min}
      needs: [saw, saw]
      to: hospital
      transport: {by: ambulance}
      explosive_hazard: {needs: [eod], clearance: 1 h}
"""
ON_THE_COAST = ", {name: there, within: 15 min, areas: [Coast]}]"
WORLDS = {
    "roads": f"""{HEAD.replace("}]", "}" + ON_THE_COAST)}{TEAMS}
map:
  places: {{A: {{lat: 35.0, lon: 36.0, area: Coast}}, B: {{lat: 35.0, lon: 36.2}}}}
  roads: {{nodes: nodes.csv, edges: edges.csv}}
  hospitals: {{General: A, Field: {{place: B}}}}
  hospital_closures: [{{hospital: Field, until: day 2 00:00}}]
  closures:
    - {{road: M1, between: [A, B], until: day 2 00:00}}
    - {{edge: [a, x], until: day 2 00:00}}
  checkpoints: [{{place: B, delay: 5 min}}, {{edge: [x, b], delay: 5 min}}]
demand:
  rate: 10 per day
  where: {{A: 1, B: 2}}
  surges: [{{place: A, factor: 2, kinds: [job]}}, {{area: Coast, factor: 2}}]
  clusters: {{branching_ratio: 0.1, after: 1 h, kinds: [job]}}
  incidents:
    - at: day 2 10:00
      place: B
      kind: job
      casualties: {{number: 3, kind: job}}
  kinds:{KIND}
    here: {{share: 0%, on_scene: 10 min, where: {{A: 1, B: 2}}}}
    there: {{share: 0%, on_scene: 10 min, areas: {{Coast: 1}}}}
""",
    "table": f"""{HEAD}{TEAMS}
map:
  places: {{A: {{}}, B: {{}}}}
  roads: {{table: {{A: {{B: 10 min}}, B: {{A: 10 min}}}}}}
  hospitals: {{General: A}}
demand:
  callouts: [{{at: day 1 10:00, place: B, kind: job}}]
  kinds:{KIND}""",
    "record": f"""{HEAD}{TEAMS}
map:
  places: {{A: {{lat: 35.0, lon: 36.0}}, B: {{lat: 35.0, lon: 36.2}}}}
  roads: {{nodes: nodes.csv, edges: edges.csv}}
  hospitals: {{General: A}}
demand:
  record:
    file: past.csv
    columns: {{received: received, kind: kind, place: place}}
    kinds: {{job: [work]}}
  kinds:{KIND}""",
}
FILES = {
    "nodes.csv": "node,lat,lon\na,35.00,36.00\nb,35.00,36.20\nx,35.01,36.10\n",
    "edges.csv": "from,to,km,kmh,road\na,x,10,60,M1\nx,b,10,60,M1\n",
    "past.csv": "received,kind,place\n2025-01-06T06:10:00,work,A\n",
}
WRONG = "Nowhere at all"


@cache
def references(world):
    """Return the tree of a world and every reference in it."""
    tree = read_tree(Source(world, WORLDS[world], Path()))
    return tree, list(references_of(Scenario).found_in(tree))


def patterns(where, prefix=()):
    """Yield each place where a reference may stand, as (path with stars, as a key)."""
    if where.text is not None:
        yield prefix, False
    if where.keys is not None:
        yield (*prefix, "*"), True
    for below in (where.values, where.items):
        if below is not None:
            yield from patterns(below, (*prefix, "*"))
    for name, below in where.fields.items():
        yield from patterns(below, (*prefix, name))


def is_at(reference, pattern):
    path, is_key = pattern
    return (
        is_key == reference.is_key
        and len(path) == len(reference.loc)
        and all(p in ("*", step) for p, step in zip(path, reference.loc, strict=True))
    )


def read(folder, text):
    for name, data in FILES.items():
        (folder / name).write_text(data)
    path = folder / "referring.yaml"
    path.write_text(text)
    return read_scenario(path)


def test_every_declared_reference_is_in_a_world_below():
    """Else a new one would be planted nowhere."""
    found = [r for world in WORLDS for r in references(world)[1]]

    missing = [p for p in patterns(references_of(Scenario)) if not any(is_at(r, p) for r in found)]
    assert missing == []


@pytest.mark.parametrize("world", WORLDS)
def test_a_world_in_which_every_name_is_right_has_no_errors(world, tmp_path):
    assert read(tmp_path, WORLDS[world]).scenario.name == "referring"


@pytest.mark.parametrize(
    ("world", "reference"),
    [
        pytest.param(world, r, id=f"{world}:{'.'.join(map(str, r.loc))}")
        for world in WORLDS
        for r in references(world)[1]
        if r.name not in r.to.but
    ],
)
def test_a_wrong_name_is_told_once_and_at_its_line(world, reference, tmp_path):
    spot, _ = spot_of(references(world)[0], reference.loc, on_key=reference.is_key)
    lines = WORLDS[world].splitlines()
    line = lines[spot.line]
    lines[spot.line] = line[: spot.column] + WRONG + line[spot.column + spot.width :]

    with pytest.raises(ScenarioError) as caught:
        read(tmp_path, "\n".join(lines))

    (told,) = caught.value.diagnostics
    assert told.line == spot.line + 1
    assert WRONG in told.message
    if reference.to.sort not in OPEN:
        assert told.message == f"no {reference.to.sort} is called '{WRONG}'"
        assert told.column == spot.column + 1
        assert reference.name in told.help


# -- names that files give -------------------------------------------------------------------------

PLACES = "name,lat,lon,area\nA,35.0,36.0,Coast\nB,35.0,36.2,\n"
TABLES = """
name: referring
clock: {start: 2025-01-06 00:00, length: 7 days, timezone: UTC}
map:
  places: places.csv
  roads: {nodes: nodes.csv, edges: edges.csv}
  hospitals: hospitals.csv
  hospital_closures: [{hospital: General, until: day 2 00:00}]
  closures: [{road: M1, between: [A, B]}, {edge: [a, x]}]
demand:
  rate: 10 per day
  where: equal
  surges: [{area: Coast, factor: 2}, {area: B, factor: 2}]
  kinds: {job: {share: 100%, on_scene: 10 min}}
bases: {A: {}}
teams: {T: {base: A}}
"""


def errors(folder, text=TABLES, places=PLACES, hospitals="name,place\nGeneral,A\n", edges=""):
    (folder / "places.csv").write_text(places)
    (folder / "hospitals.csv").write_text(hospitals)
    (folder / "edges2.csv").write_text(FILES["edges.csv"] + edges)
    try:
        read(folder, text.replace("edges: edges.csv", "edges: edges2.csv"))
    except ScenarioError as error:
        return [f"{m.message} | {m.help}" for m in error.diagnostics]
    return []


def test_names_in_tables_are_known(tmp_path):
    assert errors(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "told"),
    [
        ("hospital: General", "no hospital is called 'Z' | hospitals here: General"),
        ("road: M1", "no road is called 'Z' | roads here: M1"),
        ("edge: [a, x]", "no road node is called 'Z' | road nodes here: a, b, x"),
        ("area: Coast", "no area is called 'Z' | areas here: Coast, B"),
        ("{area: B", "no area is called 'Z' | areas here: Coast, B"),
    ],
)
def test_a_name_that_no_table_has_is_told_with_those_there_are(old, told, tmp_path):
    """And together with what is wrong elsewhere, not after it."""
    last = old.rsplit(" ", 1)[-1].rstrip("]")
    wrong = old[: old.rindex(last)] + "Z" + ("]" if old.endswith("]") else "")
    text = TABLES.replace(old, wrong).replace("share: 100%", "share: 90%")

    found = errors(tmp_path, text)

    assert told in found
    assert len(found) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"places": PLACES.replace("35.0,36.0", "95.0,36.0")},
        {"hospitals": "name,place\nGeneral,C\n"},
        {"edges": "a,nowhere,10,60,M2\n"},
        {"places": "town,lat,lon\nA,35.0,36.0\n"},
        {"hospitals": "called,place\nGeneral,A\n"},
    ],
)
def test_a_row_that_is_wrong_makes_no_name_unknown(wrong, tmp_path):
    """Else one mistake would be told many times, at places where nothing is wrong."""
    (told,) = errors(tmp_path, **wrong)

    assert "is called 'General'" not in told
