"""More volunteers: of one alert they never make anything worse, of a run not on average."""

from itertools import pairwise
from statistics import fmean, stdev

import pytest

from ..worlds import hand_worked, logged, world_of

HESITANT = "people: {}, capabilities: {{driver: {}}}, acceptance: {}, no_show: 10%"
HESITANT += ", answer_delay: {{median: 1 min, p90: 4 min}}"
HESITANT += ", travel_to_base: {{median: 7 min, p90: 14 min}}"


DRIVERS = 3


def _crews(callouts, people, drivers, alerts, acceptance="40%", teams=1):
    """Return the text of a world with crews on call that wait for three people with a driver."""
    pool = HESITANT.format(people, drivers, acceptance)
    names = ("One", "Two", "Three")[:teams]
    crew = "crew: 5, on_call: {volunteers: %s, minimum: 3, capabilities: [driver]%s}"
    return hand_worked(
        *callouts,
        places="A B C",
        times="A-B 10, B-C 10, A-C 20",
        bases="A B C",
        teams="\n".join(
            f"{n}: {{base: {base}, {crew % (n, alerts)}}}"
            for n, base in zip(names, "ABC", strict=False)
        ),
        rest="volunteers: {" + ", ".join(f"{n}: {{{pool}}}" for n in names) + "}",
    )


def _crew_that_left(built, replication):
    """Return when the crew of a single callout left, with how many, and whether one can drive."""
    day = logged(built, replication=replication)
    came = [e.who for e in day.events if e.what == "arrived"]
    for event in day.events:
        if event.what in ("crew turned out", "no crew assembled"):
            return event.at, len(came), any(who < DRIVERS for who in came)
    raise AssertionError(day.events)


@pytest.mark.parametrize(
    "alerts",
    [
        "",
        ", replace: no",
        ", alerts: [{people: 3}, {after: 3 min, people: 3}, {after: 6 min, people: 3}]",
        ", alerts: [{people: 8}], replace: no",
    ],
)
def test_for_one_alert_more_people_never_make_a_crew_later_or_worse(alerts):
    """
    With the same draws: alerted are the same as long as there are any, then those who are more.

    It never leaves later, nor without a driver if it had one, nor with fewer than before unless it
    leaves sooner, with all that it waits for.
    """
    few, more, many = (world_of(_crews(["00:00 A job"], n, DRIVERS, alerts)) for n in (9, 18, 36))
    for replication in range(25):
        found = [_crew_that_left(built, replication) for built in (few, more, many)]
        for (before, people, drives), (at, now, can) in pairwise(found):
            assert at <= before
            assert can >= drives
            assert now >= people or (at < before and now >= 3 and can)


@pytest.mark.parametrize("drivers", ["as many as before", "more in proportion"])
@pytest.mark.parametrize("acceptance", ["40%", "80%"])
def test_in_a_run_more_people_do_not_make_response_worse(drivers, acceptance):
    """
    Of three crews, with three callouts every two hours; the share reached within 13 min.

    Twice and four times the people, in 12 replications of the same callouts: no difference is below
    zero by more than two standard errors. It is by many where people are alerted without regard to
    what the crew is missing: then nearly every crew that is left to chance has no driver.
    """
    callouts = [f"{h:02d}:{m:02d} {p} job 40" for h in range(0, 24, 2) for m, p in PLACES]
    found = []
    for times in (1, 2, 4):
        can_drive = DRIVERS * (times if drivers == "more in proportion" else 1)
        built = world_of(_crews(callouts, 9 * times, can_drive, "", acceptance, teams=3))
        found.append([_share_reached(logged(built, replication=r)) for r in range(12)])
    for more in found[1:]:
        differences = [b - a for a, b in zip(found[0], more, strict=True)]
        assert fmean(differences) >= -2 * stdev(differences) / 12**0.5


PLACES = ((0, "A"), (5, "B"), (10, "C"))


def _share_reached(day):
    within = 13 * 60_000
    reached = [c.on_scene is not None and c.on_scene - c.received <= within for c in day.callouts]
    return fmean(reached)
