"""Telling what a policy did wrong, so that its author can mend it without running it again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath
from types import TracebackType
from typing import Any

from sim.errors import InvalidDecision, PolicyError
from sim.local_clock import LocalClock
from sim.log import MS_PER_DAY, MS_PER_MINUTE, Names
from sim.scenario.diagnostics.diagnostic import safe

from .decision_checks import shown

TOLD = 20  # decisions
MOST_WHY = 100  # characters of a reason
_BASES, _HOSPITALS, _CALLOUTS = "relocation", "destination", "queue"


def failed(
    policy: object,
    question: str,
    subject: str,
    now: int,
    local_clock: LocalClock,
    decisions: Sequence[tuple[Any, ...]],
    names: Names,
    error: BaseException,
) -> PolicyError:
    """
    Return what to tell of a policy that failed: who, when, about what, and what came before.

    Parameters
    ----------
    policy, question
        The policy and what it was asked.
    subject
        About what, as in ``"callout 12"``.
    now
        The simulated time. [ms]
    local_clock
        What clocks show then.
    decisions
        The decisions of the run so far, rows as in `sim.log.DecisionRow`; the last twenty are
        shown.
    names
        The words behind the numbers in them.
    error
        What it raised; a `InvalidDecision` is reported in its own words.

    """
    lines = [
        f"{_who(policy, question)} failed: it {did(error)}",
        f"  policy: {shown(policy)}",
        f"  asked about: {subject}",
        f"  simulated time: {clock(now, local_clock)} local time, {_after(now)}",
    ]
    if recent := list(decisions)[-TOLD:]:
        lines.append(f"  the last {len(recent)} decisions of the run, the latest last:")
        lines += [f"    {_decision(row, local_clock, names)}" for row in recent]
    else:
        lines.append("  no decision was taken before")
    return PolicyError("\n".join(map(safe, lines)))


def unusable(policy: object, question: str, told: str) -> PolicyError:
    """Return what to tell of a policy that cannot be asked; ``told`` says what it does wrong."""
    lines = [f"{_who(policy, question)} cannot be used: it {told}", f"  policy: {shown(policy)}"]
    return PolicyError("\n".join(map(safe, lines)))


def _who(policy: object, question: str) -> str:
    called, package = getattr(policy, "called", ""), getattr(policy, "package", "")
    who = f"the {question} policy {called!r}" if called else f"the {question} policy"
    return f"{who} of the package {package}" if package else who


def did(error: BaseException) -> str:
    """Return what a policy did, with the line where it was."""
    if isinstance(error, InvalidDecision):
        cause = error.__cause__
        return f"{error}{_where(cause.__traceback__) if cause else ''}"
    said = f": {error}" if str(error) else ""
    return f"raised {type(error).__name__}{said[:300]}{_where(error.__traceback__)}"


def _where(trace: TracebackType | None) -> str:
    """Return the last line of somebody else's code that was run."""
    found = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        module = str(trace.tb_frame.f_globals.get("__name__", ""))
        if not module.startswith("sim."):
            found = f" ({PurePath(code.co_filename).name}, line {trace.tb_lineno})"
        trace = trace.tb_next
    return found


def clock(at: int, local_clock: LocalClock) -> str:
    """
    Return an instant as the scenario's local day and time; the measured period begins on day 1.

    >>> clock(90_000, LocalClock.fixed(6 * 3_600_000))
    'day 1 06:01:30'
    """
    day, time = divmod(local_clock.local(at), MS_PER_DAY)
    minutes, ms = divmod(time, MS_PER_MINUTE)
    said = f"day {day + 1} {minutes // 60:02}:{minutes % 60:02}:{ms // 1000:02}"
    return said + local_clock.told_apart(at)


def _after(now: int) -> str:
    side = "after" if now >= 0 else "before"
    return f"{abs(now) / MS_PER_MINUTE:.1f} min {side} the start of the measured period"


def _decision(row: tuple[Any, ...], local_clock: LocalClock, names: Names) -> str:
    at, question, subject, candidates, _, chosen, rule, why = row
    known = names.bases if question == _BASES else names.teams
    known = names.hospitals if question == _HOSPITALS else known
    if chosen is None:
        answer = "nobody" if question != _HOSPITALS else "nowhere"
    elif question == _CALLOUTS:
        answer = f"callout {chosen}"
    else:
        answer = _name(known, chosen)
    about = f"callout {subject}"
    if question == _BASES:
        about = _name(names.teams, subject)
    elif question == "staffing":
        about = f"{subject} free"
    reason = f"{rule}: {why}"[:MOST_WHY]
    of = f" of {len(candidates)}"
    return f"{clock(at, local_clock)}  {question}, {about}: {answer}{of} ({reason})"


def _name(known: Sequence[str], number: Any) -> str:
    return known[number] if type(number) is int and 0 <= number < len(known) else shown(number)
