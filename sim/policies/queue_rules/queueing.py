"""
Queue: who is served next.

A rule gives each waiting callout its place, and the least is served first; ``why`` says in words
what the order is. Rules whose order changes with time or with the teams free are asked again each
time somebody can be served (``changes``). The queue with a cutoff of the literature is the dispatch
rule ``cutoff``, which is asked for each waiting callout.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from sim.log import MS_PER_HOUR
from sim.scenario.fields.quantities import Duration

from ..rule_basis.board import CalloutView
from ..rule_basis.common import ONE, Level
from ..rule_basis.views import QueueView


@dataclass(frozen=True, slots=True)
class Priority:
    """Serve the most urgent first; ties go to the one received first."""

    source = (
        'standard practice; non-preemptive head of the line: A. Cobham, "Priority assignment in '
        'waiting line problems", Oper. Res. 2(1), 1954, 70-76'
    )
    waits = True
    why = "the most urgent, then the first received"

    def __call__(self, callout: CalloutView, view: QueueView) -> tuple[int, ...]:
        """Return priority, then number in the order received."""
        return callout.priority, callout.number


@dataclass(frozen=True, slots=True)
class FirstCome:
    """Serve in the order received, regardless of priority."""

    source = "textbook: first come, first served"
    waits = True
    why = "the first received"

    def __call__(self, callout: CalloutView, view: QueueView) -> tuple[int, ...]:
        """Return the number in the order received."""
        return (callout.number,)


@dataclass(frozen=True, slots=True)
class NoQueue:
    """No queue: a callout that finds no free team is lost. For textbook loss systems."""

    source = "A. K. Erlang's loss system, 1917 (recalled, not checked)"
    waits = False
    why = ""

    def __call__(self, callout: CalloutView, view: QueueView) -> tuple[int, ...]:
        """Return the number in the order received."""
        return (callout.number,)


@dataclass(frozen=True, slots=True)
class PreemptivePriority:
    """
    Serve the most urgent first, and take teams for them from less urgent callouts.

    A callout that finds nobody free takes a team from the least urgent callout under way; ties go
    to the one received last. A patient on board is never left. The work left there is resumed by
    the next team. For textbook systems: no real service leaves a scene so readily.
    """

    source = (
        "pre-emptive resume: L. Kleinrock, Queueing Systems, vol. 2, 1976, sec. 3.6 "
        "(recalled, not checked)"
    )
    waits = True
    preempts = True
    why = "the most urgent, then the first received"

    def __call__(self, callout: CalloutView, view: QueueView) -> tuple[int, ...]:
        """Return priority, then number in the order received."""
        return callout.priority, callout.number


@dataclass(frozen=True, slots=True)
class Nearest:
    """
    Serve the callout that a free team can reach soonest; ties go to the first received.

    The shortest drive first: many callouts are reached soon, and distant ones may wait long. With
    ``by_priority`` only among the most urgent.
    """

    source = (
        'nearest neighbour: D. J. Bertsimas, G. van Ryzin, "A stochastic and dynamic vehicle '
        'routing problem in the Euclidean plane", Oper. Res. 39(4), 1991, 601-615'
    )
    waits = True
    changes = True
    why = "the soonest to be reached by a free team"

    by_priority: Annotated[
        bool, Field(description="Whether the more urgent are served first, however far.")
    ] = True

    def __call__(self, callout: CalloutView, view: QueueView) -> tuple[int, ...]:
        """Return the time until somebody could be there."""
        first = callout.priority if self.by_priority else 0
        return first, view.soonest, callout.number


@dataclass(frozen=True, slots=True)
class Deadline:
    """
    Serve the callout whose deadline is nearest: received, plus what its priority allows.

    A priority that is not named is allowed ``otherwise``.
    """

    source = (
        'earliest deadline first: C. L. Liu, J. W. Layland, "Scheduling algorithms for '
        'multiprogramming in a hard-real-time environment", J. ACM 20(1), 1973, 46-61'
    )
    waits = True
    why = "the nearest deadline"

    allowed: Annotated[
        dict[Level, Duration],
        Field(min_length=1, description="Time to be reached in, by priority, as {1: 15 min}."),
    ]
    otherwise: Annotated[
        Duration, Field(description="The same for priorities not named. [duration]")
    ] = 7_200_000

    def __call__(self, callout: CalloutView, view: QueueView) -> tuple[int, ...]:
        """Return the deadline."""
        return (
            callout.received + self.allowed.get(callout.priority, self.otherwise),
            callout.number,
        )


@dataclass(frozen=True, slots=True)
class MarginalLoss:
    """
    Serve the callout whose declared value falls fastest at this moment.

    With a value ``2^(-t/h)`` of arriving after ``t``, the loss for each further moment is
    ``(ln 2 / h) 2^(-t/h)``, where ``t`` runs to when a free team could be there; ``ln 2`` is the
    same for all and left out. So urgent callouts go first while it matters, and callouts that have
    been pending far too long are no longer preferred: declared utility, not medicine. Derived from
    general knowledge; checked by hand in tests/policies/test_queueing.py.
    """

    source = (
        'greatest marginal loss, a generalised c-mu rule: J. A. Van Mieghem, "Dynamic scheduling '
        'with convex delay costs: the generalized c-mu rule", Ann. Appl. Probab. 5(3), 1995, '
        "809-833"
    )
    waits = True
    changes = True
    why = "the value of coming falls fastest"

    half_lives: Annotated[
        dict[Level, Duration],
        Field(
            min_length=1, description="Time in which the value halves, by priority, as {1: 20 min}."
        ),
    ]
    otherwise: Annotated[
        Duration, Field(gt=0, description="The same for priorities not named. [duration]")
    ] = 14_400_000

    def __call__(self, callout: CalloutView, view: QueueView) -> tuple[int, ...]:
        """Return the loss in a moment, negative: the greatest is served first."""
        half_life = max(self.half_lives.get(callout.priority, self.otherwise), 1)
        after = view.now - callout.received + min(view.soonest, 100 * half_life)
        loss = 2.0 ** (-after / half_life) / half_life
        return -round(loss * ONE * MS_PER_HOUR), callout.number


@dataclass(frozen=True, slots=True)
class Ageing:
    """
    Serve the most urgent first, but let each ``step`` of waiting count as one priority.

    So nothing that can be deferred starves: a callout of priority p is overtaken only by those
    received less than ``(p - 1)`` steps after it. Comparing ``priority - waited / step`` at any
    instant is comparing ``received + priority * step``, so the order never changes.
    """

    source = (
        'ageing, as accumulating priority: L. Kleinrock, "A delay dependent queue discipline", '
        "Nav. Res. Logist. Q. 11(3-4), 1964, 329-341"
    )
    waits = True
    why = "the most urgent, each step of waiting counted as one priority"

    step: Annotated[
        Duration, Field(gt=0, description="Wait that counts as one priority. [duration]")
    ] = 3_600_000

    def __call__(self, callout: CalloutView, view: QueueView) -> tuple[int, ...]:
        """Return when it was received, as if later by a step for each priority."""
        return callout.received + callout.priority * self.step, callout.number


RULES: dict[str, type] = {
    "priority": Priority,
    "first_come": FirstCome,
    "none": NoQueue,
    "preemptive_priority": PreemptivePriority,
    "nearest": Nearest,
    "deadline": Deadline,
    "marginal_loss": MarginalLoss,
    "ageing": Ageing,
}
