"""Damaged results folders: read, or refused in a sentence."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from ..experiment.conftest import LISTED, SCENARIO, run_and_write
from ..experiment.damage import damage
from .hunting import Bag, TooSlow, rescuesim, within

READ = 60  # seconds at most
DECLARED = (0, 1, 2, 4)


def hunt_folders(hunt, numbers):
    """Damage a folder in many ways, and have every command read it."""
    bag = Bag()
    with tempfile.TemporaryDirectory() as name:
        sound = write_sound(Path(name))
        for number in numbers:
            copy = shutil.copytree(sound, Path(name) / "copy")
            how = damage(copy, hunt.seed * 1_000_000 + number if hunt.seed > 1 else number)
            bag.seen[how] += 1
            for what, said in misread(copy, how, number):
                bag.find(hunt, number, what, said)
            shutil.rmtree(copy)
    return bag


def write_sound(folder):
    """Write a study with names that are hard on tables; return its results folder."""
    (folder / "listed.csv").write_text("at,place,kind\n" + LISTED, encoding="utf-8")
    path = folder / "study.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return run_and_write(path, folder / "results").folder


def misread(copy, how, number):
    """Yield each command that does not end in a sentence."""
    out = copy.parent / "out"
    commands = [
        ("explain", copy),
        ("explain", copy, "--callout", "3"),
        ("measure", copy, "--no-figures", "--out", out / "measured"),
    ]
    commands += [("plot", copy, "--format", "png", "--out", out / "f")] * (number % 20 == 0)
    commands += [("reproduce", copy, "-q")] * (number % 4 == 0 and how != "any_bytes")
    for command in commands:
        try:
            with within(READ):
                answer = rescuesim(*command)
        except TooSlow as error:
            yield f"{command[0]}: slow", f"{how}: {error}"
            continue
        said = answer.err.strip()
        if answer.code not in DECLARED or (answer.code in (2, 4)) != bool(said):
            yield f"{command[0]}: exit {answer.code}", f"{how}: {said}"
    shutil.rmtree(out, ignore_errors=True)
