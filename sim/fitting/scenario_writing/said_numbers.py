"""How numbers, their intervals and their sources are said in a fitted scenario."""

from __future__ import annotations

from typing import Any

from sim import units

from ..distribution_families import FamilyFit
from ..duration_fits import DurationFit, PhaseFit

SECOND, MINUTE = 1000, 60_000
OWN, FEW = 0.95, 0.5  # weights of its own data below which a value leans on what is common
LEAST = 1e-4  # that is written of an interval
ASSUMED = "ASSUMED, not in the record"


def plural(count: int, word: str) -> str:
    """Return a count with its word: "1 callout", "1,204 callouts"."""
    return f"{count:,} {word}{'s' * (count != 1)}"


def minutes(value: float) -> str:
    """Return minutes as a scenario has them: to the second."""
    return units.say_duration(max(round(value * MINUTE / SECOND), 1) * SECOND)


def interval(low: float, high: float) -> str:
    """Return a 95 % interval in words."""
    return f"95% {_short(low)} to {_short(high)}"


def _short(value: float) -> str:
    return f"{value:.3g}" if value >= LEAST else "0"


def share(value: float) -> float:
    """Return a share with the digits that are written."""
    return round(value, 6)


def percent(value: float) -> str:
    """Return a share in per cent, with the digits that are read."""
    return f"{100 * value:.3g}%"


def own_weight(weight: float) -> str:
    """Say how much of a value is its own data, where it leans on what is common at all."""
    if weight > OWN:
        return ""
    return f"; {'POOLED, ' if weight < FEW else ''}own data {100 * weight:.0f}%"


def distribution(fit: FamilyFit) -> dict[str, Any]:
    """Return a fitted family as a scenario writes it."""
    said = {word: value for word, (value, _, _) in fit.said.items()}
    written: dict[str, Any] = {word: minutes(value) for word, value in said.items()}
    if fit.family.name == "lognormal" and written["median"] == written["p90"]:
        written["p90"] = minutes(said["median"] + SECOND / MINUTE)
    return written if fit.family.name == "lognormal" else {
        "distribution": fit.family.name, **written,
    }  # fmt: skip


def written_duration(own: DurationFit) -> Any:
    """Return a duration as a scenario writes it; None where nothing is known."""
    if own.chosen is not None:
        return distribution(own.chosen)
    return None if own.fixed is None else minutes(own.fixed)


def about_duration(phase: PhaseFit, own: DurationFit) -> list[str]:
    """Return what a duration rests on: count, intervals, families, and how well it fits."""
    times, lines = own.times, []
    censored = []
    if len(times.going_on):
        censored.append(f"{len(times.going_on)} still going on at the end of the record")
    if times.step:
        censored.append("recorded to the minute, which the fit takes into account")
    if len(times.below):
        censored.append(f"{len(times.below)} recorded as zero, so below the record's resolution")
    head = f"{phase.phase.told}; n = {times.count:,}"
    head += f" ({'; '.join(censored)})" if censored else ""
    lines.append(head + own_weight(own.weight))
    if own.chosen is None:
        return [*lines, "every recorded one is the same" if own.fixed is not None else ASSUMED]
    said = (
        f"{word} {value:.3g} min ({interval(low, high)})"
        for word, (value, low, high) in own.chosen.said.items()
    )
    lines.append(f"{own.chosen.family.name}: {', '.join(said)}")
    if compared := about_families(own):
        lines.append(compared)
    if own.gap == own.gap:
        lines.append(f"largest gap between recorded and written shares: {100 * own.gap:.1f} pp")
    return lines


def about_families(own: DurationFit) -> str:
    """Return the families by AIC, the best first, each with how much it is worse."""
    ranked = own.by_aic
    if len(ranked) < 2:
        return ""
    best = ranked[0]
    others = ", ".join(f"{fit.family.name} +{fit.aic - best.aic:.1f}" for fit in ranked[1:])
    told = f"AIC: {best.family.name} {best.aic:.1f}, {others}"
    if not best.family.written:
        told += f"; a scenario cannot have {best.family.name}, the best of the others is written"
    return told
