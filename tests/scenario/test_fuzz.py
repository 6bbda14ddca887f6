"""
Whatever is done to a scenario file, it is accepted or refused in words, never by a traceback.

A few here; many, with those that are accepted run, in the long tests of ``tests/hunters``.
"""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from sim.errors import Diagnostic, ScenarioError
from sim.scenario import read_scenario, render, shipped_scenarios

from ..hunters.mutants import mutated_text


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
        path.write_bytes(mutated_text(draws.choice(texts), draws).encode("utf-8", "surrogatepass"))
        accepted += check(path)
    return accepted


def test_three_hundred_mutants_are_refused_in_words_or_accepted(tmp_path):
    assert 0 < fuzz(tmp_path, 300, seed=1) < 300


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
