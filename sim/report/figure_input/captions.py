"""What stands under a study's figures."""

from __future__ import annotations

from collections.abc import Sequence

from sim.experiment import Study
from sim.scenario.networks.network_files import with_credit

from ..figures import Caption


def caption(study: Study, alternatives: Sequence[str] | None = None) -> Caption:
    """Return what stands under a figure: scenario, policies, replications, seed, whose data."""
    scenario = study.world.scenario
    return Caption(
        scenario=f"Scenario {scenario.name}",
        alternatives=tuple(alternatives or study.observations),
        replications=study.replications,
        days=scenario.clock.length / 86_400_000,
        seed=study.design.seed,
        attribution=with_credit(scenario.map.attribution, study.world.file.edges),
        title=scenario.title or scenario.name,
    )
