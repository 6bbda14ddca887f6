"""
Where results go: an earlier result there is replaced whole, and what is not part of it is kept.

Deleted is only what the earlier manifest lists and nobody has changed since.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.errors import ResultsError
from sim.whole_file import whole_file

from .bounded_reading import hash_of
from .folder_layout import MANIFEST, PARTIAL
from .manifest_reading import manifest_of

FIGURES = "figures/"
DRAWN = "drawn"  # in the manifest's ``run``: hashes of figures drawn later


def check_place(place: Path) -> None:
    """
    Refuse a place that holds anything but an earlier result, figures aside.

    Raises
    ------
    ResultsError
        When it does, or when a file of that result was changed.

    """
    shown, place = place, place.resolve()
    if not place.exists() or (place.is_dir() and not any(place.iterdir())):
        return
    try:
        manifest = manifest_of(place, partial=True)
    except ResultsError:
        raise ResultsError(
            f"{shown} exists and is not a results folder; name another place with --out"
        ) from None
    ours = {MANIFEST, PARTIAL, *_written(manifest)}
    for name, is_file in _entries(place):
        if is_file and name not in ours and not name.startswith(FIGURES):
            raise ResultsError(
                f"{shown} holds {name!r}, which is not part of the result there; move it away, "
                "or name another place with --out"
            )
    for name in _kept(place, manifest):
        if name in ours:
            raise _changed(shown, name)


def put(work: Path, place: Path) -> None:
    """
    Put a folder that is whole in its place; an earlier result there is replaced only then.

    What somebody else put into the earlier one goes with it: it is linked into the new one, or
    copied, before anything is taken away.

    Raises
    ------
    ResultsError
        When that cannot be done; the earlier result is then as it was.

    """
    whole = place.resolve()
    old = work.with_suffix(".old")
    try:
        for path in work.rglob("*"):
            if path.is_file():
                _flush(path)
        if whole.exists():
            _keep(whole, work, place)
            whole.rename(old)
        try:
            work.rename(whole)
        except BaseException:
            if old.exists():
                old.rename(whole)
            raise
    except OSError as error:
        raise ResultsError(f"cannot write results to {place}: {error.strerror}") from error


def note_drawn(folder: Path, paths: Iterable[Path]) -> None:
    """Note in a manifest which figures were drawn into its folder: they go when it is replaced."""
    manifest = manifest_of(folder, partial=True)
    names = [path.relative_to(folder).as_posix() for path in paths]
    drawn = {name: hash_of(folder, name) for name in names}
    if all(manifest["outputs"].get(name) == found for name, found in drawn.items()):
        return
    run = manifest.setdefault("run", {})
    run[DRAWN] = {**_drawn(manifest), **drawn}
    path = folder / (MANIFEST if (folder / MANIFEST).exists() else PARTIAL)
    with whole_file(path) as partial:
        text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
        partial.write_text(text, encoding="utf-8")


def _drawn(manifest: dict[str, Any]) -> dict[str, str]:
    drawn = manifest.get("run", {}).get(DRAWN)
    return drawn if isinstance(drawn, dict) else {}


def _written(manifest: dict[str, Any]) -> dict[str, set[Any]]:
    """Return the hashes that a file of a result may have, by its name."""
    found = {name: {own} for name, own in manifest["outputs"].items()}
    for name, own in _drawn(manifest).items():
        if isinstance(own, str):
            found.setdefault(name, set()).add(own)
    return found


def drawn_figures(manifest: dict[str, Any]) -> dict[str, set[str]]:
    """Return the hashes that each figure of a result may have: as first drawn, or drawn later."""
    return {n: own for n, own in _written(manifest).items() if n.startswith(FIGURES)}


def _entries(place: Path) -> Iterator[tuple[str, bool]]:
    """Yield files, links and empty folders by their names within a place; whether no folder."""
    for folder, folders, files in os.walk(place):
        at = Path(folder)
        links = [name for name in folders if (at / name).is_symlink()]
        for name in (*files, *links):
            yield (at / name).relative_to(place).as_posix(), name not in links
        if not folders and not files and at != place:
            yield at.relative_to(place).as_posix(), False


def _kept(place: Path, manifest: dict[str, Any]) -> list[str]:
    """Return what of a folder is not as its manifest has it: somebody else's."""
    ours, found = _written(manifest), []
    for name, is_file in _entries(place):
        if name in (MANIFEST, PARTIAL):
            continue
        path = place / name
        regular = is_file and path.is_file() and not path.is_symlink()
        if not (regular and name in ours and hash_of(place, name) in ours[name]):
            found.append(name)
    return sorted(found)


def _keep(earlier: Path, work: Path, shown: Path) -> None:
    """Have in a new result what somebody else put into the earlier one."""
    if not any(earlier.iterdir()):
        return
    for name in _kept(earlier, manifest_of(earlier, partial=True)):
        path, new = earlier / name, work / name
        if os.path.lexists(new):
            if _same(path, new):
                continue
            raise _changed(shown, name)
        new.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir() and not path.is_symlink():
            new.mkdir()
            continue
        try:
            os.link(path, new, follow_symlinks=False)
        except (OSError, NotImplementedError):
            if not (path.is_file() or path.is_symlink()):  # a device has no end
                raise
            shutil.copy2(path, new, follow_symlinks=False)


def _same(one: Path, other: Path) -> bool:
    if one.is_symlink() or other.is_symlink():
        return False
    if one.is_dir() and other.is_dir():
        return True
    if not (one.is_file() and other.is_file()):
        return False
    return hash_of(one.parent, one.name) == hash_of(other.parent, other.name)


def _changed(place: Path, name: str) -> ResultsError:
    return ResultsError(
        f"{place} holds {name!r}, which is not as the result there was written; move it away, "
        "or name another place with --out"
    )


def _flush(path: Path) -> None:
    """Have a file on disk before its folder is given its name: power may fail at any time."""
    with path.open("rb") as file, suppress(OSError):
        os.fsync(file.fileno())
