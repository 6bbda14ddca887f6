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


# -- bases, volunteers and hospitals ---------------------------------------------------------------

MORE = """
name: dated
clock: {start: 2025-01-06 06:00, length: 7 days, warm_up: 1 day, timezone: UTC}
map:
  places: {A: {}}
  hospitals:
    H: {place: A}
    G: A
demand: {rate: 10 per day, kinds: {job: {share: 100%, on_scene: 10 min, to: hospital}}}
bases:
  A: {}
  B: {place: A}
volunteers:
  town: {people: 6, acceptance: 90%}
teams:
  T: {base: A}
  U: {base: B}
  V: {base: A, on_call: {volunteers: town}}
"""


def spoiled(old, new):
    assert old in MORE
    return file_of(MORE.replace(old, new))


PARTS = {"H: {place: A": 7, "B: {place: A": 12, "town: {people: 6": 14}


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("dates", "said"),
    [
        ("from: day 3 00:00, until: day 2 00:00", "it ends before it begins"),
        ("from: 2025-01-13 06:00", "after the run: no hour of it is left"),
        ("until: 2025-01-05 06:00", "before the run: no hour of it is left"),
        ("until: tomorrow", "expected a moment"),
    ],
)
def test_dates_of_bases_volunteers_and_hospitals_are_told_at_their_line(part, dates, said):
    with pytest.raises(ScenarioError) as caught:
        spoiled(part, f"{part}, {dates}")

    first = caught.value.diagnostics[0]
    assert first.line == PARTS[part]
    assert said in first.message


@pytest.mark.parametrize(
    ("base", "team", "said"),
    [
        ("until: day 3 12:00", "", "'U' is on duty after its base, 'B', closes on day 3 12:00"),
        ("from: day 2 00:00", "", "'U' is on duty before its base, 'B', opens on day 2 00:00"),
        ("until: day 3 12:00", ", until: day 3 13:00", "after its base, 'B', closes"),
        ("until: day 3 12:00", ", reserve: {delay: 1 h}", "may be called in at any time, and 'B'"),
    ],
)
def test_a_team_of_a_base_is_there_while_it_is_open(base, team, said):
    with pytest.raises(ScenarioError) as caught:
        file_of(
            MORE.replace("B: {place: A", f"B: {{place: A, {base}").replace(
                "{base: B", f"{{base: B{team}"
            )
        )

    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.line == 17
    assert said in diagnostic.message


def test_volunteers_of_a_team_in_reserve_have_no_dates():
    text = MORE.replace("town: {people: 6", "town: {people: 6, from: day 2 00:00")
    with pytest.raises(ScenarioError) as caught:
        file_of(text.replace("{volunteers: town}", "{volunteers: town}, reserve: {delay: 1 h}"))

    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.line == 18
    assert "called in at any time, and 'town' has dates" in diagnostic.message


def test_a_team_that_leaves_before_its_base_closes_is_right():
    text = MORE.replace("B: {place: A", "B: {place: A, until: day 3 12:00")

    assert file_of(text.replace("{base: B", "{base: B, until: day 3 12:00"))


def test_a_hospital_that_is_never_open_is_told():
    (warning,) = spoiled("H: {place: A", "H: {place: A, from: day 1 06:10, hours: 06:00-06:05, "
                         "until: day 2 05:00").warnings  # fmt: skip

    assert warning.line == 7
    assert "'H' is never open in the run" in warning.message


def test_volunteers_who_are_never_there_leave_their_team_without_duty():
    found = spoiled("town: {people: 6", "town: {people: 6, until: day 1 00:00").warnings
    never = file_of(
        MORE.replace("town: {people: 6", "town: {people: 6, until: day 1 00:00").replace(
            "{base: A, on_call", "{base: A, from: day 2 00:00, on_call"
        )
    ).warnings

    assert not [w for w in found if "never on duty" in w.message]
    assert [w.line for w in never if "'V' is never on duty" in w.message] == [18]


@pytest.mark.parametrize(
    ("cell", "said"),
    [("8-20", "expected a time"), ("08:00-08:00", "begins when it ends"), ("always", "expected")],
)
def test_hours_of_a_table_of_hospitals_are_told_at_their_line(cell, said):
    text = MORE.replace("  hospitals:\n    H: {place: A}\n    G: A\n", "  hospitals: h.csv\n")
    with pytest.raises(ScenarioError) as caught:
        file_of(text, h=f"name,place,hours\nH,A,{cell}\n")

    (diagnostic,) = caught.value.diagnostics
    assert (diagnostic.line, "hours" in diagnostic.where) == (2, True)
    assert said in diagnostic.message
