"""Teams, rosters, volunteers and vehicles as written: what is read, and what is refused where."""

from __future__ import annotations

import pytest

from sim.scenario import Roster

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000

CREWS = """\
name: crews
clock: {start: 2025-03-06 06:00, length: 7 days}
map:
  places: {A: {}, B: {}}
  roads: {table: {A: {B: 10 min}, B: {A: 10 min}}}
demand:
  rate: 4 per day
  kinds:
    fire: {share: 50%, crew: 3, needs: [pump], on_scene: 40 min}
    wound: {share: 50%, needs: [medic], on_scene: 20 min}
bases: {A: {}, B: {}}
teams:
  Red:
    base: A
    count: 3
    vehicles: [car]
    roster: [day, night, off]
    stagger: 1 day
    breaks: [{duration: 30 min, between: 12:00-14:00}, {duration: 30 min, between: 23:00-01:00}]
  Blue:
    base: B
    crew: 4
    on_call: {volunteers: town, alerts: [{people: 5}, {after: 4 min, people: 3}],
      capabilities: [medic]}
  Aid:
    base: A
    reserve: {delay: 40 min, duration: 6 h}
shifts:
  day: {hours: 08:00-20:00}
  night: {hours: 20:00-08:00}
  spare: {hours: 09:00-17:00}
volunteers:
  town: {people: 9, acceptance: 40%, capabilities: {medic: 2}, travel_to_base: 6 min}
vehicles:
  car: {base: A, capabilities: [pump], count: 2, available: 90%,
        time_to_repair: {mean: 8 h, sd: 4 h}}
policies:
  now: {}
  called: {staffing: {call_in: {free_below: 1}}}
"""


def said(desk, *changes):
    """Return the errors of the crews with parts of their text replaced."""
    return desk.refused(*changes, text=CREWS)


def warnings(desk, *changes):
    """Return the warnings about them; those of shifts are not meant here."""
    found = desk.read(*changes, text=CREWS).warnings
    return [w for w in found if not w.where.startswith("shifts")]


# -- what is read ----------------------------------------------------------------------------------


def test_a_scenario_of_all_kinds_of_crews_is_right(desk):
    teams = desk.read(text=CREWS).scenario.teams

    assert warnings(desk) == []
    assert teams["Red"].roster == Roster(days=("day", "night", "off"))
    assert teams["Red"].stagger == DAY
    assert [b.duration for b in teams["Red"].breaks] == [30 * MINUTE, 30 * MINUTE]
    assert teams["Blue"].on_call.assembly_timeout == 20 * MINUTE
    assert teams["Aid"].reserve.minimum_rest == 12 * HOUR


def test_what_is_read_is_written_and_read_again_as_the_same(desk):
    """A results folder holds the scenario as it was understood."""
    found = desk.read(text=CREWS)
    again = desk.read(text=found.resolved_yaml())

    assert again.scenario == found.scenario


@pytest.mark.parametrize(
    ("written", "on", "off"),
    [
        ("24 on 48 off", 24, 48),
        ("24 on, 48 off", 24, 48),
        ("12h on 36h off", 12, 36),
        ("12 h on 12 h off", 12, 12),
        ("٢٤ on ٤٨ off", 24, 48),
        ("10.5 on 13.5 off", 10.5, 13.5),
        ("  24 ON 72 OFF ", 24, 72),
    ],
)
def test_a_roster_of_hours_is_read_as_people_write_it(written, on, off):
    assert Roster.read(written) == Roster(round(on * HOUR), round(off * HOUR))


@pytest.mark.parametrize(
    "roster",
    [
        Roster(24 * HOUR, 48 * HOUR),
        Roster(37_800_001, 48_599_999),
        Roster(days=("day", "off")),
        Roster(MINUTE, 366 * DAY),
    ],
)
def test_a_roster_is_said_so_that_it_is_read_as_the_same(roster):
    said = list(roster.days) or str(roster)

    assert Roster.read(said) == roster


