"""Time zones: which local times clocks skip or show twice, where summer time begins or ends."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

from sim import units


def changes(zone: tzinfo, start: datetime) -> bool:
    """Return whether clocks are put forward or back around a date."""
    years = (start.year + n for n in (-1, 0, 1, 2))
    months = [datetime(year, month, 1, tzinfo=zone) for year in years for month in range(1, 13)]
    return len({month.utcoffset() for month in months}) > 1


def doubtful(moment: datetime, zone: tzinfo | None, name: str) -> tuple[str, str] | None:
    """Return what is said of a local time that is skipped or comes twice; None if it is clear."""
    if zone is None or moment.tzinfo is not None:
        return None
    first = moment.replace(tzinfo=zone, fold=0).utcoffset()
    second = moment.replace(tzinfo=zone, fold=1).utcoffset()
    if first is None or second is None or first == second:
        return None
    by = _say(abs(second - first))
    written = f"{moment:%Y-%m-%d %H:%M}"
    if first < second:
        instead = f"{moment + (second - first):%Y-%m-%d %H:%M}"
        said = f"{written} does not exist in {name}: clocks are put forward by {by}"
        return said, f"did you mean {instead}?   or write timezone: UTC if clocks stay as they are"
    said = f"{written} comes twice in {name}: clocks are put back by {by}"
    return said, "the first is taken; write timezone: UTC if clocks stay as they are"


def _say(time: timedelta) -> str:
    return units.say_duration(round(time / timedelta(milliseconds=1)))
