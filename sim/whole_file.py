"""Files that are there whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_UNKNOWN = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.ENOTTY}


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """
    Yield where to write a file, which takes the place of ``path`` if the block ends well.

    A link stays a link. What stands at ``path`` stays until the new file is on the disk, and if
    anything fails; the caller tells what (OSError) in its own words.
    """
    target = Path(os.path.realpath(path))
    partial = target.with_name(f".{target.name[:50]}.{os.getpid()}.partial")
    try:
        yield partial
        with partial.open("r+b") as file:
            _onto_disk(file.fileno())
        partial.replace(target)
    finally:
        with suppress(OSError):
            partial.unlink(missing_ok=True)


def _onto_disk(descriptor: int) -> None:
    """
    Wait until what was written is on the disk, where the file system can tell (``fsync``).

    Some, as those of networks and of containers, know no such thing for a file or a folder, and
    say so; all else that fails is raised (OSError).
    """
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in _UNKNOWN:
            raise
