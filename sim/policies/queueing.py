"""Queue: who is served next."""

from __future__ import annotations

from dataclasses import dataclass

from .views import CalloutView


@dataclass(frozen=True, slots=True)
class Priority:
    """Serve the most urgent first; of equals the one received first."""

    source = "standard practice; non-preemptive head of the line (Cobham 1954)"
    waits = True

    def __call__(self, callout: CalloutView) -> tuple[int, ...]:
        """Return priority, then number in the order received."""
        return callout.priority, callout.number


@dataclass(frozen=True, slots=True)
class FirstCome:
    """Serve in the order received, whatever the priority."""

    source = "textbook: first come, first served"
    waits = True

    def __call__(self, callout: CalloutView) -> tuple[int, ...]:
        """Return the number in the order received."""
        return (callout.number,)


@dataclass(frozen=True, slots=True)
class NoQueue:
    """Let nobody wait: a callout that finds no team is lost. For textbook loss systems."""

    source = "A. K. Erlang's loss system, 1917"
    waits = False

    def __call__(self, callout: CalloutView) -> tuple[int, ...]:
        """Return the number in the order received."""
        return (callout.number,)
