"""A small classifier in the manner of LeNet-5 (LeCun et al. 1998), one per labelled data set.

It sees the train part only, always on the CPU, so that one data set has one set of weights. Inside
the project its features do what Inception's do elsewhere; values under different extractors are
not comparable.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import torch as safe
from torch import Tensor, nn
from torch.nn import functional as F

from replication.data import _base as data
from replication.features._base import Extractor
from replication.jobs import files
from replication.jobs.files import ResultsError
from replication.jobs.progress import Progress
from replication.plan.config import Evaluation
from replication.plan.paths import Paths

LABEL = "LeNet"
TRAINED_ON = ""  # each data set's own train part
CANONICAL = False

DIMENSION = 64  # of the features: far fewer than the images, so that their covariance has full rank
SHIFT = 2  # pixels by which augmentation moves an image at most
BATCH = 64
PEAK_RATE = 4e-3  # Adam's, at the top of a one-cycle schedule
BLOCK = 100  # images a forward pass in evaluation: small enough to stay in the cache


class LeNet(nn.Module):
    """Convolution and pooling until a side is 8 or less, then two hidden layers and the classes.

    The features are batch-normalised before their ReLU. Without that a third of the units die,
    which leaves the covariance singular, and scales differ so much that a few units decide the
    distance.

    Args:
        shape: channels, height and width of an image.
        classes: number of labels.
    """

    def __init__(self, shape: tuple[int, int, int], classes: int) -> None:
        super().__init__()
        channels, height, width = shape
        layers: list[nn.Module] = []
        out = 16
        while max(height, width) > 8:
            layers += [nn.Conv2d(channels, out, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2)]
            channels, height, width, out = out, height // 2, width // 2, 2 * out
        layers += [nn.Flatten(), nn.Linear(channels * height * width, 128), nn.ReLU()]
        layers += [nn.Linear(128, DIMENSION, bias=False), nn.BatchNorm1d(DIMENSION), nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(DIMENSION, classes)
        self.to(memory_format=torch.channels_last)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Images ``[N, C, H, W]`` to features ``[N, DIMENSION]`` and logits ``[N, classes]``."""
        features = self.body(images)
        return features, self.head(features)


def train(
    paths: Paths,
    dataset: str,
    epochs: int,
    threads: int,
    progress: Progress = lambda done: None,
) -> None:
    """Train the classifier of a prepared data set; write its weights and, beside them, its record.

    A data set without labels gets a record that says so, and no weights.

    Args:
        paths: the study's.
        dataset: its id.
        epochs: passes over the train part.
        threads: torch threads; fixed, because float sums depend on it.
        progress: told the number of epochs done.
    """
    torch.set_num_threads(threads)
    images = data.load(paths.dataset(dataset))
    record: dict[str, Any] = {"dataset": dataset, "shape": images.shape, "classes": 0}
    tensors: dict[str, Tensor] = {}
    if images.train_labels is not None and images.heldout_labels is not None:
        net = fit(images.train, images.train_labels, epochs, progress=progress)
        _, logits = extract(net, images.heldout)
        tensors = {k: v.contiguous() for k, v in net.state_dict().items()}
        record |= {
            "classes": logits.shape[1],
            "dimension": DIMENSION,
            "epochs": epochs,
            "accuracy": (right := accuracy(logits, images.heldout_labels)),
            "chance": (chance := guessing(images.heldout_labels)),
            "learned": learned(right, chance),
            "calibration_error": calibration_error(logits, images.heldout_labels),
        }
    path = paths.classifier(dataset)
    with files.replacing(path) as aside:
        aside.write_bytes(safe.save(tensors))
    files.write_json(path.with_suffix(".json"), record | {"sha256": files.sha256(path)})


