"""``report`` and ``view`` on the command line, and the page of a measurement."""

import csv
import json
import os

import pytest

from sim.cli import run
from sim.errors import ResultsError
from sim.page import page_of

from .reading_html import Page

COLUMNS = """\
columns: {callout: call, received: received, kind: type, place: town, area: district, unit: unit,
          dispatched: sent, on_scene: there, cleared: free}
unit: min
timezone: Asia/Damascus
"""
STRANGE = "<b>Jablah</b>"


@pytest.fixture
def measured(tmp_path, monkeypatch):
    """What ``measure`` wrote of four days of a record, without figures."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "columns.yaml").write_text(COLUMNS, encoding="utf-8")
    with (tmp_path / "past.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(
            ["call", "received", "type", "town", "district", "unit", "sent", "there", "free"]
        )
        for n in range(32):
            kind, town = ("fire", STRANGE) if n % 2 else ("medical", "Lattakia")
            at = f"2025-03-{6 + n // 8:02d}T{8 + n % 8:02d}:00"
            rows.writerow([n, at, kind, town, f"{town} district", "U1", 1, 5 + n % 8, 30])
    target = ("--target", "fire within 8 min 50%")
    assert run(["measure", "past.csv", "--columns", "columns.yaml", "--no-figures", *target]) == 0
    return tmp_path / "results" / "measured-past"


def test_a_measurement_has_its_page_without_comparisons(measured):
    found = Page(page_of(measured))

    assert "nothing is simulated" in found.text
    assert "fire in 8 min" in found.text
    assert f"{STRANGE} district" in found.text
    assert not any("verdict" in e.attributes.get("class", "") for e in found.elements)
    assert found.of("b") == []


def test_a_measurement_that_was_altered_or_says_nothing_of_itself_is_refused(measured):
    told = json.loads((measured / "measured.json").read_text(encoding="utf-8"))
    assert told["name"] == "past.csv"
    summary = (measured / "summary.csv").read_text(encoding="utf-8")

    (measured / "summary.csv").write_text(summary.replace("fire", "flood"), encoding="utf-8")
    with pytest.raises(ResultsError, match="not the file that"):
        page_of(measured)

    (measured / "summary.csv").write_text(summary, encoding="utf-8", newline="")
    (measured / "measured.json").write_text("{}", encoding="utf-8")
    with pytest.raises(ResultsError, match=r"measured\.json is damaged"):
        page_of(measured)

    (measured / "measured.json").unlink()
    with pytest.raises(ResultsError, match="measure the record again"):
        page_of(measured)


def test_report_writes_the_page_and_says_where(results, tmp_path, capsys):
    assert run(["report", str(results), "--out", str(tmp_path / "page.html")]) == 0

    assert capsys.readouterr().out == f"Page: {tmp_path / 'page.html'}\n"
    assert (tmp_path / "page.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(("opens", "told"), [(True, "Page: "), (False, "No browser can be opened")])
def test_view_opens_the_page_or_says_where_it_is(results, monkeypatch, capsys, opens, told):
    asked = []
    monkeypatch.setattr("webbrowser.open", lambda address: asked.append(address) or opens)

    assert run(["view", str(results)]) == 0

    place = results.with_suffix(".html")
    assert asked == [place.as_uri()]
    out = capsys.readouterr().out
    assert out.startswith(told)
    assert out.endswith(f"{place}\n")


def test_what_is_no_result_is_refused_with_a_sentence(tmp_path, capsys):
    assert run(["report", str(tmp_path)]) != 0

    assert "is not a results folder" in capsys.readouterr().err


@pytest.mark.parametrize(("umask", "mode"), [(0o077, 0o600), (0o022, 0o644)])
def test_a_page_has_the_permissions_the_person_asked_for(measured, umask, mode):
    """It is internal: who keeps results to themselves keeps the page, too."""
    before = os.umask(umask)
    try:
        assert run(["report", str(measured), "--out", "page.html"]) == 0
    finally:
        os.umask(before)

    assert os.stat("page.html").st_mode & 0o777 == mode
    assert not list(measured.parent.parent.glob(".page*"))
