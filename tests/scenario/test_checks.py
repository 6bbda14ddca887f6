"""What fits its own field but not the rest is told too, all at once and each at its word."""

from __future__ import annotations

import pytest

from .conftest import SMALL


def test_the_small_scenario_is_right(desk):
    found = desk.read()

    assert found.warnings == ()
    assert found.scenario.clock.run == 604_800_000


@pytest.mark.parametrize(
    ("old", "new", "where", "said", "help"),
    [
        ("share: 60%", "share: 55%", "demand.kinds", "add up to 95%, not 100%", ""),
        ("base: Jableh", "base: Jabla", "teams.Jableh.base", "no base is called 'Jabla'", "Jableh"),
        ("  Jableh: {}", "  Jableh: {}\n  Jabla: {}", "bases.Jabla", "needs a place", "Jableh"),
        ("[day, night]", "[day, nite]", "teams.Jableh.shifts.1", "no shift is called", "night"),
        ("National: Latakia", "National: Latakya", "map.hospitals.National", "no place", "Latakia"),
        ("kind: wounded", "kind: wuonded", "targets.0.kind", "no kind is called", "wounded"),
        ("kind: wounded", "priority: 7", "targets.0.priority", "no kind of callout has", ""),
        ("[ambulance], to", "[pump], to", "demand.kinds.wounded.needs.0", "no team has 'pump'", ""),
        ("crew: 2", "crew: 50", "demand.kinds.wounded.crew", "all teams together have 12", ""),
        ("  hospitals: {National: Latakia}\n", "", "demand.kinds.wounded.to", "no hospital", ""),
        ("  rate: 10 per day\n", "", "demand", "found neither", "rate"),
        ("10 per day", "10 per day\n  callouts: []", "demand", "found both", ""),
        ("10 per day", "10 per day\n  hours: [1, 2]", "demand.hours", "24 numbers, found 2", ""),
        ("10 per day", "10 per day\n  weekdays: [0,0,0,0,0,0,0]", "demand.weekdays", "above 0", ""),
        ("10 per day", "10 per day\n  weekdays: [1,1,1,1,1,1,-1]", "demand.weekdays", "negative",
         ""),
        ("10 per day", "10 per day\n  where: {Jabla: 1}", "demand.where.Jabla", "no place",
         "Jableh"),
        ("10 per day", "10 per day\n  where: people", "demand.where", "have no 'people'", "weight"),
        ("10 per day", "1e9 per day", "demand.rate", "expected a rate", ""),
        ("10 per day", "90000000 per day", "demand.rate", "at most 100,000,000", "shorten"),
        ("7 days", "11000 days", "clock.run", "at most 20 years", ""),
        ("7 days", "0 min", "clock.run", "nought", ""),
        ("7 days}", "7 days, timezone: Asia/Damascos}", "clock.timezone", "time zone", "Damascus"),
        ("  roads: {detour: 1.35, speed: {day: 45 km/h}}\n", "", "map", "no roads",
         "detour"),
        ("detour: 1.35, ", "", "map.roads", "found none of the three", ""),
        ("detour: 1.35", "detour: 1.35, table: {}", "map.roads", "more than one", ""),
        ("detour: 1.35, speed: {day: 45 km/h}", "edges: n.csv", "map.roads", "nodes is", ""),
        ("day: 45 km/h", "day: 80%", "map.roads.speed.day", "a speed in km/h", "45 km/h"),
        (", speed: {day: 45 km/h}", "", "map.roads", "need a speed", "45 km/h"),
        ("Jableh: {lat: 35.36, lon: 35.92}", "Jableh: {}", "map.places.Jableh", "coordinates", ""),
        ("lat: 35.36, ", "", "map.places.Jableh", "go together", ""),
        ("p90: 30 min", "p90: 10 min", "demand.kinds.wounded.on_scene.p90", "above the median", ""),
        (", p90: 30 min", "", "demand.kinds.wounded.on_scene", "found median", ""),
        (", sd: 20 min", "", "demand.kinds.fire.on_scene", "a mean alone", "exponential"),
        ("sd: 20 min", "sd: 0 min", "demand.kinds.fire.on_scene.sd", "does not vary", "50 min"),
        ("{mean: 50 min", "{law: gamma, median: 5 min, mean: 50 min", "demand.kinds.fire.on_scene",
         "takes mean and sd", "null"),
        ("count: 2}", "count: 2}\n  Latakia 2: {base: Latakia}", "teams.Latakia 2",
         "two teams", ""),
        ("count: 2", "count: 10001", "teams.Latakia.count", "from 1 to 10000", ""),
        ("count: 2}", "count: 9999}\n  X: {base: Jableh, count: 9}", "teams", "at most 10,000", ""),
        ('"08:00-20:00"', '"08:00-08:00"', "shifts.day.hours", "begins when it ends", "24:00"),
        ('"08:00-20:00"', '"08:00-20:00", days: [mon]', "shifts.day.days.0", "found 'mon'", "Mon"),
        ("kind: wounded}", "kind: wounded}\n  - {name: soon, within: 5 min}", "targets.1.name",
         "two targets", ""),
        ("crew: 4", "crew: 4.5", "teams.Jableh.crew", "a whole number, found 4.5", ""),
        ("crew: 4", "crew: eight", "teams.Jableh.crew", "a whole number, found 'eight'", ""),
        ("crew: 4", "crew: true", "teams.Jableh.crew", "a whole number, found true", ""),
        ("crew: 4", "crew: 0", "teams.Jableh.crew", "at least 1, found 0", ""),
        ("base: Jableh", "base: 12", "teams.Jableh.base", "a name, found 12", '"12"'),
        ("name: small", "name: my town", "name", "found 'my town'", ""),
        ("name: small\n", "", "", "'name' is missing", "Short name"),
        ("priority: 2", "urgency: 2", "demand.kinds.fire", "unknown key 'urgency'", "known here"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_at_its_word_with_what_would_be_right(desk, old, new, where, said, help):
    desk.put("n.csv", "from,to,km,kmh\na,b,1,60\n")

    mistakes = desk.refused((old, new))

    assert len(mistakes) == 1, mistakes
    assert mistakes[0].where == where
    assert said in mistakes[0].message
    assert help in mistakes[0].help
    assert mistakes[0].text == SMALL.replace(old, new, 1).split("\n")[mistakes[0].line - 1]


def test_mistakes_of_all_sorts_are_told_together_in_the_order_of_the_file(desk):
    mistakes = desk.refused(
        ("run: 7 days", "run: 7"),
        ("National: Latakia", "National: Nowhere"),
        ("share: 60%", "share: 50%"),
        ("mean: 50 min", "mean: 50"),
        ("base: Jableh", "base: Jabla"),
        ("count: 2", "cuont: 2"),
    )

    assert [(m.line, m.where) for m in mistakes] == [
        (2, "clock.run"),
        (8, "map.hospitals.National"),
        (11, "demand.kinds"),
        (15, "demand.kinds.fire.on_scene.mean"),
        (20, "teams.Jableh.base"),
        (21, "teams.Latakia"),
    ]


def test_a_key_that_is_misspelt_is_not_missing_as_well(desk):
    (mistake,) = desk.refused(("share: 60%", "shaer: 60%"))

    assert mistake.message == "unknown key 'shaer'"
    assert mistake.help == "did you mean 'share'?"


def test_twenty_mistakes_are_shown_and_the_rest_counted(desk):
    teams = "".join(f"  T{i}: {{base: X{i}}}\n" for i in range(300))

    mistakes = desk.refused(("shifts:\n", f"{teams}shifts:\n"))

    assert [m.line for m in mistakes[:20]] == list(range(22, 42))
    assert mistakes[20].message.startswith("280 more mistakes")


def test_arabic_names_and_digits_work_throughout(desk):
    text = SMALL.replace("Jableh", "جبلة").replace("crew: 4", "crew: ٤").replace("18 min", "١٨ min")

    found = desk.read(text=text).scenario

    assert found.teams["جبلة"].crew == 4
    assert found.demand.kinds["wounded"].on_scene.median == 1_080_000


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("[day, night]", "[night]", "no team works the shift 'day'"),
        ("10 per day", "3000 per day", "would keep"),
    ],
)
def test_what_is_seldom_meant_is_a_warning(desk, old, new, said):
    assert said in "".join(w.message for w in desk.read((old, new)).warnings)


def test_hours_with_nobody_on_duty_are_named(desk):
    """The night shift of Sunday ends on Monday, so Monday morning is covered without Monday."""
    changes = (
        ("count: 2}", "shifts: [day]}"),
        ('"20:00-08:00"}', '"20:00-08:00", days: [Tue, Wed, Thu, Fri, Sat, Sun]}'),
    )

    (warning,) = desk.read(*changes).warnings

    assert warning.message == "nobody is on duty Mon 20:00 to Tue 08:00"


def test_a_later_stage_reports_mistakes_in_place(desk):
    found = desk.read()

    mistake = found.mistake(("teams", "Jableh", "crew", "deeper"), "too few", "more")

    assert (mistake.where, mistake.column, mistake.help) == ("teams.Jableh.crew", 32, "more")
    assert found.mistake(("teams", "Jableh"), "m").column == 3
