"""
What must hold in every run of every scenario: checked on random small worlds.

The worlds mix tables with gaps, straight lines and road networks, several teams to a callout,
the three rules for a shift's end, all queues and policies, hospitals, callers who give up.
"""

import json
from collections import defaultdict
from itertools import pairwise

from sim.log import Ending, Outcome
from sim.world import expected

from ..worlds import logged


def test_the_random_worlds_hold_everything_that_can_happen(runs):
    """A property that is never put to the test proves nothing."""
    outcomes = {row.outcome for run in runs for row in run.log.callouts}
    endings = {m.ending for run in runs for m in run.log.missions}
    several = sum(row.teams > 1 for run in runs for row in run.log.callouts)
    waited = sum((row.dispatched or 0) > row.ready for run in runs for row in run.log.callouts)
    questions = {d.question for run in runs for d in run.log.decisions}

    assert outcomes == {
        Outcome.SERVED,
        Outcome.LOST,
        Outcome.ABANDONED,
        Outcome.DROPPED,
        Outcome.UNFINISHED,
    }
    assert endings == {
        Ending.COMPLETED, Ending.STOOD_DOWN, Ending.DROPPED, Ending.HANDED_OVER, Ending.UNFINISHED,
        Ending.REASSIGNED,
    }  # fmt: skip
    assert several > 100
    assert waited > 500
    assert questions == {"dispatch", "queue", "relocation", "destination"}


def test_every_callout_received_ends_exactly_once(runs):
    """A callout lost on the way would make every share too good."""
    for run in runs:
        received = [n for n, (c, _) in run.draws.items() if c.received >= 0]

        assert sorted(row.callout for row in run.log.callouts) == sorted(received), run.text


def test_the_outcome_says_which_instants_there_are(runs):
    """Served, lost, gave up, dropped and unfinished must each be told apart by their instants."""
    for run in runs:
        for row in run.log.callouts:
            sent, over = row.dispatched is not None, row.ended is not None
            served = row.outcome == Outcome.SERVED
            assert over == (row.outcome != Outcome.UNFINISHED), row
            assert (row.cleared is not None) == served, row
            assert not served or (row.cleared == row.ended and row.on_scene is not None), row
            assert sent or not served, row
            assert not (sent and row.outcome in (Outcome.LOST, Outcome.ABANDONED)), row
            assert (row.teams > 0) == sent, row


def test_the_instants_of_a_callout_are_in_order(runs):
    """Time runs one way, and nothing is noted after the run has ended."""
    for run in runs:
        for row in run.log.callouts:
            columns = [row.received, row.ready, row.dispatched, row.on_scene, row.ended]
            instants = [at for at in columns if at is not None]
            assert instants == sorted(instants), row
            assert max(instants[0], *instants[2:], 0) <= run.ends, row


def test_the_wheels_of_a_callout_are_those_of_one_of_its_missions(runs):
    """``en_route`` is an instant at which something happened, or None."""
    for run in runs:
        for row in run.log.callouts:
            if row.dispatched is not None and row.dispatched > 0:
                moved = {m.en_route for m in run.by_callout[row.callout]}
                assert row.en_route in moved, (row, run.by_callout[row.callout])


def test_the_instants_of_a_mission_are_in_order(runs):
    """Dispatched, en route, on scene, left, at hospital, cleared."""
    for run in runs:
        for m in run.log.missions:
            columns = [m.dispatched, m.en_route, m.on_scene, m.left, m.at_hospital, m.cleared]
            instants = [at for at in columns if at is not None]
            assert instants == sorted(instants), m
            assert instants[-1] <= run.ends, m
            assert m.on_scene is None or m.en_route is not None, m
            assert (m.left is None) == (m.hospital is None), m
            assert (m.cleared is None) == (m.ending == Ending.UNFINISHED), m


def test_no_team_is_on_two_missions_at_once(runs):
    """Nobody is in two places."""
    for run in runs:
        for missions in run.by_team.values():
            for m, following in pairwise(missions):
                assert m.cleared is not None, m
                assert m.cleared <= following.dispatched, (m, following)


def test_no_team_moves_faster_than_the_roads_allow(runs):
    """From one mission's end to the next scene takes at least the shortest way between them."""
    for run in runs:
        shortest = shortest_ways(run.world.travel.times)
        for team, missions in run.by_team.items():
            for m, following in pairwise(missions):
                same_duty = any(
                    a <= m.cleared and following.dispatched < b for a, b in run.crews[team].duty
                )
                if m.ending != Ending.COMPLETED or following.on_scene is None or not same_duty:
                    continue
                at = (
                    run.draws[m.callout][0].place
                    if m.hospital is None
                    else run.world.hospitals[m.hospital]
                )
                callout, marks = run.draws[following.callout]
                drive = following.on_scene - marks.local_travel - m.cleared
                # straight lines are measured in whole metres, up to 80 ms each
                assert drive >= shortest[at][callout.place] - 500, (m, following, run.text)


