"""
Write the tables of the effects scenarios: two made-up cities, and the square of AMBULANCE-1.

Run it next to the tables, ``python make_tables.py``; they are checked in, and a test holds them
against this file. Everything is invented or taken from the published model that is named below.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from pathlib import Path

KM_PER_DEGREE = 111.32  # of latitude; the cities lie at the equator, where longitude has as many
FALLS_OFF = 9.0  # demand falls by e in so many kilometres from the centre [km]

SIDE = 20  # of the square of AMBULANCE-1 [min], which is its distance too: one unit a minute
BASES = {"north-east": (15, 15), "north-west": (5, 15), "south-west": (5, 5), "movable": (6, 6)}


def row(*cells: object) -> str:
    """Return a row of a table."""
    return ",".join(map(str, cells)) + "\n"


def place(name: str, east: float, north: float, weight: int) -> str:
    """Return the row of a place, given in kilometres from the corner of the map."""
    return row(name, f"{north / KM_PER_DEGREE:.6f}", f"{east / KM_PER_DEGREE:.6f}", weight)


def hexagons() -> Iterator[str]:
    """
    Yield 169 places on a honeycomb 3 km apart, seven rings about the centre.

    The name counts columns and rows from the centre: every third place in both is a base.
    """
    yield row("name", "lat", "lon", "weight")
    rings, apart = 7, 3.0
    for q, r in product(range(-rings, rings + 1), repeat=2):
        if abs(q + r) <= rings:
            east, north = apart * (q + r / 2), apart * math.sqrt(3) / 2 * r
            yield place(f"H{q:+d}{r:+d}", east, north, peaked(math.hypot(east, north)))


def blocks() -> Iterator[str]:
    """Yield 81 places, nine rows of nine blocks of 2 km, named by column and row."""
    yield row("name", "lat", "lon", "weight")
    for x, y in product(range(9), repeat=2):
        away = math.hypot(2.0 * (x - 4), 2.0 * (y - 4))
        yield place(f"Z{x}{y}", 2.0 * x, 2.0 * y, peaked(away))


def peaked(away: float) -> int:
    """Return the weight of a place so many kilometres from the centre: 1000 there."""
    return round(1000 * math.exp(-away / FALLS_OFF))


def centroid(i: int) -> float:
    """
    Return where the callouts of column (or row) i lie on average.

    Their density grows in proportion to x, so it is the integral of 2 x^2 over that of 2 x from
    i to i + 1.
    """
    return 2 / 3 * (3 * i * i + 3 * i + 1) / (2 * i + 1)


def squares() -> Iterator[tuple[str, float, float, int]]:
    """
    Yield the cells of the square of AMBULANCE-1: name, centroid and weight.

    Coordinates are Beta(2, 1) times 20, with density 2 x / 400; so the cell in column i and row j
    has a share (2 i + 1) (2 j + 1) / 160,000 of the callouts.
    """
    for i, j in product(range(SIDE), repeat=2):
        yield f"c{i:02d}r{j:02d}", centroid(i), centroid(j), (2 * i + 1) * (2 * j + 1)


def square_places() -> Iterator[str]:
    """Yield the places of AMBULANCE-1: the bases, without callouts of their own, and the cells."""
    yield row("name", "lat", "lon", "weight")
    for name, (x, y) in BASES.items():
        yield place(name, x, y, 0)
    for cell in squares():
        yield place(*cell)


def square_times() -> Iterator[str]:
    """
    Yield the travel times of AMBULANCE-1, along streets east and north, one unit a minute.

    From each base to each cell and back; nobody drives from cell to cell.
    """
    cells = list(squares())
    yield row("from", *BASES, *(name for name, *_ in cells))
    for name, (x, y) in BASES.items():
        own = ["0" if name == other else "" for other in BASES]
        yield row(name, *own, *(f"{abs(x - cx) + abs(y - cy):.6f}" for _, cx, cy, _ in cells))
    for cell, cx, cy, _ in cells:
        back = (f"{abs(x - cx) + abs(y - cy):.6f}" for x, y in BASES.values())
        yield row(cell, *back, *("" for _ in cells))


TABLES = {
    "city_places.csv": hexagons,
    "small_city_places.csv": blocks,
    "ambulance_1_places.csv": square_places,
    "ambulance_1_times.csv": square_times,
}


def main() -> None:
    """Write all tables next to this file."""
    for name, lines in TABLES.items():
        text = "".join(lines())
        Path(__file__).with_name(name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
