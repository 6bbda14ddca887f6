"""
What columns of records are called: in public standards, and by services that publish theirs.

A proposal is to be corrected, so a name that is met in one service only may be here; what a column
holds decides as well.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from typing import NamedTuple


class Standard(NamedTuple):
    """A published standard of records: its name, its columns by ours, and where it is defined."""

    name: str
    columns: Mapping[str, str]
    source: str


# By element number: CSV exports of both have these numbers, or the names of the elements, as heads.
NEMSIS = Standard(
    "NEMSIS 3",
    {
        "callout": "eResponse.03", "unit": "eResponse.13", "kind": "eDispatch.01",
        "received": "eTimes.01", "dispatched": "eTimes.03", "en_route": "eTimes.05",
        "on_scene": "eTimes.06", "left": "eTimes.09", "at_hospital": "eTimes.11",
        "cleared": "eTimes.13", "point": "eScene.11",
    },
    "National EMS Information System, NEMSIS Data Dictionary 3.5, section eTimes",
)  # fmt: skip
NERIS = Standard(
    "NERIS",
    {
        "callout": "dispatch_internal_id", "kind": "dispatch_incident_type",
        "received": "dispatch_time_call_arrival", "entry": "dispatch_time_call_open_time",
        "unit": "unit_id_linked", "dispatched": "time_dispatch",
        "en_route": "time_enroute_to_scene", "on_scene": "time_on_scene",
        "left": "time_enroute_hospital", "at_hospital": "time_arrived_hospital",
        "cleared": "time_unit_clear", "point": "dispatch_point",
        "unit_point": "unit_dispatch_point",
    },
    "National Emergency Response Information System, core_mod_dispatch and mod_unit_response "
    "(github.com/ulfsri/neris-framework)",
)  # fmt: skip
STANDARDS = (NEMSIS, NERIS)
FEWEST = 4  # columns of a standard in a record that follows it

# In the order in which they are looked for; the first of a field's names that is there is taken.
NAMES: dict[str, tuple[str, ...]] = {
    "callout": (
        "callnumber", "call", "callid", "calloutid", "callout", "incidentnumber", "incidentid",
        "incident", "missionid", "einsatznummer", "einsatznr", "numintervention", "casenumber",
    ),
    "unit": (
        "unitid", "unit", "callsign", "vehicle", "apparatus", "appliance", "fahrzeug",
        "funkrufname", "engin", "team",
    ),
    "received": (
        "receiveddttm", "received", "callreceived", "timeofcall", "toc", "calltime", "calldatetime",
        "alarmtime", "alarmdatetime", "notruf", "anrufeingang", "eingang", "alarm", "reported",
        "appel", "heureappel", "datetime", "dateandtime", "created", "incidentdatetime",
    ),
    "date": ("date", "datum", "calldate", "incidentdate", "alarmdate", "dateofcall", "tag", "day"),
    "entry": ("entrydttm", "entry", "callentered", "handled", "answered"),
    "dispatched": (
        "dispatchdttm", "dispatched", "dispatch", "dispatchtime", "ord", "ordered", "alarmierung",
        "alarmiert", "notified", "assigned", "alerted", "paged", "toned", "alerte",
    ),
    "en_route": (
        "responsedttm", "enroute", "enroutetime", "responding", "mob", "mobile", "mobilised",
        "mobilized", "ausgeruckt", "ausrucken", "ab", "departed", "depart", "departurenotified",
    ),
    "on_scene": (
        "onscenedttm", "onscene", "onscenetime", "ia", "inattendance", "arrived", "arrival",
        "arrivaltime", "atscene", "there", "anemsatzort", "einsatzortan", "eintreffen", "ankunft",
        "an", "surleslieux", "arrivee",
    ),
    "left": (
        "transportdttm", "left", "leftscene", "ls", "transport", "transporting", "abfahrt",
    ),
    "at_hospital": (
        "hospitaldttm", "athospital", "ah", "arrivedhospital", "hospital", "hospitaltime",
        "krankenhausan", "zielan",
    ),
    "cleared": (
        "availabledttm", "cleared", "clear", "cleartime", "available", "mav", "inservice",
        "unitclear", "free", "frei", "einsatzende", "ende", "closed", "closedown", "cd", "end",
        "disponible",
    ),
    "kind": (
        "calltypegroup", "calltype", "kind", "type", "incidenttype", "description", "nature",
        "category", "einsatzart", "stichwort", "einsatzstichwort", "art", "naturesinistre",
        "callfor",
    ),
    "priority": (
        "finalpriority", "priorityfinal", "priority", "prio", "urgency", "prioritat", "priorite",
    ),
    "point": ("caselocation", "point", "location", "geopoint", "coordinates", "geom", "wkt"),
    "lat": ("lat", "latitude", "breite", "breitengrad", "y"),
    "lon": ("lon", "lng", "long", "longitude", "lange", "langengrad", "x"),
    "place": ("place", "town", "village", "municipality", "ort", "gemeinde", "commune", "locality"),
    "area": (
        "area", "district", "stationname", "station", "stationarea", "battalion", "zone", "sector",
        "bezirk", "landkreis", "kreis", "wache", "quartier", "city", "neighborhood",
    ),
    "offset": ("offset", "utcoffset"),
}  # fmt: skip


_ENDINGS = (
    "dttm", "datetime", "seconds", "minutes", "time", "sec", "min", "uhrzeit", "zeit", "s",
)  # fmt: skip


def by_bare_name(columns: Collection[str]) -> dict[str, str]:
    """Return columns by their bare names, and by these without an ending such as time or s."""
    found: dict[str, str] = {}
    for column in columns:
        found.setdefault(bare_name(column), column)
    for bare, column in list(found.items()):
        for ending in _ENDINGS:
            if bare.endswith(ending) and len(bare) > len(ending) + 1:
                found.setdefault(bare.removesuffix(ending), column)
    return found


def bare_name(name: str) -> str:
    """Return a column's name without case, accents and all that is no letter or digit."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in plain if c.isalnum())


def standard_of(columns: Collection[str]) -> tuple[Standard, dict[str, str]] | None:
    """Return the standard that a record follows, with its columns that are there; None: none."""
    by_bare = {bare_name(column): column for column in columns}
    for standard in STANDARDS:
        there = {
            ours: by_bare[bare_name(theirs)]
            for ours, theirs in standard.columns.items()
            if bare_name(theirs) in by_bare
        }
        if len(there) >= FEWEST and "received" in there:
            return standard, there
    return None
