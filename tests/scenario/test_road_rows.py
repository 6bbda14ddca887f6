"""Tables of roads are read column by column where they are clean, to the same effect as by row."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from sim.scenario.diagnostics.findings import Findings
from sim.scenario.networks import road_rows
from sim.scenario.tables.csv_tables import CsvTable
from sim.scenario.text.source import Node, Position, Source

NODES = "node,lat,lon\na,35.36,35.92\nb,35.53,35.79\nمفرق,-3.5e1,+035.7\n"
EDGES = (
    "from,to,km,kmh,road_class,provenance,one_way,sd,exposure,no_go,road\n"
    "a,b,28.4995,60,trunk,osm,no,20%,,,M1\n"
    "b,a,.5,7.5E1,,modelled,Yes,0.1,2.5,y,طريق\n"
    "b,مفرق,10,80,trunk,osm,,,1e-1,n,Old road\n"
)


def read(nodes, edges):
    """Return nodes and edges as read, and the errors."""
    findings = Findings(Node({}, Position(Source("x.yaml", ""), 0, 0, 1)))
    node_table = CsvTable(nodes.encode(), "nodes.csv", findings)
    edge_table = CsvTable(edges.encode(), "edges.csv", findings)
    names = road_rows.node_names(node_table)
    found = road_rows.read_nodes(node_table), road_rows.read_edges(edge_table, names)
    return found, [(m.file, m.line, m.column, m.message) for m in findings.in_order()]


@pytest.fixture
def by_row(monkeypatch):
    """Read row by row, whatever the table is like."""

    def read_by_row(nodes, edges):
        with monkeypatch.context() as patch:
            patch.setattr(road_rows, "_nodes_at_once", lambda *_: None)
            patch.setattr(road_rows, "_edges_at_once", lambda *_: None)
            return read(nodes, edges)

    return read_by_row


HARMLESS = [
    lambda text: text,
    lambda text: text.replace("\n", "\r\n"),
    lambda text: text.replace(",", ";"),
    lambda text: text.replace(",", ";").replace(".", ","),
    lambda text: text.replace(",", " , "),
    lambda text: text.replace("a,", '"a",', 1),
    lambda text: "\n" + text.replace("\n", "\n\n"),
    lambda text: text + "," * text.split("\n")[0].count(",") + "\n",
    lambda text: text.rstrip("\n").rstrip(",n"),
    lambda text: text.replace("35", "٣٥"),
]


@pytest.mark.parametrize("change", HARMLESS)
def test_all_at_once_and_row_by_row_read_the_same(by_row, change):
    nodes, edges = change(NODES), change(EDGES)

    assert read(nodes, edges) == by_row(nodes, edges)
    (_, found), diagnostics = read(nodes, edges)
    assert diagnostics == []
    assert [(e.metres, e.kmh, e.one_way, e.sd) for e in found] == [
        (28_500, 60.0, False, 0.2),
        (500, 75.0, True, 0.1),
        (10_000, 80.0, False, 0.0),
    ]


WRONG = [
    ("28.4995", "nan"), ("28.4995", "1_0"), ("28.4995", "inf"), ("28.4995", "-1"),
    ("28.4995", "20001"), ("28.4995", "9" * 41), ("60", "0"), ("60", "six"), ("a,b", "b,b"),
    ("a,b", "a,c"), ("a,b", ",b"), ("Yes", "perhaps"), ("20%", "2"), ("2.5", "-2"),
    ("2.5", "1_0"), ("2.5", "nan"), ("a,b,", "a,b\u202e,"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), WRONG)
def test_a_cell_that_is_wrong_is_told_as_row_by_row(by_row, old, new):
    edges = EDGES.replace(old, new, 1)

    _, diagnostics = read(NODES, edges)
    assert len(diagnostics) == 1
    assert diagnostics == by_row(NODES, edges)[1]


@pytest.mark.parametrize(
    ("old", "new"), [("b,", "a,"), ("35.53", "95"), ("a,", ","), ("a,", "a" * 101 + ",")]
)
def test_a_node_that_is_wrong_is_told_as_row_by_row(by_row, old, new):
    nodes = NODES.replace(old, new, 1)

    assert read(nodes, EDGES)[1] == by_row(nodes, EDGES)[1] != []


def test_clean_tables_are_read_without_making_rows(monkeypatch):
    """With half a million rows that would take most of the time."""
    monkeypatch.setattr(CsvTable, "rows", None)
    (nodes, edges), _ = read(NODES, EDGES)

    assert (len(nodes), len(edges)) == (3, 3)


def test_the_benchmark_of_large_networks_runs():
    script = Path(__file__).parents[1] / "benchmarks" / "network.py"
    for form in ("csv", "geojson"):
        ran = subprocess.run(
            [sys.executable, str(script), "--small", "--format", form],
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        assert "1,740 nodes, 5,074 directed roads, 40 sites" in ran.stdout
