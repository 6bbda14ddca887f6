"""The page of a results folder, of whichever kind, written to a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from sim.cycle_collector import no_collector
from sim.errors import ResultsError, UsageError
from sim.experiment import Results, Study, Tables
from sim.experiment.results.folder_layout import MANIFEST, PARTIAL
from sim.experiment.results.manifest_reading import read_manifest
from sim.experiment.results.measured_place import MEASURED, OTHERS, SUMMARY, is_measured

from .page_figures import drawn
from .rendering import save_page
from .study_page import StudySource, read_source, replay_of, study_page

_OURS = b'<meta name="generator" content="rescuesim">'
_HEAD = 20_000  # bytes at the beginning of a page in which that stands


def page_of(folder: str | Path, answers: Mapping[str, str] | None = None) -> str:
    """
    Return the page of a results folder as HTML: one file that needs nothing else.

    Parameters
    ----------
    folder
        What ``run``, ``compare`` or ``measure`` wrote.
    answers
        What only the author can say, by question, as ``describe`` asks it.

    Raises
    ------
    ResultsError
        When the folder is partial, of another format, or a file that the page rests on was
        altered. Other altered or missing files are named on the page.

    """
    folder = Path(folder)
    if is_measured(folder) and not _is_study(folder):
        from .record_page import record_page  # its report draws figures: matplotlib takes long

        return record_page(folder)
    if {p.name for p in folder.glob("*")} - {*OTHERS} == {SUMMARY}:
        raise ResultsError(
            f"{folder} has no {MEASURED}, so it does not say what was measured; measure the "
            "record again"
        )
    with no_collector():  # logs and figures become many objects, of which none is garbage
        return study_page(read_source(folder, answers or {}))


def _is_study(folder: Path) -> bool:
    return any(os.path.lexists(folder / name) for name in (MANIFEST, PARTIAL))


def page_place(folder: Path) -> Path:
    """Return where the page of a results folder goes if no file is named: next to the folder."""
    whole = folder.resolve()
    return folder.parent / f"{whole.name}.html" if folder.name else whole.with_suffix(".html")


def write_page(
    folder: str | Path, out: str | Path | None = None, answers: Mapping[str, str] | None = None
) -> Path:
    """
    Write the page of a results folder atomically, and return its path.

    Parameters
    ----------
    folder, answers
        As in `page_of`.
    out
        The file; next to the folder, with its name, if not given. An earlier page is replaced.

    Raises
    ------
    ResultsError
        As `page_of` does, or when the file cannot be written.
    UsageError
        When there is a file of that name which is no page.

    """
    folder = Path(folder)
    path = page_place(folder) if out is None else Path(out)
    check_page_place(path)
    save_page(path, page_of(folder, answers))
    return path


def write_study_page(study: Study, tables: Tables, saved: Path, path: Path) -> Path:
    """
    Write the page of a study that is at hand, with the manifest of the folder it was saved to.

    Raises
    ------
    ResultsError, UsageError
        As `write_page` does.

    """
    check_page_place(path)
    manifest = read_manifest(saved)
    replay, why = replay_of(Results(saved, manifest, study), tables)
    source = StudySource(
        study, tables, manifest, Path(saved.name), drawn(study, tables), replay=replay,
        no_replay=why,
    )  # fmt: skip
    save_page(path, study_page(source))
    return path


def check_page_place(path: Path) -> None:
    """
    Refuse a place that holds anything but an earlier page.

    Raises
    ------
    UsageError
        When it does.

    """
    if path.is_dir():
        raise UsageError(f"--out: {path} is a folder; name a file, such as {path / 'page.html'}")
    if not path.exists():
        return
    with path.open("rb") as file:
        if _OURS not in file.read(_HEAD):
            raise UsageError(f"--out: {path} exists and is no page of a result; name another file")
