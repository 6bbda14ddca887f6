"""Checks of hospitals: marks that change nothing, closures that leave none, columns not read."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING

from ..diagnostics.findings import Findings
from ..fields.disruption_models import HospitalClosure
from ..fields.models import Scenario
from ..tables.csv_tables import CsvTable, Row
from ..tables.table_rows import since_start

if TYPE_CHECKING:
    from ..tables.table_rows import HospitalRow

LIMITS = ("offload_bays", "diverts_at", "referral")  # columns that may be left out
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
        """Some hospital is open at some time, if anybody is to be taken to one."""
        kinds = [name for name, kind in self.scenario.demand.kinds.items() if kind.to]
        closures = self.scenario.map.hospital_closures
        shut = {closure.hospital for closure in closures if self._lasts(closure)}
        if kinds and all(row.name in shut for row in self.hospitals):
            self.findings.warn(
                ("map", "hospital_closures"),
                "every hospital is closed for the whole run, so nobody is taken to one",
                "say until when, or leave one open",
            )

    def _lasts(self, closure: HospitalClosure) -> bool:
        """Return whether a closure holds for the whole run, the warm-up included."""
        clock = self.scenario.clock
        begins, until = closure.begins, closure.until
        return (
            closure.hours is None
            and (begins is None or since_start(begins, clock.start) <= -clock.warm_up)
            and (until is None or since_start(until, clock.start) >= clock.length)
        )


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
