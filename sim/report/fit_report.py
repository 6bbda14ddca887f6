"""A fitted record on the terminal, as a figure, and as the files that ``fit`` writes."""

from __future__ import annotations

import logging
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from sim.errors import ResultsError, ScenarioError, UsageError
from sim.fitting.duration_fits import DurationFit
from sim.fitting.fit_limits import limits_of
from sim.fitting.fitted_record import FittedRecord
from sim.fitting.scenario_writing.scenario_text import scenario_text
from sim.scenario import read_scenario
from sim.whole_file import whole_file

from .figure_input.fit_data import fitted_durations
from .phrasing.short_names import cut_in_middle
from .phrasing.words import clean
from .record_report import RecordCaption

if TYPE_CHECKING:
    from matplotlib.figure import Figure

ENDINGS = (".yaml", ".yml")
MOST_KINDS = 5  # with a line of their own on the terminal
NOT_WRITTEN = "transport"  # a scenario drives to its hospital: recorded drives are a comment


def picture_of(scenario: Path) -> Path:
    """Return where the picture of a fitted scenario goes: next to it."""
    return scenario.with_name(f"{scenario.stem}-fit.png")


def refuse_place(out: Path, pictured: bool = True) -> None:
    """
    Refuse to write a fitted scenario where something is, or under another ending.

    Raises
    ------
    UsageError
        When it cannot be written there.

    """
    if out.suffix not in ENDINGS:
        raise UsageError(f"--out: a scenario file ends in .yaml, found {str(out)!r}")
    for path in (out, picture_of(out))[: 1 + pictured]:
        if path.exists() or path.is_symlink():
            raise UsageError(f"--out: {path} is there already; name another file")


def write_fit(found: FittedRecord, out: Path, pictured: bool = True) -> list[Path]:
    """
    Write a fitted record as a scenario and a picture next to it; both or none.

    Raises
    ------
    UsageError
        When there is a file already, or what was fitted is beyond what a scenario may have.
    ResultsError
        When a file cannot be written.

    """
    refuse_place(out, pictured)
    text = scenario_text(found, out.name)
    _check_it_reads(text, out.name)
    files = {out: text.encode()}
    if pictured:
        from .figures.layout.figure_files import bytes_of

        files[picture_of(out)] = bytes_of(figure_of(found), "png")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            for path, data in files.items():
                stack.enter_context(whole_file(path)).write_bytes(data)
    except OSError as error:
        raise ResultsError(f"cannot write {out}: {error.strerror}") from None
    return list(files)


def _check_it_reads(text: str, name: str) -> None:
    """Read what was fitted as anybody would, before it is written."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8", newline="")
        try:
            read_scenario(path)
        except ScenarioError as error:
            first = error.diagnostics[0]
            told = "; ".join(filter(None, [first.message, first.help]))
            raise UsageError(
                f"what was fitted is beyond what a scenario may have: {first.where}: {told}"
            ) from None


def figure_of(found: FittedRecord) -> Figure:
    """Return the picture of what was fitted: callouts by hour, durations against families."""
    from .figures.fitted_durations import figure_fitted

    # it tells where it keeps its list of fonts, which is nobody's business here
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    data, left_out = fitted_durations(found)
    told = f"{clean(found.input.file)} · {_period(found)} · grey: recorded · thick: as written"
    if left_out:
        told += f" · {left_out} more with fewer callouts are not shown"
    caption = RecordCaption("", (), 1, 0.0, 0, title=clean(found.input.file), told=told)
    return figure_fitted(data, caption)


def _period(found: FittedRecord) -> str:
    covered = found.rates.covered
    return f"{covered.first:%Y-%m-%d} to {covered.last:%Y-%m-%d}"


def print_fit(found: FittedRecord, paths: list[Path]) -> None:
    """Print what was fitted in a few lines, and where it is."""
    width = max(get_terminal_size().columns, 100) if sys.stdout.isatty() else 110
    console = Console(width=width, highlight=False, markup=False)  # names may hold brackets
    rates = found.rates
    console.print("\n" + clean(found.input.file), style="bold")
    days = rates.covered.hours / 24
    own = rates.dispersion
    differ = f"{own.index:.3g} [{own.low:.3g}, {own.high:.3g}]" if own.days else "not known"
    console.print(
        f"{len(found.input.received):,} callouts, {_period(found)}, {days:,.1f} days covered\n"
        f"{rates.rate:.3g} callouts a day [{rates.low:.3g}, {rates.high:.3g}], index of dispersion "
        f"{differ}; brackets: 95 % intervals"
    )
    console.print(_durations(found))
    if (drives := found.drives) is not None:
        speed = "" if drives.kmh is None else f", {drives.kmh[0]:.3g} km/h on the straight line"
        console.print(f"{drives.drives:,} drives, median {drives.median_minutes:.3g} min{speed}")
    units = found.units
    teams = f"{len(units.duties)} units" if units.named else "units are not named"
    if units.most:
        console.print(f"{teams}; at most {units.most} at work at once")
    console.print(
        f"{len(limits_of(found))} things are assumed or not told by the record: `assumptions` in "
        "the file"
    )
    for path in paths:
        console.print(f"wrote {path}")
    if paths:
        console.print(f"next: rescuesim check {paths[0]}, then rescuesim run {paths[0]}")


def _durations(found: FittedRecord) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for word, justify in (("duration", "left"), ("n", "right"), ("written [min]", "left"),
                          ("next by AIC", "left"), ("gap", "right")):  # fmt: skip
        table.add_column(word, justify=justify)  # type: ignore[arg-type]
    for name, phase in found.phases.items():
        kinds = list(zip(found.input.kinds, phase.kinds, strict=True))
        if name == "on scene" and len(kinds) > 1:
            often = sorted(kinds, key=lambda item: -item[1].times.count)[:MOST_KINDS]
            for kind, own in often:
                table.add_row(f"{name}: {cut_in_middle(clean(kind), 20)}", *_cells(own))
        else:
            said = f"{name} (not written)" if name == NOT_WRITTEN else name
            table.add_row(said, *_cells(phase.overall))
    return table


def _cells(own: DurationFit) -> list[str]:
    if own.chosen is None:
        return [f"{own.times.count:,}", "-" if own.fixed is None else f"always {own.fixed:.3g}", "",
                ""]  # fmt: skip
    said = ", ".join(
        f"{word} {value:.3g} [{low:.3g}, {high:.3g}]"
        for word, (value, low, high) in own.chosen.said.items()
    )
    name = own.chosen.family.name
    others = [fit for fit in own.by_aic if fit.family.name != name]
    following = ""
    if others and name in own.fits:
        following = f"{others[0].family.name} {others[0].aic - own.fits[name].aic:+.1f}"
    gap = "" if own.gap != own.gap else f"{100 * own.gap:.1f} pp"
    return [f"{own.times.count:,}", f"{name}: {said}", following, gap]
