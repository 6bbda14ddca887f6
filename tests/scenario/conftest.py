"""A small world to spoil: two towns, two teams, everything written in one file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from sim.errors import Diagnostic, ScenarioError
from sim.scenario import ScenarioFile, read_scenario

SMALL = """\
name: small
clock: {start: 2025-03-06 06:00, length: 7 days}
map:
  places:
    Jablah: {lat: 35.36, lon: 35.92}
    Lattakia: {lat: 35.53, lon: 35.79, weight: 3}
  roads: {circuity: 1.35, speed: {day: 45 km/h}}
  hospitals: {National: Lattakia}
demand:
  rate: 10 per day
  kinds:
    wounded:
      {share: 60%, crew: 2, needs: [ambulance], to: hospital,
       on_scene: {median: 18 min, p90: 30 min}}
    fire: {share: 40%, priority: 2, on_scene: {mean: 50 min, sd: 20 min}}
bases:
  Jablah: {}
  Lattakia: {}
teams:
  Jablah: {base: Jablah, crew: 4, capabilities: [ambulance], shifts: [day, night]}
  Lattakia: {base: Lattakia, count: 2}
shifts:
  day: {hours: "08:00-20:00"}
  night: {hours: "20:00-08:00"}
targets:
  - {name: soon, within: 15 min, kind: wounded}
"""


Flags = Mapping[str, object] | None


class Desk:
    """Writes a scenario into a folder of its own and reads it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def put(self, name: str, text: str | bytes) -> Path:
        """Write a file next to the scenario."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def read(
        self,
        *changes: tuple[str, str],
        flags: Mapping[str, object] | None = None,
        text: str = SMALL,
    ) -> ScenarioFile:
        """Read the small scenario with parts of its text replaced."""
        for old, new in changes:
            assert old in text, old
            text = text.replace(old, new, 1)
        return read_scenario(self.put("small.yaml", text), flags or {})

    def refused(
        self,
        *changes: tuple[str, str],
        flags: Mapping[str, object] | None = None,
        text: str = SMALL,
    ) -> list[Diagnostic]:
        """Return the errors for which it is refused."""
        with pytest.raises(ScenarioError) as caught:
            self.read(*changes, flags=flags, text=text)
        return caught.value.diagnostics


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A dispatcher in an empty folder."""
    return Desk(tmp_path)
