"""The scenarios that come with the package."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from sim.errors import Diagnostic, ScenarioError

SUFFIXES = (".yaml", ".yml", ".json")


def shipped_scenarios() -> dict[str, Path]:
    """Return the shipped scenarios by name: from the installed package, else from the checkout."""
    package = Path(__file__).resolve().parents[2]
    for folder in (package / "_scenarios", package.parent / "scenarios"):
        found = {p.stem: p for p in sorted(folder.glob("*.yaml")) if p.is_file()}
        if found:
            return found
    return {}


def find_scenario(text: str) -> Path:
    """
    Return the path of a scenario: a file, or the bare name of a shipped one.

    Raises
    ------
    ScenarioError
        When there is neither, with the nearest names.

    """
    path = Path(text)
    if "\0" not in text and path.is_file():
        return path
    shipped = shipped_scenarios()
    if text in shipped:
        return _near(shipped[text])
    nearby: list[str] = []
    if "\0" not in text and path.parent.is_dir():
        nearby = [str(p) for s in SUFFIXES for p in sorted(path.parent.glob(f"*{s}"))[:500]]
    close = get_close_matches(text, [*shipped, *nearby], n=2)
    hint = f"did you mean '{close[0]}'?   " if close else ""
    raise ScenarioError(
        [
            Diagnostic(
                f"there is no scenario '{text[:200]}'",
                help=f"{hint}shipped scenarios: {', '.join(shipped) or 'none'}",
            )
        ]
    )


def _near(path: Path) -> Path:
    """Return the path as seen from the working folder, where that is shorter to read."""
    try:
        return path.relative_to(Path.cwd())
    except ValueError:
        return path
