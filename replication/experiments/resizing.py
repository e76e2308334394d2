"""How FID of a trained generator moves with the way in which its samples are resized on the way to the features.

Parmar et al. 2022, tables of resizing libraries: real images are resized by Pillow's bicubic interpolation, which
filters before it takes fewer pixels, and samples as other libraries do it. Here digits are reduced from 28 to 8 pixels
a side, real ones with antialiased bicubic interpolation, samples in several ways, and brought back for the classifier
by one for all.

Deviations: digits through the classifier of the data set, where the paper reduces faces of 1,024 pixels to the 299 of
Inception; the factor, 3.5, is nearly the same, and at a factor of 2 bilinear interpolation would be a mean of
neighbours. Torch's interpolations, of which the antialiased ones are Pillow's. No set-up was tried before.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import torch
from torch import Tensor
from torch.nn import functional as F

from replication.experiments import _images
from replication.experiments.frozen_dcgans import FEWEST, most
from replication.features._base import Extractor
from replication.metrics._frechet import Moments, frechet
from replication.metrics._judge import Judge
from replication.plan.config import Evaluation, Experiments
from replication.plan.paths import Paths
from replication.tensors.levels import to_float, to_uint8

DATASET = "mnist_5k"
#: Names of settings of images: the studies that run it, since it takes a minute a seed.
IMAGES = ["images", "paper scale"]
METHOD, STEPS = "gan_ns", 1_000
FIRST, MOST, SAMPLES = 200, 10, 10_000

#: How samples are reduced; real images always in the first way.
WAYS: dict[str, dict[str, Any]] = {
    "bicubic, antialiased": {"mode": "bicubic", "antialias": True},
    "bilinear, antialiased": {"mode": "bilinear", "antialias": True},
    "bicubic": {"mode": "bicubic"},
    "bilinear": {"mode": "bilinear"},
    "nearest": {"mode": "nearest"},
}
RIGHT = next(iter(WAYS))
FACTOR = 3.5


def measure(budget: Experiments, paths: Paths) -> pd.DataFrame:
    """One row per seed and way: columns ``seed``, ``way`` and ``fid``."""
    judge = Judge(paths, DATASET, Evaluation(samples=FEWEST, transport_samples=1))
    assert judge.extractor is not None
    real = moments(judge.extractor, judge.images.heldout, RIGHT)
    count, rows = max(FEWEST, most(budget, SAMPLES)), []
    for seed in range(FIRST, FIRST + min(MOST, budget.seeds)):
        run = _images.run_of(METHOD, DATASET, seed)
        (generator,) = _images.generators(run, judge.images.train, [most(budget, STEPS)])
        made = _images.samples(generator, _images.noise(run, "resizing/z", count))
        rows += [(seed, way, frechet(real, moments(judge.extractor, made, way))) for way in WAYS]
    return pd.DataFrame(rows, columns=["seed", "way", "fid"])


def moments(extractor: Extractor, images: Tensor, way: str) -> Moments:
    """Mean and covariance of the features of images [n, C, H, W], reduced in a way."""
    features, _ = extractor.extract(reduced(images, way))
    return Moments(features.shape[1]).add(features)


@torch.no_grad()
def reduced(images: Tensor, way: str) -> Tensor:
    """Images [n, C, H, W] with sides divided by `FACTOR`, and back; both as files hold them, in 256 levels."""
    sides = images.shape[2:]
    few = F.interpolate(_saved(images), size=[round(side / FACTOR) for side in sides], **WAYS[way])
    return _saved(F.interpolate(_saved(few), size=list(sides), mode="bicubic"))


def _saved(images: Tensor) -> Tensor:
    return to_float(to_uint8(images.clamp(-1, 1)))
