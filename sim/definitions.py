"""
What every measure is: name, unit, title, direction, role and formula, each written once.

Tables, figures, CSV files, ``--json``, checks and the documentation are made from these. A measure
without a direction is a description: alternatives differ in it, and nothing is called better.
Notation: over callouts, T is received to first team on scene, tau the study's horizon.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sim.definition_rows import DISRUPTION_ROWS, STAFF_ROWS, Direction, Role, Row
from sim.units import say_duration

TARGET, UNDETERMINED = "share:", "undetermined:"  # before the name of a target
DIFFERENCE = "difference:"  # before a measure: its paired difference from the baseline
NOT_REACHED, RESTRICTED_MEAN = "not_reached", "response_restricted_mean"
P90, WORST_AREA = "response_p90", "worst_area"
_SCALES = {"min": 60_000.0, "h": 3_600_000.0, "person-h": 3600.0, "km": 1000.0, "l": 1000.0}


@dataclass(frozen=True, slots=True)
class Definition:
    """
    One measure.

    ``role`` says what becomes of a difference: *primary* measures are judged together, all over
    all callouts, unless a scenario names others; *judged* ones are judged as exploratory unless
    a scenario makes them primary; *described* ones have a difference and no verdict; *counted*
    ones are not compared. ``brief`` ones are shown for groupings with many groups, too.
    """

    name: str
    unit: str
    title: str  # "{horizon}" stands for the study's horizon
    direction: Direction
    role: Role
    formula: str
    brief: bool = False

    @property
    def short(self) -> str:
        """The title where there is little room; "{horizon}" stands for the study's horizon."""
        return _SHORT.get(self.name, self.title)

    @property
    def scale(self) -> float:
        """How many of what is counted (ms, person-seconds, callouts) make one of the unit."""
        return _SCALES.get(self.unit.partition(" per ")[0], 1.0)

    @property
    def compared(self) -> bool:
        """Whether alternatives are compared in it."""
        return self.role != "counted"

    def titled(self, horizon: int, short: bool = False) -> str:
        """Return the title as it is shown, for a study's horizon [ms]."""
        title = self.short if short else self.title
        return title.replace("{horizon}", say_duration(horizon))


def _table(*rows: Row) -> dict[str, Definition]:
    return {row[0]: Definition(*row, brief=row[0] in _BRIEF) for row in rows}


_SHORT = {
    NOT_REACHED: "not reached in {horizon}",
    RESTRICTED_MEAN: "restricted mean",
    P90: "90th percentile",
}
_BRIEF = {
    "callouts", NOT_REACHED, RESTRICTED_MEAN, "response_mean_reached", P90,
    "attendance_restricted_mean", "attendance_p90", "survival",
}  # fmt: skip

CALLOUTS = _table(
    ("callouts", "per day", "callouts", "none", "counted", "Callouts received, a day."),
    (
        NOT_REACHED, "share", "not reached within {horizon}", "less", "primary",
        "Share of callouts with T > tau, of those for which that is known: all but those "
        "censored by the end of the run before tau.",
    ),
    (
        RESTRICTED_MEAN, "min", "response time, restricted mean", "less", "primary",
        "Mean of min(T, tau) over all callouts; never reached counts as tau, censored by the end "
        "of the run by the Kaplan-Meier estimate.",
    ),
    (
        P90, "min", "response time, 90th percentile", "less", "primary",
        "The time within which 90 % of all callouts are reached, those never reached included.",
    ),
    (
        "response_median", "min", "response time, median", "less", "judged",
        "The time within which 50 % of all callouts are reached.",
    ),
    (
        "response_mean_reached", "min", "response time, mean of those reached", "none",
        "described",
        "Mean of T over the callouts that a team reached. It falls where people are abandoned, so "
        "it is never judged.",
    ),
    (
        "attendance_restricted_mean", "min", "full attendance, restricted mean", "less", "judged",
        "As response_restricted_mean, of the time until the whole need is on scene.",
    ),
    (
        "attendance_p90", "min", "full attendance, 90th percentile", "less", "judged",
        "The time within which 90 % of all callouts have their whole need on scene.",
    ),
    (
        "survival", "share", "declared survival", "more", "judged",
        "Mean declared chance, halved with every half-life of T; 0 for callouts never reached.",
    ),
    (
        "queue_time_mean", "min", "queue time, mean of those dispatched", "none", "described",
        "Mean time from ready to dispatched over the callouts that were sent a team.",
    ),
    (
        "queue_time_p90", "min", "queue time, 90th percentile", "less", "judged",
        "The time from ready within which 90 % of all callouts are sent a team.",
    ),
    (
        "share_queued", "share", "callouts that queued", "none", "described",
        "Share of the callouts handled that were not sent a team as soon as they were ready.",
    ),
    (
        "never_reached", "callouts", "never reached, per run", "none", "counted",
        "Callouts that no team has reached by the end of the run.",
    ),
    (
        "never_attended", "callouts", "never fully attended, per run", "none", "counted",
        "Callouts whose whole need has not been on scene by the end of the run.",
    ),
    (
        "unfinished", "callouts", "unfinished, per run", "none", "counted",
        "Callouts not over when the run ends.",
    ),
    (
        "lost", "callouts", "lost, per run", "none", "counted",
        "Callouts that found no team free under a rule without a queue.",
    ),
    (
        "abandoned", "callouts", "abandoned, per run", "none", "counted",
        "Callouts whose caller stopped waiting.",
    ),
    (
        "dropped", "callouts", "dropped, per run", "none", "counted",
        "Callouts left at the end of a shift where the rule is to drop them.",
    ),
)  # fmt: skip

