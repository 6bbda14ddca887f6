"""How it is implemented and run: software, random numbers, order of events, machine, access."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from importlib.metadata import metadata, version

from sim.experiment.results.folder_layout import LIBRARIES, RANDOM_NUMBERS, RESULTS_VERSION

from .subject import Fact, Facts, Subject


def machine_facts(subject: Subject) -> Facts:
    """Return what is known of implementation and access to the code."""
    return {
        "5.1": list(_software(subject)),
        "5.2": list(_random(subject)),
        "5.3": list(_execution()),
        "5.4": list(_system(subject)),
        "6.1": list(_access(subject)),
    }


def _software(subject: Subject) -> Iterator[Fact]:
    manifest, run = subject.manifest, subject.run
    if manifest is None:
        named = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
        yield Fact(f"rescuesim {version('rescuesim')}, Python {platform.python_version()}.")
        yield Fact(f"Libraries here: {named}.")
        return
    python = f", Python {run['python']}" if "python" in run else ""
    system = f", on {run['system']}" if "system" in run else ""
    yield Fact(f"rescuesim {manifest['rescuesim']}{python}{system}.")
    libraries = run.get("libraries")
    if isinstance(libraries, dict) and libraries:
        named = ", ".join(f"{name} {number}" for name, number in libraries.items())
        yield Fact(f"Libraries: {named}.")
    yield Fact(
        f"Results format {manifest['format']}, version of results {manifest['results_version']}"
        + ("." if manifest["results_version"] == RESULTS_VERSION else
           f"; this rescuesim gives results of version {RESULTS_VERSION}, which differ.")
    )  # fmt: skip


def _random(subject: Subject) -> Iterator[Fact]:
    manifest = subject.manifest
    seed = subject.file.scenario.study.seed if manifest is None else manifest["seed"]
    algorithm = RANDOM_NUMBERS if manifest is None else manifest["random_numbers"]
    yield Fact(f"Generator: {algorithm}.")
    yield Fact(f"Seed: {seed}.", ("study.seed",))
    yield Fact(
        "Streams: each callout, and each named team, vehicle, surge or incident, has random "
        "numbers of its own in each replication, which no rule sees or uses up; so all "
        "alternatives have the same."
    )


def _execution() -> Iterator[Fact]:
    yield Fact("Process interaction, in SimPy; each team is a process.")
    yield Fact(
        "At the same instant: roads that close or open, shift changes, teams by number, callers "
        "who abandon, callouts that become ready, the hourly staffing decision. Ties between teams "
        "go to the lower number."
    )
    yield Fact(
        "A run is one process; replications may run in several, or on a Dask cluster, and results "
        "do not depend on it."
    )


def _system(subject: Subject) -> Iterator[Fact]:
    run = subject.run
    if "system" in run:
        yield Fact(f"System: {run['system']}.")
    if isinstance(run.get("seconds"), (int, float)):
        jobs = run.get("jobs")
        wide = "as many processes as it chose" if jobs is None else f"--jobs {jobs}"
        yield Fact(f"Run time: {run['seconds']:g} s, with {wide}.")
    if isinstance(run.get("cpu_seconds"), (int, float)):
        yield Fact(f"Processor time of the main process: {run['cpu_seconds']:g} s.")


def _access(subject: Subject) -> Iterator[Fact]:
    about = metadata("rescuesim").json
    licence = about.get("license_expression") or about.get("license") or "in the file LICENSE"
    named = f"rescuesim {version('rescuesim')}" if subject.manifest is None else (
        f"rescuesim {subject.manifest['rescuesim']}"
    )  # fmt: skip
    yield Fact(f"{named}, licence {licence}; how to cite it: CITATION.cff.")
    if subject.manifest is None:
        yield Fact("To run it: rescuesim compare, with this scenario. The results can be "
                   "reproduced with rescuesim reproduce.")  # fmt: skip
        return
    yield Fact("To reproduce: rescuesim reproduce, with this folder; it prints IDENTICAL or the "
               "first field that differs.")  # fmt: skip
    yield Fact(f"Hash of all that determines the results: {subject.manifest['content']}.")
    held = len(subject.manifest["outputs"])
    gone = len(subject.missing)
    yield Fact(f"Of {held} files with a SHA-256 in the manifest, {held - gone} are here and as it "
               f"says{f'; {gone} are missing' if gone else ''}.")  # fmt: skip
    for name in subject.missing:
        yield Fact(f"Missing from the folder: {name}.")
