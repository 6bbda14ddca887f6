"""The commands and their flags."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from sim.errors import UsageError

EXIT_CODES = """\b
Exit codes: 0 done; 2 the scenario, a table or a flag is wrong; 4 reading or writing
results failed; 5 a policy failed; 70 our own mistake; 130 interrupted; 143 terminated.
"""


@click.group(epilog=EXIT_CODES, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="rescuesim")
def main() -> None:
    """
    Simulate volunteer rescue dispatch: test staffing and routing policies on scenario files.

    Begin with: rescuesim compare coast-march-2025
    """


def _study_flags(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the flags that ``run`` and ``compare`` share."""
    flags = [
        click.argument("scenario"),
        click.option(
            "--seed", type=click.IntRange(0, 2**63 - 1), help="Seed of all random numbers."
        ),
        click.option(
            "--replications", "-n", type=click.IntRange(1, 100_000), help="Independent runs."
        ),
        click.option(
            "--days",
            type=click.FloatRange(0, 7300, min_open=True),
            help="Length of the measured period. [days]",
        ),
        click.option(
            "--jobs",
            "-j",
            type=click.IntRange(1, 256),
            help="Processes to run in; the results do not depend on it.",
        ),
        click.option(
            "--out",
            "-o",
            type=click.Path(path_type=Path),
            help="Folder for the results; results/<name>-<hash> if not given.",
        ),
        click.option("--no-figures", is_flag=True, help="Leave out the figures."),
        click.option(
            "--json", "as_json", is_flag=True, help="Print one JSON object instead of tables."
        ),
        click.option("--quiet", "-q", is_flag=True, help="Print no progress and no warnings."),
    ]
    for flag in reversed(flags):
        command = flag(command)
    return command


@main.command(short_help="Run a scenario under one of its policies.")
@_study_flags
@click.option("--policy", help="Which of the scenario's policies; the first if not given.")
def run(policy: str | None, **flags: Any) -> None:
    """Run SCENARIO (a file, or the name of a shipped one) under one of its policies."""
    from .studying import Flags, study

    def choose(names: list[str]) -> list[str]:
        if policy is None:
            return names[:1]
        if policy not in names:
            raise UsageError(
                f"--policy: {policy!r} is not among the scenario's policies: {', '.join(names)}"
            )
        return [policy]

    study("run", Flags(**flags), choose)


@main.command(short_help="Compare all policies of a scenario on the same callouts.")
@_study_flags
def compare(**flags: Any) -> None:
    """Run SCENARIO under all its policies on the same callouts, and compare them."""
    from .studying import Flags, study

    study("compare", Flags(**flags), list)


@main.command(short_help="Check scenario files, and tell every mistake in its place.")
@click.argument("scenarios", nargs=-1, required=True)
@click.option("--json", "as_json", is_flag=True, help="Print the mistakes as JSON, for editors.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing for files that are fine.")
def check(scenarios: tuple[str, ...], as_json: bool, quiet: bool) -> int:
    """Check scenario files: every mistake with its place and the way out."""
    from .checking import check_files

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
    from .starting import start

    for written in start(file, template):
        click.echo(f"wrote {written}")
    click.echo(f"next: rescuesim check {file}, then rescuesim compare {file}")


@main.command(short_help="Print the JSON Schema of scenario files, for editors.")
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    help="File to write; standard output if not given.",
)
def schema(out: Path | None) -> None:
    """Print the JSON Schema of scenario files, so that editors complete and check them."""
    from .starting import schema_text

    if out is None:
        click.echo(schema_text(), nl=False)
    else:
        out.write_text(schema_text(), encoding="utf-8")


@main.command(short_help="List the policies, with parameters and sources.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def policies(as_json: bool) -> None:
    """List the policies there are, with their parameters and sources."""
    from .listing import policies_text, policy_list
    from .messages import as_json as json_text

    if as_json:
        click.echo(json_text({"format": 1, "policies": policy_list()}, indent=2))
    else:
        policies_text()


@main.command(short_help="Draw the figures of a results folder again.")
@click.argument("results", type=click.Path(path_type=Path))
@click.option(
    "--out",
    "-o",
    type=click.Path(path_type=Path),
    help="Folder for the figures; RESULTS/figures if not given.",
)
@click.option(
    "--format", "formats", default="png,svg", show_default=True, help="Among png, svg, pdf."
)
@click.option("--policy", help="Whose map and day to draw; the first if not given.")
@click.option("--day", type=click.IntRange(1), help="Which day's timeline to draw.")
def plot(
    results: Path, out: Path | None, formats: str, policy: str | None, day: int | None
) -> None:
    """Draw the figures of a results folder again."""
    from .plotting import plot as draw

    wanted = tuple(f.strip() for f in formats.split(","))
    for unknown in set(wanted) - {"png", "svg", "pdf"}:
        raise UsageError(f"--format: there is no format {unknown!r}; use png, svg or pdf")
    for path in draw(results, out, wanted, policy, day):
        click.echo(path)


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
