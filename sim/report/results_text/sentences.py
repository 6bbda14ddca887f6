"""
The answer in sentences: what a director can repeat, and what the numbers allow to be said.

Who is left without help comes before any other word; then what is gained or lost in the primary
measures; then the main target, and what limits it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.definitions import RESTRICTED_MEAN, TARGET, definition
from sim.experiment import Study, Tables
from sim.outcomes import (
    Comparison,
    Estimate,
    Harm,
    Judgement,
    Limit,
    Sample,
    limit_of,
    response_parts,
)
from sim.outcomes.inference.replications import FEW
from sim.outcomes.measured.delays import HANDLING, PERMISSION, QUEUE, TRAVEL, TURNOUT, UNREACHED
from sim.outcomes.verdicts.comparisons import (
    AT_A_PRICE,
    BETTER,
    IDENTICAL,
    INCONCLUSIVE,
    MIXED,
    NO_DIFFERENCE,
    WORSE,
)
from sim.outcomes.verdicts.differences import margin_of
from sim.outcomes.verdicts.gate import FAILED, GATE_INCONCLUSIVE, NO_VERDICT
from sim.units import say_duration

from ..figure_input.figure_basis.table_lookup import ranked
from ..phrasing.saying import between, in_words, limits, listed, number, percent, say_time
from ..phrasing.words import clean
from .foreseeing import foreseeing_lines

ENOUGH = 30  # replications that a study should have
FREE_ENOUGH = 0.3  # utilisation below which the closest team is mostly free
DISTANT = "distance is the limit, not the number of teams"
CLOSE_ONES_BUSY = "no team is near, or the near ones are committed"
_LIMITS = {
    QUEUE: "{share} of late callouts would be in time without the queue: too few teams are free "
    "(committed {busy} of the time)",
    TRAVEL: "{share} of late callouts are late by travel time alone: {travel} (committed {busy} of "
    "the time)",
    HANDLING: "{share} of late callouts would be in time without call handling: it is the limit",
    PERMISSION: "{share} of late callouts would be in time without the wait for permission: it is "
    "the limit",
    TURNOUT: "{share} of late callouts would be in time without turnout: it is the limit",
    UNREACHED: "{share} of late callouts are never reached",
}


class Facts:
    """A study's numbers, by alternative and measure, as sentences and the short table need them."""

    def __init__(self, study: Study, tables: Tables) -> None:
        self.study, self.tables = study, tables
        self.names = list(study.observations)
        self.samples = study.samples
        self.standards = self.samples[0].standards
        self.horizon = self.standards.reach
        self.judgements = {j.alternative: j for j in tables.verdicts.judgements}
        self._summary = {row.key: row.estimate for row in tables.summary}

    @property
    def baseline(self) -> str:
        """The alternative that the others are compared with."""
        return self.names[0]

    def estimate(self, name: str, measure: str, group: str = "all") -> Estimate | None:
        """Return an estimate, None where there is nothing to measure."""
        return self._summary.get((name, measure, group))

    def value(self, name: str, measure: str, group: str = "all") -> float | None:
        """Return its value, None where there is none."""
        found = self.estimate(name, measure, group)
        return None if found is None else found.value

    def busy(self, name: str) -> float:
        """Return the share of time on duty that teams are committed."""
        return self.value(name, "utilisation") or 0.0

    def sample(self, name: str) -> Sample:
        """Return an alternative's observations."""
        return self.samples[self.names.index(name)]

    def ranked(self) -> list[str]:
        """Return the alternatives, best first: by restricted mean, those failing the gate last."""
        return ranked(self.tables, self.names)


def sentences(facts: Facts) -> list[str]:
    """Return the answer of a study, two or three sentences."""
    if len(facts.names) == 1:
        found = [_alone(facts)]
    elif len(facts.names) == 2:
        found = [_of_one(facts, facts.tables.verdicts.judgements[0])]
    else:
        found = list(_of_many(facts))
    return [*found, *foreseeing_lines(facts.study.design.alternatives), *_target(facts)]


def _alone(facts: Facts) -> str:
    """Say what one alternative by itself does."""
    name = facts.baseline
    half, most = (facts.estimate(name, m) for m in ("response_median", "response_p90"))
    unreached = facts.value(name, "not_reached")
    if half is None or half.value is None:
        return "Fewer than half of the callouts are reached."
    found = f"Half of the callouts are reached within {half.value:.1f} min"
    if most is None or most.value is None:
        found += "; 90 % are never reached"
    else:
        within = (
            "" if most.low is None or most.high is None else f" ({most.low:.1f} to {most.high:.1f})"
        )
        found += f" and 90 % within {most.value:.1f} min{within}"
    if unreached is not None:
        none = "all are reached" if unreached == 0 else f"{percent(unreached)} are not reached"
        found += f"; {none} within {say_duration(facts.horizon)}"
    return f"{found}."


