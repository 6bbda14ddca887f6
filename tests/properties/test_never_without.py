"""Random worlds in which crews of volunteers must have capabilities, judged from their logs."""

import random
from collections import defaultdict

import pytest
import yaml

from ..worlds import logged, random_roads, world_of
from .crowded import crowded_world
from .invariants import (
    check_every_callout_received_ends_exactly_once,
    check_instants_are_in_order,
    check_no_team_is_on_two_missions_at_once,
)

pytestmark = pytest.mark.long

WORLDS = 60  # with a crew on call in each
NAMES = ["rope", "ladder"]  # of capabilities that callouts of these worlds need


def demanding_world(rng):
    """Return a crowded world whose crews on call must have capabilities; None if it has none."""
    text = crowded_world(rng)
    scenario = yaml.safe_load(text)
    crews = [team for team in scenario["teams"].values() if "on_call" in team]
    if not crews:
        return None
    pool = scenario["volunteers"]["town"]
    pool["capabilities"] = {name: rng.randint(1, pool["people"]) for name in NAMES}
    for team in crews:
        team["on_call"]["capabilities"] = rng.sample(NAMES, rng.randint(0, 2))
    scenario["capabilities"] = {name: {"never_without": rng.random() < 0.6} for name in NAMES}
    for vehicle in scenario["vehicles"].values():
        vehicle["seats"] = rng.randint(1, 5)
    return yaml.safe_dump(scenario, allow_unicode=True, sort_keys=False)


@pytest.fixture(scope="module")
def runs():
    found, number = [], 0
    while len(found) < WORLDS:
        number += 1
        rng = random.Random(90_000 + number)
        text = demanding_world(rng)
        if text is not None:
            built = world_of(text, **(random_roads(rng) if "edges.csv" in text else {}))
            found.append((text, built, logged(built, replication=len(found))))
    return found


def crews_that_left(text, built, log):
    """Yield of each crew that turned out: its team as written, who was in it, when, how many."""
    written = yaml.safe_load(text)
    arrived = defaultdict(list)
    sent = defaultdict(list)
    for m in log.missions:
        sent[m.team, m.callout].append(m.dispatched)
    for e in log.events:
        if e.what == "arrived":
            arrived[e.team, e.callout].append((e.at, e.who))
    for e in log.events:
        if e.what == "crew turned out":
            since = max(at for at in sent[e.team, e.callout] if at <= e.at)
            if since < 0:
                continue  # who came in the warm-up is not in the log
            crew = [who for at, who in arrived[e.team, e.callout] if since <= at <= e.at]
            name = built.names.teams[e.team]
            team = written["teams"].get(name) or written["teams"][name.rpartition(" ")[0]]
            yield written, team, crew, e


def test_no_crew_left_without_what_it_never_turns_out_without(runs):
    """Whom an alert brought is read from the log, and what they have from the scenario."""
    left = 0
    for text, built, log in runs:
        for written, team, crew, event in crews_that_left(text, built, log):
            assert len(crew) == event.who, (event, text)
            has = written["volunteers"]["town"]["capabilities"]
            for name in {*team["on_call"]["capabilities"], *team["capabilities"]}:
                if written["capabilities"][name]["never_without"]:
                    assert any(who < has[name] for who in crew), (event, text)
                    left += 1
    assert left > 50


def test_no_crew_is_larger_than_itself_or_the_largest_of_its_vehicles(runs):
    for text, built, log in runs:
        for written, team, crew, event in crews_that_left(text, built, log):
            seats = [written["vehicles"][v]["seats"] for v in team.get("vehicles", ())]
            assert len(crew) <= min([team["crew"], max(seats, default=99)]), (event, text)


def test_what_holds_in_every_world_holds_in_these(runs):
    check_every_callout_received_ends_exactly_once(runs)
    check_instants_are_in_order(runs)
    check_no_team_is_on_two_missions_at_once(runs)
