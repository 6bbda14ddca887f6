"""A planner's spreadsheet is read as it is: separators, code pages, workbooks, odd rows."""

import io
import zipfile
from datetime import date, datetime, time

import pytest

from ..record_shapes import read_record, told

LAYOUT = {"columns": {"received": "received", "kind": "kind", "area": "town"}}
HEAD = "received,kind,town\n"
ROWS = "2025-03-24 07:25,Brand,Köln\n2025-03-24 09:25,Feuer,Aïn\n"


def rows_of(data, **more):
    read, findings = read_record(data, {**LAYOUT, **more})
    assert findings.diagnostics == []
    return [(row.kind, row.area) for row in read.rows], read, findings


def test_what_parts_the_cells_is_told_from_the_header():
    for separator in (";", "\t", ","):
        found, _, _ = rows_of((HEAD + ROWS).replace(",", separator))
        assert found == [("Brand", "Köln"), ("Feuer", "Aïn")]


def test_the_separator_may_be_stated():
    """The header alone would say commas."""
    text = "received,\tkind\ttown, or village\n2025-03-24 07:25\tBrand\tKöln\n"
    layout = {"received": "received,", "kind": "kind", "area": "town, or village"}

    read, _ = read_record(text, {"columns": layout, "separator": "tab"})

    assert [(row.kind, row.area) for row in read.rows] == [("Brand", "Köln")]


def test_decimal_commas_are_numbers_where_commas_part_no_cells():
    text = "received;lat;lon\n2025-03-24 07:25;53,35;-6,26\n"
    columns = {"received": "received", "lat": "lat", "lon": "lon"}

    read, _ = read_record(text, {"columns": columns})

    assert [(row.lat, row.lon) for row in read.rows] == [(53.35, -6.26)]


@pytest.mark.parametrize(
    ("codec", "page", "guessed"),
    [
        ("utf-8", "utf-8", False),
        ("utf-8-sig", "utf-8", False),
        ("utf-16", "utf-16", False),
        ("utf-16-le", "utf-16", True),
        ("cp1252", "windows-1252", True),
    ],
)
def test_the_code_page_is_told_from_the_text_and_a_guess_is_named(codec, page, guessed):
    found, read, findings = rows_of((HEAD + ROWS).encode(codec))

    assert found == [("Brand", "Köln"), ("Feuer", "Aïn")]
    assert f"text in {page}" in read.told
    assert [f"read as {page}" in w.message for w in findings.warnings] == [True] * guessed


def test_arabic_of_a_windows_code_page_is_told_from_western_accents():
    text = HEAD + "2025-03-24 07:25,حريق,اللاذقية\n2025-03-24 08:25,إسعاف,جبلة\n"

    found, read, _ = rows_of(text.encode("cp1256"))

    assert found == [("حريق", "اللاذقية"), ("إسعاف", "جبلة")]
    assert "text in windows-1256" in read.told


def test_a_code_page_that_is_stated_is_used():
    found, _, findings = rows_of((HEAD + ROWS).encode("latin-1"), encoding="latin-1")

    assert found[0] == ("Brand", "Köln")
    assert findings.warnings == []


def test_bytes_that_are_not_of_the_code_page_stated_are_told_with_their_line():
    (said,) = told((HEAD + ROWS).encode("cp1252"), {**LAYOUT, "encoding": "utf-8"})

    assert said == "this is not utf-8 text: byte 0xF6 means nothing in it"


def test_lines_above_the_names_of_columns_are_skipped_and_rows_keep_their_numbers():
    text = "Callouts of the county\n\n" + HEAD + ROWS + "soon,Brand,Köln\n"

    read, findings = read_record(text, {**LAYOUT, "header": 3, "unreadable": "leave out"})

    assert len(read.rows) == 2
    assert "(1 row: 6)" in findings.warnings[0].help


def test_values_that_stand_for_an_empty_cell_are_empty():
    layout = {"columns": {**LAYOUT["columns"], "on_scene": "there"}, "empty": ["n/a", "NULL"]}
    text = "received,kind,town,there\n2025-03-24 07:25,Brand,NULL,n/a\n"

    (row,) = read_record(text, layout)[0].rows

    assert (row.area, row.at) == ("", {})


def test_rows_with_more_cells_than_columns_are_refused_once_with_their_lines():
    ragged = HEAD + ROWS + "2025-03-24 07:25,Brand,Köln,left\n2025-03-25 07:25,Brand,Köln,left\n"

    (said,) = told(ragged, LAYOUT)

    assert said == "this row has 4 cells, the header has 3 (2 rows: 4, 5)"
    assert len(rows_of(ragged, unreadable="leave out")[0]) == 2


def test_a_bad_value_is_told_once_with_its_count_and_first_rows():
    bad = HEAD + ROWS + "soon,Brand,Köln\n" * 30 + "later,Brand,Köln\n"

    first, second = told(bad, LAYOUT)

    assert first.endswith("found 'soon' (30 rows: 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, ...)")
    assert second.endswith("found 'later'")


