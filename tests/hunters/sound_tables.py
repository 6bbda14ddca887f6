"""Small sound scenarios whose tables are files of their own, in every form that is read."""

from __future__ import annotations

import json
from importlib.util import find_spec
from string import Template

HEAD = """
name: tables
clock: {start: 2025-03-06 06:00, length: 2 days, timezone: UTC}
map:
  places: places.csv
  hospitals: hospitals.csv
  coastline: coast.geojson
  local_travel: {file: times.csv, column: local, unit: min}
  roads: $roads
$closures
demand:
  $demand
  kinds:
    wounded: {share: 60%, needs: [ambulance], to: hospital, handover: 10 min,
      on_scene: {file: times.csv, column: work, unit: min}}
    fire: {share: 40%, priority: 2, crew: 5, on_scene: 30 min}
bases: {A: {}, C: {}}
teams:
  One: {base: A, capabilities: [ambulance], crew: 4, count: 2}
  Two: {base: C, capabilities: [ambulance], crew: 3}
dispatch_centre: {call_handling: 1 min, turnout: 2 min}
"""
CLOSED = "  closures: [{edge: [n1, n2], from: day 1 10:00, until: day 1 15:00}]"
PLACES = """name,name_ar,lat,lon,area,weight
A,ألف,35.10,35.90,North,10
B,باء,35.20,35.95,North,7
C,جيم,35.30,35.90,South,5
D,دال,35.40,35.95,South,2
"""
HOSPITALS = """name,place,offload_bays,diverts_at,referral
General,A,2,6,
District,C,,,no
Abroad,D,1,3,yes
"""
NODES = "node,lat,lon\nn1,35.10,35.90\nn2,35.20,35.95\nn3,35.30,35.90\nn4,35.40,35.95\n"
EDGES = """from,to,km,kmh,road_class,one_way,sd,exposure,no_go,road
n1,n2,13,60,primary,no,10%,0,no,M1
n2,n3,13,60,primary,no,20%,1,no,M1
n3,n4,13,50,secondary,no,0,2.5,no,
n1,n3,25,80,trunk,no,,0,,M4
n4,n1,40,80,trunk,yes,5%,0,no,
"""
TABLE = "from,A,B,C,D\nA,0,12,20,40\nB,12,0,11,25\nC,20,11,0,14\nD,40,25,14,\n"
TIMES = "work,local\n12,2\n18.5,3\n25,2.5\n40,6\n9,\n"
CALLOUTS = """at,place,kind,on_scene
2025-03-06 06:30,A,wounded,20 min
2025-03-06 07:00,B,fire,
2025-03-06 11:45,C,wounded,12 min
day 1 18:20,D,wounded,
day 2 01:00,A,fire,1 h
"""
RECORD = """call,received,group,town,unit,entry,sent,moving,there,left,hospital,free
7,2025-03-06T06:10:00,Medical,A,E1,60,70,90,300,,,900
7,2025-03-06T06:10:00,Medical,A,A2,60,80,100,420,1500,2100,3000
8,2025-03-06 07:00:00,Fire,B,E1,30,40,60,240,,,3840
9,2025-03-06 19:00:00,Trauma,C,A3,20,50,70,600,1800,2400,4000
10,2025-03-07 03:00:00,Fire,D,E4,15,,,,,,
"""
COLUMNS = """columns: {callout: call, received: received, kind: group, place: town, unit: unit,
  entry: entry, dispatched: sent, en_route: moving, on_scene: there,
  left: left, at_hospital: hospital, cleared: free}
unit: s
timezone: UTC
kinds: {wounded: [Medical, Trauma], fire: [Fire]}
"""
COAST = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {}, "geometry": {
            "type": "LineString", "coordinates": [[35.8, 35.0], [35.85, 35.2], [35.8, 35.5]]}}
    ],
}  # fmt: skip


def _line(points, **about):
    shape = {"type": "LineString", "coordinates": points}
    return {"type": "Feature", "properties": about, "geometry": shape}


