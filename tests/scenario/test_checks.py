"""What fits its own field but not the rest is told too, all at once and each at its word."""

from __future__ import annotations

import pytest

from .conftest import SMALL


def test_the_small_scenario_is_right(desk):
    found = desk.read()

    assert found.warnings == ()
    assert found.scenario.clock.length == 604_800_000


@pytest.mark.parametrize(
    ("old", "new", "where", "said", "help"),
    [
        ("share: 60%", "share: 55%", "demand.kinds", "add up to 95%, not 100%", ""),
        ("base: Jablah", "base: Jabla", "teams.Jablah.base", "no base is called 'Jabla'", "Jablah"),
        ("  Jablah: {}", "  Jablah: {}\n  Jabla: {}", "bases.Jabla", "needs a place", "Jablah"),
        ("[day, night]", "[day, nite]", "teams.Jablah.shifts.1", "no shift is called", "night"),
        ("National: Lattakia", "National: Latakya", "map.hospitals.National", "no place", "Latt"),
        ("kind: wounded", "kind: wuonded", "targets.0.kind", "no kind is called", "wounded"),
        ("kind: wounded", "priority: 7", "targets.0.priority", "no kind of callout has", ""),
        ("[ambulance], to", "[pump], to", "demand.kinds.wounded.needs.0", "no team has 'pump'", ""),
        ("crew: 2", "crew: 50", "demand.kinds.wounded.crew", "all teams together have 12", ""),
        ("  hospitals: {National: Lattakia}\n", "", "demand.kinds.wounded.to", "no hospital", ""),
        ("  rate: 10 per day\n", "", "demand", "found neither", "rate"),
        ("10 per day", "10 per day\n  callouts: []", "demand", "found both", ""),
        ("10 per day", "10 per day\n  hours: [1, 2]", "demand.hours", "24 numbers, found 2", ""),
        ("10 per day", "10 per day\n  weekdays: [0,0,0,0,0,0,0]", "demand.weekdays", "above 0", ""),
        ("10 per day", "10 per day\n  weekdays: [1,1,1,1,1,1,-1]", "demand.weekdays", "negative",
         ""),
        ("10 per day", "10 per day\n  where: {Jabla: 1}", "demand.where.Jabla", "no place",
         "Jablah"),
        ("10 per day", "10 per day\n  where: people", "demand.where", "have no 'people'", "weight"),
        ("10 per day", "0 per day", "demand.rate", "above 0", "write 'callouts: []'"),
        ("length: 7 days", "length: 28", "clock.length", "needs a unit", "'28 days'"),
        ("length: 7 days", "length: 1", "clock.length", "needs a unit", "'1 day'"),
        ("{median: 18 min, p90: 30 min}", "18", "demand.kinds.wounded.on_scene", "needs a unit",
         "'18 min'"),
        ("10 per day", "1e9 per day", "demand.rate", "expected a rate", ""),
        ("10 per day", "90000000 per day", "demand.rate", "at most 100,000,000", "shorten"),
        ("7 days", "11000 days", "clock.length", "at most 20 years", ""),
        ("7 days", "0 min", "clock.length", "zero", ""),
        ("7 days}", "7 days, timezone: Asia/Damascos}", "clock.timezone", "time zone", "Damascus"),
        ("  roads: {circuity: 1.35, speed: {day: 45 km/h}}\n", "", "map", "no roads",
         "circuity"),
        ("circuity: 1.35, ", "", "map.roads", "found none of the three", ""),
        ("circuity: 1.35", "circuity: 1.35, table: {}", "map.roads", "more than one", ""),
        ("circuity: 1.35, speed: {day: 45 km/h}", "edges: n.csv", "map.roads", "nodes is", ""),
        ("day: 45 km/h", "day: 80%", "map.roads.speed.day", "a speed in km/h", "45 km/h"),
        (", speed: {day: 45 km/h}", "", "map.roads", "need a speed", "45 km/h"),
        ("Jablah: {lat: 35.36, lon: 35.92}", "Jablah: {}", "map.places.Jablah", "coordinates", ""),
        ("lat: 35.36, ", "", "map.places.Jablah", "go together", ""),
        ("p90: 30 min", "p90: 10 min", "demand.kinds.wounded.on_scene.p90", "above the median", ""),
        (", p90: 30 min", "", "demand.kinds.wounded.on_scene", "found median", ""),
        (", sd: 20 min", "", "demand.kinds.fire.on_scene", "a mean alone", "exponential"),
        ("sd: 20 min", "sd: 0 min", "demand.kinds.fire.on_scene.sd", "does not vary", "50 min"),
        ("{mean: 50 min", "{distribution: gamma, median: 5 min, mean: 50 min",
         "demand.kinds.fire.on_scene", "takes mean and sd", "null"),
        ("count: 2}", "count: 2}\n  Lattakia 2: {base: Lattakia}", "teams.Lattakia 2",
         "two teams", ""),
        ("count: 2", "count: 10001", "teams.Lattakia.count", "from 1 to 10000", ""),
        ("count: 2}", "count: 9999}\n  X: {base: Jablah, count: 9}", "teams", "at most 10,000", ""),
        ('"08:00-20:00"', '"08:00-08:00"', "shifts.day.hours", "begins when it ends", "24:00"),
        ('"08:00-20:00"', '"08:00-20:00", days: [mon]', "shifts.day.days.0", "found 'mon'", "Mon"),
        ("kind: wounded}", "kind: wounded}\n  - {name: soon, within: 5 min}", "targets.1.name",
         "two targets", ""),
        ("crew: 4", "crew: 4.5", "teams.Jablah.crew", "a whole number, found 4.5", ""),
        ("crew: 4", "crew: eight", "teams.Jablah.crew", "a whole number, found 'eight'", ""),
        ("crew: 4", "crew: true", "teams.Jablah.crew", "a whole number, found true", ""),
        ("crew: 4", "crew: 0", "teams.Jablah.crew", "at least 1, found 0", ""),
        ("base: Jablah", "base: 12", "teams.Jablah.base", "a name, found 12", '"12"'),
        ("name: small", "name: my town", "name", "found 'my town'", ""),
        ("name: small\n", "", "", "'name' is missing", "Short name"),
        ("priority: 2", "urgency: 2", "demand.kinds.fire", "unknown key 'urgency'", "known here"),
    ],
)  # fmt: skip
def test_an_error_is_told_at_its_word_with_what_would_be_right(desk, old, new, where, said, help):
    desk.put("n.csv", "from,to,km,kmh\na,b,1,60\n")

    diagnostics = desk.refused((old, new))

    assert len(diagnostics) == 1, diagnostics
    assert diagnostics[0].where == where
    assert said in diagnostics[0].message
    assert help in diagnostics[0].help
    assert diagnostics[0].text == SMALL.replace(old, new, 1).split("\n")[diagnostics[0].line - 1]


