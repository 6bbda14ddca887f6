"""When hospitals are closed: by a closure, and outside their own dates and hours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim import units

from ..fields.disruption_models import HospitalClosure
from ..fields.quantities import Moment
from ..tables.table_rows import HospitalRow

DAY = units.MS_PER["day"]


def closed_outside_hours(hospitals: Iterable[HospitalRow]) -> Iterator[HospitalClosure]:
    """Yield the closures that say the same as the dates and hours in which hospitals are open."""
    for row in hospitals:
        if row.begins is not None:
            yield _closure(row.name, until=row.begins)
        if row.until is not None:
            yield _closure(row.name, begins=row.until)
        if row.hours is not None and (row.hours[1] - row.hours[0]) % DAY:
            opens, closes = row.hours
            yield _closure(row.name, hours=(closes % DAY, opens))


def _closure(
    hospital: str,
    begins: Moment | None = None,
    until: Moment | None = None,
    hours: tuple[int, int] | None = None,
) -> HospitalClosure:
    return HospitalClosure.model_construct(
        hospital=hospital, begins=begins, until=until, hours=hours
    )  # not validated: these are no longer as people write them
