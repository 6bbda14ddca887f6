"""
Access as a state: which roads are closed when, what is known of it, and where teams are stopped.

A run is cut into epochs in which nothing changes; every epoch has its travel times for each thing
the dispatcher may know. So a closed road costs no time in the event loop. How they come about is in
`disrupted_roads`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple


class Epoch(NamedTuple):
    """
    A stretch of time in which no closure, announcement, checkpoint or curfew begins or ends.

    Closures that hold in some hours of the day only make epochs of their own.
    """

    begins: int  # [ms]
    closed: tuple[int, ...]  # numbers of the closures in force, ascending
    hidden: tuple[int, ...]  # those of them that nobody has announced yet, ascending
    # by which of ``hidden`` the dispatcher knows of: the travel period of each minute of the day
    minutes: Mapping[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True)
class Disruptions:
    """The epochs of a run, and the names of its disruptions."""

    closures: tuple[str, ...]  # names by number; made up from the road where none is given
    checkpoints: tuple[str, ...]  # the same of checkpoints
    retry_after: tuple[int, ...]  # of each checkpoint: when a refused team may come again [ms]
    epochs: tuple[Epoch, ...]  # in order; the first begins when the run does
    uncertain: bool  # whether drives vary about their expected time
