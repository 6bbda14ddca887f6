"""A replication run again with one decision changed: by hand, then on worlds at random."""

from dataclasses import dataclass

import pytest

from sim.errors import PolicyError
from sim.experiment.results.counterfactual import FORCED
from sim.log import Ending, Outcome
from sim.policies.guard import guarded

from ..worlds import MINUTE, hand_worked
from .changed import KINDS, PLACES, TWO, changed, followed, random_seen, runner_of, watched


def without_why(log, number):
    """Return all that a log says but why the decisions on a callout were taken."""
    decisions = [
        d._replace(why="") if (d.question, d.subject) == ("dispatch", number) else d
        for d in log.decisions
    ]
    return log.callouts, log.missions, decisions, log.events


# -- by hand --------------------------------------------------------------------------------------


def test_another_team_is_sent_and_the_next_callout_finds_the_first_one_free():
    """
    One is 6 min from V, Two 8, and A is 14 from B. As it was One goes to V, and a callout at 5 in A
    waits for Two, 14 min. With Two sent to V it is reached after 8, the one in A at once.
    """
    seen = watched(hand_worked("00:00 V job", "00:05 A job", teams=TWO, **PLACES), 0)

    now = changed(seen, "Two")

    assert now.mission(0) == (0, 0, 8, 18, Ending.COMPLETED)
    assert now.mission(1) == (5, 5, 5, 15, Ending.COMPLETED)
    assert now.teams(0) + now.teams(1) == ["Two", "One"]
    forced, own = now.decisions("dispatch")
    assert (forced.rule, forced.why) == ("Closest", FORCED)
    assert own.why != FORCED


def test_what_followed_is_told_until_the_two_runs_are_the_same_again():
    """As it was Two is done in A at 29, and that is the last of it; at 60 all is the same."""
    text = hand_worked(
        "00:00 V job", "00:05 A job", "01:00 V job", teams=TWO, **PLACES,
        rest="targets: [{name: soon, within: 7 min}]",
    )  # fmt: skip
    seen = watched(text, 0)

    found = followed(seen, changed(seen, "Two"))

    assert found.here == 2 * MINUTE
    (other,) = found.others
    assert (other.rows[0].callout, other.difference) == (1, -14 * MINUTE)
    assert (found.last, found.to_the_end) == (29 * MINUTE, False)
    assert (found.not_reached, found.only, found.both) == ((0, 0), ((), ()), 3)
    (soon,) = found.targets  # 6, 14, 6 min become 8, 0, 6
    assert (soon.met, soon.lost, soon.gained) == ((2, 2), (0,), (1,))


def test_a_callout_reached_in_one_run_only_is_told_before_any_time():
    """The second caller waits 5 min: with Two in V, One is there at once."""
    text = hand_worked(
        "00:00 V job", "00:05 A job", kinds="job: {share: 100%, abandons_after: 5 min}",
        teams="One: {base: A}\nTwo: {base: B, shifts: [early]}",
        rest="shifts: {early: {hours: 23:00-00:04}}", **PLACES,
    )  # fmt: skip
    seen = watched(text, 0)

    found = followed(seen, changed(seen, "Two"))

    assert found.not_reached == (1, 0)
    assert found.only == ((), (1,))


def test_runs_that_still_differ_when_they_end_are_said_to():
    """A day has 1440 min: the work begun at 1436 and 1438 ends after it."""
    seen = watched(hand_worked("23:50 V job 60", teams=TWO, **PLACES), 0)

    found = followed(seen, changed(seen, "Two"))

    assert found.to_the_end


def test_nobody_leaves_the_callout_pending_until_a_team_is_next_free():
    """Two is done in B at 10, and then One, free all the time, goes: 6 min."""
    seen = watched(hand_worked("00:00 B job", "00:05 V job", teams=TWO, **PLACES), 1)

    now = changed(seen, None)

    assert now.mission(1) == (10, 10, 16, 26, Ending.COMPLETED)
    assert now.team(1) == "One"


