"""What is no answer is told in every run, of every policy that is not the library's."""

from dataclasses import dataclass

import numpy as np
import pytest

from sim.engine import simulate
from sim.errors import PolicyError
from sim.log import KeptLog
from sim.policies import LIBRARY, PolicySet
from sim.policies.registry import guarded_set
from sim.world import build

from .test_believed_roads import closing


@dataclass(frozen=True)
class Says:
    """Give one answer to everything."""

    answer: object
    waits = True
    moves_all = False

    def __call__(self, *handed):
        return self.answer


@dataclass(frozen=True)
class SaysOfAll(Says):
    """Give one answer for the whole fleet."""

    moves_all = True


WHOLE = "expected a whole number (int)"
PAIR = "an answer is a pair"
TEXT = "`why` is a text"
NUMBERS = "a tuple of numbers"
NO_ORDER = "has no place in an order"
COST = "a cost is a number"
ONE = np.int64(1)

ANSWERS = [
    ("dispatch", (0.0, "x"), WHOLE),
    ("dispatch", (True, "x"), WHOLE),
    ("dispatch", (ONE, "x"), WHOLE),
    ("dispatch", ("0", "x"), WHOLE),
    ("dispatch", (0,), PAIR),
    ("dispatch", (0, "x", "y"), PAIR),
    ("dispatch", [0, "x"], PAIR),
    ("dispatch", "0x", PAIR),
    ("dispatch", 0, PAIR),
    ("dispatch", (0, None), TEXT),
    ("dispatch", (None, 3), TEXT),
    ("dispatch", (99, "x"), "could only choose among teams"),
    ("reassignment", ((True,), "x"), WHOLE),
    ("reassignment", ((0.0,), "x"), WHOLE),
    ("reassignment", ((ONE,), "x"), WHOLE),
    ("reassignment", (0, "x"), "expected a tuple of teams"),
    ("reassignment", ((0,), None), TEXT),
    ("reassignment", ((0,),), PAIR),
    ("queue", 1, NUMBERS),
    ("queue", (), NUMBERS),
    ("queue", (True,), NO_ORDER),
    ("queue", (ONE,), NO_ORDER),
    ("queue", (float("nan"),), NO_ORDER),
    ("queue", ("a",), NO_ORDER),
    ("relocation", (1.0, "x"), WHOLE),
    ("relocation", (True, "x"), WHOLE),
    ("relocation", (ONE, "x"), WHOLE),
    ("relocation", (1, None), TEXT),
    ("relocation", (1,), PAIR),
    ("fleet", ((True,), "x"), WHOLE),
    ("fleet", ((0.0,), "x"), WHOLE),
    ("fleet", ((0,) * 9, "x"), "expected a base for each of"),
    ("fleet", ((0,), None), TEXT),
    ("destination", (0.0, "x"), WHOLE),
    ("destination", (False, "x"), WHOLE),
    ("destination", (ONE, "x"), WHOLE),
    ("destination", (0, 0), TEXT),
    ("destination", (0,), PAIR),
    ("staffing", ((True,), 10**8, "x"), WHOLE),
    ("staffing", ((3.0,), 10**8, "x"), WHOLE),
    ("staffing", ((3,), 1e8, "x"), "expected whole milliseconds (int)"),
    ("staffing", ((3,), True, "x"), "expected whole milliseconds (int)"),
    ("staffing", ((3,), 10**8), "three parts"),
    ("staffing", ((3,), 10**8, b"x"), TEXT),
    ("routing", True, COST),
    ("routing", float("nan"), COST),
    ("routing", -1, COST),
    ("routing", np.float64(1), COST),
    ("routing", "1", COST),
    ("routing", (1, "x"), COST),
]


@pytest.fixture(scope="module")
def world():
    return closing()


@pytest.mark.parametrize("is_watched", [False, True])
@pytest.mark.parametrize(("question", "answer", "told"), ANSWERS, ids=repr)
def test_what_is_no_answer_ends_the_run_and_is_told(question, answer, told, is_watched, world):
    """``0.0`` and ``True`` are equal to numbers of teams, and index a list or do not."""
    asked = "relocation" if question == "fleet" else question
    rule = SaysOfAll(answer) if question == "fleet" else Says(answer)
    rules = {"dispatch": LIBRARY["dispatch"]["closest"](),
             "reassignment": LIBRARY["reassignment"]["by_priority"](), asked: rule}  # fmt: skip
    policies = PolicySet("mine", **rules)
    if is_watched:
        policies = guarded_set(policies)

    def run():
        here = build(world.file, policies.routing) if question == "routing" else world
        simulate(here, policies, KeptLog(), 1, 0)

    with pytest.raises(PolicyError) as caught:
        run()

    first = str(caught.value).splitlines()[0]
    assert told in first
    assert "raised" not in first


@pytest.mark.parametrize("question", ["dispatch", "queue", "relocation", "destination"])
def test_rules_of_the_library_are_not_checked(question, world, monkeypatch):
    """What is known to be right is not looked at again: it is asked for every callout."""
    from sim.engine.foundation import consult

    looked_at = []
    monkeypatch.setattr(consult, "checked", lambda policy, asked: looked_at.append(asked))
    ours = {"dispatch": LIBRARY["dispatch"]["closest"]()}
    for rules in (ours, ours | {question: Says(0)}):
        looked_at.append("a run")
        consult.Consultation(world, PolicySet("mine", **rules), None, None, None)

    assert looked_at == ["a run", "a run", question]


class Unlucky(Says):
    """Raise whatever is asked."""

    def __call__(self, *handed):
        raise ZeroDivisionError("unlucky")


@dataclass(frozen=True)
class UnluckyWithFleet(Unlucky):
    """Raise, asked about the whole fleet."""

    moves_all = True


@pytest.mark.parametrize(
    ("question", "rule", "about"),
    [
        ("dispatch", Unlucky(0), "callout 0"),
        ("reassignment", Unlucky(0), "callout "),
        ("queue", Unlucky(0), "callout "),
        ("destination", Unlucky(0), "callout "),
        ("relocation", Unlucky(0), "team "),
        ("relocation", UnluckyWithFleet(0), "the fleet"),
        ("staffing", Unlucky(0), "the roster"),
    ],
)
def test_a_policy_that_raises_is_told_with_what_it_was_asked_about(question, rule, about, world):
    rules = {"dispatch": LIBRARY["dispatch"]["closest"](),
             "reassignment": LIBRARY["reassignment"]["by_priority"](), question: rule}  # fmt: skip

    with pytest.raises(PolicyError) as caught:
        simulate(world, PolicySet("mine", **rules), KeptLog(), 1, 0)

    told = str(caught.value).splitlines()
    assert told[0].startswith(f"the {question} policy failed: it raised ZeroDivisionError: unlucky")
    assert told[2].startswith(f"  asked about: {about}")
