"""Which alternatives were shown what will come: references, to be told wherever results are."""

from __future__ import annotations

from collections.abc import Iterable

from sim.experiment import Alternative
from sim.policies.contract.declarations import declared

from ..phrasing.saying import listed
from ..phrasing.words import clean


def foreseeing_lines(alternatives: Iterable[Alternative]) -> list[str]:
    """Return a sentence on the alternatives whose rule says ``foresees``; none without any."""
    names = [
        clean(a.name) for a in alternatives if declared(a.policies.dispatch, "dispatch").foresees
    ]
    if not names:
        return []
    if len(names) == 1:
        return [f"{names[0]} knows what will come: a reference that no dispatcher could follow."]
    return [f"{listed(names)} know what will come: references that no dispatcher could follow."]
