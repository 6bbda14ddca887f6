"""What happens when somebody's policy is wrong: it is told, and the run ends."""

import pickle
import sys
import threading
from dataclasses import dataclass, field, fields
from typing import Annotated

import pytest
from pydantic import Field

from sim.engine import simulate
from sim.errors import PolicyError
from sim.local_clock import LocalClock
from sim.log import NO_ACCESS, KeptLog, Names
from sim.policies import (
    Atlas,
    DispatchView,
    FleetView,
    FreeTeamView,
    HospitalView,
    PolicySet,
    Road,
    guard,
    parameters,
)
from sim.policies.contract.error_report import TOLD, clock, failed
from sim.policies.dispatch_rules.dispatch import Closest
from sim.policies.guard import Guarded, IllegalMutation, InvalidDecision, guarded
from sim.policies.registry import guarded_set
from sim.world import Callout

from ..worlds import MINUTE, hand_worked, world_of

CALLOUT = Callout(7, 0, 1, 0, 0, 0)
ATLAS = Atlas(
    places=("A",), weights=(1,), times=((0,),), bases=("A", "B"), base_places=(0, 0),
    teams=("One", "Two"), team_bases=(0, 1), delay=0, hospitals=("Near", "Cut off"),
)  # fmt: skip


def view():
    """Return a dispatcher with teams 0 and 1 free, five and nine minutes away."""
    return DispatchView(0, [0, 1], [5 * MINUTE, 9 * MINUTE], 2, 0, ATLAS)


@dataclass(frozen=True)
class Says:
    """Give one answer to every question."""

    answer: object = (0, "because")

    def __call__(self, *_):
        return self.answer


@dataclass(frozen=True)
class Spares:
    """Keep some."""

    keep: Annotated[int, Field(description="How many are kept.")] = 2
    wants = ("idle",)
    source = "made up"

    def __call__(self, callout, view):
        return view.teams[0], f"{self.keep} kept"


def test_a_policy_that_behaves_is_heard_unchanged():
    assert guarded(Spares(3), "dispatch")(CALLOUT, view()) == (0, "3 kept")


def test_a_guard_looks_like_what_it_guards():
    """The engine asks what a rule wants, the manifest its parameters, both of the guard."""
    guarding = guarded(Spares(3), "dispatch", "spares")

    assert (guarding.wants, guarding.source, guarding.keep) == (("idle",), "made up", 3)
    assert (repr(guarding), type(guarding).__name__) == ("Spares(keep=3)", "Spares")
    assert type(guarding).__module__ == __name__
    assert [f.name for f in fields(guarding)] == ["keep"]
    assert [(p.name, p.meaning) for p in parameters(type(guarding))] == [
        ("keep", "How many are kept.")
    ]
    assert not hasattr(guarding, "waits")


def test_a_guard_goes_to_other_processes_and_is_equal_there():
    guarding = guarded(Spares(3), "dispatch", "spares")
    back = pickle.loads(pickle.dumps(guarding))

    assert isinstance(back, Guarded)
    assert (back, back.called, back.question) == (guarding, "spares", "dispatch")
    assert hash(back) == hash(guarding)
    assert back != guarded(Spares(4), "dispatch", "spares")


def test_what_is_guarded_is_not_guarded_twice():
    once = guarded(Spares(), "dispatch")

    assert guarded(once, "dispatch") is once


def test_of_a_set_only_what_is_not_ours_is_guarded():
    """A class made from one of ours is somebody else's, too."""

    @dataclass(frozen=True)
    class Mine(Closest):
        pass

    ours = PolicySet("ours", Closest())
    theirs = guarded_set(PolicySet("theirs", Mine()))

    assert guarded_set(ours) is ours
    assert isinstance(theirs.dispatch, Guarded)
    assert theirs.dispatch.called == "theirs"
    assert not isinstance(theirs.queue, Guarded)


# -- answers -----------------------------------------------------------------------------------

ONE = FreeTeamView(0, 0, 0, (0, 0), (0, 0), ATLAS)
FLEET = FleetView(0, None, (0, 1), (0, 1), (0, 1), ((0, 0), (0, 0)), (0, 0), ATLAS)
HOSPITALS = HospitalView(0, range(2), (MINUTE, NO_ACCESS), (), 0, ATLAS)


