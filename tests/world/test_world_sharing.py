"""Alternatives share what is equal in them, and nothing else."""

import pytest

from sim.experiment import Runner, Task, design_of
from sim.policies.travel_rules.routing import Fastest
from sim.scenario import read_scenario, variants
from sim.world import SharedWorlds, build

from ..worlds import file_of, hand_worked

TEXT = hand_worked(
    places="A B",
    times="A-B 20",
    bases="A B",
    teams="T: {base: A, crew: 3}\nU: {base: B}",
    rest="policies: {a: {}, b: {relocation: {dmexclp: {within: 15 min}}}}",
).replace("callouts: []", "rate: 30 per day\n  where: equal")


def varied(path, *values):
    file = file_of(TEXT, {("study", "vary", path): f"[{', '.join(values)}]"})
    return [variant.file for variant in variants(file, ["a"])]


def built(files):
    shared = SharedWorlds()
    return [shared.world(file, Fastest()) for file in files]


@pytest.mark.parametrize(
    ("path", "values", "same"),
    [
        ("teams.T.crew", ("3", "4"), {"travel", "demand"}),
        ("teams.U.base", ("B", "A"), {"travel", "demand"}),
        ("teams.T.on_scene", ("10 min", "12 min"), {"travel"}),
        ("demand.scale", ("1", "2"), {"travel"}),
        ("teams.T.speed", ("80%", "90%"), {"demand"}),
        ("dispatch_centre.call_handling", ("1 min", "2 min"), {"travel"}),
        ("map.local_travel", ("1 min", "2 min"), set()),
        ("map.roads.table.A.B", ("20 min", "30 min"), set()),
    ],
)
def test_what_is_equal_is_one_object_and_what_is_not_is_two(path, values, same):
    """Ways and callouts are by far the most of a world."""
    first, second = built(varied(path, *values))

    assert first is not second
    assert {p for p in ("travel", "demand") if getattr(first, p) is getattr(second, p)} == same


def test_alternatives_that_differ_in_rules_have_one_world():
    first, second = built(varied("policies.a.dispatch", "closest", "random"))

    assert first is second


@pytest.mark.parametrize(
    "path", ["teams.T.crew", "demand.scale", "map.local_travel", "teams.T.speed"]
)
def test_a_shared_world_gives_what_one_of_its_own_gives(path, monkeypatch):
    """The same bytes for every alternative, whichever was built first."""
    own_values = {"map.local_travel": ("1 min", "2 min"), "teams.T.speed": ("60%", "110%")}
    values = own_values.get(path, ("3", "4"))
    file = file_of(TEXT, {("study", "vary", path): f"[{', '.join(values)}]"})
    design = design_of([file])
    shared = Runner(design.alternatives, design.seed)
    task = Task(0, design.names, True)

    monkeypatch.setattr(SharedWorlds, "world", lambda self, file, routing: build(file, routing))
    own = Runner(design.alternatives, design.seed)

    assert shared.run(task) == own.run(task)


def test_tables_of_files_are_read_into_one_object():
    """A network of half a million roads is in memory once, and goes to a process once."""
    files = varied("teams.T.crew", "3", "4", "5")

    for name in ("places", "times", "inputs", "read"):
        assert len({id(getattr(file, name)) for file in files}) == 1


def test_disruptions_are_of_the_alternative_s_own_bases():
    """Which places have no access depends on where teams are stationed."""
    from sim.scenario import find_scenario

    file = read_scenario(
        find_scenario("coast-march-2025"),
        {("study", "vary", "teams.Jablah A.base"): "[Jablah, Lattakia]"},
    )
    first, second = built([v.file for v in variants(file, ["today"])])
    alone = build(second.file, Fastest())

    assert first.travel is second.travel
    assert second.access == alone.access