def test_a_column_that_nobody_names_may_be_there_twice():
    text = "received,kind,town,note,note\n2025-03-24 07:25,Brand,Köln,a,b\n"

    assert rows_of(text)[0] == [("Brand", "Köln")]
    assert told(text, {"columns": {"received": "received", "kind": "note"}}) == [
        "there are two columns called 'note'"
    ]


def test_a_mapping_to_a_column_that_is_not_there_names_those_that_are():
    (said,) = told(HEAD + ROWS, {"columns": {"received": "recieved"}})

    assert said == "the column 'recieved' is missing"


# ---- workbooks


def workbook(rows, sheet="Calls"):
    """Return an .xlsx with typed cells."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    pytest.importorskip("python_calamine")
    data = io.BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        forms = {
            datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
            date: book.add_format({"num_format": "dd/mm/yyyy"}),
            time: book.add_format({"num_format": "hh:mm:ss"}),
        }
        for i, row in enumerate(rows):
            for j, cell in enumerate(row):
                if type(cell) in forms:
                    page.write_datetime(i, j, cell, forms[type(cell)])
                else:
                    page.write(i, j, cell)
    return data.getvalue()


def test_typed_dates_of_a_workbook_are_never_in_doubt():
    """As text these two would be 3 April or 4 March."""
    data = workbook(
        [["received", "kind", "town"], [datetime(2025, 4, 3, 7, 25), "Brand", "Köln"],
         [], [datetime(2025, 4, 4), "Feuer", "Köln"]]
    )  # fmt: skip

    found, read, _ = rows_of(data)

    assert found == [("Brand", "Köln"), ("Feuer", "Köln")]
    assert read.start == datetime(2025, 4, 3)
    assert read.rows[0].received == (7 * 60 + 25) * 60_000
    assert [(use.use, use.rows, use.first) for use in read.use] == [
        ("used", 2, ""),
        ("an empty row", 1, "3"),
    ]


def test_a_workbook_may_have_dates_and_times_of_day_in_columns_of_their_own():
    head = ["date", "received", "there"]
    data = workbook([head, [date(2025, 4, 3), time(23, 56, 8), time(0, 4, 10)]])
    columns = {"date": "date", "received": "received", "on_scene": "there"}

    (row,) = read_record(data, {"columns": columns})[0].rows

    assert row.at == {"on_scene": (8 * 60 + 2) * 1000}


def test_numbers_of_a_workbook_are_words_without_a_point():
    data = workbook([["received", "kind", "town"], [datetime(2025, 4, 3, 7), 17, 1.5]])

    assert rows_of(data)[0] == [("17", "1.5")]


def test_a_sheet_is_named_or_the_first():
    data = workbook([["received", "kind", "town"], [datetime(2025, 4, 3, 7), "Brand", "Köln"]])

    assert len(rows_of(data, sheet="Calls")[0]) == 1
    assert told(data, {**LAYOUT, "sheet": "Cals"}) == ["there is no sheet 'Cals'"]
    assert told(HEAD + ROWS, {**LAYOUT, "sheet": "Cals"}) == [
        "this is text, not a workbook with sheets"
    ]


def test_dates_as_cells_and_dates_as_text_in_one_record_are_refused():
    """So a spreadsheet of another country leaves them: up to the 12th it has swapped them."""
    data = workbook(
        [["received", "kind", "town"], [datetime(2025, 4, 3, 7), "Brand", "Köln"],
         ["24/03/2025 07:25", "Brand", "Köln"]]
    )  # fmt: skip

    (said,) = told(data, LAYOUT)

    assert said == "there are dates of two forms: '24/03/2025' here, '2025-04-03' at row 2"


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>
<office:spreadsheet><table:table table:name="Calls">{}</table:table></office:spreadsheet>
</office:body></office:document-content>"""


def ods(rows):
    """Return an .ods of cells of text and of dates."""
    lines = []
    for row in rows:
        cells = [
            f'<table:table-cell office:value-type="date" office:date-value="{c.isoformat()}"/>'
            if isinstance(c, datetime)
            else '<table:table-cell office:value-type="string">'
            f"<text:p>{c}</text:p></table:table-cell>"
            for c in row
        ]
        lines.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr("content.xml", ODS.format("".join(lines)))
        packed.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:'
            '1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type='
            '"application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
    return data.getvalue()


def test_an_open_document_is_read_alike():
    pytest.importorskip("python_calamine")
    data = ods([["received", "kind", "town"], [datetime(2025, 4, 3, 7, 25), "Brand", "Köln"]])

    found, read, _ = rows_of(data)

    assert found == [("Brand", "Köln")]
    assert read.rows[0].received == (7 * 60 + 25) * 60_000


def test_a_workbook_that_is_none_is_one_message():
    pytest.importorskip("python_calamine")

    (said,) = told(b"PK\x03\x04 and nothing else", LAYOUT)

    assert said.startswith("this workbook cannot be read")


def test_without_the_reader_of_workbooks_it_is_said_how_to_get_it(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "python_calamine", None)

    (said,) = told(b"PK\x03\x04", LAYOUT)

    assert said == "workbooks are read by python-calamine, which is not installed"
