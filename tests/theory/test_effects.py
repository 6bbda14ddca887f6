"""Published effects come out, and what they are shown on is what the scenarios say it is."""

import csv
import heapq
import random
import runpy
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from sim.cli import run
from sim.cli.check_commands.effects_command import as_page
from sim.experiment import InProcess, Runner, design_of, run_study
from sim.experiment.effects import (
    AMBULANCE,
    DISPATCH,
    RELOCATION,
    SCENARIOS,
    SMALL,
    EffectFinding,
    RuleOutcome,
    bounds,
    change,
    late,
    measured,
    sent_within,
)
from sim.scenario import find_scenario, read_scenario
from sim.theory import mexclp
from sim.world import build

ROOT = Path(__file__).parents[2]
DATA = ROOT / "scenarios" / "data" / "effects"
MADE = runpy.run_path(str(DATA / "make_tables.py"))
BASES = tuple(MADE["BASES"].values())
MINUTE = 60_000


def study_of(name, replications, policies=None):
    file = read_scenario(find_scenario(name), {"study.replications": replications})
    design = design_of([file], policies)
    runner = Runner(design.alternatives, design.seed)
    return run_study(design, runner=runner, workers=InProcess(runner))


def drive(base, x, y):
    return abs(base[0] - x) + abs(base[1] - y)


@pytest.mark.parametrize("name", MADE["TABLES"])
def test_the_tables_are_those_that_the_script_beside_them_writes(name):
    """Otherwise a number could be changed to flatter a result."""
    written = "".join(MADE["TABLES"][name]())

    assert (DATA / name).read_text(encoding="utf-8") == written


@pytest.mark.parametrize(("name", "within"), [(RELOCATION, 12), (SMALL, 11)])
def test_no_rule_is_flattered_by_badly_placed_bases(name, within):
    """
    The teams stand where MEXCLP puts them: 12 min of drive are left of 15 after 2 of call
    handling and 1 of turnout, and 11 of 12 in the small city, which has a minute of turnout.
    """
    world = build(read_scenario(find_scenario(name)))
    places = world.fleet.base_places
    times = [world.travel.times[0][place] for place in places]
    teams = len(world.fleet.crews)

    best = mexclp(world.weights, times, teams, within * MINUTE, busy_fraction=0.4)

    assert best.teams == (1,) * len(places)


def test_a_place_for_a_cell_keeps_the_mean_time_from_every_base():
    """
    Bases lie on corners, so |x - base| is a straight line over a cell, and its mean over the
    cell, with density 2 x, is its value at the centroid. Simpson's rule is exact for squares.
    """
    for i in range(20):
        left, middle, right = float(i), i + 0.5, i + 1.0
        mass = (2 * left + 4 * 2 * middle + 2 * right) / 6
        for base in {x for x, _ in BASES}:
            each = [weight * 2 * x * abs(x - base) / 6 for x, weight in
                    ((left, 1), (middle, 4), (right, 1))]  # fmt: skip

            assert sum(each) / mass == pytest.approx(abs(MADE["centroid"](i) - base))


def lost_in(i, j, free, chosen):
    """Return how much longer than the best drives in a cell are, times its share of callouts."""
    points = (np.arange(40) + 0.5) / 40
    x, y = (i + points)[:, None], (j + points)[None, :]
    best = np.min([drive(base, x, y) for base in free], axis=0)
    density = 4 * x * y / 160_000
    return float(((drive(chosen, x, y) - best) * density).mean())


def test_a_place_for_a_cell_costs_no_drive_more_than_a_hundredth_of_a_minute():
    """
    Within a cell the nearest free base may differ from that of its centroid. Whichever bases
    have somebody free, the mean drive is longer by at most 0.01 min, of about ten.
    """
    cells = [(i, j, MADE["centroid"](i), MADE["centroid"](j)) for i in range(20) for j in range(20)]
    worst = 0.0
    for size in range(2, len(BASES) + 1):
        for free in combinations(BASES, size):
            lost = 0.0
            for i, j, x, y in cells:
                chosen = min(free, key=lambda base: drive(base, x, y))
                corners = [(i + a, j + b) for a in (0, 1) for b in (0, 1)]
                # differences of drives are straight over a cell: best at all corners, best inside
                if any(drive(chosen, *c) > min(drive(b, *c) for b in free) for c in corners):
                    lost += lost_in(i, j, free, chosen)
            worst = max(worst, lost)

    assert 0.001 < worst < 0.01


