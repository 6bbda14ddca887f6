"""From a study to the figure of its staff: every crew on duty, every crew on call, alerts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment import Study
from sim.experiment.results.folder import staff_of
from sim.outcomes import ALERT_REPLIES, Estimate

from ..figures import Alerts, Band, Staff, StaffBlock, StaffPanel, TeamRow, figure_staff
from ..figures.layout.team_rows import row_height, rows_height
from .figure_basis.captions import caption
from .figure_basis.figure_kinds import FigureRequest, figure_kind
from .figure_basis.hourly import clock_hours, measured_hours, per_hour
from .figure_basis.table_lookup import Key, estimates, numbers
from .utilisation_data import crews_by_base

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST_CREWS = 16  # with a row of their own
TALLEST = 8.5  # that all rows may be together [in]
DAY, WEEK = 24.0, 168.0  # hours
# measure, label, the line it is read against; the most is the most burdened but for rest
ON_DUTY = (
    ("hours_on_duty", "Hours on duty\na week [h]", WEEK),
    ("longest_spell", "Longest spell\n[h]", DAY),
    ("shortest_rest", "Shortest rest\n[h]", DAY),
    ("nights_on_duty", "Nights on duty\na week", None),
    ("overtime", "Overtime\na week [h]", None),
)
ON_CALL = (
    ("hours_on_call", "Hours on call\na week [h]", None),
    ("hours_turned_out", "Hours turned\nout a week [h]", None),
    ("night_callouts", "Callouts at\nnight, a week", None),
    ("crews_without_capability", "Without a\nrequired\ncapability,\na week", None),
    ("no_crew_assembled", "No crew\nassembled,\na week", None),
)
NOT_HERE = "no such crew"
WITHOUT = {  # why a crew that works has no number
    "shortest_rest": "one spell",
    "crews_without_capability": "none required",
}
Rows = Mapping[Key, Estimate]


@figure_kind("staff", "Duty, rest and alerts.", place=50)
def figure(asked: FigureRequest) -> Figure | None:
    """Return the workload of crews and volunteers; None where all crews are always on duty."""
    data = staff(asked.study, asked.shown, asked.alternative)
    return None if data is None else figure_staff(data, caption(asked.shown))


def staff(study: Study, shown: Study, alternative: str) -> Staff | None:
    """
    Return the workload of every crew, and an alternative's alerts; None if all crews are alike.

    They are where each is always on duty, which a sentence says as well. ``shown`` is the study
    with the alternatives whose crews are drawn. Alerts are those of the first alternative that has
    any where this one has none.
    """
    rows = estimates(staff_of(study))
    everyone, order = crews_by_base(shown)
    names = tuple(shown.observations)
    both = all(any(m == own[0][0] for n, m, _ in rows if n in names) for own in (ON_DUTY, ON_CALL))
    tallest = TALLEST / (1 + both)
    on_duty = _block(rows, names, everyone, ON_DUTY, tallest)
    on_call = _block(rows, names, everyone, ON_CALL, tallest)
    alerts = _alerts(study, alternative)
    alike = all((n, "always_on_duty", g) in rows for n, m, g in rows if m == "hours_on_duty")
    if alike and not on_call.crews and alerts is None:
        return None
    cut, blocks = [], []
    for block in (on_duty, on_call):
        most = int(tallest / row_height(max(len(block.shown), 1))) if block.panels else 0
        blocks.append(_most_burdened_bases(block, most))
        missing = len(block.crews) - len(blocks[-1].crews)
        cut += [f"{missing} bases whose crews have less"] if missing else []
    return Staff(blocks[0], blocks[1], alerts, order=order, left_out=" · ".join(cut))


def _most_burdened_bases(block: StaffBlock, most: int) -> StaffBlock:
    """Return the rows with the most of the first measure, in their order, where they are many."""
    if len(block.crews) <= most or not block.by_base:
        return block
    highest = np.nan_to_num([band.value for band in block.panels[0].bands]).max(axis=0)
    kept = np.sort(np.argsort(-highest, kind="stable")[:most])
    panels = tuple(
        replace(
            panel,
            bands=tuple(
                Band(name, *(part[kept] for part in parts)) for name, *parts in panel.bands
            ),
            always=tuple(own[kept] for own in panel.always),
            told=tuple(tuple(words[i] for i in kept) for words in panel.told),
        )
        for panel in block.panels
    )
    return replace(block, crews=tuple(block.crews[i] for i in kept), panels=panels)


def _block(
    rows: Rows,
    names: Sequence[str],
    everyone: Sequence[TeamRow],
    measures: Sequence[tuple[str, str, float | None]],
    tallest: float = TALLEST,
) -> StaffBlock:
    """Return a panel a measure, of the crews of which the first of them is known."""
    told = {group for name, measure, group in rows if measure == measures[0][0] and name in names}
    crews = tuple(team for team in everyone if f"team:{team.name}" in told)
    by_base = len(crews) > MOST_CREWS or rows_height(crews, len(names)) > tallest
    panels = tuple(
        _panel(rows, names, crews, by_base, measures[0][0], *each)
        for each in measures
        if any((name, each[0], group) in rows for name in names for group in told)
    )
    if by_base:
        crews = tuple(TeamRow(base, "") for base in dict.fromkeys(crew.base for crew in crews))
    return StaffBlock(crews, panels, by_base)


def _panel(
    rows: Rows,
    names: Sequence[str],
    crews: Sequence[TeamRow],
    by_base: bool,
    first: str,
    measure: str,
    label: str,
    line: float | None,
) -> StaffPanel:
    """Return a measure of each crew or, by base, of the most burdened there."""
    bands, always, told = [], [], []
    bases = list(dict.fromkeys(crew.base for crew in crews))
    for name in names:
        groups = [f"team:{crew.name}" for crew in crews]
        own = [rows.get((name, measure, g)) if (name, first, g) in rows else None for g in groups]
        why = [_why_no_bar(rows, name, first, measure, g) for g in groups]
        if by_base:
            at = [[i for i, crew in enumerate(crews) if crew.base == base] for base in bases]
            each = [[own[i] for i in here] for here in at]
            own = [_most_burdened(measure, those) for those in each]
            why = [
                _of_base(chosen, those, [why[i] for i in here])
                for chosen, those, here in zip(own, each, at, strict=True)
            ]
        columns = np.array([numbers(row) for row in own], dtype=np.float64).reshape(-1, 3).T
        bands.append(Band(name, *columns))
        marks = [row is not None and (name, "always_on_duty", row.group) in rows for row in own]
        always.append(np.array(marks, dtype=np.bool_))
        told.append(tuple(why))
    endless = measure == "longest_spell"
    return StaffPanel(label, tuple(bands), tuple(always), line, endless, tuple(told))


def _why_no_bar(rows: Rows, name: str, first: str, measure: str, group: str) -> str:
    """Say why a crew has no bar of a measure, or one of no length; "" where it has one."""
    all_hours, row = rows.get((name, first, group)), rows.get((name, measure, group))
    if all_hours is None:  # it is somewhere else, or in another block: said once
        return NOT_HERE if measure == first else ""
    is_always = (name, "always_on_duty", group) in rows
    if row is not None and row.value is not None:
        if measure == "shortest_rest" and is_always:
            return "none declared"
        return "never on duty" if measure == first and not row.value else ""
    if is_always and measure == "overtime":
        return "never off duty"
    if not all_hours.value:
        return "never on duty"
    return WITHOUT.get(measure, "not measured")


def _of_base(chosen: Estimate | None, rows: Sequence[Estimate | None], why: Sequence[str]) -> str:
    """Return what is said of the crew of a base that is shown, or of others where none can be."""
    return next(filter(None, why), "") if chosen is None else why[rows.index(chosen)]


def _most_burdened(measure: str, rows: Sequence[Estimate | None]) -> Estimate | None:
    """Return the row with the most of a measure; of rest that with the least."""
    known = [row for row in rows if row is not None and row.value is not None]
    choose = min if measure == "shortest_rest" else max
    return choose(known, key=lambda row: row.value or 0.0, default=None)


def _alerts(study: Study, alternative: str) -> Alerts | None:
    """Return alerts by the hour of the first alternative that has any, this one before others."""
    for name in dict.fromkeys([alternative, *study.observations]):
        answers = study.observations[name].alert_replies.sum(axis=0)
        if answers.any():
            measured = measured_hours(study)[:, np.newaxis] * study.replications
            return Alerts(ALERT_REPLIES, per_hour(answers, measured), name, clock_hours(study))
    return None
