"""``rescuesim measure``: what was recorded, by the same measures as a run, without simulation."""

import csv
import gzip
import json
import os
import time

import pytest

from sim.experiment import read_results
from sim.experiment.results.measured_record import measure_log
from sim.page import page_of

from ..record_shapes import FIRE_BRIGADE, many_callouts, yaml_of

COLUMNS = """\
columns: {callout: call, received: received, kind: type, place: town, area: district, unit: unit,
          dispatched: sent, on_scene: there, cleared: free}
unit: min
timezone: Asia/Damascus
"""
TOWNS = "    Lattakia: {lat: 0.2, lon: 0.2}\n    Jablah: {lat: 0.2, lon: 0.1}\n"
HEAD = "call,received,type,town,district,unit,sent,there,free\n"


def rows(days=3, each=4):
    """Return a record in which callout n of a day is reached after n + 1 minutes."""
    lines = []
    for day in range(days):
        for n in range(each):
            kind, town = ("fire", "Jablah") if n % 2 else ("medical", "Lattakia")
            at = f"2025-03-0{6 + day}T{8 + n:02d}:00"
            lines.append(f"{day}-{n},{at},{kind},{town},Coast,U{n},0.5,{n + 1},30\n")
    return "".join(lines)


@pytest.fixture
def record(tmp_path):
    """A record of three days and the mapping of its columns."""
    (tmp_path / "columns.yaml").write_text(COLUMNS, encoding="utf-8")
    path = tmp_path / "past.csv"
    path.write_text(HEAD + rows(), encoding="utf-8")
    return path


def summary(folder):
    with (folder / "summary.csv").open(encoding="utf-8", newline="") as file:
        return {(r["alternative"], r["measure"], r["group"]): r for r in csv.DictReader(file)}


def test_a_record_is_measured(rescuesim, record, tmp_path):
    """Means worked out by hand: reached after 1, 2, 3 and 4 minutes each day."""
    said = rescuesim("measure", record, "--map", "columns.yaml", "--no-figures",
                     "--target", "fire within 3 min 50%")  # fmt: skip

    assert said.code == 0
    found = summary(tmp_path / "results" / "measured-past")
    assert float(found["record", "response_mean_reached", "all"]["value"]) == 2.5
    assert float(found["record", "response_mean_reached", "kind:fire"]["value"]) == 3
    assert float(found["record", "reached_median", "all"]["value"]) == 2
    assert float(found["record", "share:fire in 3 min", "all"]["value"]) == 0.5
    assert float(found["record", "callouts", "all"]["value"]) == 4
    assert found["record", "response_mean_reached", "all"]["replications"] == "3"
    assert "nothing is simulated" in said.out
    assert "each of 3 days a unit" in " ".join(said.out.split())


def test_figures_are_drawn(rescuesim, record, tmp_path):
    assert rescuesim("measure", record, "--map", "columns.yaml", "--out", "m").code == 0

    drawn = {p.name for p in (tmp_path / "m" / "figures").glob("*.png")}
    assert drawn == {"share-reached.png", "day-profile.png", "areas.png"}


def test_a_second_measurement_replaces_the_first(rescuesim, record, tmp_path):
    flags = ("measure", record, "--map", "columns.yaml", "--out", "m", "--no-figures")
    assert rescuesim(*flags).code == 0
    before = (tmp_path / "m" / "summary.csv").read_bytes()

    assert rescuesim(*flags).code == 0

    assert (tmp_path / "m" / "summary.csv").read_bytes() == before


def test_json_is_one_object(rescuesim, record):
    said = rescuesim(
        "measure", record, "--map", "columns.yaml", "--no-figures", "--json", "--quiet"
    )

    assert json.loads(said.out)["summary"][0]["measure"] == "callouts"


