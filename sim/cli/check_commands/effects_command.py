"""What ``effects`` does: run the studies of published effects, and write the results as a page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from sim.experiment import Study, Table
from sim.experiment.effects import (
    AMBULANCE,
    CITIES,
    INFORMATION,
    SCENARIOS,
    EffectFinding,
    RuleOutcome,
    findings,
    limits_of,
    rule_outcomes,
)
from sim.scenario import find_scenario, read_scenario

from ..study_commands.run_and_compare import run_scenario, tell
from ..terminal.stopping import stop_if_asked
from .pages import as_written, markdown, number, within, write

COMMAND = "rescuesim effects --out docs"
DAYS_FOR_A_RUN = 100  # AMBULANCE-1 runs a day, so it is run this many times as often as a city
DIGITS = {"%": 1, "min": 2, "times": 1}
OF_FINDINGS = (
    "claim",
    "source",
    "published",
    "this package",
    "holds?",
    "scenario, replications, seed",
)
OF_RULES = ("rule", "mean [min]", "median [min]", "90th percentile [min]", "late [%]")
TOLD = {
    "effects-relocation": "A city of 19 teams: where a free team stands by",
    "effects-dispatch": "The same city: which team goes",
    "effects-small-city": "A small city of 8 teams: both",
    "effects-information": "The city of 19 teams: value of information",
    "effects-small-information": "The small city: value of information",
}

HEAD = f"""\
# Published effects

What others have published on the rules in this package, and what this package gives. This page is
written by the study itself, and so are the tables next to it (`effects.csv`, `rules.csv`):

```sh
{COMMAND}
```

The cities are made up. Every number in them is a round one, chosen before the first run, and their
teams are placed by MEXCLP, so that no rule gains from badly placed bases. Another city gives other
numbers: what should agree is the direction and the order of magnitude. AMBULANCE-1 is a published
model, restated number by number; there the numbers themselves should agree. The assumptions are in
the scenario files.
"""

BELOW_FINDINGS = """\
In brackets: 95 % intervals over replications. A change is a ratio of two estimates over the same
replications, less one; its interval is by the delta method on replication pairs. "Late" is later
than the scenario's target: 15 min in the city, 12 min in the small one. *Holds?* is "yes" if
the direction is shown (the interval excludes zero, or one) and the interval meets the band
expected before the first run: 10 to 35 % fewer late by relocation, a mean 15 to 45 % longer by
dispatch. An effect in the same direction but outside its band is a missed prediction: "no".

The best possible result is not known for a city. The lower bound compares closest-idle with the
best rule in the tables below, the upper bound with a bound that no schedule can beat; the true
ratio is between the two. So those rows show that a ratio as published could be true here, not that
it is.

For AMBULANCE-1, cells of 1 by 1 represent a square of 20 by 20. They make a drive longer by at
most 0.01 min on average, and the mean response time, queues included, by about 0.05 min.
"""

RULES = """\
## Rule by rule

All rules on the same callouts. `home`, `closest` and `today` send the closest team, which returns
to its own base; in `relocation` DMEXCLP chooses where it stands by, in `cover` DMEXCLP chooses
which team goes. A rule can improve the target and worsen the mean, so both are shown, with the
median and the 90th percentile.

Where the value of information is measured, teams are sent only from their bases. `random` knows
nothing. `clairvoyant` knows the callouts of the next hour (of four hours in the small city) and how
long all work will take; its distance from `cover` estimates the expected value of perfect
information over that time. It plans one team at a time, so it is not an optimum, and a rule may
beat it. The last row is the hindsight bound: no rule can be better in either of its two columns,
each taken alone. How close a rule could come to it is not known.
"""


def effects(out: Path | None, replications: int | None, jobs: int | None, quiet: bool) -> int:
    """Run all studies, write the page and its tables, print them, and return the exit code."""
    place = out or Path("results") / "effects"
    studies = {name: _study(name, replications, jobs, quiet) for name in SCENARIOS}
    limits = {}
    for name in INFORMATION:
        if not quiet:
            tell(f"{name}: the hindsight bound")
        stop_if_asked()
        limits[name] = limits_of(studies[name])
    found = [as_written(f) for f in findings(studies, limits)]
    rules = [
        as_written(p) for name in CITIES for p in rule_outcomes(studies[name], limits.get(name))
    ]
    tables: list[Table[Any]] = [
        Table("effects", EffectFinding._fields, tuple(found)),
        Table("rules", RuleOutcome._fields, tuple(rules)),
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
    return run_scenario(file, jobs, quiet)


def as_page(found: Sequence[EffectFinding], rules: Sequence[RuleOutcome]) -> str:
    """Return the page: a function of the two tables alone, so it can be made from them again."""
    claims = [
        (
            f.claim,
            f.source,
            f.published,
            said(f.ours, f.low, f.high, f.unit),
            f"**{f.holds}**" if f.holds.partition(":")[0] == "no" else f.holds,
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