def test_errors_of_all_sorts_are_told_together_in_the_order_of_the_file(desk):
    diagnostics = desk.refused(
        ("length: 7 days", "length: 7"),
        ("National: Lattakia", "National: Nowhere"),
        ("share: 60%", "share: 50%"),
        ("mean: 50 min", "mean: 50"),
        ("base: Jablah", "base: Jabla"),
        ("count: 2", "cuont: 2"),
    )

    assert [(m.line, m.where) for m in diagnostics] == [
        (2, "clock.length"),
        (8, "map.hospitals.National"),
        (11, "demand.kinds"),
        (15, "demand.kinds.fire.on_scene.mean"),
        (20, "teams.Jablah.base"),
        (21, "teams.Lattakia"),
    ]


def test_a_key_that_is_misspelt_is_not_missing_as_well(desk):
    (diagnostic,) = desk.refused(("share: 60%", "shaer: 60%"))

    assert diagnostic.message == "unknown key 'shaer'"
    assert diagnostic.help == "did you mean 'share'?"


def test_twenty_errors_are_shown_and_the_rest_counted(desk):
    teams = "".join(f"  T{i}: {{base: X{i}}}\n" for i in range(300))

    diagnostics = desk.refused(("shifts:\n", f"{teams}shifts:\n"))

    assert [m.line for m in diagnostics[:20]] == list(range(22, 42))
    assert diagnostics[20].message.startswith("280 more errors")


