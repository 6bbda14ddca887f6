"""Theory is the judge of the engine, so it is judged by chains solved another way."""

import numpy as np
import pytest

from sim.errors import OverloadError, UsageError
from sim.theory import (
    mean_wait_mmc,
    probability_of_loss,
    probability_of_waiting,
    teams_needed,
    wait_quantile_mmc,
)

CASES = [(3.0, 1.0, 5), (2.0, 1.0, 3), (30 / 24, 2.0, 4), (0.9, 1.0, 1), (11.0, 0.8, 10)]


def balance(arrival_rate, mean_busy, teams, room):
    """Stationary law of the number of callouts present, from the balance equations."""
    rates = np.zeros((room + 1, room + 1))
    for n in range(room):
        rates[n, n + 1] = arrival_rate
        rates[n + 1, n] = min(n + 1, teams) / mean_busy
    np.fill_diagonal(rates, -rates.sum(axis=1))
    equations = np.vstack([rates.T, np.ones(room + 1)])
    law, *_ = np.linalg.lstsq(equations, np.append(np.zeros(room + 1), 1.0), rcond=None)
    return law


@pytest.mark.parametrize(
    ("formula", "load", "teams", "known"),
    [
        (probability_of_loss, 3.0, 5, 0.110054),
        (probability_of_waiting, 3.0, 5, 0.236152),
        (probability_of_waiting, 2.0, 3, 0.444444),
    ],
)
def test_erlang_formulas_give_the_published_values(formula, load, teams, known):
    assert formula(load, 1.0, teams) == pytest.approx(known, abs=5e-7)


@pytest.mark.parametrize(("rate", "busy", "teams"), CASES)
def test_loss_agrees_with_the_solved_chain(rate, busy, teams):
    law = balance(rate, busy, teams, room=teams)

    assert probability_of_loss(rate, busy, teams) == pytest.approx(law[teams], abs=1e-10)


@pytest.mark.parametrize(("rate", "busy", "teams"), CASES)
def test_waiting_agrees_with_the_solved_chain(rate, busy, teams):
    law = balance(rate, busy, teams, room=400)
    queue = np.maximum(np.arange(401) - teams, 0)

    assert probability_of_waiting(rate, busy, teams) == pytest.approx(law[teams:].sum(), abs=1e-9)
    # Little: the mean wait is the mean queue over the arrival rate.
    assert mean_wait_mmc(rate, busy, teams) == pytest.approx(law @ queue / rate, abs=1e-8)


@pytest.mark.parametrize(("rate", "busy", "teams"), CASES)
def test_the_quantile_of_the_wait_is_exceeded_by_the_rest(rate, busy, teams):
    """A wait is that many departures of a busy system: Poisson counts, summed over the chain."""
    wait = wait_quantile_mmc(rate, busy, teams, 0.95)
    law = balance(rate, busy, teams, room=400)
    departures = wait * teams / busy
    term, fewer_than = np.exp(-departures), []
    for n in range(400 - teams):
        fewer_than.append(term)
        term *= departures / (n + 1)
    longer = np.cumsum(fewer_than)  # P(at most n departures): the n-th in line still waits

    assert law[teams:400] @ longer == pytest.approx(0.05, abs=1e-8)


def test_most_do_not_wait_so_the_quantile_is_zero():
    assert wait_quantile_mmc(3.0, 1.0, 5, 0.75) == 0.0
    assert wait_quantile_mmc(3.0, 1.0, 5, 0.77) > 0.0


@pytest.mark.parametrize("share", [0.5, 0.8, 0.9, 0.99])
@pytest.mark.parametrize("wait", [0.0, 0.25])
def test_one_team_fewer_than_needed_breaks_the_promise(share, wait):
    teams = teams_needed(3.0, 1.0, share=share, wait_within=wait)

    assert wait_quantile_mmc(3.0, 1.0, teams, share) <= wait
    assert teams == 4 or wait_quantile_mmc(3.0, 1.0, teams - 1, share) > wait


def test_hundreds_of_teams_do_not_overflow():
    assert 0 < probability_of_waiting(480.0, 1.0, 500) < 1


def test_nothing_arrives_and_nobody_waits():
    assert probability_of_waiting(0.0, 1.0, 1) == 0.0
    assert mean_wait_mmc(0.0, 1.0, 1) == 0.0
    assert teams_needed(0.0, 1.0, share=0.9) == 1


def test_overload_says_how_many_teams_would_do():
    with pytest.raises(OverloadError, match=r"5\.00 teams' worth .* at least 6 are needed"):
        probability_of_waiting(5.0, 1.0, 5)


@pytest.mark.parametrize(
    ("call", "shown"),
    [
        (lambda: probability_of_loss(-1.0, 1.0, 2), "-1.0"),
        (lambda: probability_of_loss(1.0, float("nan"), 2), "nan"),
        (lambda: probability_of_loss(1.0, 1.0, 0), "0"),
        (lambda: wait_quantile_mmc(1.0, 1.0, 2, 1.0), "1.0"),
        (lambda: teams_needed(1.0, 1.0, share=0.9, wait_within=-0.5), "-0.5"),
        (lambda: teams_needed(1.0, 1.0, share=1.5), "1.5"),
    ],
)
def test_an_argument_that_makes_no_sense_is_shown(call, shown):
    with pytest.raises(UsageError, match=shown):
        call()
