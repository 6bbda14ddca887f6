"""
How large a study may be: refused before it runs, or run to its end.

Measured: a replication holds about 3 kB for each callout while it runs, with what its decisions
had to choose among, and 300 bytes are kept of each until the study is tabulated.
"""

from __future__ import annotations

from collections.abc import Mapping

from sim.errors import UsageError
from sim.world import World

from .alternatives import Design
from .confirming import LEAST

MOST_BYTES = 8 * 10**9  # of memory that the callouts of a study may take
_AT_ONCE, _KEPT = 3_000, 300  # of each callout [bytes]


def refuse_too_large(
    design: Design, worlds: Mapping[str, World], replications: int | None = None
) -> None:
    """
    Refuse a study whose callouts would fill the memory, or cannot be drawn.

    Counted are surges, clusters, the warm-up, and the replications that are run in any case.

    Parameters
    ----------
    design, worlds
        What is run, and its worlds by alternative.
    replications
        How many of each alternative are run in any case, where the design does not say it.

    Raises
    ------
    UsageError
        With the estimate, and what would reduce it.

    """
    most = replications or design.plan.at_most
    if replications is None:
        replications = design.plan.first if design.plan.goals else most
    each = {name: _callouts(worlds[name]) for name in design.names}
    largest, run = max(each.values()), sum(each.values())
    kept, at_once = run * replications * _KEPT, largest * _AT_ONCE
    if kept + at_once > MOST_BYTES:
        fewer = "a shorter run or a lower rate"
        if kept > at_once:
            fewer = f"fewer replications or alternatives, {fewer}"
        raise UsageError(
            f"this study comes to about {run * replications:,.0f} callouts ({replications:,} "
            f"replications of {len(each):,} alternatives, each of up to {largest:,.0f}), which "
            f"take about {(kept + at_once) / 1e9:,.0f} GB of memory; at most "
            f"{MOST_BYTES / 1e9:g} are used. It takes {fewer}"
        )
    numbers = range(most)
    if len(each) > 2:  # the best is run again on fresh replications
        numbers = range(most + max(most, LEAST))
    for demand in dict.fromkeys(world.demand for world in worlds.values()):
        demand.refuse_extreme_days(design.seed, numbers)


def _callouts(world: World) -> float:
    """Return about how many callouts a replication has, those of the warm-up included."""
    return world.demand.expected * (world.ends - world.begins) / world.ends
