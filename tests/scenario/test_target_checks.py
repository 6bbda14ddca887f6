"""Targets with places and times: what cannot be is told at its line, whatever can be is read."""

import pytest

from sim.errors import ScenarioError
from sim.scenario.duty_hours.named_windows import named_windows
from sim.scenario.duty_hours.target_cohorts import times_of

from ..worlds import DAY, HOUR, file_of

TEXT = """
name: aimed
clock: {start: 2025-01-06 06:00, length: 14 days, warm_up: 1 day, timezone: UTC}
map:
  places: {A: {lat: 35.0, lon: 36.0, area: north}, B: {lat: 35.1, lon: 36.0, area: north},
           C: {lat: 35.2, lon: 36.0, area: south}}
  roads: {circuity: 1.3, speed: {day: 50 km/h}}
demand:
  rate: 10 per day
  where: {A: 1, B: 1, C: 0}
MORE
  kinds:
    job: {share: 50%, on_scene: 10 min}
    late: {share: 50%, on_scene: 10 min, from: day 3 00:00, priority: 2}
bases: {A: {}}
teams: {T: {base: A}}
targets:
  - {name: all, within: 15 min}
  - {name: some, within: 15 min, ABOUT}
"""
LINE = 19


def read(about, more=""):
    return file_of(TEXT.replace("ABOUT", about).replace("MORE", more))


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ("where: [Z]", "no place is called 'Z'"),
        ("areas: [nort]", "no area is called 'nort'"),
        ("where: [north]", "'north' is an area, not a place"),
        ("where: [A], areas: [south]", "`where` or by `areas`; found both"),
        ("where: [A, B, A]", "'A' is listed twice"),
        ("where: []", "at least one is needed"),
        ("weekdays: [Sat, Sat]", "'Sat' is listed twice"),
        ("weekdays: [Saturday]", "found 'Saturday'"),
        ("months: [7]", "expected Jan"),
        ("hours: 20:00-20:00", "begins when it ends"),
        ("from: day 5 00:00, until: day 4 00:00", "it ends before it begins"),
        ("from: 2025-01-20 06:00", "after the run: no hour of it is left"),
        ("until: 2025-01-05 06:00", "before the run: no hour of it is left"),
        ("until: 2025-01-06 05:00", "the target 'some' has no hour of the run"),  # in the warm-up
        ("months: [Jul]", "the target 'some' has no hour of the run"),
        ("weekdays: [Sun], until: day 6 00:00", "the target 'some' has no hour of the run"),
        ("hours: 20:00-22:00, from: day 2 00:00, until: day 2 12:00", "has no hour of the run"),
        ("where: [C]", "no callout can come that the target 'some' is for"),
        ("areas: [south]", "no callout can come that the target 'some' is for"),
        ("kind: late, until: day 2 00:00", "no callout can come that the target 'some' is for"),
        ("priority: 2, until: day 2 00:00", "no callout can come that the target 'some' is for"),
    ],
)
def test_what_cannot_be_is_told_at_the_targets_line(about, said):
    with pytest.raises(ScenarioError) as caught:
        read(about)

    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.line == LINE
    assert said in diagnostic.message


@pytest.mark.parametrize(
    ("about", "more"),
    [
        ("areas: [south], hours: 12:00-13:00",
         "  incidents: [{at: day 2 12:30, place: C, kind: job}]"),
        ("where: [C], from: day 3 00:00, kind: late",
         "  incidents: [{at: day 2 12:30, place: C, kind: job, "
         "casualties: {number: 2, kind: late}}]"),
        ("where: [C], hours: 13:00-14:00",
         "  incidents: [{at: day 2 12:30, place: C, kind: job, over: 40 min}]"),
        ("where: [A], kind: late, until: day 4 00:00, hours: 20:00-04:00", ""),
    ],
)  # fmt: skip
def test_a_callout_that_can_come_in_any_way_is_enough(about, more):
    assert read(about, more).warnings == ()


def test_dates_that_are_partly_outside_the_run_are_told():
    (warning,) = read("until: 2025-03-01 00:00").warnings

    assert warning.line == LINE
    assert "it ends after the run" in warning.message


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ("kind: job", None),
        ("where: [A]", None),
        ("from: day 2 00:00, until: day 2 12:00", [(18, 30)]),
        # the run begins on a Monday at 06:00; the first night is cut by nothing
        ("hours: 20:00-06:00, until: day 3 00:00", [(14, 24), (38, 42)]),
        ("weekdays: [Sun]", [(138, 162), (306, 330)]),
        ("weekdays: [Sun, Mon], until: day 9 00:00", [(0, 18), (138, 186)]),
        ("weekdays: [Sun], hours: 22:00-02:00, until: day 9 00:00", [(138, 140), (160, 162)]),
        ("months: [Jan]", [(0, 336)]),
    ],
)
def test_times_are_those_of_the_local_clock(about, expected):
    """In hours from the start, to be read off a calendar."""
    target = read(about).scenario.targets[1]

    times = times_of(target, read(about).scenario.clock.local, 14 * DAY)

    assert times == (expected and tuple((a * HOUR, b * HOUR) for a, b in expected))


def test_windows_are_closures_surges_and_incidents_within_the_run():
    more = """
  surges:
    - {factor: 2}
    - {name: big, factor: 2, from: day 2 00:00, until: day 3 00:00}
    - {place: A, factor: 2, hours: 10:00-12:00, until: day 3 00:00}
    - {place: A, factor: 2, until: 2025-01-06 05:00}
    - {place: A, factor: 2, from: day 14 06:00, until: day 14 18:00}
  incidents:
    - {at: day 5 06:00, place: C, kind: job}
    - {at: day 5 06:00, place: C, kind: job, over: 30 h}
    - {name: last, at: day 15 00:00, place: C, kind: job}"""
    found = named_windows(read("kind: job", more).scenario)

    assert [(w.name, [(a / HOUR, b / HOUR) for a, b in w.stretches]) for w in found] == [
        ("surge big", [(18, 42)]),
        ("surge A", [(4, 6), (28, 30)]),
        ("surge A (2)", [(312, 324)]),
        ("incident job in C", [(96, 120)]),
        ("incident job in C (2)", [(96, 126)]),
        ("incident last", [(330, 336)]),
    ]


@pytest.mark.parametrize(("by", "told"), [("window", 1), ("place", 0)])
def test_windows_that_are_asked_for_and_not_there_are_told(by, told):
    assert len(file_of(TEXT.replace("ABOUT", "kind: job").replace("MORE", ""),
                       {"study.by": [by]}).warnings) == told  # fmt: skip
