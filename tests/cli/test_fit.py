"""``rescuesim fit``: from a record of past callouts to a scenario that checks and runs."""

import csv
import re
from datetime import datetime, timedelta

import numpy as np
import pytest

import sim
from sim.engine import simulate
from sim.log import KeptLog
from sim.policies import policy_sets
from sim.world import build

START = datetime(2023, 1, 1)
COLUMNS = ("id", "received", "type", "town", "lat", "lon", "crew", "sent", "moving", "there",
           "left", "hospital", "free")  # fmt: skip
MAP = """\
columns: {callout: id, received: received, kind: type, place: town, lat: lat, lon: lon, unit: crew,
          dispatched: sent, en_route: moving, on_scene: there, left: left, at_hospital: hospital,
          cleared: free}
"""
WITHOUT_PLACES = MAP.replace(" lat: lat, lon: lon,", "").replace(" place: town,", "")
TOWNS = {"Jablah": (35.36, 35.93), "Hill: 'north' #2": (35.4, 36.0), "Banyas": (35.18, 35.94)}
BASES = "unit,lat,lon,base\nJohn Doe,35.36,35.93,Harbour\nUnit 2,35.4,36.0,Jablah\n"


def invented(days=60, rate=10, kinds=("medical", 'fire "big"'), seed=1, by_distance=True):
    """Return rows of an invented record; a quarter of the medical callouts end in a transport."""
    rng, rows = np.random.default_rng(seed), []
    for n, hour in enumerate(np.sort(rng.uniform(0, 24 * days, rng.poisson(rate * days)))):
        at = START + timedelta(hours=float(hour))
        kind = kinds[0] if rng.random() < 0.7 or len(kinds) == 1 else kinds[1]
        town = list(TOWNS)[rng.choice(3, p=[0.5, 0.3, 0.2])]
        lat, lon = TOWNS[town] + rng.normal(0, 0.005, 2)
        unit = ("John Doe", "Unit 2")[rng.integers(2)]
        from_base = np.hypot(lat - 35.36, lon - 35.93) * 111 if by_distance else 5.0
        drive = (1 + 60 * from_base / 40) * rng.lognormal(0, 0.3)
        steps = [rng.lognormal(0.5, 0.4), rng.gamma(4, 0.4), drive, rng.lognormal(3, 0.5)]
        sent, moving, there, done = (float(t) for t in np.cumsum(steps))
        times = [sent, moving, there, None, None, done]
        if kind == kinds[0] and rng.random() < 0.25:
            times = [sent, moving, there, done, done + 12, done + 30]
        said = ["" if t is None else f"{at + timedelta(minutes=t):%Y-%m-%d %H:%M:%S}"
                for t in times]  # fmt: skip
        rows.append([f"C{n}", f"{at:%Y-%m-%d %H:%M:%S}", kind, town, f"{lat:.5f}", f"{lon:.5f}",
                     unit, *said])  # fmt: skip
    return rows


def write(path, rows):
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS, *rows])


@pytest.fixture
def record(tmp_path):
    """A record of two months, its mapping, and a table of bases."""
    write(tmp_path / "past.csv", invented())
    (tmp_path / "map.yaml").write_text(MAP, encoding="utf-8")
    (tmp_path / "bases.csv").write_text(BASES, encoding="utf-8")
    return tmp_path / "past.csv"


def left_behind(folder):
    """Return what there is beside what the fixture wrote."""
    return sorted({p.name for p in folder.iterdir()} - {"past.csv", "map.yaml", "bases.csv"})


@pytest.mark.parametrize("more", [(), ("--bases", "bases.csv")])
def test_what_is_fitted_checks_and_runs(rescuesim, record, tmp_path, more):
    """With names that YAML and comments could trip over."""
    fitted = rescuesim("fit", record, "--map", "map.yaml", "--out", "my.yaml", *more)

    assert fitted.code == 0, fitted.err
    assert "wrote my.yaml" in fitted.out
    assert len(fitted.out.splitlines()) <= 25
    assert left_behind(tmp_path) == ["my-fit.png", "my.yaml"]
    checked = rescuesim("check", "my.yaml")
    assert (checked.code, checked.err) == (0, "")
    ran = rescuesim("run", "my.yaml", "--days", "7", "--replications", "2", "--no-figures")
    assert ran.code == 0


def test_without_coordinates_and_places_it_checks_and_runs_and_says_so(rescuesim, record, tmp_path):
    (tmp_path / "map.yaml").write_text(WITHOUT_PLACES, encoding="utf-8")
    said = rescuesim("fit", record, "--map", "map.yaml", "--out", "my.yaml", "--no-figures")

    assert said.code == 0, said.err
    text = (tmp_path / "my.yaml").read_text(encoding="utf-8")
    assert "no speeds are fitted" in text
    assert left_behind(tmp_path) == ["my.yaml"]
    assert rescuesim("check", "my.yaml").code == 0


