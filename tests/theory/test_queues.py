"""
Textbook systems, written as scenario files, against their formulas.

The formula must lie inside the 99.99 % interval over replications, and the interval must be
narrow, for a wide one proves nothing. Formulas that the package does not have are worked out
here, by solving the equations of balance.
"""

import math

import numpy as np
import pytest
from scipy import stats

from sim.engine import Atlases, simulate
from sim.policies import policy_sets
from sim.theory import mean_wait_mmc, probability_of_loss, probability_of_waiting

from ..long_cases import quick_first
from ..worlds import DAY, HOUR, world_of

TEXT = """
name: textbook
clock: {{start: 2025-01-06 00:00, length: {days} days, warm_up: {warm_up} days, timezone: UTC}}
map:
  places: {{A: {{}}, B: {{}}, C: {{}}}}
  roads:
    table:
      A: {{B: 0 min, C: 0 min}}
      B: {{A: 0 min, C: 0 min}}
      C: {{A: 0 min, B: 0 min}}
demand:
  rate: {rate} per hour
  where: {{{where}}}
  kinds: {{{kinds}}}
bases: {{A: {{}}, B: {{}}, C: {{}}}}
teams: {teams}
policies: {{textbook: {{queue: {queue}, dispatch: {dispatch}}}}}
"""
EXPONENTIAL = "c: {share: 100%, on_scene: {distribution: exponential, mean: 1 h}}"


def textbook(
    rate,
    teams,
    kinds=EXPONENTIAL,
    *,
    queue="first_come",
    days=1000,
    warm_up=5,
    where="A: 1",
    dispatch="closest",
):
    """Return the world of a system with no travel; teams are a number, or YAML."""
    teams = f"{{T: {{base: A, count: {teams}}}}}" if isinstance(teams, int) else teams
    return world_of(
        TEXT.format(
            rate=rate, teams=teams, kinds=kinds, queue=queue, days=days, warm_up=warm_up,
            where=where, dispatch=dispatch,
        )
    )  # fmt: skip


class Rows:
    """A log that keeps what a theory is about: kind, place, wait and outcome of each callout."""

    def __init__(self):
        self.callouts, self.teams = [], {}

    def callout(self, row):
        number, _, kind, _, place, _, ready, dispatched, *_, outcome, _, _ = row
        wait = None if dispatched is None else dispatched - ready
        self.callouts.append((kind, place, wait, outcome, number))

    def mission(self, row):
        self.teams[row[0]] = row[1]

    def decision(self, row):
        pass

    event = decision


def replications(world, count=60, seed=1917):
    """Return the rows of a number of replications."""
    policies, atlases = next(iter(policy_sets(world.file).values())), Atlases(world)
    logs = [Rows() for _ in range(count)]
    for number, log in enumerate(logs):
        simulate(world, policies, log, seed, number, atlases)
    return logs


def holds(formula, per_replication, within):
    """
    Assert that a formula lies in a narrow 99.99 % interval.

    ``per_replication`` gives each replication's sum and count; the replication is the unit, the
    estimate their ratio, its error that of linearised residuals.
    """
    sums, counts = np.array(per_replication, dtype=float).T
    ratio = sums.sum() / counts.sum()
    spread = np.std(sums - ratio * counts, ddof=1) / counts.mean()
    half = stats.t.ppf(0.99995, len(sums) - 1) * spread / math.sqrt(len(sums))
    print(f"formula {formula:.6g}, found {ratio:.6g} +/- {half:.2g} ({half / formula:.2%})")
    assert half <= within * formula, f"{ratio:.6g} +/- {half:.2g}: too wide to judge {formula:.6g}"
    assert abs(ratio - formula) <= half, f"{ratio:.6g} +/- {half:.2g} misses {formula:.6g}"


def waits(log, kind=None):
    return [w for k, _, w, _, _ in log.callouts if w is not None and kind in (None, k)]


def share(values):
    return sum(values), len(values)


def judge_mmc(rate, teams, days, within):
    """Hold a run of M/M/c against Erlang C: who waits, how long, and the law of the wait."""
    logs = replications(textbook(rate, teams, days=days))
    waiting = probability_of_waiting(rate, 1.0, teams)
    holds(waiting, [share([w > 0 for w in waits(log)]) for log in logs], within)
    holds(
        mean_wait_mmc(rate, 1.0, teams),
        [(sum(waits(log)) / HOUR, len(waits(log))) for log in logs],
        2 * within,
    )
    for minutes in (10, 30):
        longer = waiting * math.exp(-(teams - rate) * minutes / 60)
        holds(
            longer,
            [share([w > minutes * 60_000 for w in waits(log)]) for log in logs],
            2.5 * within,
        )


