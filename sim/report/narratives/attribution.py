"""Why a callout differs between two alternatives: a chain of causes in sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sim.log import DecisionRow, Ending, Outcome
from sim.outcomes.explanation.divergence import LINKS, Cause, Divergence, Step

from ..phrasing.saying import lasting
from .narrative import SpokenClock, later, place_of, rule_name
from .team_differences import TeamDifference, team_difference

if TYPE_CHECKING:
    from sim.experiment import Reported
    from sim.log import CalloutRow


MOST_STEPS = 3  # told of a chain: the first ones and the last
FEWEST_STEPS = 2  # the same where there is little room
ENDED = {
    Outcome.SERVED: "over",
    Outcome.LOST: "lost",
    Outcome.ABANDONED: "abandoned",
    Outcome.DROPPED: "left by its teams",
    Outcome.UNFINISHED: "unfinished",
}


_HOW = {
    Ending.STOOD_DOWN: "stood down at",
    Ending.REASSIGNED: "reassigned at",
    Ending.REFUSED_AT_CHECKPOINT: "refused at a checkpoint at",
    Ending.NO_ACCESS: "stopped by a closure at",
    Ending.WITHDRAWN: "withdrawn at",
}


class _PairedRuns:
    """Two alternatives of a replication, and what it takes to name things in them."""

    def __init__(self, alternatives: Mapping[str, Reported]) -> None:
        self.under = list(alternatives)
        self.names = [run.names for run in alternatives.values()]
        self.runs = list(alternatives.values())
        self.clock = SpokenClock(self.runs[0].clock)

    def number(self, step: Step) -> str:
        """Return a callout's number, or both where they differ."""
        a, b = step.callouts
        if a is not None and b is not None and a != b:
            return f"{a} ({b} under {self.under[1]})"
        return str(b if a is None else a)

    def chosen(self, x: int, decision: DecisionRow) -> str:
        """Return which team, or base, was chosen."""
        assert decision.chosen is not None
        names = self.names[x]
        return (names.teams if decision.question == "dispatch" else names.bases)[decision.chosen]

    def could(self, x: int, decision: DecisionRow | None) -> dict[str, int] | None:
        """Return the teams, or bases, there were to choose from, and the time to each. [ms]"""
        if decision is None:
            return None
        words = self.names[x].teams if decision.question == "dispatch" else self.names[x].bases
        pairs = zip(decision.candidates, decision.arrivals, strict=True)
        return {words[number]: arrival for number, arrival in pairs}


def told(
    change: Divergence, alternatives: Mapping[str, Reported], most: int | None = MOST_STEPS
) -> list[str]:
    """
    Return what differs in a callout between two alternatives, and the steps that led there.

    Parameters
    ----------
    change
        One that ``sim.outcomes.explanation.divergence.changes`` found.
    alternatives
        The two logs it was found in by alternative, in the same order.
    most
        How many steps to tell. The chain ends at the last decision before that was another one,
        and it is told how much further back the two parted. None: all, back to there.

    """
    pair = _PairedRuns(alternatives)
    steps = change.near
    if most is None or len(change.chain) == len(steps) + 1:  # to say that it goes on takes a line
        steps = change.chain
    lines = [_difference(change, pair), *(_step(step, pair) for step in steps)]
    between = 0 if most is None else len(steps) - most
    if most is not None and between > 0:
        count = "One more decision lies" if between == 1 else f"{between} more decisions lie"
        said = f"{count} between, each because of the next; --all tells all."
        lines[most:-1] = [said]
    further = len(change.chain) - len(steps)
    if further:
        lines.append(_further(change, further, pair))
    return lines


def _further(change: Divergence, steps: int, pair: _PairedRuns) -> str:
    """Return where the causes go back to that are not told."""
    root = change.root
    where = f"{pair.clock.at(root.at)}, " + (
        f"the relocation of {root.moved}"
        if root.question == "relocation"
        else f"callout {pair.number(root)}"
    )
    return (
        "This is the last decision before it that differed. The causes of that one go back "
        f"{steps} steps further, to {where} ({_step_in_short(root, pair)}); --all tells them."
    )


