"""
A fitted scenario with the values of another fit, wherever nobody has changed them since.

Three versions are laid over each other, as version control merges a file: what `fit` writes of the
record, the scenario as it is now, and what `fit` writes of a record drawn from it. A fitted field
that is still as `fit` wrote it takes the drawn value; one that was changed by hand is the planner's
own and stays, as do teams, bases, policies, places and all else that is not fitted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sim.errors import UsageError
from sim.scenario import ScenarioFile
from sim.scenario.text.source import Source, read_tree

from ..fitted_record import FittedRecord
from ..scenario_writing.scenario_text import SHA256, scenario_text

Steps = tuple[str, ...]
OF_DEMAND = ("rate", "hours", "weekdays", "months", "day_to_day", "where")
OF_A_KIND = ("hours", "weekdays", "months", "where", "on_scene", "transported", "handover")
OF_ALL = (
    ("dispatch_centre", "call_handling"),
    ("dispatch_centre", "turnout"),
    ("map", "roads", "speed"),
    ("map", "roads", "travel_time_cv"),
    ("map", "roads", "table"),
    ("map", "local_travel"),
)
# What a fit leaves out where it finds no more than chance, which is a finding; what else is not
# there could not be fitted, and stays as it was.
LEFT_OUT = {"hours", "weekdays", "months", "day_to_day", "where", "local_travel"}
DIGEST = re.compile(re.escape(SHA256) + r"\s*([0-9a-f]{64})\b")


def record_behind(file: ScenarioFile) -> str:
    """
    Return the SHA-256 of the record that a scenario was fitted to, as its sources say it.

    Raises
    ------
    UsageError
        When they do not.

    """
    for fact in file.resolved.get("sources") or ():
        if isinstance(fact, str) and (told := DIGEST.search(fact)):
            return told[1]
    raise UsageError(
        f"{file.path}: it does not say which record it was fitted to; a scenario that rescuesim "
        f"fit wrote has '{SHA256} ...' among its sources"
    )


def fitted_values(found: FittedRecord) -> dict[str, Any]:
    """Return what `fit` writes of a record, as plain data."""
    text = scenario_text(found, "fitted")
    return dict(read_tree(Source("fitted", text, Path())).plain())


class RefittedScenario:
    """
    A scenario that was fitted, ready to take the values of other fits.

    Parameters
    ----------
    file
        The scenario as it is.
    fitted
        What `fit` writes of its record.

    Attributes
    ----------
    as_fitted, changed
        Fields that are as `fit` wrote them, and those that were changed since, dotted.

    """

    def __init__(self, file: ScenarioFile, fitted: dict[str, Any]) -> None:
        self.file, self._own = file, file.resolved
        groups = list(_fields(fitted))
        self._kept = [
            group for group in groups
            if all(_at(self._own, path) == _at(fitted, path) for path in group)
        ]  # fmt: skip
        self.as_fitted, self.changed = (
            tuple(
                ".".join(path)
                for group in groups for path in group
                if (group in self._kept) == wanted and _at(fitted, path) is not None
            )
            for wanted in (True, False)
        )  # fmt: skip

    def with_values(self, drawn: dict[str, Any]) -> ScenarioFile:
        """
        Return the scenario with the values of another fit in the fields that are as fitted.

        Raises
        ------
        ScenarioError
            When no scenario may have them.

        """
        changes: dict[str | Steps, object] = {}
        for path in (path for group in self._kept for path in group):
            own, new = _at(self._own, path), _at(drawn, path)
            is_kept = new is None and path[-1] not in LEFT_OUT
            if own != new and not is_kept and _have_same_names(path, own, new):
                changes[path] = _change(own, new)
        return self.file.replace(changes) if changes else self.file


def _fields(fitted: dict[str, Any]) -> Iterator[tuple[Steps, ...]]:
    """Yield fields that may take other values; those of one tuple only together."""
    kinds = fitted["demand"]["kinds"]
    yield from ((("demand", name),) for name in OF_DEMAND)
    yield tuple(("demand", "kinds", kind, "share") for kind in kinds)  # they add up to 100 %
    yield from ((("demand", "kinds", kind, name),) for kind in kinds for name in OF_A_KIND)
    yield from ((path,) for path in OF_ALL)


def _at(plain: Any, path: Sequence[str]) -> Any:
    for step in path:
        plain = plain.get(step) if isinstance(plain, dict) else None
    return plain


def _have_same_names(path: Steps, own: Any, new: Any) -> bool:
    """Return whether two tables of places have the same, which a scenario must have all of."""
    if path[-1] not in ("where", "table") or not (isinstance(own, dict) and isinstance(new, dict)):
        return True
    return own.keys() == new.keys() and all(
        not isinstance(own[name], dict) or own[name].keys() == new[name].keys() for name in own
    )


def _change(own: Any, new: Any) -> Any:
    """Return what makes a value another when it is merged with it: null removes a key."""
    if not (isinstance(own, dict) and isinstance(new, dict)):
        return new
    gone = dict.fromkeys(name for name in own if name not in new)
    return {**gone, **{name: _change(own.get(name), value) for name, value in new.items()}}