def test_a_roster_says_itself_in_the_words_of_a_duty_board():
    assert str(Roster(24 * HOUR, 48 * HOUR)) == "24 on 48 off"
    assert str(Roster(days=("day", "night", "off"))) == "day, night, off"


# -- what is refused -------------------------------------------------------------------------------

ROSTER = "    roster: [day, night, off]\n"
ALERTS = "[{people: 5}, {after: 4 min, people: 3}]"


@pytest.mark.parametrize(
    ("old", "new", "where", "message", "help"),
    [
        # names that refer to nothing
        ("base: B\n", "base: C\n", "teams.Blue.base", "no base is called 'C'", "A, B"),
        ("vehicles: [car]", "vehicles: [car, cart]", "teams.Red.vehicles.1", "no vehicle", "'car'"),
        ("[day, night, off]", "[day, nigth, off]", "teams.Red.roster.1", "no shift", "'night'"),
        ("volunteers: town", "volunteers: towm", "teams.Blue.on_call.volunteers",
         "no volunteer group is called 'towm'", "'town'"),
        ("car: {base: A", "car: {base: C", "vehicles.car.base", "no base is called 'C'", "A, B"),
        ("capabilities: [medic]", "capabilities: [medic, boat]",
         "teams.Blue.on_call.capabilities.1", "nobody of 'town' has 'boat'", "medic"),
        # rosters
        (ROSTER, f"{ROSTER}    shifts: [day]\n", "teams.Red.roster", "found both", "remove"),
        ("[day, night, off]", "24 on 48", "teams.Red.roster", "found '24 on 48'", "24 on 48 off"),
        ("[day, night, off]", "0 on 48 off", "teams.Red.roster", "from a minute", "24 on 48 off"),
        ("[day, night, off]", "0.0000001 on 1 off", "teams.Red.roster", "from a minute", ""),
        ("[day, night, off]", "24 on 9999 off", "teams.Red.roster", "to a year", ""),
        ("[day, night, off]", "24", "teams.Red.roster", "hours on and off, found 24", ""),
        ("[day, night, off]", "[]", "teams.Red.roster", "at least one day", "[day, night, off]"),
        ("[day, night, off]", "[day, 12, off]", "teams.Red.roster", "a name, found 12", '"12"'),
        ("stagger: 1 day", "stagger: 12 h", "teams.Red.stagger", "whole days, found 12 h", "1 day"),
        ("  spare:", "  off:", "shifts.off", "a day without duty", ""),
        ("23:00-01:00", "13:00-15:00", "teams.Red.breaks.1.between", "overlap", ""),
        ("23:00-01:00", "20:00-12:30", "teams.Red.breaks.1.between", "overlap", ""),
        ("{duration: 30 min, between: 12", "{duration: 0 min, between: 12",
         "teams.Red.breaks.0.duration", "above", ""),
        # crews on call
        ("capabilities: [medic]}", "capabilities: [medic], minimum: 5}",
         "teams.Blue.on_call.minimum", "5 people of a crew of 4", ""),
        ("crew: 4\n    on_call: {", "crew: 20\n    on_call: {minimum: 10, ",
         "teams.Blue.on_call.minimum", "10 people are wanted, but 'town' has 9", ""),
        (ALERTS, "[{people: 5}, {people: 5}]", "teams.Blue.on_call.alerts",
         "10 people are alerted, but 'town' has 9", ""),
        ("{medic: 2}", "{medic: 10}", "volunteers.town.capabilities.medic", "10 of 9 people", ""),
        ("{medic: 2}", "{medic: -1}", "volunteers.town.capabilities.medic", "at least 1", ""),
        ("acceptance: 40%", "acceptance: 40%, hours: [1, 2]", "volunteers.town.hours",
         "24 numbers, f", ""),
        ("acceptance: 40%", "acceptance: 40%, hours: []", "volunteers.town.hours",
         "24 numbers, found 0", ""),
        ("acceptance: 40%", f"acceptance: 40%, hours: [-1{', 1' * 23}]", "volunteers.town.hours",
         "cannot be negative, found -1", ""),
        # vehicles
        ("base: B\n", "base: B\n    vehicles: [car]\n", "teams.Blue.vehicles.0",
         "'car' stands at A, and this team belongs to B", "its own base"),
        (",\n        time_to_repair: {mean: 8 h, sd: 4 h}", "", "vehicles.car.available",
         "for how long", "time_to_repair"),
        ("{mean: 8 h, sd: 4 h}", "0 min", "vehicles.car.time_to_repair", "a repair of zero", ""),
        ("vehicles:\n  car", "vehicles:\n  car 2: {base: A}\n  car", "vehicles.car",
         "two vehicles would be called 'car 2'", "rename"),
        # teams in reserve
        ("duration: 6 h}", "duration: 6 h}\n    shifts: [day]", "teams.Aid.shifts",
         "only when it is called in", "remove shifts"),
        ("duration: 6 h}", "duration: 6 h}\n    roster: 24 on 48 off", "teams.Aid.roster",
         "only when it is called in", "remove roster"),
        # what callouts need
        ("capabilities: [pump]", "capabilities: [hose]", "demand.kinds.fire.needs.0",
         "no team has 'pump'", "teams have: hose, medic"),
        ("    vehicles: [car]\n", "", "demand.kinds.fire.needs.0", "no team has 'pump'",
         "'car' has it: write vehicles: [car]"),
        (",\n      capabilities: [medic]}", "}", "demand.kinds.wound.needs.0",
         "no team has 'medic'", "'town' has it: write capabilities: [medic]"),
        ("needs: [medic]", "needs: [medic, medic]", "demand.kinds.wound.needs.0",
         "2 teams with 'medic' are needed, but there is one", ""),
        ("needs: [pump]", "needs: [pump, pump, pump, pump]", "demand.kinds.fire.needs.0",
         "4 teams with 'pump' are needed, but there are 3", ""),
    ],
)  # fmt: skip
def test_an_error_about_crews_is_told_at_its_word(desk, old, new, where, message, help):
    diagnostics = said(desk, (old, new))

    assert len(diagnostics) == 1, diagnostics
    assert diagnostics[0].where == where
    assert message in diagnostics[0].message
    assert help in diagnostics[0].help
    assert diagnostics[0].line > 0


