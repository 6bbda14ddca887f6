"""The demand of a fitted scenario: rate, profiles, places, days that differ, and each kind."""

from __future__ import annotations

import numpy as np

from ..arrival_rates import KindRates, Profile
from ..fitted_input import Floats
from ..fitted_record import FittedRecord
from ..pooling import PooledCells
from .commented_yaml import CommentedYaml
from .said_numbers import (
    ASSUMED,
    about_duration,
    interval,
    own_weight,
    percent,
    plural,
    share,
    written_duration,
)

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
CELLS = {
    "hours": tuple(f"{hour:02d}:00" for hour in range(24)),
    "weekdays": WEEKDAYS,
    "months": MONTHS,
}
TOO_SHORT = {
    "weekdays": "weekdays are taken alike: the record covers less than two weeks",
    "months": "months are taken alike: the record does not cover twenty days of each",
}
LEAST_SHARE = 0.005  # of callouts that end in a transport, for a kind to have any
ASSUMED_WORK = {"distribution": "exponential", "mean": "30 min"}
SIGNIFICANT = 0.05


def write_demand(out: CommentedYaml, found: FittedRecord, units_needed: list[int]) -> None:
    """Write the section; ``units_needed`` is how many units each kind is given."""
    rates = found.rates
    out.section("demand")
    source = f"{plural(rates.counted, 'callout')} in {rates.covered.hours / 24:,.1f} days"
    out.comment(f"rate: {source} covered; {interval(rates.low, rates.high)} per day", 1)
    out.entry("rate", f"{rates.rate:.4g} per day", depth=1)
    for name, profile in rates.profiles.items():
        if profile is None:
            out.comment(TOO_SHORT[name], 1)
        else:
            _write_profile(out, name, profile, 1)
    _interaction(out, found)
    _day_to_day(out, found)
    _write_where(out, found)
    out.section("kinds", "they add up to 100%", depth=1)
    written = _shares(rates.kinds)
    for number, kind in enumerate(rates.kinds):
        _write_kind(out, found, number, kind, written[number], units_needed[number])


def _write_profile(out: CommentedYaml, name: str, profile: Profile, depth: int) -> None:
    """Write a list of relative demand, each with its count, exposure and interval."""
    pooled = profile.pooled
    if pooled.strength == np.inf:
        out.comment(f"{name} are taken alike: their counts differ by no more than chance", depth)
        return
    notes = [
        f"{cell}: {plural(int(profile.counts[i]), 'callout')} in {profile.exposure[i]:,.0f} h, "
        f"{interval(pooled.low[i], pooled.high[i])}{own_weight(float(pooled.weight[i]))}"
        for i, cell in enumerate(CELLS[name])
    ]
    out.items(name, [round(float(value), 4) for value in pooled.value], notes, depth)


def _interaction(out: CommentedYaml, found: FittedRecord) -> None:
    cv, p_value = found.rates.interaction
    if found.rates.profiles["weekdays"] is None:
        return
    if p_value < SIGNIFICANT and cv > 0:
        out.comment(
            f"Hours differ between weekdays: hours of the week vary about the product of hour and "
            f"weekday by {percent(cv)} (p = {p_value:.2g}). A scenario multiplies the two, so this "
            "is not in it; kinds with hours of their own have a part of it.",
            1,
        )
    else:
        out.comment(
            "hours of the week differ from the product of hour and weekday by no more than chance "
            f"(p = {p_value:.2g})",
            1,
        )


def _day_to_day(out: CommentedYaml, found: FittedRecord) -> None:
    own, rate = found.rates.dispersion, found.rates.rate
    if not own.days:
        out.comment("days are taken to differ by chance alone: too few whole days to tell", 1)
        return
    told = f"{own.days} whole days, beyond weekday and month; {interval(own.low, own.high)}"
    index = 1 + own.variance * rate
    if own.p_value >= SIGNIFICANT or index <= 1.001:
        out.comment(
            f"days differ by chance alone: index of dispersion {own.index:.3g} (1 is Poisson), "
            f"{told}",
            1,
        )
        return
    out.comment(f"{told}; p = {own.p_value:.2g}; a trend over the years is in it, too", 1)
    out.entry("day_to_day", {"dispersion_index": round(index, 3)}, depth=1)


