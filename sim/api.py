"""
A whole study from Python, in a script or a notebook.

>>> import sim
>>> scenario = sim.load("first-steps", {"clock.run": "2 days"})
>>> found = sim.compare(scenario, replications=4)
>>> len(found.comparisons.where(measure="response_restricted_mean", group="all"))
1
"""

from __future__ import annotations

import html
import io
import tempfile
from base64 import b64encode
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from .errors import UsageError
from .experiment import (
    Design,
    Processes,
    Runner,
    Study,
    Table,
    Tables,
    check_place,
    design_of,
    put,
    run_study,
    tabulate,
    write_manifest,
    write_study,
)
from .outcomes import Observations
from .policies import LIBRARY, PolicySet, policy_sets
from .scenario import ScenarioFile, find_scenario, read_scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Overrides: TypeAlias = Mapping[str | tuple[str, ...], object]
Choice: TypeAlias = str | PolicySet | Mapping[str, Any]


def load(scenario: str | Path, overrides: Overrides | None = None) -> ScenarioFile:
    """
    Read a scenario: a file, or the name of a shipped one.

    Parameters
    ----------
    scenario
        Path of a file, or a name that ``shipped_scenarios()`` lists.
    overrides
        Values to replace, by path, as in ``{"demand.rate": "40 per day"}``. The scenario's
        ``replace`` does the same later.

    Raises
    ------
    ScenarioError
        With every mistake in the file, each at its place.
    UsageError
        When there is no such scenario.

    """
    return read_scenario(find_scenario(str(scenario)), overrides)


def compare(
    *scenarios: ScenarioFile | str | Path,
    policies: Sequence[str] | Mapping[str, Choice] | None = None,
    replications: int | None = None,
    until: Mapping[str, str] | None = None,
    seed: int | None = None,
    jobs: int = 1,
    control: bool = False,
) -> Found:
    """
    Run alternatives on the same callouts and return what they gave.

    Parameters
    ----------
    scenarios
        One or more; every policy of each is an alternative, the first one the baseline.
    policies
        Which of the scenarios' policies; or a mapping from names of your own to policies: the
        name of one in the scenario, a `PolicySet`, or what differs from the scenario's first, as
        in ``{"spares": {"dispatch": SparesTheLast()}}``.
    replications
        Independent runs; as the scenario says if not given.
    until
        Half-widths at which to stop, by measure, as in ``{"response_restricted_mean": "5%"}``.
    seed
        Of all random numbers; as the scenario says if not given.
    jobs
        Processes to run in; policies must then be defined in a module, not in the notebook.
    control
        Whether to use the number of callouts as control variate, too.

    Raises
    ------
    ScenarioError, UsageError
        When a scenario, a policy's name or a value is wrong.
    PolicyError
        When a policy fails.

    """
    if not scenarios:
        raise UsageError("compare: give at least one scenario")
    given = _study_values(replications, until, seed)
    files = [f.replace(given) if isinstance(f, ScenarioFile) else load(f, given) for f in scenarios]
    if isinstance(policies, Mapping):
        design = design_of(files, None, _policy_sets(files[0], policies))
    else:
        design = design_of(files, policies)
    runner = Runner(design.alternatives, design.seed)
    if jobs <= 1:
        return Found(run_study(design, runner=runner), control)
    with Processes(design.alternatives, design.seed, jobs) as workers:
        return Found(run_study(design, runner=runner, workers=workers), control)


def _study_values(
    replications: int | None, until: Mapping[str, str] | None, seed: int | None
) -> dict[str | tuple[str, ...], object]:
    if replications is not None and until is not None:
        raise UsageError("compare: give replications, or until, not both")
    values: dict[str | tuple[str, ...], object] = {}
    if replications is not None:
        values["study.replications"] = replications
    if until is not None:
        values["study.replications"] = {"until": dict(until)}
    if seed is not None:
        values["study.seed"] = seed
    return values