def test_arabic_names_and_digits_work_throughout(desk):
    text = SMALL.replace("Jablah", "جبلة").replace("crew: 4", "crew: ٤").replace("18 min", "١٨ min")

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


def test_a_later_stage_reports_errors_in_place(desk):
    found = desk.read()

    diagnostic = found.diagnostic(("teams", "Jablah", "crew", "deeper"), "too few", "more")

    assert (diagnostic.where, diagnostic.column, diagnostic.help) == (
        "teams.Jablah.crew",
        32,
        "more",
    )
    assert found.diagnostic(("teams", "Jablah"), "m").column == 3


STUDY = """study:
  primary: [response_p90, "share:soon"]
  horizon: 4 h
  margin: {time: 1 min, share: 2 pp, unreached: 0.5 pp}
"""


def test_a_study_says_by_what_alternatives_are_judged(desk):
    study = desk.read(text=SMALL + STUDY).scenario.study

    assert study.primary == ("response_p90", "share:soon")
    assert study.horizon == 14_400_000
    assert (study.margin.share, study.margin.unreached) == (0.02, 0.005)


@pytest.mark.parametrize(
    ("old", "new", "where", "said", "help"),
    [
        ("response_p90", "respons_p90", "study.primary.0", "no measure is called 'respons_p90'",
         "did you mean 'response_p90'?"),
        ("response_p90", "response_mean", "study.primary.0", "no measure is called",
         "it is called 'response_restricted_mean' now"),
        ("share:soon", "share:sooner", "study.primary.1", "no measure is called 'share:sooner'",
         "did you mean 'share:soon'?"),
        ("response_p90", "response_mean_reached", "study.primary.0",
         "response_mean_reached is a description: no verdict can be given on it",
         "may be primary: not_reached, response_restricted_mean, response_p90"),
        ("response_p90", "utilisation", "study.primary.0", "is a description", "share:soon"),
        ("response_p90", "survival", "study.primary.0", "no kind of callout declares its survival",
         "may be primary"),
        ("response_p90", "exposure", "study.primary.0", "is not measured over all callouts",
         "may be primary"),
        ("horizon: 4 h", "horizon: 10 min", "study.horizon",
         "a horizon of 10 min is shorter than the target 'soon', 15 min", "15 min at the least"),
        ("horizon: 4 h", "horizon: 8 days", "study.horizon",
         "a horizon of 8 days is longer than the run, 7 days", "7 days at the most"),
        ("horizon: 4 h", "horizon: 4", "study.horizon", "a duration needs a unit, found 4",
         "did you mean '4 h'?"),
        ("horizon: 4 h", "horizon: 0 h", "study.horizon", "must be above 0", ""),
        ("unreached: 0.5 pp", "unreached: 0.5", "study.margin.unreached",
         "percentage points need a unit, found 0.5", "did you mean '0.5 pp'?"),
        ("share: 2 pp", "share: 0.02", "study.margin.share", "percentage points need a unit",
         "did you mean '0.02 pp'?"),
        ("unreached: 0.5 pp", "unreached: half", "study.margin.unreached", "need a unit",
         "write '0.5 pp'"),
        ("time: 1 min", "time: 1", "study.margin.time", "a duration needs a unit",
         "did you mean '1 min'?"),
        ("horizon: 4 h", "replications: {until: {wait_p90: 5%}}",
         "study.replications.until.wait_p90", "no measure is called 'wait_p90'",
         "it is called 'queue_time_p90' now"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_by_is_told_with_the_way_out(desk, old, new, where, said, help):
    (diagnostic,) = desk.refused((old, new), text=SMALL + STUDY)

    assert diagnostic.where == where
    assert said in diagnostic.message
    assert help in diagnostic.help
    assert new.split(": ")[0].split(",")[0] in diagnostic.text
    assert (
        diagnostic.line == (SMALL + STUDY.replace(old, new)).split("\n").index(diagnostic.text) + 1
    )
