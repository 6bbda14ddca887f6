"""Destination: where people are taken."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from sim.log import NO_ACCESS
from sim.scenario.fields.quantities import Duration, refuse

from ..rule_basis.board import CalloutView
from ..rule_basis.caching import cached_on_map
from ..rule_basis.views import Atlas, Decision, HospitalView

if TYPE_CHECKING:
    from sim.scenario import ScenarioFile

NO_HOSPITAL: Decision = (None, "there is no access to any hospital")

Named = Iterator[tuple[tuple[str | int, ...], str, str]]
Hospitals = Annotated[tuple[str, ...], Field(min_length=1)]


def nearest(some: Collection[int], view: HospitalView) -> int | None:
    """Return the hospital that is reached first; ties go to the first in the file."""
    ways = zip(view.drives, view.hospitals, strict=True)
    drive, best = min(((d, h) for d, h in ways if h in some), default=(NO_ACCESS, -1))
    return best if drive < NO_ACCESS else None


def numbers(names: tuple[str, ...], view: HospitalView) -> tuple[int, ...]:
    """Return the numbers of hospitals by name."""
    assert view.atlas is not None
    return hospitals(view.atlas, tuple(names))


@cached_on_map
def hospitals(atlas: Atlas, names: tuple[str, ...]) -> tuple[int, ...]:
    """Return the numbers of hospitals by name."""
    return tuple(map(atlas.hospitals.index, names))


@dataclass(frozen=True, slots=True)
class NearestHospital:
    """
    Take people to the hospital that is reached first; ties go to the first in the file.

    One outside the region (``referral``) only where no other can take patients.
    """

    source = "standard practice"

    def __call__(self, callout: CalloutView, view: HospitalView) -> Decision:
        """Return the nearest hospital by driving time."""
        drives = view.drives
        shortest = min(drives)
        best = view.hospitals[drives.index(shortest)]
        if view.atlas is not None and best in view.atlas.referrals:
            chosen = nearest([h for h in view.hospitals if h not in view.atlas.referrals], view)
            if chosen is not None:
                return (chosen, "reached first")
            chosen = nearest(view.hospitals, view)
            if chosen is None:
                return NO_HOSPITAL
            return (
                chosen,
                "referred outside: those in the region are closed, full or without access",
            )
        return NO_HOSPITAL if shortest >= NO_ACCESS else (best, "reached first")


@dataclass(frozen=True, slots=True)
class LeastExpected:
    """
    Take people where they are expected to be received first: the drive, then the queue.

    Where the scenario says how many teams a hospital receives at once (``offload_bays``), the queue
    is what the dispatcher expects of those there and on their way. Where it gives this for no
    hospital, each team at a hospital or on its way to it is assumed to delay the next by ``each``:
    an assumption of the dispatcher, because no handover then delays another.
    """

    source = "derived from general knowledge: the drive and a queue of one server at the hospital"

    each: Annotated[
        Duration,
        Field(ge=0, description="Assumed wait for each team there or on its way. [duration]"),
    ] = 900_000

    def __call__(self, callout: CalloutView, view: HospitalView) -> Decision:
        """Return the hospital with the least drive and queue together."""
        teams_there = zip(view.drives, view.bound, view.hospitals, strict=True)
        if view.waits:
            found = zip(teams_there, view.waits, strict=True)
            expected = [(d + wait, h, teams) for (d, teams, h), wait in found if d < NO_ACCESS]
        else:
            expected = [
                (d + teams * self.each, h, teams) for d, teams, h in teams_there if d < NO_ACCESS
            ]
        if not expected:
            return NO_HOSPITAL
        _, best, teams = min(expected)
        return (best, f"least drive and queue together; teams there or bound for it: {teams}")


@dataclass(frozen=True, slots=True)
class NearestWithService:
    """
    Take people to the nearest of the hospitals that have what they need.

    Hospitals are named for kinds of callout, for priorities, or both; a kind goes before its
    priority. What neither names may go to any hospital. Where there is no access to those named,
    the nearest of all takes over.
    """

    source = "practice of emergency medical services: bypass to a specialised hospital"

    kinds: Annotated[
        dict[str, Hospitals] | None,
        Field(description="Hospitals for each kind, as {burns: [North, South]}."),
    ] = None
    priorities: Annotated[
        dict[Annotated[int, Field(ge=1, le=9)], Hospitals] | None,
        Field(description="Hospitals for each priority, as {1: [North]}."),
    ] = None

    def __post_init__(self) -> None:
        """Refuse a rule that names nothing: it would be ``nearest_hospital``."""
        if not (self.kinds or self.priorities):
            raise refuse("no hospital is named", "write kinds: {a kind: [a hospital]}")

    def __call__(self, callout: CalloutView, view: HospitalView) -> Decision:
        """Return the nearest hospital among those named for the callout."""
        assert view.atlas is not None
        kind = view.atlas.kinds[callout.kind]
        names = (self.kinds or {}).get(kind) or (self.priorities or {}).get(callout.priority)
        if names is not None:
            chosen = nearest(numbers(names, view), view)
            if chosen is not None:
                return (chosen, "reached first of those that have what is needed")
        chosen = nearest(view.hospitals, view)
        if chosen is None:
            return NO_HOSPITAL
        if names is None:
            return (chosen, "reached first; any hospital will do")
        return (chosen, "reached first; there is no access to those that have what is needed")

    def names(self) -> Named:
        """Yield what the parameters name: the path inside them, what it is, and the name."""
        for kind, hospitals in (self.kinds or {}).items():
            yield (("kinds", kind), "kind", kind)
            yield from ((("kinds", kind, i), "hospital", h) for i, h in enumerate(hospitals))
        for level, hospitals in (self.priorities or {}).items():
            named = enumerate(hospitals)
            yield from ((("priorities", level, i), "hospital", h) for i, h in named)


@dataclass(frozen=True, slots=True)
class Referral:
    """
    Take people to the nearest hospital in the region that can receive them, else outside it.

    A hospital is full when ``limit`` teams or more are at it or on their way to it, or when
    the scenario says so. Those in the region are all that ``outside`` does not name, or that the
    scenario does not mark as ``referral``. When all of them are closed or full, the nearest outside
    is chosen, full or not; where there is no access to any of these, the nearest in the region that
    is not closed.
    """

    source = "practice of emergency medical services: referral outside when the region is full"

    outside: Annotated[
        Hospitals | None,
        Field(description="Hospitals to which people are referred; those marked if not given."),
    ] = None
    limit: Annotated[
        int | None,
        Field(
            ge=1,
            le=1000,
            description="Number of teams there or on their way at which a hospital is full; as the "
            "scenario says if not given.",
        ),
    ] = None
    closed: Annotated[tuple[str, ...], Field(description="Hospitals that receive nobody.")] = ()

    def __call__(self, callout: CalloutView, view: HospitalView) -> Decision:
        """Return the nearest hospital with room, the near ones first."""
        closed = numbers(self.closed, view)
        assert view.atlas is not None
        named = view.atlas.referrals if self.outside is None else numbers(self.outside, view)
        outside = [h for h in named if h in view.hospitals and h not in closed]
        near = [h for h in view.hospitals if h not in outside and h not in closed]
        bound = zip(view.hospitals, view.bound, strict=True)
        limit = NO_ACCESS if self.limit is None else self.limit
        chosen = nearest([h for h, teams in bound if h in near and teams < limit], view)
        if chosen is not None:
            return (chosen, "reached first of the near ones with room")
        chosen = nearest(outside, view)
        if chosen is not None:
            return (
                chosen,
                "referred outside: those in the region are closed, full or without access",
            )
        chosen = nearest(near, view)
        if chosen is not None:
            return (chosen, "full, but there is no access outside")
        return (None, "there is no access to any hospital that is not closed")

    def fits(self, file: ScenarioFile) -> str:
        """Return what is wrong where nothing says which hospitals are outside."""
        if self.outside is None and not any(row.referral for row in file.hospitals):
            return "no hospital is outside: name some with 'outside', or mark them 'referral: true'"
        return ""

    def names(self) -> Named:
        """Yield what the parameters name: the path inside them, what it is, and the name."""
        yield from ((("outside", i), "hospital", name) for i, name in enumerate(self.outside or ()))
        yield from ((("closed", i), "hospital", name) for i, name in enumerate(self.closed))


RULES: dict[str, type] = {
    "nearest_hospital": NearestHospital,
    "least_expected": LeastExpected,
    "nearest_with_service": NearestWithService,
    "referral": Referral,
}