A, B, C, D = [35.90, 35.10], [35.95, 35.20], [35.90, 35.30], [35.95, 35.40]
GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        _line([A, B], highway="primary", name="Old road"),
        _line([B, C], highway="trunk", maxspeed="50 mph", ref="M1"),
        _line([C, D], kmh=70, oneway="no", sd="10%", exposure=1),
    ],
}


def _graphml():
    names = ["y", "x", "highway", "length", "maxspeed", "oneway", "name"]
    keys = "".join(
        f'<key id="d{i}" attr.name="{n}" attr.type="string"/>\n' for i, n in enumerate(names)
    )
    nodes = "".join(
        f'<node id="{n}"><data key="d0">{y}</data><data key="d1">{x}</data></node>\n'
        for n, (x, y) in zip("1234", (A, B, C, D), strict=True)
    )
    edges = "".join(
        f'<edge source="{a}" target="{b}"><data key="d2">primary</data>'
        f'<data key="d3">12000.5</data><data key="d4">50 mph</data></edge>\n'
        for a, b in ("12", "21", "23", "32", "34", "43")
    )
    return (
        f"<?xml version='1.0' encoding='utf-8'?>\n"
        f'<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n{keys}'
        f'<graph edgedefault="directed">\n{nodes}{edges}</graph></graphml>\n'
    )


def _osm():
    nodes = "".join(
        f'<node id="{n}" version="1" lat="{y}" lon="{x}"/>\n'
        for n, (x, y) in enumerate((A, B, C, D), 1)
    )
    return (
        f'<?xml version="1.0"?>\n<osm version="0.6" generator="hand">\n{nodes}'
        '<way id="1" version="1"><nd ref="1"/><nd ref="2"/>'
        '<tag k="highway" v="trunk"/><tag k="ref" v="M1"/></way>\n'
        '<way id="2" version="1"><nd ref="2"/><nd ref="3"/>'
        '<tag k="highway" v="trunk"/><tag k="oneway" v="no"/></way>\n'
        '<way id="3" version="1"><nd ref="3"/><nd ref="4"/>'
        '<tag k="highway" v="primary"/><tag k="maxspeed" v="60"/></way>\n</osm>\n'
    )


SHARED = {"places.csv": PLACES, "hospitals.csv": HOSPITALS, "times.csv": TIMES,
          "coast.geojson": json.dumps(COAST, indent=1)}  # fmt: skip
NETWORK = "{nodes: nodes.csv, edges: edges.csv, snap: 1 km}"
RATE, LISTED = "rate: 30 per day", "callouts: callouts.csv"
TRACE = "record:\n    file: past.csv\n    uses: [handling, on_scene, transported, handover]\n    "


def _scenario(roads, demand, closures=""):
    return Template(HEAD).substitute(roads=roads, demand=demand, closures=closures)


def sound_tables():
    """Return by name the scenario and the tables of each sound set."""
    network = {"nodes.csv": NODES, "edges.csv": EDGES}
    record = TRACE + COLUMNS.strip().replace("\n", "\n    ")
    found = {
        "network": (_scenario(NETWORK, RATE, CLOSED), network),
        "listed": (_scenario(NETWORK, LISTED), {**network, "callouts.csv": CALLOUTS}),
        "times": (_scenario("{table: table.csv, unit: min}", RATE), {"table.csv": TABLE}),
        "record": (_scenario("{circuity: 1.3, speed: {day: 60 km/h}}", record),
                   {"past.csv": RECORD}),
        "geojson": (_scenario("{network: roads.geojson, snap: 1 km}", RATE),
                    {"roads.geojson": json.dumps(GEOJSON, indent=1)}),
        "graphml": (_scenario("{network: roads.graphml, snap: 1 km}", RATE),
                    {"roads.graphml": _graphml()}),
    }  # fmt: skip
    if find_spec("osmium"):
        found["osm"] = _scenario("{network: roads.osm, snap: 1 km}", RATE), {"roads.osm": _osm()}
    return {name: (text, {**SHARED, **tables}) for name, (text, tables) in found.items()}
