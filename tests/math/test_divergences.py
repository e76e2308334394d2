"""Divergences and the games built on them: closed forms, quadrature by scipy, and identities of the papers."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import minimize_scalar
from scipy.spatial.distance import jensenshannon
from scipy.stats import norm

from replication.pages.theory import kl_and_js
from replication.papers.arjovsky_bottou2017 import theorem_2_5
from replication.papers.ebgan2017 import parallel_lines, theorem1
from replication.papers.goodfellow2014 import optimal_discriminator
from replication.papers.lsgan2017 import chi2, losses
from replication.papers.salimans2016 import label_smoothing
from replication.papers.wgan2017 import fig1
from replication.transport import divergences, objectives

EXACT = 1e-9
patient = settings(deadline=None, max_examples=50)  # a busy machine is no fault of the mathematics
LOG2 = np.log(2)

#: The pair N(0, 1) and N(1.5, 1.2^2), whose values were found by another program.
X = divergences.line()
P, Q = divergences.masses(X), divergences.masses(X, 1.5, 1.2)


def pairs(seed: int, n: int = 7):
    random = np.random.default_rng(seed)
    return random.dirichlet(np.ones(n)), random.dirichlet(np.ones(n))


# --- divergences ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("mean", "sd"), [(1.0, 1.0), (1.5, 1.2), (-2.0, 0.9)])
def test_sums_on_the_line_are_the_integrals(mean, sd):
    p, q = norm(0, 1).pdf, norm(mean, sd).pdf
    ours_p, ours_q = divergences.masses(X), divergences.masses(X, mean, sd)
    assert ours_q.sum() == pytest.approx(1, abs=EXACT)
    assert divergences.kl(ours_p, ours_q) == pytest.approx(
        divergences.kl_gaussians(0, 1, mean, sd), abs=EXACT
    )

    def integral(f) -> float:
        return quad(f, -12, 12, points=[0, mean], epsabs=1e-12, limit=400)[0]

    def half(a, b, x) -> float:
        return a(x) * (np.log(a(x)) - np.log((a(x) + b(x)) / 2)) / 2

    assert divergences.js(ours_p, ours_q) == pytest.approx(
        integral(lambda x: half(p, q, x) + half(q, p, x)), abs=EXACT
    )


def test_the_two_unit_gaussians():
    one = divergences.masses(X, 1.0)
    assert divergences.kl(P, one) == pytest.approx(0.5, abs=EXACT)
    assert divergences.kl(one, P) == pytest.approx(0.5, abs=EXACT)
    assert divergences.js(P, one) == pytest.approx(0.11142, abs=5e-6)
    assert divergences.js(P, one) / LOG2 == pytest.approx(0.16075, abs=5e-6)
    # The step of the grid falls on the kink of |p - q| at 1/2: exact only to its square.
    assert divergences.tv(P, one) == pytest.approx(2 * norm.cdf(0.5) - 1, abs=1e-6)
    assert divergences.tv(P, one) == pytest.approx(0.38292, abs=5e-6)


def test_the_panel_integrates_what_it_draws():
    table = kl_and_js.data()
    for _, part in table.groupby("pair"):
        for column in ("kl", "reverse_kl", "js"):
            seen = part[column].sum() * 0.05
            assert seen == pytest.approx(
                part[f"total_{column}"].iloc[0], abs=5e-2 if column != "js" else 1e-3
            )


@patient
@given(st.integers(0, 10_000))
def test_bounds_symmetry_and_order(seed):
    p, q = pairs(seed)
    js, tv = divergences.js(p, q), divergences.tv(p, q)
    assert js == pytest.approx(jensenshannon(p, q) ** 2, abs=EXACT)
    assert divergences.js(q, p) == pytest.approx(js, abs=EXACT)
    assert 0 <= js <= LOG2 * tv + EXACT  # Lin 1991
    assert divergences.kl(p, q) >= 2 * tv**2 - EXACT  # Pinsker
    assert divergences.kl(p, p) == pytest.approx(0, abs=EXACT)
    assert divergences.pearson(p, q) >= 4 * tv**2 - EXACT  # Cauchy-Schwarz


def test_disjoint_supports():
    p, q = np.array([0.3, 0.7, 0, 0]), np.array([0, 0, 0.5, 0.5])
    assert divergences.js(p, q) == pytest.approx(LOG2, abs=EXACT)
    assert divergences.tv(p, q) == 1
    assert divergences.kl(p, q) == np.inf
    assert divergences.pearson(p, q) == np.inf


def test_parallel_lines():
    table = fig1.data()
    found = fig1.evidence(table)
    assert found["WGAN17-C1a"][0] <= EXACT
    assert found["WGAN17-C1d"][0] <= EXACT
    assert (table["theta"] == 0).sum() == 1
    # The check of the panel itself: a wrong value of any column is noticed.
    for column, error in (
        ("W", fig1._w_error),
        ("JS", fig1._others_error),
        ("TV", fig1._others_error),
    ):
        wrong = table.assign(**{column: table[column] + 0.01})
        assert error(wrong).max() == pytest.approx(0.01, abs=EXACT)
    assert fig1._others_error(table.assign(KL=1.0)).max() == np.inf


# --- Goodfellow et al.: the best discriminator ----------------------------------------------------


def test_the_search_finds_the_formula():
    p, q = pairs(0)
    found = objectives.best_by_search(p, q)
    for k, (a, b) in enumerate(zip(p, q, strict=True)):
        scipy = minimize_scalar(
            lambda d, a=a, b=b: -a * np.log(d) - b * np.log1p(-d), bounds=(0, 1), method="bounded"
        )
        assert found[k] == pytest.approx(scipy.x, abs=1e-5)
    np.testing.assert_allclose(found, objectives.best_discriminator(p, q), atol=1e-7)


@patient
@given(st.integers(0, 10_000))
def test_cost_of_the_generator(seed):
    p, q = pairs(seed)
    assert objectives.generator_cost(p, q) == pytest.approx(
        -np.log(4) + 2 * divergences.js(p, q), abs=EXACT
    )
    best = objectives.gan_value(p, q, objectives.best_discriminator(p, q)).sum()
    assert best == pytest.approx(objectives.generator_cost(p, q), abs=EXACT)
    other = np.random.default_rng(seed).uniform(0.01, 0.99, len(p))
    assert objectives.gan_value(p, q, other).sum() <= best + EXACT


def test_evidence_of_the_best_discriminator():
    found = optimal_discriminator.evidence(optimal_discriminator.data())
    assert found["GAN14-C1a"][0] <= 1e-7
    assert found["GAN14-C1b"][0] <= EXACT


def test_smoothed_labels():
    table = label_smoothing.data()
    found = label_smoothing.evidence(table)
    assert found["IT16-C6a"][0] <= 1e-6
    assert found["IT16-C6b"][0] <= 1e-6
    # Swapping the labels of the closed forms is noticed.
    swapped = objectives.best_discriminator(table["p"], table["q"], 0.1, 0.9)
    assert np.abs(table["found"] - swapped).max() > 0.5


# --- Arjovsky and Bottou, theorem 2.5 -------------------------------------------------------------


def test_gradient_of_minus_log_d():
    assert objectives.pull_of_optimal_discriminator(X, 1.5, 1.2) == pytest.approx(1.0929, abs=5e-5)
    table = theorem_2_5.data()
    assert theorem_2_5.evidence(table)["AB17-C4"][0] <= EXACT
    at = table[np.isclose(table["theta"], 1.5)].iloc[0]
    assert at["identity"] == pytest.approx(1.0929, abs=5e-5)
    assert at["kl"] == pytest.approx(
        1.5, abs=EXACT
    )  # d/dtheta KL(N(theta, s^2) || N(0, 1)) = theta
    assert (table["minus_2_js"] < 0).all()


# --- least squares --------------------------------------------------------------------------------


def test_least_squares_is_pearson_for_one_coding():
    chi = divergences.pearson(P + Q, 2 * Q)
    assert chi == pytest.approx(0.66883, abs=5e-6)
    assert 2 * objectives.lsgan_cost(P, Q, (-1, 1, 0)) == pytest.approx(chi, abs=EXACT)
    assert 2 * objectives.lsgan_cost(P, Q, (0, 1, 1)) == pytest.approx(0.66721, abs=5e-6)
    found = chi2.evidence(chi2.data())
    assert found["LS17-C5a"][0] <= EXACT
    assert found["LS17-C5b"][0] > 1e-4


@patient
@given(st.integers(0, 10_000), st.floats(-3, 3), st.floats(0.2, 3))
def test_every_coding_of_the_theorem(seed, b, scale):
    p, q = pairs(seed)
    # b - c = scale and b - a = 2 scale: the identity scaled by scale^2.
    cost = 2 * objectives.lsgan_cost(p, q, (b - 2 * scale, b, b - scale))
    assert cost == pytest.approx(scale**2 * divergences.pearson(p + q, 2 * q), abs=1e-8)


def test_slopes_are_the_derivatives_of_the_losses():
    s, h = np.linspace(-9, 9, 61), 1e-5
    for loss, slope in objectives.GENERATOR_LOSSES.values():
        np.testing.assert_allclose((loss(s + h) - loss(s - h)) / (2 * h), slope(s), atol=1e-8)


def test_who_saturates_where():
    slopes = {
        name: np.abs(slope(np.array([-10.0, 10.0])))
        for name, (_, slope) in objectives.GENERATOR_LOSSES.items()
    }
    assert slopes["gan_minimax"][0] == pytest.approx(np.exp(-10), rel=1e-4)
    assert slopes["gan_ns"][0] == pytest.approx(1, rel=1e-4)
    assert slopes["gan_ns"][1] == pytest.approx(np.exp(-10), rel=1e-4)
    assert slopes["lsgan"].tolist() == [11, 9]
    assert slopes["wgan_clip"].tolist() == [1, 1]
    found = losses.evidence(losses.data())
    assert found["LS17-C1b"][0] == pytest.approx(1, abs=1e-6)
    assert found["LS17-C1a"][0] == pytest.approx(np.exp(-10), rel=1e-3)


# --- EBGAN ----------------------------------------------------------------------------------------


@patient
@given(st.integers(0, 10_000), st.floats(0.1, 30))
def test_value_of_the_best_energies(seed, margin):
    p, q = pairs(seed)
    value, energy = objectives.ebgan_program(p, q, margin)
    assert value == pytest.approx(margin * (1 - divergences.tv(p, q)), abs=1e-7)
    assert p @ energy + q @ np.maximum(0, margin - energy) == pytest.approx(value, abs=1e-7)
    assert value == pytest.approx(margin * np.minimum(p, q).sum(), abs=1e-7)


def test_the_gaussian_pair_with_margin_ten():
    assert 10 * (1 - divergences.tv(P, Q)) == pytest.approx(4.9157, abs=5e-5)
    assert 10 * np.minimum(P, Q).sum() == pytest.approx(4.9157, abs=5e-5)


def test_at_the_equilibrium_every_flat_energy_is_best():
    found = theorem1.evidence(theorem1.data())
    assert found["EB17-C5b"][0] <= 1e-8
    assert found["EB17-C5a"][0] <= 1e-8
    inside, above = (
        theorem1.flat_energies(np.linspace(0, 10, 5)),
        theorem1.flat_energies(np.array([11.0])),
    )
    assert inside == pytest.approx(10, abs=EXACT)
    assert above[0] > 10


def test_ebgan_is_flat_on_parallel_lines():
    table = parallel_lines.data()
    found = parallel_lines.evidence(table)
    assert found["EB17-C6b"][0] <= EXACT
    assert found["EB17-C6a"][0] <= EXACT
    assert table["excess"][table["theta"] == 0.05].iloc[0] == pytest.approx(10, abs=EXACT)
    np.testing.assert_allclose(table["W"], table["theta"].abs(), atol=EXACT)