def _of_one(facts: Facts, judged: Judgement) -> str:
    """Say what may be said of an alternative against the baseline."""
    name, base = clean(judged.alternative), clean(facts.baseline)
    replications = facts.study.replications
    if judged.verdict == NO_VERDICT:
        return (
            f"With {replications} replication{'s' * (replications > 1)} there is no verdict on "
            f"{name}; {ENOUGH} would be enough."
        )
    if judged.gate.state == FAILED:
        return f"{name} is worse: {_harm_in_words(facts, judged)}.{_gains(judged, facts.horizon)}"
    if judged.verdict == NO_DIFFERENCE:
        return _no_difference(judged, name, base)
    if judged.verdict == INCONCLUSIVE:
        return _inconclusive(facts, judged)
    bare = judged.verdict == MIXED  # the limits are in the table
    good, bad = (_phrases(judged.of(word), facts.horizon, bare) for word in (BETTER, WORSE))
    if judged.verdict == MIXED:
        return f"{name} is mixed. Better: {listed(good, 2)}. Worse: {listed(bad, 2)}."
    if judged.verdict == BETTER:
        return f"{name} is better than {base}: {', '.join(good[:2])}, and as many are reached."
    return f"{name} is worse than {base}: {', '.join(bad[:2])}{_as_many(judged)}."


def _as_many(judged: Judgement) -> str:
    row = judged.row("not_reached")
    same = row is not None and row.verdict in (IDENTICAL, NO_DIFFERENCE)
    return "; as many are reached" if same else ""


def _phrases(rows: Sequence[Comparison], horizon: int, bare: bool) -> list[str]:
    return [in_words(row, horizon, bare) for row in rows]


def _harm_in_words(facts: Facts, judged: Judgement) -> str:
    """Say who is left without help."""
    value = facts.value(judged.alternative, "not_reached")
    row = judged.row("not_reached")
    more = ""
    if row is not None and row.difference is not None:
        rise = limits(row.low, row.high, row.unit)[1:-1]
        more = f" ({rise} points more than {clean(facts.baseline)})"
    within = say_duration(facts.horizon)
    of_all = f"{percent(value or 0.0)} of callouts are not reached within {within}{more}"
    gate = judged.gate
    if gate.abandoned:
        said = [f"{_class(h)} ({percent(h.not_reached)})" for h in gate.abandoned]
        return f"it abandons {listed(said)}; {of_all}"
    waiting = [harm for harm in gate.harmed if harm.kept_waiting]
    if waiting:
        said = [
            f"{_class(h)} (mean {say_time(h.mean)}, before {say_time(h.baseline_mean)})"
            for h in waiting
        ]
        return f"it leaves {listed(said, 2)} waiting; {of_all}"
    if gate.harmed:
        most = gate.harmed[0]
        return (
            f"{of_all}; most harmed: {_class(most)} ({percent(most.not_reached)}, "
            f"before {percent(most.baseline)})"
        )
    return of_all


def _class(harm: Harm) -> str:
    """Return a class of callouts as it is called."""
    name = clean(harm.name)
    return {"priority": f"priority {name}", "time": f"callouts of {name}"}.get(harm.by, name)


def _gains(judged: Judgement, horizon: int) -> str:
    gains = judged.of(AT_A_PRICE)
    if not gains:
        return ""
    said = listed([definition(row.measure).titled(horizon, short=True) for row in gains])
    return f" Its gains ({said}) come at the expense of these callouts."


def _no_difference(judged: Judgement, name: str, base: str) -> str:
    if all(row.verdict == IDENTICAL for row in judged.rows):
        return f"{name} and {base} are identical: every primary measure, in every replication."
    most = {
        unit: max(
            (abs(x) for row in judged.rows if row.unit == unit for x in (row.low, row.high)
             if x is not None), default=0.0,
        )
        for unit in ("min", "share")
    }  # fmt: skip
    return (
        f"No material difference between {name} and {base}: at most "
        f"{number(most['min'], 'min')} min and {number(most['share'], 'share')} points."
    )


def _inconclusive(facts: Facts, judged: Judgement) -> str:
    after = f"Inconclusive after {facts.study.replications} replications"
    name = clean(judged.alternative)
    open_ = [row for row in judged.rows if row.verdict == INCONCLUSIVE]
    gains = [row for row in open_ if row.p_adjusted is not None and row.p_adjusted < 0.05]
    if gains and judged.gate.state == GATE_INCONCLUSIVE:
        row = judged.row("not_reached")
        open_ = open_ if row is None else [row]
        after += ": it is not shown that as many are reached"
    row = max(open_, key=lambda each: _stake(facts, each))
    more = f"; about {row.needed} would be enough" if row.needed else ""
    return f"{after}: under {name}, {between(row, facts.horizon)}{more}."


