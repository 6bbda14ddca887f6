"""Dates of teams and shifts: each error and each warning at its line."""

import pytest

from sim.errors import ScenarioError

from ..worlds import file_of

TEXT = """
name: dated
clock: {start: 2025-01-06 06:00, length: 7 days, warm_up: 1 day, timezone: UTC}
map: {places: {A: {}}}
demand: {rate: 10 per day, kinds: {job: {share: 100%, on_scene: 10 min}}}
bases: {A: {}}
shifts:
  day: {hours: 06:00-18:00}
  night: {hours: 18:00-06:00SHIFT}
teams:
  T: {base: A, shifts: [day, night]}
  U: {base: ATEAM}
"""


def read(team="", shift=""):
    return file_of(TEXT.replace("ATEAM", f"A{team}").replace("SHIFT", shift))


@pytest.mark.parametrize("part", ["team", "shift"])
@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ("from: day 3 00:00, until: day 2 00:00", "it ends before it begins"),
        ("from: day 3 00:00, until: day 3 00:00", "it ends before it begins"),
        ("from: 2025-01-13 06:00", "after the run: no hour of it is left"),
        ("until: 2025-01-05 06:00", "before the run: no hour of it is left"),
        ("from: 2025-01-32 00:00", "the calendar has no 2025-01-32"),
        ("from: tomorrow", "expected a moment"),
    ],
)
def test_dates_without_an_hour_of_the_run_are_told_at_their_line(part, dates, said):
    with pytest.raises(ScenarioError) as caught:
        read(**{part: f", {dates}"})

    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.line == {"team": 12, "shift": 9}[part]
    assert said in diagnostic.message


@pytest.mark.parametrize("part", ["team", "shift"])
@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ("from: 2025-01-01 00:00", "it begins before the run"),
        ("until: 2025-02-01 00:00", "it ends after the run"),
    ],
)
def test_dates_that_are_partly_outside_the_run_are_told(part, dates, said):
    (warning,) = read(**{part: f", {dates}"}).warnings

    assert warning.line == {"team": 12, "shift": 9}[part]
    assert said in warning.message


def test_a_team_in_reserve_has_no_dates():
    with pytest.raises(ScenarioError, match="a team in reserve has no dates"):
        read(team=", from: day 2 00:00, reserve: {delay: 1 h}")


def test_a_team_whose_dates_and_shifts_never_meet_is_told():
    (warning,) = read(team=", shifts: [day], from: day 1 20:00, until: day 2 05:00").warnings

    assert warning.line == 12
    assert "'U' is never on duty" in warning.message


def test_hours_with_nobody_on_duty_are_told_by_date():
    """U is there for the first night only, and nights are worked until then."""
    text = TEXT.replace("ATEAM", "A, until: day 3 12:00").replace("SHIFT", ", until: day 2 00:00")
    warnings = [w.message for w in file_of(text).warnings]

    assert any(
        "nobody is on duty 2025-01-08 18:00 to 2025-01-09 06:00" in said
        and "2025-01-10 18:00 to 2025-01-11 06:00 and 2 times more" in said
        for said in warnings
    )
