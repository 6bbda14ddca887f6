"""What a policy says of itself has an effect, or is told."""

from dataclasses import dataclass
from typing import Any

import pytest

from sim.engine import simulate
from sim.errors import PolicyError
from sim.log import KeptLog
from sim.policies import LIBRARY, PolicySet, StatusBoard
from sim.policies.contract.declarations import BOARD_PARTS, PARTS, Declared, declared, misdeclared
from sim.policies.dispatch_rules.lookahead import Rollout
from sim.policies.registry import guarded_set

from .test_believed_roads import closing


def rule_with(**attributes):
    """Return a rule with these class attributes."""

    def decides(self, *handed):
        return None, "nobody"

    return dataclass(frozen=True)(type("Mine", (), {**attributes, "__call__": decides}))


QUEUE = {"waits": True}
WRONG = [
    ("dispatch", {"want": ("idle",)}, "has `want`, which nothing reads; did you mean `wants`?"),
    ("dispatch", {"Wants": ("idle",)}, "did you mean `wants`?"),
    ("dispatch", {"wants": ("idel",)}, "'idel' is no part of the board; did you mean 'idle'?"),
    ("dispatch", {"wants": ("turnouts",)}, "parts: idle, busy, record, futures, pending, clock, "),
    ("dispatch", {"wants": "idle"}, "has `wants = 'idle'`; expected a tuple of parts"),
    ("dispatch", {"wants": lambda self: ("idle",)}, "expected a tuple of parts"),
    ("dispatch", {"foresee": True}, "did you mean `foresees`?"),
    ("dispatch", {"foresees": "yes"}, "has `foresees = 'yes'`; expected True or False"),
    ("dispatch", {"wants": ("futures",), "futures": 0}, "a whole number (int) of at least 1"),
    ("dispatch", {"wants": ("futures",), "futures": True}, "a whole number (int) of at least 1"),
    ("dispatch", {"wants": ("futures",), "ahead": 0.5}, "a whole number (int) of at least 0"),
    ("dispatch", {"wants": ("futures",), "future": 5}, "did you mean `futures`?"),
    ("dispatch", {"draw": True}, "did you mean `draws`?"),
    ("dispatch", {"preempts": True}, "which belongs to a queue rule; it is a dispatch rule"),
    ("dispatch", {"waits": False}, "which belongs to a queue rule; it is a dispatch rule"),
    ("dispatch", {"wants": ("idle", "idle")}, "'idle' stands there twice"),
    ("destination", {"wants": ("hospital",)}, "did you mean 'hospitals'?"),
    (
        "staffing",
        {"wants": ("futures",)},
        "'futures' is a part of the board of dispatch rules only",
    ),
    ("queue", {**QUEUE, "want": ("clock",)}, "which nothing reads; did you mean `wants`?"),
    ("routing", {"wants": ("idle",)}, "which belongs to a rule with a board; it is a routing rule"),
    ("relocation", {"move_all": True}, "did you mean `moves_all`?"),
    ("relocation", {"moves_all": 1}, "expected True or False"),
    ("reassignment", {"moves_all": True}, "which belongs to a relocation rule"),
    ("queue", {}, "has no class attribute `waits`: True, or False"),
    ("queue", {"wait": False}, "did you mean `waits`?"),
    ("queue", {"waits": "no"}, "has `waits = 'no'`; expected True or False"),
    ("queue", {**QUEUE, "change": True}, "did you mean `changes`?"),
    ("queue", {**QUEUE, "why": 3}, "has `why = 3`; expected a text"),
]


def said(value):
    return repr(value).split(" at 0x")[0]  # a test has the same name in every process


@pytest.mark.parametrize(("question", "attributes", "told"), WRONG, ids=said)
def test_what_would_have_no_effect_is_told_of_a_class_and_of_a_policy(question, attributes, told):
    rule = rule_with(**attributes)

    assert told in misdeclared(rule, question)
    assert told in misdeclared(rule(), question)


