"""Policies that misbehave are found, each by the check meant for it; those of the library pass."""

from dataclasses import dataclass

import pytest

from sim.experiment.conformance.policy_conformance import conforms, trial_files
from sim.experiment.conformance.relabelling import Chosen, not_by_number
from sim.policies import LIBRARY, parameters
from sim.policies.cover_rules.relocation import Dmexclp
from sim.policies.dispatch_rules.dispatch import Closest

ANSWERS = "answers every question, and among what is offered"
CHANGES = "changes nothing"
SAME_RUN = "the same day run twice gives the same log"
SAME_VIEW = "the same view gives the same answer, in any order, and outside a run"
TIES = "ties go to the lowest number, however numbers are given out and listed"
EMPTY = "handles an empty list of candidates"


@pytest.fixture(scope="module")
def files():
    return trial_files()


@pytest.fixture(autouse=True)
def no_other_worlds(monkeypatch):
    """Who a rule serves is tested in test_serving.py, and takes longer than all else."""
    monkeypatch.setattr(
        "sim.experiment.conformance.policy_conformance._serves", lambda policy, question: []
    )


def failures(policy, files, question="dispatch"):
    """Return the checks that failed and what was said."""
    found = conforms(policy, question, "mine", files)
    return {finding.check: finding.said for finding in found if finding.passed is False}


# -- those of the library ----------------------------------------------------------------------

GIVEN = {
    ("dispatch", "cutoff"): {"reserve": {2: 1, 3: 2}},
    ("dispatch", "run_card"): {"order": {"Bridge": ("Hill", "Harbour")}},
    ("queue", "deadline"): {"allowed": {1: 900_000, 2: 1_800_000}},
    ("queue", "marginal_loss"): {"half_lives": {1: 1_200_000, 2: 3_600_000}},
    ("relocation", "priority_list"): {"order": ("Hill", "Harbour")},
    ("destination", "nearest_with_service"): {"priorities": {1: ("Harbour clinic",)}},
    ("destination", "referral"): {"outside": ("Harbour clinic",)},
    ("staffing", "mutual_aid"): {"outside": ("Reserve 2", "Reserve 3")},
}


@pytest.mark.parametrize(
    ("question", "name"),
    [
        pytest.param(q, name, marks=pytest.mark.long if number else ())
        for q in LIBRARY
        for number, name in enumerate(LIBRARY[q])
    ],
)
def test_the_rules_of_the_library_behave(question, name, files):
    """Those whose parameters name bases or hospitals are tried on the villages that have them."""
    given = GIVEN.get((question, name), {})
    needs = [p.name for p in parameters(LIBRARY[question][name]) if p.default == "required"]
    assert set(needs) <= set(given), "give a rule the parameters that it needs in GIVEN, above"
    policy = LIBRARY[question][name](**given)
    here = files[:1] if hasattr(policy, "names") and given else files

    by_lot = {TIES} if name == "random" else set()  # a lot does not go by number
    assert set(failures(policy, here, question)) <= by_lot


def test_all_is_asked_on_the_days_tried(files):
    """Otherwise a check that passes would mean nothing."""
    for question, choices in LIBRARY.items():
        name = {"queue": "first_come"}.get(question, next(iter(choices)))
        found = conforms(choices[name](), question, name, files)
        assert {finding.check for finding in found} >= {SAME_RUN, SAME_VIEW, EMPTY}, question


# -- those that misbehave ----------------------------------------------------------------------


@dataclass(frozen=True)
class Last(Closest):
    """Of equals send the one with the highest number."""

    def __call__(self, callout, view):
        if not view.teams:
            return None, "nobody"
        pairs = zip(view.arrivals, view.teams, strict=True)
        return max((-arrival, team) for arrival, team in pairs)[1], "last"


@dataclass(frozen=True)
class FirstListed:
    """Of equals send the one that is listed first."""

    def __call__(self, callout, view):
        if not view.teams:
            return None, "nobody"
        return view.teams[view.arrivals.index(min(view.arrivals))], "first listed"


COUNTED = [0]


@dataclass(frozen=True)
class Counts:
    """Send each in turn, counted outside its fields."""

    def __call__(self, callout, view):
        COUNTED[0] += 1
        return (sorted(view.teams)[COUNTED[0] % len(view.teams)] if view.teams else None), "in turn"


@dataclass(frozen=True)
class Remembers:
    """Keep the team it sent in the map's cache, and never send the same twice in a row."""

    def __call__(self, callout, view):
        kept = view.atlas.cached("sent", dict)
        others = [t for t in sorted(view.teams) if t != kept.get("sent")]
        kept["sent"] = others[0] if others else None
        return kept["sent"], "another one"