def day_on_the_square(rng, places=None):
    """
    Return the mean response time of a day of AMBULANCE-1, by a loop that knows nothing of ours.

    ``places`` are the centroids that stand for each unit of a side; None: the square itself.
    """
    bases = [*BASES, BASES[-1]]
    free, ends, waiting, total, sent = set(range(5)), [], [], 0.0, 0
    at = rng.expovariate(0.1)

    def send(now, team, call):
        nonlocal total, sent
        came, x, y, work = call
        there = drive(bases[team], x, y)
        total, sent = total + now - came + there, sent + 1
        heapq.heappush(ends, (now + 2 * there + work, team))

    while min(at, ends[0][0] if ends else at) < 1440:
        if ends and ends[0][0] <= at:
            now, team = heapq.heappop(ends)
            if waiting:
                send(now, team, waiting.pop(0))
            else:
                free.add(team)
            continue
        x, y = 20 * rng.random() ** 0.5, 20 * rng.random() ** 0.5
        call = (at, x, y, rng.expovariate(0.1))
        if places:
            call = (at, places[int(x)], places[int(y)], call[3])
        if free:
            team = min(free, key=lambda t: (drive(bases[t], *call[1:3]), t))
            free.remove(team)
            send(at, team, call)
        else:
            waiting.append(call)
        at += rng.expovariate(0.1)
    return total / sent


@pytest.mark.long
def test_ambulance_1_gives_its_published_mean_and_that_of_a_loop_without_places():
    """
    Two roads to the same number: our engine on 400 places, and thirty lines on the square itself.
    Published: 16.12 +/- 0.14 min. The same loop on places tells what places cost, paired.
    """
    ours = sent_within(study_of(AMBULANCE, 1500).samples[0])
    centroids = [MADE["centroid"](i) for i in range(20)]
    loop = np.array([day_on_the_square(random.Random(k)) for k in range(4000)])
    cells = np.array([day_on_the_square(random.Random(k), centroids) for k in range(4000)])

    error = (ours.standard_error() ** 2 + stats.sem(loop) ** 2) ** 0.5
    assert abs(ours.value - loop.mean()) < 3 * error
    assert abs(ours.value - 16.12) < 3 * (ours.standard_error() ** 2 + (0.14 / 1.96) ** 2) ** 0.5
    assert ours.standard_error() < 0.15
    assert abs((cells - loop).mean()) < 0.15


@pytest.mark.long
@pytest.mark.parametrize(("name", "base"), [(RELOCATION, "home"), (SMALL, "today")])
def test_dmexclp_relocation_makes_fewer_callouts_late(name, base):
    """Jagtenberg, Bhulai and van der Mei (2015): 16.8 % fewer in an urban case."""
    rules = {s.name: s for s in study_of(name, 6, [base, "relocation"]).samples}

    assert bounds(change(late(rules["relocation"]), late(rules[base])))[1] < 0


@pytest.mark.long
@pytest.mark.parametrize(("name", "base"), [(DISPATCH, "closest"), (SMALL, "today")])
def test_dmexclp_dispatch_raises_the_mean(name, base):
    """Jagtenberg, Bhulai and van der Mei (2017): a mean 37 % longer."""
    rules = {s.name: s for s in study_of(name, 6, [base, "cover"]).samples}

    assert bounds(change(measured(rules["cover"], "response_mean_reached"),
                         measured(rules[base], "response_mean_reached")))[0] > 0  # fmt: skip


def test_the_page_is_what_the_code_writes_of_the_tables_beside_it():
    """A page edited by hand would be nobody's result."""
    found = rows_of("effects.csv", EffectFinding)
    rules = rows_of("rules.csv", RuleOutcome)

    assert (ROOT / "docs" / "effects.md").read_text(encoding="utf-8") == as_page(found, rules)
    assert {f.scenario for f in found} == set(SCENARIOS)


@pytest.mark.long
def test_the_command_writes_the_page_and_its_tables_whatever_the_number_of_processes(tmp_path):
    """Two runs of each city: far too few to judge by, enough to see that all of it works."""
    for jobs in (1, 2):
        assert (
            run(["effects", "-n", "2", "-j", str(jobs), "-q", "-o", str(tmp_path / str(jobs))]) == 0
        )

    one, two = ({p.name: p.read_bytes() for p in (tmp_path / j).iterdir()} for j in "12")
    found = rows_of("effects.csv", EffectFinding, tmp_path / "1")
    rules = rows_of("rules.csv", RuleOutcome, tmp_path / "1")
    assert one == two
    assert one["effects.md"].decode() == as_page(found, rules)
    assert {f.replications for f in found} == {2, 200}


def rows_of(name, kind, folder=ROOT / "docs"):
    """Return the rows of a table, numbers as numbers."""
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return [kind(*map(read, row.values())) for row in csv.DictReader(file)]


def read(cell):
    try:
        return int(cell) if cell.isdigit() else float(cell)
    except ValueError:
        return cell.lstrip("'") or None
