"""What a metric is, and how its id and label name its protocol. No torch here.

A metric is one file of this folder. Its head says how to show it: ``LABEL``, ``DIRECTION``
("lower" or "higher" is better), ``UNIT``, ``NEEDS`` ("features" or "images"; "walks" for features along
paths through z; of data sets of points "points", or "modes" where the points have labels) and
``PROTOCOL``, a template over the fields of `Protocol`; where it has ends, ``LEAST`` and ``MOST`` say so, and intervals
of its mean end there. A costly one says ``EVERY = 3``: it scores a run's last
checkpoint and each third before it. One that measures from outside what a critic of the run estimates says
``OUTSIDE = True``: it is asked, like the critic, how well it follows the other metrics. Its one function is
``compute(real: Batch, fake: Batch, protocol: Protocol) -> float``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

from replication.plan import registry, study
from replication.plan.config import Evaluation
from replication.plan.params import HELDOUT

if TYPE_CHECKING:
    from torch import Tensor

#: The columns of every quality.parquet.
QUALITY_COLUMNS = ("seed", "step", "metric", "value")

#: The columns of the reference of a data set.
REFERENCE_COLUMNS = ("metric", "value")

#: What a metric NEEDS where it looks through an extractor, which then is part of its id.
THROUGH_EXTRACTOR = ("features", "walks")

#: Paths through z that are looked at for each checkpoint, and steps of each.
WALKS, WALK_STEPS = 32, 8

#: Generated images whose pixels are compared, at most: the first by hash. Of all others only features are kept.
PIXELS = 10_000

#: Ends the id of a metric of the held-out images themselves; no data set may have such a name.
OF_HELDOUT = HELDOUT


@dataclass(frozen=True, eq=False)
class Batch:
    """Images and what the extractor sees in them; or points. Their order is that of `_order`, for any source.

    Attributes:
        images: float32 ``[N, C, H, W]`` in [-1, 1], of the 256 levels that a saved image has; or points
            ``[N, d]``. Of generated images the first `PIXELS`.
        features: float64 ``[N, D]``; of width 0 where the data set has no extractor.
        logits: float64 ``[N, classes]``; likewise.
        labels: int64 ``[N]`` of real samples that have labels.
        train: float64 ``[M, D]``, of the real side where there is an extractor: what it sees in the
            images that the generators trained on.
        walks: float64 ``[WALKS, WALK_STEPS + 1, D]``, of generated images where there is an extractor:
            what it sees along paths through z.
        finite: whether every pixel was a number.
    """

    images: Tensor
    features: Tensor
    logits: Tensor
    labels: Tensor | None = None
    train: Tensor | None = None
    walks: Tensor | None = None
    finite: bool = True


@dataclass(frozen=True)
class Protocol:
    """Numbers that a metric depends on, capped to the images there are."""

    samples: int
    heldout: int
    transport_samples: int
    inception_splits: int
    kid_subsets: int
    kid_subset_size: int
    neighbours: int
    pixel_samples: int = PIXELS
    walks: int = WALKS
    walk_steps: int = WALK_STEPS

    @classmethod
    def of(cls, evaluation: Evaluation, heldout: int) -> Protocol:
        """The protocol of `evaluation` against `heldout` real images."""
        fewest = min(evaluation.samples, heldout)
        return cls(
            samples=evaluation.samples,
            heldout=heldout,
            transport_samples=min(evaluation.transport_samples, fewest, PIXELS),
            inception_splits=evaluation.inception_splits,
            kid_subsets=evaluation.kid_subsets,
            kid_subset_size=min(evaluation.kid_subset_size, fewest),
            neighbours=evaluation.neighbours,
            pixel_samples=min(evaluation.samples, PIXELS),
        )

    def of_heldout(self) -> Protocol:
        """The same for held-out images as the samples, in splits of the same size."""
        splits = max(1, self.inception_splits * self.heldout // self.samples)
        return replace(self, samples=self.heldout, inception_splits=splits)


def has_features(extractor: str, dataset: str, labelled: bool) -> bool:
    """Whether metrics see a data set through an extractor, which its labels or another data set have taught."""
    return study.kind(dataset) == "images" and (labelled or bool(trained_on(extractor)))


def too_large(evaluation: Evaluation, samples: int, heldout: int) -> list[str]:
    """Numbers of a protocol that are too large for so many images, each as one line with what to set instead.

    A split of the inception score holds one image at least, and an image has no more neighbours than there are others.
    """
    allowed = {"inception_splits": samples, "neighbours": min(samples, heldout) - 1}
    return [
        f"{samples:,} images against {heldout:,} held out are too few for `{field}: {value}`; set `{field}: {most}`"
        for field, most in allowed.items()
        if (value := getattr(evaluation, field)) > most
    ]


class Parts(NamedTuple):
    """A metric id taken apart.

    Attributes:
        metric: its file.
        extractor: whose features it compares; empty for a metric of pixels or points.
        dataset: the data set that the extractor was trained on, where each has its own; `OF_HELDOUT` at its
            end, or alone, says that the held-out images themselves were scored.
    """

    metric: str
    extractor: str = ""
    dataset: str = ""


def metric_id(metric: str, extractor: str, dataset: str) -> str:
    """``fid_lenet_mnist_5k``, ``fid_efficientnet_lite0``; ``fid`` alone is Inception's.

    A metric that needs no features is its own id.
    """
    if registry.metadata("metrics", metric)["NEEDS"] not in THROUGH_EXTRACTOR:
        return metric
    head = registry.metadata("features", extractor)
    if head["CANONICAL"]:
        return metric
    return f"{metric}_{extractor}" if head["TRAINED_ON"] else f"{metric}_{extractor}_{dataset}"


def parts(identifier: str) -> Parts:
    """Take a metric id apart; raises `registry.UnknownName` where no file answers to it."""
    plain = identifier.removesuffix(OF_HELDOUT)
    ending = identifier.removeprefix(plain)
    for metric in registry.ids("metrics"):
        if registry.metadata("metrics", metric)["NEEDS"] not in THROUGH_EXTRACTOR:
            if identifier == metric:
                return Parts(metric)
            continue
        for extractor in registry.ids("features"):
            if metric_id(metric, extractor, "") == plain:
                return Parts(metric, extractor, ending)
            start = f"{metric}_{extractor}_"
            if identifier.startswith(start) and not trained_on(extractor):
                return Parts(metric, extractor, identifier.removeprefix(start))
    hint = registry.nearest(identifier, registry.ids("metrics"))
    raise registry.UnknownName(f"there is no metric {identifier!r}{hint}")


def trained_on(extractor: str) -> str:
    """The images that an extractor learnt from; empty where every data set has its own."""
    return str(registry.metadata("features", extractor)["TRAINED_ON"])


def every(metric: str) -> int:
    """n, where a metric scores every n-th checkpoint of a run, counted back from the last."""
    return int(registry.metadata("metrics", metric).get("EVERY", 1))


def outside() -> tuple[str, ...]:
    """The metrics that measure what the critic of a run estimates, without that critic."""
    return tuple(
        m for m in registry.ids("metrics") if registry.metadata("metrics", m).get("OUTSIDE", False)
    )


def direction(identifier: str) -> Literal["lower", "higher"]:
    """Which way a metric improves."""
    head = registry.metadata("metrics", parts(identifier).metric)
    better: Literal["lower", "higher"] = head["DIRECTION"]
    return better


def describe(identifier: str, protocol: Protocol) -> str:
    """``FID (LeNet on mnist_5k features, 2,000 generated v 1,000 held-out)``."""
    metric, extractor, dataset = parts(identifier)
    head = registry.metadata("metrics", metric)
    label = head["LABEL"]
    if dataset.endswith(OF_HELDOUT):
        label, dataset = f"{label} of held-out images", dataset.removesuffix(OF_HELDOUT)
        protocol = protocol.of_heldout()
    seen = ""
    if extractor:
        name = registry.metadata("features", extractor)["LABEL"]
        seen = f"{name} on {trained_on(extractor) or dataset} features, "
    return f"{label} ({seen}{head['PROTOCOL'].format(**vars(protocol))})"
