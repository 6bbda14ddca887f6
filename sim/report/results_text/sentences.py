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
from ..phrasing.phrases import ProperName, in_turn, named, phrase
from ..phrasing.saying import (
    between,
    in_words,
    listed,
    number,
    percent,
    range_of,
    say_time,
    title_of,
)
from ..phrasing.target_words import with_cohort
from .foreseeing import foreseeing_lines
from .group_sentences import WINDOW, group_sentences, where_in_words

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

    @property
    def has_intervals(self) -> bool:
        """Whether primary measures have intervals, which one replication has not."""
        found = [self.estimate(n, m) for n in self.names for m in self.standards.primary]
        return any(row is not None and row.low is not None for row in found)

    def sample(self, name: str) -> Sample:
        """Return an alternative's observations."""
        return self.samples[self.names.index(name)]

    def ranked(self) -> list[str]:
        """Return the alternatives, best first: by restricted mean, those failing the gate last."""
        return ranked(self.tables, self.names)


def sentences(facts: Facts) -> list[str]:
    """Return the answer of a study: two or three sentences, more where parts of it differ."""
    if len(facts.names) == 1:
        found = [_alone(facts)]
    elif len(facts.names) == 2:
        found = [_of_one(facts, facts.tables.verdicts.judgements[0])]
    else:
        found = list(_of_many(facts))
    others = [name for name in facts.ranked() if name != facts.baseline]
    in_part = group_sentences(facts.tables, facts.standards, others)
    foreseen = foreseeing_lines(facts.study.design.alternatives)
    return [*found, *in_part, *foreseen, *_target(facts)]


def _alone(facts: Facts) -> str:
    """Say what one alternative by itself does."""
    name = facts.baseline
    half, most = (facts.estimate(name, m) for m in ("response_median", "response_p90"))
    unreached = facts.value(name, "not_reached")
    if half is None or half.value is None:
        return phrase("Fewer than half of the callouts are reached.")
    found = phrase(
        "Half of the callouts are reached within {median} min{most}",
        median=f"{half.value:.1f}", most=_most_reached(most),
    )  # fmt: skip
    if unreached is None:
        return phrase("{said}.", said=found)
    none = phrase("all are reached")
    if unreached:
        none = phrase("{share} are not reached", share=percent(unreached))
    within = say_duration(facts.horizon)
    return phrase("{said}; {none} within {duration}.", said=found, none=none, duration=within)


def _most_reached(most: Estimate | None) -> str:
    if most is None or most.value is None:
        return phrase("; 90 % are never reached")
    found = phrase(" and 90 % within {size} min", size=f"{most.value:.1f}")
    if most.low is None or most.high is None:
        return found
    ends = phrase("{low} to {high}", low=f"{most.low:.1f}", high=f"{most.high:.1f}")
    return phrase("{said} ({range})", said=found, range=ends)


def _of_one(facts: Facts, judged: Judgement) -> str:
    """Say what may be said of an alternative against the baseline."""
    name, base = named(judged.alternative), named(facts.baseline)
    if judged.verdict == NO_VERDICT:
        return phrase(
            "With {replications} there is no verdict on {name}; {enough} would be enough.",
            replications=_counted(facts.study.replications), name=name, enough=str(ENOUGH),
        )  # fmt: skip
    if judged.gate.state == FAILED:
        harm, gains = _harm_in_words(facts, judged), _gains(judged, facts.horizon)
        return phrase("{name} is worse: {harm}.{gains}", name=name, harm=harm, gains=gains)
    if judged.verdict == NO_DIFFERENCE:
        return _no_difference(judged, name, base)
    if judged.verdict == INCONCLUSIVE:
        return _inconclusive(facts, judged)
    bare = judged.verdict == MIXED  # the limits are in the table
    good, bad = (_phrases(judged.of(word), facts.horizon, bare) for word in (BETTER, WORSE))
    if judged.verdict == MIXED:
        return phrase(
            "{name} is mixed. Better: {gains}. Worse: {losses}.",
            name=name, gains=listed(good, 2), losses=listed(bad, 2),
        )  # fmt: skip
    if judged.verdict == BETTER:
        return phrase(
            "{name} is better than {base}: {gains}, and as many are reached.",
            name=name, base=base, gains=in_turn(good[:2]),
        )  # fmt: skip
    return phrase(
        "{name} is worse than {base}: {losses}{as_many}.",
        name=name, base=base, losses=in_turn(bad[:2]), as_many=_as_many(judged),
    )  # fmt: skip


def _counted(replications: int) -> str:
    one = "{number} replication" if replications == 1 else "{number} replications"
    return phrase(one, number=str(replications))


def _as_many(judged: Judgement) -> str:
    row = judged.row("not_reached")
    same = row is not None and row.verdict in (IDENTICAL, NO_DIFFERENCE)
    return phrase("; as many are reached") if same else ""


