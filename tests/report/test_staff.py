"""What is asked of staff, told and drawn: nobody is left out, and only where there is anybody."""

import io

import numpy as np
import pytest
from rich.console import Console

import sim
from sim.experiment import EstimateRow
from sim.experiment.results.folder import staff_of
from sim.outcomes import Estimate
from sim.report.figure_input import days, staff_data, utilisation_data
from sim.report.figure_input.drawing import figures_of
from sim.report.figure_input.figure_basis.figure_kinds import few
from sim.report.figures import TeamRow
from sim.report.results_text.staff_table import staff_tables

from ..worlds import file_of

ROWS = [
    ("a", "hours_on_duty", "team:T", 84.0, 84.0, 84.0, "h per week", 9, ""),
    ("a", "hours_on_duty", "team:U", 80.0, 80.0, 80.0, "h per week", 9, ""),
    ("a", "longest_spell", "team:T", 25.04, 24.0, 26.0, "h", 9, ""),
    ("a", "longest_spell", "team:U", 13.0, 12.0, 14.0, "h", 9, ""),
    ("a", "shortest_rest", "team:T", 11.0, 9.0, 13.0, "h", 9, ""),
    ("a", "shortest_rest", "team:U", 9.5, 9.0, 13.0, "h", 9, ""),
    ("a", "overtime", "team:T", 0.0, None, None, "h per week", 9, ""),
    ("b", "longest_spell", "team:T", None, None, None, "h", 9, ""),
]
ALWAYS = [
    ("b", "hours_on_duty", "team:V", 168.0, 168.0, 168.0, "h per week", 9, ""),
    ("b", "always_on_duty", "team:V", 1.0, 1.0, 1.0, "share", 9, ""),
    ("b", "longest_spell", "team:V", 672.0, 672.0, 672.0, "h", 9, ""),
    ("b", "shortest_rest", "team:V", 0.0, None, None, "h", 9, ""),
]
ALERTS = [
    ("a", "alerts", "volunteers:[red]Town", 12.5, 11.0, 14.0, "per week", 9, ""),
    ("a", "share_accepted", "volunteers:[red]Town", 0.4, 0.3, 0.5, "share", 9, ""),
]


def told(rows, names=("a", "b")):
    """Return the tables as text, and each line of cells as a list of words between the bars."""
    console = Console(file=io.StringIO(), width=110, markup=False)
    for each in staff_tables([EstimateRow(*row) for row in rows], names):
        console.print(each)
    text = console.file.getvalue()
    lines = [line for line in text.splitlines() if line.startswith("│")]
    return text, [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]


def test_the_most_burdened_crew_is_named_in_each_respect():
    """Most of duty, least of rest; zero is none."""
    _, (values, names) = told(ROWS)

    assert values == ["a", "84.0 h", "25.0 h", "9.5 h", "none"]
    assert names == ["", "T", "T", "U", ""]


def test_a_crew_always_on_duty_is_the_most_burdened_and_has_no_kind_word():
    """It is not left out of a row, its rest is none, and that it has no overtime is no praise."""
    text, lines = told(ROWS + ALWAYS)
    values = next(line for line in lines if line[0] == "b")

    assert values == ["b", "168.0 h", "at least 672.0 h", "none declared", "never off duty"]
    assert "Crews always on duty (168 h a week, no rest declared" in text
    assert "a none, b 1 of 1." in " ".join(text.split())


def test_crews_with_shifts_have_a_row_of_their_own_next_to_one_always_on_duty():
    """Else what differs between rosters would hide behind 168 hours a week."""
    both = [("b", *row[1:]) for row in ROWS if row[0] == "a"] + ALWAYS

    _, lines = told(both)
    rows = {line[0]: line for line in lines}

    assert rows["b"][1:4] == ["168.0 h", "at least 672.0 h", "none declared"]
    assert rows["those with shifts"][1:4] == ["84.0 h", "25.0 h", "9.5 h"]


def test_where_all_are_always_on_duty_a_sentence_says_so():
    text, lines = told(ALWAYS, ["b"])

    assert lines == []
    assert "who takes turns there): 1 of 1." in " ".join(text.split())


