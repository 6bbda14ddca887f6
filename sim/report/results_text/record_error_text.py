"""What a study shows once the record behind it counts, in words."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap

from sim.definitions import RESTRICTED_MEAN, definition
from sim.experiment import Study
from sim.experiment.drawn_records import DrawnRecords
from sim.outcomes.verdicts.comparisons import INCONCLUSIVE
from sim.outcomes.verdicts.input_uncertainty import (
    BOTH,
    EITHER,
    NEGATIVE,
    RECORD,
    REPLICATIONS,
    InputJudgement,
    InputRow,
    InputUncertainty,
)

from ..phrasing.saying import number
from ..phrasing.words import clean

MOSTLY = 0.8  # of the variance: without the rest an interval is about a tenth narrower
MISSING = {
    RECORD: "more replications will not settle it, a longer record would",
    REPLICATIONS: "more replications would settle a difference of this size",
    BOTH: "more replications alone will not settle it: a longer record is needed, too",
    EITHER: "more replications or a longer record would settle a difference of this size",
}


def record_error_lines(
    found: InputUncertainty, drawn: DrawnRecords, study: Study, width: int
) -> list[str]:
    """Return the lines, after a blank one; they stand below the answer, which lacks the record."""
    lines = ["", *wrap(_head(drawn), width)]
    for sentence in _sentences(found, study):
        lines += wrap(sentence, width)
    if drawn.changed:
        shown = ", ".join(map(clean, drawn.changed[:3])) + ", ..." * (len(drawn.changed) > 3)
        lines += wrap(f"Changed since the fit, so taken as certain: {shown}.", width)
    return lines


def _head(drawn: DrawnRecords) -> str:
    return (
        f"All above is as if what was fitted were exact. With the error of the record "
        f"({drawn.callouts:,} callouts, drawn {len(drawn.designs)} times, each week from "
        f"{drawn.weeks} or more):"
    )


def _sentences(found: InputUncertainty, study: Study) -> Iterator[str]:
    if len(study.design.names) == 1:
        for row in found.rows:
            if row.measure == RESTRICTED_MEAN:
                yield f"{_title(row, study)}: {_intervals(row)}."
        return
    for judged in found.judgements:
        name, baseline = clean(judged.alternative), clean(study.baseline)
        yield f"{name} against {baseline}: {_verdict(judged)}."
        for row in found.rows:
            is_own = row.alternative == judged.alternative and bool(row.baseline)
            if is_own and row.measure == RESTRICTED_MEAN:
                yield f"{_title(row, study)}: {_intervals(row)}."


def _verdict(judged: InputJudgement) -> str:
    simulated, verdict = judged.verdict_of_simulation, judged.verdict
    if verdict == simulated != INCONCLUSIVE:
        return f"{verdict}, with the record's error as without"
    told = verdict if simulated == verdict else f"{verdict}, not {simulated}"
    missing = MISSING.get(judged.missing, "")
    return f"{told}; {missing}" if missing else told


def _title(row: InputRow, study: Study) -> str:
    title = clean(definition(row.measure).titled(study.samples[0].standards.reach))
    return title[:1].upper() + title[1:]


def _intervals(row: InputRow) -> str:
    """Say how much of an interval is the simulation's and how much the record's."""
    if row.value is None:
        return "nothing to measure"
    unit = {"share": " points"}.get(row.unit, f" {row.unit}")
    sign = ("-" if row.value < 0 else "+") * bool(row.baseline)
    value = f"{sign}{number(abs(row.value), row.unit)}{unit}"
    if row.low is None or row.high is None or row.record_half_width is None:
        return f"{value}, no interval ({row.note})" if row.note else f"{value}, no interval"
    whole, simulated, recorded = (
        number(half, row.unit)
        for half in (
            (row.high - row.low) / 2, row.simulation_half_width or 0.0, row.record_half_width
        )
    )  # fmt: skip
    told = (
        f"{value}; of its interval of ±{whole}{unit}, ±{simulated} is the simulation's and "
        f"±{recorded} the record's" + " (too little to be seen)" * (NEGATIVE in row.note)
    )
    return f"{told}: {_advice(row.record_share or 0.0)}"


def _advice(share: float) -> str:
    if share >= MOSTLY:
        return "more replications will not help, a longer record would"
    if share <= 1 - MOSTLY:
        return "more replications would narrow it, a longer record hardly"
    return "more replications and a longer record would both narrow it"
