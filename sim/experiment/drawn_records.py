"""
The error of the record that scenarios were fitted to, carried through a study of them.

The record is drawn again from its own weeks, each drawn record fitted, and each fit run under all
alternatives on the replications of the study: the same random numbers under every fit, so that what
differs between them is the record's. All fits are made before anything is run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path

from sim.errors import ResultsError, ScenarioError, UsageError
from sim.fitting.base_table import illustrative_bases, read_bases
from sim.fitting.fitted_input import FittedInput, read_input
from sim.fitting.fitted_record import fit_input
from sim.fitting.refitting.drawn_weeks import DrawnWeeks, weeks_of
from sim.fitting.refitting.refitted_scenario import RefittedScenario, fitted_values, record_behind
from sim.outcomes.verdicts.input_uncertainty import (
    DrawnModel,
    InputRow,
    InputUncertainty,
    RecordError,
    with_record,
)
from sim.outcomes.verdicts.judgement import Verdicts
from sim.scenario import ScenarioFile

from .running.alternatives import Design, design_of
from .running.precision import ReplicationPlan
from .running.processes import Workers
from .running.runner import Runner
from .running.study import Progress, Study, run_study
from .running.study_tables import Table

FEWEST, MOST = 10, 1000  # drawn records
DRAWN_RECORDS = 20  # if nobody says how many

WorkersFor = Callable[[Design, Runner], AbstractContextManager[Workers]]


@dataclass(frozen=True)
class RecordFiles:
    """The record that scenarios were fitted to, and what else `fit` was given."""

    record: Path
    mapping: Path
    bases: Path | None = None


@dataclass(frozen=True, eq=False)
class DrawnRecords:
    """
    A study's scenarios fitted to drawn records, not yet run.

    Attributes
    ----------
    designs
        The study with the values of each fit.
    sha256
        Which record.
    error
        How the record's variance is taken from them.
    callouts, weeks
        How many callouts the record has, and from how many weeks each of its weeks is drawn.
    changed
        Fitted fields that are no more as `fit` wrote them, and so the same under every fit.

    """

    designs: tuple[Design, ...]
    sha256: str
    error: RecordError
    callouts: int
    weeks: int
    changed: tuple[str, ...]

    def facts(self) -> dict[str, object]:
        """Return what results say of it: enough to do it again with the record."""
        return {
            "record": self.sha256,
            "callouts": self.callouts,
            "drawn": len(self.designs),
            "weeks": self.weeks,
            "degrees_of_freedom": self.error.freedom,
            "changed_since_fitted": list(self.changed),
        }


def drawn_records(
    files: Sequence[ScenarioFile],
    design: Design,
    given: RecordFiles,
    count: int = DRAWN_RECORDS,
) -> DrawnRecords:
    """
    Draw a record again and again, fit each, and return the study with the values of each fit.

    Parameters
    ----------
    files
        The scenarios of the study, each fitted to the record.
    design
        The study.
    given
        The record, and what else `fit` was given.
    count
        How many records are drawn.

    Raises
    ------
    UsageError
        When the scenarios were not fitted to this record, or it is too short to be drawn from.
    ScenarioError
        When one of the files cannot be read, each error at its place.

    """
    if not FEWEST <= count <= MOST:
        raise UsageError(
            f"--bootstraps: found {count}; at least {FEWEST} drawn records are needed to tell how "
            f"they differ, and at most {MOST:,} are run"
        )
    found = read_input(given.record, given.mapping)
    for file in files:
        _refuse_other(file, found, given.record)
    bases = None if given.bases is None else read_bases(given.bases, found)
    assumed = illustrative_bases(found) if found.mapped else {}
    fitted = fitted_values(fit_input(found, bases, assumed))
    scenarios = [RefittedScenario(file, fitted) for file in files]
    for scenario in scenarios:
        if not scenario.as_fitted:
            raise UsageError(
                f"{scenario.file.path}: nothing in it is as rescuesim fit writes it of "
                f"{found.file} with this mapping and bases; give those that it was fitted with"
            )
    weeks = weeks_of(found)
    designs = []
    for number, drawn in enumerate(weeks.draw(design.seed, count), start=1):
        values = fitted_values(fit_input(drawn, bases, assumed))
        try:
            own = [scenario.with_values(values) for scenario in scenarios]
        except ScenarioError as error:
            raise UsageError(
                f"drawn record {number} of {count} gives a scenario that cannot be run: "
                f"{error.diagnostics[0].message}"
            ) from None
        designs.append(design_of(own, design.policies))
    changed = dict.fromkeys(field for scenario in scenarios for field in scenario.changed)
    return DrawnRecords(
        tuple(designs), found.sha256, _error(weeks, count), len(found.received), weeks.fewest,
        tuple(changed),
    )  # fmt: skip


def _refuse_other(file: ScenarioFile, found: FittedInput, record: Path) -> None:
    digest = record_behind(file)
    if digest != found.sha256:
        raise UsageError(
            f"{file.path} was fitted to a record with the SHA-256 {digest[:12]}..., and {record} "
            f"has {found.sha256[:12]}...: give the record that it was fitted to, or fit this one"
        )


def _error(weeks: DrawnWeeks, count: int) -> RecordError:
    """Return how the variance is taken: no more certain than the records and weeks are many."""
    return RecordError(weeks.inflation, min(count, weeks.fewest) - 1)


def run_drawn_records(
    drawn: DrawnRecords,
    study: Study,
    verdicts: Verdicts,
    workers_for: WorkersFor,
    on_progress: Callable[[Progress], None] | None = None,
) -> InputUncertainty:
    """
    Run the fits of drawn records, and return what the study shows with the record's error.

    Parameters
    ----------
    drawn
        The fits.
    study, verdicts
        What the scenarios as they are gave, and what is concluded from it.
    workers_for
        Gives where replications of a design run. Results do not depend on it.
    on_progress
        Told how far each fit is.

    Raises
    ------
    ResultsError
        When a replication under a fit could not be run to its end.

    """
    samples, models = study.samples, []
    standards = {sample.name: sample.standards for sample in samples}
    for number, one in enumerate(drawn.designs, start=1):
        plan = ReplicationPlan(max(study.numbers) + 1, max(study.numbers) + 1)
        design = replace(one, plan=plan, logged=0)
        runner = Runner(design.alternatives, design.seed)
        with workers_for(design, runner) as workers:
            own = run_study(design, runner=runner, workers=workers, on_progress=on_progress)
        if own.numbers != study.numbers:
            raise ResultsError(
                f"drawn record {number}: its replications are not those of the study, as one "
                "ended its process three times, perhaps for lack of memory; try --jobs 1"
            )
        models.append(DrawnModel.of([replace(s, standards=standards[s.name]) for s in own.samples]))
    return with_record(samples, verdicts, models, drawn.error)


def inputs_table(found: InputUncertainty) -> Table[InputRow]:
    """Return the rows as a table, as in `inputs.csv`."""
    return Table("inputs", InputRow._fields, found.rows)
