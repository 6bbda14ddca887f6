"""
As much of the reference workload as Ciw can say: a queue with priorities before twelve servers.

Ciw has networks of queues and no map: which server is idle makes no difference to it. So teams have
no place here, and each callout takes its turnout, the drive from the base nearest to it, its work,
the drive to the nearest hospital and its handover; the way home is left out. Callouts are handed to
it with their times.
"""

import ciw


class CiwQueue:
    """One run; ``records`` holds one for each callout that was served by its end."""

    def __init__(self, world, given):
        self.ends, teams = world.ends, len(world.fleet.crews)
        drive = world.travel.times[0]
        bases = {crew.place for crew in world.fleet.crews}
        gaps, services, before = {}, {}, {}
        for callout, marks in given:
            place, named = callout.place, f"priority {callout.priority}"
            takes = marks.turnout[0] + min(drive[base][place] for base in bases)
            takes += marks.on_scene[0]
            if marks.transported:
                takes += min(drive[place][hospital] for hospital in world.hospitals)
                takes += marks.handover
            gaps.setdefault(named, []).append(callout.ready - before.get(named, 0))
            services.setdefault(named, []).append(takes)
            before[named] = callout.ready
        names = sorted(gaps)
        self.network = ciw.create_network(
            number_of_servers=[teams],
            arrival_distributions={
                n: [ciw.dists.Sequential([*gaps[n], float("inf")])] for n in names
            },
            service_distributions={n: [ciw.dists.Sequential(services[n])] for n in names},
            priority_classes={n: rank for rank, n in enumerate(names)},
        )

    def run(self):
        queue = ciw.Simulation(self.network)
        queue.simulate_until_max_time(self.ends)
        return queue.get_all_records()
