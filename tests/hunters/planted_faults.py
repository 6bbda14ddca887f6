"""
Faults planted into sound logs, one for each invariant: a judge who cannot fail proves nothing.

Each function takes a run that holds and returns it with one fault in it, None where that run has
nothing to put it into.
"""

from __future__ import annotations

from itertools import pairwise

from .log_invariants import _drives_to_scenes, _never_sent_until
from .scenario_facts import FAR, HOUR, MINUTE, duration
from .written_log import DecisionLine, EventLine, MissionLine

PLANTS = {}


def plant(function):
    """Add a fault, named like the invariant that must find it."""
    PLANTS[function.__name__] = function
    return function


def _with(run, rows, old, **changes):
    """Return the run with one row changed."""
    kept = getattr(run, rows)
    i = kept.index(old)
    return run.with_rows(**{rows: [*kept[:i], old._replace(**changes), *kept[i + 1 :]]})


def _first(rows, is_fit):
    return next((row for row in rows if is_fit(row)), None)


def _mission(callout, team, begins, ends):
    return MissionLine(callout, team, begins, None, None, None, None, None, ends, "stood down")


def _measured(run):
    return [m for m in run.missions if m.callout in run.by_number]


# -- callouts ----------------------------------------------------------------------------------


@plant
def every_callout_ends_once(run):
    return run.with_rows(callouts=[*run.callouts, run.callouts[3]])


@plant
def a_callout_is_what_the_scenario_has(run):
    return _with(run, "callouts", run.callouts[3], priority=run.callouts[3].priority + 1)


@plant
def the_outcome_says_which_instants_there_are(run):
    row = _first(run.callouts, lambda row: row.outcome == "served")
    return _with(run, "callouts", row, cleared=None)


@plant
def callers_abandon_when_they_said(run):
    def is_fit(row):
        patience = run.facts.kinds[row.kind].abandons_after
        return row.outcome == "abandoned" and patience.fixed is not None

    row = _first(run.callouts, is_fit)
    return row and _with(run, "callouts", row, ended=row.ended + 1)


@plant
def times_of_callouts_are_monotone(run):
    row = _first(run.callouts, lambda row: row.on_scene is not None)
    return _with(run, "callouts", row, on_scene=row.dispatched - 1)


@plant
def the_columns_in_minutes_agree(run):
    row = _first(run.callouts, lambda row: row.dispatched is not None)
    return _with(run, "callouts", row, wait_min="0.001")


@plant
def a_callout_has_the_times_of_its_missions(run):
    row = _first(run.callouts, lambda row: row.teams > 0)
    return _with(run, "callouts", row, teams=row.teams + 1)


# -- missions ----------------------------------------------------------------------------------


@plant
def times_of_missions_are_monotone(run):
    m = _first(run.missions, lambda m: m.on_scene is not None)
    return _with(run, "missions", m, on_scene=m.dispatched - 1)


@plant
def endings_are_those_that_can_be(run):
    return _with(run, "missions", run.missions[0], ending="vanished")


@plant
def one_team_is_on_one_mission(run):
    for missions in run.by_team.values():
        if len(missions) > 1:
            return _with(run, "missions", missions[0], cleared=missions[1].dispatched + 1)
    return None


@plant
def nobody_is_sent_before_ready(run):
    m = _measured(run)[0]
    return _with(run, "missions", m, dispatched=run.by_number[m.callout].ready - 1)


@plant
def teams_are_on_duty_when_sent(run):
    for m in _measured(run):
        duty = run.on_duty(m.team, m.dispatched)
        if duty and duty[1] < run.ends:
            return _with(run, "missions", m, dispatched=duty[1] + 1)
    return None


@plant
def nobody_stays_after_a_shift_that_drops_or_hands_over(run):
    if run.facts.shift_end not in ("drop", "hand over"):
        return None
    m = _first(_measured(run), lambda m: m.left is None and m.cleared is not None)
    duty = run.on_duty(m.team, m.dispatched)
    return _with(run, "missions", m, cleared=duty[1] + 1)


