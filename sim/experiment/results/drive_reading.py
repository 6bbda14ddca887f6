"""Drives read back from a results folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sim.log import Names

from ..running.drive_text import TeamDrive, read_drive_rows
from .bounded_reading import lines_of
from .design_reading import check_outputs, damage_told
from .folder_layout import DRIVES
from .manifest_reading import study_manifest


def read_drives(
    folder: str | Path, names: Mapping[str, Names], replication: int = 0
) -> dict[str, list[TeamDrive]]:
    """
    Return the drives of a replication by alternative: team by team, in order.

    Parameters
    ----------
    folder
        The results folder.
    names
        The names of each alternative that is asked for, as its world has them.
    replication
        Only those that the folder keeps have any, which is the first one; else there are none.

    Raises
    ------
    ResultsError
        When the folder is not complete, or its drives are missing, altered or damaged.

    """
    folder = Path(folder)
    manifest = study_manifest(folder)
    found: dict[str, list[TeamDrive]] = {name: [] for name in names}
    if DRIVES not in manifest["outputs"]:
        return found
    check_outputs(folder, manifest, [DRIVES])
    with damage_told(folder / DRIVES):
        for name, _, drive in read_drive_rows(lines_of(folder, DRIVES), names, replication):
            found[name].append(drive)
    return found
