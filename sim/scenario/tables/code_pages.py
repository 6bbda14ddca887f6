"""
The text of a table that another program wrote: which code page, and what its bytes say.

A byte order mark or valid UTF-8 settles it. Else it is a guess between the two Windows code pages
that spreadsheets of Europe and of the Arab world write, and the one used is told.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from sim.errors import Diagnostic

from ..text.source import UnreadableError, clean_text

_HIGH = re.compile(rb"[\x80-\xff]+")
_LETTERS = 2.0  # mean run of bytes above 127 from which on they are words, not single accents
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


class Decoded(NamedTuple):
    """A text, its code page, and whether that was guessed."""

    text: str
    encoding: str
    guessed: bool


def decode_table(data: bytes, name: str, stated: str | None = None) -> Decoded:
    """
    Return the text of a table.

    Parameters
    ----------
    data
        Bytes of the file.
    name
        Of the file, for messages.
    stated
        Its code page, where it is known: ``utf-8``, ``utf-16``, ``windows-1252``, ``windows-1256``
        or ``latin-1``.

    Raises
    ------
    UnreadableError
        When the bytes are not of the code page stated, or hold characters that are not text.

    """
    if stated is not None:
        return Decoded(_decode(data, name, stated), stated, False)
    marked = next((page for mark, page in _MARKS.items() if data.startswith(mark)), None)
    if marked is not None:
        return Decoded(_decode(data, name, marked), marked, False)
    if b"\0" in data[:1000]:  # every second byte of Western text in UTF-16
        order = "utf-16-le" if data[:2].endswith(b"\0") else "utf-16-be"
        return Decoded(_decode(data, name, order), "utf-16", True)
    try:
        return Decoded(clean_text(data.decode("utf-8"), name), "utf-8", False)
    except UnicodeDecodeError:
        page = _windows_page(data)
        return Decoded(_decode(data, name, page), page, True)


def _windows_page(data: bytes) -> str:
    """Return the code page that bytes above 127 look like: Arabic comes in words of them."""
    runs = [len(run) for run in _HIGH.findall(data[:1_000_000])]
    if runs and sum(runs) / len(runs) >= _LETTERS:
        return "windows-1256"
    try:
        data.decode("windows-1252")
    except UnicodeDecodeError:
        return "latin-1"
    return "windows-1252"


def _decode(data: bytes, name: str, page: str) -> str:
    codec = {"utf-8": "utf-8-sig", "latin-1": "latin-1"}.get(page, page)
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UnreadableError(
            Diagnostic(
                f"this is not {page} text: byte 0x{data[error.start]:02X} means nothing in it",
                name, line, 1, help="take `encoding` out, and it is told from the text",
            )
        ) from None  # fmt: skip
    return clean_text(text, name)
