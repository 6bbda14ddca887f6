"""
Load a scenario, run a comparison and save its results, from a script or a notebook.

>>> import rescuesim
>>> scenario = rescuesim.load("first-steps", {"clock.length": "2 days"})
>>> found = rescuesim.compare(scenario, replications=4)
>>> len(found.comparisons.where(measure="response_restricted_mean", group="all"))
1
"""

from __future__ import annotations

import html
import io
import tempfile
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from .errors import ScenarioError, UsageError
from .experiment import (
    ComparisonRow,
    Design,
    EstimateRow,
    Processes,
    Runner,
    Study,
    Table,
    Tables,
    ValueRow,
    check_place,
    design_of,
    put,
    run_study,
    tabulate,
    write_answer,
    write_manifest,
    write_study,
)
from .experiment.results.folder import confirmed
from .experiment.running.confirming import ConfirmationRow
from .outcomes import Controlled, FairnessRow, GroupDifference, Observations
from .policies import LIBRARY, PolicySet, policy_sets, read_with_rules
from .scenario import ScenarioFile, find_scenario
from .scenario.format1 import new_question

if TYPE_CHECKING:
    from matplotlib.figure import Figure as MatplotlibFigure

    from .experiment.validating.validation_study import Validation
    from .fitting.fitted_record import FittedRecord

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
        With every error in the file, each at its line.
    UsageError
        When there is no such scenario.

    """
    return read_with_rules(find_scenario(str(scenario)), overrides)


def compare(
    *scenarios: ScenarioFile | str | Path,
    policies: Sequence[str] | Mapping[str, Choice] | None = None,
    replications: int | None = None,
    until: Mapping[str, str] | None = None,
    seed: int | None = None,
    jobs: int = 1,
    control: bool = False,
) -> ComparisonResult:
    """
    Run alternatives on the same callouts and return the result.

    Parameters
    ----------
    scenarios
        One or more; every policy of each is an alternative, the first one the baseline.
    policies
        Which of the scenarios' policies; or a mapping from names of your own to policies: the
        name of one in the scenario, a `PolicySet`, or what differs from the scenario's first: an
        object, or a rule written as in a scenario file, as in
        ``{"spares": {"dispatch": SparesTheLast()}, "cutoff": {"dispatch": {"cutoff":
        {"reserve": {2: 1}}}}}``.
    replications
        Independent runs; as the scenario says if not given.
    until
        Half-widths at which to stop, by measure, as in ``{"response_restricted_mean": "5%"}``.
    seed
        Seed of all random numbers; as the scenario says if not given.
    jobs
        Processes to run in; with more than one, policies must be defined in a module, not in a
        notebook.
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
        return ComparisonResult(run_study(design, runner=runner, fresh=True), control)
    with Processes(design.alternatives, design.seed, jobs, runner=runner) as workers:
        study = run_study(design, runner=runner, workers=workers, fresh=True)
    return ComparisonResult(study, control)


def write_page(results: str | Path, path: str | Path | None = None) -> Path:
    """
    Write a results folder as one HTML file that opens anywhere, and return its path.

    Parameters
    ----------
    results
        What ``run``, ``compare`` or ``measure`` wrote.
    path
        The file; next to the folder, with its name, if not given.

    Raises
    ------
    ResultsError
        When the folder is partial, of another format or altered, or the file cannot be written.
    UsageError
        When there is a file of that name which is no page.

    """
    from .page import write_page as write

    return write(results, path)


def fit(
    record: str | Path,
    mapping: str | Path,
    bases: str | Path | None = None,
    *,
    begin: datetime | None = None,
    until: datetime | None = None,
) -> FittedScenario:
    """
    Fit a scenario to a record of past callouts.

    Parameters
    ----------
    record
        A table of callouts.
    mapping
        A YAML file that describes it, like ``record`` in a scenario.
    bases
        A CSV of where its units start: ``unit``, ``lat``, ``lon`` and perhaps ``base``; without it
        bases and speeds are illustrative.
    begin, until
        Midnights between which callouts are fitted; all if not given. What is held out so can be
        judged by `validate`.

    Raises
    ------
    ScenarioError, UsageError
        When a file cannot be read, each error with its row, or the record is too short.

    """
    from .fitting.fitted_record import fit_record

    table = None if bases is None else Path(bases)
    return FittedScenario(fit_record(Path(record), Path(mapping), table, begin, until))


