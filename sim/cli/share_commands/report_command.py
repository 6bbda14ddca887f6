"""What ``report`` and ``view`` do: write the page of results, and open it."""

from __future__ import annotations

import webbrowser
from pathlib import Path

from sim.page import write_page
from sim.report.description.author_answers import read_answers


def report(results: Path, out: Path | None, answers: Path | None) -> Path:
    """Write the page of results and return its path."""
    return write_page(results, out, {} if answers is None else read_answers(answers))


def view(results: Path, out: Path | None) -> tuple[Path, bool]:
    """Write the page of results and open it in a browser; return its path, and whether it did."""
    path = write_page(results, out)
    try:
        return path, webbrowser.open(path.resolve().as_uri())
    except (webbrowser.Error, OSError):
        return path, False
