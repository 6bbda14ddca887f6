"""What ``compare --inputs bootstrap`` adds: the error of the record behind the scenarios."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.errors import UsageError
from sim.experiment import Design, Progress, Runner, Study, Tables, Workers
from sim.experiment.results.folder_layout import INPUTS
from sim.scenario import ScenarioFile

if TYPE_CHECKING:  # what fits a record is not loaded unless it is asked for
    from sim.experiment.drawn_records import DrawnRecords
    from sim.outcomes.verdicts.input_uncertainty import InputUncertainty

WorkersFor = Callable[[Design, Runner], AbstractContextManager[Workers]]


@dataclass(frozen=True, slots=True)
class RecordFlags:
    """The flags of a study whose scenarios were fitted to a record."""

    inputs: str | None = None
    record: Path | None = None
    mapping: Path | None = None
    bases: Path | None = None
    bootstraps: int | None = None

    def refuse_incomplete(self) -> None:
        """
        Refuse flags that would mean nothing.

        Raises
        ------
        UsageError
            When a record comes without ``--inputs``, or ``--inputs`` without its record.

        """
        others = {
            "--record": self.record, "--map": self.mapping, "--bases": self.bases,
            "--bootstraps": self.bootstraps,
        }  # fmt: skip
        if self.inputs is None:
            given = [flag for flag, value in others.items() if value is not None]
            if given:
                raise UsageError(f"{given[0]} belongs to --inputs bootstrap: add it, or leave out "
                                 f"{', '.join(given)}")  # fmt: skip
            return
        missing = [flag for flag in ("--record", "--map") if others[flag] is None]
        if missing:
            raise UsageError(
                f"--inputs {self.inputs} needs {' and '.join(missing)}: the record that the "
                "scenario was fitted to, as it was given to fit"
            )


@dataclass(frozen=True)
class RecordPart:
    """The part of a study that is the record's; without ``drawn`` there is none of it."""

    drawn: DrawnRecords | None = None
    found: InputUncertainty | None = None
    study: Study | None = None

    @property
    def key(self) -> tuple[str, ...]:
        """What tells the results from those without it."""
        if self.drawn is None:
            return ()
        return ("bootstrap", self.drawn.sha256, str(len(self.drawn.designs)))

    def told(self, design: Design) -> str:
        """Say what it will cost; empty where there is nothing to do."""
        if self.drawn is None:
            return ""
        count, names, runs = len(self.drawn.designs), len(design.names), design.plan.at_most
        most = "" if design.plan.first == design.plan.at_most else "at most "
        return (
            f"inputs: {count} drawn records x {names} alternative{'s' * (names != 1)} x "
            f"{most}{runs} replications, about {count * runs * design.callouts:,.0f} callouts "
            "next to those of the study"
        )

    def run(
        self, study: Study, tables: Tables, workers_for: WorkersFor,
        hear: Callable[[Progress], None],
    ) -> RecordPart:  # fmt: skip
        """Return it with what was found, once the study is done."""
        if self.drawn is None:
            return self
        from sim.experiment.drawn_records import run_drawn_records

        found = run_drawn_records(self.drawn, study, tables.verdicts, workers_for, hear)
        return replace(self, found=found, study=study)

    def lines(self, width: int) -> list[str]:
        """Return what is said of it."""
        if self.found is None or self.drawn is None or self.study is None:
            return []
        from sim.report.results_text.record_error_text import record_error_lines

        return record_error_lines(self.found, self.drawn, self.study, width)

    def write(self, folder: Path) -> None:
        """Write its table."""
        if self.found is not None:
            from sim.experiment.drawn_records import inputs_table

            text = inputs_table(self.found).csv()
            (folder / INPUTS).write_text(text, encoding="utf-8", newline="")

    def facts(self) -> dict[str, Any]:
        """Return what a manifest says of it."""
        return {} if self.drawn is None else {"drawn_records": self.drawn.facts()}

    def as_data(self) -> dict[str, Any]:
        """Return it as ``--json`` has it."""
        if self.found is None or self.drawn is None:
            return {}
        rows = [row._asdict() for row in self.found.rows]
        judged = [own._asdict() for own in self.found.judgements]
        return {"inputs": {**self.drawn.facts(), "alternatives": judged, "rows": rows}}


def record_part(flags: RecordFlags, files: Sequence[ScenarioFile], design: Design) -> RecordPart:
    """
    Return the part of a study that is the record's, drawn and fitted, with nothing run.

    Raises
    ------
    UsageError, ScenarioError
        When the flags are not whole, or the scenarios were not fitted to this record.

    """
    flags.refuse_incomplete()
    if flags.record is None or flags.mapping is None:
        return RecordPart()
    from sim.experiment.drawn_records import DRAWN_RECORDS, RecordFiles, drawn_records

    given = RecordFiles(flags.record, flags.mapping, flags.bases)
    count = DRAWN_RECORDS if flags.bootstraps is None else flags.bootstraps
    return RecordPart(drawn_records(files, design, given, count))
