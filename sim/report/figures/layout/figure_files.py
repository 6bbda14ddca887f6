"""Writing figures to files."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure

from sim.whole_file import whole_file

from .style import house_style

COMPRESSED = 3  # of 9: more takes longer than it saves, see `_png`


def save(figure: Figure, path: str | Path, formats: Sequence[str] = ("png", "svg")) -> list[Path]:
    """
    Write a figure next to ``path``, a file a format, and return the files.

    Equal figures give equal bytes: dates and the program's name are left out.
    """
    written = []
    for kind in formats:
        target = Path(f"{path}.{kind}")
        with whole_file(target) as partial:
            partial.write_bytes(bytes_of(figure, kind))
        written.append(target)
    return written


def bytes_of(figure: Figure, kind: str) -> bytes:
    """Return a figure as a file of a format; ``Figure.savefig`` would draw each twice."""
    with house_style():  # ticks are made when drawn, and in the settings of that moment
        if kind == "png":
            return _png(figure)
        file = BytesIO()
        if kind == "svg":
            canvas, dpi = figure.canvas, figure.dpi
            FigureCanvasSVG(figure).print_svg(file, metadata={"Date": None, "Creator": None})
            figure.dpi = dpi  # an SVG has 72 to the inch, and leaves them behind
            figure.set_canvas(canvas)
        else:
            blank: dict[str, Any] = dict.fromkeys(("CreationDate", "Creator", "Producer"))
            metadata = blank if kind == "pdf" else None
            figure.savefig(file, format=kind, metadata=metadata, dpi=figure.dpi)
        return file.getvalue()


def _png(figure: Figure) -> bytes:
    """
    Return the pixels as a PNG without transparency and without filters [1]_.

    Filters are for photographs: where most of a line is of one colour, the file is smaller without,
    and written in half the time.

    References
    ----------
    .. [1] *Portable Network Graphics (PNG) Specification*, third ed., W3C, 2025, sec. 5, 11 and 12.
    """
    canvas = figure.canvas  # the one that was measured with: it knows the sizes of all words
    if not isinstance(canvas, FigureCanvasAgg):
        canvas = FigureCanvasAgg(figure)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())
    height, width, _ = pixels.shape
    lines = np.zeros((height, 1 + 3 * width), dtype=np.uint8)  # each begins with its filter: none
    lines[:, 1:].reshape(height, width, 3)[:] = pixels[..., :3]
    per_metre = round(figure.dpi / 0.0254)
    return b"".join((
        b"\x89PNG\r\n\x1a\n",
        _chunk(b"IHDR", struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)),  # 8 bits, colour
        _chunk(b"pHYs", struct.pack(">2IB", per_metre, per_metre, 1)),
        _chunk(b"IDAT", zlib.compress(lines.tobytes(), COMPRESSED)),
        _chunk(b"IEND", b""),
    ))  # fmt: skip


def _chunk(name: bytes, data: bytes) -> bytes:
    """Return a part of a PNG: its length, name, data and checksum."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
