"""Moments and the Fréchet distance: closed forms, scipy, POT and torch-fidelity; scores at infinitely many samples."""

import itertools

import numpy as np
import ot
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import sqrtm
from torch_fidelity.metric_fid import fid_features_to_statistics, fid_statistics_to_metric

from replication.metrics import _judge
from replication.metrics._base import Batch, Protocol
from replication.metrics._frechet import Gaussian, Moments, frechet
from replication.metrics._infinity import CUTS, extrapolated

PROTOCOL = Protocol(
    samples=200,
    heldout=100,
    transport_samples=100,
    inception_splits=1,
    kid_subsets=1,
    kid_subset_size=50,
    neighbours=3,
)

seeds = st.integers(0, 10_000)


def score(metric, fake, real):
    return _judge.compute(metric, real, fake, PROTOCOL)


def seen(features=None, logits=None):
    given = features if logits is None else logits
    nothing = torch.empty(len(given), 0, dtype=torch.float64)
    parts = (nothing if x is None else torch.as_tensor(x) for x in (features, logits))
    return Batch(nothing, *parts)


def rows(seed, n=50, d=4, of=None):
    """n rows of a Gaussian with a random mean and covariance."""
    rng = np.random.default_rng(seed)
    mix, mean = rng.normal(size=(of or d, d)), rng.normal(size=d)
    return torch.from_numpy(rng.normal(size=(n, of or d)) @ mix + mean)


def moments(x):
    return Moments(x.shape[1]).add(x)


def distance(x, y):
    return frechet(moments(x), moments(y))


def between(mean_1, covariance_1, mean_2, covariance_2):
    tensors = map(torch.as_tensor, (mean_1, covariance_1, mean_2, covariance_2))
    mean_1, covariance_1, mean_2, covariance_2 = tensors
    return Gaussian(mean_1, covariance_1).distance(mean_2, covariance_2)


def rotation(seed, d):
    return np.linalg.qr(np.random.default_rng(seed).normal(size=(d, d)))[0]


# Moments


@settings(max_examples=30, deadline=None)
@given(seeds, st.lists(st.integers(0, 40), min_size=1, max_size=6), st.floats(-1e6, 1e6))
def test_moments_do_not_depend_on_the_batches_nor_on_their_order(seed, sizes, offset):
    x = rows(seed, sum(sizes) + 2) + offset
    whole = moments(x)
    parts = x[torch.randperm(len(x), generator=torch.Generator().manual_seed(seed))].split(
        [*sizes, 2]
    )
    gathered = Moments(x.shape[1])
    for part in parts:
        gathered.add(part)
    assert gathered.count == len(x)
    torch.testing.assert_close(gathered.mean, whole.mean, rtol=1e-13, atol=1e-12)
    torch.testing.assert_close(gathered.covariance, whole.covariance, rtol=1e-8, atol=1e-8)


def test_moments_are_those_of_numpy_even_far_from_zero():
    x = rows(0, 300) + 1e6
    gathered = Moments(4)
    for part in x.split(7):
        gathered.add(part)
    centred = (x - 1e6).numpy()  # exact: the offset is far above the spread of the rows
    np.testing.assert_allclose(gathered.mean - 1e6, centred.mean(0), atol=1e-8)
    np.testing.assert_allclose(gathered.covariance, np.cov(centred.T), rtol=1e-8)


def test_moments_of_single_precision_are_gathered_in_double():
    x = (rows(0, 200) + 100).float()
    np.testing.assert_allclose(moments(x).covariance, np.cov(x.double().T), rtol=1e-12)


def test_too_few_or_broken_rows_have_no_distance():
    x = rows(0)
    assert np.isnan(distance(x, x[:1]))
    assert np.isnan(distance(x[:1], x))
    broken = x.clone()
    broken[3, 1] = torch.inf
    assert np.isnan(distance(x, broken))
    assert np.isnan(distance(broken, x))


# The distance


@settings(max_examples=50, deadline=None)
@given(seeds, st.integers(1, 12))
def test_distance_of_gaussians_with_common_axes_is_the_closed_form(seed, d):
    rng = np.random.default_rng(seed)
    axes, a, b = rotation(seed, d), *rng.uniform(0.01, 3, (2, d))
    first, second = rng.normal(size=(2, d))
    found = between(first, axes * a**2 @ axes.T, second, axes * b**2 @ axes.T)
    expected = ((first - second) ** 2).sum() + ((a - b) ** 2).sum()
    assert found == pytest.approx(expected, rel=1e-8)


@settings(max_examples=50, deadline=None)
@given(seeds)
def test_distance_in_the_plane_is_the_closed_form(seed):
    """The root of a 2 x 2 matrix M has the trace sqrt(tr M + 2 sqrt(det M)), whatever the axes."""
    x, y = rows(seed, 9, 2), rows(seed + 1, 9, 2)
    p, q = np.cov(x.T), np.cov(y.T)
    root = np.sqrt(np.trace(p @ q) + 2 * np.sqrt(np.linalg.det(p) * np.linalg.det(q)))
    apart = ((x.mean(0) - y.mean(0)) ** 2).sum().item()
    assert distance(x, y) == pytest.approx(apart + np.trace(p) + np.trace(q) - 2 * root, rel=1e-8)