def test_where_units_were_gives_speeds_without_a_table_of_bases(record, tmp_path):
    """Each drive is at 40 km/h on the straight line from where its unit was."""
    rng, rows = np.random.default_rng(3), invented(days=30)
    for row in rows:
        lat, lon = float(row[4]) + rng.uniform(-0.1, 0.1), float(row[5])
        left = datetime.fromisoformat(row[8])
        km = abs(lat - float(row[4])) * 111.195
        row[9] = f"{left + timedelta(hours=km / 40):%Y-%m-%d %H:%M:%S}"
        row[10:] = ["", "", ""]
        row.append(f"POINT ({lon} {lat})")
    with record.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([(*COLUMNS, "was"), *rows])
    (tmp_path / "map.yaml").write_text(MAP.replace("unit: crew", "unit: crew, unit_point: was"))

    found = sim.fit(record, tmp_path / "map.yaml")

    assert found.fitted.drives.basis == "starts"
    assert found.fitted.drives.kmh[0] == pytest.approx(40, rel=0.02)
    assert any("where units were when dispatched" in limit for limit in found.limits)


def test_a_record_of_nothing_but_instants_received_checks_and_runs(rescuesim, record, tmp_path):
    """All but the rates is assumed then, and said to be."""
    (tmp_path / "map.yaml").write_text("columns: {received: received}\n", encoding="utf-8")
    said = rescuesim("fit", record, "--map", "map.yaml", "--out", "my.yaml")

    assert said.code == 0, said.err
    text = (tmp_path / "my.yaml").read_text(encoding="utf-8")
    assert "one team is assumed" in text
    assert "30 minutes on average are assumed" in text
    assert rescuesim("check", "my.yaml").code == 0


def test_drives_that_do_not_grow_with_distance_have_no_speed(record, tmp_path):
    """A speed of 400 km/h would be nobody's."""
    write(record, invented(by_distance=False))
    found = sim.fit(record, tmp_path / "map.yaml")

    assert found.fitted.drives.kmh is None
    assert any("do not grow with the straight line" in limit for limit in found.limits)


def test_numbers_have_their_count_and_interval_next_to_them(record, tmp_path):
    found = sim.fit(record, tmp_path / "map.yaml", tmp_path / "bases.csv")
    text = found.text("my")

    number = r"95% [\d.]+ to [\d.]+"
    assert len(re.findall(rf"- [\d.]+  # \d\d:00: \d+ callouts in [\d,]+ h, {number}", text)) in (
        0, 24,
    )  # fmt: skip
    assert re.search(rf"# rate: [\d,]+ callouts in [\d.]+ days covered; {number} per day", text)
    assert re.search(rf"share: [\d.]+  # n = [\d,]+, {number}", text)
    assert re.search(rf"transported: [\d.]+  # [\d,]+ of [\d,]+ reached, {number}", text)
    assert re.search(rf"# lognormal: median [\d.]+ min \({number}\), p90 [\d.]+ min", text)
    assert re.search(r"# AIC: lognormal [\d.]+, \w+ \+", text)
    assert found.fitted.input.sha256 in text
    assert f"{len(found.fitted.input.received):,} rows used" in text


def test_nobody_can_be_known_from_it(record, tmp_path):
    """Units may be called by people's names, and a callout's position is its caller's door."""
    rows = invented()
    for n in range(3):
        rows[n][3], rows[n][2] = f"Palm street {n}", "of the mayor"
    write(record, rows)
    text = sim.fit(record, tmp_path / "map.yaml", tmp_path / "bases.csv").text()

    for told in ("John Doe", "Unit 2", "Palm street", "mayor", "C17", rows[17][1], rows[17][4]):
        assert told not in text
    assert not re.search(r"35\.\d{3}", text)


def test_it_says_what_is_assumed(record, tmp_path):
    limits = " ".join(sim.fit(record, tmp_path / "map.yaml").limits)

    assert "Months are not fitted" in limits
    assert "Bases are illustrative" in limits
    assert "Speeds by class of road cannot be told" in limits
    assert "Rosters" in limits


def test_one_kind_only_works_and_is_said(rescuesim, record, tmp_path):
    write(record, invented(kinds=("medical",)))
    said = rescuesim("fit", record, "--map", "map.yaml", "--out", "my.yaml", "--no-figures")

    assert said.code == 0
    assert "one kind of callout" in (tmp_path / "my.yaml").read_text(encoding="utf-8")
    assert rescuesim("check", "my.yaml").code == 0


def test_less_than_two_weeks_has_no_weekdays_and_says_so(rescuesim, record, tmp_path):
    write(record, invented(days=6))
    said = rescuesim("fit", record, "--map", "map.yaml", "--out", "my.yaml", "--no-figures")

    assert said.code == 0
    assert "index of dispersion not known" in said.out
    assert "Weekdays are not fitted" in (tmp_path / "my.yaml").read_text(encoding="utf-8")
    assert rescuesim("check", "my.yaml").code == 0


