"""A study over a night in which clocks are put back, from its check to its page."""

import csv
import gzip
import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from sim.engine import simulate
from sim.experiment import read_results
from sim.experiment.results.measured_record import measure_log
from sim.log import KeptLog
from sim.page.replay.parts import _clock_changes
from sim.policies import policy_sets
from sim.policies.contract.error_report import clock as told_clock
from sim.report.figure_input.days import day_timeline
from sim.report.figures.timeline import _clock

from ..worlds import DAY, HOUR, MINUTE, file_of, hand_worked, world_of

BERLIN = ZoneInfo("Europe/Berlin")
AUTUMN = """\
format: 2
name: autumn
clock: {start: 2025-10-25 06:00, timezone: Europe/Berlin, length: 3 days}
map: {places: {A: {}}}
demand:
  rate: 60 per day
  hours: [1, 1, 12, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]
  kinds: {fire: {share: 100%, on_scene: 10 min}}
bases: {A: {}}
shifts: {night: {hours: "22:00-06:00"}, day: {hours: "06:00-22:00"}}
teams: {N: {base: A, shifts: [night]}, D: {base: A, shifts: [day]}}
targets: [{name: nights, within: 15 min, hours: "22:00-06:00"}]
study: {seed: 4, replications: 2}
"""


@pytest.fixture
def autumn(rescuesim, tmp_path):
    """The results of the study, with its log."""
    (tmp_path / "autumn.yaml").write_text(AUTUMN, encoding="utf-8")
    said = rescuesim("run", "autumn.yaml", "--out", "o", "--no-figures")
    assert said.code == 0, said.err
    return tmp_path / "o"


