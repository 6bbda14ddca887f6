"""``rescuesim validate``: a scenario and a record side by side, and what is wrong with either."""

import csv
import json
from datetime import datetime, timedelta
from math import ceil

import numpy as np
import pytest

from ..experiment.own_record import HEAD, MAPPING, TINY

START = datetime(2025, 1, 6)
DAYS, FEW = 14, ("--no-figures", "--replications", "2", "--quiet")


def rows_of(days=DAYS, each=4):
    """
    Return callouts of a record by hand: minutes after the call for each instant.

    Seconds are uneven, so that it is not written to the minute. The simulation needs 2 min of
    call handling, 1 of turnout, and 1 or 9 of travel.
    """
    for day in range(days):
        for n in range(each):
            at = START + timedelta(days=day, hours=5 * n + 2)
            farm, fire = (day + n) % 2, n % 2
            sent = 2 + day % 2 + 0.05
            moving = sent + 1
            there = moving + (9 if farm else 1) + n
            left = "" if fire else there + 20
            hospital = "" if fire else left + (9 if farm else 1)
            free = there + 30 + day % 3 if fire else hospital + 15
            kind, place = ("fire", "medical")[1 - fire], ("Farm", "Town")[1 - farm]
            yield (f"{day}-{n}", at, kind, place, "E1", sent, sent, moving, there, left, hospital,
                   free)  # fmt: skip


def text_of(rows):
    lines = [",".join(HEAD)]
    for call, at, kind, place, unit, *minutes in rows:
        times = ["" if m == "" else (at + timedelta(minutes=m)).isoformat() for m in minutes]
        lines.append(",".join([call, at.isoformat(), kind, place, unit, *times]))
    return "\n".join(lines) + "\n"


@pytest.fixture
def files(tmp_path):
    """The tiny scenario, the mapping and a record of two weeks, every time in it by hand."""
    (tmp_path / "tiny.yaml").write_text(TINY, encoding="utf-8")
    (tmp_path / "map.yaml").write_text(MAPPING, encoding="utf-8")
    (tmp_path / "past.csv").write_text(text_of(rows_of()), encoding="utf-8")
    return tmp_path


@pytest.fixture
def validate(rescuesim, files):
    def call(*flags, mapping="map.yaml"):
        return rescuesim("validate", "tiny.yaml", "past.csv", "--map", mapping, *flags)

    return call