@dataclass(frozen=True)
class SaysOfAll(Says):
    moves_all = True


@pytest.mark.parametrize(
    ("question", "answer", "handed", "told"),
    [
        ("dispatch", 0, (CALLOUT, view()), "an answer is a pair"),
        ("dispatch", None, (CALLOUT, view()), "an answer is a pair"),
        ("dispatch", (2, "x"), (CALLOUT, view()), "could only choose among teams 0, 1"),
        ("dispatch", (-1, "x"), (CALLOUT, view()), "chose -1"),
        ("dispatch", (True, "x"), (CALLOUT, view()), "chose True, of type bool"),
        ("dispatch", (0.0, "x"), (CALLOUT, view()), "chose 0.0, of type float"),
        ("dispatch", (0, None), (CALLOUT, view()), "gave None as its reason"),
        ("queue", 3, (CALLOUT, None), "a tuple of numbers"),
        ("queue", (1, "a"), (CALLOUT, None), "'a' has no place in an order"),
        ("queue", (float("nan"),), (CALLOUT, None), "nan has no place in an order"),
        ("relocation", (None, "x"), (ONE,), "chose None"),
        ("relocation", (2, "x"), (ONE,), "could only choose among bases 0, 1"),
        ("destination", (1, "x"), (CALLOUT, HOSPITALS), "could only choose among hospitals 0"),
        ("routing", -1.0, (Road(1, 1, 0, 0.0, True),), "a cost is a number"),
        ("routing", float("inf"), (Road(1, 1, 0, 0.0, True),), "a cost is a number"),
    ],
)  # fmt: skip
def test_an_answer_that_is_none_is_refused(question, answer, handed, told):
    """B is cut off: a hospital with no way to it cannot be chosen."""
    with pytest.raises(InvalidDecision) as caught:
        guarded(Says(answer), question)(*handed)

    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (((0, 1), "x"), ""),
        (([0, 1], ""), ""),
        (((0,), "x"), "expected a base for each of 2 teams"),
        (((0, 2), "x"), "chose 2"),
        (((0, None), "x"), "chose None"),
    ],
)
def test_a_rule_that_moves_all_answers_for_each(answer, told):
    policy = guarded(SaysOfAll(answer), "relocation")
    if not told:
        assert policy(FLEET) == answer
        return
    with pytest.raises(InvalidDecision, match=told):
        policy(FLEET)


@pytest.mark.parametrize(
    ("question", "answer"),
    [("dispatch", (None, "")), ("queue", (1, 2.5)), ("relocation", (1, "")), ("routing", None)],
)
def test_every_answer_that_the_interface_allows_is_let_through(question, answer):
    handed = {"relocation": (ONE,), "routing": (Road(1, 1, 0, 0.0, True),)}

    assert guarded(Says(answer), question)(*handed.get(question, (CALLOUT, view()))) == answer


# -- raising, hanging, changing ----------------------------------------------------------------


@dataclass(frozen=True)
class Sends:
    """Send the first there is."""

    def __call__(self, callout, view):
        return (view.teams[0] if view.teams else None), "the first there is"


@dataclass(frozen=True)
class Loops:
    """Never return, no matter which ordinary exception is raised."""

    def __call__(self, callout, view):
        count = 0
        while True:
            try:
                count += 1
            except Exception:
                count = 0


@dataclass(frozen=True)
class LoopsALittle:
    """Swallow being stopped, and answer after all."""

    def __call__(self, callout, view):
        try:
            while True:
                pass
        except BaseException:
            return 0, "late"


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(guard, "LIMIT", 0.2)


@pytest.fixture
def stopping(impatient):
    """Where a call can be stopped: Python 3.11, traced, never gets past what is taken back."""
    if sys.gettrace() is not None and sys.version_info < (3, 12):
        pytest.skip("measured by Python 3.11, which hangs after an exception is taken back")


