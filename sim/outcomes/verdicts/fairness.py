"""
Fairness in numbers: results of groups of callouts, and what an alternative does to the worst.

Groups are places and kinds of callouts, never who people are. Each is looked at by the restricted
mean response time and by the share not reached. All of it is exploratory, but for the worst area
where a scenario makes it a primary measure. See ``docs/fairness.md``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, get_args

from sim.definitions import CALLOUTS, FAIRNESS, NOT_REACHED, RESTRICTED_MEAN

from ..inference.envelope import settled
from ..inference.intervals import within_one
from ..inference.replications import Interval, Spread
from ..measured.inequality import LEAST, By, Groups, aversion, could_be_worst, equivalent, gap, gini
from ..measured.worst import TOO_FEW_GROUPS, interval_of, worst_of
from ..observed.sample import Sample
from .comparisons import PRIMARY, Comparison, explored
from .differences import Difference, check_paired, margin_of, of_spreads, of_worst
from .judgement import Verdicts

FEW_CALLOUTS, FEW_CASES = "few", f"few: fewer than {LEAST} not reached"
COULD_BE = "could be the worst"
NAMED = 3  # as many groups that could be the worst are named


class FairnessRow(NamedTuple):
    """
    A measure of one group or of how unequal groups are, with its difference to the baseline.

    ``group`` is what it is about: one group, or of the worst those that could be it, or that none
    stands out. Differences, verdicts and p values are as in `Comparison`.
    """

    alternative: str
    measure: str
    by: str  # area or kind
    group: str
    estimate: float | None
    low: float | None
    high: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    unit: str
    family: str
    verdict: str
    p: float | None
    p_adjusted: float | None
    p_equivalence: float | None
    replications: int
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """A row before anything is concluded from its difference."""

    measure: str
    group: str
    estimate: Interval
    difference: Difference | None = None


def fairness_rows(samples: Sequence[Sample], verdicts: Verdicts) -> list[FairnessRow]:
    """
    Return the results of groups of callouts under each alternative, with differences from the
    baseline.

    Parameters
    ----------
    samples
        The alternatives, over the same replications; the first is the baseline.
    verdicts
        What was concluded from them: behind a gate that is not open nothing is better here
        either, and a primary measure has its verdict from there.

    Raises
    ------
    SimError
        When alternatives have different replications.

    Notes
    -----
    Where all callouts are of one group there is nothing to compare, and there are no rows by it.

    """
    check_paired(samples)
    entries = [
        (of, entry)
        for by in get_args(By)
        for measure in (RESTRICTED_MEAN, NOT_REACHED)
        for of, entry in _entries(samples, by, measure)
    ]
    primary = {
        (row.alternative, row.measure): row for row in verdicts.rows if row.family == PRIMARY
    }
    found = [primary.get((of.sample.name, entry.measure)) for of, entry in entries]
    asked = [
        entry.difference
        for (_, entry), row in zip(entries, found, strict=True)
        if entry.difference is not None and row is None
    ]
    judged = iter(explored(asked, verdicts.gates))
    return [
        _row(of, entry, None if entry.difference is None else row or next(judged))
        for (of, entry), row in zip(entries, found, strict=True)
    ]


def _row(of: _Grouped, entry: _Entry, found: Comparison | None) -> FairnessRow:
    estimate = entry.estimate
    value, low, high = (
        None if x is None else settled(x) for x in (estimate.value, estimate.low, estimate.high)
    )
    row = FairnessRow(
        of.sample.name, entry.measure, of.by, entry.group, value, low, high, None, None, None,
        {**CALLOUTS, **FAIRNESS}[entry.measure].unit, "", "", None, None, None,
        of.groups.replications, estimate.note,
    )  # fmt: skip
    if found is None:
        return row
    notes = dict.fromkeys(filter(None, (estimate.note, found.note)))
    return row._replace(
        difference=found.difference,
        difference_low=found.low,
        difference_high=found.high,
        family=found.family,
        verdict=found.verdict,
        p=found.p,
        p_adjusted=found.p_adjusted,
        p_equivalence=found.p_equivalence,
        note="; ".join(notes),
    )


def _entries(samples: Sequence[Sample], by: By, measure: str) -> Iterator[tuple[_Grouped, _Entry]]:
    """Yield what is said of one grouping and one measure, of each alternative."""
    kappa = aversion(samples[0], measure)
    found = [_Grouped(s, Groups.of(s, by, measure), by, measure, kappa) for s in samples]
    baseline = found[0]
    for own in found:
        if min(len(own.groups), len(baseline.groups)) > 1:
            for entry in own.of_each_group():
                yield own, entry
            yield own, own.worst(baseline)
            for entry in (*own.baseline_worst(baseline), *own.inequality(baseline)):
                yield own, entry


class _Grouped:
    """The groups of one alternative, with what is estimated from them."""

    def __init__(self, sample: Sample, groups: Groups, by: By, measure: str, kappa: float) -> None:
        self.sample, self.groups, self.by, self.measure = sample, groups, by, measure
        self.enough = groups.with_enough()
        self.could_be = [self.enough.names[g] for g in could_be_worst(self.enough)]
        self.few_cases = groups.shares and 0 < int(groups.y.sum()) < LEAST
        self.estimates: dict[str, Spread | None] = {}
        if len(groups) > 1:
            self.estimates = {
                "gap": None if len(self.enough) < 2 else _within(gap(self.enough), groups.most),
                "gini": _within(gini(groups), 1.0),
                "ede": equivalent(groups, kappa),
            }
        if self.few_cases:  # over groups they are spread by chance
            self.estimates |= {"gap": None, "gini": None}

    def named(self, what: str) -> str:
        """Return the name of a measure of these groups."""
        end = "" if self.measure == RESTRICTED_MEAN else f"_{self.measure}"
        return f"{what}_{self.by}{end}"

    def of_each_group(self) -> Iterator[_Entry]:
        """Yield the value of each group, without an interval where it has few callouts."""
        for g, name in enumerate(self.groups.names):
            found, note = self.groups.value(g), ""
            if name not in self.enough.names:
                estimate = Interval(found.value, None, None, FEW_CALLOUTS)
            else:
                estimate = within_one(found) if self.groups.shares else self._interval(found)
                if name in self.could_be and len(self.could_be) < len(self.enough):
                    note = COULD_BE
            note = "; ".join(filter(None, (estimate.note, note)))
            yield _Entry(self.measure, name, replace(estimate, note=note))

    def worst(self, baseline: _Grouped) -> _Entry:
        """Return the worst group, of each alternative its own."""
        name, difference = self.named("worst"), None
        group = said(self.could_be, len(self.enough), self.by)
        if self is not baseline:
            label, standards = FAIRNESS[name], baseline.sample.standards
            difference = of_worst(
                self.sample.name, label, self.by, self.enough, baseline.enough, standards
            )
        return _Entry(name, group, worst_of(self.enough), difference)

    def baseline_worst(self, baseline: _Grouped) -> Iterator[_Entry]:
        """Yield the group that is the worst in the baseline, if any is worse than another."""
        if len(set(baseline.enough.values())) < 2:
            return
        there = baseline.enough.top()
        group = baseline.enough.names[there]
        if group in self.enough.names:
            here = self.enough.names.index(group)
            found, other = self.enough.value(here), baseline.enough.value(there)
            same = self.enough.only([here]).same_as(baseline.enough.only([there]))
            name = self.named("baseline_worst")
            difference = self._apart(name, group, found, other, same, baseline)
            yield _Entry(name, group, self._interval(found), difference)

    def inequality(self, baseline: _Grouped) -> Iterator[_Entry]:
        """Yield gap, Gini and equally-distributed equivalent."""
        same = self.groups.same_as(baseline.groups)
        for what, found in self.estimates.items():
            other = baseline.estimates[what]
            name, difference = self.named(what), None
            if found is None:
                why = FEW_CASES if self.few_cases else TOO_FEW_GROUPS
                yield _Entry(name, "", Interval(None, None, None, why))
                continue
            if other is not None:
                difference = self._apart(name, self.by, found, other, same, baseline)
            most = 1.0 if what == "gini" else self.groups.most
            yield _Entry(name, "", interval_of(found, most, self.groups.shares), difference)

    def _interval(self, found: Spread) -> Interval:
        return interval_of(found, self.groups.most, self.groups.shares)

    def _apart(
        self, name: str, group: str, own: Spread, other: Spread, same: bool, baseline: _Grouped
    ) -> Difference | None:
        if self is baseline:
            return None
        label = FAIRNESS[name]
        margin = margin_of(label, baseline.sample.standards) if label.direction != "none" else None
        return of_spreads(self.sample.name, label, group, own, other, same, margin)


def _within(found: Spread, most: float) -> Spread:
    """Return a jackknifed estimate within what it can be, so that differences are of such."""
    return replace(found, value=min(max(found.value, 0.0), most))


def said(could_be: Sequence[str], groups: int, by: str) -> str:
    """
    Return which groups could be the worst, in words.

    Parameters
    ----------
    could_be
        They, the largest value first.
    groups
        Of how many.
    by
        What the groups are.

    Examples
    --------
    >>> said(["Bridge", "Hill"], 8, "area")
    'Bridge or Hill'
    >>> said(["Bridge", "Hill", "Harbour"], 3, "area")
    'no area stands out'

    """
    if len(could_be) > NAMED or len(could_be) >= groups:
        return f"no {by} stands out"
    *others, last = could_be
    return f"{', '.join(others)} or {last}" if others else last