@pytest.mark.long
def test_mmc_waits_as_erlang_c_says():
    """Five teams, busy 60 % of the time: the shortest of these checks, run every time."""
    judge_mmc(3, 5, days=200, within=0.025)


@pytest.mark.long
@pytest.mark.parametrize(("rate", "teams", "days"), [(0.5, 1, 2500), (1.2, 2, 1400), (7, 10, 300)])
def test_mmc_waits_as_erlang_c_says_at_other_loads(rate, teams, days):
    """From one team to ten, at 50 to 70 %, to two in a hundred."""
    judge_mmc(rate, teams, days=days, within=0.025)


LAWS = {
    "exponential": "{distribution: exponential, mean: 1 h}",
    "fixed": "1 h",
    "log-normal": "{mean: 1 h, sd: 1.5 h}",
    "gamma": "{distribution: gamma, mean: 1 h, sd: 30 min}",
}


@pytest.mark.parametrize(
    "law",
    quick_first(["log-normal", "fixed", "exponential", "gamma"], 1),
)
def test_a_loss_system_loses_what_erlang_b_says_whatever_the_law_of_the_work(law):
    """Only the mean matters (Sevastyanov): three teams, three callouts an hour, one hour each."""
    kinds = f"c: {{share: 100%, on_scene: {LAWS[law]}}}"
    logs = replications(textbook(3, 3, kinds, queue="none", days=50))

    lost = [share([o == "lost" for *_, o, _ in log.callouts]) for log in logs]
    holds(probability_of_loss(3, 1.0, 3), lost, 0.02)


def cobham(rates, means, second_moments):
    """Return the mean wait by class in M/G/1 with non-preemptive priorities (Cobham 1954). [h]"""
    residual = sum(r * m for r, m in zip(rates, second_moments, strict=True)) / 2
    found, load = [], 0.0
    for rate, mean in zip(rates, means, strict=True):
        found.append(residual / ((1 - load) * (1 - load - rate * mean)))
        load += rate * mean
    return found


@pytest.mark.long
def test_the_urgent_wait_less_by_cobhams_formula():
    """
    One team, three priorities with laws of their own (exponential, fixed, gamma), busy 70 %. The
    work in hand is never broken off.
    """
    kinds = (
        "one: {share: 30%, priority: 1, on_scene: {distribution: exponential, mean: 20 min}}, "
        "two: {share: 50%, priority: 2, on_scene: 30 min}, "
        "three: {share: 20%, priority: 3, "
        "on_scene: {distribution: gamma, mean: 25 min, sd: 15 min}}"
    )
    rate = round(0.7 / (0.3 / 3 + 0.5 / 2 + 0.2 * 25 / 60), 10)
    logs = replications(textbook(rate, 1, kinds, queue="priority", days=1300))

    moments = [2 / 9, 1 / 4, (25 / 60) ** 2 + (15 / 60) ** 2]
    rates = [rate * s for s in (0.3, 0.5, 0.2)]
    for kind, wait in enumerate(cobham(rates, [1 / 3, 1 / 2, 25 / 60], moments)):
        found = [waits(log, kind) for log in logs]
        holds(wait, [(sum(w) / HOUR, len(w)) for w in found], 0.025)


@pytest.mark.long
def test_several_teams_with_priorities_wait_by_the_same_formula():
    """Equal exponential work on four teams: Erlang C spread over two priorities, busy 75 %."""
    kinds = ", ".join(
        f"k{p}: {{share: {s}%, priority: {p}, on_scene: {{distribution: exponential, mean: 1 h}}}}"
        for p, s in ((1, 40), (2, 60))
    )
    logs = replications(textbook(3, 4, kinds, queue="priority", days=500))

    head = probability_of_waiting(3, 1.0, 4) / 4
    for kind, formula in enumerate([head / (1 - 0.3), head / ((1 - 0.3) * (1 - 0.75))]):
        found = [waits(log, kind) for log in logs]
        holds(formula, [(sum(w) / HOUR, len(w)) for w in found], 0.04)


