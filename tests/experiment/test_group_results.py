"""Targets of some places and times, and results by place and window: counted again from logs."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import ceil, inf

import pytest

import sim
from sim.experiment.results.folder import places_of, windows_of, write_study
from sim.local_clock import LocalClock
from sim.log import MS_PER_MINUTE, Outcome
from sim.outcomes.explanation.consequences import Cohort
from sim.outcomes.measured.summary import FEW_IN_ALL
from sim.outcomes.observed.cohorts import meant_by
from sim.report.phrasing.target_words import callouts_of, where_and_when
from sim.scenario import Target

from ..worlds import file_of, logged

DAY_BY_HAND = """\
name: by-hand
clock: {start: 2025-01-06 00:00, length: 2 days, timezone: UTC}
map:
  places: {A: {area: north}, B: {area: north}, C: {area: south}}
  roads: {table: {A: {B: 10 min, C: 30 min}, B: {A: 10 min, C: 30 min}, C: {A: 30 min, B: 30 min}}}
demand:
  kinds: {job: {share: 50%, on_scene: 1 min}, fire: {share: 50%, on_scene: 1 min, priority: 2}}
  callouts:
    - {at: day 1 01:00, place: A, kind: job}   # reached at once
    - {at: day 1 05:59, place: B, kind: fire}  # after 10 min
    - {at: day 1 06:00, place: B, kind: job}
    - {at: day 1 19:59, place: C, kind: job}   # after 30 min
    - {at: day 1 20:00, place: C, kind: fire}
    - {at: day 2 00:00, place: B, kind: job}   # on Tuesday
  incidents: [{name: tower, at: day 1 21:00, place: C, kind: fire, sites: 2}]
bases: {A: {}}
teams: {T: {base: A, count: 5}}
dispatch_centre: {dispatch_while_returning: no}
targets:
  - {name: night, within: 15 min, hours: 20:00-06:00}
  - {name: by day, within: 15 min, hours: 06:00-20:00}
  - {name: dated, within: 15 min, from: day 1 05:59, until: day 1 20:00}
  - {name: Tuesday, within: 15 min, weekdays: [Tue]}
  - {name: southern jobs, within: 15 min, areas: [south], kind: job}
  - {name: in A and B, within: 5 min, where: [A, B]}
  - {name: urgent at night, within: 15 min, priority: 1, hours: 20:00-06:00, months: [Jan]}
study: {replications: 2, by: [place, window]}
"""
IN_TIME = {  # of those that each target is for
    "night": (3, 6),  # A, 05:59, midnight; not 20:00 and the two of the incident
    "by day": (1, 2),
    "dated": (2, 3),
    "Tuesday": (1, 1),
    "southern jobs": (0, 1),
    "in A and B": (1, 4),
    "urgent at night": (2, 2),
}


def study_of(text, overrides=None, **tables):
    return sim.run_study(sim.design_of([file_of(text, overrides, **tables)]))


@pytest.fixture(scope="module")
def by_hand():
    return study_of(DAY_BY_HAND)


@pytest.mark.parametrize("target", IN_TIME)
def test_a_target_is_for_the_callouts_received_then_and_there(by_hand, target):
    """In the first minute of its hours and dates, and not in the first after them."""
    rows = {row.key[1:]: row for row in sim.tabulate(by_hand).summary}
    met, of = IN_TIME[target]

    assert rows[f"share:{target}", "all"].value == pytest.approx(met / of)


def test_results_by_place_and_after_an_incident_by_hand(by_hand):
    places = {row.key[1:]: row for row in places_of(by_hand)}
    windows = {row.key[1:]: row for row in windows_of(by_hand)}

    assert [places["callouts", f"place:{p}"].value for p in "ABC"] == [0.5, 1.5, 2]
    assert [places["response_median", f"place:{p}"].value for p in "ABC"] == [0, 10, 30]
    assert places["share:night", "place:B"].value == 1
    assert ("share:night", "place:D") not in places
    own = "window:incident tower"  # a day from 21:00: its two sites, and Tuesday's first minute
    assert windows["callouts", own].value == 3
    assert windows["response_median", own].value == 30
    assert windows["share:night", own].value == pytest.approx(1 / 3)
    assert ("share:by day", own) not in windows
    assert windows["callouts", "all"].value == 4


def test_few_callouts_are_marked_by_those_that_a_value_rests_on(by_hand):
    """In two replications C has eight callouts, all together sixteen, two of them on Tuesday."""
    places = {row.key[1:]: row for row in places_of(by_hand)}
    windows = {row.key[1:]: row for row in windows_of(by_hand)}

    assert f"{FEW_IN_ALL} 8" in places["response_p90", "place:C"].note
    assert FEW_IN_ALL not in windows["response_p90", "all"].note
    assert f"{FEW_IN_ALL} 2" in windows["share:Tuesday", "all"].note


# -- counted again --------------------------------------------------------------------------------

NODES = "node,lat,lon\na,35.00,36.00\nb,35.00,36.20\nx,35.01,36.10\ny,34.90,36.10\n"
EDGES = "from,to,km,kmh\na,x,10,60\nx,b,10,60\na,y,15,60\ny,b,15,60\n"
START, DAYS = datetime(2025, 3, 6, 6, 30), 9
PRESSED = """\
name: pressed
clock: {start: 2025-03-06 06:30, length: 9 days, warm_up: 12 h, timezone: UTC}
map:
  places: {A: {lat: 35.00, lon: 36.00, area: west}, X: {lat: 35.01, lon: 36.10, area: west},
           B: {lat: 35.00, lon: 36.20, area: east}}
  roads: {nodes: nodes.csv, edges: edges.csv}
  closures:
    - {name: bridge, edge: [x, b], hours: 18:00-04:30,
       from: 2025-03-07 00:00, until: 2025-03-11 12:00}
