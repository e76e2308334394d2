"""Metrics of nearest neighbours, classes and Parzen windows against definitions, scipy and torch-fidelity."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.distance import cdist
from scipy.special import logsumexp
from scipy.stats import multivariate_normal
from torch_fidelity.metric_prc import prc_features_to_metric

from replication.metrics import _judge, _neighbours, parzen
from replication.metrics._base import Batch, Protocol
from replication.metrics._neighbours import nearest, radii, squares

K = 3
PROTOCOL = Protocol(
    samples=60,
    heldout=60,
    transport_samples=1000,
    inception_splits=1,
    kid_subsets=1,
    kid_subset_size=10,
    neighbours=K,
)
OVERLAPS = ("precision", "recall", "density", "coverage")

seeds = st.integers(0, 10_000)


def seen(features=None, *, logits=None, images=None, train=None):
    """A batch of which a metric uses one part; the others are of width 0."""
    given = next(x for x in (features, logits, images) if x is not None)
    nothing = torch.empty(len(given), 0, dtype=torch.float64)
    parts = (nothing if x is None else torch.as_tensor(x) for x in (images, features, logits))
    return Batch(*parts, train=None if train is None else torch.as_tensor(train))


def score(metric, fake, real, protocol=PROTOCOL):
    return _judge.compute(metric, real, fake, protocol)


def pair(seed, n=40, m=55, d=3):
    """Generated and real features that overlap in part."""
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)) * rng.uniform(0.3, 1.5) + rng.normal(size=d), rng.normal(
        size=(m, d)
    )


# Distances


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(1, 400), st.floats(-1e3, 1e3))
def test_squares_are_those_of_scipy_whatever_the_block(seed, block, offset):
    x, y = (torch.from_numpy(z + offset) for z in pair(seed))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_neighbours, "BLOCK", block)
        found, near, kth = torch.cat(list(squares(x, y))), nearest(x, y), radii(x, K)
    expected = cdist(x, y) ** 2
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(near, expected.min(1), rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(kth, np.sort(cdist(x, x) ** 2)[:, K], rtol=1e-9, atol=1e-9)


# Precision, recall, density, coverage


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(K + 1, 40), st.integers(K + 1, 60))
def test_precision_and_recall_are_those_of_torch_fidelity(seed, n, m):
    fake, real = map(seen, pair(seed, n, m))
    expected = prc_features_to_metric(
        fake.features, real.features, prc_neighborhood=K, verbose=False
    )
    assert score("precision", fake, real) == pytest.approx(expected["precision"], abs=1e-6)
    assert score("recall", fake, real) == pytest.approx(expected["recall"], abs=1e-6)


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(K + 1, 40), st.integers(K + 1, 60))
def test_density_and_coverage_are_their_definitions(seed, n, m):
    fake, real = pair(seed, n, m)
    reach = np.sort(cdist(real, real))[:, K]
    inside = cdist(fake, real) <= reach
    density, coverage = (score(x, seen(fake), seen(real)) for x in ("density", "coverage"))
    assert density == pytest.approx(inside.sum() / (K * n))
    assert coverage == pytest.approx(inside.any(0).mean())


def test_overlap_of_a_tiny_set_by_hand():
    """Real 0, 1, 2, 3 with balls of radius 1 (k = 1); generated 0.5, in two of them, and 10, in none."""
    one = Protocol(**{**vars(PROTOCOL), "neighbours": 1})
    real, fake = (seen(np.array(x, dtype=float)[:, None]) for x in ([0, 1, 2, 3], [0.5, 10]))
    scores = {metric: score(metric, fake, real, one) for metric in OVERLAPS}
    assert scores == {"precision": 0.5, "recall": 1, "density": 1, "coverage": 0.5}


def test_one_real_outlier_raises_precision_but_hardly_density():
    rng = np.random.default_rng(0)
    real = rng.normal(size=(50, 2))
    real[0] = 100
    fake, real = seen(np.full((30, 2), 40.0)), seen(real)
    assert score("precision", fake, real) == 1
    assert score("density", fake, real) == pytest.approx(1 / K)


def test_density_and_coverage_of_new_real_images_are_as_computed_by_counting():
    """Naeem et al. 2020: a ball is missed if the k nearest of all others are real."""
    n, m = 60, 40
    rng = np.random.default_rng(0)
    draws = [(seen(rng.normal(size=(n, 3))), seen(rng.normal(size=(m, 3)))) for _ in range(200)]
    missed = np.prod([(m - 1 - j) / (n + m - 1 - j) for j in range(K)])
    for metric, expected in (("density", 1), ("coverage", 1 - missed)):
        found = np.array([score(metric, *draw) for draw in draws])
        error = found.std() / np.sqrt(len(found))
        assert abs(found.mean() - expected) < 4 * error < 0.04


@settings(max_examples=20, deadline=None)
@given(seeds)
def test_overlap_ignores_order_and_the_place_of_zero(seed):
    fake, real = pair(seed)
    rng = np.random.default_rng(seed)
    move = rng.normal(size=3)
    mixed = seen(rng.permutation(fake) + move), seen(rng.permutation(real) + move)
    for metric in OVERLAPS:
        assert score(metric, *mixed) == pytest.approx(score(metric, seen(fake), seen(real)))


# Two samples


def naive_two_sample(x, y):
    """Leave-one-out accuracy, image by image; ties count half."""
    everything, side = np.concatenate([x, y]), np.repeat([0, 1], len(x))
    right = []
    for i, row in enumerate(everything):
        distances = np.sqrt(((everything - row) ** 2).sum(1))
        distances[i] = np.inf
        own, other = (distances[side == s].min() for s in (side[i], 1 - side[i]))
        right.append(0.5 if own == other else own < other)
    return np.mean(right)


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_two_sample_accuracy_is_its_definition_and_symmetric(seed):
    x, y = pair(seed, 30, 30)
    protocol = Protocol(**{**vars(PROTOCOL), "transport_samples": 25})
    found = score("two_sample", seen(x), seen(y), protocol)
    assert found == pytest.approx(naive_two_sample(x[:25], y[:25]))
    assert found == pytest.approx(score("two_sample", seen(y), seen(x), protocol))


def test_two_sample_accuracy_at_its_ends():
    x, y = pair(0, 40, 40)
    assert score("two_sample", seen(x), seen(x + 100)) == 1
    assert score("two_sample", seen(np.full((40, 3), 50.0)), seen(y)) == 1
    assert score("two_sample", seen(y + 1e-6), seen(y)) == 0
    line = [np.array(x, dtype=float)[:, None] for x in ([0, 1], [-1, 5])]
    assert score("two_sample", *map(seen, line)) == naive_two_sample(*line) == 0.375


def test_two_sample_accuracy_of_new_real_images_is_a_half():
    rng = np.random.default_rng(0)
    found = np.array(
        [score("two_sample", *map(seen, rng.normal(size=(2, 50, 4)))) for _ in range(200)]
    )
    error = found.std() / np.sqrt(len(found))
    # One image fewer of the own side is left, so a little less than 0.5: 49/99.
    assert abs(found.mean() - 49 / 99) < 4 * error < 0.02


# Memorised


@settings(max_examples=30, deadline=None)
@given(seeds)
def test_memorised_is_its_definition(seed):
    fake, real = pair(seed)
    train = np.random.default_rng(seed + 1).normal(size=(70, 3))
    close = np.quantile(cdist(real, train).min(1) ** 2, 0.05)
    expected = (cdist(fake, train).min(1) ** 2 < close).mean()
    assert score("memorised", seen(fake), seen(real, train=train)) == pytest.approx(expected)


def test_memorised_of_copies_of_new_images_and_of_far_ones():
    rng = np.random.default_rng(0)
    found = []
    for _ in range(300):
        train, heldout, fresh = (rng.normal(size=(n, 3)) for n in (80, 61, 40))
        real = seen(heldout, train=train)
        found.append(score("memorised", seen(fresh), real))
        assert score("memorised", seen(train[:40] + 1e-6), real) > 0.97
        assert score("memorised", seen(fresh + 100), real) == 0
    # The quantile is the fourth smallest of 61 distances; a new one is below it in 4 of 62 cases.
    error = np.std(found) / np.sqrt(len(found))
    assert abs(np.mean(found) - 4 / 62) < 4 * error < 0.02


# Classes


def test_class_entropy_at_its_ends():
    sure = 100.0 * np.eye(7)[np.arange(70) % 7]
    one = 100.0 * np.eye(7)[np.zeros(70, int)]
    for logits, expected in ((sure, np.log(7)), (one, 0), (np.zeros((70, 7)), np.log(7))):
        found = score("class_entropy", seen(logits=logits), seen(logits=sure))
        assert found == pytest.approx(expected, abs=1e-12)


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(2, 9))
def test_inception_score_is_class_entropy_less_the_entropy_of_single_predictions(seed, classes):
    logits = 3 * np.random.default_rng(seed).normal(size=(40, classes))
    p = np.exp(logits - logsumexp(logits, 1, keepdims=True))
    single = -(p * np.log(p)).sum(1).mean()
    own = seen(logits=logits)
    entropy = score("class_entropy", own, own)
    assert entropy == pytest.approx(np.log(score("inception_score", own, own)) + single)
    assert 0 <= entropy <= np.log(classes) + 1e-12
    assert score("class_entropy", seen(logits=logits[::-1].copy()), own) == pytest.approx(entropy)


# Parzen windows


@settings(max_examples=30, deadline=None)
@given(seeds, st.integers(1, 6), st.integers(1, 100))
def test_parzen_density_is_the_mixture_of_scipy(seed, d, block):
    x, centres = pair(seed, 7, 9, d)
    widths = np.array([0.1, 0.7, 3.0])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_neighbours, "BLOCK", block)
        found = parzen.log_density(*map(torch.from_numpy, (x, centres, widths)))
    each = np.array(
        [[multivariate_normal.logpdf(x, c, s**2 * np.eye(d)) for c in centres] for s in widths]
    )
    np.testing.assert_allclose(found, logsumexp(each, 1, b=1 / 9).reshape(3, 7), rtol=1e-9)


def test_parzen_density_integrates_to_one_and_never_underflows():
    grid = torch.linspace(-8, 8, 4001, dtype=torch.float64)[:, None]
    centres = torch.tensor([[-1.0], [0.3], [2.0]], dtype=torch.float64)
    width = torch.tensor([0.2], dtype=torch.float64)
    assert parzen.log_density(grid, centres, width).exp().sum() * 16 / 4000 == pytest.approx(1)
    far = parzen.log_density(grid + 1e4, centres, width)
    assert torch.isfinite(far).all()
    assert far.max() < -1e8


def pictures(seed, n):
    return np.random.default_rng(seed).integers(0, 256, (n, 1, 3, 4)).astype("float32") / 127.5 - 1


def test_parzen_score_chooses_on_one_half_and_scores_the_other():
    fake, real = pictures(0, 20), pictures(1, 31)
    x, y = (z.reshape(len(z), -1).astype(float) / 2 + 0.5 for z in (real, fake))

    def likelihood(images, width):
        exponents = -(cdist(images, y) ** 2) / (2 * width**2)
        constant = 12 * np.log(width * np.sqrt(2 * np.pi))
        return (logsumexp(exponents, 1) - np.log(len(y)) - constant).mean()

    best = max(np.geomspace(0.1, 1, 10), key=lambda width: likelihood(x[::2], width))
    assert 0.1 < best < 1
    found = score("parzen", seen(images=fake), seen(images=real))
    assert found == pytest.approx(likelihood(x[1::2], best), rel=1e-6)
    backwards = seen(images=fake[::-1].copy())
    assert score("parzen", backwards, seen(images=real)) == pytest.approx(found, rel=1e-12)


def test_parzen_score_prefers_the_samples_that_are_the_images_with_little_noise():
    real = pictures(0, 60)
    noise = np.random.default_rng(1).normal(size=real.shape).astype("float32")
    scores = [score("parzen", seen(images=real + s * noise), seen(images=real)) for s in (0.1, 0.4)]
    assert scores[0] > scores[1] > score("parzen", seen(images=pictures(2, 60)), seen(images=real))


def test_parzen_score_of_broken_images_is_not_a_number():
    real = pictures(0, 10)
    assert np.isnan(score("parzen", seen(images=np.full_like(real, np.nan)), seen(images=real)))
