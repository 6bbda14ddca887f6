"""
An archive of columns (npz) in a results folder, opened without trust.

What a column claims to be is read before the column: no object, no pickle, no more numbers than
the reader asks for.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.errors import ResultsError

from .bounded_reading import opened

MOST_MEMBERS = 100_000  # alternatives times columns
_ENDING = ".npy"
_DAMAGED = (  # what a damaged archive makes the libraries raise
    OSError, EOFError, ValueError, LookupError, RuntimeError, ArithmeticError, SyntaxError,
    zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ColumnArchive:
    """Columns of numbers by name."""

    archive: zipfile.ZipFile
    names: dict[str, None]  # in the order of the file

    def length(self, name: str, otherwise: int | None = None) -> int:
        """Return how many rows a column has; ``otherwise`` if there is no such column."""
        if otherwise is not None and name not in self.names:
            return otherwise
        shape, _ = self._claims(name)
        if not shape:
            raise ValueError(f"{name} is a single value")
        return int(shape[0])

    def column(self, name: str, shape: tuple[int, ...] | None = None) -> Any:
        """Return a column, refused where it has another shape than the one wanted."""
        found, kind = self._claims(name)
        if kind.kind not in "iuf" or kind.itemsize > 8:
            raise ValueError(f"{name} holds {kind}, not numbers")
        if shape is not None and found != shape:
            raise ValueError(f"{name} has shape {found}, not {shape}")
        with self.archive.open(name + _ENDING) as file:
            return np.lib.format.read_array(file, allow_pickle=False)

    def _claims(self, name: str) -> tuple[tuple[int, ...], Any]:
        with self.archive.open(name + _ENDING) as file:
            if np.lib.format.read_magic(file) != (1, 0):
                raise ValueError(f"{name} is of another version of npy")
            shape, _, kind = np.lib.format.read_array_header_1_0(file)
        return shape, kind


@contextmanager
def open_columns(folder: Path, name: str) -> Iterator[ColumnArchive]:
    """
    Open an archive of columns of a results folder.

    Raises
    ------
    ResultsError
        When it is damaged, or what is read of it is refused.

    """
    try:
        with opened(folder, name) as file, zipfile.ZipFile(file) as archive:
            members = archive.namelist()
            if len(members) > MOST_MEMBERS:
                raise ValueError(f"it holds {len(members)} columns")
            names = dict.fromkeys(m.removesuffix(_ENDING) for m in members)
            yield ColumnArchive(archive, names)
    except ResultsError:
        raise
    except _DAMAGED as error:
        told = " ".join(str(error).split())[:200] or type(error).__name__
        raise ResultsError(f"{folder / name} cannot be read: {told}") from None