def validate(
    scenario: ScenarioFile | str | Path,
    record: str | Path,
    mapping: str | Path | None = None,
    *,
    begin: datetime | None = None,
    until: datetime | None = None,
    demands: Sequence[str] | None = None,
    tolerance: tuple[float, int] | None = None,
    policy: str | None = None,
    replications: int = 20,
    seed: int | None = None,
    jobs: int = 1,
) -> Validation:
    """
    Run a scenario on the period of a record of callouts, and compare both.

    Parameters
    ----------
    scenario
        Read, or its path or name.
    record
        The record.
    mapping
        YAML file that says how it is written; the scenario's ``demand.record`` if not given.
    begin, until
        Midnights between which they are compared: local time, the second not included. If not
        given, the first and the last whole day of the record are run and not compared.
    demands
        Whose callouts are simulated: ``record``, ``scenario``; both if not given.
    tolerance
        How far the simulation may be off: a share of what is recorded, and at least a time [ms];
        10 % and 1 min if not given.
    policy
        The scenario's first if not given.
    replications, seed, jobs
        Independent runs; seed of all random numbers, the scenario's if not given; processes.

    Raises
    ------
    ScenarioError, UsageError
        When the scenario, the record or its mapping is wrong, or they do not fit each other.

    """
    from .experiment.validating.recorded_side import record_next_to
    from .experiment.validating.validation_study import validate_scenario
    from .outcomes.validation.agreement import Tolerance

    file = scenario if isinstance(scenario, ScenarioFile) else load(scenario)
    written = None if mapping is None else Path(mapping)
    recorded = record_next_to(file, Path(record), written, begin, until)
    return validate_scenario(
        file, recorded, demands=demands, policy=policy, replications=replications, seed=seed,
        jobs=jobs, tolerance=None if tolerance is None else Tolerance(*tolerance),
    )  # fmt: skip


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
    found = {}
    for name, choice in policies.items():
        if isinstance(choice, PolicySet):
            found[name] = replace(choice, name=name)
        elif isinstance(choice, str):
            if choice not in own:
                hint = _nearest(choice, own)
                raise UsageError(
                    f"policies: there is no policy {choice!r} in {file.path.name}{hint}; "
                    f"it has {', '.join(own)}"
                )
            found[name] = replace(own[choice], name=name)
        elif isinstance(choice, Mapping):
            found[name] = _chosen(file, name, choice, next(iter(own.values())))
        else:
            raise UsageError(
                f"policies: {name!r} is {choice!r}; give the name of a policy, or what differs "
                "from the first, as in {'dispatch': 'closest'}"
            )
    return found


def _chosen(
    file: ScenarioFile, name: str, choice: Mapping[str, Any], first: PolicySet
) -> PolicySet:
    """Return the scenario's first policy with rules replaced: written as in YAML, or objects."""
    for question, rule in choice.items():
        if question not in LIBRARY:
            new = new_question(str(question))
            hint = f"; it is now {new!r}" if new else _nearest(str(question), LIBRARY)
            raise UsageError(
                f"policies: {name!r} sets {question!r}{hint}; a policy answers one of "
                f"{', '.join(LIBRARY)}"
            )
        if isinstance(rule, type):
            raise UsageError(
                f"policies: the {question} rule of {name!r} is the class {rule.__name__}; a rule "
                f"is one of its objects: {rule.__name__}(...)"
            )
        if not callable(rule) and not isinstance(rule, (str, Mapping)):
            raise UsageError(
                f"policies: the {question} rule of {name!r} is {rule!r}; give an object, the name "
                "of a rule, or its name with parameters, as in {'cutoff': {'reserve': {2: 1}}}"
            )
    written = {q: rule for q, rule in choice.items() if isinstance(rule, (str, Mapping))}
    base = first
    if written:
        read = _read(file, name, written)
        base = replace(first, **{question: getattr(read[name], question) for question in written})
    objects = {question: rule for question, rule in choice.items() if question not in written}
    return replace(base, name=name, **objects)


def _read(file: ScenarioFile, name: str, written: Mapping[str, Any]) -> dict[str, PolicySet]:
    """Return the policies of a scenario with one more, written as in a file."""
    try:
        return policy_sets(file.replace({("policies", name, q): r for q, r in written.items()}))
    except ScenarioError as error:
        diagnostic = error.diagnostics[0]
        said = "; ".join(filter(None, [diagnostic.message, diagnostic.help]))
        raise UsageError(f"policies: {name!r}: {said}") from None


def _nearest(name: str, known: Iterable[str]) -> str:
    close = get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