@pytest.mark.parametrize(
    ("question", "attributes"),
    [
        ("dispatch", {"wants": ("idle", "busy", "record")}),
        ("dispatch", {"wants": ["idle"]}),
        ("dispatch", {"ahead": "north", "futures": None}),  # its own words: it wants no futures
        ("dispatch", {"head": 3, "limit": 7, "source": "made up", "question": "dispatch"}),
        ("dispatch", {"want": lambda self: 3, "_wants": 3}),
        ("dispatch", {"waits": True, "moves_all": False}),  # which holds anyhow
        ("dispatch", {"why": "always the same"}),
        ("dispatch", {"waits": 120}),  # a constant of its own
        ("queue", {**QUEUE, "preempts": True, "why": "the first"}),
        ("relocation", {"moves_all": True, "draws": True, "wants": ("busy", "forecast")}),
        ("reassignment", {"wants": ("pending", "clock")}),
    ],
)
def test_what_has_its_effect_or_is_a_rules_own_is_not_told(question, attributes):
    rule = rule_with(**attributes)

    assert (misdeclared(rule, question), misdeclared(rule(), question)) == ("", "")


@dataclass(frozen=True, slots=True)
class Slotted:
    """A rule whose parameters have names of parts."""

    waits: int = 3
    changes: float = 0.5
    wants: tuple[str, ...] = ("idle",)
    want: tuple[str, ...] = ("busy",)

    def __call__(self, callout, view):
        return None, "nobody"


@dataclass(frozen=True, slots=True)
class WantsByParameter:
    """A rule that reads a part of the board only where a parameter says so."""

    by_hour: bool = False

    @property
    def wants(self):
        """The parts of the board."""
        return ("forecast",) if self.by_hour else ()

    def __call__(self, view):
        return view.home, ""


def test_what_is_wanted_may_follow_from_parameters():
    assert misdeclared(WantsByParameter, "relocation") == ""
    assert misdeclared(WantsByParameter(by_hour=True), "relocation") == ""
    assert declared(WantsByParameter(), "relocation").wants == ()
    assert declared(WantsByParameter(by_hour=True), "relocation").wants == ("forecast",)


def test_parameters_may_have_any_name():
    assert misdeclared(Slotted, "dispatch") == misdeclared(Slotted(), "dispatch") == ""
    assert declared(Slotted(), "dispatch") == Declared(wants=("idle",))


def test_a_policy_declares_only_what_belongs_to_its_question():
    everything = rule_with(
        wants=("futures",), futures=4, ahead=5, foresees=True, waits=False, changes=True,
        preempts=True, why="so", moves_all=True, draws=True,
    )()  # fmt: skip
    wants = ("futures",)

    assert declared(everything, "routing") == Declared(draws=True)
    assert declared(everything, "destination") == Declared(wants=wants, draws=True)
    assert declared(everything, "relocation") == Declared(wants=wants, moves_all=True, draws=True)
    assert declared(everything, "queue") == Declared(
        wants=wants, waits=False, changes=True, preempts=True, why="so", draws=True
    )
    assert declared(everything, "dispatch") == Declared(
        wants=("futures",), futures=4, ahead=5, foresees=True, draws=True
    )


def test_parameters_count_as_declared():
    rollout = Rollout(futures=3, ahead=60_000)

    assert declared(rollout, "dispatch").futures == 3
    assert declared(rollout, "dispatch").ahead == 60_000


@pytest.mark.parametrize("question", LIBRARY)
def test_the_library_declares_nothing_without_effect(question):
    assert {misdeclared(rule, question) for rule in LIBRARY[question].values()} == {""}


def test_every_part_has_a_place_in_what_is_declared_and_on_the_board():
    parts = {name for parts in PARTS.values() for name in parts}

    assert {*parts, "draws"} == {*Declared.__dataclass_fields__}
    assert set(BOARD_PARTS) < set(StatusBoard._fields)


@pytest.mark.parametrize("is_watched", [False, True])
@pytest.mark.parametrize(
    ("question", "attributes", "told"),
    [
        ("dispatch", {"want": ("idle",)}, "it has `want`, which nothing reads"),
        ("dispatch", {"preempts": True}, "it has `preempts`, which belongs to a queue rule"),
        ("queue", {}, "it has no class attribute `waits`"),
    ],
)
def test_a_run_ends_before_it_begins_with_a_sentence(question, attributes, told, is_watched):
    rules: dict[str, Any] = {"dispatch": LIBRARY["dispatch"]["closest"]()}
    policies = PolicySet("mine", **rules | {question: rule_with(**attributes)()})
    log = KeptLog()

    with pytest.raises(PolicyError) as caught:
        simulate(closing(), guarded_set(policies) if is_watched else policies, log, 1, 0)

    first, second = str(caught.value).splitlines()
    called = " 'mine'" if is_watched else ""
    assert first.startswith(f"the {question} policy{called} cannot be used: {told}")
    assert second == "  policy: Mine()"
    assert log.callouts == []
