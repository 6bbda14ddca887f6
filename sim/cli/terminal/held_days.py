"""Days given with flags: ``--from`` and ``--until``, which part a record in two."""

from __future__ import annotations

from datetime import datetime

from sim import units
from sim.errors import UsageError


def held_days(begin: str | None, until: str | None) -> tuple[datetime | None, datetime | None]:
    """
    Return the midnights that ``--from`` and ``--until`` name; None for one not given.

    Raises
    ------
    UsageError
        When one of them is no date.

    """
    return _day("--from", begin), _day("--until", until)


def _day(flag: str, written: str | None) -> datetime | None:
    if written is None:
        return None
    try:
        return units.day(units.western_digits(written).strip())
    except units.QuantityError as error:
        raise UsageError(f"{flag}: {error}; {error.help}".removesuffix("; ")) from None


__all__ = ["held_days"]