def test_crews_on_call_have_a_table_of_their_own():
    """Their nights are not among those of crews on duty; crews that left short are added up."""
    on_call = [
        ("a", "hours_on_call", "team:N", 84.0, 84.0, 84.0, "h per week", 9, ""),
        ("a", "hours_turned_out", "team:N", 9.04, 8.0, 10.0, "h per week", 9, ""),
        ("a", "night_callouts", "team:N", 3.0, 2.0, 4.0, "per week", 9, ""),
        ("a", "crews_without_capability", "team:N", 1.5, 1.0, 2.0, "per week", 9, ""),
        ("a", "hours_on_call", "team:M", 60.0, 60.0, 60.0, "h per week", 9, ""),
        ("a", "crews_without_capability", "team:M", 0.75, 0.0, 2.0, "per week", 9, ""),
    ]

    text, lines = told([*ROWS, *on_call])

    assert "callouts at night" not in text.partition("Staff on call")[0]
    assert ["a", "84.0 h", "9.0 h", "3.0", "2.2"] in lines


def test_volunteers_are_told_together_where_that_adds_up_and_else_the_most_burdened():
    """12.5 and 7.5 alerts are 20; of shares the least is told, and whose. Zero is none."""
    rows = [
        *ALERTS,
        ("a", "alerts_most", "volunteers:[red]Town", 2.0, 2.0, 2.0, "per week", 9, ""),
        ("a", "alerts_most", "volunteers:Hill", 1.0, 1.0, 1.0, "per week", 9, ""),
        ("a", "alerts", "volunteers:Hill", 7.5, 7.0, 8.0, "per week", 9, ""),
        ("a", "share_accepted", "volunteers:Hill", 0.6, 0.3, 0.5, "share", 9, ""),
        ("a", "arrived_too_late", "volunteers:Hill", 0.0, None, None, "per week", 9, ""),
    ]

    text, lines = told(rows)

    assert lines[0] == ["a", "20.0", "2.0", "none", "40.0 %"]
    assert "[red]Town" in text
    assert "Hill" not in text


def test_an_alternative_that_alerts_nobody_has_no_row():
    rows = [("b", "alerts", "volunteers:Hill", 0.0, None, None, "per week", 9, ""), *ALERTS]

    assert "│ b" not in told(rows)[0]


def test_without_anybody_there_is_no_table():
    assert list(staff_tables([], ["a"])) == []


@pytest.fixture(scope="module")
def rostered():
    """Eight alternatives, more than one figure holds; one team of three always has somebody."""
    policies = "".join(f"  p{n}: {{}}\n" for n in range(8))
    text = f"""\
name: rostered
clock: {{start: 2025-03-06 06:00, length: 3 days}}
map: {{places: {{A: {{}}}}}}
demand: {{rate: 6 per day, kinds: {{job: {{share: 100%, on_scene: 2 h}}}}}}
bases: {{A: {{}}}}
shifts: {{day: {{hours: 08:00-20:00}}}}
teams:
  Post: {{base: A}}
  Day: {{base: A, shifts: [day]}}
  Crew: {{base: A, on_call: {{volunteers: Town, minimum: 1}}}}
volunteers: {{Town: {{people: 6, acceptance: 50%, travel_to_base: 5 min}}}}
policies:
{policies}study: {{replications: 2}}
"""
    return sim.run_study(sim.design_of([file_of(text)]))


def test_the_figure_shows_every_crew_and_the_alerts_of_the_alternative_asked_for(rostered):
    shown = few(rostered, sim.tabulate(rostered))

    data = staff_data.staff(rostered, shown, "p7")

    assert [crew.name for crew in data.on_duty.crews] == ["Post", "Day"]
    assert [crew.name for crew in data.on_call.crews] == ["Crew"]
    assert [band.name for band in data.on_duty.panels[0].bands] == [f"p{n}" for n in range(6)]
    assert data.alerts.alternative == "p7"


def test_a_crew_always_on_duty_is_drawn_as_such(rostered):
    """A week of 168 hours and no rest; its spell has no end, and overtime it has none."""
    panels = {
        p.label: p
        for p in staff_data.staff(
            rostered, few(rostered, sim.tabulate(rostered)), "p0"
        ).on_duty.panels
    }
    hours, spell, rest, _, overtime = panels.values()

    assert [hours.bands[0].value[0], rest.bands[0].value[0]] == [168, 0]
    assert spell.endless
    assert spell.always[0].tolist() == [True, False]
    assert np.isnan(overtime.bands[0].value[0])


