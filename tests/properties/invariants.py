"""What must hold in every world; each takes (text, world, log) of runs."""

from collections import defaultdict
from itertools import pairwise

from sim.log import Event


def check_every_callout_received_ends_exactly_once(runs):
    for number, (text, world, log) in enumerate(runs):
        drawn = world.demand.callouts(world.scenario.study.seed, number)
        received = sorted(callout.number for callout, _ in drawn if callout.received >= 0)
        assert sorted(row.callout for row in log.callouts) == received, text


def check_instants_are_in_order(runs):
    for text, world, log in runs:
        for m in log.missions:
            columns = [m.dispatched, m.en_route, m.on_scene, m.left, m.at_hospital, m.cleared]
            instants = [at for at in columns if at is not None]
            assert instants == sorted(instants), (m, text)
            assert instants[-1] <= world.ends, (m, text)


def check_no_team_is_on_two_missions_at_once(runs):
    for text, _, log in runs:
        by_team = defaultdict(list)
        for m in sorted(log.missions, key=lambda m: (m.team, m.dispatched, m.cleared or 1 << 60)):
            by_team[m.team].append(m)
        for missions in by_team.values():
            for m, following in pairwise(missions):
                assert m.cleared is not None, (m, following, text)
                assert m.cleared <= following.dispatched, (m, following, text)


def check_no_team_is_sent_before_it_is_back(runs):
    for text, world, log in runs:
        for e in log.events:
            if e.what == Event.RETURNING:
                until = world.ends if e.until is None else e.until
                sent = [m.dispatched for m in log.missions if m.team == e.team]
                assert not any(e.at <= at < until for at in sent), (e, text)
