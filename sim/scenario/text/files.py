"""
Opening the files that a scenario names, which may come from a stranger.

A name is relative to the file in which it is written and never leads out of that file's folder:
no absolute path, no ``..``, no link on the way. Only regular files of a bounded size are read.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import BinaryIO

MAX_FILE_BYTES = 50_000_000
MAX_PARTS = 8
_RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}


class FileProblemError(Exception):
    """A file cannot be read; ``help`` says what to do about it."""

    def __init__(self, message: str, help: str = "") -> None:
        super().__init__(message)
        self.help = help


@dataclass(frozen=True, slots=True)
class InputFile:
    """A file that was read: its name in a results folder's ``inputs/``, and its bytes."""

    name: str
    sha256: str
    data: bytes


def as_input(name: str, data: bytes, taken: set[str]) -> InputFile:
    """Return the record of a file read, under a name that no other has taken."""
    base = name.replace("\\", "/").rsplit("/", 1)[-1]
    unique, number = base, 1
    while unique.casefold() in taken:  # some file systems do not tell capitals apart
        number += 1
        unique = f"{number}-{base}"
    taken.add(unique.casefold())
    return InputFile(unique, hashlib.sha256(data).hexdigest(), data)


def read_named(path: Path, cap: int) -> bytes:
    """
    Return the bytes of the file a person named on the command line.

    Raises
    ------
    FileProblemError
        When it is not there, is not a regular file, or is larger than ``cap`` bytes.

    """
    with open_named(path) as file:
        return _read(file, str(path), cap)


def open_named(path: Path) -> BinaryIO:
    """Open a file as `read_named` does, for one who reads no more of it than there is room."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except (OSError, ValueError) as error:
        raise _why_not(error, str(path)) from None
    return _regular(handle, str(path))


def read_next_to(folder: Path, name: str, cap: int = MAX_FILE_BYTES) -> bytes:
    """
    Return the bytes of a file named in a scenario, relative to the folder of that scenario.

    Raises
    ------
    FileProblemError
        When the name leads out of the folder or through a link, or the file is not there, is not
        a regular file, or is larger than ``cap`` bytes.

    """
    with open_next_to(folder, name) as file:
        return _read(file, name, cap)


def open_next_to(folder: Path, name: str) -> BinaryIO:
    """Open a file as `read_next_to` does, for one who reads no more of it than there is room."""
    return _regular(_handle(folder, name), name)


def _handle(folder: Path, name: str) -> int:
    parts = _parts(name)
    try:
        if os.open in os.supports_dir_fd:
            return _open_step_by_step(folder, parts)
        return _open_resolved(folder, parts)
    except OSError as error:
        problem = _why_not(error, name)
        near = _nearest(folder, parts) if isinstance(error, FileNotFoundError) else ""
        raise FileProblemError(str(problem), near or problem.help) from None


def _parts(name: str) -> list[str]:
    fix = "name a file next to the scenario, such as data/places.csv"
    if "://" in name:
        raise FileProblemError(f"'{name}' is an address, not a file", fix)
    if not name or any(c in name for c in "\\:\0") or name.startswith("/"):
        raise FileProblemError(f"'{name}' is not the name of a file next to the scenario", fix)
    parts = [p for p in name.split("/") if p not in ("", ".")]
    if ".." in parts:
        raise FileProblemError(f"'{name}' leads out of the scenario's folder", fix)
    if not parts or len(parts) > MAX_PARTS or any(len(p) > 200 for p in parts):
        raise FileProblemError(f"'{name[:80]}' is not the name of a file next to the scenario", fix)
    if any(p.split(".")[0].lower() in _RESERVED for p in parts):
        raise FileProblemError(f"'{name}' is a reserved name on some systems", fix)
    return parts


def _open_step_by_step(folder: Path, parts: list[str]) -> int:
    """Open each part relative to the one before, following no link: nothing can change between."""
    at = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for part in parts[:-1]:
            flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
            deeper = os.open(part, flags, dir_fd=at)
            os.close(at)
            at = deeper
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        return os.open(parts[-1], flags, dir_fd=at)
    finally:
        os.close(at)


def _open_resolved(folder: Path, parts: list[str]) -> int:
    root = folder.resolve(strict=True)
    target = root.joinpath(*parts)
    if target.resolve(strict=True) != target:
        raise OSError(f"{target} is reached through a link")
    return os.open(target, os.O_RDONLY | getattr(os, "O_BINARY", 0))


def _read(file: BinaryIO, name: str, cap: int) -> bytes:
    try:
        data = file.read(cap + 1)  # not trusting the size: the file may be growing
    except OSError as error:
        raise _why_not(error, name) from None
    if len(data) > cap:
        raise FileProblemError(f"'{name}' is larger than {cap // 1_000_000} MB")
    return data


def _regular(handle: int, name: str) -> BinaryIO:
    about = os.fstat(handle)
    if not stat.S_ISREG(about.st_mode):
        os.close(handle)
        what = "a folder, not a file" if stat.S_ISDIR(about.st_mode) else "not a regular file"
        raise FileProblemError(f"'{name}' is {what}")
    return os.fdopen(handle, "rb")


def _why_not(error: Exception, name: str) -> FileProblemError:
    if isinstance(error, FileNotFoundError):
        return FileProblemError(f"there is no file '{name}'")
    if isinstance(error, PermissionError):
        return FileProblemError(f"'{name}' may not be read", "check its permissions")
    if isinstance(error, IsADirectoryError):
        return FileProblemError(f"'{name}' is a folder, not a file")
    if isinstance(error, OSError) and (
        error.errno in (errno.ENOTDIR, errno.ELOOP) or "link" in str(error)
    ):
        return FileProblemError(
            f"'{name}' is, or is reached through, something other than a file in a folder",
            "links are not followed: copy the file itself",
        )
    return FileProblemError(f"'{name}' cannot be opened")


def _nearest(folder: Path, parts: list[str]) -> str:
    """Return a hint with the nearest name that is there."""
    for depth, part in enumerate(parts):
        there = folder.joinpath(*parts[:depth])
        try:
            names = sorted(os.listdir(there))[:1000]
        except OSError:
            return ""
        if part not in names:
            near = get_close_matches(part, names, n=1)
            return f"did you mean '{'/'.join([*parts[:depth], near[0]])}'?" if near else ""
    return ""
