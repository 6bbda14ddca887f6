"""Small studies with figures made by hand, so that nothing has to be drawn."""

import json
import shutil

import pytest

import sim
from sim.experiment import note_drawn

SVG = """\
<svg xmlns:xlink="http://www.w3.org/1999/xlink" width="72pt" viewBox="0 0 72 40"
 xmlns="http://www.w3.org/2000/svg">
<metadata>made up</metadata>
<defs><path id="m1" d="M 0 0 L 0 3.512345" style="stroke: #52606d"/></defs>
<g id="figure_1"><use xlink:href="#m1" x="1.23456" y="2"/>
<text style="font: 8px 'DejaVu Sans'; fill: #1f2933">reached &amp; late</text></g></svg>
"""
HOSTILE = (
    "$x$ <b>bold</b>", "</script><script>alert(1)</script>", "عربي 12", "a" * 100,
    "\"quoted' & {x} {{7*7}} {% raw %}", "flip \u202eevil",
)  # fmt: skip


# Two towns with one road between them, which goes around three sides of a square.
ARCH = [[36.0, 35.0], [36.0, 35.1], [36.1, 35.1], [36.1, 35.0]]
ARCHED = """
name: arch
clock: {start: "2024-01-01 00:00", length: 6 h}
map:
  places:
    West: {lat: 35.0, lon: 36.0}
    East: {lat: 35.0, lon: 36.1}
  roads: {network: arch.geojson, speed: {day: 100%}}
demand:
  kinds: {injury: {share: 100%, on_scene: 10 min}}
  callouts:
    - {at: "day 1 00:10", place: East, kind: injury}
    - {at: "day 1 01:30", place: West, kind: injury}
bases: {West: {}}
teams: {A: {base: West}}
policies:
  today: {dispatch: closest}
  same: {dispatch: closest}
"""


def arched(folder):
    """Write the scenario of the two towns, and return its path."""
    road = {
        "type": "Feature",
        "properties": {"highway": "primary"},
        "geometry": {"type": "LineString", "coordinates": ARCH},
    }
    collection = {"type": "FeatureCollection", "features": [road]}
    (folder / "arch.geojson").write_text(json.dumps(collection), encoding="utf-8")
    (folder / "arch.yaml").write_text(ARCHED, encoding="utf-8")
    return folder / "arch.yaml"


def save(found, place):
    """Save a result with two figures that belong to it."""
    found.save(place)
    figures = place / "figures"
    figures.mkdir()
    paths = [figures / f"{name}.svg" for name in ("share-reached", "map")]
    for path in paths:
        path.write_text(SVG, encoding="utf-8")
    note_drawn(place, paths)
    return place


@pytest.fixture(scope="session")
def compared():
    """First steps for three days: two alternatives, one of which serves no fire."""
    scenario = sim.load("first-steps", {
        "clock.length": "3 days",
        "policies.starve": {"dispatch": {"cutoff": {"reserve": {2: 9}}}},
    })  # fmt: skip
    return sim.compare(scenario, policies=["today", "starve"], replications=10)


@pytest.fixture(scope="session")
def hostile():
    """Eight alternatives whose names are meant to break a page, and a title that is, too."""
    title = "</title><img src=x onerror=alert(1)> $x$ \u202e"
    scenario = sim.load("first-steps", {"clock.length": "1 day", "title": title})
    names = [*HOSTILE, "seventh", "eighth"]
    return sim.compare(scenario, policies=dict.fromkeys(names, "today"), replications=3)


@pytest.fixture(scope="session")
def saved(compared, tmp_path_factory):
    return save(compared, tmp_path_factory.mktemp("results") / "first")


@pytest.fixture
def results(saved, tmp_path):
    """A results folder of its own for each test."""
    return shutil.copytree(saved, tmp_path / "first")