def test_alerts_drawn_by_the_hour_add_up_to_those_of_the_table(rostered):
    data = staff_data.staff(rostered, rostered, "p0")
    (row,) = (r for r in staff_of(rostered) if (r[0], r[1]) == ("p0", "alerts"))

    assert data.alerts.per_hour.sum() * 7 == pytest.approx(row[3])


def test_the_figure_is_drawn_only_where_crews_differ(rostered):
    """Of teams that are all always on duty a sentence says all."""
    plain = sim.read_scenario(
        sim.find_scenario("textbook-mmc"), {"study.replications": 1, "clock.length": "2 days"}
    )
    study = sim.run_study(sim.design_of([plain]))

    drawn = [dict(figures_of(s, sim.tabulate(s), ["staff"])) for s in (rostered, study)]

    assert [list(figures) for figures in drawn] == [["staff"], []]
    assert {row[1] for row in staff_of(study)} >= {"hours_on_duty", "always_on_duty"}


def test_of_many_crews_each_base_shows_the_most_burdened_one(monkeypatch):
    """The longest spell is the worst, and the shortest rest; a base without them is blank."""
    monkeypatch.setattr(staff_data, "MOST_CREWS", 2)
    crews = (TeamRow("A 1", "A"), TeamRow("A 2", "A"), TeamRow("B", "B"))
    values = {"hours_on_duty": (84, 84, 84), "longest_spell": (12, 14), "shortest_rest": (12, 14)}
    rows = {
        ("a", measure, f"team:{crew.name}"): Estimate(
            measure, f"team:{crew.name}", hours, None, None, "h", 1, ""
        )
        for measure, each in values.items()
        for crew, hours in zip(crews, each, strict=False)
    }

    block = staff_data._block(rows, ["a"], crews, staff_data.ON_DUTY[:3])
    _, longest, rest = (panel.bands[0].value for panel in block.panels)

    assert block.by_base
    assert [crew.name for crew in block.crews] == ["A", "B"]
    assert (longest[0], rest[0]) == (14, 12)
    assert np.isnan([longest[1], rest[1]]).all()


def test_a_crew_on_call_is_on_duty_in_a_timeline_only_while_it_is_turned_out(rostered):
    """It has a look of its own there, and counts among the teams on duty like anybody busy."""
    day = days.day_timeline(rostered, "p0", 0)
    legs = [leg for leg in day.legs if leg.team == 2 and leg.phase not in ("returning",)]

    assert day.teams[2] == "Crew"
    assert day.on_duty[2] == ()
    assert day.on_call[2] == ((0, rostered.world.ends),)
    assert legs
    for hour in range(24):
        at = day.start_ms + hour * 3_600_000 + 1
        own = [any(a <= at < b for a, b in periods) for periods in day.on_duty[:2]]
        late = any(leg.team == 1 and leg.begin <= at < leg.end for leg in day.legs) and not own[1]
        out = any(leg.begin <= at < leg.end for leg in legs)
        i = int(np.searchsorted(day.on_duty_steps.times, at, side="right")) - 1
        assert int(day.on_duty_steps.counts[i]) == sum(own) + out + late


def test_the_figure_of_utilisation_leaves_crews_on_call_to_that_of_staff(rostered):
    drawn = utilisation_data.utilisation(rostered, sim.tabulate(rostered))

    assert [team.name for team in drawn.teams] == ["Post", "Day"]
    assert drawn.note == "crews on call, on duty only while turned out, are in the staff figure"


@pytest.fixture(scope="module")
def mixed():
    """A crew always on duty, one with shifts, one on call, one that only one alternative calls."""
    text = """\
name: mixed
clock: {start: 2025-03-06 18:00, length: 4 days}
map: {places: {A: {}}}
demand: {rate: 24 per day, kinds: {job: {share: 100%, on_scene: 2 h}}}
bases: {A: {}}
shifts: {day: {hours: 08:00-20:00}}
teams:
  Post: {base: A}
  Day: {base: A, shifts: [day]}
  Crew: {base: A, on_call: {volunteers: Town, minimum: 1}}
  Outside: {base: A, reserve: {delay: 1 h}}
  Spare: {base: A, reserve: {delay: 5 days}}
volunteers: {Town: {people: 6, acceptance: 50%, travel_to_base: 5 min}}
policies:
  alone: {}
  same: {}
  help: {staffing: {mutual_aid: {outside: [Outside]}}}
study: {replications: 2}
"""
    study = sim.run_study(sim.design_of([file_of(text)]))
    return study, sim.tabulate(study)