@pytest.mark.parametrize(("days", "rate", "told"), [
    (2, 40, "span 1.9 days; at least 3 are needed"),
    (30, 0.5, "callouts are too few to fit anything; at least 30"),
])  # fmt: skip
def test_a_record_too_short_is_refused(rescuesim, record, tmp_path, days, rate, told):
    write(record, invented(days=days, rate=rate))
    said = rescuesim("fit", record, "--map", "map.yaml", "--out", "my.yaml")

    assert said.code == 2
    assert told in said.err
    assert left_behind(tmp_path) == []


def test_days_can_be_held_out(rescuesim, record, tmp_path):
    """What is fitted is what a record of the other days alone would give, to the byte."""
    rows = invented()
    at = COLUMNS.index("received")
    days = ("--from", "2023-01-08", "--until", "2023-02-20")
    said = rescuesim("fit", record, "--map", "map.yaml", "--out", "held/my.yaml", *days)
    write(record, [row for row in rows if "2023-01-08" <= row[at] < "2023-02-20"])
    alone = rescuesim("fit", record, "--map", "map.yaml", "--out", "alone/my.yaml")

    assert (said.code, alone.code) == (0, 0), said.err
    held = (tmp_path / "held" / "my.yaml").read_text(encoding="utf-8").splitlines()
    other = (tmp_path / "alone" / "my.yaml").read_text(encoding="utf-8").splitlines()
    (left_out,) = [line for line in held if "held out" in line]
    out = sum(not "2023-01-08" <= row[at] < "2023-02-20" for row in rows)
    assert f"{out:,} rows not used: received on a day that is held out" in left_out
    hashes = "SHA-256"
    assert [line for line in held if line != left_out and hashes not in line] == [
        line for line in other if hashes not in line
    ]


@pytest.mark.parametrize(("days", "told"), [
    (("--from", "2023-13-01"), "--from: "),
    (("--until", "soon"), "--until: "),
    (("--from", "2023-02-01", "--until", "2023-02-01"), "no day is left to fit"),
    (("--from", "2024-02-01"), "no callout of this record was received on the days"),
])  # fmt: skip
def test_days_that_cannot_be_are_told(rescuesim, record, tmp_path, days, told):
    said = rescuesim("fit", record, "--map", "map.yaml", "--out", "my.yaml", *days)

    assert said.code == 2
    assert told in said.err
    assert left_behind(tmp_path) == []


def test_negative_intervals_are_refused_with_their_rows(rescuesim, record, tmp_path):
    rows = invented()
    rows[4][9], rows[4][8] = rows[4][8], rows[4][9]
    write(record, rows)
    said = rescuesim("fit", record, "--map", "map.yaml", "--out", "my.yaml")

    assert said.code == 2
    assert "past.csv:6" in said.err
    assert "before" in said.err
    assert left_behind(tmp_path) == []


def test_negative_intervals_may_be_left_out_and_are_counted(rescuesim, record, tmp_path):
    rows = invented()
    rows[4][9], rows[4][8] = rows[4][8], rows[4][9]
    write(record, rows)
    (tmp_path / "map.yaml").write_text(MAP + "disordered: leave out\n", encoding="utf-8")
    said = rescuesim("fit", record, "--map", "map.yaml", "--out", "my.yaml", "--no-figures")

    assert said.code == 0
    assert "1 row" in said.err
    text = (tmp_path / "my.yaml").read_text(encoding="utf-8")
    assert "When the record was read: 1 row not used" in text


def test_a_mapping_to_a_column_that_is_not_there_is_refused(rescuesim, record, tmp_path):
    (tmp_path / "map.yaml").write_text(MAP.replace("type", "typ"), encoding="utf-8")
    said = rescuesim("fit", record, "--map", "map.yaml", "--out", "my.yaml")

    assert said.code == 2
    assert "typ" in said.err
    assert "past.csv:1" in said.err
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(("table", "told"), [
    ("unit,lat\nUnit 2,35\n", "lon"),
    ("unit,lat,lon\nUnit 2,95,36\n", "95"),
    ("unit,lat,lon\nUnit 2,35,36\nUnit 2,35.1,36\n", "two rows"),
    ("unit,lat,lon\nNobody,35,36\n", "none of the units"),
    ("", "empty"),
])  # fmt: skip
def test_a_wrong_table_of_bases_is_refused(rescuesim, record, tmp_path, table, told):
    (tmp_path / "bases.csv").write_text(table, encoding="utf-8")
    said = rescuesim("fit", record, "--map", "map.yaml", "--bases", "bases.csv", "--out", "my.yaml")

    assert said.code == 2
    assert told in said.err
    assert left_behind(tmp_path) == []


