"""
Many differences judged at once: p values adjusted for each other.

References
----------
.. [1] S. Holm, "A simple sequentially rejective multiple test procedure", *Scand. J. Stat.*
   6(2), 1979, 65-70.
.. [2] Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate: a practical and powerful
   approach to multiple testing", *J. R. Stat. Soc. B* 57(1), 1995, 289-300.

"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

Adjust = Callable[[Sequence[float]], list[float]]


def holm(ps: Sequence[float]) -> list[float]:
    """
    Return p values adjusted so that the chance of even one false finding is kept [1]_.

    Examples
    --------
    >>> [round(p, 3) for p in holm([0.01, 0.04, 0.03, 0.005])]
    [0.03, 0.06, 0.06, 0.02]
    """
    adjusted, largest = [0.0] * len(ps), 0.0
    for rank, which in enumerate(sorted(range(len(ps)), key=ps.__getitem__)):
        largest = max(largest, min(1.0, (len(ps) - rank) * ps[which]))
        adjusted[which] = largest
    return adjusted


def benjamini_hochberg(ps: Sequence[float]) -> list[float]:
    """
    Return p values adjusted so that the expected share of false findings is kept [2]_.

    Examples
    --------
    >>> [round(p, 3) for p in benjamini_hochberg([0.01, 0.04, 0.03, 0.005])]
    [0.02, 0.04, 0.04, 0.02]
    """
    adjusted, least = [0.0] * len(ps), 1.0
    for rank, which in reversed(list(enumerate(sorted(range(len(ps)), key=ps.__getitem__), 1))):
        least = min(least, len(ps) / rank * ps[which])
        adjusted[which] = least
    return adjusted


def adjusted(
    ps: Sequence[float | None], same: Sequence[Hashable], adjust: Adjust
) -> tuple[list[float | None], int]:
    """
    Return adjusted p values, and how many were judged together.

    Parameters
    ----------
    ps
        Of one family; those that are None are not in it.
    same
        What makes two of them the same question: they count once.
    adjust
        `holm` or `benjamini_hochberg`.

    """
    asked: dict[Hashable, float] = {}
    for p, key in zip(ps, same, strict=True):
        if p is not None:
            asked[key] = max(p, asked.get(key, 0.0))
    answer = {
        key: float(f"{p:.6g}") for key, p in zip(asked, adjust(list(asked.values())), strict=True)
    }
    found = [None if p is None else answer[key] for p, key in zip(ps, same, strict=True)]
    return found, len(asked)
