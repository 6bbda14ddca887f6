"""
Fit the public records of docs/fitted-records.md, and judge them on days that were held out.

The records are not part of the project: name a file with ``--record``. Tables, figures and what the
commands print go to ``--publish``::

    python docs/fitted/make.py dublin --record dublin.csv --out work --publish docs/fitted
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

HERE = Path(__file__).parent
COLOURS = 64  # of a published figure
PRIMARY = "primary"
STATISTICS = ("median", "p90")
GROUPS = ("hours", "weekday", "kind", "area")
COLUMNS = ("demand", "part", "group", "statistic", "recorded", "simulated", "difference", "low",
           "high", "tolerance", "verdict", "callouts", "days")  # fmt: skip
ROUNDED = COLUMNS[4:10]
WORDS = {
    "median": "median", "p90": "90th percentile", "mean": "mean",
    "dispersion index": "index of dispersion",
}  # fmt: skip
FIGURES = ("agreement.png", "calibration.png")


@dataclass(frozen=True)
class PublicRecord:
    """
    A record, and the day before which it is fitted and from which it is judged.

    ``hashed`` is the SHA-256 of the file that the published numbers are of, ``until`` the day
    before which it is judged.
    """

    hashed: str
    held_out: str
    until: str


RECORDS = {
    "dublin": PublicRecord(
        "5ff9b8dee16d9197f02663b6c49aaf1a70e3e8a058d7ccd9c041b0ff115dcd1d",
        "2022-01-01", "2023-01-01",
    ),
    "san-francisco": PublicRecord(
        "123e02e1199afc9749ece2e1e21be12e4ff01ea712c15983c39aa06d8adca9c7",
        "2020-04-11", "2020-04-21",
    ),
}  # fmt: skip


def fit(name: str, record: Path, out: Path) -> tuple[Path, str]:
    """Fit all days before those held out; return the scenario and what was printed."""
    known = RECORDS[name]
    data = record.read_bytes()
    if hashlib.sha256(data).hexdigest() != known.hashed:
        raise SystemExit(f"{record} is another file than the one of the published numbers")
    out.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(HERE / f"{name}.yaml", out / "columns.yaml")
    (out / f"{name}.csv").write_bytes(data)
    said = rescuesim(
        out, "fit", f"{name}.csv", "--map", "columns.yaml", "--until", known.held_out, "--out",
        f"{name}-fitted.yaml",
    )  # fmt: skip
    return out / f"{name}-fitted.yaml", said


def judge(name: str, out: Path) -> tuple[Path, str]:
    """Validate what was fitted on the days held out; return its folder and what was printed."""
    known = RECORDS[name]
    said = rescuesim(
        out, "validate", f"{name}-fitted.yaml", f"{name}.csv", "--map", "columns.yaml", "--from",
        known.held_out, "--until", known.until, "--out", "validated",
    )  # fmt: skip
    return out / "validated", said


def rescuesim(folder: Path, *arguments: str) -> str:
    """Run the command line in a folder, and return what it prints."""
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "sim", *arguments], cwd=folder, check=True, text=True,
        stdout=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    return done.stdout


def table_of(folder: Path) -> list[dict[str, str]]:
    """Return the rows that are published: judged together, and response by group, in minutes."""
    with (folder / "validation.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    kept = [
        row for row in rows
        if row["family"] == PRIMARY
        or ((row["demand"], row["part"]) == ("record", "response")
        and row["statistic"] in STATISTICS and row["group"].partition(":")[0] in GROUPS)
    ]  # fmt: skip
    return [
        {c: f"{float(row[c]):.2f}" if c in ROUNDED and row[c] else row[c] for c in COLUMNS}
        for row in kept
    ]


def as_line(row: dict[str, str]) -> str:
    """Return a row of the table as a line of the page."""
    what = row["part"] if row["group"] == "all" else row["group"].replace(":", " ")
    off = f"{float(row['difference']):+.2f} [{float(row['low']):+.2f}, {float(row['high']):+.2f}]"
    cells = (what, WORDS[row["statistic"]], row["recorded"], row["simulated"], off,
             row["tolerance"], row["verdict"])  # fmt: skip
    return f"| {' | '.join(cells)} |"


def publish(name: str, fitted: str, judged: str, folder: Path, into: Path) -> None:
    """Write the table, the figures and what was printed."""
    with (into / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table_of(folder))
    (into / f"{name}-fit.txt").write_text(fitted.strip() + "\n", encoding="utf-8")
    (into / f"{name}-validation.txt").write_text(judged.strip() + "\n", encoding="utf-8")
    for figure in FIGURES:
        with Image.open(folder / "figures" / figure) as drawn:
            few = drawn.convert("RGB").quantize(COLOURS)
        few.save(into / f"{name}-{figure}", optimize=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("name", choices=RECORDS)
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--publish", type=Path)
    given = parser.parse_args()
    _, told_of_fit = fit(given.name, given.record, given.out)
    validated, told_of_days = judge(given.name, given.out)
    print(told_of_fit, told_of_days)
    if given.publish is not None:
        publish(given.name, told_of_fit, told_of_days, validated, given.publish)
