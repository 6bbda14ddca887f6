"""What stood in the way, told and drawn only where it happened; minutes on paper."""

import io

import numpy as np
import pytest
from rich.console import Console

import sim
from sim.definitions import DISRUPTIONS
from sim.experiment import EstimateRow, Reported
from sim.experiment.results.folder import disruptions_of
from sim.experiment.running.log_text import EVENT_COLUMNS, header, read_events
from sim.experiment.running.log_writing import events_text
from sim.log import (
    CalloutRow,
    DecisionRow,
    Ending,
    Event,
    EventRow,
    KeptLog,
    MissionRow,
    Names,
    Outcome,
)
from sim.report import figures
from sim.report.figure_input import disruption_data
from sim.report.figure_input.drawing import figures_of
from sim.report.figure_input.figure_basis.road_sites import checkpoints, closed_roads
from sim.report.figures.disruption_bars import HOSPITALS, ROADS
from sim.report.narratives.narrative import story
from sim.report.narratives.narrative_events import ending
from sim.report.results_text.disruption_table import disruption_tables

from ..worlds import file_of, logged, world_of
from .fake import CAPTION

NODES = "node,lat,lon\na,35.00,36.00\nb,35.00,36.20\nx,35.01,36.10\ny,34.90,36.10\n"
EDGES = "from,to,km,kmh\na,x,10,60\nx,b,10,60\na,y,15,60\ny,b,15,60\n"
# From A to B it is 20 min through X and 30 through Y.
WORLD = """\
name: disrupted
clock: {{start: 2025-01-06 00:00, length: 2 days, timezone: UTC}}
map:
  places: {{A: {{lat: 35.00, lon: 36.00}}, B: {{lat: 35.00, lon: 36.20}}}}
  roads: {{nodes: nodes.csv, edges: edges.csv}}
{map}
demand:
  kinds: {{job: {{share: 100%, on_scene: 10 min{kind}}}}}
  callouts: [{callouts}]
bases: {{A: {{}}}}
teams: {{T: {{base: A{team}}}, U: {{base: A}}}}
policies: {{today: {{}}, again: {{}}}}
study: {{replications: 2}}
"""
CUT = """\
  closures:
    - {name: bridge, edge: [x, b], from: 'day 1 00:30', until: 'day 2 06:00', known: discovered}
    - {name: pass, edge: [y, b], from: 'day 1 12:00', until: 'day 2 06:00'}
  hospital_closures: [{hospital: Mercy, hours: 18:00-06:00}]
  hospitals: {Mercy: {place: A, offload_bays: 1}}"""


def text_of(*callouts, on_map="", kind="", team=""):
    listed = ", ".join(f"{{at: 'day 1 {at}', place: B, kind: job}}" for at in callouts)
    return WORLD.format(map=on_map, kind=kind, team=team, callouts=listed)


def lines_of(*callouts, number=0, **more):
    world = world_of(text_of(*callouts, **more), nodes=NODES, edges=EDGES)
    return story(Reported(logged(world), world.names, world.scenario.clock.start, world), number)


def test_a_closure_met_on_the_way_is_told_by_its_name():
    """At X at 00:30 nobody has announced it: back to A by 00:40 and round by 01:10."""
    lines = lines_of("00:20", on_map=CUT)

    assert "00:30  T met a closure (bridge)." in lines
    assert lines[-3].startswith("01:10  T was on scene, 30.0 min later than expected.")


def test_a_team_refused_on_its_way_is_not_the_reason_that_another_goes():
    """U was free before; that T was turned back has been told, and freed nobody who is sent."""
    world = world_of(text_of(), nodes=NODES, edges=EDGES)
    log, at = KeptLog(), 5 * 60_000
    unfinished = None, None, None, Outcome.UNFINISHED, 2, None
    log.callout(CalloutRow(0, 0, 0, 1, 1, 0, 0, 0, 0, *unfinished))
    log.decision(DecisionRow(0, "dispatch", 0, [0, 1], [0, 1], 0, "Closest", "near"))
    log.event(EventRow(at, Event.REFUSED_AT_CHECKPOINT, 0, 0, 0, None))
    log.mission(MissionRow(0, 0, 0, 0, None, None, None, None, at, Ending.REFUSED_AT_CHECKPOINT))
    log.decision(DecisionRow(at, "dispatch", 0, [1], [0], 1, "Closest", "near"))
    log.mission(MissionRow(0, 1, at, at, None, None, None, None, None, Ending.UNFINISHED))

    lines = story(Reported(log, world.names, world.scenario.clock.start, world), 0)

    assert "00:05  T was refused at a checkpoint." in lines
    assert any(line.startswith("00:05  Free teams") for line in lines)