TEAMS = _table(
    (
        "utilisation", "share", "utilisation of teams", "none", "described",
        "Time committed over time on duty: from dispatched until the team can be sent again.",
    ),
)  # fmt: skip

STAFF = _table(*STAFF_ROWS)
DISRUPTIONS = _table(*DISRUPTION_ROWS)


def _between_groups() -> Iterator[Row]:
    """Yield what is said of areas and of kinds: how unequal they are, and the worst of them."""
    values = (
        ("", "min", "restricted mean response time"),
        ("_" + NOT_REACHED, "share", "not reached within {horizon}"),
    )
    for by in ("area", "kind"):
        for end, unit, of in values:
            yield (
                f"worst_{by}{end}",
                unit,
                f"{of}, worst {by}",
                "less",
                "judged",
                f"Largest value of all {by}s, under each alternative of its own worst; jackknifed.",
            )
            yield (
                f"baseline_worst_{by}{end}",
                unit,
                f"{of}, the {by} worst under the baseline",
                "less",
                "judged",
                f"The value of the {by} that has the largest in the baseline.",
            )
            yield (
                f"gap_{by}{end}",
                unit,
                f"{of}, gap between {by}s",
                "none",
                "described",
                f"Largest less smallest value of all {by}s; jackknifed.",
            )
            yield (
                f"gini_{by}{end}",
                "",
                f"{of}, Gini between {by}s",
                "none",
                "described",
                f"Sum over pairs of {by}s of w_g w_h |x_g - x_h| over the mean, x values and w "
                "parts of the callouts; jackknifed.",
            )
            yield (
                f"ede_{by}{end}", unit, f"{of}, equally-distributed equivalent of {by}s", "less",
                "judged", "Kolm and Pollak: ln(sum w_g exp(kappa x_g)) / kappa, kappa of the "
                "baseline's callouts.",
            )  # fmt: skip


# Of groups: places and kinds of callouts. Of them only the worst area may be made primary.
FAIRNESS = _table(*_between_groups())

# Of a dispatch record, where those never reached are mostly callouts whose team was stood down.
RECORDS = _table(
    (
        "reached_median", "min", "response time, median of those reached", "none", "described",
        "The time within which 50 % of the callouts that a team reached were reached.",
    ),
    (
        "reached_p90", "min", "response time, 90th percentile of those reached", "none",
        "described",
        "The time within which 90 % of the callouts that a team reached were reached.",
    ),
)  # fmt: skip

