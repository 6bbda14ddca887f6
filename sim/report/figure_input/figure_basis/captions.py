"""What stands under a study's figures."""

from __future__ import annotations

from collections.abc import Sequence

from sim.experiment import Study
from sim.scenario.networks.network_files import with_credit

from ...figures import Caption


def caption(
    study: Study, alternatives: Sequence[str] | None = None, missing: Sequence[str] | None = None
) -> Caption:
    """
    Return what stands under a figure: scenario, policies, replications, seed, whose data.

    ``alternatives`` are those it shows: by default those that the study has observations of.
    ``missing`` are others that it would show if it had room; by default, of these, the rest.
    """
    scenario = study.world.scenario
    if missing is None:
        shown = study.observations
        missing = [] if alternatives else [n for n in study.design.names if n not in shown]
    return Caption(
        scenario=f"Scenario {scenario.name}",
        alternatives=tuple(alternatives or study.observations),
        replications=study.replications,
        days=scenario.clock.length / 86_400_000,
        seed=study.design.seed,
        attribution=with_credit(scenario.map.attribution, study.world.file.edges),
        title=scenario.title or scenario.name,
        missing=tuple(missing),
    )
