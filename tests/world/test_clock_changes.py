"""
Worlds in which clocks are put forward or back: shifts, demand, windows, speeds and dates, by hand.

What clocks show is recounted with the time zones themselves, minute by minute.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from scipy import stats

from sim.scenario.duty_hours.expected_demand import ExpectedDemand
from sim.scenario.duty_hours.target_cohorts import times_of
from sim.scenario.duty_hours.windows import RunWindow

from ..worlds import DAY, HOUR, MINUTE, file_of, logged, world_of

TEXT = """\
format: 2
name: change
clock: {start: START, timezone: ZONE, length: 4 days, warm_up: 1 day}
map:
  places: {A: {lat: 35.3, lon: 35.9}, B: {lat: 35.4, lon: 35.9}}
  roads: {circuity: 1.3, speed: {day: 60 km/h, night: 30 km/h}}
demand:
  rate: 30 per day
  kinds: {fire: {share: 100%, on_scene: 20 min}}
bases: {A: {}}
teams: {T: {base: A}}
"""
# the day before each change, and by how many hours the night of it is shorter
CHANGES = [
    ("Europe/Berlin", "2025-03-29 06:00", 1),
    ("Europe/Berlin", "2025-10-25 06:00", -1),
    ("America/New_York", "2025-03-08 06:00", 1),
    ("America/New_York", "2025-11-01 06:00", -1),
    ("Australia/Lord_Howe", "2025-10-04 06:00", 0.5),
    ("Australia/Lord_Howe", "2025-04-05 06:00", -0.5),
]
every_change = pytest.mark.parametrize(("zone", "start", "shorter"), CHANGES)


def text_of(zone, start, *changes):
    text = TEXT.replace("START", start).replace("ZONE", zone)
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return text


def built(zone, start, *changes):
    return world_of(text_of(zone, start, *changes))


class Wall:
    """What clocks show in a run, by its time zone."""

    def __init__(self, zone, start):
        self.zone = ZoneInfo(zone)
        self.zero = datetime.fromisoformat(start).replace(tzinfo=self.zone).astimezone(UTC)

    def shown(self, at):
        moment = self.zero + timedelta(milliseconds=int(at))
        return moment.astimezone(self.zone).replace(tzinfo=None, fold=0)

    def at(self, written):
        moment = datetime.fromisoformat(written).replace(tzinfo=self.zone).astimezone(UTC)
        return round((moment - self.zero) / timedelta(milliseconds=1))


# -- duty -----------------------------------------------------------------------------------------


def nights(zone, start, roster="shifts: [night]", hours="22:00-06:00", length="4 days"):
    world = built(
        zone, start, ("base: A}", f"base: A, {roster}}}"), ("length: 4 days", f"length: {length}"),
        ("bases:", f'shifts: {{night: {{hours: "{hours}"}}}}\nbases:'),
    )  # fmt: skip
    return world.fleet.crews[0].duty


@every_change
def test_a_shift_over_the_night_of_the_change_is_shorter_or_longer(zone, start, shorter):
    duty = nights(zone, start)

    assert [(b - a) / HOUR for a, b in duty[:4]] == [8, 8 - shorter, 8, 8]
    wall = Wall(zone, start)
    assert {f"{wall.shown(a):%H:%M}-{wall.shown(b):%H:%M}" for a, b in duty[:4]} == {"22:00-06:00"}


@every_change
def test_turns_of_a_roster_change_at_the_same_time_of_the_day(zone, start, shorter):
    roster = "roster: 24 on 24 off, starts: day 1 08:00"
    duty = nights(zone, start, roster, length="4 days 3 h")
    wall, inside = Wall(zone, start), [-DAY]

    inside = [(a, b) for a, b in duty if a > -DAY and b < 4 * DAY]
    assert [(b - a) / HOUR for a, b in inside] == [24 - shorter, 24]
    assert {f"{wall.shown(x):%H:%M}" for span in inside for x in span} == {"08:00"}


def test_a_shift_that_begins_at_a_skipped_time_begins_an_hour_later_on_the_clock():
    wall = Wall("Europe/Berlin", "2025-03-29 06:00")
    duty = nights("Europe/Berlin", "2025-03-29 06:00", hours="02:30-10:00")

    night = next(span for span in duty if wall.shown(span[0]).day == 30)
    assert [f"{wall.shown(at):%H:%M}" for at in night] == ["03:30", "10:00"]


def test_a_shift_that_begins_at_a_time_that_comes_twice_begins_with_the_first():
    wall = Wall("Europe/Berlin", "2025-10-25 06:00")
    duty = nights("Europe/Berlin", "2025-10-25 06:00", hours="02:30-10:00")

    night = next(span for span in duty if wall.shown(span[0]).day == 26)
    assert (night[1] - night[0]) / HOUR == 8.5


def test_a_shift_of_skipped_hours_alone_is_not_worked_that_night():
    duty = nights("Europe/Berlin", "2025-03-29 06:00", hours="02:00-03:00")

    assert [(b - a) / HOUR for a, b in duty] == [1] * 4


def test_a_break_has_its_window_by_the_clock():
    start = "2025-03-29 06:00"
    world = built(
        "Europe/Berlin", start,
        ("base: A}", 'base: A, breaks: [{between: "04:00-06:00", duration: 30 min}]}'),
    )  # fmt: skip
    wall = Wall("Europe/Berlin", start)

    windows = world.fleet.crews[0].breaks
    shown = {f"{wall.shown(a):%H:%M}-{wall.shown(b):%H:%M}" for a, b, _ in windows}
    assert shown - {"06:00-06:00"} == {"04:00-06:00"}


# -- demand ---------------------------------------------------------------------------------------

HOURS = [5, 1, 9, 2, 1, 1, 4, 6, 8, 9, 9, 8, 8, 7, 7, 8, 9, 9, 8, 7, 6, 5, 4, 3]
BY_HOUR = ("  rate: 30 per day", f"  rate: 30 per day\n  hours: {HOURS}")


def intensity(zone, start, ends, step=MINUTE):
    """Return callouts a millisecond in each minute, by what the time zone says of it."""
    wall = Wall(zone, start)
    hours = [wall.shown(at).hour for at in range(0, ends, step)]
    return np.array(HOURS)[hours] * 24 / sum(HOURS) * 30 / DAY


@every_change
def test_demand_is_a_poisson_process_by_the_hour_that_clocks_show(zone, start, shorter):
    """Time rescaled by the cumulated intensity across the change: gaps are exponential, mean 1."""
    demand = built(zone, start, BY_HOUR).demand
    passed = np.append(0, np.cumsum(intensity(zone, start, 4 * DAY) * MINUTE))
    edges = np.arange(0, 4 * DAY + MINUTE, MINUTE)
    gaps, late = [], []
    for replication in range(60):
        received = sorted(c.received for c, _ in demand.callouts(7, replication) if c.received >= 0)
        gaps.append(np.diff(np.interp(received, edges, passed)))
        late += [at for at in received if at > DAY]

    assert stats.kstest(np.concatenate(gaps), "expon").pvalue > 1e-3
    inside = passed[edges >= DAY]
    uniform = (np.interp(late, edges, passed) - inside[0]) / (inside[-1] - inside[0])
    assert stats.kstest(uniform, "uniform").pvalue > 1e-3
    old = (np.array(late) - DAY) / (3 * DAY)  # the test has power: it refuses a constant rate
    assert stats.kstest(old, "uniform").pvalue < 1e-6


@every_change
def test_the_expected_number_of_callouts_counts_skipped_and_repeated_hours(zone, start, shorter):
    file = file_of(text_of(zone, start, BY_HOUR))
    expected = intensity(zone, start, 4 * DAY).sum() * MINUTE
    checks = ExpectedDemand(file.scenario, file.places, None, file.place_shares)

    assert world_of(text_of(zone, start, BY_HOUR)).demand.expected == pytest.approx(expected)
    assert checks.during("fire", ("A", "B"), [(0, 4 * DAY)]) == pytest.approx(expected)


@every_change
def test_a_smaller_demand_stays_a_subset_over_the_change(zone, start, shorter):
    half = (BY_HOUR[0], BY_HOUR[1].replace("30 per day", "15 per day"))
    more, fewer = (built(zone, start, change).demand for change in (BY_HOUR, half))
    of = [{(c.received, m.key) for c, m in d.callouts(3, 0)} for d in (more, fewer)]

    assert of[1] < of[0]
    assert len(of[1]) > 20


def test_another_time_zone_changes_only_callouts_after_the_change():
    """The planes of points are the same: until clocks differ, so are the callouts."""
    start = "2025-03-29 06:00"
    berlin, utc = (
        [c for c, _ in built(zone, start, BY_HOUR).demand.callouts(3, 0)]
        for zone in ("Europe/Berlin", "UTC")
    )
    before = [[c for c in own if c.received < 20 * HOUR] for own in (berlin, utc)]

    assert before[0] == before[1]
    assert [c.received for c in berlin] != [c.received for c in utc]


def test_a_kind_of_its_own_hours_has_them_by_the_clock_on_both_sides():
    zone, start = "America/New_York", "2025-11-01 06:00"
    own = f"hours: {[0] * 14 + [1] + [0] * 9}"
    demand = built(zone, start, ("share: 100%", f"share: 100%, {own}")).demand
    wall = Wall(zone, start)

    found = [c.received for r in range(20) for c, _ in demand.callouts(3, r)]
    assert {wall.shown(at).hour for at in found} == {14}
    assert {wall.shown(at).day for at in found} >= {1, 2, 3, 4}


def test_an_hour_that_comes_twice_has_twice_the_callouts_and_one_skipped_has_none():
    own = ("  rate: 30 per day", f"  rate: 30 per day\n  hours: {[0, 0, 1] + [0] * 21}")
    for start, times in (("2025-03-29 06:00", 3), ("2025-10-25 06:00", 5)):
        demand = built("Europe/Berlin", start, own).demand
        assert demand.expected == pytest.approx(times * 30)


def test_days_that_differ_change_at_local_midnight():
    zone, start = "Europe/Berlin", "2025-10-25 06:00"
    mixed = ("  rate: 30 per day", "  rate: 30 per day\n  day_to_day: {dispersion_index: 40}")
    demand, wall = built(zone, start, mixed).demand, Wall(zone, start)
    from sim.world.arrivals.surges import Days

    factors = Days(demand.scenario, 5, 0)
    at = np.arange(-DAY, 4 * DAY, 10 * MINUTE)
    days = [wall.shown(one).toordinal() for one in at]
    assert len({*zip(days, factors.factors_at(at).tolist(), strict=True)}) == len({*days}) == 6
    found = factors.factors_at(at).max()
    assert factors.most(-1, 5) >= found


# -- windows, dates and speeds --------------------------------------------------------------------


def held(zone, start, hours, dates=""):
    """Return for each minute whether a surge with hours holds, and what clocks show."""
    surge = f'[{{{dates}hours: "{hours}", factor: 3}}]'
    scenario = file_of(
        text_of(zone, start, ("  rate: 30 per day", f"  rate: 30 per day\n  surges: {surge}"))
    ).scenario
    window = RunWindow(scenario.demand.surges[0], scenario.clock.local, -DAY, 4 * DAY)
    wall = Wall(zone, start)
    inside = {at for a, b in window.stretches() for at in range(a, b, MINUTE)}
    return inside, {at: wall.shown(at) for at in range(-DAY, 4 * DAY, MINUTE)}, scenario


@every_change
@pytest.mark.parametrize("hours", ["20:00-08:00", "02:15-10:00", "01:00-02:15", "00:00-24:00"])
def test_a_window_holds_while_clocks_show_one_of_its_hours(zone, start, shorter, hours):
    inside, shown, _ = held(zone, start, hours)
    first, last = hours.split("-")

    def is_in(moment):
        time = f"{moment:%H:%M}"
        return first <= time < last if first < last else time >= first or time < last

    assert inside == {at for at, moment in shown.items() if is_in(moment)}


def test_from_and_until_are_local_midnights():
    zone, start = "Europe/Berlin", "2025-03-29 06:00"
    dates = "from: 2025-03-30 00:00, until: 2025-03-31 00:00, "
    inside, shown, scenario = held(zone, start, "00:00-24:00", dates)

    assert inside == {at for at, moment in shown.items() if moment.day == 30}
    assert len(inside) == 23 * 60
    wall = Wall(zone, start)
    assert scenario.clock.local.instant_of(3 * DAY) == wall.at("2025-04-01 00:00")


@every_change
def test_a_target_has_its_hours_and_weekdays_by_the_clock(zone, start, shorter):
    target = '\ntargets: [{name: t, within: 15 min, hours: "14:00-16:00", weekdays: [Mon]}]\n'
    scenario = file_of(text_of(zone, start) + target).scenario
    wall = Wall(zone, start)

    ((begins, until),) = times_of(scenario.targets[0], scenario.clock.local, 4 * DAY)
    assert [f"{wall.shown(at):%a %H:%M}" for at in (begins, until)] == ["Mon 14:00", "Mon 16:00"]


@every_change
def test_night_speed_begins_and_ends_by_the_clock(zone, start, shorter):
    world, wall = built(zone, start), Wall(zone, start)
    begins, until = world.scenario.map.night

    for at in range(-DAY, 4 * DAY, 7 * MINUTE):
        shown = wall.shown(at)
        time = (shown.hour * 60 + shown.minute) * MINUTE
        assert world.period(at) == int(time >= begins or time < until)


@every_change
def test_speeds_of_curfews_hold_by_the_clock(zone, start, shorter):
    """Also in an epoch of a few hours around the change: another curfew begins at 01:00."""
    day = datetime.fromisoformat(start).date() + timedelta(days=1)
    curfews = (
        f'  curfews: [{{hours: "02:00-05:00", speed: 50%}}, {{from: {day} 01:00, '
        f"until: {day} 04:00, speed: 80%}}]\n"
    )
    world, wall = built(zone, start, ("demand:", curfews + "demand:")), Wall(zone, start)
    begins, until = (wall.at(f"{day} 0{hour}:00") for hour in (1, 4))
    found = {}

    for at in range(0, 2 * DAY, 5 * MINUTE):
        hour = wall.shown(at).hour
        is_night = not 6 <= hour < 20
        state = is_night, 2 <= hour < 5, begins <= at < until
        minutes = world.travel.times[world.period(at)][0][1] / MINUTE
        found.setdefault(state, set()).add(round(minutes, 3))
    assert all(len(times) == 1 for times in found.values())
    assert len({next(iter(times)) for times in found.values()}) == len(found) == 5


def test_a_season_lasts_from_one_local_midnight_to_another():
    zone, start = "Europe/Berlin", "2025-10-25 06:00"
    season = "seasons: [{name: s, dates: [2025-10-26], scale: 200%}]"
    demand = built(
        zone, start, ("  rate: 30 per day", f"  rate: 30 per day\n  {season}")
    ).demand  # fmt: skip

    wall = Wall(zone, start)
    for at in range(0, 4 * DAY, 10 * MINUTE):
        rate = float(demand.rate_at(np.array([at]))[0])
        assert rate == pytest.approx(60 if wall.shown(at).day == 26 else 30)
    assert demand.expected == pytest.approx(30 * 4 + 30 * 25 / 24)


# -- zones without a change -----------------------------------------------------------------------


def test_without_a_change_a_run_is_the_same_in_every_time_zone():
    start = "2025-06-01 06:00"
    night = ("bases:", 'shifts: {night: {hours: "22:00-06:00"}}\nbases:')
    worlds = [
        built(zone, start, BY_HOUR, night, ("base: A}", "base: A, shifts: [night]}"))
        for zone in ("UTC", "Asia/Damascus", "Europe/Berlin", "Australia/Lord_Howe", "Etc/GMT-4")
    ]
    logs = [logged(world, seed=4) for world in worlds]

    for log in logs[1:]:
        assert log.callouts == logs[0].callouts
        assert log.missions == logs[0].missions
        assert log.decisions == logs[0].decisions
