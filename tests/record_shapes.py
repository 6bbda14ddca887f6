"""Records of past callouts in the shapes in which services publish them; every row is invented."""

import csv
import io
import random
from datetime import datetime, timedelta

from sim.scenario.diagnostics.findings import Findings
from sim.scenario.fields.records import Layout
from sim.scenario.recorded import units_of
from sim.scenario.text.source import Source, read_tree

FIRE_BRIGADE = {  # a date and times of day that roll over midnight, as a city of Europe has them
    "columns": {
        "date": "Date", "received": "TOC", "kind": "Description", "area": "Station Name",
        "dispatched": "ORD", "en_route": "MOB", "on_scene": "IA", "left": "LS",
        "at_hospital": "AH", "cleared": "MAV",
    },
    "timezone": "Europe/Dublin",
}  # fmt: skip
FIRE_BRIGADE_ROWS = """\
ID,Date,Station Name,Description,TOC,ORD,MOB,IA,LS,AH,MAV,CD
1,13/02/2021,Northside,F/SMALL,23:56:08,23:57:39,23:59:18,00:04:10,,,00:11:48,00:15:45
2,14/02/2021,Harbour,S/S OTHER,00:17:59,00:19:29,00:21:14,,,,00:41:29,00:49:45
4,14/02/2021,Harbour,RTA,10:00:00,10:01:00,10:02:00,10:10:00,10:30:00,10:45:00,11:05:00,11:20:00
"""
CALLS = {  # several units a call in several rows, as a city of America has them
    "columns": {
        "callout": "Call Number", "received": "Received DtTm", "kind": "Call Type Group",
        "priority": "Priority", "unit": "Unit ID", "point": "case_location", "area": "Battalion",
        "entry": "Entry DtTm", "dispatched": "Dispatch DtTm", "en_route": "Response DtTm",
        "on_scene": "On Scene DtTm", "left": "Transport DtTm", "at_hospital": "Hospital DtTm",
        "cleared": "Available DtTm",
    },
    "timezone": "America/Los_Angeles",
    "priorities": {"1": ["E"], "2": ["3"], "3": ["2", "A"]},
}  # fmt: skip
CALLS_HEAD = (
    "Call Number,Unit ID,Call Type Group,Received DtTm,Entry DtTm,Dispatch DtTm,Response DtTm,"
    "On Scene DtTm,Transport DtTm,Hospital DtTm,Available DtTm,Priority,Battalion,case_location\n"
)
CALLS_ROWS = (
    CALLS_HEAD
    + """\
1,E16,Medical,12/31/2016 11:57:56 PM,12/31/2016 11:58:56 PM,12/31/2016 11:59:26 PM,\
01/01/2017 12:00:26 AM,01/01/2017 12:05:56 AM,,,01/01/2017 12:30:00 AM,3,B04,POINT (-122.43 37.79)
1,M03,Medical,12/31/2016 11:57:56 PM,12/31/2016 11:58:56 PM,12/31/2016 11:59:36 PM,\
01/01/2017 12:01:00 AM,01/01/2017 12:09:56 AM,01/01/2017 12:25:00 AM,01/01/2017 12:40:00 AM,\
01/01/2017 01:10:00 AM,3,B04,POINT (-122.43 37.79)
2,E41,Alarm,01/01/2017 01:18:35 PM,01/01/2017 01:20:35 PM,,,,,,01/01/2017 01:30:00 PM,E,B01,\
POINT (-122.41 37.78)
"""
)


def read_record(data, layout, scenario=None):
    """Return a record read by a layout given as data, and what was found in reading it."""
    text = data.encode() if isinstance(data, str) else data
    findings = Findings(read_tree(Source("columns.yaml", yaml_of(layout))))
    known = Layout.model_validate(layout, context={"file": True})
    return units_of(text, "calls.csv", known, findings, scenario), findings


def told(data, layout):
    """Return the errors of a record, as sentences."""
    _, findings = read_record(data, layout)
    return [d.message for d in findings.in_order()]


def yaml_of(layout, indent=""):
    """Return data as YAML that this project reads."""
    lines = []
    for key, value in layout.items():
        if isinstance(value, dict):
            lines.append(f"{indent}{key}:\n{yaml_of(value, indent + '  ')}")
        elif isinstance(value, (list, tuple)):
            words = ", ".join(f'"{word}"' for word in value)
            lines.append(f"{indent}{key}: [{words}]")
        else:
            lines.append(f'{indent}{key}: "{value}"' if isinstance(value, str) else
                         f"{indent}{key}: {value}")  # fmt: skip
    return "\n".join(lines)


def many_callouts(count=35_000, days=1096, seed=5):
    """Return a fire brigade's record of three years as text: one row a callout."""
    draw = random.Random(seed)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(FIRE_BRIGADE_ROWS.splitlines()[0].split(","))
    start, kinds = datetime(2020, 1, 1), ("F/SMALL", "S/S OTHER", "RTA", "FIRE ALARM")
    for number, second in enumerate(sorted(draw.sample(range(days * 86_400), count))):
        at = start + timedelta(seconds=second)
        steps = [draw.randint(40, 120), draw.randint(30, 150), draw.randint(120, 1200)]
        leaves = draw.random() < 0.3
        steps += [draw.randint(300, 1800), draw.randint(300, 1800)] if leaves else []
        instants = [at]
        for step in (*steps, draw.randint(300, 3600)):
            instants.append(instants[-1] + timedelta(seconds=step))
        clocks = [f"{t:%H:%M:%S}" for t in instants]
        clocks[4:-1] = clocks[4:-1] or ["", ""]
        station, kind = f"Station {draw.randint(1, 8)}", draw.choice(kinds)
        writer.writerow([number, f"{at:%d/%m/%Y}", station, kind, *clocks, ""])
    return file.getvalue()