def _stake(facts: Facts, row: Comparison) -> float:
    """Return the width of an interval, in margins."""
    margin = margin_of(definition(row.measure), facts.standards)
    if row.low is None or row.high is None or not margin:
        return 0.0
    return (row.high - row.low) / margin


def _of_many(facts: Facts) -> Iterator[str]:
    """Say which of several alternatives fail the gate, and which could be the best."""
    verdicts = facts.tables.verdicts
    if facts.study.replications < FEW:
        size = facts.study.replications
        yield f"With {size} replications there is no verdict; {ENOUGH} would be enough."
        return
    failed = [j for j in verdicts.judgements if j.gate.state == FAILED]
    if failed:
        said = [_failed_in_words(facts, judged) for judged in failed]
        yield f"Worse: {listed(said)}."
    best = [name for name in facts.ranked() if name in verdicts.best]
    if len(best) == 1:
        yield _best(facts, best[0])
    elif len(best) == len(facts.names) - len(failed):
        yield f"None stands out: {listed([clean(n) for n in best], 5)} could each be the best."
    elif best:
        several = listed([clean(name) for name in best], 5)
        yield f"Could be the best: {several} (restricted mean response time)."


def _failed_in_words(facts: Facts, judged: Judgement) -> str:
    name = clean(judged.alternative)
    waiting = [harm for harm in judged.gate.harmed if harm.kept_waiting]
    if waiting and not judged.gate.abandoned:
        return f"{name} leaves {_class(waiting[0])} waiting for {say_time(waiting[0].mean)}"
    if judged.gate.abandoned:
        most = judged.gate.abandoned[0]
        return f"{name} abandons {_class(most)} ({percent(most.not_reached)} not reached)"
    value = facts.value(judged.alternative, "not_reached") or 0.0
    return f"{name} leaves {percent(value)} of callouts not reached"


def _best(facts: Facts, name: str) -> str:
    if name == facts.baseline:
        return f"{clean(name)} stays the best: the shortest restricted mean response time."
    judged = facts.judgements[name]
    row = judged.row(RESTRICTED_MEAN)
    gain = (
        "" if row is None else f": {in_words(row, facts.horizon)} against {clean(facts.baseline)}"
    )
    return f"{clean(name)} is the best{gain} ({judged.verdict})."


def _target(facts: Facts) -> Iterator[str]:
    """Say whether the main target is met, and what limits it."""
    targets = facts.standards.targets
    shown = [facts.baseline] if len(facts.names) == 1 else _shown(facts)
    if not targets:
        yield from _largest_part(facts)
        return
    target = targets[0]
    rows = {name: facts.estimate(name, TARGET + target.name) for name in shown}
    known = {name: row for name, row in rows.items() if row is not None and row.value is not None}
    if not known:
        return
    states = {name: _state(row, target.share) for name, row in known.items()}
    said = ", ".join(
        (f"{clean(name)} " if len(facts.names) > 1 else "") + percent(row.value or 0.0)
        for name, row in known.items()
    )
    if len(set(states.values())) == 1:
        result = next(iter(states.values()))
    else:
        result = ", ".join(f"{state} by {clean(name)}" for name, state in states.items())
    limit = limit_of(facts.sample(facts.baseline), target)
    why = "" if limit is None or result == "met" else f". {_why(facts, limit)}"
    name = clean(target.name)
    yield f"{name[:1].upper()}{name[1:]}: {said}, target {percent(target.share)}: {result}{why}."
    if result == "met":
        yield from _largest_part(facts)


def _shown(facts: Facts) -> list[str]:
    """Return the alternatives named in the sentence on the target: the baseline, and the best."""
    if len(facts.names) == 2:
        return facts.names
    best = next((name for name in facts.ranked() if name in facts.tables.verdicts.best), None)
    return list(dict.fromkeys([facts.baseline, *([best] if best else [])]))


def _state(row: Estimate, wanted: float) -> str:
    if row.low is None or row.high is None:
        return "inconclusive"
    if row.low >= wanted:
        return "met"
    return (
        "missed"
        if row.high < wanted
        else f"inconclusive ({percent(row.low)} to {percent(row.high)})"
    )


def _why(facts: Facts, limit: Limit) -> str:
    cause = limit.largest
    of = "" if len(facts.names) == 1 else f"Under {clean(facts.baseline)}, "
    busy = facts.busy(facts.baseline)
    return of + _LIMITS[cause].format(
        share=percent(limit.causes[cause]),
        busy=percent(busy),
        travel=DISTANT if busy < FREE_ENOUGH else CLOSE_ONES_BUSY,
    )


def _largest_part(facts: Facts) -> Iterator[str]:
    parts = response_parts(facts.sample(facts.baseline))
    if parts:
        largest = max(parts, key=parts.__getitem__)
        of = f"{parts[largest]:.1f} of {sum(parts.values()):.1f} min"
        yield f"The largest part of response time is {largest}: {of}."
