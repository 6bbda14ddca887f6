"""From a sweep to what its figure shows: measures against the value that is varied."""

from __future__ import annotations

from typing import Any

from sim.experiment import Study, Tables


def sweep(study: Study, tables: Tables) -> Any:
    """Return the figure's data; None where nothing is varied."""
    return None
