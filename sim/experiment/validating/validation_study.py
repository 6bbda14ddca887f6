"""
A scenario and a record side by side: what agrees, what differs, and what cannot be told.

Times are judged with the record's own callouts run through the scenario's teams (trace-driven), so
that what differs is the model and not the demand; how many callouts there are, when and where, is
judged with the scenario's own demand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sim.errors import Diagnostic, UsageError
from sim.log import MS_PER_MINUTE
from sim.outcomes.measured.delays import HANDLING
from sim.outcomes.validation.agreement import (
    AGREES,
    CALLOUTS,
    ComparedRow,
    Tolerance,
    is_primary,
    judged_rows,
    row_of,
)
from sim.outcomes.validation.calibration import (
    SHARES,
    Calibration,
    Fit,
    calibration_of,
    fit_of,
)
from sim.outcomes.validation.callout_times import (
    HANDOVER,
    ON_SCENE,
    RESPONSE,
    callout_times,
    lacking,
    parts_of,
)
from sim.outcomes.validation.compared_times import (
    FEWEST_CALLOUTS,
    IN_GROUPS,
    MEAN,
    QUANTILES,
    Sides,
    compared_counts,
    compared_times,
    groups_of,
)
from sim.scenario import ScenarioFile

from ..running.study_tables import Table
from .recorded_side import RecordedSide, moved
from .simulated_side import simulated_times

OF_RECORD, OF_SCENARIO = "record", "scenario"
DEMANDS = (OF_RECORD, OF_SCENARIO)
REPLICATIONS = 20
GIVEN = {"handling": HANDLING, "on_scene": ON_SCENE, "handover": HANDOVER}


class DistributionRow(NamedTuple):
    """How a part of all callouts fits as a whole, as in `distributions.csv`."""

    demand: str
    part: str
    ks: float
    ks_by_chance: float
    p: float
    callouts: int
    simulated_callouts: int


class SharesRow(NamedTuple):
    """The share within a time, recorded and simulated, as in `calibration.csv`."""

    demand: str
    part: str
    within_min: float
    recorded: float
    recorded_low: float
    recorded_high: float
    simulated: float
    simulated_low: float
    simulated_high: float


class QuantileRow(NamedTuple):
    """A quantile of both, as in `quantiles.csv`. [min]"""

    demand: str
    part: str
    share: float
    recorded: float
    simulated: float


@dataclass(frozen=True, eq=False)
class Validation:
    """
    What a validation found.

    ``compared`` has every statistic of every part and group; ``distributions`` how whole
    distributions fit; ``calibrations`` hold shares and quantiles by demand and part.
    ``not_compared`` says what the record cannot tell, and ``warnings`` what was odd in the files.
    """

    scenario: str
    title: str
    policy: str
    recorded: RecordedSide
    tolerance: Tolerance
    replications: int
    seed: int
    demands: tuple[str, ...]
    compared: Table[ComparedRow]
    distributions: Table[DistributionRow]
    calibrations: Mapping[tuple[str, str], Calibration]
    not_compared: tuple[str, ...]
    warnings: tuple[Diagnostic, ...]

    @property
    def agrees(self) -> bool:
        """Whether every primary statistic agrees within the tolerance."""
        primary = self.compared.where(family="primary")
        return len(primary) > 0 and all(row.verdict == AGREES for row in primary)

    @property
    def shares(self) -> Table[SharesRow]:
        """Shares within times, recorded and simulated."""
        rows = tuple(
            SharesRow(demand, part, *values)
            for (demand, part), found in self.calibrations.items()
            for values in zip(
                *(column.tolist() for column in (
                    found.within / MS_PER_MINUTE, found.recorded, found.recorded_low,
                    found.recorded_high, found.simulated, found.simulated_low,
                    found.simulated_high,
                )),
                strict=True,
            )
        )  # fmt: skip
        return Table("calibration", SharesRow._fields, rows)

    @property
    def quantiles(self) -> Table[QuantileRow]:
        """Quantiles of 1 % to 99 %, recorded and simulated."""
        rows = tuple(
            QuantileRow(demand, part, *values)
            for (demand, part), found in self.calibrations.items()
            for values in zip(
                SHARES.tolist(),
                (found.recorded_quantiles / MS_PER_MINUTE).tolist(),
                (found.simulated_quantiles / MS_PER_MINUTE).tolist(),
                strict=True,
            )
        )
        return Table("quantiles", QuantileRow._fields, rows)


def validate_scenario(
    file: ScenarioFile,
    recorded: RecordedSide,
    *,
    demands: Sequence[str] | None = None,
    tolerance: Tolerance | None = None,
    policy: str | None = None,
    replications: int = REPLICATIONS,
    seed: int | None = None,
    jobs: int = 1,
) -> Validation:
    """
    Run a scenario on the period of a record and compare them.

    Parameters
    ----------
    file, recorded
        The scenario and the record, read with `read_recorded`.
    demands
        Whose callouts are simulated: ``record``, ``scenario``; both if not given, as far as the
        scenario has demand of its own.
    tolerance
        How far the simulation may be off; 10 % or 1 min if not given.
    policy
        The scenario's first if not given.
    replications, seed, jobs
        Independent runs, seed of all random numbers (the scenario's), processes.

    Raises
    ------
    ScenarioError
        When the scenario does not fit the period of the record.
    UsageError
        When it has no demand of its own, or a number is too small.

    """
    demands = _demands(file, demands)
    if replications < 2:
        raise UsageError("one replication says nothing of chance: give at least 2")
    tolerance = tolerance or Tolerance()
    own_seed = file.scenario.study.seed if seed is None else seed
    days = recorded.period.days
    told = callout_times(recorded.callouts, recorded.instants)
    rows: list[ComparedRow] = []
    fits: list[DistributionRow] = []
    calibrations = {}
    for demand in demands:
        run = moved(file, recorded, demand == OF_SCENARIO)
        simulated = simulated_times(
            run, policy, own_seed, replications, recorded.instants, days, recorded.grain, jobs
        )
        paired = demand == OF_RECORD
        sides = Sides.of(told, simulated, days, replications, paired, own_seed, recorded.grain)
        first = demand == demands[0]
        rows += _compared(sides, file, recorded, demand, tolerance, first)
        for part in _parts(file, recorded):
            fit, calibration = fit_of(sides, part), calibration_of(sides, part)
            if fit is not None and calibration is not None:
                fits.append(_distribution(demand, part, fit))
                calibrations[demand, part] = calibration
    return Validation(
        file.scenario.name, file.scenario.title or file.scenario.name,
        policy or next(iter(file.scenario.policies)), recorded, tolerance, replications, own_seed,
        demands, Table("validation", ComparedRow._fields, tuple(judged_rows(rows))),
        Table("distributions", DistributionRow._fields, tuple(fits)), calibrations,
        _not_compared(file, recorded, demands), recorded.warnings,
    )  # fmt: skip


def _demands(file: ScenarioFile, asked: Sequence[str] | None) -> tuple[str, ...]:
    has_own = file.scenario.demand.rate is not None
    if asked is None:
        return DEMANDS if has_own else (OF_RECORD,)
    unknown = [demand for demand in asked if demand not in DEMANDS]
    if unknown or not asked:
        raise UsageError(f"demands are of {' or '.join(DEMANDS)}, found {', '.join(unknown)}")
    if OF_SCENARIO in asked and not has_own:
        raise UsageError(
            f"{file.path.name} has no demand.rate: its callouts are written down or recorded"
        )
    return tuple(demand for demand in DEMANDS if demand in asked)


def _compared(
    sides: Sides,
    file: ScenarioFile,
    recorded: RecordedSide,
    demand: str,
    tolerance: Tolerance,
    first: bool,
) -> Iterator[ComparedRow]:
    """Yield every statistic of every part and group; ``first``: its times are judged first."""
    kinds = file.scenario.demand.kinds
    names = {
        "kind": list(kinds),
        "priority": [str(kind.priority) for kind in kinds.values()],
        "place": [place.name for place in file.places],
        "area": [place.area for place in file.places],
    }
    weekday = recorded.period.first.weekday()
    ours, theirs = (groups_of(side, names, weekday) for side in (sides.recorded, sides.simulated))
    for group, own in ours.items():
        chosen = own, theirs[group]
        here = int(own.sum())
        seldom = group.startswith("place:") and here < FEWEST_CALLOUTS  # there may be thousands
        if seldom or not (here or theirs[group].any()):
            continue
        if demand == OF_SCENARIO:
            for found in compared_counts(sides, chosen):
                primary = is_primary(CALLOUTS, group, found.statistic)
                yield row_of(demand, CALLOUTS, group, found, tolerance, primary)
        statistics = (*QUANTILES, MEAN) if group == "all" else IN_GROUPS
        for part in _parts(file, recorded):
            for found in compared_times(sides, part, chosen, statistics):
                primary = first and is_primary(part, group, found.statistic)
                yield row_of(demand, part, group, found, tolerance, primary)


def _distribution(demand: str, part: str, fit: Fit) -> DistributionRow:
    return DistributionRow(
        demand, part, fit.distance, fit.by_chance, fit.p, fit.recorded, fit.simulated
    )


def _parts(file: ScenarioFile, recorded: RecordedSide) -> list[str]:
    """Return the parts that are compared."""
    given = _given(file)
    return [part for part in parts_of(recorded.instants) if part not in given]


def _given(file: ScenarioFile) -> list[str]:
    """Return the parts that the simulation is given as recorded: to compare them says nothing."""
    record = file.scenario.demand.record
    return [] if record is None else [GIVEN[used] for used in record.uses if used in GIVEN]


def _not_compared(
    file: ScenarioFile, recorded: RecordedSide, demands: Sequence[str]
) -> tuple[str, ...]:
    """Return what cannot be compared, and why, each in a few words."""
    found = [f"{part} apart (no column)" for part in lacking(recorded.instants)]
    if RESPONSE not in parts_of(recorded.instants):
        found.insert(0, "response (no column of on scene)")
    given = [part for part in _given(file) if part in parts_of(recorded.instants)]
    if given:
        found.append(f"{', '.join(given)} (given to the simulation as recorded)")
    if OF_SCENARIO not in demands:
        found.append("callouts a day (the scenario's own demand was not run)")
    return (*found, "who was on duty (not in a record)")


__all__ = [
    "DEMANDS", "OF_RECORD", "OF_SCENARIO", "REPLICATIONS", "Validation", "validate_scenario",
]  # fmt: skip
