"""What every metric needs to see: held-out images and samples, through the eyes of the extractor."""

from __future__ import annotations

import logging
from collections.abc import Container
from dataclasses import replace

import torch
from torch import Tensor

from replication.data import _base as data
from replication.features._base import Extractor, Source
from replication.jobs.progress import Progress
from replication.metrics import _real
from replication.metrics._base import PIXELS, THROUGH_EXTRACTOR, Batch, Protocol, metric_id
from replication.metrics._order import First, hashes
from replication.metrics._trust import doubt, record
from replication.plan import registry, study
from replication.plan.config import Evaluation
from replication.plan.paths import Paths
from replication.tensors.levels import to_float, to_uint8

#: Sees no features, where there is no extractor.
BLIND = Extractor(lambda images: 2 * (images.new_empty(len(images), 0),), block=500)

log = logging.getLogger(__name__)


class Judge:
    """The held-out images of a data set and what every metric needs of them, prepared once.

    Args:
        paths: the study's, where it is prepared.
        dataset: its id.
        evaluation: the protocol, and the extractor.
        device: for the extractor; a classifier of the data set's own stays on the CPU.
        progress: told the number of real images that the extractor has seen.

    Raises:
        DataError: the data set is not prepared.
        ResultsError: its classifier is missing or is not the one that was trained, or the extractor
            has no weights.
    """

    def __init__(
        self,
        paths: Paths,
        dataset: str,
        evaluation: Evaluation,
        device: torch.device | None = None,
        progress: Progress = lambda done: None,
    ) -> None:
        self.paths, self.dataset, self.evaluation = paths, dataset, evaluation
        self.images = data.load(paths.dataset(dataset))
        self.kind = study.kind(dataset)
        self.extractor = self._extractor(device or torch.device("cpu"))
        self.protocol = self.protocol_of(evaluation.samples)
        self.real = self._real(progress)
        can = self._can()
        self.warning = self._doubt()
        self.metrics = tuple(m for m in registry.ids("metrics") if needs(m) in can)
        self._warn()

    def _extractor(self, device: torch.device) -> Extractor | None:
        if self.kind == "points":
            return None
        module = registry.load("features", self.evaluation.extractor)
        extractor: Extractor | None = module.load(self.paths, self.dataset, self.evaluation, device)
        return extractor

    def _doubt(self) -> str:
        """Why the scores mean little; empty where nothing is known against them."""
        name = self.evaluation.extractor
        return (
            doubt(name, self.dataset, record(self.paths, name, self.dataset))
            if self.extractor
            else ""
        )

    def _real(self, progress: Progress) -> Batch:
        """The held-out side in the order of `_order`; beside it what the extractor sees in the training images."""
        heldout, labels = shown(self.images.heldout, self.kind), self.images.heldout_labels
        order = hashes(heldout).argsort(stable=True)
        heldout, labels = heldout[order], None if labels is None else labels[order]
        if self.extractor is None:
            return Batch(heldout, *BLIND.extract(heldout), labels)
        name, count = self.evaluation.extractor, len(heldout)
        folder = self.paths.scratch / "features"
        seen = _real.features(folder, name, self.extractor, heldout, progress)
        train, _ = _real.features(
            folder, name, self.extractor, self.images.train, lambda done: progress(count + done)
        )
        return Batch(heldout, *seen, labels, train)

    def _can(self) -> set[str]:
        """What a metric may need here."""
        if self.kind == "images":
            return {"images"} | (set(THROUGH_EXTRACTOR) if self.extractor else set())
        return {"points"} | ({"modes"} if self.images.heldout_labels is not None else set())

    def _warn(self) -> None:
        """Say what the scores cannot show."""
        if self.kind == "images" and self.extractor is None:
            text = "%s has no labels, so no classifier: only %s"
            log.warning(text, self.dataset, ", ".join(self.metrics))
        if self.warning:
            log.warning("%s", self.warning)
        count, width = self.real.features.shape
        if count <= width:
            text = "%s: %d held-out images for %d features: singular covariance, FID says little"
            log.warning(text, self.dataset, count, width)

    def protocol_of(self, samples: int) -> Protocol:
        """The protocol for so many generated samples."""
        evaluation = self.evaluation.model_copy(update={"samples": samples})
        return Protocol.of(evaluation, len(self.images.heldout))

    def see(self, images: Source, progress: Progress = lambda done: None) -> Batch:
        """Images ``[N, C, H, W]`` in [-1, 1] as saved to disk and looked at again; points as they are.

        They come in the order of `_order`, whatever the order of the source. What is held at once are up to twice
        `PIXELS` images, the features of all, and one block of the extractor.
        """
        passing = _Passing(images, self.kind, self.images.shape)
        features, logits = (self.extractor or BLIND).extract(passing, progress)
        order = torch.cat(passing.hashes).argsort(stable=True)
        return Batch(passing.first.samples(), features[order], logits[order], finite=passing.finite)

    def score(
        self,
        images: Source,
        progress: Progress = lambda done: None,
        walks: Tensor | None = None,
        without: Container[str] = (),
    ) -> dict[str, float]:
        """Metrics of generated images ``[N, C, H, W]`` by id; NaN where a pixel is not finite.

        Args:
            images: samples; the metrics' protocol is that of their number.
            progress: told the number of images seen and metrics computed, together.
            walks: images along paths through z, ``[WALKS, WALK_STEPS + 1, C, H, W]``, where there is a
                generator; without it metrics of walks are left out.
            without: metrics that are left out.
        """
        metrics = [
            m
            for m in self.metrics
            if (walks is not None or needs(m) != "walks") and m not in without
        ]
        fake, protocol = self.see(images, progress), self.protocol_of(len(images))
        if not fake.finite:
            return {self.id(m): float("nan") for m in metrics}
        if walks is not None:
            along, _ = (self.extractor or BLIND).extract(shown(walks.flatten(0, 1), self.kind))
            fake = replace(fake, walks=along.unflatten(0, walks.shape[:2]))
        scores = {}
        for done, metric in enumerate(metrics, 1):
            scores[self.id(metric)] = compute(metric, self.real, fake, protocol)
            progress(len(images) + done)
        return scores

    def id(self, metric: str) -> str:
        """The id under which a metric of this data set is written down."""
        return metric_id(metric, self.evaluation.extractor, self.dataset)


class _Passing:
    """Samples on their way to the extractor, as a saved file would hold them; the first by hash are kept."""

    def __init__(self, images: Source, kind: str, shape: tuple[int, ...]) -> None:
        self.images, self.kind, self.finite = images, kind, True
        limit = PIXELS if kind == "images" else len(images)
        self.first, self.hashes = First(limit, len(images), shape), list[Tensor]()

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, rows: slice) -> Tensor:
        block = self.images[rows]
        self.finite &= bool(torch.isfinite(block).all())
        block = shown(block, self.kind)
        self.hashes.append(hashes(block))
        self.first.add(block, self.hashes[-1])
        return block


def needs(metric: str) -> str:
    """What a metric needs to see, of the head of its file."""
    return str(registry.metadata("metrics", metric)["NEEDS"])


def compute(metric: str, real: Batch, fake: Batch, protocol: Protocol) -> float:
    """One metric, of the file that defines it."""
    return float(registry.load("metrics", metric).compute(real, fake, protocol))


def shown(images: Tensor, kind: str) -> Tensor:
    """What a saved file of the samples would hold."""
    return to_float(to_uint8(images)) if kind == "images" else images