def fit(
    images: Tensor,
    labels: Tensor,
    epochs: int,
    *,
    seed: int = 0,
    progress: Progress = lambda done: None,
) -> LeNet:
    """Fit a classifier by Adam under a one-cycle rate, on randomly shifted images.

    Args:
        images: ``[N, C, H, W]`` in [-1, 1].
        labels: int64 ``[N]``, classes numbered from 0.
        epochs: passes over the images.
        seed: of weights, order and shifts: it decides the outcome.
        progress: told the number of epochs done.

    Returns:
        The classifier, in eval mode.
    """
    draws = torch.Generator().manual_seed(seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = LeNet((images.shape[1], images.shape[2], images.shape[3]), int(labels.max()) + 1)
    batch = min(BATCH, len(images))
    steps = len(images) // batch
    optimiser = torch.optim.Adam(net.parameters(), lr=PEAK_RATE)
    rate = torch.optim.lr_scheduler.OneCycleLR(optimiser, PEAK_RATE, total_steps=epochs * steps + 1)
    for epoch in range(epochs):
        order = torch.randperm(len(images), generator=draws)
        for chosen in order[: steps * batch].view(steps, batch):
            _, logits = net(shifted(images[chosen], draws))
            optimiser.zero_grad()
            F.cross_entropy(logits, labels[chosen]).backward()
            optimiser.step()
            rate.step()
        progress(epoch + 1)
    return net.eval()


def shifted(images: Tensor, draws: torch.Generator) -> Tensor:
    """Each image moved by its own whole number of pixels, `SHIFT` at most; edges are repeated."""
    count, _, height, width = images.shape
    padded = F.pad(images, [SHIFT] * 4, mode="replicate")
    down, right = torch.randint(0, 2 * SHIFT + 1, (2, count, 1), generator=draws)
    rows, columns = down + torch.arange(height), right + torch.arange(width)
    moved = padded[torch.arange(count)[:, None, None], :, rows[:, :, None], columns[:, None, :]]
    return moved.permute(0, 3, 1, 2)


def extract(net: LeNet, images: Tensor) -> tuple[Tensor, Tensor]:
    """Features and logits of images ``[N, C, H, W]`` in [-1, 1], as float64."""
    return Extractor(net, BLOCK).extract(images)


def load(
    paths: Paths, dataset: str, evaluation: Evaluation, device: torch.device
) -> Extractor | None:
    """The frozen classifier of a data set, on the CPU; None for one without labels.

    Raises:
        ResultsError: as `load_classifier`.
    """
    net = load_classifier(paths.classifier(dataset))
    if net is None:
        return None
    return Extractor(net, BLOCK, files.sha256(paths.classifier(dataset)))


def load_classifier(path: Path) -> LeNet | None:
    """The frozen classifier of a file that `train` wrote; None for a data set without labels.

    Raises:
        ResultsError: it is missing, or its weights are not those that the record names.
    """
    remedy = f"run `replication classifier {path.stem.removeprefix('lenet_')}`"
    try:
        record = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        expected, shape, classes = record["sha256"], record["shape"], record["classes"]
        weights = path.read_bytes()
    except FileNotFoundError as error:
        raise ResultsError(f"{error.filename}: no such file; {remedy}") from None
    except (ValueError, LookupError, TypeError):
        raise ResultsError(f"{path.with_suffix('.json')}: damaged; {remedy}") from None
    if files.sha256(path) != expected:
        raise ResultsError(f"{path}: not the weights that its .json names by SHA-256; {remedy}")
    if not classes:
        return None
    net = LeNet(tuple(shape), classes)
    net.load_state_dict(safe.load(weights))
    return net.eval()


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """Share of images whose largest logit is their label's."""
    return (logits.argmax(1) == labels).double().mean().item()


def guessing(labels: Tensor) -> float:
    """Accuracy of always naming the most frequent of the labels ``[N]``."""
    return labels.bincount().max().item() / len(labels)


def learned(accuracy: float, chance: float) -> bool:
    """Whether held-out accuracy is twice what guessing gives, or half-way from guessing to 1 where that is less."""
    return accuracy >= min(2 * chance, (1 + chance) / 2)


def calibration_error(logits: Tensor, labels: Tensor, bins: int = 15) -> float:
    """Expected calibration error (Guo et al. 2017, eq. 3): |accuracy - confidence|, by bins."""
    confidence, predicted = logits.double().softmax(1).max(1)
    gap = (predicted == labels).double() - confidence
    place = (confidence * bins).ceil().long().clamp(1, bins) - 1
    return torch.zeros(bins, dtype=torch.float64).index_add(0, place, gap).abs().sum().item() / len(
        labels
    )
