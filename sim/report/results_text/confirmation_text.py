"""What fresh replications say of the one chosen, in words."""

from __future__ import annotations

from sim.definitions import definition
from sim.experiment import Study
from sim.experiment.running.confirming import Confirmation
from sim.experiment.running.samples import standards_for
from sim.experiment.selection.selection_study import Selection
from sim.outcomes.verdicts.comparisons import (
    BETTER,
    INCONCLUSIVE,
    MIXED,
    NO_DIFFERENCE,
    NO_WORD,
    WORSE,
    Comparison,
)

from ..phrasing.phrases import in_turn, named, phrase
from ..phrasing.words import bracketed, clean, say

_SAID = {
    BETTER: "{best} is better than {baseline}",
    WORSE: "{best} is worse than {baseline}",
    MIXED: "{best} is better than {baseline} in some primary measures and worse in others",
    NO_DIFFERENCE: "no material difference between {best} and {baseline}",
    INCONCLUSIVE: "inconclusive whether {best} is better than {baseline}",
}


def confirmation_lines(found: Study | Selection) -> list[str]:
    """Return what fresh replications say of the one chosen, a sentence a line; empty: nothing."""
    if found.confirmation is None:
        return []
    if isinstance(found, Study):
        horizon = standards_for(found.world).reach
    else:
        horizon = found.horizon
    return _lines(found.confirmation, horizon)


def _lines(found: Confirmation, horizon: int) -> list[str]:
    best, baseline = named(found.best), named(found.baseline)
    template = _SAID.get(found.judgement.verdict, "no verdict on {best} and {baseline}")
    said = phrase(template, best=best, baseline=baseline)
    abandoned = [named(harm.name) for harm in found.judgement.gate.abandoned]
    if abandoned:
        said = phrase(
            "{best} abandons {classes}: worse than {baseline}",
            best=best, classes=in_turn(abandoned), baseline=baseline,
        )  # fmt: skip
    plural = "s" if found.replications > 1 else ""
    fresh = phrase(f"{{number}} fresh replication{plural}", number=str(found.replications))
    lines: list[str] = [phrase("On {fresh}, not used to choose: {said}.", fresh=fresh, said=said)]
    row = found.row(found.by)
    if row is not None:
        lines.append(_difference(row, found, horizon))
    if found.failed_replications:
        lost = in_turn([*map(str, found.failed_replications)])
        lines.append(
            phrase(
                "Failed replications (each ended its process three times): {numbers}.",
                numbers=lost,
            )
        )
    return lines


def _difference(row: Comparison, found: Confirmation, horizon: int) -> str:
    """Return the difference in the measure it was chosen by, and what it was then."""
    title = clean(definition(row.measure).titled(horizon))
    apart = bracketed(row.difference, row.low, row.high, row.unit, True)
    apart = row.note if row.difference is None else apart.replace("  ", " ")
    verdict = phrase(" ({verdict})", verdict=row.verdict) if row.verdict != NO_WORD else ""
    then = found.chosen.get(row.measure)
    chosen = ""
    if then is not None:
        chosen = phrase("; when it was chosen: {value}", value=say(then, row.unit, True))
    return phrase(
        "{title}: {difference}{verdict}{chosen}.",
        title=f"{title[:1].upper()}{title[1:]}", difference=apart, verdict=verdict, chosen=chosen,
    )  # fmt: skip
