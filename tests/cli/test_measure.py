"""``rescuesim measure``: what was recorded, by the same measures as a run, without simulation."""

import csv
import gzip
import json

import pytest

from sim.experiment import read_results
from sim.experiment.results.measured_record import measure_log
from sim.page import page_of

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
    said = rescuesim("measure", record, "--columns", "columns.yaml", "--no-figures",
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
    assert rescuesim("measure", record, "--columns", "columns.yaml", "--out", "m").code == 0

    drawn = {p.name for p in (tmp_path / "m" / "figures").glob("*.png")}
    assert drawn == {"share-reached.png", "day-profile.png", "areas.png"}


def test_a_second_measurement_replaces_the_first(rescuesim, record, tmp_path):
    flags = ("measure", record, "--columns", "columns.yaml", "--out", "m", "--no-figures")
    assert rescuesim(*flags).code == 0
    before = (tmp_path / "m" / "summary.csv").read_bytes()

    assert rescuesim(*flags).code == 0

    assert (tmp_path / "m" / "summary.csv").read_bytes() == before


def test_json_is_one_object(rescuesim, record):
    said = rescuesim(
        "measure", record, "--columns", "columns.yaml", "--no-figures", "--json", "--quiet"
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
    "no mapping": ((), "describe its columns with --columns"),
    "both": (("--columns", "columns.yaml", "--scenario", "first-steps"), "give one of them"),
    "no such kind": (
        ("--columns", "columns.yaml", "--target", "fire by 8"),
        "expected something as --target",
    ),
    "no unit": (("--columns", "columns.yaml", "--target", "fire within 8"), "needs a unit"),
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

    found = rescuesim("measure", record, "--columns", "columns.yaml")

    assert found.code == 2
    assert said in found.err
    assert "1 error\n" in found.err
    assert not (tmp_path / "results").exists()


def test_a_mapping_with_an_error_is_told_at_its_place(rescuesim, record, tmp_path):
    (tmp_path / "columns.yaml").write_text(COLUMNS.replace("unit: min", "unit: hours"))

    found = rescuesim("measure", record, "--columns", "columns.yaml")

    assert found.code == 2
    assert "columns.yaml:3:" in found.err


def test_a_folder_with_other_files_is_left_alone(rescuesim, record, tmp_path):
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "letter.txt").write_text("mine")

    found = rescuesim("measure", record, "--columns", "columns.yaml", "--out", "m")

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
    assert (measured["start"], measured["end"]) == ("2025-03-29T00:00:00", "2025-04-01T00:00:00")
    assert measured["end_ms"] == 71 * 3_600_000
