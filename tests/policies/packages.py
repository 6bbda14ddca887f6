"""Tiny packages as an installer would leave them, for tests of what packages bring."""

import sys

LAST = '''
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field


@dataclass(frozen=True)
class Last:
    """Send the team that is expected last."""

    question = "dispatch"
    source = "made up, for a test"
    but: Annotated[int, Field(ge=0, description="Keep so many.")] = 0

    def __post_init__(self):
        if self.but == 7:
            raise ValueError("seven is unlucky")

    def __call__(self, callout, desk):
        if len(desk.teams) <= self.but:
            return None, "kept"
        arrival, number = max(zip(desk.arrivals, [-team for team in desk.teams]))
        return -number, "expected last"
'''


class Packages:
    """Installs packages by writing what an installer writes, each in a folder of its own."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.monkeypatch = folder, monkeypatch
        self.modules = []

    def install(self, name, code, **entries):
        """Write a module and the metadata that names its rules, and put them on the path."""
        site = self.folder / f"site-{name}"
        about = site / f"{name}-1.0.dist-info"
        about.mkdir(parents=True)
        (site / f"{name}.py").write_text(code, encoding="utf-8")
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
        (about / "METADATA").write_text(metadata, encoding="utf-8")
        if entries:
            lines = ["[rescuesim.policies]", *(f"{n} = {at}" for n, at in entries.items())]
            (about / "entry_points.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
        self.monkeypatch.syspath_prepend(str(site))
        self.modules.append(name)
        return site

    def forget(self):
        """Forget what was imported of them."""
        for name in self.modules:
            sys.modules.pop(name, None)