def shortest_ways(periods):
    """Return the least time between places by any way round and at any hour (Floyd). [ms]"""
    n = len(periods[0])
    least = [[min(times[a][b] for times in periods) for b in range(n)] for a in range(n)]
    for c in range(n):
        for a in range(n):
            for b in range(n):
                least[a][b] = min(least[a][b], least[a][c] + least[c][b])
    return least


def test_teams_are_sent_only_while_on_duty(runs):
    """A shift that does not end costs a service its volunteers."""
    for run in runs:
        for m in run.log.missions:
            assert any(a <= m.dispatched < b for a, b in run.crews[m.team].duty), (m, run.text)


def test_nobody_works_past_a_shift_that_drops_or_hands_over_unless_a_patient_is_on_board(runs):
    """The rule for a shift's end must hold for every mission, not only on average."""
    for run in runs:
        if run.world.scenario.dispatch_centre.shift_end == "finish":
            continue
        for m in run.log.missions:
            off = next(b for a, b in run.crews[m.team].duty if a <= m.dispatched < b)
            over = run.ends if m.cleared is None else m.cleared
            on_board = m.left is not None and m.left <= off
            assert over <= off or on_board, (m, off, run.text)


def test_every_mission_follows_from_one_decision(runs):
    """Who was sent must be answerable from the decision log alone."""
    for run in runs:
        decided = [
            (d.subject, d.chosen, d.at) for d in run.log.decisions if d.question == "dispatch"
        ]
        sent = [(m.callout, m.team, m.dispatched) for m in run.log.missions if m.dispatched >= 0]

        assert sorted(d for d in decided if d[1] is not None) == sorted(sent), run.text


def test_every_choice_is_among_its_candidates(runs):
    """A decision row that does not contain its own answer explains nothing."""
    for run in runs:
        for d in run.log.decisions:
            assert len(d.candidates) == len(d.arrivals), d
            assert len(set(d.candidates)) == len(d.candidates), d
            assert d.chosen is None or d.chosen in d.candidates, d


def test_the_closest_team_is_the_one_expected_first_and_of_equals_the_lowest_number(runs):
    """The rule by its own words, over every decision it took."""
    for run in runs:
        for d in run.log.decisions:
            if d.question == "dispatch" and d.rule == "Closest":
                best = min(zip(d.arrivals, d.candidates, strict=True), default=(None, None))
                assert d.chosen == best[1], d


def test_the_candidates_are_free_on_duty_and_bring_something_missing(runs):
    """
    A team that should not be in the choice is a silent bias. Capabilities count first, then people.
    """
    checked = 0
    for run in runs:
        before = defaultdict(set)
        for d in run.log.decisions:
            if d.question != "dispatch" or d.at == 0:
                continue
            for team in d.candidates:
                assert any(a <= d.at < b for a, b in run.crews[team].duty), d
                over = (run.ends if m.cleared is None else m.cleared for m in run.by_team[team])
                # one that waits on scene for a capability that others bring may be sent on
                sent = (
                    run.ends if m.on_scene is not None and m.on_scene < d.at else m.dispatched
                    for m in run.by_team[team]
                )
                assert not any(a < d.at < b for a, b in zip(sent, over, strict=True)), d
            need = run.need(d.subject)
            people, missing = need.people, need.capabilities
            for m in run.by_callout[d.subject]:
                here = m.dispatched < d.at and (m.cleared is None or m.cleared > d.at)
                if here or (d.at, m.team) in before[d.subject]:
                    people -= run.crews[m.team].people
                    missing &= ~run.crews[m.team].capabilities
            assert missing or people > 0, d
            assert not missing or all(run.crews[t].capabilities & missing for t in d.candidates), d
            before[d.subject].add((d.at, d.chosen))
            checked += 1
    assert checked > 1000


def test_no_callout_waits_while_an_able_team_is_free_unless_the_policy_holds_it(runs):
    """Work conservation: idle hands next to a waiting callout would be a fault of the engine."""
    checked = 0
    for run in runs:
        holds = "cutoff" in run.text or "otherwise: wait" in run.text
        if holds or run.gaps or not run.world.scenario.dispatch_centre.dispatch_while_returning:
            continue
        for row in run.log.callouts:
            until = row.dispatched if row.dispatched is not None else row.ended
            until = run.ends if until is None else until
            if row.outcome == Outcome.LOST:
                until = row.ready + 1
            for crew in run.crews:
                if run.able(crew, row.callout) and row.ready < until:
                    assert run.idle(crew, row.ready, until) == [], (row, crew, run.text)
                    checked += 1
    assert checked > 1000


