"""Every figure of a study is drawn, and says what it shows."""

import subprocess
import sys
from importlib import import_module
from itertools import pairwise
from pkgutil import iter_modules

import numpy as np
import pytest
from matplotlib.text import Text

import sim
from sim.definitions import TARGET
from sim.policies.dispatch_rules.dispatch import Cutoff, RunCard
from sim.report import figure_input, figures_of
from sim.report.figure_input import (
    days,
    difference_data,
    frontier_data,
    place_data,
    profile_data,
    share_data,
    sweep_data,
    utilisation_data,
)
from sim.report.figure_input.declared_figures import declared_figures
from sim.report.figure_input.drawing import draw_all
from sim.report.figure_input.figure_basis.figure_kinds import FigureKind, FigureRequest
from sim.report.figures.share_readings import Readings

from ..worlds import file_of, hand_worked


@pytest.fixture(scope="module")
def study():
    file = sim.read_scenario(
        sim.find_scenario("first-steps"), {"study.replications": 2, "clock.length": "3 days"}
    )
    return sim.run_study(sim.design_of([file]))


def test_every_figure_of_a_study_is_drawn_with_its_caption(study, tmp_path):
    """Scenario, policies, replications and seed stand on each, so that a print is not an orphan."""
    written = draw_all(study, sim.tabulate(study), tmp_path, formats=("svg",))

    names = {path.stem for path in written}
    assert names == {
        "share-reached", "map", "day-profile", "utilisation", "staff", "timeline", "differences",
    }, "a new figure that this scenario has the data for goes into this list"  # fmt: skip
    for path in written:
        text = path.read_text(encoding="utf-8")
        assert f"seed {study.world.scenario.study.seed}" in text, path.name
        assert "first-steps" in text, path.name


def test_a_study_of_one_alternative_has_no_differences(tmp_path):
    file = sim.read_scenario(
        sim.find_scenario("textbook-mmc"), {"study.replications": 1, "clock.length": "2 days"}
    )
    study = sim.run_study(sim.design_of([file]))

    names = {p.stem for p in draw_all(study, sim.tabulate(study), tmp_path, formats=("svg",))}
    assert "differences" not in names
    assert "map" not in names


def test_a_day_counts_as_many_teams_busy_as_have_a_mission(study):
    """The steps above the rows and the rows themselves come from the same log."""
    day = days.day_timeline(study, "today", 1)
    phases = {"turnout", "driving", "on scene", "to hospital", "at hospital"}
    for hour in range(24):
        at = day.start_ms + hour * 3_600_000 + 1
        legs = {leg.team for leg in day.legs if leg.phase in phases and leg.begin <= at < leg.end}
        steps = day.busy_steps
        i = int(np.searchsorted(steps.times, at, side="right")) - 1
        assert (int(steps.counts[i]) if i >= 0 else 0) == len(legs)


def test_no_team_does_two_things_at_once_in_a_timeline(study):
    day = days.day_timeline(study, "reserve", 0)
    for team in range(len(day.teams)):
        legs = sorted((leg.begin, leg.end) for leg in day.legs if leg.team == team)
        assert all(a[1] <= b[0] for a, b in pairwise(legs))


def test_utilisation_stands_from_north_to_south_by_base(study):
    """Hill lies north of Harbour, which comes first in the file."""
    drawn = utilisation_data.utilisation(study, sim.tabulate(study))

    assert [team.base for team in drawn.teams] == ["Hill", "Harbour", "Harbour"]
    assert drawn.order == "north to south"
    rows = {(r[0], r[2]): r[3] for r in sim.tabulate(study).summary if r[1] == "utilisation"}
    for name, value, _, _ in drawn.alternatives:
        assert list(value) == [rows[name, f"team:{team.name}"] for team in drawn.teams]


@pytest.fixture(scope="module")
def starved():
    """Ten weeks in which no fire is ever served, next to what first-steps does today."""
    file = sim.load("first-steps", {"clock.length": "7 days"})
    policies = {"today": "today", "starve": {"dispatch": Cutoff({2: 9})}}
    return sim.compare(file, policies=policies, replications=10)


def test_who_is_abandoned_stands_over_the_differences_and_gains_are_at_a_price(starved):
    (forest,) = difference_data.forests(starved.study, starved.tables)

    rows = {row.label: row for block in forest.rows for row in block}
    assert forest.judged == ("worse", "worse: abandons fire")
    assert "restricted mean" in forest.title
    assert rows["fire"].verdict == "worse"
    assert rows["fire"].difference > 400  # minutes: nearly the eight hours of the horizon
    assert rows["injury"].difference < 0
    assert "better" not in {row.verdict for row in rows.values()}
    for label, group in (("all callouts", "all"), ("fire", "kind:fire")):
        table = starved.comparisons.where(measure="response_restricted_mean", group=group)
        (value,) = table.column("difference")
        assert rows[label].difference == value


