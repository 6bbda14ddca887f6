"""Mutated tables, networks and records: accepted, and then run, or refused at their line."""

from __future__ import annotations

import csv
import io
import json
import random
import tempfile
from pathlib import Path

from .hunting import Bag, TooSlow, rescuesim, within
from .mutants import mutated_bytes
from .scenario_hunt import CHECKED, OURS, RUN, judged_check, run_shortly
from .sound_tables import COLUMNS, RECORD, sound_tables

CELLS = [
    "", " ", "x", "-1", "0", "1", "2.5", "1e3", "1e306", "-1e306", "nan", "inf", "99999999",
    "9" * 30, "1,5", "1 000", "٣", "0x10", "50%", "101%", "-5%", "yes", "no", "maybe", "A", "B",
    "Nowhere", "wounded", "=1+1", "\x00", '"', "\n", "\r", "\u202e", "قرية", "x" * 101, "x" * 9000,
    "2025-03-06 06:30", "2025-02-30 06:00", "9999-12-31 23:59", "day 0 06:00", "day 1 24:00",
    "day 1 06:30", "20 min", "1e9 h", "-3 min", "12", "60", "M1", "n1", "35.2", "-90", "91", "181",
]  # fmt: skip
VALUES = [
    None, True, 0, -1, 1, 2.5, 1e308, 10**30, "", "x", "50 mph", "yes", [], {}, [[]], [None],
    [35.9, 35.1], [[35.9, 35.1]], {"x": 1}, "LineString", "MultiLineString", "Point", "Feature",
    {"type": "LineString", "coordinates": []}, [181, 91], ["35.9", "35.1"], [35.9], "9" * 5000,
]  # fmt: skip


def hunt_tables(hunt, numbers):
    """Mutate a table of a small scenario at a time, check, and run what is accepted."""
    bag = Bag()
    sets = sound_tables()
    with tempfile.TemporaryDirectory() as name:
        for number in numbers:
            draws = random.Random(f"table {hunt.seed} {number}")
            folder = Path(name) / str(number)
            folder.mkdir()
            found = (
                _measured(folder, draws, bag)
                if draws.random() < 0.15
                else _checked(sets, folder, draws, bag)
            )
            for what, said in found:
                bag.find(hunt, number, what, said, folder)
    return bag


def _checked(sets, folder, draws, bag):
    """Mutate a table of a scenario; yield what is wrong with how it is taken."""
    name = draws.choice(sorted(sets))
    text, tables = sets[name]
    for file, table in tables.items():
        (folder / file).write_text(table, encoding="utf-8")
    for file in draws.sample(sorted(tables), draws.choice((1, 1, 1, 2))):
        (folder / file).write_bytes(mutated_table(file, tables[file], draws))
    path = folder / "world.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        with within(CHECKED):
            answer = rescuesim("check", path, "--json")
        yield from judged_check(answer)
        bag.seen[f"{name} {'accepted' if answer.code == 0 else 'refused'}"] += 1
        if answer.code == 0:
            with within(RUN):
                yield from run_shortly(path, draws, bag)
    except TooSlow as error:
        yield "slow", str(error)


def _measured(folder, draws, bag):
    """Mutate a record that is measured alone, or the description of its columns."""
    record, columns = folder / "past.csv", folder / "columns.yaml"
    record.write_bytes(mutated_table("past.csv", RECORD, draws))
    columns.write_text(COLUMNS, encoding="utf-8")
    command = ("measure", record, "--columns", columns, "--no-figures", "--out", folder / "found")
    try:
        with within(CHECKED):
            answer = rescuesim(*command)
    except TooSlow as error:
        yield "slow", str(error)
        return
    bag.seen[f"measure: exit {answer.code}"] += 1
    if answer.code not in (0, 2):
        yield f"measure: exit {answer.code}", answer.err
    elif answer.code == 2 and (OURS.search(answer.err) or "past.csv" not in answer.err):
        yield "measure: no place", answer.err


# -- how a table is changed ----------------------------------------------------------------------


def mutated_table(name, text, draws):
    """Return the bytes of a table with some random changes."""
    for _ in range(draws.choice((1, 1, 1, 2, 4))):
        if draws.random() < 0.15:
            return mutated_bytes(text.encode(), draws)
        if name.endswith(".csv"):
            text = _changed_csv(text, draws)
        elif name.endswith(".geojson") and draws.random() < 0.7:
            text = _changed_json(text, draws)
        else:
            text = _changed_text(text, draws)
    return text.encode("utf-8", "surrogatepass")


def _changed_csv(text, draws):
    try:
        rows = [*csv.reader(io.StringIO(text))]
    except csv.Error:
        return text
    if not any(rows):
        return text
    how, row = draws.randrange(12), draws.choice([row for row in rows if row])
    delimiter = ","
    if how < 5:
        row[draws.randrange(len(row))] = draws.choice([*CELLS, *row])
    elif how == 5:
        rows.remove(row)
    elif how == 6:
        rows.insert(draws.randrange(len(rows) + 1), [*row])
    elif how == 7:
        column = draws.randrange(len(row))
        for other in rows:
            del other[column : column + 1]
    elif how == 8:
        column = draws.randrange(len(row))
        for other in rows:
            other[column:column] = other[column : column + 1]
    elif how == 9:
        delimiter = draws.choice(";\t")
    elif how == 10:
        row.append(draws.choice(CELLS)) if draws.random() < 0.5 else row.pop()
    else:
        a, b = draws.randrange(len(rows)), draws.randrange(len(rows))
        rows[a], rows[b] = rows[b], rows[a]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n", escapechar="\\")
    writer.writerows(rows)
    return out.getvalue()


def _changed_json(text, draws):
    try:
        tree = json.loads(text)
    except ValueError:
        return _changed_text(text, draws)
    spots = [*_spots(tree)]
    if not spots:
        return text
    inner, key = draws.choice(spots)
    how = draws.randrange(4)
    if how == 0 and isinstance(inner, dict):
        inner[draws.choice(["type", "x", "coordinates", "kmh", "oneway"])] = inner.pop(key)
    elif how == 1:
        del inner[key]
    elif how == 2 and isinstance(inner, list):
        inner.append(inner[key])
    else:
        inner[key] = draws.choice(VALUES)
    return json.dumps(tree, indent=draws.choice([None, 1]), ensure_ascii=False)


def _spots(tree):
    for key in list(tree) if isinstance(tree, dict) else range(len(tree)):
        yield tree, key
        if isinstance(tree[key], (dict, list)):
            yield from _spots(tree[key])


def _changed_text(text, draws):
    at = draws.randrange(len(text) + 1)
    piece = draws.choice(["", "<", ">", '"', "{", "]", "null", "-1", "9" * 30, "1e999", "&x;", "/>",
                          "<!DOCTYPE x>", "true", "\n", ",", "[]", text[at : at + 40]])  # fmt: skip
    return text[:at] + piece + text[at + draws.randrange(12) :]
