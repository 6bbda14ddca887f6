"""What is written of hospitals and does nothing, or leaves none; and cells that are wrong."""

import pytest

from sim.scenario.diagnostics.findings import Findings
from sim.scenario.model_checks.hospital_checks import HospitalChecks, warn_of_columns
from sim.scenario.tables.csv_tables import CsvTable
from sim.scenario.text.source import Source, read_tree

from .conftest import SMALL

HOSPITALS = "hospitals: {National: Lattakia}"
TWO = "hospitals: {National: Lattakia, Clinic: Jablah}"


def warnings(desk, hospitals, closures="[]"):
    """Return what is warned of in the small scenario with these hospitals, line by line."""
    new = f"{hospitals}\n  hospital_closures: {closures}"
    file = desk.read((HOSPITALS, new))
    findings = Findings(read_tree(Source("small.yaml", SMALL.replace(HOSPITALS, new))))
    HospitalChecks(findings, file.scenario, file.hospitals).all()
    return [(w.line, w.message) for w in findings.warnings]


def test_a_map_with_none_but_referral_hospitals_is_told(desk):
    """There is nowhere to refer from, so the mark was not meant so."""
    outside = "{place: Lattakia, referral: true}"

    ((line, message),) = warnings(desk, f"hospitals: {{National: {outside}}}")

    assert line == 8
    assert message.startswith("every hospital is marked as referral")
    assert warnings(desk, f"hospitals: {{National: {outside}, Clinic: Jablah}}") == []


@pytest.mark.parametrize(
    ("hospitals", "closures", "told"),
    [
        (HOSPITALS, "[{hospital: National}]", True),
        (HOSPITALS, "[{hospital: National, until: day 9 00:00}]", True),
        (HOSPITALS, "[{hospital: National, until: day 3 00:00}]", False),
        (HOSPITALS, "[{hospital: National, from: day 1 07:00}]", False),
        (HOSPITALS, "[{hospital: National, hours: 20:00-06:00}]", False),
        (TWO, "[{hospital: National}]", False),
        (TWO, "[{hospital: National}, {hospital: Clinic}]", True),
    ],
)
def test_closures_that_leave_no_hospital_at_any_time_are_told(desk, hospitals, closures, told):
    """The small scenario begins at 06:00 and lasts for seven days."""
    expected = [(9, "every hospital is closed for the whole run, so nobody is taken to one")]

    assert warnings(desk, hospitals, closures) == (expected if told else [])


@pytest.mark.parametrize(
    ("column", "hint"),
    [
        ("divert_at", "diverts_at"), ("diverts at", "diverts_at"), ("Offload_Bays", "offload_bays"),
        ("offload_bay", "offload_bays"), ("referals", "referral"),
    ],
)  # fmt: skip
def test_a_limit_whose_column_is_misspelt_is_told(column, hint):
    """Further columns are welcome, so it would be no limit without a word."""
    findings = Findings(read_tree(Source("small.yaml", SMALL)))

    warn_of_columns(CsvTable(f"name,place,{column}\nA,B,1\n".encode(), "h.csv", findings))

    (warning,) = findings.warnings
    assert (warning.file, warning.line, warning.warning) == ("h.csv", 1, True)
    assert warning.message == f"the column '{column}' is not read"
    assert warning.help == f"did you mean '{hint}'?"


def test_a_misspelt_limit_of_a_table_is_told_with_the_scenario(desk):
    """It was looked for by nobody, so ``offload_bay`` was no limit without a word."""
    desk.put("h.csv", "name,place,offload_bay\nNational,Lattakia,2\n")

    (warning,) = desk.read((HOSPITALS, "hospitals: h.csv")).warnings

    assert (warning.file.rsplit("/")[-1], warning.line, warning.column) == ("h.csv", 1, 12)
    assert (warning.width, warning.help) == (11, "did you mean 'offload_bays'?")


def test_columns_of_other_things_are_welcome():
    findings = Findings(read_tree(Source("small.yaml", SMALL)))
    header = (
        "name,name_ar,place,existence,role,offload_bays,diverts_at,referral,source,notes,beds,bay"
    )

    warn_of_columns(CsvTable(f"{header}\n".encode(), "h.csv", findings))

    assert findings.warnings == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("National,Lattakia,two,,", "offload_bays must be a number, found 'two'"),
        ("National,Lattakia,0,,", "offload_bays must be a number from 1 to 1000, found 0"),
        ("National,Lattakia,1.5,,", "offload_bays must be a whole number, found 1.5"),
        ("National,Lattakia,,-3,", "diverts_at must be a number from 1 to 1000, found -3"),
        ("National,Lattakia,,,perhaps", "expected yes or no, found 'perhaps'"),
        ("National,Homs,,,", "no place is called 'Homs'"),
        (",Lattakia,,,", "name is empty"),
    ],
)
def test_a_wrong_cell_of_a_hospital_is_told_at_its_row(desk, row, said):
    desk.put("h.csv", f"name,place,offload_bays,diverts_at,referral\nFirst,Jablah,2,4,no\n{row}\n")

    (diagnostic,) = desk.refused((HOSPITALS, "hospitals: h.csv"))

    assert (diagnostic.file.rsplit("/")[-1], diagnostic.line) == ("h.csv", 3)
    assert said in diagnostic.message


def test_what_a_table_says_of_hospitals_is_what_the_scenario_could_say(desk):
    desk.put(
        "h.csv", "name,place,offload_bays,diverts_at,referral\nA,Jablah,2,4,\nB,Lattakia,,,yes\n"
    )

    table = desk.read((HOSPITALS, "hospitals: h.csv")).hospitals
    here = desk.read(
        (
            HOSPITALS,
            "hospitals: {A: {place: Jablah, offload_bays: 2, diverts_at: 4}, "
            "B: {place: Lattakia, referral: true}}",
        )
    ).hospitals

    assert table == here


@pytest.mark.parametrize(
    ("hospital", "said"),
    [
        ("{place: Lattakia, offload_bays: 0}", "it must be at least 1, found 0"),
        ("{place: Lattakia, diverts_at: 1.5}", "a whole number, found 1.5"),
        ("{place: Lattakia, door: 2}", "unknown key 'door'"),
        ("{offload_bays: 2}", "'place' is missing"),
        ("{place: Lattakia, referral: perhaps}", "found 'perhaps'"),
    ],
)
def test_a_hospital_that_is_written_here_is_told_at_its_line(desk, hospital, said):
    diagnostics = desk.refused((HOSPITALS, f"hospitals: {{National: {hospital}}}"))

    assert [diagnostic.line for diagnostic in diagnostics] == [8]
    assert said in diagnostics[0].message
