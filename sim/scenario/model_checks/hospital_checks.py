"""Checks of hospitals: marks that change nothing, closures that leave none, columns not read."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ..diagnostics.findings import Findings
from ..duty_hours.hospital_hours import closed_outside_hours
from ..duty_hours.windows import RunWindow
from ..fields.models import Scenario
from ..tables.csv_tables import CsvTable, Row

if TYPE_CHECKING:
    from ..tables.table_rows import HospitalRow

LIMITS = (
    "offload_bays",
    "diverts_at",
    "referral",
    "from",
    "until",
    "hours",
)  # columns that may be left out
ALIKE = 0.75  # so much of a word must be the same, as difflib counts it


class HospitalChecks:
    """Checks on the finished model: all of them warn, for scenarios may mean it."""

    def __init__(
        self, findings: Findings, scenario: Scenario, hospitals: Sequence[HospitalRow]
    ) -> None:
        self.findings, self.scenario, self.hospitals = findings, scenario, hospitals

    def all(self) -> None:
        """Make all of them."""
        if self.hospitals:
            self.referrals()
            self.all_closed()

    def referrals(self) -> None:
        """Some hospital is near, or there is nothing to refer from."""
        if all(row.referral for row in self.hospitals):
            self.findings.warn(
                ("map", "hospitals"),
                "every hospital is marked as referral, so none is near and the mark does nothing",
                "mark only those outside the region",
            )

    def all_closed(self) -> None:
        """Some hospital is open at some time, if anybody is to be taken to one, and each is."""
        shut = [row for row in self.hospitals if self._is_never_open(row)]
        if len(shut) == len(self.hospitals):
            if any(kind.to for kind in self.scenario.demand.kinds.values()):
                self.findings.warn(
                    ("map", "hospital_closures"),
                    "every hospital is closed for the whole run, so nobody is taken to one",
                    "say until when, or leave one open",
                )
            return
        for row in shut:
            if (row.begins, row.until, row.hours) != (None, None, None):
                said = f"by its dates and hours '{row.name}' is never open in the run"
                self.findings.warn(("map", "hospitals", row.name), said)

    def _is_never_open(self, hospital: HospitalRow) -> bool:
        """Return whether a hospital is closed for the whole run, the warm-up included."""
        clock = self.scenario.clock
        run = -clock.warm_up, clock.length
        written = self.scenario.map.hospital_closures
        closures = [c for c in written if c.hospital == hospital.name]
        closures += closed_outside_hours([hospital])
        windows = [RunWindow(closure, clock.local, *run) for closure in closures]
        edges = {run[0], *(at for window in windows for at in window.changes())}
        return all(any(window.holds(at) for window in windows) for at in edges)


def warn_of_columns(table: CsvTable) -> None:
    """
    Warn of a column of hospitals that is nearly called like one that is read.

    Further columns are welcome, so a misspelt limit would otherwise be no limit, and not be told.
    """
    absent = [name for name in LIMITS if name not in table.columns]
    for column in table.columns:
        written = column.lower().replace(" ", "_").replace("-", "_")
        alike = get_close_matches(written, absent, n=1, cutoff=ALIKE)
        if column not in LIMITS and alike:
            spot = table.spot(Row(table.header_line, []), table.columns[column])
            table.findings.warnings.append(
                spot.diagnostic(
                    f"the column '{column}' is not read",
                    f"did you mean '{alike[0]}'?",
                    warning=True,
                )
            )