def _policy_sets(file: ScenarioFile, policies: Mapping[str, Choice]) -> dict[str, PolicySet]:
    own = policy_sets(file)
    first = next(iter(own.values()))
    found = {}
    for name, choice in policies.items():
        if isinstance(choice, PolicySet):
            found[name] = replace(choice, name=name)
        elif isinstance(choice, str):
            if choice not in own:
                raise UsageError(f"policies: {choice!r} is not among {', '.join(own)}")
            found[name] = replace(own[choice], name=name)
        else:
            try:
                found[name] = replace(first, name=name, **choice)
            except TypeError:
                raise UsageError(
                    f"policies: {name!r} sets {', '.join(map(str, choice))}; a policy "
                    f"answers one of {', '.join(LIBRARY)}"
                ) from None
    return found


@dataclass(frozen=True, eq=False)
class Found:
    """What a comparison gave: tables that print, pictures that show, arrays to go on with."""

    study: Study
    control: bool = False

    @cached_property
    def tables(self) -> Tables:
        """All tables."""
        return tabulate(self.study, self.control)

    @property
    def summary(self) -> Table:
        """Every measure of every alternative and group with its 95 % interval."""
        return self.tables.summary

    @property
    def comparisons(self) -> Table:
        """Paired differences from the baseline, with verdicts."""
        return self.tables.comparisons

    @property
    def replications(self) -> Table:
        """The measures, replication by replication."""
        return self.tables.replications

    @property
    def controlled(self) -> Table:
        """Estimates with the number of callouts as control variate, where asked for."""
        return self.tables.controlled

    @property
    def observations(self) -> dict[str, Observations]:
        """Every measured callout of each alternative, in columns. [ms]"""
        return self.study.observations

    @property
    def design(self) -> Design:
        """What was run."""
        return self.study.design

    def figure(self, name: str = "share-reached") -> Picture:
        """
        Return one of the study's figures.

        Raises
        ------
        UsageError
            When there is none of that name.

        """
        from .report import figures_of

        for known, figure in figures_of(self.study, self.tables, [name]):
            if known == name:
                return Picture(figure)
        raise UsageError(f"there is no figure {name!r} of this study")

    def save(self, place: str | Path) -> Path:
        """
        Write a results folder, whole or not at all, and return its path.

        Raises
        ------
        ResultsError
            When the place holds something else, or cannot be written.

        """
        place = Path(place)
        check_place(place)
        place.resolve().parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(
            dir=place.resolve().parent, prefix=f".{place.name}."
        ) as own:
            work = Path(own) / "whole"
            bare = replace(self.study, design=replace(self.design, logged=0))
            write_study(work, bare, self.tables, None)
            write_manifest(work, bare, "sim.compare", {}, control=self.control)
            put(work, place)
        return place

    def __str__(self) -> str:
        from .report.tables import print_study

        text = io.StringIO()
        with redirect_stdout(text):
            print_study(self.study, self.tables)
        return text.getvalue()

    def _repr_html_(self) -> str:
        shown = self.comparisons if len(self.comparisons) else self.summary
        kept = [
            c for c in ("alternative", "measure", "value", "difference", "low", "high", "unit",
                        "verdict") if c in shown.columns
        ]  # fmt: skip
        rows = shown.where(group="all")
        at = [shown.columns.index(c) for c in kept]
        table = Table("headline", tuple(kept), tuple(tuple(r[i] for i in at) for r in rows))
        title = self.study.world.scenario.title or self.study.world.scenario.name
        head = f"{title}: {self.study.replications} replications, seed {self.design.seed}"
        return (
            f"<p><b>{html.escape(head)}</b></p>{table._repr_html_()}{self.figure()._repr_html_()}"
        )


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure that shows itself in a notebook; ``figure`` is matplotlib's own."""

    figure: Figure

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file; its ending says the format."""
        self.figure.savefig(path)
        return Path(path)

    def _repr_png_(self) -> bytes:
        data = io.BytesIO()
        self.figure.savefig(data, format="png", dpi=110)
        return data.getvalue()

    def _repr_html_(self) -> str:
        return f'<img alt="" src="data:image/png;base64,{b64encode(self._repr_png_()).decode()}">'