def erlang_a(rate, teams, patience):
    """Return the share who give up in M/M/c+M by the balance of births and deaths; work 1 h."""
    weights = [1.0]
    for n in range(1, 400):
        leaves = min(n, teams) + max(n - teams, 0) / patience
        weights.append(weights[-1] * rate / leaves)
    waiting = sum(max(n - teams, 0) * w for n, w in enumerate(weights)) / sum(weights)
    return waiting / patience / rate


@pytest.mark.long
def test_callers_give_up_as_often_as_erlang_a_says():
    """More work than four teams can do, and callers who wait half an hour on average."""
    kinds = EXPONENTIAL[:-1] + ", abandons_after: {distribution: exponential, mean: 30 min}}"
    logs = replications(textbook(5, 4, kinds, days=33))

    abandoned = [share([o == "abandoned" for *_, o, _ in log.callouts]) for log in logs]
    holds(erlang_a(5, 4, 0.5), abandoned, 0.03)


def hypercube(rates, orders):
    """
    Return by place and team the share of callouts answered, of all, in Larson's model with loss.

    Solves the balance of all states of who is busy; work is exponential with mean 1 h.
    """
    teams = len(orders[0])
    size = 1 << teams
    q = np.zeros((size, size))
    sent = [[None] * len(rates) for _ in range(size)]
    for state in range(size):
        for place, order in enumerate(orders):
            team = next((t for t in order if not state >> t & 1), None)
            sent[state][place] = team
            if team is not None:
                q[state, state | 1 << team] += rates[place]
        for team in range(teams):
            if state >> team & 1:
                q[state, state ^ 1 << team] += 1.0
    q -= np.diag(q.sum(axis=1))
    q[:, -1] = 1
    p = np.linalg.solve(q.T, np.eye(size)[-1])
    answered = np.zeros((len(rates), teams))
    for state in range(size):
        for place, team in enumerate(sent[state]):
            if team is not None:
                answered[place, team] += p[state] * rates[place] / sum(rates)
    return answered


def test_run_cards_share_the_work_as_the_hypercube_says():
    """Three teams with a card for each of three places, of unequal demand: nine shares."""
    orders = {
        "A": ["One", "Two", "Three"],
        "B": ["Two", "Three", "One"],
        "C": ["Three", "One", "Two"],
    }
    names = orders["A"]
    cards = ", ".join(f"{place}: [{', '.join(order)}]" for place, order in orders.items())
    world = textbook(
        1.5,
        "{One: {base: A}, Two: {base: B}, Three: {base: C}}",
        queue="none",
        where="A: 5, B: 3, C: 2",
        dispatch=f"{{run_card: {{order: {{{cards}}}, otherwise: wait}}}}",
        days=120,
    )
    logs = replications(world)

    exact = hypercube([0.75, 0.45, 0.3], [[names.index(t) for t in o] for o in orders.values()])
    for place in range(3):
        for team in range(3):
            found = [
                share([p == place and log.teams.get(n) == team for _, p, _, _, n in log.callouts])
                for log in logs
            ]
            holds(exact[place, team], found, 0.09)


@pytest.mark.long
def test_starting_empty_the_first_hours_wait_less_than_in_the_long_run():
    """
    The wait of the n-th callout of an M/M/1 that starts empty is exact, by recursion over the
    number found; so the run must start empty, and the warm-up cannot hide it.
    """
    logs = replications(textbook(0.8, 1, days=1, warm_up=0), 10_000)

    for nth in (2, 4):
        found = [log.callouts for log in logs]
        waited = [
            share([w > 0 for _, _, w, _, n in rows if n == nth and w is not None]) for rows in found
        ]
        holds(busy_on_arrival(0.8, nth), [w for w in waited if w[1]], 0.04)


def busy_on_arrival(rate, nth):
    """Return the chance that callout ``nth``, from 0, finds an M/M/1 busy that began empty."""
    found = {0: 1.0}
    done = 1 / (1 + rate)  # the work in hand ends before the next callout comes
    for _ in range(nth):
        following = {}
        for n, chance in found.items():
            for left in range(n + 2):  # n + 1 in the system, so many left when the next one comes
                ended = n + 1 - left
                way = done**ended * (1 - done if left else 1.0)
                following[left] = following.get(left, 0.0) + chance * way
        found = following
    return 1 - found[0]


def test_the_warm_up_is_long_enough_here():
    """The tests above need no more than days: their queues forget their start within hours."""
    world = textbook(3, 5)

    assert world.begins == -5 * DAY
