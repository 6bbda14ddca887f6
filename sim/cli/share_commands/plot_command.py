"""What ``plot`` does: read a results folder back and draw its figures again."""

from __future__ import annotations

from pathlib import Path

from sim.errors import ResultsError, UsageError
from sim.experiment import note_drawn, read_results, tabulate
from sim.report import draw_all


def plot(
    results: Path, out: Path | None, formats: tuple[str, ...], policy: str | None, day: int | None
) -> list[Path]:
    """Draw the figures and return their paths."""
    found = read_results(results)
    alternatives = list(found.study.observations)
    if policy is not None and policy not in alternatives:
        raise UsageError(f"--policy: {policy!r} is not among {', '.join(alternatives)}")
    days = -(-found.study.world.ends // 86_400_000)
    if day is not None and day > days:
        raise UsageError(f"--day: the run has {days} days, found {day}")
    into = out or results / "figures"
    if out is None and into.is_symlink():
        raise ResultsError(f"{into} is a link; name a folder for the figures with --out")
    drawn = draw_all(
        found.study, tabulate(found.study), into, formats=formats, alternative=policy, day=day
    )
    if out is None:
        note_drawn(results, drawn)
    return drawn