def test_volunteers_fit_into_one_of_the_vehicles_they_may_take(desk):
    """Four are to come together, into a bus of three seats or a van of two, or later of four."""
    changes = (
        ("base: B\n    crew: 4", "base: B\n    crew: 4\n    vehicles: [bus, van]"),
        ("\nvehicles:", "\nvehicles:\n  bus: {base: B, seats: 3}\n  van: {base: B, seats: 2}"),
    )

    (diagnostic,) = said(desk, *changes)

    assert diagnostic.where == "teams.Blue.vehicles"
    assert (
        "4 people are to come together, but no vehicle it may take has more" in diagnostic.message
    )
    assert warnings(desk, *changes, ("seats: 2", "seats: 4")) == []


def test_a_team_that_does_not_gather_may_leave_people_behind(desk):
    """Red has four people and goes with as many as the car has seats."""
    assert (
        warnings(desk, ("capabilities: [pump], count", "capabilities: [pump], seats: 3, count"))
        == []
    )


def test_an_error_hides_none_of_the_others(desk):
    """A section that is wrong itself is passed over; what refers to others is told all the same."""
    diagnostics = said(
        desk, ("town: {people: 9", "town: {people: many"), ("base: B\n", "base: C\n")
    )

    assert [m.where for m in diagnostics] == ["teams.Blue.base", "volunteers.town.people"]


def test_a_base_that_is_not_there_is_not_told_again_for_the_team_s_vehicles(desk):
    """Where the vehicles stand says nothing until it is known where the team belongs."""
    diagnostics = said(desk, ("base: B\n", "base: Nowhere\n    vehicles: [car]\n"))

    assert [m.where for m in diagnostics] == ["teams.Blue.base"]


