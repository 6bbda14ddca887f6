"""A day of every team, on worlds worked by hand; numbers in minutes."""

import pytest

import sim
from sim.report.figure_input import days

from ..worlds import MINUTE, file_of, hand_worked

# sent at 0, moving at 2, in B from 12 to 22, home in A at 32
OUT = {"places": "A B", "times": "A-B 10", "rest": "dispatch_centre: {turnout: 2 min}"}
COVER = "\npolicies: {cover: {dispatch: closest, relocation: {dmexclp: {within: 10 min}}}}"
SHIFT = OUT["rest"] + "\nshifts: {early: {hours: 00:00-00:27}}"


def day_of(*callouts, **world):
    study = sim.run_study(sim.design_of([file_of(hand_worked(*callouts, **{**OUT, **world}))]))
    return days.day_timeline(study, study.baseline, 0)


def ways(day):
    """Return the drives of free teams: team, from, until, and where to."""
    return [
        (leg.team, leg.begin / MINUTE, leg.end / MINUTE, leg.phase)
        for leg in sorted(day.legs)
        if leg.phase in {"returning", "relocating"}
    ]


def test_a_mission_is_a_leg_a_phase_and_the_way_home():
    day = day_of("00:00 B job")

    assert [(leg.begin / MINUTE, leg.end / MINUTE, leg.phase) for leg in sorted(day.legs)] == [
        (0, 2, "turnout"), (2, 12, "driving"), (12, 22, "on scene"), (22, 32, "returning"),
    ]  # fmt: skip


def test_a_team_sent_on_is_no_longer_returning():
    assert ways(day_of("00:00 B job", "00:25 B job"))[0] == (0, 22, 25, "returning")


def test_a_team_that_clears_into_a_queue_does_not_return_between():
    """1 waits since 15 and gets the team at 22; both take ten minutes in B, so home from 32."""
    assert ways(day_of("00:00 B job", "00:15 B job")) == [(0, 32, 42, "returning")]


def test_a_way_home_ends_with_the_shift():
    day = day_of("00:00 B job", teams="T: {base: A, shifts: [early]}", rest=SHIFT)

    assert ways(day) == [(0, 22, 27, "returning")]


def test_a_way_home_ends_with_the_run():
    assert ways(day_of("00:00 B job", run="30 min")) == [(0, 22, 30, "returning")]


def test_a_team_without_a_way_home_has_none():
    assert ways(day_of("00:00 B job", times="A>B 10")) == []


def test_a_team_sent_to_another_base_is_relocating():
    """
    T clears in C at 24 and U, idle in A, covers A: the base in B, four minutes away, adds C.

    Two minutes of turnout and twelve of road take T to C at 14; it works for ten.
    """
    day = day_of(
        "00:00 C job",
        places="A B C",
        times="A-B 20, A-C 12, B-C 4",
        bases="A B",
        teams="T: {base: A}\nU: {base: A}",
        rest=OUT["rest"] + COVER,
    )

    assert ways(day) == [(0, 24, 28, "relocating")]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("", []), (COVER, [(0, 22, 62, "relocating"), (1, 22, 42, "relocating")])],
)
def test_a_team_called_off_drives_as_far_as_its_orders_say(rule, expected):
    """
    T, alone in A from 2, does the work of two in twenty minutes; U, half way from B, is called off.

    Where on the road that is the log does not say. Told where to wait, it does: U goes on to A,
    as far as B, and T to B, which U has left. Sent home, U's way is left out; T is at home.
    """
    day = day_of(
        "00:00 A job",
        times="A-B 40",
        bases="A B",
        kinds="job: {share: 100%, crew: 2}",
        teams="T: {base: A, crew: 1}\nU: {base: B, crew: 1}",
        rest=OUT["rest"] + rule,
    )

    assert ways(day) == expected


@pytest.mark.parametrize(("run", "hours"), [("1 day", 24), ("90 min", 1.5)])
def test_a_day_that_the_run_does_not_fill_is_shorter(run, hours):
    """Else its teams would seem to be off duty after the end."""
    assert day_of("00:00 B job", run=run).hours == hours


def test_a_day_is_the_same_without_the_callouts_after_it(monkeypatch):
    """A day of a year need not wait for the year; what comes later is no part of it."""
    values = {"clock.length": "6 days", "study.replications": "1"}
    study = sim.run_study(sim.design_of([sim.load("first-steps", values)]))
    received = study.observations[study.baseline].received
    short = days.day_timeline(study, study.baseline, 1)

    monkeypatch.setattr(days, "takewhile", lambda _, callouts: callouts)
    whole = days.day_timeline(study, study.baseline, 1)

    ends = 2 * 24 * 60 * MINUTE

    def cut(steps):
        return [(at, count) for at, count in zip(*map(list, steps), strict=True) if at < ends]

    assert (received > ends).sum() > 10
    assert len(short.legs) > 10
    assert short.legs == whole.legs
    assert [own for own in short.callouts if own.on_scene < ends] == [
        own for own in whole.callouts if own.on_scene < ends
    ]
    for name in ("busy_steps", "waiting_steps", "on_duty_steps"):
        assert cut(getattr(short, name)) == cut(getattr(whole, name)), name