def table(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def order(times, p):
    """Return the order statistic of rank ceil(N p)."""
    return sorted(times)[ceil(round(len(times) * p, 9)) - 1]


STATISTICS = {
    "p10": 0.1, "p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "mean": None,
}  # fmt: skip


def recount(days):
    """Return every callout's times [min] as recorded and as simulated, worked out by hand."""
    found = []
    for _, at, kind, place, _, sent, _, moving, there, left, hospital, free in rows_of():
        day = (at - START).days
        if day not in days:
            continue
        drive = 9 if place == "Farm" else 1
        recorded = {
            "response": there, "call handling": sent, "queue": 0, "turnout": moving - sent,
            "travel": there - moving, "on scene": (free if left == "" else left) - there,
        }  # fmt: skip
        simulated = {
            "response": 3 + drive, "call handling": 2, "queue": 0, "turnout": 1, "travel": drive,
            "on scene": 30 if kind == "fire" else 20,
        }  # fmt: skip
        if left != "":
            recorded |= {"transport": hospital - left, "handover": free - hospital}
            simulated |= {"transport": drive, "handover": 15}
        band = f"hours:{at.hour // 6 * 6:02d}-{at.hour // 6 * 6 + 6:02d}"
        area, priority = {"Farm": "Hills", "Town": "Coast"}[place], 2 if kind == "fire" else 1
        groups = {
            "all", band, f"hour:{at.hour:02d}", f"weekday:{at:%a}", f"kind:{kind}",
            f"priority:{priority}", f"area:{area}", f"place:{place}",
        }  # fmt: skip
        found.append((groups, recorded, simulated))
    return found


def test_every_number_of_the_tables_is_that_of_a_recount(validate, files):
    """Of a record by hand and a scenario in which nothing is drawn; the edges are left out."""
    assert validate("--demand", "record", "--out", "v", *FEW).code == 0
    rows, callouts = table(files / "v" / "validation.csv"), recount(range(1, DAYS - 1))

    for row in rows:
        own = [(r, s) for groups, r, s in callouts if row["group"] in groups and row["part"] in r]
        both = []
        for side in (0, 1):
            times = [pair[side][row["part"]] for pair in own]
            p = STATISTICS[row["statistic"]]
            both.append(np.mean(times) if p is None else order(times, p))
        assert float(row["recorded"]) == pytest.approx(both[0], abs=2e-5), row
        assert float(row["simulated"]) == pytest.approx(both[1], abs=2e-5), row
        assert float(row["difference"]) == pytest.approx(both[1] - both[0], abs=4e-5), row
        assert int(row["callouts"]) == len(own)
        least = {"response": 1, "on scene": 1, "transport": 1, "handover": 1}.get(row["part"], 0.25)
        assert float(row["tolerance"]) == pytest.approx(max(0.1 * both[0], least), abs=2e-5), row
    seen = {(row["part"], row["group"]) for row in rows}
    assert seen == {
        (part, group) for groups, r, _ in callouts for part in r for group in groups
        if not group.startswith("place:")  # fewer than 30 callouts in each
    }  # fmt: skip


def test_shares_and_quantiles_are_those_of_a_recount(validate, files):
    assert validate("--demand", "record", "--out", "v", *FEW).code == 0
    callouts = recount(range(1, DAYS - 1))
    recorded = [r["response"] for _, r, _ in callouts]
    simulated = [s["response"] for _, _, s in callouts]

    for row in table(files / "v" / "calibration.csv"):
        if row["part"] == "response":
            within = float(row["within_min"]) + 1e-4
            for name, times in (("recorded", recorded), ("simulated", simulated)):
                assert float(row[name]) == pytest.approx(np.mean([t <= within for t in times]),
                                                         abs=1e-5)  # fmt: skip
            assert float(row["recorded_low"]) <= float(row["recorded"]) + 1e-5
            assert float(row["recorded"]) <= float(row["recorded_high"]) + 1e-5
    for row in table(files / "v" / "quantiles.csv"):
        if row["part"] == "response":
            p = float(row["share"])
            assert float(row["recorded"]) == pytest.approx(order(recorded, p), abs=2e-5)
            assert float(row["simulated"]) == pytest.approx(order(simulated, p), abs=2e-5)


def test_the_answer_comes_first_and_is_short(validate):
    said = validate(*FEW)

    assert said.code == 0
    lines = said.out.rstrip().splitlines()
    assert len(lines) <= 27  # 25, a line before and where the results are
    told = " ".join(said.out.split())
    assert "Response: the model is" in told
    assert "May not be trusted" in told
    assert "tolerance 10 %, at least 1 min" in told
    assert "who was on duty (not in a record)" in told
    assert "validated" not in told.replace("results/validated-tiny-past", "")


def test_the_folder_says_what_was_compared(validate, files):
    assert validate("--out", "v", "--replications", "2", "--quiet").code == 0

    folder = files / "v"
    facts = json.loads((folder / "validation.json").read_text(encoding="utf-8"))
    assert (facts["days"], facts["callouts"], facts["replications"]) == (12, 48, 2)
    assert facts["start"] == "2025-01-07T00:00"
    assert {p.name for p in folder.glob("*.csv")} == {
        "validation.csv", "distributions.csv", "calibration.csv", "quantiles.csv",
    }  # fmt: skip
    assert {p.name for p in (folder / "figures").glob("*.png")} == {
        "agreement.png", "calibration.png",
    }  # fmt: skip
    assert set(facts["outputs"]) == {
        p.relative_to(folder).as_posix() for p in folder.rglob("*")
        if p.is_file() and p.name != "validation.json"
    }  # fmt: skip


def test_again_is_the_same_to_the_byte(validate, files):
    assert validate("--out", "v", *FEW).code == 0
    before = (files / "v" / "validation.csv").read_bytes()

    assert validate("--out", "v", *FEW).code == 0

    assert (files / "v" / "validation.csv").read_bytes() == before


def test_json_is_one_object(validate):
    said = validate("--json", *FEW)

    found = json.loads(said.out)
    assert found["validation"][0]["part"] == "response"
    assert found["agrees"] is False
    assert found["answer"][0].startswith("Response:")


def test_a_period_can_be_held_out(validate, files):
    flags = ("--from", "2025-01-06", "--until", "2025-01-13", "--demand", "record")
    assert validate(*flags, "--out", "v", *FEW).code == 0

    facts = json.loads((files / "v" / "validation.json").read_text(encoding="utf-8"))
    assert (facts["days"], facts["callouts"]) == (7, 28)


def test_a_tolerance_is_stated(validate, files):
    assert validate("--tolerance", "1% 10 min", "--demand", "record", "--out", "v", *FEW).code == 0

    by_part = {r["part"]: r for r in table(files / "v" / "validation.csv")}
    assert float(by_part["on scene"]["tolerance"]) == 10
    assert float(by_part["turnout"]["tolerance"]) == 2.5


def test_hours_are_those_of_the_scenarios_time_zone(validate, files):
    """Damascus is three hours ahead of the record's clock all year round since 2022."""
    there = TINY.replace("timezone: UTC", "timezone: Asia/Damascus")
    (files / "tiny.yaml").write_text(there, encoding="utf-8")
    (files / "map.yaml").write_text(MAPPING + "timezone: UTC\n", encoding="utf-8")

    assert validate("--demand", "record", "--out", "v", *FEW).code == 0

    hours = {r["group"] for r in table(files / "v" / "validation.csv")} & {
        f"hour:{hour:02d}" for hour in range(24)
    }
    assert hours == {"hour:05", "hour:10", "hour:15", "hour:20"}  # received at 2, 7, 12, 17


def test_parts_that_the_record_lacks_are_named_and_not_compared(validate, files):
    short = "columns: {received: received, kind: kind, place: place, on_scene: there}\n"
    (files / "short.yaml").write_text(short, encoding="utf-8")

    said = validate("--out", "v", "--demand", "record", *FEW, mapping="short.yaml")

    assert {r["part"] for r in table(files / "v" / "validation.csv")} == {"response"}
    assert "turnout apart (no column)" in " ".join(said.out.split())


# What is wrong


def refused(files, said, *words):
    assert said.code == 2, said.err
    for word in words:
        assert word in said.err
    assert "Traceback" not in said.err
    assert not (files / "results").exists()
    assert not (files / "v").exists()


def test_kinds_and_places_that_the_scenario_lacks_are_counted_at_the_mapping(validate, files):
    text = (files / "past.csv").read_text(encoding="utf-8")
    text = text.replace(",medical,", ",medic,").replace(",Farm,", ",Ferm,")
    (files / "past.csv").write_text(text, encoding="utf-8")

    said = validate(*FEW)

    refused(files, said, "map.yaml:1:", "28 callouts are of a kind", "'medic' (28)",
            "28 callouts are of a place", "'Ferm' (28)", "medical, fire")  # fmt: skip


def test_words_that_a_fit_joined_are_taken_as_it_joined_them(validate, files):
    """So that a scenario that `fit` wrote can be judged by the record it was fitted to."""
    for name, word, other in (("past.csv", ",medical,Farm,", ",bee swarm,Mill Lane 3,"),
                              ("tiny.yaml", "medical:", "other kinds:"),
                              ("tiny.yaml", "Farm", "other places")):  # fmt: skip
        text = (files / name).read_text(encoding="utf-8").replace(word, other)
        if name == "past.csv":
            text = text.replace(",medical,", ",other kinds,").replace(",Farm,", ",other places,")
        (files / name).write_text(text, encoding="utf-8")

    said = validate("--out", "v", "--no-figures", "-n", "2")

    assert said.code == 0
    assert (
        "14 callouts are of a kind that is not in the scenario: taken as 'other kinds'" in said.err
    )
    assert (
        "14 callouts are of a place that is not in the scenario: taken as 'other places'"
        in said.err
    )
    facts = json.loads((files / "v" / "validation.json").read_text(encoding="utf-8"))
    assert facts["left_out"] == 0


def test_callouts_of_no_kind_are_those_that_a_fit_calls_not_recorded(validate, files):
    (files / "tiny.yaml").write_text(TINY.replace("medical:", "not recorded:"), encoding="utf-8")
    text = (files / "past.csv").read_text(encoding="utf-8").replace(",medical,", ",,")
    (files / "past.csv").write_text(text, encoding="utf-8")

    said = validate("--out", "v", "--no-figures", "-n", "2")

    assert said.code == 0
    assert (
        "28 callouts are of a kind that is not in the scenario: taken as 'not recorded'" in said.err
    )


def test_an_area_is_where_a_callout_was_if_nothing_else_says_it(validate, files):
    """As in a fit, which takes areas for places then."""
    mapping = MAPPING.replace("place: place", "area: place")
    (files / "areas.yaml").write_text(mapping, encoding="utf-8")
    assert validate("--out", "by-place", *FEW).code == 0

    assert validate("--out", "by-area", *FEW, mapping="areas.yaml").code == 0

    tables = [(files / name / "validation.csv").read_bytes() for name in ("by-place", "by-area")]
    assert tables[0] == tables[1]


def test_coordinates_may_be_in_one_cell(validate, files):
    """A column of points says where callouts were, as lat and lon do."""
    tiny = TINY.replace("Town: {area: Coast,", "Town: {area: Coast, lat: 0, lon: 0,")
    tiny = tiny.replace("Farm: {area: Hills,", "Farm: {area: Hills, lat: 0, lon: 0.1,")
    (files / "tiny.yaml").write_text(tiny, encoding="utf-8")
    assert validate("--out", "by-place", *FEW).code == 0
    text = (files / "past.csv").read_text(encoding="utf-8")
    text = text.replace(",Town,", ",POINT (0 0),").replace(",Farm,", ",POINT (0.1 0),")
    (files / "past.csv").write_text(text, encoding="utf-8")
    (files / "map.yaml").write_text(MAPPING.replace("place: place", "point: place"), "utf-8")

    assert validate("--out", "by-point", *FEW).code == 0

    tables = [(files / name / "validation.csv").read_bytes() for name in ("by-place", "by-point")]
    assert tables[0] == tables[1]


def test_where_all_callouts_are_at_one_place_no_column_needs_to_say_it(validate, files):
    tiny = TINY.replace("area: Hills, weight: 1", "area: Hills, weight: 0")
    (files / "tiny.yaml").write_text(tiny, encoding="utf-8")
    (files / "map.yaml").write_text(MAPPING.replace(" place: place,", ""), encoding="utf-8")

    assert validate("--out", "v", *FEW).code == 0


def test_they_are_left_out_where_the_mapping_says_so(validate, files):
    text = (files / "past.csv").read_text(encoding="utf-8")
    (files / "past.csv").write_text(text.replace(
        "fire,Farm", "fire,Ferm", 3), encoding="utf-8")  # fmt: skip
    (files / "map.yaml").write_text(MAPPING + "outside: leave out\n", encoding="utf-8")

    said = validate("--out", "v", "--demand", "record", "--no-figures", "-n", "2")

    assert said.code == 0
    assert "3 callouts are of a place that is not in the scenario: left out" in said.err
    facts = json.loads((files / "v" / "validation.json").read_text(encoding="utf-8"))
    assert facts["left_out"] == 3


def test_a_record_of_one_kind_is_refused_next_to_a_scenario_of_several(validate, files):
    text = (files / "past.csv").read_text(encoding="utf-8")
    (files / "past.csv").write_text(text.replace(",medical,", ",fire,"), encoding="utf-8")

    refused(files, validate(*FEW), "every callout of this record is 'fire'", "map.yaml:1:")


def test_seven_days_of_many_callouts_are_told_to_be_too_few_days(validate, files):
    (files / "past.csv").write_text(text_of(rows_of(9, each=5)), encoding="utf-8")

    said = validate("--out", "v", "--demand", "record", *FEW)

    assert said.code == 0
    assert "(7 days are too few to judge)" in " ".join(said.out.split())


def test_less_than_a_week_is_refused_and_why(validate, files):
    (files / "past.csv").write_text(text_of(rows_of(8)), encoding="utf-8")

    refused(files, validate(*FEW), "only 6 whole days", "neither weekdays nor how days differ")


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ("columns: {received: received, kind: kind, on_scene: there}\n", "says where callouts"),
        ("columns: {received: received, kind: kind, lat: y, lon: x, on_scene: there}\n",
         "no coordinates"),
        ("columns: {received: received, kind: kind, place: place}\n", "no time can be compared"),
        ("columns: {received: received, place: place, on_scene: there}\n", "tells them apart"),
        ("columns: {received: called, kind: kind, place: place, on_scene: there}\n", "called"),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_do_is_told_at_its_line(validate, files, mapping, said):
    (files / "map.yaml").write_text(mapping, encoding="utf-8")

    refused(files, validate(*FEW), said)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--from", "2026-01-01"), "the record is of 2025-01-06 to 2025-01-19"),
        (("--until", "soon"), "--until"),
        (("--tolerance", "a little"), "--tolerance"),
        (("--tolerance", "0%"), "--tolerance"),
        (("--policy", "nobody's"), "not among the scenario's policies"),
        (("--out", "past.csv"), "is a file"),
        (("--set", "demand.rate=none"), "demand.rate"),
    ],
)
def test_a_wrong_flag_is_told(validate, files, flags, said):
    refused(files, validate(*flags, *FEW), said)


def test_a_folder_of_something_else_is_left_alone(validate, files):
    (files / "mine").mkdir()
    (files / "mine" / "notes.txt").write_text("mine", encoding="utf-8")

    said = validate("--out", "mine", *FEW)

    assert (said.code, "notes.txt" in said.err) == (2, True)
    assert [p.name for p in (files / "mine").iterdir()] == ["notes.txt"]


def test_without_a_mapping_one_is_asked_for(rescuesim, files):
    refused(files, rescuesim("validate", "tiny.yaml", "past.csv"), "--map FILE")
