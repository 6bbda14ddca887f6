"""Durations fitted by maximum likelihood, with censoring, and compared by AIC."""

import numpy as np
import pytest
from scipy import stats

from sim.fitting.distribution_families import (
    FAMILIES,
    Z90,
    Times,
    fit_family,
    largest_gap,
    log_likelihood,
    recorded_shares,
)
from sim.fitting.duration_fits import fit_alone

from .invented import covers

NONE = np.array([])
THETA = {
    "exponential": np.array([3.0]),
    "gamma": np.array([3.0, 0.7]),
    "lognormal": np.array([3.0, -0.5]),
    "Weibull": np.array([3.0, 0.3]),
}


def frozen(name):
    """Return scipy's distribution with the same parameters."""
    theta = THETA[name]
    if name == "exponential":
        return stats.expon(scale=np.exp(theta[0]))
    if name == "gamma":
        return stats.gamma(np.exp(theta[1]), scale=np.exp(theta[0] - theta[1]))
    if name == "lognormal":
        return stats.lognorm(np.exp(theta[1]), scale=np.exp(theta[0]))
    return stats.weibull_min(np.exp(theta[1]), scale=np.exp(theta[0]))


def said(name):
    """Return the true values of what is written of a family. [min]"""
    own = frozen(name)
    words = {"mean": own.mean(), "sd": own.std(), "median": own.median(), "p90": own.ppf(0.9)}
    return {word: words[word] for word in FAMILIES[name].words}


@pytest.mark.parametrize("name", THETA)
def test_the_likelihood_is_that_of_scipy(name):
    """Exact, still going on, and below the resolution."""
    x, longer, below = (np.array(own) for own in ([3.0, 12.0, 40.0, 7.5], [20.0, 60.0], [1.0]))
    own = frozen(name)

    found = log_likelihood(FAMILIES[name], THETA[name], Times(x, longer, below))

    expected = own.logpdf(x).sum() + own.logsf(longer).sum() + own.logcdf(below).sum()
    assert found == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("name", THETA)
def test_quantiles_are_those_of_scipy(name):
    u = np.array([0.05, 0.5, 0.9])

    assert FAMILIES[name].quantile(THETA[name], u) == pytest.approx(frozen(name).ppf(u))
    assert np.exp(FAMILIES[name].said(THETA[name])) == pytest.approx([*said(name).values()])


def test_aic_counts_the_parameters_twice():
    times = Times(np.array([3.0, 12.0, 40.0, 7.5, 9.0]), NONE, NONE)
    fit = fit_family(FAMILIES["gamma"], times)

    shape, _, scale = stats.gamma.fit(times.exact, floc=0)
    best = stats.gamma(shape, scale=scale).logpdf(times.exact).sum()
    assert fit.aic == pytest.approx(2 * 2 - 2 * best, abs=1e-5)


def test_a_lognormal_is_fitted_as_its_formula_says():
    """Mean and standard deviation of the logarithms, the latter over n."""
    x = np.random.default_rng(1).lognormal(2, 0.5, 80)
    fit = fit_family(FAMILIES["lognormal"], Times(x, NONE, NONE))

    mu, sigma = np.log(x).mean(), np.log(x).std()
    assert fit.theta == pytest.approx([mu, np.log(sigma)], abs=1e-5)
    assert fit.said["p90"][0] == pytest.approx(np.exp(mu + Z90 * sigma), rel=1e-4)
    assert fit.covariance[0, 0] == pytest.approx(sigma**2 / 80, rel=1e-3)
    assert fit.covariance[1, 1] == pytest.approx(1 / 160, rel=1e-3)


def test_a_censored_exponential_is_total_time_over_what_has_ended():
    x, longer = np.array([1.0, 2.0, 6.0]), np.array([5.0, 10.0])
    fit = fit_family(FAMILIES["exponential"], Times(x, longer, NONE))

    assert fit.said["mean"][0] == pytest.approx(24 / 3, rel=1e-5)


@pytest.mark.long
@pytest.mark.parametrize("censored", [False, True])
@pytest.mark.parametrize("name", ["exponential", "gamma", "lognormal"])
def test_intervals_hold_the_true_value_as_often_as_they_say(name, censored):
    """Over a hundred records of 150 durations; a third is censored at the record's end."""
    truth = said(name)
    hits = {word: [] for word in truth}
    for seed in range(100):
        rng = np.random.default_rng(seed)
        x = frozen(name).rvs(150, random_state=rng)
        until = rng.uniform(0, 60, 150) if censored else np.full(150, np.inf)
        ended = x <= until
        fit = fit_family(FAMILIES[name], Times(x[ended], until[~ended], NONE))
        for word, (_, low, high) in fit.said.items():
            hits[word].append(low <= truth[word] <= high)

    assert {word: covers(own) for word, own in hits.items()} == dict.fromkeys(truth, True)