@settings(max_examples=25, deadline=None)
@given(seeds, st.integers(2, 8))
def test_distance_agrees_with_scipy_pot_and_torch_fidelity(seed, d):
    x, y = rows(seed, 60, d), rows(seed + 1, 80, d)
    p, q = np.cov(x.T), np.cov(y.T)
    apart = ((x.mean(0) - y.mean(0)) ** 2).sum().item()
    scipy = apart + np.trace(p) + np.trace(q) - 2 * np.trace(sqrtm(p @ q)).real
    pot = ot.gaussian.bures_wasserstein_distance(x.mean(0).numpy(), y.mean(0).numpy(), p, q)
    fidelity = fid_statistics_to_metric(*map(fid_features_to_statistics, (x, y)), verbose=False)
    found = distance(x, y)
    assert found == pytest.approx(scipy, rel=1e-6)
    assert found == pytest.approx(float(pot) ** 2, rel=1e-6)
    assert found == pytest.approx(*fidelity.values(), rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(seeds, st.integers(3, 9), st.integers(3, 9))
def test_distance_of_singular_covariances_is_exact(seed, n, m):
    """tr (S R)^1/2 is the sum of the singular values of X Y', for centred rows: no root of rounding enters."""
    x, y = rows(seed, n, 12), rows(seed + 1, m, 12)
    a, b = ((z - z.mean(0)).numpy() / np.sqrt(len(z) - 1) for z in (x, y))
    shared = np.linalg.svd(a @ b.T, compute_uv=False).sum()
    apart = ((x.mean(0) - y.mean(0)) ** 2).sum().item()
    expected = apart + (a**2).sum() + (b**2).sum() - 2 * shared
    assert distance(x, y) == pytest.approx(expected, rel=1e-8)


def test_distance_of_points_and_of_dead_features():
    x = rows(0, 40, 3)
    still = torch.zeros(40, 2, dtype=torch.float64)
    padded = torch.cat([x, still], 1), torch.cat([2 * x + 1, still], 1)
    assert distance(*padded) == pytest.approx(distance(x, 2 * x + 1), rel=1e-8)
    here, there = torch.zeros(5, 3), torch.ones(5, 3)
    assert distance(here, there) == 3
    assert distance(here, here) == 0


@settings(max_examples=25, deadline=None)
@given(seeds, st.floats(0.01, 100))
def test_laws_of_the_distance(seed, factor):
    x, y = rows(seed, 30), rows(seed + 1, 40)
    found = distance(x, y)
    assert distance(y, x) == pytest.approx(found, rel=1e-8)
    assert distance(x, x) == pytest.approx(0, abs=1e-8)
    assert distance(factor * x, factor * y) == pytest.approx(factor**2 * found, rel=1e-8)
    turn = torch.from_numpy(rotation(seed, 4))
    assert distance(x @ turn, y @ turn) == pytest.approx(found, rel=1e-8)
    move = rows(seed + 2, 1)[0]
    gap = x.mean(0) - y.mean(0)
    shifted = found + float(move @ move + 2 * move @ gap)
    assert distance(x + move, y) == pytest.approx(shifted, rel=1e-8)


# Infinitely many samples


@settings(max_examples=50, deadline=None)
@given(st.floats(-9, 9), st.floats(-99, 99), st.integers(8, 500))
def test_a_bias_of_one_over_n_is_removed(limit, bias, n):
    found = extrapolated(lambda part: limit + bias / len(part), torch.zeros(n, 2))
    assert found == pytest.approx(limit, abs=1e-9)


def test_too_few_samples_have_no_limit():
    assert np.isnan(extrapolated(lambda part: 1.0, torch.zeros(max(CUTS) - 1, 2)))


def test_every_size_uses_every_sample_once():
    parts = []

    def keep(part):
        parts.append(part.flatten().tolist())
        return 0.0

    extrapolated(keep, torch.arange(24.0)[:, None])
    for cuts in CUTS:
        own = [part for part in parts if len(part) == 24 // cuts]
        assert sorted(itertools.chain(*own)) == list(range(24))
        assert len(own) == cuts


def test_fid_infinity_has_the_mean_of_infinitely_many_samples():
    """Of two equal Gaussians the distance is 0 for infinitely many samples of both."""
    rng = np.random.default_rng(0)
    real = rng.normal(size=(100, 6))
    real = seen((real - real.mean(0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(real.T))).T)
    draws = [seen(rng.normal(size=(200, 6))) for _ in range(60)]
    biased, free = (np.array([score(m, x, real) for x in draws]) for m in ("fid", "fid_infinity"))
    assert biased.min() > 0.02
    assert abs(free.mean()) < 4 * free.std() / np.sqrt(len(free)) < 0.02


def test_inception_score_infinity_is_less_biased():
    """Of random predictions the score rises with the number of images, to a known limit."""
    rng = np.random.default_rng(0)
    many = 3 * rng.normal(size=(200_000, 5))
    limit = score("inception_score", seen(logits=many), seen(logits=many))
    draws = [seen(logits=3 * rng.normal(size=(60, 5))) for _ in range(200)]
    biased, free = (
        np.array([score(m, x, x) for x in draws]).mean() - limit
        for m in ("inception_score", "inception_score_infinity")
    )
    assert biased < -0.02
    assert abs(free) < 0.5 * abs(biased)


def test_scores_at_infinity_repeat_themselves():
    x, y = seen(rows(0).numpy(), rows(2).numpy()), seen(rows(1).numpy(), rows(2).numpy())
    for metric in ("fid_infinity", "inception_score_infinity"):
        torch.manual_seed(1)
        first = score(metric, x, y)
        torch.manual_seed(2)
        assert score(metric, x, y) == first