@plant
def nobody_is_sent_in_a_break(run):
    event = _first(run.by_event["break"], lambda e: e.at > 0)
    if event is None:
        return None
    m = _mission(run.callouts[0].number, event.team, event.at + 1, event.at + 2)
    return run.with_rows(missions=[*run.missions, m])


@plant
def a_crew_rests_as_long_as_it_must_and_is_on_duty_no_longer_than_it_may(run):
    rests = run.by_event["mandatory rest"]
    event = _first(rests, lambda e: e.at > 0 and e.until < run.ends)
    if event is None:
        return None
    m = _mission(run.callouts[0].number, event.team, event.until - MINUTE, event.until)
    return run.with_rows(missions=[*run.missions, m])


@plant
def nobody_is_sent_while_returning(run):
    event = _first(run.by_event["returning"], lambda e: e.at > 0 and (e.until or 0) > e.at + MINUTE)
    if event is None:
        return None
    m = _mission(run.callouts[0].number, event.team, event.at + 1, event.at + 2)
    return run.with_rows(missions=[*run.missions, m])


@plant
def a_crew_gets_ready_first(run):
    def is_fit(m):
        team = run.facts.teams[m.team]
        return team.is_plain and team.turnout.fixed is not None and m.en_route is not None

    m = _first(_measured(run), is_fit)
    late = m and m.dispatched + run.facts.teams[m.team].turnout.fixed + 1
    return m and _with(run, "missions", m, en_route=late)


@plant
def the_first_on_scene_comes_after_turnout_and_drive(run):
    facts = run.facts
    for m, start, since in () if facts.ways.varies else _drives_to_scenes(run):
        row = run.by_number.get(m.callout)
        if row is not None and m.on_scene is not None:
            least = facts.ways.time(start, row.place, since, m.on_scene)
            if 5 * MINUTE < least < FAR:
                return _with(run, "missions", m, on_scene=since + MINUTE)
    return None


@plant
def no_closed_road_is_entered(run):
    for name, (window, *_) in run.facts.closures.items():
        if window.begins > 0:
            met = EventLine(window.begins - 1, "met a closure", None, None, name, None)
            return run.with_rows(events=[*run.events, met])
    return None


@plant
def refusals_are_at_checkpoints_in_force(run):
    event = _first(run.by_event["refused at a checkpoint"], lambda e: e.at > 0)
    return event and _with(run, "events", event, at=event.at - 1)


# -- what is needed ----------------------------------------------------------------------------


def _someone_without(run, needs):
    """Return a team that brings nothing of what is needed."""
    return _first(run.facts.teams.values(), lambda team: not team.could_bring & set(needs))


@plant
def the_need_is_met_before_attended(run):
    row = _first(run.callouts, lambda row: (row.attended or 0) > (row.on_scene or FAR))
    return row and _with(run, "callouts", row, attended=row.on_scene)


@plant
def nobody_is_served_without_what_is_needed(run):
    return _without_need(run, lambda row: run.facts.kinds[row.kind].needs_for != "dispatch")


@plant
def a_team_brings_something_or_someone(run):
    return _without_need(run, lambda row: not run.facts.kinds[row.kind].explosive_hazard)


def _without_need(run, is_fit):
    """Have teams without the capability do what needs it."""
    for row in run.callouts:
        needs = run.facts.kinds[row.kind].needs
        other = _someone_without(run, needs) if needs else None
        if other is not None and row.outcome == "served" and is_fit(row):
            missions = [
                m._replace(team=other.name) if m.callout == row.number else m for m in run.missions
            ]
            return run.with_rows(missions=missions)
    return None


@plant
def patients_are_carried_only_by_who_can(run):
    def is_fit(m):
        kind = run.facts.kinds[run.by_number[m.callout].kind]
        return not kind.to_hospital and m.ending == "completed"

    m = _first(_measured(run), is_fit)
    goal = next(iter(run.facts.hospitals))
    return m and _with(
        run, "missions", m, left=m.cleared, at_hospital=m.cleared, hospital=goal
    )  # fmt: skip


