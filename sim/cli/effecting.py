"""What ``effects`` does: run the studies of published effects, write what they give as a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from sim.experiment import Progress, Runner, Study, Table, design_of, run_study
from sim.experiment.effects import (
    AMBULANCE,
    CITIES,
    INFORMATION,
    SCENARIOS,
    Finding,
    RuleOutcome,
    findings,
    limits_of,
    rule_outcomes,
)
from sim.scenario import find_scenario, read_scenario

from .pages import as_written, markdown, number, within, write
from .stopping import stop_if_asked
from .studying import show_progress, tell, workers_of

COMMAND = "rescuesim effects --out docs"
DAYS_FOR_A_RUN = 100  # AMBULANCE-1 runs a day, so it is run so many times as often as a city
DIGITS = {"%": 1, "min": 2, "times": 1}
OF_FINDINGS = ("claim", "source", "published", "ours", "holds?", "scenario, replications, seed")
OF_RULES = ("rule", "mean [min]", "median [min]", "90th percentile [min]", "late [%]")
TOLD = {
    "effects-relocation": "A city of 19 teams, where a freed team waits",
    "effects-dispatch": "The same city, who goes",
    "effects-small-city": "A small city of 8 teams, both",
    "effects-information": "The city of 19 teams, the price of information",
    "effects-small-information": "The small city, the price of information",
}

HEAD = f"""\
# Published effects

What others have published of the rules in this package, and what comes out here. This page is
written by the study itself, and so are the tables next to it (`effects.csv`, `rules.csv`):

```sh
{COMMAND}
```

The cities are made up, and every number in them was chosen before the first run, for its
roundness; their teams stand where MEXCLP would put them, so no rule is flattered by badly placed
bases. Another city gives other numbers: what should agree is the direction, and the order of
magnitude. AMBULANCE-1 is a published model, restated number by number; there the numbers
themselves should agree. What is assumed stands in the scenarios.
"""

BELOW_FINDINGS = """\
In brackets: 95 % intervals over replications. A change is a ratio of two estimates over the same
replications, less one; its interval is by the delta method on replication pairs. "Late" is later
than the scenario's target: 15 min in the city, 12 min in the small one. *Holds?* says whether the
direction is shown (the interval is clear of zero, or of one), and whether the size is as
expected beforehand: 10 to 35 % fewer late by relocation, a mean 15 to 45 % longer by dispatch.

The best there is cannot be worked out exactly for a city. "At least" sets closest-idle next to the
best rule in the tables below, "at most" next to a bound that no schedule can better; the truth
lies between. So those rows show that a ratio as published could be true here, not that it is.

For AMBULANCE-1, cells of 1 by 1 stand for a square of 20 by 20. They make a drive longer by at
most 0.01 min on average, and the mean response time, with its queues, by some 0.05 min.
"""

RULES = """\
## Rule by rule

All rules side by side, on the same callouts. `home`, `closest` and `today` send the closest team,
which returns to its own base; in `relocation` it waits where DMEXCLP says, in `cover` DMEXCLP says
who goes. A rule can win the target and lose the mean, so both are shown, with the median and the
90th percentile.

For the price of information, teams are sent only from their bases. `random` knows nothing, and a
`clairvoyant` knows the callouts of the next hour (of four hours in the small city) and how long all
work will take; what lies between it and `cover` could be had by knowing more. It plans one team at
a time, so it is no optimum, and a rule may beat it. The last row is a bound: each of its two
columns, on its own, is what no rule can better. How near to it a rule could come is not known.
"""


def effects(out: Path | None, replications: int | None, jobs: int | None, quiet: bool) -> int:
    """Run all studies, write the page and its tables, print them, and return the exit code."""
    place = out or Path("results") / "effects"
    studies = {name: _study(name, replications, jobs, quiet) for name in SCENARIOS}
    limits = {}
    for name in INFORMATION:
        if not quiet:
            tell(f"{name}: the bound on all rules")
        stop_if_asked()
        limits[name] = limits_of(studies[name])
    found = [as_written(f) for f in findings(studies, limits)]
    rules = [
        as_written(p) for name in CITIES for p in rule_outcomes(studies[name], limits.get(name))
    ]
    tables = [
        Table("effects", Finding._fields, tuple(map(tuple, found))),
        Table("rules", RuleOutcome._fields, tuple(map(tuple, rules))),
    ]
    page = as_page(found, rules)
    write(place, {"effects.md": page, **{f"{t.name}.csv": t.csv() for t in tables}})
    click.echo(page, nl=False)
    click.echo(f"\nResults: {place}", err=True)
    return 0


def _study(name: str, replications: int | None, jobs: int | None, quiet: bool) -> Study:
    """Run the study of a shipped scenario."""
    if not quiet:
        tell(name)
    file = read_scenario(find_scenario(name))
    if replications is not None:
        wanted = replications * (DAYS_FOR_A_RUN if name == AMBULANCE else 1)
        file = file.replace({"study.replications": wanted})
    design = design_of([file])
    runner = Runner(design.alternatives, design.seed)
    with (
        show_progress(quiet) as show,
        workers_of(design, runner, jobs, None) as workers,
    ):

        def hear(progress: Progress) -> None:
            stop_if_asked()
            show(progress)

        return run_study(design, runner=runner, workers=workers, on_progress=hear)


def as_page(found: Sequence[Finding], rules: Sequence[RuleOutcome]) -> str:
    """Return the page: a function of the two tables alone, so it can be made from them again."""
    claims = [
        (
            f.claim,
            f.source,
            f.published,
            said(f.ours, f.low, f.high, f.unit),
            f"**{f.holds}**" if f.holds == "no" else f.holds,
            f"`{f.scenario}`, {f.replications}, {f.seed}",
        )
        for f in found
    ]
    parts = [HEAD, markdown(OF_FINDINGS, claims), BELOW_FINDINGS, RULES]
    for name in dict.fromkeys(rule.scenario for rule in rules):
        own = [_rule(rule) for rule in rules if rule.scenario == name]
        parts += [f"### {TOLD[name]} (`{name}`)\n", markdown(OF_RULES, own)]
    return "\n".join(parts)


def _rule(rule: RuleOutcome) -> tuple[str, ...]:
    return (
        rule.rule,
        within(rule.mean, rule.mean_low, rule.mean_high, 2),
        "" if rule.median is None else number(rule.median, 1),
        "" if rule.p90 is None else number(rule.p90, 1),
        within(100 * rule.late, 100 * rule.late_low, 100 * rule.late_high, 2),
    )


def said(value: float, low: float, high: float, unit: str) -> str:
    """Return an estimate with its interval and unit; a change carries its sign."""
    sign = "+" if unit == "%" else ""
    return f"{within(value, low, high, DIGITS[unit], sign)} {unit}"
