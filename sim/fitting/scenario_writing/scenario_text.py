"""A fitted record as the text of a scenario: header, clock, and the sections in their order."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from pathlib import Path

from sim import units

from ..fit_limits import limits_of
from ..fitted_record import FittedRecord
from .commented_yaml import CommentedYaml
from .crew_text import units_needed, write_crews, write_dispatch_centre
from .demand_text import write_demand
from .map_text import write_map
from .said_numbers import plural

WEEK = 7
LONGEST = 52  # weeks
SHA256 = "SHA-256 of the record:"  # after which a fitted scenario says which one it was
HOW_TO_READ = (
    "Each number has next to it how many callouts it rests on (n) and its 95% interval. Few data "
    "lean on what is common: 'own data' says how much of a value is its own, POOLED that this is "
    "less than half. ASSUMED and ILLUSTRATIVE mark what the record does not hold. Correct what "
    "you know better."
)


def scenario_text(found: FittedRecord, name: str) -> str:
    """Return a fitted record as a commented scenario file of some name."""
    out = CommentedYaml()
    source, covered = found.input, found.rates.covered
    out.comment(f"Fitted by rescuesim fit to the record {source.file}. {HOW_TO_READ}")
    out.blank()
    out.entry("format", 2)
    out.entry("name", scenario_name(name))
    out.entry("title", f"Fitted to {units.printable(source.file)[:150]}")
    period = f"{covered.first:%Y-%m-%d} to {covered.last:%Y-%m-%d}"
    out.section("sources")
    rows, callouts = len(source.callout), len(source.received)
    facts = [
        f"Record {source.file}, {period}: {plural(rows, 'row')} used, "
        f"{plural(callouts, 'callout')}",
        f"{SHA256} {source.sha256}",
    ]
    for fact in facts:
        out.lines.append(f"  - {_quoted(fact)}")
    out.section("assumptions")
    for limit in limits_of(found):
        out.lines.append(f"  - {_quoted(limit)}")
    out.blank()
    _write_clock(out, found)
    out.blank()
    write_map(out, found)
    out.blank()
    write_demand(out, found, units_needed(found))
    out.blank()
    write_crews(out, found)
    out.blank()
    write_dispatch_centre(out, found)
    out.blank()
    out.section("policies", "ASSUMED: who was sent, and why, is not in a record")
    out.entry("closest", {"dispatch": "closest"}, depth=1)
    out.blank()
    out.section("study")
    out.entry("seed", 1, depth=1)
    out.entry("replications", 20, depth=1)
    return out.text()


def _quoted(text: str) -> str:
    """Return a sentence as YAML in quotes."""
    said = " ".join(units.printable(text).split())
    return '"' + said.replace("\\", "\\\\").replace('"', '\\"') + '"'


def scenario_name(name: str) -> str:
    """Return a name as scenarios may have it."""
    return (re.sub(r"[^A-Za-z0-9_-]+", "-", Path(name).stem).strip("-_") or "fitted")[:64]


def _write_clock(out: CommentedYaml, found: FittedRecord) -> None:
    covered = found.rates.covered
    first = covered.first + timedelta(days=1)
    monday = first + timedelta(days=-first.weekday() % WEEK)
    weeks = (covered.last - monday).days // WEEK
    start = datetime.combine(monday, time())
    out.section("clock")
    out.entry("start", f"{start:%Y-%m-%d %H:%M}", "the first Monday of the record", 1)
    zone = found.input.timezone
    out.entry("timezone", zone or "UTC", "" if zone else "a label: the mapping names none", 1)
    length = f"{min(max(weeks, 1), LONGEST) * WEEK} days"
    out.entry("length", length, "whole weeks of it, a year at most", 1)
    out.entry("warm_up", "1 day", "no real day starts with all teams free", 1)