# -- hospitals and scenes ------------------------------------------------------------------------


@plant
def no_closed_hospital_is_chosen(run):
    for d in run.decisions:
        if d.question == "destination":
            for name in run.facts.hospitals:
                if run.facts.is_hospital_closed(name, d.at):
                    return _with(run, "decisions", d, chosen=name)
    return None


@plant
def a_patient_is_taken_where_was_decided(run):
    chosen = {(d.subject, d.chosen) for d in run.decisions if d.question == "destination"}
    for m in run.missions:
        for name in run.facts.hospitals:
            if (m.left or -1) >= 0 and (m.callout, name) not in chosen:
                return _with(run, "missions", m, hospital=name)
    return None


@plant
def no_hospital_hands_over_more_at_once_than_it_has_bays(run):
    def is_fit(m):
        bays = run.facts.hospitals.get(m.hospital, {}).get("offload_bays")
        return bays == "1" and m.at_hospital >= 0 and m.cleared is not None

    taken = [m for m in run.missions if is_fit(m)]
    return _with(run, "missions", taken[0], cleared=run.ends) if len(taken) > 1 else None


@plant
def nobody_enters_a_scene_before_it_is_safe(run):
    for event in run.by_event["staged"]:
        for m in run.by_callout.get(event.callout, ()):
            if m.team == event.team and m.on_scene == event.until and event.until > event.at:
                return _with(run, "missions", m, on_scene=event.at)
    return None


@plant
def explosive_hazards_are_cleared_before_work_ends(run):
    served = {row.number for row in run.callouts if row.outcome == "served"}
    event = _first(run.by_event["explosive hazard cleared"], lambda e: e.callout in served)
    return event and run.with_rows(events=[e for e in run.events if e is not event])


@plant
def the_living_never_wait_for_work_that_can_wait(run):
    kinds = run.facts.kinds
    dead = _first(run.callouts, lambda row: kinds[row.kind].deferrable)
    if dead is None or run.facts.ways.edges is not None or run.facts.ways.has_gaps:
        return None
    for row in run.callouts:
        needs = set(kinds[row.kind].needs)
        if kinds[row.kind].deferrable or _never_sent_until(run, row) < row.ready + 10:
            continue
        for team in run.facts.teams.values():
            if not team.vehicles and (not needs or needs & team.could_bring):
                m = _mission(dead.number, team.name, row.ready + 5, row.ready + 6)
                return run.with_rows(missions=[*run.missions, m])
    return None


# -- volunteers, vehicles, reserves ------------------------------------------------------------


@plant
def volunteers_are_asked_as_declared(run):
    if not run.by_event["accepted"]:
        return None
    return run.with_rows(events=[e for e in run.events if e.event != "alerted"])


@plant
def crews_assemble_in_time(run):
    for event in run.by_event["crew turned out"]:
        for m in run.by_callout.get(event.callout, ()):
            if m.team == event.team and m.en_route == event.at and m.on_scene is not None:
                return _with(run, "missions", m, en_route=event.at + 1)
    return None


@plant
def no_more_teams_are_out_than_there_are_vehicles(run):
    name = next((n for n, team in run.facts.teams.items() if team.vehicles), None)
    if name is None:
        return None
    more = [_mission(run.callouts[0].number, name, 5, run.ends) for _ in range(5)]
    return run.with_rows(missions=[*run.missions, *more])


@plant
def a_vehicle_is_with_one_team(run):
    event = _first(run.by_event["vehicle taken"], lambda e: e.at > 0)
    return event and run.with_rows(events=[*run.events, event, event])


@plant
def reserves_rest_before_they_are_called_in_again(run):
    for event in run.by_event["off duty"]:
        reserve = run.facts.teams[event.team].reserve or {}
        if duration(reserve.get("minimum_rest", "12 h")) and event.at > 0:
            again = EventLine(event.at + 1, "called in", event.team, None, None, event.at + 2)
            return run.with_rows(events=sorted([*run.events, again], key=lambda e: e.at))
    return None


# -- decisions ---------------------------------------------------------------------------------


