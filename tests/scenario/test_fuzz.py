"""Whatever is done to a scenario file, it is accepted or refused in words, never by a traceback."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from sim.errors import Diagnostic, ScenarioError
from sim.scenario import read_scenario, render, shipped_scenarios

PIECES = [
    *"[]{}:,-#&*!|>'\"%@`?~ \n\t\r\x00\x1b\u202e\u0660\ufeff\u2028\x85",
    ": ", "- ", "[[", "}}", "<<: ", "&a ", "*a", "!!int ", "null", "~", ".nan", ".inf", "1e400",
    "-1", "0", "1e9", "99999999999999999999", "0x1F", "012", "22:30", "no", "yes", "true", "55",
    "150%", "-5%", "12 m", "5 months", "1 h 30 min", "45 km/h", "30 per day", "day 0",
    "2025-99-99 06:00",
    "extends: x.yaml\n", "extends: coast-march-2025\n", "../../etc/passwd", "/dev/zero", "data",
    "data/coast/places.csv", "data/coast/coastline.geojson", "\n---\n", "\n...\n", "%YAML 1.1\n",
    "{file: data/coast/places.csv, column: lat, unit: min}", "{file: x, column: y}", "قرية", "😀",
]  # fmt: skip


def mutated(text: str, draws: random.Random) -> str:
    """Return the text with a few random edits."""
    for _ in range(draws.choice((1, 1, 1, 2, 3, 8))):
        at = draws.randrange(len(text) + 1)
        how = draws.randrange(7)
        if how == 0:
            text = text[:at] + draws.choice(PIECES) + text[at:]
        elif how == 1:
            text = text[:at] + text[at + draws.randrange(1, 30) :]
        elif how == 2:
            text = text[:at] + text[at : at + 40] + text[at:]
        elif how == 3:
            text = (
                text[:at]
                + chr(draws.choice((draws.randrange(128), draws.randrange(0xD7FF))))
                + text[at + 1 :]
            )
        else:  # replace a whole value or key: most likely to get past the syntax
            lines = text.split("\n")
            row = draws.randrange(len(lines))
            words = lines[row].split(" ")
            words[draws.randrange(len(words))] = draws.choice(PIECES + words)
            lines[row] = " ".join(words)
            if how == 6:
                lines.insert(draws.randrange(len(lines)), lines.pop(row))
            text = "\n".join(lines)
    return text or " "


def diagnostics_of(path: Path) -> list[Diagnostic]:
    """Return what a file is refused for; nothing if it is accepted."""
    try:
        found = read_scenario(path)
    except ScenarioError as error:
        return error.diagnostics
    found.resolved_yaml()
    return []


def check(path: Path) -> bool:
    """Read a file; return whether it was accepted, having checked how it was refused."""
    diagnostics = diagnostics_of(path)
    assert len(diagnostics) <= 21
    for diagnostic in diagnostics:
        shown = render(diagnostic)
        assert diagnostic.message
        assert all(c == "\n" or c.isprintable() or c in "\u200c\u200d" for c in shown), shown
        if diagnostic.file:
            assert diagnostic.line >= 1
            assert diagnostic.column >= 1
    return not diagnostics


def fuzz(folder: Path, rounds: int, seed: int) -> int:
    """Mutate the shipped scenarios; return how many were accepted."""
    shipped = shipped_scenarios()
    shutil.copytree(next(iter(shipped.values())).parent, folder / "scenarios")
    texts = [p.read_text() for p in shipped.values()]
    draws, path, accepted = random.Random(seed), folder / "scenarios" / "mutant.yaml", 0
    for _ in range(rounds):
        path.write_bytes(mutated(draws.choice(texts), draws).encode("utf-8", "surrogatepass"))
        accepted += check(path)
    return accepted


def test_three_hundred_mutants_are_refused_in_words_or_accepted(tmp_path):
    assert 0 < fuzz(tmp_path, 300, seed=1) < 300


@pytest.mark.long
def test_three_thousand_mutants_are_refused_in_words_or_accepted(tmp_path):
    assert 0 < fuzz(tmp_path, 3000, seed=2) < 3000


def spoiled(data: bytes, draws: random.Random) -> bytes:
    """Return a table with random edits of its bytes."""
    edited = bytearray(data)
    for _ in range(draws.choice((1, 2, 5))):
        at = draws.randrange(len(edited))
        piece = draws.choice(
            (b"", b",", b";", b'"', b"\n", b"\xff", b"\x00", b"-", b"x", b"9" * 20, b"\t")
        )
        edited[at : at + draws.randrange(4)] = piece
    return bytes(edited)


def fuzz_tables(folder: Path, rounds: int, seed: int) -> None:
    """Spoil the tables of the coast scenario, one at a time."""
    source = shipped_scenarios()["coast-march-2025"]
    shutil.copytree(source.parent, folder / "scenarios")
    path = folder / "scenarios" / source.name
    tables = sorted((folder / "scenarios" / "data" / "coast").iterdir())
    draws = random.Random(seed)
    for _ in range(rounds):
        table = draws.choice(tables)
        original = table.read_bytes()
        table.write_bytes(spoiled(original, draws))
        check(path)
        table.write_bytes(original)


def test_spoiled_tables_are_refused_in_words_or_accepted(tmp_path):
    fuzz_tables(tmp_path, 60, seed=3)


@pytest.mark.long
def test_a_thousand_spoiled_tables_are_refused_in_words_or_accepted(tmp_path):
    fuzz_tables(tmp_path, 1000, seed=4)