@pytest.mark.parametrize(("name", "told"), [("my.txt", "ends in .yaml"), ("map.yaml", "there")])
def test_nothing_is_written_over_or_under_another_ending(rescuesim, record, tmp_path, name, told):
    said = rescuesim("fit", record, "--map", "map.yaml", "--out", name)

    assert said.code == 2
    assert told in said.err
    assert (tmp_path / "map.yaml").read_text(encoding="utf-8") == MAP


def test_files_that_are_not_there_are_told(rescuesim, record):
    for arguments in (("none.csv", "map.yaml"), (record, "none.yaml")):
        said = rescuesim("fit", arguments[0], "--map", arguments[1], "--out", "my.yaml")
        assert said.code == 2
        assert "none" in said.err


def test_the_same_record_gives_the_same_scenario(record, tmp_path):
    first, second = (sim.fit(record, tmp_path / "map.yaml").text("my") for _ in range(2))

    assert first == second


def test_what_is_found_can_be_looked_at_in_python(record, tmp_path):
    found = sim.fit(record, tmp_path / "map.yaml", tmp_path / "bases.csv")

    assert "callouts a day" in str(found)
    assert "past.csv" in repr(found)
    assert found.figure()._repr_png_()[:4] == b"\x89PNG"
    assert found.fitted.drives.kmh is not None
    assert found.save(tmp_path / "new" / "my.yaml", figure=False) == [tmp_path / "new" / "my.yaml"]


@pytest.mark.long
def test_the_parameters_of_a_simulation_are_found_in_its_log(tmp_path):
    """A scenario with known parameters is run, its log written as a record, and fitted."""
    file = sim.load("first-steps", {
        "clock.length": "700 days",
        "teams.Harbour.count": 9, "teams.Harbour.crew": 9, "teams.Hill.crew": 9,
    })  # fmt: skip
    record = tmp_path / "log.csv"
    _write_log(file, record)
    (tmp_path / "map.yaml").write_text(
        "columns: {callout: call, received: received, kind: kind, place: place, unit: unit, "
        "entry: ready,\n  dispatched: sent, en_route: moving, on_scene: there, left: left, "
        "at_hospital: hospital, cleared: free}\n", encoding="utf-8",
    )  # fmt: skip

    found = sim.fit(record, tmp_path / "map.yaml").fitted

    assert found.rates.low < 12 < found.rates.high
    assert found.rates.dispersion.p_value > 0.01
    kinds = dict(zip(found.input.kinds, range(2), strict=True))
    injury, fire = kinds["injury"], kinds["fire"]
    assert found.rates.kinds[injury].low < 0.7 < found.rates.kinds[injury].high
    places = dict(zip(found.input.places, found.rates.places.value, strict=True))
    assert places == pytest.approx({"Harbour": 0.5, "Bridge": 0.3, "Hill": 0.2}, abs=0.02)
    assert found.phases["call handling"].overall.fixed == pytest.approx(2)
    turnout = found.phases["turnout"].overall.chosen
    _is_about(turnout, "lognormal", median=1.7889, p90=3.2873)  # of mean 2, sd 1
    _is_about(found.phases["on scene"].kinds[injury].chosen, "lognormal", median=20, p90=35)
    _is_about(found.phases["on scene"].kinds[fire].chosen, "gamma", mean=60, sd=40)
    assert found.transported.low[injury] < 0.6 < found.transported.high[injury]
    assert found.phases["handover"].kinds[injury].fixed == pytest.approx(15)


def _is_about(fit, family, **truth):
    """Hold a fit against the truth, within twice its 95 % interval."""
    assert fit.family.name == family
    for word, value in truth.items():
        middle, low, high = fit.said[word]
        assert middle - 2 * (middle - low) < value < middle + 2 * (high - middle), word


def _write_log(file, path):
    """Write a run's missions as a record."""
    log, world = KeptLog(), build(file)
    simulate(world, policy_sets(file)["today"], log, 1, 0)
    names, start = world.names, file.scenario.clock.start
    callouts = {row.callout: row for row in log.callouts}

    def said(at):
        return "" if at is None else (start + timedelta(milliseconds=at)).isoformat()

    with path.open("w", newline="", encoding="utf-8") as out:
        table = csv.writer(out)
        table.writerow(["call", "received", "kind", "place", "unit", "ready", "sent", "moving",
                        "there", "left", "hospital", "free"])  # fmt: skip
        for m in log.missions:
            c = callouts[m.callout]
            table.writerow([
                c.callout, said(c.received), names.kinds[c.kind], names.places[c.place],
                names.teams[m.team], said(c.ready), *map(said, (m.dispatched, m.en_route,
                m.on_scene, m.left, m.at_hospital, m.cleared)),
            ])  # fmt: skip
