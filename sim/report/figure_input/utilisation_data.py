"""From a study to the figure of utilisation, team by team."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment import Study, Tables
from sim.outcomes import Estimate, is_on_call

from ..figures import Band, TeamRow, Utilisation, figure_utilisation
from ..figures.layout.team_rows import row_height, rows_height
from .figure_basis.captions import caption
from .figure_basis.figure_kinds import FigureRequest, figure_kind
from .figure_basis.table_lookup import estimates, numbers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TALLEST = 10.0  # that rows may be together [in]


@figure_kind("utilisation", "Utilisation of each team.", place=40)
def figure(asked: FigureRequest) -> Figure:
    """Return the teams' utilisation under all alternatives that there is room for."""
    return figure_utilisation(utilisation(asked.shown, asked.tables), caption(asked.shown))


def utilisation(study: Study, tables: Tables) -> Utilisation:
    """
    Return each alternative's utilisation by team, those of a base together.

    Of more teams than a page has room for, each base has one row: that of its busiest team; of
    more bases, those whose team is busiest.
    """
    rows = estimates(tables.summary)
    everyone, order = crews_by_base(study)
    states = {name: _teams_on_call(study, name) for name in study.observations}
    teams = tuple(
        team
        for team in everyone
        if not all(on_call.get(team.name, True) for on_call in states.values())
    )
    by_base = rows_height(teams, len(states)) > TALLEST
    names = [team.base if by_base else team.name for team in teams]
    bands, told = [], []
    for alternative, own in states.items():
        found: dict[str, Estimate] = {}
        why: dict[str, str] = {}
        for name, team in zip(names, teams, strict=True):
            row = rows.get((alternative, "utilisation", f"team:{team.name}"))
            if row is None or row.value is None:
                why.setdefault(name, _why_no_utilisation(own.get(team.name)))
            elif name not in found or row.value > (found[name].value or 0.0):
                found[name] = row
        shown = list(dict.fromkeys(names))
        columns = np.array([numbers(found.get(name)) for name in shown], dtype=np.float64)
        bands.append(Band(alternative, *columns.reshape(-1, 3).T))
        told.append(tuple("" if name in found else why[name] for name in shown))
    waits = any(any(on_call.values()) for on_call in states.values())
    note = "crews on call, on duty only while turned out, are in the staff figure" if waits else ""
    if not by_base:
        return Utilisation(teams, tuple(bands), order=order, note=note, told=tuple(told))
    bases = tuple(TeamRow(base, "") for base in dict.fromkeys(names))
    title = "Utilisation of the busiest team of each base"
    every = Utilisation(bases, tuple(bands), title, order, note, tuple(told))
    return _busiest(every, int(TALLEST / row_height(len(states))))


def _busiest(data: Utilisation, most: int) -> Utilisation:
    """Return the rows with the highest utilisation under any alternative, in their order."""
    if len(data.teams) <= most:
        return data
    highest = np.nan_to_num([band.value for band in data.alternatives]).max(axis=0)
    kept = np.sort(np.argsort(-highest, kind="stable")[:most])
    said = f"the {most} busiest of {len(data.teams)} bases"
    return replace(
        data,
        teams=tuple(data.teams[i] for i in kept),
        alternatives=tuple(
            Band(name, *(part[kept] for part in parts)) for name, *parts in data.alternatives
        ),
        told=tuple(tuple(words[i] for i in kept) for words in data.told),
        note="; ".join(filter(None, (said, data.note))),
    )


def _teams_on_call(study: Study, alternative: str) -> dict[str, bool]:
    """Return of an alternative's teams whether they are on call."""
    on_call = is_on_call(study.observations[alternative])
    names = study.worlds[alternative].names.teams
    return dict(zip(names, map(bool, on_call), strict=True))


def _why_no_utilisation(on_call: bool | None) -> str:
    """Say why a team has no utilisation: it is on call, not there (None), or never on duty."""
    if on_call is None:
        return "no such team"
    return "on call" if on_call else "never on duty"


def crews_by_base(study: Study) -> tuple[tuple[TeamRow, ...], str]:
    """Return the teams of all alternatives, those of a base together, and in which order."""
    crews: dict[str, tuple[float, str]] = {}  # of all alternatives: how far south, and the base
    known = True
    for alternative in study.observations:
        fleet, places = study.worlds[alternative].fleet, study.worlds[alternative].file.places
        lats = [places[place].lat for place in fleet.base_places]
        known = known and len(lats) > 1 and None not in lats
        for crew in fleet.crews:
            south = -(lats[crew.base] or 0.0)
            crews.setdefault(crew.name, (south, fleet.bases[crew.base]))
    order = list(crews)
    bases = list(dict.fromkeys(base for _, base in crews.values()))
    order.sort(key=lambda name: (crews[name][0] if known else 0.0, bases.index(crews[name][1])))
    teams = tuple(TeamRow(name, crews[name][1]) for name in order)
    return teams, "north to south" if known else ""
