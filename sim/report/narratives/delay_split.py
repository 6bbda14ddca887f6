"""A response time and its parts, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.log import MS_PER_HOUR, MS_PER_MINUTE, CalloutRow
from sim.outcomes.explanation.response_split import ResponsePart, Spent, parts_of_response

from ..phrasing.saying import lasting, listed

if TYPE_CHECKING:
    from sim.experiment import Reported
    from sim.log import Names

_SAID = {
    ResponsePart.CALL_HANDLING: "call handling",
    ResponsePart.PERMISSION: "permission",
    ResponsePart.NO_TEAM: "queue time without a free team",
    ResponsePart.KEPT: "queue time while the rule sent none of the free teams",
    ResponsePart.HELD: "held",
    ResponsePart.NO_ACCESS: "no access{closures}",
    ResponsePart.UNSAFE: "until the scene was safe",
    ResponsePart.REFUSED: "lost by a refusal{checkpoints}",
    ResponsePart.STOPPED: "lost by a closure{closures}",
    ResponsePart.NO_CREW: "lost by an alert after which no crew assembled",
    ResponsePart.BROKE_DOWN: "lost by a breakdown",
    ResponsePart.TAKEN: "lost by a team that was taken for another callout",
    ResponsePart.LEFT: "lost by a team that did not get there",
    ResponsePart.TURNOUT: "turnout",
    ResponsePart.ASSEMBLY: "assembly of the crew",
    ResponsePart.DRIVE: "drive as expected",
    ResponsePart.CHECKPOINTS: "checkpoint delay{checkpoints}",
    ResponsePart.STAGED: "staged",
    ResponsePart.REROUTED: "rerouted{closures}",
}


def split_of(run: Reported, row: CalloutRow) -> str:
    """Return a callout's response time with its parts; empty where nobody was on scene."""
    parts = parts_of_response(run.whereabouts, row)
    if row.on_scene is None:
        return ""
    total = row.on_scene - row.received
    unit = MS_PER_MINUTE // 10 if total < 2 * MS_PER_HOUR else MS_PER_MINUTE
    shown = rounded([spent.lasts for spent in parts], unit)
    told = [_part(spent, ms, unit, run.names) for spent, ms in zip(parts, shown, strict=True) if ms]
    (whole,) = rounded([total], unit)
    text = f"Response time {_in(whole, unit)}"
    return f"{text}: {listed(told, len(told))}." if told else f"{text}."


def rounded(times: Sequence[int], unit: int) -> list[int]:
    """
    Return times in whole units that add up to their sum in whole units. [ms]

    Largest remainders are rounded up, so that a reader who adds up the parts finds the whole.

    Examples
    --------
    >>> rounded([1400, 1400, 200], 1000)
    [1000, 2000, 0]

    """
    down = [time // unit for time in times]
    missing = (2 * sum(times) + unit) // (2 * unit) - sum(down)
    order = sorted(range(len(times)), key=lambda i: (-(times[i] % unit), -i))
    for i in order[:missing]:
        down[i] += 1
    return [unit * n for n in down]


def _in(ms: int, unit: int) -> str:
    """Return a time in a unit: whole minutes where parts are rounded to those."""
    if unit == MS_PER_MINUTE and abs(ms) < 2 * MS_PER_HOUR:
        return f"{ms // MS_PER_MINUTE} min"
    return lasting(ms)


def _part(spent: Spent, ms: int, unit: int, names: Names) -> str:
    if spent.part == ResponsePart.VARIATION:
        return f"{_in(abs(ms), unit)} {'saved' if ms < 0 else 'more'} on the way"
    words = _SAID[spent.part].format(
        closures=_bracketed(names.closures, spent.who),
        checkpoints=_bracketed(names.checkpoints, spent.who),
    )
    return f"{_in(ms, unit)} {words}"


def _bracketed(words: Sequence[str], numbers: Sequence[int]) -> str:
    found = [words[n] for n in numbers if 0 <= n < len(words)]
    return f" ({listed(found)})" if found else ""
