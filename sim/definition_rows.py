"""
Measures of staff and of disruptions: name, unit, title, direction, role and formula, as rows.

`sim.definitions` makes its tables from them and says what each column means.
"""

from __future__ import annotations

from typing import Literal

Direction = Literal["less", "more", "none"]
Role = Literal["primary", "judged", "described", "counted"]
Row = tuple[str, str, str, Direction, Role, str]

STAFF_ROWS: tuple[Row, ...] = (
    (
        "overtime", "h per week", "overtime", "none", "described",
        "Hours a week on duty after the end of a duty, of crews whose duty ends.",
    ),
    (
        "mandatory_rest", "h per week", "mandatory rest", "none", "described",
        "Hours a week for which crews rest by their limits while their roster has them on duty.",
    ),
    (
        "crews_without_capability", "per week", "crews without a required capability", "less",
        "judged",
        "Crews on call that turned out without a required capability, a week.",
    ),
    (
        "alerts", "per week", "alerts to volunteers", "none", "described",
        "Alerts sent to volunteers, a week.",
    ),
    (
        "arrived_too_late", "per week", "volunteers who arrived too late", "none",
        "described",
        "Volunteers who arrived after the crew had turned out or been stood down, a week.",
    ),
    (
        "nights_disturbed", "per week", "nights disturbed, a volunteer", "less", "judged",
        "Nights a week with at least one alert, mean over the volunteers.",
    ),
    (
        "nights_disturbed_most", "per week", "nights disturbed, most burdened", "less", "judged",
        "Nights a week with at least one alert, of the volunteer most burdened in a run; the mean "
        "over replications.",
    ),
    (
        "kilometres", "km per day", "kilometres driven", "none", "described",
        "Kilometres driven by teams, a day, as far as drives got; without local travel.",
    ),
    (
        "relocations", "per day", "relocations", "none", "described",
        "Drives of a free team to another base than the one it waits at or is bound for, and from "
        "missions to other bases than its own, a day.",
    ),
    (
        "kilometres_to_scene", "km per day", "kilometres driven to scenes", "none", "described",
        "Kilometres driven to scenes, a day, arrived there or not.",
    ),
    (
        "kilometres_to_hospital", "km per day", "kilometres driven to hospital", "none",
        "described", "Kilometres driven with people to hospital, a day.",
    ),
    (
        "kilometres_home", "km per day", "kilometres driven home", "none", "described",
        "Kilometres driven from missions to the team's own base, a day.",
    ),
    (
        "kilometres_relocation", "km per day", "kilometres driven in relocations", "none",
        "described", "Kilometres driven to other bases, and from one base to another, a day.",
    ),
    (
        "litres", "l per day", "fuel burnt", "none", "described",
        "Litres of fuel burnt by teams that have a tank, a day: on the road and on scene.",
    ),
    (
        "litres_to_scene", "l per day", "fuel burnt to scenes", "none", "described",
        "Litres burnt on the way to scenes, a day: the kilometres times the consumption.",
    ),
    (
        "litres_to_hospital", "l per day", "fuel burnt to hospital", "none", "described",
        "Litres burnt with people on the way to hospital, a day.",
    ),
    (
        "litres_home", "l per day", "fuel burnt on the way home", "none", "described",
        "Litres burnt from missions to the team's own base, a day.",
    ),
    (
        "litres_relocation", "l per day", "fuel burnt in relocations", "none", "described",
        "Litres burnt to other bases, and from one base to another, a day.",
    ),
    (
        "litres_on_scene", "l per day", "fuel burnt on scene", "none", "described",
        "Litres burnt on scene, where engines run, a day.",
    ),
    (
        "without_fuel", "h per week", "teams without fuel", "less", "described",
        "Hours a week for which teams stood at their base: their tank lasted to no other place and "
        "back, and no fuel was there.",
    ),
    (
        "fuel_taken", "l per day", "fuel taken at the base", "none", "described",
        "Litres that teams took at a base, a day.",
    ),
    (
        "fuel_left", "l", "fuel left at the base", "none", "described",
        "Litres that a base has left at the end of the run; where there is a limit.",
    ),
    (
        "days_of_supply", "days", "days of supply", "none", "described",
        "Days for which what a base has left would last at what was taken there a day; of the "
        "replications in which anything was.",
    ),
    (
        "depot_empty", "h per week", "base without fuel", "less", "described",
        "Hours a week for which a base with a limited stock had no fuel.",
    ),
    (
        "depot_first_empty", "h", "first without fuel", "none", "described",
        "Hours from the start of the measured period until a base first had no fuel; the mean over "
        "replications in which it ran out.",
    ),
    (
        "hours_on_duty", "h per week", "hours on duty", "none", "described",
        "Hours on duty a week, overtime included; 168 where a crew is always on duty.",
    ),
    (
        "always_on_duty", "share", "always on duty", "none", "described",
        "1 for a crew that is always on duty: its turns are not declared.",
    ),
    (
        "longest_spell", "h", "longest spell", "none", "described",
        "Longest spell of duty in a run, overtime included; the run for a crew always on duty.",
    ),
    (
        "shortest_rest", "h", "shortest rest", "none", "described",
        "Shortest rest between two spells in a run; 0 where a crew is always on duty.",
    ),
    (
        "nights_on_duty", "per week", "nights on duty", "none", "described",
        "Nights a week with three hours or more on duty between 22:00 and 06:00.",
    ),
    (
        "night_callouts", "per week", "callouts at night", "none", "described",
        "Callouts dispatched to between 22:00 and 06:00, a week.",
    ),
    (
        "breaks_missed", "share", "breaks missed", "none", "described",
        "Breaks missed, of those due.",
    ),
    (
        "hours_on_call", "h per week", "hours on call", "none", "described",
        "Hours on call a week, turned out or not.",
    ),
    (
        "hours_turned_out", "h per week", "hours turned out", "none", "described",
        "Hours a week from dispatched until the crew is available again.",
    ),
    (
        "share_turned_out", "share", "share turned out", "none", "described",
        "Hours turned out over hours on call.",
    ),
    (
        "callouts_on_call", "per week", "callouts on call", "none", "described",
        "Callouts that a crew on call is dispatched to, a week.",
    ),
    (
        "short_crews", "per week", "crews turned out short", "none", "described",
        "Crews on call that turned out with less than their minimum crew, a week.",
    ),
    (
        "no_crew_assembled", "per week", "no crew assembled", "none", "described",
        "Dispatches a week for which no crew on call assembled.",
    ),
    (
        "alerts_most", "per week", "alerts, most burdened", "none", "described",
        "Alerts a week of the volunteer most burdened in a run; the mean over replications.",
    ),
    (
        "alerts_per_callout", "alerts", "alerts per callout", "none", "described",
        "Alerts divided by the callouts they were for.",
    ),
    (
        "share_accepted", "share", "alerts accepted", "none", "described",
        "Share of alerts accepted; no answer before the crew turned out counts as not accepted.",
    ),
    (
        "time_to_full_crew", "min", "time to full crew", "none", "described",
        "Mean time from dispatched to a complete crew, of the crews that were complete.",
    ),
    (
        "hours_out", "h per week", "hours out", "none", "described",
        "Hours a week out with a crew, mean over the volunteers.",
    ),
    (
        "hours_out_most", "h per week", "hours out, most burdened", "none", "described",
        "Hours a week out, of the volunteer most burdened in a run; the mean over replications.",
    ),
)  # fmt: skip