def _difference(change: Divergence, pair: _PairedRuns) -> str:
    x = 0 if change.rows[0] is not None else 1
    row = change.rows[x]
    assert row is not None
    kind, place = pair.names[x].kinds[row.kind], place_of(pair.runs[x], row)
    text = (
        f"Callout {pair.number(change.chain[0])} ({kind}, {place}, {pair.clock.at(row.received)})"
    )
    outcomes = [
        f"{_outcome(r, response)} under {under}"
        for r, response, under in zip(change.rows, change.responses, pair.under, strict=True)
    ]
    difference = "" if change.difference is None else f", {_longer(change.difference)}"
    return f"{text}: {', '.join(outcomes)}{difference}."


def _outcome(row: CalloutRow | None, response: int | None) -> str:
    """Return the response time, or what there was in its place."""
    if row is None:
        return "not there"
    if response is not None:
        return lasting(response)
    return "not reached before the run ended" if row.ended is None else ENDED[row.outcome]


def _longer(difference: int) -> str:
    return "the same" if difference == 0 else later(difference)


def _step(step: Step, pair: _PairedRuns) -> str:
    at = pair.clock.at(step.at)
    if step.question == "relocation":
        others = "" if step.team is None else "The other teams were not in the same places. "
        told = f"{at}, relocation of {step.moved}: {_relocated(step, pair)}. "
        return told + others + _cause(step, pair)
    what = _decided(step, pair)
    head = f"{at}, callout {pair.number(step)}: "
    return head + (f"{what}. " if what else "") + _cause(step, pair)


def _decided(step: Step, pair: _PairedRuns) -> str:
    """Return who was sent under each of the two."""
    if step.decisions == (None, None):
        return ""
    told = []
    for x, decision in enumerate(step.decisions):
        under = f"under {pair.under[x]}"
        if decision is None:
            if step.cause != Cause.LEFT:
                told.append(f"{under} it stayed pending")
            continue
        why = f"{rule_name(decision)}: {decision.why}"
        if decision.chosen is None:
            told.append(f"{under} no team was sent ({why})")
            continue
        arrival = decision.arrivals[decision.candidates.index(decision.chosen)]
        said = f" ({why})" if step.cause == Cause.RULES else ""
        told.append(
            f"{under} {pair.chosen(x, decision)} was sent, expected in {lasting(arrival)}{said}"
        )
    return "; ".join(told)


def _relocated(step: Step, pair: _PairedRuns) -> str:
    """Return where a team was relocated to under each of the two."""
    told = []
    for x, decision in enumerate(step.decisions):
        under = f"under {pair.under[x]}"
        if decision is None:
            told.append(f"{under} it was not relocated")
        else:
            base = pair.chosen(x, decision)
            told.append(f"{under} {rule_name(decision)} sent it to {base} ({decision.why})")
    return "; ".join(told)


def _cause(step: Step, pair: _PairedRuns) -> str:
    """Return why a step differs, as a sentence."""
    under, team = f"under {pair.under[step.side]}", step.team
    if step.mission is not None and step.cause != Cause.COURSE:
        return _on_mission(step, pair)
    if step.cause == Cause.RULES:
        return _rules(step, pair)
    if step.cause == Cause.LEFT:
        return f"{_capital(under)}, it was {_left(step, pair)} by then."
    if step.cause == Cause.DEMAND:
        if None in step.callouts:
            return f"It is in the demand {under} only."
        return "Time, place, kind or priority differ: it is not the same callout under both."
    if step.cause == Cause.UNTOLD:
        return _otherwise(step, pair).sentence
    return {
        Cause.MOVED: f"{_capital(under)}, {team} had been relocated.",
        Cause.TEAM: f"There is a {team} {under} only.",
        Cause.CALLED: f"{_capital(under)}, {team} had been called in and was on duty.",
        Cause.COURSE: "The same teams were sent at the same moments; travel, work or hospital "
        "times differ.",
        Cause.ORDER: "Each of the two decisions depended on the other: their order differs.",
        Cause.FURTHER: "The chain continues; it is not followed further back here.",
    }[step.cause]


