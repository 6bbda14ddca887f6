"""Limits of duty: each error and each warning at its line."""

import pytest

from sim.errors import ScenarioError

from ..worlds import file_of

TEXT = """
name: limited
clock: {start: 2025-01-06 06:00, length: 7 days, timezone: UTC}
map: {places: {A: {}}}
demand: {rate: 10 per day, kinds: {job: {share: 100%, on_scene: 10 min}}}
bases: {A: {}}
volunteers: {people: {people: 9, acceptance: 90%}}
teams:
  T: {base: A}
  Home: {base: A, on_call: {volunteers: people}}
  U: {base: A, limits: {minimum_rest: 8 h, hours_on_duty: 12 h}}
"""
LIMITS = "{minimum_rest: 8 h, hours_on_duty: 12 h}"


def read(*changes):
    text = TEXT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return file_of(text)


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        (LIMITS, "{hours_on_duty: 12 h}", 11, "minimum_rest"),
        (LIMITS, "{minimum_rest: 0 h}", 11, "minimum_rest"),
        (LIMITS, "{minimum_rest: 8 h, hours_on_duty: 0 h}", 11, "hours_on_duty"),
        (LIMITS, "{minimum_rest: 8 h, hours_on_duty: 12}", 11, "unit"),
        (LIMITS, "{minimum_rest: 8 h, exposing_callouts: 0}", 11, "exposing_callouts"),
        (LIMITS, "{minimum_rest: 8 h, exposing_callouts: 2}", 11, "no kind of callout has an expo"),
        (LIMITS, "{minimum_rest: 8 h, hours: 12 h}", 11, "hours"),
        ("volunteers: people}", f"volunteers: people}}, limits: {LIMITS}", 10, "on call has no"),
        ("T: {base: A", f"T: {{base: A, reserve: {{delay: 1 h}}, limits: {LIMITS}", 9, "reserve"),
    ],
)
def test_limits_that_cannot_be_meant_are_told_at_their_line(old, new, line, said):
    with pytest.raises(ScenarioError) as caught:
        read((old, new))

    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.line == line
    assert said in f"{diagnostic.where} {diagnostic.message}"


def test_hours_in_which_limits_leave_nobody_on_duty_are_told():
    """All begin together: from 18:00 on, twelve hours after the start, both rest for eight."""
    only = ("  Home: {base: A, on_call: {volunteers: people}}\n", "")
    (warning,) = [
        w.message
        for w in read(only, ("T: {base: A", f"T: {{base: A, limits: {LIMITS}")).warnings
        if "limits" in w.message
    ]

    assert warning.startswith("by rosters and limits nobody is on duty from 2025-01-06 18:00 to ")
    assert "2025-01-07 02:00" in warning
    assert not [w for w in read().warnings if "limits" in w.message]


def test_a_rest_as_long_as_the_run_is_told():
    warnings = read(("minimum_rest: 8 h", "minimum_rest: 7 days")).warnings

    assert [w.line for w in warnings if "never comes back in it" in w.message] == [11]
