"""What single cells of a record say: coordinates, priorities, times since received."""

from __future__ import annotations

import re
from collections.abc import Mapping

from sim import units

from ..fields.records import Columns
from .csv_tables import CsvTable, Row

_POINT = re.compile(r"POINT\s*\(\s*(\S+)\s+(\S+?)\s*\)", re.IGNORECASE)
_PAIR = re.compile(r"\(?\s*([^\s,;()]+)\s*[,;]\s*([^\s,;()]+)\s*\)?")
Position = tuple[float | None, float | None]


class BadCellError(Exception):
    """A cell that cannot be read: its column, what is wrong, and what would be right."""

    def __init__(self, column: str, message: str, help: str = "") -> None:
        super().__init__(message)
        self.column, self.message, self.help = column, message, help


def position(table: CsvTable, row: Row, columns: Columns) -> Position:
    """
    Return latitude and longitude, None where their cells are empty. [degrees]

    Raises
    ------
    BadCellError
        When a cell holds no coordinate.

    """
    if columns.point is not None:
        return point(table, row, columns.point)
    if columns.lat is None or columns.lon is None:
        return None, None
    lat, lon = table.cell(row, columns.lat), table.cell(row, columns.lon)
    if not lat and not lon:
        return None, None
    return (
        _degrees(table, columns.lat, columns.lat, lat, 90),
        _degrees(table, columns.lon, columns.lon, lon, 180),
    )


def point(table: CsvTable, row: Row, column: str) -> Position:
    """
    Return the coordinates of a cell that holds both, None where it is empty. [degrees]

    Raises
    ------
    BadCellError
        When it holds no coordinates.

    """
    text = table.cell(row, column)
    if not text:
        return None, None
    if found := _POINT.fullmatch(text):
        lon, lat = found.groups()
    elif found := _PAIR.fullmatch(text):
        lat, lon = found.groups()
    else:
        raise BadCellError(
            column, f"expected coordinates, found {units.shown(text)}",
            "write 'POINT (-122.4 37.7)', longitude first, or '(37.7, -122.4)'",
        )  # fmt: skip
    return (
        _degrees(table, column, "a latitude", lat, 90),
        _degrees(table, column, "a longitude", lon, 180),
    )


def _degrees(table: CsvTable, column: str, what: str, text: str, limit: float) -> float:
    number = table.as_number(text)
    if number is None:
        raise BadCellError(column, f"{what} must be a number, found {units.shown(text)}")
    if not -limit <= number <= limit:
        said = f"{what} must be a number from {-limit:g} to {limit:g}, found {text}"
        raise BadCellError(column, said)
    return number


def priority(
    table: CsvTable, row: Row, column: str | None, meanings: Mapping[str, int]
) -> int | None:
    """
    Return the priority of a row, None where its cell is empty.

    ``meanings`` are the values of the column that stand for one; without them it holds whole
    numbers from 1 to 9.

    Raises
    ------
    BadCellError
        When the cell holds no priority.

    """
    text = "" if column is None else table.cell(row, column)
    if column is None or not text:
        return None
    if meanings:
        if text in meanings:
            return meanings[text]
        raise BadCellError(
            column, f"no priority has the value {units.shown(text)}",
            f"add it to one of the priorities, as 2: [{text}]",
        )  # fmt: skip
    number = table.as_number(text)
    if number is None:
        raise BadCellError(
            column, f"{column} must be a number, found {units.shown(text)}",
            f"say what its values mean: priorities: {{1: [{text}], 2: [...]}}",
        )  # fmt: skip
    if not 1 <= number <= 9:
        raise BadCellError(column, f"{column} must be a number from 1 to 9, found {text}")
    if number != round(number):
        raise BadCellError(column, f"a priority is a whole number, found {number:g}")
    return round(number)


def since_received(table: CsvTable, column: str, text: str, unit: str) -> int:
    """
    Return an instant that is written as time since received. [ms]

    Raises
    ------
    BadCellError
        When it is no number, or over a century.

    """
    number = table.as_number(text)
    if number is None:
        raise BadCellError(
            column, f"{column} must be a number, found {units.shown(text)}",
            "leave the cell empty for what did not happen",
        )  # fmt: skip
    if abs(number) * units.MS_PER[unit] > units.LONGEST:
        raise BadCellError(column, f"{units.shown(text)} {unit} is over a century")
    return round(number * units.MS_PER[unit])