def test_a_callout_without_access_is_told_since_when_and_until_when():
    """From 12:00 there is no access to B. That no team was free would be another thing."""
    lines = lines_of("00:20", "13:00", on_map=CUT, number=1)

    assert lines[1] == "13:00  No base has access to B: bridge and pass are closed."
    assert lines[2] == "7 January 06:00  There is access to B again, 17 h after it was lost."
    assert "No team" not in " ".join(lines)


def test_permission_and_being_held_are_told():
    """Asked at 00:05, given at 00:35; two teams stay free while three would be needed."""
    kind = ", permission: 30 min, deferrable: {min_free_teams: 2, max_hold: 2 h}"
    lines = lines_of("00:05", kind=kind)

    assert lines[1:4] == [
        "00:05  Permission was requested.",
        "00:35  Permission was given 30.0 min later.",
        "00:35  Held for at most 2 h, so that teams stay free for callouts that are not "
        "deferrable.",
    ]
    assert lines[4].startswith("02:35  Free teams")


def test_staging_and_being_withdrawn_are_told():
    """There at 00:20; safe at 01:00, and called away after 15 min."""
    lines = lines_of("00:00", kind=", scene_hazard: {safe_after: 60 min, withdraw_after: 15 min}")

    assert "00:20  T staged for 15.0 min: the scene was not safe to enter." in lines
    assert "00:35  T was withdrawn: the scene stayed unsafe." in lines
    assert any(line.startswith("01:00  ") and "was sent" in line for line in lines)


def test_an_explosive_hazard_is_told_when_found_and_when_cleared():
    """Found at 00:20; T clears it in 40 min and works its 10."""
    kind = ", explosive_hazard: {needs: [explosives], clearance: 40 min}"
    lines = lines_of("00:00", kind=kind, team=", capabilities: [explosives]")

    assert "00:20  T found an explosive hazard; work stops until it is cleared." in lines
    assert "01:00  T had cleared the explosive hazard, 40.0 min after it was found." in lines


def test_an_offload_delay_is_told_with_the_hospital():
    """Both leave B at 00:30 and come to the one offload bay at 00:50; a handover takes 15."""
    kind = ", to: hospital, handover: 15 min"
    doors = "  hospitals: {Mercy: {place: A, offload_bays: 1}}"
    told = lines_of("00:00", "00:00", on_map=doors, kind=kind, number=1)

    assert "00:50  U waited 15.0 min for an offload bay at Mercy." in told


@pytest.mark.parametrize("how", [Ending.REFUSED_AT_CHECKPOINT, Ending.NO_ACCESS, Ending.WITHDRAWN])
def test_every_new_ending_is_a_sentence(how):
    world = world_of(text_of(), nodes=NODES, edges=EDGES)
    told = Reported(KeptLog(), world.names, world.scenario.clock.start, world)

    said = ending(told, MissionRow(0, 0, 0, 0, None, None, None, None, 5, how))

    assert said.startswith("T ")
    assert said.endswith(".")


def test_a_log_without_names_of_closures_is_still_told():
    """As of a record, or of somebody's own log."""
    log = KeptLog()
    unfinished = None, None, None, Outcome.UNFINISHED, 1, None
    log.callout(CalloutRow(0, 0, 0, 1, 0, 0, 0, 0, 0, *unfinished))
    log.decision(DecisionRow(0, "dispatch", 0, [0], [0], 0, "Closest", "near"))
    log.mission(MissionRow(0, 0, 0, 0, None, None, None, None, 60_000, Ending.NO_ACCESS))
    log.event(EventRow(30_000, Event.MET_CLOSURE, 0, 0, 0, None))
    names = Names(("job",), ("A",), ("",), ("T",), ("A",), ())
    world = world_of(text_of(), nodes=NODES, edges=EDGES)

    lines = story(Reported(log, names, world.scenario.clock.start, world), 0)

    assert lines[2:4] == [
        "00:00  T met a closure.",
        "00:01  T could not continue: there was no access.",
    ]


