"""What ``--all`` adds on the terminal: every table, and what may not be overlooked."""

import io
from types import SimpleNamespace

import pytest
from rich.console import Console

import sim
from sim.report.results_text import text_tables as subject
from sim.report.results_text.text_tables import print_study

STARVE = {"policies.starve": {"dispatch": {"cutoff": {"reserve": {2: 9}}}}}
WEEK = {"clock.length": "7 days", **STARVE}


@pytest.fixture(scope="module")
def found():
    """First steps for a week, with a rule that never serves a fire."""
    return sim.compare(sim.load("first-steps", WEEK), policies=["today", "starve"], replications=10)


def printed(found, capsys):
    print_study(found.study, found.tables, everything=True)
    return capsys.readouterr().out


def test_the_answer_comes_first_and_its_tables_only_where_asked(found, capsys):
    print_study(found.study, found.tables)
    short = capsys.readouterr().out
    long = printed(found, capsys)

    assert long.startswith(short)
    assert "Utilisation" not in short


def test_kinds_stand_by_how_often_they_come_and_a_fire_is_never_reached(found, capsys):
    text = printed(found, capsys).split("By kind")[1].split("By area")[0]
    rows = [line.split("│") for line in text.splitlines() if " a day" in line]
    often = [float(row[2].split()[0]) for row in rows]
    (fire,) = (row for row in rows if row[1].strip() == "fire")

    assert len(rows) == 2
    assert often == sorted(often, reverse=True)
    assert fire[6].strip() == "100.0 %"


def test_who_is_left_without_help_has_a_table_of_its_own(found, capsys):
    text = printed(found, capsys).split("Left without help")[1]

    assert any(
        "kind fire: abandoned" in line and "100.0 %" in line and "starve" in line
        for line in text.splitlines()
    )


def test_every_team_has_its_utilisation(found, capsys):
    text = printed(found, capsys).split("Utilisation")[1]

    for team in found.study.world.names.teams:
        assert any(line.lstrip("│ ").startswith(team) and "%" in line for line in text.splitlines())


def test_how_well_the_pairing_worked_and_what_the_words_mean_stand_last(found, capsys):
    text = " ".join(printed(found, capsys).split())

    assert "Primary measures are judged together (Holm, 5 %)" in text
    assert "Pairing of starve: correlation " in text


def judged(rows, widths=(), names=("a", "b")):
    """Return what is said at the end, of differences and of the precision reached."""
    console = Console(width=200, record=True, file=io.StringIO())
    study = SimpleNamespace(widths=widths)
    tables = SimpleNamespace(comparisons=(), verdicts=SimpleNamespace(rows=rows))
    subject._judge(console, study, tables, list(names))
    return console.export_text()


def pairing(factor):
    return SimpleNamespace(
        alternative="b", measure="response_restricted_mean", group="all", correlation=0.2,
        variance_reduction_factor=factor,
    )  # fmt: skip


def test_a_pairing_that_makes_it_worse_is_told_in_capitals():
    assert judged([pairing(0.8)]) == (
        "Pairing of b: correlation 0.200, variance reduction factor 0.8. PAIRING FAILS.\n"
    )
    assert "FAILS" not in judged([pairing(1.0)])
    assert judged([pairing(None)]) == ""


def width(half, met, unit="min", wanted=0.5):
    return SimpleNamespace(
        measure="response_mean", alternative="b", half_width=half, wanted=wanted, unit=unit, met=met
    )


def test_precision_that_was_asked_for_is_told_whether_or_not_it_was_reached():
    told = judged([], [width(0.4, True), width(None, False), width(0.02, False, "share", 0.01)])

    assert told.splitlines() == [
        "Precision reached: response_mean of b within 0.40 min, wanted 0.50 min",
        "Precision NOT REACHED: response_mean of b within no interval, wanted 0.50 min",
        "Precision NOT REACHED: response_mean of b within 2.00 pp, wanted 1.00 pp",
    ]


def test_a_study_that_lost_replications_says_so_above_its_tables():
    console = Console(width=200, record=True, file=io.StringIO())
    subject._warn(
        console, SimpleNamespace(failed_replications=[3, 7], widths=[width(2.0, False)] * 2)
    )

    assert console.export_text().splitlines() == [
        "PARTIAL: without replications 3, 7",
        "Precision NOT REACHED: response_mean; see --all",
    ]


def test_more_alternatives_than_fit_side_by_side_have_a_row_each(capsys):
    more = {f"policies.p{n}": {"dispatch": "closest"} for n in range(3)}
    scenario = sim.load("first-steps", {"clock.length": "2 days", **more})
    four = sim.compare(scenario, policies=["today", "p0", "p1", "p2"], replications=2)

    print_study(four.study, four.tables, everything=True)
    text = capsys.readouterr().out

    (first,) = (line for line in text.splitlines() if "baseline" in line and "│" in line)
    assert first.split("│")[1].strip() == "today"
    assert "By kind" not in text
