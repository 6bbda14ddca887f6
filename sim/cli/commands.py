"""The commands and their flags."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sim.errors import UsageError

from .sections import Sections


@click.group(cls=Sections, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rescuesim")
def main() -> None:
    """
    Simulate volunteer rescue dispatch: test staffing and routing policies on scenario files.

    Begin with: rescuesim compare coast-march-2025
    """


def _flags(*flags: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def add(command: Callable[..., Any]) -> Callable[..., Any]:
        for flag in reversed(flags):
            command = flag(command)
        return command

    return add


def out_flag(meaning: str) -> Callable[..., Any]:
    """Return the flag that says where results go: a folder or a file."""
    return click.option("--out", "-o", type=click.Path(path_type=Path), help=meaning)


def _quiet(meaning: str) -> Callable[..., Any]:
    return click.option("--quiet", "-q", is_flag=True, help=meaning)


def _policy(meaning: str) -> Callable[..., Any]:
    return click.option("--policy", help=meaning)


def _policies(meaning: str) -> Callable[..., Any]:
    return click.option("--policy", "policies", multiple=True, help=meaning)


def _vary(meaning: str) -> Callable[..., Any]:
    return click.option("--vary", multiple=True, metavar="PATH=V1,V2,...", help=meaning)


_jobs = click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 256),
    help="Processes to run in; as many as pay if not given. The results do not depend on it.",
)
_json = click.option(
    "--json", "as_json", is_flag=True, help="Print one JSON object instead of tables."
)
_no_figures = click.option("--no-figures", is_flag=True, help="Leave out the figures.")
_page_out = out_flag("File to write; standard output if not given.")
_study_out = _flags(
    out_flag("Folder for the results; results/<name>-<hash> if not given."),
    click.option("--fresh", is_flag=True, help="Start over, without resuming an interrupted run."),
)
_scenario_flags = _flags(
    click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of all random numbers."),
    click.option(
        "--days",
        type=click.FloatRange(0, 7300, min_open=True),
        help="Length of the measured period. [days]",
    ),
    click.option(
        "--warm-up",
        metavar="DURATION",
        help="Simulated before the measured period: a duration, none, or auto (MSER-5).",
    ),
    click.option(
        "--set", "set", multiple=True, metavar="PATH=VALUE", help="Replace a value; repeatable."
    ),
)
_running_flags = _flags(
    _jobs,
    click.option(
        "--cluster",
        metavar="ADDRESS",
        help="Run on a Dask cluster: tcp://host:port, or local.",
    ),
    _quiet("Print no progress and no warnings."),
)
_study_flags = _flags(
    _scenario_flags,
    click.option("--replications", "-n", type=click.IntRange(1, 100_000), help="Independent runs."),
    click.option(
        "--until",
        multiple=True,
        metavar="MEASURE=WIDTH",
        help="Run until a 95 % interval has this half-width, such as response_p90=5%; repeatable.",
    ),
    click.option(
        "--at-most",
        type=click.IntRange(2, 100_000),
        help="Largest number of replications, even if --until is not met.",
    ),
    click.option(
        "--log",
        type=click.IntRange(0),
        metavar="N",
        help="Number of replications with a log of every callout and decision.",
    ),
    click.option(
        "--control", is_flag=True, help="Use the number of callouts as a control variate."
    ),
    _running_flags,
    _study_out,
    _no_figures,
    click.option("--all", "everything", is_flag=True, help="Print every table after the answer."),
    _json,
)

_record_flags = _flags(
    click.option(
        "--inputs",
        type=click.Choice(["bootstrap"]),
        help="bootstrap: draw the record that the scenarios were fitted to again and again, fit "
        "and run each, and add its error to the intervals. Needs --record and --map.",
    ),
    click.option(
        "--record", type=click.Path(path_type=Path), help="The record they were fitted to."
    ),
    click.option(
        "--map",
        "mapping",
        type=click.Path(path_type=Path),
        help="How the record is written, as given to fit.",
    ),
    click.option(
        "--bases",
        type=click.Path(path_type=Path),
        help="Where its units start, if given to fit.",
    ),
    click.option(
        "--bootstraps", type=int, metavar="B", help="How many records are drawn; 20 if not given."
    ),
)


@main.command(short_help="Run a scenario under one of its policies.")
@click.argument("scenario")
@_study_flags
@_policy("Name of the policy; the first if not given.")
def run(scenario: str, policy: str | None, **flags: Any) -> int:
    """Run SCENARIO (a file, or the name of a shipped one) under one of its policies."""
    from .study_commands.run_and_compare import FIRST, Flags, study

    return study("run", Flags((scenario,), (policy or FIRST,), **flags))


@main.command(short_help="Compare policies and scenarios on the same callouts.")
@click.argument("scenarios", nargs=-1, required=True)
@_study_flags
@_policies("Name of a policy, the baseline first; all if not given. Repeatable.")
@_vary("Compare values of a field, such as 'teams.Jablah A.crew=4,6,8'; repeatable.")
@_record_flags
def compare(
    scenarios: tuple[str, ...],
    policies: tuple[str, ...],
    inputs: str | None,
    record: Path | None,
    mapping: Path | None,
    bases: Path | None,
    bootstraps: int | None,
    **flags: Any,
) -> int:
    """
    Run SCENARIOS under all their policies on the same callouts, and compare them.

    The first policy of the first scenario is the baseline. A scenario that extends another
    (an overlay) is compared with it callout by callout.

    Intervals are those of the simulation. With --inputs bootstrap, scenarios written by fit are run
    for records drawn from theirs, too: how much of each interval is the record's.
    """
    from .study_commands.record_flags import RecordFlags
    from .study_commands.run_and_compare import Flags, study

    given = RecordFlags(inputs, record, mapping, bases, bootstraps)
    return study("compare", Flags(scenarios, policies, inputs=given, **flags))


@main.command(short_help="Choose the best of many alternatives.")
@click.argument("scenarios", nargs=-1, required=True)
@click.option(
    "--by",
    "measure",
    help="Measure to choose by; response_restricted_mean if not given.",
)
@click.option("--delta", help="Smallest difference that matters, such as '30 s' or '1 pp'; for kn.")
@click.option(
    "--confidence",
    type=click.FloatRange(0.5, 0.9999),
    help="Probability of choosing the best, 0.95 if not given; for kn.",
)
@click.option(
    "--method",
    type=click.Choice(["kn", "equal", "ocba"]),
    default="kn",
    show_default=True,
    help="kn: run until the guarantee holds; equal: a budget in equal shares; ocba: a budget "
    "allocated as for independent runs (OCBA), which loses the benefit of pairing.",
)
@click.option(
    "--budget",
    type=click.IntRange(2),
    help="Replications of all alternatives together; for equal and ocba.",
)
@click.option(
    "--batch",
    type=click.IntRange(1, 1000),
    help="Replications averaged into one observation; for kn.",
)
@_policies("Name of a policy; all if not given. Repeatable.")
@_vary("Compare values of a field, as in compare.")
@_scenario_flags
@_running_flags
@_study_out
@_json
def select(scenarios: tuple[str, ...], policies: tuple[str, ...], **flags: Any) -> int:
    """
    Choose the best alternative of SCENARIOS by one measure, running each no longer than needed.

    All alternatives have the same callouts, and those clearly worse are dropped (Kim and Nelson's
    procedure). The first is the baseline: an alternative that leaves more people without help is
    no candidate. The guarantee is printed, and the estimate for the one chosen from fresh
    replications.
    """
    from .study_commands.select_command import select as choose

    return choose(scenarios, policies, **flags)


@main.command("warm-up", short_help="Find how much warm-up a scenario needs (MSER-5).")
@click.argument("scenario")
@_scenario_flags
@_policy("Name of the policy; the first if not given.")
@out_flag("File for the figure (png, svg, pdf).")
@_quiet("Print no warnings.")
def warm_up(scenario: str, policy: str | None, out: Path | None, **flags: Any) -> int:
    """Run SCENARIO from an empty start, and print how many days of warm-up to discard."""
    from .study_commands.warm_up_command import settle

    return settle(scenario, policy, out, **flags)


@main.command(short_help="Explain what differs between alternatives, or one callout.")
@click.argument("results", type=click.Path(path_type=Path))
@click.option("--callout", type=click.IntRange(0), help="Number of the callout to explain.")
@click.option("--policy", "alternative", help="Alternative to explain; the baseline if not given.")
@click.option("--against", help="The alternative it is compared with; the second if not given.")
@click.option(
    "--instead",
    metavar="TEAM",
    help="With --callout: run it again with TEAM (or nobody) sent first, and tell what followed.",
)
@click.option(
    "--replication",
    type=click.IntRange(0),
    default=0,
    show_default=True,
    help="Number of the replication.",
)
@click.option(
    "--most",
    type=click.IntRange(1),
    default=20,
    show_default=True,
    help="Largest number of changes listed.",
)
@click.option("--all", "everything", is_flag=True, help="Tell all about the callout, not 40 lines.")
def explain(
    results: Path,
    callout: int | None,
    alternative: str | None,
    against: str | None,
    instead: str | None,
    replication: int,
    most: int,
    everything: bool,
) -> None:
    """
    List the callouts that differ between two alternatives of RESULTS, and why.

    With --callout, tell what happened to one callout; with --instead also what would have followed
    had another team been sent first.
    """
    if instead is not None:
        from .study_commands.explain_instead import change

        change(results, callout, instead, alternative, against, replication, most)
        return
    from .study_commands.explain_command import explain as tell

    tell(results, callout, alternative, against, replication, most, everything)


@main.command(short_help="Run a results folder again: IDENTICAL, or the first difference.")
@click.argument("results", type=click.Path(path_type=Path))
@_running_flags
def reproduce(results: Path, **flags: Any) -> int:
    """Run RESULTS again from the files in it, and print IDENTICAL or the first differing field."""
    from .check_commands.reproduce_command import reproduce as run_again

    return run_again(results, **flags)


@main.command(short_help="Run studies of published effects, and compare.")
@out_flag("Folder for the page and its tables; results/effects if not given.")
@click.option(
    "--replications",
    "-n",
    type=click.IntRange(2, 10_000),
    help="Runs of each city; AMBULANCE-1, whose runs are one day, has a hundred times as many.",
)
@_jobs
@_quiet("Print no progress.")
def effects(out: Path | None, replications: int | None, jobs: int | None, quiet: bool) -> int:
    """
    Run studies of published effects, and write their results next to the published ones.

    The page is docs/effects.md of this project; it takes some minutes.
    """
    from .check_commands.effects_command import effects as find

    return find(out, replications, jobs, quiet)


@main.command(short_help="Count how often intervals and verdicts are wrong.")
@out_flag("Folder for the page and its table; results/coverage if not given.")
@click.option("--quick", is_flag=True, help="A quick version: fewer replications and studies.")
@_jobs
@_quiet("Print no progress.")
def coverage(out: Path | None, quick: bool, jobs: int | None, quiet: bool) -> int:
    """
    Count how often intervals contain the true value and verdicts are wrong; write a page.

    Shipped scenarios are run many times, and studies whose true values are known are drawn from
    these runs. The page is docs/verdicts.md of this project; it takes a quarter of an hour on two
    processors, with
    --quick two minutes. Exit code 1 where a bound is broken by more than chance.
    """
    from .check_commands.coverage_command import coverage as count

    return count(out, quick, jobs, quiet)


@main.command(short_help="Measure a record of real callouts; no simulation.")
@click.argument("record", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "--columns",
    "columns",
    type=click.Path(path_type=Path),
    help="YAML file that says how the record is written, like `record` in a scenario.",
)
@click.option("--scenario", help="A scenario with such a record: its kinds, places and targets.")
@click.option(
    "--target",
    "targets",
    multiple=True,
    metavar="TARGET",
    help="A target, such as 'medical within 8 min 90%': a kind, `priority 1` or `all`. Repeatable.",
)
@out_flag("Folder for the tables and figures; results/measured-<name> if not given.")
@_no_figures
@click.option("--all", "everything", is_flag=True, help="Print by kind, area and hour, too.")
@click.option("--excel", is_flag=True, help="Write the tables as one workbook, too (.xlsx).")
@click.option(
    "--decimal-comma",
    is_flag=True,
    help="Write times, rates and rows as European spreadsheets open them: with semicolons.",
)
@_json
@_quiet("Print no warnings.")
def measure(
    record: Path,
    columns: Path | None,
    scenario: str | None,
    targets: tuple[str, ...],
    **wanted: Any,
) -> int:
    """
    Measure RECORD: a table of past callouts, or the callouts of a results folder.

    The same measures and figures as for a run, as far as a record has the data; and what became of
    each of its rows.
    """
    from .check_commands.measure_command import Wanted
    from .check_commands.measure_command import measure as tell

    return tell(record, columns, scenario, targets, Wanted(**wanted))


@main.group(short_help="Propose how a record of real callouts is written.")
def record() -> None:
    """Records of past callouts, as services keep and publish them."""


@record.command("new", short_help="Propose a mapping of a record's columns, to correct.")
@click.argument("file", type=click.Path(path_type=Path))
@out_flag("File to write; <name>.columns.yaml if not given.")
@click.option("--sheet", help="Sheet of a workbook; the first if not given.")
def record_new(file: Path, out: Path | None, sheet: str | None) -> None:
    """
    Propose how FILE is written: a .csv, .xlsx, .xls or .ods of past callouts.

    Columns, form of dates, kinds and priorities, as commented YAML for `measure --map` and for
    `demand.record`. What only a person can know is left open and said.
    """
    from .plan_commands.record_command import propose_mapping

    propose_mapping(file, out, sheet)


@main.command(short_help="Put a scenario and a record of real callouts side by side.")
@click.argument("scenario")
@click.argument("record", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "mapping",
    type=click.Path(path_type=Path),
    help="YAML file that describes the record, like `record` in a scenario; the scenario's if not "
    "given.",
)
@click.option("--from", "begin", metavar="DATE", help="First day that is compared.")
@click.option("--until", metavar="DATE", help="Day before which the comparison ends.")
@click.option(
    "--demand",
    "demands",
    type=click.Choice(["record", "scenario"]),
    multiple=True,
    help="Whose callouts to simulate; both if not given. Repeatable.",
)
@click.option(
    "--tolerance",
    metavar="'SHARE TIME'",
    help="How far the simulation may be off: a share of what is recorded, at least a time; "
    "'10% 1 min' if not given.",
)
@_policy("Name of the policy; the first if not given.")
@click.option(
    "--replications",
    "-n",
    type=click.IntRange(2, 10_000),
    default=20,
    show_default=True,
    help="Independent runs of the period.",
)
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of all random numbers.")
@click.option(
    "--set", "set", multiple=True, metavar="PATH=VALUE", help="Replace a value; repeatable."
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1, 256),
    help="Processes to run in; one if not given. The results do not depend on it.",
)
@out_flag("Folder for tables and figures; results/validated-<scenario>-<record> if not given.")
@_no_figures
@_json
@_quiet("Print no warnings.")
def validate(scenario: str, record: Path, **flags: Any) -> int:
    """
    Run SCENARIO on the period of RECORD, and say where it agrees with what was recorded.

    Response and its parts are compared with the record's own callouts run through the scenario's
    teams, the number of callouts with the scenario's own demand. Agreement is declared where the
    interval of the difference lies within the tolerance, and nowhere else.
    """
    from .check_commands.validate_command import ValidationFlags
    from .check_commands.validate_command import validate as compare_both

    return compare_both(scenario, record, ValidationFlags(**flags))


@main.command(short_help="Check scenario files; report every error at its line.")
@click.argument("scenarios", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the errors as JSON, for editors.")
@_quiet("Print nothing for files without errors.")
def check(scenarios: tuple[str, ...], as_json: bool, quiet: bool) -> int:
    """Check scenario files: report every error at its line, with a fix."""
    from .plan_commands.check_command import check_files

    return check_files(scenarios, as_json, quiet)


@main.command(short_help="Write a commented starter scenario.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--from",
    "template",
    default="first-steps",
    show_default=True,
    help="Shipped scenario to begin with.",
)
def new(file: Path, template: str) -> None:
    """Write a commented starter scenario to FILE, with the data and the schema it needs."""
    from .plan_commands.new_command import start

    for written in start(file, template):
        click.echo(f"wrote {written}")
    click.echo(f"next: rescuesim check {file}, then rescuesim compare {file}")


@main.command(short_help="Fit a commented scenario to a record of past callouts.")
@click.argument("record", type=click.Path(path_type=Path))
@click.option(
    "--map",
    "mapping",
    required=True,
    type=click.Path(path_type=Path),
    help="YAML file that describes the record, like `record` in a scenario.",
)
@click.option(
    "--bases",
    type=click.Path(path_type=Path),
    help="CSV of where its units start (unit, lat, lon, base), which no record tells; for speeds.",
)
@click.option(
    "--out",
    "-o",
    required=True,
    type=click.Path(path_type=Path),
    help="Scenario file to write; a picture, <name>-fit.png, goes next to it.",
)
@click.option("--from", "begin", metavar="DATE", help="First day that is fitted.")
@click.option("--until", metavar="DATE", help="Day before which the fit ends: hold out the rest.")
@click.option("--no-figures", is_flag=True, help="Leave out the picture.")
@_quiet("Print nothing.")
def fit(
    record: Path,
    mapping: Path,
    bases: Path | None,
    out: Path,
    begin: str | None,
    until: str | None,
    no_figures: bool,
    quiet: bool,
) -> int:
    """
    Write a scenario fitted to RECORD: a table of past callouts (.csv, .xlsx, .xls, .ods).

    Rates by hour, weekday, month, place and kind, how much days differ, durations, drives and
    teams, as far as the record tells: each number with its count and 95 % interval as a comment.
    Few data lean on what is common, and are marked; so is all that is assumed.
    """
    from .plan_commands.fit_command import fit as fit_scenario

    return fit_scenario(record, mapping, bases, out, no_figures, quiet, (begin, until))


@main.command(short_help="Rewrite a scenario of an earlier format; comments stay.")
@click.argument("file", type=click.Path(path_type=Path))
@out_flag("File to write; FILE itself is rewritten if not given.")
@click.option("--tables", is_flag=True, help="Rename the columns of the tables it names, too.")
def upgrade(file: Path, out: Path | None, tables: bool) -> int:
    """
    Rewrite the scenario FILE in the field names of the current format.

    Only names are replaced: comments, order and layout stay. Each is printed with its line.
    """
    from .plan_commands.upgrade_command import upgrade_file

    return upgrade_file(file, out, tables)


@main.command(short_help="Print the JSON Schema of scenario files, for editors.")
@_page_out
def schema(out: Path | None) -> None:
    """Print the JSON Schema of scenario files, so that editors complete and check them."""
    from .plan_commands.schema_command import schema_text

    write_page(schema_text(), out)


@main.command(short_help="Print every measure: unit, direction, formula.")
@_page_out
def definitions(out: Path | None) -> None:
    """Print every measure as a page: name, unit, title, direction, role and formula."""
    from .plan_commands.definitions_command import definitions_page

    write_page(definitions_page(), out)


@main.command(short_help="List the policies, with parameters and sources; try your own.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option(
    "--try",
    "tried",
    metavar="PACKAGE",
    help="Test the policies of a module or an installed package, or one rule.",
)
@click.option(
    "--set",
    "parts",
    multiple=True,
    metavar="NAME=VALUE",
    help="Parameter of the tested policy, such as keep=2 or rule.keep=2; repeatable.",
)
def policies(as_json: bool, tried: str | None, parts: tuple[str, ...]) -> int:
    """
    List all policies, those of installed packages too, with parameters and sources.

    With --try, run every policy of PACKAGE on short days and report, check by check, whether it
    behaves as a policy must and serves everyone; exit code 5 where one does not.
    """
    from .terminal.messages import as_json as json_text

    if tried is not None:
        from .plan_commands.policies_try import try_policies

        return try_policies(tried, parts, as_json)
    if parts:
        raise UsageError("--set gives parameters to a tested policy; add --try PACKAGE")
    from .plan_commands.policies_command import policies_text, policy_list

    if as_json:
        click.echo(json_text({"format": 1, "policies": policy_list()}, indent=2))
    else:
        policies_text()
    return 0


@main.command(short_help="Draw the figures of a results folder again.")
@click.argument("results", type=click.Path(path_type=Path))
@out_flag("Folder for the figures; RESULTS/figures if not given.")
@click.option(
    "--format", "formats", default="png,svg", show_default=True, help="Formats: png, svg, pdf."
)
@_policy("Policy for the map and the timeline; the first if not given.")
@click.option("--day", type=click.IntRange(1), help="Day of the run for the timeline.")
def plot(
    results: Path, out: Path | None, formats: str, policy: str | None, day: int | None
) -> None:
    """Draw the figures of a results folder again."""
    from .share_commands.plot_command import plot as draw

    wanted = tuple(f.strip() for f in formats.split(","))
    for unknown in set(wanted) - {"png", "svg", "pdf"}:
        raise UsageError(f"--format: there is no format {unknown!r}; use png, svg or pdf")
    for path in draw(results, out, wanted, policy, day):
        click.echo(path)


@main.command(short_help="Write results as one page (HTML) to hand over.")
@click.argument("results", type=click.Path(path_type=Path))
@out_flag("File to write; RESULTS.html, next to the folder, if not given.")
@click.option(
    "--answers",
    type=click.Path(path_type=Path),
    help="YAML file with what only the author knows, as describe --template writes one.",
)
def report(results: Path, out: Path | None, answers: Path | None) -> None:
    """
    Write RESULTS as one HTML file that opens anywhere, off line, in English and Arabic.

    The folder may be of run, compare or measure. The page is internal: nothing is redacted.
    """
    from .share_commands.report_command import report as write

    click.echo(f"Page: {write(results, out, answers)}")


@main.command(short_help="Open the page of a results folder in a browser.")
@click.argument("results", type=click.Path(path_type=Path))
@out_flag("File for the page; RESULTS.html, next to the folder, if not given.")
def view(results: Path, out: Path | None) -> None:
    """Write the page of RESULTS, as report does, and open it in the browser."""
    from .share_commands.report_command import view as open_page

    path, opened = open_page(results, out)
    told = "Page" if opened else "No browser can be opened here; the page is"
    click.echo(f"{told}{':' if opened else ''} {path}")


@main.command(short_help="Fill in the STRESS-DES guideline, and name what is missing.")
@click.argument("subject", metavar="SCENARIO|RESULTS")
@click.option(
    "--answers",
    type=click.Path(path_type=Path),
    help="YAML file with what only the author knows; --template writes one.",
)
@click.option("--template", is_flag=True, help="Write the open questions as such a file instead.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "markdown", "json"]),
    help="Format; by the ending of --out (.txt, .md, .json), else text, if not given.",
)
@_page_out
def describe(
    subject: str, answers: Path | None, template: bool, style: str | None, out: Path | None
) -> None:
    """
    Describe a scenario or a results folder as the STRESS-DES reporting guideline asks.

    A checklist of model readiness (HSMA) follows. What the files say is filled in; what only the
    author knows, such as purpose or funding, is asked for by name and listed as missing.
    """
    from .share_commands.describe_command import described

    write_page(described(subject, answers, template, style, out), out)


def write_page(page: str, out: Path | None) -> None:
    """Write a page to a file, or on standard output."""
    if out is None:
        click.echo(page, nl=False)
    else:
        out.write_text(page, encoding="utf-8")
