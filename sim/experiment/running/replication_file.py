"""
One finished replication as bytes: a checksum, a line that says what follows, and the parts.

The same bytes go from a worker to the study and into the journal. Columns of whole numbers are
kept in as few bytes as hold them; the log is kept as members of gzip files, so that a results
folder is put together by copying.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from sim.errors import ResultsError
from sim.outcomes import Observations
from sim.outcomes.observed.columns import plain
from sim.outcomes.observed.observations import named

COLUMNS = tuple(f.name for f in fields(Observations))
_WIDTHS = (np.int8, np.int16, np.int32, np.int64)
# Of gzip. Measured on the logs of coast-march-2025: a third of the time of level 6, which took 12 %
# of a whole compare, and files that are 1.2 times as large. Level 1 is no quicker, and larger.
LEVEL = 2
# RFC 1952: magic number, deflate, no flags, no time (4 bytes), no extra flags, Unix. Python's own
# header differs from version to version.
GZIP_HEADER = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03"


@dataclass(frozen=True, slots=True)
class LogMembers:
    """The log of one replication of one alternative, each file a whole member of gzip."""

    callouts: bytes
    missions: bytes
    decisions: bytes
    events: bytes = b""  # empty where there are none
    drives: bytes = b""  # empty where they are not kept


@dataclass(frozen=True, slots=True)
class Replication:
    """What one replication gave, by alternative; ``logs`` only where the log was kept."""

    number: int
    observations: dict[str, Observations]
    logs: dict[str, LogMembers]


def member(text: str) -> bytes:
    """Return a text as a member of a gzip file, without a name or a time in it."""
    data = text.encode()
    deflate = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflate.compress(data) + deflate.flush()
    trailer = struct.pack("<II", zlib.crc32(data), len(data) & 0xFFFFFFFF)
    return GZIP_HEADER + packed + trailer


def encode(replication: Replication) -> bytes:
    """Return a replication as bytes."""
    parts: list[bytes] = []
    listed: list[dict[str, Any]] = []
    for name, obs in replication.observations.items():
        columns = []
        for column in COLUMNS:
            values = narrow(plain(getattr(obs, column)))
            columns.append([column, values.dtype.str, list(values.shape)])
            parts.append(values.tobytes())
        log = replication.logs.get(name)
        members = [] if log is None else [getattr(log, f.name) for f in fields(LogMembers)]
        parts += members
        listed.append({"name": name, "columns": columns, "log": [len(m) for m in members]})
    head = json.dumps({"replication": replication.number, "alternatives": listed}).encode()
    body = head + b"\n" + b"".join(parts)
    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


def decode(data: bytes) -> Replication:
    """
    Return the replication that bytes hold.

    Raises
    ------
    ResultsError
        When they are not whole, or not a replication.

    """
    digest, _, body = data.partition(b"\n")
    if digest != hashlib.sha256(body).hexdigest().encode():
        raise ResultsError("a replication's bytes do not match their checksum")
    end = body.index(b"\n")
    head, at = json.loads(body[:end]), end + 1
    observations, logs = {}, {}
    for listed in head["alternatives"]:
        columns = {}
        for column, kind, shape in listed["columns"]:
            count = int(np.prod(shape, dtype=np.int64))
            values = np.frombuffer(body, np.dtype(kind), count, at).reshape(shape)
            columns[column] = named(column, widened(column, values))
            at += values.nbytes
        observations[listed["name"]] = Observations(**columns)
        members = []
        for length in listed["log"]:
            members.append(body[at : at + length])
            at += length
        if members:
            logs[listed["name"]] = LogMembers(*members)
    return Replication(head["replication"], observations, logs)


def narrow(values: Any) -> Any:
    """Return whole numbers in the fewest bytes that hold them, lowest byte first."""
    if values.dtype.kind != "i":
        return np.ascontiguousarray(values, dtype="<f8")
    low, high = (int(values.min()), int(values.max())) if values.size else (0, 0)
    width = next(w for w in _WIDTHS if np.iinfo(w).min <= low and high <= np.iinfo(w).max)
    return np.ascontiguousarray(values, dtype=np.dtype(width).newbyteorder("<"))


def widened(column: str, values: Any) -> Any:
    """Return the numbers of a column in as many bytes as observations have them."""
    if values.dtype.kind != "i":
        return values.astype(np.float64)
    return values.astype(np.int8 if column == "outcome" else np.int64)