demand:
  rate: 24 per day
  kinds:
    job: {share: 70%, on_scene: {mean: 40 min, sd: 30 min}, abandons_after: 2 h}
    fire: {share: 30%, on_scene: 90 min, priority: 2}
  surges: [{place: B, factor: 3, from: 2025-03-09 00:00, until: 2025-03-10 09:15}]
  incidents: [{at: 2025-03-12 12:00, place: A, kind: fire, sites: 4, over: 2 h}]
bases: {A: {}}
teams: {T: {base: A, count: 2}}
policies: {first: {}, second: {queue: first_come}}
targets:
  - {name: all, within: 25 min}
  - {name: nights, within: 25 min, hours: 20:00-06:00, kind: job, areas: [west]}
  - {name: days, within: 25 min, weekdays: [Sat, Sun], where: [B, X], until: 2025-03-14 10:00}
  - {name: dated, within: 25 min, from: 2025-03-08 13:20, until: 2025-03-11 01:40, priority: 1}
study: {replications: 12, by: [window, place]}
"""


def clock_of(at):
    return START + timedelta(milliseconds=at)


def at_night(at, begins, until):
    said = clock_of(at).strftime("%H:%M")
    return said >= begins or said < until


def between(at, begins, until):
    return begins <= clock_of(at).isoformat(" ", "minutes") < until


def closed(row):
    dates = between(row.received, "2025-03-07 00:00", "2025-03-11 12:00")
    return dates and at_night(row.received, "18:00", "04:30")


COHORTS = {
    "share:all": lambda row, place, kind: True,
    "share:nights": lambda row, place, kind: (
        at_night(row.received, "20:00", "06:00") and kind == "job" and place in "AX"
    ),
    "share:days": lambda row, place, kind: (
        clock_of(row.received).isoweekday() > 5 and place in "BX"
        and between(row.received, "", "2025-03-14 10:00")
    ),
    "share:dated": lambda row, place, kind: (
        kind == "job" and between(row.received, "2025-03-08 13:20", "2025-03-11 01:40")
    ),
}  # fmt: skip
GROUPS = {
    "all": (lambda row, place: True, DAYS),
    "window:closure bridge": (lambda row, place: closed(row), (10.5 * 4 + 4.5) / 24),
    "window:surge B": (
        lambda row, place: between(row.received, "2025-03-09 00:00", "2025-03-10 09:15"),
        33.25 / 24,
    ),
    "window:incident fire in A": (
        lambda row, place: between(row.received, "2025-03-12 12:00", "2025-03-13 12:00"),
        1,
    ),
    **{f"place:{p}": (lambda row, place, p=p: place == p, DAYS) for p in "AXB"},
}


@pytest.fixture(scope="module")
def pressed():
    return study_of(PRESSED, nodes=NODES, edges=EDGES)


@pytest.fixture(scope="module")
def rows_of(pressed):
    """The callouts received in the measured period, by alternative, over all replications."""
    return {
        name: [
            row
            for n in pressed.numbers
            for row in logged(pressed.worlds[name], name, replication=n).callouts
            if 0 <= row.received < DAYS * 24 * 60 * MS_PER_MINUTE
        ]
        for name in pressed.worlds
    }


@pytest.mark.parametrize("name", ["first", "second"])
@pytest.mark.parametrize("group", GROUPS)
def test_the_numbers_of_a_group_are_those_of_the_log(pressed, rows_of, name, group):
    """Times are compared as they are written, and nothing of the package is asked for them."""
    names, ends = pressed.worlds[name].names, DAYS * 24 * 60 * MS_PER_MINUTE
    tables = (*windows_of(pressed), *places_of(pressed))
    found = {row.measure: row.value for row in tables if row.key[::2] == (name, group)}
    is_in, days = GROUPS[group]
    own = [row for row in rows_of[name] if is_in(row, names.places[row.place])]
    times = [
        inf if row.on_scene is None else (row.on_scene - row.received) / MS_PER_MINUTE
        for row in own
    ]

    assert found["callouts"] == pytest.approx(len(own) / days / 12)
    for measure, is_meant in COHORTS.items():
        known = [
            time <= 25
            for row, time in zip(own, times, strict=True)
            if is_meant(row, names.places[row.place], names.kinds[row.kind])
            and not (time == inf and row.outcome == Outcome.UNFINISHED
                     and ends - row.received < 25 * MS_PER_MINUTE)
        ]  # fmt: skip
        assert (measure in found) == bool(known)
        assert not known or found[measure] == pytest.approx(sum(known) / len(known))
    if not any(
        t == inf and r.outcome == Outcome.UNFINISHED for r, t in zip(own, times, strict=True)
    ):
        for measure, p in (("response_median", 0.5), ("response_p90", 0.9)):
            own_p = sorted(times)[ceil(p * len(times)) - 1]
            assert (found[measure] or inf) == pytest.approx(own_p, abs=1e-6)


def test_all_cohorts_and_groups_hold_callouts(pressed, rows_of):
    """Else the counts above would compare nothing with nothing."""
    names, rows = pressed.worlds["first"].names, rows_of["first"]

    for is_in, _ in GROUPS.values():
        assert 20 < sum(is_in(row, names.places[row.place]) for row in rows) <= len(rows)
    for is_meant in COHORTS.values():
        meant = [is_meant(r, names.places[r.place], names.kinds[r.kind]) for r in rows]
        assert sum(meant) > 20


def test_explanations_and_measures_mean_the_same_callouts(pressed, rows_of):
    """Also of a sample whose days are taken for replications, as those of a record are."""
    sample = pressed.samples[0]
    by_day = replace(sample, end=24 * 60 * MS_PER_MINUTE)

    for target in sample.standards.targets:
        cohort = Cohort(target, sample.names, LocalClock(START), sample.end)
        counted = sum(cohort.holds(row) for row in rows_of["first"])
        assert meant_by(sample, target).sum() == meant_by(by_day, target).sum() == counted


def test_without_groups_asked_for_results_are_the_same_files(pressed, tmp_path):
    """And with them no other file changes, but for the scenario that asks."""
    plainly = study_of(PRESSED, {"study.by": []}, nodes=NODES, edges=EDGES)
    for study, folder in ((pressed, "asked"), (plainly, "plain")):
        write_study(tmp_path / folder, study, sim.tabulate(study), None)
    asked, plain = (
        {p.name: p.read_bytes() for p in (tmp_path / folder).iterdir() if p.is_file()}
        for folder in ("asked", "plain")
    )

    assert asked.keys() - plain.keys() == {"places.csv", "windows.csv"}
    same = plain.keys() - {"scenario.yaml", "observations.npz"}
    assert {n: asked[n] for n in same} == {n: plain[n] for n in same}


def test_a_target_says_in_words_where_and_when_it_is_for():
    target = Target.model_validate(
        {"name": "n", "within": "8 min", "kind": "fire", "areas": ["west"], "months": ["Mar"],
         "hours": "20:00-06:00", "from": "2025-03-08 00:00", "until": "day 9 06:00"}
    )  # fmt: skip
    assert callouts_of(target) == "Callouts of kind “fire”"
    assert where_and_when(target) == (
        "in west, 20:00-06:00, Mar, from 2025-03-08 00:00, until day 9 06:00"
    )