@pytest.mark.parametrize("policy", [Loops(), LoopsALittle()])
def test_a_policy_that_hangs_is_stopped(policy, stopping):
    with pytest.raises(InvalidDecision, match=r"did not answer within 0\.2 s"):
        guarded(policy, "dispatch")(CALLOUT, view())

    assert guarded(Says(), "dispatch")(CALLOUT, view()) == (0, "because")


def test_a_policy_that_hangs_is_stopped_in_any_thread(stopping):
    """Workers of a cluster run in threads that are not the first."""
    told = []

    def work():
        try:
            guarded(Loops(), "dispatch")(CALLOUT, view())
        except InvalidDecision as error:
            told.append(str(error))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join(10)

    assert told == ["did not answer within 0.2 s"]


def test_many_quick_answers_are_never_taken_for_one_slow_one(impatient):
    """The watchdog looks every hundredth of a second; these take far longer together."""
    watched = guarded(Says(), "dispatch")
    ended = threading.Event()
    timer = threading.Timer(0.5, ended.set)
    timer.start()
    while not ended.is_set():
        assert watched(CALLOUT, view()) == (0, "because")


@dataclass(frozen=True)
class Keeps:
    """Keep what was seen, in a field and next to them."""

    seen: list = field(default_factory=list)
    table: dict = field(default_factory=lambda: {"a": [1]})
    how: str = "field"

    def __call__(self, callout, view):
        if self.how == "field":
            self.seen.append(callout)
        elif self.how == "deep":
            self.table["a"].append(2)
        elif self.how == "beside":
            self.__dict__["more"] = 1
        elif self.how == "handed":
            view.teams.pop()
        elif self.how == "frozen":
            object.__setattr__(self, "how", "otherwise")
        return 0, "x"


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("field", "changed its own `seen`"),
        ("deep", "changed its own `table`"),
        ("beside", "changed its own `more`"),
        ("frozen", "changed its own `how`"),
        ("handed", "changed `teams` of what it was handed"),
    ],
)
def test_a_policy_that_changes_anything_is_told(how, told):
    """What it remembers would make a replication depend on the one before it."""
    with pytest.raises(IllegalMutation, match=told):
        guarded(Keeps(how=how), "dispatch")(CALLOUT, view())


def test_what_is_cached_on_the_map_is_no_change():
    """That is the place for what is worked out once."""

    @dataclass(frozen=True)
    class Caches:
        def __call__(self, callout, view):
            return view.atlas.cached("mine", lambda: 0), "cached"

    assert guarded(Caches(), "dispatch")(CALLOUT, view()) == (0, "cached")


def test_a_policy_may_not_end_the_program():
    """The command line would take it for success."""

    @dataclass(frozen=True)
    class Leaves:
        def __call__(self, callout, view):
            raise SystemExit

    with pytest.raises(InvalidDecision, match="tried to end the program"):
        guarded(Leaves(), "dispatch")(CALLOUT, view())


def test_what_stops_the_study_is_not_taken_for_the_policys_error():
    @dataclass(frozen=True)
    class Interrupted:
        def __call__(self, callout, view):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        guarded(Interrupted(), "dispatch")(CALLOUT, view())


@pytest.mark.parametrize("policy", [Says((5, "x")), Keeps(), Says(None)], ids=repr)
def test_in_a_run_it_ends_in_a_policy_error(policy):
    world = world_of(hand_worked("00:00 A job"))
    policies = guarded_set(PolicySet("mine", policy))

    with pytest.raises(PolicyError):
        simulate(world, policies, KeptLog(), 1, 0)


def test_a_guard_changes_nothing_in_the_log():
    """Not even the name of the rule."""
    world = world_of(hand_worked("00:00 A job", "00:05 A job"))
    logs = [KeptLog(), KeptLog()]
    own = PolicySet("mine", Sends())
    for log, policies in zip(logs, (own, guarded_set(own)), strict=True):
        simulate(world, policies, log, 1, 0)

    assert logs[0].decisions == logs[1].decisions
    assert logs[0].decisions[0].rule == "Sends"


# -- telling -----------------------------------------------------------------------------------

NAMES = Names(("job",), ("A",), ("A",), ("One", "Two"), ("North", "South"), ("Clinic",))
SIX = 6 * 60 * MINUTE


