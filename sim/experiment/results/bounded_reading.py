"""
Reading the files of a results folder, which may come from a stranger.

Only regular files within the folder are opened, through no link; what is packed is unpacked only
as far as an honest file would reach. What is wrong is a `ResultsError` that names the file.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from sim.errors import ResultsError
from sim.scenario.text.files import FileProblemError, open_named, open_next_to, read_next_to

MOST_TIMES = 100  # a packed log unpacks to at most so many times its size: ours to about 30 times
ALLOWED = 20_000_000  # bytes that any file may unpack to
MOST_LINE = 1_000_000  # characters: a decision among thousands of candidates takes 100,000


def bytes_of(folder: Path, name: str, cap: int) -> bytes:
    """
    Return a file of a results folder.

    Raises
    ------
    ResultsError
        When it is not there, not a regular file of the folder, or larger than ``cap`` bytes.

    """
    try:
        return read_next_to(folder, name, cap)
    except FileProblemError as problem:
        raise ResultsError(f"{folder}: {problem}") from None


def opened(folder: Path, name: str) -> BinaryIO:
    """Open a file of a results folder; refuses as `bytes_of` does."""
    try:
        return open_next_to(folder, name)
    except FileProblemError as problem:
        raise ResultsError(f"{folder}: {problem}") from None


def hash_of(folder: Path, name: str) -> str:
    """Return the SHA-256 of a file of a results folder."""
    with opened(folder, name) as file:
        digest = hashlib.sha256()
        while block := file.read(1 << 20):
            digest.update(block)
        return digest.hexdigest()


def unpacked(folder: Path, name: str) -> bytes:
    """Return what a gzip file of a results folder holds."""
    with opened(folder, name) as file:
        most = _most(file)
        try:
            with gzip.GzipFile(fileobj=file) as packed:
                data = packed.read(most + 1)
        except (OSError, EOFError, zlib.error) as error:
            raise ResultsError(f"{folder / name} is damaged: {error}") from None
    if len(data) > most:
        raise ResultsError(_too_much(folder / name, most))
    return data


def lines_of(folder: Path, name: str) -> Iterator[str]:
    """
    Yield the lines of a text file of a results folder, packed if its name ends in ``.gz``.

    Raises
    ------
    ResultsError
        When the file is damaged, or is or unpacks to more than an honest one would.

    """
    with opened(folder, name) as file:
        yield from _lines_in(file, folder / name)


def lines_named(path: Path) -> Iterator[str]:
    """Yield the lines of a log that a person named: a link there is theirs; as `lines_of`."""
    try:
        file = open_named(path)
    except FileProblemError as problem:
        raise ResultsError(str(problem)) from None
    with file:
        yield from _lines_in(file, path)


def _lines_in(file: BinaryIO, path: Path) -> Iterator[str]:
    left = most = _most(file)
    raw = cast("BinaryIO", gzip.GzipFile(fileobj=file)) if path.suffix == ".gz" else file
    try:
        with io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as lines:
            while line := lines.readline(MOST_LINE + 1):
                left -= len(line)
                if left < 0:
                    raise ResultsError(_too_much(path, most))
                if len(line) > MOST_LINE:
                    raise ResultsError(f"{path} is damaged: a line has no end")
                yield line
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise ResultsError(f"{path} is damaged: {error}") from None


def _most(file: BinaryIO) -> int:
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    return ALLOWED + MOST_TIMES * size


def _too_much(path: Path, most: int) -> str:
    return f"{path} unpacks to more than {most // 1_000_000} MB, which no log of this size does"
