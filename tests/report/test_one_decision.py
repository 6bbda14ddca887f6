"""Why a team could not be sent instead: each reason by hand, and what is told of one changed."""

from dataclasses import dataclass

import pytest

from sim.report.narratives.one_decision import (
    decision_changed,
    others_in_lines,
    own_course,
    refusal,
    what_followed,
)

from ..experiment.changed import PLACES, TWO, changed, followed, random_seen, watched
from ..worlds import hand_worked


def row_of(seen):
    return next(row for row in seen.run.log.callouts if row.callout == seen.number)


def refused(text, number, team):
    """Return why a team (None: nobody) could not be sent to a callout."""
    seen = watched(text, number)
    wanted = None if team is None else seen.run.names.teams.index(team)
    assert wanted is None or seen.question_for(wanted) is None
    return refusal(seen, row_of(seen), wanted)


REASONS = {
    "on a callout": (
        hand_worked("00:00 V job", "00:05 A job", teams=TWO, **PLACES),
        1, "One", "it was on callout 0 from 00:00 to 00:16",
    ),
    "off duty": (
        hand_worked(
            "00:00 A job", teams="One: {base: A}\nTwo: {base: A, shifts: [late]}",
            rest="shifts: {late: {hours: 09:00-17:00}}",
        ),
        0, "Two", "it was off duty until 09:00",
    ),
    "at the limit of its hours": (
        hand_worked(
            "12:30 A job",
            teams="One: {base: A}\n"
            "Two: {base: A, limits: {minimum_rest: 8 h, hours_on_duty: 12 h}}",
        ),
        0, "Two", "it had its mandatory rest of 8 h after 12 h on duty until 20:00",
    ),
    "after its exposing callouts": (
        hand_worked(
            "00:00 A job", "00:00 A job", "00:30 A job", teams="One: {base: A}\n"
            "Two: {base: A, limits: {minimum_rest: 1 h, exposing_callouts: 1}}",
            kinds="job: {share: 100%, exposure: 1}",
        ),
        2, "Two", "it had its mandatory rest of 1 h after callout 1, the last exposing one that "
        "its limits allow, until 01:10",
    ),
    "in the rest between its shifts": (
        hand_worked(
            "13:30 A job",
            teams="One: {base: A}\n"
            "Two: {base: A, shifts: [early, late], limits: {minimum_rest: 2 h}}",
            rest="shifts: {early: {hours: 06:00-12:00}, late: {hours: 13:00-18:00}}",
        ),
        0, "Two", "it had its mandatory rest of 2 h until 14:00",
    ),
    "without what was needed": (
        hand_worked(
            "00:00 A job", teams="One: {base: A, capabilities: [rope]}\nTwo: {base: A}",
            kinds="job: {share: 100%, needs: [rope]}",
        ),
        0, "Two", "it brings nothing that was needed (rope)",
    ),
    "on its way back": (
        hand_worked(
            "00:00 V job", "00:20 A job", teams=TWO, **PLACES,
            rest="dispatch_centre: {dispatch_while_returning: false}",
        ),
        1, "One", "it was returning to its base until 00:22",
    ),
    "on a break": (
        hand_worked(
            "12:10 A job",
            teams="One: {base: A}\n"
            "Two: {base: A, breaks: [{duration: 30 min, between: 12:00-13:00}]}",
        ),
        0, "Two", "it was on a break until 12:30",
    ),
    "cleared at that very moment": (
        hand_worked(
            "00:00 A big 20", "00:05 A job", teams="One: {base: A}\nTwo: {base: A}",
            kinds="big: {share: 50%, crew: 8}\njob: {share: 50%}",
        ),
        1, "Two", "it was cleared from callout 0 at that moment, after this was decided",
    ),
    "in reserve": (
        hand_worked(
            "00:00 A job",
            teams="One: {base: A}\nTwo: {base: A, reserve: {delay: 10 min, duration: 8 h}}",
        ),
        0, "Two", "it is in reserve and had not been called in",
    ),
    "no road": (
        hand_worked("00:00 A job", places="A B", bases="A B", times="A>B 5", teams=TWO),
        0, "Two", "it had no access to A",
    ),
    "no vehicle": (
        hand_worked(
            "00:00 A job", "00:05 A job",
            teams="One: {base: A, vehicles: [pump]}\nTwo: {base: A, vehicles: [pump]}\n"
            "Three: {base: A}",
            rest="vehicles: {pump: {base: A}}",
        ),
        1, "Two", "it had no vehicle at its base that brought what was needed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("reason", REASONS)
def test_a_team_that_could_not_be_sent_is_refused_with_the_reason(reason):
    """At the moment of the decision, which is told with the callout."""
    text, number, team, why = REASONS[reason]

    told = refused(text, number, team)

    assert told.startswith(f"{team} could not be sent to callout {number} on 6 January ")
    assert f": {why}; " in told


def test_those_that_could_have_been_sent_are_named_the_soonest_first():
    """One is on callout 0; of the others Two was sent, Three is 14 min away and Four 20."""
    text = hand_worked(
        "00:00 A job", "00:05 A job",
        teams="One: {base: A}\nTwo: {base: A}\nThree: {base: B}\nFour: {base: C}",
        places="A B C", bases="A B C", times="A-B 14, A-C 20, B-C 20",
    )  # fmt: skip

    assert refused(text, 1, "One").endswith(
        "; could have been sent at 00:05: Three, in 14.0 min; Four, in 20.0 min"
    )


def test_a_callout_that_no_team_was_ever_sent_to_is_told_with_how_it_ended():
    """The caller waits 3 min of the 10 that One still needs."""
    text = hand_worked(
        "00:00 A job", "00:05 A job", kinds="job: {share: 100%, abandons_after: 3 min}",
        teams="One: {base: A}\nTwo: {base: A, shifts: [late]}",
        rest="shifts: {late: {hours: 09:00-17:00}}",
    )  # fmt: skip

    ended = "nobody else could be sent then; no team ever was, and it was abandoned"
    assert refused(text, 1, "Two").endswith(f"it was off duty until 09:00; {ended}")
    assert refused(text, 1, None) == "no team was sent to callout 1 as it was, and it was abandoned"


def test_a_callout_about_which_nobody_was_asked_has_no_decision_to_change():
    """Held to the end, because another pending one goes first for which the card names nobody."""
    text = hand_worked(
        "00:00 A high", "01:00 A low", places="A B", times="A-B 5",
        kinds="high: {share: 50%, priority: 1}\n"
        "low: {share: 50%, priority: 2, deferrable: {min_free_teams: 0, max_hold: 12 h}}",
        rest="policies: {c: {dispatch: {run_card: {order: {B: [T]}, otherwise: wait}}}}",
    )  # fmt: skip

    told = refused(text, 1, "T")

    assert told.startswith("callout 1 was unfinished when the run ended before the dispatch rule")


def test_nobody_is_refused_where_callouts_do_not_wait():
    """It would be lost, which is another question."""
    seen = watched(
        hand_worked("00:00 V job", teams=TWO, rest="policies: {p: {queue: none}}", **PLACES), 0
    )

    told = refusal(seen, row_of(seen), None)

    assert told == (
        "under p no callout waits: without a team, callout 0 would be lost; could have been sent "
        "at 6 January 00:00: Two, in 8.0 min"
    )


def told_of(text, number, team):
    """Return all sentences of a changed decision as one text."""
    seen = watched(text, number)
    now = changed(seen, team)
    wanted = None if team is None else seen.run.names.teams.index(team)
    lines = [decision_changed(seen, row_of(seen), seen.question_for(wanted), wanted)]
    return " ".join([*lines, *what_followed(seen.run, followed(seen, now))])


def test_a_callout_that_is_lost_for_it_is_told_before_the_times():
    """With One gone to A, nobody is left for V when it comes: there is no queue."""
    text = hand_worked(
        "00:00 B job", "00:05 A job",
        teams="One: {base: A}\nTwo: {base: B, shifts: [early]}",
        rest="shifts: {early: {hours: 23:00-00:04}}\npolicies: {p: {queue: none}}",
        **PLACES,
    )  # fmt: skip

    told = told_of(text, 0, "One")

    assert "Not reached: 0 as it was, 1 instead. Reached only as it was: callout 1." in told
    assert told.index("Not reached") < told.index("went differently") < told.index("add up to")
    assert "1 of 1 other callouts went differently: 1 not reached in both." in told
    assert "Over the 1 callout reached in both, response times add up to 14.0 min more." in told


@dataclass(frozen=True)
class Stay:
    """Sends a free team to the base next to where it is."""

    def __call__(self, view):
        return min(range(len(view.drives)), key=lambda base: view.drives[base]), "nearest"


def test_what_is_handed_on_for_days_is_told_apart_from_the_first_day():
    """
    Teams stay where they worked. With Two sent to A both are there, and on the third day B waits
    14 min for One. From then on the two have changed places: the same times by another team.
    """
    text = hand_worked(
        "00:00 A job", "2/12:00 B job", "3/12:00 B job", "4/12:00 A job", teams=TWO, run="5 days",
        **PLACES,
    )  # fmt: skip
    seen = watched(text, 0, relocation=Stay())

    now = changed(seen, "Two")
    told = " ".join(what_followed(seen.run, followed(seen, now)))

    assert now.teams(1) + now.teams(2) + now.teams(3) == ["One", "One", "Two"]
    assert "3 of 3 other callouts went differently: 1 reached later, 2 by another team" in told
    assert "28.0 min more: 14.0 min more here, 14.0 min more at the others." in told
    assert "0 were received within a day of the decision: no change there." in told
    assert "From 9 January 12:10 on, nothing differs" in told


@pytest.mark.parametrize("seed", range(20))
def test_crowded_worlds_are_told_whatever_is_chosen(seed):
    """Volunteers, vehicles, reserves, reassignment, several teams, relief, closures, hospitals."""
    seen = random_seen(200 + seed, plain=False)
    if seen is None or seen.first_sent is None:
        return
    run, row = seen.run, row_of(seen)
    for team in range(len(run.names.teams)):
        question = seen.question_for(team)
        if question is None:
            assert run.names.teams[team] in refusal(seen, row, team)
            continue
        now = seen.changed(question, team)
        found = followed(seen, now)
        told = [decision_changed(seen, row, question, team), *what_followed(run, found)]
        told += others_in_lines(run, found.others)
        assert all(told)
        assert own_course(seen, now, found).row_count >= 5
