"""Metrics against closed forms, naive forms and scipy; the classifier."""

import itertools
import json
from dataclasses import replace

import numpy as np
import ot
import pytest
import torch
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from replication.data import _base as data
from replication.data._base import Images
from replication.features import lenet
from replication.jobs.files import ResultsError
from replication.metrics import _judge
from replication.metrics._base import Batch, Protocol, describe, direction, metric_id, parts
from replication.plan import registry
from replication.plan.config import Evaluation
from replication.plan.paths import Paths
from replication.tensors.levels import to_float, to_uint8

EVALUATION = Evaluation(
    samples=80,
    transport_samples=30,
    inception_splits=2,
    kid_subsets=3,
    kid_subset_size=20,
    classifier_epochs=1,
)
PROTOCOL = Protocol.of(EVALUATION, 40)


def batch(features=None, *, logits=None, images=None):
    """A batch of which a metric uses one part; the others are of width 0."""
    given = next(x for x in (features, logits, images) if x is not None)
    nothing = torch.empty(len(given), 0, dtype=torch.float64)
    features, logits, images = (
        nothing if x is None else torch.as_tensor(x) for x in (features, logits, images)
    )
    return Batch(images, features, logits)


def score(metric, fake, real, protocol=PROTOCOL):
    return _judge.compute(metric, real, fake, protocol)


def normal(seed, n, d=5):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, d)) @ rng.normal(size=(d, d)) + rng.normal(size=d)


def with_moments(mean, deviations, n=400):
    """n points whose sample mean and (diagonal) sample covariance are exactly these."""
    x = np.random.default_rng(3).normal(size=(n, len(mean)))
    x -= x.mean(0)
    white = x @ np.linalg.inv(np.linalg.cholesky(np.cov(x.T))).T
    return np.array(mean) + white * deviations


def test_fid_is_the_closed_form_of_gaussians():
    x = with_moments([0, 0, 1], [1, 2, 0.5])
    y = with_moments([3, 0, -1], [1, 5, 0.1])
    assert score("fid", batch(x), batch(y)) == pytest.approx(9 + 4 + 0 + 9 + 0.16)


def test_fid_is_the_squared_bures_distance_of_pot():
    x, y = normal(0, 60), normal(1, 90)
    bures = ot.gaussian.bures_wasserstein_distance(x.mean(0), y.mean(0), np.cov(x.T), np.cov(y.T))
    assert score("fid", batch(x), batch(y)) == pytest.approx(float(bures) ** 2)
    assert score("fid", batch(y), batch(x)) == pytest.approx(float(bures) ** 2)
    assert score("fid", batch(x), batch(x)) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("metric", ["fid", "precision", "recall", "density", "coverage"])
def test_the_order_of_images_does_not_matter(metric):
    x, y = normal(0, 60), normal(0, 90) + 0.3
    mixed = np.random.default_rng(0).permutation(len(x))
    assert score(metric, batch(x[mixed]), batch(y[::-1].copy())) == pytest.approx(
        score(metric, batch(x), batch(y))
    )


def test_inception_score_of_confident_and_even_predictions_is_the_number_of_classes():
    one = PROTOCOL.of(EVALUATION.model_copy(update={"inception_splits": 1}), 40)
    sure = 100.0 * np.tile(np.eye(7), (10, 1))
    assert score("inception_score", batch(logits=sure), batch(logits=sure), one) == pytest.approx(7)
    same = 100.0 * np.eye(7)[np.zeros(70, int)]
    assert score("inception_score", batch(logits=same), batch(logits=same), one) == pytest.approx(1)
    vague = np.zeros((70, 7))
    assert score("inception_score", batch(logits=vague), batch(logits=vague), one) == pytest.approx(
        1
    )


def test_inception_score_is_its_formula():
    logits = np.random.default_rng(0).normal(size=(50, 4))
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    expected = np.exp(np.mean([(q * np.log(q / p.mean(0))).sum() for q in p]))
    one = PROTOCOL.of(EVALUATION.model_copy(update={"inception_splits": 1}), 40)
    found = score("inception_score", batch(logits=logits), batch(logits=logits), one)
    assert found == pytest.approx(expected)