# Closures hold on certain days of a run, so what they cause is given per run, not per week.
DISRUPTION_ROWS: tuple[Row, ...] = (
    (
        "no_access_callouts", "per run", "callouts without access", "none", "counted",
        "Pending callouts to which no base had access and no team was on its way.",
    ),
    (
        "no_access_hours", "h per run", "time without access", "less", "judged",
        "How long they were pending so, summed; up to the end of the run if it did not end before.",
    ),
    (
        "no_access_at_end", "per run", "without access when the run ended", "none", "counted",
        "Of the callouts without access, those still so when the run ended.",
    ),
    (
        "closures_met", "per run", "closures met", "none", "described",
        "Closed roads that teams drove up to because their closure was not known.",
    ),
    (
        "closures_told", "per run", "closures told", "none", "counted",
        "Times that a team under way was told of a closure ahead.",
    ),
    (
        "refusals", "per run", "refusals at checkpoints", "none", "described",
        "Times that a checkpoint refused a team.",
    ),
    (
        "missions_refused", "per run", "missions ended by a refusal", "none", "counted",
        "Missions that ended at a checkpoint.",
    ),
    (
        "missions_no_access", "per run", "missions ended without access", "none", "counted",
        "Missions that ended at a closure because no other road led to the scene.",
    ),
    (
        "staged", "per run", "teams staged", "none", "counted",
        "Times that a team waited for a safe scene.",
    ),
    (
        "staging_hours", "h per run", "time staged", "none", "counted",
        "How long teams waited for safe scenes, summed.",
    ),
    (
        "missions_withdrawn", "per run", "missions withdrawn", "none", "counted",
        "Missions that ended because the scene stayed unsafe.",
    ),
    (
        "explosive_hazards_found", "per run", "explosive hazards found", "none", "counted",
        "Callouts at which an explosive hazard was found.",
    ),
    (
        "explosive_hazards_cleared", "per run", "explosive hazards cleared", "none", "counted",
        "Of the explosive hazards found, those cleared.",
    ),
    (
        "explosive_hazard_clearance_mean", "min", "explosive hazard, found to cleared", "none",
        "counted",
        "Mean time from found to cleared, of the explosive hazards cleared.",
    ),
    (
        "exposure", "person-h per run", "exposure of crews", "less", "judged",
        "Declared exposure times people times time, of the missions that ended.",
    ),
    (
        "permission_wait", "min", "wait for permission", "none", "counted",
        "Mean time from asking for permission to receiving it, of the callouts that received it.",
    ),
    (
        "held", "per run", "deferrable callouts held", "none", "counted",
        "Deferrable callouts held so that teams stay free for others.",
    ),
    (
        "deferred_queue_time_mean", "min", "queue time of deferrable callouts, mean", "none",
        "described",
        "Mean time from ready to dispatched, of the deferrable callouts that were sent a team.",
    ),
    (
        "deferred_queue_time_longest", "min", "queue time of deferrable callouts, longest", "less",
        "judged",
        "Longest queue time of a deferrable callout in a run, mean over runs; one still pending "
        "when the run ends counts with its queue time so far.",
    ),
    (
        "taken", "share", "share of transports", "none", "described",
        "A hospital's share of the teams that took somebody to any.",
    ),
    (
        "share_offload_delayed", "share", "teams with an offload delay", "less", "judged",
        "Of the teams that took somebody to a hospital, the share that waited for an offload bay.",
    ),
    (
        "referred", "share", "taken outside the region", "none", "described",
        "Of the teams that took somebody to a hospital, the share that went outside the region.",
    ),
    (
        "offload_delay_mean", "min", "offload delay, mean", "none", "counted",
        "Mean wait for an offload bay, of the teams that waited for one.",
    ),
    (
        "offload_delay_p90", "min", "offload delay, 90th percentile", "none", "counted",
        "The wait that 90 % of the teams that waited for an offload bay did not exceed.",
    ),
)  # fmt: skip
