"""A study run and written once, with names that are hard on tables, and read by all tests here."""

import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest

from sim.experiment import (
    Journal,
    Processes,
    Study,
    Tables,
    content_hash,
    design_of,
    put,
    run_study,
    tabulate,
    write_manifest,
    write_study,
)
from sim.scenario import ScenarioFile, read_scenario

# Processes that a test starts must find the policies defined next to it. At the end, so that the
# package itself is the one that is installed.
sys.path.append(str(Path(__file__).parent.parent.parent))

LISTED = "".join(
    f"day {1 + n // 8} {6 + n % 8 * 2:02d}:{7 * n % 60:02d},{place},{kind}\n"
    for n, (place, kind) in enumerate(
        zip(
            ["اللاذقية", "=Jablah", "Banyas", "اللاذقية"] * 8,
            ["wounded", "-fire"] * 16,
            strict=True,
        )
    )
)
SCENARIO = """\
name: hard-names
title: أسماء صعبة
clock: {start: 2025-03-06 06:00, length: 7 days}
map:
  places: {اللاذقية: {area: الساحل}, =Jablah: {area: "@south"}, Banyas: {}}
  roads:
    table:
      اللاذقية: {اللاذقية: 4 min, =Jablah: 20 min, Banyas: 40 min}
      =Jablah: {اللاذقية: 20 min, =Jablah: 4 min, Banyas: 25 min}
      Banyas: {اللاذقية: 40 min, =Jablah: 25 min, Banyas: 4 min}
  hospitals: {+National: اللاذقية}
demand:
  callouts: listed.csv
  kinds:
    wounded: {share: 60%, on_scene: {median: 40 min, p90: 90 min}, to: hospital}
    -fire: {share: 40%, priority: 2, crew: 6, on_scene: {mean: 100 min, sd: 90 min}}
bases: {اللاذقية: {}, =Jablah: {}}
teams:
  فريق: {base: اللاذقية}
  =SUM(A1): {base: =Jablah}
dispatch_centre: {turnout: {mean: 2 min, sd: 1 min}}
policies:
  "=today": {dispatch: closest}
  الغطاء: {dispatch: {cutoff: {reserve: {2: 1}}}, relocation: {dmexclp: {within: 15 min}}}
targets:
  - {name: "+soon", within: 30 min, kind: wounded}
study: {replications: 4}
"""


class Written(NamedTuple):
    """A study, the file it ran, and the folder it was written to."""

    file: ScenarioFile
    study: Study
    tables: Tables
    folder: Path


def run_and_write(path: Path, place: Path, jobs: int = 1) -> Written:
    """Run a scenario and write its results as the command line does."""
    file = read_scenario(path)
    design = design_of([file])
    with ExitStack() as stack:
        journal = stack.enter_context(Journal(place, content_hash(design)))
        workers = None
        if jobs > 1:
            workers = stack.enter_context(Processes(design.alternatives, design.seed, jobs))
        study = run_study(design, workers=workers, journal=journal)
        tables = tabulate(study)
        work = journal.folder / "whole"
        write_study(work, study, tables, journal)
        write_manifest(work, study, "compare", {"jobs": jobs})
        put(work, place)
        journal.done()
    return Written(file, study, tables, place)


@pytest.fixture(scope="session")
def scenario(tmp_path_factory) -> Path:
    """The scenario file, in a folder whose name must not come through."""
    folder = tmp_path_factory.mktemp("canary-folder")
    (folder / "listed.csv").write_text("at,place,kind\n" + LISTED, encoding="utf-8")
    path = folder / "canary-file.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def written(scenario, tmp_path_factory) -> Written:
    """The study, in a folder that no test may change."""
    return run_and_write(scenario, tmp_path_factory.mktemp("canary-out") / "results")


@pytest.fixture(scope="session")
def run_again() -> Callable[..., Written]:
    """Run and write a scenario once more."""
    return run_and_write