def test_side_by_side_stand_the_primary_measures(starved):
    """A percentile that is never reached is told as that, and as what it means."""
    panels = {panel.alternative: panel for panel in
              difference_data.side_by_side(starved.study, starved.tables, ["starve"])}  # fmt: skip

    assert list(panels) == [
        "not reached within 8 h", "response time, restricted mean",
        "response time, 90th percentile", "injury in 20 min", "overtime of all crews",
    ]  # fmt: skip
    assert panels["not reached within 8 h"].unit == "pp"
    ((never,),) = panels["response time, 90th percentile"].rows
    assert never.told == "never reached: worse"
    assert np.isnan(never.difference)


def test_a_place_that_is_abandoned_is_dark_on_the_map(starved):
    """The 90th percentile of a place that is never served does not exist, and had no colour."""
    card = {"Harbour": ("Harbour", "Hill"), "Bridge": ("Harbour", "Hill"), "Hill": ()}
    found = sim.compare(
        sim.load("first-steps", {"clock.length": "7 days"}),
        policies={"no hill": {"dispatch": RunCard(card, "wait")}}, replications=2,
    )  # fmt: skip

    data = place_data.map_data(found.study, "no hill", "")

    minutes = {place.name: place.minutes for place in data.places}
    assert 470 < minutes["Hill"] <= 480
    assert max(minutes["Harbour"], minutes["Bridge"]) < 60
    assert "not reached within 8 h counts as 8 h" in data.measure


def test_the_share_reached_of_one_kind_says_so(study):
    """The first target of first-steps is about injuries."""
    data = share_data.share_curves(study, study.world.scenario.targets[:1])

    assert data.whose == "Callouts of kind “injury”"
    assert data.title == "Callouts of kind “injury” reached in time"


def test_curves_read_at_a_target_what_tables_say_on_an_axis_of_any_length():
    """Between points of a grid of 240, it said 15 % where 19.8 % were reached."""
    week = {"name": "in a week", "kind": "fire", "within": "7 days", "share": "90%"}
    soon = {"name": "soon", "kind": "injury", "within": "14 min", "share": "90%"}
    file = sim.load("first-steps", {"clock.length": "3 days", "targets": [soon, week]})
    found = sim.compare(file, replications=10)

    data = share_data.share_curves(found.study, found.study.world.scenario.targets[:1])
    for band in data.curves:
        value, _, _ = Readings(data.minutes, data.curves, data.targets).at(band, 14)
        estimates = [r for r in found.tables.summary if r.measure == TARGET + "soon"]
        (row,) = (r for r in estimates if (r.alternative, r.group) == (band.name, "all"))
        assert value == pytest.approx(100 * row.value, rel=1e-9)


def test_one_replication_has_no_interval_in_any_figure():
    """It used to be given one of no width."""
    file = sim.load("first-steps", {"clock.length": "3 days"})
    found = sim.compare(file, replications=1)

    (forest,) = difference_data.forests(found.study, found.tables)
    rows = [row for block in forest.rows for row in block]
    assert {row.told for row in rows} <= {"no interval", "no callouts"}
    assert all(np.isnan(row.low) and np.isnan(row.high) for row in rows)
    assert {row.verdict for row in rows} == {"no verdict"}
    assert forest.judged == ("no verdict", "no verdict: fewer than ten replications")
    busy = utilisation_data.utilisation(found.study, found.tables)
    assert all(np.isnan(band.low).all() for band in busy.alternatives)
    profile = profile_data.day_profile(found.study)
    assert np.isnan(profile.callouts_per_hour.low).all()
    assert np.isfinite(profile.callouts_per_hour.mean).all()


def test_a_sweep_shows_who_is_not_reached_and_restricted_means(tmp_path):
    """Means of those reached would fall where more are abandoned."""
    values = {"clock.length": "3 days", ("study", "vary", "teams.Harbour.count"): "[1, 2]"}
    found = sim.compare(sim.load("first-steps", values), policies=["today"], replications=3)

    data, missing = sweep_data.sweep(found.study, found.tables, 6)
    assert missing == []

    labels = [" ".join(panel.label.split()) for panel in data.panels]
    assert labels == [
        "Not reached within 8 h [%]", "Response time, restricted mean [min]",
        "Response time, 90th percentile [min]", "injury in 20 min [%]",
    ]  # fmt: skip
    for panel, measure, scale in zip(
        data.panels[:2], ("not_reached", "response_restricted_mean"), (100, 1), strict=True
    ):
        rows = found.summary.where(measure=measure, group="all").column("value")
        assert panel.bands[0].value == pytest.approx(scale * rows)


