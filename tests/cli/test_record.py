"""``rescuesim record new``: what is proposed of a record is what it holds, and can be used."""

from pathlib import Path

import pytest

from sim.scenario.record_mapping.proposal import propose
from sim.scenario.recorded import read_layout

from ..record_shapes import CALLS, CALLS_ROWS, FIRE_BRIGADE, FIRE_BRIGADE_ROWS, many_callouts
from ..scenario.test_record_tables import workbook

NEMSIS = (
    "eResponse.03,eResponse.13,eDispatch.01,eTimes.01,eTimes.03,eTimes.05,eTimes.06,eTimes.09,"
    "eTimes.11,eTimes.13\n"
    "17,M1,Falls,2025-03-24T07:25:00-05:00,2025-03-24T07:26:00-05:00,2025-03-24T07:27:00-05:00,"
    "2025-03-24T07:35:00-05:00,,,2025-03-24T08:00:00-05:00\n"
)
NERIS = (
    "dispatch_internal_id,unit_id_linked,dispatch_incident_type,dispatch_time_call_arrival,"
    "time_dispatch,time_enroute_to_scene,time_on_scene,time_unit_clear\n"
    "17,E1,FIRE,2025-03-24T07:25:00+00:00,2025-03-24T07:26:00+00:00,2025-03-24T07:27:00+00:00,"
    "2025-03-24T07:35:00+00:00,2025-03-24T08:00:00+00:00\n"
)


def columns_of(text, tmp_path, name="calls.csv"):
    """Return the columns that are proposed, by field."""
    data = text.encode() if isinstance(text, str) else text
    path = tmp_path / "columns.yaml"
    path.write_text(propose(data, name).text, encoding="utf-8")
    layout, _ = read_layout(path)
    return {k: v for k, v in layout.columns.model_dump().items() if v is not None}, layout


def test_a_record_with_times_of_day_in_columns_of_their_own(tmp_path):
    found, layout = columns_of(FIRE_BRIGADE_ROWS, tmp_path)

    assert found == FIRE_BRIGADE["columns"]
    assert layout.dates == "day/month/year"


def test_a_record_of_several_units_a_call(tmp_path):
    found, _ = columns_of(CALLS_ROWS, tmp_path)

    assert found == {k: v for k, v in CALLS["columns"].items() if k != "priority"}


def test_what_only_a_person_knows_is_left_open_and_said():
    found = propose(CALLS_ROWS.encode(), "calls.csv")

    assert '# priorities: {1: [...], 2: [...]}  # 1 is the most urgent; the words: "3", "E"' in (
        found.text
    )
    assert "# timezone: Europe/Berlin  # STATE" in found.text
    assert found.to_do == ["state the time zone"]


def test_every_word_of_kinds_is_listed_to_be_put_together():
    """A fire brigade has sixty; whoever sorts them must not have to look the last ones up."""
    rows = "".join(f"2025-03-{1 + n % 28:02d} 07:25,kind {n}\n" for n in range(60))

    found = propose(b"received,kind\n" + rows.encode(), "calls.csv")

    assert all(f'"kind {n}": ["kind {n}"]' in found.text for n in range(60))


def test_an_order_of_dates_that_is_in_doubt_is_left_open():
    found = propose(b"received,kind\n03/04/2025 07:25,fire\n", "calls.csv")

    assert "# dates: day/month/year  # STATE it: '03/04/2025' can be 3 April or 4 March" in (
        found.text
    )


@pytest.mark.parametrize(("text", "name"), [(NEMSIS, "NEMSIS 3"), (NERIS, "NERIS")])
def test_columns_of_a_standard_are_known(text, name, tmp_path):
    found, _ = columns_of(text, tmp_path)

    assert f"# The names are those of {name}" in propose(text.encode(), "calls.csv").text
    head = text.splitlines()[0].split(",")
    assert set(found.values()) == set(head)
    assert found["received"] == head[3]
    assert found["on_scene"] == head[6]


def test_titles_above_the_names_of_columns_are_skipped(tmp_path):
    rows = [["Callouts of the county"], [], ["Datum", "Ort"], ["24.03.2025 07:25", "Köln"]]

    found, layout = columns_of(workbook(rows), tmp_path, "calls.xlsx")

    assert layout.header == 3
    assert found == {"received": "Datum", "place": "Ort"}


def test_a_number_that_is_given_again_each_year_is_no_callout(tmp_path):
    text = "incident,received\n1,2024-01-01 07:25\n1,2025-01-01 08:25\n2,2025-01-02 07:00\n"

    assert columns_of(text, tmp_path)[0] == {"received": "received"}


def test_a_record_without_a_column_of_dates_says_so():
    found = propose(b"who,what\nA,fire\n", "calls.csv")

    assert found.to_do[0] == "name the column of dates and times received"


def test_from_spreadsheet_to_measured(rescuesim, tmp_path):
    """The proposal of a fire brigade's record, its zone stated, measures every row."""
    (tmp_path / "calls.csv").write_text(many_callouts(400, 40), encoding="utf-8")

    said = rescuesim("record", "new", "calls.csv")

    assert said.code == 0
    assert "Then: rescuesim measure calls.csv --map calls.columns.yaml" in said.out
    mapping = tmp_path / "calls.columns.yaml"
    text = mapping.read_text(encoding="utf-8")
    mapping.write_text(text.replace("# timezone: Europe/Berlin", "timezone: UTC"), "utf-8")
    measured = rescuesim("measure", "calls.csv", "--map", mapping.name, "--no-figures")
    assert measured.code == 0, measured.err
    assert "400 of 400 rows are used" in measured.out


def test_a_file_that_is_there_is_not_written_over(rescuesim, tmp_path):
    (tmp_path / "calls.csv").write_text(FIRE_BRIGADE_ROWS, encoding="utf-8")
    (tmp_path / "calls.columns.yaml").write_text("mine", encoding="utf-8")

    said = rescuesim("record", "new", "calls.csv")

    assert said.code == 2
    assert "is there already; name another file with --out" in said.err
    assert (tmp_path / "calls.columns.yaml").read_text(encoding="utf-8") == "mine"


def test_a_table_of_counts_is_refused_before_anything_is_written(rescuesim, tmp_path):
    rows = "".join(f"2025-03-{day:02d},{day}\n" for day in range(1, 15))
    (tmp_path / "days.csv").write_text("date,fires\n" + rows, encoding="utf-8")

    said = rescuesim("record", "new", "days.csv")

    assert said.code == 2
    assert "counts by day are a rate, not a record of callouts" in said.err
    assert [path.name for path in tmp_path.iterdir()] == ["days.csv"]


@pytest.mark.parametrize("text", ["", "received\n", "\n\n"])
def test_what_is_no_table_is_one_message(rescuesim, tmp_path, text):
    (tmp_path / "calls.csv").write_text(text, encoding="utf-8")

    said = rescuesim("record", "new", "calls.csv")

    assert said.code == 2
    assert "1 error\n" in said.err


def test_the_page_of_records_shows_what_is_proposed():
    """Its rows, and what the command makes of them."""
    page = (Path(__file__).parents[2] / "docs" / "records.md").read_text(encoding="utf-8")
    rows = page.partition("```text\n")[2].partition("```")[0]
    shown = page.partition("`record new` proposes\n\n```yaml\n")[2].partition("```")[0]

    assert (
        propose(rows.encode(), "calls.csv").text.partition("columns:")[2]
        == (shown.partition("columns:")[2])
    )