def _on_mission(step: Step, pair: _PairedRuns) -> str:
    """Return which other callout a team was on, or came from."""
    m, team, clock = step.mission, step.team, pair.clock
    assert m is not None
    head = f"Under {pair.under[step.side]}, {team}"
    if step.cause == Cause.BEFORE:
        until = "the end" if m.cleared is None else clock.at(m.cleared)
        return (
            f"{head} was on callout {m.callout} until {until}, which was received in the warm-up, "
            "before the log begins."
        )
    if step.cause == Cause.FURTHER:
        return f"{head} was on callout {m.callout}; the chain is not followed further back here."
    if step.cause == Cause.ORDER:
        return f"{head} went to callout {m.callout} first: the order of the queue differs."
    since = clock.at(m.dispatched)
    if step.cause == Cause.BUSY:
        return f"{head} had been on callout {m.callout} since {since}."
    assert m.cleared is not None
    until = f"{_HOW.get(m.ending, 'until')} {clock.at(m.cleared)}"
    return f"{head} came from callout {m.callout}, which it was on from {since} {until}."


def _rules(step: Step, pair: _PairedRuns) -> str:
    a, b = (pair.could(x, decision) for x, decision in enumerate(step.decisions))
    if a is not None and a == b:
        return "Both had the same candidates: the rules chose differently."
    return "The rules chose differently."


def _left(step: Step, pair: _PairedRuns) -> str:
    number = step.callouts[step.side]
    row = next((r for r in pair.runs[step.side].log.callouts if r.callout == number), None)
    return "over" if row is None else ENDED[row.outcome]


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]


def _otherwise(step: Step, pair: _PairedRuns) -> TeamDifference:
    """Return why a team was not available alike though it had done the same before."""
    team = step.team or step.moved
    assert team is not None
    rows = [
        None if number is None else run.whereabouts.rows.get(number)
        for run, number in zip(pair.runs, step.callouts, strict=True)
    ]
    return team_difference(team, pair.under, pair.runs, (rows[0], rows[1]), step.at)


def in_short(change: Divergence, alternatives: Mapping[str, Reported]) -> str:
    """Return the last decision before that differed, or the root, in a few words for a table."""
    return _step_in_short(change.near[-1], _PairedRuns(alternatives))


def _step_in_short(step: Step, pair: _PairedRuns) -> str:
    under, team = pair.under[step.side], step.team
    if step.cause == Cause.RULES or (step.chose_otherwise and step.cause in LINKS):
        return _rules_in_short(step, pair)
    if step.cause == Cause.UNTOLD:
        return _otherwise(step, pair).short
    return {
        Cause.ORDER: "the order of the queue",
        Cause.DEMAND: f"in the demand of {under} only" if None in step.callouts else "the demand",
        Cause.TEAM: f"{team}, under {under} only",
        Cause.CALLED: f"{team} called in under {under}",
        Cause.LEFT: f"{_left(step, pair)} under {under}",
        Cause.COURSE: "travel, work or hospital times differ",
        Cause.BEFORE: f"{team}, in the warm-up",
        Cause.FURTHER: "further back than is followed",
    }[step.cause]


def _rules_in_short(step: Step, pair: _PairedRuns) -> str:
    for x, decision in enumerate(step.decisions):
        if decision is not None and decision.question == "relocation":
            return f"{rule_name(decision)} moved {step.moved} to {pair.chosen(x, decision)}"
    who = [
        None if d is None or d.chosen is None else pair.chosen(x, d)
        for x, d in enumerate(step.decisions)
    ]
    number = pair.number(step)
    for x, under in enumerate(pair.under):
        if who[x] is None and who[1 - x] is not None:
            return f"{under} did not send {who[1 - x]} to callout {number}"
    return f"{who[0]} or {who[1]} for callout {number}"
