"""Runs of small worlds with one decision changed, for tests."""

import random
from dataclasses import replace

from sim.experiment import Runner
from sim.experiment.results.counterfactual import watch
from sim.experiment.running.alternatives import Alternative, design_of
from sim.outcomes.explanation.consequences import consequences

from ..properties.pressed import pressed_world
from ..worlds import Answer, file_of, random_world

TWO = "One: {base: A}\nTwo: {base: B}"
TIMES = "A-V 6, B-V 8, A-B 14"
PLACES = {"places": "A B V", "bases": "A B", "times": TIMES}
KINDS = "high: {share: 50%, priority: 1}\nlow: {share: 50%, priority: 2}"


def runner_of(text, tables=None, **changes):
    """Return what runs the first alternative of a text; ``changes`` are to its policies."""
    design = design_of([file_of(text, **(tables or {}))])
    own = design.alternatives[0]
    own = Alternative(own.name, own.file, replace(own.policies, **changes))
    return Runner([own], design.seed)


def watched(text, number, **changes):
    """Return a replication of the first alternative, watched."""
    return watch(runner := runner_of(text, **changes), next(iter(runner.worlds)), 0, number)


def number_of(seen, team):
    return None if team is None else seen.run.names.teams.index(team)


def changed(seen, team):
    """Return the run with a team (None: nobody) sent first, to be looked at as by hand."""
    number = number_of(seen, team)
    now = seen.changed(seen.question_for(number), number)
    return Answer(seen.world, now.log)


def followed(seen, now):
    """Return what followed, as the command works it out."""
    decided = seen.asked[seen.first_sent or 0].at
    log, world = seen.run.log, seen.world
    targets, start = world.scenario.targets, world.scenario.clock.start
    return consequences(log, now.log, world.names, seen.number, decided, targets, start, world.ends)


def random_seen(seed, plain):
    """Return a random world, watched at one of its callouts that had a team; None: none had."""
    rng = random.Random(seed)
    text, tables = (random_world(rng, plain=True), {}) if plain else pressed_world(rng)
    runner = runner_of(text, tables)
    rows = runner.log("chosen", 0).callouts
    sent = [row.callout for row in rows if row.dispatched is not None]
    return watch(runner, "chosen", 0, rng.choice(sent)) if sent else None