def _dispatches(run):
    return [d for d in run.decisions if d.question == "dispatch" and d.chosen is not None]


@plant
def every_mission_follows_from_one_decision(run):
    gone = _first(_dispatches(run), lambda d: d.at > 0)
    return run.with_rows(decisions=[d for d in run.decisions if d is not gone])


@plant
def a_choice_is_among_its_candidates(run):
    for d in _dispatches(run):
        other = _first(run.facts.teams, lambda name, d=d: name not in d.candidates)
        if other is not None:
            return _with(run, "decisions", d, chosen=other)
    return None


@plant
def the_closest_is_the_one_expected_first(run):
    for d in _dispatches(run):
        if d.rule == "Closest" and len(d.candidates) > 1:
            other = next(name for name in d.candidates if name != d.chosen)
            return _with(run, "decisions", d, chosen=other)
    return None


@plant
def candidates_could_be_sent(run):
    for d in _dispatches(run):
        for name in run.facts.teams:
            if d.at > 0 and run.on_duty(name, d.at) is None and not run.may_be_sent(name, d.at):
                return _with(run, "decisions", d, candidates={**d.candidates, name: 5})
    return None


@plant
def the_queue_is_who_is_pending(run):
    for d in run.decisions:
        if d.question == "queue" and run.facts.queue != "none" and len(d.candidates) > 1:
            number = _first(d.candidates, lambda n: int(n) in run.by_number)
            if number is not None:
                waits = {**d.candidates, number: d.candidates[number] + 1}
                return _with(run, "decisions", d, candidates=waits)
    return None


@plant
def who_is_reassigned_is_sent_on_at_once(run):
    for missions in run.by_team.values():
        for m, following in pairwise(missions):
            if m.ending == "completed" and following.dispatched > m.cleared:
                return _with(run, "missions", m, ending="reassigned")
    return None


# -- numbers -----------------------------------------------------------------------------------


def _said(run, measure, group="all", more=0.1):
    value = run.results.get((measure, group))
    if value is None:
        return None
    return run.with_rows(results={**run.results, (measure, group): value + more})


@plant
def results_count_what_the_logs_hold(run):
    return _said(run, "callouts")


@plant
def littles_law_holds_for_pending_callouts(run):
    return _said(run, "queue_time_mean")


@plant
def littles_law_holds_for_committed_teams(run):
    return _said(run, "utilisation")


@plant
def the_mean_response_is_that_of_the_logs(run):
    return _said(run, "response_mean_reached")


@plant
def hours_on_duty_are_those_of_the_roster(run):
    name = next(n for n, team in run.facts.teams.items() if team.duty and not team.on_call)
    return _said(run, "hours_on_duty", f"team:{name}", more=-1.0)


# -- second faults for checks with several parts -------------------------------------------------


def unasked(run):
    """Somebody declines whom nobody alerted."""
    event = _first(run.by_event["alerted"], lambda e: e.callout in run.by_number and e.at > HOUR)
    if event is None:
        return None
    stranger = EventLine(event.at, "declined", event.team, event.callout, "999", None)
    return run.with_rows(events=[*run.events, stranger])


def empty_choice(run):
    """A team is chosen that was never sent."""
    name = next(iter(run.facts.teams))
    d = DecisionLine(HOUR, "dispatch", run.callouts[0].number, {name: 1}, name, "Closest")
    return run.with_rows(decisions=[*run.decisions, d])


def never_in_the_queue(run):
    """Somebody pending is left out of the queue."""
    if run.facts.queue == "none":
        return None
    for d in run.decisions:
        for number in d.candidates if d.question == "queue" else ():
            row = run.by_number.get(int(number))
            if row and row.ready < d.at < _never_sent_until(run, row):
                rest = {n: waited for n, waited in d.candidates.items() if n != number}
                return _with(run, "decisions", d, candidates=rest)
    return None


ALSO = {
    unasked: "volunteers_are_asked_as_declared",
    empty_choice: "every_mission_follows_from_one_decision",
    never_in_the_queue: "the_queue_is_who_is_pending",
}
