"""
Permission: callouts that nobody is sent to before an authority or a party agrees.

The wait is part of the time from received to ready, drawn with the callout. Assumed: it is always
given in the end, and asked for when call handling is over.
"""

from __future__ import annotations

from ..foundation.hooks import Run
from ..foundation.state import OpenCallout


def is_in(run: Run) -> bool:
    """Return whether any kind of callout needs a permission."""
    return any(kind.permission for kind in run.world.scenario.demand.kinds.values())


def install(run: Run) -> None:
    """Note how long each callout has waited for its permission, once it is given."""

    def on_received(open_: OpenCallout) -> None:
        complications = open_.marks.complications
        if complications is not None and complications.permission:
            run.recorder.permission(open_, complications.permission)

    run.hooks.received.append(on_received)