def rows_of(folder):
    with gzip.open(folder / "callouts.csv.gz", "rt", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_check_tells_of_the_change_and_warns_of_nothing(rescuesim, tmp_path):
    (tmp_path / "autumn.yaml").write_text(AUTUMN, encoding="utf-8")

    said = rescuesim("check", "autumn.yaml")

    assert (said.code, said.err) == (0, "")
    first, second = said.out.splitlines()
    assert first.startswith("autumn: fine (")
    assert second == (
        "  in Europe/Berlin clocks are put back by 1 h on 2025-10-26 03:00, and those of the run "
        "with them; its 3 days end on 2025-10-28 05:00"
    )


def test_check_says_nothing_where_clocks_stay_as_they_are(rescuesim, tmp_path):
    text = AUTUMN.replace("Europe/Berlin", "Asia/Damascus")
    (tmp_path / "autumn.yaml").write_text(text, encoding="utf-8")

    assert len(rescuesim("check", "autumn.yaml").out.splitlines()) == 1


def test_local_times_of_a_log_are_instants_with_their_offsets(autumn):
    zero = datetime(2025, 10, 25, 6, tzinfo=BERLIN).astimezone(UTC)
    rows = rows_of(autumn)

    for row in rows:
        seconds = timedelta(seconds=int(row["received_ms"]) // 1000)
        assert datetime.fromisoformat(row["received_at"]) == zero + seconds
    repeated = [r["received_at"] for r in rows if r["received_at"].startswith("2025-10-26 02:")]
    assert {at[-6:] for at in repeated} == {"+02:00", "+01:00"}


def test_narratives_tell_a_repeated_hour_apart(autumn, rescuesim):
    row = next(r for r in rows_of(autumn) if r["received_at"].startswith("2025-10-26 02:"))
    clear = next(r for r in rows_of(autumn) if r["received_at"].startswith("2025-10-26 04:"))

    said, plain = (rescuesim("explain", autumn, "--callout", r["callout"]) for r in (row, clear))

    at = row["received_at"][11:16]
    assert f"at {at} (UTC+02:00)" in " ".join(said.out.split())
    assert f"at {clear['received_at'][11:16]}." in " ".join(plain.out.split()).replace(",", ".")
    assert "UTC" not in plain.out


@pytest.mark.parametrize("manifest", [True, False])
def test_a_log_is_measured_by_the_clock_that_it_was_written_with(autumn, manifest):
    """Also one that was moved away from its manifest; hours are those of the local times."""
    told = json.loads((autumn / "manifest.json").read_text(encoding="utf-8"))["clock_changes"]
    assert told == [[21 * HOUR, -HOUR]]
    if not manifest:
        (autumn / "manifest.json").unlink()

    found = measure_log(autumn / "callouts.csv.gz")

    rows = [r for r in rows_of(autumn) if int(r["received_ms"]) >= 0]
    hours = sorted(int(r["received_at"][11:13]) for r in rows)
    assert sorted(found.samples[0].observations.hour.tolist()) == hours
    assert found.start == datetime(2025, 10, 25, 6)
    assert found.clock.moment(2 * DAY) == datetime(2025, 10, 27, 5)


def test_a_description_says_when_clocks_are_changed(autumn, rescuesim):
    text = rescuesim("describe", autumn).out

    assert "clocks are put back by 1 h on 2025-10-26 03:00" in " ".join(text.split())


@pytest.mark.long
def test_a_page_and_figures_are_made(autumn, rescuesim):
    for command in (("report", autumn), ("plot", autumn, "--day", "2")):
        said = rescuesim(*command)
        assert said.code == 0, said.err


def test_the_day_of_the_change_is_drawn_in_25_hours(autumn):
    """From 06:00 to 06:00; ticks say what clocks show: one hour comes twice."""
    study = read_results(autumn).study
    day = day_timeline(study, "closest", 0)

    assert (day.start_ms, day.hours, day.date_label) == (0, 25, "day 1, Saturday 25 October 2025")
    assert [_clock(day, hour) for hour in (0, 18, 20, 21, 24)] == [
        "06:00", "00:00", "02:00", "02:00", "05:00",
    ]  # fmt: skip
    assert day_timeline(study, "closest", 1).start_ms == 25 * HOUR


def test_the_replay_is_packed_with_the_change_or_nothing():
    clock = file_of(AUTUMN).scenario.clock.local
    assert _clock_changes(clock) == {"clock": [[21 * 3600, -3600, 120]]}
    calm = file_of(AUTUMN.replace("Europe/Berlin", "UTC")).scenario.clock.local
    assert _clock_changes(calm) == {}


def test_a_policy_that_fails_is_told_with_what_clocks_show():
    clock = file_of(AUTUMN).scenario.clock.local
    told = [told_clock(at, clock) for at in (0, 20 * HOUR, 21 * HOUR, 22 * HOUR)]

    assert told == [
        "day 1 06:00:00", "day 2 02:00:00 (UTC+02:00)", "day 2 02:00:00 (UTC+01:00)",
        "day 2 03:00:00",
    ]  # fmt: skip


# -- hours that the engine looks up ---------------------------------------------------------------


def logged_with(text):
    world, log = world_of(text), KeptLog()
    (policies,) = policy_sets(world.file).values()
    simulate(world, policies, log, 1, 0)
    return world, log


def test_volunteers_accept_by_the_hour_that_clocks_show():
    """Nobody does from 03:00 to 04:00: at 01:50 two do, at 03:10, twenty minutes later, none."""
    pool = "people: 2, acceptance: 100%, answer_delay: 1 min, travel_to_base: 1 min"
    hours = [1, 1, 1, 0] + [1] * 20
    text = hand_worked(
        "01:50 A job 5", "03:10 A job 5",
        teams="One: {base: A, crew: 2, on_call: {volunteers: town}}",
        rest=f"volunteers: {{town: {{{pool}, hours: {hours}}}}}\n",
    )  # fmt: skip
    text = text.replace(
        "start: 2025-01-06 00:00, length: 1 day, timezone: UTC",
        "start: 2025-03-30 00:00, length: 1 day, timezone: Europe/Berlin",
    )
    _, log = logged_with(text)

    told = [(e.callout, e.what) for e in log.events if e.what in ("accepted", "declined")]
    assert told == [(0, "accepted")] * 2 + [(1, "declined")] * 2
    assert log.callouts[1].received - log.callouts[0].received == 20 * MINUTE


def test_reserves_are_decided_on_at_full_hours_of_the_clock():
    """On Lord Howe Island 01:59 is followed by 01:30: the hours after end at half past."""
    text = hand_worked(
        teams="One: {base: A}\nTwo: {base: A, reserve: {delay: 1 min, duration: 1 min, "
        "minimum_rest: 0 min}}",
        rest="policies: {p: {staffing: {call_in: {free_below: 2}}}}\n", run="5 h",
    )  # fmt: skip
    text = text.replace(
        "start: 2025-01-06 00:00, length: 5 h, timezone: UTC",
        "start: 2025-04-06 00:10, length: 5 h, timezone: Australia/Lord_Howe",
    )
    _, log = logged_with(text)

    asked = [d.at / MINUTE for d in log.decisions if d.question == "staffing"]
    assert asked[:4] == [50, 110, 140, 200]