def _phrases(rows: Sequence[Comparison], horizon: int, bare: bool) -> list[str]:
    return [in_words(row, horizon, bare) for row in rows]


def _harm_in_words(facts: Facts, judged: Judgement) -> str:
    """Say who is left without help."""
    of_all, gate = _not_reached(facts, judged), judged.gate
    if gate.abandoned:
        classes = listed([_with_share(harm) for harm in gate.abandoned])
        return phrase("it abandons {classes}; {of_all}", classes=classes, of_all=of_all)
    waiting = [harm for harm in gate.harmed if harm.kept_waiting]
    if waiting:
        said = [
            phrase(
                "{name} (mean {mean}, before {before})",
                name=_class(h), mean=say_time(h.mean), before=say_time(h.baseline_mean),
            )
            for h in waiting
        ]  # fmt: skip
        return phrase(
            "it leaves {classes} waiting; {of_all}", classes=listed(said, 2), of_all=of_all
        )
    if gate.harmed:
        most = gate.harmed[0]
        return phrase(
            "{of_all}; most harmed: {name} ({share}, before {before})",
            of_all=of_all, name=_class(most), share=percent(most.not_reached),
            before=percent(most.baseline),
        )  # fmt: skip
    return of_all


def _not_reached(facts: Facts, judged: Judgement) -> str:
    """Say how many are not reached, and how many more than under the baseline."""
    value = facts.value(judged.alternative, "not_reached") or 0.0
    said = phrase(
        "{share} of callouts are not reached within {duration}",
        share=percent(value), duration=say_duration(facts.horizon),
    )  # fmt: skip
    row = judged.row("not_reached")
    if row is None or row.difference is None:
        return said
    rise: str = phrase("no interval")
    if row.low is not None and row.high is not None:
        rise = range_of(row.low, row.high, row.unit)
    base = named(facts.baseline)
    return phrase("{said} ({range} points more than {base})", said=said, range=rise, base=base)


def _with_share(harm: Harm) -> str:
    return phrase("{name} ({share})", name=_class(harm), share=percent(harm.not_reached))


def _class(harm: Harm) -> str:
    """Return a class of callouts as it is called."""
    name = named(harm.name)
    if harm.by == "priority":
        return phrase("priority {name}", name=name)
    if harm.by == "window":
        return phrase("callouts {when}", when=where_in_words(WINDOW + harm.name))
    return phrase("callouts of {name}", name=name) if harm.by == "time" else name


def _gains(judged: Judgement, horizon: int) -> str:
    gains = judged.of(AT_A_PRICE)
    if not gains:
        return ""
    said = listed([title_of(row.measure, horizon) for row in gains])
    return phrase(" Its gains ({gains}) come at the expense of these callouts.", gains=said)


def _no_difference(judged: Judgement, name: str, base: str) -> str:
    if all(row.verdict == IDENTICAL for row in judged.rows):
        return phrase(
            "{name} and {base} are identical: every primary measure, in every replication.",
            name=name, base=base,
        )  # fmt: skip
    most = {
        unit: max(
            (abs(x) for row in judged.rows if row.unit == unit for x in (row.low, row.high)
             if x is not None), default=0.0,
        )
        for unit in ("min", "share")
    }  # fmt: skip
    return phrase(
        "No material difference between {name} and {base}: at most {time} min and {share} points.",
        name=name, base=base, time=number(most["min"], "min"),
        share=number(most["share"], "share"),
    )  # fmt: skip


def _inconclusive(facts: Facts, judged: Judgement) -> str:
    open_ = [row for row in judged.rows if row.verdict == INCONCLUSIVE]
    gains = [row for row in open_ if row.p_adjusted is not None and row.p_adjusted < 0.05]
    gate = ""
    if gains and judged.gate.state == GATE_INCONCLUSIVE:
        row = judged.row("not_reached")
        open_ = open_ if row is None else [row]
        gate = phrase(": it is not shown that as many are reached")
    row = max(open_, key=lambda each: _stake(facts, each))
    needed = phrase("; about {number} would be enough", number=str(row.needed))
    return phrase(
        "Inconclusive after {number} replications{gate}: under {name}, {between}{more}.",
        number=str(facts.study.replications), gate=gate, name=named(judged.alternative),
        between=between(row, facts.horizon), more=needed if row.needed else "",
    )  # fmt: skip


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
        yield phrase(
            "With {number} replications there is no verdict; {enough} would be enough.",
            number=str(facts.study.replications), enough=str(ENOUGH),
        )  # fmt: skip
        return
    failed = [j for j in verdicts.judgements if j.gate.state == FAILED]
    if failed:
        said = [_failed_in_words(facts, judged) for judged in failed]
        yield phrase("Worse: {losses}.", losses=listed(said))
    best = [name for name in facts.ranked() if name in verdicts.best]
    if len(best) == 1:
        yield _best(facts, best[0])
    elif len(best) == len(facts.names) - len(failed):
        several = listed([named(name) for name in best], 5)
        yield phrase("None stands out: {names} could each be the best.", names=several)
    elif best:
        several = listed([named(name) for name in best], 5)
        yield phrase("Could be the best: {names} (restricted mean response time).", names=several)


