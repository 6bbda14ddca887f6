"""Whatever happens to a network's file, it is read or refused in words, never by a traceback."""

from __future__ import annotations

import random

import pytest

from sim.errors import ScenarioError
from sim.scenario import read_scenario, render

from .test_networks import COAST, TOWNS, graphml, scenario
from .test_networks_geojson import ROAD, collection
from .test_networks_osm import COAST as WAY
from .test_networks_osm import osm

PIECES = [b"", b"<", b">", b'"', b"{", b"]", b"null", b"NaN", b"-1", b"9" * 30, b"\xff", b"\x00",
          b"1e999", b"true", b"&x;", b"\n", b",", b"[]"]  # fmt: skip


def networks(folder):
    """Return a sound network in every form that can be read here."""
    sound = {
        "roads.graphml": graphml(TOWNS, COAST).encode(),
        "roads.geojson": collection(ROAD).encode(),
    }
    try:
        import osmium
    except ImportError:
        return sound
    sound["roads.osm"] = osm(WAY).encode()
    with osmium.SimpleWriter(str(folder / "sound.osm.pbf")) as writer:
        for thing in osmium.FileProcessor(osmium.io.FileBuffer(sound["roads.osm"], "osm")):
            writer.add(thing)
    sound["roads.osm.pbf"] = (folder / "sound.osm.pbf").read_bytes()
    return sound


def spoiled(data, draws):
    """Return a file with random edits of its bytes."""
    edited = bytearray(data)
    for _ in range(draws.choice((1, 1, 2, 4))):
        at = draws.randrange(len(edited))
        edited[at : at + draws.randrange(6)] = draws.choice(PIECES)
    return bytes(edited)


def fuzz(folder, rounds, seed):
    """Spoil networks, one at a time; return how many were refused."""
    sound, draws, refused = networks(folder), random.Random(seed), 0
    for _ in range(rounds):
        name = draws.choice(sorted(sound))
        (folder / name).write_bytes(spoiled(sound[name], draws))
        (folder / "small.yaml").write_text(scenario(name, ", snap: 30 km"))
        try:
            read_scenario(folder / "small.yaml")
        except ScenarioError as error:
            refused += 1
            for diagnostic in error.diagnostics:
                assert diagnostic.message
                assert render(diagnostic)
    return refused


def test_spoiled_networks_are_refused_in_words_or_accepted(tmp_path):
    assert 0 < fuzz(tmp_path, 300, seed=1) < 300


@pytest.mark.long
def test_thousands_of_spoiled_networks_are_refused_in_words_or_accepted(tmp_path):
    assert 0 < fuzz(tmp_path, 6000, seed=2) < 6000
