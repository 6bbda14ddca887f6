"""Scenes that are unsafe at first, and explosive hazards that stop the work; minutes on paper."""

from sim.log import Ending, Event

from ..worlds import answered, hand_worked

PAIR = {"places": "A B", "bases": "A", "times": "A-B 10"}


def events(day, *words):
    return [
        (e.at // 60_000, e.what, e.team, None if e.until is None else e.until // 60_000)
        for e in day.log.events
        if e.what in words
    ]


def test_a_team_stages_until_the_scene_is_safe():
    """Received at 5, there at 15, safe at 35: on scene is when it enters."""
    text = hand_worked(
        "00:05 B shots", **PAIR, kinds="shots: {share: 100%, scene_hazard: {safe_after: 30 min}}"
    )
    day = answered(text)

    assert day.mission(0) == (5, 5, 35, 45, Ending.COMPLETED)
    assert events(day, Event.STAGED) == [(15, Event.STAGED, 0, 35)]


def test_a_scene_that_is_safe_when_the_team_comes_holds_nobody_up():
    text = hand_worked(
        "00:05 B shots", **PAIR, kinds="shots: {share: 100%, scene_hazard: {safe_after: 10 min}}"
    )
    day = answered(text)

    assert day.mission(0) == (5, 5, 15, 25, Ending.COMPLETED)
    assert events(day, Event.STAGED) == []


def test_a_team_staged_too_long_is_withdrawn_and_one_is_sent_when_it_is_safe():
    """There at 10, withdrawn at 25 for the other at B, sent again when it is safe at 60."""
    text = hand_worked(
        "00:00 B shots",
        "00:05 B job",
        **PAIR,
        kinds="shots: {share: 50%, scene_hazard: {safe_after: 60 min, withdraw_after: 15 min}}\n"
        "job: {share: 50%}",
    )
    day = answered(text)

    assert day.mission(0) == (0, 0, None, 25, Ending.WITHDRAWN)
    assert day.mission(1) == (25, 25, 25, 35, Ending.COMPLETED)
    assert day.mission(0, 1)[0] == 60
    assert day.minutes(0, "dispatched") == 0
    (waits,) = [e for e in day.log.events if e.what == Event.AWAITS_SAFE_SCENE]
    assert (waits.at / 60_000, waits.until / 60_000, waits.callout) == (25, 60, 0)


def test_every_team_that_comes_too_soon_stages():
    text = hand_worked(
        "00:00 B shots",
        **PAIR,
        kinds="shots: {share: 100%, crew: 8, scene_hazard: {safe_after: 30 min}}",
        teams="T: {base: A, count: 2}",
    )
    day = answered(text)

    assert [m.on_scene // 60_000 for m in day.by_callout[0]] == [30, 30]
    assert len(events(day, Event.STAGED)) == 2


KINDS = (
    "job: {share: 100%, on_scene: 20 min, "
    "explosive_hazard: {needs: [explosives], clearance: 30 min}}"
)


def test_an_explosive_hazard_stops_the_work_until_a_team_that_can_has_cleared_it():
    """The first is there at 0 and finds it; the other comes at 10, clears until 40 and goes."""
    text = hand_worked(
        "00:00 A job 20",
        places="A B",
        bases="A B",
        times="A-B 10",
        kinds=KINDS,
        teams="First: {base: A}\nOrdnance: {base: B, capabilities: [explosives]}",
    )
    day = answered(text)

    assert day.mission(0) == (0, 0, 0, 60, Ending.COMPLETED)
    assert day.mission(0, 1) == (0, 0, 10, 40, Ending.COMPLETED)
    assert [
        e[:3] for e in events(day, Event.EXPLOSIVE_HAZARD_FOUND, Event.EXPLOSIVE_HAZARD_CLEARED)
    ] == [
        (0, Event.EXPLOSIVE_HAZARD_FOUND, 0),
        (40, Event.EXPLOSIVE_HAZARD_CLEARED, 1),
    ]


def test_a_team_that_can_clears_what_it_finds_itself():
    text = hand_worked(
        "00:00 A job 20", kinds=KINDS, teams="T: {base: A, capabilities: [explosives]}"
    )

    assert answered(text).mission(0) == (0, 0, 0, 50, Ending.COMPLETED)


def test_where_nobody_can_clear_it_the_scene_stays_blocked():
    text = hand_worked(
        "00:00 A job 20", "00:05 A job 20", kinds=KINDS,
        teams="T: {base: A}\nOrdnance: {base: A, capabilities: [explosives], shifts: [late]}",
        rest="shifts: {late: {hours: 12:00-20:00}}",
    )  # fmt: skip

    day = answered(text)

    assert day.mission(0)[:4] == (0, 0, 0, 770)


def test_exposure_counts_people_minutes_on_scene_where_danger_is_declared():
    """Four people 10 min at exposure 2: 80 person-minutes."""
    day = answered(hand_worked("00:00 A job", kinds="job: {share: 100%, exposure: 2}"))

    (row,) = [e for e in day.log.events if e.what == Event.EXPOSED]
    assert (row.at // 60_000, row.team, row.callout, row.who) == (10, 0, 0, 80 * 60)
