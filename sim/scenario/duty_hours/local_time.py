"""The time that clocks show where a scenario is."""

from __future__ import annotations

from datetime import datetime, timedelta


def local_time(start: datetime, at: int) -> datetime:
    """
    Return the local date and time at an instant. [ms]

    ``start`` is the scenario's ``clock.start``, the local time at instant 0.

    >>> local_time(datetime(2025, 1, 6, 22, 0), 3 * 3_600_000).isoformat()
    '2025-01-07T01:00:00'
    """
    return start + timedelta(milliseconds=at)


__all__ = ["local_time"]