def naive_mmd(x, y):
    """Unbiased MMD^2 (Gretton et al. 2012, eq. 3), pair by pair, kernel (x.y / D + 1)^3."""

    def kernel(a, b):
        return (a @ b / len(a) + 1) ** 3

    def within(s):
        return np.mean([kernel(s[i], s[j]) for i, j in itertools.permutations(range(len(s)), 2)])

    return within(x) + within(y) - 2 * np.mean([kernel(a, b) for a in x for b in y])


def test_kid_of_whole_sets_is_the_unbiased_mmd():
    x, y = normal(0, 20), normal(1, 20)
    whole = Protocol.of(EVALUATION.model_copy(update={"samples": 20}), 20)
    assert whole.kid_subset_size == 20
    assert score("kid", batch(x), batch(y), whole) == pytest.approx(naive_mmd(x, y), rel=1e-9)


def test_kid_of_one_distribution_is_zero_on_average_and_always_the_same():
    rng = np.random.default_rng(0)
    pairs = rng.normal(size=(200, 2, 30, 4))
    scores = [score("kid", batch(x), batch(y)) for x, y in pairs]
    assert abs(np.mean(scores)) < 3 * np.std(scores) / np.sqrt(len(scores))
    assert min(scores) < 0
    x, y = pairs[0]
    assert score("kid", batch(x), batch(y)) == scores[0]


def test_precision_and_recall_of_equal_disjoint_and_half_covered_sets():
    left, right = normal(0, 40), normal(0, 40) + 100

    def both(fake, real):
        fake, real = batch(fake), batch(real)
        return score("precision", fake, real), score("recall", fake, real)

    assert both(left, left) == (1, 1)
    assert both(left, right) == (0, 0)
    assert both(left, np.concatenate([left, right])) == (1, 0.5)
    assert both(np.concatenate([left, right]), left) == (0.5, 1)


def test_precision_is_its_definition():
    fake, real = normal(0, 60), normal(0, 50) * 0.7 + 0.5
    radius = np.sort(cdist(real, real), axis=1)[:, PROTOCOL.neighbours]
    expected = (cdist(fake, real) <= radius).any(1).mean()
    assert 0.1 < expected < 0.9
    assert score("precision", batch(fake), batch(real)) == pytest.approx(expected)
    assert score("recall", batch(real), batch(fake)) == pytest.approx(expected)


def pictures(seed, n=30, shape=(1, 4, 5)):
    return torch.from_numpy(
        np.random.default_rng(seed).uniform(-1, 1, (n, *shape)).astype("float32")
    )


def test_w1_is_the_best_assignment():
    x, y = pictures(0), pictures(1)
    cost = cdist(x.flatten(1).double(), y.flatten(1).double())
    expected = cost[linear_sum_assignment(cost)].mean()
    assert score("w1_pixels", batch(images=x), batch(images=y)) == pytest.approx(expected)
    mixed = x[torch.randperm(len(x), generator=torch.Generator().manual_seed(0))]
    assert score("w1_pixels", batch(images=x), batch(images=mixed)) == 0


def test_w1_of_a_translation_is_its_length():
    x = pictures(0).double()
    move = pictures(5, 1).double()
    moved = score("w1_pixels", batch(images=x), batch(images=x + move))
    assert moved == pytest.approx(move.norm().item())


def test_w1_uses_the_first_images_of_the_protocol():
    x, y = pictures(0, 50), pictures(1, 40)
    n = PROTOCOL.transport_samples
    whole = score("w1_pixels", batch(images=x), batch(images=y))
    assert whole == score("w1_pixels", batch(images=x[:n]), batch(images=y[:n]))


@pytest.mark.parametrize("metric", registry.ids("metrics"))
def test_every_metric_says_how_to_show_it(metric):
    head = registry.metadata("metrics", metric)
    assert head["LABEL"]
    assert head["DIRECTION"] in ("lower", "higher")
    assert head["NEEDS"] in ("features", "images", "walks", "points", "modes")
    assert isinstance(head["UNIT"], str)
    identifier = metric_id(metric, "lenet", "my_own")
    assert parts(identifier).metric == metric
    assert direction(identifier) == head["DIRECTION"]
    assert describe(identifier, PROTOCOL).startswith(f"{head['LABEL']} (")
    assert "{" not in describe(identifier, PROTOCOL)


