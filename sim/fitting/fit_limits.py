"""What a record does not tell, or a scenario cannot say: a sentence each, for whoever reads it."""

from __future__ import annotations

from collections.abc import Iterator

from .fitted_record import FittedRecord

NOT_SAID = {
    "call handling": "Call handling is not in the record: callouts are ready at once.",
    "turnout": "Turnout is not in the record: teams leave when dispatched.",
    "on scene": "Work on scene is not in the record: 30 minutes on average are assumed.",
}


def limits_of(found: FittedRecord) -> list[str]:
    """Return what could not be fitted, and what was assumed instead."""
    return [*_of_rows(found), *_of_rates(found), *_of_phases(found), *_of_drives(found),
            *_of_teams(found)]  # fmt: skip


def _of_rows(found: FittedRecord) -> Iterator[str]:
    for sentence in found.input.left_out:
        yield f"When the record was read: {sentence}."
    for first, last in found.rates.covered.gaps:
        yield (
            f"No callout from {first:%Y-%m-%d} to {last:%Y-%m-%d}, which is no chance: taken for a "
            "gap in the record and left out."
        )
    unknown = int((found.input.place < 0).sum())
    if unknown:
        yield f"{unknown:,} callouts have no known place: they are spread as the others are."


def _of_rates(found: FittedRecord) -> Iterator[str]:
    rates = found.rates
    if rates.profiles["weekdays"] is None:
        yield "Weekdays are not fitted: the record covers less than two weeks."
    if rates.profiles["months"] is None:
        yield "Months are not fitted: the record does not cover twenty days of each of the twelve."
    elif (rates.covered.last - rates.covered.first).days < 700:
        yield "With less than two years of record, seasons cannot be told from a trend."
    yield "Hour, weekday and month multiply; the rate is the mean of the record, without a trend."
    if len(found.input.kinds) == 1:
        yield "The record has one kind of callout: nothing is fitted by kind."


def _of_phases(found: FittedRecord) -> Iterator[str]:
    for name, sentence in NOT_SAID.items():
        if name not in found.phases:
            yield sentence
    for name, phase in found.phases.items():
        if phase.phase.not_recorded:
            yield (
                f"{name.capitalize()}: {phase.phase.not_recorded:,} have begun and have no end in "
                "the record; they are left out, as if they were like the others."
            )
    yield (
        "A phase without an end that began so late that it may have been going on when the record "
        "ended is right-censored."
    )


def _of_drives(found: FittedRecord) -> Iterator[str]:
    drives = found.drives
    if drives is None:
        yield "There are too few drives in the record: speeds are assumed."
    elif drives.unexplained:
        yield (
            "Drives do not grow with the straight line from the bases, so no speed is fitted: they "
            "take the mean to each place. A table of bases (--bases) may help."
        )
    elif drives.basis == "places":
        yield "No distances are known, so no speeds are fitted: drives take the mean to each place."
    elif drives.basis == "starts" and not any(base.given for base in found.bases.values()):
        yield "Speeds are from where units were when dispatched; bases are illustrative."
    elif drives.basis == "coordinates":
        yield (
            "Bases are illustrative, and so is the speed: give a table of bases (--bases) for one "
            "that is not."
        )
    else:
        yield "In the simulation drives end in the middle of a place, in the record at the scene."
    yield "Speeds by class of road cannot be told: a record has no routes."


def _of_teams(found: FittedRecord) -> Iterator[str]:
    if not found.units.most:
        yield "The record does not say when units were at work: one team is assumed."
    yield (
        "Rosters, crews, capabilities, priorities and what decided who was sent are not in the "
        "record: all teams are alike, and the closest is sent."
    )
    if (found.sent > 1.05).any():
        yield (
            "A callout is given as many teams as had been there on average, to the nearest whole "
            "number; each counts as one person."
        )
