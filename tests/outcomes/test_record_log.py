"""A real record as a log: the same measures, whoever wrote it down."""

import pytest

from sim.errors import SimError
from sim.local_clock import LocalClock
from sim.log import MS_PER_DAY, MS_PER_HOUR, MS_PER_MINUTE, Outcome
from sim.outcomes import Sample, Standards, summarise
from sim.outcomes.measured.record_log import log_of, observe_record, of_reached
from sim.scenario.tables.csv_tables import Row
from sim.scenario.tables.unit_rows import UnitRow

DAYS = 2
STANDARDS = Standards((), {}, 60_000, 0.02, 4 * MS_PER_HOUR, 0.005)


def unit(callout, received, name="E1", kind="medical", place="North", area="", priority=None, **at):
    """Return a row of a record; instants are minutes after the callout was received."""
    times = {instant: time * MS_PER_MINUTE for instant, time in at.items()}
    where = (place, area, priority, None, None)
    return UnitRow(Row(1, []), callout, received * MS_PER_MINUTE, kind, *where, name, times)


ENGINE = {"entry": 1, "dispatched": 2, "en_route": 3, "on_scene": 6, "cleared": 20}
AMBULANCE = {
    "entry": 2, "dispatched": 3, "en_route": 4, "on_scene": 9, "left": 30, "at_hospital": 40,
    "cleared": 60,
}  # fmt: skip


def sample_of(log, by_day, end=DAYS * MS_PER_DAY):
    obs = observe_record(log, LocalClock.fixed(0), end, by_day)
    length = MS_PER_DAY if by_day else end
    numbers = tuple(range(obs.replications))
    return Sample("record", obs, log.names, STANDARDS, length, numbers)


def values_of(sample):
    found = [*summarise(sample), *of_reached(sample)]
    return {(e.measure, e.group): e.value for e in found}


def test_a_callout_is_reached_by_the_first_of_its_units_and_cleared_by_the_last():
    """Two units are not two callouts, and patience ends with the first arrival."""
    log = log_of([unit("a", 10, "A2", **AMBULANCE), unit("a", 10, "E1", **ENGINE)])

    (callout,) = log.callouts
    assert callout.ready == 11 * MS_PER_MINUTE
    assert callout.dispatched == 12 * MS_PER_MINUTE
    assert callout.on_scene == 16 * MS_PER_MINUTE
    assert callout.cleared == 70 * MS_PER_MINUTE
    assert callout.teams == 2
    assert callout.outcome == Outcome.SERVED
    assert [m.at_hospital for m in log.missions] == [50 * MS_PER_MINUTE, None]


def test_a_callout_that_nobody_reached_is_kept_as_such():
    """Dropped, it would flatter the times of the others."""
    log = log_of([unit("a", 0, dispatched=1, cleared=4), unit("b", 5, dispatched=1)])

    assert [c.outcome for c in log.callouts] == [Outcome.ABANDONED, Outcome.UNFINISHED]


def test_times_of_those_reached_are_told_apart_from_those_of_all():
    """Of three calls one was called off: nine of ten of all were not reached in any time."""
    log = log_of(
        [unit("a", 0, **ENGINE), unit("b", 60, **ENGINE), unit("c", 90, dispatched=1, cleared=4)]
    )

    values = values_of(sample_of(log, by_day=False))

    assert values["reached_p90", "all"] == 6
    assert values["response_p90", "all"] is None
    assert values["response_mean_reached", "all"] == 6
    assert values["never_reached", "all"] == 1
    assert values["response_restricted_mean", "all"] == (6 + 6 + 240) / 3
    assert values["not_reached", "all"] == pytest.approx(1 / 3)


def test_priority_is_the_rows_or_else_the_kinds():
    log = log_of([unit("a", 0, priority=2, **ENGINE), unit("b", 1, **ENGINE)], {"medical": 3})

    assert [c.priority for c in log.callouts] == [2, 3]


def test_a_place_in_two_areas_counts_in_both():
    log = log_of([unit("a", 0, area="B1", **ENGINE), unit("b", 1, area="B2", **ENGINE)])

    assert log.names.places == ("North", "North")
    assert log.names.areas == ("B1", "B2")


def record_over_midnight():
    """Return a record in which a callout runs into the second day, and one stays unfinished."""
    late = {"entry": 1, "dispatched": 2, "on_scene": 40, "cleared": 120}
    return log_of(
        [
            unit("a", 600, **ENGINE),
            unit("b", 23 * 60 + 30, "A2", **late),
            unit("c", 24 * 60 + 30, "E1", kind="fire", place="South", **ENGINE),
            unit("d", 23 * 60, "E3"),
        ]
    )


def test_cutting_a_record_into_days_moves_no_value():
    """Days give intervals; a mean over all callouts must not depend on how they are cut."""
    log = record_over_midnight()
    whole, days = (values_of(sample_of(log, by_day)) for by_day in (False, True))

    counts = ("never_reached", "unfinished", "lost", "abandoned", "dropped")
    shared = [key for key in whole if key[0] not in counts]
    assert shared
    for key in shared:
        assert days[key] == pytest.approx(whole[key]), key
    assert days["unfinished", "all"] == whole["unfinished", "all"] / DAYS


def test_units_are_busy_on_the_day_they_are():
    """A mission from 23:32 to 01:30 is 28 minutes of the first day and 90 of the second."""
    log = record_over_midnight()

    obs = observe_record(log, LocalClock.fixed(0), DAYS * MS_PER_DAY, by_day=True)

    mine = log.names.teams.index("A2")
    assert (obs.committed[:, mine] / MS_PER_MINUTE).tolist() == [28, 90]


def test_utilisation_is_not_made_up():
    """Who was on duty is not in a record; all busy would be a lie."""
    values = values_of(sample_of(record_over_midnight(), by_day=False))

    assert ("utilisation", "all") not in values
    assert ("overtime", "all") not in values


def test_a_record_of_a_day_and_a_half_is_not_cut_into_days():
    with pytest.raises(SimError, match=r"1\.5 days is not cut into whole days"):
        observe_record(
            record_over_midnight(), LocalClock.fixed(0), MS_PER_DAY * 3 // 2, by_day=True
        )