def test_the_response_of_a_callout_is_the_sum_of_its_parts(runs):
    """Handling, wait, turnout, travel and local travel, exactly, from draws, map and decision."""
    checked = 0
    for run in runs:
        mile = run.world.scenario.map.local_travel
        chosen = {
            (d.subject, d.chosen, d.at): d for d in run.log.decisions if d.question == "dispatch"
        }
        teams = run.crews
        for m in run.log.missions:
            if m.on_scene is None or m.dispatched < 0:
                continue
            d = chosen[m.callout, m.team, m.dispatched]
            marks, crew = run.draws[m.callout][1], teams[m.team]
            arrival = d.arrivals[list(d.candidates).index(m.team)]
            drive = arrival - expected(mile)
            turnout = marks.turnout[crew.turnout]
            rested = turnout + drive - crew.expected_turnout
            assert m.on_scene - m.dispatched - marks.local_travel in (drive, rested), (
                m,
                d,
                run.text,
            )
            assert m.en_route - m.dispatched in (0, turnout), (m, d)
            row = run.rows.get(m.callout)
            if row is not None and row.teams == 1:
                handling, wait = row.ready - row.received, row.dispatched - row.ready
                way = m.on_scene - m.en_route
                assert (
                    row.on_scene - row.received == handling + wait + m.en_route - m.dispatched + way
                )
                checked += 1
    assert checked > 1000


def test_the_people_on_scene_do_exactly_the_work_there_was(runs):
    """Work is people times time, paced by the need at most; none is lost as teams come and go."""
    checked = 0
    for run in runs:
        for row in run.log.callouts:
            if row.outcome != Outcome.SERVED:
                continue
            need = run.need(row.callout).people
            steps, first = defaultdict(int), None
            for m in run.by_callout[row.callout]:
                if m.on_scene is not None:
                    steps[m.on_scene] += run.crews[m.team].people
                    steps[m.cleared if m.left is None else m.left] -= run.crews[m.team].people
                    first = min(first or (m.on_scene, m.team), (m.on_scene, m.team))
            done, people, since = 0, 0, 0
            for at in sorted(steps):
                done += min(people, need) * (at - since)
                people, since = people + steps[at], at
            marks = run.draws[row.callout][1]
            work = marks.on_scene[run.crews[first[1]].on_scene_index] * need
            story = (row, run.by_callout[row.callout], run.text)
            assert work <= done, story
            # or else those on scene waited for the last capability
            waited = any(m.on_scene == at for m in run.by_callout[row.callout])
            assert done < work + need or (waited and run.need(row.callout).required), story
            checked += row.teams > 1
    assert checked > 50


def test_taking_people_to_hospital_lasts_the_drive_and_the_hand_over(runs):
    """The way to hospital includes local travel, and the patient goes with one team only."""
    checked = 0
    for run in runs:
        for number, missions in run.by_callout.items():
            callout, marks = run.draws[number]
            carried = [m for m in missions if m.left is not None]
            assert len(carried) <= 1, carried
            assert not carried or marks.transported
            for m in carried:
                period = run.world.period(m.left)
                drives = [
                    run.world.travel.times[period][callout.place][h] for h in run.world.hospitals
                ]
                assert drives[m.hospital] == min(drives), m
                if m.at_hospital is not None:
                    assert m.at_hospital - m.left == min(drives) + marks.local_travel, m
                if m.cleared is not None:
                    assert m.cleared - m.at_hospital == marks.handover, m
                    checked += 1
    assert checked > 200


def test_little_s_law_holds_exactly_on_every_sample_path(runs):
    """The time teams are tied up, summed by clock, by mission and by callout, is one number."""
    for run in runs:
        steps = defaultdict(int)
        by_mission = 0
        for m in run.log.missions:
            begins, over = max(m.dispatched, 0), run.ends if m.cleared is None else m.cleared
            steps[begins] += 1
            steps[over] -= 1
            by_mission += over - begins
        area, busy, since = 0, 0, 0
        for at in sorted(steps):
            area += busy * (at - since)
            busy, since = busy + steps[at], at
            assert 0 <= busy <= len(run.crews)
        assert area == by_mission
        single = all(row.teams <= 1 for row in run.log.callouts)
        if single and run.world.begins == 0:
            by_callout = sum(
                (run.ends if row.ended is None else row.ended) - row.dispatched
                for row in run.log.callouts
                if row.dispatched is not None
            )
            assert by_callout == by_mission, run.text


def test_the_same_run_again_gives_the_same_bytes(runs):
    """What ran before must not matter, nor how often."""
    for run in runs[::3]:
        again = logged(run.world, replication=run.replication)

        assert as_text(again) == as_text(run.log), run.text


def test_another_seed_or_replication_gives_another_run(runs):
    """Replications that repeat one another would make every interval too narrow."""
    changed = 0
    for run in runs[:30]:
        if run.world.file.callouts is None:
            other = logged(run.world, replication=run.replication + 1)
            elsewhere = logged(run.world, seed=10**12, replication=run.replication)
            assert as_text(other) != as_text(run.log) != as_text(elsewhere)
            changed += 1
    assert changed > 5


def as_text(log):
    return json.dumps(
        [[list(row) for row in rows] for rows in (log.callouts, log.missions, log.decisions)],
        default=list,
    )
