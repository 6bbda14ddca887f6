"""What ``measure`` does: read a record, measure it, print, write a table and figures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from shlex import quote
from typing import Any, NamedTuple

import click
from pydantic import ValidationError

from sim import units
from sim.errors import UsageError
from sim.experiment.results.folder_layout import MANIFEST, PARTIAL
from sim.experiment.results.measured_place import (
    MEASURED,
    OTHERS,
    SUMMARY,
    WORKBOOK,
    write_measured,
    write_whole,
)
from sim.experiment.results.measured_record import (
    Measured,
    is_own_log,
    measure_log,
    measure_record,
    own_callouts,
)
from sim.experiment.results.measured_tables import (
    european_csv,
    import_writer,
    record_tables,
    write_workbook,
)
from sim.experiment.running.study_tables import Table
from sim.scenario import ScenarioFile, Target, find_scenario, read_scenario
from sim.scenario.recorded import read_layout

from ..terminal.messages import as_json, show_diagnostics

TARGET = re.compile(
    r"(?P<who>.+?)\s+(?:with)?in\s+(?P<within>.+?)(?:\s+(?P<share>[\d.٠-٩]+\s*[%٪]))?"
)
EXAMPLE = "--target 'medical within 8 min 90%'"


class Wanted(NamedTuple):
    """What a measurement writes and prints."""

    out: Path | None
    no_figures: bool
    as_json: bool
    quiet: bool
    everything: bool  # print every table
    excel: bool  # write a workbook, too
    decimal_comma: bool  # in the tables that people open


def measure(
    record: Path,
    columns: Path | None,
    scenario: str | None,
    targets: tuple[str, ...],
    wanted: Wanted,
) -> int:
    """Measure a record, write its tables and figures, and return the exit code."""
    if columns is not None and scenario is not None:
        raise UsageError("--map: the scenario says how its record is written; give one of them")
    if wanted.excel:
        import_writer()
    path = own_callouts(record)
    place = wanted.out or Path("results") / f"measured-{_name(record)}"
    _check_place(place)
    found = _measured(path, columns, scenario, targets)
    if not wanted.quiet:
        show_diagnostics(found.warnings)
    tables = record_tables(found)
    place.mkdir(parents=True, exist_ok=True)
    (place / MEASURED).unlink(missing_ok=True)  # until all that it describes is there
    _write(place, found, tables, wanted)
    if wanted.as_json:
        rows = {table.name: _plain(table) for table in (found.summary, *tables.values())}
        click.echo(as_json({"format": 1, "results": str(place), **rows}, indent=1))
        return 0
    from sim.report.record_tables import print_measured

    print_measured(found, tables, wanted.everything)
    click.echo(f"Results: {place}")
    return 0


def _plain(table: Table[Any]) -> list[dict[str, Any]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table]


def _write(
    place: Path, found: Measured, tables: Mapping[str, Table[Any]], wanted: Wanted
) -> None:  # fmt: skip
    """Write the tables, the figures, and last what was measured with the hashes of them all."""
    write_whole(place / SUMMARY, found.summary.csv())
    written = [place / SUMMARY]
    for name, table in tables.items():
        text = european_csv(table) if wanted.decimal_comma else table.csv()
        write_whole(place / name, text)
        written.append(place / name)
    if wanted.excel:
        write_workbook(place / WORKBOOK, {SUMMARY: found.summary, **tables})
        written.append(place / WORKBOOK)
    if not wanted.no_figures:
        from sim.report.record_report import draw_measured

        written += draw_measured(found, place / "figures")
    write_measured(place, found, written)


def _measured(
    path: Path, columns: Path | None, scenario: str | None, targets: tuple[str, ...]
) -> Measured:
    if not path.exists():
        raise UsageError(f"there is no file '{path}'")
    if is_own_log(path) and columns is None:
        file = _scenario_of(path, scenario)
        return measure_log(path, file, [read_target(t, _kinds(file)) for t in targets])
    if columns is not None:
        layout, tree = read_layout(columns)
        kinds = list(layout.kinds) or None
        return measure_record(path, layout, tree, targets=[read_target(t, kinds) for t in targets])
    if scenario is None:
        raise UsageError(
            f"{path} is not the callouts of a results folder: say how it is written with --map "
            f"FILE (rescuesim record new {quote(str(path))} proposes one), or --scenario FILE"
        )
    file = read_scenario(find_scenario(scenario))
    described = file.scenario.demand.record
    if described is None:
        raise UsageError(
            f"--scenario: {scenario} has no demand.record, which says how a record is written"
        )
    wanted = [read_target(t, _kinds(file)) for t in targets]
    return measure_record(path, described, file.tree, file, wanted)


def _scenario_of(path: Path, scenario: str | None) -> ScenarioFile | None:
    """Return the scenario named, or the one that the results folder of a log holds."""
    if scenario is not None:
        return read_scenario(find_scenario(scenario))
    nearby = path.parent / "scenario.yaml"
    return read_scenario(nearby) if nearby.is_file() and not nearby.is_symlink() else None


def _kinds(file: ScenarioFile | None) -> list[str] | None:
    return None if file is None else list(file.scenario.demand.kinds)


def read_target(written: str, kinds: list[str] | None) -> Target:
    """
    Return a target from words: a kind, ``priority 1`` or ``all``; how soon; of how many.

    Raises
    ------
    UsageError
        When it is not such a target, or there is no such kind.

    """
    found = TARGET.fullmatch(units.western_digits(written).strip())
    if found is None:
        raise UsageError(f"--target: expected something as {EXAMPLE}, found {written!r}")
    who = found["who"].strip()
    about: dict[str, object] = {} if found["share"] is None else {"share": found["share"]}
    if match := re.fullmatch(r"priority\s+([1-9])", who):
        about["priority"] = int(match[1])
    elif who != "all":
        about["kind"] = who
        if kinds is not None and who not in kinds:
            known = ", ".join(kinds)
            raise UsageError(f"--target: no kind is called {who!r}; there are all, {known}")
    try:
        target = Target.model_validate(
            {"name": written, "within": found["within"], **about},
            context={"file": True},
        )
        return target.model_copy(update={"name": f"{who} in {units.say_duration(target.within)}"})
    except ValidationError as error:
        said = error.errors()[0].get("ctx", {}).get("said", "this cannot be read")
        raise UsageError(f"--target: {said}; write something as {EXAMPLE}") from None


def _name(record: Path) -> str:
    """Return a record's name without what says how it is packed."""
    return record.name.removesuffix(".gz").rsplit(".", 1)[0] or "record"


def _check_place(place: Path) -> None:
    """Refuse a place that holds anything but an earlier measurement."""
    if place.exists() and not place.is_dir():
        raise UsageError(f"--out: {place} is a file, not a folder")
    ours = {SUMMARY, MEASURED, *OTHERS}
    held = sorted(p.name for p in place.iterdir()) if place.is_dir() else []
    others = [name for name in held if name not in ours]
    if {MANIFEST, PARTIAL} & {*held}:
        raise UsageError(f"--out: {place} holds the results of a study; name another place")
    if others:
        raise UsageError(
            f"--out: {place} holds {others[0]!r}, which is no part of a measurement; name another "
            "place"
        )
