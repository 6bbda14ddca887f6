"""From a study to its map of differences: where an alternative is sooner, and where later."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.experiment import Study, Tables
from sim.outcomes import Paired, paired_difference
from sim.outcomes.inference.envelope import p_different
from sim.outcomes.inference.families import benjamini_hochberg
from sim.outcomes.inference.replications import FEW

from ..figures import MapData, figure_map
from .figure_basis.captions import caption
from .figure_basis.figure_kinds import FigureRequest, figure_kind
from .figure_basis.table_lookup import ranked
from .place_data import FEWEST, map_of, places_of, said_horizon, sample_of, sums_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOUBT = 0.05  # share of the differences called settled that may be by chance
UNSETTLED = (
    f"fewer than {FEWEST} callouts, or replications with any; or zero is within the interval of "
    f"{100 - 100 * DOUBT:g}%, widened for so many places at once (Benjamini-Hochberg)"
)
Differences = dict[str, tuple[float | None, bool]]  # by place: minutes, and if they are settled


@figure_kind("map-difference", "Who is reached sooner and who later, by place.", place=22)
def figure(asked: FigureRequest) -> Figure | None:
    """
    Return the map of what an alternative changes against the baseline.

    It is the alternative asked for or, where that is the baseline, the best; None without one,
    without any callout, and with fewer than ten replications, by which nothing is settled.
    """
    study = asked.study
    if study.replications < FEW or not len(study.observations[study.baseline].callout):
        return None
    name = compared_alternative(asked.study, asked.tables, asked.alternative)
    data = None if name is None else map_differences(asked.study, name)
    if name is None or data is None or len(data.places) < 2:
        return None
    return figure_map(data, caption(asked.study, [asked.study.baseline, name]))


def compared_alternative(study: Study, tables: Tables, asked: str) -> str | None:
    """Return the alternative to compare with the baseline; None where it is the only one."""
    if asked != study.baseline:
        return asked
    others = [name for name in study.observations if name != study.baseline]
    return next(iter(ranked(tables, others)), None)


def map_differences(study: Study, alternative: str) -> MapData:
    """Return where an alternative is sooner or later than the baseline, callouts paired."""
    sample = sample_of(study, alternative)
    living, dead = (
        places_of(study, sample, alternative, r, place_differences(study, alternative, r))
        for r in (False, True)
    )
    until = said_horizon(sample)
    return map_of(
        study.worlds[alternative],
        living,
        dead,
        f"difference in mean response time; not reached within {until} counts as {until}",
        title="Who is reached sooner, who later, by place",
        subtitle=f"Policy “{alternative}” against “{study.baseline}”",
        compared=True,
        unsettled=UNSETTLED,
    )


def place_differences(study: Study, alternative: str, recoveries: bool) -> Differences:
    """Return the paired difference of each place that both have [min], and if it is settled."""
    own, base = (
        sums_of(study, sample_of(study, name), name, recoveries)
        for name in (alternative, study.baseline)
    )
    row = {p.name: i for i, p in enumerate(study.worlds[study.baseline].file.places)}
    pairs: dict[str, Paired] = {}
    for i, place in enumerate(study.worlds[alternative].file.places):
        j = row.get(place.name)
        if j is not None and min(own.callouts[:, i].sum(), base.callouts[:, j].sum()) >= FEWEST:
            pairs[place.name] = paired_difference(
                own.times[:, i], own.callouts[:, i], base.times[:, j], base.callouts[:, j]
            )
    known = [name for name, p in pairs.items() if p.apart is not None and p.apart.carrying >= FEW]
    ps = [_p(pairs[name]) for name in known]
    adjusted = dict(zip(known, benjamini_hochberg(ps), strict=True))
    return {
        name: (
            None if pair.difference is None else pair.difference / 60_000,
            adjusted.get(name, 1.0) < DOUBT or (name in adjusted and _identical(pair)),
        )
        for name, pair in pairs.items()
    }


def _identical(pair: Paired) -> bool:
    """Tell whether nothing differs in any replication."""
    return pair.difference == 0 and pair.apart is not None and not pair.apart.errors.any()


def _p(pair: Paired) -> float:
    return 1.0 if pair.apart is None or _identical(pair) else p_different(pair.apart)