def test_events_are_written_with_names_and_read_back_the_same():
    """Who is a closure, a checkpoint, a place, a hospital, or an amount, as the event says."""
    names = Names(
        ("job",), ("Here", "There"), ("", ""), ("T",), ("B",), ("Mercy",),
        closures=("bridge",), checkpoints=("gate",),
    )  # fmt: skip
    log = KeptLog()
    whos = {
        Event.NO_ACCESS: "There", Event.ACCESS_AGAIN: "There", Event.MET_CLOSURE: "bridge",
        Event.TOLD_OF_CLOSURE: "bridge", Event.CLOSURE_KNOWN: "bridge", Event.REOPENED: "bridge",
        Event.REFUSED_AT_CHECKPOINT: "gate", Event.OFFLOAD_DELAY: "Mercy", Event.EXPOSED: "1",
    }  # fmt: skip
    for what, who in whos.items():
        log.event(EventRow(5, what, 0, 3, int(who in ("There", "1")), 9))
    log.event(EventRow(6, Event.STAGED, 0, 3, None, 9))

    text = events_text(log, names, "a", 0)
    lines = [header(EVENT_COLUMNS), *text.splitlines(keepends=True)]
    back = [row for _, _, row in read_events(lines, {"a": names}, 0)]

    assert [line.split(",")[6] for line in text.splitlines()] == [*whos.values(), ""]
    assert back == log.events


@pytest.fixture(scope="module")
def no_access():
    """Two alternatives alike: one callout gets there, one waits from 13:00 to 06:00."""
    file = file_of(text_of("00:20", "13:00", on_map=CUT), nodes=NODES, edges=EDGES)
    return sim.run_study(sim.design_of([file]))


def printed(tables):
    console = Console(file=io.StringIO(), width=110, markup=False)
    for table in tables:
        console.print(table)
    return console.file.getvalue()


def test_the_terminal_tells_what_happened_and_nothing_else(no_access):
    """Seventeen hours cut off and one closed road met; no checkpoint, so nobody was turned back."""
    tables = sim.tabulate(no_access)

    text = printed(
        disruption_tables(disruptions_of(no_access).rows, tables.verdicts.rows, ["today", "again"])
    )
    (line,) = (line for line in text.splitlines() if DISRUPTIONS["no_access_hours"].title in line)

    assert line.count("17.0 h") == 2
    assert DISRUPTIONS["refusals"].title not in text
    assert "Hospitals" not in text


def test_more_alternatives_than_fit_get_a_row_each():
    rows = [
        EstimateRow(name, "no_access_hours", "all", 2.5, 1.0, 4.0, "h per run", 9, "")
        for name in "abcd"
    ]

    text = printed(disruption_tables(rows, [], list("abcd")))

    assert text.count("2.5 h") == 4


def test_hospitals_stand_by_what_they_take_and_those_that_take_none_are_left_out():
    """Clinic takes the most; Closed is never reached; of Mercy no delay is known."""
    rows = [EstimateRow("a", "share_offload_delayed", "all", 0.25, 0.2, 0.3, "share", 9, "")]
    for name, taken in (("Mercy", 0.3), ("Clinic", 0.7), ("Closed", 0.0)):
        group = f"hospital:{name}"
        rows.append(EstimateRow("a", "taken", group, taken, None, None, "share", 9, ""))
    rows += [
        EstimateRow("a", measure, "hospital:Clinic", value, None, None, unit, 9, "")
        for measure, value, unit in (
            ("share_offload_delayed", 0.4, "share"), ("offload_delay_p90", 12.0, "min"),
        )
    ]  # fmt: skip

    text = printed(disruption_tables(rows, [], ["a"])).split("Hospitals: ")[1]
    lines = [line.split("│")[1:-1] for line in text.splitlines() if "│" in line]

    assert [[cell.strip() for cell in line] for line in lines] == [
        ["Clinic", "70.0 %", "40.0 %", "12.0 min"],
        ["Mercy", "30.0 %", "-", "-"],
    ]


