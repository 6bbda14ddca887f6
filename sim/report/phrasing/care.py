"""What data a study was made from warn of, in short: whole sentences stand under maps only."""

from __future__ import annotations

from collections.abc import Iterable

# What a word in the attribution warns of.
CARE = {
    "illustrative": "illustrative bases",
    "modelled": "modelled secondary roads",
    "not for operations": "not for operations",
}


def care_in(attribution: Iterable[str]) -> tuple[str, ...]:
    """
    Return the warnings that an attribution carries.

    Examples
    --------
    >>> care_in(["Bases are illustrative; not for operations."])
    ('illustrative bases', 'not for operations')

    """
    said = " ".join(attribution).lower()
    return tuple(warning for sign, warning in CARE.items() if sign in said)
