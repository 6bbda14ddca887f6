"""
How long a large road network takes to read and to make ready: half a million roads, 40 sites.

Run it with: python tests/benchmarks/network.py [--small] [--format csv|geojson|graphml|pbf]

The network is laid like bricks, three roads to a junction as in most towns. Reading is all of
reading the scenario (its tables, snapping the places, telling what cannot be reached); building
makes the world with travel times between the sites. Processor time; the exit code is 1 if both
together take more than 5 seconds.
"""

import argparse
import gc
import json
import sys
import tempfile
import time
from pathlib import Path
from xml.sax.saxutils import quoteattr

from sim.scenario import read_scenario
from sim.world import build

LIMIT = 5.0  # seconds of processor time
SITES = 40
STEP = 0.002  # degrees between neighbouring junctions
SOUTH, WEST = 34.0, 35.0
CLASSES = ("primary", "secondary", "tertiary", "residential", "residential", "unclassified")
SCENARIO = """\
name: grid
clock: {{start: 2025-03-06 06:00, length: 1 day}}
map:
  places: places.csv
  roads: {{{roads}, snap: 500 m}}
demand:
  rate: 10 per day
  kinds:
    fire: {{share: 100%, on_scene: 30 min}}
bases: {{site 0: {{}}}}
teams: {{first: {{base: site 0}}}}
"""


def grid(side, columns):
    """Yield the roads as (from, to, class, name), from and to as (row, column)."""
    for row in range(side):
        for column in range(columns):
            if row + 1 < side:
                avenue = side + column
                yield (row, column), (row + 1, column), CLASSES[avenue % 6], f"Avenue {avenue}"
            if column + 1 < columns and (row + column) % 2 == 0:
                yield (row, column), (row, column + 1), CLASSES[row % 6], f"Street {row}"


def at(node):
    """Return latitude and longitude of a node."""
    return round(SOUTH + node[0] * STEP, 6), round(WEST + node[1] * STEP, 6)


def directed(side, columns):
    """Yield each road of the grid once per direction."""
    for start, end, road_class, name in grid(side, columns):
        yield start, end, road_class, name
        yield end, start, road_class, name


def number(node, columns):
    """Return the id of a node."""
    return 10_000_000 + node[0] * columns + node[1]


def write_csv(folder, side, columns):
    """Write nodes.csv and edges.csv, one row per direction; return what the scenario says."""
    with (folder / "nodes.csv").open("w") as file:
        file.write("node,lat,lon\n")
        for row in range(side):
            for column in range(columns):
                lat, lon = at((row, column))
                file.write(f"{number((row, column), columns)},{lat},{lon}\n")
    with (folder / "edges.csv").open("w") as file:
        file.write("from,to,km,kmh,road_class,provenance,one_way,road\n")
        for i, (start, end, road_class, name) in enumerate(directed(side, columns)):
            ends = f"{number(start, columns)},{number(end, columns)}"
            file.write(f"{ends},{0.18 + i % 97 / 1000:.3f},50,{road_class},modelled,yes,{name}\n")
    return "nodes: nodes.csv, edges: edges.csv"


def write_geojson(folder, side, columns):
    """Write roads.geojson, one line per road; return what the scenario says."""
    lines = []
    for start, end, road_class, name in grid(side, columns):
        ends = [list(reversed(at(start))), list(reversed(at(end)))]
        about = {"highway": road_class, "name": name}
        shape = {"type": "LineString", "coordinates": ends}
        lines.append(json.dumps({"type": "Feature", "properties": about, "geometry": shape}))
    text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(lines) + "\n]}\n"
    (folder / "roads.geojson").write_text(text)
    return "network: roads.geojson"


def write_graphml(folder, side, columns):
    """Write roads.graphml as osmnx does, one edge per direction; return what the scenario says."""
    keys = {"y": "node", "x": "node", "highway": "edge", "length": "edge", "name": "edge"}
    with (folder / "roads.graphml").open("w") as file:
        file.write("<?xml version='1.0' encoding='utf-8'?>\n")
        file.write('<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for name, what in keys.items():
            file.write(f'<key id="{name}_{what}" for="{what}" attr.name="{name}" ')
            file.write('attr.type="string" />\n')
        file.write('<graph edgedefault="directed">\n')
        for row in range(side):
            for column in range(columns):
                lat, lon = at((row, column))
                file.write(f'<node id="{number((row, column), columns)}">')
                file.write(f'<data key="y_node">{lat}</data><data key="x_node">{lon}</data>')
                file.write("</node>\n")
        for i, (start, end, road_class, name) in enumerate(directed(side, columns)):
            ends = f'source="{number(start, columns)}" target="{number(end, columns)}"'
            about = {"highway": road_class, "length": 180 + i // 2 % 97, "name": name}
            file.write(f"<edge {ends} id={quoteattr('0')}>")
            file.writelines(f'<data key="{k}_edge">{v}</data>' for k, v in about.items())
            file.write("</edge>\n")
        file.write("</graph></graphml>\n")
    return "network: roads.graphml"


def write_pbf(folder, side, columns):
    """Write roads.osm.pbf, one way per road; return what the scenario says."""
    import osmium
    from osmium.osm.mutable import Node, Way

    with osmium.SimpleWriter(str(folder / "roads.osm.pbf")) as writer:
        for row in range(side):
            for column in range(columns):
                lat, lon = at((row, column))
                writer.add_node(Node(id=number((row, column), columns), location=(lon, lat)))
        for i, (start, end, road_class, name) in enumerate(grid(side, columns)):
            refs = [number(start, columns), number(end, columns)]
            tags = {"highway": road_class, "name": name}
            writer.add_way(Way(id=i + 1, nodes=refs, tags=tags))
    return "network: roads.osm.pbf"


WRITERS = {
    "csv": write_csv,
    "geojson": write_geojson,
    "graphml": write_graphml,
    "pbf": write_pbf,
}


def put(folder, form, side, columns, sites=SITES):
    """Write a grid network with its scenario; return the scenario's path."""
    roads = WRITERS[form](folder, side, columns)
    with (folder / "places.csv").open("w") as file:
        file.write("name,lat,lon,weight\n")
        for site in range(sites):
            lat, lon = at((site * 7919 % side, site * 6007 % columns))
            file.write(f"site {site},{lat + 0.0003:.6f},{lon + 0.0003:.6f},1\n")
    path = folder / "grid.yaml"
    path.write_text(SCENARIO.format(roads=roads))
    return path


def seconds(act):
    """Return what an act returns and the processor time it took."""
    gc.collect()
    began = time.process_time()
    made = act()
    return made, time.process_time() - began


def main():
    """Time reading and building; return the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--small", action="store_true", help="5,000 roads, for the tests")
    parser.add_argument("--format", choices=WRITERS, default="csv")
    given = parser.parse_args()
    side, columns = (30, 58) if given.small else (300, 567)
    with tempfile.TemporaryDirectory() as folder:
        path = put(Path(folder), given.format, side, columns)
        file, reading = seconds(lambda: read_scenario(path))
        times, building = seconds(lambda: [*build(file).travel.times])
    directions = sum(1 if edge.one_way else 2 for edge in file.edges)
    print(f"{len(file.nodes):,} nodes, {directions:,} directed roads, {len(file.places)} sites")
    print(f"{reading:9.2f} s to read the scenario ({given.format})")
    print(f"{building:9.2f} s to build the world")
    print(f"{reading + building:9.2f} s together  (target: {LIMIT:g})")
    assert len(times[0]) == SITES
    return int(reading + building > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
