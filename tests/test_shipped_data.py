"""What lies under scenarios/ is whole, true to its sources, and says whose it is."""

import csv
import heapq
import json
import math
import re
from pathlib import Path

import pytest

from .spellings import SPELLINGS

PROJECT = Path(__file__).parents[1]
SCENARIOS = PROJECT / "scenarios"
COAST = SCENARIOS / "data" / "coast"
GOVERNORATES = {  # districts (admin2) of each
    "Lattakia": {"Lattakia", "Jablah", "Al-Haffa", "Al-Qardaha"},
    "Tartous": {"Tartous", "Banyas", "Safita", "Dreikish", "Sheikh Badr", "Qadmous"},
}
ATTRIBUTIONS = (
    "Place names, coordinates and populations: GeoNames (geonames.org), CC BY 4.0; selected and "
    "transliterated.",
    "Road topology (c) OpenStreetMap contributors, ODbL 1.0, via scgraph_data 2.0.0; simplified; "
    "links marked modelled are not real roads.",
    "Made with Natural Earth. Coastline (c) OpenStreetMap contributors (ODbL).",
    "our compilation; coordinates GeoNames, CC BY 4.0",
    "OpenSyria Data Geography, CC BY 4.0; UN OCHA COD-AB and geoBoundaries, CC BY 3.0 IGO; U.S. "
    "Census Bureau via HDX (2004 census); GeoNames.",
)