@pytest.mark.parametrize("metric", registry.ids("metrics"))
def test_every_metric_is_better_for_images_that_are_closer(metric):
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(8, 6))

    on_points = registry.metadata("metrics", metric)["NEEDS"] in ("points", "modes")
    shape = (6,) if on_points else (1, 2, 3)

    def draw(n, kinds=8, astray=0.0):
        modes = rng.integers(0, kinds, n)
        x = centres[modes] + 0.1 * rng.normal(size=(n, 6))
        x[::2] += astray
        logits = -20 * cdist(x, centres) ** 2
        samples = torch.from_numpy(x).float().reshape(n, *shape)
        return Batch(samples, *map(torch.tensor, (x, logits, modes)))

    real = replace(draw(80), train=draw(400).features)
    good, bad = draw(80), draw(80, 2, 1.0)
    if metric == "memorised":  # copies are the only fault that it sees
        bad = replace(bad, features=real.train[:80])
    steps = torch.tensor([[1.0, 1.1, 0.9], [1.0, 0.1, 4.0]])
    good, bad = (
        replace(batch, walks=own.cumsum(0)[None, :, None].double())
        for batch, own in zip((good, bad), steps, strict=True)
    )
    near, far = (score(metric, fake, real) for fake in (good, bad))
    assert near < far if direction(metric_id(metric, "lenet", "x")) == "lower" else near > far


def test_labels_carry_extractor_and_protocol():
    protocol = Protocol.of(Evaluation(samples=2000, transport_samples=1500), 1000)
    assert (
        describe("fid_lenet_mnist_5k", protocol)
        == "FID (LeNet on mnist_5k features, 2,000 generated v 1,000 held-out)"
    )
    assert describe("w1_pixels", protocol) == "Exact W1 (pixels, 1,000 generated v 1,000 held-out)"
    assert describe("inception_score_lenet_mnist_5k_heldout", protocol) == (
        "IS of held-out images (LeNet on mnist_5k features, 1,000 images, mean of 5 splits)"
    )
    assert parts("inception_score_lenet_mnist_5k") == ("inception_score", "lenet", "mnist_5k")
    with pytest.raises(registry.UnknownName, match="did you mean 'w1_pixels'"):
        describe("w1_pixel", protocol)


def test_labels_need_no_torch():
    import subprocess
    import sys

    code = "import sys; import replication.metrics._base; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_images_are_scored_as_saved():
    levels = torch.arange(256, dtype=torch.uint8).view(1, 1, 16, 16)
    assert torch.equal(to_uint8(to_float(levels)), levels)
    odd = torch.tensor([-1.2, -1, 0.003, 1, 1.2, torch.nan, torch.inf, -torch.inf])
    assert to_uint8(odd).tolist() == [0, 0, 128, 255, 255, 128, 255, 0]


# The classifier

EPOCHS = 15


def shapes_of_light(n, shape=(1, 12, 12), seed=0):
    """Images of three classes: a bright bar that lies, a bright bar that stands, noise alone."""
    draws = torch.Generator().manual_seed(seed)
    images = torch.rand(n, *shape, generator=draws) - 1
    labels = torch.arange(n) % 3
    half = shape[1] // 2
    images[labels == 0, :, half - 1 : half + 1] += 1
    images[labels == 1, :, :, half - 1 : half + 1] += 1
    return images.clamp(-1, 1), labels


def stand_in():
    return Images(*(shapes_of_light(n, seed=i)[k] for k in (0, 1) for i, n in ((0, 300), (1, 40))))


