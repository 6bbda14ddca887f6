"""What the verdicts of a study mean, how well pairing worked, and what precision was reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.definitions import RESTRICTED_MEAN
from sim.experiment import Study, Tables
from sim.units import say_duration

from ..phrasing.phrases import named, phrase

SHOWN_PAIRS = 12


def judging_lines(study: Study, tables: Tables) -> list[str]:
    """Return a paragraph on what verdicts mean; empty where nothing is compared."""
    if not len(tables.comparisons):
        return []
    margin = study.world.scenario.study.margin
    windows = "Nor is it if clearly more are left without help in a window of the run."
    return [
        phrase(
            "An alternative is better only if it is shown to leave no more callouts without help "
            "(at most {unreached} pp more, and clearly more in no kind, place, "
            "priority or time of day). Primary measures are judged together (Holm, 5 %), all "
            "else is exploratory (Benjamini and Hochberg, 5 %). No material difference: shown to "
            "be under {time} or {share} pp (TOST).",
            unreached=f"{margin.unreached * 100:g}",
            time=say_duration(margin.time),
            share=f"{margin.share * 100:g}",
        ),
        *([phrase(windows)] if len(tables.window_differences) else []),
    ]


def pairing_lines(tables: Tables, names: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Yield a sentence on the pairing of each alternative, and whether pairing worked."""
    paired = {r.alternative: r for r in tables.verdicts.rows
              if (r.measure, r.group) == (RESTRICTED_MEAN, "all")}  # fmt: skip
    for name in names[1:][:SHOWN_PAIRS]:
        row = paired.get(name)
        if row is None or row.variance_reduction_factor is None:
            continue
        ratio = row.variance_reduction_factor
        told = phrase(
            "Pairing of {name}: correlation {correlation}, variance reduction factor {factor}.",
            name=named(name), correlation=f"{row.correlation or 0.0:.3f}", factor=f"{ratio:.1f}",
        )  # fmt: skip
        yield told if ratio >= 1 else phrase("{said} PAIRING FAILS.", said=told), ratio >= 1


def precision_lines(study: Study) -> Iterator[tuple[str, bool]]:
    """Yield a sentence on each precision that was wanted, and whether it was reached."""
    for width in study.widths:
        reached = "Precision reached" if width.met else "Precision NOT REACHED"
        yield phrase(
            f"{reached}: {{measure}} of {{name}} within {{half_width}}, wanted {{wanted}}",
            measure=named(width.measure), name=named(width.alternative),
            half_width=_half(width.half_width, width.unit, "no interval"),
            wanted=_half(width.wanted, width.unit, "-"),
        ), width.met  # fmt: skip


def _half(value: float | None, unit: str, none: str) -> str:
    if value is None:
        return none
    return f"{value * 100:.2f} pp" if unit == "share" else f"{value:.2f} {unit}"