def rows(name):
    with (COAST / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def network():
    """Return for each node its neighbours with the length of the road to them. [km]"""
    roads = {node["node"]: [] for node in rows("road_nodes.csv")}
    for edge in rows("road_edges.csv"):
        roads[edge["from"]].append((edge["to"], float(edge["km"])))
        roads[edge["to"]].append((edge["from"], float(edge["km"])))
    return roads


def shortest(roads, start):
    """Return the length of the shortest way from a node to every other. [km]"""
    found, heap = {}, [(0.0, start)]
    while heap:
        length, node = heapq.heappop(heap)
        if node not in found:
            found[node] = length
            for neighbour, km in roads[node]:
                heapq.heappush(heap, (length + km, neighbour))
    return found


def crow_flies(a, b):
    """Return the great-circle distance between two rows. [km]"""
    lat1, lon1, lat2, lon2 = (math.radians(float(row[c])) for row in (a, b) for c in ("lat", "lon"))
    h = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * 6371 * math.asin(math.sqrt(h))


def test_every_road_node_can_be_reached_from_every_other():
    roads = network()

    assert shortest(roads, "0").keys() == roads.keys()


def test_every_place_is_a_road_node():
    """Otherwise the first or last stretch of a drive would take no time."""
    nodes = {(n["name"], float(n["lat"]), float(n["lon"])) for n in rows("road_nodes.csv")}

    for place in rows("places.csv"):
        assert (place["name"], float(place["lat"]), float(place["lon"])) in nodes


@pytest.mark.parametrize(
    ("start", "end", "known", "tolerance"),
    [
        ("Lattakia", "Tartous", 90, 0.10),
        ("Lattakia", "Banyas", 55, 0.10),
        ("Banyas", "Tartous", 35, 0.10),
        ("Lattakia", "Jisr-Ash-Shugur", 80, 0.10),
        ("Lattakia", "Badama", 62, 0.10),
        # the town lies on modelled secondary roads, 24.6 km for 21: 17% too long, and known
        ("Lattakia", "Bahlolieh", 21, 0.20),
    ],
)
def test_known_road_distances_hold(start, end, known, tolerance):
    """Lengths as published for the coast; a bad link would show here first."""
    node = {n["name"]: n["node"] for n in rows("road_nodes.csv")}

    km = shortest(network(), node[start])[node[end]]

    assert km == pytest.approx(known, rel=tolerance)


def test_roads_shorter_than_the_straight_line_are_few_and_short():
    """The simplified source has thirty such links; LICENSES.md says so. No more may come in."""
    node = {n["node"]: n for n in rows("road_nodes.csv")}
    straight = [crow_flies(node[e["from"]], node[e["to"]]) for e in rows("road_edges.csv")]
    missing = [s - float(e["km"]) for e, s in zip(rows("road_edges.csv"), straight, strict=True)]

    impossible = [m for m, s in zip(missing, straight, strict=True) if m > 0.01 * s]
    assert len(impossible) == 30
    assert sum(impossible) < 17.5


def test_only_trunk_roads_claim_to_be_real():
    for edge in rows("road_edges.csv"):
        assert (edge["provenance"] == "osm") == (edge["road_class"] == "trunk")


@pytest.mark.parametrize(
    ("governorate", "census", "estimate"),
    [("Lattakia", 879_551, 1_453_000), ("Tartous", 701_395, 1_114_000)],
)
def test_residents_add_up_to_the_printed_totals(governorate, census, estimate):
    inside = [p for p in rows("places.csv") if p["area"] in GOVERNORATES[governorate]]

    assert sum(int(p["census_2004"]) for p in inside) == census
    assert sum(int(p["residents_2016"]) for p in inside) == estimate


def test_residents_are_the_census_scaled():
    factor = {"Lattakia": 1_453_000 / 879_551, "Tartous": 1_114_000 / 701_395}

    for name, areas in GOVERNORATES.items():
        for place in rows("places.csv"):
            if place["area"] in areas:
                scaled = int(place["census_2004"]) * factor[name]
                assert abs(int(place["residents_2016"]) - scaled) < 1


def test_nobody_is_counted_outside_the_two_governorates():
    inside = set().union(*GOVERNORATES.values())
    outside = [p for p in rows("places.csv") if p["area"] not in inside]

    assert {p["area"] for p in outside} == {"Hama side", "Homs side", "Idleb side"}
    assert all(p["census_2004"] == p["residents_2016"] == "0" for p in outside)


def test_there_are_ninety_two_places_and_each_hospital_is_in_one():
    places = [p["name"] for p in rows("places.csv")]

    assert len(places) == len(set(places)) == 92
    assert {h["place"] for h in rows("hospitals.csv")} <= set(places)


def shipped_texts():
    """Yield what users read; of the data's licences, which name other spellings, see below."""
    suffixes = {".csv", ".json", ".md", ".py", ".txt", ".yaml"}
    found = [PROJECT / "README.md", PROJECT / "CHANGELOG.md"]
    for folder in ("docs", "scenarios", "sim", "tests"):
        found += [p for p in (PROJECT / folder).rglob("*") if p.suffix in suffixes]
    for path in found:
        if path.name not in ("LICENSES.md", "spellings.py"):
            yield path, path.read_text(encoding="utf-8")


def whole(spellings):
    """Return what matches any of some names, also after a line break that is written in code."""
    names = sorted(spellings, key=len, reverse=True)
    return re.compile(r"(?:(?<!\w)|(?<=\\n))(?:" + "|".join(map(re.escape, names)) + r")(?!\w)")


def test_a_town_is_spelled_in_one_way():
    """As in places.csv; somebody who looks for a town must find all that concerns it."""
    right = {p["name"] for p in rows("places.csv")}
    assert all(len(right & set(town)) == 1 for town in SPELLINGS)

    any_spelling = whole({spelling for town in SPELLINGS for spelling in town})
    wrong = {spelling for town in SPELLINGS for spelling in town} - right
    found = {
        f"{path.relative_to(PROJECT)}: {spelling}"
        for path, text in shipped_texts()
        for spelling in wrong.intersection(any_spelling.findall(text))
    }

    assert not found, "spell these as scenarios/data/coast/places.csv does"


def test_an_area_is_called_as_its_seat():
    areas = {p["area"] for p in rows("places.csv") if not p["area"].endswith(" side")}

    assert areas == set().union(*GOVERNORATES.values())
    assert areas <= {p["name"] for p in rows("places.csv")}


def test_a_hospital_that_is_named_after_its_town_is_so_in_arabic_too():
    arabic = {p["name"]: p["name_ar"].removeprefix("ال") for p in rows("places.csv")}
    named = [h for h in rows("hospitals.csv") if h["place"] in h["name"]]

    assert len(named) == 16  # all but Tishreen University Hospital
    assert all(arabic[h["place"]] in h["name_ar"] for h in named)


def test_no_file_carries_a_border():
    """Data sets disagree about borders, and taking sides is not ours."""
    drawn = [p for p in SCENARIOS.rglob("*") if p.suffix in (".geojson", ".json", ".shp", ".kml")]
    drawn = [p for p in drawn if p.name != "scenario.schema.json"]

    assert [p.name for p in drawn] == ["coastline.geojson"]
    features = json.loads(drawn[0].read_text(encoding="utf-8"))["features"]
    assert {f["properties"]["kind"] for f in features} == {"coastline"}
    assert {f["geometry"]["type"] for f in features} <= {"LineString", "MultiLineString"}


def test_attributions_are_kept_word_for_word():
    licences = (SCENARIOS / "data" / "LICENSES.md").read_text(encoding="utf-8")

    for line in ATTRIBUTIONS:
        assert line in licences


def test_every_data_file_is_named_in_the_licences():
    licences = (SCENARIOS / "data" / "LICENSES.md").read_text(encoding="utf-8")

    for path in COAST.iterdir():
        assert f"coast/{path.name}" in licences


SHIPPED = sorted(path.stem for path in SCENARIOS.glob("*.yaml"))


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_reads_without_a_warning(name):
    from sim.policies import policy_sets
    from sim.scenario import read_scenario

    file = read_scenario(SCENARIOS / f"{name}.yaml")

    assert file.scenario.name == name
    assert not file.warnings
    assert policy_sets(file)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_scenario_tells_editors_its_schema_and_people_what_is_assumed(name):
    from sim.scenario import read_scenario

    path = SCENARIOS / f"{name}.yaml"
    scenario = read_scenario(path).scenario

    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=scenario.schema.json"
    assert scenario.about
    assert scenario.assumptions
    assert "sources" in scenario.model_fields_set  # none is said, too


@pytest.mark.parametrize("name", ["coast-march-2025"])
def test_maps_of_the_coast_say_what_they_are_not(name):
    text = (SCENARIOS / f"{name}.yaml").read_text(encoding="utf-8").lower()

    for words in (
        "illustrative bases",
        "modelled",
        "not for operations",
        "(c) openstreetmap",
        "geonames",
    ):
        assert words in text


def test_the_schema_beside_the_scenarios_is_the_present_one():
    from sim.cli.plan_commands.schema_command import schema_text

    shipped = (SCENARIOS / "scenario.schema.json").read_text(encoding="utf-8")

    present = shipped == schema_text()
    assert present, "write it again: rescuesim schema --out scenarios/scenario.schema.json"