@dataclass(frozen=True)
class InTurn(Closest):
    """Send the closest, or by night the last by number, and cache which it is to be."""

    night: bool = False

    def __call__(self, callout, view):
        if not view.teams:
            return None, "nobody"
        way = view.atlas.cached("way", lambda: max if self.night else min)
        return way(zip(view.arrivals, view.teams, strict=True))[1], "by the hour"


@dataclass(frozen=True)
class TwoInOne:
    """Ask one rule by day and another by night, and let them share its cache."""

    day: InTurn = InTurn()
    night: InTurn = InTurn(night=True)
    apart: bool = False

    def __call__(self, callout, view):
        name = "day" if view.now // 43_200_000 % 2 else "night"
        if self.apart:
            view = view._replace(atlas=view.atlas.cached(name, view.atlas.own))
        return getattr(self, name)(callout, view)


@dataclass(frozen=True)
class Peeks:
    """Look from the caller's frame whether the person will give up."""

    def __call__(self, callout, view):
        import sys

        frame = sys._getframe()
        while frame is not None and "open_" not in frame.f_locals:
            frame = frame.f_back
        patient = frame.f_locals["open_"].marks.abandons_after is None
        return (min(view.teams) if view.teams and patient else None), "will wait"


@dataclass(frozen=True)
class NeedsSomebody:
    """Take it for granted that somebody is free."""

    def __call__(self, callout, view):
        return min(zip(view.arrivals, view.teams, strict=True))[1], "closest"


@dataclass(frozen=True)
class Sorts:
    """Put the list that it was handed in order."""

    def __call__(self, callout, view):
        view.teams.sort(key=lambda team: -team)
        return (view.teams[-1] if view.teams else None), "first by number"


@dataclass(frozen=True)
class Stranger:
    def __call__(self, callout, view):
        return 99, "made up"


@pytest.mark.parametrize(
    ("policy", "checks", "said"),
    [
        (Last(), {TIES}, "how they are numbered or listed decides"),
        (FirstListed(), {TIES}, "how they are numbered or listed decides"),
        (Counts(), {SAME_RUN, SAME_VIEW, TIES}, "number 1 of its decisions differs"),
        (Remembers(), {SAME_VIEW, TIES}, "it answered ("),
        (TwoInOne(), {SAME_VIEW, TIES}, "it answered ("),
        (Peeks(), {SAME_VIEW, TIES, EMPTY}, "'NoneType' object has no attribute 'f_locals'"),
        (NeedsSomebody(), {ANSWERS}, "raised ValueError: min() arg is an empty sequence"),
        (Sorts(), {CHANGES}, "changed `teams` of what it was handed"),
        (Stranger(), {ANSWERS}, "chose 99, but could only choose among teams"),
    ],
    ids=lambda part: type(part).__name__,
)
def test_what_misbehaves_fails_the_check_meant_for_it(policy, checks, said, files):
    COUNTED[0] = 0
    found = failures(policy, files)

    assert set(found) >= checks - {TIES, EMPTY}
    assert set(found) <= checks | {TIES}
    assert any(said in told for told in found.values())


def test_rules_within_a_rule_behave_if_each_has_a_map_of_its_own(files):
    """As the page on policies says; without, the first to be asked answers for both."""
    assert SAME_VIEW not in failures(TwoInOne(apart=True), files)


@dataclass(frozen=True)
class TakesAll:
    """Let each callout take any team that arrives sooner, even one under way."""

    def __call__(self, callout, view):
        return view.teams, "sooner"


def test_callouts_that_take_a_team_from_each_other_for_ever_end_the_run(files):
    """Each is served by the other's team at the same instant: the clock stood still, forever."""
    (said,) = failures(TakesAll(), files[:1], "reassignment").values()

    assert "lets callouts take a team from each other forever" in said


@dataclass(frozen=True)
class LotteryOfNumbers:
    """Draw at random from numbers."""

    draws = True

    def __call__(self, callout, view):
        teams = sorted(view.teams)
        return (teams[callout.ready % 7919 % len(teams)] if teams else None), "at random"


def test_a_lot_that_depends_on_what_is_seen_alone_is_allowed(files):
    assert failures(LotteryOfNumbers(), files) == {}


@dataclass(frozen=True)
class LastBase:
    """Wait at the last base of those nearest."""

    def __call__(self, view):
        least = min(view.drives)
        return max(b for b, drive in enumerate(view.drives) if drive == least), "nearest"


@dataclass(frozen=True)
class NoOrder:
    """Serve by priority, and of equals anybody."""

    waits = True

    def __call__(self, callout, view):
        return (callout.priority,)