# Times within a callout as a record has them, of each callout or of each unit; `times.csv`.
RECORD_TIMES = _table(
    (
        "response_time", "min", "response", "none", "described",
        "Received to first unit on scene, of callouts that a unit reached.",
    ),
    (
        "handling_time", "min", "call handling", "none", "described",
        "Received to the first entry (ready to dispatch), of callouts that have one.",
    ),
    (
        "dispatch_time", "min", "received to dispatched", "none", "described",
        "Received to the first unit dispatched, of callouts that have one.",
    ),
    (
        "turnout_time", "min", "turnout", "none", "described",
        "Dispatched to en route, of each unit with both.",
    ),
    (
        "travel_time", "min", "travel", "none", "described",
        "En route to on scene, of each unit with both.",
    ),
    (
        "on_scene_time", "min", "on scene", "none", "described",
        "On scene to leaving with a patient, else to cleared, of each unit with both.",
    ),
    (
        "transport_time", "min", "transport", "none", "described",
        "Leaving with a patient to the hospital, of each unit with both.",
    ),
    (
        "handover_time", "min", "handover", "none", "described",
        "At the hospital to cleared, of each unit with both.",
    ),
    (
        "mission_time", "min", "mission", "none", "described",
        "Dispatched to cleared, of each unit with both.",
    ),
    (
        "straight_speed", "km/h", "speed in a straight line", "none", "described",
        "Distance on the sphere from where a unit was dispatched to the callout, over its travel "
        "time, of each unit of which both are known.",
    ),
)  # fmt: skip

MEASURES: dict[str, Definition] = {
    **CALLOUTS,
    **TEAMS,
    **STAFF,
    **DISRUPTIONS,
    **FAIRNESS,
    **RECORDS,
}

# What measures were called before, so that a request by the old name is answered with the new one.
RENAMED = {
    "response_mean": RESTRICTED_MEAN, "attendance_mean": "attendance_restricted_mean",
    "wait_mean": "queue_time_mean", "wait_p90": "queue_time_p90", "share_waiting": "share_queued",
    "gave_up": "abandoned", "not_attended": "never_attended",
    "cut_off_callouts": "no_access_callouts", "cut_off_hours": "no_access_hours",
    "cut_off_yet": "no_access_at_end", "closed_roads_met": "closures_met",
    "told_on_the_way": "closures_told", "turned_back": "refusals",
    "missions_turned_back": "missions_refused", "missions_cut_off": "missions_no_access",
    "stood_off": "staged", "stand_off_hours": "staging_hours",
    "missions_aborted": "missions_withdrawn", "devices_found": "explosive_hazards_found",
    "devices_cleared": "explosive_hazards_cleared",
    "device_wait": "explosive_hazard_clearance_mean", "held_back": "held",
    "deferred_wait": "deferred_queue_time_mean",
    "deferred_longest_wait": "deferred_queue_time_longest",
    "waited_at_door": "share_offload_delayed", "door_wait_mean": "offload_delay_mean",
    "door_wait_p90": "offload_delay_p90", "redundant": "arrived_too_late",
    "no_crew": "no_crew_assembled",
}  # fmt: skip


def of_target(name: str) -> Definition:
    """Return the measure of a target: the share reached in time."""
    formula = (
        "Share reached within the target's time, of the callouts that it is for and of which that "
        "is known."
    )
    return Definition(TARGET + name, "share", name, "more", "primary", formula, brief=True)


def undetermined(name: str) -> Definition:
    """Return how many callouts are censored before a target can be judged."""
    formula = "Callouts censored by the end of the run before the target's time has passed."
    return Definition(
        UNDETERMINED + name, "callouts", f"undetermined: {name}", "none", "counted", formula
    )


def definition(name: str) -> Definition:
    """
    Return what a measure is.

    Raises
    ------
    KeyError
        When there is none of this name.

    """
    if name.startswith(TARGET):
        return of_target(name.removeprefix(TARGET))
    if name.startswith(UNDETERMINED):
        return undetermined(name.removeprefix(UNDETERMINED))
    return MEASURES[name]


def default_primary(targets: Iterable[str]) -> tuple[str, ...]:
    """Return the primary measures of a study that declares none."""
    own = [name for name, found in MEASURES.items() if found.role == "primary"]
    return (*own, *(TARGET + name for name in targets))


def may_be_primary(name: str) -> bool:
    """Return whether a verdict can be given on a measure over all callouts."""
    found = MEASURES.get(name)
    if name in FAIRNESS:
        return name == WORST_AREA
    return name.startswith(TARGET) or (found is not None and found.direction != "none")