def test_a_team_kept_in_reserve_is_sent_as_soon_as_it_could_have_been():
    """The low callout waits from 5 to 60 for One; Two, kept back, could have gone at 5."""
    text = hand_worked(
        "00:00 A low 60", "00:05 A low 10", kinds=KINDS, teams="One: {base: A}\nTwo: {base: A}",
        rest="policies: {keep: {dispatch: {cutoff: {reserve: {2: 1}}}}}",
    )  # fmt: skip
    seen = watched(text, 1)

    assert [(q.at // MINUTE, q.teams, q.chosen) for q in seen.asked] == [
        (5, (1,), None), (60, (1, 0), 0)
    ]  # fmt: skip
    assert seen.question_for(0) == 1  # One: could be sent at 60 only, and was
    assert seen.question_for(1) == 1  # Two in place of One, at 60
    assert seen.question_for(None) == 1


def test_the_team_that_was_sent_goes_at_once_where_the_rule_kept_it_back():
    """One alone is left for a high callout that never comes: sent at 5 and not at 60."""
    text = hand_worked(
        "00:00 A low 60", "00:05 A low 10", kinds=KINDS,
        teams="One: {base: A}\nTwo: {base: A, turnout: 1 min}",
        rest="policies: {keep: {dispatch: {cutoff: {reserve: {2: 1}}}}}",
    )  # fmt: skip
    seen = watched(text, 1, dispatch=guarded(KeptUntil(60 * MINUTE), "dispatch"))

    now = changed(seen, "Two")

    assert seen.asked[seen.first_sent].chosen == 1
    assert now.minutes(1, "dispatched") == 5


@dataclass(frozen=True)
class KeptUntil:
    """Sends nobody but One before an instant, and the last candidate after it: for this test."""

    until: int

    def __call__(self, callout, view):
        if view.now < self.until:
            return (0, "one") if 0 in view.teams else (None, "kept")
        return max(view.teams), "the last"


def test_a_callout_that_never_had_a_team_can_be_given_one():
    """No card names a team for A: under `wait` nobody ever goes."""
    text = hand_worked(
        "00:00 A job", "01:00 A job", places="A B", bases="A", times="A-B 5",
        rest="policies: {card: {dispatch: {run_card: {order: {B: [T]}, otherwise: wait}}}}",
    )  # fmt: skip
    seen = watched(text, 0)

    now = changed(seen, "T")

    assert seen.first_sent is None
    assert now.outcome(0) == Outcome.SERVED
    assert now.outcome(1) == Outcome.UNFINISHED


# -- what the engine may have switched on ---------------------------------------------------------


def test_of_several_teams_the_first_is_replaced_and_the_rule_chooses_the_rest():
    """Two people each, four needed: Far first, then the rule sends the nearest of the others."""
    text = hand_worked(
        "00:00 V job",
        teams="One: {base: A, crew: 2}\nTwo: {base: B, crew: 2}\nFar: {base: B, crew: 2}",
        kinds="job: {share: 100%, crew: 4}", **PLACES,
    )  # fmt: skip
    seen = watched(text, 0)

    now = changed(seen, "Far")

    assert sorted(t for m in seen.run.log.missions for t in [m.team]) == [0, 1]
    assert [d.chosen for d in now.decisions("dispatch")] == [2, 0]
    assert now.minutes(0, "on_scene", "attended") == (6, 8)


def test_volunteers_are_alerted_for_the_callout_that_their_team_is_sent_to():
    """Answer and journey take 3 and 4 min: en route at 7, on scene 8 min later."""
    text = hand_worked(
        "00:00 V job", **PLACES,
        teams="One: {base: A}\nTwo: {base: B, crew: 2, on_call: {volunteers: people}}",
        rest=(
            "volunteers: {people: {people: 2, acceptance: 100%, answer_delay: 3 min, "
            "travel_to_base: 4 min}}"
        ),
    )  # fmt: skip
    seen = watched(text, 0)

    now = changed(seen, "Two")

    assert now.mission(0) == (0, 7, 15, 25, Ending.COMPLETED)


def test_a_team_on_its_way_elsewhere_can_be_chosen_where_it_may_be_reassigned():
    """
    One is on its way to a low callout in V, due at 20. At 4 a high one comes in A: One may turn
    back, 4 min, and does. With Two sent it takes 14 min, and One goes on.
    """
    text = hand_worked(
        "00:00 V low", "00:04 A high", kinds=KINDS, teams=TWO,
        rest="policies: {p: {reassignment: {by_priority: {saving: 3 min}}}}",
        places="A B V", bases="A B", times="A-V 20, B-V 40, A-B 14",
    )  # fmt: skip
    seen = watched(text, 1)

    now = changed(seen, "Two")

    assert seen.run.names.teams[seen.asked[0].chosen] == "One"
    assert now.mission(1) == (4, 4, 18, 28, Ending.COMPLETED)
    assert now.mission(0) == (0, 0, 20, 30, Ending.COMPLETED)


def test_what_is_forced_may_itself_be_a_reassignment():
    """The other way round: Two, free in A, was closer; One is taken from its way to V instead."""
    text = hand_worked(
        "00:00 V low", "00:04 B high", kinds=KINDS, teams="One: {base: A}\nTwo: {base: C}",
        rest="policies: {p: {reassignment: {by_priority: {saving: 1 min}}}}",
        places="A B C V", bases="A C", times="A-V 20, A-B 14, B-V 14, C-B 30, C-V 30, A-C 30",
    )  # fmt: skip
    seen = watched(text, 1, dispatch=guarded(Highest(), "dispatch"))

    now = changed(seen, "One")

    assert seen.run.names.teams[seen.asked[0].chosen] == "Two"
    assert now.mission(0)[-1] == Ending.REASSIGNED
    assert now.team(1) == "One"


@dataclass(frozen=True)
class Highest:
    """Sends the candidate with the highest number, but One to low callouts: for a test."""

    def __call__(self, callout, view):
        if not view.teams:
            return None, "nobody"
        return (min if callout.priority > 1 else max)(view.teams), "by number"


COVERED = "busy_fraction: 0.4, within: 15 min"
RULES = [
    "closest",
    "random",
    f"{{dmexclp: {{{COVERED}}}}}",
    "{rollout: {futures: 2}}",
    "clairvoyant",
    "{equity_weighted: {}}",
]
TOWN = """
name: town
clock: {start: 2025-03-06 06:00, length: 12 h, timezone: UTC}
map:
  places:
    A: {lat: 35.0, lon: 36.0, weight: 5}
    B: {lat: 35.1, lon: 36.0, weight: 3}
    C: {lat: 35.0, lon: 36.2, weight: 2}
  roads: {circuity: 1.3, speed: {day: 50 km/h, night: 50 km/h}}
  local_travel: {median: 3 min, p90: 6 min}
demand:
  rate: 60 per day
  kinds: {wounded: {share: 100%, on_scene: {median: 25 min, p90: 50 min}}}
bases: {A: {}, B: {}, C: {}}
teams: {One: {base: A}, Two: {base: B}, Three: {base: C}}
dispatch_centre: {turnout: {distribution: exponential, mean: 2 min}}
policies: {chosen: {dispatch: RULE}}
"""


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_that_is_watched_is_asked_as_itself(rule):
    """By its name in the log, and with all that it wants to see: else it would decide otherwise."""
    text = TOWN.replace("RULE", rule)
    plain = watched(text, -1)  # no callout has this number
    seen = watched(text, 5)

    assert without_why(seen.run.log, None) == without_why(plain.run.log, None)
    own = runner_of(text).log("chosen", 0)
    assert without_why(seen.run.log, None) == without_why(own, None)


@pytest.mark.parametrize("rule", RULES)
def test_only_one_answer_is_replaced(rule):
    """All that came before is as it was, and the log names the rule's own name throughout."""
    seen = watched(TOWN.replace("RULE", rule), 5)
    (one,) = seen.asked[:1]
    other = next(team for team in one.teams if team != one.chosen)

    log = seen.changed(0, other).log

    forced = [d for d in log.decisions if d.why == FORCED]
    assert [(d.at, d.subject, d.chosen) for d in forced] == [(one.at, 5, other)]
    assert {d.rule for d in log.decisions if d.question == "dispatch"} == {seen.rule}
    before = [d for d in seen.run.log.decisions if d.at < one.at]
    assert [d for d in log.decisions if d.at < one.at] == before


def test_a_policy_that_fails_in_what_follows_is_told_as_one():
    """It never met a callout for which Two was out: exit code 5, not an internal error."""
    text = hand_worked("00:00 V job", "00:05 A job", teams=TWO, **PLACES)
    seen = watched(text, 0, dispatch=guarded(Brittle(), "dispatch"))

    with pytest.raises(PolicyError, match="Two is out"):
        seen.changed(0, 1)


@dataclass(frozen=True)
class Brittle:
    """Fails where Two is out."""

    def __call__(self, callout, view):
        if 1 not in view.teams:
            raise ValueError("Two is out")
        return view.teams[0], "first"


# -- worlds at random -----------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(12))
def test_forcing_what_was_chosen_changes_nothing(seed):
    """To the last row, but for why."""
    seen = random_seen(seed, plain=seed % 2 == 0)
    if seen is None or seen.first_sent is None:
        return
    chosen = seen.asked[seen.first_sent].chosen

    now = seen.changed(seen.first_sent, chosen)

    assert without_why(now.log, seen.number) == without_why(seen.run.log, seen.number)
    found = followed(seen, now)
    assert (found.others, found.later, found.last) == ((), (), None)


def work_on_scene(log):
    """Return how long the work took of each team that did it alone, by callout and team. [ms]"""
    alone = {row.callout for row in log.callouts if row.teams == 1}
    return {
        (m.callout, m.team): (m.cleared if m.left is None else m.left) - m.on_scene
        for m in log.missions
        if m.callout in alone and m.ending == Ending.COMPLETED
    }


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_chosen_all_before_is_as_it_was_and_callouts_keep_their_draws(seed):
    """The same callouts at the same instants; what the same team does there alone takes as long."""
    seen = random_seen(100 + seed, plain=True)
    if seen is None or seen.first_sent is None:
        return
    one = seen.asked[seen.first_sent]
    for team in (None, *one.teams):
        now = seen.changed(seen.first_sent, team)

        given = [row[:7] for row in sorted(seen.run.log.callouts)]
        assert [row[:7] for row in sorted(now.log.callouts)] == given
        before = [d for d in seen.run.log.decisions if d.at < one.at]
        assert [d for d in now.log.decisions if d.at < one.at] == before
        work = [work_on_scene(log) for log in (seen.run.log, now.log)]
        assert {about: work[1].get(about, took) for about, took in work[0].items()} == work[0]
        found = followed(seen, now)
        assert found.last is None or found.last >= one.at
