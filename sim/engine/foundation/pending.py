"""
Callouts that wait, in the order of the queue rule, and which of them a team could be sent to.

In a disaster thousands wait for few teams, and many of them for what no free team has. So they are
filed by what a team needs to be of help, and a walk in order passes over all that miss the same in
one step. What that costs is bounded by how many different things are missing, not by how many wait.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterator
from heapq import heapify, heappop, heapreplace
from itertools import count, islice

from .state import OpenCallout

Place = tuple[int, ...]
"""Where a queue rule puts a callout: the least is served first."""
Position = tuple[Place, int]
"""The same with how many have joined before: of two with the same place, the first goes first."""
Lack = tuple[int, int, bool]
"""
What decides whether a free team could help: capabilities of which it must have one, 0 if any team
will do; the place, -1 where each is reached from everywhere; whether the callout is to be looked at
whatever it misses.
"""


class PendingCallouts:
    """
    The callouts of a run that wait.

    ``changes`` says that their order changes with time or teams; then whoever serves them puts them
    in order before (``arrange``), which takes a time that grows with their number.
    """

    def __init__(self, changes: bool, has_gaps: bool) -> None:
        self._changes, self._has_gaps = changes, has_gaps
        self.order: list[OpenCallout] = []  # to be read; looked at whenever a team is cleared
        self._positions: list[Position] = []  # of each in the order; not kept if that changes
        self._joined = count()
        self._filed: dict[int, tuple[Position, Lack]] = {}  # by number
        self._files: dict[Lack, list[tuple[Position, OpenCallout]]] = {}  # each in order

    def __len__(self) -> int:
        return len(self.order)

    def __iter__(self) -> Iterator[OpenCallout]:
        """Iterate in order over what must not change meanwhile."""
        return iter(self.order)

    def __contains__(self, open_: OpenCallout) -> bool:
        return open_.number in self._filed

    def first(self, most: int) -> list[OpenCallout]:
        """Return those to be served first."""
        return list(islice(self.order, most))

    # -- who waits --------------------------------------------------------------------------------

    def add(
        self, open_: OpenCallout, place: Place, place_of: Callable[[OpenCallout], Place]
    ) -> None:
        """Let a callout wait; ``place_of`` tells where others are now, if the order changes."""
        position = place, next(self._joined)
        if self._changes:
            insort(self.order, open_, key=place_of)
        else:
            i = bisect_left(self._positions, position)
            self._positions.insert(i, position)
            self.order.insert(i, open_)
        self._file(open_, position)
        open_.wait_in(self)

    def remove(self, open_: OpenCallout) -> None:
        """Let a callout wait no longer."""
        position = self._unfile(open_)
        if self._changes:
            self.order.remove(open_)
        else:
            i = bisect_left(self._positions, position)
            del self._positions[i], self.order[i]
        open_.wait_in(None)

    def arrange(self, place_of: Callable[[OpenCallout], Place]) -> None:
        """Put all in order again; meanwhile, whoever asks sees the order before."""
        self.order[:] = sorted(self.order, key=place_of)

    def place_of(self, open_: OpenCallout) -> Place | None:
        """Return a callout's place, if it waits and keeps its place until it is served."""
        if self._changes or open_ not in self:
            return None
        return self._filed[open_.number][0][0]

    # -- what each misses -------------------------------------------------------------------------

    def refile(self, open_: OpenCallout) -> None:
        """Take note that what a callout misses may be something else."""
        if self._filed[open_.number][1] != self._lack(open_):
            self._file(open_, self._unfile(open_))

    def _lack(self, open_: OpenCallout) -> Lack:
        place = open_.place if self._has_gaps else -1
        return open_.missing_capabilities, place, self._is_asked_for(open_)

    def _file(self, open_: OpenCallout, position: Position) -> None:
        lack = self._lack(open_)
        self._filed[open_.number] = position, lack
        if not self._changes:
            insort(self._files.setdefault(lack, []), (position, open_), key=_position)

    def _unfile(self, open_: OpenCallout) -> Position:
        position, lack = self._filed.pop(open_.number)
        if not self._changes:
            file = self._files[lack]
            del file[bisect_left(file, position, key=_position)]
            if not file:
                del self._files[lack]
        return position

    # -- who could be served ----------------------------------------------------------------------

    def in_turn(self, could_help: Callable[[OpenCallout], bool]) -> Iterator[OpenCallout]:
        """
        Yield in order those that a team could help.

        ``could_help`` is asked about the first of those that miss the same: whether anybody could
        help it, or one after it. Assumes that no team becomes free meanwhile. A callout that was
        yielded may be removed, or miss something else, before the next.
        """
        if self._changes:
            return (o for o in self.order[:] if self._is_asked_for(o) or could_help(o))
        return self._by_files(could_help)

    def _is_asked_for(self, open_: OpenCallout) -> bool:
        """Return whether a callout is to be looked at though nobody may be able to help."""
        return open_.need.deferral is not None

    def _by_files(self, could_help: Callable[[OpenCallout], bool]) -> Iterator[OpenCallout]:
        nexts = [(file[0][0], lack, file[0][1]) for lack, file in self._files.items()]
        heapify(nexts)
        while nexts:
            position, lack, open_ = nexts[0]
            if not (self._is_asked_for(open_) or could_help(open_)):
                heappop(nexts)
                continue
            yield open_
            file = self._files.get(lack, [])
            i = bisect_right(file, position, key=_position)
            if i < len(file):
                heapreplace(nexts, (file[i][0], lack, file[i][1]))
            else:
                heappop(nexts)


def _position(filed: tuple[Position, OpenCallout]) -> Position:
    return filed[0]