def test_without_any_of_it_there_is_no_table_no_file_and_no_figure():
    plain = sim.read_scenario(
        sim.find_scenario("textbook-mmc"), {"study.replications": 1, "clock.length": "2 days"}
    )
    study = sim.run_study(sim.design_of([plain]))

    assert len(disruptions_of(study)) == 0
    assert list(disruption_tables([], [], ["a"])) == []
    assert dict(figures_of(study, sim.tabulate(study), ["access"])) == {}


def test_results_read_back_have_disruptions(no_access, tmp_path):
    """So that figures can be drawn again."""
    from sim.experiment.results.folder import write_manifest, write_study
    from sim.experiment.results.results_reading import read_results

    folder = tmp_path / "found"
    write_study(folder, no_access, sim.tabulate(no_access), None)
    write_manifest(folder, no_access, "run", {})
    back = read_results(folder).study

    assert (folder / "disruptions.csv").exists()
    assert disruptions_of(back).rows == disruptions_of(no_access).rows


def test_the_figure_shows_closures_when_they_hold_and_when_they_are_known(no_access):
    """
    The bridge from 00:30 for 29.5 h and never announced; the pass from noon for 18 h; the
    hospital from midnight to six and from six in the evening.
    """
    data = disruption_data.disruptions(no_access)
    by_name = {one.name: one for one in data.closed}

    assert by_name["bridge"].stretches == ((0.5 / 24, 1.25, False),)
    assert by_name["pass"].stretches == ((0.5, 1.25, True),)
    assert by_name["pass"].what == ROADS
    assert by_name["Mercy"].stretches == ((0, 0.25, True), (0.75, 1.25, True), (1.75, 2.0, True))
    assert by_name["Mercy"].what == HOSPITALS
    assert data.no_access[0].value.tolist() == [11, 6]


def test_a_closure_of_a_hospital_without_hours_lasts_from_its_beginning_to_its_end():
    text = text_of("00:20", on_map=CUT.replace("hours: 18:00-06:00", "from: 'day 2 00:00'"))
    study = sim.run_study(sim.design_of([file_of(text, nodes=NODES, edges=EDGES)]))

    by_name = {one.name: one for one in disruption_data.disruptions(study).closed}

    assert by_name["Mercy"].stretches == ((1.0, 2.0, True),)


def test_the_figure_is_drawn_with_many_closures_long_names_and_many_days(tmp_path):
    """The longest fourteen have a row; of many days lines are drawn."""
    closed = tuple(
        figures.Closed(f"the road between {n} and the far end of it" * 2, ROADS,
                       (figures.Stretch(n, 2.5 * n + 1, bool(n % 2)),))
        for n in range(30)
    )  # fmt: skip
    value = np.linspace(0, 9, 90)
    bands = tuple(figures.Band(name, value, 0.8 * value, 1.2 * value) for name in "abcdef")
    data = figures.DisruptionData(closed, bands, 90.0, 6.5)

    figure = figures.figure_disruptions(data, CAPTION)
    first, second = figure.axes

    assert len(first.get_yticks()) == 14
    assert second.get_xlabel() == "Day of the run, from 06:30 local time [d]"
    assert figures.save(figure, tmp_path / "access", ["png"])[0].stat().st_size > 0


def test_the_figure_of_closures_alone_has_no_empty_axes():
    closed = (figures.Closed("bridge", ROADS, (figures.Stretch(0, 1),)),)
    nobody = figures.Band("a", *np.zeros((3, 2)))

    figure = figures.figure_disruptions(figures.DisruptionData(closed, (nobody,), 2.0), CAPTION)

    assert len(figure.axes) == 1


def test_the_map_shows_roads_that_close_and_where_checkpoints_stand():
    """Into B from X and from Y, a quarter of the way from it; on an edge midway, once."""
    gates = """\
  closures: [{edge: [x, b], from: 'day 1 00:30', until: 'day 1 06:00'}]
  checkpoints:
    - {name: gate, place: B, delay: 5 min}
    - {name: bar, edge: [a, y], delay: 5 min}"""
    world = world_of(text_of(on_map=gates), nodes=NODES, edges=EDGES)

    (road,) = closed_roads(world)
    found = {(c.name, round(c.lon, 4), round(c.lat, 4)) for c in checkpoints(world)}

    assert road[:4] == (36.1, 35.01, 36.2, 35.0)
    assert found == {
        ("gate", 36.175, 35.0025), ("gate", 36.175, 34.975), ("bar", 36.05, 34.95),
    }  # fmt: skip