@dataclass(frozen=True, eq=False, repr=False)
class ComparisonResult:
    """The result of a comparison: tables, figures and arrays."""

    study: Study
    control: bool = False

    @cached_property
    def tables(self) -> Tables:
        """All tables."""
        return tabulate(self.study, self.control)

    @property
    def summary(self) -> Table[EstimateRow]:
        """Every measure of every alternative and group with its 95 % interval."""
        return self.tables.summary

    @property
    def comparisons(self) -> Table[ComparisonRow]:
        """Paired differences from the baseline, with verdicts."""
        return self.tables.comparisons

    @property
    def replications(self) -> Table[ValueRow]:
        """The measures, replication by replication."""
        return self.tables.replications

    @property
    def controlled(self) -> Table[Controlled]:
        """Estimates with the number of callouts as control variate, where asked for."""
        return self.tables.controlled

    @property
    def fairness(self) -> Table[FairnessRow]:
        """
        Results by area and kind of callout: the worst, the gap, Gini coefficient,
        equally-distributed equivalent.
        """
        return self.tables.fairness

    @property
    def place_differences(self) -> Table[GroupDifference]:
        """Paired differences by place, with verdicts; no row unless `study.by` asks for them."""
        return self.tables.place_differences

    @property
    def window_differences(self) -> Table[GroupDifference]:
        """Paired differences in windows of the run, as during a closure; as by place."""
        return self.tables.window_differences

    @property
    def confirmation(self) -> Table[ConfirmationRow]:
        """The best of three or more, estimated again on fresh replications; else no row."""
        return confirmed(self.study.confirmation)

    @property
    def observations(self) -> dict[str, Observations]:
        """Every measured callout of each alternative, as arrays. [ms]"""
        return self.study.observations

    @property
    def design(self) -> Design:
        """The design: alternatives, replications and seed."""
        return self.study.design

    def figure(self, name: str = "share-reached") -> Figure:
        """
        Return one of the study's figures.

        Raises
        ------
        UsageError
            When there is no figure of that name.

        """
        from .report import figures_of

        for known, figure in figures_of(self.study, self.tables, [name]):
            if known == name:
                return Figure(figure)
        known_names = [known for known, _ in figures_of(self.study, self.tables)]
        raise UsageError(
            f"there is no figure {name!r} of this study{_nearest(name, known_names)}; there are "
            f"{', '.join(known_names)}"
        )

    def save(self, place: str | Path) -> Path:
        """
        Write a results folder atomically, and return its path.

        Raises
        ------
        ResultsError
            When the folder holds something else, or cannot be written.

        """
        place = Path(place)
        check_place(place)
        place.resolve().parent.mkdir(parents=True, exist_ok=True)
        from .report.results_text.answer import answer

        with tempfile.TemporaryDirectory(
            dir=place.resolve().parent, prefix=f".{place.name}."
        ) as own:
            work = Path(own) / "whole"
            bare = replace(self.study, design=replace(self.design, logged=0))
            write_study(work, bare, self.tables, None)
            write_answer(work, answer(bare, self.tables))
            write_manifest(work, bare, "sim.compare", {}, control=self.control)
            put(work, place)
        return place

    def write_page(self, path: str | Path) -> Path:
        """
        Write the result as one HTML file that opens anywhere, and return its path.

        Raises
        ------
        ResultsError, UsageError
            When the file cannot be written, or there is one of that name which is no page.

        """
        from .page.results_page import write_study_page

        with tempfile.TemporaryDirectory() as own:
            saved = self.save(Path(own) / self.study.world.scenario.name)
            return write_study_page(self.study, self.tables, saved, Path(path))

    def __repr__(self) -> str:
        scenario, names = self.study.world.scenario, ", ".join(self.design.names)
        return (
            f"<ComparisonResult of {scenario.name}: {names}; {self.study.replications} "
            f"replications, seed {self.design.seed}; print it for the answer>"
        )

    def __str__(self) -> str:
        from .report.results_text.text_tables import print_study

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


@dataclass(frozen=True, eq=False, repr=False)
class FittedScenario:
    """What was fitted to a record; ``fitted`` has rates, durations, drives and units as arrays."""

    fitted: FittedRecord

    def text(self, name: str = "fitted") -> str:
        """Return it as a commented scenario file."""
        from .fitting.scenario_writing.scenario_text import scenario_text

        return scenario_text(self.fitted, name)

    @property
    def limits(self) -> list[str]:
        """What the record does not tell, and what is assumed instead."""
        from .fitting.fit_limits import limits_of

        return limits_of(self.fitted)

    def figure(self) -> Figure:
        """Return the picture: callouts by hour, recorded durations against the families."""
        from .report.fit_report import figure_of

        return Figure(figure_of(self.fitted))

    def save(self, path: str | Path, figure: bool = True) -> list[Path]:
        """
        Write the scenario, and the picture next to it, and return their paths.

        Raises
        ------
        UsageError
            When there is a file already, or its name does not end in .yaml.
        ResultsError
            When a file cannot be written.

        """
        from .report.fit_report import write_fit

        return write_fit(self.fitted, Path(path), figure)

    def __repr__(self) -> str:
        found = self.fitted
        return (
            f"<FittedScenario of {found.input.file}: {len(found.input.received):,} callouts, "
            f"{found.rates.rate:.4g} a day; print it for more>"
        )

    def __str__(self) -> str:
        from .report.fit_report import print_fit

        text = io.StringIO()
        with redirect_stdout(text):
            print_fit(self.fitted, [])
        return text.getvalue()


@dataclass(frozen=True, eq=False)
class Figure:
    """A figure, displayed in a notebook; ``figure`` is the matplotlib figure."""

    figure: MatplotlibFigure

    def save(self, path: str | Path) -> Path:
        """Write the figure to a file; the file's suffix is the format."""
        self.figure.savefig(path)
        return Path(path)

    def _repr_png_(self) -> bytes:
        data = io.BytesIO()
        self.figure.savefig(data, format="png", dpi=110)
        return data.getvalue()

    def _repr_html_(self) -> str:
        return f'<img alt="" src="data:image/png;base64,{b64encode(self._repr_png_()).decode()}">'
