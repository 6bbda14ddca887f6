"""Damage done to a results folder, the manifest's hashes corrected, for tests of who reads it."""

import gzip
import hashlib
import io
import json
import os
import random
import zipfile
import zlib

import numpy as np

PACKED = ("callouts.csv.gz", "missions.csv.gz", "decisions.jsonl.gz", "events.csv.gz")
VALUES = [
    None, True, False, 0, -1, 3, 2**31, 10**30, 1.5, -0.0, 1e308, float("nan"), float("inf"), "",
    "x", "0", "../../etc/passwd", "/dev/zero", "\x1b[2J", "\ud800", [], [None], [1, 2], ["x"], {},
    {"x": 1}, {"rule": []}, [[[]]], "9" * 5000,
]  # fmt: skip
CELLS = [
    "", "x", "-1", "0", "99999999", "9" * 30, "1e306", "nan", "served", "=1+1", "\x00", '"', "\n",
    "2025-03-06", "9999-12-31 23:59:59", "تل", "-99999999999", "1.5", "true", "9" * 5000,
]  # fmt: skip


def rehash(folder, *names):
    """Write the present hashes of files into the manifest."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for name in names:
        manifest["outputs"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    path.write_text(json.dumps(manifest), encoding="utf-8")


def spots(value, at=()):
    """Yield the path of every value within plain data."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        yield (*at, key)
        if isinstance(inner, (dict, list)):
            yield from spots(inner, (*at, key))


def put_value(folder, spot, value):
    """Put a value into the manifest in place of another."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    inner = manifest
    for key in spot[:-1]:
        inner = inner[key]
    inner[spot[-1]] = value
    path.write_text(json.dumps(manifest), encoding="utf-8")


def any_value(folder, draws):
    """Put some value somewhere into the manifest."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    put_value(folder, draws.choice(list(spots(manifest))), draws.choice(VALUES))


def any_bytes(folder, draws, names=None):
    """Change, cut or lengthen a file."""
    name = draws.choice(names or _files(folder))
    data = bytearray((folder / name).read_bytes())
    for _ in range(draws.choice((1, 1, 3))):
        at = draws.randrange(len(data) or 1)
        how = draws.randrange(4)
        if how == 0 and data:
            data[at % len(data)] = draws.randrange(256)
        elif how == 1:
            del data[at:]
        elif how == 2:
            del data[at : at + draws.randrange(1, 20)]
        else:
            data[at:at] = draws.randbytes(draws.randrange(1, 20))
    (folder / name).write_bytes(data)
    if name != "manifest.json":
        rehash(folder, name)


def any_cell(folder, draws):
    """Change a cell of a log."""
    name = draws.choice([n for n in PACKED if (folder / n).exists()])
    lines = gzip.decompress((folder / name).read_bytes()).decode().split("\n")
    line = draws.randrange(max(len(lines) - 1, 1))
    if name.endswith(".jsonl.gz"):
        row = json.loads(lines[line] or "{}")
        at = list(spots(row))
        if at:
            spot = draws.choice(at)
            inner = row
            for key in spot[:-1]:
                inner = inner[key]
            inner[spot[-1]] = draws.choice(VALUES)
        lines[line] = json.dumps(row, separators=(",", ":"))
    else:
        cells = lines[line].split(",")
        cells[draws.randrange(len(cells))] = draws.choice(CELLS)
        lines[line] = ",".join(cells)
    text = "\n".join(lines)
    (folder / name).write_bytes(gzip.compress(text.encode(errors="replace")))
    rehash(folder, name)


def any_column(folder, draws):
    """Give a column of the observations other numbers, another type or another shape."""
    path = folder / "observations.npz"
    with np.load(path) as found:
        columns = {name: found[name] for name in found.files}
    name = draws.choice(list(columns))
    column = columns[name]
    how = draws.randrange(9)
    if how == 0:
        column = column.astype(draws.choice(["f8", "i8", "u1", "S3", "U3", "c16", "?", "M8[s]"]))
    elif how == 1:
        column = column.reshape(-1)[: draws.randrange(5)]
    elif how == 2:
        column = column[..., np.newaxis]
    elif how == 3 and column.size:
        column = column.astype("i8" if column.dtype.kind == "i" else "f8")
        values = [-1, -2, 0, 7, 2**40, -(2**62), 2**62]
        column.flat[draws.randrange(column.size)] = draws.choice(values)
    elif how == 4:
        column = np.array([{"x": 1}, None], dtype=object)
    elif how == 5:
        column = column[::-1]
    elif how == 6:
        column = np.concatenate([column, column])
    elif how == 7 and column.dtype.kind == "f" and column.size:
        column = column.copy()
        column.flat[0] = np.nan
    else:
        column = None
    columns[name] = column
    if column is None:
        del columns[name]
    np.savez_compressed(path, **columns)
    rehash(folder, "observations.npz")


def not_a_file(folder, draws):
    """Put a FIFO, a folder, or a link to somewhere else in place of a file."""
    name = draws.choice(_files(folder))
    (folder / name).unlink()
    kind = draws.choice(["fifo", "folder", "device", "away", "nowhere", "gone"])
    if kind == "fifo":
        os.mkfifo(folder / name)
    elif kind == "folder":
        (folder / name).mkdir()
    elif kind != "gone":
        where = {"device": "/dev/zero", "away": "/etc/hostname", "nowhere": "nowhere"}[kind]
        (folder / name).symlink_to(where)


def huge_column(path, rows):
    """Write an archive whose columns claim, or hold, far more than there is."""
    head = io.BytesIO()
    shape = {"descr": "<i8", "fortran_order": False, "shape": (rows,)}
    np.lib.format.write_array_header_1_0(head, shape)
    with np.load(path) as found:
        names = found.files
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            with archive.open(f"{name}.npy", "w") as file:
                file.write(head.getvalue())
                for _ in range(min(rows * 8, 2**21) >> 20):
                    file.write(bytes(1 << 20))


def bomb(path, megabytes, header=b""):
    """Write a small gzip file that unpacks to very much, in one line."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    with path.open("wb") as file:
        file.write(deflate.compress(header))
        for _ in range(megabytes):
            file.write(deflate.compress(bytes(1 << 20)))
        file.write(deflate.flush())


DAMAGES = (any_value, any_value, any_bytes, any_cell, any_cell, any_column, any_column, not_a_file)


def damage(folder, number):
    """Do some damage to a folder; the same number does the same."""
    draws = random.Random(number)
    how = draws.choice(DAMAGES)
    how(folder, draws)
    return how.__name__


def _files(folder):
    return sorted(
        p.relative_to(folder).as_posix()
        for p in folder.rglob("*")
        if p.is_file() and "figures" not in p.parts
    )