@pytest.mark.parametrize("section", ["volunteers", "vehicles", "shifts", "teams"])
@pytest.mark.parametrize("value", ["3", "[]", "[1, {a: b}]", "{x: 3}", "{x: {count: []}}"])
def test_a_section_that_is_no_mapping_of_parts_is_refused_in_words(desk, section, value):
    """Checks across fields run before the fields are known to be right."""
    start = CREWS.index(f"\n{section}:") + 1
    end = next(i for i in range(start + 1, len(CREWS)) if CREWS[i - 1] == "\n" and CREWS[i] != " ")

    diagnostics = desk.refused(text=f"{CREWS[:start]}{section}: {value}\n{CREWS[end:]}")

    assert any(m.where.startswith(section) for m in diagnostics)


# -- what is seldom meant --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "where", "message"),
    [
        ("  car: {", "  van: {base: A}\n  car: {", "vehicles.van", "no team takes the vehicle"),
        ("  town: {", "  city: {people: 1, acceptance: 1%}\n  town: {", "volunteers.city",
         "no team on call alerts 'city'"),
        ("{staffing: {call_in: {free_below: 1}}}", "{staffing: fixed}", "teams.Aid.reserve",
         "no alternative calls anybody in, so Aid would never be on duty"),
        ("{staffing: {call_in: {free_below: 1}}}", "{staffing: {fixed: {}}}", "teams.Aid.reserve",
         "no alternative calls anybody in"),
        ("{staffing: {call_in: {free_below: 1}}}", "{}", "teams.Aid.reserve",
         "no alternative calls anybody in"),
        ("people: 9, acceptance: 40%", "people: 8, acceptance: 40%, hours: "
         f"[1, 1, 3{', 1' * 21}]", "volunteers.town.hours", "at 02:00 120% would accept"),
        ("after: 4 min", "after: 40 min", "teams.Blue.on_call.alerts.1.after",
         "nobody is alerted after 40 min: the crew leaves after 20 min"),
        ("crew: 4\n    on_call", "crew: 10\n    on_call", "teams.Blue.on_call",
         "'town' has 9 people for a crew of 10, so the crew is never complete"),
        ("reserve: {delay", "stagger: 1 h\n    reserve: {delay", "teams.Aid.stagger",
         "'stagger' is for a roster"),
        ("reserve: {delay", "starts: day 1 08:00\n    reserve: {delay", "teams.Aid.starts",
         "'starts' is for a roster"),
    ],
)  # fmt: skip
def test_what_is_seldom_meant_is_a_warning_at_its_place(desk, old, new, where, message):
    (warning,) = warnings(desk, (old, new))

    assert warning.where == where
    assert message in warning.message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("30 min, between: 12:00-14:00", "3 h, between: 12:00-14:00"),  # begins in it, that is all
        ("12:00-14:00}, {duration: 30 min, between: 23:00-01:00", "12:00-14:00}, {duration: 1 h, "
         "between: 14:00-12:00"),  # one after the other, all day long
        ("{people: 5}, {after: 4 min, people: 3}", "{people: 9}"),
        ("people: 9", "people: ٩"),
    ],
)  # fmt: skip
def test_what_is_just_right_is_neither_refused_nor_warned_of(desk, old, new):
    assert warnings(desk, (old, new)) == []


def test_crews_that_take_turns_are_never_all_on_duty(desk):
    """There are three, so that three can be needed; but they follow one another."""
    (warning,) = warnings(desk, ("needs: [pump]", "needs: [pump, pump, pump]"))

    assert warning.message.startswith("fewer than 3 teams on duty have 'pump' at any time; ")


def test_three_teams_in_reserve_are_named_and_the_rest_counted_in(desk):
    """Once, not at every team of a large reserve."""
    more = "".join(f"  Aid{i}: {{base: A, reserve: {{delay: 1 h}}}}\n" for i in range(5))

    (warning,) = warnings(
        desk, ("shifts:\n", f"{more}shifts:\n"), ("called: {staffing: {call_in: {free_below: 1}}}",
        "called: {}"),
    )  # fmt: skip

    assert "so Aid, Aid0, Aid1 and others would never" in warning.message