@pytest.fixture
def path(tmp_path, monkeypatch):
    """The weights of a classifier that was trained on a data set."""
    monkeypatch.setattr(data, "load", lambda path: stand_in())
    paths = Paths(tmp_path)
    lenet.train(paths, "toy", epochs=EPOCHS, threads=1)
    return paths.classifier("toy")


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (3, 64, 64), (1, 9, 13)])
def test_classifier_takes_every_size(shape):
    net = lenet.LeNet(shape, 5).eval()
    features, logits = lenet.extract(net, torch.zeros(3, *shape))
    assert features.shape == (3, lenet.DIMENSION)
    assert logits.shape == (3, 5)
    assert features.dtype == logits.dtype == torch.float64
    assert lenet.DIMENSION <= 128


def test_classifier_learns_keeps_its_units_alive_and_repeats_itself():
    images, labels = shapes_of_light(300)
    before = torch.get_rng_state()
    net = lenet.fit(images, labels, epochs=EPOCHS)
    assert torch.equal(torch.get_rng_state(), before)
    features, logits = lenet.extract(net, shapes_of_light(90, seed=1)[0])
    assert lenet.accuracy(logits, torch.arange(90) % 3) > 0.95
    assert (features.var(0) > 0).all()
    torch.manual_seed(7)
    again = lenet.fit(images, labels, epochs=EPOCHS).state_dict()
    assert all(torch.equal(again[name], value) for name, value in net.state_dict().items())


def test_classifier_record_and_reload(path):
    record = json.loads(path.with_suffix(".json").read_text())
    assert record["dimension"] == lenet.DIMENSION
    assert record["epochs"] == EPOCHS
    images = stand_in()
    expected = lenet.fit(images.train, images.train_labels, EPOCHS)
    loaded = lenet.load_classifier(path)
    want, logits = lenet.extract(expected, images.heldout)
    assert torch.equal(lenet.extract(loaded, images.heldout)[0], want)
    assert record["accuracy"] == lenet.accuracy(logits, images.heldout_labels) > 0.9
    assert 0 <= record["calibration_error"] < 0.5


def test_classifier_with_other_weights_is_refused(path):
    raw = bytearray(path.read_bytes())
    raw[-1] ^= 1
    path.write_bytes(raw)
    with pytest.raises(
        ResultsError, match=r"^[^\n]*lenet_toy\.safetensors: [^\n]*classifier toy`$"
    ):
        lenet.load_classifier(path)
    path.with_suffix(".json").write_text("{")
    with pytest.raises(ResultsError, match=r"lenet_toy\.json: damaged"):
        lenet.load_classifier(path)
    path.unlink()
    path.with_suffix(".json").unlink()
    with pytest.raises(ResultsError, match="no such file"):
        lenet.load_classifier(path)


def test_shifts_are_whole_moves_by_two_pixels_at_most():
    image = torch.arange(42.0).view(1, 1, 6, 7)
    moved = lenet.shifted(image.repeat(400, 1, 1, 1), torch.Generator().manual_seed(0))
    rows, columns = np.arange(6), np.arange(7)
    allowed = {
        image[0, 0][np.clip(rows + i, 0, 5)][:, np.clip(columns + j, 0, 6)].numpy().tobytes()
        for i in range(-2, 3)
        for j in range(-2, 3)
    }
    assert {one.contiguous().numpy().tobytes() for one in moved} == allowed


def test_calibration_error_is_its_formula():
    rng = np.random.default_rng(0)
    logits, labels = 3 * rng.normal(size=(500, 4)), rng.integers(0, 4, 500)
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    sure, right = p.max(1), p.argmax(1) == labels
    expected = 0.0
    for low in np.arange(15) / 15:
        own = (sure > low) & (sure <= low + 1 / 15)
        if own.any():
            expected += own.mean() * abs(right[own].mean() - sure[own].mean())
    found = lenet.calibration_error(torch.from_numpy(logits), torch.from_numpy(labels))
    assert found == pytest.approx(expected)
    certain = torch.full((4, 2), -1e3).scatter(1, torch.tensor([[0], [1], [0], [0]]), 1e3)
    assert lenet.calibration_error(certain, torch.tensor([0, 1, 0, 1])) == pytest.approx(0.25)
    one_bin = torch.tensor([[0, 1e3], [0, np.log(19)]])  # confidence 1, wrong; 0.95, right
    assert lenet.calibration_error(one_bin, torch.tensor([0, 1])) == pytest.approx(0.475)
