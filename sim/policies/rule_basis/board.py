"""
What a dispatcher knows beyond the candidates: the status board, in parts that a rule declares.

Every question's view has a board. A part takes time to put together, so it is there only where the
rule ``wants`` it; any other part ends the run when it is read, with a sentence, instead of looking
as if there were nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from operator import itemgetter
from typing import Any, NamedTuple, Protocol, cast

from sim.errors import InvalidDecision

from .common import MILLION

FORECAST_HOURS = 24  # this clock hour and those after it


class CalloutView(Protocol):
    """A callout as the dispatcher knows it. Instants in ms."""

    @property
    def number(self) -> int:
        """Its number in the order received."""

    @property
    def kind(self) -> int:
        """Which kind."""

    @property
    def priority(self) -> int:
        """1 is the most urgent."""

    @property
    def place(self) -> int:
        """Which place."""

    @property
    def received(self) -> int:
        """When it was received. [ms]"""

    @property
    def ready(self) -> int:
        """When it was ready to dispatch. [ms]"""


class FutureCallout(NamedTuple):
    """A callout of a possible future, or of the true one. Instants in ms."""

    ready: int  # when it will be ready to dispatch
    kind: int
    priority: int
    place: int
    people: int  # needed on scene
    capabilities: int  # needed, a bit each
    busy: int  # from on scene until the team is free again [ms]
    ends: int  # the place where it will be free
    carrier: int = 0  # bit of the capability that takes people to hospital; 0: any team's
    on_scene: int = 0  # ``busy`` of a team without that capability, free where the callout is [ms]
    drive: int = 0  # part of ``busy``: the drive to hospital, of the ordinary vehicle [ms]


class LocalTime(NamedTuple):
    """What a clock and a calendar show where the scenario is."""

    hour: int  # of the day, 0 to 23
    weekday: int  # 0 is Monday
    date: int  # as `datetime.date.toordinal` counts days; `datetime.date.fromordinal` reads it


class Forecast(NamedTuple):
    """
    Callouts expected in this clock hour and those after it, by kind and place. [1e-9 callouts]

    From the rate that the scenario declares: its hours, weekdays, months, trend, seasons and dates,
    and places and times of kinds, each at the beginning of the hour. Nobody knows beforehand which
    callouts come, which days differ or what a callout triggers, and surges and incidents are
    announced to nobody: none of these is in it, even while they last. Where callouts are listed
    there is no rate, and it is 0 everywhere.
    """

    hours: Sequence[Sequence[int]]  # of each hour, this one first: callouts of each kind
    shares: Sequence[Sequence[int]]  # of each kind: the share of each place [per million]
    places: Sequence[int]  # in this hour: callouts of all kinds at each place

    def by_place(self, ahead: int = 0) -> Sequence[int]:
        """Return the callouts at each place in the hour that is so many ahead. [1e-9 callouts]"""
        return self.places if ahead == 0 else by_place(self.hours[ahead], self.shares)


class HospitalLoad(NamedTuple):
    """What the dispatcher knows of a hospital."""

    bound: int  # teams at it or on their way to it
    there: int  # teams at it
    waiting: int  # of these, those that wait for an offload bay
    wait: int  # expected offload delay of a team that arrived now; 0 without offload bays [ms]
    closed: bool  # it takes nobody new now
    full: bool  # as many teams are bound for it as ``diverts_at`` says


class StatusBoard(NamedTuple):
    """
    All that the dispatcher knows of teams, callouts, time, demand and hospitals.

    In parts, of which a rule names those that it reads: ``wants = ("idle", "clock")``. Drives are
    at the speed of ``view.atlas``. Of a board that is made by hand, as in a test, the parts that
    are left out are empty.
    """

    # wants "idle": parallel, one entry per free team, in order of number; a relocation rule sees
    # the others here, not the team that has just become free
    idle: Sequence[int] = ()
    turnouts: Sequence[int] = ()  # expected time before each moves; 0 on the road [ms]
    drives: Sequence[Sequence[int]] = ()  # from where each is to every place [ms]
    # wants "busy": teams on a callout, or on a drive to a base before which they cannot be sent, as
    # (team, when it is expected to be free, at which place), in order of number
    busy: Sequence[tuple[int, int, int]] = ()
    # wants "record": per place, callouts reached so far and the sum of their response times [ms]
    record: Sequence[tuple[int, int]] = ()
    # wants "futures", dispatch only: possible futures, each the callouts that become ready within
    # ``ahead``; the true one for a rule that says of itself that it knows it: ``foresees = True``
    futures: Sequence[Sequence[FutureCallout]] = ()
    # wants "pending": all others that wait, in the order of the queue; the callout that the rule is
    # asked about is not among them
    pending: Sequence[CalloutView] = ()
    # wants "clock"
    clock: LocalTime = LocalTime(0, 0, 1)
    # wants "forecast"
    forecast: Forecast = Forecast((), (), ())
    # wants "hospitals": of each hospital, by its number
    hospitals: Sequence[HospitalLoad] = ()


FIELDS_OF = {
    "idle": ("idle", "turnouts", "drives"),
    "busy": ("busy",),
    "record": ("record",),
    "futures": ("futures",),
    "pending": ("pending",),
    "clock": ("clock",),
    "forecast": ("forecast",),
    "hospitals": ("hospitals",),
}
"""The parts of the board that a rule may want, and the fields of each."""
BOARD_PARTS = tuple(FIELDS_OF)
ONLY_DISPATCH = ("futures",)


class UndeclaredRead(InvalidDecision):
    """A rule read a part of the board that it does not say it wants."""


def by_place(kinds: Sequence[int], shares: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """
    Return what numbers by kind come to at each place.

    ``shares`` are those of the places, for each kind. [per million]
    """
    alike: dict[Sequence[int], int] = {}  # most kinds have the places of all demand
    for number, share in zip(kinds, shares, strict=True):
        alike[share] = alike.get(share, 0) + number
    totals = tuple(alike.values())
    return tuple([
        sum([total * part for total, part in zip(totals, parts, strict=True)]) // MILLION
        for parts in zip(*alike, strict=True)
    ])  # fmt: skip


@cache
def board_class(wants: tuple[str, ...]) -> type[StatusBoard]:
    """Return the class of boards for a rule that wants these parts: others cannot be read."""
    return _with_properties(dict(_unread(wants)))


def noting_class(wants: tuple[str, ...], note: Callable[[str], None]) -> type[StatusBoard]:
    """Return the same, with boards that call ``note`` with each part that is read."""
    return _with_properties(dict(_unread(wants)) | dict(_noted(wants, note)))


def _with_properties(properties: dict[str, property]) -> type[StatusBoard]:
    own = {"__slots__": (), "__doc__": StatusBoard.__doc__, "__reduce__": _as_plain, **properties}
    return cast("type[StatusBoard]", type(StatusBoard.__name__, (StatusBoard,), own))


def _as_plain(board: StatusBoard) -> tuple[Any, ...]:
    """Return what pickle makes a board from: one made for a rule is not there to be imported."""
    return StatusBoard._make, (tuple(board),)


def _unread(wants: tuple[str, ...]) -> Iterator[tuple[str, property]]:
    """Yield the fields of parts that are not wanted, each with what refuses to be read."""
    for part, names in FIELDS_OF.items():
        if part not in wants:
            yield from ((name, _refusing(name, part, wants)) for name in names)


def _refusing(name: str, part: str, wants: tuple[str, ...]) -> property:
    declares = f"declares `wants = {wants}`" if wants else "has no `wants`"
    told = (
        f"read `view.board.{name}`, but {declares}; a rule that reads it has the class attribute "
        f"`wants = {(*wants, part)}`"
    )

    def refuse(board: StatusBoard) -> Any:
        raise UndeclaredRead(told)

    return property(refuse)


def _noted(wants: tuple[str, ...], note: Callable[[str], None]) -> Iterator[tuple[str, property]]:
    """Yield the fields of parts that are wanted, each with what notes that it is read."""
    for part in wants:
        yield from ((name, _noting(name, part, note)) for name in FIELDS_OF[part])


def _noting(name: str, part: str, note: Callable[[str], None]) -> property:
    entry = itemgetter(StatusBoard._fields.index(name))

    def read(board: StatusBoard) -> Any:
        note(part)
        return entry(board)

    return property(read)


UNDECLARED = tuple.__new__(board_class(()), StatusBoard())
"""The board of a rule that wants no part of it."""