def _write_where(out: CommentedYaml, found: FittedRecord) -> None:
    rates, places = found.rates, found.input.places
    out.section("where", "share of each place", depth=1)
    for name, value, note in _place_lines(rates.places, rates.place_counts, places):
        out.entry(name, value, note, 2)


def _place_lines(
    pooled: PooledCells, counts: Floats, places: tuple[str, ...]
) -> list[tuple[str, float, str]]:
    return [
        (
            name, share(float(pooled.value[i])),
            f"n = {counts[i]:.0f}, {interval(pooled.low[i], pooled.high[i])}"
            + own_weight(float(pooled.weight[i])),
        )
        for i, name in enumerate(places)
    ]  # fmt: skip


def _shares(kinds: tuple[KindRates, ...]) -> list[float]:
    """Return the shares as written, which add up to 1: the first takes what rounding leaves."""
    found = [share(kind.share) for kind in kinds]
    found[0] = share(1 - sum(found[1:]))
    return found


def _write_kind(
    out: CommentedYaml, found: FittedRecord, number: int, kind: KindRates, written: float,
    units_needed: int,
) -> None:  # fmt: skip
    rates = found.rates
    out.section(found.input.kinds[number], depth=2)
    told = f"n = {kind.counts:,}, {interval(kind.low, kind.high)}"
    out.entry("share", written, told, 3)
    out.entry("priority", 1, f"{ASSUMED}: all kinds are as urgent", 3)
    sent = f"units on scene of a callout: {found.sent[number]:.2f} on average; a team is one person"
    out.entry("crew", units_needed, sent, 3)
    if len(rates.kinds) > 1:
        _write_own(out, found, kind)
    _write_work(out, found, number)
    _write_transport(out, found, number)


def _write_own(out: CommentedYaml, found: FittedRecord, kind: KindRates) -> None:
    """Write the times and places that are a kind's own, and say which are as for all."""
    for name, profile in kind.own.items():
        _write_profile(out, name, profile, 3)
    if kind.places is not None and kind.place_counts is not None:
        out.section("where", depth=3)
        for line in _place_lines(kind.places, kind.place_counts, found.input.places):
            out.entry(*line, depth=4)
    common = [
        f"{name} (p = {p:.2g})"
        for name, p in kind.tested.items()
        if name not in kind.own and not (name == "where" and kind.places is not None)
    ]
    if common:
        out.comment(f"as for all kinds, from which it differs by chance: {', '.join(common)}", 3)


def _write_work(out: CommentedYaml, found: FittedRecord, number: int) -> None:
    phase = found.phases.get("on scene")
    own = None if phase is None else phase.kinds[number]
    value = None if own is None else written_duration(own)
    if phase is None or own is None or value is None:
        out.entry("on_scene", ASSUMED_WORK, f"{ASSUMED}: no time on scene", 3)
        return
    for line in about_duration(phase, own):
        out.comment(line, 3)
    out.entry("on_scene", value, depth=3)


def _write_transport(out: CommentedYaml, found: FittedRecord, number: int) -> None:
    if found.transported is None or found.transported_counts is None:
        return
    taken, reached = (int(counts[number]) for counts in found.transported_counts)
    pooled = found.transported
    told = f"{taken:,} of {reached:,} reached, " + interval(pooled.low[number], pooled.high[number])
    told += own_weight(float(pooled.weight[number]))
    value = float(pooled.value[number])
    if value < LEAST_SHARE:
        out.comment(f"nobody is taken to hospital: {told}", 3)
        return
    out.entry("to", "hospital", depth=3)
    out.entry("transported", share(value), told, 3)
    phase = found.phases.get("handover")
    own = None if phase is None else phase.kinds[number]
    written = None if own is None else written_duration(own)
    if phase is None or own is None or written is None:
        out.comment("handover takes no time: it is not in the record", 3)
        return
    for line in about_duration(phase, own):
        out.comment(line, 3)
    out.entry("handover", written, depth=3)


def has_transports(found: FittedRecord) -> bool:
    """Return whether any kind takes people to hospital."""
    return found.transported is not None and bool((found.transported.value >= LEAST_SHARE).any())
