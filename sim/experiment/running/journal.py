"""
The journal of a study under way: each finished replication in a file of its own.

It lies next to the place of the results, under a hidden name, and goes when they are whole. A file
is written under another name, then renamed, and holds its own checksum: what is half-written or
damaged is run again, never believed. The lock is the system's, so it goes with the process.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from sim.errors import ResultsError, UsageError

from .replication_file import Replication, decode
from .runner import Task

_KEY, _LOCK, _SUFFIX = "study", "lock", ".replication"


class Journal:
    """
    The finished replications of one study, kept until its results are whole.

    Parameters
    ----------
    place
        Where the results will be.
    key
        Hash of all that determines the results: a journal with another key is never mixed in.
    fresh
        Start over, even if results of an earlier run are kept.

    Raises
    ------
    UsageError
        When another process is at work on these results, or what is kept is of another study.
    ResultsError
        When nothing can be written there.

    """

    def __init__(self, place: Path, key: str, fresh: bool = False) -> None:
        self.place, self.key, self.fresh = place, key, fresh
        whole = place.resolve()  # a link stays a link, and "." has a name
        self.folder = whole.with_name(f".{whole.name}.part")
        self.damaged: list[int] = []  # replications whose files were not whole
        self._missing = [parent for parent in self.folder.parents if not parent.exists()]
        self._lock: IO[str] | None = None
        self._done = False

    def __enter__(self) -> Self:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock = (self.folder / _LOCK).open("w")
        except OSError as error:
            self._take_away()
            raise ResultsError(
                f"cannot write to {self.place.parent}: {error.strerror or error}"
            ) from None
        if not _locked(self._lock):
            self._lock.close()
            raise UsageError(f"another process is at work on {self.place}; wait for it, or --out")
        try:
            self._begin()
        except BaseException:
            self._close()
            raise
        return self

    def _begin(self) -> None:
        kept = self.folder / _KEY
        found = kept.read_text(encoding="utf-8") if kept.is_file() else ""
        if found and found != self.key and not self.fresh:
            raise UsageError(
                f"{self.place} holds an interrupted run of another scenario, seed or version; "
                "--fresh starts over, or name another place with --out"
            )
        earlier, place = self.folder / "whole.old", self.place.resolve()
        if earlier.is_dir() and not place.exists():
            earlier.rename(place)  # a kill came between taking it away and putting the new one
        for path in list(self.folder.iterdir()):
            if path.name != _LOCK and (self.fresh or found != self.key or _leftover(path)):
                _remove(path)
        self._put(_KEY, self.key.encode())

    def put(self, task: Task, data: bytes) -> None:
        """
        Keep a finished replication.

        Raises
        ------
        ResultsError
            When it cannot be written; those kept before stay.

        """
        self._put(f"{task.key}{_SUFFIX}", data)

    def _put(self, name: str, data: bytes) -> None:
        path = self.folder / name
        half = path.with_name(f"{name}.tmp")
        try:
            half.write_bytes(data)
            half.replace(path)
        except OSError as error:
            with suppress(OSError):
                half.unlink(missing_ok=True)
            raise ResultsError(self._full(error)) from None

    def _full(self, error: OSError) -> str:
        kept = self.kept()
        how = f"; {len(kept)} replications are kept: make room and give the same command again"
        return f"cannot write results to {self.place}: {error.strerror or error}{how * bool(kept)}"

    def kept(self) -> list[str]:
        """Return the keys of the replications that are kept, in order."""
        return sorted(p.name.removesuffix(_SUFFIX) for p in self.folder.glob(f"*{_SUFFIX}"))

    def read(self, task: Task) -> Replication | None:
        """Return a replication; None if it is not kept, or damaged and therefore taken away."""
        path = self.folder / f"{task.key}{_SUFFIX}"
        try:
            replication = decode(path.read_bytes())
            if replication.number == task.number:
                return replication
        except FileNotFoundError:
            return None
        except (OSError, ResultsError, ValueError, KeyError):
            pass
        self.damaged.append(task.number)
        path.unlink(missing_ok=True)
        return None

    def replications(self, tasks: Iterable[Task]) -> Iterator[Replication]:
        """Yield replications that are kept, one at a time: their logs may be larger than memory."""
        for task in tasks:
            found = self.read(task)
            if found is None:
                raise ResultsError(
                    f"replication {task.number} was damaged on disk; give the same command again"
                )
            yield found

    @contextmanager
    def writing(self) -> Iterator[None]:
        """
        Write the results; where that fails, what is kept stays.

        Raises
        ------
        ResultsError
            In place of what the system says.

        """
        try:
            yield
        except OSError as error:
            raise ResultsError(self._full(error)) from error

    def done(self) -> None:
        """Say that the results are whole: the journal goes when it is left."""
        self._done = True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self._leave(error)
        except BaseException as late:  # a signal came meanwhile: leave all the same, then say so
            self._leave(late)
            raise

    def _leave(self, error: BaseException | None) -> None:
        kept = len(self.kept())
        resumes = kept > 0 and (error is None or not isinstance(error, Exception) or _outer(error))
        if error is not None and resumes and not self._done:
            error.add_note(f"{kept} replications are kept: run the same command again to resume")
        for path in list(self.folder.glob("*")):
            if path.name != _LOCK and (self._done or not resumes or _leftover(path)):
                _remove(path)
        self._close(keep=resumes and not self._done)

    def _close(self, keep: bool = False) -> None:
        assert self._lock is not None
        if not keep:
            with suppress(OSError):
                if {p.name for p in self.folder.iterdir()} <= {_LOCK}:
                    (self.folder / _LOCK).unlink()
        self._lock.close()
        self._take_away()

    def _take_away(self) -> None:
        for path in (self.folder, *self._missing):
            with suppress(OSError):
                path.rmdir()  # only where nothing is in it


def _outer(error: BaseException) -> bool:
    """Return whether an error lies outside the study, so that what is done stays right."""
    return isinstance(error, (OSError, ResultsError, MemoryError))


def _leftover(path: Path) -> bool:
    return path.name != _KEY and path.suffix != _SUFFIX


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _locked(file: IO[str]) -> bool:
    """Take the system's lock on a file, and return whether nobody else had it."""
    try:
        import fcntl
    except ImportError:  # Windows: a byte of the file in place of the whole
        return _locked_on_windows(file)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: better alone than not at all
        return True
    return os.fstat(file.fileno()).st_nlink > 0  # another took it, finished, and took it away


def _locked_on_windows(file: IO[str]) -> bool:
    import importlib

    msvcrt = importlib.import_module("msvcrt")
    try:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except OSError:
        return False
    return True
