"""What is asked of people, told and drawn only where there is something to tell."""

import io

import numpy as np
import pytest
from rich.console import Console

import sim
from sim.experiment.folder import people_of
from sim.outcomes import Estimate
from sim.report import figures, gathering
from sim.report.drawing import few, figures_of
from sim.report.people import people_tables

from ..worlds import file_of

ROWS = [
    ("a", "longest_duty", "team:T", 25.04, 24.0, 26.0, "h", 9, ""),
    ("a", "longest_duty", "team:U", 13.0, 12.0, 14.0, "h", 9, ""),
    ("a", "least_rest", "team:T", 11.0, 9.0, 13.0, "h", 9, ""),
    ("a", "least_rest", "team:U", 9.5, 9.0, 13.0, "h", 9, ""),
    ("a", "overtime", "team:T", 0.0, None, None, "h per week", 9, ""),
    ("a", "alerts", "volunteers:[red]Town", 12.5, 11.0, 14.0, "per week", 9, ""),
    ("a", "share_accepted", "volunteers:[red]Town", 0.4, 0.3, 0.5, "share", 9, ""),
    ("b", "longest_duty", "team:T", None, None, None, "h", 9, ""),
]


def text_of(tables):
    console = Console(file=io.StringIO(), width=110, markup=False)
    for table in tables:
        console.print(table)
    return console.file.getvalue()


def test_the_crew_worst_off_is_named_in_each_respect():
    """Most of duty is worst, least of rest; nought is none."""
    text = text_of(people_tables(ROWS, ["a", "b"]))
    (values,) = (line.split() for line in text.splitlines() if "25.0" in line)
    (names,) = (line.split() for line in text.splitlines() if "│ a" not in line and " T " in line)

    assert [v for v in values if v not in ("│", "h")] == ["a", "25.0", "9.5", "none"]
    assert [n for n in names if n != "│"] == ["T", "U"]


def test_volunteers_are_told_together_where_that_adds_up_and_else_the_worst_off():
    """12.5 and 7.5 alerts are 20; of shares the least is told, and whose. Nought is none."""
    rows = [
        *ROWS,
        ("a", "alerts", "volunteers:Hill", 7.5, 7.0, 8.0, "per week", 9, ""),
        ("a", "share_accepted", "volunteers:Hill", 0.6, 0.3, 0.5, "share", 9, ""),
        ("a", "no_crew", "volunteers:Hill", 0.0, None, None, "per week", 9, ""),
    ]

    text = text_of(people_tables(rows, ["a", "b"]))
    (line,) = (line for line in text.splitlines() if "20.00" in line)
    cells = [cell.strip() for cell in line.strip("│").split("│")]

    assert cells == ["a", "20.00 a week", "40.0 %", "none"]
    assert "[red]Town" in text
    assert "Hill" not in text


def test_an_alternative_that_alerts_nobody_has_no_row():
    rows = [("b", "alerts", "volunteers:Hill", 0.0, None, None, "per week", 9, ""), *ROWS]

    assert "│ b" not in text_of(people_tables(rows, ["a", "b"]))


def test_without_rosters_and_volunteers_there_is_no_table():
    assert list(people_tables([], ["a"])) == []


@pytest.fixture(scope="module")
def rostered():
    """Eight alternatives, more than one figure holds; one team of three always has somebody."""
    policies = "".join(f"  p{n}: {{}}\n" for n in range(8))
    text = f"""\
name: rostered
clock: {{start: 2025-03-06 06:00, run: 3 days}}
map: {{places: {{A: {{}}}}}}
demand: {{rate: 6 per day, kinds: {{job: {{share: 100%, on_scene: 2 h}}}}}}
bases: {{A: {{}}}}
shifts: {{day: {{hours: 08:00-20:00}}}}
teams:
  Post: {{base: A}}
  Day: {{base: A, shifts: [day]}}
  Crew: {{base: A, on_call: {{volunteers: Town, minimum: 1}}}}
volunteers: {{Town: {{people: 6, accepts: 50%, comes: 5 min}}}}
policies:
{policies}study: {{replications: 2}}
"""
    return sim.run_study(sim.design_of([file_of(text)]))


def test_the_figure_shows_crews_with_a_roster_and_the_alerts_of_the_alternative_asked_for(rostered):
    shown = few(rostered)

    data = gathering.people(rostered, shown, "p7")

    assert [crew.name for crew in data.crews] == ["Day"]
    assert [band.name for band in data.longest] == [f"p{n}" for n in range(6)]
    assert data.alerts.alternative == "p7"


def test_alerts_drawn_by_the_hour_add_up_to_those_of_the_table(rostered):
    data = gathering.people(rostered, rostered, "p0")
    (row,) = (r for r in people_of(rostered) if (r[0], r[1]) == ("p0", "alerts"))

    assert data.alerts.per_hour.sum() * 7 == pytest.approx(row[3])


def test_the_figure_is_drawn_only_where_there_is_something_to_tell(rostered):
    plain = sim.read_scenario(
        sim.find_scenario("textbook-mmc"), {"study.replications": 1, "clock.run": "2 days"}
    )
    study = sim.run_study(sim.design_of([plain]))

    drawn = [dict(figures_of(s, sim.tabulate(s), ["people"])) for s in (rostered, study)]

    assert [list(figures) for figures in drawn] == [["people"], []]


def test_of_many_crews_each_base_shows_the_one_worst_off():
    """The longest duty is the worst, and the least rest."""
    crews = (
        figures.BusyTeam("A 1", "A"), figures.BusyTeam("A 2", "A"), figures.BusyTeam("B", "B"),
    )  # fmt: skip
    rows = {
        ("a", measure, f"team:{name}"): Estimate(
            measure, f"team:{name}", hours, None, None, "h", 1, ""
        )
        for measure in ("longest_duty", "least_rest")
        for name, hours in (("A 1", 12.0), ("A 2", 14.0))
    }
    longest, rest = (
        gathering._band_of(rows, "a", measure, crews, by_base=True)
        for measure in ("longest_duty", "least_rest")
    )

    assert longest.value[0] == 14
    assert rest.value[0] == 12
    assert np.isnan([longest.value[1], rest.value[1]]).all()
