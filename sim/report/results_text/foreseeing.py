"""Which alternatives were shown what will come: references, to be told wherever results are."""

from __future__ import annotations

from collections.abc import Iterable

from sim.experiment import Alternative
from sim.policies.contract.declarations import declared

from ..phrasing.phrases import named, phrase
from ..phrasing.saying import listed


def foreseeing_lines(alternatives: Iterable[Alternative]) -> list[str]:
    """Return a sentence on the alternatives whose rule says ``foresees``; none without any."""
    names = [
        named(a.name) for a in alternatives if declared(a.policies.dispatch, "dispatch").foresees
    ]
    if not names:
        return []
    if len(names) == 1:
        return [
            phrase(
                "{name} knows what will come: a reference that no dispatcher could follow.",
                name=names[0],
            )
        ]
    return [
        phrase(
            "{names} know what will come: references that no dispatcher could follow.",
            names=listed(names),
        )
    ]