@pytest.mark.parametrize("command", ["run", "compare"])
def test_our_own_callouts_give_the_numbers_of_the_run(rescuesim, tmp_path, command):
    """The outcomes read a log and do not care who wrote it: value, interval and remark."""
    given = ("--replications", "4", "--days", "6", "--no-figures", "--quiet")
    assert rescuesim(command, "first-steps", *given, "--out", "run").code == 0

    said = rescuesim("measure", "run/callouts.csv.gz", "--out", "m", "--no-figures")
    assert said.code == 0
    assert "measured from simulated callouts" in said.out
    assert "nothing is simulated" not in said.out + page_of(tmp_path / "m")

    ran, measured = summary(tmp_path / "run"), summary(tmp_path / "m")
    expected = {k: r for k, r in ran.items() if k[1] not in ("utilisation", "overtime")}
    assert measured.keys() == expected.keys()
    for key, row in expected.items():
        for column in ("value", "low", "high"):
            if row[column]:
                assert float(measured[key][column]) == pytest.approx(float(row[column])), key
            else:
                assert not measured[key][column], key
        assert measured[key]["note"] == row["note"], key


def test_teams_that_drive_back_are_committed_in_our_own_log_too(rescuesim, starter, tmp_path):
    """Where nobody is sent from the road; the events next to the callouts say until when."""
    path = starter(("dispatch_while_returning: true", "dispatch_while_returning: false"))
    given = ("--replications", "2", "--days", "3", "--no-figures", "--quiet")
    assert rescuesim("run", path, *given, "--out", "run").code == 0

    (ran,) = read_results(tmp_path / "run").study.observations.values()
    (measured,) = measure_log(tmp_path / "run" / "callouts.csv.gz").samples

    assert measured.observations.committed.sum() == ran.committed.sum()
    assert measured.observations.committed_by_hour == pytest.approx(ran.committed_by_hour)


def test_our_own_callouts_are_measured_by_the_runs_horizon(rescuesim, starter, tmp_path):
    """Without a target it follows from the longest way to a callout, which no log tells."""
    path = starter(
        ("  - {name: injury in 20 min, kind: injury, within: 20 min, share: 80%}\n", "  []\n"),
        ("targets:  #", "targets:\n  #"),
    )
    given = ("--replications", "4", "--days", "6", "--no-figures", "--quiet")
    assert rescuesim("run", path.name, *given, "--out", "run").code == 0
    assert rescuesim("measure", "run/callouts.csv.gz", "--out", "m", "--no-figures").code == 0

    manifest = json.loads((tmp_path / "run" / "manifest.json").read_text(encoding="utf-8"))
    ran, measured = summary(tmp_path / "run"), summary(tmp_path / "m")
    assert manifest["horizon_ms"] > 4 * 3_600_000  # what it would be without knowing the ways
    for measure in ("not_reached", "response_restricted_mean"):
        key = ("today", measure, "all")
        assert float(measured[key]["value"]) == pytest.approx(float(ran[key]["value"]))


def test_our_own_callouts_need_no_folder_around_them(rescuesim, tmp_path):
    given = ("--replications", "2", "--days", "3", "--no-figures", "--quiet")
    assert rescuesim("run", "first-steps", *given, "--out", "run").code == 0
    text = gzip.decompress((tmp_path / "run" / "callouts.csv.gz").read_bytes())
    (tmp_path / "alone.csv").write_bytes(text)

    assert rescuesim("measure", "alone.csv", "--out", "m", "--no-figures").code == 0

    ran, measured = summary(tmp_path / "run"), summary(tmp_path / "m")
    key = ("today", "response_mean_reached", "all")
    assert float(measured[key]["value"]) == pytest.approx(float(ran[key]["value"]))


def test_the_scenario_may_say_how_the_record_is_written(rescuesim, starter, record, tmp_path):
    """So that a record and its replay are measured over the same period, kinds and places."""
    text = COLUMNS.replace("columns:", "    columns:").replace("unit: min", "    unit: min")
    block = "  record:\n    file: past.csv\n" + "".join(
        f"    {line}\n" if not line.startswith("    ") else f"{line}\n"
        for line in text.splitlines()
    )
    kinds = "    kinds: {injury: [medical], fire: [fire]}\n"
    path = starter(
        ("  rate: 12 per day  # mean number of callouts, all villages and kinds together\n",
         block + kinds),
        ("start: 2025-01-06 06:00", "start: 2025-03-06 00:00"),
        ("timezone: UTC", "timezone: Asia/Damascus"),
        ("    Harbour: {lat", TOWNS + "    Harbour: {lat"),
    )  # fmt: skip

    said = rescuesim("measure", record, "--scenario", path, "--out", "m", "--no-figures")

    assert said.code == 0, said.err
    found = summary(tmp_path / "m")
    assert float(found["record", "response_mean_reached", "kind:injury"]["value"]) == 2
    assert ("record", "share:injury in 20 min", "all") in found


