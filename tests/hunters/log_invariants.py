"""
What must hold in the logs of every run, judged from the logs and the scenario file alone.

Nothing of ``sim`` is imported here: whoever wrote the logs shares no code with who judges them.
Each check yields a sentence for every place where it does not hold.

What the logs do not hold cannot be judged: by which roads a team drove (a drive may only not be
shorter than all open roads allow, and may not lead where no open road leads), which volunteers came
along (people are counted, and what a team could bring at most is taken for what it brought), how
many people there are at a callout (so not how many a team carried), and when a scene is safe where
no team was staged before.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from datetime import datetime, timedelta
from itertools import pairwise

from .scenario_facts import DAY, FAR, HOUR, MINUTE, duration

CHECKS = {}
OUTCOMES = {"served", "lost", "abandoned", "dropped", "unfinished"}
ENDINGS = {
    "completed", "stood down", "dropped", "handed over", "reassigned", "preempted", "relieved",
    "broke down", "no crew assembled", "refused at a checkpoint", "no access", "withdrawn",
    "unfinished",
}  # fmt: skip
NOT_SENT = {"reassigned", "no crew assembled", "broke down"}  # as if that team had not been sent
ROUNDING = 2000  # of drives in whole milliseconds and metres, turned round a few times [ms]
MOST_TOLD = 20  # sentences of one check


def check(function):
    """Add an invariant to those that are judged; its name is what it claims."""
    CHECKS[function.__name__] = function
    return function


def judge(run, names=None):
    """Return (check, sentence) for everything that does not hold in a run."""
    found = []
    for name in names or CHECKS:
        for told, sentence in enumerate(CHECKS[name](run)):
            if told >= MOST_TOLD:
                break
            found.append((name, sentence))
    return found


# -- callouts ----------------------------------------------------------------------------------


@check
def every_callout_ends_once(run):
    numbers = [row.number for row in run.callouts]
    for number, times in Counter(numbers).items():
        if times > 1:
            yield f"callout {number} has {times} rows"
    for a, b in pairwise(sorted(set(numbers))):
        if b != a + 1:
            yield f"after callout {a} comes {b}"
    first = min(numbers, default=0)
    if not run.facts.warm_up and first:
        yield f"the first callout is number {first}"
    for m in run.missions:
        if m.callout >= first and m.callout not in run.by_number:
            yield f"a mission is for callout {m.callout}, which has no row"
    for row in run.callouts:
        if (row.ended is None) != (row.outcome == "unfinished"):
            yield f"callout {row.number} is {row.outcome} and ended at {row.ended}"


@check
def a_callout_is_what_the_scenario_has(run):
    facts = run.facts
    for row in run.callouts:
        if row.kind not in facts.kinds or row.place not in facts.places:
            yield f"callout {row.number} is of kind {row.kind} in {row.place}"
            continue
        kind = facts.kinds[row.kind]
        if row.priority != kind.priority:
            yield f"callout {row.number} has priority {row.priority}"
        if not 0 <= row.received < run.ends:
            yield f"callout {row.number} is received at {row.received}, outside the run"
        said = datetime.fromisoformat(row.received_at)
        meant = facts.start + timedelta(milliseconds=row.received)
        if abs(said - meant) > timedelta(seconds=1):
            yield f"callout {row.number} is received at {row.received_at}, not at {meant}"
        handled = facts.call_handling.fixed
        if handled is not None and kind.permission is None and row.ready - row.received != handled:
            yield f"callout {row.number} is ready after {row.ready - row.received} ms"
    if facts.listed is not None:
        meant = Counter(
            (facts.moment(c["at"]), c["place"], c["kind"])
            for c in facts.listed
            if 0 <= facts.moment(c["at"]) < run.ends
        )
        found = Counter((row.received, row.place, row.kind) for row in run.callouts)
        if meant - found:
            yield f"listed callouts are missing: {[*(meant - found)][:3]}"


@check
def the_outcome_says_which_instants_there_are(run):
    for row in run.callouts:
        told = f"callout {row.number} is {row.outcome}"
        if row.outcome not in OUTCOMES:
            yield told
        served = row.outcome == "served"
        if (row.cleared is not None) != served:
            yield f"{told}, cleared at {row.cleared}"
        if served and (row.on_scene is None or row.cleared != row.ended):
            yield f"{told}, on scene at {row.on_scene}, cleared {row.cleared}, ended {row.ended}"
        if row.outcome == "abandoned" and row.dispatched is not None:
            yield f"{told} though a team was sent at {row.dispatched}"
        if row.outcome == "lost" and row.on_scene is not None:
            yield f"{told} though a team was on scene at {row.on_scene}"
        if row.dispatched is not None and not row.teams:
            yield f"{told}, sent to at {row.dispatched}, by no team"
        if row.outcome == "lost" and run.facts.queue != "none":
            yield f"{told} where callouts wait"
        if row.outcome == "abandoned" and run.facts.kinds[row.kind].abandons_after is None:
            yield f"{told}, which callers of {row.kind} never do"


@check
def callers_abandon_when_they_said(run):
    """To the millisecond where that does not vary; nobody pending waits longer."""
    for row in run.callouts:
        patience = run.facts.kinds[row.kind].abandons_after
        if patience is None or patience.fixed is None:
            continue
        if row.outcome == "abandoned" and row.ended != row.ready + patience.fixed:
            yield f"callout {row.number} is abandoned at {row.ended}, ready at {row.ready}"
        first = min((m.dispatched for m in run.by_callout.get(row.number, ())), default=None)
        until = first if first is not None else run.ends if row.ended is None else row.ended
        if run.facts.queue != "none" and until > row.ready + patience.fixed:
            yield f"callout {row.number} is still pending at {until}, ready at {row.ready}"


@check
def times_of_callouts_are_monotone(run):
    for row in run.callouts:
        instants = [row.received, row.dispatched, row.en_route, row.on_scene, row.attended,
                    row.ended]  # fmt: skip
        there = [at for at in instants if at is not None]
        if there != sorted(there) or row.ready < row.received:
            yield f"callout {row.number}: {instants}, ready {row.ready}"
        if max(there) > run.ends:
            yield f"callout {row.number} has an instant after the run: {there}"


@check
def the_columns_in_minutes_agree(run):
    for row in run.callouts:
        for said, later, earlier in (
            (row.wait_min, row.dispatched, row.ready),
            (row.response_min, row.on_scene, row.received),
        ):
            meant = "" if later is None else f"{(later - earlier) / MINUTE:.3f}"
            if said != meant:
                yield f"callout {row.number} says {said or 'nothing'} for {meant or 'nothing'}"


@check
def a_callout_has_the_times_of_its_missions(run):
    """The first sent, the first on scene, how many were sent, when the last was done."""
    for row in run.callouts:
        missions = run.by_callout.get(row.number, ())
        if row.teams != len(missions):
            yield f"callout {row.number} counts {row.teams} teams, of {len(missions)} missions"
        on_scene = min((m.on_scene for m in missions if m.on_scene is not None), default=None)
        if row.on_scene != on_scene:
            yield f"callout {row.number} is on scene at {row.on_scene}, its teams at {on_scene}"
        sent = {m.dispatched for m in missions}
        if row.dispatched is not None and row.dispatched not in sent:
            yield f"callout {row.number} is sent to at {row.dispatched}, its teams at {sent}"
        if row.dispatched is None and any(m.ending not in NOT_SENT for m in missions):
            yield f"callout {row.number} says nobody was sent"
        if row.en_route is not None and row.en_route not in {m.en_route for m in missions}:
            yield f"callout {row.number} is under way at {row.en_route}, which no mission is"
        over = [run.over(m) for m in missions]
        if row.ended is not None and any(at > row.ended for at in over):
            yield f"callout {row.number} ends at {row.ended}, a mission of it at {max(over)}"
        if row.outcome == "served" and row.ended not in over:
            yield f"callout {row.number} ends at {row.ended}, no mission of it does"


# -- missions ----------------------------------------------------------------------------------


@check
def times_of_missions_are_monotone(run):
    for m in run.missions:
        instants = [m.dispatched, m.en_route, m.on_scene, m.left, m.at_hospital, m.cleared]
        there = [at for at in instants if at is not None]
        told = f"{m.team} at callout {m.callout}"
        if there != sorted(there) or there[-1] > run.ends:
            yield f"{told}: {instants}"
        if m.on_scene is not None and m.en_route is None:
            yield f"{told} is on scene without being under way"
        if (m.left is None) != (m.hospital is None) or (m.left is not None and m.on_scene is None):
            yield f"{told} leaves at {m.left} for {m.hospital}"
        if (m.cleared is None) != (m.ending == "unfinished"):
            yield f"{told} is {m.ending}, cleared at {m.cleared}"


@check
def endings_are_those_that_can_be(run):
    for m in run.missions:
        why = _impossible(run, m)
        if why:
            yield f"{m.team} at callout {m.callout} is {m.ending}: {why}"


def _impossible(run, m):
    """Return why a mission cannot have ended as it did, nothing if it can."""
    facts, team = run.facts, run.facts.teams[m.team]
    kinds, ending = facts.kinds.values(), m.ending
    if ending not in ENDINGS:
        return "there is no such ending"
    if ending == "completed" and m.on_scene is None:
        return "it was never on scene"
    if ending in ("no crew assembled", "stood down", "broke down", "no access") and m.on_scene:
        return "it was on scene"
    possible = {
        "no crew assembled": team.on_call,
        "broke down": team.vehicles,
        "withdrawn": any((k.scene_hazard or {}).get("withdraw_after") for k in kinds),
        "relieved": facts.shift_end == "relieve" or any(k.relief_after for k in kinds),
        "preempted": "preemptive" in facts.queue,
        "refused at a checkpoint": facts.checkpoints,
        "no access": facts.closures,
        "dropped": facts.shift_end == "drop" or facts.queue == "none",
    }
    return "" if possible.get(ending, True) else "nothing in the scenario makes that happen"


@check
def one_team_is_on_one_mission(run):
    for team, missions in run.by_team.items():
        for m, following in pairwise(missions):
            if m.cleared is None or m.cleared > following.dispatched:
                yield (
                    f"{team} is sent to callout {following.callout} at {following.dispatched}, at "
                    f"callout {m.callout} until {m.cleared}"
                )


@check
def nobody_is_sent_before_ready(run):
    for m in run.missions:
        row = run.by_number.get(m.callout)
        if row is not None and m.dispatched < row.ready:
            yield f"{m.team} is sent to callout {m.callout} at {m.dispatched}, ready {row.ready}"
        if row is not None and row.ended is not None and m.dispatched > row.ended:
            yield f"{m.team} is sent to callout {m.callout} at {m.dispatched}, over {row.ended}"


@check
def teams_are_on_duty_when_sent(run):
    """
    What is begun on duty may last longer: that is overtime.

    Where roads change at the instant at which a shift ends, they do so before.
    """
    for m in run.missions:
        if not run.may_be_sent(m.team, m.dispatched):
            yield f"{m.team} is sent to callout {m.callout} at {m.dispatched}, off duty"


@check
def nobody_stays_after_a_shift_that_drops_or_hands_over(run):
    """Unless a patient is on board."""
    if run.facts.shift_end not in ("drop", "hand over"):
        return
    for m in run.missions:
        duty = run.on_duty(m.team, m.dispatched)
        if duty is None or (m.left is not None and m.left <= duty[1]):
            continue
        if run.over(m) > duty[1]:
            yield f"{m.team} at callout {m.callout} stays until {run.over(m)}, off at {duty[1]}"


@check
def nobody_is_sent_in_a_break(run):
    for event in run.by_event["break"]:
        team, duty = run.facts.teams[event.team], run.on_duty(event.team, event.at)
        if duty is None:
            yield f"{event.team} begins a break at {event.at}, off duty"
            continue
        if not any(_in_hours(run, event.at, window) for _, window in team.breaks):
            yield f"{event.team} begins a break at {event.at}, which is outside its hours"
        until = min(event.until, duty[1])
        for m in run.missions_within(event.team, event.at, until):
            yield f"{event.team} is at callout {m.callout} in its break at {event.at}"


@check
def a_crew_rests_as_long_as_it_must_and_is_on_duty_no_longer_than_it_may(run):
    """Counted again from rosters, rests, missions and drives home after which a team is free."""
    for name, team in run.facts.teams.items():
        if not team.limits:
            continue
        spells = _spells(run, name)
        for (_, off), (on, _) in pairwise(spells):
            if off > 0 and on - off < team.limits["minimum_rest"]:
                yield f"{name} is off duty at {off}, and on again at {on}"
        for begins, ends in spells:
            if begins >= 0:
                yield from _over_limits(run, team, begins, ends)


def _spells(run, team):
    stretches = [*run.duty[team], *((m.dispatched, run.over(m)) for m in run.by_team[team])]
    drives = [e for e in run.by_event["returning"] if e.team == team]
    stretches += [(e.at, run.ends if e.until is None else e.until) for e in drives]
    found = []
    for begins, ends in sorted(stretches):
        if found and begins <= found[-1][1]:
            begins, before = found.pop()
            ends = max(ends, before)
        found.append((begins, ends))
    return found


def _over_limits(run, team, begins, ends):
    hours, most = (team.limits.get(name) for name in ("hours_on_duty", "exposing_callouts"))
    exposed = 0
    for m in run.by_team[team.name]:
        if not begins <= m.dispatched < ends:
            continue
        if hours is not None and m.dispatched >= begins + hours:
            yield f"{team.name} is sent at {m.dispatched}, on duty since {begins}"
        if most is not None and exposed >= most:
            yield f"{team.name} is sent at {m.dispatched}, after {exposed} exposing callouts"
        row = run.by_number.get(m.callout)  # None: it was received in the warm-up
        exposing = row is not None and run.facts.kinds[row.kind].exposure > 0
        exposed += exposing and m.on_scene is not None


def _in_hours(run, at, window):
    first, last = window
    time = (at + run.facts.start_of_day) % DAY
    return (time - first) % DAY <= ((last - first) % DAY or DAY)


@check
def nobody_is_sent_while_returning(run):
    """A team that has to be home first is not sent before, or turns where a road is closed."""
    turned = defaultdict(list)
    for event in run.by_event["met a closure"] + run.by_event["closure known"]:
        turned[event.team].append(event.at)  # told to nobody: to everybody on the way
    for event in run.by_event["returning"]:
        until = run.ends if event.until is None else event.until
        for times in (turned[event.team], turned[None]):
            i = bisect_left(times, event.at)
            until = min([until, *times[i : i + 1]])
        duty = run.on_duty(event.team, event.at)
        until = min(until, duty[1]) if duty else until
        for m in run.missions_within(event.team, event.at, until):
            if event.at <= m.dispatched:
                yield f"{event.team} is sent to callout {m.callout} before it is home at {until}"


@check
def a_crew_gets_ready_first(run):
    """Where turnout does not vary, a team that rests takes it, and one on the road none."""
    for name, team in run.facts.teams.items():
        if not team.is_plain or team.turnout.fixed is None:
            continue
        rested = None  # a stretch of duty that has seen nothing yet
        for m in run.by_team[name]:
            took = None if m.en_route is None else m.en_route - m.dispatched
            duty = run.on_duty(name, m.dispatched)
            first = duty != rested
            rested = duty
            if took is None or m.dispatched <= 0:
                continue
            if first and duty and _rests(run, name, duty[0], m.dispatched):
                if took != team.turnout.fixed:
                    yield f"{name} turns out for callout {m.callout} in {took} ms"
            elif took > team.turnout.fixed:
                yield f"{name} turns out for callout {m.callout} in {took} ms"


def _rests(run, team, since, until):
    """Return whether a team is at its base from coming on duty until it is sent."""
    if run.facts.relocation != "home" or since <= 0 or run.missions_within(team, since - 1, until):
        return False
    moved = run.moved[team]
    i = bisect_left(moved, since)
    return i == len(moved) or moved[i] > until


@check
def the_first_on_scene_comes_after_turnout_and_drive(run):
    """No sooner than ready, turnout and the shortest way on open roads, as far as is known."""
    facts = run.facts
    for row in run.callouts:
        if row.on_scene is not None and row.on_scene < row.ready + facts.local_travel.least:
            yield f"callout {row.number} is on scene at {row.on_scene}, ready at {row.ready}"
    if facts.ways.varies:
        return
    for m, start, since in _drives_to_scenes(run):
        row = run.by_number.get(m.callout)
        if row is None or m.on_scene is None:
            continue
        least = facts.ways.time(start, row.place, since, m.on_scene) + facts.local_travel.least
        if least < FAR and m.on_scene - since < least - ROUNDING:
            yield (
                f"{m.team} is in {start} at {since} and at callout {m.callout} in {row.place} at "
                f"{m.on_scene}: the drive takes {least} ms"
            )
    for m in run.missions:
        row = run.by_number.get(m.callout)
        if row is not None and m.at_hospital is not None:
            goal = facts.hospitals[m.hospital]["place"]
            least = facts.ways.time(row.place, goal, m.left, m.at_hospital)
            if least < FAR and m.at_hospital - m.left < least - ROUNDING:
                yield f"{m.team} drives from callout {m.callout} to {m.hospital} too fast"


def _drives_to_scenes(run):
    """Yield missions with a place where the team was for certain, and when."""
    home = run.facts.relocation == "home"
    for name, missions in run.by_team.items():
        base, before = run.facts.teams[name].base, None
        for m in missions:
            duty = run.on_duty(name, m.dispatched)
            if duty is None:
                before = m
                continue
            if before is not None and before.cleared is not None and before.cleared >= duty[0]:
                row = run.by_number.get(before.callout)
                if before.ending == "completed" and row is not None:
                    at = row.place
                    if before.hospital is not None:
                        at = run.facts.hospitals[before.hospital]["place"]
                    yield m, at, before.cleared
            elif (before is None or run.over(before) < duty[0]) and home and duty[0] > 0:
                yield m, base, m.dispatched
            before = m


@check
def no_closed_road_is_entered(run):
    """Nobody arrives where all roads are closed all the while; what is met is closed."""
    facts = run.facts
    if not facts.closures:
        return
    for m, start, since in _drives_to_scenes(run):
        row = run.by_number.get(m.callout)
        if row is None or m.on_scene is None:
            continue
        if facts.ways.time(start, row.place, since, m.on_scene) >= FAR:
            yield f"{m.team} drives from {start} to callout {m.callout} in {row.place}, closed"
    known, sent = {}, defaultdict(list)
    for m in run.missions:
        sent[m.callout, m.team].append(m.dispatched)
    for event in run.events:
        if event.event not in ("met a closure", "told of a closure", "closure known", "reopened"):
            continue
        window = facts.closures[event.who][0]
        if event.event == "reopened":
            known.pop(event.who, None)
            if window.holds(event.at):
                yield f"{event.who} is reopened at {event.at}, and is closed"
            continue
        if not window.holds(event.at):
            yield f"{event.event} at {event.at}: {event.who}, which is open"
        if event.event == "closure known":
            known[event.who] = event.at
        if event.event == "met a closure" and event.callout is not None and event.who in known:
            last = max((at for at in sent[event.callout, event.team] if at <= event.at), default=0)
            if last > known[event.who]:
                yield f"{event.team} is sent at {last} to {event.who}, known to be closed"
    yield from _announced(run)


def _announced(run):
    """What is announced is known then, and never told of before."""
    known = defaultdict(list)
    met = defaultdict(list)
    for event in run.events:
        if event.event == "closure known":
            known[event.who].append(event.at)
        elif event.event == "met a closure":
            met[event.who].append(event.at)
    for name, (window, _, how, after) in run.facts.closures.items():
        for at in known[name]:
            if how == "discovered" and at not in met[name]:
                yield f"{name} is known at {at}, and nobody has met it"
            elif how == "announced" and at not in met[name] and at < window.begins + after:
                yield f"{name} is known at {at}, before it is announced"


@check
def refusals_are_at_checkpoints_in_force(run):
    for event in run.by_event["refused at a checkpoint"]:
        refusal = run.facts.checkpoints[event.who][1]
        if not refusal:
            yield f"{event.who} refuses {event.team} at {event.at}, which it never does"
        ended = [m.cleared for m in run.by_team[event.team] if m.callout == event.callout]
        if event.at > 0 and event.at not in ended:
            yield f"{event.team} goes on after {event.who} refused it at {event.at}"


# -- what is needed ----------------------------------------------------------------------------


def _covers(run, missions, at, needs, people=0):
    """Return whether these teams can have brought all that is needed, at most."""
    teams = [run.facts.teams[m.team] for m in missions]
    for name, count in Counter(needs).items():
        if sum(name in team.could_bring for team in teams) < count:
            return False
    return sum(run.people(m.team, at) for m in missions) >= people


def _present(run, missions, at):
    """Return who is on scene at an instant; who leaves in it counts."""
    return [
        m for m in missions
        if m.on_scene is not None and m.on_scene <= at
        and (run.over(m) if m.left is None else m.left) >= at
    ]  # fmt: skip


@check
def the_need_is_met_before_attended(run):
    done = {e.callout: e.at for e in run.by_event["awaits transport"]}
    for row in run.callouts:
        kind, missions = run.facts.kinds[row.kind], run.by_callout.get(row.number, ())
        if row.attended is not None:
            here = _present(run, missions, row.attended)
            if not _covers(run, here, row.attended, kind.needs, kind.crew):
                yield f"callout {row.number} is attended at {row.attended} by too few: {here}"
            if row.attended not in {m.on_scene for m in missions}:
                yield f"callout {row.number} is attended at {row.attended}: nobody arrives then"
        if kind.explosive_hazard or not all(run.facts.teams[m.team].is_plain for m in missions):
            continue
        arrivals = sorted({m.on_scene for m in missions if m.on_scene is not None})
        first = next(
            (at for at in arrivals if at < done.get(row.number, FAR)
             and _covers(run, _staying(run, missions, at), at, kind.needs, kind.crew)), None
        )  # fmt: skip
        if first is not None and (row.attended is None or row.attended > first):
            yield f"callout {row.number} is attended at {row.attended}, all were there at {first}"


def _staying(run, missions, at):
    """Return who is on scene at an instant for certain: who comes or goes in it apart."""
    return [m for m in _present(run, missions, at) if run.over(m) > at and m.on_scene <= at]


@check
def nobody_is_served_without_what_is_needed(run):
    """Each need has been on scene before the work was completed, or all together to start it."""
    for row in run.callouts:
        kind = run.facts.kinds[row.kind]
        if row.outcome != "served" or kind.needs_for == "dispatch":
            continue
        missions = run.by_callout.get(row.number, ())
        arrivals = {m.on_scene for m in missions if m.on_scene is not None}
        each = [[name] * count for name, count in Counter(kind.needs).items()]
        for part in [list(kind.needs)] if kind.needs_for == "start" else each:
            if not any(_covers(run, _present(run, missions, at), at, part) for at in arrivals):
                yield f"callout {row.number} is served, and {part} was never on scene"


@check
def a_team_brings_something_or_someone(run):
    """Whoever is sent brings a capability that is needed, where any is still missing."""
    for row in run.callouts:
        kind, sent = run.facts.kinds[row.kind], []
        for m in run.by_callout.get(row.number, ()):
            if not sent and kind.needs and not kind.explosive_hazard:
                team = run.facts.teams[m.team]
                if not team.could_bring & set(kind.needs):
                    yield f"{m.team} is sent to callout {row.number} and brings none of its needs"
            sent.append(m)


@check
def patients_are_carried_only_by_who_can(run):
    """
    Only where people are taken to hospital, and only by a team that carries.

    Where no capability says what it carries, the first team sent of those on scene transports.
    """
    facts = run.facts
    for row in run.callouts:
        kind, missions = facts.kinds[row.kind], run.by_callout.get(row.number, ())
        carriers = [m for m in missions if m.left is not None]
        for m in carriers:
            told = f"{m.team} leaves callout {row.number} for {m.hospital}"
            if not kind.to_hospital or not kind.transported:
                yield f"{told}, and nobody is taken to hospital there"
            elif facts.carrying:
                by = kind.transport.get("by") or next(
                    (n for n in kind.needs if n in facts.carrying), None
                )
                if by is not None and by not in facts.teams[m.team].could_bring:
                    yield f"{told} without {by}"
            elif m is not _first_sent(run, missions, m.left):
                yield f"{told}, and was not the first sent of those on scene"
        if not facts.carrying and len(carriers) > 1:
            yield f"{len(carriers)} teams leave callout {row.number} for a hospital"


def _first_sent(run, missions, at):
    here = [m for m in missions if m.on_scene is not None and m.on_scene <= at
            and (run.over(m) > at or (m.ending == "completed" and run.over(m) == at))]  # fmt: skip
    return here[0] if here else None


# -- hospitals ---------------------------------------------------------------------------------


@check
def no_closed_hospital_is_chosen(run):
    last = {}
    for d in run.decisions:
        if d.question != "destination":
            continue
        last[d.subject] = d
        if d.chosen is not None and run.facts.is_hospital_closed(d.chosen, d.at):
            yield f"{d.chosen} is chosen for callout {d.subject} at {d.at}, and is closed"
    for m in run.missions:
        if m.hospital is None or m.left < 0:
            continue
        d = last.get(m.callout)
        if d is None:
            yield f"{m.team} drives to {m.hospital} for callout {m.callout}, which nobody chose"


@check
def a_patient_is_taken_where_was_decided(run):
    chosen = defaultdict(set)
    for d in run.decisions:
        if d.question == "destination" and d.chosen is not None:
            chosen[d.subject].add(d.chosen)
    for m in run.missions:
        if m.hospital is not None and m.left >= 0 and m.hospital not in chosen[m.callout]:
            yield f"{m.team} takes people of callout {m.callout} to {m.hospital}, never chosen"


@check
def no_hospital_hands_over_more_at_once_than_it_has_bays(run):
    begins = {(e.callout, e.team, e.at): e.until for e in run.by_event["offload delay"]}
    for name, about in run.facts.hospitals.items():
        if "offload_bays" not in about:
            continue
        changes = []
        for m in run.missions:
            if m.hospital == name and m.at_hospital is not None and m.at_hospital >= 0:
                since = begins.get((m.callout, m.team, m.at_hospital), m.at_hospital)
                changes += [(since, 1), (run.over(m), -1)] if run.over(m) >= since else []
        inside = 0
        for at, change in sorted(changes):
            inside += change
            if inside > int(about["offload_bays"]):
                yield f"{name} hands over {inside} teams at {at}"


# -- scenes ------------------------------------------------------------------------------------


@check
def nobody_enters_a_scene_before_it_is_safe(run):
    safe = {}
    for event in run.by_event["staged"]:
        mission = next(
            (m for m in reversed(run.by_callout.get(event.callout, ()))
             if m.team == event.team and m.dispatched <= event.at <= run.over(m)), None
        )  # fmt: skip
        if mission is None:
            yield f"{event.team} is staged at {event.at} without a mission"
            continue
        withdrawn = mission.ending == "withdrawn" and mission.cleared == event.until
        if not withdrawn:
            safe[event.callout] = max(safe.get(event.callout, 0), event.until)
        if mission.ending == "withdrawn":
            row = run.by_number.get(event.callout)
            hazard = run.facts.kinds[row.kind].scene_hazard if row else None
            if hazard and mission.cleared - event.at != duration(hazard["withdraw_after"]):
                yield f"{event.team} is withdrawn after {mission.cleared - event.at} ms"
    for m in run.missions:
        if m.on_scene is not None and m.on_scene < safe.get(m.callout, -FAR):
            yield f"{m.team} enters callout {m.callout} at {m.on_scene}, staged until later"


@check
def explosive_hazards_are_cleared_before_work_ends(run):
    found, cleared = {}, {}
    for event in run.events:
        if event.event == "explosive hazard found":
            found.setdefault(event.callout, event.at)
        elif event.event == "explosive hazard cleared":
            cleared[event.callout] = event
    for number, event in cleared.items():
        row = run.by_number.get(number)
        if row is None:
            continue
        wanted = set((run.facts.kinds[row.kind].explosive_hazard or {}).get("needs", ()))
        if not wanted <= run.facts.teams[event.team].could_bring:
            yield f"{event.team} clears callout {number} without {sorted(wanted)}"
        here = [m.team for m in _present(run, run.by_callout[number], event.at)]
        if event.team not in here:
            yield f"{event.team} clears callout {number} at {event.at} and is not there"
    for number in found:
        row = run.by_number.get(number)
        if row is not None and row.outcome == "served" and number not in cleared:
            yield f"callout {number} is served, and its explosive hazard was not cleared"
        for m in run.by_callout.get(number, ()):
            over = cleared[number].at if number in cleared else FAR
            if m.left is not None and m.left < over:
                yield f"{m.team} leaves callout {number} before it is cleared"


@check
def the_living_never_wait_for_work_that_can_wait(run):
    """Whoever is sent to deferrable work could not have helped anybody else who was pending."""
    facts = run.facts
    gaps = facts.ways.edges is not None or facts.ways.has_gaps
    deferred = {name for name, kind in facts.kinds.items() if kind.deferrable}
    if gaps or not deferred:
        return
    pending = sorted(
        (row.ready, _never_sent_until(run, row), row.number, row.kind)
        for row in run.callouts
        if row.kind not in deferred and _never_sent_until(run, row) > row.ready
    )
    sent = sorted(
        (m.dispatched, m.team, m.callout)
        for m in run.missions
        if m.callout in run.by_number and run.by_number[m.callout].kind in deferred
    )
    there, n = [], 0
    for at, team, number in sent:
        while n < len(pending) and pending[n][0] < at:
            there.append(pending[n])
            n += 1
        there = [row for row in there if row[1] > at]
        if facts.teams[team].vehicles:
            continue
        for _, _, other, kind in there:
            needs = set(facts.kinds[kind].needs)
            if not needs or needs & facts.teams[team].could_bring:
                yield f"{team} is sent to callout {number} at {at}, and callout {other} is pending"


def _never_sent_until(run, row):
    """Return until when a callout is pending and was never sent anybody. [ms]"""
    first = min((m.dispatched for m in run.by_callout.get(row.number, ())), default=None)
    return first if first is not None else run.ends if row.ended is None else row.ended


# -- volunteers, vehicles, reserves ------------------------------------------------------------


@check
def volunteers_are_asked_as_declared(run):
    """Nobody is alerted twice at once, answers unasked, or comes in greater numbers than are."""
    facts = run.facts
    asked = defaultdict(set)
    for event in run.events:
        if event.event not in ("alerted", "accepted", "declined", "arrived", "crew turned out"):
            continue
        team = facts.teams[event.team]
        if not team.on_call:
            yield f"{event.team} is {event.event} at {event.at} and is not on call"
            continue
        people = int(facts.volunteers[team.on_call["volunteers"]]["people"])
        case = event.team, event.callout
        if event.event == "crew turned out":
            if not 1 <= int(event.who) <= team.crew:
                yield f"{event.team} turns out with {event.who} people at {event.at}"
            continue
        if not 0 <= int(event.who) < people:
            yield f"volunteer {event.who} of {people} is {event.event} at {event.at}"
        if event.event == "alerted":
            asked[case].add(event.who)
        elif event.who not in asked[case] and _is_measured(run, event.callout):
            yield f"volunteer {event.who} is {event.event} at {event.at}, and was not alerted"
    yield from _out_twice(run)


def _is_measured(run, callout):
    return callout in run.by_number and run.by_number[callout].ready >= 0


def _out_twice(run):
    """Nobody is alerted while on the road with a crew."""
    out = defaultdict(list)
    came = defaultdict(list)
    for event in run.by_event["arrived"]:
        came[event.callout, event.team].append(event)
    for m in run.missions:
        team = run.facts.teams[m.team]
        if not team.on_call or m.en_route is None:
            continue
        for event in came.get((m.callout, m.team), ()):
            if m.dispatched <= event.at <= m.en_route:
                pool = team.on_call["volunteers"]
                out[pool, event.who].append((m.en_route, run.over(m)))
    for event in run.by_event["alerted"]:
        pool = run.facts.teams[event.team].on_call["volunteers"]
        for begins, ends in out[pool, event.who]:
            if begins < event.at < ends:
                yield f"volunteer {event.who} is alerted at {event.at}, out until {ends}"


@check
def crews_assemble_in_time(run):
    """A crew turns out at its time-out at the latest, before it only with its minimum."""
    turned = {(e.team, e.callout, e.at): int(e.who) for e in run.by_event["crew turned out"]}
    for m in run.missions:
        team = run.facts.teams[m.team]
        if not team.on_call or m.en_route is None or m.en_route <= max(m.dispatched, 0):
            continue
        last = m.dispatched + duration(team.on_call.get("assembly_timeout", "20 min"))
        people = turned.get((m.team, m.callout, m.en_route))
        told = f"{m.team} turns out for callout {m.callout} at {m.en_route}"
        if m.en_route > last and m.cleared != m.en_route:
            yield f"{told}, its time-out was {last}"
        if people is None:
            if m.on_scene is not None:
                yield f"{told} without saying with how many"
        elif m.en_route < last and people < int(team.on_call.get("minimum", team.crew)):
            yield f"{told} with {people} people before its time-out"


@check
def no_more_teams_are_out_than_there_are_vehicles(run):
    groups = defaultdict(list)
    for name, team in run.facts.teams.items():
        if team.vehicles:
            groups[team.vehicles].append(name)
    for vehicles, teams in groups.items():
        there = sum(int(run.facts.vehicles[v].get("count", 1)) for v in vehicles)
        changes = sorted(
            change
            for name in teams
            for m in run.by_team[name]
            if run.over(m) > m.dispatched
            for change in ((m.dispatched, 1), (run.over(m), -1))
        )
        out = 0
        for at, change in changes:
            out += change
            if out > there:
                yield f"{out} teams are out at {at}, of {there} vehicles {vehicles}"


@check
def a_vehicle_is_with_one_team(run):
    """It is taken by a team that may, at its base and in service, and is back before the next."""
    broken = defaultdict(list)
    for event in run.by_event["out of service"]:
        broken[event.who].append((event.at, event.until))
    driver = {}
    for event in run.events:
        if event.event not in ("vehicle taken", "vehicle at base"):
            continue
        if event.event == "vehicle at base":
            driver[event.who] = None
            continue
        told = f"{event.team} takes {event.who} at {event.at}"
        if driver.get(event.who) is not None:
            yield f"{told}, which is with {driver[event.who]}"
        if any(begins < event.at < ends for begins, ends in broken[event.who]):
            yield f"{told}, out of service"
        if not any(event.who.startswith(v) for v in run.facts.teams[event.team].vehicles):
            yield f"{told}, which it may not"
        driver[event.who] = event.team


@check
def reserves_rest_before_they_are_called_in_again(run):
    last = {}
    for event in run.events:
        if event.event == "off duty":
            last[event.team] = event.at
        elif event.event == "called in":
            reserve = run.facts.teams[event.team].reserve
            if reserve is None:
                yield f"{event.team} is called in at {event.at} and is no reserve"
                continue
            rest = duration(reserve.get("minimum_rest", "12 h"))
            if event.team in last and event.at < last[event.team] + rest:
                yield f"{event.team} is called in at {event.at}, off duty {last[event.team]}"
            if event.until < event.at:
                yield f"{event.team} is called in at {event.at} for {event.until}"


# -- decisions ---------------------------------------------------------------------------------


@check
def every_mission_follows_from_one_decision(run):
    decided = Counter(
        (d.subject, d.chosen, d.at)
        for d in run.decisions
        if d.question == "dispatch" and d.chosen is not None and d.at >= 0
    )
    sent = Counter((m.callout, m.team, m.dispatched) for m in run.missions if m.dispatched >= 0)
    for callout, team, at in sent - decided:
        yield f"{team} is sent to callout {callout} at {at} without a decision"
    for callout, team, at in decided - sent:
        if at > 0 or not run.facts.warm_up:
            yield f"{team} is chosen for callout {callout} at {at} and not sent"


@check
def a_choice_is_among_its_candidates(run):
    for d in run.decisions:
        if d.chosen is not None and d.chosen not in d.candidates:
            yield f"{d.question} at {d.at}: {d.chosen} is not among {[*d.candidates]}"


@check
def the_closest_is_the_one_expected_first(run):
    for d in run.decisions:
        if d.rule != "Closest" or not d.candidates:
            continue
        best = min(
            (FAR if at is None else at, run.facts.number[name]) for name, at in d.candidates.items()
        )
        if d.chosen is None or run.facts.number[d.chosen] != best[1]:
            yield f"callout {d.subject} at {d.at}: {d.chosen} is sent, of {d.candidates}"


@check
def candidates_could_be_sent(run):
    """On duty, and on no other mission but one that it may be taken from."""
    spare = run.facts.reassignment != "never"
    for d in run.decisions:
        if d.question != "dispatch" or d.at <= 0:
            continue
        for name in d.candidates:
            if not run.may_be_sent(name, d.at):
                yield f"{name} is a candidate at {d.at}, off duty"
            m = _mission_at(run, name, d.at)
            if m is None or m.callout == d.subject:
                continue
            waits = m.on_scene is not None and m.on_scene <= d.at
            if not spare and not waits:
                yield f"{name} is a candidate at {d.at}, on its way to callout {m.callout}"


def _mission_at(run, team, at):
    """Return the mission in the midst of which a team is, None if in none."""
    missions = run.by_team[team]
    low, high = 0, len(missions)
    while low < high:
        middle = (low + high) // 2
        if missions[middle].dispatched < at:
            low = middle + 1
        else:
            high = middle
    if low and run.over(missions[low - 1]) > at:
        return missions[low - 1]
    return None


@check
def the_queue_is_who_is_pending(run):
    """Who is said to wait, waits; whoever was never sent anybody is in the queue."""
    if run.facts.queue == "none":
        return
    held = _held(run)
    waiting = sorted((row.ready, _never_sent_until(run, row), row.number) for row in run.callouts)
    there, n = [], 0
    for d in run.decisions:
        if d.question != "queue":
            continue
        while n < len(waiting) and waiting[n][0] < d.at:
            there.append(waiting[n])
            n += 1
        there = [row for row in there if row[1] > d.at]
        unnoted = [row for row in there if str(row[2]) not in d.candidates and row[2] not in held]
        told = re.search(r"(\d+) were pending", d.why)  # where there are more than are noted
        if len(unnoted) + len(d.candidates) > (int(told[1]) if told else len(d.candidates)):
            for ready, _, number in unnoted:
                yield f"callout {number} is pending since {ready}, not in the queue at {d.at}"
        for number, waited in d.candidates.items():
            row = run.by_number.get(int(number))
            if row is None:
                continue
            if row.ready + waited != d.at or (row.ended is not None and row.ended < d.at):
                yield f"callout {number} is in the queue at {d.at} for {waited} ms"


def _held(run):
    """Return the callouts that may be neither pending nor sent to: withdrawn, missed."""
    endings = ("withdrawn", "no crew assembled", "refused at a checkpoint")
    return {m.callout for m in run.missions if m.ending in endings}


@check
def who_is_reassigned_is_sent_on_at_once(run):
    for name, missions in run.by_team.items():
        for m, following in pairwise([*missions, None]):
            if m.ending == "reassigned" and (
                following is None or following.dispatched != m.cleared
            ):
                yield f"{name} is reassigned from callout {m.callout} at {m.cleared} to nothing"


# -- numbers -----------------------------------------------------------------------------------


def _differs(said, meant):
    """Return whether a number of a table, of six digits, is another."""
    return said is not None and abs(said - meant) > 1e-5 * max(abs(meant), 1)


@check
def results_count_what_the_logs_hold(run):
    count = Counter(row.outcome for row in run.callouts)
    days = run.ends / DAY
    endings, events = Counter(m.ending for m in run.missions), run.by_event
    meant = {
        "callouts": len(run.callouts) / days,
        "unfinished": count["unfinished"],
        "lost": count["lost"],
        "abandoned": count["abandoned"],
        "dropped": count["dropped"],
        "never_reached": sum(row.on_scene is None for row in run.callouts),
        "refusals": len(events["refused at a checkpoint"]),
        "missions_refused": endings["refused at a checkpoint"],
        "missions_no_access": endings["no access"],
        "staged": len(events["staged"]),
        "missions_withdrawn": endings["withdrawn"],
        "closures_told": len(events["told of a closure"]),
        "closures_met": len(events["met a closure"]),
        "held": sum(event.callout in run.by_number for event in events["held"]),
    }
    for measure, value in meant.items():
        said = run.results.get((measure, "all"))
        if _differs(said, value):
            yield f"{measure} is {said} in the results, {value} in the logs"


def _area_of_pending(run):
    """Return the time integral of how many callouts are pending that get a team. [ms]"""
    changes = sorted(
        change
        for row in run.callouts
        if row.dispatched is not None
        for change in ((row.ready, 1), (row.dispatched, -1))
    )
    area = pending = before = 0
    for at, change in changes:
        area += pending * (at - before)
        pending, before = pending + change, at
    return area


@check
def littles_law_holds_for_pending_callouts(run):
    """The area under the number pending is the number sent times their mean queue time."""
    sent = sum(row.dispatched is not None for row in run.callouts)
    mean = run.results.get(("queue_time_mean", "all"))
    if sent and _differs(mean, _area_of_pending(run) / sent / MINUTE):
        yield f"the mean queue time is {mean}, {_area_of_pending(run) / sent / MINUTE} by the law"


def _merged(spans, end):
    """Return spans within the measured period, those that overlap made one. [ms]"""
    found = []
    for begins, ends in sorted(spans):
        begins, ends = max(begins, 0), min(ends, end)
        if begins >= ends:
            continue
        if found and begins <= found[-1][1]:
            found[-1] = found[-1][0], max(ends, found[-1][1])
        else:
            found.append((begins, ends))
    return found


@check
def littles_law_holds_for_committed_teams(run):
    """The area under the number committed, over that of those on duty, is the utilisation."""
    committed = on_duty = 0
    back = defaultdict(list)
    for event in run.by_event["returning"]:
        back[event.team].append((event.at, run.ends if event.until is None else event.until))
    for name, team in run.facts.teams.items():
        if team.on_call:
            continue
        spans = [(m.dispatched, run.over(m)) for m in run.by_team[name]] + back[name]
        committed += sum(b - a for a, b in _merged(spans, run.ends))
        on_duty += sum(b - a for a, b in _merged(spans + run.duty[name], run.ends))
    said = run.results.get(("utilisation", "all"))
    if on_duty and _differs(said, committed / on_duty):
        yield f"the utilisation is {said}, {committed / on_duty} by the law"


@check
def the_mean_response_is_that_of_the_logs(run):
    times = [row.on_scene - row.received for row in run.callouts if row.on_scene is not None]
    said = run.results.get(("response_mean_reached", "all"))
    if times and _differs(said, sum(times) / len(times) / MINUTE):
        yield f"the mean response is {said}, {sum(times) / len(times) / MINUTE} in the logs"


@check
def hours_on_duty_are_those_of_the_roster(run):
    """At least: overtime comes on top."""
    for name, team in run.facts.teams.items():
        said = run.results.get(("hours_on_duty", f"team:{name}"))
        if said is None or team.on_call:
            continue
        rostered = sum(b - a for a, b in _merged(run.duty[name], run.ends))
        least = rostered / HOUR / (run.ends / (7 * DAY))
        if said < least * (1 - 1e-5) - 1e-4:
            yield f"{name} is on duty {said} h a week, {least} by its roster"