@pytest.mark.parametrize(
    ("written", "values", "unit"),
    [
        ("[41 min, 42 min, 60 min]", (41, 42, 60), " [min]"),
        ("[41 min, 1 h]", (41, 60), " [min]"),
    ],
)
def test_a_sweep_of_durations_has_an_axis_to_scale(written, values, unit):
    """Else 1 min and 60 min are as far apart as 1 and 2, and neither begins at zero."""
    field = "demand.kinds.fire.on_scene.mean"
    vary = {"clock.length": "1 day", ("study", "vary", field): written}
    found = sim.compare(sim.load("first-steps", vary), policies=["today"], replications=2)

    data, _ = sweep_data.sweep(found.study, found.tables, 6)

    assert data.values == values
    assert data.varied == f"{field}{unit}"


def test_what_modules_declare_is_read_as_it_runs():
    """Names and meanings are read from the source: they must be those of the running code."""
    declared = declared_figures()

    run = [getattr(import_module(f"{figure_input.__name__}.{d.module}"), d.function)
           for d in declared]  # fmt: skip
    assert [d[:3] for d in declared] == [(kind.place, kind.name, kind.meaning) for kind in run]
    assert len({d.place for d in declared}) == len({d.name for d in declared}) == len(declared)
    ours = [m.name for m in iter_modules(figure_input.__path__)]
    kinds = {id(thing) for name in ours
             for thing in vars(import_module(f"{figure_input.__name__}.{name}")).values()
             if isinstance(thing, FigureKind)}  # fmt: skip
    assert kinds == {id(kind) for kind in run}


def test_names_and_meanings_of_figures_load_nothing_that_draws():
    """Who looks up a word should not wait for matplotlib."""
    code = (
        "import sys; from sim.report.figure_input.declared_figures import declared_figures;"
        "assert declared_figures();"
        "print([m for m in ('numpy', 'matplotlib', 'simpy') if m in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "[]"


def test_a_target_of_full_attendance_is_drawn_on_its_own_curve():
    """It stood on the curve of the first team, which passed through where it was not judged."""
    targets = [
        "{name: first in 30, within: 30 min}",
        "{name: all in 30, within: 30 min, attendance: full}",
    ]
    text = hand_worked(
        *(f"{hour:02d}:00 X job 20" for hour in range(1, 21, 3)),
        places="A B X", times="A-X 10, B-X 45, A-B 50", bases="A B",
        teams="T: {base: A, crew: 2}\nU: {base: B, crew: 2}", kinds="job: {share: 100%, crew: 4}",
        rest=f"targets: [{', '.join(targets)}]",
    )  # fmt: skip
    study = sim.run_study(sim.design_of([file_of(text)]))
    ours = study.world.scenario.targets

    first, full = (share_data.share_curves(study, [own]) for own in ours)

    rows = {row.measure: row.value for row in sim.tabulate(study).summary if row.group == "all"}
    for curves, target in zip((first, full), ours, strict=True):
        shown = np.interp(30, curves.minutes, curves.curves[0].value)
        assert shown == pytest.approx(rows[f"share:{target.name}"])
    assert (first.until, full.until) == ("first team on scene", "full attendance")
    drawn = dict(figures_of(study, sim.tabulate(study), ["share-reached"]))["share-reached"]
    titles = [text.get_text() for ax in drawn.axes for text in ax.texts]
    assert sum("target “" in title for title in titles) == 2


def test_the_staffing_frontier_is_drawn_where_alternatives_differ_in_staffing(study):
    values = {"clock.length": "2 days", ("study", "vary", "teams.Harbour.count"): "[1, 3]"}
    found = sim.compare(sim.load("first-steps", values), policies=["today"], replications=2)

    data = frontier_data.frontier(found.study, found.tables)

    assert frontier_data.frontier(study, sim.tabulate(study)) is None
    assert list(np.diff(data.teams) > 1) == [True]
    assert [panel.values.value.shape for panel in data.panels] == [(2,), (2,)]


def test_a_panel_of_some_places_and_hours_is_called_by_its_target_and_a_note_says_which():
    """It was called "Callouts of kind injury", as the panel of all of them."""
    night = {"name": "night", "kind": "injury", "within": "20 min", "share": "60%",
             "hours": "20:00-06:00", "where": ["Hill"]}  # fmt: skip
    file = sim.load("first-steps", {"clock.length": "3 days", "targets": [night]})
    found = sim.compare(file, replications=1)

    (target,) = found.study.world.scenario.targets
    assert share_data.share_curves(found.study, [target]).whose == "Callouts of target “night”"
    drawn = share_data.figure.make(FigureRequest(found.study, found.tables, "today"))
    words = {text.get_text() for text in drawn.findobj(Text)}
    assert "Callouts of target “night” reached in time" in words
    assert any("callouts of kind “injury”, in Hill, 20:00-06:00" in word for word in words)
