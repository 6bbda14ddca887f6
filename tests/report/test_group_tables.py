"""Results by place and in windows as tables: next to the whole run, few callouts marked."""

import sim
from sim.experiment import EstimateRow
from sim.outcomes.measured.summary import FEW_IN_ALL
from sim.page.groups_part import groups_part
from sim.report.results_text.group_tables import MOST_PLACES, places_table, windows_table
from sim.report.results_text.sentences import Facts

from ..worlds import file_of

HORIZON = 8 * 3_600_000
FEW = f"only 2 replications have any; {FEW_IN_ALL} 7"


def row(measure, group, value, note="", alternative="a"):
    unit = {"callouts": "per day", "not_reached": "share"}.get(measure, "min")
    return EstimateRow(alternative, measure, group, value, None, None, unit, 12, note)


def cells_of(table):
    return [list(cells) for cells in zip(*(c.cells for c in table.columns), strict=True)]


def test_each_measure_has_the_whole_run_first_and_its_windows_below():
    rows = [
        row("callouts", "all", 4.0), row("response_p90", "all", 20.0),
        row("callouts", "window:closure M1 [north]", 2.0),
        row("callouts", "window:surge fair", 0.2, FEW),
        row("response_p90", "window:closure M1 [north]", 31.5),
        row("response_p90", "window:surge fair", 60.0, FEW),
    ]  # fmt: skip

    assert cells_of(windows_table(rows, ["a"], HORIZON)) == [
        ["callouts", "the whole run", "4.00 a day"],
        ["", "closure M1 [north]", "2.00 a day"],
        ["", "surge fair", "0.20 a day (few)"],
        ["90th percentile", "the whole run", "20.0 min"],
        ["", "closure M1 [north]", "31.5 min"],
        ["", "surge fair", "60.0 min (few)"],
    ]


def test_a_window_that_only_one_alternative_has_is_shown():
    rows = [row("callouts", "all", 4.0), row("callouts", "all", 4.0, alternative="b"),
            row("callouts", "window:closure M1", 2.0, alternative="b")]  # fmt: skip

    *_, last = cells_of(windows_table(rows, ["a", "b"], HORIZON))

    assert last == ["", "closure M1", "none", "2.00 a day"]


def test_places_with_most_callouts_are_shown_and_the_others_counted():
    places = [f"place:P{n}" for n in range(MOST_PLACES + 3)]
    rows = [row("callouts", p, 0.1 * n, FEW if n == len(places) - 1 else "")
            for n, p in enumerate(places)]  # fmt: skip
    rows += [row("not_reached", p, 0.5) for p in places]

    table = places_table(rows, ["a"])
    shown = cells_of(table)

    assert table.title == "By place: response time; 3 more places in places.csv"
    assert len(shown) == MOST_PLACES
    assert shown[0] == ["P22, few callouts", "2.20 a day", "50.0 %", "none", "none"]
    assert shown[-1][0] == "P3"


def test_without_rows_there_is_no_table():
    assert windows_table([], ["a"], HORIZON) is None
    assert places_table([], ["a"]) is None


TEXT = """\
name: grouped
clock: {start: 2025-01-06 00:00, length: 4 days, timezone: UTC}
map:
  places: {A: {}, B: {}}
  roads: {table: {A: {B: 10 min}, B: {A: 10 min}}}
demand:
  rate: 6 per day
  kinds: {job: {share: 100%, on_scene: 1 h}}
  surges: [{name: fair, place: B, factor: 4, from: day 2 00:00, until: day 3 00:00}]
bases: {A: {}}
teams: {T: {base: A}}
targets: [{name: in B, within: 15 min, where: [B], weekdays: [Mon, Tue]}]
study: {replications: 3, by: [window, place]}
"""


def test_the_page_has_both_where_they_are_asked_for():
    captions = []
    for by in (["window", "place"], []):
        study = sim.run_study(sim.design_of([file_of(TEXT, {"study.by": by})]))
        tables = sim.tabulate(study)
        part = groups_part(study, tables, Facts(study, tables))
        captions.append(" ".join(str(table.caption) for table in part.tables))

    assert "By window of the run" in captions[0]
    assert "By place: response time" in captions[0]
    assert "By window" not in captions[1]
    assert "By place" not in captions[1]