def reasons(panel, crews):
    return {crew.name: words for crew, *words in zip(crews, *panel.told, strict=True)}


def test_a_crew_without_a_bar_says_why(mixed):
    """Crews always on duty have no overtime, and reserves that were never called have nothing."""
    study, _ = mixed

    data = staff_data.staff(study, study, "alone")

    crews = data.on_duty.crews
    assert [crew.name for crew in crews] == ["Post", "Day", "Outside", "Spare"]
    hours, spell, rest, nights, overtime = (reasons(p, crews) for p in data.on_duty.panels)
    never = ["never on duty"] * 3
    assert (hours["Spare"], spell["Spare"], rest["Spare"]) == (never, never, never)
    assert hours["Outside"] == ["never on duty", "never on duty", ""]
    assert rest["Post"] == ["none declared"] * 3
    assert overtime["Post"] == ["never off duty"] * 3
    assert all(word == "" for each in (hours, spell, rest, nights) for word in each["Day"])
    for panel in data.on_duty.panels:
        for band, told in zip(panel.bands, panel.told, strict=True):
            assert all(np.isfinite(v) or w for v, w in zip(band.value, told, strict=True))


def test_why_there_is_no_bar_stands_in_the_figure(mixed):
    from matplotlib.text import Text

    study, tables = mixed

    drawn = dict(figures_of(study, tables, ["staff", "utilisation"]))

    for name, figure in drawn.items():
        words = [text.get_text() for text in figure.findobj(Text)]
        assert "never on duty" in words, name
        assert "2 of 3: never on duty" in words, name
    words = [text.get_text() for text in drawn["staff"].findobj(Text)]
    assert {"none declared", "never off duty"} <= set(words)


def test_a_team_that_is_never_on_duty_keeps_its_row_of_utilisation(mixed):
    """It was left out, and one under whose alternative it was not called had an empty row."""
    study, tables = mixed

    data = utilisation_data.utilisation(study, tables)

    assert [team.name for team in data.teams] == ["Post", "Day", "Outside", "Spare"]
    assert data.told[0] == ("", "", "never on duty", "never on duty")
    assert data.told[2] == ("", "", "", "never on duty")
    assert "crews on call" in data.note


def test_a_base_without_a_crew_that_has_a_number_says_why(monkeypatch):
    monkeypatch.setattr(staff_data, "MOST_CREWS", 2)
    crews = (TeamRow("A 1", "A"), TeamRow("A 2", "A"), TeamRow("B", "B"))
    values = {
        "hours_on_duty": (168, 84, 168), "always_on_duty": (1, None, 1),
        "overtime": (None, 2, None),
    }  # fmt: skip
    rows = {
        ("a", measure, f"team:{crew.name}"): Estimate(
            measure, f"team:{crew.name}", value, None, None, "h", 1, ""
        )
        for measure, each in values.items()
        for crew, value in zip(crews, each, strict=True)
        if value is not None
    }

    block = staff_data._block(rows, ["a"], crews, [staff_data.ON_DUTY[0], staff_data.ON_DUTY[4]])

    assert block.panels[1].told == (("", "never off duty"),)


def test_of_many_teams_each_base_shows_the_busiest_one(mixed, monkeypatch):
    """Sixty teams under six alternatives made a figure of 6,000 pixels."""
    study, tables = mixed
    each = utilisation_data.utilisation(study, tables)
    monkeypatch.setattr(utilisation_data, "TALLEST", 0.6)

    data = utilisation_data.utilisation(study, tables)

    assert [team.name for team in data.teams] == ["A"]
    for band, own in zip(data.alternatives, each.alternatives, strict=True):
        assert band.value.tolist() == [np.nanmax(own.value)]
    assert data.title == "Utilisation of the busiest team of each base"