@dataclass(frozen=True)
class LastHospital:
    """Take people to the last hospital on the list that is reached at all."""

    def __call__(self, callout, view):
        ways = zip(view.hospitals, view.drives, strict=True)
        reached = [hospital for hospital, drive in ways if drive < 1 << 60]
        return (reached[-1] if reached else None), "last"


@pytest.mark.parametrize(
    ("question", "policy", "said"),
    [
        ("relocation", LastBase(), "two bases that are the same"),
        ("queue", NoOrder(), "the one received later is not served later"),
        ("destination", LastHospital(), "numbered or listed"),
    ],
)
def test_ties_are_looked_at_for_every_question(question, policy, said, files):
    assert said in failures(policy, files, question)[TIES]


@dataclass(frozen=True)
class FitsBadly(Closest):
    def fits(self, file):
        return file.nothing_of_the_kind


def test_a_rule_that_cannot_say_what_it_fits_fails(files):
    (found,) = conforms(FitsBadly(), "dispatch", "mine", files)

    assert (found.passed, found.check) == (False, "says what it fits")
    assert "names() or fits() raised AttributeError" in found.said


def test_a_rule_that_names_what_is_not_there_is_not_tried(files):
    policy = LIBRARY["dispatch"]["run_card"](order={"My town": ("Hill",)})
    (found,) = conforms(policy, "dispatch", "mine", files[:1])

    assert (found.passed, found.said) == (
        None,
        "not tried: no place is called 'My town' in first-steps",
    )


def test_a_rule_that_cannot_be_used_on_the_days_is_not_tried(files):
    """The villages are joined by straight lines."""
    (found,) = conforms(LIBRARY["routing"]["shortest"](), "routing", "shortest", files[:1])

    assert (found.passed, found.said) == (None, "not tried: there is no road network")


def test_parameters_belong_to_the_policy_that_is_tried(files):
    assert failures(Dmexclp(busy_fraction=0.2, within=600_000), files, "relocation") == {}


# -- who ties ----------------------------------------------------------------------------------


def numbered(*choices):
    """Return choices: (who, new numbers of teams 0, 1 and 2)."""
    return [Chosen(frozenset(who), dict(enumerate(numbers))) for who, numbers in choices]


@pytest.mark.parametrize(
    ("choices", "fine"),
    [
        # always team 1, under any number
        ([({1}, (0, 1, 2)), ({1}, (0, 2, 1))], True),
        # 0 and 1 tie: whichever has the lower number
        ([({0}, (0, 1, 2)), ({1}, (2, 1, 0))], True),
        # 0 and 1 are chosen in turn, but once 0 with the higher number
        ([({0}, (0, 1, 2)), ({1}, (1, 0, 2)), ({0}, (2, 1, 0))], False),
        # two are called: 2 always, and of 0 and 1 the lower
        ([({0, 2}, (0, 1, 2)), ({1, 2}, (2, 1, 0))], True),
        ([({0, 2}, (1, 0, 2)), ({1, 2}, (0, 1, 2))], False),
        # one, then two
        ([({0}, (0, 1, 2)), ({0, 1}, (0, 1, 2))], False),
    ],
)
def test_those_who_tie_go_by_number(choices, fine):
    """Three teams under several numberings; worked out as the remarks say."""
    assert (not_by_number(numbered(*choices)) == "") is fine


# -- the board ---------------------------------------------------------------------------------

READS = "reads every part of the board that it wants"


@dataclass(frozen=True)
class ByTheClock:
    """Go home, and by day note how many are busy."""

    wants: tuple[str, ...] = ("clock", "busy")

    def __call__(self, view):
        clock = view.board.clock
        busy = len(view.board.busy) if clock.weekday < 7 else 0
        return view.home, f"at {clock.hour} with {busy} busy"


@pytest.mark.parametrize(
    ("wants", "passed", "said"),
    [
        (("clock", "busy"), True, ""),
        (
            ("clock", "busy", "idle", "record"),
            None,
            "`idle` and `record` not, on the days tried: what is never read takes time for nothing",
        ),
    ],
)
def test_a_part_of_the_board_that_is_wanted_and_never_read_is_told(wants, passed, said, files):
    found = conforms(ByTheClock(wants), "relocation", "mine", files)

    assert [(f.passed, f.said) for f in found if f.check == READS] == [(passed, said)]
    assert [f.check for f in found if f.passed is False] == []


def test_a_rule_that_wants_no_part_of_the_board_is_not_told_of_it(files):
    found = conforms(Closest(), "dispatch", "mine", files)

    assert READS not in [finding.check for finding in found]


def test_a_part_that_is_read_and_not_wanted_fails_and_is_named(files):
    found = failures(ByTheClock(("clock",)), files, "relocation")

    assert list(found) == [ANSWERS]
    assert "it read `view.board.busy`, but declares `wants = ('clock',)`" in found[ANSWERS]
