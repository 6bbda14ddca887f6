"""Objects as keys by which object they are, for those that cannot be told apart by what they hold.

A scenario as read and a map are too large to be compared, and a rule that somebody wrote may not
be comparable at all.
"""

from __future__ import annotations

from typing import Generic, TypeVar

Kept = TypeVar("Kept")


class ByIdentity(Generic[Kept]):
    """
    An object as a key that only the very same object is equal to.

    The key keeps its object, so no other can come to stand at its place in memory and be taken
    for it, as can happen with the number that ``id`` gives.

    Examples
    --------
    >>> first, second = [1], [1]
    >>> found = {ByIdentity(first): "first"}
    >>> ByIdentity(first) in found, ByIdentity(second) in found
    (True, False)
    """

    __slots__ = ("kept",)

    def __init__(self, kept: Kept) -> None:
        self.kept = kept

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ByIdentity) and other.kept is self.kept

    def __hash__(self) -> int:
        return object.__hash__(self.kept)  # not its own, which it may lack


__all__ = ["ByIdentity"]
