"""A validation as text and figures: the answer, then recorded and simulated side by side."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from pathlib import Path
from shutil import get_terminal_size

from rich.console import Console
from rich.table import Table

from sim.experiment.validating.validation_study import Validation
from sim.log import MS_PER_MINUTE
from sim.outcomes.validation.agreement import (
    AGREES,
    CALLOUTS,
    DIFFERS,
    NOT_SHOWN,
    PRIMARY_ROWS,
    TOO_FEW,
    ComparedRow,
)
from sim.outcomes.validation.callout_times import RESPONSE
from sim.outcomes.validation.compared_times import MEDIAN, P90
from sim.outcomes.validation.day_blocks import block_length
from sim.units import say_duration

from .figures import (
    AgreementRow,
    Agreements,
    CalibrationPanel,
    Calibrations,
    Caption,
    figure_agreement,
    figure_calibration,
    save,
)
from .phrasing.words import bounds, clean, decimal
from .results_text.validation_sentences import said_part, validation_sentences, whose

_GROUPINGS = ("hours", "weekday", "kind", "priority", "area")
MOST_GROUPS = 24


def print_validation(found: Validation) -> None:
    """
    Print the answer and one table, in at most 25 lines.

    Of each part of the response it has the statistic that agrees least; tables have all.
    """
    width = max(get_terminal_size().columns, 100) if sys.stdout.isatty() else 110
    console = Console(width=width, highlight=False, markup=False)  # names may hold brackets
    console.print(f"\n{clean(found.title)} next to {clean(found.recorded.name)}", style="bold")
    for line in (*validation_sentences(found), _basis(found)):
        console.print(line)
    console.print(_table(found))


def _basis(found: Validation) -> str:
    """Say what was compared with what, by which tolerance, and what was not."""
    recorded, tolerance = found.recorded, found.tolerance
    judged = sum(row.family == PRIMARY_ROWS for row in found.compared)
    period = recorded.period
    edges = " (first and last day left out)" if period.cut else ""
    if recorded.grain >= MS_PER_MINUTE:
        edges += ", written to the minute"
    return (
        f"{period}{edges} · {len(recorded.callouts)} callouts · times with "
        f"{whose(found.demands[0])} · {found.replications} replications · tolerance "
        f"{100 * tolerance.share:g} %, at least {say_duration(tolerance.time)} (a quarter for each "
        f"part of response) · {judged} judged together (Holm), days in blocks of "
        f"{block_length(period.days)} · not compared: {'; '.join(found.not_compared)}"
    )


def _table(found: Validation) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    for name in ("record", "simulated", "difference", "95 % interval", "tolerance"):
        table.add_column(name, justify="right")
    table.add_column("")
    for row in _shown(found):
        table.add_row(*_cells(row))
    return table


def _shown(found: Validation) -> list[ComparedRow]:
    """Return the rows of response and of counts, and of each part the one that agrees least."""
    least: dict[tuple[str, str], ComparedRow] = {}
    for row in found.compared:
        if row.family == PRIMARY_ROWS:
            apart = row.part in (RESPONSE, CALLOUTS)
            key = row.part, row.statistic if apart else ""
            if key not in least or _least_agreeing(row) > _least_agreeing(least[key]):
                least[key] = row
    return list(least.values())


def _least_agreeing(row: ComparedRow) -> tuple[int, float]:
    rank = (AGREES, TOO_FEW, NOT_SHOWN, DIFFERS).index(row.verdict)
    return rank, abs(row.difference) / row.tolerance if row.tolerance else 0.0


def _cells(row: ComparedRow) -> tuple[str, ...]:
    unit = " min" if row.unit == "min" else ""
    places = 2 if row.part == CALLOUTS else 1
    interval = "-" if row.low is None or row.high is None else bounds(
        row.low, row.high, row.unit if row.unit == "min" else "per day", True
    )  # fmt: skip
    return (
        said_part(row), decimal(row.recorded, places) + unit, decimal(row.simulated, places) + unit,
        decimal(row.difference, places, True), interval, f"±{row.tolerance:.2g}", row.verdict,
    )  # fmt: skip


def draw_validation(
    found: Validation, into: Path, formats: Sequence[str] = ("png", "svg")
) -> list[Path]:
    """Draw how far apart both are, and the calibration of response; return the files written."""
    # it tells where it keeps its list of fonts, which is nobody's business here
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    into.mkdir(parents=True, exist_ok=True)
    under = _caption(found)
    figures = [("agreement", figure_agreement(agreements_of(found), under))]
    panels = calibrations_of(found)
    if panels.panels:
        figures.append(("calibration", figure_calibration(panels, under)))
    return [path for name, figure in figures for path in save(figure, into / name, formats)]


def _caption(found: Validation) -> Caption:
    recorded = found.recorded
    return Caption(
        found.scenario, (found.policy,), found.replications, recorded.period.days, found.seed,
        title=clean(found.title),
        notes=(f"Record: {clean(recorded.name)}, {len(recorded.callouts)} callouts, "
               f"{recorded.period}.",),
    )  # fmt: skip


def agreements_of(found: Validation) -> Agreements:
    """Return median and 90th percentile of parts, and of response by group, as a figure has it."""
    chosen = [row for row in found.compared if row.demand == found.demands[0]]
    parts = [row for row in chosen if row.family == PRIMARY_ROWS and row.part != CALLOUTS]
    grouped = [
        row for row in chosen
        if row.part == RESPONSE and row.statistic in (MEDIAN, P90) and row.low is not None
        and row.group.partition(":")[0] in _GROUPINGS
    ]  # fmt: skip
    shown = list(dict.fromkeys(row.group for row in grouped))[:MOST_GROUPS]
    rows = [_agreement(row, row.part) for row in parts]
    rows += [
        _agreement(row, row.group.replace(":", " ", 1), "response by group")
        for row in grouped if row.group in shown
    ]  # fmt: skip
    return Agreements(tuple(rows), f"Times with {whose(found.demands[0])}")


def _agreement(row: ComparedRow, name: str, block: str = "parts, all callouts") -> AgreementRow:
    return AgreementRow(
        clean(name), block, row.statistic == MEDIAN, row.difference, row.low, row.high,
        row.tolerance, row.verdict,
    )  # fmt: skip


def calibrations_of(found: Validation) -> Calibrations:
    """Return the calibration of response under each demand that was run, as a figure has it."""
    panels = []
    for (demand, part), own in found.calibrations.items():
        if part == RESPONSE:
            panels.append(
                CalibrationPanel(
                    f"with {whose(demand)}",
                    own.within / MS_PER_MINUTE,
                    tuple(time / MS_PER_MINUTE for time in own.round_times),
                    own.recorded,
                    own.simulated,
                    own.simulated_low,
                    own.simulated_high,
                    own.recorded_quantiles / MS_PER_MINUTE,
                    own.simulated_quantiles / MS_PER_MINUTE,
                )
            )
    return Calibrations(tuple(panels))