def told(decisions=(), error=None, now=90_000):
    policy = guarded(Spares(3), "dispatch", "spares")
    error = error or ZeroDivisionError("by zero")
    begins = LocalClock.fixed(SIX)
    found = failed(policy, "dispatch", "callout 7", now, begins, decisions, NAMES, error)
    assert isinstance(found, PolicyError)
    assert found.exit_code == 5
    return str(found).splitlines()


def test_a_failure_says_who_about_what_and_when():
    """06:00 and a minute and a half."""
    assert told() == [
        "the dispatch policy 'spares' failed: it raised ZeroDivisionError: by zero",
        "  policy: Spares(keep=3)",
        "  asked about: callout 7",
        "  simulated time: day 1 06:01:30 local time, 1.5 min after the start of the measured "
        "period",
        "  no decision was taken before",
    ]


def test_a_failure_says_the_package_that_brought_the_policy():
    policy = guarded(Spares(), "dispatch", "spares", "theirs 1.0")
    found = failed(policy, "dispatch", "callout 7", 0, LocalClock.fixed(0), (), NAMES, ValueError())

    first = "the dispatch policy 'spares' of the package theirs 1.0 failed: it raised ValueError"
    assert str(found).splitlines()[0] == first


def test_a_failure_says_the_line_of_the_policys_own_code():
    def fails():
        raise ZeroDivisionError("by zero")

    with pytest.raises(ZeroDivisionError) as caught:
        fails()
    line = fails.__code__.co_firstlineno + 1

    assert told(error=caught.value)[0].endswith(f"by zero (test_guard.py, line {line})")


def test_decisions_are_told_in_names_the_last_twenty():
    """Thirty were taken; of each question one row is looked at, worked out from its columns."""
    rows = [(n * MINUTE, "dispatch", n, (0, 1), (1, 2), 1, "Spares", "3 kept") for n in range(25)]
    rows += [
        (25 * MINUTE, "relocation", 0, (0, 1), (1, 2), 1, "Home", "goes home"),
        (26 * MINUTE, "destination", 4, (0,), (1,), 0, "Nearest", "reached first"),
        (27 * MINUTE, "queue", 5, (4, 5), (1, 2), 5, "Priority", ""),
        (28 * MINUTE, "staffing", 2, (1,), (1,), 1, "CallIn", "2 free"),
        (29 * MINUTE, "dispatch", 6, (0, 1), (1, 2), None, "Spares", "3 kept"),
    ]
    lines = told(rows)

    assert lines[4] == "  the last 20 decisions of the run, the latest last:"
    assert len(lines) == 5 + TOLD
    assert lines[5] == "    day 1 06:10:00  dispatch, callout 10: Two of 2 (Spares: 3 kept)"
    assert lines[-5:] == [
        "    day 1 06:25:00  relocation, One: South of 2 (Home: goes home)",
        "    day 1 06:26:00  destination, callout 4: Clinic of 1 (Nearest: reached first)",
        "    day 1 06:27:00  queue, callout 5: callout 5 of 2 (Priority: )",
        "    day 1 06:28:00  staffing, 2 free: Two of 1 (CallIn: 2 free)",
        "    day 1 06:29:00  dispatch, callout 6: nobody of 2 (Spares: 3 kept)",
    ]


def test_what_a_policy_says_cannot_write_over_the_message():
    """Its reasons are somebody else's text: an escape sequence is written out."""
    row = (0, "dispatch", 1, (0,), (1,), 0, "Mine", "\x1b[2Jgone\nnew line")

    assert told([row])[-1].endswith(r"(Mine: \x1b[2Jgone\x0anew line)")


@pytest.mark.parametrize(
    ("at", "begins", "said"),
    [
        (0, SIX, "day 1 06:00:00"),
        (18 * 60 * MINUTE, SIX, "day 2 00:00:00"),
        (-7 * 60 * MINUTE, SIX, "day 0 23:00:00"),
        (1999, 0, "day 1 00:00:01"),
    ],
)
def test_instants_are_told_as_local_time(at, begins, said):
    """The start is six in the morning; the warm-up is the day before."""
    assert clock(at, LocalClock.fixed(begins)) == said