WRONG = {
    "no mapping": ((), "say how it is written with --map"),
    "both": (("--map", "columns.yaml", "--scenario", "first-steps"), "give one of them"),
    "no such kind": (
        ("--map", "columns.yaml", "--target", "fire by 8"),
        "expected something as --target",
    ),
    "no unit": (("--map", "columns.yaml", "--target", "fire within 8"), "needs a unit"),
    "scenario without record": (("--scenario", "first-steps"), "has no demand.record"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_flags_are_one_message(rescuesim, record, case):
    flags, said = WRONG[case]

    found = rescuesim("measure", record, *flags)

    assert found.code == 2
    assert said in found.err.replace("\n", " ")
    assert "Traceback" not in found.err


BAD = {
    "disordered": (rows() + "x,2025-03-06T09:00,fire,Jablah,Coast,U1,5,2,9\n", "past.csv:14:"),
    "empty": ("", "there is no callout in this record"),
    "a wrong century": (rows() + "x,2120-03-06T09:00,fire,Jablah,Coast,U1,1,2,9\n", "95 years"),
    "no date": (rows() + "x,yesterday,fire,Jablah,Coast,U1,1,2,9\n", "expected a date and time"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_records_are_told_with_their_row(rescuesim, record, tmp_path, case):
    text, said = BAD[case]
    record.write_text(HEAD + text, encoding="utf-8")

    found = rescuesim("measure", record, "--map", "columns.yaml")

    assert found.code == 2
    assert said in found.err
    assert "1 error\n" in found.err
    assert not (tmp_path / "results").exists()


def test_a_mapping_with_an_error_is_told_at_its_place(rescuesim, record, tmp_path):
    (tmp_path / "columns.yaml").write_text(COLUMNS.replace("unit: min", "unit: hours"))

    found = rescuesim("measure", record, "--map", "columns.yaml")

    assert found.code == 2
    assert "columns.yaml:3:" in found.err


def test_a_folder_with_other_files_is_left_alone(rescuesim, record, tmp_path):
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "letter.txt").write_text("mine")

    found = rescuesim("measure", record, "--map", "columns.yaml", "--out", "m")

    assert found.code == 2
    assert "letter.txt" in found.err


def test_a_log_with_outcomes_of_another_version_is_refused(rescuesim, tmp_path):
    """It would otherwise be measured with callouts of no outcome."""
    given = ("--replications", "2", "--days", "3", "--no-figures", "--quiet")
    assert rescuesim("run", "first-steps", *given, "--out", "run").code == 0
    text = gzip.decompress((tmp_path / "run" / "callouts.csv.gz").read_bytes()).decode()
    (tmp_path / "old.csv").write_text(text.replace(",served,", ",gave up,"), encoding="utf-8")

    said = rescuesim("measure", "old.csv", "--out", "m")

    assert said.code == 2
    assert "unknown outcome 'gave up'; known here: served, lost, abandoned" in said.err


# A planner's own record


CALLS = "received,kind,there,free\n" + "".join(
    f"{day:02d}/03/2025 {hour:02d}:15,{kind},{day:02d}/03/2025 {hour:02d}:25,"
    f"{day:02d}/03/2025 {hour:02d}:55\n"
    for day in range(3, 17)
    for hour, kind in ((7, "fire"), (12, "fall"), (19, "Fire"))
)
MAP = """\
columns: {received: received, kind: kind, on_scene: there, cleared: free}
timezone: Europe/Berlin
"""


@pytest.fixture
def planner(tmp_path):
    """A record of two weeks as a spreadsheet of Europe writes it, and its mapping."""
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    path = tmp_path / "calls.csv"
    path.write_text(CALLS.replace(",", ";"), encoding="cp1252")
    return path


def table(path, delimiter=","):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def test_first_at_most_25_lines_are_printed_and_the_rest_on_demand(rescuesim, planner):
    flags = ("measure", planner, "--map", "map.yaml", "--no-figures", "--quiet", "--out", "m")

    short, long = rescuesim(*flags), rescuesim(*flags, "--all")

    assert len(short.out.splitlines()) <= 25
    assert "Times of all callouts: fire, fall" in short.out
    assert "By hour: response time" not in short.out
    assert "By hour: response time" in long.out


def test_every_row_is_accounted_for_in_a_table(rescuesim, planner, tmp_path):
    planner.write_text(CALLS + "17/03/2025 07:00,fire,17/03/2025 06:00,\n", encoding="utf-8")
    (tmp_path / "map.yaml").write_text(MAP + "disordered: leave out\n", encoding="utf-8")

    said = rescuesim("measure", planner, "--map", "map.yaml", "--no-figures", "--out", "m")

    assert "42 of 43 rows are used" in said.out
    assert table(tmp_path / "m" / "rows.csv") == [
        {"use": "used", "rows": "42", "first": ""},
        {"use": "instants that break the order of time", "rows": "1", "first": "44"},
    ]


def test_times_and_rates_are_written_by_group(rescuesim, planner, tmp_path):
    assert (
        rescuesim("measure", planner, "--map", "map.yaml", "--no-figures", "--out", "m").code == 0
    )

    times = {(r["time"], r["group"]): r for r in table(tmp_path / "m" / "times.csv")}
    rates = {r["group"]: r for r in table(tmp_path / "m" / "rates.csv")}
    assert times["response_time", "kind:fire"]["mean"] == "10"
    assert times["on_scene_time", "weekday:mon"]["number"] == "6"
    assert (rates["kind:fire"]["per_day"], rates["hour:12"]["per_day"]) == ("2", "1")


def test_tables_for_spreadsheets_of_europe_have_semicolons_and_decimal_commas(
    rescuesim, planner, tmp_path
):
    flags = ("--map", "map.yaml", "--no-figures", "--out", "m", "--decimal-comma")
    assert rescuesim("measure", planner, *flags).code == 0

    assert (tmp_path / "m" / "rates.csv").read_bytes().startswith(b"\xef\xbb\xbfgroup;callouts;")
    rates = table(tmp_path / "m" / "rates.csv", ";")
    assert {r["group"]: r["days"] for r in rates}["month:03"] == "14"
    assert rescuesim("report", "m", "--out", "page.html").code == 0


def test_a_workbook_has_numbers_as_numbers(rescuesim, planner, tmp_path):
    calamine = pytest.importorskip("python_calamine")
    pytest.importorskip("xlsxwriter")
    flags = ("--map", "map.yaml", "--no-figures", "--out", "m", "--excel")
    assert rescuesim("measure", planner, *flags).code == 0

    book = calamine.CalamineWorkbook.from_path(str(tmp_path / "m" / "measured.xlsx"))
    assert book.sheet_names == ["summary", "times", "rates", "rows"]
    first, second, *_ = book.get_sheet_by_name("rates").to_python()
    assert first == ["group", "callouts", "days", "per_day"]
    assert second == ["all", 42.0, 14.0, 3.0]


def test_without_the_writer_of_workbooks_nothing_is_begun(
    rescuesim, planner, tmp_path, monkeypatch
):
    monkeypatch.setitem(__import__("sys").modules, "xlsxwriter", None)

    said = rescuesim("measure", planner, "--map", "map.yaml", "--excel", "--out", "m")

    assert said.code == 2
    assert "pip install 'rescuesim[excel]'" in said.err
    assert not (tmp_path / "m").exists()


def test_a_record_of_dates_alone_is_measured_without_hours(rescuesim, planner, tmp_path):
    dates = ["03/03/2025", "03/03/2025", "09/03/2025", "20/03/2025", "21/03/2025", "21/03/2025"]
    planner.write_text("received\n" + "\n".join(dates) + "\n", encoding="utf-8")
    (tmp_path / "map.yaml").write_text("columns: {received: received}\n", encoding="utf-8")

    said = rescuesim("measure", planner, "--map", "map.yaml", "--out", "m")

    assert said.code == 0, said.err
    assert "hours are not known" in said.err
    assert "Response times are not known" in said.out
    assert not [r for r in table(tmp_path / "m" / "rates.csv") if r["group"].startswith("hour:")]
    assert not [r for r in table(tmp_path / "m" / "summary.csv") if r["group"].startswith("hour:")]
    assert not (tmp_path / "m" / "figures" / "day-profile.png").exists()


MISTAKES = {
    "a column that is not there": (("on_scene: there", "on_scene: thre"), "did you mean 'there'"),
    "a time zone that is none": (("Europe/Berlin", "Berlin"), "there is no time zone 'Berlin'"),
    "another order of dates": (
        ("timezone:", "dates: month/day/year\ntimezone:"),
        "there is no day '13/03/2025' as month/day/year (3 rows: 32, 33, 34)",
    ),
    "words for priorities": (("kind: kind", "priority: kind"), "say what its values mean"),
    "the date alone": (("{received", "{date: received, received"), "`date` is for a record"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_mistakes_of_a_first_mapping_are_told_with_what_would_be_right(
    rescuesim, planner, tmp_path, case
):
    change, said = MISTAKES[case]
    (tmp_path / "map.yaml").write_text(MAP.replace(*change), encoding="utf-8")

    found = rescuesim("measure", planner, "--map", "map.yaml", "--out", "m")

    assert found.code == 2
    assert said in found.err
    assert "Traceback" not in found.err
    assert not (tmp_path / "m").exists()


# -- where clocks are changed ---------------------------------------------------------------------

SUMMER = COLUMNS.replace("Asia/Damascus", "Europe/Berlin")


def table_rows(folder, measure):
    return {g: r["value"] for (_, m, g), r in summary(folder).items() if m == measure}


def test_a_record_over_a_change_of_clocks_has_the_hours_that_were_written(rescuesim, tmp_path):
    """Calls at 14:00 on both sides; the day of the change has 23 hours and is one day of three."""
    (tmp_path / "columns.yaml").write_text(SUMMER, encoding="utf-8")
    days = ("2025-03-29", "2025-03-30", "2025-03-31")
    lines = [
        f"{d}-{n},{d}T{14 + n}:00,fire,Jablah,Coast,U,0.5,5,30\n" for d in days for n in (0, 1)
    ]
    (tmp_path / "past.csv").write_text(HEAD + "".join(lines), encoding="utf-8")

    said = rescuesim("measure", "past.csv", "--columns", "columns.yaml", "--out", "m")

    assert said.code == 0
    found = table_rows(tmp_path / "m", "response_mean_reached")
    assert {g for g in found if g.startswith("hour:")} == {"hour:14", "hour:15"}
    assert float(summary(tmp_path / "m")["record", "callouts", "all"]["value"]) == 2
    measured = json.loads((tmp_path / "m" / "measured.json").read_text(encoding="utf-8"))
    assert measured["start"] == "2025-03-29T00:00:00"
    assert measured["end_ms"] == 72 * 3_600_000  # as clocks show it


@pytest.mark.long
def test_35_000_rows_are_measured_in_three_seconds_of_a_processor(process, tmp_path):
    """Three seconds where ten million additions take half of one; twice that where all is busy."""
    (tmp_path / "calls.csv").write_text(many_callouts(), encoding="utf-8")
    (tmp_path / "map.yaml").write_text(yaml_of(FIRE_BRIGADE), encoding="utf-8")
    begun = time.process_time()
    total = 0
    for number in range(10_000_000):
        total += number
    half_a_second = time.process_time() - begun

    before = os.times()
    said = process("measure", "calls.csv", "--map", "map.yaml", "--no-figures", "--out", "m")
    after = os.times()

    assert said.code == 0, said.err
    took = after.children_user + after.children_system
    took -= before.children_user + before.children_system
    assert took <= 2 * 6 * half_a_second
