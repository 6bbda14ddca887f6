"""Pools for tests: a shipped scenario, run in this process."""

from sim.experiment import InProcess, Runner, design_of, run_study
from sim.scenario import find_scenario, read_scenario


def samples_of(name, overrides):
    design = design_of([read_scenario(find_scenario(name), overrides)])
    runner = Runner(design.alternatives, design.seed)
    return run_study(design, runner=runner, workers=InProcess(runner)).samples
