"""Who takes people to hospital, told: teams asked for, and people who wait for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from sim.log import CalloutRow, Ending, Event, EventRow, MissionRow, Outcome

if TYPE_CHECKING:
    from sim.experiment import Reported


def transports(run: Reported, row: CalloutRow) -> Iterator[tuple[int, str]]:
    """Yield when people waited on scene for teams to take them, and who stayed with them."""
    for event in run.whereabouts.about[row.callout]:
        if event.what == Event.AWAITS_TRANSPORT:
            whom = "a transport" if event.who == 1 else f"{event.who} transports"
            who = "no team could stay with them"
            if event.team is not None:
                who = f"{run.names.teams[event.team]} stayed with them"
            yield event.at, f"The work was done. People waited on scene for {whom}; {who}."


def asked(team: str, own: Iterable[EventRow]) -> Iterator[tuple[int, str]]:
    """Yield when a team on scene asked for others to take people; ``own`` are its events."""
    for event in own:
        if event.what == Event.TRANSPORT_ASKED:
            more = "a team that carries" if event.who == 1 else f"{event.who} teams that carry"
            yield event.at, f"{team} asked for {more}, to take people to hospital."


def is_left(run: Reported, row: CalloutRow) -> bool:
    """Return whether people of a callout that was dropped were left without a transport."""
    return row.outcome == Outcome.DROPPED and any(
        event.what == Event.AWAITS_TRANSPORT for event in run.whereabouts.about[row.callout]
    )


def left_them(run: Reported, m: MissionRow) -> bool:
    """Return whether a team left people on scene because no other was to take them."""
    if m.ending != Ending.DROPPED:
        return False
    row = run.whereabouts.rows.get(m.callout)
    return row is not None and is_left(run, row)
