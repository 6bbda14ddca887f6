"""
An independent dispatch loop: a heap, dictionaries, no SimPy and nothing of ``sim.engine``.

It knows a subset (closest team, one team to a callout, go home, travel by table, shifts that are
finished) and must reproduce the engine's log on it to the bit.
"""

import heapq
from itertools import count

from sim.log import CalloutRow, MissionRow

SHIFT, TEAM, GIVE_UP, READY = range(4)
NO_WAY = 1 << 60


def heap_loop(world, seed, replication, by_priority=True):
    """Return callout rows and mission rows, each sorted."""
    drive, needs, home = (
        world.travel.times[0],
        world.fleet.needs,
        [c.place for c in world.fleet.crews],
    )
    crews, heap, serial = world.fleet.crews, [], count()
    waiting, callouts, missions, rows = [], {}, [], []
    team = [
        {
            "duty": False,
            "job": None,
            "leg": (p, p, world.begins, world.begins),
            "rest": world.begins,
        }
        for p in home
    ]

    def at(time, kind, number, what, *args):
        heapq.heappush(heap, (time, kind, number, next(serial), what, args))

    def way(t, now, target):
        """Time to the target, where the way begins, and when it begins."""
        start, end, departs, arrives = team[t]["leg"]
        if now >= team[t]["rest"]:
            return drive[end][target], end, now
        on, back = max(arrives - now, 0), abs(now - departs)
        if now < departs or back + drive[start][target] < on + drive[end][target]:
            return back + drive[start][target], start, now + back
        return on + drive[end][target], end, now + on

    def serve(n, now):
        c, marks = callouts[n]
        found = []
        for t, crew in enumerate(crews):
            able = not needs[c.kind].brings or crew.brings & needs[c.kind].brings
            if team[t]["duty"] and team[t]["job"] is None and able:
                time = way(t, now, c.place)[0] + (
                    crew.expected_turnout if now >= team[t]["rest"] else 0
                )
                found.append((time, t))
        if not found or min(found)[0] >= NO_WAY:
            return False
        t = min(found)[1]
        _, spot, departs = way(t, now, c.place)
        if now >= team[t]["rest"]:
            departs += marks.turnout[crews[t].turnout]
            en_route = departs
        else:
            en_route = now
        arrives = departs + drive[spot][c.place]
        team[t].update(
            job=[n, now, en_route, None, None, None, None], leg=(spot, c.place, departs, arrives)
        )
        at(arrives + marks.last_mile, TEAM, t, arrive, t)
        return True

    def serve_all(now):
        for n in sorted(waiting, key=lambda n: (callouts[n][0].priority if by_priority else 0, n)):
            if serve(n, now):
                waiting.remove(n)

    def ready(now, n):
        if not serve(n, now):
            waiting.append(n)
            if callouts[n][1].gives_up is not None:
                at(now + callouts[n][1].gives_up, GIVE_UP, n, give_up, n)

    def give_up(now, n):
        if n in waiting:
            waiting.remove(n)
            finish(n, None, None, now, "gave up")

    def arrive(now, t):
        team[t]["job"][3] = now
        at(now + callouts[team[t]["job"][0]][1].on_scene[crews[t].pace], TEAM, t, work_done, t)

    def work_done(now, t):
        c, marks = callouts[team[t]["job"][0]]
        if marks.transported and min(drive[c.place][h] for h in world.hospitals) < NO_WAY:
            times = [drive[c.place][h] for h in world.hospitals]
            hospital = times.index(min(times))
            team[t]["job"][4], team[t]["job"][6] = now, hospital
            at(now + times[hospital] + marks.last_mile, TEAM, t, at_hospital, t)
        else:
            clear(now, t)

    def at_hospital(now, t):
        team[t]["job"][5] = now
        at(now + callouts[team[t]["job"][0]][1].hand_over, TEAM, t, clear, t)

    def clear(now, t):
        job = team[t]["job"]
        place = callouts[job[0]][0].place if job[6] is None else world.hospitals[job[6]]
        finish(job[0], job, now, now, "served")
        if now > 0:
            missions.append(MissionRow(job[0], t, *job[1:6], job[6], now, "completed"))
        team[t].update(job=None, leg=(place, place, now, now), rest=1 << 62)
        if team[t]["duty"]:
            serve_all(now)
            if team[t]["job"] is None:
                way_home = drive[place][home[t]]
                rest = now + way_home if way_home < NO_WAY else now
                leg = (place, home[t], now, rest) if way_home < NO_WAY else (place, place, now, now)
                team[t].update(leg=leg, rest=rest)

    def shift(now, _):
        for t, crew in enumerate(crews):
            on = any(a <= now < b for a, b in crew.duty)
            if on and not team[t]["duty"] and team[t]["job"] is None:
                team[t].update(leg=(home[t], home[t], now, now), rest=now)
            team[t]["duty"] = on
        serve_all(now)

    def finish(n, job, cleared, ended, outcome):
        c, marks = callouts[n]
        if c.received >= 0:
            instants = (
                (None, None, None)
                if job is None
                else (
                    job[1],
                    job[2] if job[2] <= (ended or world.ends) or job[3] else job[2],
                    job[3],
                )
            )
            rows.append(
                CalloutRow(
                    c.number,
                    marks.key,
                    c.kind,
                    c.priority,
                    c.place,
                    c.received,
                    c.ready,
                    *instants,
                    cleared,
                    ended,
                    outcome,
                    int(job is not None),
                )
            )

    for moment in sorted({x for crew in crews for stretch in crew.duty for x in stretch}):
        at(moment, SHIFT, 0, shift, 0)
    for c, marks in world.demand.callouts(seed, replication):
        callouts[c.number] = (c, marks)
        at(c.ready, READY, c.number, ready, c.number)
    while heap and heap[0][0] < world.ends:
        now, *_, what, args = heapq.heappop(heap)
        what(now, *args)
    busy = {team[t]["job"][0]: t for t in range(len(crews)) if team[t]["job"]}
    for t in busy.values():
        job = team[t]["job"]
        moved = job[2] if job[2] <= world.ends else None
        missions.append(MissionRow(job[0], t, job[1], moved, *job[3:6], job[6], None, "unfinished"))
    done = {row.callout for row in rows}
    for n in callouts:
        if n not in done and (n in busy or n in waiting or callouts[n][0].ready >= world.ends):
            finish(n, team[busy[n]]["job"] if n in busy else None, None, None, "unfinished")
    return sorted(rows), sorted(missions)