def test_leaving_out_what_is_going_on_would_make_durations_too_short():
    rng = np.random.default_rng(3)
    x, until = rng.exponential(20, 4000), rng.uniform(0, 60, 4000)
    ended = x <= until

    right = fit_family(FAMILIES["exponential"], Times(x[ended], until[~ended], NONE))
    wrong = fit_family(FAMILIES["exponential"], Times(x[ended], NONE, NONE))

    assert right.said["mean"][1] < 20 < right.said["mean"][2]
    assert wrong.said["mean"][2] < 17


def cut(x, rng):
    """Return durations as a record to the minute has them: both ends cut to whole minutes."""
    begun = rng.random(len(x)) * 60
    return np.floor(begun + x) - np.floor(begun)


@pytest.mark.parametrize("name", THETA)
def test_what_is_cut_to_the_minute_has_the_probability_of_being_recorded_so(name):
    """Against the double integral: over the second in a minute at which it began."""
    own, begun = frozen(name), (np.arange(2000) + 0.5) / 2000
    for minutes in (0.0, 1.0, 7.0):
        one = Times(NONE, NONE, NONE, np.array([minutes]), 1.0)
        found = np.exp(log_likelihood(FAMILIES[name], THETA[name], one))
        ends = (own.cdf(np.maximum(minutes + n - begun, 0)) for n in (1, 0))
        after, before = ends
        assert found == pytest.approx((after - before).mean(), rel=1e-3)


@pytest.mark.long
@pytest.mark.parametrize("name", ["exponential", "gamma", "lognormal"])
def test_short_durations_of_a_record_to_the_minute_are_found(name):
    """Turnouts of two minutes: as often as the interval says, and the cut alone would mislead."""
    truth, hits = said(name), []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        x = frozen(name).rvs(150, random_state=rng) / 10
        fit = fit_family(FAMILIES[name], Times(NONE, NONE, NONE, cut(x, rng), 1.0))
        word = FAMILIES[name].words[-1]
        _, low, high = fit.said[word]
        hits.append(low <= truth[word] / 10 <= high)

    assert covers(hits)


def test_the_gap_of_a_record_to_the_minute_is_not_that_of_its_steps():
    rng = np.random.default_rng(6)
    times = Times(NONE, NONE, NONE, cut(rng.gamma(4, 0.4, 4000), rng), 1.0)

    assert largest_gap(fit_family(FAMILIES["gamma"], times), times) < 0.02


def test_a_record_that_says_zero_is_below_its_resolution():
    """As such they leave the rest as it is; half a minute each would do so only by luck."""
    x = np.random.default_rng(5).gamma(2, 2, 4000)
    times = Times(x[x >= 1], NONE, np.ones(int((x < 1).sum())))

    mean, low, high = fit_family(FAMILIES["gamma"], times).said["mean"]
    assert low < 4 < high
    assert high - low < 0.3
    assert mean == pytest.approx(4, rel=0.05)


@pytest.mark.parametrize("name", ["exponential", "gamma", "lognormal", "Weibull"])
def test_aic_finds_the_family_of_many_durations(name):
    x = frozen(name).rvs(3000, random_state=np.random.default_rng(2))
    found = fit_alone(Times(x, NONE, NONE))

    ranked = [fit.family.name for fit in found.by_aic]
    if name == "exponential":  # a special case of two others: they cannot be much better
        assert found.fits[name].aic < found.by_aic[0].aic + 4
    else:
        assert ranked[0] == name
    assert found.chosen.family.written


def test_recorded_shares_and_gap_without_censoring_are_the_plain_ones():
    x = np.random.default_rng(4).gamma(2, 10, 300)
    times = Times(x, NONE, NONE)
    fit = fit_family(FAMILIES["gamma"], times)

    at, share = recorded_shares(times)
    assert share == pytest.approx(np.arange(1, 301) / 300)
    assert at == pytest.approx(np.sort(x))
    shape, scale = np.exp(fit.theta[1]), np.exp(fit.theta[0] - fit.theta[1])
    expected = stats.kstest(x, stats.gamma(shape, scale=scale).cdf).statistic
    assert largest_gap(fit, times) == pytest.approx(expected)


def test_the_product_limit_is_that_of_the_textbook():
    """Ends at 1, 3 and 4, one going on after 2: 1/4, then half of the rest, then all."""
    at, share = recorded_shares(Times(np.array([1.0, 3.0, 4.0]), np.array([2.0]), NONE))

    assert at == pytest.approx([1, 3, 4])
    assert share == pytest.approx([0.25, 0.625, 1.0])


def test_the_same_duration_every_time_is_fixed():
    found = fit_alone(Times(np.full(40, 2.0), NONE, NONE))

    assert found.fixed == 2.0
    assert found.chosen is None
