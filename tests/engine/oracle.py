"""
An independent dispatch loop: a heap and dictionaries, no SimPy and nothing of ``sim.engine``.

It knows a subset (closest team, one team to a callout, go home, travel by table, shifts that are
finished) and must reproduce the engine's log on it to the bit.
"""

import heapq
from itertools import count

from sim.log import CalloutRow, MissionRow

SHIFT, TEAM, GIVE_UP, READY = range(4)
NO_ACCESS, NEVER = 1 << 60, 1 << 62


def heap_loop(world, seed, replication, by_priority=True):
    """Return callout rows and mission rows, each sorted."""
    drive, needs, crews = world.travel.times[0], world.fleet.needs, world.fleet.crews
    heap, serial, waiting, callouts, missions, rows = [], count(), [], {}, [], []
    # a mission is [callout, dispatched, en route, on scene, left, at hospital, hospital]; a team
    # drives from ``start`` at ``departs`` to ``end`` at ``arrives``, and rests there from ``rest``
    team = [{"duty": False, "job": None} for _ in crews]

    def at(time, kind, number, what, *args):
        heapq.heappush(heap, (time, kind, number, next(serial), what, args))

    def drives(t, start, end, departs, arrives, rest):
        team[t].update(start=start, end=end, departs=departs, arrives=arrives, rest=rest)

    def way(t, now, target):
        """Return the time to the target, where the way begins, and when it begins."""
        leg = team[t]
        if now >= leg["rest"]:
            return drive[leg["end"]][target], leg["end"], now
        on, back = max(leg["arrives"] - now, 0), abs(now - leg["departs"])
        turning = back + drive[leg["start"]][target], leg["start"], now + back
        going_on = on + drive[leg["end"]][target], leg["end"], now + on
        return turning if now < leg["departs"] or turning[0] < going_on[0] else going_on

    def serve(n, now):
        c, marks = callouts[n]
        found = []
        for t, crew in enumerate(crews):
            able = not needs[c.kind].capabilities or crew.capabilities & needs[c.kind].capabilities
            if team[t]["duty"] and team[t]["job"] is None and able:
                turnout = crew.expected_turnout if now >= team[t]["rest"] else 0
                found.append((way(t, now, c.place)[0] + turnout, t))
        if not found or min(found)[0] >= NO_ACCESS:
            return False
        t = min(found)[1]
        _, start, departs = way(t, now, c.place)
        turnout = marks.turnout[crews[t].turnout] if now >= team[t]["rest"] else 0
        departs += turnout
        team[t]["job"] = [n, now, now + turnout, None, None, None, None]
        drives(t, start, c.place, departs, departs + drive[start][c.place], NEVER)
        at(team[t]["arrives"] + marks.local_travel, TEAM, t, arrive, t)
        return True

    def serve_all(now):
        for n in sorted(waiting, key=lambda n: (by_priority and callouts[n][0].priority, n)):
            if serve(n, now):
                waiting.remove(n)

    def ready(now, n):
        if not serve(n, now):
            waiting.append(n)
            if callouts[n][1].abandons_after is not None:
                at(now + callouts[n][1].abandons_after, GIVE_UP, n, give_up, n)

    def give_up(now, n):
        if n in waiting:
            waiting.remove(n)
            finish(n, None, None, now, "abandoned")

    def arrive(now, t):
        team[t]["job"][3] = now
        at(
            now + callouts[team[t]["job"][0]][1].on_scene[crews[t].on_scene_index],
            TEAM,
            t,
            work_done,
            t,
        )

    def work_done(now, t):
        c, marks = callouts[team[t]["job"][0]]
        times = [drive[c.place][h] for h in world.hospitals]
        if marks.transported and min(times) < NO_ACCESS:
            team[t]["job"][4], team[t]["job"][6] = now, times.index(min(times))
            at(now + min(times) + marks.local_travel, TEAM, t, at_hospital, t)
        else:
            clear(now, t)

    def at_hospital(now, t):
        team[t]["job"][5] = now
        at(now + callouts[team[t]["job"][0]][1].handover, TEAM, t, clear, t)

    def clear(now, t):
        job, team[t]["job"] = team[t]["job"], None
        finish(job[0], job, now, now, "served")
        if now > 0:
            missions.append(MissionRow(job[0], t, *job[1:], now, "completed"))
        place = callouts[job[0]][0].place if job[6] is None else world.hospitals[job[6]]
        drives(t, place, place, now, now, NEVER)
        if team[t]["duty"]:
            serve_all(now)
        if team[t]["duty"] and team[t]["job"] is None:
            home = crews[t].place if drive[place][crews[t].place] < NO_ACCESS else place
            drives(t, place, home, now, now + drive[place][home], now + drive[place][home])

    def shift(now, _):
        for t, crew in enumerate(crews):
            on = any(a <= now < b for a, b in crew.duty)
            if on and not team[t]["duty"] and team[t]["job"] is None:
                drives(t, crew.place, crew.place, now, now, now)
            team[t]["duty"] = on
        serve_all(now)

    def finish(n, job, cleared, ended, outcome):
        c, marks = callouts[n]
        if c.received >= 0:
            row = (c.number, marks.key, c.kind, c.priority, c.place, c.received, c.ready)
            instants = job[1:4] if job else (None, None, None)
            # one team is all that a callout needs here: first attendance is full attendance
            sent = int(job is not None)
            rows.append(CalloutRow(*row, *instants, cleared, ended, outcome, sent, instants[2]))

    for moment in sorted({x for crew in crews for stretch in crew.duty for x in stretch}):
        at(moment, SHIFT, 0, shift, 0)
    for c, marks in world.demand.callouts(seed, replication):
        callouts[c.number] = (c, marks)
        at(c.ready, READY, c.number, ready, c.number)
    while heap and heap[0][0] < world.ends:
        now, *_, what, args = heapq.heappop(heap)
        what(now, *args)
    busy = {t["job"][0]: (number, t["job"]) for number, t in enumerate(team) if t["job"]}
    for number, job in busy.values():
        job[2] = job[2] if job[2] <= world.ends else None
        missions.append(MissionRow(job[0], number, *job[1:], None, "unfinished"))
    for n in {*waiting, *busy, *(n for n in callouts if callouts[n][0].ready >= world.ends)}:
        finish(n, busy[n][1] if n in busy else None, None, None, "unfinished")
    return sorted(rows), sorted(missions)