def _failed_in_words(facts: Facts, judged: Judgement) -> str:
    name = named(judged.alternative)
    waiting = [harm for harm in judged.gate.harmed if harm.kept_waiting]
    if waiting and not judged.gate.abandoned:
        most, mean = _class(waiting[0]), say_time(waiting[0].mean)
        return phrase("{name} leaves {class} waiting for {time}", **{
            "name": name, "class": most, "time": mean,
        })  # fmt: skip
    if judged.gate.abandoned:
        worst = judged.gate.abandoned[0]
        return phrase("{name} abandons {class} ({share} not reached)", **{
            "name": name, "class": _class(worst), "share": percent(worst.not_reached),
        })  # fmt: skip
    share = percent(facts.value(judged.alternative, "not_reached") or 0.0)
    return phrase("{name} leaves {share} of callouts not reached", name=name, share=share)


def _best(facts: Facts, name: str) -> str:
    if name == facts.baseline:
        return phrase(
            "{name} stays the best: the shortest restricted mean response time.", name=named(name)
        )
    judged = facts.judgements[name]
    row, gain = judged.row(RESTRICTED_MEAN), ""
    if row is not None:
        said, base = in_words(row, facts.horizon), named(facts.baseline)
        gain = phrase(": {said} against {base}", said=said, base=base)
    return phrase(
        "{name} is the best{gain} ({verdict}).",
        name=named(name), gain=gain, verdict=judged.verdict,
    )  # fmt: skip


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
    states = {name: state_of_target(row, target.share) for name, row in known.items()}
    shares = {name: percent(row.value or 0.0) for name, row in known.items()}
    if len(facts.names) > 1:
        shares = {n: phrase("{name} {share}", name=named(n), share=s) for n, s in shares.items()}
    if len(set(states.values())) == 1:
        result = next(iter(states.values()))
    else:
        result = in_turn([
            phrase("{state} by {name}", state=state, name=named(name))
            for name, state in states.items()
        ])  # fmt: skip
    limit, why = limit_of(facts.sample(facts.baseline), target), ""
    if limit is not None and result != "met":
        why = phrase(". {why}", why=_why(facts, limit))
    name = named(target.name)
    yield phrase(
        "{target}: {shares}, target {share}: {result}{why}.",
        target=with_cohort(target, ProperName(f"{name[:1].upper()}{name[1:]}")),
        shares=in_turn([*shares.values()]),
        share=percent(target.share), result=result, why=why,
    )  # fmt: skip
    if result == "met":
        yield from _largest_part(facts)


def _shown(facts: Facts) -> list[str]:
    """Return the alternatives named in the sentence on the target: the baseline, and the best."""
    if len(facts.names) == 2:
        return facts.names
    best = next((name for name in facts.ranked() if name in facts.tables.verdicts.best), None)
    return list(dict.fromkeys([facts.baseline, *([best] if best else [])]))


def state_of_target(row: Estimate, wanted: float) -> str:
    """Return whether a target is met, missed, or inconclusive."""
    if row.low is None or row.high is None:
        return phrase("inconclusive")
    if row.low >= wanted:
        return phrase("met")
    if row.high < wanted:
        return phrase("missed")
    low, high = percent(row.low), percent(row.high)
    return phrase("inconclusive ({range})", range=phrase("{low} to {high}", low=low, high=high))


def _why(facts: Facts, limit: Limit) -> str:
    cause = limit.largest
    busy = facts.busy(facts.baseline)
    parts = {"share": percent(limit.causes[cause])}
    if "{busy}" in _LIMITS[cause]:
        parts["busy"] = percent(busy)
    if cause == TRAVEL:
        parts["travel"] = phrase(DISTANT if busy < FREE_ENOUGH else CLOSE_ONES_BUSY)
    said = phrase(_LIMITS[cause], **parts)
    if len(facts.names) == 1:
        return said
    return phrase("Under {base}, {said}", base=named(facts.baseline), said=said)


def _largest_part(facts: Facts) -> Iterator[str]:
    parts = response_parts(facts.sample(facts.baseline))
    if parts:
        largest = max(parts, key=parts.__getitem__)
        yield phrase(
            "The largest part of response time is {part}: {size} of {whole} min.",
            part=largest, size=f"{parts[largest]:.1f}", whole=f"{sum(parts.values()):.1f}",
        )  # fmt: skip
