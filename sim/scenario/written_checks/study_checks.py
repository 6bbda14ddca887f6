"""
Checks across fields of what a study measures: half-widths, primary measures and the horizon.

Made on the scenario as written, as those of ``cross_field`` are.
"""

from __future__ import annotations

from sim import units
from sim.definitions import (
    DIFFERENCE,
    DISRUPTIONS,
    FAIRNESS,
    MEASURES,
    RENAMED,
    TARGET,
    WORST_AREA,
    definition,
    may_be_primary,
)

from .scenario_query import ScenarioQuery

# Of which a half-width may be asked for.
TIMES = (
    "response_restricted_mean", "response_p90", "response_median", "response_mean_reached",
    "attendance_restricted_mean", "attendance_p90", "queue_time_mean", "queue_time_p90",
)  # fmt: skip
SHARES = ("not_reached", "share_queued", "utilisation")


class StudyChecks:
    """Checks of what a study measures."""

    def __init__(self, look: ScenarioQuery) -> None:
        self.look, self.findings = look, look.findings

    def all(self) -> None:
        """Make all of them."""
        self.precision()
        self.primary()
        self.horizon()

    def precision(self) -> None:
        """What is to be precise is a measure, and a time or a share as its half-width is."""
        shares = [*SHARES, *self._survival(), *self._target_measures()]
        for key in self.look.parts("study", "replications", "until"):
            measure, loc = key.removeprefix(DIFFERENCE), ("study", "replications", "until", key)
            if measure not in (*TIMES, *shares):
                self._unknown(loc, measure, [*TIMES, *shares], on_key=True)
                continue
            written = self.look.value(*loc)
            points = isinstance(written, str) and written.rstrip().endswith("pp")
            relative = isinstance(written, str) and written.rstrip().endswith(("%", "٪"))
            if not relative and points == (measure in TIMES) and written is not None:
                right = "30 s" if measure in TIMES else "1 pp"
                self.findings.error(
                    loc,
                    f"{measure} is a {'time' if measure in TIMES else 'share'}, found "
                    f"{units.shown(written)}",
                    f"write '{right}' or '5%'",
                )

    def primary(self) -> None:
        """What is primary is a measure of all callouts with a direction."""
        may = [name for name in MEASURES if may_be_primary(name) and name not in DISRUPTIONS]
        may = [name for name in may if name != "survival" or self._survival()]
        may += self._target_measures()
        node = self.look.tree.at(("study", "primary"))
        listed = node.value if node is not None and isinstance(node.value, list) else []
        for i, each in enumerate(listed):
            name = each.value
            if not isinstance(name, str) or name in may:
                continue
            loc = ("study", "primary", i)
            if name in MEASURES:
                self.findings.error(loc, _why_not(name), f"may be primary: {', '.join(may)}")
            else:
                self._unknown(loc, name, may)

    def horizon(self) -> None:
        """The horizon lies between the longest target and the run."""
        loc = ("study", "horizon")
        horizon = self.look.read(units.duration, *loc)
        if not horizon:  # zero has an error of its own
            return
        written = f"a horizon of {units.say_duration(horizon)}"
        run = self.look.read(units.duration, "clock", "length")
        if run is not None and horizon > run:
            said = units.say_duration(run)
            help = f"{said} at the most: nobody waits longer in it"
            self.findings.error(loc, f"{written} is longer than the run, {said}", help)
        node = self.look.tree.at(("targets",))
        count = len(node.value) if node is not None and isinstance(node.value, list) else 0
        for i in range(count):
            within = self.look.read(units.duration, "targets", i, "within")
            if within is not None and horizon < within:
                said, name = units.say_duration(within), self.look.value("targets", i, "name")
                self.findings.error(
                    loc,
                    f"{written} is shorter than the target '{name}', {said}",
                    f"{said} at the least: who is not reached within the horizon counts as not "
                    "reached",
                )

    def _survival(self) -> list[str]:
        kinds = self.look.parts("demand", "kinds")
        return ["survival"] if any(k.child("survival") for k in kinds.values()) else []

    def _target_measures(self) -> list[str]:
        targets = self.look.tree.at(("targets",))
        listed = targets.value if targets is not None and isinstance(targets.value, list) else []
        names = [node.value if (node := t.child("name")) else None for t in listed]
        return [f"{TARGET}{name}" for name in names]

    def _unknown(
        self, loc: tuple[str | int, ...], name: str, known: list[str], on_key: bool = False
    ) -> None:
        """Note that there is no such measure, by its new name where it had another once."""
        new = RENAMED.get(name)
        if new is None:
            self.findings.unknown(loc, "measure", name, known, on_key)
            return
        help = f"it is called '{new}' now: {definition(new).title.replace(' {horizon}', '')}"
        self.findings.error(loc, f"no measure is called '{name}'", help, on_key)


def _why_not(name: str) -> str:
    """Return why a measure cannot be primary."""
    if name in FAIRNESS:
        return f"{name} is exploratory; of what compares groups, only {WORST_AREA} is not"
    if definition(name).direction == "none":
        return f"{name} is a description: no verdict can be given on it"
    if name == "survival":
        return "no kind of callout declares its survival, so it is not measured"
    return f"{name} is not measured over all callouts, so it cannot be primary"
